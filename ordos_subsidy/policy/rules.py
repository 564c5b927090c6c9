"""Condition words of the file as conditions: every name resolved, every value typed, all mistakes noted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from ordos_subsidy import cells
from ordos_subsidy.cells.figures import figure
from ordos_subsidy.conditions import WORDS, All, Comparison, Condition
from ordos_subsidy.facts import Fact, Vocabulary
from ordos_subsidy.messages import Text, say
from ordos_subsidy.policy import rule_grammar as grammar
from ordos_subsidy.policy.mistakes import Mistakes
from ordos_subsidy.policy.names import maybe_text, text

_MONEY = Fact("sum", "event", "money", Text("金额", "sum"), Text("", ""), minimum=0)
_PERCENT = Fact("share", "event", "percent", Text("比例", "share"), Text("", ""), minimum=0)
#: Shares finer than this could overflow a product of sums (see `amounts`).
_FINEST = 10_000
#: No plan gives ten times what somebody spent.
_MOST = 10
#: Stands for a condition of which a mistake has been noted.
_BROKEN = All(())


@dataclass(frozen=True)
class Scene:
    """The place of a condition: in the file, in the document, and among the claims of its measure."""

    words: Vocabulary
    mistakes: Mistakes
    head: grammar.PolicyEntry
    place: str
    #: The kinds of events that the measure claims; none: the firm's accounts, with events out of sight.
    claims: tuple[str, ...] = ()

    def at(self, suffix: str) -> Scene:
        """Return the scene one step further down in the file."""
        return replace(self, place=self.place + suffix)

    # --- what words ask for (see `conditions.base.Builder`)

    @property
    def of_events(self) -> bool:
        """Whether the measure claims events, so that event facts may be named."""
        return bool(self.claims)

    @property
    def effective(self) -> dt.date:
        """The document's first day in force."""
        day: dt.date = self.head.effective  # type: ignore[attr-defined]
        return day

    @property
    def event_keys(self) -> tuple[str, str]:
        """The keys of the date and the kind of an event."""
        date, kind = self.words.role("event", "date"), self.words.role("event", "kind")
        return (date.key if date else "", kind.key if kind else "")

    def say(self, code: str, **params: object) -> None:
        """Note a mistake at this place."""
        self.mistakes.say(code, self.place, **params)

    def text(self, words: Any) -> Text:
        """Return a text of the file."""
        return text(words)

    def judged(self, own: Any) -> Text:
        """Return the reason for what others judge: a word's own, or the document's."""
        said = maybe_text(own or self.head.judged)  # type: ignore[attr-defined]
        if said is None:
            self.say("needs", category="judged", what="says, or policy.judged")
        return said or Text("", "")

    def inner(self, entry: Any, suffix: str) -> Condition:
        """Return the condition inside a word."""
        return condition(entry, self.at(suffix))

    def without_assumptions(self) -> Scene:
        """Return the scene with facts whose blanks count as no answer."""
        facts = {key: replace(fact, blank_is=None) for key, fact in self.words.facts.items()}
        return replace(self, words=replace(self.words, facts=facts))

    def kinds(self, name: str, *, tags: bool) -> tuple[str, ...]:
        """Return the kinds of events of a name, or of a tag."""
        kinds = [key for key, kind in self.words.kinds.items() if name == key or (tags and name in kind.tags)]
        if not kinds:
            known = {tag for kind in self.words.kinds.values() for tag in kind.tags} if tags else ()
            self.mistakes.undeclared(name, "kind.*", [*self.words.kinds, *known], self.place)
        return tuple(kinds)

    def comparison(self, test: Any) -> tuple[Fact, Comparison, Any, tuple[str, ...]] | None:
        """Return a test's fact, comparison, typed value and names; None where a mistake was noted."""
        fact = self.words.facts.get(test.fact)
        if fact is None:
            self.mistakes.undeclared(test.fact, "fact.*", self.words.facts, f"{self.place}.fact")
            return None
        if not self.of_events and fact.of == "event":
            self.at(".fact").say("event-fact", fact=fact.key)
        comparison = next(iter(test.model_fields_set - {"fact"})).rstrip("_")
        known = cells.type_of(fact).comparisons
        if comparison not in known:
            self.say("not-comparable", fact=fact.key, type=fact.type, comparison=comparison, known=", ".join(known))
            return None
        raw = test.is_ if comparison == "is" else getattr(test, comparison)
        named = tuple(raw) if comparison == "one_of" else ()
        return fact, comparison, self._value(fact, comparison, raw), named

    # --- values

    def _value(self, fact: Fact, comparison: str, raw: Any) -> Any:
        if comparison == "given":
            return None
        if comparison == "one_of":
            return self._members(fact, raw)
        return cells.type_of(fact).literal(fact, raw, self)

    def _members(self, fact: Fact, names: Iterable[str]) -> tuple[str, ...]:
        known = [each.key for each in fact.choices]
        members: list[str] = []
        for name in names:
            if name in self.words.groups:
                members += self.words.groups[name].members
            elif name in known:
                members.append(name)
            else:
                self.mistakes.undeclared(name, f"list of {fact.key}", [*known, *self.words.groups], self.place)
        return tuple(dict.fromkeys(members))

    def typed(self, fact: Fact, raw: Any) -> Any:
        """Return a value of the file, read as a cell would be, but a sum must have its unit."""
        written = figure(raw) if cells.type_of(fact).money else None
        if written and written.number and not written.unit:
            self.say("no-unit", value=raw)
        read = cells.read(fact, raw, vocabulary=self.words)
        if read.problem is None:
            return read.value
        said = say(read.problem, "en")
        self.say("bad-value", value=raw, fact=fact.key, detail=said.what, remedy=said.remedy)
        return 0

    def sum(self, raw: str | None) -> int | None:
        """Return a sum of the file in fen."""
        return None if raw is None else self.typed(_MONEY, raw)

    def share(self, raw: Any) -> tuple[int, int]:
        """Return a share of the file as an exact (p, q)."""
        rate = Fraction(self.typed(_PERCENT, raw) or 0, 1_000_000)
        if rate.denominator > _FINEST:
            self.say("too-fine", share=raw)
        if rate > _MOST:
            self.say("share-range", share=raw)
        return rate.numerator, rate.denominator

    def money_fact(self, key: str | None) -> str | None:
        """Return the key of a fact; note a mistake unless it is money and may be named here."""
        fact = self.words.facts.get(key) if key else None
        if key and fact is None:
            self.mistakes.undeclared(key, "fact.*", self.words.facts, self.place)
        elif fact and not cells.type_of(fact).money:
            self.say("not-money", fact=key)
        elif fact and not self.of_events and fact.of == "event":
            self.say("event-fact", fact=key)
        return key


def condition(entry: Any, scene: Scene) -> Condition:
    """Return the condition that an entry of the file states; `scene.place` is its place."""
    built = WORDS[grammar.tag(entry)].built(entry, scene)
    return _BROKEN if built is None else built
