"""Readings of an outcome: why, why not, what is missing, what to find out first, what may have been entered twice.

Nothing is decided here.

A `Judged` tree is a condition with the truth of each part for one claim, read from the truth columns of the same
expressions that evaluation used.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, Literal, NamedTuple

import polars as pl

from ordos_subsidy import amounts
from ordos_subsidy.conditions import (
    OTHER,
    UNTIL,
    All,
    AnyOf,
    Condition,
    Happened,
    Not,
    Relation,
    Row,
    Sufficient,
    Truth,
    Unsettled,
    Window,
)
from ordos_subsidy.evaluation import (
    EVENT,
    MeasureGroup,
    Outcome,
    claimed,
    claims_of_accounts,
    claims_of_events,
    dates,
    groups,
    mark_events,
)
from ordos_subsidy.policy import Category, Measure
from ordos_subsidy.tables.firms import FIRM


class Judged(NamedTuple):
    """A condition with its truth for one claim."""

    word: Condition
    truth: Truth
    parts: tuple[Judged, ...]

    @property
    def ordered(self) -> list[Judged]:
        """The parts, decisive ones first."""
        return sorted(self.parts, key=lambda part: part.truth is not self.truth)


class Award(NamedTuple):
    """The verdict of a claim and its interval in fen over all years; `high` None: no upper bound."""

    verdict: str
    low: int
    high: int | None


class Claim(NamedTuple):
    """One claim of one measure: its row, its condition with truths, and that of its multiple."""

    firm: int
    event: int | None
    version: int
    row: Row
    condition: Judged | None
    times: Judged | None


def claims(outcome: Outcome, *categories: Category, only: Collection[str] | None = None) -> Iterator[Claim]:
    """Yield every claim of the measures of some categories, group by group; of several versions the one that decides.

    `only`: of the measures with these ids.
    """
    speaking = _deciding_rows(outcome)
    for claim in _all_claims(outcome, categories, only):
        measure = outcome.policies.measures[claim.version]
        if measure.id not in outcome.policies.versioned or (claim.firm, claim.event, claim.version) in speaking:
            yield claim


def _deciding_rows(outcome: Outcome) -> set[tuple[int, int | None, int]]:
    """Return (firm, event, version) of the rows that decide, where measures have versions."""
    if not outcome.policies.versioned:
        return set()
    tables = (outcome.awards, outcome.credits, outcome.preferences.with_columns(event=None))
    return {row for table in tables for row in table.select("firm", "event", "version").iter_rows()}


def _all_claims(outcome: Outcome, categories: Collection[Category], only: Collection[str] | None) -> Iterator[Claim]:
    numbered = [
        (n, measure)
        for n, measure in enumerate(outcome.policies.measures)
        if measure.category in categories and (only is None or measure.id in only)
    ]
    accounts = [(n, measure) for n, measure in numbered if measure.of_accounts]
    # All measures of the accounts look at the same claims: one table and one pass for all of them.
    together = groups(outcome.policies, accounts, outcome.on)
    columns = _columns(outcome, together, accounts=True)
    yield from _claims(outcome, together, claims_of_accounts(outcome.firms, columns))
    found = groups(outcome.policies, [each for each in numbered if each not in accounts], outcome.on)
    for group, rows in claimed(outcome.policies, outcome.firms.events, found):
        columns = _columns(outcome, [group], accounts=False)
        yield from _claims(outcome, [group], claims_of_events(outcome.firms, rows, columns))


def _columns(outcome: Outcome, found: Sequence[MeasureGroup], *, accounts: bool) -> frozenset[str]:
    return dates(outcome.policies, accounts=accounts).union(*(group.columns() for group in found))


def _claims(outcome: Outcome, found: Sequence[MeasureGroup], frame: pl.DataFrame) -> Iterator[Claim]:
    """Yield the claims of groups that look at the same rows; each condition word is computed once."""
    roots = [(group.condition, group.times) for group in found]
    words = dict.fromkeys(word for group in found for word in group.words())
    names = {word: f"@{n}" for n, word in enumerate(words)}
    for group in found:
        frame = mark_events(outcome.firms, frame, group)
    # A null for each row: where no group has a word, there is a row for each claim all the same.
    truths = frame.select(pl.repeat(None, pl.len()), *(word.truth().alias(name) for word, name in names.items()))
    versions = [_versions(group) for group in found]
    places = {word: 1 + n for n, word in enumerate(words)}
    own = [itemgetter(0, *(places[word] for word in dict.fromkeys(group.words()))) for group in found]
    known: list[dict[Any, tuple[Judged | None, Judged | None]]] = [{} for _ in found]
    for row, answers in zip(frame.iter_rows(named=True), truths.iter_rows(), strict=True):
        for (condition, times), by_kind, chosen, trees in zip(roots, versions, own, known, strict=True):
            truth_of = chosen(answers)
            if truth_of not in trees:  # claims of which all words have the same truths share one tree
                truth = dict(zip(words, answers[1:], strict=True))
                trees[truth_of] = (tree(condition, truth) if condition else None, tree(times, truth) if times else None)
            for version in by_kind[row.get(outcome.policies.kind_fact)]:
                yield Claim(row[FIRM], row[EVENT], version, row, *trees[truth_of])


def _versions(group: MeasureGroup) -> dict[str | None, list[int]]:
    """Return the measures of a group by the kind of event they claim (None: the accounts)."""
    by_kind: dict[str | None, list[int]] = {}
    for version, measure in zip(group.versions, group.measures, strict=True):
        for kind in (None,) if measure.of_accounts else measure.claims:
            by_kind.setdefault(kind, []).append(version)
    return by_kind


def tree(word: Condition, truth: Mapping[Condition, Truth]) -> Judged:
    """Return a condition with its parts and their truths."""
    return Judged(word, truth[word], tuple(tree(part, truth) for part in word.inside()))


def leaves(judged: Judged) -> Iterator[Judged]:
    """Yield the parts that are worded in one line, decisive ones first."""
    if judged.word.atomic:
        yield judged
        return
    for part in judged.ordered:
        yield from leaves(part)


def missing(judged: Judged | None, row: Row) -> tuple[str, ...]:
    """Return the facts whose answer could still change a condition.

    Where one part of an `All` can never turn out yes, the whole can only turn out no, and only the parts matter that
    may turn out no; and the same of an `AnyOf` the other way round.
    """
    if judged is None or judged.truth is not None:
        return ()
    word, parts = judged.word, judged.parts
    settling = isinstance(word, AnyOf)
    if isinstance(word, All | AnyOf) and not all(may_be(part, row, not settling) for part in parts):
        parts = tuple(part for part in parts if may_be(part, row, settling))
    own = word.open_facts(row)
    return tuple(dict.fromkeys([*own, *(key for part in parts for key in missing(part, row))]))


def may_be(judged: Judged, row: Row, truth: bool) -> bool:
    """Whether a condition has a truth, or could get it from facts that are still open."""
    return judged.truth is truth or (judged.truth is None and _may_become(judged, row, truth))


def _may_become(judged: Judged, row: Row, truth: bool) -> bool:
    match judged.word:
        case Not():
            return may_be(judged.parts[0], row, not truth)
        case Unsettled():
            return truth and may_be(judged.parts[0], row, False)
        case Sufficient():
            return truth and may_be(judged.parts[0], row, True)
        case All() | AnyOf():
            each = (may_be(part, row, truth) for part in judged.parts)
            return any(each) if isinstance(judged.word, AnyOf) is truth else all(each)
    return judged.word.may_become(row, truth)


def missing_facts(claim: Claim, measure: Measure) -> tuple[str, ...]:
    """Return the facts whose answer could still change the verdict or the amount of a claim."""
    verdict = claim.condition.truth if claim.condition else True
    if verdict is False:
        return ()
    found = [*missing(claim.condition, claim.row)]
    if measure.grant:
        for part in amounts.open_parts(measure.grant, claim.row, claim.times.truth if claim.times else None):
            found += [part] if part else missing(claim.times, claim.row)
    return tuple(dict.fromkeys(found))


class Stake(NamedTuple):
    """How an answer can move an award: the whole of it, as far as versions differ, or by a part of it.

    `most` is what the part comes to in fen; None: without an upper bound.
    """

    of: Literal["whole", "versions", "part"]
    most: int | None = None


def at_stake(claim: Claim, measure: Measure, fact: str, award: Award) -> int | None:
    """Return by how many fen the answer to a missing fact can move an award; None: no upper bound."""
    found = stake(claim, measure, fact, award.verdict)
    if found.of == "whole":
        return award.high
    if found.of == "versions":
        return _moved(award.low, award.high)
    return found.most if award.high is None or found.most is None else min(found.most, award.high)


def stake(claim: Claim, measure: Measure, fact: str, verdict: str) -> Stake:
    """How the answer to a missing fact can move the award of a claim.

    An answer that can change the verdict moves all of it; one that can change the amount only, the part by which
    an end of the interval can move.
    """
    grant = measure.grant
    if grant is None:
        return Stake("part", 0)
    if verdict == "unknown" and fact in missing(claim.condition, claim.row):
        return Stake("whole")
    if between_versions(claim) and fact in missing(claim.condition, claim.row):
        return Stake("versions")
    multiple = claim.times.truth if claim.times else None
    parts = [fact, ""] if fact in missing(claim.times, claim.row) else [fact]
    now, known = amounts.interval(grant, claim.row, multiple), amounts.answers(grant, claim.row, multiple)
    moved: list[int | None] = []
    for name, answer in ((part, answer) for part in parts for answer in known.get(part, ())):
        row = {**claim.row, name: answer}
        low, high = amounts.interval(grant, row, multiple if name else answer)
        moved += [_moved(now[1], high), *([_moved(now[0], low)] if verdict == "yes" else [])]
    if None in moved:
        return Stake("part", None)
    return Stake("part", max((each for each in moved if each is not None), default=0) * (grant.years or 1))


def _moved(one: int | None, other: int | None) -> int | None:
    """Return by how many fen a bound moves; None where one of the two is open."""
    if one is None or other is None:
        return 0 if one is other else None
    return abs(one - other)


def between_versions(claim: Claim) -> bool:
    """Whether the date of a claim does not decide which version of the measure holds."""
    found = leaves(claim.condition) if claim.condition else ()
    return any(isinstance(leaf.word, Window) and leaf.truth is None for leaf in found)


def reasons(claim: Claim) -> list[Judged]:
    """Return the parts that look at facts, decisive ones first; that the claim has happened is left out."""
    if claim.condition is None:
        return []
    said = [leaf for leaf in leaves(claim.condition) if leaf.truth is None or not isinstance(leaf.word, Happened)]
    verdict = claim.condition.truth
    return sorted(said, key=lambda leaf: leaf.truth is not verdict)


def _fully_known(row: Row, fact: str) -> bool:
    """Whether a fact is fully known: of a date, the day."""
    return row[fact] is not None and row.get(fact + UNTIL, row[fact]) == row[fact]


class Question(NamedTuple):
    """A missing fact: of the firm (`event` None) or of one event, and the claims that wait for it."""

    fact: str
    event: int | None
    claims: tuple[Claim, ...]


def questions(waiting: Sequence[tuple[Claim, tuple[str, ...], Measure]], firm_facts: frozenset[str]) -> list[Question]:
    """Return the missing facts, each once, with the claims that wait for it."""
    asked: dict[tuple[str, int | None], list[Claim]] = {}
    for claim, facts, _ in waiting:
        for fact in facts:
            for event in (None,) if fact in firm_facts else events_asked(claim, fact):
                asked.setdefault((fact, event), []).append(claim)
    return [Question(fact, event, tuple(waits)) for (fact, event), waits in asked.items()]


def events_asked(claim: Claim, fact: str) -> list[int | None]:
    """Return the events whose fact a claim waits for: its own, and others that its relations depend on."""
    root = claim.condition
    words = [each.word for each in (*root.parts, root)] if root else []
    others = [
        claim.row[word.column + OTHER]
        for word in words
        if isinstance(word, Relation) and fact in word.open_facts(claim.row)
    ]
    found = [other for other in others if other is not None]
    known = claim.event is None or _fully_known(claim.row, fact)
    return list(dict.fromkeys([*([] if known and found else [claim.event]), *found]))


# --- events that may have been entered twice

#: So many events that may be one are named; the others are counted.
FEW = 5


class Repeat(NamedTuple):
    """Events of a firm that may be one event: `code` is the reason, `events` are the first of `total` rows."""

    code: str
    firm: int
    kind: str
    date: str
    events: tuple[int, ...]
    total: int


def possible_repeats(outcome: Outcome, *, later: bool = True) -> list[Repeat]:
    """Return possible duplicates: one kind and date twice, or (`later`) a row within the paid years of another."""
    policies = outcome.policies
    events = outcome.firms.events.with_row_index(EVENT).filter(pl.col(policies.date_fact).is_not_null())
    day, last = pl.col(policies.date_fact), pl.col(policies.date_fact + UNTIL)
    month = pl.when(day.dt.month_end() == last).then(day.dt.strftime("%Y-%m")).otherwise(day.dt.strftime("%Y"))
    date = pl.when(day == last).then(day.cast(pl.String)).otherwise(month)
    # Few are: numbers are compared before dates become texts.
    twins = events.select(pl.struct(FIRM, policies.kind_fact, day, last).hash().is_duplicated()).to_series()
    several = (
        events.filter(twins)
        .group_by(FIRM, policies.kind_fact, date.alias("@stamp"), maintain_order=True)
        .agg(pl.col(EVENT).head(FEW), pl.len().alias("@count"))
        .filter(pl.col("@count") > 1)
    )
    found = [
        Repeat("duplicate", firm, kind, when, tuple(members), count)
        for firm, kind, when, members, count in several.iter_rows()
    ]
    return [*found, *_again(outcome, events.with_columns(date.alias("@stamp")))] if later else found


def _again(outcome: Outcome, events: pl.DataFrame) -> Iterator[Repeat]:
    """Yield events of one kind within the years that the award of another runs for, with the same remark or none."""
    policies = outcome.policies
    note = policies.vocabulary.role("event", "note")
    years = pl.Series([each.grant.years if each.grant else None for each in policies.measures], dtype=pl.Int64)
    awards = outcome.awards.filter(pl.col("event").is_not_null())
    running = pl.DataFrame({EVENT: awards.get_column("event"), "@years": years.gather(awards.get_column("version"))})
    rows = (
        events.join(running.drop_nulls(), on=EVENT, how="inner")
        .with_columns((pl.col(note.key).fill_null("") if note else pl.lit("")).alias("@remark"))
        .sort(FIRM, policies.date_fact, EVENT)
    )
    by = [FIRM, policies.kind_fact, "@remark"]
    year = pl.col(policies.date_fact).dt.year()
    first = pl.col(EVENT, "@stamp", "@years").first().over(by).name.suffix("@first")
    rows = rows.with_columns(first, (year - year.first().over(by)).alias("@later"), year.alias("@year"))
    # What bears the same date is flagged already.
    again = (pl.col("@later") < pl.col("@years@first")) & (pl.col("@stamp") != pl.col("@stamp@first"))
    columns = (FIRM, policies.kind_fact, "@year", EVENT + "@first", EVENT)
    met: Counter[tuple[int, str, int]] = Counter()
    for firm, kind, when, other, event in rows.filter(again).select(columns).iter_rows():
        met[firm, kind, other] += 1
        if met[firm, kind, other] <= FEW:
            yield Repeat("again", firm, kind, str(when), (other, event), 2)
    for (firm, kind, other), count in met.items():
        if count > FEW:
            yield Repeat("again-more", firm, kind, "", (other,), count - FEW)
