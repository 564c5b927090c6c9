"""The interview without its terminal: what it asks, in which order, and that it asks little more than it must."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ordos_subsidy.cells import Value
from ordos_subsidy.evaluation import Outcome, evaluate
from ordos_subsidy.facts import Fact
from ordos_subsidy.interview import Inquiry, Interview, Reply, read_back
from ordos_subsidy.policy import Policies
from ordos_subsidy.templates.content import Relevance
from tests.builders import HARBOUR, ORDOS, firms, policy, probe, raw
from tests.strategies import ON, Figures, day

CITY = policy(ORDOS)
KIND = CITY.kind_fact
WAN = 1_000_000
#: Values of each type on both sides of every line that the city draws.
TRIED: dict[str, Sequence[Any]] = {
    "yes_no": (True, False),
    "money": (0, 299 * WAN, 3000 * WAN, 5000 * WAN, 10**13),
    "year": (2019, 2020, 2022),
    "date": (day(dt.date(2021, 6, 18)), day(dt.date(2021, 6, 19)), day(dt.date(2023, 5, 5))),
    "choices": [frozenset({key}) for key in ("enterprise", "university", "institute", "association")],
}
CHOICES = {
    "district": ("dongsheng", "uxin", "outside"),
    "level": ("national", "city"),
    "field": ("equipment", "digital"),
}
#: So many policies are drawn, and so many firms of each; more facts and firms than these take too long to try.
POLICIES, FIRMS, FACTS, ROWS = 10, 20, 8, 5_000
Answers = dict[str, Any]


def results(outcome: Outcome) -> list[frozenset[Any]]:
    """What each firm comes to: verdicts and sums."""
    found: list[set[Any]] = [set() for _ in range(len(outcome.firms))]
    for table in (outcome.awards, outcome.credits):
        for firm, *rest in table.select("firm", "version", "verdict", "low", "high").iter_rows():
            found[firm].add(tuple(rest))
    for firm, *rest in outcome.preferences.select("firm", "version", "verdict").iter_rows():
        found[firm].add(tuple(rest))
    return list(map(frozenset, found))


@dataclass
class Case:
    """Some measures of the city and one event: all firms that there can be, with what each comes to."""

    policies: Policies
    kind: str
    facts: list[Fact]
    rows: list[tuple[Any, ...]]
    results: list[frozenset[Any]]

    def settled(self, row: int, known: Sequence[int]) -> bool:
        """Whether these facts of a firm (by place) leave nothing that another fact could change."""
        mine = self.rows[row]
        same = (n for n, other in enumerate(self.rows) if all(other[at] == mine[at] for at in known))
        return all(self.results[n] == self.results[row] for n in same)

    def fewest(self, row: int) -> int:
        """The least number of facts that settles a firm: found by trying all, with its answers in view."""
        places = range(len(self.facts))
        sets = (known for count in range(len(places) + 1) for known in combinations(places, count))
        return next(len(known) for known in sets if self.settled(row, known))

    def asked(self, row: int) -> list[int]:
        """The facts that the interview asks of a firm, by place."""
        keys = [fact.key for fact in self.facts]
        interview = Interview(self.policies, [Reply("name", None, "甲"), Reply(KIND, 0, self.kind)], ON)
        interview, found = interview.answered(Reply(KIND, 1, None)), []
        while inquiry := self._next(interview.given):
            found.append(keys.index(inquiry.fact.key))
            interview = interview.answered(Reply(inquiry.fact.key, inquiry.event, self.rows[row][found[-1]]))
        return found

    def _next(self, given_: tuple[Reply, ...]) -> Inquiry | None:
        """The next question; firms that have answered alike so far share it."""
        known = self.__dict__.setdefault("known", {})
        if given_ not in known:
            known[given_] = Interview(self.policies, given_, ON).next()
        found: Inquiry | None = known[given_]
        return found


def case(seed: int) -> Case | None:
    """Measures and an event drawn by chance, those with several conditions more often; None where they ask too much."""
    chance = random.Random(seed)  # noqa: S311 - the same draws every time
    of_accounts = [each for each in CITY.measures if each.of_accounts and each.when and each.category != "duty"]
    reads = {measure.id: len(facts) for measure, facts in Relevance(CITY).reads}
    kind = chance.choice(sorted(CITY.vocabulary.kinds))
    drawn = {each.id for each in chance.choices(of_accounts, [reads[each.id] ** 2 for each in of_accounts], k=3)}
    chosen = tuple(each for each in CITY.measures if each.id in drawn or kind in each.claims)
    ids = {each.id for each in chosen}
    policies = replace(
        CITY, measures=chosen, limits=tuple(each for each in CITY.limits if ids.issuperset(each.measures))
    )
    read = frozenset[str]().union(*(facts for _, facts in Relevance(policies).reads)) | {"district"}
    facts = [fact for key, fact in CITY.vocabulary.facts.items() if key in read and fact.type not in ("kind", "ratio")]
    rows = list(product(*(CHOICES.get(fact.key) or TRIED[fact.type] for fact in facts)))
    if len(facts) > FACTS or len(rows) > ROWS:
        return None
    plain = []
    for row in rows:
        values = [(fact, value) for fact, value in zip(facts, row, strict=True)]
        event = {KIND: kind, **{fact.key: value for fact, value in values if fact.of == "event"}}
        plain.append({**{fact.key: value for fact, value in values if fact.of == "firm"}, "events": [event]})
    outcome = evaluate(policies, firms(CITY.vocabulary, *plain, typed=True), ON)
    return Case(policies, kind, facts, rows, results(outcome))


@cache
def interviews() -> list[tuple[Case, int, list[int]]]:
    """Two hundred firms with the facts that the interview asked of each."""
    found: list[tuple[Case, int, list[int]]] = []
    for seed in range(10 * POLICIES):
        if len(found) < POLICIES * FIRMS and (drawn := case(seed)):
            chance = random.Random(seed)  # noqa: S311 - the same firms every time
            rows = [chance.randrange(len(drawn.rows)) for _ in range(FIRMS)]
            found += [(drawn, row, drawn.asked(row)) for row in rows]
    return found


def test_little_more_is_asked_than_must_be() -> None:
    """Over 200 firms at most 1.2 times the fewest questions that brute force finds, which knows all answers."""
    assert len(interviews()) == POLICIES * FIRMS
    fewest = sum(drawn.fewest(row) for drawn, row, _ in interviews())
    assert fewest <= sum(len(asked) for *_, asked in interviews()) <= 1.2 * fewest


def test_when_it_stops_no_fact_can_change_anything() -> None:
    assert all(drawn.settled(row, asked) for drawn, row, asked in interviews())


def held(policies: Policies, answers: Answers, *events: Answers) -> Iterator[tuple[Inquiry, Interview]]:
    """An interview from start to end: each question with the interview before it. What is not given is unknown."""
    interview = Interview(policies, (), ON)
    while inquiry := interview.next():
        yield inquiry, interview
        known = answers if inquiry.event is None else dict(enumerate(events)).get(inquiry.event, {})
        interview = interview.answered(Reply(inquiry.fact.key, inquiry.event, known.get(inquiry.fact.key)))


def asked_of(policies: Policies, answers: Answers, *events: Answers) -> list[str]:
    return [inquiry.fact.key for inquiry, _ in held(policies, answers, *events)]


def test_outside_the_city_two_questions_are_all() -> None:
    assert asked_of(CITY, {"district": "outside"}) == ["name", "district"]


def test_an_event_is_asked_for_what_its_kind_needs_and_then_for_the_next() -> None:
    lab, incubator = ({KIND: kind, "date": day(dt.date(2022, 3, 1))} for kind in ("regional-key-lab", "incubator"))
    asked = asked_of(CITY, {}, lab, {**incubator, "level": "city"})
    assert asked[asked.index(KIND) :][:6] == [KIND, "date", KIND, "date", "level", KIND]


def test_a_policy_of_events_alone_asks_for_them_first() -> None:
    """Where the accounts give nothing, there is no claim before the first event."""
    asked = [(inquiry.fact.key, inquiry.kinds) for inquiry, _ in held(probe(when={"fact": "big", "is": True}), {})]
    assert asked == [("matter", ("grant", "prize", "medal"))]


def test_only_kinds_that_can_still_matter_are_offered() -> None:
    """A university has no award that is for enterprises only."""
    offered = {
        form: next(inquiry.kinds for inquiry, _ in held(CITY, {"organization": frozenset({form})}) if inquiry.kinds)
        for form in ("enterprise", "university")
    }
    assert "high-tech-recertified" in offered["enterprise"]
    assert "high-tech-recertified" not in offered["university"]
    assert {"basic-operating-fund", "ip-certification"} <= set(offered["university"])


def test_what_moves_most_money_is_asked_first() -> None:
    """Of the facts of the accounts, in yuan; first what a blank stands for, on which all awards rest."""
    asked = [inquiry for inquiry, _ in held(CITY, {}) if inquiry.event is None and not inquiry.fact.required]
    assert [each.fact.blank_is is None for each in asked] == sorted(each.fact.blank_is is None for each in asked)
    sums = [each.fen for each in asked if each.fact.blank_is is None]
    assert sums == sorted(sums, reverse=True)
    assert max(sums) == 1000 * WAN


@pytest.mark.parametrize("path", [ORDOS, HARBOUR], ids=["ordos", "harbour"])
def test_each_question_is_asked_once_though_nothing_is_known(path: Any) -> None:
    """Who knows nothing comes to the end of any policy, and leaves a firm of which nothing is known."""
    *_, (last, interview) = held(policy(path), {})
    spots = [(inquiry.fact.key, inquiry.event) for inquiry, _ in held(policy(path), {})]
    assert len(spots) == len(set(spots)) > 3
    assert interview.answered(Reply(last.fact.key, None, None)).next() is None
    assert (interview.firm(), interview.events()) == ({}, [])


def test_going_back_forgets_the_last_answer() -> None:
    *_, (_, interview) = held(CITY, {"above_scale": True}, {KIND: "incubator"})
    for _ in range(len(interview.given)):
        again = interview.back()
        assert again.given == interview.given[:-1]
        interview = again
    assert interview.next() == Inquiry(CITY.vocabulary.facts["name"], None)


def test_a_text_that_a_rule_asks_for_can_be_asked() -> None:
    policies = probe(claims=["accounts"], when={"fact": "name", "given": True})
    interview = Interview(policies, [Reply("@", None, None)], ON)
    assert "name" in [each.fact.key for each in interview.open()]


FIGURES = Figures(raw(ORDOS), CITY.vocabulary)


@settings(max_examples=20)
@given(st.data())
def test_answers_read_from_a_table_make_the_same_table(data: st.DataObject) -> None:
    """What a saved file holds is what goes on with `--resume`."""
    (plain,) = data.draw(FIGURES.company(1, 1))
    table = firms(CITY.vocabulary, plain, typed=True)
    again = Interview(CITY, read_back(CITY, table), ON).firms()
    assert again.firms.drop("@place").equals(table.firms.drop("@place"))
    assert again.events.drop("@place").equals(table.events.drop("@place"))


def test_no_answer_is_tried_on_more_rows_than_there_is_time_for() -> None:
    """A firm of hundreds of events is asked about all the same."""
    events = [Reply(KIND, number, "incubator") for number in range(400)]
    value: Value = frozenset({"enterprise"})
    known = [Reply("organization", None, value), Reply("district", None, "dongsheng")]
    found = Interview(CITY, [*known, *events], ON).open()
    assert {(each.fact.key, each.event) for each in found} >= {("level", 0), ("date", 399), ("rd_expense", None)}
