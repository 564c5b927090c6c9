"""The tables of a result: one definition of rows and columns for workbooks, CSV and Parquet, for `calc` and `batch`.

A `View` is a frame with a `Field` for each column: what it holds, how wide it is, and its heading. Sums are fen (Int64;
Int128 over all firms), truths and verdicts are words of the reader's language, or keys for programs. The formats of
`render` write the same views, each in its own way: workbooks and CSV in 万元 under headings, Parquet in fen under keys.

| view | one row | module |
|---|---|---|
| awards | an award or credit of a firm, for its accounts or for an event, whatever the verdict | award_rows |
| preferences | a preference of a firm, whatever the verdict | firm_rows |
| years | a firm and calendar year, and a firm in all | firm_rows |
| missing, hints | a fact that a firm has not given, and what its answer decides; what it just misses | firm_rows |
| problems, receipt | what must be read with the figures, and everything that was said; what checks them | result |
| firms | a firm with its totals | firm_rows |
| clauses, districts | a clause and calendar year, a district, over all firms | scored |

Reasons, notes and amounts in words are put into words once for all rows that agree in what they rest on: see `cases`.
"""

from ordos_subsidy.views.fields import Field, View, place_fact
from ordos_subsidy.views.scored import Scored

__all__ = ["Field", "Scored", "View", "place_fact"]
