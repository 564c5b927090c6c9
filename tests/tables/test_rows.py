"""Rows that are no data are found in columns as one by one."""

from __future__ import annotations

import unicodedata
from typing import Literal

import polars as pl
from hypothesis import example, given
from hypothesis import strategies as st

from ordos_subsidy.tables.odd_rows import TOTAL_LENGTH, is_odd, odd_texts

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


@example(
    [
        "平 均",
        "平＊均数",
        "平:均值",
        "合计*",
        "SUM。",
        "以下空白",
        "一、东胜区",
        "第1页 共3页",
        "（全市）共计3家",
        "东胜区",
    ]
)
@given(st.lists(st.one_of(TEXTS, st.text(max_size=TOTAL_LENGTH), st.none()), max_size=6))
def test_no_row_of_totals_or_notes_escapes_the_quick_look_at_a_column(values: list[str | None]) -> None:
    answers = frozenset({"东胜区"})
    texts = pl.Series(values, dtype=pl.String)
    assert set(odd_texts(texts, answers)) == {each for each in values if each is not None and is_odd(each, answers)}
