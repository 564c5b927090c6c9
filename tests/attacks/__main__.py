"""Run every attack and write the table: `python -m tests.attacks`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.attacks.attack import CASES, MADE, PLAIN, Attack, cases, cost, held, prepared
from tests.faults.fault import said
from tests.runs import ROOT
from tests.test_cache import WAYS

TABLE = ROOT / "docs" / "attacks.md"
HEAD = """\
# Attacks, and what they cost

`make attacks` runs each file through `calc`, `batch` and `check` and writes this table; `make test` runs them too and
holds every run to: no traceback, no word of a library, at most 20 s of processor time and 1 GiB of memory (children
included), no process left behind, at most 2 MB of words. Exit codes: 0 answered, 1 refused, 3 invalid policy,
4 answered but something was left out. Times and memory are those of one run on a shared machine; the 92 MiB of the
smallest are those of the test program.

A workbook, a CSV or a Parquet file is read in a child process with a limit of memory and time: 1 GiB and 20 s in `calc`
and `explain`, 3 GiB and 120 s in `batch` and `check`. The first list is of files in `shared/attack-cases` beside the
checkout, which are no part of the repository; the second is made by the tests.
"""
COLUMNS = "\n| file | calc | batch | check | what calc said |\n|---|---|---|---|---|"
CACHE = """
## The cache, attacked

A compiled policy is kept in the user's cache folder. Its first line says the format, the hash of the policy files, the
program's version and its code, and the hash of the content. In each of these {count} ways of attack
(`tests/test_cache.py`) the file is passed over without a word, the policy is built anew from its own file, and where a
plain file lay there it is written anew with rights for its user alone. Whoever can write as this user and knows the
format can still make a file that is believed, as they could change the program.

"""


def row(attack: Attack) -> str:
    """A row of the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepared(attack, folder)
        costs = [cost(command, folder) for command in attack.commands]
    for each in costs:
        held(each)
    figures = [f"{each.ran.code} · {each.ran.seconds:.1f} s · {each.ran.peak >> 20} MiB" for each in costs]
    lines = said(costs[0].ran).replace(f"{CASES}/", "").splitlines()
    told = [at for word in ("error", "warning") for at, line in enumerate(lines) if line.startswith(word)]
    first = next(iter(told), len(lines))
    words = "; ".join(line.strip() for line in lines[first : first + 2]) or "(the answer, and no word)"
    words = words if len(words) < 260 else words[:260] + " …"
    words = words.replace("\\", "\\\\").replace("|", "\\|").replace("<", "\\<").replace("*", "\\*")
    return f"| {attack.name} | {' | '.join(figures)} | {words} |"


def main() -> None:
    """Write the table."""
    parts = [HEAD]
    for title, attacks in (("Files of others", [PLAIN, *cases()]), ("Files made here", MADE)):
        parts.append(f"\n## {title}\n{COLUMNS}")
        parts += [row(attack) for attack in attacks]
    parts.append(CACHE.format(count=len(WAYS)) + "\n".join(f"- {way}" for way in WAYS))
    TABLE.write_text("\n".join(parts) + "\n", "utf-8")


if __name__ == "__main__":
    main()
