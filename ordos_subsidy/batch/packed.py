"""Columns as the child process sends them, to layers, with no Python object for a cell.

A sheet arrives in frames of some thousand cells. Each is turned into series when it comes, in one go for all of its
columns: that is done before the child has the next one ready, and so costs no time of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from ordos_subsidy.batch.cells import Cells, nothing, of_list
from ordos_subsidy.files import workbook

_EPOCH = date(1970, 1, 1).toordinal()
#: The order in which layers stand.
_LAYERS = (pl.Boolean, pl.Date, pl.Datetime, pl.Float64, pl.String)


def unpacked(height: int, sent: Sequence[tuple[int, Any]]) -> list[Cells]:
    """The columns of a frame."""
    packed: list[pl.Series] = []
    made: dict[int, pl.Expr] = {}
    for n, (tag, data) in enumerate(sent):
        if tag == workbook.TEXTS:
            made[n] = _binary(packed, data).cast(pl.String).str.split("\0").explode().replace("", None)
        elif tag == workbook.FLOATS:
            made[n] = _floats(packed, height, *data)
        elif tag == workbook.DATES:
            days = _numbers(packed, height, data, pl.Int32)
            made[n] = pl.when(days != 0).then(days - _EPOCH).cast(pl.Date)
    frame = pl.DataFrame(packed).select(expr.alias(str(n)) for n, expr in made.items())
    return [
        Cells(height, [frame.get_column(str(n)).alias("")]) if n in made else of_list(_listed(height, *each))
        for n, each in enumerate(sent)
    ]


def _floats(packed: list[pl.Series], height: int, data: bytes, known: bytes | None) -> pl.Expr:
    floats = _numbers(packed, height, data, pl.Float64)
    if known is None:
        return floats
    return pl.when(_numbers(packed, height, known, pl.UInt8) != 0).then(floats)


def _numbers(packed: list[pl.Series], height: int, data: bytes, kind: type[pl.DataType]) -> pl.Expr:
    return _binary(packed, data).bin.reinterpret(dtype=pl.Array(kind, height), endianness=sys.byteorder).explode()


def _binary(packed: list[pl.Series], data: bytes) -> pl.Expr:
    name = str(len(packed))
    packed.append(pl.Series(name, [data], dtype=pl.Binary))
    return pl.col(name)


def _listed(height: int, tag: int, data: Any) -> list[object]:
    return list(workbook.column(height, tag, data))


def joined(pieces: Sequence[Cells]) -> Cells:
    """The pieces of a column, one below the other."""
    whole = Cells(sum(piece.height for piece in pieces))
    kinds = {layer.dtype.base_type() for piece in pieces for layer in piece.layers}
    for kind in _LAYERS:
        if kind in kinds:
            whole.layers.append(pl.concat([_of_kind(piece, kind) for piece in pieces], rechunk=True))
    start = 0
    for piece in pieces:
        whole.odd |= {start + row: value for row, value in piece.odd.items()}
        start += piece.height
    return whole


def _of_kind(piece: Cells, kind: type[pl.DataType]) -> pl.Series:
    found = next((layer for layer in piece.layers if layer.dtype.base_type() == kind), None)
    return nothing(piece.height, kind) if found is None else found
