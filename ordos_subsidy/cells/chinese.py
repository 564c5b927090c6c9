"""Figures written in Chinese characters: years digit by digit, days and months, sums as on cheques.

>>> digits("二〇二二年三月十一日"), digits("三年级")
('2022年3月11日', '三年级')
>>> sum_in_yuan("人民币肆仟贰佰万元整"), sum_in_yuan("壹亿零伍拾元叁角贰分"), sum_in_yuan("若干万元")
(Decimal('42000000'), Decimal('100000050.32'), None)
"""

from __future__ import annotations

import re
from decimal import Decimal

_SIMPLE = {
    sign: value
    for value, signs in enumerate(("〇○零", "一", "二", "三", "四", "五", "六", "七", "八", "九"))
    for sign in signs
}
_YEAR = re.compile(r"^([〇○零一二三四五六七八九]{4})(?=年)")
_PARTS = re.compile(r"(?<=[年月])([一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])(?=[月日号])")

_FORMAL = {
    sign: value
    for value, signs in enumerate(("零〇", "壹一", "贰二两", "叁三", "肆四", "伍五", "陆六", "柒七", "捌八", "玖九"))
    for sign in signs
}
_TENS = {"拾": 10, "十": 10, "佰": 100, "百": 100, "仟": 1000, "千": 1000}
_SUM = re.compile(
    r"(?:人民币)?([零〇壹一贰二两叁三肆四伍五陆六柒七捌八玖九拾十佰百仟千万亿]+)[元圆]"
    r"(?:([零壹一贰二叁三肆四伍五陆六柒七捌八玖九])角)?(?:零?([壹一贰二叁三肆四伍五陆六柒七捌八玖九])分)?[整正]?"
)


def digits(text: str) -> str:
    """A date with its year, month and day in digits, if its year is written in characters; else the text."""
    if not (found := _YEAR.match(text)):
        return text
    year = "".join(str(_SIMPLE[sign]) for sign in found[1])
    return _PARTS.sub(_small, f"{text[:4]}{text[4:]}").replace(found[1], year, 1)


def _small(found: re.Match[str]) -> str:
    tens, ten, ones = found[1].rpartition("十")
    return str((_SIMPLE.get(tens, 1) * 10 if ten else 0) + _SIMPLE.get(ones, 0))


def sum_in_yuan(text: str) -> Decimal | None:
    """A sum written out in characters, in yuan; None where it is none."""
    found = _SUM.fullmatch("".join(text.split()))
    whole = _whole(found[1]) if found else None
    if found is None or whole is None:
        return None
    return whole + Decimal(_FORMAL.get(found[2] or "", 0)) / 10 + Decimal(_FORMAL.get(found[3] or "", 0)) / 100


def _whole(text: str) -> Decimal | None:
    """A whole number; None where there is no digit, or the units do not descend."""
    if not re.search(r"[^零〇拾十佰百仟千万亿]", text) and text[0] not in "拾十":
        return None
    total = section = digit = 0
    last_ten, last_myriad = 10**4, 10**12
    for sign in text:
        if sign in _FORMAL:
            digit = _FORMAL[sign]
        elif sign in _TENS:
            if _TENS[sign] >= last_ten:
                return None
            last_ten = _TENS[sign]
            section += (digit or 1) * last_ten
            digit = 0
        elif sign == "亿" and last_myriad > 10**8:
            total, last_myriad = (total + section + digit) * 10**8, 10**8
            section, digit, last_ten = 0, 0, 10**4
        elif sign == "万" and last_myriad > 10**4:
            total, last_myriad = total + (section + digit) * 10**4, 10**4
            section, digit, last_ten = 0, 0, 10**4
        else:
            return None
    return Decimal(total + section + digit)
