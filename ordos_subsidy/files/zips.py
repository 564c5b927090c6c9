"""Zip files from strangers: checked and inflated within limits before any parser sees them.

No header is believed: parts are counted and measured as they are inflated, their checksums compared, and what no
spreadsheet program writes is refused. Raises `Refused` with the file's name and the limit that was passed.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable
from io import BytesIO

from ordos_subsidy.errors import Refused, problem

#: The name and content of each part.
ZipParts = list[tuple[str, bytes]]
MIB = 1024 * 1024
PARTS = 5_000
PART_BYTES = 256 * MIB
TOTAL_BYTES = 512 * MIB

_ENCRYPTED = 0x1
_END_BYTES = 22
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, ValueError, OSError, EOFError)


def part_names(data: bytes, where: str) -> list[str]:
    """The names of the parts of a zip file, folders included."""
    return [part.filename for part in _opened(data, where).infolist()]


def inflated(data: bytes, where: str) -> ZipParts:
    """The name and content of each part of a zip file, in the order of its directory."""
    archive = _opened(data, where)
    listed = [part for part in archive.infolist() if not part.filename.endswith("/")]
    _check(listed, where)
    left = TOTAL_BYTES
    parts: ZipParts = []
    for part in listed:
        content = _content(archive, part, min(left, PART_BYTES), where)
        left -= len(content)
        parts.append((part.filename, content))
    return parts


def packed(parts: Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_STORED) -> bytes:
    """A zip file of these parts, the same at any time and on every system."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts:
            entry = zipfile.ZipInfo(name)
            entry.create_system = 0
            archive.writestr(entry, content, method)
    return out.getvalue()


def steady(data: bytes) -> bytes:
    """A zip file of ours without the time at which it was written."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return packed(((name, archive.read(name)) for name in archive.namelist()), zipfile.ZIP_DEFLATED)


def _opened(data: bytes, where: str) -> zipfile.ZipFile:
    count = data.count(b"PK\1\2")  # at least as many as the directory lists
    if count > PARTS:
        raise Refused([problem("files.too-many-parts", where, count=count, limit=PARTS)])
    try:
        return zipfile.ZipFile(BytesIO(data))
    except _DAMAGE:
        end = data.rfind(b"PK\5\6")
        code = "files.damaged" if 0 <= end <= len(data) - _END_BYTES else "files.truncated"
        raise Refused([problem(code, where)]) from None


def _check(parts: list[zipfile.ZipInfo], where: str) -> None:
    """Refuse what the directory alone gives away, before anything is inflated."""
    seen: set[str] = set()
    for part in parts:
        if part.flag_bits & _ENCRYPTED:
            raise Refused([problem("files.encrypted", where)])
        if part.compress_type not in _METHODS:
            raise Refused([problem("files.method", where, part=part.filename, method=part.compress_type)])
        # Parsers look names up without regard to case or to the slash; of two equal names they may read either.
        name = part.filename.replace("\\", "/").casefold()
        if name in seen:
            raise Refused([problem("files.duplicate-part", where, part=part.filename)])
        seen.add(name)
        if part.file_size > PART_BYTES:
            raise _too_large(part, PART_BYTES, where)


def _content(archive: zipfile.ZipFile, part: zipfile.ZipInfo, limit: int, where: str) -> bytes:
    """A part, inflated to one byte past the limit and no further, so that a bomb costs no more than a large part."""
    try:
        with archive.open(part) as stream:
            content = stream.read(limit + 1)
    except _DAMAGE:
        raise Refused([problem("files.damaged-part", where, part=part.filename)]) from None
    if len(content) > limit:
        raise _too_large(part, limit, where)
    if len(content) < part.file_size:
        raise Refused([problem("files.damaged-part", where, part=part.filename)])
    return content


def _too_large(part: zipfile.ZipInfo, limit: int, where: str) -> Refused:
    if limit == PART_BYTES:
        return Refused([problem("files.part-too-large", where, part=part.filename, limit=PART_BYTES // MIB)])
    return Refused([problem("files.too-large-inflated", where, limit=TOTAL_BYTES // MIB)])
