"""All claims of events in one pass: what most measures need is looked up, what a few need is put in its place.

A measure is plain where time and facts with few answers decide it and its sum is a constant. Of a claim the truth
of what its firm answers, of what it answers itself, and its years and sums are looked up; time is computed for all
claims together. Measures with a condition or a sum of their own are judged group by group, and their rows take
the place that the pass has left for them. So the rows stand in the order of the events.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import polars as pl

from ordos_subsidy.amounts import Grant
from ordos_subsidy.conditions import UNTIL, All, Condition, Happened, InForce, all_columns
from ordos_subsidy.evaluation.answers import Answers, code, few, look, within_limit
from ordos_subsidy.evaluation.claims import EVENT, LOCAL, by_kind, claimed, claims_of_events, full_condition, groups
from ordos_subsidy.evaluation.judging import COLUMNS, VERDICTS, WINDOW, Judge
from ordos_subsidy.facts import Of, Vocabulary
from ordos_subsidy.firms.tables import FIRM, Firms
from ordos_subsidy.policies import Measure, Policies

_TRUTH = "@truth"
#: The columns that depend on the claim, and not on the measure alone.
_JUDGED = ("verdict", "low", "high", "year", "years", WINDOW)


class Apart(NamedTuple):
    """A measure with its place in the policy, and its condition taken apart; `plain` where nothing is left over."""

    version: int
    measure: Measure
    plain: bool = False
    time: tuple[Condition, ...] = ()
    of_firm: tuple[Condition, ...] = ()
    of_event: tuple[Condition, ...] = ()

    @property
    def grant(self) -> Grant:
        """What it gives."""
        return self.measure.grant or Grant("unstated")

    @property
    def reads(self) -> frozenset[str]:
        """The facts with few answers that decide it."""
        return frozenset[str]().union(*map(all_columns, (*self.of_firm, *self.of_event)))


class Layer:
    """Measures of which no kind of event has two, with the expressions that judge them, made once."""

    def __init__(
        self, policies: Policies, measures: Sequence[Apart], answers: Mapping[Of, Answers], on: dt.date
    ) -> None:
        self._policies, self._answers = policies, answers
        others = [(each.version, each.measure) for each in measures if not each.plain]
        self.others = [Judge(policies, group) for group in groups(policies, others, on)]
        self._local = by_kind(policies, _kinds(measures), pl.UInt32).alias(LOCAL)
        words = policies.vocabulary
        self._of_firm = answers["firm"].truths([each.of_firm for each in measures], words)
        self._of_event = answers["event"].truths([each.of_event for each in measures], words)
        self._time = list(_time(measures))
        self._year = _year(policies, measures)
        self._constants = list(_constants(measures))

    def rows(self, firms: Firms) -> pl.DataFrame:
        """A row for each claim of the measures, in the order of the events."""
        rows = self._looked_up(firms)
        own = [
            judge.rows(firms, claims_of_events(firms, at, judge.columns))
            for judge, at in claimed(self._policies, firms.events, self.others)
        ]
        if not own:
            return rows
        judged = pl.concat(own, rechunk=True)
        at = judged.get_column("event")
        if rows.height < firms.events.height:
            at = rows.get_column("event").search_sorted(at)
        return rows.with_columns(rows.get_column(name).scatter(at, judged.get_column(name)) for name in _JUDGED)

    def _looked_up(self, firms: Firms) -> pl.DataFrame:
        """The rows of all claims; those of measures that are not plain are right only in what the measure is."""
        date = self._policies.date_fact
        frame = firms.events.select(
            pl.int_range(pl.len(), dtype=pl.UInt32).alias(EVENT),
            FIRM,
            date,
            date + UNTIL,
            *self._answers["event"].keys,
            self._local,
        )
        if frame.get_column(LOCAL).null_count():
            frame = frame.filter(pl.col(LOCAL).is_not_null())
        judged = frame.select(
            pl.col(FIRM).alias("firm"),
            pl.col(EVENT).alias("event"),
            self._year,
            LOCAL,
            self._truth(firms).alias(_TRUTH),
        )
        return judged.select(self._constants)

    def _truth(self, firms: Firms) -> pl.Expr:
        """The truth of the plain measures, each for its claims: the largest of its parts."""
        firm, event, local = self._answers["firm"], self._answers["event"], pl.col(LOCAL)
        answered = firms.firms.select(firm.number()).to_series()
        return pl.max_horizontal(
            look(self._of_firm, local * firm.size + look(answered, FIRM)),
            look(self._of_event, local * event.size + event.number()),
            *self._time,
        )


def layers(policies: Policies, numbered: Iterable[tuple[int, Measure]], on: dt.date) -> list[Layer]:
    """Measures of events, each with its place in the policy, in layers."""
    words = policies.vocabulary
    found = [_apart(words, version, measure, full_condition(policies, measure, on)) for version, measure in numbered]
    read = frozenset[str]().union(*(each.reads for each in found))
    sides: tuple[Of, ...] = ("firm", "event")
    answers = {of: within_limit(fact for fact in words.of(of) if fact.key in read) for of in sides}
    known = answers["firm"].keys | answers["event"].keys
    made: list[list[Apart]] = []
    for each in found:
        one = each if each.reads <= known else Apart(each.version, each.measure)
        layer = next((layer for layer in made if not _kinds(layer).keys() & {*one.measure.claims}), None)
        if layer is None:
            made.append([one])
        else:
            layer.append(one)
    return [Layer(policies, layer, answers, on) for layer in made]


def _kinds(measures: Sequence[Apart]) -> dict[str, int]:
    """The place of the measure that claims each kind of event."""
    return {kind: local for local, each in enumerate(measures) for kind in each.measure.claims}


def _apart(words: Vocabulary, version: int, measure: Measure, condition: Condition | None) -> Apart:
    grant = measure.grant
    if grant is None or any(grant.shape) or grant.during:
        return Apart(version, measure)
    parts: dict[str, list[Condition]] = {"time": [], "firm": [], "event": []}
    for part in condition.parts if isinstance(condition, All) else filter(None, (condition,)):
        where = "time" if isinstance(part, Happened | InForce) else _side(words, part)
        if where is None:
            return Apart(version, measure)
        parts[where].append(part)
    return Apart(version, measure, True, *(tuple(parts[where]) for where in ("time", "firm", "event")))


def _side(words: Vocabulary, part: Condition) -> Of | None:
    """Whose few answers decide a condition: the firm's, the event's, or None where anything else counts."""
    facts = [words.facts.get(key) for key in all_columns(part)]
    sides = {fact.of if fact and few(fact) else None for fact in facts}
    return sides.pop() if len(sides) == 1 else None


def _time(measures: Sequence[Apart]) -> Iterator[pl.Expr]:
    """The words about time, each computed once, and counted for the measures that have it."""
    plain = [each for each in measures if each.plain]
    for word in dict.fromkeys(word for each in plain for word in each.time):
        has = pl.Series([word in each.time for each in measures], dtype=pl.UInt8)
        everywhere = all(word in each.time for each in plain)
        yield code(word.truth()) if everywhere else code(word.truth()) * look(has, LOCAL)


def _year(policies: Policies, measures: Sequence[Apart]) -> pl.Expr:
    """The first calendar year: the claim's, none where the document does not say how the sum is spread."""
    year = pl.col(policies.date_fact).dt.year().cast(COLUMNS["year"])
    stated = pl.Series([each.grant.spread is None for each in measures])
    return (year if stated.all() else pl.when(look(stated, LOCAL)).then(year)).alias("year")


def _constants(measures: Sequence[Apart]) -> Iterator[pl.Expr | str]:
    """The columns of the rows: years looked up by measure, sums over all years by measure and verdict."""
    years = [each.grant.years or 1 for each in measures]
    low, high = [], []
    for each, count in zip(measures, years, strict=True):
        most = None if each.grant.high is None else each.grant.high * count
        low += [each.grant.low * count, 0, 0]
        high += [most, most, 0]
    local = pl.col(LOCAL)
    at = local * len(VERDICTS) + pl.col(_TRUTH)
    yield "firm"
    yield "event"
    yield look(pl.Series([each.version for each in measures], dtype=COLUMNS["version"]), local).alias("version")
    yield pl.col(_TRUTH).alias("verdict")
    yield look(pl.Series(low, dtype=pl.Int64), at).alias("low")
    yield look(pl.Series(high, dtype=pl.Int64), at).alias("high")
    yield "year"
    yield look(pl.Series(years, dtype=COLUMNS["years"]), local).alias("years")
    yield pl.lit(value=True).alias(WINDOW)
