"""What to bring, whom to ring, by when: for each clause of a report, as far as the policy file knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from ordos_subsidy.messages import Lang, Text, listed, phrase
from ordos_subsidy.pages.blocks import Block, Cell, ColumnHead, PageHeading, Paragraph, Table
from ordos_subsidy.policy.model import Clause, Department, Filing


def blocks(clauses: Iterable[Clause], on: dt.date, lang: Lang) -> Iterator[Block]:
    """Return the table of some clauses, as of a day; nothing without clauses."""
    rows = tuple(_row(clause, on, lang) for clause in clauses)
    if rows:
        yield PageHeading(phrase("show.applying", lang), 2, phrase("show.applying_says", lang))
        heads = tuple(ColumnHead(phrase(f"show.{key}", lang)) for key in ("clause", "bring", "ring", "by_when"))
        yield Table(heads, rows, flexible=2)


def _row(clause: Clause, on: dt.date, lang: Lang) -> tuple[Cell, ...]:
    unknown = Cell(phrase("show.not_known", lang), "faint")
    filing = clause.filing
    return (
        Cell(clause.reference),
        Cell("", "", tuple(_papers(filing, on, lang))) if filing and filing.papers else unknown,
        Cell(
            listed((each.short.in_(lang) for each in clause.departments), lang),
            "",
            tuple(line for each in clause.departments for line in _contacts(each, on, lang)),
        ),
        _said(filing.window.in_(lang), filing, on, lang) if filing and filing.window else unknown,
    )


def _papers(filing: Filing, on: dt.date, lang: Lang) -> Iterator[Paragraph]:
    for each in filing.papers:
        by = phrase(f"show.papers_{each.by}", lang)
        yield Paragraph(phrase("show.paper", lang, title=each.title.in_(lang), by=by))
    yield Paragraph(_source(filing.source, filing.as_of, on, lang), "faint")


def _said(text: str, filing: Filing, on: dt.date, lang: Lang) -> Cell:
    return Cell(text, "", (Paragraph(_source(filing.source, filing.as_of, on, lang), "faint"),))


def _contacts(department: Department, on: dt.date, lang: Lang) -> Iterator[Paragraph]:
    for each in department.contacts:
        office = " ".join([department.short.in_(lang), each.office.in_(lang)])
        yield Paragraph(f"{office} {each.telephone}")
    if department.contacts:
        oldest = min(department.contacts, key=lambda each: each.as_of)
        yield Paragraph(_source(oldest.source, oldest.as_of, on, lang), "faint")


def _source(source: Text, year: int, on: dt.date, lang: Lang) -> str:
    """Where something is said; that it is more than twelve months old, where the year was over by then."""
    old = on > dt.date(year + 1, 12, 31)
    return phrase("show.known_long_ago" if old else "show.known_as_of", lang, source=source.in_(lang))
