"""Reading made short: sheets as lists of rows in, values and problems out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ordos_subsidy.tables import read as read_files
from ordos_subsidy.tables import read_mapping
from ordos_subsidy.tables import read_sheets as read_book
from ordos_subsidy.tables.columns import SheetColumns, of_list
from ordos_subsidy.tables.sources import HEAD
from tests.vocabulary import SMALL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ordos_subsidy.facts import Vocabulary
    from ordos_subsidy.tables.firms import Firms

Rows = list[list[Any]]


def of_rows(name: str, rows: Rows, **more: Any) -> SheetColumns:
    """A sheet from its rows."""
    return SheetColumns(name, rows[:HEAD], len(rows), lambda col: of_list([row[col] for row in rows]), **more)


def sheet(name: str, rows: Rows, **more: Any) -> SheetColumns:
    """A sheet; rows are made as wide as the widest, blank texts become None."""
    width = max(map(len, rows), default=0)
    return of_rows(name, [[None if v == "" else v for v in row] + [None] * (width - len(row)) for row in rows], **more)


def read_sheets(*sheets: SheetColumns, kind: str = "xlsx") -> Firms:
    """What a book of sheets means."""
    return read_book("f.xlsx", sheets, SMALL, named=kind != "csv")


def read(path: Path, vocabulary: Vocabulary, events: Path | None = None) -> Firms:
    """What a file means, and a second one of events, as `calc` reads them."""
    return read_files([path], [events] if events else [], vocabulary)


def read_rows(rows: Rows, events: Rows | None = None, **more: Any) -> Firms:
    """What one sheet of firms means, and one of events."""
    sheets = [sheet("甲表", rows, **more)]
    return read_sheets(*sheets, *([sheet("乙表", events)] if events else []))


def read_toml(mapping: Mapping[str, Any], *, anonymous: bool = False) -> Firms:
    """What a parsed TOML file means."""
    return read_mapping(mapping, SMALL, "f.toml", anonymous=anonymous)


def firm(found: Firms, number: int = 0) -> dict[str, Any]:
    """What is known of a firm."""
    return {key: value for key, value in found.firms.row(number, named=True).items() if value is not None}


def event(found: Firms, number: int = 0) -> dict[str, Any]:
    """What is known of an event."""
    return {key: value for key, value in found.events.row(number, named=True).items() if value is not None}


def names(found: Firms) -> list[str]:
    """The firms that were read."""
    return found.firms["name"].to_list()


def said(found: Firms) -> list[tuple[str, str]]:
    """The problems: place within the file, and code."""
    return [(each.where.partition("!")[2] or each.where, each.code) for each in found.problems]


def errors(found: Firms) -> list[tuple[str, str]]:
    """The errors among the problems."""
    return [at for at, each in zip(said(found), found.problems, strict=True) if each.severity == "error"]


def codes(problems: Sequence[Any]) -> list[str]:
    """What the problems are."""
    return [each.code for each in problems]
