"""TOML as tables: `[[firm]]` with `[[firm.event]]`, or one `[firm]` with `[[event]]`.

Keys are the headings of the spreadsheets: a fact's key, its names, with a unit in brackets if need be. A
plain number of money is yuan. A place reads `firm.toml: firm[2].event[1].amount`, counting from one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from ordos_subsidy.cells.figures import figure
from ordos_subsidy.cells.spelling import shown
from ordos_subsidy.errors import Problem, Refused, did_you_mean, problem, warning
from ordos_subsidy.facts import Fact, Of, Vocabulary, normal
from ordos_subsidy.tables.columns import Given, UntypedTable, of_list
from ordos_subsidy.tables.headings import Headings, unknown_heading

#: What the tables of a file may be called.
TABLES: dict[Of, tuple[str, ...]] = {
    "firm": ("firm", "firms", "单位", "单位信息", "企业"),
    "event": ("event", "events", "事项", "申报事项"),
}
YUAN = "元"


@dataclass(frozen=True)
class _Entry:
    """One firm or event: its path in the file, its entries, and for an event inside a firm that firm's number."""

    path: str
    entries: Mapping[str, object]
    owner: int = -1


def read(
    mapping: Mapping[str, object], where: str, vocabulary: Vocabulary
) -> tuple[UntypedTable, list[UntypedTable], list[Problem]]:
    """The firms of a parsed file, its events, and what is wrong with its structure; `Refused` if it has no firms."""
    reader = _Reader(where, Headings(vocabulary))
    firms, inside, beside = reader.tables(mapping)
    if not firms:
        raise Refused([*reader.problems, problem("reading.no_firm_toml", where)])
    events = [reader.table("event", entries) for entries in (inside, beside) if entries]
    return reader.table("firm", firms), events, reader.problems


@dataclass
class _Reader:
    """Walks a document and collects what is wrong with its structure."""

    name: str
    headings: Headings
    problems: list[Problem] = field(default_factory=list)

    def tables(self, mapping: Mapping[str, object]) -> tuple[list[_Entry], list[_Entry], list[_Entry]]:
        """Firms, events inside firms, events beside them."""
        found: dict[Of, list[_Entry]] = {"firm": [], "event": []}
        for key, value in mapping.items():
            of = _table_of(key)
            if of:
                found[of] += self._listed(shown(key), value)
            else:
                self._stray(key)
        firms: list[_Entry] = []
        inside: list[_Entry] = []
        for owner, firm in enumerate(found["firm"]):
            nested = {key for key in firm.entries if _table_of(key) == "event"}
            firms.append(_Entry(firm.path, {k: v for k, v in firm.entries.items() if k not in nested}))
            for key in sorted(nested):
                inside += self._listed(f"{firm.path}.{shown(key)}", firm.entries[key], owner)
        return firms, inside, found["event"]

    def _listed(self, path: str, value: object, owner: int = -1) -> Iterator[_Entry]:
        """The tables under a name: one, or a list of them."""
        if isinstance(value, Mapping):
            yield _Entry(path, value, owner)
        elif isinstance(value, list) and all(isinstance(each, Mapping) for each in value):
            for number, each in enumerate(value, 1):
                yield _Entry(f"{path}[{number}]", each, owner)
        else:
            raise Refused([problem("reading.not_a_table", self._at(path), key=path, given=shown(value))])

    def _stray(self, key: str) -> None:
        """A name at the top of the file that is no table of ours."""
        if self.headings.find("firm", key):
            self.problems.append(warning("reading.stray_fact", self._at(shown(key)), key=shown(key)))
            return
        near = did_you_mean(key, ("firm", "event"))
        code = "reading.unknown_table_near" if near else "reading.unknown_table"
        self.problems.append(warning(code, self._at(shown(key)), key=shown(key), near=near))

    def _at(self, path: str) -> str:
        return f"{self.name}: {path}"

    def table(self, of: Of, entries: list[_Entry]) -> UntypedTable:
        """Entries as columns."""
        written: dict[tuple[int, str], str] = {}

        def place(row: int, key: str) -> str:
            path = entries[row].path
            return self._at(f"{path}.{written[row, key]}" if (row, key) in written else path)

        table = UntypedTable(of, pl.int_range(len(entries), dtype=pl.UInt32, eager=True), place)
        if entries[0].owner >= 0:
            table.owners = [each.owner for each in entries]
        columns: dict[str, list[object]] = {}
        for row, entry in enumerate(entries):
            for key, value in entry.entries.items():
                fact, unit = self._meant(table, key)
                if fact is None:
                    said = unknown_heading(of, key, f"{place(row, '')}.{shown(key)}", self.headings)
                    table.problems += [said] if said else []
                    continue
                cells = columns.setdefault(fact.key, [None] * len(entries))
                cell = _cell(value, unit)
                if (row, fact.key) not in written:
                    written[row, fact.key], cells[row] = shown(key), cell
                elif cells[row] == cell:
                    table.problems.append(warning("reading.twice", place(row, fact.key), others=shown(key)))
                else:
                    table.problems.append(problem("reading.differs", place(row, fact.key), other=shown(key)))
                    table.broken.add(row)
        for key, values in columns.items():
            own = self.headings.vocabulary.facts[key].of == of
            (table.facts if own else table.keys)[key] = Given(of_list(values), YUAN)
        return table

    def _meant(self, table: UntypedTable, key: str) -> tuple[Fact | None, str | None]:
        """The fact that a key names, and the unit that it names beside it."""
        own = self.headings.find(table.of, key)
        if own and own.year is None:  # a file of one firm has one year, and says so in its own key
            return own.fact, own.unit
        firms = self.headings.find("firm", key) if table.of == "event" and table.owners is None else None
        return (firms.fact if firms and firms.fact.role in {"name", "id"} else None), None


def _table_of(key: str) -> Of | None:
    return next((of for of, names in TABLES.items() if normal(key) in names), None)


def _cell(value: object, unit: str | None) -> object:
    """A value as `cells` takes it: with the unit of its key, and a time of day where there is one left to see."""
    if isinstance(value, dt.datetime):
        return value.isoformat(" ")
    found = figure(value) if unit else None
    return f"{found.number:f}{unit}" if found and not found.unit else value
