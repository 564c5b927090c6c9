"""The bar: on a terminal, while something takes long, and nowhere else."""

from __future__ import annotations

import os
import pty
import sys
import time
from collections.abc import Callable

import pytest

from ordos_subsidy.batch import progress
from ordos_subsidy.batch.progress import Progress


def seen(monkeypatch: pytest.MonkeyPatch, work: Callable[[Progress], None], *, wanted: bool = True) -> str:
    """What a terminal shows of some work."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w", encoding="utf-8") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        monkeypatch.setenv("TERM", "xterm")
        with Progress("zh", wanted=wanted) as bar:
            work(bar)
        terminal.write("$")
    shown = b""
    while not shown.endswith(b"$"):
        shown += os.read(ours, 1 << 16)
    os.close(ours)
    return shown.decode().removesuffix("$")


def reads_long(bar: Progress) -> None:
    """Reading alone takes longer than anybody waits without a sign."""
    bar.step("reading")
    time.sleep(0.5)


def test_the_bar_is_there_while_reading_alone_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not only from the first part that is scored."""
    monkeypatch.setattr(progress, "_PATIENCE", 0.1)
    assert "读取" in seen(monkeypatch, reads_long)


def test_it_says_how_many_firms_are_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of how many."""

    def score(bar: Progress) -> None:
        time.sleep(0.3)
        bar.step("scoring", 200_000, 1_000_000)
        time.sleep(0.3)

    monkeypatch.setattr(progress, "_PATIENCE", 0.1)
    assert "200,000 / 1,000,000" in seen(monkeypatch, score)


def test_short_work_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does long work that was asked to be quiet."""

    def short(bar: Progress) -> None:
        bar.step("reading")
        bar.step("scoring", 0, 1)

    assert seen(monkeypatch, short) == ""
    monkeypatch.setattr(progress, "_PATIENCE", 0.1)
    assert seen(monkeypatch, reads_long, wanted=False) == ""


def test_what_is_no_terminal_sees_no_bar(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """Files and pipes get messages only."""
    monkeypatch.setattr(progress, "_PATIENCE", 0.1)
    with Progress("zh", wanted=True) as bar:
        reads_long(bar)
    assert capfd.readouterr() == ("", "")
