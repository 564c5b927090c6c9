"""Tables larger than memory: the rows wait on the disk, typed, and only what joining needs is held.

A file too large is read chunk by chunk. The rows of a chunk go into a file of their own; what stays in memory are
the columns by which firms and events find one another. Once that is settled, the events are put beside the part of
the firms they belong to, and part after part comes back. Nothing is decided here: what is read, said and joined is
what `reading` and `joining` make of a table that fits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl

from ordos_subsidy.batch.joining import Joined
from ordos_subsidy.batch.sides import CODE, JOINING, KNOWN, NAME, OWNER, Part, Side
from ordos_subsidy.evaluation import look
from ordos_subsidy.facts import Fact, Of, Vocabulary
from ordos_subsidy.firms.tables import FIRM, PLACE, Firms

_NUMBER = "@number"


class Spill:
    """A folder that rows wait in."""

    def __init__(self, folder: Path, vocabulary: Vocabulary) -> None:
        self._folder, self._vocabulary = folder, vocabulary
        self._parts = 0

    def keep(self, part: Part, of: Of, firms: list[Part]) -> Part:
        """The part with its rows on the disk; `firms` are the parts that its events can belong to."""
        self._parts += 1
        path = self._folder / f"{of}-{self._parts}.arrow"
        part.frame.write_ipc(path)
        facts = [fact for fact in self._vocabulary.of(of) if _joins(fact)]
        held = part.frame.select(fact.key for fact in facts)
        if of == "event":
            held = held.hstack(self._names(part.frame, firms))
        return replace(part, frame=held, stored=path)

    def _names(self, events: pl.DataFrame, firms: list[Part]) -> pl.DataFrame:
        """What events say of their firm, as far as it is not clear: a firm found by its code and called by its name."""
        fact = self._vocabulary.role("firm", "name")
        found = pl.col(KNOWN).is_not_null()
        clear = pl.lit(value=False)
        if fact and firms:
            names = pl.concat([part.frame.get_column(fact.key) for part in firms])
            clear = (look(names, KNOWN) == pl.col(NAME)).fill_null(value=False)
        return events.select(
            pl.when(~clear).then(NAME).alias(NAME), pl.when(~found).then(CODE).alias(CODE), OWNER, KNOWN
        )

    def parts(self, joined: Joined, firms: Side, events: Side, size: int, *, places: bool) -> Iterator[Firms]:
        """The firms that stay, so many at a time, each with its events, in order."""
        for side in (firms, events):  # what they were joined by; the rows are on the disk
            side.let_go()
        waiting = self._beside(joined.firm, events, size, places=places)
        for n, table in enumerate(_tables(joined.kept, firms, size)):
            rows = pl.concat([_empty_events(events), *(pl.read_ipc(path) for path in waiting.pop(n, []))])
            yield Firms(table, rows)

    def _beside(self, firm: pl.Series, events: Side, size: int, *, places: bool) -> dict[int, list[Path]]:
        """The events in files by the part their firm is in, whose number in that part they bear."""
        waiting: dict[int, list[Path]] = {}
        for start, part in events.numbered():
            rows = _placed(part, places=places).drop(JOINING)
            rows = rows.with_columns(firm.slice(start, part.height).alias(FIRM)).drop_nulls(FIRM)
            rows = rows.with_columns((pl.col(FIRM) // size).alias(_NUMBER), pl.col(FIRM) % size)
            for (n,), some in rows.partition_by(_NUMBER, include_key=False, as_dict=True).items():
                path = self._folder / f"part-{n}-{len(waiting.setdefault(n, []))}.arrow"
                some.write_ipc(path)
                waiting[n].append(path)
            if part.stored:
                part.stored.unlink()
        return waiting


def _joins(fact: Fact) -> bool:
    """Whether joining looks at a fact."""
    return fact.required or fact.role in ("name", "id", "kind")


def _placed(part: Part, *, places: bool) -> pl.DataFrame:
    """All columns of a part, with the place of each row where that is wanted."""
    every = pl.int_range(part.height, dtype=pl.UInt32, eager=True)
    place = part.places(every) if places else pl.lit(None, pl.String)
    return part.whole().with_columns(place.alias(PLACE))


def _empty_events(events: Side) -> pl.DataFrame:
    number = pl.Series(FIRM, dtype=pl.UInt32)
    return events.empty.drop(JOINING).with_columns(pl.Series(PLACE, dtype=pl.String), number)


def _tables(kept: pl.Series, firms: Side, size: int) -> Iterator[pl.DataFrame]:
    """The firm tables of the parts."""
    left: pl.DataFrame | None = None
    for start, part in firms.numbered():
        rows = _placed(part, places=True).filter(kept.slice(start, part.height))
        left = rows if left is None else pl.concat([left, rows])
        while left.height >= size:
            yield _numbered(left.head(size))
            left = left.slice(size)
    if left is not None and left.height:
        yield _numbered(left)


def _numbered(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(pl.int_range(table.height, dtype=pl.UInt32, eager=True).alias(FIRM)).rechunk()
