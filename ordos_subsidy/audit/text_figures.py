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
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Literal, TypeVar

from ordos_subsidy.audit.numerals import ENGLISH, NUMERAL, english_number, number

FigureKind = Literal["sum", "share", "years", "date", "plan", "multiple", "count", "code"]
FigureValue = Fraction | str | tuple[int | None, int | None, int | None]
#: A figure without its place.
FigureKey = tuple[FigureKind, FigureValue]
Numbers = Mapping[str, Fraction]
#: The value of a match, from the numbers of its groups; None where it is no figure.
Valued = Callable[[Numbers, "re.Match[str]"], FigureValue | None]
_Result = TypeVar("_Result", Valued, Fraction)
#: Kinds that only a measure can account for; a count or a date may also stand in a gist or a heading.
MONEY_KINDS = frozenset({"sum", "share", "years", "multiple"})
FEN = 100
_PLAN_14 = 2021


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
        year = value[0] if kind == "date" and isinstance(value, tuple) and value[1:] == (None, None) else None
        return self.kind == "plan" and year is not None and year in years_of_plan(self.value)


@dataclass(frozen=True)
class TextWord:
    """A word of frequency or condition and where it stands."""

    kind: str
    text: str
    start: int
    end: int


def years_of_plan(ordinal: FigureValue) -> tuple[int, int]:
    """First and last year of a national five-year plan: the 14th is 2021 to 2025."""
    first = _PLAN_14 + 5 * (int(ordinal) - 14) if isinstance(ordinal, Fraction) else 0
    return first, first + 4


# --- finding figures, in either language


def _matched(
    text: str,
    skipped: Iterable[re.Pattern[str]],
    patterns: Iterable[tuple[FigureKind, re.Pattern[str], Valued]],
    numeral: Callable[[str], Fraction | None],
) -> Iterator[TextFigure]:
    """The figures that patterns find outside what is skipped; a place is taken by the first pattern that fits it."""
    taken = bytearray(len(text))
    for pattern in skipped:
        for match in pattern.finditer(text):
            taken[slice(*match.span())] = b"\1" * len(match[0])
    for kind, pattern, valued in patterns:
        for match in pattern.finditer(text):
            if any(taken[slice(*match.span())]):
                continue
            groups = {name: numeral(each) for name, each in match.groupdict().items() if each and len(name) == 1}
            numbers = {name: each for name, each in groups.items() if each is not None}
            value = valued(numbers, match) if len(numbers) == len(groups) else None
            if value is not None:
                taken[slice(*match.span())] = b"\1" * len(match[0])
                yield TextFigure(kind, value, match[0], *match.span())


def _compiled(*rows: tuple[FigureKind, str, _Result]) -> list[tuple[FigureKind, re.Pattern[str], _Result]]:
    return [(kind, re.compile(pattern, re.IGNORECASE), made) for kind, pattern, made in rows]


def _fixed(text: str, known: Iterable[tuple[FigureKind, re.Pattern[str], Fraction]]) -> Iterator[TextFigure]:
    """The figures that are words of their own: 翻倍, twice."""
    for kind, pattern, value in known:
        for match in pattern.finditer(text):
            yield TextFigure(kind, value, match[0], *match.span())


def _times(factor: Fraction | int) -> Valued:
    return lambda numbers, _match: numbers["n"] * factor


def _day(numbers: Numbers, _match: re.Match[str]) -> tuple[int | None, int | None, int | None]:
    year, month, day = (None if each is None else int(each) for each in map(numbers.get, "ymd"))
    return year, month, day


def _text(_numbers: Numbers, match: re.Match[str]) -> FigureValue:
    return match[0]


def _ratio(numbers: Numbers, _match: re.Match[str]) -> FigureValue | None:
    return numbers["a"] / numbers["b"] if numbers["b"] else None


# --- Chinese


def _listed_sum(numbers: Numbers, match: re.Match[str]) -> FigureValue:
    """A sum whose unit stands at a later one: 10和20万元."""
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
    ("code", r"(?<!\d)\d+(?:\+(?:\d+|[A-Z]))+", _text),
    ("plan", rf'"{_TEEN}五"', _times(1)),
    ("plan", rf"{_TEEN}五(?=时期|期间|规划)", _times(1)),
    ("date", rf"(?P<y>\d{{4}}|[〇零一二三四五六七八九]{{4}})年(?:(?P<m>{NUMERAL})月(?:(?P<d>{NUMERAL})日)?)?", _day),
    ("date", rf"(?P<m>{NUMERAL})月(?:(?P<d>{NUMERAL})日)", _day),
    ("share", rf"(?P<a>{NUMERAL}):(?P<b>{NUMERAL})", _ratio),
    ("share", rf"(?P<b>{NUMERAL})分之(?P<a>{NUMERAL})", _ratio),
    ("share", rf"{_N}(?:%|个?百分点)", _times(Fraction(1, 100))),
    ("share", rf"百分之{_N}", _times(Fraction(1, 100))),
    ("share", rf"{_N}‰", _times(Fraction(1, 1000))),
    ("share", rf"千分之{_N}", _times(Fraction(1, 1000))),
    ("sum", rf"{_N}(?:元|圆|块钱)", _times(FEN)),
    ("sum", rf"{_N}(?=(?:[-~至到、和或及,]{NUMERAL}){{1,9}}(?:元|圆))", _listed_sum),
    ("date", r"(?P<y>\d{4})个?(?:自然|会计|财政)年度?", _day),
    ("years", rf"{_N}(?:个)?(?:自然|会计|财政)?年度?(?!代|龄|级|检|薪)", _years),
    ("multiple", rf"{_N}倍", _times(1)),
    ("count", _N, _count),
)
_FIXED = _compiled(
    ("multiple", "翻倍|翻番|加倍|双倍", Fraction(2)), ("share", "等额|同等数额|同样数额|同等金额|全额", Fraction(1))
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
    """Return every figure of a folded Chinese text, in order."""
    found = [*_matched(text, (_DOCUMENT, _SKIP), _PATTERNS, number), *_fixed(text, _FIXED)]
    return tuple(_with_degrees(text, sorted(found, key=lambda each: each.start)))


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


def _with_degrees(text: str, found: list[TextFigure]) -> Iterator[TextFigure]:
    """Each figure with its degree; of several in a row (300万元和30万元) the first one's holds for all."""
    previous: TextFigure | None = None
    for each in found:
        degree = next((degree for degree, _ in _degrees(text, each)), "")
        if not degree and previous and previous.kind == each.kind:
            joined = re.fullmatch(r"[、和或及至~-]", text[previous.end : each.start])
            degree = _degree_before(text, previous) if joined else ""
            degree = previous.degree if degree else ""
        previous = replace(each, degree=degree)
        yield previous


def _degree_before(text: str, figure: TextFigure) -> str:
    return next((degree for degree, (start, _) in _degrees(text, figure) if start < figure.start), "")


def _degrees(text: str, figure: TextFigure) -> Iterator[tuple[str, tuple[int, int]]]:
    """The degrees that the words beside a figure state, with the places of these words; those after it come first."""
    for degree, pattern in _AFTER.items():
        if after := pattern.match(text, figure.end):
            yield degree, after.span()
    for degree, pattern in _BEFORE.items():
        # Cut off, not searched from a place on: a word may not be continued to the left of it either.
        offset = max(0, figure.start - _REACH)
        if before := pattern.search(text[offset : figure.start]):
            yield degree, (offset + before.start("word"), offset + before.end("word"))


# --- English


def _sum(numbers: Numbers, match: re.Match[str]) -> FigureValue:
    return (
        FEN
        * numbers["n"]
        * {"thousand": 10**3, "million": 10**6, "billion": 10**9}.get((match["scale"] or "").lower(), 1)
    )


def _english_day(numbers: Numbers, match: re.Match[str]) -> FigureValue:
    year, _, day = _day(numbers, match)
    return year, _MONTHS.index(match["month"].capitalize()) + 1, day


def _several(numbers: Numbers, _match: re.Match[str]) -> FigureValue | None:
    return numbers["n"] if numbers["n"] > 1 else None


_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October"]
_MONTHS += ["November", "December"]
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})"
_E = rf"(?P<n>{ENGLISH})"
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
    ("code", r"\d+(?:\+(?:\d+|[A-Z])\b)+", _text),
    ("plan", r"(?P<n>\d+)(?:th|st|nd|rd) five-year plan", _times(1)),
    ("date", rf"(?P<d>\d{{1,2}}) {_MONTH}(?: (?P<y>\d{{4}}))?", _english_day),
    ("date", rf"{_MONTH} (?P<y>\d{{4}})", _english_day),
    ("share", r"(?P<a>\d+):(?P<b>\d+)", _ratio),
    ("share", rf"{_E}(?:\s?%| per ?cent)", _times(Fraction(1, 100))),
    ("sum", rf"{_MONEY}\s*{_E}(?:\s{_SCALE})?", _sum),
    ("sum", rf"{_E}(?:\s{_SCALE})?\s+{_MONEY}", _sum),
    ("sum", rf"{_E}\s(?P<scale>million|billion)", _sum),
    ("years", rf"{_E}[ -](?:calendar |fiscal )?years?\b", _several),
    ("multiple", rf"{_E} times", _times(1)),
    ("date", r"\b(?P<y>(?:19|20)\d\d)\b", _day),
    ("count", _E, _several),
)
_ENGLISH_FIXED = _compiled(
    ("multiple", "one and a half times", Fraction(3, 2)),
    ("multiple", r"doubl(?:e[ds]?|ing)|\btwice\b", Fraction(2)),
    ("share", r"as much again|\bmatching\b|equal amount", Fraction(1)),
)
_ENGLISH_DEGREES = {
    "up_to": re.compile(r"(?:up to|at most|not (?:more|over) than|no more than|capped at)\s+$", re.IGNORECASE),
    "at_least": re.compile(r"(?:at least|not less than|no less than)\s+$", re.IGNORECASE),
    "more_than": re.compile(r"(?<!no )(?<!not )more than\s+$", re.IGNORECASE),
}


@lru_cache(maxsize=4096)
def english_figures(text: str) -> tuple[TextFigure, ...]:
    """Return every figure of an English sentence, in order; a mere "one" is none."""
    found = [
        replace(
            each, degree=next((key for key, word in _ENGLISH_DEGREES.items() if word.search(text[: each.start])), "")
        )
        for each in _matched(text, (_ENGLISH_SKIP,), _ENGLISH_PATTERNS, english_number)
    ]
    return tuple(sorted([*found, *_fixed(text, _ENGLISH_FIXED)], key=lambda each: each.start))
