"""The answer to `calc`: every firm of an outcome, its awards, what waits for facts, and the totals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ordos_subsidy import advice
from ordos_subsidy.advice import Claim
from ordos_subsidy.document import FirmReport, Line, MissingFact, Preference, Report, Totals, YearTotals
from ordos_subsidy.errors import Problem, warning
from ordos_subsidy.evaluation import Outcome
from ordos_subsidy.firms.tables import PLACE
from ordos_subsidy.policies import Measure
from ordos_subsidy.report.lines import Lines
from ordos_subsidy.report.plan import footnotes, source
from ordos_subsidy.words import Lang

Waiting = tuple[Claim, tuple[str, ...], Measure]


def calc(
    outcome: Outcome,
    *,
    lang: Lang = "zh",
    year: int | None = None,
    everything: bool = False,
    claims: Sequence[Sequence[Claim]] | None = None,
) -> Report:
    """Report on all firms of an outcome; `year` restricts schedules and totals to a calendar year.

    `claims` are those of `claims_by_firm`, where they are known already.
    """
    lines = Lines(outcome, lang, year)
    rows = {key: _by_claim(table) for key, table in (("award", outcome.awards), ("credit", outcome.credits))}
    of_firm = claims_by_firm(outcome) if claims is None else claims
    return Report(
        lang=lang,
        source=source(outcome.policies, lang),
        year=year,
        everything=everything,
        firms=tuple(firm_report(lines, firm, of_firm[firm], rows) for firm in range(len(outcome.firms))),
        problems=outcome.firms.problems,
        footnotes=footnotes(outcome.policies, lang),
        left_out=outcome.firms.left_out,
    )


def claims_by_firm(outcome: Outcome) -> list[list[Claim]]:
    """Everything that each firm may have, in the order of the document."""
    claims: list[list[Claim]] = [[] for _ in range(len(outcome.firms))]
    for claim in advice.claims(outcome, "award", "credit", "preference"):
        claims[claim.firm].append(claim)
    for each in claims:
        each.sort(key=lambda claim: (claim.version, -1 if claim.event is None else claim.event))
    return claims


def _by_claim(table: Any) -> dict[tuple[int, int | None, int], Mapping[str, Any]]:
    return {(row["firm"], row["event"], row["version"]): row for row in table.iter_rows(named=True)}


def firm_report(lines: Lines, firm: int, claims: Sequence[Claim], rows: Mapping[str, Mapping[Any, Any]]) -> FirmReport:
    """One firm, its rows in the order of the document."""
    measures = lines.outcome.policies.measures
    made: dict[str, list[Any]] = {"award": [], "credit": [], "preference": []}
    waiting: list[Waiting] = []
    waits: list[tuple[Line | Preference, Claim]] = []
    for claim in claims:
        measure = measures[claim.version]
        if measure.category == "preference":
            line: Line | Preference = lines.preference(measure, claim)
        else:
            line = lines.line(rows[measure.category][claim.firm, claim.event, claim.version], claim)
            if not _counts(line, lines.year):
                continue
        made[measure.category].append(line)
        waiting.append((claim, line.missing, measure))
        waits.append((line, claim))
    facts = lines.outcome.firms.firms.row(firm, named=True)
    name, code = (lines.outcome.policies.vocabulary.role("firm", role) for role in ("name", "id"))
    awards = tuple(made["award"])
    return FirmReport(
        name=facts[name.key] if name else "",
        credit_code=facts[code.key] if code else None,
        place=facts[PLACE],
        awards=awards,
        credits=tuple(made["credit"]),
        preferences=tuple(made["preference"]),
        totals=totals(awards),
        missing=_missing(lines, facts[PLACE], waiting, waits),
        problems=tuple(_repeats(lines, firm)),
    )


def _counts(line: Line, year: int | None) -> bool:
    """Whether a row is shown where one year is asked for: what is refused is, and what falls in that year or none."""
    return year is None or line.verdict == "no" or bool(line.schedule)


def totals(awards: Iterable[Line]) -> Totals:
    """Sums over the slices of some awards; an open end has no sum and is counted."""
    years: dict[int | None, list[int]] = defaultdict(lambda: [0, 0, 0])
    endless = {"yes": 0, "unknown": 0}
    for line in awards:
        for part in line.schedule:
            sums = years[part.year]
            sums[0] += part.low
            sums[1 if line.verdict == "yes" else 2] += part.high or 0
        if line.schedule and line.verdict in endless and line.schedule[0].high is None:
            endless[line.verdict] += 1
    ordered = sorted(years.items(), key=lambda item: (item[0] is None, item[0] or 0))
    assured, ceiling, pending = (sum(sums[n] for sums in years.values()) for n in range(3))
    by_year = tuple(YearTotals(year, *sums) for year, sums in ordered)
    return Totals(assured, ceiling, pending, endless["yes"], endless["unknown"], by_year)


def _missing(
    lines: Lines, place: str, waiting: Sequence[Waiting], waits: Sequence[tuple[Line | Preference, Claim]]
) -> tuple[MissingFact, ...]:
    words = lines.outcome.policies.vocabulary
    of_firm = frozenset(key for key, fact in words.facts.items() if fact.of == "firm")
    line_of = {id(claim): line for line, claim in waits}
    awards = {measure.id for measure in lines.outcome.policies.of("award")}
    found = []
    for question in advice.questions(waiting, of_firm):
        waiters = [line_of[id(claim)] for claim in question.claims]
        highs = [_high(line, lines.year) for line in waiters if isinstance(line, Line) and line.measure in awards]
        found.append(
            MissingFact(
                fact=question.fact,
                title=words.facts[question.fact].title.in_(lines.lang),
                about=_about(lines, question),
                place=place if question.event is None else lines.place(question.event),
                decides=tuple((line.reference, line.title) for line in waiters),
                pending=sum(high for high in highs if high is not None),
                pending_open=sum(high is None for high in highs),
            )
        )
    return tuple(sorted(found, key=lambda each: (-each.pending_open, -each.pending)))


def _high(line: Line, year: int | None) -> int | None:
    """The upper bound of what is shown of a row."""
    if year is None or any(part.high is None for part in line.schedule):
        return line.high
    return sum(part.high or 0 for part in line.schedule)


def _about(lines: Lines, question: advice.Question) -> str:
    """The event that a fact is asked of; where its amount is asked, what that means for its kind."""
    event = lines.event(question.claims[0]) if question.event is not None else None
    if event is None:
        return ""
    words = lines.outcome.policies.vocabulary
    meaning, amount = words.kinds[event.kind].amount, words.role("event", "amount")
    told = [event.title, event.date or ""]
    if meaning and amount and amount.key == question.fact:
        told.append(meaning.in_(lines.lang))
    return " · ".join(each for each in told if each)


def _repeats(lines: Lines, firm: int) -> Iterable[Problem]:
    for repeat in dict.fromkeys(each for repeats in lines.repeated.values() for each in repeats if each.firm == firm):
        where = " ".join(lines.place(event) for event in repeat.events)
        kind = lines.outcome.policies.vocabulary.kinds[repeat.kind].title
        yield warning(f"logic.{repeat.code}", where, kind=kind.in_(lines.lang), date=repeat.date)
