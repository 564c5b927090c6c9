"""Tests of `audit`: figures, texts, findings, and the mutants that must be noticed."""
