"""The amount of an award: an interval, at least and at most, and the years it falls in.

| grant | a year's interval |
|---|---|
| exactly n | [n, n] |
| up_to n | [0, n], and never above the fact `within` names |
| at_least n | [n, open) |
| share p of a basis | [p·b, p·b] cut at its cap; open up to the cap while the basis is unknown |
| unstated | [0, open) |

A basis is a fact, less another where the plan says so, never below zero. Of a known fact less an unknown one no
more can remain than the whole fact. `increment` counts what exceeds another fact at a share of its own; while
that fact is unknown the amount lies between all of it at the one share and all of it at the other. `times`
multiplies where its condition holds; while that is unknown the interval covers both. Sums are fen, in Int64; a
share is an exact rational, rounded half up once, in `half_up`; an open end is null.

The grants of many measures are computed in one pass: `yearly` takes each parameter as an expression, a literal
where all rows agree, a column where they do not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from ordos_subsidy.conditions import Condition, Row, all_columns
from ordos_subsidy.words import Text

if TYPE_CHECKING:
    import polars as pl

Rate = tuple[int, int]
GrantKind = Literal["exactly", "up_to", "at_least", "share", "unstated"]


class Times(NamedTuple):
    """The amount counts `by` times where a condition holds."""

    by: int
    when: Condition


class Grant(NamedTuple):
    """What a measure gives. `low` and `high` are a year's fen; `high` None is open."""

    kind: GrantKind
    low: int = 0
    high: int | None = None
    rate: Rate = (0, 1)
    of: str | None = None
    less: str | None = None
    over: str | None = None
    over_rate: Rate = (0, 1)
    cap: int | None = None
    within: str | None = None
    times: Times | None = None
    years: int | None = None
    during: tuple[int, int] | None = None
    spread: int | None = None
    once: bool = False
    depends_on: Text | None = None

    @property
    def shape(self) -> tuple[object, ...]:
        """Measures of one shape can be computed together: they read the same facts."""
        return (self.of, self.less, self.over, self.within, self.times and self.times.when)

    def columns(self) -> frozenset[str]:
        """The columns the amount reads."""
        named = frozenset(name for name in (self.of, self.less, self.over, self.within) if name)
        return named | all_columns(self.times.when) if self.times else named


def half_up(whole: pl.Expr, rate: tuple[pl.Expr | int, pl.Expr | int]) -> pl.Expr:
    """A share of a sum that is not negative, to the fen, half a fen upwards, in integers only."""
    part, parts = rate
    return (whole * (part * 2) + parts) // (parts * 2)


Param = Callable[[Callable[[Grant], int | None]], "pl.Expr"]


def yearly(grants: Sequence[Grant], param: Param) -> tuple[pl.Expr, pl.Expr]:
    """A year's (low, high) of grants of one shape; `param` gives a parameter of each row's grant."""
    import polars as pl

    shape = grants[0]
    low, high = param(lambda grant: grant.low), param(lambda grant: grant.high)
    if shape.of:
        low, high = _share(shape, param)
    if shape.times:
        by = param(lambda grant: grant.times.by if grant.times else 1)
        holds = shape.times.when.truth()
        low = low * pl.when(holds).then(by).otherwise(1)
        high = high * pl.when(~holds).then(1).otherwise(by)
    if shape.within:
        # min_horizontal skips nulls: with no figure to stay within, the cap alone holds.
        high = pl.min_horizontal(high, pl.col(shape.within).clip(0))
        low = pl.min_horizontal(low, high)
    return low, high


def _share(shape: Grant, param: Param) -> tuple[pl.Expr, pl.Expr]:
    import polars as pl

    most = pl.col(shape.of or "").clip(0)
    least = most.fill_null(0)
    if shape.less:
        off = pl.col(shape.less).clip(0)
        least = (most - off).clip(0).fill_null(0)
        most = pl.when(off.is_null()).then(most).otherwise((most - off).clip(0))
    rate = param(lambda grant: grant.rate[0]), param(lambda grant: grant.rate[1])
    if shape.over:
        low, high = _increment(least, most, shape.over, rate, param)
    else:
        low, high = half_up(least, rate), half_up(most, rate)
    cap = param(lambda grant: grant.cap)
    # min_horizontal skips nulls: an unknown basis is open up to the cap, and without a cap nothing is cut.
    return pl.min_horizontal(low, cap), pl.min_horizontal(high, cap)


def _increment(
    least: pl.Expr, most: pl.Expr, over: str, rate: tuple[pl.Expr, pl.Expr], param: Param
) -> tuple[pl.Expr, pl.Expr]:
    import polars as pl

    # Two shares make products of four factors, beyond Int64.
    least, most = least.cast(pl.Int128), most.cast(pl.Int128)
    (p, q) = rate
    r, s = param(lambda grant: grant.over_rate[0]), param(lambda grant: grant.over_rate[1])
    last = pl.col(over).clip(0)

    def total(whole: pl.Expr, level: pl.Expr) -> pl.Expr:
        """The part up to the level at one share and the part beyond at the other, rounded once."""
        return half_up(pl.min_horizontal(whole, level) * p * s + (whole - level).clip(0) * r * q, (pl.lit(1), q * s))

    beyond_is_more = r * q >= p * s
    at_least = pl.when(beyond_is_more).then(last.fill_null(least)).otherwise(last.fill_null(0))
    at_most = pl.when(beyond_is_more).then(last.fill_null(0)).otherwise(last.fill_null(most))
    return total(least, at_least), pl.when(most.is_not_null()).then(total(most, at_most))


def schedule(grants: Sequence[Grant], param: Param, year: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """The first calendar year (null: none) and the number of years that a claim of some year is paid in."""
    import polars as pl

    spans = any(grant.during for grant in grants)
    spread = param(lambda grant: int(grant.spread is not None)) == 1
    count = param(lambda grant: grant.years or 1)
    first = year
    if spans:
        start = param(lambda grant: grant.during[0] if grant.during else None)
        end = param(lambda grant: grant.during[1] if grant.during else None)
        # max_horizontal skips nulls: outside a span the claim's own year counts. Without a year, the whole span.
        first = pl.when(year.is_not_null()).then(pl.max_horizontal(year, start))
        span = (end - pl.max_horizontal(first, start) + 1).clip(0)
        count = pl.when(end.is_not_null()).then(span).otherwise(count)
    return pl.when(~spread).then(first).cast(pl.Int16), count.cast(pl.Int16)


def open_facts(grant: Grant, row: Row, unsettled: Callable[[Condition], tuple[str, ...]]) -> tuple[str, ...]:
    """The facts, unknown in a row, whose answer could still change the amount."""
    found = [name for name in (grant.of, grant.within) if name and row[name] is None]
    if grant.less and row[grant.less] is None and _counts(grant, row):
        found.append(grant.less)
    if grant.over and row[grant.over] is None and _level_counts(grant, row):
        found.append(grant.over)
    if grant.times and _multiple_counts(grant, row):
        found += unsettled(grant.times.when)
    return tuple(found)


def _left(grant: Grant, row: Row) -> int | None:
    """The basis less what is known to be taken off, None while it is unknown."""
    whole: int | None = row[grant.of] if grant.of else None
    return None if whole is None else max(max(whole, 0) - max((row[grant.less] if grant.less else 0) or 0, 0), 0)


def _sums(grant: Grant, whole: int) -> tuple[int, int]:
    """A whole at the one share and at the other, in fen, half a fen upwards."""
    rates = (grant.rate, grant.over_rate if grant.over else grant.rate)
    one, other = ((2 * whole * part + parts) // (2 * parts) for part, parts in rates)
    return one, other


def _counts(grant: Grant, row: Row) -> bool:
    """Whether the basis may come to a fen at all."""
    whole = _left(grant, row)
    return whole is None or max(_sums(grant, whole)) > 0


def _level_counts(grant: Grant, row: Row) -> bool:
    """Whether it matters how much of the basis lies beyond the level: not if both shares come to the same."""
    whole = _left(grant, row)
    if whole is None:
        return grant.rate != grant.over_rate
    one, other = _sums(grant, whole)
    if grant.cap is not None and not (grant.less and row[grant.less] is None):
        one, other = min(one, grant.cap), min(other, grant.cap)
    return one != other


def _multiple_counts(grant: Grant, row: Row) -> bool:
    """Whether so many times the amount is another amount."""
    if grant.of:
        return _counts(grant, row)
    within = row[grant.within] if grant.within else None
    return (grant.low or grant.high or 0) > 0 and (within is None or within > (grant.high or 0))
