"""Plain Python with Decimal, a claim at a time: what a careful programmer writes without a library.

Money is yuan in `Decimal`; truths are True, False and None, folded as Kleene did.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks import data
from benchmarks.plan import AWARDS, EFFECTIVE, RD_SINCE, RD_UNSETTLED, Award

LABEL = "plain Python, Decimal"
CANNOT = ""

WAN = Decimal(10_000)
FEN = Decimal("0.01")
NOTHING = Decimal(0)
RD_FROM, RD_SHARE, RD_AWARD = 5000 * WAN, Decimal("0.03"), 500 * WAN
BY_KIND = {award.kind: award for award in AWARDS}
END_2025 = dt.date(2025, 12, 31)
FIRST_YEARS, NEVER = 5, 9999

Truth = bool | None


@dataclass(slots=True)
class Firm:
    """The facts of a firm that awards look at."""

    number: int
    district: str | None
    organization: str | None
    above_scale: Truth
    high_tech: Truth
    tech_sme: Truth
    fiscal_year: int | None
    revenue: Decimal | None
    rd_expense: Decimal | None


@dataclass(slots=True)
class Event:
    """The facts of an event."""

    firm: int
    kind: str
    date: dt.date | None
    until: dt.date | None
    amount: Decimal | None
    fiscal_support: Decimal | None
    level: str | None
    field: str | None


@dataclass(slots=True)
class Judged:
    """An award: at least and at most over all years, `high` None without a bound."""

    verdict: Truth
    low: Decimal
    high: Decimal | None
    year: int | None
    years: int


@dataclass(slots=True)
class Totals:
    """What a firm can expect."""

    assured: Decimal = NOTHING
    ceiling: Decimal = NOTHING
    pending: Decimal = NOTHING
    open_ended: int = 0
    pending_open: int = 0

    def add(self, award: Judged) -> None:
        """Count one award."""
        if award.verdict:
            self.assured += award.low
            if award.high is None:
                self.open_ended += 1
            else:
                self.ceiling += award.high
        elif award.verdict is None:
            if award.high is None:
                self.pending_open += 1
            else:
                self.pending += award.high


Data = tuple[list[Firm], list[Event]]
#: Of each firm: the latest and the earliest that the first year of its yearly events can be.
Firsts = dict[int, tuple[int, int]]


def every(truths: Iterable[Truth]) -> Truth:
    """Kleene's "all"."""
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def either(one: Truth, other: Truth) -> Truth:
    """Kleene's "any" of two."""
    if one or other:
        return True
    return None if one is None or other is None else False


def half_up(sum_: Decimal) -> Decimal:
    """To the fen."""
    return sum_.quantize(FEN, ROUND_HALF_UP)


def among(value: str | None, allowed: tuple[str, ...]) -> Truth:
    """Whether it is one of those allowed; a blank is unknown, and without a list all are."""
    if not allowed:
        return True
    return None if value is None else value in allowed


def for_whom(organization: str | None, award: Award) -> Truth:
    """Whether the award is for such a firm; a blank is taken for an enterprise, but never says no."""
    if not award.who or (organization or "enterprise") in award.who:
        return True
    return None if organization is None else False


def in_force(date: dt.date | None, until: dt.date | None, award: Award) -> Truth:
    """Dated since the plan came into force, and not in the future."""
    if date is None or until is None:
        return None
    if until < EFFECTIVE:
        return False if award.new else None
    return None if date < EFFECTIVE or until > data.ON else True


def rule_holds(award: Award, event: Event, firm: Firm, firsts: Firsts) -> Truth:
    """The one condition of a few awards."""
    match award.rule:
        case "level given":
            return None if event.level is None else True
        case "tech sme":
            return firm.tech_sme
        case "to 2025":
            return by_2025(event)
        case "first 5":
            return in_first_years(event, *firsts[firm.number])
        case _:
            return True


def by_2025(event: Event) -> Truth:
    """Dated by the end of 2025; unknown where only the unknown day would tell."""
    if event.date is None or event.until is None:
        return None
    sooner, later = event.date <= END_2025, event.until <= END_2025
    return sooner if sooner == later else None


def in_first_years(event: Event, latest: int, earliest: int) -> Truth:
    """Within so many years of the firm's first, which is unknown between its latest and its earliest."""
    if event.date is None:
        return None
    if event.date.year - latest >= FIRST_YEARS:
        return False
    return True if event.date.year - earliest < FIRST_YEARS else None


def judge_event(event: Event, firm: Firm, firsts: Firsts) -> Judged:
    """The award of an event."""
    award = BY_KIND[event.kind]
    verdict = every(
        (
            in_force(event.date, event.until, award),
            firm.district != "outside",
            for_whom(firm.organization, award),
            among(event.field, award.field),
            among(event.level, award.level),
            rule_holds(award, event, firm, firsts),
        )
    )
    year = event.date.year if event.date and event.until and event.until >= EFFECTIVE else None
    years = award.years
    if award.rule == "to 2025":
        years = max(2025 - max(year or 2021, 2021) + 1, 0)
        year = max(year or 2021, 2021) if event.date else None
    elif award.rule == "spread":
        year = None
    low, high = interval(award, event)
    return settle(verdict, low * years, None if high is None else high * years, year, years)


def settle(verdict: Truth, low: Decimal, high: Decimal | None, year: int | None, years: int) -> Judged:
    """What the verdict leaves of the interval."""
    if verdict is False:
        return Judged(False, NOTHING, NOTHING, year, years)
    return Judged(verdict, low if verdict else NOTHING, high, year, years)


def interval(award: Award, event: Event) -> tuple[Decimal, Decimal | None]:
    """A year's amount, at least and at most."""
    sum_ = award.wan * WAN
    match award.amount:
        case "exactly":
            return sum_, sum_
        case "up_to":
            if award.rule == "within amount" and event.amount is not None:
                return NOTHING, min(sum_, event.amount)
            return NOTHING, sum_
        case "at_least":
            return sum_, None
        case "share":
            return share(award, event, sum_ if award.capped else None)
        case _:
            return NOTHING, None


def share(award: Award, event: Event, cap: Decimal | None) -> tuple[Decimal, Decimal | None]:
    """A share of the amount, cut at its cap; open up to the cap while the amount is unknown."""
    if event.amount is None:
        return NOTHING, cap
    least = most = event.amount
    if award.rule == "less support":
        if event.fiscal_support is None:
            least = NOTHING
        else:
            least = most = max(event.amount - event.fiscal_support, NOTHING)
    rate = Decimal(award.percent) / 100
    low, high = half_up(least * rate), half_up(most * rate)
    return (low, high) if cap is None else (min(low, cap), min(high, cap))


def judge_accounts(firm: Firm) -> Judged:
    """The award for R&D."""
    spent, revenue, year = firm.rd_expense, firm.revenue, firm.fiscal_year
    enough = None if spent is None else spent >= RD_FROM
    intense = None if spent is None or revenue is None or revenue <= 0 else spent >= revenue * RD_SHARE
    in_time: Truth = None
    if year is not None and year < RD_UNSETTLED:
        in_time = False
    elif year is not None and RD_SINCE <= year <= data.ON.year:
        in_time = True
    enterprise = (firm.organization or "enterprise") == "enterprise"
    verdict = every((enterprise, firm.district != "outside", firm.above_scale, either(intense, enough), in_time))
    high = RD_AWARD if firm.high_tech is False else 2 * RD_AWARD
    return settle(verdict, NOTHING, high, year if year and year >= RD_SINCE else None, 1)


def firsts_of(events: Iterable[Event]) -> Firsts:
    """When the first of each firm's yearly events was, of those since the plan came into force."""
    found: Firsts = {}
    for event in events:
        if BY_KIND[event.kind].rule == "first 5":
            latest, earliest = found.get(event.firm, (NEVER, NEVER))
            year = event.date.year if event.date else EFFECTIVE.year
            if event.until is None or event.until >= EFFECTIVE:
                earliest = min(earliest, year)
            if event.date and event.until and event.date >= EFFECTIVE and event.until <= data.ON:
                latest = min(latest, year)
            found[event.firm] = latest, earliest
    return found


def load(home: Path) -> Data:
    """Objects."""
    firms, events = data.load(home)
    number, text = int, str
    return (
        objects(Firm, firms, (number, text, text, bool, bool, bool, number, yuan, yuan), rename={"firm": "number"}),
        objects(Event, events, (number, text, same, same, yuan, yuan, text, text), rename={"date@until": "until"}),
    )


def yuan(fen: int) -> Decimal:
    """Fen to yuan."""
    return Decimal(fen).scaleb(-2)


def same(value: Any) -> Any:
    """As it is."""
    return value


def objects(
    make: Any, frame: pl.DataFrame, types: tuple[Callable[[Any], Any], ...], rename: dict[str, str]
) -> list[Any]:
    """A row an object, blanks None."""
    columns = [
        [None if value is None else convert(value) for value in frame.rename(rename).get_column(name).to_list()]
        for name, convert in zip(make.__dataclass_fields__, types, strict=True)
    ]
    return [make(*row) for row in zip(*columns, strict=True)]


def run(prepared: Data) -> tuple[list[Judged], dict[int, Totals]]:
    """All awards, and the totals of each firm."""
    firms, events = prepared
    by_number = {firm.number: firm for firm in firms}
    firsts = firsts_of(events)
    totals_: dict[int, Totals] = defaultdict(Totals)
    awards = []
    for firm in firms:
        award = judge_accounts(firm)
        awards.append(award)
        totals_[firm.number].add(award)
    for event in events:
        award = judge_event(event, by_number[event.firm], firsts)
        awards.append(award)
        totals_[event.firm].add(award)
    return awards, totals_


def totals(result: tuple[list[Judged], dict[int, Totals]]) -> pl.DataFrame:
    """A row a firm, in fen."""
    rows = [
        (number, *(int(each * 100) for each in (of.assured, of.ceiling, of.pending)), of.open_ended, of.pending_open)
        for number, of in sorted(result[1].items())
    ]
    return pl.DataFrame(
        rows, schema=["firm", "assured", "ceiling", "pending", "open_ended", "pending_open"], orient="row"
    )
