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
from ordos_subsidy.errors import Omitted, Problem
from ordos_subsidy.evaluation import Outcome
from ordos_subsidy.messages import Lang, phrase
from ordos_subsidy.policy import Measure, Policies
from ordos_subsidy.report.lines import Key, Lines
from ordos_subsidy.report.plan import caution, footnotes, source
from ordos_subsidy.tables import doubts
from ordos_subsidy.tables.firms import PLACE

#: A miss is near where no more than this share of what is demanded is lacking.
_NEAR = 0.5

#: A claim that may wait for facts, with its row and its measure.
Waiting = tuple[Claim, Line | Preference, Measure]
#: The claims that have been read, as long as somebody holds their outcome.
_CLAIMS: WeakKeyDictionary[Outcome, list[list[Claim]]] = WeakKeyDictionary()


def calc(outcome: Outcome, *, lang: Lang = "zh", year: int | None = None, everything: bool = False) -> Report:
    """Report on all firms of an outcome; `year` restricts schedules and totals to a calendar year."""
    lines = Lines(outcome, lang, year)
    rows = {
        (row["firm"], row["event"], row["version"]): row
        for table in (outcome.awards, outcome.credits)
        for row in table.iter_rows(named=True)
    }
    firms = tuple(_firm(lines, firm, claims, rows) for firm, claims in enumerate(claims_by_firm(outcome)))
    report = frame(outcome.policies, lang, year, outcome.firms.problems, outcome.firms.omitted)
    return report._replace(everything=everything, firms=firms)


def frame(
    policies: Policies, lang: Lang, year: int | None, problems: Iterable[Problem], omitted: tuple[Omitted, ...]
) -> Report:
    """An answer without its firms."""
    return Report(
        lang=lang,
        source=source(policies, lang),
        year=year,
        everything=False,
        firms=(),
        problems=tuple(problems),
        footnotes=footnotes(policies, lang),
        omitted=omitted,
        caution=caution(policies, lang),
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


def _firm(lines: Lines, firm: int, claims: Sequence[Claim], rows: Mapping[Key, Mapping[str, Any]]) -> FirmReport:
    """One firm, its rows in the order of the document."""
    made: dict[str, list[Any]] = {"award": [], "credit": [], "preference": []}
    waiting: list[Waiting] = []
    for claim in claims:
        measure = lines.outcome.policies.measures[claim.version]
        if measure.category == "preference":
            line: Line | Preference = lines.preference(measure, claim)
        else:
            line = lines.line(rows[claim.firm, claim.event, claim.version], claim)
        made[measure.category].append(line)
        if line.falls_in(lines.year):
            waiting.append((claim, line, measure))
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
        missing=_missing(lines, firm, facts[PLACE], waiting),
        problems=tuple(map(lines.possible_repeat, lines.repeats.get(firm, ()))),
        near=_near(lines, waiting),
        doubted=tuple(
            (name.in_(lines.lang), fen)
            for name, fen in doubts.read_back(lines.outcome.firms, firm, lines.outcome.policies.vocabulary)
        ),
    )


def _near(lines: Lines, rows: Iterable[Waiting]) -> tuple[NearMiss, ...]:
    """The refused rows that a sum of money is lacking for, the closest first in proportion."""
    found: list[tuple[float, NearMiss]] = []
    for claim, line, _ in rows:
        refused = isinstance(line, Line) and line.verdict == "no"
        if not refused or not (way := hints.priced(claim, lines.outcome.policies)):
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


def _missing(lines: Lines, firm: int, place: str, waiting: Sequence[Waiting]) -> tuple[MissingFact, ...]:
    words = lines.outcome.policies.vocabulary
    of_firm = frozenset(key for key, fact in words.facts.items() if fact.of == "firm")
    of_claim = {id(each[0]): each for each in waiting}
    asked = advice.questions([(claim, line.missing, measure) for claim, line, measure in waiting], of_firm)
    found = []
    for question in asked:
        waits = [of_claim[id(claim)] for claim in question.claims]
        stakes = [_at_stake(*each, question.fact) for each in waits]
        found.append(
            MissingFact(
                fact=question.fact,
                title=words.facts[question.fact].title.in_(lines.lang),
                about=_about(lines, question),
                place=lines.cell(firm, question.event, question.fact, place),
                decides=tuple((line.reference, line.title) for _, line, _ in waits),
                pending=sum(stake for stake in stakes if stake is not None),
                pending_open=sum(stake is None for stake in stakes),
                help=words.facts[question.fact].help.in_(lines.lang),
            )
        )
    return tuple(sorted(found, key=lambda each: (-each.pending_open, -each.pending)))


def _at_stake(claim: Claim, line: Line | Preference, measure: Measure, fact: str) -> int | None:
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
