"""Workbooks of all formats, read in a child process that may fail in any way without taking us along.

`BookReader` returns at once, so that the caller can import polars while the child parses; `sheets` waits and raises
`Refused` whatever went wrong over there. A child never outlives its reader: it ends when the pipe to it closes,
which even a killed parent cannot prevent.

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
from itertools import repeat
from typing import IO, TYPE_CHECKING, Any, TypeVar

from ordos_subsidy.errors import Problem, Refused, problem
from ordos_subsidy.files.grid import CellError, CellValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ordos_subsidy.files.guard import Allowance, InputFile

Made = TypeVar("Made")
Frame = tuple[Any, ...]
FRAME_BYTES = 1 << 30

#: Site packages and the environment are left out for a quick and equal start; the path is the parent's.
_BOOT = "import sys; sys.path[:] = {path!r}; from ordos_subsidy.files import worker as module; module.main()"
BLANK, PLAIN, DATES, MIXED = range(4)  # as in `worker`, which we do not import: it loads the parser


class BookReader:
    """A file being read by a child process. Ask for its `sheets` once, or `close` it; it is a context manager too."""

    def __init__(self, file: InputFile, allowance: Allowance) -> None:
        self._file, self._allowance = file, allowance
        self._child = _Child(file, allowance, careful=False)

    def __enter__(self) -> BookReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def sheets(self, made: Callable[[Iterator[Frame]], Made]) -> Made:
        """Wait for the child and return what `made` makes of its frames; raises `Refused`."""
        try:
            return made(self._child.frames())
        except _Died:
            raise self._reason() from None
        finally:
            self.close()

    def close(self) -> None:
        """End the child, whatever it is doing."""
        self._child.end()

    def _reason(self) -> Refused:
        """What a careful child says about a file that the first one died of."""
        self._child.end()
        if not self._file.is_workbook:
            return Refused([problem("files.memory", self._file.name, limit=self._allowance.memory >> 20)])
        self._child = _Child(self._file, self._allowance, careful=True)
        try:
            for _ in self._child.frames():
                pass
        except Refused as refused:
            return refused
        except _Died:
            pass
        return Refused([problem("files.exhausting", self._file.name)])


class _Died(Exception):  # noqa: N818 - what died is a child
    """The child ended without its last word."""


class _Child:
    """The process, the thread that feeds it and the clock that ends it."""

    def __init__(self, file: InputFile, allowance: Allowance, *, careful: bool) -> None:
        self._where, self._seconds = file.name, allowance.seconds
        request = file.name, file.kind, len(file.data), careful, allowance.memory, allowance.seconds
        try:
            self._process = _process()
            self._late = threading.Event()
            self._clock = threading.Timer(allowance.seconds, _give_up, (self._process, self._late))
            self._clock.daemon = True
            self.end = weakref.finalize(self, _end, self._process, self._clock)
            # Feeding waits until the child has read; a thread waits in our place.
            threading.Thread(target=_feed, args=(self._process, request, file.data), daemon=True).start()
        except (OSError, RuntimeError) as error:  # no process, or no thread, to be had
            raise Refused([problem("files.no-child", file.name, detail=error)]) from None

    def frames(self) -> Iterator[Frame]:
        """What the child says, up to its last word; raises `Refused`, or `_Died` if that is not that all is said."""
        assert self._process.stdout is not None  # noqa: S101 - it was opened as a pipe
        try:
            self._clock.start()  # a child that nobody listens to yet is not late
        except (OSError, RuntimeError) as error:
            raise Refused([problem("files.no-child", self._where, detail=error)]) from None
        while (frame := _received(self._process.stdout)) and frame[0] != "end":
            if frame[0] == "refused":
                raise Refused(Problem(*fields) for fields in frame[1])
            yield frame
        if not frame and self._late.is_set():
            raise Refused([problem("files.timeout", self._where, limit=self._seconds)])
        if not frame:
            raise _Died


def _process() -> subprocess.Popen[bytes]:
    """The child, in a session of its own: Ctrl-C is for us, and we end it."""
    return subprocess.Popen(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-I", "-S", "-c", _BOOT.format(path=sys.path)],
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


def _feed(process: subprocess.Popen[bytes], request: Frame, data: bytes) -> None:
    """Send request and file; stdin stays open as the child's lifeline. A child that died is noticed elsewhere."""
    assert process.stdin is not None  # noqa: S101 - it was opened as a pipe
    with contextlib.suppress(OSError, ValueError):
        body = marshal.dumps(request)
        process.stdin.write(len(body).to_bytes(4, "little") + body)
        process.stdin.write(data)
        process.stdin.flush()


def _received(stream: IO[bytes]) -> Frame | None:
    """The next frame, or nothing if the child died."""
    size = int.from_bytes(stream.read(8), "little")
    if not 0 < size < FRAME_BYTES:
        return None
    body = stream.read(size)
    if len(body) < size:
        return None
    frame: Frame = marshal.loads(body)  # noqa: S302 - our own child wrote it
    return frame


def column(height: int, tag: int, sent: Any) -> Iterable[CellValue]:
    """A column as it was sent, as cells."""
    if tag == BLANK:
        return repeat(None, height)
    if tag == DATES:
        return [None if value is None else date.fromordinal(value) for value in sent]
    if tag == MIXED:
        return [_restored(*value) if value.__class__ is tuple else value for value in sent]
    values: list[CellValue] = sent
    return values


def _restored(tag: int, *parts: Any) -> CellValue:
    make = (date.fromordinal, datetime.fromisoformat, time.fromisoformat, timedelta, CellError)[tag]
    cell: CellValue = make(*parts)
    return cell
