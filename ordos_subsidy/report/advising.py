"""The answer to `advise`: what a firm just misses, what it could seek, and what its annual awards come to."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import cast

from ordos_subsidy import hints
from ordos_subsidy.advice import claims
from ordos_subsidy.document import Advice, FactChange, FirmAdvice, HintLine, ReachLine, Verdict, WayLine
from ordos_subsidy.evaluation import Outcome
from ordos_subsidy.messages import Lang
from ordos_subsidy.report.answer import calc
from ordos_subsidy.report.lines import Lines


def advise(outcome: Outcome, *, lang: Lang = "zh", everything: bool = False) -> Advice:
    """What each firm of an outcome could do next."""
    report = calc(outcome, lang=lang)
    near = hint_lines(outcome, lang)
    reach = reach_lines(outcome, lang)
    key = outcome.policies.year_fact
    years = outcome.firms.firms.get_column(key).to_list() if key else [None] * len(outcome.firms)
    firms = []
    for n, firm in enumerate(report.firms):
        annual = (line for line in firm.awards if line.verdict != "no" and len(line.schedule) > 1)
        firms.append(FirmAdvice(firm, near[n], reach[n], tuple(annual), str(years[n] or "")))
    frame = report._asdict() | {"everything": everything, "firms": tuple(firms)}
    return Advice(on=outcome.on, **{key: frame[key] for key in Advice._fields if key != "on"})


def hint_lines(outcome: Outcome, lang: Lang) -> list[tuple[HintLine, ...]]:
    """What each firm just misses: awards before what has no sum, the cheapest first."""
    lines = Lines(outcome, lang)
    found: list[dict[tuple[int, int | None], list[hints.Hint]]] = [{} for _ in range(len(outcome.firms))]
    for hint in hints.near_misses(outcome, "award", "credit", "preference"):
        found[hint.claim.firm].setdefault((hint.claim.version, hint.claim.event), []).append(hint)
    made = [[_hint(lines, own) for own in each.values()] for each in found]
    return [tuple(sorted(each, key=_cheapest)) for each in made]


def _cheapest(line: HintLine) -> tuple[bool, bool, int]:
    low, high = line.ways[0].cost
    return line.category == "preference", high is None, low


def _hint(lines: Lines, found: Sequence[hints.Hint]) -> HintLine:
    claim, before = found[0].claim, found[0].before
    measure = lines.outcome.policies.measures[claim.version]
    ways = (
        WayLine(
            tuple(_move(lines, hint, step) for step in hint.way),
            (hints.cost(hint.way), None if any(step.cost is None for step in hint.way) else hints.cost(hint.way)),
            cast("Verdict", hint.after.verdict),
            hint.after.low,
            hint.after.high,
        )
        for hint in found
    )
    return HintLine(
        **lines.common(measure),
        category=measure.category,
        event=lines.event(claim.event),
        verdict=cast("Verdict", before.verdict),
        low=before.low,
        high=before.high,
        ways=tuple(ways),
    )


def _move(lines: Lines, hint: hints.Hint, step: hints.Step) -> FactChange:
    """A step in words, with what is lacking in its own unit."""
    fact, row, lang = lines.outcome.policies.vocabulary.facts[step.fact], hint.claim.row, lines.lang
    gap, unit = hints.gap(step, row)
    return FactChange(
        fact=fact.key,
        title=fact.title.in_(lang),
        says=lines.demand(step.leaf, row),
        now=lines.figure(step.leaf, row),
        to=lines.speaker.value(fact, step.value),
        gap=gap,
        unit=unit,
        cost=step.cost,
    )


def reach_lines(outcome: Outcome, lang: Lang) -> list[tuple[ReachLine, ...]]:
    """What each firm could seek, the most assured first, then the highest ceiling."""
    tried, sought = hints.within_reach(outcome)
    lines, policies = Lines(tried, lang), outcome.policies
    of_event = {each.event: each for each in sought}
    rows = {(row["event"], row["version"]): row for row in tried.awards.iter_rows(named=True)}
    ids = {each.id for each in policies.of("award") if not each.of_accounts}
    found: list[list[ReachLine]] = [[] for _ in range(len(outcome.firms))]
    for claim in claims(tried, "award", only=ids):
        if claim.event not in of_event or rows[claim.event, claim.version]["verdict"] == "no":
            continue
        each, filing = of_event[claim.event], policies.measures[claim.version].clause.filing
        papers = tuple(paper.title.in_(lang) for paper in filing.papers) if filing else ()
        title = policies.vocabulary.kinds[each.kind].title.in_(lang)
        line = lines.line(rows[claim.event, claim.version], claim)
        found[each.firm].append(ReachLine(each.kind, title, line, papers))
    return [tuple(sorted(each, key=_largest)) for each in found]


def _largest(each: ReachLine) -> tuple[int, float, int]:
    high = each.line.high
    return -each.line.low, -inf if high is None and each.line.low else -(high or 0), each.line.clause
