"""The results as Markdown, with what must be known to repeat them."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from benchmarks import data
from benchmarks.files import Whole
from benchmarks.guarding import Guarding
from benchmarks.judging import OURS, Row, label
from benchmarks.startup import Start

LIBRARIES = ("polars", "numpy", "duckdb", "openfisca-core", "pandas", "zen-engine", "typer", "python-calamine")
#: How the product is to compare, by engine: at most so many times its time, or at least so many times slower than us.
TARGETS = {
    "numpy_by_hand": 1 / 1.3,
    "duckdb_sql": 2.2,
    "openfisca": 2.3,
    "plain_python": 35.0,
    "zen": 300.0,
}


@dataclass
class Results:
    """Everything that was measured."""

    rounds: int
    judging: list[list[Row]] = field(default_factory=list)
    growth: list[Row] = field(default_factory=list)
    starts: list[Start] = field(default_factory=list)
    guarding: Guarding | None = None
    files: list[Whole] = field(default_factory=list)


def machine() -> str:
    """Cores, memory, versions; no names."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    model = next(
        (line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), ""
    )
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{os.cpu_count()} cores{f' ({model})' if model else ''}, {memory:.0f} GB, {platform.system()},"
        f" Python {platform.python_version()}; {libraries}"
    )


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


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
            " a seed: four events a firm, about one value in twenty-five blank. All 48 awards of the plan, the same in"
            " every engine; each makes a row a claim (verdict, at least, at most, first year, years) and the sums of"
            " every firm. Engines that take seconds take their turns apart, beside ours: in their time the system takes"
            " memory back, and whoever comes next pays for it."
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
        *_guarding(found.guarding),
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
            " firms writes next to nothing, so that its ratio is that of understanding the input. More than eight"
            " million rows are read, judged and written part by part: the last row is there for its memory."
        ),
        "",
        "| command | seconds | reading alone | writing alone | times both | goal | peak memory |",
        "|---|---:|---:|---:|---:|---:|---:|",
        *(
            f"| {one.doing} | {one.seconds:.1f} | {one.reading:.1f} | {one.writing:.1f} | {one.against:.2f} |"
            f" {f'≤ {one.target}' if one.target else ''} | {megabytes(one.peak)} |"
            for one in found
        ),
        "",
    ]
    other = [one for one in found if one.against_other]
    lines += [
        f"With XlsxWriter (timed once) in place of our writer, {one.doing} would take"
        f" {1 / one.against_other:.1f} times as long (goal: ≥ 4)."
        for one in other
    ]
    return [*lines, ""]


def _guarding(one: Guarding | None) -> list[str]:
    if one is None:
        return []
    return [
        "## The guard",
        "",
        (
            f"A workbook of {one.firms:,} firms and {one.firms * data.EVENTS_EACH:,} events takes {one.columns:.2f}"
            f" times as long to columns (`batch`), and {one.cells:.2f} times as long to cells (`calc`), as the bare"
            " parser (calamine) takes to cells; goal: ≤ 1.10. That buys a child process that may die, limits, and"
            " error cells that the parser would pass off as blanks. Two cores are at work, where the parser has one."
        ),
        "",
    ]


def megabytes(size: int) -> str:
    """A size to read."""
    return f"{size / 1e6:,.0f} MB"
