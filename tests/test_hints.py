"""Hints: exactly followed they reach the measure, one fen less does not; and nothing else is advised."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ordos_subsidy import hints
from ordos_subsidy.advice import Award
from ordos_subsidy.evaluation import Outcome
from ordos_subsidy.hints import Hint, near_misses, within_reach
from ordos_subsidy.policy import Category, Policies
from tests.builders import HARBOUR, LATE, ORDOS, Raw, compiled, evaluated, firms, judge, lab, policy, probe, raw
from tests.strategies import ON, Figures, rules

ALL: tuple[Category, ...] = ("award", "credit", "preference")
NOW: Raw = {"matter": "grant", "day": "2022-03-01"}
FIGURES = {path: Figures(raw(path), policy(path).vocabulary) for path in (ORDOS, HARBOUR)}
RANKS = ("no", "unknown", "yes")


def followed(policies: Policies, company: list[Raw], hint: Hint, *, less: str = "", without: str = "") -> Raw:
    """A firm that follows a hint: exactly, but for a fen of one fact, or without one of its steps."""
    firm = dict(company[hint.claim.firm])
    of_firm = {fact.key for fact in policies.vocabulary.of("firm")}
    events = [dict(each) for each in firm.get("events", ())]
    for step in hint.way:
        row = firm if step.fact in of_firm else events[own_event(company, hint) or 0]
        if step.fact != without:
            row[step.fact] = step.value - 1 if step.fact == less else step.value
    return {**firm, "events": events}


def own_event(company: list[Raw], hint: Hint) -> int | None:
    """The place of a hint's event among those of its firm."""
    before = sum(len(each.get("events", ())) for each in company[: hint.claim.firm])
    return None if hint.claim.event is None else hint.claim.event - before


def awards(policies: Policies, company: list[Raw], cases: list[tuple[Hint, Raw]]) -> list[Award]:
    """What comes of the hints' measures for some firms, all evaluated at once."""
    outcome = evaluated(policies, *(firm for _, firm in cases), on=ON, typed=True)
    known = {}
    for table in (outcome.awards, outcome.credits, outcome.preferences):
        for row in table.iter_rows(named=True):
            key = (row["firm"], row.get("event"), row["measure"])
            known[key] = Award(row["verdict"], row.get("low", 0), row.get("high", 0))
    starts = list(accumulate((len(firm["events"]) for _, firm in cases), initial=0))
    places = [own_event(company, hint) for hint, _ in cases]
    events = [None if place is None else starts[n] + place for n, place in enumerate(places)]
    ids = [policies.measures[hint.claim.version].id for hint, _ in cases]
    return [known[n, event, id_] for n, (event, id_) in enumerate(zip(events, ids, strict=True))]


def rank(found: Award) -> tuple[int, float, float]:
    return RANKS.index(found.verdict), found.low, float("inf") if found.high is None else found.high


def hold(policies: Policies, company: list[Raw], outcome: Outcome) -> None:
    """Check every hint of a company."""
    changeable = {key: fact.change for key, fact in policies.vocabulary.facts.items() if fact.change}
    exact: list[tuple[Hint, Raw]] = []
    short: list[tuple[Hint, Raw]] = []
    for hint in near_misses(outcome, *ALL):
        assert rank(hint.after) > rank(hint.before)
        exact.append((hint, followed(policies, company, hint)))
        for step in hint.way:
            assert changeable[step.fact] == ("obtain" if step.cost is None else "raise")
            assert step.cost is None or step.cost > 0
            short.append((hint, followed(policies, company, hint, without=step.fact)))
            if step.cost is not None:
                short.append((hint, followed(policies, company, hint, less=step.fact)))
    if exact:
        assert awards(policies, company, exact) == [hint.after for hint, _ in exact]
        for (hint, _), found in zip(short, awards(policies, company, short), strict=True):
            assert rank(found) < rank(hint.after)
            assert hint.before.verdict != "no" or found.verdict == "no"


@pytest.mark.parametrize("path", [ORDOS, HARBOUR], ids=["ordos", "harbour"])
@settings(max_examples=max(settings().max_examples // 2, 1))
@given(data=st.data())
def test_a_hint_exactly_followed_reaches_and_one_fen_less_does_not(path: Any, data: st.DataObject) -> None:
    company = data.draw(FIGURES[path].company(1, 2))
    hold(policy(path), company, evaluated(policy(path), *company, on=ON, typed=True))


@settings(max_examples=max(settings().max_examples // 2, 1))
@given(data=st.data())
def test_the_same_holds_whatever_the_rule(data: st.DataObject) -> None:
    document = lab(**data.draw(rules()))
    policies = compiled(document)
    figures = Figures(document, policies.vocabulary)
    company = data.draw(figures.company(1, 2))
    hold(policies, company, evaluated(policies, *company, on=ON, typed=True))


@given(data=st.data())
def test_no_firm_just_below_a_line_is_overlooked(data: st.DataObject) -> None:
    """Whoever reaches an award by more of what a firm can raise has a hint that asks for no more."""
    figures, policies = FIGURES[ORDOS], policy(ORDOS)
    company = [data.draw(figures.firm()), data.draw(figures.firm())]
    outcome = evaluated(policies, *company, on=ON, typed=True)
    found = near_misses(outcome, "award")
    for n, firm in enumerate(company):
        if firm.get("rd_expense") is None:
            continue
        raised = {**firm, "rd_expense": data.draw(st.integers(firm["rd_expense"], 10**14)), "events": []}
        both = evaluated(policies, {**firm, "events": []}, raised, on=ON, typed=True)
        old, new = (verdicts(both, at) for at in (0, 1))
        for id_ in (each for each in new if new[each] != "no" and old[each] == "no"):
            mine = [each for each in found if each.claim.firm == n and each.claim.event is None]
            costs = [hints.cost(each.way) for each in mine if policies.measures[each.claim.version].id == id_]
            assert costs
            assert min(costs) <= raised["rd_expense"] - firm["rd_expense"]


def verdicts(outcome: Outcome, firm: int) -> dict[str, str]:
    rows = outcome.awards.filter(outcome.awards["firm"] == firm)
    return dict(rows.select("measure", "verdict").iter_rows())


COST: Raw = {"fact": "cost", "at_least": "5元"}
MORE: Raw = {"fact": "cost", "at_least": "9元"}
BIG: Raw = {"fact": "big", "is": True}
OLD: Raw = {"fact": "old", "is": True}
DENSE: Raw = {"fact": "intensity", "at_least": "3%"}


@pytest.mark.parametrize(
    ("when", "firm", "expected"),
    [
        (COST, {"cost": "4.99元"}, [{"cost": 500}]),
        ({"fact": "cost", "more_than": "5元"}, {"cost": "5元"}, [{"cost": 501}]),
        ({"all": [COST, MORE]}, {"cost": "1元"}, [{"cost": 900}]),
        ({"any": [MORE, COST]}, {"cost": "1元"}, [{"cost": 500}]),
        ({"any": [BIG, MORE]}, {"cost": "1元", "big": False}, [{"cost": 900}, {"big": True}]),
        ({"all": [BIG, MORE]}, {"cost": "1元", "big": False}, [{"big": True, "cost": 900}]),
        ({"any": [DENSE, MORE]}, {"cost": "1元", "sales": "100元"}, [{"cost": 300}]),
        ({"any": [DENSE, MORE]}, {"cost": "1元", "sales": "1000元"}, [{"cost": 900}]),
        ({"all": [COST, OLD]}, {"cost": "1元", "old": False}, []),
        ({"fact": "sales", "at_least": "5元"}, {"sales": "1元"}, []),
        ({"fact": "cost", "at_most": "5元"}, {"cost": "6元"}, []),
        ({"all": [COST, {"fact": "cost", "less_than": "5元"}]}, {"cost": "1元"}, []),
        (COST, {}, []),
        (COST, {"cost": "5元"}, []),
    ],
)
def test_ways_are_the_cheapest_first_and_touch_only_what_a_firm_can_change(
    when: Raw, firm: Raw, expected: list[Raw]
) -> None:
    """What cannot be changed, what would have to be lowered, and what contradicts itself has no way."""
    outcome = evaluated(probe(when=when), {**firm, "events": [NOW]}, on=LATE)
    assert [{step.fact: step.value for step in hint.way} for hint in near_misses(outcome, "award")] == expected


def test_a_multiple_that_a_firm_misses_is_a_hint_too() -> None:
    policies = probe(amount={"up_to": "5元", "times": {"by": 2, "when": BIG}})
    (hint,) = near_misses(evaluated(policies, {"big": False, "events": [NOW]}, on=LATE), "award")
    assert (hint.before, hint.after) == (Award("yes", 0, 500), Award("yes", 0, 1000))


def test_what_is_lacking_is_told_in_its_own_unit() -> None:
    policies = probe(when={"all": [DENSE, BIG]})
    firm = {"cost": "2.8元", "sales": "100元", "big": False, "events": [NOW]}
    (hint,) = near_misses(evaluated(policies, firm, on=LATE), "award")
    gaps = {step.fact: hints.gap(step, hint.claim.row) for step in hint.way}
    assert {key: (str(gap), unit) for key, (gap, unit) in gaps.items()} == {
        "cost": ("0.2000", "points"),
        "big": ("None", ""),
    }


def test_within_reach_is_what_is_not_held_and_open_to_such_a_firm() -> None:
    """A kind that only some can seek is tried for these alone; what is held already is not."""
    document = lab(claims=["medal"])
    document["kind"]["prize"]["who"] = {"fact": "big", "is": True}
    policies = compiled(document)
    outcome = evaluated(policies, {"big": True}, {"big": False}, {"events": [NOW]}, on=LATE)
    _, sought = within_reach(outcome)
    kinds = {n: sorted(each.kind for each in sought if each.firm == n) for n in range(3)}
    assert kinds == {0: ["grant", "medal", "prize"], 1: ["grant", "medal"], 2: ["medal"]}


def test_what_is_within_reach_is_evaluated_as_if_it_were_there() -> None:
    policies = probe(when=BIG, amount={"exactly": "7元"}, claims=["prize"])
    tried, sought = within_reach(evaluated(policies, {"big": True}, {"big": False}, on=LATE))
    assert {(each.firm, each.kind) for each in sought if each.kind == "prize"} == {(0, "prize"), (1, "prize")}
    of_probe = tried.awards.filter(tried.awards["measure"] == "probe")
    assert sorted(of_probe.select("verdict", "low").rows()) == [("no", 0), ("yes", 700)]
    alone = judge(policies, {"big": True}, {"matter": "prize", "day": str(LATE)}, on=LATE)
    assert (alone.verdict, alone.low) == ("yes", 700)


def test_a_firm_without_anything_is_not_changed() -> None:
    policies = policy(ORDOS)
    table = firms(policies.vocabulary, {})
    assert near_misses(evaluated(policies, {}, on=LATE), *ALL) == []
    assert table.firms.height == 1
