"""A list with its headings across, as a table of columns: which rows are data, which columns are which fact.

What is not data is said, not dropped: totals, notes and section titles, columns nobody knows, two columns for one
fact. Only a column of running numbers, blank rows, rows with nothing but a running number, and headings repeated on a
new page go without a word. A column whose heading names a recognition is a column of events.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import partial

import polars as pl

from ordos_subsidy.cells import type_of
from ordos_subsidy.cells.figures import UNITS, figure
from ordos_subsidy.cells.spelling import clean, shown
from ordos_subsidy.errors import problem, warning
from ordos_subsidy.facts import Vocabulary, normal
from ordos_subsidy.files.grid import address, column_letters
from ordos_subsidy.tables import years
from ordos_subsidy.tables.columns import (
    ASSUMED,
    ColumnUse,
    Given,
    UntypedTable,
    of_list,
)
from ordos_subsidy.tables.headings import STRANGE, Headings, lone_unit, sheet_unit, unknown_heading
from ordos_subsidy.tables.layout import NUMBERING, Area, is_blank
from ordos_subsidy.tables.options import Options
from ordos_subsidy.tables.recognitions import Recognition, events
from ordos_subsidy.tables.row_verdicts import ListColumns, below, judged


class Where:
    """Words the places of a sheet."""

    def __init__(self, file: str, area: Area, *, sheets: bool) -> None:
        self.prefix = f"{file}!{clean(area.sheet.name)}!" if sheets else f"{file}!"

    def __call__(self, row: int, col: int) -> str:
        """The place of a cell."""
        return self.prefix + address(row, col)

    def down(self, rows: pl.Series, col: int) -> pl.Series:
        """The places of many cells in one column."""
        return (self.prefix + column_letters(col)) + (rows.cast(pl.Int64) + 1).cast(pl.String)


def read(
    area: Area, where: Where, vocabulary: Vocabulary, headings: Headings, options: Options, unit: str | None = None
) -> list[UntypedTable]:
    """The table of a list, and that of the events which columns of recognitions hold.

    `unit` is what the list above it is counted in, where this one says nothing.
    """
    columns = _columns(area, where, vocabulary, headings)
    notes: list[object] = [cell for row in area.above for cell in row]
    rows, odd = judged(area, where, columns, vocabulary)
    for row, verdict, cells in odd:
        if verdict == "units":
            columns.units.update({col: unit for col, cell in enumerate(cells) if (unit := lone_unit(cell))})
            continue
        notes += cells
        first = next(col for col, cell in enumerate(cells) if not is_blank(cell))
        columns.problems.append(warning(f"reading.{verdict}_row", where(row, first), given=shown(cells[first])))
    noted = default_unit(notes) or unit
    _break_units(columns, noted, vocabulary)
    table, by_year = _table(area, where, columns, rows, noted)
    dated = [col for col in columns.known if columns.headings[col].year is not None]
    years.settle(table, by_year, vocabulary, options, where(area.top, dated[0] if dated else area.cols.start))
    order = {where(area.top, col): col for col in area.cols}
    table.uses.sort(key=lambda use: order[use.at])
    # A row without a name or a kind of its own is broken anyway, and a note decides nothing.
    passed = {fact.key for role in ("name", "kind", "note") if (fact := vocabulary.role(area.of, role))}
    _break_merged(table, area, where, {key: cols for key, cols in columns.facts.items() if key not in passed})
    _excuse_merged(table, area, where, columns, vocabulary)
    _say_hidden(table, area, where, columns)
    recognised = [_recognition(area, where, col, table.rows, headings) for col in columns.recognitions]
    found, said = events([each for each in recognised if each], vocabulary)
    table.problems += said
    return [table, found] if found else [table]


def default_unit(notes: Iterable[object]) -> str | None:
    """The unit that notes and titles set for all figures; STRANGE where they contradict each other."""
    units = {unit for note in notes if isinstance(note, str) and (unit := sheet_unit(note))}
    return STRANGE if len(units) > 1 else next(iter(units), None)


def _break_units(columns: ListColumns, noted: str | None, vocabulary: Vocabulary) -> None:
    """Make sums unreadable where a note says yuan and each heading a larger unit: one of them is wrong."""
    money = [col for key, cols in columns.facts.items() if type_of(vocabulary.facts[key]).money for col in cols]
    if noted == "元" and all(UNITS.get(columns.units.get(col) or "", 0) > 1 for col in money):
        columns.units.update(dict.fromkeys(money, STRANGE))


def _columns(area: Area, where: Where, vocabulary: Vocabulary, headings: Headings) -> ListColumns:
    found = ListColumns()
    joins = {fact for role in ("name", "id") if (fact := vocabulary.role("firm", role))}
    for col in area.cols:
        cell = area.head[col]
        own = headings.find(area.of, cell)
        firms = headings.find("firm", cell) if area.of == "event" and not own else None
        if own:
            found.facts.setdefault(own.fact.key, []).append(col)
            found.headings[col], found.units[col] = own, own.unit
        elif firms and firms.fact in joins:
            found.keys.setdefault(firms.fact.key, []).append(col)
            found.headings[col] = firms
        elif isinstance(cell, str) and normal(cell) in NUMBERING:
            found.numbering.add(col)
        elif area.of == "firm" and not headings.is_mapped(cell) and headings.recognition(cell):
            found.recognitions.append(col)
        elif said := unknown_heading(area.of, cell, where(area.top, col), vocabulary, headings):
            found.problems.append(said)
            found.uses.append(ColumnUse(where(area.top, col), shown(cell), why=said.code))
        elif is_blank(cell) and below(area, col).filled().any():
            found.problems.append(warning("reading.no_heading", where(area.top, col)))
            found.uses.append(ColumnUse(where(area.top, col), "", why="reading.no_heading"))
    _prefer_seen(area, where, found)
    return found


def _prefer_seen(area: Area, where: Where, found: ListColumns) -> None:
    """Of several columns of one fact and year, those that are hidden are not read."""
    for cols in [*found.facts.values(), *found.keys.values()]:
        for col in [col for col in cols if col in area.sheet.hidden_cols]:
            twins = [each for each in cols if each not in area.sheet.hidden_cols]
            if any(found.headings[each].year == found.headings[col].year for each in twins):
                found.problems.append(warning("fields.hidden_column", where(area.top, col)))
                cols.remove(col)
                found.uses.append(ColumnUse(where(area.top, col), shown(area.head[col]), why="fields.hidden_column"))


def _table(
    area: Area, where: Where, columns: ListColumns, rows: pl.Series, unit: str | None
) -> tuple[UntypedTable, years.ByYear]:
    """The table without its facts, and these by the year that their headings name."""
    at = {key: cols[0] for key, cols in (columns.facts | columns.keys).items()}
    left = min(at.values(), default=area.cols.start)
    table = UntypedTable(
        area.of,
        rows,
        lambda row, key: where(row, at.get(key, left)),
        lambda numbers: where.down(numbers, left),
        problems=columns.problems,
        uses=columns.uses,
    )
    whole = len(rows) == area.bottom - area.top - 1
    numbers = rows if whole else rows - (area.top + 1)

    def given(col: int) -> Given:
        column = below(area, col)
        cells = column if whole else column.take(numbers)
        made = Given(cells, columns.units.get(col) or unit, where(area.top, col))
        heading = columns.headings[col]
        counted = made.unit or "" if type_of(heading.fact).money else ""
        use = ColumnUse(made.at, shown(area.head[col]), heading.fact.key, counted, year=heading.year)
        use.values = int(cells.filled().sum())
        table.uses.append(use)
        return made

    def joined(cols: Sequence[int]) -> Given:
        return one_of(
            table, [given(col) for col in cols], [partial(lambda col, row: where(rows[row], col), c) for c in cols]
        )

    for key, cols in columns.keys.items():
        table.keys[key] = joined(cols)
    by_year: years.ByYear = {}
    for key, cols in columns.facts.items():
        each = {columns.headings[col].year for col in cols}
        by_year[key] = {year: joined([c for c in cols if columns.headings[c].year == year]) for year in each}
    return table, by_year


def _recognition(area: Area, where: Where, col: int, rows: pl.Series, headings: Headings) -> Recognition | None:
    found = headings.recognition(area.head[col])
    if found is None:
        return None
    column = below(area, col).take(rows - (area.top + 1)) if len(rows) else of_list([])
    return Recognition(*found, column, where(area.top, col), lambda row: where(rows[row], col))


def _excuse_merged(table: UntypedTable, area: Area, where: Where, columns: ListColumns, vocabulary: Vocabulary) -> None:
    """Say of rows without a name that the name above is merged over them."""
    fact = vocabulary.role("firm", "name")
    cols = columns.facts.get(fact.key, []) if fact and area.of == "firm" else []
    rows = table.rows.to_list() if area.sheet.merged and cols else []
    for top, left, bottom, right in area.sheet.merged if rows else ():
        first, last = bisect_left(rows, max(top + 1, area.top + 1)), bisect_right(rows, min(bottom, area.bottom - 1))
        if fact and any(left <= col <= right for col in cols) and top > area.top:
            for row in range(first, last):
                table.excused.add((row, fact.key))
                table.broken.add(row)
                table.problems.append(problem("reading.merged_name", where(rows[row], cols[0])))


def _say_hidden(table: UntypedTable, area: Area, where: Where, columns: ListColumns) -> None:
    """Say how many rows, and which columns, were read though nobody sees them."""
    hidden = area.sheet.hidden_rows
    if hidden and (count := int(table.rows.is_in(sorted(hidden)).sum())):
        table.problems.append(warning("fields.hidden_rows", where(min(hidden), area.cols.start), count=count))
    for col in columns.known:
        if col in area.sheet.hidden_cols:
            table.problems.append(warning("fields.hidden_column_read", where(area.top, col)))


def _break_merged(table: UntypedTable, area: Area, where: Where, facts: dict[str, list[int]]) -> None:
    """Break the rows that share a merged cell of some facts: whether it is for each or for all together is not said."""
    rows = table.rows.to_list() if area.sheet.merged else []
    for top, left, bottom, right in area.sheet.merged:
        first = bisect_left(rows, max(top, area.top + 1))
        last = bisect_right(rows, min(bottom, area.bottom - 1))
        cols = [col for each in facts.values() for col in each if left <= col <= right]
        if last - first > 1 and cols and not is_blank(area.sheet.column(left, top, top + 1).to_list()[0]):
            table.broken |= set(range(first, last))
            table.problems += [problem("reading.merged", where(row, cols[0])) for row in rows[first:last]]


def one_of(table: UntypedTable, given: list[Given], places: Sequence[Callable[[int], str]]) -> Given:
    """The column of a fact; where it has several, they must agree, and rows in which they do not are broken.

    `places` word the cells of each column by their row.
    """
    first = given[0]
    if len(given) == 1:
        return first
    cells = first.cells.to_list()
    differing = set()
    for other, where in zip(given[1:], places[1:], strict=True):
        for row, (one, two) in enumerate(zip(cells, _counted(other, first.unit), strict=True)):
            if is_blank(one):
                cells[row] = two
            elif not is_blank(two) and not _same(one, two, first.unit):
                differing.add(row)
                table.problems.append(problem("reading.differs", places[0](row), other=where(row)))
    if not differing:
        table.problems.append(warning("reading.twice", first.at, others="、".join(other.at for other in given[1:])))
    table.broken |= differing
    return Given(of_list(cells), first.unit, first.at)


def _counted(given: Given, unit: str | None) -> list[object]:
    """The cells of a column, plain numbers with the unit they are counted in where that is not the unit given."""
    cells = given.cells.to_list()
    if given.unit == unit:
        return cells
    written = given.unit or ASSUMED
    return [f"{cell}{written}" if (each := figure(cell)) and not each.unit else cell for cell in cells]


def _same(one: object, two: object, unit: str | None) -> bool:
    """Whether two cells say the same, in whatever unit."""
    worth = _worth(one, unit)
    return one == two or (worth is not None and worth == _worth(two, unit))


def _worth(cell: object, unit: str | None) -> Decimal | None:
    """A sum in yuan; None where it is no sum in a unit we know."""
    found = figure(cell)
    factor = UNITS.get(found.unit or unit or ASSUMED) if found else None
    return found.number * factor if found and factor else None
