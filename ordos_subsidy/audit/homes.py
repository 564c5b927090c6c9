"""Which segment of its clause a measure speaks of: the one that has most of its figures and of its words.

The words of a measure are those of its title, of its kinds of event and of what the sum depends on; pairs of signs
that are rare in the clause count for more.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from ordos_subsidy.audit import claims
from ordos_subsidy.audit.claims import Claim
from ordos_subsidy.audit.clauses import Part, Segment
from ordos_subsidy.audit.plain import fold

if TYPE_CHECKING:
    from ordos_subsidy.policy import grammar

#: A measure's words must have this much in common with a segment to be at home there without a figure.
LEAST_COMMON = 0.25
#: All words of a measure count as much as so many of its figures, so that a wrong figure does not move its home.
WORDS_WEIGHT = 3


@dataclass(frozen=True)
class Home:
    """A measure, its figures, and where in the text it belongs.

    `by_figure`: it states figures, so that the words beside them are for it to answer.
    """

    measure: grammar.MeasureEntry
    claims: tuple[Claim, ...]
    part: Part
    segment: Segment | None
    by_figure: bool

    def in_piece(self, place: int) -> bool:
        """Whether a place of the part lies between the same full stops or semicolons."""
        return self.segment is not None and self.part.segment_at(place).piece == self.segment.piece


def home(measure: grammar.MeasureEntry, part: Part, kinds: dict[str, grammar.KindEntry]) -> Home:
    """Find where a measure belongs in its clause."""
    stated = tuple(claims.of_measure(measure))
    wanted = {each.figure for each in stated}
    common = _common(_names(measure, kinds), tuple(segment.text for segment in part.segments))
    found = [each for each in part.figures if each.key in wanted]
    counts = [
        len({each.key for each in found if segment.start <= each.start < segment.end}) for segment in part.segments
    ]
    scores = [count + WORDS_WEIGHT * share for count, share in zip(counts, common, strict=True)]
    best = max(range(len(scores)), key=lambda place: (scores[place], -place), default=None)
    if best is None or not (counts[best] or common[best] >= LEAST_COMMON):
        return Home(measure, stated, part, None, by_figure=False)
    return Home(measure, stated, part, part.segments[best], by_figure=any(each.kind != "date" for each in stated))


def _names(measure: grammar.MeasureEntry, kinds: dict[str, grammar.KindEntry]) -> list[str]:
    """The Chinese words for what a measure gives."""
    own = [kinds[claim] for claim in measure.claims if claim in kinds]
    names = [measure.title.zh, *(kind.title.zh for kind in own), *(alias for kind in own for alias in kind.aliases)]
    if measure.amount and measure.amount.depends_on:
        names.append(measure.amount.depends_on.zh)
    return list(map(fold, names))


def _common(names: Iterable[str], segments: tuple[str, ...]) -> list[float]:
    """For each segment, the share of the names' pairs of signs that it holds, rare pairs weighing more."""
    weights = _weights(segments)
    wanted = {pair for name in names for pair in _pairs(name) if pair in weights}
    every = math.fsum(weights[pair] for pair in wanted) or 1.0
    return [math.fsum(weights[pair] for pair in wanted & _pairs(segment)) / every for segment in segments]


@lru_cache(maxsize=256)
def _weights(segments: tuple[str, ...]) -> dict[str, float]:
    """The weight of each pair of signs of some segments."""
    frequency = Counter(pair for segment in segments for pair in _pairs(segment))
    return {pair: math.log(1 + len(segments) / count) for pair, count in frequency.items()}


@lru_cache(maxsize=4096)
def _pairs(text: str) -> frozenset[str]:
    """The pairs of signs of a text that have no punctuation in them."""
    return frozenset(text[place : place + 2] for place in range(len(text) - 1) if text[place : place + 2].isalnum())
