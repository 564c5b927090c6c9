"""An outcome read for a year or for all: the rows that count, and what a firm's rows add up to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from ordos_subsidy.evaluation import Outcome, by_firm, counting, look, people
from ordos_subsidy.policy import Policies
from ordos_subsidy.views.fields import PEOPLE

_KEY = ["firm", "event", "version"]


@dataclass(frozen=True)
class Scored:
    """An outcome, or a part of one, with the year that counts (None: all)."""

    outcome: Outcome
    year: int | None

    @cached_property
    def credits(self) -> pl.DataFrame:
        """The credits in the shape of the awards."""
        return self.outcome.credits.with_columns(due_low="low", due_high="high")

    @cached_property
    def rows(self) -> pl.DataFrame:
        """The award rows that count: all of them, or what falls in the year (or in none) with its slice as the sum."""
        return self._of_year(self.outcome.awards, self.outcome.schedule) if self.year else self.outcome.awards

    @cached_property
    def credit_rows(self) -> pl.DataFrame:
        """The same of the credits."""
        if self.year is None:
            return self.credits
        return self._of_year(self.credits, self.outcome.credit_schedule.with_columns(due_low="low", due_high="high"))

    def _of_year(self, rows: pl.DataFrame, slices: pl.DataFrame) -> pl.DataFrame:
        last = pl.col("within") + look(spreads(self.outcome.policies), "version") - 1
        inside = pl.lit(self.year).is_between(pl.col("within"), last)
        open_ = pl.col("year").is_null() & (pl.col("within").is_null() | inside)
        part = slices.filter(open_ | (pl.col("year") == self.year)).with_columns(pl.lit(1, pl.Int16).alias("years"))
        refused = rows.filter(pl.col("verdict") == "no").drop("measure")
        return pl.concat([refused, part.select(refused.columns)])

    @cached_property
    def counting(self) -> pl.DataFrame:
        """The rows with what each adds to the totals as its sums; of a year, without what has no stated year."""
        rows = self.rows if self.year is None else self.rows.filter(pl.col("year") == self.year)
        return counting(self.outcome.policies, rows)

    @cached_property
    def slices(self) -> pl.DataFrame:
        """What counts, by calendar year."""
        if self.year is not None:
            return self.counting.filter(pl.col("verdict") != "no")
        return counting(self.outcome.policies, self.outcome.schedule).filter(pl.col("verdict") != "no")

    @cached_property
    def sums(self) -> pl.DataFrame:
        """One row a firm, in order: its totals, and how many of its awards are eligible or to be verified."""
        return by_firm(self.counting, len(self.outcome.firms), counts=True)

    @cached_property
    def people(self) -> pl.DataFrame:
        """One row a firm, in order: what goes to its people, or is shared with them."""
        rows = self.rows if self.year is None else self.rows.filter(pl.col("year") == self.year)
        found = people(self.outcome.policies, rows).select("firm", *(pl.col(name).alias(key) for key, name in PEOPLE))
        numbers = pl.int_range(len(self.outcome.firms), dtype=pl.UInt32, eager=True).alias("firm").to_frame()
        return numbers.join(found, on="firm", how="left", maintain_order="left").drop("firm").fill_null(0)


def spreads(policies: Policies) -> pl.Series:
    """Over how many years the sum of each measure is spread, null where it is not."""
    return pl.Series([each.grant.spread if each.grant else None for each in policies.measures], dtype=pl.Int16)
