"""Tables larger than memory, read chunk by chunk and given back in parts, are what they would be whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ordos_subsidy import output
from ordos_subsidy.batch import cells, joining, reading
from ordos_subsidy.cli import Exit, run
from ordos_subsidy.errors import Refused
from ordos_subsidy.firms.tables import FIRM, Firms
from tests.batch.test_command import event_heads, firm_heads, tables
from tests.batch.test_reading import EVENT_CELLS, EVENT_HEADS, FIRM_CELLS, FIRM_HEADS, TRIED, read, rows, same
from tests.vocabulary import SMALL

ON = ["--on", "2026-11-23"]


def parquet(path: Path, heads: list[str], table: list[list[Any]]) -> Path:
    """A table of texts; a blank is null."""
    frame = pl.DataFrame(table, dict.fromkeys(heads, pl.String), orient="row")
    frame.with_columns(pl.all().replace("", None)).write_parquet(path)
    return path


def whole(folder: Path, firms: Path, events: Path) -> Firms:
    """All parts put together again."""
    found = reading.read_in_parts([firms], [events], SMALL, folder)
    tables, claims, start = [], [], 0
    for part in found.parts:
        tables.append(part.firms.with_columns(pl.col(FIRM) + start))
        claims.append(part.events.with_columns(pl.col(FIRM) + start))
        start += len(part)
    assert (start, sum(map(len, claims))) == (found.scored, found.events)
    none = reading.read([firms], [events], SMALL)
    events_again = pl.concat([none.events.clear(), *(each.select(none.events.columns) for each in claims)])
    firms_again = pl.concat([none.firms.clear(), *(each.select(none.firms.columns) for each in tables)])
    return Firms(firms_again, events_again, found.problems, found.left_out)


@settings(TRIED, max_examples=80)
@given(
    firms=rows(FIRM_CELLS, 40),
    events=rows(EVENT_CELLS, 40),
    sizes=st.tuples(st.integers(1, 3), st.integers(4, 20), st.integers(1, 10)),
)
def test_in_parts_it_is_what_it_is_whole(
    tmp_path_factory: pytest.TempPathFactory, firms: list[Any], events: list[Any], sizes: tuple[int, int, int]
) -> None:
    """Every firm, every event in its order, every problem with its place, for any sizes of head, chunk and part."""
    folder = tmp_path_factory.mktemp("spill")
    paths = parquet(folder / "firms.parquet", FIRM_HEADS, firms), parquet(folder / "e.parquet", EVENT_HEADS, events)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ordos_subsidy.batch.sources.HEAD", sizes[0] + 1)
        patch.setattr(reading, "CHUNK", sizes[1])
        patch.setattr(reading, "PART", sizes[2])
        once = read(lambda: reading.read([paths[0]], [paths[1]], SMALL))
        again = read(lambda: whole(folder, *paths))
    if isinstance(once, Firms) and isinstance(again, Firms):
        once = Firms(
            once.firms, once.events.sort(FIRM, maintain_order=True), tuple(dict.fromkeys(once.problems)), once.left_out
        )
    same(once, again)


@pytest.mark.parametrize("out", ["out.parquet", "out.csv", "out.jsonl", "out.xlsx"])
def test_the_result_has_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str) -> None:
    """Whether the input fits or not."""
    firms, events = tables(90)
    text = [[[None if cell is None else str(cell) for cell in row] for row in table] for table in (firms, events)]
    paths = (
        parquet(tmp_path / "f.parquet", firm_heads(), text[0]),
        parquet(tmp_path / "e.parquet", event_heads(), text[1]),
    )
    command = ["batch", str(paths[0]), "--events", str(paths[1]), "--quiet", *ON]
    assert run([*command, "-o", str(tmp_path / out)]) == Exit.ANSWERED
    once = (tmp_path / out).read_bytes()
    monkeypatch.setattr(reading, "IN_MEMORY", 0)
    monkeypatch.setattr(reading, "CHUNK", 50)
    monkeypatch.setattr(reading, "PART", 20)
    assert run([*command, "-o", str(tmp_path / out)]) == Exit.ANSWERED
    assert (tmp_path / out).read_bytes() == once
    assert {path.name for path in tmp_path.iterdir()} == {"f.parquet", "e.parquet", out}


def test_what_does_not_fit_waits_beside_the_result_and_goes_in_the_end(tmp_path: Path) -> None:
    """The disk of the result has room for it; an error on the way leaves nothing behind."""

    def fail() -> None:
        with output.folder_beside(tmp_path / "out.parquet") as folder:
            (folder / "rows").write_bytes(b"x")
            assert folder.parent == tmp_path
            raise ValueError("on the way")

    with pytest.raises(ValueError, match="on the way"):
        fail()
    assert not list(tmp_path.iterdir())


def test_only_parquet_may_be_larger_than_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other files have limits of their own."""
    table = parquet(tmp_path / "f.parquet", ["单位名称"], [["鄂尔多斯市甲甲有限公司"]])
    (tmp_path / "e.csv").write_text("事项\n实验室\n", "utf-8")
    monkeypatch.setattr(reading, "IN_MEMORY", 0)
    assert [reading.fits([table]), reading.fits([table, tmp_path / "e.csv"])] == [False, True]


@pytest.mark.parametrize("fits", [True, False])
def test_a_file_of_one_firm_over_and_over_is_refused_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fits: bool
) -> None:
    """A few bytes may unfold to millions of rows that all want a word: one message, with the place of the first."""
    table = pl.DataFrame({"单位名称": ["鄂尔多斯市甲甲有限公司"] * 400})
    table.write_parquet(tmp_path / "f.parquet")
    monkeypatch.setattr(joining, "ONE_BY_ONE", 100)
    monkeypatch.setattr(reading, "CHUNK", 80)
    files = [tmp_path / "f.parquet"]
    with pytest.raises(Refused) as refused:
        _ = reading.read(files, [], SMALL) if fits else reading.read_in_parts(files, [], SMALL, tmp_path)
    (said,) = refused.value.problems
    assert (said.code, said.where[-2:]) == ("batch.one_by_one", "A2" if fits else "82")


def test_a_column_that_cannot_be_read_at_all_is_refused_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Instead of a message for each of its cells."""
    names = [f"鄂尔多斯市第{n}有限公司" for n in range(400)]
    pl.DataFrame({"单位名称": names, "营业收入": ["约100"] * 400}).write_parquet(tmp_path / "f.parquet")
    monkeypatch.setattr(cells, "UNREADABLE", 100)
    with pytest.raises(Refused) as refused:
        reading.read([tmp_path / "f.parquet"], [], SMALL)
    (said,) = refused.value.problems
    assert (said.code, dict(said.params)["given"]) == ("batch.unreadable", "约100")
