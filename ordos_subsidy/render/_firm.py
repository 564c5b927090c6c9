"""One firm on a terminal: what it gets, what it may get, what is still to be found out.

A wide terminal shows years and departments as columns; a narrower one shows them under each row; one too narrow
for columns shows each award as a few lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ordos_subsidy.document import FirmReport, Line, Preference, Report
from ordos_subsidy.render import _figures as figures
from ordos_subsidy.render import _parts as parts
from ordos_subsidy.render import _view as view
from ordos_subsidy.render._screen import (
    BLANK,
    FAINT,
    GAP,
    INDENT,
    STRONG,
    STYLES,
    Block,
    Cell,
    below,
    fit,
    hanging,
    heading,
    row,
    rule,
    text,
    widest,
)
from ordos_subsidy.render._wrap import wrap
from ordos_subsidy.words import Lang, listed, phrase

WIDE = 108
SPACIOUS = 132
ROOMY = 90
MEDIUM = 68
#: Lines a cell of departments may take.
TALLEST = 6
COLUMNS = ("clause", "measure", "verdict", "amount", "interval", "years", "departments")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where a firm is painted: the report it belongs to and the room there is."""

    report: Report
    width: int

    @property
    def lang(self) -> Lang:
        """The language."""
        return self.report.lang

    @property
    def everything(self) -> bool:
        """Whether what does not apply is shown too."""
        return self.report.everything

    def say(self, key: str, **params: object) -> str:
        """A phrase of `words.show`."""
        return phrase(f"show.{key}", self.lang, **params)


def firm(one: FirmReport, sheet: Sheet) -> Iterator[Block]:
    """A firm's block."""
    yield BLANK
    yield text(parts.name(one), sheet.width, STRONG)
    yield rule(sheet.width)
    yield from _summary(one, sheet)
    notes = view.notes(view.all_shown(one, everything=sheet.everything, year=sheet.report.year))
    yield from _lines(
        "awards", "", one, view.shown(one.awards, everything=sheet.everything, year=sheet.report.year), notes, sheet
    )
    credits_ = view.shown(one.credits, everything=sheet.everything, year=sheet.report.year)
    if credits_:
        yield from _lines("credits", sheet.say("credits_says"), one, credits_, notes, sheet)
    yield from _preferences(one, notes, sheet)
    if unseen := view.hidden_line(one, sheet.lang, everything=sheet.everything):
        yield BLANK
        yield text(unseen, sheet.width, FAINT)
    yield from _totals(one, sheet)
    yield from _missing(one, sheet)
    if notes.texts:
        yield heading(sheet.say("notes"), "", sheet.width)
        for number, note in enumerate(notes.texts, 1):
            yield hanging(f"[{number}]", note, sheet.width, FAINT)


def _summary(one: FirmReport, sheet: Sheet) -> Iterator[Block]:
    lines = parts.summary(one.totals, sheet.lang)
    label = widest([name for name, *_ in lines], 12)
    figure = widest([value for _, value, _ in lines], 28)
    rest = sheet.width - label - figure - 2 * GAP
    for (name, value, says), style in zip(lines, ("green", "", "", "yellow", ""), strict=False):
        if rest >= 3 * label:
            cells = [Cell(name), Cell(value, f"bold {style}".strip()), Cell(says, FAINT)]
            yield row(cells, [label, figure, rest])
        else:
            yield text(f"{name} {value}", sheet.width, style)
            yield below(says, sheet.width, INDENT, FAINT)


def _widths(lines: Sequence[Line], sheet: Sheet) -> list[int]:
    """Widths of the columns: as many of `COLUMNS` as there is room for."""
    lang, wide = sheet.lang, sheet.width >= WIDE
    clause = widest([*(each.reference for each in lines), sheet.say("clause")], 10)
    verdict = widest([figures.verdict(each.verdict, lang) for each in lines], 14)
    most = 22 if sheet.width >= SPACIOUS else 18 if sheet.width >= ROOMY else 16
    amount = widest([*(each.words for each in lines), sheet.say("amount")], most)
    intervals = [figures.interval(*view.amounts(each, sheet.report), lang) for each in lines]
    interval = widest([*intervals, parts.interval_head(sheet.report)], 24 if wide else 20)
    fixed = [clause, verdict, amount, interval]
    if not wide:
        return [clause, sheet.width - sum(fixed) - GAP * 4, verdict, amount, interval]
    years = widest([*(figures.years(each.schedule, lang) for each in lines), sheet.say("years")], 12)
    rest = sheet.width - sum(fixed) - years - GAP * 6
    departments = rest // 2
    widths = [clause, rest - departments, verdict, amount, interval, years, departments]
    return widths if _fits(lines, departments, lang) else [clause, rest + GAP, *widths[2:6]]


def _fits(lines: Sequence[Line], width: int, lang: Lang) -> bool:
    """Whether departments stand well in a column, or would make rows too tall."""
    return all(len(wrap(listed(each.departments_short, lang), width)) <= TALLEST for each in lines)


def _lines(
    name: str, says: str, one: FirmReport, lines: Sequence[Line], notes: view.Notes, sheet: Sheet
) -> Iterator[Block]:
    """A table of awards or credits."""
    yield heading(sheet.say(name), says, sheet.width)
    if not lines:
        yield text(sheet.say("awards_none"), sheet.width)
        return
    if sheet.width < MEDIUM:
        for each in lines:
            yield from _stacked(each, one, notes, sheet)
        return
    widths = _widths(lines, sheet)
    titles = parts.award_heads(COLUMNS[: len(widths)], sheet.report)
    yield row([Cell(title, FAINT) for title in titles], widths)
    yield rule(sheet.width)
    for each in lines:
        yield from _line(each, one, notes, widths, sheet)


def _line(each: Line, one: FirmReport, notes: view.Notes, widths: Sequence[int], sheet: Sheet) -> Iterator[Block]:
    lang = sheet.lang
    faded = FAINT if each.verdict == "no" else ""
    happened = figures.event(each.event, lang, known=each.title)
    dated, asked = len(widths) > COLUMNS.index("years"), len(widths) > COLUMNS.index("departments")
    cells = [
        Cell(each.reference, faded),
        Cell(each.title + _marks(each, notes), faded or STRONG, happened if dated else ""),
        Cell(figures.verdict(each.verdict, lang), STYLES[each.verdict]),
        Cell(each.words, faded),
        Cell(figures.interval(*view.amounts(each, sheet.report), lang), faded or STRONG),
        Cell(figures.years(each.schedule, lang)),
        Cell(listed(each.departments_short, lang), FAINT),
    ]
    yield row(cells[: len(widths)], widths)
    indent = widths[0] + GAP
    if not dated:
        yield below(" · ".join(filter(None, (happened, _years(each, sheet)))), sheet.width, indent, FAINT)
    if not asked:
        yield below(_ask(each, sheet), sheet.width, indent, FAINT)
    yield from _why(each, one, indent, sheet)


def _marks(each: Line | Preference, notes: view.Notes) -> str:
    """The numbers of a row's notes, set apart by a blank."""
    marks = notes.marks(each)
    return f" {marks}" if marks else ""


def _ask(each: Line | Preference, sheet: Sheet) -> str:
    return sheet.say("ask", departments=listed(each.departments_short, sheet.lang))


def _years(each: Line, sheet: Sheet) -> str:
    years = figures.years(each.schedule, sheet.lang)
    return sheet.say("in_years", years=years) if years else ""


def _why(each: Line | Preference, one: FirmReport, indent: int, sheet: Sheet) -> Iterator[Block]:
    for reason in view.why(each, one, sheet.lang):
        yield below(reason, sheet.width, indent, STYLES["unknown"] if each.verdict != "no" else FAINT)
    if document := view.document(each, sheet.report.source.number):
        yield below(sheet.say("rests_on", document=document), sheet.width, indent, FAINT)


def _stacked(each: Line, one: FirmReport, notes: view.Notes, sheet: Sheet) -> Iterator[Block]:
    """An award where there is no room for columns."""
    interval = figures.interval(*view.amounts(each, sheet.report), sheet.lang)
    yield text(figures.heading(each.reference, each.title) + _marks(each, notes), sheet.width, STRONG)
    yield below(f"{figures.verdict(each.verdict, sheet.lang)}  {interval}", sheet.width, INDENT, STYLES[each.verdict])
    yield below(each.words, sheet.width, INDENT)
    happened = figures.event(each.event, sheet.lang, known=each.title)
    yield below(" · ".join(filter(None, (happened, _years(each, sheet)))), sheet.width, INDENT, FAINT)
    yield below(_ask(each, sheet), sheet.width, INDENT, FAINT)
    yield from _why(each, one, INDENT, sheet)


def _preferences(one: FirmReport, notes: view.Notes, sheet: Sheet) -> Iterator[Block]:
    groups = view.preference_groups(one, everything=sheet.everything)
    if not groups:
        return
    yield heading(sheet.say("preferences"), sheet.say("preferences_says"), sheet.width)
    clause = widest([each.reference for _, rows in groups for each in rows], 10)
    for name, rows in groups:
        style = STYLES[rows[0].verdict]
        yield text(parts.group(name, rows[0], sheet.lang), sheet.width, style)
        for each in rows:
            yield from _preference(each, one, notes, clause, sheet)


def _preference(each: Preference, one: FirmReport, notes: view.Notes, clause: int, sheet: Sheet) -> Iterator[Block]:
    indent = INDENT + clause + GAP
    title = each.title + _marks(each, notes)
    if sheet.width < MEDIUM:
        yield below(figures.heading(each.reference, title), sheet.width, INDENT)
        yield below(_ask(each, sheet), sheet.width, 2 * INDENT, FAINT)
        yield from _why(each, one, 2 * INDENT, sheet)
        return
    wide = sheet.width >= WIDE
    title_width = (sheet.width - indent - GAP) // 2 if wide else sheet.width - indent
    cells = [Cell(""), Cell(each.reference), Cell(title), Cell(_ask(each, sheet), FAINT)]
    widths = [0, clause, title_width, sheet.width - indent - title_width - GAP]
    yield row(cells if wide else cells[:3], widths if wide else widths[:3])
    if not wide:
        yield below(_ask(each, sheet), sheet.width, indent, FAINT)
    yield from _why(each, one, indent, sheet)


def _totals(one: FirmReport, sheet: Sheet) -> Iterator[Block]:
    if not one.totals.by_year:
        return
    yield heading(sheet.say("totals"), "", sheet.width)
    heads = parts.totals_heads(sheet.lang)
    *body, last = parts.totals_rows(one, sheet.lang)
    columns = zip(heads, *body, last, strict=True)
    widths = fit([widest(column, sheet.width) for column in columns], sheet.width)
    right = frozenset(range(1, len(widths)))
    yield row([Cell(head, FAINT) for head in heads], widths, right=right)
    for cells in body:
        yield row([Cell(cell, FAINT if cell == "0" else "") for cell in cells], widths, right=right)
    yield rule(sum(widths) + GAP * (len(widths) - 1))
    yield row([Cell(cell, STRONG) for cell in last], widths, right=right)
    for note in parts.totals_notes(one.totals, sheet.lang):
        yield text(note, sheet.width, FAINT)


def _missing(one: FirmReport, sheet: Sheet) -> Iterator[Block]:
    if not one.missing:
        return
    yield heading(sheet.say("missing"), sheet.say("missing_says"), sheet.width)
    rows = parts.missing_rows(one, sheet.lang)
    fact = widest([f"? {title}" for title, *_ in rows], sheet.width // 3)
    stake = widest([stake for _, stake, *_ in rows], sheet.width // 3)
    widths = [fact, stake, sheet.width - fact - stake - 2 * GAP]
    for title, sum_, place, items in rows:
        cells = [Cell(f"? {title}", STYLES["unknown"]), Cell(sum_), Cell(place, FAINT)]
        yield row(cells, widths)
        yield below(sheet.say("decides", items=items), sheet.width, INDENT, FAINT)
