"""The world around a run: signals at any moment, pipes that break, other encodings, two runs at once.

What can be said of a single run that simply ends is a row of `docs/faults.md` (`tests/faults/places.py`).
"""

from __future__ import annotations

import json
import os
import pty
import random
import re
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.runs import EXAMPLES, PYTHON, ROOT, environment, run

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and descriptors of POSIX")

MINING = EXAMPLES / "shanghaimiao-mining.toml"
INSTITUTE = EXAMPLES / "invented-institute.toml"
BOOK = EXAMPLES / "erdos-resources.xlsx"
ON = ("--on", "2026-11-23")

#: The program, saying when it has come so far that our code runs.
STARTED = """
import os
from ordos_subsidy import cli
real = cli.run
def run(argv):
    os.write(2, b"started\\n")
    return real(argv)
cli.run = run
cli.main()
"""


QUIET: Any = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
#: A line of ours in a traceback. The package's own first file is read before anything can be guarded.
OURS = re.compile(rb'File "[^"]*ordos_subsidy/(?!__init__\.py)')


#: What a terminal is told to hide and to show the cursor.
HIDDEN, SHOWN = b"\x1b[?25l", b"\x1b[?25h"


def started(*arguments: str | Path) -> subprocess.Popen[bytes]:
    """The command in a session of its own, from the moment on when its own code runs."""
    process = subprocess.Popen(
        [sys.executable, "-c", STARTED, *arguments],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stderr is not None
    assert process.stderr.readline() == b"started\n"
    return process


def ended(process: subprocess.Popen[bytes]) -> tuple[int, bytes]:
    """The exit code and what was said; nobody of the session may be left shortly after."""
    _, err = process.communicate(timeout=30)
    for _ in range(100):
        if not alive(process.pid):
            return process.returncode, err
        time.sleep(0.05)
    raise AssertionError(f"still running: {alive(process.pid)}")


def alive(session: int) -> list[str]:
    """The commands of a session that still run."""
    found = []
    for each in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = each.read_text().rpartition(")")
        except (FileNotFoundError, ProcessLookupError):
            continue
        fields = rest.split()
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(name)
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at /proc")
@pytest.mark.parametrize(
    ("number", "code", "command"),
    [
        (signal.SIGINT, 130, ["calc", str(BOOK)]),
        (signal.SIGTERM, 143, ["batch", str(BOOK), "--quiet"]),
        (signal.SIGKILL, -9, ["calc", str(BOOK)]),
    ],
    ids=["int", "term", "kill"],
)
def test_a_signal_at_any_moment_leaves_the_old_file_or_the_whole_new_one(
    number: signal.Signals, code: int, command: list[str], tmp_path: Path
) -> None:
    """Twelve moments, spread over a whole run of a workbook, whose reader is a child."""
    out = tmp_path / "out.json"
    assert run(*command, "-o", out, *ON).code == 0
    new, old = out.read_bytes(), b"old"
    moments = random.Random(number)  # noqa: S311 - moments, not secrets
    cut = 0
    for part in range(12):
        out.write_bytes(old)
        process = started(*command, "-o", out, *ON)
        time.sleep((part + moments.random()) / 12 * 0.9)
        process.send_signal(number)
        ended_with, err = ended(process)
        assert ended_with in (0, code), err.decode()
        assert b"Traceback" not in err
        assert b"xception" not in err, err.decode()
        assert out.read_bytes() in ((old, new) if ended_with == code else (new,))
        cut += ended_with == code
        left = {each.name for each in tmp_path.iterdir()} - {"out.json"}
        if number != signal.SIGKILL:
            assert left == set()
        for name in left:
            assert name.startswith(".ordos-")
            (tmp_path / name).unlink()
    assert cut > 2, "the signals came too late to mean anything"


#: What is asked for, into which file; each is stopped at other moments.
STOPPED = [
    ("out.xlsx", ["calc", str(MINING), *ON, "-o"]),
    ("out.csv", ["batch", str(BOOK), *ON, "--quiet", "-o"]),
    ("book.xlsx", ["template", "--force"]),
]


@pytest.mark.parametrize(("name", "command"), STOPPED, ids=["calc", "batch", "template"])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["int", "term"])
def test_a_signal_at_any_delay_after_the_start_is_no_news_to_the_user(
    number: signal.Signals, code: int, name: str, command: list[str], tmp_path: Path
) -> None:
    """From 0 to 400 ms, beginning before any of our code runs: no traceback with a line of ours, nothing left over."""
    (scratch := tmp_path / "scratch").mkdir()
    (whole := tmp_path / "whole").mkdir()
    env = environment(TMPDIR=str(scratch))
    assert run(*command, whole / name, env=env).code == 0

    def stopped(delay: int) -> tuple[int, bytes, bytes]:
        (folder := tmp_path / str(delay)).mkdir()
        (folder / name).write_bytes(b"old")
        process = subprocess.Popen([*PYTHON, *command, folder / name], cwd=ROOT, env=env, **QUIET)
        time.sleep(delay / 1000)
        process.send_signal(number)
        _, err = process.communicate(timeout=30)
        assert [each.name for each in folder.iterdir()] == [name]
        return process.returncode, err, (folder / name).read_bytes()

    with ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(stopped, range(len(name), 400, 23)))
    for ended_with, err, content in ends:
        python_s_own = b"Traceback" in err and ended_with in (-number, 1)
        assert ended_with in (0, code, -number) or python_s_own, err.decode()
        assert not OURS.search(err), err.decode()
        assert b"rror" not in err or python_s_own, err.decode()
        assert content in (b"old", (whole / name).read_bytes())
    assert code in {ended_with for ended_with, _, _ in ends}
    assert list(scratch.iterdir()) == []


#: Everything the writer does to the file system, in its order: death before and death after each step of it.
DEADLY = """
import os, signal, sys, io, pathlib
from ordos_subsidy import output
count = [int(sys.argv[2])]
def step(name, real):
    def deadly(*args, **kwargs):
        if count[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        count[0] -= 1
        if name == "write":
            real(args[0], args[1][: len(args[1]) // 2])
            args = (args[0], args[1][len(args[1]) // 2 :])
            if count[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            count[0] -= 1
        done = real(*args, **kwargs)
        if count[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        count[0] -= 1
        return done
    return deadly
for name in ("open", "close", "fsync", "replace"):
    setattr(os, name, step(name, getattr(os, name)))
class File(io.FileIO):
    def write(self, data):
        raw = super().write
        return step("write", lambda _, part: raw(part))(self, bytes(data))
pathlib.Path.open = lambda self, mode="r", *_: File(self, mode.replace("b", ""))
output.write(sys.argv[1], b"new" * 1000)
"""


def test_a_writer_killed_at_any_step_leaves_the_old_file_or_the_whole_new_one(tmp_path: Path) -> None:
    """The process dies before, inside and after each call with which the writer touches the disk."""
    target, died = tmp_path / "out", 0
    for count in range(100):
        target.write_bytes(b"old")
        done = subprocess.run([sys.executable, "-c", DEADLY, target, str(count)], cwd=ROOT, check=False)
        assert target.read_bytes() in (b"old", b"new" * 1000)
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL
        died += 1
        for each in tmp_path.glob(".ordos-*"):
            each.unlink()
    assert target.read_bytes() == b"new" * 1000
    assert died >= 12
    assert [each.name for each in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("arguments", [["calc", str(MINING)], ["clauses"], ["calc", str(MINING), "-f", "json"]])
def test_a_reader_that_has_seen_enough_is_no_error(arguments: list[str]) -> None:
    """`ordos-subsidy calc FILE | head -1` ends quietly, also where the reader was gone from the start."""
    for read in (8, 0):
        with subprocess.Popen(
            [*PYTHON, *arguments], cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.read(read)
            process.stdout.close()
            assert process.stderr.read() == b""
            assert process.wait(30) == 0


WORLDS: list[tuple[dict[str, str | None], str]] = [
    ({"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, "utf-8"),
    ({"PYTHONIOENCODING": "ascii"}, "utf-8"),
    ({"PYTHONIOENCODING": "latin-1"}, "utf-8"),
    ({"PYTHONIOENCODING": "gbk"}, "gbk"),
    ({"PYTHONIOENCODING": "gb2312"}, "gb2312"),
    ({"PYTHONIOENCODING": "gb18030"}, "gb18030"),
    ({"PYTHONIOENCODING": "utf-16"}, "utf-16"),
]


@pytest.mark.parametrize(
    ("changes", "encoding"), WORLDS, ids=["C locale", "ascii", "latin-1", "gbk", "gb2312", "gb18030", "utf-16"]
)
def test_words_fit_the_encoding_of_the_terminal(changes: dict[str, str | None], encoding: str) -> None:
    """A terminal that knows Chinese gets its own encoding; one that does not gets UTF-8, never `?` or an error."""
    ran = run("calc", INSTITUTE, *ON, env=environment(**changes))
    shown, usual = ran.stdout.decode(encoding), run("calc", INSTITUTE, *ON).out
    assert ran.code == 0
    assert b"Traceback" not in ran.stderr
    assert "待核实" in shown
    assert shown.count("?") == usual.count("?")
    assert "\\x" not in shown
    assert len(shown.splitlines()) == len(usual.splitlines())
    refused = run("calc", "没有.xlsx", env=environment(**changes))
    assert "没有.xlsx" in refused.stderr.decode(encoding)


def test_programs_get_utf8_whatever_the_terminal_speaks(tmp_path: Path) -> None:
    firm = tmp_path / "firm.toml"
    firm.write_text('[firm]\nname = "ᠮᠣᠩᠭᠣᠯ 𠮷 👩‍🔬"\n', "utf-8")
    for name in ("json", "csv", "html"):
        outputs = {
            run("calc", firm, "--format", name, *ON, env=environment(PYTHONIOENCODING=encoding)).stdout
            for encoding in ("utf-8", "gbk")
        }
        assert len(outputs) == 1
        assert "ᠮᠣᠩᠭᠣᠯ 𠮷 👩‍🔬" in outputs.pop().decode()


def test_two_runs_at_once_each_write_a_whole_file(tmp_path: Path) -> None:
    """Six runs race for one output and for a cold cache; the file is one answer as a whole, nothing else is left."""
    out, cache = tmp_path / "out.json", tmp_path / "cache"
    env = environment(XDG_CACHE_HOME=str(cache))

    def once(number: int) -> int:
        return run("calc", MINING if number % 2 else INSTITUTE, "-o", out, *ON, env=env).code

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(once, range(6))) == [0] * 6
    names = {json.loads(out.read_bytes())["firms"][0]["firm"]["name"]}
    assert names <= {"内蒙古上海庙矿业有限责任公司", "虚构荒漠能源研究院"}
    assert sorted(each.name for each in tmp_path.iterdir()) == ["cache", "out.json"]
    (kept,) = (cache / "ordos-subsidy").iterdir()
    assert json.loads(kept.read_bytes().split(b"\n", 1)[1])


def test_a_cache_that_is_half_written_or_foreign_is_made_anew(tmp_path: Path) -> None:
    env = environment(XDG_CACHE_HOME=str(tmp_path))
    good = run("clauses", "6", env=env)
    (kept,) = (tmp_path / "ordos-subsidy").iterdir()
    whole = kept.read_bytes()
    for content in (b"", whole[: len(whole) // 2], b"[]", b"{}", b'{"format": 1}', b"\xff\xfe", b"[" * 100_000):
        kept.write_bytes(content)
        ran = run("clauses", "6", env=env)
        assert (ran.code, ran.stdout, ran.err) == (0, good.stdout, ""), content[:20]


def masked(mask: int) -> Callable[[], None]:
    """Start with this umask."""
    return lambda: (os.umask(mask), None)[1]


def test_the_umask_is_obeyed(tmp_path: Path) -> None:
    for mask in (0o022, 0o077):
        for name, arguments in (("out.json", ["calc", str(MINING), "-o"]), ("book.xlsx", ["template", "--force"])):
            path = tmp_path / f"{mask}-{name}"
            assert run(*arguments, path, before=masked(mask)).code == 0
            assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask


def test_a_break_gives_the_cursor_back(tmp_path: Path) -> None:
    """The bar of a long run hides it."""
    many, out = tmp_path / "many.csv", tmp_path / "out.xlsx"
    many.write_text("单位名称,规模以上\n" + "".join(f"甲{number},是\n" for number in range(100_000)), "utf-8")
    here, there = pty.openpty()
    with subprocess.Popen(
        [*PYTHON, "batch", many, "-o", out],
        cwd=ROOT,
        env=environment(TERM="xterm"),
        stdin=there,
        stdout=there,
        stderr=there,
    ) as process:
        os.close(there)
        said = b""
        while HIDDEN not in said:
            said += os.read(here, 1 << 16)
        process.send_signal(signal.SIGINT)
        with suppress(OSError):  # the terminal is gone with its last writer
            while part := os.read(here, 1 << 16):
                said += part
    os.close(here)
    assert process.returncode == 130
    assert said.rfind(SHOWN) > said.rfind(HIDDEN)
    assert [each.name for each in tmp_path.iterdir()] == ["many.csv"]


def test_an_early_break_is_quiet() -> None:
    """Ctrl-C as soon as our own code runs."""
    process = started("calc", INSTITUTE)
    process.send_signal(signal.SIGINT)
    code, err = ended(process)
    assert (code, err) in ((130, b""), (0, b""))


#: The program, saying what `main` hands to the allocator.
TOLD = """
import os
from ordos_subsidy import cli
cli.run = lambda argv: print(os.environ["_RJEM_MALLOC_CONF"]) or 0
cli.main()
"""


def test_memory_is_kept_for_use_again_unless_the_user_says_otherwise() -> None:
    """And Polars still reads what it is told; on other systems it has another allocator, which asks nobody."""

    def ran(code: str, told: str | None) -> subprocess.CompletedProcess[str]:
        command, env = [sys.executable, "-c", code], environment(_RJEM_MALLOC_CONF=told)
        return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)

    usual = ran(TOLD, None).stdout.strip()
    assert usual == f"narenas:{os.cpu_count()},dirty_decay_ms:10000"
    assert ran(TOLD, "narenas:1").stdout.strip() == "narenas:1"
    assert ran("import polars", usual).stderr == ""
    if sys.platform == "linux":
        assert "nonsense" in ran("import polars", "nonsense:1").stderr


# --- settings with which libraries break


@pytest.mark.parametrize("value", ["0", "-1", "many", "99999"])
def test_a_number_of_threads_that_polars_cannot_have_is_refused(value: str) -> None:
    ran = run("calc", BOOK, "--lang", "en", env=environment(POLARS_MAX_THREADS=value))
    assert (ran.code, ran.out) == (1, "")
    assert f"POLARS_MAX_THREADS cannot be '{value}'" in ran.err


@pytest.mark.parametrize("columns", ["0", "-5", "wide", "1000000000", "99999999999999999999"])
def test_any_width_of_a_terminal_will_do(columns: str) -> None:
    ran = run("calc", BOOK, *ON, env=environment(COLUMNS=columns))
    assert (ran.code, ran.err) == (0, "")
    assert max(map(len, ran.out.splitlines())) <= 1000


def test_a_clock_before_1980_is_refused() -> None:
    """Zip files know no such day, and no claim falls on one; help needs no clock."""
    early = "import time; time.time = lambda: 1000.0; from ordos_subsidy.__main__ import main; main()"
    program = (sys.executable, "-c", early)
    ran = run("calc", BOOK, "--lang", "en", "-o", "out.xlsx", program=program)
    assert (ran.code, ran.out) == (1, "")
    assert "before 1980" in ran.err
    assert run("calc", "--help", program=program).code == 0
