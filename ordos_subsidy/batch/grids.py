"""A large sheet in columns: most of its rows are plainly data, and the few that are not go to `firms.books`.

Where the headings are, what they mean, in which unit, which rows are totals, notes or repeated headings: all that
is decided by `firms` on a sheet of the first rows and of every row that could be anything but data. What is left
are rows of data by the same rules, and they are taken as columns. So a batch and `calc` read a sheet alike, and
only what is out of the ordinary costs time. Rows keep their true numbers: `Reduced.true` maps back.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import polars as pl

from ordos_subsidy.batch.cells import Cells, alike, all_spelt_as_codes
from ordos_subsidy.errors import Problem
from ordos_subsidy.facts import Fact, Vocabulary
from ordos_subsidy.files.raw import Sheet
from ordos_subsidy.firms.grids import TOTAL_LENGTH, is_note, is_total
from ordos_subsidy.firms.headings import Headings
from ordos_subsidy.firms.layout import LOOK_ROWS, Area, areas, is_blank, is_explanation

#: So many rows at the top go through `firms` in any case.
HEAD = LOOK_ROWS + 20
_ADDRESS = re.compile(r"(.*!)([A-Z]+)([0-9]+)")
#: What could be a word for a total once width, case and blanks are folded, and what no plain text holds.
_TOTAL = (
    r"(?i)计|平.*均|[tｔ].*[lｌ]|[sｓ].*[mｍ]"
    r"|[^\x00-\x7f\u{3001}-\u{3011}\u{3400}-\u{4dbf}\u{4e00}-\u{9fff}\u{ff01}-\u{ff5e}]"
)
#: How such a word can end: no other ideograph, letter or digit.
_TOTAL_END = r"[^0-9A-KN-Za-kn-z\u{3400}-\u{4dbf}\u{4e00}-\u{9fff}]$|[计均值数家户个项]$"
_NOTE = "[:：]"


@dataclass(frozen=True)
class Table:
    """A sheet: its first rows as cells, the rows below them in columns."""

    name: str
    head: list[list[Any]]
    #: The columns, each made when it is asked for: a file on the disk is read column by column, and only as far
    #: down as is asked for.
    tail: Sequence[Callable[[int], Cells]]
    height: int
    hidden: bool = False
    merged: tuple[tuple[int, int, int, int], ...] = ()
    #: So many rows of the file stand between the headings and the next row here: a part of a file read in parts.
    skipped: int = 0

    def true(self, row: int) -> int:
        """The row of the file that a row is, both counted from 0."""
        return row + self.skipped if row else row

    def column(self, col: int) -> Cells:
        """A column of the rows below the first ones."""
        return self.tail[col](self.height)


@dataclass(frozen=True)
class Reduced:
    """The sheet for `firms`, the true row of each of its rows, and the rows of the tail that are plainly data."""

    table: Table
    sheet: Sheet
    true: list[int]
    data: pl.Series

    def address(self, row: int) -> int:
        """The true number of a row, both counted from one."""
        return self.true[row - 1] + 1

    def where(self, place: str) -> str:
        """A place in the reduced sheet as the place it is in the file."""
        found = _ADDRESS.fullmatch(place)
        return f"{found[1]}{found[2]}{self.address(int(found[3]))}" if found else place

    def placed(self, problem: Problem) -> Problem:
        """A problem with its true address."""
        return replace(problem, where=self.where(problem.where))


def parsed(place: str) -> tuple[str, str, int] | None:
    """The sheet, the column letters and the row of a place in a sheet."""
    found = _ADDRESS.fullmatch(place)
    return (found[1], found[2], int(found[3])) if found else None


def column_number(letters: str) -> int:
    """A -> 0, AA -> 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def reduced(table: Table, vocabulary: Vocabulary) -> Reduced:
    """What `firms` must look at, and what is plainly data."""
    head = Sheet(table.name, table.head, table.hidden, table.merged)
    everything = pl.int_range(table.height, dtype=pl.UInt32, eager=True)
    if not table.height or is_explanation(head):
        return _with_rows(table, [], everything.clear())
    headings = Headings(vocabulary)
    found = areas(head, vocabulary, headings)
    if not found:  # headings are looked for in the first rows only: the others hold nothing for us
        return _with_rows(table, [], everything.clear())
    if len(found) != 1 or found[0].shape != "table" or _repeats(found[0], headings):
        return _with_rows(table, everything.to_list(), everything.clear())
    looked = _odd_rows(table, found[0], headings)
    data = looked.filter(~pl.col("odd") & ~pl.col("blank")).get_column("row")
    odd = looked.filter(pl.col("odd") & ~pl.col("blank")).get_column("row")
    # One row of data at least is among those that `firms` sees: its records then bear the places of all.
    return _with_rows(table, pl.concat([odd, data.head(1)]).sort().to_list(), data.slice(1))


def _with_rows(table: Table, rows: Sequence[int], data: pl.Series) -> Reduced:
    top = len(table.head)
    lines = [*table.head, *lines_of(table, rows)]
    true = [table.true(row) for row in (*range(top), *(top + row for row in rows))]
    merged = tuple(
        (bisect_left(true, first), left, bisect_right(true, last) - 1, right)
        for first, left, last, right in table.merged
    )
    return Reduced(table, Sheet(table.name, lines, table.hidden, merged), true, data)


def lines_of(table: Table, rows: Sequence[int]) -> list[list[Any]]:
    """Some rows, as lists of cells."""
    if not rows:
        return []
    at = pl.Series(rows, dtype=pl.UInt32)
    made = []
    for make in table.tail:
        column = make(rows[-1] + 1)
        values: list[Any] = [None] * len(rows)
        for layer in column.layers:
            for n, value in enumerate(layer.gather(at).to_list()):
                if value is not None:
                    values[n] = value
        if column.odd:
            values = [column.odd.get(row, value) for row, value in zip(rows, values, strict=True)]
        made.append(values)
    return [list(line) for line in zip(*made, strict=True)]


def _repeats(area: Area, headings: Headings) -> bool:
    """Whether a fact has several columns, which must then be compared row by row."""
    facts = [found.fact.key for found in _found(area, headings).values()]
    return len(set(facts)) < len(facts)


def _found(area: Area, headings: Headings) -> dict[int, Any]:
    row = area.sheet.rows[area.top]
    found = {col: headings.find_either(area.of, cell) for col, cell in enumerate(row)}
    return {col: heading for col, heading in found.items() if heading}


def _odd_rows(table: Table, area: Area, headings: Headings) -> pl.DataFrame:
    """Each row of the tail: whether it is blank, and whether it could be anything but data."""
    height, row = table.height, area.sheet.rows[area.top]
    facts = {col: found.fact for col, found in _found(area, headings).items()}
    telling = {col for col, fact in facts.items() if _tells(fact)}
    odd, blank, named = (alike(height, value=value) for value in (False, True, False))
    rest = height
    for col in range(len(table.tail)):
        unheaded = is_blank(row[col] if col < len(row) else None)
        if not rest and col not in telling and not unheaded:
            continue
        column = table.column(col)
        if col in telling and facts[col].role == "id" and _all_codes(column):  # no total, no note, no heading, no blank
            named, blank, rest = alike(height, value=True), alike(height, value=False), 0
            continue
        filled, text = _filled(column), _text(column)
        if text is not None and (rest or col in telling):
            odd |= _told(text, _total)
            if rest:
                odd |= blank & _told(text, _note)
        if col in telling:
            named |= filled
            if text is not None:
                odd |= _told(text, partial(_is, str(row[col])))
        if unheaded and filled.any():
            odd = odd.scatter(filled.arg_true()[:1], values=True)
        if rest:
            blank &= ~filled
            rest = int(blank.sum())
    top = len(table.head)
    spans = [(first, last) for first, _, last, _ in table.merged if last > first]
    shared = {row - top for first, last in spans for row in range(max(first, top), last + 1)}
    odd = odd.scatter(sorted(shared), values=True) if shared else odd
    numbers = pl.int_range(height, dtype=pl.UInt32, eager=True).alias("row")
    return pl.DataFrame([numbers, (odd | ~named).alias("odd"), blank.alias("blank")])


def _is(heading: str, texts: pl.Series) -> pl.Series:
    return (texts == heading).fill_null(value=False)


def _all_codes(column: Cells) -> bool:
    if column.odd or len(column.layers) != 1 or column.layers[0].dtype != pl.String:
        return False
    return all_spelt_as_codes(column.layers[0])


def _tells(fact: Fact) -> bool:
    return fact.role in {"name", "id", "kind"}


def _text(column: Cells) -> pl.Series | None:
    return next((layer for layer in column.layers if layer.dtype in (pl.String, pl.Enum)), None)


def _told(texts: pl.Series, judge: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """What is so of each text; where texts are categories, it is asked of the categories."""
    if not isinstance(texts.dtype, pl.Enum):
        return judge(texts)
    told = judge(texts.dtype.categories)
    if told.all():
        return texts.is_not_null()
    if not told.any():
        return alike(len(texts), value=False)
    return told.gather(texts.to_physical().cast(pl.UInt32)).fill_null(value=False)


def _filled(column: Cells) -> pl.Series:
    """Where there is something to be seen."""
    found = alike(column.height, value=False)
    for layer in column.layers:
        seen = layer.is_not_null()
        if layer.dtype in (pl.String, pl.Enum):
            seen = _told(layer, lambda texts: texts.str.contains(r"\S").fill_null(value=False))
        found |= seen
    return found.scatter(list(column.odd), values=True) if column.odd else found


def _total(text: pl.Series) -> pl.Series:
    """Words for totals."""
    asked = text.filter(text.str.contains(_TOTAL_END).fill_null(value=False))
    return _among(text, asked.filter(asked.str.len_chars() <= TOTAL_LENGTH), _TOTAL, is_total)


def _note(text: pl.Series) -> pl.Series:
    """Texts that are notes."""
    return _among(text, text, _NOTE, is_note)


def _among(text: pl.Series, asked: pl.Series, could: str, is_so: Callable[[object], bool]) -> pl.Series:
    """The cells that are so: of those that could be, each distinct one is asked for."""
    known = asked.filter(asked.str.contains(could).fill_null(value=False)).unique()
    found = [each for each in known if is_so(each)]
    if not found:
        return alike(len(text), value=False)
    return text.is_in(found).fill_null(value=False)
