"""What lists and forms have in common: columns of facts, and of recognitions, put together as a table.

Several columns of one fact must agree. A year in a heading makes a column (fact, year). The year of a row is what its
column 所属年度 says; where that is blank, the year that was asked for, or else the latest there is, and the row then is
of that year. What belongs to other years is not read, which is said.

A date under the name of a recognition (自治区企业技术中心) is an event of that kind. Any other mark (√, the number of a
certificate) says that there is something, but not when: it is named as seen and not used, with what to do about it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import polars as pl

from ordos_subsidy import cells
from ordos_subsidy.cells import UNITS, type_of
from ordos_subsidy.cells.figures import figure
from ordos_subsidy.cells.spelling import shown
from ordos_subsidy.errors import Problem, problem, warning
from ordos_subsidy.facts import Choice, Fact, Kind, Vocabulary
from ordos_subsidy.tables.columns import ASSUMED, CellColumn, ColumnUse, Given, UntypedTable, is_blank, of_list
from ordos_subsidy.tables.headings import STRANGE, Heading, sheet_unit
from ordos_subsidy.tables.options import Options
from ordos_subsidy.tables.typing import convert

#: Marks that say there is no recognition.
_NONE = {"否", "无", "×", "✗", "✘", "没有", "不是", "未认定", "n", "no"}


@dataclass(frozen=True)
class FactColumn:
    """The cells under one heading; `place` words that of the n-th cell, `text` is the heading as it is written."""

    heading: Heading
    given: Given
    place: Callable[[int], str]
    text: object
    #: The year that the heading, or a label, names.
    year: int | None = None

    def use(self) -> ColumnUse:
        """What was made of the column."""
        fact, counted = self.heading.fact, self.given.unit or ""
        values = int(self.given.cells.filled().sum())
        unit = counted if type_of(fact).money else ""
        return ColumnUse(self.given.at, shown(self.text), fact.key, unit, year=self.heading.year, values=values)


def default_unit(notes: Iterable[object]) -> str | None:
    """The unit that notes and titles set for all figures; STRANGE where they contradict each other."""
    units = {unit for note in notes if isinstance(note, str) and (unit := sheet_unit(note))}
    return STRANGE if len(units) > 1 else next(iter(units), None)


# --- several columns of one fact


def one_of(table: UntypedTable, columns: Sequence[FactColumn]) -> Given:
    """The cells of a fact; where it has several columns, they must agree, and rows in which they do not are broken."""
    first, *others = columns
    if not others:
        return first.given
    values, unit = first.given.cells.to_list(), first.given.unit
    differing = set()
    for other in others:
        for row, (one, two) in enumerate(zip(values, _counted(other.given, unit), strict=True)):
            if is_blank(one):
                values[row] = two
            elif not is_blank(two) and not _same(one, two, unit):
                differing.add(row)
                table.problems.append(problem("reading.differs", first.place(row), other=other.place(row)))
    if not differing:
        places = "、".join(other.given.at for other in others)
        table.problems.append(warning("reading.twice", first.given.at, others=places))
    table.broken |= differing
    return Given(of_list(values), unit, first.given.at)


def _counted(given: Given, unit: str | None) -> list[object]:
    """The cells of a column, plain numbers with the unit they are counted in where that is not the unit given."""
    values = given.cells.to_list()
    if given.unit == unit:
        return values
    written = given.unit or ASSUMED
    return [f"{value}{written}" if (each := figure(value)) and not each.unit else value for value in values]


def _same(one: object, two: object, unit: str | None) -> bool:
    """Whether two cells say the same, in whatever unit."""
    worth = _worth(one, unit)
    return one == two or (worth is not None and worth == _worth(two, unit))


def _worth(cell: object, unit: str | None) -> Decimal | None:
    """A sum in yuan; None where it is no sum in a unit we know."""
    found = figure(cell)
    factor = UNITS.get(found.unit or unit or ASSUMED) if found else None
    return found.number * factor if found and factor else None


# --- columns of several years


def settle(
    table: UntypedTable, columns: Sequence[FactColumn], vocabulary: Vocabulary, options: Options, at: str
) -> None:
    """Give a table its facts, those of the right years, and its fiscal year where only headings name it."""
    grouped: dict[str, dict[int | None, list[FactColumn]]] = {}
    for each in columns:
        grouped.setdefault(each.heading.fact.key, {}).setdefault(each.year, []).append(each)
    by_year = {key: {year: one_of(table, some) for year, some in years.items()} for key, years in grouped.items()}
    dated = {key: by_year.pop(key) for key in grouped if any(grouped[key])}
    table.facts |= {key: cols[None] for key, cols in by_year.items()}
    if not dated:
        return
    fact = vocabulary.role("firm", "year")
    years = _years(table, fact, vocabulary)
    if fact and None in years:
        filled = options.fill.get(fact.key)
        named = {year for cols in dated.values() for year in cols if year is not None}
        wanted = options.year if options.year in named else max(named)
        years = [(filled if isinstance(filled, int) else wanted) if year is None else year for year in years]
        if filled is None:
            table.facts[fact.key] = Given(of_list(years), at=at)
            table.problems.append(warning("fields.year_from_heading", at, year=wanted))
    for key, cols in dated.items():
        if found := _of_years(table, vocabulary.facts[key], cols, years):
            table.facts[key] = found


def _years(table: UntypedTable, fact: Fact | None, vocabulary: Vocabulary) -> list[int | None]:
    """The fiscal year of each row, as its own column says."""
    if fact is None or fact.key not in table.facts:
        return [None] * table.height
    (column,) = convert(fact, table.facts[fact.key], vocabulary).columns
    return list(column)


def _of_years(
    table: UntypedTable, fact: Fact, cols: dict[int | None, Given], years: Sequence[int | None]
) -> Given | None:
    """The cells of the columns of each row's year; a column without a year stands for any."""
    names = {"fact": fact.title.zh, "fact_en": fact.title.en}
    used = {None} if None in cols else {year for year in years if year in cols}
    table.problems += [warning("fields.other_year", cols[year].at, **names) for year in cols if year not in used]
    if None in cols:
        return cols[None]
    missing = sorted({year for year in years if year is not None and year not in cols})
    if missing and used:
        at = cols[next(iter(used))].at
        table.problems.append(warning("fields.year_without_column", at, year=missing[0], **names))
    if not used:
        return None
    first = cols[max(year for year in used if year is not None)]
    in_one_unit = all(cols[year].unit == first.unit for year in used)
    lists = {year: each.cells.to_list() for year, each in cols.items()}
    values = [
        _with_unit(lists[year][row], None if in_one_unit else cols[year].unit) if year in lists else None
        for row, year in enumerate(years)
    ]
    return replace(first, cells=of_list(values))


def _with_unit(value: object, unit: str | None) -> object:
    """A figure with the unit of its column beside it."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{value}{unit}" if unit and is_number else value


# --- columns of recognitions


@dataclass(frozen=True)
class Recognition:
    """The cells of one column below the name of a kind of event, and the places of its heading and of each cell."""

    kind: Kind
    level: Choice | None
    column: CellColumn
    at: str
    place: Callable[[int], str]


def recognised(found: Sequence[Recognition], vocabulary: Vocabulary) -> tuple[list[UntypedTable], list[Problem]]:
    """The table of events that the dates in such columns are, if there are any, and what is said of the columns.

    The owners are the rows of the table of firms.
    """
    day = vocabulary.role("event", "date")
    columns: dict[str, list[object]] = {"kind": [], "date": [], "level": []}
    owners: list[int] = []
    places: list[str] = []
    said: list[Problem] = []
    for each in found:
        dates, marks = _dated(each.column, day, vocabulary) if day else ([], 0)
        for row, cell in dates:
            columns["kind"].append(each.kind.key)
            columns["date"].append(cell)
            columns["level"].append(each.level.key if each.level else None)
            owners.append(row)
            places.append(each.place(row))
        names = {"kind": each.kind.title.zh, "kind_en": each.kind.title.en}
        for code, count in (("recognition_used", len(dates)), ("recognition_seen", marks)):
            said += [warning(f"fields.{code}", each.at, count=count, **names)] if count else []
    if not owners:
        return [], said
    numbers = pl.int_range(len(owners), dtype=pl.UInt32, eager=True)
    table = UntypedTable("event", numbers, lambda row, _: places[row], owners=owners)
    for role, values in columns.items():
        if fact := vocabulary.role("event", role):
            table.facts[fact.key] = Given(of_list(values), at=found[0].at)
    return [table], said


def _dated(column: CellColumn, day: Fact, vocabulary: Vocabulary) -> tuple[list[tuple[int, object]], int]:
    """The dates of a column, by row, and how many other marks it has."""
    dates: list[tuple[int, object]] = []
    marks = 0
    for row, cell in enumerate(column.to_list()):
        if cell is None or cell is False or (isinstance(cell, str) and cell.strip().casefold() in _NONE):
            continue
        read = cells.Read(None) if isinstance(cell, bool) else cells.read(day, cell, vocabulary=vocabulary)
        if read.value is not None:
            dates.append((row, cell))
        else:
            marks += isinstance(cell, bool) or read.problem is not None
    return dates, marks
