"""The TOML file: it parses as it stands, asks for everything, and holds nothing."""

from __future__ import annotations

import tomllib
from copy import deepcopy

from ordos_subsidy import cells, templates
from ordos_subsidy.messages import Lang
from ordos_subsidy.tables import read_mapping
from tests.builders import HARBOUR, compiled, firms, raw
from tests.templates.forms import (
    POLICIES,
    every_lang,
    every_policy,
    example,
    keys_uncommented,
)


@every_policy
@every_lang
def test_toml_parses_as_it_stands_and_holds_nothing(name: str, lang: Lang) -> None:
    assert tomllib.loads(templates.toml(POLICIES[name], lang=lang)) == {"firm": [{}]}
    assert tomllib.loads(templates.toml(POLICIES[name], lang=lang, table=True)) == {"firm": [{}, {}]}


@every_policy
@every_lang
def test_toml_names_every_key_with_its_title_and_a_key_left_blank_is_unknown(name: str, lang: Lang) -> None:
    text = templates.toml(POLICIES[name], lang=lang)
    (firm,) = tomllib.loads(keys_uncommented(text))["firm"]
    (event,) = firm.pop("event")
    words = POLICIES[name].vocabulary
    assert set(firm) == {fact.key for fact in words.of("firm") if fact.read}
    assert set(event) == {fact.key for fact in words.of("event") if fact.read}
    for key, value in {**firm, **event}.items():
        assert f"# {words.facts[key].title.in_(lang)}" in text
        assert cells.read(words.facts[key], value, vocabulary=words) == cells.read(
            words.facts[key], None, vocabulary=words
        )


@every_policy
@every_lang
def test_toml_lists_every_kind_and_every_answer(name: str, lang: Lang) -> None:
    lines = {" ".join(line.split()) for line in templates.toml(POLICIES[name], lang=lang).splitlines()}
    words = POLICIES[name].vocabulary
    answers = [each for fact in words.facts.values() if fact.read for each in fact.choices if each.offered]
    named = [*((each.key, each.title) for each in words.kinds.values()), *((each.key, each.title) for each in answers)]
    assert {f"# {key} {title.in_(lang)}" for key, title in named} <= lines


@every_policy
@every_lang
def test_toml_example_is_read_as_the_example_of_the_policy(name: str, lang: Lang) -> None:
    words = POLICIES[name].vocabulary
    read = read_mapping(example(templates.toml(POLICIES[name], lang=lang)), words, "x", anonymous=True)
    assert not read.problems
    given_ = {fact.key: fact.example for fact in words.of("firm") if fact.example is not None and fact.read}
    assert read.firms.drop("@place").equals(firms(words, given_).firms.drop("@place"))
    assert len(read.events) > 0


def test_toml_survives_texts_with_line_breaks_quotes_and_control_codes() -> None:
    document = deepcopy(raw(HARBOUR))
    nasty = 'a"b\\c\nfirm = 1\r\x00\x07\x7f\u2028d'
    document["fact"]["vessels"]["help"] = {"zh": nasty, "en": nasty}
    document["fact"]["ship_owner"]["example"] = nasty
    document["kind"]["cold-store"]["help"] = {"zh": nasty, "en": nasty}
    text = templates.toml(compiled(document))
    assert tomllib.loads(text) == {"firm": [{}]}
    assert example(text)["firm"][0]["ship_owner"].startswith('a"b\\c')
    templates.workbook(compiled(document))
