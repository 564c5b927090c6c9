"""The vocabulary: what can be known of a firm and of an event, under which names.

A `Fact` is a column of a table, a row of a form, a key of a TOML file; a `Kind` is a kind of event. Both come
from the policy file; no fact is named in this code. Users write Chinese names, keys, or other names in use;
`normal` makes two spellings of one name equal, and `Vocabulary.find` looks a heading up.

>>> normal(" 国家“高新技术”企业：")
'国家高新技术企业'
>>> normal("Ｒevenue")
'revenue'
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import and_, or_
from typing import Literal, NamedTuple, TypeVar

from ordos_subsidy.words import Text

Of = Literal["firm", "event"]

Named = TypeVar("Named", "Fact", "Kind", "Choice")

#: No sum beyond this: a trillion yuan, in fen. Larger ones are a wrong unit, and could overflow products.
MONEY_LIMIT = 10**14

_NOISE = re.compile(r"[\s\"'“”‘’「」『』《》*＊:：·﹡_—-]+")


def normal(name: str) -> str:
    """A name without what people write differently: width, case, blanks, quotes, colons, stars."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", name)).casefold()


class Choice(NamedTuple):
    """One answer of a list; one that is not `offered` is understood but not in drop-downs."""

    key: str
    title: Text
    aliases: tuple[str, ...] = ()
    offered: bool = True
    #: A legal form: whoever names one has no other.
    form: bool = False
    #: The answers that may hold besides, though they are not named.
    leaves_open: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Everything a user may write for it."""
        return (self.title.zh, self.key, self.title.en, *self.aliases)


class Group(NamedTuple):
    """Answers that rules name together."""

    key: str
    title: Text
    members: tuple[str, ...]


@dataclass(frozen=True)
class Fact:
    """One thing to know. `minimum` 0: no negative figures; `blank_is`: the answer a blank stands for."""

    key: str
    of: Of
    #: A name of `cells.fact_types.TYPES`.
    type: str
    title: Text
    help: Text
    role: str | None = None
    aliases: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    ratio: tuple[str, str] | None = None
    minimum: int | None = None
    required: bool = False
    blank_is: str | None = None
    #: Whether a rule, or the program itself, reads it: a fact that nothing reads is not asked for.
    read: bool = True
    example: str | int | bool | dt.date | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Everything a user may write as its heading."""
        return (self.title.zh, self.key, self.title.en, *self.aliases)

    def bits(self, keys: Iterable[str]) -> int:
        """Answers as the set that a column of `choices` holds: bit n for the n-th answer of the list."""
        wanted = frozenset(keys)
        return sum(1 << bit for bit, each in enumerate(self.choices) if each.key in wanted)

    def left_open(self, given: int) -> int:
        """The answers that a set of answers names not, and does not exclude, as such a set.

        A legal form is open only where every named function leaves it open, and none is named; a function where
        a named function leaves it open, or, if no function is named, a named form.
        """
        forms = self.bits(each.key for each in self.choices if each.form)
        named = [each for bit, each in enumerate(self.choices) if given >> bit & 1]
        functions = [self.bits(each.leaves_open) for each in named if not each.form]
        others = functions or [self.bits(each.leaves_open) for each in named]
        found = reduce(or_, others, 0) & ~forms
        if functions and not given & forms:
            found |= reduce(and_, functions) & forms
        return found & ~given

    def choice(self, key: str) -> Choice:
        """The answer with a key."""
        return next(each for each in self.choices if each.key == key)

    @cached_property
    def answers(self) -> Mapping[str, Choice]:
        """The answers by every name they have, in the spelling of `normal`."""
        return _lookup(self.choices)


class Kind(NamedTuple):
    """A kind of event; `amount` says what the amount of such an event means."""

    key: str
    title: Text
    help: Text
    aliases: tuple[str, ...] = ()
    amount: Text | None = None
    tags: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Everything a user may write for it."""
        return (self.title.zh, self.key, self.title.en, *self.aliases)


@dataclass(frozen=True)
class Vocabulary:
    """All facts, in the order of the file, and all kinds of events. Keys are unique over firm and event."""

    facts: Mapping[str, Fact]
    kinds: Mapping[str, Kind]
    groups: Mapping[str, Group] = field(default_factory=dict)

    def of(self, of: Of) -> Iterator[Fact]:
        """The facts a user fills in, of a firm or of an event (derived ones are not filled in)."""
        return (each for each in self.facts.values() if each.of == of and each.ratio is None)

    def role(self, of: Of, role: str) -> Fact | None:
        """The fact that the program itself uses for a purpose: name, id, year, kind, date, amount, note."""
        return next((each for each in self.of(of) if each.role == role), None)

    @cached_property
    def headings(self) -> Mapping[Of, Mapping[str, Fact]]:
        """The facts by every name they have, in the spelling of `normal`."""
        return {"firm": _lookup(self.of("firm")), "event": _lookup(self.of("event"))}

    @cached_property
    def kinds_by_name(self) -> Mapping[str, Kind]:
        """The kinds of events by every name they have, in the spelling of `normal`."""
        return _lookup(self.kinds.values())

    def find(self, of: Of, heading: str) -> Fact | None:
        """The fact a heading names (its unit already taken off)."""
        return self.headings[of].get(normal(heading))

    def find_kind(self, name: str) -> Kind | None:
        """The kind of event a cell names."""
        return self.kinds_by_name.get(normal(name))

    def names(self, of: Of) -> list[str]:
        """All headings that are understood, for suggestions."""
        return [name for each in self.of(of) for name in each.names]


def _lookup(named: Iterable[Named]) -> dict[str, Named]:
    return {normal(name): each for each in named for name in each.names}


def find_choice(fact: Fact, name: str) -> Choice | None:
    """The answer of a fact that a cell names."""
    return fact.answers.get(normal(name))
