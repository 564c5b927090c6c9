"""The command `audit` as scripts see it: exit codes, what goes to stdout, both languages, the clean run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.audit.official import PLAN, POLICY, needs_plan
from tests.audit.samples import POLICY as INVENTED
from tests.audit.samples import TEXT
from tests.runs import ROOT, run


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """An invented policy and its text."""
    policy, text = tmp_path / "policy.toml", tmp_path / "text.txt"
    policy.write_text(INVENTED, "utf-8")
    text.write_text(TEXT, "utf-8")
    return policy, text


def test_exit_0_sums_up_in_one_line(files: tuple[Path, Path]) -> None:
    ran = run("audit", *files, "--lang", "en")
    assert (ran.code, ran.err, ran.out.count("\n")) == (0, "", 1)
    assert "2 clauses" in ran.out
    assert "1 unclaimed" in ran.out
    assert run("audit", *files).out.count("2条") == 1
    assert json.loads(run("audit", *files, "--format", "json").out) == []


def test_exit_5_lists_what_does_not_hold(files: tuple[Path, Path]) -> None:
    policy, text = files
    text.write_text(TEXT.replace("最高50万元", "50万元"), "utf-8")
    ran = run("audit", policy, text)
    assert (ran.code, ran.err) == (5, "")
    assert "第1条 1.carrier.amount.up_to" in ran.out
    assert "up_to for 最高" in run("audit", policy, text, "--lang", "en").out
    found = run("audit", policy, text, "--format", "json")
    assert found.code == 5
    assert {"code", "clause", "around", "measure", "key", "what", "remedy"} == set(json.loads(found.out)[0])


def test_exit_1_and_3_say_which_file_is_wrong(files: tuple[Path, Path], tmp_path: Path) -> None:
    policy, text = files
    nothing = tmp_path / "nothing.pdf"
    ran = run("audit", policy, nothing)
    assert (ran.code, ran.out) == (1, "")
    assert "nothing.pdf" in ran.err
    policy.write_text(INVENTED.replace("gist.zh", "gust.zh", 1), "utf-8")
    ran = run("audit", policy, text)
    assert (ran.code, ran.out) == (3, "")
    assert "gust" in ran.err
    assert run("audit", text, text).code == 3
    assert run("audit", policy).code == 2
    assert run("audit", policy, text, "--format", "csv").code == 2


@needs_plan
def test_policy_of_this_repository_agrees_with_the_official_text() -> None:
    ran = run("audit", POLICY.name, PLAN, "--lang", "en")
    assert (ran.code, ran.err) == (0, ""), ran.out
    assert "30 clauses" in ran.out
    assert ran.out in (ROOT / "README.md").read_text("utf-8")
    assert run("audit", POLICY.name, PLAN).out in (ROOT / "README.zh-CN.md").read_text("utf-8")
