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
from functools import cached_property, lru_cache, reduce
from operator import and_, or_
from typing import Literal, NamedTuple, TypeVar

from ordos_subsidy.messages import Text

Of = Literal["firm", "event"]
#: How a firm can change a fact: spend more of it, or be recognised.
Change = Literal["raise", "obtain"]

_Named = TypeVar("_Named", "Fact", "Kind", "Choice")

#: No sum beyond this: a trillion yuan, in fen. Larger ones are a wrong unit, and could overflow products.
MONEY_LIMIT = 10**14

_NOISE = re.compile(r"[\s\"'“”‘’「」『』《》*＊★☆:：·﹡_—\u00ad\u061c\u200b-\u200f\u2060-\u2064\ufeff-]+")


def normal(name: str) -> str:
    """Return a name without differences of width, case, blanks, quotes, colons and stars."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", name)).casefold()


class Choice(NamedTuple):
    """One answer of a list; not `offered`: read, but in no drop-down."""

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
        """Every name that is read as this answer."""
        return (self.title.zh, self.key, self.title.en, *self.aliases)


class Group(NamedTuple):
    """Answers that rules name together."""

    key: str
    title: Text
    members: tuple[str, ...]


class Plausible(NamedTuple):
    """What a sum usually is, in fen; `not_above` is the key of a sum that it is a part of."""

    at_least: int | None = None
    at_most: int | None = None
    not_above: str | None = None


class UnreadHeading(NamedTuple):
    """Headings, or names of events, that are known and not read, with the reason."""

    of: Literal["firm", "event", "kind"]
    headings: tuple[str, ...]
    #: A heading that holds one of these words is meant too.
    holding: tuple[str, ...]
    why: Text
    #: Of a name of an event: it gives nothing, and is passed over.
    pays_nothing: bool = False

    @property
    def spelt(self) -> frozenset[str]:
        """The headings in the spelling of `normal`."""
        return _spelt(self.headings)


@lru_cache(maxsize=256)
def _spelt(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(normal, names))


@dataclass(frozen=True)
class Fact:
    """One fact of a firm or of an event. `minimum` 0: none is negative; `blank_is`: the answer a blank counts as."""

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
    #: Whether an award hangs on it: one that cannot be read leaves its firm out, any other is unknown with a warning.
    decides: bool = True
    example: str | int | bool | dt.date | None = None
    plausible: Plausible | None = None
    change: Change | None = None
    #: A text that begins with an answer means it; places that may stand before one.
    begins: bool = False
    around: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every heading that is read as this fact."""
        return (self.title.zh, self.key, self.title.en, *self.aliases)

    def bits(self, keys: Iterable[str]) -> int:
        """Return answers as bits: bit n for the n-th answer of the list, as a column of `choices` holds them."""
        wanted = frozenset(keys)
        return sum(1 << bit for bit, each in enumerate(self.choices) if each.key in wanted)

    def left_open(self, given: int) -> int:
        """Return the answers (bits) that `given` neither names nor excludes.

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
        """Return the answer with a key."""
        return next(each for each in self.choices if each.key == key)

    @cached_property
    def answers(self) -> Mapping[str, Choice]:
        """The answers by each of their names, normalised (`normal`)."""
        return _lookup(self.choices)


class Kind(NamedTuple):
    """A kind of event; `amount` is the meaning of the amount of such an event."""

    key: str
    title: Text
    help: Text
    aliases: tuple[str, ...] = ()
    amount: Text | None = None
    tags: tuple[str, ...] = ()
    plausible: Plausible | None = None
    #: Its level may stand before its name.
    levels: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that is read as this kind."""
        return (self.title.zh, self.key, self.title.en, *self.aliases)


@dataclass(frozen=True)
class Vocabulary:
    """All facts, in the order of the file, and all kinds of events. Keys are unique over firm and event."""

    facts: Mapping[str, Fact]
    kinds: Mapping[str, Kind]
    groups: Mapping[str, Group] = field(default_factory=dict)
    unread: tuple[UnreadHeading, ...] = ()
    #: Places that may stand before a name.
    around: tuple[str, ...] = ()

    def of(self, of: Of) -> Iterator[Fact]:
        """Yield the facts that a user fills in, of a firm or of an event; ratios are computed, not filled in."""
        return (each for each in self.facts.values() if each.of == of and each.ratio is None)

    def role(self, of: Of, role: str) -> Fact | None:
        """Return the fact that has a role in the program: name, id, year, kind, date, amount, note."""
        return next((each for each in self.of(of) if each.role == role), None)

    @cached_property
    def headings(self) -> Mapping[Of, Mapping[str, Fact]]:
        """The facts by each of their names, normalised (`normal`)."""
        return {"firm": _lookup(self.of("firm")), "event": _lookup(self.of("event"))}

    @cached_property
    def kinds_by_name(self) -> Mapping[str, Kind]:
        """The kinds of events by each of their names, normalised (`normal`)."""
        return _lookup(self.kinds.values())

    @cached_property
    def answers(self) -> frozenset[str]:
        """Everything that may be answered from a list, in the spelling of `normal`."""
        return frozenset(name for fact in self.facts.values() for name in fact.answers)

    def find(self, of: Of, heading: str) -> Fact | None:
        """Return the fact that a heading names; the heading is without its unit."""
        return self.headings[of].get(normal(heading))

    def find_kind(self, name: str) -> Kind | None:
        """Return the kind of event that a cell names."""
        return self.find_leveled(name)[0]

    def find_leveled(self, name: str) -> tuple[Kind | None, Choice | None]:
        """The kind of event a cell names, and the level that stands before its name, as on certificates."""
        for each in bare_names(normal(name), self.around):
            if found := self.kinds_by_name.get(each):
                return found, None
            for start, level in self._levels:
                kind = self.kinds_by_name.get(each.removeprefix(start)) if each.startswith(start) else None
                if kind and kind.levels:
                    return kind, level
        return None, None

    @cached_property
    def _levels(self) -> list[tuple[str, Choice]]:
        """The names of levels, the longest first."""
        fact = self.role("event", "level")
        found = [(normal(name), each) for each in (fact.choices if fact else ()) for name in each.names]
        return sorted(found, key=lambda one: len(one[0]), reverse=True)

    def levels_in(self, text: str) -> frozenset[str]:
        """The levels that a text names anywhere."""
        text, found = normal(text), set()
        for name, level in self._levels:
            if not name.isascii() and name in text:
                found.add(level.key)
                text = text.replace(name, " ")
        return frozenset(found)

    def unread_of(self, of: Literal["firm", "event", "kind"], *names: str) -> UnreadHeading | None:
        """Return what makes a heading, or a name of an event, one that is known and not read; None for any other.

        `names` are spellings of it, of which the last has the least around the name.
        """
        spelt = [normal(each) for each in names]
        own = [each for each in self.unread if each.of == of]
        exact = (each for name in spelt for each in own if name in each.spelt)
        held = (each for each in own if any(word in spelt[-1] for word in each.holding))
        return next(exact, None) or next(held, None)

    def names(self, of: Of) -> list[str]:
        """Return every heading that is read, for suggestions."""
        return [name for each in self.of(of) for name in each.names]


def _lookup(named: Iterable[_Named]) -> dict[str, _Named]:
    return {normal(name): each for each in named for name in each.names}


def bare_names(name: str, around: Iterable[str]) -> Iterator[str]:
    """A name in the spelling of `normal`, then without the places that stand before it, the shortest first."""
    yield name
    for place in sorted(map(normal, around), key=len):
        if name.startswith(place) and len(name) > len(place):
            yield from bare_names(name.removeprefix(place), around)


def find_choice(fact: Fact, name: str) -> Choice | None:
    """Return the answer of a fact that a cell names."""
    name = normal(name)
    if not (found := fact.answers.get(name)) and fact.around:
        names = list(bare_names(name, fact.around))
        found = next((fact.answers[each] for each in names if each in fact.answers), None)
        if not found and fact.begins:
            found = next((each for text in reversed(names) if (each := _beginning(fact, text))), None)
    return found


def _beginning(fact: Fact, text: str) -> Choice | None:
    """The answer that a text begins with, unless it names another one further on."""
    start = max((name for name in fact.answers if text.startswith(name)), key=len, default="")
    if not start:
        return None
    rest = text.removeprefix(start)
    others = (name for name, each in fact.answers.items() if each is not fact.answers[start] and not name.isascii())
    return None if any(name in rest for name in others) else fact.answers[start]
