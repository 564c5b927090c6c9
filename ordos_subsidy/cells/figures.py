"""Figures: sums of money to the fen, shares, counts and years.

Everything is exact. A workbook keeps a number as a binary float of 15 significant digits, so 15 digits of
it are read; text, and numbers of a TOML file, are read as written. A plain number is multiplied by the unit
of its column; a unit written beside the number wins.

>>> UNITS["亿元"] * figure("12.5亿元").number
Decimal('1250000000.0')
>>> figure("1,23,4") is None, figure("约100") is None
(True, True)

Figures may be written in Chinese characters: years digit by digit, days and months, sums as on cheques.

>>> digits("二〇二二年三月十一日"), digits("三年级")
('2022年3月11日', '三年级')
>>> sum_in_yuan("人民币肆仟贰佰万元整"), sum_in_yuan("壹亿零伍拾元叁角贰分"), sum_in_yuan("若干万元")
(Decimal('42000000'), Decimal('100000050.32'), None)
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

from ordos_subsidy.cells.spelling import Read, accept, fold, refuse
from ordos_subsidy.facts import MONEY_LIMIT, Fact

#: What a sum can be counted in, in yuan; blanks are left out of the names.
UNITS = {
    name: 10**power
    for power, names in {
        0: ("元", "圆", "yuan", "rmb", "cny"),
        3: ("千元", "thousandyuan"),
        4: ("万", "万元", "wan", "wanyuan", "tenthousandyuan"),
        6: ("百万", "百万元", "millionyuan"),
        7: ("千万", "千万元"),
        8: ("亿", "亿元", "hundredmillionyuan"),
        9: ("billionyuan",),
    }.items()
    for name in names
}
PERCENT = "%"
#: What stands before the unit of a column that nobody wrote: a sign in a cell that says otherwise wins.
ASSUMED = "~"

FEN = 100
MILLION = 10**6
#: No share beyond ten thousand times the whole, no count beyond a trillion.
SHARE_LIMIT = 10**4
COUNT_LIMIT = 10**12
YEARS = range(1900, 2101)

#: A figure of more signs is no figure, and could only be there to be slow.
_LONGEST = 60
_FIGURE = re.compile(
    r"(?P<sign>[+-]?)\s*(?:(?P<yuan>¥)|rmb|cny|人民币)?\s*"
    r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?P<part>\.[0-9]+)?\s*"
    r"(?P<unit>[^0-9.,+-].*?)?\s*(?:人民币|整)?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"([0-9]{4})\s*(?:年度?|财年|\.0+)?")
#: A unit in brackets beside a figure, and how a number format that shows a part of the figure marks it.
_IN_BRACKETS = re.compile(r"\(([^()0-9]+)\)")
_SCALED = re.compile(r"\(÷(10+)\)")
#: A figure with a note in brackets; notes that make the figure another one, or a vague one.
_NOTED = re.compile(r"([^()]*[0-9][^()]*)\(([^()]+)\)")
_CHANGES = re.compile(
    r"[0-9%]|[一二三四]季|年|月|季|约|预|估|暂|左右|上下|余|以上|以下|含|其中|同比|环比|增|降|累计|平均|人均|合并|待|拟|计划|目标|[?？]"
)
#: A year typed into a cell that shows dates: the days of 1905 that the numbers 1900 to 2100 stand for.
EPOCH = dt.date(1899, 12, 30)
_EXACT = Context(prec=100)

_SIGNS = {
    sign: value
    for value, signs in enumerate(("零〇○", "壹一", "贰二两", "叁三", "肆四", "伍五", "陆六", "柒七", "捌八", "玖九"))
    for sign in signs
}
_TENS = {"拾": 10, "十": 10, "佰": 100, "百": 100, "仟": 1000, "千": 1000}
_CHINESE_YEAR = re.compile(r"([〇○零一二三四五六七八九]{4})年")
_PARTS = re.compile(r"(?<=[年月])([一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])(?=[月日号])")
_SUM = re.compile(
    r"(?:人民币)?([零〇壹一贰二两叁三肆四伍五陆六柒七捌八玖九拾十佰百仟千万亿]+)[元圆]"
    r"(?:([零壹一贰二叁三肆四伍五陆六柒七捌八玖九])角)?(?:零?([壹一贰二叁三肆四伍五陆六柒七捌八玖九])分)?[整正]?"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and the unit written beside it, if any."""

    number: Decimal
    unit: str = ""
    #: The sign ¥ stands before it: yuan, whatever the column is counted in.
    is_yuan: bool = False


def figure(value: object) -> Figure | None:
    """The number in a cell; None where there is none, or no telling which."""
    match value:
        case bool():
            return None
        case int():
            return Figure(Decimal(value))
        case float():
            value = Decimal(f"{value:.15g}")
            return Figure(value) if value.is_finite() else None
        case Decimal():
            return Figure(value) if value.is_finite() else None
        case str():
            return _written(fold(value))
        case _:
            return None


def _written(text: str) -> Figure | None:
    text = text.lstrip("'’")  # what marks a number as text, and was copied with it
    found = _FIGURE.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        yuan = sum_in_yuan(text) if len(text) <= _LONGEST else None
        return None if yuan is None else Figure(yuan, "元")
    number = Decimal(found["sign"] + found["whole"].replace(",", "") + (found["part"] or ""))
    unit = "".join((found["unit"] or "").split()).casefold()
    if bracketed := _IN_BRACKETS.fullmatch(unit):
        unit = bracketed[1] if bracketed[1] in UNITS else unit
    return Figure(number, unit, found["yuan"] is not None)


def money(fact: Fact, value: object, unit: str | None, *_: object) -> Read:
    """A sum in fen; `unit` counts plain numbers, None for yuan; one that is assumed begins with `ASSUMED`."""
    stated = unit is None or not unit.startswith(ASSUMED)
    unit = unit if unit is None or stated else unit.removeprefix(ASSUMED)
    read = figure(value)
    noted = _without_note(value) if read is None or (read.unit and read.unit not in UNITS) else None
    read = noted or read
    if read and (scaled := _SCALED.fullmatch(read.unit)):
        return _scaled(fact, value, read, unit, int(scaled[1]))
    if read is None or (read.unit and read.unit not in UNITS):
        return refuse("money", fact, value)
    counted_in = read.unit or ("元" if read.is_yuan and not stated else unit or "元")
    factor = UNITS.get(counted_in)
    if factor is None:
        return refuse("strange_unit", fact, value)
    if read.is_yuan and not read.unit and factor != 1:
        return refuse("yuan_sign", fact, value, unit=counted_in)
    whole = _whole(fact, value, read.number, factor * FEN, MONEY_LIMIT)
    return accept(whole.value, "note_beside", fact, value) if noted and not whole.problem else whole


def _without_note(value: object) -> Figure | None:
    """The figure of a cell that adds a note in brackets which changes nothing."""
    found = _NOTED.fullmatch(fold(value)) if isinstance(value, str) and len(value) <= _LONGEST else None
    if found is None or _CHANGES.search(found[2]):
        return None
    read = _written(found[1].strip())
    return read if read and (not read.unit or read.unit in UNITS) else None


def _scaled(fact: Fact, value: object, read: Figure, unit: str | None, scale: int) -> Read:
    """A figure of which the cell shows a part only: read where the column's unit is just that part."""
    if UNITS.get(unit or "") != scale:
        return refuse("scaled", fact, value, scale=scale, unit=unit or "元")
    return _whole(fact, value, read.number, scale * FEN, MONEY_LIMIT)


def percent(fact: Fact, value: object, unit: str | None, *_: object) -> Read:
    """A share in millionths; `unit` "%" where the column counts in percent."""
    read = figure(value)
    if read is None or read.unit not in {"", PERCENT}:
        return refuse("percent", fact, value)
    if not read.unit and unit != PERCENT and abs(read.number) >= 1:
        return refuse("percent_unclear", fact, value, number=f"{read.number:f}"[:20])
    counted_in = read.unit or (unit if unit == PERCENT else "")
    factor = MILLION // 100 if counted_in else MILLION
    return _whole(fact, value, read.number, factor, SHARE_LIMIT * MILLION)


def count(fact: Fact, value: object, *_: object) -> Read:
    """A number of things: whole and not negative."""
    read = figure(value)
    if read is None or read.unit or read.number != read.number.to_integral_value() or read.number < 0:
        return refuse("count", fact, value)
    if read.number > COUNT_LIMIT:
        return refuse("too_large", fact, value)
    return Read(int(read.number))


def year(fact: Fact, value: object, *_: object) -> Read:
    """A calendar year; a date that begins or ends a year is that year."""
    if isinstance(value, dt.date):
        return _year_of(fact, value)
    found = _YEAR.fullmatch(fold(value)) if isinstance(value, str) else None
    read = Figure(Decimal(found[1])) if found else None if isinstance(value, str) else figure(value)
    if read is None or read.number not in YEARS:
        return refuse("year", fact, value, first=YEARS[0], last=YEARS[-1])
    return Read(int(read.number))


def calendar_day(value: dt.date) -> dt.date:
    """A day without a time of day."""
    return value.date() if isinstance(value, dt.datetime) else value


def _year_of(fact: Fact, day: dt.date) -> Read:
    """The year a cell formatted as a date means: by its first or last day, or typed as a number."""
    day = calendar_day(day)
    if (typed := (day - EPOCH).days) in YEARS:
        return accept(typed, "year_as_date", fact, day, year=typed)
    if (day.month, day.day) in {(1, 1), (12, 31)} and day.year in YEARS:
        return Read(day.year)
    return refuse("year", fact, day, first=YEARS[0], last=YEARS[-1])


def _whole(fact: Fact, value: object, number: Decimal, factor: int, limit: int) -> Read:
    """The number in its smallest unit, rounded half up (and said so) where it is finer than that."""
    with localcontext(_EXACT):
        exact = number * factor
        if abs(exact) > limit:
            return refuse("money_limit" if fact.type == "money" else "too_large", fact, value)
        if fact.minimum is not None and exact < fact.minimum * factor:
            return refuse("negative", fact, value)
        whole = exact.quantize(Decimal(1), ROUND_HALF_UP)
    if whole != exact:
        return accept(int(whole), "rounded", fact, value)
    return Read(int(whole))


# --- figures in Chinese characters


def digits(text: str) -> str:
    """A date with its year, month and day in digits, if its year is written in characters; else the text."""
    if not (found := _CHINESE_YEAR.match(text)):
        return text
    return "".join(str(_SIGNS[sign]) for sign in found[1]) + _PARTS.sub(_small, text)[4:]


def _small(found: re.Match[str]) -> str:
    tens, ten, ones = found[1].rpartition("十")
    return str((_SIGNS.get(tens, 1) * 10 if ten else 0) + _SIGNS.get(ones, 0))


def sum_in_yuan(text: str) -> Decimal | None:
    """A sum written out in characters, in yuan; None where it is none."""
    found = _SUM.fullmatch("".join(text.split()))
    whole = _whole_in_characters(found[1]) if found else None
    if found is None or whole is None:
        return None
    return whole + Decimal(_SIGNS.get(found[2], 0)) / 10 + Decimal(_SIGNS.get(found[3], 0)) / 100


def _whole_in_characters(text: str) -> Decimal | None:
    """A whole number; None where there is no digit, or the units do not descend."""
    if not re.search(r"[^零〇拾十佰百仟千万亿]", text) and text[0] not in "拾十":
        return None
    total = section = digit = 0
    last_ten, last_myriad = 10**4, 10**12
    for sign in text:
        if sign in _SIGNS:
            digit = _SIGNS[sign]
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
