"""The files of a batch: which are meant, what each of them is, and its sheets in columns.

A folder stands for the tables in it, in the order of their names. Workbooks are parsed in the guarded child
process of `files.workbook`; Parquet is read by Polars, straight from the disk, however large; CSV by Polars where
it is so plain that nothing can be misread (no quotes, no blank or ragged lines), else by `files.text`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

import polars as pl

from ordos_subsidy.batch import packed
from ordos_subsidy.batch.cells import Cells, of_list
from ordos_subsidy.batch.grids import HEAD, Table
from ordos_subsidy.errors import Problem, Refused, problem
from ordos_subsidy.files import guard, text, workbook
from ordos_subsidy.files.raw import Cell

Got = TypeVar("Got")
Made = TypeVar("Made")
#: More rows than there can be.
_ALL = 2**63 - 1
_ENDINGS = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".parquet", ".toml"}
_PARQUET = b"PAR1"
#: Texts are taken for categories where so many have so few distinct ones among them.
_SAMPLE, _FEW = 20_000, 1_000


def expanded(paths: Sequence[Path], out: Path) -> list[Path]:
    """The files that are meant; what a program left lying about, and the result itself, are not."""
    files: list[Path] = []
    for path in paths:
        if not path.is_dir():
            files.append(path)
            continue
        found = [each for each in sorted(path.iterdir()) if each.suffix.lower() in _ENDINGS and each.is_file()]
        found = [each for each in found if not each.name.startswith(("~$", ".")) and each.resolve() != out.resolve()]
        if not found:
            raise Refused([problem("batch.folder_empty", guard.shown(path))])
        files += found
    return files


def is_parquet(path: Path) -> bool:
    """Whether a file begins as Parquet does."""
    try:
        with path.open("rb") if path.is_file() else BytesIO() as file:
            return file.read(len(_PARQUET)) == _PARQUET
    except OSError:
        return False


def open_file(path: Path) -> guard.File:
    """A file as the guard opens it; a Parquet file keeps its bytes on the disk."""
    return guard.File(guard.shown(path), "parquet", b"") if is_parquet(path) else guard.open_file(path)


def of_workbook(pending: workbook.Pending, made: Callable[[Table], Made]) -> list[Made]:
    """What is made of the sheets of a workbook, of each while the child parses the next."""
    return pending.sheets(lambda frames: [made(table) for table in _tables(frames)])


def _tables(frames: Iterator[tuple[Any, ...]]) -> Iterator[Table]:
    sheet = _Growing()
    for frame in frames:
        match frame:
            case "sheet", *about:
                sheet = _Growing(*about)
            case "rows", height, sent:
                sheet.add(height, sent)
            case ("whole",):
                yield sheet.table()


class _Growing:
    """A sheet of which more rows come."""

    def __init__(self, name: str = "", hidden: bool = False, merged: Sequence[Any] = ()) -> None:
        self._about = name, hidden, tuple((*first, *last) for first, last in merged)
        self._head: list[list[Cell]] = []
        self._columns: list[list[Cells]] = []
        self._height = 0

    def add(self, height: int, sent: list[tuple[int, Any]]) -> None:
        """The next rows, as the child sends them."""
        wanted = HEAD - len(self._head)
        if wanted:
            cells = [list(workbook.column(height, *each)) for each in sent]
            self._head += map(list, zip(*(column[:wanted] for column in cells), strict=True))
            more = [of_list(column[wanted:]) for column in cells]
        else:
            more = packed.unpacked(height, sent)
        self._columns = self._columns or [[] for _ in sent]
        for column, piece in zip(self._columns, more, strict=True):
            column.append(piece)
        self._height += height

    def table(self) -> Table:
        """The sheet, now that it is whole."""
        name, hidden, merged = self._about
        tail = [_made(_repeating(packed.joined(column))) for column in self._columns]
        return Table(name, self._head, tail, self._height - len(self._head), hidden, merged)


def _table(columns: list[list[Cell]]) -> Table:
    head = [list(row) for row in zip(*(column[:HEAD] for column in columns), strict=True)]
    tail = [_made(of_list(column[HEAD:])) for column in columns]
    return Table("", head, tail, max(len(columns[0]) - HEAD, 0) if columns else 0)


def _made(column: Cells) -> Callable[[int], Cells]:
    return lambda _height: column


def parquet_rows(path: Path, name: str) -> int:
    """How many rows a Parquet file has, its headings not counted."""
    return _read(lambda: int(pl.scan_parquet(path, glob=False).select(pl.len()).collect().item()), name)


def parquet_table(path: Path, name: str, start: int = 0, count: int | None = None) -> Table:
    """A Parquet file: its column names are the headings, its rows the rows below them; all of them, or some."""
    top = HEAD - 1
    whole = pl.scan_parquet(path, glob=False)
    names = _read(lambda: whole.collect_schema().names(), name)
    height = min(parquet_rows(path, name) - start, count if count is not None else _ALL)
    lazy = whole.slice(start, height)
    rows = [list(row) for row in _read(lambda: lazy.head(top).collect(), name).iter_rows()]

    # A column is looked through for odd rows, then taken: in between it is held, and let go of when it is taken.
    held: dict[str, pl.Series] = {}
    taken: set[str] = set()

    def column(key: str, wanted: int) -> Cells:
        if key in held and wanted == height - top:
            return Cells(wanted, [held.pop(key)])
        found = _read(lambda: lazy.select(pl.col(key)).slice(top, wanted).collect(), name).to_series()
        found = categories(found)
        if wanted == height - top and key not in taken:
            taken.add(key)
            held[key] = found
        return Cells(len(found), [found])

    return Table("", [names, *rows], [partial(column, key) for key in names], max(height - top, 0), skipped=start)


def _read(read: Callable[[], Got], name: str) -> Got:
    """What comes of reading a Parquet file, or why nothing does."""
    try:
        return read()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError) as error:
        detail = str(error).partition("\n")[0]
        raise Refused([problem("reading.parquet", name, detail=detail)]) from None


def categories(texts: pl.Series) -> pl.Series:
    """Texts that repeat as categories, so that what is asked of them later is asked of each distinct one once."""
    if texts.dtype != pl.String:
        return texts
    seen = texts.head(_SAMPLE).unique().drop_nulls()
    if len(seen) > _FEW:
        return texts
    found = texts.cast(pl.Enum(seen), strict=False)
    if found.null_count() == texts.null_count():
        return found
    known = texts.unique().drop_nulls()  # some that the first rows do not have
    return texts.cast(pl.Enum(known)) if len(known) <= 2 * _FEW else texts


def _repeating(column: Cells) -> Cells:
    return Cells(column.height, [categories(layer) for layer in column.layers], column.odd)


def csv_table(file: guard.File) -> tuple[Table, tuple[Problem, ...]]:
    """A CSV file as a sheet of texts, and what should be said about it."""
    quick = _plain_csv(file)
    if quick is not None:
        return quick
    sheet, problems = text.csv_sheet(file.data, file.name)
    columns: list[list[Cell]] = [list(column) for column in zip(*sheet.rows, strict=True)]
    return _table(columns), problems


def _plain_csv(file: guard.File) -> tuple[Table, tuple[Problem, ...]] | None:
    """A file that cannot be misread; None where it must be read with care."""
    content, problems = text.decoded(file.data, file.name)
    content = content.replace("\r\n", "\n").removesuffix("\n")
    if any(each in content for each in ('"', "\r", "\0", "\n\n")) or content.startswith(("\n", "sep=")):
        return None
    _, delimiter = text.delimited(content)
    lines = content.count("\n") + 1
    width = content.partition("\n")[0].count(delimiter) + 1
    if content.count(delimiter) != (width - 1) * lines or lines <= HEAD:
        return None
    try:
        frame = pl.read_csv(
            content.encode(), has_header=False, separator=delimiter, quote_char=None, infer_schema=False
        )
    except pl.exceptions.PolarsError:  # a line that is too long
        return None
    if frame.shape != (lines, width):
        return None
    rows = [list(row) for row in frame.head(HEAD).iter_rows()]
    tail = [_made(Cells(lines - HEAD, [series.slice(HEAD)])) for series in frame.get_columns()]
    return Table("", rows, tail, lines - HEAD), problems
