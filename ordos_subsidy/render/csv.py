"""A view as CSV for spreadsheets: UTF-8 with a byte-order mark, sums as exact decimals in 万元.

Text that a spreadsheet would run as a formula gets a ' in front, headings too; numbers never do.
"""

from __future__ import annotations

from collections.abc import Iterable
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
    if keys:
        _write_keyed(parts, file)
        return
    for n, part in enumerate(parts):
        heads = distinct(safe_heading(field.heading(lang)) for field in part.fields)
        frame = part.frame.select(
            {"money": wan_text, "text": safe}.get(field.holds, _as_it_is)(pl.col(field.key)).alias(head)
            for field, head in zip(part.fields, heads, strict=True)
        )
        frame.write_csv(file, include_header=n == 0, line_terminator="\n")


def _write_keyed(parts: Iterable[View], file: IO[bytes]) -> None:
    for n, part in enumerate(parts):
        frame = part.frame.select(_keyed(field, part.frame.schema[field.key]) for field in part.fields)
        frame.write_csv(file, include_header=n == 0, line_terminator="\n")


def _keyed(field: Field, dtype: pl.DataType) -> pl.Expr:
    cell = pl.col(field.key)
    if field.holds == "money":
        return yuan_text(cell).alias(field.key)
    if isinstance(dtype, pl.List):
        return cell.list.join(";").alias(field.key)
    return safe(cell).alias(field.key) if field.holds == "text" else cell


def _as_it_is(cell: pl.Expr) -> pl.Expr:
    return cell
