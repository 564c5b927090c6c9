"""Edges at which mutation testing found nobody standing (`docs/mutation.md`)."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from ordos_subsidy.amounts import Grant, open_facts
from ordos_subsidy.conditions.base import Row
from ordos_subsidy.conditions.claims import Window
from ordos_subsidy.facts import Fact
from ordos_subsidy.words import Text
from tests.builders import LAB, compiled, judge, lab, measure, probe

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


TWO_SHARES = Grant(kind="share", of="sum", less="aid", over="before", rate=(1, 10), over_rate=(15, 100), cap=1_000)


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
    assert open_facts(TWO_SHARES, {**row, "before": None}, lambda _: ()) == asked


def test_no_level_is_asked_for_where_more_is_taken_off_than_there_is() -> None:
    grant = TWO_SHARES._replace(rate=(1, 1))
    assert open_facts(grant, {"sum": 100, "aid": 200, "before": None}, lambda _: ()) == ()


def test_a_whole_share_of_what_is_left_may_be_nothing_while_what_is_taken_off_is_unknown() -> None:
    policies = probe(amount={"share": "100%", "of": "sum", "less": "aid"})
    assert judge(policies, {}, {"matter": "grant", "day": "2022-01-01", "sum": "5元"}).interval == (0, 500)
