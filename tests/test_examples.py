"""Every example gives the output that stands beside it; `make examples` writes them anew."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
EXPECTED = EXAMPLES / "expected"
REAL = {"erdos-resources.xlsx", "shanghaimiao-mining.toml", "shuangxin-materials.xlsx"}
RULES = ["--policies", "examples/rules-2021-65.toml"]
GRADES = ["--policies", "examples/rules-2022-31.toml"]

HIGHER = ["--scenario", "加研发: 研发投入=2400万元", "--scenario", "都做: 研发投入=2400万元; 高企=是"]
SWEPT = ["--sweep", "rd_expense=1000万元..8000万元"]

#: What is run, and the file that holds what must come out.
CASES = [
    *((["calc", f"examples/{name}"], f"{Path(name).stem}.txt") for name in sorted(REAL)),
    *((["calc", f"examples/{name}", "--format", "json"], f"{Path(name).stem}.json") for name in sorted(REAL)),
    (["calc", "examples/invented-institute.toml"], "invented-institute.txt"),
    (["calc", "examples/invented-institute.toml", "--lang", "en"], "invented-institute.en.txt"),
    (["calc", "examples/invented-institute.toml", "--format", "json"], "invented-institute.json"),
    (["calc", "examples/invented-institute.toml", "--format", "csv"], "invented-institute.csv"),
    (["calc", "examples/invented-institute.toml", *RULES, "--format", "markdown"], "invented-institute.rules.md"),
    (["calc", "examples/invented-readings.toml", *RULES, "--format", "json"], "invented-readings.json"),
    (["calc", "examples/invented-zone.toml", *GRADES, "--format", "json"], "invented-zone.json"),
    (["advise", "examples/invented-just-below.toml"], "invented-just-below.txt"),
    (["advise", "examples/erdos-resources.xlsx", "--lang", "en"], "erdos-resources.advice.en.txt"),
    (["plan", "examples/invented-just-below.toml", *HIGHER], "invented-just-below.plan.txt"),
    (["plan", "examples/invented-just-below.toml", *SWEPT, "--lang", "en"], "invented-just-below.sweep.en.txt"),
    (["compare", "examples/erdos-resources.xlsx", "examples/shanghaimiao-mining.toml"], "erdos-resources.compare.txt"),
    (["explain", "examples/erdos-resources.xlsx", "6.rd-investment"], "erdos-resources.explain.txt"),
    (["batch", "examples/invented-park.xlsx"], "invented-park.txt"),
]


def run(arguments: list[str], folder: Path) -> bytes:
    """The real command's standard output, at 80 columns, as of a fixed day; one firm of the park cannot be read.

    Without receipts, whose hashes change with every word of the policy file.
    """
    batch = arguments[0] == "batch"
    more = ["-o", str(folder / "scored.xlsx")] if batch else ["--no-receipt"] if arguments[0] == "calc" else []
    command = [sys.executable, "-m", "ordos_subsidy", *arguments, *more, "--on", "2026-11-23"]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "COLUMNS": "80"}, capture_output=True, check=False)
    assert done.returncode == (4 if batch else 0), done.stderr.decode()
    return done.stdout


@pytest.mark.parametrize(("arguments", "name"), CASES, ids=[name for _, name in CASES])
def test_an_example_gives_the_output_beside_it(arguments: list[str], name: str, tmp_path: Path) -> None:
    got = run(arguments, tmp_path)
    if os.environ.get("WRITE_EXPECTED"):
        (EXPECTED / name).write_bytes(got)
    assert got.decode() == (EXPECTED / name).read_bytes().decode()


@pytest.mark.parametrize("name", sorted(REAL))
def test_a_real_firm_of_2022_may_get_up_to_ten_million_and_is_assured_nothing(name: str) -> None:
    report = json.loads((EXPECTED / f"{Path(name).stem}.json").read_text("utf-8"))
    (firm,) = report["firms"]
    (award,) = firm["awards"]
    assert (award["measure"], award["verdict"]) == ("6.rd-investment", "yes")
    assert award["amount"] == {"kind": "up_to", "low": 0, "high": 10_000_000}
    assert award["schedule"] == [{"year": 2022, "low": 0, "high": 10_000_000}]
    assert (firm["totals"]["assured"], firm["totals"]["ceiling"]) == (0, 10_000_000)


def test_no_example_is_without_an_expected_output() -> None:
    shown = {Path(arguments[1]).name for arguments, _ in CASES} | {
        "rules-2021-65.toml",
        "rules-2022-31.toml",
        "README.md",
        "notebook.ipynb",  # run by tests/test_api.py
    }
    assert {path.name for path in EXAMPLES.iterdir() if path.is_file()} == shown


def test_no_expected_output_is_left_over() -> None:
    assert {path.name for path in EXPECTED.iterdir()} == {name for _, name in CASES}
