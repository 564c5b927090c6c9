"""Judging firms: the product beside its peers, in turns, each in a process of its own.

All engines of a size are loaded at once and asked in turns, round after round, so that whatever else the machine
does meets them all alike. A ratio is the median over the rounds of (its time / our time in the same round).
"""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import polars as pl

from benchmarks import data
from benchmarks.peers import COLUMNS

OURS, REAL = "ours", "real"


@dataclass
class Engine:
    """An engine with its data in memory, waiting to be asked."""

    peer: str
    home: Path
    walls: list[float] = field(default_factory=list)
    cpus: list[float] = field(default_factory=list)
    peak: int = 0
    agrees: str = ""

    def __post_init__(self) -> None:
        command = [sys.executable, "-m", "benchmarks.worker", self.peer, str(self.home)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.answer()

    def answer(self) -> dict[str, Any]:
        """The next line it says."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.peer} ended with {self.process.wait()}")
        found: dict[str, Any] = json.loads(line)
        return found

    def ask(self, request: str) -> dict[str, Any]:
        """Ask and wait."""
        assert self.process.stdin
        self.process.stdin.write(request + "\n")
        self.process.stdin.flush()
        return self.answer()

    def run(self) -> None:
        """One timed run."""
        took = self.ask("run")
        self.walls.append(took["wall"])
        self.cpus.append(took["cpu"])

    def totals(self) -> pl.DataFrame:
        """The answer of the last run."""
        path = self.home / f"{self.peer}.parquet"
        self.ask(f"totals {path}")
        return pl.read_parquet(path)

    def quit(self) -> None:
        """End it, and learn its peak memory."""
        self.peak = self.ask("quit")["peak"]
        self.process.wait()


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    engine: str
    firms: int
    seconds: float
    against: float
    cpu_against: float
    peak: int
    agrees: str


def compare(folder: Path, firms: int, peers: list[str], rounds: int) -> list[Row]:
    """The product and some peers on so many firms."""
    home = data.save(folder, firms)
    engines = [Engine(peer, home) for peer in [OURS, *peers]]
    for engine in engines:
        engine.ask("run")  # the first run warms caches, and is held against ours
    ours = engines[0].totals()
    for engine in engines:
        engine.agrees = "rules of its own" if engine.peer == REAL else agreement(ours, engine.totals())
    for _ in range(rounds):
        for engine in engines:
            engine.run()
    for engine in engines:
        engine.quit()
    return [_row(engine, engines[0], firms) for engine in engines]


def _row(engine: Engine, ours: Engine, firms: int) -> Row:
    return Row(
        engine.peer,
        firms,
        median(engine.walls),
        median(theirs / own for theirs, own in zip(engine.walls, ours.walls, strict=True)),
        median(theirs / own for theirs, own in zip(engine.cpus, ours.cpus, strict=True)),
        engine.peak,
        engine.agrees,
    )


def agreement(ours: pl.DataFrame, theirs: pl.DataFrame) -> str:
    """Whether every sum of every firm is the same, to the fen; otherwise how many firms are off, and the worst."""
    columns = [name for name in COLUMNS if name in theirs.columns]
    gaps = pl.DataFrame(
        [(theirs.get_column(each).cast(pl.Int64) - ours.get_column(each).cast(pl.Int64)).abs() for each in columns]
    )
    off = gaps.select(pl.max_horizontal(pl.all())).to_series()
    wrong = int((off > 0).sum())
    if not wrong:
        return "every firm, to the fen"
    worst = gaps.select(each for each in columns if not each.endswith(("ended", "open"))).max_horizontal().max()
    return f"{wrong / len(off):.1%} of firms wrong, by up to {int(str(worst)) / 100:,.2f} yuan"


def growth(folder: Path, sizes: list[int], rounds: int) -> list[Row]:
    """The product on tables of growing size, in turns."""
    engines = [(size, Engine(OURS, data.save(folder, size))) for size in sizes]
    for _, engine in engines:
        engine.ask("run")
    for _ in range(rounds):
        for _, engine in engines:
            engine.run()
    for _, engine in engines:
        engine.quit()
    return [Row(OURS, size, median(engine.walls), 1, 1, engine.peak, "") for size, engine in engines]


def label(peer: str) -> tuple[str, str]:
    """What to call an engine, and what it cannot express."""
    engine = importlib.import_module(f"benchmarks.peers.{peer}")
    return engine.LABEL, engine.CANNOT
