"""The results as Markdown, with what must be known to repeat them."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from benchmarks.files import Whole
from benchmarks.judging import OURS, Row, label
from benchmarks.plan import AWARDS
from benchmarks.startup import Start

LIBRARIES = ("polars", "numpy", "duckdb", "openfisca-core", "pandas", "zen-engine", "typer", "python-calamine")
#: How many times our time an engine is to take at least.
TARGETS = {"numpy_by_hand": 0.8, "duckdb_sql": 2.2, "openfisca": 2.3, "plain_python": 25, "zen": 300}


@dataclass
class Results:
    """Everything that was measured."""

    rounds: int
    judging: list[list[Row]] = field(default_factory=list)
    growth: list[Row] = field(default_factory=list)
    starts: list[Start] = field(default_factory=list)
    files: list[Whole] = field(default_factory=list)


def machine() -> str:
    """Cores, memory, versions; no names."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{os.cpu_count()} cores{f' ({model})' if model else ''}, {memory:.0f} GB, {platform.system()},"
        f" Python {platform.python_version()}; {libraries}"
    )


def markdown(found: Results) -> str:
    """The whole page."""
    lines = [
        "# Benchmarks",
        "",
        f"`make bench` on {machine()}.",
        "",
        (
            f"The machine was shared, so the ratios count, not the seconds. Medians of {found.rounds} runs in turns,"
            " each engine in a process of its own; a ratio is the median of the rounds' ratios. The tables are drawn by"
            f" a seed: four events a firm, about one value in twenty-five blank. The rules are {len(AWARDS) + 1} awards"
            " (benchmarks/plan.py), the same in every engine; each makes a row a claim (verdict, at least, at most,"
            " first year, years) and the sums of every firm. `policies.toml` is the product on the whole policy:"
            " organisations of several answers, limits, second rows, more kinds of events. Engines that take seconds"
            " take their turns apart, beside ours: in their time the system takes memory back, and whoever comes next"
            " pays for it."
        ),
        "",
        *_judging(found),
        "",
        *_cannot(found),
        "## Cost as work grows",
        "",
        "| firms | seconds | microseconds a firm | peak memory |",
        "|---:|---:|---:|---:|",
        *(
            f"| {row.firms:,} | {row.seconds:.3f} | {row.seconds / row.firms * 1e6:.2f} | {megabytes(row.peak)} |"
            for row in found.growth
        ),
        "",
        "## Starting",
        "",
        "| command | against | times | goal |",
        "|---|---|---:|---:|",
        *(f"| `{one.command}` | {one.floor} | {one.against:.2f} | ≤ {one.target} |" for one in found.starts),
        "",
        *_files(found.files),
    ]
    return "\n".join(lines)


def _judging(found: Results) -> list[str]:
    lines = [
        "## Judging",
        "",
        "| engine | firms | time / ours | goal | core time / ours | firms a second | peak memory | same sums |",
        "|---|---:|---:|---:|---:|---:|---:|---|",
    ]
    for rows in found.judging:
        for row in rows:
            name, _ = label(row.engine)
            goal = f"≥ {TARGETS[row.engine]:.3g}" if row.engine in TARGETS and row.firms >= 10_000 else ""
            name = f"**{name}**" if row.engine == OURS else name
            lines.append(
                f"| {name} | {row.firms:,} | {row.against:.2f} | {goal} | {row.cpu_against:.2f} |"
                f" {row.firms / row.seconds:,.0f} | {megabytes(row.peak)} | {row.agrees} |"
            )
    return lines


def _cannot(found: Results) -> list[str]:
    peers = dict.fromkeys(row.engine for rows in found.judging for row in rows)
    said = [f"- {name}: {cannot}." for name, cannot in map(label, peers) if cannot]
    return ["What an engine cannot express:", "", *said, ""] if said else []


def _files(found: list[Whole]) -> list[str]:
    if not found:
        return []
    lines = [
        "## Files",
        "",
        (
            "A whole command, its start included, against reading the input (python-calamine to cells, Polars to"
            " tables) and writing the very rows of the result (rust_xlsxwriter, Polars) and nothing else. An award is"
            " a row: 100,000 firms make a book of 100,000 + 500,000 rows, a million make five million. The view of"
            " firms writes next to nothing, so that its ratio is that of understanding the input."
        ),
        "",
        "| command | seconds | reading alone | writing alone | times both | goal | peak memory |",
        "|---|---:|---:|---:|---:|---:|---:|",
        *(
            f"| {one.doing} | {one.seconds:.1f} | {one.reading:.1f} | {one.writing:.1f} | {one.against:.2f} |"
            f" ≤ {one.target} | {megabytes(one.peak)} |"
            for one in found
        ),
        "",
    ]
    lines += [
        f"Our own reading of that workbook takes {columns:.2f} times as long to columns (`batch`), {cells:.2f} to cells"
        " (`calc`), as the bare parser; goal: ≤ 1.10. That buys a child process that may die, limits, and error cells"
        " that the parser would pass off as blanks. Two cores are at work, where the parser has one."
        for columns, cells in filter(None, (one.readings for one in found))
    ]
    return [*lines, ""]


def megabytes(size: int) -> str:
    """A size to read."""
    return f"{size / 1e6:,.0f} MB"
