"""Firms and their events brought together, and what cannot be trusted taken out.

An event belongs to the firm with its code if it gives one, else to the firm of its name, else to the only
firm there is. A firm with a value that cannot be read is left out together with its events, and so is a
firm with such an event: a wrong fact must not become a wrong sum. A firm entered twice counts once if both
entries agree, and is left out if they do not. An event that belongs to nobody is said and left out alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ordos_subsidy.errors import warning
from ordos_subsidy.firms.register import NOBODY, Owners, Register
from ordos_subsidy.firms.rows import Rows


@dataclass(frozen=True)
class Joined:
    """The rows to keep, in order, and the new number of each event's firm."""

    firms: list[int]
    events: list[int]
    owners: list[int]
    left_out: int


def join(firms: Rows, events: Rows, *, anonymous: bool = False) -> Joined:
    """Find the firm of each event and take out what cannot be used; problems are added to the tables."""
    if not anonymous:
        _require(firms)
    dropped = _empty_events(events)
    _require(events, dropped)
    register = Register(firms)
    same = {} if anonymous else register.settle()
    owners = Owners(events, register).find(dropped)
    if same:
        owners = [same.get(owner, owner) for owner in owners]
    firms.broken |= {owners[row] for row in events.broken if owners[row] != NOBODY}
    kept = [row for row in range(firms.height) if row not in firms.broken and row not in same]
    number = {row: new for new, row in enumerate(kept)}
    gone = events.broken | dropped
    used = [row for row, owner in enumerate(owners) if owner in number and row not in gone]
    return Joined(kept, used, [number[owners[row]] for row in used], len(firms.broken - set(same)))


def _require(table: Rows, passed_over: Iterable[int] = ()) -> None:
    """Rows without a value that must be there."""
    passed = set(passed_over)
    for fact in table.vocabulary.of(table.of):
        if not fact.required and not (table.of == "event" and fact.role == "kind"):
            continue
        for row, value in enumerate(table.column(fact.key)):
            if value is None and row not in passed and not table.was_refused(row, fact.key):
                table.break_row(row, "reading.required", fact.key, fact=fact.title.zh, fact_en=fact.title.en)


def _empty_events(events: Rows) -> set[int]:
    """Rows that name a firm but no event: nothing to count, and nothing else to say but that."""
    columns = [events.column(fact.key) for fact in events.vocabulary.of("event")]
    kind = events.vocabulary.role("event", "kind")
    blank = [row for row, value in enumerate(events.column(kind.key if kind else "")) if value is None]
    empty = {row for row in blank if row not in events.broken and all(column[row] is None for column in columns)}
    events.problems += [warning("reading.empty_event", events.place(row)) for row in sorted(empty)]
    return empty
