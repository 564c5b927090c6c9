"""Conditions made of conditions: all, any, not; what the document leaves open, and what others judge."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any, ClassVar

from ordos_subsidy.conditions.base import Builder, Condition, ConditionVoice, Row, Truth
from ordos_subsidy.words import Text

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class All(Condition):
    """Every part holds."""

    parts: tuple[Condition, ...]
    key: ClassVar[str] = "all"

    @classmethod
    def built(cls, entry: Any, scene: Builder) -> Condition:
        """From `{ all = […] }`."""
        return cls(tuple(scene.inner(part, f".all[{index}]") for index, part in enumerate(entry.all)))

    def inside(self) -> tuple[Condition, ...]:
        """The parts."""
        return self.parts

    def truth(self) -> pl.Expr:
        """No where one part is no, else unknown where one is unknown."""
        return reduce(and_, (part.truth() for part in self.parts))

    def says(self, speaker: ConditionVoice) -> str:
        """The heading of its parts."""
        return speaker.say("all")

    def may_hold(self) -> bool:
        """Only where every part may."""
        return all(part.may_hold() for part in self.parts)


@dataclass(frozen=True, slots=True)
class AnyOf(Condition):
    """One part is enough."""

    parts: tuple[Condition, ...]
    key: ClassVar[str] = "any"

    @classmethod
    def built(cls, entry: Any, scene: Builder) -> Condition:
        """From `{ any = […] }`."""
        return cls(tuple(scene.inner(part, f".any[{index}]") for index, part in enumerate(entry.any)))

    def inside(self) -> tuple[Condition, ...]:
        """The parts."""
        return self.parts

    def truth(self) -> pl.Expr:
        """Yes where one part is yes, else unknown where one is unknown."""
        return reduce(or_, (part.truth() for part in self.parts))

    def says(self, speaker: ConditionVoice) -> str:
        """The heading of its parts."""
        return speaker.say("any")

    def may_hold(self) -> bool:
        """Where a part may."""
        return any(part.may_hold() for part in self.parts)


@dataclass(frozen=True, slots=True)
class _Wrapped(Condition):
    """A word around one condition, said in one line."""

    inner: Condition

    def inside(self) -> tuple[Condition, ...]:
        """The part."""
        return (self.inner,)

    def figure(self, speaker: ConditionVoice, row: Row) -> str:
        """What was found of the part."""
        return self.inner.figure(speaker, row)

    @property
    def fact_key(self) -> str:
        """The fact of the part."""
        return self.inner.fact_key

    @property
    def atomic(self) -> bool:
        """Always."""
        return True


@dataclass(frozen=True, slots=True)
class Not(_Wrapped):
    """The part does not hold. An assumption inside says nothing: turned round, its yes would be a no."""

    key: ClassVar[str] = "not"

    @classmethod
    def built(cls, entry: Any, scene: Builder) -> Condition:
        """From `{ not = … }`."""
        return cls(scene.without_assumptions().inner(entry.not_, ".not"))

    def truth(self) -> pl.Expr:
        """The part turned round; unknown stays unknown."""
        return ~self.inner.truth()

    def says(self, speaker: ConditionVoice) -> str:
        """The part, denied."""
        return speaker.say("not", inner=speaker.sentence(self.inner))


@dataclass(frozen=True, slots=True)
class _Open(_Wrapped):
    """A word that answers where the inner condition has one truth, and gives a reason where it has the other."""

    reason: Text
    #: The truth of the inner condition with which the document leaves the matter open.
    open_where: ClassVar[bool]

    @classmethod
    def built(cls, entry: Any, scene: Builder) -> Condition:
        """From `{ <key> = …, says = … }`."""
        return cls(scene.inner(getattr(entry, cls.key), f".{cls.key}"), scene.text(entry.says))

    def truth(self) -> pl.Expr:
        """Yes where the part has the other truth, else unknown (on purpose through the missing else)."""
        import polars as pl

        part = self.inner.truth()
        return pl.when(~part if self.open_where else part).then(statement=True)

    def left_open(self, speaker: ConditionVoice, row: Row, parts: tuple[Truth, ...]) -> str:
        """The reason, where the part has that truth."""
        return self.reason.in_(speaker.lang) if parts == (self.open_where,) else ""


@dataclass(frozen=True, slots=True)
class Unsettled(_Open):
    """Where the inner condition holds the document leaves the matter open, and no fact can settle it."""

    key: ClassVar[str] = "unsettled"
    open_where: ClassVar[bool] = True

    def says(self, speaker: ConditionVoice) -> str:
        """That it is no such case."""
        return speaker.say("settled", inner=speaker.sentence(self.inner))


@dataclass(frozen=True, slots=True)
class Sufficient(_Open):
    """Where the inner condition holds the answer is yes; elsewhere the document leaves it open, never a no."""

    key: ClassVar[str] = "sufficient"
    open_where: ClassVar[bool] = False

    def says(self, speaker: ConditionVoice) -> str:
        """The part."""
        return speaker.sentence(self.inner)

    def may_hold(self) -> bool:
        """Where the part may."""
        return self.inner.may_hold()


@dataclass(frozen=True, slots=True)
class JudgedByOthers(Condition):
    """The document names no condition that can be checked: unknown, whatever the facts."""

    reason: Text
    key: ClassVar[str] = "judged"

    @classmethod
    def built(cls, entry: Any, scene: Builder) -> Condition:
        """From `{ judged = true }`, perhaps with a reason of its own."""
        return cls(scene.judged(entry.says))

    def truth(self) -> pl.Expr:
        """Unknown."""
        import polars as pl

        return pl.lit(None, pl.Boolean)

    def says(self, speaker: ConditionVoice) -> str:
        """The reason."""
        return self.reason.in_(speaker.lang)

    def may_hold(self) -> bool:
        """Never: it is not for figures to say."""
        return False
