"""The page that a batch ends with: who was scored, what it comes to, and the largest clauses with bars."""

from __future__ import annotations

from collections.abc import Iterator

from ordos_subsidy.batch.writing import Result
from ordos_subsidy.pages import terms
from ordos_subsidy.pages.blocks import Block, Card, Cards, Cell, Head, Look, Page, Paragraph, Table
from ordos_subsidy.words import phrase

_LARGEST = 10
_BAR = 20


def summary(result: Result, read: int, scored: int, events: int) -> Page:
    """The page of a batch; the same result gives the same page."""
    return Page("", result.lang, tuple(_blocks(result, read, scored, events)))


def _blocks(result: Result, read: int, scored: int, events: int) -> Iterator[Block]:
    lang = result.lang
    counts = phrase("batch.read", lang, read=f"{read:,}", scored=f"{scored:,}", left=f"{result.left_out:,}")
    yield Paragraph(counts + phrase("show.and", lang) + phrase("batch.events_read", lang, events=f"{events:,}"))
    if result.year is not None:
        yield Paragraph(phrase("batch.only_year", lang, year=result.year))
    total = {key: values[0] or 0 for key, values in result.whole.by_clause.sum().to_dict(as_series=False).items()}
    figures: list[tuple[str, str, Look]] = [
        ("assured", terms.about(total["assured"], lang), "yes"),
        ("ceiling", terms.about(total["ceiling"], lang, up=True), "label"),
        ("open_ended", phrase("batch.count", lang, count=f"{total['open_ended']:,}"), ""),
        ("pending", terms.about(total["pending"], lang, up=True), "unknown"),
    ]
    says = {key: phrase(f"show.{key}_in_short", lang) for key, *_ in figures}
    yield Cards(tuple(Card(phrase(f"show.{key}", lang), text, says[key], look) for key, text, look in figures))
    yield from _largest(result)


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
        Head(phrase("show.clause", lang)),
        Head(phrase("batch.largest", lang)),
        Head(phrase("batch.larger_sum", lang), number=True),
        Head("", keep=1),
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
