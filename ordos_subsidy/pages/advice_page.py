"""The answer to `advise`: what is just missed, what to find out first, what is within reach, what is due each year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ordos_subsidy import money
from ordos_subsidy.document import Advice, FactChange, FirmAdvice, HintLine, Line, MissingFact, ReachLine, WayLine
from ordos_subsidy.messages import Lang, listed, phrase
from ordos_subsidy.pages import firm_page, many_firms, terms
from ordos_subsidy.pages.blocks import (
    Block,
    Cell,
    ColumnHead,
    Fields,
    Labelled,
    Look,
    Page,
    PageHeading,
    Paragraph,
    Table,
)

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
    heads = (
        ColumnHead(phrase("show.clause", lang)),
        ColumnHead(phrase("show.measure", lang)),
        ColumnHead(phrase("advice.to_do", lang)),
        ColumnHead(phrase("advice.opens", lang), number=True),
        ColumnHead(phrase("show.ask_first", lang), spare=2, listed=True),
    )
    rows = tuple(_way(hint, n, way, lang) for hint in each.hints for n, way in enumerate(hint.ways))
    yield Table(heads, rows)


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
    moving = [each for each in missing if each.pending or each.pending_open]
    others = list(dict.fromkeys(each.title for each in missing if each not in moving))
    if not missing:
        return
    yield PageHeading(phrase("advice.find_out", lang), 3, phrase("advice.find_out_says", lang))
    heads = tuple(ColumnHead(phrase(f"show.{key}", lang)) for key in ("fact", "at_stake", "decides_head"))
    rows = tuple(
        (
            Cell(each.title, "unknown"),
            Cell(terms.pending(each.pending, each.pending_open, lang)),
            Cell(
                _decides(each, lang),
                "",
                tuple(Paragraph(text, "faint") for text in (_where(each), each.help)),
            ),
        )
        for each in moving
    )
    if rows:
        yield Table(heads, rows, flexible=2)
    if others:
        yield Paragraph(phrase("advice.others", lang, count=len(others), names=listed(others, lang)), "faint")


def _decides(each: MissingFact, lang: Lang) -> str:
    """What waits for a fact; of many the first."""
    items = list(dict.fromkeys(each.decides))
    named = listed((terms.heading(*item) for item in items[:_FEW]), lang)
    more = phrase("advice.and_more", lang, count=len(items) - _FEW) if len(items) > _FEW else ""
    return phrase("show.and", lang).join(filter(None, (named, more)))


def _where(each: MissingFact) -> str:
    """The event that a fact is asked of, and the place to fill it in, without the folder of its file."""
    return " · ".join(filter(None, (each.about, each.place.rpartition("/")[2])))


def _reach(reach: Sequence[ReachLine], advice: Advice) -> Iterator[Block]:
    """What could be sought, the largest first."""
    lang, shown = advice.lang, reach if advice.everything else reach[:_FIRST]
    if not shown:
        return
    yield PageHeading(phrase("advice.reach", lang), 3, phrase("advice.reach_says", lang))
    papers = any(each.papers for each in shown)
    heads = (
        ColumnHead(phrase("show.clause", lang)),
        ColumnHead(phrase("advice.item", lang)),
        ColumnHead(phrase("advice.then", lang)),
        ColumnHead(phrase("show.least", lang), number=True),
        ColumnHead(phrase("show.most", lang), number=True),
        ColumnHead(phrase("show.amount", lang), spare=3),
        ColumnHead(phrase("show.ask_first", lang), spare=1, listed=True),
        *([ColumnHead(phrase("show.bring", lang), spare=2, listed=True)] if papers else []),
    )
    rows = tuple(
        (
            Cell(each.line.reference),
            Cell(_named(each, lang)),
            Cell(terms.SIGNS[each.line.verdict], each.line.verdict),
            Cell(terms.least(each.line.low, lang)),
            Cell(terms.most(each.line.high, each.line.low, lang)),
            Cell(each.line.words, "faint"),
            Cell(listed(each.line.departments_short[:1], lang), "faint"),
            *([Cell(listed(each.papers, lang), "faint")] if papers else []),
        )
        for each in shown
    )
    yield Table(heads, rows, short=True)
    if len(reach) > len(shown):
        yield Paragraph(phrase("advice.reach_more", lang, count=len(reach) - len(shown)), "faint")


def _named(each: ReachLine, lang: Lang) -> str:
    """A kind of event, with who receives its award where that is not the unit."""
    recipient = each.line.recipient
    return each.title if recipient == "unit" else phrase(f"show.title_{recipient}", lang, title=each.title)


def _annual(annual: Sequence[Line], advice: Advice) -> Iterator[Block]:
    """What is due in each calendar year, past years faint."""
    lang = advice.lang
    due = [(part.year, line, part) for line in annual for part in line.schedule if part.year is not None]
    if not due:
        return
    yield PageHeading(phrase("advice.annual", lang), 3, phrase("advice.annual_says", lang))
    heads = (
        ColumnHead(phrase("show.year", lang)),
        ColumnHead(phrase("show.measure", lang)),
        ColumnHead(phrase("show.verdict", lang)),
        ColumnHead(phrase("show.least", lang), number=True),
        ColumnHead(phrase("show.most", lang), number=True),
    )
    rows = []
    for year, line, part in sorted(due, key=lambda each: each[0] or 0):
        look: Look = "faint" if (year or 0) < advice.on.year else ""
        title = terms.heading(line.reference, line.event.title if line.event else line.title)
        sums = (terms.least(part.low, lang), terms.most(part.high, part.low, lang))
        texts = (str(year), title, terms.verdict(line.verdict, lang), *sums)
        rows.append(tuple(Cell(text, look) for text in texts))
    yield Table(heads, tuple(rows), short=True)


def in_short(hints: Sequence[HintLine], reach: Sequence[ReachLine], lang: Lang) -> Iterator[Block]:
    """What a report says of what next: what is just missed by the cheapest way, and the largest within reach."""
    fields = []
    for n, hint in enumerate([each for each in hints if each.category != "preference"][:_FEW]):
        way = hint.ways[0]
        done = phrase("show.and", lang).join(to_do(move, lang) for move in way.moves)
        title = terms.heading(hint.reference, hint.title)
        text = phrase("show.labelled", lang, label=done, text=f"{title} {opened(hint, way, lang)}")
        fields.append(Labelled("" if n else phrase("advice.near", lang), text, "unknown"))
    named = [f"{terms.heading(each.line.reference, each.title)} {each.line.words}" for each in reach[:_FEW]]
    if named:
        fields.append(Labelled(phrase("advice.reach", lang), phrase("show.then", lang).join(named), "faint"))
    if fields:
        yield PageHeading(phrase("advice.next", lang), 3, phrase("advice.next_says", lang))
        yield Fields(tuple(fields))
