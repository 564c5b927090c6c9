"""A view as CSV for spreadsheets: UTF-8 with a byte-order mark, sums as exact decimals in 万元.

Text that a spreadsheet would run as a formula gets a ' in front, headings too; numbers never do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import IO

import polars as pl

from ordos_subsidy.messages import Lang
from ordos_subsidy.render._cells import distinct, safe, safe_heading, wan_text, yuan_text
from ordos_subsidy.views import Field, View
from ordos_subsidy.views.result import Result

BOM = "\ufeff"


def render(result: Result, *, keys: bool = False) -> bytes:
    """The awards and credits of a result; `keys`: for programs."""
    file = BytesIO()
    write(result.table("awards", keyed=keys), file, result.lang, keys=keys)
    return file.getvalue()


def write(parts: Iterable[View], file: IO[bytes], lang: Lang, *, keys: bool = False) -> None:
    """Write the parts of a view, one after another; `keys`: under stable keys, in yuan, whatever the language."""
    file.write(BOM.encode())
    for n, part in enumerate(parts):
        keyed = [field.key for field in part.fields]
        heads = keyed if keys else distinct(safe_heading(field.heading(lang)) for field in part.fields)
        cells = (_cell(field, part.frame.schema[field.key], yuan_text if keys else wan_text) for field in part.fields)
        frame = part.frame.select(cell.alias(head) for cell, head in zip(cells, heads, strict=True))
        frame.write_csv(file, include_header=n == 0, line_terminator="\n")


def _cell(field: Field, dtype: pl.DataType, money: Callable[[pl.Expr], pl.Expr]) -> pl.Expr:
    cell = pl.col(field.key)
    if field.holds == "money":
        return money(cell)
    if isinstance(dtype, pl.List):
        return cell.list.join(";")
    return safe(cell) if field.holds == "text" else cell
