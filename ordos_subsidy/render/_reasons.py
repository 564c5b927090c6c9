"""Why a measure came out as it did, on a terminal: the tree of its condition, each part with its truth."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from ordos_subsidy.document import Explained, Explanation, FirmReport, Line, Node
from ordos_subsidy.render import _figures as figures
from ordos_subsidy.render import _view as view
from ordos_subsidy.render._screen import FAINT, HEADING, INDENT, STRONG, STYLES, below, rule, text
from ordos_subsidy.words import Lang, phrase


def firm(
    one: FirmReport, explained: tuple[Explained, ...], explanation: Explanation, width: int
) -> Iterator[RenderableType]:
    """A firm with each of its measures explained."""
    lang = explanation.lang
    yield Text("")
    yield text(" · ".join(filter(None, (one.name, one.credit_code))), width, STRONG)
    yield rule(width)
    if not explained:
        yield text(phrase("show.explain_none", lang), width)
    for each in explained:
        yield from _measure(each, one, explanation, width)


def _measure(each: Explained, one: FirmReport, explanation: Explanation, width: int) -> Iterator[RenderableType]:
    lang, row = explanation.lang, each.line
    yield Text("")
    yield text(figures.heading(row.reference, row.title), width, STRONG)
    yield below(f"{figures.verdict(row.verdict, lang)} · {_sum(each, lang)}", width, INDENT, STYLES[row.verdict])
    if isinstance(row, Line):
        yield below(figures.event(row.event, lang, known=row.title), width, INDENT, FAINT)
    yield from _part("why", width, lang)
    yield from _node(each.tree, 2 * INDENT, width, lang)
    if each.amount:
        yield from _part("amount_steps", width, lang)
        for number, step in enumerate(each.amount, 1):
            yield below(f"{number}. {step}", width, 2 * INDENT)
    yield from _rest(each, one, explanation, width)


def _sum(each: Explained, lang: Lang) -> str:
    if not isinstance(each.line, Line):
        return phrase("show.preference", lang)
    interval = figures.interval(each.line.low, each.line.high, lang)
    return " · ".join(filter(None, (each.line.words, interval)))


def _part(name: str, width: int, lang: Lang) -> Iterator[RenderableType]:
    yield below(phrase(f"show.{name}", lang), width, INDENT, HEADING)


def _node(node: Node, indent: int, width: int, lang: Lang) -> Iterator[RenderableType]:
    """A condition and, set in under it, its parts."""
    figure = phrase("show.aside", lang, text=node.figure) if node.figure else ""
    says = " · ".join(filter(None, (f"{figures.SIGNS[node.truth]} {node.says}{figure}", node.distance)))
    yield below(says, width, min(indent, width // 2), STYLES[node.truth])
    for child in node.children:
        yield from _node(child, indent + INDENT, width, lang)


def _rest(each: Explained, one: FirmReport, explanation: Explanation, width: int) -> Iterator[RenderableType]:
    """What stands around the condition: what is missing, notes, the clause, its source and whom to ask."""
    lang, row = explanation.lang, each.line
    if row.missing:
        waits = phrase("show.waits", lang, facts=view.missing(row, one, lang))
        yield below(waits, width, INDENT, STYLES["unknown"])
    for note in row.notes:
        yield below(f"{phrase('show.note', lang)}{note}", width, INDENT, FAINT)
    if each.gist:
        yield below(f"{phrase('show.gist', lang)}{each.gist}", width, INDENT)
    if each.source:
        yield below(f"{phrase('show.source', lang)}{each.source}", width, INDENT, FAINT)
    if document := view.document(row, explanation.source.number):
        yield below(phrase("show.rests_on", lang, document=document), width, INDENT, FAINT)
    departments = figures.listed(row.departments, lang)
    yield below(phrase("show.ask", lang, departments=departments), width, INDENT, FAINT)
