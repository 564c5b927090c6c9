"""Tests of the firms room."""
