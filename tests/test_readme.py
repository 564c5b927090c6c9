"""The READMEs say what the code does: each command shown is run, each figure is counted."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from ordos_subsidy.policy import load_policies

ROOT = Path(__file__).parent.parent
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
PAGES = [*READMES, ROOT / "CHANGELOG.md", ROOT / "benchmarks" / "RESULTS.md", *sorted((ROOT / "docs").glob("*.md"))]
SHOWN = re.compile(r"```console\n\$ ordos-subsidy (?P<command>.*)\n(?P<output>(?:.*\n)*?)```")


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_every_command_shown_prints_what_stands_below_it(readme: Path, tmp_path: Path) -> None:
    """A line of … stands for the rest. Of the example's park, one firm cannot be read."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    found = list(SHOWN.finditer(readme.read_text("utf-8")))
    assert found
    for each in found:
        command = [sys.executable, "-m", "ordos_subsidy", *shlex.split(each["command"])]
        env = {**os.environ, "COLUMNS": "80"}
        done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, check=False)
        assert done.returncode == (4 if each["command"].startswith("batch") else 0), done.stderr.decode()
        shown = each["output"].splitlines()
        printed = done.stdout.decode().splitlines()
        if shown[-1] == "…":
            shown, printed = shown[:-1], printed[: len(shown) - 1]
        assert printed == shown


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_a_readme_leads_with_the_two_commands(readme: Path) -> None:
    blocks = readme.read_text("utf-8").split("```")
    assert [line.split("#")[0].strip() for line in blocks[1].splitlines()[1:]] == ["make demo", "make test"]


def test_the_figures_of_the_plan_are_counted() -> None:
    counts = Counter(measure.category for measure in load_policies(ROOT / "policies.toml").measures)
    english, chinese = (readme.read_text("utf-8") for readme in READMES)
    assert f"{counts['award']} awards, one assessment credit, {counts['preference']} preferences" in english
    assert f"{counts['budget']} budgets and {counts['duty']} duties" in english
    assert f"{counts['award']}项奖补、{counts['credit']}项考核加回、{counts['preference']}项没有金额的优惠" in chinese
    assert f"{counts['budget']}项预算和{counts['duty']}项工作" in chinese


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_every_link_leads_to_a_file(readme: Path) -> None:
    for target in re.findall(r"\]\((?!http)([^)]+)\)", readme.read_text("utf-8")):
        assert (ROOT / target).is_file(), target


def test_both_readmes_have_the_same_sections() -> None:
    english, chinese = ([line for line in r.read_text("utf-8").splitlines() if line.startswith("## ")] for r in READMES)
    assert len(english) == len(chinese)


def test_every_figure_of_speed_stands_in_the_results() -> None:
    """`make bench` writes the results; what docs/speed.md quotes of them is copied, not remembered."""
    results = (ROOT / "benchmarks" / "RESULTS.md").read_text("utf-8").splitlines()
    quoted = [line for line in (ROOT / "docs" / "speed.md").read_text("utf-8").splitlines() if line.startswith("|")]
    assert quoted
    assert [line for line in quoted if line not in results] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_tables_have_a_heading_for_each_column(page: Path) -> None:
    """A table with more headings than columns is shown as lines of text."""
    tables: list[list[str]] = [[]]
    for line in page.read_text("utf-8").splitlines():
        if line.startswith("|"):
            tables[-1].append(line)
        elif tables[-1]:
            tables.append([])
    for table in filter(None, tables):
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in table}
        assert len(widths) == 1, table[0]
