"""Columns that the child sends come out as the cells they were, one by one or in layers."""

from __future__ import annotations

import datetime as dt
import marshal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ordos_subsidy.files import workbook, worker
from ordos_subsidy.files.grid import MARK, CellError, CellValue
from ordos_subsidy.tables.columns import of_list, stacked

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
DAYS = st.dates(dt.date(1900, 1, 1), dt.date(9999, 12, 31))
#: What the parser gives, kind by kind; columns are of one kind with blanks, or of several.
KINDS = [
    st.just(""),
    TEXT,
    st.floats(allow_nan=False),
    DAYS,
    st.booleans(),
    DAYS.map(lambda day: dt.datetime.combine(day, dt.time(8))),
    st.just(dt.time(8)),
    st.integers(-9, 9),
    st.sampled_from([f"{MARK}#REF!", "a\0b", "\0"]),
]
COLUMN = st.one_of(
    st.sampled_from(KINDS).flatmap(lambda kind: st.lists(st.one_of(kind, st.just("")), min_size=1, max_size=8)),
    st.lists(st.one_of(KINDS), min_size=1, max_size=8),
)


def sent(values: list[Any]) -> tuple[int, Any]:
    """A column as it arrives."""
    arrived: tuple[int, Any] = marshal.loads(marshal.dumps(worker._column(values, dirty=True), 2))  # noqa: S302 - ours
    return arrived


def meant(value: Any) -> CellValue:
    """A cell of the parser as users see it."""
    if isinstance(value, str):
        marked = value.startswith(MARK)
        return CellError(value.removeprefix(MARK)) if marked else value.replace("\0", "") or None
    cell: CellValue = value
    return cell


def spelt(cells: Any) -> list[str]:
    """Cells with their types: 1, 1.0 and True are different ones."""
    return [repr(each) for each in cells]


@given(COLUMN)
def test_a_column_arrives_as_its_cells(values: list[Any]) -> None:
    assert spelt(workbook.column(len(values), *sent(values))) == spelt(map(meant, values))


@given(st.lists(COLUMN, min_size=1, max_size=4))
def test_frames_make_the_layers_that_all_cells_make(frames: list[list[Any]]) -> None:
    pieces = [of_list(list(workbook.column(len(values), *sent(values)))) for values in frames]
    whole, cells = stacked(pieces), of_list([meant(value) for values in frames for value in values])
    assert (whole.height, whole.odd) == (cells.height, cells.odd)
    assert [(each.dtype, spelt(each)) for each in whole.layers] == [(each.dtype, spelt(each)) for each in cells.layers]


def test_both_ends_number_the_kinds_of_columns_alike() -> None:
    names = ("BLANK", "PLAIN", "DATES", "MIXED")
    assert [getattr(workbook, name) for name in names] == [getattr(worker, name) for name in names]
