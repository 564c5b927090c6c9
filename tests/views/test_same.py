"""The tables say of each firm what its report says, row by row, whatever the rule and the company."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ordos_subsidy.document import FirmReport, Line, Preference, Report, Slice
from ordos_subsidy.evaluation import Outcome
from ordos_subsidy.messages import phrase
from ordos_subsidy.report.answer import calc
from ordos_subsidy.views import View
from ordos_subsidy.views.result import of_outcome
from ordos_subsidy.views.result_book import sheets
from tests.builders import Raw, compiled, evaluated, probe
from tests.strategies import ON, Figures, documents


def tables(outcome: Outcome, year: int | None = None) -> dict[str, View]:
    """The tables of an outcome by their names."""
    return {each.name: each for each in sheets(of_outcome(outcome, "zh", year))}


def rows(view: View, *keys: str) -> list[tuple[Any, ...]]:
    """Some columns of a table."""
    return view.frame.select(keys).rows()


def said(key: str) -> str:
    return phrase(f"show.{key}", "zh")


def why(row: Line | Preference) -> str | None:
    """The conditions that keep a row from being a yes."""
    found = [each.says for each in row.reasons if each.truth == row.verdict and each.fact not in row.missing]
    return "；".join(dict.fromkeys(found)) or None if row.verdict != "yes" else None


def interval(slices: Sequence[Slice]) -> tuple[int, int | None]:
    highs = [each.high for each in slices]
    return sum(each.low for each in slices), None if None in highs else sum(high or 0 for high in highs)


def awards(report: Report) -> Iterator[tuple[Any, ...]]:
    """What the table of awards must hold."""
    for firm in report.firms:
        for section, lines in (("award", firm.awards), ("credit", firm.credits)):
            for line in (line for line in lines if line.falls_in(report.year)):
                low, high = (line.low, line.high) if report.year is None else interval(line.schedule)
                counted = [each.counts for each in line.schedule if report.year in (None, each.year)]
                highs = [each[1] for each in counted]
                counts = (sum(each[0] for each in counted), None if None in highs else sum(each or 0 for each in highs))
                yield (
                    firm.name or None,
                    said(f"section_{section}"),
                    line.measure,
                    line.event.title if line.event else said("accounts"),
                    line.event.date if line.event else None,
                    line.event.amount if line.event else None,
                    said(f"verdict_{line.verdict}"),
                    said(f"kind_{line.kind}"),
                    line.words,
                    low,
                    high,
                    *(counts if section == "award" else (None, None)),
                    why(line),
                    "；".join(line.notes) or None,
                )


AWARDS = (
    *("name", "section", "measure_id", "event", "date", "event_amount", "verdict", "amount_kind", "amount_words"),
    *("low", "high", "counts_low", "counts_high", "reason", "notes"),
)


def missing(firm: FirmReport) -> Iterator[tuple[Any, ...]]:
    for each in firm.missing:
        items = dict.fromkeys(
            f"{number}{'' if number.endswith('）') else ' '}{title}" for number, title in each.decides
        )
        where = " · ".join(filter(None, (each.about, each.place)))
        yield each.title, each.pending, each.pending_open, where, "、".join(items)


def preferences(firm: FirmReport) -> Iterator[tuple[Any, ...]]:
    groups = {
        "preferences_yes": [row for row in firm.preferences if row.verdict == "yes"],
        "preferences_unknown": [row for row in firm.preferences if row.verdict == "unknown" and row.missing],
        "preferences_open": [row for row in firm.preferences if row.verdict == "unknown" and not row.missing],
        "preferences_no": [row for row in firm.preferences if row.verdict == "no"],
    }
    for group, found in groups.items():
        for row in found:
            yield row.measure, said(f"verdict_{row.verdict}"), said(group), why(row), "；".join(row.notes) or None


def years(firm: FirmReport) -> Iterator[tuple[Any, ...]]:
    """The totals by year and in all, with how many have no upper bound."""
    endless = {
        verdict: Counter(
            year
            for line in firm.awards
            if line.verdict == verdict
            for year in {each.year for each in line.schedule if each.counts[1] is None}
        )
        for verdict in ("yes", "unknown")
    }
    for each in firm.totals.by_year:
        year = said("no_year") if each.year is None else str(each.year)
        open_ = endless["yes"][each.year], endless["unknown"][each.year]
        yield year, each.assured, each.ceiling, open_[0], each.pending, open_[1]
    total = firm.totals
    yield said("total"), total.assured, total.ceiling, total.open_ended, total.pending, total.pending_open


def assert_same(outcome: Outcome, year: int | None) -> None:
    """All tables against the report."""
    report, found = calc(outcome, year=year), tables(outcome, year)
    assert rows(found["awards"], *AWARDS) == list(awards(report))
    shown = rows(found["missing"], "fact", "sum_at_stake", "pending_open", "fill_in", "decides_head")
    assert shown == [row for firm in report.firms for row in missing(firm)]
    shown = rows(found["preferences"], "measure_id", "verdict", "group", "reason", "notes")
    assert shown == [row for firm in report.firms for row in preferences(firm)]
    sums = ("year", "assured", "ceiling", "open_ended", "pending", "pending_open")
    assert rows(found["years"], *sums) == [row for firm in report.firms for row in years(firm)]


@given(data=st.data(), year=st.sampled_from([None, 2022, 2023]))
def test_the_tables_say_what_the_report_says(data: st.DataObject, year: int | None) -> None:
    document = data.draw(documents())
    policies = compiled(document)
    company = data.draw(Figures(document, policies.vocabulary).company(1, 5))
    assert_same(evaluated(policies, *company, on=ON, typed=True), year)


def test_notes_of_limits_and_of_repeats_are_those_of_the_row() -> None:
    now: Raw = {"matter": "grant", "day": "2022-03-01"}
    outcome = evaluated(
        probe(amount={"exactly": "3元"}, limit={"a_year": "5元"}), {"events": [now, now]}, {"events": [now]}
    )
    assert_same(outcome, None)
    noted = [notes for notes, id_ in rows(tables(outcome)["awards"], "notes", "measure_id") if id_ == "probe"]
    assert len(set(noted)) == len(noted)
