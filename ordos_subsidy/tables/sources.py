"""Files to sheets in columns: workbooks, CSV, Parquet.

All are read in the guarded child process of `files.workbook` first: workbooks come from it in columns and CSV in lines
that Polars cannot misread. Of Parquet nothing comes: it is read again, by Polars, a column at a time and only those
asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from itertools import repeat
from typing import Any, TypeVar

import polars as pl

from ordos_subsidy.errors import Problem, Refused, problem
from ordos_subsidy.files import workbook
from ordos_subsidy.files.grid import CellValue
from ordos_subsidy.tables.columns import CellColumn, SheetColumns, of_list, stacked
from ordos_subsidy.tables.layout import LOOK_ROWS

Got = TypeVar("Got")

#: So many rows are given as lists.
HEAD = LOOK_ROWS + 20


def of_workbook(frames: Iterator[tuple[Any, ...]]) -> list[SheetColumns]:
    """The sheets of a workbook; rows are put into columns while the child parses more of them."""
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
                cells = [None if each[0] == workbook.BLANK else list(workbook.column(height, *each)) for each in sent]
                sheet = sheets[-1]
                wanted = min(HEAD - len(sheet.head), height)
                if wanted > 0:
                    lines = (repeat(None, wanted) if column is None else column[:wanted] for column in cells)
                    sheet.head += map(list, zip(*lines, strict=True))
                sheet.height += height
                pieces.append([CellColumn(height) if column is None else of_list(column) for column in cells])
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


def of_csv(data: bytes, frames: Iterator[tuple[Any, ...]]) -> tuple[SheetColumns, tuple[Problem, ...]]:
    """The sheet of texts of a CSV file, and what should be said about the file; `frames` are those of `csv_lines`."""
    said = []
    lines = BytesIO()
    separator, end, height, width = ",", "\n", 0, 0
    for frame in frames:
        match frame:
            case "said", *fields:
                said.append(Problem(*fields))
            case "lines", piece:
                lines.write(piece)
            case "table", separator, end, height, width:
                pass
    whole = pl.read_csv(
        lines.getvalue() or data,
        has_header=False,
        separator=separator,
        eol_char=end,
        quote_char=None,
        infer_schema=False,
    )
    if whole.height != height or whole.width < width:
        raise RuntimeError(f"{whole.shape} where the child counted {height} and {width}")
    columns = whole.get_columns()[:width]
    head: list[list[CellValue]] = [list(row[:width]) for row in whole.head(HEAD).iter_rows()]
    return SheetColumns("", head, height, lambda col: CellColumn(height, [columns[col].alias("")])), tuple(said)
