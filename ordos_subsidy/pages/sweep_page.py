"""The answer to `plan --sweep`: the lines of a figure, with what each changes and what the sums come to from there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ordos_subsidy.messages import Lang, phrase
from ordos_subsidy.pages import terms
from ordos_subsidy.pages.blocks import (
    Block,
    Cell,
    ChartStep,
    ColumnHead,
    Page,
    PageHeading,
    Paragraph,
    Table,
)
from ordos_subsidy.report.planning import LineChange, StretchLine, Sweep

#: The cells of the longest bar.
_BAR = 12


def page(found: Sweep) -> Page:
    """The page of a sweep."""
    return Page(found.source.name, found.lang, tuple(_blocks(found)))


def _blocks(found: Sweep) -> Iterator[Block]:
    lang = found.lang
    yield PageHeading(found.source.name, 1, terms.basis(found.source, lang))
    for firm, stretches in found.firms:
        yield PageHeading(firm.name, 2)
        yield PageHeading(phrase("plan.lines", lang), 3, phrase("plan.lines_says", lang, fact=found.title))
        yield _table(stretches, found)
    if found.caution:
        yield Paragraph(found.caution, "faint")


def _table(stretches: Sequence[StretchLine], found: Sweep) -> Table:
    lang = found.lang
    heads = (
        ColumnHead(phrase("plan.from", lang, fact=found.title), number=True),
        ColumnHead(phrase("plan.changes", lang)),
        ColumnHead(" – ".join(_names(lang)), number=True),
        ColumnHead("", spare=1),
    )
    most = max((max(*each.ceiling, *each.assured) for each in stretches), default=0) or 1
    rows = []
    for n, each in enumerate(stretches):
        changes = [Paragraph(_change(change, lang), change.verdict) for change in each.changes]
        first = Paragraph(phrase("plan.start", lang), "faint") if not n else Paragraph("")
        told, *under = changes or [first]
        cells = (Cell(each.start, "strong"), Cell(told.text, told.look, tuple(under)), Cell(_sums(each, lang)))
        bar = "█" * (each.assured[1] * _BAR // most)
        bar += "░" * (max(each.ceiling[1], each.assured[1]) * _BAR // most - len(bar))
        rows.append((*cells, Cell(bar, "label")))
    return Table(heads, tuple(rows))


def _change(change: LineChange, lang: Lang) -> str:
    named = f"{terms.SIGNS[change.verdict]} {terms.heading(change.reference, change.title)}"
    if change.high == 0:
        return named
    return phrase("show.labelled", lang, label=named, text=terms.interval(change.low, change.high, lang))


def _sums(each: StretchLine, lang: Lang) -> str:
    """Assured and ceiling within a stretch, from its first to its last value where they grow, and what is open."""
    texts = [terms.interval(each.assured[n], max(each.ceiling[n], each.assured[n]), lang) for n in (0, 1)]
    more = [phrase("show.open_too", lang, count=each.open_ended)] if each.open_ended else []
    if each.pending[1]:
        sum_ = terms.about(each.pending[1], lang, up=True)
        more.append(phrase("plan.pending", lang, sum=sum_))
    return " · ".join([" … ".join(dict.fromkeys(texts)), *more])


def _names(lang: Lang) -> tuple[str, str]:
    return phrase("show.assured", lang), phrase("show.ceiling", lang)


def steps(found: Sweep) -> tuple[str, tuple[str, str], list[ChartStep]]:
    """The lines of the first firm for a picture: title, names of both ends, and the steps."""
    firm, stretches = found.firms[0]
    title = phrase(
        "show.labelled", found.lang, label=firm.name, text=phrase("plan.swept", found.lang, fact=found.title)
    )
    parts = [
        ChartStep(each.values, each.assured, each.ceiling, each.start, each.end, _sums(each, found.lang))
        for each in stretches
    ]
    return title, _names(found.lang), parts
