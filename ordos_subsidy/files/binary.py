"""The two binary formats: .xls (records in an OLE2 file) and .xlsb (records in a zip part).

The parser returns an empty text for an error cell, and knows neither formats nor hidden rows. In .xlsb a record may
grow, so that such a cell becomes a text in its place. In .xls it may not (other records point past it), so that the
texts are listed by address. Runs in the child process.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import NamedTuple

from ordos_subsidy.errors import Refused, problem
from ordos_subsidy.files.grid import MARK, NOT_COMPUTED
from ordos_subsidy.files.styled import BUILT_IN, BookParts, Hidden, Section, Texts, Unseen, sections, shown, spliced

#: The sections of the format of each cell style whose format matters.
Styles = dict[int, list[Section]]

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


def _error(code: int) -> str:
    """The text of an error cell, marked."""
    return MARK + _TEXTS.get(code, f"#ERROR {code}")


def _styles(codes: dict[int, str], numbers: list[int]) -> Styles:
    """The cell styles that matter, of the formats that a book defines and the number of the format of each style."""
    known = BUILT_IN | codes
    found = ((style, sections(known.get(number, ""))) for style, number in enumerate(numbers))
    return {style: choice for style, choice in found if choice}


def _unpacked(packed: int) -> float:
    """A number in four bytes: an integer or the upper half of a float, perhaps in hundredths."""
    if packed & 2:
        number = float((packed >> 2) - (1 << 30 if packed & 0x80000000 else 0))
    else:
        number = struct.unpack("<d", b"\0\0\0\0" + struct.pack("<L", packed & 0xFFFFFFFC))[0]
    return number / 100 if packed & 1 else number


# --- OLE2, as [MS-CFB] numbers things

_END_OF_CHAIN = 0xFFFFFFFA  # this and everything above is no sector
_DIFAT_IN_HEADER = 109
_ENTRY = 128
_STREAM = 2
_MINI_SHIFT = 6


def _workbook_stream(data: bytes) -> bytes | None:
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


# --- .xls, as [MS-XLS] numbers things

_BOF, _EOF, _FILEPASS, _WRITEACCESS, _BOUNDSHEET = 0x0809, 0x000A, 0x002F, 0x005C, 0x0085
_FORMAT, _XF, _DATEMODE, _ROW, _COLINFO = 0x041E, 0x00E0, 0x0022, 0x0208, 0x007D
_NUMBER, _RK, _MULRK, _FORMULA, _BOOLERR = 0x0203, 0x027E, 0x00BD, 0x0006, 0x0205
_HIDDEN_ROW = 0x20
_IS_ERROR = 2
_NO_NUMBER = b"\xff\xff"
_EMPTY_TEXT = b"\x03\0\0\0\0\0" + _NO_NUMBER
#: A shorter record is filled up with zeros: what it lacks is nothing.
_SHORTEST = 16


class _XlsBook(NamedTuple):
    """Where the sheets of a book begin, what its styles show, and what an empty formula stands for."""

    offsets: list[int]
    styles: Styles
    is_1904: bool
    empty: str


def xls_shown(data: bytes, where: str) -> tuple[dict[int, Texts], Unseen]:
    """Sheet index -> address -> what the cell shows where that is not what it holds; and what is hidden."""
    try:
        stream = _workbook_stream(data)
    except (struct.error, IndexError, ValueError):
        raise Refused([problem("files.damaged", where)]) from None
    if stream is None:
        raise Refused([problem("files.damaged-part", where, part="Workbook")])
    book = _xls_book(stream, where)
    found = {index: _xls_sheet(stream, offset, book) for index, offset in enumerate(book.offsets)}
    hidden = {index: unseen for index, (_, unseen) in found.items() if any(unseen)}
    return {index: texts for index, (texts, _) in found.items() if texts}, hidden


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of an .xls stream from a place on: type and body."""
    end = len(stream)
    while at + 4 <= end:
        kind, size = struct.unpack_from("<2H", stream, at)
        yield kind, stream[at + 4 : at + 4 + size].ljust(_SHORTEST, b"\0")
        at += 4 + size


def _xls_book(stream: bytes, where: str) -> _XlsBook:
    """What stands before the sheets; a password is met on the way.

    xlwt computes nothing and stores every formula as an empty text; it is known by the user's name it writes. In
    books of other makers an empty text is what the formula gave.
    """
    codes: dict[int, str] = {}
    numbers: list[int] = []
    offsets: list[int] = []
    is_1904, empty = False, ""
    for kind, body in _records(stream, 0):
        if kind == _FILEPASS:
            raise Refused([problem("files.encrypted", where)])
        if kind == _FORMAT:
            number, size, wide = struct.unpack_from("<2HB", body)
            raw = body[5 : 5 + size * (2 if wide & 1 else 1)]
            codes[number] = raw.decode("utf-16-le" if wide & 1 else "latin-1", "replace")
        elif kind == _XF:
            numbers.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == _DATEMODE:
            is_1904 = body[:2] == b"\1\0"
        elif kind == _BOUNDSHEET:
            offsets.append(struct.unpack_from("<L", body)[0])
        elif kind == _WRITEACCESS and body.startswith(b"None "):
            empty = MARK + NOT_COMPUTED
        elif kind == _EOF:
            break
    return _XlsBook(offsets, _styles(codes, numbers), is_1904, empty)


def _xls_sheet(stream: bytes, at: int, book: _XlsBook) -> tuple[Texts, Hidden]:
    texts: Texts = {}
    rows: list[int] = []
    cols: list[int] = []
    depth = 0
    for kind, body in _records(stream, at):
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            break
        if kind == _ROW and body[12] & _HIDDEN_ROW:
            rows.append(struct.unpack_from("<H", body)[0])
        elif kind == _COLINFO and body[8] & 1:
            first, last = struct.unpack_from("<2H", body)
            cols += range(first, min(last, 255) + 1)
        elif depth == 1 and kind in (_BOOLERR, _FORMULA) and (text := _xls_error(kind, body, book.empty)):
            texts[struct.unpack_from("<2H", body)] = text
        elif depth == 1 and book.styles:
            for row, col, style, number in _xls_numbers(kind, body):
                if style in book.styles and (text := shown(book.styles[style], repr(number), book.is_1904)):
                    texts[row, col] = text
    return texts, (rows, cols)


def _xls_error(kind: int, body: bytes, empty: str) -> str:
    """The error that a cell shows, or an empty text; `empty` is what an empty formula stands for."""
    if kind == _BOOLERR:
        return _error(body[6]) if body[7] else ""
    if body[6:14] == _EMPTY_TEXT:
        return empty
    return _error(body[8]) if body[6] == _IS_ERROR and body[12:14] == _NO_NUMBER else ""


def _xls_numbers(kind: int, body: bytes) -> Iterator[tuple[int, int, int, float]]:
    """Row, column, style and number of the cells in a record."""
    if kind in (_NUMBER, _FORMULA):
        if kind == _NUMBER or body[12:14] != _NO_NUMBER:
            yield struct.unpack_from("<3Hd", body)
    elif kind == _RK:
        row, col, style, packed = struct.unpack_from("<3HL", body)
        yield row, col, style, _unpacked(packed)
    elif kind == _MULRK:
        row, first = struct.unpack_from("<2H", body)
        for place in range((len(body) - 6) // 6):
            style, packed = struct.unpack_from("<HL", body, 4 + 6 * place)
            yield row, first + place, style, _unpacked(packed)


# --- .xlsb, as [MS-XLSB] numbers things

_CELL_PACKED, _CELL_ERROR, _CELL_FLOAT, _CELL_TEXT, _FORMULA_FLOAT, _FORMULA_ERROR = 2, 3, 5, 6, 9, 11
_FORMAT_B, _STYLE, _BEGIN_CELL_STYLES, _END_CELL_STYLES, _SETTINGS = 44, 47, 617, 618, 153
_WHOLE = 2  # the low bits of a packed number that is an integer, and not of hundredths
_CELL = 8  # bytes of column and style before a value
_MORE = 0x80  # the bit that says that a number goes on
_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}


class _XlsbBook(NamedTuple):
    """What the styles of a book show, and which of them may show a date: too many do no harm."""

    styles: Styles
    dates: set[int]
    is_1904: bool


def xlsb_marked(parts: BookParts) -> BookParts:
    """The parts of an .xlsb file with errors and formatted cells as texts."""
    codes, numbers = next((_xlsb_formats(part) for name, part in parts if name.endswith("styles.bin")), ({}, []))
    dates = _DATES | {number for number, code in codes.items() if set("dmyhs") & set(code.lower())}
    settings = next((part for name, part in parts if name.endswith("workbook.bin")), b"")
    book = _XlsbBook(
        _styles(codes, numbers),
        {style for style, number in enumerate(numbers) if number in dates},
        any(kind == _SETTINGS and body[:1] and body[0] & 1 for _, _, kind, body in _xlsb_records(settings)),
    )
    return [
        (name, _xlsb_sheet(part, book) if name.endswith(".bin") and "worksheets/" in name else part)
        for name, part in parts
    ]


def _xlsb_sheet(part: bytes, book: _XlsbBook) -> bytes:
    """A sheet as the parser reads it rightly; walked record by record only where a search for bytes has hit."""
    place = b".[\\x00-\\x3f]\\x00\\x00.{4}"
    codes = b"[%b]" % b"".join(b"\\x%02x" % code for code in _TEXTS)
    dates = b"|".join(re.escape(style.to_bytes(3, "little")) for style in book.dates) or b"(?!)"
    suspects = (
        b"\x03\x09%b%b" % (place, codes),
        b"\x0b.{1,2}%b%b" % (place, codes),
        b"\x02\x0c.[\\x00-\\x3f]\\x00\\x00(?:%b)" % dates,
    )
    if not book.styles and not re.search(b"|".join(suspects), part, re.DOTALL):
        return part
    cells = ((start, end, _xlsb_cell(kind, body, book)) for start, end, kind, body in _xlsb_records(part))
    return spliced(part, (cell for cell in cells if cell[2]))


def _xlsb_cell(kind: int, body: bytes, book: _XlsbBook) -> bytes:
    """The record that stands in the place of another, or nothing.

    Whole numbers in a date style become floats: the parser forgets the style of packed integers, and with it the 1904
    calendar.
    """
    if kind in (_CELL_ERROR, _FORMULA_ERROR) and len(body) > _CELL:
        return _xlsb_text(body, _error(body[_CELL]))
    packed = 0
    if kind == _CELL_PACKED and len(body) == _CELL + 4:
        packed = struct.unpack_from("<L", body, _CELL)[0]
        number = _unpacked(packed)
    elif kind in (_CELL_FLOAT, _FORMULA_FLOAT) and len(body) >= _CELL + 8:
        number = struct.unpack_from("<d", body, _CELL)[0]
    else:
        return b""
    style = int.from_bytes(body[4:7], "little")
    if style in book.styles and (text := shown(book.styles[style], repr(number), book.is_1904)):
        return _xlsb_text(body, text)
    if packed & 3 == _WHOLE and style in book.dates:
        return bytes((_CELL_FLOAT, _CELL + 8)) + body[:_CELL] + struct.pack("<d", number)
    return b""


def _xlsb_text(body: bytes, text: str) -> bytes:
    """The record of a cell with a short text, in the column and style of another."""
    cell = body[:_CELL] + struct.pack("<L", len(text)) + text.encode("utf-16-le")
    return bytes((_CELL_TEXT, len(cell))) + cell


def _xlsb_formats(part: bytes) -> tuple[dict[int, str], list[int]]:
    """The formats that a book defines, by number, and the number of the format of each cell style."""
    codes: dict[int, str] = {}
    styles: list[int] = []
    inside = False
    for _, _, kind, body in _xlsb_records(part):
        if kind == _FORMAT_B:
            codes[int.from_bytes(body[:2], "little")] = body[6:].decode("utf-16-le", "replace")
        elif kind in (_BEGIN_CELL_STYLES, _END_CELL_STYLES):
            inside = kind == _BEGIN_CELL_STYLES
        elif kind == _STYLE and inside:
            styles.append(int.from_bytes(body[2:4], "little"))
    return codes, styles


def _xlsb_records(part: bytes) -> Iterator[tuple[int, int, int, bytes]]:
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
