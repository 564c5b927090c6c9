"""Checking without calculating: the examples beside the rules, and input files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ordos_subsidy import cells
from ordos_subsidy.advice import Claim, claims, missing_facts
from ordos_subsidy.errors import Problem, problem
from ordos_subsidy.evaluation import Outcome, evaluate
from ordos_subsidy.facts import Fact
from ordos_subsidy.firms.reading import read_mapping
from ordos_subsidy.policies import Policies, load_examples
from ordos_subsidy.words import Text

if TYPE_CHECKING:
    import os

    from ordos_subsidy.grammar import Example, Measure

_SUM = Fact("sum", "event", "money", Text("金额", "sum"), Text("", ""))
#: Examples are judged on a day long after any of theirs, unless they say otherwise.
_ON = dt.date(2100, 1, 1)


@dataclass(frozen=True, slots=True)
class Checked:
    """How many examples were run, and what is wrong with those that failed."""

    examples: int
    problems: tuple[Problem, ...]


def run_examples(policies: Policies, paths: Iterable[str | os.PathLike[str]]) -> Checked:
    """Run every example of policy files through the evaluator."""
    found: list[Problem] = []
    examples = load_examples(*paths)
    for place, measure, example in examples:
        found += _run(policies, place, measure, example)
    return Checked(len(examples), tuple(found))


def _run(policies: Policies, place: str, measure: Measure, example: Example) -> list[Problem]:
    firms = read_mapping(_input(policies, measure, example), policies.vocabulary, place, anonymous=True)
    errors = [each for each in firms.problems if each.severity == "error"]
    if errors:
        return errors
    outcome = evaluate(policies, firms, example.on or _ON)
    got = _got(outcome, measure, example)
    wanted = _wanted(policies, example)
    if all(got[key] == value for key, value in wanted.items()):
        return []
    return [
        problem(
            "policy.example-failed",
            place,
            says=example.says,
            wanted=_words(wanted),
            got=_words({k: got[k] for k in wanted}),
        )
    ]


def _words(values: dict[str, Any]) -> str:
    return ", ".join(f"{key} {value}" for key, value in values.items())


def _input(policies: Policies, measure: Measure, example: Example) -> dict[str, Any]:
    events = [dict(each) for each in example.others]
    if measure.claims and measure.claims != ["accounts"]:
        events.insert(0, {policies.kind_fact: measure.claims[0], **(example.event or {})})
    return {"firm": [{**example.firm, "event": events}]}


def _wanted(policies: Policies, example: Example) -> dict[str, Any]:
    wanted: dict[str, Any] = {"verdict": example.verdict}
    for key in ("low", "high"):
        stated = getattr(example, key)
        if stated is not None:
            read = cells.read(_SUM, stated, vocabulary=policies.vocabulary)
            wanted[key] = None if stated == "open" else read.value
    if example.missing is not None:
        wanted["missing"] = sorted(example.missing)
    return wanted


def _got(outcome: Outcome, measure: Measure, example: Example) -> dict[str, Any]:
    claim = next(each for each in _claims(outcome, measure) if not each.event)
    if measure.category == "preference":
        row: dict[str, Any] = outcome.preferences.filter(outcome.preferences["measure"] == measure.id).row(
            0, named=True
        )
    else:
        table = outcome.credits if measure.category == "credit" else outcome.awards
        rows = table.filter(table["measure"] == measure.id).sort("event")
        row = rows.row(0, named=True)
    if example.missing is not None:
        version = outcome.policies.measures[claim.version]
        row = {**row, "missing": sorted(missing_facts(claim, version))}
    return row


def _claims(outcome: Outcome, measure: Measure) -> Iterable[Claim]:
    wanted = [number for number, each in enumerate(outcome.policies.measures) if each.id == measure.id]
    return (each for each in claims(outcome, measure.category) if each.version in wanted)
