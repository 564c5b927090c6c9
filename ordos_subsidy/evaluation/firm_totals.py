"""What awards add up to: by firm, and by calendar year. Sums are of what counts (`counting`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import polars as pl

from ordos_subsidy.evaluation.limits import counts
from ordos_subsidy.evaluation.truth_tables import look
from ordos_subsidy.policy import Policies

if TYPE_CHECKING:
    import numpy as np

#: From so many rows on it pays to load NumPy.
MANY = 50_000


def counting(policies: Policies, rows: pl.DataFrame) -> pl.DataFrame:
    """Return award rows or slices with `low` and `high` replaced by what each adds to the unit's totals."""
    low, high = counts(policies)
    return rows.with_columns(low.alias("low"), high.alias("high"))


def people(policies: Policies, rows: pl.DataFrame) -> pl.DataFrame:
    """Return one row a firm that has any: `low`, `high`, `pending` (fen) of what goes to people or is shared with them.

    low: of the certain awards of people; high: of those and the shared ones; pending: of the unknown of both. It
    overlaps with the unit's totals in what is shared. What has no upper bound is left out.
    """
    recipients = pl.Series([each.recipient for each in policies.measures])
    own, any_ = look(recipients == "people", "version"), look(recipients != "unit", "version")
    yes, unknown = (pl.col("verdict") == verdict for verdict in ("yes", "unknown"))
    return (
        rows.filter(any_ & (pl.col("verdict") != "no") & pl.col("due_high").is_not_null())
        .select(
            "firm",
            pl.when(yes & own).then("due_low").alias("low"),
            pl.when(yes).then("due_high").alias("high"),
            pl.when(unknown).then("due_high").alias("pending"),
        )
        .group_by("firm")
        .agg(pl.all().sum())
        .sort("firm")
    )


def totals(rows: pl.DataFrame, *by: str, counts: bool = False) -> pl.DataFrame:
    """Return sums of award rows or slices by some columns; keys with only "no" are left out.

    assured, ceiling, pending (fen); open_ended, pending_open; with `counts` also how many are eligible and to_verify.
    """
    return rows.lazy().filter(pl.col("verdict") != "no").group_by(by).agg(_sums(counts=counts)).collect()


def _sums(*, counts: bool) -> Iterator[pl.Expr]:
    """Return the expressions of the sums. Nulls are skipped on purpose: an open end is counted apart."""
    yes, unknown = (pl.col("verdict") == verdict for verdict in ("yes", "unknown"))
    endless = pl.col("high").is_null()
    yield pl.col("low").sum().alias("assured")
    yield pl.when(yes).then("high").sum().alias("ceiling")
    yield pl.when(unknown).then("high").sum().alias("pending")
    numbers = {"open_ended": yes & endless, "pending_open": unknown & endless}
    if counts:
        numbers |= {"eligible": yes, "to_verify": unknown}
    yield from (each.sum().cast(pl.Int64).alias(name) for name, each in numbers.items())


def by_firm(rows: pl.DataFrame, firms: int, *, counts: bool = False) -> pl.DataFrame:
    """Return one row a firm, in order, with the `totals` of its rows; firms are numbered densely."""
    numbers = pl.int_range(firms, dtype=pl.UInt32, eager=True).alias("firm").to_frame()
    if rows.height < MANY:
        found = totals(rows, "firm", counts=counts)
        return numbers.join(found, on="firm", how="left", maintain_order="left").fill_null(0)
    sorted_out = [
        rows.lazy().filter(pl.col("verdict") == verdict).select("firm", "low", "high") for verdict in ("yes", "unknown")
    ]
    yes, unknown = (_Dense(some, firms) for some in pl.collect_all(sorted_out, engine="in-memory"))
    sums = {
        "assured": yes.low(),
        "ceiling": yes.high(),
        "pending": unknown.high(),
        "open_ended": yes.endless(),
        "pending_open": unknown.endless(),
    }
    if counts:
        sums |= {"eligible": yes.count(), "to_verify": unknown.count()}
    return numbers.with_columns(pl.Series(name, each) for name, each in sums.items())


class _Dense:
    """Rows of one verdict, added up by the number of the firm: in a third of the time of grouping by hashes."""

    def __init__(self, rows: pl.DataFrame, firms: int) -> None:
        self._firm, self._firms = rows.get_column("firm"), firms
        self._low, self._high = rows.get_column("low"), rows.get_column("high")

    def low(self) -> np.ndarray:
        """Return the sum of the lower bounds in fen, by firm."""
        return self._total(self._low)

    def high(self) -> np.ndarray:
        """Return the sum of the upper bounds in fen, of those that have one, by firm."""
        return self._total(self._high.fill_null(0))

    def endless(self) -> np.ndarray:
        """Return how many rows have no upper bound, by firm."""
        return self._counted(self._firm.filter(self._high.is_null()))

    def count(self) -> np.ndarray:
        """Return how many rows there are, by firm."""
        return self._counted(self._firm)

    def _total(self, fen: pl.Series) -> np.ndarray:
        import numpy as np

        sums = np.zeros(self._firms, np.int64)
        np.add.at(sums, self._firm.to_numpy(), fen.to_numpy())
        return sums

    def _counted(self, firm: pl.Series) -> np.ndarray:
        import numpy as np

        return np.bincount(firm.to_numpy(), minlength=self._firms)
