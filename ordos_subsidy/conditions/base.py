"""What every condition word can do, and how to walk through a condition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from ordos_subsidy.cells import Voice, type_of
from ordos_subsidy.facts import Fact
from ordos_subsidy.messages import Text

if TYPE_CHECKING:
    import polars as pl

#: Marks the column of the last day that a date may mean (see `tables.firms`).
UNTIL = "@until"
Row = Mapping[str, Any]
#: Yes, no, or unknown.
Truth = bool | None


#: Every word by the key that names it in a policy file, or by its class name where none does.
WORDS: dict[str, type[Condition]] = {}


class Builder(Protocol):
    """The services for building a word from its entry in a policy file (see `policy.rules.Scene`)."""

    @property
    def claims(self) -> tuple[str, ...]:
        """The kinds of events that the measure claims."""

    @property
    def of_events(self) -> bool:
        """Whether the measure claims events, so that event facts may be named."""

    @property
    def effective(self) -> dt.date:
        """The document's first day in force."""

    @property
    def event_keys(self) -> tuple[str, str]:
        """The keys of the date and the kind of an event."""

    def say(self, code: str, **params: object) -> None:
        """Note a mistake."""

    def judged(self, own: Any) -> Text:
        """Return the reason for what others judge: the own one, or that of the policy."""

    def inner(self, entry: Any, suffix: str) -> Condition:
        """Return the condition inside a word."""

    def without_assumptions(self) -> Builder:
        """Return the same builder with facts whose blanks count as no answer."""

    def kinds(self, name: str, *, tags: bool) -> tuple[str, ...]:
        """Return the kinds of events of a name, or of a tag."""

    def comparison(self, test: Any) -> tuple[Fact, Any, Any, tuple[str, ...]] | None:
        """Return a test's fact, comparison, typed value and names; None where a mistake was noted."""


class ConditionVoice(Voice, Protocol):
    """The language in which condition words are worded (see `wording.Speaker`)."""

    def title(self, key: str) -> str:
        """Return a fact's title."""

    def value(self, fact: Fact, value: Any) -> str:
        """Return a typed value in words."""

    def kinds(self, kinds: tuple[str, ...]) -> str:
        """Return the titles of kinds of events, joined; of many only the first."""

    def sentence(self, word: Condition) -> str:
        """Return a whole condition as one line."""

    def found(self, fact: Fact, row: Row) -> str:
        """Return the value of a fact in a row in words, a blank included."""

    def date_of(self, event: int | None) -> str:
        """Return the date of an event of the outcome, as far as it is known."""


class Condition:
    """Base of all condition words; a subclass registers itself in `WORDS`.

    `key` is the key that names it in a policy file, "" for words that the program adds by itself.
    """

    __slots__ = ()
    key: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        WORDS[cls.key or cls.__name__] = cls

    @classmethod
    def built(cls, entry: Any, scene: Builder) -> Condition | None:
        """Return the word of an entry in a policy file; None where a mistake was noted."""
        raise NotImplementedError

    def says(self, speaker: ConditionVoice) -> str:
        """Return the demand in one line; of a compound word its heading."""
        raise NotImplementedError

    def figure(self, speaker: ConditionVoice, row: Row) -> str:
        """Return the value of its fact in a row in words; "" without such a fact."""
        return ""

    def left_open(self, speaker: ConditionVoice, row: Row, parts: tuple[Truth, ...]) -> str:
        """Return the text shown where it is unknown and no answer could settle it; "": no text of its own."""
        return ""

    @property
    def fact_key(self) -> str:
        """The key of the one fact it looks at; "" where there is not exactly one."""
        return ""

    @property
    def atomic(self) -> bool:
        """Whether it is worded in one line, with everything inside."""
        return not self.inside()

    def may_hold(self) -> bool:
        """Whether it can be yes."""
        return True

    def inside(self) -> tuple[Condition, ...]:
        """Return the conditions inside."""
        return ()

    def truth(self) -> pl.Expr:
        """Return the truth column over a claim table: true, false, null for unknown."""
        raise NotImplementedError

    def columns(self) -> frozenset[str]:
        """Return the columns it reads itself, without those of the conditions inside."""
        return frozenset()

    def open_facts(self, row: Row) -> tuple[str, ...]:
        """Return the unknown facts of a row whose answer could settle this word, without those inside."""
        return ()

    def may_become(self, row: Row, truth: bool) -> bool:
        """Whether an answer to an open fact of a row could give this truth, where the word is unknown."""
        return bool(self.open_facts(row)) and (truth or self.may_fail())

    def may_fail(self) -> bool:
        """Whether this word, without those inside, can be no."""
        return True


@dataclass(frozen=True, slots=True)
class OfFact(Condition):
    """Base of words about one fact."""

    fact: Fact

    def columns(self) -> frozenset[str]:
        """Return the columns that hold the fact: both ends of a date, the two facts of a ratio, or its own."""
        if self.fact.ratio:
            return frozenset(self.fact.ratio)
        ends = {self.fact.key + UNTIL} if type_of(self.fact).spans else set()
        return frozenset({self.fact.key, *ends})

    def figure(self, speaker: ConditionVoice, row: Row) -> str:
        """Return the value of the fact; of a ratio both facts, where one is missing."""
        return speaker.found(self.fact, row)

    @property
    def fact_key(self) -> str:
        """The key of the fact."""
        return self.fact.key


def walk(condition: Condition) -> Iterator[Condition]:
    """Yield a condition and everything inside it, outermost first."""
    yield condition
    for part in condition.inside():
        yield from walk(part)


def all_columns(condition: Condition) -> frozenset[str]:
    """Return all columns that a condition reads."""
    return frozenset[str]().union(*(each.columns() for each in walk(condition)))
