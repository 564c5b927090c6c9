"""What one audit looks at: the policy file, the text taken apart, and where each measure belongs in it.

A file that changes another is read with the other's facts, lists and kinds of event, but only its own clauses and
measures are held to the text. A measure whose clause the file does not declare belongs to the text as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ordos_subsidy.audit import claims
from ordos_subsidy.audit.claims import Claim
from ordos_subsidy.audit.clauses import Part, Text
from ordos_subsidy.audit.figures import Figure, Kind, Value, figures
from ordos_subsidy.audit.homes import Home, home
from ordos_subsidy.audit.plain import fold

if TYPE_CHECKING:
    from ordos_subsidy.policy import grammar


@dataclass(frozen=True)
class Excuse:
    """An `[[unclaimed]]` entry and the places of the text that it covers."""

    entry: grammar.UnclaimedEntry
    places: tuple[tuple[Part, int, int], ...]

    def covers(self, part: Part, start: int, end: int) -> bool:
        """Whether a place of the text lies within."""
        return any(each is part and first <= start and end <= last for each, first, last in self.places)


@dataclass(frozen=True)
class Scope:
    """A policy file and a text; `base` gives the vocabulary of a file that changes another."""

    document: grammar.Document
    base: grammar.Document
    text: Text

    @cached_property
    def homes(self) -> list[Home]:
        """Where each measure belongs; those of a clause that the text lacks are left out."""
        kinds = {**self.base.kind, **self.document.kind}
        declared = {each.number for each in self.document.clause}
        rest = max(self.text.outside, key=lambda part: len(part.text))
        parts = {number: self.text.clauses.get(number) for number in declared}
        places = [(each, parts.get(each.clause, rest)) for each in self.document.measure]
        return [home(each, part, kinds) for each, part in places if part is not None]

    def homes_in(self, part: Part) -> list[Home]:
        """The measures that belong to a part of the text."""
        return [each for each in self.homes if each.part is part]

    @cached_property
    def excuses(self) -> list[Excuse]:
        """The entries of `[[unclaimed]]` with what they cover."""
        return [Excuse(each, tuple(self._places(each))) for each in self.document.unclaimed]

    def _places(self, entry: grammar.UnclaimedEntry) -> Iterator[tuple[Part, int, int]]:
        wanted = fold(entry.figure)
        clause = self.text.clauses.get(entry.clause)
        for part in self.text.outside if not entry.clause else [clause] if clause else []:
            start = part.text.find(wanted)
            while wanted and start >= 0:
                yield part, start, start + len(wanted)
                start = part.text.find(wanted, start + len(wanted))

    def excused(self, part: Part, start: int, end: int) -> bool:
        """Whether the file lists a place of the text as deliberately not claimed."""
        return any(each.covers(part, start, end) for each in self.excuses)

    def clause(self, number: int) -> grammar.ClauseEntry | None:
        """A clause of the file."""
        return next((each for each in self.document.clause if each.number == number), None)

    @cached_property
    def group_claims(self) -> list[Claim]:
        """The figures of limits that measures share."""
        return [claim for slug, limit in self.document.limit.items() for claim in claims.of_group(slug, limit)]

    @cached_property
    def head_figures(self) -> frozenset[tuple[Kind, Value]]:
        """The days of the document's head, and of the document that follows it."""
        head = self.document.policy
        days = [head.dated, head.effective, *([head.succeeded_by.from_] if head.succeeded_by else [])]
        whole: set[tuple[Kind, Value]] = {("date", (day.year, day.month, day.day)) for day in days}
        return frozenset(whole | {("date", (day.year, None, None)) for day in days[:2]})

    @cached_property
    def head_sentences(self) -> list[Figure]:
        """The figures of the head's sentences: title, the note on the first day, footnotes."""
        head = self.document.policy
        said = [head.title, *([head.effective_note] if head.effective_note else []), *head.footnotes]
        return [figure for words in said for figure in figures(fold(words.zh))]


def read_figures(of: list[str]) -> frozenset[tuple[Kind, Value]]:
    """The figures among the entries of a reading; a bare number of four digits is a year."""
    texts = [f"{each}年" if each.isdigit() and len(each) == len("2021") else each for each in of]
    return frozenset(figure.key for text in texts for figure in figures(fold(text)))
