r"""The answers as JSON: schema 2 of the contract, which users' scripts rely on.

Sums are yuan, as numbers with at most two decimals, exact to the fen however large: whole yuan are written as
integers, others with exactly their decimal digits. A `high` of null has no upper
bound. Texts are exactly what was typed; code points that act on a terminal are written as `\\u` escapes.

>>> dumps({"low": Decimal("0.10"), "high": None, "name": "\x9b某"})
'{\n  "low": 0.10,\n  "high": null,\n  "name": "\\u009b某"\n}'
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any

from ordos_subsidy.document import (
    ClauseLine,
    EventLine,
    Explained,
    Explanation,
    FirmReport,
    Line,
    MeasureLine,
    MissingFact,
    Node,
    Plan,
    Preference,
    Reached,
    Reason,
    Report,
    Slice,
    Source,
    Totals,
)
from ordos_subsidy.errors import Problem
from ordos_subsidy.messages import Lang, say
from ordos_subsidy.money import yuan
from ordos_subsidy.receipt import Receipt, as_dict

SCHEMA = 2

# json.dumps leaves these as they are: C1 controls, line separators, bidirectional controls, lone surrogates.
#: Line breaks and indents of the pretty form; inside JSON's strings there are none.
_LAYOUT = re.compile(r"\n *")
_ACTIVE = re.compile(r"[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def dumps(value: object, indent: str = "") -> str:
    """JSON with exact decimals: the json module can only write decimals as floats."""
    deeper = indent + "  "
    match value:
        case dict():
            items = [f"{_text(key)}: {dumps(item, deeper)}" for key, item in value.items()]
            return _block("{}", items, indent)
        case list() | tuple():
            return _block("[]", [dumps(item, deeper) for item in value], indent)
        case str():
            return _text(value)
        case Decimal():
            return format(value, "f")
        case _:
            return json.dumps(value)


def line(value: object) -> str:
    """The same on one line, written by the json module, and some twenty times faster."""
    try:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ": "), default=_as_float)
    except OverflowError:  # more digits than a float keeps
        return _LAYOUT.sub("", dumps(value))
    return text if text.isprintable() else _ACTIVE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _as_float(value: Decimal) -> float:
    """A decimal as the float of which `repr` shows the same digits; OverflowError where there is none."""
    if len(value.as_tuple().digits) > sys.float_info.dig:
        raise OverflowError
    return float(value)


def _block(brackets: str, items: list[str], indent: str) -> str:
    if not items:
        return brackets
    inner = f",\n{indent}  ".join(items)
    return f"{brackets[0]}\n{indent}  {inner}\n{indent}{brackets[1]}"


def _text(value: str) -> str:
    written = encode_basestring(value)
    return written if value.isprintable() else _ACTIVE.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


def render(report: Report, *, receipt: Receipt | None = None, width: int | None = None, colour: bool = False) -> str:
    """The answer to `calc`, with its receipt at the end if there is one."""
    answer = {**head(report), "firms": [firm(each, report) for each in report.firms], **foot(report)}
    return _page({**answer, "receipt": as_dict(receipt)} if receipt else answer)


def head(report: Report) -> dict[str, Any]:
    """What stands before the firms of an answer."""
    return {"schema": SCHEMA, "policy": _source(report.source), "year": report.year}


def foot(report: Report) -> dict[str, Any]:
    """What stands after the firms of an answer."""
    return {
        "problems": [problem_entry(each, report.lang) for each in report.problems],
        "left_out": len(report.omitted),
        "footnotes": list(report.footnotes),
    }


def explain(explanation: Explanation, *, width: int | None = None, colour: bool = False) -> str:
    """The answer to `explain`."""
    lang = explanation.lang
    firms = [
        {"firm": _who(one), "measures": [_explained(each) for each in explained]}
        for one, explained in explanation.firms
    ]
    return _page(
        {
            "schema": SCHEMA,
            "policy": _source(explanation.source),
            "firms": firms,
            "problems": [problem_entry(each, lang) for each in explanation.problems],
            "footnotes": list(explanation.footnotes),
        }
    )


def clauses(plan: Plan, *, width: int | None = None, colour: bool = False) -> str:
    """The answer to `clauses`."""
    return _page(
        {
            "schema": SCHEMA,
            "policy": _source(plan.source),
            "clauses": [_clause(each) for each in plan.clauses],
            "footnotes": list(plan.footnotes),
        }
    )


def _page(value: object) -> str:
    return dumps(value) + "\n"


def _source(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "number": source.number,
        "title": source.title,
        "effective": source.effective,
        "name": source.name,
        "issuer": source.issuer,
        "overlays": list(source.overlays),
    }


def _who(firm: FirmReport) -> dict[str, Any]:
    return {"name": firm.name, "credit_code": firm.credit_code}


def firm(one: FirmReport, report: Report) -> dict[str, Any]:
    """One firm of an answer."""
    preferences = [_preference(each) for each in _shown_of(one, report)]
    return {**_before(one), "preferences": preferences, **_after(one, report.lang)}


def lines(report: Report) -> Iterator[str]:
    """Each firm of an answer on one line; what many firms share is written once."""
    known: dict[int, str] = {}
    for one in report.firms:
        preferences = [
            known.get(id(each)) or known.setdefault(id(each), line(_preference(each)))
            for each in _shown_of(one, report)
        ]
        before, after = line(_before(one)), line(_after(one, report.lang))
        yield f'{before[:-1]},"preferences": [{",".join(preferences)}],{after[1:]}'


def _shown_of(one: FirmReport, report: Report) -> list[Preference]:
    return [each for each in one.preferences if report.everything or each.verdict != "no"]


def _before(one: FirmReport) -> dict[str, Any]:
    """What stands before the preferences of a firm."""
    return {
        "firm": _who(one),
        "awards": [_award(each) for each in one.awards],
        "credits": [_line(each) for each in one.credits],
    }


def _after(one: FirmReport, lang: Lang) -> dict[str, Any]:
    """What stands after them."""
    return {
        "totals": _totals(one.totals),
        "missing": [_missing(each) for each in one.missing],
        "problems": [problem_entry(each, lang) for each in one.problems],
    }


def _interval(low: int, high: int | None) -> dict[str, Any]:
    return {"low": yuan(low), "high": None if high is None else yuan(high)}


def _line(line: Line) -> dict[str, Any]:
    return {
        "measure": line.measure,
        "clause": line.clause,
        "reference": line.reference,
        "title": line.title,
        "event": _event(line.event),
        "verdict": line.verdict,
        "amount": {"kind": line.kind, **_interval(line.low, line.high)},
        "words": line.words,
        "schedule": [_slice(each) for each in line.schedule],
        "reasons": [_reason(each) for each in line.reasons],
        "missing": list(line.missing),
        "departments": list(line.departments),
        "notes": list(line.notes),
        "document": line.document,
    }


def _award(line: Line) -> dict[str, Any]:
    """A row that counts: with who receives it, and what it adds to the unit's totals."""
    return {**_line(line), "recipient": line.recipient, "counts": _interval(*line.counts)}


def _event(event: EventLine | None) -> dict[str, Any] | None:
    if event is None:
        return None
    amount = None if event.amount is None else yuan(event.amount)
    return {"kind": event.kind, "date": event.date, "amount": amount}


def _slice(each: Slice) -> dict[str, Any]:
    within = {"within": list(each.within)} if each.within else {}
    return {"year": each.year, **within, **_interval(each.low, each.high)}


def _reason(reason: Reason) -> dict[str, Any]:
    return {"fact": reason.fact, "says": reason.says, "truth": reason.truth}


def _preference(row: Preference) -> dict[str, Any]:
    return {
        "measure": row.measure,
        "clause": row.clause,
        "reference": row.reference,
        "title": row.title,
        "verdict": row.verdict,
        "reasons": [_reason(each) for each in row.reasons],
        "missing": list(row.missing),
        "departments": list(row.departments),
        "notes": list(row.notes),
        "document": row.document,
    }


def _totals(totals: Totals) -> dict[str, Any]:
    return {
        "assured": yuan(totals.assured),
        "ceiling": yuan(totals.ceiling),
        "pending": yuan(totals.pending),
        "open_ended": totals.open_ended,
        "people": {
            "low": yuan(totals.people.low),
            "high": yuan(totals.people.high),
            "pending": yuan(totals.people.pending),
        },
        "pending_open": totals.pending_open,
        "by_year": [
            {
                "year": each.year,
                "assured": yuan(each.assured),
                "ceiling": yuan(each.ceiling),
                "pending": yuan(each.pending),
            }
            for each in totals.by_year
        ],
    }


def _missing(each: MissingFact) -> dict[str, Any]:
    return {
        "fact": each.fact,
        "title": each.title,
        "about": each.about,
        "where": each.place,
        "decides": [{"reference": reference, "title": title} for reference, title in each.decides],
        "pending": yuan(each.pending),
        "pending_open": each.pending_open,
    }


def problem_entry(problem: Problem, lang: Lang) -> dict[str, Any]:
    """A problem for programs."""
    said = say(problem, lang)
    return {
        "where": problem.where,
        "what": said.what,
        "remedy": said.remedy,
        "severity": problem.severity,
        "code": problem.code,
    }


def _explained(each: Explained) -> dict[str, Any]:
    line = each.line
    return {
        **_shown(line, each.category),
        "condition": _node(each.tree),
        "steps": list(each.amount),
        "gist": each.gist,
        "source": each.source,
        **({"witnesses": list(map(_reached, each.reached))} if each.reached else {}),
    }


def _reached(each: Reached) -> dict[str, Any]:
    return {"end": each.end, "if": each.answers, "verdict": each.verdict, **_interval(each.low, each.high)}


def _shown(line: Line | Preference, category: str) -> dict[str, Any]:
    """A row of its category: a credit counts in no totals."""
    if isinstance(line, Preference):
        return _preference(line)
    return _award(line) if category == "award" else _line(line)


def _node(node: Node) -> dict[str, Any]:
    return {
        "says": node.says,
        "truth": node.truth,
        "fact": node.fact,
        "figure": node.figure,
        "distance": node.distance,
        "children": [_node(each) for each in node.children],
    }


def _clause(clause: ClauseLine) -> dict[str, Any]:
    return {
        "number": clause.number,
        "reference": clause.reference,
        "part": clause.part,
        "heading": clause.heading,
        "gist": clause.gist,
        "departments": list(clause.departments),
        "measures": [_measure(each) for each in clause.measures],
    }


def _measure(each: MeasureLine) -> dict[str, Any]:
    return {
        "measure": each.id,
        "category": each.category,
        "category_title": each.category_title,
        "title": each.title,
        "amount": each.amount,
        "condition": each.condition,
        "events": list(each.events),
        "notes": list(each.notes),
        "document": each.document,
    }
