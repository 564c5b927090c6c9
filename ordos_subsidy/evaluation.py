"""Firms and a policy in, every award out: one evaluator for one firm and for a million.

A claim is an event of a firm, or the firm's accounts of its year. Measures that share a condition and the shape
of their amount form a group; the claims of a group are taken together, joined with the facts of their firms, and
judged in one pass over columns. Nothing here knows a clause, a sum or a fact by name.

`Outcome.awards` and `Outcome.credits` have one row a claim and measure:

| column | |
|---|---|
| firm | row of the firm table (UInt32) |
| event | row of the event table (UInt32), null for the accounts |
| version | position in `policies.measures` (UInt16) |
| measure | id (Enum) |
| verdict | yes, unknown, no (Enum) |
| low, high | fen over all years (Int64); high null: no upper bound; unknown: low 0; no: both 0 |
| year | the first calendar year (Int16), null where there is none |
| years | in how many years it is paid (Int16) |

A million firms are a million rows more; a firm comes out the same alone and in company.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import polars as pl

from ordos_subsidy.amounts import Grant, schedule, yearly
from ordos_subsidy.conditions import All, Condition, Happened, HasEvent, Window, all_columns, walk
from ordos_subsidy.firms.tables import FIRM, UNTIL, Firms
from ordos_subsidy.policies import Measure, Policies

VERDICT = pl.Enum(["yes", "unknown", "no"])
_EVENT = "@event"
_LOCAL = "@local"
_WINDOW = "@window"
#: From so many rows on the streaming engine sums faster than it takes to start.
_LARGE = 100_000


class Group(NamedTuple):
    """Measures judged together: one condition, one shape of amount, no kind of event twice."""

    condition: Condition | None
    versions: tuple[int, ...]
    measures: tuple[Measure, ...]

    @property
    def grants(self) -> list[Grant]:
        """What each measure gives; nothing for a preference."""
        return [measure.grant or Grant("unstated") for measure in self.measures]

    @property
    def times(self) -> Condition | None:
        """The condition of their multiple, which measures of one shape share."""
        times = self.grants[0].times
        return times.when if times else None

    def columns(self) -> frozenset[str]:
        """Every column that judging the group reads."""
        needed = all_columns(self.condition) if self.condition else frozenset[str]()
        return needed.union(*(grant.columns() for grant in self.grants))

    def words(self) -> Iterator[Condition]:
        """Every condition word in the condition and in the multiple."""
        for root in (self.condition, self.times):
            if root:
                yield from walk(root)


@dataclass(frozen=True)
class Outcome:
    """What a policy means for firms on a day. Tables are computed once and read by everything else."""

    policies: Policies
    firms: Firms
    on: dt.date
    awards: pl.DataFrame

    @cached_property
    def credits(self) -> pl.DataFrame:
        """Figures that are no payment, in the shape of the awards."""
        return _accounts(self.policies, self.firms, self.on, "credit")

    @cached_property
    def preferences(self) -> pl.DataFrame:
        """One row a firm and preference: firm, version, measure, verdict."""
        rows = _accounts(self.policies, self.firms, self.on, "preference")
        return rows.select("firm", "version", "measure", "verdict")

    @cached_property
    def schedule(self) -> pl.DataFrame:
        """The awards by calendar year: firm, event, version, verdict, year, low, high."""
        return by_calendar_year(self.awards)

    @cached_property
    def totals(self) -> pl.DataFrame:
        """One row a firm: assured, ceiling, pending (fen), open_ended, pending_open (counts)."""
        return (
            self.firms.firms.select(pl.col(FIRM).alias("firm"))
            .join(totals(self.awards, "firm"), on="firm", how="left", maintain_order="left")
            .with_columns(pl.exclude("firm").fill_null(0))
        )

    @cached_property
    def yearly_totals(self) -> pl.DataFrame:
        """One row a firm and calendar year (null: no year): assured, ceiling, pending."""
        return totals(self.schedule, "firm", "year").sort("firm", "year", nulls_last=True)


def evaluate(policies: Policies, firms: Firms, on: dt.date | None = None) -> Outcome:
    """Judge every claim of every firm, as of a day (default: today, which only future claims depend on)."""
    day = on or dt.date.today()  # noqa: DTZ011 - the day on the user's own calendar
    awards = pl.concat([_accounts(policies, firms, day, "award"), _events(policies, firms, day)])
    return Outcome(policies, firms, day, awards)


def totals(rows: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Sums of award rows or slices, as far as there is anything to sum: keys with nothing but no are left out.

    Sums skip nulls on purpose: an open end has no sum and is counted apart.
    """
    yes, unknown = pl.col("verdict") == "yes", pl.col("verdict") == "unknown"
    endless = pl.col("high").is_null()
    sums = (
        rows.lazy()
        .filter(pl.col("verdict") != "no")
        .group_by(by)
        .agg(
            assured=pl.col("low").sum(),
            ceiling=pl.when(yes).then(pl.col("high")).sum(),
            pending=pl.when(unknown).then(pl.col("high")).sum(),
            open_ended=(yes & endless).sum(),
            pending_open=(unknown & endless).sum(),
        )
    )
    return sums.collect(engine="streaming" if rows.height > _LARGE else "in-memory")


def by_calendar_year(awards: pl.DataFrame) -> pl.DataFrame:
    """One row an award and calendar year; a claim without a year keeps one row with a null year."""
    due = awards.filter((pl.col("verdict") != "no") & (pl.col("years") > 0)).select(
        "firm", "event", "version", "verdict", "year", "years", "low", "high"
    )
    whole = due.filter(pl.col("year").is_null() | (pl.col("years") == 1)).drop("years")
    split = due.filter(pl.col("year").is_not_null() & (pl.col("years") > 1))
    each = split.with_columns(
        pl.col("low") // pl.col("years"),
        pl.col("high") // pl.col("years"),
        pl.int_ranges("year", pl.col("year") + pl.col("years"), dtype=pl.Int16).alias("year"),
    ).drop("years")
    return pl.concat([whole, each.explode("year").select(whole.columns)])


# --- judging


def full_condition(policies: Policies, measure: Measure, on: dt.date) -> Condition | None:
    """Everything that must hold of a claim, that it has happened by the day of evaluation included."""
    condition = policies.condition(measure)
    key = policies.claim_date(measure)
    if measure.category == "preference" or key is None:
        return condition
    happened = Happened(policies.vocabulary.facts[key], on)
    return All((happened, *(condition.parts if isinstance(condition, All) else ())))


def groups(policies: Policies, measures: Iterable[tuple[int, Measure]], on: dt.date) -> list[Group]:
    """Put measures that can be judged together into groups."""
    found: dict[tuple[object, ...], tuple[Condition | None, list[tuple[int, Measure]]]] = {}
    for version, measure in measures:
        condition = full_condition(policies, measure, on)
        shape = measure.grant.shape if measure.grant else ()
        key: tuple[object, ...] = (condition, shape)
        while key in found and _overlap(measure, found[key][1]):
            key = (*key, "again")
        found.setdefault(key, (condition, []))[1].append((version, measure))
    return [
        Group(condition, tuple(version for version, _ in members), tuple(measure for _, measure in members))
        for condition, members in found.values()
    ]


def _overlap(measure: Measure, others: Sequence[tuple[int, Measure]]) -> bool:
    return any(set(measure.claims) & set(other.claims) for _, other in others)


def _accounts(policies: Policies, firms: Firms, on: dt.date, category: str) -> pl.DataFrame:
    numbered = [
        (version, measure)
        for version, measure in enumerate(policies.measures)
        if measure.category == category and measure.of_accounts
    ]
    parts = [_empty(policies)]
    for group in groups(policies, numbered, on):
        frame = claims_of_accounts(firms, group.columns() | dates(policies, accounts=True))
        year = pl.col(policies.year_fact) if policies.year_fact else pl.lit(None, pl.Int32)
        parts.append(_judge(policies, group, mark_events(policies, firms, frame, group), year))
    return _settle_versions(policies, pl.concat(parts))


def _events(policies: Policies, firms: Firms, on: dt.date) -> pl.DataFrame:
    numbered = [
        (version, measure)
        for version, measure in enumerate(policies.measures)
        if measure.category == "award" and not measure.of_accounts
    ]
    parts = [_empty(policies)]
    for group, rows in claimed(policies, firms.events, groups(policies, numbered, on)):
        frame = claims_of_events(firms, rows, group.columns() | dates(policies, accounts=False))
        where = {kind: local for local, measure in enumerate(group.measures) for kind in measure.claims}
        kinds = pl.Series([where.get(kind) for kind in policies.vocabulary.kinds], dtype=pl.UInt16)
        kind = frame.get_column(policies.kind_fact)
        frame = frame.with_columns(kinds.gather(kind.to_physical()).alias(_LOCAL))
        frame = mark_events(policies, firms, frame, group)
        parts.append(_judge(policies, group, frame, pl.col(policies.date_fact).dt.year()))
    return _settle_versions(policies, pl.concat(parts))


def claimed(policies: Policies, events: pl.DataFrame, found: Sequence[Group]) -> Iterator[tuple[Group, pl.Series]]:
    """Each group with the rows of the events it looks at, groups without events left out.

    A kind belongs to one group of a layer, so that one look-up a layer sorts all events.
    """
    kinds = list(policies.vocabulary.kinds)
    physical = events.get_column(policies.kind_fact).to_physical()
    layers: list[dict[str, int]] = []
    for index, group in enumerate(found):
        own = dict.fromkeys((kind for measure in group.measures for kind in measure.claims), index)
        layer = next((each for each in layers if not own.keys() & each.keys()), None)
        if layer is None:
            layers.append(own)
        else:
            layer.update(own)
    for layer in layers:
        owner = pl.Series("owner", [layer.get(kind) for kind in kinds], dtype=pl.UInt16)[physical]
        rows = owner.to_frame().with_row_index("row").group_by("owner").agg("row").drop_nulls().sort("owner")
        for index, own_rows in zip(rows["owner"], rows["row"], strict=True):
            yield found[index], own_rows


def dates(policies: Policies, *, accounts: bool) -> frozenset[str]:
    """The columns that place a claim in time, and its kind."""
    if accounts:
        return frozenset({policies.year_fact} if policies.year_fact else ())
    return frozenset({policies.date_fact, policies.date_fact + UNTIL, policies.kind_fact})


def claims_of_accounts(firms: Firms, columns: frozenset[str]) -> pl.DataFrame:
    """The accounts claims: one row a firm, with the columns asked for, those of `HasEvent` included."""
    known = [name for name in firms.firms.columns if name in columns or name == FIRM]
    frame = firms.firms.select(known)
    return frame.with_columns(pl.lit(None, pl.UInt32).alias(_EVENT), pl.lit(0, pl.UInt16).alias(_LOCAL))


def claims_of_events(firms: Firms, rows: pl.Series, columns: frozenset[str]) -> pl.DataFrame:
    """The claims of some event rows: the events joined with the facts of their firms."""
    own = [name for name in firms.events.columns if name in columns or name == FIRM]
    frame = firms.events.select(own)[rows].with_columns(rows.cast(pl.UInt32).alias(_EVENT))
    theirs = [name for name in firms.firms.columns if name in columns and name != FIRM]
    if not theirs:
        return frame
    return frame.hstack(firms.firms.select(theirs)[frame.get_column(FIRM)])


def mark_events(policies: Policies, firms: Firms, frame: pl.DataFrame, group: Group) -> pl.DataFrame:
    """Add the columns of the `HasEvent` words that a group reads."""
    for word in group.words():
        if not isinstance(word, HasEvent):
            continue
        listed = firms.events.filter(pl.col(policies.kind_fact).is_in(list(word.kinds)))
        mark = frame.get_column(FIRM).is_in(listed.get_column(FIRM).unique().implode())
        frame = frame.with_columns(mark.alias(word.column))
    return frame


def _judge(policies: Policies, group: Group, frame: pl.DataFrame, year: pl.Expr) -> pl.DataFrame:
    """The award rows of a group's claims. An unknown verdict keeps the high (`when(unknown)` takes the else)."""
    grants = group.grants
    low, high = yearly(grants, _param(grants))
    first, years = schedule(grants, _param(grants), year)
    truth = group.condition.truth() if group.condition else pl.lit(value=True)
    windows = [word for word in walk(group.condition) if isinstance(word, Window)] if group.condition else []
    window = windows[0].truth() if windows else pl.lit(value=True)
    versions = pl.Series(group.versions, dtype=pl.UInt16)
    judged = frame.select(
        pl.col(FIRM).alias("firm"),
        pl.col(_EVENT).alias("event"),
        pl.lit(versions).gather(pl.col(_LOCAL)).alias("version"),
        truth.alias("verdict"),
        low.cast(pl.Int64).alias("low"),
        high.cast(pl.Int64).alias("high"),
        first.alias("year"),
        years.alias("years"),
        window.alias(_WINDOW),
    )
    verdict = pl.col("verdict")
    return judged.select(
        "firm",
        "event",
        "version",
        _ids(policies),
        _verdict(verdict),
        pl.when(verdict).then(pl.col("low") * pl.col("years")).otherwise(0).alias("low"),
        pl.when(~verdict).then(0).otherwise(pl.col("high") * pl.col("years")).alias("high"),
        "year",
        "years",
        _WINDOW,
    )


def _ids(policies: Policies) -> pl.Expr:
    ids = [measure.id for measure in policies.measures]
    return pl.lit(pl.Series(ids, dtype=_measure_type(policies))).gather(pl.col("version")).alias("measure")


def _measure_type(policies: Policies) -> pl.Enum:
    return pl.Enum(list(dict.fromkeys(measure.id for measure in policies.measures)))


def _verdict(truth: pl.Expr) -> pl.Expr:
    yes, unknown, no = (pl.lit(each, VERDICT) for each in ("yes", "unknown", "no"))
    return pl.when(truth).then(yes).when(~truth).then(no).otherwise(unknown).alias("verdict")


def _param(grants: Sequence[Grant]) -> Callable[[Callable[[Grant], int | None]], pl.Expr]:
    """A parameter of each row's grant: a literal where all agree, else looked up by the row's measure."""

    def param(get: Callable[[Grant], int | None]) -> pl.Expr:
        values = [get(grant) for grant in grants]
        if len(set(values)) == 1:
            return pl.lit(values[0], pl.Int64)
        return pl.lit(pl.Series(values, dtype=pl.Int64)).gather(pl.col(_LOCAL))

    return param


def _empty(policies: Policies) -> pl.DataFrame:
    return pl.DataFrame(
        schema={
            "firm": pl.UInt32,
            "event": pl.UInt32,
            "version": pl.UInt16,
            "measure": _measure_type(policies),
            "verdict": VERDICT,
            "low": pl.Int64,
            "high": pl.Int64,
            "year": pl.Int16,
            "years": pl.Int16,
            _WINDOW: pl.Boolean,
        }
    )


def _settle_versions(policies: Policies, awards: pl.DataFrame) -> pl.DataFrame:
    """Leave one row a claim where a measure has several versions.

    The version whose time the claim falls in counts; of several, the last. Where the claim's date leaves several
    possible, the last one speaks for all, open to the widest of them; if they fall in different years, in none.
    Where none holds any more, the last one says no.
    """
    if not policies.versioned:
        return awards.drop(_WINDOW)
    several = pl.col("measure").cast(pl.String).is_in(list(policies.versioned))
    claim = ["firm", "event", "measure"]
    possible = pl.col(_WINDOW).fill_null(value=True)
    rows = awards.filter(several).sort("version").filter(possible | ~possible.any().over(claim))
    certain = pl.when(pl.col(_WINDOW)).then("version").max().over(claim)
    rows = rows.filter((pl.col("version") >= certain).fill_null(value=True))
    vague = pl.len().over(claim) > 1
    endless = pl.col("high").is_null().any().over(claim)
    unsure = (pl.col("verdict") != "no").any().over(claim)
    uneven = (pl.col("year").n_unique().over(claim) > 1) | (pl.col("years").n_unique().over(claim) > 1)
    rows = rows.with_columns(
        high=pl.when(vague & endless).then(None).when(vague).then(pl.col("high").max().over(claim)).otherwise("high"),
        verdict=pl.when(vague & unsure).then(pl.lit("unknown", VERDICT)).otherwise("verdict"),
        year=pl.when(~(vague & uneven)).then("year"),
        years=pl.when(vague).then(pl.col("years").max().over(claim)).otherwise("years"),
    )
    last = rows.group_by(claim, maintain_order=True).last().select(awards.columns)
    return pl.concat([awards.filter(~several), last]).drop(_WINDOW)
