"""Where in a sheet the data are: the firms (as a form or as a table) and the events, found by their headings.

A form has a heading per row and its value beside it; a table has its headings across. What tells them apart
is which way the headings run. Anything may stand above them: titles, notes, blank rows. A sheet may hold
the firm's form and below it the table of events. The names that our own templates give to their sheets
decide only where several sheets could be meant.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Literal

from ordos_subsidy.cells.spelling import fold
from ordos_subsidy.facts import Of, Vocabulary, normal
from ordos_subsidy.files.raw import Cell, Sheet
from ordos_subsidy.firms.headings import Heading, Headings
from ordos_subsidy.words import Lang, phrase

#: Headings stand within so many rows and columns.
LOOK_ROWS = 200
LOOK_COLS = 400

#: The heading of a column that counts the rows.
NUMBERING = {"序号", "编号", "行号", "no", "no.", "#", "number"}
#: How the names of organisations end.
_ORGANISATIONS = (
    *("公司", "集团", "企业", "厂", "研究院", "研究所", "设计院", "医院", "学院", "大学", "学校", "中心", "实验室"),
    *("合作社", "协会", "学会", "基金会", "事务所", " ltd", " limited", " inc", " corp", " company", " institute"),
    *(" university", " college", " hospital", " centre", " center"),
)

LANGS: tuple[Lang, ...] = ("zh", "en")
Shape = Literal["form", "table"]
#: Understood headings by row and column.
Marks = dict[tuple[int, int], Heading]


@dataclass(frozen=True)
class Area:
    """A part of a sheet that holds firms or events: rows `top` (of the first heading) up to `bottom`."""

    sheet: Sheet
    of: Of
    shape: Shape
    top: int
    bottom: int
    marks: Marks = field(repr=False)

    def has(self, key: str) -> bool:
        """Whether a fact has a heading here."""
        return any(each.fact.key == key for each in self.marks.values())


def called(sheet: Sheet, *keys: str) -> bool:
    """Whether a sheet bears one of the names that our templates use, copies of it ("… (2)") included."""
    name = normal(sheet.name)
    names = {normal(phrase(f"reading.{key}", lang)) for key in keys for lang in LANGS}
    return name in names or any(name.startswith(f"{each}(") for each in names)


def is_explanation(sheet: Sheet) -> bool:
    """Whether a sheet is one of the example and explanation pages of our templates."""
    return called(sheet, "sheet_example", "sheet_guide")


def is_blank(cell: object) -> bool:
    """Whether a cell holds nothing to be seen."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def areas(sheet: Sheet, vocabulary: Vocabulary, headings: Headings) -> list[Area]:
    """The areas of a sheet: at most one of firms, and one of events below it."""
    found = []
    bottom = len(sheet.rows)
    if (top := _event_row(sheet, vocabulary, headings)) is not None:
        found.append(_table(sheet, "event", top, bottom, headings))
        bottom = top
    if firm := _firm_area(sheet, vocabulary, headings, bottom):
        found.insert(0, firm)
    return found


def _marks(sheet: Sheet, of: Of, headings: Headings, first: int, last: int) -> Marks:
    return {
        (row, col): heading
        for row in range(first, min(last, first + LOOK_ROWS, len(sheet.rows)))
        for col, cell in enumerate(sheet.rows[row][:LOOK_COLS])
        if (heading := headings.find(of, cell))
    }


def _event_row(sheet: Sheet, vocabulary: Vocabulary, headings: Headings) -> int | None:
    """The first row with the heading of the kind and another heading; failing that, with the kind's alone.

    A title may read like the kind's heading; the true headings then stand further down.
    """
    kind = vocabulary.role("event", "kind")
    alone = None
    for row, cells in enumerate(sheet.rows[:LOOK_ROWS]):
        if not any((found := headings.find("event", cell)) and found.fact == kind for cell in cells[:LOOK_COLS]):
            continue
        known = [cell for cell in cells if headings.find_either("event", cell)]
        if len(known) > 1:
            return row
        if alone is None and _is_list(sheet.rows[row:]):
            alone = row
    return alone


def _is_list(rows: list[list[Cell]]) -> bool:
    """Whether some rows hold nothing but one column."""
    return len({col for cells in rows for col, cell in enumerate(cells) if not is_blank(cell)}) == 1


def _firm_area(sheet: Sheet, vocabulary: Vocabulary, headings: Headings, bottom: int) -> Area | None:
    marks = _marks(sheet, "firm", headings, 0, bottom)
    name = vocabulary.role("firm", "name")
    facts = {each.fact.key for each in marks.values()}
    if not facts or (len(facts) == 1 and name and name.key not in facts):
        return None
    by_row, by_col = _facts_along(marks, 0), _facts_along(marks, 1)
    row, across = max(by_row.items(), key=lambda each: len(each[1]))
    down = max(map(len, by_col.values()))
    listed = len(marks) == 1 and _heads_a_list(sheet, *next(iter(marks)), bottom, headings)
    if not listed and _is_form(sheet, marks, row, len(across), down, bottom):
        return Area(sheet, "firm", "form", min(by_row), bottom, marks)
    return _table(sheet, "firm", row, bottom, headings)


def _table(sheet: Sheet, of: Of, top: int, bottom: int, headings: Headings) -> Area:
    """A table with its headings in one row: of headings merged over several rows, or standing in two, the last."""
    spans = [(first, last) for first, _, last, _ in sheet.merged if first <= top <= last and last > first]
    lowest = max((last for _, last in spans if last < bottom), default=top)
    under = [cell for cell in sheet.rows[lowest] if headings.find(of, cell)] if lowest > top else []
    if spans and (lowest == top or under):
        rows = [*sheet.rows]
        above = range(lowest, min(first for first, _ in spans) - 1, -1)
        rows[lowest] = [_heading(sheet, above, col, of, headings) for col in range(len(rows[lowest]))]
        sheet, top = replace(sheet, rows=rows), lowest
    return Area(sheet, of, "table", top, bottom, _marks(sheet, of, headings, top, top + 1))


def _heading(sheet: Sheet, rows: range, col: int, of: Of, headings: Headings) -> Cell:
    """The heading of a column: of the cells above one another the lowest that is known, else the lowest there is."""
    cells = [sheet.rows[row][col] for row in rows]
    known = (cell for cell in cells if headings.find_either(of, cell))
    return next(known, None) or next((cell for cell in cells if not is_blank(cell)), None)


def _facts_along(marks: Marks, axis: int) -> dict[int, set[str]]:
    """The facts named in each row (axis 0) or column (axis 1)."""
    facts: dict[int, set[str]] = defaultdict(set)
    for at, heading in marks.items():
        facts[at[axis]].add(heading.fact.key)
    return dict(sorted(facts.items()))


def _is_form(sheet: Sheet, marks: Marks, row: int, across: int, down: int, bottom: int) -> bool:
    """Whether headings run down, one or a few pairs of heading and value a row.

    In a form some column holds two headings or more. In a table none does, unless its headings are repeated on
    every printed page: then all facts stand in one row.
    """
    every = len({each.fact.key for each in marks.values()})
    if down > 1:
        return down >= across or every > across
    beside = [(r, c + 1) for r, c in marks if r == row]
    valued = all(at not in marks and not is_blank(_at(sheet, *at)) for at in beside)
    below = any(not is_blank(cell) for cells in sheet.rows[row + 1 : bottom] for cell in cells)
    return valued and (across == 1 or not below)


def _heads_a_list(sheet: Sheet, row: int, col: int, bottom: int, headings: Headings) -> bool:
    """Whether the only heading we know, that of the name, stands among headings across, and not before its value.

    Two columns of a workbook of which only one heading is known may as well be a form: then a number to count by, or
    the names of organisations below the heading instead of beside it, tell that they are a list.
    """
    beside = _at(sheet, row, col + 1)
    if headings.find("event", beside):
        return True
    under = [cell for below in range(row + 1, bottom) if not is_blank(cell := _at(sheet, below, col))]
    wide = any(not is_blank(cell) for cell in sheet.rows[row][col + 2 :])
    counted = any(isinstance(cell, str) and normal(cell) in NUMBERING for cell in sheet.rows[row][:col])
    if wide or counted or not sheet.name:
        return bool(under)
    return sum(map(_is_organisation, under)) > len(under) // 2 and not _is_organisation(beside)


def _is_organisation(cell: object) -> bool:
    """Whether a cell ends as the names of organisations do, whatever is added in brackets."""
    if not isinstance(cell, str):
        return False
    name = fold(cell).casefold().rstrip(".")
    while name.endswith(")") and "(" in name:
        name = name[: name.rindex("(")].rstrip()
    return name.endswith(_ORGANISATIONS)


def _at(sheet: Sheet, row: int, col: int) -> object:
    return sheet.rows[row][col] if col < len(sheet.rows[row]) else None
