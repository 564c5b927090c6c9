"""Events that are in the input twice because a table is: a book that lies twice in a folder, a list pasted twice.

Firms that are entered twice count once, and so do their events. Two equal rows of one table may be two matters; they
are kept, and `advice` says that they may be one.
"""

from __future__ import annotations

from collections import Counter, defaultdict

import polars as pl

from ordos_subsidy.errors import warning
from ordos_subsidy.tables.columns import constant_column
from ordos_subsidy.tables.gathered import Gathered


def pasted(firms: Gathered, events: Gathered, owners: pl.Series, same: dict[int, int]) -> pl.Series:
    """Where an event only repeats another; said once for each firm.

    An event counts as often as it stands in the table that has it most often, divided by how often one table has its
    firm. `owners` are the rows of the events' firms, `same` the first entries of the firms entered again.
    """
    if not same and events.tables.n_unique() <= 1:
        return constant_column(events.height, value=False)
    number = pl.int_range(pl.len()).over("owner", "one", "two", "table") // pl.col("entries")
    rows = pl.DataFrame([owners.alias("owner"), *_hashes(events), events.tables.alias("table")])
    rows = rows.with_columns(_entries(firms, owners, same).alias("entries")).with_columns(number.alias("number"))
    first = rows.select(pl.struct("owner", "one", "two", "number").is_first_distinct()).to_series()
    repeated = ~first & owners.is_not_null()
    by_firm: dict[int, list[int]] = defaultdict(list)
    for row in repeated.arg_true():
        by_firm[owners[row]].append(row)
    for some in by_firm.values():
        events.problems.append(warning("batch.event_pasted", events.place(some[0]), count=len(some)))
    return repeated


def _hashes(events: Gathered) -> list[pl.Series]:
    """All facts of each event in two hashes of 64 bits."""
    facts = pl.struct(events.facts)
    return list(events.frame.select(facts.hash(1).alias("one"), facts.hash(2).alias("two")))


def _entries(firms: Gathered, owners: pl.Series, same: dict[int, int]) -> pl.Series:
    """How often one table has the firm of each event."""
    tables = firms.tables.to_list()
    again = {first: first for first in same.values()} | same
    met = Counter((first, tables[row]) for row, first in again.items())
    most: dict[int, int] = {}
    for (first, _), count in met.items():
        most[first] = max(most.get(first, 1), count)
    return owners.replace_strict(most, default=1, return_dtype=pl.Int64) if most else owners.fill_null(0) * 0 + 1
