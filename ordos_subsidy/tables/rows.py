"""A list with its headings across, as a table of columns: which rows are data, which columns are which fact.

What is not data is said, not dropped: totals, notes and section titles, columns nobody knows, two columns for one
fact. Only a column of running numbers, blank rows, rows with nothing but a running number, and headings repeated on a
new page go without a word. A column whose heading names a recognition is a column of events.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence

import polars as pl

from ordos_subsidy.cells import UNITS, type_of
from ordos_subsidy.cells.spelling import shown
from ordos_subsidy.errors import problem, warning
from ordos_subsidy.facts import Vocabulary, normal
from ordos_subsidy.tables.columns import CellColumn, ColumnUse, Given, UntypedTable, is_blank
from ordos_subsidy.tables.fact_columns import FactColumn, Recognition, default_unit, one_of, recognised, settle
from ordos_subsidy.tables.headings import STRANGE, Headings, lone_unit, unknown_heading
from ordos_subsidy.tables.layout import NUMBERING, Area
from ordos_subsidy.tables.odd_rows import ListColumns, judged
from ordos_subsidy.tables.options import Options


def read(area: Area, headings: Headings, options: Options) -> list[UntypedTable]:
    """The table of a list, and that of the events which columns of recognitions hold."""
    vocabulary = headings.vocabulary
    columns = _columns(area, headings)
    notes: list[object] = [cell for row in area.above for cell in row]
    rows, odd = judged(area, columns, headings)
    for row, verdict, cells in odd:
        if verdict == "units":
            columns.units.update({col: unit for col, cell in enumerate(cells) if (unit := lone_unit(cell))})
            continue
        notes += cells
        first = next(col for col, cell in enumerate(cells) if not is_blank(cell))
        columns.problems.append(warning(f"reading.{verdict}_row", area.place(row, first), given=shown(cells[first])))
    noted = default_unit(notes)
    _break_units(columns, noted, vocabulary)
    table = _table(area, columns, rows, noted, headings, options)
    # A row without a name or a kind of its own is broken anyway, and a note decides nothing.
    passed = {fact.key for role in ("name", "kind", "note") if (fact := vocabulary.role(area.of, role))}
    _break_merged(table, area, [col for key, cols in columns.facts.items() if key not in passed for col in cols])
    _excuse_merged(table, area, columns, headings)
    _say_hidden(table, area, columns)
    found = [
        Recognition(*known, _cells(area, col, table.rows), area.place(area.top, col), _placed(area, col, table.rows))
        for col in columns.recognitions
        if (known := headings.recognition(area.head[col]))
    ]
    events, said = recognised(found, vocabulary)
    table.problems += said
    return [table, *events]


def _break_units(columns: ListColumns, noted: str | None, vocabulary: Vocabulary) -> None:
    """Make sums unreadable where a note says yuan and each heading a larger unit: one of them is wrong."""
    money = [col for key, cols in columns.facts.items() if type_of(vocabulary.facts[key]).money for col in cols]
    if noted == "元" and all(UNITS.get(columns.units.get(col) or "", 0) > 1 for col in money):
        columns.units.update(dict.fromkeys(money, STRANGE))


def _columns(area: Area, headings: Headings) -> ListColumns:
    found = ListColumns()
    for col in area.cols:
        cell = area.head[col]
        own = headings.find(area.of, cell)
        firms = headings.find("firm", cell) if area.of == "event" and not own else None
        if own:
            found.facts.setdefault(own.fact.key, []).append(col)
            found.headings[col], found.units[col] = own, own.unit
        elif firms and firms.fact.role in {"name", "id"}:
            found.keys.setdefault(firms.fact.key, []).append(col)
            found.headings[col] = firms
        elif isinstance(cell, str) and normal(cell) in NUMBERING:
            found.numbering.add(col)
        elif area.of == "firm" and not headings.is_mapped(cell) and headings.recognition(cell):
            found.recognitions.append(col)
        elif said := unknown_heading(area.of, cell, area.place(area.top, col), headings):
            found.problems.append(said)
            found.uses.append(ColumnUse(said.where, shown(cell), why=said.code))
        elif is_blank(cell) and area.below(col).filled().any():
            _say_unread(found, area, col, "reading.no_heading")
    _prefer_seen(area, found)
    return found


def _say_unread(found: ListColumns, area: Area, col: int, code: str) -> None:
    """Warn of a column that is not read."""
    at, text = area.place(area.top, col), area.head[col]
    found.problems.append(warning(code, at))
    found.uses.append(ColumnUse(at, "" if is_blank(text) else shown(text), why=code))


def _prefer_seen(area: Area, found: ListColumns) -> None:
    """Of several columns of one fact and year, those that are hidden are not read."""
    hidden = area.sheet.hidden_cols
    for cols in [*found.facts.values(), *found.keys.values()]:
        for col in [col for col in cols if col in hidden]:
            if any(found.headings[each].year == found.headings[col].year for each in cols if each not in hidden):
                cols.remove(col)
                _say_unread(found, area, col, "fields.hidden_column")


def _cells(area: Area, col: int, rows: pl.Series) -> CellColumn:
    """The cells of a column in some rows."""
    column = area.below(col)
    return column if len(rows) == column.height else column.take(rows - (area.top + 1))


def _placed(area: Area, col: int, rows: pl.Series) -> Callable[[int], str]:
    return lambda row: area.place(rows[row], col)


def _table(
    area: Area, columns: ListColumns, rows: pl.Series, unit: str | None, headings: Headings, options: Options
) -> UntypedTable:
    """The table with its facts, those of the right years."""
    at = {key: cols[0] for key, cols in (columns.facts | columns.keys).items()}
    left = min(at.values(), default=area.cols.start)
    table = UntypedTable(
        area.of,
        rows,
        lambda row, key: area.place(row, at.get(key, left)),
        lambda numbers: area.sheet.places(numbers, left),
        problems=columns.problems,
        uses=columns.uses,
    )

    def made(cols: Sequence[int]) -> list[FactColumn]:
        found = []
        for col in cols:
            heading, place = columns.headings[col], area.place(area.top, col)
            given = Given(_cells(area, col, rows), columns.units.get(col) or unit, place)
            found.append(FactColumn(heading, given, _placed(area, col, rows), area.head[col], heading.year))
            table.uses.append(found[-1].use())
        return found

    table.keys = {key: one_of(table, made(cols)) for key, cols in columns.keys.items()}
    own = made([col for cols in columns.facts.values() for col in cols])
    dated = [col for col in columns.known if columns.headings[col].year is not None]
    first = dated[0] if dated else area.cols.start
    settle(table, own, headings.vocabulary, options, area.place(area.top, first))
    order = {area.place(area.top, col): col for col in area.cols}
    table.uses.sort(key=lambda use: order[use.at])
    return table


def _merged_rows(table: UntypedTable, area: Area) -> Iterator[tuple[int, int, range, range]]:
    """The merged cells of a list: the row and column of each, its columns, and the rows of the table that share it."""
    rows = table.rows.to_list() if area.sheet.merged else []
    for top, left, bottom, right in area.sheet.merged:
        first = bisect_left(rows, max(top, area.top + 1))
        last = bisect_right(rows, min(bottom, area.bottom - 1))
        yield top, left, range(left, right + 1), range(first, last)


def _break_merged(table: UntypedTable, area: Area, facts: list[int]) -> None:
    """Break the rows that share a merged cell of some facts: whether it is for each or for all together is not said."""
    for top, left, cols, shared in _merged_rows(table, area):
        own = [col for col in facts if col in cols]
        if len(shared) > 1 and own and not is_blank(area.sheet.column(left, top, top + 1).to_list()[0]):
            table.broken.update(shared)
            table.problems += [problem("reading.merged", area.place(table.rows[row], own[0])) for row in shared]


def _excuse_merged(table: UntypedTable, area: Area, columns: ListColumns, headings: Headings) -> None:
    """Say of rows without a name that the name above is merged over them."""
    name = headings.subject("firm") if area.of == "firm" else None
    names = columns.facts.get(name.key, []) if name else []
    for top, _, cols, shared in _merged_rows(table, area):
        if name and top > area.top and any(col in cols for col in names):
            for row in (each for each in shared if table.rows[each] > top):
                table.excused.add((row, name.key))
                table.broken.add(row)
                table.problems.append(problem("reading.merged_name", area.place(table.rows[row], names[0])))


def _say_hidden(table: UntypedTable, area: Area, columns: ListColumns) -> None:
    """Say how many rows, and which columns, were read though nobody sees them."""
    hidden = area.sheet.hidden_rows
    if hidden and (count := int(table.rows.is_in(sorted(hidden)).sum())):
        table.problems.append(warning("fields.hidden_rows", area.place(min(hidden), area.cols.start), count=count))
    for col in columns.known:
        if col in area.sheet.hidden_cols:
            table.problems.append(warning("fields.hidden_column_read", area.place(area.top, col)))
