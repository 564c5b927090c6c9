"""Answers to missing facts that reach an end of an award's interval: witnesses that it is no wider than it must be.

Answers are tried where something can change: at each figure that a condition compares with, beside it, at nothing and
at the most. All of them are judged together, as firms of one table, by the evaluator itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import islice, product
from math import inf, prod
from typing import Any, Literal, NamedTuple

import polars as pl

from ordos_subsidy.advice import Claim, missing_facts
from ordos_subsidy.cells import type_of
from ordos_subsidy.conditions import UNTIL, Compare, walk
from ordos_subsidy.evaluation import Outcome, evaluate
from ordos_subsidy.facts import MONEY_LIMIT, Fact
from ordos_subsidy.variants import Variant, varied

#: So many combinations of answers are tried; of more, the first ones.
MOST = 1_500
_MOST_PERCENT, _MOST_COUNT = 1_000_000, 1_000_000
_DAY = dt.timedelta(1)

End = Literal["low", "high"]
#: By column, what is filled in.
Answers = Mapping[str, Any]


class Witness(NamedTuple):
    """What reaches one end of an interval: by fact, the row with the answers; None where nothing tried reaches it."""

    end: End
    facts: tuple[str, ...]
    row: Mapping[str, Any] | None
    verdict: str
    low: int
    high: int | None


class Tried(NamedTuple):
    """A combination of answers with the verdict and the interval that come of it."""

    answers: Answers
    verdict: str
    low: int
    high: int | None


def witnesses(outcome: Outcome, claim: Claim, low: int, high: int | None) -> list[Witness]:
    """Return a witness for each end of a claim's interval; none where no fact is missing.

    Then its ends are the document's own cap, floor or open end.
    """
    facts = missing_facts(claim, outcome.policies.measures[claim.version])
    if not facts:
        return []
    found = list(tried(outcome, claim))
    least = [each for each in found if each.low == low]
    most = [each for each in found if each.high == high]
    return [_witness("low", least, facts, claim), _witness("high", most, facts, claim)]


def _witness(end: End, reached: list[Tried], facts: tuple[str, ...], claim: Claim) -> Witness:
    """Return one of those that reach an end: one that settles the verdict.

    What is given at least is settled by the fewest answers, and where nothing is given; what is given at most by
    answers to everything.
    """
    if not reached:
        return Witness(end, facts, None, "unknown", 0, None)

    def rank(each: Tried) -> tuple[bool, float, int]:
        unsettled, most = each.verdict == "unknown", inf if each.high is None else each.high
        return (unsettled, most, len(each.answers)) if end == "low" else (unsettled, 0, -len(each.answers))

    best = min(reached, key=rank)
    answered = tuple(fact for fact in facts if fact in best.answers)
    return Witness(end, answered, {**claim.row, **best.answers}, best.verdict, best.low, best.high)


def tried(outcome: Outcome, claim: Claim) -> Iterator[Tried]:
    """Yield what comes of every combination of answers to the facts that a claim misses."""
    words = outcome.policies.vocabulary
    facts = [words.facts[key] for key in missing_facts(claim, outcome.policies.measures[claim.version])]
    options = [[{}, *answers(fact, claim, outcome)] for fact in facts]
    if not facts or prod(map(len, options)) <= 1:
        return
    chosen = [
        {key: value for part in parts for key, value in part.items()} for parts in islice(product(*options), MOST)
    ]
    asked = [Variant(claim.firm, given, claim.event) for given in chosen]
    company, places = varied(outcome.firms, asked)
    judged = evaluate(outcome.policies, company, outcome.on)
    measure = outcome.policies.measures[claim.version]
    table = judged.awards if measure.category == "award" else judged.credits
    rows = table.filter(pl.col("measure").cast(pl.String) == measure.id)
    found = {
        (firm, event): rest for firm, event, *rest in rows.select("firm", "event", "verdict", "low", "high").rows()
    }
    for number, (given, event) in enumerate(zip(chosen, places, strict=True)):
        if (number, event) in found:
            verdict, least, most = found[number, event]
            yield Tried(given, verdict, least, most)


def answers(fact: Fact, claim: Claim, outcome: Outcome) -> Iterator[Answers]:
    """Yield the answers to a fact that can make a difference, as its columns hold them."""
    compared = _compared(fact, claim, outcome)
    if type_of(fact).spans:
        yield from _days(fact, claim, outcome)
    elif type_of(fact).column == "String":
        yield {fact.key: "…"}  # rules ask only whether there is a text
    elif fact.type == "yes_no":
        yield from ({fact.key: value} for value in (True, False))
    elif type_of(fact).several:
        given = claim.row.get(fact.key) or 0
        bits = range(len(fact.choices))
        open_ = fact.left_open(given) if given else fact.bits(each.key for each in fact.choices)
        yield from ({fact.key: given | 1 << bit} for bit in bits if open_ >> bit & 1)
    elif fact.choices:
        yield from ({fact.key: each.key} for each in fact.choices)
    elif fact.type == "year":
        years = {outcome.on.year, outcome.policies.head.effective.year, *compared}
        yield from ({fact.key: year} for year in sorted(years))
    else:
        most = MONEY_LIMIT if type_of(fact).money else _MOST_PERCENT if fact.type == "percent" else _MOST_COUNT
        near = [value + step for value in compared for step in (0, -1, 1)]
        tried_ = dict.fromkeys([*near, 0, most, 1])  # the likely ones first: the first witness is shown
        yield from ({fact.key: value} for value in tried_ if 0 <= value <= most)


def _compared(fact: Fact, claim: Claim, outcome: Outcome) -> list[int]:
    """The whole numbers that the conditions of a claim compare a fact with."""
    measure = outcome.policies.measures[claim.version]
    times = measure.grant.times if measure.grant else None
    roots = (outcome.policies.condition(measure), times.when if times else None)
    words = [word for root in roots if root for word in walk(root) if isinstance(word, Compare)]
    plain = [word.value for word in words if word.fact.key == fact.key and type(word.value) is int]
    return [*plain, *(value for word in words if (value := _of_ratio(word, fact, claim)) is not None)]


def _of_ratio(word: Compare, fact: Fact, claim: Claim) -> int | None:
    """Return the figure of a fact at which a ratio just reaches what is demanded, its other figure being known."""
    if not word.fact.ratio or fact.key not in word.fact.ratio or not isinstance(word.value, tuple):
        return None
    part, whole = word.fact.ratio
    share, of = word.value
    if fact.key == part:
        return None if claim.row.get(whole) is None else -(-claim.row[whole] * share // of)
    return None if claim.row.get(part) is None else claim.row[part] * of // share


def _days(fact: Fact, claim: Claim, outcome: Outcome) -> Iterator[Answers]:
    """Yield whole days: round the first day in force and the day of evaluation, within what is known of the date."""
    start = outcome.policies.head.effective
    measure = outcome.policies.measures[claim.version]
    known = (claim.row.get(fact.key), claim.row.get(fact.key + UNTIL))
    days = {start - _DAY, start, outcome.on, *(each for each in (measure.since, measure.until) if each)}
    days |= {each for each in known if each}
    for each in sorted(days):
        if known[0] is None or known[1] is None or known[0] <= each <= known[1]:
            yield {fact.key: each, fact.key + UNTIL: each}
