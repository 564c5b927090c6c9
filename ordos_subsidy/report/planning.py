"""The answers to `plan` and `compare`: the firms of files as they are and as they would be, side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from ordos_subsidy.document import FirmReport, Report, Source
from ordos_subsidy.errors import Problem
from ordos_subsidy.evaluation import Outcome, evaluate
from ordos_subsidy.facts import Fact
from ordos_subsidy.messages import Lang, phrase
from ordos_subsidy.report.answer import calc
from ordos_subsidy.report.differences import Case, Differences, SideBySide, side_by_side
from ordos_subsidy.sweeps import Stretch, sweep
from ordos_subsidy.variants import Variant, varied
from ordos_subsidy.wording import Speaker


class Scenario(NamedTuple):
    """What would be otherwise: a name, and values by column."""

    name: str
    values: Mapping[str, Any]


def planned(outcome: Outcome, scenarios: Sequence[Scenario], *, lang: Lang = "zh") -> Differences:
    """Every firm of an outcome as it is and in each scenario."""
    report = calc(outcome, lang=lang)
    firms = range(len(outcome.firms))
    columns = [(phrase("plan.now", lang), outcome, report)]
    for each in scenarios:
        other = changed(outcome, each)
        columns.append((each.name, other, calc(other, lang=lang)))
    pairs = (side_by_side([Case(name, told.firms[n], of, n) for name, of, told in columns], lang) for n in firms)
    return _comparison(report, tuple(pairs), (), lang)


def changed(outcome: Outcome, scenario: Scenario) -> Outcome:
    """The outcome of all firms with the values of a scenario."""
    company, _ = varied(outcome.firms, [Variant(firm, scenario.values) for firm in range(len(outcome.firms))])
    return evaluate(outcome.policies, company, outcome.on)


def compared(files: Sequence[tuple[str, Outcome]], *, lang: Lang = "zh") -> Differences:
    """The firms of two files side by side: the same firm by its code or name, or the only firm of each."""
    (first, one), (second, other) = files
    reports = calc(one, lang=lang), calc(other, lang=lang)
    theirs = {
        key: n for n, firm in reversed(list(enumerate(reports[1].firms))) for key in (firm.name, firm.credit_code)
    }
    pairs: list[SideBySide] = []
    left = set(range(len(reports[1].firms)))
    unpaired = []
    for n, firm in enumerate(reports[0].firms):
        at = next((theirs[key] for key in (firm.credit_code, firm.name) if key and theirs.get(key) in left), None)
        if at is None and len(reports[0].firms) == len(reports[1].firms) == 1:
            at = 0
        if at is None:
            unpaired.append((firm.name, first))
            continue
        left.discard(at)
        cases = [Case(first, firm, one, n), Case(second, reports[1].firms[at], other, at)]
        pairs.append(side_by_side(cases, lang))
    unpaired += [(reports[1].firms[n].name, second) for n in sorted(left)]
    return _comparison(reports[0], tuple(pairs), tuple(unpaired), lang, reports[1])


def _comparison(
    report: Report,
    pairs: tuple[SideBySide, ...],
    unpaired: tuple[tuple[str, str], ...],
    lang: Lang,
    other: Report | None = None,
) -> Differences:
    problems = (*report.problems, *(other.problems if other else ()))
    return Differences(lang, report.source, pairs, unpaired, problems, report.footnotes, report.caution)


class Sweep(NamedTuple):
    """The answer to `plan --sweep`: of each firm, the stretches of a figure.

    `says` puts a value of the figure into words; `titles` has the reference and the title of each measure.
    """

    lang: Lang
    source: Source
    fact: Fact
    firms: tuple[tuple[FirmReport, tuple[Stretch, ...]], ...]
    says: Callable[[int], str]
    titles: Mapping[str, tuple[str, str]]
    problems: tuple[Problem, ...]
    caution: str


def swept(outcome: Outcome, fact: Fact, first: int, last: int, *, lang: Lang = "zh") -> Sweep:
    """Where the lines of a figure are, for every firm of an outcome."""
    report, speaker = calc(outcome, lang=lang), Speaker(outcome.policies.vocabulary, lang)
    return Sweep(
        lang,
        report.source,
        fact,
        tuple((firm, tuple(sweep(outcome, n, fact, first, last))) for n, firm in enumerate(report.firms)),
        partial(speaker.value, fact),
        {each.id: (each.clause.reference, each.title.in_(lang)) for each in outcome.policies.measures},
        report.problems,
        report.caution,
    )
