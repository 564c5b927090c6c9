"""The product, as a script would call it: tables in, awards and totals out.

It judges the plan's table too, put into the grammar of policy files and compiled as one.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks import data
from benchmarks.plan import AWARDS, EFFECTIVE, FEN, RD_AWARD, RD_FROM, RD_SHARE, RD_SINCE, RD_UNSETTLED, Award
from ordos_subsidy.evaluation import Outcome, evaluate
from ordos_subsidy.facts import Of, Vocabulary
from ordos_subsidy.policy import Policies
from ordos_subsidy.policy.build import build
from ordos_subsidy.tables.firms import FIRM, Firms, schema

LABEL = "ordos-subsidy"
CANNOT = ""

Raw = dict[str, Any]
LISTS = {"district": data.DISTRICTS, "organization": data.ORGANIZATIONS, "level": data.LEVELS, "field": data.FIELDS}
ROLES = {"name": "name", "fiscal_year": "year", "kind": "kind", "date": "date", "amount": "amount"}
#: A blank district is one of the city, a blank organisation an enterprise.
BLANK_IS = {"district": data.DISTRICTS[0], "organization": "enterprise"}
#: The facts by their types.
FACTS = {
    "firm": {
        "text": ["name"],
        "choice": ["district", "organization"],
        "yes_no": ["above_scale", "high_tech", "tech_sme"],
        "year": ["fiscal_year"],
        "money": ["revenue", "rd_expense"],
        "ratio": ["rd_intensity"],
    },
    "event": {"kind": ["kind"], "date": ["date"], "money": ["amount", "fiscal_support"], "choice": ["level", "field"]},
}
RULES: dict[str, Raw] = {
    "level given": {"fact": "level", "given": True},
    "tech sme": {"fact": "tech_sme", "is": True},
    "first 5": {"first_years": 5},
}
SUMS: dict[str, Raw] = {
    "within amount": {"within": "amount"},
    "less support": {"less": "fiscal_support"},
    "to 2025": {"during": [2021, 2025]},
    "spread": {"spread": 5},
}
#: The compiler asks for an example of each verdict; nothing here runs them.
VERDICTS = ("yes", "no", "unknown")
EXAMPLES = [{"says": each, "verdict": each, "low": "0元", "high": "open"} for each in VERDICTS]


def _words(text: str) -> Raw:
    return {"zh": text, "en": text}


def document() -> Raw:
    """The plan's table as a policy file."""
    facts = {key: _fact(of, type_, key) for of, types in FACTS.items() for type_, keys in types.items() for key in keys}
    facts["rd_intensity"] |= {"ratio": {"part": "rd_expense", "whole": "revenue"}}
    named = {"title": _words("plan"), "name": _words("plan"), "issuer": _words("city")}
    heading = {"part": _words("part"), "heading": _words("clause"), "gist": _words("gist")}
    return {
        "policy": {"id": "plan", "number": "1", **named, "dated": EFFECTIVE, "effective": EFFECTIVE, "source": "plan"}
        | {"scope": {"fact": "district", "is_not": "outside"}},
        "fact": facts,
        "list": {name: {"items": {each: _words(each) for each in options}} for name, options in LISTS.items()},
        "kind": {award.kind: {"title": _words(award.kind), "help": _words("event")} for award in AWARDS},
        "department": {"bureau": _words("bureau")},
        "clause": [{"number": 1, "reference": "1", "departments": ["bureau"], **heading}],
        "measure": [*map(_measure, AWARDS), _accounts()],
    }


def _fact(of: str, type_: str, key: str) -> Raw:
    known = {"role": ROLES, "list": {name: name for name in LISTS}, "blank_is": BLANK_IS}
    more = {name: each[key] for name, each in known.items() if key in each}
    return {"of": of, "type": type_, "title": _words(key), "help": _words(key), **more}


def _award(id_: str, **entry: Any) -> Raw:
    return {"id": id_, "clause": 1, "category": "award", "title": _words(id_), "examples": EXAMPLES, **entry}


def _measure(award: Award) -> Raw:
    chosen = (("organization", award.who), ("field", award.field), ("level", award.level))
    tests = [{"fact": key, "one_of": list(options)} for key, options in chosen if options]
    tests += [RULES[award.rule]] if award.rule in RULES else []
    amount: Raw = {award.amount: f"{award.wan}万元"}
    if award.amount == "share":
        amount = {"share": f"{award.percent}%", "of": "amount"} | ({"cap": f"{award.wan}万元"} if award.capped else {})
    elif award.amount == "unstated":
        amount = {"unstated": True}
    return _award(
        award.kind,
        claims=[award.kind],
        existing="excluded" if award.new else "unsettled",
        when={"all": tests} if tests else None,
        amount=amount | SUMS.get(award.rule, {}) | ({"years": award.years} if award.years > 1 else {}),
    )


def _accounts() -> Raw:
    year, share = "fiscal_year", f"{100 * RD_SHARE[0] // RD_SHARE[1]}%"
    enough = [{"fact": "rd_intensity", "at_least": share}, {"fact": "rd_expense", "at_least": f"{RD_FROM // FEN}万元"}]
    tests = [
        {"fact": "organization", "is": "enterprise"},
        {"fact": "above_scale", "is": True},
        {"any": enough},
        {"fact": year, "at_least": RD_UNSETTLED},
        {"unsettled": {"fact": year, "less_than": RD_SINCE}, "says": _words("open")},
    ]
    twice = {"by": 2, "when": {"fact": "high_tech", "is": True}}
    amount = {"up_to": f"{RD_AWARD // FEN}万元", "times": twice}
    return _award("rd-investment", claims=["accounts"], when={"all": tests}, amount=amount)


@cache
def policies() -> Policies:
    """The plan's table, compiled."""
    return build([("plan", document())]).policies


def load(home: Path) -> tuple[Policies, Firms]:
    """The policy and the tables, in the types of the vocabulary."""
    return policies(), typed(policies().vocabulary, *data.load(home))


def typed(words: Vocabulary, firms: pl.DataFrame, events: pl.DataFrame) -> Firms:
    """Tables to `Firms`."""

    def table(frame: pl.DataFrame, of: Of) -> pl.DataFrame:
        types, named = schema(words, of), frame.rename({"firm": FIRM})
        return named.select(pl.col(key).cast(types[key]) for key in types if key in named.columns).rechunk()

    return Firms(table(firms, "firm"), table(events, "event"))


def run(prepared: tuple[Policies, Firms]) -> Outcome:
    """All awards, and the totals of each firm."""
    prepared[1].marks.clear()
    outcome = evaluate(*prepared, data.ON)
    _ = outcome.totals
    return outcome


def totals(outcome: Outcome) -> pl.DataFrame:
    """A row a firm."""
    return outcome.totals
