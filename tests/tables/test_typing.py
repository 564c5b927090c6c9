"""Columns are read exactly as single cells are, by the quick ways too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordos_subsidy import cells
from ordos_subsidy.files.grid import CellError
from ordos_subsidy.tables import firms, typing
from ordos_subsidy.tables.columns import CellColumn, Given, of_list
from ordos_subsidy.tables.typing import convert, sound_codes
from tests.vocabulary import SMALL

FACTS = [fact for fact in SMALL.facts.values() if fact.type != "ratio"]
CODE = "91150624779456123"
WRITTEN = st.one_of(
    st.sampled_from(
        [
            "是",
            "否",
            "无",
            "—",
            "",
            " ",
            "#REF!",
            "＃N/A",
            "北旗",
            "北，南",
            "煤炭、光伏",
            "重点实验室",
            "2022年3月",
            "2022-03-01",
        ]
    ),
    st.sampled_from(
        ["1,234.5", "12.5亿元", "1 234", "+5", "-5", "0012", "3.5%", "0.035", "1e5", "999999999999.999999"]
    ),
    st.sampled_from(["#内蒙古某某有限公司", "＃内蒙古某某有限公司"]),
    st.sampled_from([CODE + "7", CODE + "X", CODE.lower() + "a", "0" * 18, "内蒙古某某有限公司", "＝1+1某某有限公司"]),
    st.decimals(-(10**9), 10**9, places=4).map(str),
    st.text(max_size=12),
)
NUMBERS = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True).map(lambda x: x + 0.0),  # no minus nought: it equals nought
    st.integers(-(10**15), 10**15).map(lambda n: n / 10**6),
    st.integers(-(10**12), 10**12).map(float),
    st.sampled_from([0.0, 1.0, 0.035, 0.1 + 0.2, 2022.0, 2022.5, 44621.0, 1e308]),
)
DAYS = st.dates(dt.date(1800, 1, 1), dt.date(2200, 1, 1))
CELL = st.one_of(
    WRITTEN,
    NUMBERS,
    st.booleans(),
    st.none(),
    DAYS,
    DAYS.map(lambda day: dt.datetime.combine(day, dt.time(8))),
    st.just(CellError("#REF!")),
    st.just(dt.time(8)),
)
UNITS = st.sampled_from([None, "元", "千元", "万元", "亿元", "%", "?"])


@pytest.fixture(autouse=True, scope="module")
def _quick_from_the_first_cell() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typing, "QUICK_FROM", 0)
        yield


def expected(fact: Any, values: list[Any], unit: str | None) -> tuple[list[Any], list[Any]]:
    """What single cells say."""
    reads = [
        cells.failed(fact, value.text)
        if isinstance(value, CellError)
        else cells.read(fact, value, unit=unit, vocabulary=SMALL)
        for value in values
    ]
    columns = firms.column(fact, [read.value for read in reads], SMALL)
    said = [(row, read.problem) for row, read in enumerate(reads) if read.problem]
    return [column.to_list() for column in columns], said


def check(fact: Any, column: CellColumn, values: list[Any], unit: str | None) -> None:
    """A converted column beside its cells."""
    made = convert(fact, Given(column, unit), SMALL)
    typed, said = expected(fact, values, unit)
    assert [each.to_list() for each in made.columns] == typed
    assert [(each.name, each.dtype) for each in made.columns] == [
        (each.name, each.dtype) for each in firms.column(fact, [], SMALL)
    ]
    assert sorted(made.said, key=lambda pair: pair[0]) == said


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.key)
@given(values=st.lists(CELL, max_size=12), unit=UNITS)
def test_a_mixed_column_is_read_as_its_cells_are(fact: Any, values: list[Any], unit: str | None) -> None:
    check(fact, of_list(values), values, unit)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.key)
@given(values=st.lists(st.one_of(st.none(), WRITTEN), max_size=12), unit=UNITS)
def test_a_column_of_texts_is_read_as_its_cells_are(fact: Any, values: list[Any], unit: str | None) -> None:
    check(fact, CellColumn(len(values), [pl.Series(values, dtype=pl.String)]), values, unit)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.key)
@given(
    values=st.one_of(
        st.lists(st.one_of(st.none(), NUMBERS), max_size=12).map(lambda many: pl.Series(many, dtype=pl.Float64)),
        st.lists(st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1), st.integers(0, 3000)), max_size=12).map(
            lambda many: pl.Series(many, dtype=pl.Int64)
        ),
        st.lists(st.one_of(st.none(), st.decimals(-(10**11), 10**11, places=8)), max_size=12).map(
            lambda many: pl.Series(many, dtype=pl.Decimal(38, 8))
        ),
    ),
    unit=UNITS,
)
def test_a_column_of_numbers_is_read_as_its_cells_are(fact: Any, values: pl.Series, unit: str | None) -> None:
    check(fact, CellColumn(len(values), [values]), values.to_list(), unit)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.key)
@pytest.mark.parametrize(
    "values",
    [
        pl.Series([dt.date(2022, 3, 1), None, dt.date(1850, 1, 1)]),
        pl.Series([dt.date(2022, 3, 1), None]).cast(pl.Datetime),
        pl.Series([dt.date(2022, 3, 1), None]).cast(pl.Datetime).dt.replace_time_zone("UTC"),
        pl.Series([True, None, False]),
        pl.Series([["煤炭"], [], None, ["煤炭", "光伏"], ["石油"]]),
        pl.Series(["是", None, "北旗"], dtype=pl.Categorical),
        pl.Series([1, 0, 2022], dtype=pl.UInt8(), strict=False),
        pl.Series([0.5, 2022.0], dtype=pl.Float32),
        pl.Series([dt.timedelta(1), None]),
        pl.Series([{"a": 1}, None]),
        pl.Series([None, None]),
        pl.Series([Decimal("0.5"), Decimal("12.25")]),
    ],
    ids=lambda values: str(values.dtype),
)
def test_every_type_of_a_parquet_column_is_read_as_its_cells_are(fact: Any, values: pl.Series) -> None:
    check(fact, CellColumn(len(values), [values]), values.to_list(), "万元")


SPELT = st.one_of(
    st.text("0189AHJNPRTUWXY", min_size=18, max_size=18),
    st.text("0189AHIJNOPRSTUVWXYZa:;@[/ ", min_size=18, max_size=18),
    st.text("0A\u00e9\u65d7", max_size=18),
    st.just("\u65d7" * 6),  # eighteen bytes
    st.none(),
)


CODE_FACT = SMALL.facts["code"]


@given(st.lists(SPELT, max_size=4))
def test_a_code_is_sound_where_its_cell_is_read_as_it_stands_without_a_word(values: list[str | None]) -> None:
    reads = [cells.read(CODE_FACT, value, vocabulary=SMALL) for value in values]
    right = [value is not None and read == (value, None) for value, read in zip(values, reads, strict=True)]
    assert sound_codes(pl.Series(values, dtype=pl.String)).to_list() == right
