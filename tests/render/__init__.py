"""What every format promises."""
