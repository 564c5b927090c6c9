"""Starting: what a user waits for before anything happens, against programs that only import or do less.

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

from benchmarks import files

TYPER_HELLO = """\
import typer
app = typer.Typer()

@app.command()
def hello(name: str) -> None:
    print(f"Hello {name}")

app()
"""
ROOT = Path(__file__).resolve().parent.parent
IMPORTS = "import typer, rich.console, rich.table, polars, python_calamine"


@dataclass(frozen=True)
class Start:
    """How many times its floor a command takes."""

    command: str
    floor: str
    against: float
    target: float


def measure(folder: Path, rounds: int) -> list[Start]:
    """Every command beside its floor."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "hello.py").write_text(TYPER_HELLO, encoding="utf-8")
    python, ours = [sys.executable], [sys.executable, "-m", "ordos_subsidy"]
    hello = ("a typer hello program, --help", [*python, str(folder / "hello.py"), "--help"])
    imports = ("importing typer, rich, polars, calamine", [*python, "-c", IMPORTS])
    calc = [*ours, "calc", str(ROOT / "examples" / "invented-zone.toml")]
    tables = [str(path) for path in files.kept(folder, 1500)]
    batch = [*ours, "batch", tables[0], "--events", tables[1], "-o"]
    json, csv = ([*batch, str(folder / name)] for name in ("firms.json", "firms.csv"))
    pairs = [
        ("--help", [*ours, "--help"], *hello, 1.3),
        ("--version", [*ours, "--version"], *hello, 1.3),
        ("calc firm.toml", calc, *imports, 1.25),
        ("calc firm.xlsx", [*ours, "calc", str(ROOT / "examples" / "erdos-resources.xlsx")], *imports, 1.25),
        ("check policies.toml", [*ours, "check", str(ROOT / "policies.toml")], "calc firm.toml", calc, 2),
        ("batch … -o firms.json, 1,500 firms", json, "the same to firms.csv", csv, 3),
    ]
    found = []
    for name, command, floor_name, floor, target in pairs:
        for each in (command, floor):
            _seconds(each)
        times = [(_seconds(command), _seconds(floor)) for _ in range(rounds)]
        against = median(own / least for own, least in times)
        found.append(Start(name, floor_name, against, target))
    return found


def _seconds(command: list[str]) -> float:
    environ = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environ)
    return time.perf_counter() - began
