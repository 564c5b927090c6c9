"""Opens what a user named and finds out what it truly is, before anything reads it.

Only a regular file is opened, without ever blocking, and is read once, so that what was checked cannot change
afterwards. Its kind comes from its bytes, not from its name; a name that says otherwise is worth a warning.
What is inside a workbook is checked where it is unpacked, in `archive`.
"""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ordos_subsidy.errors import Problem, Refused, problem, warning
from ordos_subsidy.files import archive, text
from ordos_subsidy.files.raw import Kind

_LIMITS = {b"PK": 100, b"\xd0\xcf": 100, b"PA": 1024}
_TEXT_LIMIT = 256
"""MiB by the first two bytes: workbooks inflate, Parquet is compact, and text is held as Python objects."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that was read whole: its name for messages, what it is, its bytes, and warnings."""

    name: str
    kind: Kind
    data: bytes
    problems: tuple[Problem, ...] = ()

    @property
    def is_workbook(self) -> bool:
        """Whether it has sheets, which a child process reads."""
        return self.kind in ("xlsx", "xlsb", "xls", "ods")


def open_file(path: str | os.PathLike[str]) -> File:
    """Read a file and recognise it; `Refused` says why not."""
    name = shown(path)
    try:
        data = _read(path)
        kind = _kind(data, Path(path).suffix.lower())
    except archive.Unfit as error:
        raise refused(error, name) from None
    return File(name, kind, data, tuple(_warnings(os.fspath(path), name, kind)))


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """The bytes of a regular file of any kind; `Refused` says why it cannot be read."""
    try:
        return _read(path)
    except archive.Unfit as error:
        raise refused(error, shown(path)) from None


def refused(error: archive.Unfit, where: str) -> Refused:
    """What a check found, as the problem that users see."""
    params: dict[str, Any] = error.params
    return Refused([problem(f"files.{error.code}", where, **params)])


def shown(path: str | os.PathLike[str]) -> str:
    r"""A path that can be printed anywhere: what is not text, or steers a terminal, is escaped.

    >>> print(shown("a\nb\udcff.csv"))
    a\nb\xff.csv
    """
    raw = os.fsencode(path).decode("utf-8", "backslashreplace")
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in raw)


_REASONS = {
    errno.ENOENT: "missing",
    errno.ENOTDIR: "missing",
    errno.EACCES: "unreadable",
    errno.EPERM: "unreadable",
    errno.ELOOP: "loop",
    errno.ENAMETOOLONG: "name-too-long",
    errno.EISDIR: "directory",
}
_TYPES = (
    (stat.S_ISDIR, "directory"),
    (stat.S_ISFIFO, "fifo"),
    (stat.S_ISSOCK, "socket"),
    (stat.S_ISCHR, "device"),
    (stat.S_ISBLK, "device"),
)


def _read(path: str | os.PathLike[str]) -> bytes:
    # Looked at before it is opened, as opening a device may do things; and after, in case it was exchanged.
    flags = os.O_RDONLY
    for each in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, each, 0)
    try:
        _refuse_irregular(Path(path).stat())
        handle = os.open(path, flags)
        with os.fdopen(handle, "rb") as file:
            _refuse_irregular(os.fstat(handle))
            limit = _LIMITS.get(file.peek(2)[:2], _TEXT_LIMIT)
            data = file.read(limit * archive.MIB + 1)
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, "io")
        raise archive.Unfit(reason, **({"detail": error.strerror or str(error)} if reason == "io" else {})) from None
    except ValueError:  # a NUL in the name
        raise archive.Unfit("missing") from None
    if len(data) > limit * archive.MIB:
        raise archive.Unfit("too-large", limit=limit)
    if not data:
        raise archive.Unfit("empty")
    return data


def _refuse_irregular(status: os.stat_result) -> None:
    for is_type, code in _TYPES:
        if is_type(status.st_mode):
            raise archive.Unfit(code)
    if not stat.S_ISREG(status.st_mode):
        raise archive.Unfit("device")


_FOREIGN = (
    (b"%PDF", "PDF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"{\\rtf", "RTF"),
    (b"SQLite format 3", "SQLite"),
    (b"ARROW1", "Arrow"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _kind(data: bytes, suffix: str) -> Kind:
    if data.startswith((b"PK\3\4", b"PK\5\6")):
        return _zip_kind(data)
    if data.startswith(_OLE):
        return _ole_kind(data)
    if data.startswith(b"PAR1"):
        return "parquet"
    if data.startswith(b"PARE"):
        raise archive.Unfit("encrypted_parquet")
    for magic, found in _FOREIGN:
        if data.startswith(magic):
            raise archive.Unfit("archive" if found in ("RAR", "7z", "gzip") else "foreign", found=found)
    return text.kind(data, suffix)


def _zip_kind(data: bytes) -> Kind:
    names = {entry.name.replace("\\", "/").casefold() for entry in archive.directory(data)}
    if any(name.endswith("workbook.bin") for name in names):
        return "xlsb"
    if "content.xml" in names and "meta-inf/manifest.xml" in names:
        return "ods"
    for folder, found in (("word/", "Word"), ("ppt/", "PowerPoint"), ("visio/", "Visio"), ("index/", "Numbers")):
        if any(name.startswith(folder) for name in names):
            raise archive.Unfit("foreign", found=found)
    if "[content_types].xml" in names:
        return "xlsx"
    raise archive.Unfit("archive", found="ZIP")


def _ole_kind(data: bytes) -> Kind:
    for stream in ("EncryptedPackage", "DataSpaces"):
        if stream.encode("utf-16-le") in data:
            raise archive.Unfit("encrypted")
    if any(each.encode("utf-16-le") in data for each in ("Workbook", "WORKBOOK", "Book\0", "BOOK\0")):
        return "xls"
    for stream, found in (("WordDocument", "Word"), ("PowerPoint Document", "PowerPoint")):
        if stream.encode("utf-16-le") in data:
            raise archive.Unfit("foreign", found=found)
    raise archive.Unfit("foreign", found="OLE2")


_SUFFIXES: dict[str, Kind] = {
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xltx": "xlsx",
    ".xltm": "xlsx",
    ".xlsb": "xlsb",
    ".xls": "xls",
    ".xlt": "xls",
    ".et": "xls",
    ".ods": "ods",
    ".csv": "csv",
    ".tsv": "csv",
    ".toml": "toml",
    ".parquet": "parquet",
}


def _warnings(path: str | os.PathLike[str], name: str, kind: Kind) -> list[Problem]:
    found = []
    suffix = Path(path).suffix.lower()
    if _SUFFIXES.get(suffix, kind) != kind:
        found.append(warning("files.other-kind", name, suffix=suffix, kind=kind))
    try:
        os.fsencode(path).decode("utf-8")
    except UnicodeDecodeError:
        found.append(warning("files.name-not-utf8", name))
    return found
