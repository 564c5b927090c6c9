"""The measures and clauses that people mean: 六, （六）, 第六条, 6, a title or a part of it, an id.

Nearest first: an id, then a clause by its number, then a whole title, then a part of a title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypeVar
from unicodedata import normalize

from ordos_subsidy.errors import Refused, hint, problem
from ordos_subsidy.policy import Clause, Measure, Policies

Named = TypeVar("Named", Clause, Measure)

_AROUND = re.compile(r"[\s()（）〔〕【】]|^第|[条款]$|^(?:clause|article)\b", re.IGNORECASE)


def measures(policies: Policies, name: str) -> tuple[Measure, ...]:
    """The measures that a name stands for, versions included; `Refused` with the nearest name where there is none."""
    found = [each for each in policies.measures if each.id == name]
    if not found and (clause := _numbered(policies, name)):
        found = [each for each in policies.measures if each.clause.number == clause.number]
    titled = [(each, (each.title.zh, each.title.en)) for each in policies.measures]
    headed = [(each, (each.clause.heading.zh, each.clause.heading.en)) for each in policies.measures]
    found = found or _titled(name, titled) or _titled(name, headed)
    if not found:
        titles = [each.title.zh for each in policies.measures] + [each.title.en for each in policies.measures]
        raise Refused([problem("logic.unknown-measure", name=name, hint=_near(policies, name, titles))])
    return tuple(found)


def clauses(policies: Policies, name: str) -> tuple[Clause, ...]:
    """The clauses that a name stands for: those of its measures too; `Refused` where there is none."""
    clause = _numbered(policies, name)
    found = (
        [clause] if clause else _titled(name, [(each, (each.heading.zh, each.heading.en)) for each in policies.clauses])
    )
    if not found:
        titled = [(each, (each.id, each.title.zh, each.title.en)) for each in policies.measures]
        numbers = {each.clause.number for each in _titled(name, titled)}
        found = [each for each in policies.clauses if each.number in numbers]
    if not found:
        numbered = [each.number for each in policies.clauses]
        titles = [each.heading.zh for each in policies.clauses] + [each.heading.en for each in policies.clauses]
        near = _near(policies, name, titles)
        raise Refused([problem("logic.unknown-clause", name=name, first=min(numbered), last=max(numbered), hint=near)])
    return tuple(found)


def _near(policies: Policies, name: str, titles: list[str]) -> str:
    return hint(name, [*(each.id for each in policies.measures), *titles])


def _numbered(policies: Policies, name: str) -> Clause | None:
    """A clause by its number in digits or as the document writes it, whatever stands around it."""
    plain = _plain(name)
    return next((each for each in policies.clauses if plain in {str(each.number), _plain(each.reference)}), None)


def _plain(text: str) -> str:
    text = normalize("NFKC", text).strip()
    while (shorter := _AROUND.sub("", text)) != text:
        text = shorter
    return text.casefold()


def _titled(name: str, titles: Iterable[tuple[Named, Sequence[str]]]) -> list[Named]:
    """What bears a title, or, where nothing does, has the name as a part of its titles."""
    wanted = normalize("NFKC", name).strip().casefold()
    if not wanted or wanted.isdigit():  # a number that is no clause names nothing
        return []
    folded = [(each, [normalize("NFKC", text).casefold() for text in texts]) for each, texts in titles]
    whole = [each for each, texts in folded if wanted in texts]
    return whole or [each for each, texts in folded if any(wanted in text for text in texts)]
