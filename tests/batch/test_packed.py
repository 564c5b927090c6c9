"""Columns that the child packs come out as the cells they were, one by one or in layers."""

from __future__ import annotations

import datetime as dt
import marshal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordos_subsidy.batch import packed
from ordos_subsidy.batch.cells import of_list
from ordos_subsidy.files import workbook, worker
from ordos_subsidy.files.marks import MARK
from ordos_subsidy.files.raw import Cell, CellError
from tests.batch import test_reading
from tests.batch.test_reading import EVENT_CELLS, FIRM_CELLS, rows

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


def meant(value: Any) -> Cell:
    """A cell of the parser as users see it."""
    if isinstance(value, str):
        marked = value.startswith(MARK)
        return CellError(value.removeprefix(MARK)) if marked else value.replace("\0", "") or None
    cell: Cell = value
    return cell


def spelt(cells: Any) -> list[str]:
    """Cells with their types: 1, 1.0 and True are different ones."""
    return [repr(each) for each in cells]


@given(COLUMN)
def test_a_column_arrives_as_its_cells(values: list[Any]) -> None:
    assert spelt(workbook.column(len(values), *sent(values))) == spelt(map(meant, values))


@given(st.lists(COLUMN, min_size=1, max_size=4))
def test_frames_make_the_layers_that_all_cells_make(frames: list[list[Any]]) -> None:
    pieces = [packed.unpacked(len(values), [sent(values), (worker.BLANK, None)])[0] for values in frames]
    whole, cells = packed.joined(pieces), of_list([meant(value) for values in frames for value in values])
    assert (whole.height, whole.odd) == (cells.height, cells.odd)
    assert [(each.dtype, spelt(each)) for each in whole.layers] == [(each.dtype, spelt(each)) for each in cells.layers]


def test_what_is_of_one_type_is_packed() -> None:
    """The quick ways are taken: nothing else would notice if they were not."""
    day = dt.date(2022, 3, 1)
    columns: list[list[Any]] = [["", ""], ["甲", ""], [1.0, 2.0], [1.0, ""], [day, ""], [True, False], ["甲", 1.0]]
    assert [worker._column(column, dirty=False)[0] for column in columns] == [
        worker.BLANK,
        worker.TEXTS,
        worker.FLOATS,
        worker.FLOATS,
        worker.DATES,
        worker.PLAIN,
        worker.PLAIN,
    ]


def test_both_ends_number_the_kinds_of_columns_alike() -> None:
    names = ("BLANK", "TEXTS", "FLOATS", "DATES", "PLAIN", "MIXED")
    assert [getattr(workbook, name) for name in names] == [getattr(worker, name) for name in names]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("books")


@test_reading.TRIED_LITTLE
@given(firms=rows(FIRM_CELLS, 14), events=rows(EVENT_CELLS, 14), numbers=st.booleans())
def test_a_workbook_in_many_frames_is_read_alike(folder: Path, firms: Any, events: Any, numbers: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        settings = "module.LARGE_BYTES = 0; module.CHUNK_CELLS = 24; module.main()"
        patch.setattr(workbook, "_BOOT", workbook._BOOT.replace("module.main()", settings))
        patch.setattr("ordos_subsidy.batch.sources.HEAD", test_reading.HEAD)
        test_reading.test_a_workbook_is_read_alike.hypothesis.inner_test(  # type: ignore[attr-defined]
            folder, firms, events, numbers
        )
