"""Error cells in the two binary formats: .xls (records in an OLE2 file) and .xlsb (records in a zip part).

In .xlsb a record may grow, so an error becomes a marked text in its place. In .xls it may not (other records point
past it), so the addresses are listed. Both are walked record by record only after a search for bytes has hit.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from ordos_subsidy.errors import Refused, problem

Errors = dict[tuple[int, int], str]

_TEXTS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
_CODES = b"[\\x00\\x07\\x0f\\x17\\x1d\\x24\\x2a\\x2b]"

# .xls, as [MS-CFB] and [MS-XLS] number things.
_END_OF_CHAIN = 0xFFFFFFFA  # this and everything above is no sector
_DIFAT_IN_HEADER = 109
_ENTRY = 128
_STREAM = 2
_MINI_SHIFT = 6
_BOF, _EOF, _FILEPASS, _WRITEACCESS, _BOUNDSHEET = 0x0809, 0x000A, 0x002F, 0x005C, 0x0085
_BOOLERR, _FORMULA = 0x0205, 0x0006
_IS_ERROR = 2
_EMPTY_TEXT = b"\x03\0\0\0\0\0\xff\xff"

# .xlsb, as [MS-XLSB] numbers them.
_CELL_PACKED, _CELL_ERROR, _CELL_FLOAT, _CELL_TEXT, _FORMULA_FLOAT, _FORMULA_ERROR = 2, 3, 5, 6, 9, 11
_FORMAT, _STYLE, _BEGIN_CELL_STYLES, _END_CELL_STYLES = 44, 47, 617, 618
_WHOLE = 2  # the low bits of a packed number that is an integer, and not of hundredths
_CELL = 8  # bytes of column and style before a value
_MORE = 0x80  # the bit that says that a number goes on


def xls_errors(data: bytes, not_computed: str, where: str) -> dict[int, Errors]:
    """Sheet index -> address -> what the cell shows, for every error cell of an .xls file."""
    try:
        stream = workbook_stream(data)
        if stream is None:
            raise Refused([problem("files.damaged-part", where, part="Workbook")])
        offsets, is_computed = _sheet_offsets(stream, where)
        if not _may_hold_errors(stream):
            return {}
        empty = "" if is_computed else not_computed
        return {index: dict(_errors(stream, offset, empty)) for index, offset in enumerate(offsets)}
    except (struct.error, IndexError, ValueError):
        raise Refused([problem("files.damaged", where)]) from None


def _errors(stream: bytes, at: int, empty: str) -> Iterator[tuple[tuple[int, int], str]]:
    """The error cells of the sheet that begins here; `empty` is what an empty formula stands for."""
    depth = 0
    for kind, body in records(stream, at):
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1 and (text := _shown(kind, body, empty)):
            yield struct.unpack_from("<2H", body), text


def _shown(kind: int, body: bytes, empty: str) -> str:
    """The error a record shows, or nothing."""
    code = None
    if kind == _BOOLERR and body[7]:
        code = body[6]
    elif kind == _FORMULA and body[6:14] == _EMPTY_TEXT:
        return empty
    elif kind == _FORMULA and body[6] == _IS_ERROR and body[12:14] == b"\xff\xff":
        code = body[8]
    return "" if code is None else _TEXTS.get(code, f"#ERROR {code}")


def _may_hold_errors(stream: bytes) -> bool:
    """Whether anything looks like an error or an empty formula; chance hits only cost time."""
    cell = b"\x05\x02\x08\x00.{6}" + _CODES + b"\x01"
    formula = b"\x06\x00.{8}(?:\x02.%b.{3}|\x03.{5})\xff\xff" % _CODES
    return bool(re.search(cell, stream, re.DOTALL) or re.search(formula, stream, re.DOTALL))


def _sheet_offsets(stream: bytes, where: str) -> tuple[list[int], bool]:
    """Where each sheet begins, and whether its formulas were computed; a password is met on the way.

    xlwt computes nothing and stores every formula as an empty text; it is known by the user's name it writes. In
    books of other makers an empty text is what the formula gave.
    """
    offsets: list[int] = []
    is_computed = True
    for kind, body in records(stream, 0):
        if kind == _FILEPASS:
            raise Refused([problem("files.encrypted", where)])
        if kind == _BOUNDSHEET:
            offsets.append(struct.unpack_from("<L", body)[0])
        if kind == _WRITEACCESS and body.startswith(b"None "):
            is_computed = False
        if kind == _EOF:
            break
    return offsets, is_computed


def records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of an .xls stream from a place on: type and body."""
    end = len(stream)
    while at + 4 <= end:
        kind, size = struct.unpack_from("<2H", stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def workbook_stream(data: bytes) -> bytes | None:
    """The stream called Workbook (Book before Excel 97) of an OLE2 file."""
    shift, mini_shift = struct.unpack_from("<2H", data, 30)
    first_directory, cutoff, first_mini = struct.unpack_from("<L4xLL", data, 48)
    if shift not in (9, 12) or mini_shift != _MINI_SHIFT:
        raise ValueError(shift)
    size = 1 << shift
    fat = _allocation(data, size)
    directory = _chain(data, fat, first_directory, size, size)
    root_start = struct.unpack_from("<L", directory, 116)[0]
    for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        name = directory[at : at + 64][: max(0, struct.unpack_from("<H", directory, at + 64)[0] - 2)]
        if name.decode("utf-16-le", "replace").lower() in ("workbook", "book") and directory[at + 66] == _STREAM:
            start, length = struct.unpack_from("<2L", directory, at + 116)
            if length >= cutoff:
                return _chain(data, fat, start, size, size)[:length]
            mini = _chain(data, fat, root_start, size, size)
            mini_fat = _numbers(_chain(data, fat, first_mini, size, size))
            return _chain(mini, mini_fat, start, 1 << mini_shift, 0)[:length]
    return None


def _allocation(data: bytes, size: int) -> tuple[int, ...]:
    """The table that says which sector follows which."""
    sectors = list(struct.unpack_from(f"<{_DIFAT_IN_HEADER}L", data, 76))
    following = struct.unpack_from("<L", data, 68)[0]
    seen = 0
    while following < _END_OF_CHAIN and seen * size < len(data):
        *more, following = _numbers(data[(following + 1) * size : (following + 2) * size])
        sectors += more
        seen += 1
    used = [sector for sector in sectors if sector < _END_OF_CHAIN]
    return _numbers(b"".join(data[(sector + 1) * size : (sector + 2) * size] for sector in used))


def _numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}L", data[: len(data) // 4 * 4])


def _chain(data: bytes, follows: tuple[int, ...], sector: int, size: int, start: int) -> bytes:
    """The sectors of a stream put together; one that circles ends when it would be longer than the file."""
    pieces: list[bytes] = []
    while sector < _END_OF_CHAIN and len(pieces) * size <= len(data):
        pieces.append(data[start + sector * size : start + (sector + 1) * size])
        sector = follows[sector]
    return b"".join(pieces)


def marked_xlsb(parts: list[tuple[str, bytes]], mark: str) -> list[tuple[str, bytes]]:
    """The parts of an .xlsb file as the parser reads them rightly."""
    dates = next((_date_styles(part) for name, part in parts if name.endswith("styles.bin")), set())
    return [
        (name, _sheet(part, mark, dates) if name.endswith(".bin") and "worksheets/" in name else part)
        for name, part in parts
    ]


def _sheet(part: bytes, mark: str, dates: set[int]) -> bytes:
    """A sheet as the parser reads it rightly.

    Error cells become texts that start with the mark. Whole numbers in a date style become floats, because the
    parser forgets the style of packed integers (and with it the 1904 calendar).
    """
    place = b".[\\x00-\\x3f]\\x00\\x00.{4}"
    styles = b"|".join(re.escape(style.to_bytes(3, "little")) for style in dates) or b"(?!)"
    suspects = (
        b"\x03\x09%b%b" % (place, _CODES),
        b"\x0b.{1,2}%b%b" % (place, _CODES),
        b"\x02\x0c.[\\x00-\\x3f]\\x00\\x00(?:%b)" % styles,
    )
    if not re.search(b"|".join(suspects), part, re.DOTALL):
        return part
    pieces: list[bytes] = []
    copied = 0
    for start, end, kind, body in xlsb_records(part):
        if new := _replaced(kind, body, mark, dates):
            pieces += (part[copied:start], new)
            copied = end
    return b"".join((*pieces, part[copied:])) if pieces else part


def _replaced(kind: int, body: bytes, mark: str, dates: set[int]) -> bytes:
    if kind in (_CELL_ERROR, _FORMULA_ERROR) and len(body) > _CELL:
        return text_cell(body, mark + _TEXTS.get(body[_CELL], f"#ERROR {body[_CELL]}"))
    if kind == _CELL_PACKED and len(body) == _CELL + 4 and int.from_bytes(body[4:7], "little") in dates:
        packed = struct.unpack_from("<l", body, _CELL)[0]
        if packed & 3 == _WHOLE:
            return bytes((_CELL_FLOAT, _CELL + 8)) + body[:_CELL] + struct.pack("<d", packed >> 2)
    return b""


def text_cell(body: bytes, text: str) -> bytes:
    """The record of a cell with a short text, in the column and style of another."""
    cell = body[:_CELL] + struct.pack("<L", len(text)) + text.encode("utf-16-le")
    return bytes((_CELL_TEXT, len(cell))) + cell


def xlsb_numbers(part: bytes) -> Iterator[tuple[int, int, bytes, float]]:
    """Start and end, body and number of each record of a cell with a number."""
    for start, end, kind, body in xlsb_records(part):
        if kind == _CELL_PACKED and len(body) == _CELL + 4:
            yield start, end, body, unpacked(struct.unpack_from("<L", body, _CELL)[0])
        elif kind in (_CELL_FLOAT, _FORMULA_FLOAT) and len(body) >= _CELL + 8:
            yield start, end, body, struct.unpack_from("<d", body, _CELL)[0]


def unpacked(packed: int) -> float:
    """A number in four bytes: an integer or the upper half of a float, perhaps in hundredths."""
    if packed & 2:
        number = float(((packed & 0xFFFFFFFF) >> 2) - (1 << 30 if packed & 0x80000000 else 0))
    else:
        number = struct.unpack("<d", b"\0\0\0\0" + struct.pack("<L", packed & 0xFFFFFFFC))[0]
    return number / 100 if packed & 1 else number


def xlsb_formats(part: bytes) -> tuple[dict[int, str], list[int]]:
    """The formats that a book defines, by number, and the number of the format of each cell style."""
    codes: dict[int, str] = {}
    styles: list[int] = []
    inside = False
    for _, _, kind, body in xlsb_records(part):
        if kind == _FORMAT:
            codes[int.from_bytes(body[:2], "little")] = body[6:].decode("utf-16-le", "replace")
        elif kind in (_BEGIN_CELL_STYLES, _END_CELL_STYLES):
            inside = kind == _BEGIN_CELL_STYLES
        elif kind == _STYLE and inside:
            styles.append(int.from_bytes(body[2:4], "little"))
    return codes, styles


def _date_styles(part: bytes) -> set[int]:
    """The cell styles that may show a date; too many do no harm."""
    dates = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
    codes, styles = xlsb_formats(part)
    dates |= {number for number, code in codes.items() if set("dmyhs") & set(code.lower())}
    return {style for style, number in enumerate(styles) if number in dates}


def xlsb_records(part: bytes) -> Iterator[tuple[int, int, int, bytes]]:
    """Start, end, type and body of each record; type and length are 7 bits a byte, low ones first."""
    at, end = 0, len(part)
    try:
        while at < end:
            start = at
            kind, at = _number(part, at, 2)
            size, at = _number(part, at, 4)
            yield start, at + size, kind, part[at : at + size]
            at += size
    except IndexError:  # cut off; the parser says so
        return


def _number(part: bytes, at: int, most: int) -> tuple[int, int]:
    number = 0
    for step in range(most):
        byte = part[at]
        at += 1
        number |= (byte & ~_MORE) << (7 * step)
        if byte < _MORE:
            break
    return number, at
