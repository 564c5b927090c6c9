"""The policy is data: another city's goes through every command, and no word of either stands in the code."""

from __future__ import annotations

import ast
import csv
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from tests.runs import ROOT, run

HARBOUR = ROOT / "tests" / "data" / "harbour.toml"
ORDOS = ROOT / "policies.toml"
OURS = ("--policies", str(HARBOUR), "--on", "2040-01-01")

#: The same ship owner and its two events, once as a clerk fills in the book, once as in TOML.
FIRM: dict[str, Any] = {"船东名称": "虚构远洋", "捕捞年度": 2031, "本地船员比例": "37.5%", "燃油费": 20, "母港": "离岛"}
EVENTS: list[dict[str, Any]] = [
    {"办理事项": "更换电动机", "办结日期": "2030-03-01", "发票金额": 1000, "已获补助": 100},
    {"办理事项": "新建冷库", "办结日期": "2031-05-05"},
]
TOML = """
[[firm]]
ship_owner = "虚构远洋"
season = 2031
local_crew = "37.5%"
fuel_cost = "20万元"
port = "island"
[[firm.event]]
matter = "engine-swap"
day = 2030-03-01
invoice = "1000万元"
aid = "100万元"
[[firm.event]]
matter = "cold-store"
day = 2031-05-05
"""


def titled(cell: object) -> str:
    """A heading without its star and its unit."""
    return re.sub(r"\s*[*（].*$", "", str(cell or ""), flags=re.DOTALL)


def fill_form(sheet: Worksheet) -> None:
    """Write beside each field what is known of it."""
    left = dict(FIRM)
    for row in sheet.iter_rows(max_col=2):
        if titled(row[0].value) in left:
            row[1].value = left.pop(titled(row[0].value))
    assert left == {}


def fill_table(sheet: Worksheet) -> None:
    """Write the events under their headings."""
    found = [row for row in sheet.iter_rows() if {titled(cell.value) for cell in row} >= set(EVENTS[0])]
    (heads,) = found
    for below, event in enumerate(EVENTS, 1):
        for cell in heads:
            title = titled(cell.value)
            if title in event and isinstance(cell, Cell):
                cell.offset(row=below).value = event[title]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The book that `template` makes of the second policy, filled in."""
    path = tmp_path_factory.mktemp("harbour") / "book.xlsx"
    assert run("template", path, *OURS[:2]).code == 0
    book = load_workbook(path)
    form, table = book.worksheets[:2]
    fill_form(form)
    fill_table(table)
    book.save(path)
    return path


def calculated(path: Path) -> dict[str, Any]:
    """The one firm of the answer to `calc`."""
    ran = run("calc", path, *OURS, "--format", "json", "--all")
    assert ran.code == 0, ran.err
    report = json.loads(ran.out)
    assert report["policy"]["id"] == "harbour-9"
    (firm,) = report["firms"]
    found: dict[str, Any] = firm
    return found


def test_a_filled_template_is_calculated(filled: Path) -> None:
    """Each sum by hand: an island is no mainland port; 3 x 50,000 at least; 20 of fuel, under three times 50."""
    firm = calculated(filled)
    rows = {each["measure"]: each for each in firm["awards"]}
    assert {name: each["verdict"] for name, each in rows.items()} == {"engine": "no", "cold": "no", "fuel": "yes"}
    assert rows["fuel"]["amount"] == {"kind": "up_to", "low": 0, "high": 200_000}
    assert [each["measure"] for each in firm["preferences"] if each["verdict"] == "yes"] == ["refit-desk"]
    assert firm["totals"]["ceiling"] == 200_000


def test_book_and_toml_and_csv_of_one_firm_give_one_answer(filled: Path, tmp_path: Path) -> None:
    toml, firms, events = tmp_path / "firm.toml", tmp_path / "firms.csv", tmp_path / "events.csv"
    toml.write_text(TOML, "utf-8")
    firms.write_text("船东名称,捕捞年度,本地船员比例,燃油费（元）,母港\n虚构远洋,2031,37.5%,200000,离岛\n", "utf-8")
    lines = ["船东名称,办理事项,办结日期,发票金额（万元）,已获补助（万元）"]
    lines += ["虚构远洋,更换电动机,2030-03-01,1000,100", "虚构远洋,新建冷库,2031-05-05,,"]
    events.write_text("\n".join(lines) + "\n", "utf-8")
    answers = []
    for arguments in ([filled], [toml], [firms, "--events", events]):
        ran = run("calc", *arguments, *OURS, "--format", "csv", "--all")
        assert ran.code == 0, ran.err
        answers.append([row[:-1] for row in csv.reader(ran.out.splitlines())])  # the last column is the place
    assert answers[0] == answers[1] == answers[2]


def test_a_mainland_owner_gets_the_share_of_its_net_cost(tmp_path: Path) -> None:
    """37.5% of (1000 - 100) is 337.5, capped at 200; three years of at least 5."""
    path = tmp_path / "firm.toml"
    path.write_text(TOML.replace('"island"', '"north"\nvessels = 3'), "utf-8")
    rows = {each["measure"]: each for each in calculated(path)["awards"]}
    assert rows["engine"]["amount"] == {"kind": "share", "low": 2_000_000, "high": 2_000_000}
    assert rows["cold"]["amount"] == {"kind": "at_least", "low": 150_000, "high": None}
    assert [each["year"] for each in rows["cold"]["schedule"]] == [2031, 2032, 2033]


LIGHTS = """
[[firm]]
ship_owner = "虚构航海学校"
standing = ["nautical-school"]
vessels = 60
port = "north"
event = [
  { matter = "lighthouse", day = 2031-05-05 },
  { matter = "light-keeping", day = 2031-06-01, invoice = "60万元", aid = 0 },
  { matter = "light-keeping", day = 2032-06-01, invoice = "60万元", aid = "20万元" },
  { matter = "quay-rent", day = 2031-06-01, invoice = "50万元" },
  { matter = "quay-rent", day = 2031-07-01, invoice = "50万元" },
  { matter = "pilot-scheme", day = 2031-06-01 },
]
"""


def test_limits_tiers_bands_and_people_are_words_of_any_policy(tmp_path: Path) -> None:
    """Each sum by hand.

    60 for more than fifty vessels; keeping 8 + 7.5 + 0.3 of 60 and 8 + 7.5 + 0.1 of 40, together cut at 90: 14.2 left
    for the second; half of each rent is 25, of a school that may be a company, within 30 a year; 15 shared, from 0.
    """
    path = tmp_path / "firm.toml"
    path.write_text(LIGHTS, "utf-8")
    firm = calculated(path)
    rows = [(each["measure"], each["verdict"], *each["counts"].values()) for each in firm["awards"] if each["event"]]
    assert rows == [
        ("quay", "unknown", 0, 250_000),
        ("quay", "unknown", 0, 50_000),
        ("lighthouse", "yes", 600_000, 600_000),
        ("keeping", "yes", 158_000, 158_000),
        ("keeping", "yes", 142_000, 142_000),
        ("pilots", "yes", 0, 150_000),
    ]
    fuel = 500_000  # the season is not known
    totals = [firm["totals"][name] for name in ("assured", "ceiling", "pending")]
    assert totals == [900_000, 1_050_000, 300_000 + fuel]
    assert firm["totals"]["people"] == {"low": 0, "high": 150_000, "pending": 0}
    assert [each["schedule"][0]["within"] for each in firm["awards"] if each["measure"] == "pilots"] == [[2031, 2034]]
    assert [each["verdict"] for each in firm["preferences"] if each["measure"] == "good-name"] == ["unknown"]


def test_explain_check_and_clauses_speak_of_the_second_policy(filled: Path) -> None:
    why = json.loads(run("explain", filled, "fuel", *OURS, "--format", "json").out)
    (measure,) = why["firms"][0]["measures"]
    assert measure["condition"]["truth"] == "yes"
    assert {each["fact"] for each in measure["reasons"]} >= {"local_crew", "season"}
    checked = run("check", filled, *OURS[:2])
    assert (checked.code, checked.err) == (0, "")
    assert run("check", HARBOUR).code == 0
    plan = json.loads(run("clauses", *OURS[:2], "--format", "json").out)
    assert [each["number"] for each in plan["clauses"]] == [1, 2, 3]
    whole = run("clauses", "2", *OURS[:2], "--lang", "en").out
    assert "Marine Bureau" in whole


def test_a_bad_cell_is_named_in_the_words_of_the_second_policy(filled: Path, tmp_path: Path) -> None:
    book = load_workbook(filled)
    sheet = book.worksheets[0]
    (cell,) = [row[1] for row in sheet.iter_rows(max_col=2) if titled(row[0].value) == "燃油费"]
    cell.value = "约20"
    path = tmp_path / "bad.xlsx"
    book.save(path)
    ran = run("calc", path, *OURS)
    assert (ran.code, ran.out) == (1, "")
    assert f"bad.xlsx!单位信息!{cell.coordinate}" in ran.err
    assert "燃油费" in ran.err


def test_a_toml_template_of_the_second_policy_is_an_input(tmp_path: Path) -> None:
    path = tmp_path / "firm.toml"
    assert run("template", path, *OURS[:2]).code == 0
    text = path.read_text("utf-8").replace('#ship_owner = ""', 'ship_owner = "虚构远洋"')
    path.write_text(text.replace('#fuel_cost = ""', 'fuel_cost = "20万元"'), "utf-8")
    assert calculated(path)["firm"]["name"] == "虚构远洋"


# No word of a policy in the code

#: Words of a policy that the code may use in a sense of its own; each with its reason.
WORDS = {
    "name": "a role of the rule language",
    "date": "a role of the rule language",
    "amount": "a role of the rule language",
    "year": "a role of the rule language",
    "kind": "a role of the rule language",
    "note": "a role of the rule language",
    "group": "a table of the rule language, and the standing of a row",
    "企业": "what a table of firms may be called",
    "other": "plain English, and the name of a mistake none of the others is",
    "banner": "the style of a line in a workbook",
    "level": "the use that the program has for a fact: a level before the name of an event",
    "audit": "the command that holds a policy to its text",
}
#: Places that show only how a thing is written.
WRITTEN = {
    ("policy/rule_grammar.py", "500万元"): "how a sum is written, for editors",
    ("policy/rule_grammar.py", "10%"): "how a share is written, for editors",
}


def docstrings(tree: ast.Module) -> set[int]:
    """The string nodes that document: they may illustrate with what the shipped policy says."""
    found = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and body:
            first = body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                found.add(id(first.value))
    return found


def literals() -> Iterator[tuple[str, str]]:
    """Every string of the package that is no docstring, with its place."""
    for path in sorted((ROOT / "ordos_subsidy").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        documentation = docstrings(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
                yield f"{path.relative_to(ROOT / 'ordos_subsidy')}:{node.lineno}", node.value


def named(policy: dict[str, Any]) -> Iterator[str]:
    """The keys, ids, kinds and tags of a policy, and its names for kinds, answers and measures."""
    for table in ("fact", "kind", "list", "group", "department"):
        for key, entry in policy.get(table, {}).items():
            yield key
            yield from entry.get("tags", [])
            yield from entry.get("title", {}).values() if table == "kind" else ()
            for answer, words in entry.get("items", {}).items():
                yield answer
                yield words["zh"]
    yield policy["policy"]["id"]
    for measure in policy["measure"]:
        yield measure["id"]
        yield from measure["title"].values()


def sums(value: object) -> Iterator[str]:
    """Every sum and share that a policy states."""
    if isinstance(value, dict):
        for each in value.values():
            yield from sums(each)
    elif isinstance(value, list):
        for each in value:
            yield from sums(each)
    elif isinstance(value, str) and re.fullmatch(r"[\d.]+(?:万元|亿元|元|%)", value):
        yield value


@pytest.mark.parametrize("file", [ORDOS, HARBOUR], ids=lambda each: str(each.name))
def test_no_key_id_kind_or_sum_of_a_policy_stands_in_the_code(file: Path) -> None:
    policy = tomllib.loads(file.read_text("utf-8"))
    names = set(named(policy)) - set(WORDS)
    stated = {each for measure in policy["measure"] for each in sums({**measure, "examples": []})}
    distinct = {each for each in names if re.search(r"[-.]|[^\x00-\x7f]{4}", each)} | stated
    whole = re.compile("|".join(rf"(?<![\w.-]){re.escape(each)}(?![\w.-])" for each in sorted(distinct, key=len)[::-1]))
    found = []
    for place, literal in literals():
        hits = {literal} & names | set(whole.findall(literal))
        found += [f"{place}: {hit}" for hit in hits if (place.partition(":")[0], hit) not in WRITTEN]
    assert found == []


def test_every_exception_is_still_needed() -> None:
    used = {(place.partition(":")[0], literal) for place, literal in literals()}
    texts = {literal for _, literal in used}
    assert [word for word in WORDS if word not in texts] == []
    assert [hit for hit in WRITTEN if not any(place == hit[0] and hit[1] in literal for place, literal in used)] == []
