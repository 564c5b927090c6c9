"""The policy as objects: clauses, measures with their conditions and grants, and how a claim is placed in time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ordos_subsidy.amounts import Grant
from ordos_subsidy.conditions import All, Compare, Condition, InForce, Once, Window
from ordos_subsidy.facts import Vocabulary
from ordos_subsidy.messages import Text

if TYPE_CHECKING:
    from ordos_subsidy.files.guard import Hashed

Recipient = Literal["unit", "people", "shared"]
Category = Literal["award", "credit", "preference", "budget", "duty"]


class Head(NamedTuple):
    """The document that a policy file puts into rules."""

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
    #: The footnotes in one line, for a screen.
    caution: Text | None
    existing: Text | None
    succeeded_by: Succession | None


class Succession(NamedTuple):
    """A later document that may govern claims dated on or after a day."""

    number: str
    since: dt.date
    says: Text


class Contact(NamedTuple):
    """Whom to ring: the office, its number, the paper that names it, and the year for which it is known to hold."""

    office: Text
    telephone: str
    source: Text
    as_of: int


class Department(NamedTuple):
    """An office that answers for clauses."""

    title: Text
    short: Text
    contacts: tuple[Contact, ...] = ()


class Paper(NamedTuple):
    """A paper to bring, and who makes it: the firm, others, or this program."""

    title: Text
    by: Literal["firm", "others", "program"]


class Filing(NamedTuple):
    """How claims are handed in: papers, the time for it (None: not known), and where that is said."""

    papers: tuple[Paper, ...]
    window: Text | None
    source: Text
    as_of: int


class Clause(NamedTuple):
    """A numbered clause of the document."""

    number: int
    reference: str
    part: Text
    heading: Text
    gist: Text
    departments: tuple[Department, ...]
    filing: Filing | None = None


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


class Limit(NamedTuple):
    """The most that all rows of a firm, of some measures, come to: fen a year, fen in all, or one row."""

    measures: tuple[str, ...]
    a_year: int | None
    in_all: int | None
    once: bool


class Measure(NamedTuple):
    """One thing that a clause gives, promises or orders; `document` is the number of the document it is in."""

    id: str
    clause: Clause
    category: Category
    title: Text
    claims: tuple[str, ...]
    existing: Literal["excluded", "unsettled"]
    when: Condition | None
    grant: Grant | None
    budget: Budget | None
    recipient: Recipient
    yearly: bool
    notes: tuple[Text, ...]
    #: Readings of ours, to be marked as such.
    readings: tuple[Text, ...]
    since: dt.date | None
    until: dt.date | None
    document: str

    @property
    def of_accounts(self) -> bool:
        """Whether it looks at a firm's accounts, not at its events."""
        return self.claims == ("accounts",)


@dataclass(frozen=True, eq=False)
class Policies:
    """A policy with its overlays, ready to be evaluated. Compared by identity: results are cached by it."""

    head: Head
    overlays: tuple[Head, ...]
    vocabulary: Vocabulary
    clauses: tuple[Clause, ...]
    measures: tuple[Measure, ...]
    scope: Condition | None
    #: The limits of single measures, then those that several share.
    limits: tuple[Limit, ...] = ()
    #: By kind of event, what a firm must be to seek one, as far as the files say so: advice reads it, nothing else.
    who: Mapping[str, Condition] = field(default_factory=dict)
    #: The files it was loaded from, as given or found.
    files: tuple[str, ...] = ()
    #: The same files by the hashes of what was read.
    hashed: tuple[Hashed, ...] = ()

    def of(self, *categories: Category) -> Iterator[Measure]:
        """Yield the measures of some categories, in the order of the file."""
        return (measure for measure in self.measures if measure.category in categories)

    @cached_property
    def timed(self) -> tuple[int, ...]:
        """The places of the measures that hold for a time only, or that have other versions."""
        return tuple(
            place for place, each in enumerate(self.measures) if each.since or each.until or each.id in self.versioned
        )

    @cached_property
    def gapped(self) -> frozenset[str]:
        """The ids of measures of which, at some time, no version holds."""
        found = set()
        for id_ in {self.measures[place].id for place in self.timed}:
            spans = sorted(
                (each.since or dt.date.min, each.until or dt.date.max) for each in self.measures if each.id == id_
            )
            reached = dt.date.min
            for since, until in spans:
                if since > reached:
                    found.add(id_)
                reached = max(reached, until)
            if reached < dt.date.max:
                found.add(id_)
        return frozenset(found)

    @cached_property
    def versioned(self) -> frozenset[str]:
        """The ids of measures with more than one version."""
        ids = [measure.id for measure in self.measures]
        return frozenset(each for each in ids if ids.count(each) > 1)

    @cached_property
    def year_fact(self) -> str | None:
        """The key of the fact for the year of a firm's accounts."""
        fact = self.vocabulary.role("firm", "year")
        return fact.key if fact else None

    @cached_property
    def date_fact(self) -> str:
        """The key of the fact for the date of an event."""
        fact = self.vocabulary.role("event", "date")
        return fact.key if fact else ""

    @cached_property
    def kind_fact(self) -> str:
        """The key of the fact for the kind of an event."""
        fact = self.vocabulary.role("event", "kind")
        return fact.key if fact else ""

    def claim_date(self, measure: Measure) -> str | None:
        """Return the key of the fact that dates a measure's claims."""
        return self.year_fact if measure.of_accounts else self.date_fact

    def limits_of(self, measure: Measure) -> Iterator[Limit]:
        """Yield the limits that cover a measure."""
        return (limit for limit in self.limits if measure.id in limit.measures)

    def _once(self, measure: Measure) -> Iterator[Condition]:
        """Yield `Once` for each limit that pays one row of each kind (of all measures that share the limit)."""
        for limit in self.limits_of(measure):
            joint = len(limit.measures) > 1
            covered = [each for each in self.measures if each.id in limit.measures]
            kinds = tuple(dict.fromkeys(kind for each in covered for kind in each.claims))
            if limit.once:
                yield Once(kinds, self.date_fact, self.kind_fact, joint)

    def condition(self, measure: Measure) -> Condition | None:
        """Return the whole condition of a claim: its time, the policy's scope, and the measure's own condition."""
        parts: list[Condition] = []
        if measure.of_accounts:
            timed = self.vocabulary.facts.get(self.year_fact or "")
        else:
            timed = self.vocabulary.facts[self.date_fact]
            parts.append(InForce(timed, self.head.effective, measure.existing, self.head.existing))
        if timed and (measure.since or measure.until):
            parts.append(Window(timed, measure.since, measure.until))
        if measure.grant and measure.grant.during and timed and not measure.of_accounts:
            parts.append(Compare(timed, "at_most", dt.date(measure.grant.during[1], 12, 31)))
        if self.scope:
            parts.append(self.scope)
        parts += self._once(measure)
        if measure.when:
            parts += measure.when.parts if isinstance(measure.when, All) else (measure.when,)
        return All(tuple(parts)) if parts else None


def fields_of(cls: Any) -> tuple[str, ...]:
    """Return the names of the fields of a dataclass or a named tuple."""
    return tuple(field.name for field in fields(cls)) if is_dataclass(cls) else cls._fields
