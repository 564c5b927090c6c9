"""Sheets as the field has them: each kind of layout gives the right values, or says why it cannot."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from ordos_subsidy.tables.options import Options
from tests.tables import field
from tests.tables.field import FIRM, SECOND, accounts, book, grid, rows, said, sums

if TYPE_CHECKING:
    from pathlib import Path

HEAD = ["企业名称", "营业收入（万元）", "研发投入（万元）"]
ROW = [FIRM, 100000, 4200]
BOTH = {FIRM: (100000, 4200)}

# --- what a cell shows

SHOWN: list[tuple[str, str, Any, float]] = [
    ("营业收入", "¥#,##0.00", 50000000, 5000),
    ("营业收入", '"￥"#,##0', 50000000, 5000),
    ("营业收入", "[$¥-804]#,##0.00", 50000000, 5000),
    ("营业收入", '0!.0,"万元"', 50000000, 5000),
    ("营业收入", '0\\.0,"万"', 50000000, 5000),
    ("营业收入（万元）", "0!.0,", 50000000, 5000),
    ("营业收入", '0.00,,"百万元"', 50000000, 5000),
    ("营业收入", '0.00"万元"', 5000, 5000),
    ("营业收入", '#,##0"千元"', 50000, 5000),
    ("营业收入（元）", "¥#,##0.00", 50000000, 5000),
    ("营业收入", '[>=100000000]0.00,,"百万元";[>=10000]0!.0,"万元";0"元"', 50000000, 5000),
    ("营业收入（万元）", "#,##0.00_);[Red](#,##0.00)", 5000, 5000),
]


@pytest.mark.parametrize(("heading", "code", "held", "wan"), SHOWN)
@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_units_and_scales_of_a_number_format_are_those_of_the_figure(
    tmp_path: Path, kind: str, heading: str, code: str, held: float, wan: float
) -> None:
    write = field.as_xlsx if kind == "xlsx" else field.as_xls
    path = write(tmp_path / f"f.{kind}", [["企业名称", heading], [FIRM, held]], {"B2": code})
    assert sums(field.read_file(path), "revenue") == {FIRM: (wan,)}


@pytest.mark.parametrize(
    ("heading", "code", "held", "problem"),
    [
        ("营业收入（万元）", "¥#,##0.00", 4200, "yuan_sign"),
        ("营业收入（元）", "0!.0,", 50000000, "scaled"),
        ("营业收入", '0,"万元"', 50000000, "money"),
        ("营业收入", "[$$-409]#,##0", 5000, "money"),
        ("研发投入", "0.0%", 0.042, "money"),
    ],
)
@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_a_format_that_contradicts_its_heading_is_refused_with_its_cell(
    tmp_path: Path, kind: str, heading: str, code: str, held: float, problem: str
) -> None:
    write = field.as_xlsx if kind == "xlsx" else field.as_xls
    found = field.read_file(write(tmp_path / f"f.{kind}", [["企业名称", heading], [FIRM, held]], {"B2": code}))
    assert len(found) == 0
    assert [(each.where[-9:], each.code) for each in found.problems if each.severity == "error"] == [
        ("Sheet1!B2", f"cells.{problem}")
    ]


@pytest.mark.parametrize(("shown", "wan"), [("¥50,000,000.00", 5000), ("5000.0万元", 5000), ("50000000", 5000 * 10**4)])
def test_an_ods_cell_counts_as_what_it_shows(tmp_path: Path, shown: str, wan: float) -> None:
    path = field.as_ods(tmp_path / "f.ods", [["企业名称", "营业收入"], [FIRM, 50000000]], {"B2": shown})
    assert sums(field.read_file(path), "revenue") == {FIRM: (wan,)}


EVENTS = ["企业名称", "事项", "取得日期"]


@pytest.mark.parametrize(
    ("code", "last"), [('yyyy"年"m"月"', 30), ("yyyy-mm", 30), ("yyyy-mm-dd", 1), ('[$-804]yyyy"年"m"月"d"日"', 1)]
)
@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_a_date_that_shows_no_day_is_its_month(tmp_path: Path, kind: str, code: str, last: int) -> None:
    """Excel makes the first of June of 2021年6月, and the plan begins on the 19th."""
    cells = [EVENTS, [FIRM, "自治区企业研发中心", dt.date(2021, 6, 1)]]
    write = field.as_xlsx if kind == "xlsx" else field.as_xls
    events = write(tmp_path / f"e.{kind}", cells, {"C2": code})
    firms = field.as_csv(tmp_path / "f.csv", [HEAD, ROW])
    found = field.read_file(firms, events).events.row(0, named=True)
    assert (found["date"], found["date@until"]) == (dt.date(2021, 6, 1), dt.date(2021, 6, last))


@pytest.mark.parametrize(
    ("cell", "code", "year"),
    [(dt.date(2022, 1, 1), "yyyy", 2022), (dt.date(2022, 5, 6), 'yyyy"年"', 2022), (2022, "yyyy-mm-dd", 2022)],
)
def test_a_fiscal_year_in_a_date_cell_is_read_or_named(tmp_path: Path, cell: Any, code: str, year: int) -> None:
    path = field.as_xlsx(tmp_path / "f.xlsx", [["企业名称", "所属年度"], [FIRM, cell]], {"B2": code})
    assert sums(field.read_file(path), "fiscal_year") == {FIRM: (year,)}


def test_hidden_rows_are_read_and_said_once_and_a_hidden_twin_is_not_read(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    cells = [[*HEAD[:2], "研发投入（万元）", "研发投入（万元）"], [FIRM, 100000, 3000, 4200], [SECOND, 100000, 1, 2]]
    path = field.as_xlsx(tmp_path / "f.xlsx", cells, {})
    made: Any = load_workbook(path)
    made.active.row_dimensions[3].hidden = True
    made.active.column_dimensions["C"].hidden = True
    made.save(path)
    found = field.read_file(path)
    assert accounts(found) == {FIRM: (100000, 4200), SECOND: (100000, 2)}
    assert [each for each in said(found) if "hidden" in each] == ["hidden_column", "hidden_rows"]


# --- rows that are no firms


@pytest.mark.parametrize(
    "odd",
    [
        *("一、东胜区", "（一）规上工业企业", "二、康巴什区（1家）", "东胜区", "装备制造"),
        *("全市总计（3家）", "合计：3户", "康巴什区 小 计", "总　　数", "3家企业合计", "以上共计"),
        *("第1页 共3页", "数据来源：市统计局", "单位（盖章）：", "2.本表一式三份", "（此页无正文）", "2023年3月1日"),
        *(
            "填表人：张某某        填表日期：2023年3月1日",
            "*号为必填项",
            "说明 本表由企业填报",
            "审核：孙某 复核：周某",
        ),
    ],
)
def test_titles_totals_and_footers_are_no_firms(odd: str) -> None:
    found = rows([HEAD, [odd], ROW, [odd], [SECOND, 100000, 4200], [odd]])
    assert accounts(found) == {FIRM: (100000, 4200), SECOND: (100000, 4200)}
    assert len(said(found)) >= 1


@pytest.mark.parametrize("total", ["全市总计（3家）", "合计：3户", "东胜区", "一、东胜区"])
def test_a_total_with_its_figures_is_no_firm(total: str) -> None:
    assert accounts(rows([HEAD, ROW, [total, 300000, 12600]])) == BOTH


@pytest.mark.parametrize(
    "name", ["某某煤矿", "虚构（鄂尔多斯）合作社", "内蒙古某某研究院（筹）", "1.虚构甲材料有限公司"]
)
def test_a_name_alone_that_is_an_organisation_is_a_firm(name: str) -> None:
    assert name in accounts(rows([HEAD, ROW, [name]]))


def test_a_closing_line_ends_the_table_and_what_stands_below_is_counted() -> None:
    found = rows([HEAD, ROW, ["以下空白"], [SECOND, 1, 1]])
    assert accounts(found) == BOTH
    assert "below_closing" in said(found)


def test_a_closing_line_ends_a_table_of_events() -> None:
    found = book(grid([HEAD, ROW], "甲"), grid([EVENTS[1:], ["自治区企业研发中心", "2022-03"], ["以下空白"]], "乙"))
    assert (found.events.height, found.left_out) == (1, 0)


@pytest.mark.parametrize(
    "numbers", [["甲", 1, 2], ["A", "B", "C"], ["甲", "乙", "丙"], ["(1)", "(2)", "(3)"], ["栏次", 1, 2]]
)
def test_the_row_that_numbers_the_columns_is_no_firm(numbers: list[Any]) -> None:
    found = rows([HEAD, numbers, ROW])
    assert accounts(found) == BOTH
    assert said(found)[0] == "numbering_row"


@pytest.mark.parametrize("headings", [["序号", "企业名称", "证书编号"], ["企业名称", "证书编号", "发证日期"]])
def test_headings_without_rows_are_no_firm(headings: list[str]) -> None:
    from ordos_subsidy.errors import Refused

    with pytest.raises(Refused):
        rows([headings])


# --- headings


@pytest.mark.parametrize(
    "bracket",
    [
        *("同比增长", "增速%", "1-3月", "一季度", "月均", "上年同期", "预计", "累计", "其他", "主营", "上半年", "占比"),
        *("环比", "截至2022年底", "境外", "人均"),
    ],
)
def test_a_bracket_that_makes_another_figure_is_not_read_and_said(bracket: str) -> None:
    found = rows([["企业名称", f"营业收入（{bracket}）", "研发投入（万元）"], ROW])
    assert accounts(found) == {FIRM: (None, 4200)}
    assert {"changed_heading", "unread_heading"} & set(said(found))


@pytest.mark.parametrize(
    "bracket", ["必填", "不含税", "1-12月", "本年累计", "保留两位小数", "审计数", "全年", "含资本化部分", "合并口径"]
)
def test_a_bracket_that_changes_nothing_is_a_note(bracket: str) -> None:
    assert accounts(rows([["企业名称", f"营业收入（万元）（{bracket}）", "研发投入（万元）"], ROW])) == BOTH


@pytest.mark.parametrize(
    "heading", ["营业收入\u200b（万元）", "*营业\u00a0收入（万元）", "\ufeff营业收入（万元）", "营业收入（万元）★"]
)
def test_signs_that_nobody_sees_do_not_hide_a_heading(heading: str) -> None:
    assert accounts(rows([["企业名称", heading, HEAD[2]], ROW])) == BOTH


@pytest.mark.parametrize(
    ("heading", "instead"),
    [
        ("研发费用", "研发经费"),
        ("主营业务收入", "营业收入"),
        ("国有企业", "市属国有企业"),
        ("规模以上工业企业", "规模以上"),
        ("申报年度", "年度"),
    ],
)
def test_what_is_kept_apart_is_named_with_its_reason_and_nobody_is_told_to_rename_it(
    heading: str, instead: str
) -> None:
    from ordos_subsidy.messages import say

    (problem,) = rows([["企业名称", heading], [FIRM, 1]]).problems
    words = say(problem, "zh")
    assert problem.code == "fields.unread_heading"
    assert f"是不是“{instead}”" not in words.what + words.remedy


# --- units

UNIT_ROWS = [["—", "千元", "千元"], ["/", "千元", "千元"], ["文本", "千元", "千元"], [None, "千元", "（千元）"]]


@pytest.mark.parametrize("units", UNIT_ROWS)
def test_a_row_of_units_counts_though_other_columns_hold_something(units: list[Any]) -> None:
    assert accounts(rows([["企业名称", "营业收入", "研发投入"], units, [FIRM, 1000000, 42000]])) == BOTH


@pytest.mark.parametrize(
    "note",
    [
        "单位 千元",
        "计量单位：千元",
        "计量单位 千元",
        "金额单位：人民币千元",
        "单位（千元）",
        "表号：107-1表  计量单位：千元",
    ],
)
@pytest.mark.parametrize("below", [False, True])
def test_a_note_of_the_unit_counts_above_and_below_the_table(note: str, below: bool) -> None:
    table = [["企业名称", "营业收入", "研发投入"], [FIRM, 1000000, 42000]]
    assert accounts(rows([*table, [note]] if below else [[note], *table])) == BOTH


# --- tables within a sheet


def test_a_second_table_is_read_with_its_own_headings_and_units() -> None:
    second = [["附表二 康巴什区"], ["企业名称", "研发投入（元）", "营业收入（元）"], [SECOND, 42000000, 1000000000]]
    assert accounts(rows([HEAD, ROW, [], *second])) == {FIRM: (100000, 4200), SECOND: (100000, 4200)}


def test_the_unit_above_a_second_table_is_that_of_the_second_alone() -> None:
    bare = ["企业名称", "营业收入", "研发投入"]
    second = [["附表二"], ["单位：元"], bare, [SECOND, 1000000000, 42000000]]
    assert accounts(rows([["单位：万元"], bare, ROW, *second])) == {FIRM: (100000, 4200), SECOND: (100000, 4200)}


def test_a_row_above_a_second_table_that_is_a_firm_stays_one() -> None:
    found = rows([HEAD[:2], [FIRM, 1], ["某某煤矿", 2], [SECOND], ["企业名称", "研发投入（万元）"], ["丙公司", 5]])
    assert set(accounts(found)) == {FIRM, "某某煤矿", SECOND, "丙公司"}


def test_headings_repeated_on_a_new_page_begin_no_table() -> None:
    found = rows([HEAD, ROW, HEAD, [SECOND, 1, 1]])
    assert accounts(found) == {FIRM: (100000, 4200), SECOND: (1, 1)}
    assert said(found) == []


def test_a_list_in_two_halves_is_one_list() -> None:
    found = rows([["序号", *HEAD, "序号", *HEAD], [1, *ROW, 2, SECOND, 5, 6]])
    assert accounts(found) == {FIRM: (100000, 4200), SECOND: (5, 6)}


def test_a_sheet_that_goes_on_without_headings_is_said() -> None:
    found = book(grid([HEAD, ROW], "甲"), grid([[SECOND, 5, 6], ["虚构丙有限公司", 5, 6]], "乙"))
    assert accounts(found) == BOTH
    assert said(found)[0] == "sheet_without_headings"


# --- forms

FORMS: list[list[list[Any]]] = [
    [
        ["单位名称", FIRM, None, "单位：元"],
        ["项目", "行次", "本期金额", "上期金额"],
        ["一、营业收入", 1, 10**9, 9 * 10**8],
        ["研发投入", 2, 42 * 10**6, 30 * 10**6],
    ],
    [
        ["单位名称", FIRM],
        ["指标名称", "计量单位", "代码", "本年"],
        ["甲", "乙", "丙", 1],
        ["营业收入", "千元", 301, 10**6],
        ["研发投入", "千元", 302, 42000],
        ["所属年度", "年", 303, 2022],
    ],
    [
        ["单位名称", None, None, FIRM],
        ["指标名称", "代码", "计量单位", "数量"],
        ["营业收入", "01", "千元", 10**6],
        ["研发投入", "02", "千元", 42000],
    ],
    [
        ["单位名称", FIRM],
        ["项目", "2021年", "2022年"],
        ["所属年度", None, 2022],
        ["营业收入（万元）", 90000, 100000],
        ["研发投入（万元）", 3000, 4200],
    ],
    [
        ["单位名称", FIRM],
        ["项目", "本月数", "本年累计金额"],
        ["营业收入（万元）", 9000, 100000],
        ["研发投入（万元）", 300, 4200],
    ],
    [
        ["企业名称", FIRM, "所属年度", 2022],
        ["营业收入（万元）", 100000, "研发投入（万元）", 4200],
    ],
]


@pytest.mark.parametrize("form", FORMS)
def test_the_value_of_a_form_is_that_of_the_right_column(form: list[list[Any]]) -> None:
    assert accounts(rows(form)) == BOTH


def test_two_columns_that_could_be_meant_are_refused_and_named() -> None:
    found = rows([["单位名称", FIRM], ["项目", "数量", "金额"], ["营业收入（万元）", 1, 2], ["研发投入（万元）", 3, 4]])
    assert len(found) == 0
    assert "two_values" in said(found)
    assert dict(found.problems[0].params)["places"] == "f.xlsx!Sheet1!B3、f.xlsx!Sheet1!C3"


@pytest.mark.parametrize("answer", ["规上", "规上企业"])
def test_an_answer_that_reads_like_a_heading_is_an_answer(answer: str) -> None:
    form = [
        ["单位名称", FIRM],
        ["规模以上", answer],
        ["营业收入（万元）", 100000],
        ["研发投入（万元）", 4200],
        ["单位类型", "企业"],
    ]
    assert sums(rows(form), "above_scale", "revenue") == {FIRM: (True, 100000)}


@pytest.mark.parametrize(
    ("cell", "answer"), [("☑是 □否", True), ("□是 ☑否", False), ("是（2020年取得）", True), ("正在申报", False)]
)
def test_words_beside_an_answer_do_not_cost_the_firm(cell: str, answer: bool) -> None:
    assert sums(rows([["企业名称", "高新技术企业"], [FIRM, cell]]), "high_tech") == {FIRM: (answer,)}


@pytest.mark.parametrize(
    "cell",
    ["否决", "□是□否", "是/否", "是（已过期）", "是（2018年取得，2021年到期）", "是？", "待定", "GR202215000123"],
)
def test_an_answer_that_could_be_either_is_refused(cell: str) -> None:
    assert rows([["企业名称", "高新技术企业"], [FIRM, cell]]).left_out == 1


def test_a_bad_value_of_a_fact_that_decides_no_sum_is_unknown_with_a_warning() -> None:
    found = rows([["企业名称", "产业领域", "创业投资企业"], [FIRM, "煤化工", "待定"]])
    assert (len(found), found.left_out) == (1, 0)
    assert [each.severity for each in found.problems] == ["warning", "warning"]


# --- names and lists


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("鄂尔多斯市东胜区", "dongsheng"),
        ("内蒙古自治区鄂尔多斯市伊金霍洛旗", "ejin-horo"),
        ("东胜区罕台镇", "dongsheng"),
        ("东胜区（装备制造基地）", "dongsheng"),
        ("鄂尔多斯市高新区", "hi-tech-zone"),
        ("鄂托克前旗敖勒召其镇", "otog-front"),
        ("呼和浩特市", "outside"),
        ("包头市昆都仑区", "outside"),
        ("陕西省榆林市", "outside"),
        ("鄂尔多斯市", "local"),
    ],
)
def test_a_district_is_known_as_registers_write_it(text: str, key: str) -> None:
    assert sums(rows([["企业名称", "所在旗区"], [FIRM, text]]), "district") == {FIRM: (key,)}


def test_two_districts_in_one_cell_are_refused() -> None:
    assert rows([["企业名称", "所在旗区"], [FIRM, "东胜区、康巴什区"]]).left_out == 1


@pytest.mark.parametrize(
    ("text", "kind", "level"),
    [
        ("内蒙古自治区企业技术中心", "regional-technology-center", None),
        ("自治区级众创空间", "maker-space", "regional"),
        ("内蒙古自治区科技企业孵化器", "incubator", "regional"),
        ("国家级科技企业孵化器", "incubator", "national"),
        ("高企再次认定", "high-tech-recertified", None),
    ],
)
def test_an_event_is_known_as_certificates_write_it(text: str, kind: str, level: str | None) -> None:
    (event,) = book(grid([HEAD, ROW], "甲"), grid([EVENTS[1:], [text, "2022-03-01"]], "乙")).events.to_dicts()
    assert (event["kind"], event["level"]) == (kind, level)


@pytest.mark.parametrize(
    "text", ["自治区专精特新中小企业", "国家级专精特新小巨人企业", "自治区级企业家", "科技型中小企业"]
)
def test_no_hint_crosses_levels(text: str) -> None:
    found = book(grid([HEAD, ROW], "甲"), grid([EVENTS[1:], [text, "2022-03-01"]], "乙"))
    near = [dict(each.params).get("near", "") for each in found.problems]
    assert not any(str(each).startswith(("市级", "国家")) for each in near)


@pytest.mark.parametrize("code", ["150602700000123", "70000012-3"])
def test_an_old_code_warns_and_does_not_block(code: str) -> None:
    found = rows([["企业名称", "纳税人识别号"], [FIRM, code]])
    assert (len(found), said(found)) == (1, ["code_old"])


@pytest.mark.parametrize("text", ["高新技术企业", "科技型中小企业", "自治区专精特新中小企业", "自治区工程技术研究中心"])
def test_an_event_that_gives_nothing_is_passed_over_and_costs_nobody(text: str) -> None:
    found = book(grid([HEAD, ROW], "甲"), grid([EVENTS[1:], [text, "2022-03-01"]], "乙"))
    assert (len(found), found.events.height, found.left_out) == (1, 0, 0)
    assert "kind_passed" in said(found)


@pytest.mark.parametrize("text", ["专精特新", "国家级小巨人企业", "自治区科学技术进步奖二等奖"])
def test_an_event_that_could_be_one_of_ours_is_refused_with_the_reason(text: str) -> None:
    found = book(grid([HEAD, ROW], "甲"), grid([EVENTS[1:], [text, "2022-03-01"]], "乙"))
    assert (len(found), found.left_out) == (0, 1)
    assert "kind_apart" in said(found)


# --- CSV


def test_short_title_lines_and_guarded_codes_of_a_csv_are_read(tmp_path: Path) -> None:
    code = "91150600MA00056GXH"
    cells = [["2022年企业情况表"], ["单位：千元"], ["企业名称", "信用代码", "营业收入"], [FIRM, f'="{code}"', 10**6]]
    found = field.read_file(field.as_csv(tmp_path / "f.csv", cells))
    assert sums(found, "credit_code", "revenue") == {FIRM: (code, 100000)}


# --- years and recognitions

YEARS = [
    "企业名称",
    "2021年营业收入（万元）",
    "2022年营业收入（万元）",
    "2021年研发投入（万元）",
    "2022年研发投入（万元）",
]


@pytest.mark.parametrize(
    ("options", "year", "figures"),
    [
        (Options(), 2022, (100000, 4200)),
        (Options(year=2021), 2021, (90000, 3000)),
        (Options(year=1999), 2022, (100000, 4200)),
        (Options(fill={"fiscal_year": 2021}), 2021, (90000, 3000)),
        (Options(fill={"fiscal_year": 2020}), 2020, (None, None)),
    ],
)
def test_a_year_in_a_heading_is_the_year_of_the_figure(options: Options, year: int, figures: tuple[Any, ...]) -> None:
    found = rows([YEARS, [FIRM, 90000, 100000, 3000, 4200]], options)
    assert sums(found, "fiscal_year", "revenue", "rd_expense") == {FIRM: (year, *figures)}
    assert "other_year" in said(found)


def test_each_row_takes_the_figures_of_its_own_year() -> None:
    cells = [[*YEARS, "所属年度"], [FIRM, 9, 10, 3, 4, 2021], [SECOND, 19, 20, 13, 14, 2022]]
    assert accounts(rows(cells)) == {FIRM: (9, 3), SECOND: (20, 14)}


def test_a_year_in_a_bracket_that_is_not_the_fiscal_year_leaves_the_fact_unknown_and_is_said() -> None:
    found = rows([["企业名称", "所属年度", "营业收入（万元）（2021年）"], [FIRM, 2022, 100000]])
    assert sums(found, "revenue") == {FIRM: (None,)}
    assert "other_year" in said(found)


def test_a_date_below_a_recognition_is_an_event_and_any_other_mark_is_said() -> None:
    found = rows(
        [
            ["企业名称", "自治区企业研发中心", "高企再认定时间", "自治区级众创空间认定时间"],
            [FIRM, "√", "2022-05-01", None],
            [SECOND, "2022年3月", "否", "2022-06"],
        ]
    )
    events = found.events.select("@firm", "kind", "level").rows()
    assert sorted(events, key=str) == sorted(
        [(1, "regional-enterprise-center", None), (0, "high-tech-recertified", None), (1, "maker-space", "regional")],
        key=str,
    )
    assert said(found).count("recognition_seen") == 1
    assert dict(next(each for each in found.problems if each.code.endswith("seen")).params)["count"] == 1


# --- doubts


@pytest.mark.parametrize(
    ("revenue", "research", "doubted", "read"),
    [
        (30000000, 500000, {"revenue"}, "营业收入3000亿元，研发投入50亿元"),
        (125000, 42000000, {"rd_expense"}, "营业收入12.5亿元，研发投入4200亿元"),
        (1000, 1000.01, {"rd_expense"}, "营业收入1000万元，研发投入1000.01万元"),
        (None, 2000000, {"rd_expense"}, "研发投入200亿元"),
    ],
)
def test_figures_hardly_meant_are_used_read_back_and_marked(
    revenue: float | None, research: float, doubted: set[str], read: str
) -> None:
    """元 typed for 万元 is the commonest mistake."""
    found = rows([HEAD, [SECOND, 100000, 4200], [FIRM, revenue, research]])
    assert accounts(found)[FIRM] == (revenue, research)
    (problem,) = [each for each in found.problems if each.code == "fields.doubtful"]
    assert (problem.severity, dict(problem.params)["read"]) == ("warning", read)
    assert problem.where.startswith("f.xlsx!Sheet1!")
    assert found.doubts.rows() == [(1, each, None) for each in sorted(doubted)]


@pytest.mark.parametrize(("revenue", "research"), [(10_000_000, 4200), (1000, 1000), (0, 0), (None, None)])
def test_figures_on_the_bound_and_unknown_ones_are_not_doubted(revenue: float | None, research: float | None) -> None:
    found = rows([HEAD, [FIRM, revenue, research]])
    assert (found.doubts.height, said(found)) == (0, [])


def test_the_sum_of_an_event_is_doubted_by_its_kind() -> None:
    """Only the sums in doubt are read back, not others of their kind."""
    kind = "自治区科学技术奖（第一完成单位）"
    events = [["企业名称", "事项", "金额（万元）"], [FIRM, kind, 200000], [FIRM, kind, 30]]
    found = book(grid([HEAD, ROW], "甲"), grid(events, "乙"))
    assert found.doubts.rows() == [(0, "amount", "regional-science-award")]
    read = str(next(each for each in found.problems if each.code == "fields.doubtful").params)
    assert "20亿元" in read
    assert "30万元" not in read


def test_doubts_go_with_their_firms() -> None:
    found = rows([HEAD, ROW, [SECOND, 30000000, 4200]])
    assert found.alone(1).doubts.rows() == [(0, "revenue", None)]
    assert [part.doubts.rows() for part in found.parts(1)] == [[], [(0, "revenue", None)]]
