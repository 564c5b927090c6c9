"""What is shown of many firms at once: a line each, what is missing over all of them, who is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ordos_subsidy.document import Report
from ordos_subsidy.errors import Omitted
from ordos_subsidy.messages import Lang, phrase, say
from ordos_subsidy.pages import blocks, terms
from ordos_subsidy.pages.blocks import Block, Card, Cards, Cell, Labelled, Look, Paragraph, Table

#: So many firms that are left out are named; all of them stand in a workbook.
_NAMED = 20


def cards(sums: Mapping[str, int], lang: Lang, *, short: bool = False, says: Mapping[str, str] | None = None) -> Cards:
    """Four sums (fen; `open_ended` a count); `short`: in few words; `says`: what is otherwise said of one."""
    figures: tuple[tuple[str, str, Look], ...] = (
        ("assured", terms.about(sums["assured"], lang), "yes"),
        ("ceiling", terms.about(sums["ceiling"], lang, up=True), "label"),
        ("open_ended", phrase("show.items", lang, count=f"{sums['open_ended']:,}"), ""),
        ("pending", terms.about(sums["pending"], lang, up=True), "unknown"),
    )
    told = {key: phrase(f"show.{key}_{'in_short' if short else 'says'}", lang) for key, *_ in figures} | dict(
        says or {}
    )
    return Cards(tuple(Card(phrase(f"show.{key}", lang), text, told[key], look) for key, text, look in figures))


def overview(report: Report) -> Table:
    """The firms of a report, a line each, with what they come to together."""
    lang = report.lang
    keys = ("firm", "assured", "ceiling", "open_ended", "pending", "eligible_count", "pending_count")
    heads = blocks.heads(lang, *keys, spare={"open_ended": 2, "eligible_count": 3, "pending_count": 4})
    rows = []
    for firm in report.firms:
        totals, verdicts = firm.totals, Counter(each.verdict for each in firm.awards)
        sums = [totals.assured, totals.ceiling, totals.open_ended, totals.pending]
        rows.append((firm.name, [*sums, verdicts["yes"], verdicts["unknown"]]))
    whole = [sum(column) for column in zip(*(figures for _, figures in rows), strict=True)]
    total = overview_row(phrase("show.total_in", lang), whole, lang, "strong")
    lines = tuple(overview_row(name, each, lang) for name, each in rows)
    return Table(heads, lines, total, flexible=0, short=True, sortable=True)


def overview_row(name: str, figures: Sequence[int], lang: Lang, look: Look = "") -> tuple[Cell, ...]:
    """A firm's line of an overview: assured, ceiling and pending in fen, and counts of awards."""
    assured, ceiling, endless, pending, *counts = figures
    sums = [terms.least(assured, lang), terms.most(ceiling, 0, lang), str(endless), terms.most(pending, 0, lang)]
    return blocks.cells((name, *sums, *map(str, counts)), look)


def asked(facts: Iterable[tuple[str, int, int, int]], lang: Lang) -> Iterator[Block]:
    """Facts that firms have not given: title, how many firms, and what their answers move, in fen and without end."""
    texts = []
    for fact, firms, most, open_ in facts:
        moved = terms.pending(most, open_, lang)
        texts.append(phrase("show.missing_of_firms", lang, fact=fact, count=f"{firms:,}", moved=moved))
    yield from blocks.fields(blocks.labelled(phrase("show.missing_short", lang), texts, "unknown"))


def omitted(firms: Sequence[Omitted], lang: Lang) -> Iterator[Block]:
    """The firms that are left out, by name, with the reason."""
    if firms:
        yield Paragraph(phrase("show.left_out", lang, count=len(firms)), "alert")
        yield from blocks.fields(left_out(firms[:_NAMED], lang))


def left_out(firms: Sequence[Omitted], lang: Lang) -> Iterator[Labelled]:
    """Firms that are left out, each with the reason."""
    for each in firms:
        why = say(each.why, lang).what if each.why else ""
        yield Labelled(each.name or each.place, phrase("show.not_scored", lang, why=why), "no")
