"""A view as CSV for spreadsheets: UTF-8 with a byte-order mark, sums as exact decimals in 万元.

Text that a spreadsheet would run as a formula gets a ' in front, headings too; numbers never do.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import IO

import polars as pl

from ordos_subsidy.messages import Lang
from ordos_subsidy.render._cells import distinct, safe, safe_heading, wan_text
from ordos_subsidy.views import View
from ordos_subsidy.views.result import Result

BOM = "\ufeff"


def render(result: Result) -> bytes:
    """The awards and credits of a result."""
    file = BytesIO()
    write(result.table("awards"), file, result.lang)
    return file.getvalue()


def write(parts: Iterable[View], file: IO[bytes], lang: Lang) -> None:
    """Write the parts of a view, one after another."""
    file.write(BOM.encode())
    for n, part in enumerate(parts):
        heads = distinct(safe_heading(field.heading(lang)) for field in part.fields)
        frame = part.frame.select(
            {"money": wan_text, "text": safe}.get(field.holds, _as_it_is)(pl.col(field.key)).alias(head)
            for field, head in zip(part.fields, heads, strict=True)
        )
        frame.write_csv(file, include_header=n == 0, line_terminator="\n")


def _as_it_is(cell: pl.Expr) -> pl.Expr:
    return cell
