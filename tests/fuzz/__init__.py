"""Fuzzing: Hypothesis over bytes for every reader, the policy loader, the calculator and the command line.

Bounded in `make test`, and longer with new examples each time by `make fuzz`. What must hold is always the same:
an answer, or `Refused` with words for every problem; never another exception, a hang or a crash. Each find becomes
a file in `tests/faults/found/` and a row of `docs/faults.md`.
"""
