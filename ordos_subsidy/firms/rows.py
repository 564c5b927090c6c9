"""All firms or all events of an input: the typed rows of its sheets, one after the other."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from ordos_subsidy import cells
from ordos_subsidy.errors import Problem, problem
from ordos_subsidy.facts import Fact, Of, Vocabulary
from ordos_subsidy.firms.columns import Typed


@dataclass
class Rows:
    """Rows from any number of records, one after the other."""

    of: Of
    vocabulary: Vocabulary
    height: int = 0
    parts: list[Typed] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    broken: set[int] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def add(self, part: Typed) -> None:
        """Append the rows of some records."""
        self.parts.append(part)
        self.starts.append(self.height)
        self.broken |= {self.height + row for row in part.broken}
        self.problems += part.problems
        self.height += part.height

    def column(self, key: str) -> list[cells.Value]:
        """A fact of all rows; unknown where a part does not have it."""
        return [each for part in self.parts for each in part.values.get(key) or [None] * part.height]

    def joining(self, fact: Fact | None) -> list[cells.Value]:
        """A fact of the firm that stands beside events."""
        key = fact.key if fact else ""
        return [each for part in self.parts for each in part.keys.get(key) or [None] * part.height]

    def taken(self, kept: list[int]) -> dict[str, Sequence[object]]:
        """The values of some rows, by fact."""
        found: dict[str, Sequence[object]] = {}
        for fact in self.vocabulary.of(self.of):
            column = self.column(fact.key)
            found[fact.key] = column if len(kept) == len(column) else [column[row] for row in kept]
        return found

    def places(self) -> list[str]:
        """The place of every row."""
        return [place for part in self.parts for place in part.records.places()]

    def place(self, row: int, key: str = "") -> str:
        """The place of a row, or of a value in it."""
        part, start = self._part(row)
        return part.records.place(row - start, key)

    def was_refused(self, row: int, key: str) -> bool:
        """Whether a cell has been said to be unreadable."""
        part, start = self._part(row)
        return (row - start, key) in part.refused

    def _part(self, row: int) -> tuple[Typed, int]:
        at = bisect_right(self.starts, row) - 1
        return self.parts[at], self.starts[at]

    def break_row(self, row: int, code: str, key: str, **params: object) -> None:
        """Say what is wrong with a row, and that it cannot be used."""
        self.problems.append(problem(code, self.place(row, key), severity="error", **params))
        self.broken.add(row)
