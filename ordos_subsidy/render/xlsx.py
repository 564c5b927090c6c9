"""A report as a workbook of five sheets: awards, preferences, totals, what is missing, messages.

Text is text and never a formula, whatever it begins with; sums are numbers in 万元 with a number format that
shows every digit down to the fen. A text too long for a cell is cut with a mark that says how much is missing.
The same report gives the same bytes: no clock and no user name is written, and the zip entries bear one date.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

from ordos_subsidy import money
from ordos_subsidy.document import Report, Verdict
from ordos_subsidy.pages import terms as figures
from ordos_subsidy.render import _rows as flat
from ordos_subsidy.render import _view as view
from ordos_subsidy.render._clean import looks_like_formula, plain
from ordos_subsidy.render._rows import Value
from ordos_subsidy.words import Lang, listed, phrase

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

#: What Excel holds in one cell, counted in UTF-16 units.
CELL_LIMIT = 32_767
#: Every digit of a sum in 万元, down to the fen, and no more than there are.
SUM_FORMAT = "#,##0.######"
#: Points a line of text takes.
LINE_HEIGHT = 16
_CLOCK = datetime(1980, 1, 1)  # noqa: DTZ001 - the first day a zip entry can bear; workbooks know no zone
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")

_HEAD_FILL = PatternFill("solid", fgColor="1F4E79")
_FONT = Font(name="Microsoft YaHei", size=10)
_HEAD_FONT = Font(name="Microsoft YaHei", size=10, bold=True, color="FFFFFF")
_HEAD = Alignment(horizontal="center", vertical="center", wrap_text=True)
_TEXT, _NUMBER = Alignment(vertical="top", wrap_text=True), Alignment(vertical="top")
_LINE = Border(bottom=Side("thin", color="D9DFE5"))
_FILLS: dict[Verdict, PatternFill] = {
    "yes": PatternFill("solid", fgColor="E2F1E7"),
    "unknown": PatternFill("solid", fgColor="FCF1D8"),
    "no": PatternFill("solid", fgColor="F3E4E4"),
}


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: its name, headings with column widths, and rows."""

    name: str
    heads: Sequence[str]
    widths: Sequence[int]
    rows: Iterable[Sequence[Value]]
    #: The verdict column (from 0), coloured for eyes that like colour; the word stands in it.
    verdict: int | None = None
    #: How many columns are printed.
    printed: int = 0


def render(report: Report, *, width: int | None = None, colour: bool = False) -> bytes:
    """The answer to `calc`."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for table in tables(report):
        _sheet(book.create_sheet(table.name), table, report.lang)
    book.properties.creator = "ordos-subsidy"
    book.properties.title = plain(report.source.name)
    out = BytesIO()
    book.save(out)
    return _steady(out.getvalue())


def tables(report: Report) -> Iterator[Table]:
    """The sheets of the workbook."""
    lang = report.lang
    verdict = list(AWARDS).index("verdict")
    yield _table("awards", AWARDS, flat.rows(report, AWARDS), lang, verdict=verdict, printed=PRINTED)
    yield _table("preferences", PREFERENCES, _preferences(report), lang, verdict=4)
    sums = [28, 12, 18, 18, 14, 18, 20]
    yield Table(_say("totals", lang), _total_heads(lang), sums, _totals(report), printed=len(sums))
    yield _table("missing", MISSING, _missing(report), lang)
    yield _table("problems", MESSAGES, _messages(report), lang)


def _table(
    name: str,
    columns: dict[str, int],
    rows: Iterable[Sequence[Value]],
    lang: Lang,
    *,
    verdict: int | None = None,
    printed: int = 0,
) -> Table:
    heads = [_say(column, lang) for column in columns]
    return Table(_say(name, lang), heads, list(columns.values()), rows, verdict, printed or len(heads))


#: Columns of the awards sheet with their widths: what a clerk reads first, what links rows to systems last.
AWARDS = {
    "firm": 26,
    "reference": 10,
    "measure": 30,
    "event": 22,
    "date": 12,
    "event_wan": 13,
    "verdict": 9,
    "amount_words": 20,
    "low_wan": 14,
    "high_wan": 14,
    "open_high": 8,
    "recipient": 10,
    "counts_low_wan": 14,
    "counts_high_wan": 14,
    "years": 11,
    "departments": 40,
    "missing_facts": 16,
    "reason": 34,
    "notes": 34,
    "remark": 20,
    "document": 20,
    "section": 10,
    "amount_kind": 10,
    "clause_number": 8,
    "measure_id": 26,
    "code": 22,
}
#: How many of them go on paper; the rest would make the print too small to read.
PRINTED = 14

#: Headings and column widths of the smaller sheets.
PREFERENCES = {
    "firm": 28,
    "reference": 10,
    "measure_id": 22,
    "measure": 34,
    "verdict": 10,
    "group": 30,
    "missing_facts": 20,
    "departments": 44,
    "notes": 36,
}
MISSING = {"firm": 28, "fact": 22, "sum_at_stake": 18, "pending_open": 20, "place": 28, "decides_head": 60}
MESSAGES = {"firm": 28, "severity": 8, "where": 30, "problem": 50, "remedy": 50}


def _say(name: str, lang: Lang) -> str:
    return phrase(f"show.{name}", lang)


def _preferences(report: Report) -> Iterator[list[Value]]:
    lang = report.lang
    for firm in report.firms:
        for name, rows in view.preference_groups(firm, everything=True):
            for row in rows:
                yield [
                    firm.name,
                    row.reference,
                    row.measure,
                    row.title,
                    figures.verdict_word(row.verdict, lang),
                    _say(name, lang),
                    view.missing(row, firm, lang) or None,
                    listed(row.departments, lang),
                    _say("then", lang).join(row.notes) or None,
                ]


def _total_heads(lang: Lang) -> list[str]:
    sums = [phrase("show.sum_wan", lang, name=_say(name, lang)) for name in ("assured", "ceiling", "pending")]
    counts = [_say("open_ended_count", lang), _say("pending_open", lang)]
    return [_say("firm", lang), _say("year", lang), *sums[:2], counts[0], sums[2], counts[1]]


def _totals(report: Report) -> Iterator[list[Value]]:
    for firm in report.firms:
        open_ = view.open_by_year(firm)
        waiting = view.open_by_year(firm, "unknown")
        for each in firm.totals.by_year:
            year: Value = each.year if each.year is not None else _say("no_year", report.lang)
            sums = [money.in_wan(sum_) for sum_ in (each.assured, each.ceiling, each.pending)]
            yield [firm.name, year, *sums[:2], open_[each.year], sums[2], waiting[each.year]]
        total = firm.totals
        sums = [money.in_wan(sum_) for sum_ in (total.assured, total.ceiling, total.pending)]
        yield [firm.name, _say("total", report.lang), *sums[:2], total.open_ended, sums[2], total.pending_open]


def _missing(report: Report) -> Iterator[list[Value]]:
    for firm in report.firms:
        for each in firm.missing:
            place = " · ".join(filter(None, (each.about, each.place)))
            decides = listed((figures.heading(*item) for item in dict.fromkeys(each.decides)), report.lang)
            yield [firm.name, each.title, money.in_wan(each.pending), each.pending_open, place, decides]


def _messages(report: Report) -> Iterator[list[Value]]:
    yield from _standing(report)
    for problem in report.problems:
        yield [None, *figures.problem(problem, report.lang)]
    for firm in report.firms:
        for problem in firm.problems:
            yield [firm.name, *figures.problem(problem, report.lang)]


def _standing(report: Report) -> Iterator[list[Value]]:
    """What must be read with the figures: the document, the year asked for, who is not in it, the footnotes."""
    lang = report.lang
    lines = [f"{report.source.title} {figures.basis(report.source, lang)}"]
    if report.year is not None:
        lines.append(phrase("show.only_year", lang, year=report.year))
    if report.left_out:
        lines.append(phrase("show.left_out", lang, count=report.left_out))
    for text in (*lines, *report.footnotes):
        yield [None, _say("footnotes", lang), None, text, None]


def _sheet(sheet: Worksheet, table: Table, lang: Lang) -> None:
    """A sheet with frozen headings, a filter and column widths."""
    for at, (head, width) in enumerate(zip(table.heads, table.widths, strict=True), 1):
        cell = sheet.cell(1, at)
        _put(cell, head, lang)
        cell.font, cell.fill = _HEAD_FONT, _HEAD_FILL
        cell.alignment = _HEAD
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.row_dimensions[1].height = _height(table.heads, table.widths) + LINE_HEIGHT // 2
    last = 1
    for last, row in enumerate(table.rows, 2):
        for at, value in enumerate(row, 1):
            cell = sheet.cell(last, at)
            _put(cell, value, lang)
            cell.font, cell.border, cell.alignment = _FONT, _LINE, _TEXT if isinstance(value, str) else _NUMBER
        sheet.row_dimensions[last].height = _height(row, table.widths)
        if table.verdict is not None:
            cell = sheet.cell(last, table.verdict + 1)
            cell.fill = _fill(str(cell.value), lang)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.heads))}{last}"
    sheet.sheet_view.zoomScale = 90
    sheet.print_area = f"A1:{get_column_letter(table.printed)}{last}"
    _paper(sheet)


def _height(row: Sequence[Value], widths: Sequence[int]) -> int:
    """The height of a row in points: programs do not all fit rows to wrapped text by themselves."""
    lines = (
        -(-sum(1 + (east_asian_width(each) in "WFA") for each in value) // (width - 1))
        for value, width in zip(row, widths, strict=True)
        if isinstance(value, str)
    )
    return min(max(lines, default=1) or 1, 25) * LINE_HEIGHT


def _fill(word: str, lang: Lang) -> PatternFill:
    return {figures.verdict_word(verdict, lang): fill for verdict, fill in _FILLS.items()}.get(word, PatternFill())


def _paper(sheet: Worksheet) -> None:
    """Printed across, as wide as the paper, with the headings on every page."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.5, header=0.2, footer=0.2)


def _put(cell: Cell | MergedCell, value: Value, lang: Lang) -> None:
    """A value in a cell: numbers as numbers, text as text and nothing else."""
    if isinstance(value, str):
        # Programs read _x0041_ in a cell as an escaped letter; escaping its first sign keeps it as it was typed.
        text = _ESCAPED.sub("_x005F_", short(plain(value), lang))
        cell.value = text
        cell.data_type = "s"  # openpyxl takes a leading = for a formula unless told
        cell.quotePrefix = looks_like_formula(text)
    elif value is not None:
        cell.value = value
        cell.number_format = SUM_FORMAT if isinstance(value, Decimal) else "0"


def short(text: str, lang: Lang) -> str:
    """A text that fits a cell; what is cut off is counted in a mark at the end.

    >>> short("长" * 40_000, "zh")[-15:]
    '长……（过长，余7300字略）'
    """
    if _units(text) <= CELL_LIMIT:
        return text
    keep = CELL_LIMIT - 67
    while _units(text[:keep]) > CELL_LIMIT - 67:
        keep -= max(1, (_units(text[:keep]) - (CELL_LIMIT - 67)) // 2)
    return text[:keep] + phrase("show.too_long", lang, count=len(text) - keep)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _steady(book: bytes) -> bytes:
    """The same workbook without the time it was made at."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(book)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _STAMP.sub(rb"\g<1>" + _CLOCK.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), content)
            entry = zipfile.ZipInfo(name, _CLOCK.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, content)
    return out.getvalue()
