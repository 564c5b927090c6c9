"""The workbook: text is text, numbers are numbers, and the same result gives the same bytes."""

from __future__ import annotations

import re
import sys
import zipfile
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from ordos_subsidy.render import _sheets, xlsx
from ordos_subsidy.render._cells import CELL_LIMIT, short
from ordos_subsidy.render._clean import plain
from ordos_subsidy.views import Field, View
from ordos_subsidy.views.result import Result
from ordos_subsidy.views.result_book import sheets
from tests.render.results import FIRM, nasty, outcome, result
from tests.render.samples import NASTY

NAMES = ["结论", "汇总", "奖补明细", "优惠政策", "分年合计", "还缺什么", "按待填", "按条款", "按旗区", "提示"]


def parts(book: bytes) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(book)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def records(of: Result, name: str) -> list[dict[str, Any]]:
    heads, *rows = CalamineWorkbook.from_filelike(BytesIO(xlsx.render(of))).get_sheet_by_name(name).to_python()
    return [dict(zip(map(str, heads), row, strict=True)) for row in rows]


def book(of: Result) -> Any:
    return openpyxl.load_workbook(BytesIO(xlsx.render(of)))


def test_the_book_of_single_firms_has_the_sheets_of_many_but_for_what_they_come_to() -> None:
    assert book(result(overall=True)).sheetnames == NAMES
    assert book(result()).sheetnames == [name for name in NAMES if name not in ("汇总", "按待填", "按条款", "按旗区")]


def test_every_figure_and_text_is_read_back_as_it_was_written() -> None:
    """By another library, cell by cell, of sums and of texts."""
    views = sheets(result(FIRM, nasty("二号"), overall=True))
    read = CalamineWorkbook.from_filelike(BytesIO(xlsx.render(result(FIRM, nasty("二号"), overall=True))))
    for name, view in zip(read.sheet_names, views, strict=True):
        top = len(view.above) + 1 if view.above else 0
        heads, *rows = read.get_sheet_by_name(name).to_python(skip_empty_area=False)[top:]
        assert heads == [field.heading("zh") for field in view.fields]
        assert len(rows) == view.frame.height
        for shown, row in zip(rows, view.frame.iter_rows(), strict=True):
            for cell, value, field in zip(shown, row, view.fields, strict=True):
                if value is None:
                    assert cell == ""
                elif field.holds == "money":
                    assert Decimal(repr(cell)) == Decimal(value) / 1_000_000
                else:
                    assert cell == (plain(value) if isinstance(value, str) else value)


def test_sums_are_numbers_with_a_format_that_shows_every_fen() -> None:
    page = book(result())["奖补明细"]
    column = [cell.value for cell in page[1]].index("事项金额（万元）") + 1
    cells = [page.cell(row, column) for row in range(2, page.max_row + 1)]
    assert {cell.number_format for cell in cells if cell.value is not None} == {"#,##0.00####_)"}
    assert Decimal("3149.000001") in {Decimal(str(cell.value)) for cell in cells if cell.value is not None}


@pytest.mark.parametrize("name", NASTY)
def test_text_is_text_and_never_a_formula(name: str) -> None:
    files = parts(xlsx.render(result(nasty(name))))
    sheets = [text for path, text in files.items() if path.startswith("xl/worksheets/")]
    assert not any("<f>" in text or "<f " in text or "<hyperlink" in text for text in sheets)
    assert "xl/externalLinks" not in "".join(files)
    typed = outcome(nasty(name)).firms.firms["name"][0]  # the reader takes line breaks out
    assert records(result(nasty(name)), "奖补明细")[0]["单位名称"] == plain(typed)
    assert not any(re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", text) for text in files.values())


def test_what_looks_like_a_formula_stays_text_when_it_is_edited() -> None:
    page = book(result(nasty("=1+1")))["奖补明细"]
    assert (page["A2"].value, page["A2"].data_type, page["A2"].quotePrefix) == ("=1+1", "s", True)
    assert not book(result())["奖补明细"]["A2"].quotePrefix


def test_an_escape_of_the_format_is_shown_as_typed() -> None:
    assert records(result(nasty("a_x0041_b")), "奖补明细")[0]["单位名称"] == "a_x0041_b"


@pytest.mark.parametrize("unit", ["长", "🏭", "e\u0301"])
def test_a_text_too_long_for_a_cell_is_cut_with_a_mark(unit: str) -> None:
    text = unit * 40_000
    view = View("awards", (Field("name", phrase="show.firm"),), pl.DataFrame({"name": [text]}))
    shown = _sheets.sheet("s", view, "zh").frame.item()
    assert len(shown.encode("utf-16-le")) // 2 <= CELL_LIMIT
    (left,) = re.findall(r"……（过长，余(\d+)字略）$", shown)
    assert len(shown.rpartition("……")[0]) + int(left) == len(text)
    assert short("x" * CELL_LIMIT, "zh") == "x" * CELL_LIMIT


def test_headings_are_frozen_and_filtered_and_the_page_is_printed_across() -> None:
    for page in book(result(overall=True)).worksheets[1:]:
        assert page.freeze_panes == "B2"
        assert page.auto_filter.ref
        assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
        assert page.print_title_rows == "$1:$1"
        assert "鄂府发〔2021〕61号" in page.oddFooter.left.text
        assert all(page.column_dimensions[each].width >= 8 for each in ("A", "B", "C"))
        cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
        assert {cell.font.name for cell in cells} == {"Microsoft YaHei"}
        assert all(cell.alignment.wrap_text for cell in cells if cell.data_type == "s")


def texts(page: Any) -> list[str]:
    return [str(cell.value) for row in page.iter_rows() for cell in row if cell.value is not None]


def test_the_front_sheet_says_who_what_and_what_applies_and_is_printed_on_one_page() -> None:
    page = book(result())["结论"]
    assert page["A1"].value == "甲公司"
    said = "\n".join(texts(page))
    for piece in (
        "东胜区",
        "2022年",
        "测算日期2026-11-23",
        "封顶数，不是应得数",
        "上限不是到手数",
        "分年合计",
        "市科技局",
    ):
        assert piece in said
    assert page.page_setup.orientation == "portrait"
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (None, None)  # one page by one, as is usual
    assert "甲公司" in page.oddHeader.left.text
    assert not page.freeze_panes
    assert not page.auto_filter.ref


def test_the_front_sheet_has_a_line_an_award_that_applies_and_a_chart_of_these() -> None:
    """The bars are the lines of the table, in its order; nothing that does not apply is among them."""
    made = book(result())
    page, (chart,) = made["结论"], made["结论"]._charts
    (top,) = [row for row in range(1, page.max_row) if page.cell(row, 1).value == "条款"]
    heads = [cell.value for cell in page[top]]
    assert heads[4:6] == ["至少（万元）", "至多（万元）"]
    awards = [row for row in made["奖补明细"].iter_rows(min_row=2, values_only=True) if row[8] != "不符合"]
    awards = [row for row in awards if row[2] == "奖补"]
    assert [[cell.value for cell in row][4:6] for row in page.iter_rows(min_row=top + 1)] == [
        list(row[10:12]) for row in awards
    ]
    assert chart.y_axis.scaling.orientation == "minMax"
    assert chart.x_axis.scaling.orientation == "maxMin"
    assert [each.val.numRef.f for each in chart.ser] == [f"结论!${at}${top + 1}:${at}${page.max_row}" for at in "EF"]
    assert chart.anchor._from.row > page.max_row


def test_the_front_sheet_of_many_firms_has_their_number_their_sums_and_who_is_left_out() -> None:
    whole = result(FIRM, {**FIRM, "name": "二号", "revenue": "约12亿"}, {**FIRM, "name": "三号", "event": []})
    page = book(whole)["结论"]
    said = "\n".join(texts(page))
    for piece in ("读取单位3家，测算2家，未测算1家", "甲公司：", "三号：", "二号", "未测算：", "上限不是到手数"):
        assert piece in said
    (top,) = [row for row in range(1, page.max_row) if page.cell(row, 1).value == "条款"]
    firms = book(result(FIRM, {**FIRM, "name": "三号", "event": []}, overall=True))["汇总"]
    (total,) = [row for row in firms.iter_rows(values_only=True) if row[0] == "合计"]
    assert sum(row[4] for row in page.iter_rows(min_row=top + 1, values_only=True)) == pytest.approx(total[4])
    assert sum(row[3] for row in page.iter_rows(min_row=top + 1, values_only=True)) == pytest.approx(total[3])


def test_a_firm_without_any_sum_has_no_chart() -> None:
    none = {"name": "丙", "above_scale": False, "fiscal_year": 2022, "revenue": "1元", "rd_expense": "1元"}
    page = book(result(none))["结论"]
    assert page._charts == []
    assert "没有符合或待核实的奖补项目。" in texts(page)


def test_every_row_is_written_once() -> None:
    """Excel repairs a sheet that has a row twice, and says so to the reader."""
    for path, text in parts(xlsx.render(result(FIRM, nasty("二号"), overall=True))).items():
        rows = re.findall(r'<row r="(\d+)"', text)
        assert len(rows) == len(set(rows)), path


def test_verdicts_have_colours_and_totals_are_bold() -> None:
    made = book(result(overall=True))
    for name, words in (("奖补明细", {"符合", "待核实", "不符合"}), ("优惠政策", {"符合", "待核实", "不符合"})):
        rules = [rule for found in made[name].conditional_formatting for rule in found.rules]
        assert {rule.text for rule in rules} == words
    for name in ("汇总", "分年合计", "按条款"):
        (rule,) = [rule for found in made[name].conditional_formatting for rule in found.rules]
        assert (rule.text, rule.dxf.font.b) == ("合计", True)


def test_firms_end_in_their_total_and_what_they_rest_on() -> None:
    *firms, total, basis = records(result(FIRM, nasty("二号"), overall=True), "汇总")
    assert [each["单位名称"] for each in firms] == ["甲公司", "二号"]
    assert (total["单位名称"], total["上限（万元）"]) == ("合计", sum(each["上限（万元）"] for each in firms))
    assert basis["单位名称"] == "鄂府发〔2021〕61号，2021-06-19起施行，测算日期2026-11-23"


def test_rows_are_as_high_as_their_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    page = book(result())["提示"]
    assert max(each.height or 0 for each in page.row_dimensions.values()) > 2 * 16
    monkeypatch.setattr(_sheets, "SMALL", 0)
    large = book(result())["提示"]
    assert {each.height for number, each in large.row_dimensions.items() if number > 1} <= {None, 16.0}
    assert not large["D2"].alignment.wrap_text


def test_the_same_result_gives_the_same_bytes_at_any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    first = xlsx.render(result())
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert xlsx.render(result()) == first
    with zipfile.ZipFile(BytesIO(first)) as archive:
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert "1980" in parts(first)["docProps/core.xml"]
    assert "202" not in parts(first)["docProps/core.xml"]


def unescaped(value: object) -> object:
    """What openpyxl reads; of texts in their cells it leaves an escape as it is."""
    return value.replace("_x005F", "") if isinstance(value, str) else value


def test_without_the_fast_library_the_book_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every value and every look of a cell; and the same bytes each time."""
    firms = (FIRM, nasty("=1+1"), nasty("a_x0041_b"))
    fast = book(result(*firms, overall=True))
    monkeypatch.setitem(sys.modules, "rustpy_xlsxwriter", None)
    slow = book(result(*firms, overall=True))
    assert xlsx.render(result(*firms)) == xlsx.render(result(*firms))
    assert slow.sheetnames == fast.sheetnames
    for page, other in zip(slow, fast, strict=True):
        looks = []
        for sheet in (page, other):
            cells = (cell for row in sheet.iter_rows() for cell in row if cell.value is not None)
            looks.append(
                [
                    (
                        *(cell.coordinate, unescaped(cell.value), cell.data_type, cell.number_format, cell.quotePrefix),
                        *(cell.font.name, cell.font.b, cell.alignment.wrap_text, cell.fill.fgColor.rgb),
                    )
                    for cell in cells
                ]
            )
        assert looks[0] == looks[1]
        assert str(page.merged_cells) == str(other.merged_cells)
        assert (page.oddHeader.left.text, page.page_setup.orientation) == (
            other.oddHeader.left.text,
            other.page_setup.orientation,
        )
        drawn = [[[each.val.numRef.f for each in chart.ser] for chart in sheet._charts] for sheet in (page, other)]
        assert drawn[0] == drawn[1]
        for name in ("freeze_panes", "print_title_rows", "print_area", "dimensions"):
            assert getattr(page, name) == getattr(other, name)
        assert page.auto_filter.ref == other.auto_filter.ref
        heights = [
            {n: each.height for n, each in sheet.row_dimensions.items() if each.height} for sheet in (page, other)
        ]
        assert heights[0] == heights[1]
