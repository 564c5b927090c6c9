"""From the compiled form of a policy to objects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from ordos_subsidy.amounts import Band, Grant, Tier, Times
from ordos_subsidy.conditions import (
    All,
    AnyOf,
    BackedBy,
    Compare,
    Condition,
    FirstYears,
    HasEvent,
    JudgedByOthers,
    Not,
    Sufficient,
    Unsettled,
    all_columns,
)
from ordos_subsidy.facts import Vocabulary, vocabulary
from ordos_subsidy.policies.objects import Budget, Clause, Department, Head, Limit, Measure, Policies, Succession
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
    head = _head(raw["head"])
    limits = _limits(raw)
    measures = tuple(_measure(each, by_number[each["clause"]], words, head, limits) for each in raw["measures"])
    scope = _condition(raw["head"]["scope"], _Scene(words, head))
    overlays = tuple(_head(each) for each in raw["overlays"])
    return _read_facts(Policies(head, overlays, words, clauses, measures, scope, limits, files))


def _limits(raw: Raw) -> tuple[Limit, ...]:
    """The limits of single measures, a measure's versions sharing the last one's, then those of several."""
    own = {each["id"]: each["limit"] for each in raw["measures"] if each["limit"]}
    listed = [*({"measures": [key], **limit} for key, limit in own.items()), *raw["limits"]]
    return tuple(Limit(tuple(each["measures"]), each["a_year"], each["in_all"], each["once"]) for each in listed)


def _read_facts(policies: Policies) -> Policies:
    """The policy with each fact marked that no rule reads: such a fact is not asked for and leaves no firm out."""
    found = {policies.year_fact, policies.date_fact, policies.kind_fact}
    for measure in policies.measures:
        condition = policies.condition(measure) if measure.claims else None
        found |= all_columns(condition) if condition else set()
        found |= measure.grant.columns() if measure.grant else set()
    facts = {
        key: replace(
            fact, read=bool(key in found or (fact.role and fact.role != "year") or fact.ratio or fact.required)
        )
        for key, fact in policies.vocabulary.facts.items()
    }
    return replace(policies, vocabulary=replace(policies.vocabulary, facts=facts))


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


def _measure(raw: Raw, clause: Clause, words: Vocabulary, head: Head, limits: tuple[Limit, ...]) -> Measure:
    caps = [each for each in limits if raw["id"] in each.measures]
    scene = _Scene(words, head, tuple(raw["claims"]))
    return Measure(
        id=raw["id"],
        clause=clause,
        category=raw["category"],
        title=_sure(raw["title"]),
        claims=tuple(raw["claims"]),
        existing=raw["existing"],
        when=_condition(raw["when"], scene),
        grant=_grant(raw["amount"] and {**raw["amount"], "yearly": raw["yearly"]}, scene, caps),
        budget=_budget(raw["budget"]),
        recipient=raw["recipient"],
        yearly=raw["yearly"],
        notes=tuple(_sure(each) for each in raw["notes"]),
        readings=tuple(_sure(each) for each in raw["readings"]),
        since=_date(raw["since"]),
        until=_date(raw["until"]),
        document=raw["document"],
    )


def _grant(raw: Raw | None, scene: _Scene, limits: Sequence[Limit]) -> Grant | None:
    if raw is None:
        return None
    times = raw["times"]
    when = _condition(times["when"], scene) if times else None
    keys = ("kind", "low", "high", "of", "less", "cap", "within", "years", "spread", "once", "yearly", "by")
    return Grant(
        **{key: raw[key] for key in keys},
        bands=tuple(Band(each["to"], (each["rate"][0], each["rate"][1])) for each in raw["bands"]),
        tiers=tuple(_tier(each) for each in raw["tiers"]),
        during=(raw["during"][0], raw["during"][1]) if raw["during"] else None,
        times=Times(times["by"], when) if when else None,
        a_year=min((each.a_year for each in limits if each.a_year is not None), default=None),
        in_all=min((each.in_all for each in limits if each.in_all is not None), default=None),
        depends_on=_text(raw["depends_on"]),
    )


def _tier(raw: Raw) -> Tier:
    answers = None if raw["of"] is None else tuple(raw["of"])
    return Tier(answers, raw["from"], raw["to"], raw["kind"], raw["low"], raw["high"])


def _budget(raw: Raw | None) -> Budget | None:
    return Budget(**{**raw, "of": _text(raw["of"])}) if raw else None


class _Scene(NamedTuple):
    """What a condition is made in: the vocabulary, the document, and the kinds of events that are looked at."""

    words: Vocabulary
    head: Head
    kinds: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, str]:
        """The keys of the facts that say when an event was, and what kind it is."""
        date, kind = self.words.role("event", "date"), self.words.role("event", "kind")
        return (date.key if date else "", kind.key if kind else "")


def _condition(raw: Raw | None, scene: _Scene) -> Condition | None:
    return None if raw is None else _word(raw, scene)


def _word(raw: Raw, scene: _Scene) -> Condition:  # noqa: PLR0911 - one line a word
    """A condition word from its compiled form."""
    if "all" in raw:
        return All(tuple(_word(each, scene) for each in raw["all"]))
    if "any" in raw:
        return AnyOf(tuple(_word(each, scene) for each in raw["any"]))
    if "not" in raw:
        # What a blank stands for may say yes and never no: turned round, it says nothing.
        return Not(_word(raw["not"], scene._replace(words=_without_assumptions(scene.words))))
    if "unsettled" in raw:
        return Unsettled(_word(raw["unsettled"], scene), _sure(raw["says"]))
    if "sufficient" in raw:
        return Sufficient(_word(raw["sufficient"], scene), _sure(raw["says"]))
    if "judged" in raw:
        return JudgedByOthers(_sure(raw["judged"]))
    if "has_event" in raw:
        return HasEvent(tuple(raw["kinds"]), *scene.keys, raw["has_event"])
    if "first_years" in raw:
        return FirstYears(scene.kinds, *scene.keys, raw["first_years"], scene.head.effective)
    if "backed_by" in raw:
        return BackedBy(scene.kinds, *scene.keys, raw["backed_by"][0], _sure(raw["says"]), scene.head.effective)
    return _compare(raw, scene.words)


def _without_assumptions(words: Vocabulary) -> Vocabulary:
    return replace(words, facts={key: replace(fact, blank_is=None) for key, fact in words.facts.items()})


def _compare(raw: Raw, words: Vocabulary) -> Compare:
    fact, value = words.facts[raw["fact"]], raw["value"]
    if fact.type == "date" and isinstance(value, str):
        value = dt.date.fromisoformat(value)
    elif isinstance(value, list):
        value = tuple(value)
    return Compare(fact, raw["comparison"], value, tuple(raw["named"]))
