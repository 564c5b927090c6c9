"""CSV: exact, strict, said in which encoding, and in memory that its size bounds."""

from __future__ import annotations

import csv
import io
import re
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordos_subsidy.errors import Problem, Refused
from ordos_subsidy.files import csv_lines
from ordos_subsidy.files.guard import ONE_FIRM, InputFile
from ordos_subsidy.files.workbook import BookReader
from ordos_subsidy.tables.sources import of_csv


def csv_rows(data: bytes, name: str) -> tuple[list[list[Any]], tuple[Problem, ...]]:
    """The rows of a CSV file, and what is said about it."""
    sheet, problems = of_csv(data, csv_lines.frames(data, name))
    whole = [sheet.column(col, 0, sheet.height).to_list() for col in range(sheet.width)]
    return [list(row) for row in zip(*whole, strict=True)], problems


def rows(data: bytes) -> list[list[Any]]:
    return csv_rows(data, "firm.csv")[0]


def refusals(data: bytes) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        csv_rows(data, "firm.csv")
    return [(each.code.removeprefix("files."), each.where) for each in caught.value.problems]


TABLE = "单位名称,代码\n内蒙古某某公司,0012\n"
READ = [["单位名称", "代码"], ["内蒙古某某公司", "0012"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf8_is_read_without_a_word(encoding: str) -> None:
    rows, problems = csv_rows(TABLE.encode(encoding), "firm.csv")
    assert (rows, problems) == (READ, ())


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TABLE.encode("gb18030"), "GB18030"),
        (b"\xff\xfe" + TABLE.encode("utf-16-le"), "UTF-16"),
        (b"\xfe\xff" + TABLE.encode("utf-16-be"), "UTF-16"),
    ],
)
def test_other_encodings_are_read_and_named(data: bytes, encoding: str) -> None:
    rows, (problem,) = csv_rows(data, "firm.csv")
    assert rows == READ
    assert (problem.code, dict(problem.params)) == ("files.encoding-used", {"encoding": encoding})
    assert problem.severity == "warning"


def test_rare_characters_survive_each_encoding() -> None:
    names = "𠮷䶮,ᠮᠣᠩᠭᠣᠯ,😀"
    for encoding in ("utf-8", "gb18030", "utf-16"):
        assert rows(f"a,b,c\n{names}\n".encode(encoding))[1] == names.split(",")


def test_bytes_of_no_encoding_are_refused_with_their_line() -> None:
    assert refusals(b"a,b\n1,\xff\xff\n") == [("encoding", "firm.csv:2")]


def test_damaged_utf8_does_not_pass_as_gb18030() -> None:
    """One lost byte makes the rest valid GB18030 by chance; the names would come out as nonsense."""
    data = ("name,kind\n" + "内蒙古某某新材料有限公司,是\n" * 20).encode()
    broken = data.replace("内".encode(), "内".encode()[:2], 1)
    broken.decode("gb18030", "replace")
    assert refusals(broken) == [("encoding", "firm.csv:2")]


def test_utf16_cut_off_is_refused() -> None:
    assert refusals(TABLE.encode("utf-16")[:-1])[0][0] == "encoding"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    data = f'单位名称{delimiter}收入{delimiter}备注\n某公司{delimiter}"1,234.5"{delimiter}"a;b\tc"\n'
    assert rows(data.encode()) == [["单位名称", "收入", "备注"], ["某公司", "1,234.5", "a;b\tc"]]


def test_a_hint_to_excel_is_no_row_but_keeps_its_line() -> None:
    assert rows(b"sep=;\r\na;b\r\n1;2\r\n") == [[None, None], ["a", "b"], ["1", "2"]]


def test_a_guard_of_spreadsheets_is_taken_off() -> None:
    assert rows(b'a,b\n="0012",="\n')[1] == ["0012", '="']


def test_one_column_is_a_table_too() -> None:
    assert rows("单位名称\n某公司\n".encode()) == [["单位名称"], ["某公司"]]


def test_everything_stays_the_text_it_was() -> None:
    data = b'code,n,d,b,s\n0012,1e5,2022-03-01,TRUE," x "\n'
    assert rows(data)[1] == ["0012", "1e5", "2022-03-01", "TRUE", " x "]


def test_blank_fields_and_lines_are_blank_and_keep_their_place() -> None:
    assert rows(b"\na,b\n\n1,\n\n") == [[None, None], ["a", "b"], [None, None], ["1", None], [None, None]]


def test_short_and_long_rows_are_refused_with_their_lines() -> None:
    data = b'a,b\n1\n"x\ny",2\n1,2,3\n'
    assert refusals(data) == [("ragged", "firm.csv:2"), ("ragged", "firm.csv:5")]


def test_many_ragged_rows_are_counted_not_listed() -> None:
    found = refusals(b"a,b\n" + b"1\n" * 50)
    assert len(found) == csv_lines.SHOWN_ROWS + 1
    assert found[-1] == ("ragged-more", "firm.csv")


@pytest.mark.parametrize(
    ("data", "where"),
    [(b'a,b\n"1"2,3\n', "firm.csv:2"), (b'a,b\n1,"2\n', "firm.csv:2"), (b'a,b\n1,2\n3,"4" \n', "firm.csv:3")],
)
def test_bad_quotes_are_refused_with_their_line(data: bytes, where: str) -> None:
    assert refusals(data) == [("csv", where)]


def test_an_endless_field_is_refused() -> None:
    assert refusals(b'a,b\n1,"' + b"x" * 200_000 + b'"\n') == [("csv", "firm.csv:2")]


def test_a_nul_is_refused_with_its_line() -> None:
    assert refusals(b"a,b\n1,\x002\n") == [("nul", "firm.csv:2")]


def test_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A narrow row counts as four: a row costs as much as some cells."""
    monkeypatch.setattr(csv_lines, "CELLS", 20)
    for row in (b"a,b,c,d\n", b"a\n", b'"a"\n'):
        assert len(rows(row * 5)) == 5
        assert refusals(row * 6) == [("area", "firm.csv")]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_all_line_endings_end_lines(ending: str) -> None:
    assert rows(f"a,b{ending}1,2{ending}".encode()) == [["a", "b"], ["1", "2"]]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_a_reason(data: bytes) -> None:
    try:
        csv_rows(data, "x")
    except Refused as error:
        assert error.problems  # noqa: PT017 - either outcome is right


@given(st.text("ab,;\t\n\r\"' \x1f\x1e某", max_size=40))
def test_every_cell_is_what_the_csv_module_reads(content: str) -> None:
    """Whether Polars reads the file's own lines or those of the child; it drops a line break at the end of a cell."""
    try:
        rows, _ = csv_rows(content.encode(), "x")
    except Refused:
        return
    delimiters = [found[1]] if (found := re.match("sep=([,;\t])\n", content)) else ",;\t"
    read = [list(csv.reader(io.StringIO(content, newline=""), delimiter=each)) for each in delimiters]
    mine, *others = (
        [[cell.rstrip("\r") for cell in row if cell and cell.rstrip("\r")] for row in one] for one in (rows, *read)
    )
    assert mine in others


@pytest.mark.parametrize(
    "content",
    [
        b"," * (1 << 25),
        b"a," + b"x" * (1 << 25),
        b'"' + b"x,\n" * (1 << 23),
        b'a,"\n",' * (1 << 22),
        (b'"",' + b"," * 16_382 + b"\n") * 1_400,
        b"\n" * (1 << 24),
        '😀,"😀"\n'.encode() * (1 << 21),
        b"\xff\xfe" + '"甲",乙\n'.encode("utf-16-le") * (1 << 21),
        b"a,b\n" + b"a\n" * (1 << 23),
    ],
    ids=["commas", "text", "quote", "one row", "wide", "newlines", "emoji", "utf-16", "ragged"],
)
def test_a_text_takes_no_more_of_the_child_than_it_may(content: bytes) -> None:
    """All that `calc` may read, in shapes whose cells take most; the system would end a child that takes more."""
    file = InputFile("f.csv", "csv", content[: ONE_FIRM.text << 20])
    with BookReader(file, ONE_FIRM._replace(memory=512 << 20, seconds=60)) as reader:
        try:
            sheet, _ = reader.sheets(partial(of_csv, file.data))
        except Refused as refused:
            assert {each.code for each in refused.problems} <= {  # noqa: PT017 - either outcome is right
                *("files.csv-row", "files.csv", "files.area", "files.ragged", "files.ragged-more")
            }
        else:
            assert sheet.height * sheet.width <= csv_lines.CELLS
