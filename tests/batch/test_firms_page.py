"""The page of a batch: the figures of the workbook, every firm that is left out, and one script that is named."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html import unescape
from pathlib import Path
from unicodedata import normalize

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from ordos_subsidy.batch import summary
from ordos_subsidy.cli import Exit, run
from tests.runs import EXAMPLES

PARK = EXAMPLES / "invented-park.xlsx"
ON = ("--quiet", "--on", "2026-11-23")


def page(tmp_path: Path, *more: str, ending: str = "html", file: Path = PARK) -> str:
    out = tmp_path / f"firms.{ending}"
    assert run(["batch", str(file), "-o", str(out), *ON, *more]) in (Exit.ANSWERED, Exit.LEFT_OUT)
    return out.read_text("utf-8")


def tables(text: str) -> list[list[list[str]]]:
    """The tables of a page, row by row, as text."""
    found = re.findall(r"<table.*?</table>", text, re.DOTALL)
    rows = [re.findall(r"<tr.*?</tr>", each, re.DOTALL) for each in found]
    return [
        [[unescape(re.sub(r"<[^>]*>", "", cell)) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in each]
        for each in rows
    ]


def test_it_has_the_figures_of_the_workbook(tmp_path: Path) -> None:
    """Firms with the largest sums first and their total, then clauses and districts."""
    book = tmp_path / "firms.xlsx"
    run(["batch", str(PARK), "-o", str(book), *ON])
    firms, clauses, districts, missing, left_out = tables(page(tmp_path))
    for (heads, *rows), name, key in ((firms, "汇总", 0), (clauses, "按条款", 1), (districts, "按旗区", 0)):
        first, *all_ = load_workbook(book)[name].iter_rows(values_only=True)
        if name == "按条款":
            all_ = [row for row in all_ if row[2] == "合计"]
            rows[-1][1] = "全部条款"
        at = [first.index(head) for head in heads[key:]]
        wanted = {str(row[at[0]]): [row[n] for n in at[1:]] for row in all_}
        for row in rows:
            shown = [float(cell.replace(",", "")) for cell in row[key + 1 :] if re.fullmatch(r"[\d.,]+", cell)]
            assert shown == [each for each in wanted[row[key]] if isinstance(each, int | float)]
    ceilings = [float(row[3].replace(",", "")) for row in firms[1:-1]]
    assert ceilings == sorted(ceilings, reverse=True)
    assert ["规模以上", "3", "3,000", "0"] in missing
    assert [row[0] for row in left_out[1:]] == ["鄂尔多斯市辛八煤化工有限公司（虚构）"]
    assert "约12亿" in left_out[1][2]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_markdown_says_the_same(tmp_path: Path, lang: str) -> None:
    noted = page(tmp_path, "--lang", lang, ending="md").replace("\\", "")
    for row in (row for each in tables(page(tmp_path, "--lang", lang)) for row in each):
        assert all(cell in noted for cell in row)


def test_the_pdf_has_every_cell(tmp_path: Path) -> None:
    out = tmp_path / "firms.pdf"
    run(["batch", str(PARK), "-o", str(out), *ON])
    printed = "".join(page.extract_text() for page in PdfReader(out).pages)
    said = re.sub(r"\s", "", normalize("NFKC", printed))
    for row in (row for each in tables(page(tmp_path)) for row in each):
        assert all(re.sub(r"\s", "", normalize("NFKC", cell)) in said for cell in row)


def test_of_many_firms_the_largest_are_listed_and_the_others_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = tables(page(tmp_path))
    monkeypatch.setattr(summary, "LISTED", 3)
    text = page(tmp_path)
    (heads, *firms), *others = tables(text)
    assert [heads, *firms] == [*whole[0][:4], whole[0][-1]]
    assert others[0] == whole[1]
    assert "另有8家未列出" in text


def test_a_year_asked_for_is_the_year_of_the_sums(tmp_path: Path) -> None:
    assert "只计2023年" in page(tmp_path, "--year", "2023")
    assert tables(page(tmp_path, "--year", "2023"))[0][-1] != tables(page(tmp_path))[0][-1]


def test_the_one_script_is_named_by_its_hash_and_the_same_firms_give_the_same_page(tmp_path: Path) -> None:
    text = page(tmp_path)
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    digest = b64encode(sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in text
    assert "unsafe" not in text
    assert not re.search(r"src=|href=|url\(|@import|<link|\bon\w+=", text)
    assert text == page(tmp_path)


def test_what_a_firm_is_called_stays_text(tmp_path: Path) -> None:
    firm = tmp_path / "firms.toml"
    firm.write_text('[[firm]]\nname = "<script>alert(1)</script>"\n[[firm]]\nname = "乙"\nrevenue = "约1亿"\n', "utf-8")
    text = page(tmp_path, file=firm)
    assert text.count("<script>") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
