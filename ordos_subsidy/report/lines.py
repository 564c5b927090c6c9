"""One row of a report at a time: an award or credit, a preference, its reasons and its notes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from ordos_subsidy import advice, wording
from ordos_subsidy.advice import Claim, Judged, Repeat, possible_repeats
from ordos_subsidy.amounts import Grant
from ordos_subsidy.conditions import UNTIL, Compare, Condition, Row, all_columns
from ordos_subsidy.document import EventLine, Line, Preference, Reason, Slice, Verdict
from ordos_subsidy.errors import Problem, warning
from ordos_subsidy.evaluation import Outcome
from ordos_subsidy.messages import Lang, phrase
from ordos_subsidy.policy import Measure
from ordos_subsidy.tables.firms import PLACE
from ordos_subsidy.wording import AmountKind, Speaker

Key = tuple[int, int | None, int]
T = TypeVar("T")
_WORDS: dict[bool | None, Verdict] = {True: "yes", None: "unknown", False: "no"}


def verdict(truth: bool | None) -> Verdict:
    """A truth as users' scripts know it."""
    return _WORDS[truth]


@dataclass(frozen=True)
class Lines:
    """Makes the rows of a report from an outcome."""

    outcome: Outcome
    lang: Lang
    year: int | None = None
    #: What has been said before: claims of many firms differ in few facts.
    said: dict[Hashable, tuple[Any, object]] = field(default_factory=dict, compare=False, repr=False)

    def once(self, key: Hashable, make: Callable[[], T], keep: object = None) -> T:
        """What `make` gives, made once for a key; `keep`: the object whose `id` is in the key."""
        if key not in self.said:
            self.said[key] = (make(), keep)
        found: T = self.said[key][0]
        return found

    def read(self, word: Condition) -> list[str]:
        """The columns that a condition reads."""
        return self.once(("read", id(word)), lambda: sorted(all_columns(word)), word)

    @cached_property
    def speaker(self) -> Speaker:
        """Who puts conditions into words."""
        return Speaker(self.outcome.policies.vocabulary, self.lang, self._date_of)

    @cached_property
    def slices(self) -> Mapping[Key, list[Slice]]:
        """The schedule of each award and credit, within the year asked for."""
        found: dict[Key, list[Slice]] = defaultdict(list)
        credits_ = self.outcome.credit_schedule.with_columns(due_low="low", due_high="high")
        columns = ("firm", "event", "version", "year", "within", "low", "high", "due_low", "due_high")
        for table in (self.outcome.schedule, credits_):
            for firm, event, version, year, first, low, high, *due in table.select(columns).iter_rows():
                measure = self.outcome.policies.measures[version]
                last = first and first + (measure.grant.spread if measure.grant and measure.grant.spread else 1) - 1
                within = (first, last) if first and last else None
                # It falls in the year asked for, or may fall in it.
                may = year is None and (within is None or within[0] <= (self.year or 0) <= within[1])
                if may or self.year in (None, year):
                    owed = (due[0], due[1])
                    counts = counted(measure.recipient, owed)
                    found[firm, event, version].append(Slice(year, low, high, within, counts, owed))
        return found

    @cached_property
    def repeats(self) -> Mapping[int, list[Repeat]]:
        """Possible duplicates, by firm."""
        found: dict[int, list[Repeat]] = defaultdict(list)
        for repeat in possible_repeats(self.outcome):
            found[repeat.firm].append(repeat)
        return found

    @cached_property
    def repeated(self) -> Mapping[int, list[Repeat]]:
        """Possible duplicates, by event."""
        found: dict[int, list[Repeat]] = defaultdict(list)
        for repeat in (each for some in self.repeats.values() for each in some):
            for event in repeat.events:
                found[event].append(repeat)
        return found

    def possible_repeat(self, repeat: Repeat) -> Problem:
        """That some events may be one, at their places or that of their firm."""
        where = ", ".join(filter(None, map(self.place, repeat.events)))
        kind = self.outcome.policies.vocabulary.kinds[repeat.kind].title.in_(self.lang)
        place = where or self.outcome.firms.firms.item(repeat.firm, PLACE)
        return warning(f"logic.{repeat.code}", place, kind=kind, date=repeat.date, count=repeat.total)

    def line(self, row: Mapping[str, Any], claim: Claim) -> Line:
        """An award or credit from its row of the outcome and its judged claim."""
        measure = self.outcome.policies.measures[row["version"]]
        grant = measure.grant
        assert grant is not None  # noqa: S101 - the grammar gives every award and credit an amount
        refused, low, high = row["verdict"] == "no", row["low"], row["high"]
        due = (row.get("due_low", low), row.get("due_high", high))
        left, later = due if due != (low, high) else None, self._later(measure, claim)
        return Line(
            **self.common(measure),
            event=self.event(claim.event),
            verdict=row["verdict"],
            kind=_kind(grant, claim, row),
            low=low,
            high=high,
            words=self.amount(claim, row["verdict"]),
            recipient=measure.recipient,
            counts=counted(measure.recipient, due),
            schedule=tuple(self.slices.get((row["firm"], row["event"], row["version"]), ())),
            reasons=self.reasons(claim),
            missing=() if refused else advice.missing_facts(claim, measure),
            notes=() if refused else self.notes(measure, left, later=later, event=claim.event),
        )

    def amount(self, claim: Claim, verdict_: str) -> str:
        """The amount of a claim as the document states it; of several versions that may hold, that they may."""
        measure = self.outcome.policies.measures[claim.version]
        if verdict_ != "no" and advice.between_versions(claim):  # the sums of all of them are possible
            return phrase("logic.between-versions", self.lang)
        multiplied, of_kind = claim.times.truth if claim.times else False, self.kind(claim)
        return self.once(
            ("amount", claim.version, multiplied, of_kind),
            lambda: wording.amount(
                measure.grant or Grant("unstated"), self.lang, self.speaker, multiplied=multiplied, kind=of_kind
            ),
        )

    def preference(self, measure: Measure, claim: Claim) -> Preference:
        """A preference from its judged claim."""
        root = claim.condition
        values = [claim.row[column] for column in self.read(root.word)] if root else []
        return self.once(
            ("preference", claim.version, id(root), *values),
            lambda: Preference(
                **self.common(measure),
                verdict=verdict(root.truth if root else True),
                reasons=self.reasons(claim),
                missing=advice.missing_facts(claim, measure),
                notes=self.standing(measure),
            ),
            root,
        )

    def common(self, measure: Measure) -> dict[str, Any]:
        """What all rows of a measure have."""
        departments = measure.clause.departments
        return self.once(
            ("common", measure.id, measure.document),
            lambda: {
                "measure": measure.id,
                "clause": measure.clause.number,
                "reference": measure.clause.reference,
                "title": measure.title.in_(self.lang),
                "departments": tuple(each.title.in_(self.lang) for each in departments),
                "departments_short": tuple(each.short.in_(self.lang) for each in departments),
                "document": measure.document,
            },
        )

    def kind(self, claim: Claim) -> str | None:
        """The kind of a claim's event, None for the accounts."""
        return None if claim.event is None else str(claim.row[self.outcome.policies.kind_fact])

    def event(self, event: int | None) -> EventLine | None:
        """An event by its row, None for the accounts."""
        if event is None:
            return None
        words = self.outcome.policies.vocabulary
        row = self.outcome.firms.events.row(event, named=True)
        amount, note = words.role("event", "amount"), words.role("event", "note")
        date, kind = self.outcome.policies.date_fact, row[self.outcome.policies.kind_fact]
        first = row[date]
        return EventLine(
            kind=kind,
            title=words.kinds[kind].title.in_(self.lang),
            date=None if first is None else wording.span(first, row[date + UNTIL]),
            amount=row[amount.key] if amount else None,
            note=row[note.key] if note else None,
            place=row[PLACE],
        )

    def reasons(self, claim: Claim) -> tuple[Reason, ...]:
        """The conditions that were looked at, decisive ones first."""
        return tuple(self.reason(leaf, claim.row) for leaf in self._looked_at(claim))

    def _looked_at(self, claim: Claim) -> list[Judged]:
        root = claim.condition
        return self.once(("reasons", id(root)), lambda: advice.reasons(claim), root)

    def decisive(self, claim: Claim, verdict_: str, missing: Sequence[str]) -> list[Judged]:
        """The conditions that keep a claim from being a yes, those that only wait for a missing fact left out."""
        looked_at = [] if verdict_ == "yes" else self._looked_at(claim)
        return [leaf for leaf in looked_at if verdict(leaf.truth) == verdict_ and leaf.word.fact_key not in missing]

    def reason(self, leaf: Judged, row: Row) -> Reason:
        """A condition and what was found, in one line."""

        def make() -> Reason:
            says, figure = self.demand(leaf, row), self.figure(leaf, row)
            line = phrase("logic.reason", self.lang, says=says, figure=figure) if figure else says
            return Reason(leaf.word.fact_key, line, verdict(leaf.truth))

        values = [row[column] for column in self.read(leaf.word)]
        return self.once(("reason", id(leaf), *values), make, leaf)

    def figure(self, leaf: Judged, row: Row) -> str:
        """What was found of the fact a condition looks at; an assumption only where the answer rests on it."""
        word = leaf.word
        if leaf.truth is None and isinstance(word, Compare) and word.fact.blank_is and row[word.fact.key] is None:
            return phrase("logic.blank", self.lang)
        return word.figure(self.speaker, row)

    def demand(self, leaf: Judged, row: Row) -> str:
        """What a condition demands, or, where the document leaves the case open, that it does."""
        truths = tuple(part.truth for part in leaf.parts)
        said = leaf.word.left_open(self.speaker, row, truths) if leaf.truth is None else ""
        return said or self.once(("says", id(leaf.word)), lambda: leaf.word.says(self.speaker), leaf.word)

    def _date_of(self, event: int | None) -> str:
        """When another event was, as far as it is known."""
        found = self.event(event)
        return (found and found.date) or phrase("logic.undated", self.lang)

    def standing(self, measure: Measure) -> tuple[str, ...]:
        """The notes of a measure, and our readings of it, marked as ours."""
        notes = [note.in_(self.lang) for note in measure.notes]
        return (*notes, *(phrase("logic.reading", self.lang, says=each.in_(self.lang)) for each in measure.readings))

    def notes(
        self, measure: Measure, left: tuple[int, int | None] | None = None, *, later: bool, event: int | None = None
    ) -> tuple[str, ...]:
        """The notes of a row that is not refused.

        `left`: what limits leave of it, where that is less than its amount; `later`: a later document may govern it.
        """
        notes = [*self.standing(measure)]
        if measure.recipient != "unit":
            notes.append(phrase(f"logic.recipient-{measure.recipient}", self.lang))
        if left:
            notes.append(phrase("logic.limit-left", self.lang, sum=wording.interval(*left, self.lang)))
        if measure.grant and measure.grant.depends_on:
            notes.append(phrase("logic.depends", self.lang, on=measure.grant.depends_on.in_(self.lang)))
        succession = self.outcome.policies.head.succeeded_by
        if later and succession:
            notes.append(succession.says.in_(self.lang))
        for repeat in self.repeated.get(event, ()) if event is not None else ():
            places = self.speaker.list([self.place(event) for event in repeat.events])
            if repeat.total > len(repeat.events):
                places = phrase("logic.in-all", self.lang, names=places, count=repeat.total)
            notes.append(phrase(f"logic.{repeat.code}", self.lang, places=places))
        return tuple(notes)

    def _later(self, measure: Measure, claim: Claim) -> bool:
        """Whether a later document may govern a claim: by the last day or the year that it may be of."""
        later, key = self.outcome.policies.head.succeeded_by, self.outcome.policies.claim_date(measure)
        last = claim.row[key if measure.of_accounts else f"{key}{UNTIL}"] if key else None
        if later is None or last is None:
            return False
        return bool(last >= (later.since.year if measure.of_accounts else later.since))

    def cell(self, firm: int, event: int | None, fact: str, whole: str) -> str:
        """The cell in which a blank fact of a firm or of an event is to be filled in; without one, the row."""
        at = ("firm", firm, fact) if event is None else ("event", event, fact)
        return self.outcome.firms.blanks.get(at) or (whole if event is None else self.place(event))

    def place(self, event: int) -> str:
        """Where an event was read."""
        return str(self.outcome.firms.events.item(event, PLACE) or "")


def _kind(grant: Grant, claim: Claim, row: Mapping[str, Any]) -> AmountKind:
    """The kind of an amount as users' scripts know it: of tiers, that of the tier; of several versions, of all."""
    low, high = row["low"], row["high"]
    if row["verdict"] != "no" and advice.between_versions(claim):
        return wording.kind_of(low, high)
    if grant.kind == "tiers":
        return wording.kind_of_tier(grant, claim.row[grant.by or ""])
    return grant.kind


def counted(recipient: str, due: tuple[int, int | None]) -> tuple[int, int | None]:
    """What a sum adds to the unit's totals by who receives it: people's nothing, what is shared from nothing."""
    return due if recipient == "unit" else (0, 0) if recipient == "people" else (0, due[1])
