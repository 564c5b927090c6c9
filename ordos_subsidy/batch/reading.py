"""Files to firms, in columns from end to end; what is out of the ordinary goes through `firms`, row by row.

All files of a batch are one input: a firm may stand in one file and its events in another. What `calc` would say
of a file is said here in the same words and with the same addresses.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from ordos_subsidy.batch import sources
from ordos_subsidy.batch.cells import Cells
from ordos_subsidy.batch.grids import Reduced, column_number, parsed, reduced
from ordos_subsidy.batch.joining import bearable, join, joined
from ordos_subsidy.batch.sides import Part, Side, known_codes, of_records, of_sheet, taken
from ordos_subsidy.batch.spill import Spill
from ordos_subsidy.cells.spelling import clean
from ordos_subsidy.errors import Problem, warning
from ordos_subsidy.facts import Of, Vocabulary
from ordos_subsidy.files import guard, text, workbook
from ordos_subsidy.files.raw import Book
from ordos_subsidy.firms import books, reading
from ordos_subsidy.firms.records import ASSUMED, Records
from ordos_subsidy.firms.tables import Firms

_ASSUMED = "reading.assumed_unit"


#: More rows of Parquet than these wait on the disk; so many are read at a time, so many firms come back at a time.
IN_MEMORY, CHUNK, PART = 8_000_000, 500_000, 100_000


@dataclass(frozen=True)
class Read:
    """What has been read: how much of it, what there is to say of it, and the firms, in parts if they do not fit."""

    scored: int
    events: int
    problems: tuple[Problem, ...]
    left_out: int
    #: The firms: all of them at once, or so many at a time. They are let go of as they are asked for.
    parts: Iterator[Firms]


@dataclass
class _Gathered:
    """The tables of all files so far."""

    vocabulary: Vocabulary
    spill: Spill | None = None
    firms: list[Part] = field(default_factory=list)
    events: list[Part] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    #: The records of the firms, should not one of them hold a firm.
    records: list[Records] = field(default_factory=list)
    #: At least so many firms are entered twice.
    twins: int = 0
    _coded: tuple[int, pl.DataFrame | None] = (-1, None)

    @property
    def height(self) -> int:
        """How many firms there are."""
        return sum(part.height for part in self.firms)

    @property
    def sides(self) -> tuple[Side, Side]:
        """Both sides."""
        return Side("firm", self.vocabulary, self.firms), Side("event", self.vocabulary, self.events)

    def codes(self) -> pl.DataFrame | None:
        """The codes of the firms so far; those of the same firms are looked for once."""
        if self._coded[0] != len(self.firms):
            self._coded = len(self.firms), known_codes(self.firms, self.vocabulary)
        return self._coded[1]

    def add(self, found: reading.Found, sheets: Sequence[Reduced]) -> None:
        """Add what has been found in the sheets of a file."""
        offset = self.height
        self.problems += _placed(found.problems, sheets)
        self.records += found.firms
        parts = [_part(each, sheets, self.vocabulary) for each in found.firms]
        for part in parts if self.spill else ():
            self._count_twins(part)
        self.firms += [self._kept(part, "firm") for part in parts]
        codes = self.codes() if found.events and any(each.data.len() for each in sheets) else None
        events = [_part(each, sheets, self.vocabulary, offset, codes) for each in found.events]
        if sum(part.height for part in parts) == 1:
            for part in events:
                part.belongs_to(offset)
        self.events += [self._kept(part, "event") for part in events]

    def _count_twins(self, part: Part) -> None:
        """Refuse a file of one firm over and over before all of it has been read."""
        fact = self.vocabulary.role("firm", "name")
        if fact:
            names = part.frame.get_column(fact.key).drop_nulls()
            self.twins += len(names) - names.hash().n_unique()
            bearable(self.twins, lambda: part.place(0, ""))

    def _kept(self, part: Part, of: Of) -> Part:
        return self.spill.keep(part, of, self.firms) if self.spill else part


def read(files: Sequence[Path], events: Sequence[Path], vocabulary: Vocabulary, *, places: bool = True) -> Firms:
    """The firms of some files with their events; `places`: where each event was read is wanted too."""
    gathered = _Gathered(vocabulary)
    paths = [*files, *events]
    with closing(_opened(paths)) as opened:
        for n, (path, (file, pending)) in enumerate(zip(paths, opened, strict=True)):
            _gather(gathered, path, file, pending, _wanted(n, files))
    _need_firms(gathered, [guard.shown(path) for path in paths], files)
    return join(*gathered.sides, gathered.problems, places=places)


def _opened(paths: Sequence[Path]) -> Generator[tuple[guard.File, workbook.Pending | None]]:
    """The files in order; while one is read, a child parses the next, and no more than that are in memory."""
    ahead: deque[tuple[guard.File, workbook.Pending | None]] = deque()
    try:
        for path in paths:
            file = sources.open_file(path)
            ahead.append((file, workbook.start(file) if file.is_workbook else None))
            if len(ahead) > 1:
                yield ahead[0]
                ahead.popleft()
        yield from ahead
    finally:
        for _, pending in ahead:
            if pending:
                pending.close()


def fits(paths: Sequence[Path]) -> bool:
    """Whether some files fit in memory; only Parquet files may be larger."""
    if not all(map(sources.is_parquet, paths)):
        return True
    return sum(sources.parquet_rows(path, guard.shown(path)) for path in paths) <= IN_MEMORY


def read_in_parts(
    files: Sequence[Path], events: Sequence[Path], vocabulary: Vocabulary, folder: Path, *, places: bool = True
) -> Read:
    """The same of Parquet files that do not fit in memory: what is not needed yet waits in a folder."""
    gathered = _Gathered(vocabulary, Spill(folder, vocabulary))
    names = [guard.shown(path) for path in (*files, *events)]
    for n, (path, name) in enumerate(zip((*files, *events), names, strict=True)):
        _gather_in_chunks(gathered, path, name, _wanted(n, files))
    _need_firms(gathered, names, files)
    sides = gathered.sides
    found = joined(*sides, gathered.problems)
    return Read(
        int(found.kept.sum()),
        int(found.numbers().gather(found.owner).is_not_null().sum()),
        tuple(dict.fromkeys(found.problems)),
        found.left_out,
        gathered.spill.parts(found, *sides, PART, places=places) if gathered.spill else iter(()),
    )


def _wanted(n: int, files: Sequence[Path]) -> str:
    """What the n-th file was given for: what to say where that is not in it."""
    return "reading.no_events" if n >= len(files) else "" if len(files) == 1 else "reading.no_firms"


def _need_firms(gathered: _Gathered, names: Sequence[str], files: Sequence[Path]) -> None:
    where = names[0] if len(files) == 1 else ", ".join(names)
    found = reading.Found(where, problems=gathered.problems)
    reading.need(found, gathered.records, "reading.no_firms", gathered.vocabulary)


def _gather_in_chunks(gathered: _Gathered, path: Path, name: str, wanted: str) -> None:
    """Add the rows of a Parquet file, chunk by chunk; that a unit was assumed is said once."""
    said = False
    for start in range(0, max(sources.parquet_rows(path, name), 1), CHUNK):
        sheet = reduced(sources.parquet_table(path, name, start, CHUNK), gathered.vocabulary)
        found = _in_book(Book(name, "parquet", [sheet.sheet]), [sheet], gathered.vocabulary)
        if not start:
            _need(found, wanted, gathered.vocabulary)
        found.problems = [each for each in found.problems if not said or each.code != _ASSUMED]
        said = said or any(each.code == _ASSUMED for each in found.problems)
        gathered.add(found, [sheet])
        if not (found.firms or found.events):  # the headings, which are those of all chunks, say nothing
            break


def _need(found: reading.Found, wanted: str, vocabulary: Vocabulary) -> None:
    """Refuse a file in which there is not what it was given for."""
    if wanted:
        some = found.events if wanted == "reading.no_events" else [*found.firms, *found.events]
        reading.need(found, some, wanted, vocabulary)


def _gather(gathered: _Gathered, path: Path, file: guard.File, pending: workbook.Pending | None, wanted: str) -> None:
    """Add the tables of one file; refused where what it was given for is not in it."""
    sheets: list[Reduced] = []
    vocabulary = gathered.vocabulary
    if file.kind == "toml":
        found = reading.in_mapping(text.toml_table(file.data, file.name), file.name, vocabulary)
        found.problems[:0] = file.problems
    else:
        sheets, problems = _sheets(path, file, pending, vocabulary)
        book = Book(file.name, file.kind, [sheet.sheet for sheet in sheets], (*file.problems, *problems))
        found = _in_book(book, sheets, vocabulary)
    _need(found, wanted, vocabulary)
    gathered.add(found, sheets)


def _sheets(
    path: Path, file: guard.File, pending: workbook.Pending | None, vocabulary: Vocabulary
) -> tuple[list[Reduced], tuple[Problem, ...]]:
    if pending:
        return sources.of_workbook(pending, lambda table: reduced(table, vocabulary)), ()
    if file.kind == "parquet":
        return [reduced(sources.parquet_table(path, file.name), vocabulary)], ()
    table, problems = sources.csv_table(file)
    return [reduced(table, vocabulary)], problems


def _part(
    records: Records,
    sheets: Sequence[Reduced],
    vocabulary: Vocabulary,
    offset: int = 0,
    codes: pl.DataFrame | None = None,
) -> Part:
    sheet = _sheet(records, sheets)
    if sheet is not None and sheet.data.len():
        return of_sheet(records, sheet, vocabulary, codes)
    part = of_records(records, vocabulary, offset)
    if sheet is not None:
        part.problems = [sheet.placed(each) for each in part.problems]
        part.place = lambda row, key: sheet.where(records.place(row, key))
        part.places = lambda: pl.Series([sheet.where(each) for each in records.places()], dtype=pl.String)
    return part


def _sheet(records: Records, sheets: Sequence[Reduced]) -> Reduced | None:
    """The sheet that records were read from."""
    found = parsed(records.place(0, "")) if records.height and sheets else None
    if found is None:
        return None
    return next((sheet for sheet in sheets if found[0].endswith(f"!{clean(sheet.sheet.name)}!")), sheets[0])


def _placed(problems: Sequence[Problem], sheets: Sequence[Reduced]) -> list[Problem]:
    """Problems with their true addresses."""
    made = []
    for each in problems:
        found = parsed(each.where)
        names = [sheet for sheet in sheets if found and found[0].endswith(f"!{clean(sheet.sheet.name)}!")]
        sheet = names[0] if names else sheets[0] if found and len(sheets) == 1 else None
        made.append(sheet.placed(each) if sheet else each)
    return made


def _in_book(book: Book, sheets: Sequence[Reduced], vocabulary: Vocabulary) -> reading.Found:
    """The records of a book; that a unit was assumed is said also where the first figures stand far down."""
    firms, about_firms = books.read(book, "firm", vocabulary)
    events, about_events = books.read(book, "event", vocabulary)
    found = reading.Found(book.name, firms, events, [*book.problems, *about_firms, *about_events])
    bare = [
        (records, key, raw)
        for records in (*firms, *events)
        for key, raw in records.facts.items()
        if raw.unit is None and vocabulary.facts[key].type == "money"
    ]
    assumed = reading.assume(found, vocabulary)
    for records, key, raw in () if assumed else bare:
        sheet, place = _sheet(records, sheets), parsed(records.place(0, key)) if records.height else None
        if sheet and place and sheet.table.height and _has_figures(taken(sheet, column_number(place[1]))):
            fact = vocabulary.facts[key]
            names = {"fact": fact.title.zh, "fact_en": fact.title.en}
            assumed = warning(_ASSUMED, raw.at, **names, unit=ASSUMED)
            break
    found.problems += [assumed] if assumed else []
    return found


def _has_figures(column: Cells) -> bool:
    return any(reading.is_plain(each) for layer in column.layers for each in layer.unique().to_list())
