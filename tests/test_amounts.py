"""Amounts: every grant and its interval, what the unknown does to it, rounding, and the years it falls in."""

from __future__ import annotations

import datetime as dt
import math
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordos_subsidy.amounts import half_up
from ordos_subsidy.facts import MONEY_LIMIT
from ordos_subsidy.policies import Policies
from tests.builders import EXAMPLES, Judged, Raw, compiled, evaluated, judge, judged, lab, probe

WAN = 10_000_00
BIG = "999999999999.99元"
NOW: Raw = {"matter": "grant", "day": "2022-03-01"}
DAY = dt.date(2022, 3, 1)
SHARES = {
    years: probe(
        amount={
            "share": "33.33%",
            "of": "sum",
            "less": "aid",
            "cap": "123456.78万元",
            "years": years,
            "times": {"by": 3, "when": {"fact": "big", "is": True}},
        }
    )
    for years in (2, 3, 7, 50)
}


def granted(amount: Raw, **facts: Any) -> Judged:
    """What an amount comes to for an event of 2022 whose facts, and the firm's, are given."""
    event = NOW | {key: facts.pop(key) for key in ("sum", "aid", "day") if key in facts}
    return judge(probe(amount=amount), facts, event)


# --- the grants


@pytest.mark.parametrize(
    ("amount", "low", "high"),
    [
        ({"exactly": "300万元"}, 300 * WAN, 300 * WAN),
        ({"up_to": "500万元"}, 0, 500 * WAN),
        ({"at_least": "200万元"}, 200 * WAN, None),
        ({"unstated": True}, 0, None),
        ({"share": "10%", "of": "sum"}, 30 * WAN, 30 * WAN),
        ({"exactly": "0.01元"}, 1, 1),
    ],
)
def test_each_grant_has_its_interval(amount: Raw, low: int, high: int | None) -> None:
    """A cap is never presented as a sum one will get, a floor never as all there is."""
    assert granted(amount, sum="300万元").interval == (low, high)


@pytest.mark.parametrize(
    ("amount", "low", "high"),
    [
        ({"exactly": "300万元"}, 0, 300 * WAN),
        ({"up_to": "500万元"}, 0, 500 * WAN),
        ({"at_least": "200万元"}, 0, None),
        ({"unstated": True}, 0, None),
        ({"share": "10%", "of": "sum"}, 0, 30 * WAN),
    ],
)
def test_an_unknown_verdict_keeps_the_high_and_a_no_keeps_nothing(amount: Raw, low: int, high: int | None) -> None:
    """`when(unknown)` takes the else branch: it must be the one that keeps the high and drops the low."""
    policies = probe(amount=amount, when={"fact": "big", "is": True})
    event = {**NOW, "sum": "300万元"}
    assert judge(policies, {}, event).interval == (low, high)
    refused = judge(policies, {"big": False}, event)
    assert (refused.interval, refused.slices) == ((0, 0), [])


def test_a_share_is_cut_at_its_cap() -> None:
    """One fen below the cap is itself, at and above it the cap."""
    amount = {"share": "20%", "of": "sum", "cap": "500万元"}
    found = [granted(amount, sum=each).interval for each in ("2499.9999万元", "2500万元", "1亿元")]
    assert found == [(499_9999_80, 499_9999_80), (500 * WAN, 500 * WAN), (500 * WAN, 500 * WAN)]


def test_a_share_of_an_unknown_is_open_up_to_its_cap() -> None:
    """The verdict stays: only the interval opens."""
    assert granted({"share": "10%", "of": "sum"})[:3] == ("yes", 0, None)
    assert granted({"share": "10%", "of": "sum", "cap": "500万元"})[:3] == ("yes", 0, 500 * WAN)
    assert granted({"share": "10%", "of": "sum", "cap": "500万元"}).missing == ("sum",)


@pytest.mark.parametrize(
    ("facts", "low", "high", "missing"),
    [
        ({"sum": "100万元", "aid": "40万元"}, 12 * WAN, 12 * WAN, ()),
        ({"sum": "100万元", "aid": 0}, 20 * WAN, 20 * WAN, ()),
        ({"sum": "40万元", "aid": "100万元"}, 0, 0, ()),
        ({"sum": "100万元"}, 0, 20 * WAN, ("aid",)),
        ({"sum": "1亿元"}, 0, 500 * WAN, ("aid",)),
        ({"aid": "40万元"}, 0, 500 * WAN, ("sum",)),
        ({}, 0, 500 * WAN, ("sum", "aid")),
        ({"sum": 0}, 0, 0, ()),
        ({"sum": "0.02元"}, 0, 0, ()),
    ],
)
def test_what_is_taken_off_a_basis_never_leaves_less_than_nothing(
    facts: Raw, low: int, high: int | None, missing: tuple[str, ...]
) -> None:
    """Of a known basis less an unknown no more can remain than the whole; of nothing nothing is taken."""
    found = granted({"share": "20%", "of": "sum", "less": "aid", "cap": "500万元"}, **facts)
    assert (found.interval, found.missing) == ((low, high), missing)


def test_a_negative_basis_is_none() -> None:
    """A loss is not taken back, and what is taken off is never negative."""
    amount = {"share": "20%", "of": "sum", "less": "aid"}
    assert granted(amount, sum="-100元", aid=0).interval == (0, 0)
    assert granted(amount, sum="100元", aid="-100元").interval == (2000, 2000)
    increment = {"share": "100%", "of": "cost", "increment": {"over": "before", "share": "150%"}}
    assert granted(increment, cost="100元", before="-100元").interval == (150_00, 150_00)


def test_the_least_of_an_unknown_is_nothing_at_all() -> None:
    """Not a fen, even where a whole fen would be paid in full."""
    assert granted({"share": "100%", "of": "sum", "less": "aid"}, sum="1元").interval == (0, 100)
    assert granted({"share": "100%", "of": "sum"}).interval == (0, None)


@pytest.mark.parametrize(
    ("fee", "high", "missing"),
    [
        ("300万元", 300 * WAN, ()),
        ("1000万元", 1000 * WAN, ()),
        ("1001万元", 1000 * WAN, ()),
        (0, 0, ()),
        ("-1元", 0, ()),
        ("", 1000 * WAN, ("sum",)),
    ],
)
def test_within_a_fact_the_cap_is_the_lesser_of_both(fee: Any, high: int, missing: tuple[str, ...]) -> None:
    """While the fact is unknown the cap alone holds: min_horizontal skips a null, here on purpose."""
    found = granted({"up_to": "1000万元", "within": "sum"}, sum=fee)
    assert (found.interval, found.missing) == ((0, high), missing)


# --- increment and multiple


@pytest.mark.parametrize(
    ("facts", "low", "high", "missing"),
    [
        ({"cost": "1000万元", "before": "800万元"}, 1100, 1100, ()),
        ({"cost": "700万元", "before": "800万元"}, 700, 700, ()),
        ({"cost": "800万元", "before": "800万元"}, 800, 800, ()),
        ({"cost": "1000万元", "before": 0}, 1500, 1500, ()),
        ({"cost": "1000万元"}, 1000, 1500, ("before",)),
        ({"before": "800万元"}, 0, None, ("cost",)),
        ({}, 0, None, ("cost", "before")),
        ({"cost": 0}, 0, 0, ()),
    ],
)
def test_what_exceeds_a_level_counts_at_a_share_of_its_own(
    facts: Raw, low: int, high: int | None, missing: tuple[str, ...]
) -> None:
    """An unknown level leaves the amount between all at the one share and all at the other."""
    amount = {"share": "100%", "of": "cost", "increment": {"over": "before", "share": "150%"}}
    found = granted(amount, **facts)
    assert found.interval == (low * WAN, None if high is None else high * WAN)
    assert found.missing == missing


def test_an_increment_may_count_for_less() -> None:
    """Then all of it as increment is the least, and the bounds change places."""
    amount = {"share": "100%", "of": "cost", "increment": {"over": "before", "share": "50%"}}
    assert granted(amount, cost="1000元", before="800元").interval == (900_00, 900_00)
    assert granted(amount, cost="1000元").interval == (500_00, 1000_00)
    assert granted({**amount, "increment": {"over": "before", "share": "100%"}}, cost="1元").missing == ()


def test_a_level_is_asked_for_only_where_it_changes_the_sum() -> None:
    """Not where the cap cuts either sum; but what is taken off may bring the basis below the cap again."""
    amount = {"share": "100%", "of": "cost", "increment": {"over": "before", "share": "150%"}, "cap": "5元"}
    assert granted(amount, cost="10元")[1:3] == (500, 500)
    assert [granted(amount, cost=cost).missing for cost in ("5元", "4.99元", 0)] == [(), ("before",), ()]
    less = amount | {"less": "sales"}
    assert granted(less, cost="10元").missing == ("sales", "before")
    assert [granted(less, cost="10元", sales=off).missing for off in ("5元", "5.01元", "10元")] == [(), ("before",), ()]


@pytest.mark.parametrize(
    ("amount", "plain", "twice", "either"),
    [
        ({"up_to": "500万元"}, (0, 500), (0, 1000), (0, 1000)),
        ({"exactly": "500万元"}, (500, 500), (1000, 1000), (500, 1000)),
        ({"at_least": "500万元"}, (500, None), (1000, None), (500, None)),
        ({"share": "50%", "of": "sum", "cap": "300万元"}, (300, 300), (600, 600), (300, 600)),
        ({"up_to": "500万元", "within": "sum"}, (0, 500), (0, 1000), (0, 1000)),
        ({"unstated": True}, (0, None), (0, None), (0, None)),
    ],
)
def test_a_multiple_that_is_unknown_covers_both(amount: Raw, plain: Any, twice: Any, either: Any) -> None:
    """The low is the one of the simple amount, the high the one of the multiple; the cap is multiplied too."""
    times = {"times": {"by": 2, "when": {"fact": "big", "is": True}}}
    for big, wanted in ((False, plain), (True, twice), ("", either)):
        found = granted(amount | times, sum="1000万元", big=big)
        assert found.interval == tuple(None if each is None else each * WAN for each in wanted)
        assert found.missing == (("big",) if big == "" and plain != twice else ())


def test_a_multiple_is_asked_for_only_where_it_changes_the_sum() -> None:
    """Not where another limit holds anyway, and not of nothing."""
    times = {"times": {"by": 2, "when": {"fact": "big", "is": True}}}
    assert granted({"up_to": "500元", "within": "sum", **times}, sum="500元").missing == ()
    assert granted({"up_to": "500元", "within": "sum", **times}, sum="501元").missing == ("big",)
    assert granted({"share": "10%", "of": "sum", **times}, sum=0).missing == ()


# --- exactness


@pytest.mark.parametrize(
    ("basis", "rate", "fen"),
    [
        ("0.05元", "10%", 1),
        ("0.04元", "10%", 0),
        ("0.14元", "10%", 1),
        ("0.15元", "10%", 2),
        ("0.01元", "50%", 1),
        ("100.01元", "37.5%", 3750),
        ("100.04元", "37.5%", 3752),
        ("0.01元", "100%", 1),
        ("33.34元", "10%", 333),
    ],
)
def test_half_a_fen_is_rounded_up_and_less_is_dropped(basis: str, rate: str, fen: int) -> None:
    """Only a share makes fractions of a fen, and they are rounded once."""
    assert granted({"share": rate, "of": "sum"}, sum=basis).interval == (fen, fen)


@given(st.integers(0, MONEY_LIMIT), st.integers(0, 10_000), st.integers(1, 10_000))
def test_a_share_is_exact_for_any_sum(whole: int, part: int, parts: int) -> None:
    """Against exact fractions, up to the greatest sum and the finest share; nothing overflows."""
    frame = pl.DataFrame({"whole": [whole]}, schema={"whole": pl.Int64})
    found = frame.select(half_up(pl.col("whole"), (pl.lit(part, pl.Int64), pl.lit(parts, pl.Int64)))).item()
    assert found == math.floor(Fraction(whole * part, parts) + Fraction(1, 2))


@given(
    cost=st.integers(0, MONEY_LIMIT),
    before=st.none() | st.integers(0, MONEY_LIMIT),
    rates=st.tuples(
        st.sampled_from(["100%", "0.01%", "33.33%", "99.99%"]), st.sampled_from(["150%", "0.03%", "12.34%"])
    ),
)
def test_an_increment_is_exact_for_any_sums(cost: int, before: int | None, rates: tuple[str, str]) -> None:
    """Two fine shares of the greatest sums do not overflow either, and the two parts are rounded together."""
    policies = increments(*rates)
    one, other = (Fraction(rate.removesuffix("%")) / 100 for rate in rates)
    levels = [0, cost] if before is None else [before]
    sums = [math.floor(min(cost, level) * one + max(cost - level, 0) * other + Fraction(1, 2)) for level in levels]
    outcome = evaluated(policies, {"season": 2022, "cost": cost, "before": before}, typed=True)
    assert judged(outcome).interval == (min(sums), max(sums))


def increments(share: str, over: str) -> Policies:
    amount = {"share": share, "of": "cost", "increment": {"over": "before", "share": over}}
    return probe(category="credit", claims=["accounts"], amount=amount)


def test_the_greatest_sums_are_paid_over_many_years() -> None:
    """Nothing overflows where each year brings a trillion."""
    found = granted({"at_least": BIG, "years": 50, "times": {"by": 100, "when": {"fact": "big", "is": True}}}, big=True)
    assert found.interval == ((MONEY_LIMIT - 1) * 5000, None)


# --- years


def test_years_run_from_the_year_of_the_event() -> None:
    """Five years from 2022 are 2022 to 2026, the last day of a year included in it."""
    found = granted({"at_least": "200万元", "years": 5}, day="2022-12-31")
    assert found.interval == (1000 * WAN, None)
    assert found.slices == [(year, 200 * WAN, None) for year in range(2022, 2027)]


def test_a_one_off_falls_in_the_year_of_its_event() -> None:
    """However vague the day, the year is known."""
    for day in ("2022-03-01", "2022-03", "2022"):
        assert granted({"exactly": "5万元"}, day=day).slices == [(2022, 5 * WAN, 5 * WAN)]


def test_without_a_date_the_whole_falls_in_no_year() -> None:
    """One slice with the whole of it; the verdict is unknown anyway."""
    found = granted({"at_least": "200万元", "years": 5}, day="")
    assert (found.interval, found.slices) == ((0, None), [(None, 0, None)])
    assert granted({"exactly": "2万元", "years": 3}, day="").slices == [(None, 0, 6 * WAN)]


@pytest.mark.parametrize(
    ("day", "years"),
    [("2021-07-01", range(2021, 2026)), ("2023", range(2023, 2026)), ("2025-12-31", range(2025, 2026))],
)
def test_a_span_of_years_ends_when_it_ends(day: str, years: range) -> None:
    """Each year from the event's to the last of the span, that one included."""
    found = granted({"up_to": "1000万元", "during": [2021, 2025]}, day=day)
    assert found.interval == (0, len(years) * 1000 * WAN)
    assert found.slices == [(year, 0, 1000 * WAN) for year in years]


def test_a_span_of_years_begins_when_it_begins() -> None:
    """An event before it is paid from its first year on."""
    found = granted({"exactly": "1元", "during": [2024, 2025]}, day="2022-01-01")
    assert found.slices == [(2024, 100, 100), (2025, 100, 100)]


def test_after_its_span_an_award_is_out() -> None:
    """No, not a yes to nothing; and without a date the whole span is possible."""
    amount = {"up_to": "1000万元", "during": [2021, 2025]}
    assert granted(amount, day="2026-01-01")[:4] == ("no", 0, 0, [])
    assert granted(amount, day="")[:4] == ("unknown", 0, 5000 * WAN, [(None, 0, 5000 * WAN)])


def test_a_sum_spread_over_years_has_no_split() -> None:
    """The plan states the whole and at most so many years: it is not multiplied and falls in no year."""
    found = granted({"up_to": "20000万元", "spread": 5})
    assert (found.interval, found.slices) == ((0, 20_000 * WAN), [(None, 0, 20_000 * WAN)])


def test_an_award_of_the_accounts_falls_in_their_year() -> None:
    """And in none while the year is unknown."""
    policies = probe(claims=["accounts"], amount={"exactly": "1元", "years": 2})
    assert judge(policies, {"season": 2022}).slices == [(2022, 100, 100), (2023, 100, 100)]
    assert judge(policies, {}).slices == [(None, 200, 200)]


@given(
    basis=st.integers(0, MONEY_LIMIT),
    aid=st.none() | st.integers(0, MONEY_LIMIT),
    big=st.sampled_from([True, False, None]),
    years=st.sampled_from([2, 3, 7, 50]),
)
def test_slices_add_up_to_the_whole(basis: int, aid: int | None, big: bool | None, years: int) -> None:
    """Each year is rounded, and the whole is that sum times the years: no fen is lost between them."""
    event = {"matter": "grant", "day": (DAY, DAY), "sum": basis, "aid": aid}
    found = judged(evaluated(SHARES[years], {"big": big, "events": [event]}, typed=True))
    assert sum(low for _, low, _ in found.slices) == found.low
    assert sum(high or 0 for _, _, high in found.slices) == found.high
    assert [year for year, _, _ in found.slices] == list(range(2022, 2022 + years))


def test_measures_of_one_shape_keep_their_own_figures() -> None:
    """Measures judged in one pass differ in sum, kind, years and document, and each keeps its own."""
    plain = {
        "id": "other",
        "clause": 1,
        "category": "award",
        "title": {"zh": "别", "en": "other"},
        "examples": EXAMPLES,
    }
    document = lab_with(
        {**plain, "claims": ["prize"], "amount": {"at_least": "2元", "years": 2}},
        {**plain, "id": "third", "claims": ["medal"], "amount": {"up_to": "3元", "during": [2021, 2022]}},
        {**plain, "id": "fourth", "claims": ["grant"], "amount": {"unstated": True}},
    )
    events = [{**NOW, "matter": matter} for matter in ("grant", "prize", "medal")]
    found = {name: judge(document, {}, *events, id_=name)[1:4] for name in ("probe", "other", "third", "fourth")}
    assert found == {
        "probe": (100, 100, [(2022, 100, 100)]),
        "other": (400, None, [(2022, 200, None), (2023, 200, None)]),
        "third": (0, 300, [(2022, 0, 300)]),
        "fourth": (0, None, [(2022, 0, None)]),
    }


def lab_with(*measures: Raw) -> Policies:
    document = lab()
    document["measure"] += measures
    return compiled(document)
