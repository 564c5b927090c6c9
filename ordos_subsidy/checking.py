"""Checking without calculating: the examples beside the rules, and input files."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ordos_subsidy import cells
from ordos_subsidy.advice import Claim, claims, missing_facts
from ordos_subsidy.errors import Problem, problem
from ordos_subsidy.evaluation import Outcome, evaluate
from ordos_subsidy.facts import Fact
from ordos_subsidy.messages import Text
from ordos_subsidy.money import in_words
from ordos_subsidy.policy import Policies, build_policy
from ordos_subsidy.tables import read_mapping
from ordos_subsidy.tables.firms import PLACE

if TYPE_CHECKING:
    import os

    from ordos_subsidy.policy.build import Built
    from ordos_subsidy.policy.grammar import ExampleEntry, MeasureEntry

    Case = tuple[str, MeasureEntry, ExampleEntry]

_SUM = Fact("sum", "event", "money", Text("金额", "sum"), Text("", ""))
#: Examples are judged on a day long after any of theirs, unless they say otherwise.
_ON = dt.date(2100, 1, 1)
_WHERE = "examples"


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of `run_examples`: the policy, the number of examples run, and the problems of those that failed."""

    policies: Policies
    examples: int
    problems: tuple[Problem, ...]


def run_examples(*paths: str | os.PathLike[str]) -> Checked:
    """Run every example of policy files, the base first, through the evaluator.

    The examples of a file hold for the policy up to that file: what a later one changes is not its concern.
    """
    whole = build_policy(*paths)
    files = whole.policies.files
    checked = [_run_last(build_policy(*files[:count])) for count in range(1, len(files))]
    checked.append(_run_last(whole))
    problems = tuple(each for part in checked for each in part.problems)
    return Checked(whole.policies, sum(each.examples for each in checked), problems)


def _run_last(built: Built) -> Checked:
    """Run the examples of the last file, those of one day together."""
    policies, own = built.policies, f"{Path(built.policies.files[-1]).name}: "
    examples = [case for case in built.examples if case[0].startswith(own)]
    by_day: dict[dt.date, list[Case]] = defaultdict(list)
    for case in examples:
        by_day[case[2].on or _ON].append(case)
    found = [each for day, cases in by_day.items() for each in _run(policies, day, cases)]
    return Checked(policies, len(examples), tuple(found))


def _run(policies: Policies, day: dt.date, cases: list[Case]) -> Iterator[Problem]:
    """Evaluate examples as firms, one firm an example; the place of the firm names the example."""
    document = {"firm": [_input(policies, measure, example) for _, measure, example in cases]}
    firms = read_mapping(document, policies.vocabulary, _WHERE, anonymous=True)
    for each in firms.problems:
        if each.severity == "error":
            case = _case(each.where)
            place = each.where if case is None else f"{cases[case][0]}.examples: {cases[case][2].says}"
            yield replace(each, where=place)
    outcome = evaluate(policies, firms, day)
    of_firm = [cases[_case(where) or 0] for where in firms.firms.get_column(PLACE)]
    rows = {category: _rows(outcome, category) for category in {measure.category for _, measure, _ in cases}}
    missing = _missing(
        outcome, {(n, measure.id) for n, (_, measure, example) in enumerate(of_firm) if example.missing is not None}
    )
    for firm, (place, measure, example) in enumerate(of_firm):
        got = rows[measure.category][firm, measure.id]
        if example.missing is not None:
            got = {**got, "missing": missing[firm, measure.id]}
        wanted = _wanted(policies, example)
        if any(got[key] != value for key, value in wanted.items()):
            is_, should = _words({key: got[key] for key in wanted}), _words(wanted)
            yield problem("policy.example-failed", f"{place}.examples", says=example.says, wanted=should, got=is_)


def _case(where: str) -> int | None:
    found = re.match(rf"{_WHERE}: firm\[(\d+)\]", where)
    return int(found[1]) - 1 if found else None


def _rows(outcome: Outcome, category: str) -> dict[tuple[int, str], dict[str, Any]]:
    """Return the first row of each firm and measure: that of the example's own event."""
    tables = {"award": outcome.awards, "credit": outcome.credits, "preference": outcome.preferences}
    rows: dict[tuple[int, str], dict[str, Any]] = {}
    table = tables[category]
    for row in (table.sort("event") if "event" in table.columns else table).iter_rows(named=True):
        rows.setdefault((row["firm"], row["measure"]), row)
    return rows


def _missing(outcome: Outcome, wanted: set[tuple[int, str]]) -> dict[tuple[int, str], list[str]]:
    """Return the missing facts of the first claim of some firms and measures."""
    first: dict[tuple[int, str], Claim] = {}
    for claim in claims(outcome, "award", "credit", "preference", only={measure for _, measure in wanted}):
        key = (claim.firm, outcome.policies.measures[claim.version].id)
        if key in wanted and (key not in first or (claim.event or 0) < (first[key].event or 0)):
            first[key] = claim
    measures = outcome.policies.measures
    return {key: sorted(missing_facts(claim, measures[claim.version])) for key, claim in first.items()}


def _words(values: dict[str, Any]) -> str:
    return ", ".join(f"{key} {_shown(key, value)}" for key, value in values.items())


def _shown(key: str, value: object) -> str:
    """Return a value as an example writes it: sums in 万元."""
    if key not in ("low", "high"):
        return ", ".join(value) if isinstance(value, list) else str(value)
    return in_words(value, "zh") if isinstance(value, int) else "open"


def _input(policies: Policies, measure: MeasureEntry, example: ExampleEntry) -> dict[str, Any]:
    events = [dict(each) for each in example.others]
    if measure.claims and measure.claims != ["accounts"]:
        events.insert(0, {policies.kind_fact: measure.claims[0], **(example.event or {})})
    return {**example.firm, "event": events}


def _wanted(policies: Policies, example: ExampleEntry) -> dict[str, Any]:
    wanted: dict[str, Any] = {"verdict": example.verdict}
    for key in ("low", "high"):
        stated = getattr(example, key)
        if stated is not None:
            read = cells.read(_SUM, stated, vocabulary=policies.vocabulary)
            wanted[key] = None if stated == "open" else read.value
    if example.missing is not None:
        wanted["missing"] = sorted(example.missing)
    return wanted
