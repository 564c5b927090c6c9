"""What headings are understood to mean."""

from __future__ import annotations

import pytest

from ordos_subsidy.tables.headings import STRANGE, Headings, sheet_unit, unit_in
from tests.vocabulary import SMALL


def found(text: str) -> tuple[str, str | None] | None:
    heading = Headings(SMALL).find("firm", text)
    return (heading.fact.key, heading.unit) if heading else None


@pytest.mark.parametrize(
    "text",
    [
        "营业收入（万元）",
        "营业收入(万元)",
        "营业收入[万元]",
        "营业收入【万元】",
        "营业收入〔万元〕",
        "营业收入/万元",
        "营业收入 万元",
        "营业收入万元",
        "营业收入\n（万元）",
        "营业收入（万元）*",
        "* 营业收入（万元）：",
        "营业收入 （ 万元 ）",
        "营业收入（单位：万元）",
        "营业收入（2022年，万元）",
        "营业收入（不含税）（万元）",
        "营业收入（万元）（不含税）",
        "营业收入（人民币万元）",
        "营业收入（RMB，万元）",
        "营业收入（万元/年）",
        "revenue(万元)",
        "REVENUE（万）",
        "Revenue (10,000 yuan)",
        "3.营业收入（万元）",
        "（三）营业收入（万元）",
        "二、营业收入（万元）",
    ],
)
def test_a_unit_is_found_in_a_heading_however_it_is_attached(text: str) -> None:
    assert found(text) in {("revenue", "万元"), ("revenue", "万")}


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("营业收入（元）", "元"),
        ("营业收入(亿元)", "亿元"),
        ("revenue(yuan)", "yuan"),
        ("营业收入（千元）", "千元"),
        ("营业收入，百万元", "百万元"),
    ],
)
def test_all_units_are_known(text: str, unit: str) -> None:
    assert found(text) == ("revenue", unit)


@pytest.mark.parametrize(
    "text", ["营业收入", "营业收入（不含税）", "营业收入：", "营业收入*", "“营业收入”", "营业收入（2022年）"]
)
def test_a_bracket_without_a_unit_is_a_note(text: str) -> None:
    assert found(text) == ("revenue", None)


@pytest.mark.parametrize(
    "text",
    [
        "营业收入（万美元）",
        "营业收入（USD）",
        "营业收入($)",
        "营业收入（元/万元）",
        "营业收入（%）",
        "营业收入（欧元）",
    ],
)
def test_money_of_another_kind_is_no_note(text: str) -> None:
    assert found(text) == ("revenue", STRANGE)


def test_percent_is_a_unit_of_percentages_only() -> None:
    assert found("增长率（%）") == ("growth", "%")
    assert found("增长率(％)") == ("growth", "%")
    assert found("职工人数（%）") == ("staff", None)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("单位名称", "name"),
        ("单位 名称 *", "name"),
        ("单位名称（全称）", "name"),
        ("name", "name"),
        ("Name of the Firm", "name"),
        ("企业名称", "name"),
        ("ｎａｍｅ", "name"),
        ("所在旗区（园区）", "place"),
        ("所在旗区(园区)*", "place"),
        ("规模以上（是/否）", "big"),
        ("1. 统一社会信用代码：", "code"),
    ],
)
def test_a_heading_is_known_by_any_name_of_its_fact(text: str, key: str) -> None:
    assert found(text) == (key, None)


@pytest.mark.parametrize(
    "text", ["", "联系人", "营业", "营业收入合计（万元）说明", "元", "万元", "（万元）", "x" * 200]
)
def test_other_texts_are_no_headings(text: str) -> None:
    assert found(text) is None


def test_figures_are_no_headings() -> None:
    assert Headings(SMALL).find("firm", 5) is None


def test_a_derived_fact_is_no_heading_to_fill_in() -> None:
    assert found("研发投入强度") is None


@pytest.mark.parametrize(("text", "near"), [("营业收人（万元）", "营业收入"), ("revenu", "revenue"), ("qqqq", "")])
def test_a_misspelt_heading_is_near_the_one_that_was_meant(text: str, near: str) -> None:
    assert Headings(SMALL).near("firm", text) == near


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("单位：元", "元"),
        ("金额单位：万元", "万元"),
        ("（单位：万元）", "万元"),
        ("2022年申报表（元）", "元"),
        ("金额单位为元", "元"),
        ("单位:人民币万元", "万元"),
        ("Unit: yuan", "yuan"),
        ("单位：元宝山煤业有限公司", None),
        ("填报单位：万元户公司", None),
        ("单位名称", None),
        ("说明（必填）", None),
        ("单位：元/万元", None),
    ],
)
def test_notes_set_a_unit_only_where_they_name_one(text: str, unit: str | None) -> None:
    assert sheet_unit(text) == unit


def test_a_bracket_with_two_units_is_unclear() -> None:
    assert unit_in("元或万元") == STRANGE
    assert unit_in("万元、元") == STRANGE
