"""Figures of an English sentence of a policy file, with the same kinds and values as those of the Chinese one.

>>> [(each.kind, each.value, each.degree) for each in figures("up to CNY 1.5 million a year for five years")]
[('sum', Fraction(150000000, 1), 'up_to'), ('years', Fraction(5, 1), '')]
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from ordos_subsidy.audit.figures import FEN, Figure, Kind, Value, matched
from ordos_subsidy.audit.numerals import ENGLISH, english

_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October"]
_MONTHS += ["November", "December"]
_SCALE = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_N = rf"(?P<n>{ENGLISH})"
_MONEY = r"(?:yuan|RMB|CNY)"
_DOCUMENT = r"[一-鿿]{0,8}[〔\[]\d{4}[〕\]]\d+号"
#: References to articles and clauses, document numbers and codes are no figures.
_SKIP = re.compile(
    rf"{_DOCUMENT}|(?:articles?|art\.|clauses?|No\.)\s*\d+(?:(?:,| and)\s*\d+)*|\b[A-Za-z&]+-?\d[\w.-]*|[\w/.-]+\.toml",
    re.IGNORECASE,
)
_PATTERNS: list[tuple[str, re.Pattern[str]]] = [
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in [
        ("code", r"\d+(?:\+(?:\d+|[A-Z])\b)+"),
        ("plan", r"(?P<n>\d+)(?:th|st|nd|rd) five-year plan"),
        ("date", rf"(?P<d>\d{{1,2}}) (?P<month>{'|'.join(_MONTHS)})(?: (?P<y>\d{{4}}))?"),
        ("date", rf"(?P<month>{'|'.join(_MONTHS)}) (?P<y>\d{{4}})"),
        ("ratio", r"(?P<a>\d+):(?P<b>\d+)"),
        ("share", rf"{_N}\s?%|{_N.replace('<n>', '<p>')} per ?cent"),
        ("sum", rf"{_MONEY}\s*{_N}(?:\s(?P<scale>thousand|million|billion))?"),
        ("sum", rf"{_N}(?:\s(?P<scale>thousand|million|billion))?\s+{_MONEY}"),
        ("sum", rf"{_N}\s(?P<scale>million|billion)"),
        ("years", rf"{_N}[ -](?:calendar |fiscal )?years?\b"),
        ("times", rf"{_N} times"),
        ("date", r"\b(?P<y>(?:19|20)\d\d)\b"),
        ("count", _N),
    ]
]
_HALF_MORE = re.compile(r"one and a half times", re.IGNORECASE)
_DOUBLE = re.compile(r"doubl(?:e[ds]?|ing)|\btwice\b", re.IGNORECASE)
_EQUAL = re.compile(r"as much again|\bmatching\b|equal amount", re.IGNORECASE)
_DEGREES = [
    ("up_to", re.compile(r"(?:up to|at most|not (?:more|over) than|no more than|capped at)\s+$", re.IGNORECASE)),
    ("at_least", re.compile(r"(?:at least|not less than|no less than)\s+$", re.IGNORECASE)),
    ("more_than", re.compile(r"(?<!no )(?<!not )more than\s+$", re.IGNORECASE)),
]


@lru_cache(maxsize=4096)
def figures(text: str) -> tuple[Figure, ...]:
    """Every figure of an English sentence, in order; a mere "one" is none."""
    found = matched(text, (_SKIP,), _PATTERNS, _figure)
    found = [replace(each, degree=_degree(text[: each.start])) for each in found]
    found += [Figure("multiple", Fraction(3, 2), each[0], *each.span()) for each in _HALF_MORE.finditer(text)]
    found += [Figure("multiple", Fraction(2), each[0], *each.span()) for each in _DOUBLE.finditer(text)]
    found += [Figure("share", Fraction(1), each[0], *each.span()) for each in _EQUAL.finditer(text)]
    return tuple(sorted(found, key=lambda each: each.start))


def _degree(before: str) -> str:
    return next((degree for degree, pattern in _DEGREES if pattern.search(before)), "")


def _figure(kind: str, match: re.Match[str]) -> Figure | None:
    """The figure of a match; None for a mere "one"."""
    groups = {name: text for name, text in match.groupdict().items() if text}
    n = english(groups.get("n") or groups.get("p") or "0") or Fraction(0)
    if kind in ("years", "count") and n in (0, 1):
        return None
    return Figure(_KINDS[kind], _value(kind, match[0], groups, n), match[0], *match.span())


_KINDS: dict[str, Kind] = {
    "code": "code",
    "plan": "plan",
    "date": "date",
    "ratio": "share",
    "share": "share",
    "sum": "sum",
    "years": "years",
    "times": "multiple",
    "count": "count",
}


def _value(kind: str, text: str, groups: dict[str, str], n: Fraction) -> Value:
    """The exact value: fen, a Fraction, (year, month, day) or the text of a code."""
    match kind:
        case "code":
            return text
        case "date":
            month = groups.get("month", "").capitalize()
            year, day = groups.get("y"), groups.get("d")
            return (
                int(year) if year else None,
                _MONTHS.index(month) + 1 if month else None,
                int(day) if day else None,
            )
        case "ratio":
            return Fraction(int(groups["a"]), int(groups["b"]) or 1)
        case "share":
            return n / 100
        case "sum":
            return n * _SCALE.get(groups.get("scale", "").lower(), 1) * FEN
    return n
