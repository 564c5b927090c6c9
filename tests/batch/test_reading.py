"""A batch reads what `calc` reads: the same firms, the same problems at the same places, however large the table."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from ordos_subsidy.batch import lookup, reading, sources
from ordos_subsidy.batch.cells import sound_codes
from ordos_subsidy.batch.sides import KNOWN
from ordos_subsidy.cells.answers import CODE_SIGNS
from ordos_subsidy.errors import Refused
from ordos_subsidy.firms import reading as single
from ordos_subsidy.firms.tables import Firms
from tests.vocabulary import SMALL

#: So few rows at the top go through `firms`, that small tables try the columns too.
HEAD = 3
CODES = ["911506247794561234"[:17] + last for last in "0123456789"]
NAMES = [
    "鄂尔多斯市甲甲有限公司",
    "鄂尔多斯市乙乙（集团）有限公司",
    "鄂尔多斯市乙乙(集团)有限公司",
    "鄂尔多斯市 丙丙有限公司",
    "A&B Co.",
]
FIRM_HEADS = [
    "单位名称",
    "统一社会信用代码",
    "所在旗区（园区）",
    "规模以上",
    "所属年度",
    "营业收入（万元）",
    "研发投入",
    "增长率",
]
EVENT_HEADS = ["单位名称", "信用代码", "事项", "取得日期", "金额（元）", "备注"]
FIRM_CELLS = [
    st.sampled_from(
        [*NAMES, *[f"鄂尔多斯市第{n}有限公司" for n in range(30)], "", "合计", "注：以上为万元", "单位名称"]
    ),
    st.sampled_from([*CODES, "", "", "", "123"]),
    st.sampled_from(["北旗", "北", "市外", "", "东旗"]),
    st.sampled_from(["是", "否", "√", "", "待定"]),
    st.sampled_from(["2022", "2022年", "", "22"]),
    st.sampled_from(["100", "1,234.5", "0.0000001", "", "约100"]),
    st.sampled_from(["5", "500万元", "", "-"]),
    st.sampled_from(["3%", "0.03", "", "3.5"]),
]
EVENT_CELLS = [
    st.sampled_from([*NAMES, "鄂尔多斯市第1有限公司", "鄂尔多斯市乙乙 (集团)有限公司", "没有此单位", "", ""]),
    st.sampled_from([*CODES, "", ""]),
    st.sampled_from(["重点实验室", "实验室", "科技企业孵化器", "", "小计", "不认识"]),
    st.sampled_from(["2022-03-01", "2022年3月", "", "6/7/2021"]),
    st.sampled_from(["3000000", "300万元", ""]),
    st.sampled_from(["", "鄂科发〔2021〕65号", "说明：略"]),
]


def rows(cells: list[Any], most: int) -> st.SearchStrategy[list[list[str]]]:
    """Rows of a table."""
    return st.lists(st.tuples(*cells).map(list), max_size=most)


@pytest.fixture(autouse=True)
def _short_head(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "HEAD", HEAD)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tables")


def read(how: Any, *paths: Any) -> Firms | list[Any]:
    """What comes of reading, or why it was refused."""
    try:
        found: Firms = how(*paths)
    except Refused as refused:
        return list(refused.problems)
    return found


def same(one: Firms | list[Any], two: Firms | list[Any]) -> None:
    """Both readings agree in every cell and every problem."""
    assert type(one) is type(two), (one, two)
    if isinstance(one, list) or isinstance(two, list):
        assert [each.code for each in one] == [each.code for each in two]  # type: ignore[union-attr]
        return
    assert sorted(one.problems, key=str) == sorted(two.problems, key=str)
    assert one.left_out == two.left_out
    for before, after in ((one.firms, two.firms), (one.events, two.events)):
        assert before.equals(after.select(before.columns)), (before, after)


def write_csv(path: Path, heads: list[str], table: list[list[str]]) -> Path:
    """A table as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([heads, *table])
    return path


def both(firms: Path, events: Path) -> Iterator[Firms | list[Any]]:
    """By `calc` and by `batch`."""
    yield read(single.read, firms, SMALL, events)
    yield read(reading.read, [firms], [events], SMALL)


TRIED = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
TRIED_LITTLE = settings(TRIED, max_examples=12)


@TRIED
@given(firms=rows(FIRM_CELLS, 14), events=rows(EVENT_CELLS, 14))
def test_csv_is_read_alike(folder: Path, firms: list[list[str]], events: list[list[str]]) -> None:
    paths = write_csv(folder / "firms.csv", FIRM_HEADS, firms), write_csv(folder / "events.csv", EVENT_HEADS, events)
    same(*both(*paths))


@TRIED
@given(firms=rows(FIRM_CELLS, 14), events=rows(EVENT_CELLS, 14))
def test_parquet_is_read_alike(folder: Path, firms: list[list[str]], events: list[list[str]]) -> None:
    paths = folder / "firms.parquet", folder / "events.parquet"
    for path, heads, table in zip(paths, (FIRM_HEADS, EVENT_HEADS), (firms, events), strict=True):
        frame = pl.DataFrame(table, dict.fromkeys(heads, pl.String), orient="row")
        frame.with_columns(pl.all().replace("", None)).write_parquet(path)
    same(*both(*paths))


@settings(TRIED, max_examples=20)
@given(firms=rows(FIRM_CELLS, 30), events=rows(EVENT_CELLS, 30), few=st.integers(1, 6))
def test_texts_that_repeat_are_read_alike(folder: Path, firms: list[Any], events: list[Any], few: int) -> None:
    """Whether the first rows show all that a column holds, some of it, or that it is not worth counting."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sources, "_SAMPLE", 4)
        patch.setattr(sources, "_FEW", few)
        test_parquet_is_read_alike.hypothesis.inner_test(folder, firms, events)  # type: ignore[attr-defined]


MANY_SOUND = [
    next(code for sign in CODE_SIGNS if sound_codes(pl.Series([code := f"911506000000{n:05}{sign}"]))[0])
    for n in range(12)
]
SOUND = ["91150600000000000X", "911506000000000011", "911506000000000024", "911506000000000037"]


@pytest.mark.parametrize("firms", [SOUND, [*SOUND, SOUND[0]], [*SOUND[:3], "911506000000000038"], []])
def test_codes_beside_events_are_read_alike(tmp_path: Path, firms: list[str]) -> None:
    wrong = "911506000000000038"
    given = [*SOUND, *SOUND, SOUND[1].lower(), f" {SOUND[0]}", wrong, "123", "91150600000089342X", None, *SOUND]
    names = [f"鄂尔多斯市第{n}有限公司" for n in range(len(firms) + 6)]
    table = {"单位名称": names, "统一社会信用代码": [*[None] * 6, *firms], "营业收入（万元）": [1.5] * len(names)}
    events = {"信用代码": given, "事项": ["重点实验室"] * len(given), "取得日期": ["2022-03-01"] * len(given)}
    paths = tmp_path / "firms.parquet", tmp_path / "events.parquet"
    for path, columns in zip(paths, (table, events), strict=True):
        text = {name: pl.String for name in columns if name != "营业收入（万元）"}
        pl.DataFrame(columns, schema_overrides=text).write_parquet(path)
    same(*both(*paths))


@pytest.mark.parametrize("heads", [["统一社会信用代码", "", "单位名称"], ["", "统一社会信用代码", "单位名称"]])
@pytest.mark.parametrize("noted", [(), (9,), (7, 9)])
def test_a_word_beside_a_firm_in_a_column_without_heading_loses_no_firm(
    tmp_path: Path, heads: list[str], noted: tuple[int, ...]
) -> None:
    """Nor one of its events."""
    at, named = heads.index(""), heads.index("单位名称")
    table: list[list[str]] = []
    for n, code in enumerate(MANY_SOUND):
        row = [code, f"鄂尔多斯市第{n}有限公司"]
        row.insert(at, "迁出" if n in noted else "")
        table.append(row)
    events = [[*row[:named], "重点实验室"] for row in table]
    paths = write_csv(tmp_path / "firms.csv", heads, table), tmp_path / "events.csv"
    write_csv(paths[1], [*heads[:named], "事项"], events)
    for found in both(*paths):
        assert isinstance(found, Firms)
        assert (len(found), found.events.height, found.left_out) == (len(table), len(table), 0)
    same(*both(*paths))


@pytest.mark.parametrize("many", [1, 1000])
def test_codes_beside_events_are_found_while_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    """In tables and by a join; below the first rows, which are read one by one."""
    monkeypatch.setattr(lookup, "MANY", many)
    firms, events = tmp_path / "firms.csv", tmp_path / "events.csv"
    write_csv(firms, FIRM_HEADS[:2], [[f"鄂尔多斯市第{n}有限公司", code] for n, code in enumerate(SOUND)])
    write_csv(events, EVENT_HEADS[1:4], [[code, "重点实验室", "2022-03-01"] for code in (SOUND * 3)])
    found = reading._gathered([firms], [events], SMALL).sides[1].frame.get_column(KNOWN).to_list()
    assert found[HEAD:] == ([0, 1, 2, 3] * 3)[HEAD:]


@TRIED_LITTLE
@given(firms=rows(FIRM_CELLS, 14), events=rows(EVENT_CELLS, 14), numbers=st.booleans())
def test_a_workbook_is_read_alike(folder: Path, firms: list[list[str]], events: list[list[str]], numbers: bool) -> None:
    book = Workbook()
    for name, heads, table in (("单位信息", FIRM_HEADS, firms), ("申报事项", EVENT_HEADS, events)):
        sheet = book.create_sheet(name)
        sheet.append(["鄂尔多斯市申报表"])
        sheet.append(heads)
        for row in table:
            cells = [float(cell) if numbers and cell.replace(".", "", 1).isdigit() else cell or None for cell in row]
            sheet.append(cells)
    path = folder / "book.xlsx"
    book.save(path)
    same(read(single.read, path, SMALL), read(reading.read, [path], [], SMALL))


def test_numbers_of_parquet_are_read_exactly(tmp_path: Path) -> None:
    path = tmp_path / "firms.parquet"
    pl.DataFrame(
        {
            "name": [f"鄂尔多斯市第{n}有限公司" for n in range(6)],
            "revenue(元)": pl.Series(["0.01", "1234567.89", None, "1", "2", "3"]).cast(pl.Decimal(20, 2)),
            "研发投入": [0.1, 0.7, 1234.56, None, 1e-6, 5.0],
            "big": [True, False, None, True, True, True],
            "trades": [["coal"], ["煤炭", "光伏"], None, [], ["cars"], ["coal"]],
        }
    ).write_parquet(path)
    firms = reading.read([path], [], SMALL)
    assert firms.firms["revenue"].to_list() == [1, 123456789, None, 100, 200, 300]
    assert firms.firms["research"].to_list() == [100_000, 700_000, 1_234_560_000, None, 1, 5_000_000]
    assert firms.firms["big"].to_list() == [True, False, None, True, True, True]
    assert firms.firms["trades"].to_list() == [1, 3, None, None, 4, 1]
    assert [each.code for each in firms.problems] == ["reading.assumed_unit"]


def test_a_total_far_down_is_not_taken_for_a_firm(tmp_path: Path) -> None:
    table = [[f"鄂尔多斯市第{n}有限公司", *[""] * 7] for n in range(10)]
    table[7][0] = "合 计"
    firms = reading.read([write_csv(tmp_path / "firms.csv", FIRM_HEADS, table)], [], SMALL)
    assert len(firms) == 9
    assert [(each.code, each.where[-2:]) for each in firms.problems] == [("reading.total_row", "A9")]


def test_firms_and_their_events_may_stand_in_different_files(tmp_path: Path) -> None:
    firms = [write_csv(tmp_path / f"{n}.csv", FIRM_HEADS[:1], [[f"鄂尔多斯市第{n}有限公司"]]) for n in (1, 2)]
    events = write_csv(tmp_path / "events.csv", ["单位名称", "事项"], [["鄂尔多斯市第2有限公司", "实验室"]])
    found = reading.read([*firms, events], [], SMALL)
    assert found.events["@firm"].to_list() == [1]


def test_an_event_that_names_no_firm_belongs_to_the_only_firm_of_its_file(tmp_path: Path) -> None:
    """A park sends in a folder of forms, each with its own events, which name nobody."""
    paths = []
    for n, last in enumerate("甲乙"):
        book = Workbook()
        for title, table in (
            ("单位信息", [["单位名称", f"鄂尔多斯市{last}有限公司"], ["规模以上", "是"], ["所属年度", 2022]]),
            ("申报事项", [EVENT_HEADS[2:4], ["重点实验室", f"2022-03-0{n + 1}"], ["重点实验室", "2023"]]),
        ):
            sheet = book.create_sheet(title)
            for row in table:
                sheet.append(row)
        paths.append(tmp_path / f"{last}.xlsx")
        book.save(paths[-1])
    found = reading.read(paths, [], SMALL)
    assert not [each for each in found.problems if each.severity == "error"]
    assert found.events.get_column("@firm").to_list() == [0, 0, 1, 1]
    both_firms = write_csv(tmp_path / "b.csv", ["单位名称"], [["鄂尔多斯市丙有限公司"], ["鄂尔多斯市丁有限公司"]])
    nobody = reading.read([both_firms], [write_csv(tmp_path / "e.csv", EVENT_HEADS[2:3], [["重点实验室"]])], SMALL)
    assert [each.code for each in nobody.problems] == ["reading.event_unnamed"]


def test_merged_cells_are_read_alike(tmp_path: Path) -> None:
    """Those of the first rows, and those far down."""
    book = Workbook()
    sheet = book.create_sheet("单位信息")
    sheet.append(FIRM_HEADS[:1] + FIRM_HEADS[2:4])
    for n in range(40):
        sheet.append([f"鄂尔多斯市第{n}有限公司", "北旗", "是"])
    for spot in ("B3:B4", "C20:C22", "A30:A31", "B35:C36"):
        sheet.merge_cells(spot)
    path = tmp_path / "merged.xlsx"
    book.save(path)
    one, two = read(single.read, path, SMALL), read(reading.read, [path], [], SMALL)
    assert isinstance(one, Firms)
    assert {each.where.rpartition("!")[2] for each in one.problems if each.code == "reading.merged"} == {
        *("B3", "B4", "C20", "C21", "C22", "B35", "B36")
    }
    same(one, two)


def test_a_folder_stands_for_its_tables_without_the_result(tmp_path: Path) -> None:
    for name in ("b.csv", "a.xlsx", "~$a.xlsx", "notes.txt", "out.xlsx"):
        (tmp_path / name).write_text("x", "utf-8")
    found = sources.expanded([tmp_path], tmp_path / "out.xlsx")
    assert [path.name for path in found] == ["a.xlsx", "b.csv"]


def test_a_broken_parquet_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "firms.parquet"
    path.write_bytes(b"PAR1 and nothing else")
    with pytest.raises(Refused):
        reading.read([path], [], SMALL)
