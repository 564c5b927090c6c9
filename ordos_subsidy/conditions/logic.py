"""Conditions made of conditions: all, any, not; what the document leaves open, and what others judge."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

from ordos_subsidy.conditions.base import Condition
from ordos_subsidy.words import Text

if TYPE_CHECKING:
    import polars as pl


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
class Sufficient(Condition):
    """Where the inner condition holds the answer is yes; elsewhere the document leaves it open, never a no."""

    inner: Condition
    says: Text

    def inside(self) -> tuple[Condition, ...]:
        """The part."""
        return (self.inner,)

    def truth(self) -> pl.Expr:
        """Yes where the part is yes, else unknown (on purpose through the missing else)."""
        import polars as pl

        return pl.when(self.inner.truth()).then(statement=True)


@dataclass(frozen=True, slots=True)
class JudgedByOthers(Condition):
    """The document names no condition that can be checked: unknown, whatever the facts."""

    says: Text

    def truth(self) -> pl.Expr:
        """Unknown."""
        import polars as pl

        return pl.lit(None, pl.Boolean)
