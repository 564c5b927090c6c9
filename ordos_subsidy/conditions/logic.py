"""Conditions made of conditions: all, any, not; what the document leaves open, and what others judge."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any, ClassVar

from ordos_subsidy.conditions.base import Builder, Condition, ConditionVoice, Row, Truth
from ordos_subsidy.messages import Text

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class _Joined(Condition):
    """Base of words that join parts: the operator over their truths, and the same over what may hold."""

    parts: tuple[Condition, ...]
    joins: ClassVar[Callable[[Any, Any], Any]]
    joined: ClassVar[Callable[[Iterable[bool]], bool]]

    @classmethod
    def built(cls, entry: Any, scene: Builder) -> Condition:
        """Return the word of `{ <key> = […] }`."""
        parts = enumerate(getattr(entry, cls.key))
        return cls(tuple(scene.inner(part, f".{cls.key}[{index}]") for index, part in parts))

    def inside(self) -> tuple[Condition, ...]:
        """Return the parts."""
        return self.parts

    def truth(self) -> pl.Expr:
        """Return the truths of the parts, joined as Kleene does."""
        return reduce(type(self).joins, (part.truth() for part in self.parts))

    def says(self, speaker: ConditionVoice) -> str:
        """Return the heading of its parts."""
        return speaker.say(self.key)

    def may_hold(self) -> bool:
        """Whether every part can be yes; of `any`, whether one can."""
        return type(self).joined(part.may_hold() for part in self.parts)


@dataclass(frozen=True, slots=True)
class All(_Joined):
    """Every part holds: no where one part is no, else unknown where one is unknown, else yes."""

    key: ClassVar[str] = "all"
    joins = and_
    joined = all


@dataclass(frozen=True, slots=True)
class AnyOf(_Joined):
    """At least one part holds: yes where one part is yes, else unknown where one is unknown, else no."""

    key: ClassVar[str] = "any"
    joins = or_
    joined = any


@dataclass(frozen=True, slots=True)
class _Wrapped(Condition):
    """Base of words around one condition, worded in one line."""

    inner: Condition

    def inside(self) -> tuple[Condition, ...]:
        """Return the part."""
        return (self.inner,)

    def figure(self, speaker: ConditionVoice, row: Row) -> str:
        """Return the figure of the part."""
        return self.inner.figure(speaker, row)

    @property
    def fact_key(self) -> str:
        """The fact of the part."""
        return self.inner.fact_key

    @property
    def atomic(self) -> bool:
        """True."""
        return True


@dataclass(frozen=True, slots=True)
class Not(_Wrapped):
    """The part does not hold. Inside it a blank is no answer: what is assumed may mean yes, but never no."""

    key: ClassVar[str] = "not"

    @classmethod
    def built(cls, entry: Any, scene: Builder) -> Condition:
        """Return the word of `{ not = … }`."""
        return cls(scene.without_assumptions().inner(entry.not_, ".not"))

    def truth(self) -> pl.Expr:
        """Return the negated truth of the part; unknown stays unknown."""
        return ~self.inner.truth()

    def says(self, speaker: ConditionVoice) -> str:
        """Return the negated part."""
        return speaker.say("not", inner=speaker.sentence(self.inner))


@dataclass(frozen=True, slots=True)
class _Open(_Wrapped):
    """Base of words that are yes where the part has one truth, and unknown with a reason where it has the other."""

    reason: Text
    #: The truth of the inner condition with which the document leaves the matter open.
    open_where: ClassVar[bool]

    @classmethod
    def built(cls, entry: Any, scene: Builder) -> Condition:
        """Return the word of `{ <key> = …, says = … }`."""
        return cls(scene.inner(getattr(entry, cls.key), f".{cls.key}"), Text(entry.says.zh, entry.says.en))

    def truth(self) -> pl.Expr:
        """Return yes where the part has the deciding truth, else null (the missing `otherwise` is on purpose)."""
        import polars as pl

        part = self.inner.truth()
        return pl.when(~part if self.open_where else part).then(statement=True)

    def left_open(self, speaker: ConditionVoice, row: Row, parts: tuple[Truth, ...]) -> str:
        """Return the reason, where the part does not have the deciding truth."""
        return self.reason.in_(speaker.lang) if parts == (self.open_where,) else ""


@dataclass(frozen=True, slots=True)
class Unsettled(_Open):
    """Where the inner condition holds the document leaves the matter open, and no fact can settle it."""

    key: ClassVar[str] = "unsettled"
    open_where: ClassVar[bool] = True

    def says(self, speaker: ConditionVoice) -> str:
        """Return that the claim is no case that the document leaves open."""
        return speaker.say("settled", inner=speaker.sentence(self.inner))


@dataclass(frozen=True, slots=True)
class Sufficient(_Open):
    """Where the inner condition holds the answer is yes; elsewhere the document leaves it open, never a no."""

    key: ClassVar[str] = "sufficient"
    open_where: ClassVar[bool] = False

    def says(self, speaker: ConditionVoice) -> str:
        """Return the part."""
        return speaker.sentence(self.inner)

    def may_hold(self) -> bool:
        """Whether the part can be yes."""
        return self.inner.may_hold()


@dataclass(frozen=True, slots=True)
class JudgedByOthers(Condition):
    """The document names no condition that can be checked: always unknown."""

    reason: Text
    key: ClassVar[str] = "judged"

    @classmethod
    def built(cls, entry: Any, scene: Builder) -> Condition:
        """Return the word of `{ judged = true }`, with its own reason or that of the policy."""
        return cls(scene.judged(entry.says))

    def truth(self) -> pl.Expr:
        """Return unknown."""
        import polars as pl

        return pl.lit(None, pl.Boolean)

    def says(self, speaker: ConditionVoice) -> str:
        """Return the reason."""
        return self.reason.in_(speaker.lang)

    def may_hold(self) -> bool:
        """False: no fact decides it."""
        return False
