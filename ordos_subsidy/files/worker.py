"""The child process: parses one file and sends its rows home, then is gone.

A parser of strangers' files can abort, panic, loop or swallow all memory; here it takes nobody with it.
`workbook` sends a request and the file's bytes through stdin; frames go back through stdout, each a length and a
marshalled tuple:

    ("sheet", name, hidden, merged)  a sheet begins
    ("hidden", rows, columns)        what of it is hidden
    ("rows", height, columns)        some of its rows, column by column
    ("refused", problems)            the fields of each `Problem`; the end
    ("end",)                         all is said

(of CSV: see `csv_lines`; of Parquet only the last two)

Columns and not rows: one look at the types in a column saves a look at each of its cells, and whoever receives them
wants columns. A column is a tag and its values, where blank is None:

    BLANK  nothing
    PLAIN  values that are meant as they stand
    DATES  ordinals of dates
    MIXED  values, of which those that marshal cannot carry are tuples

The process ends with its parent: stdin stays open while somebody waits, and the system ends it when that closes, even
in the midst of code that never looks up.
"""

from __future__ import annotations

import _thread
import contextlib
import gc
import marshal
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from typing import Any, BinaryIO

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from ordos_subsidy.errors import Refused, problem
from ordos_subsidy.files import binary, marks, styled, zips
from ordos_subsidy.files.grid import COLUMNS, MARK, ROWS, address

CHUNK_CELLS = 32_768
#: A frame of a wide sheet has so many rows: each column of each frame costs the parent a thing of its own.
CHUNK_ROWS = 64
LARGE_BYTES = zips.MIB
#: The columns of a Parquet file are read in about so many pieces.
PARQUET_READS = 32

BLANK, PLAIN, DATES, MIXED = range(4)
DATE, DATETIME, TIME, TIMEDELTA, ERROR = range(5)
_NUMBERS = {float, int, bool}
_SIMPLE = {*_NUMBERS, str}


def main() -> None:
    """Read the request, answer it, leave without a teardown."""
    home, answer = sys.stdin.buffer, sys.stdout.buffer
    where, kind, size, careful, memory, seconds = marshal.loads(  # noqa: S302 - from home
        home.read(int.from_bytes(home.read(4), "little"))
    )
    data = home.read(size)
    if len(data) == size:
        gc.disable()  # there are no cycles here, and looking for them costs a third of making the rows
        _end_with_parent(home)
        loaded = 0
        if kind == "parquet":
            loaded, frames = _loaded_polars(), _try_parquet(where, data, memory)
        elif kind == "csv":
            from ordos_subsidy.files import csv_lines

            frames = csv_lines.frames(data, where)
        else:
            frames = _frames(where, kind, data, careful=careful)
        _limit(memory + loaded, seconds)
        _answer(answer, where, frames)
    os._exit(0)


def _end_with_parent(home: BinaryIO) -> None:
    """End when stdin closes: by a thread, and where the system can by a signal, which waits for no thread's turn."""
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl
        import select

        fcntl.fcntl(home, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(home, fcntl.F_SETFL, fcntl.fcntl(home, fcntl.F_GETFL) | os.O_ASYNC)  # SIGIO ends a process
        if select.select([home], [], [], 0)[0]:  # it has closed before; nothing else is ever sent
            os._exit(1)

    def leave() -> None:
        home.read(1)
        os._exit(1)

    _thread.start_new_thread(leave, ())


def _loaded_polars() -> int:
    """Load Polars; the bytes of address space that this process has by then, if the system says."""
    import polars as pl

    pl.DataFrame()
    with contextlib.suppress(OSError):
        return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def _limit(memory: int, seconds: int) -> None:
    """Limit the memory in bytes, and the seconds of the processor to more than the parent's clock gives."""
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    for kind, limit in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, 3 * seconds), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(kind)
        with contextlib.suppress(ValueError, OSError):  # macOS refuses some; the others still hold
            resource.setrlimit(kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _answer(answer: BinaryIO, where: str, frames: Iterator[tuple[Any, ...]]) -> None:
    def send(frame: tuple[Any, ...]) -> None:
        body = marshal.dumps(frame, 2)
        answer.write(len(body).to_bytes(8, "little") + body)
        answer.flush()

    try:
        for frame in frames:
            send(frame)
        last: tuple[Any, ...] = ("end",)
    except Refused as refused:
        last = ("refused", [(each.code, each.where, each.params) for each in refused.problems])
    except MemoryError:
        last = ("refused", [("files.exhausting", where, ())])
    except BaseException as error:  # noqa: BLE001 - PanicException is no Exception
        last = ("refused", [("files.unparsable", where, (("detail", str(error)),))])
    send(last)


def _frames(where: str, kind: str, data: bytes, *, careful: bool) -> Iterator[tuple[Any, ...]]:
    """All frames of a book but the last.

    A large book is checked while it is parsed, and its next sheet is parsed while one is sent: the parser lets other
    threads run. Nothing is sent before the check is done, and its word comes first. A small book is checked first;
    threads would cost more than they save.
    """
    apart = iter if careful or len(data) < LARGE_BYTES else _apart
    check = apart(_checked(where, kind, data))
    if careful and kind == "xlsx":
        marks.refuse_wide(data, where)
    try:
        book = _Book(where, data, apart) if apart is _apart else None
    except Refused:
        book = None  # the check may know better, or mark what the parser does not know
    marked, shown, hidden = next(check)
    if book is None or marked is not None:
        if book:
            book.is_wanted = False
        book = _Book(where, marked or data, apart)
    if not book.metas:
        raise Refused([problem("files.no-sheets", where)])
    for (index, meta), sheet in zip(book.metas, book.sheets, strict=True):
        yield "sheet", meta.name, meta.visible != SheetVisibleEnum.Visible, sheet.merged_cell_ranges or []
        if index in hidden:
            yield "hidden", *hidden[index]
        yield from _rows(sheet, shown.get(index, {}), dirty=marked is not None or kind == "xls")


def _try_parquet(where: str, data: bytes, memory: int) -> Iterator[tuple[Any, ...]]:
    """Read all of a Parquet file, so that one that takes all memory or time, or breaks the library, does so here.

    Texts may share their bytes; each is counted, as whoever reads them one by one holds each.
    """
    import polars as pl

    try:
        names = list(pl.read_parquet_schema(BytesIO(data)))
        if len(names) > COLUMNS:
            raise Refused([problem("files.too-many-columns", where, limit=COLUMNS)])
        step = len(names) // PARQUET_READS + 1
        for at in range(0, len(names), step):
            some = pl.read_parquet(BytesIO(data), columns=names[at : at + step])
            if any(each.estimated_size() > memory // 4 for each in some):
                raise Refused([problem("files.memory", where, limit=memory // zips.MIB)])
    except (pl.exceptions.PolarsError, ValueError, OSError) as error:
        raise Refused([problem("reading.parquet", where, detail=str(error).partition("\n")[0])]) from None
    yield from ()


def _checked(
    where: str, kind: str, data: bytes
) -> Iterator[tuple[bytes | None, dict[int, styled.Texts], styled.Unseen]]:
    """The book anew if cells had to be marked, or what they show (.xls, whose records cannot grow); what is hidden."""
    if kind == "xls":
        yield None, *binary.xls_shown(data, where)
    else:
        marked, hidden = marks.prepared_book(kind, data, where)
        yield marked, {}, hidden


def _apart(values: Iterator[Any]) -> Iterator[Any]:
    """The same values, of which none is None, worked out in a thread of their own and ahead of who takes them."""
    made: SimpleQueue[tuple[Any, BaseException | None]] = SimpleQueue()

    def make() -> None:
        try:
            for value in values:
                made.put((value, None))
            made.put((None, None))
        except BaseException as error:  # noqa: BLE001 - it is raised where the value is asked for
            made.put((None, error))

    def take() -> Iterator[Any]:
        while True:
            value, error = made.get()
            if error:
                raise error
            if value is None:
                return
            yield value

    _thread.start_new_thread(make, ())
    return take()


class _Book:
    """A workbook: its tables as it lists them, and parsed in that order."""

    def __init__(self, where: str, data: bytes, apart: Callable[[Iterator[Any]], Iterator[Any]]) -> None:
        self._where = where
        with _parsing(where):
            self._book = CalamineWorkbook.from_filelike(BytesIO(data))
        sheets = enumerate(self._book.sheets_metadata)
        self.metas = [(index, meta) for index, meta in sheets if meta.typ == SheetTypeEnum.WorkSheet]
        self.is_wanted = True
        self.sheets: Iterator[CalamineSheet] = apart(self._parsed())

    def _parsed(self) -> Iterator[CalamineSheet]:
        """Table by table, until nobody wants them; `Refused` when together they span too much."""
        left = marks.AREA
        for index, meta in self.metas:
            if not self.is_wanted:
                return
            with _parsing(f"{self._where}!{meta.name}"):
                sheet = self._book.get_sheet_by_index(index)
            row, col = sheet.end or (-1, -1)
            place = f"{self._where}!{meta.name}!{address(row, col)}"
            if row >= ROWS or col >= COLUMNS:
                raise Refused([problem("files.address", place)])
            left -= (row + 1) * (col + 1)
            if left < 0:
                raise Refused([problem("files.area", place, limit=marks.AREA)])
            yield sheet


@contextlib.contextmanager
def _parsing(where: str) -> Iterator[None]:
    """What the parser raises, as a problem."""
    try:
        yield
    except PasswordError:
        raise Refused([problem("files.encrypted", where)]) from None
    except MemoryError:
        raise
    except BaseException as error:  # noqa: BLE001 - PanicException is no Exception
        raise Refused([problem("files.unparsable", where, detail=error)]) from None


def _rows(sheet: CalamineSheet, shown: styled.Texts, *, dirty: bool) -> Iterator[tuple[Any, ...]]:
    """The rows of a sheet from A1, some thousand cells a frame."""
    if sheet.start is None or sheet.end is None:
        return
    # Rows come from the top of the sheet, but only from its first used column.
    margin = sheet.start[1]
    height = max(min(CHUNK_ROWS, CHUNK_CELLS), CHUNK_CELLS // (sheet.end[1] + 1))
    rows, first = sheet.iter_rows(), 0
    while chunk := list(islice(rows, height)):
        for (row, col), text in shown.items():
            if first <= row < first + len(chunk):
                chunk[row - first][col - margin] = text
        columns = [_column(values, dirty=dirty) for values in zip(*chunk, strict=True)]
        yield "rows", len(chunk), [(BLANK, None)] * margin + columns
        first += len(chunk)


def _column(values: Sequence[Any], *, dirty: bool) -> tuple[int, Any]:
    """The values of one column; dirty ones may hold marked texts, or the NULs that stray into .xls."""
    types = set(map(type, values))
    if types == {str} and not any(values):
        return BLANK, None
    if types <= _NUMBERS:
        return PLAIN, values
    if not dirty and types <= _SIMPLE:
        return PLAIN, [value if value.__class__ is not str else value or None for value in values]
    if types <= {date, str} and not any(value for value in values if value.__class__ is str):
        return DATES, [value.toordinal() if value else None for value in values]
    return MIXED, [value if value.__class__ in _NUMBERS else _carried(value) for value in values]


def _carried(value: Any) -> Any:
    """Text, or a tuple for what marshal does not know."""
    if isinstance(value, str):
        marked = value.startswith(MARK)
        return (ERROR, value.removeprefix(MARK)) if marked else value.replace("\0", "") or None
    match value:
        case datetime():
            return DATETIME, value.isoformat()
        case date():
            return DATE, value.toordinal()
        case time():
            return TIME, value.isoformat()
        case timedelta():
            return TIMEDELTA, value.days, value.seconds, value.microseconds
    return str(value)
