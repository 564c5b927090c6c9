"""What reading a cell gives: a typed value, and what there is to say about it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple

from ordos_subsidy.cells.spelling import shown
from ordos_subsidy.errors import Problem, Severity, problem, warning

if TYPE_CHECKING:
    from ordos_subsidy.facts import Fact

#: The first and the last day that a date may mean.
Span = tuple[dt.date, dt.date]
Value = str | bool | int | Span | frozenset[str] | None


class Read(NamedTuple):
    """A value (None: unknown) and the problem met, if any; the problem knows no place yet."""

    value: Value
    problem: Problem | None = None

    @property
    def refused(self) -> bool:
        """Whether there is no telling what the cell means; its None is then not an unknown."""
        return self.problem is not None and self.problem.severity == "error"


UNKNOWN = Read(None)


def refuse(code: str, fact: Fact, given: object, **params: object) -> Read:
    """A cell that cannot be read: an error, or a warning where no award hangs on the fact: then it is unknown."""
    severity: Severity = "error" if fact.decides else "warning"
    return Read(None, problem(f"cells.{code}", "", severity=severity, **_about(fact, given), **params))


def accept(value: Value, code: str, fact: Fact, given: object, **params: object) -> Read:
    """A value that is used, with a warning."""
    return Read(value, warning(f"cells.{code}", **_about(fact, given), **params))


def _about(fact: Fact, given: object) -> dict[str, Any]:
    return {"fact": fact.title.zh, "fact_en": fact.title.en, "given": shown(given)}
