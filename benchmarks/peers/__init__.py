"""The engines that are compared, a module each, with four names in common.

| name | |
|---|---|
| `LABEL` | what the table calls it |
| `CANNOT` | what it cannot express, "" if nothing: it is then held against fewer columns of the answer |
| `load(home)` | the data in the form the engine likes best; not timed |
| `run(data)` | judges every claim and sums up every firm; timed |
| `totals(result)` | a row a firm, as Polars table: see `COLUMNS`; not timed |

Every peer makes the awards, a row a claim (verdict, low, high, first year, number of years), before it sums them up.

`real` is the product again, on other rules than all the rest: it is timed beside them and held against none.
"""

#: The answer for a firm: sums in fen, and how many awards have no upper bound.
COLUMNS = ("assured", "ceiling", "pending", "open_ended", "pending_open")
