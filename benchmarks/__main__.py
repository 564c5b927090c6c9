"""`make bench`: every measurement in one run, printed and written to benchmarks/RESULTS.md.

`--quick` tries everything on small tables, to see that it works; its figures mean nothing and go nowhere else.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks import files, judging, results, startup

HERE = Path(__file__).resolve().parent
FAST = ["numpy_by_hand", "duckdb_sql", "openfisca", judging.REAL]
SLOW = ["pandas_rows", "zen"]
#: Slow engines judge fewer firms, and take turns apart from those that are done in milliseconds: while one works for
#: seconds the system takes memory back, and whoever comes next pays for that. Ours is beside each of them.
FULL = [(1_000_000, FAST), (100_000, FAST), (100_000, ["plain_python"]), (20_000, SLOW)]
QUICK = [(3_000, FAST), (2_000, FAST), (2_000, ["plain_python"]), (200, SLOW)]


def main() -> None:
    """Measure, then write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smoke run on small tables")
    parser.add_argument("--rounds", type=int, default=5, help="timed runs of each, in turns (default 5)")
    parser.add_argument("--folder", type=Path, default=HERE.parent / "build" / "bench", help="where the tables go")
    options = parser.parse_args()
    rounds, folder = (2 if options.quick else options.rounds), options.folder
    sizes = QUICK if options.quick else FULL

    found = results.Results(rounds)
    for firms, peers in sizes:
        say(f"judging {firms:,} firms: {', '.join(peers)}")
        found.judging.append(judging.compare(folder, firms, peers, rounds))
    say("cost as work grows")
    found.growth = judging.growth(folder, [100, 300] if options.quick else [1_000, 10_000, 100_000, 1_000_000], rounds)
    say("starting")
    found.starts = startup.measure(folder, 3 if options.quick else max(15, rounds))
    say("files")
    found.files = files.measure(folder, *((300, 500) if options.quick else (100_000, 1_000_000)), rounds)
    text = results.markdown(found)
    print(text)
    if not options.quick:
        (HERE / "RESULTS.md").write_text(text, encoding="utf-8")


def say(doing: str) -> None:
    """Progress, to stderr."""
    print(f"{doing} ...", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
