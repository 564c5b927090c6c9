"""Error cells and formulas nobody computed: seen in every format, where they stand."""

from __future__ import annotations

import contextlib
import io
import struct
import time
from pathlib import Path

import pytest
import xlsxwriter
import xlwt
from openpyxl import Workbook

from ordos_subsidy.errors import Refused
from ordos_subsidy.files import binary, marks
from ordos_subsidy.files.grid import NOT_COMPUTED, CellError
from tests.files.books import (
    as_ods,
    as_xls,
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
    sheets = read(tmp_path, saved_xls(book), "firm.xls")
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


def test_formulas_written_by_xlwt_were_never_computed_but_others_may_be_empty(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.add_sheet("x").write(1, 1, xlwt.Formula("1+1"))
    data = saved_xls(book)
    assert cells(tmp_path, data, "firm.xls")[1] == [None, CellError(NOT_COMPUTED)]
    assert cells(tmp_path, data.replace(b"None   ", b"Clerk  ", 1), "firm.xls")[1:] in ([], [[None, None]])


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
    rows = '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="s"><v>0</v></c></row>'
    assert marks.prepared_book("xlsx", xlsx(rows), "")[0] is None
    assert marks.prepared_book("xlsx", as_xlsx(), "")[0] is None
    assert marks.prepared_book("ods", as_ods(), "")[0] is None
    assert binary.xls_shown(as_xls(), "") == ({}, {})


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B1" t = "e" ><v>#REF!</v></c>',
        '<c r="B1" t="&#101;"><v>#REF!</v></c>',
        '<c r="B1" t="e"><!-- </c> --><v>#REF!</v></c>',
        '<c r="B1" t="e"><v><![CDATA[#REF!]]></v></c>',
        '<c r="B1" t="e"><extLst/><v>#RE<!-- -->F!</v ></c >',
        '<c xmlns:q="u" q:a="/>" r="B1" t="e"><v>#REF!</v></c>',
    ],
)
def test_an_error_cell_is_found_in_any_spelling(tmp_path: Path, cell: str) -> None:
    rows = f'<row r="1"><c r="A1"><v>1</v></c>{cell}<c r="C1"><v>3</v></c></row>'
    assert cells(tmp_path, xlsx(rows)) == [[1.0, CellError("#REF!"), 3.0]]


@pytest.mark.parametrize("cell", ['<c r="A1" t="e"/>', '<c a=">" r="A1" t="e" />', '<c r="A1" t="e"></c>'])
def test_an_error_cell_that_shows_nothing_is_one(tmp_path: Path, cell: str) -> None:
    assert cells(tmp_path, xlsx(f'<row r="1">{cell}<c r="B1"><v>3</v></c></row>')) == [[CellError("#ERROR"), 3.0]]


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A1" t="str"><f>B1+1</f></c>',  # Go's excelize
        '<c r="A1"><f>B1+1</f><v><!-- 1 --></v></c>',
        '<c r="A1"><f>B1+1</f><v> \n </v></c>',
        '<c r="A1"><!-- <v>5</v> --><f>B1<!-- -->+1</f></c>',
        '<c r="A1"><f ca="1" >B1+1</f ><v/></c>',
        '<c r="A1"><f/></c>',
    ],
)
def test_a_formula_without_a_value_is_found_in_any_spelling(tmp_path: Path, cell: str) -> None:
    rows = f'<row r="1">{cell}<c r="B1"><f>1+1</f><v>2</v></c></row>'
    assert cells(tmp_path, xlsx(rows)) == [[CellError(NOT_COMPUTED), 2.0]]


@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.dat", "xl/other.bin"])
def test_a_sheet_is_one_under_any_name_and_after_any_comment(tmp_path: Path, name: str) -> None:
    parts = dict(xlsx_parts('<row r="1"><c r="A1" t="e"><v>#REF!</v></c></row>', before=f"<!--{'-> ' * 9000}-->"))
    rels = str(parts["xl/_rels/workbook.xml.rels"]).replace("worksheets/sheet1.xml", name.removeprefix("xl/"))
    parts |= {name: parts.pop("xl/worksheets/sheet1.xml"), "xl/_rels/workbook.xml.rels": rels}
    assert cells(tmp_path, zipped(parts.items())) == [[CellError("#REF!")]]


def test_formulas_written_by_xlsxwriter_were_never_computed(tmp_path: Path) -> None:
    """It stores a 0, or what the program that used it gave, and calls itself Microsoft Excel."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [1, "=1+1", "x"])
        sheet.write_formula(0, 3, '=IF(1,"是","否")', value="是")
    bad = CellError(NOT_COMPUTED)
    assert cells(tmp_path, out.getvalue()) == [[1.0, bad, "x", bad]]


@pytest.mark.parametrize(
    ("program", "version", "is_believed"),
    [
        ("Microsoft Excel", "16.0300", True),
        ("WPS 表格", "12.1", True),
        ("LibreOffice/7.4", "", True),
        ("Microsoft Excel", "12.0000", False),
        ("Microsoft Excel Compatible / Openpyxl 3.1.5", "3.1", False),
        ("Go Excelize", "", False),
        (None, "", False),
    ],
)
def test_a_book_to_be_computed_on_load_is_believed_where_a_spreadsheet_program_wrote_it(
    tmp_path: Path, program: str | None, version: str, is_believed: bool
) -> None:
    parts = dict(xlsx_parts('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><v>3</v></c></row>'))
    asked = '<calcPr calcId="1" fullCalcOnLoad="1"/></workbook>'
    parts["xl/workbook.xml"] = str(parts["xl/workbook.xml"]).replace("</workbook>", asked)
    if program:
        parts["docProps/app.xml"] = (
            f"<Properties><Application>{program}</Application><AppVersion>{version}</AppVersion></Properties>"
        )
    assert cells(tmp_path, zipped(parts.items())) == [[2.0 if is_believed else CellError(NOT_COMPUTED), 3.0]]


def test_stored_values_are_believed_where_nothing_asks_to_compute_them(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>"a"</f><v>a</v></c></row>'
    assert cells(tmp_path, xlsx(rows)) == [[2.0, "a"]]


@pytest.mark.parametrize(
    "hostile",
    [
        '<c r="A1"><f>' + " " * 2_000_000,  # a pattern that looks for an end would look two million times
        "<c t='e'/>" * 100_000,
        '<c r="A1"' + ' t="e"'.join(f' a{i}=""' for i in range(20_000)) + "/>",
        "<c>" * 50_000,
    ],
)
def test_no_sheet_makes_the_search_slow(hostile: str) -> None:
    began = time.process_time()
    with contextlib.suppress(Refused):
        marks.prepared_book("xlsx", xlsx(f'<row r="1">{hostile}</row>'), "")
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    ("cell", "suspect"),
    [
        ('<c r="A1" t="inlineStr"><is><t>&#30002;&#20844;&#21496;</t></is></c>', False),
        ('<c r="A1" t="&#101;"><v>#REF!</v></c>', True),
        ('<c r="A1" t= "&#x65;"><v>#REF!</v></c>', True),
        ('<c r="&#65;1" t="n"><v>1</v></c>', True),
    ],
)
def test_a_character_reference_is_looked_at_where_it_may_hide_something(cell: str, suspect: bool) -> None:
    """Openpyxl may write all Chinese in references: expat would take five times as long as the parser over it."""
    part = f"<worksheet><sheetData><row>{cell}</row></sheetData></worksheet>".encode()
    assert marks._is_suspect(part) is suspect
