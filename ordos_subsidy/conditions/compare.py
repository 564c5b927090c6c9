"""Comparing one fact with a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ordos_subsidy.conditions.base import UNTIL, Condition, Row, columns_of
from ordos_subsidy.facts import Fact

if TYPE_CHECKING:
    import polars as pl

Comparison = Literal["is", "is_not", "one_of", "at_least", "more_than", "at_most", "less_than", "given"]


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
        return columns_of(self.fact)

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

    def may_fail(self) -> bool:
        """A blank is unknown, so that `given` never fails."""
        return self.comparison != "given"

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
