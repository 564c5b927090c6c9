"""Workbooks of all formats, read in a child process that may fail in any way without taking us along.

`start` returns at once, so that the caller can import polars while the child parses; `Pending.result` waits and
raises `Refused` whatever went wrong over there. A child never outlives its reader: it ends when the pipe to it
closes, which even a killed parent cannot prevent.

A child that dies without a word (a parser that aborts, or meets the memory limit) is followed by a careful one,
which looks before it parses and so can often say why.
"""

from __future__ import annotations

import contextlib
import marshal
import subprocess
import sys
import threading
import weakref
from datetime import date, datetime, time, timedelta
from importlib.util import find_spec
from itertools import repeat
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

from ordos_subsidy.errors import Refused, problem
from ordos_subsidy.files.archive import Unfit
from ordos_subsidy.files.raw import Book, Cell, CellError, Sheet, address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ordos_subsidy.files.guard import File

Made = TypeVar("Made")
TIMEOUT_SECONDS = 120
FRAME_BYTES = 1 << 30

_PACKAGE = __name__.rpartition(".")[0]
_MODULES = ("archive", "binary", "marks", "worker")
# The child gets its code through the pipe: that works from a zip or an unbuilt checkout, comes compiled, and runs
# none of the packages' own __init__; site packages and the environment are left out for a quick and equal start.
_BOOT = """\
import sys, marshal
home = sys.stdin.buffer
library, codes = marshal.loads(home.read(int.from_bytes(home.read(4), "little")))
sys.path.append(library)
for name, code in codes:
    module = sys.modules[name] = type(sys)(name)
    parent, _, last = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], last, module)
    if code:
        exec(code, module.__dict__)
module.main()
"""
BLANK, PLAIN, DATES, MIXED = range(4)  # as in `worker`, which we do not import: it loads the parser


def read_book(file: File) -> Book:
    """All sheets of a workbook; `Refused` says why not."""
    with start(file) as pending:
        return pending.result()


def start(file: File) -> Pending:
    """Begin to read a workbook in a child process."""
    return Pending(file)


class Pending:
    """A workbook being read. Ask for its `result` once, or `close` it; it is a context manager too."""

    def __init__(self, file: File) -> None:
        self._file = file
        self._child = _Child(file, careful=False)

    def __enter__(self) -> Pending:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def result(self) -> Book:
        """Wait for the child and return its sheets."""
        return Book(self._file.name, self._file.kind, self.sheets(_sheets), self._file.problems)

    def sheets(self, made: Callable[[Iterator[tuple[Any, ...]]], list[Made]]) -> list[Made]:
        """Wait for the child and return its sheets, made from its frames in the caller's own way."""
        try:
            return made(self._child.frames())
        except Unfit as error:
            if error.code == "exhausting":
                error = self._reason() or error
            raise self._refused(error.code, **error.params) from None
        finally:
            self.close()

    def close(self) -> None:
        """End the child, whatever it is doing."""
        self._child.end()

    def _reason(self) -> Unfit | None:
        """What a careful child says about a file that the first one died of."""
        self._child.end()
        self._child = _Child(self._file, careful=True)
        try:
            for _ in self._child.frames():
                pass
        except Unfit as error:
            return error
        return None

    def _refused(self, code: str, **params: Any) -> Refused:
        where = [self._file.name, params.pop("sheet", "")]
        if "row" in params:
            where.append(address(params.pop("row"), params.pop("col")))
        return Refused([problem(f"files.{code}", "!".join(filter(None, where)), **params)])


class _Child:
    """The process, the thread that feeds it and the clock that ends it."""

    def __init__(self, file: File, *, careful: bool) -> None:
        messages = _code(), (file.kind, len(file.data), careful)
        try:
            self._process = _process()
            self._late = threading.Event()
            self._clock = threading.Timer(TIMEOUT_SECONDS, _give_up, (self._process, self._late))
            self._clock.daemon = True
            self.end = weakref.finalize(self, _end, self._process, self._clock)
            # Feeding waits until the child has read; a thread waits in our place.
            threading.Thread(target=_feed, args=(self._process, messages, file.data), daemon=True).start()
        except (OSError, RuntimeError) as error:  # no process, or no thread, to be had
            raise Refused([problem("files.no-child", file.name, detail=error)]) from None

    def frames(self) -> Iterator[tuple[Any, ...]]:
        """What the child says, up to its last word; `Unfit` if that is not that all is said."""
        assert self._process.stdout is not None  # noqa: S101 - it was opened as a pipe
        try:
            self._clock.start()  # a child that nobody listens to yet is not late
        except (OSError, RuntimeError) as error:
            raise Unfit("no-child", detail=str(error)) from None
        while (frame := _received(self._process.stdout)) and frame[0] != "end":
            if frame[0] == "refused":
                raise Unfit(frame[1], **frame[2])
            yield frame
        if not frame:
            raise Unfit("timeout", limit=TIMEOUT_SECONDS) if self._late.is_set() else Unfit("exhausting")


def _process() -> subprocess.Popen[bytes]:
    """The child, in a session of its own: Ctrl-C is for us, and we end it."""
    return subprocess.Popen(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-I", "-S", "-c", _BOOT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _give_up(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _end(process: subprocess.Popen[bytes], clock: threading.Timer) -> None:
    clock.cancel()
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):
            stream.close()  # type: ignore[union-attr]


def _feed(process: subprocess.Popen[bytes], messages: Iterable[Any], data: bytes) -> None:
    """Send code and file; stdin stays open as the child's lifeline. A child that died is noticed elsewhere."""
    assert process.stdin is not None  # noqa: S101 - it was opened as a pipe
    with contextlib.suppress(OSError, ValueError):
        for message in messages:
            body = marshal.dumps(message)
            process.stdin.write(len(body).to_bytes(4, "little") + body)
        process.stdin.write(data)
        process.stdin.flush()


def _code() -> tuple[str, list[tuple[str, Any]]]:
    """Where python-calamine lives, and the child's modules, inside packages that are empty there."""
    codes: list[tuple[str, Any]] = [(_PACKAGE.partition(".")[0], None), (_PACKAGE, None)]
    for module in _MODULES:
        spec = find_spec(f"{_PACKAGE}.{module}")
        codes.append((f"{_PACKAGE}.{module}", spec.loader.get_code(spec.name)))  # type: ignore[union-attr]
    origin = find_spec("python_calamine").origin  # type: ignore[union-attr]
    return str(Path(origin or "").parent.parent), codes


def _received(stream: IO[bytes]) -> tuple[Any, ...] | None:
    """The next frame, or nothing if the child died."""
    size = int.from_bytes(stream.read(8), "little")
    if not 0 < size < FRAME_BYTES:
        return None
    body = stream.read(size)
    if len(body) < size:
        return None
    frame: tuple[Any, ...] = marshal.loads(body)  # noqa: S302 - our own child wrote it
    return frame


def _sheets(frames: Iterator[tuple[Any, ...]]) -> list[Sheet]:
    sheets: list[Sheet] = []
    for frame in frames:
        match frame:
            case "sheet", name, hidden, merged:
                areas = tuple((*first, *last) for first, last in merged)
                sheets.append(Sheet(name, [], hidden, areas))
            case "rows", height, columns:
                sheets[-1].rows.extend(_rows(height, columns))
    return sheets


def _rows(height: int, columns: list[tuple[int, Any]]) -> Iterable[list[Cell]]:
    """Columns as they were sent, turned back into rows of cells."""
    return map(list, zip(*(column(height, *each) for each in columns), strict=True))


def column(height: int, tag: int, sent: Any) -> Iterable[Cell]:
    """A column as it was sent, as cells."""
    if tag == BLANK:
        return repeat(None, height)
    if tag == DATES:
        return [None if value is None else date.fromordinal(value) for value in sent]
    if tag == MIXED:
        return [_restored(*value) if value.__class__ is tuple else value for value in sent]
    values: list[Cell] = sent
    return values


def _restored(tag: int, *parts: Any) -> Cell:
    make = (date.fromordinal, datetime.fromisoformat, time.fromisoformat, timedelta, CellError)[tag]
    cell: Cell = make(*parts)
    return cell
