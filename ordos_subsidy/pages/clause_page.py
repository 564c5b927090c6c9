"""The answers to `clauses` and `explain`: the policy as it stands, and each measure with how it came out.

`clauses` shows all clauses as a table, or one as a whole; `explained` each measure with the tree of its condition, its
sums step by step, and its paper.
"""

from __future__ import annotations

from collections.abc import Iterator

from ordos_subsidy.document import (
    ClauseLine,
    Explained,
    Explanation,
    FirmReport,
    Line,
    MeasureLine,
    Node,
    Plan,
    Reached,
    Report,
)
from ordos_subsidy.messages import Lang, listed, phrase
from ordos_subsidy.pages import blocks, terms
from ordos_subsidy.pages.blocks import Block, Cell, Fields, Labelled, Look, Page, PageHeading, Paragraph, Table
from ordos_subsidy.pages.firm_page import footnotes, missing, problem_section

_LOOKS: dict[str, Look] = {"award": "yes", "credit": "yes", "preference": "label"}


def clauses(plan: Plan, *, whole: bool = False) -> Page:
    """The page of a plan: one clause, or with `whole` each clause, with everything known of it."""
    return Page(plan.source.name, plan.lang, tuple(_clauses(plan, whole=whole or len(plan.clauses) == 1)))


def _clauses(plan: Plan, *, whole: bool) -> Iterator[Block]:
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


# --- how measures came out


def explained(explanation: Explanation, *, problems: bool = True) -> Page:
    """The page of an explanation; without `problems` where they are shown beside it."""
    return Page(explanation.source.name, explanation.lang, tuple(_explained(explanation, problems=problems)))


def _explained(explanation: Explanation, *, problems: bool) -> Iterator[Block]:
    lang, source = explanation.lang, explanation.source
    yield PageHeading(source.name, 1, terms.basis(source, lang))
    yield Paragraph(phrase("show.legend", lang), "faint")
    if not explanation.firms:
        yield Paragraph(phrase("show.no_firms", lang))
    for firm, explained in explanation.firms:
        yield PageHeading(firm.name, 2, firm.credit_code or "")
        if not explained:
            kinds = listed(explanation.kinds, lang)
            key = "explain_no_event" if kinds else "explain_none"
            yield Paragraph(phrase(f"show.{key}", lang, kinds=kinds))
        clause = ""
        for each in explained:
            if each.line.reference != clause:
                clause = each.line.reference
                yield PageHeading(terms.heading(clause, each.heading), 3)
                yield paper(each, lang)
            row = each.line
            aside = terms.event(row.event, lang, known=row.title) if isinstance(row, Line) else ""
            yield PageHeading(row.title, 4, aside)
            yield from working(each, firm, explanation)
    if problems:
        yield from problem_section(explanation.problems, lang)
    yield from footnotes(explanation.footnotes, lang)


def paper(each: Explained, lang: Lang) -> Fields:
    """What the clause of a measure says, where it stands, and whom to ask."""
    asked = listed(each.line.departments, lang)
    said = (("gist_head", each.gist), ("source_head", each.source), ("ask_head", asked))
    return Fields(tuple(Labelled(phrase(f"show.{key}", lang), text, "faint") for key, text in said if text))


def working(each: Explained, firm: FirmReport, answer: Explanation | Report) -> Iterator[Block]:
    """How a measure came out: its verdict and amount, its condition, its steps, what it waits for, its notes."""
    lang, row = answer.lang, each.line
    sums = (row.words, terms.yuan(row.low, row.high, lang)) if isinstance(row, Line) else ()
    said = (terms.verdict(row.verdict, lang), *(sums or (phrase("show.preference", lang),)))
    yield Paragraph(" · ".join(filter(None, said)), row.verdict)
    yield branch(each.tree, lang)
    if each.amount:
        yield Paragraph(phrase("show.amount_steps", lang), "label")
        yield blocks.Items(tuple(map(Paragraph, each.amount)), tuple(f"{n}." for n in range(1, len(each.amount) + 1)))
    if each.reached:
        ends = tuple(_end(reached, lang) for reached in each.reached)
        yield Fields(ends, phrase("show.reached", lang), "label")
    waits, document = missing(row, firm, lang), terms.document(row, answer.source.number)
    yield from blocks.fields(
        (
            *([Labelled(phrase("show.waits_head", lang), waits, "unknown")] if waits else []),
            *([Labelled(phrase("show.document", lang), document, "faint")] if document else []),
            *blocks.labelled(phrase("show.note_head", lang), row.notes, "faint"),
        )
    )


def _end(reached: Reached, lang: Lang) -> Labelled:
    """An end of an interval, and the answers that reach it."""
    label = phrase(f"show.end_{reached.end}", lang)
    if not reached.answers:
        return Labelled(label, phrase("show.end_open", lang), "faint")
    sums = terms.yuan(reached.low, reached.high, lang)
    come = " · ".join([terms.verdict(reached.verdict, lang), sums])
    return Labelled(label, phrase("show.end_by", lang, answers=reached.answers, outcome=come), reached.verdict)


def branch(node: Node, lang: Lang) -> blocks.Branch:
    """A condition with its truth, the figure behind it and how far it is from holding; under it, its parts."""
    figure = phrase("show.aside", lang, text=node.figure) if node.figure else ""
    text = " · ".join(filter(None, (f"{terms.SIGNS[node.truth]} {node.says}{figure}", node.distance)))
    return blocks.Branch(text, node.truth, tuple(branch(each, lang) for each in node.children))
