"""The condition words, and their logic of three truths.

A condition is a function from a table of claims to a column of yes (true), no (false) and unknown (null). Each
word owns its truth column, the facts it needs, and which of them are still open. Compound words follow Kleene:

| a | b | all | any |
|---|---|---|---|
| yes | unknown | unknown | yes |
| no | unknown | no | unknown |
| unknown | unknown | unknown | unknown |

Polars' `&`, `|` and `~` are Kleene's. Where Polars blurs an unknown, mind: `when(unknown)` takes the else
branch (used on purpose: what is neither certainly so nor certainly not so stays unknown), `filter(unknown)` drops
the row, `min_/max_horizontal`, `sum` and `sum_horizontal` skip nulls, `all_horizontal([])` raises (an empty `All`
is refused by the grammar), and `NaN >= 3` is true (no float column gets past the readers).

A claim table has a column for each fact (two for a date: the first and the last day meant, see `tables.firms`),
`@firm`, and for each `Relation` (a word about other events of the firm) columns of its own. Polars is imported
when a truth is first asked for, so that the plan can be listed without it.
"""

from ordos_subsidy.conditions.base import UNTIL, WORDS, Condition, ConditionVoice, Row, Truth, all_columns, walk
from ordos_subsidy.conditions.compare import Compare, Comparison, Happened, InForce, Window
from ordos_subsidy.conditions.logic import All, AnyOf, JudgedByOthers, Not, Sufficient, Unsettled
from ordos_subsidy.conditions.relations import OPEN, OTHER, BackedBy, FirstYears, HasEvent, Once, Relation

__all__ = [
    "OPEN",
    "OTHER",
    "UNTIL",
    "WORDS",
    "All",
    "AnyOf",
    "BackedBy",
    "Compare",
    "Comparison",
    "Condition",
    "ConditionVoice",
    "FirstYears",
    "Happened",
    "HasEvent",
    "InForce",
    "JudgedByOthers",
    "Not",
    "Once",
    "Relation",
    "Row",
    "Sufficient",
    "Truth",
    "Unsettled",
    "Window",
    "all_columns",
    "walk",
]
