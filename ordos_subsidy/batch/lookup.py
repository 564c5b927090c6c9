"""Which of some known texts each of many texts is.

Few texts are joined. Many are found by what they hash to, in tables that hold one row a slot: a table gives most of
them, the next one what shared a slot in it, and so on, in a third of the time of a join. What is found in a slot is
compared by a second hash of 64 bits, so that among four million texts one that is not known is taken for one that
is once in 10^12 times.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from ordos_subsidy.batch.cells import nothing
from ordos_subsidy.evaluation.sums import MANY

if TYPE_CHECKING:
    import numpy as np

#: One hash finds the slot, the other says whether it is the same text.
_SLOT, _SAME = 2021, 61
#: An odd number without a pattern (2^64 over the golden ratio): its powers spread a hash anew over each table.
_SPREAD = 0x9E3779B97F4A7C15
#: A table leaves an eighth of the texts: so many are more than enough.
_TABLES = 16
#: So many texts are looked for at a time.
_PIECE = 500_000


class Known:
    """Known texts, of which no two are alike, each with its row (UInt32). The tables are made when first asked for."""

    def __init__(self, texts: pl.Series, rows: pl.Series) -> None:
        self._texts, self._rows, self._lock = texts, rows, Lock()

    def rows_of(self, wanted: pl.Series) -> pl.Series:
        """The row of each text; null where it is not among them."""
        with self._lock:  # where two files ask at once, the one waits for the tables of the other
            tables = self._tables if len(wanted) >= MANY else None
        return self._joined(wanted) if tables is None else self._found(wanted, tables)

    @cached_property
    def _tables(self) -> list[_Table] | None:
        return _tables(self._texts)

    @cached_property
    def _same(self) -> np.ndarray:
        return self._texts.hash(_SAME).extend_constant(0, 1).to_numpy()

    def _joined(self, wanted: pl.Series) -> pl.Series:
        table = pl.DataFrame([self._texts.alias("text"), self._rows.alias("row")])
        joined = wanted.alias("text").to_frame().join(table, on="text", how="left", maintain_order="left")
        return joined.get_column("row")

    def _found(self, wanted: pl.Series, tables: list[_Table]) -> pl.Series:
        same, rows, nobody = self._same, self._rows, len(self._texts)

        def found(start: int) -> pl.Series:
            some = wanted.slice(start, _PIECE)
            at = pl.Series(_places(some, same, tables))
            there = (at != nobody) & some.is_not_null()
            return rows.gather(at if there.all() else at.zip_with(there, nothing(len(at), pl.UInt32)))

        with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
            return pl.concat(pool.map(found, range(0, len(wanted), _PIECE)), rechunk=True)


class _Table(NamedTuple):
    """Places of texts, one a slot; the number of all texts where a slot is empty."""

    spread: np.uint64
    shift: np.uint64
    places: np.ndarray

    def slots(self, hashes: np.ndarray) -> np.ndarray:
        """The slots that hashes lead to."""
        spread: np.ndarray = (hashes * self.spread) >> self.shift
        return spread.view("int64")


def _tables(known: pl.Series) -> list[_Table] | None:
    """The tables of some texts; None where two of them look alike."""
    import numpy as np

    hashes, left = known.hash(_SLOT).to_numpy(), np.arange(len(known), dtype=np.uint32)
    made: list[_Table] = []
    while len(left) and len(made) < _TABLES:
        bits = len(left).bit_length() + 2
        places = np.full(1 << bits, len(known), np.uint32)
        table = _Table(np.uint64(pow(_SPREAD, len(made) + 1, 2**64)), np.uint64(64 - bits), places)
        slots = table.slots(hashes)
        places[slots] = left
        more = places[slots] != left
        hashes, left = hashes[more], left[more]
        made.append(table)
    return None if len(left) else made


def _places(wanted: pl.Series, known_same: np.ndarray, tables: list[_Table]) -> np.ndarray:
    """The place of each text, which is the number of all where it is not among them."""
    import numpy as np

    hashes, same = wanted.hash(_SLOT).to_numpy(), wanted.hash(_SAME).to_numpy()
    nobody = np.uint32(len(known_same) - 1)
    found = np.full(len(wanted), nobody)
    asked: np.ndarray | None = None
    for table in tables:
        place = table.places[table.slots(hashes)]
        right = known_same[place] == same
        if asked is None:
            found, asked = np.where(right, place, nobody), np.flatnonzero(~right)
        else:
            found[asked[right]], asked = place[right], asked[~right]
        hashes, same = hashes[~right], same[~right]
    return found
