"""Text files: whether they are CSV or TOML, and TOML into a table, nothing guessed.

Text is UTF-8, or UTF-16 with its mark, or GB18030 (what Excel and WPS write on a Chinese Windows); each is read
strictly, and which one it was is said unless it was UTF-8. TOML is UTF-8 only, keeps its numbers exact (`Decimal`)
and is measured before it is parsed.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Literal

from ordos_subsidy.errors import Problem, Refused, problem, warning

FileKind = Literal["xlsx", "xlsb", "xls", "ods", "csv", "toml", "parquet"]
"""What a file truly is; .xlsm and templates are xlsx too."""

TOML_BYTES = 1_000_000
DEPTH = 32
EXPONENT = 30

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


def utf8(data: bytes, name: str) -> tuple[bytes, tuple[Problem, ...]]:
    """The text in UTF-8, and a warning that names its encoding unless it was that."""
    encodings = ["utf-8", "gb18030"]
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        encodings = ["utf-16"]
    bad = 0
    for encoding in encodings:
        try:
            content = data.decode(encoding)
        except UnicodeDecodeError as error:
            bad = error.start
            if encoding == "utf-8" and _is_damaged_utf8(data, bad):
                break
            continue
        if encoding == "utf-8":
            return data.removeprefix(BOM_UTF8), ()
        return content.encode(), (warning("files.encoding-used", name, encoding=encoding.upper()),)
    raise Refused([problem("files.encoding", line_place(name, data.count(b"\n", 0, bad) + 1))])


def _is_damaged_utf8(data: bytes, start: int) -> bool:
    """Mostly good UTF-8 with some bad bytes: read as GB18030 it would come out as nonsense, and pass."""
    around = data[max(0, start - _HEAD) : start + _HEAD].decode("utf-8", "replace")
    bad = around.count("\ufffd")
    good = len(around) - bad - len(around.encode("ascii", "ignore"))
    return good > 4 * bad


def line_place(name: str, number: int) -> str:
    """The place of a line."""
    return f"{name}:{number}"


def toml_table(data: bytes, name: str) -> dict[str, Any]:
    """A TOML file as a table with exact numbers."""
    import tomllib

    if len(data) > TOML_BYTES:
        raise Refused([problem("files.toml-too-large", name, limit=TOML_BYTES // 1_000_000)])
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Refused([problem("files.toml-encoding", line_place(name, line))]) from None
    _refuse_depth(content, name)
    try:
        table = tomllib.loads(content, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        if not isinstance(error, tomllib.TOMLDecodeError) and (long := _LONG.search(content)):
            where = line_place(name, content.count("\n", 0, long.start()) + 1)
            raise Refused([problem("files.toml-number", where, number=f"{long[0][:40]}…")]) from None
        raise Refused([_toml_problem(str(error), name, content)]) from None
    if odd := list(_odd_numbers(table, "")):
        raise Refused(problem("files.toml-number", f"{name}: {path}", number=number) for path, number in odd)
    return table


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
            raise Refused([problem("files.toml-depth", line_place(name, line), limit=DEPTH)])


#: An integer of more digits than Python turns into a number.
_LONG = re.compile(r"[0-9_]{4300,}")


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
