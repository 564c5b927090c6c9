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
from ordos_subsidy.cells.spelling import UNKNOWN, Read, accept, clean, fold, is_blank, refuse, shown
from ordos_subsidy.errors import did_you_mean
from ordos_subsidy.facts import find_choice, normal
from ordos_subsidy.money import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ordos_subsidy.facts import Choice, Fact, Kind, Vocabulary

_YES = ("是", "有", "对", "√", "✓", "✔", "☑", "y", "yes", "t", "true", "1")
_NO = ("否", "无", "没有", "不是", "×", "✗", "✘", "✕", "n", "no", "f", "false", "0")
_ANSWER = {**dict.fromkeys(_YES, True), **dict.fromkeys(_NO, False)}
#: An answer with words behind it, and words that make it another answer, or none.
_WORDS = "|".join(sorted((re.escape(each) for each in _ANSWER if not each.isascii()), key=len, reverse=True))
_WORDED = re.compile(rf"({_WORDS}|y|yes|n|no)\s*(?:\((.+)\)|[,;.:、。 -]\s*(.+))", re.IGNORECASE)
_CONTRARY = re.compile(
    r"[?？是否×√]|[不非未没无待拟或]|正在|申报|申请|审核|公示|过期|到期|届满|失效|撤销|取消|注销|可能|大概|预计|年底"
)
_NOT_YET = re.compile(
    r"(?:正在|拟|计划|准备)(?:申报|申请|认定|培育)中?|(?:申报|申请|培育)中|[未没]有?(?:认定|获批|通过|入库|申报|取得)|尚未.{2,4}"
)
_ALREADY = re.compile(r"已(?:认定|获批|通过|入库|取得)|有效期内|有效")
#: Boxes beside the two answers, of which one is ticked: ☑是 □否.
_TICKED, _OPEN = "☑✓✔√■●", "□☐○"
_BOXES = re.compile(rf"([{_TICKED}{_OPEN}])\s*(是|否|有|无)\s*/?\s*([{_TICKED}{_OPEN}])\s*(是|否|有|无)")
_BOXES_BEHIND = re.compile(rf"(是|否|有|无)\s*([{_TICKED}{_OPEN}])\s*/?\s*(是|否|有|无)\s*([{_TICKED}{_OPEN}])")

#: The signs of a code, each at its value. GB 32100: no I, O, S, V or Z, easily taken for digits or each other.
CODE_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CODE_LENGTH = 18
_CODE_NOISE = re.compile(r"[\s-]+")
#: How long codes were before 2015: of a tax payer, and of an organisation.
_OLD_CODES = {15, 9}

_SEPARATORS = re.compile(r"[、,;/|\n\r]+")
#: More answers than this do not help the reader of a message.
_LISTED = 12
#: What is said of an event that gives nothing: it is passed over, and its firm goes on.
PASSED_OVER = "kind_passed"
#: A number of more digits is no text anybody meant.
_DIGITS = 30
_COMPARED = 10


def text(fact: Fact, value: object, *_: object) -> Read:
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


def code(fact: Fact, value: object, *_: object) -> Read:
    """A unified social credit code (GB 32100-2015)."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return refuse("code_number", fact, value)
    written = _CODE_NOISE.sub("", fold(str(value))).upper()
    if len(written) in _OLD_CODES and written.isascii() and written.isalnum():
        return accept(None, "code_old", fact, value, length=len(written))
    if len(written) != CODE_LENGTH:
        return refuse("code_length", fact, value, length=len(written))
    if wrong := sorted(set(written) - set(CODE_SIGNS)):
        return refuse("code_signs", fact, value, signs=shown(" ".join(wrong)))
    return Read(written) if _checks(written) else accept(written, "code_check", fact, value)


def _checks(written: str) -> bool:
    from stdnum.cn.uscc import calc_check_digit

    return bool(calc_check_digit(written[:-1]) == written[-1])


def yes_no(fact: Fact, value: object, *_: object) -> Read:
    """Yes or no; only what is plainly one of them, in the words people use and with what they add to it."""
    if isinstance(value, bool):
        return Read(value)
    if not isinstance(value, str):
        read = figure(value)
        return Read(read.number == 1) if read and read.number in {0, 1} else refuse("yes_no", fact, value)
    answer = _ANSWER.get(fold(value).casefold())
    if answer is not None:
        return Read(answer)
    worded = _worded(fact, fold(value))
    if worded is None:
        return refuse("yes_no", fact, value)
    said = "answer_yes" if worded else "answer_no"
    return Read(worded) if _ticked(fold(value)) is not None else accept(worded, said, fact, value)


def _worded(fact: Fact, text: str) -> bool | None:
    """The answer of a cell with more words than one; None where they could mean the other, or neither."""
    ticked = _ticked(text)
    if ticked is not None:
        return ticked
    if found := _WORDED.fullmatch(text):
        answer, more = _ANSWER[found[1].casefold()], found[2] or found[3]
        if not _CONTRARY.search(more) or (not answer and _NOT_YET.fullmatch(more)):
            return answer
    bare = text[: text.index("(")].rstrip() if text.endswith(")") and "(" in text else text
    names = {normal(name) for name in fact.names}
    if _NOT_YET.fullmatch(bare) or (normal(text).startswith("非") and normal(text).removeprefix("非") in names):
        return False
    return True if _ALREADY.fullmatch(text) or normal(text) in names else None


def _ticked(text: str) -> bool | None:
    """The answer that bears the tick, where just one of the two does."""
    if found := _BOXES.fullmatch(text):
        marks = {found[2]: found[1], found[4]: found[3]}
    elif found := _BOXES_BEHIND.fullmatch(text):
        marks = {found[1]: found[2], found[3]: found[4]}
    else:
        return None
    ticked = [word for word, mark in marks.items() if mark in _TICKED]
    alike = len(marks) == 1 or {_ANSWER[word] for word in marks} != {True, False}
    return _ANSWER[ticked[0]] if len(ticked) == 1 and not alike else None


def choice(fact: Fact, value: object, *_: object) -> Read:
    """The key of the one answer a cell names."""
    found = find_choice(fact, value) if isinstance(value, str) else None
    return Read(found.key) if found else _unknown(fact, value, fact.choices)


def choices(fact: Fact, value: object, *_: object) -> Read:
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


def kind(fact: Fact, value: object, _unit: str | None, vocabulary: Vocabulary) -> Read:
    """The key of the kind of event a cell names."""
    found = vocabulary.find_kind(value) if isinstance(value, str) else None
    if found or not isinstance(value, str):
        return Read(found.key) if found else _unknown(fact, value, vocabulary.kinds.values())
    if unread := vocabulary.unread_of("kind", value):
        why = {"why": unread.why.zh, "why_en": unread.why.en}
        if unread.pays_nothing:
            return accept(None, PASSED_OVER, fact, value, **why)
        return refuse("kind_apart", fact, value, **why)
    level = vocabulary.levels_in(value)
    near = [each for each in vocabulary.kinds.values() if not level or vocabulary.levels_in(each.title.zh) == level]
    return _unknown(fact, value, near, offered=False)


def _nearest(wrong: str, names: list[str]) -> str:
    """The nearest name, looked for among those that share the most signs: comparing with all is slow."""
    signs = set(wrong)
    return did_you_mean(wrong, nlargest(_COMPARED, names, key=lambda name: len(signs & _signs(name))))


@lru_cache(maxsize=4096)
def _signs(name: str) -> frozenset[str]:
    return frozenset(name)


def _unknown(fact: Fact, value: object, known: Iterable[Choice | Kind], *, offered: bool = True) -> Read:
    """No such answer: say the nearest one, or else, where all are `offered`, what there is to choose from."""
    known = tuple(known)
    near = _nearest(shown(value), [name for each in known for name in each.names])
    if near:
        return refuse("answer_near", fact, value, near=near)
    if len(known) > _LISTED or not offered:
        return refuse("answer", fact, value)
    return refuse(
        "answer_listed",
        fact,
        value,
        listed="、".join(each.title.zh for each in known),
        listed_en=", ".join(each.title.en for each in known),
    )
