"""The Word document: everything that the report says, editable, with fonts for Chinese in every style."""

from __future__ import annotations

import zipfile
from io import BytesIO

import docx as library
import pytest
from docx.oxml.ns import qn

from ordos_subsidy.document import Report
from ordos_subsidy.pages import report_page
from ordos_subsidy.render import docx
from ordos_subsidy.render._clean import plain
from tests.runs import EXAMPLES, run

from .samples import FIRM, NASTY, REPORT, explained, nasty, replace


def painted(report: Report) -> bytes:
    return docx.paint(report_page.page(report, explained(report)))


def words(data: bytes) -> str:
    document = library.Document(BytesIO(data))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(each.text for each in document.paragraphs), *cells])


def test_the_document_says_what_the_report_says() -> None:
    text = words(painted(REPORT))
    for piece in (FIRM.name, "1,574.5万元", "0 – 1,000万元", "≥ 1,000万元", "分年合计", "各项怎样得出", "还差800万元"):
        assert piece in text
    for note in REPORT.footnotes:
        assert note in text


def test_every_style_names_a_font_for_chinese_and_headings_are_headings() -> None:
    document = library.Document(BytesIO(painted(REPORT)))
    for name in ("Normal", "Heading 1", "Heading 2", "Heading 3", "Heading 4", "Table Grid"):
        fonts = document.styles[name].element.find(f".//{qn('w:rFonts')}")
        if name != "Table Grid":
            assert fonts.get(qn("w:eastAsia")) == "Microsoft YaHei"
            assert fonts.get(qn("w:eastAsiaTheme")) is None
    levels = [each.style.name for each in document.paragraphs if each.style and each.style.name.startswith("Heading")]
    assert {"Heading 1", "Heading 2", "Heading 3", "Heading 4"} <= set(levels)


def test_headings_of_tables_stand_on_every_sheet_and_rows_stay_whole() -> None:
    document = library.Document(BytesIO(painted(REPORT)))
    for table in document.tables:
        assert all(row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in table.rows)
    assert any(table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None for table in document.tables)


@pytest.mark.parametrize("typed", NASTY)
def test_what_users_typed_is_text(typed: str) -> None:
    assert plain(typed) in words(painted(replace(REPORT, firms=(nasty(typed),))))


def test_the_same_report_gives_the_same_bytes_and_no_name_of_anybody() -> None:
    first = painted(REPORT)
    assert first == painted(REPORT)
    with zipfile.ZipFile(BytesIO(first)) as parts:
        assert {each.date_time[0] for each in parts.infolist()} == {1980}
        assert b"python-docx" not in parts.read("docProps/core.xml")


def test_the_command_writes_it_and_it_carries_no_receipt(tmp_path: object) -> None:
    out = f"{tmp_path}/report.docx"
    assert run("calc", EXAMPLES / "erdos-resources.xlsx", "-o", out).code == 0
    assert run("verify", out).code == 1
    assert run("calc", EXAMPLES / "erdos-resources.xlsx", "--format", "docx").code == 2
