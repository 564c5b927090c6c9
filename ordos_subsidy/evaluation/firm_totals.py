"""What awards add up to: what limits on measures leave of each row, and sums by firm and by calendar year.

Under a limit the yes come first, by date, then the unknown: the lows are given out in that order, then what is left
of the limit goes to the highs in the same order, so that low ≤ high in every row and the sums are exact. A limit a
year is given out among the calendar years of the rows; rows without a year are each limited by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ordos_subsidy.conditions import UNTIL
from ordos_subsidy.evaluation.truth_tables import look
from ordos_subsidy.policy import Limit, Policies
from ordos_subsidy.tables.firms import Firms

#: From so many rows on it pays to load NumPy.
MANY = 50_000
#: A row of the awards: no measure looks at a claim twice.
KEY = ["firm", "event", "version"]
DUE = ["due_low", "due_high"]


def by_calendar_year(awards: pl.DataFrame) -> pl.DataFrame:
    """Return one row an award and calendar year; a claim without a year keeps one row with a null year.

    Columns: firm, event, version, verdict, year, low, high, window, within (the first of the years that a sum without
    a year falls in, null where there is none).
    """
    due = awards.filter((pl.col("verdict") != "no") & (pl.col("years") > 0)).select(
        *KEY, "verdict", "year", "years", "low", "high", "within", "window"
    )
    whole = due.filter(pl.col("year").is_null() | (pl.col("years") == 1)).drop("years")
    split = due.filter(pl.col("year").is_not_null() & (pl.col("years") > 1))
    each = split.with_columns(pl.int_ranges(0, pl.col("years"), dtype=pl.Int16).alias("@nth")).explode("@nth")
    nth = pl.col("@nth").cast(pl.Int64)

    def part(name: str) -> pl.Expr:
        """Return the n-th of equal parts, exact to the fen in their sum."""
        return (pl.col(name) * (nth + 1) // pl.col("years") - pl.col(name) * nth // pl.col("years")).alias(name)

    each = each.with_columns(part("low"), part("high"), (pl.col("year") + pl.col("@nth")).alias("year"))
    return pl.concat([whole, each.select(whole.columns)])


def limited(policies: Policies, firms: Firms, awards: pl.DataFrame) -> pl.DataFrame:
    """Return the yearly slices of awards that share a limit with another row, reduced to what the limits leave.

    The columns of `by_calendar_year`, and `due_low`, `due_high`: fen, no upper bound left.
    """
    some = _sharing(policies, awards)
    if not some.height:
        return by_calendar_year(some).with_columns(due_low="low", due_high="high")
    slices = by_calendar_year(some).with_columns(due_low="low", due_high="high")
    date = policies.date_fact
    days = firms.events.select(pl.col(date).alias("@first"), pl.col(date + UNTIL).alias("@last"))
    at = slices.get_column("event")
    slices = slices.hstack(days.select(pl.all().gather(at)) if days.height else _undated(slices.height))
    # Of one day the order of the file counts: that of the events, then that of the measures.
    order = [(pl.col("verdict") == "unknown"), "@first", "@last", "event", "version", "year"]
    slices = slices.sort(order, nulls_last=True, maintain_order=True).with_row_index("@order")
    for limit in policies.limits:
        slices = _given_out(policies, limit, slices)
    return slices.drop("@first", "@last", "@order")


def _undated(height: int) -> pl.DataFrame:
    return pl.DataFrame({"@first": [None] * height, "@last": [None] * height}, schema_overrides={"@first": pl.Date})


def _sharing(policies: Policies, awards: pl.DataFrame) -> pl.DataFrame:
    """Return the rows whose firm has several under one limit, without refused ones."""
    places = [_places(policies, limit) for limit in policies.limits if not limit.once]
    every = sorted({place for some in places for place in some})
    limited_rows = awards.filter(pl.col("version").is_in(every) & (pl.col("verdict") != "no"))
    found = [limited_rows.clear()]
    for some in places:
        mine = limited_rows.filter(pl.col("version").is_in(some))
        found.append(mine.filter(pl.len().over("firm") > 1) if mine.height else mine)
    return pl.concat(found).unique(KEY, maintain_order=True)


def _places(policies: Policies, limit: Limit) -> list[int]:
    return [place for place, each in enumerate(policies.measures) if each.id in limit.measures]


def _given_out(policies: Policies, limit: Limit, slices: pl.DataFrame) -> pl.DataFrame:
    """Return the slices that a limit covers, reduced to what it leaves of each."""
    most = limit.in_all if limit.a_year is None else limit.a_year
    if most is None:
        return slices
    by = ["firm"] if limit.a_year is None else ["firm", "year"]
    covered = pl.col("version").is_in(_places(policies, limit))
    if limit.a_year is not None:
        covered &= pl.col("year").is_not_null()
    mine = slices.filter(covered)
    low = pl.min_horizontal("due_low", (most - (pl.col("due_low").cum_sum() - pl.col("due_low")).over(by)).clip(0))
    mine = mine.with_columns(low.alias("due_low"), pl.col("due_low").alias("@own"))
    room = (pl.col("due_high").fill_null(most) - pl.col("due_low")).clip(0, most)
    left = most - pl.col("due_low").sum().over(by)
    mine = mine.with_columns(room.alias("@room"), left.alias("@left"))
    more = pl.min_horizontal(
        "@room", (pl.col("@left") - (pl.col("@room").cum_sum() - pl.col("@room")).over(by)).clip(0)
    )
    mine = mine.with_columns((pl.col("due_low") + more).alias("due_high")).drop("@own", "@room", "@left")
    return pl.concat([mine, slices.filter(~covered)]).sort("@order")


def with_dues(awards: pl.DataFrame, slices: pl.DataFrame) -> pl.DataFrame:
    """Return the awards with `due_low` and `due_high` (fen): their own sums, or what limits leave of them."""
    awards = awards.with_columns(due_low="low", due_high="high")
    if not slices.height:
        return awards
    left = slices.group_by(KEY).agg(pl.col(DUE).sum())
    # Only rows of those measures are looked at: a join over all rows takes four times as long.
    at = awards.get_column("version").is_in(left.get_column("version").unique().implode()).arg_true()
    some = awards.select(KEY)[at].with_columns(at.alias("@at"))
    joined = left.join(some, on=KEY, how="left", nulls_equal=True)
    rows = joined.get_column("@at")
    return awards.with_columns(awards.get_column(name).clone().scatter(rows, joined.get_column(name)) for name in DUE)


def counts(policies: Policies) -> tuple[pl.Expr, pl.Expr]:
    """Return what a row with `due_low` and `due_high` adds to the unit's totals: see `Measure.recipient`.

    People's money adds nothing; what a unit shares with its people counts from nothing to its most.
    """
    units = pl.Series([each.recipient == "unit" for each in policies.measures])
    people = pl.Series([each.recipient == "people" for each in policies.measures])
    if not (~units).any():
        return pl.col("due_low"), pl.col("due_high")
    low = pl.when(look(units, "version")).then("due_low").otherwise(0)
    high = pl.when(look(people, "version")).then(0).otherwise("due_high")
    return low, high


# --- sums of what counts


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
    parts = [
        rows.lazy().filter(pl.col("verdict") == verdict).select("firm", "low", "high") for verdict in ("yes", "unknown")
    ]
    yes, unknown = pl.collect_all(parts, engine="in-memory")
    sums = {"assured": (yes, "low"), "ceiling": (yes, "high"), "pending": (unknown, "high")}
    numbered = {"open_ended": yes.filter(pl.col("high").is_null())}
    numbered |= {"pending_open": unknown.filter(pl.col("high").is_null())}
    if counts:
        numbered |= {"eligible": yes, "to_verify": unknown}
    return numbers.with_columns(
        *(_added(*each, firms).alias(name) for name, each in sums.items()),
        *(_counted(each, firms).alias(name) for name, each in numbered.items()),
    )


# Adding up by the number of the firm takes a third of the time of grouping by hashes.


def _added(rows: pl.DataFrame, name: str, firms: int) -> pl.Series:
    """Return a column of fen added up by firm, blanks left out."""
    import numpy as np

    sums = np.zeros(firms, np.int64)
    np.add.at(sums, rows.get_column("firm").to_numpy(), rows.get_column(name).fill_null(0).to_numpy())
    return pl.Series(sums)


def _counted(rows: pl.DataFrame, firms: int) -> pl.Series:
    """Return the number of rows by firm."""
    import numpy as np

    return pl.Series(np.bincount(rows.get_column("firm").to_numpy(), minlength=firms))
