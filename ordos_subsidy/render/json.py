r"""The answers as JSON: schema 2 of the contract, which users' scripts rely on.

Sums are yuan, as numbers with at most two decimals, exact to the fen however large. A `high` of null has no upper
bound. Texts are exactly what was typed; code points that act on a terminal are written as `\\u` escapes.

>>> from decimal import Decimal
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
from typing import TYPE_CHECKING, Any

from ordos_subsidy.document import (
    Advice,
    Explained,
    Explanation,
    FactChange,
    FirmAdvice,
    FirmReport,
    HintLine,
    Line,
    MissingFact,
    Plan,
    Preference,
    Report,
    Slice,
    WayLine,
)
from ordos_subsidy.errors import Problem
from ordos_subsidy.messages import Lang, say
from ordos_subsidy.money import yuan
from ordos_subsidy.receipt import Receipt, as_dict

if TYPE_CHECKING:
    from ordos_subsidy.report.differences import Differences, SideBySide, Sweep
    from ordos_subsidy.variants import Stretch

SCHEMA = 2

#: The fields of each type of row in their order: `key=field` where programs know it by another name, `$` behind fen.
_FIELDS = {
    "Source": "id number title effective name issuer overlays",
    "EventLine": "kind date amount$",
    "Reason": "fact says truth",
    "Preference": "measure clause reference title verdict reasons missing departments notes document",
    "Totals": "assured$ ceiling$ pending$ open_ended people pending_open by_year",
    "People": "low$ high$ pending$",
    "YearTotals": "year assured$ ceiling$ pending$",
    "Node": "says truth fact figure distance children",
    "DifferingFact": "fact title values",
    "Reached": "end if=answers verdict low$ high$",
    "ClauseLine": "number reference part heading gist departments measures",
    "MeasureLine": "measure=id category category_title title amount condition events notes document",
}
_SPLIT = {
    kind: [(key, field or key, bool(fen)) for key, field, fen in re.findall(r"(\w+)(?:=(\w+))?(\$?)", words)]
    for kind, words in _FIELDS.items()
}

# --- JSON as text

#: Line breaks and indents of the pretty form; inside JSON's strings there are none.
_LAYOUT = re.compile(r"\n *")
#: json.dumps leaves these as they are: C1 controls, line separators, bidirectional controls, lone surrogates.
_ACTIVE = re.compile(r"[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def dumps(value: object, indent: str = "") -> str:
    """JSON with exact decimals: the json module can only write decimals as floats."""
    deeper = indent + "  "
    match value:
        case dict():
            return _block(
                "{}",
                [f"{_escaped(encode_basestring(key))}: {dumps(item, deeper)}" for key, item in value.items()],
                indent,
            )
        case list() | tuple():
            return _block("[]", [dumps(item, deeper) for item in value], indent)
        case str():
            return _escaped(encode_basestring(value))
        case Decimal():
            return format(value, "f")
        case _:
            return json.dumps(value)


def line(value: object) -> str:
    """The same on one line, written by the json module, and some twenty times faster."""
    try:
        return _escaped(json.dumps(value, ensure_ascii=False, separators=(",", ": "), default=_as_float))
    except OverflowError:  # more digits than a float keeps
        return _LAYOUT.sub("", dumps(value))


def _as_float(value: Decimal) -> float:
    """A decimal as the float of which `repr` shows the same digits; OverflowError where there is none."""
    if len(value.as_tuple().digits) > sys.float_info.dig:
        raise OverflowError
    return float(value)


def _block(brackets: str, items: list[str], indent: str) -> str:
    inner = f",\n{indent}  ".join(items)
    return f"{brackets[0]}\n{indent}  {inner}\n{indent}{brackets[1]}" if items else brackets


def _escaped(text: str) -> str:
    return text if text.isprintable() else _ACTIVE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


# --- the answers


def render(report: Report, *, receipt: Receipt | None = None, width: int | None = None, colour: bool = False) -> str:
    """The answer to `calc`, with its receipt at the end if there is one."""
    answer = {**head(report), "firms": [firm(each, report) for each in report.firms], **foot(report)}
    return _page({**answer, "receipt": as_dict(receipt)} if receipt else answer)


def head(report: Report) -> dict[str, Any]:
    """What stands before the firms of an answer."""
    return {**_head(report), "year": report.year}


def foot(report: Report) -> dict[str, Any]:
    """What stands after the firms of an answer."""
    return {**_problems(report), "left_out": len(report.omitted), "footnotes": report.footnotes}


def explain(explanation: Explanation, *, width: int | None = None, colour: bool = False) -> str:
    """The answer to `explain`."""
    firms = [
        {"firm": _who(one), "measures": [_explained(each) for each in explained]}
        for one, explained in explanation.firms
    ]
    end = {**_problems(explanation), "footnotes": explanation.footnotes}
    return _page({**_head(explanation), "firms": firms, **end})


def clauses(plan: Plan, *, width: int | None = None, colour: bool = False) -> str:
    """The answer to `clauses`."""
    return _page({**_head(plan), "clauses": _data(plan.clauses), "footnotes": plan.footnotes})


def advise(advice: Advice, *, width: int | None = None, colour: bool = False) -> str:
    """The answer to `advise`."""
    end = {**_problems(advice), "left_out": len(advice.omitted), "footnotes": advice.footnotes}
    return _page({**_head(advice), "firms": [_advised(each) for each in advice.firms], **end})


def compare(found: Differences, *, width: int | None = None, colour: bool = False) -> str:
    """The answer to `plan` and `compare`."""
    unpaired = [{"name": name, "column": label} for name, label in found.unpaired]
    end = {**_problems(found), "footnotes": found.footnotes}
    return _page({**_head(found), "pairs": [_pair(each) for each in found.pairs], "unpaired": unpaired, **end})


def sweep(found: Sweep, *, width: int | None = None, colour: bool = False) -> str:
    """The answer to `plan --sweep`."""
    firms = [
        {"firm": _who(firm), "stretches": [_stretch(each, found) for each in stretches]}
        for firm, stretches in found.firms
    ]
    about = {"fact": found.fact.key, "title": found.fact.title.in_(found.lang)}
    return _page({**_head(found), **about, "firms": firms, **_problems(found)})


def _page(value: object) -> str:
    return dumps(value) + "\n"


def _head(answer: Report | Explanation | Plan | Advice | Differences | Sweep) -> dict[str, Any]:
    return {"schema": SCHEMA, "policy": _data(answer.source)}


def _problems(answer: Report | Explanation | Advice | Differences | Sweep) -> dict[str, Any]:
    return {"problems": [problem_entry(each, answer.lang) for each in answer.problems]}


def problem_entry(problem: Problem, lang: Lang) -> dict[str, Any]:
    """A problem for programs."""
    said = say(problem, lang)
    return {"where": problem.where, **_about(said, "what remedy"), **_about(problem, "severity code")}


# --- a firm


def firm(one: FirmReport, report: Report) -> dict[str, Any]:
    """One firm of an answer."""
    return {**_before(one), "preferences": _data(_shown_of(one, report)), **_after(one, report.lang)}


def lines(report: Report) -> Iterator[str]:
    """Each firm of an answer on one line; what many firms share is written once."""
    known: dict[int, str] = {}
    for one in report.firms:
        preferences = [
            known.get(id(each)) or known.setdefault(id(each), line(_data(each))) for each in _shown_of(one, report)
        ]
        before, after = line(_before(one)), line(_after(one, report.lang))
        yield f'{before[:-1]},"preferences": [{",".join(preferences)}],{after[1:]}'


def _shown_of(one: FirmReport, report: Report) -> tuple[Preference, ...]:
    return tuple(each for each in one.preferences if report.everything or each.verdict != "no")


def _before(one: FirmReport) -> dict[str, Any]:
    """What stands before the preferences of a firm."""
    return {
        "firm": _who(one),
        "awards": [_award(each) for each in one.awards],
        "credits": [_award_or_credit(each) for each in one.credits],
    }


def _after(one: FirmReport, lang: Lang) -> dict[str, Any]:
    """What stands after them."""
    return {
        "totals": _data(one.totals),
        "missing": [_missing(each) for each in one.missing],
        "problems": [problem_entry(each, lang) for each in one.problems],
    }


def _who(firm: FirmReport) -> dict[str, Any]:
    return _about(firm, "name credit_code")


def _about(row: object, keys: str) -> dict[str, Any]:
    """Some fields of a row, as they are."""
    return {key: getattr(row, key) for key in keys.split()}


def _data(value: Any) -> Any:
    """A value as JSON has it: of a row, the fields of its type."""
    if split := _SPLIT.get(type(value).__name__):
        row = {}
        for key, field, fen in split:
            each = getattr(value, field)
            row[key] = (None if each is None else yuan(each)) if fen else _data(each)
        return row
    return [_data(each) for each in value] if isinstance(value, tuple) else value


def _interval(low: int, high: int | None) -> dict[str, Any]:
    """At least and at most in yuan; null: no upper bound."""
    return {"low": yuan(low), "high": None if high is None else yuan(high)}


def _award_or_credit(line: Line) -> dict[str, Any]:
    """What awards and credits share."""
    return {
        **_about(line, "measure clause reference title"),
        "event": _data(line.event),
        "verdict": line.verdict,
        "amount": {"kind": line.kind, **_interval(line.low, line.high)},
        "words": line.words,
        "schedule": [_slice(each) for each in line.schedule],
        "reasons": _data(line.reasons),
        **_about(line, "missing departments notes document"),
    }


def _award(line: Line) -> dict[str, Any]:
    """A row that counts: with who receives it, and what it adds to the unit's totals."""
    return {**_award_or_credit(line), "recipient": line.recipient, "counts": _interval(*line.counts)}


def _slice(each: Slice) -> dict[str, Any]:
    within = {"within": each.within} if each.within else {}
    return {"year": each.year, **within, **_interval(each.low, each.high)}


def _missing(each: MissingFact) -> dict[str, Any]:
    return {
        **_about(each, "fact title about"),
        "where": each.place,
        "decides": [{"reference": reference, "title": title} for reference, title in each.decides],
        "pending": yuan(each.pending),
        "pending_open": each.pending_open,
    }


def _shown(line: Line | Preference, category: str) -> Any:
    """A row of its category: a credit counts in no totals."""
    if isinstance(line, Preference):
        return _data(line)
    return _award(line) if category == "award" else _award_or_credit(line)


def _explained(each: Explained) -> dict[str, Any]:
    return {
        **_shown(each.line, each.category),
        "condition": _data(each.tree),
        "steps": each.amount,
        **_about(each, "gist source"),
        **({"witnesses": _data(each.reached)} if each.reached else {}),
    }


# --- advice, comparisons and sweeps


def _advised(each: FirmAdvice) -> dict[str, Any]:
    return {
        "firm": _who(each.firm),
        "year": int(each.year) if each.year else None,
        "near_misses": [_hint(hint) for hint in each.hints],
        "find_out": [_asked(fact, each.firm) for fact in each.firm.missing],
        "within_reach": [
            {"kind": reach.kind, "event_title": reach.title, "papers": reach.papers, **_award(reach.line)}
            for reach in each.reach
        ],
        "annual": [_award(row) for row in each.annual],
    }


def _asked(fact: MissingFact, firm: FirmReport) -> dict[str, Any]:
    decides = [_waiting(firm, *each, fact.fact) for each in fact.decides]
    return {**_missing(fact), "decides": decides, "help": fact.help}


def _waiting(firm: FirmReport, reference: str, title: str, fact: str) -> dict[str, Any]:
    """A row that waits for a fact: its clause, its document and its verdict."""
    rows: list[Line | Preference] = [*firm.awards, *firm.credits, *firm.preferences]
    row = next(one for one in rows if (one.reference, one.title) == (reference, title) and fact in one.missing)
    return _about(row, "clause reference title document verdict")


def _hint(hint: HintLine) -> dict[str, Any]:
    return {
        **_about(hint, "measure clause reference title category"),
        "event": _data(hint.event),
        "verdict": hint.verdict,
        "amount": _interval(hint.low, hint.high),
        "ways": [_way(way) for way in hint.ways],
        **_about(hint, "departments document"),
    }


def _way(way: WayLine) -> dict[str, Any]:
    then = {"verdict": way.verdict, **_interval(way.low, way.high)}
    return {"changes": [_move(move) for move in way.moves], "price": _interval(*way.cost), "then": then}


def _move(move: FactChange) -> dict[str, Any]:
    return {
        **_about(move, "fact title says now to"),
        "gap": {"figure": move.gap, "unit": move.unit} if move.unit else None,
        "price": _interval(move.cost or 0, move.cost),
    }


def _pair(each: SideBySide) -> dict[str, Any]:
    return {
        "columns": each.labels,
        "firms": [_who(firm) for firm in each.firms],
        "facts": _data(each.facts),
        "rows": [
            {
                **_about(row.any, "measure clause reference title"),
                **_about(row, "category facts because"),
                "columns": [None if one is None else _shown(one, row.category) for one in row.rows],
            }
            for row in each.rows
        ],
        "totals": [_data(firm.totals) for firm in each.firms],
    }


def _stretch(each: Stretch, found: Sweep) -> dict[str, Any]:
    ends = (each.first, each.last)
    values = [yuan(end.value) if found.fact.type == "money" else end.value for end in ends]
    return {
        "from": values[0],
        "to": values[1],
        **{key: [yuan(getattr(end, key)) for end in ends] for key in ("assured", "ceiling", "pending")},
        "open_ended": each.last.open_ended,
        "changes": [
            {
                "measure": measure,
                **dict(zip(("reference", "title"), found.titles[measure], strict=True)),
                "verdict": verdict,
                **_interval(low, high),
            }
            for (measure, _), (verdict, low, high) in each.changed.items()
        ],
    }
