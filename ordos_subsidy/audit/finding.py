"""What does not hold: a value with its place in the text and in the policy file, worded when it is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ordos_subsidy.errors import Param, Problem
from ordos_subsidy.words import Lang, phrase, say

if TYPE_CHECKING:
    from ordos_subsidy.audit.clauses import Part
    from ordos_subsidy.audit.homes import Home


@dataclass(frozen=True)
class Finding:
    """One thing that does not hold. `clause` 0 is outside all clauses; `measure` and `key` may be empty."""

    code: str
    clause: int
    around: str = ""
    measure: str = ""
    key: str = ""
    params: tuple[tuple[str, Param], ...] = ()

    def problem(self) -> Problem:
        """The finding as a problem, which `words` puts into sentences."""
        return Problem(f"audit.{self.code}", params=self.params)

    def place(self, lang: Lang) -> str:
        """Where it is: the clause, and measure and key of the policy file."""
        clause = phrase("audit.clause" if self.clause else "audit.outside", lang, number=self.clause)
        return " ".join(filter(None, (clause, ".".join(filter(None, (self.measure, self.key))))))

    def as_dict(self, lang: Lang) -> dict[str, object]:
        """The finding for programs."""
        said = say(self.problem(), lang)
        return {
            "code": self.code,
            "clause": self.clause,
            "around": self.around,
            "measure": self.measure or None,
            "key": self.key or None,
            "what": said.what,
            "remedy": said.remedy,
        }


def in_text(code: str, part: Part, start: int, end: int, **params: object) -> Finding:
    """A finding at a place of the text."""
    told = tuple((name, str(value)) for name, value in params.items())
    return Finding(code, part.number, part.quote(start, end), params=told)


def in_policy(code: str, home: Home, key: str, **params: object) -> Finding:
    """A finding at a key of a measure, with the words that the measure belongs to."""
    told = tuple((name, str(value)) for name, value in params.items())
    segment = home.segment
    around = home.part.quote(segment.start, segment.end, around=0) if segment else ""
    return Finding(code, home.part.number or home.measure.clause, _short(around), home.measure.id, key, told)


SHORT = 60


def _short(words: str) -> str:
    """The end of a long quotation: sums stand there."""
    return words if len(words) <= SHORT else f"…{words[-SHORT:]}"
