"""Dates: the first and the last day a cell may mean.

A month or a year stands for all its days; no day is ever made up. The order is year, month, day everywhere,
with a year of four digits: 6/7/2021 and 21/6/17 could be two days each and are refused. No clock time is
turned into another zone: a time that is really there is refused, except in a workbook, where a date is a
time at midnight and a stray hour cannot move the day.

>>> span("2022年3月")
(datetime.date(2022, 3, 1), datetime.date(2022, 3, 31))
>>> span("6/7/2021") is None, span("2021-02-30") is None
(True, True)
"""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from decimal import Decimal
from typing import TYPE_CHECKING

from ordos_subsidy.cells.figures import EPOCH, YEARS, calendar_day, digits, figure
from ordos_subsidy.cells.spelling import Read, fold, refuse
from ordos_subsidy.money import plain

if TYPE_CHECKING:
    from ordos_subsidy.cells.spelling import Span
    from ordos_subsidy.facts import Fact

_MIDNIGHT = re.compile(r"[T ]0{1,2}:00(?::00(?:\.0+)?)?$", re.IGNORECASE)
_FORMS = tuple(
    map(
        re.compile,
        (
            r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})",
            r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})",
            r"([0-9]{4})\.([0-9]{1,2})\.([0-9]{1,2})",
            r"([0-9]{4})([0-9]{2})([0-9]{2})",
            r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})[日号]",
            r"([0-9]{4})[-/]([0-9]{1,2})",
            # 2022.1 may be what a program left of 2022.10
            r"([0-9]{4})\.([0-9]{2}|[2-9])",
            r"([0-9]{4})([0-9]{2})",
            r"([0-9]{4})年([0-9]{1,2})月份?",
            r"([0-9]{4})(?:年度?)?",
        ),
    )
)
#: Numbers that a workbook shows as days of 2000 to 2099 once they are formatted as dates.
_SERIALS = range(36526, 73051)
#: A year that was typed into a cell formatted as a date: the program takes it for so many days after 1899.
_YEARS_AS_DAYS = range(1950, 2100)
_MONTHS = range(1, 13)


def span(text: str) -> Span | None:
    """The days a written date may mean, or None."""
    text = digits(_MIDNIGHT.sub("", fold(text)))
    text = re.sub(r"\s*([-/.年月日号])\s*", r"\1", text)
    found = next(filter(None, (form.fullmatch(text) for form in _FORMS)), None)
    return _days(*map(int, found.groups())) if found else None


def _days(year: int, month: int | None = None, day: int | None = None) -> Span | None:
    if year not in YEARS or (month is not None and month not in _MONTHS):
        return None
    if month is None:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    last = monthrange(year, month)[1]
    if day is None:
        return dt.date(year, month, 1), dt.date(year, month, last)
    return (dt.date(year, month, day),) * 2 if 1 <= day <= last else None


def _number(value: dt.date) -> str:
    """The number that a workbook keeps for a day and its time: 2022.3."""
    time = value.time() if isinstance(value, dt.datetime) else dt.time()
    part = Decimal(time.hour * 3600 + time.minute * 60 + time.second) / 86_400
    return plain(round((calendar_day(value) - EPOCH).days + part, 2))


def date(fact: Fact, value: object, *_: object) -> Read:
    """The first and the last day of what a cell says."""
    days: Span | None = None
    match value:
        case dt.date() if (calendar_day(value) - EPOCH).days in _YEARS_AS_DAYS:
            return refuse("date_year", fact, value, day=calendar_day(value), number=_number(value))
        case dt.datetime():
            days = None if value.tzinfo else (value.date(),) * 2
        case dt.date():
            days = (value,) * 2
        case str():
            days = span(value)
        case _:
            read = figure(value)
            if read and read.number == read.number.to_integral_value():
                if int(read.number) in _SERIALS:
                    return refuse("date_serial", fact, value, day=EPOCH + dt.timedelta(int(read.number)))
                days = span(str(int(read.number)))
    if days is None or days[0].year not in YEARS:
        return refuse("date", fact, value)
    return Read(days)
