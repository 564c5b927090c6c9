"""Cells to typed values, a column at a time: each distinct cell is read once, however many rows repeat it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import cast

from ordos_subsidy import cells
from ordos_subsidy.errors import Problem
from ordos_subsidy.facts import Fact, Vocabulary
from ordos_subsidy.files.raw import CellError
from ordos_subsidy.firms.records import Raw, Records


@dataclass(slots=True)
class Typed:
    """The values of some records: a list a fact, with what could not be read."""

    records: Records
    values: dict[str, list[cells.Value]] = field(default_factory=dict)
    keys: dict[str, list[cells.Value]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    said: list[tuple[int, Problem]] = field(default_factory=list)
    #: Rows with a value that cannot be read, or without one that must be there.
    broken: set[int] = field(default_factory=set)
    #: The cells among them, by row and fact.
    refused: set[tuple[int, str]] = field(default_factory=set)

    @property
    def height(self) -> int:
        """How many rows there are, the broken ones included."""
        return self.records.height


_UNHASHED = {list, dict}


def typed(records: Records, vocabulary: Vocabulary) -> Typed:
    """All columns of some records as typed values; problems come in the order of the rows."""
    done = Typed(records, broken=set(records.broken))
    for found, values in ((records.facts, done.values), (records.keys, done.keys)):
        for key, raw in found.items():
            values[key] = _column(done, vocabulary.facts[key], raw, vocabulary)
    done.said.sort(key=itemgetter(0))
    done.problems = [*records.problems, *(each for _, each in done.said)]
    return done


def _column(done: Typed, fact: Fact, raw: Raw, vocabulary: Vocabulary) -> list[cells.Value]:
    quick = cells.quick(fact, raw.cells, raw.unit)
    if quick is None:
        values, said = _distinct(fact, raw.cells, raw.unit, vocabulary)
    else:
        slow = [row for row, value in enumerate(quick) if value is cells.SLOW]
        read, said_slow = _distinct(fact, [raw.cells[row] for row in slow], raw.unit, vocabulary)
        values = cast("list[cells.Value]", quick)
        for row, value in zip(slow, read, strict=True):
            values[row] = value
        said = [(slow[at], each) for at, each in said_slow]
    _say(done, fact, said)
    return values


def _distinct(
    fact: Fact, looked: Sequence[object], unit: str | None, vocabulary: Vocabulary
) -> tuple[list[cells.Value], list[tuple[int, Problem]]]:
    """The values of cells, and the problems among them by position."""
    marks = _marks(looked)
    read = {mark: _cell(fact, cell, unit, vocabulary) for mark, cell in dict(zip(marks, looked, strict=True)).items()}
    values = {mark: each.value for mark, each in read.items()}
    said = {mark: each.problem for mark, each in read.items() if each.problem}
    found = [(at, said[mark]) for at, mark in enumerate(marks) if mark in said] if said else []
    return list(map(values.__getitem__, marks)), found


def _marks(looked: Sequence[object]) -> Sequence[object]:
    """Something hashable for each cell, the same for the same cells: 1, 1.0 and True are not the same."""
    kinds = set(map(type, looked)) - {type(None)}
    if len(kinds) <= 1 and kinds.isdisjoint(_UNHASHED):
        return looked
    return [(kind := type(cell), id(cell) if kind in _UNHASHED else cell) for cell in looked]


def _say(done: Typed, fact: Fact, said: Iterable[tuple[int, Problem]]) -> None:
    """Give problems their places, and mark the rows they break."""
    for row, each in said:
        done.said.append((row, replace(each, where=done.records.place(row, fact.key))))
        if each.severity == "error":
            done.broken.add(row)
            done.refused.add((row, fact.key))


def _cell(fact: Fact, cell: object, unit: str | None, vocabulary: Vocabulary) -> cells.Read:
    if isinstance(cell, CellError):
        return cells.failed(fact, cell.text)
    return cells.read(fact, cell, unit=unit, vocabulary=vocabulary)
