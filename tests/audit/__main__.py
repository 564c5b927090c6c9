"""Print who notices which mutants of the policy file and of the official text: `python -m tests.audit`."""

from __future__ import annotations

import sys

from tests.audit.judge import Judge, table
from tests.audit.official import PLAN, POLICY


def main() -> int:
    """Always 0: what nobody notices is for the test to judge."""
    if not PLAN.is_file():
        sys.exit("the official text is not beside this checkout")
    shown, living = table(Judge(POLICY, PLAN))
    print(shown)
    for mutant in living:
        print(f"nobody notices: {mutant.sort}: {mutant.place}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
