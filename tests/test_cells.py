"""What a cell means, and what is refused rather than guessed."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal
from functools import partial
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordos_subsidy import cells
from ordos_subsidy.cells.spelling import clean, fold, shown
from ordos_subsidy.messages import say, sentences
from tests.strategies import days
from tests.vocabulary import SMALL, fact

cases = partial(pytest.mark.parametrize, ids=repr)

YUAN, WAN, YI = 100, 10_000 * 100, 10**8 * 100


def read(of_type: str, value: object, unit: str | None = None) -> cells.Read:
    """A cell under the fact of the small vocabulary that has a type."""
    key = {"money": "profit"}.get(of_type) or next(f.key for f in SMALL.facts.values() if f.type == of_type)
    return cells.read(SMALL.facts[key], value, unit=unit, vocabulary=SMALL)


def value(of_type: str, cell: object, unit: str | None = None) -> cells.Value:
    found = read(of_type, cell, unit)
    assert found.problem is None, found.problem
    return found.value


def refused(of_type: str, cell: object, unit: str | None = None) -> str:
    """The code of the problem with a cell that must not be read."""
    found = read(of_type, cell, unit)
    assert found.refused, found
    assert found.value is None
    assert found.problem is not None
    return found.problem.code


def warned(of_type: str, cell: object, unit: str | None = None) -> tuple[cells.Value, str]:
    found = read(of_type, cell, unit)
    assert found.problem is not None
    assert found.problem.severity == "warning"
    return found.value, found.problem.code


TYPES: tuple[str, ...] = (
    "text", "code", "yes_no", "choice", "choices", "year", "date", "money", "percent", "count", "kind", "ratio",
)  # fmt: skip


# --- nothing is known


@cases("of_type", TYPES)
@cases("blank", [None, "", "  ", "　", "-", "—", "——", "N/A", "n/a", "Ｎ／Ａ", "暂无", "/", "空", "﻿"])
def test_a_blank_however_it_is_written_is_unknown(of_type: str, blank: str | None) -> None:
    assert read(of_type, blank) == cells.Read(None)


@cases("of_type", [each for each in TYPES if each != "yes_no"])
def test_wu_is_unknown_except_as_an_answer_to_yes_or_no(of_type: str) -> None:
    assert read(of_type, "无") == cells.Read(None)
    assert value("yes_no", "无") is False


@cases("zero", [0, 0.0, "0", "０", Decimal(0), "0万元", "0.00"])
def test_only_zero_is_zero(zero: object) -> None:
    assert value("money", zero) == 0


# --- cells that show an error


@cases("of_type", [each for each in TYPES if each != "ratio"])
@cases("error", ["#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "########"])
def test_a_failed_formula_is_refused_whatever_the_fact(of_type: str, error: str) -> None:
    found = cells.read(SMALL.facts["name"], error, vocabulary=SMALL)
    assert found.refused
    assert refused(of_type, error) == "cells.failed"


def test_an_error_cell_is_refused_by_the_name_of_its_error() -> None:
    found = cells.failed(SMALL.facts["revenue"], "#REF!")
    assert found.refused
    assert found.problem is not None
    assert "#REF!" in say(found.problem, "zh").what


def test_a_formula_that_was_never_computed_says_how_to_compute_it() -> None:
    found = cells.failed(SMALL.facts["revenue"], cells.UNCALCULATED)
    assert found.problem is not None
    assert found.problem.code == "cells.uncalculated"


# --- money


@cases(
    ("cell", "fen"),
    [
        ("1,234.5", 1_234_50),
        ("１，２３４．５", 1_234_50),
        ("1,234.5万元", 1_234_5000_00),
        ("2亿", 2 * YI),
        ("300万", 300 * WAN),
        ("5000元", 5000 * YUAN),
        ("5千元", 5000 * YUAN),
        ("3百万元", 300 * WAN),
        ("3千万", 3000 * WAN),
        ("12.5亿元", 1_250_000_000 * YUAN),
        ("￥5000", 5000 * YUAN),
        ("¥ 5,000.01", 5000_01),
        ("人民币5000元整", 5000 * YUAN),
        ("5000 yuan", 5000 * YUAN),
        ("3 million yuan", 300 * WAN),
        ("12,345,678.90", 12_345_678_90),
        (" 42 ", 42 * YUAN),
        ("-5", -5 * YUAN),
        ("−5万元", -5 * WAN),
        (5, 5 * YUAN),
        (Decimal("0.1"), 10),
        (0.1, 10),
    ],
)
def test_sums_are_read_to_the_fen(cell: object, fen: int) -> None:
    assert value("money", cell) == fen


@cases(
    ("cell", "unit", "fen"),
    [
        (0.1, "万元", 1000 * YUAN),
        (1574.5, "万元", 1_574_5000_00),
        (15992.85, "万元", 159_928_500_00),
        ("15992.85", "万元", 159_928_500_00),
        (42.72, "亿元", 4_272_000_000_00),
        ("5", "千元", 5000_00),
        (5, "百万元", 5_000_000_00),
        (7, "元", 7_00),
    ],
)
def test_plain_numbers_are_counted_in_the_unit_of_their_column(cell: object, unit: str, fen: int) -> None:
    assert value("money", cell, unit) == fen


@cases(("cell", "fen"), [("5000元", 5000 * YUAN), ("2亿", 2 * YI), ("3万", 3 * WAN)])
@cases("unit", [None, "元", "万元", "亿元", "?"])
def test_a_unit_beside_the_number_wins_over_the_column(cell: str, unit: str | None, fen: int) -> None:
    assert value("money", cell, unit) == fen


@cases(
    "cell",
    [
        float("nan"), float("inf"), Decimal("nan"), Decimal("inf"), "nan", "inf", "1_000", "1234,5", "1,23,4", "12,34",
        "1,234,5", "100-200", "100~200", "约100", "100左右", "(1,234)", "（1234）", "1.2.3", "1.2E+08", "1e5", "五百万",
        "500万美元", "$500", "€5", "500美元", "5%", "5‰", "1亿2000万", "1 234", "5.", ".5", "①", "10²", "½", "٣", "二",
        "--5", "5-", "5,", ",5", "5万万", "元", "万元", True, False, dt.date(2022, 1, 1), "2022-01-01", "2022年",
        "待定", "9" * 70,
    ],
)  # fmt: skip
def test_what_is_no_clear_sum_is_refused(cell: object) -> None:
    assert refused("money", cell) == "cells.money"


def test_a_bracketed_figure_is_never_taken_as_positive() -> None:
    assert refused("money", "(1,234)") == "cells.money"


def test_figures_in_a_column_of_foreign_money_are_refused() -> None:
    assert refused("money", 5, "?") == "cells.strange_unit"


@cases("cell", [dt.time(0, 0), dt.timedelta(1)])
def test_a_time_of_day_is_no_value(cell: object) -> None:
    assert refused("money", cell) == "cells.time"
    assert refused("date", cell) == "cells.time"


def test_a_trillion_yuan_is_the_largest_sum_and_more_is_a_wrong_unit() -> None:
    assert value("money", 10**12) == 10**14
    assert refused("money", "10000000000.01亿元") == "cells.money_limit"
    assert refused("money", 10**9, "万元") == "cells.money_limit"


@cases("cell", [-1, "-0.01", -0.01, "-1亿"])
def test_a_negative_figure_is_refused_where_none_can_be(cell: object) -> None:
    found = cells.read(SMALL.facts["revenue"], cell, vocabulary=SMALL)
    assert found.problem is not None
    assert found.problem.code == "cells.negative"


@cases(
    ("cell", "unit", "fen"),
    [("0.005", None, 1), ("0.004", None, 0), (1.0000005, "万元", 1_000_001), ("-0.005", None, -1)],
)
def test_a_sum_finer_than_a_fen_is_rounded_half_up_with_a_warning(cell: object, unit: str | None, fen: int) -> None:
    assert warned("money", cell, unit) == (fen, "cells.rounded")


@given(st.integers(-(10**14), 10**14))
def test_every_sum_in_fen_survives_being_written_in_any_unit(fen: int) -> None:
    for unit, factor in (("元", 100), ("万元", 10**6), ("亿元", 10**10)):
        number = Decimal(fen) / factor
        assert value("money", f"{number:f}{unit}") == fen
        assert value("money", number, unit) == fen
        assert value("money", f"{number:,f}", unit) == fen


@given(st.integers(-(10**13), 10**13), st.sampled_from([("元", 100), ("万元", 10**6), ("亿元", 10**10)]))
def test_every_sum_of_fifteen_digits_survives_a_workbook(fen: int, unit: tuple[str, int]) -> None:
    assert value("money", fen / unit[1], unit[0]) == fen


# --- percent


@cases(
    ("cell", "unit", "millionths"),
    [
        ("3.5%", None, 35_000),
        ("３．５％", None, 35_000),
        (0.035, None, 35_000),
        ("0.035", None, 35_000),
        ("150%", None, 1_500_000),
        ("-2%", None, -20_000),
        (3.5, "%", 35_000),
        ("3.5%", "%", 35_000),
        (0.1 + 0.2, None, 300_000),
    ],
)
def test_percentages_are_read_exactly(cell: object, unit: str | None, millionths: int) -> None:
    assert value("percent", cell, unit) == millionths


@cases("cell", [3.5, "3.5", 1, "1", 1.0, -2, 100])
def test_a_figure_that_could_be_a_percentage_or_a_multiple_is_refused(cell: object) -> None:
    assert refused("percent", cell) == "cells.percent_unclear"


@cases("cell", ["35‰", "3.5个百分点", "3.5%-4%", "约3%", True, "3%%", dt.date(2022, 1, 1), "3.5万元"])
def test_what_is_no_clear_percentage_is_refused(cell: object) -> None:
    assert refused("percent", cell) == "cells.percent"


# --- counts and years


@cases(("cell", "number"), [(12, 12), (12.0, 12), ("12", 12), ("1,200", 1200), ("１２", 12), (0, 0)])
def test_counts_are_whole_numbers(cell: object, number: int) -> None:
    assert value("count", cell) == number


@cases("cell", [1.5, "1.5", -1, "-1", "12人", "十二", True, "12%"])
def test_what_is_no_count_is_refused(cell: object) -> None:
    assert refused("count", cell) == "cells.count"


@cases("cell", [2022, 2022.0, "2022", "2022年", "2022年度", " ２０２２ 年", "2022.0", Decimal(2022)])
def test_a_year_is_read_however_it_is_written(cell: object) -> None:
    assert value("year", cell) == 2022


@cases(
    "cell",
    [
        22,
        "22年",
        1899,
        2101,
        "2022-2023",
        "2022-01",
        2022.5,
        "二〇二二年",
        True,
        dt.date(2022, 5, 6),
        44621,
        "2022年底",
    ],
)
def test_what_is_no_year_is_refused(cell: object) -> None:
    assert refused("year", cell) == "cells.year"


# --- dates


def day(year: int, month: int, day_: int) -> tuple[dt.date, dt.date]:
    return (dt.date(year, month, day_),) * 2


@cases(
    "cell",
    [
        "2021-06-17", "2021/06/17", "2021/6/17", "2021.6.17", "2021.06.17", "20210617", 20210617, 20210617.0,
        "2021年6月17日", "2021 年 06 月 17 日", "2021年6月17号",
        "２０２１－０６－１７", "2021-06-17 00:00:00", "2021-06-17T00:00:00",
        dt.date(2021, 6, 17), dt.datetime(2021, 6, 17), dt.datetime(2021, 6, 17, 13, 5),  # noqa: DTZ001
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(cell: object) -> None:
    assert value("date", cell) == day(2021, 6, 17)


@cases("cell", ["2022年3月", "2022-03", "2022/3", "2022.03", "2022.3", "202203", 202203, "2022年3月份"])
def test_a_month_stands_for_all_its_days(cell: object) -> None:
    assert value("date", cell) == (dt.date(2022, 3, 1), dt.date(2022, 3, 31))


@cases("cell", ["2022", "2022年", "2022年度", 2022, 2022.0])
def test_a_year_stands_for_all_its_days(cell: object) -> None:
    assert value("date", cell) == (dt.date(2022, 1, 1), dt.date(2022, 12, 31))


def test_february_ends_on_the_29th_in_a_leap_year() -> None:
    assert value("date", "2024年2月") == (dt.date(2024, 2, 1), dt.date(2024, 2, 29))
    assert value("date", "2023年2月") == (dt.date(2023, 2, 1), dt.date(2023, 2, 28))


@cases(
    "cell",
    [
        "2021-02-30", "2021年2月30日", "2021-13-01", "20211301", "2021年13月",
        "6/7/2021", "21/6/17", "17.6.2021", "2021-6-",
        "2021-00-10", "2021-10-00", "2022-03-01至2022-05-01", "2022-03-01 10:00",
        "2022-03-01T00:00:00+08:00", "2022.1",
        "2022/03-01", "三月", "去年", "1899-12-31", "2101-01-01", True, 2022.3, "2022年上半年", "2022Q1", "0202-03-01",
        dt.datetime(2021, 6, 17, tzinfo=dt.UTC), dt.date(1905, 7, 14).replace(year=1850),
    ],
)  # fmt: skip
def test_a_date_that_is_none_or_could_be_two_is_refused(cell: object) -> None:
    assert refused("date", cell) == "cells.date"


def test_a_bare_date_serial_is_refused_with_the_day_it_may_mean() -> None:
    found = read("date", 44621.0)
    assert found.problem is not None
    assert found.problem.code == "cells.date_serial"
    assert "2022-03-01" in say(found.problem, "en").what


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (dt.datetime.fromisoformat("1905-07-14T07:12"), "2022.3"),
        (dt.datetime.fromisoformat("1905-07-14"), "2022"),
        (dt.date(1905, 7, 14), "2022"),
        (dt.datetime.fromisoformat("1905-05-03"), "1950"),
    ],
)
def test_a_year_typed_into_a_cell_formatted_as_a_date_is_refused_as_such(cell: dt.date, number: str) -> None:
    found = read("date", cell)
    assert found.refused
    assert found.problem
    assert found.problem.code == "cells.date_year"
    assert number in say(found.problem, "zh").what


@given(days(dt.date(1900, 1, 1), dt.date(2100, 12, 31)))
def test_every_day_survives_being_written_in_any_way(each: dt.date) -> None:
    for written in (each, each.isoformat(), f"{each:%Y%m%d}", f"{each.year}年{each.month}月{each.day}日"):
        assert value("date", written) == (each, each)


# --- yes and no


@cases(
    "cell",
    [
        "是",
        "√",
        "✓",
        "Y",
        "y",
        "yes",
        "YES",
        "ＹＥＳ",
        "1",
        "１",
        "有",
        "TRUE",
        "true",
        True,
        1,
        1.0,
        Decimal(1),
        " 是 ",
    ],
)
def test_yes_in_all_its_spellings(cell: object) -> None:
    assert value("yes_no", cell) is True


@cases("cell", ["否", "×", "N", "n", "no", "Ｎ", "0", "０", "无", "没有", "FALSE", False, 0, 0.0])
def test_no_in_all_its_spellings(cell: object) -> None:
    assert value("yes_no", cell) is False


@cases("cell", ["待定", 2, "2", "☑是☑否", "是/否", "x", "X", "不清楚", 0.5, "是否", dt.date(2022, 1, 1), [True]])
def test_neither_yes_nor_no_is_refused(cell: object) -> None:
    assert refused("yes_no", cell) in {"cells.yes_no", "cells.structure"}


# --- answers


@cases("cell", ["北旗", "north", "NORTH", "North Banner", "北", " 北 旗 ", "“北旗”"])
def test_an_answer_is_known_by_any_of_its_names(cell: str) -> None:
    assert value("choice", cell) == "north"


def test_an_answer_with_brackets_is_known_in_either_width() -> None:
    assert value("choice", "南旗(新区)") == "south"


def test_a_misspelt_answer_is_refused_with_the_nearest() -> None:
    found = read("choice", "北旗镇")
    assert found.problem is not None
    assert found.refused
    assert dict(found.problem.params)["near"] == "北旗"


def test_an_unknown_answer_is_refused_with_the_answers_there_are() -> None:
    found = read("choice", "火星")
    assert found.problem is not None
    assert "北旗、南旗（新区）、市外" in say(found.problem, "zh").remedy


@cases("cell", [1, 1.0, True, dt.date(2022, 1, 1)])
def test_a_figure_is_no_answer(cell: object) -> None:
    assert refused("choice", cell)
    assert refused("kind", cell)


@cases(
    "cell",
    [
        "煤炭、光伏",
        "煤炭,光伏",
        "煤炭，光伏",
        "煤炭；光伏",
        "煤炭;光伏",
        "煤炭/太阳能",
        "煤炭\n光伏",
        ["煤炭", "solar"],
        "光伏、煤炭、光伏、",
    ],
)
def test_several_answers_are_separated_in_any_usual_way(cell: object) -> None:
    assert value("choices", cell) == frozenset({"coal", "solar"})


def test_one_unknown_answer_among_several_is_refused() -> None:
    assert refused("choices", "煤炭、火星") == "cells.answer_listed"
    assert refused("choices", ["煤炭", 5]) == "cells.answer_listed"


def test_an_empty_list_of_answers_is_unknown() -> None:
    assert read("choices", []) == cells.Read(None)
    assert read("choices", "、") == cells.Read(None)


def test_a_kind_of_event_is_known_by_any_of_its_names() -> None:
    for name in ("重点实验室", "laboratory", "key laboratory", "实验室"):
        assert value("kind", name) == "laboratory"
    assert value("kind", "科学技术奖(第一完成单位)") == "prize"


def test_an_unknown_kind_of_event_is_refused_with_the_nearest() -> None:
    found = read("kind", "重点实验宝")
    assert found.problem is not None
    assert "重点实验室" in say(found.problem, "zh").remedy


# --- codes


CODE = "91110000600037341L"


@cases(
    "cell",
    [
        CODE,
        CODE.lower(),
        "９１１１００００６０００３７３４１Ｌ",
        "911100 00600037341L",
        f" {CODE} ",
        "91110000-60003734-1L",
    ],
)
def test_a_code_is_folded_to_one_spelling(cell: str) -> None:
    assert value("code", cell) == CODE


def test_a_code_with_a_wrong_check_digit_is_used_with_a_warning() -> None:
    assert warned("code", "911100006000373418") == ("911100006000373418", "cells.code_check")


@cases(
    ("cell", "code"),
    [
        (CODE[:-1], "cells.code_length"),
        (CODE + "0", "cells.code_length"),
        ("9.11507E+17", "cells.code_length"),
        (911100006000373418.0, "cells.code_number"),
        (Decimal("9.1"), "cells.code_number"),
        (True, "cells.code_number"),
        ("9111000060003734IL", "cells.code_signs"),
        ("9111000060003734汉L", "cells.code_signs"),
    ],
)
def test_what_is_no_code_is_refused(cell: object, code: str) -> None:
    assert refused("code", cell) == code


# --- text


@cases(
    "name",
    [
        "甲公司",
        "🌱科技",
        "ᠮᠣᠩᠭᠣᠯ ᠪᠢᠴᠢᠭ",
        "𠮷野家",
        "䶮鑫",
        "A & B <Co>",
        "=cmd|' /C calc'!A0",
        "ﻭ",
        "👩‍🔬研究院",
        "（甲）公司",
    ],
)
def test_names_are_kept_as_they_are(name: str) -> None:
    assert value("text", name) == name


@cases(
    ("cell", "text"),
    [
        ("  甲公司\t", "甲公司"),
        ("内蒙古\n甲公司", "内蒙古甲公司"),
        ("Ordos\nCoal  Ltd", "Ordos Coal Ltd"),
        ("甲\0公\x1b[31m司", "甲公[31m司"),
        ("\u202e甲公司", "甲公司"),
        ("\ufeff甲公司\u200b", "甲公司"),
        ("甲\ud800", "甲\ufffd"),
        (360, "360"),
        (360.0, "360"),
        (0.5, "0.5"),
        (Decimal("1.50"), "1.5"),
        (dt.date(2022, 3, 1), "2022-03-01"),
    ],
)
def test_text_is_one_line_without_control_codes(cell: object, text: str) -> None:
    assert value("text", cell) == text


@cases("cell", [{}, {"a": 1}, ["甲"], [1, 2]])
@cases("of_type", [each for each in TYPES if each not in {"choices", "ratio"}])
def test_a_group_of_values_is_no_value(of_type: str, cell: object) -> None:
    assert refused(of_type, cell) == "cells.structure"


# --- promises over all


ANYTHING = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.datetimes() | st.times()
    | st.timedeltas() | st.decimals() | st.lists(st.text()) | st.dictionaries(st.text(), st.integers())
    | st.text(alphabet="0123456789.,-年月日/万亿元%￥是否 ")
)  # fmt: skip


@given(st.sampled_from(TYPES), ANYTHING, st.sampled_from([None, "元", "万元", "亿元", "%", "?"]))
def test_whatever_a_cell_holds_a_value_or_a_problem_comes_out(of_type: str, cell: object, unit: str | None) -> None:
    found = read(of_type, cell, unit)
    assert not (found.refused and found.value is not None)
    if found.problem is not None:
        for lang in ("zh", "en"):
            said = say(found.problem, lang)
            assert not {unicodedata.category(sign) for sign in said.what} & {"Cc", "Cs", "Zl"}
            assert said.remedy


@cases("name", sentences("cells").problems)
def test_both_languages_of_a_problem_use_parameters_that_exist(name: str) -> None:
    zh_what, zh_remedy, en_what, en_remedy = sentences("cells").problems[name]
    for sentence in sentences("cells").problems[name]:
        assert {part for _, part, _, _ in Formatter().parse(sentence) if part} <= {
            *(
                "fact",
                "fact_en",
                "given",
                "length",
                "signs",
                "near",
                "listed",
                "listed_en",
                "first",
                "last",
                "day",
                "number",
                "limit",
                "forms",
                "forms_en",
                "unit",
                "scale",
                "year",
                "why",
                "why_en",
            )
        }
    assert "fact" in zh_what
    assert "fact_en" in en_what
    assert zh_remedy
    assert re.search("[a-z]", en_remedy)


def test_folding_is_only_about_width() -> None:
    assert fold("Ａ１（％）￥　①²") == "A1(%)¥ ①²"


def test_what_is_quoted_in_a_message_is_short_and_printable() -> None:
    assert shown("a\x1b\n" * 100).isprintable()
    assert len(shown("长" * 100)) == 40
    assert shown(0.1 + 0.2) == "0.3"


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_a_fact_without_limits_takes_negative_figures() -> None:
    assert cells.read(fact("loss", "firm", "money", "亏损", "Loss"), -1, vocabulary=SMALL).value == -100
