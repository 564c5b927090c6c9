"""A list with its headings across, as a table of columns: which rows are data, which columns are which fact.

What is not data is said, not dropped: totals and notes below the list, columns nobody knows, two columns for one
fact. Only a column of running numbers, blank rows, rows with nothing but a running number, and headings repeated on a
new page go without a word. Each kind of odd row has a mask; only rows whose telling cells could belong to one are
looked at.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

import polars as pl

from ordos_subsidy.cells.figures import UNITS, figure
from ordos_subsidy.cells.spelling import clean, fold, shown
from ordos_subsidy.errors import Problem, problem, warning
from ordos_subsidy.facts import Of, Vocabulary, normal
from ordos_subsidy.files.grid import address, column_letters
from ordos_subsidy.tables.columns import ASSUMED, CellColumn, Given, UntypedTable, constant_column, null_column, of_list
from ordos_subsidy.tables.headings import STRANGE, Headings, lone_unit, sheet_unit
from ordos_subsidy.tables.layout import NUMBERING, Area, is_blank

#: Words for totals are not longer than this.
TOTAL_LENGTH = 16
#: What could be a note or is blank to the eye; how what stands beside a total may end, which few names do; how a word
#: for a total can end: no letter, digit or common ideograph but these.
_LABEL = r"[:：]|^\s*$"
_ODD_END = r"[计均值数家户个项元万亿%lLmMiInN)）\] 　]$"
_TOTAL_END = r"[^0-9A-KN-Za-kn-z\u{3400}-\u{4dbf}\u{4e00}-\u{9fff}]$|[计均值数家户个项]$"
_TOTAL = re.compile(
    r".{0,10}(?:合计|总计|小计|共计)(?:[0-9]+[家户个项])?|平均[值数]?|(?:grand)?total|subtotal|sum", re.IGNORECASE
)
#: A heading of a figure made of two others, which is none of them.
_OF_TWO = re.compile(r"(?:占比|比例|比重|率|强度|增幅)\W*$")
_NOTE = re.compile(
    r"(?:注|备注|说明|其中|填表|填报|制表|审核|负责人|单位负责人|联系人|联系电话|经办人|日期|盖章|note)\w{0,6}\s*[:.]",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Columns:
    """The columns of a table: of its own facts, and, beside events, of the firm's."""

    facts: dict[str, list[int]] = field(default_factory=dict)
    keys: dict[str, list[int]] = field(default_factory=dict)
    units: dict[int, str | None] = field(default_factory=dict)
    numbering: set[int] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    @property
    def known(self) -> list[int]:
        return [col for cols in (*self.facts.values(), *self.keys.values()) for col in cols]


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


def read(area: Area, where: Where, vocabulary: Vocabulary, headings: Headings) -> UntypedTable:
    """The table of a list."""
    columns = _columns(area, where, vocabulary, headings)
    notes = [cell for row in area.lines[: area.top] for cell in row]
    rows, odd = _judged(area, columns, vocabulary)
    for (row, verdict), cells in zip(odd, area.sheet.lines([row for row, _ in odd]), strict=True):
        if verdict == "units":
            columns.units.update({col: unit for col, cell in enumerate(cells) if (unit := lone_unit(cell))})
            continue
        notes += cells
        first = next(col for col, cell in enumerate(cells) if not is_blank(cell))
        columns.problems.append(warning(f"reading.{verdict}_row", where(row, first), given=shown(cells[first])))
    table = _table(area, where, columns, rows, default_unit(notes))
    # A row without a name or a kind of its own is broken anyway, and a note decides nothing.
    passed = {fact.key for role in ("name", "kind", "note") if (fact := vocabulary.role(area.of, role))}
    _break_merged(table, area, where, {key: cols for key, cols in columns.facts.items() if key not in passed})
    return table


def default_unit(notes: Iterable[object]) -> str | None:
    """The unit that notes and titles set for all figures; STRANGE where they contradict each other."""
    units = {unit for note in notes if isinstance(note, str) and (unit := sheet_unit(note))}
    return STRANGE if len(units) > 1 else next(iter(units), None)


def _columns(area: Area, where: Where, vocabulary: Vocabulary, headings: Headings) -> _Columns:
    found = _Columns()
    joins = {fact for role in ("name", "id") if (fact := vocabulary.role("firm", role))}
    for col, cell in enumerate(area.lines[area.top]):
        own = headings.find(area.of, cell)
        firms = headings.find("firm", cell) if area.of == "event" and not own else None
        if own:
            found.facts.setdefault(own.fact.key, []).append(col)
            found.units[col] = own.unit
        elif firms and firms.fact in joins:
            found.keys.setdefault(firms.fact.key, []).append(col)
        elif isinstance(cell, str) and normal(cell) in NUMBERING:
            found.numbering.add(col)
        elif said := unknown_heading(area.of, cell, where(area.top, col), vocabulary, headings):
            found.problems.append(said)
        elif is_blank(cell) and _below(area, col).filled().any():
            found.problems.append(warning("reading.no_heading", where(area.top, col)))
    return found


def unknown_heading(of: Of, cell: object, where: str, vocabulary: Vocabulary, headings: Headings) -> Problem | None:
    """What to say of a heading that is not understood here; None for a blank."""
    if is_blank(cell):
        return None
    text, given = str(cell), shown(cell)
    derived = {normal(name) for fact in vocabulary.facts.values() if fact.ratio for name in fact.names}
    other: Of = "firm" if of == "event" else "event"
    if normal(text) in derived:
        return warning("reading.derived_heading", where, given=given)
    if headings.find(other, text):
        return warning(f"reading.{other}_heading", where, given=given)
    if not _OF_TWO.search(text) and (near := headings.near(of, text)):
        return warning("reading.unknown_heading_near", where, given=given, near=near)
    return warning("reading.unknown_heading", where, given=given)


def _below(area: Area, col: int) -> CellColumn:
    """The cells of a column below the headings."""
    return area.sheet.column(col, area.top + 1, area.bottom)


def _judged(area: Area, columns: _Columns, vocabulary: Vocabulary) -> tuple[pl.Series, list[tuple[int, str]]]:
    """The numbers of the rows of data, and those of totals, notes and units with what they are."""
    telling = sorted(_telling(area, columns, vocabulary)) or columns.known[:1]
    rows = pl.int_range(area.top + 1, max(area.bottom, area.top + 1), dtype=pl.UInt32, eager=True)
    plain = _plain(area, columns, telling)
    if plain.all():
        return rows, []
    numbers = (~plain).arg_true()
    looked = _Looked(area, columns, telling, numbers)
    total, note, data = looked.totals(), looked.notes(), looked.data()
    note &= ~total
    unit = looked.units() if _first_filled(plain, numbers, looked.filled) else None
    if unit is not None and not total[unit] and not note[unit]:
        data[unit] = False
    else:
        unit = None
    data &= ~(total | note)
    odd = [(int(row), "total") for row in numbers.filter(total)] + [(int(row), "note") for row in numbers.filter(note)]
    odd += [(int(numbers[unit]), "units")] if unit is not None else []
    kept = plain.scatter(numbers.filter(data), values=True) if data.any() else plain
    return rows.filter(kept), [(area.top + 1 + row, verdict) for row, verdict in sorted(odd)]


def _plain(area: Area, columns: _Columns, telling: list[int]) -> pl.Series:
    """Which rows are data at first sight: nearly every row is, and two or three of its cells tell."""
    head = {area.lines[area.top][col] for col in telling}
    plain = _below(area, telling[0]).present()
    for col in {min([*columns.known, *columns.numbering]), *telling}:
        text = _below(area, col).text
        if text is not None:
            heading = text.is_in([each for each in head if isinstance(each, str)]).fill_null(value=False)
            plain &= ~(_ends(text, _ODD_END) | those(text, is_total) | heading)
    return plain


def _ends(texts: pl.Series, how: str) -> pl.Series:
    """Where a text is short and ends in some way, or could be a note or a blank."""
    short = (texts.str.len_chars() <= TOTAL_LENGTH) & texts.str.contains(how)
    return (short | texts.str.contains(_LABEL)).fill_null(value=False)


def _first_filled(plain: pl.Series, numbers: pl.Series, filled: pl.Series) -> bool:
    """Whether the first row that is not blank is among some rows."""
    if not filled.any():
        return False
    first = int(numbers[int(filled.arg_true()[0])])
    return not plain.head(first).any()


class _Looked:
    """Rows that are not data at first sight: a mask for each kind of row."""

    def __init__(self, area: Area, columns: _Columns, telling: list[int], numbers: pl.Series) -> None:
        self._area, self._known, self._telling, self._numbers = area, columns.known, telling, numbers
        self._head = area.lines[area.top]
        #: Rows with anything to be seen, and the text that stands first in each.
        self.filled = constant_column(len(numbers), value=False)
        self.first = null_column(len(numbers), pl.String)
        for col in range(area.sheet.width):
            if self.filled.all():
                break
            column = self._column(col)
            new = column.filled() & ~self.filled
            if column.text is not None:
                self.first = column.text.zip_with(new, self.first)
            self.filled |= new

    def _column(self, col: int) -> CellColumn:
        return _below(self._area, col).take(self._numbers)

    def totals(self) -> pl.Series:
        """Where the first cell, or one that tells what a row is, is a word for a total."""
        found = those(self.first, is_total)
        for col in self._telling:
            if (text := self._column(col).text) is not None:
                found |= those(text, is_total)
        return found

    def notes(self) -> pl.Series:
        """Where the first cell is a note."""
        return those(self.first, is_note)

    def units(self) -> int | None:
        """The first row with anything to be seen, if it holds nothing but units."""
        row = int(self.filled.arg_true()[0])
        (cells,) = self._area.sheet.lines([self._area.top + 1 + int(self._numbers[row])])
        return row if all(lone_unit(cell) for cell in cells if not is_blank(cell)) else None

    def data(self) -> pl.Series:
        """Where a column we know holds anything but its own heading."""
        found = constant_column(len(self._numbers), value=False)
        for col in self._known:
            if found.all():
                break
            column = self._column(col)
            own, text, heading = column.filled(), column.text, self._head[col]
            if text is not None and isinstance(heading, str):
                own &= ~(text == heading).fill_null(value=False)
            found |= own
        return found


def those(texts: pl.Series, is_so: Callable[[object], bool]) -> pl.Series:
    """Where a text is a total, or a note: asked of each distinct one that could be."""
    found = [each for each in texts.filter(_ends(texts, _TOTAL_END)).unique() if is_so(each)]
    if not found:
        return constant_column(len(texts), value=False)
    return texts.is_in(found).fill_null(value=False)


def _telling(area: Area, columns: _Columns, vocabulary: Vocabulary) -> set[int]:
    """The columns in which the word for a total may stand."""
    roles = [vocabulary.role(area.of, role) for role in ("name", "kind")]
    own = [col for fact in roles if fact for col in columns.facts.get(fact.key, ())]
    return {*own, *(col for cols in columns.keys.values() for col in cols)}


def is_total(cell: object) -> bool:
    """Whether a cell is a word for a total."""
    return isinstance(cell, str) and len(cell) <= TOTAL_LENGTH and bool(_TOTAL.fullmatch(normal(cell)))


def is_note(cell: object) -> bool:
    """Whether a cell is a note below a table, not the name of a firm."""
    return isinstance(cell, str) and (":" in cell or "：" in cell) and bool(_NOTE.match(fold(cell)))


def _table(area: Area, where: Where, columns: _Columns, rows: pl.Series, unit: str | None) -> UntypedTable:
    at = {key: cols[0] for key, cols in (columns.facts | columns.keys).items()}
    left = min(at.values())
    table = UntypedTable(
        area.of,
        rows,
        lambda row, key: where(row, at.get(key, left)),
        lambda numbers: where.down(numbers, left),
        problems=columns.problems,
    )
    whole = len(rows) == area.bottom - area.top - 1
    numbers = rows if whole else rows - (area.top + 1)
    for mine, theirs in ((columns.facts, table.facts), (columns.keys, table.keys)):
        for key, cols in mine.items():
            given = []
            for col in cols:
                column = _below(area, col)
                found = column if whole else column.take(numbers)
                given.append(Given(found, columns.units.get(col) or unit, where(area.top, col)))
            theirs[key] = one_of(table, given, [partial(lambda col, row: where(rows[row], col), col) for col in cols])
    return table


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
