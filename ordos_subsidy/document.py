"""The one document that every renderer paints: worded in one language, ordered, with sums in fen.

`report` makes these from an evaluation; `render` turns them into a table, JSON, Markdown, CSV, a page or a
workbook. Nothing here computes. Sums are integer fen; a `high` of None means that there is no upper bound.
Texts are already in the reader's language, but they may hold whatever a user typed: a renderer must escape
them for its own medium.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal, NamedTuple

from ordos_subsidy.errors import Omitted, Problem
from ordos_subsidy.messages import Lang
from ordos_subsidy.policy.model import Recipient
from ordos_subsidy.wording import AmountKind

Verdict = Literal["yes", "unknown", "no"]


class Source(NamedTuple):
    """The policy the document rests on."""

    id: str
    number: str
    title: str
    name: str
    issuer: str
    effective: str
    #: Documents laid over the policy (implementing rules), by number.
    overlays: tuple[str, ...] = ()


class Slice(NamedTuple):
    """What falls in one calendar year; year None: no date, before the policy, or the plan states no split."""

    year: int | None
    low: int
    high: int | None
    #: Of a sum in all without a year: the first and the last of the years it falls in.
    within: tuple[int, int] | None
    #: What it adds to the unit's totals, once limits and recipients have been applied.
    counts: tuple[int, int | None]
    #: The same before recipients: what people's money comes to.
    due: tuple[int, int | None]


class Reason(NamedTuple):
    """One condition that was looked at: the fact (a key, or "" where it is not one fact) and its truth."""

    fact: str
    says: str
    truth: Verdict


class EventLine(NamedTuple):
    """The event a row is about. `date` is "2022-03-01", "2022-03" or "2022"; `amount` is in fen."""

    kind: str
    title: str
    date: str | None
    amount: int | None
    note: str | None
    place: str


class Line(NamedTuple):
    """One award or credit of a firm, for its accounts (`event` None) or for one event."""

    measure: str
    clause: int
    reference: str
    title: str
    event: EventLine | None
    verdict: Verdict
    kind: AmountKind
    low: int
    high: int | None
    #: The amount in words, as the plan states it: 最高500万元 · 每年不低于200万元×5年 · 按10%计 · 文件未定额
    words: str
    recipient: Recipient
    #: What the row adds to the unit's totals: see `counts` of the contract.
    counts: tuple[int, int | None]
    schedule: tuple[Slice, ...]
    reasons: tuple[Reason, ...]
    missing: tuple[str, ...]
    departments: tuple[str, ...]
    departments_short: tuple[str, ...]
    notes: tuple[str, ...]
    #: The number of the document that the row rests on.
    document: str

    def falls_in(self, year: int | None) -> bool:
        """Whether the row has to do with the year asked for, or with none; what is refused has to do with all."""
        return year is None or self.verdict == "no" or bool(self.schedule)


class Preference(NamedTuple):
    """A benefit without a sum."""

    measure: str
    clause: int
    reference: str
    title: str
    verdict: Verdict
    reasons: tuple[Reason, ...]
    missing: tuple[str, ...]
    departments: tuple[str, ...]
    departments_short: tuple[str, ...]
    notes: tuple[str, ...]
    document: str

    def falls_in(self, year: int | None) -> bool:
        """True: a preference has no year."""
        return True


class YearTotals(NamedTuple):
    """Totals of one year; year None gathers what has no year."""

    year: int | None
    assured: int
    ceiling: int
    pending: int


class People(NamedTuple):
    """What goes to persons and teams: of the certain their own, with what is shared; and of the unknown."""

    low: int
    high: int
    pending: int


class Totals(NamedTuple):
    """Sums and counts over all years, or over the year asked for, of what rows add to the unit's totals.

    `assured`: sum of the lows of the yes; `ceiling`: of the highs of the yes that have one; `pending`: of the
    highs of the unknown that have one; `open_ended` and `pending_open`: how many yes and how many unknown have
    no upper bound.
    """

    assured: int
    ceiling: int
    pending: int
    open_ended: int
    pending_open: int
    by_year: tuple[YearTotals, ...]
    people: People


class MissingFact(NamedTuple):
    """A fact nobody filled in, and what its answer would decide."""

    fact: str
    title: str
    #: The event it is asked of, and what its amount means if that is what is asked: "" for a fact of the firm.
    about: str
    #: Where to fill it in: the firm's sheet or an event row ("firm.xlsx!申报事项!A3").
    place: str
    #: (reference, title) of each award, credit or preference that waits for it.
    decides: tuple[tuple[str, str], ...]
    #: How far its answer can move the awards that wait for it, in fen; and how many have no upper bound.
    pending: int
    pending_open: int
    #: What it means and where its answer is usually found.
    help: str = ""


class NearMiss(NamedTuple):
    """An award or credit that a sum of money is lacking for: the condition as found, and the fen that close the gap."""

    reference: str
    title: str
    says: str
    lacking: int


class FirmReport(NamedTuple):
    """One firm: what it gets, may get, and what is still to be found out. `awards` holds every row, the no too."""

    name: str
    credit_code: str | None
    place: str
    awards: tuple[Line, ...]
    credits: tuple[Line, ...]
    preferences: tuple[Preference, ...]
    totals: Totals
    missing: tuple[MissingFact, ...]
    problems: tuple[Problem, ...]
    #: What failed by a sum of money only, the closest first.
    near: tuple[NearMiss, ...] = ()
    #: Figures that are hardly meant, with what each is called: sums that rest on them are marked.
    doubted: tuple[tuple[str, int], ...] = ()


class Report(NamedTuple):
    """The answer to `calc`. `year` restricts schedules and totals to one calendar year."""

    lang: Lang
    source: Source
    year: int | None
    #: Also show what does not apply.
    everything: bool
    firms: tuple[FirmReport, ...]
    problems: tuple[Problem, ...]
    footnotes: tuple[str, ...]
    #: Firms that a value that could not be read leaves out.
    omitted: tuple[Omitted, ...]
    #: The footnotes in one line, or "".
    caution: str = ""


class FactChange(NamedTuple):
    """One thing that a firm could change: the fact, the condition that it then meets, its figure now and then.

    `gap` is what is lacking, in percentage points or in yuan, and `cost` what that takes in fen; of a recognition
    there is neither.
    """

    fact: str
    title: str
    says: str
    now: str
    to: str
    gap: Decimal | None
    unit: Literal["points", "yuan", ""]
    cost: int | None


class WayLine(NamedTuple):
    """A way to reach a measure: what would be changed, the fen that it takes, and the award that comes of it."""

    moves: tuple[FactChange, ...]
    #: At least and at most in fen: what has no price has no upper bound.
    cost: tuple[int, int | None]
    verdict: Verdict
    low: int
    high: int | None


class HintLine(NamedTuple):
    """A measure that a firm just misses, or whose multiple it misses: the ways to it, the cheapest first."""

    measure: str
    clause: int
    reference: str
    title: str
    category: str
    event: EventLine | None
    #: The award as it is: no, or without the multiple.
    verdict: Verdict
    low: int
    high: int | None
    ways: tuple[WayLine, ...]
    departments: tuple[str, ...]
    departments_short: tuple[str, ...]
    document: str


class ReachLine(NamedTuple):
    """A kind of event that a firm has none of and could seek, with the award that it would bring, and known papers."""

    kind: str
    title: str
    line: Line
    papers: tuple[str, ...]


class FirmAdvice(NamedTuple):
    """What a firm could do next; what it should find out first is in its report. `annual`: awards of several years."""

    firm: FirmReport
    hints: tuple[HintLine, ...]
    reach: tuple[ReachLine, ...]
    annual: tuple[Line, ...]
    #: The year of the accounts that hints are about, or "".
    year: str


class Advice(NamedTuple):
    """The answer to `advise`; `everything`: also what a first look leaves out."""

    lang: Lang
    source: Source
    on: dt.date
    everything: bool
    firms: tuple[FirmAdvice, ...]
    problems: tuple[Problem, ...]
    footnotes: tuple[str, ...]
    omitted: tuple[Omitted, ...]
    caution: str


class Node(NamedTuple):
    """A part of a condition, with its truth for one claim; the decisive parts come first."""

    says: str
    truth: Verdict
    #: The fact it looks at ("" for a connective), and its figure in words ("4.2%", "未填").
    fact: str
    figure: str
    #: How far a failed comparison is from holding ("还差120万元"), or "".
    distance: str
    children: tuple[Node, ...]


class Reached(NamedTuple):
    """How an end of an interval is reached: the answers in words ("" where none was found), and what comes of them."""

    end: Literal["low", "high"]
    answers: str
    verdict: Verdict
    low: int
    high: int | None


class Explained(NamedTuple):
    """Why a measure came out as it did for one claim."""

    line: Line | Preference
    #: award, credit or preference
    category: str
    tree: Node
    #: How the amount was reached, step by step, in words.
    amount: tuple[str, ...]
    #: The heading of the clause, its gist, and the paper it stands in.
    heading: str
    gist: str
    source: str
    #: How the ends of its interval are reached; empty where that was not asked, or no fact is missing.
    reached: tuple[Reached, ...] = ()


class Explanation(NamedTuple):
    """The answer to `explain`: of each firm, its measures with their condition trees."""

    lang: Lang
    source: Source
    firms: tuple[tuple[FirmReport, tuple[Explained, ...]], ...]
    problems: tuple[Problem, ...]
    footnotes: tuple[str, ...]
    #: The kinds of events that the measures asked for look at.
    kinds: tuple[str, ...] = ()


class MeasureLine(NamedTuple):
    """A measure as the plan has it: for `clauses`."""

    id: str
    category: str
    category_title: str
    title: str
    #: The amount in words; "" for a preference or a duty.
    amount: str
    condition: str
    events: tuple[str, ...]
    notes: tuple[str, ...]
    document: str


class ClauseLine(NamedTuple):
    """A clause of the plan with its measures."""

    number: int
    reference: str
    part: str
    heading: str
    gist: str
    departments: tuple[str, ...]
    departments_short: tuple[str, ...]
    measures: tuple[MeasureLine, ...]


class Plan(NamedTuple):
    """The answer to `clauses`."""

    lang: Lang
    source: Source
    clauses: tuple[ClauseLine, ...]
    footnotes: tuple[str, ...]
