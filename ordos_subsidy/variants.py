"""Firms as they would be: the same firm with other answers, or with one more event, as often as is asked.

What-if is the ordinary evaluation of these tables: nothing is decided in another way for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl

from ordos_subsidy.tables.firms import FIRM, PLACE, Firms


class Variant(NamedTuple):
    """A firm with other values, by column: its own, and those of one of its events; `added`: one more event."""

    firm: int
    values: Mapping[str, Any] = {}
    event: int | None = None
    added: Mapping[str, Any] | None = None


def varied(firms: Firms, wanted: Sequence[Variant]) -> tuple[Firms, list[int | None]]:
    """Return a table with a firm for each variant, in order, and the row of the event that each one speaks of."""
    owners = pl.Series(FIRM, [each.firm for each in wanted], pl.UInt32)
    numbers = pl.int_range(len(owners), dtype=pl.UInt32, eager=True)
    asked = pl.DataFrame([owners, numbers.alias("@variant")])
    events = asked.join(firms.events.with_row_index("@row"), on=FIRM, maintain_order="left_right")
    named = [(n, each.event) for n, each in enumerate(wanted) if each.event is not None]
    spoken = dict.fromkeys(named)
    if named:
        rows = zip(events.get_column("@variant"), events.get_column("@row"), strict=True)
        spoken = {row: at for at, row in enumerate(rows) if row in spoken}
    added = [n for n, each in enumerate(wanted) if each.added is not None]
    places: list[int | None] = [None if each.event is None else spoken[n, each.event] for n, each in enumerate(wanted)]
    for at, n in enumerate(added, events.height):
        places[n] = at
    events = events.drop(FIRM, "@row").rename({"@variant": FIRM}).select(firms.events.columns)
    if added:
        blank = firms.events.clear(len(added)).with_columns(pl.Series(FIRM, added, pl.UInt32), pl.lit("").alias(PLACE))
        events = pl.concat([events, blank])
    own = firms.firms[owners].with_columns(numbers.alias(FIRM))
    changes: dict[str, dict[int, Any]] = {}
    for n, each in enumerate(wanted):
        place = places[n]
        for key, value in {**each.values, **(each.added or {})}.items():
            row = n if key in own.columns else place
            if row is not None:
                changes.setdefault(key, {})[row] = value
    for key, found in changes.items():
        if key in own.columns:
            own = own.with_columns(_changed(own.get_column(key), found))
        else:
            events = events.with_columns(_changed(events.get_column(key), found))
    return Firms(own, events), places


def _changed(column: pl.Series, found: Mapping[int, Any]) -> pl.Series:
    values = column.to_list()
    for at, value in found.items():
        values[at] = value
    return pl.Series(column.name, values, column.dtype)
