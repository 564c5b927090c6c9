"""The first screen: the answer on 24 lines of 80 columns, and what is not on it is counted."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from ordos_subsidy.api import evaluate
from ordos_subsidy.document import Report
from ordos_subsidy.messages import Lang
from ordos_subsidy.pages import first_screen
from ordos_subsidy.policy import load_policies
from ordos_subsidy.render import terminal
from ordos_subsidy.report.answer import calc
from ordos_subsidy.tables import read, read_mapping

from .samples import FIRM, RD, REPORT, WAN, replace

EXAMPLES = Path(__file__).parents[2] / "examples"
DAY = dt.date(2026, 11, 23)
BELOW = {"name": "虚构门槛厂", "above_scale": True, "organisation": "company", "fiscal_year": 2022}


def screen(report: Report, width: int = 80, file: str = "firm.xlsx") -> str:
    return terminal.paint(first_screen.page(report, file), width=width)


def report(firms: list[dict[str, Any]], lang: Lang = "zh", year: int | None = None) -> Report:
    policies = load_policies()
    return calc(evaluate(policies, read_mapping({"firm": firms}, policies.vocabulary, "firm.toml"), DAY), lang=lang)


def example(name: str, lang: Lang = "zh") -> Report:
    policies = load_policies()
    with contextlib.chdir(EXAMPLES):
        return calc(evaluate(policies, read([name], [], policies.vocabulary), DAY), lang=lang)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5])
@pytest.mark.parametrize("name", ["erdos-resources.xlsx", "shanghaimiao-mining.toml", "shuangxin-materials.xlsx"])
def test_a_firm_of_up_to_five_awards_fits_24_lines_of_80_columns(name: str, count: int) -> None:
    whole = example(name)
    (firm,) = whole.firms
    awards = tuple(each for each in firm.awards if each.verdict != "no") * 5
    lines = screen(replace(whole, firms=(replace(firm, awards=awards[:count]),)), file=name).splitlines()
    assert len(lines) <= 24
    assert all(cell_len(line) <= 80 for line in lines)


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_long_table_has_one_line_an_award(width: int, lang: Lang) -> None:
    whole = example("invented-institute.toml", lang)
    (firm,) = whole.firms
    shown = [each for each in firm.awards if each.verdict != "no"]
    lines = screen(whole, width).splitlines()
    rows = [line for line in lines if line.startswith("│ （")]
    assert len(rows) == len(shown) > 15
    assert [row.split("│")[1].strip() for row in rows] == [each.reference for each in shown]


def test_least_and_most_are_columns_and_a_total_row_ends_the_table() -> None:
    text = screen(example("shuangxin-materials.xlsx"), 120)
    heads = next(line for line in text.splitlines() if "结论" in line)
    assert re.search(r"至少 │ +至多 │", heads)
    total = next(line for line in text.splitlines() if "合计" in line)
    assert "单位：万元" in total


@pytest.mark.parametrize(("rd", "near"), [(29_000_000, True), (29_999_999.99, True), (30_000_000, False), (0, False)])
def test_a_firm_just_below_a_line_sees_what_is_lacking(rd: float, near: bool) -> None:
    text = screen(report([{**BELOW, "revenue": 1_000_000_000, "rd_expense": rd}]))
    assert ("差一点" in text) is near
    if near:
        assert ("还差100万元" if rd == 29_000_000 else "还差0.01元") in text


def test_facts_that_move_most_come_first_with_what_they_move_and_where_to_fill_them_in() -> None:
    text = screen(REPORT).replace("\n", "")
    assert "先查清" in text
    assert "最多200万元" in text
    assert "申报事项!A7" in text


def test_what_is_not_shown_is_counted_with_the_option_that_shows_it() -> None:
    text = screen(REPORT)
    assert "不符合1项" in text
    assert "--all" in text
    assert "国家高新技术企业再次获批" not in text


def test_sums_have_separators_and_two_decimals_and_never_six() -> None:
    line = replace(RD, low=3887_4500_01, high=12_345_6700_00)
    totals = replace(FIRM.totals, assured=3887_4500_01, ceiling=15_300 * WAN)
    text = screen(replace(REPORT, firms=(replace(FIRM, awards=(line,), totals=totals),)), 120)
    assert "3,887.45万元" in text
    assert "1.53亿元" in text
    assert "450001" not in text


def test_several_firms_begin_with_one_line_each_and_a_total() -> None:
    whole = example("invented-park.xlsx")
    text = screen(whole, 120)
    assert all(firm.name[:10] in text for firm in whole.firms)
    assert len(text.splitlines()) < len(whole.firms) + 15
    assert "合计（万元）" in text
    assert "--all" in text


def test_each_of_a_few_firms_has_its_table_under_the_overview() -> None:
    text = screen(replace(REPORT, firms=(FIRM, replace(FIRM, name="第二家"))), 100)
    assert text.count("奖补措施") == 2
    assert text.index("合计（万元）") < text.index("奖补措施")


def test_a_firm_without_awards_is_told_so_and_none_is_promised() -> None:
    text = screen(report([{"name": "虚构小店"}]))
    assert "没有符合" in text or "待核实" in text
    assert "✓ 符合" not in text


def test_a_firm_without_awards_sees_what_failed() -> None:
    text = screen(report([{**BELOW, "district": "市外", "revenue": 10**9, "rd_expense": 10**8}]), 120)
    assert re.search(r"不符合 +（六）规模以上企业研发投入奖补：所在旗区（园区）不是市外", text)


def test_a_total_with_an_award_without_end_has_no_end() -> None:
    """Otherwise the least would be above the most."""
    text = screen(example("invented-institute.toml"), 120)
    total = next(line for line in text.splitlines() if "合计" in line)
    assert "不限" in total
    assert "只计有上限的项" in text


def test_what_is_missing_is_said_for_how_many_firms_and_how_much_money() -> None:
    firms = [{"name": f"虚构第{n}厂", "revenue": 10**9, "rd_expense": 4 * 10**7, "above_scale": True} for n in range(7)]
    text = screen(report(firms), 100)
    assert "所属年度 · 7家 · 最多" in text


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_whom_to_ask_first_is_said_at_every_width(width: int, lang: Lang) -> None:
    for name in ("erdos-resources.xlsx", "invented-institute.toml"):
        whole = example(name, lang)
        text = "".join(screen(whole, width, name).split())
        shown = [each for firm in whole.firms for each in firm.awards if each.verdict != "no"]
        first = {"".join(each.departments_short[0].split()) for each in shown}
        assert {each for each in first if each not in text} == set()
