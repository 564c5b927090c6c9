"""Workbooks: every format read alike, error cells seen, hostile files refused, no child left behind."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import os
import signal
import struct
import subprocess
import sys
import textwrap
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl import Workbook
from openpyxl.styles import NamedStyle
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from ordos_subsidy.errors import Refused
from ordos_subsidy.firms import workbook
from ordos_subsidy.firms.guard import File
from ordos_subsidy.firms.raw import NOT_COMPUTED, CellError
from ordos_subsidy.firms.workbook import read_book, start
from tests.firms.books import cells, ods, opened, read, saved, saved_xls, wide, xlsb, xlsx, xlsx_parts, zipped

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


@pytest.mark.parametrize("make", [as_xlsx, as_xls, as_ods, as_xlsb])
def test_all_formats_read_alike(tmp_path: Path, make: Callable[[], bytes]) -> None:
    assert cells(tmp_path, make(), f"firm.{make.__name__.removeprefix('as_')}") == ROWS


def test_rows_start_at_a1_whatever_is_left_out_above_and_beside(tmp_path: Path) -> None:
    rows = cells(tmp_path, xlsx('<row r="3"><c r="C3"><v>7</v></c></row>'))
    assert rows == [[None] * 3, [None] * 3, [None, None, 7.0]]


def test_an_empty_sheet_has_no_rows(tmp_path: Path) -> None:
    assert cells(tmp_path, xlsx("")) == []


def test_rows_out_of_order_and_without_addresses_are_read(tmp_path: Path) -> None:
    rows = cells(
        tmp_path, xlsx('<row r="2"><c r="A2"><v>2</v></c></row><row r="1"><c><v>1</v></c><c><v>9</v></c></row>')
    )
    assert rows == [[1.0, 9.0], [2.0, None]]


def test_a_wrong_dimension_loses_nothing(tmp_path: Path) -> None:
    parts = dict(xlsx_parts('<row r="1"><c r="A1"><v>1</v></c></row><row r="5"><c r="D5"><v>5</v></c></row>'))
    sheet = str(parts["xl/worksheets/sheet1.xml"]).replace("<sheetData>", '<dimension ref="A1"/><sheetData>')
    parts["xl/worksheets/sheet1.xml"] = sheet
    assert cells(tmp_path, zipped(parts.items()))[4] == [None, None, None, 5.0]


def test_a_strict_workbook_is_read(tmp_path: Path) -> None:
    strict = [
        (
            name,
            str(part)
            .replace(
                "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                "http://purl.oclc.org/ooxml/spreadsheetml/main",
            )
            .replace(
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                "http://purl.oclc.org/ooxml/officeDocument/relationships",
            ),
        )
        for name, part in xlsx_parts('<row r="1"><c r="A1" t="d"><v>2022-03-01</v></c></row>')
    ]
    assert cells(tmp_path, zipped(strict)) == [[DAY]]


def test_hidden_sheets_are_told_and_hidden_rows_are_data(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active
    book.active.append([1])
    book.active.row_dimensions[1].hidden = True
    book.create_sheet("藏").sheet_state = "hidden"
    book.create_sheet("深藏").sheet_state = "veryHidden"
    sheets = read(tmp_path, saved(book)).sheets
    assert [(sheet.name, sheet.hidden) for sheet in sheets] == [("Sheet", False), ("藏", True), ("深藏", True)]
    assert sheets[0].rows == [[1.0]]


def test_merged_areas_are_told_and_hold_their_value_once(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active
    book.active.append(["标题", None, None])
    book.active.append([1, 2, 3])
    book.active.merge_cells("A1:C1")
    sheet = read(tmp_path, saved(book)).sheets[0]
    assert sheet.merged == ((0, 0, 0, 2),)
    assert sheet.rows[0] == ["标题", None, None]


def test_a_chart_sheet_is_no_table(tmp_path: Path) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        chart = book.add_chart({"type": "line"})
        sheet = book.add_worksheet("数据")
        sheet.write(0, 0, 1)
        chart.add_series({"values": "=数据!$A$1:$A$1"})
        book.add_chartsheet("图").set_chart(chart)
    assert [sheet.name for sheet in read(tmp_path, out.getvalue()).sheets] == ["数据"]


def test_dates_of_the_1904_calendar_are_the_same_days(tmp_path: Path) -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    assert book.active
    book.active.append([DAY])
    old = xlwt.Workbook()
    old.dates_1904 = True
    old.add_sheet("x").write(0, 0, DAY, xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    packed = struct.pack("<l", (44621 - 1462) << 2 | 2)
    assert cells(tmp_path, saved(book)) == [[DAY]]
    assert cells(tmp_path, saved_xls(old), "firm.xls") == [[DAY]]
    assert cells(tmp_path, xlsb([(0, 0, 2, 1, packed)], epoch_1904=True), "firm.xlsb") == [[DAY]]


def test_chinese_date_formats_are_dates(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active
    book.active["A1"] = 44621
    book.active["A1"].number_format = 'yyyy"年"m"月"d"日"'
    data = saved(book)
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        parts = [(name, file.read(name)) for name in file.namelist()]
    builtin = [
        (name, part.replace(b'numFmtId="164"', b'numFmtId="31"') if name == "xl/styles.xml" else part)
        for name, part in parts
    ]
    assert cells(tmp_path, data) == [[DAY]]
    assert cells(tmp_path, zipped(builtin)) == [[DAY]]


def test_a_negative_serial_never_becomes_a_date(tmp_path: Path) -> None:
    book = Workbook()
    book.add_named_style(NamedStyle("day", number_format="yyyy-mm-dd"))
    assert book.active
    book.active["A1"] = -5
    book.active["A1"].style = "day"
    value = cells(tmp_path, saved(book))[0][0]
    assert not isinstance(value, dt.date)


def test_packed_numbers_of_xlsb_keep_their_date_style(tmp_path: Path) -> None:
    """The parser alone returns 44621 here; numbers in other styles stay as they are."""
    packed = struct.pack("<l", 44621 << 2 | 2)
    hundredths = struct.pack("<l", 1250 << 2 | 3)
    data = xlsb([(0, 0, 2, 1, packed), (0, 1, 2, 0, packed), (0, 2, 2, 0, hundredths)])
    assert cells(tmp_path, data, "firm.xlsb") == [[DAY, 44621, 12.5]]


# Error cells.


ERRORS = ["#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"]


@pytest.mark.parametrize("text", [*ERRORS, "#SPILL!", "#GETTING_DATA", "#CALC!"])
@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B1" t="e"><v>{}</v></c>',
        "<c t='e' r='B1'><v>{}</v></c>",
        '<c r="B1" s="0" t="e"><f>1/0</f><v>{}</v></c>',
        '<c r="B1" t="e"><f t="shared" si="0"/><v>{}</v></c>',
    ],
)
def test_error_cells_of_xlsx_are_errors_where_they_stand(tmp_path: Path, cell: str, text: str) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c>' + cell.format(text) + '<c r="C1"><v>3</v></c></row>'
    assert cells(tmp_path, xlsx(rows)) == [[1.0, CellError(text), 3.0]]


def test_error_cells_under_a_namespace_prefix_are_errors(tmp_path: Path) -> None:
    parts = dict(xlsx_parts(""))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/worksheets/sheet1.xml"] = (
        f'<x:worksheet xmlns:x="{main}"><x:sheetData><x:row r="1"><x:c r="A1" t="e"><x:v>#REF!</x:v></x:c>'
        '<x:c r="B1"><x:f>A1+1</x:f></x:c><x:c r="C1"><x:v>3</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    assert cells(tmp_path, zipped(parts.items())) == [[CellError("#REF!"), CellError(NOT_COMPUTED), 3.0]]


def test_text_that_spells_an_error_is_text(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" t="str"><v>#REF!</v></c><c r="B1" t="e"><v>#REF!</v></c></row>'
    assert cells(tmp_path, xlsx(rows)) == [["#REF!", CellError("#REF!")]]


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A1"><f>B1+1</f></c>',
        '<c r="A1"><f>B1+1</f><v></v></c>',
        '<c r="A1"><f>B1+1</f><v/></c>',
        '<c r="A1" s="0" t="n"><f t="shared" si="0"/><v /></c>',
        '<c r="A1"><f t="array" ref="A1">SUM(B1:B1)</f><v></v></c>',
    ],
)
def test_a_formula_without_a_value_is_no_blank(tmp_path: Path, cell: str) -> None:
    rows = f'<row r="1">{cell}<c r="B1"><f>1+1</f><v>2</v></c><c r="C1" t="str"><f>""</f><v></v></c></row>'
    assert cells(tmp_path, xlsx(rows)) == [[CellError(NOT_COMPUTED), 2.0, None]]


def test_formulas_written_by_openpyxl_were_never_computed(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active
    book.active.append([1, "=A1*2", "=SUM(A1:B1)"])
    assert cells(tmp_path, saved(book)) == [[1.0, CellError(NOT_COMPUTED), CellError(NOT_COMPUTED)]]


def test_error_cells_of_xls_are_errors_where_they_stand(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    first, second = book.add_sheet("单位信息"), book.add_sheet("申报事项")
    codes = dict(zip(ERRORS, (0x00, 0x07, 0x0F, 0x17, 0x1D, 0x24, 0x2A), strict=True))
    first.write(2, 1, "x")
    for row, code in enumerate(codes.values()):
        second.row(row + 70).set_cell_error(3, code)
        second.write(row + 70, 2, True)
    sheets = read(tmp_path, saved_xls(book), "firm.xls").sheets
    assert sheets[0].rows[2] == [None, "x"]
    assert [row[3] for row in sheets[1].rows[70:]] == [CellError(text) for text in ERRORS]


def test_a_formula_of_xls_that_shows_an_error_is_one(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("x")
    sheet.write(0, 0, xlwt.Formula("1/0"))
    sheet.write(0, 1, xlwt.Formula("1+1"))
    empty, broken, two = b"\3\0\0\0\0\0\xff\xff", b"\2\0\x07\0\0\0\xff\xff", struct.pack("<d", 2)
    data = saved_xls(book)
    assert data.count(empty) == 2
    stored = data.replace(empty, broken, 1).replace(empty, two, 1)
    assert cells(tmp_path, stored, "firm.xls") == [[CellError("#DIV/0!"), 2.0]]
    one_empty = data.replace(empty, two, 1)
    assert cells(tmp_path, one_empty, "firm.xls") == [[2.0, None]]


def test_a_book_of_xls_whose_formulas_are_all_empty_was_never_computed(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.add_sheet("x").write(1, 1, xlwt.Formula("1+1"))
    assert cells(tmp_path, saved_xls(book), "firm.xls")[1] == [None, CellError(NOT_COMPUTED)]


def test_stray_nuls_of_xls_are_dropped(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.add_sheet("x").write(0, 0, "内蒙古\0\0")
    assert cells(tmp_path, saved_xls(book), "firm.xls") == [["内蒙古"]]


@pytest.mark.parametrize("kind", [3, 11])
@pytest.mark.parametrize(("code", "text"), [(0x17, "#REF!"), (0x2A, "#N/A"), (0x00, "#NULL!")])
def test_error_cells_of_xlsb_are_errors_where_they_stand(tmp_path: Path, kind: int, code: int, text: str) -> None:
    tail = b"" if kind == 3 else struct.pack("<HL", 0, 0)
    real = struct.pack("<d", 3)
    data = xlsb([(4, 1, 5, 0, real), (4, 2, kind, 0, bytes([code]) + tail), (4, 3, 5, 0, real)])
    assert cells(tmp_path, data, "firm.xlsb")[4] == [None, 3.0, CellError(text), 3.0]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('{formula}="of:=1/0" {text}="" calcext:value-type="error"><text:p>#DIV/0!</text:p>', CellError("#DIV/0!")),
        ('calcext:value-type="error" {number}="0"><text:p>Err:502</text:p>', CellError("Err:502")),
        ('{formula}="of:=A9" {text}="#N/A"><text:p>#N/A</text:p>', CellError("#N/A")),
        ('{formula}="of:=A9">', CellError(NOT_COMPUTED)),
        ('{formula}="of:=&quot;a>b&quot;"><text:p/>', CellError(NOT_COMPUTED)),
        ('{formula}="of:=2" {number}="2"><text:p>2</text:p>', 2.0),
        ('{formula}="of:=&quot;&quot;" {text}=""><text:p/>', None),
    ],
)
def test_error_cells_of_ods_are_errors_where_they_stand(tmp_path: Path, cell: str, value: object) -> None:
    text, number = ('office:value-type="string" office:string-value', 'office:value-type="float" office:value')
    attributes = cell.format(formula="table:formula", text=text, number=number)
    cell = f"<table:table-cell {attributes}</table:table-cell>"
    one = '<table:table-cell office:value-type="float" office:value="1"/>'
    rows = (
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
        f'<table:table-row><table:table-cell table:number-columns-repeated="2"/>{one}{cell}{one}</table:table-row>'
    )
    assert cells(tmp_path, ods(rows), "firm.ods") == [[None] * 5, [None] * 5, [None, None, 1.0, value, 1.0]]


def test_a_clean_book_is_not_parsed_twice(tmp_path: Path) -> None:
    """Marking costs a second parse, so only a bad cell may lead to it."""
    from ordos_subsidy.firms import marks

    rows = '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="s"><v>0</v></c></row>'
    assert marks.inspected("xlsx", xlsx(rows))[0] is None
    assert marks.inspected("xlsx", as_xlsx())[0] is None
    assert marks.inspected("ods", as_ods())[0] is None
    assert marks.inspected("xls", as_xls())[1] == {}


# What must be refused.


def refusal(folder: Path, data: bytes, name: str = "firm.xlsx") -> tuple[str, str]:
    """Code and place of the one problem that refuses these bytes."""
    with pytest.raises(Refused) as caught:
        read(folder, data, name)
    (problem,) = caught.value.problems
    return problem.code.removeprefix("files."), problem.where.removeprefix(f"{folder}/")


@pytest.mark.parametrize(
    ("address", "code", "where"),
    [
        ("XFD1048576", "area", "firm.xlsx!XFD1048576"),
        ("ALM20000", "area", "firm.xlsx!单位信息!ALM20000"),
        ("XFE1", "address", "firm.xlsx!单位信息!XFE1"),
        ("A1048577", "address", "firm.xlsx!单位信息!A1048577"),
        ("AAAAAAAAAAAAA1", "far-address", "firm.xlsx"),
        ("A4294967297", "far-address", "firm.xlsx"),
        ("ZZZ9999999", "address", "firm.xlsx!ZZZ9999999"),
    ],
)
def test_a_far_cell_is_refused_by_the_limit_it_passes(tmp_path: Path, address: str, code: str, where: str) -> None:
    rows = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="{address}"><v>1</v></c></row>'
    assert refusal(tmp_path, xlsx(rows)) == (code, where)


def test_all_sheets_together_keep_to_the_area(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="900000"><c r="O900000"><v>1</v></c></row>'
    assert refusal(tmp_path, xlsx(rows, names=("甲", "乙"))) == ("area", "firm.xlsx!乙!O900000")


def test_a_row_repeated_without_end_is_refused(tmp_path: Path) -> None:
    row = '<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="float"'
    row += ' office:value="1" table:number-columns-repeated="16384"/></table:table-row>'
    code, _ = refusal(tmp_path, ods(row), "firm.ods")
    assert code in ("unparsable", "exhausting")


def test_a_document_type_is_refused(tmp_path: Path) -> None:
    bomb = '<!-- a > b --><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    assert refusal(tmp_path, xlsx("", before=bomb))[0] == "doctype"
    assert refusal(tmp_path, ods("", before=bomb), "firm.ods")[0] == "doctype"


def test_broken_xml_names_the_sheet(tmp_path: Path) -> None:
    assert refusal(tmp_path, xlsx('<row r="1"><c r="A1"><v>1</x></row>')) == ("unparsable", "firm.xlsx!单位信息")


@pytest.mark.parametrize(
    ("missing", "code"),
    [("xl/workbook.xml", "no-sheets"), ("_rels/.rels", "unparsable"), ("xl/worksheets/sheet1.xml", "unparsable")],
)
def test_a_book_without_a_needed_part_is_refused(tmp_path: Path, missing: str, code: str) -> None:
    parts = [part for part in xlsx_parts("") if part[0] != missing]
    assert refusal(tmp_path, zipped(parts))[0] == code


def test_an_encrypted_open_document_is_named(tmp_path: Path) -> None:
    entry = '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
    assert refusal(tmp_path, ods("", manifest=entry), "firm.ods")[0] == "encrypted"


def test_an_encrypted_xls_is_named_even_with_the_oldest_encryption(tmp_path: Path) -> None:
    """The parser alone would read its scrambled cells as if they were plain."""
    data = bytearray(as_xls())
    start_ = data.index(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    second = start_ + 4 + 16
    data[second : second + 2] = b"\x2f\x00"
    assert refusal(tmp_path, bytes(data), "firm.xls")[0] == "encrypted"


@pytest.mark.parametrize("make", [as_xlsx, as_xls, as_ods, as_xlsb])
@pytest.mark.parametrize("seed", range(6))
def test_damaged_books_are_refused_or_read_but_never_crash(
    tmp_path: Path, make: Callable[[], bytes], seed: int
) -> None:
    import random

    chance = random.Random(seed)  # noqa: S311 - it breaks files, no codes
    data = bytearray(make())
    for _ in range(chance.choice([1, 5, 50])):
        data[chance.randrange(len(data))] = chance.randrange(256)
    data = data[: chance.choice([len(data), len(data) // 2])]
    with contextlib.suppress(Refused):
        read(tmp_path, bytes(data), "firm.bin")


# The child.


def make_slow(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Let the child run this in place of its work."""
    boot = workbook._BOOT.replace("module.main()", code)
    monkeypatch.setattr(workbook, "_BOOT", boot)


def file_of(data: bytes = b"") -> File:
    return File("firm.xlsx", "xlsx", data or as_xlsx())


@pytest.mark.parametrize(
    "death",
    ["import os; os.abort()", "import os; os._exit(0)", "raise SystemExit(3)", "sys.stdout.buffer.write(b'x' * 9)"],
)
def test_a_child_that_dies_is_a_problem(monkeypatch: pytest.MonkeyPatch, death: str) -> None:
    make_slow(monkeypatch, death)
    with pytest.raises(Refused) as caught:
        read_book(file_of())
    assert [each.code for each in caught.value.problems] == ["files.exhausting"]


def test_a_child_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    make_slow(monkeypatch, "while True: pass")
    monkeypatch.setattr(workbook, "TIMEOUT_SECONDS", 0.3)
    with pytest.raises(Refused) as caught:
        read_book(file_of())
    assert [each.code for each in caught.value.problems] == ["files.timeout"]


def test_a_parser_that_panics_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    panic = "class Panic(BaseException): pass\ndef fail(_): raise Panic('at the disco')\n"
    make_slow(
        monkeypatch,
        panic + "module.CalamineWorkbook = type('W', (), {'from_filelike': staticmethod(fail)})\nmodule.main()",
    )
    with pytest.raises(Refused) as caught:
        read_book(file_of())
    assert [(each.code, each.params) for each in caught.value.problems] == [
        ("files.unparsable", (("detail", "at the disco"),))
    ]


def test_a_child_that_swallows_memory_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    swallow = "module.marks.inspected = lambda *_: bytearray(1 << 40)\nmodule.main()"
    make_slow(monkeypatch, swallow)
    with pytest.raises(Refused) as caught:
        read_book(file_of())
    assert [each.code for each in caught.value.problems] == ["files.exhausting"]


def test_the_caller_goes_on_while_the_child_works(monkeypatch: pytest.MonkeyPatch) -> None:
    make_slow(monkeypatch, "import time; time.sleep(0.5); module.main()")
    begun = time.monotonic()
    big = file_of(xlsx("", before="<!--" + os.urandom(600_000).hex() + "-->"))
    with start(big) as pending:
        assert time.monotonic() - begun < 0.4
        assert pending.result().sheets[0].rows == []


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_book_nobody_waits_for_leaves_no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    make_slow(monkeypatch, "while True: pass")
    pending = start(file_of())
    pid = pending._child._process.pid
    assert is_running(pid)
    del pending
    assert not is_running(pid)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_parent_that_is_ended_leaves_no_child(tmp_path: Path, sent: signal.Signals) -> None:
    """The child is parsing, in code that never looks up, when its parent goes."""
    script = tmp_path / "parent.py"
    script.write_text(
        textwrap.dedent("""
            from ordos_subsidy.firms import workbook
            from ordos_subsidy.firms.guard import File
            slow = "module.marks.inspected = lambda *_: __import__('time').sleep(60)\\nmodule.main()"
            workbook._BOOT = workbook._BOOT.replace("module.main()", slow)
            pending = workbook.start(File("firm.xlsx", "xlsx", b"PK"))
            print(pending._child._process.pid, flush=True)
            pending.result()
        """)
    )
    root = Path(__file__).resolve().parents[2]
    parent = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(root)},
        text=True,
    )
    with parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        time.sleep(0.3)
        assert is_running(pid)
        parent.send_signal(sent)
        parent.wait(5)
        deadline = time.monotonic() + 5
        while is_running(pid) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not is_running(pid)


CHILD = [f"firms/{name}" for name in workbook._MODULES]


def test_it_works_from_a_zip(tmp_path: Path) -> None:
    """No file of ours needs to lie on the disk: the child gets its code from us."""
    root = Path(__file__).resolve().parents[2]
    archive = tmp_path / "app.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("ordos_subsidy/__init__.py", "")
        file.writestr("ordos_subsidy/firms/__init__.py", "")
        for path in (
            "errors.py",
            *(
                f"firms/{name}.py"
                for name in ("archive", "binary", "guard", "marks", "raw", "text", "workbook", "worker")
            ),
        ):
            file.write(root / "ordos_subsidy" / path, f"ordos_subsidy/{path}")
    opened(tmp_path, as_xlsx())
    code = f"""
import sys
sys.path.insert(0, {str(archive)!r})
from ordos_subsidy.firms.workbook import read_book
from ordos_subsidy.firms.guard import open_file
book = read_book(open_file({str(tmp_path / "firm.xlsx")!r}))
print(len(book.sheets[0].rows), read_book.__code__.co_filename)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("3 ")
    assert "app.zip" in done.stdout


def test_the_child_imports_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start-up is what a small file costs: neither zipfile, threading, typing tools nor our package's API."""
    names = "sorted(set(sys.modules) & {'zipfile', 'threading', 'dataclasses', 'difflib', 'typing', 're', 'polars'})"
    report = f"frame = marshal.dumps(('sheet', repr({names}), False, []), 2)\n"
    report += "end = marshal.dumps(('end',), 2)\n"
    report += "for each in (frame, end): sys.stdout.buffer.write(len(each).to_bytes(8, 'little') + each)"
    make_slow(monkeypatch, report)
    assert read_book(file_of()).sheets[0].name == "[]"
