"""From the compiled form of a policy to objects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from ordos_subsidy.amounts import Grant, Times
from ordos_subsidy.conditions import All, AnyOf, Compare, Condition, FirstYears, HasEvent, Not, Unsettled
from ordos_subsidy.facts import Vocabulary, vocabulary
from ordos_subsidy.policies.objects import Budget, Clause, Department, Head, Measure, Policies, Succession
from ordos_subsidy.words import Text

Raw = Mapping[str, Any]


def _text(raw: Raw | None) -> Text | None:
    return Text(raw["zh"], raw["en"]) if raw else None


def _sure(raw: Raw) -> Text:
    return Text(raw["zh"], raw["en"])


def _date(raw: str | None) -> dt.date | None:
    return dt.date.fromisoformat(raw) if raw else None


def assemble(raw: Raw, files: tuple[str, ...]) -> Policies:
    """The objects of a compiled policy that was loaded from some files."""
    words = vocabulary(raw)
    clauses = tuple(_clause(each) for each in raw["clauses"])
    by_number = {clause.number: clause for clause in clauses}
    measures = tuple(_measure(each, by_number[each["clause"]], words) for each in raw["measures"])
    scope = _condition(raw["head"]["scope"], words)
    overlays = tuple(_head(each) for each in raw["overlays"])
    return Policies(_head(raw["head"]), overlays, words, clauses, measures, scope, files)


def _head(raw: Raw) -> Head:
    later = raw["succeeded_by"]
    return Head(
        id=raw["id"],
        number=raw["number"],
        title=_sure(raw["title"]),
        name=_sure(raw["name"]),
        issuer=_sure(raw["issuer"]),
        dated=dt.date.fromisoformat(raw["dated"]),
        effective=dt.date.fromisoformat(raw["effective"]),
        effective_note=_text(raw["effective_note"]),
        source=raw["source"],
        footnotes=tuple(_sure(each) for each in raw["footnotes"]),
        existing=_text(raw["existing"]),
        succeeded_by=later and Succession(later["number"], dt.date.fromisoformat(later["from"]), _sure(later["says"])),
    )


def _clause(raw: Raw) -> Clause:
    departments = tuple(Department(_sure(each), _text(each["short"]) or _sure(each)) for each in raw["departments"])
    return Clause(
        raw["number"], raw["reference"], _sure(raw["part"]), _sure(raw["heading"]), _sure(raw["gist"]), departments
    )


def _measure(raw: Raw, clause: Clause, words: Vocabulary) -> Measure:
    return Measure(
        id=raw["id"],
        clause=clause,
        category=raw["category"],
        title=_sure(raw["title"]),
        claims=tuple(raw["claims"]),
        existing=raw["existing"],
        when=_condition(raw["when"], words),
        grant=_grant(raw["amount"], words),
        budget=_budget(raw["budget"]),
        yearly=raw["yearly"],
        notes=tuple(_sure(each) for each in raw["notes"]),
        since=_date(raw["since"]),
        until=_date(raw["until"]),
        document=raw["document"],
    )


def _grant(raw: Raw | None, words: Vocabulary) -> Grant | None:
    if raw is None:
        return None
    times = raw["times"]
    when = _condition(times["when"], words) if times else None
    plain = {
        key: raw[key]
        for key in ("kind", "low", "high", "of", "less", "over", "cap", "within", "years", "spread", "once")
    }
    return Grant(
        **plain,
        rate=(raw["rate"][0], raw["rate"][1]),
        over_rate=(raw["over_rate"][0], raw["over_rate"][1]),
        during=(raw["during"][0], raw["during"][1]) if raw["during"] else None,
        times=Times(times["by"], when) if when else None,
        depends_on=_text(raw["depends_on"]),
    )


def _budget(raw: Raw | None) -> Budget | None:
    return Budget(**{**raw, "of": _text(raw["of"])}) if raw else None


def _condition(raw: Raw | None, words: Vocabulary) -> Condition | None:
    return None if raw is None else _word(raw, words)


def _word(raw: Raw, words: Vocabulary) -> Condition:  # noqa: PLR0911 - one line a word
    """A condition word from its compiled form."""
    if "all" in raw:
        return All(tuple(_word(each, words) for each in raw["all"]))
    if "any" in raw:
        return AnyOf(tuple(_word(each, words) for each in raw["any"]))
    if "not" in raw:
        return Not(_word(raw["not"], words))
    if "unsettled" in raw:
        return Unsettled(_word(raw["unsettled"], words), _sure(raw["says"]))
    if "has_event" in raw:
        return HasEvent(raw["has_event"], tuple(raw["kinds"]))
    if "first_years" in raw:
        date, kind = words.role("event", "date"), words.role("event", "kind")
        return FirstYears(raw["first_years"], date.key if date else "", kind.key if kind else "")
    return _compare(raw, words)


def _compare(raw: Raw, words: Vocabulary) -> Compare:
    fact, value = words.facts[raw["fact"]], raw["value"]
    if fact.type == "date" and isinstance(value, str):
        value = dt.date.fromisoformat(value)
    elif isinstance(value, list):
        value = tuple(value)
    return Compare(fact, raw["comparison"], value, tuple(raw["named"]))
