"""Any file to firms: what a user fills in, checked and turned into two tables, in columns.

| room | |
|---|---|
| reading | opened files, sheets or a parsed TOML file to `Firms` |
| sources | workbooks, CSV and Parquet as sheets in columns |
| layout, headings | where in a book firms and events stand, as a form or as a list, and what a heading means |
| rows, forms, toml | a list, a form, a TOML file as a table of untyped columns (`columns`) |
| odd_rows | which rows of a list are data |
| fact_columns | columns of one fact for several years, columns of recognitions |
| options | what the user says beside the file |
| typing | columns to their types: quick ways, and `cells` for every other distinct value |
| gathered, join | all rows of firms and of events, brought together |
| firms, doubts | `Firms`, what comes out, and what is to be said about the whole of it |

`calc`, `batch`, `check` and the Python interface read through `read_firms`; a form is a table of one row. Polars is
loaded at the last moment, while a workbook is being parsed in its child process.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from ordos_subsidy.errors import Refused, problem
from ordos_subsidy.files import guard, workbook
from ordos_subsidy.files.guard import is_own_result

if TYPE_CHECKING:
    from ordos_subsidy.facts import Vocabulary
    from ordos_subsidy.policy import Policies
    from ordos_subsidy.tables.columns import SheetColumns
    from ordos_subsidy.tables.firms import Firms
    from ordos_subsidy.tables.options import Options
    from ordos_subsidy.tables.reading import Reading

_Path = str | os.PathLike[str]
_Opened = tuple[guard.InputFile, workbook.BookReader | None]


def read_firms(
    files: Sequence[_Path],
    events: Sequence[_Path],
    policies: Policies,
    *,
    places: bool = True,
    allowance: guard.Allowance = guard.MANY_FIRMS,
    options: Options | None = None,
) -> Firms:
    """The firms of some files as `read` gives them, with what a policy asks for and all of them leave out."""
    from ordos_subsidy.tables.doubts import gaps, headings_not_met

    firms = read(files, events, policies.vocabulary, places=places, allowance=allowance, options=options)
    not_met = headings_not_met(firms, options.typed if options else ())
    return replace(firms, problems=(*firms.problems, *gaps(firms, policies), *not_met))


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
    `allowance` is what each file may take, `options` what the user says beside them. Everything that is wrong is in
    `Firms.problems`, each with its place; raises `Refused` where there is nothing to read.
    """
    paths = [Path(each) for each in (*files, *events)]
    whole: Reading | None = None
    with closing(_opened(paths, allowance)) as opened:
        for number, (file, reader) in enumerate(opened):
            whole = whole or _reading(vocabulary, options, allowance.rows)
            needed = "reading.no_events" if number >= len(files) else "reading.no_firms" if len(files) > 1 else ""
            whole.add_file(file, reader, needed)
    where = [guard.shown(path) for path in paths[: 1 if len(files) == 1 else None]]
    return (whole or _reading(vocabulary, options)).firms(", ".join(where), places=places)


def read_mapping(
    mapping: Mapping[str, object], vocabulary: Vocabulary, where: str, *, anonymous: bool = False
) -> Firms:
    """The firms of a parsed TOML file; `anonymous` ones need no name and may be alike."""
    whole = _reading(vocabulary)
    whole.add(whole.in_mapping(mapping, where))
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
    whole = _reading(vocabulary, options)
    whole.add(whole.in_book(name, sheets, named=named))
    return whole.firms(name)


def _reading(vocabulary: Vocabulary, options: Options | None = None, most: int | None = None) -> Reading:
    from ordos_subsidy.tables import reading

    return reading.Reading(vocabulary, options, most)


def _opened(paths: Sequence[Path], allowance: guard.Allowance) -> Generator[_Opened]:
    """Open the files in order; while one is read, a child parses the next, and no more than two are in memory."""
    ahead: deque[_Opened | Refused] = deque()
    try:
        for path in [*paths, None]:
            if path:
                ahead.append(_open(path, allowance))
            if len(ahead) > 1 or (ahead and not path):
                if isinstance(opened := ahead.popleft(), Refused):
                    raise opened
                yield opened
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
