"""The amount of an award: an interval, at least and at most, and the years it falls in.

| grant | a year's interval |
|---|---|
| exactly n | [n, n] |
| up_to n | [0, n], and never above the fact `within` names |
| at_least n | [n, open) |
| share p of a basis | [p·b, p·b] cut at its cap; open up to the cap while the basis is unknown |
| tiers by a fact | the interval of the tier that its answer chooses; from the least to the most while unknown |
| unstated | [0, open) |

A basis is a fact, less another where the plan says so, never below zero. Of a known fact less an unknown one no
more can remain than the whole fact. A share may run in marginal bands: so much of the part up to a bound, so much
of the part above it. A bound may be another fact; while that is unknown the amount lies between what the extremes
of the bound give. `times` multiplies where its condition holds; while that is unknown the interval covers both. A
limit (`a_year`, `in_all`) cuts the interval of a year, or of all years. Sums are fen, in Int64; a share is an exact
rational, rounded half up once, in `half_up`; an open end is null.

The grants of many measures are computed in one pass: `yearly` takes each parameter as an expression, a literal
where all rows agree, a column where they do not. `interval` computes the same of one row, in plain integers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import product
from math import lcm
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ordos_subsidy.conditions import Condition, Row, all_columns
from ordos_subsidy.facts import MONEY_LIMIT
from ordos_subsidy.messages import Text

if TYPE_CHECKING:
    import polars as pl


Rate = tuple[int, int]
GrantKind = Literal["exactly", "up_to", "at_least", "share", "tiers", "unstated"]
#: At least and at most in fen; None: no upper bound.
Interval = tuple[int, int | None]


class Times(NamedTuple):
    """A multiple: the amount is multiplied by `by` where `when` holds."""

    by: int
    when: Condition


class Band(NamedTuple):
    """A share of the part of a basis up to a bound: `to` is fen, the key of a money fact, or None for the rest."""

    to: int | str | None
    rate: Rate


class Tier(NamedTuple):
    """A sum for some answers of a fact, or for a band of a number with both bounds included."""

    answers: tuple[str | bool, ...] | None
    first: int | None
    last: int | None
    kind: GrantKind
    low: int
    high: int | None

    def holds(self, value: Any) -> bool:
        """Whether a known answer or number belongs to this tier."""
        if self.answers is not None:
            return value in self.answers
        return (self.first is None or value >= self.first) and (self.last is None or value <= self.last)

    @property
    def sample(self) -> Any:
        """An answer or number that belongs to this tier."""
        if self.answers is not None:
            return self.answers[0] if self.answers else None
        return self.last if self.first is None else self.first


class Grant(NamedTuple):
    """The amount of a measure: `low` and `high` are fen a year; `high` None: no upper bound."""

    kind: GrantKind
    low: int = 0
    high: int | None = None
    bands: tuple[Band, ...] = ()
    of: str | None = None
    less: str | None = None
    cap: int | None = None
    within: str | None = None
    times: Times | None = None
    by: str | None = None
    tiers: tuple[Tier, ...] = ()
    years: int | None = None
    during: tuple[int, int] | None = None
    spread: int | None = None
    once: bool = False
    #: Each row is of one year: a row a year.
    yearly: bool = False
    a_year: int | None = None
    in_all: int | None = None
    depends_on: Text | None = None

    @property
    def shape(self) -> tuple[object, ...]:
        """The key of measures whose amounts are computed together: they read the same facts."""
        bands = self.bands if len(self.bands) > 1 else ()
        return (self.of, self.less, bands, self.within, self.times and self.times.when, self.by, self.tiers)

    @property
    def computed(self) -> bool:
        """Whether a year's sum depends on facts."""
        return any(self.shape)

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that the sum is computed from, without those of the multiple's condition."""
        ends = [band.to for band in self.bands if isinstance(band.to, str)]
        return tuple(name for name in (self.of, self.less, *ends, self.within, self.by) if name)

    def columns(self) -> frozenset[str]:
        """Return the columns that the amount reads."""
        named = frozenset(self.facts)
        return named | all_columns(self.times.when) if self.times else named

    @property
    def constant(self) -> Interval:
        """A year's interval (fen) where no fact decides it, the yearly limit included."""
        return _cut((self.low, self.high), self.a_year)


def half_up(whole: pl.Expr, rate: tuple[pl.Expr | int, pl.Expr | int]) -> pl.Expr:
    """Return a share of a sum that is not negative, in fen, half a fen rounded up; integers only."""
    part, parts = rate
    return (whole * (part * 2) + parts) // (parts * 2)


RowParameter = Callable[[Callable[[Grant], int | None]], "pl.Expr"]


def yearly(grants: Sequence[Grant], param: RowParameter) -> tuple[pl.Expr, pl.Expr]:
    """Return a year's (low, high) of grants of one shape; `param` gives a parameter of each row's grant."""
    import polars as pl

    shape = grants[0]
    low, high = param(lambda grant: grant.low), param(lambda grant: grant.high)
    if shape.of:
        low, high = _share(shape, param)
    elif shape.tiers:
        low, high = _tiers(shape)
    if shape.times:
        by = param(lambda grant: grant.times.by if grant.times else 1)
        holds = shape.times.when.truth()
        low = low * pl.when(holds).then(by).otherwise(1)
        high = high * pl.when(~holds).then(1).otherwise(by)
    if shape.within:
        # min_horizontal skips nulls: with no figure to stay within, the cap alone holds.
        high = pl.min_horizontal(high, pl.col(shape.within).clip(0))
    if any(grant.a_year is not None for grant in grants):
        high = pl.min_horizontal(high, param(lambda grant: grant.a_year))
    return pl.min_horizontal(low, high), high


def _share(shape: Grant, param: RowParameter) -> tuple[pl.Expr, pl.Expr]:
    import polars as pl

    most = pl.col(shape.of or "").clip(0)
    least = most.fill_null(0)
    if shape.less:
        off = pl.col(shape.less).clip(0)
        least = (most - off).clip(0).fill_null(0)
        most = pl.when(off.is_null()).then(most).otherwise((most - off).clip(0))
    if len(shape.bands) > 1:
        low, high = _marginal(shape.bands, least, upper=False), _marginal(shape.bands, most, upper=True)
        high = pl.when(most.is_not_null()).then(high)
    else:
        rate = param(lambda grant: grant.bands[0].rate[0]), param(lambda grant: grant.bands[0].rate[1])
        low, high = half_up(least, rate), half_up(most, rate)
    cap = param(lambda grant: grant.cap)
    # min_horizontal skips nulls: an unknown basis is open up to the cap, and without a cap nothing is cut.
    return pl.min_horizontal(low, cap), pl.min_horizontal(high, cap)


@lru_cache(maxsize=64)
def _weights(bands: tuple[Band, ...]) -> tuple[list[int], int]:
    """Return the weight of each band's bound, and of the whole basis last: integers over one denominator."""
    parts = lcm(*(band.rate[1] for band in bands))
    rates = [band.rate[0] * parts // band.rate[1] for band in bands]
    return [one - two for one, two in zip(rates, [*rates[1:], 0], strict=True)], parts


def _marginal(bands: tuple[Band, ...], basis: pl.Expr, *, upper: bool) -> pl.Expr:
    """Return the sum of the shares of all bands, rounded once; an unknown bound takes its extreme value."""
    import polars as pl

    weights, parts = _weights(bands)
    # Two shares make products of four factors, beyond Int64.
    wide = basis.cast(pl.Int128)
    total = wide * weights[-1]
    for band, weight in zip(bands[:-1], weights, strict=False):
        end = pl.lit(band.to, pl.Int64) if isinstance(band.to, int) else pl.col(band.to or "").clip(0)
        end = end.fill_null(wide) if (weight > 0) is upper else end.fill_null(0)
        total = total + pl.min_horizontal(wide, end.cast(pl.Int128)) * weight
    return half_up(total, (pl.lit(1), pl.lit(parts)))


def _tiers(shape: Grant) -> tuple[pl.Expr, pl.Expr]:
    import polars as pl

    fact = pl.col(shape.by or "")
    least, most = hull([(tier.low, tier.high) for tier in shape.tiers])
    low: Any = pl.when(fact.is_null()).then(least)
    high: Any = pl.when(fact.is_null()).then(most)
    for tier in shape.tiers:
        if tier.answers is None:
            ends = [fact >= tier.first if tier.first is not None else None]
            ends.append(fact <= tier.last if tier.last is not None else None)
            holds = pl.all_horizontal([end for end in ends if end is not None] or [pl.lit(value=True)])
        else:
            holds = fact.is_in(list(tier.answers))
        low, high = low.when(holds).then(tier.low), high.when(holds).then(tier.high)
    return low.otherwise(0).cast(pl.Int64), high.otherwise(None).cast(pl.Int64)


def schedule(grants: Sequence[Grant], param: RowParameter, year: pl.Expr, *, dated: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Return the first calendar year (null: none) and the number of years in which a claim is paid.

    `year` is null where the claim has no calendar year, `dated` false where it has no date at all.
    """
    import polars as pl

    spans = any(grant.during for grant in grants)
    spread = param(lambda grant: int(grant.spread is not None)) == 1
    count = param(lambda grant: grant.years or 1)
    first = year
    if spans:
        start = param(lambda grant: grant.during[0] if grant.during else None)
        end = param(lambda grant: grant.during[1] if grant.during else None)
        # max_horizontal skips nulls: outside a span the claim's own year counts. Without a date, the whole span.
        first = pl.when(dated).then(pl.max_horizontal(year, start))
        span = (end - pl.max_horizontal(first, start) + 1).clip(0)
        count = pl.when(end.is_not_null()).then(span).otherwise(count)
    return pl.when(~spread).then(first).cast(pl.Int16), count.cast(pl.Int16)


def hull(intervals: Sequence[Interval]) -> Interval:
    """Return the smallest interval that contains all intervals."""
    highs = [high for _, high in intervals]
    most = None if None in highs else max(high for high in highs if high is not None)
    return min(low for low, _ in intervals), most


# --- one row, in plain integers: what an answer would change


def interval(grant: Grant, row: Row, multiple: bool | None) -> Interval:
    """Return a year's interval (fen) of one row, as `yearly` computes it; `multiple`: whether the multiple applies."""
    low, high = grant.low, grant.high
    if grant.of:
        low, high = _share_of(grant, row)
    elif grant.tiers:
        _, (low, high) = tier_kind(grant, row[grant.by or ""])
    if grant.times:
        low *= grant.times.by if multiple else 1
        high = None if high is None else high * (1 if multiple is False else grant.times.by)
    if grant.within and row[grant.within] is not None:
        low, high = _cut((low, high), max(row[grant.within], 0))
    return _cut((low, high), grant.a_year)


def _cut(one: Interval, most: int | None) -> Interval:
    """Return an interval with both ends at most a sum."""
    if most is None:
        return one
    high = most if one[1] is None else min(one[1], most)
    return min(one[0], high), high


def _share_of(grant: Grant, row: Row) -> Interval:
    whole = None if row[grant.of or ""] is None else max(row[grant.of or ""], 0)
    off = max(row[grant.less] or 0, 0) if grant.less else 0
    most = None if whole is None else max(whole - off, 0)
    unsure = grant.less is not None and row[grant.less] is None
    least = 0 if most is None or unsure else most
    low, high = _bands(grant.bands, least, row, upper=False), None
    if most is not None:
        high = _bands(grant.bands, most, row, upper=True)
    return _cut((low, high), grant.cap)


def _bands(bands: tuple[Band, ...], basis: int, row: Row, *, upper: bool) -> int:
    weights, parts = _weights(bands)
    total = weights[-1] * basis
    for band, weight in zip(bands[:-1], weights, strict=False):
        end = row[band.to] if isinstance(band.to, str) else band.to
        if end is None:
            end = basis if (weight > 0) is upper else 0
        total += weight * min(basis, max(end, 0))
    return (2 * total + parts) // (2 * parts)


def answers(grant: Grant, row: Row, multiple: bool | None) -> Mapping[str, tuple[Any, ...]]:
    """Return, for each unknown part of the amount in a row, answers that give the extreme sums and some in between.

    The parts are facts, and `""` for the condition of the multiple.
    """
    whole = MONEY_LIMIT if not grant.of or row[grant.of] is None else max(row[grant.of], 0)
    # Sums between the extremes: a cap may hide a difference that a smaller basis shows.
    caps = [each for each in (grant.cap, grant.a_year) if each]
    between = {1, 2, 3, *(each // part for each in caps for part in (1, 2, 3, 4))}
    found: dict[str, tuple[Any, ...]] = {}
    for name in grant.facts:
        if row[name] is None and name == grant.by:
            found[name] = tuple(dict.fromkeys(tier.sample for tier in grant.tiers))
        elif row[name] is None and len(grant.bands) > 1:
            sums = {0, whole, *between, *(whole - each for each in between)}
            found[name] = tuple(sorted(each for each in sums if 0 <= each <= whole))
        elif row[name] is None:
            found[name] = (0, whole)
    if grant.times and multiple is None:
        found[""] = (True, False)
    return found


def open_parts(grant: Grant, row: Row, multiple: bool | None) -> list[str]:
    """Return the unknown parts of an amount, as `answers` names them, whose answer could still change it.

    A part counts if it can change the amount for some answers to the other parts.
    """
    known = answers(grant, row, multiple)
    found = []
    for part, values in known.items():
        others = {name: each for name, each in known.items() if name != part}
        for chosen in product(*others.values()):
            rest = {**row, **dict(zip(others, chosen, strict=True))}
            cases = ({**rest, part: value} for value in values)
            sums = (interval(grant, case, case.get("", multiple)) for case in cases)
            first = next(sums)
            if any(each != first for each in sums):  # mostly the second tells
                found.append(part)
                break
    return found


def tier_kind(grant: Grant, known: Any) -> tuple[GrantKind | None, Interval]:
    """Return the kind of sum of an answer's tier (None: unknown, or no tier), and the interval of the tiers left."""
    tiers = [tier for tier in grant.tiers if known is None or tier.holds(known)]
    whole = hull([(tier.low, tier.high) for tier in tiers] or [(0, None)])
    return (tiers[0].kind if len(tiers) == 1 else None), whole
