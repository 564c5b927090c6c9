"""Tests of the batch command."""
