"""Tests mirror the modules of the package; each says what it promises."""
