"""Views as sheets of a workbook, and how they look, before a library writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from ordos_subsidy.messages import Lang, phrase
from ordos_subsidy.render._cells import FORMULA, distinct, fitting, wan
from ordos_subsidy.render._clean import looks_like_formula, plain
from ordos_subsidy.views import Field, View
from ordos_subsidy.views.fields import LAST_PRINTED

#: Every digit of a sum in 万元 down to the fen; two at least, or Excel ends whole sums in a point. A blank to the
#: right keeps a sum apart from the text beside it.
SUM_FORMAT = "#,##0.00####_)"
#: Up to so many rows, texts are wrapped.
SMALL = 20_000
_NUMBERS = {"money": SUM_FORMAT, "count": "#,##0_)", "number": "0", "year": "0"}
_COLOURS = {"yes": "#E2F1E7", "unknown": "#FCF1D8", "no": "#F3E4E4"}
_HEAD = "#1F4E79"
_FONT = {"font_name": "Microsoft YaHei", "font_size": 10}
NAME_LIMIT = 31
#: Points that a line of text takes, and the lines that a row shows at most.
_POINTS, _MOST_LINES = 16.0, 25
HEAD_HEIGHT = 36.0
MARGINS = {"left": 0.4, "right": 0.4, "top": 0.5, "bottom": 0.6, "header": 0.2, "footer": 0.3}
A4, ZOOM = 9, 90
#: The column in which the word for a total stands.
_TOTALS = {"firms": "name", "years": "year", "clauses": "year"}


@dataclass(frozen=True)
class Sheet:
    """A sheet before it is written: `frame` has a column for each heading, of texts or numbers."""

    name: str
    fields: tuple[Field, ...]
    frame: pl.DataFrame
    #: Points of the rows that take more than one line, counted from the headings.
    heights: Mapping[int, float]
    #: Columns with texts that would be formulas if they were typed.
    quoted: frozenset[str]
    #: By heading, words that begin a cell, with the colour that shows it; no colour: bold.
    marked: Mapping[str, Mapping[str, str]]

    @property
    def small(self) -> bool:
        """Whether its texts are wrapped."""
        return self.frame.height <= SMALL

    @property
    def printed(self) -> int:
        """How many columns go on paper."""
        keys = [field.key for field in self.fields]
        return keys.index(LAST_PRINTED) + 1 if LAST_PRINTED in keys else len(keys)


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
    return Sheet(name, view.fields, frame, heights, frozenset(quoted), marked)


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


def mark_look(colour: str) -> dict[str, Any]:
    """The look of a cell that is marked."""
    return {"bg_color": colour} if colour else {"bold": True}
