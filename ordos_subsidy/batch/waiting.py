"""What each award still waits for, for any number of awards: the answer of `advice`, asked once for all that are alike.

Which facts an award waits for depends on the truth of each condition word, on which facts are blank, and, where
a date is vague or an amount has a blank part, on those figures. Claims that agree in all of that are one case;
`advice.missing_facts` judges one claim of each case, and the others share its answer. A million claims make a few
thousand cases, more where many dates are vague or many sums have a part that nobody knows. That two claims agree is
told by two hashes of 64 bits, each with a seed of its own: sorting all that they are made of takes twice as long.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import accumulate
from typing import Any

import polars as pl

from ordos_subsidy.advice import Claim, missing_facts, tree
from ordos_subsidy.amounts import Grant
from ordos_subsidy.conditions import OPEN, UNTIL, Condition, Relation
from ordos_subsidy.evaluation import (
    AS_WRITTEN,
    EVENT,
    MeasureGroup,
    Outcome,
    claims_of_accounts,
    claims_of_events,
    dates,
    groups,
    look,
    mark_events,
)
from ordos_subsidy.policy import Policies
from ordos_subsidy.tables.columns import null_column
from ordos_subsidy.tables.firms import FIRM, schema
from ordos_subsidy.words import Lang, listed

_VERSION, _ROW, _CASE = "@version", "@row", ["@case1", "@case2"]
_KEY = ["firm", "event", "version"]
Facts = tuple[str, ...]


def facts(outcome: Outcome, rows: pl.DataFrame, lang: Lang | None) -> pl.Series:
    """The missing facts of award rows: headings joined, or a list of keys; null where nothing is missing."""
    asked = list(_asked(outcome, _open(outcome.policies, rows)))
    frames = pl.collect_all([steps for _, steps in asked], engine="in-memory", optimizations=AS_WRITTEN)
    marks = pl.concat([_NONE, *(frame.select(_ROW, *_CASE) for frame in frames)])
    case = marks.select(pl.struct(_CASE).rank("dense").cast(pl.UInt32) - 1).to_series()
    firsts = case.arg_unique()
    firsts = firsts.gather(case.gather(firsts).arg_sort())
    known = _known(outcome.policies, outcome.on)
    starts = list(accumulate((frame.height for frame in frames), initial=0))
    cases = []
    for first, mark in zip(firsts, marks[firsts].select(_CASE).iter_rows(), strict=True):
        if mark not in known:
            n = bisect_right(starts, first) - 1
            row = frames[n].row(first - starts[n], named=True)
            known[mark] = asked[n][0].answer(row, outcome.policies)
        cases.append(known[mark])
    of_rows = null_column(rows.height, pl.UInt32).scatter(marks.get_column(_ROW), case)
    return _worded(outcome, cases, lang).gather(of_rows)


_NONE = pl.DataFrame(schema={_ROW: pl.UInt32, **dict.fromkeys(_CASE, pl.UInt64)})


def _open(policies: Policies, rows: pl.DataFrame) -> pl.DataFrame:
    """The claims of which more may be found out, with their rows: unknown, or eligible for a sum made of facts."""
    made = pl.Series(
        [bool(each.grant and each.grant.computed) or n in policies.timed for n, each in enumerate(policies.measures)]
    )
    unknown, yes = (pl.col("verdict") == verdict for verdict in ("unknown", "yes"))
    at = rows.select(pl.arg_where(unknown | (yes & look(made, "version")))).to_series()
    return rows.select(*_KEY)[at].with_columns(at.alias(_ROW)).rename({"version": _VERSION})


def _worded(outcome: Outcome, cases: list[Facts], lang: Lang | None) -> pl.Series:
    if lang is None:
        return pl.Series([list(case) or None for case in cases], dtype=pl.List(pl.String))
    known = outcome.policies.vocabulary.facts
    texts = [listed((known[key].title.in_(lang) for key in case), lang) or None for case in cases]
    return pl.Series(texts, dtype=pl.String)


# The parts of a batch have the same groups, and mostly the same cases.


@lru_cache(maxsize=4)
def _questions(policies: Policies, on: dt.date) -> list[_Question]:
    numbered = [(version, each) for version, each in enumerate(policies.measures) if each.category == "award"]
    sides = ([each for each in numbered if each[1].of_accounts is accounts] for accounts in (True, False))
    return [_Question(policies, group) for side in sides for group in groups(policies, side, on)]


@lru_cache(maxsize=4)
def _known(_policies: Policies, _on: dt.date) -> dict[tuple[object, ...], Facts]:
    """The answers of cases by their marks."""
    return {}


class _Question:
    """What the claims of a group of measures wait for, with the expressions that ask it, made once."""

    def __init__(self, policies: Policies, group: MeasureGroup) -> None:
        self.group = group
        self.accounts = group.measures[0].of_accounts
        self.columns = group.columns() | dates(policies, accounts=self.accounts)
        self._names = {word: f"@{n}" for n, word in enumerate(dict.fromkeys(group.words()))}
        self.truths = [word.truth().alias(name) for word, name in self._names.items()]
        self._waits = _waits(group, self._names)
        types = {name: kind for of in ("event", "firm") for name, kind in schema(policies.vocabulary, of).items()}
        read = {name: kind for name, kind in types.items() if name in self.columns and name != FIRM}
        # Measures of a group read the same facts, and so differ in nothing but their answers.
        open_ = [word.column + OPEN for word in self._names if isinstance(word, Relation)]
        marks = pl.struct(_VERSION, *self._names.values(), *open_, *_alike(read, group, self._names, group.grants[0]))
        self._case = [marks.hash(seed).alias(name) for seed, name in enumerate(_CASE)]

    def steps(self, claims: pl.DataFrame) -> pl.LazyFrame:
        """Those of some claims that are the group's and wait for a fact, with their truths and marks."""
        kept = [name for name in claims.columns if name in self.columns or name.startswith("@")]
        mine = claims.lazy().select(kept).filter(pl.col(_VERSION).is_in(self.group.versions))
        return mine.with_columns(self.truths).filter(self._waits).with_columns(self._case)

    def answer(self, row: dict[str, Any], policies: Policies) -> Facts:
        """What one claim waits for."""
        truth = {word: row[name] for word, name in self._names.items()}
        trees = [tree(each, truth) if each else None for each in (self.group.condition, self.group.times)]
        claim = Claim(row[FIRM], row[EVENT], row[_VERSION], row, trees[0], trees[1])
        return missing_facts(claim, policies.measures[row[_VERSION]])


def _asked(outcome: Outcome, waiting: pl.DataFrame) -> Iterator[tuple[_Question, pl.LazyFrame]]:
    """Each question that some of the claims may have an answer to, and its steps for them."""
    policies, firms = outcome.policies, outcome.firms
    met = set(waiting.get_column(_VERSION).unique())
    found = [each for each in _questions(policies, outcome.on) if met.intersection(each.group.versions)]
    for accounts in (True, False):
        some = [each for each in found if each.accounts is accounts]
        rows = waiting.filter(pl.col("event").is_null() if accounts else pl.col("event").is_not_null())
        columns = frozenset[str]().union(*(each.columns for each in some))
        if accounts:
            claims = claims_of_accounts(firms, columns)[rows.get_column("firm")]
        else:
            claims = claims_of_events(firms, rows.get_column("event"), columns)
        claims = claims.hstack(rows.select(_VERSION, _ROW))
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
