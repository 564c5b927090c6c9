r"""Columns of a view as files show them: texts made harmless, sums in 万元, headings that differ from one another.

>>> import polars as pl
>>> pl.select(sum=wan_text(pl.lit(-1574_500001)), text=safe(pl.lit("\t=1+1"))).row(0)
('-1574.500001', "'=1+1")
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from ordos_subsidy.messages import Lang, phrase
from ordos_subsidy.money import FEN_A_WAN, FEN_A_YUAN
from ordos_subsidy.render._clean import looks_like_formula, plain
from ordos_subsidy.tables.columns import constant_column

#: What Excel holds in one cell, counted in UTF-16 units.
CELL_LIMIT = 32_767
FORMULA = r"^[=+\-@\t\r\n＝＋－＠]"
#: What `plain` would change; everything else need not be looked at one by one.
_UNCLEAN = (
    r"[\x00-\x1f\x7f-\x9f\u{61c}\u{200b}\u{200e}\u{200f}\u{2028}-\u{202e}\u{2060}-\u{206f}\u{feff}\u{fff9}-\u{fffb}"
    r"\u{fffe}\u{ffff}\u{e0000}-\u{e007f}]|^\s|\s$|\s\s|[\u{1680}\u{2000}-\u{200a}\u{205f}]"
)


def clean(text: pl.Expr) -> pl.Expr:
    """Text on one line without controls, as every renderer shows it."""
    return text.map_batches(_cleaned, return_dtype=pl.String)


def _cleaned(texts: pl.Series) -> pl.Series:
    unclean = texts.str.contains(_UNCLEAN).fill_null(value=False)
    if not unclean.any():
        return texts
    found = texts.filter(unclean).unique()
    return texts.replace(found, pl.Series([plain(each) for each in found], dtype=pl.String))


def safe(text: pl.Expr) -> pl.Expr:
    """Clean text that no spreadsheet runs: a ' stands before what looks like a formula."""
    text = clean(text)
    return pl.when(text.str.contains(FORMULA)).then(pl.concat_str(pl.lit("'"), text)).otherwise(text)


def safe_heading(text: str) -> str:
    """The same of one text."""
    text = plain(text)
    return f"'{text}" if looks_like_formula(text) else text


def wan_text(fen: pl.Expr) -> pl.Expr:
    """Fen as text in 万元, exact and without trailing zeros."""
    return _exact(fen, FEN_A_WAN, 6)


def yuan_text(fen: pl.Expr) -> pl.Expr:
    """Fen as text in yuan, exact and without trailing zeros."""
    return _exact(fen, FEN_A_YUAN, 2)


def _exact(fen: pl.Expr, unit: int, digits: int) -> pl.Expr:
    whole, part = (fen.abs() // unit).cast(pl.String), (fen.abs() % unit).cast(pl.String).str.zfill(digits)
    text = pl.concat_str(whole, pl.lit("."), part).str.strip_chars_end("0").str.strip_chars_end(".")
    return pl.when(fen < 0).then(pl.concat_str(pl.lit("-"), text)).otherwise(text)


def wan(fen: pl.Series) -> pl.Series:
    """Fen as numbers of 万元, the nearest there are."""
    # A divisor that is a column, not a literal: Polars would multiply by the reciprocal, an ulp off.
    return fen.cast(pl.Float64) / constant_column(len(fen), value=float(FEN_A_WAN))


def fitting(text: pl.Expr, lang: Lang) -> pl.Expr:
    """Clean text that fits a cell of a workbook."""

    def cut(texts: pl.Series) -> pl.Series:
        long = (texts.str.len_bytes() > CELL_LIMIT).fill_null(value=False)
        if not long.any():
            return texts
        found = texts.filter(long).unique()
        return texts.replace(found, pl.Series([short(each, lang) for each in found], dtype=pl.String))

    return clean(text).map_batches(cut, return_dtype=pl.String)


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


def distinct(names: Iterable[str], limit: int = CELL_LIMIT) -> list[str]:
    """Names cut to a length, made to differ, capitals apart, by a number where they do not.

    >>> distinct(["条款", "条款", "A", "a"], 3)
    ['条款', '条 2', 'A', 'a 2']
    """
    found: dict[str, str] = {}
    for name in names:
        made, number = name[:limit], 1
        while made.casefold() in found:
            number += 1
            made = f"{name[: limit - len(str(number)) - 1]} {number}"
        found[made.casefold()] = made
    return list(found.values())
