"""Problems: what is wrong with an input, where, and what to do about it.

A mistake of a user is a value, not a crash: it is collected with its place, shown together with all the
others, and each carries a remedy. A `Problem` holds a code and parameters, never a sentence; the sentence is
found in `messages` when somebody reads it, in that reader's language.

>>> problem("files.missing", "firm.xlsx", severity="error").where
'firm.xlsx'
>>> did_you_mean("above_scal", ["above_scale", "high_tech"])
'above_scale'
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal, NamedTuple

Severity = Literal["error", "warning"]
Param = str | int


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input: its code, its place, its parameters, and its severity.

    `code` is `<room>.<name>` and picks the pair (what, remedy) in `messages/<area>.json`; `where` is the place as a
    user can find it (`firm.xlsx!申报事项!C7`, `policies.toml: measure 6.rd-investment.when`).
    """

    code: str
    where: str = ""
    params: tuple[tuple[str, Param], ...] = ()
    severity: Severity = "error"

    def __str__(self) -> str:
        """Its sentence, in the language of ORDOS_SUBSIDY_LANG or the locale."""
        return _sentence[0](self)


def problem(code: str, where: str = "", /, *, severity: Severity = "error", **params: object) -> Problem:
    """Return a problem whose parameters are text or integers, so that it is hashable."""
    kept = tuple((key, value if isinstance(value, int) else str(value)) for key, value in params.items())
    return Problem(code, where, kept, severity)


def warning(code: str, where: str = "", /, **params: object) -> Problem:
    """Return a problem of severity "warning": it stops nothing."""
    return problem(code, where, severity="warning", **params)


class Omitted(NamedTuple):
    """A firm that is left out: its name and code as far as they were read, its row, and why."""

    name: str
    code: str
    place: str
    why: Problem | None


class Refused(Exception):  # noqa: N818 - it is the input that is refused, not a fault of ours
    """An input that cannot be used; `problems` holds every problem found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        """The problems as sentences, one a line."""
        return "\n".join(map(str, self.problems))


class InvalidPolicy(Refused):
    """A policy file that cannot be used (exit code 3)."""


def hint(wrong: str, known: Iterable[str]) -> str:
    """Return the known word nearest to a wrong one as a question, for a remedy, or "".

    >>> hint("above_scal", ["above_scale", "high_tech"])
    'above_scale? '
    """
    word = did_you_mean(wrong, known)
    return f"{word}? " if word else ""


def worded_by(sentence: Callable[[Problem], str]) -> None:
    """Let problems be said by a function; `messages`, which knows the sentences, stands below this module."""
    _sentence[0] = sentence


def _plain_text(each: Problem) -> str:
    """A problem as its place, code and parameters."""
    params = ", ".join(f"{key}={value}" for key, value in each.params)
    return f"{each.where + ': ' if each.where else ''}{each.code}{f' ({params})' if params else ''}"


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """Return the known word nearest to a wrong one, or ""."""
    near = get_close_matches(wrong, list(known), n=1, cutoff=0.6)
    return near[0] if near else ""


_sentence: list[Callable[[Problem], str]] = [_plain_text]
