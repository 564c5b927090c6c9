"""Policies and firms from plain dictionaries, for the tests of the judgement.

`LAB` is the smallest policy with a fact of every type; `probe` puts one measure into it, and `judge` says what
that measure makes of a firm. Values of firms are written as a user would write them ("1亿元", "2021-06").
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from ordos_subsidy import cells
from ordos_subsidy.advice import claims, missing_facts
from ordos_subsidy.evaluation import Outcome, evaluate
from ordos_subsidy.facts import Vocabulary
from ordos_subsidy.policy import Policies
from ordos_subsidy.policy.build import build
from ordos_subsidy.tables.firms import Firms, table

Raw = dict[str, Any]

ROOT = Path(__file__).resolve().parent.parent
ORDOS = ROOT / "policies.toml"
HARBOUR = ROOT / "tests" / "data" / "harbour.toml"
#: Long after every date in the tests that does not ask for another day.
LATE = dt.date(2100, 1, 1)

LAB = tomllib.loads("""
[policy]
id = "lab"
number = "L1"
title = { zh = "实验", en = "Lab" }
name = { zh = "实验", en = "Lab" }
issuer = { zh = "无", en = "nobody" }
dated = 2021-05-18
effective = 2021-06-19
source = "tests"

[fact]
name = { of = "firm", type = "text", role = "name", title = { zh = "名", en = "name" } }
season = { of = "firm", type = "year", role = "year", title = { zh = "年度", en = "season" } }
big = { of = "firm", type = "yes_no", change = "obtain", title = { zh = "大", en = "big" } }
old = { of = "firm", type = "yes_no", title = { zh = "老", en = "old" } }
shape = { of = "firm", type = "choice", list = "shape", title = { zh = "形状", en = "shape" } }
home = { of = "firm", type = "choice", list = "shape", blank_is = "round", title = { zh = "家", en = "home" } }
trades = { of = "firm", type = "choices", list = "trade", title = { zh = "行当", en = "trades" } }
hobbies = { of = "firm", type = "choices", list = "trade", blank_is = "fish", title = { zh = "爱好", en = "hobbies" } }
bodies = { of = "firm", type = "choices", list = "body", blank_is = "guild", title = { zh = "身份", en = "bodies" } }
staff = { of = "firm", type = "count", title = { zh = "人数", en = "staff" } }
local = { of = "firm", type = "percent", title = { zh = "本地", en = "local" } }
cost = { of = "firm", type = "money", change = "raise", title = { zh = "成本", en = "cost" } }
before = { of = "firm", type = "money", title = { zh = "上年", en = "before" } }
sales = { of = "firm", type = "money", title = { zh = "销售", en = "sales" } }
intensity.of = "firm"
intensity.type = "ratio"
intensity.ratio = { part = "cost", whole = "sales" }
intensity.title = { zh = "强度", en = "intensity" }
matter = { of = "event", type = "kind", role = "kind", title = { zh = "事项", en = "matter" } }
day = { of = "event", type = "date", role = "date", title = { zh = "日期", en = "day" } }
sum = { of = "event", type = "money", role = "amount", title = { zh = "数额", en = "sum" } }
aid = { of = "event", type = "money", title = { zh = "补助", en = "aid" } }

[list.shape.items]
round = { zh = "圆", en = "round" }
square = { zh = "方", en = "square" }
long = { zh = "长", en = "long" }

[list.trade.items]
fish = { zh = "渔", en = "fish" }
salt = { zh = "盐", en = "salt" }
rope = { zh = "绳", en = "rope" }

[list.body.items]
guild = { zh = "行会", en = "guild", form = true }
office = { zh = "官署", en = "office", form = true, leaves_open = ["school", "infirmary"] }
school = { zh = "学堂", en = "school", leaves_open = ["office"] }
infirmary = { zh = "医馆", en = "infirmary", leaves_open = ["guild", "office", "school"] }

[group.angular]
title = { zh = "有角", en = "angular" }
of = "shape"
members = ["square", "long"]

[kind]
grant = { title = { zh = "甲", en = "grant" }, help = { zh = "甲", en = "grant" } }
prize = { title = { zh = "乙", en = "prize" }, help = { zh = "乙", en = "prize" }, tags = ["honour"] }
medal = { title = { zh = "丙", en = "medal" }, help = { zh = "丙", en = "medal" }, tags = ["honour"] }

[department.office]
zh = "办公室"
en = "Office"

[[clause]]
number = 1
reference = "一"
part = { zh = "一", en = "one" }
heading = { zh = "一", en = "one" }
departments = ["office"]
gist = { zh = "一", en = "one" }

[[measure]]
id = "others"
clause = 1
category = "award"
title = { zh = "其余", en = "others" }
claims = ["grant", "prize", "medal"]
amount = { unstated = true }
""")
EXAMPLES = [
    {"says": "one", "verdict": "yes", "low": "0元", "high": "1元"},
    {"says": "two", "verdict": "no"},
    {"says": "three", "verdict": "unknown", "high": "1元"},
]
for _fact in LAB["fact"].values():
    _fact["help"] = {"zh": "。", "en": "."}
LAB["measure"][0]["examples"] = EXAMPLES


class Judged(NamedTuple):
    """What a measure makes of a claim; sums in fen."""

    verdict: str
    low: int
    high: int | None
    slices: list[tuple[int | None, int, int | None]]
    missing: tuple[str, ...]
    document: str

    @property
    def interval(self) -> tuple[int, int | None]:
        """The sums alone."""
        return self.low, self.high


def compiled(*documents: Raw) -> Policies:
    """Parsed policy files as a policy, past every cache."""
    sources = [(f"{each['policy']['id']}.toml", each) for each in documents]
    return build(sources).policies


@cache
def raw(path: Path) -> Raw:
    """A policy file, parsed."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def policy(path: Path) -> Policies:
    """A policy file, compiled."""
    return compiled(raw(path))


def lab(**entry: Any) -> Raw:
    """The lab with one more measure, "probe"; an award of grants unless it says otherwise."""
    document = deepcopy(LAB)
    document["measure"].append(measure(**entry))
    return document


def measure(**entry: Any) -> Raw:
    """A measure of the lab."""
    plain = {"id": "probe", "clause": 1, "category": "award", "title": {"zh": "探", "en": "probe"}}
    if entry.get("category", "award") == "award":
        plain |= {"claims": ["grant"], "amount": {"exactly": "1元"}, "examples": EXAMPLES}
    return plain | entry


def probe(**entry: Any) -> Policies:
    """The lab's policy with a measure of its own."""
    return compiled(lab(**entry))


def read(vocabulary: Vocabulary, key: str, value: Any) -> Any:
    """A value as a user writes it, typed."""
    found = cells.read(vocabulary.facts[key], value, vocabulary=vocabulary)
    assert not found.refused, found
    return found.value


def firms(vocabulary: Vocabulary, *plain: Mapping[str, Any], typed: bool = False) -> Firms:
    """Firms with their `events`; `typed`: values are what `cells.read` gives, not what a user writes."""
    events = [(owner, event) for owner, firm in enumerate(plain) for event in firm.get("events", ())]

    def values(of: Any, rows: Sequence[Mapping[str, Any]]) -> dict[str, Sequence[object]]:
        known = {fact.key for fact in vocabulary.of(of)}
        assert {key for row in rows for key in row} <= known | {"events"}
        return {key: [row.get(key) if typed else read(vocabulary, key, row.get(key)) for row in rows] for key in known}

    owners = [owner for owner, _ in events]
    return Firms(
        table(vocabulary, "firm", values("firm", plain), range(len(plain)), [f"firm {n}" for n in range(len(plain))]),
        table(vocabulary, "event", values("event", [event for _, event in events]), owners, ["event"] * len(owners)),
    )


def evaluated(policies_: Policies, *plain: Mapping[str, Any], on: dt.date = LATE, typed: bool = False) -> Outcome:
    """The outcome of firms from plain dictionaries."""
    return evaluate(policies_, firms(policies_.vocabulary, *plain, typed=typed), on)


def judge(
    policies_: Policies,
    firm: Mapping[str, Any] | None = None,
    *events: Mapping[str, Any],
    on: dt.date = LATE,
    id_: str = "probe",
) -> Judged:
    """What one measure makes of a firm's first event that it looks at, or of its accounts."""
    outcome = evaluated(policies_, {**(firm or {}), "events": events}, on=on)
    return judged(outcome, id_)


def judged(outcome: Outcome, id_: str = "probe") -> Judged:
    """What a measure makes of the first claim of an outcome."""
    category = next(each.category for each in outcome.policies.measures if each.id == id_)
    if category == "preference":
        rows = outcome.preferences.filter(outcome.preferences["measure"] == id_)
        row = {"low": 0, "high": 0, "event": None, **rows.row(0, named=True)}
    else:
        rows = outcome.credits if category == "credit" else outcome.awards
        row = rows.filter(rows["measure"] == id_).sort("firm", "event").row(0, named=True)
    claim = next(
        each
        for each in claims(outcome, category)
        if (each.firm, each.event, each.version) == (row["firm"], row["event"], row["version"])
    )
    what = outcome.policies.measures[row["version"]]
    slices = [
        each[3:]
        for each in outcome.schedule.select("firm", "event", "version", "year", "low", "high").iter_rows()
        if each[:3] == (row["firm"], row["event"], row["version"])
    ]
    return Judged(row["verdict"], row["low"], row["high"], slices, missing_facts(claim, what), what.document)
