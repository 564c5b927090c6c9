r"""Texts in one spelling, and the numerals in them: Arabic, Chinese, mixed and English ones, with exact values.

>>> fold("最高 １０００ 万元，“一次性”\n补贴")
'最高1000万元,"一次性"补贴'
>>> number("三十"), number("两"), number("3千万"), number("1.5亿"), number("二〇二一"), number("1,234")
(Fraction(30, 1), Fraction(2, 1), Fraction(30000000, 1), Fraction(150000000, 1), Fraction(2021, 1), Fraction(1234, 1))
>>> number("千万"), number("十"), number("1,23")
(None, Fraction(10, 1), None)
>>> english_number("twenty-one"), english_number("10"), english_number("many")
(Fraction(21, 1), Fraction(10, 1), None)
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

_QUOTES = dict.fromkeys("“”„‟〝〞＂「」『』‘’", '"')
_DASHES = dict.fromkeys("‐‑‒–—―−－", "-")
_INVISIBLE = dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f", "")
_SAME = _QUOTES | _DASHES | _INVISIBLE
AROUND = 14


@lru_cache(maxsize=8192)
def _fold_sign(sign: str) -> str:
    folded = _SAME.get(sign)
    if folded is not None:
        return folded
    return "".join(_SAME.get(each, each) for each in unicodedata.normalize("NFKC", sign) if not each.isspace())


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Return the text with width variants folded (NFKC), white space removed, quotation marks and dashes unified."""
    return "".join(map(_fold_sign, text))


@dataclass(frozen=True)
class Plain:
    """A folded text with the original sign of each of its signs, for quoting."""

    folded: str
    original: tuple[str, ...]

    @staticmethod
    def of(text: str) -> Plain:
        """Return a folded text."""
        pairs = [(each, sign if not place else "") for sign in text for place, each in enumerate(_fold_sign(sign))]
        return Plain("".join(each for each, _ in pairs), tuple(sign for _, sign in pairs))

    def quote(self, start: int, end: int, around: int = AROUND) -> str:
        """Return the original words from `start` to `end` with some signs around them."""
        first, last = max(start - around, 0), min(end + around, len(self.folded))
        words = "".join(self.original[first:last])
        return f"{'…' if first else ''}{words}{'…' if last < len(self.folded) else ''}"


DIGITS = {sign: value for value, signs in enumerate(("〇零", "一壹", "二贰两", "三叁", "四肆")) for sign in signs} | {
    sign: value for value, signs in enumerate(("五伍", "六陆", "七柒", "八捌", "九玖"), 5) for sign in signs
}
SMALL_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
LARGE_UNITS = {"万": 10**4, "亿": 10**8}
ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SIGNS = "".join([*DIGITS, *SMALL_UNITS, *LARGE_UNITS])
#: A numeral as it stands in a text; it begins with a digit or with 十, because 百, 千 and 万 alone are words.
#: Atomic, and from its first sign on: a long row of digits is read once and in one way, so that no search takes long.
NUMERAL = rf"(?<![\d{_SIGNS}])(?>(?:{ARABIC}|[{''.join(DIGITS)}十拾])(?:{ARABIC}|[{_SIGNS}])*)"
#: Longer rows of digits are codes, not numbers.
LONGEST = 30
_PART = re.compile(rf"{ARABIC}|[{_SIGNS}]")

_WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_WORDS += ["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
ENGLISH_WORDS = {word: value for value, word in enumerate(_WORDS)} | {
    word: 10 * value for value, word in enumerate(_TENS, 2)
}
ENGLISH = (
    rf"(?:{ARABIC})|\b(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_WORDS[1:10])}))?|{'|'.join(reversed(_WORDS[1:]))})\b"
)


def number(text: str) -> Fraction | None:
    """Return the value of a Chinese, Arabic or mixed numeral; None where it is none."""
    parts = _PART.findall(text) if len(text) <= LONGEST else []
    if "".join(parts) != text or not parts or parts[0] in {"百", "千", *LARGE_UNITS}:
        return None
    if len(parts) > 1 and all(part in DIGITS for part in parts):
        return Fraction(int("".join(str(DIGITS[part]) for part in parts)))
    return _sum(parts)


def _sum(parts: list[str]) -> Fraction | None:
    """Return the value of digits and units: 一亿五千万 is (1 × 亿) + (5 × 千) × 万."""
    total = section = Fraction(0)
    digit: Fraction | None = None
    for part in parts:
        if part in SMALL_UNITS:
            section += (1 if digit is None else digit) * SMALL_UNITS[part]
            digit = None
        elif part in LARGE_UNITS:
            section += digit or 0
            total = (total + section) * LARGE_UNITS[part] if part == "亿" else total + section * LARGE_UNITS[part]
            section, digit = Fraction(0), None
        elif digit:
            return None
        else:
            digit = Fraction(DIGITS[part]) if part in DIGITS else Fraction(part.replace(",", ""))
    return total + section + (digit or 0)


def english_number(text: str) -> Fraction | None:
    """Return the value of an English numeral, in figures or in words below one hundred; None where it is none."""
    if len(text) <= LONGEST and re.fullmatch(ARABIC, text):
        return Fraction(text.replace(",", ""))
    values = [ENGLISH_WORDS.get(word) for word in re.split(r"[- ]", text.lower())]
    return None if None in values else Fraction(sum(value for value in values if value is not None))
