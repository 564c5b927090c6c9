"""Truth tables: conditions are evaluated once for each combination of categorical facts, then looked up by row.

A table has at most `LIMIT` combinations; a blank is one more answer of each fact. The condition words themselves give
the truths.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce
from math import prod
from operator import add
from typing import NamedTuple

import polars as pl

from ordos_subsidy.cells import type_of
from ordos_subsidy.conditions import All, Condition
from ordos_subsidy.facts import Fact, Vocabulary
from ordos_subsidy.tables.firms import dtype

#: More combinations than these would be judged for nothing; their numbers fit UInt16.
LIMIT = 4096
_NUMBER = "@number"


class Combinations(NamedTuple):
    """Some facts, and a number for each combination of their answers."""

    facts: tuple[Fact, ...]

    @property
    def keys(self) -> frozenset[str]:
        """The columns of the facts."""
        return frozenset(fact.key for fact in self.facts)

    @property
    def size(self) -> int:
        """The number of combinations."""
        return prod(_count(fact) for fact in self.facts)

    def _strides(self) -> Iterator[tuple[Fact, int]]:
        stride = 1
        for fact in self.facts:
            yield fact, stride
            stride *= _count(fact)

    def number(self) -> pl.Expr:
        """Return the number of a row's combination (UInt16)."""
        parts = (_code(fact) * pl.lit(stride, pl.UInt16) for fact, stride in self._strides())
        return reduce(add, parts, pl.repeat(0, pl.len(), dtype=pl.UInt16))

    def combinations(self, vocabulary: Vocabulary) -> pl.DataFrame:
        """Return all combinations, in the order of their numbers."""
        numbers = pl.int_range(self.size, dtype=pl.UInt16, eager=True)
        columns = []
        for fact, stride in self._strides():
            values = pl.Series(fact.key, [*type_of(fact).answers(fact).values(), None], dtype(fact, vocabulary))
            columns.append(values.gather(numbers // stride % _count(fact)))
        return pl.DataFrame([numbers.alias(_NUMBER), *columns])

    def truths(self, conditions: Sequence[tuple[Condition, ...]], vocabulary: Vocabulary) -> pl.Series:
        """Return the truth codes of each set of conditions, one set after the other, a code for each combination."""
        each = dict.fromkeys(conditions)
        names = {parts: f"@{n}" for n, parts in enumerate(each)}
        made = self.combinations(vocabulary).select(
            _NUMBER, *(code(All(parts).truth() if parts else pl.lit(value=True)).alias(names[parts]) for parts in each)
        )
        # In one piece: looking up in several takes twice the time.
        return pl.concat([made.get_column(names[parts]) for parts in conditions], rechunk=True)


def few(fact: Fact) -> bool:
    """Whether a fact has few answers."""
    return bool(type_of(fact).answers(fact))


def within_limit(facts: Iterable[Fact]) -> Combinations:
    """Return the first facts that together have at most LIMIT combinations."""
    chosen: tuple[Fact, ...] = ()
    for fact in facts:
        if Combinations((*chosen, fact)).size <= LIMIT:
            chosen = (*chosen, fact)
    return Combinations(chosen)


def code(truth: pl.Expr) -> pl.Expr:
    """Return truths as codes of which the largest decides an `All`: yes 0, unknown 1, no 2."""
    yes, unknown, no = (pl.lit(n, pl.UInt8) for n in range(3))
    return pl.when(truth).then(yes).when(~truth).then(no).otherwise(unknown)


def look(values: pl.Series, at: pl.Expr | str) -> pl.Expr:
    """Return the values at the positions that a column holds."""
    return pl.lit(values).gather(pl.col(at) if isinstance(at, str) else at)


def by_day(dates: pl.Series, say: Callable[[pl.Series], pl.Series]) -> pl.Expr:
    """Return `say` of each date, computed once for each day from the first to the last."""
    first, last = dates.min(), dates.max()
    if not isinstance(first, dt.date) or not isinstance(last, dt.date) or (last - first).days > len(dates):
        return pl.lit(say(dates))
    days = pl.date_range(first, last, eager=True)
    return look(say(days), pl.lit(dates.to_physical()) - days.to_physical()[0])


def _count(fact: Fact) -> int:
    """Return the number of answers of a fact, the blank included."""
    return len(type_of(fact).answers(fact)) + 1


def _code(fact: Fact) -> pl.Expr:
    blank = _count(fact) - 1
    # Blanks are filled while the numbers are narrow: that takes a seventh of the time.
    narrow = pl.UInt8 if blank < 2**8 else pl.UInt16
    return pl.col(fact.key).to_physical().cast(narrow).fill_null(pl.lit(blank, narrow)).cast(pl.UInt16)
