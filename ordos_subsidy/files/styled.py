"""The cells that show more, or less, than they hold, found by their styles in .xlsx, .xlsb, .ods and .xls books.

In the formats that are zip files such a cell is rewritten into a text before parsing; in .xls the texts are listed by
their address. A look at the styles comes first: a book without formats that matter costs that look only.

Runs in the child process: the standard library's cheap parts only, others where a format matters.
"""

from __future__ import annotations

import struct

from ordos_subsidy.files import binary
from ordos_subsidy.files.formats import BUILT_IN, Section, sections, shown, unit_in_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

BookParts = list[tuple[str, bytes]]
Hidden = tuple[list[int], list[int]]
"""Hidden rows and columns of a sheet."""
Texts = dict[tuple[int, int], str]
Styles = dict[int, list[Section]]

#: The record of the settings of an .xlsb book.
_SETTINGS = 153


def applied(kind: str, parts: BookParts) -> BookParts:
    """The parts with such cells as texts; the same list where there are none."""
    if kind == "xlsx":
        styles = next((part for name, part in parts if name.endswith("styles.xml")), b"")
        found = {style: choice for style, code in _xlsx_codes(styles).items() if (choice := sections(code))}
        if not found:
            return parts
        is_1904 = any(b"date1904=" in part for name, part in parts if name.endswith("workbook.xml"))
        return [(name, _xlsx_sheet(part, found, is_1904) if is_sheet(part) else part) for name, part in parts]
    if kind == "ods":
        return [(name, _ods_content(part) if name == "content.xml" else part) for name, part in parts]
    return _xlsb(parts)


def is_sheet(part: bytes) -> bool:
    """Whether a part of an .xlsx file is a sheet."""
    return b"worksheet" in part[:4096]


# --- .xlsx


def _xlsx_codes(styles: bytes) -> dict[str, str]:
    """The formats that could matter, by cell style; none after a quick look at most books."""
    built_in = [b'numFmtId="%d"' % each for each in BUILT_IN]
    if b"formatCode" not in styles and not any(each in styles for each in built_in):
        return {}
    import re
    from html import unescape

    codes = {str(number): code for number, code in BUILT_IN.items()}
    for tag in re.findall(rb"<(?:\w{1,9}:)?numFmt\s[^<>]*>", styles):
        named, stated = (re.search(rb'\s%b="([^"]*)"' % name, tag) for name in (b"numFmtId", b"formatCode"))
        if named and stated:
            codes[named[1].decode()] = unescape(stated[1].decode("utf-8", "replace"))
    block = re.search(rb"<(?:\w{1,9}:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", styles, re.DOTALL)
    styled = re.findall(rb"<(?:\w{1,9}:)?xf\s[^<>]*>", block[0]) if block else []
    found = {}
    for style, tag in enumerate(styled):
        number = re.search(rb'\snumFmtId="(\d+)"', tag)
        if number and (code := codes.get(number[1].decode())):
            found[str(style)] = code
    return found


def _xlsx_sheet(xml: bytes, found: dict[str, list[Section]], is_1904: bool) -> bytes:
    styles = [style for style in found if b's="%b"' % style.encode() in xml or b"'" in xml]
    if not styles:
        return xml
    import re
    from xml.sax.saxutils import escape

    cell = (
        rb"""<((?:\w{1,9}:)?)c(\s(?:[^<>]{0,200}?\s)?s=["'](%b)["'][^<>]{0,200}?)(?<!/)>"""
        rb"""(\s{0,9}(?:<\1f\b(?:[^<>]{0,200}/>|[^<>]{0,200}>[^<]*</\1f>))?\s{0,9})<\1v>([^<]{0,40})</\1v>"""
    ) % b"|".join(style.encode() for style in styles)
    type_ = re.compile(rb"""\st\s*=\s*["']([^"']*)["']""")

    def replaced(cell: re.Match[bytes]) -> bytes:
        prefix, attributes, style, formula, number = cell.groups()
        stated = type_.search(attributes)
        if stated and stated[1] != b"n":
            return cell[0]
        text = shown(found[style.decode()], number.decode("ascii", "replace"), is_1904)
        if not text:
            return cell[0]
        attributes = type_.sub(b"", attributes)
        said = escape(text).encode()
        return b'<%bc%b t="str">%b<%bv>%b</%bv>' % (prefix, attributes, formula, prefix, said, prefix)

    return _same_if_equal(re.sub(cell, replaced, xml), xml)


def _same_if_equal(new: bytes, old: bytes) -> bytes:
    """The old bytes themselves where nothing changed: a book that is the same is not packed anew."""
    return old if new == old else new


# --- .ods, which keeps the text that it shows


def _ods_content(xml: bytes) -> bytes:
    kinds = (b'="currency"', b'="percentage"', b'="date"', b'="float"')
    if not any(b"office:value-type" + kind in xml for kind in kinds):
        return xml
    import re
    from xml.sax.saxutils import quoteattr

    cell = rb"""<table:table-cell((?:\s[^<>]{1,500})?)>\s{0,9}<text:p[^<>]{0,99}>([^<]{0,99})</text:p>"""
    value = re.compile(rb"""\s+(?:office:[\w-]*(?:value|currency)[\w-]*|calcext:value-type)="[^"]*\"""")

    def replaced(found: re.Match[bytes]) -> bytes:
        attributes, seen = found.groups()
        text = _ods_shown(attributes, seen.decode("utf-8", "replace").strip())
        if not text:
            return found[0]
        stated = b' office:value-type="string" office:string-value=%b' % quoteattr(text).encode()
        return found[0].replace(attributes, value.sub(b"", attributes) + stated, 1)

    return _same_if_equal(re.sub(cell, replaced, xml), xml)


def _ods_shown(attributes: bytes, seen: str) -> str:
    """What a cell shows where that is more, or less, than it holds."""
    import re
    from decimal import Decimal, InvalidOperation

    kind = re.search(rb'office:value-type="(\w+)"', attributes)
    kind_ = kind[1] if kind else b""
    if kind_ == b"date":
        found = re.fullmatch(r"([0-9]{4})(?:年|[-/.])?(?:([0-9]{1,2})月?)?", seen)
        return (f"{found[1]}年{found[2]}月" if found[2] else f"{found[1]}年") if found else ""
    held = re.search(rb'office:value="([^"]*)"', attributes)
    try:
        number = Decimal(f"{float(held[1]):.15g}") if held else None
    except (ValueError, InvalidOperation):
        number = None
    if number is None or kind_ not in (b"float", b"currency", b"percentage"):
        return ""
    if kind_ == b"percentage":
        return f"{number * 100:f}%"
    unit = unit_in_text(seen) or ("¥" if kind_ == b"currency" and b'office:currency="CNY"' in attributes else "")
    if kind_ == b"currency" and not unit:
        unit = "?"
    digits = "".join(re.findall(r"[0-9.]+", seen))
    part = abs(float(digits)) if re.fullmatch(r"[0-9]+\.?[0-9]*", digits) else 0.0
    scale = _scale(float(abs(number)), part)
    section = Section("", 0.0, "number", scale, unit)
    return shown([section], f"{number}", is_1904=False)


def _scale(held: float, part: float) -> int:
    """The power of ten, at least a thousand, by which what is shown is less than what is held."""
    return next((10**power for power in range(3, 10) if part and abs(held / part / 10**power - 1) < 0.05), 1)  # noqa: PLR2004


# --- .xlsb


def _xlsb(parts: BookParts) -> BookParts:
    codes, numbers = next((binary.xlsb_formats(part) for name, part in parts if name.endswith("styles.bin")), ({}, []))
    known = BUILT_IN | codes
    found = {style: choice for style, number in enumerate(numbers) if (choice := sections(known.get(number, "")))}
    if not found:
        return parts
    settings = next((part for name, part in parts if name.endswith("workbook.bin")), b"")
    is_1904 = any(kind == _SETTINGS and body[:1] and body[0] & 1 for _, _, kind, body in binary.xlsb_records(settings))
    return [(name, _xlsb_sheet(part, found, is_1904) if "worksheets/" in name else part) for name, part in parts]


def _xlsb_sheet(part: bytes, found: Styles, is_1904: bool) -> bytes:
    pieces: list[bytes] = []
    copied = 0
    for start, end, body, number in binary.xlsb_numbers(part):
        choice = found.get(int.from_bytes(body[4:7], "little"))
        if choice and (text := shown(choice, repr(number), is_1904)):
            pieces += (part[copied:start], binary.text_cell(body, text))
            copied = end
    return b"".join((*pieces, part[copied:])) if pieces else part


# --- .xls

_FORMAT, _XF, _DATEMODE, _EOF, _BOF = 0x041E, 0x00E0, 0x0022, 0x000A, 0x0809
_NUMBER, _RK, _MULRK, _FORMULA, _ROW, _COLINFO = 0x0203, 0x027E, 0x00BD, 0x0006, 0x0208, 0x007D
_SHEET = 0x0085
_HIDDEN_ROW = 0x20


def xls_shown(data: bytes) -> tuple[dict[int, Texts], dict[int, Hidden]]:
    """Sheet index -> address -> what the cell shows, for an .xls file; and what is hidden."""
    try:
        stream = binary.workbook_stream(data) or b""
        styles, offsets, is_1904 = _xls_styles(stream)
        texts: dict[int, Texts] = {}
        unseen: dict[int, Hidden] = {}
        for index, offset in enumerate(offsets):
            found, hidden = _xls_sheet(stream, offset, styles, is_1904)
            if found:
                texts[index] = found
            if any(hidden):
                unseen[index] = hidden
    except (struct.error, IndexError, ValueError):
        return {}, {}  # the search for errors says what is wrong
    return texts, unseen


def _xls_styles(stream: bytes) -> tuple[Styles, list[int], bool]:
    codes = dict(BUILT_IN)
    styles: Styles = {}
    offsets: list[int] = []
    count, is_1904 = 0, False
    for kind, body in binary.records(stream, 0):
        if kind == _FORMAT:
            size, wide = struct.unpack_from("<HB", body, 2)
            raw = body[5 : 5 + size * (2 if wide & 1 else 1)]
            codes[struct.unpack_from("<H", body)[0]] = raw.decode("utf-16-le" if wide & 1 else "latin-1", "replace")
        elif kind == _XF:
            code = codes.get(struct.unpack_from("<H", body, 2)[0])
            if code and (choice := sections(code)):
                styles[count] = choice
            count += 1
        elif kind == _DATEMODE:
            is_1904 = body[:2] == b"\1\0"
        elif kind == _SHEET:
            offsets.append(struct.unpack_from("<L", body)[0])
        elif kind == _EOF:
            break
    return styles, offsets, is_1904


def _xls_sheet(stream: bytes, at: int, styles: Styles, is_1904: bool) -> tuple[Texts, Hidden]:
    texts: Texts = {}
    rows: list[int] = []
    cols: list[int] = []
    depth = 0
    for kind, body in binary.records(stream, at):
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            break
        if kind == _ROW and struct.unpack_from("<H", body, 12)[0] & _HIDDEN_ROW:
            rows.append(struct.unpack_from("<H", body)[0])
        elif kind == _COLINFO and body[8] & 1:
            first, last = struct.unpack_from("<2H", body)
            cols += range(first, min(last, 255) + 1)
        elif styles and depth == 1:
            for row, col, style, number in _xls_numbers(kind, body):
                if style in styles and (text := shown(styles[style], repr(number), is_1904)):
                    texts[row, col] = text
    return texts, (rows, cols)


def _xls_numbers(kind: int, body: bytes) -> Iterator[tuple[int, int, int, float]]:
    """Row, column, style and number of the cells in a record."""
    if kind in (_NUMBER, _FORMULA):
        row, col, style = struct.unpack_from("<3H", body)
        if kind == _NUMBER or body[12:14] != b"\xff\xff":
            yield row, col, style, struct.unpack_from("<d", body, 6)[0]
    elif kind == _RK:
        row, col, style, packed = struct.unpack_from("<3HL", body)
        yield row, col, style, binary.unpacked(packed)
    elif kind == _MULRK:
        row, first = struct.unpack_from("<2H", body)
        for place in range((len(body) - 6) // 6):
            style, packed = struct.unpack_from("<HL", body, 4 + 6 * place)
            yield row, first + place, style, binary.unpacked(packed)
