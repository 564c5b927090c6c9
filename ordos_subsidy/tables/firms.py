"""What has been read: the firm table, the event table, and where each row came from.

`Firms.firms` has one row a firm and a column a firm fact; `Firms.events` one row an event, a column an event
fact, and `@firm`, the row number (UInt32, dense from 0) of its firm. Both have `@place`, the address of the row
("firm.xlsx!单位信息!A3"). A null is an unknown, everywhere. How a fact's type is kept in a column:

| type | column |
|---|---|
| text, code | String |
| yes_no | Boolean |
| choice, kind | Enum of the keys |
| choices | UInt64, bit n set for the n-th choice of the list |
| year | Int32 |
| count | Int64 |
| money | Int64, fen |
| percent | Int64, millionths (3.5% is 35000) |
| date | two Date columns, the first and the last day meant: `key` and `key@until` |
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from ordos_subsidy.cells import type_of
from ordos_subsidy.conditions import UNTIL
from ordos_subsidy.errors import Omitted, Problem

if TYPE_CHECKING:
    from ordos_subsidy.facts import Fact, Of, Vocabulary
    from ordos_subsidy.files.guard import Hashed
    from ordos_subsidy.tables.columns import ColumnUse

FIRM = "@firm"
PLACE = "@place"


def no_doubts() -> pl.DataFrame:
    """A table of doubted values without rows."""
    return pl.DataFrame(schema={FIRM: pl.UInt32, "fact": pl.String, "kind": pl.String})


@dataclass(frozen=True)
class Firms:
    """Firms and events as tables, and the problems met in reading them."""

    firms: pl.DataFrame
    events: pl.DataFrame
    problems: tuple[Problem, ...] = ()
    #: The firms that were left out because a value of theirs could not be read.
    omitted: tuple[Omitted, ...] = ()
    #: What was made of each column of the files.
    uses: tuple[ColumnUse, ...] = ()
    #: Whether there was a place for events: a table of them, or a file that may hold some.
    events_asked: bool = True
    #: The years that the titles of the files speak of.
    titled_years: frozenset[int] = frozenset()
    #: Values that are hardly meant: `@firm`, the key of the fact (`fact`), and of an event's sum that of its `kind`.
    doubts: pl.DataFrame = field(default_factory=no_doubts, compare=False)
    #: The cells of blank facts, by table ("firm", "event"), row and fact: where a column of theirs is there to fill in.
    blanks: Mapping[tuple[str, int, str], str] = field(default_factory=dict, repr=False)
    #: The files that were read, in order.
    hashed: tuple[Hashed, ...] = field(default=(), compare=False)
    #: What words about other events say of these ones, kept by evaluation.
    marks: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def __len__(self) -> int:
        return self.firms.height

    @property
    def left_out(self) -> int:
        """How many firms were left out because a value of theirs could not be read."""
        return len(self.omitted)

    def alone(self, firm: int) -> Firms:
        """One of the firms with its events; the problems are those of all."""
        return self._part(firm, 1, (self.events.get_column(FIRM) == firm).arg_true())

    def parts(self, size: int) -> Iterator[Firms]:
        """Slices of at most `size` firms with their events, both in order; without the problems of the whole."""
        whole = Firms(self.firms, self.events, doubts=self.doubts, blanks=self.blanks)
        if len(self) <= size:
            yield whole
            return
        owners, rows = self.events.get_column(FIRM), None
        if not owners.is_sorted():  # the events themselves are sorted part by part: all at once would be held twice
            numbered = owners.to_frame().with_row_index("row").sort(FIRM, maintain_order=True)
            owners, rows = numbered.get_column(FIRM), numbered.get_column("row")
        for start in range(0, len(self), size):
            own = range(owners.search_sorted(start), owners.search_sorted(start + size))
            yield whole._part(start, size, own if rows is None else rows[own.start : own.stop])

    def _part(self, start: int, size: int, rows: range | pl.Series) -> Firms:
        """Some consecutive firms, numbered from 0, with the events in some rows."""
        moved = pl.col(FIRM) - pl.lit(start, pl.UInt32)
        events = self.events.slice(rows.start, len(rows)) if isinstance(rows, range) else self.events[rows]
        doubts = self.doubts.filter(pl.col(FIRM).is_between(start, start + size, closed="left"))
        row_of = {("firm", start + n): n for n in range(size)} if self.blanks else {}
        row_of |= {("event", row): n for n, row in enumerate(rows)} if self.blanks else {}
        kept = {(of, row_of[of, row], key): at for (of, row, key), at in self.blanks.items() if (of, row) in row_of}
        firms, events, doubts = (each.with_columns(moved) for each in (self.firms.slice(start, size), events, doubts))
        return replace(self, firms=firms, events=events, doubts=doubts, blanks=kept, marks={})


def dtype(fact: Fact, vocabulary: Vocabulary) -> pl.DataType:
    """The column type of a fact."""
    kind = type_of(fact)
    if kind.column == "Enum":
        return pl.Enum(list(kind.keys(fact, vocabulary)))
    made: pl.DataType = getattr(pl, kind.column)()
    return made


def schema(vocabulary: Vocabulary, of: Of) -> dict[str, pl.DataType]:
    """The columns of the firm or of the event table, `@firm` and `@place` included."""
    columns: dict[str, pl.DataType] = {FIRM: pl.UInt32(), PLACE: pl.String()}
    for fact in vocabulary.of(of):
        columns[fact.key] = dtype(fact, vocabulary)
        if type_of(fact).spans:
            columns[fact.key + UNTIL] = pl.Date()
    return columns


def column(fact: Fact, values: Sequence[object], vocabulary: Vocabulary) -> list[pl.Series]:
    """The column (two for a date) of a fact's typed values: see `cells.read` for their types."""
    kind = dtype(fact, vocabulary)
    if type_of(fact).spans:
        pairs = [value if isinstance(value, tuple) else (None, None) for value in values]
        return [
            pl.Series(fact.key, [pair[0] for pair in pairs], kind),
            pl.Series(fact.key + UNTIL, [pair[1] for pair in pairs], kind),
        ]
    stored = type_of(fact).stored
    return [pl.Series(fact.key, [stored(fact, value) for value in values], kind, strict=True)]


def table(
    vocabulary: Vocabulary,
    of: Of,
    values: dict[str, Sequence[object]],
    firm: Sequence[int],
    place: Sequence[str],
) -> pl.DataFrame:
    """A firm or event table from typed values by fact; facts that are not given are unknown."""
    columns = [pl.Series(FIRM, firm, pl.UInt32), pl.Series(PLACE, place, pl.String)]
    for fact in vocabulary.of(of):
        columns += column(fact, values.get(fact.key, [None] * len(firm)), vocabulary)
    return pl.DataFrame(columns)
