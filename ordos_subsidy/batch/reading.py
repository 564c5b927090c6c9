"""Files to firms, in columns from end to end; what is out of the ordinary goes through `firms`, row by row.

All files of a batch are one input: a firm may stand in one file and its events in another. What `calc` would say
of a file is said here in the same words and with the same addresses.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from ordos_subsidy.batch import sources
from ordos_subsidy.batch.cells import Cells
from ordos_subsidy.batch.grids import Reduced, Table, column_number, parsed, reduced
from ordos_subsidy.batch.joining import join
from ordos_subsidy.batch.sides import Part, Side, known_codes, of_records, of_sheet, taken
from ordos_subsidy.cells.spelling import clean
from ordos_subsidy.errors import Problem, warning
from ordos_subsidy.facts import Vocabulary
from ordos_subsidy.files import guard, text, workbook
from ordos_subsidy.files.raw import Book
from ordos_subsidy.firms import books, reading
from ordos_subsidy.firms.records import Records
from ordos_subsidy.firms.tables import Firms

_WORKBOOKS = {"xlsx", "xlsb", "xls", "ods"}


@dataclass
class _Gathered:
    """The tables of all files so far."""

    firms: list[Part] = field(default_factory=list)
    events: list[Part] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    #: The records of the firms, should not one of them hold a firm.
    records: list[Records] = field(default_factory=list)

    @property
    def height(self) -> int:
        """How many firms there are."""
        return sum(part.height for part in self.firms)


def read(files: Sequence[Path], events: Sequence[Path], vocabulary: Vocabulary, *, places: bool = True) -> Firms:
    """The firms of some files with their events; `places`: where each event was read is wanted too."""
    gathered = _Gathered()
    with ExitStack() as stack:
        opened = [sources.open_file(path) for path in (*files, *events)]
        pending = [stack.enter_context(workbook.start(file)) if file.kind in _WORKBOOKS else None for file in opened]
        for n, (path, file, each) in enumerate(zip((*files, *events), opened, pending, strict=True)):
            wanted = "reading.no_events" if n >= len(files) else "" if len(files) == 1 else "reading.no_firms"
            _gather(gathered, path, file, each, wanted, vocabulary)
    names = opened[0].name if len(files) == 1 else ", ".join(file.name for file in opened)
    reading.need(reading.Found(names, problems=gathered.problems), gathered.records, "reading.no_firms", vocabulary)
    sides = Side("firm", vocabulary, gathered.firms), Side("event", vocabulary, gathered.events)
    return join(*sides, gathered.problems, places=places)


def _gather(
    gathered: _Gathered,
    path: Path,
    file: guard.File,
    pending: workbook.Pending | None,
    wanted: str,
    vocabulary: Vocabulary,
) -> None:
    """Add the tables of one file; refused where what it was given for is not in it."""
    sheets: list[Reduced] = []
    if file.kind == "toml":
        found = reading.in_mapping(text.toml_table(file.data, file.name), file.name, vocabulary)
        found.problems[:0] = file.problems
    else:
        tables, problems = _tables(path, file, pending)
        sheets = [reduced(table, vocabulary) for table in tables]
        book = Book(file.name, file.kind, [sheet.sheet for sheet in sheets], (*file.problems, *problems))
        found = _in_book(book, sheets, vocabulary)
    if wanted:
        some = found.events if wanted == "reading.no_events" else [*found.firms, *found.events]
        reading.need(found, some, wanted, vocabulary)
    offset = gathered.height
    gathered.problems += _placed(found.problems, sheets)
    gathered.records += found.firms
    gathered.firms += [_part(records, sheets, vocabulary) for records in found.firms]
    codes = (
        known_codes(gathered.firms, vocabulary) if found.events and any(each.data.len() for each in sheets) else None
    )
    gathered.events += [_part(records, sheets, vocabulary, offset, codes) for records in found.events]


def _tables(path: Path, file: guard.File, pending: workbook.Pending | None) -> tuple[list[Table], tuple[Problem, ...]]:
    if pending:
        return sources.workbook_tables(pending), ()
    if file.kind == "parquet":
        return [sources.parquet_table(path, file.name)], ()
    table, problems = sources.csv_table(file)
    return [table], problems


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
            assumed = warning("reading.assumed_unit", raw.at, **names, unit=reading.ASSUMED)
            break
    found.problems += [assumed] if assumed else []
    return found


def _has_figures(column: Cells) -> bool:
    return any(reading.is_plain(each) for layer in column.layers for each in layer.unique().to_list())
