"""Cleaning, wrapping and wording: what all formats lean on."""

from __future__ import annotations

import re
import string
import subprocess
import sys
import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from ordos_subsidy.messages import Lang, sentences
from ordos_subsidy.pages import terms
from ordos_subsidy.render._clean import plain
from ordos_subsidy.render.terminal import wrap

from .samples import NASTY, WAN

MIXED = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("万元，。（）“”《》鄂尔多斯0123456789 .,%×≥–é🏭👩🔬ᠮᠣ𠮷\u0301\u200d\ufe0f\u202e\x1b"),
    ),
    max_size=80,
)


@given(MIXED)
def test_cleaned_text_has_nothing_that_acts_and_stays_as_it_is(text: str) -> None:
    clean = plain(text)
    assert plain(clean) == clean
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]", clean)
    clean.encode()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07name", "name"),
        ("\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b31mred", "red"),
        ("line\r\nbreak\tand tab", "line break and tab"),
        ("\u202egnp.exe", "gnp.exe"),
        ("nul\x00bell\x07del\x7f", "nulbelldel"),
        ("lone \ud800", "lone \ufffd"),
        (
            "ᠮᠣᠩ\u180bᠭᠣᠯ\u202fᠤᠨ 𠮷䶮 👩\u200d🔬 e\u0301 “引” ﹝",
            "ᠮᠣᠩ\u180bᠭᠣᠯ\u202fᠤᠨ 𠮷䶮 👩\u200d🔬 e\u0301 “引” ﹝",
        ),
    ],
)
def test_what_acts_goes_and_what_belongs_to_a_name_stays(typed: str, shown: str) -> None:
    assert plain(typed) == shown


@given(MIXED, st.integers(min_value=8, max_value=40))
def test_wrapped_lines_fit_and_lose_nothing_but_blanks(text: str, room: int) -> None:
    lines = wrap(plain(text), room)
    assert "".join("".join(lines).split()) == "".join(plain(text).split())
    assert all(cell_len(line) <= room or _one_cluster(line) for line in lines)


def _one_cluster(line: str) -> bool:
    """A single character with what clings to it may be wider than a line of few cells."""
    return sum(not unicodedata.combining(each) for each in line) <= 8


def test_lines_begin_and_end_as_chinese_readers_expect() -> None:
    text = "对“专精特新”企业（含园区），每年给予不低于1574.500001万元，连续5年（最高30%）。"
    for room in range(18, 60):
        lines = wrap(text, room)
        assert any("1574.500001万元" in line for line in lines)
        for line in lines:
            assert not line.startswith(tuple("，。）”、"))
            assert not line.endswith(tuple("（“"))


FEN = st.integers(min_value=0, max_value=10**15)
UNITS = {"万元": WAN, "亿元": 10_000 * WAN, "元": 100, " yuan": 100}


def fen(text: str) -> Decimal:
    """The fen that a sum in words comes to."""
    unit = next((each for each in UNITS if text.endswith(each)), "")
    return Decimal(text.removesuffix(unit).replace(",", "")) * UNITS.get(unit, 1)


@pytest.mark.parametrize("lang", ["zh", "en"])
@given(sum_=FEN)
def test_what_a_page_shows_is_within_a_hundred_yuan_on_the_careful_side(lang: Lang, sum_: int) -> None:
    """From 亿元 on within 一万元."""
    down, up = fen(terms.about(sum_, lang)), fen(terms.about(sum_, lang, up=True))
    coarse = WAN if sum_ >= UNITS["亿元"] else 100 * 100
    assert down <= sum_ <= up
    assert up - down <= coarse


@pytest.mark.parametrize("lang", ["zh", "en"])
@given(sum_=FEN)
def test_a_sum_in_yuan_is_exact_to_the_fen(lang: Lang, sum_: int) -> None:
    assert fen(terms.yuan(sum_, sum_, lang)) == sum_


@pytest.mark.parametrize("lang", ["zh", "en"])
@given(low=st.integers(0, 10**12), more=st.none() | st.integers(0, 10**12))
def test_an_interval_shows_both_of_its_ends(lang: Lang, low: int, more: int | None) -> None:
    high = None if more is None else low + more
    for shown in (terms.interval(low, high, lang), terms.yuan(low, high, lang)):
        if more is None:
            assert shown.startswith("≥ ") if low else not re.search(r"\d", shown)
        elif more:
            assert " – " in shown


@given(low=FEN, more=FEN)
def test_columns_of_least_and_most_hold_the_interval(low: int, more: int) -> None:
    least, most = (fen(text + "万元") for text in (terms.least(low, "zh"), terms.most(low + more, low, "zh")))
    assert least <= low
    assert most >= low + more or not more


def test_years_run_together_and_the_undated_says_so() -> None:
    assert terms.spans([2024, 2022, 2023, 2022, 2030]) == "2022-2024, 2030"


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_every_phrase_says_the_same_in_both_languages() -> None:
    for name, (zh, en) in sentences("show").phrases.items():
        assert zh, name
        assert en, name
        assert fields(zh) == fields(en), name
        assert not re.search(r"[\u4e00-\u9fff，。：；（）]", en), name


def test_no_phrase_is_without_use() -> None:
    made = {  # names that are put together
        "show": (
            "verdict_",
            "because_",
            "papers_",
            "end_",
            "kind_",
            "section_",
            "recipient_",
            "title_",
            "rest_",
            "preferences_",
        ),
        "logic": (
            "recipient-",
            "limit-",
            "tier-",
            "is-",
            "one-of",
            "more-",
            "at-most",
            "less-",
            "window-",
            "version-",
            "budget-",
            "step-",
            "truth-",
        ),
        "batch": ("sheet_",),
        "cli": (),
    }
    sources = Path(terms.__file__).parent.parent.rglob("*.py")
    source = "".join(path.read_text(encoding="utf-8") for path in sources if path.parent.name != "messages")
    for room, put_together in made.items():
        for name in sentences(room).phrases:
            stem = name.removesuffix("_says").removesuffix("_in_short")
            said = re.search(rf"""["']{stem}["']|{room}\.{name}\b""", source)
            assert said or name.startswith(put_together), (room, name)


@pytest.mark.parametrize("name", ["json", "markdown", "html"])
def test_plain_formats_load_neither_rich_nor_openpyxl_nor_polars(name: str) -> None:
    program = (
        f"import sys, ordos_subsidy.render.{name}\n"
        "print([each for each in ('rich', 'openpyxl', 'polars') if each in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert out.stdout == "[]\n"


@pytest.mark.parametrize("name", ["csv", "xlsx"])
def test_tables_load_no_library_that_writes_workbooks_before_they_are_written(name: str) -> None:
    libraries = ("openpyxl", "rustpy_xlsxwriter", "xlsxwriter", "rich")
    program = f"import sys, ordos_subsidy.render.{name}\nprint([each for each in {libraries} if each in sys.modules])"
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert out.stdout == "[]\n"


def test_the_samples_hold_what_they_are_meant_to() -> None:
    assert any("\x1b" in each for each in NASTY)
    assert any("\u202e" in each for each in NASTY)
