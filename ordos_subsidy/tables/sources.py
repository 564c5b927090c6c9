"""Files to sheets in columns: workbooks, CSV, Parquet.

Workbooks are parsed in the guarded child process of `files.workbook`. Parquet is read by Polars, a column at a time
and only those asked for. CSV is read by Polars where it is long and so plain that nothing
can be misread (no quotes, no blank or ragged lines), else by `files.text`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeVar

import polars as pl

from ordos_subsidy.errors import Problem, Refused, problem
from ordos_subsidy.files import guard, text, workbook
from ordos_subsidy.files.grid import COLUMNS, CellValue
from ordos_subsidy.tables.columns import CellColumn, SheetColumns, of_list, stacked
from ordos_subsidy.tables.layout import LOOK_ROWS

Got = TypeVar("Got")

#: So many rows are given as lists, and so many lines has a CSV file that Polars may read.
HEAD = LOOK_ROWS + 20


def of_rows(name: str, rows: list[list[CellValue]], **more: Any) -> SheetColumns:
    """A sheet from its rows."""
    return SheetColumns(name, rows[:HEAD], len(rows), lambda col: of_list([row[col] for row in rows]), **more)


def of_workbook(reader: workbook.BookReader) -> list[SheetColumns]:
    """The sheets of a workbook; rows are put into columns while the child parses more of them."""
    return reader.sheets(_sheets)


def _sheets(frames: Iterator[tuple[Any, ...]]) -> list[SheetColumns]:
    sheets: list[SheetColumns] = []
    pieces: list[list[CellColumn]] = []
    for frame in frames:
        match frame:
            case "sheet", name, hidden, merged:
                pieces = []
                spans = tuple((*first, *last) for first, last in merged)
                sheets.append(SheetColumns(name, [], 0, partial(_stacked, pieces), hidden=hidden, merged=spans))
            case "hidden", rows, cols:
                sheets[-1].hidden_rows, sheets[-1].hidden_cols = frozenset(rows), frozenset(cols)
            case "rows", height, sent:
                cells = [list(workbook.column(height, *each)) for each in sent]
                sheet = sheets[-1]
                wanted = HEAD - len(sheet.head)
                sheet.head += map(list, zip(*(column[:wanted] for column in cells), strict=True))
                sheet.height += height
                pieces.append(list(map(of_list, cells)))
    return sheets


def _stacked(pieces: list[list[CellColumn]], col: int) -> CellColumn:
    return stacked([piece[col] for piece in pieces])


def of_parquet(data: bytes, name: str) -> SheetColumns:
    """The sheet of a Parquet file: its column names are the headings, its rows the rows below them."""
    whole = pl.scan_parquet(data)
    names = _read(lambda: whole.collect_schema().names(), name)
    height = 1 + _read(lambda: int(whole.select(pl.len()).collect().item()), name)
    head = _read(lambda: whole.head(HEAD - 1).collect(), name)

    def column(col: int) -> CellColumn:
        layer = _read(lambda: whole.select(names[col]).collect().to_series().rechunk(), name)
        return CellColumn(height - 1, [layer.cast(pl.String) if layer.dtype in (pl.Categorical, pl.Enum) else layer])

    return SheetColumns("", [list(names), *map(list, head.iter_rows())], height, column, first=1)


def of_frame(frame: pl.DataFrame) -> SheetColumns:
    """The sheet of a data frame: its column names are the headings."""
    columns = [
        layer.cast(pl.String) if layer.dtype in (pl.Categorical, pl.Enum) else layer.rechunk()
        for layer in frame.get_columns()
    ]
    head: list[list[CellValue]] = [list(frame.columns), *map(list, frame.head(HEAD - 1).iter_rows())]
    return SheetColumns("", head, 1 + frame.height, lambda col: CellColumn(frame.height, [columns[col]]), first=1)


def _read(read: Callable[[], Got], name: str) -> Got:
    """What comes of reading a Parquet file, or `Refused`."""
    try:
        return read()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError) as error:
        detail = str(error).partition("\n")[0]
        raise Refused([problem("reading.parquet", name, detail=detail)]) from None


def of_csv(file: guard.InputFile) -> tuple[SheetColumns, tuple[Problem, ...]]:
    """The sheet of texts of a CSV file, and what should be said about the file."""
    plain = _plain_csv(file)
    if plain is not None:
        return plain
    rows, problems = text.csv_rows(file.data, file.name)
    return of_rows("", [list(map(_unguarded, row)) for row in rows]), problems


def _unguarded(cell: CellValue) -> CellValue:
    """A text that an export keeps from being read as a number: ="0012"."""
    if isinstance(cell, str) and cell.startswith('="') and cell.endswith('"'):
        return cell[2:-1].replace('""', '"') or None
    return cell


def _plain_csv(file: guard.InputFile) -> tuple[SheetColumns, tuple[Problem, ...]] | None:
    """A file that cannot be misread; None where it must be read with care."""
    content, problems = text.decoded(file.data, file.name)
    content = content.replace("\r\n", "\n").removesuffix("\n")
    if any(each in content for each in ('"', "\r", "\0", "\n\n")) or content.startswith(("\n", "sep=")):
        return None
    lines = content.count("\n") + 1
    if lines <= HEAD:
        return None
    _, delimiter = text.delimited(content)
    width = content.partition("\n")[0].count(delimiter) + 1
    if width > COLUMNS or content.count(delimiter) != (width - 1) * lines:
        return None
    try:
        frame = pl.read_csv(
            content.encode(), has_header=False, separator=delimiter, quote_char=None, infer_schema=False
        )
    except pl.exceptions.PolarsError:  # a line that is too long
        return None
    if frame.shape != (lines, width):
        return None
    head: list[list[CellValue]] = [list(row) for row in frame.head(HEAD).iter_rows()]
    columns = frame.get_columns()
    return SheetColumns("", head, lines, lambda col: CellColumn(lines, [columns[col].alias("")])), problems
