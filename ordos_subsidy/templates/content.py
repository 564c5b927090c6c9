"""The contents of a template, for a book and for TOML: headings, helps, clauses, the kinds of events, an example.

Everything comes from the policy: its vocabulary and what its measures read, in their conditions and their amounts.
Texts are made fit for a cell or a comment here: one line, no control codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ordos_subsidy import cells, wording
from ordos_subsidy.cells import type_of
from ordos_subsidy.cells.spelling import clean
from ordos_subsidy.conditions import All, Compare, Condition, all_columns
from ordos_subsidy.facts import Choice, Fact, Kind, Of, Vocabulary
from ordos_subsidy.messages import Lang, Text, phrase
from ordos_subsidy.policy import Clause, Measure, Policies

#: An example has so many events at most.
EVENTS = 4
#: Drop-down lists of years begin so long before the policy's first day, and are so long.
YEARS_BEFORE, YEARS_LISTED = 1, 12
OFS: tuple[Of, ...] = ("firm", "event")

ExampleRow = dict[str, cells.Value]


@dataclass(frozen=True)
class Relevance:
    """The facts that each measure of a policy reads."""

    policies: Policies

    @cached_property
    def reads(self) -> tuple[tuple[Measure, frozenset[str]], ...]:
        """Each measure that an applicant can claim, with the facts it reads."""
        return tuple((measure, self._facts(measure)) for measure in self.policies.measures if measure.claims)

    def _facts(self, measure: Measure) -> frozenset[str]:
        condition = self.policies.condition(measure)
        found = all_columns(condition) if condition else frozenset[str]()
        if measure.grant:
            # The claim's date or year says when an award is paid, even where no condition looks at it.
            found |= measure.grant.columns() | {self.policies.claim_date(measure) or ""}
        return found & self.policies.vocabulary.facts.keys()

    def clauses(self, fact: Fact) -> frozenset[int]:
        """Return the numbers of the clauses that read a fact."""
        chooses = fact.role == "kind"  # the kind decides which measures are looked at, though none reads it
        return frozenset(
            measure.clause.number
            for measure, facts in self.reads
            if fact.key in facts or (chooses and not measure.of_accounts)
        )

    def claimed(self, of: Of) -> frozenset[int]:
        """Return the numbers of all clauses that can be claimed; of "event", by an event."""
        return frozenset(measure.clause.number for measure, _ in self.reads if of == "firm" or not measure.of_accounts)

    def measures(self, kind: str) -> tuple[Measure, ...]:
        """Return the measures that a kind of event claims."""
        return tuple(measure for measure, _ in self.reads if kind in measure.claims)

    def asked(self, kind: str) -> frozenset[str]:
        """Return the keys of the facts that a kind of event asks for, the firm's included."""
        return frozenset[str]().union(*(facts for measure, facts in self.reads if kind in measure.claims))

    def answers(self, kind: str, fact: Fact) -> tuple[str, ...]:
        """Return the answers of a fact that a kind's measures demand outright; empty where they demand none."""
        found = (each for measure in self.measures(kind) for each in _demands(measure.when))
        return next((wanted for asked, wanted in found if asked == fact), ())


def _demands(condition: Condition | None) -> Iterator[tuple[Fact, tuple[str, ...]]]:
    """Yield each fact of which some answers are demanded in any case (not inside an `any` or a `not`), and these."""
    match condition:
        case Compare(comparison="is"):
            yield condition.fact, (condition.value,)
        case Compare(comparison="one_of"):
            yield condition.fact, tuple(condition.value)
        case All(parts=parts):
            for part in parts:
                yield from _demands(part)


def runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Return numbers as runs of (first, last).

    >>> runs([1, 2, 3, 6, 9, 8])
    [(1, 3), (6, 6), (8, 9)]
    """
    found: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


@dataclass(frozen=True)
class Content:
    """A policy's template in one language."""

    policies: Policies
    lang: Lang

    # --- words

    def say(self, key: str, **params: object) -> str:
        """Return a phrase of `messages/template.json`."""
        return phrase(f"template.{key}", self.lang, **params)

    def sheet(self, key: str) -> str:
        """Return the name of a sheet, as the reader knows it."""
        return self.say("sheet-lists") if key == "lists" else phrase(f"reading.sheet_{key}", self.lang)

    def text(self, text: Text) -> str:
        """Return a text of the policy on one line."""
        return clean(text.in_(self.lang))

    def listed(self, names: Iterable[str]) -> str:
        """Return names joined by commas."""
        return self.say("comma").join(names)

    def list(self, names: Iterable[str]) -> str:
        """Return answers of one cell, joined by the separator that the reader splits at."""
        return self.say("between").join(names)

    @property
    def words(self) -> Vocabulary:
        """The vocabulary."""
        return self.policies.vocabulary

    @property
    def years(self) -> range:
        """The years that drop-down lists offer."""
        first = self.policies.head.effective.year - YEARS_BEFORE
        return range(first, first + YEARS_LISTED)

    @property
    def source(self) -> str:
        """The policy's short name and number."""
        head = self.policies.head
        return self.say("source", name=self.text(head.name), number=clean(head.number))

    # --- facts

    def facts(self, of: Of) -> tuple[Fact, ...]:
        """Return the facts that a user fills in and a rule reads; of an event, its kind first."""
        asked = (fact for fact in self.policies.vocabulary.of(of) if fact.read)
        return tuple(sorted(asked, key=lambda fact: fact.role != "kind"))

    def keys(self) -> tuple[Fact, ...]:
        """Return the firm's facts by which an event finds its firm; beside an event none of them is required."""
        found = (self.policies.vocabulary.role("firm", role) for role in ("id", "name"))
        said = Text(phrase("template.key-help", "zh"), phrase("template.key-help", "en"))
        return tuple(replace(fact, required=False, help=said) for fact in found if fact)

    def heading(self, fact: Fact) -> str:
        """Return a fact's heading: its title, its unit in brackets, and a star where it is required."""
        title = self.text(fact.title)
        if unit := type_of(fact).unit:
            title = self.say("with-unit", title=title, unit=self.say(unit))
        return f"{title} *" if fact.required else title

    def how(self, fact: Fact) -> str:
        """Return how a fact is written in a cell."""
        return self.say(f"how-{type_of(fact).hint}")

    def help(self, fact: Fact) -> str:
        """Return the meaning of a fact; with its answers where several can be given, as no drop-down shows them."""
        said = self.text(fact.help)
        if not type_of(fact).several:
            return said
        return self.say("help-choices", help=said, choices=self.listed(self.offered(fact)))

    def offered(self, fact: Fact) -> Sequence[str]:
        """Return the names of the answers of a fact that are offered."""
        return [self.choice(each) for each in fact.choices if each.offered]

    def choice(self, choice: Choice) -> str:
        """Return the name of an answer."""
        return self.text(choice.title)

    # --- clauses

    @cached_property
    def relevance(self) -> Relevance:
        """The facts that measures read."""
        return Relevance(self.policies)

    def clauses(self, fact: Fact) -> str:
        """Return the clauses that read a fact, in words."""
        numbers = self.relevance.clauses(fact)
        if not numbers:
            return self.say("clauses-identity" if fact.role in {"name", "id"} else "clauses-none")
        if len(numbers) > 1 and numbers == self.relevance.claimed(fact.of):
            return self.say("clauses-all")
        return self._numbers(numbers)

    def _numbers(self, numbers: Iterable[int]) -> str:
        spans = [f"{first}" if first == last else f"{first}–{last}" for first, last in runs(list(numbers))]
        one = len(spans) == 1 and spans[0].isdecimal()
        return self.say("clause" if one else "clauses", numbers=self.listed(spans))

    # --- kinds of events

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of events in the order of their clauses."""
        return tuple(sorted(self.policies.vocabulary.kinds.values(), key=self._first))

    def _first(self, kind: Kind) -> int:
        return min((clause.number for clause in self.kind_clauses(kind)), default=0)

    def kind_clauses(self, kind: Kind) -> tuple[Clause, ...]:
        """Return the clauses of a kind of event."""
        return tuple({measure.clause.number: measure.clause for measure in self.measures(kind)}.values())

    def measures(self, kind: Kind) -> tuple[Measure, ...]:
        """Return the measures that a kind of event claims; versions of one measure count once."""
        return tuple({measure.id: measure for measure in self.relevance.measures(kind.key)}.values())

    def asked(self, kind: Kind) -> tuple[Fact, ...]:
        """Return the facts of the event that its kind asks for."""
        asked = self.relevance.asked(kind.key)
        return tuple(fact for fact in self.facts("event") if fact.key in asked)

    def amount(self, kind: Kind) -> str:
        """Return the meaning of the amount of a kind of event."""
        return self.text(kind.amount) if kind.amount else self.say("no-amount")

    def gives(self, kind: Kind) -> str:
        """Return what a kind of event brings, with the conditions, in words."""
        return self.say("semicolon").join(self._gives(measure) for measure in self.measures(kind))

    def _gives(self, measure: Measure) -> str:
        speaker = wording.Speaker(self.policies.vocabulary, self.lang)
        sum_ = wording.amount(measure.grant, self.lang, speaker) if measure.grant else self.text(measure.title)
        if not measure.when:
            return sum_
        return self.say("gives-if", sum=sum_, condition=speaker.sentence(measure.when))

    def departments(self, kind: Kind) -> str:
        """Return the short names of the departments of a kind of event."""
        names = {self.text(each.short): None for clause in self.kind_clauses(kind) for each in clause.departments}
        return self.listed(names)

    # --- the example

    def example(self) -> ExampleRow:
        """Return the invented firm: the typed example of each fact."""
        return {fact.key: self._example(fact) for fact in self.facts("firm")}

    def _example(self, fact: Fact) -> cells.Value:
        return cells.read(fact, fact.example, vocabulary=self.policies.vocabulary).value

    def example_events(self) -> Sequence[ExampleRow]:
        """Return some events of that firm: the policy's own example first, then those that show another column."""
        firm, given = self.example(), {self._example(fact) for fact in self.facts("event") if fact.role == "kind"}
        fitting = {kind: count for kind in self.kinds if (count := self._fits(kind, firm)) is not None}
        chosen: list[Kind] = []
        while fitting and len(chosen) < EVENTS:
            shown = {fact for kind in chosen for fact in self.asked(kind)}
            best = max(fitting, key=lambda kind: (kind.key in given, len({*self.asked(kind)} - shown), fitting[kind]))
            chosen.append(best)
            del fitting[best]
        return [self._event(kind) for kind in chosen]

    def _fits(self, kind: Kind, firm: ExampleRow) -> int | None:
        """Return how many plain demands of a kind's measures the example firm meets; None where it contradicts one."""
        met = 0
        for measure in self.relevance.measures(kind.key):
            for fact, wanted in _demands(measure.when):
                if (have := firm.get(fact.key)) is None:
                    continue
                if not {*wanted} & (have if isinstance(have, frozenset) else {have}):
                    return None
                met += 1
        return met

    def _event(self, kind: Kind) -> ExampleRow:
        asked = self.asked(kind)
        row: ExampleRow = {}
        for fact in self.facts("event"):
            if fact.role == "kind":
                row[fact.key] = kind.key
            elif answers := self.relevance.answers(kind.key, fact):
                row[fact.key] = answers[0]
            elif fact in asked or fact.role == "note":
                value = self._example(fact)
                stand_in = type_of(fact).stand_in(fact, self.policies.head.effective)
                row[fact.key] = stand_in if value is None else value
        return row
