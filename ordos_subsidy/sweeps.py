"""Where the lines of a figure are: the stretches of its values in which nothing changes, exact to the last unit.

Values are evaluated as variants of the firm. Between two values that come out differently the line is found by
bisection, in several pieces at a time; besides an even grid, values are tried that conditions compare with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from ordos_subsidy.conditions import Compare, walk
from ordos_subsidy.evaluation import Outcome, evaluate
from ordos_subsidy.facts import Fact
from ordos_subsidy.policy import Measure
from ordos_subsidy.variants import Variant, varied

#: So many values are tried evenly at first, and so many between two that differ.
_GRID, _BETWEEN = 64, 32

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
    wanted = {*range(first, last, step), last, *_near(outcome, firm, fact, first, last)}
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
    company, _ = varied(outcome.firms, [Variant(firm, {fact.key: value}) for value in values])
    tried = evaluate(outcome.policies, company, outcome.on)
    height = company.events.height // len(values)
    rows: list[dict[tuple[str, int], tuple[Any, int, int | None]]] = [{} for _ in values]
    columns = ["firm", "event", "measure", "verdict", "low", "high"]
    for n, event, measure, *row in tried.awards.select(columns).iter_rows():
        rows[n][measure, -1 if event is None else event - n * height] = (row[0], row[1], row[2])
    for n, measure, verdict in tried.preferences.select("firm", "measure", "verdict").iter_rows():
        rows[n][measure, -1] = (verdict, 0, 0)
    sums = tried.totals.select("assured", "ceiling", "pending", "open_ended").iter_rows()
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


def _near(outcome: Outcome, firm: int, fact: Fact, first: int, last: int) -> Iterator[int]:
    """The values that conditions compare a figure with, and those beside them."""
    row: dict[str, Any] = outcome.firms.firms.row(firm, named=True)
    conditions = (outcome.policies.condition(each) for each in outcome.policies.measures if each.claims)
    words: Iterable[Any] = (word for root in conditions if root for word in walk(root))
    for word in words:
        if isinstance(word, Compare):
            if word.fact.key == fact.key and type(word.value) is int:
                found = word.value
            elif word.fact.ratio and word.fact.ratio[0] == fact.key and row[word.fact.ratio[1]] is not None:
                found = -(-row[word.fact.ratio[1]] * word.value[0] // word.value[1])
            else:
                continue
            yield from (value for value in (found - 1, found, found + 1) if first <= value <= last)
