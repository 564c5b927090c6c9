"""Why a measure came out as it did, on a terminal: the tree of its condition, each part with its truth."""

from __future__ import annotations

from collections.abc import Iterator

from ordos_subsidy.document import Explained, Explanation, FirmReport, Line, Node
from ordos_subsidy.render import _figures as figures
from ordos_subsidy.render import _parts as parts
from ordos_subsidy.render._screen import BLANK, FAINT, HEADING, INDENT, STRONG, STYLES, Block, below, rule, text
from ordos_subsidy.words import Lang, phrase


def firm(one: FirmReport, explained: tuple[Explained, ...], explanation: Explanation, width: int) -> Iterator[Block]:
    """A firm with each of its measures explained."""
    lang = explanation.lang
    yield BLANK
    yield text(parts.name(one), width, STRONG)
    yield rule(width)
    if not explained:
        yield text(phrase("show.explain_none", lang), width)
    for each in explained:
        yield from _measure(each, one, explanation, width)


def _measure(each: Explained, one: FirmReport, explanation: Explanation, width: int) -> Iterator[Block]:
    lang, row = explanation.lang, each.line
    yield BLANK
    yield text(figures.heading(row.reference, row.title), width, STRONG)
    yield below(f"{figures.verdict(row.verdict, lang)} · {parts.amount(row, lang)}", width, INDENT, STYLES[row.verdict])
    if isinstance(row, Line):
        yield below(figures.event(row.event, lang, known=row.title), width, INDENT, FAINT)
    yield from _part("why", width, lang)
    yield from _node(each.tree, 2 * INDENT, width, lang)
    if each.amount:
        yield from _part("amount_steps", width, lang)
        for number, step in enumerate(each.amount, 1):
            yield below(f"{number}. {step}", width, 2 * INDENT)
    for line in parts.around(each, one, explanation):
        yield below(line, width, INDENT, FAINT)


def _part(name: str, width: int, lang: Lang) -> Iterator[Block]:
    yield below(phrase(f"show.{name}", lang), width, INDENT, HEADING)


def _node(node: Node, indent: int, width: int, lang: Lang) -> Iterator[Block]:
    """A condition and, set in under it, its parts."""
    yield below(parts.node(node, lang), width, min(indent, width // 2), STYLES[node.truth])
    for child in node.children:
        yield from _node(child, indent + INDENT, width, lang)
