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

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import polars as pl

from ordos_subsidy import cells
from ordos_subsidy.cells import type_of
from ordos_subsidy.cells.spelling import fold, shown
from ordos_subsidy.errors import Problem, problem, warning
from ordos_subsidy.facts import normal
from ordos_subsidy.files.grid import CellValue
from ordos_subsidy.tables.columns import ColumnUse, Given, UntypedTable, is_blank, of_list
from ordos_subsidy.tables.fact_columns import FactColumn, Recognition, default_unit, recognised, settle
from ordos_subsidy.tables.headings import STRANGE, Heading, Headings, lone_unit, sheet_unit, unknown_heading
from ordos_subsidy.tables.layout import NUMBERING, Area, at
from ordos_subsidy.tables.odd_rows import is_closing, is_note, is_numbering, is_organisation, is_total
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
_YEAR_LABELS = ("年度", "年", "年金额", "年数", "年实际", "年度金额", "")


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
    labels: list[_Labels]


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


def read(area: Area, headings: Headings, options: Options) -> list[UntypedTable]:
    """The table of a form: of one row, or of one row a column where firms stand across; and its recognitions."""
    pairs = _pairs(area)
    strips = [_strip(area, [pair for pair in pairs if pair.col == col]) for col in sorted({p.col for p in pairs})]
    default = default_unit(_around(area, pairs))
    across = _firms_across(area, strips, headings)
    found: list[FactColumn] = []

    def place(row: int, key: str) -> str:
        return next((each for each in found if each.heading.fact.key == key), found[0]).place(row)

    table = UntypedTable(area.of, pl.int_range(len(across) or 1, dtype=pl.UInt32, eager=True), place)
    year = _fiscal_year(area, strips, headings) or options.year
    for strip in strips:
        for pair in strip.pairs:
            heading = area.marks[pair.row, pair.col]
            cols = across or _value_cols(area, strip, pair, year)
            if len(cols) > 1 and not across:
                table.problems.append(_ambiguous(area, pair, cols, heading))
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
    heading = area.marks[pair.row, pair.col]
    unit = _unit(area, pair, cols[0] if cols else -1, heading) or default
    given = Given(of_list([at(area.lines, pair.row, col) for col in cols] or [None]), unit)
    given.at = area.place(pair.row, pair.col)
    places = [area.place(pair.row, col) for col in cols or [pair.col]]
    year = heading.year or _year_of(strip, pair, cols)
    return FactColumn(heading, given, places.__getitem__, at(area.lines, pair.row, pair.col), year)


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
    cell = at(area.lines, row, col)
    return not is_blank(cell) and lone_unit(cell) is None


def _labels(area: Area, pairs: list[_Pair]) -> list[_Labels]:
    """The rows of labels above some headings, or among them."""
    col, rows = pairs[0].col, {pair.row for pair in pairs}
    beside = sorted({each for pair in pairs for each in pair.beside})
    looked = [row for row in range(max(0, pairs[0].row - _LABEL_ROWS), pairs[-1].row) if row not in rows]
    found = (_labels_in(row, [(c, at(area.lines, row, c)) for c in beside], at(area.lines, row, col)) for row in looked)
    return [each for each in found if each]


def _value_cols(area: Area, strip: _Strip, pair: _Pair, year: int | None) -> list[int]:
    """The column of a value; none where no column fits, several where more than one does."""
    labels = _governing(strip.labels, pair.row)
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
    labels = _governing(strip.labels, pair.row)
    return labels.years.get(cols[0]) if labels and len(cols) == 1 else None


def _fiscal_year(area: Area, strips: list[_Strip], headings: Headings) -> int | None:
    """The fiscal year that a form states."""
    for strip in strips:
        for pair in strip.pairs:
            fact = area.marks[pair.row, pair.col].fact
            if fact.role == "year":
                notes = {col for each in strip.labels for col in each.notes}
                held = [at(area.lines, pair.row, col) for col in pair.beside if col not in notes]
                reads = [
                    cells.read(fact, each, vocabulary=headings.vocabulary).value for each in held if not is_blank(each)
                ]
                return next((each for each in reads if isinstance(each, int)), None)
    return None


def _ambiguous(area: Area, pair: _Pair, cols: list[int], heading: Heading) -> Problem:
    """A form in which two columns could hold the value."""
    places = "、".join(area.place(pair.row, col) for col in cols)
    fact, given = heading.fact.title, shown(at(area.lines, pair.row, pair.col))
    return problem(
        "fields.two_values", area.place(pair.row, pair.col), given=given, places=places, fact=fact.zh, fact_en=fact.en
    )


def _firms_across(area: Area, strips: list[_Strip], headings: Headings) -> list[int]:
    """The columns of a form in which each is a firm; none where there is one firm only."""
    name = headings.subject("firm")
    pair = (
        next((each for each in strips[0].pairs if area.marks[each.row, each.col].fact == name), None)
        if strips
        else None
    )
    if pair is None or len(strips) > 1 or any(each.values or each.years for each in strips[0].labels):
        return []
    filled = [col for col in pair.beside if not is_blank(at(area.lines, pair.row, col))]
    return filled if len(filled) > 1 and all(is_organisation(at(area.lines, pair.row, col)) for col in filled) else []


# --- units, and what else stands there


def _unit(area: Area, pair: _Pair, value: int, heading: Heading) -> str | None:
    """The unit of one figure: in its heading, in a cell of its own beside it, or in a note beside it."""
    if not cells.type_of(heading.fact).money:
        return heading.unit
    others = [at(area.lines, pair.row, col) for col in pair.beside if col != value]
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
                cell for col in pair.beside if isinstance(cell := at(area.lines, pair.row, col), str) and "单位" in cell
            ]
    return found


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
        valued = row > area.top and _holds(area, row, strip.values)
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
        col = strip.pairs[0].col
        for row in _free_rows(area, strip):
            known = headings.recognition(at(area.lines, row, col)) if row > area.top else None
            cols = across or [strip.values]
            if known and any(_holds(area, row, each) for each in cols):
                values = of_list([at(area.lines, row, each) for each in cols])
                place = lambda n, row=row, cols=cols: area.place(row, cols[n])  # noqa: E731 - one place a value
                found.append(Recognition(*known, values, area.place(row, col), place))
    return found


def _beside(area: Area, strip: _Strip, headings: Headings) -> list[Problem]:
    """A column beside the values that reads like values too: of another firm, or of another year."""
    labelled = {col for each in strip.labels for col in (*each.values, *each.years, *each.notes)}
    cols = sorted({col for pair in strip.pairs for col in pair.beside} - {strip.values, *strip.spare, *labelled})
    found = []
    for col in cols:
        facts = [(pair.row, area.marks[pair.row, pair.col].fact) for pair in strip.pairs if col in pair.beside]
        typed = [(row, fact) for row, fact in facts if fact.type != "text" and _holds(area, row, col)]
        reads = [cells.read(fact, at(area.lines, row, col), vocabulary=headings.vocabulary) for row, fact in typed]
        if len(reads) >= _SUSPECT and not any(each.refused for each in reads) and col > strip.values:
            found.append(warning("reading.beside", area.place(typed[0][0], col)))
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
        elif year := _year(cell):
            years[col] = year
    is_head = isinstance(head, str) and normal(head) in _HEADS
    if not (values or notes or (years and (is_head or len(years) > 1))):
        return None
    return _Labels(row, values, years if is_head or not values else {}, frozenset(notes))


def _year(cell: object) -> int | None:
    """The year that a label is: 2022年, 2022年度, 2022."""
    text = (
        fold(cell)
        if isinstance(cell, str)
        else str(int(cell))
        if isinstance(cell, int | float) and cell == int(cell)
        else ""
    )
    year = text[:4]
    is_year = year.isdecimal() and year.startswith("20") and "".join(text[4:].split()) in _YEAR_LABELS
    return int(year) if is_year else None


def _governing(found: Sequence[_Labels], row: int) -> _Labels | None:
    """The labels that hold for a row: those next above it."""
    return max((each for each in found if each.row < row), key=lambda each: each.row, default=None)
