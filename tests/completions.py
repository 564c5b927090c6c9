"""Every way to fill in what is unknown of a claim, and what the oracle makes of each: for laws tried by brute force.

The answers tried are those where something can change. What a blank stands for is held to where an answer rests on
it; dates and years that have not come on the day of evaluation are not tried, for nobody can fill them in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any, NamedTuple

from ordos_subsidy.facts import MONEY_LIMIT, Fact
from tests.builders import Raw
from tests.oracle import Judgement, Oracle, fen
from tests.strategies import ON, Figures, day, entries

#: More ways to fill the gaps than this are not worth trying.
MOST = 2_000


class Gap(NamedTuple):
    """An open fact: the table it belongs to (0: the firm, then the events), its key, and the answers to try."""

    place: int
    key: str
    answers: Sequence[Any]


class Claimed(NamedTuple):
    """The first event of a firm, or its accounts, under one measure."""

    oracle: Oracle
    figures: Figures
    rule: Raw
    firm: Raw
    events: list[Raw]

    def gaps(self) -> list[Gap]:
        """What is open of all that the measure reads; of other events only the date can matter."""
        read = self.reads()
        found = [
            Gap(place, key, answers)
            for place, table in enumerate([self.firm, *self.events])
            for key in table
            if key in read and (answers := self.completions(key, table[key]))
        ]
        return [gap for gap in found if gap.place < 2 or gap.key == self.oracle.date]

    def few(self) -> bool:
        """Whether all ways to fill the gaps can be tried."""
        return prod(len(gap.answers) + 1 for gap in self.gaps()) <= MOST

    def outcomes(self) -> dict[tuple[int, ...], Judgement]:
        """What comes out for each choice of an answer to each gap, counted from 1; 0 leaves it open."""
        gaps, found = self.gaps(), {}
        for choice in product(*(range(len(gap.answers) + 1) for gap in gaps)):
            filled = [dict(table) for table in (self.firm, *self.events)]
            for gap, index in zip(gaps, choice, strict=True):
                if index:
                    filled[gap.place][gap.key] = gap.answers[index - 1]
            facts, *others = filled
            mine = others[0] if others and self.rule["claims"] != ["accounts"] else {}
            found[choice] = self.oracle.judge(self.rule, {**facts, **mine}, others)
        return found

    def relevant(self) -> set[str]:
        """The open facts on which the verdict or the amount depends, whatever is known of the others."""
        outcomes, gaps = self.outcomes(), self.gaps()
        return {
            gap.key
            for choice, found in outcomes.items()
            for position, gap in enumerate(gaps)
            if found[:3] != outcomes[(*choice[:position], 0, *choice[position + 1 :])][:3]
        }

    def reads(self) -> set[str]:
        """The facts that the measure, or the policy for all of them, looks at."""
        words = {word for entry in entries(self._rules()) for word in _texts(entry)}
        facts = self.oracle.raw["fact"]
        ratios = [facts[word]["ratio"].values() for word in words if "ratio" in facts.get(word, {})]
        return {*words, *(key for ratio in ratios for key in ratio), self.oracle.date, self.oracle.year}

    def _rules(self) -> list[Raw]:
        return [self.rule.get("when", {}), self.rule.get("amount", {}), self.oracle.raw["policy"].get("scope", {})]

    def completions(self, key: str, value: Any) -> list[Any]:  # noqa: PLR0911 - one a type
        """The answers to an open fact that can make a difference."""
        fact = self.figures.words.facts.get(key)
        if fact is None:
            return []
        if isinstance(value, frozenset):
            open_ = fact.left_open(fact.bits(value))
            return [value | {each.key} for bit, each in enumerate(fact.choices) if open_ >> bit & 1]
        if fact.type == "date" and value is not None:
            days = {*value, *(first for first, last in self.figures.days if value[0] <= first == last <= value[1])}
            return [day(each) for each in sorted(days)] if value[0] != value[1] else []
        if value is not None:
            return []
        if fact.blank_is is not None:
            return self._beside_the_assumed(fact)
        if fact.type == "date":
            past = [each for each in self.figures.days if each[0] == each[1] <= ON]
            return [day(dt.date(1990, 1, 1)), *past]
        if fact.type == "money":
            limits = {fen(each) + step for each in self.figures.thresholds(fact) for step in (0, 1)}
            return sorted({0, 1, MONEY_LIMIT, *limits} | ({-1} if fact.minimum is None else set()))
        if fact.type == "year":
            return [each for each in self.figures.known(fact) if each <= ON.year]
        return self.figures.known(fact)

    def _beside_the_assumed(self, fact: Fact) -> list[Any]:
        """The answers that leave alone whatever rests on what a blank stands for; none where all does."""
        tests = [word for word in _assuming(self._rules()) if word["fact"] == fact.key and "given" not in word]
        raw, assumed = self.oracle.raw["fact"][fact.key], fact.blank_is

        def holds(word: Mapping[str, Any], answer: Any) -> bool:
            ((test, wanted),) = [item for item in word.items() if item[0] != "fact"]
            return self.oracle.holds(raw, test, wanted, answer) is True

        resting = [word for word in tests if holds(word, assumed)]
        if resting == tests and not _under_not(self._rules(), fact.key):
            return []
        several = fact.type == "choices"
        answers = [frozenset({each.key}) if several else each.key for each in fact.choices]
        return [each for each in answers if all(holds(word, each) for word in resting)]


def _texts(entry: Mapping[str, Any]) -> Iterator[str]:
    for value in entry.values():
        yield from [value] if isinstance(value, str) else []


def _assuming(raw: Any) -> Iterator[Raw]:
    """The comparisons in which a blank may stand for an answer: those not under a `not`."""
    for entry in [raw] if isinstance(raw, dict) else []:
        if "fact" in entry:
            yield entry
        for key, inner in entry.items():
            yield from _assuming(inner) if key != "not" else ()
    for each in raw if isinstance(raw, list) else []:
        yield from _assuming(each)


def _under_not(raw: Any, key: str) -> bool:
    """Whether a fact is compared under a `not`, where its blank is unknown."""
    return any(word.get("fact") == key for entry in entries(raw) if "not" in entry for word in entries(entry["not"]))
