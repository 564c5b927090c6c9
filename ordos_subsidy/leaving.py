"""However the program ends, it ends quietly and leaves nothing behind.

Ctrl-C, SIGTERM and SIGHUP end it where it stands, with 128 and the signal's number as the exit code. They raise
nothing: an exception may come where a library swallows it, turns it into another one or prints it. What must not
stay behind (temporary files, a hidden cursor) is named to `at_end`, and is removed before the process goes. Python
runs the handler between two of its own steps, so that no step is cut in half.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import NoReturn

_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
#: Seconds in which everything must be removed; only a lock that the interrupted code holds can take longer.
_PATIENCE = 5
_undone: dict[Callable[[], object], None] = {}


def at_end(undo: Callable[[], object]) -> None:
    """Call `undo` when the process ends, by whatever way, unless `undone` is told before."""
    _undone[undo] = None
    atexit.register(undo)  # where the process is somebody else's


def undone(undo: Callable[[], object]) -> None:
    """Forget what `at_end` was told."""
    _undone.pop(undo, None)
    atexit.unregister(undo)


def ready() -> None:
    """Answer signals from now on; what the caller has us ignore (`nohup`, a background job) stays ignored."""
    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _leave_by)


def _leave_by(number: int, _frame: FrameType | None) -> NoReturn:
    if hasattr(signal, "alarm"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(_PATIENCE)
    _go(128 + number)


def leave(code: int) -> NoReturn:
    """End with this code, without the interpreter's own complaints about a stream that is closed."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            silence(stream.fileno())
    _go(code)


def _go(code: int) -> NoReturn:
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)  # one that comes now changes nothing
    sys.excepthook = lambda *_: None  # closing what was being read this moment may fail, and need not succeed
    for undo in [*_undone][::-1]:
        try:
            undo()
        except BaseException:  # noqa: BLE001, S112 - the others must go all the same
            continue
    os._exit(code)  # `sys.exit` would take all libraries apart first, which takes as long as a small answer


def silence(descriptor: int) -> None:
    """Send what is still written to a stream nowhere."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, descriptor)
    os.close(null)
