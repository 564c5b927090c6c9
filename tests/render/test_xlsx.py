"""The workbook: text is text, numbers are numbers, and the same report gives the same bytes."""

from __future__ import annotations

import re
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from ordos_subsidy.document import Report
from ordos_subsidy.render import xlsx
from ordos_subsidy.render._clean import plain

from .samples import EMPTY, FIRM, NASTY, REPORT, nasty, replace


def parts(book: bytes) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(book)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def sheet(report: Report, name: str) -> list[list[Any]]:
    rows = CalamineWorkbook.from_filelike(BytesIO(xlsx.render(report))).get_sheet_by_name(name).to_python()
    return [list(row) for row in rows]


def records(report: Report, name: str) -> list[dict[str, Any]]:
    heads, *rows = sheet(report, name)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def test_the_sheets_hold_the_report() -> None:
    book = openpyxl.load_workbook(BytesIO(xlsx.render(REPORT)))
    assert book.sheetnames == ["奖补资金", "优惠政策", "分年合计", "还缺什么", "提示"]
    awards = {each["措施编号"]: each for each in records(REPORT, "奖补资金")}
    assert len(awards) == len(FIRM.awards) + len(FIRM.credits)
    assert awards["6.rd-investment"]["至少（万元）"] == 0
    assert awards["6.rd-investment"]["至多（万元）"] == 1000
    assert awards["11.research-platform"]["至多（万元）"] == ""
    assert awards["11.research-platform"]["无上限"] == "是"
    assert len(records(REPORT, "优惠政策")) == len(FIRM.preferences)
    assert [each["待填"] for each in records(REPORT, "还缺什么")] == ["级别", "取得日期", "创业投资企业"]
    total = records(REPORT, "分年合计")[-1]
    assert (total["年度"], total["无上限（项）"], total["待核实无上限（项）"]) == ("合计", 2, 1)
    said = {each["问题"] for each in records(REPORT, "提示")}
    assert set(REPORT.footnotes) <= said


def test_sums_are_numbers_exact_to_the_fen_with_a_format() -> None:
    book = openpyxl.load_workbook(BytesIO(xlsx.render(REPORT)))
    page = book["奖补资金"]
    column = [cell.value for cell in page[1]].index("至少（万元）") + 1
    cells = [page.cell(row, column) for row in range(2, page.max_row + 1)]
    assert {cell.data_type for cell in cells} == {"n"}
    assert {cell.number_format for cell in cells} == {"#,##0.######"}
    assert Decimal("1574.500001") in {Decimal(str(cell.value)) for cell in cells}


@pytest.mark.parametrize("name", NASTY)
def test_text_is_text_and_never_a_formula(name: str) -> None:
    report = replace(REPORT, firms=(nasty(name),))
    files = parts(xlsx.render(report))
    sheets = [text for path, text in files.items() if path.startswith("xl/worksheets/")]
    assert not any("<f>" in text or "<f " in text or "<hyperlink" in text for text in sheets)
    assert "xl/externalLinks" not in "".join(files)
    assert records(report, "奖补资金")[0]["单位名称"] == plain(name)
    assert not any(re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", text) for text in files.values())


def test_what_looks_like_a_formula_stays_text_when_it_is_edited() -> None:
    book = openpyxl.load_workbook(BytesIO(xlsx.render(replace(REPORT, firms=(nasty("=1+1"), nasty("name"))))))
    page = book["奖补资金"]
    assert (page["A2"].value, page["A2"].data_type, page["A2"].quotePrefix) == ("=1+1", "s", True)
    assert not page["A3"].quotePrefix


def test_an_escape_of_the_format_is_shown_as_typed() -> None:
    assert records(replace(REPORT, firms=(nasty("a_x0041_b"),)), "奖补资金")[0]["单位名称"] == "a_x0041_b"


@pytest.mark.parametrize("unit", ["长", "🏭", "e\u0301"])
def test_a_text_too_long_for_a_cell_is_cut_with_a_mark(unit: str) -> None:
    name = unit * 40_000
    shown = records(replace(REPORT, firms=(nasty(name),)), "奖补资金")[0]["单位名称"]
    assert len(shown.encode("utf-16-le")) // 2 <= 32_767
    (left,) = re.findall(r"……（过长，余(\d+)字略）$", shown)
    assert len(shown.rpartition("……")[0]) + int(left) == len(name)
    assert xlsx.short("x" * 32_767, "zh") == "x" * 32_767


def test_headings_are_frozen_and_filtered_and_the_page_is_printed_across() -> None:
    for page in openpyxl.load_workbook(BytesIO(xlsx.render(REPORT))):
        assert page.freeze_panes == "B2"
        assert page.auto_filter.ref
        assert page.page_setup.orientation == "landscape"
        assert page.print_title_rows == "$1:$1"
        assert all(page.column_dimensions[each].width >= 8 for each in ("A", "B", "C"))


def test_the_same_report_gives_the_same_bytes_at_any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    first = xlsx.render(REPORT)

    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Later:
            return cls(2031, 5, 6, 7, 8, 9, tzinfo=tz or UTC)

    monkeypatch.setattr("openpyxl.writer.excel.datetime.datetime", Later)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert xlsx.render(REPORT) == first
    with zipfile.ZipFile(BytesIO(first)) as archive:
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert "2031" not in parts(first)["docProps/core.xml"]


def test_a_report_without_firms_is_still_a_workbook() -> None:
    assert records(replace(REPORT, firms=()), "奖补资金") == []
    assert records(replace(REPORT, firms=(EMPTY,)), "还缺什么") == []
    assert sheet(replace(REPORT, lang="en"), "Awards")[0][0] == "Firm"
