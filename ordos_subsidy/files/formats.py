"""What number formats make of cells: units, scales, and dates that show no day.

A cell may hold 50000000 and show 5000.0万元, or hold 1 June 2021 and show 2021年6月. What is shown is what was meant,
so such a cell is read as a text:

    ¥#,##0.00      50000000   ¥50000000          0.00%           0.125      12.5%
    0!.0,"万元"    50000000   5000万元           yyyy"年"m"月"   44348      2021年6月
    0!.0,          50000000   5000 (÷10000)      yyyy            44562      2022年

The sign ÷ keeps the scale, so that whoever knows the unit of the column can tell whether the two go together.

Runs in the child process: `re` and `decimal` are imported where a format matters. `styled` finds the cells.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal
    from typing import NamedTuple

    class Section(NamedTuple):
        """What one section of a format shows: the numbers it is for, and how."""

        sign: str
        bound: float
        shows: str
        scale: int
        unit: str
else:
    from collections import namedtuple

    Section = namedtuple("Section", "sign bound shows scale unit")

#: Formats by number that every spreadsheet program knows: the currency of the system, shares, months.
BUILT_IN = {
    **dict.fromkeys((5, 6, 7, 8, 42, 44), "¥0"),
    **dict.fromkeys((9, 10), "0%"),
    **dict.fromkeys((17, 27, 36, 50, 52, 57), "yyyy-m"),
}
_UNITS = ("亿元", "亿", "百万元", "百万", "千万元", "千万", "万元", "万", "千元", "元")
_FACTORS = {"亿": 10**8, "百万": 10**6, "千万": 10**7, "万": 10**4, "千": 10**3, "": 1}
_FOREIGN = ("美元", "港元", "欧元", "日元", "$", "€", "£", "USD", "EUR", "HKD", "JPY")
_YUAN = ("¥", "￥", "CNY", "RMB")
_OLDEST = 1950
"""Years before it are hardly meant: the number of a year shown as a date lies in 1905."""


def sections(code: str) -> list[Section]:
    """What a format shows, section by section; none where it shows plain numbers or whole days."""
    found = [_section(*each) for each in _split(code)]
    if len(found) > 1 and not any(each.sign for each in found):
        signs = ("", "<", "=", "@") if len(found) > 2 else (">=", "<")  # noqa: PLR2004 - the zero has a section
        found = [each._replace(sign=sign) for each, sign in zip(found, signs, strict=False)]
    return found if any(each.shows != "number" or each.scale != 1 or each.unit for each in found) else []


def _split(code: str) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """The sections of a format, each as its brackets, its literals and its signs (a NUL for each literal)."""
    brackets: list[str] = []
    literals: list[str] = []
    signs: list[str] = []
    at = 0
    while at < len(code):
        sign = code[at]
        if sign == ";":
            yield brackets, literals, signs
            brackets, literals, signs = [], [], []
        elif sign in '"[':
            end = code.find('"' if sign == '"' else "]", at + 1)
            end = len(code) if end < 0 else end
            (literals if sign == '"' else brackets).append(code[at + 1 : end])
            if sign == '"':
                signs.append("\0")
            at = end
        elif sign in "\\!":
            literals.append(code[at + 1 : at + 2])
            signs.append("\0")
            at += 1
        elif sign in "_*":
            at += 1
        elif sign in "¥￥$€£" or ord(sign) > 0x2E80:  # noqa: PLR2004 - Chinese needs no quotes
            literals.append(sign)
            signs.append("\0")
        else:
            signs.append(sign)
        at += 1
    yield brackets, literals, signs


def _section(brackets: list[str], literals: list[str], signs: list[str]) -> Section:
    import re

    condition = next((found for each in brackets if (found := re.fullmatch(r"([<>=]+)(-?[0-9.]+)", each))), None)
    sign, bound = (condition[1], float(condition[2])) if condition else ("", 0.0)
    currency = [each[1:].partition("-")[0] for each in brackets if each.startswith("$")]
    letters = "".join(signs).lower().replace("general", "").replace("e+", "").replace("e-", "")
    if set(letters) & set("yde") and not set(letters) & set("hs0#"):
        shows = "date" if "d" in letters else "month" if "m" in letters else "year"
        return Section(sign, bound, "number" if shows == "date" else shows, 1, "")
    if "%" in letters:
        return Section(sign, bound, "share", 1, "%")
    digits = [at for at, each in enumerate(signs) if each in "0#?"]
    if not digits:
        return Section(sign, bound, "number", 1, "")
    scale = 1000 ** sum(each == "," for each in signs[digits[-1] :])
    literal = (at for at, each in enumerate(signs) if each == "\0")
    for at, text in zip(literal, literals, strict=False):
        if text == "." and digits[0] < at < digits[-1] and "." not in signs:
            scale *= 10 ** sum(place > at for place in digits)
    return Section(sign, bound, "number", scale, unit_in_text("".join([*currency, *literals])))


def unit_in_text(literal: str) -> str:
    """The unit that the literal text of a format names; "?" for money of another kind."""
    if any(each in literal for each in _FOREIGN):
        return "?"
    return next((each for each in _UNITS if each in literal), "¥" if any(each in literal for each in _YUAN) else "")


def _chosen(choice: list[Section], number: float) -> Section | None:
    holds = {
        "": True,
        ">=": lambda bound: number >= bound,
        ">": lambda bound: number > bound,
        "<=": lambda bound: number <= bound,
        "<": lambda bound: number < bound,
        "=": lambda bound: number == bound,
        "<>": lambda bound: number != bound,
    }
    ordered = sorted(choice, key=lambda each: each.sign == "")  # the one for all others comes last
    for each in ordered:
        test = holds.get(each.sign, False)
        if test is True or (callable(test) and test(each.bound)):
            return each
    return None


def shown(choice: list[Section], text: str, is_1904: bool) -> str:
    """What a number shows under a format; nothing where the format changes nothing."""
    from decimal import Decimal

    try:
        number = Decimal(f"{float(text):.15g}")
    except ValueError:
        number = Decimal("nan")
    section = _chosen(choice, float(text)) if number.is_finite() else None
    if section is None:
        return ""
    if section.shows in ("month", "year"):
        return _date(int(number), section.shows, is_1904)
    if section.shows == "share":
        return f"{number * 100:f}%"
    return _sum(number, section)


def _sum(number: Decimal, section: Section) -> str:
    if section.scale == 1:
        if section.unit == "¥":
            return f"{'-' if number < 0 else ''}¥{abs(number):f}"
        return f"{number:f}{section.unit}" if section.unit else ""
    part = f"{number / section.scale:f}"
    if section.unit and _FACTORS.get(section.unit.removesuffix("元")) == section.scale:
        return part + section.unit
    return f"{part}{section.unit} (÷{section.scale})"


def _date(serial: int, shows: str, is_1904: bool) -> str:
    from datetime import date, timedelta

    try:
        day = date(1904, 1, 1) if is_1904 else date(1899, 12, 30)
        day += timedelta(serial)
    except OverflowError:
        return ""
    if day.year < _OLDEST:
        return ""
    return f"{day.year}年{day.month}月" if shows == "month" else f"{day.year}年"
