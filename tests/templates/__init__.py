"""Tests of the blank books and files."""
