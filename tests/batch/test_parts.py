"""Firms in parts are what they are whole, and what is made ahead comes in order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ordos_subsidy import batch
from ordos_subsidy.cli import Exit, run
from ordos_subsidy.tables import read
from ordos_subsidy.tables.firms import FIRM, Firms
from tests.batch.test_command import event_heads, firm_heads, tables
from tests.tables.test_files import EVENT_CELLS, EVENT_HEADS, FIRM_CELLS, FIRM_HEADS, TRIED, outcome, rows, write_csv
from tests.vocabulary import SMALL

ON = ["--on", "2026-11-23"]


@settings(TRIED, max_examples=80)
@given(firms=rows(FIRM_CELLS, 40), events=rows(EVENT_CELLS, 40), size=st.integers(1, 10))
def test_parts_hold_every_firm_once_with_its_events(
    tmp_path_factory: pytest.TempPathFactory, firms: list[Any], events: list[Any], size: int
) -> None:
    """In the order of the firms, and the events of each in theirs."""
    folder = tmp_path_factory.mktemp("parts")
    paths = write_csv(folder / "f.csv", FIRM_HEADS, firms), write_csv(folder / "e.csv", EVENT_HEADS, events)
    whole = outcome(lambda: read([paths[0]], [paths[1]], SMALL))
    if not isinstance(whole, Firms) or not len(whole):
        return
    parts = list(whole.parts(size))
    starts = range(0, len(whole), size)
    assert [len(part) for part in parts] == [min(size, len(whole) - start) for start in starts]
    moved = [
        [table.with_columns((pl.col(FIRM) + start).cast(pl.UInt32)) for table in (part.firms, part.events)]
        for start, part in zip(starts, parts, strict=True)
    ]
    assert pl.concat([each[0] for each in moved]).equals(whole.firms)
    assert pl.concat([each[1] for each in moved]).equals(whole.events.sort(FIRM, maintain_order=True))


@pytest.mark.parametrize("out", ["out.parquet", "out.csv", "out.jsonl", "out.xlsx"])
def test_the_result_has_the_same_bytes_in_parts_of_any_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str
) -> None:
    firms, events = tables(90)
    text = [[["" if cell is None else str(cell) for cell in row] for row in table] for table in (firms, events)]
    paths = (
        write_csv(tmp_path / "f.csv", firm_heads(), text[0]),
        write_csv(tmp_path / "e.csv", event_heads(), text[1]),
    )
    command = ["batch", str(paths[0]), "--events", str(paths[1]), "--quiet", *ON]
    assert run([*command, "-o", str(tmp_path / out)]) == Exit.ANSWERED
    once = (tmp_path / out).read_bytes()
    monkeypatch.setattr(batch, "PART", 20)
    assert run([*command, "-o", str(tmp_path / out)]) == Exit.ANSWERED
    assert (tmp_path / out).read_bytes() == once
    assert {path.name for path in tmp_path.iterdir()} == {"f.csv", "e.csv", out}


def test_what_is_made_ahead_comes_in_order() -> None:
    """And what goes wrong in making one comes when that one is asked for."""

    def some() -> Iterator[int]:
        yield from (1, 2)
        raise LookupError

    items = batch.ahead(some())
    assert [next(items), next(items)] == [1, 2]
    with pytest.raises(LookupError):
        next(items)
    assert list(batch.ahead(iter(()))) == []


def test_a_folder_stands_for_its_tables_without_the_result(tmp_path: Path) -> None:
    for name in ("b.csv", "a.xlsx", "~$a.xlsx", "notes.txt", "out.xlsx"):
        (tmp_path / name).write_text("x", "utf-8")
    found = batch.expanded([tmp_path], tmp_path / "out.xlsx")
    assert [path.name for path in found] == ["a.xlsx", "b.csv"]
