"""CSV into lines that cannot be misread, a piece at a time, for the child process.

Every field stays the text it was: `0012` is a code, not twelve. A row that is too short or too long is an error with
its line, never padded. A list of cells takes fifty times their bytes: none is longer than a row, whose characters are
counted.
"""

from __future__ import annotations

import csv
import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO, StringIO, TextIOWrapper
from itertools import islice
from typing import Any

from ordos_subsidy.errors import Problem, Refused, problem
from ordos_subsidy.files import text
from ordos_subsidy.files.grid import COLUMNS

#: Cells of a file, blank ones counted.
CELLS = 32_000_000
#: A narrower row counts as this many cells.
NARROWEST = 4
#: The most characters of one row: 16,384 cells of 256.
ROW = 1 << 22
#: Bytes of lines that are sent at once.
PIECE = 1 << 20
SAMPLE_ROWS = 20
SHOWN_ROWS = 20


def frames(data: bytes, name: str) -> Iterator[tuple[Any, ...]]:
    """A CSV file as frames of `worker`: what should be said, then lines that cannot be misread, then their shape.

        ("said", code, where, params, severity)    a warning
        ("lines", bytes)                           some lines; none where the file's own bytes are as good
        ("table", separator, end, height, width)   what ends a cell and a line, and how many there are

    Where lines do not end in a newline, each has a blank cell more, so that no line is empty.
    """
    content, problems = text.utf8(data, name)
    for each in problems:
        yield "said", each.code, each.where, each.params, each.severity
    while content.startswith(BOM_UTF8):  # a second mark, which Polars would take away too
        content = content.removeprefix(BOM_UTF8)
    if not content:
        raise Refused([problem("files.empty", name)])
    if b"\0" in content:
        raise Refused([problem("files.nul", text.line_place(name, content.count(b"\n", 0, content.index(b"\0")) + 1))])
    plain = content if b'"' in content else content.replace(b"\r\n", b"\n")
    if table := _plain(plain, name):
        starts = range(0, len(plain) if plain is not data else 0, PIECE)
        yield from (("lines", plain[at : at + PIECE]) for at in starts)
        yield table
    else:
        yield from _careful(content, name)


def _plain(content: bytes, name: str) -> tuple[Any, ...] | None:
    """The shape of a text that cannot be misread: no quotes, no blank or ragged lines; None for another."""
    if any(each in content for each in (b'"', b"\r", b"\n\n")) or content.startswith((b"\n", b"sep=")):
        return None
    delimiter = _delimiter(_sample(content))
    sign = delimiter.encode()
    lines = BytesIO(content)
    cuts, height = lines.readline(ROW).count(sign), 1
    for line in lines:
        if line.count(sign) != cuts or len(line) > ROW:
            return None
        height += 1
    if cuts >= COLUMNS:
        return None
    _check_area(height, cuts + 1, name)
    return "table", delimiter, "\n", height, cuts + 1


def _check_area(height: int, width: int, name: str) -> None:
    if height * max(width, NARROWEST) > CELLS:
        raise Refused([problem("files.area", name, limit=CELLS)])


def _sample(content: bytes) -> str:
    """The first characters, with the whole of every row that can be read among them."""
    return TextIOWrapper(BytesIO(content), "utf-8", newline="").read(ROW)


def _delimiter(sample: str) -> str:
    """The sign that cuts a row at all, then cuts all rows below the titles alike, then into the most cells."""

    def fit(delimiter: str) -> tuple[bool, bool, int]:
        widths, sound = _widths(sample, delimiter)
        widest = max(widths, default=0)
        below = {width for width in widths[widths.index(widest) :] if width} if widths else set[int]()
        return widest > 1, sound and below == {widest}, widest

    return max(",;\t", key=fit)


def _widths(sample: str, delimiter: str) -> tuple[list[int], bool]:
    """How wide the first rows are, and whether they can all be read."""
    widths: list[int] = []
    reader = csv.reader(StringIO(sample, newline=""), delimiter=delimiter, strict=True)
    with suppress(csv.Error):
        widths.extend(map(len, islice(reader, SAMPLE_ROWS)))
        return widths, True
    return widths, False


class _Lines:
    """The lines of a text; `Refused` where a row takes more of them than any sheet's."""

    def __init__(self, content: bytes, name: str) -> None:
        self._text = TextIOWrapper(BytesIO(content), "utf-8", newline="")
        self._name = name
        self.row, self.line = 0, 0

    def __iter__(self) -> Iterator[str]:
        while line := self._text.readline(ROW + 1):
            self.row += len(line)
            self.line += 1
            if self.row > ROW:
                raise Refused([problem("files.csv-row", text.line_place(self._name, self.line), limit=f"{ROW:,}")])
            yield line


def _careful(content: bytes, name: str) -> Iterator[tuple[Any, ...]]:
    """The frames of a text that the csv module reads; blank lines stay: a row is where a spreadsheet shows it."""
    separator, end = _unused(content, name)
    kept: list[str] = []
    height = width = blank = size = 0
    for row in _rows(content, name):
        height, width = height + 1, width or len(row)
        _check_area(height, width, name)
        if row:
            kept.append(f"{separator * width}{end}" * blank)
            kept.append(f"{separator.join(map(_unguarded, row))}{separator}{end}")
            size, blank = size + len(kept[-2]) + len(kept[-1]), 0
        else:
            blank += 1
        if size > PIECE:
            yield "lines", "".join(kept).encode()
            kept, size = [], 0
    width = width or 1
    yield "lines", ("".join(kept) + f"{separator * width}{end}" * blank).encode()
    yield "table", separator, end, height, width


def _rows(content: bytes, name: str) -> Iterator[list[str]]:
    """All rows as wide as the first below the titles, blank ones empty; `Refused` at the end where one is not."""
    delimiter = ""
    if found := re.match(rb"sep=([,;\t])\r?\n", content):
        # Excel's own hint; its line stays as a blank one, so that line numbers hold.
        content, delimiter = content[found.end() - 1 :], found[1].decode()
    sample = _sample(content)
    delimiter = delimiter or _delimiter(sample)
    width, titles = _width(sample, delimiter)
    lines = _Lines(content, name)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    ragged: list[Problem] = []
    line, wrong = 1, 0
    try:
        for number, row in enumerate(reader):
            width = width or len(row)
            _check_width(row, name)
            if row and number < titles:
                row.extend([""] * (width - len(row)))
            if row and len(row) != width:
                wrong += 1
                if wrong <= SHOWN_ROWS:
                    ragged.append(problem("files.ragged", text.line_place(name, line), fields=len(row), expected=width))
            if not wrong:
                yield row
            lines.row, line = 0, reader.line_num + 1
    except csv.Error as error:
        raise Refused([problem("files.csv", text.line_place(name, reader.line_num), detail=error)]) from None
    if wrong > SHOWN_ROWS:
        ragged.append(problem("files.ragged-more", name, count=wrong - SHOWN_ROWS))
    if ragged:
        raise Refused(ragged)


def _check_width(row: list[str], name: str) -> None:
    if len(row) > COLUMNS:
        raise Refused([problem("files.too-many-columns", name, limit=COLUMNS)])


def _unguarded(cell: str) -> str:
    """A text that an export keeps from being read as a number: ="0012"."""
    is_guarded = len(cell) > len('="') and cell.startswith('="') and cell.endswith('"')
    return cell[2:-1].replace('""', '"') if is_guarded else cell


def _unused(content: bytes, name: str) -> tuple[str, str]:
    """Two control characters that stand nowhere in a text; `Refused` where it holds nearly all of them."""
    free = [chr(each) for each in range(31, 0, -1) if each not in b"\t\n\r" and bytes([each]) not in content]
    if len(free) < 2:  # noqa: PLR2004 - two are asked for
        raise Refused([problem("files.unknown", name)])
    return free[0], free[1]


def _width(sample: str, delimiter: str) -> tuple[int, int]:
    """How wide the rows are, and how many lines of one field, titles and notes, stand above the first such row."""
    widths, _ = _widths(sample, delimiter)
    width = next((each for each in widths if each > 1), 0)
    titles = widths.index(width) if width else 0
    return (width, titles) if any(widths[:titles]) else (0, 0)
