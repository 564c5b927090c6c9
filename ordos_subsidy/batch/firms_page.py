"""The page of a batch, to hand on: sums, firms, clauses and districts, what is missing, and who is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from ordos_subsidy.batch.writing import Result
from ordos_subsidy.messages import Lang, phrase, say
from ordos_subsidy.pages import firm_page, many_firms, terms
from ordos_subsidy.pages.blocks import Bar, Block, Cell, Chart, ColumnHead, Look, Page, PageHeading, Paragraph, Table
from ordos_subsidy.report.plan import footnotes
from ordos_subsidy.views import firm_rows
from ordos_subsidy.views.fields import Field, View

#: So many firms are listed, the largest first, and so many that are left out; a book holds all of them.
LISTED = 1_000
_BARS = 12
_FIRMS = ("name", "place_of", "assured", "ceiling", "open_ended", "pending", "eligible", "to_verify")
_CLAUSES = ("reference", "heading", *_FIRMS[2:])
_PLACES = ("place_of", "firms", "firms_eligible", *_FIRMS[2:])


def page(result: Result) -> Page:
    """The page of a result, which is scored for it."""
    head, lang = result.policies.head, result.lang
    listed: list[View] = []
    scored = 0
    for each in result.table("firms"):
        scored += each.frame.height
        listed.append(View(each.name, each.fields, firm_rows.ranked(each.frame).head(LISTED)))
    frame = firm_rows.ranked(pl.concat([each.frame for each in listed])).head(LISTED)
    blocks = (
        PageHeading(head.name.in_(lang), 1, result.basis),
        *_counts(result, scored),
        *_firms(View("firms", listed[0].fields, frame), scored, result),
        *_clauses(result),
        *_places(result),
        *_missing(result),
        *_left_out(result),
        *firm_page.footnotes(footnotes(result.policies, lang), lang),
    )
    return Page(head.name.in_(lang), lang, blocks, on=result.on)


def _counts(result: Result, scored: int) -> Iterator[Block]:
    lang, left = result.lang, result.left_out
    counts = {"read": scored + left, "scored": scored, "left": left}
    yield Paragraph(phrase("batch.read", lang, **{key: f"{count:,}" for key, count in counts.items()}))
    if result.year is not None:
        yield Paragraph(phrase("batch.only_year", lang, year=result.year))
    yield many_firms.cards(result.whole.comes_to, lang)


def _firms(firms: View, scored: int, result: Result) -> Iterator[Block]:
    lang = result.lang
    yield PageHeading(phrase("batch.sheet_firms", lang), 2)
    yield _table(firms, _FIRMS, lang, {"name": phrase("show.total", lang), **result.whole.comes_to})
    if scored > LISTED:
        yield Paragraph(phrase("batch.more_in_book", lang, count=f"{scored - LISTED:,}"), "alert")


def _clauses(result: Result) -> Iterator[Block]:
    lang = result.lang
    found = result.whole.clauses(result.policies, lang, with_totals=True)
    clauses = View(found.name, found.fields, found.frame.head(-found.foot))
    yield PageHeading(phrase("batch.sheet_clauses", lang), 2)
    yield _table(clauses, _CLAUSES, lang, {"heading": phrase("show.total", lang), **result.whole.comes_to})
    columns = ("reference", "heading", "assured", "ceiling", "open_ended")
    rows = firm_rows.ranked(clauses.frame).select(columns).head(_BARS).iter_rows()
    bars = [
        Bar(terms.heading(ref, title), low, high, bool(open_), terms.interval(low, max(low, high), lang))
        for ref, title, low, high, open_ in rows
        if low or high
    ]
    if bars:
        names = (phrase("show.assured", lang), phrase("show.ceiling", lang))
        yield Chart(phrase("show.chart_largest", lang), names, tuple(bars))


def _places(result: Result) -> Iterator[Block]:
    if districts := result.whole.districts(result.policies, result.lang):
        yield PageHeading(districts.fields[0].label, 2)
        yield _table(districts, _PLACES, result.lang)


def _missing(result: Result) -> Iterator[Block]:
    if (asked := result.asked) and asked.frame.height:
        yield PageHeading(phrase("show.missing", result.lang), 2)
        yield _table(asked, [field.key for field in asked.fields], result.lang)


def _left_out(result: Result) -> Iterator[Block]:
    """Every firm that is left out, by name, with the reason."""
    lang = result.lang
    if not result.omitted:
        return
    yield PageHeading(phrase("batch.left_out", lang), 2)
    heads = tuple(ColumnHead(phrase(f"show.{key}", lang)) for key in ("firm", "where", "problem", "remedy"))
    rows = []
    for each in result.omitted[:LISTED]:
        said = say(each.why, lang) if each.why else ("", "")
        rows.append(tuple(map(Cell, (each.name or each.code, each.place, *said))))
    yield Table(heads, tuple(rows), flexible=2)


def _table(view: View, keys: Sequence[str], lang: Lang, total: Mapping[str, object] | None = None) -> Table:
    """Some columns of a view, to be sorted; sums in 万元. `total`: the values of the last row."""
    fields = [field for field in view.fields if field.key in keys]
    heads = tuple(ColumnHead(field.heading(lang), number=field.holds != "text") for field in fields)
    values = view.frame.select(field.key for field in fields).iter_rows()
    last = tuple(_cell(field, total.get(field.key), "strong") for field in fields) if total else ()
    rows = tuple(tuple(map(_cell, fields, row)) for row in values)
    return Table(heads, rows, last, flexible=0, short=True, sortable=True)


def _cell(field: Field, value: object, look: Look = "") -> Cell:
    """A value as a text, the least of a sum cut and the most raised to two decimals of 万元."""
    if value is None or field.holds == "text":
        return Cell(str(value or ""), look)
    fen = int(str(value))
    if field.holds != "money":
        return Cell(f"{fen:,}", look)
    return Cell(terms.least(fen, "zh") if field.key == "assured" else terms.most(fen, 0, "zh"), look)
