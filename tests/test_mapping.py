"""What a user says beside a file, and the map of columns that the program shows in return."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.runs import run
from tests.tables import field
from tests.tables.field import FIRM, SECOND

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.runs import Ran

BOOK: list[list[Any]] = [
    ["企业名称", "2022年研发费用", "营业收入（万元）", "联系人", "规模以上"],
    [FIRM, 4200, 100000, "某", "是"],
    [SECOND, 1, 100000, "某", "是"],
]


def park(folder: Path) -> Path:
    """A park's book without the year of its figures."""
    return field.as_xlsx(folder / "park.xlsx", BOOK, {})


def ceilings(ran: Ran) -> list[float]:
    """What each firm may get at most."""
    return [each["totals"]["ceiling"] for each in json.loads(ran.out)["firms"]]


MAP = ("--map", "2022年研发费用=研发投入")
FILL = ("--fill", "所属年度=2022")


def test_a_heading_is_read_as_the_user_says_and_blanks_are_filled(tmp_path: Path) -> None:
    path = park(tmp_path)
    assert ceilings(run("calc", path, "--format", "json")) == [0, 0]
    assert ceilings(run("calc", path, "--format", "json", *MAP, *FILL)) == [10_000_000, 0]


def test_what_was_said_is_kept_in_a_file_that_every_reading_command_takes(tmp_path: Path) -> None:
    path, kept, out = park(tmp_path), tmp_path / "m.toml", tmp_path / "o.json"
    assert run("check", path, *MAP, *FILL, "-o", kept).code == 0
    assert kept.read_text("utf-8") == '[columns]\n"2022年研发费用" = "研发投入"\n\n[fill]\n"所属年度" = "2022"\n'
    assert ceilings(run("calc", path, "--format", "json", "--mapping", kept)) == [10_000_000, 0]
    assert run("batch", path, "-o", out, "--mapping", kept, "-q").code == 0
    assert [each["totals"]["ceiling"] for each in json.loads(out.read_text("utf-8"))["firms"]] == [10_000_000, 0]
    assert "研发投入" in run("explain", path, "6", "--mapping", kept).out


@pytest.mark.parametrize(
    "option",
    [("--map", "联系人=研发投人"), ("--fill", "研发投人=1"), ("--fill", "规模以上=也许"), ("--fill", "单位名称=甲")],
)
def test_what_is_not_understood_is_refused(tmp_path: Path, option: tuple[str, str]) -> None:
    ran = run("calc", park(tmp_path), *option)
    assert (ran.code, ran.out) == (1, "")
    assert option[0] in ran.err


def test_a_heading_that_no_file_has_is_said(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("企业名称,去年卖了（万元）\n甲公司,100\n", "utf-8")
    ran = run("calc", file, "--map", "不存在的栏=研发投入", "--map", "去年卖了=营业收入")
    assert "“不存在的栏”在文件里没有" in ran.err
    assert "“去年卖了”在文件里没有" not in ran.err


def test_a_column_may_be_passed_over_without_a_word(tmp_path: Path) -> None:
    ran = run("check", park(tmp_path), "--map", "联系人=", *MAP, *FILL)
    assert "联系人" not in ran.err


def test_three_lines_say_what_was_made_of_the_columns_where_one_was_left(tmp_path: Path) -> None:
    err = run("calc", park(tmp_path)).err.splitlines()
    assert err[0].startswith("读取 3 栏：企业名称→单位名称、营业收入（万元）→营业收入")
    assert err[1] == "没有读取 2 栏：2022年研发费用、联系人"
    clean = field.as_xlsx(tmp_path / "c.xlsx", [["企业名称", "营业收入（万元）", "所属年度"], [FIRM, 1, 2022]], {})
    assert "读取" not in run("calc", clean).err.partition("提醒")[0]


def test_an_assumed_unit_is_among_the_three_lines(tmp_path: Path) -> None:
    path = field.as_csv(tmp_path / "f.csv", [["企业名称", "营业收入"], [FIRM, 5]])
    assert "按万元读取 1 栏：营业收入" in run("batch", path, "-o", tmp_path / "o.csv", "-q").err


def test_check_gives_the_map_of_columns_and_the_problems_to_programs(tmp_path: Path) -> None:
    ran = run("check", park(tmp_path), "--format", "json")
    (answer,) = json.loads(ran.out)["files"]
    assert (answer["firms"], answer["events"]) == (2, 0)
    found = {each["heading"]: (each["fact"], each["unit"], each["values"]) for each in answer["columns"]}
    assert found["营业收入（万元）"] == ("revenue", "万元", 2)
    assert found["联系人"] == (None, None, None)
    assert {"fields.unread_heading", "reading.no_year", "reading.no_event_rows"} <= {
        each["code"] for each in answer["problems"]
    }


@pytest.mark.parametrize(
    "make", [field.as_csv, lambda path, cells: field.as_xlsx(path, cells, {})], ids=["csv", "xlsx"]
)
def test_check_says_where_only_names_were_understood(tmp_path: Path, make: Callable[[Path, field.Rows], Path]) -> None:
    """In words, in both languages, and to programs; a column more that is understood ends it."""
    rows = [["企业名称", "信用代码", "主要产品", "规上"], [FIRM, "911506021234567890", "煤", "是"]]
    path = make(tmp_path / "f", [row[:3] for row in rows])
    assert "除单位名称、代码外，没有读懂任何一栏" in "".join(run("check", path).err.split())
    assert "Nothing but names and codes was understood" in run("check", path, "--lang", "en").err
    (answer,) = json.loads(run("check", path, "--format", "json").out)["files"]
    assert "reading.only_names" in {each["code"] for each in answer["problems"]}
    assert "没有读懂" not in run("check", make(tmp_path / "g", rows)).err


def test_check_shows_the_map_of_columns(tmp_path: Path) -> None:
    out = run("check", park(tmp_path)).out
    assert "营业收入（万元）" in out
    assert "没有读取" in out


def test_check_gives_the_problems_of_a_policy_to_programs(tmp_path: Path) -> None:
    policy = tmp_path / "p.toml"
    policy.write_text('[policy]\nid = "x"\n', "utf-8")
    ran = run("check", policy, "--format", "json")
    assert ran.code == 3
    assert json.loads(ran.out)["files"][0]["problems"][0]["severity"] == "error"


def test_no_year_and_no_events_are_said_with_what_they_cost(tmp_path: Path) -> None:
    err = "".join(run("calc", park(tmp_path)).err.split())
    assert "2个单位没有“所属年度”" in err
    assert "没有一条申报事项：52项奖补里有51项按事项给付" in err


def test_a_year_in_a_title_is_proposed(tmp_path: Path) -> None:
    path = field.as_xlsx(tmp_path / "t.xlsx", [["2022年度园区企业情况表"], *[[row[0], *row[2:]] for row in BOOK]], {})
    assert "--fill所属年度=2022" in "".join(run("calc", path).err.split())


@pytest.mark.parametrize("name", ["old.xlsx", "old.csv"])
@pytest.mark.parametrize("view", ["firms", "awards"])
def test_a_result_in_the_folder_that_is_scored_is_passed_over_and_said(tmp_path: Path, name: str, view: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    path = park(folder)
    assert run("batch", path, "-o", folder / name, "--view", view, "-q").code == 0
    ran = run("batch", folder, "-o", tmp_path / "new.json", "-q")
    assert ran.code == 0
    assert [each["firm"]["name"] for each in json.loads((tmp_path / "new.json").read_text("utf-8"))["firms"]] == [
        FIRM,
        SECOND,
    ]
    assert "以前测算的结果" in ran.err
