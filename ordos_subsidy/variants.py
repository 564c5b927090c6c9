"""Firms as they would be: with other answers, or with one more event, evaluated by the evaluator like any other.

All variants that a question asks for are the firms of one table. Two questions are answered here: which answers to
missing facts reach an end of an award's interval (witnesses: it is no wider than it must be), and where the lines of a
figure are (a sweep: the stretches of its values in which nothing changes, exact to the last unit).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, pairwise, product
from math import inf, prod
from typing import Any, Literal, NamedTuple

import polars as pl

from ordos_subsidy.advice import Award, Claim, missing_facts
from ordos_subsidy.cells import type_of
from ordos_subsidy.conditions import UNTIL, Compare, walk
from ordos_subsidy.evaluation import Outcome, evaluate
from ordos_subsidy.facts import MONEY_LIMIT, Fact
from ordos_subsidy.policy import Measure, Policies
from ordos_subsidy.tables.firms import FIRM, PLACE, Firms

#: So many combinations of answers are tried for a witness; of more, the first ones.
MOST = 1_500
_MOST_PERCENT, _MOST_COUNT = 1_000_000, 1_000_000
_DAY = dt.timedelta(1)
#: So many values of a figure are tried evenly at first, and so many between two that differ.
_GRID, _BETWEEN = 64, 32


class Variant(NamedTuple):
    """A firm with other values, by column: its own, and those of one of its events; `added`: one more event."""

    firm: int
    values: Mapping[str, Any] = {}
    event: int | None = None
    added: Mapping[str, Any] | None = None


def varied(firms: Firms, wanted: Sequence[Variant]) -> tuple[Firms, list[int | None]]:
    """Return a table with a firm for each variant, in order, and the row of the event that each one speaks of."""
    owners = pl.Series(FIRM, [each.firm for each in wanted], pl.UInt32)
    numbers = pl.int_range(len(owners), dtype=pl.UInt32, eager=True)
    asked = pl.DataFrame([owners, numbers.alias("@variant")])
    events = asked.join(firms.events.with_row_index("@row"), on=FIRM, maintain_order="left_right")
    named = [(n, each.event) for n, each in enumerate(wanted) if each.event is not None]
    spoken = dict.fromkeys(named)
    if named:
        rows = zip(events.get_column("@variant"), events.get_column("@row"), strict=True)
        spoken = {row: at for at, row in enumerate(rows) if row in spoken}
    added = [n for n, each in enumerate(wanted) if each.added is not None]
    places: list[int | None] = [None if each.event is None else spoken[n, each.event] for n, each in enumerate(wanted)]
    for at, n in enumerate(added, events.height):
        places[n] = at
    events = events.drop(FIRM, "@row").rename({"@variant": FIRM}).select(firms.events.columns)
    if added:
        blank = firms.events.clear(len(added)).with_columns(pl.Series(FIRM, added, pl.UInt32), pl.lit("").alias(PLACE))
        events = pl.concat([events, blank])
    own = firms.firms[owners].with_columns(numbers.alias(FIRM))
    changes: dict[str, dict[int, Any]] = {}
    for n, each in enumerate(wanted):
        place = places[n]
        for key, value in {**each.values, **(each.added or {})}.items():
            row = n if key in own.columns else place
            if row is not None:
                changes.setdefault(key, {})[row] = value
    for key, found in changes.items():
        if key in own.columns:
            own = own.with_columns(_changed(own.get_column(key), found))
        else:
            events = events.with_columns(_changed(events.get_column(key), found))
    return Firms(own, events), places


def _changed(column: pl.Series, found: Mapping[int, Any]) -> pl.Series:
    values = column.to_list()
    for at, value in found.items():
        values[at] = value
    return pl.Series(column.name, values, column.dtype)


def evaluated(outcome: Outcome, wanted: Sequence[Variant]) -> tuple[Outcome, list[int | None]]:
    """Return the outcome of variants of an outcome's firms, and the row of the event that each one speaks of."""
    company, places = varied(outcome.firms, wanted)
    return evaluate(outcome.policies, company, outcome.on), places


def awards_of(outcome: Outcome, wanted: Sequence[tuple[int, int | None, Claim]]) -> list[Award]:
    """Return what an outcome makes of some claims, by firm and event; of one it does not have, no."""
    ids = [outcome.policies.measures[claim.version].id for _, _, claim in wanted]
    schema = {"firm": pl.UInt32, "event": pl.UInt32, "measure": pl.String}
    rows = [(firm, event, id_) for (firm, event, _), id_ in zip(wanted, ids, strict=True)]
    nothing = {"event": pl.lit(None, pl.UInt32), "low": pl.lit(0, pl.Int64), "high": pl.lit(0, pl.Int64)}
    parts = (outcome.awards, outcome.credits, outcome.preferences.with_columns(**nothing))
    columns = ["firm", "event", pl.col("measure").cast(pl.String), pl.col("verdict").cast(pl.String), "low", "high"]
    known = pl.concat(part.filter(pl.col("measure").cast(pl.String).is_in(set(ids))).select(columns) for part in parts)
    asked = pl.DataFrame(rows, schema, orient="row")
    found = asked.join(known, on=list(schema), how="left", nulls_equal=True, maintain_order="left")
    rows_found = found.select("verdict", "low", "high").rows()
    return [Award(verdict, low, high) if verdict else Award("no", 0, 0) for verdict, low, high in rows_found]


def thresholds(policies: Policies, measures: Iterable[Measure], fact: Fact, row: Mapping[str, Any]) -> Iterator[int]:
    """Yield the whole numbers of a fact at which conditions of measures change, the other facts being as in a row."""
    roots = (
        root
        for measure in measures
        for root in (policies.condition(measure), measure.grant and measure.grant.times and measure.grant.times.when)
    )
    for word in (word for root in roots if root for word in walk(root)):
        if not isinstance(word, Compare):
            continue
        if word.fact.key == fact.key and type(word.value) is int:
            yield word.value
        elif word.fact.ratio and isinstance(word.value, tuple):
            (part, whole), (share, of) = word.fact.ratio, word.value
            if fact.key == part and row.get(whole) is not None:
                yield -(-row[whole] * share // of)
            elif fact.key == whole and row.get(part) is not None:
                yield row[part] * of // share


# --- answers that reach an end of an interval


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
    judged, places = evaluated(outcome, [Variant(claim.firm, given, claim.event) for given in chosen])
    found = awards_of(judged, [(n, place, claim) for n, place in enumerate(places)])
    yield from (Tried(given, *award) for given, award in zip(chosen, found, strict=True))


def answers(fact: Fact, claim: Claim, outcome: Outcome) -> Iterator[Answers]:
    """Yield the answers to a fact that can make a difference, as its columns hold them."""
    compared = list(thresholds(outcome.policies, [outcome.policies.measures[claim.version]], fact, claim.row))
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


# --- where the lines of a figure are

#: Of a row by measure and event: its verdict, least and most (fen).
Rows = Mapping[tuple[str, int], tuple[Any, int, int | None]]


class Point(NamedTuple):
    """What comes of a value: the totals in fen, how many awards have no end, and the rows."""

    value: int
    assured: int
    ceiling: int
    pending: int
    open_ended: int
    rows: Rows


class Stretch(NamedTuple):
    """Values in which nothing changes, but for sums that grow with the value; the rows that its first value changes."""

    first: Point
    last: Point
    changed: Rows


def sweep(outcome: Outcome, firm: int, fact: Fact, first: int, last: int) -> list[Stretch]:
    """Return the stretches of a figure of a firm from one value to another."""
    step = max((last - first) // _GRID, 1)
    measures = [each for each in outcome.policies.measures if each.claims]
    near = thresholds(outcome.policies, measures, fact, outcome.firms.firms.row(firm, named=True))
    beside = {value + by for value in near for by in (-1, 0, 1) if first <= value + by <= last}
    wanted = {*range(first, last, step), last, *beside}
    points = {each.value: each for each in _points(outcome, firm, fact, sorted(wanted))}
    sloped = frozenset(each.id for each in outcome.policies.of("award") if _sloped(each, fact))
    signs = {value: _sign(point, sloped, outcome) for value, point in points.items()}
    while more := _between(signs):
        for each in _points(outcome, firm, fact, more):
            points[each.value], signs[each.value] = each, _sign(each, sloped, outcome)
    values = sorted(points)
    starts = [values[0], *(two for one, two in pairwise(values) if signs[one] != signs[two])]
    ends = [*(values[values.index(start) - 1] for start in starts[1:]), values[-1]]
    found: list[Stretch] = []
    for start, end in zip(starts, ends, strict=True):
        before = found[-1].last.rows if found else {}
        changed = {
            key: row
            for key, row in points[start].rows.items()
            if found and before[key] != row and (key[0] not in sloped or before[key][0] != row[0])
        }
        found.append(Stretch(points[start], points[end], changed))
    return found


def _between(signs: Mapping[int, object]) -> list[int]:
    """Values between each two that stand beside one another and come out differently."""
    found: list[int] = []
    for one, two in pairwise(sorted(signs)):
        if signs[one] != signs[two] and two - one > 1:
            step = max((two - one) // _BETWEEN, 1)
            found += range(one + step, two, step)
    return found


def _points(outcome: Outcome, firm: int, fact: Fact, values: list[int]) -> Iterator[Point]:
    judged, _ = evaluated(outcome, [Variant(firm, {fact.key: value}) for value in values])
    height = judged.firms.events.height // len(values)
    rows: list[dict[tuple[str, int], tuple[Any, int, int | None]]] = [{} for _ in values]
    columns = ["firm", "event", "measure", "verdict", "low", "high"]
    for n, event, measure, *row in judged.awards.select(columns).iter_rows():
        rows[n][measure, -1 if event is None else event - n * height] = (row[0], row[1], row[2])
    for n, measure, verdict in judged.preferences.select("firm", "measure", "verdict").iter_rows():
        rows[n][measure, -1] = (verdict, 0, 0)
    sums = judged.totals.select("assured", "ceiling", "pending", "open_ended").iter_rows()
    for value, (assured, ceiling, pending, endless), found in zip(values, sums, rows, strict=True):
        yield Point(value, assured, ceiling, pending, endless, found)


def _sloped(measure: Measure, fact: Fact) -> bool:
    """Whether a sum grows with the figure itself."""
    grant = measure.grant
    return bool(grant and fact.key in {grant.of, grant.less, grant.within, *(band.to for band in grant.bands)})


def _sign(point: Point, sloped: frozenset[str], outcome: Outcome) -> object:
    """What must be the same within a stretch: of a sum that grows with the value, only whether it is at its cap."""
    caps = {
        each.id: {each.grant.cap, each.grant.high, each.grant.a_year, each.grant.in_all} - {None}
        for each in outcome.policies.of("award")
        if each.grant and each.id in sloped
    }
    return tuple(
        (key, row if key[0] not in sloped else (row[0], row[1] in caps[key[0]], row[2] in caps[key[0]]))
        for key, row in point.rows.items()
    )
