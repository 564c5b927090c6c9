"""Who is who: the firms by code and by name, those entered twice, and the firm an event belongs to."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import cached_property

from ordos_subsidy import cells
from ordos_subsidy.cells.spelling import shown
from ordos_subsidy.errors import problem, warning
from ordos_subsidy.firms.rows import Rows

#: What makes no difference between two spellings of a name.
NOISE = r"""[\s()\[\]{}【】〔〕「」《》<>"'“”‘’·•・.,，。_-]+"""
_NOISE = re.compile(NOISE)
#: The owner of an event that belongs to nobody.
NOBODY = -1


def loose(name: str) -> str:
    """A firm's name without what people write differently: width, case, blanks, brackets, dots.

    >>> loose("内蒙古（鄂尔多斯） 某某有限公司") == loose("内蒙古(鄂尔多斯)某某有限公司")
    True
    >>> loose("某某有限公司") == loose("某某有限责任公司")
    False
    """
    if name.isalnum() and unicodedata.is_normalized("NFKC", name):
        return name.casefold()
    return _NOISE.sub("", unicodedata.normalize("NFKC", name)).casefold() or name


Index = dict[cells.Value, list[int]]


def _index(values: list[cells.Value]) -> Index:
    rows: Index = defaultdict(list)
    for row, value in enumerate(values):
        if value is not None:
            rows[value].append(row)
    return dict(rows)


def _loose(values: list[cells.Value]) -> list[cells.Value]:
    return [loose(value) if isinstance(value, str) else None for value in values]


class Register:
    """The firms by code, by name, and by name however it is spelt."""

    def __init__(self, firms: Rows) -> None:
        self.firms = firms
        self.name, self.id = (firms.vocabulary.role("firm", role) for role in ("name", "id"))
        self.names = firms.column(self.name.key if self.name else "")
        self.codes = firms.column(self.id.key if self.id else "")
        self.by_code = _index(self.codes)
        self.by_name = _index(self.names)
        self.by_spelling = _index(_loose(self.names))

    def key(self, row: int) -> str:
        """The fact by which a firm is told: its code if it has one, else its name."""
        fact = self.id if self.codes[row] is not None else self.name
        return fact.key if fact else ""

    def settle(self) -> dict[int, int]:
        """Firms entered twice: the later row and the first of those that agree; those that do not are broken."""
        same: dict[int, int] = {}
        doubles = [rows for rows in self.by_code.values() if len(rows) > 1]
        # Firms of one name are two only if each has a code of its own.
        doubles += [rows for rows in self.by_name.values() if len(rows) > 1 and None in self.codes_of(rows)]
        for first, *others in doubles:
            for row in others:
                self._double(first, row, same)
        self._spellings()
        return {row: first for row, first in same.items() if row not in self.firms.broken}

    def codes_of(self, rows: list[int]) -> set[cells.Value]:
        """The codes of some firms, None among them where one has none."""
        return {self.codes[row] for row in rows}

    def _double(self, first: int, row: int, same: dict[int, int]) -> None:
        key = self.key(row)
        name, place = shown(self.names[row] or ""), self.firms.place(first, key)
        if all(column[first] == column[row] for column in self._columns):
            self.firms.problems.append(
                warning("reading.firm_repeated", self.firms.place(row, key), name=name, first=place)
            )
            same[row] = first
        else:
            self.firms.break_row(row, "reading.firm_twice", key, name=name, first=place)
            self.firms.broken.add(first)

    @cached_property
    def _columns(self) -> list[list[cells.Value]]:
        return [self.firms.column(fact.key) for fact in self.firms.vocabulary.of("firm")]

    def _spellings(self) -> None:
        """Two ways to write one name: perhaps one firm entered twice."""
        for first, *others in self.by_spelling.values():
            for row in others:
                apart = len(self.codes_of([first, row])) > 1 and None not in self.codes_of([first, row])
                if self.names[row] == self.names[first] or apart:
                    continue
                key = self.name.key if self.name else ""
                names = {"name": shown(self.names[row]), "other": shown(self.names[first])}
                at, place = self.firms.place(row, key), self.firms.place(first, key)
                self.firms.problems.append(warning("reading.spellings", at, first=place, **names))


class Owners:
    """Finds the firm of each event, and says where it had to look twice."""

    def __init__(self, events: Rows, register: Register) -> None:
        self.events, self.register = events, register
        self.names = events.joining(register.name)
        self.codes = events.joining(register.id)
        self._said: set[tuple[object, ...]] = set()
        self._found: dict[tuple[cells.Value, cells.Value], int] = {}

    def find(self, passed_over: set[int]) -> list[int]:
        """The row of each event's firm, NOBODY for those that belong to none."""
        owners: list[int] = []
        for part in self.events.parts:
            start = len(owners)
            owners += part.records.owners or [
                NOBODY if row in passed_over else self._owner(row) for row in range(start, start + part.height)
            ]
        return owners

    def _owner(self, row: int) -> int:
        key = self.codes[row], self.names[row]
        owner = self._found.get(key, NOBODY)
        if owner == NOBODY:  # those that belong to nobody are each said
            owner = self._found[key] = self._search(row, *key)
        return owner

    def _search(self, row: int, code: cells.Value, name: cells.Value) -> int:
        if code is None and name is None:
            return self._unnamed(row)
        if code is not None and (found := self.register.by_code.get(code)):
            self._compare(row, found[0])
            return found[0]
        found = self.register.by_name.get(name, [])
        if not found and isinstance(name, str):
            found = self.register.by_spelling.get(loose(name), [])
        if code is not None:  # a firm known by another code is another firm
            found = [firm for firm in found if self.register.codes[firm] is None]
        if len({(self.register.names[firm], self.register.codes[firm]) for firm in found}) > 1:
            return self._lost(row, "reading.event_ambiguous", name=shown(name))
        if not found:
            return self._lost(row, "reading.event_unclaimed", name=shown(code if name is None else name))
        self._compare(row, found[0])
        return found[0]

    def _unnamed(self, row: int) -> int:
        """An event that names no firm: fine where there is only one."""
        if self.register.firms.height == 1:
            return 0
        keys = [fact.key for fact in (self.register.name, self.register.id) if fact]
        if not any(self.events.was_refused(row, key) for key in keys):
            self._lost(row, "reading.event_unnamed")
        return NOBODY

    def _compare(self, row: int, firm: int) -> None:
        """Say where the event calls its firm by another name than the firm itself does."""
        given, name = self.names[row], self.register.names[firm]
        if given in {None, name} or (given, firm) in self._said:
            return
        self._said.add((given, firm))
        alike = isinstance(given, str) and isinstance(name, str) and loose(given) == loose(name)
        code = "reading.event_spelling" if alike else "reading.event_other_name"
        at = self.events.place(row, self.register.name.key if self.register.name else "")
        self.events.problems.append(warning(code, at, given=shown(given), name=shown(name)))

    def _lost(self, row: int, code: str, **params: str) -> int:
        facts = ((self.codes, self.register.id), (self.names, self.register.name))
        name = self.register.name.key if self.register.name else ""
        key = next((fact.key for values, fact in facts if fact and values[row] is not None), name)
        self.events.problems.append(problem(code, self.events.place(row, key), severity="error", **params))
        return NOBODY
