"""Workbooks made by hand: what no library writes, down to single records."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl import Workbook

from ordos_subsidy.files.guard import MANY_FIRMS, InputFile, open_file
from ordos_subsidy.files.workbook import BookReader, column

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from ordos_subsidy.files.grid import CellValue

Parts = list[tuple[str, str | bytes]]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def zipped(parts: Iterable[tuple[str, str | bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, part in parts:
            file.writestr(zipfile.ZipInfo(name), part, compress_type=method)
    return out.getvalue()


def xlsx_parts(rows: str, *, names: tuple[str, ...] = ("单位信息",), before: str = "") -> Parts:
    """The parts of a workbook with one sheet of these rows; further names repeat it."""
    sheets = "".join(f'<sheet name="{name}" sheetId="{i}" r:id="rId{i}"/>' for i, name in enumerate(names, 1))
    rels = [f'Type="{_RELS}/worksheet" Target="worksheets/sheet{i}.xml"' for i in range(1, len(names) + 1)]
    sheet = f'<?xml version="1.0"?>{before}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    return [
        ("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'),
        (
            "_rels/.rels",
            _related(f'Type="{_RELS}/officeDocument" Target="xl/workbook.xml"'),
        ),
        ("xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELS}"><sheets>{sheets}</sheets></workbook>'),
        ("xl/_rels/workbook.xml.rels", _related(*rels)),
        *((f"xl/worksheets/sheet{i}.xml", sheet) for i in range(1, len(names) + 1)),
    ]


def _related(*targets: str) -> str:
    """The part that names other parts, as rId1 and so on."""
    each = "".join(f'<Relationship Id="rId{i}" {target}/>' for i, target in enumerate(targets, 1))
    return f'<Relationships xmlns="{_PACKAGE}">{each}</Relationships>'


def xlsx(rows: str, *, names: tuple[str, ...] = ("单位信息",), before: str = "") -> bytes:
    """A workbook with one sheet of these rows."""
    return zipped(xlsx_parts(rows, names=names, before=before))


def saved(book: Workbook) -> bytes:
    """The bytes of an openpyxl workbook."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def saved_xls(book: xlwt.Workbook) -> bytes:
    """The bytes of an xlwt workbook."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def record(kind: int, body: bytes = b"") -> bytes:
    """One .xlsb record."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    assert len(body) < 0x80
    return head + bytes([len(body)]) + body


def wide(text: str) -> bytes:
    """A text as .xlsb stores it."""
    return struct.pack("<L", len(text)) + text.encode("utf-16-le")


def xlsb(
    cells: list[tuple[int, int, int, int, bytes]], *, epoch_1904: bool = False, formats: Sequence[str] = ()
) -> bytes:
    """A workbook with one sheet of cells: row, column, record type, style, value.

    Style 1 is a date, 2 a share, and from 3 on stand `formats`.
    """
    workbook = [
        record(0x99, bytes([epoch_1904, 0, 0, 0]) + bytes(4) + wide("")),
        record(0x9C, struct.pack("<2L", 0, 1) + wide("rId1") + wide("单位信息")),
        record(0x90),
        record(0x9D, bytes(26)),
    ]
    numbers = (0, 14, 10, *range(164, 164 + len(formats)))
    styles = [record(44, struct.pack("<H", 164 + at) + wide(code)) for at, code in enumerate(formats)]
    styles += [record(617, struct.pack("<L", len(numbers)))]
    styles += [record(47, struct.pack("<2H", 0xFFFF, fmt) + bytes(12)) for fmt in numbers]
    sheet = [record(0x94, bytes(16)), record(0x91)]
    last = -1
    for row, col, kind, style, value in cells:
        if row != last:
            sheet.append(record(0, struct.pack("<L", row) + bytes(13)))
        last = row
        sheet.append(record(kind, struct.pack("<L", col) + style.to_bytes(3, "little") + b"\0" + value))
    return zipped(
        [
            ("[Content_Types].xml", "<Types/>"),
            ("xl/workbook.bin", b"".join(workbook)),
            ("xl/_rels/workbook.bin.rels", _related('Target="worksheets/sheet1.bin"')),
            ("xl/styles.bin", b"".join([*styles, record(618)])),
            ("xl/worksheets/sheet1.bin", b"".join([*sheet, record(0x92)])),
        ]
    )


def ods(rows: str, *, manifest: str = "", before: str = "") -> bytes:
    """An OpenDocument spreadsheet with one table of these rows."""
    names = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<?xml version="1.0"?>{before}<office:document-content xmlns:office="{names}office:1.0"'
        f' xmlns:table="{names}table:1.0" xmlns:text="{names}text:1.0"'
        ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="单位信息">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    entries = f'<manifest:manifest xmlns:manifest="{names}manifest:1.0">{manifest}</manifest:manifest>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped([("mimetype", kind), ("content.xml", content), ("META-INF/manifest.xml", entries)])


def opened(folder: Path, data: bytes, name: str = "firm.xlsx") -> InputFile:
    """These bytes as a file that was opened."""
    path = folder / name
    path.write_bytes(data)
    return open_file(path)


class Grid(NamedTuple):
    """A sheet that was read, row by row."""

    name: str
    rows: list[list[CellValue]]
    hidden: bool
    merged: tuple[tuple[int, ...], ...]


def grids(file: InputFile) -> list[Grid]:
    """The sheets of a workbook."""

    def made(frames: Iterator[tuple[Any, ...]]) -> list[Grid]:
        sheets: list[Grid] = []
        for kind, *frame in frames:
            if kind == "sheet":
                name, hidden, merged = frame
                sheets.append(Grid(name, [], hidden, tuple((*first, *last) for first, last in merged)))
            else:
                height, columns = frame
                sent = (column(height, *each) for each in columns)
                sheets[-1].rows.extend(map(list, zip(*sent, strict=True)))
        return sheets

    with BookReader(file, MANY_FIRMS) as reader:
        return reader.sheets(made)


def read(folder: Path, data: bytes, name: str = "firm.xlsx") -> list[Grid]:
    """These bytes as a workbook that was read."""
    return grids(opened(folder, data, name))


def cells(folder: Path, data: bytes, name: str = "firm.xlsx") -> list[list[CellValue]]:
    """The rows of the first sheet."""
    return read(folder, data, name)[0].rows


DAY = dt.date(2022, 3, 1)
NOON = dt.datetime(2022, 3, 1, 12)  # noqa: DTZ001 - a cell has no zone
ROWS: list[list[Any]] = [
    ["单位名称", "收入", "日期", "高新"],
    ["内蒙古某某公司", 1234.5, DAY, True],
    [None, 3.0, NOON, False],
]


def as_xlsx() -> bytes:
    book = Workbook()
    assert book.active
    for row in ROWS:
        book.active.append(row)
    return saved(book)


def as_xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("单位信息")
    date, moment = (xlwt.easyxf(num_format_str=text) for text in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm"))
    for r, row in enumerate(ROWS):
        for c, value in enumerate(row):
            style = moment if isinstance(value, dt.datetime) else date if isinstance(value, dt.date) else None
            sheet.write(r, c, value, *([style] if style else []))
    return saved_xls(book)


def as_ods() -> bytes:
    book = OpenDocumentSpreadsheet()
    table = Table(name="单位信息")
    for row in ROWS:
        line = TableRow()
        for value in row:
            match value:
                case None:
                    cell = TableCell()
                case bool():
                    cell = TableCell(valuetype="boolean", booleanvalue=str(value).lower())
                case float():
                    cell = TableCell(valuetype="float", value=value)
                case dt.date():
                    cell = TableCell(valuetype="date", datevalue=value.isoformat())
                case _:
                    cell = TableCell(valuetype="string")
                    cell.addElement(P(text=value))
            line.addElement(cell)
        table.addElement(line)
    book.spreadsheet.addElement(table)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_xlsb() -> bytes:
    text, real, boolean = 6, 5, 4
    day = struct.pack("<d", 44621)
    noon = struct.pack("<d", 44621.5)
    return xlsb(
        [
            *((0, c, text, 0, wide(str(value))) for c, value in enumerate(ROWS[0])),
            (1, 0, text, 0, wide("内蒙古某某公司")),
            (1, 1, real, 0, struct.pack("<d", 1234.5)),
            (1, 2, real, 1, day),
            (1, 3, boolean, 0, b"\1"),
            (2, 1, real, 0, struct.pack("<d", 3)),
            (2, 2, real, 1, noon),
            (2, 3, boolean, 0, b"\0"),
        ]
    )
