"""Mutation testing of the judgement: `make mutation`, which runs Cosmic Ray in a copy of the tree.

`python -m tests.mutants` is what each mutant must survive: the examples of all policies and the tests of amounts,
conditions and evaluation, quickest first. `python -m tests.mutants laws` runs the properties and the oracle too,
for mutants that survive that. What still survives is looked at one by one in `docs/mutation.md`.
"""

from __future__ import annotations

import sys

import pytest

POLICIES = (["policies.toml"], ["tests/data/harbour.toml"], ["examples/rules-2021-65.toml"])
QUICK = [
    "tests/test_edges.py",
    "tests/test_conditions.py",
    "tests/test_evaluation.py",
    "tests/test_advice.py",
    "tests/test_amounts.py",
]
LAWS = ["tests/test_laws.py"]


def main() -> int:
    """0 if nothing notices the mutant."""
    from ordos_subsidy.checking import run_examples

    if any(run_examples(*files).problems for files in POLICIES):
        return 1
    chosen = [*QUICK, *LAWS, "-m", "hypothesis"] if "laws" in sys.argv[1:] else [*QUICK, "-m", "not hypothesis"]
    return int(pytest.main(["-x", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", "--no-header", *chosen]))


if __name__ == "__main__":
    sys.exit(main())
