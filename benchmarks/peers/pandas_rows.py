"""pandas, row by row: `DataFrame.apply(axis=1)` with the rules of the plain Python peer, as found in many scripts.

Columns of objects, because that is how pandas keeps Decimal and blanks without making floats of them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl

from benchmarks.peers import plain_python as rules

LABEL = "pandas, row by row"
CANNOT = ""


def load(home: Path) -> tuple[Any, Any]:
    """Two frames of objects."""
    firm_rows, event_rows = rules.load(home)
    return _frame(firm_rows), _frame(event_rows)


def _frame(rows: list[Any]) -> Any:
    names = list(type(rows[0]).__dataclass_fields__)
    return pd.DataFrame({name: pd.Series([getattr(row, name) for row in rows], dtype=object) for name in names})


def run(frames: tuple[Any, Any]) -> Any:
    """Join, apply, group."""
    firms, events = frames
    claims = events.merge(firms, left_on="firm", right_on="number", how="left")
    yearly = events[events["kind"] == "banner-led-institution"]
    firsts = rules.firsts_of(yearly.itertuples())

    def of_event(row: Any) -> Any:
        return _columns(row["firm"], rules.judge_event(row, row, firsts))

    def of_accounts(row: Any) -> Any:
        return _columns(row["number"], rules.judge_accounts(row))

    parts = [
        claims.apply(of_event, axis=1, result_type="expand"),
        firms.apply(of_accounts, axis=1, result_type="expand"),
    ]
    awards = pd.concat(parts, ignore_index=True)
    awards.columns = ["firm", "verdict", "assured", "ceiling", "pending", "open_ended", "pending_open", "year", "years"]
    return awards, awards.groupby("firm")[list(awards.columns[2:7])].sum()


def _columns(firm: int, award: rules.Judged) -> tuple[Any, ...]:
    of = rules.Totals()
    of.add(award)
    sums = (of.assured, of.ceiling, of.pending, of.open_ended, of.pending_open)
    return (firm, award.verdict, *sums, award.year, award.years)


def totals(result: Any) -> pl.DataFrame:
    """A row a firm, in fen."""
    summed = result[1].sort_index()
    columns: dict[str, list[int]] = {"firm": list(summed.index)}
    for name in ("assured", "ceiling", "pending"):
        columns[name] = [int(each * 100) for each in summed[name]]
    for name in ("open_ended", "pending_open"):
        columns[name] = [int(each) for each in summed[name]]
    return pl.DataFrame(columns)
