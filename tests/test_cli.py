"""What scripts rely on: every command through the real process, as the contract has it."""

from __future__ import annotations

import csv
import io
import itertools
import json
import os
import pty
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.runs import EXAMPLES, PYTHON, ROOT, Ran, environment, run

MINING = EXAMPLES / "shanghaimiao-mining.toml"
INSTITUTE = EXAMPLES / "invented-institute.toml"
BOOK = EXAMPLES / "erdos-resources.xlsx"
RULES = EXAMPLES / "rules-2021-65.toml"
NUMBER = (int, float)

#: One firm that is whole and one whose sum cannot be read.
HALF = '[[firm]]\nname = "甲"\n[[firm]]\nname = "乙"\nrevenue = "约100万元"\n'
BROKEN = '[[firm]]\nname = "乙"\nrevenue = "约100万元"\n'


@pytest.fixture
def half(tmp_path: Path) -> Path:
    """A file with one good and one bad firm."""
    path = tmp_path / "half.toml"
    path.write_text(HALF, "utf-8")
    return path


# Exit codes


def test_exit_0_is_an_answer_and_so_is_nothing_applies(tmp_path: Path) -> None:
    poor = tmp_path / "poor.toml"
    poor.write_text('[firm]\nname = "甲"\nabove_scale = false\ndistrict = "outside"\n', "utf-8")
    ran = run("calc", poor, "--format", "json")
    assert ran.code == 0
    assert ran.err == ""
    (firm,) = json.loads(ran.out)["firms"]
    assert {each["verdict"] for each in firm["awards"]} <= {"no"}
    assert firm["totals"]["ceiling"] == 0


def test_exit_1_computes_nothing_and_writes_nothing(tmp_path: Path) -> None:
    bad, out = tmp_path / "bad.toml", tmp_path / "out.json"
    bad.write_text(BROKEN, "utf-8")
    for arguments in (["calc"], ["calc", "-o", str(out)], ["explain"], ["check"]):
        ran = run(*arguments, bad)
        assert (ran.code, "约100万元" in ran.err, out.exists()) == (1, True, False), arguments
        assert "符合" not in ran.out


def test_exit_3_for_a_policy_that_is_not_valid_names_every_mistake(tmp_path: Path) -> None:
    bad, out = tmp_path / "bad.toml", tmp_path / "out.json"
    text = (ROOT / "policies.toml").read_text("utf-8")
    text = text.replace('id = "6.rd-investment"', 'id = "6.rd-investment"\ncolour = "red"').replace(
        "[policy]", "[polcy]"
    )
    bad.write_text(text, "utf-8")
    for arguments in (
        ["calc", str(MINING), "-o", str(out)],
        ["clauses"],
        ["template", str(tmp_path / "t.toml")],
    ):
        ran = run(*arguments, "--policies", bad, "--lang", "en")
        assert (ran.code, ran.out) == (3, ""), ran.err
        assert "colour" in ran.err
        assert "polcy" in ran.err
    assert sorted(each.name for each in tmp_path.iterdir()) == ["bad.toml"]
    checked = run("check", bad)
    assert (checked.code, "colour" in checked.err) == (3, True)


def test_exit_4_answers_for_the_firms_that_can_be_read_and_names_the_others(half: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    ran = run("calc", half, "-o", out)
    assert ran.code == 4
    report = json.loads(out.read_bytes())
    assert [each["firm"]["name"] for each in report["firms"]] == ["甲"]
    assert report["left_out"] == 1
    (found,) = [each for each in report["problems"] if each["severity"] == "error"]
    assert found["where"].endswith("half.toml: firm[2].revenue")
    assert "firm[2].revenue" in ran.err
    assert run("explain", half).code == 4


def test_the_worst_of_several_checked_files_decides(half: Path) -> None:
    good = run("check", MINING, ROOT / "policies.toml", EXAMPLES / "invented-institute.toml")
    assert (good.code, good.err) == (0, "")
    assert good.out.count("\n") == 4  # which policy was used, and one line a file
    assert run("check", MINING, half).code == 1
    assert run("check", ROOT / "policies.toml", RULES).code == 0


# Usage


#: What was typed, and what is said of it in Chinese and in English.
USAGE: list[tuple[list[str], str, str]] = [
    (["calc"], "缺少参数 FILE", "missing argument FILE"),
    (["calk"], "没有命令“calk”。是不是 calc？", "no such command: 'calk'. Did you mean calc?"),
    (["calc", "f", "--yaer", "2"], "没有选项 --yaer。是不是 --year？", "no such option: --yaer. Did you mean --year?"),
    (["calc", "f", "-x"], "没有选项 -x。", "no such option: -x."),
    (["calc", "f", "g"], "多余的参数：g", "unexpected argument: g"),
    (["calc", "f", "--year"], "选项 --year 需要一个值", "option --year needs a value"),
    (["calc", "f", "--all=1"], "选项 --all 不带值", "option --all takes no value"),
    (["calc", "f", "--year", "20x"], "--year 不能是“20x”", "--year cannot be '20x'"),
    (["calc", "f", "--year", "２０２２"], "--year 不能是“２０２２”", "--year cannot be '２０２２'"),
    (["calc", "f", "--on", "2022-02-30"], "--on 不能是“2022-02-30”", "--on cannot be '2022-02-30'"),
    (["calc", "f", "--on", "today"], "--on 不能是“today”", "--on cannot be 'today'"),
    (["calc", "f", "--format", "odt"], "--format 不能是“odt”", "--format cannot be 'odt'"),
    (["calc", "f", "--format", "xlsx"], "格式 xlsx 需要用 -o", "format xlsx needs -o"),
    (["explain", "f", "--format", "xlsx"], "--format 不能是“xlsx”", "--format cannot be 'xlsx'"),
    (["template"], "缺少参数 OUT", "missing argument OUT"),
    (["check"], "缺少参数 FILE...", "missing argument FILE..."),
]


@pytest.mark.parametrize(("typed", "zh", "en"), USAGE, ids=[" ".join(typed) for typed, _, _ in USAGE])
def test_exit_2_says_in_both_languages_what_was_wrong(typed: list[str], zh: str, en: str) -> None:
    for lang, said in (("zh", zh), ("en", en)):
        ran = run("--lang", lang, *typed)
        assert (ran.code, ran.out) == (2, "")
        first, help_ = ran.err.splitlines()
        assert first.startswith(said)
        assert help_.endswith("--help")


def test_an_unknown_language_is_a_usage_error() -> None:
    ran = run("calc", "f", "--lang", "fr")
    assert (ran.code, ran.err.splitlines()[0]) == (2, "--lang 不能是“fr”，可用：zh, en")


def test_help_is_in_one_language_and_on_stdout() -> None:
    commands = ["", "calc", "explain", "template", "clauses", "check"]
    for name in commands:
        for lang, usage, rest in (("zh", "用法：", "显示帮助"), ("en", "Usage: ", "show this help")):
            ran = run(*name.split(), "--lang", lang, "--help")
            assert (ran.code, ran.err) == (0, "")
            assert ran.out.startswith(f"{usage}ordos-subsidy")
            assert rest in ran.out
            assert "Show this message" not in ran.out
            assert all(f" {each} " in ran.out for each in commands[1:] if not name)
    assert run().out == run("-h").out


# What is loaded


HEAVY = ("polars", "pydantic", "openpyxl", "python_calamine", "questionary", "prompt_toolkit", "mcp")
NOT_FOR_ONE = ("numpy", "pydantic", "openpyxl", "questionary", "prompt_toolkit", "mcp")
LOADED = """
import sys
sys.argv = ["ordos-subsidy", *{arguments}]
from ordos_subsidy.cli import run
assert run(sys.argv[1:]) == 0
sys.stdout.flush()
print([name for name in {heavy} if name in sys.modules], file=sys.stderr)
"""


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["calc", "--help"], ["clauses"], ["clauses", "6"]])
def test_what_needs_no_table_loads_no_library_for_tables(arguments: list[str]) -> None:
    if arguments[0] == "clauses":
        run("clauses")  # the compiled policy is kept from now on
    code = LOADED.format(arguments=arguments, heavy=HEAVY)
    ran = run("-c", code, program=PYTHON[:1])
    assert (ran.code, ran.err) == (0, "[]\n")


@pytest.mark.parametrize("name", ["shanghaimiao-mining.toml", "erdos-resources.xlsx"])
def test_one_firm_loads_no_library_for_many(name: str) -> None:
    """Nor what compiles policies and writes books, once the compiled policy is kept."""
    arguments = ["calc", str(EXAMPLES / name), "--format", "json"]
    run(*arguments)
    ran = run("-c", LOADED.format(arguments=arguments, heavy=NOT_FOR_ONE), program=PYTHON[:1])
    assert (ran.code, ran.err) == (0, "[]\n")


def test_version_is_one_line_for_scripts() -> None:
    ran = run("--version")
    assert re.fullmatch(r"ordos-subsidy \d+\.\d+\.\d+\n", ran.out)
    assert run("--version", "--lang", "en").out == ran.out


# JSON, schema 2


class Each:
    """A list whose items are all of one shape."""

    def __init__(self, shape: object) -> None:
        self.shape = shape


class OneOf:
    """One of these words."""

    def __init__(self, *words: str) -> None:
        self.words = words


def wrong(value: Any, shape: Any, at: str = "$") -> list[str]:  # noqa: PLR0911 - a shape a line
    """Where a value is not of a shape: keys and types exactly, nothing more and nothing less."""
    match shape:
        case Each():
            if not isinstance(value, list):
                return [f"{at} is no list"]
            return [each for n, item in enumerate(value) for each in wrong(item, shape.shape, f"{at}[{n}]")]
        case OneOf():
            return [] if value in shape.words else [f"{at} is {value!r}"]
        case Mapping():
            if not isinstance(value, dict) or value.keys() != shape.keys():
                return [f"{at} has {sorted(set(shape) ^ set(value or ()))} too much or too little"]
            return [each for key in shape for each in wrong(value[key], shape[key], f"{at}.{key}")]
        case tuple():
            options = [wrong(value, option, at) for option in shape]
            return [] if [] in options else options[-1]
        case None:
            return [] if value is None else [f"{at} is {value!r}"]
        case type():
            right = isinstance(value, shape) and (shape is bool or not isinstance(value, bool))
            return [] if right else [f"{at} is {value!r}"]
    raise TypeError(shape)


YUAN = (int, float)
INTERVAL = {"low": YUAN, "high": (*YUAN, None)}
VERDICT = OneOf("yes", "unknown", "no")
SOURCE = {
    **dict.fromkeys(("id", "number", "title", "effective"), str),
    **dict.fromkeys(("name", "issuer"), str),  # beyond the contract
    "overlays": Each(str),
}
REASON = {"fact": (str, None), "says": str, "truth": VERDICT}
PROBLEM = {"where": str, "what": str, "remedy": str, "severity": OneOf("error", "warning"), "code": str}
PREFERENCE = {
    "measure": str,
    "clause": int,
    "reference": str,
    "title": str,
    "verdict": VERDICT,
    "reasons": Each(REASON),
    "missing": Each(str),
    "departments": Each(str),
    "notes": Each(str),
    "document": (str, None),
}
CREDIT = {
    "measure": str,
    "clause": int,
    "reference": str,
    "title": str,
    "event": ({"kind": str, "date": (str, None), "amount": (*YUAN, None)}, None),
    "verdict": VERDICT,
    "amount": {"kind": OneOf("exactly", "up_to", "at_least", "share", "unstated"), **INTERVAL},
    "words": str,
    "schedule": Each(
        ({"year": (int, None), **INTERVAL}, {"year": None, "within": Each(int), **INTERVAL}),
    ),
    "reasons": Each(REASON),
    "missing": Each(str),
    "departments": Each(str),
    "notes": Each(str),
    "document": (str, None),
}
AWARD = {**CREDIT, "recipient": OneOf("unit", "people", "shared"), "counts": INTERVAL}
SUMS = {"assured": YUAN, "ceiling": YUAN, "pending": YUAN}
REPORT = {
    "schema": int,
    "policy": SOURCE,
    "year": (int, None),
    "firms": Each(
        {
            "firm": {"name": str, "credit_code": (str, None)},
            "awards": Each(AWARD),
            "credits": Each(CREDIT),
            "preferences": Each(PREFERENCE),
            "totals": {
                **SUMS,
                "open_ended": int,
                "pending_open": int,
                "people": {"low": YUAN, "high": YUAN, "pending": YUAN},
                "by_year": Each({"year": (int, None), **SUMS}),
            },
            "missing": Each(
                {
                    "fact": str,
                    "title": str,
                    "about": str,
                    "where": str,
                    "decides": Each({"reference": str, "title": str}),
                    "pending": YUAN,
                    "pending_open": int,
                }
            ),
            "problems": Each(PROBLEM),
        }
    ),
    "problems": Each(PROBLEM),
    "left_out": int,
    "footnotes": Each(str),
    "receipt": {
        "receipt": int,
        "version": str,
        "on": str,
        "options": {"lang": str, "year": (int, None), "all": bool},
        "input": Each({"file": str, "sha256": str}),
        "policies": Each({"file": str, "sha256": str}),
        "libraries": Each({"library": str, "version": str}),
        "result": str,
        "read": str,
        "checksum": str,
    },
}


@pytest.mark.parametrize("file", [MINING, INSTITUTE, BOOK], ids=lambda each: str(each.name))
def test_json_is_schema_2_with_every_key_and_type(file: Path) -> None:
    ran = run("calc", file, "--format", "json", "--all")
    assert ran.code == 0
    report = json.loads(ran.out, parse_constant=pytest.fail)
    assert wrong(report, REPORT) == []
    assert report["schema"] == 2
    for firm in report["firms"]:
        check_sums(firm)


def check_sums(firm: dict[str, Any]) -> None:
    """What the contract says of sums: intervals, schedules and totals fit each other, to the fen."""
    for row in firm["awards"]:
        low, high = row["amount"]["low"], row["amount"]["high"]
        if row["verdict"] == "no":
            assert (low, high, row["schedule"]) == (0, 0, [])
        elif row["verdict"] == "unknown":
            assert low == 0
        assert high is None or low <= high
        assert all(round(each, 2) == each for each in (low, high or 0))
        if row["schedule"]:
            assert fen(each["low"] for each in row["schedule"]) == fen([low])
            assert (high is None) == any(each["high"] is None for each in row["schedule"])
        if high is not None and row["schedule"]:
            assert fen(each["high"] for each in row["schedule"]) == fen([high])
        years = [each["year"] for each in row["schedule"]]
        assert len(set(years)) == len(years)
    totals = firm["totals"]
    of = {
        verdict: [each["counts"] for each in firm["awards"] if each["verdict"] == verdict]
        for verdict in ("yes", "unknown")
    }
    assert fen([totals["assured"]]) == fen(each["low"] for each in of["yes"])
    assert fen([totals["ceiling"]]) == fen(each["high"] or 0 for each in of["yes"])
    assert fen([totals["pending"]]) == fen(each["high"] or 0 for each in of["unknown"])
    assert totals["open_ended"] == sum(each["high"] is None for each in of["yes"])
    for name in ("assured", "ceiling", "pending"):
        assert fen(each[name] for each in totals["by_year"]) == fen([totals[name]])


def fen(sums: Any) -> int:
    return sum(round(each * 100) for each in sums)


# Options


def test_format_and_output_agree_and_only_the_result_is_written(tmp_path: Path) -> None:
    """A format on stdout is the same bytes in a file, the file's ending chooses it, and stdout then stays empty."""
    for name, ending in (("json", "json"), ("csv", "csv"), ("markdown", "md"), ("html", "HTML"), ("table", "txt")):
        out = tmp_path / f"out.{ending}"
        shown, kept = run("calc", MINING, "--format", name), run("calc", MINING, "-o", out)
        assert (shown.code, shown.err) == (0, "")
        assert (kept.code, kept.stdout) == (0, b"")
        assert kept.err == f"已写入 {out}\n"
        assert out.read_bytes() == shown.stdout
    named = tmp_path / "out.dat"
    assert run("calc", MINING, "--format", "json", "-o", named).code == 0
    assert named.read_bytes() == (tmp_path / "out.json").read_bytes()
    book = tmp_path / "out.xlsx"
    assert run("calc", MINING, "-o", book).code == 0
    assert book.read_bytes().startswith(b"PK\3\4")
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        *("out.HTML", "out.csv", "out.dat", "out.json", "out.md", "out.txt", "out.xlsx")
    ]


def test_year_keeps_what_falls_in_one_year() -> None:
    whole, one, none = (
        json.loads(run("calc", INSTITUTE, "--format", "json", *more).out)
        for more in ([], ["--year", "2023"], ["--year", "1999"])
    )
    assert (whole["year"], one["year"], none["year"]) == (None, 2023, 1999)
    years = {each["year"]: each for each in whole["firms"][0]["totals"]["by_year"]}
    assert len(years) > 2
    assert one["firms"][0]["totals"]["by_year"] == [years[2023]]
    sums = one["firms"][0]["totals"]
    assert {name: sums[name] for name in SUMS} == {name: years[2023][name] for name in SUMS}
    assert [len(each["firms"][0]["awards"]) for each in (one, none)] == [len(whole["firms"][0]["awards"])] * 2
    shown = [part["year"] for each in none["firms"][0]["awards"] for part in each["schedule"]]
    assert set(shown) == {None}
    assert none["firms"][0]["totals"]["ceiling"] == 0


def test_on_is_the_day_of_evaluation_and_only_that(tmp_path: Path) -> None:
    firm = tmp_path / "firm.toml"
    firm.write_text(
        '[firm]\nname = "甲"\n[[event]]\nkind = "technology-innovation-center"\ndate = 2023-03-01\n', "utf-8"
    )
    before, after = (
        json.loads(run("calc", firm, "--format", "json", "--on", day).out)["firms"][0]
        for day in ("2023-02-28", "2023-03-01")
    )
    assert [each["verdict"] for each in before["awards"] if each["event"]] != ["yes"]
    assert [each["verdict"] for each in after["awards"] if each["event"]] == ["yes"]


def test_lang_may_stand_anywhere_and_changes_words_only(tmp_path: Path) -> None:
    first, last = (
        run("--lang", "en", "calc", MINING, "--format", "json"),
        run("calc", MINING, "--format", "json", "--lang=en"),
    )
    assert first.stdout == last.stdout
    chinese, english = json.loads(run("calc", MINING, "--format", "json").out), json.loads(last.out)
    assert chinese["firms"][0]["totals"] == english["firms"][0]["totals"]
    assert chinese["firms"][0]["awards"][0]["title"] != english["firms"][0]["awards"][0]["title"]
    absent = run("calc", tmp_path / "absent.toml", "--lang", "en")
    assert absent.err.endswith("there is no such file\n      check the path and the name\n")


def test_all_shows_what_does_not_apply(tmp_path: Path) -> None:
    firm = tmp_path / "firm.toml"
    firm.write_text('[firm]\nname = "甲"\nabove_scale = false\n', "utf-8")
    few, all_ = run("calc", firm), run("calc", firm, "--all")
    assert "✗ 不符合" not in few.out
    assert "✗ 不符合" in all_.out
    assert "✗" in run("explain", firm, "--all").out


def test_policies_may_be_repeated_and_later_ones_override(tmp_path: Path) -> None:
    firm = tmp_path / "firm.toml"
    firm.write_text(
        '[firm]\nname = "甲"\n[[event]]\nkind = "technology-innovation-center"\ndate = 2022-03-01\n', "utf-8"
    )

    def amount(*files: Path) -> dict[str, Any]:
        options = itertools.chain.from_iterable(("--policies", str(each)) for each in files)
        report = json.loads(run("calc", firm, "--format", "json", *options).out)
        (row,) = [each for each in report["firms"][0]["awards"] if each["event"] and each["verdict"] == "yes"]
        found: dict[str, Any] = {**row["amount"], "document": row["document"], "over": report["policy"]["overlays"]}
        return found

    plain, over = amount(), amount(ROOT / "policies.toml", RULES)
    assert (plain["kind"], plain["low"], plain["high"], plain["over"]) == ("at_least", 25_000_000, None, [])
    assert (over["kind"], over["high"]) == ("exactly", 25_000_000)
    assert "65" in over["document"]
    assert over["over"]
    assert amount(RULES) == over


def test_events_may_come_from_a_second_file(tmp_path: Path) -> None:
    firms, events = tmp_path / "firms.csv", tmp_path / "events.csv"
    firms.write_text("单位名称\n甲\n乙\n", "utf-8")
    events.write_text("单位名称,申报事项,取得日期\n乙,technology-innovation-center,2022-03-01\n", "utf-8")
    ran = run("calc", firms, "--events", events, "--format", "json")
    report = json.loads(ran.out)
    found = {
        each["firm"]["name"]: [row["measure"] for row in each["awards"] if row["event"]] for each in report["firms"]
    }
    assert found == {"甲": [], "乙": ["11.technology-innovation-center"]}
    for path in (firms, events):
        refused = run("calc", firms, "--events", events, "-o", path)
        assert refused.code == 1
        assert "输出文件就是输入文件" in refused.err


def test_events_may_come_from_several_files(tmp_path: Path) -> None:
    firms = tmp_path / "firms.csv"
    firms.write_text("单位名称\n甲\n乙\n", "utf-8")
    given: list[Path | str] = []
    for name in "甲", "乙":
        path = tmp_path / f"{name}.csv"
        path.write_text(f"单位名称,申报事项,取得日期\n{name},technology-innovation-center,2022-03-01\n", "utf-8")
        given += ["--events", path]
    report = json.loads(run("calc", firms, *given, "--format", "json").out)
    assert [[row["measure"] for row in each["awards"] if row["event"]] for each in report["firms"]] == [
        ["11.technology-innovation-center"]
    ] * 2


# Commands


def test_explain_says_why_and_a_misspelt_measure_is_refused() -> None:
    ran = run("explain", BOOK, "6.rd-investment", "--format", "json")
    (firm,) = json.loads(ran.out)["firms"]
    (measure,) = firm["measures"]
    assert measure["measure"] == "6.rd-investment"
    assert measure["condition"]["truth"] == "yes"
    by_clause = json.loads(run("explain", BOOK, "6", "--format", "json", "--all").out)
    assert {each["clause"] for each in by_clause["firms"][0]["measures"]} == {6}
    near = run("explain", BOOK, "6.rd-invstment")
    assert (near.code, near.out) == (1, "")
    assert "6.rd-investment" in near.err


def test_clauses_lists_all_thirty_and_shows_one_whole() -> None:
    plan = json.loads(run("clauses", "--format", "json").out)
    assert [each["number"] for each in plan["clauses"]] == list(range(1, 31))
    assert all(each["gist"] and each["departments"] and each["measures"] for each in plan["clauses"])
    table = run("clauses").out
    assert all(each["reference"] in table for each in plan["clauses"])
    whole = run("clauses", "6").out
    assert "规模以上企业研发投入奖补" in whole
    for number in ("31", "0", "seventh", "-1"):
        ran = run("clauses", "--", number)
        assert (ran.code, ran.out) == (1, ""), number
        assert number in ran.err


def test_template_refuses_to_overwrite_unless_forced(tmp_path: Path) -> None:
    for name in ("book.xlsx", "firm.toml"):
        path = tmp_path / name
        assert run("template", path).code == 0
        made = path.read_bytes()
        path.write_bytes(b"filled in")
        ran = run("template", path)
        assert (ran.code, ran.out, path.read_bytes()) == (1, "", b"filled in")
        assert "--force" in ran.err
        assert run("template", path, "--force").code == 0
        assert path.read_bytes() == made
    ran = run("template", tmp_path / "book.pdf")
    assert (ran.code, sorted(each.name for each in tmp_path.iterdir())) == (1, ["book.xlsx", "firm.toml"])


def test_template_never_overwrites_the_policy_it_is_made_from(tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    text = (ROOT / "policies.toml").read_bytes()
    policy.write_bytes(text)
    for arguments in (
        ["template", str(policy), "--force"],
        ["calc", str(MINING), "-o", str(policy)],
        ["clauses", "--format", "json", "-o", str(policy)],
    ):
        ran = run(*arguments, "--policies", policy)
        assert ran.code == 1, arguments
        assert policy.read_bytes() == text


def test_check_computes_nothing_and_names_every_problem_with_its_place(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("单位名称,营业收入（万元）,规模以上,色彩\n甲,约100,待定,红\n", "utf-8")
    ran = run("check", bad)
    assert ran.code == 1
    for place in ("B2", "C2", "D1"):
        assert re.search(rf"bad\.csv[!:]\S*{place}", ran.err), ran.err
    assert "符合" not in ran.out


# Terminals and pipes


def on_a_terminal(*arguments: str | Path, **env: str) -> tuple[str, int]:
    """What the command shows where stdout is a terminal."""
    pid, handle = pty.fork()
    if pid == 0:  # pragma: no cover - the child
        os.chdir(ROOT)
        world = {**environment(TERM="xterm", COLUMNS=None), **env}
        os.execve(PYTHON[0], [*PYTHON, *map(str, arguments)], world)  # noqa: S606 - pty.fork leaves no other way
    shown = b""
    try:
        while part := os.read(handle, 65536):
            shown += part
    except OSError:  # the terminal is gone when the command is
        pass
    return shown.decode(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_colour_is_for_terminals_that_want_it() -> None:
    coloured, code = on_a_terminal("calc", MINING)
    assert code == 0
    assert "\x1b[" in coloured
    for env in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        plain, _ = on_a_terminal("calc", MINING, **env)
        assert "\x1b" not in plain
        assert "符合" in plain
    piped = run("calc", MINING, env=environment(TERM="xterm"))
    assert b"\x1b" not in piped.stdout


def test_columns_is_the_width() -> None:
    for columns in ("40", "80", "120", "200"):
        shown = run("calc", INSTITUTE, env=environment(COLUMNS=columns)).out
        widest = max(sum(2 if ord(each) > 0x2E80 else 1 for each in line) for line in shown.splitlines())
        assert 0.7 * int(columns) < widest <= int(columns)


# The same input gives the same bytes


def test_nothing_but_the_input_changes_the_output(tmp_path: Path) -> None:
    """Neither hash seed, time zone, locale, folder nor moment: every format, run in five different worlds."""
    on = ["--on", "2026-11-23"]
    worlds = [
        environment(PYTHONHASHSEED="0"),
        environment(PYTHONHASHSEED="1", TZ="Pacific/Kiritimati", LC_ALL="C", POLARS_MAX_THREADS="1"),
        environment(PYTHONHASHSEED="31337", TZ="America/Adak", LC_ALL=None, LANG=None, HOME=str(tmp_path)),
    ]
    for name in ("table", "json", "csv", "markdown", "html"):
        assert len({run("calc", INSTITUTE, "--format", name, *on, env=env).stdout for env in worlds}) == 1, name
    books = []
    for number, env in enumerate(worlds):
        for command, ending in (
            (["calc", INSTITUTE, *on, "-o"], "xlsx"),
            (["template"], "xlsx"),
            (["template"], "toml"),
        ):
            path = tmp_path / f"{number}-{command[0]}.{ending}"
            assert run(*command, path, env=env).code == 0
            books.append(path)
    for number in range(3):
        assert len({each.read_bytes() for each in books[number::3]}) == 1, books[number].name
    assert len({run("explain", INSTITUTE, *on, env=env).stdout for env in worlds}) == 1
    assert len({run("clauses", env=env).stdout for env in worlds}) == 1


def test_without_a_day_given_today_is_meant() -> None:
    today = date.today().isoformat()  # noqa: DTZ011 - a clerk's calendar has no zone
    assert run("calc", INSTITUTE).stdout == run("calc", INSTITUTE, "--on", today).stdout


def test_csv_is_read_back_as_a_table_of_numbers() -> None:
    ran: Ran = run("calc", INSTITUTE, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(ran.stdout.decode("utf-8-sig"))))
    assert rows
    sums = [each for row in rows for key, each in row.items() if key.endswith("（万元）") and each]
    assert sums
    assert all(re.fullmatch(r"\d+(\.\d{1,6})?", each) for each in sums)


# What reviewers found


STATE_FIRM = """
[firm]
name = "某国企"
state_owned = true
fiscal_year = 2022
rd_expense = "1000万元"
rd_expense_last_year = "800万元"
organization = "enterprise"
[[event]]
kind = "technology-import"
date = 2022-03-01
"""


def test_a_credit_belongs_to_its_year(tmp_path: Path) -> None:
    """It is shown in full in its own year, and not as nothing in another."""
    (tmp_path / "f.toml").write_text(STATE_FIRM, "utf-8")
    found = {}
    for year in ("2022", "2023"):
        ran = run("calc", tmp_path / "f.toml", "--year", year, "--format", "csv")
        found[year] = [line for line in ran.out.splitlines() if "6.rd-profit-addback" in line]
    assert found["2023"] == []
    assert ",1100,1100," in found["2022"][0]


def test_what_is_missing_in_a_year_is_what_that_year_waits_for(tmp_path: Path) -> None:
    (tmp_path / "f.toml").write_text(STATE_FIRM, "utf-8")
    asked = {}
    for year in ("2022", "2029"):
        firm = json.loads(run("calc", tmp_path / "f.toml", "--year", year, "--format", "json").out)["firms"][0]
        asked[year] = {each["fact"]: each["pending"] for each in firm["missing"]}
    assert asked["2022"]["field"] == 10_000_000
    assert "field" not in asked["2029"]


@pytest.mark.parametrize("arguments", [["calc", str(MINING)], ["explain", str(MINING)], ["clauses"]])
@pytest.mark.parametrize("ending", [".doc", ".xls"])
def test_an_ending_that_no_format_has_is_refused(tmp_path: Path, arguments: list[str], ending: str) -> None:
    """A file that is not what its name says is worse than none; a format that is named is written anyway."""
    out = tmp_path / f"out{ending}"
    ran = run(*arguments, "-o", out)
    assert ran.code == 1
    assert ".json" in ran.err
    assert not out.exists()
    assert run(*arguments, "-o", out, "--format", "markdown").code == 0
    assert out.read_text("utf-8").startswith("#")


@pytest.mark.parametrize("year", ["99999", "1" * 5000, "-1", "2.5"])
def test_a_year_that_is_none_is_bad_usage(year: str) -> None:
    assert run("calc", MINING, "--year", year).code == 2


def test_an_overlay_may_be_indented(tmp_path: Path) -> None:
    """TOML allows it; alone it lies over the built-in plan all the same."""
    overlay = tmp_path / "o.toml"
    overlay.write_text(RULES.read_text("utf-8").replace("\noverlays", "\n  overlays"), "utf-8")
    assert "\n  overlays" in overlay.read_text("utf-8")
    assert run("check", overlay).code == 0
    assert run("calc", MINING, "--policies", overlay).code == 0


def test_what_is_not_decided_firm_by_firm_is_not_explained() -> None:
    ran = run("explain", MINING, "10.coal-lab")
    assert (ran.code, "clauses 10" in ran.err) == (1, True)


def test_each_version_of_a_measure_says_when_it_holds() -> None:
    """Two rows of one id would tell a reader nothing."""
    said = {"zh": ("适用于2021-06-19以前", "适用于2021-06-19（含）以后"), "en": ("before 2021-06-19", "2021-06-19 or")}
    for lang, words in said.items():
        shown = run("clauses", "11", "--policies", RULES, "--lang", lang).out
        assert all(each in shown for each in words)
        assert not any(each in run("clauses", "11", "--lang", lang).out for each in words)
