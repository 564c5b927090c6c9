"""What each award still waits for, for any number of awards: the answer of `advice`, asked once for all that are alike.

Which facts an award waits for depends on the truth of each condition word, on which facts are blank, and, where
a date is vague or an amount has a blank part, on those figures. Claims that agree in all of that are one case;
`advice.missing_facts` judges one claim of each case, and the others share its answer. A million claims make a few
thousand cases, more where many dates are vague or many sums have a part that nobody knows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import lru_cache

import polars as pl

from ordos_subsidy.advice import Claim, missing_facts, tree
from ordos_subsidy.amounts import Grant
from ordos_subsidy.conditions import UNTIL, Condition
from ordos_subsidy.evaluation import (
    EVENT,
    Group,
    Outcome,
    claimed,
    claims_of_accounts,
    claims_of_events,
    dates,
    groups,
    look,
    mark_events,
)
from ordos_subsidy.firms.tables import FIRM
from ordos_subsidy.policies import Policies
from ordos_subsidy.words import Lang, listed

_CASE, _VERSION, _ROW = "@case", "@version", "@row"
_KEY = ["firm", "event", "version"]
Facts = tuple[str, ...]


def facts(outcome: Outcome, rows: pl.DataFrame, lang: Lang | None) -> pl.Series:
    """The missing facts of award rows: headings joined, or a list of keys; null where nothing is missing."""
    cases: list[Facts] = []
    case = pl.Series([None], dtype=pl.UInt32).new_from_index(0, rows.height)
    for found in _cases(outcome, _open(outcome.policies, rows), cases):
        case.scatter(found.get_column(_ROW), found.get_column(_CASE))
    return _worded(outcome, cases, lang).gather(case)


def _open(policies: Policies, rows: pl.DataFrame) -> pl.DataFrame:
    """The claims of which more may be found out, with their rows: unknown, or eligible for a sum made of facts."""
    made = pl.Series([bool(each.grant and any(each.grant.shape)) for each in policies.measures])
    unknown, yes = (pl.col("verdict") == verdict for verdict in ("unknown", "yes"))
    at = rows.select(pl.arg_where(unknown | (yes & look(made, "version")))).to_series()
    return rows.select(*_KEY)[at].with_columns(at.alias(_ROW))


def _worded(outcome: Outcome, cases: list[Facts], lang: Lang | None) -> pl.Series:
    if lang is None:
        return pl.Series([list(case) or None for case in cases], dtype=pl.List(pl.String))
    known = outcome.policies.vocabulary.facts
    texts = [listed((known[key].title.in_(lang) for key in case), lang) or None for case in cases]
    return pl.Series(texts, dtype=pl.String)


def _cases(outcome: Outcome, waiting: pl.DataFrame, cases: list[Facts]) -> Iterator[pl.DataFrame]:
    """For each group of measures the rows of its claims with the number of their case; new cases are appended."""
    known = _known(outcome.policies, outcome.on)
    for group in _groups(outcome.policies, outcome.on):
        mine = waiting.filter(pl.col("version").is_in(group.versions))
        if mine.height:
            yield from _of_group(group, _judged(outcome, group, mine), outcome.policies, known, cases)


# The parts of a batch have the same groups, and mostly the same cases.


@lru_cache(maxsize=4)
def _groups(policies: Policies, on: dt.date) -> list[Group]:
    numbered = [(version, each) for version, each in enumerate(policies.measures) if each.category == "award"]
    sides = ([each for each in numbered if each[1].of_accounts is accounts] for accounts in (True, False))
    return [group for side in sides for group in groups(policies, side, on)]


@lru_cache(maxsize=4)
def _known(_policies: Policies, _on: dt.date) -> dict[tuple[object, ...], Facts]:
    """The answers of cases by their marks."""
    return {}


def _judged(outcome: Outcome, group: Group, waiting: pl.DataFrame) -> pl.DataFrame:
    """Claims of a group with the truth of each of its words, the place of its measure, and the row it stands in."""
    policies, firms = outcome.policies, outcome.firms
    accounts = group.measures[0].of_accounts
    columns = group.columns() | dates(policies, accounts=accounts)
    event, at = waiting.get_column("event"), None
    if accounts:
        frame = claims_of_accounts(firms, columns)[waiting.get_column("firm")]
    elif FIRM in columns:  # its words look at what else the firm has of the kind
        ((_, events),) = claimed(policies, firms.events, [group])
        frame, at = claims_of_events(firms, events, columns), events.search_sorted(event)
    else:
        frame = claims_of_events(firms, event, columns)
    frame = mark_events(policies, firms, frame, group)
    frame = frame.with_columns(word.truth().alias(name) for word, name in _names(group).items())
    return (frame if at is None else frame[at]).hstack(
        [waiting.get_column("version").alias(_VERSION), waiting.get_column(_ROW)]
    )


def _names(group: Group) -> dict[Condition, str]:
    """The columns of the truths."""
    return {word: f"@{n}" for n, word in enumerate(dict.fromkeys(group.words()))}


def _of_group(
    group: Group,
    frame: pl.DataFrame,
    policies: Policies,
    known: dict[tuple[object, ...], Facts],
    cases: list[Facts],
) -> Iterator[pl.DataFrame]:
    names = _names(group)
    frame = frame.filter(_waits(group, names))
    if not frame.height:
        return
    # Measures of a group read the same facts, and so differ in nothing but their answers.
    marks = frame.select(_VERSION, *names.values(), *_alike(frame, group, names, group.grants[0]))
    case = marks.select(pl.struct(marks.columns).rank("dense").cast(pl.UInt32) - 1).to_series()
    firsts = case.arg_unique()
    firsts = firsts.gather(case.gather(firsts).arg_sort())
    for mark, row in zip(marks[firsts].iter_rows(), frame[firsts].iter_rows(named=True), strict=True):
        if mark not in known:
            truth = {word: row[name] for word, name in names.items()}
            trees = [tree(each, truth) if each else None for each in (group.condition, group.times)]
            claim = Claim(row[FIRM], row[EVENT], row[_VERSION], row, trees[0], trees[1])
            known[mark] = missing_facts(claim, policies.measures[row[_VERSION]])
        cases.append(known[mark])
    yield frame.select(_ROW, case.alias(_CASE) + (len(cases) - len(firsts)))


def _waits(group: Group, names: Mapping[Condition, str]) -> pl.Expr:
    """The claims that may wait for a fact: not refused, and unknown in the verdict or in a part of the amount."""
    verdict = pl.col(names[group.condition]) if group.condition else pl.lit(value=True)
    amount = {part for grant in group.grants for part in _parts(grant)}
    unknown = [verdict.is_null(), *(pl.col(part).is_null() for part in sorted(amount))]
    if group.times:
        unknown.append(pl.col(names[group.times]).is_null())
    return verdict.fill_null(value=True) & pl.any_horizontal(unknown)


def _parts(grant: Grant | None) -> list[str]:
    """The facts that an amount is made of."""
    return [each for each in (grant.of, grant.less, grant.over, grant.within) if each] if grant else []


def _alike(frame: pl.DataFrame, group: Group, names: Mapping[Condition, str], grant: Grant | None) -> list[pl.Expr]:
    """What must agree besides the truths: which facts are blank, and the figures that an answer may depend on."""
    parts = _parts(grant)
    unsure = pl.any_horizontal(pl.lit(value=False), *(pl.col(each).is_null() for each in parts))
    if group.times:
        unsure |= pl.col(names[group.times]).is_null()
    marks = []
    for n, (name, kind) in enumerate(frame.schema.items()):
        column = pl.col(name)
        if name.startswith("@") or name.endswith(UNTIL):
            continue
        marks.append(column.is_null().alias(f"n{n}"))
        if kind == pl.Date:
            vague = column != pl.col(name + UNTIL)
            marks += [pl.when(vague).then(name).alias(f"f{n}"), pl.when(vague).then(name + UNTIL).alias(f"u{n}")]
        elif kind == pl.Int64:
            marks.append((column <= 0).alias(f"s{n}"))
        if name in parts:
            marks.append(pl.when(unsure).then(name).alias(f"v{n}"))
    return marks
