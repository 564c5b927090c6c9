"""Starting: what a user waits for before anything happens, against programs that only import.

Each is a process of its own, run in turns; what they print goes nowhere. All have their bytecode, as installed
programs have.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

TYPER_HELLO = """\
import typer
app = typer.Typer()

@app.command()
def hello(name: str) -> None:
    print(f"Hello {name}")

app()
"""
IMPORTS = "import typer, rich.console, rich.table, polars, python_calamine"
FIRM = """\
[[firm]]
name = "内蒙古示例装备制造有限公司（虚构）"
organization = "企业"
above_scale = true
high_tech = true
fiscal_year = 2022
revenue = "12.5亿元"
rd_expense = "4200万元"

  [[firm.event]]
  kind = "regional-key-lab"
  date = 2022-03-01

  [[firm.event]]
  kind = "national-program"
  date = 2022-05-20
  amount = "300万元"
"""


@dataclass(frozen=True)
class Start:
    """How long a command takes, and how that compares with its floor."""

    command: str
    seconds: float
    floor: str
    floor_seconds: float
    against: float
    target: float


def book(path: Path) -> None:
    """The same firm as a workbook."""
    from openpyxl import Workbook

    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "单位信息"
    sheet.append(
        ["单位名称", "单位类型", "规模以上", "国家高新技术企业", "所属年度", "营业收入（万元）", "研发投入（万元）"]
    )
    sheet.append(["内蒙古示例装备制造有限公司（虚构）", "企业", "是", "是", 2022, 125000, 4200])
    events = workbook.create_sheet("申报事项")
    events.append(["事项", "取得日期", "金额（万元）"])
    events.append(["自治区级重点实验室", "2022-03-01", None])
    events.append(["承担国家科技计划项目", "2022-05-20", 300])
    workbook.save(path)


def measure(folder: Path, rounds: int) -> list[Start]:
    """Every command beside its floor."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "hello.py").write_text(TYPER_HELLO, encoding="utf-8")
    (folder / "firm.toml").write_text(FIRM, encoding="utf-8")
    book(folder / "firm.xlsx")
    python, ours = [sys.executable], [sys.executable, "-m", "ordos_subsidy"]
    hello = ("a typer hello program, --help", [*python, str(folder / "hello.py"), "--help"])
    imports = ("importing typer, rich, polars, calamine", [*python, "-c", IMPORTS])
    pairs = [
        ("--help", [*ours, "--help"], *hello, 1.3),
        ("--version", [*ours, "--version"], *hello, 1.3),
        ("calc firm.toml", [*ours, "calc", str(folder / "firm.toml")], *imports, 1.15),
        ("calc firm.xlsx", [*ours, "calc", str(folder / "firm.xlsx")], *imports, 1.15),
    ]
    found = []
    for name, command, floor_name, floor, target in pairs:
        for each in (command, floor):
            _seconds(each)
        times = [(_seconds(command), _seconds(floor)) for _ in range(rounds)]
        against = median(own / least for own, least in times)
        own, least = (median(column) for column in zip(*times, strict=True))
        found.append(Start(name, own, floor_name, least, against, target))
    return found


def _seconds(command: list[str]) -> float:
    environ = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environ)
    return time.perf_counter() - began
