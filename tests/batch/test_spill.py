"""Tables larger than memory, read chunk by chunk and given back in parts, are what they would be whole."""

from __future__ import annotations

from dataclasses import replace
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


def whole(found: reading.Read, firms: Path, events: Path) -> Firms:
    """All parts put together again."""
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
    """Every firm, every event in its order, every problem with its place, for any sizes of head, chunk and part.

    Whether the rows wait on the disk or are held in memory.
    """
    folder = tmp_path_factory.mktemp("spill")
    paths = parquet(folder / "firms.parquet", FIRM_HEADS, firms), parquet(folder / "e.parquet", EVENT_HEADS, events)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ordos_subsidy.batch.sources.HEAD", sizes[0] + 1)
        patch.setattr(reading, "CHUNK", sizes[1])
        patch.setattr(reading, "PART", sizes[2])
        once = read(lambda: reading.read([paths[0]], [paths[1]], SMALL))
        spilled = read(lambda: whole(reading.read_in_parts([paths[0]], [paths[1]], SMALL, folder), *paths))
        held = read(lambda: whole(reading.read_by_parts([paths[0]], [paths[1]], SMALL, sizes[2]), *paths))
    if isinstance(once, Firms) and isinstance(held, Firms):
        assert held.problems == tuple(dict.fromkeys(once.problems))
    for again in (spilled, held):
        if isinstance(once, Firms) and isinstance(again, Firms):
            in_order, said = once.events.sort(FIRM, maintain_order=True), tuple(dict.fromkeys(once.problems))
            kept = again.events.sort(FIRM, maintain_order=True)
            same(Firms(once.firms, in_order, said, once.left_out), replace(again, events=kept))
        else:
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


def test_a_chunk_of_totals_is_read_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Events below it are found, and each of its rows is named where it stands."""
    monkeypatch.setattr(reading, "CHUNK", 4)
    total = ["鄂尔多斯市第1有限公司", "911506247794561235", "小计", "2022年3月", "3000000", ""]
    firms = parquet(tmp_path / "f.parquet", FIRM_HEADS, [[*total[:2], "北旗", "是", "2022", "100", "5", "3%"]])
    table = [*[total] * 9, [*total[:2], "重点实验室", *total[3:]]]
    events = parquet(tmp_path / "e.parquet", EVENT_HEADS, table)
    found = reading.read_in_parts([firms], [events], SMALL, tmp_path)
    assert found.events == 1
    named = [each.where.rpartition("!")[2] for each in found.problems if each.code == "reading.total_row"]
    assert named == [f"A{row}" for row in range(2, 11)]


def test_a_table_of_firms_is_no_table_of_events_however_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That is said once its headings have been seen, whatever else there is to say of it."""
    monkeypatch.setattr(reading, "CHUNK", 4)
    monkeypatch.setattr(joining, "ONE_BY_ONE", 2)
    firm = ["鄂尔多斯市第1有限公司", "911506247794561235", "北旗", "是", "2022", "100", "5", "3%"]
    firms = parquet(tmp_path / "f.parquet", FIRM_HEADS, [firm])
    many = parquet(tmp_path / "many.parquet", FIRM_HEADS, [firm] * 9)
    with pytest.raises(Refused) as refused:
        reading.read_in_parts([firms], [many], SMALL, tmp_path)
    assert [each.code for each in refused.value.problems][-1] == "reading.no_events"


def test_of_two_files_that_cannot_be_read_the_first_is_named(tmp_path: Path) -> None:
    """Though Parquet files are read side by side, and the others are opened meanwhile."""
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"PAR1 nonsense")
    firm = ["鄂尔多斯市第1有限公司", "911506247794561235", "北旗", "是", "2022", "100", "5", "3%"]
    sound = parquet(tmp_path / "f.parquet", FIRM_HEADS, [firm])
    with pytest.raises(Refused) as refused:
        reading.read([broken, sound, tmp_path / "missing.csv"], [], SMALL)
    assert [each.code for each in refused.value.problems] == ["reading.parquet"]
