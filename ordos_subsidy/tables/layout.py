"""Where in a book the data are: the firms (as a form or as a list) and the events, found by their headings.

A form has a heading per row and its value beside it; a list has its headings across. What tells them apart
is which way the headings run. Anything may stand above them: titles, notes, blank rows. A sheet may hold
the firm's form and below it the table of events. Headings met again further down, in another order or unit, begin
a list of their own, and so do headings that stand twice side by side. The names that our own templates give to
their sheets decide only where several sheets could be meant: then the others are passed over, and said. Hidden
sheets, and the example and explanation pages of templates, are never read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from ordos_subsidy.cells.spelling import clean
from ordos_subsidy.errors import Problem, warning
from ordos_subsidy.facts import Of, normal
from ordos_subsidy.files.grid import CellValue
from ordos_subsidy.messages import Lang, phrase
from ordos_subsidy.tables.columns import is_blank
from ordos_subsidy.tables.headings import Heading, Headings, is_organisation, sheet_unit

if TYPE_CHECKING:
    from ordos_subsidy.tables.columns import CellColumn, SheetColumns

#: Headings stand within so many rows and columns.
LOOK_ROWS = 200
LOOK_COLS = 400

#: Titles and notes above the headings of a further list stand in so many rows, with so many texts in each.
_TITLE_ROWS, _TITLE_CELLS = 3, 2

#: The heading of a column that counts the rows.
NUMBERING = {"序号", "编号", "行号", "no", "no.", "#", "number"}

_LANGS: tuple[Lang, ...] = ("zh", "en")
Shape = Literal["form", "list"]
#: Understood headings by row and column.
Marks = dict[tuple[int, int], Heading]


@dataclass(frozen=True, eq=False)
class Area:
    """The rows of a sheet that hold firms or events: from `top` (of the first heading) up to `bottom`.

    `lines` are the rows that were looked at: all of them for a form, the first ones for a list. Of a list, `head` are
    its headings, `above` the rows over them that belong to it, and `cols` its columns.
    """

    sheet: SheetColumns = field(repr=False)
    lines: list[list[CellValue]] = field(repr=False)
    of: Of
    shape: Shape
    top: int
    bottom: int
    marks: Marks = field(repr=False)
    head: list[CellValue] = field(repr=False, default_factory=list)
    above: list[list[CellValue]] = field(repr=False, default_factory=list)
    cols: range = range(0)

    def place(self, row: int, col: int) -> str:
        """The place of a cell."""
        return self.sheet.place(row, col)

    def below(self, col: int) -> CellColumn:
        """The cells of a column below the headings of a list."""
        return self.sheet.column(col, self.top + 1, self.bottom)


def _called(sheet: SheetColumns, *keys: str) -> bool:
    """Whether a sheet bears one of the names that our templates use, copies of it ("… (2)") included."""
    name = normal(sheet.name)
    names = {normal(phrase(f"reading.{key}", lang)) for key in keys for lang in _LANGS}
    return name in names or any(name.startswith(f"{each}(") for each in names)


def _is_explanation(sheet: SheetColumns) -> bool:
    return _called(sheet, "sheet_example", "sheet_guide")


_PREFERRED: dict[Of, str] = {"firm": "sheet_firms", "event": "sheet_events"}


def chosen(name: str, sheets: Sequence[SheetColumns], headings: Headings) -> tuple[list[Area], list[Problem]]:
    """The areas of firms, then of events, that count in a book, and what is to be said about its sheets."""
    found = [area for sheet in sheets if not _is_explanation(sheet) for area in _areas(sheet, headings)]
    taken: list[Area] = []
    problems = _without_headings(name, sheets, found)
    for of, preferred in _PREFERRED.items():
        own = [area for area in found if area.of == of]
        whole = [area for area in own if _is_whole(area, headings)]
        visible = [area for area in whole if not area.sheet.hidden]
        counted = [area for area in visible if _called(area.sheet, preferred)] or visible
        taken += counted or [area for area in own if not area.sheet.hidden]
        for area in whole:
            if area not in taken:
                code = f"reading.sheet_{'hidden' if area.sheet.hidden else 'passed_over'}"
                problems.append(warning(code, f"{name}!{clean(area.sheet.name)}"))
    return taken, problems


def _without_headings(name: str, sheets: Sequence[SheetColumns], found: list[Area]) -> list[Problem]:
    """Sheets that go on with a list, of which not even the headings are there: they are not read."""
    lists = {area.sheet.name for area in found if area.of == "firm"}
    said = []
    for sheet in sheets:
        if sheet.hidden or not lists or sheet.name in {area.sheet.name for area in found} or _is_explanation(sheet):
            continue
        rows = [row for row in sheet.head if any(is_organisation(cell) for cell in row)]
        if rows and len(rows) * 2 >= sum(any(not is_blank(cell) for cell in row) for row in sheet.head):
            said.append(warning("reading.sheet_without_headings", f"{name}!{clean(sheet.name)}"))
    return said


def _is_whole(area: Area, headings: Headings) -> bool:
    """Whether an area has the heading without which its rows mean nothing; a list of answers has not."""
    subject = headings.subject(area.of)
    if subject is None:
        return True
    has_subject = any(each.fact == subject for each in area.marks.values())
    return has_subject and (area.of == "firm" or len(area.marks) > 1 or not area.sheet.hidden)


def _areas(sheet: SheetColumns, headings: Headings) -> list[Area]:
    """The areas of a sheet: firms, and events below them; several lists where headings are met again."""
    found = _areas_of(sheet, sheet.head, headings)
    if len(sheet.head) < sheet.height and any(area.shape == "form" and area.bottom == sheet.height for area in found):
        found = _areas_of(sheet, sheet.lines(range(sheet.height)), headings)
    parted = [part for area in found for part in _parted(area, headings)]
    return [side for area in parted for side in _side_by_side(area, headings)]


def _parted(area: Area, headings: Headings) -> list[Area]:
    """A list, and the lists below it that begin with headings of their own."""
    if area.shape == "form" or area.sheet.first:  # a Parquet file has its headings outside its rows
        return [area]
    parts, latest = [area], area
    for row in _further_heads(area, headings):
        (cells,) = area.sheet.lines([row])
        understood, before = (_understood(area.of, line, headings) for line in (cells, latest.head))
        above = area.sheet.lines(range(max(latest.top + 1, row - _TITLE_ROWS), row))
        while not all(map(_is_title, above)):
            above = above[1:]
        has_unit = any(isinstance(cell, str) and sheet_unit(cell) for line in above for cell in line)
        if len(understood) < 2 or (understood == before and not has_unit):  # noqa: PLR2004 - one word may be a name
            continue
        marks = {(row, col): heading for col, heading in understood.items()}
        parts[-1] = replace(latest, bottom=row - len(above))
        latest = replace(area, top=row, marks=marks, head=cells, above=above)
        parts.append(latest)
    return parts


def _understood(of: Of, cells: list[CellValue], headings: Headings) -> dict[int, Heading]:
    return {col: found for col, cell in enumerate(cells) if (found := headings.find_either(of, cell))}


def _further_heads(area: Area, headings: Headings) -> list[int]:
    """The rows below the headings in which the heading of the name, or of the kind, stands again.

    Where it is an answer to what its column asks (企业 below 单位类型) it is no heading.
    """
    fact = headings.subject(area.of)
    spellings = ("{}", "*{}", "{}*", "{} *", "{}：")
    names = [each.format(name) for name in (fact.names if fact else ()) for each in spellings]
    rows: set[int] = set()
    for col in area.cols[:LOOK_COLS]:
        text = area.below(col).text if area.bottom > area.top + 1 else None
        asks = headings.find_either(area.of, area.head[col])
        sought = [name for name in names if not (asks and normal(name) in asks.fact.answers)]
        if text is not None and (met := text.is_in(sought)).any():
            rows.update(area.top + 1 + row for row in met.arg_true())
    return sorted(rows)


def _is_title(line: list[CellValue]) -> bool:
    """Whether a row could be a title or a note above headings: blank, or a text or two that are no organisation."""
    filled = [cell for cell in line if not is_blank(cell)]
    return len(filled) <= _TITLE_CELLS and all(isinstance(cell, str) and not is_organisation(cell) for cell in filled)


def _side_by_side(area: Area, headings: Headings) -> list[Area]:
    """A list printed in halves side by side, as several; the list itself where it is none."""
    fact = headings.subject(area.of)
    if area.shape == "form":
        return [area]
    names = [col for col in area.cols if (found := headings.find(area.of, area.head[col])) and found.fact == fact]
    lead = next((col for col in area.cols if not is_blank(area.head[col])), 0) - names[0] if names else 0
    halves = [range(*each) for each in pairwise([*(col + lead for col in names), area.cols.stop])]
    groups = {tuple(normal(str(area.head[c])) for c in half if not is_blank(area.head[c])) for half in halves}
    is_one = len(halves) <= 1 or len(groups) > 1 or len(set(map(len, halves[:-1]))) > 1
    return [area] if is_one else [replace(area, cols=half) for half in halves]


def _areas_of(sheet: SheetColumns, lines: list[list[CellValue]], headings: Headings) -> list[Area]:
    found = []
    bottom = len(lines)
    if (top := _event_row(lines, headings)) is not None:
        found.append(_list(sheet, lines, "event", top, bottom, headings))
        bottom = top
    if firm := _firm_area(sheet, lines, headings, bottom):
        found.insert(0, firm)
    whole = len(lines)
    return [replace(area, bottom=sheet.height) if area.bottom == whole else area for area in found]


def _marks(lines: list[list[CellValue]], of: Of, headings: Headings, first: int, last: int) -> Marks:
    return {
        (row, col): heading
        for row in range(first, min(last, first + LOOK_ROWS, len(lines)))
        for col, cell in enumerate(lines[row][:LOOK_COLS])
        if (heading := headings.find(of, cell))
    }


def _event_row(lines: list[list[CellValue]], headings: Headings) -> int | None:
    """The first row with the heading of the kind and another heading; failing that, with the kind's alone.

    A title may read like the kind's heading; the true headings then stand further down.
    """
    kind = headings.subject("event")
    alone = None
    for row, cells in enumerate(lines[:LOOK_ROWS]):
        if not any((found := headings.find("event", cell)) and found.fact == kind for cell in cells[:LOOK_COLS]):
            continue
        known = [cell for cell in cells if headings.find_either("event", cell)]
        if len(known) > 1:
            return row
        if alone is None:
            filled = {col for line in lines[row:] for col, cell in enumerate(line) if not is_blank(cell)}
            alone = row if len(filled) == 1 else None
    return alone


def _firm_area(sheet: SheetColumns, lines: list[list[CellValue]], headings: Headings, bottom: int) -> Area | None:
    marks = _certain(_marks(lines, "firm", headings, 0, bottom), lines, headings.vocabulary.answers)
    name = headings.subject("firm")
    facts = {each.fact.key for each in marks.values()}
    if not facts or (len(facts) == 1 and name and name.key not in facts):
        return None
    by_row, by_col = _facts_along(marks, 0), _facts_along(marks, 1)
    row, across = max(by_row.items(), key=lambda each: len(each[1]))
    down = max(map(len, by_col.values()))
    one = next(iter(marks)) if len(marks) == 1 else None
    listed = one is not None and _heads_a_list(lines[:bottom], *one, headings, is_text=not sheet.name)
    if not listed and _is_form(lines[:bottom], marks, row, len(across), down):
        return Area(sheet, lines, "firm", "form", min(by_row), bottom, _without_answers(marks, by_col))
    return _list(sheet, lines, "firm", row, bottom, headings)


def _certain(marks: Marks, lines: list[list[CellValue]], answers: frozenset[str]) -> Marks:
    """Headings without the words that may as well be answers (企业), unless these stand in a row of headings.

    Where there is no other heading at all, that is the first row with anything in it.
    """
    sure = {at: each for at, each in marks.items() if normal(str(lines[at[0]][at[1]])) not in answers}
    first = next((row for row, cells in enumerate(lines) if not all(map(is_blank, cells))), 0)
    rows = {row for row, _ in sure} or {first}
    return {at: each for at, each in marks.items() if at in sure or at[0] in rows}


def _without_answers(marks: Marks, by_col: dict[int, set[str]]) -> Marks:
    """The headings of a form without answers that read like one (规上): they stand right beside a true heading."""
    return {
        (row, col): each
        for (row, col), each in marks.items()
        if (row, col - 1) not in marks or len(by_col[col - 1]) <= len(by_col[col])
    }


def _list(sheet: SheetColumns, lines: list[list[CellValue]], of: Of, top: int, bottom: int, headings: Headings) -> Area:
    """A list with its headings in one row: of headings merged over several rows, or standing in two, the last."""
    spans = [(first, last) for first, _, last, _ in sheet.merged if first <= top <= last and last > first]
    lowest = max((last for _, last in spans if last < bottom), default=top)
    under = [cell for cell in lines[lowest] if headings.find(of, cell)] if lowest > top else []
    if spans and (lowest == top or under):
        lines = [*lines]
        above = range(lowest, min(first for first, _ in spans) - 1, -1)
        lines[lowest] = [_heading(lines, above, col, of, headings) for col in range(len(lines[lowest]))]
        top = lowest
    marks = _marks(lines, of, headings, top, top + 1)
    return Area(sheet, lines, of, "list", top, bottom, marks, lines[top], lines[:top], range(sheet.width))


def _heading(lines: list[list[CellValue]], rows: range, col: int, of: Of, headings: Headings) -> CellValue:
    """The heading of a column: of the cells above one another the lowest that is known, else the lowest there is."""
    cells = [lines[row][col] for row in rows]
    known = (cell for cell in cells if headings.find_either(of, cell))
    return next(known, None) or next((cell for cell in cells if not is_blank(cell)), None)


def _facts_along(marks: Marks, axis: int) -> dict[int, set[str]]:
    """The facts named in each row (axis 0) or column (axis 1)."""
    facts: dict[int, set[str]] = defaultdict(set)
    for at, heading in marks.items():
        facts[at[axis]].add(heading.fact.key)
    return dict(sorted(facts.items()))


def _is_form(lines: list[list[CellValue]], marks: Marks, row: int, across: int, down: int) -> bool:
    """Whether headings run down, one or a few pairs of heading and value a row.

    In a form some column holds two headings or more. In a list none does, unless its headings are repeated on
    every printed page: then all facts stand in one row.
    """
    every = len({each.fact.key for each in marks.values()})
    if down > 1:
        rows = {r for r, _ in marks}
        all_across = rows == {r for r, c in marks if (r, c + 1) in marks}  # they head lists below one another
        return not all_across and (down >= across or every > across)
    beside = [(r, c + 1) for r, c in marks if r == row]
    valued = all(spot not in marks and not is_blank(at(lines, *spot)) for spot in beside)
    below = any(not is_blank(cell) for cells in lines[row + 1 :] for cell in cells)
    return valued and (across == 1 or not below)


def _heads_a_list(lines: list[list[CellValue]], row: int, col: int, headings: Headings, *, is_text: bool) -> bool:
    """Whether the only heading we know, that of the name, stands among headings across, and not before its value.

    Two columns of a workbook of which only one heading is known may as well be a form: then a number to count by, or
    the names of organisations below the heading instead of beside it, tell that they are a list.
    """
    beside = at(lines, row, col + 1)
    unread = isinstance(beside, str) and (headings.why_unread("firm", beside) or headings.why_unread("event", beside))
    if headings.find("event", beside) or unread or (isinstance(beside, str) and normal(beside) in NUMBERING):
        return True
    under = [cell for line in lines[row + 1 :] if col < len(line) and not is_blank(cell := line[col])]
    wide = any(not is_blank(cell) for cell in lines[row][col + 2 :])
    counted = any(isinstance(cell, str) and normal(cell) in NUMBERING for cell in lines[row][:col])
    if wide or counted or is_text:
        return bool(under)
    return sum(map(is_organisation, under)) > len(under) // 2 and not is_organisation(beside)


def at(lines: list[list[CellValue]], row: int, col: int) -> CellValue:
    """A cell, None beyond the sheet's edge."""
    return lines[row][col] if 0 <= col < len(lines[row]) else None
