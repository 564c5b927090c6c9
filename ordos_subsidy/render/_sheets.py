"""Views as sheets of a workbook, and how they look, before a library writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, NamedTuple

import polars as pl

from ordos_subsidy.messages import Lang, phrase
from ordos_subsidy.pages.blocks import Labelled, PageHeading
from ordos_subsidy.render._cells import FORMULA, distinct, fitting, short, wan
from ordos_subsidy.render._clean import looks_like_formula, plain
from ordos_subsidy.views import Field, View
from ordos_subsidy.views.fields import LAST_PRINTED, Bars

#: Every digit of a sum in 万元 down to the fen; two at least, or Excel ends whole sums in a point. A blank to the
#: right keeps a sum apart from the text beside it.
SUM_FORMAT = "#,##0.00####_)"
#: Up to so many rows, texts are wrapped.
SMALL = 20_000
_NUMBERS = {"money": SUM_FORMAT, "count": "#,##0_)", "number": "0", "year": "0"}
_COLOURS = {"yes": "#E2F1E7", "unknown": "#FCF1D8", "no": "#F3E4E4"}
_HEAD = "#1F4E79"
_FONT: dict[str, Any] = {"font_name": "Microsoft YaHei", "font_size": 10}
_ABOVE: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "font_color": _HEAD},
    "label": {"font_color": "#55626F"},
    "strong": {"bold": True},
    "faint": {"font_color": "#55626F"},
    "no": {"font_color": "#8D2F2F"},
    "alert": {"font_color": "#8D2F2F"},
}
NAME_LIMIT = 31
#: How high a row is that nobody has set, how wide a sign, and what a column has besides, in pixels.
_PIXELS, _SIGN, _PADDING = 20, 7, 5
#: The bars of a chart: what is at least given, and at most.
BARS = ("#1B6E3C", "#A9CDB6")
#: Points that a line of text takes, and the lines that a row shows at most.
_POINTS, _MOST_LINES = 16.0, 25
HEAD_HEIGHT = 36.0
MARGINS = {"left": 0.4, "right": 0.4, "top": 0.5, "bottom": 0.6, "header": 0.2, "footer": 0.3}
A4, ZOOM = 9, 90
#: The column in which the word for a total stands.
_TOTALS = {"firms": "name", "years": "year", "clauses": "year"}


class Merged(NamedTuple):
    """A text over the table, in a row and from the first to the last of some columns, with its look."""

    row: int
    first: int
    last: int
    text: str
    look: Mapping[str, Any]


@dataclass(frozen=True)
class Sheet:
    """A sheet before it is written: `frame` has a column for each heading, of texts or numbers.

    Of a front sheet, `above` stands over the table, whose headings are in the row `top`, and a chart under it.
    """

    name: str
    fields: tuple[Field, ...]
    frame: pl.DataFrame
    #: Points of the headings and of the rows that take more than one line.
    heights: Mapping[int, float]
    #: Columns with texts that would be formulas if they were typed.
    quoted: frozenset[str]
    #: By heading, words that begin a cell, with the colour that shows it; no colour: bold.
    marked: Mapping[str, Mapping[str, str]]
    above: tuple[Merged, ...] = ()
    top: int = 0
    bars: Bars | None = None

    @property
    def front(self) -> bool:
        """Whether it is a front sheet, which is printed on one page."""
        return bool(self.above)

    @property
    def last(self) -> int:
        """The row of its last line."""
        return self.top + self.frame.height

    @property
    def chart_height(self) -> int:
        """How high its chart is, in pixels."""
        return min(90 + 34 * self.frame.height, 640)

    @property
    def area(self) -> tuple[int, int, int, int]:
        """What goes on paper: the first row and column, the last row and column."""
        rows = self.last + (2 + ceil(self.chart_height / _PIXELS) if self.bars else 0)
        return 0, 0, rows, self._printed - 1

    @property
    def small(self) -> bool:
        """Whether its texts are wrapped."""
        return self.frame.height <= SMALL

    @property
    def wide(self) -> int:
        """How wide it is, in pixels."""
        return sum(field.width * _SIGN + _PADDING for field in self.fields)

    @property
    def _printed(self) -> int:
        """How many columns go on paper."""
        keys = [field.key for field in self.fields]
        return keys.index(LAST_PRINTED) + 1 if LAST_PRINTED in keys and not self.front else len(keys)


def sheet_name(view: View, lang: Lang) -> str:
    """What the sheet of a view is called; districts go by the heading of the fact that says where a firm belongs."""
    fact = re.sub(r"[（(].*", "", plain(view.fields[0].label))
    fact = re.sub(r"^所[在属]", "", fact).strip().lower()
    name = plain(phrase(f"batch.sheet_{view.name}", lang, fact=fact))
    return re.sub(r"[\[\]:*?/\\]", " ", name)[:NAME_LIMIT].strip(" '") or view.name


def sheet(name: str, view: View, lang: Lang) -> Sheet:
    """The sheet of a view: sums in 万元, texts and headings on one line, clean, and short enough for a cell."""
    heads = distinct(plain(field.heading(lang)) for field in view.fields)
    columns = []
    for field, head in zip(view.fields, heads, strict=True):
        cell = view.frame.get_column(field.key).alias(head)
        if field.holds == "money":
            cell = wan(cell)
        elif field.holds == "text":
            cell = pl.select(fitting(pl.lit(cell.cast(pl.String)), lang)).to_series().alias(head)
        else:
            cell = cell.cast(pl.Int64)
        columns.append(cell)
    frame = pl.DataFrame(columns)
    texts = [head for field, head in zip(view.fields, heads, strict=True) if field.holds == "text"]
    quoted = [head for head in texts if frame.get_column(head).str.contains(FORMULA).any()]
    heights = _heights(view.fields, frame) if frame.height <= SMALL else {}
    marked = {
        head: words for field, head in zip(view.fields, heads, strict=True) if (words := _marked(view, field.key, lang))
    }
    above = tuple(_above(view, lang))
    top = len(view.above) + 1 if above else 0
    points = {top + n: height for n, height in {0: HEAD_HEIGHT, **heights}.items()}
    for each in above:
        points[each.row] = max(points.get(each.row, 0), _height_above(each, view.fields))
    named = dict(zip((field.key for field in view.fields), heads, strict=True))
    drawn = view.bars
    bars = Bars(drawn.title, named[drawn.names], (named[drawn.sums[0]], named[drawn.sums[1]])) if drawn else None
    return Sheet(name, view.fields, frame, points, frozenset(quoted), marked, above, top, bars)


def _above(view: View, lang: Lang) -> Iterator[Merged]:
    """The lines over a table: a label goes over two columns, and its text over the others."""
    last = len(view.fields) - 1
    for row, each in enumerate(view.above):
        meaning = "title" if isinstance(each, PageHeading) else each.look
        parts: list[tuple[int, int, str, str]] = [(0, last, each.text, meaning)]
        if isinstance(each, Labelled):
            parts = [(0, 1, each.label, "label"), (2, last, each.text, meaning)]
        for first, end, part, meant in parts:
            said = short(plain(part), lang)
            quoted = {"quote_prefix": True} if looks_like_formula(said) else {}
            found = {**_FONT, "valign": "top", "text_wrap": True, **_ABOVE.get(meant, {}), **quoted}
            if said:
                yield Merged(row, first, end, said, found)


def _height_above(each: Merged, fields: Sequence[Field]) -> float:
    """The points that a line over a table takes."""
    room = sum(field.width for field in fields[each.first : each.last + 1]) - 1
    size: float = each.look["font_size"] / _FONT["font_size"]
    letters = (len(each.text.encode()) + len(each.text)) / 2 * size
    return _POINTS * min(ceil(letters / room), _MOST_LINES) * size


def _marked(view: View, key: str, lang: Lang) -> dict[str, str]:
    """The words of a column that are marked: verdicts in colour, for eyes that like it, and totals in bold."""
    if key == "verdict":
        return {phrase(f"show.verdict_{verdict}", lang): colour for verdict, colour in _COLOURS.items()}
    return {phrase("show.total", lang): ""} if _TOTALS.get(view.name) == key else {}


def _heights(fields: Sequence[Field], frame: pl.DataFrame) -> dict[int, float]:
    """Points for rows whose texts are wider than their columns: programs do not all fit rows by themselves.

    An ideograph, of three bytes in UTF-8, is as wide as two letters.
    """
    cells = [
        ((pl.col(head).str.len_bytes() + pl.col(head).str.len_chars()) / 2 / (field.width - 1)).ceil()
        for field, head in zip(fields, frame.columns, strict=True)
        if field.holds == "text"
    ]
    lines = frame.select(pl.max_horizontal(pl.lit(1.0), *cells).clip(1, _MOST_LINES)).to_series()
    return {n: _POINTS * count for n, count in enumerate(lines.to_list(), 1) if count > 1}


# --- looks, by the names that XlsxWriter has for them


def head_look(sheet: Sheet) -> dict[str, Any]:
    """The look of the headings."""
    look = {"bold": True, "font_color": "#FFFFFF", "bg_color": _HEAD, "align": "center", "valign": "vcenter"}
    quoted = {"quote_prefix": True} if any(map(looks_like_formula, sheet.frame.columns)) else {}
    return {**_FONT, **look, "text_wrap": True, **quoted}


def look(sheet: Sheet, field: Field, head: str) -> dict[str, Any]:
    """The look of a column; empty where it needs none."""
    text = field.holds == "text"
    if text and not sheet.small and head not in sheet.quoted:
        return {}
    found: dict[str, Any] = dict(_FONT)
    if not text:
        found["num_format"] = _NUMBERS[field.holds]
    if head in sheet.quoted:
        found["quote_prefix"] = True
    if sheet.small:
        found |= {"valign": "top", **({"text_wrap": True} if text else {})}
    return found


def page_setup(sheet: Sheet, head: str, foot: str) -> dict[str, Any]:
    """How a sheet is printed: a front sheet upright on one page, any other across, as wide as a page."""
    return {
        "landscape": not sheet.front,
        "paper_size": A4,
        "fit_to_pages": (1, 1 if sheet.front else 0),
        "print_area": sheet.area,
        "margins": MARGINS,
        "header": head,
        "footer": foot,
        "print_gridlines": sheet.small and not sheet.front,
        **({} if sheet.front else {"repeat_rows": 0}),
    }


def mark_look(colour: str) -> dict[str, Any]:
    """The look of a cell that is marked."""
    return {"bg_color": colour} if colour else {"bold": True}
