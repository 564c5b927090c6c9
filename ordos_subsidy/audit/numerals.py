"""Numerals of Chinese and English texts: Arabic, Chinese, mixed, and English number words; values are exact.

>>> number("三十"), number("两"), number("3千万"), number("1.5亿"), number("二〇二一"), number("1,234")
(Fraction(30, 1), Fraction(2, 1), Fraction(30000000, 1), Fraction(150000000, 1), Fraction(2021, 1), Fraction(1234, 1))
>>> number("千万"), number("十"), number("1,23")
(None, Fraction(10, 1), None)
>>> english("twenty-one"), english("10"), english("many")
(Fraction(21, 1), Fraction(10, 1), None)
"""

from __future__ import annotations

import re
from fractions import Fraction

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
    """The value of a Chinese, Arabic or mixed numeral; None where it is none."""
    parts = _PART.findall(text) if len(text) <= LONGEST else []
    if "".join(parts) != text or not parts or parts[0] in {"百", "千", *LARGE_UNITS}:
        return None
    if len(parts) > 1 and all(part in DIGITS for part in parts):
        return Fraction(int("".join(str(DIGITS[part]) for part in parts)))
    return _sum(parts)


def _sum(parts: list[str]) -> Fraction | None:
    """The value of digits and units: 一亿五千万 is (1 × 亿) + (5 × 千) × 万."""
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


def english(text: str) -> Fraction | None:
    """The value of an English numeral, in figures or in words below one hundred; None where it is none."""
    if len(text) <= LONGEST and re.fullmatch(ARABIC, text):
        return Fraction(text.replace(",", ""))
    values = [ENGLISH_WORDS.get(word) for word in re.split(r"[- ]", text.lower())]
    return None if None in values else Fraction(sum(value for value in values if value is not None))
