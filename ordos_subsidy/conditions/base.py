"""What every condition word can do, and how to walk through a condition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from ordos_subsidy.cells import Voice, type_of
from ordos_subsidy.facts import Fact
from ordos_subsidy.words import Text

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
    """What a word asks for when it is built from its entry in a policy file (see `policy.rules.Scene`)."""

    @property
    def claims(self) -> tuple[str, ...]:
        """The kinds of events that the measure claims."""

    @property
    def of_events(self) -> bool:
        """Whether events are in sight."""

    @property
    def effective(self) -> dt.date:
        """The document's first day in force."""

    @property
    def event_keys(self) -> tuple[str, str]:
        """The keys of the facts that say when an event was, and what kind it is."""

    def say(self, code: str, **params: object) -> None:
        """Note a mistake."""

    def text(self, words: Any) -> Text:
        """Words of the file."""

    def judged(self, own: Any) -> Text:
        """The reason given for what others judge."""

    def inner(self, entry: Any, suffix: str) -> Condition:
        """The condition inside a word."""

    def without_assumptions(self) -> Builder:
        """The same where a blank stands for nothing."""

    def kinds(self, name: str, *, tags: bool) -> tuple[str, ...]:
        """The kinds of events of a name, or of a tag."""

    def comparison(self, test: Any) -> tuple[Fact, Any, Any, tuple[str, ...]] | None:
        """A test's fact, comparison, typed value and names; None where a mistake is noted."""


class ConditionVoice(Voice, Protocol):
    """One language in which conditions put facts and values into words (see `wording.Speaker`)."""

    def title(self, key: str) -> str:
        """A fact's heading."""

    def value(self, fact: Fact, value: Any) -> str:
        """A typed value in words."""

    def kinds(self, kinds: tuple[str, ...]) -> str:
        """Kinds of events in a row, the first few of many."""

    def sentence(self, word: Condition) -> str:
        """A whole condition in one line."""

    def found(self, fact: Fact, row: Row) -> str:
        """A fact of a row in words, the blank included."""

    def date_of(self, event: int | None) -> str:
        """When an event of the outcome was, as far as it is known."""


class Condition:
    """What every word can do; a word says only what is its own, and registers itself in `WORDS`.

    `key` is the key that names it in a policy file, "" for words that the program adds by itself.
    """

    __slots__ = ()
    key: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        WORDS[cls.key or cls.__name__] = cls

    @classmethod
    def built(cls, entry: Any, scene: Builder) -> Condition | None:
        """The word from its entry in a policy file; None where a mistake has been noted."""
        raise NotImplementedError

    def says(self, speaker: ConditionVoice) -> str:
        """What it demands, in one line; of a compound word its heading."""
        raise NotImplementedError

    def figure(self, speaker: ConditionVoice, row: Row) -> str:
        """What was found of the fact it looks at, "" where it looks at none."""
        return ""

    def left_open(self, speaker: ConditionVoice, row: Row, parts: tuple[Truth, ...]) -> str:
        """What is said in its place where it is unknown and no answer could settle it; "": nothing of its own."""
        return ""

    @property
    def fact_key(self) -> str:
        """The key of the one fact it looks at, "" where it is not one fact."""
        return ""

    @property
    def atomic(self) -> bool:
        """Whether it is said in one line, whatever is inside."""
        return not self.inside()

    def may_hold(self) -> bool:
        """Whether it ever says yes."""
        return True

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
    return frozenset({fact.key, fact.key + UNTIL}) if type_of(fact).spans else frozenset({fact.key})
