"""A zip file, inflated under guard: what was checked is what will be read.

Workbooks are zip files from strangers. `inflate` trusts no header: it counts bytes as they come out, checks
each part's CRC, and refuses what no honest workbook holds. `pack` puts the checked parts into a fresh zip
without compression, so that the parser sees exactly these bytes and need not inflate them a second time
(that pays for most of the guard).

This module also runs in the child process, where start-up counts: the standard library's cheap parts only, no
`zipfile` (16 ms), no `re`, and `Unfit` in place of `errors.Refused`, to which `workbook` turns it.

>>> inflate(pack([("a.xml", b"<a/>")]))
[('a.xml', b'<a/>')]
"""

from __future__ import annotations

import struct
import zlib

TYPE_CHECKING = False  # as in `typing`, whose import would double the child's start
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MIB = 1024 * 1024
PARTS = 5_000
PART_BYTES = 256 * MIB
TOTAL_BYTES = 512 * MIB
AREA = 20_000_000
"""Cells that the sheets of a file may span in all, blank ones counted."""

_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR64 = struct.Struct("<4sLQL")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_FIELD = struct.Struct("<2H")
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _UTF8 = 0x1, 0x800
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF


class Unfit(Exception):  # noqa: N818 - the file is unfit; nothing of ours went wrong
    """A file that cannot be read: a name in `words.files` and its parameters."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class Entry:
    """One part as the zip's directory lists it."""

    __slots__ = ("crc", "flags", "method", "name", "packed", "size", "start")

    def __init__(self, name: str, *fields: int) -> None:
        self.name = name
        self.flags, self.method, self.crc, self.packed, self.size, self.start = fields


def directory(data: bytes) -> list[Entry]:
    """All parts of a zip, from the directory at its end."""
    try:
        return list(_entries(data, *_bounds(data)))
    except (struct.error, IndexError):
        raise Unfit("damaged") from None


def inflate(data: bytes) -> list[tuple[str, bytes]]:
    """Every part of a zip, checked and inflated, in the directory's order."""
    entries = [entry for entry in directory(data) if not entry.name.endswith("/")]
    _check(entries)
    left = TOTAL_BYTES
    parts = []
    for entry in entries:
        part = _inflated(data, entry, min(left, PART_BYTES))
        left -= len(part)
        parts.append((entry.name, part))
    return parts


def pack(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip of these parts, stored as they are."""
    bodies: list[bytes] = []
    listing: list[bytes] = []
    start = 0
    for name, part in parts:
        raw, crc = name.encode("utf-8", "surrogatepass"), zlib.crc32(part)
        common = (_UTF8, _STORED, 0, 33, crc, len(part), len(part), len(raw), 0)
        bodies += (_LOCAL.pack(b"PK\3\4", 20, *common), raw, part)
        listing += (_ENTRY.pack(b"PK\1\2", 20, 20, *common, 0, 0, 0, 0, start), raw)
        start += _LOCAL.size + len(raw) + len(part)
    count, size = len(listing) // 2, sum(map(len, listing))
    return b"".join((*bodies, *listing, _END.pack(b"PK\5\6", 0, 0, count, count, size, start, 0)))


def _bounds(data: bytes) -> tuple[int, int, int]:
    """Where the directory starts, how many entries it lists, and how far all offsets are shifted."""
    end = data.rfind(b"PK\5\6", max(0, len(data) - _END.size - _FULL16))
    if end < 0 or end + _END.size > len(data):
        raise Unfit("truncated")
    _, _, _, _, count, size, start, _ = _END.unpack_from(data, end)
    if end >= _LOCATOR64.size and data[end - _LOCATOR64.size :].startswith(b"PK\6\7"):
        end = _LOCATOR64.unpack_from(data, end - _LOCATOR64.size)[2]
        _, _, _, _, _, _, _, count, size, start = _END64.unpack_from(data, end)
    shift = end - size - start
    if shift < 0:
        raise Unfit("damaged")
    return start + shift, count, shift


def _entries(data: bytes, at: int, count: int, shift: int) -> Iterator[Entry]:
    if count > PARTS:
        raise Unfit("too-many-parts", count=count, limit=PARTS)
    for _ in range(count):
        (magic, _, _, flags, method, _, _, crc, packed, size, name_len, extra_len, comment_len, _, _, _, start) = (
            _ENTRY.unpack_from(data, at)
        )
        if magic != b"PK\1\2":
            raise Unfit("damaged")
        at += _ENTRY.size
        raw, extra = data[at : at + name_len], data[at + name_len : at + name_len + extra_len]
        size, packed, start = _widened(extra, size, packed, start)
        name = raw.decode("utf-8" if flags & _UTF8 else "cp437", "replace")
        yield Entry(name, flags, method, crc, packed, size, start + shift)
        at += name_len + extra_len + comment_len


def _widened(extra: bytes, *sizes: int) -> list[int]:
    """Sizes that do not fit 32 bits stand in an extra field, in this order, each only if needed."""
    wide: list[int] = []
    while len(extra) >= _FIELD.size:
        tag, length = _FIELD.unpack_from(extra)
        if tag == 1:
            wide = list(struct.unpack_from(f"<{length // 8}Q", extra, _FIELD.size))
        extra = extra[_FIELD.size + length :]
    return [wide.pop(0) if size == _FULL32 and wide else size for size in sizes]


def _check(entries: list[Entry]) -> None:
    """What the directory alone gives away, before anything is inflated."""
    seen: set[str] = set()
    for entry in entries:
        if entry.flags & _ENCRYPTED:
            raise Unfit("encrypted")
        if entry.method not in (_STORED, _DEFLATED):
            raise Unfit("method", part=entry.name, method=entry.method)
        # Readers look parts up without regard to case or to the slash; two of one name are read as either.
        name = entry.name.replace("\\", "/").casefold()
        if name in seen:
            raise Unfit("duplicate-part", part=entry.name)
        seen.add(name)
        if entry.size > PART_BYTES:
            raise Unfit("part-too-large", part=entry.name, limit=PART_BYTES // MIB)


def _inflated(data: bytes, entry: Entry, limit: int) -> bytes:
    part = _body(data, entry)
    if entry.method == _DEFLATED:
        part = _deflated(part, entry, limit)
    _within(len(part), entry, limit)
    if zlib.crc32(part) != entry.crc:
        raise Unfit("damaged-part", part=entry.name)
    return part


def _body(data: bytes, entry: Entry) -> bytes:
    """The bytes of a part as they stand in the file."""
    local = data[entry.start : entry.start + _LOCAL.size]
    if len(local) < _LOCAL.size or not local.startswith(b"PK\3\4"):
        raise Unfit("damaged-part", part=entry.name)
    name_len, extra_len = struct.unpack_from("<2H", local, 26)
    start = entry.start + _LOCAL.size + name_len + extra_len
    body = data[start : start + entry.packed]
    if len(body) < entry.packed:
        raise Unfit("truncated")
    return body


def _deflated(body: bytes, entry: Entry, limit: int) -> bytes:
    """Inflate to one byte past the limit and no further, so that a bomb costs no more than a large part."""
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        part = stream.decompress(body, limit + 1)
    except zlib.error:
        raise Unfit("damaged-part", part=entry.name) from None
    if not stream.eof and len(part) <= limit:
        raise Unfit("damaged-part", part=entry.name)
    return part


def _within(size: int, entry: Entry, limit: int) -> None:
    if size <= limit:
        return
    if limit == PART_BYTES:
        raise Unfit("part-too-large", part=entry.name, limit=PART_BYTES // MIB)
    raise Unfit("too-large-inflated", limit=TOTAL_BYTES // MIB)
