"""What a firm could do: what it could change to meet a condition that it just misses, and what it could seek.

Both are read from the truths that evaluation kept, and then evaluated: a hint is given only where the ordinary
evaluation of the changed firm comes out better. Which facts a firm can change is said in the policy file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_CEILING, Decimal
from functools import reduce
from itertools import chain, islice, product
from math import inf
from typing import Literal, NamedTuple

import polars as pl

from ordos_subsidy.advice import Award, Claim, Judged, claims
from ordos_subsidy.conditions import UNTIL, All, AnyOf, Compare, Row, all_columns
from ordos_subsidy.evaluation import Outcome
from ordos_subsidy.facts import MONEY_LIMIT, Fact
from ordos_subsidy.policy import Category, Measure, Policies
from ordos_subsidy.tables.firms import FIRM
from ordos_subsidy.variants import Variant, awards_of, evaluated

#: So many ways to meet a condition are kept, and so many shown.
WAYS, SHOWN = 8, 3
_PLACES = Decimal("0.0001")
_ORDER = ("no", "unknown", "yes")


class Step(NamedTuple):
    """A fact that a firm can change: the value that meets the condition `leaf`, and the fen that it takes.

    Without a sum: a recognition, which has no price.
    """

    fact: str
    value: int | bool
    cost: int | None
    leaf: Judged

    @property
    def share(self) -> float:
        """The part of the sum demanded that is lacking; 0 of a recognition."""
        return 0.0 if self.cost is None else self.cost / max(self.value, self.cost)


#: Steps that meet a condition together, each fact once.
Way = tuple[Step, ...]


def cost(way: Way) -> int:
    """Return what a way takes, in fen, without what has no price."""
    return sum(step.cost or 0 for step in way)


def gap(step: Step, row: Row) -> tuple[Decimal | None, Literal["points", "yuan", ""]]:
    """Return what is lacking in its own unit: percentage points (to four places, raised), or yuan."""
    word = step.leaf.word
    if step.cost is None:
        return None, ""
    if isinstance(word, Compare) and word.fact.ratio:
        (p, q), (part, whole) = word.value, (row[key] for key in word.fact.ratio)
        return (Decimal(100 * p) / q - Decimal(100 * part) / whole).quantize(_PLACES, ROUND_CEILING), "points"
    return Decimal(step.cost).scaleb(-2), "yuan"


def ways(judged: Judged, row: Row, facts: Mapping[str, Fact]) -> list[Way]:
    """Return how a refused condition can be met by what a firm can change, the cheapest first.

    Empty where nothing has failed, or where what has failed cannot be changed. What has a price comes before what has
    none. A way that asks for more of the same facts than a cheaper one is left out.
    """
    if judged.truth is not False:
        return []
    parts = [ways(part, row, facts) for part in judged.parts if part.truth is False]
    match judged.word:
        case Compare() as word:
            step = _step(judged, word, row, facts)
            return [(step,)] if step else []
        case All():
            return reduce(lambda one, two: _cheapest(map(_together, product(one, two))), parts)
        case AnyOf():
            return _cheapest(chain(*parts))
    return []


def _cheapest(found: Iterable[Way]) -> list[Way]:
    kept: list[Way] = []
    for way in sorted(found, key=lambda way: (sum(step.cost is None for step in way), cost(way))):
        names = {step.fact for step in way}
        if not any({step.fact for step in other} <= names for other in kept):
            kept.append(way)
    return kept[:WAYS]


def priced(claim: Claim, policies: Policies) -> Way | None:
    """Return the cheapest way to meet a claim's condition by money alone; None where there is none."""
    found = ways(claim.condition, claim.row, policies.vocabulary.facts) if claim.condition else []
    return next((way for way in found if all(step.cost is not None for step in way)), None)


def _step(judged: Judged, word: Compare, row: Row, facts: Mapping[str, Fact]) -> Step | None:
    """What meets a comparison, if a firm can change its fact: a sum that is raised, a recognition."""
    fact = facts[word.fact.ratio[0]] if word.fact.ratio else word.fact
    if fact.change == "raise" and (lacking := word.distance(row)) is not None:
        value = word.reached(row) + lacking
        return Step(fact.key, value, lacking, judged) if value <= MONEY_LIMIT else None
    if fact.change == "obtain" and (word.comparison, word.value) == ("is", True):
        return Step(fact.key, value=True, cost=None, leaf=judged)
    return None


def _together(chosen: Iterable[Way]) -> Way:
    """Several ways as one; a sum that two of them raise is raised to the larger figure."""
    steps: dict[str, Step] = {}
    for step in (step for way in chosen for step in way):
        if step.fact not in steps or step.value > steps[step.fact].value:
            steps[step.fact] = step
    return tuple(steps.values())


class Hint(NamedTuple):
    """A way for a claim, and what evaluation makes of the claim before and after it."""

    claim: Claim
    way: Way
    before: Award
    after: Award


def near_misses(outcome: Outcome, *categories: Category) -> list[Hint]:
    """Return what firms could change to reach a measure of some categories, or its multiple, claim by claim.

    Of several ways for a claim the cheapest comes first.
    """
    policies = outcome.policies
    changed = {key for key, fact in policies.vocabulary.facts.items() if fact.change}
    ids = {each.id for each in policies.measures if each.claims and changed & reads(policies, each)}
    found = [
        (claim, way)
        for claim in claims(outcome, *categories, only=ids)
        for way in islice(_ways_of(claim, policies.vocabulary.facts), SHOWN)
    ]
    if not found:
        return []
    wanted = [Variant(claim.firm, {step.fact: step.value for step in way}, claim.event) for claim, way in found]
    tried, places = evaluated(outcome, wanted)
    before = awards_of(outcome, [(claim.firm, claim.event, claim) for claim, _ in found])
    after = awards_of(tried, [(n, place, found[n][0]) for n, place in enumerate(places)])
    hints = [Hint(*each, *sums) for each, *sums in zip(found, before, after, strict=True)]
    return [hint for hint in hints if _rank(hint.after) > _rank(hint.before)]


def reads(policies: Policies, measure: Measure) -> frozenset[str]:
    """Return the columns that a measure's condition and amount read."""
    whole = policies.condition(measure)
    found = all_columns(whole) if whole else frozenset[str]()
    return found | measure.grant.columns() if measure.grant else found


def _ways_of(claim: Claim, facts: Mapping[str, Fact]) -> list[Way]:
    """The ways to meet the condition of a claim, or, where that does not fail, that of its multiple."""
    refused = claim.condition if claim.condition and claim.condition.truth is False else claim.times
    return ways(refused, claim.row, facts) if refused else []


def _rank(award: Award) -> tuple[int, float, float]:
    return _ORDER.index(award.verdict), award.low, inf if award.high is None else award.high


class Sought(NamedTuple):
    """A kind of event that a firm has none of: its place in the outcome of the firms as they would be with it."""

    firm: int
    kind: str
    event: int


def within_reach(outcome: Outcome) -> tuple[Outcome, list[Sought]]:
    """Return what could be sought: the outcome of each firm with one more event, dated on the day of evaluation.

    What the files say that a firm of its kind cannot seek is not tried, and what gives nothing is left out.
    """
    wanted = list(_not_held(outcome))
    policies, on = outcome.policies, outcome.on
    dated = {policies.date_fact: on, policies.date_fact + UNTIL: on}
    variants = [Variant(firm, added={policies.kind_fact: kind, **dated}) for firm, kind in wanted]
    tried, places = evaluated(outcome, variants)
    worth = (pl.col("verdict") != "no") & (pl.col("high").is_null() | (pl.col("high") > 0))
    given = set(tried.awards.filter(worth).get_column("event").drop_nulls())
    asked = zip(wanted, places, strict=True)
    return tried, [Sought(firm, kind, place) for (firm, kind), place in asked if place is not None and place in given]


def _not_held(outcome: Outcome) -> Iterator[tuple[int, str]]:
    """The kinds of events that each firm has none of and could seek."""
    policies, firms = outcome.policies, outcome.firms
    held = set(firms.events.select(FIRM, pl.col(policies.kind_fact).cast(pl.String)).iter_rows())
    awarded = {kind for each in policies.of("award") for kind in each.claims} & policies.vocabulary.kinds.keys()
    may = {kind: firms.firms.select(word.truth()).to_series().to_list() for kind, word in policies.who.items()}
    for firm in range(len(firms)):
        for kind in policies.vocabulary.kinds:
            if kind in awarded and (firm, kind) not in held and (kind not in may or may[kind][firm]):
                yield firm, kind
