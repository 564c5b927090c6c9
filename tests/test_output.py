"""Writing is all or nothing, and never over an input."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from ordos_subsidy import output
from ordos_subsidy.errors import Refused
from ordos_subsidy.messages import say, sentences

posix = pytest.mark.skipif(os.name != "posix", reason="links, modes and signals of POSIX")


def refused(path: Path | str, *, inputs: tuple[Path, ...] = ()) -> str:
    """The one problem a path is refused with, worded in both languages."""
    with pytest.raises(Refused) as caught:
        output.write(path, b"new", inputs=inputs)
    (problem,) = caught.value.problems
    assert problem.where == str(path)
    for lang in ("zh", "en"):
        said = say(problem, lang)
        assert said.what
        assert said.remedy
    return problem.code


def only(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_a_new_file_has_the_bytes_and_obeys_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        output.write(tmp_path / "new.csv", b"bytes\r\n")
    finally:
        os.umask(before)
    assert (tmp_path / "new.csv").read_bytes() == b"bytes\r\n"
    if os.name == "posix":
        assert (tmp_path / "new.csv").stat().st_mode & 0o777 == 0o640
    assert only(tmp_path) == ["new.csv"]


@posix
def test_a_replaced_file_keeps_its_mode(tmp_path: Path) -> None:
    old = tmp_path / "old.csv"
    old.write_bytes(b"old")
    old.chmod(0o600)
    output.write(old, b"new")
    assert old.read_bytes() == b"new"
    assert old.stat().st_mode & 0o777 == 0o600


@posix
def test_a_symbolic_link_is_followed_and_stays(tmp_path: Path) -> None:
    real, link, dangling = tmp_path / "real", tmp_path / "link", tmp_path / "dangling"
    real.write_bytes(b"old")
    link.symlink_to(real)
    dangling.symlink_to(tmp_path / "made")
    output.write(link, b"new")
    output.write(dangling, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == (tmp_path / "made").read_bytes() == b"new"


@posix
def test_an_input_is_refused_under_any_name(tmp_path: Path) -> None:
    source, link, twin = tmp_path / "firm.xlsx", tmp_path / "link.xlsx", tmp_path / "twin.xlsx"
    source.write_bytes(b"data")
    link.symlink_to(source)
    twin.hardlink_to(source)
    for path in (source, link, twin, tmp_path / "." / "firm.xlsx"):
        assert refused(path, inputs=(source,)) == "output.is_input"
    assert refused(source, inputs=(tmp_path / "absent", link)) == "output.is_input"
    assert source.read_bytes() == b"data"
    assert only(tmp_path) == ["firm.xlsx", "link.xlsx", "twin.xlsx"]


@posix
def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert refused(tmp_path) == "output.folder"
    assert refused(tmp_path / "pipe") == "output.special"
    assert refused("/dev/null") == "output.special"
    assert refused(tmp_path / "absent" / "x") == "output.no_folder"
    assert refused(tmp_path / ("x" * 300)) == "output.name"
    assert refused(tmp_path / "loop") == "output.name"
    assert refused("nul\0byte") == "output.name"


@posix
def test_a_folder_or_file_without_permission_is_refused(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    file = tmp_path / "file"
    file.write_bytes(b"old")
    file.chmod(0o444)
    assert refused(file) == "output.protected"
    tmp_path.chmod(0o555)
    assert refused(tmp_path / "new") == "output.forbidden"
    tmp_path.chmod(0o755)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "output.full"),
        (errno.EROFS, "output.forbidden"),
        (errno.EACCES, "output.forbidden"),
        (errno.EIO, "output.failed"),
    ],
)
@pytest.mark.parametrize("call", ["open", "fsync"])
def test_what_the_system_refuses_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str, call: str
) -> None:
    target = tmp_path / "out"
    target.write_bytes(b"old")

    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, call, fail)
    assert refused(target) == code
    assert target.read_bytes() == b"old"
    assert only(tmp_path) == ["out"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, RuntimeError, MemoryError])
def test_an_exception_passes_on_and_the_temporary_file_goes(tmp_path: Path, error: type[BaseException]) -> None:
    target = tmp_path / "out"
    target.write_bytes(b"old")

    def fail() -> None:
        with output.replacing(target) as temporary:
            temporary.write_bytes(b"half")
            raise error

    with pytest.raises(error):
        fail()
    assert target.read_bytes() == b"old"
    assert only(tmp_path) == ["out"]


@posix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_leaves_no_temporary_file(tmp_path: Path, number: int) -> None:
    target = tmp_path / "out"
    target.write_bytes(b"old")
    program = (
        "import sys, time\nfrom ordos_subsidy import output\n"
        "with output.replacing(sys.argv[1]) as t:\n"
        "    t.write_bytes(b'half'); print('ready', flush=True); time.sleep(30)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(target)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        child.send_signal(number)
        status = child.wait(timeout=20)
    assert status in ({128 + number} if number != signal.SIGINT else {-signal.SIGINT, 1, 130})
    assert target.read_bytes() == b"old"
    assert only(tmp_path) == ["out"]


def test_signal_handlers_are_given_back_and_threads_may_write(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    output.write(tmp_path / "a", b"a")
    assert signal.getsignal(signal.SIGTERM) is before
    worker = threading.Thread(target=output.write, args=(tmp_path / "b", b"b"))
    worker.start()
    worker.join()
    assert only(tmp_path) == ["a", "b"]


def test_check_refuses_before_any_work_and_touches_nothing(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.write_bytes(b"data")
    with pytest.raises(Refused):
        output.check(source, inputs=[source])
    assert output.check(tmp_path / "out", inputs=[source]) == (tmp_path / "out").resolve()
    assert only(tmp_path) == ["in"]


def test_every_sentence_is_there_in_both_languages() -> None:
    assert all(all(each) for each in sentences("output").problems.values())


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.ENOSPC, "x"), "output.full"),
        (RuntimeError("parquet: underlying IO error: File too large (os error 27)"), "output.full"),
        (
            BaseException('Couldn\'t write to xml file: Os { code: 28, kind: StorageFull, message: "x" }'),
            "output.scratch_full",
        ),
        (RuntimeError("Temporary file error: '/none: No such file or directory (os error 2)'."), "output.scratch"),
        (RuntimeError("Temporary file error: 'Too many open files (os error 24)'."), "output.failed"),
        (OSError("no number"), "output.failed"),
    ],
)
def test_what_the_system_refused_is_understood_however_a_library_quotes_it(error: BaseException, code: str) -> None:
    with pytest.raises(Refused) as caught, output._told("out.xlsx"):
        raise error
    (problem,) = caught.value.problems
    assert (problem.code, problem.where) == (code, "out.xlsx")
    assert say(problem, "en").what


@pytest.mark.parametrize("error", [ValueError("a mistake of ours"), KeyboardInterrupt(), Refused([])])
def test_what_the_system_did_not_refuse_passes_by(error: BaseException) -> None:
    with pytest.raises(type(error)) as caught, output._told("out.xlsx"):
        raise error
    assert caught.value is error


def test_a_library_that_prints_before_it_fails_is_not_heard() -> None:
    script = "import os\nfrom ordos_subsidy import output\n"
    script += "with output.speechless():\n    os.write(2, b'panicked')\nos.write(2, b'heard')"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stderr == b"heard"
