"""TOML as firms: the shapes it may have, and what is said of others."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from ordos_subsidy.errors import Refused
from tests.tables.reads import codes, errors, event, firm, names, read_rows, read_toml, said

FIRM: dict[str, Any] = {"name": "甲公司", "revenue": "12.5亿元", "research": 42_000_000, "big": True, "year": 2022}
EVENT: dict[str, Any] = {"kind": "laboratory", "date": dt.date(2022, 3, 1), "amount": "300万元"}


@pytest.mark.parametrize(
    "mapping",
    [
        {"firm": FIRM, "event": [EVENT]},
        {"firm": {**FIRM, "event": [EVENT]}},
        {"firm": {**FIRM, "event": EVENT}},
        {"firm": [{**FIRM, "event": [EVENT]}]},
        {"firm": [FIRM], "event": [EVENT]},
        {"firm": [FIRM], "event": [{**EVENT, "单位名称": "甲公司"}]},
        {"单位": FIRM, "申报事项": [EVENT]},
    ],
)
def test_all_shapes_of_a_file_mean_the_same(mapping: dict[str, Any]) -> None:
    found = read_toml(mapping)
    assert names(found) == ["甲公司"]
    assert event(found)["kind"] == "laboratory"
    assert event(found)["amount"] == 3_000_000_00
    assert found.events["@firm"].to_list() == [0]
    assert said(found) == []


def test_a_number_is_yuan_and_text_carries_its_unit() -> None:
    assert firm(read_toml({"firm": FIRM}))["research"] == 42_000_000_00
    assert firm(read_toml({"firm": FIRM}))["revenue"] == 1_250_000_000_00
    assert firm(read_toml({"firm": {**FIRM, "research": Decimal("0.1")}}))["research"] == 10
    assert firm(read_toml({"firm": {**FIRM, "research": "1,234.5"}}))["research"] == 1234_50


def test_a_key_may_name_the_unit() -> None:
    found = read_toml({"firm": {"name": "甲", "研发投入（万元）": Decimal("0.5"), "营业收入(亿元)": "3元"}})
    assert firm(found)["research"] == 5000_00
    assert firm(found)["revenue"] == 3_00


def test_keys_are_headings_in_any_language() -> None:
    found = read_toml(
        {"firm": {"单位名称": "甲", "Above scale": "是", "产业领域": ["煤炭", "solar"], "所在旗区（园区）": "北旗"}}
    )
    assert firm(found) == {
        "@firm": 0,
        "@place": "f.toml: firm",
        "name": "甲",
        "big": True,
        "trades": 3,
        "place": "north",
    }


def test_events_belong_to_the_firm_they_stand_in() -> None:
    found = read_toml(
        {"firm": [FIRM, {"name": "乙", "event": [EVENT, {"kind": "prize"}]}, {"name": "丙", "event": []}]}
    )
    assert found.events["@firm"].to_list() == [1, 1]


def test_places_are_paths_that_count_from_one() -> None:
    found = read_toml(
        {"firm": [FIRM, {"name": "乙", "营业收入": "x", "event": [EVENT, {"kind": "prize", "amount": "y"}]}]}
    )
    assert errors(found) == [
        ("f.toml: firm[2].营业收入", "cells.money"),
        ("f.toml: firm[2].event[2].amount", "cells.money"),
    ]
    assert read_toml({"firm": FIRM, "event": [EVENT]}).events["@place"].to_list() == ["f.toml: event[1]"]


def test_a_misspelt_key_is_reported_with_what_was_perhaps_meant() -> None:
    found = read_toml({"firm": {**FIRM, "revenu": 5, "zzz": 1, "event": [{**EVENT, "amonut": 5}]}})
    assert said(found) == [
        ("f.toml: firm.revenu", "reading.unknown_heading_near"),
        ("f.toml: firm.zzz", "reading.unknown_heading"),
        ("f.toml: firm.event[1].amonut", "reading.unknown_heading_near"),
    ]
    assert dict(found.problems[0].params)["near"] == "revenue"


@pytest.mark.parametrize(
    ("mapping", "problem"),
    [
        ({"firm": FIRM, "evnet": [EVENT]}, ("f.toml: evnet", "reading.unknown_table_near")),
        ({"firm": FIRM, "year": 2022}, ("f.toml: year", "reading.stray_fact")),
        ({"firm": FIRM, "schema": 1}, ("f.toml: schema", "reading.unknown_table")),
    ],
)
def test_what_stands_outside_the_tables_is_reported(mapping: dict[str, Any], problem: tuple[str, str]) -> None:
    assert said(read_toml(mapping)) == [problem]


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ({}, "reading.no_firm_toml"),
        ({"name": "甲", "revenue": 5}, "reading.no_firm_toml"),
        ({"firm": []}, "reading.no_firm_toml"),
        ({"firm": "甲公司"}, "reading.not_a_table"),
        ({"firm": ["甲公司"]}, "reading.not_a_table"),
        ({"firm": FIRM, "event": "prize"}, "reading.not_a_table"),
        ({"firm": {**FIRM, "event": ["prize"]}}, "reading.not_a_table"),
    ],
)
def test_a_wrong_structure_is_refused_clearly(mapping: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as caught:
        read_toml(mapping)
    assert codes(caught.value.problems)[-1] == code


def test_places_carry_no_control_codes() -> None:
    found = read_toml({"firm": {**FIRM, "zz\x1b[31m\n": 5}, "qq\x1b": 1})
    assert all(problem.where.isprintable() for problem in found.problems)


def test_one_fact_under_two_names_leaves_the_firm_out_where_they_differ() -> None:
    found = read_toml({"firm": [{"name": "甲", "revenue": 5, "营业收入": 5}, {"name": "乙"}]})
    assert names(found) == ["甲", "乙"]
    assert (errors(found), [each.code for each in found.problems]) == ([], ["reading.twice"])
    found = read_toml({"firm": [{"name": "甲", "revenue": 5, "营业收入": 6}, {"name": "乙"}]})
    assert names(found) == ["乙"]
    assert [code for _, code in errors(found)] == ["reading.differs"]


@pytest.mark.parametrize("value", [125, 125.0, "125", " 125 ", "125万元"], ids=repr)
def test_a_figure_has_the_unit_of_its_key_written_as_text_too(value: object) -> None:
    """Unless it has its own: 125万元 under a key in yuan is 125万元."""
    found = read_toml({"firm": {"name": "甲", "营业收入（万元）": value}})
    assert (firm(found)["revenue"], errors(found)) == (125_0000_00, [])
    own = read_toml({"firm": {"name": "甲", "营业收入（元）": "125万元"}})
    assert firm(own)["revenue"] == 125_0000_00


@pytest.mark.parametrize(
    ("given", "day"),
    [
        (dt.date(2022, 3, 1), dt.date(2022, 3, 1)),
        (dt.datetime(2022, 3, 1), dt.date(2022, 3, 1)),  # noqa: DTZ001 - a local date-time of TOML
        ("2022-03-01", dt.date(2022, 3, 1)),
    ],
)
def test_dates_of_toml_are_days(given: object, day: dt.date) -> None:
    assert event(read_toml({"firm": FIRM, "event": [{**EVENT, "date": given}]}))["date"] == day


@pytest.mark.parametrize(
    "given",
    [dt.datetime(2022, 3, 1, 10), dt.datetime(2022, 3, 1, tzinfo=dt.UTC), dt.time(10)],  # noqa: DTZ001
)
def test_a_moment_is_no_day(given: object) -> None:
    found = read_toml({"firm": FIRM, "event": [{**EVENT, "date": given}]})
    assert [where for where, _ in errors(found)] == ["f.toml: event[1].date"]


def test_a_value_that_is_a_table_is_refused_at_its_place() -> None:
    found = read_toml({"firm": {**FIRM, "revenue": {"万元": 5}}})
    assert errors(found) == [("f.toml: firm.revenue", "cells.structure")]


def test_a_name_is_required_unless_firms_are_anonymous() -> None:
    assert errors(read_toml({"firm": [{"big": True}, FIRM]})) == [("f.toml: firm[1]", "reading.required")]
    assert read_toml({"firm": {"big": True}}, anonymous=True).firms.height == 1


def test_toml_and_a_form_of_one_firm_mean_the_same() -> None:
    form = read_rows(
        [["单位名称", "甲公司"], ["营业收入（亿元）", 12.5], ["研发投入", 4200], ["规模以上", "是"], ["年度", "2022年"]]
    )
    assert form.firms.drop("@place").equals(read_toml({"firm": FIRM}).firms.drop("@place"))


def test_a_year_in_a_key_is_not_taken_for_the_year_of_the_firm() -> None:
    found = read_toml({"firm": {"name": "甲公司", "2021年营业收入": 5}})
    assert "revenue" not in firm(found)
    assert [code for _, code in said(found)] == ["reading.unknown_heading_near"]
