"""Where in a sheet the data are found, and what is said of the rest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordos_subsidy.errors import Refused
from ordos_subsidy.files.grid import CellError, CellValue
from ordos_subsidy.policy import load_policies
from ordos_subsidy.tables import read_sheets as read_book
from ordos_subsidy.tables.columns import SheetColumns
from tests.tables.reads import Rows, codes, errors, event, firm, names, read_rows, read_sheets, said, sheet

WAN = 10_000 * 100

TABLE: Rows = [
    ["单位名称", "规模以上", "营业收入（万元）", "研发投入（元）"],
    ["甲公司", "是", 100, 5000],
    ["乙公司", "否", "2亿", None],
]
FORM: Rows = [["单位名称", "甲公司"], ["规模以上", "是"], ["营业收入（万元）", 100], ["研发投入（元）", 5000]]
EVENTS: Rows = [
    ["单位名称", "事项", "取得日期", "金额（万元）"],
    ["甲公司", "重点实验室", dt.date(2022, 3, 1), 300],
    ["乙公司", "incubator", "2022年3月", "5000元"],
]


# --- tables


def test_a_table_gives_a_firm_a_row() -> None:
    found = read_rows(TABLE)
    assert names(found) == ["甲公司", "乙公司"]
    assert firm(found)["revenue"] == 100 * WAN
    assert firm(found)["research"] == 5000_00
    assert firm(found, 1)["revenue"] == 20_000 * WAN
    assert "research" not in firm(found, 1)
    assert said(found) == []


def test_every_row_knows_its_address() -> None:
    assert read_rows(TABLE).firms["@place"].to_list() == ["f.xlsx!甲表!A2", "f.xlsx!甲表!A3"]


@pytest.mark.parametrize(
    "above",
    [
        [["2022年度科技企业汇总表"]],
        [[], ["汇总表", None], ["填表说明：红色为必填", None], []],
        [["汇总表"], ["填报日期：2022-03-01", "联系电话：123"]],
        [["单位信息"]],
    ],
)
def test_titles_notes_and_blank_rows_above_the_headings_are_skipped(above: Rows) -> None:
    found = read_rows([*above, *TABLE])
    assert names(found) == ["甲公司", "乙公司"]
    assert said(found) == []


def test_a_table_may_begin_anywhere_on_the_sheet() -> None:
    found = read_rows([[], *[[None, None, *row] for row in TABLE]])
    assert names(found) == ["甲公司", "乙公司"]
    assert found.firms["@place"][0] == "f.xlsx!甲表!C3"


def test_blank_rows_between_and_below_are_skipped() -> None:
    assert names(read_rows([*TABLE[:2], [], [" ", None], TABLE[2], [], []])) == ["甲公司", "乙公司"]


def test_a_column_of_running_numbers_is_skipped_without_a_word() -> None:
    rows = [["序号", *TABLE[0]], [1, *TABLE[1]], [2, *TABLE[2]], [3], [4]]
    found = read_rows(rows)
    assert names(found) == ["甲公司", "乙公司"]
    assert said(found) == []


@pytest.mark.parametrize(
    "word", ["合计", "总计", "小计", "合 计", "合计：", "本页合计", "东胜区小计", "共计3家", "平均值", "Total"]
)
@pytest.mark.parametrize("column", [0, 1])
def test_totals_are_no_firm(word: str, column: int) -> None:
    total = [word, None, None, 5000, 7] if column == 0 else [None, word, None, 5000, 7]
    found = read_rows([["序号", *TABLE[0]], [1, *TABLE[1]], total])
    assert names(found) == ["甲公司"]
    assert said(found) == [(f"甲表!{'AB'[column]}3", "reading.total_row")]


@pytest.mark.parametrize(
    "note", ["注：以上数据来自年报", "填表人：张三", "备注:无", "说明：金额不含税", "其中：规上企业"]
)
def test_notes_below_a_table_are_no_firm(note: str) -> None:
    found = read_rows([*TABLE, [note]])
    assert names(found) == ["甲公司", "乙公司"]
    assert said(found) == [("甲表!A4", "reading.note_row")]


def test_headings_repeated_on_a_new_page_are_no_firm() -> None:
    found = read_rows([*TABLE, TABLE[0], ["丙公司", "是", 1, 1]])
    assert names(found) == ["甲公司", "乙公司", "丙公司"]
    assert said(found) == []


def test_an_answer_that_could_head_a_column_does_not_begin_a_list_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """企业 below 单位类型 stands in most rows of a large table, and each would be looked at one by one."""
    looked_at: list[int] = []  # how many rows at a time
    lines = SheetColumns.lines

    def seen(sheet: SheetColumns, rows: Sequence[int]) -> list[list[CellValue]]:
        looked_at.append(len(rows))
        return lines(sheet, rows)

    monkeypatch.setattr(SheetColumns, "lines", seen)
    rows = [["单位名称", "单位类型"], *([f"{sign}有限公司", "企业"] for sign in "甲乙丙")]
    found = read_book("f.xlsx", [sheet("甲表", rows)], load_policies().vocabulary)
    assert len(found) == len(rows) - 1
    assert 1 not in looked_at


def test_an_unknown_column_is_reported_and_not_fatal() -> None:
    found = read_rows([[*TABLE[0], "联系人", "营业收人"], [*TABLE[1], "张三", 5]])
    assert names(found) == ["甲公司"]
    assert said(found) == [("甲表!E1", "reading.unknown_heading"), ("甲表!F1", "reading.unknown_heading_near")]
    assert dict(found.problems[1].params)["near"] == "营业收入"


@pytest.mark.parametrize("heading", ["研发投入占比", "营业收入增幅（%）"])
def test_a_share_of_a_figure_is_not_held_for_the_figure(heading: str) -> None:
    """Nobody is told to call it so: a share under the heading of a sum would be read as one."""
    found = read_rows([[*TABLE[0], heading], [*TABLE[1], 5]])
    assert [code for _, code in said(found)] == ["fields.changed_heading"]


def test_a_derived_figure_is_not_taken_from_the_sheet_and_that_is_said() -> None:
    found = read_rows([[*TABLE[0], "研发投入强度"], [*TABLE[1], "3.7%"]])
    assert said(found) == [("甲表!E1", "fields.derived_heading")]


def test_a_column_of_the_other_table_is_reported() -> None:
    found = read_rows([[*TABLE[0], "备注"], [*TABLE[1], "x"]], [[*EVENTS[0], "营业收入"], [*EVENTS[1], 5]])
    assert said(found) == [("甲表!E1", "reading.event_heading"), ("乙表!E1", "reading.firm_heading")]


def test_contents_without_a_heading_are_reported() -> None:
    found = read_rows([[*TABLE[0], None], [*TABLE[1], 99]])
    assert said(found) == [("甲表!E1", "reading.no_heading")]


def test_two_columns_for_one_fact_leave_out_the_firms_they_differ_for() -> None:
    found = read_rows(
        [["单位名称", "营业收入（元）", "revenue（元）"], ["甲公司", 1, 1], ["乙公司", 1, 2], ["丙公司", 1, None]]
    )
    assert names(found) == ["甲公司", "丙公司"]
    assert found.left_out == 1
    assert errors(found) == [("甲表!B3", "reading.differs")]


def test_two_columns_that_agree_are_only_mentioned() -> None:
    found = read_rows([["单位名称", "营业收入（元）", "revenue（元）"], ["甲公司", 1, 1]])
    assert names(found) == ["甲公司"]
    assert said(found) == [("甲表!B1", "reading.twice")]
    assert errors(found) == []


def test_figures_in_different_units_agree_where_they_are_worth_the_same() -> None:
    heads = ["单位名称", "营业收入（元）", "revenue（万元）"]
    found = read_rows([heads, ["甲公司", 1, 1], ["乙公司", 10000, 1.0], ["丙公司", None, 2], ["丁公司", "3万元", None]])
    assert errors(found) == [("甲表!B2", "reading.differs")]
    share = read_rows([heads, ["甲公司", 5, "5%"]])
    assert errors(share)[0] == ("甲表!B2", "reading.differs")
    assert [(each, firm(found, n)["revenue"]) for n, each in enumerate(names(found))] == [
        ("乙公司", 10000_00),
        ("丙公司", 20000_00),
        ("丁公司", 30000_00),
    ]


def test_headings_merged_over_two_rows_are_headings() -> None:
    """And those below a group's heading, which stands above them."""
    heads: Rows = [
        ["企业名单", None, None, None],
        ["单位名称", "规模以上", "财务数据", None],
        [None, None, "营业收入（元）", "研发投入（元）"],
    ]
    found = read_rows([*heads, ["甲公司", "是", 5, 6]], merged=((1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 1, 3)))
    assert (firm(found)["name"], firm(found)["big"], firm(found)["revenue"]) == ("甲公司", True, 500)
    assert errors(found) == []


def test_a_row_of_units_below_merged_headings_still_sets_the_units() -> None:
    found = read_rows([["单位名称", "营业收入"], [None, "（元）"], ["甲公司", 5]], merged=((0, 0, 1, 0),))
    assert firm(found)["revenue"] == 500


def test_a_remark_merged_over_several_events_breaks_none_of_them() -> None:
    """It decides nothing; a date so merged does."""
    events: Rows = [
        ["单位名称", "事项", "取得日期", "备注"],
        ["甲公司", "实验室", "2022", "同一批"],
        ["甲公司", "重点实验室", "2023", None],
    ]
    for col, broken in ((3, 0), (2, 1)):
        found = read_sheets(sheet("甲表", TABLE[:2]), sheet("乙表", events, merged=((1, col, 2, col),)))
        assert (found.left_out, found.events.height) == (broken, 2 * (1 - broken))


def test_a_cell_merged_with_other_rows_is_not_taken_for_a_blank() -> None:
    """Nor for the sum of one of them: it may be each one's, or that of all together."""
    rows: Rows = [["单位名称", "营业收入（元）"], ["甲公司", 5], ["乙公司", None], ["丙公司", 7], ["丁公司", None]]
    found = read_rows(rows, merged=((1, 1, 2, 1), (4, 1, 4, 1)))
    assert (names(found), found.left_out) == (["丙公司", "丁公司"], 2)
    assert errors(found) == [("甲表!B2", "reading.merged"), ("甲表!B3", "reading.merged")]


def test_headings_in_two_rows_are_not_misread_silently() -> None:
    found = read_rows([
        ["单位名称", "营业收入（元）", "研发投入（元）", None],
        [None, None, "本年", "上年"],
        ["甲公司", 1, 2, 3],
    ])  # fmt: skip
    assert ("甲表!D1", "reading.no_heading") in said(found)
    assert ("甲表!A2", "reading.required") in errors(found)
    assert names(found) == ["甲公司"]


def test_headings_below_group_headings_are_found() -> None:
    found = read_rows([["基本信息", None, "财务数据", None], *TABLE])
    assert names(found) == ["甲公司", "乙公司"]


def test_a_row_of_units_below_the_headings_sets_the_units() -> None:
    found = read_rows([["单位名称", "营业收入", "研发投入"], [None, "元", "（万元）"], ["甲公司", 5, 5]])
    assert firm(found)["revenue"] == 5_00
    assert firm(found)["research"] == 5 * WAN
    assert said(found) == []


def test_a_row_without_a_name_is_an_error_and_left_out() -> None:
    found = read_rows([*TABLE, [None, "是", 5, 5]])
    assert names(found) == ["甲公司", "乙公司"]
    assert errors(found) == [("甲表!A4", "reading.required")]
    assert found.left_out == 1


def test_a_table_without_headings_we_need_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        read_rows([["联系人", "电话"], ["张三", 1]])
    assert codes(caught.value.problems) == ["reading.no_firms"]


def test_headings_without_rows_are_refused() -> None:
    with pytest.raises(Refused) as caught:
        read_rows([TABLE[0]])
    assert codes(caught.value.problems) == ["reading.no_firms_rows"]


def test_a_table_without_names_says_so() -> None:
    found = read_rows([["规模以上", "营业收入（元）"], ["是", 1]])
    assert names(found) == []
    assert errors(found) == [("甲表!A2", "reading.required")]


# --- units of money


def test_sums_without_a_unit_are_in_wan_and_that_is_said_once() -> None:
    found = read_rows(
        [["单位名称", "营业收入", "研发投入"], ["甲公司", 1, 2], ["乙公司", 3, 4]],
        [["事项", "单位名称", "金额"], ["prize", "甲公司", 9]],
    )
    assert firm(found)["revenue"] == WAN
    assert event(found)["amount"] == 9 * WAN
    assert said(found) == [("甲表!B1", "reading.assumed_unit")]


@pytest.mark.parametrize("cell", [None, "5万元", "-", 0])
def test_nothing_is_said_of_units_where_none_was_needed(cell: object) -> None:
    assert said(read_rows([["单位名称", "营业收入"], ["甲公司", cell]])) == []


@pytest.mark.parametrize(
    "note",
    ["单位：元", "金额单位：元", "2022年度汇总表（单位：元）", "汇总表（元）", "除注明外，单位均为元", "以元为单位"],
)
def test_a_note_above_the_headings_sets_the_unit_of_the_sheet(note: str) -> None:
    found = read_rows([[None, note], ["单位名称", "营业收入", "研发投入（万元）"], ["甲公司", 5, 5]])
    assert firm(found)["revenue"] == 5_00
    assert firm(found)["research"] == 5 * WAN
    assert said(found) == []


def test_a_note_in_yuan_over_headings_of_larger_units_makes_sums_unreadable() -> None:
    """One of them is wrong, and nobody can tell which; a heading without a unit is what the note is for."""
    rows: Rows = [["单位名称", "营业收入（万元）", "研发投入（万元）"], ["甲公司", 5, None], ["乙公司", "5元", None]]
    found = read_rows([[None, "单位：元"], *rows])
    assert names(found) == ["乙公司"]
    assert errors(found) == [("甲表!B3", "cells.strange_unit")]


def test_a_note_below_the_table_sets_the_unit_too() -> None:
    found = read_rows([["单位名称", "营业收入"], ["甲公司", 5], ["注：金额单位：元"]])
    assert firm(found)["revenue"] == 5_00


def test_notes_that_contradict_each_other_make_sums_unreadable() -> None:
    found = read_rows([["单位：元"], ["单位：万元"], ["单位名称", "营业收入"], ["甲公司", 5], ["乙公司", "5元"]])
    assert names(found) == ["乙公司"]
    assert errors(found) == [("甲表!B4", "cells.strange_unit")]


def test_a_heading_in_dollars_makes_sums_unreadable() -> None:
    found = read_rows([["单位名称", "营业收入（万美元）"], ["甲公司", 5], ["乙公司", None]])
    assert names(found) == ["乙公司"]
    assert errors(found) == [("甲表!B2", "cells.strange_unit")]


# --- forms


def test_a_form_gives_one_firm() -> None:
    found = read_rows(FORM)
    assert names(found) == ["甲公司"]
    assert firm(found)["revenue"] == 100 * WAN
    assert firm(found)["research"] == 5000_00
    assert firm(found)["big"] is True
    assert said(found) == []
    assert found.firms["@place"].to_list() == ["f.xlsx!甲表!B1"]


def test_a_form_and_a_table_of_one_firm_mean_the_same() -> None:
    form, table = read_rows(FORM), read_rows(TABLE[:2])
    assert form.firms.drop("@place").equals(table.firms.drop("@place"))


@pytest.mark.parametrize(
    "rows",
    [
        [["申报表"], [], ["单位：万元"], *FORM],
        [["序号", "项目", "填写内容", "填写说明"], *[[i, a, b, "请填写"] for i, (a, b) in enumerate(FORM)]],
        [["项目", "填写说明", "填写内容"], *[[a, "请填写", b] for a, b in FORM]],
        [[a, None, None, b] for a, b in FORM],
        [[f"{a}：", b, "必填，如有疑问请致电"] for a, b in FORM],
        [[f"{i}、{a}", b] for i, (a, b) in enumerate(FORM, 1)],
        [[FORM[0][0], FORM[0][1], FORM[1][0], FORM[1][1]], [FORM[2][0], FORM[2][1], FORM[3][0], FORM[3][1]]],
        [[FORM[0][0], FORM[0][1]], [FORM[1][0], FORM[1][1], FORM[2][0], FORM[2][1]], [FORM[3][0], FORM[3][1]]],
        [[v for pair in FORM for v in pair]],
        [["一、基本信息"], *FORM[:2], ["二、财务信息"], *FORM[2:]],
        [[None, None], *[[None, *row] for row in FORM]],
    ],
)  # fmt: skip
def test_forms_of_all_shapes_are_understood(rows: Rows) -> None:
    found = read_rows(rows)
    assert names(found) == ["甲公司"]
    assert firm(found)["revenue"] == 100 * WAN
    assert firm(found)["research"] == 5000_00
    assert firm(found)["big"] is True
    assert errors(found) == []


def test_values_begin_after_a_merged_heading() -> None:
    rows: Rows = [["单位名称", None, "甲公司"], ["规模以上", "是"], ["营业收入（元）", None, 5]]
    found = read_rows(rows, merged=((0, 0, 0, 1), (2, 0, 2, 1)))
    assert names(found) == ["甲公司"]
    assert firm(found)["big"] is True
    assert firm(found)["revenue"] == 5_00


def test_one_heading_with_its_value_is_a_form() -> None:
    assert names(read_rows([["单位名称", "甲公司"]])) == ["甲公司"]


def test_one_heading_with_values_below_is_a_table() -> None:
    assert names(read_rows([["单位名称"], ["甲公司"], ["乙公司"]])) == ["甲公司", "乙公司"]


@pytest.mark.parametrize("beside", [["", ""], ["", "x"], ["x", ""]])
def test_one_heading_among_others_that_nobody_knows_is_a_table(beside: list[str]) -> None:
    """Not the form of a firm called 电话."""
    found = read_rows([["单位名称", "电话", "邮编"], ["甲公司", *beside], ["乙公司", "", ""]])
    assert names(found) == ["甲公司", "乙公司"]
    assert {code for _, code in said(found)} == {"reading.unknown_heading"}


def test_a_heading_of_the_other_table_is_no_name() -> None:
    assert names(read_rows([["单位名称", "金额"], ["甲公司", ""]])) == ["甲公司"]


def test_a_text_file_of_names_is_a_table_and_not_a_form() -> None:
    rows: Rows = [["单位名称", "电话"], ["甲公司", "123"]]
    assert names(read_sheets(sheet("", rows), kind="csv")) == ["甲公司"]
    assert names(read_sheets(sheet("", [["单位名称", "甲公司"]]), kind="csv")) == ["甲公司"]


@pytest.mark.parametrize(
    "row",
    [
        ["营业收入", "元", 5],
        ["营业收入", 5, "元"],
        ["营业收入", 5, "（元）"],
        ["营业收入", 5, "单位：元"],
        ["营业收入（元）", 5, "元"],
    ],
)
def test_a_unit_in_a_cell_of_its_own_is_the_unit_of_the_figure(row: list[Any]) -> None:
    found = read_rows(
        [["单位名称", None, "甲公司"] if row[1] == "元" else ["单位名称", "甲公司"], ["规模以上", None, None], row]
    )
    assert firm(found)["revenue"] == 5_00


def test_two_units_for_one_figure_make_it_unreadable() -> None:
    found = read_rows([["单位名称", "甲公司"], ["营业收入（万元）", 5, "元"]])
    assert errors(found) == [("甲表!B2", "cells.strange_unit")]


def test_a_blank_in_a_form_is_unknown_whatever_note_stands_beside_it() -> None:
    found = read_rows(
        [["单位名称", "甲公司", "必填"], ["规模以上", None, "填是或否"], ["营业收入（元）", None, "不含税"]]
    )
    assert set(firm(found)) == {"@firm", "@place", "name"}
    assert errors(found) == []


def test_an_unknown_heading_of_a_form_is_reported() -> None:
    found = read_rows([*FORM, ["联系人", "张三"], ["营业收人", 5]])
    assert said(found) == [("甲表!A5", "reading.unknown_heading"), ("甲表!A6", "reading.unknown_heading_near")]


def test_a_heading_given_twice_in_a_form_leaves_the_firm_out() -> None:
    found = read_rows([*FORM, ["营业收入（万元）", 200]])
    assert names(found) == []
    assert errors(found) == [("甲表!B3", "reading.differs")]


def test_a_second_column_of_values_in_a_form_is_reported() -> None:
    found = read_rows([["单位名称", "甲公司", "另填"], ["规模以上", "是", "否"], ["营业收入（元）", 5, 6]])
    assert names(found) == ["甲公司"]
    assert said(found) == [("甲表!C2", "reading.beside")]


def test_firms_that_stand_across_are_a_firm_a_column() -> None:
    found = read_rows([["单位名称", "甲公司", "乙公司"], ["规模以上", "是", "否"], ["营业收入（元）", 5, "约6"]])
    assert [firm(found)["name"], firm(found)["big"], firm(found)["revenue"]] == ["甲公司", True, 500]
    assert found.firms.height == 1, "the other one has a sum that cannot be read"
    assert errors(found) == [("甲表!C3", "cells.money")]


LISTED = [["内蒙古甲有限公司", "0477-1"], ["鄂尔多斯乙研究院（虚构）", "0477-2"], ["Ordos C Co., Ltd.", "0477-3"]]


@pytest.mark.parametrize(
    "rows",
    [
        [["单位名称", "联系电话"], *LISTED],
        [["序号", "单位名称", "联系电话"], *([n, *each] for n, each in enumerate(LISTED))],
        [["序号", "单位名称", "联系电话"], [1, "甲", "0477-1"], [2, "乙", "0477-2"], [3, "丙", "0477-3"]],
        [["科技企业名单"], ["单位名称", "联系电话"], *LISTED],
    ],
)
def test_a_list_of_which_only_the_names_are_understood_is_no_form(rows: Rows) -> None:
    """Its firms are those below the heading, not one that is called like the heading beside."""
    found = read_rows(rows)
    assert len(names(found)) == 3
    assert [code for _, code in said(found)] == ["reading.unknown_heading"]


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("内蒙古甲有限公司", ["地址", "联系电话"]),
        ("甲", ["主管部门", "开户行"]),
        ("甲厂（虚构）", ["母公司", "联系电话"]),
        ("甲厂（虚构）", ["母公司"]),
    ],
)
def test_a_form_of_which_only_the_name_is_understood_is_no_list(name: str, labels: list[str]) -> None:
    found = read_rows([["单位名称", name], *([label, "乙公司"] for label in labels)])
    assert names(found) == [name]


def test_a_form_without_a_name_is_left_out() -> None:
    found = read_rows([["单位名称", None], *FORM[1:]])
    assert names(found) == []
    assert errors(found) == [("甲表!B1", "reading.required")]
    assert found.left_out == 1


# --- events


def test_events_are_joined_to_their_firms() -> None:
    found = read_rows(TABLE, EVENTS)
    assert found.events["@firm"].to_list() == [0, 1]
    assert event(found)["amount"] == 300 * WAN
    assert event(found, 1)["date"] == dt.date(2022, 3, 1)
    assert event(found, 1)["date@until"] == dt.date(2022, 3, 31)
    assert event(found, 1)["@place"] == "f.xlsx!乙表!A3"


def test_a_title_that_reads_like_a_heading_is_no_heading() -> None:
    found = read_rows(TABLE, [["申报事项"], [], *EVENTS])
    assert found.events.height == 2


def test_events_may_stand_below_the_form_on_one_sheet() -> None:
    found = read_rows([*FORM, [], ["申报事项"], ["事项", "取得日期"], ["重点实验室", "2022-03-01"]])
    assert names(found) == ["甲公司"]
    assert event(found)["kind"] == "laboratory"
    assert said(found) == []


def test_a_list_of_kinds_alone_is_a_table_of_events() -> None:
    found = read_rows(FORM, [["事项"], ["重点实验室"], ["科技企业孵化器"]])
    assert found.events["kind"].to_list() == ["laboratory", "incubator"]


def test_a_section_title_without_a_table_is_no_table_of_events() -> None:
    found = read_rows([*FORM, ["申报事项"], ["见附件", "共三项"]])
    assert found.events.height == 0
    assert errors(found) == []


# --- sheets


def test_sheets_are_recognised_whatever_they_are_called() -> None:
    found = read_sheets(sheet("Sheet7", EVENTS), sheet("Sheet2", TABLE))
    assert names(found) == ["甲公司", "乙公司"]
    assert found.events.height == 2


def test_the_sheet_with_the_templates_name_is_preferred_and_the_other_mentioned() -> None:
    found = read_sheets(sheet("旧", TABLE), sheet("单位信息", FORM))
    assert names(found) == ["甲公司"]
    assert said(found) == [("旧", "reading.sheet_passed_over")]


def test_several_sheets_of_firms_are_read_together() -> None:
    found = read_sheets(sheet("一", FORM), sheet("二", [["单位名称", "丁公司"], ["规模以上", "否"]]))
    assert names(found) == ["甲公司", "丁公司"]


@pytest.mark.parametrize("name", ["填写示例", "填写说明", "Example", "Guide", "填写示例 (2)", "example"])
def test_example_and_explanation_pages_are_never_read(name: str) -> None:
    found = read_sheets(
        sheet("单位信息", FORM), sheet(name, [["单位名称", "示例公司"], ["规模以上", "是"]]), sheet(name, EVENTS)
    )
    assert names(found) == ["甲公司"]
    assert found.events.height == 0
    assert said(found) == []


def test_a_hidden_sheet_with_data_is_skipped_with_a_warning() -> None:
    found = read_sheets(sheet("单位信息", FORM), sheet("藏", TABLE, hidden=True), sheet("藏二", EVENTS, hidden=True))
    assert names(found) == ["甲公司"]
    assert found.events.height == 0
    assert said(found) == [("藏", "reading.sheet_hidden"), ("藏二", "reading.sheet_hidden")]


def test_a_hidden_sheet_of_lists_is_skipped_without_a_word() -> None:
    lists: Rows = [["所在旗区（园区）", "产业领域", "事项"], ["北旗", "煤炭", "重点实验室"]]
    found = read_sheets(
        sheet("单位信息", FORM), sheet("lists", lists, hidden=True), sheet("kinds", [["事项"], ["a"]], hidden=True)
    )
    assert said(found) == []


def test_a_list_of_answers_beside_the_data_is_no_table_of_firms() -> None:
    found = read_sheets(sheet("单位信息", FORM), sheet("选项", [["所在旗区（园区）", "产业领域"], ["北旗", "煤炭"]]))
    assert names(found) == ["甲公司"]
    assert errors(found) == []


# --- cells that cannot be read


@pytest.mark.parametrize("cell", [CellError("#REF!"), CellError("#UNCALCULATED"), "#REF!", "12,34", dt.time(0, 0)])
def test_a_cell_that_cannot_be_read_leaves_its_firm_out(cell: object) -> None:
    found = read_rows([*TABLE, ["丙公司", "是", cell, 5]], [*EVENTS, ["丙公司", "prize", None, 5]])
    assert names(found) == ["甲公司", "乙公司"]
    assert found.events.height == 2
    assert found.left_out == 1
    assert [at for at, _ in errors(found)] == ["甲表!C4"]


def test_an_error_in_the_name_leaves_the_row_out_and_says_it_once() -> None:
    found = read_rows([*TABLE, [CellError("#N/A"), "是", 5, 5]])
    assert names(found) == ["甲公司", "乙公司"]
    assert errors(found) == [("甲表!A4", "cells.failed")]


def test_every_problem_of_a_file_is_reported_in_the_order_of_the_rows() -> None:
    found = read_rows([*TABLE, ["丙公司", "待定", "12,34", -1], [None, "是", "x", 5], ["丁公司", 2, 5, 5]])
    assert errors(found) == [
        ("甲表!B4", "cells.yes_no"),
        ("甲表!C4", "cells.money"),
        ("甲表!D4", "cells.negative"),
        ("甲表!C5", "cells.money"),
        ("甲表!B6", "cells.yes_no"),
        ("甲表!A5", "reading.required"),
    ]
    assert found.left_out == 3


PIECES = st.sampled_from([
    *(None, "", "\n", "单位名称", "营业收入", "营业收入（元）", "规模以上", "研发投入强度"),
    *("事项", "取得日期", "金额", "备注", "序号", "合计", "注：x", "单位：元", "万元"),
    *("甲公司", "乙公司", "是", "待定", "重点实验室", "2022年"),
    *(5, 5.5, 0, True, dt.date(2022, 1, 1), CellError("#REF!")),
])  # fmt: skip


@given(st.lists(st.lists(PIECES, min_size=4, max_size=4), max_size=9), st.booleans())
def test_whatever_a_sheet_holds_it_is_read_or_refused(rows: Rows, hidden: bool) -> None:
    try:
        found = read_sheets(sheet("一", rows, merged=((0, 0, 0, 1),)), sheet("二", rows[::-1], hidden=hidden))
    except Refused:
        return
    assert found.firms["name"].null_count() == 0
    assert found.events["kind"].null_count() == 0
    assert set(found.events["@firm"]) <= set(found.firms["@firm"])
    assert all(problem.where for problem in found.problems)


def test_a_csv_names_cells_without_a_sheet() -> None:
    found = read_sheets(sheet("", [["单位名称", "规模以上"], ["甲公司", "待定"]]), kind="csv")
    assert found.problems[0].where == "f.xlsx!B2"
