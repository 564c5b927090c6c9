"""All firms or all events of an input: the typed rows of its tables, one below the other.

Where a row stands is kept as two integers, the number of its table (`@sheet`) and its row there (`@row`); `place`
puts it into words when a problem is told.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from ordos_subsidy.cells.answers import PASSED_OVER
from ordos_subsidy.errors import Problem, problem
from ordos_subsidy.facts import Of, Vocabulary, find_choice
from ordos_subsidy.tables.columns import Given, UntypedTable, constant_column, null_column, of_list
from ordos_subsidy.tables.firms import FIRM, PLACE, column, schema
from ordos_subsidy.tables.typing import convert

#: Columns of events beside their facts: the firm's name and code as given there, and its row where it is known.
NAME, CODE, OWNER = "@name", "@code", "@owner"
_SHEET, _ROW = "@sheet", "@row"


class Gathered:
    """Typed rows of any number of tables, with what is wrong with them.

    `broken` are rows that cannot be used; `refused` the cells (row and fact) that were said to be unreadable.
    """

    def __init__(self, of: Of, vocabulary: Vocabulary) -> None:
        self.of, self.vocabulary = of, vocabulary
        self.height = 0
        self.problems: list[Problem] = []
        self.broken: set[int] = set()
        #: Why a row is broken: the first problem of it.
        self.why: dict[int, Problem] = {}
        self.refused: set[tuple[int, str]] = set()
        #: Events that give nothing.
        self.passed: set[int] = set()
        self.sources: list[UntypedTable] = []
        kinds = schema(vocabulary, of)
        self._facts = {name: kind for name, kind in kinds.items() if name not in {FIRM, PLACE}}
        joining = {NAME: pl.String(), CODE: pl.String(), OWNER: pl.UInt32()} if of == "event" else {}
        self._kinds: dict[str, pl.DataType] = {**self._facts, **joining, _SHEET: pl.UInt32(), _ROW: pl.UInt32()}
        self._frames = [pl.DataFrame(schema=self._kinds)]

    def add(self, table: UntypedTable, *, first_firm: int = 0, only: bool = False) -> None:
        """Type the rows of a table and append them; the table loses its columns.

        Of events: the firms of their file begin at row `first_firm`; where there is `only` one, it has the events
        that name no firm.
        """
        joining = {self.key("name"): NAME, self.key("id"): CODE}
        made: dict[str, pl.Series] = {}
        said: list[tuple[int, str, Problem]] = []
        if self.of == "event":
            _fill_levels(table, self.vocabulary)
        for given, names in ((table.facts, {}), (table.keys, joining)):
            while given:
                key = next(iter(given))
                typed = convert(self.vocabulary.facts[key], given.pop(key), self.vocabulary)
                made |= {names.get(key, each.name): each for each in typed.columns}
                said += [(row, key, each) for row, each in typed.said]
        made[_ROW] = table.rows
        made[_SHEET] = pl.Series([len(self.sources)], dtype=pl.UInt32).new_from_index(0, table.height)
        if table.owners is not None:
            made[OWNER] = pl.Series(table.owners, dtype=pl.UInt32) + first_firm
        elif only:
            unnamed = constant_column(table.height, value=True)
            for each in (made[name] for name in (NAME, CODE) if name in made):
                unnamed &= each.is_null()
            first = pl.Series([first_firm], dtype=pl.UInt32).new_from_index(0, table.height)
            made[OWNER] = first.zip_with(unnamed, null_column(table.height, pl.UInt32))
        blank = {name: null_column(table.height, kind) for name, kind in self._kinds.items() if name not in made}
        self._frames.append(pl.DataFrame([(made | blank)[name].alias(name) for name in self._kinds]))
        self.sources.append(table)
        self._say(table, said)
        self.height += table.height

    def _say(self, table: UntypedTable, said: list[tuple[int, str, Problem]]) -> None:
        """Give the problems of cells their places, in the order of the rows, and mark the rows they break."""
        self.problems += table.problems
        self.broken |= {self.height + row for row in table.broken}
        self.refused |= {(self.height + row, key) for row, key in table.excused}
        for row, key, each in sorted(said, key=lambda one: one[0]):
            self.problems.append(replace(each, where=table.place(table.rows[row], key)))
            if each.code == f"cells.{PASSED_OVER}":
                self.passed.add(self.height + row)
            if each.severity == "error":
                self.broken.add(self.height + row)
                self.why.setdefault(self.height + row, self.problems[-1])
                self.refused.add((self.height + row, key))

    @property
    def frame(self) -> pl.DataFrame:
        """All rows, with all columns."""
        if len(self._frames) > 1:
            some = [each for each in self._frames if each.height] or self._frames[:1]
            self._frames = [some[0] if len(some) == 1 else pl.concat(some, rechunk=True)]
        return self._frames[0]

    def fill(self, key: str, value: object) -> None:
        """Give a value to every row in which a fact is blank and was not said to be unreadable."""
        fact = self.vocabulary.facts[key]
        blank = self.frame.get_column(key).is_null() & ~self.mask({row for row, each in self.refused if each == key})
        given = [each.new_from_index(0, self.height) for each in column(fact, [value], self.vocabulary)]
        filled = [each.zip_with(blank, self.frame.get_column(each.name)) for each in given]
        self._frames = [self.frame.with_columns(filled)]

    @property
    def facts(self) -> list[str]:
        """The columns of facts."""
        return list(self._facts)

    @property
    def tables(self) -> pl.Series:
        """The number of the table that each row stands in."""
        return self.frame.get_column(_SHEET)

    def role(self, role: str) -> pl.Series:
        """The column of a firm's fact with a role; null where there is no such fact."""
        key = self.key(role)
        return self.frame.get_column(key) if key else null_column(self.height, pl.String)

    def key(self, role: str) -> str:
        """The key of a firm's fact with a role; "" where there is no such fact."""
        fact = self.vocabulary.role("firm", role)
        return fact.key if fact else ""

    def mask(self, rows: set[int]) -> pl.Series:
        """Where some rows are."""
        found = constant_column(self.height, value=False)
        return found.scatter(sorted(rows), values=True) if rows else found

    def place(self, row: int, key: str = "") -> str:
        """The place of a row, or of a value in it."""
        sheet, number = (int(self.frame.get_column(name)[row]) for name in (_SHEET, _ROW))
        return self.sources[sheet].place(number, key)

    def places(self, rows: pl.Series) -> pl.Series:
        """The places of some rows."""
        sheets, numbers = (self.frame.get_column(name).gather(rows) for name in (_SHEET, _ROW))
        found = null_column(len(rows), pl.String)
        for sheet in sheets.unique().to_list():
            at = (sheets == sheet).arg_true()
            is_all = len(at) == len(rows)
            words = self.sources[sheet].placed(numbers if is_all else numbers.gather(at))
            found = words if is_all else found.scatter(at, words)
        return found

    def taken(self, rows: pl.Series, firm: pl.Series | None, *, places: bool) -> pl.DataFrame:
        """The table of some rows, each with the number of its firm (None: its own); `places` false leaves them null."""
        firm = pl.int_range(len(rows), dtype=pl.UInt32, eager=True) if firm is None else firm
        where = self.places(rows) if places else null_column(len(rows), pl.String)
        frame = self.frame.select(*self._facts)
        if len(rows) < self.height:
            frame = frame[rows]
        return pl.DataFrame([firm.alias(FIRM), where.alias(PLACE), *frame.get_columns()])

    def break_row(self, row: int, code: str, key: str, **params: object) -> None:
        """Say what is wrong with a row, and that it cannot be used."""
        self.problems.append(problem(code, self.place(row, key), severity="error", **params))
        self.broken.add(row)
        self.why.setdefault(row, self.problems[-1])


def _fill_levels(table: UntypedTable, vocabulary: Vocabulary) -> None:
    """Give the rows of events whose kind is written with its level that level; one that says otherwise is broken."""
    kind, level = vocabulary.role("event", "kind"), vocabulary.role("event", "level")
    given = table.facts.get(kind.key) if kind else None
    text = given.cells.text if given else None
    if kind is None or level is None or given is None or text is None:
        return
    named = {each: found for each in text.drop_nulls().unique() if (found := vocabulary.find_leveled(each)[1])}
    if not named:
        return
    levels: list[object] = [None] * table.height
    if level.key in table.facts:
        levels = table.facts[level.key].cells.to_list()
    for row, cell in enumerate(text):
        found = named.get(cell)
        stated = find_choice(level, str(levels[row])) if levels[row] is not None else None
        if found and stated and stated.key != found.key:
            where = table.place(int(table.rows[row]), level.key)
            table.problems.append(problem("reading.level_differs", where, given=cell, other=stated.title.zh))
            table.broken.add(row)
        elif found:
            levels[row] = found.key
    table.facts[level.key] = Given(of_list(levels), at=given.at)
