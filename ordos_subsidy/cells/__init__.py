"""One cell, one typed value: the single door through which anything a user wrote becomes a fact.

`read` takes what a workbook, a text file or a TOML file holds and gives a `Read`: the value, and the
problem if there is one. An error means that there is no telling what was meant, and the value must not be
used; a warning comes with a value that may be. Blanks, in all their spellings, are unknown (None); only 0
is zero. Problems carry no place: the caller, who knows it, adds it.

| type of fact | value |
|---|---|
| text, code | str |
| yes_no | bool |
| choice, kind | the key |
| choices | frozenset of keys |
| year, count | int |
| money | int, fen |
| percent | int, millionths |
| date | (first day, last day) |
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from ordos_subsidy.cells import answers, dates, figures
from ordos_subsidy.cells.figures import PERCENT, UNITS
from ordos_subsidy.cells.result import UNKNOWN, Read, Span, Value, refuse
from ordos_subsidy.cells.spelling import fold, is_blank

if TYPE_CHECKING:
    from collections.abc import Callable

    from ordos_subsidy.facts import Fact, FactType, Vocabulary

__all__ = ["PERCENT", "UNCALCULATED", "UNITS", "Read", "Span", "Value", "failed", "read"]

_PLAIN: dict[FactType, Callable[[Fact, object], Read]] = {
    "text": answers.text,
    "code": answers.code,
    "yes_no": answers.yes_no,
    "choice": answers.choice,
    "choices": answers.choices,
    "year": figures.year,
    "count": figures.count,
    "date": dates.date,
}
_COUNTED: dict[FactType, Callable[[Fact, object, str | None], Read]] = {
    "money": figures.money,
    "percent": figures.percent,
}

#: What stands for a formula that the file holds no value for.
UNCALCULATED = "#UNCALCULATED"
#: The longest of the words for "nothing"; the longer ones have signs in them that are no letters.
_LONGEST_BLANK = 4
#: What spreadsheets write where a formula failed, also found as text in files saved from them.
_FAILED = re.compile(r"#(?:[A-Z/0]+[!?]|N/A|GETTING_DATA|#+)", re.IGNORECASE)


def read(fact: Fact, value: object, *, vocabulary: Vocabulary, unit: str | None = None) -> Read:
    """The typed value of one cell; `unit` is the unit of the column, for numbers written without one."""
    if value is None:
        return UNKNOWN
    if isinstance(value, str):
        if not (len(value) > _LONGEST_BLANK and value.isalnum()):
            if _FAILED.fullmatch(fold(value)):
                return failed(fact, value)
            if is_blank(value):
                return _blank(fact, value, vocabulary)
    elif isinstance(value, dict) or (isinstance(value, list) and fact.type != "choices"):
        return refuse("structure", fact, value)
    elif isinstance(value, dt.time | dt.timedelta):
        return refuse("time", fact, value)
    return _typed(fact, value, unit, vocabulary)


def failed(fact: Fact, error: str) -> Read:
    """A cell that shows an error, or a formula that was never computed."""
    return refuse("uncalculated" if error == UNCALCULATED else "failed", fact, error)


def _blank(fact: Fact, value: str, vocabulary: Vocabulary) -> Read:
    """Unknown, unless it is an answer of its own here, as 无 is "no" to a yes-or-no question."""
    if fact.type in {"yes_no", "choice", "choices", "kind"} and fold(value):
        answer = _typed(fact, value, None, vocabulary)
        return UNKNOWN if answer.value is None else answer
    return UNKNOWN


def _typed(fact: Fact, value: object, unit: str | None, vocabulary: Vocabulary) -> Read:
    match fact.type:
        case "kind":
            return answers.kind(fact, value, vocabulary)
        case "money" | "percent":
            return _COUNTED[fact.type](fact, value, unit)
        case "ratio":
            return UNKNOWN  # worked out from other facts, never taken from a user
        case _:
            return _PLAIN[fact.type](fact, value)
