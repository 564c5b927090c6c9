"""Run every fault and write the table: `python -m tests.faults`."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from tests.faults import files, places
from tests.faults.fault import ran, row
from tests.faults.unmount import unmounted
from tests.runs import ROOT

TABLE = ROOT / "docs" / "faults.md"
HEAD = """\
# Faults, and what the program said

Each line was run: `make faults` runs them all and writes this table, and `make test` holds every run to its line.
The command ran with `--lang en` in a folder of its own. Beside the words, every run kept to this: no traceback, no
word of a library, at most 5 s of processor time and 1 GiB of memory (children included), every file as it was
before, no file left that is not named, nothing on stdout where the exit code is 1. What is said is cut after the
first problem and its remedy.

Exit codes: 0 answered, 1 refused, 3 invalid policy, 4 answered but something was left out.

Signals are in `tests/test_environment.py`: Ctrl-C, SIGTERM and SIGHUP end a run at any moment, with 130, 143 and 129,
without a word, the output old or whole and no temporary file left. Before our first line runs (some ten milliseconds,
in which Python itself starts) Python's own behaviour holds: SIGTERM kills it, and Ctrl-C shows Python's traceback.
"""


def main() -> None:
    """Write the table."""
    parts = [HEAD]
    for title, faults in {**files.SECTIONS, **places.SECTIONS}.items():
        parts.append(f"\n## {title}\n\n| what is wrong | exit | what was said |\n|---|---|---|")
        for fault in faults:
            with tempfile.TemporaryDirectory() as folder, unmounted(Path(folder)):
                Path(folder).chmod(0o755)
                try:
                    parts.append(row(fault, ran(fault, Path(folder))))
                except AssertionError as error:
                    print(f"{fault.name}: {error}")  # noqa: T201 - this is a command
                    if not os.environ.get("ANYWAY"):
                        raise
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text("\n".join(parts) + "\n", "utf-8")


if __name__ == "__main__":
    main()
