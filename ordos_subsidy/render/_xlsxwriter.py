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
from ordos_subsidy.views.fields import Bars


def write(sheets: Iterator[Sheet], target: Path | BytesIO, around: tuple[str, str]) -> None:
    """Write the sheets of a book."""
    with Workbook(target, {"constant_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": dt.datetime(1980, 1, 1, tzinfo=dt.UTC)})
        for sheet in sheets:
            _add(book, sheet, around)


def _add(book: Any, sheet: Sheet, around: tuple[str, str]) -> None:
    page = book.add_worksheet(sheet.name)
    heads = sheet.frame.columns
    _print(page, sheet, around)
    formats = []
    for at, (field, head) in enumerate(zip(sheet.fields, heads, strict=True)):
        found = looks.look(sheet, field, head)
        formats.append(book.add_format(found) if found else None)
        page.set_column(at, at, field.width)
        for word, colour in sheet.marked.get(head, {}).items():
            rule = {"type": "text", "criteria": "begins with", "value": word}
            rule["format"] = book.add_format(looks.mark_look(colour))
            page.conditional_format(sheet.top + 1, at, max(sheet.last, sheet.top + 1), at, rule)
    _above(book, page, sheet)
    top = book.add_format(looks.head_look(sheet))
    for number, row in enumerate(chain([heads], sheet.frame.iter_rows()), sheet.top):
        if number in sheet.heights:
            page.set_row(number, sheet.heights[number])
        for at, (value, form) in enumerate(zip(row, formats, strict=True)):
            if isinstance(value, str):
                page.write_string(number, at, value, form if number > sheet.top else top)
            elif value is not None:
                page.write_number(number, at, value, form)
    if not sheet.front:
        page.freeze_panes(1, 1)
        page.autofilter(0, 0, sheet.frame.height, len(heads) - 1)


def _above(book: Any, page: Any, sheet: Sheet) -> None:
    """The lines over the table of a front sheet, and its chart."""
    for row, first, end, text, found in sheet.above:
        page.set_row(row, sheet.heights[row])
        page.merge_range(row, first, row, end, text, book.add_format(found))
    if sheet.bars:
        page.insert_chart(sheet.last + 2, 0, _chart(book, sheet, sheet.bars))


def _chart(book: Any, sheet: Sheet, bars: Bars) -> Any:
    chart = book.add_chart({"type": "bar"})
    heads = sheet.frame.columns
    for head, colour in zip(bars.sums, looks.BARS, strict=True):
        places = (heads.index(each) for each in (bars.names, head))
        names, values = ([sheet.name, sheet.top + 1, at, sheet.last, at] for at in places)
        name = [sheet.name, sheet.top, values[2]]
        chart.add_series({"name": name, "categories": names, "values": values, "fill": {"color": colour}})
    chart.set_y_axis({"reverse": True, "crossing": "max"})  # the axis of the names
    chart.set_title({"name": bars.title})
    chart.set_size({"width": sheet.wide, "height": sheet.chart_height})
    return chart


def _print(page: Any, sheet: Sheet, around: tuple[str, str]) -> None:
    found = looks.page_setup(sheet, *around)
    page.hide_gridlines(2 if sheet.front else 0 if sheet.small else 1)
    page.set_zoom(looks.ZOOM)
    if found["landscape"]:
        page.set_landscape()
    page.set_paper(found["paper_size"])
    if "repeat_rows" in found:
        page.repeat_rows(found["repeat_rows"])
    page.fit_to_pages(*found["fit_to_pages"])
    page.print_area(*found["print_area"])
    page.set_margins(*(looks.MARGINS[side] for side in ("left", "right", "top", "bottom")))
    page.set_header(found["header"], {"margin": looks.MARGINS["header"]})
    page.set_footer(found["footer"], {"margin": looks.MARGINS["footer"]})
