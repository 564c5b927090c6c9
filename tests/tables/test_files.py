"""Any number of files, however large their tables: the quick ways read what the careful ways read."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from ordos_subsidy.cells.answers import CODE_SIGNS
from ordos_subsidy.errors import Refused
from ordos_subsidy.files import workbook
from ordos_subsidy.files.guard import ONE_FIRM
from ordos_subsidy.tables import headings, join, odd_rows, read, reading, sources, typing
from ordos_subsidy.tables.firms import FIRM, PLACE, Firms
from ordos_subsidy.tables.typing import sound_codes
from tests.runs import EXAMPLES, run
from tests.vocabulary import SMALL

#: So few rows at the top are lists that small tables try the columns too.
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


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tables")


def outcome(how: Callable[[], Firms]) -> Firms | list[Any]:
    """What comes of reading, or why it was refused."""
    try:
        return how()
    except Refused as refused:
        return list(refused.problems)


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


def both(firms: Path, *events: Path) -> Iterator[Firms | list[Any]]:
    """By the careful ways alone, and by the quick ways from the first cell."""
    for head, quick_from in ((sources.HEAD, 10**9), (HEAD, 0)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sources, "HEAD", head)
            patch.setattr(typing, "QUICK_FROM", quick_from)
            yield outcome(lambda: read([firms], events, SMALL))


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
    same(*both(path))
    with pytest.MonkeyPatch.context() as patch:  # sent in many frames
        settings = "module.LARGE_BYTES = 0; module.CHUNK_CELLS = 24; module.main()"
        patch.setattr(workbook, "_BOOT", workbook._BOOT.replace("module.main()", settings))
        same(*both(path))


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
    firms = read([path], [], SMALL)
    assert firms.firms["revenue"].to_list() == [1, 123456789, None, 100, 200, 300]
    assert firms.firms["research"].to_list() == [100_000, 700_000, 1_234_560_000, None, 1, 5_000_000]
    assert firms.firms["big"].to_list() == [True, False, None, True, True, True]
    assert firms.firms["trades"].to_list() == [1, 3, None, None, 4, 1]
    assert [each.code for each in firms.problems] == ["reading.assumed_unit"]


def test_a_total_far_down_is_not_taken_for_a_firm(tmp_path: Path) -> None:
    table = [[f"鄂尔多斯市第{n}有限公司", *[""] * 7] for n in range(10)]
    table[7][0] = "合 计"
    firms = read([write_csv(tmp_path / "firms.csv", FIRM_HEADS, table)], [], SMALL)
    assert len(firms) == 9
    assert [(each.code, each.where[-2:]) for each in firms.problems] == [("reading.total_row", "A9")]


def test_firms_and_their_events_may_stand_in_different_files(tmp_path: Path) -> None:
    firms = [write_csv(tmp_path / f"{n}.csv", FIRM_HEADS[:1], [[f"鄂尔多斯市第{n}有限公司"]]) for n in (1, 2)]
    events = write_csv(tmp_path / "events.csv", ["单位名称", "事项"], [["鄂尔多斯市第2有限公司", "实验室"]])
    found = read([*firms, events], [], SMALL)
    assert found.events["@firm"].to_list() == [1]


def test_a_file_given_for_its_events_gives_no_firms(tmp_path: Path) -> None:
    book = Workbook()
    for title, heads, row in (("单位信息", FIRM_HEADS[:1], NAMES[1:2]), ("申报事项", EVENT_HEADS[2:3], ["重点实验室"])):
        sheet = book.create_sheet(title)
        sheet.append(heads)
        sheet.append(row)
    book.save(tmp_path / "e.xlsx")
    firms = write_csv(tmp_path / "f.csv", FIRM_HEADS[:1], [NAMES[:1]])
    found = read([firms], [tmp_path / "e.xlsx"], SMALL)
    assert (found.firms["name"].to_list(), found.events.height) == (NAMES[:1], 1)


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
    found = read(paths, [], SMALL)
    assert not [each for each in found.problems if each.severity == "error"]
    assert found.events.get_column("@firm").to_list() == [0, 0, 1, 1]
    both_firms = write_csv(tmp_path / "b.csv", ["单位名称"], [["鄂尔多斯市丙有限公司"], ["鄂尔多斯市丁有限公司"]])
    nobody = read([both_firms], [write_csv(tmp_path / "e.csv", EVENT_HEADS[2:3], [["重点实验室"]])], SMALL)
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
    one, two = both(path)
    assert isinstance(one, Firms)
    assert {each.where.rpartition("!")[2] for each in one.problems if each.code == "reading.merged"} == {
        *("B3", "B4", "C20", "C21", "C22", "B35", "B36")
    }
    same(one, two)


def test_a_broken_parquet_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "firms.parquet"
    path.write_bytes(b"PAR1 and nothing else")
    with pytest.raises(Refused):
        read([path], [], SMALL)


# --- laws


def by_name(found: Firms) -> list[Any]:
    """Firms and their events without rows and places, in an order of their own."""
    events = found.events.drop(PLACE).sort(pl.all().exclude(FIRM), nulls_last=True)
    rows = found.firms.drop(PLACE).rows(named=True)
    own = [events.filter(pl.col(FIRM) == number).drop(FIRM).rows() for number in range(len(found))]
    return sorted((str({k: v for k, v in row.items() if k != FIRM}), each) for row, each in zip(rows, own, strict=True))


@TRIED
@given(firms=rows(FIRM_CELLS, 14), events=rows(EVENT_CELLS, 14), data=st.data())
def test_the_order_of_rows_decides_nothing(folder: Path, firms: list[Any], events: list[Any], data: Any) -> None:
    """But which of the entries of a firm, or of its names, is named first; and what is read as units or as totals."""
    tables = [[row for row in table if "单位名称" not in row] for table in (firms, events)]
    found = []
    for table in (tables, [data.draw(st.permutations(table)) for table in tables]):
        paths = write_csv(folder / "f.csv", FIRM_HEADS, table[0]), write_csv(folder / "e.csv", EVENT_HEADS, table[1])
        found.append(outcome(lambda paths=paths: read([paths[0]], [paths[1]], SMALL)))  # type: ignore[misc]
    one, two = found
    assert type(one) is type(two)
    if isinstance(one, Firms) and isinstance(two, Firms):
        assert by_name(one) == by_name(two)
        assert one.left_out == two.left_out


@TRIED_LITTLE
@given(firms=rows(FIRM_CELLS, 8), events=rows(EVENT_CELLS, 8))
def test_a_table_says_the_same_in_every_format(folder: Path, firms: list[Any], events: list[Any]) -> None:
    found = []
    paths = write_csv(folder / "f.csv", FIRM_HEADS, firms), write_csv(folder / "e.csv", EVENT_HEADS, events)
    found.append(outcome(lambda: read([paths[0]], [paths[1]], SMALL)))
    book = Workbook()
    for title, heads, table in (("单位信息", FIRM_HEADS, firms), ("申报事项", EVENT_HEADS, events)):
        sheet = book.create_sheet(title)
        for row in [heads, *table]:
            sheet.append([cell or None for cell in row])
    book.save(folder / "b.xlsx")
    found.append(outcome(lambda: read([folder / "b.xlsx"], [], SMALL)))
    one, two = found
    if isinstance(one, Firms) and isinstance(two, Firms):
        assert one.firms.drop(PLACE).equals(two.firms.drop(PLACE))
        assert one.events.drop(PLACE).equals(two.events.drop(PLACE))
        assert [each.code for each in one.problems] == [each.code for each in two.problems]


# --- files that are too much


def parquet(path: Path, heads: list[str], table: list[list[Any]]) -> Path:
    """A table of texts; a blank is null."""
    frame = pl.DataFrame(table, dict.fromkeys(heads, pl.String), orient="row")
    frame.with_columns(pl.all().replace("", None)).write_parquet(path)
    return path


def refusal(*files: Path, events: tuple[Path, ...] = ()) -> list[Any]:
    """Why some files are refused."""
    with pytest.raises(Refused) as refused:
        read(files, events, SMALL)
    return list(refused.value.problems)


ONE = ["鄂尔多斯市第1有限公司", "911506247794561235", "北旗", "是", "2022", "100", "5", "3%"]


def test_a_file_of_one_firm_over_and_over_is_refused_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few bytes may unfold to millions of rows that all want a word: one message, with the place of the first."""
    table = pl.DataFrame({"单位名称": ["鄂尔多斯市甲甲有限公司"] * 400})
    table.write_parquet(tmp_path / "f.parquet")
    monkeypatch.setattr(join, "ONE_BY_ONE", 100)
    (said,) = refusal(tmp_path / "f.parquet")
    assert (said.code, said.where[-2:]) == ("batch.one_by_one", "A2")


def test_a_column_that_cannot_be_read_at_all_is_refused_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Instead of a message for each of its cells."""
    names = [f"鄂尔多斯市第{n}有限公司" for n in range(400)]
    pl.DataFrame({"单位名称": names, "营业收入": ["约100"] * 400}).write_parquet(tmp_path / "f.parquet")
    monkeypatch.setattr(typing, "UNREADABLE", 100)
    (said,) = refusal(tmp_path / "f.parquet")
    assert (said.code, dict(said.params)["given"]) == ("batch.unreadable", "约100")


def test_more_rows_than_can_be_explained_are_refused_where_each_is(tmp_path: Path) -> None:
    """Blank ones do not count, and both files do."""
    firms = write_csv(tmp_path / "f.csv", FIRM_HEADS, [ONE, *[[""] * len(FIRM_HEADS)] * 9])
    events = write_csv(tmp_path / "e.csv", EVENT_HEADS, [[*ONE[:2], "重点实验室", "", "", ""]] * 3)
    assert len(read([firms], [events], SMALL, allowance=ONE_FIRM._replace(rows=4))) == 1
    with pytest.raises(Refused, match=r"超过3行|than 3 firms"):
        read([firms], [events], SMALL, allowance=ONE_FIRM._replace(rows=3))


def test_a_parquet_file_that_is_replaced_while_it_is_read_is_read_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever stands under its name from the moment on when it was opened."""
    path = parquet(tmp_path / "f.parquet", FIRM_HEADS, [ONE])
    other = [*ONE[:5], "999999", *ONE[6:]]
    real = sources.of_parquet

    def replaced(data: bytes, name: str) -> Any:
        made = real(data, name)
        parquet(tmp_path / "new.parquet", FIRM_HEADS, [other, other]).replace(path)
        return made

    before = read([path], [], SMALL).firms
    monkeypatch.setattr(sources, "of_parquet", replaced)
    assert read([path], [], SMALL).firms.equals(before)
    monkeypatch.undo()
    assert not read([path], [], SMALL).firms.equals(before)


def test_more_odd_rows_than_anybody_looks_at_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_csv(tmp_path / "f.csv", FIRM_HEADS, [ONE, *[["a", *[""] * (len(FIRM_HEADS) - 1)]] * 9])
    assert len(read([path], [], SMALL)) == 1
    monkeypatch.setattr(odd_rows, "ODD_ROWS", 8)
    assert refused_as(path) == "reading.too_many_odd_rows"


def test_tables_that_do_not_fit_in_memory_are_refused_before_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Together, and in words that say where to turn."""
    firms, events = parquet(tmp_path / "f.parquet", FIRM_HEADS, [ONE] * 3), tmp_path / "e.parquet"
    parquet(events, EVENT_HEADS, [[*ONE[:2], "重点实验室", "", "", ""]] * 6)
    monkeypatch.setattr(reading, "ROWS", 9)
    (said,) = refusal(firms, events=(events,))
    assert (said.code, said.where) == ("batch.too_many_rows", str(events))


def test_totals_far_down_are_each_named_where_they_stand(tmp_path: Path) -> None:
    total = [*ONE[:2], "小计", "2022年3月", "3000000", ""]
    firms = parquet(tmp_path / "f.parquet", FIRM_HEADS, [ONE])
    events = parquet(tmp_path / "e.parquet", EVENT_HEADS, [*[total] * 300, [*ONE[:2], "重点实验室", *total[3:]]])
    found = read([firms], [events], SMALL)
    assert found.events.height == 1
    named = [each.where.rpartition("!")[2] for each in found.problems if each.code == "reading.total_row"]
    assert named == [f"A{row}" for row in range(2, 302)]


def test_a_table_of_firms_is_no_table_of_events_however_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That is said whatever else there is to say of it."""
    monkeypatch.setattr(join, "ONE_BY_ONE", 2)
    firms = parquet(tmp_path / "f.parquet", FIRM_HEADS, [ONE])
    many = parquet(tmp_path / "many.parquet", FIRM_HEADS, [ONE] * 9)
    assert refusal(firms, events=(many,))[-1].code == "reading.no_events"


def test_of_two_files_that_cannot_be_read_the_first_is_named(tmp_path: Path) -> None:
    """Though the next one is opened meanwhile."""
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"PAR1 nonsense")
    assert [each.code for each in refusal(broken, tmp_path / "missing.csv")] == ["reading.parquet"]


# --- files that are small and read large


def test_texts_that_share_their_bytes_count_each(tmp_path: Path) -> None:
    """Some hundred bytes of Parquet that stand for gigabytes, refused before any is read one by one."""
    names = pl.Series(["企" * 100_000]).new_from_index(0, 10_000)
    pl.DataFrame({"单位名称": names}).write_parquet(tmp_path / "f.parquet")
    assert (tmp_path / "f.parquet").stat().st_size < 5000
    assert refused_as(tmp_path / "f.parquet", allowance=ONE_FIRM) == "files.memory"


def test_parquet_that_takes_too_long_is_refused(tmp_path: Path) -> None:
    """It is read in a child first, under the limits of workbooks."""
    pl.DataFrame({"单位名称": [f"甲{n}" for n in range(3_000_000)]}).write_parquet(tmp_path / "f.parquet")
    assert refused_as(tmp_path / "f.parquet", allowance=ONE_FIRM._replace(memory=32 << 20)) == "files.memory"


def test_more_columns_than_a_sheet_has_are_refused(tmp_path: Path) -> None:
    heads = ["单位名称", *(f"c{n}" for n in range(16_384))]
    (tmp_path / "f.csv").write_text(",".join(heads) + "\n" + "," * (len(heads) - 1) + "\n", "utf-8")
    pl.DataFrame({head: [1] for head in heads}).write_parquet(tmp_path / "f.parquet")
    assert refused_as(tmp_path / "f.csv") == refused_as(tmp_path / "f.parquet") == "files.too-many-columns"


def test_unknown_headings_are_compared_with_known_ones_a_limited_number_of_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def ask(wrong: str, _: object) -> str:
        asked.append(wrong)
        return ""

    monkeypatch.setattr(headings, "did_you_mean", ask)
    heads = ["单位名称", "规模以上", *(f"营业收入{n}" for n in range(3_000))]
    (tmp_path / "f.csv").write_text(",".join(heads) + "\n甲公司,是" + "," * 3_000 + "\n", "utf-8")
    assert len(read([tmp_path / "f.csv"], [], SMALL)) == 1
    assert len(asked) <= headings.NEAR


def test_one_firm_may_take_less_text_than_many(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_bytes(b"x" * (25 << 20))
    assert refused_as(tmp_path / "f.csv", allowance=ONE_FIRM) == "files.too-large"


def test_a_parquet_file_that_is_replaced_while_it_is_read_gives_what_was_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "f.parquet"
    pl.DataFrame({"单位名称": ["甲公司"], "规模以上": ["是"]}).write_parquet(path)
    real = workbook.BookReader.sheets

    def replaced(self: workbook.BookReader, made: Any) -> Any:
        path.write_bytes(b"PAR1 other")
        return real(self, made)

    monkeypatch.setattr(workbook.BookReader, "sheets", replaced)
    assert read([path], [], SMALL).firms["name"].to_list() == ["甲公司"]


def refused_as(path: Path, **more: Any) -> str:
    """The code of the one problem for which a file is refused."""
    with pytest.raises(Refused) as caught:
        read([path], [], SMALL, **more)
    (problem,) = caught.value.problems
    return problem.code


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_a_result_of_ours_is_refused_as_an_input(tmp_path: Path, ending: str) -> None:
    """Its sheets hold names and sums, and would be scored once more."""
    result = tmp_path / f"scored.{ending}"
    assert run("calc", EXAMPLES / "invented-park.xlsx", "-o", result).code == 4
    for command in ("calc", "check", "batch"):
        ran = run(command, result)
        assert ran.code == 1
        assert "这是本程序测算的结果" in ran.err
