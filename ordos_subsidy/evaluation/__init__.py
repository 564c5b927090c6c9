"""Firms and a policy in, every award out: one evaluator for one firm and for a million.

A claim is an event of a firm, or the firm's accounts of its year. Nothing here knows a clause, a sum or a fact by
name.

| room | |
|---|---|
| truth_tables | facts with few answers: every combination of them judged once, then looked up |
| judging | measures put into groups, each with its condition and its sums, claim by claim |
| events | all claims of events in one pass, what most measures need being looked up |
| firm_totals | what each row adds once limits have been applied; calendar years; totals of the unit and its people |
| outcome | all of it together; one row a claim where a measure has several versions |

A million firms are a million rows more; a firm comes out the same alone and in company.
"""

from ordos_subsidy.evaluation.firm_totals import by_calendar_year, by_firm, counting, counts, people, totals
from ordos_subsidy.evaluation.judging import (
    AS_WRITTEN,
    EVENT,
    VERDICTS,
    MeasureGroup,
    claimed,
    claims_of_accounts,
    claims_of_events,
    dates,
    groups,
    mark_events,
)
from ordos_subsidy.evaluation.outcome import Outcome, evaluate
from ordos_subsidy.evaluation.truth_tables import by_day, look

__all__ = [
    "AS_WRITTEN",
    "EVENT",
    "VERDICTS",
    "MeasureGroup",
    "Outcome",
    "by_calendar_year",
    "by_day",
    "by_firm",
    "claimed",
    "claims_of_accounts",
    "claims_of_events",
    "counting",
    "counts",
    "dates",
    "evaluate",
    "groups",
    "look",
    "mark_events",
    "people",
    "totals",
]
