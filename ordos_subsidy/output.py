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
import secrets
import signal
import stat
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

from ordos_subsidy.errors import Refused, problem

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_BAD_NAME = {errno.ENAMETOOLONG, errno.EILSEQ, errno.EINVAL, errno.ELOOP}


def write(path: str | Path, data: bytes, *, inputs: Iterable[str | Path] = ()) -> None:
    """Replace a file's content, or make the file."""
    with replacing(path, inputs=inputs) as temporary, temporary.open("wb") as file:
        file.write(data)


@contextmanager
def replacing(path: str | Path, *, inputs: Iterable[str | Path] = ()) -> Iterator[Path]:
    """A temporary file to fill, which takes the target's place when the block ends well."""
    target = check(path, inputs=inputs)
    temporary = target.parent / f".ordos-{secrets.token_hex(8)}.tmp{target.suffix}"
    with _terminable():
        try:
            with _told(path):
                _create(temporary, target)
                yield temporary
                _sync(temporary)
                temporary.replace(target)
        finally:
            with suppress(OSError):
                temporary.unlink()
    _sync_folder(target.parent)


@contextmanager
def folder_beside(path: str | Path) -> Iterator[Path]:
    """A folder for what does not fit in memory, on the disk of the file that it is for; gone in the end."""
    with _terminable(), _told(path), TemporaryDirectory(dir=_followed(path).parent, prefix=".ordos-") as folder:
        yield Path(folder)


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
def _told(path: str | Path) -> Iterator[None]:
    """What the system refuses, as a problem with a remedy."""
    try:
        yield
    except OSError as error:
        raise Refused([problem(_code(error), str(path), reason=error.strerror or error)]) from error


def _code(error: OSError) -> str:
    if error.errno in _FULL:
        return "output.full"
    if error.errno in _FORBIDDEN:
        return "output.forbidden"
    return "output.name" if error.errno in _BAD_NAME else "output.failed"


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
