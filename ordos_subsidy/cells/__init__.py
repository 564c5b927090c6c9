"""One cell, one typed value: the single door through which anything a user wrote becomes a fact.

`read` takes what a workbook, a text file or a TOML file holds and gives a `Read`: the value, and the
problem if there is one. An error means that there is no telling what was meant, and the value must not be
used; a warning comes with a value that may be. Blanks, in all their spellings, are unknown (None); only 0
is zero. Problems carry no place: the caller, who knows it, adds it. `fact_types` has the types.

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

from ordos_subsidy.cells.fact_types import TYPES, Voice, type_of
from ordos_subsidy.cells.figures import PERCENT, UNITS
from ordos_subsidy.cells.spelling import UNKNOWN, Read, Value, fold, is_blank, refuse

if TYPE_CHECKING:
    from ordos_subsidy.facts import Fact, Vocabulary

__all__ = ["PERCENT", "TYPES", "UNCALCULATED", "UNITS", "Read", "Value", "Voice", "failed", "read", "type_of"]

#: What stands for a formula that the file holds no value for.
UNCALCULATED = "#UNCALCULATED"
#: The longest of the words for "nothing"; the longer ones have signs in them that are no letters.
_LONGEST_BLANK = 4
#: No name, note or figure has more signs.
LONGEST = 4_000
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
    elif isinstance(value, dict) or (isinstance(value, list) and not type_of(fact).several):
        return refuse("structure", fact, value)
    elif isinstance(value, dt.time | dt.timedelta):
        return refuse("time", fact, value)
    is_long = isinstance(value, str) and len(value) > LONGEST
    long = refuse("too_long", fact, value, limit=f"{LONGEST:,}") if is_long else None
    return long or type_of(fact).read(fact, value, unit, vocabulary)


def failed(fact: Fact, error: str) -> Read:
    """A cell that shows an error, or a formula that was never computed."""
    return refuse("uncalculated" if error == UNCALCULATED else "failed", fact, error)


def _blank(fact: Fact, value: str, vocabulary: Vocabulary) -> Read:
    """Unknown, unless it is an answer of its own here, as 无 is "no" to a yes-or-no question."""
    may_answer = type_of(fact).closed and fold(value)
    answer = type_of(fact).read(fact, value, None, vocabulary) if may_answer else UNKNOWN
    return UNKNOWN if answer.value is None else answer
