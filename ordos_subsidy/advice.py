"""Readings of an outcome: why, why not, what is missing, what to find out first. Nothing is decided here.

A `Judged` tree is a condition with the truth of each part for one claim, read from the truth columns of the same
expressions that evaluation used.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import polars as pl

from ordos_subsidy import amounts
from ordos_subsidy.conditions import UNTIL, All, AnyOf, Condition, Happened, Not, Row, Unsettled
from ordos_subsidy.evaluation import (
    EVENT,
    Group,
    Outcome,
    claimed,
    claims_of_accounts,
    claims_of_events,
    dates,
    groups,
    mark_events,
)
from ordos_subsidy.firms.tables import FIRM
from ordos_subsidy.policies import Category, Measure

Truth = bool | None


class Judged(NamedTuple):
    """A condition with its truth for one claim."""

    word: Condition
    truth: Truth
    parts: tuple[Judged, ...]

    @property
    def ordered(self) -> list[Judged]:
        """The parts, those that settle the whole first."""
        return sorted(self.parts, key=lambda part: part.truth is not self.truth)


class Claim(NamedTuple):
    """One claim of one measure: its facts, its condition judged, and that of its multiple if it has one."""

    firm: int
    event: int | None
    version: int
    row: Row
    condition: Judged | None
    times: Judged | None


def claims(outcome: Outcome, *categories: Category) -> Iterator[Claim]:
    """Every claim of the measures of some categories, group by group; of a measure's versions that which speaks."""
    speaking = _speaking(outcome)
    for claim in _all_claims(outcome, *categories):
        measure = outcome.policies.measures[claim.version]
        if measure.id not in outcome.policies.versioned or (claim.firm, claim.event, claim.version) in speaking:
            yield claim


def _speaking(outcome: Outcome) -> set[tuple[int, int | None, int]]:
    """Firm, event and version of each row, where measures have versions: one of them speaks for a claim."""
    if not outcome.policies.versioned:
        return set()
    tables = (outcome.awards, outcome.credits, outcome.preferences.with_columns(event=None))
    return {row for table in tables for row in table.select("firm", "event", "version").iter_rows()}


def _all_claims(outcome: Outcome, *categories: Category) -> Iterator[Claim]:
    numbered = [(n, measure) for n, measure in enumerate(outcome.policies.measures) if measure.category in categories]
    accounts = [(n, measure) for n, measure in numbered if measure.of_accounts]
    # All measures of the accounts look at the same claims: one table and one pass for all of them.
    together = groups(outcome.policies, accounts, outcome.on)
    columns = _columns(outcome, together, accounts=True)
    yield from _claims(outcome, together, claims_of_accounts(outcome.firms, columns))
    found = groups(outcome.policies, [each for each in numbered if each not in accounts], outcome.on)
    for group, rows in claimed(outcome.policies, outcome.firms.events, found):
        columns = _columns(outcome, [group], accounts=False)
        yield from _claims(outcome, [group], claims_of_events(outcome.firms, rows, columns))


def _columns(outcome: Outcome, found: Sequence[Group], *, accounts: bool) -> frozenset[str]:
    return dates(outcome.policies, accounts=accounts).union(*(group.columns() for group in found))


def _claims(outcome: Outcome, found: Sequence[Group], frame: pl.DataFrame) -> Iterator[Claim]:
    """The claims of groups that look at the same rows; each word that groups share is computed once."""
    roots = [(group.condition, group.times) for group in found]
    words = dict.fromkeys(word for group in found for word in group.words())
    names = {word: f"@{n}" for n, word in enumerate(words)}
    for group in found:
        frame = mark_events(outcome.policies, outcome.firms, frame, group)
    # A number for each row: where no group has a word, there is a row for each claim all the same.
    truths = frame.select(pl.int_range(pl.len()), *(word.truth().alias(name) for word, name in names.items()))
    versions = [_versions(group) for group in found]
    for row, answers in zip(frame.iter_rows(named=True), truths.iter_rows(named=True), strict=True):
        truth = {word: answers[name] for word, name in names.items()}
        for (condition, times), by_kind in zip(roots, versions, strict=True):
            for version in by_kind[row.get(outcome.policies.kind_fact)]:
                settled = tree(condition, truth) if condition else None
                multiple = tree(times, truth) if times else None
                yield Claim(row[FIRM], row[EVENT], version, row, settled, multiple)


def _versions(group: Group) -> dict[str | None, list[int]]:
    """The measures of a group by the kind of event they claim (None: the accounts)."""
    by_kind: dict[str | None, list[int]] = {}
    for version, measure in zip(group.versions, group.measures, strict=True):
        for kind in (None,) if measure.of_accounts else measure.claims:
            by_kind.setdefault(kind, []).append(version)
    return by_kind


def tree(word: Condition, truth: Mapping[Condition, Truth]) -> Judged:
    """A condition with its parts and their truths."""
    return Judged(word, truth[word], tuple(tree(part, truth) for part in word.inside()))


def leaves(judged: Judged) -> Iterator[Judged]:
    """The parts that can be said in one line, the decisive ones first."""
    if not judged.parts or isinstance(judged.word, Not | Unsettled):
        yield judged
        return
    for part in judged.ordered:
        yield from leaves(part)


def missing(judged: Judged | None, row: Row) -> tuple[str, ...]:
    """The facts whose answer could still change a condition, and no others.

    Where one part stays unknown whatever is found out, only the parts that can outvote it matter: those of an
    `All` that may turn out no, those of an `AnyOf` that may turn out yes.
    """
    if judged is None or judged.truth is not None:
        return ()
    word, parts = judged.word, judged.parts
    if isinstance(word, All | AnyOf) and any(not may_be(part, row, True, False) for part in parts):
        parts = tuple(part for part in parts if may_be(part, row, isinstance(word, AnyOf)))
    own = word.open_facts(row)
    return tuple(dict.fromkeys([*own, *(key for part in parts for key in missing(part, row))]))


def may_be(judged: Judged, row: Row, *truths: bool) -> bool:
    """Whether a condition is yes or no, one of some truths, or may become so through what is still open."""
    return judged.truth in truths or any(judged.truth is None and _may_become(judged, row, each) for each in truths)


def _may_become(judged: Judged, row: Row, truth: bool) -> bool:
    match judged.word:
        case Not():
            return may_be(judged.parts[0], row, not truth)
        case Unsettled():
            return truth and may_be(judged.parts[0], row, False)
        case All() | AnyOf():
            each = (may_be(part, row, truth) for part in judged.parts)
            return any(each) if isinstance(judged.word, AnyOf) is truth else all(each)
    return bool(judged.word.open_facts(row)) and (truth or judged.word.may_fail())


def missing_facts(claim: Claim, measure: Measure) -> tuple[str, ...]:
    """The facts whose answer could still change the verdict or the amount of a claim."""
    verdict = claim.condition.truth if claim.condition else True
    if verdict is False:
        return ()
    found = list(missing(claim.condition, claim.row))
    if measure.grant:
        found += amounts.open_facts(measure.grant, claim.row, lambda _: missing(claim.times, claim.row))
    return tuple(dict.fromkeys(found))


def reasons(claim: Claim) -> list[Judged]:
    """The parts that look at facts, decisive ones first; that a claim has happened goes without saying."""
    if claim.condition is None:
        return []
    said = [leaf for leaf in leaves(claim.condition) if leaf.truth is None or not isinstance(leaf.word, Happened)]
    verdict = claim.condition.truth
    return sorted(said, key=lambda leaf: leaf.truth is not verdict)


class Repeat(NamedTuple):
    """Several events of a firm that may be one: `code` says why, `events` are rows of the event table."""

    code: str
    firm: int
    kind: str
    date: str
    events: tuple[int, ...]


def repeats(outcome: Outcome) -> list[Repeat]:
    """Possible duplicates: one kind and date twice, as far as the date is known, a yearly kind twice in a year."""
    policies = outcome.policies
    awards = list(policies.of("award"))
    yearly = [kind for measure in awards if measure.yearly for kind in measure.claims]
    events = outcome.firms.events.with_row_index(EVENT).filter(pl.col(policies.date_fact).is_not_null())
    kind, day, last = (pl.col(key) for key in (policies.kind_fact, policies.date_fact, policies.date_fact + UNTIL))
    month = pl.when(day.dt.month_end() == last).then(day.dt.strftime("%Y-%m")).otherwise(day.dt.strftime("%Y"))
    date = pl.when(day == last).then(day.cast(pl.String)).otherwise(month)
    seen: set[int] = set()
    found: list[Repeat] = []
    for code, rows, stamp in (
        ("duplicate", events, date),
        ("yearly-twice", events.filter(kind.is_in(yearly)), day.dt.year().cast(pl.String)),
    ):
        several = (
            rows.group_by(FIRM, policies.kind_fact, stamp.alias("@stamp"), maintain_order=True)
            .agg(pl.col(EVENT))
            .filter(pl.col(EVENT).list.len() > 1)
        )
        for firm, name, when, members in several.iter_rows():
            if not seen.issuperset(members):
                found.append(Repeat(code, firm, name, when, tuple(members)))
                seen.update(members)
    return found


def _is_told(row: Row, fact: str) -> bool:
    """Whether a fact is fully known: of a date, the day."""
    return row[fact] is not None and row.get(fact + UNTIL, row[fact]) == row[fact]


class Question(NamedTuple):
    """A missing fact: of the firm (`event` None) or of one event, and the claims that wait for it."""

    fact: str
    event: int | None
    claims: tuple[Claim, ...]


def questions(waiting: Sequence[tuple[Claim, tuple[str, ...], Measure]], firm_facts: frozenset[str]) -> list[Question]:
    """What to find out, a fact asked for once however many claims wait for it."""
    asked: dict[tuple[str, int | None], list[Claim]] = {}
    blank: dict[tuple[int, int, str], list[int | None]] = defaultdict(list)
    for claim, facts, _ in waiting:
        for fact in facts:
            if claim.row[fact] is None:
                blank[claim.firm, claim.version, fact].append(claim.event)
    for claim, facts, _ in waiting:
        for fact in facts:
            events: list[int | None] = [None if fact in firm_facts else claim.event]
            if fact not in firm_facts and _is_told(claim.row, fact):  # what is missing is that of another event
                events = blank[claim.firm, claim.version, fact] or events
            for event in events:
                asked.setdefault((fact, event), []).append(claim)
    return [Question(fact, event, tuple(waits)) for (fact, event), waits in asked.items()]
