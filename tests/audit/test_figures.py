"""Figures of Chinese and English texts, of every sort and spelling, with exact values."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordos_subsidy.audit.clauses import fold
from ordos_subsidy.audit.text_figures import documents, english_figures, figures, words

WAN = 10_000 * 100

CHINESE = [
    # sums
    ("1000万元", "sum", 1000 * WAN, ""),
    ("１，０００万元", "sum", 1000 * WAN, ""),
    ("1.5亿元", "sum", 15000 * WAN, ""),
    ("3千万元", "sum", 3000 * WAN, ""),
    ("三千五百万元", "sum", 3500 * WAN, ""),
    ("两亿元", "sum", 20000 * WAN, ""),
    ("十五万元", "sum", 15 * WAN, ""),
    ("1亿5000万元", "sum", 15000 * WAN, ""),
    ("500 元", "sum", 500 * 100, ""),
    ("最高1000万元", "sum", 1000 * WAN, "up_to"),
    ("最高给予50万元", "sum", 50 * WAN, "up_to"),
    ("不超过50万元", "sum", 50 * WAN, "up_to"),
    ("不低于30亿元", "sum", 300000 * WAN, "at_least"),
    ("5000万元以上", "sum", 5000 * WAN, "at_least"),
    ("超过5000万元", "sum", 5000 * WAN, "more_than"),
    ("50万元以下", "sum", 50 * WAN, "at_most"),
    # shares
    ("10%", "share", Fraction(1, 10), ""),
    ("３．５％", "share", Fraction(35, 1000), ""),
    ("百分之三", "share", Fraction(3, 100), ""),
    ("三分之二以上", "share", Fraction(2, 3), "at_least"),
    ("千分之五", "share", Fraction(5, 1000), ""),
    ("1：1", "share", Fraction(1), ""),
    ("等额", "share", Fraction(1), ""),
    # years, dates, plans
    ("连续5年", "years", 5, "in_a_row"),
    ("最多5年", "years", 5, "up_to"),
    ("三年", "years", 3, ""),
    ("两个年度", "years", 2, ""),
    ("2021年", "date", (2021, None, None), ""),
    ("2021年度", "date", (2021, None, None), ""),
    ("2021年5月18日", "date", (2021, 5, 18), ""),
    ("二〇二一年五月十八日", "date", (2021, 5, 18), ""),
    ("“十四五”", "plan", 14, ""),
    ("十五五期间", "plan", 15, ""),
    # multiples, counts, codes
    ("翻倍", "multiple", 2, ""),
    ("三倍", "multiple", 3, ""),
    ("四个重点产业", "count", 4, ""),
    ("30日后", "count", 30, ""),
    ("“4+8+N”", "code", "4+8+N", ""),
]


@pytest.mark.parametrize(("written", "kind", "value", "degree"), CHINESE)
def test_chinese_figure_is_read_exactly(written: str, kind: str, value: object, degree: str) -> None:
    (found,) = figures(fold(written))
    assert (found.kind, found.value, found.degree) == (kind, value, degree)


@pytest.mark.parametrize(
    "written",
    [
        "一批",
        "统一",
        "上一年度",
        "第一",
        "第六条",
        "千方百计",
        "十分重要",
        "第三方",
        "二字",
        "一、总则",
        "GB 32100",
        "港政发〔2030〕7号",
    ],
)
def test_numeral_that_is_part_of_a_word_is_no_figure(written: str) -> None:
    assert figures(fold(written)) == ()


@pytest.mark.parametrize(
    ("written", "values", "degrees"),
    [
        ("分别给予300万元和30万元", [300, 30], ["", ""]),
        ("最高分别为100万元、50万元", [100, 50], ["up_to", "up_to"]),
        ("10至20万元", [10, 20], ["", ""]),
        ("给予10、20和30万元", [10, 20, 30], ["", "", ""]),
        ("最多5年、最高2亿元", [Fraction(5, WAN), 20000], ["up_to", "up_to"]),
    ],
)
def test_figures_in_a_row_share_their_unit_and_their_degree(
    written: str, values: list[int], degrees: list[str]
) -> None:
    found = figures(fold(written))
    assert [each.value for each in found] == [value * WAN for value in values]
    assert [each.degree for each in found] == degrees


ENGLISH = [
    ("CNY 10 million", "sum", 1000 * WAN, ""),
    ("up to CNY 1.5 million", "sum", 150 * WAN, "up_to"),
    ("at least CNY 300,000", "sum", 30 * WAN, "at_least"),
    ("5 million yuan", "sum", 500 * WAN, ""),
    ("CNY 3 billion", "sum", 300000 * WAN, ""),
    ("10%", "share", Fraction(1, 10), ""),
    ("1:1", "share", Fraction(1), ""),
    ("five years", "years", 5, ""),
    ("a three-year action", "years", 3, ""),
    ("twenty-one years", "years", 21, ""),
    ("18 May 2021", "date", (2021, 5, 18), ""),
    ("to 2025", "date", (2025, None, None), ""),
    ("the 14th five-year plan", "plan", 14, ""),
    ("doubled", "multiple", 2, ""),
    ("1.5 times", "multiple", Fraction(3, 2), ""),
    ("Four key industries", "count", 4, ""),
    ("a “1+1” link", "code", "1+1", ""),
]


@pytest.mark.parametrize(("written", "kind", "value", "degree"), ENGLISH)
def test_english_figure_is_read_exactly(written: str, kind: str, value: object, degree: str) -> None:
    (found,) = english_figures(written)
    assert (found.kind, found.value, found.degree) == (kind, value, degree)


@pytest.mark.parametrize("written", ["clause 6", "article 201", "one firm, one policy", "art. 1259", "R&D"])
def test_english_reference_is_no_figure(written: str) -> None:
    assert english_figures(written) == ()


def test_words_of_frequency_are_found_and_a_degree_of_a_figure_is_none_of_them() -> None:
    text = fold("对新认定、再次获批的，一次性给予最高50万元；每年、逐年，规模以上，3%以上")
    found = [(each.kind, each.text) for each in words(text, figures(text))]
    assert found == [
        ("new", "新认定"),
        ("new", "再次获批"),
        ("once", "一次性"),
        ("yearly", "每年"),
        ("yearly", "逐年"),
        ("degree", "以上"),
    ]


def test_document_numbers_are_kept_apart() -> None:
    assert [each.text for each in documents(fold("依据港政发〔2030〕7号、（2020）第17号"))] == [
        "依据港政发〔2030〕7号",
        "(2020)第17号",
    ]


SIGNS = "0123456789,.%年月日万亿元一二两十百千〇第条至、和“”:+最高不低于以上每连续次性之分号〔〕 ('"


@given(st.text(SIGNS, max_size=60))
def test_any_row_of_signs_is_read_and_figures_stand_in_order(text: str) -> None:
    found = figures(fold(text))
    assert all(fold(text)[each.start : each.end] == each.text for each in found)
    assert [each.start for each in found] == sorted(each.start for each in found)
    words(fold(text), found)
    english_figures(text)


@pytest.mark.parametrize("row", ["1", "1,234", "一二三", "1万", "1、", "最高", "（责任单位：", "百分之", "政〔2021〕"])
def test_long_rows_take_no_longer_than_their_length(row: str) -> None:
    """A quadratic search would take minutes, and a number of so many digits is a code."""
    figures(fold(row * 20_000))
