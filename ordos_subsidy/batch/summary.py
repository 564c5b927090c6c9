"""The page that a batch ends with: who was scored, what it comes to, and the largest clauses with bars."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ordos_subsidy.batch.writing import Result
from ordos_subsidy.messages import phrase
from ordos_subsidy.pages import many_firms, terms
from ordos_subsidy.pages.blocks import (
    Block,
    Cell,
    ColumnHead,
    Page,
    Paragraph,
    Table,
)
from ordos_subsidy.views import firm_rows
from ordos_subsidy.views.fields import View

_LARGEST = 10
_BAR = 20
_RANKED, _FACTS = 50, 3
_SUMS = ("assured", "ceiling", "open_ended", "pending")


def summary(result: Result, read: int, scored: int, events: int, firms: View | None = None) -> Page:
    """The page of a batch, with the firms by what they come to where they are given."""
    return Page("", result.lang, tuple(_blocks(result, read, scored, events, firms)))


def _blocks(result: Result, read: int, scored: int, events: int, firms: View | None) -> Iterator[Block]:
    lang = result.lang
    counts = phrase("batch.read", lang, read=f"{read:,}", scored=f"{scored:,}", left=f"{result.left_out:,}")
    yield Paragraph(counts + phrase("show.and", lang) + phrase("batch.events_read", lang, events=f"{events:,}"))
    if result.year is not None:
        yield Paragraph(phrase("batch.only_year", lang, year=result.year))
    yield many_firms.cards(result.whole.comes_to, lang, short=True)
    if firms and firms.name == "hints":
        yield from _missed(firms, result)
    elif firms:
        yield from _ranked(firms, result)
    else:
        yield from _largest(result)
    yield from _asked(result)
    yield from many_firms.omitted(result.omitted, lang)


def _ranked(firms: View, result: Result) -> Iterator[Block]:
    """The firms by ceiling or assured, whichever is larger, the largest first; of many, the first ones."""
    lang = result.lang
    frame = firm_rows.ranked(firms.frame)
    heads = (
        ColumnHead(phrase("show.firm_in", lang)),
        *(ColumnHead(phrase(f"show.{key}", lang), number=True) for key in _SUMS),
    )
    counts = (
        ColumnHead(phrase("batch.eligible", lang), number=True, spare=2),
        ColumnHead(phrase("batch.to_verify", lang), number=True, spare=3),
    )
    columns = ("name", "assured", "ceiling", "open_ended", "pending", "eligible", "to_verify")
    found = frame.head(_RANKED).select(columns).iter_rows()
    rows = tuple(many_firms.overview_row(name or "", figures, lang) for name, *figures in found)
    yield Table((*heads, *counts), rows, flexible=0, short=True)
    if frame.height > _RANKED:
        yield Paragraph(phrase("batch.more_firms", lang, count=f"{frame.height - _RANKED:,}"), "faint")


def _missed(missed: View, result: Result) -> Iterator[Block]:
    """What firms just miss, the cheapest first; of many, the first ones."""
    lang = result.lang
    frame = missed.frame.sort("price", nulls_last=True, maintain_order=True)
    if not frame.height:
        yield Paragraph(phrase("advice.none", lang), "faint")
        return
    heads = (
        ColumnHead(phrase("show.firm", lang)),
        ColumnHead(phrase("show.measure", lang), spare=2),
        ColumnHead(phrase("advice.fact", lang)),
        ColumnHead(phrase("advice.gap", lang), number=True, spare=1),
        ColumnHead(phrase("advice.cost", lang), number=True),
        ColumnHead(phrase("advice.opens", lang), number=True),
    )
    columns = ("name", "reference", "measure", "fact", "gap", "unit", "price", "low", "high")
    rows = []
    for name, reference, measure, fact, gap, unit, price, low, high in frame.head(_RANKED).select(columns).iter_rows():
        lacking = "" if gap is None else f"{gap} {unit}"
        cost = "" if price is None else terms.about(price, lang, up=True)
        texts = (name or "", terms.heading(reference, measure), fact, lacking, cost, terms.interval(low, high, lang))
        rows.append(tuple(Cell(text) for text in texts))
    yield Table(heads, tuple(rows), flexible=0)
    if frame.height > _RANKED:
        yield Paragraph(phrase("advice.more_hints", lang, count=f"{frame.height - _RANKED:,}"), "faint")


def _asked(result: Result) -> Iterator[Block]:
    """The facts that most money waits for: for how many firms, and how much."""
    if result.asked is not None:
        moving = result.asked.frame.filter((pl.col("sum_at_stake") > 0) | (pl.col("pending_open") > 0))
        yield from many_firms.asked(moving.head(_FACTS).iter_rows(), result.lang)


def _largest(result: Result) -> Iterator[Block]:
    """The ten largest clauses; a clause that comes to nothing has no bar."""
    lang = result.lang
    headings = {each.number: (each.reference, each.heading.in_(lang)) for each in result.policies.clauses}
    columns = ("clause_number", "assured", "ceiling")
    sums = [(max(low, high), number) for number, low, high in result.whole.by_clause.select(columns).iter_rows()]
    largest = sorted((each for each in sums if each[0] > 0), key=lambda each: (-each[0], each[1]))[:_LARGEST]
    if not largest:
        return
    heads = (
        ColumnHead(phrase("show.clause", lang)),
        ColumnHead(phrase("batch.largest", lang)),
        ColumnHead(phrase("batch.larger_sum", lang), number=True),
        ColumnHead("", spare=1),
    )
    rows = tuple(
        (
            Cell(headings[number][0]),
            Cell(headings[number][1]),
            Cell(terms.most(sum_, 0, lang)),
            Cell("█" * max(1, sum_ * _BAR // largest[0][0]), "label"),
        )
        for sum_, number in largest
    )
    yield Table(heads, rows, short=True)
