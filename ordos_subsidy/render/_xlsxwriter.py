"""The same sheets by XlsxWriter, in pure Python, for machines on which rust_xlsxwriter cannot be loaded.

It takes ten times as long. The same result gives the same cells, looks and bytes each time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from ordos_subsidy.render import _sheets as looks
from ordos_subsidy.render._sheets import Sheet


def write(sheets: Iterator[Sheet], target: Path | BytesIO, footer: str) -> None:
    """Write the sheets of a book."""
    with Workbook(target, {"constant_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": dt.datetime(1980, 1, 1, tzinfo=dt.UTC)})
        for sheet in sheets:
            _add(book, sheet, footer)


def _add(book: Any, sheet: Sheet, footer: str) -> None:
    page = book.add_worksheet(sheet.name)
    heads, last = sheet.frame.columns, len(sheet.fields) - 1
    _print(page, sheet, footer)
    formats = []
    for at, (field, head) in enumerate(zip(sheet.fields, heads, strict=True)):
        found = looks.look(sheet, field, head)
        formats.append(book.add_format(found) if found else None)
        page.set_column(at, at, field.width)
        for word, colour in sheet.marked.get(head, {}).items():
            rule = {"type": "text", "criteria": "begins with", "value": word}
            rule["format"] = book.add_format(looks.mark_look(colour))
            page.conditional_format(1, at, max(sheet.frame.height, 1), at, rule)
    top = book.add_format(looks.head_look(sheet))
    heights = {0: looks.HEAD_HEIGHT, **sheet.heights}
    for number, row in enumerate(chain([heads], sheet.frame.iter_rows())):
        if number in heights:
            page.set_row(number, heights[number])
        for at, (value, form) in enumerate(zip(row, formats, strict=True)):
            if isinstance(value, str):
                page.write_string(number, at, value, form if number else top)
            elif value is not None:
                page.write_number(number, at, value, form)
    page.autofilter(0, 0, sheet.frame.height, last)


def _print(page: Any, sheet: Sheet, footer: str) -> None:
    page.hide_gridlines(0 if sheet.small else 1)
    page.freeze_panes(1, 1)
    page.set_zoom(looks.ZOOM)
    page.set_landscape()
    page.set_paper(looks.A4)
    page.repeat_rows(0)
    page.fit_to_pages(1, 0)
    page.print_area(0, 0, sheet.frame.height, sheet.printed - 1)
    page.set_margins(*(looks.MARGINS[side] for side in ("left", "right", "top", "bottom")))
    page.set_footer(footer, {"margin": looks.MARGINS["footer"]})
