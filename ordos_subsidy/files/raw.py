"""What was read, before anybody says what it means: cells with their true addresses.

A `Sheet` is a plain grid that begins at A1, whatever the file left out above or beside its data, so that an
index is an address: `rows[6][2]` is C7. Blank is `None`, never an empty text. A cell that shows an error, or
whose formula was never computed, is a `CellError`: it looks blank to most libraries and must not be one.

>>> address(6, 2), address(0, 26), address(1048575, 16383)
('C7', 'AA1', 'XFD1048576')
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal

from ordos_subsidy.errors import Problem

Kind = Literal["xlsx", "xlsb", "xls", "ods", "csv", "toml", "parquet"]
"""What a file truly is; .xlsm and templates are xlsx too."""


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell without a value that can be trusted: `#REF!`, `#N/A`, or `#UNCALCULATED`, a formula never computed."""

    text: str


Cell = str | int | float | Decimal | bool | date | datetime | time | timedelta | CellError | None
"""One cell. Dates come as `date`, or `datetime` when they carry a time; a `time` is never a date: it is what
a negative or zero date serial becomes."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet, every row as wide as the widest; hidden rows and columns are data like any other."""

    name: str
    rows: list[list[Cell]]
    hidden: bool = False
    merged: tuple[tuple[int, int, int, int], ...] = ()
    """First row, first column, last row, last column of each merged area (not known for xlsb and ods)."""


@dataclass(frozen=True, slots=True)
class Book:
    """A file that was read: its sheets in order, and what should be said about it."""

    name: str
    kind: Kind
    sheets: list[Sheet]
    problems: tuple[Problem, ...] = ()


def column_letters(col: int) -> str:
    """0 -> A, 26 -> AA."""
    letters = ""
    col += 1
    while col:
        col, letter = divmod(col - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


def address(row: int, col: int) -> str:
    """The address of a cell as spreadsheets show it, from indices that start at 0."""
    return f"{column_letters(col)}{row + 1}"
