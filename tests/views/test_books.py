"""`calc` and `batch` write one book and one table of awards: sheet by sheet, cell by cell, byte for byte."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from openpyxl import load_workbook

from ordos_subsidy.cli import run
from ordos_subsidy.render import csv as csv_
from ordos_subsidy.render import xlsx
from ordos_subsidy.views.fields import AWARD_KEYS
from ordos_subsidy.views.result import of_outcome
from tests.builders import compiled, evaluated, lab
from tests.runs import EXAMPLES

ON = ["--on", "2026-11-23"]
OVERALL = {"汇总", "按条款", "按旗区", "按待填"}
FIRMS = sorted(
    path.name for path in EXAMPLES.iterdir() if path.suffix in (".xlsx", ".toml") and "rules" not in path.name
)
RULES = ["--policies", str(EXAMPLES / "rules-2021-65.toml")]


def cells(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """The values of a book, by sheet."""
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in load_workbook(path)}


@pytest.mark.parametrize("more", [[], ["--year", "2023"], ["--lang", "en"], RULES], ids=["", "year", "en", "rules"])
@pytest.mark.parametrize("name", FIRMS)
def test_both_commands_write_the_same(tmp_path: Path, name: str, more: list[str]) -> None:
    file, outs = str(EXAMPLES / name), [tmp_path / f"{which}.xlsx" for which in ("calc", "batch")]
    run(["calc", file, "-o", str(outs[0]), "--no-receipt", *more, *ON])
    run(["batch", file, "-o", str(outs[1]), "--quiet", *more, *ON])
    alone, many = map(cells, outs)
    assert list(alone) == [name for name in many if name in alone]
    assert len(many) - len(alone) == len(OVERALL)
    for sheet, rows in alone.items():
        assert rows == many[sheet], sheet
    run(["calc", file, "-o", str(tmp_path / "calc.csv"), *more, *ON])
    run(["batch", file, "-o", str(tmp_path / "batch.csv"), "--view", "awards", "--quiet", *more, *ON])
    assert (tmp_path / "calc.csv").read_bytes() == (tmp_path / "batch.csv").read_bytes()


def test_every_format_has_the_columns_of_one_definition(tmp_path: Path) -> None:
    file = str(EXAMPLES / "invented-park.xlsx")
    for ending in ("xlsx", "csv", "parquet"):
        run(["batch", file, "-o", str(tmp_path / f"a.{ending}"), "--view", "awards", "--quiet", *ON])
    sheet = cells(tmp_path / "a.xlsx")["奖补明细"]
    heads, *rows = csv.reader(io.StringIO((tmp_path / "a.csv").read_text("utf-8-sig"), newline=""))
    assert heads == list(sheet[0])
    frame = pl.read_parquet(tmp_path / "a.parquet")
    assert frame.columns == [f"{each.key}_fen" if each.holds == "money" else each.key for each in AWARD_KEYS]
    assert frame.height == len(rows) == len(sheet) - 1
    verdict, note = heads.index("结论"), heads.index("原因")
    assert all(bool(row[note]) or row[verdict] == "符合" for row in rows if row[verdict] == "不符合")


ACTIVE = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e]")


def test_titles_of_a_policy_file_are_text_in_headings_and_names_of_sheets(tmp_path: Path) -> None:
    """The fact that says where a firm belongs names a column and a sheet."""
    document = lab()
    document["fact"]["shape"]["title"] = {"zh": '=HYPERLINK("http://e","攻")\x1b[31m\u202e/[红]*', "en": "@SUM(1)"}
    document["policy"]["number"] = "=1&L+1\x1b]52;c;攻\x07"
    document["clause"][0]["heading"] = {"zh": "=1+1\x1b[31m攻", "en": "=1"}
    outcome = evaluated(compiled(document), {"shape": "round", "events": [{"matter": "grant", "day": "2022-03-01"}]})
    result = of_outcome(outcome, "zh", None)
    result.overall = True
    (tmp_path / "a.xlsx").write_bytes(xlsx.render(result))
    book = load_workbook(tmp_path / "a.xlsx")
    cells_ = (cell for sheet in book for row in sheet.iter_rows() for cell in row)
    found: list[Any] = [cell for cell in cells_ if isinstance(cell.value, str)]
    assert any(cell.value.startswith("=HYPERLINK") for cell in found)
    for cell in found:
        assert cell.data_type == "s"
        assert not ACTIVE.search(cell.value)
        assert cell.quotePrefix or not cell.value.startswith(("=", "@", "+"))
    assert "按=hyperlink" in book.sheetnames
    out = io.BytesIO()
    csv_.write(of_outcome(outcome, "zh", None).table("firms"), out, "zh")
    lines = csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline=""))
    assert not [cell for line in lines for cell in line if cell.startswith(("=", "@", "+")) or ACTIVE.search(cell)]


def test_the_book_of_one_firm_and_one_that_is_left_out_is_written(tmp_path: Path) -> None:
    """Its front sheet is that of many firms, whose sums it needs."""
    file, book = tmp_path / "list.csv", tmp_path / "out.xlsx"
    file.write_text("单位名称,营业收入（万元）\n甲公司,100\n乙公司,约1亿\n", "utf-8")
    assert run(["calc", str(file), "-o", str(book)]) == 4
    assert "乙公司" in [cell.value for row in load_workbook(book)["结论"] for cell in row]
