"""Whole commands on files, against what nobody can do without: reading the input and writing the result, no more.

The floors are timed inside their own processes, without their start: the input's tables read by the bare library,
and the very rows of our result, made beforehand, written by the library that we write with. The command is timed
from outside, its start included. What care costs is timed beside them: a workbook through our guard and child process.


`python -m benchmarks.files FLOOR FOLDER` is one floor; it prints the seconds.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import polars as pl

from benchmarks import data

if TYPE_CHECKING:
    from ordos_subsidy.facts import Vocabulary
    from ordos_subsidy.views.result import Result

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ON = ["--on", data.ON.isoformat(), "--quiet"]


@dataclass(frozen=True)
class Whole:
    """A command and its floors; `readings` are times of our own readers against the bare one."""

    doing: str
    seconds: float
    peak: int
    reading: float
    writing: float
    against: float
    target: float
    readings: list[float]


def measure(folder: Path, firms: int, table: int, rounds: int) -> list[Whole]:
    """A workbook of so many firms, and Parquet tables of so many."""
    path = book(folder, firms)
    out = path.with_name("scored.xlsx")
    floors = [(name, path) for name in ("read", "write", "columns", "cells")]
    doing = f"`batch book.xlsx -o scored.xlsx`, {firms:,} firms"
    found = [_whole(doing, [str(path), "-o", str(out)], floors, rounds, 1.3)]
    return [*found, *(_parquet(folder, view, table, rounds, goal) for view, goal in (("awards", 3.5), ("firms", 6)))]


def kept(folder: Path, count: int) -> tuple[Path, Path]:
    """The tables of so many firms and of their events in Parquet, as an office keeps them."""
    home = data.save(folder, count)
    firms, events = home / "firms-as-kept.parquet", home / "events-as-kept.parquet"
    if not events.exists():
        for path, (_, frame) in zip((firms, events), _as_kept(home), strict=True):
            frame.write_parquet(path)
    return firms, events


def _parquet(folder: Path, view: str, count: int, rounds: int, target: float) -> Whole:
    firms, events = kept(folder, count)
    out = firms.with_name(f"{view}-scored.parquet")
    command = [str(firms), "--events", str(events), "--view", view, "-o", str(out)]
    doing = f"`batch firms.parquet --events … --view {view} -o out.parquet`, {count:,} firms"
    return _whole(doing, command, [("read_parquet", firms), ("write_parquet", out)], rounds, target)


def _whole(doing: str, command: list[str], floors: list[tuple[str, Path]], rounds: int, target: float) -> Whole:
    """The command, reading, writing, and what else there is, in turns; the first turn is thrown away."""
    turns = [(*_command(command), *(_floor(*each) for each in floors)) for _ in range(rounds + 1)][1:]
    seconds, peaks, reading, writing, *_ = map(list, zip(*turns, strict=True))
    against = median(turn[0] / (turn[2] + turn[3]) for turn in turns)
    readings = [median(turn[n] / turn[2] for turn in turns) for n in range(4, len(turns[0]))]
    return Whole(doing, median(seconds), int(max(peaks)), median(reading), median(writing), against, target, readings)


def _command(arguments: list[str]) -> tuple[float, int]:
    """Seconds and peak memory of the product."""
    code = (
        "import resource, subprocess, sys, time; began = time.perf_counter();"
        "done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL);"
        "print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, done.returncode)"
    )
    command = [str(Path(sys.executable).with_name("ordos-subsidy")), "batch", *arguments, *ON]
    done = subprocess.run([sys.executable, "-c", code, *command], check=True, capture_output=True, text=True)
    seconds, peak, code_ = done.stdout.split()
    assert code_ == "0", command
    return float(seconds), int(peak) * 1024


def _floor(name: str, path: Path) -> float:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.files", name, str(path)], check=True, capture_output=True, text=True
    )
    return float(done.stdout)


# --- the floors, each in a process of its own


def bare(path: Path) -> object:
    """The parser alone: all cells of all sheets."""
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_path(path)
    return [workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names]


def _read(path: Path) -> float:
    return timed(lambda: bare(path))


def _cells(path: Path) -> float:
    """As `calc` reads it: opened once, recognised, checked while it is parsed in a child that may die."""
    from ordos_subsidy.files.guard import MANY_FIRMS, open_file
    from ordos_subsidy.files.workbook import BookReader, column

    def cells(frames: Iterator[tuple[Any, ...]]) -> list[object]:
        sent = [frame[1:] for frame in frames if frame[0] == "rows"]
        return [list(column(height, *each)) for height, columns in sent for each in columns]

    return timed(lambda: BookReader(open_file(path), MANY_FIRMS).sheets(cells))


def _columns(path: Path) -> float:
    """As every command reads it: the same, to columns."""
    from ordos_subsidy.files.guard import MANY_FIRMS, open_file
    from ordos_subsidy.files.workbook import BookReader
    from ordos_subsidy.tables import sources

    def read() -> object:
        with BookReader(open_file(path), MANY_FIRMS) as reader:
            return reader.sheets(sources.of_workbook)

    return timed(read)


def _write(path: Path) -> float:
    """Our own sheets, from tables that are ready."""
    from ordos_subsidy.render import xlsx
    from ordos_subsidy.views.result_book import sheets

    views = sheets(_result(path))
    return timed(lambda: xlsx.put(views, path.with_name("floor.xlsx"), "zh"))


def _result(path: Path) -> Result:
    from ordos_subsidy import tables
    from ordos_subsidy.evaluation import evaluate
    from ordos_subsidy.policy import load_policies
    from ordos_subsidy.views.result import LISTED, Result

    policies = load_policies()
    firms = tables.read([path], [], policies.vocabulary)
    outcomes = iter([evaluate(policies, firms, data.ON)])
    return Result(policies, outcomes, "zh", None, [], listed=len(firms) <= LISTED)


def _read_parquet(path: Path) -> float:
    return timed(lambda: [pl.read_parquet(path), pl.read_parquet(path.with_name("events-as-kept.parquet"))])


def _write_parquet(path: Path) -> float:
    rows = pl.read_parquet(path)
    return timed(lambda: rows.write_parquet(path.with_name("floor.parquet")))


def timed(work: Callable[[], object]) -> float:
    """The seconds that some work takes."""
    began = time.perf_counter()
    kept = work()
    took = time.perf_counter() - began
    del kept
    return took


FLOORS = {
    "read": _read,
    "write": _write,
    "columns": _columns,
    "cells": _cells,
    "read_parquet": _read_parquet,
    "write_parquet": _write_parquet,
}


# --- the tables as an office keeps them


def _as_kept(home: Path) -> list[tuple[str, pl.DataFrame]]:
    """Headings and answers in Chinese, sums in yuan as floats, events by code, whole days only."""
    from ordos_subsidy.policy import load_policies

    words = load_policies().vocabulary
    firms, events = data.load(home)
    key = codes(firms.height).alias(words.facts["credit_code"].title.zh)
    name = pl.format("内蒙古示例{}号有限公司", "firm").alias(words.facts["name"].title.zh)
    events = events.with_columns(date=pl.when(pl.col("date") == pl.col("date@until")).then("date")).drop("date@until")
    return [
        ("单位信息", firms.select(name, key, *_worded(firms, words))),
        ("申报事项", events.select(key.gather(events.get_column("firm")), *_worded(events, words))),
    ]


def _worded(frame: pl.DataFrame, words: Vocabulary) -> Iterator[pl.Expr]:
    cent = pl.lit(pl.Series([100.0]).new_from_index(0, frame.height))  # a literal would be taken times its reciprocal
    for name in frame.columns[1:]:
        fact, cell = words.facts[name], pl.col(name)
        titles = {each.key: each.title.zh for each in (words.kinds.values() if name == "kind" else fact.choices)}
        if titles:
            cell = cell.cast(pl.String).replace(titles)
        if fact.type == "money":
            cell = cell.cast(pl.Float64) / cent
        yield cell.alias(f"{fact.title.zh}（元）" if fact.type == "money" else fact.title.zh)


def book(folder: Path, count: int) -> Path:
    """The same as a workbook of two sheets."""
    from xlsxwriter import Workbook

    path = data.save(folder, count) / "book.xlsx"
    if path.exists():
        return path
    with Workbook(path, {"constant_memory": True}) as book:
        dates = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, frame in _as_kept(path.parent):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, frame.columns)
            looks = [dates if kind == pl.Date else None for kind in frame.dtypes]
            plain = frame.with_columns(pl.col(pl.Boolean).replace_strict({True: "是", False: "否"}))
            for number, row in enumerate(plain.iter_rows(), start=1):
                for column, value in enumerate(row):
                    if value is not None:
                        sheet.write(number, column, value, looks[column])
    return path


def codes(count: int) -> pl.Series:
    """Invented codes with the right check digit (GB 32100: weights are powers of 3)."""
    fixed, base = "91150600MA", len(SIGNS)
    weights = [pow(3, at, base) for at in range(17)]
    start = sum(SIGNS.index(sign) * weight for sign, weight in zip(fixed, weights, strict=False))
    numbers = pl.int_range(count, eager=True).cast(pl.String).str.zfill(7)
    total = sum(numbers.str.slice(at, 1).cast(pl.Int64) * weights[len(fixed) + at] for at in range(7)) + start
    check = pl.Series(list(SIGNS)).gather((base - total % base) % base)
    return (fixed + numbers + check).alias("code")


if __name__ == "__main__":
    print(FLOORS[sys.argv[1]](Path(sys.argv[2])))
