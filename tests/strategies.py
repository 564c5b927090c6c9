"""Firms to try, drawn from a policy's own words: every fact, mostly at the figures where something changes.

Values are typed as `cells.read` types them. The figures are those that the file compares with, one less and one
more, what a cap is reached with, zero, a fen, and the greatest sum a cell may hold.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from ordos_subsidy.facts import MONEY_LIMIT, Fact, Of, Vocabulary
from tests.builders import Raw
from tests.oracle import fen, share

#: The day of evaluation: late enough for both policies to be in force, within the days that are drawn.
ON = dt.date(2031, 6, 15)
Days = tuple[dt.date, dt.date]

DAY = dt.timedelta(1)
THOUSANDTHS = 1_000_000


def day(on: dt.date) -> Days:
    """One whole day."""
    return on, on


def month(on: dt.date) -> Days:
    """The month of a day, as a cell says it."""
    first = on.replace(day=1)
    return first, (first + 31 * DAY).replace(day=1) - DAY


def year(on: dt.date) -> Days:
    """The year of a day."""
    return on.replace(month=1, day=1), on.replace(month=12, day=31)


def entries(raw: Any) -> Iterator[Raw]:
    """Every table anywhere in a parsed file."""
    if isinstance(raw, dict):
        yield raw
    for inner in raw.values() if isinstance(raw, dict) else raw if isinstance(raw, list) else ():
        yield from entries(inner)


class Figures:
    """The boundary values of a policy, by fact."""

    def __init__(self, raw: Raw, words: Vocabulary) -> None:
        self.raw, self.words = raw, words
        self.tests = [each for each in entries([raw["policy"], raw["measure"]]) if "fact" in each]
        self.money = self._money()
        self.days = self._days()

    def _money(self) -> list[int]:
        texts = re.findall(r'"([\d.]+(?:元|万元|亿元))"', str(self.raw["measure"]).replace("'", '"'))
        found = {0, 1, 2, 4, 5, 15, 100 * THOUSANDTHS, MONEY_LIMIT, *map(fen, texts)}
        for amount in entries(self.raw["measure"]):
            if "share" in amount and "cap" in amount:
                found.add(int(fen(amount["cap"]) / share(amount["share"])))
        for test in self.tests:
            if self.words.facts[test["fact"]].ratio:
                rate = next(share(value) for key, value in test.items() if key != "fact")
                found |= {part(whole, rate) for whole in (*found, 10**10)} | {int(10**9 / rate)}
        around = {each + step for each in found for step in (-1, 0, 1)}
        return sorted(each for each in around if 0 <= each <= MONEY_LIMIT)

    def _days(self) -> list[Days]:
        start: dt.date = self.raw["policy"]["effective"]
        found = [day(each + n * DAY) for each in (start, ON) for n in (-1, 0, 1)]
        found += [whole(each) for whole in (month, year) for each in (start, ON)]
        found += [month(start - 31 * DAY), month(start + 31 * DAY), year(start.replace(year=start.year - 1))]
        found += [day(start.replace(year=start.year + n)) for n in range(1, 7)]
        for amount in entries(self.raw["measure"]):
            if "during" in amount:
                last = dt.date(amount["during"][1], 12, 31)
                found += [day(last), day(last + DAY), year(last), year(last + DAY)]
        return found

    def thresholds(self, fact: Fact) -> list[Any]:
        """What a fact is compared with, as the file writes it."""
        return [
            value
            for test in self.tests
            if test["fact"] == fact.key
            for key, value in test.items()
            if key not in ("fact", "given")
        ]

    def known(self, fact: Fact) -> list[Any]:  # noqa: PLR0911 - one a type
        """The values of a fact that are worth trying."""
        match fact.type:
            case "yes_no":
                return [True, False]
            case "choice":
                return [each.key for each in fact.choices]
            case "choices":
                keys = [each.key for each in fact.choices]
                return [frozenset(), *(frozenset({key}) for key in keys), frozenset(keys)]
            case "money":
                return self.money if fact.minimum == 0 else [-MONEY_LIMIT, -1, *self.money]
            case "percent":
                limits = [int(share(value) * THOUSANDTHS) for value in self.thresholds(fact)]
                return sorted({0, THOUSANDTHS, *(each + step for each in limits for step in (-1, 0, 1))})
            case "year" | "count":
                limits = [each for each in self.thresholds(fact) if isinstance(each, int)]
                ends = [ON.year - 1, ON.year] if fact.type == "year" else [0, 1000]
                return sorted({*ends, *(each + step for each in limits for step in (-1, 0, 1))})
            case "date":
                return self.days
        return ["text"]

    def telling(self, fact: Fact) -> list[Any]:
        """The answers of a choice that rules name, so that they come up as often as the many others."""
        wanted = [
            each[word] for each in self.tests if each["fact"] == fact.key for word in ("is", "one_of") if word in each
        ]
        named = [name for value in wanted for name in (value if isinstance(value, list) else [value])]
        members = [key for name in named for key in getattr(self.words.groups.get(name), "members", [name])]
        return sorted({each.key for each in fact.choices} & set(members))

    def value(self, fact: Fact) -> st.SearchStrategy[Any]:
        """One known value of a fact."""
        found = st.sampled_from(self.known(fact))
        if fact.type == "choice" and self.telling(fact):
            return found | st.sampled_from(self.telling(fact))
        if fact.type == "money":
            return found | st.integers(0, MONEY_LIMIT)
        return found | st.just(ON.year + 1) if fact.type == "year" else found

    def facts(self, of: Of) -> st.SearchStrategy[Raw]:
        """Each fact of a firm or of an event, known or not; texts and codes decide nothing and stay blank."""
        decisive = [fact for fact in self.words.of(of) if fact.type not in ("text", "code", "kind")]
        known = {fact.key: self.value(fact) for fact in decisive}
        return st.fixed_dictionaries({key: value | value | st.none() for key, value in known.items()})

    def firm(self) -> st.SearchStrategy[Raw]:
        """A firm, its ratios often exactly at the figures they are compared with; without events."""
        return st.tuples(self.facts("firm"), st.sampled_from([None, -1, 0, 1])).map(lambda drawn: self._snap(*drawn))

    def _snap(self, firm: Raw, step: int | None) -> Raw:
        for test in self.tests:
            ratio = self.words.facts[test["fact"]].ratio
            if step is not None and ratio and (firm[ratio[1]] or 0) > 0 and firm[ratio[0]] is not None:
                exact = part(firm[ratio[1]], share(test["at_least"]))
                firm = {**firm, ratio[0]: max(exact + step, 0)}
        return firm

    def shapes(self) -> st.SearchStrategy[list[Raw]]:
        """The facts of an event or two."""
        return st.lists(self.facts("event"), min_size=1, max_size=2)

    def events(self, shapes: list[Raw]) -> list[Raw]:
        """An event of every kind, their facts taken in turn; several of the kinds where the others matter."""
        kind = self.words.role("event", "kind")
        assert kind
        once = [{**shapes[n % len(shapes)], kind.key: key} for n, key in enumerate(self.words.kinds)]
        return once + [{**shape, kind.key: key} for key in self._counted() for shape in shapes]

    def _counted(self) -> list[str]:
        """The kinds for which the other events of the firm matter."""
        return [key for each in self.raw["measure"] if "first_years" in str(each.get("when")) for key in each["claims"]]

    def company(self, least: int = 2, most: int = 8) -> st.SearchStrategy[list[Raw]]:
        """Firms, each with an event of every kind, or with none."""
        events: st.SearchStrategy[list[Raw]] = st.just([]) | self.shapes().map(self.events)
        firm = st.tuples(self.firm(), events).map(lambda drawn: {**drawn[0], "events": drawn[1]})
        return st.lists(firm, min_size=least, max_size=most)


def part(whole: int, rate: Fraction) -> int:
    """The least part that reaches a share of a whole."""
    return -int(-whole * rate // 1)


def rules() -> st.SearchStrategy[Raw]:
    """A measure of the lab that nobody wrote: any condition over any facts, any amount, of events or accounts."""
    says = {"zh": "未定", "en": "unsettled"}

    def deeper(inner: st.SearchStrategy[Raw]) -> st.SearchStrategy[Raw]:
        parts = st.lists(inner, min_size=1, max_size=3)
        return (
            parts.map(lambda each: {"all": each})
            | parts.map(lambda each: {"any": each})
            | inner.map(lambda each: {"not": each})
            | inner.map(lambda each: {"unsettled": each, "says": says})
        )

    def measure(of_events: bool) -> st.SearchStrategy[Raw]:
        condition = st.recursive(st.sampled_from(_TESTS + _EVENT_TESTS * of_events), deeper, max_leaves=6)
        grant = st.sampled_from(_GRANTS + _EVENT_GRANTS * of_events)
        times = condition.map(lambda when: {"times": {"by": 3, "when": when}})
        when = st.sampled_from([{}, {"years": 3}, {"spread": 2}] + [{"during": [2022, 2024]}] * of_events)
        amount = st.tuples(grant, st.just({}) | times, when).map(lambda parts: parts[0] | parts[1] | parts[2])
        claims = ["grant", "prize"] if of_events else ["accounts"]
        existing = st.sampled_from(["excluded", "unsettled"])
        return st.fixed_dictionaries(
            {"claims": st.just(claims), "existing": existing, "when": condition, "amount": amount}
        )

    return st.booleans().flatmap(measure)


_TESTS: list[Raw] = [
    {"fact": "big", "is": True},
    {"fact": "old", "is_not": True},
    {"fact": "shape", "is": "round"},
    {"fact": "shape", "one_of": ["angular"]},
    {"fact": "home", "is_not": "long"},
    {"fact": "trades", "is": "salt"},
    {"fact": "trades", "one_of": ["fish", "rope"]},
    {"fact": "hobbies", "is_not": "fish"},
    {"fact": "staff", "at_least": 3},
    {"fact": "local", "less_than": "37.5%"},
    {"fact": "cost", "more_than": "5万元"},
    {"fact": "before", "given": True},
    {"fact": "intensity", "at_least": "3%"},
    {"fact": "season", "at_most": 2021},
    {"has_event": "honour"},
]
_EVENT_TESTS: list[Raw] = [
    {"fact": "day", "at_least": dt.date(2022, 1, 1)},
    {"fact": "day", "less_than": dt.date(2023, 6, 19)},
    {"fact": "sum", "at_most": "5元"},
    {"first_years": 3},
]
_GRANTS: list[Raw] = [
    {"exactly": "7元"},
    {"up_to": "7万元"},
    {"at_least": "7元"},
    {"unstated": True},
    {"up_to": "7万元", "within": "cost"},
    {"share": "33.33%", "of": "cost"},
    {"share": "100%", "of": "cost", "increment": {"over": "before", "share": "150%"}, "cap": "9万元"},
]
_EVENT_GRANTS: list[Raw] = [
    {"share": "12.5%", "of": "sum", "less": "aid", "cap": "3元"},
    {"share": "50%", "of": "sum", "less": "aid", "increment": {"over": "before", "share": "10%"}},
    {"up_to": "7万元", "within": "sum"},
]
