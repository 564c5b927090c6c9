"""Whole commands on files, against what nobody can do without: reading the input and writing the result, no more.

The floors are timed inside their own processes, without their start: the input's tables read by the bare library,
and the very rows of our result, made beforehand, written by the library that we write with. The command is timed
from outside, its start included. XlsxWriter is what most programs write workbooks with: the same rows go through it,
once, for that takes longer than all the rest.

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
from typing import TYPE_CHECKING

import polars as pl

from benchmarks import data, guarding

if TYPE_CHECKING:
    from ordos_subsidy.batch.writing import Result
    from ordos_subsidy.facts import Vocabulary

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ON = ["--on", data.ON.isoformat(), "--quiet"]


@dataclass(frozen=True)
class Whole:
    """A command and its floors; `against_other` is the same with another writer (0: not tried); no goal is 0."""

    doing: str
    seconds: float
    peak: int
    reading: float
    writing: float
    against: float
    against_other: float
    target: float


def measure(folder: Path, book: int, table: int, large: int, rounds: int) -> list[Whole]:
    """A workbook of so many firms, Parquet tables of so many, and some larger than memory may be (0: none).

    Everything in turns, the first turn thrown away. What is larger takes long, and is there for its memory: two turns.
    """
    home = data.save(folder, book)
    path = home / "book.xlsx"
    if not path.exists():
        _book(path)
    found = [_workbook(path, book, rounds)]
    paths = _kept(folder, table)
    found += [_parquet(*paths, view, table, rounds, 2.7) for view in ("awards", "firms")]
    return [*found, _parquet(*_kept(folder, large), "awards", large, 2, 0)] if large else found


def _kept(folder: Path, count: int) -> tuple[Path, Path]:
    """The tables of so many firms and of their events in Parquet, as an office keeps them."""
    home = data.save(folder, count)
    firms, events = home / "firms-as-kept.parquet", home / "events-as-kept.parquet"
    if not events.exists():
        for path, (_, frame) in zip((firms, events), _as_kept(home), strict=True):
            frame.write_parquet(path)
    return firms, events


def _workbook(path: Path, firms: int, rounds: int) -> Whole:
    out = path.with_name("scored.xlsx")
    command = [str(path), "-o", str(out)]
    slow = _floor("other", path)
    turns = [(_command(command), _floor("read", path), _floor("write", path)) for _ in range(rounds + 1)][1:]
    against = median(took / (reading + writing) for (took, _), reading, writing in turns)
    other = median(took / (took - writing + slow) for (took, _), _, writing in turns)
    doing = f"`batch book.xlsx -o scored.xlsx`, {firms:,} firms"
    return Whole(doing, *_medians(turns), against, other, 1.15)


def _parquet(firms: Path, events: Path, view: str, count: int, rounds: int, target: float) -> Whole:
    out = firms.with_name(f"{view}-scored.parquet")
    command = [str(firms), "--events", str(events), "--view", view, "-o", str(out)]
    turns = [
        (_command(command), _floor("read_parquet", firms), _floor("write_parquet", out)) for _ in range(rounds + 1)
    ][1:]
    against = median(took / (reading + writing) for (took, _), reading, writing in turns)
    doing = f"`batch firms.parquet --events … --view {view} -o out.parquet`, {count:,} firms"
    return Whole(doing, *_medians(turns), against, 0, target)


Turn = tuple[tuple[float, int], float, float]


def _medians(turns: list[Turn]) -> tuple[float, int, float, float]:
    """Seconds, peak memory, reading, writing."""
    return (
        median(took for (took, _), *_ in turns),
        max(peak for (_, peak), *_ in turns),
        median(turn[1] for turn in turns),
        median(turn[2] for turn in turns),
    )


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


def _read(path: Path) -> float:
    return _timed(lambda: guarding.bare(path))


def _write(path: Path) -> float:
    """Our own sheets, from tables that are ready."""
    from ordos_subsidy.batch import sheets

    result = _result(path)
    views = sheets.tables(result)
    return _timed(lambda: sheets.put(result, views, path.with_name("floor.xlsx")))


def _other(path: Path) -> float:
    """The same tables through XlsxWriter, constant memory, number formats for the columns of sums."""
    from xlsxwriter import Workbook

    from ordos_subsidy.batch import sheets

    result = _result(path)
    frames = [(view, sheets.painted(view, result.lang)) for view in sheets.tables(result)]

    def write() -> None:
        with Workbook(path.with_name("other.xlsx"), {"constant_memory": True, "strings_to_formulas": False}) as book:
            money = book.add_format({"num_format": sheets.SUM_FORMAT})
            for view, frame in frames:
                sheet = book.add_worksheet(sheets.sheet_name(result, view.name))
                sheet.write_row(0, 0, frame.columns)
                looks = [money if column.kind == "money" else None for column in view.columns]
                for number, row in enumerate(frame.iter_rows(), start=1):
                    for column, value in enumerate(row):
                        if value is not None:
                            sheet.write(number, column, value, looks[column])

    return _timed(write)


def _result(path: Path) -> Result:
    from ordos_subsidy import tables
    from ordos_subsidy.batch.writing import Result
    from ordos_subsidy.evaluation import evaluate
    from ordos_subsidy.policies import load_policies

    policies = load_policies()
    firms = tables.read([path], [], policies.vocabulary)
    return Result(policies, iter([evaluate(policies, firms, data.ON)]), "zh", None, [])


def _read_parquet(path: Path) -> float:
    return _timed(lambda: [pl.read_parquet(path), pl.read_parquet(path.with_name("events-as-kept.parquet"))])


def _write_parquet(path: Path) -> float:
    rows = pl.read_parquet(path)
    return _timed(lambda: rows.write_parquet(path.with_name("floor.parquet")))


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    kept = work()
    took = time.perf_counter() - began
    del kept
    return took


FLOORS = {
    "read": _read,
    "write": _write,
    "other": _other,
    "read_parquet": _read_parquet,
    "write_parquet": _write_parquet,
}


# --- the tables as an office keeps them


def _as_kept(home: Path) -> list[tuple[str, pl.DataFrame]]:
    """Headings and answers in Chinese, sums in yuan as floats, events by code, whole days only."""
    from ordos_subsidy.policies import load_policies

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


def _book(path: Path) -> None:
    from xlsxwriter import Workbook

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
