"""One row of a report at a time: an award or credit, a preference, its reasons and its notes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from ordos_subsidy import advice, wording
from ordos_subsidy.advice import Claim, Judged
from ordos_subsidy.amounts import Grant, hull
from ordos_subsidy.conditions import (
    OTHER,
    UNTIL,
    BackedBy,
    Compare,
    Condition,
    FirstYears,
    Happened,
    HasEvent,
    InForce,
    Not,
    Once,
    Sufficient,
    Unsettled,
    Window,
)
from ordos_subsidy.document import EventLine, Line, Preference, Reason, Slice, Verdict
from ordos_subsidy.document import Grant as Shown
from ordos_subsidy.evaluation import Outcome
from ordos_subsidy.policies import Measure
from ordos_subsidy.tables.firms import PLACE
from ordos_subsidy.wording import Speaker
from ordos_subsidy.words import Lang, phrase

Key = tuple[int, int | None, int]
_WORDS: dict[bool | None, Verdict] = {True: "yes", None: "unknown", False: "no"}


def verdict(truth: bool | None) -> Verdict:
    """A truth as users' scripts know it."""
    return _WORDS[truth]


def fact_of(word: Condition) -> str:
    """The key of the fact a condition word looks at, "" where it is not one fact."""
    match word:
        case Compare(fact=fact) | Happened(fact=fact) | Window(fact=fact):
            return fact.key
        case InForce(date=key) | FirstYears(date=key):
            return key
        case Not(inner=inner) | Unsettled(inner=inner) | Sufficient(inner=inner):
            return fact_of(inner)
    return ""


@dataclass(frozen=True)
class Lines:
    """Makes the rows of a report from an outcome."""

    outcome: Outcome
    lang: Lang
    year: int | None = None

    @cached_property
    def speaker(self) -> Speaker:
        """Who puts conditions into words."""
        return Speaker(self.outcome.policies.vocabulary, self.lang)

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
                if self._shown(year, within):
                    owed = (due[0], due[1])
                    counts = counted(measure.recipient, owed)
                    found[firm, event, version].append(Slice(year, low, high, within, counts, owed))
        return found

    def _shown(self, year: int | None, within: tuple[int, int] | None) -> bool:
        """Whether a slice is to be shown: it falls in the year asked for, or may fall in it."""
        if self.year is None or year == self.year:
            return True
        return year is None and (within is None or within[0] <= self.year <= within[1])

    @cached_property
    def repeated(self) -> Mapping[int, list[advice.Repeat]]:
        """Possible duplicates, by event."""
        found: dict[int, list[advice.Repeat]] = defaultdict(list)
        for repeat in advice.repeats(self.outcome):
            for event in repeat.events:
                found[event].append(repeat)
        return found

    def line(self, row: Mapping[str, Any], claim: Claim) -> Line:
        """An award or credit from its row of the outcome and its judged claim."""
        measure = self.outcome.policies.measures[row["version"]]
        grant = measure.grant
        assert grant is not None  # noqa: S101 - the grammar gives every award and credit an amount
        key = (row["firm"], row["event"], row["version"])
        multiplied = claim.times.truth if claim.times else False
        kind = _kind(grant, claim, row)
        words = wording.amount(grant, self.lang, self.speaker, multiplied=multiplied, kind=self.kind(claim))
        if row["verdict"] != "no" and advice.between_versions(claim):  # the sums of all of them are possible
            words = phrase("logic.between-versions", self.lang)
        due = (row.get("due_low", row["low"]), row.get("due_high", row["high"]))
        counts = counted(measure.recipient, due)
        return Line(
            **self._common(measure),
            event=self.event(claim),
            verdict=row["verdict"],
            kind=kind,
            low=row["low"],
            high=row["high"],
            words=words,
            recipient=measure.recipient,
            counts=counts,
            schedule=tuple(self.slices.get(key, ())),
            reasons=self.reasons(claim),
            missing=() if row["verdict"] == "no" else advice.missing_facts(claim, measure),
            notes=self._notes(measure, claim, row["verdict"], due if due != (row["low"], row["high"]) else None),
        )

    def preference(self, measure: Measure, claim: Claim) -> Preference:
        """A preference from its judged claim."""
        truth = claim.condition.truth if claim.condition else True
        return Preference(
            **self._common(measure),
            verdict=verdict(truth),
            reasons=self.reasons(claim),
            missing=advice.missing_facts(claim, measure),
            notes=self._standing(measure),
        )

    def _common(self, measure: Measure) -> dict[str, Any]:
        departments = measure.clause.departments
        return {
            "measure": measure.id,
            "clause": measure.clause.number,
            "reference": measure.clause.reference,
            "title": measure.title.in_(self.lang),
            "departments": tuple(each.title.in_(self.lang) for each in departments),
            "departments_short": tuple(each.short.in_(self.lang) for each in departments),
            "document": measure.document,
        }

    def kind(self, claim: Claim) -> str | None:
        """The kind of a claim's event, None for the accounts."""
        return None if claim.event is None else str(claim.row[self.outcome.policies.kind_fact])

    def event(self, claim: Claim) -> EventLine | None:
        """The event of a claim, None for the accounts."""
        if claim.event is None:
            return None
        words = self.outcome.policies.vocabulary
        row = self.outcome.firms.events.row(claim.event, named=True)
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
        return tuple(
            Reason(fact_of(leaf.word), self.reason(leaf, claim), verdict(leaf.truth)) for leaf in advice.reasons(claim)
        )

    def reason(self, leaf: Judged, claim: Claim) -> str:
        """A condition and what was found, in one line."""
        says, figure = self.demand(leaf, claim), self.figure(leaf, claim)
        return phrase("logic.reason", self.lang, says=says, figure=figure) if figure else says

    def figure(self, leaf: Judged, claim: Claim) -> str:
        """What was found of the fact a condition looks at; an assumption only where the answer rests on it."""
        word = leaf.word
        if leaf.truth is None and isinstance(word, Compare) and word.fact.blank_is and claim.row[word.fact.key] is None:
            return phrase("logic.blank", self.lang)
        return self.speaker.figure(word, claim.row)

    def demand(self, leaf: Judged, claim: Claim) -> str:  # noqa: PLR0911 - one line a word
        """What a condition demands, or, where the document leaves the case open, that it does."""
        match leaf:
            case Judged(InForce(date=date, says=says), None) if says and claim.row[date] and not leaf_open(leaf, claim):
                return says.in_(self.lang)
            case Judged(Unsettled(says=says), None, (Judged(truth=True),)):
                return says.in_(self.lang)
            case Judged(Sufficient(says=says), None, (Judged(truth=False),)):
                return says.in_(self.lang)
            case Judged(BackedBy(says=says), None) if says:
                return says.in_(self.lang)
            case Judged(Once() as once, None):
                return phrase("logic.once-earlier", self.lang, date=self._date_of(claim.row[once.column + OTHER]))
            case Judged(HasEvent() as listed, None):
                return phrase("logic.listed-later", self.lang, says=self.speaker.says(listed))
        return self.speaker.says(leaf.word)

    def _date_of(self, event: int | None) -> str:
        """When another event was, as far as it is known."""
        if event is None:
            return phrase("logic.undated", self.lang)
        key = self.outcome.policies.date_fact
        first, last = self.outcome.firms.events.select(key, key + UNTIL).row(event)
        return phrase("logic.undated", self.lang) if first is None else wording.span(first, last)

    def _standing(self, measure: Measure) -> tuple[str, ...]:
        """The notes of a measure, and our readings of it, marked as ours."""
        notes = [note.in_(self.lang) for note in measure.notes]
        return (*notes, *(phrase("logic.reading", self.lang, says=each.in_(self.lang)) for each in measure.readings))

    def _notes(
        self, measure: Measure, claim: Claim, verdict_: Verdict, left: tuple[int, int | None] | None
    ) -> tuple[str, ...]:
        """The notes of a row; `left`: what limits leave of it, where that is less than its amount."""
        if verdict_ == "no":
            return ()
        notes = [*self._standing(measure)]
        if measure.recipient != "unit":
            notes.append(phrase(f"logic.recipient-{measure.recipient}", self.lang))
        if left:
            notes.append(phrase("logic.limit-left", self.lang, sum=wording.interval(*left, self.lang)))
        if measure.grant and measure.grant.depends_on:
            notes.append(phrase("logic.depends", self.lang, on=measure.grant.depends_on.in_(self.lang)))
        later = self.outcome.policies.head.succeeded_by
        if later and self._ends(measure, claim) >= later.since.isoformat():
            notes.append(later.says.in_(self.lang))
        for repeat in self.repeated.get(claim.event, ()) if claim.event is not None else ():
            places = self.speaker.list([self.place(event) for event in repeat.events])
            notes.append(phrase(f"logic.{repeat.code}", self.lang, places=places))
        return tuple(notes)

    def _ends(self, measure: Measure, claim: Claim) -> str:
        """The last day a claim may be of, as text that sorts; "" where there is none."""
        key = self.outcome.policies.claim_date(measure)
        value = claim.row[key if measure.of_accounts else f"{key}{UNTIL}"] if key else None
        return "" if value is None else f"{value}-12-31" if measure.of_accounts else value.isoformat()

    def place(self, event: int) -> str:
        """Where an event was read."""
        return str(self.outcome.firms.events.item(event, PLACE))


def _kind(grant: Grant, claim: Claim, row: Mapping[str, Any]) -> Shown:
    """The kind of an amount as users' scripts know it: of tiers, that of the tier; of several versions, of all."""
    low, high = row["low"], row["high"]
    if row["verdict"] != "no" and advice.between_versions(claim):
        return wording.kind_of(low, high)
    if grant.kind == "tiers":
        found = claim.row[grant.by or ""]
        tiers = [tier for tier in grant.tiers if found is None or tier.holds(found)]
        kinds = {tier.kind for tier in tiers}
        whole = hull([(tier.low, tier.high) for tier in tiers] or [(0, None)])
        return cast("Shown", kinds.pop()) if len(tiers) == 1 else wording.kind_of(*whole)
    return grant.kind


def counted(recipient: str, due: tuple[int, int | None]) -> tuple[int, int | None]:
    """What a sum adds to the unit's totals by who receives it: people's nothing, what is shared from nothing."""
    return due if recipient == "unit" else (0, 0) if recipient == "people" else (0, due[1])


def leaf_open(leaf: Judged, claim: Claim) -> bool:
    """Whether a fact could still settle a condition."""
    return bool(leaf.word.open_facts(claim.row))
