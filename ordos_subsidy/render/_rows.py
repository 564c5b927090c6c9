"""A report as flat tables: one row per award and credit of every firm, whatever its verdict.

A value is text, an exact number in 万元, a whole number, or None for a blank; the format decides how each is
written. A blank in 至多 is an open end, and the column beside it says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from ordos_subsidy import money
from ordos_subsidy.document import EventLine, FirmReport, Line, Report
from ordos_subsidy.pages import terms as figures
from ordos_subsidy.render import _view as view
from ordos_subsidy.words import Lang, listed, phrase

Value = str | int | Decimal | None


@dataclass(frozen=True, slots=True)
class Row:
    """An award or credit with the firm it belongs to."""

    firm: FirmReport
    line: Line
    section: str
    report: Report

    @property
    def interval(self) -> tuple[int, int | None]:
        """What the report shows as its amount."""
        return view.amounts(self.line, self.report)

    @property
    def lang(self) -> Lang:
        """The language of the report."""
        return self.report.lang

    def say(self, key: str) -> str:
        """A phrase of `words.show`."""
        return phrase(f"show.{key}", self.lang)


def _high(row: Row) -> Value:
    high = row.interval[1]
    return None if high is None else money.in_wan(high)


def _counts(row: Row) -> tuple[Value, Value]:
    """What a row adds to the unit's totals, of the year asked for; blank for a credit, and for an open end."""
    if row.section != "award":
        return None, None
    counts = [part.counts for part in row.line.schedule if row.report.year in (None, part.year)]
    low, highs = sum(low for low, _ in counts), [high for _, high in counts]
    return money.in_wan(low), None if None in highs else money.in_wan(sum(high or 0 for high in highs))


def _event_amount(event: EventLine | None) -> Value:
    return money.in_wan(event.amount) if event and event.amount is not None else None


#: Heading (a phrase of `words.show`) and value, in the order of the file.
COLUMNS: dict[str, Callable[[Row], Value]] = {
    "firm": lambda row: row.firm.name,
    "code": lambda row: row.firm.credit_code,
    "section": lambda row: row.say(f"section_{row.section}"),
    "reference": lambda row: row.line.reference,
    "clause_number": lambda row: row.line.clause,
    "measure_id": lambda row: row.line.measure,
    "measure": lambda row: row.line.title,
    "event": lambda row: row.line.event.title if row.line.event else row.say("accounts"),
    "date": lambda row: row.line.event.date if row.line.event else None,
    "event_wan": lambda row: _event_amount(row.line.event),
    "remark": lambda row: row.line.event.note if row.line.event else None,
    "verdict": lambda row: figures.verdict_word(row.line.verdict, row.lang),
    "amount_words": lambda row: row.line.words,
    "amount_kind": lambda row: row.say(f"kind_{row.line.kind}"),
    "low_wan": lambda row: money.in_wan(row.interval[0]),
    "high_wan": _high,
    "recipient": lambda row: row.say(f"recipient_{row.line.recipient}") if row.section == "award" else None,
    "counts_low_wan": lambda row: _counts(row)[0],
    "counts_high_wan": lambda row: _counts(row)[1],
    "open_high": lambda row: row.say("yes") if row.interval[1] is None else None,
    "years": lambda row: figures.years(row.line.schedule, row.lang) or None,
    "departments": lambda row: listed(row.line.departments, row.lang),
    "missing_facts": lambda row: view.missing(row.line, row.firm, row.lang) or None,
    "reason": lambda row: row.say("then").join(view.reasons(row.line)) or None,
    "notes": lambda row: row.say("then").join(row.line.notes) or None,
    "document": lambda row: row.line.document,
}


def headings(lang: Lang) -> list[str]:
    """The headings of the columns."""
    return [phrase(f"show.{name}", lang) for name in COLUMNS]


def rows(report: Report, columns: Iterable[str] = COLUMNS) -> Iterator[list[Value]]:
    """The rows, firm by firm: awards, then credits."""
    values = [COLUMNS[name] for name in columns]
    for firm in report.firms:
        sections = (("award", firm.awards), ("credit", firm.credits))
        made = (Row(firm, line, name, report) for name, lines in sections for line in lines)
        for row in (row for row in made if row.line.falls_in(report.year)):
            yield [value(row) for value in values]
