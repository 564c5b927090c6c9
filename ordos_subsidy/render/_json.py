"""The pieces of the answers in JSON: exact numbers, clean texts, awards, preferences, totals, problems."""

from __future__ import annotations

import json
import re
import sys
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any

from ordos_subsidy.document import EventLine, FirmReport, Line, MissingFact, Preference, Reason, Slice, Source, Totals
from ordos_subsidy.errors import Problem
from ordos_subsidy.messages import Lang, say
from ordos_subsidy.money import yuan

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


def policy(source: Source) -> dict[str, Any]:
    """The policy that an answer rests on."""
    return {
        "id": source.id,
        "number": source.number,
        "title": source.title,
        "effective": source.effective,
        "name": source.name,
        "issuer": source.issuer,
        "overlays": list(source.overlays),
    }


def who(firm: FirmReport) -> dict[str, Any]:
    """The name and the code of a firm."""
    return {"name": firm.name, "credit_code": firm.credit_code}


def interval(low: int, high: int | None) -> dict[str, Any]:
    """At least and at most in yuan; null: no upper bound."""
    return {"low": yuan(low), "high": None if high is None else yuan(high)}


def award_or_credit(line: Line) -> dict[str, Any]:
    """What awards and credits share."""
    return {
        "measure": line.measure,
        "clause": line.clause,
        "reference": line.reference,
        "title": line.title,
        "event": event_entry(line.event),
        "verdict": line.verdict,
        "amount": {"kind": line.kind, **interval(line.low, line.high)},
        "words": line.words,
        "schedule": [_slice(each) for each in line.schedule],
        "reasons": [_reason(each) for each in line.reasons],
        "missing": list(line.missing),
        "departments": list(line.departments),
        "notes": list(line.notes),
        "document": line.document,
    }


def award(line: Line) -> dict[str, Any]:
    """A row that counts: with who receives it, and what it adds to the unit's totals."""
    return {**award_or_credit(line), "recipient": line.recipient, "counts": interval(*line.counts)}


def event_entry(event: EventLine | None) -> dict[str, Any] | None:
    """The event of a row, or null for the accounts."""
    if event is None:
        return None
    amount = None if event.amount is None else yuan(event.amount)
    return {"kind": event.kind, "date": event.date, "amount": amount}


def _slice(each: Slice) -> dict[str, Any]:
    within = {"within": list(each.within)} if each.within else {}
    return {"year": each.year, **within, **interval(each.low, each.high)}


def _reason(reason: Reason) -> dict[str, Any]:
    return {"fact": reason.fact, "says": reason.says, "truth": reason.truth}


def preference(row: Preference) -> dict[str, Any]:
    """A preference."""
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


def sums(totals: Totals) -> dict[str, Any]:
    """The totals of a firm."""
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


def missing_fact(each: MissingFact) -> dict[str, Any]:
    """A fact that nobody filled in."""
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
