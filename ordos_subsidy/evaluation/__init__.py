"""Firms and a policy in, every award out: one evaluator for one firm and for a million.

A claim is an event of a firm, or the firm's accounts of its year. Nothing here knows a clause, a sum or a fact by
name.

| room | |
|---|---|
| claims | measures put into groups, and the table of the claims a group looks at |
| truth_tables | facts with few answers: every combination of them judged once, then looked up |
| judging | a group of measures with its condition and its sums, claim by claim |
| events | all claims of events in one pass, what most measures need being looked up |
| versions | one row a claim where a measure has several versions |
| limits | what each row adds to the totals, once limits on measures have been applied; calendar years |
| firm_totals | totals, of the unit and of its people |
| outcome | all of it together |

A million firms are a million rows more; a firm comes out the same alone and in company.
"""

from ordos_subsidy.evaluation.claims import (
    EVENT,
    MeasureGroup,
    claimed,
    claims_of_accounts,
    claims_of_events,
    dates,
    groups,
    mark_events,
)
from ordos_subsidy.evaluation.firm_totals import by_firm, counting, people, totals
from ordos_subsidy.evaluation.judging import AS_WRITTEN, VERDICTS
from ordos_subsidy.evaluation.limits import by_calendar_year, counts
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
