"""Text files: CSV into rows and TOML into a table, nothing guessed.

CSV is UTF-8, or UTF-16 with its mark, or GB18030 (what Excel and WPS write on a Chinese Windows); each is read
strictly, and which one it was is said unless it was UTF-8. Every field stays the text it was: `0012` is a code,
not twelve. A row that is too short or too long is an error with its line, never padded. TOML keeps its numbers
exact (`Decimal`) and is measured before it is parsed.
"""

from __future__ import annotations

import csv
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from io import StringIO
from itertools import islice
from typing import Any, Literal

from ordos_subsidy.errors import Problem, Refused, problem, warning
from ordos_subsidy.files.grid import COLUMNS, CellValue

FileKind = Literal["xlsx", "xlsb", "xls", "ods", "csv", "toml", "parquet"]
"""What a file truly is; .xlsm and templates are xlsx too."""

CELLS = 32_000_000
TOML_BYTES = 1_000_000
DEPTH = 32
EXPONENT = 30
SAMPLE_ROWS = 20
SHOWN_ROWS = 20

_HEAD = 65_536
# The first line that is neither blank nor a comment: a table's name in brackets, or a key and an equals sign.
_TOML = re.compile(
    rb"(?:[ \t\r]*(?:#[^\n]*)?\n)*[ \t]*"
    rb"(?:\[{1,2}[^\[\]{}\n]+\]{1,2}[ \t]*(?:#[^\n]*)?\r?(?:\n|\Z)"
    rb"|(?:[\w.-]|\"[^\"\n]*\"|'[^'\n]*')+[ \t]*=)"
)
_MARKUP = re.compile(rb"\s*(?:<(?:!|\?|html|table|head|body|meta)|MIME-Version:)", re.IGNORECASE)


def kind(data: bytes, suffix: str, name: str) -> FileKind:
    """Whether bytes without a magic number are CSV or TOML; anything else is refused by its name."""
    head = data.removeprefix(BOM_UTF8)[:_HEAD]
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "csv"
    if _MARKUP.match(head):
        found = "XML" if b"<?xml" in head and b"<html" not in head.lower() else "HTML"
        raise Refused([problem("files.markup", name, found=found)])
    if b"\0" in head and suffix not in (".csv", ".tsv", ".txt", ".toml"):
        raise Refused([problem("files.unknown", name)])
    if suffix == ".toml" or _TOML.match(head):
        return "toml"
    if re.match(rb"\s*(?:\{|\[\s*[\[{\"])", head):
        raise Refused([problem("files.foreign", name, found="JSON")])
    return "csv"


def csv_rows(data: bytes, name: str) -> tuple[list[list[CellValue]], tuple[Problem, ...]]:
    """The rows of a CSV file, as texts, and what should be said about it."""
    content, problems = decoded(data, name)
    if "\0" in content:
        raise Refused([problem("files.nul", _line(name, content.count("\n", 0, content.index("\0")) + 1))])
    content, delimiter = delimited(content)
    rows, ragged = _records(content, delimiter, name)
    if ragged:
        raise Refused(ragged)
    return rows, problems


def _line(name: str, line: int) -> str:
    return f"{name}:{line}"


def decoded(data: bytes, name: str) -> tuple[str, tuple[Problem, ...]]:
    """The text, and a warning that names the encoding unless it was UTF-8."""
    encodings = ["utf-8-sig", "gb18030"]
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif _is_damaged_utf8(data):
        encodings = ["utf-8-sig"]
    bad = 0
    for encoding in encodings:
        try:
            content = data.decode(encoding)
        except UnicodeDecodeError as error:
            bad = error.start
            continue
        if encoding == "utf-8-sig":
            return content, ()
        return content, (warning("files.encoding-used", name, encoding=encoding.upper()),)
    raise Refused([problem("files.encoding", _line(name, data.count(b"\n", 0, bad) + 1))])


def _is_damaged_utf8(data: bytes) -> bool:
    """Mostly good UTF-8 with some bad bytes: read as GB18030 it would come out as nonsense, and pass."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        around = data[max(0, error.start - _HEAD) : error.start + _HEAD].decode("utf-8", "replace")
        bad = around.count("\ufffd")
        good = len(around) - bad - len(around.encode("ascii", "ignore"))
        return good > 4 * bad
    return False


def delimited(content: str) -> tuple[str, str]:
    """The text and its delimiter, found in the first rows."""
    if found := re.match(r"sep=([,;\t])\r?\n", content):
        # Excel's own hint; its line stays as a blank one, so that line numbers hold.
        return content[found.end() - 1 :], found[1]
    return content, max(",;\t", key=lambda each: _fit(content, each))


def _fit(content: str, delimiter: str) -> tuple[bool, bool, int]:
    """Whether a delimiter cuts a row at all, then whether it cuts all below the titles alike, then into how many."""
    widths: list[int] = []
    sound = True
    try:
        widths.extend(len(row) for row in islice(_reader(content, delimiter), SAMPLE_ROWS) if row)
    except csv.Error:
        sound = False
    widest = max(widths, default=0)
    alike = bool(widths) and set(widths[widths.index(widest) :]) == {widest}
    return widest > 1, sound and alike, widest


def _reader(content: str, delimiter: str) -> Any:
    return csv.reader(StringIO(content, newline=""), delimiter=delimiter, strict=True)


def _records(content: str, delimiter: str, name: str) -> tuple[list[list[CellValue]], list[Problem]]:
    """All rows as wide as the first below the titles; blank lines stay: a row is where a spreadsheet shows it."""
    rows: list[list[CellValue]] = []
    ragged: list[Problem] = []
    width, titles = _width(content, delimiter)
    wrong = 0
    reader = _reader(content, delimiter)
    try:
        line = 1
        for row in reader:
            width = width or len(row)
            _check_width(row, name)
            if row and len(rows) < titles:
                row.extend([""] * (width - len(row)))
            if row and len(row) != width:
                wrong += 1
                if wrong <= SHOWN_ROWS:
                    ragged.append(problem("files.ragged", _line(name, line), fields=len(row), expected=width))
            rows.append([each or None for each in row] if row else [None] * width)
            if len(rows) * width > CELLS:
                raise Refused([problem("files.area", name, limit=CELLS)])
            line = reader.line_num + 1
    except csv.Error as error:
        raise Refused([problem("files.csv", _line(name, reader.line_num), detail=error)]) from None
    if wrong > SHOWN_ROWS:
        ragged.append(problem("files.ragged-more", name, count=wrong - SHOWN_ROWS))
    return [row or [None] * width for row in rows], ragged


def _width(content: str, delimiter: str) -> tuple[int, int]:
    """How wide the rows are, and how many lines of one field, titles and notes, stand above the first such row."""
    widths: list[int] = []
    with suppress(csv.Error):
        widths.extend(map(len, islice(_reader(content, delimiter), SAMPLE_ROWS)))
    width = next((each for each in widths if each > 1), 0)
    titles = widths.index(width) if width else 0
    return (width, titles) if any(widths[:titles]) else (0, 0)


def _check_width(row: list[str], name: str) -> None:
    if len(row) > COLUMNS:
        raise Refused([problem("files.too-many-columns", name, limit=COLUMNS)])


def toml_table(data: bytes, name: str) -> dict[str, Any]:
    """A TOML file as a table with exact numbers."""
    import tomllib

    content = _toml_text(data, name)
    _refuse_depth(content, name)
    try:
        table = tomllib.loads(content, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        long = _LONG.search(content) if not isinstance(error, tomllib.TOMLDecodeError) else None
        raise Refused([_too_long(long, name) if long else _toml_problem(str(error), name, content)]) from None
    if odd := list(_odd_numbers(table, "")):
        raise Refused(problem("files.toml-number", f"{name}: {path}", number=number) for path, number in odd)
    return table


def _toml_text(data: bytes, name: str) -> str:
    if len(data) > TOML_BYTES:
        raise Refused([problem("files.toml-too-large", name, limit=TOML_BYTES // 1_000_000)])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Refused([problem("files.toml-encoding", _line(name, line))]) from None


# Strings and comments are passed over; what counts is how deep brackets nest and how many dots a name has.
_MARK = re.compile(
    r'"""(?:[^\\]|\\.)*?(?:"""|\Z)|\'\'\'.*?(?:\'\'\'|\Z)|"(?:[^"\\\n]|\\.)*"?|\'[^\'\n]*\'?|#[^\n]*|[\[\]{}.\n=,]',
    re.DOTALL,
)


def _refuse_depth(content: str, name: str) -> None:
    depth = dots = 0
    for found in _MARK.finditer(content):
        mark = found[0]
        depth += (mark in "[{") - (mark in "]}")
        dots = dots + 1 if mark == "." else 0 if mark in "\n=,[{" else dots
        if depth > DEPTH or dots > DEPTH:
            line = content.count("\n", 0, found.start()) + 1
            raise Refused([problem("files.toml-depth", _line(name, line), limit=DEPTH)])


#: An integer of more digits than Python turns into a number.
_LONG = re.compile(r"[0-9_]{4300,}")


def _too_long(found: re.Match[str], name: str) -> Problem:
    line = found.string.count("\n", 0, found.start()) + 1
    return problem("files.toml-number", _line(name, line), number=f"{found[0][:40]}…")


#: What the parser says, by its first words, and what we call it; anything else is said in its own words.
_SAID = {
    "Expected '=' after a key": "files.toml-equals",
    "Invalid value": "files.toml-value",
    "Illegal character '\\n'": "files.toml-quote",
    "Unterminated string": "files.toml-quote",
    'Expected "\'"': "files.toml-quote",
    "Unescaped '\\'": "files.toml-escape",
    "Expected newline or end of document": "files.toml-more",
    "Invalid date or datetime": "files.toml-date",
    "Cannot overwrite a value": "files.toml-twice",
    "Duplicate inline table key": "files.toml-twice",
    "Cannot declare": "files.toml-table",
    "Cannot mutate immutable namespace": "files.toml-table",
    "Cannot redefine namespace": "files.toml-table",
    "Unclosed array": "files.toml-bracket",
    "Unclosed inline table": "files.toml-bracket",
    "Expected ']": "files.toml-bracket",
    "Invalid statement": "files.toml-name",
    "Invalid initial character for a key part": "files.toml-name",
}


def _toml_problem(message: str, name: str, content: str) -> Problem:
    if found := re.search(r"\s*\(at line (\d+), column (\d+)\)", message):
        detail, line, column = message.replace(found[0], ""), int(found[1]), int(found[2])
    else:
        lines = content.rstrip("\n").split("\n")
        detail, line, column = message.replace(" (at end of document)", ""), len(lines), len(lines[-1]) + 1
    where = f"{name}:{line}:{column}"
    if said := next((code for words, code in _SAID.items() if message.startswith(words)), None):
        return problem(said, where, line=line, column=column)
    if not found:
        return problem("files.toml-end", name, detail=detail)
    return problem("files.toml", where, line=line, column=column, detail=detail)


def _odd_numbers(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Numbers no fact can have: nan, inf, and those so long that arithmetic would never end."""
    match value:
        case dict():
            for key, each in value.items():
                yield from _odd_numbers(each, f"{path}.{key}" if path else key)
        case list():
            for index, each in enumerate(value):
                yield from _odd_numbers(each, f"{path}[{index}]")
        case Decimal() if not value.is_finite() or abs(value.adjusted()) > EXPONENT:
            yield path, str(value)[:40]
        case int() if abs(value) >= 10**EXPONENT:
            yield path, f"{str(value)[:40]}…"
