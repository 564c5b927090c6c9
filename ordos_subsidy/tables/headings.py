"""What a heading says: which fact, and in which unit its figures are counted.

Units stand in brackets, after a slash, after a blank or right at the end of the name; a bracket that names
no unit is a note. A bracket that names money of another kind is no note: figures in dollars must not pass
for yuan.

>>> unit_in("（单位：万元）"), unit_in("含税, 元"), unit_in("万美元"), unit_in("可多选")
('万元', '元', '?', None)
>>> sheet_unit("金额单位：万元"), sheet_unit("单位：元宝山煤业"), sheet_unit("2022年度（元）")
('万元', None, '元')
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ordos_subsidy.cells import PERCENT, UNITS, type_of
from ordos_subsidy.cells.spelling import fold
from ordos_subsidy.errors import did_you_mean
from ordos_subsidy.facts import Fact, Of, Vocabulary, normal

#: The unit of figures under a heading that names money, but none we know.
STRANGE = "?"

#: Units as headings write them, besides those that may stand beside a figure.
_HEADING_UNITS = {
    "10,000yuan": "万元",
    "10kyuan": "万元",
    "cny10,000": "万元",
    "rmb10,000": "万元",
    "100millionyuan": "亿元",
    "%": PERCENT,
    "％": PERCENT,
}
#: Names of our money that say nothing about tens of thousands.
_CURRENCY = {"rmb", "cny"}
_STRANGE_MONEY = re.compile(r"元|[$€£₽]|美金|欧|港币|日币|usd|eur|hkd|jpy|dollar|万|亿", re.IGNORECASE)

_NUMBERED = re.compile(r"^\s*(?:[（(][0-9一二三四五六七八九十]+[）)]|[0-9一二三四五六七八九十]+[.、．])\s*")
_BRACKETED = re.compile(r"^(.+?)\s*[(\[{【〔]([^()\[\]{}【】〔〕]*)[)\]}】〕]\s*[:*]*$", re.DOTALL)
_BRACKET = re.compile(r"[(\[{【〔]([^()\[\]{}【】〔〕]*)[)\]}】〕]")
_TOKENS = re.compile(r"[\s,;:、]+")
_SPELT = "|".join(sorted((re.escape(unit) for unit in UNITS), key=len, reverse=True))
_TAIL = re.compile(rf"^(.+?)\s*[/|,:\s-]*\s*({_SPELT}|%)\s*[:*]*$", re.IGNORECASE | re.DOTALL)
_SAID = re.compile(
    rf"(?:单位|unit)(?:均|都|一律|统一)?\s*[:为是]\s*(?:人民币)?({_SPELT})(?![\w/／])|以(?:人民币)?({_SPELT})为单位",
    re.IGNORECASE,
)
_UNIT_LENGTH = 24
#: A heading is not longer than this.
LONGEST = 80


def known_unit(text: str) -> str | None:
    """The name of a unit as `cells` knows it."""
    compact = "".join(fold(text).split()).casefold()
    bare = compact.removeprefix("人民币").removesuffix("/年")
    return _HEADING_UNITS.get(compact) or next((each for each in (compact, bare) if each in UNITS), None)


def lone_unit(cell: object) -> str | None:
    """The unit that is all a cell says, in brackets or not."""
    return known_unit(cell.strip("()（） ")) if isinstance(cell, str) and len(cell) <= _UNIT_LENGTH else None


def unit_in(bracket: str) -> str | None:
    """The unit that the words of a bracket name, STRANGE for money of an unknown kind, None for a note."""
    text = fold(bracket).strip("()（）[]【】")
    if whole := known_unit(text):
        return whole
    tokens = _TOKENS.split(text.removeprefix("单位").removeprefix("金额单位"))
    found = {unit for unit in map(known_unit, tokens) if unit}
    found = found - _CURRENCY or found
    if len(found) == 1:
        return found.pop()
    return STRANGE if found or _STRANGE_MONEY.search(text) else None


def sheet_unit(text: str) -> str | None:
    """The unit that a note or a title above a table sets for all of it."""
    text = fold(text)
    if said := _SAID.search(text):
        return known_unit(said[1] or said[2])
    units = {unit_in(each) for each in _BRACKET.findall(text)} - {None, STRANGE, PERCENT}
    return units.pop() if len(units) == 1 else None


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that was understood."""

    fact: Fact
    unit: str | None = None


class Headings:
    """Looks headings up; each distinct one is worked out once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._seen: dict[tuple[Of, str], Heading | None] = {}

    def find(self, of: Of, text: object) -> Heading | None:
        """The heading in a cell, or None."""
        if not isinstance(text, str) or len(text) > LONGEST:
            return None
        if (of, text) not in self._seen:
            self._seen[of, text] = self._find(of, fold(text))
        return self._seen[of, text]

    def find_either(self, of: Of, text: object) -> Heading | None:
        """The heading in a cell of a table: of its own facts, or of the firm's beside them."""
        return self.find(of, text) or self.find("firm", text)

    def _find(self, of: Of, text: str) -> Heading | None:
        text = _NUMBERED.sub("", text) or text
        if fact := self._vocabulary.find(of, text):
            return Heading(fact)
        if bracketed := _BRACKETED.match(text):
            inner = self._find(of, bracketed[1])
            unit = unit_in(bracketed[2])
            return inner and Heading(inner.fact, _of(inner.fact, unit) or inner.unit)
        if tail := _TAIL.match(text):
            fact = self._vocabulary.find(of, tail[1])
            if fact and type_of(fact).unit:
                return Heading(fact, _of(fact, known_unit(tail[2])))
        return None

    def near(self, of: Of, text: str) -> str:
        """The name of a fact that a heading was perhaps meant to be, or an empty string."""
        names = {normal(name): name for name in reversed(self._vocabulary.names(of))}
        bare = _BRACKETED.match(fold(text))
        return names.get(did_you_mean(normal(bare[1] if bare else text), names), "")


def _of(fact: Fact, unit: str | None) -> str | None:
    """A unit, where the fact has any use for it."""
    if type_of(fact).money:
        return STRANGE if unit == PERCENT else unit
    return unit if type_of(fact).unit == "percent" and unit == PERCENT else None
