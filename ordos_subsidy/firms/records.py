"""What a file says, in columns and untyped: the common form between the formats and their meaning.

A workbook's table, a form, a CSV and a TOML file all come down to `Records`: for each fact a `Raw` column
of cells as they were found, and a way to name the place of each. `columns` gives the cells their types,
`join` brings firms and events together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ordos_subsidy.errors import Problem
from ordos_subsidy.facts import Of

#: What the figures of a spreadsheet are counted in where nobody says so.
ASSUMED = "万元"

#: The place of a value: the row of the records, and the fact's key ("" for the row itself).
Place = Callable[[int, str], str]


@dataclass(slots=True)
class Raw:
    """One fact's cells, the unit of plain numbers among them (None: nobody wrote it), the heading's place."""

    cells: list[object]
    unit: str | None = None
    at: str = ""


@dataclass(slots=True)
class Records:
    """Rows of one table, column by column.

    `keys` are the firm's own facts beside an event, by which it is joined. `broken` are rows that cannot be used,
    for a reason among the problems. `owners` are the firms of events that stand inside them (TOML).
    """

    of: Of
    height: int
    place: Place
    #: The places of all rows, where that can be had more cheaply than one by one.
    each_place: Callable[[], list[str]] | None = None
    facts: dict[str, Raw] = field(default_factory=dict)
    keys: dict[str, Raw] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    broken: set[int] = field(default_factory=set)
    owners: list[int] | None = None

    def places(self) -> list[str]:
        """The places of all rows."""
        return self.each_place() if self.each_place else [self.place(row, "") for row in range(self.height)]
