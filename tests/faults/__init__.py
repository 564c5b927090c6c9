"""Faults: what users and the world may do to the program, and what it must say. `docs/faults.md` is its table.

`files` and `places` list them; `python -m tests.faults` (`make faults`) runs them all and writes the table, and
`test_faults` holds each run to its row. Beside this file lie the inputs that fuzzing found: each is one more row.
"""
