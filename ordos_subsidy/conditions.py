"""The condition words, and their logic of three truths.

A condition is a function from a table of claims to a column of yes (true), no (false) and unknown (null). Each
word owns its truth column, the facts it needs, and which of them are still open. Compound words follow Kleene:

| a | b | all | any |
|---|---|---|---|
| yes | unknown | unknown | yes |
| no | unknown | no | unknown |
| unknown | unknown | unknown | unknown |

Polars' `&`, `|` and `~` are Kleene's. Where Polars blurs an unknown, mind: `when(unknown)` takes the else
branch (used on purpose in `Unsettled` and `FirstYears`, said there), `filter(unknown)` drops the row,
`min_/max_horizontal`, `sum` and `sum_horizontal` skip nulls, `all_horizontal([])` raises (an empty `All` is
refused by the grammar), and `NaN >= 3` is true (no float column gets past the readers).

A claim table has a column for each fact (two for a date: the first and the last day meant, see `firms.tables`),
`@firm`, and for each `HasEvent` its own column. Polars is imported when a truth is first asked for, so that the
plan can be listed without it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any, Literal

from ordos_subsidy.facts import Fact
from ordos_subsidy.words import Text

if TYPE_CHECKING:
    import polars as pl

UNTIL = "@until"
Comparison = Literal["is", "is_not", "one_of", "at_least", "more_than", "at_most", "less_than", "given"]
Row = Mapping[str, Any]


class Condition:
    """What every word can do; a word says only what is its own."""

    __slots__ = ()

    def inside(self) -> tuple[Condition, ...]:
        """The conditions inside."""
        return ()

    def truth(self) -> pl.Expr:
        """The truth column over a claim table."""
        raise NotImplementedError

    def columns(self) -> frozenset[str]:
        """The columns it reads itself, those inside not counted."""
        return frozenset()

    def open_facts(self, row: Row) -> tuple[str, ...]:
        """The facts, unknown in a row, whose answer could settle this word itself (those inside not counted)."""
        return ()


def walk(condition: Condition) -> Iterator[Condition]:
    """A condition and everything inside it, outermost first."""
    yield condition
    for part in condition.inside():
        yield from walk(part)


def all_columns(condition: Condition) -> frozenset[str]:
    """All columns a condition reads."""
    return frozenset[str]().union(*(each.columns() for each in walk(condition)))


@dataclass(frozen=True, slots=True)
class Compare(Condition):
    """One fact against a value. Sums are fen, shares millionths; a ratio's value is a pair (p, q) for p/q.

    Of a partly known date (a month, a year) a comparison is unknown where the day could change it.
    """

    fact: Fact
    comparison: Comparison
    value: Any
    #: The answers and groups as the file writes them, for the wording; empty otherwise.
    named: tuple[str, ...] = ()

    def columns(self) -> frozenset[str]:
        """One column; two of a date or a ratio."""
        if self.fact.ratio:
            return frozenset(self.fact.ratio)
        if self.fact.type == "date":
            return frozenset({self.fact.key, self.fact.key + UNTIL})
        return frozenset({self.fact.key})

    def truth(self) -> pl.Expr:
        """Null where the fact is, for `given` too: a blank is no answer. A ratio needs a positive whole as well."""
        import polars as pl

        if self.comparison == "given":
            return pl.when(pl.col(self.fact.key).is_not_null()).then(statement=True)
        if self.fact.ratio:
            return self._ratio()
        if self.fact.type == "date":
            return self._date()
        if self.fact.type == "choices":
            return self._choices()
        return self._plain()

    def _plain(self) -> pl.Expr:
        import polars as pl

        column = pl.col(self.fact.key)
        if self.fact.blank_is is not None:
            column = column.fill_null(pl.lit(self.fact.blank_is))
        if self.comparison == "one_of":
            return column.is_in(list(self.value))
        return _compare(column, self.comparison, pl.lit(self.value))

    def _choices(self) -> pl.Expr:
        import polars as pl

        wanted = self.value if self.comparison == "one_of" else (self.value,)
        mask = sum(1 << bit for bit, each in enumerate(self.fact.choices) if each.key in wanted)
        chosen = pl.col(self.fact.key)
        if self.fact.blank_is is not None:
            blank = sum(1 << bit for bit, each in enumerate(self.fact.choices) if each.key == self.fact.blank_is)
            chosen = chosen.fill_null(pl.lit(blank, pl.UInt64))
        has = (chosen & pl.lit(mask, pl.UInt64)) != 0
        return ~has if self.comparison == "is_not" else has

    def _ratio(self) -> pl.Expr:
        import polars as pl

        assert self.fact.ratio is not None  # noqa: S101 - what `truth` has just seen
        part, whole = (pl.col(name) for name in self.fact.ratio)
        p, q = self.value
        holds = _compare(part * q, self.comparison, whole * p)
        return pl.when(whole > 0).then(holds)

    def _date(self) -> pl.Expr:
        import polars as pl

        first, last = pl.col(self.fact.key), pl.col(self.fact.key + UNTIL)
        day = pl.lit(self.value)
        sooner, later = _compare(first, self.comparison, day), _compare(last, self.comparison, day)
        return pl.when(sooner == later).then(sooner)

    def open_facts(self, row: Row) -> tuple[str, ...]:
        """The unknown columns; of a ratio only while its whole may still be positive."""
        if self.fact.ratio:
            part, whole = (row[name] for name in self.fact.ratio)
            if whole is not None and whole <= 0:
                return ()
            return tuple(name for name, value in zip(self.fact.ratio, (part, whole), strict=True) if value is None)
        if self.fact.type == "date":
            vague = row[self.fact.key] is None or row[self.fact.key] != row[self.fact.key + UNTIL]
            return (self.fact.key,) if vague else ()
        settled_by_blank = self.fact.blank_is is not None and self.comparison != "given"
        return () if settled_by_blank or row[self.fact.key] is not None else (self.fact.key,)

    def distance(self, row: Row) -> int | None:
        """How many fen are lacking where a floor on money is not reached; None where that makes no sense."""
        if self.comparison not in ("at_least", "more_than"):
            return None
        if self.fact.ratio:
            part, whole = (row[name] for name in self.fact.ratio)
            if part is None or whole is None or whole <= 0:
                return None
            p, q = self.value
            lacking: int = -(-whole * p // q) if self.comparison == "at_least" else whole * p // q + 1
            return lacking - int(part)
        if self.fact.type == "money" and row[self.fact.key] is not None:
            lacking = self.value - row[self.fact.key]
            return lacking + (self.comparison == "more_than")
        return None


def _compare(left: pl.Expr, comparison: str, right: pl.Expr) -> pl.Expr:
    match comparison:
        case "is":
            return left == right
        case "is_not":
            return left != right
        case "at_least":
            return left >= right
        case "more_than":
            return left > right
        case "at_most":
            return left <= right
        case _:
            return left < right


@dataclass(frozen=True, slots=True)
class All(Condition):
    """Every part holds."""

    parts: tuple[Condition, ...]

    def inside(self) -> tuple[Condition, ...]:
        """The parts."""
        return self.parts

    def truth(self) -> pl.Expr:
        """No where one part is no, else unknown where one is unknown."""
        return reduce(and_, (part.truth() for part in self.parts))


@dataclass(frozen=True, slots=True)
class AnyOf(Condition):
    """One part is enough."""

    parts: tuple[Condition, ...]

    def inside(self) -> tuple[Condition, ...]:
        """The parts."""
        return self.parts

    def truth(self) -> pl.Expr:
        """Yes where one part is yes, else unknown where one is unknown."""
        return reduce(or_, (part.truth() for part in self.parts))


@dataclass(frozen=True, slots=True)
class Not(Condition):
    """The part does not hold."""

    inner: Condition

    def inside(self) -> tuple[Condition, ...]:
        """The part."""
        return (self.inner,)

    def truth(self) -> pl.Expr:
        """The part turned round; unknown stays unknown."""
        return ~self.inner.truth()


@dataclass(frozen=True, slots=True)
class Unsettled(Condition):
    """Where the inner condition holds the document leaves the matter open, and no fact can settle it."""

    inner: Condition
    says: Text

    def inside(self) -> tuple[Condition, ...]:
        """The part."""
        return (self.inner,)

    def truth(self) -> pl.Expr:
        """Yes where the part is no; unknown where it is yes (on purpose through the missing else) or unknown."""
        import polars as pl

        return pl.when(~self.inner.truth()).then(statement=True)


@dataclass(frozen=True, slots=True)
class InForce(Condition):
    """The claim's date lies on or after the first day in force.

    Before it: no where the document counts only what is new, else unknown, because the document does not say
    whether what existed before counts.
    """

    date: str
    effective: dt.date
    existing: Literal["excluded", "unsettled"]
    says: Text | None = None

    def columns(self) -> frozenset[str]:
        """Both ends of the date."""
        return frozenset({self.date, self.date + UNTIL})

    def truth(self) -> pl.Expr:
        """Null without a date, and where a partly known date straddles the first day."""
        import polars as pl

        first, last, day = pl.col(self.date), pl.col(self.date + UNTIL), pl.lit(self.effective)
        since = pl.when(first >= day).then(statement=True)
        if self.existing == "excluded":
            return since.when(last < day).then(statement=False)
        return since

    def open_facts(self, row: Row) -> tuple[str, ...]:
        """The date, where it is unknown or straddles the first day."""
        first, last = row[self.date], row[self.date + UNTIL]
        return (self.date,) if first is None or first < self.effective <= last else ()


@dataclass(frozen=True, slots=True)
class Happened(Condition):
    """The claim does not lie in the future of the day of evaluation: unknown where it does, being no fact yet.

    Unknown too where a month or a year is not over yet and the day would decide. Without a date it holds:
    whether the claim is in time is `InForce`'s business.
    """

    fact: Fact
    on: dt.date

    def columns(self) -> frozenset[str]:
        """Both ends of the date, or the year."""
        return Compare(self.fact, "at_most", None).columns()

    def truth(self) -> pl.Expr:
        """Yes or unknown, never no."""
        import polars as pl

        if self.fact.type == "date":
            past = pl.col(self.fact.key + UNTIL) <= pl.lit(self.on)
        else:
            past = pl.col(self.fact.key) <= pl.lit(self.on.year)
        return pl.when(past.fill_null(value=True)).then(statement=True)

    def open_facts(self, row: Row) -> tuple[str, ...]:
        """The date, where the day of evaluation lies within the month or year it names."""
        first = row[self.fact.key]
        vague = self.fact.type == "date" and first is not None and first <= self.on < row[self.fact.key + UNTIL]
        return (self.fact.key,) if vague else ()


@dataclass(frozen=True, slots=True)
class HasEvent(Condition):
    """The firm lists an event of one of some kinds; `name` is how the file calls them.

    What is not listed is not claimed, so this is never unknown.
    """

    name: str
    kinds: tuple[str, ...]

    @property
    def column(self) -> str:
        """The column that evaluation makes for it."""
        return f"@has:{self.name}"

    def columns(self) -> frozenset[str]:
        """Its own column."""
        return frozenset({self.column})

    def truth(self) -> pl.Expr:
        """Yes or no."""
        import polars as pl

        return pl.col(self.column)


@dataclass(frozen=True, slots=True)
class FirstYears(Condition):
    """The claim's year is among the first so many of the firm's events of this kind.

    Certainly no once that many years have passed since the earliest listed one; unknown while a year among them
    is unknown, for it might be earlier still.
    """

    years: int
    date: str
    kind: str

    def columns(self) -> frozenset[str]:
        """The date and what its events are grouped by."""
        return frozenset({self.date, self.kind, "@firm"})

    def truth(self) -> pl.Expr:
        """A window over the firm's events of one kind; `when(unknown)` falls through to the next line."""
        import polars as pl

        year, group = pl.col(self.date).dt.year(), ["@firm", self.kind]
        past = year - year.min().over(group) >= self.years
        vague = year.null_count().over(group) > 0
        return pl.when(past).then(statement=False).when(~vague).then(statement=True)

    def open_facts(self, row: Row) -> tuple[str, ...]:
        """The date: this claim's, or that of another year's."""
        return (self.date,)


@dataclass(frozen=True, slots=True)
class Window(Condition):
    """The claim falls in the time in which a version of a measure holds: from `since`, before `until`."""

    fact: Fact
    since: dt.date | None
    until: dt.date | None

    def columns(self) -> frozenset[str]:
        """The date, or the year."""
        return Compare(self.fact, "at_least", None).columns()

    def truth(self) -> pl.Expr:
        """A year or a partly known date that lies on both sides is unknown."""
        import polars as pl

        if self.fact.type == "date":
            first, last = pl.col(self.fact.key), pl.col(self.fact.key + UNTIL)
        else:
            first = pl.date(pl.col(self.fact.key), 1, 1)
            last = pl.date(pl.col(self.fact.key), 12, 31)
        inside, outside = [], []
        if self.since:
            inside.append(first >= self.since)
            outside.append(last < self.since)
        if self.until:
            inside.append(last < self.until)
            outside.append(first >= self.until)
        return pl.when(reduce(or_, outside)).then(statement=False).when(reduce(and_, inside)).then(statement=True)

    def open_facts(self, row: Row) -> tuple[str, ...]:
        """The date or the year where it is unknown; a month or a year given as a date, for it lies on both sides."""
        first = row[self.fact.key]
        vague = first is None or (self.fact.type == "date" and first != row[self.fact.key + UNTIL])
        return (self.fact.key,) if vague else ()
