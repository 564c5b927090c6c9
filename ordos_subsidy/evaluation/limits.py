"""What each row adds to a firm's totals, once the limits on measures have been applied.

Under a limit the yes come first, by date, then the unknown: the lows are given out in that order, then what is left
of the limit goes to the highs in the same order, so that low ≤ high in every row and the sums are exact. A limit a
year is given out among the calendar years of the rows; rows without a year are each limited by themselves.
"""

from __future__ import annotations

import polars as pl

from ordos_subsidy.conditions import UNTIL
from ordos_subsidy.evaluation.truth_tables import look
from ordos_subsidy.policy import Limit, Policies
from ordos_subsidy.tables.firms import Firms

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
