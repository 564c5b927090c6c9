"""The command line: its one error boundary and its exit codes. It holds no logic of the calculator.

`main` runs a command and turns whatever happens into an exit code and, where something is wrong, one clear
message on stderr; no traceback reaches a user. How it ends on a signal is the business of `leaving`.

| exit | means |
|---|---|
| 0 | answered, "nothing applies" included |
| 1 | the input was refused: nothing was computed, nothing written |
| 2 | bad usage |
| 3 | invalid policy file |
| 4 | answered, but some firms or rows had errors and were left out |
| 5 | `audit`, `verify`: done, and something does not hold |
| 130, 143 | interrupted, terminated |
"""

from __future__ import annotations

import enum
import gc
import os
import sys
from itertools import pairwise
from typing import TYPE_CHECKING, NoReturn

from ordos_subsidy import leaving
from ordos_subsidy.messages import Lang, usual

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ordos_subsidy.errors import Problem

_SHOWN = 1000
#: For the allocator inside Polars, which reads it when it is loaded: what was used stays ten seconds to be used again,
#: in a heap a core. With four heaps a core and half a second, as Polars has it, scoring a million firms fetches nearly
#: twice as many pages from the system, and takes an eighth more time.
_KEPT = "dirty_decay_ms:10000"


class Exit(enum.IntEnum):
    """What users' scripts look at."""

    ANSWERED = 0
    REFUSED = 1
    USAGE = 2
    POLICY = 3
    LEFT_OUT = 4
    DOES_NOT_HOLD = 5
    INTERRUPTED = 130
    TERMINATED = 143


class ReaderGone(Exception):  # noqa: N818 - no error: whoever read our output has seen enough
    """A broken pipe, under a name that Click does not turn into an exit code of its own."""


def language(argv: list[str] | None = None) -> Lang:
    """The language asked for last, before anything is parsed: help and usage errors speak it too.

    Without `--lang` it is that of ORDOS_SUBSIDY_LANG, else of the locale; Chinese where neither is Chinese or English.
    """
    lang = usual()
    for word, following in pairwise([*(sys.argv[1:] if argv is None else argv), ""]):
        if word == "--":
            break
        if word == "--lang" or word.startswith("--lang="):
            lang = "en" if "en" in (word.removeprefix("--lang="), following) else "zh"
    return lang


def main() -> NoReturn:
    """Run the program; never returns."""
    gc.disable()  # a run is short: looking for garbage while libraries load costs a tenth of it
    os.environ["OPENPYXL_LXML"] = "False"  # a workbook is the same bytes whether or not lxml is installed
    os.environ.setdefault("_RJEM_MALLOC_CONF", f"narenas:{os.cpu_count() or 1},{_KEPT}")
    leaving.ready()
    try:
        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # raised by a library that watches for Ctrl-C itself
        code = Exit.INTERRUPTED
    leaving.leave(code)


def run(argv: list[str]) -> int:  # noqa: PLR0911 - the boundary: one way out for each thing that can happen
    """Run a command; the exit code. Every failure is said on stderr."""
    from ordos_subsidy.errors import InvalidPolicy, Refused, problem

    lang = language(argv)
    try:
        from ordos_subsidy.cli.streams import prepare

        prepare()
        from ordos_subsidy.cli.commands import program
        from ordos_subsidy.cli.usage import invoke

        return invoke(program(lang, *argv[:1]), argv, lang)
    except InvalidPolicy as refused:
        return _refuse(refused.problems, lang, Exit.POLICY)
    except Refused as refused:
        return _refuse(refused.problems, lang)
    except ReaderGone:
        leaving.silence(1)
        return Exit.ANSWERED
    except OSError as error:
        return _refuse([problem("cli.system", detail=error.strerror or error)], lang)
    except MemoryError:
        return _refuse([problem("cli.memory")], lang)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        if os.environ.get("ORDOS_SUBSIDY_DEBUG"):
            raise
        detail = f"{type(error).__name__}: {error}"[:_SHOWN]  # a panic in a Rust library is no `Exception`
        return _refuse([problem("cli.internal", detail=detail)], lang)


def _refuse(problems: Iterable[Problem], lang: Lang, code: Exit = Exit.REFUSED) -> Exit:
    from ordos_subsidy.cli.streams import tell

    tell(problems, lang)
    return code
