"""One answer: the same report, written in every format and read back, has the same rows, verdicts and sums."""

from __future__ import annotations

import csv
import json
import re
from decimal import Decimal
from functools import cache
from html.parser import HTMLParser
from io import BytesIO, StringIO
from pathlib import Path
from unicodedata import normalize

import docx
import openpyxl
import pytest
from pypdf import PdfReader

from ordos_subsidy import tables
from ordos_subsidy.carriers import MAKERS
from ordos_subsidy.document import Report
from ordos_subsidy.evaluation import Outcome, evaluate
from ordos_subsidy.pages import firm_page, terms
from ordos_subsidy.policy import load_policies
from ordos_subsidy.render import csv as csv_renderer
from ordos_subsidy.render import markdown, terminal
from ordos_subsidy.report.answer import calc
from ordos_subsidy.views import result
from tests.runs import EXAMPLES, ROOT
from tests.strategies import ON

FILES = [EXAMPLES / name for name in ("erdos-resources.xlsx", "invented-institute.toml", "invented-park.xlsx")]
#: (reference, title, verdict, least, most) of an award; sums in fen, None for no upper bound.
Row = tuple[str, str, str, int, int | None]
SIGNS = {"✓": "yes", "?": "unknown", "✗": "no", "×": "no"}
WAN = Decimal(10**6)


@cache
def answer(file: Path) -> tuple[Outcome, Report]:
    policies = load_policies(ROOT / "policies.toml")
    outcome = evaluate(policies, tables.read([file], [], policies.vocabulary), ON)
    return outcome, calc(outcome)


def made(file: Path, name: str) -> bytes:
    return MAKERS[name](*answer(file), None).data


def rows(file: Path) -> list[Row]:
    """The awards that apply or may apply, firm by firm."""
    return [
        (each.reference, each.title, each.verdict, each.low, each.high)
        for firm in answer(file)[1].firms
        for each in firm.awards
        if each.verdict != "no"
    ]


def worded(file: Path) -> list[tuple[str, str, str, str]]:
    """The same as pages word them: (reference, title, verdict, interval)."""
    return [(ref, title, verdict, terms.interval(low, high, "zh")) for ref, title, verdict, low, high in rows(file)]


def award_row(cells: list[str]) -> tuple[str, str, str, str]:
    """A row of a table of awards: the notes' numbers and the lines under the title left out."""
    reference, measure, verdict, _, interval = cells
    title = re.sub(r" (\[\d+\])+$", "", measure.split("\n")[0].replace("\\", ""))
    return reference, title, SIGNS[verdict[0]], interval


class HtmlTables(HTMLParser):
    """The rows of all tables of a page, the lines of a cell apart."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
        elif tag == "span" and self.rows and self.rows[-1] and "under" in (dict(attrs).get("class") or ""):
            self.rows[-1][-1] += "\n"

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1] and self.lasttag in ("td", "span"):
            self.rows[-1][-1] += data


def awards(found: list[list[str]], others: int) -> list[tuple[str, str, str, str]]:
    """The rows of five cells with a verdict, those of credits left out."""
    read = [award_row(row) for row in found if len(row) == 5 and row[2][:1] in SIGNS and row[2].strip() != "?"]
    assert len(read) == others
    return read


def credited(file: Path) -> list[tuple[str, str, str, str]]:
    return [
        (each.reference, each.title, each.verdict, terms.interval(each.low, each.high, "zh"))
        for firm in answer(file)[1].firms
        for each in firm.credits
        if each.verdict != "no"
    ]


def expected(file: Path) -> list[tuple[str, str, str, str]]:
    return sorted([*worded(file), *credited(file)])


@pytest.mark.parametrize("file", FILES, ids=lambda each: each.stem)
def test_json_csv_and_the_workbook_have_the_rows_to_the_fen(file: Path) -> None:
    document = json.loads(made(file, "json"), parse_float=Decimal)
    assert [
        (each["reference"], each["title"], each["verdict"], fen(each["amount"]["low"]), fen(each["amount"]["high"]))
        for firm in document["firms"]
        for each in firm["awards"]
        if each["verdict"] != "no"
    ] == rows(file)
    outcome, report = answer(file)
    lines = (each for firm in report.firms for each in (*firm.awards, *firm.credits) if each.verdict != "no")
    wanted = sorted(((each.reference, each.title, each.low, each.high) for each in lines), key=str)
    text = csv_renderer.render(result.of_outcome(outcome, "zh", None)).decode("utf-8-sig")
    written = list(csv.DictReader(StringIO(text)))
    book = openpyxl.load_workbook(BytesIO(made(file, "xlsx")))
    heads, *cells = book["奖补明细"].iter_rows(values_only=True)
    for found in (written, [dict(zip(map(str, heads), row, strict=True)) for row in cells]):
        assert sorted(filter(None, map(tabled, found)), key=str) == wanted


def tabled(row: dict[str, object]) -> tuple[str, str, int, int | None] | None:
    """(reference, title, least, most) of a row of a table of awards, or None where it does not apply."""
    if "不符合" in str(row["结论"]):
        return None
    low, high = (row[head] for head in ("至少（万元）", "至多（万元）"))
    most = None if high in (None, "") else int(Decimal(str(high)) * WAN)
    return str(row["条款"]), str(row["奖补措施"]), int(Decimal(str(low or 0)) * WAN), most


def fen(yuan: int | Decimal | None) -> int | None:
    return None if yuan is None else int(yuan * 100)


@pytest.mark.parametrize("file", FILES, ids=lambda each: each.stem)
def test_pages_and_documents_have_the_same_rows_and_intervals(file: Path) -> None:
    wanted = expected(file)
    page = HtmlTables(made(file, "html").decode()).rows
    assert sorted(awards(page, len(wanted))) == wanted
    document = docx.Document(BytesIO(made(file, "docx")))
    cells = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    assert sorted(awards(cells, len(wanted))) == wanted
    noted = markdown.paint(firm_page.page(answer(file)[1])).splitlines()
    lines = [
        [cell.split("；")[0].strip() for cell in line.strip("| ").split(" | ")] for line in noted if line[:1] == "|"
    ]
    assert sorted(awards(lines, len(wanted))) == wanted


@pytest.mark.parametrize("file", FILES, ids=lambda each: each.stem)
def test_the_pdf_and_the_terminal_say_every_row_and_sum(file: Path) -> None:
    report = answer(file)[1]
    printed = "".join(page.extract_text() for page in PdfReader(BytesIO(made(file, "pdf"))).pages)
    shown = terminal.paint(firm_page.page(report), width=400)
    for text in (squeezed(printed), squeezed(shown)):
        for reference, title, _, interval in expected(file):
            assert squeezed(f"{reference}{title}") in text
            assert squeezed(interval) in text
        for firm in report.firms:
            for sum_, up in ((firm.totals.assured, False), (firm.totals.ceiling, True), (firm.totals.pending, True)):
                assert squeezed(terms.about(sum_, "zh", up=up)) in text


def squeezed(text: str) -> str:
    """A text without blanks and lines; characters that a PDF gives in another form as they are usual."""
    return re.sub(r"[\s│]+", "", normalize("NFKC", text))
