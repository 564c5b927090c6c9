"""Workbooks of all formats, read in a child process that may fail in any way without taking us along.

`start` returns at once, so that the caller can import polars while the child parses; `Pending.result` waits and
raises `Refused` whatever went wrong over there. A child never outlives its reader: it ends when the pipe to it
closes, which even a killed parent cannot prevent.

The child gets its code through the pipe too: it works from a zip or an unbuilt checkout, and imports none of
the packages around it.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from importlib.util import find_spec
from itertools import repeat
from typing import IO, Any

from ordos_subsidy.errors import Refused, problem
from ordos_subsidy.firms.guard import File
from ordos_subsidy.firms.raw import Book, Cell, CellError, Sheet, address

TIMEOUT_SECONDS = 120

_MODULES = ("archive", "marks", "worker")
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
_PLAIN, _DATES, _MIXED = range(3)


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
        self._late = False
        self._process = _child(file.name)
        self._end = weakref.finalize(self, _end, self._process)
        self._timer = threading.Timer(TIMEOUT_SECONDS, self._stop_waiting)
        self._timer.daemon = True
        self._timer.start()
        # Feeding waits until the child has read; a thread waits in our place.
        self._feeder = threading.Thread(target=_feed, args=(self._process, file), daemon=True)
        self._feeder.start()

    def __enter__(self) -> Pending:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def result(self) -> Book:
        """Wait for the child and return its sheets."""
        try:
            return Book(self._file.name, self._file.kind, list(self._sheets()), self._file.problems)
        finally:
            self.close()

    def close(self) -> None:
        """End the child, whatever it is doing."""
        self._timer.cancel()
        self._end()

    def _stop_waiting(self) -> None:
        self._late = True
        self._process.kill()

    def _sheets(self) -> Iterator[Sheet]:
        sheet: Sheet | None = None
        for frame in self._frames():
            match frame:
                case "sheet", name, hidden, merged:
                    if sheet:
                        yield sheet
                    sheet = Sheet(name, [], hidden, tuple((*first, *last) for first, last in merged))
                case "rows", height, columns:
                    assert sheet is not None  # noqa: S101 - the child says "sheet" first
                    sheet.rows.extend(_rows(height, columns))
        if sheet:
            yield sheet

    def _frames(self) -> Iterator[tuple[Any, ...]]:
        assert self._process.stdout is not None  # noqa: S101 - it was opened as a pipe
        while True:
            frame = _received(self._process.stdout)
            if frame is None:
                raise self._refused("timeout", limit=TIMEOUT_SECONDS) if self._late else self._refused("exhausting")
            if frame[0] == "refused":
                raise self._refused(frame[1], **frame[2])
            if frame[0] == "end":
                return
            yield frame

    def _refused(self, code: str, **params: Any) -> Refused:
        where = [self._file.name, params.pop("sheet", "")]
        if "row" in params:
            where.append(address(params.pop("row"), params.pop("col")))
        return Refused([problem(f"files.{code}", "!".join(filter(None, where)), **params)])


def _child(name: str) -> subprocess.Popen[bytes]:
    """Python without site packages or environment: quicker to start, and the same wherever we are run."""
    command = [sys.executable, "-I", "-S", "-c", _BOOT]
    try:
        return subprocess.Popen(  # noqa: S603 - our own interpreter and code
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except OSError as error:
        raise Refused([problem("files.no-child", name, detail=error.strerror or error)]) from None


def _feed(process: subprocess.Popen[bytes], file: File) -> None:
    """Send code and file; stdin stays open as the child's lifeline. A child that died is seen elsewhere."""
    assert process.stdin is not None  # noqa: S101 - it was opened as a pipe
    with contextlib.suppress(OSError, ValueError):
        for message in (_code(), (file.kind, len(file.data))):
            body = marshal.dumps(message)
            process.stdin.write(len(body).to_bytes(4, "little") + body)
        process.stdin.write(file.data)
        process.stdin.flush()


def _code() -> tuple[str, list[tuple[str, Any]]]:
    """Where python-calamine lives, and the child's modules inside packages that are empty there."""
    package = __name__.rpartition(".")[0]
    codes: list[tuple[str, Any]] = [(package.partition(".")[0], None), (package, None)]
    for module in _MODULES:
        spec = find_spec(f"{package}.{module}")
        codes.append((f"{package}.{module}", spec.loader.get_code(spec.name)))  # type: ignore[union-attr]
    origin = find_spec("python_calamine").origin  # type: ignore[union-attr]
    return os.path.dirname(os.path.dirname(origin or "")), codes


def _received(stream: IO[bytes]) -> tuple[Any, ...] | None:
    """The next frame, or nothing if the child died."""
    size = int.from_bytes(stream.read(8), "little")
    body = stream.read(size)
    if not size or len(body) < size:
        return None
    frame: tuple[Any, ...] = marshal.loads(body)  # noqa: S302 - our own child wrote it
    return frame


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):
            stream.close()  # type: ignore[union-attr]


def _rows(height: int, columns: list[tuple[int, Sequence[Any] | None]]) -> Iterable[list[Cell]]:
    """Columns as they were sent, turned back into rows of cells."""
    return map(list, zip(*(_column(height, tag, values) for tag, values in columns), strict=True))


def _column(height: int, tag: int, values: Sequence[Any] | None) -> Iterable[Cell]:
    if values is None:
        return repeat(None, height)
    if tag == _DATES:
        return [None if value is None else date.fromordinal(value) for value in values]
    if tag == _MIXED:
        return [_restored(*value) if value.__class__ is tuple else value for value in values]
    return values


def _restored(tag: int, *parts: Any) -> Cell:
    make = (date.fromordinal, datetime.fromisoformat, time.fromisoformat, timedelta, CellError)[tag]
    cell: Cell = make(*parts)
    return cell
