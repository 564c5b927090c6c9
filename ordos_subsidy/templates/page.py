"""A worksheet as paper: named styles, columns as wide as their text, rows as high, and a page that prints.

Texts are written as texts, whatever they begin with; a formula never comes from a policy file.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any, Literal, cast

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooter, HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from ordos_subsidy.cells.spelling import clean
from ordos_subsidy.files.zips import steady

Style = Literal["title", "note", "head", "label", "input", "cell", "help", "plain", "banner", "section", "link"]

FONT = "等线"
INK, ACCENT, QUIET = "1F2937", "1F4E79", "5B6470"
HEAD_FILL, INPUT_FILL, BANNER_FILL, LABEL_FILL = "DCE6F1", "FFF9E5", "FBE3D6", "F3F6FA"
#: Where a row lacks a figure its event needs, and where it needs none.
MISSING_FILL, SPARE_FILL = "FBD9A5", "E7E6E6"
LINE = "BFC8D2"

_LINE_HEIGHT = 15.5
_HIGHEST = 400.0
#: So many columns of a typewriter can still be read on one sheet of A4.
_PAPER = 220
#: Properties bear one fixed day: the same input gives the same bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)


def lines(text: str, room: float) -> int:
    r"""Return how many lines a text takes in a column `room` digits wide; an ideograph is some two digits wide.

    >>> lines("一二三四五", 11), lines("一二三四五", 10), lines("a\nb", 10)
    (1, 2, 2)
    """
    return sum(max(1, math.ceil(_width(line) / max(room, 1))) for line in text.split("\n"))


def _width(line: str) -> float:
    return sum(2.1 if unicodedata.east_asian_width(sign) in "WFA" else 0.88 for sign in line)


def new_book(title: str) -> Workbook:
    """Return an empty workbook with our styles."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "ordos-subsidy"
    book.properties.title = title
    book.properties.created = book.properties.modified = dt.datetime(*_EPOCH)  # noqa: DTZ001 - no moment is meant
    for name in _STYLES:
        book.add_named_style(_named_style(name))
    return book


#: Size, bold, colour of the ink, fill, framed, centred.
_STYLES: Mapping[Style, tuple[float, bool, str, str | None, bool, bool]] = {
    "title": (16, True, ACCENT, None, False, False),
    "section": (12, True, ACCENT, None, False, False),
    "note": (10, False, QUIET, None, False, False),
    "link": (10, False, "0563C1", None, False, False),
    "banner": (11, True, "9C3A0E", BANNER_FILL, False, False),
    "head": (10.5, True, INK, HEAD_FILL, True, True),
    "label": (10.5, True, INK, LABEL_FILL, True, False),
    "input": (10.5, False, INK, INPUT_FILL, True, False),
    "cell": (10.5, False, INK, INPUT_FILL, True, False),
    "help": (9.5, False, QUIET, None, True, False),
    "plain": (9.5, False, INK, None, True, False),
}


def _named_style(name: Style) -> NamedStyle:
    size, bold, ink, fill, framed, centred = _STYLES[name]
    side = Side(style="thin", color=LINE) if framed else Side()
    return NamedStyle(
        name=f"ordos {name}",
        font=Font(name=FONT, size=size, bold=bold, color=ink),
        fill=PatternFill("solid", fgColor=fill) if fill else PatternFill(),
        border=Border(left=side, right=side, top=side, bottom=side),
        alignment=_alignment(name, centred=centred),
    )


def _alignment(name: Style, *, centred: bool) -> Alignment:
    if name == "cell":  # as Excel itself would: texts to the left, figures and days to the right
        return Alignment(vertical="center", wrap_text=True)
    wraps = name not in {"title", "section", "link"}
    indent = 1 if name in {"label", "input", "help", "plain"} else 0
    return Alignment("center" if centred else "left", "center", wrap_text=wraps, indent=indent)


class SheetPage:
    """One worksheet being written."""

    letter = staticmethod(get_column_letter)

    def __init__(self, book: Workbook, name: str, widths: Sequence[float]) -> None:
        self.sheet: Worksheet = book.create_sheet(name)
        self.widths = widths
        self._heights: dict[int, float] = {}
        for number, room in enumerate(widths, 1):
            self.sheet.column_dimensions[self.letter(number)].width = room
        self.sheet.sheet_view.showGridLines = False
        self.sheet.sheet_format.defaultRowHeight, self.sheet.sheet_format.customHeight = 20, True

    def put(self, row: int, col: int, value: Any, style: Style, *, across: int = 1, number_format: str = "") -> Cell:
        """Write a cell, merged over some columns, and raise its row to the height of its text."""
        cell = cast("Cell", self.sheet.cell(row, col))
        if isinstance(value, str):
            value = "\n".join(map(clean, value.split("\n")))
        cell.value = value
        cell.style = f"ordos {style}"
        if isinstance(value, str):
            cell.data_type = "s"
            # Without this mark a text that begins with "=" would turn into a formula when somebody edits it.
            cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
        if number_format:
            cell.number_format = number_format
        if across > 1:
            self.sheet.merge_cells(start_row=row, end_row=row, start_column=col, end_column=col + across - 1)
        if value is not None:  # a blank row grows by itself as it is filled in
            self._grow(row, col, value, style, across)
        return cell

    def _grow(self, row: int, col: int, value: Any, style: Style, across: int) -> None:
        size = _STYLES[style][0]
        room = (sum(self.widths[col - 1 : col - 1 + across]) - 2) * 10.5 / size
        count = lines(value, room) if isinstance(value, str) and style not in {"title", "section", "link"} else 1
        height = min(count * _LINE_HEIGHT * size / 10.5 + 7, _HIGHEST)
        if height > self._heights.get(row, 0):
            self._heights[row] = self.sheet.row_dimensions[row].height = round(height, 1)

    def link(self, row: int, col: int, text: str, sheet: str) -> None:
        """Write a link to another sheet."""
        cell = self.put(row, col, text, "link")
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{sheet}'!A1", display=text)
        cell.style = "ordos link"

    def column_format(self, col: int, number_format: str) -> None:
        """Set the format of all cells of a column, empty ones included."""
        column = self.sheet.column_dimensions[self.letter(col)]
        column.font = Font(name=FONT, size=10.5, color=INK)
        column.alignment = Alignment(vertical="center", wrap_text=True)
        column.number_format = number_format

    def freeze(self, row: int, col: int = 1) -> None:
        """Freeze the rows above and the columns before a cell, and put the cursor on it."""
        at = f"{self.letter(col)}{row}"
        self.sheet.freeze_panes = at
        for selection in self.sheet.sheet_view.selection:
            selection.activeCell = selection.sqref = at

    def for_print(self, head: int, *, page: str, tall: int = 0) -> None:
        """Set A4 across with headings on every page; `tall` limits the pages downwards."""
        sheet = self.sheet
        sheet.page_setup.paperSize = 9
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToWidth = math.ceil(sum(self.widths) / _PAPER)
        sheet.page_setup.fitToHeight = tall
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.print_title_rows = f"{head}:{head}"
        if sheet.page_setup.fitToWidth > 1:
            sheet.print_title_cols = "A:A"
        sheet.print_options.horizontalCentered = True
        margins = sheet.page_margins
        margins.left = margins.right = 0.4
        margins.top, margins.bottom, margins.footer = 0.5, 0.7, 0.35
        footer = HeaderFooterItem(left=_HeaderFooterPart("&A"), right=_HeaderFooterPart(page))
        sheet.HeaderFooter = HeaderFooter(oddFooter=footer)


def saved(book: Workbook) -> bytes:
    """Return the book's bytes, the same every time."""
    raw = io.BytesIO()
    # `Workbook.save` would set the time of writing; its writer does not.
    ExcelWriter(book, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED)).save()
    return steady(raw.getvalue())
