"""The answer to `clauses`: all clauses as a table, or one clause as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from ordos_subsidy.document import ClauseLine, MeasureLine, Plan
from ordos_subsidy.messages import Lang, listed, phrase
from ordos_subsidy.pages import blocks, terms
from ordos_subsidy.pages.blocks import Block, Cell, Fields, Labelled, Look, Page, PageHeading, Paragraph, Table
from ordos_subsidy.pages.firm_page import footnotes

_LOOKS: dict[str, Look] = {"award": "yes", "credit": "yes", "preference": "label"}


def page(plan: Plan, *, whole: bool = False) -> Page:
    """The page of a plan: one clause, or with `whole` each clause, with everything known of it."""
    return Page(plan.source.name, plan.lang, tuple(_blocks(plan, whole=whole or len(plan.clauses) == 1)))


def _blocks(plan: Plan, *, whole: bool) -> Iterator[Block]:
    lang = plan.lang
    yield PageHeading(plan.source.name, 1, terms.basis(plan.source, lang))
    part = ""
    for each in plan.clauses:
        if each.part != part:
            part = each.part
            yield PageHeading(part, 2)
            if not whole:
                yield _overview([clause for clause in plan.clauses if clause.part == part], lang)
        if whole:
            yield from _clause(each, plan)
    yield from footnotes(plan.footnotes, lang)


def _overview(clauses: list[ClauseLine], lang: Lang) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for clause in clauses:
        rows.append((Cell(clause.reference), Cell(clause.heading, "strong"), Cell(""), Cell("")))
        if not clause.measures:
            rows.append((Cell(""), Cell(phrase("show.no_measure", lang), "faint"), Cell(""), Cell("")))
        for each in clause.measures:
            cells = (Cell(each.title), Cell(each.category_title, _look(each)), Cell(each.amount))
            rows.append((Cell(""), *cells))
    return Table(blocks.heads(lang, "clause", "clause_heading", "treatment", "amount"), tuple(rows))


def _look(measure: MeasureLine) -> Look:
    return _LOOKS.get(measure.category, "faint")


def _clause(clause: ClauseLine, plan: Plan) -> Iterator[Block]:
    lang = plan.lang
    yield PageHeading(terms.heading(clause.reference, clause.heading), 3)
    departments = Labelled(phrase("show.departments", lang), listed(clause.departments, lang))
    yield Fields((Labelled(phrase("show.gist_head", lang), clause.gist), departments))
    if not clause.measures:
        yield Paragraph(phrase("show.no_measure", lang), "faint")
    for each in clause.measures:
        yield _measure(each, plan)


def _measure(each: MeasureLine, plan: Plan) -> Fields:
    lang = plan.lang
    parts: list[tuple[str, str, Look]] = [
        ("treatment", each.category_title, _look(each)),
        ("amount", each.amount, ""),
        ("condition", each.condition, ""),
        ("events", listed(each.events, lang), ""),
        ("measure_id", each.id, "faint"),
        ("document", each.document if each.document != plan.source.number else "", "faint"),
    ]
    fields = [Labelled(phrase(f"show.{key}", lang), text, look) for key, text, look in parts if text]
    notes = blocks.labelled(phrase("show.note_head", lang), each.notes, "faint")
    return Fields((*fields, *notes), each.title, "strong")
