"""A second opinion: one claim at a time, straight from the TOML, in the plainest Python that will do.

Written against the reading of the policy and sharing nothing with the package: conditions stay dictionaries,
sums are exact fractions, and an amount that hangs on something unknown is the hull of what comes out at the
extremes. Facts are plain values: fen, millionths, a (first, last) day, a set of answers, None. Versions of
measures (`from`, `until`, overlays) are not its business.
"""

from __future__ import annotations

import datetime as dt
import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

Facts = Mapping[str, Any]
Truth = bool | None
#: A sum in fen; infinity where there is no upper bound.
Bound = float

TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "is": operator.eq,
    "is_not": operator.ne,
    "at_least": operator.ge,
    "more_than": operator.gt,
    "at_most": operator.le,
    "less_than": operator.lt,
}
YUAN = {"元": 1, "万元": 10_000, "亿元": 100_000_000}


class Judgement(NamedTuple):
    """What comes out; `high` and the highs of the slices are None where there is no upper bound."""

    verdict: str
    low: int
    high: int | None
    slices: tuple[tuple[int | None, int, int | None], ...]


def fen(text: str) -> int:
    """A sum of the file, "500万元"."""
    number, unit = re.findall(r"([\d.]+)(\D+)", text)[0]
    return int(Decimal(number) * YUAN[unit] * 100)


def share(text: str) -> Fraction:
    """A share of the file, "37.5%"."""
    return Fraction(text.removesuffix("%")) / 100


def ended(high: Bound) -> int | None:
    return None if high == math.inf else int(high)


def agreed(answers: Sequence[Truth]) -> Truth:
    """The one answer, if there is only one."""
    return answers[0] if len(set(answers)) == 1 else None


class Oracle:
    """Judges the claims of a policy file, already parsed, as of a day."""

    def __init__(self, raw: Mapping[str, Any], on: dt.date) -> None:
        self.raw, self.on = raw, on
        role = {(fact["of"], fact["role"]): key for key, fact in raw["fact"].items() if "role" in fact}
        self.year, self.date, self.kind = role["firm", "year"], role["event", "date"], role["event", "kind"]

    def judge(self, measure: Mapping[str, Any], facts: Facts, events: Sequence[Facts]) -> Judgement:
        """One claim: `facts` are the firm's and, if it is about an event, that event's; `events` all of the firm's."""
        truth = self.standing(measure, facts, events)
        if truth is False or "amount" not in measure:
            return Judgement({True: "yes", False: "no", None: "unknown"}[truth], 0, 0, ())
        low, high = self.yearly(measure["amount"], facts, events)
        slices = [(year, times * low if truth else 0, times * high) for year, times in self.years(measure, facts)]
        low, high = sum(least for _, least, _ in slices), sum(most for _, _, most in slices)
        split = tuple((year, int(least), ended(most)) for year, least, most in slices)
        return Judgement("yes" if truth else "unknown", int(low), ended(high), split)

    def standing(self, measure: Mapping[str, Any], facts: Facts, events: Sequence[Facts]) -> Truth:
        """Whether the claim meets everything that is asked of it."""
        found: list[Truth] = []
        if measure["claims"] != ["accounts"]:
            days = facts[self.date] or (None, None)
            found.append(None if days[1] and days[1] > self.on else True)
            found.append(agreed([self.in_force(day, measure) for day in days]))
            if "during" in measure["amount"]:
                last = dt.date(measure["amount"]["during"][1], 12, 31)
                found.append(agreed([None if day is None else day <= last for day in days]))
        elif measure["category"] != "preference":
            found.append(None if (facts[self.year] or 0) > self.on.year else True)
        words = [word for word in (self.raw["policy"].get("scope"), measure.get("when")) if word]
        return self.truth({"all": [*({"known": each} for each in found), *words]}, facts, events)

    def in_force(self, day: dt.date | None, measure: Mapping[str, Any]) -> Truth:
        if day is None or day >= self.raw["policy"]["effective"]:
            return None if day is None else True
        return False if measure.get("existing") == "excluded" else None

    def truth(self, word: Mapping[str, Any], facts: Facts, events: Sequence[Facts]) -> Truth:
        """A condition; `known` is one that has been judged already."""
        answer: Truth
        match word:
            case {"known": answer}:
                pass
            case {"all": parts} | {"any": parts}:
                settling = "any" in word
                found = [self.truth(part, facts, events) for part in parts]
                answer = settling if settling in found else None if None in found else not settling
            case {"not": part}:
                inner = self.truth(part, facts, events)
                answer = None if inner is None else not inner
            case {"unsettled": part}:
                answer = True if self.truth(part, facts, events) is False else None
            case {"has_event": name}:
                keys = [each[self.kind] for each in events]
                answer = any(name == key or name in self.raw["kind"][key].get("tags", ()) for key in keys)
            case {"first_years": count}:
                mine = [each[self.date] for each in events if each[self.kind] == facts[self.kind]]
                known, own = [days[0].year for days in mine if days], facts[self.date]
                answer = False if own and own[0].year - min(known) >= count else None if None in mine else True
            case _:
                answer = self.compare(word, facts)
        return answer

    def compare(self, word: Mapping[str, Any], facts: Facts) -> Truth:
        fact = self.raw["fact"][word["fact"]]
        test, wanted = next((key, value) for key, value in word.items() if key != "fact")
        if fact["type"] == "ratio":
            part, whole = (facts[fact["ratio"][key]] for key in ("part", "whole"))
            known = part is not None and whole is not None and whole > 0
            return TESTS[test](Fraction(part, whole), share(wanted)) if known else None
        value = facts[word["fact"]]
        if value is None and test != "given":
            value = fact.get("blank_is")
        if value is None or test == "given":
            return None if value is None else True
        if fact["type"] == "date":
            return agreed([TESTS[test](day, wanted) for day in value])
        if test == "one_of" or fact["type"] == "choices":
            held, names = value if isinstance(value, frozenset) else {value}, wanted if test == "one_of" else [wanted]
            members = {key for name in names for key in self.raw["group"].get(name, {"members": [name]})["members"]}
            return bool(held & members) != (test == "is_not")
        if fact["type"] in ("money", "percent"):
            wanted = fen(wanted) if fact["type"] == "money" else share(wanted) * 1_000_000
        return TESTS[test](value, wanted)

    def yearly(self, amount: Mapping[str, Any], facts: Facts, events: Sequence[Facts]) -> tuple[Bound, Bound]:
        """What one year brings, at least and at most."""
        low, high = self.shares(amount, facts) if "share" in amount else (0, math.inf)
        for kind in {"exactly", "up_to", "at_least"} & amount.keys():
            stated = fen(amount[kind])
            low, high = 0 if kind == "up_to" else stated, math.inf if kind == "at_least" else stated
        if "times" in amount:
            by, truth = amount["times"]["by"], self.truth(amount["times"]["when"], facts, events)
            low, high = low * (by if truth else 1), high * (1 if truth is False else by)
        if "within" in amount and facts[amount["within"]] is not None:
            high = min(high, max(facts[amount["within"]], 0))
        return low, high

    def shares(self, amount: Mapping[str, Any], facts: Facts) -> tuple[Bound, Bound]:
        """A share of a basis at every extreme of what is unknown."""
        cap, increment = fen(amount["cap"]) if "cap" in amount else math.inf, amount.get("increment")
        if facts[amount["of"]] is None:
            return 0, cap
        basis, sums = max(facts[amount["of"]], 0), []

        def extremes(key: str) -> list[int]:
            return [0, basis] if facts[key] is None else [max(facts[key], 0)]

        for off in extremes(amount["less"]) if "less" in amount else [0]:
            left = max(basis - off, 0)
            for level in extremes(increment["over"]) if increment else [left]:
                beyond = max(left - level, 0)
                more = beyond * share(increment["share"]) if increment else 0
                sums.append(min(math.floor((left - beyond) * share(amount["share"]) + more + Fraction(1, 2)), cap))
        return min(sums), max(sums)

    def years(self, measure: Mapping[str, Any], facts: Facts) -> Iterator[tuple[int | None, int]]:
        """The calendar years a claim is paid in, each with how many yearly amounts fall in it."""
        amount, days = measure["amount"], facts.get(self.date)
        year = facts[self.year] if measure["claims"] == ["accounts"] else days[0].year if days else None
        first, last = amount.get("during") or (year or 1, (year or 1) + amount.get("years", 1) - 1)
        if "spread" in amount or year is None:
            yield None, 1 if "spread" in amount else last - first + 1
        else:
            yield from ((each, 1) for each in range(max(year, first), last + 1))
