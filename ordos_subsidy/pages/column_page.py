"""What was made of each column of an input: the map that a user looks at before trusting a result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ordos_subsidy.facts import Vocabulary
from ordos_subsidy.messages import Lang, listed, phrase
from ordos_subsidy.pages.blocks import Cell, ColumnHead, Page, Table
from ordos_subsidy.tables.columns import ColumnUse

#: So many columns are named in one line.
_NAMED = 8


def page(uses: Sequence[ColumnUse], vocabulary: Vocabulary, lang: Lang) -> Page:
    """A table of the columns: place, heading, fact, unit, year and number of values."""
    heads = ("place", "heading", "fact", "unit", "year", "values")
    columns = tuple(ColumnHead(phrase(f"fields.map_{each}", lang), number=each == "values") for each in heads)
    return Page("", lang, (Table(columns, tuple(_row(each, vocabulary, lang) for each in uses), flexible=1),))


def _row(each: ColumnUse, vocabulary: Vocabulary, lang: Lang) -> tuple[Cell, ...]:
    unit = phrase("fields.map_assumed", lang, unit=each.unit) if each.assumed else each.unit
    fact = Cell(vocabulary.facts[each.fact].title.in_(lang)) if each.fact else Cell(_unused(lang), "faint")
    year = "" if each.year is None else str(each.year)
    values = str(each.values) if each.fact else ""
    return Cell(each.at), Cell(each.heading), fact, Cell(unit), Cell(year), Cell(values)


def _unused(lang: Lang) -> str:
    return phrase("fields.map_unused", lang)


def as_dicts(uses: Iterable[ColumnUse]) -> list[dict[str, Any]]:
    """The columns for programs; a column that was not read has no fact, and the code of what was said of it."""
    return [
        {
            "where": each.at,
            "heading": each.heading,
            "fact": each.fact or None,
            "unit": each.unit or None,
            "assumed": each.assumed,
            "year": each.year,
            "values": each.values if each.fact else None,
            "why": each.why or None,
        }
        for each in uses
    ]


def summary_lines(uses: Sequence[ColumnUse], vocabulary: Vocabulary, lang: Lang) -> list[str]:
    """Three lines for the screen where a column was left unused or a unit assumed; else none."""
    unused = [each.heading for each in uses if not each.fact]
    assumed = [each for each in uses if each.assumed and each.values]
    if not unused and not assumed:
        return []
    read = [f"{each.heading}→{vocabulary.facts[each.fact].title.in_(lang)}" for each in uses if each.fact]
    told = [("read", read), ("not_read", unused)]
    lines = [phrase(f"fields.map_{key}", lang, count=len(names), names=_some(names, lang)) for key, names in told]
    if not assumed:
        return [*lines, phrase("fields.map_look", lang)]
    names = [each.heading for each in assumed]
    units = listed(dict.fromkeys(each.unit for each in assumed), lang)
    return [*lines, phrase("fields.map_units", lang, count=len(names), names=_some(names, lang), units=units)]


def _some(names: Sequence[str], lang: Lang) -> str:
    """The first names, and a sign that there are more."""
    return listed([*names[:_NAMED], *(["…"] if len(names) > _NAMED else [])], lang)
