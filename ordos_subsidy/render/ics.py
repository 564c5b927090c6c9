r"""A report as a calendar (iCalendar, RFC 5545): what falls in which calendar year, a day-less entry for each.

A document states years and no days, so that an entry lasts the whole year and takes nobody's time. What has no year is
a task without a date. The same report gives the same bytes.

>>> folded("SUMMARY:" + "甲" * 30).count("\r\n ")
1
>>> escaped("a;b,c\\d\ne")
'a\\;b\\,c\\\\d e'
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from hashlib import sha256

from ordos_subsidy.document import FirmReport, Line, Report, Slice
from ordos_subsidy.messages import listed, phrase
from ordos_subsidy.pages import terms
from ordos_subsidy.render._clean import plain

#: No line is longer, in bytes.
_LINE = 75
_TEXT = re.compile(r"[\\;,]")


def render(report: Report, on: dt.date) -> str:
    """The calendar of all firms; `on`: the day of evaluation, which entries are stamped with."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//ordos-subsidy//zh", "CALSCALE:GREGORIAN"]
    for firm in report.firms:
        for row in firm.awards:
            if row.verdict != "no":
                for each in row.schedule:
                    lines += _entry(each, row, firm, report, on)
    return "".join(f"{folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _entry(each: Slice, row: Line, firm: FirmReport, report: Report, on: dt.date) -> Iterator[str]:
    lang, years = report.lang, (each.year, each.year) if each.year else each.within
    kind = "VEVENT" if years else "VTODO"
    happened = terms.event(row.event, lang, known=row.title)
    key = "\n".join([firm.place, row.measure, row.event.place if row.event else "", str(each.year)])
    said = [terms.verdict(row.verdict, lang), row.words, happened, listed(row.departments, lang), *row.notes]
    sums = terms.interval(each.low, each.high, lang)
    yield f"BEGIN:{kind}"
    yield f"UID:{sha256(key.encode()).hexdigest()[:32]}@ordos-subsidy"
    yield f"DTSTAMP:{on:%Y%m%d}T120000Z"
    if years:
        yield f"DTSTART;VALUE=DATE:{years[0]:04}0101"
        yield f"DTEND;VALUE=DATE:{years[1] + 1:04}0101"
        yield "TRANSP:TRANSPARENT"
    title = f"{terms.heading(row.reference, row.title)} · {sums} · {firm.name}"
    yield f"SUMMARY:{escaped(title)}"
    yield f"DESCRIPTION:{escaped(phrase('show.then', lang).join(filter(None, said)))}"
    yield f"END:{kind}"


def escaped(text: str) -> str:
    """A text on one line, in which no sign of the format means anything."""
    return _TEXT.sub(lambda found: f"\\{found[0]}", plain(text))


def folded(line: str) -> str:
    """A line in pieces of at most 75 bytes, no character cut."""
    pieces, room = [""], _LINE
    for sign in line:
        if len(pieces[-1].encode()) + len(sign.encode()) > room:
            pieces.append("")
            room = _LINE - 1
        pieces[-1] += sign
    return "\r\n ".join(pieces)
