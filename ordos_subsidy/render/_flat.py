"""Blocks for a medium that neither draws nor folds: charts as tables, folds as headings with what they hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ordos_subsidy.pages.blocks import Block, Cell, Chart, ColumnHead, Fold, NewSheet, PageHeading, Table


def flat(blocks: Iterable[Block]) -> Iterator[Block]:
    """The same blocks without charts, folds and new sheets."""
    for block in blocks:
        match block:
            case Chart(title, names, bars):
                heads = (ColumnHead(title), ColumnHead(" – ".join(names), number=True))
                rows = tuple((Cell(bar.label), Cell(bar.text)) for bar in bars)
                yield Table(heads, rows, flexible=0)
            case Fold(title, aside, _, inner):
                yield PageHeading(title, 4, aside)
                yield from flat(inner)
            case NewSheet():
                pass
            case _:
                yield block
