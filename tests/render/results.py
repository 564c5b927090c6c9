"""Results of a few firms under the plan, whose names may be hostile."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from ordos_subsidy.evaluation import Outcome, evaluate
from ordos_subsidy.messages import Lang
from ordos_subsidy.policy import Policies, load_policies
from ordos_subsidy.tables import read_mapping
from ordos_subsidy.views.result import Result, of_outcome

ON = dt.date(2026, 11, 23)
FIRM: dict[str, Any] = {
    "name": "甲公司",
    "above_scale": True,
    "high_tech": True,
    "district": "dongsheng",
    "fiscal_year": 2022,
    "revenue": "12.5亿元",
    "rd_expense": "4200万元",
    "event": [
        {"kind": "regional-key-lab", "date": dt.date(2022, 3, 1)},
        {"kind": "national-program", "date": dt.date(2022, 5, 1), "amount": "31490000.01元", "fiscal_support": "1元"},
        {"kind": "incubator", "date": dt.date(2022, 6, 1)},
    ],
}


@cache
def plan() -> Policies:
    return load_policies()


def nasty(name: str) -> dict[str, Any]:
    """A firm whose every text is hostile."""
    return {**FIRM, "name": name, "event": [{"kind": "regional-key-lab", "date": dt.date(2022, 3, 1), "note": name}]}


def outcome(*firms: dict[str, Any], policies: Policies | None = None) -> Outcome:
    policies = policies or plan()
    read = read_mapping({"firm": list(firms)}, policies.vocabulary, "firm.toml")
    return evaluate(policies, read, ON)


def result(
    *firms: dict[str, Any], lang: Lang = "zh", overall: bool = False, policies: Policies | None = None
) -> Result:
    """The result of some firms, by default of the usual one."""
    found = of_outcome(outcome(*(firms or (FIRM,)), policies=policies), lang, None)
    found.overall = overall
    return found
