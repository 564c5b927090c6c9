"""The pages of a batch: what a screen shows at its end, and the page to hand on.

`summary` says who was scored, what it comes to, and which firms or clauses have the largest sums; `page` lists firms,
clauses and districts, what is missing, and who is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from ordos_subsidy.messages import Lang, phrase, say
from ordos_subsidy.pages import blocks, firm_page, many_firms, terms
from ordos_subsidy.pages.blocks import Bar, Block, Cell, Chart, ColumnHead, Look, Page, PageHeading, Paragraph, Table
from ordos_subsidy.report.plan import footnotes
from ordos_subsidy.views import firm_rows
from ordos_subsidy.views.fields import Field, View
from ordos_subsidy.views.result import Result

#: On the screen: so many firms and clauses, cells of the longest bar, and facts.
_RANKED, _LARGEST, _BAR, _FACTS = 50, 10, 20, 3
_SUMS = ("assured", "ceiling", "open_ended", "pending")
#: So many firms are listed, the largest first, and so many that are left out; a book holds all of them.
LISTED = 1_000
_BARS = 12
_COUNTED = (*_SUMS, "eligible", "to_verify")
_FIRMS = ("name", "place_of", *_COUNTED)
_CLAUSES = ("reference", "heading", *_COUNTED)
_PLACES = ("place_of", "firms", "firms_eligible", *_COUNTED)


def summary(result: Result, scored: int, events: int, firms: View | None = None) -> Page:
    """The page of a batch, with the firms by what they come to, or what they just miss, where they are given."""
    return Page("", result.lang, tuple(_summary(result, scored, events, firms)))


def _summary(result: Result, scored: int, events: int, firms: View | None) -> Iterator[Block]:
    lang = result.lang
    read = phrase("batch.events_read", lang, events=f"{events:,}")
    yield Paragraph(result.counts(scored) + phrase("show.and", lang) + read)
    if result.year is not None:
        yield Paragraph(phrase("batch.only_year", lang, year=result.year))
    yield many_firms.cards(result.whole.comes_to, lang, short=True)
    if firms and firms.name == "hints":
        yield from _missed(firms, result)
    elif firms:
        yield from _ranked(firms, result)
    else:
        yield from _largest(result)
    if result.asked is not None:
        moving = result.asked.frame.filter((pl.col("sum_at_stake") > 0) | (pl.col("pending_open") > 0))
        yield from many_firms.asked(moving.head(_FACTS).iter_rows(), lang)
    yield from many_firms.omitted(result.omitted, lang)


def _ranked(firms: View, result: Result) -> Iterator[Block]:
    """The firms by ceiling or assured, whichever is larger, the largest first; of many, the first ones."""
    lang = result.lang
    frame = firm_rows.ranked(firms.frame)
    spare = {"batch.eligible": 2, "batch.to_verify": 3}
    found = frame.head(_RANKED).select("name", *_COUNTED).iter_rows()
    rows = tuple(many_firms.overview_row(name or "", figures, lang) for name, *figures in found)
    yield Table(blocks.heads(lang, "firm_in", *_SUMS, *spare, spare=spare), rows, flexible=0, short=True)
    if frame.height > _RANKED:
        yield Paragraph(phrase("batch.more_firms", lang, count=f"{frame.height - _RANKED:,}"), "faint")


def _missed(missed: View, result: Result) -> Iterator[Block]:
    """What firms just miss, the cheapest first; of many, the first ones."""
    lang = result.lang
    frame = missed.frame.sort("price", nulls_last=True, maintain_order=True)
    if not frame.height:
        yield Paragraph(phrase("advice.none", lang), "faint")
        return
    keys = ("firm", "measure", "advice.fact", "advice.gap", "advice.cost", "advice.opens")
    columns = ("name", "reference", "measure", "fact", "gap", "unit", "price", "low", "high")
    rows = []
    for name, reference, measure, fact, gap, unit, price, low, high in frame.head(_RANKED).select(columns).iter_rows():
        lacking = "" if gap is None else f"{gap} {unit}"
        cost = "" if price is None else terms.about(price, lang, up=True)
        texts = (name or "", terms.heading(reference, measure), fact, lacking, cost, terms.interval(low, high, lang))
        rows.append(blocks.cells(texts))
    yield Table(blocks.heads(lang, *keys, spare={"measure": 2, "advice.gap": 1}), tuple(rows), flexible=0)
    if frame.height > _RANKED:
        yield Paragraph(phrase("advice.more_hints", lang, count=f"{frame.height - _RANKED:,}"), "faint")


def _largest(result: Result) -> Iterator[Block]:
    """The ten largest clauses; a clause that comes to nothing has no bar."""
    lang = result.lang
    headings = {each.number: (each.reference, each.heading.in_(lang)) for each in result.policies.clauses}
    columns = ("clause_number", "assured", "ceiling")
    sums = [(max(low, high), number) for number, low, high in result.whole.by_clause.select(columns).iter_rows()]
    largest = sorted((each for each in sums if each[0] > 0), key=lambda each: (-each[0], each[1]))[:_LARGEST]
    if not largest:
        return
    heads = (*blocks.heads(lang, "clause", "batch.largest", "batch.larger_sum"), ColumnHead("", spare=1))
    rows = tuple(
        (
            *blocks.cells((*headings[number], terms.most(sum_, 0, lang))),
            Cell("█" * max(1, sum_ * _BAR // largest[0][0]), "label"),
        )
        for sum_, number in largest
    )
    yield Table(heads, rows, short=True)


# --- the page to hand on


def page(result: Result) -> Page:
    """The page of a result, which is scored for it."""
    scored, parts = 0, []
    for each in result.table("firms"):
        scored += each.frame.height
        parts.append(firm_rows.ranked(each.frame).head(LISTED))
    firms = replace(each, frame=firm_rows.ranked(pl.concat(parts)).head(LISTED))
    name = result.policies.head.name.in_(result.lang)
    return Page(name, result.lang, tuple(_page(result, name, firms, scored)), on=result.on)


def _page(result: Result, name: str, firms: View, scored: int) -> Iterator[Block]:
    lang, total = result.lang, phrase("show.total", result.lang)
    yield PageHeading(name, 1, result.basis)
    yield Paragraph(result.counts(scored))
    if result.year is not None:
        yield Paragraph(phrase("batch.only_year", lang, year=result.year))
    sums = result.whole.comes_to
    yield many_firms.cards(sums, lang)
    yield PageHeading(phrase("batch.sheet_firms", lang), 2)
    yield _table(firms, _FIRMS, lang, {"name": total, **sums})
    if scored > LISTED:
        yield Paragraph(phrase("batch.more_in_book", lang, count=f"{scored - LISTED:,}"), "alert")
    found = result.whole.clauses(result.policies, lang, with_totals=True)
    all_years = pl.col("year") == phrase("batch.all_years", lang)
    clauses = replace(found, frame=found.frame.head(-found.foot).filter(all_years))
    yield PageHeading(phrase("batch.sheet_clauses", lang), 2)
    yield _table(clauses, _CLAUSES, lang, {"heading": total, **sums})
    yield from _bars(clauses, lang)
    if districts := result.whole.districts(result.policies, lang):
        yield PageHeading(districts.fields[0].label, 2)
        yield _table(districts, _PLACES, lang)
    if (asked := result.asked) and asked.frame.height:
        yield PageHeading(phrase("show.missing", lang), 2)
        yield _table(asked, [field.key for field in asked.fields], lang)
    yield from _left_out(result)
    yield from firm_page.footnotes(footnotes(result.policies, lang), lang)


def _bars(clauses: View, lang: Lang) -> Iterator[Chart]:
    """The clauses with the largest sums, drawn."""
    columns = ("reference", "heading", "assured", "ceiling", "open_ended")
    rows = firm_rows.ranked(clauses.frame).select(columns).head(_BARS).iter_rows()
    bars = tuple(
        Bar(terms.heading(ref, title), low, high, bool(open_), terms.interval(low, max(low, high), lang))
        for ref, title, low, high, open_ in rows
        if low or high
    )
    if bars:
        yield Chart(phrase("show.chart_largest", lang), terms.ends(lang), bars)


def _left_out(result: Result) -> Iterator[Block]:
    """Every firm that is left out, by name, with the reason."""
    if result.omitted:
        yield PageHeading(phrase("batch.left_out", result.lang), 2)
        firms = [(each, say(each.why, result.lang) if each.why else ("", "")) for each in result.omitted[:LISTED]]
        rows = tuple(blocks.cells((each.name or each.code, each.place, *said)) for each, said in firms)
        yield Table(blocks.heads(result.lang, "firm", "where", "problem", "remedy"), rows, flexible=2)


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
