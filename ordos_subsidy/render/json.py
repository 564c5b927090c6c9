r"""The answers as JSON: schema 2 of the contract, which users' scripts rely on.

Sums are yuan, as numbers with at most two decimals, exact to the fen however large: whole yuan are written as
integers, others with exactly their decimal digits. A `high` of null has no upper
bound. Texts are exactly what was typed; code points that act on a terminal are written as `\\u` escapes.

>>> from decimal import Decimal
>>> dumps({"low": Decimal("0.10"), "high": None, "name": "\x9b某"})
'{\n  "low": 0.10,\n  "high": null,\n  "name": "\\u009b某"\n}'
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ordos_subsidy.document import (
    Advice,
    ClauseLine,
    Explained,
    Explanation,
    FactChange,
    FirmAdvice,
    FirmReport,
    HintLine,
    Line,
    MeasureLine,
    Node,
    Plan,
    Preference,
    Reached,
    Report,
)
from ordos_subsidy.messages import Lang
from ordos_subsidy.money import yuan
from ordos_subsidy.receipt import Receipt, as_dict
from ordos_subsidy.render._json import (
    award,
    award_or_credit,
    dumps,
    event_entry,
    interval,
    line,
    missing_fact,
    policy,
    preference,
    problem_entry,
    sums,
    who,
)

if TYPE_CHECKING:
    from ordos_subsidy.report.differences import Differences, SideBySide, Sweep
    from ordos_subsidy.sweeps import Stretch

__all__ = [
    "SCHEMA",
    "advise",
    "clauses",
    "compare",
    "dumps",
    "explain",
    "firm",
    "foot",
    "head",
    "line",
    "lines",
    "problem_entry",
    "render",
    "sweep",
]

SCHEMA = 2


def render(report: Report, *, receipt: Receipt | None = None, width: int | None = None, colour: bool = False) -> str:
    """The answer to `calc`, with its receipt at the end if there is one."""
    answer = {**head(report), "firms": [firm(each, report) for each in report.firms], **foot(report)}
    return _page({**answer, "receipt": as_dict(receipt)} if receipt else answer)


def head(report: Report) -> dict[str, Any]:
    """What stands before the firms of an answer."""
    return {"schema": SCHEMA, "policy": policy(report.source), "year": report.year}


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
        {"firm": who(one), "measures": [_explained(each) for each in explained]} for one, explained in explanation.firms
    ]
    return _page(
        {
            "schema": SCHEMA,
            "policy": policy(explanation.source),
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
            "policy": policy(plan.source),
            "clauses": [_clause(each) for each in plan.clauses],
            "footnotes": list(plan.footnotes),
        }
    )


def advise(advice: Advice, *, width: int | None = None, colour: bool = False) -> str:
    """The answer to `advise`."""
    return _page(
        {
            "schema": SCHEMA,
            "policy": policy(advice.source),
            "firms": [_advised(each) for each in advice.firms],
            "problems": [problem_entry(each, advice.lang) for each in advice.problems],
            "left_out": len(advice.omitted),
            "footnotes": list(advice.footnotes),
        }
    )


def _advised(each: FirmAdvice) -> dict[str, Any]:
    return {
        "firm": who(each.firm),
        "year": int(each.year) if each.year else None,
        "near_misses": [_hint(hint) for hint in each.hints],
        "find_out": [
            {
                **missing_fact(fact),
                "decides": [_waiting(each.firm, *one, fact.fact) for one in fact.decides],
                "help": fact.help,
            }
            for fact in each.firm.missing
        ],
        "within_reach": [
            {"kind": reach.kind, "event_title": reach.title, "papers": list(reach.papers), **award(reach.line)}
            for reach in each.reach
        ],
        "annual": [award(row) for row in each.annual],
    }


def _waiting(firm: FirmReport, reference: str, title: str, fact: str) -> dict[str, Any]:
    """A row that waits for a fact: its clause, its document and its verdict."""
    rows: list[Line | Preference] = [*firm.awards, *firm.credits, *firm.preferences]
    row = next(one for one in rows if (one.reference, one.title) == (reference, title) and fact in one.missing)
    return {
        "clause": row.clause,
        "reference": reference,
        "title": title,
        "document": row.document,
        "verdict": row.verdict,
    }


def _hint(hint: HintLine) -> dict[str, Any]:
    return {
        "measure": hint.measure,
        "clause": hint.clause,
        "reference": hint.reference,
        "title": hint.title,
        "category": hint.category,
        "event": event_entry(hint.event),
        "verdict": hint.verdict,
        "amount": interval(hint.low, hint.high),
        "ways": [
            {
                "changes": [_move(move) for move in way.moves],
                "price": interval(*way.cost),
                "then": {"verdict": way.verdict, **interval(way.low, way.high)},
            }
            for way in hint.ways
        ],
        "departments": list(hint.departments),
        "document": hint.document,
    }


def _move(move: FactChange) -> dict[str, Any]:
    return {
        "fact": move.fact,
        "title": move.title,
        "says": move.says,
        "now": move.now,
        "to": move.to,
        "gap": {"figure": move.gap, "unit": move.unit} if move.unit else None,
        "price": interval(move.cost or 0, move.cost),
    }


def compare(found: Differences, *, width: int | None = None, colour: bool = False) -> str:
    """The answer to `plan` and `compare`."""
    return _page(
        {
            "schema": SCHEMA,
            "policy": policy(found.source),
            "pairs": [_pair(each) for each in found.pairs],
            "unpaired": [{"name": name, "column": label} for name, label in found.unpaired],
            "problems": [problem_entry(each, found.lang) for each in found.problems],
            "footnotes": list(found.footnotes),
        }
    )


def _pair(each: SideBySide) -> dict[str, Any]:
    return {
        "columns": list(each.labels),
        "firms": [who(firm) for firm in each.firms],
        "facts": [{"fact": fact.fact, "title": fact.title, "values": list(fact.values)} for fact in each.facts],
        "rows": [
            {
                "measure": row.any.measure,
                "clause": row.any.clause,
                "reference": row.any.reference,
                "title": row.any.title,
                "category": row.category,
                "facts": list(row.facts),
                "because": list(row.because),
                "columns": [None if one is None else _shown(one, row.category) for one in row.rows],
            }
            for row in each.rows
        ],
        "totals": [sums(firm.totals) for firm in each.firms],
    }


def sweep(found: Sweep, *, width: int | None = None, colour: bool = False) -> str:
    """The answer to `plan --sweep`."""
    return _page(
        {
            "schema": SCHEMA,
            "policy": policy(found.source),
            "fact": found.fact.key,
            "title": found.fact.title.in_(found.lang),
            "firms": [
                {"firm": who(firm), "stretches": [_stretch(each, found) for each in stretches]}
                for firm, stretches in found.firms
            ],
            "problems": [problem_entry(each, found.lang) for each in found.problems],
        }
    )


def _stretch(each: Stretch, found: Sweep) -> dict[str, Any]:
    ends = (each.first, each.last)
    values = [yuan(end.value) if found.fact.type == "money" else end.value for end in ends]
    return {
        "from": values[0],
        "to": values[1],
        "assured": [yuan(end.assured) for end in ends],
        "ceiling": [yuan(end.ceiling) for end in ends],
        "pending": [yuan(end.pending) for end in ends],
        "open_ended": each.last.open_ended,
        "changes": [
            {
                "measure": measure,
                "reference": found.titles[measure][0],
                "title": found.titles[measure][1],
                "verdict": verdict,
                **interval(low, high),
            }
            for (measure, _), (verdict, low, high) in each.changed.items()
        ],
    }


def _page(value: object) -> str:
    return dumps(value) + "\n"


def firm(one: FirmReport, report: Report) -> dict[str, Any]:
    """One firm of an answer."""
    preferences = [preference(each) for each in _shown_of(one, report)]
    return {**_before(one), "preferences": preferences, **_after(one, report.lang)}


def lines(report: Report) -> Iterator[str]:
    """Each firm of an answer on one line; what many firms share is written once."""
    known: dict[int, str] = {}
    for one in report.firms:
        preferences = [
            known.get(id(each)) or known.setdefault(id(each), line(preference(each))) for each in _shown_of(one, report)
        ]
        before, after = line(_before(one)), line(_after(one, report.lang))
        yield f'{before[:-1]},"preferences": [{",".join(preferences)}],{after[1:]}'


def _shown_of(one: FirmReport, report: Report) -> list[Preference]:
    return [each for each in one.preferences if report.everything or each.verdict != "no"]


def _before(one: FirmReport) -> dict[str, Any]:
    """What stands before the preferences of a firm."""
    return {
        "firm": who(one),
        "awards": [award(each) for each in one.awards],
        "credits": [award_or_credit(each) for each in one.credits],
    }


def _after(one: FirmReport, lang: Lang) -> dict[str, Any]:
    """What stands after them."""
    return {
        "totals": sums(one.totals),
        "missing": [missing_fact(each) for each in one.missing],
        "problems": [problem_entry(each, lang) for each in one.problems],
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
    return {"end": each.end, "if": each.answers, "verdict": each.verdict, **interval(each.low, each.high)}


def _shown(line: Line | Preference, category: str) -> dict[str, Any]:
    """A row of its category: a credit counts in no totals."""
    if isinstance(line, Preference):
        return preference(line)
    return award(line) if category == "award" else award_or_credit(line)


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
