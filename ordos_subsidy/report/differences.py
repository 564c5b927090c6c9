"""The answers to `plan` and `compare`: outcomes side by side, which rows differ, by which facts, and the sums.

One definition for a plan with its scenarios, for two firms, and for two years of one firm: each `Case` is a column,
and the first is what the others are compared with.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby, zip_longest
from typing import Any, NamedTuple

from ordos_subsidy.document import EventLine, FirmReport, Line, Preference, Report, Source, Totals
from ordos_subsidy.errors import Problem
from ordos_subsidy.evaluation import Outcome
from ordos_subsidy.facts import Fact
from ordos_subsidy.messages import Lang, phrase
from ordos_subsidy.policy import Measure
from ordos_subsidy.report.answer import calc
from ordos_subsidy.tables.firms import FIRM, PLACE
from ordos_subsidy.variants import Stretch, Variant, evaluated, sweep
from ordos_subsidy.wording import Speaker

ReportRow = Line | Preference
#: What says who a firm is, and decides nothing.
_WHO = ("name", "id")


class Case(NamedTuple):
    """A firm as one column: what it is called, its report, and where its facts are."""

    label: str
    report: FirmReport
    outcome: Outcome
    firm: int


class DifferingFact(NamedTuple):
    """A fact of a firm that is not the same in all columns, in words."""

    fact: str
    title: str
    values: tuple[str, ...]


class DifferingRow(NamedTuple):
    """An award, credit or preference that is not the same in all columns (None: not there), and why."""

    category: str
    rows: tuple[ReportRow | None, ...]
    #: The facts behind it: their keys, and in words what each is in the columns.
    facts: tuple[str, ...]
    because: tuple[str, ...]

    @property
    def any(self) -> ReportRow:
        """One of the rows, for what they share."""
        return next(row for row in reversed(self.rows) if row is not None)


class SideBySide(NamedTuple):
    """A firm in several columns: the facts and the rows that differ, and all totals."""

    labels: tuple[str, ...]
    firms: tuple[FirmReport, ...]
    facts: tuple[DifferingFact, ...]
    rows: tuple[DifferingRow, ...]

    @property
    def totals(self) -> tuple[Totals, ...]:
        """The totals of each column."""
        return tuple(firm.totals for firm in self.firms)


class Differences(NamedTuple):
    """The answer to `plan` and `compare`; `unpaired`: firms that are in one file only, with its label."""

    lang: Lang
    source: Source
    pairs: tuple[SideBySide, ...]
    unpaired: tuple[tuple[str, str], ...]
    problems: tuple[Problem, ...]
    footnotes: tuple[str, ...]
    caution: str


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


class Scenario(NamedTuple):
    """What would be otherwise: a name, and values by column."""

    name: str
    values: Mapping[str, Any]


def planned(outcome: Outcome, scenarios: Sequence[Scenario], *, lang: Lang = "zh") -> Differences:
    """Every firm of an outcome as it is and in each scenario."""
    outcomes = [(phrase("plan.now", lang), outcome), *((each.name, changed(outcome, each)) for each in scenarios)]
    columns = [(name, each, calc(each, lang=lang)) for name, each in outcomes]
    pairs = (
        side_by_side([Case(name, report.firms[n], each, n) for name, each, report in columns], lang)
        for n in range(len(outcome.firms))
    )
    return _comparison([columns[0][2]], pairs)


def changed(outcome: Outcome, scenario: Scenario) -> Outcome:
    """The outcome of all firms with the values of a scenario."""
    return evaluated(outcome, [Variant(firm, scenario.values) for firm in range(len(outcome.firms))])[0]


def compared(files: Sequence[tuple[str, Outcome]], *, lang: Lang = "zh") -> Differences:
    """The firms of two files side by side: the same firm by its code or name, or the only firm of each."""
    (first, one), (second, other) = files
    mine, theirs = calc(one, lang=lang), calc(other, lang=lang)
    named = {key: n for n, firm in reversed(list(enumerate(theirs.firms))) for key in (firm.name, firm.credit_code)}
    left = set(range(len(theirs.firms)))
    pairs, unpaired = [], []
    for n, firm in enumerate(mine.firms):
        at = next((named[key] for key in (firm.credit_code, firm.name) if key and named.get(key) in left), None)
        if at is None and len(mine.firms) == len(theirs.firms) == 1:
            at = 0
        if at is None:
            unpaired.append((firm.name, first))
            continue
        left.discard(at)
        pairs.append(side_by_side([Case(first, firm, one, n), Case(second, theirs.firms[at], other, at)], lang))
    unpaired += [(theirs.firms[n].name, second) for n in sorted(left)]
    return _comparison([mine, theirs], pairs, unpaired)


def _comparison(
    reports: Sequence[Report], pairs: Iterable[SideBySide], unpaired: Iterable[tuple[str, str]] = ()
) -> Differences:
    problems = tuple(each for report in reports for each in report.problems)
    first = reports[0]
    return Differences(
        first.lang, first.source, tuple(pairs), tuple(unpaired), problems, first.footnotes, first.caution
    )


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


def side_by_side(cases: Sequence[Case], lang: Lang) -> SideBySide:
    """Put the outcomes of a firm, or of several, side by side."""
    policies = cases[0].outcome.policies
    speaker = Speaker(policies.vocabulary, lang)
    rows = [case.outcome.firms.firms.row(case.firm, named=True) for case in cases]
    of_firm = (each for each in policies.vocabulary.facts.values() if each.of == "firm" and each.role not in _WHO)
    facts = tuple(_unlike(of_firm, rows, speaker))
    measures = {each.id: each for each in policies.measures}
    found = []
    for category in ("awards", "credits", "preferences"):
        for paired in _paired([getattr(case.report, category) for case in cases]):
            # A row that is refused is as good as none.
            if len({None if row is None or row.verdict == "no" else _comes_to(row) for row in paired}) > 1:
                row = next(each for each in paired if each)
                keys, because = _because(measures[row.measure], paired, cases, facts, speaker)
                found.append(DifferingRow(category.removesuffix("s"), paired, keys, because))
    return SideBySide(tuple(case.label for case in cases), tuple(case.report for case in cases), facts, tuple(found))


def _unlike(facts: Iterable[Fact], rows: Sequence[Mapping[str, Any]], speaker: Speaker) -> Iterator[DifferingFact]:
    """The facts that are not the same in all rows."""
    for fact in facts:
        values = tuple(speaker.found(fact, row) for row in rows)
        if len(set(values)) > 1:
            yield DifferingFact(fact.key, fact.title.in_(speaker.lang), values)


def _paired(columns: Sequence[Sequence[ReportRow]]) -> list[tuple[ReportRow | None, ...]]:
    """The rows of all columns, each beside its own: of one measure and one event, else in the order of the file."""
    found: dict[tuple[object, ...], list[ReportRow | None]] = {}
    for n, column in enumerate(columns):
        met: dict[tuple[object, ...], int] = defaultdict(int)
        for row in column:
            event = row.event if isinstance(row, Line) else None
            key = (row.measure, *((event.kind, event.date, event.note) if event else ()))
            met[key] += 1
            found.setdefault((*key, met[key]), [None] * len(columns))[n] = row
    kept = [tuple(rows) for rows in found.values() if None not in rows]
    alone: dict[tuple[str, str], list[list[ReportRow]]] = {}
    for cells in (cells for cells in found.values() if None in cells):
        for n, cell in enumerate(cells):
            if cell is not None:
                kind = cell.event.kind if isinstance(cell, Line) and cell.event else ""
                alone.setdefault((cell.measure, kind), [[] for _ in columns])[n].append(cell)
    rest = (paired for each in alone.values() for paired in zip_longest(*each))
    order = {measure: n for n, measure in enumerate(dict.fromkeys(row.measure for rows in columns for row in rows))}
    return sorted([*kept, *rest], key=lambda rows: order[next(row for row in rows if row).measure])


def _comes_to(row: ReportRow) -> tuple[object, ...]:
    return (row.verdict, row.low, row.high, row.counts) if isinstance(row, Line) else (row.verdict,)


def _event_row(case: Case, event: EventLine) -> Mapping[str, Any]:
    """The first event of a firm at the place of a line, by column."""
    events = case.outcome.firms.events
    found = (events.get_column(FIRM) == case.firm) & (events.get_column(PLACE) == event.place)
    return events.row(found.arg_true()[0], named=True)


def _because(
    measure: Measure,
    rows: Sequence[ReportRow | None],
    cases: Sequence[Case],
    facts: Sequence[DifferingFact],
    speaker: Speaker,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The facts that differ and that a measure reads, and by which a condition or the amount differs; in words too."""
    there = [case.label for case, row in zip(cases, rows, strict=True) if row]
    if len(there) < len(cases):
        return (), (phrase("plan.only", speaker.lang, labels=speaker.list(there)),)
    policies = cases[0].outcome.policies
    events = [row.event if isinstance(row, Line) else None for row in rows]
    found = [_event_row(case, event) for case, event in zip(cases, events, strict=True) if event]
    differing = [*facts, *(_unlike(policies.vocabulary.of("event"), found, speaker) if found else ())]
    truths = [Counter((each.fact, each.truth) for each in row.reasons) for row in rows if row]
    decided = {fact for one in truths for other in truths for fact, _ in one - other}
    if measure.grant:  # its sum, and the years it falls in
        decided |= measure.grant.columns() | {policies.claim_date(measure) or ""}
    behind = [each for each in differing if each.fact in decided]
    # 研发投入 2240万元 → 2400万元
    because = tuple(f"{each.title} {' → '.join(value for value, _ in groupby(each.values))}" for each in behind)
    return tuple(each.fact for each in behind), because or (phrase("plan.elsewhere", speaker.lang),)
