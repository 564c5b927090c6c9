"""What every condition word can do, and how to walk through a condition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ordos_subsidy.facts import Fact

if TYPE_CHECKING:
    import polars as pl

#: Marks the column of the last day that a date may mean (see `firms.tables`).
UNTIL = "@until"
Row = Mapping[str, Any]
#: Yes, no, or unknown.
Truth = bool | None


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

    def may_become(self, row: Row, truth: bool) -> bool:
        """Whether an answer to a fact that is open in a row could give this truth, where the word is unknown."""
        return bool(self.open_facts(row)) and (truth or self.may_fail())

    def may_fail(self) -> bool:
        """Whether this word, those inside not counted, ever says no."""
        return True


def walk(condition: Condition) -> Iterator[Condition]:
    """A condition and everything inside it, outermost first."""
    yield condition
    for part in condition.inside():
        yield from walk(part)


def all_columns(condition: Condition) -> frozenset[str]:
    """All columns a condition reads."""
    return frozenset[str]().union(*(each.columns() for each in walk(condition)))


def columns_of(fact: Fact) -> frozenset[str]:
    """The columns that hold a fact: both ends of a date, the parts of a ratio, or its own."""
    if fact.ratio:
        return frozenset(fact.ratio)
    return frozenset({fact.key, fact.key + UNTIL}) if fact.type == "date" else frozenset({fact.key})
