"""Files to firms, in columns from end to end; what is out of the ordinary goes through `firms`, row by row.

All files of a batch are one input: a firm may stand in one file and its events in another. What `calc` would say
of a file is said here in the same words and with the same addresses.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Lock

from ordos_subsidy.batch import sources
from ordos_subsidy.batch.cells import Cells
from ordos_subsidy.batch.grids import Reduced, column_number, parsed, reduced
from ordos_subsidy.batch.joining import Joined, bearable, join, joined, parts
from ordos_subsidy.batch.lookup import Known
from ordos_subsidy.batch.sides import Codes, Part, Side, known_codes, listed, of_records, of_sheet, taken
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


#: So many Parquet files are read side by side: what one core does for the one leaves the others to the other.
_AT_A_TIME = 2
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
class _Tables:
    """What one file gives."""

    found: reading.Found
    problems: list[Problem]
    firms: list[Part]
    events: list[Part]


#: What gives the codes of the firms before, and of some more.
_CodesWith = Callable[[list[Part]], Known | None]


class _CodesSoFar:
    """The codes of the firms so far; those of the same firms are looked for once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary, self._lock = vocabulary, Lock()
        self._known: tuple[int, Known | None] = (-1, None)

    def of(self, firms: Sequence[Part]) -> Known | None:
        """The codes of some firms, as `known_codes` gives them."""
        with self._lock:
            if self._known[0] != len(firms):
                self._known = len(firms), known_codes(firms, self._vocabulary)
            return self._known[1]


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

    @property
    def height(self) -> int:
        """How many firms there are."""
        return sum(part.height for part in self.firms)

    @property
    def sides(self) -> tuple[Side, Side]:
        """Both sides."""
        return Side("firm", self.vocabulary, self.firms), Side("event", self.vocabulary, self.events)

    def add(self, tables: _Tables) -> None:
        """Add what has been found in a file."""
        offset = self.height
        self.problems += tables.problems
        self.records += tables.found.firms
        for part in tables.firms if self.spill else ():
            self._count_twins(part)
        self.firms += [self._kept(part, "firm") for part in tables.firms]
        for part in tables.events:
            part.owned_from(offset, alone=sum(part.height for part in tables.firms) == 1)
        self.events += [self._kept(part, "event") for part in tables.events]

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
    gathered = _gathered(files, events, vocabulary)
    return join(*gathered.sides, gathered.problems, places=places)


def read_by_parts(
    files: Sequence[Path], events: Sequence[Path], vocabulary: Vocabulary, size: int, *, places: bool = True
) -> Read:
    """The same, so many firms at a time."""
    gathered = _gathered(files, events, vocabulary)
    return _read(gathered, lambda found, firms, events: parts(found, firms, events, size, places=places))


def _read(gathered: _Gathered, parts_of: Callable[[Joined, Side, Side], Iterator[Firms]]) -> Read:
    sides = gathered.sides
    found = joined(*sides, gathered.problems)
    return Read(
        int(found.kept.sum()),
        found.firm.count(),
        tuple(dict.fromkeys(found.problems)),
        found.left_out,
        parts_of(found, *sides),
    )


def _gathered(files: Sequence[Path], events: Sequence[Path], vocabulary: Vocabulary) -> _Gathered:
    gathered = _Gathered(vocabulary)
    paths = [*files, *events]
    with closing(_opened(paths)) as opened, closing(_Readers(vocabulary)) as readers:
        try:
            for n, (path, (file, pending)) in enumerate(zip(paths, opened, strict=True)):
                readers.start(path, file, pending, _wanted(n, files))
        finally:  # of two files that cannot be read the first one is named
            every = readers.tables()
        for tables in every:
            gathered.add(tables)
    _need_firms(gathered, [guard.shown(path) for path in paths], files)
    return gathered


class _Readers:
    """Files on their way to tables: Parquet files, which wait for no child, two at a time, the others one by one."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary, self._codes = vocabulary, _CodesSoFar(vocabulary)
        self._pool = ThreadPoolExecutor(_AT_A_TIME)
        self._coming: list[Future[_Tables]] = []

    def start(self, path: Path, file: guard.File, pending: workbook.Pending | None, wanted: str) -> None:
        """Read a file: a Parquet file beside the one before it, another when all before it have been read."""
        alone = file.kind != "parquet"
        wait(self._coming if alone else ())
        known = partial(self._known, tuple(self._coming))
        self._coming.append(self._pool.submit(self._read, path, file, pending, wanted, known))
        for each in self._coming if alone else ():
            each.result()

    def tables(self) -> list[_Tables]:
        """The tables of each file so far; raises what the first one that cannot be read is refused for."""
        return [each.result() for each in self._coming]

    def close(self) -> None:
        """Let go of what nobody asks for any more."""
        self._pool.shutdown(cancel_futures=True)

    def _read(
        self, path: Path, file: guard.File, pending: workbook.Pending | None, wanted: str, known: _CodesWith
    ) -> _Tables:
        """The tables of one file; refused where what it was given for is not in it."""
        found, sheets = _found(path, file, pending, self._vocabulary)
        _need(found, wanted, self._vocabulary)
        return _typed(found, sheets, self._vocabulary, known)

    def _known(self, before: Sequence[Future[_Tables]], own: list[Part]) -> Known | None:
        """The codes of the firms in the files before, once they have been read, and of the file's own."""
        return self._codes.of([*(part for each in before for part in each.result().firms), *own])


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
    spill = Spill(folder, vocabulary)
    gathered = _Gathered(vocabulary, spill)
    names = [guard.shown(path) for path in (*files, *events)]
    for n, (path, name) in enumerate(zip((*files, *events), names, strict=True)):
        _gather_in_chunks(gathered, path, name, _wanted(n, files))
    _need_firms(gathered, names, files)
    return _read(gathered, lambda found, firms, events: spill.parts(found, firms, events, PART, places=places))


def _wanted(n: int, files: Sequence[Path]) -> str:
    """What the n-th file was given for: what to say where that is not in it."""
    return "reading.no_events" if n >= len(files) else "" if len(files) == 1 else "reading.no_firms"


def _need_firms(gathered: _Gathered, names: Sequence[str], files: Sequence[Path]) -> None:
    where = names[0] if len(files) == 1 else ", ".join(names)
    found = reading.Found(where, problems=gathered.problems)
    reading.need(found, gathered.records, "reading.no_firms", gathered.vocabulary)


def _gather_in_chunks(gathered: _Gathered, path: Path, name: str, wanted: str) -> None:
    """Add the rows of a Parquet file, chunk by chunk; that a unit was assumed is said once."""
    every = reading.Found(name)
    codes = _CodesSoFar(gathered.vocabulary)
    for start in range(0, max(sources.parquet_rows(path, name), 1), CHUNK):
        sheet = reduced(sources.parquet_table(path, name, start, CHUNK), gathered.vocabulary)
        found = _in_book(Book(name, "parquet", [sheet.sheet]), [sheet], gathered.vocabulary)
        if not _of(found, wanted):  # nor are there headings, which are those of all chunks
            _need(found, wanted, gathered.vocabulary)
        said = any(each.code == _ASSUMED for each in every.problems)
        found.problems = [each for each in found.problems if not said or each.code != _ASSUMED]
        gathered.add(_typed(found, [sheet], gathered.vocabulary, lambda own: codes.of([*gathered.firms, *own])))
        for records in (*found.firms, *found.events):
            records.problems = _placed(records.problems, [sheet])
        every.firms, every.events = [*every.firms, *found.firms], [*every.events, *found.events]
        every.problems += found.problems
        if not (found.firms or found.events):
            break
    _need(every, wanted, gathered.vocabulary)


def _need(found: reading.Found, wanted: str, vocabulary: Vocabulary) -> None:
    """Refuse a file in which there is not what it was given for."""
    if wanted:
        reading.need(found, _of(found, wanted), wanted, vocabulary)


def _of(found: reading.Found, wanted: str) -> list[Records]:
    return found.events if wanted == "reading.no_events" else [*found.firms, *found.events]


def _found(
    path: Path, file: guard.File, pending: workbook.Pending | None, vocabulary: Vocabulary
) -> tuple[reading.Found, list[Reduced]]:
    """What is in one file, and the sheets it is in."""
    if file.kind == "toml":
        found = reading.in_mapping(text.toml_table(file.data, file.name), file.name, vocabulary)
        found.problems[:0] = file.problems
        return found, []
    sheets, problems = _sheets(path, file, pending, vocabulary)
    book = Book(file.name, file.kind, [sheet.sheet for sheet in sheets], (*file.problems, *problems))
    return _in_book(book, sheets, vocabulary), sheets


def _typed(found: reading.Found, sheets: Sequence[Reduced], vocabulary: Vocabulary, known: _CodesWith) -> _Tables:
    """What has been found in the sheets of a file, typed."""
    own = [_part(each, sheets, vocabulary) for each in found.firms]
    events = [_part(each, sheets, vocabulary, lambda: known(own)) for each in found.events]
    return _Tables(found, _placed(found.problems, sheets), own, events)


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
    codes: Codes = lambda: None,
) -> Part:
    sheet = _sheet(records, sheets)
    if sheet is not None and sheet.data.len():
        return of_sheet(records, sheet, vocabulary, codes)
    part = of_records(records, vocabulary)
    part.problems = _placed(part.problems, sheets)
    if sheet is not None:
        part.place = lambda row, key: sheet.where(records.place(row, key))
        part.places = listed(lambda: [sheet.where(each) for each in records.places()])
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
