"""The child process: parses one workbook and sends its rows home, then is gone.

A parser of strangers' files can abort, panic, loop or swallow all memory; here it takes nobody with it.
`workbook` sends this module's code, the kind of the file and its bytes through stdin; frames go back through
stdout, each a length and a marshalled tuple:

    ("sheet", name, hidden, merged)  a sheet begins
    ("rows", height, columns)        some of its rows, column by column
    ("whole",)                       it has no more of them
    ("refused", code, params)        a name in `words.files`; the end
    ("end",)                         all is said

Columns and not rows: one look at the types in a column saves a look at each of its cells, and whoever receives them
wants columns. A column is a tag and its values, where blank is None:

    BLANK  nothing
    PLAIN  values that are meant as they stand
    DATES  ordinals of dates
    MIXED  values, of which those that marshal cannot carry are tuples

Stdin is also the lifeline: it stays open while somebody waits, and the child ends when it closes. The standard
library and python-calamine only, and little of the former: start-up is what a small file costs.
"""

from __future__ import annotations

import _thread
import gc
import marshal
import os
import sys
from _queue import SimpleQueue  # `queue` would load `threading`, which a small file need not wait for
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import islice

from python_calamine import (
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from ordos_subsidy.files import archive, marks
from ordos_subsidy.files.archive import Unfit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any, BinaryIO

    from ordos_subsidy.files.binary import Errors

MEMORY_BYTES = 3 * 1024 * archive.MIB
CHUNK_CELLS = 32_768
LARGE_BYTES = archive.MIB

BLANK, PLAIN, DATES, MIXED = range(4)
DATE, DATETIME, TIME, TIMEDELTA, ERROR = range(5)
_NUMBERS = {float, int, bool}
_SIMPLE = {*_NUMBERS, str}


def main() -> None:
    """Read the request, answer it, leave without a teardown."""
    home, answer = sys.stdin.buffer, sys.stdout.buffer
    kind, size, careful = marshal.loads(home.read(int.from_bytes(home.read(4), "little")))  # noqa: S302 - from home
    data = home.read(size)
    if len(data) == size:
        gc.disable()  # there are no cycles here, and looking for them costs a third of making the rows
        _thread.start_new_thread(_leave_when_closed, (home,))
        _limit_memory()
        _answer(answer, kind, data, careful)
    os._exit(0)


def _answer(answer: BinaryIO, kind: str, data: bytes, careful: bool) -> None:
    try:
        for frame in _frames(kind, data, careful):
            _send(answer, frame)
        last: tuple[Any, ...] = ("end",)
    except Unfit as error:
        last = ("refused", error.code, error.params)
    except MemoryError:
        last = ("refused", "exhausting", {})
    except BaseException as error:  # noqa: BLE001 - PanicException is no Exception
        last = ("refused", "unparsable", {"detail": str(error)})
    _send(answer, last)


def _send(answer: BinaryIO, frame: tuple[Any, ...]) -> None:
    body = marshal.dumps(frame, 2)
    answer.write(len(body).to_bytes(8, "little") + body)
    answer.flush()


def _leave_when_closed(home: BinaryIO) -> None:
    home.read(1)
    os._exit(1)


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(MEMORY_BYTES, hard)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ValueError, OSError):  # macOS refuses some limits; the others still hold
        return


def _frames(kind: str, data: bytes, careful: bool) -> Iterator[tuple[Any, ...]]:
    """All frames of a book but the last.

    A large book is checked while it is parsed, and its next sheet is parsed while one is sent: the parser lets other
    threads run. Nothing is sent before the check is done, and its word comes first. A small book is checked first;
    threads would cost more than they save.
    """
    apart = iter if careful or len(data) < LARGE_BYTES else _apart
    check = apart(map(marks.inspected, [kind], [data]))
    if careful and kind == "xlsx":
        marks.refuse_wide(data)
    try:
        book = _Book(data, apart) if apart is _apart else None
    except Unfit:
        book = None  # the check may know better, or mark what the parser does not know
    marked, errors = next(check)
    if book is None or marked is not None:
        if book:
            book.is_wanted = False
        book = _Book(marked or data, apart)
    if not book.metas:
        raise Unfit("no-sheets")
    for (index, meta), sheet in zip(book.metas, book.sheets, strict=True):
        yield "sheet", meta.name, meta.visible != SheetVisibleEnum.Visible, sheet.merged_cell_ranges or []
        yield from _rows(sheet, errors.get(index, {}), marked is not None or kind == "xls")
        yield ("whole",)


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

    def __init__(self, data: bytes, apart: Callable[[Iterator[Any]], Iterator[Any]]) -> None:
        try:
            self._book = CalamineWorkbook.from_filelike(BytesIO(data))
        except PasswordError:
            raise Unfit("encrypted") from None
        except MemoryError:
            raise
        except BaseException as error:  # noqa: BLE001 - PanicException is no Exception
            raise Unfit("unparsable", detail=str(error)) from None
        sheets = enumerate(self._book.sheets_metadata)
        self.metas = [(index, meta) for index, meta in sheets if meta.typ == SheetTypeEnum.WorkSheet]
        self.is_wanted = True
        self.sheets: Iterator[CalamineSheet] = apart(self._parsed())

    def _parsed(self) -> Iterator[CalamineSheet]:
        """Table by table, until nobody wants them; `Unfit` when together they span too much."""
        left = archive.AREA
        for index, _ in self.metas:
            if not self.is_wanted:
                return
            sheet = self._sheet(index)
            left -= _area(sheet)
            if left < 0:
                raise Unfit("area", sheet=sheet.name, **_end(sheet), limit=archive.AREA)
            yield sheet

    def _sheet(self, index: int) -> CalamineSheet:
        try:
            return self._book.get_sheet_by_index(index)
        except MemoryError:
            raise
        except BaseException as error:  # noqa: BLE001 - PanicException is no Exception
            raise Unfit("unparsable", sheet=self._book.sheet_names[index], detail=str(error)) from None


def _area(sheet: CalamineSheet) -> int:
    """How many cells a sheet spans from A1; refuses addresses that no spreadsheet has."""
    if sheet.end is None:
        return 0
    row, col = sheet.end
    if row >= marks.ROWS or col >= marks.COLS:
        raise Unfit("address", sheet=sheet.name, **_end(sheet))
    return (row + 1) * (col + 1)


def _end(sheet: CalamineSheet) -> dict[str, int]:
    row, col = sheet.end or (0, 0)
    return {"row": row, "col": col}


def _rows(sheet: CalamineSheet, errors: Errors, dirty: bool) -> Iterator[tuple[Any, ...]]:
    """The rows of a sheet from A1, some thousand cells a frame."""
    if sheet.start is None or sheet.end is None:
        return
    # Rows come from the top of the sheet, but only from its first used column.
    margin = sheet.start[1]
    height = max(1, CHUNK_CELLS // (sheet.end[1] + 1))
    rows, first = sheet.iter_rows(), 0
    while chunk := list(islice(rows, height)):
        for (row, col), text in errors.items():
            if first <= row < first + len(chunk):
                chunk[row - first][col - margin] = marks.MARK + text
        columns = [_column(values, dirty) for values in zip(*chunk, strict=True)]
        yield "rows", len(chunk), [(BLANK, None)] * margin + columns
        first += len(chunk)


def _column(values: Sequence[Any], dirty: bool) -> tuple[int, Any]:
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
        marked = value.startswith(marks.MARK)
        return (ERROR, value.removeprefix(marks.MARK)) if marked else value.replace("\0", "") or None
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
