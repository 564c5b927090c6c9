"""The values and addresses of cells, before anybody says what they mean.

Blank is `None`, never an empty text. A cell that shows an error, or whose formula was never computed, is a
`CellError`: it looks blank to most libraries and must not be one.

>>> address(6, 2), address(0, 26), address(1048575, 16383)
('C7', 'AA1', 'XFD1048576')
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

#: Begins the texts that stand in place of error cells until they are read: private characters that no writer writes.
MARK = "\ue0fd\ue0fe"
NOT_COMPUTED = "#UNCALCULATED"
#: The most that a sheet of any spreadsheet program has.
ROWS, COLUMNS = 1_048_576, 16_384


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell without a value that can be trusted: `#REF!`, `#N/A`, or `#UNCALCULATED`, a formula never computed."""

    text: str

    def __str__(self) -> str:
        return self.text


CellValue = str | int | float | Decimal | bool | date | datetime | time | timedelta | CellError | None
"""One cell. Dates come as `date`, or `datetime` when they carry a time; a `time` is never a date: it is what
a negative or zero date serial becomes."""


def column_letters(col: int) -> str:
    """0 -> A, 26 -> AA."""
    letters = ""
    col += 1
    while col:
        col, letter = divmod(col - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


def column_number(letters: str) -> int:
    """A -> 1, AA -> 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def address(row: int, col: int) -> str:
    """The address of a cell as spreadsheets show it, from indices that start at 0."""
    return f"{column_letters(col)}{row + 1}"
