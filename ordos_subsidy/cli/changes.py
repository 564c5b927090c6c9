"""What `--set`, `--scenario` and `--sweep` mean: facts of a firm with typed values, read as a cell would be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ordos_subsidy.cells import type_of
from ordos_subsidy.cli.streams import deliver
from ordos_subsidy.errors import Refused, problem
from ordos_subsidy.facts import Fact, Vocabulary
from ordos_subsidy.files.guard import shown
from ordos_subsidy.messages import Lang, phrase
from ordos_subsidy.report.differences import Scenario, Sweep
from ordos_subsidy.tables.firms import column
from ordos_subsidy.tables.options import assigned

_NAME = re.compile(r"\s*([^=:：]*)[:：](.*)", re.DOTALL)
_RANGE = re.compile(r"([^=]+)=(.+?)(?:\.\.|…|～|~)(.+)")


def scenarios(words: Vocabulary, set_: Sequence[str], named: Sequence[str], lang: Lang) -> list[Scenario]:
    """The scenario of `--set`, if any, then each of `--scenario`; `Refused` where one is not understood."""
    found = [Scenario(phrase("plan.then", lang), _columns(words, set_, "--set"))] if set_ else []
    for n, text in enumerate(named, 1):
        match = _NAME.fullmatch(text)
        name, entries = (match[1].strip(), match[2]) if match else ("", text)
        values = _columns(words, [each for each in re.split("[;；]", entries) if each.strip()], "--scenario")
        found.append(Scenario(name or f"{phrase('plan.then', lang)} {n}", values))
    return found


def _columns(words: Vocabulary, entries: Iterable[str], option: str) -> Mapping[str, Any]:
    """Values by column, as the table of firms holds them."""
    given = assigned(words, list(entries), option)
    series = (each for key, value in given.items() for each in column(words.facts[key], [value], words))
    return {each.name: each.item() for each in series}


def swept_range(words: Vocabulary, text: str) -> tuple[Fact, int, int]:
    """The fact of a sweep with the first and the last value."""
    match = _RANGE.fullmatch(text.strip())
    if not match:
        raise Refused([problem("plan.range", value=shown(text))])
    name, *ends = (each.strip() for each in match.groups())
    first, last = (assigned(words, [f"{name}={end}"], "--sweep") for end in ends)
    (key, start), (_, end) = *first.items(), *last.items()
    fact = words.facts[key]
    if not type_of(fact).column.startswith("Int"):
        raise Refused([problem("plan.number", f"--sweep {shown(text)}", fact=fact.title.zh, fact_en=fact.title.en)])
    if not (isinstance(start, int) and isinstance(end, int) and start < end):
        raise Refused([problem("plan.range", value=shown(text))])
    return fact, start, end


def draw(found: Sweep, path: Path, inputs: Iterable[Path | None]) -> None:
    """Write the lines of a sweep as a picture."""
    from ordos_subsidy.carriers import picture_of_sweep

    deliver(picture_of_sweep(found, path), path, filter(None, inputs), found.lang)
