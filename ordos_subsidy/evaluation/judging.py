"""A group of measures and the table of its claims in, a row for each claim out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import polars as pl

from ordos_subsidy.amounts import Grant, schedule, yearly
from ordos_subsidy.conditions import UNTIL, Relation
from ordos_subsidy.evaluation.claims import (
    EVENT,
    LOCAL,
    TRUTH,
    MeasureGroup,
    by_kind,
    dates,
    mark_events,
    window,
    without_window,
)
from ordos_subsidy.evaluation.truth_tables import code, look
from ordos_subsidy.policy import Policies
from ordos_subsidy.tables.firms import FIRM, Firms

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
    condition, found = without_window(group.condition), window(group.condition)
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
