"""The whole answer to `calc`: every firm with its awards, the reasons, the totals and what is missing.

Rows that do not apply are left out unless the report asks for everything, and then they are counted: nothing is
dropped without a word. Notes that several rows share are written once and numbered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from ordos_subsidy.document import FirmReport, Line, Preference, Report, Totals, YearTotals
from ordos_subsidy.errors import Problem
from ordos_subsidy.messages import Lang, listed, phrase
from ordos_subsidy.pages import blocks, many_firms, terms
from ordos_subsidy.pages.blocks import Block, Cards, Cell, Fields, Labelled, Look, Page, PageHeading, Paragraph, Table

Shown = TypeVar("Shown", Line, Preference)


def page(report: Report, *, problems: bool = True) -> Page:
    """The page of a report; without `problems` where they are shown beside it."""
    firms = (block for firm in report.firms for block in _firm(firm, report, problems=problems))
    whole = (*framed(report, firms, problems=problems), *footnotes(report.footnotes, report.lang))
    return Page(title(report), report.lang, whole)


def title(report: Report) -> str:
    """The name of the first firm and of the policy."""
    return " - ".join([*(firm.name for firm in report.firms[:1]), report.source.name])


def framed(report: Report, firms: Iterable[Block], *, problems: bool = True) -> Iterator[Block]:
    """What is shown of single firms, between what holds for all of them."""
    yield PageHeading(report.source.name, 1, terms.basis(report.source, report.lang))
    yield from remarks(report)
    if len(report.firms) > 1:
        yield many_firms.overview(report)
    yield from firms
    yield from many_firms.omitted(report.omitted, report.lang)
    if problems:
        yield from problem_section(report.problems, report.lang)


def remarks(report: Report) -> Iterator[Block]:
    """What holds for all firms: the one year asked for, that there is no firm, how many were left out."""
    lang = report.lang
    if report.year is not None:
        yield Paragraph(phrase("show.only_year", lang, year=report.year))
    if not report.firms:
        yield Paragraph(phrase("show.no_firms", lang))


def footnotes(notes: Sequence[str], lang: Lang) -> Iterator[Block]:
    """The notes that must stand under every answer."""
    if notes:
        yield PageHeading(phrase("show.footnotes", lang), 2)
        yield blocks.Items(tuple(Paragraph(note, "faint") for note in notes))


def ending(
    problems: Sequence[Problem], notes: Sequence[str], caution: str, lang: Lang, *, whole: bool
) -> Iterator[Block]:
    """What ends an answer: its problems and footnotes where it is `whole`, else its caution in one line."""
    if whole:
        yield from problem_section(problems, lang)
        yield from footnotes(notes, lang)
    elif caution:
        yield Paragraph(caution, "faint")


def problem_section(found: Sequence[Problem], lang: Lang, level: int = 2) -> Iterator[Block]:
    """Problems under their heading with their places and remedies, if there are any."""
    if found:
        yield PageHeading(phrase("show.problems", lang), level)
        rows = tuple(blocks.cells(terms.problem(each, lang)) for each in found)
        yield Table(blocks.heads(lang, "severity", "where", "problem", "remedy"), rows, flexible=2)


# --- one firm


def _firm(firm: FirmReport, report: Report, *, problems: bool) -> Iterator[Block]:
    lang = report.lang
    notes = shared_notes(firm, report)
    yield PageHeading(firm.name, 2, firm.credit_code or "")
    yield summary(firm.totals, lang, doubted=bool(firm.doubted))
    yield from blocks.fields(read_back(firm, lang))
    yield from award_section(firm, notes, report)
    yield from _details(shown(firm.awards, report), firm, report)
    yield from credit_section(firm, notes, report)
    yield from _details(shown(firm.credits, report), firm, report)
    yield from preference_tables(firm, notes, report)
    yield from year_table(firm, lang)
    yield from missing_table(firm, lang)
    yield from numbered(notes, lang)
    if problems:
        yield from problem_section(firm.problems, lang, 3)


def numbered(notes: Sequence[str], lang: Lang) -> Iterator[Block]:
    """The notes that rows refer to by their numbers."""
    if notes:
        yield PageHeading(phrase("show.notes", lang), 3)
        marks = tuple(f"[{number}]" for number in range(1, len(notes) + 1))
        yield blocks.Items(tuple(Paragraph(note, "faint") for note in notes), marks)


def read_back(firm: FirmReport, lang: Lang) -> Iterator[Labelled]:
    """The figures that are hardly meant, as they were read."""
    if firm.doubted:
        gap = "" if lang == "zh" else " "
        figures = listed((f"{name}{gap}{terms.about(fen, lang)}" for name, fen in firm.doubted), lang)
        said = phrase("show.read_as_line", lang, figures=figures)
        yield Labelled(phrase("show.read_as", lang), said, "alert")


def shown(rows: Sequence[Shown], report: Report) -> list[Shown]:
    """The rows that apply or may apply, all of them if asked for; of one year, what falls in it or in none."""
    return [row for row in rows if (report.everything or row.verdict != "no") and row.falls_in(report.year)]


def shared_notes(firm: FirmReport, report: Report) -> list[str]:
    """The notes of all rows of a firm, each once; rows refer to them by their numbers."""
    groups = preference_groups(firm, everything=report.everything)
    preferences = (row for _, rows in groups for row in rows)
    rows: list[Line | Preference] = [*shown(firm.awards, report), *shown(firm.credits, report), *preferences]
    return list(dict.fromkeys(note for row in rows for note in row.notes))


def summary(totals: Totals, lang: Lang, *, short: bool = False, doubted: bool = False) -> Cards:
    """The sums of a firm, and of its people where there are any; `short`: in few words; `doubted`: they are marked."""
    says = {}
    if short and totals.open_ended:
        says["ceiling"] = phrase("show.ceiling_in_short_open", lang)
    if doubted:
        says = dict.fromkeys(("assured", "ceiling"), phrase("show.rests_on_doubts", lang))
    if totals.pending_open:
        more = phrase("show.open_too", lang, count=totals.pending_open)
        says["pending"] = more if short else phrase("show.pending_says", lang) + phrase("show.then", lang) + more
    sums = many_firms.cards(totals._asdict(), lang, short=short, says=says)
    people = totals.people
    if short or not any(people):
        return sums
    told = [phrase("show.people_says", lang)]
    if people.pending:
        told.append(phrase("show.people_pending", lang, sum=terms.about(people.pending, lang, up=True)))
    text = terms.interval(people.low, people.high, lang)
    return Cards((*sums.cards, blocks.Card(phrase("show.people", lang), text, phrase("show.then", lang).join(told))))


def award_section(firm: FirmReport, notes: Sequence[str], report: Report) -> Iterator[Block]:
    """The awards of a firm under their heading, or that there are none; `notes` are numbered."""
    yield PageHeading(phrase("show.awards", report.lang), 3)
    if awards := shown(firm.awards, report):
        yield _award_table(awards, notes, report)
    else:
        yield Paragraph(phrase("show.awards_none", report.lang))


def credit_section(firm: FirmReport, notes: Sequence[str], report: Report) -> Iterator[Block]:
    """The credits of a firm under their heading, if there are any."""
    if credits_ := shown(firm.credits, report):
        yield PageHeading(phrase("show.credits", report.lang), 3, phrase("show.credits_says", report.lang))
        yield _award_table(credits_, notes, report)


def _award_table(lines: Sequence[Line], notes: Sequence[str], report: Report) -> Table:
    lang = report.lang
    interval = "interval" if report.year is None else "interval_year"
    interval_head = blocks.ColumnHead(phrase(f"show.{interval}", lang, year=report.year), number=True)
    heads = (*blocks.heads(lang, "clause", "measure", "verdict", "amount"), interval_head)
    return Table(heads, tuple(_row(each, notes, report) for each in lines))


def _row(each: Line, notes: Sequence[str], report: Report) -> tuple[Cell, ...]:
    lang, faded = report.lang, _faded(each)
    happened = terms.event(each.event, lang, known=each.title)
    years = terms.years(each.schedule, lang)
    dated = (Paragraph(phrase("show.in_years", lang, years=years), "faint"),) if years else ()
    return (
        Cell(each.reference, faded),
        Cell(_marked(each, notes), faded or "strong", (Paragraph(happened, "faint"),)),
        Cell(terms.verdict(each.verdict, lang), each.verdict),
        Cell(each.words, faded, dated),
        Cell(terms.interval(*terms.amounts(each, report), lang), faded or "strong"),
    )


def _faded(row: Line | Preference) -> Look:
    return "faint" if row.verdict == "no" else ""


def _marked(row: Line | Preference, notes: Sequence[str]) -> str:
    """The title of a row and the numbers of its notes: 研发投入奖补 [1][3]."""
    marks = "".join(f"[{notes.index(note) + 1}]" for note in dict.fromkeys(row.notes))
    return f"{row.title} {marks}" if marks else row.title


def _details(lines: Sequence[Line], firm: FirmReport, report: Report) -> Iterator[Block]:
    """Why rows are not a plain yes, and whom to ask, once a clause."""
    if not lines:
        return
    lang = report.lang
    titles = Counter(each.title for each in lines)
    for each in lines:
        aside = terms.event(each.event, lang, known=each.title) if titles[each.title] > 1 else ""
        named = " · ".join(filter(None, (terms.heading(each.reference, each.title), aside)))
        yield from blocks.fields(why(each, firm, report), named, _faded(each) or "strong")
    asked: dict[str, dict[str, None]] = {}
    for each in lines:
        asked.setdefault(each.reference, {}).update(dict.fromkeys(each.departments_short))
    ask = tuple(Labelled(reference, listed(departments, lang), "faint") for reference, departments in asked.items())
    yield Fields(ask, phrase("show.departments", lang), "strong")


def why(row: Line | Preference, firm: FirmReport, report: Report) -> Iterator[Labelled]:
    """Why a row is not a plain yes: what is missing, what is left open, what does not hold, what it rests on."""
    lang = report.lang
    if row.missing:
        key = "show.waits_head" if row.verdict == "unknown" else "show.amount_waits_head"
        yield Labelled(phrase(key, lang), missing(row, firm, lang), "unknown")
    look: Look = "faint" if row.verdict == "no" else "unknown"
    for reason in terms.reasons(row):
        yield Labelled(phrase(f"show.because_{row.verdict}_head", lang), reason, look)
    if document := terms.document(row, report.source.number):
        yield Labelled(phrase("show.document", lang), document, "faint")


def missing(row: Line | Preference, firm: FirmReport, lang: Lang) -> str:
    """The facts a row waits for, by name."""
    names = {each.fact: each.title for each in firm.missing}
    return listed(dict.fromkeys(names.get(fact, fact) for fact in row.missing), lang)


def preference_groups(firm: FirmReport, *, everything: bool) -> list[tuple[str, list[Preference]]]:
    """Preferences by what is known of them: (phrase, rows), empty groups left out."""
    names = ("yes", "unknown", "open", *(["no"] if everything else []))
    groups: dict[str, list[Preference]] = {name: [] for name in names}
    for row in firm.preferences:
        if row.verdict in groups:
            groups["open" if row.verdict == "unknown" and not row.missing else row.verdict].append(row)
    return [(f"preferences_{name}", rows) for name, rows in groups.items() if rows]


def preference_tables(
    firm: FirmReport, notes: Sequence[str], report: Report, folded: Sequence[str] = ()
) -> Iterator[Block]:
    """What a firm may have without a sum, by what is known of it, and what is not shown.

    The groups of `folded` are parts to fold open.
    """
    lang = report.lang
    groups = preference_groups(firm, everything=report.everything)
    if groups:
        yield PageHeading(phrase("show.preferences", lang), 3, phrase("show.preferences_says", lang))
    for name, rows in groups:
        reasons = {id(row): list(why(row, firm, report)) for row in rows}
        first = reasons[id(rows[0])] if len(rows) > 1 else []
        shared = [field for field in first if all(field in each for each in reasons.values())]
        known = f"{terms.SIGNS[rows[0].verdict]} {phrase(f'show.{name}', lang)}"
        told = " · ".join([known, *(field.text for field in shared)])
        heads = blocks.heads(lang, "clause", "preference_head", "departments", spare={"departments": 1})
        cells = []
        for row in rows:
            own = [field for field in reasons[id(row)] if field not in shared]
            texts = ((phrase("show.labelled", lang, label=each.label, text=each.text), each.look) for each in own)
            marked = Cell(_marked(row, notes), _faded(row), tuple(Paragraph(*each) for each in texts))
            asked = Cell(listed(row.departments_short, lang), "faint")
            cells.append((Cell(row.reference, _faded(row)), marked, asked))
        table = Table(heads, tuple(cells))
        if name in folded:
            yield blocks.Fold(told, phrase("show.items", lang, count=len(rows)), rows[0].verdict, (table,))
        else:
            yield from (Paragraph(told, rows[0].verdict), table)
    if unseen := _hidden(firm, report):
        yield Paragraph(unseen, "faint")


def _hidden(firm: FirmReport, report: Report) -> str:
    """What is not shown and how to see it, or an empty text."""
    lang = report.lang
    if report.everything:
        return ""
    what = []
    for key, rows in (("show.hidden_awards", firm.awards), ("show.hidden_credits", firm.credits)):
        titles = [row.title for row in rows if row.verdict == "no"]
        if titles:
            what.append(phrase(key, lang, count=len(titles), names=listed(dict.fromkeys(titles), lang)))
    preferences = sum(row.verdict == "no" for row in firm.preferences)
    if preferences:
        what.append(phrase("show.hidden_preferences", lang, count=preferences))
    return phrase("show.hidden", lang, what=phrase("show.and", lang).join(what)) if what else ""


# --- totals and what is missing


def year_table(firm: FirmReport, lang: Lang) -> Iterator[Block]:
    """The sums of a firm by calendar year."""
    if not firm.totals.by_year:
        return
    yield PageHeading(phrase("show.totals", lang), 3)
    heads = blocks.heads(lang, "year", "assured", "ceiling", "open_besides", "pending")
    open_ = open_by_year(firm)
    rows = tuple(
        _sums(phrase("show.no_year", lang) if each.year is None else str(each.year), each, open_[each.year], lang)
        for each in firm.totals.by_year
        if each.year is not None or each.assured or each.ceiling or each.pending or open_[None]
    )
    total = _sums(phrase("show.total", lang), firm.totals, firm.totals.open_ended, lang, "strong")
    yield Table(heads, rows, total, flexible=0)
    if firm.totals.open_ended:
        yield Paragraph(phrase("show.totals_open", lang, count=firm.totals.open_ended), "faint")
    if firm.totals.pending_open:
        yield Paragraph(phrase("show.totals_pending_open", lang, count=firm.totals.pending_open), "faint")


def _sums(name: str, each: Totals | YearTotals, endless: int, lang: Lang, look: Look = "") -> tuple[Cell, ...]:
    assured = terms.about(each.assured, lang)
    ceiling, pending = (terms.about(fen, lang, up=True) for fen in (each.ceiling, each.pending))
    items = phrase("show.items", lang, count=endless) if endless else "0"
    texts = (name, assured, ceiling, items, pending)
    return tuple(Cell(text, look or ("faint" if text == "0" else "")) for text in texts)


def open_by_year(firm: FirmReport) -> Counter[int | None]:
    """How many eligible awards that count without an upper bound fall in each year."""
    rows = (row.schedule for row in firm.awards if row.verdict == "yes")
    return Counter(year for schedule in rows for year in {each.year for each in schedule if each.counts[1] is None})


def missing_table(firm: FirmReport, lang: Lang) -> Iterator[Block]:
    """The facts that nobody filled in, and what each would decide."""
    if not firm.missing:
        return
    yield PageHeading(phrase("show.missing", lang), 3, phrase("show.missing_says", lang))
    rows = []
    for each in firm.missing:
        moved = terms.pending(each.pending, each.pending_open, lang) or phrase("show.no_sum", lang)
        decides = listed((terms.heading(*item) for item in dict.fromkeys(each.decides)), lang)
        where = Paragraph(" · ".join(filter(None, (each.about, each.place))), "faint")
        rows.append((Cell(each.title, "unknown"), Cell(moved), Cell(decides, "", (where,))))
    yield Table(blocks.heads(lang, "fact", "at_stake", "decides_head"), tuple(rows), flexible=2)
