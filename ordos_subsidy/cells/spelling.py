"""How people write the same thing: width, blanks, stray marks, the ways to write "nothing"; and what reading gives.

`fold` undoes full-width typing and no more: it is not NFKC, which would turn `10²` into 102 and `①` into 1.

>>> fold(" １，２３４．５ 万元　")
'1,234.5 万元'
>>> [is_blank(text) for text in ("", "—", "N/A", "暂无", "０", "#N/A")]
[True, True, True, True, False, False]
>>> shown("很" * 50)
'很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很…'
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from ordos_subsidy.errors import Problem, Severity, problem, warning

if TYPE_CHECKING:
    from ordos_subsidy.facts import Fact

_WIDTH: dict[int, int | str | None] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: " ",  # the ideographic space
    0x00A0: " ",
    0x2212: "-",  # the mathematical minus
    0xFFE5: "¥",
}
#: Signs without a width that copying brings along. The joiners are not among them: Mongolian and emoji need those.
INVISIBLE = "\u00ad\u061c\u200b\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff"
_WIDTH |= dict.fromkeys(map(ord, INVISIBLE))
_EDGES = " \t\r\n\v\f"

_BLANK = {
    *("", "-", "--", "---", "—", "——", "―", "–", "~", "/", "//", "\\"),
    *("n/a", "na", "n.a.", "nil", "none", "null"),
    *("无", "暂无", "没有", "空", "未知", "不详", "不适用", "未填", "(空)", "(空白)"),
}

_CJK = "\u3400-\u9fff\uf900-\ufaff()（）“”《》、，。"
_SPACES = re.compile(r"\s+")
#: Overrides of the writing direction, which make a text look like another one, and signs that nobody sees.
_DROPPED = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069" + INVISIBLE)
_UNSEEN = re.compile(f"[{INVISIBLE}]")

SHOWN = 40


def fold(text: str) -> str:
    """A text with full-width signs made half-width, invisible ones dropped, and its edges trimmed."""
    return text.translate(_WIDTH).strip(_EDGES)


def is_blank(text: str) -> bool:
    """Whether a text is one of the ways to say that nothing is known."""
    return fold(text).casefold() in _BLANK


def clean(text: str) -> str:
    """A text as a person would read it: one line, no control codes, everything else as it was typed."""
    if text.isprintable() and "  " not in text:
        return text.strip(_EDGES)
    text = "".join(map(_safe, text)).strip(_EDGES)
    if "\n" in text or "\r" in text:
        text = _wrapped().sub("", text)
    return _SPACES.sub(" ", text).strip(_EDGES)


@cache
def _wrapped() -> re.Pattern[str]:
    """A line break inside Chinese; compiled when first met, for the classes are dear."""
    return re.compile(f"(?<=[{_CJK}])[ \\t]*[\\r\\n]+[ \\t]*(?=[{_CJK}])")


def _safe(sign: str) -> str:
    category = unicodedata.category(sign)
    if category == "Cs":  # half of a surrogate pair cannot be written to any file
        return "\ufffd"
    return "" if (category == "Cc" and not sign.isspace()) or sign in _DROPPED else sign


def shown(value: object) -> str:
    """A value as a message may quote it: short, on one line, without control codes, invisible signs by their code."""
    match value:
        case dt.datetime():
            text = value.isoformat(" ")
        case float():
            text = f"{value:.15g}"
        case _:
            text = clean(_UNSEEN.sub(_coded, str(value)))
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _coded(sign: re.Match[str]) -> str:
    return f"<U+{ord(sign[0]):04X}>"


# --- what reading a cell gives: a typed value, and what there is to say about it

#: The first and the last day that a date may mean.
Span = tuple[dt.date, dt.date]
Value = str | bool | int | Span | frozenset[str] | None


class Read(NamedTuple):
    """A value (None: unknown) and the problem met, if any; the problem knows no place yet."""

    value: Value
    problem: Problem | None = None

    @property
    def refused(self) -> bool:
        """Whether there is no telling what the cell means; its None is then not an unknown."""
        return self.problem is not None and self.problem.severity == "error"


UNKNOWN = Read(None)


def refuse(code: str, fact: Fact, given: object, **params: object) -> Read:
    """A cell that cannot be read: an error, or a warning where no award hangs on the fact: then it is unknown."""
    severity: Severity = "error" if fact.decides else "warning"
    return Read(None, problem(f"cells.{code}", "", severity=severity, **_about(fact, given), **params))


def accept(value: Value, code: str, fact: Fact, given: object, **params: object) -> Read:
    """A value that is used, with a warning."""
    return Read(value, warning(f"cells.{code}", **_about(fact, given), **params))


def _about(fact: Fact, given: object) -> dict[str, Any]:
    return {"fact": fact.title.zh, "fact_en": fact.title.en, "given": shown(given)}
