"""Sheets as people make them, in every kind of file, and what the real policy makes of them."""

from __future__ import annotations

import csv
import datetime as dt
from functools import cache
from typing import TYPE_CHECKING, Any

import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl import Workbook

from ordos_subsidy.policy import load_policies
from ordos_subsidy.tables import read
from ordos_subsidy.tables import read_sheets as read_book
from tests.tables.reads import codes, of_rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ordos_subsidy.policy import Policies
    from ordos_subsidy.tables.firms import Firms
    from ordos_subsidy.tables.options import Options

Rows = Any
WAN = 10_000 * 100
FIRM = "虚构甲新材料有限公司"
SECOND = "虚构乙新材料有限公司"


@cache
def policies() -> Policies:
    """The built-in policy."""
    return load_policies()


def grid(rows: Rows, name: str = "Sheet1", **more: Any) -> Any:
    """A sheet, every row as wide as the widest."""
    width = max(map(len, rows))
    return of_rows(name, [[*row, *[None] * (width - len(row))] for row in rows], **more)


def book(*sheets: Any, options: Options | None = None) -> Firms:
    """What a book of sheets means under the built-in policy."""
    return read_book("f.xlsx", sheets, policies().vocabulary, options=options)


def rows(cells: Rows, options: Options | None = None, **more: Any) -> Firms:
    """What one sheet means."""
    return book(grid(cells, **more), options=options)


def sums(found: Firms, *keys: str) -> dict[str, tuple[Any, ...]]:
    """Facts of every firm, money in 万元."""
    money = {key for key in keys if policies().vocabulary.facts[key].type == "money"}
    return {
        row["name"]: tuple(None if row[key] is None else row[key] / WAN if key in money else row[key] for key in keys)
        for row in found.firms.to_dicts()
    }


def accounts(found: Firms) -> dict[str, tuple[Any, ...]]:
    """Revenue and R&D of every firm, in 万元."""
    return sums(found, "revenue", "rd_expense")


def said(found: Firms) -> list[str]:
    """The codes of all problems, without their room."""
    return [each.rpartition(".")[2] for each in codes(found.problems)]


def as_xlsx(path: Path, cells: Rows, formats: Mapping[str, str]) -> Path:
    """An .xlsx file; `formats` by the address of a cell."""
    made = Workbook()
    sheet: Any = made.active
    sheet.title = "Sheet1"
    for row in cells:
        sheet.append(list(row))
    for address, code in formats.items():
        sheet[address].number_format = code
    made.save(path)
    return path


def as_xls(path: Path, cells: Rows, formats: Mapping[str, str]) -> Path:
    """An .xls file."""
    made = xlwt.Workbook()
    sheet = made.add_sheet("Sheet1")
    for row, line in enumerate(cells):
        for col, cell in enumerate(line):
            style = xlwt.XFStyle()
            style.num_format_str = formats.get(f"{chr(65 + col)}{row + 1}", "General")
            if cell is not None:
                sheet.write(row, col, cell, style)
    made.save(str(path))
    return path


def as_ods(path: Path, cells: Rows, shown: Mapping[str, str]) -> Path:
    """An .ods file; `shown` is the text a cell shows, by its address."""
    made = OpenDocumentSpreadsheet()
    table = Table(name="Sheet1")
    for row, line in enumerate(cells):
        row_ = TableRow()
        for col, cell in enumerate(line):
            text = shown.get(f"{chr(65 + col)}{row + 1}", "" if cell is None else str(cell))
            if isinstance(cell, dt.date):
                made_cell = TableCell(valuetype="date", datevalue=cell.isoformat())
            elif isinstance(cell, int | float) and text.startswith("¥"):
                made_cell = TableCell(valuetype="currency", currency="CNY", value=cell)
            elif isinstance(cell, int | float):
                made_cell = TableCell(valuetype="float", value=cell)
            else:
                made_cell = TableCell(valuetype="string")
            made_cell.addElement(P(text=text))
            row_.addElement(made_cell)
        table.addElement(row_)
    made.spreadsheet.addElement(table)
    made.save(str(path))
    return path


def as_csv(path: Path, cells: Rows) -> Path:
    """A CSV file; every row only as long as it is."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([["" if cell is None else cell for cell in row] for row in cells])
    return path


def read_file(path: Path, *events: Path, options: Options | None = None) -> Firms:
    """What a file means, and others of events."""
    return read([path], events, policies().vocabulary, options=options)
