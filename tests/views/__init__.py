"""Tests of the result tables."""
