"""Columns of cells keep every cell, however they are cut and put together."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from ordos_subsidy.files.grid import CellError
from ordos_subsidy.tables.columns import of_list

CELLS = st.lists(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-9, 9),
        st.floats(allow_nan=False),
        st.sampled_from(["", " ", "甲", "\u3000"]),
        st.just(dt.date(2022, 3, 1)),
        st.just(dt.datetime(2022, 3, 1, 8)),  # noqa: DTZ001 - cells have no zone
        st.just(CellError("#REF!")),
    ),
    max_size=9,
)


def spelt(cells: list[Any]) -> list[str]:
    """Cells with their types: 1, 1.0 and True are different ones."""
    return [repr(each) for each in cells]


@given(CELLS, st.data())
def test_some_rows_of_a_column_are_its_cells_there(cells: list[Any], data: Any) -> None:
    column = of_list(cells)
    assert spelt(column.to_list()) == spelt(cells)
    start = data.draw(st.integers(0, len(cells)))
    height = data.draw(st.integers(0, len(cells) - start))
    assert spelt(column.slice(start, height).to_list()) == spelt(cells[start : start + height])
    rows = sorted(data.draw(st.sets(st.integers(0, max(len(cells) - 1, 0)), max_size=len(cells))))
    assert spelt(column.take(pl.Series(rows, dtype=pl.UInt32)).to_list()) == spelt([cells[row] for row in rows])


@given(CELLS)
def test_a_cell_is_filled_where_there_is_something_to_be_seen(cells: list[Any]) -> None:
    column = of_list(cells)
    assert column.present().to_list() == [cell is not None for cell in cells]
    assert column.filled().to_list() == [cell is not None and bool(str(cell).strip()) for cell in cells]
