"""TOML as records: `[[firm]]` with `[[firm.event]]`, or one `[firm]` with `[[event]]`.

Keys are the headings of the spreadsheets: a fact's key, its names, with a unit in brackets if need be. A
plain number of money is yuan. A place reads `firm.toml: firm[2].event[1].amount`, counting from one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ordos_subsidy.cells.figures import figure
from ordos_subsidy.cells.spelling import shown
from ordos_subsidy.errors import Problem, Refused, did_you_mean, problem, warning
from ordos_subsidy.facts import Fact, Of, Vocabulary, normal
from ordos_subsidy.firms.grids import unknown_heading
from ordos_subsidy.firms.headings import Headings
from ordos_subsidy.firms.records import Raw, Records

#: What the tables of a file may be called.
TABLES: dict[Of, tuple[str, ...]] = {
    "firm": ("firm", "firms", "单位", "单位信息", "企业"),
    "event": ("event", "events", "事项", "申报事项"),
}
YUAN = "元"


@dataclass(frozen=True)
class _Table:
    """One firm or event: its path in the file, its entries, and for an event inside a firm that firm's number."""

    path: str
    entries: Mapping[str, object]
    owner: int = -1


@dataclass(frozen=True)
class Document:
    """The records of a file: its firms, the events inside them, and the events beside them."""

    firms: Records
    events: tuple[Records, ...]
    problems: tuple[Problem, ...]


def read(mapping: Mapping[str, object], where: str, vocabulary: Vocabulary) -> Document:
    """The records of a parsed file; `Refused` where its structure is not the one above."""
    reader = _Reader(where, vocabulary, Headings(vocabulary))
    firms, inside, beside = reader.tables(mapping)
    if not firms:
        raise Refused([*reader.problems, problem("reading.no_firm_toml", where)])
    events = [reader.records("event", tables) for tables in (inside, beside) if tables]
    return Document(reader.records("firm", firms), tuple(events), tuple(reader.problems))


@dataclass
class _Reader:
    """Walks a document and collects what is wrong with its structure."""

    name: str
    vocabulary: Vocabulary
    headings: Headings
    problems: list[Problem] = field(default_factory=list)

    def tables(self, mapping: Mapping[str, object]) -> tuple[list[_Table], list[_Table], list[_Table]]:
        """Firms, events inside firms, events beside them."""
        found: dict[Of, list[_Table]] = {"firm": [], "event": []}
        for key, value in mapping.items():
            of = _table_of(key)
            if of:
                found[of] += self._listed(shown(key), value)
            else:
                self._stray(key)
        firms: list[_Table] = []
        inside: list[_Table] = []
        for owner, firm in enumerate(found["firm"]):
            nested = {key for key in firm.entries if _table_of(key) == "event"}
            firms.append(_Table(firm.path, {k: v for k, v in firm.entries.items() if k not in nested}))
            for key in sorted(nested):
                inside += self._listed(f"{firm.path}.{shown(key)}", firm.entries[key], owner)
        return firms, inside, found["event"]

    def _listed(self, path: str, value: object, owner: int = -1) -> Iterator[_Table]:
        """The tables under a name: one, or a list of them."""
        if isinstance(value, Mapping):
            yield _Table(path, value, owner)
        elif isinstance(value, list) and all(isinstance(each, Mapping) for each in value):
            for number, each in enumerate(value, 1):
                yield _Table(f"{path}[{number}]", each, owner)
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

    def records(self, of: Of, tables: list[_Table]) -> Records:
        """Tables as columns."""
        written: dict[tuple[int, str], str] = {}

        def place(row: int, key: str) -> str:
            path = tables[row].path
            return self._at(f"{path}.{written[row, key]}" if (row, key) in written else path)

        records = Records(of, len(tables), place)
        if tables and tables[0].owner >= 0:
            records.owners = [each.owner for each in tables]
        for row, table in enumerate(tables):
            for key, value in table.entries.items():
                self._enter(records, written, row, key, value)
        return records

    def _enter(self, records: Records, written: dict[tuple[int, str], str], row: int, key: str, value: object) -> None:
        own = self.headings.find(records.of, key)
        joining = self._joining(key) if records.of == "event" and not own and records.owners is None else None
        fact = own.fact if own else joining
        if fact is None:
            at = f"{records.place(row, '')}.{shown(key)}"
            if said := unknown_heading(records.of, key, at, self.vocabulary, self.headings):
                records.problems.append(said)
            return
        columns = records.facts if own else records.keys
        raw = columns.setdefault(fact.key, Raw([None] * records.height, YUAN))
        cell = _cell(value, own.unit if own else None)
        if (row, fact.key) in written:
            at = records.place(row, fact.key)
            if raw.cells[row] == cell:
                records.problems.append(warning("reading.twice", at, others=shown(key)))
                return
            records.problems.append(problem("reading.differs", at, other=shown(key)))
            records.broken.add(row)
            return
        written[row, fact.key] = shown(key)
        raw.cells[row] = cell

    def _joining(self, key: str) -> Fact | None:
        heading = self.headings.find("firm", key)
        return heading.fact if heading and heading.fact.role in {"name", "id"} else None


def _table_of(key: str) -> Of | None:
    return next((of for of, names in TABLES.items() if normal(key) in names), None)


def _cell(value: object, unit: str | None) -> object:
    """A value as `cells` takes it: with the unit of its key, and a time of day where there is one left to see."""
    if isinstance(value, dt.datetime):
        return value.isoformat(" ")
    found = figure(value) if unit else None
    return f"{found.number:f}{unit}" if found and not found.unit else value
