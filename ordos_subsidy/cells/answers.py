"""Words: text, codes, yes or no, and answers of a list.

An answer is understood by any of its names; one that is not known is refused with the nearest that is.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import lru_cache
from heapq import nlargest
from typing import TYPE_CHECKING

from ordos_subsidy.cells.figures import figure
from ordos_subsidy.cells.result import UNKNOWN, Read, accept, refuse
from ordos_subsidy.cells.spelling import clean, fold, is_blank, shown
from ordos_subsidy.errors import did_you_mean
from ordos_subsidy.facts import find_choice
from ordos_subsidy.money import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ordos_subsidy.facts import Choice, Fact, Kind, Vocabulary

_YES = ("是", "有", "对", "√", "✓", "✔", "☑", "y", "yes", "t", "true", "1")
_NO = ("否", "无", "没有", "不是", "×", "✗", "✘", "✕", "n", "no", "f", "false", "0")
_ANSWER = {**dict.fromkeys(_YES, True), **dict.fromkeys(_NO, False)}

#: The signs of a code, each at its value. GB 32100: no I, O, S, V or Z, easily taken for digits or each other.
CODE_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CODE_LENGTH = 18
_CODE_NOISE = re.compile(r"[\s-]+")

_SEPARATORS = re.compile(r"[、,;/|\n\r]+")
#: More answers than this do not help the reader of a message.
_LISTED = 12
#: A number of more digits is no text anybody meant.
_DIGITS = 30
_COMPARED = 10


def text(fact: Fact, value: object) -> Read:
    """Any text; a number or a day is taken as it would be written."""
    match value:
        case str():
            return Read(clean(value) or None)
        case bool() | int():
            return Read(shown(value))
        case float() | Decimal() if (read := figure(value)) and abs(read.number.adjusted()) <= _DIGITS:
            return Read(plain(read.number))
        case dt.date():
            return Read(shown(value))
        case _:
            return refuse("not_text", fact, value)


def code(fact: Fact, value: object) -> Read:
    """A unified social credit code (GB 32100-2015)."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return refuse("code_number", fact, value)
    written = _CODE_NOISE.sub("", fold(str(value))).upper()
    if len(written) != CODE_LENGTH:
        return refuse("code_length", fact, value, length=len(written))
    if wrong := sorted(set(written) - set(CODE_SIGNS)):
        return refuse("code_signs", fact, value, signs=shown(" ".join(wrong)))
    return Read(written) if _checks(written) else accept(written, "code_check", fact, value)


def _checks(written: str) -> bool:
    from stdnum.cn.uscc import calc_check_digit

    return bool(calc_check_digit(written[:-1]) == written[-1])


def yes_no(fact: Fact, value: object) -> Read:
    """Yes or no; only what is plainly one of them."""
    if isinstance(value, bool):
        return Read(value)
    if not isinstance(value, str):
        read = figure(value)
        return Read(read.number == 1) if read and read.number in {0, 1} else refuse("yes_no", fact, value)
    answer = _ANSWER.get(fold(value).casefold())
    return refuse("yes_no", fact, value) if answer is None else Read(answer)


def choice(fact: Fact, value: object) -> Read:
    """The key of the one answer a cell names."""
    found = find_choice(fact, value) if isinstance(value, str) else None
    return Read(found.key) if found else _unknown(fact, value, fact.choices)


def choices(fact: Fact, value: object) -> Read:
    """The keys of all answers a cell names."""
    parts = value if isinstance(value, list) else _parts(fact, value)
    keys = set()
    for part in parts:
        found = choice(fact, part)
        if found.value is None:
            return found
        keys.add(str(found.value))
    if not keys:
        return UNKNOWN
    forms = [each.title for each in fact.choices if each.form and each.key in keys]
    if len(forms) > 1:
        named = {"forms": "、".join(each.zh for each in forms), "forms_en": ", ".join(each.en for each in forms)}
        return accept(frozenset(keys), "several_forms", fact, value, **named)
    return Read(frozenset(keys))


def _parts(fact: Fact, value: object) -> list[object]:
    if not isinstance(value, str) or find_choice(fact, value):
        return [value]
    return [part for part in _SEPARATORS.split(fold(value)) if not is_blank(part)]


def kind(fact: Fact, value: object, vocabulary: Vocabulary) -> Read:
    """The key of the kind of event a cell names."""
    found = vocabulary.find_kind(value) if isinstance(value, str) else None
    return Read(found.key) if found else _unknown(fact, value, vocabulary.kinds.values())


def _nearest(wrong: str, names: list[str]) -> str:
    """The nearest name, looked for among those that share the most signs: comparing with all is slow."""
    signs = set(wrong)
    return did_you_mean(wrong, nlargest(_COMPARED, names, key=lambda name: len(signs & _signs(name))))


@lru_cache(maxsize=4096)
def _signs(name: str) -> frozenset[str]:
    return frozenset(name)


def _unknown(fact: Fact, value: object, known: Iterable[Choice | Kind]) -> Read:
    """No such answer: say the nearest one, or else what there is to choose from."""
    known = tuple(known)
    near = _nearest(shown(value), [name for each in known for name in each.names])
    if near:
        return refuse("answer_near", fact, value, near=near)
    if len(known) > _LISTED:
        return refuse("answer", fact, value)
    return refuse(
        "answer_listed",
        fact,
        value,
        listed="、".join(each.title.zh for each in known),
        listed_en=", ".join(each.title.en for each in known),
    )
