"""Writing a file so that it is either the new one as a whole or what it was before.

The bytes go to a temporary file in the same folder, are synced, and take the target's place in one step;
whatever happens on the way (a full disk, Ctrl-C, SIGTERM) the target stays as it was and the temporary file
goes. A new file obeys the umask, a replaced one keeps its mode. A symbolic link is followed, as `>` does: the
file it names is replaced and the link stays, where replacing the link would leave the user's real file old.

An output that is one of the inputs is refused, also through a link or under another name: nobody means to lose
the file they are working from.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import stat
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import FrameType

from ordos_subsidy import leaving
from ordos_subsidy.errors import Refused, problem

_CODES = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), "output.full"),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), "output.forbidden"),
    **dict.fromkeys((errno.ENAMETOOLONG, errno.EILSEQ, errno.EINVAL, errno.ELOOP), "output.name"),
}
#: What is missing is not room on a disk.
_SCARCE = {errno.EMFILE, errno.ENFILE, errno.ENOMEM}
#: How libraries written in Rust quote what the system said, be it in an error without a number or in a panic; and
#: how they say that a temporary file was meant.
_QUOTED = re.compile(r"os error (\d+)|Os \{ code: (\d+)")
_SCRATCH = ("Temporary file", "write to xml file")
_STDERR = 2
#: Where temporary files go if no variable says so.
_USUAL = ("/tmp", "/var/tmp", ".")  # noqa: S108 - for a folder of our own inside


def write(path: str | Path, data: bytes, *, inputs: Iterable[str | Path] = ()) -> None:
    """Replace a file's content, or make the file."""
    with replacing(path, inputs=inputs) as temporary, temporary.open("wb") as file:
        file.write(data)


@contextmanager
def replacing(path: str | Path, *, inputs: Iterable[str | Path] = ()) -> Iterator[Path]:
    """A temporary file to fill, which takes the target's place when the block ends well."""
    target = check(path, inputs=inputs)
    temporary = target.parent / f".ordos-{os.urandom(8).hex()}.tmp{target.suffix}"
    with _terminable(), _gone(partial(_remove, temporary)), _told(path):
        _create(temporary, target)
        yield temporary
        _sync(temporary)
        temporary.replace(target)
    _sync_folder(target.parent)


@contextmanager
def _gone(remove: Callable[[], object]) -> Iterator[None]:
    """Call `remove` at the end, also where nothing unwinds."""
    leaving.at_end(remove)
    try:
        yield
    finally:
        remove()
        leaving.undone(remove)


def check(path: str | Path, *, inputs: Iterable[str | Path] = ()) -> Path:
    """The file that would be written; refused where it cannot or must not be. Call it before long work."""
    with _told(path):
        target = _followed(path)
        if not target.parent.is_dir():
            raise Refused([problem("output.no_folder", str(path), folder=target.parent)])
        if target.is_dir():
            raise Refused([problem("output.folder", str(path))])
        if target.exists() and not target.is_file():
            raise Refused([problem("output.special", str(path))])
        if target.exists() and not os.access(target, os.W_OK):
            raise Refused([problem("output.protected", str(path))])
    for each in inputs:
        if _same(target, each):
            raise Refused([problem("output.is_input", str(path), input=each)])
    return target


def _followed(path: str | Path) -> Path:
    """The file a path names, through symbolic links."""
    try:
        target = Path(os.path.realpath(path))
    except ValueError as error:  # a NUL byte
        raise Refused([problem("output.name", str(path), reason=error)]) from error
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    return target


def _same(target: Path, other: str | Path) -> bool:
    try:
        return target.samefile(other)
    except (OSError, ValueError):
        return False


def _create(temporary: Path, target: Path) -> None:
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY
    os.close(os.open(temporary, flags, 0o666))
    if target.exists():
        temporary.chmod(stat.S_IMODE(target.stat().st_mode) & 0o777)


def _remove(temporary: Path) -> None:
    with suppress(OSError):
        temporary.unlink()


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the new name last; some systems cannot sync a folder, and the file is whole without it."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def making(path: str | Path | None) -> Iterator[None]:
    """While a library makes an output in memory: a folder for its temporary files, gone with all that is in it.

    Without a path (the answer goes to stdout) nothing is done.
    """
    if path is None:
        yield
        return
    import tempfile

    usual, parent = tempfile.tempdir, Path(_scratch())
    folder = parent / f"ordos-{os.urandom(8).hex()}"
    try:
        with _told(path, parent), _gone(partial(shutil.rmtree, folder, ignore_errors=True)):
            folder.mkdir(0o700)
            tempfile.tempdir = str(folder)
            yield
    finally:
        tempfile.tempdir = usual


@contextmanager
def _told(path: str | Path, scratch: Path | None = None) -> Iterator[None]:
    """What the system refuses, as a problem with a remedy that names the output.

    `scratch` is where temporary files go, where nothing else is written meanwhile.
    """
    try:
        yield
    except Refused:
        raise
    except BaseException as error:  # a panic in a Rust library is no Exception
        number = _number(error)
        if number is None:
            raise
        reason = os.strerror(number) if number else error
        code = _CODES.get(number, "output.failed")
        if number not in _SCARCE and (scratch or any(each in str(error) for each in _SCRATCH)):
            code = "output.scratch_full" if code == "output.full" else "output.scratch"
            folder = scratch or os.environ.get("TMPDIR") or _scratch()
            raise Refused([problem(code, str(path), reason=reason, folder=folder)]) from error
        raise Refused([problem(code, str(path), reason=reason)]) from error


def _number(error: BaseException) -> int | None:
    """The system's number of an error; 0 where it has none, None where it is not the system's."""
    quoted = _QUOTED.search(str(error))
    if isinstance(error, OSError) and error.errno:
        return error.errno
    if quoted:
        return int(quoted[1] or quoted[2])
    return 0 if isinstance(error, OSError) else None


def _scratch() -> str:
    """The folder for temporary files; without the trial file that `tempfile` writes to find it."""
    named = [os.environ[name] for name in ("TMPDIR", "TEMP", "TMP") if os.environ.get(name)]
    usable = (each for each in [*named, *_USUAL] if Path(each).is_dir() and os.access(each, os.W_OK))
    return next(usable, [*named, *_USUAL][0])


@contextmanager
def speechless() -> Iterator[None]:
    """While a library runs that prints a panic itself, nothing reaches stderr but what we say of it afterwards."""
    if sys.stderr is None or os.environ.get("ORDOS_SUBSIDY_DEBUG"):
        yield
        return
    kept, null = os.dup(_STDERR), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null, _STDERR)
        yield
    finally:
        os.dup2(kept, _STDERR)
        os.close(null)
        os.close(kept)


@contextmanager
def _terminable() -> Iterator[None]:
    """While a temporary file exists, SIGTERM and SIGHUP unwind the program instead of killing it on the spot."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    ours = [number for number in numbers if signal.getsignal(number) is signal.SIG_DFL]
    try:
        for number in ours:
            signal.signal(number, _unwind)
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def _unwind(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
