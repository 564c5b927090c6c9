"""TOML: exact and strict; and which text is of another kind."""

from __future__ import annotations

import datetime as dt
import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordos_subsidy.errors import Refused
from ordos_subsidy.files import text
from ordos_subsidy.files.text import toml_table


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_a_reason(data: bytes) -> None:
    try:
        toml_table(data, "x")
    except Refused as error:
        assert error.problems  # noqa: PT017 - either outcome is right


def toml_refusal(data: bytes) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        toml_table(data, "firm.toml")
    problem = caught.value.problems[0]
    return problem.code.removeprefix("files."), problem.where


def test_numbers_and_dates_are_exact() -> None:
    table = toml_table(b"a = 0.1\nb = 12\nc = 2022-03-01\nd = 1_000.50\n", "firm.toml")
    assert table == {"a": Decimal("0.1"), "b": 12, "c": dt.date(2022, 3, 1), "d": Decimal("1000.50")}
    assert isinstance(table["a"], Decimal)


def test_a_byte_order_mark_is_no_error() -> None:
    assert toml_table("\ufeffname = '某公司'\r\n".encode(), "firm.toml") == {"name": "某公司"}


@pytest.mark.parametrize(
    ("content", "code", "where"),
    [
        ("a 1\n", "toml-equals", "1:3"),
        ("a：1\n", "toml-equals", "1:2"),
        ("a = 1\nb = \n", "toml-value", "2:5"),
        ("a = 是\n", "toml-value", "1:5"),
        ("a = “某公司”\n", "toml-value", "1:5"),
        ("a = ", "toml-value", "1:5"),
        ("a = [1,", "toml-value", "1:8"),
        ('a = "某公司\n', "toml-quote", "1:9"),
        ('a = """x', "toml-quote", "1:9"),
        ("a = 'x", "toml-quote", "1:7"),
        ('a = "C:\\名单"\n', "toml-escape", "1:10"),
        ("a = 300万元\n", "toml-more", "1:8"),
        ("a = 01\n", "toml-more", "1:6"),
        ("a = 1,5\n", "toml-more", "1:6"),
        ("a = 2022-02-30\n", "toml-date", "1:5"),
        ("a = 1\na = 2\n", "toml-twice", "2:6"),
        ("a = {b = 1, b = 2}\n", "toml-twice", "1:18"),
        ("[a]\n[a]\n", "toml-table", "2:3"),
        ("[[a]]\n[a]\n", "toml-table", "2:3"),
        ("[a\nb = 1\n", "toml-bracket", "1:3"),
        ("a = [1", "toml-bracket", "1:7"),
        ("a = {b = 1\n", "toml-bracket", "1:11"),
        ('单位 = "x"\n', "toml-name", "1:1"),
        ("[]\n", "toml-name", "1:2"),
        ('a = "\x01"\n', "toml", "1:6"),
    ],
)
def test_a_mistake_is_called_by_its_name_with_line_and_column(content: str, code: str, where: str) -> None:
    """In our words, which are Chinese too; what is none of these is said in those of the parser."""
    assert toml_refusal(content.encode()) == (code, f"firm.toml:{where}")


def test_other_encodings_are_refused_with_the_line() -> None:
    assert toml_refusal("# 注释\nname = '某公司'\n".encode("gb18030")) == ("toml-encoding", "firm.toml:1")
    assert toml_refusal("name = 'x'".encode("utf-16"))[0] == "toml-encoding"


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ("nan", "firm.toml: firm[0].revenue"),
        ("-inf", "firm.toml: firm[0].revenue"),
        ("1e400", "firm.toml: firm[0].revenue"),
        ("1e-400", "firm.toml: firm[0].revenue"),
        ("9" * 40, "firm.toml: firm[0].revenue"),
        ("[{ x = nan }]", "firm.toml: firm[0].revenue[0].x"),
    ],
)
def test_numbers_that_are_none_are_refused_by_name(value: str, where: str) -> None:
    assert toml_refusal(f"[[firm]]\nrevenue = {value}\n".encode()) == ("toml-number", where)


def test_zero_and_small_amounts_are_numbers() -> None:
    assert toml_table(b"a = 0.0\nb = 0e5\nc = -12.50\n", "x") == {"a": 0, "b": 0, "c": Decimal("-12.5")}


def test_a_number_of_too_many_digits_is_refused() -> None:
    assert toml_refusal(b"a = " + b"9" * 5000)[0] in ("toml-number", "toml-end")


@pytest.mark.parametrize(
    "data",
    [
        b"a = " + b"[" * 900 + b"]" * 900,
        b"a = " + b"{a=" * 900 + b"1" + b"}" * 900,
        b"a = " + b"[\n" * 900,
        b".".join([b"a"] * 20_000) + b" = 1",
        b"[" + b" . ".join([b'"a"'] * 20_000) + b"]",
        b"a = {" + b".".join([b"a"] * 20_000) + b" = 1}",
    ],
    ids=["arrays", "inline tables", "unclosed", "dotted key", "quoted table name", "dotted key inside"],
)
def test_deep_nesting_is_refused_at_once(data: bytes) -> None:
    begun = time.perf_counter()
    assert toml_refusal(data)[0] == "toml-depth"
    assert time.perf_counter() - begun < 2


@pytest.mark.parametrize(
    "data",
    [
        b'a = "' + b"[" * 900 + b'"\n',
        b"a = '" + b"." * 900 + b"'\n",
        b'a = """' + b"[\n" * 900 + b'"""\n',
        b"a = '''" + b"[\n" * 900 + b"'''\n",
        b"# " + b"[." * 900 + b"\na = 1\n",
        b"[[a]]\n" * 900,
        b"a = [" + b"1.5, " * 900 + b"]\n",
        b'a = "\\"[[[["\nb = "' + b"[" * 40 + b'"\n',
    ],
    ids=["text", "literal", "long text", "long literal", "comment", "tables", "decimals", "escapes"],
)
def test_brackets_and_dots_in_texts_do_not_count(data: bytes) -> None:
    assert "a" in toml_table(data, "firm.toml")


def test_a_file_over_the_limit_is_refused() -> None:
    assert toml_refusal(b"#" * (text.TOML_BYTES + 1)) == ("toml-too-large", "firm.toml")


@pytest.mark.parametrize(
    "data",
    [
        b"[a]\n" * 200_000,
        b"a = '" * 200_000,
        b'"' * 1_000_000,
        b"a = [" + b"{b = 1}, " * 100_000 + b"]",
        b"".join(b"[a.b%d]\nc = 1\n" % i for i in range(50_000)),
        b"".join(b"a.b.c.d.e%d = 1\n" % i for i in range(50_000)),
        b'a = "' + b"\\" * 900_000,
        b"\n" * 1_000_000,
        b"a = " + b" " * 900_000,
    ],
    ids=["tables", "quotes", "double quotes", "inline", "subtables", "dotted", "escapes", "lines", "blanks"],
)
def test_a_large_file_is_answered_within_seconds(data: bytes) -> None:
    begun = time.perf_counter()
    try:
        toml_table(data, "firm.toml")
    except Refused as error:
        assert error.problems  # noqa: PT017 - either outcome is right
    assert time.perf_counter() - begun < 10


def test_a_web_page_in_one_file_is_called_one() -> None:
    with pytest.raises(Refused) as caught:
        text.kind(b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n", ".xls", "f.xls")
    assert [each.code for each in caught.value.problems] == ["files.markup"]
