"""Measures put into groups, the table of the claims they look at in, a row for each claim out."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import polars as pl

from ordos_subsidy.amounts import Grant, schedule, yearly
from ordos_subsidy.conditions import UNTIL, All, Condition, Happened, Relation, Window, all_columns, walk
from ordos_subsidy.evaluation.truth_tables import code, look
from ordos_subsidy.policy import Measure, Policies
from ordos_subsidy.tables.firms import FIRM, Firms

#: The row of the claim's event, null for the accounts; the measure's place in its group; what is known of the
#: verdict before a group judges, as `truth_tables.code` has it.
EVENT, LOCAL, TRUTH = "@event", "@local", "@truth"
VERDICTS = ("yes", "unknown", "no")
#: Whether the claim falls in the time of the measure's version; null where its date does not say.
WINDOW = "window"
#: The limit that all years of a claim come to at most.
IN_ALL = "@in_all"
#: What judging makes. A verdict is the number of its name in `VERDICTS`, as `truth_tables.code` has it.
COLUMNS = {
    "firm": pl.UInt32,
    "event": pl.UInt32,
    "version": pl.UInt16,
    "verdict": pl.UInt8,
    "low": pl.Int64,
    "high": pl.Int64,
    "year": pl.Int16,
    "years": pl.Int16,
    "within": pl.Int16,
    WINDOW: pl.Boolean,
}
#: There is nothing to optimise, and looking for it takes as long as judging a firm.
AS_WRITTEN = pl.QueryOptFlags.none()


# --- groups and their claims


class MeasureGroup(NamedTuple):
    """Measures judged together: one condition, one shape of amount, no kind of event twice."""

    condition: Condition | None
    versions: tuple[int, ...]
    measures: tuple[Measure, ...]
    on: dt.date

    @property
    def grants(self) -> list[Grant]:
        """The amount of each measure; "unstated" for a preference."""
        return [measure.grant or Grant("unstated") for measure in self.measures]

    @property
    def times(self) -> Condition | None:
        """The condition of their multiple, the same for all."""
        times = self.grants[0].times
        return times.when if times else None

    def columns(self) -> frozenset[str]:
        """Return every column that judging the group reads."""
        needed = all_columns(self.condition) if self.condition else frozenset[str]()
        return needed.union(*(grant.columns() for grant in self.grants))

    def words(self) -> Iterator[Condition]:
        """Yield every condition word of the condition and of the multiple."""
        for root in (self.condition, self.times):
            if root:
                yield from walk(root)


def without_window(condition: Condition | None) -> Condition | None:
    """Return the condition without the time of the version."""
    if not isinstance(condition, All):
        return condition
    parts = tuple(part for part in condition.parts if not isinstance(part, Window))
    return All(parts) if parts else None


def full_condition(policies: Policies, measure: Measure, on: dt.date) -> Condition | None:
    """Return the whole condition of a claim, including that it has happened by the day of evaluation."""
    condition = policies.condition(measure)
    key = policies.claim_date(measure)
    if measure.category == "preference" or key is None:
        return condition
    happened = Happened(policies.vocabulary.facts[key], on)
    return All((happened, *(condition.parts if isinstance(condition, All) else ())))


def groups(policies: Policies, measures: Iterable[tuple[int, Measure]], on: dt.date) -> list[MeasureGroup]:
    """Return groups of measures that can be judged together."""
    return grouped(((version, measure, full_condition(policies, measure, on)) for version, measure in measures), on)


def grouped(measures: Iterable[tuple[int, Measure, Condition | None]], on: dt.date) -> list[MeasureGroup]:
    """Return groups of measures, each with the condition of its claims."""
    found: dict[tuple[object, ...], tuple[Condition | None, list[tuple[int, Measure]]]] = {}
    for version, measure, condition in measures:
        shape = measure.grant.shape if measure.grant else ()
        key: tuple[object, ...] = (condition, shape)
        while key in found and _overlap(measure, found[key][1]):
            key = (*key, "again")
        found.setdefault(key, (condition, []))[1].append((version, measure))
    return [
        MeasureGroup(condition, tuple(version for version, _ in members), tuple(measure for _, measure in members), on)
        for condition, members in found.values()
    ]


def _overlap(measure: Measure, others: Sequence[tuple[int, Measure]]) -> bool:
    return any(set(measure.claims) & set(other.claims) for _, other in others)


def claimed(
    policies: Policies, events: pl.DataFrame, found: Sequence[MeasureGroup]
) -> Iterator[tuple[MeasureGroup, pl.Series]]:
    """Yield each group with the rows of the events it looks at; groups without events are left out."""
    places: dict[str | None, list[int]] = defaultdict(list)
    for row, kind in enumerate(events.get_column(policies.kind_fact)):
        places[kind].append(row)
    for group in found:
        kinds = {kind for measure in group.measures for kind in measure.claims} & places.keys()
        if rows := sorted(row for kind in kinds for row in places[kind]):
            yield group, pl.Series(rows, dtype=pl.UInt32)


def by_kind(policies: Policies, numbers: Mapping[str, int], dtype: type[pl.DataType]) -> pl.Expr:
    """Return a number for each event by its kind; null for kinds without one."""
    kinds = pl.Series([numbers.get(kind) for kind in policies.vocabulary.kinds], dtype=dtype)
    return look(kinds, pl.col(policies.kind_fact).to_physical())


def dates(policies: Policies, *, accounts: bool) -> frozenset[str]:
    """Return the columns that date a claim, and its kind."""
    if accounts:
        return frozenset({policies.year_fact} if policies.year_fact else ())
    return frozenset({policies.date_fact, policies.date_fact + UNTIL, policies.kind_fact})


def claims_of_accounts(firms: Firms, columns: frozenset[str]) -> pl.DataFrame:
    """Return the accounts claims: one row a firm, with the columns asked for."""
    known = [name for name in firms.firms.columns if name in columns or name == FIRM]
    frame = firms.firms.select(known)
    return frame.with_columns(pl.lit(None, pl.UInt32).alias(EVENT))


def claims_of_events(firms: Firms, rows: pl.Series, columns: frozenset[str]) -> pl.DataFrame:
    """Return the claims of some event rows: the events joined with the facts of their firms."""
    own = [name for name in firms.events.columns if name in columns or name == FIRM]
    frame = firms.events.select(own)[rows].with_columns(rows.cast(pl.UInt32).alias(EVENT))
    theirs = [name for name in firms.firms.columns if name in columns and name != FIRM]
    if not theirs:
        return frame
    return frame.hstack(firms.firms.select(theirs)[frame.get_column(FIRM)])


def mark_events(firms: Firms, frame: pl.DataFrame, group: MeasureGroup) -> pl.DataFrame:
    """Return the frame with the columns of the words that look at other events of a firm."""
    for word in dict.fromkeys(word for word in group.words() if isinstance(word, Relation)):
        if word.column not in frame.columns:
            at = frame.get_column(FIRM if word.of_firm else EVENT)
            frame = frame.with_columns(column.gather(at) for column in _marks(word, firms, group.on))
    return frame


def _marks(word: Relation, firms: Firms, on: dt.date) -> Sequence[pl.Series]:
    """Return the marks of a word for all events or firms, computed once for a table."""
    marks: Sequence[pl.Series] | None = firms.marks.get((word, on))
    if marks is None:
        marks = firms.marks[word, on] = word.marks(firms.events, len(firms), on)
    return marks


# --- judging


class Judge:
    """The expressions that judge a group, made once for any number of tables.

    It makes the columns that are asked for. Claims of events come with what is known of their verdicts beforehand,
    so that the group's condition is the rest.
    """

    def __init__(self, policies: Policies, group: MeasureGroup, columns: Iterable[str] = COLUMNS) -> None:
        self._policies, self._group = policies, group
        accounts = self._of_accounts = all(measure.of_accounts for measure in group.measures)
        self.columns = group.columns() | dates(policies, accounts=accounts)
        self._related = any(isinstance(word, Relation) for word in group.words())
        self._local = pl.lit(0, pl.UInt16) if len(group.measures) == 1 else _local(policies, group)
        known = pl.lit(0, pl.UInt8) if accounts else pl.col(TRUTH)
        self._judged = [known.alias(TRUTH), *_judged(group, *_year(policies, accounts=accounts))]
        self._settled = [each.alias(name) for name, each in _settled(group).items() if name in columns]

    @property
    def versions(self) -> tuple[int, ...]:
        """The places of its measures in the policy."""
        return self._group.versions

    def steps(self, firms: Firms, claims: pl.DataFrame) -> pl.LazyFrame:
        """Return the frame after each step: a row for each claim that the group looks at."""
        frame = claims.lazy()
        if not self._of_accounts:
            frame = frame.filter(pl.col("version").is_in(self.versions))
        if self._related:  # marks are put beside the claims of the group alone
            frame = mark_events(firms, frame.collect(engine="in-memory"), self._group).lazy()
        return frame.with_columns(self._local.alias(LOCAL)).select(self._judged).select(self._settled)


def judged(judges: Sequence[Judge], firms: Firms, claims: pl.DataFrame) -> list[pl.DataFrame]:
    """Return the rows of each group.

    Claims have the `columns` of the judges; those of events also `TRUTH`, and the `version` that claims them.
    """
    return pl.collect_all(
        [judge.steps(firms, claims) for judge in judges], engine="in-memory", optimizations=AS_WRITTEN
    )


def columns_of(judges: Sequence[Judge]) -> frozenset[str]:
    """Return the columns that judges read."""
    return frozenset[str]().union(*(judge.columns for judge in judges))


def _local(policies: Policies, group: MeasureGroup) -> pl.Expr:
    """Return the place of a claim's measure in its group."""
    where = {kind: local for local, measure in enumerate(group.measures) for kind in measure.claims}
    return by_kind(policies, where, pl.UInt16)


def _year(policies: Policies, *, accounts: bool) -> tuple[pl.Expr, pl.Expr]:
    """Return the year of a claim, and whether it has a date; a claim surely before the first day has no year."""
    if not accounts:
        first, last = pl.col(policies.date_fact), pl.col(policies.date_fact + UNTIL)
        return pl.when(last >= policies.head.effective).then(first.dt.year()), first.is_not_null()
    if not policies.year_fact:
        return pl.lit(None, pl.Int32), pl.lit(value=False)
    year = pl.col(policies.year_fact)
    return pl.when(year >= policies.head.effective.year).then(year), year.is_not_null()


def _judged(group: MeasureGroup, year: pl.Expr, dated: pl.Expr) -> Iterator[pl.Expr]:
    """Yield the expressions of truths, of a year's sums, and of years."""
    grants = group.grants
    param = _param(grants)
    low, high = yearly(grants, param)
    first, years = schedule(grants, param, year, dated=dated)
    condition = without_window(group.condition)
    found = next((word for word in group.words() if isinstance(word, Window)), None)
    spread = param(lambda grant: grant.spread).is_not_null()
    yield pl.col(FIRM).alias("firm")
    yield pl.col(EVENT).alias("event")
    yield look(pl.Series(group.versions, dtype=COLUMNS["version"]), LOCAL).alias("version")
    yield (condition.truth() if condition else pl.lit(value=True)).alias("verdict")
    yield low.cast(pl.Int64).alias("low")
    yield high.cast(pl.Int64).alias("high")
    yield first.alias("year")
    yield years.alias("years")
    yield pl.when(spread).then(year).cast(pl.Int16).alias("within")
    yield (found.truth() if found else pl.lit(value=True)).alias(WINDOW)
    yield param(lambda grant: grant.in_all).alias(IN_ALL)


def _settled(group: MeasureGroup) -> dict[str, pl.Expr]:
    """Yield the result columns: the verdict, and the sums over all years that it leaves."""
    verdict = pl.max_horizontal(TRUTH, code(pl.col("verdict"))) if group.condition else pl.col(TRUTH)
    yes, no = (verdict == VERDICTS.index(each) for each in ("yes", "no"))
    # min_horizontal skips nulls: without a limit in all nothing is cut.
    low, high = (pl.min_horizontal(pl.col(name) * pl.col("years"), IN_ALL) for name in ("low", "high"))
    changed = {
        "verdict": verdict,
        "low": pl.when(yes).then(low).otherwise(0),
        "high": pl.when(no).then(0).otherwise(high),
    }
    return {name: changed.get(name, pl.col(name)) for name in COLUMNS}


def _param(grants: Sequence[Grant]) -> Callable[[Callable[[Grant], int | None]], pl.Expr]:
    """Return a parameter of each row's grant: a literal where all agree, else looked up by the row's measure."""

    def param(get: Callable[[Grant], int | None]) -> pl.Expr:
        values = [get(grant) for grant in grants]
        if len(set(values)) == 1:
            return pl.lit(values[0], pl.Int64)
        return look(pl.Series(values, dtype=pl.Int64), LOCAL)

    return param
