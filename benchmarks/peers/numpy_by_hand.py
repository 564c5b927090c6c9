"""NumPy, by a hand that knows it: the plan as look-up arrays, one pass over all events.

Three truths are the numbers 0, 1, 2, so that "all" is the minimum and "any" the maximum. All conditions on a firm
are one look-up by kind and a code of the firm's facts; so are those on an event's level and field.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks import data
from benchmarks.plan import AWARDS, EFFECTIVE, FEN, RD_AWARD, RD_FROM, RD_SHARE, RD_SINCE, RD_UNSETTLED

LABEL = "NumPy by hand"
CANNOT = ""

NO, UNKNOWN, YES = np.int8(0), np.int8(1), np.int8(2)
NULL = np.iinfo(np.int64).min
OPEN = np.iinfo(np.int64).max
KIND = {kind: code for code, kind in enumerate(data.KINDS)}
_EPOCH = np.datetime64("1970-01-01")
DAY_ONE = np.int32((np.datetime64(EFFECTIVE) - _EPOCH).astype(int))
TODAY = np.int32((np.datetime64(data.ON) - _EPOCH).astype(int))
END_2025 = np.int32((np.datetime64("2025-12-31") - _EPOCH).astype(int))
NO_DAY = np.int32(np.iinfo(np.int32).min)

Arrays = dict[str, Any]


def load(home: Path) -> Arrays:
    """Arrays, blanks as sentinels: codes and truths from small integers, money in fen."""
    firms, events = data.load(home)
    truths = {
        key: (pl.col(key).cast(pl.Int8) * 2).fill_null(1).alias(key) for key in ("above_scale", "high_tech", "tech_sme")
    }
    money = [pl.col(key).fill_null(NULL) for key in ("revenue", "rd_expense")]
    codes = [(pl.col(key).to_physical().cast(pl.Int16) + 1).fill_null(0) for key in ("district", "organization")]
    firm = firms.select(*codes, *truths.values(), *money, pl.col("fiscal_year").fill_null(0))
    event = events.select(
        pl.col("firm").cast(pl.Int32),
        pl.col("kind").to_physical().cast(pl.Int16),
        *((pl.col(key).to_physical().cast(pl.Int16) + 1).fill_null(0) for key in ("level", "field")),
        *(pl.col(key).cast(pl.Int32).fill_null(int(NO_DAY)) for key in ("date", "date@until")),
        *(pl.col(key).fill_null(NULL) for key in ("amount", "fiscal_support")),
        pl.col("date").dt.year().cast(pl.Int16).fill_null(0).alias("year"),
    )
    return {
        f"{of}.{each.name}": each.to_numpy().copy()
        for of, table in (("firm", firm), ("event", event))
        for each in table
    }


def run(arrays: Arrays) -> Arrays:
    """The awards of events and of accounts, then the sums of each firm."""
    events, accounts = _events(arrays), _accounts(arrays)
    return {**events, **{f"rd.{key}": each for key, each in accounts.items()}, **_sums(arrays, events, accounts)}


# --- the plan as look-up arrays


def _organizations(award: Any) -> Any:
    """The truth by organisation; a blank is taken for an enterprise, but never says no."""
    truths = [YES if not award.who or each in award.who else NO for each in data.ORGANIZATIONS]
    return np.array([max(truths[0], UNKNOWN), *truths], np.int8)  # the enterprise is the first


def _districts() -> Any:
    """The truth by district; a blank is local."""
    return np.array([YES, *(NO if each == "outside" else YES for each in data.DISTRICTS)], np.int8)


def _firm_truths() -> Any:
    """By kind and firm code (district, organisation, tech_sme)."""
    small = np.array([NO, UNKNOWN, YES], np.int8)
    rows = []
    for award in AWARDS:
        tech = small if award.rule == "tech sme" else np.full(3, YES)
        who = np.minimum.outer(_districts(), _organizations(award))
        rows.append(np.minimum.outer(who, tech).ravel())
    return np.array(rows, np.int8)


def _event_truths() -> Any:
    """By kind and event code (level, field)."""
    rows = []
    for award in AWARDS:
        level = np.full(len(data.LEVELS) + 1, YES)
        if award.level or award.rule == "level given":
            level[1:] = [YES if each in (award.level or data.LEVELS) else NO for each in data.LEVELS]
            level[0] = UNKNOWN
        field = np.full(len(data.FIELDS) + 1, YES)
        if award.field:
            field[1:] = [YES if each in award.field else NO for each in data.FIELDS]
            field[0] = UNKNOWN
        rows.append(np.minimum.outer(level, field).ravel())
    return np.array(rows, np.int8)


FIRM_TRUTHS, EVENT_TRUTHS = _firm_truths(), _event_truths()
BEFORE = np.array([NO if award.new else UNKNOWN for award in AWARDS], np.int8)
YEARS = np.array([award.years for award in AWARDS], np.int16)
LOW = np.array([award.wan * FEN * award.years if award.amount in ("exactly", "at_least") else 0 for award in AWARDS])
HIGH = np.array([award.wan * FEN * award.years if award.amount in ("exactly", "up_to") else OPEN for award in AWARDS])


# --- judging


def _events(arrays: Arrays) -> Arrays:
    kind, owner = arrays["event.kind"], arrays["event.firm"]
    code = (arrays["firm.district"] * 10 + arrays["firm.organization"]) * 3 + arrays["firm.tech_sme"]
    verdict = FIRM_TRUTHS[kind, code[owner]]
    np.minimum(verdict, EVENT_TRUTHS[kind, arrays["event.level"] * 16 + arrays["event.field"]], out=verdict)
    first, last = arrays["event.date"], arrays["event.date@until"]
    dated = first != NO_DAY
    timed = np.where(first >= DAY_ONE, YES, np.where((last < DAY_ONE) & dated, BEFORE[kind], UNKNOWN))
    np.minimum(verdict, timed, out=verdict)
    np.minimum(verdict, np.where(last > TODAY, UNKNOWN, YES), out=verdict)
    low, high = LOW[kind], HIGH[kind]
    year, years = np.where(last < DAY_ONE, np.int16(0), arrays["event.year"]), YEARS[kind]
    _shares(arrays, low, high)
    _zones(arrays, verdict, high, year, years)
    _first_years(arrays, verdict, year)
    year[kind == KIND["city-led-institution"]] = 0
    low[verdict < YES] = 0
    high[verdict == NO] = 0
    return {"verdict": verdict, "low": low, "high": high, "year": year, "years": years}


def _shares(arrays: Arrays, low: Any, high: Any) -> None:
    kind, amount = arrays["event.kind"], arrays["event.amount"]
    for award in AWARDS:
        if award.amount != "share" and award.rule != "within amount":
            continue
        rows = np.flatnonzero(kind == KIND[award.kind])
        basis = amount[rows]
        known = basis != NULL
        cap = award.wan * FEN if award.wan else OPEN
        if award.rule == "within amount":
            high[rows] = np.where(known, np.minimum(basis, cap), cap)
            continue
        least = np.where(known, basis, 0)
        most = least
        if award.rule == "less support":
            support = arrays["event.fiscal_support"][rows]
            rest = np.maximum(least - support, 0)
            least, most = np.where(support == NULL, 0, rest), np.where(support == NULL, most, rest)
        low[rows] = np.minimum((least * award.percent + 50) // 100, cap)
        high[rows] = np.where(known, np.minimum((most * award.percent + 50) // 100, cap), cap)


def _zones(arrays: Arrays, verdict: Any, high: Any, year: Any, years: Any) -> None:
    """The award that is paid each year to 2025."""
    rows = np.flatnonzero(arrays["event.kind"] == KIND["regional-zone"])
    first, last = arrays["event.date"][rows], arrays["event.date@until"][rows]
    sooner, later = first <= END_2025, last <= END_2025
    in_time = np.where((sooner != later) | (first == NO_DAY), UNKNOWN, np.where(sooner, YES, NO))
    verdict[rows] = np.minimum(verdict[rows], in_time)
    start = np.maximum(year[rows], 2021)
    span = np.maximum(2025 - start + 1, 0)
    high[rows] = high[rows] * span
    years[rows] = span
    year[rows] = np.where(first == NO_DAY, 0, start)


def _first_years(arrays: Arrays, verdict: Any, years: Any) -> None:
    """The award for the first five years of a firm's events of this kind."""
    rows = np.flatnonzero(arrays["event.kind"] == KIND["banner-led-institution"])
    first, last, year = arrays["event.date"][rows], arrays["event.date@until"][rows], years[rows]
    firms, group = np.unique(arrays["event.firm"][rows], return_inverse=True)
    undated = first == NO_DAY

    def least(counts: Any) -> Any:
        """By row, the first year of those of its firm that count."""
        found = np.full(len(firms), np.iinfo(np.int16).max, np.int16)
        np.minimum.at(found, group[counts], np.where(undated, np.int16(EFFECTIVE.year), year)[counts])
        return found[group]

    past = year - least((first >= DAY_ONE) & (last <= TODAY)) >= 5
    within = year - least(undated | (last >= DAY_ONE)) < 5
    verdict[rows] = np.minimum(verdict[rows], np.where(past, NO, np.where(within, YES, UNKNOWN)))


def _accounts(arrays: Arrays) -> Arrays:
    revenue, spent, year = arrays["firm.revenue"], arrays["firm.rd_expense"], arrays["firm.fiscal_year"]
    p, q = RD_SHARE
    known = spent != NULL
    enough = np.where(known, np.where(spent >= RD_FROM, YES, NO), UNKNOWN)
    share = np.where(known & (revenue > 0), np.where(spent * q >= revenue * p, YES, NO), UNKNOWN)
    in_time = np.where((year >= RD_SINCE) & (year <= data.ON.year), YES, UNKNOWN)
    in_time[(year < RD_UNSETTLED) & (year > 0)] = NO
    enterprise = np.where(arrays["firm.organization"] <= 1, YES, NO)  # blank, or the first of the list
    local = _districts()[arrays["firm.district"]]
    verdict = np.minimum(np.maximum(enough, share), in_time)
    for each in (enterprise, local, arrays["firm.above_scale"]):
        np.minimum(verdict, each, out=verdict)
    high = np.where(arrays["firm.high_tech"] == NO, RD_AWARD, 2 * RD_AWARD)
    high[verdict == NO] = 0
    return {
        "verdict": verdict,
        "low": np.zeros_like(high),
        "high": high,
        "year": np.where(year >= RD_SINCE, year, 0),
        "years": np.ones(len(high), np.int16),
    }


def _sums(arrays: Arrays, events: Arrays, accounts: Arrays) -> Arrays:
    """By firm. `bincount` adds in doubles, which hold every fen below 2^53: 90 trillion yuan a firm."""
    owner, count = arrays["event.firm"], len(arrays["firm.revenue"])
    verdict, high = events["verdict"], events["high"]
    yes, unknown, endless = verdict == YES, verdict == UNKNOWN, high == OPEN
    assured = np.bincount(owner, events["low"], count).astype(np.int64)
    ceiling = _some(owner, high, yes & ~endless, count) + np.where(accounts["verdict"] == YES, accounts["high"], 0)
    pending = _some(owner, high, unknown & ~endless, count) + np.where(
        accounts["verdict"] == UNKNOWN, accounts["high"], 0
    )
    return {
        "assured": assured,
        "ceiling": ceiling,
        "pending": pending,
        "open_ended": np.bincount(owner[yes & endless], minlength=count),
        "pending_open": np.bincount(owner[unknown & endless], minlength=count),
    }


def _some(owner: Any, values: Any, chosen: Any, count: int) -> Any:
    return np.bincount(owner[chosen], values[chosen], count).astype(np.int64)


def totals(result: Arrays) -> pl.DataFrame:
    """A row a firm."""
    from benchmarks.peers import COLUMNS

    return pl.DataFrame({key: result[key] for key in COLUMNS}).with_row_index("firm")
