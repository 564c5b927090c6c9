"""zen-engine (GoRules, Rust): the plan as a decision table by kind, in a graph that is evaluated once a firm.

Three truths are the numbers 0, 1, 2, because the engine's own comparisons refuse blanks. Its numbers are decimals,
exact here. The graph's nodes run over the events in the engine's loop mode; nothing is computed in Python.
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks import data
from benchmarks.plan import AWARDS, EFFECTIVE, FEN, RD_AWARD, RD_FROM, RD_SHARE, RD_SINCE, RD_UNSETTLED, Award

LABEL = "zen-engine"
CANNOT = ""

Node = dict[str, Any]


def day(date: Any) -> int:
    """A date as the number that the tables carry: 20210619."""
    return int(f"{date:%Y%m%d}")


FIRM = (
    ("local", "district == 'outside' ? 0 : 2"),
    ("org", "organization ?? 'enterprise'"),
    ("other_org", "organization == null ? 1 : 0"),
    ("tech", "tech_sme == null ? 1 : (tech_sme ? 2 : 0)"),
    ("yearly", "filter(events, #.kind == 'banner-led-institution')"),
    ("sure", f"filter($.yearly, (#.date ?? 0) >= {day(EFFECTIVE)} and (#.until ?? 0) <= {day(data.ON)})"),
    ("latest", "len($.sure) > 0 ? min(map($.sure, #.year)) : 9999"),
    ("may_count", f"filter($.yearly, #.date == null or (#.until ?? 0) >= {day(EFFECTIVE)})"),
    ("earliest", f"len($.may_count) > 0 ? min(map($.may_count, #.year ?? {EFFECTIVE.year})) : 9999"),
    ("scale", "above_scale == null ? 1 : (above_scale ? 2 : 0)"),
    ("enough", f"rd_expense == null ? 1 : (rd_expense >= {RD_FROM} ? 2 : 0)"),
    (
        "intense",
        (
            "rd_expense == null or revenue == null ? 1 : (revenue <= 0 ? 1 :"
            f" (rd_expense * {RD_SHARE[1]} >= revenue * {RD_SHARE[0]} ? 2 : 0))"
        ),
    ),
    (
        "in_time",
        (
            f"fiscal_year == null ? 1 : (fiscal_year < {RD_UNSETTLED} ? 0 :"
            f" (fiscal_year >= {RD_SINCE} and fiscal_year <= {data.ON.year} ? 2 : 1))"
        ),
    ),
    (
        "rd_verdict",
        "min([$.local, $.org == 'enterprise' ? 2 : 0, $.scale, max([$.enough, $.intense]), $.in_time])",
    ),
    ("rd_high", f"$.rd_verdict == 0 ? 0 : (high_tech == false ? {RD_AWARD} : {2 * RD_AWARD})"),
)

JUDGE = (
    (
        "timed",
        (
            f"date == null ? 1 : (date >= {day(EFFECTIVE)} ? (until > {day(data.ON)} ? 1 : 2) :"
            f" (is_new and until < {day(EFFECTIVE)} ? 0 : 1))"
        ),
    ),
    ("who_truth", "who == null ? 2 : ($nodes.firm.org in who ? 2 : $nodes.firm.other_org)"),
    ("field_truth", "fields == null ? 2 : (field == null ? 1 : (field in fields ? 2 : 0))"),
    ("level_truth", "levels == null ? 2 : (level == null ? 1 : (level in levels ? 2 : 0))"),
    (
        "rule_truth",
        (
            "rule == 'tech sme' ? $nodes.firm.tech :"
            " (rule == 'to 2025' ? (date == null ? 1 : (until <= 20251231 ? 2 : (date > 20251231 ? 0 : 1))) :"
            " (rule == 'first 5' ? ((year ?? 0) - $nodes.firm.latest >= 5 ? 0 :"
            " ((year ?? 0) - $nodes.firm.earliest < 5 ? 2 : 1)) : 2))"
        ),
    ),
    ("verdict", "min([$.timed, $nodes.firm.local, $.who_truth, $.field_truth, $.level_truth, $.rule_truth])"),
    ("count", "rule == 'to 2025' ? max([2025 - max([year ?? 2021, 2021]) + 1, 0]) : years"),
    (
        "first",
        (
            "date == null or rule == 'spread' ? null : (rule == 'to 2025' ? max([year, 2021]) :"
            f" (until >= {day(EFFECTIVE)} ? year : null))"
        ),
    ),
    (
        "least",
        (
            "amount == null ? 0 : (rule == 'less support' ?"
            " (fiscal_support == null ? 0 : max([amount - fiscal_support, 0])) : amount)"
        ),
    ),
    (
        "most",
        (
            "amount == null ? null : (rule == 'less support' and fiscal_support != null ?"
            " max([amount - fiscal_support, 0]) : amount)"
        ),
    ),
    ("least_share", "form == 'share' ? floor(($.least * percent + 50) / 100) : 0"),
    ("most_share", "form == 'share' and $.most != null ? floor(($.most * percent + 50) / 100) : null"),
    (
        "low_if_yes",
        (
            "form == 'share' ? (cap == null ? $.least_share : min([$.least_share, cap])) :"
            " (form == 'exactly' or form == 'at_least' ? sum * $.count : 0)"
        ),
    ),
    (
        "high_if_yes",
        (
            "form == 'share' ? ($.most_share == null ? cap : (cap == null ? $.most_share : min([$.most_share, cap]))) :"
            " (rule == 'within amount' ? min([sum, amount ?? sum]) :"
            " (form == 'exactly' or form == 'up_to' ? sum * $.count : null))"
        ),
    ),
    ("low", "$.verdict == 2 ? $.low_if_yes : 0"),
    ("high", "$.verdict == 0 ? 0 : $.high_if_yes"),
)

TOTALS = (
    ("yes", "filter(awards, #.verdict == 2)"),
    ("unknown", "filter(awards, #.verdict == 1)"),
    ("assured", "sum(map(awards, #.low))"),
    ("ceiling", "sum(map($.yes, #.high ?? 0)) + ($nodes.firm.rd_verdict == 2 ? $nodes.firm.rd_high : 0)"),
    ("pending", "sum(map($.unknown, #.high ?? 0)) + ($nodes.firm.rd_verdict == 1 ? $nodes.firm.rd_high : 0)"),
    ("open_ended", "count($.yes, #.high == null)"),
    ("pending_open", "count($.unknown, #.high == null)"),
)


def _node(name: str, kind: str, **content: Any) -> Node:
    return {"id": name, "name": name, "type": kind, "position": {"x": 0, "y": 0}, "content": content}


def _expressions(name: str, pairs: tuple[tuple[str, str], ...], **content: Any) -> Node:
    lines = [{"id": f"{name}.{key}", "key": key, "value": value} for key, value in pairs]
    plain = {"passThrough": True, "inputField": None, "outputPath": None, "executionMode": "single"}
    return _node(name, "expressionNode", expressions=lines, **{**plain, **content})


def _rule(number: int, award: Award) -> dict[str, str]:
    levels = tuple(data.LEVELS) if award.rule == "level given" else award.level
    outputs = {
        "form": award.amount,
        "sum": award.wan * FEN,
        "years": award.years,
        "is_new": award.new,
        "who": list(award.who) or None,
        "fields": list(award.field) or None,
        "levels": list(levels) or None,
        "percent": award.percent,
        "cap": award.wan * FEN if award.capped else None,
        "rule": award.rule,
    }
    return {
        "_id": f"r{number}",
        "kind": json.dumps(award.kind),
        **{key: json.dumps(each) for key, each in outputs.items()},
    }


def graph() -> str:
    """The decision model: facts of the firm, the plan's table, the judgement, the totals."""
    rules = [_rule(number, award) for number, award in enumerate(AWARDS)]
    outputs = [{"id": key, "name": key, "field": key} for key in rules[0] if key not in ("_id", "kind")]
    plan = _node(
        "plan",
        "decisionTableNode",
        hitPolicy="first",
        inputs=[{"id": "kind", "name": "kind", "field": "kind"}],
        outputs=outputs,
        rules=rules,
        passThrough=True,
        inputField="events",
        outputPath="events",
        executionMode="loop",
    )
    nodes = [
        _node("in", "inputNode"),
        _expressions("firm", FIRM),
        plan,
        _expressions("judge", JUDGE, inputField="events", outputPath="awards", executionMode="loop", passThrough=False),
        _expressions("totals", TOTALS, passThrough=False),
        _node("out", "outputNode"),
    ]
    edges = [
        {"id": f"{one['id']}-{two['id']}", "type": "edge", "sourceId": one["id"], "targetId": two["id"]}
        for one, two in itertools.pairwise(nodes)
    ]
    return json.dumps({"nodes": nodes, "edges": edges})


def load(home: Path) -> tuple[Any, list[Any]]:
    """The compiled decision and a document a firm, its events inside."""
    import zen

    firms, events = data.load(home)
    number = pl.col("date").dt.strftime("%Y%m%d").cast(pl.Int64)
    until = pl.col("date@until").dt.strftime("%Y%m%d").cast(pl.Int64).alias("until")
    plain = events.with_columns(number, until, year=pl.col("date").dt.year()).drop("date@until")
    documents = firms.sort("firm").to_dicts()
    for document in documents:
        document["events"] = []
    for event in plain.to_dicts():
        documents[event.pop("firm")]["events"].append(event)
    return zen.ZenEngine().create_decision(graph()), documents


def run(prepared: tuple[Any, list[Any]]) -> list[Any]:
    """One evaluation a firm."""
    decision, documents = prepared
    return [decision.evaluate(document)["result"] for document in documents]


def totals(result: list[Any]) -> pl.DataFrame:
    """A row a firm."""
    from benchmarks.peers import COLUMNS

    return pl.DataFrame({key: [int(each[key]) for each in result] for key in COLUMNS}).with_row_index("firm")
