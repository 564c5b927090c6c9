"""A form, a heading per row and its value beside it, as a table of one row.

The value stands in the first column beside its heading that is used at all; a column further on holds notes
or units. Where a heading is merged over several cells, its value begins after them. Labels above the
columns (填写内容, 行次, 本期金额, 2022年) settle it where they exist. Several pairs may stand side by side.
Where the names of several organisations stand beside the heading of the name, each column is a firm. What stands
beside the values and could be a value itself is said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import polars as pl

from ordos_subsidy import cells
from ordos_subsidy.cells import type_of
from ordos_subsidy.cells.spelling import shown
from ordos_subsidy.errors import Problem, problem, warning
from ordos_subsidy.facts import Vocabulary, normal
from ordos_subsidy.files.grid import CellValue
from ordos_subsidy.tables import form_columns, years
from ordos_subsidy.tables.columns import ColumnUse, Given, UntypedTable, of_list
from ordos_subsidy.tables.form_columns import Labels
from ordos_subsidy.tables.headings import STRANGE, Heading, Headings, lone_unit, sheet_unit, unknown_heading
from ordos_subsidy.tables.layout import NUMBERING, Area, is_blank
from ordos_subsidy.tables.odd_rows import is_closing, is_note, is_numbering, is_organisation, is_total
from ordos_subsidy.tables.options import Options
from ordos_subsidy.tables.recognitions import Recognition, events
from ordos_subsidy.tables.rows import Where, default_unit, one_of

#: Labels stand at most so many rows above the first heading.
_LABEL_ROWS = 3
#: So many readable figures beside the values are hardly a note.
_SUSPECT = 2


@dataclass(frozen=True)
class _Pair:
    """A heading, and the columns beside it up to the next heading of its row."""

    row: int
    col: int
    beside: range


@dataclass(frozen=True)
class _Strip:
    """The headings below each other in one column, the column of their values, and others that may hold one."""

    pairs: list[_Pair]
    values: int
    spare: frozenset[int]
    labels: list[Labels]


def read(area: Area, where: Where, vocabulary: Vocabulary, headings: Headings, options: Options) -> list[UntypedTable]:
    """The table of a form: of one row, or of one row a column where firms stand across; and its recognitions."""
    pairs = _pairs(area)
    strips = [_strip(area, [pair for pair in pairs if pair.col == col]) for col in sorted({p.col for p in pairs})]
    default = default_unit(_around(area, pairs))
    across = _firms_across(area, strips, vocabulary)
    rows = pl.Series(across or [area.top], dtype=pl.UInt32)
    spots: dict[str, list[list[str]]] = {}
    table = UntypedTable(area.of, rows, lambda row, key: _spot(spots, key, list(rows).index(row)))
    year = _fiscal_year(area, strips, vocabulary) or options.year
    found: dict[str, dict[int | None, list[Given]]] = {}
    for strip in strips:
        for pair in strip.pairs:
            heading = area.marks[pair.row, pair.col]
            cols = across or _value_cols(area, strip, pair, year)
            if len(cols) > 1 and not across:
                table.problems.append(_ambiguous(area, where, pair, cols, heading))
                table.broken.add(0)
                cols = []
            unit = _unit(area, pair, cols[0] if cols else -1, heading) or default
            values = [at(area, pair.row, col) for col in cols] or [None]
            given = Given(of_list(values), unit, where(pair.row, pair.col))
            of_year = heading.year or _year_of(strip, pair, cols)
            found.setdefault(heading.fact.key, {}).setdefault(of_year, []).append(given)
            spots.setdefault(heading.fact.key, []).append([where(pair.row, col) for col in cols or [pair.col]])
            table.uses.append(_use(area, pair, heading, given))
        table.problems += _unknown(area, where, strip, table, vocabulary, headings)
        table.problems += [] if across else _beside(area, where, strip, vocabulary)
    by_year = {
        key: {of: one_of(table, given, _places(spots[key])) for of, given in each.items()}
        for key, each in found.items()
    }
    years.settle(table, by_year, vocabulary, options, where(area.top, pairs[0].col if pairs else 0))
    recognised, said = events(_recognitions(area, where, strips, across, headings), vocabulary)
    table.problems += said
    return [table, recognised] if recognised else [table]


def _spot(spots: dict[str, list[list[str]]], key: str, number: int) -> str:
    places = (spots.get(key) or next(iter(spots.values())))[0]
    return places[min(number, len(places) - 1)]


def _places(spots: list[list[str]]) -> list[Callable[[int], str]]:
    return [partial(lambda places, row: places[min(row, len(places) - 1)], each) for each in spots]


def at(area: Area, row: int, col: int) -> CellValue:
    """A cell, None beyond the sheet's edge."""
    line = area.lines[row]
    return line[col] if 0 <= col < len(line) else None


def _use(area: Area, pair: _Pair, heading: Heading, given: Given) -> ColumnUse:
    counted = given.unit or "" if type_of(heading.fact).money else ""
    values = int(given.cells.filled().sum())
    name = shown(at(area, pair.row, pair.col))
    return ColumnUse(given.at, name, heading.fact.key, counted, year=heading.year, values=values)


def _pairs(area: Area) -> list[_Pair]:
    ends = {(first, left): right for first, left, _, right in area.sheet.merged}
    by_row: dict[int, list[int]] = {}
    for row, col in sorted(area.marks):
        by_row.setdefault(row, []).append(col)
    return [
        _Pair(row, col, range(ends.get((row, col), col) + 1, until))
        for row, cols in by_row.items()
        for col, until in zip(cols, [*cols[1:], len(area.lines[row]) + 1], strict=True)
    ]


# --- which column holds the values


def _strip(area: Area, pairs: list[_Pair]) -> _Strip:
    labels = _labels(area, pairs)
    notes = {col for each in labels for col in each.notes}
    cols = [col for col in sorted({col for pair in pairs for col in pair.beside}) if col not in notes]
    used = {col: {pair.row for pair in pairs if col in pair.beside and _holds(area, pair.row, col)} for col in cols}
    named = [col for each in labels for col in (*each.values, *each.years)]
    first = min((pair.beside.start for pair in pairs), default=0)
    values = next(iter(named), next((col for col in cols if used[col]), first))
    spare = {col for col in cols if col > values and used[col] and not used[col] & used.get(values, set())}
    return _Strip(pairs, values, frozenset(spare if not named else ()), labels)


def _holds(area: Area, row: int, col: int) -> bool:
    """Whether a cell holds what may be a value: a unit alone is none."""
    cell = at(area, row, col)
    return not is_blank(cell) and lone_unit(cell) is None


def _labels(area: Area, pairs: list[_Pair]) -> list[Labels]:
    """The rows of labels above some headings, or among them."""
    col, rows = pairs[0].col, {pair.row for pair in pairs}
    beside = sorted({each for pair in pairs for each in pair.beside})
    looked = [row for row in range(max(0, pairs[0].row - _LABEL_ROWS), pairs[-1].row) if row not in rows]
    found = (form_columns.labels(row, [(c, at(area, row, c)) for c in beside], at(area, row, col)) for row in looked)
    return [each for each in found if each]


def _value_cols(area: Area, strip: _Strip, pair: _Pair, year: int | None) -> list[int]:
    """The column of a value; none where no column fits, several where more than one does."""
    labels = form_columns.governing(strip.labels, pair.row)
    if labels and (labels.values or labels.years):
        if area.marks[pair.row, pair.col].fact.role == "year":
            held = [col for col in (*labels.values, *labels.years) if _holds(area, pair.row, col)]
            return held[:1]
        if not type_of(area.marks[pair.row, pair.col].fact).money:
            held = [col for col in (*labels.values, *labels.years) if _holds(area, pair.row, col)]
            return held if len(held) == 1 else [col for col in labels.choose(year) if col in pair.beside]
        return [col for col in labels.choose(year) if col in pair.beside]
    notes = labels.notes if labels else frozenset()
    col = max(strip.values, pair.beside.start)
    if labels is None and strip.labels:  # above the labels, whatever stands first is the value
        col = next((each for each in pair.beside if _holds(area, pair.row, each)), col)
    if _holds(area, pair.row, col) and col not in notes:
        return [col]
    spare = [each for each in sorted(strip.spare) if each in pair.beside and each not in notes]
    return [next((each for each in spare if _holds(area, pair.row, each)), col)]


def _year_of(strip: _Strip, pair: _Pair, cols: list[int]) -> int | None:
    """The year that the label above a value names."""
    labels = form_columns.governing(strip.labels, pair.row)
    return labels.years.get(cols[0]) if labels and len(cols) == 1 else None


def _fiscal_year(area: Area, strips: list[_Strip], vocabulary: Vocabulary) -> int | None:
    """The fiscal year that a form states."""
    for strip in strips:
        for pair in strip.pairs:
            fact = area.marks[pair.row, pair.col].fact
            if fact.role == "year":
                notes = {col for each in strip.labels for col in each.notes}
                held = [at(area, pair.row, col) for col in pair.beside if col not in notes]
                reads = [cells.read(fact, each, vocabulary=vocabulary).value for each in held if not is_blank(each)]
                return next((each for each in reads if isinstance(each, int)), None)
    return None


def _ambiguous(area: Area, where: Where, pair: _Pair, cols: list[int], heading: Heading) -> Problem:
    """A form in which two columns could hold the value."""
    places = "、".join(where(pair.row, col) for col in cols)
    fact, given = heading.fact.title, shown(at(area, pair.row, pair.col))
    return problem(
        "fields.two_values", where(pair.row, pair.col), given=given, places=places, fact=fact.zh, fact_en=fact.en
    )


def _firms_across(area: Area, strips: list[_Strip], vocabulary: Vocabulary) -> list[int]:
    """The columns of a form in which each is a firm; none where there is one firm only."""
    name = vocabulary.role("firm", "name")
    pair = (
        next((each for each in strips[0].pairs if area.marks[each.row, each.col].fact == name), None)
        if strips
        else None
    )
    if pair is None or len(strips) > 1 or any(each.values or each.years for each in strips[0].labels):
        return []
    filled = [col for col in pair.beside if not is_blank(at(area, pair.row, col))]
    return filled if len(filled) > 1 and all(is_organisation(at(area, pair.row, col)) for col in filled) else []


# --- units, and what else stands there


def _unit(area: Area, pair: _Pair, value: int, heading: Heading) -> str | None:
    """The unit of one figure: in its heading, in a cell of its own beside it, or in a note beside it."""
    if not cells.type_of(heading.fact).money:
        return heading.unit
    others = [at(area, pair.row, col) for col in pair.beside if col != value]
    units = {unit for unit in (heading.unit, *map(lone_unit, others)) if unit}
    if not units:
        units = {unit for cell in others if isinstance(cell, str) and (unit := sheet_unit(cell))}
    return STRANGE if len({cells.UNITS.get(unit) for unit in units}) > 1 else next(iter(units), None)


def _around(area: Area, pairs: list[_Pair]) -> list[CellValue]:
    """The cells of the rows without a heading, where a note may stand, and the notes beside what is no sum."""
    rows = {pair.row for pair in pairs}
    found = [cell for row in range(area.bottom) if row not in rows for cell in area.lines[row]]
    for pair in pairs:
        if not type_of(area.marks[pair.row, pair.col].fact).money:
            found += [
                cell for col in pair.beside if isinstance(cell := at(area, pair.row, col), str) and "单位" in cell
            ]
    return found


def _free_rows(area: Area, strip: _Strip) -> list[int]:
    """The rows of a strip without a heading that was understood, those of labels and notes left out."""
    col = strip.pairs[0].col
    taken = {pair.row for pair in strip.pairs} | {each.row for each in strip.labels}
    free = []
    for row in range(area.bottom):
        cell = at(area, row, col)
        said = isinstance(cell, str) and not (is_blank(cell) or is_note(cell) or is_closing(cell) or is_total(cell))
        line = [each for each in area.lines[row] if not is_blank(each)]
        if row not in taken and said and not is_numbering(line) and normal(str(cell)) not in NUMBERING:
            free.append(row)
    return free


def _unknown(
    area: Area, where: Where, strip: _Strip, table: UntypedTable, vocabulary: Vocabulary, headings: Headings
) -> list[Problem]:
    """Headings that nobody knows, in a column of headings: with a value beside them, or nearly known."""
    found = []
    col = strip.pairs[0].col
    for row in _free_rows(area, strip):
        cell = str(at(area, row, col))
        valued = row > area.top and _holds(area, row, strip.values)
        if (valued and headings.recognition(cell)) or not (valued or headings.near(area.of, cell)):
            continue
        if said := unknown_heading(area.of, cell, where(row, col), vocabulary, headings):
            found.append(said)
            table.uses.append(ColumnUse(said.where, shown(cell), why=said.code))
    return found


def _recognitions(
    area: Area, where: Where, strips: list[_Strip], across: list[int], headings: Headings
) -> list[Recognition]:
    """The rows of a form whose heading is a recognition."""
    found = []
    for strip in strips:
        col = strip.pairs[0].col
        for row in _free_rows(area, strip):
            known = headings.recognition(at(area, row, col)) if row > area.top else None
            cols = across or [strip.values]
            if known and any(_holds(area, row, each) for each in cols):
                values = of_list([at(area, row, each) for each in cols])
                place = lambda n, row=row, cols=cols: where(row, cols[n])  # noqa: E731 - one place a value
                found.append(Recognition(*known, values, where(row, col), place))
    return found


def _beside(area: Area, where: Where, strip: _Strip, vocabulary: Vocabulary) -> list[Problem]:
    """A column beside the values that reads like values too: of another firm, or of another year."""
    labelled = {col for each in strip.labels for col in (*each.values, *each.years, *each.notes)}
    cols = sorted({col for pair in strip.pairs for col in pair.beside} - {strip.values, *strip.spare, *labelled})
    found = []
    for col in cols:
        facts = [(pair.row, area.marks[pair.row, pair.col].fact) for pair in strip.pairs if col in pair.beside]
        typed = [(row, fact) for row, fact in facts if fact.type != "text" and _holds(area, row, col)]
        reads = [cells.read(fact, at(area, row, col), vocabulary=vocabulary) for row, fact in typed]
        if len(reads) >= _SUSPECT and not any(each.refused for each in reads) and col > strip.values:
            found.append(warning("reading.beside", where(typed[0][0], col)))
    return found
