"""Parts of an answer as plain words in rows and lists, for the formats to set in their own marks.

Nothing here is escaped, cut or padded: that is each format's own matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ordos_subsidy.document import (
    Explained,
    Explanation,
    FirmReport,
    Line,
    Node,
    Preference,
    Report,
    Source,
    Totals,
    YearTotals,
)
from ordos_subsidy.errors import Problem
from ordos_subsidy.render import _figures as figures
from ordos_subsidy.render import _view as view
from ordos_subsidy.words import Lang, listed, phrase, say


def basis(source: Source, lang: Lang) -> str:
    """The document everything rests on."""
    line = phrase("show.basis", lang, number=source.number, effective=source.effective)
    if not source.overlays:
        return line
    numbers = listed(source.overlays, lang)
    return line + phrase("show.and", lang) + phrase("show.overlays", lang, numbers=numbers)


def name(firm: FirmReport) -> str:
    """A firm by name and code."""
    return " · ".join(filter(None, (firm.name, firm.credit_code)))


def summary(totals: Totals, lang: Lang) -> list[tuple[str, str, str]]:
    """The figures of a firm, and of its people where there are any: what each is called, how much, how to read it."""
    items = phrase("show.items", lang, count=totals.open_ended)
    figure = {
        "assured": figures.money(totals.assured, lang),
        "ceiling": figures.money(totals.ceiling, lang),
        "open_ended": items if totals.open_ended else "0",
        "pending": figures.money(totals.pending, lang),
    }
    says = {key: phrase(f"show.{key}_says", lang) for key in figure}
    if totals.pending_open:
        more = phrase("show.open_too", lang, count=totals.pending_open)
        says["pending"] += phrase("show.then", lang) + more
    if any(totals.people):
        figure["people"] = figures.interval(totals.people.low, totals.people.high, lang)
        says["people"] = phrase("show.people_says", lang)
        if totals.people.pending:
            more = phrase("show.people_pending", lang, sum=figures.money(totals.people.pending, lang))
            says["people"] += phrase("show.then", lang) + more
    return [(phrase(f"show.{key}", lang), value, says[key]) for key, value in figure.items()]


def interval_head(report: Report) -> str:
    """The heading of the intervals: of whole awards, or of the one year that was asked for."""
    if report.year is None:
        return phrase("show.interval", report.lang)
    return phrase("show.interval_year", report.lang, year=report.year)


def award_heads(names: Iterable[str], report: Report) -> list[str]:
    """Headings of a table of awards."""
    return [interval_head(report) if name == "interval" else phrase(f"show.{name}", report.lang) for name in names]


def totals_heads(lang: Lang) -> list[str]:
    """The headings of the totals."""
    return [phrase(f"show.{key}", lang) for key in ("year", "assured", "ceiling", "open_besides", "pending")]


def totals_rows(firm: FirmReport, lang: Lang) -> Iterator[list[str]]:
    """The totals of each year; at the end those of all years."""
    open_ = view.open_by_year(firm)
    for each in firm.totals.by_year:
        if each.year is not None or each.assured or each.ceiling or each.pending or open_[None]:
            yield [figures.year(each.year, lang), *_sums(each, open_[each.year], lang)]
    yield [phrase("show.total", lang), *_sums(firm.totals, firm.totals.open_ended, lang)]


def _sums(each: Totals | YearTotals, open_ended: int, lang: Lang) -> list[str]:
    assured, ceiling, pending = (figures.money(fen, lang) for fen in (each.assured, each.ceiling, each.pending))
    items = phrase("show.items", lang, count=open_ended) if open_ended else "0"
    return [assured, ceiling, items, pending]


def totals_notes(totals: Totals, lang: Lang) -> list[str]:
    """What the totals leave out."""
    notes = []
    if totals.open_ended:
        notes.append(phrase("show.totals_open", lang, count=totals.open_ended))
    if totals.pending_open:
        notes.append(phrase("show.totals_pending_open", lang, count=totals.pending_open))
    return notes


def missing_heads(lang: Lang) -> list[str]:
    """The headings of what is missing."""
    return [phrase(f"show.{key}", lang) for key in ("fact", "at_stake", "place", "decides_head")]


def missing_rows(firm: FirmReport, lang: Lang) -> list[list[str]]:
    """Each missing fact: what it is called, what is at stake, where to fill it in, what it decides."""
    return [
        [
            each.title,
            figures.pending(each.pending, each.pending_open, lang) or phrase("show.no_sum", lang),
            " · ".join(filter(None, (each.about, each.place))),
            listed((figures.heading(*item) for item in dict.fromkeys(each.decides)), lang),
        ]
        for each in firm.missing
    ]


def problem_heads(lang: Lang) -> list[str]:
    """The headings of problems."""
    return [phrase(f"show.{key}", lang) for key in ("severity", "where", "problem", "remedy")]


def problem(each: Problem, lang: Lang) -> list[str]:
    """A problem: how bad, where, what, and what to do."""
    said = say(each, lang)
    return [phrase(f"show.{each.severity}", lang), each.where, said.what, said.remedy]


def group(name: str, row: Preference, lang: Lang) -> str:
    """The heading of a group of preferences."""
    return f"{figures.SIGNS[row.verdict]} {phrase(f'show.{name}', lang)}"


def amount(row: Line | Preference, lang: Lang) -> str:
    """The amount of an explained measure, in words and as an interval."""
    if isinstance(row, Preference):
        return phrase("show.preference", lang)
    return " · ".join(filter(None, (row.words, figures.interval(row.low, row.high, lang))))


def node(each: Node, lang: Lang) -> str:
    """A condition with its truth, the figure behind it and how far it is from holding."""
    figure = phrase("show.aside", lang, text=each.figure) if each.figure else ""
    return " · ".join(filter(None, (f"{figures.SIGNS[each.truth]} {each.says}{figure}", each.distance)))


def around(each: Explained, firm: FirmReport, explanation: Explanation) -> list[str]:
    """What stands around a condition: what is missing, notes, the clause, its source and whom to ask."""
    lang, row = explanation.lang, each.line
    missing = view.missing(row, firm, lang)
    document = view.document(row, explanation.source.number)
    departments = listed(row.departments, lang)
    return [
        *([phrase("show.waits", lang, facts=missing)] if missing else []),
        *(phrase("show.note", lang) + note for note in row.notes),
        *([phrase("show.gist", lang) + each.gist] if each.gist else []),
        *([phrase("show.source", lang) + each.source] if each.source else []),
        *([phrase("show.rests_on", lang, document=document)] if document else []),
        phrase("show.ask", lang, departments=departments),
    ]
