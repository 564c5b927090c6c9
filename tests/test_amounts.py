"""Amounts: every grant and its interval, what the unknown does to it, rounding, and the years it falls in."""

from __future__ import annotations

import datetime as dt
import math
import re
from fractions import Fraction
from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordos_subsidy.amounts import Band, Grant, half_up, interval, yearly
from ordos_subsidy.errors import InvalidPolicy
from ordos_subsidy.facts import MONEY_LIMIT
from ordos_subsidy.policy import Policies
from tests.builders import EXAMPLES, LATE, Judged, Raw, compiled, evaluated, judge, judged, lab, measure, probe

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


def above(level: str, one: str, other: str) -> Raw:
    """One share of the cost up to a level, and another of what exceeds it."""
    return {"of": "cost", "marginal": [{"to": level, "share": one}, {"share": other}]}


INCREASE = above("before", "100%", "150%")
BANDS: Raw = {
    "of": "sum",
    "marginal": [{"to": "100元", "share": "10%"}, {"to": "200元", "share": "20%"}, {"share": "0%"}],
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
    assert granted(INCREASE, cost="100元", before="-100元").interval == (150_00, 150_00)


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


# --- marginal bands and multiple


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
    found = granted(INCREASE, **facts)
    assert found.interval == (low * WAN, None if high is None else high * WAN)
    assert found.missing == missing


def test_what_exceeds_a_level_may_count_for_less() -> None:
    """Then all of it above the level is the least, and the bounds change places."""
    amount = above("before", "100%", "50%")
    assert granted(amount, cost="1000元", before="800元").interval == (900_00, 900_00)
    assert granted(amount, cost="1000元").interval == (500_00, 1000_00)
    assert granted(above("before", "100%", "100%"), cost="1元").missing == ()


def test_a_level_is_asked_for_only_where_it_changes_the_sum() -> None:
    """Not where the cap cuts either sum; but what is taken off may bring the basis below the cap again."""
    amount = INCREASE | {"cap": "5元"}
    assert granted(amount, cost="10元")[1:3] == (500, 500)
    assert [granted(amount, cost=cost).missing for cost in ("5元", "4.99元", 0)] == [(), ("before",), ()]
    less = amount | {"less": "sales"}
    assert granted(less, cost="10元").missing == ("sales", "before")
    assert [granted(less, cost="10元", sales=off).missing for off in ("5元", "5.01元", "10元")] == [(), ("before",), ()]


@pytest.mark.parametrize(
    ("basis", "fen"),
    [
        ("99.99元", 10_00),
        ("100元", 10_00),
        ("100.01元", 10_00),
        ("100.03元", 10_01),
        ("200元", 30_00),
        ("200.01元", 30_00),
        ("201元", 30_00),
        ("-5元", 0),
        (0, 0),
    ],
)
def test_each_part_of_a_basis_counts_at_the_share_of_its_band(basis: Any, fen: int) -> None:
    """A tenth of the first hundred, a fifth of the second, nothing of the rest: rounded once, at the end."""
    assert granted(BANDS, sum=basis).interval == (fen, fen)


def test_bands_are_of_what_is_left_and_cut_at_their_cap() -> None:
    """As a single share is: what is taken off comes off the top, and an unknown leaves the interval open."""
    assert granted(BANDS | {"less": "aid"}, sum="200元", aid="50元").interval == (20_00, 20_00)
    assert granted(BANDS | {"less": "aid"}, sum="200元").interval == (0, 30_00)
    assert granted(BANDS | {"cap": "25元"}, sum="180元").interval == (25_00, 25_00)
    assert granted(BANDS).interval == (0, None)
    assert granted(BANDS | {"cap": "25元"}).interval == (0, 25_00)


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
def test_shares_below_and_above_a_level_are_exact_for_any_sums(
    cost: int, before: int | None, rates: tuple[str, str]
) -> None:
    """Two fine shares of the greatest sums do not overflow either, and the two parts are rounded together."""
    policies = probe(category="credit", claims=["accounts"], amount=above("before", *rates))
    one, other = (Fraction(rate.removesuffix("%")) / 100 for rate in rates)
    levels = [0, cost] if before is None else [before]
    sums = [math.floor(min(cost, level) * one + max(cost - level, 0) * other + Fraction(1, 2)) for level in levels]
    outcome = evaluated(policies, {"season": 2022, "cost": cost, "before": before}, typed=True)
    assert judged(outcome).interval == (min(sums), max(sums))


@st.composite
def marginal(draw: st.DrawFn) -> tuple[Grant, list[tuple[int | None, Fraction]]]:
    """A grant in bands, and the same as bounds and exact shares."""
    ends = sorted(draw(st.sets(st.integers(1, MONEY_LIMIT) | st.integers(1, 50), max_size=4)))
    rates = draw(st.lists(RATES, min_size=len(ends) + 1, max_size=len(ends) + 1))
    bands = tuple(Band(end, rate) for end, rate in zip([*ends, None], rates, strict=True))
    exact = [(end, Fraction(*rate)) for end, rate in zip([*ends, None], rates, strict=True)]
    return Grant("share", bands=bands, of="sum"), exact


RATES = st.sampled_from([(0, 1), (1, 10_000), (3333, 10_000), (3, 8), (1, 1), (3, 2), (9_999, 10_000)])


def at(grant: Grant, basis: int) -> int:
    """What a grant comes to for a known basis, by both ways of computing it."""
    frame = pl.DataFrame({"sum": [basis]}, schema={"sum": pl.Int64})
    low, high = yearly([grant], lambda of: pl.lit(of(grant), pl.Int64))
    found: tuple[int, int] = frame.select(low=low, high=high).row(0)
    assert found == interval(grant, {"sum": basis}, None) == (found[0], found[0])
    return found[0]


@given(drawn=marginal(), data=st.data())
def test_marginal_bands_are_exact_to_the_fen(
    drawn: tuple[Grant, list[tuple[int | None, Fraction]]], data: st.DataObject
) -> None:
    """Against exact fractions, for any bounds and shares and at any basis, each bound and its neighbours included."""
    grant, bands = drawn
    bounds = [end + step for end, _ in bands if end for step in (-1, 0, 1)]
    basis = data.draw(st.integers(0, MONEY_LIMIT) | st.sampled_from(bounds or [0]))
    exact, start = Fraction(0), 0
    for end, rate in bands:
        reached = basis if end is None else min(basis, end)
        exact, start = exact + max(reached - start, 0) * rate, max(start, reached)
    assert at(grant, basis) == math.floor(exact + Fraction(1, 2))


@given(drawn=marginal(), data=st.data())
def test_marginal_bands_never_fall_and_never_jump(
    drawn: tuple[Grant, list[tuple[int | None, Fraction]]], data: st.DataObject
) -> None:
    """One fen more of the basis is never worth less, and at no bound worth more than its share and the rounding."""
    grant, bands = drawn
    bounds = [end + step for end, _ in bands if end for step in (-1, 0)]
    basis = data.draw(st.integers(0, MONEY_LIMIT - 1) | st.sampled_from(bounds or [0]))
    step = at(grant, basis + 1) - at(grant, basis)
    assert 0 <= step <= max(rate for _, rate in bands) + 1


@given(basis=st.integers(0, MONEY_LIMIT), level=st.integers(0, MONEY_LIMIT), rates=st.tuples(RATES, RATES))
def test_a_level_that_is_a_fact_is_as_one_that_is_stated(
    basis: int, level: int, rates: tuple[tuple[int, int], tuple[int, int]]
) -> None:
    """The same sum whether the bound stands in the file or in the table."""
    stated = Grant("share", bands=(Band(level, rates[0]), Band(None, rates[1])), of="sum")
    of_fact = stated._replace(bands=(Band("cost", rates[0]), Band(None, rates[1])))
    assert interval(of_fact, {"sum": basis, "cost": level}, None) == interval(stated, {"sum": basis}, None)


# --- tiers

BY_STAFF: Raw = {
    "by": "staff",
    "tiers": [
        {"below": 10, "exactly": "1元"},
        {"from": 10, "to": 20, "up_to": "6元"},
        {"above": 20, "at_least": "6元"},
    ],
}
BY_SHAPE: Raw = {
    "by": "shape",
    "tiers": [{"of": ["round", "long"], "exactly": "3元"}, {"of": ["square"], "up_to": "9元"}],
}


@pytest.mark.parametrize(
    ("amount", "facts", "low", "high"),
    [
        (BY_SHAPE, {"shape": "round"}, 300, 300),
        (BY_SHAPE, {"shape": "long"}, 300, 300),
        (BY_SHAPE, {"shape": "square"}, 0, 900),
        (BY_SHAPE, {}, 0, 900),
        (BY_STAFF, {"staff": 9}, 100, 100),
        (BY_STAFF, {"staff": 10}, 0, 600),
        (BY_STAFF, {"staff": 20}, 0, 600),
        (BY_STAFF, {"staff": 21}, 600, None),
        (BY_STAFF, {}, 0, None),
        ({"by": "big", "tiers": [{"of": ["yes"], "exactly": "5元"}, {"of": ["no"], "exactly": "2元"}]}, {}, 200, 500),
        ({"by": "big", "tiers": [{"of": ["yes", "no"], "exactly": "5元"}]}, {}, 500, 500),
        (BY_SHAPE | {"years": 3}, {"shape": "round"}, 900, 900),
        (BY_SHAPE | {"times": {"by": 2, "when": {"fact": "big", "is": True}}}, {"shape": "square"}, 0, 1800),
    ],
)
def test_the_answer_of_a_fact_chooses_the_tier(amount: Raw, facts: Raw, low: int, high: int | None) -> None:
    """And while it is unknown the amount lies between the least and the most of all."""
    assert granted(amount, **facts).interval == (low, high)


def test_the_fact_that_chooses_is_asked_for_where_tiers_differ() -> None:
    """Not where all are alike, and not once it is known."""
    assert granted(BY_SHAPE).missing == ("shape",)
    assert granted(BY_SHAPE, shape="round").missing == ()
    alike = {
        "by": "shape",
        "tiers": [{"of": ["round"], "exactly": "3元"}, {"of": ["long", "square"], "exactly": "3元"}],
    }
    assert granted(alike).missing == ()


def test_measures_with_tiers_of_their_own_are_kept_apart() -> None:
    """Two measures of one pass that differ in nothing but their sums each keep their own."""
    other = {"by": "shape", "tiers": [{"of": ["round", "long"], "exactly": "4元"}, {"of": ["square"], "up_to": "8元"}]}
    document = lab(amount=BY_SHAPE)
    document["measure"].append(measure(id="other", claims=["prize"], amount=other))
    events = [{**NOW, "matter": matter} for matter in ("grant", "prize")]
    found = [judge(compiled(document), {"shape": "long"}, *events, id_=name).interval for name in ("probe", "other")]
    assert found == [(300, 300), (400, 400)]


@st.composite
def bands(draw: st.DrawFn) -> tuple[str, Raw, list[int]]:
    """Bands of a number that leave no gap and do not overlap: the fact, the amount, and the first of each but one."""
    fact, unit = draw(st.sampled_from([("staff", ""), ("cost", "元"), ("local", "%"), ("season", "")]))
    steps = {"": 1, "元": 100, "%": 10_000}[unit]
    low = 1900 if fact == "season" else 1
    starts = sorted(2 * each for each in draw(st.sets(st.integers(low // 2 + 1, 1050), min_size=1, max_size=4)))
    sums = draw(st.lists(st.integers(0, 99), min_size=len(starts) + 1, max_size=len(starts) + 1))
    included = draw(st.lists(st.booleans(), min_size=len(starts), max_size=len(starts)))
    tiers: list[Raw] = [{"exactly": f"{each}元"} for each in sums]
    for nth, (start, mine) in enumerate(zip(starts, included, strict=True)):
        written = start if not unit else f"{start}{unit}"
        # Either this band holds its lower bound, or the band below holds it.
        tiers[nth] |= {"below" if mine else "to": written}
        tiers[nth + 1] |= {"from" if mine else "above": written}
    firsts = [start * steps + (not mine) for start, mine in zip(starts, included, strict=True)]
    return fact, {"by": fact, "tiers": tiers}, firsts


@given(bands())
def test_a_band_is_exact_at_each_bound_from_both_sides(drawn: tuple[str, Raw, list[int]]) -> None:
    """The last of one and the first of the next, whether the bound is included above or below."""
    fact, amount, firsts = drawn
    policies = probe(claims=["accounts"], amount=amount)
    sums = [int(each["exactly"].removesuffix("元")) * 100 for each in amount["tiers"]]
    numbers = [first + step for first in firsts for step in (-1, 0)]
    outcome = evaluated(policies, *({"season": 2022, fact: number} for number in numbers), typed=True)
    mine = outcome.awards.filter(outcome.awards["measure"] == "probe").sort("firm")
    grant = next(each.grant for each in policies.measures if each.id == "probe")
    assert grant
    for number, low in zip(numbers, mine["low"], strict=True):
        chosen = sum(number >= first for first in firsts)
        if fact != "season" or number <= LATE.year:
            assert low == sums[chosen]
        assert interval(grant, {fact: number}, None) == (sums[chosen], sums[chosen])


@given(bands(), st.data())
def test_a_gap_or_an_overlap_of_bands_is_named_and_not_guessed(
    drawn: tuple[str, Raw, list[int]], data: st.DataObject
) -> None:
    """Once a bound is moved up or down, `check` says which band is wrong."""
    fact, amount, _ = drawn
    tiers = [dict(each) for each in amount["tiers"]]
    nth = data.draw(st.integers(1, len(tiers) - 1))
    key = "from" if "from" in tiers[nth] else "above"
    step = data.draw(st.sampled_from([-1, 1]))
    written = re.sub(r"^\d+", lambda found: str(int(found[0]) + step), str(tiers[nth][key]))
    tiers[nth][key] = int(written) if isinstance(tiers[nth][key], int) else written
    with pytest.raises(InvalidPolicy) as refused:
        probe(claims=["accounts"], amount={"by": fact, "tiers": tiers})
    codes = {each.code: each.where for each in refused.value.problems}
    code = "policy.tier-gap" if step == 1 else "policy.tier-overlap"
    assert codes[code] == f"lab.toml: measure probe.amount.tiers[{nth}]"


@given(bands())
def test_tiers_that_are_said_not_to_fall_do_not_fall(drawn: tuple[str, Raw, list[int]]) -> None:
    """Refused where one pays less than the one before, and never less for more where it is not."""
    _, amount, _ = drawn
    sums = [int(each["exactly"].removesuffix("元")) for each in amount["tiers"]]
    falls = [n for n, (one, two) in enumerate(pairwise(sums), 1) if two < one]
    document = lab(claims=["accounts"], amount=amount | {"monotone": True})
    if not falls:
        assert sums == sorted(sums)
        compiled(document)
        return
    with pytest.raises(InvalidPolicy) as refused:
        compiled(document)
    assert [(each.code, each.where[-2:-1]) for each in refused.value.problems] == [
        ("policy.tier-falls", str(n)) for n in falls
    ]


# --- limits of a single row


def test_a_row_is_cut_at_its_limits() -> None:
    """At the limit a year each year, at the limit in all the whole; slices add up to the fen."""
    yearly_ = probe(amount={"exactly": "7元", "years": 3}, limit={"a_year": "5元"})
    assert judge(yearly_, {}, NOW).slices == [(year, 500, 500) for year in (2022, 2023, 2024)]
    whole = probe(amount={"exactly": "7元", "years": 3}, limit={"in_all": "10元"})
    assert judge(whole, {}, NOW)[1:4] == (1000, 1000, [(2022, 333, 333), (2023, 333, 333), (2024, 334, 334)])
    open_ = probe(amount={"at_least": "7元", "years": 2}, limit={"a_year": "9元"})
    assert judge(open_, {}, NOW).interval == (1400, 1800)
    assert judge(probe(amount={"unstated": True}, limit={"in_all": "9元"}), {}, NOW).interval == (0, 900)
    share = probe(amount={"share": "100%", "of": "sum"}, limit={"a_year": "5元"})
    assert [judge(share, {}, {**NOW, "sum": each}).interval for each in ("4.99元", "5.01元", "")] == [
        (499, 499), (500, 500), (0, 500),
    ]  # fmt: skip


def test_without_a_year_a_limit_a_year_holds_for_each_of_the_years() -> None:
    """An undated row of three years may be three times the limit."""
    policies = probe(amount={"exactly": "7元", "years": 3}, limit={"a_year": "5元"})
    assert judge(policies, {}, {"matter": "grant"}).slices == [(None, 0, 1500)]


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


@pytest.mark.parametrize(
    ("day", "year"), [("2021-06-18", None), ("2021-05", None), ("2020", None), ("2021", 2021), ("2021-06", 2021)]
)
def test_what_surely_lies_before_the_policy_has_no_year(day: str, year: int | None) -> None:
    """No money falls before the plan: one slice with the whole of it; what is known as its first year is of that."""
    amount: Raw = {"exactly": "2元", "years": 2}
    slices = [(None, 0, 400)] if year is None else [(2021, 0, 200), (2022, 0, 200)]
    assert granted(amount, day=day).slices == slices
    accounts = probe(claims=["accounts"], amount=amount)
    assert judge(accounts, {"season": 2020}).slices == [(None, 400, 400)]
    assert judge(accounts, {"season": 2021}).slices == [(2021, 200, 200), (2022, 200, 200)]


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
    """An event before it is paid from its first year on, one from before the policy too: the plan states the years."""
    found = granted({"exactly": "1元", "during": [2024, 2025]}, day="2022-01-01")
    assert found.slices == [(2024, 100, 100), (2025, 100, 100)]
    older = granted({"exactly": "1元", "during": [2021, 2022]}, day="2020-01-01")
    assert older.slices == [(2021, 0, 100), (2022, 0, 100)]


def test_after_its_span_an_award_is_out() -> None:
    """No, not a yes to nothing; and without a date the whole span is possible."""
    amount = {"up_to": "1000万元", "during": [2021, 2025]}
    assert granted(amount, day="2026-01-01")[:4] == ("no", 0, 0, [])
    assert granted(amount, day="")[:4] == ("unknown", 0, 5000 * WAN, [(None, 0, 5000 * WAN)])


def test_a_sum_spread_over_years_has_no_split() -> None:
    """The plan states the whole and at most so many years: it falls in no one year, but within those from its date."""
    policies = probe(amount={"up_to": "20000万元", "spread": 5})
    for day, first in (("2022-03-01", 2022), ("2021", 2021), ("2020", None), ("", None)):
        outcome = evaluated(policies, {"events": [{**NOW, "day": day}]})
        found = judged(outcome)
        assert (found.interval, found.slices) == ((0, 20_000 * WAN), [(None, 0, 20_000 * WAN)])
        mine = outcome.schedule.filter(outcome.schedule["version"] == 1)
        assert mine["within"].to_list() == [first]


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
