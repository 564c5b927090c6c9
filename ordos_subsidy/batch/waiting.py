"""What each award still waits for, for any number of awards: the answer of `advice`, asked once for all that are alike.

Which facts an award waits for depends on the truth of each condition word, on which facts are blank, and, where
a date is vague or an amount has a blank part, on those figures. Claims that agree in all of that are one case;
`advice.missing_facts` judges one claim of each case, and the others share its answer. A million claims make some
hundreds of cases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from ordos_subsidy.advice import Claim, Judged, missing_facts
from ordos_subsidy.amounts import Grant
from ordos_subsidy.conditions import UNTIL, Condition
from ordos_subsidy.evaluation import (
    Group,
    Outcome,
    by_kind,
    claimed,
    claims_of_accounts,
    claims_of_events,
    dates,
    groups,
    mark_events,
)
from ordos_subsidy.firms.tables import FIRM
from ordos_subsidy.policies import Policies
from ordos_subsidy.words import Lang

_EVENT, _CASE, _VERSION = "@event", "@case", "@version"
_KEY = ["firm", "event", "version"]
Facts = tuple[str, ...]


def facts(outcome: Outcome, rows: pl.DataFrame, lang: Lang | None) -> pl.Series:
    """The missing facts of award rows: headings joined, or a list of keys; null where nothing is missing."""
    cases: list[Facts] = []
    found = [each for each in _cases(outcome, cases) if each.height]
    answers = _worded(outcome, cases, lang)
    if not found:
        return answers.clear().extend_constant(None, rows.height)
    joined = rows.select(*_KEY, "verdict").join(
        pl.concat(found), on=_KEY, how="left", nulls_equal=True, maintain_order="left"
    )
    case = joined.select(pl.when(pl.col("verdict") != "no").then(_CASE)).to_series()
    return answers.gather(case)


def _worded(outcome: Outcome, cases: list[Facts], lang: Lang | None) -> pl.Series:
    if lang is None:
        return pl.Series([list(case) or None for case in cases], dtype=pl.List(pl.String))
    known = outcome.policies.vocabulary.facts
    comma = "、" if lang == "zh" else ", "
    texts = [comma.join(known[key].title.in_(lang) for key in case) or None for case in cases]
    return pl.Series(texts, dtype=pl.String)


def _cases(outcome: Outcome, cases: list[Facts]) -> Iterator[pl.DataFrame]:
    """For each group of measures its claims with the number of their case; new cases are appended."""
    policies = outcome.policies
    numbered = [(version, each) for version, each in enumerate(policies.measures) if each.category == "award"]
    for group in groups(policies, [each for each in numbered if each[1].of_accounts], outcome.on):
        frame = claims_of_accounts(outcome.firms, group.columns() | dates(policies, accounts=True))
        yield from _of_group(outcome, group, frame, cases)
    of_events = groups(policies, [each for each in numbered if not each[1].of_accounts], outcome.on)
    for group, rows in claimed(policies, outcome.firms.events, of_events):
        frame = claims_of_events(outcome.firms, rows, group.columns() | dates(policies, accounts=False))
        yield from _of_group(outcome, group, frame, cases)


def _of_group(outcome: Outcome, group: Group, frame: pl.DataFrame, cases: list[Facts]) -> Iterator[pl.DataFrame]:
    policies = outcome.policies
    frame = mark_events(policies, outcome.firms, frame, group)
    words = list(dict.fromkeys(group.words()))
    names = {word: f"@{n}" for n, word in enumerate(words)}
    frame = frame.with_columns(word.truth().alias(name) for word, name in names.items()).filter(_waits(group, names))
    if not frame.height:
        return
    frame = frame.with_columns(_version(policies, group).alias(_VERSION))
    # Measures of a group read the same facts, and so differ in nothing but their answers.
    alike: list[pl.Expr | str] = [_VERSION, *names.values(), *_alike(frame, group, names, group.grants[0])]
    numbered = _numbered(frame, alike)
    for row in numbered.unique(_CASE, keep="first").sort(_CASE).iter_rows(named=True):
        truth = {word: row[name] for word, name in names.items()}
        trees = [_tree(each, truth) if each else None for each in (group.condition, group.times)]
        claim = Claim(row[FIRM], row[_EVENT], row[_VERSION], row, trees[0], trees[1])
        cases.append(missing_facts(claim, policies.measures[row[_VERSION]]))
    yield numbered.select(
        pl.col(FIRM).alias("firm"),
        pl.col(_EVENT).alias("event"),
        pl.col(_VERSION).alias("version"),
        pl.col(_CASE) + (len(cases) - numbered.get_column(_CASE).n_unique()),
    )


def _version(policies: Policies, group: Group) -> pl.Expr:
    """The place of each claim's measure in the policy."""
    if group.measures[0].of_accounts:
        return pl.lit(group.versions[0], pl.UInt16)
    claimed_by = {
        kind: version
        for version, measure in zip(group.versions, group.measures, strict=True)
        for kind in measure.claims
    }
    return by_kind(policies, claimed_by, pl.UInt16)


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


def _numbered(frame: pl.DataFrame, alike: Sequence[pl.Expr | str]) -> pl.DataFrame:
    """The frame with the number of each row's case, dense from 0."""
    marks = frame.select(*alike)
    case = marks.select(pl.struct(marks.columns).rank("dense").cast(pl.UInt32) - 1).to_series()
    return frame.with_columns(case.alias(_CASE))


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
        elif name in parts:
            marks.append(pl.when(unsure).then(name).alias(f"v{n}"))
        elif kind == pl.Int64:
            marks.append((column <= 0).alias(f"s{n}"))
    return marks


def _tree(word: Condition, truth: Mapping[Condition, bool | None]) -> Judged:
    return Judged(word, truth[word], tuple(_tree(part, truth) for part in word.inside()))
