"""The policy as objects: clauses, measures with their conditions and grants, and how a claim is placed in time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from ordos_subsidy.amounts import Grant
from ordos_subsidy.conditions import All, Compare, Condition, InForce, Window
from ordos_subsidy.facts import Vocabulary
from ordos_subsidy.words import Text

Category = Literal["award", "credit", "preference", "budget", "duty"]


class Head(NamedTuple):
    """The document a policy file puts into rules."""

    id: str
    number: str
    title: Text
    name: Text
    issuer: Text
    dated: dt.date
    effective: dt.date
    effective_note: Text | None
    source: str
    footnotes: tuple[Text, ...]
    existing: Text | None
    succeeded_by: Succession | None


class Succession(NamedTuple):
    """A later document that may govern claims dated on or after a day."""

    number: str
    since: dt.date
    says: Text


class Department(NamedTuple):
    """Whom to ask."""

    title: Text
    short: Text


class Clause(NamedTuple):
    """A numbered clause of the document."""

    number: int
    reference: str
    part: Text
    heading: Text
    gist: Text
    departments: tuple[Department, ...]


class Budget(NamedTuple):
    """Money the government commits, in fen; shares as text."""

    exactly: int | None
    at_least: int | None
    growth: str | None
    share: str | None
    of: Text | None
    yearly: bool
    years: int | None
    base_year: int | None


class Measure(NamedTuple):
    """One thing a clause gives, promises or orders; `document` is the number of the paper it rests on."""

    id: str
    clause: Clause
    category: Category
    title: Text
    claims: tuple[str, ...]
    existing: Literal["excluded", "unsettled"]
    when: Condition | None
    grant: Grant | None
    budget: Budget | None
    yearly: bool
    notes: tuple[Text, ...]
    since: dt.date | None
    until: dt.date | None
    document: str

    @property
    def of_accounts(self) -> bool:
        """It looks at a firm's accounts, not at its events."""
        return self.claims == ("accounts",)


@dataclass(frozen=True, eq=False)
class Policies:
    """A policy with what is laid over it, ready to be evaluated. Equal to itself alone: what is made of it is kept."""

    head: Head
    overlays: tuple[Head, ...]
    vocabulary: Vocabulary
    clauses: tuple[Clause, ...]
    measures: tuple[Measure, ...]
    scope: Condition | None
    #: The files it was loaded from, as given or found.
    files: tuple[str, ...] = ()

    def of(self, *categories: Category) -> Iterator[Measure]:
        """The measures of some categories, in the order of the file."""
        return (measure for measure in self.measures if measure.category in categories)

    @cached_property
    def versioned(self) -> frozenset[str]:
        """The measures that more than one version exists of."""
        ids = [measure.id for measure in self.measures]
        return frozenset(each for each in ids if ids.count(each) > 1)

    @cached_property
    def year_fact(self) -> str | None:
        """The key of the fact that says the year of a firm's accounts."""
        fact = self.vocabulary.role("firm", "year")
        return fact.key if fact else None

    @cached_property
    def date_fact(self) -> str:
        """The key of the fact that says when an event was."""
        fact = self.vocabulary.role("event", "date")
        return fact.key if fact else ""

    @cached_property
    def kind_fact(self) -> str:
        """The key of the fact that says what kind of event it is."""
        fact = self.vocabulary.role("event", "kind")
        return fact.key if fact else ""

    def claim_date(self, measure: Measure) -> str | None:
        """The key of the fact that places a measure's claims in time."""
        return self.year_fact if measure.of_accounts else self.date_fact

    def condition(self, measure: Measure) -> Condition | None:
        """All that must hold of a claim: its time, the policy's scope, and the measure's own condition."""
        parts: list[Condition] = []
        if measure.of_accounts:
            timed = self.vocabulary.facts.get(self.year_fact or "")
        else:
            timed = self.vocabulary.facts[self.date_fact]
            parts.append(InForce(self.date_fact, self.head.effective, measure.existing, self.head.existing))
        if timed and (measure.since or measure.until):
            parts.append(Window(timed, measure.since, measure.until))
        if measure.grant and measure.grant.during and timed and not measure.of_accounts:
            parts.append(Compare(timed, "at_most", dt.date(measure.grant.during[1], 12, 31)))
        if self.scope:
            parts.append(self.scope)
        if measure.when:
            parts += measure.when.parts if isinstance(measure.when, All) else (measure.when,)
        return All(tuple(parts)) if parts else None
