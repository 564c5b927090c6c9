"""What one audit compares: the policy file, the text split into clauses, the place of each measure in it, and findings.

A file that changes another is read with the other's facts, lists and kinds of event, but only its own clauses and
measures are held to the text. A measure whose clause the file does not declare belongs to the text as a whole.

The home of a measure is the segment of its clause that has most of its figures and of its words: those of its title,
of its kinds of event and of what the sum depends on; pairs of signs that are rare in the clause count for more.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from ordos_subsidy.audit import stated
from ordos_subsidy.audit.clauses import Passage, Segment, SplitText, fold
from ordos_subsidy.audit.stated import StatedFigure
from ordos_subsidy.audit.text_figures import FigureKey, TextFigure, TextWord, figures
from ordos_subsidy.errors import Param, Problem
from ordos_subsidy.messages import Lang, phrase, say

if TYPE_CHECKING:
    from ordos_subsidy.policy import grammar

#: A measure's words must have this much in common with a segment to be at home there without a figure.
_LEAST_COMMON = 0.25
#: All words of a measure count as much as so many of its figures, so that a wrong figure does not move its home.
_WORDS_WEIGHT = 3
#: The longest quotation of a finding.
_SHORT = 60


# --- findings


@dataclass(frozen=True)
class AuditFinding:
    """One difference. `clause` 0 is outside all clauses; `measure` and `key` may be empty."""

    code: str
    clause: int
    around: str = ""
    measure: str = ""
    key: str = ""
    params: tuple[tuple[str, Param], ...] = ()

    def problem(self) -> Problem:
        """Return the finding as a problem, which `messages` puts into sentences."""
        return Problem(f"audit.{self.code}", params=self.params)

    def place(self, lang: Lang) -> str:
        """Return its place: the clause, and measure and key of the policy file."""
        clause = phrase("audit.clause" if self.clause else "audit.outside", lang, number=self.clause)
        return " ".join(filter(None, (clause, ".".join(filter(None, (self.measure, self.key))))))

    def as_dict(self, lang: Lang) -> dict[str, object]:
        """Return the finding for JSON."""
        said = say(self.problem(), lang)
        place = {"clause": self.clause, "around": self.around, "measure": self.measure or None, "key": self.key or None}
        return {"code": self.code, **place, "what": said.what, "remedy": said.remedy}


def in_text(code: str, passage: Passage, place: TextFigure | TextWord, **params: str) -> AuditFinding:
    """Return a finding at a figure or word of the text."""
    return AuditFinding(code, passage.number, passage.quote(place.start, place.end), params=tuple(params.items()))


def in_clause(code: str, clause: int, key: str, **params: str) -> AuditFinding:
    """Return a finding at a key of a clause (0: of the whole file)."""
    return AuditFinding(code, clause, key=key, params=tuple(params.items()))


def in_policy(code: str, home: Home, key: str, **params: str) -> AuditFinding:
    """Return a finding at a key of a measure, quoting the end of the measure's segment, where sums stand."""
    segment = home.segment
    words = home.part.quote(segment.start, segment.start + len(segment.text), around=0) if segment else ""
    around = words if len(words) <= _SHORT else f"…{words[-_SHORT:]}"
    clause = home.part.number or home.measure.clause
    return AuditFinding(code, clause, around, home.measure.id, key, tuple(params.items()))


# --- what is compared


class Home(NamedTuple):
    """A measure, its figures, and where in the text it belongs.

    `by_figure`: it states figures, so that the words beside them are for it to answer.
    """

    measure: grammar.MeasureEntry
    claims: list[StatedFigure]
    part: Passage
    segment: Segment | None
    by_figure: bool

    def in_piece(self, place: int) -> bool:
        """Whether a place of the passage lies between the same full stops or semicolons."""
        return self.segment is not None and self.part.segment_at(place).piece == self.segment.piece

    def marked(self, key: str) -> bool:
        """Whether a reading marks a key as ours."""
        return any(names(each, key) for reading in self.measure.readings for each in reading.of)


def names(entry: str, key: str) -> bool:
    """Whether an entry of a reading names a key, or one above it."""
    return key == entry or key.startswith((f"{entry}.", f"{entry}["))


@dataclass(frozen=True)
class Scope:
    """A policy file and a text; `base` gives the vocabulary of a file that changes another."""

    document: grammar.Document
    base: grammar.Document
    text: SplitText

    @cached_property
    def homes(self) -> list[Home]:
        """The home of each measure; measures of a clause that the text lacks are left out."""
        declared = {each.number for each in self.document.clause}
        rest = max(self.text.outside, key=lambda part: len(part.text))
        parts = {number: self.text.clauses.get(number) for number in declared}
        places = [(each, parts.get(each.clause, rest)) for each in self.document.measure]
        return [self._home(each, part) for each, part in places if part is not None]

    def _home(self, measure: grammar.MeasureEntry, part: Passage) -> Home:
        """Return the home of a measure in its passage."""
        own = stated.of_measure(measure)
        wanted = {each.figure for each in own}
        common = _common(self._names(measure), tuple(segment.text for segment in part.segments))
        found = [each for each in part.figures if each.key in wanted]
        counts = [len({each.key for each in found if segment.holds(each.start)}) for segment in part.segments]
        scores = [count + _WORDS_WEIGHT * share for count, share in zip(counts, common, strict=True)]
        best = max(range(len(scores)), key=lambda place: (scores[place], -place), default=None)
        if best is None or not (counts[best] or common[best] >= _LEAST_COMMON):
            return Home(measure, own, part, None, by_figure=False)
        return Home(measure, own, part, part.segments[best], by_figure=any(each.figure[0] != "date" for each in own))

    def _names(self, measure: grammar.MeasureEntry) -> list[str]:
        """Return the Chinese names of what a measure gives, folded."""
        kinds = self.entries("kind")
        own = [kinds[claim] for claim in measure.claims if claim in kinds]
        found = [measure.title.zh, *(kind.title.zh for kind in own), *(alias for kind in own for alias in kind.aliases)]
        if measure.amount and measure.amount.depends_on:
            found.append(measure.amount.depends_on.zh)
        return list(map(fold, found))

    def entries(self, table: str) -> dict[str, Any]:
        """Return the entries of a table that rules may name, by their keys."""
        return {**getattr(self.base, table), **getattr(self.document, table)}

    def answers(self, list_: str) -> dict[str, grammar.ChoiceEntry]:
        """Return the answers of a list, by their keys."""
        lists = self.entries("list_")
        return lists[list_].items if list_ in lists else {}

    def tests(self, home: Home) -> Iterator[tuple[Any, grammar.FactEntry]]:
        """Yield the comparisons of a measure's condition, with the facts that they compare."""
        facts = self.entries("fact")
        tests = [(test, facts.get(getattr(test, "fact", ""))) for test in stated.walk(home.measure.when)]
        return ((test, fact) for test, fact in tests if fact)

    def homes_in(self, part: Passage) -> list[Home]:
        """Return the measures at home in a passage."""
        return [each for each in self.homes if each.part is part]

    @cached_property
    def excuses(self) -> list[tuple[grammar.UnclaimedEntry, list[tuple[Passage, int, int]]]]:
        """The `[[unclaimed]]` entries with the places that they quote: passage, start, end."""
        return [(each, list(self._places(each))) for each in self.document.unclaimed]

    def _places(self, entry: grammar.UnclaimedEntry) -> Iterator[tuple[Passage, int, int]]:
        wanted, clause = fold(entry.figure), self.text.clauses.get(entry.clause)
        for part in self.text.outside if not entry.clause else [clause] if clause else []:
            start = part.text.find(wanted)
            while wanted and start >= 0:
                yield part, start, start + len(wanted)
                start = part.text.find(wanted, start + len(wanted))

    def excused(self, part: Passage, found: TextFigure | TextWord) -> bool:
        """Whether an `[[unclaimed]]` entry covers a figure or word of the text."""
        places = [place for _, places in self.excuses for place in places]
        return any(each is part and first <= found.start and found.end <= last for each, first, last in places)

    def clause(self, number: int) -> grammar.ClauseEntry | None:
        """Return a clause of the file, or None."""
        return next((each for each in self.document.clause if each.number == number), None)

    @cached_property
    def group_claims(self) -> list[StatedFigure]:
        """The figures of limits that measures share."""
        return [claim for slug, limit in self.document.limit.items() for claim in stated.of_group(slug, limit)]

    @cached_property
    def head_figures(self) -> frozenset[FigureKey]:
        """The days of the document's head, and of the document that follows it."""
        head = self.document.policy
        days = [head.dated, head.effective, *([head.succeeded_by.from_] if head.succeeded_by else [])]
        whole: set[FigureKey] = {("date", (day.year, day.month, day.day)) for day in days}
        return frozenset(whole | {("date", (day.year, None, None)) for day in days[:2]})

    @cached_property
    def head_sentences(self) -> set[FigureKey]:
        """The figures of the head's sentences: title, the note on the first day, footnotes."""
        head = self.document.policy
        said = [head.title, *([head.effective_note] if head.effective_note else []), *head.footnotes]
        return {figure.key for words in said for figure in figures(fold(words.zh))}


def _common(names: Iterable[str], segments: tuple[str, ...]) -> list[float]:
    """Return, for each segment, the share of the names' pairs of signs that it holds; rare pairs weigh more."""
    weights = _weights(segments)
    wanted = {pair for name in names for pair in _pairs(name) if pair in weights}
    every = math.fsum(weights[pair] for pair in wanted) or 1.0
    return [math.fsum(weights[pair] for pair in wanted & _pairs(segment)) / every for segment in segments]


@lru_cache(maxsize=256)
def _weights(segments: tuple[str, ...]) -> dict[str, float]:
    """Return the weight of each pair of signs of some segments."""
    frequency = Counter(pair for segment in segments for pair in _pairs(segment))
    return {pair: math.log(1 + len(segments) / count) for pair, count in frequency.items()}


@lru_cache(maxsize=4096)
def _pairs(text: str) -> frozenset[str]:
    """Return the pairs of signs of a text without punctuation."""
    return frozenset(text[place : place + 2] for place in range(len(text) - 1) if text[place : place + 2].isalnum())
