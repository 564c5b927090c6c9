"""The command itself, from files to files: what is written, what is said, and the exit code."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from openpyxl import Workbook, load_workbook

from ordos_subsidy.cli import Exit, run
from ordos_subsidy.policy import load_policies

ON = ["--on", "2026-11-23"]
WORDS = load_policies().vocabulary
BROKEN = 5


def firm_heads() -> list[str]:
    """The headings of a firm table, sums in 万元."""
    return [f"{fact.title.zh}（万元）" if fact.type == "money" else fact.title.zh for fact in WORDS.of("firm")]


def event_heads() -> list[str]:
    """The headings of an event table."""
    heads = [f"{fact.title.zh}（万元）" if fact.type == "money" else fact.title.zh for fact in WORDS.of("event")]
    return ["单位名称", *heads]


def value(draw: random.Random, kind: str, choices: Sequence[str]) -> str | float | None:
    """A cell of a fact's type."""
    made: dict[str, Any] = {
        "yes_no": draw.choice(["是", "否", None]),
        "choice": draw.choice([*choices, None]) if choices else None,
        "choices": draw.choice([*choices, None]) if choices else None,
        "kind": draw.choice(list(choices)) if choices else None,
        "year": draw.choice([2021, 2022, 2023, None]),
        "money": draw.choice([round(draw.lognormvariate(6, 2), 2), None]),
        "date": draw.choice(["2021-05-01", "2022-03-01", "2022年3月", "2023", None]),
    }
    return made.get(kind)


def tables(count: int, seed: int = 1) -> tuple[list[list[Any]], list[list[Any]]]:
    """Firms and events without a fault."""
    draw = random.Random(seed)  # noqa: S311 - test data
    names = [f"内蒙古第{n}号新材料有限公司" for n in range(count)]
    kinds = [kind.title.zh for kind in WORDS.kinds.values()]
    firms = []
    for name in names:
        row = [value(draw, fact.type, [each.title.zh for each in fact.choices]) for fact in WORDS.of("firm")]
        firms.append([name, None, *row[2:]])
    events = []
    for name in draw.choices(names, k=2 * count):
        row = [
            value(draw, fact.type, kinds if fact.type == "kind" else [each.title.zh for each in fact.choices])
            for fact in WORDS.of("event")
        ]
        events.append([name, *row])
    return firms, events


def break_rows(firms: list[list[Any]], events: list[list[Any]]) -> None:
    """Five firms that cannot be scored."""
    heads = firm_heads()
    firms[10][heads.index("规模以上")] = "待定"
    firms[50][heads.index("营业收入（万元）")] = "约100"
    firms[100][heads.index("所属年度")] = "22"
    firms[150][0] = None
    events[0][0], events[0][event_heads().index("取得日期")] = firms[200][0], "6/7/2021"


def book(path: Path, firms: list[list[Any]], events: list[list[Any]]) -> Path:
    """A workbook of both tables."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, heads, table in (("单位信息", firm_heads(), firms), ("申报事项", event_heads(), events)):
        sheet = made.create_sheet(name)
        for row in [heads, *table]:
            sheet.append(row)
    made.save(path)
    return path


def write_csv(path: Path, heads: list[str], table: list[list[Any]]) -> Path:
    """A table as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([heads, *table])
    return path


def write_parquet(path: Path, heads: list[str], table: list[list[Any]]) -> Path:
    """A table as Parquet, with columns of their own types."""
    columns = zip(*table, strict=True)
    pl.DataFrame([pl.Series(head, list(column)) for head, column in zip(heads, columns, strict=True)]).write_parquet(
        path
    )
    return path


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    firms, events = tables(300)
    break_rows(firms, events)
    return book(tmp_path_factory.mktemp("sample") / "firms.xlsx", firms, events)


@pytest.fixture(scope="module")
def scored(sample: Path) -> Path:
    out = sample.with_name("scored.xlsx")
    assert run(["batch", str(sample), "-o", str(out), "--quiet", *ON]) == Exit.LEFT_OUT
    return out


def documents(path: Path) -> dict[str, Any]:
    """The document of each firm in a JSON result, by its name."""
    return {each["firm"]["name"]: each for each in json.loads(path.read_text("utf-8"), parse_float=Decimal)["firms"]}


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("ending", ["xlsx", "csv", "parquet"])
def test_firm_in_a_batch_equals_the_firm_by_calc_in_any_order(
    tmp_path: Path, ending: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ordos_subsidy.tables.sources.HEAD", 4)
    firms, events = tables(12, seed)
    if ending == "xlsx":
        alone = [book(tmp_path / "calc.xlsx", firms, events)]
        mixed = [book(tmp_path / "batch.xlsx", firms[::-1], events[::-1])]
    else:
        write = write_csv if ending == "csv" else write_parquet
        alone = [
            write(tmp_path / f"f.{ending}", firm_heads(), firms),
            write(tmp_path / f"e.{ending}", event_heads(), events),
        ]
        mixed = [
            write(tmp_path / f"f2.{ending}", firm_heads(), firms[::-1]),
            write(tmp_path / f"e2.{ending}", event_heads(), events[::-1]),
        ]
    calc, batch = tmp_path / "calc.json", tmp_path / "batch.json"
    also = ["--events", str(alone[1])] if len(alone) > 1 else []
    assert run(["calc", str(alone[0]), *also, "-o", str(calc), *ON]) == Exit.ANSWERED
    assert run(["batch", *map(str, mixed), "-o", str(batch), "--quiet", *ON]) == Exit.ANSWERED
    assert json.loads(comparable(documents(batch))) == json.loads(comparable(documents(calc)))


def comparable(found: dict[str, Any]) -> str:
    """Documents without the places of rows, which differ, with awards in one order."""
    for each in found.values():
        each["missing"] = each["problems"] = None
        for key in ("awards", "credits", "preferences"):
            for award in each[key]:
                award["notes"] = None
            each[key] = sorted(each[key], key=lambda award: json.dumps(award, default=str))
    return json.dumps(found, default=str, sort_keys=True)


def test_every_format_says_the_same_of_a_firm(sample: Path, scored: Path, tmp_path: Path) -> None:
    outs = {ending: tmp_path / f"out.{ending}" for ending in ("json", "jsonl", "csv", "parquet")}
    for out in outs.values():
        run(["batch", str(sample), "-o", str(out), "--quiet", *ON])
    found = documents(outs["json"])
    lines = [json.loads(line, parse_float=Decimal) for line in outs["jsonl"].read_text("utf-8").splitlines()]
    assert {each["firm"]["name"]: each for each in lines} == found
    frame = pl.read_parquet(outs["parquet"])
    *rows, _, _ = load_workbook(scored)["汇总"].iter_rows(min_row=2, values_only=True)
    sheet = [row for row in rows if not str(row[-1] or "").startswith("未测算")]
    assert len(rows) - len(sheet) == BROKEN
    with outs["csv"].open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    assert len(frame) == len(sheet) == len(table) == len(found) == 300 - BROKEN
    for row, cells, line in zip(frame.iter_rows(named=True), sheet, table, strict=True):
        totals = found[row["name"]]["totals"]
        assert row["assured_fen"] == totals["assured"] * 100
        assert row["ceiling_fen"] == totals["ceiling"] * 100
        assert row["pending_fen"] == totals["pending"] * 100
        assert row["open_ended"] == totals["open_ended"]
        assert Decimal(line["上限（万元）"]) * 10_000 == totals["ceiling"]
        assert round(Decimal(str(cells[4])) * 10_000, 2) == totals["ceiling"]
        assert cells[0] == line["单位名称"] == row["name"]


def test_broken_rows_are_left_out_named_and_counted(
    sample: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["batch", str(sample), "-o", str(tmp_path / "out.csv"), *ON]) == Exit.LEFT_OUT
    said = capfd.readouterr()
    assert said.out.startswith("读取单位300家，测算295家，未测算5家，")
    for place in ("单位信息!F12", "单位信息!O52", "单位信息!N102", "单位信息!A152", "申报事项!C2"):
        assert place in said.err.replace("\n", "").replace(" ", "")


def test_the_workbook_has_its_sheets_with_headings_frozen_and_filters_on(scored: Path) -> None:
    made = load_workbook(scored)
    assert made.sheetnames == [
        "结论",
        "汇总",
        "奖补明细",
        "优惠政策",
        "分年合计",
        "还缺什么",
        "按待填",
        "按条款",
        "按旗区",
        "提示",
    ]
    for sheet in made.worksheets[1:]:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert min(each.width for each in sheet.column_dimensions.values()) >= 8
    sums = [cell for cell in made["汇总"]["D"][1:-1] if cell.value is not None]
    assert {cell.number_format for cell in sums} == {"#,##0.00####_)"}
    problems = [row for row in made["提示"].iter_rows(min_row=2, values_only=True) if row[1] == "错误"]
    assert len(problems) >= BROKEN


def test_totals_by_clause_and_by_district_add_up_to_the_firms(scored: Path) -> None:
    made: Any = load_workbook(scored)
    firms, clauses, places = (
        [*made[name].iter_rows(min_row=2, values_only=True)] for name in ("汇总", "按条款", "按旗区")
    )
    *firms, everything, _ = firms
    firms = [row for row in firms if row[3] is not None]
    for of_firm, of_clause, of_place in ((3, 3, 3), (4, 4, 4), (5, 5, 5), (6, 6, 6), (7, 7, 7)):
        total = sum(row[of_firm] for row in firms)
        assert clauses[-1][of_clause] == everything[of_firm] == pytest.approx(total)
        assert sum(row[of_clause] for row in clauses[:-1] if row[2] == "合计") == pytest.approx(total)
        assert sum(row[of_place] for row in places) == pytest.approx(total)
    assert sum(row[3] for row in clauses if row[2] != "合计") == pytest.approx(clauses[-1][3])


def test_the_same_input_gives_the_same_bytes(sample: Path, scored: Path, tmp_path: Path) -> None:
    for ending in ("xlsx", "csv", "parquet", "json"):
        outs = [tmp_path / f"{n}.{ending}" for n in (1, 2)]
        for out in outs:
            run(["batch", str(sample), "-o", str(out), "--quiet", "--view", "awards", *ON])
        assert outs[0].read_bytes() == outs[1].read_bytes()


def test_parts_of_a_batch_make_the_same_file(sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frames = []
    for size in (1000, 37):
        monkeypatch.setattr("ordos_subsidy.batch.PART_OF_AWARDS", size)
        run(["batch", str(sample), "-o", str(tmp_path / "out.parquet"), "--quiet", "--view", "awards", *ON])
        frames.append(pl.read_parquet(tmp_path / "out.parquet"))
    assert frames[0].equals(frames[1])


def test_missing_facts_of_awards_are_those_that_calc_asks_for(sample: Path, tmp_path: Path) -> None:
    for ending in ("json", "parquet"):
        run(["batch", str(sample), "-o", str(tmp_path / f"out.{ending}"), "--quiet", "--view", "awards", *ON])
    rows = pl.read_parquet(tmp_path / "out.parquet").iter_rows(named=True)
    for found in documents(tmp_path / "out.json").values():
        for award in (*found["awards"], *found["credits"]):
            row = next(rows)
            assert (row["name"], row["measure_id"]) == (found["firm"]["name"], award["measure"])
            assert (row["missing_facts"] or []) == award["missing"]
            assert row["verdict"] == award["verdict"]


def test_events_that_may_be_one_are_said(tmp_path: Path) -> None:
    firms, events = tables(1)
    heads = event_heads()
    twice: list[Any] = [None] * len(heads)
    twice[0], twice[heads.index("事项")], twice[heads.index("取得日期")] = (
        firms[0][0],
        "自治区级重点实验室",
        "2022-03-01",
    )
    out = tmp_path / "out.xlsx"
    run(["batch", str(book(tmp_path / "f.xlsx", firms, [twice, twice])), "-o", str(out), "--quiet", *ON])
    said = [row[2] for row in load_workbook(out)["提示"].iter_rows(min_row=2, values_only=True)]
    assert any(str(where).count("申报事项!") == len([twice, twice]) for where in said), events


def test_text_is_text_whatever_it_begins_with(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "f.csv", ["单位名称"], [["=1+1"], ["@甲公司"], ["+乙公司"]])
    run(["batch", str(path), "-o", str(tmp_path / "out.csv"), "--quiet"])
    run(["batch", str(path), "-o", str(tmp_path / "out.xlsx"), "--quiet"])
    lines = (tmp_path / "out.csv").read_text("utf-8-sig").splitlines()[1:]
    assert [line.split(",")[0] for line in lines] == ["'=1+1", "'@甲公司", "'+乙公司"]
    cells = [row[0] for row in load_workbook(tmp_path / "out.xlsx")["汇总"].iter_rows(min_row=2, max_row=4)]
    assert [(cell.value, cell.data_type) for cell in cells] == [("=1+1", "s"), ("@甲公司", "s"), ("+乙公司", "s")]


def test_year_counts_what_falls_in_it(sample: Path, tmp_path: Path) -> None:
    for ending in ("json", "parquet"):
        run(["batch", str(sample), "-o", str(tmp_path / f"out.{ending}"), "--quiet", "--year", "2023", *ON])
    found = documents(tmp_path / "out.json")
    for row in pl.read_parquet(tmp_path / "out.parquet").iter_rows(named=True):
        assert row["ceiling_fen"] == found[row["name"]]["totals"]["ceiling"] * 100


def test_english_is_spoken_throughout(
    sample: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.xlsx"
    monkeypatch.setattr("sys.argv", ["ordos-subsidy", "--lang", "en"])
    run(["batch", str(sample), "-o", str(out), "--lang", "en", *ON])
    assert capfd.readouterr().out.startswith("Firms read 300, scored 295, left out 5")
    made = load_workbook(out)
    assert made.sheetnames == [
        *("Summary", "Firms", "Awards", "Preferences", "Totals by year", "What is missing"),
        *("By missing fact", "By clause", "By banner, district or park", "Messages"),
    ]
    assert made["Firms"]["A1"].value == "Firm"


def test_stdout_is_the_same_each_run_and_quiet_is_silent(
    sample: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    told = []
    for more in ([], [], ["--quiet"]):
        run(["batch", str(sample), "-o", str(tmp_path / "out.csv"), *more, *ON])
        told.append(capfd.readouterr().out)
    assert told[0] == told[1]
    assert told[0].count("█") > 10
    assert told[2] == ""


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (["nowhere.csv", "-o", "out.csv"], Exit.REFUSED),
        (["f.csv", "-o", "out.doc"], Exit.REFUSED),
        (["f.csv", "-o", "out.csv", "--view", "all"], Exit.USAGE),
        (["f.csv", "-o", "f.csv"], Exit.REFUSED),
    ],
)
def test_what_cannot_be_done_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, argv: list[str], code: Exit
) -> None:
    monkeypatch.chdir(tmp_path)
    path = write_csv(Path("f.csv"), ["单位名称"], [["甲公司"]])
    before = path.read_bytes()
    assert run(["batch", *argv]) == code
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["f.csv"]


def test_more_awards_than_a_sheet_holds_are_said(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("ordos_subsidy.views.result_book.ROWS", 400)
    run(["batch", str(sample), "-o", str(tmp_path / "out.xlsx"), "--quiet", *ON])
    assert "--viewawards" in capfd.readouterr().err.replace("\n", "").replace(" ", "")
    assert load_workbook(tmp_path / "out.xlsx").sheetnames == ["结论", "汇总", "按待填", "按条款", "按旗区", "提示"]
