"""Schema 2 of the contract: what users' scripts rely on."""

from __future__ import annotations

import json as plain_json
import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordos_subsidy.document import Explained, Report
from ordos_subsidy.money import yuan
from ordos_subsidy.render import json

from .samples import (
    CREDIT,
    EXPLANATION,
    FIRM,
    INSTITUTION,
    LIMITED,
    NASTY,
    PLAN,
    PREFERENCES,
    PROJECT,
    RD,
    REPORT,
    TALENT,
    TEAM,
    nasty,
    replace,
)


def read(report: Report = REPORT) -> Any:
    return plain_json.loads(json.render(report), parse_float=Decimal)


#: The example of the contract, less its figures: every key, in its order.
CONTRACT = {
    "": ["schema", "policy", "firms", "problems"],
    "policy": ["id", "number", "title", "effective"],
    "firms.0": ["firm", "awards", "credits", "preferences", "totals", "problems"],
    "firms.0.firm": ["name", "credit_code"],
    "firms.0.awards.0": [
        *("measure", "clause", "reference", "title", "event", "verdict", "amount", "schedule"),
        *("reasons", "missing", "departments", "notes", "recipient", "counts"),
    ],
    "firms.0.awards.0.counts": ["low", "high"],
    "firms.0.awards.0.amount": ["kind", "low", "high"],
    "firms.0.awards.0.schedule.0": ["year", "low", "high"],
    "firms.0.awards.3.reasons": [],
    "firms.0.awards.2.reasons.0": ["fact", "says", "truth"],
    "firms.0.awards.0.event": ["kind", "date", "amount"],
    "firms.0.preferences.0": [
        *("measure", "clause", "reference", "title", "verdict", "reasons", "missing", "departments", "notes"),
    ],
    "firms.0.credits.0": [
        *("measure", "clause", "reference", "title", "event", "verdict", "amount", "schedule"),
        *("reasons", "missing", "departments", "notes"),
    ],
    "firms.0.totals": ["assured", "ceiling", "pending", "open_ended", "people", "pending_open", "by_year"],
    "firms.0.totals.people": ["low", "high", "pending"],
    "firms.0.totals.by_year.0": ["year", "assured", "ceiling", "pending"],
    "firms.1.problems.0": ["where", "what", "remedy", "severity"],
}


def test_every_key_of_the_contract_is_there_in_its_order() -> None:
    answer = read(replace(REPORT, firms=(FIRM, nasty("x"))))
    for path, keys in CONTRACT.items():
        here = answer
        for step in filter(None, path.split(".")):
            here = here[int(step)] if step.isdigit() else here[step]
        assert [key for key in here if key in keys] == keys, path
    assert answer["schema"] == 2


def test_rows_say_everything() -> None:
    (firm,) = read()["firms"]
    assert len(firm["awards"]) == len(FIRM.awards)
    center = next(each for each in firm["awards"] if each["measure"] == "6.regional-enterprise-center")
    assert center["event"] == {"kind": "regional-enterprise-center", "date": "2022-03-01", "amount": None}
    assert center["amount"] == {"kind": "exactly", "low": 300000, "high": 300000}
    rd = next(each for each in firm["awards"] if each["measure"] == "6.rd-investment")
    assert rd["event"] is None
    assert rd["amount"] == {"kind": "up_to", "low": 0, "high": 10000000}
    assert rd["departments"][0] == "市科学技术局"
    assert rd["words"] == "最高1000万元"
    assert firm["totals"]["pending_open"] == 1
    assert firm["missing"][1]["fact"] == "date"


def test_an_award_says_who_receives_it_and_what_it_adds_to_the_totals() -> None:
    """A person's nothing, a shared one from nothing, a limited one what the limit leaves; a credit counts nowhere."""
    (firm,) = read(replace(REPORT, firms=(replace(FIRM, awards=(RD, TALENT, TEAM, LIMITED)),)))["firms"]
    assert [(each["recipient"], each["counts"]["low"], each["counts"]["high"]) for each in firm["awards"]] == [
        ("unit", 0, 10_000_000), ("people", 0, 0), ("shared", 0, 5_000_000), ("unit", 2_000_000, 2_000_000),
    ]  # fmt: skip
    assert firm["awards"][3]["amount"] == {"kind": "share", "low": 4_000_000, "high": 4_000_000}
    assert not {"recipient", "counts"} & {key for each in firm["credits"] for key in each}
    assert firm["totals"]["people"] == {"low": 500_000, "high": 1_500_000, "pending": 5_000_000}


def test_a_sum_without_a_year_says_within_which_years_it_falls() -> None:
    """And nothing where it does not."""
    (firm,) = read(replace(REPORT, firms=(replace(FIRM, awards=(INSTITUTION, PROJECT)),)))["firms"]
    assert [each["schedule"] for each in firm["awards"]] == [
        [{"year": None, "within": [2022, 2026], "low": 0, "high": 200_000_000}],
        [{"year": None, "low": 0, "high": None}],
    ]


def test_an_explained_row_has_the_keys_of_its_category() -> None:
    """An award counts; a credit and a preference do not."""
    tree = EXPLANATION.firms[0][1][0].tree
    rows = tuple(Explained(each, name, tree, (), "", "", "") for each, name in
                 ((RD, "award"), (CREDIT, "credit"), (PREFERENCES[0], "preference")))  # fmt: skip
    answer = plain_json.loads(json.explain(replace(EXPLANATION, firms=((FIRM, rows),))))
    assert ["counts" in each for each in answer["firms"][0]["measures"]] == [True, False, False]


def test_an_open_end_is_null_and_an_undated_year_too() -> None:
    text = json.render(REPORT)
    project = read()["firms"][0]["awards"][0]
    assert project["amount"]["high"] is None
    assert project["schedule"] == [{"year": None, "low": 0, "high": None}]
    assert "Infinity" not in text
    assert "NaN" not in text


def test_sums_are_yuan_exact_to_the_fen_and_whole_ones_are_integers() -> None:
    text = json.render(REPORT)
    assert '"low": 15745000.01' in text
    assert '"low": 300000,' in text
    assert not re.search(r'"(?:low|high|assured|ceiling|pending)": \d+\.(?!\d{1,2}\b)', text)


@given(st.integers(min_value=0, max_value=10**19))
def test_no_sum_passes_through_a_binary_float(fen: int) -> None:
    text = json.dumps(yuan(fen))
    assert Decimal(text) * 100 == fen
    assert re.fullmatch(r"\d+(\.\d\d)?", text)


def test_preferences_that_do_not_apply_come_with_all_only() -> None:
    assert {each["verdict"] for each in read()["firms"][0]["preferences"]} == {"yes", "unknown"}
    everything = read(replace(REPORT, everything=True))
    assert {each["verdict"] for each in everything["firms"][0]["preferences"]} == {"yes", "unknown", "no"}


@pytest.mark.parametrize("name", [*NASTY, "lone \ud800 surrogate", 'quote " back \\ slash'])
def test_texts_come_back_as_typed_and_nothing_acts_on_a_terminal(name: str) -> None:
    text = json.render(replace(REPORT, firms=(nasty(name),)))
    assert plain_json.loads(text)["firms"][0]["firm"]["name"] == name
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", text)
    text.encode()


def test_the_text_is_chinese_ends_in_a_line_and_is_the_same_every_time() -> None:
    text = json.render(REPORT)
    assert "内蒙古某某" in text
    assert text.endswith("}\n")
    assert text == json.render(REPORT, width=40, colour=True)


def test_problems_are_worded_in_the_language_of_the_report() -> None:
    firms = (nasty("x"),)
    zh = read(replace(REPORT, firms=firms))["firms"][0]["problems"][0]
    en = read(replace(REPORT, firms=firms, lang="en"))["firms"][0]["problems"][0]
    assert zh["what"].startswith("输出文件就是输入文件")
    assert en["what"].startswith("the output is the input file")
    assert zh["severity"] == "warning"
    assert zh["remedy"]


def test_explanations_and_clauses_are_json_too() -> None:
    explained = plain_json.loads(json.explain(EXPLANATION))["firms"][0]["measures"][0]
    assert explained["condition"]["children"][0]["children"][0]["distance"] == "还差800万元"
    assert explained["amount"]["kind"] == "up_to"
    clauses = plain_json.loads(json.clauses(PLAN))["clauses"]
    assert [each["number"] for each in clauses] == [6, 29, 30]
    assert clauses[0]["measures"][0]["measure"] == "6.rd-investment"
