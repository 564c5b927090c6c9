"""The filled example, the guide page, and the clauses they name."""

from __future__ import annotations

from copy import deepcopy
from typing import get_args

from ordos_subsidy import cells, templates
from ordos_subsidy.facts import Of
from ordos_subsidy.messages import Lang, sentences
from ordos_subsidy.templates.content import Relevance
from tests.builders import HARBOUR, compiled, raw
from tests.templates.forms import (
    LANGS,
    POLICIES,
    SHEETS,
    every_lang,
    every_policy,
    example,
    facts,
    heading,
    opened,
    typed,
)


@every_policy
@every_lang
def test_example_page_is_marked_and_shows_an_answer_to_every_fact_that_has_an_example(name: str, lang: Lang) -> None:
    sheet = opened(name, lang)[SHEETS[lang][2]]
    assert sheet.cell(2, 1).value == sentences("template").phrases["banner"][LANGS.index(lang)]
    filled = {cell.value for row in sheet.iter_rows() for cell in row}
    for fact in facts(name, "firm"):
        value = cells.read(fact, fact.example, vocabulary=POLICIES[name].vocabulary).value
        if value is not None:
            assert typed(fact, value, lang) in filled


def test_example_events_show_every_column_that_an_enterprise_could_be_asked_for() -> None:
    words = POLICIES["ordos"].vocabulary
    rows = example(templates.toml(POLICIES["ordos"]))["firm"][0]["event"]
    assert rows[0]["kind"] == words.kinds[str(words.facts["kind"].example)].title.zh
    assert {key for row in rows for key in row} == {
        "kind",
        "date",
        "amount",
        "fiscal_support",
        "level",
        "field",
        "note",
    }


@every_policy
@every_lang
def test_guide_has_a_row_for_every_kind_with_its_clause_meaning_and_departments(name: str, lang: Lang) -> None:
    sheet = opened(name, lang)[SHEETS[lang][3]]
    rows = {row[1]: row for row in sheet.iter_rows(values_only=True) if row[1]}
    for key, kind in POLICIES[name].vocabulary.kinds.items():
        clause, _, help_, amount, gives, departments = map(str, rows[kind.title.in_(lang)])
        measures = [each for each in POLICIES[name].measures if key in each.claims]
        assert all(f"{each.clause.number}" in clause and each.clause.heading.in_(lang) in clause for each in measures)
        assert help_ == kind.help.in_(lang)
        assert amount == (
            kind.amount.in_(lang) if kind.amount else sentences("template").phrases["no-amount"][LANGS.index(lang)]
        )
        assert gives
        assert all(each.short.in_(lang) in departments for one in measures for each in one.clause.departments)


@every_policy
@every_lang
def test_guide_says_of_every_fact_its_name_meaning_and_answers(name: str, lang: Lang) -> None:
    sheet = opened(name, lang)[SHEETS[lang][3]]
    rows = {row[1]: row for row in sheet.iter_rows(values_only=True) if row[1]}
    for fact in (fact for of in get_args(Of) for fact in facts(name, of)):
        _, _, meaning, how, answers, clauses = rows[heading(fact, lang)]
        assert meaning == fact.help.in_(lang)
        assert how
        assert clauses
        assert all(each.title.in_(lang) in str(answers) for each in fact.choices if each.offered)


def test_clauses_follow_the_rules_of_the_policy() -> None:
    document = deepcopy(raw(HARBOUR))
    fact = POLICIES["harbour"].vocabulary.facts["local_crew"]
    assert Relevance(compiled(document)).clauses(fact) == {2}
    (fuel,) = (each for each in document["measure"] if each["id"] == "fuel")
    fuel["when"] = {"fact": "season", "at_least": 2030}
    fuel["examples"] = [
        *fuel["examples"][:2],
        {"says": "too early", "verdict": "no", "firm": {"season": 2029}},
        {"says": "no season", "verdict": "unknown", "high": "50万元"},
    ]
    assert Relevance(compiled(document)).clauses(fact) == set()


def test_clauses_of_the_plan_are_those_its_table_of_measures_names() -> None:
    rules, words = Relevance(POLICIES["ordos"]), POLICIES["ordos"].vocabulary.facts
    wanted = {"above_scale": {6}, "high_tech": {6, 9}, "level": {12, 13}, "fiscal_support": {17}, "name": set()}
    assert {key: rules.clauses(words[key]) for key in wanted} == wanted
    assert rules.clauses(words["district"]) == rules.claimed("firm")
    assert rules.clauses(words["date"]) == rules.clauses(words["kind"]) == rules.claimed("event")
