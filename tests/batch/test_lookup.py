"""Texts found by what they hash to are the texts that are written there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordos_subsidy.batch import lookup
from ordos_subsidy.batch.parts import ahead

TEXTS = st.text("0123456789ABXY", max_size=3)


def series(values: Sequence[str | None]) -> pl.Series:
    """A column of text."""
    return pl.Series(values, dtype=pl.String)


@given(known=st.lists(TEXTS, unique=True, max_size=60), wanted=st.lists(TEXTS | st.none(), max_size=60))
def test_each_text_is_found_where_it_stands(known: list[str], wanted: list[str | None]) -> None:
    """And nowhere if it is not among them; blanks are nobody's."""
    rows = pl.Series([7 * n for n in range(len(known))], dtype=pl.UInt32)
    right = [7 * known.index(text) if text in known else None for text in wanted]
    assert lookup.Known(series(known), rows).rows_of(series(wanted)).to_list() == right
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lookup, "MANY", 1)
        patch.setattr(lookup, "_PIECE", 7)
        found = lookup.Known(series(known), rows).rows_of(series(wanted))
    assert (found.to_list(), found.dtype) == (right, pl.UInt32())


def test_texts_that_no_table_tells_apart_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """One table is not enough for many texts: then all of them are joined."""
    known = series([str(n) for n in range(1000)])
    monkeypatch.setattr(lookup, "MANY", 1)
    monkeypatch.setattr(lookup, "_TABLES", 1)
    rows = pl.int_range(len(known), dtype=pl.UInt32, eager=True)
    assert lookup.Known(known, rows).rows_of(known.reverse()).equals(rows.reverse())


def test_a_million_codes_are_told_apart() -> None:
    """Codes that differ in their last signs only, as codes do."""
    known = pl.int_range(1_000_000, eager=True).cast(pl.String).str.zfill(18)
    rows = pl.int_range(len(known), dtype=pl.UInt32, eager=True)
    wanted = pl.concat([known.reverse().head(100_000), series(["000000000001000000", None])])
    assert lookup.Known(known, rows).rows_of(wanted).to_list() == [*range(999_999, 899_999, -1), None, None]


def test_what_is_made_ahead_comes_in_order() -> None:
    """And what goes wrong in making one comes when that one is asked for."""

    def some() -> Iterator[int]:
        yield from (1, 2)
        raise LookupError

    items = ahead(some())
    assert [next(items), next(items)] == [1, 2]
    with pytest.raises(LookupError):
        next(items)
    assert list(ahead(iter(()))) == []
