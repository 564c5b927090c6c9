"""The commands about what could be: `advise`, `plan`, `compare`.

What `--set`, `--scenario` and `--sweep` name are facts of a firm with typed values, read as a cell would be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ordos_subsidy.carriers import picture_of_sweep
from ordos_subsidy.cells import type_of
from ordos_subsidy.cli import Exit
from ordos_subsidy.cli.request import MANY, Request
from ordos_subsidy.cli.streams import deliver, note, tell
from ordos_subsidy.cli.usage import bad
from ordos_subsidy.errors import Refused, problem
from ordos_subsidy.facts import Fact, Vocabulary
from ordos_subsidy.files.guard import shown as safely
from ordos_subsidy.messages import phrase
from ordos_subsidy.output import making
from ordos_subsidy.pages import advice_page, difference_page
from ordos_subsidy.report import advising, differences
from ordos_subsidy.tables.firms import column
from ordos_subsidy.tables.options import assigned

_NAME = re.compile(r"\s*([^=:：]*)[:：](.*)", re.DOTALL)
_RANGE = re.compile(r"([^=]+)=(.+?)(?:\.\.|…|～|~)(.+)")


def advise(asked: Request) -> int:
    """What each firm could do next."""
    form, said, outcome = asked.form, asked.said, asked.outcome()
    if len(outcome.firms) > MANY and form == "table":
        note(phrase("advice.many", said, count=len(outcome.firms)))
    advice = advising.advise(outcome, lang=said, everything=asked.everything)
    with making(asked.target):
        if form == "json":
            shown: str | bytes = asked.renderer.advise(advice)
        else:
            shown = asked.painted(advice_page.page(advice, problems=form != "table"))
    return asked.finish(outcome, shown)


def plan(asked: Request) -> int:
    """What if some facts were otherwise."""
    form, said, chart = asked.form, asked.said, asked.chart
    if not (asked.changes or asked.scenarios or asked.sweep):
        raise bad("--set", "", said, "needs-change")
    if chart and not asked.sweep:
        raise bad("--chart", chart, said, "needs-sweep")
    words = asked.loaded.vocabulary
    meant = _scenarios(words, asked)
    wanted = _swept_range(words, asked.sweep) if asked.sweep else None
    outcome = asked.outcome()
    with making(asked.target or chart):
        if wanted:
            start = differences.changed(outcome, meant[0]) if meant else outcome
            swept = differences.swept(start, *wanted, lang=said)
            if chart:
                deliver(picture_of_sweep(swept, chart), chart, asked.sources(), said)
            shown = asked.renderer.sweep(swept) if form == "json" else asked.painted(difference_page.sweep(swept))
        else:
            shown = _compared(differences.planned(outcome, meant, lang=said), asked)
    return asked.finish(outcome, shown)


def compare(asked: Request) -> int:
    """Two files side by side."""
    first, second = asked.first, asked.second
    one, other = asked.outcome(first), asked.outcome(second)
    labels = (first.name, second.name) if first.name != second.name else (str(first), str(second))
    found = differences.compared(list(zip(labels, (one, other), strict=True)), lang=asked.said)
    with making(asked.target):
        shown = _compared(found, asked)
    tell(one.firms.problems, asked.said)
    code = asked.finish(other, shown)
    return Exit.LEFT_OUT if one.firms.left_out else code


def _compared(found: differences.Differences, asked: Request) -> str | bytes:
    """Firms side by side in the format asked for."""
    if asked.form == "json":
        made: str = asked.renderer.compare(found)
        return made
    return asked.painted(difference_page.page(found, problems=asked.form != "table"))


def _scenarios(words: Vocabulary, asked: Request) -> list[differences.Scenario]:
    """The scenario of `--set`, if any, then each of `--scenario`; `Refused` where one is not understood."""
    then = phrase("plan.then", asked.said)
    found = [differences.Scenario(then, _columns(words, asked.changes, "--set"))] if asked.changes else []
    for n, text in enumerate(asked.scenarios or (), 1):
        match = _NAME.fullmatch(text)
        name, entries = (match[1].strip(), match[2]) if match else ("", text)
        values = _columns(words, [each for each in re.split("[;；]", entries) if each.strip()], "--scenario")
        found.append(differences.Scenario(name or f"{then} {n}", values))
    return found


def _columns(words: Vocabulary, entries: Iterable[str], option: str) -> Mapping[str, Any]:
    """Values by column, as the table of firms holds them."""
    given = assigned(words, list(entries), option)
    series = (each for key, value in given.items() for each in column(words.facts[key], [value], words))
    return {each.name: each.item() for each in series}


def _swept_range(words: Vocabulary, text: str) -> tuple[Fact, int, int]:
    """The fact of a sweep with the first and the last value."""
    match = _RANGE.fullmatch(text.strip())
    if not match:
        raise Refused([problem("plan.range", value=safely(text))])
    name, *ends = (each.strip() for each in match.groups())
    first, last = (assigned(words, [f"{name}={end}"], "--sweep") for end in ends)
    (key, start), (_, end) = *first.items(), *last.items()
    fact = words.facts[key]
    if not type_of(fact).column.startswith("Int"):
        raise Refused([problem("plan.number", f"--sweep {safely(text)}", fact=fact.title.zh, fact_en=fact.title.en)])
    if not (isinstance(start, int) and isinstance(end, int) and start < end):
        raise Refused([problem("plan.range", value=safely(text))])
    return fact, start, end
