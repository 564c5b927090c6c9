"""OpenFisca-core as its country packages use it: an entity for events, one for firms, a variable for each award.

It has two truths and no blanks, so a blank is "no" here, and what is pending is not computed at all: it does about
half of the work. Its amounts are float32, which holds seven digits: most sums are off by some yuan. It is held
against the sums of what is certain.
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
from benchmarks.plan import AWARDS, EFFECTIVE, RD_SHARE, RD_SINCE, Award

LABEL = "OpenFisca-core"
CANNOT = "no unknowns, so a blank is no and what is pending is left out, half of the work; amounts are float32"

WAN = 10_000
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


def _is_in(codes: Any, options: Any, keys: tuple[str, ...]) -> Any:
    table = np.zeros(len(list(options)), bool)
    table[[_code(options, key) for key in keys]] = True
    return table[np.asarray(codes)]


# --- conditions of all events


def _in_force(event: Any, period: Any) -> Any:
    return (
        event("dated", period)
        & (event("first_day", period) >= _day(EFFECTIVE))
        & (event("last_day", period) <= _day(data.ON))
    )


def _local(firm: Any, period: Any) -> Any:
    return np.asarray(firm("district", period)) != _code(District, "outside")


def _years_to_2025(event: Any, period: Any) -> Any:
    return np.maximum(2025 - np.maximum(event("event_year", period), 2021) + 1, 0)


def _earliest(firm: Any, period: Any) -> Any:
    yearly = np.asarray(firm.members("kind", period)) == _code(Kind, "banner-led-institution")
    year = np.where(yearly, firm.members("event_year", period), 9999)
    return firm.min(year)


# --- a variable for each award


def _variable(award: Award) -> str:
    return award.kind.replace("-", "_")


def _award(award: Award) -> type[Variable]:
    """Whether the award is certain."""

    def formula(event: Any, period: Any) -> Any:
        holds = (np.asarray(event("kind", period)) == _code(Kind, award.kind)) & event("in_force", period)
        holds &= event.firm("local", period)
        if award.who:
            who = award.who + (("unknown",) if "enterprise" in award.who else ())
            holds &= _is_in(event.firm("organization", period), Organization, who)
        if award.field:
            holds &= _is_in(event("field", period), Field, award.field)
        if award.level:
            holds &= _is_in(event("level", period), Level, award.level)
        if award.rule == "level given":
            holds &= np.asarray(event("level", period)) != 0
        if award.rule == "tech sme":
            holds &= event.firm("tech_sme", period)
        if award.rule == "to 2025":
            holds &= event("last_day", period) <= _day("2025-12-31")
        if award.rule == "first 5":
            earliest = event.firm("earliest", period)
            holds &= (earliest > 0) & (event("event_year", period) - earliest < 5)
        return holds

    return _computed(_variable(award), EVENT, bool, formula)


def _share(award: Award, event: Any, period: Any) -> Any:
    basis = event("amount", period)
    if award.rule == "less support":
        basis = np.maximum(basis - event("fiscal_support", period), 0)
    share = np.floor(basis * award.percent + 0.5) / 100
    return np.minimum(share, award.wan * WAN) if award.capped else share


def _low(event: Any, period: Any) -> Any:
    total = np.zeros(event.count, np.float32)
    for award in AWARDS:
        if award.amount in ("exactly", "at_least"):
            total += event(_variable(award), period) * np.float32(award.wan * WAN * award.years)
        elif award.amount == "share":
            known = event("has_amount", period)
            if award.rule == "less support":
                known = known & event("has_support", period)
            total += event(_variable(award), period) * known * _share(award, event, period)
    return total


def _high(event: Any, period: Any) -> Any:
    total = np.zeros(event.count, np.float32)
    for award in AWARDS:
        holds, sum_ = event(_variable(award), period), np.float32(award.wan * WAN)
        if award.rule == "within amount":
            amount = np.where(event("has_amount", period), event("amount", period), sum_)
            total += holds * np.minimum(amount, sum_)
        elif award.rule == "to 2025":
            total += holds * sum_ * event("years_to_2025", period)
        elif award.amount in ("exactly", "up_to"):
            total += holds * sum_ * np.float32(award.years)
        elif award.amount == "share":
            unknown = sum_ if award.capped else np.float32(0)
            total += holds * np.where(event("has_amount", period), _share(award, event, period), unknown)
    return total


def _endless(event: Any, period: Any) -> Any:
    total = np.zeros(event.count, bool)
    for award in AWARDS:
        if award.amount in ("at_least", "unstated"):
            total |= event(_variable(award), period)
        elif award.amount == "share" and not award.capped:
            total |= event(_variable(award), period) & ~event("has_amount", period)
    return total


# --- of the firm


def _rd_award(firm: Any, period: Any) -> Any:
    spent, revenue, year = (firm(name, period) for name in ("rd_expense", "revenue", "fiscal_year"))
    enterprise = _is_in(firm("organization", period), Organization, ("unknown", "enterprise"))
    known = firm("has_rd_expense", period)
    intense = (revenue > 0) & (spent * RD_SHARE[1] >= revenue * RD_SHARE[0])
    enough = known & ((spent >= 5000 * WAN) | intense)
    in_time = (year >= RD_SINCE) & (year <= data.ON.year)
    return enterprise & firm("local", period) & firm("above_scale", period) & enough & in_time


def _ceiling(firm: Any, period: Any) -> Any:
    high = np.where(firm("not_high_tech", period), 500 * WAN, 1000 * WAN)
    return firm.sum(firm.members("high", period)) + firm("rd_award", period) * high


COMPUTED = (
    _computed("in_force", EVENT, bool, _in_force),
    _computed("years_to_2025", EVENT, int, _years_to_2025),
    _computed("local", FIRM, bool, _local),
    _computed("earliest", FIRM, int, _earliest),
    *map(_award, AWARDS),
    _computed("low", EVENT, float, _low),
    _computed("high", EVENT, float, _high),
    _computed("endless", EVENT, bool, _endless),
    _computed("rd_award", FIRM, bool, _rd_award),
    _computed("assured", FIRM, float, lambda firm, period: firm.sum(firm.members("low", period))),
    _computed("ceiling", FIRM, float, _ceiling),
    _computed("open_ended", FIRM, int, lambda firm, period: firm.sum(firm.members("endless", period))),
)
INPUTS = (
    *(_input(name, EVENT, int) for name in ("first_day", "last_day", "event_year")),
    *(_input(name, EVENT, float) for name in ("amount", "fiscal_support")),
    *(_input(name, EVENT, bool) for name in ("dated", "has_amount", "has_support")),
    _input("kind", EVENT, Enum, Kind),
    _input("level", EVENT, Enum, Level),
    _input("field", EVENT, Enum, Field),
    _input("district", FIRM, Enum, District),
    _input("organization", FIRM, Enum, Organization),
    *(_input(name, FIRM, bool) for name in ("above_scale", "not_high_tech", "tech_sme", "has_rd_expense")),
    *(_input(name, FIRM, float) for name in ("revenue", "rd_expense")),
    _input("fiscal_year", FIRM, int),
)


def _day(date: Any) -> int:
    return int(np.datetime64(date, "D").astype(int))


def load(home: Path) -> Any:
    """A simulation with its inputs set."""
    return prepare(*data.load(home))


def prepare(firms: pl.DataFrame, events: pl.DataFrame) -> Any:
    """Tables to a simulation."""
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
        pl.col("above_scale").fill_null(value=False),
        (~pl.col("high_tech")).fill_null(value=False).alias("not_high_tech"),
        pl.col("tech_sme").fill_null(value=False),
        pl.col("rd_expense").is_not_null().alias("has_rd_expense"),
        (pl.col("revenue") / 100).fill_null(0).cast(pl.Float32),
        (pl.col("rd_expense") / 100).fill_null(0).cast(pl.Float32),
        pl.col("fiscal_year").fill_null(0),
    )


def run(simulation: Any) -> dict[str, Any]:
    """Forget what was computed, then compute it again."""
    for variable in COMPUTED:
        simulation.delete_arrays(variable.__name__)
    return {name: simulation.calculate(name, PERIOD) for name in ("assured", "ceiling", "open_ended")}


def totals(result: dict[str, Any]) -> pl.DataFrame:
    """A row a firm, what is certain only."""
    frame = pl.DataFrame(result).with_row_index("firm")
    fen = [(pl.col(name).cast(pl.Float64) * 100).round().cast(pl.Int64) for name in ("assured", "ceiling")]
    return frame.with_columns(*fen, pl.col("open_ended").cast(pl.Int64))
