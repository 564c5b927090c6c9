"""Figures and condition words of Chinese texts, and figures of their English translations, with exact values.

A `TextFigure` is a sum (fen), a share (Fraction), a number of years, a date, a five-year plan, a multiple or a count.
Its `degree` is the comparison that the words beside it make: 最高 `up_to`, 不低于 and 以上 `at_least`. A `TextWord` is
a word of frequency or of condition that belongs to no figure: 一次性, 每年, 连续, 新认定.

>>> [(each.kind, each.value, each.degree) for each in figures("连续5年、每年给予最高1.5亿元")]
[('years', Fraction(5, 1), 'in_a_row'), ('sum', Fraction(15000000000, 1), 'up_to')]
>>> [each.text for each in words("对新认定的企业一次性给予", figures("对新认定的企业一次性给予"))]
['新认定', '一次性']
>>> [(each.kind, each.value, each.degree) for each in english_figures("up to CNY 1.5 million a year for five years")]
[('sum', Fraction(150000000, 1), 'up_to'), ('years', Fraction(5, 1), '')]
>>> number("三十"), number("两"), number("3千万"), number("1.5亿"), number("二〇二一"), number("1,234")
(Fraction(30, 1), Fraction(2, 1), Fraction(30000000, 1), Fraction(150000000, 1), Fraction(2021, 1), Fraction(1234, 1))
>>> number("千万"), number("十"), number("1,23"), english_number("twenty-one"), english_number("many")
(None, Fraction(10, 1), None, Fraction(21, 1), None)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

FigureKind = Literal["sum", "share", "years", "date", "plan", "multiple", "count", "code"]
FigureValue = Fraction | str | tuple[int | None, int | None, int | None]
#: A figure without its place.
FigureKey = tuple[FigureKind, FigureValue]
Numbers = Mapping[str, Fraction]
#: What a match is worth: so many times its number (of none: of one), or what a function says; None: it is no figure.
Worth: TypeAlias = "Fraction | int | Callable[[Numbers, re.Match[str]], FigureValue | None]"
Pattern: TypeAlias = "tuple[FigureKind, re.Pattern[str], Worth]"
#: Kinds that only a measure can account for; a count or a date may also stand in a gist or a heading.
MONEY_KINDS = frozenset({"sum", "share", "years", "multiple"})
FEN = 100
_PLAN_14 = 2021


# --- numerals

_DIGITS, _SMALL_UNITS, _LARGE_UNITS = "〇零一壹二贰两三叁四肆五伍六陆七柒八捌九玖", "十拾百佰千仟", "万亿"
_SIGNS = _DIGITS + _SMALL_UNITS + _LARGE_UNITS
_ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
#: A numeral as it stands in a text; it begins with a digit or with 十, because 百, 千 and 万 alone are words.
#: Atomic, and from its first sign on: a long row of digits is read once and in one way, so that no search takes long.
NUMERAL = rf"(?<![\d{_SIGNS}])(?>(?:{_ARABIC}|[{_DIGITS}十拾])(?:{_ARABIC}|[{_SIGNS}])*)"
#: Longer rows of digits are codes, not numbers.
_LONGEST = 30
_PART = re.compile(rf"{_ARABIC}|[{_SIGNS}]")

_ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_ONES += ["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ENGLISH_WORDS = {word: value for value, word in enumerate(_ONES)}
_ENGLISH_WORDS |= {word: 10 * value for value, word in enumerate(_TENS, 2)}
_ENGLISH = (
    rf"(?:{_ARABIC})|\b(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_ONES[1:10])}))?|{'|'.join(reversed(_ONES[1:]))})\b"
)


def number(text: str) -> Fraction | None:
    """Return the value of a Chinese, Arabic or mixed numeral; None where it is none."""
    parts = _PART.findall(text) if len(text) <= _LONGEST else []
    if "".join(parts) != text or not parts or parts[0] in "百千万亿":
        return None
    if len(parts) > 1 and all(part in _DIGITS for part in parts):
        return Fraction(int("".join(str(_value(part)) for part in parts)))
    # 一亿五千万 is (1 × 亿) + (5 × 千) × 万.
    total = section = Fraction(0)
    digit: Fraction | None = None
    for part in parts:
        if part in _SMALL_UNITS:
            section += (1 if digit is None else digit) * _value(part)
            digit = None
        elif part in _LARGE_UNITS:
            section += digit or 0
            total = (total + section) * _value(part) if part == "亿" else total + section * _value(part)
            section, digit = Fraction(0), None
        elif digit:
            return None
        else:
            digit = _value(part)
    return total + section + (digit or 0)


def _value(part: str) -> Fraction:
    if part in _SIGNS:
        return Fraction(2 if part == "两" else int(unicodedata.numeric(part)))
    return Fraction(part.replace(",", ""))


def english_number(text: str) -> Fraction | None:
    """Return the value of an English numeral, in figures or in words below one hundred; None where it is none."""
    if len(text) <= _LONGEST and re.fullmatch(_ARABIC, text):
        return _value(text)
    values = [_ENGLISH_WORDS.get(word) for word in re.split(r"[- ]", text.lower())]
    return None if None in values else Fraction(sum(value for value in values if value is not None))


# --- finding figures, in either language


@dataclass(frozen=True)
class TextFigure:
    """A figure and where it stands; `degree` names the comparison that the words beside it make."""

    kind: FigureKind
    value: FigureValue
    text: str
    start: int
    end: int
    degree: str = ""

    @property
    def key(self) -> FigureKey:
        """Its kind and value: equal for two figures that state the same."""
        return self.kind, self.value

    def states(self, key: FigureKey) -> bool:
        """Whether it states a figure: the same, or a five-year plan whose first or last year is meant."""
        kind, value = key
        if self.key == key:
            return True
        if self.kind != "plan" or kind != "date" or not isinstance(value, tuple) or value[1:] != (None, None):
            return False
        first = _PLAN_14 + 5 * (int(self.value) - 14) if isinstance(self.value, Fraction) else 0
        return value[0] in (first, first + 4)


class TextWord(NamedTuple):
    """A word of frequency or condition and where it stands."""

    kind: str
    text: str
    start: int
    end: int


def _matched(
    text: str,
    skipped: Iterable[re.Pattern[str]],
    patterns: Iterable[Pattern],
    numeral: Callable[[str], Fraction | None],
) -> list[TextFigure]:
    """Return the figures outside what is skipped, in order; a place is taken by the first pattern that fits it."""
    taken = bytearray(len(text))
    for skip in skipped:
        for match in skip.finditer(text):
            taken[slice(*match.span())] = b"\1" * len(match[0])
    found = []
    for kind, pattern, worth in patterns:
        for match in pattern.finditer(text):
            if any(taken[slice(*match.span())]):
                continue
            groups = {name: numeral(each) for name, each in match.groupdict().items() if each and len(name) == 1}
            numbers = {name: each for name, each in groups.items() if each is not None}
            if len(numbers) < len(groups):
                continue
            value = worth(numbers, match) if callable(worth) else numbers.get("n", Fraction(1)) * worth
            if value is not None:
                taken[slice(*match.span())] = b"\1" * len(match[0])
                found.append(TextFigure(kind, value, match[0], *match.span()))
    return sorted(found, key=lambda each: each.start)


def _compiled(*rows: tuple[FigureKind, str, Worth]) -> list[Pattern]:
    return [(kind, re.compile(pattern, re.IGNORECASE), worth) for kind, pattern, worth in rows]


def _day(numbers: Numbers, _match: re.Match[str]) -> tuple[int | None, int | None, int | None]:
    year, month, day = (None if each is None else int(each) for each in map(numbers.get, "ymd"))
    return year, month, day


def _text(_numbers: Numbers, match: re.Match[str]) -> FigureValue:
    return match[0]


def _ratio(numbers: Numbers, _match: re.Match[str]) -> FigureValue | None:
    return numbers["a"] / numbers["b"] if numbers["b"] else None


# --- Chinese


def _listed_sum(numbers: Numbers, match: re.Match[str]) -> FigureValue:
    """Return a sum whose unit stands at a later one: 10和20万元."""
    last = re.findall(NUMERAL, match.string[match.end() :].split("元")[0])[-1]
    unit = re.search(r"[千百]?[万亿]$", last)
    shared = unit and not re.search(r"[万亿]", match["n"])
    return FEN * numbers["n"] * ((number(f"1{unit[0]}") or 1) if unit and shared else 1)


def _years(numbers: Numbers, match: re.Match[str]) -> FigureValue | None:
    in_word = numbers["n"] == 1 and re.search(r"[上每第同任某当次下]$", match.string[: match.start()])
    return None if in_word else numbers["n"]


def _count(numbers: Numbers, match: re.Match[str]) -> FigureValue | None:
    return None if re.fullmatch(r"[一〇零]+", match["n"]) else numbers["n"]


_N = rf"(?P<n>{NUMERAL})"
_TEEN = "(?P<n>十[一二三四五六七八九]?)"
_DOCUMENT = re.compile(r"[一-鿿]{0,8}[〔\[(【]\d{4}[〕\])】](?:第)?\d+号")
#: Not figures: articles of laws, numbers of headings, words about words, ordinal one, codes with Latin letters.
_SKIP = re.compile(
    rf"第{NUMERAL}[条款项章节编]|(?<![^。;)\]]){NUMERAL}、|{NUMERAL}个?字|十分(?!之)|第三方|第一"
    r"|[A-Za-z&][A-Za-z&.]*[-.]?\d[\w.-]*|(?<![\d+])\d+[A-Za-z]+(?![+])"
)
_PATTERNS = _compiled(
    ("multiple", "翻倍|翻番|加倍|双倍", 2),
    ("share", "等额|同等数额|同样数额|同等金额|全额", 1),
    ("code", r"(?<!\d)\d+(?:\+(?:\d+|[A-Z]))+", _text),
    ("plan", rf'"{_TEEN}五"', 1),
    ("plan", rf"{_TEEN}五(?=时期|期间|规划)", 1),
    ("date", rf"(?P<y>\d{{4}}|[〇零一二三四五六七八九]{{4}})年(?:(?P<m>{NUMERAL})月(?:(?P<d>{NUMERAL})日)?)?", _day),
    ("date", rf"(?P<m>{NUMERAL})月(?:(?P<d>{NUMERAL})日)", _day),
    ("share", rf"(?P<a>{NUMERAL}):(?P<b>{NUMERAL})", _ratio),
    ("share", rf"(?P<b>{NUMERAL})分之(?P<a>{NUMERAL})", _ratio),
    ("share", rf"{_N}(?:%|个?百分点)", Fraction(1, 100)),
    ("share", rf"百分之{_N}", Fraction(1, 100)),
    ("share", rf"{_N}‰", Fraction(1, 1000)),
    ("share", rf"千分之{_N}", Fraction(1, 1000)),
    ("sum", rf"{_N}(?:元|圆|块钱)", FEN),
    ("sum", rf"{_N}(?=(?:[-~至到、和或及,]{NUMERAL}){{1,9}}(?:元|圆))", _listed_sum),
    ("date", r"(?P<y>\d{4})个?(?:自然|会计|财政)年度?", _day),
    ("years", rf"{_N}(?:个)?(?:自然|会计|财政)?年度?(?!代|龄|级|检|薪)", _years),
    ("multiple", rf"{_N}倍", 1),
    ("count", _N, _count),
)

_BRIDGE = r"(?:可|达|到|为|至|给予|奖励|补助|补贴|奖补|资助|支持|安排|分别|每年|单个项目|累计|合计|总额|共|按|占|其)*"
_DEGREES = {
    "up_to": r"最高|最多|至多|最长|不超过|不高于|不多于|封顶|上限",
    "at_least": r"不低于|不少于|不小于|至少|最低|最少",
    "more_than": r"(?<!不)超过|(?<![不最])高于|大于|(?<!不)多于",
    "less_than": r"(?<!不)低于|(?<!不)少于|不足|(?<!不)小于|未达到",
    "in_a_row": r"连续",
}
_BEFORE = {degree: re.compile(rf"(?P<word>{pattern}){_BRIDGE}$") for degree, pattern in _DEGREES.items()}
_AFTER = {"at_least": re.compile("及?以上"), "at_most": re.compile("及?以下"), "up_to": re.compile("以内")}
#: How far before a figure its degree may stand.
_REACH = 24
_NEW = r"新(?:认定|批准|获批|认证|评定|获得|取得|备案|立项|入选|通过)|(?:再次|首次)(?:获批|认定|通过|批准)"
_WORDS = {
    "once": re.compile("一次性"),
    "yearly": re.compile("每年|每个?(?:自然|会计)?年度|逐年|按年"),
    "in_a_row": re.compile("连续"),
    "new": re.compile(_NEW),
    "degree": re.compile(f"{_DEGREES['up_to']}|{_DEGREES['at_least']}|以上|以下|以内"),
}


@lru_cache(maxsize=4096)
def figures(text: str) -> tuple[TextFigure, ...]:
    """Return every figure of a folded Chinese text, in order.

    Of several in a row (300万元和30万元) the degree before the first one holds for all.
    """
    found: list[TextFigure] = []
    for each in _matched(text, (_DOCUMENT, _SKIP), _PATTERNS, number):
        degree = next((degree for degree, _ in _degrees(text, each)), "")
        if not degree and found and found[-1].kind == each.kind:
            last = found[-1]
            joined = re.fullmatch(r"[、和或及至~-]", text[last.end : each.start])
            degree = last.degree if joined and any(start < last.start for _, (start, _) in _degrees(text, last)) else ""
        found.append(replace(each, degree=degree))
    return tuple(found)


def documents(text: str) -> list[TextFigure]:
    """Return the document numbers of a folded text, such as 鄂科发〔2021〕65号."""
    return [TextFigure("code", each[0], each[0], *each.span()) for each in _DOCUMENT.finditer(text)]


def words(text: str, of: Sequence[TextFigure]) -> list[TextWord]:
    """Return the words of frequency and condition that are not the degree of a figure of `of`."""
    used = [span for figure in of if figure.degree for _, span in _degrees(text, figure)]
    found = [
        TextWord(kind, each[0], *each.span()) for kind, pattern in _WORDS.items() for each in pattern.finditer(text)
    ]
    kept = (each for each in found if not any(start <= each.start < end for start, end in used))
    return sorted(kept, key=lambda each: each.start)


def _degrees(text: str, figure: TextFigure) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield the degrees that words beside a figure state, with the places of these words; those after it first."""
    for degree, pattern in _AFTER.items():
        if after := pattern.match(text, figure.end):
            yield degree, after.span()
    for degree, pattern in _BEFORE.items():
        # Cut off, not searched from a place on: a word may not be continued to the left of it either.
        offset = max(0, figure.start - _REACH)
        if before := pattern.search(text[offset : figure.start]):
            yield degree, (offset + before.start("word"), offset + before.end("word"))


# --- English


def _scaled(numbers: Numbers, match: re.Match[str]) -> FigureValue:
    return FEN * numbers["n"] * _SCALES[(match["scale"] or "").lower()]


def _english_day(numbers: Numbers, match: re.Match[str]) -> FigureValue:
    year, _, day = _day(numbers, match)
    return year, _MONTHS.index(match["month"].capitalize()) + 1, day


def _several(numbers: Numbers, _match: re.Match[str]) -> FigureValue | None:
    return numbers["n"] if numbers["n"] > 1 else None


_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October"]
_MONTHS += ["November", "December"]
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})"
_E = rf"(?P<n>{_ENGLISH})"
_SCALES = {"": 1, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_SCALE = r"(?P<scale>thousand|million|billion)"
_MONEY = r"(?:yuan|RMB|CNY)"
#: References to articles and clauses, document numbers and codes are no figures.
_ENGLISH_SKIP = re.compile(
    r"[一-鿿]{0,8}[〔\[]\d{4}[〕\]]\d+号|(?:articles?|art\.|clauses?|No\.)\s*\d+(?:(?:,| and)\s*\d+)*"
    r"|\b[A-Za-z&]+-?\d[\w.-]*|[\w/.-]+\.toml",
    re.IGNORECASE,
)
_ENGLISH_PATTERNS = _compiled(
    ("multiple", "one and a half times", Fraction(3, 2)),
    ("multiple", r"doubl(?:e[ds]?|ing)|\btwice\b", 2),
    ("share", r"as much again|\bmatching\b|equal amount", 1),
    ("code", r"\d+(?:\+(?:\d+|[A-Z])\b)+", _text),
    ("plan", r"(?P<n>\d+)(?:th|st|nd|rd) five-year plan", 1),
    ("date", rf"(?P<d>\d{{1,2}}) {_MONTH}(?: (?P<y>\d{{4}}))?", _english_day),
    ("date", rf"{_MONTH} (?P<y>\d{{4}})", _english_day),
    ("share", r"(?P<a>\d+):(?P<b>\d+)", _ratio),
    ("share", rf"{_E}(?:\s?%| per ?cent)", Fraction(1, 100)),
    ("sum", rf"{_MONEY}\s*{_E}(?:\s{_SCALE})?", _scaled),
    ("sum", rf"{_E}(?:\s{_SCALE})?\s+{_MONEY}", _scaled),
    ("sum", rf"{_E}\s(?P<scale>million|billion)", _scaled),
    ("years", rf"{_E}[ -](?:calendar |fiscal )?years?\b", _several),
    ("multiple", rf"{_E} times", 1),
    ("date", r"\b(?P<y>(?:19|20)\d\d)\b", _day),
    ("count", _E, _several),
)
_ENGLISH_DEGREES = {
    "up_to": re.compile(r"(?:up to|at most|not (?:more|over) than|no more than|capped at)\s+$", re.IGNORECASE),
    "at_least": re.compile(r"(?:at least|not less than|no less than)\s+$", re.IGNORECASE),
    "more_than": re.compile(r"(?<!no )(?<!not )more than\s+$", re.IGNORECASE),
}


@lru_cache(maxsize=4096)
def english_figures(text: str) -> tuple[TextFigure, ...]:
    """Return every figure of an English sentence, in order; a mere "one" is none."""
    found = []
    for each in _matched(text, (_ENGLISH_SKIP,), _ENGLISH_PATTERNS, english_number):
        before = text[: each.start]
        degree = next((degree for degree, pattern in _ENGLISH_DEGREES.items() if pattern.search(before)), "")
        found.append(replace(each, degree=degree))
    return tuple(found)
