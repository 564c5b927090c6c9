"""Any number of files, or a parsed TOML file, to `Firms`: opened, understood, typed, joined.

Everything that is wrong is collected in `Firms.problems`, each with its place; only where nothing at all can be used
is the input `Refused`. Polars is loaded here at the last moment, while a workbook is being parsed in its child process.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from ordos_subsidy.cells import type_of
from ordos_subsidy.cells.figures import figure
from ordos_subsidy.errors import Omitted, Problem, Refused, problem, warning
from ordos_subsidy.facts import Fact, Of, Vocabulary
from ordos_subsidy.files import guard, text, workbook
from ordos_subsidy.files.own_results import is_own_result

if TYPE_CHECKING:
    import polars as pl

    from ordos_subsidy.tables.columns import CellColumn, ColumnUse, SheetColumns, UntypedTable
    from ordos_subsidy.tables.firms import Firms
    from ordos_subsidy.tables.gathered import Gathered
    from ordos_subsidy.tables.layout import Area
    from ordos_subsidy.tables.options import Options

#: So many headings are named where none was found.
_NAMED = 6
#: More rows than these in all do not fit in the memory of a common machine; only Parquet files can have them.
ROWS = 8_000_000
#: Of more rows than these nobody is told the cell of each blank.
BLANKS = 200

_Path = str | os.PathLike[str]


@dataclass
class FileTables:
    """What one file holds: its tables of firms and of events, not typed yet."""

    name: str
    firms: list[UntypedTable] = field(default_factory=list)
    events: list[UntypedTable] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    #: The years that its titles speak of.
    years: set[int] = field(default_factory=set)
    #: It has a place for events though there are none.
    may_hold_events: bool = False


def read(
    files: Sequence[_Path],
    events: Sequence[_Path],
    vocabulary: Vocabulary,
    *,
    places: bool = True,
    allowance: guard.Allowance = guard.MANY_FIRMS,
    options: Options | None = None,
) -> Firms:
    """The firms of some files with their events, which stand there or in further files.

    All files are one input: a firm may stand in one and its events in another. Of `events` files only the events
    count. `places` false leaves the places of the events blank, which saves memory where nobody asks for them.
    `allowance` is what each file may take, `options` what the user says beside them. Raises `Refused` where there is
    nothing to read.
    """
    paths = [Path(each) for each in (*files, *events)]
    read_all: _Reading | None = None
    with closing(_opened(paths, allowance)) as opened:
        for number, (file, reader) in enumerate(opened):
            read_all = read_all or _Reading(vocabulary, options, allowance.rows)
            found = read_all.found(file, reader)
            if number >= len(files):
                need(found, found.events, "reading.no_events", vocabulary)
                found.firms = []
            elif len(files) > 1:
                need(found, [*found.firms, *found.events], "reading.no_firms", vocabulary)
            read_all.add(found)
    read_all = read_all or _Reading(vocabulary, options)
    where = [guard.shown(path) for path in paths[: 1 if len(files) == 1 else None]]
    return read_all.firms(", ".join(where), places=places)


def read_mapping(
    mapping: Mapping[str, object], vocabulary: Vocabulary, where: str, *, anonymous: bool = False
) -> Firms:
    """The firms of a parsed TOML file; `anonymous` ones need no name and may be alike."""
    whole = _Reading(vocabulary)
    whole.add(in_mapping(mapping, where, vocabulary))
    return whole.firms(where, anonymous=anonymous)


def read_sheets(
    name: str,
    sheets: Sequence[SheetColumns],
    vocabulary: Vocabulary,
    *,
    named: bool = True,
    options: Options | None = None,
) -> Firms:
    """The firms of the sheets of one book; `named`: places say which sheet they are in."""
    whole = _Reading(vocabulary, options)
    whole.add(in_book(name, sheets, vocabulary, named=named, options=options))
    return whole.firms(name)


_Opened = tuple[guard.InputFile, workbook.BookReader | None]


def _opened(paths: Sequence[Path], allowance: guard.Allowance) -> Generator[_Opened]:
    """Open the files in order; while one is read, a child parses the next, and no more than two are in memory."""
    ahead: deque[_Opened | Refused] = deque()
    try:
        for path in paths:
            ahead.append(_open(path, allowance))
            if len(ahead) > 1:
                yield _sound(ahead.popleft())
        while ahead:
            yield _sound(ahead.popleft())
    finally:
        for each in ahead:
            if isinstance(each, tuple) and each[1]:
                each[1].close()


def _open(path: Path, allowance: guard.Allowance) -> _Opened | Refused:
    """A file, with the child that reads it if it is no TOML; or why it cannot be opened."""
    try:
        file = guard.open_file(path, allowance)
        if is_own_result(BytesIO(file.data)):
            return Refused([problem("reading.own_result", file.name)])
        return file, workbook.BookReader(file, allowance) if file.is_table else None
    except Refused as refused:
        return refused


def _sound(opened: _Opened | Refused) -> _Opened:
    if isinstance(opened, Refused):
        raise opened
    return opened


class _Reading:
    """The tables of all files so far, typed."""

    def __init__(self, vocabulary: Vocabulary, options: Options | None = None, most: int = ROWS) -> None:
        from ordos_subsidy.tables.gathered import Gathered
        from ordos_subsidy.tables.options import Options

        self._vocabulary, self._most = vocabulary, most
        self._options = options or Options()
        self._uses: list[ColumnUse] = []
        self._years: set[int] = set()
        self._hashed: list[guard.Hashed] = []
        self._events_asked = False
        self._firms, self._events = Gathered("firm", vocabulary), Gathered("event", vocabulary)
        self._problems: list[Problem] = []
        self._tables: list[UntypedTable] = []

    @property
    def _rows(self) -> int:
        """How many rows have been read."""
        return self._firms.height + self._events.height

    def found(self, file: guard.InputFile, reader: workbook.BookReader | None) -> FileTables:
        """What an opened file holds."""
        from ordos_subsidy.tables import sources

        problems: tuple[Problem, ...] = file.problems
        self._hashed.append(guard.hashed(file.name, file.data))
        if reader is None:
            found = in_mapping(text.toml_table(file.data, file.name), file.name, self._vocabulary)
            found.problems[:0] = problems
            return found
        if file.is_workbook:
            sheets = reader.sheets(sources.of_workbook)
        elif file.kind == "csv":
            sheet, more = reader.sheets(partial(sources.of_csv, file.data))
            sheets, problems = [sheet], (*problems, *more)
        else:
            reader.sheets(list)  # the same bytes, read there first under its limits
            sheets = [sources.of_parquet(file.data, file.name)]
        named = file.is_workbook
        found = in_book(file.name, sheets, self._vocabulary, named=named, rows=self._rows, options=self._options)
        found.problems[:0] = problems
        return found

    def add(self, found: FileTables) -> None:
        """Type what one file holds; an event that names no firm belongs to the only firm of its file."""
        if self._rows + sum(table.height for table in (*found.firms, *found.events)) > self._most:
            raise Refused([problem("reading.too_many_rows", found.name, limit=f"{self._most:,}")])
        self._problems += found.problems
        self._tables += found.firms
        self._years |= found.years
        self._events_asked |= bool(found.events) or found.may_hold_events
        self._uses += [use for table in (*found.firms, *found.events) for use in table.uses]
        first, only = self._firms.height, sum(table.height for table in found.firms) == 1
        for table in found.firms:
            self._firms.add(table)
        for table in found.events:
            self._events.add(table, first_firm=first, only=only)

    def firms(self, where: str, *, anonymous: bool = False, places: bool = True) -> Firms:
        """All that can be used, and everything there is to say."""
        from ordos_subsidy.tables import doubts
        from ordos_subsidy.tables.firms import Firms
        from ordos_subsidy.tables.join import join

        need(FileTables(where, problems=self._problems), self._tables, "reading.no_firms", self._vocabulary)
        firms, events = self._firms, self._events
        for key, value in self._options.fill.items():
            firms.fill(key, value)
        joined = join(firms, events, anonymous=anonymous)
        own = firms.taken(joined.firms, None, places=True)
        claimed = events.taken(joined.events, joined.owners, places=places)
        doubted = doubts.doubted(own, claimed, self._vocabulary)
        rows = joined.firms.to_list() if len(doubted) else []
        said = doubts.said(doubted, own, claimed, self._vocabulary, lambda row, key: firms.place(rows[row], key))
        return Firms(
            own,
            claimed,
            (*self._problems, *firms.problems, *events.problems, *said),
            _omitted(firms, joined.left_out),
            doubts=doubted,
            blanks={**_blanks(firms, own, joined.firms), **(_blanks(events, claimed, joined.events) if places else {})},
            uses=tuple(self._uses),
            titled_years=frozenset(self._years),
            events_asked=self._events_asked,
            hashed=tuple(self._hashed),
        )


def _blanks(table: Gathered, taken: pl.DataFrame, rows: pl.Series) -> dict[tuple[str, int, str], str]:
    """The cells of what is blank in some rows; of more rows than people fill in by hand, none."""
    found: dict[tuple[str, int, str], str] = {}
    for row, source in enumerate(rows.to_list() if len(rows) <= BLANKS else ()):
        whole = table.place(source)
        for fact in table.vocabulary.of(table.of):
            if taken.get_column(fact.key)[row] is None and (cell := table.place(source, fact.key)) != whole:
                found[table.of, row, fact.key] = cell
    return found


def _omitted(firms: Gathered, rows: Sequence[int]) -> tuple[Omitted, ...]:
    """The firms of some rows, which are left out."""
    names, codes = firms.role("name"), firms.role("id")
    return tuple(Omitted(names[row] or "", codes[row] or "", firms.place(row), firms.why.get(row)) for row in rows)


def in_mapping(mapping: Mapping[str, object], where: str, vocabulary: Vocabulary) -> FileTables:
    """The tables of a parsed TOML file."""
    from ordos_subsidy.tables import toml

    firms, events, problems = toml.read(mapping, where, vocabulary)
    return FileTables(where, [firms], events, problems, may_hold_events=True)


def in_book(
    name: str,
    sheets: Sequence[SheetColumns],
    vocabulary: Vocabulary,
    *,
    named: bool,
    rows: int = 0,
    options: Options | None = None,
) -> FileTables:
    """The tables of the sheets of a book, units assumed where nobody gave them.

    `rows` have been read before: `Refused` where the tables do not fit beside them.
    """
    from ordos_subsidy.tables import forms, layout
    from ordos_subsidy.tables import rows as lists
    from ordos_subsidy.tables.headings import Headings
    from ordos_subsidy.tables.options import Options

    options = options or Options()
    headings = Headings(vocabulary, options.columns)
    areas, about = layout.chosen(name, sheets, vocabulary, headings)
    if rows + sum(area.bottom - area.top for area in areas) > ROWS:
        raise Refused([problem("batch.too_many_rows", name, limit=f"{ROWS:,}")])
    found = FileTables(name, problems=about)
    for area in areas:
        where = lists.Where(name, area, sheets=named)
        read_area = forms.read if area.shape == "form" else lists.read
        _take(found, area.of, read_area(area, where, vocabulary, headings, options))
    found.years = _titled_year(areas)
    if assumed := _assume(found, vocabulary):
        found.problems.append(assumed)
    return found


def _take(found: FileTables, of: Of, tables: list[UntypedTable]) -> None:
    """Put the table of an area, and the events that stood in its columns, where they belong."""
    before = sum(table.height for table in found.firms)
    (found.firms if of == "firm" else found.events).append(tables[0])
    for events in tables[1:]:
        events.owners = [before + owner for owner in events.owners or []]
        found.events.append(events)


def _titled_year(areas: Sequence[Area]) -> set[int]:
    """The years that the titles above tables of firms, or else the names of their sheets, speak of."""
    from ordos_subsidy.tables.headings import years_in

    firms = [area for area in areas if area.of == "firm"]
    titles = {year for area in firms for line in area.lines[: area.top] for cell in line for year in years_in(cell)}
    return titles or {year for area in firms for year in years_in(area.sheet.name)}


def need(found: FileTables, tables: Sequence[UntypedTable], code: str, vocabulary: Vocabulary) -> None:
    """Refuse a file without the table it was given for."""
    if any(each.height for each in tables):
        return
    of: Of = "firm" if code == "reading.no_firms" else "event"
    facts = list(vocabulary.of(of))[:_NAMED]
    wanted = problem(
        f"{code}_rows" if tables else code,
        found.name,
        severity="error",
        headings="、".join(fact.title.zh for fact in facts),
        headings_en=", ".join(fact.title.en for fact in facts),
    )
    noted = [said for each in tables for said in each.problems]
    raise Refused([*found.problems, *noted, wanted])


def _assume(found: FileTables, vocabulary: Vocabulary) -> Problem | None:
    """Give sums without a unit the usual one, and say so if there are any."""
    from ordos_subsidy.tables.columns import ASSUMED

    first: tuple[str, Fact] | None = None
    for table in (*found.firms, *found.events):
        for key, given in table.facts.items():
            fact = vocabulary.facts[key]
            if not type_of(fact).money or given.unit is not None:
                continue
            given.unit, given.stated = ASSUMED, False
            for use in table.uses:
                if use.at == given.at:
                    use.unit, use.assumed = ASSUMED, True
            if first is None and _has_plain(given.cells):
                first = given.at, fact
    if first is None:
        return None
    at, fact = first
    return warning("reading.assumed_unit", at, fact=fact.title.zh, fact_en=fact.title.en, unit=ASSUMED)


def _has_plain(column: CellColumn) -> bool:
    """Whether a cell of a column holds a number without a unit, other than zero."""
    values = chain(column.odd.values(), *(layer.unique(maintain_order=True) for layer in column.layers))
    return any((found := figure(value)) and not (found.unit or found.is_yuan) and found.number != 0 for value in values)
