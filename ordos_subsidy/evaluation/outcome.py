"""All awards of all firms, and what they add up to.

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
| within | of a sum without a year: the first of the years it falls in (Int16), else null |
| window | false or null where the claim's date lies outside the version's time, or does not say (Boolean) |
| due_low, due_high | the same sums as the limits on measures leave them (Int64) |
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain

import polars as pl

from ordos_subsidy.evaluation.events import Layer, layers
from ordos_subsidy.evaluation.firm_totals import (
    KEY,
    by_calendar_year,
    by_firm,
    counting,
    limited,
    people,
    totals,
    with_dues,
)
from ordos_subsidy.evaluation.judging import (
    COLUMNS,
    VERDICTS,
    WINDOW,
    Judge,
    claims_of_accounts,
    columns_of,
    groups,
    judged,
)
from ordos_subsidy.policy import Category, Measure, Policies
from ordos_subsidy.tables.firms import Firms

VERDICT = pl.Enum(VERDICTS)
_YES, _UNKNOWN, _NO = (VERDICTS.index(each) for each in ("yes", "unknown", "no"))
#: So few events do not show most kinds.
_FEW = 50


@dataclass(frozen=True, eq=False)
class Outcome:
    """The result of a policy for firms on a day. Each table is computed once, when first read.

    Compared by identity: readings of it are kept by it.
    """

    policies: Policies
    firms: Firms
    on: dt.date
    awards: pl.DataFrame
    #: The slices of the awards that share a limit with another row: see `firm_totals.limited`.
    shared: pl.DataFrame

    @cached_property
    def credits(self) -> pl.DataFrame:
        """The rows of credits (figures that are no payment), in the shape of the awards."""
        return self._of_accounts("credit")

    @cached_property
    def preferences(self) -> pl.DataFrame:
        """One row a firm and preference: firm, version, measure, verdict."""
        return self._of_accounts("preference").select("firm", "version", "measure", "verdict")

    def _of_accounts(self, category: Category) -> pl.DataFrame:
        return _whole(self.policies, _of_accounts(self.policies, self.firms, self.on, category))

    @cached_property
    def schedule(self) -> pl.DataFrame:
        """The awards by calendar year: firm, event, version, verdict, year, low, high, within, due_low, due_high."""
        slices = by_calendar_year(self.awards).with_columns(due_low="low", due_high="high")
        if not self.shared.height:
            return slices
        own = slices.join(self.shared, on=KEY, how="anti", maintain_order="left", nulls_equal=True)
        return pl.concat([own, self.shared.select(own.columns)])

    @cached_property
    def credit_schedule(self) -> pl.DataFrame:
        """The credits by calendar year, in the shape of the schedule."""
        return by_calendar_year(self.credits)

    @cached_property
    def totals(self) -> pl.DataFrame:
        """One row a firm: assured, ceiling, pending (fen), open_ended, pending_open (counts)."""
        return by_firm(counting(self.policies, self.awards), len(self.firms))

    @cached_property
    def people(self) -> pl.DataFrame:
        """One row a firm that has any: low, high, pending (fen) of its people's money, what it shares included."""
        return people(self.policies, self.awards)

    @cached_property
    def yearly_totals(self) -> pl.DataFrame:
        """One row a firm and calendar year (null: no year): assured, ceiling, pending."""
        return totals(counting(self.policies, self.schedule), "firm", "year").sort("firm", "year", nulls_last=True)


def evaluate(policies: Policies, firms: Firms, on: dt.date | None = None) -> Outcome:
    """Judge every claim of every firm, as of a day (default: today, which only future claims depend on)."""
    day = on or dt.date.today()  # noqa: DTZ011 - the day on the user's own calendar
    awards = _whole(policies, chain(_of_accounts(policies, firms, day, "award"), _of_events(policies, firms, day)))
    shared = limited(policies, firms, awards)
    return Outcome(policies, firms, day, with_dues(awards, shared), shared)


def _of_accounts(policies: Policies, firms: Firms, on: dt.date, category: Category) -> list[pl.DataFrame]:
    judges = _judges_of_accounts(policies, on, category)
    return judged(judges, firms, claims_of_accounts(firms, columns_of(judges)))


def _of_events(policies: Policies, firms: Firms, on: dt.date) -> Iterator[pl.DataFrame]:
    kinds = firms.events.get_column(policies.kind_fact)
    # For a firm with two events, making ready for every kind there is would be most of the work.
    met = frozenset(kinds.unique()) if len(kinds) <= _FEW else None
    for layer in _layers_of_events(policies, on, met):
        yield layer.rows(firms)


# A batch is judged part by part, and documents are written for some hundred firms at a time: all by the same rules.


@lru_cache(maxsize=16)
def _judges_of_accounts(policies: Policies, on: dt.date, category: Category) -> list[Judge]:
    return [Judge(policies, group) for group in groups(policies, _numbered(policies, category, accounts=True), on)]


@lru_cache(maxsize=4)
def _layers_of_events(policies: Policies, on: dt.date, met: frozenset[str | None] | None) -> list[Layer]:
    numbered = _numbered(policies, "award", accounts=False)
    return layers(policies, [each for each in numbered if met is None or met.intersection(each[1].claims)], on)


def _numbered(policies: Policies, category: Category, *, accounts: bool) -> list[tuple[int, Measure]]:
    """Return the measures of a category with their places in the policy."""
    return [
        (version, measure)
        for version, measure in enumerate(policies.measures)
        if measure.category == category and measure.of_accounts is accounts
    ]


def _whole(policies: Policies, parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return the rows of all parts with the ids of the measures, one row for each claim and measure."""
    ids = [measure.id for measure in policies.measures]
    known = pl.Series("measure", ids, dtype=pl.Enum(list(dict.fromkeys(ids))))
    # Each part gets its columns by itself: of parts put together first, all columns would be copied for a new one.
    rows = [_named(part, known) for part in (pl.DataFrame(schema=COLUMNS), *parts)]
    if policies.timed:
        rows = [_settle(policies, pl.concat(rows))]
    return pl.concat([part.with_columns(pl.col("verdict").cat.to(VERDICT)) for part in rows])


def _named(rows: pl.DataFrame, measures: pl.Series) -> pl.DataFrame:
    """Return rows with the ids of their measures."""
    return rows.insert_column(rows.columns.index("verdict"), measures.gather(rows.get_column("version")))


def _settle(policies: Policies, awards: pl.DataFrame) -> pl.DataFrame:
    """Return one row a claim where a measure has several versions.

    The version whose time the claim falls in counts; of several, the last. Where the claim's date leaves several
    possible, the last one whose verdict is not no stands for all: yes where all are yes, no where all are no,
    with the lowest least and the highest most; if they fall in different years, in none. Where none holds, the
    answer is no.
    """
    timed = awards.filter(pl.col("version").is_in(policies.timed))
    claim = ["firm", "event", "measure"]
    possible = pl.col(WINDOW).fill_null(value=True)
    rows = timed.sort("version").filter(possible | ~possible.any().over(claim))
    certain = pl.when(pl.col(WINDOW)).then("version").max().over(claim)
    rows = rows.filter((pl.col("version") >= certain).fill_null(value=True))
    # Where a time exists for which no version is made, none may hold.
    covered = ~pl.col("measure").cast(pl.String).is_in(list(policies.gapped)) | pl.col(WINDOW).fill_null(value=False)
    agreed = (pl.col("verdict").n_unique().over(claim) == 1) & (covered | (pl.col("verdict") == _NO))
    none = ~possible.any().over(claim)
    vague = pl.col(WINDOW).is_null()
    verdict = pl.when(none).then(_NO).when(vague & ~agreed).then(_UNKNOWN).otherwise("verdict").cast(pl.UInt8)
    endless = pl.col("high").is_null().any().over(claim)
    uneven = (pl.col("year").n_unique().over(claim) > 1) | (pl.col("years").n_unique().over(claim) > 1)
    rows = (
        rows.sort(pl.col("verdict") != _NO, "version")
        .with_columns(
            verdict=verdict,
            low=pl.when(vague).then(pl.col("low").min().over(claim)).otherwise("low"),
            high=pl.when(vague & endless)
            .then(None)
            .when(vague)
            .then(pl.col("high").max().over(claim))
            .otherwise("high"),
            year=pl.when(~(vague & uneven)).then("year"),
            years=pl.when(vague).then(pl.col("years").max().over(claim)).otherwise("years"),
        )
        .with_columns(
            low=pl.when(pl.col("verdict") == _YES).then("low").otherwise(0),
            high=pl.when(pl.col("verdict") == _NO).then(0).otherwise("high"),
        )
    )
    last = rows.group_by(claim, maintain_order=True).last().select(awards.columns)
    return pl.concat([awards.filter(~pl.col("version").is_in(policies.timed)), last])
