"""Advice: what is missing and nothing else, why and why not, and what may have been entered twice."""

from __future__ import annotations

import datetime as dt
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ordos_subsidy import advice
from ordos_subsidy.conditions import Compare, Condition, InForce, Unsettled
from ordos_subsidy.evaluation import Outcome
from ordos_subsidy.facts import MONEY_LIMIT
from ordos_subsidy.policies import Policies
from tests.builders import HARBOUR, LATE, ORDOS, Raw, compiled, evaluated, judge, lab, measure, policy, probe, raw
from tests.oracle import Oracle, fen
from tests.strategies import ON, Figures, day, entries, rules

NOW: Raw = {"matter": "grant", "day": "2022-03-01"}
POLICIES = pytest.mark.parametrize("path", [ORDOS, HARBOUR], ids=["ordos", "harbour"])
RULES = ORDOS.parent / "examples" / "rules-2021-65.toml"
FIGURES = {path: Figures(raw(path), policy(path).vocabulary) for path in (ORDOS, HARBOUR)}
BIG: Raw = {"fact": "big", "is": True}
OLD: Raw = {"fact": "old", "is": True}
STAFF: Raw = {"fact": "staff", "at_least": 3}
STATED: Raw = {"fact": "cost", "given": True}
#: Unknown for good once `big` is yes.
OPEN_MATTER: Raw = {"unsettled": BIG, "says": {"zh": "?", "en": "?"}}
DECIDED = [(path, each) for path in (ORDOS, HARBOUR) for each in raw(path)["measure"] if each.get("claims")]


#: More ways to fill the gaps than this are not worth trying.
MOST = 5_000


# --- what is missing, by brute force


@given(data=st.data(), which=st.sampled_from(range(len(DECIDED))))
def test_missing_are_exactly_the_facts_that_could_still_matter(data: st.DataObject, which: int) -> None:
    """Every way to fill in what is unknown is tried: a fact is missing if and only if some of them depend on it.

    "Could matter" means: for some answers to the other open facts, or none, an answer to this one changes the
    verdict, the low or the high; the oracle says how it comes out. The answers tried are those where something
    can change. A rule that names an unsettled matter twice could ask for too much, Kleene's logic being blind to
    what two parts have in common; neither policy has one. A fiscal year in the future is not tried (see
    test_laws): nobody can fill it in.
    """
    path, rule = DECIDED[which]
    figures, oracle = FIGURES[path], Oracle(raw(path), ON)
    firm, shapes = data.draw(figures.firm()), data.draw(figures.shapes())
    of_events = rule["claims"] != ["accounts"]
    events = [{**shape, oracle.kind: rule["claims"][0]} for shape in shapes] if of_events else []
    claim = claim_of(evaluated(policy(path), {**firm, "events": events}, on=ON, typed=True), rule["id"])
    listed = missing(claim, policy(path))
    assert len(set(listed)) == len(listed)
    assert set(listed) == relevant(oracle, figures, rule, firm, events)


def claim_of(outcome: Outcome, id_: str) -> advice.Claim:
    """The first claim of a measure."""
    found = advice.claims(outcome, "award", "credit", "preference")
    mine = [each for each in found if outcome.policies.measures[each.version].id == id_]
    return min(mine, key=lambda each: each.event or 0)


def missing(claim: advice.Claim, policies: Policies) -> tuple[str, ...]:
    return advice.missing_facts(claim, policies.measures[claim.version])


def relevant(oracle: Oracle, figures: Figures, rule: Raw, firm: Raw, events: list[Raw]) -> set[str]:
    """The open facts on which the outcome of the first event, or of the accounts, depends."""
    tables = [firm, *events]
    read = reads(oracle, rule)
    # Of the other events only the date can matter.
    gaps = [
        (place, key, answers)
        for place, table in enumerate(tables)
        for key in table
        if key in read and (answers := completions(figures, key, table[key])) and (place < 2 or key == oracle.date)
    ]
    assume(prod(len(answers) + 1 for _, _, answers in gaps) <= MOST)
    outcomes = {}
    for choice in product(*(range(len(answers) + 1) for _, _, answers in gaps)):
        filled = [dict(table) for table in tables]
        for (place, key, answers), index in zip(gaps, choice, strict=True):
            if index:
                filled[place][key] = answers[index - 1]
        facts, *others = filled
        outcomes[choice] = oracle.judge(rule, {**facts, **(others[0] if others else {})}, others)[:3]
    return {
        key
        for choice, found in outcomes.items()
        for position, (_, key, _) in enumerate(gaps)
        if found != outcomes[(*choice[:position], 0, *choice[position + 1 :])]
    }


def reads(oracle: Oracle, rule: Raw) -> set[str]:
    """The facts that a measure, or the policy for all of them, looks at."""
    rules = [rule.get("when", {}), rule.get("amount", {}), oracle.raw["policy"].get("scope", {})]
    words = {word for entry in entries(rules) for word in entry.values() if isinstance(word, str)}
    ratios = [
        oracle.raw["fact"][word]["ratio"].values() for word in words if "ratio" in oracle.raw["fact"].get(word, {})
    ]
    return {*words, *(key for ratio in ratios for key in ratio), oracle.date, oracle.year}


def completions(figures: Figures, key: str, value: Any) -> list[Any]:  # noqa: PLR0911 - one a type
    """The answers to an open fact that can make a difference."""
    fact = figures.words.facts.get(key)
    if fact is None or fact.blank_is is not None:
        return []
    if fact.type == "date" and value is not None:
        days = {*value, *(first for first, last in figures.days if value[0] <= first == last <= value[1])}
        return [day(each) for each in sorted(days)] if value[0] != value[1] else []
    if value is not None:
        return []
    if fact.type == "date":
        return [day(dt.date(1990, 1, 1)), *(each for each in figures.days if each[0] == each[1])]
    if fact.type == "money":
        limits = {fen(each) for each in figures.thresholds(fact)}
        return sorted({0, 1, MONEY_LIMIT, *limits} | ({-1} if fact.minimum is None else set()))
    if fact.type == "year":
        return [each for each in figures.known(fact) if each <= ON.year]
    return figures.known(fact)


@given(data=st.data())
def test_nothing_that_matters_is_left_out_whatever_the_rule(data: st.DataObject) -> None:
    """For rules that nobody wrote: every fact that could still matter is missing.

    Here the converse is not promised. A rule that looks at one fact twice, or leaves one matter unsettled twice,
    may ask for a fact that no completion depends on: three-valued logic does not see what its parts share.
    """
    document = lab(**data.draw(rules()))
    policies = compiled(document)
    figures, oracle, rule = Figures(document, policies.vocabulary), Oracle(document, ON), document["measure"][-1]
    firm, shapes = data.draw(figures.firm()), data.draw(figures.shapes())
    of_events = rule["claims"] != ["accounts"]
    events = [{**shape, oracle.kind: "prize"} for shape in shapes] if of_events else []
    claim = claim_of(evaluated(policies, {**firm, "events": events}, on=ON, typed=True), "probe")
    assert set(missing(claim, policies)) >= relevant(oracle, figures, rule, firm, events)


@pytest.mark.parametrize(
    ("when", "firm", "asked"),
    [
        ({"all": [BIG, OLD]}, {}, ("big", "old")),
        ({"all": [BIG, OLD]}, {"big": True}, ("old",)),
        ({"all": [BIG, OLD]}, {"big": False}, ()),
        ({"any": [BIG, OLD]}, {"big": True}, ()),
        ({"any": [BIG, OLD]}, {"big": False}, ("old",)),
        ({"any": [{"all": [BIG, OLD]}, STAFF]}, {"big": False}, ("staff",)),
        ({"not": BIG}, {}, ("big",)),
        ({"all": [{"any": [BIG, OLD]}, STAFF]}, {"staff": 2}, ()),
        ({"unsettled": BIG, "says": {"zh": "?", "en": "?"}}, {}, ("big",)),
        ({"unsettled": BIG, "says": {"zh": "?", "en": "?"}}, {"big": True}, ()),
        ({"all": [OPEN_MATTER, OLD]}, {"big": True}, ("old",)),
        ({"all": [OPEN_MATTER, STATED]}, {"big": True}, ()),
        ({"any": [OPEN_MATTER, STATED]}, {"big": True}, ("cost",)),
        ({"any": [OPEN_MATTER, {"not": STATED}]}, {"big": True}, ()),
        ({"any": [OPEN_MATTER, {"all": [OPEN_MATTER, OLD]}]}, {"big": True}, ()),
        ({"fact": "home", "is": "long"}, {}, ()),
        ({"has_event": "prize"}, {}, ()),
    ],
)
def test_only_what_is_open_is_asked(when: Raw, firm: Raw, asked: tuple[str, ...]) -> None:
    """What is settled is left alone, and so is what an unsettled matter makes idle."""
    assert judge(probe(when=when), firm, NOW).missing == asked


def test_the_date_of_another_event_can_be_what_is_missing() -> None:
    """Whether a year is among the first ones may hang on an event that has no date yet."""
    policies = probe(when={"first_years": 5})
    assert judge(policies, {}, NOW, {"matter": "grant"}).missing == ("day",)
    assert judge(policies, {}, NOW, {**NOW, "day": "2016"}, {"matter": "grant"}).verdict == "no"


def test_the_facts_of_condition_and_amount_are_asked_once() -> None:
    """In the order in which they are read; a no asks for nothing."""
    amount = {"share": "10%", "of": "cost", "less": "before", "times": {"by": 2, "when": BIG}}
    policies = probe(when={"fact": "cost", "at_least": "1元"}, amount=amount)
    assert judge(policies, {}, NOW).missing == ("cost", "before", "big")
    assert judge(policies, {"cost": 0}, NOW).missing == ()


# --- why, and why not


def test_the_parts_that_settle_a_whole_come_first() -> None:
    """A no is explained by what failed, a yes by what held; what is merely true of a no comes after it."""
    tree = {"all": [BIG, {"any": [OLD, STAFF]}, {"fact": "shape", "is": "round"}]}
    claim = claim_of(evaluated(probe(when=tree), {"big": True, "old": True, "shape": "long", "events": [NOW]}), "probe")
    assert claim.condition
    assert claim.condition.truth is False
    assert facts_of(advice.reasons(claim)[0].word) == "shape"
    assert [leaf.truth for leaf in advice.reasons(claim)] == [False, True, True, True, None]
    assert [part.truth for part in claim.condition.ordered] == [False, True, True, True, True]


def facts_of(word: Condition) -> str:
    return word.fact.key if isinstance(word, Compare) else word.date if isinstance(word, InForce) else ""


def test_a_tree_has_the_truths_that_decided() -> None:
    """Each part of a condition carries its own truth for this claim, those inside `not` as well."""
    tree = {"all": [{"not": BIG}, {"unsettled": OLD, "says": {"zh": "?", "en": "?"}}]}
    claim = claim_of(evaluated(probe(when=tree), {"big": False, "old": True, "events": [NOW]}), "probe")
    assert claim.condition
    negated, open_ = claim.condition.parts[-2:]
    assert (negated.truth, negated.parts[0].truth) == (True, False)
    assert (open_.truth, open_.parts[0].truth) == (None, True)
    assert isinstance(open_.word, Unsettled)
    assert [leaf.word for leaf in advice.leaves(negated)] == [negated.word]


def test_that_a_claim_has_happened_goes_without_saying() -> None:
    """Only a claim of the future says so."""
    for on, said in ((LATE, ["InForce"]), (dt.date(2022, 1, 1), ["Happened", "InForce"])):
        claim = claim_of(evaluated(probe(), {"events": [NOW]}, on=on), "probe")
        assert [type(leaf.word).__name__ for leaf in advice.reasons(claim)] == said


def test_a_multiple_is_judged_beside_the_condition() -> None:
    """Its tree says why an amount was doubled or not."""
    policies = probe(amount={"up_to": "1元", "times": {"by": 2, "when": {"any": [BIG, OLD]}}})
    claim = claim_of(evaluated(policies, {"old": True, "events": [NOW]}), "probe")
    assert claim.times
    assert [claim.times.truth, *(part.truth for part in claim.times.parts)] == [True, None, True]


@POLICIES
def test_every_row_of_an_outcome_has_its_claim(path: Path) -> None:
    """The claims that advice reads are those that evaluation judged, with the same verdicts."""
    kind = policy(path).kind_fact
    events = [{kind: each} for each in policy(path).vocabulary.kinds]
    outcome = evaluated(policy(path), {}, {"events": events}, on=ON)
    rows = {row[:3]: row[4] for row in (*outcome.awards.iter_rows(), *outcome.credits.iter_rows())}
    rows |= {(firm, None, version): verdict for firm, version, _, verdict in outcome.preferences.iter_rows()}
    verdicts = {True: "yes", False: "no", None: "unknown"}
    judged_ = {
        (each.firm, each.event, each.version): verdicts[each.condition.truth if each.condition else True]
        for each in advice.claims(outcome, "award", "credit", "preference")
    }
    assert judged_ == rows


def test_a_fact_is_asked_for_once_however_many_claims_wait_for_it() -> None:
    """A fact of the firm once for all, one of an event once for that event."""
    document = lab(when={"all": [BIG, {"fact": "sum", "at_least": "1元"}]})
    document["measure"].append(measure(id="accounts", claims=["accounts"], when=BIG))
    policies = compiled(document)
    outcome = evaluated(policies, {"events": [NOW, NOW]})
    waiting = [
        (claim, missing(claim, policies), policies.measures[claim.version]) for claim in advice.claims(outcome, "award")
    ]
    asked = advice.questions(waiting, frozenset({"big"}))
    assert {(each.fact, each.event): len(each.claims) for each in asked} == {
        ("big", None): 3,
        ("sum", 0): 1,
        ("sum", 1): 1,
    }


def test_the_date_that_is_asked_for_is_the_one_that_is_blank() -> None:
    """Whether a dated event falls in the firm's first years waits for the date of the event that has none."""
    policies = probe(when={"first_years": 3})
    outcome = evaluated(policies, {"events": [NOW, {**NOW, "day": "2023-03-01"}, {"matter": "grant"}]})
    waiting = [
        (claim, missing(claim, policies), policies.measures[claim.version]) for claim in advice.claims(outcome, "award")
    ]
    asked = advice.questions(waiting, frozenset())
    assert [(each.fact, each.event, len({claim.event for claim in each.claims})) for each in asked] == [("day", 2, 3)]


# --- what may have been entered twice


def repeated(*events: Raw, yearly: bool = False) -> list[tuple[str, str, str, tuple[int, ...]]]:
    outcome = evaluated(probe(yearly=yearly), {"events": events})
    return [(each.code, each.kind, each.date, each.events) for each in advice.repeats(outcome)]


def test_two_events_of_one_kind_on_one_date_may_be_one() -> None:
    """Not two kinds, nor two dates, nor without a date; three are named together."""
    assert repeated(NOW, NOW) == [("duplicate", "grant", "2022-03-01", (0, 1))]
    assert repeated(NOW, {**NOW, "matter": "prize"}, NOW, NOW) == [("duplicate", "grant", "2022-03-01", (0, 2, 3))]
    assert repeated(NOW, {**NOW, "day": "2022-03-02"}) == []
    assert repeated({"matter": "grant"}, {"matter": "grant"}) == []


def test_a_date_is_the_same_only_as_far_as_it_is_known() -> None:
    """March and the first of March are not one date, and neither is said to be what nobody wrote."""
    vague = {**NOW, "day": "2022-03"}
    assert repeated(NOW, vague, {**NOW, "day": "2022"}) == []
    assert repeated(vague, vague) == [("duplicate", "grant", "2022-03", (0, 1))]
    assert repeated(*[{**NOW, "day": "2022"}] * 2) == [("duplicate", "grant", "2022", (0, 1))]
    assert repeated(*[{**NOW, "day": "2022-12"}] * 2) == [("duplicate", "grant", "2022-12", (0, 1))]


def test_two_firms_may_have_the_same_on_one_date() -> None:
    """A repeat is within a firm."""
    assert advice.repeats(evaluated(probe(), {"events": [NOW]}, {"events": [NOW]})) == []


def test_a_yearly_kind_has_one_row_a_year() -> None:
    """Two dates of one year are flagged, once; what is flagged as a duplicate already is not flagged again."""
    other = {**NOW, "day": "2022-09-01"}
    assert repeated(NOW, other) == []
    assert repeated(NOW, other, yearly=True) == [("yearly-twice", "grant", "2022", (0, 1))]
    assert repeated(NOW, NOW, yearly=True) == [("duplicate", "grant", "2022-03-01", (0, 1))]
    assert repeated(NOW, {**NOW, "day": "2023"}, yearly=True) == []


def test_claims_without_a_condition_are_claims_of_every_firm() -> None:
    """Also where no measure looks at the accounts, and where none has anything to look at."""
    document = lab()
    document["measure"].append(measure(id="free", claims=["accounts"], category="preference"))
    free = compiled(document)
    assert [claim.firm for claim in advice.claims(evaluated(free, {}, {}, {}), "preference")] == [0, 1, 2]
    of_events = evaluated(probe(), {}, {"events": [{"matter": "grant", "day": "2022"}]})
    assert [claim.firm for claim in advice.claims(of_events, "award")] == [1, 1]


def test_one_version_of_a_measure_speaks_for_a_claim() -> None:
    """What is explained, and what a preference says, is what the version of that day says."""
    over = compiled(raw(ORDOS), raw(RULES))
    days = ("2022-03-01", "2021-12-22", "2021年12月")
    events = [{"kind": "technology-innovation-center", "date": each} for each in days]
    outcome = evaluated(over, {"events": events}, on=ON)
    spoken = [(claim.event, claim.version) for claim in advice.claims(outcome, "award") if claim.event is not None]
    assert sorted(spoken) == sorted(outcome.awards.drop_nulls("event").select("event", "version").rows())
