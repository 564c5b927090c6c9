"""How the command behaves in a shell: language, colour, pages, and names as people write them."""

from __future__ import annotations

import hashlib
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ordos_subsidy import __version__
from ordos_subsidy.errors import Refused
from ordos_subsidy.policy import load_policies
from ordos_subsidy.report import plan
from tests.runs import EXAMPLES, PYTHON, environment, run

FIRM = EXAMPLES / "erdos-resources.xlsx"
POLICIES = load_policies()


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"ORDOS_SUBSIDY_LANG": "en", "LC_ALL": "zh_CN.UTF-8"}, "Assured"),
        ({"ORDOS_SUBSIDY_LANG": "zh", "LC_ALL": "en_US.UTF-8"}, "确定"),
        ({"LC_ALL": "en_US.UTF-8"}, "Assured"),
        ({"LC_ALL": None, "LANG": "en_GB.UTF-8"}, "Assured"),
        ({"LC_ALL": "C.UTF-8"}, "确定"),
        ({"LC_ALL": None, "LANG": "zh_CN.UTF-8"}, "确定"),
    ],
)
def test_the_language_is_that_of_the_variable_else_of_the_locale(variables: dict[str, str | None], words: str) -> None:
    assert words in run("calc", FIRM, env=environment(**variables)).out


def test_an_option_beats_the_variable() -> None:
    said = run("calc", FIRM, "--lang", "zh", env=environment(ORDOS_SUBSIDY_LANG="en")).out
    assert "确定" in said


@pytest.mark.parametrize("option", ["-V", "--version"])
def test_the_version_has_a_short_option(option: str) -> None:
    assert run(option).out == f"ordos-subsidy {__version__}\n"


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"FORCE_COLOR": ""}, False),
    ],
)
def test_colour_in_a_pipe_only_where_it_is_forced(variables: dict[str, str | None], coloured: bool) -> None:
    assert ("\x1b[" in run("calc", FIRM, env=environment(**variables)).out) is coloured


def test_forced_colour_never_reaches_a_file(tmp_path: Path) -> None:
    run("calc", FIRM, "-o", tmp_path / "out.txt", env=environment(FORCE_COLOR="1"))
    assert "\x1b" not in (tmp_path / "out.txt").read_text("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals there")
@pytest.mark.parametrize(("lines", "paged"), [(10, True), (200, False)])
def test_only_what_does_not_fit_the_screen_goes_through_the_pager(lines: int, paged: bool) -> None:
    ours, theirs = pty.openpty()
    env = environment(PAGER="sed s/^/PAGED/", LINES=str(lines), COLUMNS="80", TERM="xterm")
    command = [*PYTHON, "calc", str(FIRM)]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=env) as process:
        os.close(theirs)
        said = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:
                break
            if not piece:
                break
            said += piece
        assert process.wait(60) == 0
    os.close(ours)
    assert (b"PAGED" in said) is paged


@pytest.mark.parametrize("name", ["六", "（六）", "(六)", "第六条", "6", "６", " 第 6 条 ", "clause 6"])
def test_a_clause_is_found_however_people_write_its_number(name: str) -> None:
    assert [each.number for each in plan.clauses(POLICIES, name)] == [6]
    assert {each.clause.number for each in plan.measures(POLICIES, name)} == {6}


def test_every_id_reference_title_and_heading_finds_its_own() -> None:
    for measure in POLICIES.measures:
        assert measure in plan.measures(POLICIES, measure.id)
        assert measure in plan.measures(POLICIES, measure.title.zh)
        assert measure in plan.measures(POLICIES, measure.title.en.upper())
        assert measure.clause.number in {each.number for each in plan.clauses(POLICIES, measure.id)}
    for clause in POLICIES.clauses:
        assert clause in plan.clauses(POLICIES, clause.reference)
        assert clause in plan.clauses(POLICIES, clause.heading.zh)


def test_a_part_of_a_title_finds_every_measure_that_has_it() -> None:
    found = plan.measures(POLICIES, "院士专家工作站")
    assert len(found) > 1
    assert all("院士专家工作站" in each.title.zh for each in found)


@pytest.mark.parametrize("name", ["", "  ", "第三十一条", "31", "不存在的措施"])
def test_a_name_that_nothing_bears_is_refused(name: str) -> None:
    for find in (plan.measures, plan.clauses):
        with pytest.raises(Refused):
            find(POLICIES, name)


def test_a_misspelt_title_is_answered_with_the_nearest() -> None:
    wrong = "规模以上企业研发投人奖补"
    assert "规模以上企业研发投入奖补" in run("explain", FIRM, wrong).err


def test_explain_never_says_yes_of_what_calc_says_cannot_be_checked() -> None:
    said = run("explain", FIRM, "--all").out
    for part in re.split(r"\n\n", said):
        if "? 待核实 ·" in part:
            tree = next(line for line in part.splitlines() if line[:1] in "✓?✗" and "·" not in line[:6])
            assert not tree.startswith("✓"), part


@pytest.mark.parametrize("name", ["erdos-resources.xlsx", "shanghaimiao-mining.toml"])
def test_a_dash_is_standard_input_and_output(name: str) -> None:
    file = EXAMPLES / name
    with file.open("rb") as piped:
        from_pipe = run("calc", "-", "-o", "-", "--format", "csv", "--keys", stdin=piped)
    assert from_pipe.code == 0
    by_name = run("calc", file, "--format", "csv", "--keys")
    assert [line.rpartition(",")[0] for line in from_pipe.out.splitlines()] == [
        line.rpartition(",")[0] for line in by_name.out.splitlines()
    ]


def test_a_report_of_standard_input_names_it_and_its_hash() -> None:
    """It cannot be read a second time, and a file may have been replaced meanwhile: what was read is hashed."""
    file = EXAMPLES / "erdos-resources.xlsx"
    with file.open("rb") as piped:
        report = json.loads(run("calc", "-", "--format", "json", stdin=piped).out)
    assert report["receipt"]["input"] == [{"file": "stdin", "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}]


def test_standard_input_without_a_byte_is_refused() -> None:
    assert run("calc", "-").code == 1


def test_keys_are_the_same_in_every_language_and_in_yuan(tmp_path: Path) -> None:
    outs = [run("calc", FIRM, "--format", "csv", "--keys", "--lang", lang).out for lang in ("zh", "en")]
    assert outs[0] == outs[1]
    head, first = (line.split(",") for line in outs[0].splitlines()[:2])
    assert dict(zip(head, first, strict=True))["high"] == "10000000"
    for lang in ("zh", "en"):
        run("batch", EXAMPLES / "invented-park.xlsx", "-o", tmp_path / f"{lang}.csv", "--keys", "--lang", lang)
    assert (tmp_path / "zh.csv").read_bytes() == (tmp_path / "en.csv").read_bytes()


def test_keys_of_another_format_are_bad_usage() -> None:
    assert run("calc", FIRM, "--keys").code == 2
    assert run("batch", FIRM, "--keys").code == 2


def test_batch_without_a_file_ranks_the_firms_on_the_screen() -> None:
    ran = run("batch", EXAMPLES / "invented-park.xlsx")
    assert ran.code == 4
    sums = [line.split("│")[3].strip() for line in ran.out.splitlines() if "（虚构）" in line and "│" in line]
    ceilings = [float(each.replace(",", "")) for each in sums]
    assert len(ceilings) == 11
    assert ceilings[0] == max(ceilings)
    assert "鄂尔多斯市辛八煤化工有限公司（虚构）  未测算" in ran.out
