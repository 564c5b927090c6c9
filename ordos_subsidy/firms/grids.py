"""A table with its headings across, as columns of cells: which rows are data, which columns are which fact.

What is not data is said, not dropped: totals and notes below the table, columns nobody knows, two columns
for one fact. Only a column of running numbers, blank rows, rows with nothing but a running number, and
headings repeated on a new page go without a word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

from ordos_subsidy.cells.figures import UNITS, figure
from ordos_subsidy.cells.spelling import clean, fold, shown
from ordos_subsidy.errors import Problem, problem, warning
from ordos_subsidy.facts import Of, Vocabulary, normal
from ordos_subsidy.files.raw import Cell, address, column_letters
from ordos_subsidy.firms.headings import STRANGE, Headings, lone_unit, sheet_unit
from ordos_subsidy.firms.layout import NUMBERING, Area, is_blank
from ordos_subsidy.firms.records import ASSUMED, Raw, Records

#: Words for totals are not longer than this.
TOTAL_LENGTH = 16
#: How a total, a label or a unit may end.
_ODD_ENDS = tuple("计均值数家户个项元万亿%lLmMiInN)）] :：　")
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
    """Names the places of a sheet."""

    def __init__(self, file: str, area: Area, *, sheets: bool) -> None:
        self.prefix = f"{file}!{clean(area.sheet.name)}!" if sheets else f"{file}!"

    def __call__(self, row: int, col: int) -> str:
        """The place of a cell."""
        return self.prefix + address(row, col)

    def down(self, rows: Iterable[int], col: int) -> list[str]:
        """The places of many cells in one column."""
        start = self.prefix + column_letters(col)
        return [f"{start}{row + 1}" for row in rows]


def read(area: Area, where: Where, vocabulary: Vocabulary, headings: Headings) -> Records:
    """The records of a table."""
    columns = _columns(area, where, vocabulary, headings)
    notes = [cell for row in area.sheet.rows[: area.top] for cell in row]
    kept = []
    for row, verdict in _judged(area, columns, vocabulary):
        if verdict == "data":
            kept.append(row)
            continue
        cells = area.sheet.rows[row]
        if verdict == "units":
            columns.units.update({col: unit for col, cell in enumerate(cells) if (unit := lone_unit(cell))})
            continue
        notes += cells
        first = next(col for col, cell in enumerate(cells) if not is_blank(cell))
        columns.problems.append(warning(f"reading.{verdict}_row", where(row, first), given=shown(cells[first])))
    records = _records(area, where, columns, kept, default_unit(notes))
    # A row without a name or a kind of its own is broken anyway, and a note decides nothing.
    passed = {fact.key for role in ("name", "kind", "note") if (fact := vocabulary.role(area.of, role))}
    _break_merged(records, area, where, {key: cols for key, cols in columns.facts.items() if key not in passed}, kept)
    return records


def default_unit(notes: Iterable[object]) -> str | None:
    """The unit that notes and titles set for all figures; STRANGE where they contradict each other."""
    units = {unit for note in notes if isinstance(note, str) and (unit := sheet_unit(note))}
    return STRANGE if len(units) > 1 else next(iter(units), None)


def _columns(area: Area, where: Where, vocabulary: Vocabulary, headings: Headings) -> _Columns:
    found = _Columns()
    joins = {fact for role in ("name", "id") if (fact := vocabulary.role("firm", role))}
    for col, cell in enumerate(area.sheet.rows[area.top]):
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
        elif is_blank(cell) and any(not is_blank(row[col]) for row in area.sheet.rows[area.top + 1 : area.bottom]):
            found.problems.append(warning("reading.no_heading", where(area.top, col)))
    return found


def unknown_heading(of: Of, cell: object, where: str, vocabulary: Vocabulary, headings: Headings) -> Problem | None:
    """What to say of a heading that is not understood here; None for a blank."""
    if is_blank(cell):
        return None
    text, given = str(cell), shown(cell)
    derived = {normal(name) for fact in vocabulary.facts.values() if fact.type == "ratio" for name in fact.names}
    other: Of = "firm" if of == "event" else "event"
    if normal(text) in derived:
        return warning("reading.derived_heading", where, given=given)
    if headings.find(other, text):
        return warning(f"reading.{other}_heading", where, given=given)
    if not _OF_TWO.search(text) and (near := headings.near(of, text)):
        return warning("reading.unknown_heading_near", where, given=given, near=near)
    return warning("reading.unknown_heading", where, given=given)


def _judged(area: Area, columns: _Columns, vocabulary: Vocabulary) -> Iterator[tuple[int, str]]:
    """The rows below the headings that hold anything: data, units, total or note."""
    head, below = area.sheet.rows[area.top], area.sheet.rows[area.top + 1 : area.bottom]
    telling = sorted(_telling(area, columns, vocabulary)) or columns.known[:1]
    first = True
    for row, (cells, plain) in enumerate(zip(below, _plain(below, head, columns, telling), strict=True), area.top + 1):
        if plain:
            yield row, "data"
        elif verdict := _verdict(cells, head, columns, telling, first):
            yield row, verdict
        first = first and not plain and all(map(is_blank, cells))


def _plain(below: list[list[Cell]], head: list[Cell], columns: _Columns, telling: list[int]) -> list[bool]:
    """Which rows need no closer look: nearly every row is data, and two or three of its cells tell."""
    told = [[cells[col] for cells in below] for col in {min([*columns.known, *columns.numbering]), *telling}]
    odd = {cell for column in told for cell in set(column) if _is_odd(cell)} | {head[col] for col in telling}
    main = [cells[telling[0]] for cells in below]
    return [
        named is not None and odd.isdisjoint(each) for named, each in zip(main, zip(*told, strict=True), strict=True)
    ]


def _is_odd(cell: Cell) -> bool:
    """Whether a cell may be the first word of a total, of a note or of a row of units, or be blank to the eye."""
    return isinstance(cell, str) and (cell[-1:] in _ODD_ENDS or ":" in cell or "：" in cell or not cell.strip())


def _verdict(cells: list[Cell], head: list[Cell], columns: _Columns, telling: list[int], first: bool) -> str:
    """What a row is: data, units, total or note, or nothing."""
    filled = [col for col, cell in enumerate(cells) if not is_blank(cell)]
    if not filled:
        return ""
    if any(is_total(cells[col]) for col in (filled[0], *telling)):
        return "total"
    if is_note(cells[filled[0]]):
        return "note"
    if first and all(lone_unit(cells[col]) for col in filled):
        return "units"
    told = any(not is_blank(cells[col]) and cells[col] != head[col] for col in columns.known)
    return "data" if told else ""


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


def _records(area: Area, where: Where, columns: _Columns, kept: list[int], unit: str | None) -> Records:
    at = {key: cols[0] for key, cols in (columns.facts | columns.keys).items()}
    left = min(at.values())

    def place(row: int, key: str) -> str:
        return where(kept[row], at.get(key, left))

    def in_column(col: int, row: int) -> str:
        return where(kept[row], col)

    records = Records(area.of, len(kept), place, lambda: where.down(kept, left), problems=columns.problems)
    for mine, theirs in ((columns.facts, records.facts), (columns.keys, records.keys)):
        for key, cols in mine.items():
            raws = [
                Raw([area.sheet.rows[row][col] for row in kept], columns.units.get(col) or unit, where(area.top, col))
                for col in cols
            ]
            theirs[key] = one_of(records, raws, [partial(in_column, col) for col in cols])
    return records


def _break_merged(records: Records, area: Area, where: Where, facts: dict[str, list[int]], kept: list[int]) -> None:
    """Break the rows that share a merged cell of some facts: whether it is for each or for all together is not said."""
    numbers = {row: number for number, row in enumerate(kept)} if area.sheet.merged else {}
    for top, left, bottom, right in area.sheet.merged:
        shared = [row for row in range(max(top, area.top + 1), min(bottom + 1, area.bottom)) if row in numbers]
        cols = [col for each in facts.values() for col in each if left <= col <= right]
        if len(shared) > 1 and cols and not is_blank(area.sheet.rows[top][left]):
            records.broken |= {numbers[row] for row in shared}
            records.problems += [problem("reading.merged", where(row, cols[0])) for row in shared]


def one_of(records: Records, raws: list[Raw], places: Sequence[Callable[[int], str]]) -> Raw:
    """The column of a fact; where it has several, they must agree, and rows in which they do not are broken.

    `places` name the cells of each column by their row.
    """
    first = raws[0]
    if len(raws) == 1:
        return first
    differing = set()
    for other, where in zip(raws[1:], places[1:], strict=True):
        for row, (one, two) in enumerate(zip(first.cells, _counted(other, first.unit), strict=True)):
            if is_blank(one):
                first.cells[row] = two
            elif not is_blank(two) and not _same(one, two, first.unit):
                differing.add(row)
                records.problems.append(problem("reading.differs", places[0](row), other=where(row)))
    if not differing:
        records.problems.append(warning("reading.twice", first.at, others="、".join(other.at for other in raws[1:])))
    records.broken |= differing
    return first


def _counted(raw: Raw, unit: str | None) -> list[object]:
    """The cells of a column, plain numbers with the unit they are counted in where that is not the unit given."""
    if raw.unit == unit:
        return raw.cells
    found = [figure(cell) for cell in raw.cells]
    written = raw.unit or ASSUMED
    return [f"{cell}{written}" if each and not each.unit else cell for cell, each in zip(raw.cells, found, strict=True)]


def _same(one: object, two: object, unit: str | None) -> bool:
    """Whether two cells say the same, in whatever unit."""
    worth = _worth(one, unit)
    return one == two or (worth is not None and worth == _worth(two, unit))


def _worth(cell: object, unit: str | None) -> Decimal | None:
    """A sum in yuan; None where it is no sum in a unit we know."""
    found = figure(cell)
    factor = UNITS.get(found.unit or unit or ASSUMED) if found else None
    return found.number * factor if found and factor else None
