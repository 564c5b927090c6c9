"""The answer to `advise`: what is just missed, what to find out first, what is within reach, what is due each year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ordos_subsidy import money
from ordos_subsidy.document import Advice, FactChange, FirmAdvice, HintLine, Line, MissingFact, ReachLine, WayLine
from ordos_subsidy.messages import Lang, listed, phrase
from ordos_subsidy.pages import blocks, firm_page, many_firms, terms
from ordos_subsidy.pages.blocks import Block, Cell, Labelled, Look, Page, PageHeading, Paragraph, Table

#: So much is within reach on a first look, and in a report.
_FIRST, _FEW = 10, 3


def page(advice: Advice, *, problems: bool = True) -> Page:
    """The page of advice; without `problems` where they are shown beside it."""
    return Page(advice.source.name, advice.lang, tuple(_blocks(advice, problems=problems)), on=advice.on)


def _blocks(advice: Advice, *, problems: bool) -> Iterator[Block]:
    lang = advice.lang
    yield PageHeading(advice.source.name, 1, terms.basis(advice.source, lang))
    for each in advice.firms:
        yield PageHeading(each.firm.name, 2, each.firm.credit_code or "")
        yield from _near(each, lang)
        yield from _find_out(each.firm.missing, lang)
        yield from _reach(each.reach, advice)
        yield from _annual(each.annual, advice)
    yield from many_firms.omitted(advice.omitted, lang)
    yield from firm_page.ending(advice.problems, advice.footnotes, advice.caution, lang, whole=problems)


def _near(each: FirmAdvice, lang: Lang) -> Iterator[Block]:
    """The measures just missed, a row a way."""
    if not each.hints:
        yield Paragraph(phrase("advice.none", lang), "faint")
        return
    year = phrase("advice.of_year" if each.year else "advice.of_no_year", lang, year=each.year)
    yield PageHeading(phrase("advice.near", lang), 3, phrase("advice.near_says", lang, year=year))
    columns = blocks.heads(
        lang, "clause", "measure", "advice.to_do", "advice.opens", "ask_first", spare={"ask_first": 2}
    )
    yield Table(columns, tuple(_way(hint, n, way, lang) for hint in each.hints for n, way in enumerate(hint.ways)))


def _way(hint: HintLine, nth: int, way: WayLine, lang: Lang) -> tuple[Cell, ...]:
    """One way to a measure; what it is a way to is said with the first."""
    todo = [to_do(each, lang) for each in way.moves]
    lacking = tuple(Paragraph(_lacking(each, lang), "faint") for each in way.moves)
    happened = [Paragraph(terms.event(hint.event, lang), "faint")] if hint.event else []
    before = terms.interval(hint.low, hint.high, lang)
    now = (Paragraph(phrase("advice.more", lang, sum=before), "faint"),) if hint.verdict != "no" else ()
    waits = (Paragraph(terms.verdict(way.verdict, lang), way.verdict),) if way.verdict != "yes" else ()
    asked = hint.departments_short[0] if hint.departments_short else ""
    return (
        Cell("" if nth else hint.reference),
        Cell(phrase("advice.or", lang) if nth else hint.title, "" if nth else "strong", (*happened, *lacking)),
        Cell(todo[0], "unknown", tuple(Paragraph(each, "unknown") for each in todo[1:])),
        Cell(opened(hint, way, lang), "yes", (*now, *waits)),
        Cell("" if nth else asked, "faint"),
    )


def opened(hint: HintLine, way: WayLine, lang: Lang) -> str:
    """What a way opens: the least and the most of the award."""
    if hint.category == "preference":
        return phrase("advice.preference", lang)
    return terms.interval(way.low, way.high, lang)


def to_do(move: FactChange, lang: Lang) -> str:
    """What is to be done: a sum to be raised, exact to the fen, or a recognition to be obtained."""
    if move.cost is None:
        return phrase("advice.obtain", lang, title=move.title)
    return phrase("advice.raise", lang, title=move.title, sum=money.in_words(move.cost, lang), to=move.to)


def _lacking(move: FactChange, lang: Lang) -> str:
    """The condition that fails, the figure found, and what is lacking in its own unit."""
    if move.gap is None or move.cost is None:
        return phrase("advice.not_yet", lang, says=move.says, now=move.now)
    points = phrase("advice.points", lang, gap=money.plain(move.gap))
    gap = points if move.unit == "points" else money.in_words(move.cost, lang)
    return phrase("advice.short_of", lang, says=move.says, now=move.now, gap=gap)


def _find_out(missing: Sequence[MissingFact], lang: Lang) -> Iterator[Block]:
    """The facts that move most first, each with what waits for it and where its answer is found."""
    if not missing:
        return
    yield PageHeading(phrase("advice.find_out", lang), 3, phrase("advice.find_out_says", lang))
    moving = [each for each in missing if each.pending or each.pending_open]
    if moving:
        rows = tuple(_fact(each, lang) for each in moving)
        yield Table(blocks.heads(lang, "fact", "at_stake", "decides_head"), rows, flexible=2)
    if others := list(dict.fromkeys(each.title for each in missing if each not in moving)):
        yield Paragraph(phrase("advice.others", lang, count=len(others), names=listed(others, lang)), "faint")


def _fact(each: MissingFact, lang: Lang) -> tuple[Cell, ...]:
    """A fact, what waits for it, of many the first, and the place to fill it in, without the folder of its file."""
    items = list(dict.fromkeys(each.decides))
    decides = [listed((terms.heading(*item) for item in items[:_FEW]), lang)]
    if len(items) > _FEW:
        decides.append(phrase("advice.and_more", lang, count=len(items) - _FEW))
    where = " · ".join(filter(None, (each.about, each.place.rpartition("/")[2])))
    return (
        Cell(each.title, "unknown"),
        Cell(terms.pending(each.pending, each.pending_open, lang)),
        Cell(phrase("show.and", lang).join(decides), "", (Paragraph(where, "faint"), Paragraph(each.help, "faint"))),
    )


def _reach(reach: Sequence[ReachLine], advice: Advice) -> Iterator[Block]:
    """What could be sought, the largest first."""
    lang, shown = advice.lang, reach if advice.everything else reach[:_FIRST]
    if not shown:
        return
    yield PageHeading(phrase("advice.reach", lang), 3, phrase("advice.reach_says", lang))
    papers = any(each.papers for each in shown)
    keys = (
        "clause",
        "advice.item",
        "advice.then",
        "least",
        "most",
        "amount",
        "ask_first",
        *(["bring"] if papers else []),
    )
    columns = blocks.heads(lang, *keys, spare={"amount": 3, "ask_first": 1, "bring": 2})
    rows = []
    for each in shown:
        row = each.line
        # As of an award: the kind of event, with who receives it where that is not the unit.
        named = terms.titled(row._replace(title=each.title), lang)
        sums = (terms.least(row.low, lang), terms.most(row.high, row.low, lang))
        aside = [row.words, listed(row.departments_short[:1], lang), *([listed(each.papers, lang)] if papers else [])]
        sign = Cell(terms.SIGNS[row.verdict], row.verdict)
        rows.append((Cell(row.reference), Cell(named), sign, *blocks.cells(sums), *blocks.cells(aside, "faint")))
    yield Table(columns, tuple(rows), short=True)
    if len(reach) > len(shown):
        yield Paragraph(phrase("advice.reach_more", lang, count=len(reach) - len(shown)), "faint")


def _annual(annual: Sequence[Line], advice: Advice) -> Iterator[Block]:
    """What is due in each calendar year, past years faint."""
    lang = advice.lang
    due = [(part.year, line, part) for line in annual for part in line.schedule if part.year is not None]
    if not due:
        return
    yield PageHeading(phrase("advice.annual", lang), 3, phrase("advice.annual_says", lang))
    rows = []
    for year, line, part in sorted(due, key=lambda each: each[0] or 0):
        look: Look = "faint" if (year or 0) < advice.on.year else ""
        title = terms.heading(line.reference, line.event.title if line.event else line.title)
        sums = (terms.least(part.low, lang), terms.most(part.high, part.low, lang))
        rows.append(blocks.cells((str(year), title, terms.verdict(line.verdict, lang), *sums), look))
    yield Table(blocks.heads(lang, "year", "measure", "verdict", "least", "most"), tuple(rows), short=True)


def in_short(hints: Sequence[HintLine], reach: Sequence[ReachLine], lang: Lang) -> Iterator[Block]:
    """What a report says of what next: what is just missed by the cheapest way, and the largest within reach."""
    texts = []
    for hint in [each for each in hints if each.category != "preference"][:_FEW]:
        way = hint.ways[0]
        done = phrase("show.and", lang).join(to_do(move, lang) for move in way.moves)
        opens = f"{terms.heading(hint.reference, hint.title)} {opened(hint, way, lang)}"
        texts.append(phrase("show.labelled", lang, label=done, text=opens))
    found = blocks.labelled(phrase("advice.near", lang), texts, "unknown")
    named = [f"{terms.heading(each.line.reference, each.title)} {each.line.words}" for each in reach[:_FEW]]
    if named:
        found.append(Labelled(phrase("advice.reach", lang), phrase("show.then", lang).join(named), "faint"))
    if found:
        yield PageHeading(phrase("advice.next", lang), 3, phrase("advice.next_says", lang))
        yield from blocks.fields(found)
