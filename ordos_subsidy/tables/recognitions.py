"""Columns of recognitions in a table of firms: a date under 自治区企业技术中心 is an event of that kind.

Any other mark (√, the number of a certificate) says that there is something, but not when: it is named as seen and not
used, with what to do about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from ordos_subsidy import cells
from ordos_subsidy.errors import Problem, warning
from ordos_subsidy.tables.columns import CellColumn, Given, UntypedTable, of_list

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ordos_subsidy.facts import Choice, Fact, Kind, Vocabulary

#: Marks that say there is none.
_NONE = {"否", "无", "×", "✗", "✘", "没有", "不是", "未认定", "n", "no"}


@dataclass(frozen=True)
class Recognition:
    """The cells of one column below the name of a kind of event, and the place of its heading."""

    kind: Kind
    level: Choice | None
    column: CellColumn
    at: str
    #: Words the place of the n-th cell.
    place: Callable[[int], str]


def events(found: Sequence[Recognition], vocabulary: Vocabulary) -> tuple[UntypedTable | None, list[Problem]]:
    """The events that the dates in such columns are, and what is said of the columns.

    The owners are the rows of the table of firms.
    """
    day = vocabulary.role("event", "date")
    columns: dict[str, list[object]] = {"kind": [], "date": [], "level": []}
    owners: list[int] = []
    places: list[str] = []
    said: list[Problem] = []
    for each in found:
        rows, marks = _dated(each.column, day, vocabulary) if day else ([], 0)
        for row, cell in rows:
            columns["kind"].append(each.kind.key)
            columns["date"].append(cell)
            columns["level"].append(each.level.key if each.level else None)
            owners.append(row)
            places.append(each.place(row))
        said += _said(each, marks, len(rows))
    if not owners:
        return None, said
    roles = {role: fact.key for role in columns if (fact := vocabulary.role("event", role))}
    numbers = pl.int_range(len(owners), dtype=pl.UInt32, eager=True)
    table = UntypedTable("event", numbers, lambda row, _: places[row], owners=owners)
    table.facts = {key: Given(of_list(columns[role]), at=found[0].at) for role, key in roles.items()}
    return table, said


def _dated(column: CellColumn, day: Fact, vocabulary: Vocabulary) -> tuple[list[tuple[int, object]], int]:
    """The dates of a column, by row, and how many other marks it has."""
    dates: list[tuple[int, object]] = []
    marks = 0
    for row, cell in enumerate(column.to_list()):
        if cell is None or cell is False or (isinstance(cell, str) and cell.strip().casefold() in _NONE):
            continue
        read = cells.Read(None) if isinstance(cell, bool) else cells.read(day, cell, vocabulary=vocabulary)
        if read.value is not None:
            dates.append((row, cell))
        else:
            marks += isinstance(cell, bool) or read.problem is not None
    return dates, marks


def _said(each: Recognition, marks: int, dated: int) -> list[Problem]:
    names = {"kind": each.kind.title.zh, "kind_en": each.kind.title.en}
    said = [warning("fields.recognition_used", each.at, count=dated, **names)] if dated else []
    return said + ([warning("fields.recognition_seen", each.at, count=marks, **names)] if marks else [])
