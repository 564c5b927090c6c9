"""The rules that every engine judges, the product included: awards of the plan as a table written by hand.

It is the plan as it was first read, less than policies.toml has, and each engine makes of it what it works from: the
product a policy file. Sums are in wan yuan (10,000). `who` is the organisation an award is for, `field` and `level`
what the event must show; blank where anything will do. A `new` award is for what was recognised after the plan came
into force; of others the plan does not say.

A blank organisation is taken for an enterprise, which may say yes and never no: elsewhere it is unknown. What surely
lies before the plan has no calendar year, save where calendar years are stated. The first five years run from the
year of the first event since the plan came into force.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

FEN = 1_000_000  # fen in a wan yuan
EFFECTIVE = dt.date(2021, 6, 19)
KEY_INDUSTRIES = ("clean-energy", "new-chemical", "environmental", "equipment")
MAJOR_FIELDS = ("dual-control", "dual-carbon", "mine-restoration", "wind-solar-hydrogen-storage", *KEY_INDUSTRIES)
ENTERPRISE = ("enterprise",)
PARK = ("park",)
SCHOLARS = ("university", "institute")
NEW_INSTITUTION = ("new-rd-institution",)


@dataclass(frozen=True)
class Award:
    """What one kind of event brings."""

    kind: str
    amount: Literal["exactly", "up_to", "at_least", "share", "unstated"]
    wan: int = 0
    years: int = 1
    new: bool = False
    who: tuple[str, ...] = ()
    field: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    percent: int = 0
    capped: bool = False
    rule: Literal["", "level given", "tech sme", "within amount", "less support", "to 2025", "first 5", "spread"] = ""


AWARDS = (
    Award("industrialization-project", "unstated", field=KEY_INDUSTRIES),
    Award("technology-import", "up_to", 1000, field=KEY_INDUSTRIES, rule="within amount"),
    Award("major-project", "up_to", 2000, field=MAJOR_FIELDS),
    Award("emerging-project", "unstated"),
    Award("achievement-transformation", "up_to", 1000),
    Award("agriculture-project", "unstated"),
    Award("rural-demonstration", "unstated"),
    Award("national-agri-park", "at_least", 1000, 5, who=PARK),
    Award("public-benefit-project", "unstated"),
    Award("national-enterprise-center", "exactly", 300, new=True, who=ENTERPRISE),
    Award("regional-enterprise-center", "exactly", 30, new=True, who=ENTERPRISE),
    Award("tech-sme-two-years", "exactly", 5, who=ENTERPRISE),
    Award("high-tech-recertified", "exactly", 20, new=True, who=ENTERPRISE),
    Award("high-tech-relocated", "exactly", 20, who=ENTERPRISE),
    Award("city-specialized", "exactly", 10, new=True, who=ENTERPRISE),
    Award("city-little-giant", "exactly", 20, new=True, who=ENTERPRISE),
    Award("national-program", "share", percent=10),
    Award("sme-rd-project", "unstated", rule="tech sme"),
    Award("zone-cultivation", "up_to", 500, who=PARK),
    Award("regional-zone", "up_to", 1000, who=PARK, rule="to 2025"),
    Award("technology-innovation-center", "at_least", 500, 5),
    Award("regional-key-lab", "at_least", 200, 5),
    Award("regional-engineering-center", "at_least", 200, 5),
    Award("regional-manufacturing-center", "at_least", 200, 5),
    Award("regional-clinical-center", "at_least", 200, 5),
    Award("field-station", "at_least", 20, 5),
    Award("incubator", "up_to", 200, new=True, rule="level given"),
    Award("maker-space", "up_to", 200, new=True, rule="level given"),
    Award("star-creation", "up_to", 200, new=True, rule="level given"),
    Award("carrier-performance", "unstated"),
    Award("technology-market", "unstated", years=5),
    Award("transformation-platform", "up_to", 100, 5, level=("national", "regional")),
    Award("service-institution", "exactly", 20, new=True),
    Award("standards", "up_to", 100),
    Award("branch-institute", "up_to", 10000, who=SCHOLARS),
    Award("cooperation-project", "unstated"),
    Award("city-led-institution", "up_to", 20000, who=NEW_INSTITUTION, rule="spread"),
    Award("banner-led-institution", "share", 500, who=NEW_INSTITUTION, percent=100, capped=True, rule="first 5"),
    Award("institution-performance", "share", 500, who=NEW_INSTITUTION, percent=20, capped=True, rule="less support"),
    Award("international-base", "exactly", 100, new=True),
    Award("talent-base", "exactly", 30, new=True),
    Award("top-team", "up_to", 10000),
    Award("leading-team", "up_to", 500),
    Award("academician-station", "exactly", 100, new=True),
    Award("station-operation", "up_to", 50),
    Award("national-leading-talent", "exactly", 50),
    Award("leading-talent-project", "unstated"),
    Award("young-talent-project", "unstated"),
    Award("regional-science-award", "share", percent=100),
    Award("basic-operating-fund", "unstated", who=SCHOLARS),
    Award("ip-recognition", "up_to", 50, new=True),
    Award("ip-certification", "up_to", 20, new=True, who=(*ENTERPRISE, *SCHOLARS)),
)

#: The award for R&D, from the firm's accounts: so much at most, twice that for a high-tech firm.
RD_FROM = 5000 * FEN
RD_SHARE = (3, 100)
RD_AWARD = 500 * FEN
RD_SINCE, RD_UNSETTLED = 2021, 2020
