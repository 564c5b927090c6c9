"""A text taken apart: its clauses with heading, departments and segments, and what stands outside of them.

Clause numbers are looked for in the style of the policy file's own references ("（一）", "第一条", "1."), so that no
document's numbering is built in. Where a number stands twice (a cross-reference), the one that the heading of the
file follows is the clause. White space and line breaks do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from ordos_subsidy.audit.numerals import AROUND, Plain, fold
from ordos_subsidy.audit.text_figures import TextFigure, TextWord, documents, figures, words

_CHINESE = "〇零一二三四五六七八九十百"
_DEPARTMENTS = re.compile(
    r"[(\[](?:责任|牵头|主管|实施|配合|落实)(?:单位|部门):(?P<names>(?:[^()]|\([^()]{0,99}\)){0,2000})[)\]]"
)
_SENTENCE = re.compile(r"[^。;!?]+[。;!?]?")
_GIVES = re.compile(r"给予|资助|补助|补贴|奖补|奖励|安排")
#: A clause's number weighs one, the heading that follows it ten.
_HEADING_WEIGHT = 10


@dataclass(frozen=True)
class Segment:
    """A part of a sentence about one thing given: from one 对 to the next."""

    start: int
    text: str
    piece: int
    sentence: int

    @property
    def end(self) -> int:
        """The place after its last sign in the text."""
        return self.start + len(self.text)


@dataclass(frozen=True)
class Passage:
    """A clause, or a stretch outside all clauses, with its figures; `start` is its place in the text."""

    number: int
    plain: Plain
    start: int
    text: str
    heading: str = ""
    before: str = ""
    departments: tuple[str, ...] | None = None

    @cached_property
    def figures(self) -> list[TextFigure]:
        """Figures and document numbers, with places within this passage."""
        return sorted([*figures(self.text), *documents(self.text)], key=lambda each: each.start)

    @cached_property
    def words(self) -> list[TextWord]:
        """Words of frequency and condition that are not the degree of a figure."""
        return words(self.text, self.figures)

    @cached_property
    def segments(self) -> list[Segment]:
        """The segments of all sentences, in order."""
        return list(_segments(self.text))

    def segment_at(self, place: int) -> Segment:
        """Return the segment that holds a place."""
        return next((each for each in self.segments if each.start <= place < each.end), Segment(0, self.text, 0, 0))

    def quote(self, start: int, end: int, around: int = AROUND) -> str:
        """Return the original words around a place of this passage."""
        return self.plain.quote(self.start + start, self.start + end, around)


@dataclass(frozen=True)
class Marker:
    """A sign sequence that looks like the number of a clause, with its place in the text."""

    reference: str
    start: int
    end: int


@dataclass
class SplitText:
    """A text: its clauses by number, and the rest as clause 0."""

    plain: Plain
    clauses: dict[int, Passage] = field(default_factory=dict)
    outside: list[Passage] = field(default_factory=list)
    extra: list[Marker] = field(default_factory=list)

    def parts(self) -> Iterator[Passage]:
        """Yield every clause, then the passages outside all clauses."""
        yield from self.clauses.values()
        yield from self.outside


def split(content: str, expected: Sequence[tuple[int, str, str]]) -> SplitText:
    """Split a text into the clauses of a policy file: (number, reference, heading) each, in the file's order."""
    plain = Plain.of(content)
    text = SplitText(plain)
    markers = _markers(plain.folded, [fold(reference) for _, reference, _ in expected])
    chosen = _aligned(plain.folded, markers, [(fold(reference), fold(heading)) for _, reference, heading in expected])
    text.extra = [each for each in markers if each not in chosen.values() and _begins(plain.folded, each)]
    previous = 0
    starts = [*sorted(marker.start for marker in chosen.values()), len(plain.folded)]
    for index, marker in sorted(chosen.items()):
        number, _, heading = expected[index]
        limit = next(start for start in starts if start > marker.start)
        clause = _clause(plain, number, marker, limit, fold(heading))
        before = plain.folded[previous : marker.start]
        text.clauses[number] = replace(clause, before=before)
        if before and not text.outside:
            text.outside.append(Passage(0, plain, 0, _without_part(before)))
        previous = clause.start + len(clause.text) + _tail(clause, plain.folded, limit)
    text.outside.append(Passage(0, plain, previous, plain.folded[previous:]))
    return text


def _without_part(before: str) -> str:
    """Return the text before the first clause, without the heading of its part."""
    return re.sub(rf"(?:第?[{_CHINESE}]+[、章.编])[^。;,]*$", "", before)


def _tail(clause: Passage, folded: str, limit: int) -> int:
    """Return the length of the list of departments behind a clause."""
    found = _DEPARTMENTS.search(folded, clause.start + len(clause.text), limit)
    return found.end() - clause.start - len(clause.text) if found else 0


def _markers(folded: str, references: Sequence[str]) -> list[Marker]:
    """Return every place that looks like one of the references, with any number in it."""
    styles = {re.sub(r"\d+", "9", re.sub(rf"[{_CHINESE}]+", "一", each)) for each in references}
    patterns = [
        re.escape(style).replace("一", f"[{_CHINESE}]+", 1).replace("9", r"\d+", 1) for style in sorted(styles) if style
    ]
    found = [Marker(match[0], *match.span()) for each in patterns for match in re.finditer(each, folded)]
    return sorted(found, key=lambda each: each.start)


def _aligned(folded: str, markers: Sequence[Marker], expected: Sequence[tuple[str, str]]) -> dict[int, Marker]:
    """Return the marker of each clause: the longest sequence in order, markers before their heading preferred."""
    rows = len(expected)
    best = [[0] * (len(markers) + 1) for _ in range(rows + 1)]
    gain = [[_gain(folded, marker, *each) for marker in markers] for each in expected]
    for i in range(rows - 1, -1, -1):
        for j in range(len(markers) - 1, -1, -1):
            taken = gain[i][j] + best[i + 1][j + 1] if gain[i][j] else 0
            best[i][j] = max(taken, best[i + 1][j], best[i][j + 1])
    chosen: dict[int, Marker] = {}
    i = j = 0
    while i < rows and j < len(markers):
        if gain[i][j] and best[i][j] == gain[i][j] + best[i + 1][j + 1]:
            chosen[i] = markers[j]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return chosen


def _gain(folded: str, marker: Marker, reference: str, heading: str) -> int:
    if marker.reference != reference:
        return 0
    return 1 + _HEADING_WEIGHT * folded.startswith(heading, marker.end)


def _begins(folded: str, marker: Marker) -> bool:
    """Whether a marker that belongs to no clause of the file stands where a clause begins."""
    return marker.start > 0 and folded[marker.start - 1] in "。;)]"


def _clause(plain: Plain, number: int, marker: Marker, limit: int, heading: str) -> Passage:
    body = plain.folded[marker.end : limit]
    found = heading if body.startswith(heading) else re.split(r"[。:;]", body, maxsplit=1)[0][:40]
    start = marker.end + len(found) + (body[len(found) : len(found) + 1] in tuple("。:"))
    names = list(_DEPARTMENTS.finditer(plain.folded, start, limit))
    end = names[-1].start() if names else limit
    departments = tuple(filter(None, re.split(r"[、,;]", names[-1]["names"]))) if names else None
    return Passage(number, plain, start, plain.folded[start:end], heading=found, departments=departments)


def _segments(text: str) -> Iterator[Segment]:
    """Yield segments, cut at 。 and ;, before ,对, and before a ,并 that gives something of its own."""
    sentence = 0
    for piece, found in enumerate(_SENTENCE.finditer(text)):
        start = found.start()
        for cut in _cuts(found[0]):
            yield Segment(start, text[start : found.start() + cut], piece, sentence)
            start = found.start() + cut
        sentence += not found[0].endswith(";")


def _cuts(piece: str) -> Iterator[int]:
    for comma in re.finditer(r",(?=对|并)", piece):
        rest = piece[comma.end() :]
        if rest.startswith("对") or _GIVES.search(re.split(",", rest, maxsplit=1)[0]):
            yield comma.end()
    yield len(piece)
