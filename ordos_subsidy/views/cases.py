"""What is said of each row of a result, for any number of rows: asked once for all rows that agree.

Which facts a row waits for depends on the truth of each condition word, on which facts are blank, and, where a date is
vague or an amount has a blank part, on those figures. Its reason also depends on the figures that the decisive
conditions look at. Rows that agree in all of that are one case: one of them is judged and worded by `advice` and
`report.lines`, as `calc` does, and the others share its answer. A million rows make a few thousand cases, more where
reasons name many different figures. That two rows agree is told by two hashes of 64 bits, each with a seed of its own:
sorting all that they are made of takes twice as long.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple

import polars as pl

from ordos_subsidy.advice import Claim, Judged, Stake, events_asked, missing_facts, stake, tree
from ordos_subsidy.amounts import Grant
from ordos_subsidy.conditions import OPEN, OTHER, UNTIL, Condition, Relation, all_columns, walk
from ordos_subsidy.evaluation import (
    AS_WRITTEN,
    EVENT,
    VERDICTS,
    MeasureGroup,
    Outcome,
    claims_of_accounts,
    claims_of_events,
    dates,
    groups,
    look,
    mark_events,
)
from ordos_subsidy.messages import phrase
from ordos_subsidy.policy import Category, Policies
from ordos_subsidy.report.lines import Lines
from ordos_subsidy.tables.columns import null_column
from ordos_subsidy.tables.firms import FIRM, schema

_VERSION, _ROW, _VERDICT = "@version", "@row", "@verdict"
#: Two hashes of all that rows of a case agree in, and two of that without the figures of reasons.
_CASE, _LIKE = ["@case1", "@case2"], ["@like1", "@like2"]
_KEY = ["firm", "event", "version"]


class Ask(NamedTuple):
    """A fact that a row waits for: of the firm, of the row's `own` event, or of another event; and what it moves."""

    fact: str
    of_firm: bool
    own: bool
    other: int | None
    moves: Stake


class CaseWords(NamedTuple):
    """What there is to say of rows that agree in all but the figures of their reasons; in keys only what is missing."""

    missing: tuple[str, ...]
    amount: str = ""
    asks: tuple[Ask, ...] = ()
    #: The conditions that a reason names.
    decisive: tuple[Judged, ...] = ()


class Answer(NamedTuple):
    """What there is to say of the rows of a case."""

    said: CaseWords
    reason: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts that the rows wait for, by key."""
        return self.said.missing


@dataclass(frozen=True)
class Answered:
    """The case of each row (null: nothing was asked of it) and the answer of each case."""

    case: pl.Series
    answers: Sequence[Answer]

    def column(self, values: Sequence[Any], dtype: pl.DataType) -> pl.Series:
        """A column of what is said of each row, from a value for each case."""
        return pl.Series(values, dtype=dtype).gather(self.case)


def missing_keys(outcome: Outcome, rows: pl.DataFrame) -> pl.Series:
    """The keys of the facts that each award or credit waits for, as lists; null where it waits for none."""
    known = _known(outcome.policies, outcome.on)
    found = _ask(outcome, _open(outcome.policies, rows), rows.height, ("award", "credit"), None, known)
    return found.column([list(each.missing) or None for each in found.answers], pl.List(pl.String()))


def worded(outcome: Outcome, rows: pl.DataFrame, lines: Lines, *categories: Category) -> Answered:
    """What there is to say of each row of some categories, in the language of `lines`.

    `rows`: firm, event, version and verdict of rows of an outcome.
    """
    every = rows.select(*_KEY, pl.col("verdict").to_physical().alias(_VERDICT))
    every = every.with_row_index(_ROW).rename({"version": _VERSION})
    return _ask(outcome, every, rows.height, categories, lines, {})


def _ask(
    outcome: Outcome,
    rows: pl.DataFrame,
    height: int,
    categories: tuple[Category, ...],
    lines: Lines | None,
    known: dict[tuple[object, ...], Answer],
) -> Answered:
    asked = list(_asked(outcome, rows, _questions(outcome.policies, outcome.on, categories, lines is not None)))
    frames = pl.collect_all([steps for _, steps in asked], engine="in-memory", optimizations=AS_WRITTEN)
    marks = pl.concat([_NONE, *(frame.select(_ROW, *_CASE) for frame in frames)])
    case = marks.select(pl.struct(_CASE).rank("dense").cast(pl.UInt32) - 1).to_series()
    firsts = case.arg_unique()
    firsts = firsts.gather(case.gather(firsts).arg_sort())
    starts = list(accumulate((frame.height for frame in frames), initial=0))
    picked = _rows_at(frames, starts, firsts)
    answers = []
    for (question, row), mark in zip(picked, marks[firsts].select(_CASE).iter_rows(), strict=True):
        if mark not in known:
            known[mark] = asked[question][0].answer(row, outcome.policies, lines)
        answers.append(known[mark])
    return Answered(null_column(height, pl.UInt32).scatter(marks.get_column(_ROW), case), answers)


_NONE = pl.DataFrame(schema={_ROW: pl.UInt32, **dict.fromkeys(_CASE, pl.UInt64)})


def _rows_at(
    frames: Sequence[pl.DataFrame], starts: Sequence[int], places: pl.Series
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Rows of several frames by their places in all of them together, with the numbers of their frames."""
    own: dict[int, list[int]] = {}
    at = [bisect_right(starts, place) - 1 for place in places]
    for number, place in zip(at, places, strict=True):
        own.setdefault(number, []).append(place - starts[number])
    rows = {number: frames[number][found].iter_rows(named=True) for number, found in own.items()}
    return ((number, next(rows[number])) for number in at)


def _open(policies: Policies, rows: pl.DataFrame) -> pl.DataFrame:
    """The claims of which more may be found out, with their rows: unknown, or eligible for a sum made of facts."""
    made = pl.Series(
        [bool(each.grant and each.grant.computed) or n in policies.timed for n, each in enumerate(policies.measures)]
    )
    unknown, yes = (pl.col("verdict") == verdict for verdict in ("unknown", "yes"))
    at = rows.select(pl.arg_where(unknown | (yes & look(made, "version")))).to_series()
    verdicts = pl.col("verdict").to_physical().alias(_VERDICT)
    return rows.select(*_KEY, verdicts)[at].with_columns(at.alias(_ROW)).rename({"version": _VERSION})


# The parts of a batch have the same groups, and mostly the same cases.


@lru_cache(maxsize=8)
def _questions(policies: Policies, on: dt.date, categories: tuple[Category, ...], in_words: bool) -> list[_Question]:
    numbered = [(version, each) for version, each in enumerate(policies.measures) if each.category in categories]
    sides = ([each for each in numbered if each[1].of_accounts is accounts] for accounts in (True, False))
    return [_Question(policies, group, in_words=in_words) for side in sides for group in groups(policies, side, on)]


@lru_cache(maxsize=4)
def _known(_policies: Policies, _on: dt.date) -> dict[tuple[object, ...], Answer]:
    """The answers of cases by their marks."""
    return {}


class _Question:
    """What there is to say of the claims of a group of measures, with the expressions that ask it, made once."""

    def __init__(self, policies: Policies, group: MeasureGroup, *, in_words: bool) -> None:
        self.group = group
        self.accounts = group.measures[0].of_accounts
        self.columns = group.columns() | dates(policies, accounts=self.accounts)
        self._firm_facts = frozenset(key for key, fact in policies.vocabulary.facts.items() if fact.of == "firm")
        self._names = {word: f"@{n}" for n, word in enumerate(dict.fromkeys(group.words()))}
        self._trees: dict[tuple[object, ...], tuple[Judged | None, Judged | None]] = {}
        self.truths = [word.truth().alias(name) for word, name in self._names.items()]
        self._waits = None if in_words else _waits(group, self._names)
        types = {name: kind for of in ("event", "firm") for name, kind in schema(policies.vocabulary, of).items()}
        read = {name: kind for name, kind in types.items() if name in self.columns and name != FIRM}
        # Measures of a group read the same facts, and so differ in nothing but their answers.
        like: list[str | pl.Expr] = [_VERSION, _VERDICT, *self._names.values()]
        relations = [word.column for word in self._names if isinstance(word, Relation)]
        like += [column + OPEN for column in relations]
        like += _alike(read, group, self._names, group.grants[0])
        figures: list[pl.Expr] = []
        if in_words:
            like += [column + OTHER for column in relations]
            like += [] if self.accounts else [policies.kind_fact]
            figures = list(_figures(group, self._names))
        self._case = [pl.struct(like).hash(seed).alias(name) for seed, name in enumerate(_LIKE)]
        whole = pl.struct(*_LIKE, *figures)
        self._whole = [
            whole.hash(seed).alias(name) if figures else pl.col(like).alias(name)
            for seed, (name, like) in enumerate(zip(_CASE, _LIKE, strict=True))
        ]

    def steps(self, claims: pl.DataFrame) -> pl.LazyFrame:
        """Those of some claims that are the group's and to be asked, with their truths and marks."""
        kept = [name for name in claims.columns if name in self.columns or name.startswith("@")]
        mine = claims.lazy().select(kept).filter(pl.col(_VERSION).is_in(self.group.versions)).with_columns(self.truths)
        return (
            (mine if self._waits is None else mine.filter(self._waits))
            .with_columns(self._case)
            .with_columns(self._whole)
        )

    def answer(self, row: dict[str, Any], policies: Policies, lines: Lines | None) -> Answer:
        """What there is to say of one claim."""
        if lines is None:
            return Answer(self._said(row, policies, None))
        said: CaseWords = lines.once(tuple(row[name] for name in _LIKE), lambda: self._said(row, policies, lines))
        if not said.decisive:
            return Answer(said)
        found = dict.fromkeys(lines.reason(leaf, row).says for leaf in said.decisive)
        return Answer(said, phrase("show.then", lines.lang).join(found) if len(found) > 1 else next(iter(found)))

    def _said(self, row: dict[str, Any], policies: Policies, lines: Lines | None) -> CaseWords:
        truths = tuple(row[name] for name in self._names.values())
        if truths not in self._trees:
            truth = dict(zip(self._names, truths, strict=True))
            roots = [tree(each, truth) if each else None for each in (self.group.condition, self.group.times)]
            self._trees[truths] = (roots[0], roots[1])
        claim = Claim(row[FIRM], row[EVENT], row[_VERSION], row, *self._trees[truths])
        measure, verdict = policies.measures[claim.version], VERDICTS[row[_VERDICT]]
        missing = () if verdict == "no" else missing_facts(claim, measure)
        if lines is None:
            return CaseWords(missing)
        return CaseWords(
            missing,
            lines.amount(claim, verdict) if measure.grant else "",
            tuple(ask for fact in missing for ask in self._asks(claim, policies, fact, verdict)),
            tuple(lines.decisive(claim, verdict, missing)),
        )

    def _asks(self, claim: Claim, policies: Policies, fact: str, verdict: str) -> Iterator[Ask]:
        measure = policies.measures[claim.version]
        moves = stake(claim, measure, fact, verdict) if measure.category == "award" else Stake("part", 0)
        if fact in self._firm_facts:
            yield Ask(fact, of_firm=True, own=False, other=None, moves=moves)
            return
        for event in events_asked(claim, fact):
            own = event == claim.event
            yield Ask(fact, of_firm=False, own=own, other=None if own else event, moves=moves)


def _asked(
    outcome: Outcome, rows: pl.DataFrame, questions: Sequence[_Question]
) -> Iterator[tuple[_Question, pl.LazyFrame]]:
    """Each question that some of the rows may have an answer to, and its steps for them."""
    policies, firms = outcome.policies, outcome.firms
    met = set(rows.get_column(_VERSION).unique())
    found = [each for each in questions if met.intersection(each.group.versions)]
    for accounts in (True, False):
        some = [each for each in found if each.accounts is accounts]
        mine = rows.filter(pl.col("event").is_null() if accounts else pl.col("event").is_not_null())
        columns = frozenset[str]().union(*(each.columns for each in some))
        if accounts:
            claims = claims_of_accounts(firms, columns)[mine.get_column("firm")]
        else:
            claims = claims_of_events(firms, mine.get_column("event"), columns | {policies.kind_fact})
        claims = claims.hstack(mine.select(_VERSION, _ROW, _VERDICT))
        for each in some:
            yield each, each.steps(mark_events(firms, claims, each.group))


def _waits(group: MeasureGroup, names: Mapping[Condition, str]) -> pl.Expr:
    """The claims that may wait for a fact: not refused, and unknown in the verdict or in a part of the amount."""
    verdict = pl.col(names[group.condition]) if group.condition else pl.lit(value=True)
    amount = {part for grant in group.grants for part in grant.facts}
    unknown = [verdict.is_null(), *(pl.col(part).is_null() for part in sorted(amount))]
    if group.times:
        unknown.append(pl.col(names[group.times]).is_null())
    return verdict.fill_null(value=True) & pl.any_horizontal(unknown)


def _alike(
    read: Mapping[str, pl.DataType], group: MeasureGroup, names: Mapping[Condition, str], grant: Grant
) -> list[pl.Expr]:
    """What must agree besides the truths: which facts are blank, and the figures that an answer may depend on."""
    parts = grant.facts
    unsure = pl.any_horizontal(pl.lit(value=False), *(pl.col(each).is_null() for each in parts))
    if group.times:
        unsure |= pl.col(names[group.times]).is_null()
    marks: list[pl.Expr] = []
    for name, kind in read.items():
        column = pl.col(name)
        if name.endswith(UNTIL):
            continue
        marks.append(column.is_null())
        if kind == pl.Date:
            vague = column != pl.col(name + UNTIL)
            marks += [pl.when(vague).then(name), pl.when(vague).then(name + UNTIL)]
        elif kind == pl.UInt64:
            marks.append(column)
        elif kind == pl.Int64:
            marks.append(column <= 0)
        if name in parts:
            marks.append(pl.when(unsure).then(name))
    return [mark.alias(f"@mark{n}") for n, mark in enumerate(marks)]


def _figures(group: MeasureGroup, names: Mapping[Condition, str]) -> Iterator[pl.Expr]:
    """The figures that reasons name: of each condition that decides a claim that is no yes."""
    verdict = pl.col(_VERDICT)
    truth = pl.when(verdict == VERDICTS.index("no")).then(False)
    words = dict.fromkeys(walk(group.condition)) if group.condition else {}
    for word in (each for each in words if each.atomic):
        decides = (verdict != VERDICTS.index("yes")) & pl.col(names[word]).eq_missing(truth)
        for column in sorted(all_columns(word)):
            yield pl.when(decides).then(column).alias(f"{names[word]}={column}")
