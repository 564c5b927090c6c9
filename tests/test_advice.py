"""Advice: what is missing and nothing else, why and why not, and what may have been entered twice."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ordos_subsidy import advice
from ordos_subsidy.advice import FEW, possible_repeats
from ordos_subsidy.conditions import Compare, Condition, InForce, Unsettled
from ordos_subsidy.evaluation import Outcome
from ordos_subsidy.facts import MONEY_LIMIT
from ordos_subsidy.policy import Policies
from tests.builders import HARBOUR, LATE, ORDOS, Raw, compiled, evaluated, judge, lab, measure, policy, probe, raw
from tests.completions import Claimed
from tests.oracle import Oracle
from tests.strategies import ON, Figures, entries, rules

NOW: Raw = {"matter": "grant", "day": "2022-03-01"}
POLICIES = pytest.mark.parametrize("path", [ORDOS, HARBOUR], ids=["ordos", "harbour"])
RULES = ORDOS.parent / "examples" / "rules-2021-65.toml"
FIGURES = {path: Figures(raw(path), policy(path).vocabulary) for path in (ORDOS, HARBOUR)}
BIG: Raw = {"fact": "big", "is": True}
OLD: Raw = {"fact": "old", "is": True}
STAFF: Raw = {"fact": "staff", "at_least": 3}
STATED: Raw = {"fact": "cost", "given": True}
#: Unknown for good once `big` is yes.
OTHERS_JUDGE: Raw = {"judged": True, "says": {"zh": "?", "en": "?"}}
OPEN_MATTER: Raw = {"unsettled": BIG, "says": {"zh": "?", "en": "?"}}
DECIDED = [(path, each) for path in (ORDOS, HARBOUR) for each in raw(path)["measure"] if each.get("claims")]


# --- what is missing, by brute force


@given(data=st.data(), which=st.sampled_from(range(len(DECIDED))))
def test_missing_are_exactly_the_facts_that_could_still_matter(data: st.DataObject, which: int) -> None:
    """Every way to fill in what is unknown is tried: a fact is missing if and only if some of them depend on it.

    "Could matter" means: for some answers to the other open facts, or none, an answer to this one changes the
    verdict, the low or the high; the oracle says how it comes out. The answers tried are those where something
    can change. A rule that names an unsettled matter twice could ask for too much, Kleene's logic being blind to
    what two parts have in common; neither policy has one. What has not come is not tried (see test_laws): nobody
    can fill it in. What a blank stands for is asked for only where it leaves the verdict unknown.
    """
    path, claimed = drawn(data, which)
    claim = claim_of(evaluated(policy(path), {**claimed.firm, "events": claimed.events}, on=ON, typed=True), claimed)
    listed = missing(claim, policy(path))
    assert len(set(listed)) == len(listed)
    assume(claimed.few())
    assert set(listed) == claimed.relevant()


@given(data=st.data(), which=st.sampled_from(range(len(DECIDED))))
def test_intervals_are_tight(data: st.DataObject, which: int) -> None:
    """Each end of an interval is what some way to fill in the unknown gives, or is open for want of a basis."""
    _, claimed = drawn(data, which)
    assume(claimed.few())
    outcomes = claimed.outcomes()
    (now, *_), full = outcomes.values(), [found for choice, found in outcomes.items() if all(choice)]
    assert now.low == min(each.low for each in full)
    ends = {each.high for each in full}
    assert now.high in ends or (now.high is None and max(each or 0 for each in ends) >= MONEY_LIMIT // 10)


def drawn(data: st.DataObject, which: int) -> tuple[Path, Claimed]:
    """A measure of a policy, and a firm with events that it, or a word of it, looks at."""
    path, rule = DECIDED[which]
    figures, oracle = FIGURES[path], Oracle(raw(path), ON)
    firm, shapes = data.draw(figures.firm()), data.draw(figures.shapes())
    return path, Claimed(oracle, figures, rule, firm, around(oracle, rule, shapes))


def around(oracle: Oracle, rule: Raw, shapes: list[Raw]) -> list[Raw]:
    """Events of a measure's first kind, of the one that they are backed by, and of one that it wants listed."""
    kinds = [each for each in rule["claims"][:1] if each != "accounts"]
    kinds += [word["backed_by"] for word in entries(rule) if "backed_by" in word]
    names = {word["has_event"] for word in entries(rule) if "has_event" in word}
    listed = [key for key, kind in oracle.raw["kind"].items() if names & {key, *kind.get("tags", ())}]
    return [{**shape, oracle.kind: kind} for kind in dict.fromkeys([*kinds, *listed[-1:]]) for shape in shapes]


def claim_of(outcome: Outcome, which: str | Claimed) -> advice.Claim:
    """The first claim of a measure."""
    id_ = which if isinstance(which, str) else which.rule["id"]
    found = advice.claims(outcome, "award", "credit", "preference")
    mine = [each for each in found if outcome.policies.measures[each.version].id == id_]
    return min(mine, key=lambda each: each.event or 0)


def missing(claim: advice.Claim, policies: Policies) -> tuple[str, ...]:
    return advice.missing_facts(claim, policies.measures[claim.version])


@settings(max_examples=max(settings().max_examples // 2, 1))
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
    events = around(oracle, rule, shapes)
    claimed = Claimed(oracle, figures, rule, firm, events)
    assume(claimed.few())
    claim = claim_of(evaluated(policies, {**firm, "events": events}, on=ON, typed=True), claimed)
    assert set(missing(claim, policies)) >= claimed.relevant()


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
        ({"fact": "home", "is": "round"}, {}, ()),
        ({"fact": "home", "is": "long"}, {}, ("home",)),
        ({"not": {"fact": "home", "is": "round"}}, {}, ("home",)),
        ({"fact": "bodies", "is": "school"}, {"bodies": "office"}, ("bodies",)),
        ({"fact": "bodies", "is": "school"}, {"bodies": "guild"}, ()),
        ({"sufficient": BIG, "says": {"zh": "?", "en": "?"}}, {}, ("big",)),
        ({"sufficient": BIG, "says": {"zh": "?", "en": "?"}}, {"big": False}, ()),
        ({"all": [OTHERS_JUDGE, OLD]}, {}, ("old",)),
        ({"all": [OTHERS_JUDGE, STATED]}, {}, ()),
        ({"any": [OTHERS_JUDGE, BIG]}, {"big": False}, ()),
        ({"has_event": "prize"}, {}, ()),
    ],
)
def test_only_what_is_open_is_asked(when: Raw, firm: Raw, asked: tuple[str, ...]) -> None:
    """What is settled is left alone, and so is what an unsettled matter makes idle."""
    assert judge(probe(when=when), firm, NOW).missing == asked


def test_the_date_of_another_event_can_be_what_is_missing() -> None:
    """Whether a year is among the first may hang on an event that has no date yet, and so may which is the first."""
    policies = probe(when={"first_years": 5})
    late = {**NOW, "day": "2030"}
    assert judge(policies, {}, late, {"matter": "grant"}).missing == ("day",)
    assert judge(policies, {}, NOW, {"matter": "grant"}).missing == ()
    assert judge(policies, {}, late, {**NOW, "day": "2025"}, {"matter": "grant"}).verdict == "no"
    once = probe(limit={"once": True})
    assert judge(once, {}, NOW, {"matter": "grant"}).missing == ("day",)
    assert judge(once, {}, NOW, {**NOW, "day": "2022-02"}).missing == ()
    backed = probe(when={"backed_by": "medal", "says": {"zh": "?", "en": "?"}})
    assert judge(backed, {}, NOW, {"matter": "medal"}).missing == ("day",)
    assert judge(backed, {}, NOW).missing == ()


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
    return word.fact.key if isinstance(word, Compare | InForce) else ""


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
    outcome = evaluated(
        policies, {"events": [{**NOW, "day": "2028-03-01"}, {**NOW, "day": "2029-03-01"}, {"matter": "grant"}]}
    )
    waiting = [
        (claim, missing(claim, policies), policies.measures[claim.version]) for claim in advice.claims(outcome, "award")
    ]
    asked = advice.questions(waiting, frozenset())
    assert [(each.fact, each.event, len({claim.event for claim in each.claims})) for each in asked] == [("day", 2, 3)]


# --- what may have been entered twice


def repeated(*events: Raw, **entry: Any) -> list[tuple[str, str, str, tuple[int, ...]]]:
    outcome = evaluated(probe(**entry), {"events": events})
    return [(each.code, each.kind, each.date, each.events) for each in possible_repeats(outcome)]


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
    assert possible_repeats(evaluated(probe(), {"events": [NOW]}, {"events": [NOW]})) == []


def test_a_yearly_kind_may_have_several_rows_a_year() -> None:
    """A limit a year holds for them together: two dates of one year are no repeat."""
    assert repeated(NOW, {**NOW, "day": "2022-09-01"}, yearly=True) == []
    assert repeated(NOW, NOW, yearly=True) == [("duplicate", "grant", "2022-03-01", (0, 1))]


def test_a_row_within_the_years_of_another_may_be_the_same_award_again() -> None:
    """Counted from the first row of the kind, whatever the order; a duplicate is not flagged a second time."""
    years: Raw = {"amount": {"exactly": "1元", "years": 3}}
    second, third, fourth = ({**NOW, "day": day} for day in ("2023-05", "2024-12-31", "2025-01-01"))
    assert repeated(NOW, second) == []
    assert repeated(NOW, second, **years) == [("again", "grant", "2023", (0, 1))]
    assert repeated(third, NOW, **years) == [("again", "grant", "2024", (1, 0))]
    assert repeated(NOW, fourth, **years) == []
    assert repeated(NOW, {"matter": "grant"}, **years) == []
    assert repeated(NOW, NOW, **years) == [("duplicate", "grant", "2022-03-01", (0, 1))]


def test_many_rows_that_may_be_one_are_counted_and_few_are_named() -> None:
    """Naming each in each would make n² messages."""
    (one,) = possible_repeats(evaluated(probe(), {"events": [NOW] * 300}))
    assert (one.events, one.total) == (tuple(range(FEW)), 300)
    days = [{**NOW, "day": f"2022-{month:02}-{day:02}"} for month in range(1, 13) for day in range(1, 29)]
    found = possible_repeats(evaluated(probe(amount={"exactly": "1元", "years": 3}), {"events": days}))
    assert [each.code for each in found] == ["again"] * FEW + ["again-more"]
    assert found[-1].total == len(days) - 1 - FEW


def test_another_remark_is_another_award() -> None:
    """The same remark, or none in either, may be one; each of two firms has its own."""
    document = lab(amount={"exactly": "1元", "years": 3})
    note = {"of": "event", "type": "text", "role": "note", "title": {"zh": "备注", "en": "note"}}
    document["fact"]["note"] = note | {"help": {"zh": "。", "en": "."}}

    def again(*notes: str) -> list[tuple[int, ...]]:
        events = [{**NOW, "day": f"{2022 + n}", "note": text} for n, text in enumerate(notes)]
        return [each.events for each in possible_repeats(evaluated(compiled(document), {"events": events}))]

    assert (again("a", "a"), again("", ""), again("a", "b"), again("a", "")) == ([(0, 1)], [(0, 1)], [], [])
    assert again("a", "b", "a") == [(0, 2)]
    company = [{"events": [{**NOW, "day": day}]} for day in ("2022", "2023")]
    assert possible_repeats(evaluated(probe(amount={"exactly": "1元", "years": 3}), *company)) == []


# --- what is at stake


def at_stake(entry: Raw, firm: Raw, fact: str, event: Raw = NOW) -> int | None:
    """How far the answer to a fact can move the award of the first event."""
    outcome = evaluated(probe(**entry), {**firm, "events": [event]})
    claim = claim_of(outcome, "probe")
    row = outcome.awards.filter(outcome.awards["measure"] == "probe").row(0, named=True)
    measure_ = outcome.policies.measures[claim.version]
    return advice.at_stake(claim, measure_, fact, advice.Award(row["verdict"], row["low"], row["high"]))


@pytest.mark.parametrize(
    ("entry", "firm", "fact", "fen"),
    [
        ({"when": BIG, "amount": {"up_to": "5元"}}, {}, "big", 500),
        ({"when": BIG, "amount": {"at_least": "5元"}}, {}, "big", None),
        ({"amount": {"up_to": "5元", "times": {"by": 2, "when": BIG}}}, {}, "big", 500),
        ({"amount": {"up_to": "5元", "years": 3, "times": {"by": 2, "when": BIG}}}, {}, "big", 1500),
        ({"amount": {"exactly": "5元", "times": {"by": 3, "when": BIG}}}, {}, "big", 1000),
        ({"when": OLD, "amount": {"up_to": "5元", "times": {"by": 2, "when": BIG}}}, {}, "big", 500),
        ({"when": OLD, "amount": {"up_to": "5元", "times": {"by": 2, "when": BIG}}}, {}, "old", 1000),
        ({"amount": {"share": "10%", "of": "cost"}}, {}, "cost", None),
        ({"amount": {"share": "10%", "of": "cost", "cap": "5元"}}, {}, "cost", 500),
        ({"amount": {"share": "10%", "of": "cost", "less": "before"}}, {"cost": "100元"}, "before", 1000),
        ({"amount": {"up_to": "5元", "within": "cost"}}, {}, "cost", 500),
        ({"amount": {"by": "shape", "tiers": [{"of": ["round"], "exactly": "2元"}, {"of": ["long", "square"],
          "exactly": "9元"}]}}, {}, "shape", 700),
        ({"amount": {"by": "big", "tiers": [{"of": ["yes"], "up_to": "2元"}, {"of": ["no"], "up_to": "9元"}]}},
         {}, "big", 700),
        ({"limit": {"a_year": "7元"}, "amount": {"up_to": "5元", "times": {"by": 2, "when": BIG}}}, {}, "big", 200),
        ({"amount": {"up_to": "5元"}}, {}, "big", 0),
    ],
)  # fmt: skip
def test_at_stake_is_how_far_an_answer_can_move_the_award(entry: Raw, firm: Raw, fact: str, fen: int | None) -> None:
    """All of it where the verdict hangs on it; else the part by which an end of the interval moves."""
    assert at_stake(entry, firm, fact) == fen


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
