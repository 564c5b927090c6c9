"""A form, a heading per row and its value beside it, as a table of one row.

The value stands in the first column beside its heading that is used at all; a column further on holds notes
or units. Where a heading is merged over several cells, its value begins after them. Several pairs may stand side by
side. Where the names of several organisations stand beside the heading of the name, each column is a firm. What stands
beside the values and could be a value itself is said.

Statements and statistics forms label their columns in a row of their own (项目 | 行次 | 本期金额 | 上期金额). A column
of line numbers, codes or units is never one of values. Of several columns of values the one that fits is taken: that of
the fiscal year, else of the whole year so far, else of the period; where two fit alike, nobody can tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import polars as pl

from ordos_subsidy import cells
from ordos_subsidy.cells import type_of
from ordos_subsidy.cells.spelling import fold, shown
from ordos_subsidy.errors import Problem, problem, warning
from ordos_subsidy.facts import normal
from ordos_subsidy.files.grid import CellValue
from ordos_subsidy.tables.columns import ColumnUse, Given, UntypedTable, is_blank, of_list
from ordos_subsidy.tables.fact_columns import FactColumn, Recognition, default_unit, recognised, settle
from ordos_subsidy.tables.headings import (
    STRANGE,
    Heading,
    Headings,
    is_organisation,
    lone_unit,
    sheet_unit,
    unknown_heading,
)
from ordos_subsidy.tables.layout import NUMBERING, Area, at
from ordos_subsidy.tables.odd_rows import is_closing, is_note, is_numbering, is_total
from ordos_subsidy.tables.options import Options

#: Labels stand at most so many rows above the first heading.
_LABEL_ROWS = 3
#: So many readable figures beside the values are hardly a note.
_SUSPECT = 2


#: Labels of columns, the better the later they stand: of any value, of the period, of the year so far.
_VALUES = (
    {
        *("填写内容", "内容", "填写", "填报内容", "填写值", "值", "数据", "填报数据", "value", "content", "answer"),
        *("entry", "数量", "金额", "数值", "实际", "实际数", "发生额", "合计", "数额", "amount"),
    },
    {
        *("本期", "本期金额", "本期数", "本期发生额", "本年", "本年金额", "本年数", "本年度", "本年实际", "本年发生额"),
        *("当年", "当期", "本年度金额", "本年发生数", "报告期", "年度金额", "全年", "全年数"),
    },
    {
        *("本年累计", "本年累计金额", "本年累计数", "累计金额", "本年累计发生额", "全年累计", "1-12月"),
        *("1—12月", "1-12月累计"),
    },
)
#: Labels of columns that hold no values, or those of another time.
_NOTES = {
    *("说明", "填写说明", "填报说明", "备注", "提示", "填写提示", "要求", "填写要求", "示例", "填写示例", "样例", "例"),
    *("单位", "计量单位", "金额单位", "行次", "行号", "代码", "指标代码", "序号", "编号", "栏次", "勾稽关系"),
    *("审核关系", "note", "notes", "help", "hint", "guide", "example", "unit", "units", "remarks", "line", "code"),
    *("上期", "上期金额", "上期数", "上期发生额", "上年", "上年金额", "上年数", "上年同期", "上年同期数", "上年实际"),
    *("上年度", "去年", "去年同期", "期初", "期初余额", "期初数", "年初", "年初数", "年初余额", "期末", "期末余额"),
    *("期末数", "本月", "本月金额", "本月数", "增减", "增减额", "增减率", "增长率", "增幅", "同比", "同比增长"),
    *("同比增减", "比上年增长", "预算", "预算数", "计划", "计划数"),
}
_HEADS = {"项目", "指标", "指标名称", "填写项目", "内容", "项目名称", "科目", "科目名称", "填报项目", "item"}
#: A label that is a year: 2022年, 2022年度, 2022.
_YEAR = re.compile(r"(20[0-9]{2})(?:年度?(?:金额)?|年数|年实际)?")


@dataclass(frozen=True)
class _Pair:
    """A heading, the first column beside it, and the cells there up to the next heading of its row, by column."""

    row: int
    col: int
    heading: Heading
    start: int
    cells: dict[int, CellValue]

    @cached_property
    def held(self) -> list[int]:
        """The columns that hold what may be a value."""
        return [col for col, cell in self.cells.items() if _is_value(cell)]

    @property
    def is_money(self) -> bool:
        """Whether the value is a sum."""
        return type_of(self.heading.fact).money


@dataclass(frozen=True)
class _Labels:
    """The labels of a form in one row, by column: the rank of a column of values, or the year it is of."""

    row: int
    values: dict[int, int] = field(default_factory=dict)
    years: dict[int, int] = field(default_factory=dict)
    notes: frozenset[int] = frozenset()

    def choose(self, year: int | None) -> list[int]:
        """The columns that fit best for a fiscal year (None: not known); several where there is no telling."""
        if self.years:
            wanted = year if year in self.years.values() else None
            if wanted is None and year is not None:
                return []
            wanted = max(self.years.values()) if wanted is None else wanted
            return [col for col, each in self.years.items() if each == wanted]
        best = max(self.values.values(), default=0)
        return [col for col, rank in self.values.items() if rank == best]


@dataclass(frozen=True)
class _Strip:
    """The headings below each other in one column, the column of their values, and others that may hold one."""

    pairs: list[_Pair]
    values: int
    spare: list[int]
    labels: list[_Labels]

    def governing(self, pair: _Pair) -> _Labels | None:
        """The labels that hold for a pair: those next above it."""
        return max((each for each in self.labels if each.row < pair.row), key=lambda each: each.row, default=None)


def read(area: Area, headings: Headings, options: Options) -> list[UntypedTable]:
    """The table of a form: of one row, or of one row a column where firms stand across; and its recognitions."""
    pairs = _pairs(area)
    strips = [_strip(area, [pair for pair in pairs if pair.col == col]) for col in sorted({p.col for p in pairs})]
    default = default_unit(_around(area, pairs))
    across = _firms_across(strips, headings)
    found: list[FactColumn] = []

    def place(row: int, key: str) -> str:
        return next((each for each in found if each.heading.fact.key == key), found[0]).place(row)

    table = UntypedTable(area.of, pl.int_range(len(across) or 1, dtype=pl.UInt32, eager=True), place)
    year = _fiscal_year(strips, headings) or options.year
    for strip in strips:
        for pair in strip.pairs:
            cols = across or _value_cols(strip, pair, year)
            if len(cols) > 1 and not across:
                table.problems.append(_ambiguous(area, pair, cols))
                table.broken.add(0)
                cols = []
            found.append(_fact_column(area, strip, pair, cols, default))
            table.uses.append(found[-1].use())
        table.problems += _unknown(area, strip, table, headings)
        table.problems += [] if across else _beside(area, strip, headings)
    settle(table, found, headings.vocabulary, options, area.place(area.top, pairs[0].col if pairs else 0))
    events, said = recognised(_recognitions(area, strips, across, headings), headings.vocabulary)
    table.problems += said
    return [table, *events]


def _fact_column(area: Area, strip: _Strip, pair: _Pair, cols: list[int], default: str | None) -> FactColumn:
    """The values of a pair, in some columns; none where there is no telling which."""
    values = of_list([pair.cells.get(col) for col in cols] or [None])
    given = Given(values, _unit(pair, cols) or default, area.place(pair.row, pair.col))
    places = [area.place(pair.row, col) for col in cols or [pair.col]]
    labels = strip.governing(pair)
    labelled = labels.years.get(cols[0]) if labels and len(cols) == 1 else None
    text = at(area.lines, pair.row, pair.col)
    return FactColumn(pair.heading, given, places.__getitem__, text, pair.heading.year or labelled)


def _pairs(area: Area) -> list[_Pair]:
    ends = {(first, left): right for first, left, _, right in area.sheet.merged}
    by_row: dict[int, list[int]] = {}
    for row, col in sorted(area.marks):
        by_row.setdefault(row, []).append(col)
    pairs = []
    for row, cols in by_row.items():
        for col, until in pairwise([*cols, len(area.lines[row]) + 1]):
            start = ends.get((row, col), col) + 1
            beside = {each: at(area.lines, row, each) for each in range(start, until)}
            pairs.append(_Pair(row, col, area.marks[row, col], start, beside))
    return pairs


# --- which column holds the values


def _is_value(cell: object) -> bool:
    """Whether a cell holds what may be a value: a unit alone is none."""
    return not is_blank(cell) and lone_unit(cell) is None


def _strip(area: Area, pairs: list[_Pair]) -> _Strip:
    labels = _labels(area, pairs)
    notes = {col for each in labels for col in each.notes}
    used: dict[int, set[int]] = {}
    for pair in pairs:
        for col in pair.held:
            if col not in notes:
                used.setdefault(col, set()).add(pair.row)
    named = [col for each in labels for col in (*each.values, *each.years)]
    values = next(iter(named), min(used, default=min((pair.start for pair in pairs), default=0)))
    spare = [col for col in sorted(used) if col > values and not used[col] & used.get(values, set())]
    return _Strip(pairs, values, [] if named else spare, labels)


def _labels(area: Area, pairs: list[_Pair]) -> list[_Labels]:
    """The rows of labels above some headings, or among them."""
    col, rows = pairs[0].col, {pair.row for pair in pairs}
    beside = sorted({each for pair in pairs for each in pair.cells})
    looked = [row for row in range(max(0, pairs[0].row - _LABEL_ROWS), pairs[-1].row) if row not in rows]
    found = (_labels_in(row, [(c, at(area.lines, row, c)) for c in beside], at(area.lines, row, col)) for row in looked)
    return [each for each in found if each]


def _value_cols(strip: _Strip, pair: _Pair, year: int | None) -> list[int]:
    """The column of a value; none where no column fits, several where more than one does."""
    labels = strip.governing(pair)
    if labels and (labels.values or labels.years):
        held = [col for col in (*labels.values, *labels.years) if col in pair.held]
        if pair.heading.fact.role == "year":
            return held[:1]
        fitting = [col for col in labels.choose(year) if col in pair.cells]
        return held if len(held) == 1 and not pair.is_money else fitting
    notes = labels.notes if labels else frozenset()
    col = max(strip.values, pair.start)
    if labels is None and strip.labels:  # above the labels, whatever stands first is the value
        col = next(iter(pair.held), col)
    if col in pair.held and col not in notes:
        return [col]
    return [next((each for each in strip.spare if each in pair.held and each not in notes), col)]


def _fiscal_year(strips: list[_Strip], headings: Headings) -> int | None:
    """The fiscal year that a form states."""
    for strip in strips:
        notes = {col for each in strip.labels for col in each.notes}
        for pair in strip.pairs:
            if pair.heading.fact.role == "year":
                held = [cell for col, cell in pair.cells.items() if col not in notes]
                reads = (cells.read(pair.heading.fact, each, vocabulary=headings.vocabulary).value for each in held)
                return next((each for each in reads if isinstance(each, int)), None)
    return None


def _ambiguous(area: Area, pair: _Pair, cols: list[int]) -> Problem:
    """A form in which two columns could hold the value."""
    where, places = area.place(pair.row, pair.col), "、".join(area.place(pair.row, col) for col in cols)
    fact, given = pair.heading.fact.title, shown(at(area.lines, pair.row, pair.col))
    return problem("fields.two_values", where, given=given, places=places, fact=fact.zh, fact_en=fact.en)


def _firms_across(strips: list[_Strip], headings: Headings) -> list[int]:
    """The columns of a form in which each is a firm; none where there is one firm only."""
    if len(strips) != 1 or any(each.values or each.years for each in strips[0].labels):
        return []
    pair = next((each for each in strips[0].pairs if each.heading.fact == headings.subject("firm")), None)
    filled = {col: cell for col, cell in pair.cells.items() if not is_blank(cell)} if pair else {}
    return list(filled) if len(filled) > 1 and all(map(is_organisation, filled.values())) else []


# --- units, and what else stands there


def _unit(pair: _Pair, cols: list[int]) -> str | None:
    """The unit of one figure: in its heading, in a cell of its own beside it, or in a note beside it."""
    if not pair.is_money:
        return pair.heading.unit
    others = [cell for col, cell in pair.cells.items() if col not in cols[:1]]
    units = {unit for unit in (pair.heading.unit, *map(lone_unit, others)) if unit}
    if not units:
        units = {unit for cell in others if isinstance(cell, str) and (unit := sheet_unit(cell))}
    return STRANGE if len({cells.UNITS.get(unit) for unit in units}) > 1 else next(iter(units), None)


def _around(area: Area, pairs: list[_Pair]) -> list[CellValue]:
    """The cells of the rows without a heading, where a note may stand, and the notes beside what is no sum."""
    rows = {pair.row for pair in pairs}
    found = [cell for row in range(area.bottom) if row not in rows for cell in area.lines[row]]
    beside = [cell for pair in pairs if not pair.is_money for cell in pair.cells.values()]
    return found + [cell for cell in beside if isinstance(cell, str) and "单位" in cell]


def _free_rows(area: Area, strip: _Strip) -> list[int]:
    """The rows of a strip without a heading that was understood, those of labels and notes left out."""
    col = strip.pairs[0].col
    taken = {pair.row for pair in strip.pairs} | {each.row for each in strip.labels}
    free = []
    for row in range(area.bottom):
        cell = at(area.lines, row, col)
        said = isinstance(cell, str) and not (is_blank(cell) or is_note(cell) or is_closing(cell) or is_total(cell))
        line = [each for each in area.lines[row] if not is_blank(each)]
        if row not in taken and said and not is_numbering(line) and normal(str(cell)) not in NUMBERING:
            free.append(row)
    return free


def _unknown(area: Area, strip: _Strip, table: UntypedTable, headings: Headings) -> list[Problem]:
    """Headings that nobody knows, in a column of headings: with a value beside them, or nearly known."""
    found = []
    col = strip.pairs[0].col
    for row in _free_rows(area, strip):
        cell = str(at(area.lines, row, col))
        valued = row > area.top and _is_value(at(area.lines, row, strip.values))
        if (valued and headings.recognition(cell)) or not (valued or headings.near(area.of, cell)):
            continue
        if said := unknown_heading(area.of, cell, area.place(row, col), headings):
            found.append(said)
            table.uses.append(ColumnUse(said.where, shown(cell), why=said.code))
    return found


def _recognitions(area: Area, strips: list[_Strip], across: list[int], headings: Headings) -> list[Recognition]:
    """The rows of a form whose heading is a recognition."""
    found = []
    for strip in strips:
        col, cols = strip.pairs[0].col, across or [strip.values]
        for row in _free_rows(area, strip):
            known = headings.recognition(at(area.lines, row, col)) if row > area.top else None
            values = [at(area.lines, row, each) for each in cols]
            if known and any(map(_is_value, values)):
                places = [area.place(row, each) for each in cols]
                found.append(Recognition(*known, of_list(values), area.place(row, col), places.__getitem__))
    return found


def _beside(area: Area, strip: _Strip, headings: Headings) -> list[Problem]:
    """A column beside the values that reads like values too: of another firm, or of another year."""
    labelled = {col for each in strip.labels for col in (*each.values, *each.years, *each.notes)}
    cols = sorted({col for pair in strip.pairs for col in pair.held} - {*strip.spare, *labelled})
    found = []
    for col in (each for each in cols if each > strip.values):
        typed = [pair for pair in strip.pairs if col in pair.held and pair.heading.fact.type != "text"]
        reads = [cells.read(each.heading.fact, each.cells[col], vocabulary=headings.vocabulary) for each in typed]
        if len(reads) >= _SUSPECT and not any(each.refused for each in reads):
            found.append(warning("reading.beside", area.place(typed[0].row, col)))
    return found


# --- the labels above the columns


def _labels_in(row: int, cells: Iterable[tuple[int, object]], head: object) -> _Labels | None:
    """The labels in some cells of a row, given with their columns; None where it has none.

    `head` is the cell above the headings of the form. A year alone is a label only where the row is one of labels.
    """
    values: dict[int, int] = {}
    years: dict[int, int] = {}
    notes: set[int] = set()
    for col, cell in cells:
        name = normal(cell) if isinstance(cell, str) else ""
        rank = next((rank for rank, names in enumerate(_VALUES) if name in names), None)
        if rank is not None:
            values[col] = rank
        elif name in _NOTES:
            notes.add(col)
        elif year := _YEAR.fullmatch("".join(fold(shown(cell)).split())):
            years[col] = int(year[1])
    is_head = isinstance(head, str) and normal(head) in _HEADS
    if not (values or notes or (years and (is_head or len(years) > 1))):
        return None
    return _Labels(row, values, years if is_head or not values else {}, frozenset(notes))
