"""OpenFisca-core as its country packages use it: an entity for events, one for firms, a variable for each award.

It has two truths and no blanks. As whoever models this plan in it would have to, the truths are numbers here (0 no,
1 unknown, 2 yes, so that "all" is the minimum), what is blank has a variable of its own, and so has what has no
upper bound. Its amounts are float32, which holds seven digits: most sums are off by some yuan.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from openfisca_core import periods
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from benchmarks import data
from benchmarks.peers import COLUMNS
from benchmarks.plan import AWARDS, EFFECTIVE, RD_SHARE, RD_SINCE, RD_UNSETTLED, Award

LABEL = "OpenFisca-core"
CANNOT = "no unknowns and no open amounts of its own, so both are numbers beside the numbers; amounts are float32"

WAN = 10_000
NO, UNKNOWN, YES = 0, 1, 2
NEVER, FIRST_YEARS = 9999, 5
EVENT = build_entity("event", "events", "An event of a firm", is_person=True)
FIRM = build_entity(
    "firm", "firms", "An applicant", roles=[{"key": "event", "plural": "events", "label": "Its events"}]
)
PERIOD = periods.period("2026-01-01")


def _enum(name: str, options: list[str]) -> Any:
    return Enum(name, {each.replace("-", "_"): each for each in ["unknown", *options]})


Kind = _enum("Kind", data.KINDS)
District = _enum("District", data.DISTRICTS)
Organization = _enum("Organization", data.ORGANIZATIONS)
Level = _enum("Level", data.LEVELS)
Field = _enum("Field", data.FIELDS)


def _code(options: Any, key: str) -> int:
    return int(options[key.replace("-", "_")].index)


def _input(name: str, entity: Any, kind: Any, options: Any = None) -> type[Variable]:
    members = {"value_type": kind, "entity": entity, "definition_period": periods.DateUnit.ETERNITY, "label": name}
    if options is not None:
        members |= {"possible_values": options, "default_value": options["unknown"]}
    return type(name, (Variable,), members)


def _computed(name: str, entity: Any, kind: Any, formula: Any) -> type[Variable]:
    members = {"value_type": kind, "entity": entity, "definition_period": periods.DateUnit.ETERNITY, "label": name}
    return type(name, (Variable,), {**members, "formula": formula})


def _is_in(codes: Any, options: Any, keys: tuple[str, ...], blank: int) -> Any:
    """The truth of "one of these"; of a blank it is what the plan says."""
    table = np.zeros(len(list(options)), np.int32)
    table[[_code(options, key) for key in keys]] = YES
    table[0] = blank
    return table[np.asarray(codes)]


def _truth(condition: Any) -> Any:
    return np.where(condition, YES, NO)


# --- conditions of all events


def _in_force(before: int) -> Any:
    """Whether an event counts by its date; what was before the plan came into force is a no, or unknown."""

    def formula(event: Any, period: Any) -> Any:
        first, last, dated = (event(name, period) for name in ("first_day", "last_day", "dated"))
        since, earlier = dated & (first >= _day(EFFECTIVE)), dated & (last < _day(EFFECTIVE))
        truth = np.where(since, YES, np.where(earlier, before, UNKNOWN))
        return np.where(dated & (last > _day(data.ON)), np.minimum(truth, UNKNOWN), truth)

    return formula


def _local(firm: Any, period: Any) -> Any:
    return _truth(np.asarray(firm("district", period)) != _code(District, "outside"))


def _by_2025(event: Any, period: Any) -> Any:
    sooner, later = (event(name, period) <= _day("2025-12-31") for name in ("first_day", "last_day"))
    return np.where(event("dated", period) & (sooner == later), _truth(sooner), UNKNOWN)


def _years_to_2025(event: Any, period: Any) -> Any:
    return np.maximum(2025 - np.maximum(event("event_year", period), 2021) + 1, 0)


def _yearly(firm: Any, period: Any) -> Any:
    return np.asarray(firm.members("kind", period)) == _code(Kind, "banner-led-institution")


def _latest(firm: Any, period: Any) -> Any:
    """The latest that its first year can be: that of the first event which surely counts."""
    first, last = firm.members("first_day", period), firm.members("last_day", period)
    sure = firm.members("dated", period) & (first >= _day(EFFECTIVE)) & (last <= _day(data.ON))
    return firm.min(np.where(_yearly(firm, period) & sure, firm.members("event_year", period), NEVER))


def _earliest(firm: Any, period: Any) -> Any:
    """The earliest that its first year can be."""
    dated, last = firm.members("dated", period), firm.members("last_day", period)
    year = np.where(dated, firm.members("event_year", period), EFFECTIVE.year)
    return firm.min(np.where(_yearly(firm, period) & (~dated | (last >= _day(EFFECTIVE))), year, NEVER))


def _in_first_years(event: Any, period: Any) -> Any:
    year = event("event_year", period)
    past = event("dated", period) & (year - event.firm("latest", period) >= FIRST_YEARS)
    return np.where(past, NO, np.where(year - event.firm("earliest", period) < FIRST_YEARS, YES, UNKNOWN))


# --- a variable for each award


def _variable(award: Award) -> str:
    return award.kind.replace("-", "_")


def _award(award: Award) -> type[Variable]:
    """The truth of the award, no for events of other kinds."""

    def formula(event: Any, period: Any) -> Any:
        truth = np.minimum(event("in_force_new" if award.new else "in_force", period), event.firm("local", period))
        if award.who:
            blank = YES if "enterprise" in award.who else UNKNOWN
            truth = np.minimum(truth, _is_in(event.firm("organization", period), Organization, award.who, blank))
        if award.field:
            truth = np.minimum(truth, _is_in(event("field", period), Field, award.field, UNKNOWN))
        if award.level:
            truth = np.minimum(truth, _is_in(event("level", period), Level, award.level, UNKNOWN))
        if award.rule == "level given":
            truth = np.minimum(truth, np.where(np.asarray(event("level", period)) != 0, YES, UNKNOWN))
        if award.rule == "tech sme":
            truth = np.minimum(truth, event.firm("tech_sme", period))
        if award.rule == "to 2025":
            truth = np.minimum(truth, event("by_2025", period))
        if award.rule == "first 5":
            truth = np.minimum(truth, event("in_first_years", period))
        return np.where(np.asarray(event("kind", period)) == _code(Kind, award.kind), truth, NO)

    return _computed(_variable(award), EVENT, int, formula)


def _verdict(event: Any, period: Any) -> Any:
    return sum(event(_variable(award), period) for award in AWARDS)


def _share(award: Award, basis: Any) -> Any:
    share = np.floor(basis * award.percent + 0.5) / 100
    return np.minimum(share, award.wan * WAN) if award.capped else share


def _low(event: Any, period: Any) -> Any:
    total = np.zeros(event.count, np.float32)
    for award in AWARDS:
        if award.amount in ("exactly", "at_least"):
            total += (event(_variable(award), period) == YES) * np.float32(award.wan * WAN * award.years)
        elif award.amount == "share":
            basis, known = event("amount", period), event("has_amount", period)
            if award.rule == "less support":
                known = known & event("has_support", period)
                basis = np.maximum(basis - event("fiscal_support", period), 0)
            total += ((event(_variable(award), period) == YES) & known) * _share(award, basis)
    return total


def _high(event: Any, period: Any) -> Any:
    """The most of awards that have an upper bound."""
    total = np.zeros(event.count, np.float32)
    for award in AWARDS:
        possible, sum_ = event(_variable(award), period) != NO, np.float32(award.wan * WAN)
        if award.rule == "within amount":
            amount = np.where(event("has_amount", period), event("amount", period), sum_)
            total += possible * np.minimum(amount, sum_)
        elif award.rule == "to 2025":
            total += possible * sum_ * event("years_to_2025", period)
        elif award.amount in ("exactly", "up_to"):
            total += possible * sum_ * np.float32(award.years)
        elif award.amount == "share":
            basis = event("amount", period)
            if award.rule == "less support":
                basis = np.maximum(basis - event("fiscal_support", period), 0)  # blank support is none: the most
            unknown = sum_ if award.capped else np.float32(0)
            total += possible * np.where(event("has_amount", period), _share(award, basis), unknown)
    return total


def _endless(event: Any, period: Any) -> Any:
    total = np.zeros(event.count, bool)
    for award in AWARDS:
        if award.amount in ("at_least", "unstated"):
            total |= event(_variable(award), period) != NO
        elif award.amount == "share" and not award.capped:
            total |= (event(_variable(award), period) != NO) & ~event("has_amount", period)
    return total


def _years(event: Any, period: Any) -> Any:
    table = np.array([1, *(award.years for award in AWARDS)], np.int32)
    codes = np.asarray(event("kind", period))
    return np.where(codes == _code(Kind, "regional-zone"), event("years_to_2025", period), table[codes])


def _first_year(event: Any, period: Any) -> Any:
    """The first year it is paid, 0 where that is open."""
    codes, dated = np.asarray(event("kind", period)), event("dated", period)
    year = np.where(event("last_day", period) >= _day(EFFECTIVE), event("event_year", period), 0)
    year = np.where((codes == _code(Kind, "regional-zone")) & dated, np.maximum(year, 2021), year)
    return np.where(codes == _code(Kind, "city-led-institution"), 0, year)


# --- of the firm


def _rd_verdict(firm: Any, period: Any) -> Any:
    spent, revenue, year = (firm(name, period) for name in ("rd_expense", "revenue", "fiscal_year"))
    known = firm("has_rd_expense", period)
    enough = np.where(known, _truth(spent >= 5000 * WAN), UNKNOWN)
    intense = np.where(known & (revenue > 0), _truth(spent * RD_SHARE[1] >= revenue * RD_SHARE[0]), UNKNOWN)
    in_time = np.where((year >= RD_SINCE) & (year <= data.ON.year), YES, UNKNOWN)
    in_time = np.where((year > 0) & (year < RD_UNSETTLED), NO, in_time)
    truth = np.minimum(np.maximum(enough, intense), in_time)
    for each in (
        _is_in(firm("organization", period), Organization, ("enterprise",), YES),
        firm("local", period),
        firm("above_scale", period),
    ):
        truth = np.minimum(truth, each)
    return truth


def _rd_high(firm: Any, period: Any) -> Any:
    high = np.where(firm("high_tech", period) == NO, 500 * WAN, 1000 * WAN)
    return high * (firm("rd_verdict", period) != NO)


def _sum(verdict: int) -> Any:
    """What the awards of this verdict come to at most, those without a bound left out."""

    def formula(firm: Any, period: Any) -> Any:
        chosen = (firm.members("verdict", period) == verdict) & ~firm.members("endless", period)
        accounts = firm("rd_high", period) * (firm("rd_verdict", period) == verdict)
        return firm.sum(firm.members("high", period) * chosen) + accounts

    return formula


def _open(verdict: int) -> Any:
    """How many awards of this verdict have no bound."""

    def formula(firm: Any, period: Any) -> Any:
        return firm.sum(firm.members("endless", period) & (firm.members("verdict", period) == verdict))

    return formula


COMPUTED = (
    _computed("in_force", EVENT, int, _in_force(UNKNOWN)),
    _computed("in_force_new", EVENT, int, _in_force(NO)),
    _computed("by_2025", EVENT, int, _by_2025),
    _computed("years_to_2025", EVENT, int, _years_to_2025),
    _computed("local", FIRM, int, _local),
    _computed("earliest", FIRM, int, _earliest),
    _computed("latest", FIRM, int, _latest),
    _computed("in_first_years", EVENT, int, _in_first_years),
    *map(_award, AWARDS),
    _computed("verdict", EVENT, int, _verdict),
    _computed("low", EVENT, float, _low),
    _computed("high", EVENT, float, _high),
    _computed("endless", EVENT, bool, _endless),
    _computed("first_year", EVENT, int, _first_year),
    _computed("years", EVENT, int, _years),
    _computed("rd_verdict", FIRM, int, _rd_verdict),
    _computed("rd_high", FIRM, float, _rd_high),
    _computed("assured", FIRM, float, lambda firm, period: firm.sum(firm.members("low", period))),
    _computed("ceiling", FIRM, float, _sum(YES)),
    _computed("pending", FIRM, float, _sum(UNKNOWN)),
    _computed("open_ended", FIRM, int, _open(YES)),
    _computed("pending_open", FIRM, int, _open(UNKNOWN)),
)
ANSWERS = ("verdict", "low", "high", "endless", "first_year", "years", "rd_verdict", "rd_high", *COLUMNS)
INPUTS = (
    *(_input(name, EVENT, int) for name in ("first_day", "last_day", "event_year")),
    *(_input(name, EVENT, float) for name in ("amount", "fiscal_support")),
    *(_input(name, EVENT, bool) for name in ("dated", "has_amount", "has_support")),
    _input("kind", EVENT, Enum, Kind),
    _input("level", EVENT, Enum, Level),
    _input("field", EVENT, Enum, Field),
    _input("district", FIRM, Enum, District),
    _input("organization", FIRM, Enum, Organization),
    *(_input(name, FIRM, int) for name in ("above_scale", "high_tech", "tech_sme", "fiscal_year")),
    _input("has_rd_expense", FIRM, bool),
    *(_input(name, FIRM, float) for name in ("revenue", "rd_expense")),
)


def _day(date: Any) -> int:
    return int(np.datetime64(date, "D").astype(int))


def load(home: Path) -> Any:
    """A simulation with its inputs set."""
    firms, events = data.load(home)
    system = TaxBenefitSystem([EVENT, FIRM])
    for each in (*INPUTS, *COMPUTED):
        system.add_variable(each)
    builder = SimulationBuilder()
    builder.create_entities(system)
    builder.declare_person_entity("event", np.arange(events.height))
    firm = builder.declare_entity("firm", np.arange(firms.height))
    owners = events.get_column("firm").to_numpy()
    builder.join_with_persons(firm, owners, roles=np.full(events.height, "event"))
    simulation = builder.build(system)
    for frame in (_of_events(events), _of_firms(firms)):
        for column in frame:
            simulation.set_input(column.name, PERIOD, _array(column))
    return simulation


def _array(column: pl.Series) -> Any:
    if isinstance(column.dtype, pl.Enum):
        options = {"kind": Kind, "level": Level, "field": Field, "district": District, "organization": Organization}
        codes = (column.to_physical().cast(pl.Int16) + 1).fill_null(0).to_numpy()
        from openfisca_core.indexed_enums import EnumArray

        return EnumArray(codes.astype(np.uint8), options[column.name])
    return column.to_numpy()


def _of_events(events: pl.DataFrame) -> pl.DataFrame:
    return events.select(
        pl.col("date").cast(pl.Int32).fill_null(0).alias("first_day"),
        pl.col("date@until").cast(pl.Int32).fill_null(0).alias("last_day"),
        pl.col("date").dt.year().fill_null(0).alias("event_year"),
        pl.col("date").is_not_null().alias("dated"),
        (pl.col("amount") / 100).fill_null(0).cast(pl.Float32),
        (pl.col("fiscal_support") / 100).fill_null(0).cast(pl.Float32),
        pl.col("amount").is_not_null().alias("has_amount"),
        pl.col("fiscal_support").is_not_null().alias("has_support"),
        "kind",
        "level",
        "field",
    )


def _of_firms(firms: pl.DataFrame) -> pl.DataFrame:
    return firms.select(
        "district",
        "organization",
        *((pl.col(key).cast(pl.Int32) * YES).fill_null(UNKNOWN) for key in ("above_scale", "high_tech", "tech_sme")),
        pl.col("rd_expense").is_not_null().alias("has_rd_expense"),
        (pl.col("revenue") / 100).fill_null(0).cast(pl.Float32),
        (pl.col("rd_expense") / 100).fill_null(0).cast(pl.Float32),
        pl.col("fiscal_year").fill_null(0),
    )


def run(simulation: Any) -> dict[str, Any]:
    """Forget what was computed, then compute it again."""
    for variable in COMPUTED:
        simulation.delete_arrays(variable.__name__)
    return {name: simulation.calculate(name, PERIOD) for name in ANSWERS}


def totals(result: dict[str, Any]) -> pl.DataFrame:
    """A row a firm."""
    frame = pl.DataFrame({name: result[name] for name in COLUMNS}).with_row_index("firm")
    fen = [(pl.col(name).cast(pl.Float64) * 100).round().cast(pl.Int64) for name in ("assured", "ceiling", "pending")]
    return frame.with_columns(*fen)
