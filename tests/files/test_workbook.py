"""Workbooks: every format read alike, and hostile or broken ones refused by the limit they pass."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
import xlwt
from openpyxl import Workbook
from openpyxl.styles import NamedStyle
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from ordos_subsidy.errors import Refused
from tests.files.books import (
    DAY,
    ROWS,
    as_ods,
    as_xls,
    as_xlsb,
    as_xlsx,
    cells,
    ods,
    read,
    saved,
    saved_xls,
    xlsb,
    xlsx,
    xlsx_parts,
    zipped,
)

pytestmark = pytest.mark.usefixtures("size")


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
    sheets = read(tmp_path, saved(book))
    assert [(sheet.name, sheet.hidden) for sheet in sheets] == [("Sheet", False), ("藏", True), ("深藏", True)]
    assert sheets[0].rows == [[1.0]]


def test_merged_areas_are_told_and_hold_their_value_once(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active
    book.active.append(["标题", None, None])
    book.active.append([1, 2, 3])
    book.active.merge_cells("A1:C1")
    sheet = read(tmp_path, saved(book))[0]
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
    assert [sheet.name for sheet in read(tmp_path, out.getvalue())] == ["数据"]


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


@pytest.mark.parametrize(
    ("code", "number", "shown"),
    [
        ('0!.0,"万元"', 50_000_000.0, "5000万元"),
        ("¥#,##0.00", 50_000_000.0, "¥50000000"),
        ("#,##0,", 5_000_000.0, "5000 (÷1000)"),
        ('#,##0"万元"', 12.5, "12.5万元"),
        ("yyyy", 44562.0, "2022年"),
        ('yyyy"年"m"月"', 44348.0, "2021年6月"),
        ("0.00%", 0.125, "12.500%"),
        ("#,##0.00", 12.5, 12.5),
    ],
)
def test_what_a_cell_of_xlsb_shows_counts(tmp_path: Path, code: str, number: float, shown: object) -> None:
    """As in .xlsx and .xls: units, scales, shares, months; in a float, a packed number and a formula."""
    real = struct.pack("<d", number)
    kinds = [(0, 5, 3, real), (1, 9, 3, real + bytes(14)), (2, 5, 0, real)]
    data = xlsb([(0, col, kind, style, value) for col, kind, style, value in kinds], formats=[code])
    assert cells(tmp_path, data, "firm.xlsb") == [[shown, shown, number]]


def test_a_packed_number_of_xlsb_is_shown_as_a_share(tmp_path: Path) -> None:
    packed = struct.pack("<l", (12 << 2) | 3)  # hundredths
    assert cells(tmp_path, xlsb([(0, 0, 2, 2, packed), (0, 1, 2, 0, packed)]), "firm.xlsb") == [["12.00%", 0.12]]
