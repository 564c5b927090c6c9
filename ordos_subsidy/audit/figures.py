"""Figures and condition words of a folded Chinese text, with exact values.

A `Figure` is a sum (fen), a share (Fraction), a number of years, a date, a five-year plan, a multiple or a count.
Its `degree` is what the words beside it make of it: 最高 `up_to`, 不低于 and 以上 `at_least`. A `Word` is a word of
frequency or of condition that stands for itself: 一次性, 每年, 连续, 新认定.

>>> [(each.kind, each.value, each.degree) for each in figures("连续5年、每年给予最高1.5亿元")]
[('years', Fraction(5, 1), 'in_a_row'), ('sum', Fraction(15000000000, 1), 'up_to')]
>>> [each.text for each in words("对新认定的企业一次性给予", figures("对新认定的企业一次性给予"))]
['新认定', '一次性']
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from ordos_subsidy.audit.numerals import NUMERAL, number

Kind = Literal["sum", "share", "years", "date", "plan", "multiple", "count", "code"]
Value = Fraction | str | tuple[int | None, int | None, int | None]
#: Kinds that only a measure can account for; a count or a date may also stand in a gist or a heading.
MONEY_KINDS = frozenset({"sum", "share", "years", "multiple"})
FEN = 100
_FOUR_DIGITS = 1000
_PLAN_14 = 2021


@dataclass(frozen=True)
class Figure:
    """A figure and where it stands; `degree` names the comparison that the words beside it make."""

    kind: Kind
    value: Value
    text: str
    start: int
    end: int
    degree: str = ""

    @property
    def key(self) -> tuple[Kind, Value]:
        """What two figures have in common that say the same."""
        return self.kind, self.value


@dataclass(frozen=True)
class Word:
    """A word of frequency or condition and where it stands."""

    kind: str
    text: str
    start: int
    end: int


_N = rf"(?P<n>{NUMERAL})"
_DOCUMENT = re.compile(r"[一-鿿]{0,8}[〔\[(【]\d{4}[〕\])】](?:第)?\d+号")
#: Not figures: articles of laws, numbers of headings, words about words, ordinal one, codes with Latin letters.
_SKIP = re.compile(
    rf"第{NUMERAL}[条款项章节编]|(?<![^。;)\]]){NUMERAL}、|{NUMERAL}个?字|十分(?!之)|第三方|第一"
    r"|[A-Za-z&][A-Za-z&.]*[-.]?\d[\w.-]*|(?<![\d+])\d+[A-Za-z]+(?![+])"
)
_PATTERNS: list[tuple[str, re.Pattern[str]]] = [
    (kind, re.compile(pattern))
    for kind, pattern in [
        ("code", r"(?<!\d)\d+(?:\+(?:\d+|[A-Z]))+"),
        ("plan", rf'"(?P<n>十[{"一二三四五六七八九"}]?)五"|(?P<m>十[{"一二三四五六七八九"}]?)五(?=时期|期间|规划)'),
        ("date", rf"(?P<y>\d{{4}}|[〇零一二三四五六七八九]{{4}})年(?:(?P<m>{NUMERAL})月(?:(?P<d>{NUMERAL})日)?)?"),
        ("date", rf"(?P<m>{NUMERAL})月(?:(?P<d>{NUMERAL})日)"),
        ("ratio", rf"(?P<a>{NUMERAL}):(?P<b>{NUMERAL})|(?P<whole>{NUMERAL})分之(?P<part>{NUMERAL})"),
        ("share", rf"{_N}(?:%|个?百分点)|百分之(?P<part>{NUMERAL})"),
        ("permille", rf"{_N}‰|千分之(?P<part>{NUMERAL})"),
        ("sum", rf"{_N}(?:元|圆|块钱)"),
        ("sum_list", rf"{_N}(?=(?:[-~至到、和或及,]{NUMERAL}){{1,9}}(?:元|圆))"),
        ("years", rf"{_N}(?:个)?(?:自然|会计|财政)?年度?(?!代|龄|级|检|薪)"),
        ("multiple", rf"{_N}倍"),
        ("count", _N),
    ]
]
_MULTIPLE = re.compile(r"翻倍|翻番|加倍|双倍")
_EQUAL = re.compile(r"等额|同等数额|同样数额|同等金额|全额")

_BRIDGE = r"(?:可|达|到|为|至|给予|奖励|补助|补贴|奖补|资助|支持|安排|分别|每年|单个项目|累计|合计|总额|共|按|占|其)*"
_DEGREES = [
    ("up_to", r"最高|最多|至多|最长|不超过|不高于|不多于|封顶|上限"),
    ("at_least", r"不低于|不少于|不小于|至少|最低|最少"),
    ("more_than", r"(?<!不)超过|(?<![不最])高于|大于|(?<!不)多于"),
    ("less_than", r"(?<!不)低于|(?<!不)少于|不足|(?<!不)小于|未达到"),
    ("in_a_row", r"连续"),
]
_BEFORE = [(degree, re.compile(rf"(?:{pattern}){_BRIDGE}$")) for degree, pattern in _DEGREES]
_AFTER = [
    ("at_least", re.compile(r"及?以上")),
    ("at_most", re.compile(r"及?以下")),
    ("up_to", re.compile(r"以内")),
]
_NEW = r"新(?:认定|批准|获批|认证|评定|获得|取得|备案|立项|入选|通过)|(?:再次|首次)(?:获批|认定|通过|批准)"
_WORDS = [
    ("once", re.compile(r"一次性")),
    ("yearly", re.compile(r"每年|每个?(?:自然|会计)?年度|逐年|按年")),
    ("in_a_row", re.compile(r"连续")),
    ("new", re.compile(_NEW)),
    ("degree", re.compile("|".join([pattern for _, pattern in _DEGREES[:2]] + ["以上|以下|以内"]))),
]


@lru_cache(maxsize=4096)
def figures(text: str) -> tuple[Figure, ...]:
    """Every figure of a folded text, in order."""
    found = matched(text, (_DOCUMENT, _SKIP), _PATTERNS, _figure)
    found += [Figure("multiple", Fraction(2), each[0], *each.span()) for each in _MULTIPLE.finditer(text)]
    found += [Figure("share", Fraction(1), each[0], *each.span()) for each in _EQUAL.finditer(text)]
    return tuple(_with_degrees(text, sorted(found, key=lambda each: each.start)))


def matched(
    text: str,
    skipped: Iterable[re.Pattern[str]],
    patterns: Iterable[tuple[str, re.Pattern[str]]],
    made: Callable[[str, re.Match[str]], Figure | None],
) -> list[Figure]:
    """The figures that patterns find outside what is skipped; a place is taken by the first pattern that fits it."""
    taken = bytearray(len(text))
    found: list[Figure] = []
    for pattern in skipped:
        for match in pattern.finditer(text):
            taken[slice(*match.span())] = b"\1" * len(match[0])
    for kind, pattern in patterns:
        for match in pattern.finditer(text):
            figure = None if any(taken[slice(*match.span())]) else made(kind, match)
            if figure is not None:
                found.append(figure)
                taken[slice(*match.span())] = b"\1" * len(match[0])
    return found


def documents(text: str) -> list[Figure]:
    """The document numbers of a folded text, such as 鄂科发〔2021〕65号."""
    return [Figure("code", each[0], each[0], *each.span()) for each in _DOCUMENT.finditer(text)]


def words(text: str, of: Sequence[Figure]) -> list[Word]:
    """Words of frequency and condition, those left out that already are the degree of a figure."""
    used = [span for figure in of if figure.degree for span in _degree_spans(text, figure)]
    return sorted(
        (
            Word(kind, match[0], *match.span())
            for kind, pattern in _WORDS
            for match in pattern.finditer(text)
            if not any(start <= match.start() < end for start, end in used)
        ),
        key=lambda each: each.start,
    )


def years_of_plan(ordinal: Value) -> tuple[int, int]:
    """First and last year of a national five-year plan: the 14th is 2021 to 2025."""
    first = _PLAN_14 + 5 * (int(ordinal) - 14) if isinstance(ordinal, Fraction) else 0
    return first, first + 4


def _figure(kind: str, match: re.Match[str]) -> Figure | None:
    """The figure of a match; None where a numeral is none, or is a mere 一."""
    groups = {name: number(text) for name, text in match.groupdict().items() if text}
    values = {name: value for name, value in groups.items() if value is not None}
    if len(values) < len(groups) or _is_word(kind, match, values):
        return None
    return Figure(_kind(kind, values), _value(kind, match, values), match[0], *match.span())


def _is_word(kind: str, match: re.Match[str], values: Mapping[str, Fraction]) -> bool:
    """Whether a numeral is part of a word: 一批, 上一年; a ratio to nothing is none either."""
    if kind == "years":
        return values["n"] == 1 and re.search(r"[上每第同任某当次下]$", match.string[: match.start()]) is not None
    if kind == "ratio":
        return not (values.get("b") or values.get("whole"))
    return kind == "count" and re.fullmatch(r"[一〇零]+", match["n"]) is not None


def _kind(pattern: str, values: Mapping[str, Fraction]) -> Kind:
    """The kind of figure that a pattern finds; 2021年度 is a date."""
    if pattern == "years" and values["n"] >= _FOUR_DIGITS:
        return "date"
    return _KINDS[pattern]


_KINDS: dict[str, Kind] = {
    "code": "code",
    "plan": "plan",
    "date": "date",
    "ratio": "share",
    "share": "share",
    "permille": "share",
    "sum": "sum",
    "sum_list": "sum",
    "years": "years",
    "multiple": "multiple",
    "count": "count",
}


def _value(pattern: str, match: re.Match[str], values: Mapping[str, Fraction]) -> Value:
    """The exact value: fen, a Fraction, (year, month, day) or the text of a code."""
    n = values.get("n", Fraction(0))
    if _kind(pattern, values) == "date":
        year, month, day = (None if each is None else int(each) for each in map(values.get, "ymd"))
        return year or (int(n) if n else None), month, day
    if pattern == "code":
        return match[0]
    return _amount(pattern, match, values, n)


def _amount(pattern: str, match: re.Match[str], values: Mapping[str, Fraction], n: Fraction) -> Fraction:
    match pattern:
        case "plan":
            return n or values["m"]
        case "ratio":
            return values.get("a", values.get("part", n)) / values.get("b", values.get("whole", Fraction(1)))
        case "share" | "permille":
            return values.get("part", n) / (100 if pattern == "share" else 1000)
        case "sum" | "sum_list":
            return FEN * (n if pattern == "sum" else _listed(match, n))
    return n


def _listed(match: re.Match[str], n: Fraction) -> Fraction:
    """The value of a sum whose unit stands at a later one: 10和20万元."""
    last = re.findall(NUMERAL, match.string[match.end() :].split("元")[0])[-1]
    unit = re.search(r"[千百]?[万亿]$", last)
    return n * (number(f"1{unit[0]}") or 1) if unit and not re.search(r"[万亿]", match["n"]) else n


def _with_degrees(text: str, found: list[Figure]) -> Iterator[Figure]:
    """Each figure with its degree; of several in a row (300万元和30万元) the first one's holds for all."""
    previous: Figure | None = None
    for each in found:
        degree = _degree(text, each)
        if (
            not degree
            and previous
            and previous.kind == each.kind
            and re.fullmatch(r"[、和或及至~-]", text[previous.end : each.start])
        ):
            degree = previous.degree if _degree_before(text, previous) else ""
        previous = replace(each, degree=degree)
        yield previous


def _degree(text: str, figure: Figure) -> str:
    after = next((degree for degree, pattern in _AFTER if pattern.match(text, figure.end)), "")
    return after or _degree_before(text, figure)


def _degree_before(text: str, figure: Figure) -> str:
    before = text[max(0, figure.start - 24) : figure.start]
    return next((degree for degree, pattern in _BEFORE if pattern.search(before)), "")


def _degree_spans(text: str, figure: Figure) -> Iterator[tuple[int, int]]:
    """Where the degree words of a figure stand, the words between them and the figure left out."""
    offset = max(0, figure.start - 24)
    before = text[offset : figure.start]
    for (_, pattern), (_, plain) in zip(_BEFORE, _DEGREES, strict=True):
        if match := pattern.search(before):
            word = re.match(plain, before[match.start() :])
            yield offset + match.start(), offset + match.start() + (len(word[0]) if word else 1)
    for _, pattern in _AFTER:
        if after := pattern.match(text, figure.end):
            yield after.span()
