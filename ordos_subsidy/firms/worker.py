"""The child process: parses one workbook and sends its rows home, then is gone.

A parser of strangers' files can abort, panic, loop or swallow all memory; here it takes nobody with it.
`workbook` sends this module's code, the kind of the file and its bytes through stdin; frames go back through
stdout, each a length and a marshalled tuple:

    ("sheet", name, hidden, merged)   a sheet begins
    ("rows", height, columns)         some of its rows, column by column
    ("refused", code, params)         a name in `words.files`; the end
    ("end",)                          all is said

A column is (tag, values). PLAIN values are meant as they stand (None: all blank), DATES are ordinals or None, and
in MIXED ones what marshal cannot carry is a tuple. Columns and not rows, because one look at the types in a column saves a look at each of its cells.

Stdin is also the lifeline: it stays open while somebody waits, and the child ends when it closes. The standard
library and python-calamine only, and little of the former: start-up is what a small file costs.
"""

from __future__ import annotations

import _thread
import marshal
import os
import sys
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import islice
from operator import methodcaller
from typing import TYPE_CHECKING, Any, BinaryIO

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from ordos_subsidy.firms import archive, marks
from ordos_subsidy.firms.archive import Unfit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MEMORY_BYTES = 4 * 1024 * archive.MIB
AREA = 20_000_000
ROWS, COLS = 1_048_576, 16_384
CHUNK_CELLS = 65_536

PLAIN, DATES, MIXED = range(3)
DATE, DATETIME, TIME, TIMEDELTA, ERROR = range(5)
_FLAT = {float, int, bool}
_DATES = {date, str}


def main() -> None:
    """Read the request, answer it, leave without a teardown."""
    home, answer = sys.stdin.buffer, sys.stdout.buffer
    kind, size = marshal.loads(home.read(int.from_bytes(home.read(4), "little")))
    data = home.read(size)
    if len(data) == size:
        _thread.start_new_thread(_leave_when_closed, (home,))
        _limit_memory()
        _answer(answer, kind, data)
    os._exit(0)


def _answer(answer: BinaryIO, kind: str, data: bytes) -> None:
    try:
        for frame in _frames(kind, data):
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


def _frames(kind: str, data: bytes) -> Iterator[tuple[Any, ...]]:
    """All frames of a book but the last."""
    errors: dict[int, marks.Errors] = {}
    if kind == "xls":
        errors = marks.xls_errors(data)
    else:
        data = archive.pack(marks.marked(kind, archive.inflate(data)))
    left = AREA
    with _opened(data) as book:
        for index, meta in enumerate(book.sheets_metadata):
            if meta.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = _sheet(book, index, meta.name)
            left -= _area(sheet)
            if left < 0:
                raise Unfit("area", sheet=meta.name, row=sheet.end[0], col=sheet.end[1], limit=AREA)
            hidden = meta.visible != SheetVisibleEnum.Visible
            yield "sheet", meta.name, hidden, sheet.merged_cell_ranges or []
            yield from _rows(sheet, kind, errors.get(index, {}))


def _opened(data: bytes) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(BytesIO(data))
    except PasswordError:
        raise Unfit("encrypted") from None
    except CalamineError as error:
        raise Unfit("unparsable", detail=str(error)) from None


def _sheet(book: CalamineWorkbook, index: int, name: str) -> CalamineSheet:
    try:
        return book.get_sheet_by_index(index)
    except MemoryError:
        raise
    except BaseException as error:  # noqa: BLE001 - PanicException is no Exception
        raise Unfit("unparsable", sheet=name, detail=str(error)) from None


def _area(sheet: CalamineSheet) -> int:
    """How many cells a sheet spans from A1; refuses addresses that no spreadsheet has."""
    if sheet.end is None:
        return 0
    row, col = sheet.end
    if row >= ROWS or col >= COLS:
        raise Unfit("address", sheet=sheet.name, row=row, col=col)
    return (row + 1) * (col + 1)


def _rows(sheet: CalamineSheet, kind: str, errors: marks.Errors) -> Iterator[tuple[Any, ...]]:
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
        columns = [_column(values, kind) for values in zip(*chunk, strict=True)]
        yield "rows", len(chunk), [(PLAIN, None)] * margin + columns
        first += len(chunk)


def _column(values: Sequence[Any], kind: str) -> tuple[int, Sequence[Any] | None]:
    """The values of one column as marshal can carry them; blank becomes None."""
    types = set(map(type, values))
    if types <= _FLAT:
        return PLAIN, values
    if kind == "xls" and str in types:
        values = [value.replace("\0", "") if value.__class__ is str else value for value in values]
    if types == {str} and not any(map(_is_marked, values)):
        return PLAIN, [value or None for value in values]
    if types <= _DATES and not any(value for value in values if value.__class__ is str):
        return DATES, [value.toordinal() if value else None for value in values]
    return MIXED, [value if value.__class__ in _FLAT else _carried(value) for value in values]


_is_marked = methodcaller("startswith", marks.MARK)


def _carried(value: Any) -> Any:
    """Text, or a tuple for what marshal does not know."""
    match value:
        case str():
            return (ERROR, value.removeprefix(marks.MARK)) if _is_marked(value) else value or None
        case datetime():
            return DATETIME, value.isoformat()
        case date():
            return DATE, value.toordinal()
        case time():
            return TIME, value.isoformat()
        case timedelta():
            return TIMEDELTA, value.days, value.seconds, value.microseconds
    return str(value)
