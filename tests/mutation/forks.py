"""A process that has loaded every library and nothing of ours, and a fork of it for each mutant.

A fork installs the mutated source under its module's name, imports the package around it and asks the judge; so
a mutant costs its tests only, and no file is ever changed.
"""

from __future__ import annotations

import importlib.abc
import importlib.util
import os
import resource
import signal
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

#: What the package and its tests import, so that no fork has to.
LIBRARIES = (
    "hypothesis",
    "openpyxl",
    "polars",
    "pydantic",
    "pytest",
    "python_calamine",
    "rich.table",
    "rustpy_xlsxwriter",
    "stdnum.cn.uscc",
    "typer",
)
#: Threads of polars that begin with its import: jemalloc's know forks, and the other only cleans up.
_HARMLESS = {"jemalloc_bg_thd", "polars-ooc-clea"}
MEMORY = 4 * 1024**3
#: One that only waits is given up after so many times its processor time.
PATIENCE = 10
_CLOCKS = (-signal.SIGKILL, -signal.SIGXCPU)


@dataclass(frozen=True)
class Mutant:
    """A changed source of one module."""

    job: str
    room: str
    module: str
    path: Path
    source: str


@dataclass(frozen=True)
class Verdict:
    """Who noticed the mutant; nobody, where `by` is empty."""

    mutant: Mutant
    by: str
    seconds: float


@dataclass(frozen=True)
class _Fork:
    mutant: Mutant
    answer: int
    began: float


def warm() -> None:
    """Load the libraries; a library that has begun a thread could not be forked."""
    os.environ["POLARS_MAX_THREADS"] = "1"
    for name in LIBRARIES:
        importlib.import_module(name)
    threads = {(task / "comm").read_text().strip() for task in Path("/proc/self/task").iterdir()}
    foreign = threads - _HARMLESS - {Path("/proc/self/comm").read_text().strip()}
    assert not foreign, f"these threads would be missing in a fork: {foreign}"
    assert not any(name.partition(".")[0] == "ordos_subsidy" for name in sys.modules)


def judged(mutants: Sequence[Mutant], workers: int, seconds: int, *, laws: bool = False) -> Iterator[Verdict]:
    """The verdicts, as they come, of so many forks at a time, each with so many seconds of processor time."""
    waiting, running = list(reversed(mutants)), dict[int, _Fork]()
    while waiting or running:
        while waiting and len(running) < workers:
            pid, fork = _forked(waiting.pop(), seconds, laws)
            running[pid] = fork
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid:
            yield _verdict(running.pop(pid), status)
            continue
        for late, fork in running.items():
            if time.monotonic() - fork.began > PATIENCE * seconds:
                os.kill(late, signal.SIGKILL)
        time.sleep(0.01)


def _verdict(fork: _Fork, status: int) -> Verdict:
    with os.fdopen(fork.answer, encoding="utf-8") as answer:
        said = answer.read()
    if status:
        said = "the clock" if os.waitstatus_to_exitcode(status) in _CLOCKS else f"its own death ({status})"
    return Verdict(fork.mutant, said, time.monotonic() - fork.began)


def _forked(mutant: Mutant, seconds: int, laws: bool) -> tuple[int, _Fork]:
    answer, say = os.pipe()
    pid = os.fork()
    if pid:
        os.close(say)
        return pid, _Fork(mutant, answer, time.monotonic())
    try:
        _quiet()
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        os.write(say, _noticed(mutant, laws).encode()[:4000])
        os._exit(0)
    except BaseException as error:  # noqa: BLE001 - a fork never returns into its parent's work
        os.write(say, f"{type(error).__name__}: {error}".encode()[:4000])
        os._exit(0)


def _quiet() -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)


def _noticed(mutant: Mutant, laws: bool) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a compiler about strange code
        code = compile(mutant.source, mutant.path, "exec", dont_inherit=True)
    sys.meta_path.insert(0, _Mutated(mutant, code))
    from tests.mutation import judge

    return judge.noticed(mutant.room, laws=laws)


class _Mutated(importlib.abc.MetaPathFinder):
    """Finds one module, and gives it other code."""

    def __init__(self, mutant: Mutant, code: CodeType) -> None:
        self._mutant, self._code = mutant, code

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module's own place, with a loader that knows the code."""
        if fullname != self._mutant.module:
            return None
        place = str(self._mutant.path)
        loader = _Loader(fullname, place)
        loader.code = self._code
        return importlib.util.spec_from_file_location(fullname, place, loader=loader)


class _Loader(SourceFileLoader):
    """A loader whose code is not that of the file."""

    code: CodeType

    def get_code(self, fullname: str) -> CodeType:
        """The mutant's."""
        return self.code
