"""Views as a workbook, a sheet each: the one writer of results, for `calc` and for `batch`.

Text is written as text, whatever it begins with; sums are numbers in 万元 with a format that shows every digit down to
the fen. A small sheet wraps its texts and fits its rows to them; a large one formats its numbers only: a
format makes writing a text half as slow again. The same result gives the same bytes: the time is taken out again.

rust_xlsxwriter writes (through rustpy-xlsxwriter); where that cannot be loaded, XlsxWriter writes the same book.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from ordos_subsidy import output
from ordos_subsidy.messages import Lang
from ordos_subsidy.pages.blocks import PageHeading
from ordos_subsidy.render import _sheets as looks
from ordos_subsidy.render._cells import distinct
from ordos_subsidy.render._clean import plain
from ordos_subsidy.render._sheets import Sheet
from ordos_subsidy.views import View, result_book
from ordos_subsidy.views.fields import Bars
from ordos_subsidy.views.result import Result

_SETTERS = {
    "bg_color": "set_background_color",
    "valign": "set_align",
}
#: What stands at the head and the foot of a page may have 255 signs.
_LIMIT = 200
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_CORE = "docProps/core.xml"


def render(result: Result) -> bytes:
    """The workbook of a result."""
    file = BytesIO()
    write(result, file)
    return file.getvalue()


def write(result: Result, target: Path | BytesIO) -> None:
    """Write the tables of a result; under every printed page stands what it rests on."""
    put(result_book.sheets(result), target, result.lang, footer=result.basis)


def put(views: Sequence[View], target: Path | BytesIO, lang: Lang, *, footer: str = "") -> None:
    """Write views that fit a sheet each."""
    names = distinct((looks.sheet_name(each, lang) for each in views), looks.NAME_LIMIT)
    sheets = (looks.sheet(name, each, lang) for name, each in zip(names, views, strict=True))
    title = next((each.text for view in views for each in view.above if isinstance(each, PageHeading)), "")
    around = f"&L{_coded(title)}&R&A", f"&L{_coded(footer)}&R&P / &N"
    try:
        import rustpy_xlsxwriter  # noqa: F401
    except ImportError:
        from ordos_subsidy.render import _xlsxwriter

        _xlsxwriter.write(sheets, target, around)
        return
    _write(sheets, target, around)
    _steady(target)


def _coded(text: str) -> str:
    """A text at the head or the foot of a page, where & begins a code."""
    return plain(text)[:_LIMIT].replace("&", "&&")


# --- rust_xlsxwriter


def _write(sheets: Iterator[Sheet], target: Path | BytesIO, around: tuple[str, str]) -> None:
    from rustpy_xlsxwriter import FastExcel

    book = FastExcel(target)
    for sheet in sheets:
        _add(book, sheet, around)
    with output.speechless():
        book.save()


def _add(book: Any, sheet: Sheet, around: tuple[str, str]) -> None:
    rules = {
        head: [
            {"type": "text", "criteria": "begins_with", "value": word, "format": _format(looks.mark_look(colour))}
            for word, colour in words.items()
        ]
        for head, words in sheet.marked.items()
    }
    formats = {
        head: looks.look(sheet, field, head) for field, head in zip(sheet.fields, sheet.frame.columns, strict=True)
    }
    book.sheet(
        sheet.name,
        sheet.frame,
        column_widths=[float(field.width) for field in sheet.fields],
        column_formats={head: _format(found) for head, found in formats.items() if found},
        header_format=_format(looks.head_look(sheet)),
        row_heights=sheet.heights,
        header_row=sheet.top,
        merge_ranges=[(at, first, at, last, text, _format(look)) for at, first, last, text, look in sheet.above]
        or None,
        autofilter=not sheet.front,
        conditional_formats=rules or None,
        page_setup=looks.page_setup(sheet, *around),
        sheet_view={"zoom": looks.ZOOM, "gridlines": not sheet.front},
        charts=[_chart(sheet, sheet.bars)] if sheet.bars else None,
        # A sheet that is written row by row repeats its last row where that has a height, and has no texts for charts.
        dedupe_strings=sheet.front or sheet.last in sheet.heights,
    )
    if not sheet.front:
        book.freeze(row=1, col=1, sheet=sheet.name)


def _chart(sheet: Sheet, bars: Bars) -> dict[str, Any]:
    return {
        "type": "bar",
        "title": bars.title,
        "categories": bars.names,
        "series": list(bars.sums),
        "row": sheet.last + 2,
        "col": 0,
        "width": sheet.wide,
        "height": sheet.chart_height,
        "legend": True,
    }


def _format(found: Mapping[str, Any]) -> Any:
    from rustpy_xlsxwriter import Format

    made = Format()
    for name, value in found.items():
        setter = getattr(made, _SETTERS.get(name, f"set_{name}"))
        made = setter() if value is True else setter(value)
    return made


def _steady(target: Path | BytesIO) -> None:
    """Take the time of writing out of a workbook; what is small and stands behind it is written anew."""
    with zipfile.ZipFile(target, "a") as book:
        start = book.getinfo(_CORE).header_offset
        tail = [entry for entry in book.infolist() if entry.header_offset >= start]
        contents = [(entry.filename, book.read(entry)) for entry in tail]
        for entry in tail:
            book.filelist.remove(entry)
            del book.NameToInfo[entry.filename]
        book.start_dir = start
        for name, content in contents:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            book.writestr(entry, _drawn(_STAMP.sub(rb"\g<1>1980-01-01T00:00:00Z", content)))


def _drawn(chart: bytes) -> bytes:
    """A chart in our colours, with its bars in the order of the rows: the library has no words for either."""
    for colour in looks.BARS:
        fill = f'<c:spPr><a:solidFill><a:srgbClr val="{colour[1:]}"/></a:solidFill></c:spPr>'.encode()
        chart = chart.replace(b"</c:tx><c:cat>", b"</c:tx>" + fill + b"<c:cat>", 1)
    chart = chart.replace(b'"minMax"/></c:scaling><c:axPos val="l"/>', b'"maxMin"/></c:scaling><c:axPos val="l"/>')
    return b'<c:crosses val="max"/>'.join(chart.rsplit(b'<c:crosses val="autoZero"/>', 1))
