"""Firms in parts: a firm scores the same alone and in company, so that any part can be judged by itself."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import polars as pl

from ordos_subsidy.firms.tables import FIRM, Firms

Item = TypeVar("Item")


def ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The same items, of which the next one is made while one is in use."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = pool.submit(next, items, None)
            yield item


def slices(firms: Firms, size: int) -> Iterator[Firms]:
    """The firms in parts of some size, each with its events, in order; without the problems of the whole."""
    table, events = firms.firms, firms.events
    if len(firms) <= size:
        yield firms
        return
    if not events.get_column(FIRM).is_sorted():
        events = events.sort(FIRM, maintain_order=True)
    owners = events.get_column(FIRM)
    for start in range(0, table.height, size):
        first, last = owners.search_sorted(start), owners.search_sorted(start + size)
        moved = pl.col(FIRM) - pl.lit(start, pl.UInt32)
        yield Firms(table.slice(start, size).with_columns(moved), events.slice(first, last - first).with_columns(moved))
