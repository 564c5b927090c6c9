"""Which rows of a list are data, and what the others are.

Most rows are data at first sight: their name is one, and something is filled in beside it. Only the others are looked
at one by one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from ordos_subsidy.errors import Problem, Refused, problem, warning
from ordos_subsidy.tables.columns import CellColumn, ColumnUse, constant_column
from ordos_subsidy.tables.layout import Area, is_blank
from ordos_subsidy.tables.odd_rows import (
    RowVerdict,
    is_closing,
    is_note,
    is_numbering,
    is_organisation,
    is_total,
    is_units,
    name_verdict,
    odd_texts,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ordos_subsidy.facts import Vocabulary
    from ordos_subsidy.files.grid import CellValue
    from ordos_subsidy.tables.headings import Heading

#: More rows than these nobody looks at one by one.
ODD_ROWS = 200_000
#: So many rows below the headings are always looked at: they may hold units, or number the columns.
_FIRST_ROWS = 3
_CELLS = 1 << 19

OddRows = list[tuple[int, RowVerdict, list[object]]]
"""The rows that are worth a word: their numbers, what they are, and their cells."""


@dataclass(slots=True)
class ListColumns:
    """The columns of a table: of its own facts, and, beside events, of the firm's."""

    facts: dict[str, list[int]] = field(default_factory=dict)
    keys: dict[str, list[int]] = field(default_factory=dict)
    headings: dict[int, Heading] = field(default_factory=dict)
    units: dict[int, str | None] = field(default_factory=dict)
    numbering: set[int] = field(default_factory=set)
    recognitions: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    uses: list[ColumnUse] = field(default_factory=list)

    @property
    def known(self) -> list[int]:
        """The columns that mean something."""
        return [col for cols in (*self.facts.values(), *self.keys.values()) for col in cols]


def below(area: Area, col: int) -> CellColumn:
    """The cells of a column below the headings."""
    return area.sheet.column(col, area.top + 1, area.bottom)


def judged(
    area: Area, where: Callable[[int, int], str], columns: ListColumns, vocabulary: Vocabulary
) -> tuple[pl.Series, OddRows]:
    """The numbers of the rows of data, and the others that are worth a word."""
    telling = sorted(_telling(area, columns, vocabulary)) or columns.known[:1]
    rows = pl.int_range(area.top + 1, max(area.bottom, area.top + 1), dtype=pl.UInt32, eager=True)
    plain = _plain(area, columns, telling, vocabulary)
    if plain.all():
        return rows, []
    looked = _looked_at(area, plain, where)
    judge = _Judge(area, columns, telling, vocabulary)
    kept: list[int] = []
    odd: OddRows = []
    is_first = not plain.head(looked[0] - area.top - 1).any() if looked else False
    for row, line in zip(looked, _lines(area, looked), strict=True):
        cells: list[object] = [None] * area.cols.start + [*line[area.cols.start : area.cols.stop]]
        verdict = judge.verdict(cells, is_first=is_first)
        is_first = is_first and verdict in ("units", "numbering", "blank", "heading")
        if verdict == "data":
            kept.append(row)
        elif verdict not in ("blank", "heading"):
            odd.append((row, verdict, cells))
        if verdict == "closing":
            left = plain.slice(row - area.top).sum() + sum(each > row for each in looked)
            plain = plain & (rows <= row)
            if left:
                columns.problems.append(warning("reading.below_closing", where(row, area.cols.start), count=left))
            break
    if kept:
        plain = plain.scatter([row - area.top - 1 for row in kept], values=True)
    return rows.filter(plain), odd


def _looked_at(area: Area, plain: pl.Series, where: Callable[[int, int], str]) -> list[int]:
    """The rows in which something is filled, but which are not plainly data."""
    filled = constant_column(len(plain), value=False)
    for col in area.cols:
        filled |= below(area, col).filled()
        if (filled | plain).all():
            break
    looked = [area.top + 1 + row for row in (filled & ~plain).arg_true().to_list()]
    if len(looked) > ODD_ROWS:
        at = where(looked[0], area.cols.start)
        raise Refused([problem("reading.too_many_odd_rows", at, limit=f"{ODD_ROWS:,}")])
    return looked


def _lines(area: Area, rows: list[int]) -> Iterator[list[CellValue]]:
    """Some rows, of which no more are in memory at once than some hundred thousand cells."""
    step = max(1, _CELLS // max(1, area.sheet.width))
    for start in range(0, len(rows), step):
        yield from area.sheet.lines(rows[start : start + step])


def _plain(area: Area, columns: ListColumns, telling: list[int], vocabulary: Vocabulary) -> pl.Series:
    """Which rows are data at first sight: nearly every row is, and a few of its cells tell."""
    head = [area.head[col] for col in telling]
    plain = below(area, telling[0]).present()
    for col in {min([*columns.known, *columns.numbering]), *telling}:
        text = below(area, col).text
        if text is not None:
            odd = odd_texts(text, vocabulary.answers if area.of == "firm" else frozenset())
            odd += [each for each in head if isinstance(each, str)]
            plain &= ~text.is_in(odd).fill_null(value=False)
    others = [col for col in columns.known if col not in telling]
    if area.of == "firm" and others:
        filled = constant_column(len(plain), value=False)
        for col in others:
            filled |= below(area, col).filled()
            if filled.all():
                break
        plain &= filled
    first = min(_FIRST_ROWS, len(plain))
    return plain.scatter(list(range(first)), values=False) if first else plain


class _Judge:
    """Judges single rows of a list."""

    def __init__(self, area: Area, columns: ListColumns, telling: list[int], vocabulary: Vocabulary) -> None:
        self._area, self._columns, self._telling, self._vocabulary = area, columns, telling, vocabulary
        role = vocabulary.role(area.of, "name" if area.of == "firm" else "kind")
        self._names = columns.facts.get(role.key, []) if role else []

    def verdict(self, cells: list[object], *, is_first: bool) -> RowVerdict:
        """What a row is; the first rows below the headings may hold units, or number the columns."""
        filled = {col: cell for col, cell in enumerate(cells) if not is_blank(cell)}
        if not filled:
            return "blank"
        first = next(iter(filled.values()))
        known = {col: filled[col] for col in self._columns.known if col in filled}
        if known and all(cell == self._area.head[col] for col, cell in known.items()):
            return "heading"
        words = [first, *(cells[col] for col in self._telling)]
        tests: tuple[tuple[RowVerdict, bool], ...] = (
            ("closing", any(map(is_closing, words))),
            ("total", any(map(is_total, words))),
            ("note", is_note(first)),
            ("units", is_first and is_units(list(filled.values()))),
            ("numbering", is_first and is_numbering(list(filled.values()))),
        )
        found = next((each for each, holds in tests if holds), None)
        return found or (self._named(filled) if self._area.of == "firm" else self._event(cells, known))

    def _named(self, filled: dict[int, object]) -> RowVerdict:
        """What a row is by the name in it, and by what else it holds."""
        known = [col for col in self._columns.known if col in filled]
        name = next((filled[col] for col in self._names if col in filled), None)
        first = next(iter(filled.values()))
        if name is None:
            alone = len(filled) == 1 and isinstance(first, str) and not known
            return "data" if known else "note" if alone else "blank"
        others = set(filled) - {*self._names, *self._columns.numbering}
        alone = not others and len(self._columns.known) > len(self._names)
        verdict = name_verdict(name, self._vocabulary.answers, alone=alone)
        if verdict == "data" and alone and not is_organisation(name):
            return "name_only"
        return verdict

    def _event(self, cells: list[object], known: dict[int, object]) -> RowVerdict:
        kind = next((cells[col] for col in self._names if not is_blank(cells[col])), None)
        if isinstance(kind, str) and not self._vocabulary.find_kind(kind):
            verdict = name_verdict(kind, frozenset())
            if verdict != "data":
                return verdict
        return "data" if known else "blank"


def _telling(area: Area, columns: ListColumns, vocabulary: Vocabulary) -> set[int]:
    """The columns in which the word for a total may stand."""
    roles = [vocabulary.role(area.of, role) for role in ("name", "kind")]
    own = [col for fact in roles if fact for col in columns.facts.get(fact.key, ())]
    return {*own, *(col for cols in columns.keys.values() for col in cols)}
