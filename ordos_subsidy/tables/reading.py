"""Opened files, sheets or a parsed TOML file to `Firms`: understood, typed, joined.

Everything that is wrong is collected in `Firms.problems`, each with its place; only where nothing at all can be used
is the input `Refused`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

import polars as pl

from ordos_subsidy.cells import type_of
from ordos_subsidy.cells.figures import figure
from ordos_subsidy.cells.spelling import clean
from ordos_subsidy.errors import Omitted, Problem, Refused, problem, warning
from ordos_subsidy.facts import Fact, Vocabulary
from ordos_subsidy.files import guard, text, workbook
from ordos_subsidy.tables import doubts, toml
from ordos_subsidy.tables.columns import ASSUMED, CellColumn, ColumnUse, SheetColumns, UntypedTable
from ordos_subsidy.tables.firms import Firms
from ordos_subsidy.tables.gathered import Gathered
from ordos_subsidy.tables.headings import Headings, years_in
from ordos_subsidy.tables.join import join
from ordos_subsidy.tables.options import Options

if TYPE_CHECKING:
    from ordos_subsidy.tables.layout import Area

#: So many headings are named where none was found.
_NAMED = 6
#: More rows than these in all do not fit in the memory of a common machine; only Parquet files can have them.
ROWS = 8_000_000
#: Of more rows than these nobody is told the cell of each blank.
BLANKS = 200


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


class Reading:
    """The tables of all files so far, typed."""

    def __init__(self, vocabulary: Vocabulary, options: Options | None, most: int | None) -> None:
        self._vocabulary, self._most = vocabulary, ROWS if most is None else most
        self._options = options or Options()
        self._uses: list[ColumnUse] = []
        self._years: set[int] = set()
        self._hashed: list[guard.Hashed] = []
        self._events_asked = False
        self._firms, self._events = Gathered("firm", vocabulary), Gathered("event", vocabulary)
        self._problems: list[Problem] = []

    @property
    def _rows(self) -> int:
        """How many rows have been read."""
        return self._firms.height + self._events.height

    def add_file(self, file: guard.InputFile, reader: workbook.BookReader | None, needed: str) -> None:
        """Type what an opened file holds; `needed` is the code of what is said if it has no such table."""
        problems: tuple[Problem, ...] = file.problems
        self._hashed.append(guard.hashed(file.name, file.data))
        if reader is None:
            found = self.in_mapping(text.toml_table(file.data, file.name), file.name)
        else:
            from ordos_subsidy.tables import sources

            if file.is_workbook:
                sheets = reader.sheets(sources.of_workbook)
            elif file.kind == "csv":
                sheet, more = reader.sheets(partial(sources.of_csv, file.data))
                sheets, problems = [sheet], (*problems, *more)
            else:
                reader.sheets(list)  # the same bytes, read there first under its limits
                sheets = [sources.of_parquet(file.data, file.name)]
            found = self.in_book(file.name, sheets, named=file.is_workbook)
        found.problems[:0] = problems
        if needed == "reading.no_events":
            _check(found, found.events, needed, self._vocabulary)
            found.firms = []
        elif needed:
            _check(found, [*found.firms, *found.events], needed, self._vocabulary)
        self.add(found)

    def add(self, found: FileTables) -> None:
        """Type what one file holds; an event that names no firm belongs to the only firm of its file."""
        if self._rows + sum(table.height for table in (*found.firms, *found.events)) > self._most:
            raise Refused([problem("reading.too_many_rows", found.name, limit=f"{self._most:,}")])
        self._problems += found.problems
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
        _check(FileTables(where, problems=self._problems), self._firms.sources, "reading.no_firms", self._vocabulary)
        firms, events = self._firms, self._events
        for key, value in self._options.fill.items():
            firms.fill(key, value)
        joined = join(firms, events, anonymous=anonymous)
        names, codes = firms.role("name"), firms.role("id")
        own = firms.taken(joined.firms, None, places=True)
        claimed = events.taken(joined.events, joined.owners, places=places)
        doubted = doubts.doubted(own, claimed, self._vocabulary)
        said = doubts.said(
            doubted, own, claimed, self._vocabulary, lambda row, key: firms.place(joined.firms[row], key)
        )
        return Firms(
            own,
            claimed,
            (*self._problems, *firms.problems, *events.problems, *said),
            tuple(Omitted(names[n] or "", codes[n] or "", firms.place(n), firms.why.get(n)) for n in joined.left_out),
            doubts=doubted,
            blanks={**_blanks(firms, own, joined.firms), **(_blanks(events, claimed, joined.events) if places else {})},
            uses=tuple(self._uses),
            titled_years=frozenset(self._years),
            events_asked=self._events_asked,
            hashed=tuple(self._hashed),
        )

    def in_mapping(self, mapping: Mapping[str, object], where: str) -> FileTables:
        """The tables of a parsed TOML file."""
        firms, events, problems = toml.read(mapping, where, self._vocabulary)
        return FileTables(where, [firms], events, problems, may_hold_events=True)

    def in_book(self, name: str, sheets: Sequence[SheetColumns], *, named: bool) -> FileTables:
        """The tables of the sheets of a book, units assumed where nobody gave them; `Refused` if they are too large."""
        from ordos_subsidy.tables import forms, layout, rows

        headings = Headings(self._vocabulary, self._options.columns)
        for sheet in sheets:
            sheet.prefix = f"{name}!{clean(sheet.name)}!" if named else f"{name}!"
        areas, about = layout.chosen(name, sheets, headings)
        if self._rows + sum(area.bottom - area.top for area in areas) > ROWS:
            raise Refused([problem("batch.too_many_rows", name, limit=f"{ROWS:,}")])
        found = FileTables(name, problems=about)
        for area in areas:
            read_area = forms.read if area.shape == "form" else rows.read
            before = sum(table.height for table in found.firms)
            own, *recognised = read_area(area, headings, self._options)
            (found.firms if area.of == "firm" else found.events).append(own)
            for events in recognised:
                events.owners = [before + owner for owner in events.owners or []]
                found.events.append(events)
        found.years = _titled_years(areas)
        found.problems += _assume(found, self._vocabulary)
        return found


def _blanks(table: Gathered, taken: pl.DataFrame, rows: pl.Series) -> dict[tuple[str, int, str], str]:
    """The cells of what is blank in some rows; of more rows than people fill in by hand, none."""
    found: dict[tuple[str, int, str], str] = {}
    for row, source in enumerate(rows if len(rows) <= BLANKS else ()):
        whole = table.place(source)
        for fact in table.vocabulary.of(table.of):
            if taken.get_column(fact.key)[row] is None and (cell := table.place(source, fact.key)) != whole:
                found[table.of, row, fact.key] = cell
    return found


def _titled_years(areas: Sequence[Area]) -> set[int]:
    """The years that the titles above tables of firms, or else the names of their sheets, speak of."""
    firms = [area for area in areas if area.of == "firm"]
    titles = {year for area in firms for line in area.lines[: area.top] for cell in line for year in years_in(cell)}
    return titles or {year for area in firms for year in years_in(area.sheet.name)}


def _check(found: FileTables, tables: Sequence[UntypedTable], code: str, vocabulary: Vocabulary) -> None:
    """Raise `Refused` for a file without the table it was given for."""
    if any(each.height for each in tables):
        return
    facts = list(vocabulary.of("firm" if code == "reading.no_firms" else "event"))[:_NAMED]
    wanted = problem(
        f"{code}_rows" if tables else code,
        found.name,
        severity="error",
        headings="、".join(fact.title.zh for fact in facts),
        headings_en=", ".join(fact.title.en for fact in facts),
    )
    raise Refused([*found.problems, *(said for each in tables for said in each.problems), wanted])


def _assume(found: FileTables, vocabulary: Vocabulary) -> list[Problem]:
    """Give sums without a unit the usual one, and say so if there are any."""
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
        return []
    at, fact = first
    return [warning("reading.assumed_unit", at, fact=fact.title.zh, fact_en=fact.title.en, unit=ASSUMED)]


def _has_plain(column: CellColumn) -> bool:
    """Whether a cell of a column holds a number without a unit, other than zero."""
    values = chain(column.odd.values(), *(layer.unique(maintain_order=True) for layer in column.layers))
    return any((found := figure(value)) and not (found.unit or found.is_yuan) and found.number != 0 for value in values)
