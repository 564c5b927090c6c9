"""Policy files: every mistake with its file and key, overlays, and a cache that only saves time."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import time
from copy import deepcopy
from dataclasses import fields
from pathlib import Path
from random import Random
from typing import Any

import pytest

from ordos_subsidy.amounts import Band
from ordos_subsidy.conditions import All, BackedBy, Compare, FirstYears, HasEvent, InForce, Not, Once, Window
from ordos_subsidy.errors import InvalidPolicy, Refused
from ordos_subsidy.facts import find_choice
from ordos_subsidy.messages import Text, say
from ordos_subsidy.policy import Limit, Policies, build_policy, load, load_policies
from tests.builders import (
    EXAMPLES,
    HARBOUR,
    LAB,
    ORDOS,
    ROOT,
    Raw,
    compiled,
    lab,
    measure,
    policy,
    raw,
)

BIG: Raw = {"fact": "big", "is": True}
BOG: Raw = {"fact": "bog", "is": True}
GONE = object()
T: Raw = {"zh": "余", "en": "spare"}


ANSWERS: list[Raw] = [{"of": ["round"], "exactly": "1元"}, {"of": ["square", "long"], "exactly": "2元"}]
BANDS: list[Raw] = [{"to": 9, "exactly": "1元"}, {"above": 9, "exactly": "2元"}]


def by(fact: str, tiers: list[Raw], **more: Any) -> Raw:
    """A measure whose amount has tiers."""
    return {"amount": {"by": fact, "tiers": tiers, **more}}


def of_sum(*bands: Raw) -> Raw:
    """A measure whose amount is shares of the sum, band by band."""
    return {"amount": {"of": "sum", "marginal": list(bands)}}


def mistakes(*documents: Raw) -> list[tuple[str, str]]:
    """(code, place) of each mistake; every one must have something to say in both languages."""
    with pytest.raises(InvalidPolicy) as refused:
        compiled(*documents)
    for each in refused.value.problems:
        assert each.severity == "error"
        for lang in ("zh", "en"):
            said = say(each, lang)
            assert said.what
            assert said.remedy
    return [(each.code.removeprefix("policy."), each.where) for each in refused.value.problems]


def hints(*documents: Raw) -> list[str]:
    with pytest.raises(InvalidPolicy) as refused:
        compiled(*documents)
    return [str(dict(each.params).get("hint", "")) for each in refused.value.problems]


def changed(key: str, value: Any) -> Raw:
    """The lab with another value at "fact.big.type", or, where that is GONE, without it."""
    document = lab()
    *path, last = key.split(".")
    table: Any = document
    for part in path:
        table = table[int(part) if part.isdigit() else part]
    if value is GONE:
        del table[last]
    else:
        table[last] = value
    return document


def overlay(*measures: Raw, overlays: str | None = "lab") -> Raw:
    head = {**LAB["policy"], "id": "rules", "number": "R2"}
    return {"policy": head | ({"overlays": overlays} if overlays else {}), "measure": list(measures)}


# --- mistakes


@pytest.mark.parametrize(
    ("entry", "code", "place"),
    [
        ({"when": {"sufficient": BIG}}, "missing-key", "when.says"),
        ({"when": {"sufficient": BOG, "says": T}}, "undeclared", "when.sufficient.fact"),
        ({"when": {"judged": True}}, "needs", "when"),
        ({"when": {"judged": False, "says": T}}, "literal-error", "when.judged"),
        ({"when": {"backed_by": "medal"}}, "missing-key", "when.says"),
        ({"when": {"backed_by": "honour", "says": T}}, "undeclared", "when"),
        ({"when": {"backed_by": "medl", "says": T}}, "undeclared", "when"),
        ({"claims": ["accounts"], "when": {"backed_by": "medal", "says": T}}, "event-fact", "when"),
        ({"limit": {}}, "value-error", "limit"),
        ({"limit": {"a_year": "1元", "in_all": "2元"}}, "value-error", "limit"),
        ({"limit": {"once": False}}, "literal-error", "limit.once"),
        ({"limit": {"a_year": "much"}}, "bad-value", "limit.a_year"),
        ({"claims": ["accounts"], "limit": {"once": True}}, "must-not", "limit"),
        ({"category": "duty", "claims": [], "amount": None, "examples": [], "limit": {"once": True}}, "must-not", ""),
        ({"recipient": "person"}, "literal-error", "recipient"),
        (
            {"category": "credit", "claims": ["accounts"], "amount": {"exactly": "1元"}, "recipient": "people"},
            "must-not",
            "",
        ),
        ({"amount": {"tiers": [{"of": ["round"], "exactly": "1元"}]}}, "value-error", "amount"),
        ({"amount": {"exactly": "1元", "by": "shape"}}, "value-error", "amount"),
        ({"amount": {"exactly": "1元", "monotone": True}}, "value-error", "amount"),
        ({"amount": {"by": "shape", "tiers": []}}, "too-short", "amount.tiers"),
        (by("shap", ANSWERS), "undeclared", "amount.by"),
        (by("trades", ANSWERS), "tier-fact", "amount.by"),
        (by("intensity", BANDS), "tier-fact", "amount.by"),
        (by("shape", [{"of": ["round", "rond"], "exactly": "1元"}, ANSWERS[1]]), "undeclared", "amount.tiers[0].of"),
        (by("shape", [{"of": ["round", "long"], "exactly": "1元"}]), "tier-gap", "amount.tiers"),
        (by("shape", [*ANSWERS, {"of": ["long"], "exactly": "1元"}]), "tier-overlap", "amount.tiers[2]"),
        (by("shape", [*ANSWERS, {"exactly": "1元"}]), "needs", "amount.tiers[2]"),
        (by("shape", [{"of": ["round"]}, *ANSWERS]), "value-error", "amount.tiers[0]"),
        (by("shape", [{"of": ["round"], "exactly": "1元", "up_to": "2元"}]), "value-error", "amount.tiers[0]"),
        (by("big", [{"of": ["yes"], "exactly": "1元"}]), "tier-gap", "amount.tiers"),
        (by("staff", [{"of": ["round"], "exactly": "1元"}]), "must-not", "amount.tiers[0]"),
        (by("staff", [{"from": 0, "exactly": "1元"}]), "tier-gap", "amount.tiers[0]"),
        (by("staff", [{"to": 9, "exactly": "1元"}]), "tier-gap", "amount.tiers[0]"),
        (by("staff", [{"to": 9, "exactly": "1元"}, {"above": 10, "exactly": "1元"}]), "tier-gap", "amount.tiers[1]"),
        (by("staff", [{"to": 9, "exactly": "1元"}, {"from": 9, "exactly": "1元"}]), "tier-overlap", "amount.tiers[1]"),
        (by("staff", [{"to": 9, "exactly": "1元"}, {"exactly": "1元"}]), "tier-overlap", "amount.tiers[1]"),
        (by("staff", [{"to": 9, "below": 9, "exactly": "1元"}]), "value-error", "amount.tiers[0]"),
        (by("staff", [{"from": 1, "above": 1, "exactly": "1元"}]), "value-error", "amount.tiers[0]"),
        (
            by("staff", [{"to": 9, "exactly": "2元"}, {"above": 9, "exactly": "1元"}], monotone=True),
            "tier-falls",
            "amount.tiers[1]",
        ),
        (
            by("staff", [{"to": 9, "unstated": True}, {"above": 9, "exactly": "1元"}], monotone=True),
            "tier-falls",
            "amount.tiers[1]",
        ),
        ({"amount": {"of": "sum", "marginal": []}}, "too-short", "amount.marginal"),
        ({"amount": {"marginal": [{"share": "1%"}]}}, "value-error", "amount"),
        (of_sum({"to": "1元"}, {"share": "2%"}), "missing-key", "amount.marginal[0].share"),
        (of_sum({"to": "1元", "share": "1%"}), "marginal", "amount.marginal"),
        (of_sum({"share": "1%"}, {"share": "2%"}), "marginal", "amount.marginal"),
        (
            of_sum({"to": "2元", "share": "1%"}, {"to": "1元", "share": "2%"}, {"share": "3%"}),
            "marginal",
            "amount.marginal",
        ),
        (
            of_sum({"to": "1元", "share": "1%"}, {"to": "1元", "share": "2%"}, {"share": "3%"}),
            "marginal",
            "amount.marginal",
        ),
        (
            of_sum({"to": "cost", "share": "1%"}, {"to": "1元", "share": "2%"}, {"share": "3%"}),
            "marginal",
            "amount.marginal",
        ),
        (of_sum({"to": "staff", "share": "1%"}, {"share": "3%"}), "not-money", "amount.marginal[0].to"),
        (of_sum({"to": "cots", "share": "1%"}, {"share": "3%"}), "bad-value", "amount.marginal[0].to"),
        ({"when": {"all": [BIG, {"not": {"fact": "old", "iz": True}}]}}, "unknown-key", "when.all[1].not.iz"),
        ({"when": {"any": [{"fact": "big", "is": True, "or": 1}]}}, "unknown-key", "when.any[0].or"),
        ({"when": {"unsettled": BIG}}, "missing-key", "when.says"),
        ({"when": {"all": []}}, "too-short", "when.all"),
        ({"when": {"any": []}}, "too-short", "when.any"),
        ({"when": {"fact": "staff"}}, "value-error", "when"),
        ({"when": {"fact": "staff", "at_least": 1, "at_most": 2}}, "value-error", "when"),
        ({"when": {"not": {"fact": "bog", "is": True}}}, "undeclared", "when.not.fact"),
        ({"when": {"fact": "shape", "is": "rond"}}, "undeclared", "when"),
        ({"when": {"fact": "shape", "one_of": ["anglar"]}}, "undeclared", "when"),
        ({"when": {"has_event": "honor"}}, "undeclared", "when"),
        ({"when": {"fact": "staff", "at_least": "many"}}, "bad-value", "when"),
        ({"when": {"fact": "big", "is": 3}}, "bad-value", "when"),
        ({"when": {"fact": "day", "at_least": "2021"}}, "bad-value", "when"),
        ({"when": {"fact": "intensity", "at_least": "much"}}, "bad-value", "when"),
        ({"when": {"fact": "big", "at_least": 1}}, "not-comparable", "when"),
        ({"when": {"fact": "intensity", "is": "3%"}}, "not-comparable", "when"),
        ({"when": {"fact": "name", "is": "somebody"}}, "not-comparable", "when"),
        ({"amount": {"exacly": "1元", "exactly": "1元"}}, "unknown-key", "amount.exacly"),
        ({"amount": {"exactly": "1元", "up_to": "2元"}}, "value-error", "amount"),
        ({"amount": {"years": 2}}, "value-error", "amount"),
        ({"amount": {"share": "1%"}}, "value-error", "amount"),
        ({"amount": {"exactly": "1元", "cap": "1元"}}, "value-error", "amount"),
        ({"amount": {"exactly": "1元", "within": "sum"}}, "value-error", "amount"),
        ({"amount": {"exactly": "1元", "years": 2, "spread": 3}}, "value-error", "amount"),
        ({"amount": {"exactly": 5}}, "string-type", "amount.exactly"),
        ({"amount": {"exactly": "much"}}, "bad-value", "amount"),
        ({"amount": {"exactly": "-5元"}}, "bad-value", "amount"),
        ({"amount": {"share": "ten", "of": "sum"}}, "string-pattern-mismatch", "amount.share"),
        ({"amount": {"share": "0.0001%", "of": "sum"}}, "too-fine", "amount.share"),
        ({"amount": {"share": "1001%", "of": "sum"}}, "share-range", "amount.share"),
        (
            {"amount": {"share": "900%", "of": "sum", "years": 50, "times": {"by": 30, "when": BIG}}},
            "too-large",
            "amount",
        ),
        (
            {"amount": {"share": "300%", "of": "sum", "years": 50, "times": {"by": 100, "when": BIG}}},
            "too-large",
            "amount",
        ),
        ({"amount": {"exactly": "1元", "during": [2022, 10000]}}, "other", "amount.during[1]"),
        ({"amount": {"exactly": "1元", "during": [1, 2022]}}, "other", "amount.during[0]"),
        ({"from": dt.date(9999, 1, 1)}, "other", "from"),
        ({"amount": {"exactly": "5"}}, "no-unit", "amount.exactly"),
        ({"amount": {"share": "1%", "of": "sum", "cap": "500"}}, "no-unit", "amount.cap"),
        ({"when": {"fact": "cost", "at_least": "3"}}, "no-unit", "when"),
        ({"limit": {"a_year": "5.5"}}, "no-unit", "limit.a_year"),
        ({"amount": {"share": "1%", "of": "sun"}}, "undeclared", "amount.of"),
        ({"amount": {"share": "1%", "of": "staff"}}, "not-money", "amount.of"),
        ({"amount": {"up_to": "1元", "within": "day"}}, "not-money", "amount.within"),
        (
            {"amount": {"exactly": "1元", "times": {"by": 2, "when": {"all": [{"fact": "bog", "is": True}]}}}},
            "undeclared",
            "amount.times.when.all[0].fact",
        ),
        ({"claims": ["accounts"], "when": {"fact": "sum", "at_least": "1元"}}, "event-fact", "when.fact"),
        ({"claims": ["accounts"], "amount": {"share": "1%", "of": "sum"}}, "event-fact", "amount.of"),
        ({"claims": ["accounts"], "when": {"first_years": 2}}, "event-fact", "when"),
        ({"claims": ["grnt"]}, "undeclared", "claims"),
        ({"claims": []}, "needs", ""),
        ({"category": "duty", "amount": {"exactly": "1元"}}, "must-not", ""),
        ({"category": "budget"}, "needs", ""),
        ({"category": "preference", "claims": ["grant"]}, "needs", ""),
        ({"category": "credit", "claims": ["grant"], "amount": {"exactly": "1元"}}, "needs", ""),
        ({"category": "reward"}, "literal-error", "category"),
        ({"clause": 2}, "undeclared", "clause"),
        ({"examples": EXAMPLES[1:]}, "examples", "examples"),
        ({"examples": [EXAMPLES[0], EXAMPLES[2]]}, "examples", "examples"),
        ({"examples": EXAMPLES[:2]}, "examples", "examples"),
        ({"examples": [{**EXAMPLES[0], "high": None}, *EXAMPLES[1:]]}, "examples", "examples"),
        ({"examples": [*EXAMPLES[:2], {"says": "?", "verdict": "unknown"}]}, "examples", "examples"),
        ({"examples": [*EXAMPLES, {"says": "?", "verdict": "maybe"}]}, "literal-error", "examples[3].verdict"),
        ({"from": "2022"}, "date-type", "from"),
    ],
)
def test_a_mistake_in_a_measure_is_named_with_its_file_and_key(entry: Raw, code: str, place: str) -> None:
    """One mistake is one problem, at the place where an editor of the file would look."""
    where = f"lab.toml: measure probe.{place}" if place else "lab.toml: measure probe"
    found = mistakes(lab(**entry))
    assert found[0][0] == code
    assert found[0][1].startswith(where)
    assert len(found) == 1


@pytest.mark.parametrize(
    ("key", "value", "code", "place"),
    [
        ("polcy", {}, "unknown-key", "polcy"),
        ("policy.efective", 1, "unknown-key", "policy.efective"),
        ("policy.effective", GONE, "missing-key", "policy.effective"),
        ("policy.effective", "2021-06-19", "date-type", "policy.effective"),
        ("policy.source", GONE, "missing-key", "policy.source"),
        ("policy.source", "", "string-too-short", "policy.source"),
        ("policy.title", "Lab", "model-type", "policy.title"),
        ("policy.title", {"en": "Lab"}, "missing-key", "policy.title.zh"),
        ("clause.0.departments", GONE, "missing-key", "clause 1.departments"),
        ("clause.0.departments", [], "too-short", "clause 1.departments"),
        ("clause.0.departments", ["ofice"], "undeclared", "clause 1.departments"),
        ("clause", LAB["clause"] * 2, "duplicate", "clause 1"),
        ("measure", LAB["measure"] * 2, "duplicate", "measure others"),
        ("fact.home.blank_is", "rund", "undeclared", "fact.home.blank_is"),
        ("fact.big.blank_is", "round", "undeclared", "fact.big.blank_is"),
        ("fact.trades.list", "trad", "undeclared", "fact.trades.list"),
        ("fact.big.type", "boolean", "literal-error", "fact.big.type"),
        ("fact.day.role", GONE, "role", "fact"),
        ("fact.aid.role", "date", "role", "fact"),
        ("fact.name.role", GONE, "role", "fact"),
        ("fact.intensity.ratio.part", "costs", "undeclared", "fact.intensity.ratio"),
        ("fact.intensity.ratio.whole", "staff", "not-money", "fact.intensity.ratio"),
        ("fact.old.aliases", ["BIG"], "duplicate", "fact.old"),
        ("group.angular.members", ["squre"], "undeclared", "group.angular.members"),
        ("group.angular.of", "shap", "undeclared", "group.angular.of"),
        ("list.trade.includes", ["shap"], "undeclared", "list.trade.includes"),
        ("list.body.items.school.leaves_open", ["ofice"], "undeclared", "fact.bodies: school.leaves_open"),
        ("limit", {"both": {"measures": ["othrs"], "once": True}}, "undeclared", "limit.both.measures"),
        ("limit", {"both": {"measures": [], "once": True}}, "too-short", "limit.both.measures"),
        ("limit", {"both": {"measures": ["others"]}}, "value-error", "limit.both"),
        ("limit", {"both": {"measures": ["others"], "in_all": "-1元"}}, "bad-value", "limit.both.in_all"),
        ("list.trade.items.oil", {"zh": "盐", "en": "oil"}, "duplicate", "fact."),
        ("kind.spare", {**LAB["kind"]["grant"], "title": T}, "unused-kind", "kind.spare"),
        ("kind.prize.aliases", ["甲"], "duplicate", "kind.prize"),
        ("fact.staff.change", "raise", "change", "fact.staff.change"),
        ("fact.cost.change", "obtain", "change", "fact.cost.change"),
        ("fact.big.change", "lower", "literal-error", "fact.big.change"),
        ("kind.prize.who", {"fact": "sum", "at_least": "1元"}, "event-fact", "kind.prize.who"),
        ("kind.prize.who", {"fact": "bigg", "is": True}, "undeclared", "kind.prize.who"),
    ],
)
def test_a_mistake_in_the_vocabulary_is_named_with_its_file_and_key(
    key: str, value: Any, code: str, place: str
) -> None:
    """Facts, lists, groups, kinds, clauses, departments and the head of the file."""
    found = mistakes(changed(key, value))
    assert {each for each, _ in found} == {code}
    assert all(where.startswith(f"lab.toml: {place}") for _, where in found)


def test_every_gap_and_overlap_of_tiers_is_named() -> None:
    """Bands in the wrong order, a bound that cannot be read, several answers without a tier: each at its place."""
    assert mistakes(lab(**by("staff", BANDS[::-1]))) == [
        ("tier-overlap", "lab.toml: measure probe.amount.tiers[1]"),
        ("tier-gap", "lab.toml: measure probe.amount.tiers[0]"),
        ("tier-gap", "lab.toml: measure probe.amount.tiers[1]"),
    ]
    assert mistakes(lab(**by("shape", ANSWERS[:1]))) == [("tier-gap", "lab.toml: measure probe.amount.tiers")] * 2
    unread = by("staff", [{"to": "few", "exactly": "1元"}, BANDS[1]])
    assert mistakes(lab(**unread))[0] == ("bad-value", "lab.toml: measure probe.amount.tiers[0].to")


def test_lists_that_include_one_another_are_refused() -> None:
    """Rather than followed for ever."""
    document = changed("list.shape.includes", ["trade"])
    document["list"]["trade"]["includes"] = ["shape"]
    assert {code for code, _ in mistakes(document)} == {"undeclared"}


def _chain(length: int, includes: int, items: int) -> Raw:
    """Lists of which each includes the one before, several times."""
    document = lab()
    many = {f"a{n}": {"zh": f"甲{n}", "en": f"a{n}"} for n in range(items)}
    document["list"] |= {"l0": {"items": many}}
    document["list"] |= {f"l{n}": {"includes": [f"l{n - 1}"] * includes} for n in range(length - 1, 0, -1)}
    return document


def test_a_list_that_includes_another_twice_has_its_items_once() -> None:
    document = _chain(length=30, includes=2, items=3)
    document["list"]["shape"]["includes"] = ["l29", "l29"]
    fact = compiled(document).vocabulary.facts["shape"]
    assert [each.key for each in fact.choices] == ["a0", "a1", "a2", "round", "square", "long"]


@pytest.mark.parametrize(("length", "includes", "items"), [(2000, 1, 1), (2000, 2, 1), (15, 1, 2000)])
def test_lists_that_grow_without_end_are_refused(length: int, includes: int, items: int) -> None:
    """However they do: in depth, by including twice, or in items."""
    began = time.process_time()
    assert mistakes(_chain(length, includes, items))[0] == ("list-size", "list")
    assert time.process_time() - began < 5


def test_a_measure_that_does_not_fit_the_grammar_hides_no_mistake_of_another() -> None:
    document = deepcopy(raw(HARBOUR))
    document["measure"][0]["titel"] = document["measure"][0].pop("title")
    document["measure"][2]["amount"]["within"] = "vessels"
    found = mistakes(document)
    assert {code for code, _ in found} == {"missing-key", "unknown-key", "not-money"}
    assert {place.partition(": ")[2] for _, place in found} == {
        "measure engine.title",
        "measure engine.titel",
        "measure fuel.amount.within",
    }


def test_all_mistakes_are_reported_together() -> None:
    """Of every room of the compiler, so that they are mended in one go."""
    when = {"all": [{"fact": "bog", "is": True}, {"fact": "shape", "is": "rond"}]}
    document = lab(when=when, amount={"share": "1%", "of": "sun"}, examples=EXAMPLES[1:], clause=2)
    document["clause"][0]["departments"] = ["ofice"]
    document["fact"]["home"]["blank_is"] = "rund"
    assert {place for _, place in mistakes(document)} == {
        "lab.toml: fact.home.blank_is",
        "lab.toml: clause 1.departments",
        "lab.toml: measure probe.clause",
        "lab.toml: measure probe.examples",
        "lab.toml: measure probe.when.all[0].fact",
        "lab.toml: measure probe.when.all[1]",
        "lab.toml: measure probe.amount.of",
    }
    shapes = lab(amount={"exacly": "1元", "exactly": "1元"}, titel=T)
    shapes["policy"]["efective"] = 1
    assert {place for _, place in mistakes(shapes)} == {
        "lab.toml: policy.efective",
        "lab.toml: measure probe.amount.exacly",
        "lab.toml: measure probe.titel",
    }


@pytest.mark.parametrize(
    ("document", "meant"),
    [
        (lab(when={"all": [{"fact": "big", "is_nt": True}]}), "is_not"),
        (lab(amount={"exacly": "1元", "exactly": "1元"}), "exactly"),
        (lab(titel=T), "title"),
        (changed("policy.efective", 1), "effective"),
        (changed("fact.big.alias", []), "aliases"),
        (lab(when={"fact": "bigg", "is": True}), "big"),
        (lab(when={"fact": "shape", "is": "rond"}), "round"),
        (lab(when={"fact": "shape", "one_of": ["anglar"]}), "angular"),
        (lab(when={"has_event": "honor"}), "honour"),
        (lab(claims=["grnt"]), "grant"),
        (changed("clause.0.departments", ["ofice"]), "office"),
        (changed("fact.home.blank_is", "rund"), "round"),
    ],
)
def test_a_slip_of_the_pen_is_met_with_the_right_word(document: Raw, meant: str) -> None:
    """Did you mean: keys of the grammar, and names that the file itself declares."""
    assert f"{meant}? " in hints(document)


def test_a_right_word_is_not_guessed_where_nothing_is_near() -> None:
    """A wrong suggestion is worse than none."""
    assert hints(lab(when={"fact": "zeppelin", "is": True})) == [""]


# --- several files


@pytest.mark.parametrize(
    ("documents", "code", "place"),
    [
        ([lab(), overlay(overlays="lob")], "overlay", "rules.toml: policy.overlays"),
        ([lab(), overlay(overlays=None)], "two-bases", "rules.toml: policy.overlays"),
        ([overlay(overlays="lob")], "overlay", "rules.toml: policy.overlays"),
        ([lab(), overlay(measure(clause=7))], "undeclared", "rules.toml: measure probe.clause"),
        (
            [lab(), overlay(measure(when=BOG))],
            "undeclared",
            "rules.toml: measure probe.when.fact",
        ),
        ([lab(), overlay(measure(), measure())], "duplicate", "rules.toml: measure probe"),
    ],
)
def test_a_mistake_in_an_overlay_is_placed_in_its_own_file(documents: list[Raw], code: str, place: str) -> None:
    """A file that changes another says so, and is right about which one."""
    assert (code, place) in mistakes(*documents)


def test_an_overlay_may_bring_words_of_its_own() -> None:
    """Facts, kinds and departments are merged, a later file's winning; measures keep the order of the base."""
    extra = overlay(
        measure(id="new", claims=["ribbon"], when={"fact": "blue", "is": True}),
        measure(**{"from": dt.date(2022, 1, 1)}),
    )
    extra["fact"] = {"blue": {**LAB["fact"]["big"], "title": {"zh": "蓝", "en": "blue"}}}
    extra["kind"] = {"ribbon": {**LAB["kind"]["grant"], "title": {"zh": "丁", "en": "ribbon"}}}
    extra["department"] = {"office": {"zh": "新办公室", "en": "New Office"}}
    found = compiled(lab(), extra)
    assert [(each.id, each.document, each.since, each.until) for each in found.measures] == [
        ("others", "L1", None, None),
        ("probe", "L1", None, dt.date(2022, 1, 1)),
        ("probe", "R2", dt.date(2022, 1, 1), None),
        ("new", "R2", None, None),
    ]
    assert found.versioned == {"probe"}
    assert found.vocabulary.facts["blue"].type == "yes_no"
    assert [each.title.en for each in found.clauses[0].departments] == ["New Office"]
    assert [each.number for each in found.overlays] == ["R2"]


def test_a_third_file_ends_the_second_in_turn() -> None:
    """Each version holds until the next begins; one that begins no later replaces it."""
    later = overlay(measure(**{"from": dt.date(2023, 1, 1)}))
    later["policy"] |= {"id": "later", "number": "R3"}
    first = overlay(measure(**{"from": dt.date(2022, 1, 1)}))
    found = [each for each in compiled(lab(), first, later).measures if each.id == "probe"]
    assert [(each.document, each.since, each.until) for each in found] == [
        ("L1", None, dt.date(2022, 1, 1)),
        ("R2", dt.date(2022, 1, 1), dt.date(2023, 1, 1)),
        ("R3", dt.date(2023, 1, 1), None),
    ]
    later["measure"][0]["from"] = dt.date(2021, 12, 1)
    found = [each for each in compiled(lab(), first, later).measures if each.id == "probe"]
    assert [(each.document, each.until) for each in found] == [("L1", dt.date(2021, 12, 1)), ("R3", None)]


# --- from the file to objects


def test_sums_shares_and_dates_become_what_tables_hold() -> None:
    """Fen, exact pairs, dates, members of groups: nothing is left as text."""
    when = {
        "all": [
            {"fact": "cost", "at_least": "1.5万元"},
            {"fact": "local", "at_most": "37.5%"},
            {"fact": "intensity", "more_than": "0.3%"},
            {"fact": "day", "less_than": dt.date(2022, 1, 1)},
            {"fact": "shape", "one_of": ["angular", "long", "round"]},
            {"not": {"has_event": "honour"}},
            {"backed_by": "medal", "says": {"zh": "?", "en": "?"}},
            {"first_years": 3},
        ]
    }
    amount = {"of": "sum", "cap": "0.01元", "marginal": [{"to": "cost", "share": "37.5%"}, {"share": "150%"}]}
    probe = next(each for each in compiled(lab(when=when, amount=amount)).measures if each.id == "probe")
    assert isinstance(probe.when, All)
    tests = [part for part in probe.when.parts if isinstance(part, Compare)]
    assert [each.value for each in tests] == [
        15_000_00, 375_000, (3, 1000), dt.date(2022, 1, 1), ("square", "long", "round"),
    ]  # fmt: skip
    assert tests[-1].named == ("angular", "long", "round")
    assert probe.when.parts[-3] == Not(HasEvent(("prize", "medal"), "day", "matter", "honour"))
    first_day = dt.date(2021, 6, 19)
    assert probe.when.parts[-2] == BackedBy(("grant",), "day", "matter", "medal", Text("?", "?"), first_day)
    assert probe.when.parts[-1] == FirstYears(("grant",), "day", "matter", 3, first_day)
    assert probe.grant
    assert (probe.grant.bands, probe.grant.cap) == ((Band("cost", (3, 8)), Band(None, (3, 2))), 1)


@pytest.mark.parametrize(
    ("by", "tiers", "found"),
    [
        ("shape", [{"of": ["round", "long"], "exactly": "1元"}, {"of": ["square"], "up_to": "2元"}],
         [(("round", "long"), None, None, "exactly", 100, 100), (("square",), None, None, "up_to", 0, 200)]),
        ("big", [{"of": ["yes"], "at_least": "1元"}, {"of": ["no"], "unstated": True}],
         [((True,), None, None, "at_least", 100, None), ((False,), None, None, "unstated", 0, None)]),
        ("cost", [{"below": "5元", "exactly": "1元"}, {"from": "5元", "to": "6元", "exactly": "2元"},
                  {"above": "6元", "exactly": "3元"}],
         [(None, None, 499, "exactly", 100, 100), (None, 500, 600, "exactly", 200, 200),
          (None, 601, None, "exactly", 300, 300)]),
        ("local", [{"to": "37.5%", "exactly": "1元"}, {"above": "37.5%", "exactly": "2元"}],
         [(None, None, 375_000, "exactly", 100, 100), (None, 375_001, None, "exactly", 200, 200)]),
    ],
)  # fmt: skip
def test_tiers_become_whole_units_both_ends_included(by: str, tiers: list[Raw], found: list[Any]) -> None:
    """Of answers as they are kept, of numbers in fen, millionths or counts."""
    policies = compiled(lab(amount={"by": by, "tiers": tiers}))
    grant = next(each.grant for each in policies.measures if each.id == "probe")
    assert grant
    assert (grant.by, [tuple(each) for each in grant.tiers]) == (by, found)


def test_limits_are_of_a_measure_or_of_several() -> None:
    """In fen, those of single measures first; a row is cut at the least that covers its measure."""
    document = lab(limit={"a_year": "5元"})
    document["measure"].append(measure(id="second", limit={"once": True}))
    document["limit"] = {"both": {"measures": ["probe", "second"], "a_year": "4元"}}
    policies = compiled(document)
    assert policies.limits == (
        Limit(("probe",), 500, None, once=False),
        Limit(("second",), None, None, once=True),
        Limit(("probe", "second"), 400, None, once=False),
    )
    grants = {each.id: each.grant for each in policies.measures}
    assert [(grant.a_year, grant.in_all) for grant in grants.values() if grant] == [
        (None, None),
        (400, None),
        (400, None),
    ]


def test_a_fact_that_no_rule_reads_is_marked() -> None:
    """So that no template asks for it; what the program itself needs, and what amounts are made of, is read."""
    amount: Raw = {"by": "shape", "tiers": [{"of": ["round", "square", "long"], "exactly": "1元"}]}
    policies = compiled(lab(when={"fact": "intensity", "at_least": "3%"}, amount=amount))
    read = {key for key, fact in policies.vocabulary.facts.items() if fact.read}
    assert read >= {"name", "matter", "day", "cost", "sales", "shape"}
    assert not read & {"big", "old", "trades", "hobbies", "staff", "before", "aid"}


def test_a_claim_must_be_in_time_in_scope_and_meet_its_own_condition() -> None:
    """In this order, all in one list: what is asked for first comes first."""
    document = lab(
        when={"all": [BIG, BIG]},
        limit={"once": True},
        amount={"exactly": "1元", "during": [2021, 2025]},
        **{"from": dt.date(2022, 1, 1)},
    )
    document["policy"]["scope"] = {"fact": "home", "is_not": "long"}
    policies = compiled(document)
    condition = policies.condition(next(each for each in policies.measures if each.id == "probe"))
    assert isinstance(condition, All)
    in_force, window, during, scope, once, *own = condition.parts
    assert isinstance(in_force, InForce)
    assert isinstance(window, Window)
    assert isinstance(during, Compare)
    assert (during.comparison, during.value) == ("at_most", dt.date(2025, 12, 31))
    assert scope == policies.scope
    assert once == Once(("grant",), "day", "matter", joint=False)
    assert len(own) == 2


def test_lists_include_others_and_answers_keep_their_order() -> None:
    """A list that includes another has its items first, and drop-downs leave out what is not offered."""
    document = lab()
    document["list"]["shape"]["includes"] = ["trade"]
    document["list"]["shape"]["items"]["odd"] = {"zh": "怪", "en": "odd", "offered": False}
    fact = compiled(document).vocabulary.facts["shape"]
    assert [each.key for each in fact.choices] == ["fish", "salt", "rope", "round", "square", "long", "odd"]
    assert [each.key for each in fact.choices if not each.offered] == ["odd"]
    found = find_choice(fact, " Salt ")
    assert found
    assert found.key == "salt"


@pytest.mark.parametrize("path", [ORDOS, HARBOUR], ids=["ordos", "harbour"])
def test_every_measure_of_a_file_is_loaded(path: Path) -> None:
    """In the order of the file, with its clause, its departments and the document it rests on."""
    policies, document = policy(path), raw(path)
    assert [each.id for each in policies.measures] == [each["id"] for each in document["measure"]]
    assert {each.document for each in policies.measures} == {document["policy"]["number"]}
    assert all(each.clause.departments for each in policies.measures)
    assert [each.number for each in policies.clauses] == sorted(each["number"] for each in document["clause"])


def test_the_plan_has_thirty_clauses_and_each_its_measures() -> None:
    """Everything is on the page: no clause without a measure, no kind of event without an award."""
    policies = policy(ORDOS)
    assert [each.number for each in policies.clauses] == list(range(1, 31))
    assert {each.clause.number for each in policies.measures} == set(range(1, 31))
    assert {kind for each in policies.of("award") for kind in each.claims} - {"accounts"} == set(
        policies.vocabulary.kinds
    )
    assert (policies.head.effective, policies.head.dated) == (dt.date(2021, 6, 19), dt.date(2021, 5, 18))


def test_two_shipped_documents_lie_over_one_another() -> None:
    """The implementing rules turn a floor into a sum, and the base is none the worse for it."""
    rules = ROOT / "examples" / "rules-2021-65.toml"
    found = compiled(raw(ORDOS), raw(rules))
    base, changed_ = (each for each in found.measures if each.id == "11.technology-innovation-center")
    assert base.grant
    assert changed_.grant
    assert (base.grant.kind, base.grant.high, base.until) == ("at_least", None, changed_.since)
    assert (changed_.grant.kind, changed_.grant.high) == ("exactly", 500_0000_00)
    assert changed_.document == raw(rules)["policy"]["number"]


# --- loading and the cache


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def content(policies: Policies) -> list[object]:
    """All that a policy says: as objects, two that say the same are two."""
    return [getattr(policies, each.name) for each in fields(policies)]


def test_a_policy_comes_out_of_the_cache_as_it_went_in(cache: Path) -> None:
    """The second load gives equal objects."""
    first, second = load_policies(HARBOUR), load_policies(HARBOUR)
    assert list(cache.rglob("*.json"))
    assert content(first) == content(second) == content(load_policies(HARBOUR))
    assert first.files == (str(HARBOUR),)


def test_a_second_load_does_without_pydantic(cache: Path) -> None:
    """Nor without a cache would it: the first load imports it."""
    code = (
        "import sys; from ordos_subsidy.policy import load_policies; "
        f"load_policies({str(HARBOUR)!r}); print('pydantic' in sys.modules, 'polars' in sys.modules)"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True, env=environ(cache)
        )
        for _ in range(2)
    ]
    assert [each.stdout.split() for each in said] == [["True", "False"], ["False", "False"]]
    assert [each.stderr for each in said] == ["", ""]


def environ(cache: Path) -> dict[str, str]:
    return {**os.environ, "XDG_CACHE_HOME": str(cache)}


@pytest.mark.parametrize("seed", range(12))
def test_a_cache_with_one_changed_byte_is_not_believed(cache: Path, seed: int) -> None:
    """A figure, a name, the hash itself: wherever the byte is."""
    fresh = load_policies(HARBOUR)
    (file,) = cache.rglob("*.json")
    data = bytearray(file.read_bytes())
    at = Random(seed).randrange(len(data))  # noqa: S311 - it breaks a file, no code
    data[at] = ord("7") if data[at] != ord("7") else ord("8")
    file.write_bytes(data)
    assert content(load_policies(HARBOUR)) == content(fresh)


def test_a_cache_that_cannot_be_written_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file in the place of the folder: nothing is said, and the policy loads."""
    (tmp_path / "cache").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert load_policies(HARBOUR).head.id == "harbour-9"
    assert capsys.readouterr() == ("", "")


def test_a_changed_file_is_compiled_anew(cache: Path, tmp_path: Path) -> None:
    """The cache goes by content: a figure changed by hand counts at once."""
    file = tmp_path / "mine.toml"
    text = HARBOUR.read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    before = load_policies(file)
    file.write_text(text.replace("5万元", "6万元").replace("15万元", "18万元"), encoding="utf-8")
    after = load_policies(file)
    grants = [next(each.grant for each in found.measures if each.id == "cold") for found in (before, after)]
    assert [each and each.low for each in grants] == [5_0000_00, 6_0000_00]
    assert len(list(cache.rglob("*.json"))) == 2


def test_without_a_path_the_built_in_policy_is_loaded(cache: Path) -> None:
    """And an overlay given alone is laid over it."""
    assert cache.parent.exists()
    assert load_policies().head.id == "ordos-2021-61"
    laid = load_policies(ROOT / "examples" / "rules-2021-65.toml")
    assert laid.head.id == "ordos-2021-61"
    assert len(laid.overlays) == 1
    assert len(laid.files) == 2


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"[policy\nid = 1", "files.toml"),
        (b"\x50\x4b\x03\x04 not text", None),
        (b"", "files.empty"),
        (b"a = 1\na = 2", "files.toml"),
    ],
)
def test_a_file_that_is_no_policy_is_refused(cache: Path, tmp_path: Path, content: bytes, code: str | None) -> None:
    """Bad TOML, a workbook, an empty file: each with the file's name, and never a traceback."""
    file = tmp_path / "odd.toml"
    file.write_bytes(content)
    with pytest.raises(Refused) as refused:
        load_policies(file)
    assert all("odd.toml" in each.where for each in refused.value.problems)
    for each in refused.value.problems:
        assert say(each, "zh").what
        assert code is None or each.code.startswith(code)
    assert not list(cache.rglob("*.json"))


def test_bad_toml_is_an_invalid_policy(cache: Path, tmp_path: Path) -> None:
    """So that the command line says so with the exit code of an invalid policy; the line is named."""
    file = tmp_path / "odd.toml"
    file.write_text('[policy]\nid = "x"\nnumber = \n', encoding="utf-8")
    with pytest.raises(InvalidPolicy) as refused:
        load_policies(file)
    assert "3" in str(refused.value.problems)
    assert not cache.exists()


def test_a_missing_file_is_refused(cache: Path, tmp_path: Path) -> None:
    """By its name."""
    with pytest.raises(Refused) as refused:
        load_policies(tmp_path / "nowhere.toml")
    assert "nowhere.toml" in refused.value.problems[0].where
    assert not cache.exists()


def test_examples_come_with_their_place() -> None:
    """Every example of a file, and the measure it stands beside."""
    found = build_policy(HARBOUR).examples
    assert len(found) == sum(len(each.get("examples", ())) for each in raw(HARBOUR)["measure"])
    awards = [each["id"] for each in raw(HARBOUR)["measure"] if each["category"] == "award"]
    assert {place for place, _, _ in found} == {"harbour.toml: measure " + each for each in awards}


def test_a_cache_of_another_format_is_left_alone(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an older program kept is neither read nor overwritten by a newer one."""
    fresh = load_policies(HARBOUR)
    (old,) = cache.rglob("*.json")
    kept = old.read_bytes()
    monkeypatch.setattr(load, "FORMAT", load.FORMAT + 1)
    assert content(load_policies(HARBOUR)) == content(fresh)
    assert old.read_bytes() == kept
    assert len(list(cache.rglob("*.json"))) == 2
