"""The report that is handed on: the answer first, then every award with all its working, then how to check it.

The first sheet says who, what applies, the sums, and the years, with charts; the workings fold away on a screen and
stay whole on paper.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from ordos_subsidy.document import Explained, Explanation, FirmReport, Line, Report
from ordos_subsidy.messages import Lang, Text, listed, phrase, say
from ordos_subsidy.pages import blocks, clause_page, firm_page, terms
from ordos_subsidy.pages.blocks import Block, Cell, Chart, Fields, Labelled, Page, PageHeading, Paragraph, Table
from ordos_subsidy.policy.model import Clause, Department
from ordos_subsidy.receipt import Difference, Proof, Receipt, as_line

#: So many awards have a bar of their own; the others share one.
_BARS = 12
#: More awards than these fill the first sheet, and the years come before them.
_FIRST = 6
#: Preferences that only departments can judge, and those that do not hold: long, and seldom read.
_FOLDED = ("preferences_open", "preferences_no")


def page(
    report: Report,
    explanation: Explanation,
    receipt: Receipt | None = None,
    on: dt.date | None = None,
    clauses: Sequence[Clause] = (),
    following: Sequence[Sequence[Block]] = (),
) -> Page:
    """The page of a report with its explanation; `receipt`: what it carries to be checked by; `on`: its day.

    `clauses`: those of the policy, for what to bring and whom to ring; `following`: of each firm, what it could do.
    """
    asked = {row.clause for firm in report.firms for row in firm_page.shown(firm.awards, report)}
    filed = applying([each for each in clauses if each.number in asked], on, report.lang) if on else ()
    firms: list[Block] = []
    for n, firm in enumerate(report.firms):
        firms += [blocks.NewSheet()] if len(report.firms) > 1 else []
        firms += _firm(firm, explanation.firms[n][1], report, following[n] if following else ())
    whole = (
        *firm_page.framed(report, firms),
        *filed,
        *firm_page.footnotes(report.footnotes, report.lang),
        *(proof(receipt, report.lang) if receipt else ()),
    )
    return Page(firm_page.title(report), report.lang, whole, as_line(receipt) if receipt else "", on)


def charts(report: Report) -> list[Chart]:
    """The charts of all firms of a report: by award and by calendar year."""
    several = len(report.firms) > 1
    found = []
    for firm in report.firms:
        for chart in (by_award(firm, report), by_year(firm, report.lang)):
            title = f"{firm.name} · {chart.title}" if several else chart.title
            found += [chart._replace(title=title)] if chart.bars else []
    return found


def _firm(
    firm: FirmReport, explained: Sequence[Explained], report: Report, following: Sequence[Block]
) -> Iterator[Block]:
    lang, notes = report.lang, firm_page.shared_notes(firm, report)
    yield PageHeading(firm.name, 2, firm.credit_code or "")
    yield firm_page.summary(firm.totals, lang)
    awards, years = list(firm_page.award_section(firm, notes, report)), list(firm_page.year_table(firm, lang))
    if (chart := by_award(firm, report)).bars:
        awards.append(chart)
    if len((chart := by_year(firm, lang)).bars) > 1:
        years.append(chart)
    many = len(firm_page.shown(firm.awards, report)) > _FIRST
    yield from (*years, *awards) if many else (*awards, *years)
    yield from firm_page.credit_section(firm, notes, report)
    yield from firm_page.missing_table(firm, lang)
    yield from following
    yield from _workings(firm, explained, report)
    yield from firm_page.preference_tables(firm, notes, report, _FOLDED)
    yield from firm_page.numbered(notes, lang)
    yield from firm_page.problem_section(firm.problems, lang, 3)


def _workings(firm: FirmReport, explained: Sequence[Explained], report: Report) -> Iterator[Block]:
    """Every award and credit that is shown, and what failed by a sum of money, each with its working."""
    lang = report.lang
    of_year = {(each.measure, each.event) for each in (*firm.awards, *firm.credits) if each.falls_in(report.year)}
    lines = [(each, each.line) for each in explained if isinstance(each.line, Line)]
    wanted = [(each, row) for each, row in lines if (row.measure, row.event) in of_year]
    if not wanted:
        return
    yield blocks.NewSheet()
    yield PageHeading(phrase("show.workings", lang), 3, phrase("show.workings_says", lang))
    for each, row in wanted:
        aside = terms.interval(row.low, row.high, lang) if row.verdict != "no" else ""
        happened = terms.event(row.event, lang, known=row.title)
        title = f"{terms.verdict(row.verdict, lang)}　{terms.heading(row.reference, row.title)} · {happened}"
        yield blocks.Fold(
            title, aside, row.verdict, (*clause_page.working(each, firm, report), clause_page.paper(each, lang))
        )


def by_award(firm: FirmReport, report: Report) -> Chart:
    """What each award that applies gives at least and at most, the largest first."""
    lang = report.lang
    rows = [row for row in firm_page.shown(firm.awards, report) if row.verdict == "yes"]
    sums = [(row, *terms.amounts(row, report)) for row in rows]
    sums.sort(key=lambda each: (each[2] is not None, -(each[2] or 0)))
    bars = [
        blocks.Bar(
            terms.heading(row.reference, row.title), low, high or low, high is None, terms.interval(low, high, lang)
        )
        for row, low, high in sums[:_BARS]
    ]
    if rest := sums[_BARS:]:
        low, high = sum(each[1] for each in rest), sum(each[2] or each[1] for each in rest)
        endless = any(each[2] is None for each in rest)
        text = terms.interval(low, None if endless else high, lang)
        bars.append(blocks.Bar(phrase("show.other_rows", lang, count=len(rest)), low, high, endless, text))
    return Chart(phrase("show.chart_awards", lang), terms.ends(lang), tuple(bars))


def by_year(firm: FirmReport, lang: Lang) -> Chart:
    """What is assured and what is the ceiling of each calendar year."""
    open_ = firm_page.open_by_year(firm)
    bars = []
    for each in firm.totals.by_year:
        label = phrase("show.no_year", lang) if each.year is None else str(each.year)
        text = terms.interval(each.assured, each.ceiling, lang)
        if open_[each.year]:
            sums = (terms.about(each.assured, lang), terms.about(each.ceiling, lang, up=True))
            told = [f"{name} {fen}" for name, fen in zip(terms.ends(lang), sums, strict=True)]
            text = " · ".join([*told, phrase("show.open_too", lang, count=open_[each.year])])
        if each.assured or each.ceiling or open_[each.year]:
            bars.append(blocks.Bar(label, each.assured, each.ceiling, bool(open_[each.year]), text))
    return Chart(phrase("show.chart_years", lang), terms.ends(lang), tuple(bars))


# --- what to bring, whom to ring, by when


def applying(clauses: Iterable[Clause], on: dt.date, lang: Lang) -> Iterator[Block]:
    """Return the table of some clauses, as of a day; nothing without clauses."""
    rows = tuple(_to_apply(clause, on, lang) for clause in clauses)
    if rows:
        yield PageHeading(phrase("show.applying", lang), 2, phrase("show.applying_says", lang))
        yield Table(blocks.heads(lang, "clause", "bring", "ring", "by_when"), rows, flexible=2)


def _to_apply(clause: Clause, on: dt.date, lang: Lang) -> tuple[Cell, ...]:
    bring = by_when = Cell(phrase("show.not_known", lang), "faint")
    if filing := clause.filing:
        source = Paragraph(_source(filing.source, filing.as_of, on, lang), "faint")
        if filing.papers:
            named = [(each.title.in_(lang), phrase(f"show.papers_{each.by}", lang)) for each in filing.papers]
            papers = (Paragraph(phrase("show.paper", lang, title=title, by=by)) for title, by in named)
            bring = Cell("", "", (*papers, source))
        if filing.window:
            by_when = Cell(filing.window.in_(lang), "", (source,))
    whom = listed((each.short.in_(lang) for each in clause.departments), lang)
    contacts = tuple(line for each in clause.departments for line in _contacts(each, on, lang))
    return Cell(clause.reference), bring, Cell(whom, "", contacts), by_when


def _contacts(department: Department, on: dt.date, lang: Lang) -> Iterator[Paragraph]:
    for each in department.contacts:
        yield Paragraph(f"{department.short.in_(lang)} {each.office.in_(lang)} {each.telephone}")
    if department.contacts:
        oldest = min(department.contacts, key=lambda each: each.as_of)
        yield Paragraph(_source(oldest.source, oldest.as_of, on, lang), "faint")


def _source(source: Text, year: int, on: dt.date, lang: Lang) -> str:
    """Where something is said; that it is more than twelve months old, where the year was over by then."""
    old = on > dt.date(year + 1, 12, 31)
    return phrase("show.known_long_ago" if old else "show.known_as_of", lang, source=source.in_(lang))


# --- how a report can be checked


def proof(receipt: Receipt, lang: Lang) -> Iterator[Block]:
    """What a reader needs to check a report."""
    yield PageHeading(phrase("proof.heading", lang), 2)
    yield Paragraph(phrase("proof.how", lang))
    yield Fields(tuple(receipt_fields(receipt, lang)))
    yield Paragraph(phrase("proof.no_signature", lang), "faint")
    yield Paragraph(phrase("proof.holds_input", lang), "faint")


def verified(checked: Proof, name: str, lang: Lang) -> Page:
    """What was found of a report: that it is the same, or what differs and what would be needed."""
    key = "same" if checked.same else "differs" if checked.difference else "undecided"
    found: list[Block] = [Paragraph(phrase(f"proof.{key}", lang, name=name), "yes" if checked.same else "alert")]
    if checked.difference:
        found.append(_difference(checked.difference, "found", lang))
    for problem in checked.notes:
        said = say(problem, lang)
        found += [Paragraph(said.what, "unknown"), *([Paragraph(said.remedy)] if said.remedy else [])]
    if checked.of_input:
        found.append(_difference(checked.of_input, "in_receipt", lang))
    if checked.receipt:
        found.append(Fields(tuple(receipt_fields(checked.receipt, lang))))
    found.append(Paragraph(phrase("proof.no_signature", lang), "faint"))
    return Page("", lang, tuple(found))


def _difference(each: Difference, of: str, lang: Lang) -> Fields:
    """A difference: where it is, what stands in the report or its receipt, what was computed or read."""
    other = "computed" if of == "found" else "in_file"
    told = [Labelled(phrase("proof.where", lang), each.where)] if each.where else []
    told.append(Labelled(phrase(f"proof.{of}", lang), each.found, "no"))
    told.append(Labelled(phrase(f"proof.{other}", lang), each.computed, "yes"))
    return Fields(tuple(told), phrase("proof.first", lang))


def receipt_fields(receipt: Receipt, lang: Lang) -> Iterator[Labelled]:
    """The program, the day, the files and the result that a receipt names."""
    yield Labelled(phrase("proof.program", lang), f"ordos-subsidy {receipt.version}")
    yield Labelled(phrase("proof.on", lang), receipt.on)
    for key, files in (("input", receipt.inputs), ("policy", receipt.policies)):
        for each in files:
            yield Labelled(phrase(f"proof.{key}", lang), f"{each.name} · SHA-256 {each.sha256}")
    yield Labelled(phrase("proof.result", lang), f"SHA-256 {receipt.result}")
