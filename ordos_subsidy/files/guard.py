"""Opens what a user named and finds out what it truly is, before anything reads it.

Only a regular file is opened, without ever blocking, and is read once, so that what was checked cannot change
afterwards. Its kind comes from its bytes, not from its name; a name that says otherwise is worth a warning.
What is inside a workbook is checked where it is unpacked, in `zips` and `marks`.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import sys
import zipfile
from codecs import BOM_UTF8
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO, NamedTuple

from ordos_subsidy.errors import Problem, Refused, problem, warning
from ordos_subsidy.files import text, zips
from ordos_subsidy.files.text import FileKind
from ordos_subsidy.files.zips import MIB

#: The name of standard input.
STDIN = "-"
#: MiB by the first two bytes: workbooks inflate, and Parquet is compact.
_LIMITS = {b"PK": 100, b"\xd0\xcf": 100, b"PA": 1024}


class Allowance(NamedTuple):
    """What it may take to read one file: memory of the child process in bytes, its seconds, and MiB of text.

    `rows` are the firms and events of all files: to say all about one takes a millisecond.
    """

    memory: int
    seconds: int
    text: int
    rows: int


ONE_FIRM = Allowance(1024 * MIB, 20, 24, 20_000)
MANY_FIRMS = Allowance(3 * 1024 * MIB, 120, 256, 8_000_000)


class Hashed(NamedTuple):
    """A file by its name, without its folder, and the SHA-256 of its bytes."""

    name: str
    sha256: str


def hashed(path: str | os.PathLike[str], data: bytes) -> Hashed:
    """A file by its path and the bytes that were read from it."""
    return Hashed(Path(shown(path)).name, hashlib.sha256(data).hexdigest())


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that was read whole: its name for messages, what it is, its bytes, and warnings."""

    name: str
    kind: FileKind
    data: bytes
    problems: tuple[Problem, ...] = ()

    @property
    def is_workbook(self) -> bool:
        """Whether it has sheets."""
        return self.kind in ("xlsx", "xlsb", "xls", "ods")

    @property
    def is_table(self) -> bool:
        """Whether a child process must look at it first, or read it altogether."""
        return self.kind != "toml"


def open_file(path: str | os.PathLike[str], allowance: Allowance = MANY_FIRMS) -> InputFile:
    """Read a file, or standard input for "-", and recognise it; `Refused` says why not."""
    name = shown(path)
    data = read_bytes(path, allowance)
    kind = _kind(data, Path(path).suffix.lower(), name)
    return InputFile(name, kind, data, tuple(_warnings(os.fspath(path), name, kind)))


def shown(path: str | os.PathLike[str]) -> str:
    r"""A path that can be printed anywhere: what is not text, or steers a terminal, is escaped.

    >>> print(shown("a\nb\udcff.csv"))
    a\nb\xff.csv
    """
    if os.fspath(path) == STDIN:
        return "stdin"
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


def read_bytes(path: str | os.PathLike[str], allowance: Allowance = MANY_FIRMS) -> bytes:
    """The bytes of a regular file of any kind, or of standard input for "-"; `Refused` says why it cannot be read."""
    name = shown(path)
    if os.fspath(path) == STDIN:
        return _within(_standard_input(), allowance, name)
    # Looked at before it is opened, as opening a device may do things; and after, in case it was exchanged.
    flags = os.O_RDONLY
    for each in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, each, 0)
    try:
        _refuse_irregular(Path(path).stat(), name)
        handle = os.open(path, flags)
        with os.fdopen(handle, "rb") as file:
            _refuse_irregular(os.fstat(handle), name)
            data = file.read(_limit(file.peek(2), allowance) + 1)
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, "io")
        if reason == "io":
            raise Refused([problem("files.io", name, detail=error.strerror or error)]) from None
        raise Refused([problem(f"files.{reason}", name)]) from None
    except ValueError:  # a NUL in the name
        raise Refused([problem("files.missing", name)]) from None
    return _within(data, allowance, name)


def _limit(start: bytes, allowance: Allowance) -> int:
    """How many bytes a file that begins so may have."""
    return _LIMITS.get(start[:2], allowance.text) * MIB


def _within(data: bytes, allowance: Allowance, name: str) -> bytes:
    """The bytes of a file that is neither empty nor too large; `Refused` for others."""
    limit = _limit(data, allowance)
    if len(data) > limit:
        raise Refused([problem("files.too-large", name, limit=limit // MIB)])
    if not data:
        raise Refused([problem("files.empty", name)])
    return data


@cache
def _standard_input() -> bytes:
    """What stands on standard input, as far as the largest allowance; kept, for it cannot be read again."""
    if sys.stdin is None:
        raise Refused([problem("files.missing", shown(STDIN))])
    with suppress(OSError, ValueError):
        first = sys.stdin.buffer.read(2)
        return first + sys.stdin.buffer.read(_limit(first, MANY_FIRMS) + 1 - len(first))
    return b""


def _refuse_irregular(status: os.stat_result, name: str) -> None:
    for is_type, code in _TYPES:
        if is_type(status.st_mode):
            raise Refused([problem(f"files.{code}", name)])
    if not stat.S_ISREG(status.st_mode):
        raise Refused([problem("files.device", name)])


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


def _kind(data: bytes, suffix: str, name: str) -> FileKind:
    if data.startswith((b"PK\3\4", b"PK\5\6")):
        return _zip_kind(data, name)
    if data.startswith(_OLE):
        return _ole_kind(data, name)
    if data.startswith(b"PAR1"):
        return "parquet"
    if data.startswith(b"PARE"):
        raise Refused([problem("files.encrypted_parquet", name)])
    for magic, found in _FOREIGN:
        if data.startswith(magic):
            code = "files.archive" if found in ("RAR", "7z", "gzip") else "files.foreign"
            raise Refused([problem(code, name, found=found)])
    return text.kind(data, suffix, name)


def _zip_kind(data: bytes, name: str) -> FileKind:
    parts = {each.replace("\\", "/").casefold() for each in zips.part_names(data, name)}
    if any(part.endswith("workbook.bin") for part in parts):
        return "xlsb"
    if "content.xml" in parts and "meta-inf/manifest.xml" in parts:
        return "ods"
    for folder, found in (("word/", "Word"), ("ppt/", "PowerPoint"), ("visio/", "Visio"), ("index/", "Numbers")):
        if any(part.startswith(folder) for part in parts):
            raise Refused([problem("files.foreign", name, found=found)])
    if "[content_types].xml" in parts:
        return "xlsx"
    raise Refused([problem("files.archive", name, found="ZIP")])


def _ole_kind(data: bytes, name: str) -> FileKind:
    for stream in ("EncryptedPackage", "DataSpaces"):
        if stream.encode("utf-16-le") in data:
            raise Refused([problem("files.encrypted", name)])
    if any(each.encode("utf-16-le") in data for each in ("Workbook", "WORKBOOK", "Book\0", "BOOK\0")):
        return "xls"
    for stream, found in (("WordDocument", "Word"), ("PowerPoint Document", "PowerPoint")):
        if stream.encode("utf-16-le") in data:
            raise Refused([problem("files.foreign", name, found=found)])
    raise Refused([problem("files.foreign", name, found="OLE2")])


#: The beginning of a text file that its headings are looked for in, and the largest listing of sheets read, in bytes.
_HEAD, _LISTING = 4096, 1 << 20
#: Sheets, and headings of tables of firms, of awards and of hints, that only results of ours have together.
_OUR_SHEETS = ("sheet_awards", "sheet_years", "sheet_problems")
_OUR_HEADINGS = (
    ("确定（万元）", "上限（万元）", "读自"),
    ("计入合计至少（万元）", "金额表述", "读自"),
    ("要改的资料", "代价（万元）", "读自"),
)


def is_own_result(data: BinaryIO) -> bool:
    """Whether a file is what `batch` or `calc` wrote, which is no input: a workbook or CSV; False if unreadable."""
    try:
        head = data.read(_HEAD)
        data.seek(0)
        if head.startswith(b"PK"):
            return _is_own_book(data)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, NotImplementedError):
        return False
    first = head.removeprefix(BOM_UTF8).partition(b"\n")[0]
    return any(all(each.encode() in first for each in headings) for headings in _OUR_HEADINGS)


def _is_own_book(data: BinaryIO) -> bool:
    from ordos_subsidy.messages import phrase

    with zipfile.ZipFile(data) as book:
        listing = book.getinfo("xl/workbook.xml")
        if listing.file_size > _LISTING:
            return False
        text = book.read(listing).decode("utf-8", "replace")
    names = set(re.findall(r'<sheet [^<>]{0,200}?name="([^"]{1,31})"', text))
    return any({phrase(f"batch.{each}", lang) for each in _OUR_SHEETS} <= names for lang in ("zh", "en"))


_SUFFIXES: dict[str, FileKind] = {
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


def _warnings(path: str | os.PathLike[str], name: str, kind: FileKind) -> list[Problem]:
    found = []
    suffix = Path(path).suffix.lower()
    if _SUFFIXES.get(suffix, kind) != kind:
        found.append(warning("files.other-kind", name, suffix=suffix, kind=kind))
    try:
        os.fsencode(path).decode("utf-8")
    except UnicodeDecodeError:
        found.append(warning("files.name-not-utf8", name))
    return found
