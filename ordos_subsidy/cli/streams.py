"""Results to stdout or a file, notes to stderr, whatever the terminal, the pipe or the locale."""

from __future__ import annotations

import codecs
import io
import os
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from ordos_subsidy.cli import ReaderGone
from ordos_subsidy.errors import Problem, Refused, problem
from ordos_subsidy.messages import Lang, phrase

if TYPE_CHECKING:
    from ordos_subsidy.pages.blocks import Page

_NARROWEST, _WIDEST = 40, 1000
#: More messages than these help nobody on a screen: errors in all, and warnings of each kind.
_ERRORS, _WARNINGS = 1000, 20
#: Signs that older Chinese encodings lack, and what stands in for them. Never a question mark: it means unknown.
_STAND_INS = str.maketrans({"✓": "√", "✗": "×", "–": "-", "—": "-", "·": ".", "≥": ">=", "×": "x"})


def _stand_in(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    bad = error.object[error.start : error.end]
    for shown in (bad.translate(_STAND_INS), bad.encode("ascii", "backslashreplace").decode()):
        try:
            shown.encode(error.encoding)
        except UnicodeEncodeError:
            continue
        return shown, error.end
    raise error


def prepare() -> None:
    """Make both streams able to take any text; one that holds no Chinese (ASCII, Latin-1) is given UTF-8."""
    codecs.register_error("ordos-subsidy", _stand_in)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=_able(stream.encoding), errors="ordos-subsidy")


def _able(encoding: str) -> str:
    try:
        "确".encode(encoding)
    except UnicodeEncodeError:
        return "utf-8"
    return encoding


def width() -> int:
    """The columns to fill: COLUMNS, the terminal's, or 80."""
    return min(max(shutil.get_terminal_size((80, 24)).columns, _NARROWEST), _WIDEST)


def colourful(stream: TextIO | None) -> bool:
    """Whether colour is welcome: on a terminal that has not been told otherwise, or where FORCE_COLOR asks for it."""
    if stream is None or os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def deliver(result: str | bytes, path: Path | None = None, inputs: Iterable[Path] = (), lang: Lang = "zh") -> None:
    """Write a result to stdout, or to the file asked for; `Refused` where it cannot be written.

    Text takes the encoding of the stream, for eyes; bytes go as they are, for programs.
    """
    if path is not None:
        from ordos_subsidy import output

        output.write(path, result.encode() if isinstance(result, str) else result, inputs=inputs)
        note(phrase("cli.written", lang, path=path))
        return
    try:
        if isinstance(result, str) and _overflows(result):
            _turn_pages(result)
            return
        if sys.stdout is None:
            raise OSError("closed")  # noqa: TRY301 - told like any other stream that cannot be written
        if isinstance(result, bytes) and isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.buffer.write(result)
        else:
            sys.stdout.write(result if isinstance(result, str) else result.decode())
        sys.stdout.flush()
    except BrokenPipeError:
        raise ReaderGone from None
    except (OSError, ValueError) as error:
        detail = getattr(error, "strerror", None) or str(error)
        raise Refused([problem("cli.stdout", detail=detail)]) from None


def show(page: Page, below: str = "") -> None:
    """A page on the terminal, with a line below it."""
    from ordos_subsidy.render import terminal

    deliver(terminal.paint(page, width=width(), colour=colourful(sys.stdout)) + below)


def _overflows(text: str) -> bool:
    """Whether a text is longer than the screen it is shown on, and somebody is there to turn its pages."""
    if sys.platform == "win32":  # its terminals scroll, and its pager knows no colours
        return False
    terminals = (sys.stdin, sys.stdout)
    if any(each is None or not each.isatty() for each in terminals) or os.environ.get("TERM") == "dumb":
        return False
    return text.count("\n") >= shutil.get_terminal_size((80, 24)).lines


def _turn_pages(text: str) -> None:
    """Show a text through the user's pager; Ctrl-C is the pager's while it runs."""
    import pydoc

    os.environ.setdefault("LESS", "-R")
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        pydoc.pager(text)
    finally:
        signal.signal(signal.SIGINT, before)


def note(line: str) -> None:
    """One line for the user's eyes, on stderr; a terminal that is gone is no reason to fail."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(_printable(line) + "\n")
    except (OSError, ValueError):
        return


def _printable(line: str) -> str:
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in line)


def tell(problems: Iterable[Problem], lang: Lang) -> None:
    """Problems, on stderr: the errors, which name the firms that are left out, and some warnings of each kind."""
    every = list(dict.fromkeys(problems))
    if not every or sys.stderr is None:
        return
    met: Counter[str] = Counter()
    found = []
    for each in every:
        kind, limit = ("error", _ERRORS) if each.severity == "error" else (each.code, _WARNINGS)
        met[kind] += 1
        if met[kind] <= limit:
            found.append(each)
    from ordos_subsidy.pages import input_page
    from ordos_subsidy.render import terminal

    try:
        sys.stderr.write(terminal.paint(input_page.problems(found, lang), width=width(), colour=colourful(sys.stderr)))
        sys.stderr.flush()
    except (OSError, ValueError):
        return
    if len(every) > len(found):
        counts = Counter(each.severity for each in every)
        note(phrase("cli.more_problems", lang, count=len(every) - len(found)))
        note(phrase("cli.problem_counts", lang, errors=counts["error"], warnings=counts["warning"]))
