"""Firms and their events: who is who, who is left out, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.tables.reads import Rows, errors, names, read_rows, read_sheets, read_toml, said, sheet

if TYPE_CHECKING:
    from ordos_subsidy.tables.firms import Firms

A, B = "91110000600037341L", "91150600MA0N0XXX12"
FIRMS: Rows = [["单位名称", "统一社会信用代码", "规模以上"], ["甲公司", A, "是"], ["乙公司", None, "否"]]


def owners(firms: Rows, events: Rows) -> list[int]:
    return read_rows(firms, events).events["@firm"].to_list()


# --- events find their firms


def test_an_event_goes_to_the_firm_with_its_code() -> None:
    assert owners(FIRMS, [["信用代码", "事项"], [A, "prize"]]) == [0]


def test_an_event_without_a_code_goes_to_the_firm_of_its_name() -> None:
    assert owners(FIRMS, [["信用代码", "单位名称", "事项"], [None, "乙公司", "prize"], [A, None, "prize"]]) == [1, 0]


def test_the_code_decides_and_another_name_is_mentioned_once() -> None:
    found = read_rows(FIRMS, [["信用代码", "单位名称", "事项"], [A, "甲集团", "prize"], [A, "甲集团", "incubator"]])
    assert found.events["@firm"].to_list() == [0, 0]
    assert said(found) == [("乙表!B2", "reading.event_other_name")]


def test_a_firm_without_a_code_is_found_by_name_though_the_event_gives_a_code() -> None:
    assert owners(FIRMS, [["信用代码", "单位名称", "事项"], [A.replace("L", "0"), "乙公司", "prize"]]) == [1]


def test_an_event_with_another_code_is_not_given_to_the_firm_of_its_name() -> None:
    found = read_rows(FIRMS, [["信用代码", "单位名称", "事项"], ["911100006000373428", "甲公司", "prize"]])
    assert found.events.height == 0
    assert errors(found) == [("乙表!A2", "reading.event_unclaimed")]


@pytest.mark.parametrize("name", ["乙 公司", "（乙）公司", "乙公司 ", "乙　公司"])
def test_a_name_spelt_slightly_differently_is_found_with_a_warning(name: str) -> None:
    found = read_rows(FIRMS, [["单位名称", "事项"], [name, "prize"]])
    assert found.events["@firm"].to_list() == [1]
    spelt_alike = name.strip() == "乙公司"
    assert said(found) == ([] if spelt_alike else [("乙表!A2", "reading.event_spelling")])


def test_limited_and_limited_liability_are_two_names() -> None:
    found = read_rows([["单位名称"], ["乙有限公司"], ["丙"]], [["单位名称", "事项"], ["乙有限责任公司", "prize"]])
    assert errors(found) == [("乙表!A2", "reading.event_unclaimed")]


def test_an_event_without_a_firm_is_an_error_and_leaves_nobody_out() -> None:
    found = read_rows(FIRMS, [["单位名称", "事项"], ["丁公司", "prize"], ["甲公司", "prize"]])
    assert names(found) == ["甲公司", "乙公司"]
    assert found.events["@firm"].to_list() == [0]
    assert errors(found) == [("乙表!A2", "reading.event_unclaimed")]
    assert found.left_out == 0


def test_no_key_is_needed_where_there_is_one_firm() -> None:
    assert owners(FIRMS[:2], [["事项"], ["prize"]]) == [0]
    assert owners(FIRMS[:2], [["单位名称", "事项"], [None, "prize"]]) == [0]


def test_a_key_is_needed_where_there_are_more() -> None:
    found = read_rows(FIRMS, [["单位名称", "事项"], [None, "prize"]])
    assert errors(found) == [("乙表!A2", "reading.event_unnamed")]


def test_the_only_firm_does_not_get_the_event_of_another() -> None:
    found = read_rows(FIRMS[:2], [["单位名称", "事项"], ["丁公司", "prize"]])
    assert found.events.height == 0
    assert errors(found) == [("乙表!A2", "reading.event_unclaimed")]


def test_a_name_that_two_firms_share_needs_a_code() -> None:
    firms: Rows = [["单位名称", "信用代码"], ["甲公司", A], ["甲公司", "911100006000373428"]]
    found = read_rows(firms, [["单位名称", "事项"], ["甲公司", "prize"]])
    assert names(found) == ["甲公司", "甲公司"]
    assert errors(found) == [("乙表!A2", "reading.event_ambiguous")]


# --- events that cannot be used


@pytest.mark.parametrize("row", [["甲公司", "prise", 5], ["甲公司", "prize", "x"], ["甲公司", None, 5]])
def test_an_event_that_cannot_be_read_leaves_its_firm_out(row: list[object]) -> None:
    found = read_rows(FIRMS, [["单位名称", "事项", "金额（元）"], row, ["甲公司", "prize", 1], ["乙公司", "prize", 1]])
    assert names(found) == ["乙公司"]
    assert found.events["@firm"].to_list() == [0]
    assert found.left_out == 1
    assert len(errors(found)) == 1


def test_an_unreadable_event_of_nobody_leaves_nobody_out() -> None:
    found = read_rows(FIRMS, [["单位名称", "事项"], ["丁公司", "prise"]])
    assert names(found) == ["甲公司", "乙公司"]
    assert [code for _, code in errors(found)] == ["cells.answer_near", "reading.event_unclaimed"]


def test_an_unreadable_code_of_an_event_leaves_the_firm_of_its_name_out() -> None:
    found = read_rows(FIRMS, [["信用代码", "单位名称", "事项"], ["123", "乙公司", "prize"]])
    assert names(found) == ["甲公司"]
    assert errors(found) == [("乙表!A2", "cells.code_length")]


def test_a_row_that_names_a_firm_but_no_event_is_only_mentioned() -> None:
    found = read_rows(FIRMS, [["单位名称", "事项", "金额（元）"], ["甲公司", None, None], ["甲公司", "prize", 1]])
    assert names(found) == ["甲公司", "乙公司"]
    assert found.events.height == 1
    assert said(found) == [("乙表!A2", "reading.empty_event")]


def test_the_events_of_a_firm_left_out_go_with_it() -> None:
    firms: Rows = [["单位名称", "规模以上"], ["甲公司", "待定"], ["乙公司", "是"]]
    found = read_rows(firms, [["单位名称", "事项"], ["甲公司", "prize"], ["乙公司", "incubator"]])
    assert names(found) == ["乙公司"]
    assert found.firms["@firm"].to_list() == [0]
    assert found.events["@firm"].to_list() == [0]
    assert found.events["kind"].to_list() == ["incubator"]


# --- firms entered twice


@pytest.mark.parametrize("code", [A, None])
def test_a_firm_entered_twice_alike_counts_once(code: str | None) -> None:
    firms: Rows = [
        ["单位名称", "信用代码", "规模以上"],
        ["甲公司", code, "是"],
        ["丙公司", None, "是"],
        ["甲公司", code, "是"],
    ]
    found = read_rows(firms, [["单位名称", "事项"], ["甲公司", "prize"]])
    assert names(found) == ["甲公司", "丙公司"]
    assert found.events["@firm"].to_list() == [0]
    assert found.left_out == 0
    assert [code for _, code in said(found)] == ["reading.firm_repeated"]


@pytest.mark.parametrize(("one", "two"), [(A, A), (None, None), (A, None), (None, A)])
def test_a_firm_entered_twice_differently_is_left_out_entirely(one: str | None, two: str | None) -> None:
    firms: Rows = [
        ["单位名称", "信用代码", "规模以上"],
        ["甲公司", one, "是"],
        ["丙公司", None, "是"],
        ["甲公司", two, "否"],
    ]
    found = read_rows(firms)
    assert names(found) == ["丙公司"]
    assert found.left_out == 2
    assert [code for _, code in errors(found)] == ["reading.firm_twice"]


def test_one_code_under_two_names_is_one_firm_entered_twice() -> None:
    found = read_rows([["单位名称", "信用代码"], ["甲公司", A], ["丙公司", A]])
    assert names(found) == []
    assert errors(found) == [("甲表!B3", "reading.firm_twice")]


def test_one_name_with_two_codes_is_two_firms() -> None:
    found = read_rows([["单位名称", "信用代码"], ["甲公司", A], ["甲公司", "911100006000373428"]])
    assert names(found) == ["甲公司", "甲公司"]
    assert errors(found) == []


def test_two_spellings_of_one_name_are_mentioned() -> None:
    found = read_rows([["单位名称"], ["甲（鄂尔多斯）公司"], ["甲(鄂尔多斯)公司"], ["甲鄂尔多斯 公司"]])
    assert len(names(found)) == 3
    assert said(found) == [("甲表!A3", "reading.spellings"), ("甲表!A4", "reading.spellings")]


def test_nameless_examples_may_be_alike() -> None:
    found = read_toml({"firm": [{"big": True}, {"big": True}]}, anonymous=True)
    assert found.firms["big"].to_list() == [True, True]
    assert said(found) == []


# --- tables that are there twice

EVENTS: Rows = [["单位名称", "事项", "取得日期"], ["甲公司", "prize", "2022-03-01"], ["甲公司", "prize", "2022-03-01"]]


def _book(*sheets: tuple[str, Rows]) -> Firms:
    return read_sheets(*(sheet(name, rows) for name, rows in sheets))


def test_events_of_a_table_that_is_there_twice_count_once() -> None:
    """As often as in one of the tables: two equal rows of one table may be two matters."""
    found = _book(("甲表", FIRMS), ("乙表", EVENTS), ("丙表", EVENTS))
    assert found.events.height == 2
    assert said(found) == [("丙表!A2", "batch.event_pasted")]


def test_a_firm_that_counts_once_brings_its_events_once() -> None:
    """A book that lies twice in a folder."""
    found = _book(("甲表", FIRMS), ("乙表", EVENTS), ("丙表", FIRMS), ("丁表", EVENTS))
    assert (len(found), found.events.height) == (2, 2)
    assert [code for _, code in said(found)].count("batch.event_pasted") == 1


def test_rows_pasted_twice_within_one_table_count_once() -> None:
    """Where the firm is pasted twice as well; an event that is there once more than its firm is another."""
    found = _book(("甲表", [*FIRMS, *FIRMS[1:]]), ("乙表", EVENTS))
    assert found.events.height == 1
    assert _book(("甲表", [*FIRMS, *FIRMS[1:]]), ("乙表", [*EVENTS, EVENTS[1]])).events.height == 2


def test_an_event_that_differs_in_anything_is_another() -> None:
    other = [EVENTS[0], ["甲公司", "prize", "2022-03"], ["乙公司", "prize", "2022-03-01"]]
    found = _book(("甲表", FIRMS), ("乙表", EVENTS), ("丙表", other))
    assert (found.events.height, said(found)) == (4, [])


def test_one_name_with_two_codes_is_said() -> None:
    found = read_rows([FIRMS[0], ["甲公司", A, "是"], ["甲公司", "91150600MA0N0XXX12", "是"]])
    assert ("甲表!B3", "batch.two_codes") in said(found)
    assert names(found) == ["甲公司", "甲公司"]
