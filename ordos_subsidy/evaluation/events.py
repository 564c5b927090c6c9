"""All claims of events in one pass: what most measures need is looked up, what a few need is put in its place.

Of a claim the truth of what its firm answers, of what it answers itself, and its years and sums are looked up; time
is computed for all claims together. A measure is plain where that is all. Others have conditions left over or a sum
that depends on the claim: they are judged group by group, beginning from what the pass has found, and take the
place that it has left for them. So the rows stand in the order of the events.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

import polars as pl

from ordos_subsidy.amounts import Grant
from ordos_subsidy.conditions import UNTIL, All, Condition, Happened, InForce, Window, all_columns, walk
from ordos_subsidy.evaluation.judging import (
    AS_WRITTEN,
    COLUMNS,
    EVENT,
    LOCAL,
    TRUTH,
    VERDICTS,
    WINDOW,
    Judge,
    by_kind,
    claims_of_events,
    columns_of,
    full_condition,
    grouped,
    judged,
)
from ordos_subsidy.evaluation.truth_tables import Combinations, by_day, code, few, look, within_limit
from ordos_subsidy.facts import Of, Vocabulary
from ordos_subsidy.policy import Measure, Policies
from ordos_subsidy.tables.firms import FIRM, Firms

#: Stands for no upper bound while sums are looked up: no sum is negative.
_ENDLESS = -1


class SplitMeasure(NamedTuple):
    """A measure with its place in the policy, its condition split into parts that are looked up and the rest."""

    version: int
    measure: Measure
    time: tuple[Condition, ...]
    of_firm: tuple[Condition, ...]
    of_event: tuple[Condition, ...]
    rest: tuple[Condition, ...]

    @property
    def grant(self) -> Grant:
        """Its amount."""
        return self.measure.grant or Grant("unstated")

    @property
    def plain(self) -> bool:
        """Whether no condition is left over and its sum is constant."""
        return not (self.rest or self.grant.computed or self.grant.during)

    @property
    def reads(self) -> frozenset[str]:
        """The facts with few answers that decide it."""
        return frozenset[str]().union(*map(all_columns, (*self.of_firm, *self.of_event)))

    def within(self, facts: frozenset[str]) -> SplitMeasure:
        """Return the same measure, looking up only what these facts decide."""
        ours = [[part for part in parts if all_columns(part) <= facts] for parts in (self.of_firm, self.of_event)]
        left = [part for part in (*self.of_firm, *self.of_event) if not all_columns(part) <= facts]
        return self._replace(of_firm=tuple(ours[0]), of_event=tuple(ours[1]), rest=(*self.rest, *left))


class Layer:
    """Measures of which no two claim the same kind of event, with the expressions that judge them."""

    def __init__(
        self, policies: Policies, measures: Sequence[SplitMeasure], answers: Mapping[Of, Combinations], on: dt.date
    ) -> None:
        self._policies, self._answers = policies, answers
        own = [each for each in measures if not each.plain]
        self._own_columns = list(_own_columns(own))
        rest = ((each.version, each.measure, All(each.rest) if each.rest else None) for each in own)
        self.others = [Judge(policies, group, ("event", *self._own_columns)) for group in grouped(rest, on)]
        self._local = by_kind(policies, _kinds(measures), pl.UInt16).alias(LOCAL)
        words = policies.vocabulary
        self._of_firm = answers["firm"].truths([each.of_firm for each in measures], words)
        self._of_event = answers["event"].truths([each.of_event for each in measures], words)
        self._time = list(_time(measures))
        self._spread = [local for local, each in enumerate(measures) if each.grant.spread is not None]
        self._constants = list(_constants(measures))
        self._firm_number, self._event_number = answers["firm"].number(), answers["event"].number()

    def rows(self, firms: Firms) -> pl.DataFrame:
        """Return a row for each claim of the measures, in the order of the events."""
        rows = self._looked_up(firms)
        if not self.others:
            return rows
        versions = [version for judge in self.others for version in judge.versions]
        at = rows.get_column("version").is_in(versions).arg_true()
        own = self._judged(firms, rows[at])
        # Columns that nothing else holds are changed in place; others would be copied first.
        columns = {column.name: column for column in rows.get_columns()}
        del rows
        for name in self._own_columns:
            columns[name].scatter(at, own.get_column(name))
        return pl.DataFrame(list(columns.values()))

    def _judged(self, firms: Firms, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the final rows of measures that are not plain."""
        claims = claims_of_events(firms, rows.get_column("event"), columns_of(self.others))
        known = [rows.get_column("verdict").alias(TRUTH), rows.get_column("version")]
        found = pl.concat(judged(self.others, firms, claims.hstack(known)))
        return found[found.get_column("event").arg_sort()]

    def _looked_up(self, firms: Firms) -> pl.DataFrame:
        """Return the rows of all claims; sums and verdicts of measures that are not plain are provisional."""
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
        truths = [each.alias(f"{TRUTH}{n}") for n, each in enumerate(self._truths(firms))]
        years = by_day(frame.get_column(date), lambda days: days.dt.year().cast(COLUMNS["year"]))
        # What surely lies before the policy has no calendar year.
        years = pl.when(pl.col(date + UNTIL) >= self._policies.head.effective).then(years)
        spread = pl.col(LOCAL).is_in(self._spread)
        steps = (
            frame.lazy()
            .select(
                pl.col(FIRM).alias("firm"),
                pl.col(EVENT).alias("event"),
                # Where the document does not say how a sum is spread, it falls in no year, but within some.
                (pl.when(~spread).then(years) if self._spread else years).alias("year"),
                (pl.when(spread).then(years) if self._spread else pl.lit(None, pl.Int16)).alias("within"),
                LOCAL,
                *truths,
            )
            .with_columns(pl.max_horizontal(f"{TRUTH}{n}" for n in range(len(truths))).alias(TRUTH))
            .select(self._constants)
            # Looking up what has nulls takes three times as long.
            .with_columns(pl.when(pl.col("high") != _ENDLESS).then("high"))
        )
        return steps.collect(engine="in-memory", optimizations=AS_WRITTEN)

    def _truths(self, firms: Firms) -> Iterator[pl.Expr]:
        """Return the truths that are looked up, and those of time, as codes: the largest decides."""
        firm, event, local = self._answers["firm"], self._answers["event"], pl.col(LOCAL).cast(pl.UInt32)
        answered = firms.firms.select(self._firm_number).to_series()
        yield look(self._of_firm, local * firm.size + look(answered, FIRM))
        yield look(self._of_event, local * event.size + self._event_number)
        yield from self._time


def layers(policies: Policies, numbered: Iterable[tuple[int, Measure]], on: dt.date) -> list[Layer]:
    """Return measures of events, each with its place in the policy, in layers."""
    words = policies.vocabulary
    found = [_apart(words, version, measure, full_condition(policies, measure, on)) for version, measure in numbered]
    read = frozenset[str]().union(*(each.reads for each in found))
    sides: tuple[Of, ...] = ("firm", "event")
    answers = {of: within_limit(fact for fact in words.of(of) if fact.key in read) for of in sides}
    known = answers["firm"].keys | answers["event"].keys
    made: list[list[SplitMeasure]] = []
    for each in found:
        layer = next((layer for layer in made if not _kinds(layer).keys() & {*each.measure.claims}), None)
        if layer is None:
            made.append([each.within(known)])
        else:
            layer.append(each.within(known))
    return [Layer(policies, layer, answers, on) for layer in made]


def _kinds(measures: Sequence[SplitMeasure]) -> dict[str, int]:
    """Return the place of the measure that claims each kind of event."""
    return {kind: local for local, each in enumerate(measures) for kind in each.measure.claims}


def _own_columns(own: Iterable[SplitMeasure]) -> Iterator[str]:
    """Yield the columns that depend on the claim, of measures that are not plain."""
    yield from ("verdict", "low", "high")
    if any(each.grant.during for each in own):
        yield from ("year", "years")
    if any(isinstance(word, Window) for each in own for part in each.rest for word in walk(part)):
        yield WINDOW


def _apart(words: Vocabulary, version: int, measure: Measure, condition: Condition | None) -> SplitMeasure:
    parts: dict[str, list[Condition]] = {"time": [], "firm": [], "event": [], "rest": []}
    for part in condition.parts if isinstance(condition, All) else filter(None, (condition,)):
        parts["time" if isinstance(part, Happened | InForce) else _side(words, part)].append(part)
    return SplitMeasure(version, measure, *(tuple(parts[where]) for where in ("time", "firm", "event", "rest")))


def _side(words: Vocabulary, part: Condition) -> Literal["firm", "event", "rest"]:
    """Return whose few answers decide a condition: "firm", "event", or "rest" where more counts."""
    facts = [words.facts.get(key) for key in all_columns(part)]
    sides: set[Literal["firm", "event", "rest"]] = {fact.of if fact and few(fact) else "rest" for fact in facts}
    return sides.pop() if len(sides) == 1 else "rest"


def _time(measures: Sequence[SplitMeasure]) -> Iterator[pl.Expr]:
    """Yield the expressions of the words about time, each computed once for the measures that have it."""
    for word in dict.fromkeys(word for each in measures for word in each.time):
        has = [word in each.time for each in measures]
        yield code(word.truth()) if all(has) else code(word.truth()) * look(pl.Series(has, dtype=pl.UInt8), LOCAL)


def _constants(measures: Sequence[SplitMeasure]) -> Iterator[pl.Expr | str]:
    """Yield the expressions of years, looked up by measure, and of sums over all years, by measure and verdict."""
    years = [each.grant.years or 1 for each in measures]
    low, high = [], []
    for each, count in zip(measures, years, strict=True):
        one, other = each.grant.constant
        most = _ENDLESS if other is None else other * count
        one *= count
        if (in_all := each.grant.in_all) is not None:
            one, most = min(one, in_all), in_all if most == _ENDLESS else min(most, in_all)
        low += [one, 0, 0]
        high += [most, most, 0]
    local = pl.col(LOCAL)
    at = local.cast(pl.UInt32) * len(VERDICTS) + pl.col(TRUTH)
    yield "firm"
    yield "event"
    yield look(pl.Series([each.version for each in measures], dtype=COLUMNS["version"]), local).alias("version")
    yield pl.col(TRUTH).alias("verdict")
    yield look(pl.Series(low, dtype=pl.Int64), at).alias("low")
    yield look(pl.Series(high, dtype=pl.Int64), at).alias("high")
    yield "year"
    yield look(pl.Series(years, dtype=COLUMNS["years"]), local).alias("years")
    yield "within"
    yield pl.lit(value=True).alias(WINDOW)
