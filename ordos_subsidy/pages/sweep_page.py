"""The answer to `plan --sweep`: the lines of a figure, with what each changes and what the sums come to from there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ordos_subsidy.document import Verdict
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
from ordos_subsidy.report.planning import Sweep
from ordos_subsidy.sweeps import Stretch

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
        yield PageHeading(
            phrase("plan.lines", lang), 3, phrase("plan.lines_says", lang, fact=found.fact.title.in_(lang))
        )
        yield _table(stretches, found)
    if found.caution:
        yield Paragraph(found.caution, "faint")


def _table(stretches: Sequence[Stretch], found: Sweep) -> Table:
    lang = found.lang
    heads = (
        ColumnHead(phrase("plan.from", lang, fact=found.fact.title.in_(lang)), number=True),
        ColumnHead(phrase("plan.changes", lang)),
        ColumnHead(" – ".join(_names(lang)), number=True),
        ColumnHead("", spare=1),
    )
    most = max(max(each.last.assured, each.last.ceiling) for each in stretches) or 1
    rows = []
    for n, each in enumerate(stretches):
        start = Cell(phrase("plan.start", lang), "faint")
        changes = [_change(key[0], row, found) for key, row in each.changed.items()]
        told = Cell(changes[0].text, changes[0].look, tuple(changes[1:])) if changes else Cell("") if n else start
        bar = "█" * (each.last.assured * _BAR // most)
        bar += "░" * (max(each.last.ceiling, each.last.assured) * _BAR // most - len(bar))
        rows.append((Cell(found.says(each.first.value), "strong"), told, Cell(_sums(each, lang)), Cell(bar, "label")))
    return Table(heads, tuple(rows))


def _change(measure: str, row: tuple[Verdict, int, int | None], found: Sweep) -> Paragraph:
    """A row as it is from a line on."""
    verdict, low, high = row
    named = f"{terms.SIGNS[verdict]} {terms.heading(*found.titles[measure])}"
    sums = terms.interval(low, high, found.lang)
    return Paragraph(named if high == 0 else phrase("show.labelled", found.lang, label=named, text=sums), verdict)


def _sums(each: Stretch, lang: Lang) -> str:
    """Assured and ceiling within a stretch, from its first to its last value where they grow, and what is open."""
    ends = (each.first, each.last)
    texts = [terms.interval(end.assured, max(end.ceiling, end.assured), lang) for end in ends]
    more = [phrase("show.open_too", lang, count=each.last.open_ended)] if each.last.open_ended else []
    if each.last.pending:
        more.append(phrase("plan.pending", lang, sum=terms.about(each.last.pending, lang, up=True)))
    return " · ".join([" … ".join(dict.fromkeys(texts)), *more])


def _names(lang: Lang) -> tuple[str, str]:
    return phrase("show.assured", lang), phrase("show.ceiling", lang)


def steps(found: Sweep) -> tuple[str, tuple[str, str], list[ChartStep]]:
    """The lines of the first firm for a picture: title, names of both ends, and the steps."""
    (firm, stretches), lang = found.firms[0], found.lang
    swept = phrase("plan.swept", lang, fact=found.fact.title.in_(lang))
    parts = [
        ChartStep(
            (each.first.value, each.last.value),
            (each.first.assured, each.last.assured),
            (each.first.ceiling, each.last.ceiling),
            found.says(each.first.value),
            found.says(each.last.value),
            _sums(each, lang),
        )
        for each in stretches
    ]
    return phrase("show.labelled", lang, label=firm.name, text=swept), _names(lang), parts
