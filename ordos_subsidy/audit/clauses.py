r"""A text taken apart: its clauses with heading, departments and segments, and what stands outside of them.

Clause numbers are looked for in the style of the policy file's own references ("（一）", "第一条", "1."), so that no
document's numbering is built in. Where a number stands twice (a cross-reference), the one that the heading of the
file follows is the clause. White space and line breaks do not matter.

>>> fold("最高 １０００ 万元，“一次性”\n补贴")
'最高1000万元,"一次性"补贴'
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import NamedTuple, TypeAlias

from ordos_subsidy.audit.text_figures import TextFigure, TextWord, documents, figures, words

_QUOTES, _DASHES = dict.fromkeys("“”„‟〝〞＂「」『』‘’", '"'), dict.fromkeys("‐‑‒–—―−－", "-")
_INVISIBLE = dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f", "")
_SAME = _QUOTES | _DASHES | _INVISIBLE
_AROUND = 14
_CHINESE = "〇零一二三四五六七八九十百"
_DEPARTMENTS = re.compile(
    r"[(\[](?:责任|牵头|主管|实施|配合|落实)(?:单位|部门):(?P<names>(?:[^()]|\([^()]{0,99}\)){0,2000})[)\]]"
)
_SENTENCE = re.compile(r"[^。;!?]+[。;!?]?")
_GIVES = re.compile(r"给予|资助|补助|补贴|奖补|奖励|安排")
#: A clause's number weighs one, the heading that follows it ten.
_HEADING_WEIGHT = 10
#: What looks like the number of a clause.
Marker: TypeAlias = "re.Match[str]"


# --- one spelling


@lru_cache(maxsize=8192)
def _fold_sign(sign: str) -> str:
    folded = _SAME.get(sign)
    if folded is not None:
        return folded
    return "".join(_SAME.get(each, each) for each in unicodedata.normalize("NFKC", sign) if not each.isspace())


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Return the text with width variants folded (NFKC), white space removed, quotation marks and dashes unified."""
    return "".join(map(_fold_sign, text))


class Plain(NamedTuple):
    """A folded text with the original sign of each of its signs, for quoting."""

    folded: str
    original: tuple[str, ...]

    def quote(self, start: int, end: int, around: int = _AROUND) -> str:
        """Return the original words from `start` to `end` with some signs around them."""
        first, last = max(start - around, 0), min(end + around, len(self.folded))
        words = "".join(self.original[first:last])
        return f"{'…' if first else ''}{words}{'…' if last < len(self.folded) else ''}"


def _plain(text: str) -> Plain:
    pairs = [(each, sign if not place else "") for sign in text for place, each in enumerate(_fold_sign(sign))]
    return Plain("".join(each for each, _ in pairs), tuple(sign for _, sign in pairs))


# --- the parts of a text


class Segment(NamedTuple):
    """A part of a sentence about one thing given: from one 对 to the next."""

    start: int
    text: str
    piece: int
    sentence: int

    def holds(self, place: int) -> bool:
        """Whether a place of the passage lies within."""
        return self.start <= place < self.start + len(self.text)


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
        return next((each for each in self.segments if each.holds(place)), Segment(0, self.text, 0, 0))

    def quote(self, start: int, end: int, around: int = _AROUND) -> str:
        """Return the original words around a place of this passage."""
        return self.plain.quote(self.start + start, self.start + end, around)


@dataclass
class SplitText:
    """A text: its clauses by number, the rest as clause 0, and markers that belong to no clause of the file."""

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
    plain = _plain(content)
    folded, wanted = plain.folded, [(fold(reference), fold(heading)) for _, reference, heading in expected]
    text, markers = SplitText(plain), _markers(folded, [reference for reference, _ in wanted])
    chosen = _aligned(folded, markers, wanted)
    places = {marker.start() for marker in chosen.values()}
    # A marker is extra where a clause begins that is none of the file.
    begun = [each for each in markers if each.start() and folded[each.start() - 1] in "。;)]"]
    text.extra = [each for each in begun if each.start() not in places]
    previous = 0
    starts = [*sorted(places), len(folded)]
    for index, marker in sorted(chosen.items()):
        number, heading = expected[index][0], wanted[index][1]
        limit = next(start for start in starts if start > marker.start())
        clause = _clause(plain, number, marker, limit, heading)
        before = folded[previous : marker.start()]
        text.clauses[number] = replace(clause, before=before)
        if before and not text.outside:
            # Without the heading of the first clause's part.
            head = re.sub(rf"(?:第?[{_CHINESE}]+[、章.编])[^。;,]*$", "", before)
            text.outside.append(Passage(0, plain, 0, head))
        previous = clause.start + len(clause.text)
        departments = _DEPARTMENTS.search(folded, previous, limit)
        previous = departments.end() if departments else previous
    text.outside.append(Passage(0, plain, previous, folded[previous:]))
    return text


def _markers(folded: str, references: Sequence[str]) -> list[Marker]:
    """Return every place that looks like one of the references, with any number in it."""
    styles = {re.sub(r"\d+", "9", re.sub(rf"[{_CHINESE}]+", "一", each)) for each in references}
    patterns = [
        re.escape(style).replace("一", f"[{_CHINESE}]+", 1).replace("9", r"\d+", 1) for style in sorted(styles) if style
    ]
    found = [match for each in patterns for match in re.finditer(each, folded)]
    return sorted(found, key=lambda each: each.start())


def _aligned(folded: str, markers: Sequence[Marker], expected: Sequence[tuple[str, str]]) -> dict[int, Marker]:
    """Return the marker of each clause: the longest sequence in order, markers before their heading preferred."""
    nothing: tuple[int, tuple[tuple[int, Marker], ...]] = (0, ())
    #: For each marker the best weight from it on, with the clauses and markers chosen, of the clauses looked at.
    later = [nothing] * (len(markers) + 1)
    for index, (reference, heading) in reversed(list(enumerate(expected))):
        best = [nothing] * (len(markers) + 1)
        for place, marker in reversed(list(enumerate(markers))):
            weight, chosen = later[place + 1]
            gain = 1 + _HEADING_WEIGHT * folded.startswith(heading, marker.end())
            taken = (weight + gain, ((index, marker), *chosen)) if marker[0] == reference else nothing
            best[place] = max(taken, later[place], best[place + 1], key=lambda each: each[0])
        later = best
    return dict(later[0][1])


def _clause(plain: Plain, number: int, marker: Marker, limit: int, heading: str) -> Passage:
    body = plain.folded[marker.end() : limit]
    found = heading if body.startswith(heading) else re.split(r"[。:;]", body, maxsplit=1)[0][:40]
    start = marker.end() + len(found) + (body[len(found) : len(found) + 1] in tuple("。:"))
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
        if rest.startswith("对") or _GIVES.search(rest.split(",", 1)[0]):
            yield comma.end()
    yield len(piece)
