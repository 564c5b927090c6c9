"""All firms or all events of a batch, typed and in columns, with the place of every cell still known.

A `Part` is what one file or sheet gives; a `Side` is all parts, one after the other. Rows that `firms` has read are
typed by `firms.columns`, the others in columns by `batch.cells`; they are put back into the order of their sheet.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import polars as pl

from ordos_subsidy.batch.cells import Cells, Typed, convert, nothing, sound_codes
from ordos_subsidy.batch.grids import Reduced, column_number, parsed
from ordos_subsidy.batch.lookup import Known
from ordos_subsidy.errors import Problem
from ordos_subsidy.facts import Fact, Of, Vocabulary
from ordos_subsidy.firms import columns, tables
from ordos_subsidy.firms.records import Raw, Records

#: Columns of an event table beside its facts: the firm's name and code given there, and its row where it is known.
NAME, CODE, OWNER = "@name", "@code", "@owner"
#: The row of the firm that has the event's code, where that has been looked up in reading.
KNOWN = "@known"
JOINING = (NAME, CODE, OWNER, KNOWN)
#: What gives the codes of the firms read so far, as `known_codes` has them; it may wait for them.
Codes = Callable[[], Known | None]


@dataclass
class Part:
    """The rows of one table: typed, with problems already in their place.

    Where they wait on the disk, `frame` has only the columns that joining looks at.
    """

    frame: pl.DataFrame
    place: Callable[[int, str], str]
    #: The places of some rows.
    places: Callable[[pl.Series], pl.Series]
    problems: list[Problem]
    broken: set[int]
    refused: set[tuple[int, str]]
    #: Of firms: whether the code of each is sound, where reading it has told that already.
    sound: pl.Series | None = None
    stored: Path | None = None
    #: How many rows there are.
    height: int = field(init=False)

    def __post_init__(self) -> None:
        self.height = self.frame.height

    def owned_from(self, first: int, *, alone: bool) -> None:
        """The firms of the file begin at a row; the only one there is has the events that name no firm."""
        owner = pl.col(OWNER) + first
        if alone:
            unnamed = pl.all_horizontal(pl.col(column).is_null() for column in (NAME, CODE, OWNER))
            owner = pl.when(unnamed).then(pl.lit(first, pl.Int64)).otherwise(owner).alias(OWNER)
        elif not first or not self.frame.get_column(OWNER).count():
            return
        self.frame = self.frame.with_columns(owner)

    def whole(self) -> pl.DataFrame:
        """All columns."""
        return pl.read_ipc(self.stored) if self.stored else self.frame


@dataclass
class Side:
    """The rows of all parts."""

    of: Of
    vocabulary: Vocabulary
    parts: list[Part] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.starts: list[int] = []
        height = 0
        for part in self.parts:
            self.starts.append(height)
            height += part.height
        frames = [part.frame for part in self.parts]
        self.frame = pl.concat([self.empty.select(frames[0].columns), *frames] if frames else [self.empty])
        self.broken = {start + row for start, part in self.numbered() for row in part.broken}
        self.problems = [each for part in self.parts for each in part.problems]

    @property
    def empty(self) -> pl.DataFrame:
        """No row, and all columns."""
        return _empty(self.of, self.vocabulary)

    def let_go(self, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """The rows without some columns, or without any, which nobody asks for any more."""
        columns = self.frame.columns if columns is None else columns
        self.frame = _without(self.frame, columns)
        for part in self.parts:
            part.frame = _without(part.frame, columns)
        return self.frame

    def numbered(self) -> list[tuple[int, Part]]:
        """The parts, each with the number of its first row."""
        return list(zip(self.starts, self.parts, strict=True))

    def rows(self, rows: Sequence[int]) -> pl.DataFrame:
        """All columns of some rows, which are given in order."""
        found = [self.empty]
        for start, part in self.numbered():
            mine = rows[bisect_left(rows, start) : bisect_left(rows, start + part.height)]
            if mine:
                found.append(part.whole()[[row - start for row in mine]])
        return pl.concat(found)

    def _part(self, row: int) -> tuple[int, Part]:
        at = bisect_right(self.starts, row) - 1
        return self.starts[at], self.parts[at]

    def place(self, row: int, key: str) -> str:
        """The place of a row, or of a value in it."""
        start, part = self._part(row)
        return part.place(row - start, key)

    def was_refused(self, row: int, key: str) -> bool:
        """Whether a cell has been said to be unreadable."""
        start, part = self._part(row)
        return (row - start, key) in part.refused

    def places(self, rows: pl.Series) -> pl.Series:
        """The places of some rows."""
        if len(self.parts) == 1:
            return self.parts[0].places(rows)
        order = rows.arg_sort()
        inorder = rows.gather(order)
        found = [pl.Series(dtype=pl.String)]
        for start, part in self.numbered():
            first, last = between(inorder, start, start + part.height)
            if first < last:
                found.append(part.places(inorder.slice(first, last - first) - start))
        return pl.concat(found).gather(order.arg_sort())


def _without(frame: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """A frame without some columns. The others stay as they are, which `drop` would copy into one piece each."""
    return pl.DataFrame([each for each in frame.get_columns() if each.name not in columns])


def between(numbers: pl.Series, first: int, last: int) -> tuple[int, int]:
    """Where in sorted numbers those stand that are at least the first and below the last."""
    return numbers.search_sorted(first), numbers.search_sorted(last)


def joining(vocabulary: Vocabulary) -> list[tuple[str, Fact]]:
    """The facts of a firm that may stand beside its events, with their columns."""
    found = ((NAME, vocabulary.role("firm", "name")), (CODE, vocabulary.role("firm", "id")))
    return [(column, fact) for column, fact in found if fact]


def _empty(of: Of, vocabulary: Vocabulary) -> pl.DataFrame:
    made = [each for fact in vocabulary.of(of) for each in tables.column(fact, [], vocabulary)]
    if of == "event":
        made += [pl.Series(NAME, dtype=pl.String), pl.Series(CODE, dtype=pl.String)]
        made += [pl.Series(OWNER, dtype=pl.Int64), pl.Series(KNOWN, dtype=pl.UInt32)]
    return pl.DataFrame(made)


def of_records(records: Records, vocabulary: Vocabulary) -> Part:
    """The rows of records that `firms` has read."""
    typed = columns.typed(records, vocabulary)
    frame = _typed_frame(typed, vocabulary)
    if records.owners is not None:
        frame = frame.with_columns(pl.Series(OWNER, records.owners, pl.Int64))
    return Part(
        frame,
        records.place,
        listed(lambda: [records.place(row, "") for row in range(records.height)]),
        typed.problems,
        typed.broken,
        typed.refused,
    )


def listed(places: Callable[[], list[str]]) -> Callable[[pl.Series], pl.Series]:
    """What gives the places of some rows, where those of all are made one by one."""
    made = cache(lambda: pl.Series(places(), dtype=pl.String))
    return lambda rows: made().gather(rows)


def _typed_frame(typed: columns.Typed, vocabulary: Vocabulary) -> pl.DataFrame:
    height, of = typed.height, typed.records.of
    blank = [None] * height
    made = []
    for fact in vocabulary.of(of):
        made += tables.column(fact, typed.values.get(fact.key, blank), vocabulary)
    if of == "event":
        for column, fact in joining(vocabulary):
            made.append(pl.Series(column, typed.keys.get(fact.key, blank), pl.String))
    frame = pl.DataFrame(made, {each.name: each.dtype for each in made})
    return _whole(frame, height, of, vocabulary)


def _whole(frame: pl.DataFrame, height: int, of: Of, vocabulary: Vocabulary) -> pl.DataFrame:
    """A frame with every column of its side, unknown where nobody gave it."""
    empty = _empty(of, vocabulary)
    have = set(frame.columns)
    blank = cache(lambda kind: nothing(height, kind))
    more = [blank(kind).alias(name) for name, kind in empty.schema.items() if name not in have]
    return pl.DataFrame([*frame.get_columns(), *more]).select(empty.columns)


def of_sheet(records: Records, sheet: Reduced, vocabulary: Vocabulary, codes: Codes) -> Part:
    """The rows of a sheet in its order: those of the records, and those that are plainly data."""
    typed = columns.typed(records, vocabulary)
    known = [sheet.address(_row(records.place(row, ""))) - 1 for row in range(records.height)]
    cols = {key: column_number(_letters(records.place(0, key))) for key in (*records.facts, *records.keys)}
    frame, said = _tail(records, sheet, cols, vocabulary, codes)
    rows = pl.concat([pl.Series(known, dtype=pl.UInt32), sheet.data + sheet.table.true(len(sheet.table.head))])
    whole = pl.concat([_typed_frame(typed, vocabulary), frame])
    at = pl.int_range(len(rows), dtype=pl.UInt32, eager=True)
    if records.height and sheet.data.len() and known[-1] > sheet.table.true(len(sheet.table.head)):
        order = rows.arg_sort()
        at = order.arg_sort()
        rows, whole = rows.gather(order), whole[order]
    spot = {n: int(at[n]) for n in _spots(typed, said, records.height)}
    prefix = _prefix(records.place(0, ""))
    letters = {key: _letters(records.place(0, key)) for key in ("", *cols)}

    def place(row: int, key: str) -> str:
        return f"{prefix}{letters.get(key, letters[''])}{rows[row] + 1}"

    problems = [sheet.placed(each) for each in records.problems]
    cells = [(spot[row], sheet.placed(each)) for row, each in typed.said]
    for row, key, each in said:
        here = spot[records.height + row]
        cells.append((here, replace(each, where=place(here, key))))
    cells.sort(key=lambda pair: pair[0])
    sound = None
    if records.of == "firm" and (code := vocabulary.role("firm", "id")):
        doubted = (spot[records.height + row] for row, key, _ in said if key == code.key)
        sound = _sound(whole.get_column(code.key), doubted, at.head(records.height))
    refused = {(spot[row], key) for row, key in typed.refused}
    refused |= {(spot[records.height + row], key) for row, key, each in said if each.severity == "error"}
    return Part(
        whole,
        place,
        lambda some: prefix + letters[""] + (rows.gather(some) + 1).cast(pl.String),
        [*problems, *(each for _, each in cells)],
        {spot[row] for row in typed.broken} | {row for row, _ in refused},
        refused,
        sound,
    )


def _spots(typed: columns.Typed, said: Sequence[tuple[int, str, Problem]], height: int) -> set[int]:
    """The rows, as they come, that something is said of."""
    return {*typed.broken, *(row for row, _ in typed.refused), *(row for row, _ in typed.said)} | {
        height + row for row, _, _ in said
    }


def _sound(codes: pl.Series, said: Iterable[int], others: pl.Series) -> pl.Series:
    """Which codes are sound: those of which nothing was said; some are looked at once more."""
    sound = codes.is_not_null().scatter(list(said), values=False)
    return sound.scatter(others, sound_codes(codes.gather(others)))


def _tail(
    records: Records, sheet: Reduced, cols: Mapping[str, int], vocabulary: Vocabulary, codes: Codes
) -> tuple[pl.DataFrame, list[tuple[int, str, Problem]]]:
    """The rows that are plainly data, typed, and what there is to say of them: row, fact, problem."""
    names = {fact.key: column for column, fact in joining(vocabulary)}

    def typed(key: str, raw: Raw, *, is_key: bool) -> tuple[list[pl.Series], list[tuple[int, str, Problem]]]:
        fact, column = vocabulary.facts[key], taken(sheet, cols[key])
        more: list[pl.Series] = []
        looked = is_key and names[key] == CODE and _is_text(column)
        if looked and (known := codes()) is not None:
            found, owner = _looked_up(fact, column.layers[0], vocabulary, known)
            more.append(owner.alias(KNOWN))
        else:
            found = convert(fact, column, raw.unit, vocabulary)
        columns = [each.alias(names[key]) for each in found.columns] if is_key else found.columns
        return [*more, *columns], [(row, key, each) for row, each in found.said]

    wanted = [(key, raw, is_key) for of, is_key in _both(records) for key, raw in of.items()]
    # A column's steps follow one another, each on one core; other columns keep the others at work.
    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
        done = list(pool.map(lambda each: typed(*each[:2], is_key=each[2]), wanted))
    made = [column for columns, _ in done for column in columns]
    frame = pl.DataFrame(made, {each.name: each.dtype for each in made})
    return _whole(frame, len(sheet.data), records.of, vocabulary), [each for _, said in done for each in said]


def _both(records: Records) -> tuple[tuple[Mapping[str, Raw], bool], ...]:
    """The facts of the rows, and those of the firm beside them."""
    return (records.facts, False), (records.keys, True)


def known_codes(parts: Sequence[Part], vocabulary: Vocabulary) -> Known | None:
    """The codes that are sound, each with the row of its firm; None where firms share a code, or have none."""
    fact = vocabulary.role("firm", "id")
    if fact is None or not parts:
        return None
    values = pl.concat([part.frame.get_column(fact.key) for part in parts])
    rows = pl.int_range(len(values), dtype=pl.UInt32, eager=True)
    sound = pl.concat(
        [sound_codes(part.frame.get_column(fact.key)) if part.sound is None else part.sound for part in parts]
    )
    if not sound.all():
        values, rows = values.filter(sound), rows.filter(sound)
    if not len(values) or values.hash().n_unique() < len(values):
        return None
    return Known(values, rows)


def _is_text(column: Cells) -> bool:
    return not column.odd and len(column.layers) == 1 and column.layers[0].dtype == pl.String


def _looked_up(fact: Fact, written: pl.Series, vocabulary: Vocabulary, codes: Known) -> tuple[Typed, pl.Series]:
    """Codes beside events, and the firms that have them: what is written like a sound code is that code."""
    known = codes.rows_of(written)
    rest = known.is_null() & written.is_not_null()
    if not rest.any():
        return Typed([written]), known
    rows = rest.arg_true()
    typed = convert(fact, Cells(len(rows), [written.gather(rows)]), None, vocabulary)
    said = [(int(rows[row]), each) for row, each in typed.said]
    return Typed([written.clone().scatter(rows, typed.columns[0])], said), known


def taken(sheet: Reduced, col: int) -> Cells:
    """The cells of a column in the rows that are plainly data."""
    column = sheet.table.column(col) if sheet.table.height else Cells(0)
    if len(sheet.data) == column.height:
        return column
    height = len(sheet.data)
    if height and sheet.data[-1] - sheet.data[0] + 1 == height:  # the usual case, without a copy
        layers = [layer.slice(sheet.data[0], height) for layer in column.layers]
    else:
        layers = [layer.gather(sheet.data) for layer in column.layers]
    spots = {int(row): n for n, row in enumerate(sheet.data)} if column.odd else {}
    return Cells(len(sheet.data), layers, {spots[row]: each for row, each in column.odd.items() if row in spots})


def _row(place: str) -> int:
    found = parsed(place)
    return found[2] if found else 0


def _letters(place: str) -> str:
    found = parsed(place)
    return found[1] if found else ""


def _prefix(place: str) -> str:
    found = parsed(place)
    return found[0] if found else ""
