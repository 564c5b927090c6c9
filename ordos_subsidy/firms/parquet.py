"""Parquet as a sheet: its column names are the headings, its rows the rows below them."""

from __future__ import annotations

from io import BytesIO

from ordos_subsidy.errors import Refused, problem
from ordos_subsidy.files.guard import File
from ordos_subsidy.files.raw import Book, Cell, Sheet
from ordos_subsidy.files.text import CELLS


def read_book(file: File) -> Book:
    """The one sheet of a Parquet file; `Refused` says why not."""
    import polars as pl

    try:
        lazy = pl.scan_parquet(BytesIO(file.data))
        width, height = len(lazy.collect_schema()), lazy.select(pl.len()).collect().item()
        if width * height > CELLS:
            raise Refused([problem("files.area", file.name, limit=CELLS)])
        frame = lazy.collect()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError) as error:
        raise Refused([problem("reading.parquet", file.name, detail=str(error).partition("\n")[0])]) from None
    rows: list[list[Cell]] = [list(frame.columns), *map(list, frame.iter_rows())]
    return Book(file.name, "parquet", [Sheet("", rows)], file.problems)
