"""The plan on a terminal: all clauses as a list, one clause as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from ordos_subsidy.document import ClauseLine, MeasureLine, Plan
from ordos_subsidy.render import _figures as figures
from ordos_subsidy.render._screen import (
    BLANK,
    FAINT,
    GAP,
    INDENT,
    STRONG,
    Block,
    Cell,
    below,
    heading,
    row,
    text,
    widest,
)
from ordos_subsidy.words import Lang, listed, phrase

#: Under this width the treatment and the amount stand under the title.
COLUMNS_FROM = 68


def overview(plan: Plan, width: int) -> Iterator[Block]:
    """One entry a clause, with its measures, under the parts of the plan."""
    part = ""
    clause = widest([each.reference for each in plan.clauses], 10)
    for each in plan.clauses:
        if each.part != part:
            part = each.part
            yield heading(part, "", width)
        yield row([Cell(each.reference), Cell(each.heading, STRONG)], [clause, width - clause - GAP])
        yield from _measures(each, clause + GAP, width, plan.lang)


def _measures(clause: ClauseLine, indent: int, width: int, lang: Lang) -> Iterator[Block]:
    if not clause.measures:
        yield below(phrase("show.no_measure", lang), width, indent, FAINT)
        return
    if width < COLUMNS_FROM:
        for each in clause.measures:
            line = " · ".join(filter(None, (each.category_title, each.title, each.amount)))
            yield below(line, width, indent)
        return
    category = 10 if lang == "en" else 8
    amount = (width - indent) // 3
    widths = [indent - GAP, category, width - indent - category - amount - 2 * GAP, amount]
    for each in clause.measures:
        yield row([Cell(""), Cell(each.category_title, _style(each)), Cell(each.title), Cell(each.amount)], widths)


def _style(measure: MeasureLine) -> str:
    return {"award": "green", "credit": "green", "preference": "cyan"}.get(measure.category, FAINT)


def whole(clause: ClauseLine, lang: Lang, width: int, number: str) -> Iterator[Block]:
    """One clause with everything known of it."""
    yield BLANK
    yield text(figures.heading(clause.reference, clause.heading), width, STRONG)
    yield text(clause.part, width, FAINT)
    yield heading(phrase("show.gist_head", lang), "", width)
    yield text(clause.gist, width)
    yield heading(phrase("show.departments", lang), "", width)
    yield text(listed(clause.departments, lang), width)
    yield heading(phrase("show.treatment", lang), "", width)
    if not clause.measures:
        yield text(phrase("show.no_measure", lang), width, FAINT)
    for each in clause.measures:
        yield from _measure(each, lang, width, number)


def _measure(each: MeasureLine, lang: Lang, width: int, number: str) -> Iterator[Block]:
    category = widest([each.category_title], 12)
    yield row(
        [Cell(each.category_title, _style(each)), Cell(each.title, STRONG)],
        [category, width - category - GAP],
    )
    parts = [
        ("amount", each.amount),
        ("condition", each.condition),
        ("events", listed(each.events, lang)),
        ("measure_id", each.id),
        ("document", each.document if each.document != number else ""),
    ]
    shown = [(phrase(f"show.{name}", lang), value) for name, value in parts if value]
    label = widest([name for name, _ in shown], 16)
    for name, value in shown:
        yield row([Cell(""), Cell(name, FAINT), Cell(value)], [0, label, width - label - 2 * GAP])
    for note in each.notes:
        yield below(phrase("show.note", lang) + note, width, INDENT, FAINT)
