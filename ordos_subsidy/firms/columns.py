"""Cells to typed values, a column at a time: each distinct cell is read once, however many rows repeat it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from operator import itemgetter

from ordos_subsidy import cells
from ordos_subsidy.errors import Problem
from ordos_subsidy.facts import Fact, Vocabulary
from ordos_subsidy.firms.raw import CellError
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
    # 1, 1.0 and True are equal; lists and tables cannot be compared by their hash.
    marked = [(kind := type(cell), id(cell) if kind in _UNHASHED else cell) for cell in raw.cells]
    distinct = dict(zip(marked, raw.cells, strict=True))
    read = {mark: _cell(fact, cell, raw.unit, vocabulary) for mark, cell in distinct.items()}
    said = {mark: each.problem for mark, each in read.items() if each.problem}
    if said:
        _say(done, fact, [said.get(mark) for mark in marked])
    values = {mark: each.value for mark, each in read.items()}
    return [values[mark] for mark in marked]


def _say(done: Typed, fact: Fact, said: list[Problem | None]) -> None:
    """Give problems their places, and mark the rows they break."""
    for row, each in enumerate(said):
        if each is None:
            continue
        done.said.append((row, replace(each, where=done.records.place(row, fact.key))))
        if each.severity == "error":
            done.broken.add(row)
            done.refused.add((row, fact.key))


def _cell(fact: Fact, cell: object, unit: str | None, vocabulary: Vocabulary) -> cells.Read:
    if isinstance(cell, CellError):
        return cells.failed(fact, cell.text)
    return cells.read(fact, cell, unit=unit, vocabulary=vocabulary)
