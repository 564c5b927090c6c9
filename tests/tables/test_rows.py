"""Rows that are no data are found in columns as one by one."""

from __future__ import annotations

import unicodedata
from typing import Literal

import polars as pl
from hypothesis import example, given
from hypothesis import strategies as st

from ordos_subsidy.tables.rows import TOTAL_LENGTH, is_note, is_total, those

#: The words, however they are written, and signs around them that make no difference.
WORDS = ["合计", "总计", "小计", "共计", "平均", "平均值", "平均数", "12户", "3家", "SUM", "Total", "subtotal", "grand"]
SIGNS = " \u3000\t\u200b\ufeff:：*＊·“”《》()（）。、x北公司１9"
FORMS: list[Literal["NFC", "NFD", "NFKC", "NFKD"]] = ["NFC", "NFD", "NFKC", "NFKD"]


def wide(text: str) -> str:
    """Letters and digits as Chinese keyboards also write them."""
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def parted(word: str, at: int, sign: str) -> str:
    """A word with a sign inside."""
    return word[: at % len(word)] + sign + word[at % len(word) :]


TEXTS = st.tuples(
    st.lists(
        st.one_of(
            st.sampled_from(WORDS),
            st.sampled_from(WORDS).map(wide),
            st.builds(parted, st.sampled_from(WORDS), st.integers(0, 9), st.sampled_from(SIGNS)),
            st.text(SIGNS, max_size=3),
        ),
        max_size=4,
    ),
    st.sampled_from(FORMS),
).map(lambda made: unicodedata.normalize(made[1], "".join(made[0])))


@example(["平 均", "平＊均数", "平:均值", "合计*", "SUM。"])
@given(st.lists(st.one_of(TEXTS, st.text(max_size=TOTAL_LENGTH), st.none()), max_size=6))
def test_totals_and_notes_are_told_in_a_column_as_they_are_one_by_one(values: list[str | None]) -> None:
    texts = pl.Series(values, dtype=pl.String)
    assert those(texts, is_total).to_list() == [is_total(each) for each in values]
    assert those(texts, is_note).to_list() == [is_note(each) for each in values]
