"""The first screen of `calc`: what applies, least and most, what is close, what to find out first, whom to ask.

A firm of few awards fits 24 lines of 80 columns; what is not shown is counted, with the option that shows it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from ordos_subsidy import money
from ordos_subsidy.document import FirmReport, Line, Report
from ordos_subsidy.messages import phrase
from ordos_subsidy.pages import blocks, terms
from ordos_subsidy.pages.blocks import Block, Cell, Labelled, Look, Page, PageHeading, Paragraph, Table
from ordos_subsidy.pages.firm_page import read_back, remarks, shown, summary
from ordos_subsidy.pages.many_firms import asked, omitted, overview

#: Of more firms than these a report shows the overview only.
MANY = 5
_FACTS, _LINES = 3, 4
#: With more awards than these, each has one line.
_FEW = 3


def page(report: Report, file: str) -> Page:
    """The first screen of a report on the firms of a file."""
    return Page(report.source.name, report.lang, tuple(_blocks(report, file)))


def _blocks(report: Report, file: str) -> Iterator[Block]:
    lang = report.lang
    several = len(report.firms) > 1
    about = phrase("show.policy", lang, name=report.source.name, number=report.source.number)
    if several or not report.firms:
        yield PageHeading(report.source.name, 1, terms.basis(report.source, lang))
    if several:
        yield overview(report)
        yield from _missing_of_all(report)
    yield from remarks(report)
    for firm in report.firms if len(report.firms) <= MANY else ():
        yield PageHeading(firm.name, 2 if several else 1, (firm.credit_code or "") if several else about)
        yield from _firm(firm, report, file)
    yield from omitted(report.omitted, lang)
    if report.caution:
        yield Paragraph(report.caution, "faint")
    reference = next((each.reference for firm in report.firms for each in firm.awards if each.verdict != "no"), "")
    if len(report.firms) > MANY:
        yield Paragraph(phrase("show.next_many", lang, file=file), "faint")
    elif report.firms:
        yield Paragraph(phrase("show.next", lang, file=file, clause=reference.strip("（）()")), "faint")


def _missing_of_all(report: Report) -> Iterator[Block]:
    """The facts that most money waits for, over all firms: for how many firms, and how much."""
    firms: dict[str, set[int]] = defaultdict(set)
    moved: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for number, firm in enumerate(report.firms):
        for each in firm.missing:
            firms[each.title].add(number)
            moved[each.title][0] += each.pending
            moved[each.title][1] += each.pending_open
    facts = [(title, len(firms[title]), most, open_) for title, (most, open_) in moved.items() if most or open_]
    facts.sort(key=lambda each: (-each[2], -each[3], -each[1]))
    yield from asked(facts[:_FACTS], report.lang)


def _firm(firm: FirmReport, report: Report, file: str) -> Iterator[Block]:
    lang = report.lang
    yield summary(firm.totals, lang, short=True, doubted=bool(firm.doubted))
    yield from blocks.fields(read_back(firm, lang))
    awards = shown(firm.awards, report)
    if awards:
        yield _table(awards, firm, report)
    else:
        yield Paragraph(phrase("show.awards_none", lang))
    failed = [] if awards else _refused(firm, report)
    rest = (*_near(firm, report), *_missing(firm, report, file), *_people(firm, report), *_rest(firm, report))
    yield from blocks.fields((*failed, *rest))


def _table(awards: Sequence[Line], firm: FirmReport, report: Report) -> Table:
    lang = report.lang
    keys = ("clause", "measure", "verdict", "least", "most", "years", "ask_first")
    heads = blocks.heads(lang, *keys, spare={"years": 1, "ask_first": 2})
    least = terms.least(firm.totals.assured, lang)
    most = terms.most(None if firm.totals.open_ended else firm.totals.ceiling, 1, lang)
    texts = (phrase("show.total", lang), phrase("show.total_of_yes", lang), "", least, most, "", "")
    looks: tuple[Look, ...] = ("strong", "faint", "", "strong", "strong", "", "")
    total = tuple(map(Cell, texts, looks))
    return Table(heads, tuple(_row(each, report) for each in awards), total, short=len(awards) > _FEW)


def _row(each: Line, report: Report) -> tuple[Cell, ...]:
    lang = report.lang
    low, high = terms.amounts(each, report)
    faded: Look = "faint" if each.verdict == "no" else ""
    return (
        Cell(each.reference, faded),
        Cell(terms.titled(each, lang), faded),
        Cell(terms.verdict(each.verdict, lang), each.verdict),
        Cell(terms.least(low, lang), faded),
        Cell(terms.most(high, low, lang), faded),
        Cell(terms.years(each.schedule, lang), faded),
        Cell(each.departments_short[0] if each.departments_short else "", "faint"),
    )


def _refused(firm: FirmReport, report: Report) -> list[Labelled]:
    """What failed of the first awards that do not apply, where none does."""
    lang, texts = report.lang, []
    for each in [line for line in firm.awards if line.verdict == "no"][:_FACTS]:
        says = phrase("show.then", lang).join(reason.says for reason in each.reasons if reason.truth == "no")
        texts.append(phrase("show.labelled", lang, label=terms.heading(each.reference, each.title), text=says))
    return blocks.labelled(phrase("show.verdict_no", lang), texts, "no")


def _near(firm: FirmReport, report: Report) -> list[Labelled]:
    """The measures that a sum of money is lacking for, the closest first."""
    lang, texts = report.lang, []
    for each in firm.near[: max(_LINES - len(firm.missing), 1)]:
        title, lacking = terms.heading(each.reference, each.title), terms.about(each.lacking, lang, up=True)
        if each.lacking < money.FEN_A_WAN:  # two decimals of 万元 would be ten times as much
            lacking = terms.yuan(each.lacking, each.lacking, lang)
        texts.append(phrase("show.near_line", lang, title=title, says=each.says, sum=lacking))
    return blocks.labelled(phrase("show.near", lang), texts, "unknown")


def _missing(firm: FirmReport, report: Report, file: str) -> list[Labelled]:
    """The facts that move most, with what they move and the cell to fill in."""
    lang, texts = report.lang, []
    for each in firm.missing[:_FACTS]:
        moved = terms.pending(each.pending, each.pending_open, lang) or phrase("show.no_sum", lang)
        place = each.place.removeprefix("stdin" if file == "-" else file).lstrip("!: ")
        if each.place == firm.place and "!" in place:
            place = phrase("show.no_column", lang)
        texts.append(" · ".join(filter(None, (each.title, moved, each.about, place))))
    return blocks.labelled(phrase("show.missing_short", lang), texts, "unknown")


def _people(firm: FirmReport, report: Report) -> Iterator[Labelled]:
    people, lang = firm.totals.people, report.lang
    if any(people):
        text = terms.interval(people.low, people.high, lang)
        if people.pending:
            pending = terms.about(people.pending, lang, up=True)
            text += phrase("show.and", lang) + phrase("show.people_pending", lang, sum=pending)
        yield Labelled(phrase("show.people_short", lang), text)


def _rest(firm: FirmReport, report: Report) -> Iterator[Labelled]:
    """What is not on this screen, in one line, with the option that shows it."""
    lang = report.lang
    preferences = Counter(each.verdict for each in firm.preferences)
    counts = {
        "rest_preferences": preferences["yes"],
        "rest_asked": preferences["unknown"],
        "rest_credits": len(shown(firm.credits, report)),
        "rest_missing": max(len(firm.missing) - _FACTS, 0),
        "rest_no": sum(each.verdict == "no" for each in firm.awards) if not report.everything else 0,
    }
    told = [phrase(f"show.{key}", lang, count=count) for key, count in counts.items() if count]
    if told:
        text = phrase("show.rest_line", lang, what=phrase("show.and", lang).join(told))
        yield Labelled(phrase("show.rest", lang), text, "faint")
