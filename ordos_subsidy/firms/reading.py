"""A file, or two, to `Firms`: opened, understood, typed, joined.

`read` takes anything the guard lets through: a workbook, CSV, TOML. `read_mapping` takes what a TOML file
would hold, already parsed. Everything that is wrong is collected in `Firms.problems`, each with its place;
only where nothing at all can be used is the input `Refused`. Polars is loaded here at the last moment,
while a workbook is still being parsed in its child process.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ordos_subsidy.cells.figures import figure
from ordos_subsidy.errors import Problem, Refused, problem, warning
from ordos_subsidy.facts import Fact, Of, Vocabulary
from ordos_subsidy.files import guard, text, workbook
from ordos_subsidy.files.raw import Book
from ordos_subsidy.firms import toml
from ordos_subsidy.firms.columns import typed
from ordos_subsidy.firms.join import join
from ordos_subsidy.firms.records import ASSUMED, Records
from ordos_subsidy.firms.rows import Rows

if TYPE_CHECKING:
    from ordos_subsidy.firms.tables import Firms

#: So many headings are named where none was found.
_NAMED = 6

Path = str | os.PathLike[str]


@dataclass
class Found:
    """The records of one file, before they are typed."""

    name: str
    firms: list[Records] = field(default_factory=list)
    events: list[Records] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read(path: Path, vocabulary: Vocabulary, events: Path | None = None) -> Firms:
    """The firms of a file with their events, from the same file and from a second one."""
    with ExitStack() as stack:
        files = [guard.open_file(each) for each in (path, events) if each is not None]
        pending = [stack.enter_context(workbook.start(file)) if file.is_workbook else None for file in files]
        import ordos_subsidy.firms.tables  # noqa: F401 - polars loads while the child parses

        found = [_in_file(file, each, vocabulary) for file, each in zip(files, pending, strict=True)]
    main, *others = found
    for other in others:
        need(other, other.events, "reading.no_events", vocabulary)
        main.events += other.events
        main.problems += other.problems
    need(main, main.firms, "reading.no_firms", vocabulary)
    return _assemble(main, vocabulary)


def read_book(book: Book, vocabulary: Vocabulary) -> Firms:
    """The firms and events of sheets that have been parsed."""
    found = in_book(book, vocabulary)
    need(found, found.firms, "reading.no_firms", vocabulary)
    return _assemble(found, vocabulary)


def read_mapping(
    mapping: Mapping[str, object], vocabulary: Vocabulary, where: str, *, anonymous: bool = False
) -> Firms:
    """The firms of a parsed TOML file; `anonymous` ones need no name and may be alike."""
    return _assemble(in_mapping(mapping, where, vocabulary), vocabulary, anonymous=anonymous)


def _in_file(file: guard.File, pending: workbook.Pending | None, vocabulary: Vocabulary) -> Found:
    if pending:
        found = in_book(pending.result(), vocabulary)
    elif file.kind == "toml":
        found = in_mapping(text.toml_table(file.data, file.name), file.name, vocabulary)
        found.problems[:0] = file.problems
    elif file.kind == "parquet":
        from ordos_subsidy.firms import parquet

        found = in_book(parquet.read_book(file), vocabulary)
    else:
        sheet, problems = text.csv_sheet(file.data, file.name)
        found = in_book(Book(file.name, file.kind, [sheet], (*file.problems, *problems)), vocabulary)
    return found


def in_mapping(mapping: Mapping[str, object], where: str, vocabulary: Vocabulary) -> Found:
    """The records of a parsed TOML file."""
    document = toml.read(mapping, where, vocabulary)
    return Found(where, [document.firms], list(document.events), list(document.problems))


def in_book(book: Book, vocabulary: Vocabulary) -> Found:
    """The records of the sheets of a book, units assumed where nobody gave them."""
    from ordos_subsidy.firms import books  # text files do without the layouts of sheets

    firms, about_firms = books.read(book, "firm", vocabulary)
    events, about_events = books.read(book, "event", vocabulary)
    found = Found(book.name, firms, events, [*book.problems, *about_firms, *about_events])
    if assumed := assume(found, vocabulary):
        found.problems.append(assumed)
    return found


def need(found: Found, records: list[Records], code: str, vocabulary: Vocabulary) -> None:
    """Refuse a file without the table it was given for."""
    if any(each.height for each in records):
        return
    of: Of = "firm" if code == "reading.no_firms" else "event"
    facts = list(vocabulary.of(of))[:_NAMED]
    if records:
        code += "_rows"
    wanted = problem(
        code,
        found.name,
        severity="error",
        headings="、".join(fact.title.zh for fact in facts),
        headings_en=", ".join(fact.title.en for fact in facts),
    )
    noted = [said for each in records for said in each.problems]
    raise Refused([*found.problems, *noted, wanted])


def assume(found: Found, vocabulary: Vocabulary) -> Problem | None:
    """Give sums without a unit the usual one, and say so if there are any."""
    first: tuple[str, Fact] | None = None
    for records in (*found.firms, *found.events):
        for key, raw in records.facts.items():
            fact = vocabulary.facts[key]
            if fact.type != "money" or raw.unit is not None:
                continue
            raw.unit = ASSUMED
            if first is None and any(map(is_plain, raw.cells)):
                first = raw.at, fact
    if first is None:
        return None
    at, fact = first
    return warning("reading.assumed_unit", at, fact=fact.title.zh, fact_en=fact.title.en, unit=ASSUMED)


def is_plain(cell: object) -> bool:
    """Whether a cell holds a number without a unit, other than zero."""
    found = figure(cell)
    return found is not None and not found.unit and found.number != 0


def _assemble(found: Found, vocabulary: Vocabulary, *, anonymous: bool = False) -> Firms:
    from ordos_subsidy.firms.tables import Firms, table

    firms, events = Rows("firm", vocabulary), Rows("event", vocabulary)
    for rows, parts in ((firms, found.firms), (events, found.events)):
        for records in parts:
            rows.add(typed(records, vocabulary))
    joined = join(firms, events, anonymous=anonymous)
    return Firms(
        table(vocabulary, "firm", firms.taken(joined.firms), range(len(joined.firms)), _at(firms, joined.firms)),
        table(vocabulary, "event", events.taken(joined.events), joined.owners, _at(events, joined.events)),
        (*found.problems, *firms.problems, *events.problems),
        joined.left_out,
    )


def _at(rows: Rows, kept: list[int]) -> list[str]:
    places = rows.places()
    return [places[row] for row in kept]
