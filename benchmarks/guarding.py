"""What care costs: a large workbook through our guard and child process, against the bare parser.

The bare parser ends with all cells of all sheets as Python values, and so does our reading for `calc`; that for
`batch`, which large workbooks are for, ends with all of them in columns.
"""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import polars as pl

from benchmarks import data


@dataclass(frozen=True)
class Guarding:
    """The time of the bare parser, and how many times that both readings take."""

    firms: int
    bare_seconds: float
    cells: float
    columns: float


def measure(folder: Path, firms: int, rounds: int) -> Guarding:
    """In turns; the first of each is thrown away."""
    path = folder / f"{firms}.xlsx"
    if not path.exists():
        write(path, firms)
    times = [[_seconds(read, path) for read in (bare, cells, columns)] for _ in range(rounds + 1)][1:]
    least = median(each[0] for each in times)
    return Guarding(firms, least, *(median(each[n] / each[0] for each in times) for n in (1, 2)))


def write(path: Path, firms: int) -> None:
    """A book of a firm sheet and an event sheet, as a park office keeps it."""
    from xlsxwriter import Workbook

    firm_table, events = data.load(data.save(path.parent, firms))
    with Workbook(path, {"constant_memory": True}) as book:
        bold = book.add_format({"bold": True})
        dates = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, table in (("单位信息", firm_table), ("申报事项", events.sort("firm"))):
            sheet = book.add_worksheet(name)
            plain = table.with_columns(
                pl.format("内蒙古示例{}号有限公司", "firm").alias("firm"),
                pl.col(pl.Enum).cast(pl.String),
                pl.col(pl.Boolean).replace_strict({True: "是", False: "否"}),
            )
            if "date" in plain.columns:
                plain = plain.drop("date@until")
            titles = {"firm": "name", **{key: f"{key}（元）" for key in ("revenue", "rd_expense", "amount")}}
            sheet.write_row(0, 0, [titles.get(key, key) for key in plain.columns], bold)
            for number, row in enumerate(plain.iter_rows(), start=1):
                for column, value in enumerate(row):
                    if value is not None:
                        sheet.write(number, column, value, dates if plain.columns[column] == "date" else None)


def cells(path: Path) -> object:
    """As `calc` reads it: opened once, recognised, checked while it is parsed in a child that may die."""
    from ordos_subsidy.files.guard import open_file
    from ordos_subsidy.files.workbook import read_book

    return read_book(open_file(path))


def columns(path: Path) -> object:
    """As `batch` reads it: the same, to columns."""
    from ordos_subsidy.files.guard import open_file
    from ordos_subsidy.files.workbook import start
    from ordos_subsidy.tables import sources

    with start(open_file(path)) as pending:
        return sources.of_workbook(pending)


def bare(path: Path) -> object:
    """The parser alone."""
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_path(path)
    return [workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names]


def _seconds(read: object, path: Path) -> float:
    gc.collect()
    began = time.perf_counter()
    kept = read(path)  # type: ignore[operator]
    took = time.perf_counter() - began
    del kept
    return took
