"""A form, a heading per row and its value beside it, as a table of one row.

The value stands in the first column beside its heading that is used at all; a column further on holds notes
or units. Where a heading is merged over several cells, its value begins after them. Labels above the
columns (填写内容, 说明) settle it where they exist. Several pairs may stand side by side. What stands beside the
values and could be a value itself is said.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ordos_subsidy import cells
from ordos_subsidy.errors import Problem, warning
from ordos_subsidy.facts import Vocabulary, normal
from ordos_subsidy.tables.columns import Given, UntypedTable, of_list
from ordos_subsidy.tables.headings import STRANGE, Heading, Headings, lone_unit, sheet_unit
from ordos_subsidy.tables.layout import Area, is_blank
from ordos_subsidy.tables.rows import Where, default_unit, is_note, one_of, unknown_heading

_VALUES = {"填写内容", "内容", "填写", "填报内容", "填写值", "值", "数据", "value", "content", "answer", "entry"}
_NOTES = {
    *(
        "说明",
        "填写说明",
        "填报说明",
        "备注",
        "提示",
        "填写提示",
        "要求",
        "填写要求",
        "示例",
        "填写示例",
        "样例",
        "例",
        "单位",
        "计量单位",
    ),
    *("note", "notes", "help", "hint", "guide", "example", "unit", "units", "remarks"),
}


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


def read(area: Area, where: Where, vocabulary: Vocabulary, headings: Headings) -> UntypedTable:
    """The table of one row of a form."""
    pairs = _pairs(area)
    strips = [_strip(area, [pair for pair in pairs if pair.col == col]) for col in sorted({p.col for p in pairs})]
    default = default_unit(_around(area, pairs))
    row = pl.Series([area.top], dtype=pl.UInt32)
    table = UntypedTable(area.of, row, lambda _, key: (spots.get(key) or next(iter(spots.values())))[0][0])
    found: dict[str, list[Given]] = {}
    spots: dict[str, list[list[str]]] = {}
    for strip in strips:
        for pair in strip.pairs:
            heading = area.marks[pair.row, pair.col]
            col = _value_col(area, strip, pair)
            unit = _unit(area, pair, col, heading) or default
            given = Given(of_list([at(area, pair.row, col)]), unit, where(pair.row, pair.col))
            found.setdefault(heading.fact.key, []).append(given)
            spots.setdefault(heading.fact.key, []).append([where(pair.row, col)])
        table.problems += _unknown(area, where, strip, vocabulary, headings)
        table.problems += _beside(area, where, strip, vocabulary)
    for key, each in found.items():
        table.facts[key] = one_of(table, each, [spot.__getitem__ for spot in spots[key]])
    return table


def at(area: Area, row: int, col: int) -> object:
    """A cell, None beyond the sheet's edge."""
    line = area.lines[row]
    return line[col] if col < len(line) else None


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


def _strip(area: Area, pairs: list[_Pair]) -> _Strip:
    labels = _labels(area, pairs)
    cols = [col for col in sorted({col for pair in pairs for col in pair.beside}) if labels.get(col) != "note"]
    used = {col: {pair.row for pair in pairs if col in pair.beside and _holds(area, pair.row, col)} for col in cols}
    named = [col for col in cols if labels.get(col) == "value"]
    first = min((pair.beside.start for pair in pairs), default=0)
    values = next(iter(named), next((col for col in cols if used[col]), first))
    spare = {col for col in cols if col > values and used[col] and not used[col] & used.get(values, set())}
    return _Strip(pairs, values, frozenset(spare if not named else ()))


def _holds(area: Area, row: int, col: int) -> bool:
    """Whether a cell holds what may be a value: a unit alone is none."""
    cell = at(area, row, col)
    return not is_blank(cell) and lone_unit(cell) is None


def _labels(area: Area, pairs: list[_Pair]) -> dict[int, str]:
    """What the labels above the columns beside some headings say of them: value or note."""
    found: dict[int, str] = {}
    top = pairs[0].row
    for row in range(max(0, top - _LABEL_ROWS), top):
        for col in pairs[0].beside:
            cell = at(area, row, col)
            name = normal(cell) if isinstance(cell, str) else ""
            if name in _VALUES or name in _NOTES:
                found[col] = "value" if name in _VALUES else "note"
    return found


def _value_col(area: Area, strip: _Strip, pair: _Pair) -> int:
    col = max(strip.values, pair.beside.start)
    if _holds(area, pair.row, col):
        return col
    return next((each for each in sorted(strip.spare) if each in pair.beside and _holds(area, pair.row, each)), col)


def _unit(area: Area, pair: _Pair, value: int, heading: Heading) -> str | None:
    """The unit of one figure: in its heading, in a cell of its own beside it, or in a note beside it."""
    if not cells.type_of(heading.fact).money:
        return heading.unit
    others = [at(area, pair.row, col) for col in pair.beside if col != value]
    units = {unit for unit in (heading.unit, *map(lone_unit, others)) if unit}
    if not units:
        units = {unit for cell in others if isinstance(cell, str) and (unit := sheet_unit(cell))}
    return STRANGE if len({cells.UNITS.get(unit) for unit in units}) > 1 else next(iter(units), None)


def _around(area: Area, pairs: list[_Pair]) -> list[object]:
    """The cells of the rows without a heading, where a note may stand."""
    rows = {pair.row for pair in pairs}
    return [cell for row in range(area.bottom) if row not in rows for cell in area.lines[row]]


def _unknown(area: Area, where: Where, strip: _Strip, vocabulary: Vocabulary, headings: Headings) -> list[Problem]:
    """Headings that nobody knows, in a column of headings: with a value beside them, or nearly known."""
    rows, col = {pair.row for pair in strip.pairs}, strip.pairs[0].col
    found = []
    for row in set(range(area.bottom)) - rows:
        cell = at(area, row, col)
        if isinstance(cell, str) and not is_blank(cell) and not is_note(cell):
            valued = row > area.top and _holds(area, row, strip.values)
            if valued or headings.near(area.of, cell):
                found.append(unknown_heading(area.of, cell, where(row, col), vocabulary, headings))
    return [each for each in found if each]


def _beside(area: Area, where: Where, strip: _Strip, vocabulary: Vocabulary) -> list[Problem]:
    """A column beside the values that reads like values too: of another firm, or of another year."""
    labels = _labels(area, strip.pairs)
    cols = sorted({col for pair in strip.pairs for col in pair.beside} - {strip.values, *strip.spare, *labels})
    found = []
    for col in cols:
        facts = [(pair.row, area.marks[pair.row, pair.col].fact) for pair in strip.pairs if col in pair.beside]
        typed = [(row, fact) for row, fact in facts if fact.type != "text" and _holds(area, row, col)]
        reads = [cells.read(fact, at(area, row, col), vocabulary=vocabulary) for row, fact in typed]
        if len(reads) >= _SUSPECT and not any(each.refused for each in reads) and col > strip.values:
            found.append(warning("reading.beside", where(typed[0][0], col)))
    return found
