"""A view as Parquet for programs: sums in fen (`*_fen`, Int64; over all firms Decimal(38, 0)), texts as they are.

The bytes do not depend on the parts in which the rows come.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import chain
from pathlib import Path
from queue import Full, Queue

import polars as pl
from polars.io.plugins import register_io_source

from ordos_subsidy.views import Field, View

#: Rows that a Parquet file keeps together.
_ROW_GROUP = 262_144


def write(parts: Iterable[View], path: Path) -> None:
    """Write the parts of a view to one file, each while the next one is made."""
    frames = (part.frame.select(_typed(part, field) for field in part.fields) for part in parts)
    first = next(frames)
    waiting: Queue[pl.DataFrame | None] = Queue(maxsize=1)
    with ThreadPoolExecutor(1) as writer:
        source = register_io_source(lambda *_: _taken(waiting), schema=first.schema)
        written = writer.submit(source.sink_parquet, path, row_group_size=_ROW_GROUP)
        try:
            for frame in chain([first], frames):
                _handed_over(frame, waiting, written)
        finally:  # an error of ours leaves half a file behind, which nobody keeps
            _handed_over(None, waiting, written)
        written.result()


def _typed(part: View, field: Field) -> pl.Expr:
    cell = pl.col(field.key)
    if field.holds == "money":
        wide = part.frame.schema[field.key] == pl.Int128
        return cell.cast(pl.Decimal(38, 0) if wide else pl.Int64).alias(f"{field.key}_fen")
    return cell.cast(pl.Int64) if field.holds == "count" else cell


def _handed_over(frame: pl.DataFrame | None, waiting: Queue[pl.DataFrame | None], written: Future[None]) -> None:
    """Give a part to the writer as soon as it takes one, unless it has failed: the error is raised by its result."""
    while not written.done():
        with suppress(Full):
            waiting.put(frame, timeout=0.1)
            return


def _taken(waiting: Queue[pl.DataFrame | None]) -> Iterator[pl.DataFrame]:
    """The rows up to the last, as they come, in pieces that do not depend on how they come."""
    left: pl.DataFrame | None = None
    while (frame := waiting.get()) is not None:
        left = frame if left is None else pl.concat([left, frame])
        while left.height >= _ROW_GROUP:
            yield left.head(_ROW_GROUP).rechunk()
            left = left.slice(_ROW_GROUP)
    if left is not None:
        yield left.rechunk()
