"""CSV: one row a claim, exact numbers, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv as plain_csv
from decimal import Decimal
from io import StringIO

import pytest

from ordos_subsidy.render import csv
from ordos_subsidy.views.result import Result
from tests.render.results import FIRM, nasty, result
from tests.render.samples import NASTY


def read(of: Result) -> list[dict[str, str]]:
    text = csv.render(of).decode()
    assert text.startswith("\ufeff")
    return list(plain_csv.DictReader(StringIO(text.removeprefix("\ufeff")), strict=True))


def test_every_award_and_credit_of_every_firm_is_a_row() -> None:
    rows = read(result(FIRM, nasty("二号")))
    assert {each["结论"] for each in rows} == {"符合", "待核实"}
    assert {each["类别"] for each in rows} == {"奖补", "考核加回"}
    assert [each["单位名称"] for each in rows] == ["甲公司"] * 5 + ["二号"] * 3


def test_sums_are_plain_exact_decimals_and_an_open_end_says_so() -> None:
    rows = {each["措施编号"]: each for each in read(result())}
    assert rows["8.national-program"]["事项金额（万元）"] == "3149.000001"
    assert (rows["6.rd-investment"]["至少（万元）"], rows["6.rd-investment"]["至多（万元）"]) == ("0", "1000")
    lab = rows["11.research-platform"]
    assert (lab["至少（万元）"], lab["至多（万元）"], lab["无上限"]) == ("1000", "", "是")
    assert lab["年度"] == "2022-2026"
    assert rows["6.rd-investment"]["无上限"] == ""
    for row in rows.values():
        Decimal(row["至少（万元）"])


@pytest.mark.parametrize("name", [*NASTY, "\t=1+1", "\r\n@x", "＝1+1", " -2"])
def test_no_text_begins_like_a_formula_and_no_row_breaks(name: str) -> None:
    rows = read(result(nasty(name)))
    for value in (value for row in rows for value in row.values()):
        assert not value.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    assert csv.render(result(nasty(name))).count(b"\n") == len(rows) + 1


def test_a_name_behind_the_quote_is_the_name_as_typed() -> None:
    assert {row["单位名称"] for row in read(result(nasty("=1+1")))} == {"'=1+1"}


def test_headings_are_in_the_language_of_the_report() -> None:
    zh, en = (csv.render(result(lang=lang)).decode().splitlines()[0] for lang in ("zh", "en"))
    assert zh.startswith("\ufeff单位名称,统一社会信用代码,类别,")
    assert en.startswith("\ufeffFirm,")
    assert en.removeprefix("\ufeff").isascii()
