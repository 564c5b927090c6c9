"""The answer to `explain`: each measure with the tree of its condition, its sums step by step, and its paper."""

from __future__ import annotations

from collections.abc import Iterator

from ordos_subsidy.document import Explained, Explanation, FirmReport, Line, Node, Reached, Report
from ordos_subsidy.messages import Lang, listed, phrase
from ordos_subsidy.pages import blocks, terms
from ordos_subsidy.pages.blocks import Block, Branch, Fields, Items, Labelled, Page, PageHeading, Paragraph
from ordos_subsidy.pages.firm_page import footnotes, missing, problem_section


def page(explanation: Explanation, *, problems: bool = True) -> Page:
    """The page of an explanation; without `problems` where they are shown beside it."""
    return Page(explanation.source.name, explanation.lang, tuple(_blocks(explanation, problems=problems)))


def _blocks(explanation: Explanation, *, problems: bool) -> Iterator[Block]:
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
        yield Items(tuple(map(Paragraph, each.amount)), tuple(f"{n}." for n in range(1, len(each.amount) + 1)))
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


def branch(node: Node, lang: Lang) -> Branch:
    """A condition with its truth, the figure behind it and how far it is from holding; under it, its parts."""
    figure = phrase("show.aside", lang, text=node.figure) if node.figure else ""
    text = " · ".join(filter(None, (f"{terms.SIGNS[node.truth]} {node.says}{figure}", node.distance)))
    return Branch(text, node.truth, tuple(branch(each, lang) for each in node.children))
