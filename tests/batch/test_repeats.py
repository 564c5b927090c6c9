"""A book that lies twice in a folder, events given twice: money counts once, and it is said, in every format."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from tests.runs import run
from tests.tables import field
from tests.tables.field import FIRM, SECOND

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.runs import Ran

FIRMS: list[list[Any]] = [["单位名称", "规模以上", "所属年度", "自治区重点实验室"]]
FIRMS += [[FIRM, "是", 2022, "2022-03-01"], [SECOND, "是", 2022, "2022-04-01"]]
EVENTS = [["单位名称", "事项", "取得日期"], [FIRM, "自治区重点实验室", "2022-03-01"]]
EVENTS += [[SECOND, "自治区重点实验室", "2022-05-01"], [FIRM, "自治区企业研发中心", "2022-06-01"]]


def as_parquet(path: Path, cells: field.Rows) -> Path:
    pl.DataFrame(cells[1:], schema=cells[0], orient="row").write_parquet(path)
    return path


WRITERS: dict[str, Callable[..., Path]] = {
    "csv": field.as_csv,
    "parquet": as_parquet,
    "xlsx": lambda path, cells: field.as_xlsx(path, cells, {}),
    "xls": lambda path, cells: field.as_xls(path, cells, {}),
    "ods": lambda path, cells: field.as_ods(path, cells, {}),
}


def assured(folder: Path, *arguments: str | Path) -> tuple[list[float], Ran]:
    ran = run("batch", *arguments, "-o", folder / "o.json", "--quiet")
    assert ran.code == 0, ran.err
    firms = json.loads((folder / "o.json").read_text("utf-8"))["firms"]
    return [each["totals"]["assured"] for each in firms], ran


@pytest.mark.parametrize("ending", WRITERS)
def test_a_book_that_lies_twice_in_a_folder_counts_once(tmp_path: Path, ending: str) -> None:
    (tmp_path / "in").mkdir()
    book = WRITERS[ending](tmp_path / "in" / f"a.{ending}", FIRMS)
    once, _ = assured(tmp_path, tmp_path / "in")
    assert len(once) == 2
    assert all(once)
    shutil.copy(book, tmp_path / "in" / f"b.{ending}")
    twice, ran = assured(tmp_path, tmp_path / "in")
    assert twice == once
    said = "".join(ran.err.split())
    assert "重复填写" in said
    assert said.count("同一张表出现两次") == 2


@pytest.mark.parametrize("ending", WRITERS)
def test_a_list_of_events_that_is_given_twice_counts_once(tmp_path: Path, ending: str) -> None:
    firms, events = (
        WRITERS[ending](tmp_path / f"{name}.{ending}", rows) for name, rows in (("f", FIRMS), ("e", EVENTS))
    )
    once, _ = assured(tmp_path, firms, "--events", events)
    copy = shutil.copy(events, tmp_path / f"e2.{ending}")
    twice, ran = assured(tmp_path, firms, "--events", events, "--events", copy)
    assert twice == once
    assert "".join(ran.err.split()).count("同一张表出现两次") == 2


@pytest.mark.parametrize("out", ["csv", "parquet", "xlsx", "json"])
@pytest.mark.parametrize("ending", WRITERS)
def test_equal_rows_of_one_list_are_said_whatever_is_written(tmp_path: Path, ending: str, out: str) -> None:
    """They may be two matters: each counts, until somebody says otherwise."""
    firms = WRITERS[ending](tmp_path / f"f.{ending}", FIRMS)
    events = WRITERS[ending](tmp_path / f"e.{ending}", [*EVENTS, *EVENTS[1:]])
    ran = run("batch", firms, "--events", events, "-o", tmp_path / f"o.{out}", "--quiet")
    assert "".join(ran.err.split()).count("可能重复填报") == 3
