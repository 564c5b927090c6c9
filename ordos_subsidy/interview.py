"""Which question to ask next: the interview of `ask` and of assistants, without a terminal.

An interview is the list of its answers. They make a firm like any other, which the ordinary evaluation judges; what
that outcome leaves open is what can still be asked. Every answer to every open question is then tried, all of them as
firms of one table, and the question whose answers move most money comes first.

The kinds of events are asked for in the same way: behind the events given there stands one more, whose kind nobody
knows. Evaluation passes it over.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any, NamedTuple

from ordos_subsidy.advice import Award, Claim, at_stake, claims, missing_facts, questions
from ordos_subsidy.cells import Value, type_of
from ordos_subsidy.conditions import UNTIL
from ordos_subsidy.evaluation import Outcome, evaluate
from ordos_subsidy.facts import Fact, Of
from ordos_subsidy.policy import Policies
from ordos_subsidy.tables.firms import Firms, table
from ordos_subsidy.variants import Variant, evaluated
from ordos_subsidy.variants import answers as answers_to

#: A fact of the firm (None), or of the event with that number.
Spot = tuple[str, int | None]
#: Answers are tried while the firms that they make have no more rows of events than these in all.
_MOST_ROWS = 50_000
_SUMS, _OPEN = ("assured", "ceiling", "pending"), ("open_ended", "pending_open")


class Reply(NamedTuple):
    """One answer; the value None: not known. An unknown kind of event says that there is no further event."""

    fact: str
    event: int | None
    value: Value


class Inquiry(NamedTuple):
    """A question worth asking.

    `fen`, `unbounded`: how far an answer can move assured, ceiling or pending, and how many awards without an upper
    bound it brings or takes; `measures`: those that wait for it, by id; `kinds`: of the next event, the kinds that can
    still matter.
    """

    fact: Fact
    event: int | None
    fen: int = 0
    unbounded: int = 0
    measures: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


class _State(NamedTuple):
    """What one firm comes to: its rows that are no "no", its sums, its open questions with the claims that wait."""

    rows: frozenset[tuple[Any, ...]]
    sums: tuple[int, ...]
    unbounded: tuple[int, ...]
    open: dict[Spot, list[Claim]]


class _Tried(NamedTuple):
    """An answer as columns hold it, and what the firm then comes to."""

    answer: Mapping[str, Any]
    state: _State


class Interview:
    """What has been answered so far, and what is worth asking next."""

    def __init__(self, policies: Policies, given: Iterable[Reply] = (), on: dt.date | None = None) -> None:
        self.policies = policies
        self.given = tuple(given)
        self.on = on or dt.date.today()  # noqa: DTZ011 - the day on the user's own calendar
        self.known = {(each.fact, each.event): each.value for each in self.given}

    def answered(self, *more: Reply) -> Interview:
        """The interview with more answers."""
        return Interview(self.policies, (*self.given, *more), self.on)

    def back(self) -> Interview:
        """The interview without its last answer."""
        return Interview(self.policies, self.given[:-1], self.on)

    def events(self) -> list[dict[str, Value]]:
        """The events given, each with its facts."""
        found: dict[int, dict[str, Value]] = defaultdict(dict)
        for (fact, event), value in self.known.items():
            if event is not None and value is not None:
                found[event][fact] = value
        return [found[number] for number in sorted(found)]

    def firm(self) -> dict[str, Value]:
        """The facts of the firm that are known."""
        return {fact: value for (fact, event), value in self.known.items() if event is None and value is not None}

    def firms(self, *, next_event: bool = False) -> Firms:
        """The firm as a table, with one more event of no kind if asked for."""
        events = [*self.events(), *([{}] if next_event else [])]
        firm = _table(self.policies, "firm", [self.firm()])
        return Firms(firm, _table(self.policies, "event", events))

    def next(self) -> Inquiry | None:
        """The question to ask now; None where no answer can change a sum or a verdict.

        What a file cannot do without comes first, then the event that was just named, then what moves most.
        """
        for fact in self.policies.vocabulary.of("firm"):
            if fact.required and (fact.key, None) not in self.known:
                return Inquiry(fact, None)
        found, last = self.open(), len(self.events()) - 1
        return next((each for each in found if each.fact.blank_is or each.event == last), found[0] if found else None)

    def open(self, *, assumed: bool = True) -> list[Inquiry]:
        """The questions that can still change something, those that move most first.

        `assumed`: also about what a blank stands for, and about further events.
        """
        base = self.firms(next_event=True)
        outcome = evaluate(self.policies, base, self.on)
        (now,) = self._states(outcome, base.events.height)
        asked = {spot: waits for spot, waits in now.open.items() if spot not in self.known}
        if assumed:
            some = list(islice(claims(outcome, "award", "credit", "preference"), 1))
            asked = dict.fromkeys(self._assumed(), some) | asked
        each_answer = (
            (spot, answer) for spot, waits in asked.items() for answer in self._answers(spot, waits, outcome)
        )
        tried = list(islice(each_answer, _MOST_ROWS // base.events.height))
        judged, _ = evaluated(outcome, [Variant(0, answer, event) for (_, event), answer in tried])
        ends: dict[Spot, list[_Tried]] = defaultdict(list)
        for (spot, answer), state in zip(tried, self._states(judged, base.events.height), strict=False):
            ends[spot].append(_Tried(answer, state))
        rows = {(row["event"], row["version"]): row for row in outcome.awards.iter_rows(named=True)}
        ranked = []
        for spot in asked:
            found = ends[spot]
            if spot in now.open or any(each.state.rows != now.rows for each in found):
                inquiry = self._inquiry(spot, now, found, rows)
                left = sum(len(each.state.open) for each in found) / max(len(found), 1)
                if inquiry.fact.blank_is:
                    left = -max(len(now.rows ^ each.state.rows) for each in found)
                ranked.append((inquiry.fact.blank_is is None, -inquiry.unbounded, -inquiry.fen, left, inquiry))
        return [each for *_, each in sorted(ranked, key=itemgetter(0, 1, 2, 3))]

    def _assumed(self) -> Iterator[Spot]:
        """Facts of which a blank stands for an answer, and the kind of a further event."""
        blanks = (fact.key for fact in self.policies.vocabulary.of("firm") if fact.blank_is and fact.read)
        for spot in (*((key, None) for key in blanks), (self.policies.kind_fact, len(self.events()))):
            if spot not in self.known:
                yield spot

    def _answers(self, spot: Spot, waits: Sequence[Claim], outcome: Outcome) -> Iterator[dict[str, Any]]:
        """Every answer that can make a difference, as columns hold it."""
        key, fact = spot[0], self.policies.vocabulary.facts[spot[0]]
        if key == self.policies.kind_fact:
            yield from ({key: kind} for kind in self.policies.vocabulary.kinds)
            return
        seen = []
        for claim in waits:
            for answer in answers_to(fact, claim, outcome):
                if answer not in seen:
                    seen.append(answer)
                    yield dict(answer)

    def _states(self, outcome: Outcome, height: int) -> list[_State]:
        """What each firm comes to; every firm has `height` events."""
        count = len(outcome.firms)
        rows: list[set[tuple[Any, ...]]] = [set() for _ in range(count)]
        for shown in (outcome.awards, outcome.credits):
            for firm, event, *rest in shown.select("firm", "event", "version", "verdict", "low", "high").iter_rows():
                if rest[1] != "no":
                    rows[firm].add((None if event is None else event - firm * height, *rest))
        for firm, *rest in outcome.preferences.select("firm", "version", "verdict").iter_rows():
            if rest[1] != "no":
                rows[firm].add(tuple(rest))
        sums, unbounded = (outcome.totals.select(names).rows() for names in (_SUMS, _OPEN))
        waiting: list[dict[Spot, list[Claim]]] = [{} for _ in range(count)]
        of_firm = frozenset(fact.key for fact in self.policies.vocabulary.of("firm"))
        for claim in claims(outcome, "award", "credit", "preference"):
            measure = self.policies.measures[claim.version]
            if facts := missing_facts(claim, measure):
                for each in questions([(claim, facts, measure)], of_firm):
                    place = None if each.event is None else each.event - claim.firm * height
                    waiting[claim.firm].setdefault((each.fact, place), []).append(claim)
        return [_State(frozenset(rows[n]), sums[n], unbounded[n], waiting[n]) for n in range(count)]

    def _inquiry(self, spot: Spot, now: _State, found: Sequence[_Tried], rows: Mapping[Any, Any]) -> Inquiry:
        """A question with what it is worth: the most that one answer moves, or that all who wait for it may come to."""
        waits, kind = now.open.get(spot, []), self.policies.kind_fact
        moved = [0, 0]
        for each in found:
            for at, new, old in ((0, each.state.unbounded, now.unbounded), (1, each.state.sums, now.sums)):
                moved[at] = max(moved[at], *(abs(one - other) for one, other in zip(new, old, strict=True)))
        may_move = [
            at_stake(
                claim, self.policies.measures[claim.version], spot[0], Award(row["verdict"], row["low"], row["high"])
            )
            for claim in waits
            if (row := rows.get((claim.event, claim.version)))
        ]
        return Inquiry(
            fact=self.policies.vocabulary.facts[spot[0]],
            event=spot[1],
            fen=max(moved[1], sum(each or 0 for each in may_move)),
            unbounded=max(moved[0], sum(each is None for each in may_move)),
            measures=tuple(dict.fromkeys(self.policies.measures[claim.version].id for claim in waits)),
            kinds=tuple(each.answer[kind] for each in found if kind in each.answer and each.state.rows != now.rows),
        )


def _table(policies: Policies, of: Of, rows: Sequence[dict[str, Value]]) -> Any:
    keys = [fact.key for fact in policies.vocabulary.of(of)]
    values: dict[str, Sequence[object]] = {key: [row.get(key) for row in rows] for key in keys}
    numbers = range(len(rows)) if of == "firm" else [0] * len(rows)
    return table(policies.vocabulary, of, values, numbers, [""] * len(rows))


def read_back(policies: Policies, firms: Firms) -> tuple[Reply, ...]:
    """The answers that a table of one firm holds."""
    found = [
        Reply(fact.key, None, value)
        for fact in policies.vocabulary.of("firm")
        if (value := _typed(fact, firms.firms.row(0, named=True))) is not None
    ]
    for number, row in enumerate(firms.events.iter_rows(named=True)):
        own = [Reply(fact.key, number, _typed(fact, row)) for fact in policies.vocabulary.of("event")]
        own.sort(key=lambda each: each.fact != policies.kind_fact)
        found += [each for each in own if each.value is not None]
    return tuple(found)


def _typed(fact: Fact, row: dict[str, Any]) -> Value:
    """The typed value of a column's value: the inverse of `tables.firms.column`."""
    value = row[fact.key]
    if value is None:
        return None
    if type_of(fact).spans:
        return (value, row[fact.key + UNTIL])
    if type_of(fact).several:
        return frozenset(each.key for bit, each in enumerate(fact.choices) if value >> bit & 1)
    typed: Value = value
    return typed
