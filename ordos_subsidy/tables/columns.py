"""Untyped columns: what a file says of each fact, before `typing` reads the cells.

A `CellColumn` has a Series for each type of cell that is common (its layers, null where a cell is of another type)
and keeps the rare types by row. `SheetColumns` are what `sources` make of a sheet: its first rows as lists, in which
`layout` looks for headings, and its columns. An `UntypedTable` holds the columns of one list, form or TOML file by
fact, and words the place of each cell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

import polars as pl

from ordos_subsidy.errors import Problem
from ordos_subsidy.facts import Of
from ordos_subsidy.files.grid import CellValue, address, column_letters

#: What the figures of a spreadsheet are counted in where nobody says so.
ASSUMED = "万元"

_LAYERS: dict[type, type[pl.DataType]] = {
    bool: pl.Boolean,
    dt.date: pl.Date,
    dt.datetime: pl.Datetime,
    float: pl.Float64,
    str: pl.String,
}


def is_blank(cell: object) -> bool:
    """Whether a cell holds nothing to be seen."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


@dataclass(slots=True)
class CellColumn:
    """Cells of one column: a Series a type, and the cells whose type has no layer, by row."""

    height: int
    layers: list[pl.Series] = field(default_factory=list)
    odd: dict[int, object] = field(default_factory=dict)

    @property
    def text(self) -> pl.Series | None:
        """The texts among the cells, null elsewhere; None where there are none."""
        return next((layer for layer in self.layers if layer.dtype == pl.String), None)

    def present(self) -> pl.Series:
        """Where a cell is not None."""
        return self._where(pl.Series.is_not_null)

    def filled(self) -> pl.Series:
        """Where a cell holds something to be seen."""
        return self._where(_to_be_seen)

    def _where(self, holds: Callable[[pl.Series], pl.Series]) -> pl.Series:
        """Where a layer holds something, or a cell has no layer."""
        masks = [holds(layer) for layer in self.layers] or [constant_column(self.height, value=False)]
        found = reduce(or_, masks)
        return found.scatter(list(self.odd), values=True) if self.odd else found

    def slice(self, start: int, height: int) -> CellColumn:
        """Some consecutive rows."""
        if start == 0 and height == self.height:
            return self
        odd = {row - start: value for row, value in self.odd.items() if start <= row < start + height}
        return CellColumn(height, [layer.slice(start, height) for layer in self.layers], odd)

    def take(self, rows: pl.Series) -> CellColumn:
        """Some rows, given in ascending order."""
        height = len(rows)
        if height and int(rows[-1]) - int(rows[0]) + 1 == height:
            return self.slice(int(rows[0]), height)
        spots = {row: n for n, row in enumerate(rows.to_list())} if self.odd else {}
        odd = {spots[row]: value for row, value in self.odd.items() if row in spots}
        return CellColumn(height, [layer.gather(rows) for layer in self.layers], odd)

    def to_list(self) -> list[object]:
        """The cells one by one."""
        values: list[object] = [None] * self.height
        for layer in self.layers:
            values = [new if old is None else old for old, new in zip(values, layer.to_list(), strict=True)]
        for row, value in self.odd.items():
            values[row] = value
        return values


def _to_be_seen(layer: pl.Series) -> pl.Series:
    if layer.dtype == pl.String:
        return (layer.str.strip_chars() != "").fill_null(value=False)
    return layer.is_not_null()


def of_list(values: Sequence[object]) -> CellColumn:
    """A column of cells as readers of files give them."""
    kinds = set(map(type, values)) - {type(None)}
    column = CellColumn(len(values))
    for kind, dtype in _LAYERS.items():
        if kind in kinds:
            same = values if len(kinds) == 1 else [value if type(value) is kind else None for value in values]
            column.layers.append(pl.Series(same, dtype=dtype, strict=True))
    if odd := kinds - _LAYERS.keys():
        column.odd = {row: value for row, value in enumerate(values) if type(value) in odd}
    return column


def stacked(pieces: Sequence[CellColumn]) -> CellColumn:
    """The pieces of a column, one below the other."""
    if len(pieces) == 1:
        return pieces[0]
    whole = CellColumn(sum(piece.height for piece in pieces))
    for kind in _LAYERS.values():
        found = [next((each for each in piece.layers if each.dtype == kind), None) for piece in pieces]
        if any(each is not None for each in found):
            both = zip(found, pieces, strict=True)
            blank = [null_column(piece.height, kind) if each is None else each for each, piece in both]
            whole.layers.append(pl.concat(blank, rechunk=True))
    start = 0
    for piece in pieces:
        whole.odd |= {start + row: value for row, value in piece.odd.items()}
        start += piece.height
    return whole


def constant_column(height: int, *, value: float) -> pl.Series:
    """Return a new Series of `height` equal values. Do not share it: `Series.scatter` mutates in place."""
    return pl.Series([value]).new_from_index(0, height)


def null_column(height: int, dtype: pl.DataType | type[pl.DataType]) -> pl.Series:
    """Return a new Series of `height` nulls."""
    return pl.Series([None], dtype=dtype).new_from_index(0, height)


@dataclass
class SheetColumns:
    """A sheet: `head` holds its first rows, `make` makes a column of all rows from the row `first`."""

    name: str
    head: list[list[CellValue]]
    height: int
    make: Callable[[int], CellColumn]
    first: int = 0
    hidden: bool = False
    merged: tuple[tuple[int, int, int, int], ...] = ()
    #: Rows and columns that nobody sees.
    hidden_rows: frozenset[int] = frozenset()
    hidden_cols: frozenset[int] = frozenset()
    #: What stands before the address of a cell: the file, and the sheet of a workbook.
    prefix: str = ""
    _made: dict[int, CellColumn] = field(default_factory=dict, repr=False)

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.head[0]) if self.head else 0

    def place(self, row: int, col: int) -> str:
        """The place of a cell."""
        return self.prefix + address(row, col)

    def places(self, rows: pl.Series, col: int) -> pl.Series:
        """The places of many cells in one column."""
        return (self.prefix + column_letters(col)) + (rows.cast(pl.Int64) + 1).cast(pl.String)

    def column(self, col: int, top: int, bottom: int) -> CellColumn:
        """The cells of a column in the rows from `top` up to `bottom`, which lie below row `first`."""
        if col not in self._made:
            self._made[col] = self.make(col)
        return self._made[col].slice(top - self.first, bottom - top)

    def lines(self, rows: Sequence[int]) -> list[list[CellValue]]:
        """Some rows, in ascending order, as lists of cells."""
        if not rows or rows[-1] < len(self.head):
            return [self.head[row] for row in rows]
        at = pl.Series(rows, dtype=pl.UInt32)
        columns = [self.column(col, self.first, self.height).take(at - self.first) for col in range(self.width)]
        return [list(line) for line in zip(*(column.to_list() for column in columns), strict=True)]


@dataclass(slots=True)
class Given:
    """One fact's cells, the unit of plain numbers among them (None: nobody wrote it), the place of the heading.

    Not `stated`: nobody wrote the unit, and the usual one is assumed.
    """

    cells: CellColumn
    unit: str | None = None
    at: str = ""
    stated: bool = True


@dataclass(slots=True)
class ColumnUse:
    """What was made of one column, or of one row of a form: for users to look at before they trust a result.

    `fact` is the key of the fact it was read as, "" where it was not read; `why` the code of what was said then.
    """

    at: str
    heading: str
    fact: str = ""
    unit: str = ""
    assumed: bool = False
    year: int | None = None
    values: int = 0
    why: str = ""


@dataclass(slots=True)
class UntypedTable:
    """Rows of firms or events, column by column, untyped.

    `rows` are their numbers in the file (from 0), `place` words the place of row number and fact ("" for the row
    itself). `keys` are the firm's facts beside an event, by which it is joined. `broken` are rows, counted from 0 in
    this table, that cannot be used for a reason among the problems; `owners` the firms of events that stand inside
    them (TOML).
    """

    of: Of
    rows: pl.Series
    place: Callable[[int, str], str]
    #: The places of many rows at once, where that is quicker than one by one.
    places: Callable[[pl.Series], pl.Series] | None = None
    facts: dict[str, Given] = field(default_factory=dict)
    keys: dict[str, Given] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    broken: set[int] = field(default_factory=set)
    #: Cells (row, fact) without a value for a reason that has been said.
    excused: set[tuple[int, str]] = field(default_factory=set)
    uses: list[ColumnUse] = field(default_factory=list)
    owners: list[int] | None = None

    def placed(self, rows: pl.Series) -> pl.Series:
        """The places of some rows, by their numbers."""
        return self.places(rows) if self.places else pl.Series([self.place(row, "") for row in rows], dtype=pl.String)

    @property
    def height(self) -> int:
        """How many rows there are, the broken ones included."""
        return len(self.rows)
