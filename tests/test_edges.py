"""Edges at which mutation testing found nobody standing (`docs/mutation.md`)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from ordos_subsidy.amounts import Band, Grant, Times, open_parts, schedule, yearly
from ordos_subsidy.cells import TYPES
from ordos_subsidy.conditions import (
    BackedBy,
    Compare,
    Comparison,
    FirstYears,
    Happened,
    HasEvent,
    InForce,
    JudgedByOthers,
    Not,
    Once,
    Row,
    Sufficient,
    Window,
)
from ordos_subsidy.facts import Choice, Fact
from ordos_subsidy.messages import Text
from tests.builders import LAB, compiled, judge, lab, measure, probe

SAYS = Text("", "")
SEASON = Fact("season", "firm", "year", Text("年度", "season"), Text("", ""), role="year")


def within(since: dt.date | None, until: dt.date | None, year: int) -> bool | None:
    """Whether a version with this window holds for the accounts of a year."""
    frame = pl.DataFrame({"season": [year]}, schema={"season": pl.Int32})
    truth: bool | None = frame.select(Window(SEASON, since, until).truth()).item()
    return truth


@pytest.mark.parametrize(
    ("since", "until", "truth"),
    [
        ((2022, 1, 1), None, True),
        ((2022, 1, 2), None, None),
        ((2022, 12, 31), None, None),
        ((2023, 1, 1), None, False),
        (None, (2022, 1, 1), False),
        (None, (2022, 1, 2), None),
        (None, (2022, 12, 31), None),
        (None, (2023, 1, 1), True),
    ],
)
def test_a_year_is_its_days_from_the_first_to_the_last(
    since: tuple[int, int, int] | None, until: tuple[int, int, int] | None, truth: bool | None
) -> None:
    assert within(since and dt.date(*since), until and dt.date(*until), 2022) is truth


def test_a_preference_is_judged_by_its_condition_and_not_by_a_day() -> None:
    policies = probe(category="preference", claims=["accounts"], when={"fact": "big", "is": True})
    assert judge(policies, {"big": "是", "season": "2031"}, on=dt.date(2030, 1, 1)).verdict == "yes"


def test_versions_that_begin_in_different_years_are_paid_in_no_certain_year() -> None:
    """Both are paid in two years; which two, nobody knows before the day is known."""
    overlay = {
        "policy": {**LAB["policy"], "id": "rules", "number": "R2", "overlays": "lab"},
        "measure": [measure(amount={"exactly": "4元", "years": 2}, **{"from": dt.date(2021, 12, 23)})],
    }
    policies = compiled(lab(amount={"exactly": "4元", "during": [2022, 2023]}), overlay)
    vague = judge(policies, {}, {"matter": "grant", "day": "2021年12月"})
    assert {year for year, *_ in vague.slices} == {None}
    early = judge(policies, {}, {"matter": "grant", "day": "2021-12-22"})
    assert {year for year, *_ in early.slices} == {2022, 2023}


def test_a_share_of_less_than_nothing_is_nothing() -> None:
    policies = probe(amount={"share": "100%", "of": "sum"})
    assert judge(policies, {}, {"matter": "grant", "day": "2022-01-01", "sum": "-5元"}).interval == (0, 0)


def test_a_month_that_begins_on_the_day_of_evaluation_may_still_lie_ahead() -> None:
    found = judge(probe(), {}, {"matter": "grant", "day": "2022年3月"}, on=dt.date(2022, 3, 1))
    assert (found.verdict, found.missing) == ("unknown", ("day",))


def two_shares(one: tuple[int, int], other: tuple[int, int], **more: Any) -> Grant:
    """One share of a sum up to a level, and another of what exceeds it."""
    return Grant("share", bands=(Band("before", one), Band(None, other)), of="sum", **more)


TWO_SHARES = two_shares((1, 10), (15, 100), less="aid", cap=1_000)


@pytest.mark.parametrize(
    ("row", "asked"),
    [
        ({"sum": 100, "aid": 100}, ()),
        ({"sum": 200, "aid": 100}, ("before",)),
        ({"sum": 100_000, "aid": 0}, ()),
        ({"sum": 100_000, "aid": None}, ("aid", "before")),
    ],
)
def test_the_level_is_asked_for_only_where_two_shares_differ_below_the_cap(row: Row, asked: tuple[str, ...]) -> None:
    assert open_parts(TWO_SHARES, {**row, "before": None}, None) == list(asked)


def test_no_level_is_asked_for_where_more_is_taken_off_than_there_is() -> None:
    grant = two_shares((1, 1), (15, 100), less="aid", cap=1_000)
    assert open_parts(grant, {"sum": 100, "aid": 200, "before": None}, None) == []


def test_a_whole_share_of_what_is_left_may_be_nothing_while_what_is_taken_off_is_unknown() -> None:
    policies = probe(amount={"share": "100%", "of": "sum", "less": "aid"})
    assert judge(policies, {}, {"matter": "grant", "day": "2022-01-01", "sum": "5元"}).interval == (0, 500)


def yearly_of(grant: Grant, **facts: int | None) -> tuple[int | None, int | None]:
    """A year's interval of a grant for a claim with these facts."""
    frame = pl.DataFrame({"@": [0], **{name: [fact] for name, fact in facts.items()}})
    frame = frame.with_columns(pl.col(name).cast(pl.Int64) for name in facts)
    low, high = yearly([grant], lambda of: pl.lit(of(grant), pl.Int64))
    return frame.select(low=low, high=high).row(0)


def test_what_a_grant_does_not_state_is_nothing() -> None:
    assert yearly_of(Grant("unstated")) == (0, None)
    assert not Grant("unstated").once
    assert yearly_of(two_shares((1, 1), (0, 1)), sum=100, before=30) == (30, 30)


@pytest.mark.parametrize(("whole", "less", "left"), [(100, 0, 100), (100, -5, 100), (5, 10, 0), (5, 5, 0), (-5, -9, 0)])
def test_nothing_less_than_nothing_is_taken_off_and_nothing_less_than_nothing_is_left(
    whole: int, less: int, left: int
) -> None:
    grant = Grant("share", bands=(Band(None, (1, 1)),), of="sum", less="aid")
    assert yearly_of(grant, sum=whole, aid=less) == (left, left)


@pytest.mark.parametrize(
    ("rate", "over_rate", "low", "high"),
    [
        ((1, 1), (1, 4), 25, 100),
        ((1, 4), (1, 1), 25, 100),
        ((1, 2), (1, 2), 50, 50),
        ((1, 1), (0, 1), 0, 100),
        ((3, 10), (25, 100), 25, 30),
        ((1, 10), (15, 100), 10, 15),
    ],
)
def test_an_unknown_level_may_be_nothing_and_may_be_all_of_it(
    rate: tuple[int, int], over_rate: tuple[int, int], low: int, high: int
) -> None:
    assert yearly_of(two_shares(rate, over_rate), sum=100, before=None) == (low, high)


@pytest.mark.parametrize(("year", "count"), [(2021, 2), (2023, 1), (2024, 0), (2030, 0)])
def test_nothing_is_paid_once_a_span_is_over(year: int, count: int) -> None:
    grant = Grant("exactly", 5, 5, during=(2022, 2023))
    _, years = schedule([grant], lambda of: pl.lit(of(grant)), pl.lit(year), dated=pl.lit(value=True))
    assert pl.select(years).item() == count


@pytest.mark.parametrize(("dated", "first"), [(True, 2022), (False, None)])
def test_a_claim_without_a_year_is_paid_the_whole_span_from_its_first_year_if_it_is_dated(
    dated: bool, first: int | None
) -> None:
    grant = Grant("exactly", 5, 5, during=(2022, 2023))
    year, years = schedule([grant], lambda of: pl.lit(of(grant)), pl.lit(None, pl.Int32), dated=pl.lit(value=dated))
    assert pl.select(year=year, years=years).row(0) == (first, 2)


def test_nothing_more_is_asked_where_less_than_nothing_was_taken_off_nothing() -> None:
    grant = two_shares((1, 1), (0, 1), less="aid")
    assert open_parts(grant, {"sum": 0, "aid": -5, "before": None}, None) == []
    assert open_parts(grant, {"sum": 1, "aid": -5, "before": None}, None) == ["before"]


def test_a_single_fen_is_worth_a_question() -> None:
    share = Grant("share", bands=(Band(None, (1, 1)),), of="sum", less="aid")
    assert open_parts(share, {"sum": 1, "aid": None}, None) == ["aid"]
    twice = Grant("up_to", 0, 1, times=Times(2, Window(SEASON, None, None)))
    assert open_parts(twice, {}, None) == [""]
    assert open_parts(twice, {}, True) == []


def test_a_word_that_never_says_no_says_so() -> None:
    may, never = Compare(SEASON, "is", 2022), Compare(SEASON, "given", None)
    day = dt.date(2022, 1, 1)
    assert may.may_fail()
    assert not never.may_fail()
    assert InForce(SEASON, day, "excluded").may_fail()
    assert not InForce(SEASON, day, "unsettled").may_fail()
    assert not Happened(SEASON, day).may_fail()
    relations = [kind(("a",), "day", "matter") for kind in (HasEvent, FirstYears, Once, BackedBy)]
    assert [word.may_fail() for word in relations] == [True, True, False, False]
    assert Window(SEASON, day, None).may_fail()
    # Of a word that looks at nothing itself the parts are asked.
    others: list[Not | Sufficient | JudgedByOthers] = [Not(never), Sufficient(never, SAYS), JudgedByOthers(SAYS)]
    assert not any(word.open_facts({}) for word in others)


@pytest.mark.parametrize("kind", TYPES)
def test_only_a_date_has_two_ends_and_only_a_ratio_two_parts(kind: str) -> None:
    fact = Fact("x", "firm", kind, Text("", ""), Text("", ""), ratio=("a", "b") if kind == "ratio" else None)
    wanted = {"ratio": {"a", "b"}, "date": {"x", "x@until"}}.get(kind, {"x"})
    assert Compare(fact, "given", None).columns() == wanted


DAY = dt.date(2022, 3, 1)


def plain(kind: str, **more: Any) -> Fact:
    """A fact `x` of the firm."""
    return Fact("x", "firm", kind, Text("", ""), Text("", ""), **more)


@pytest.mark.parametrize(("first", "last", "asked"), [(1, 1, ()), (1, 31, ("day",)), (2, 31, ()), (None, None, ())])
def test_a_day_is_asked_for_only_while_it_may_be_past_and_may_be_to_come(
    first: int | None, last: int | None, asked: tuple[str, ...]
) -> None:
    ends = [each and dt.date(2022, 3, each) for each in (first, last)]
    word = Happened(replace(SEASON, key="day", type="date"), DAY)
    assert word.open_facts({"day": ends[0], "day@until": ends[1]}) == asked


def test_of_a_year_no_day_is_asked_for() -> None:
    assert Happened(SEASON, DAY).open_facts({"season": 2030}) == ()


@pytest.mark.parametrize(("first", "asked"), [(28, ("day",)), (1, ()), (2, ())])
def test_what_begins_on_the_first_day_in_force_is_in_force_all_along(first: int, asked: tuple[str, ...]) -> None:
    """28: 28 February."""
    day = dt.date(2022, 2 if first == 28 else 3, first)
    word = InForce(replace(SEASON, key="day", type="date"), DAY, "excluded")
    assert word.open_facts({"day": day, "day@until": dt.date(2022, 3, 31)}) == asked


def chosen(comparison: Comparison, value: Any, answers: int | None, blank_is: str | None = None) -> bool | None:
    """Whether a firm with these answers, a bit each, has the one of `lab`, `key-lab` and `work` that is asked for."""
    choices = tuple(Choice(key, Text("", "")) for key in ("lab", "key-lab", "work"))
    fact = plain("choices", choices=choices, blank_is=blank_is)
    frame = pl.DataFrame({"x": [answers]}, schema={"x": pl.UInt64})
    truth: bool | None = frame.select(Compare(fact, comparison, value).truth()).item()
    return truth


def test_an_answer_is_not_meant_by_another_whose_name_holds_it() -> None:
    assert chosen("is", "key-lab", 0b001) is False
    assert chosen("is", "key-lab", 0b010) is True
    assert chosen("is_not", "key-lab", 0b001) is True
    assert chosen("one_of", ("key-lab", "work"), 0b001) is False


def test_a_blank_stands_for_one_answer_and_no_other() -> None:
    """It may say yes; what would be no is unknown."""
    assert chosen("is", "lab", None, blank_is="lab") is True
    assert chosen("is_not", "key-lab", None, blank_is="lab") is True
    assert chosen("is", "key-lab", None, blank_is="lab") is None
    assert chosen("is", "lab", None, blank_is="work") is None
    assert chosen("is_not", "lab", None, blank_is="lab") is None
    assert chosen("is", "lab", None) is None


def test_a_whole_of_one_fen_is_a_whole() -> None:
    word = Compare(plain("ratio", ratio=("part", "whole")), "at_least", (3, 100))
    frame = pl.DataFrame({"part": [1, 0, 1], "whole": [1, 1, 0]})
    assert frame.select(word.truth()).to_series().to_list() == [True, False, None]
    assert word.open_facts({"part": None, "whole": 1}) == ("part",)
    assert word.open_facts({"part": None, "whole": 0}) == ()
    assert word.distance({"part": 0, "whole": 1}) == 1
    assert word.distance({"part": 0, "whole": 0}) is None


@pytest.mark.parametrize("kind", [each for each in TYPES if each not in ("ratio", "date")])
def test_what_is_known_is_not_asked_for_and_only_a_sum_is_so_many_fen_away(kind: str) -> None:
    word = Compare(plain(kind), "at_least", 5)
    assert word.open_facts({"x": 3}) == ()
    assert word.open_facts({"x": None}) == ("x",)
    assert word.distance({"x": 3}) == (2 if kind == "money" else None)
