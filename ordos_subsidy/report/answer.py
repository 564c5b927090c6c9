"""The answer to `calc`: every firm of an outcome, its awards, what waits for facts, and the totals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from ordos_subsidy import advice, hints
from ordos_subsidy.advice import Award, Claim
from ordos_subsidy.document import (
    FirmReport,
    Line,
    MissingFact,
    NearMiss,
    People,
    Preference,
    Report,
    Totals,
    YearTotals,
)
from ordos_subsidy.errors import Problem, warning
from ordos_subsidy.evaluation import Outcome
from ordos_subsidy.messages import Lang, phrase
from ordos_subsidy.policy import Measure
from ordos_subsidy.report.lines import Lines
from ordos_subsidy.report.plan import caution, footnotes, source
from ordos_subsidy.tables import doubts
from ordos_subsidy.tables.firms import PLACE

#: A miss is near where no more than this share of what is demanded is lacking.
_NEAR = 0.5

Waiting = tuple[Claim, tuple[str, ...], Measure]
#: The claims that have been read, as long as somebody holds their outcome.
_CLAIMS: WeakKeyDictionary[Outcome, list[list[Claim]]] = WeakKeyDictionary()


def calc(
    outcome: Outcome,
    *,
    lang: Lang = "zh",
    year: int | None = None,
    everything: bool = False,
) -> Report:
    """Report on all firms of an outcome; `year` restricts schedules and totals to a calendar year."""
    lines = Lines(outcome, lang, year)
    rows = {key: _by_claim(table) for key, table in (("award", outcome.awards), ("credit", outcome.credits))}
    of_firm = claims_by_firm(outcome)
    return Report(
        lang=lang,
        source=source(outcome.policies, lang),
        year=year,
        everything=everything,
        firms=tuple(firm_report(lines, firm, of_firm[firm], rows) for firm in range(len(outcome.firms))),
        problems=outcome.firms.problems,
        footnotes=footnotes(outcome.policies, lang),
        omitted=outcome.firms.omitted,
        caution=caution(outcome.policies, lang),
    )


def claims_by_firm(outcome: Outcome) -> list[list[Claim]]:
    """Everything that each firm may have, in the order of the document; read once for an outcome."""
    if (known := _CLAIMS.get(outcome)) is not None:
        return known
    claims: list[list[Claim]] = [[] for _ in range(len(outcome.firms))]
    for claim in advice.claims(outcome, "award", "credit", "preference"):
        claims[claim.firm].append(claim)
    for each in claims:
        each.sort(key=lambda claim: (claim.version, -1 if claim.event is None else claim.event))
    _CLAIMS[outcome] = claims
    return claims


def _by_claim(table: Any) -> dict[tuple[int, int | None, int], Mapping[str, Any]]:
    return {(row["firm"], row["event"], row["version"]): row for row in table.iter_rows(named=True)}


def firm_report(lines: Lines, firm: int, claims: Sequence[Claim], rows: Mapping[str, Mapping[Any, Any]]) -> FirmReport:
    """One firm, its rows in the order of the document."""
    measures = lines.outcome.policies.measures
    made: dict[str, list[Any]] = {"award": [], "credit": [], "preference": []}
    waiting: list[Waiting] = []
    waits: list[tuple[Line | Preference, Claim]] = []
    refused: list[tuple[Line, Claim]] = []
    for claim in claims:
        measure = measures[claim.version]
        if measure.category == "preference":
            line: Line | Preference = lines.preference(measure, claim)
        else:
            line = lines.line(rows[measure.category][claim.firm, claim.event, claim.version], claim)
        made[measure.category].append(line)
        if not isinstance(line, Preference) and not line.falls_in(lines.year):
            continue
        if isinstance(line, Line) and line.verdict == "no":
            refused.append((line, claim))
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
        totals=totals(awards, lines.year),
        missing=_missing(lines, firm, facts[PLACE], waiting, waits),
        problems=tuple(_repeats(lines, firm)),
        near=_near(lines, refused),
        doubted=tuple(
            (name.in_(lines.lang), fen)
            for name, fen in doubts.read_back(lines.outcome.firms, firm, lines.outcome.policies.vocabulary)
        ),
    )


def _near(lines: Lines, refused: Iterable[tuple[Line, Claim]]) -> tuple[NearMiss, ...]:
    """The refused rows that a sum of money is lacking for, the closest first in proportion."""
    found: list[tuple[float, NearMiss]] = []
    for line, claim in refused:
        way = hints.priced(claim, lines.outcome.policies)
        if not way:
            continue
        far = max(step.share for step in way)
        says = phrase("show.and", lines.lang).join(lines.reason(step.leaf, claim.row).says for step in way)
        found.append((far, NearMiss(line.reference, line.title, says, hints.cost(way))))
    return tuple(each for far, each in sorted(found, key=lambda item: item[0]) if far <= _NEAR)


def totals(awards: Iterable[Line], year: int | None = None) -> Totals:
    """Sums over the slices of some awards, of one year if it is asked for; an open end has no sum and is counted."""
    years: dict[int | None, list[int]] = defaultdict(lambda: [0, 0, 0])
    endless = {"yes": 0, "unknown": 0}
    people = [0, 0, 0]
    for line in awards:
        slices = [part for part in line.schedule if year is None or part.year == year]
        for part in slices:
            low, high = part.counts
            sums = years[part.year]
            sums[0] += low
            sums[1 if line.verdict == "yes" else 2] += high or 0
            if line.recipient != "unit" and part.due[1] is not None:
                people[0] += part.due[0] if line.recipient == "people" and line.verdict == "yes" else 0
                people[1 if line.verdict == "yes" else 2] += part.due[1]
        if slices and line.verdict in endless and slices[0].counts[1] is None:
            endless[line.verdict] += 1
    ordered = sorted(years.items(), key=lambda item: (item[0] is None, item[0] or 0))
    assured, ceiling, pending = (sum(sums[n] for sums in years.values()) for n in range(3))
    by_year = tuple(YearTotals(year, *sums) for year, sums in ordered)
    return Totals(assured, ceiling, pending, endless["yes"], endless["unknown"], by_year, People(*people))


def _missing(
    lines: Lines,
    firm: int,
    place: str,
    waiting: Sequence[Waiting],
    waits: Sequence[tuple[Line | Preference, Claim]],
) -> tuple[MissingFact, ...]:
    words = lines.outcome.policies.vocabulary
    of_firm = frozenset(key for key, fact in words.facts.items() if fact.of == "firm")
    line_of = {id(claim): line for line, claim in waits}
    measure_of = {id(claim): measure for claim, _, measure in waiting}
    found = []
    for question in advice.questions(waiting, of_firm):
        waiters = [line_of[id(claim)] for claim in question.claims]
        stakes = [
            _at_stake(claim, measure_of[id(claim)], question.fact, line_of[id(claim)]) for claim in question.claims
        ]
        found.append(
            MissingFact(
                fact=question.fact,
                title=words.facts[question.fact].title.in_(lines.lang),
                about=_about(lines, question),
                place=lines.cell(firm, question.event, question.fact, place),
                decides=tuple((line.reference, line.title) for line in waiters),
                pending=sum(stake for stake in stakes if stake is not None),
                pending_open=sum(stake is None for stake in stakes),
                help=words.facts[question.fact].help.in_(lines.lang),
            )
        )
    return tuple(sorted(found, key=lambda each: (-each.pending_open, -each.pending)))


def _at_stake(claim: Claim, measure: Measure, fact: str, line: Line | Preference) -> int | None:
    """How far an answer can move what is shown of a row; preferences and credits move no sum."""
    if not isinstance(line, Line) or measure.category != "award":
        return 0
    moved = advice.at_stake(claim, measure, fact, Award(line.verdict, line.low, line.high))
    # What limits leave of a row, and what falls in the year asked for, is all that can move.
    highs = [part.due[1] for part in line.schedule]
    most = None if None in highs else sum(high for high in highs if high is not None)
    return moved if most is None else most if moved is None else min(moved, most)


def _about(lines: Lines, question: advice.Question) -> str:
    """The event that a fact is asked of; where its amount is asked, what that means for its kind."""
    event = lines.event(question.event)
    if event is None:
        return ""
    words = lines.outcome.policies.vocabulary
    meaning, amount = words.kinds[event.kind].amount, words.role("event", "amount")
    told = [event.title, event.date or ""]
    if meaning and amount and amount.key == question.fact:
        told.append(meaning.in_(lines.lang))
    return " · ".join(each for each in told if each)


def _repeats(lines: Lines, firm: int) -> Iterable[Problem]:
    for repeat in lines.repeats.get(firm, ()):
        where = " ".join(lines.place(event) for event in repeat.events)
        kind = lines.outcome.policies.vocabulary.kinds[repeat.kind].title
        yield warning(f"logic.{repeat.code}", where, kind=kind.in_(lines.lang), date=repeat.date, count=repeat.total)
