"""The real command as a process: what it wrote, how it ended, what it cost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
PYTHON = [sys.executable, "-m", "ordos_subsidy"]
#: The compiled policy is kept between runs, as a user's is, but not in the user's own folder.
CACHE = Path(tempfile.gettempdir()) / f"ordos-subsidy-tests-{os.getuid() if hasattr(os, 'getuid') else 'cache'}"
SECONDS = 60
KIB = 1024
#: Runs a command from a small process and reports its peak memory to a descriptor: until a child begins its own
#: program it bears the memory of whoever starts it, and a worker of pytest grows beyond what a run may take.
_WEIGH = """
import os, signal, sys
report = int(sys.argv[1])
os.set_inheritable(report, False)
try:
    pid = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ, setsigdef=[signal.SIGPIPE, signal.SIGXFSZ])
except BlockingIOError:  # no process to be had, which is what is tried
    for each in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(each, signal.SIG_DFL)
    os.execvp(sys.argv[2], sys.argv[2:])
_, status, usage = os.wait4(pid, 0)
os.write(report, str(usage.ru_maxrss).encode())
code = os.waitstatus_to_exitcode(status)
if code < 0:
    os.kill(os.getpid(), -code)
os._exit(code)
"""
_WEIGHED = [sys.executable, "-I", "-S", "-c", _WEIGH]

#: Variables of the caller that would change what the command says.
_OURS = (
    *("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TERM", "LANG", "PAGER", "LESS"),
    *("PYTHONIOENCODING", "PYTHONUTF8", "ORDOS_SUBSIDY_DEBUG", "ORDOS_SUBSIDY_LANG"),
)


@dataclass(frozen=True)
class Ran:
    """How a run ended; `seconds` of processor time, `peak` bytes of memory, children included."""

    code: int
    stdout: bytes
    stderr: bytes
    seconds: float
    peak: int

    @property
    def out(self) -> str:
        """What went to stdout."""
        return self.stdout.decode()

    @property
    def err(self) -> str:
        """What went to stderr."""
        return self.stderr.decode()


def environment(**changes: str | None) -> dict[str, str]:
    """The caller's environment with a neutral terminal; a change to None removes a variable."""
    env = {key: value for key, value in os.environ.items() if key not in _OURS and not key.startswith("LC_")}
    env |= {"COLUMNS": "250", "LC_ALL": "C.UTF-8", "XDG_CACHE_HOME": str(CACHE)}
    for key, value in changes.items():
        if value is None:
            env.pop(key, None)
        else:
            env[key] = value
    return env


def run(
    *arguments: str | bytes | Path,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    program: Sequence[str] = PYTHON,
    stdin: int | IO[bytes] = subprocess.DEVNULL,
    stdout: int | None = None,
    before: Callable[[], None] | None = None,
) -> Ran:
    """Run the command to its end. Output goes to files, so that no reader can hold it up.

    `before` is done in the process that starts the command, and passed on to it.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        weight, report = os.pipe()
        process = subprocess.Popen(
            [*_WEIGHED, str(report), *program, *arguments],
            cwd=cwd or ROOT,
            env=dict(environment() if env is None else env),
            stdin=stdin,
            stdout=out if stdout is None else stdout,
            stderr=err,
            preexec_fn=before,  # noqa: PLW1509 - it only takes away what a child has
            pass_fds=[report],
            process_group=0,
        )
        os.close(report)
        clock = threading.Timer(SECONDS, os.killpg, (process.pid, signal.SIGKILL))
        clock.start()
        _, status, usage = os.wait4(process.pid, 0)
        clock.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        cost = usage.ru_utime + usage.ru_stime
        with os.fdopen(weight, "rb") as reported:
            peak = int(reported.read() or 0) * KIB  # 0 where no second process was to be had
        ran = Ran(process.returncode, out.read(), err.read(), cost, peak)
    assert ran.code != -signal.SIGKILL, f"no end within {SECONDS} s: {arguments}"
    assert b"Traceback" not in ran.stderr, ran.stderr.decode(errors="replace")
    return ran
