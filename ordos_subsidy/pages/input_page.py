"""What is said of inputs: their problems, what was made of each column, and the findings of `audit`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ordos_subsidy.errors import Problem
from ordos_subsidy.facts import Vocabulary
from ordos_subsidy.messages import Lang, listed, phrase, say
from ordos_subsidy.pages import blocks
from ordos_subsidy.pages.blocks import Cell, Items, Page, Paragraph, Table

if TYPE_CHECKING:
    from ordos_subsidy.tables.columns import ColumnUse

#: So many columns are named in one line.
_NAMED = 8


class Finding(NamedTuple):
    """A finding of `audit`: its place in the policy file, the words around it in the text, and what is wrong."""

    place: str
    around: str
    problem: Problem


def problems(found: Iterable[Problem], lang: Lang) -> Page:
    """Problems one below the other, each with its weight, its place and what to do."""
    items: list[tuple[str, Paragraph]] = []
    for each in found:
        said = say(each, lang)
        what = phrase("show.at", lang, where=each.where, what=said.what) if each.where else said.what
        look = Paragraph(what, "alert" if each.severity == "error" else "unknown")
        items.append((phrase(f"show.{each.severity}", lang), look))
        if said.remedy:
            items.append(("", Paragraph(said.remedy)))
    return _listed(items, lang)


def findings(found: Iterable[Finding], lang: Lang) -> Page:
    """Findings one below the other: place and fault, the words of the text, what to do."""
    items: list[tuple[str, Paragraph]] = []
    for each in found:
        said = say(each.problem, lang)
        items.append(("✗", Paragraph(phrase("show.at", lang, where=each.place, what=said.what), "alert")))
        if each.around:
            items.append(("", Paragraph(phrase("audit.around", lang, words=each.around), "faint")))
        items.append(("", Paragraph(said.remedy)))
    return _listed(items, lang)


def _listed(items: Sequence[tuple[str, Paragraph]], lang: Lang) -> Page:
    listing = Items(tuple(item for _, item in items), tuple(mark for mark, _ in items))
    return Page("", lang, (listing,) if items else ())


# --- the map of columns, which a user looks at before trusting a result


def columns(uses: Sequence[ColumnUse], vocabulary: Vocabulary, lang: Lang) -> Page:
    """A table of the columns: place, heading, fact, unit, year and number of values."""
    rows = []
    for each in uses:
        unit = phrase("fields.map_assumed", lang, unit=each.unit) if each.assumed else each.unit
        unused = Cell(phrase("fields.map_unused", lang), "faint")
        fact = Cell(vocabulary.facts[each.fact].title.in_(lang)) if each.fact else unused
        figures = (unit, "" if each.year is None else str(each.year), str(each.values) if each.fact else "")
        rows.append((Cell(each.at), Cell(each.heading), fact, *blocks.cells(figures)))
    keys = ("place", "heading", "fact", "unit", "year", "values")
    return Page("", lang, (Table(blocks.heads(lang, *(f"fields.map_{key}" for key in keys)), tuple(rows)),))


def columns_as_dicts(uses: Iterable[ColumnUse]) -> list[dict[str, Any]]:
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


def columns_in_short(uses: Sequence[ColumnUse], vocabulary: Vocabulary, lang: Lang) -> list[str]:
    """Three lines for the screen where a column was left unused or a unit assumed; else none."""
    unused = [each.heading for each in uses if not each.fact]
    assumed = [each for each in uses if each.assumed and each.values]
    if not unused and not assumed:
        return []
    read = [f"{each.heading}→{vocabulary.facts[each.fact].title.in_(lang)}" for each in uses if each.fact]
    told = {"read": read, "not_read": unused, **({"units": [each.heading for each in assumed]} if assumed else {})}
    units = listed(dict.fromkeys(each.unit for each in assumed), lang)
    lines = []
    for key, names in told.items():
        some = listed([*names[:_NAMED], *(["…"] if len(names) > _NAMED else [])], lang)
        lines.append(phrase(f"fields.map_{key}", lang, count=len(names), names=some, units=units))
    return lines if assumed else [*lines, phrase("fields.map_look", lang)]
