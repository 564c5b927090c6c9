"""The table of a workbook that holds its receipt: what a person reads, then the receipt itself in pieces."""

from __future__ import annotations

from typing import Literal

import polars as pl

from ordos_subsidy.messages import Lang, phrase
from ordos_subsidy.pages import report_page
from ordos_subsidy.receipt import Receipt, as_line
from ordos_subsidy.views.fields import Field, View, view

#: What a piece of the receipt stands beside; and how long one is: a cell holds 32,767 characters.
MARK: Literal["receipt"] = "receipt"
_PIECE = 30_000
_FIELDS = (Field("item", width=24, phrase="proof.item"), Field("value", width=120, phrase="proof.value"))


def sheet(receipt: Receipt, lang: Lang) -> View:
    """The table of a receipt."""
    line = as_line(receipt)
    told = [(each.label, each.text) for each in report_page.receipt_fields(receipt, lang)]
    notes = [(None, phrase(f"proof.{key}", lang)) for key in ("how", "no_signature", "holds_input")]
    pieces = [(MARK, line[at : at + _PIECE]) for at in range(0, len(line), _PIECE)]
    columns = {field.key: pl.String for field in _FIELDS}
    return view(MARK, _FIELDS, pl.DataFrame([*told, *notes, *pieces], columns, orient="row"))
