"""Files read from end to end, in every format."""

from __future__ import annotations

import csv
import datetime as dt
import subprocess
import sys
from string import Formatter
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
import tomli_w
from openpyxl import Workbook

from ordos_subsidy.errors import Refused
from ordos_subsidy.messages import sentences
from tests.tables.reads import Rows, codes, errors, event, firm, names, read
from tests.vocabulary import SMALL

if TYPE_CHECKING:
    from pathlib import Path

FIRMS: Rows = [
    ["单位名称", "规模以上", "营业收入（元）", "产业领域", "所属年度"],
    ["甲公司", "是", 1234.56, "煤炭、光伏", 2022],
    ["乙公司", "否", None, None, 2022],
]
EVENTS: Rows = [["单位名称", "事项", "取得日期", "金额（万元）"], ["甲公司", "重点实验室", dt.date(2022, 3, 1), 300]]


def xlsx(path: Path, **sheets: Rows) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save(path)
    return path


def csv_file(path: Path, rows: Rows, encoding: str = "utf-8") -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file).writerows(rows)
    return path


def parquet(path: Path, rows: Rows) -> Path:
    pl.DataFrame(rows[1:], schema=rows[0], orient="row").write_parquet(path)
    return path


def toml(path: Path) -> Path:
    one: dict[str, Any] = {
        "name": "甲公司",
        "big": True,
        "revenue": "1234.56元",
        "trades": ["煤炭", "光伏"],
        "year": 2022,
    }
    one["event"] = [{"kind": "laboratory", "date": dt.date(2022, 3, 1), "amount": "300万元"}]
    path.write_text(tomli_w.dumps({"firm": [one, {"name": "乙公司", "big": False, "year": 2022}]}), encoding="utf-8")
    return path


def test_all_formats_of_the_same_firms_mean_the_same(tmp_path: Path) -> None:
    every = [
        read(xlsx(tmp_path / "a.xlsx", 单位信息=FIRMS, 申报事项=EVENTS), SMALL),
        read(toml(tmp_path / "b.toml"), SMALL),
        read(csv_file(tmp_path / "c.csv", FIRMS), SMALL, csv_file(tmp_path / "d.csv", EVENTS)),
        read(parquet(tmp_path / "g.parquet", FIRMS), SMALL, parquet(tmp_path / "h.parquet", EVENTS)),
        read(csv_file(tmp_path / "e.csv", FIRMS, "gb18030"), SMALL, xlsx(tmp_path / "f.xlsx", 一=EVENTS)),
    ]
    for found in every:
        assert errors(found) == []
        assert firm(found)["revenue"] == 1234_56
        assert event(found)["amount"] == 3_000_000_00
        assert found.firms.drop("@place").equals(every[0].firms.drop("@place"))
        assert found.events.drop("@place").equals(every[0].events.drop("@place"))


def test_a_csv_alone_is_a_table_of_firms(tmp_path: Path) -> None:
    found = read(csv_file(tmp_path / "c.csv", FIRMS), SMALL)
    assert names(found) == ["甲公司", "乙公司"]
    assert found.events.height == 0


def test_a_csv_with_a_plain_money_heading_is_in_wan_like_a_spreadsheet(tmp_path: Path) -> None:
    found = read(csv_file(tmp_path / "c.csv", [["单位名称", "营业收入"], ["甲公司", "5"]]), SMALL)
    assert firm(found)["revenue"] == 50_000_00
    assert codes(found.problems) == ["reading.assumed_unit"]


def test_a_date_cell_of_a_workbook_is_a_day(tmp_path: Path) -> None:
    found = read(xlsx(tmp_path / "a.xlsx", 单位信息=FIRMS, 申报事项=EVENTS), SMALL)
    assert event(found)["date"] == dt.date(2022, 3, 1) == event(found)["date@until"]


def test_places_name_file_sheet_and_cell(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", 单位信息=[*FIRMS, ["丙公司", "待定"]])
    assert read(path, SMALL).problems[0].where == f"{path}!单位信息!B4"


def test_a_book_without_firms_is_refused_with_the_headings_looked_for(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        read(xlsx(tmp_path / "a.xlsx", Sheet1=[["a", "b"], [1, 2]]), SMALL)
    assert codes(caught.value.problems) == ["reading.no_firms"]
    assert "单位名称" in str(dict(caught.value.problems[0].params)["headings"])


def test_a_file_of_events_without_events_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        read(csv_file(tmp_path / "c.csv", FIRMS), SMALL, csv_file(tmp_path / "d.csv", FIRMS))
    assert codes(caught.value.problems) == ["reading.no_events"]


@pytest.mark.parametrize("data", [b"PAR1", b"PAR1" + b"\0" * 100 + b"PAR1", b"PAR1" + b"\xff" * 100 + b"PAR1"])
def test_a_broken_parquet_file_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.parquet").write_bytes(data)
    with pytest.raises(Refused) as caught:
        read(tmp_path / "a.parquet", SMALL)
    assert codes(caught.value.problems) == ["reading.parquet"]


def test_places_in_parquet_are_those_of_a_sheet_with_its_headings_in_row_one(tmp_path: Path) -> None:
    found = read(parquet(tmp_path / "a.parquet", [["单位名称", "规模以上"], ["甲", "是"], ["乙", "待定"]]), SMALL)
    assert [at for at, _ in errors(found)] == ["B3"]


def test_problems_of_the_file_itself_come_first(tmp_path: Path) -> None:
    found = read(csv_file(tmp_path / "c.csv", [*FIRMS, ["丙", "?", "", "", ""]], "gb18030"), SMALL)
    assert codes(found.problems) == ["files.encoding-used", "cells.yes_no"]


def test_polars_is_not_loaded_before_the_child_has_been_started() -> None:
    code = "import sys, ordos_subsidy.tables; print('polars' in sys.modules, 'openpyxl' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


SAID = {**sentences("reading").problems, **sentences("fields").problems}


@pytest.mark.parametrize("name", SAID)
def test_both_languages_of_a_problem_say_something(name: str) -> None:
    zh_what, zh_remedy, en_what, en_remedy = SAID[name]
    assert all((zh_what, zh_remedy, en_what, en_remedy))
    assert "。" not in zh_what
    known = {
        "detail",
        "headings",
        "headings_en",
        "fact",
        "fact_en",
        "unit",
        "given",
        "near",
        "others",
        "name",
        "other",
        "first",
        "key",
        "count",
        "awards",
        "year",
        "words",
        "why",
        "why_en",
        "kind",
        "kind_en",
        "limit",
        "places",
        "read",
        "read_en",
    }
    for sentence in SAID[name]:
        assert {part for _, part, _, _ in Formatter().parse(sentence) if part} <= known


def test_our_sheets_have_names_in_both_languages() -> None:
    assert all(zh and en for zh, en in (*sentences("reading").phrases.values(), *sentences("fields").phrases.values()))
