"""Columns of one fact for several years: which of them belongs to the fiscal year of each row.

A year in a heading makes a column (fact, year). The year of a row is what its column 所属年度 says; where that
is blank, the year that was asked for, or else the latest there is, and the row then is of that year. What belongs to
other years is not read, which is said.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ordos_subsidy.errors import Problem, warning
from ordos_subsidy.tables.columns import Given, UntypedTable, of_list
from ordos_subsidy.tables.typing import convert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ordos_subsidy.facts import Fact, Vocabulary
    from ordos_subsidy.tables.options import Options

#: The columns of a fact by year; None for those whose heading names none.
ByYear = dict[str, dict[int | None, Given]]


def settle(table: UntypedTable, given: ByYear, vocabulary: Vocabulary, options: Options, at: str) -> None:
    """Give a table the columns of the right years, its fiscal year where the headings name it, and say so."""
    fact = vocabulary.role("firm", "year")
    dated = {key: cols for key, cols in given.items() if any(year is not None for year in cols)}
    for key, cols in given.items():
        if key not in dated:
            table.facts[key] = cols[None]
    if not dated:
        return
    years = _years(table, fact, vocabulary)
    wanted = _wanted(dated, options, fact)
    if fact and any(year is None for year in years):
        filled: list[int | None] = [wanted if year is None else year for year in years]
        if options.fill.get(fact.key) is None:
            table.facts[fact.key] = Given(of_list(filled), at=at)
            table.problems.append(warning("fields.year_from_heading", at, year=wanted))
        years = filled
    for key, cols in dated.items():
        fact_ = vocabulary.facts[key]
        found, problems = _chosen(fact_, cols, years)
        table.problems += problems
        if found:
            table.facts[key] = found


def _years(table: UntypedTable, fact: Fact | None, vocabulary: Vocabulary) -> list[int | None]:
    """The fiscal year of each row, as its own column says."""
    if fact is None or fact.key not in table.facts:
        return [None] * table.height
    (column,) = convert(fact, table.facts[fact.key], vocabulary).columns
    years: list[int | None] = column.to_list()
    return years


def _wanted(dated: ByYear, options: Options, fact: Fact | None) -> int:
    """The year for rows that name none: the one given for all, the one asked for if it has columns, or the latest."""
    years = {year for cols in dated.values() for year in cols if year is not None}
    filled = options.fill.get(fact.key) if fact else None
    if isinstance(filled, int):
        return filled
    return options.year if options.year in years else max(years)


def _chosen(
    fact: Fact, cols: dict[int | None, Given], years: Sequence[int | None]
) -> tuple[Given | None, list[Problem]]:
    """The cells of the columns of each row's year; a column without a year stands for any."""
    names = {"fact": fact.title.zh, "fact_en": fact.title.en}
    if None in cols:
        others = [each for year, each in cols.items() if year is not None]
        return cols[None], [warning("fields.other_year", each.at, **names) for each in others]
    lists = {year: each.cells.to_list() for year, each in cols.items()}
    values = [lists[year][row] if year in lists else None for row, year in enumerate(years)]
    used = {year for year in years if year in lists}
    unused = [each for year, each in cols.items() if year not in used]
    said = [warning("fields.other_year", each.at, **names) for each in unused]
    missing = sorted({year for year in years if year is not None and year not in lists})
    if missing and used:
        said.append(warning("fields.year_without_column", cols[next(iter(used))].at, year=missing[0], **names))
    if not used:
        return None, said
    first = cols[min(used, key=lambda year: -(year or 0))]
    if len(used) > 1 and any(each.unit != first.unit for year, each in cols.items() if year in used):
        values = _in_units(values, cols, years)
    return replace(first, cells=of_list(values)), said


def _in_units(values: list[object], cols: dict[int | None, Given], years: Sequence[int | None]) -> list[object]:
    """Figures of columns in different units, with their units beside them."""
    units = {year: each.unit or "" for year, each in cols.items()}
    return [
        f"{value}{units.get(year, '')}" if isinstance(value, int | float) and not isinstance(value, bool) else value
        for value, year in zip(values, years, strict=True)
    ]
