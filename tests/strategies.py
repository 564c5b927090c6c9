"""Firms to try, drawn from a policy's own words: every fact, mostly at the figures where something changes.

Values are typed as `cells.read` types them. The figures are those that the file compares with, one less and one
more, what a cap is reached with, zero, a fen, and the greatest sum a cell may hold.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from typing import Any

from hypothesis import strategies as st

from ordos_subsidy.facts import MONEY_LIMIT, Fact, Of, Vocabulary
from tests.builders import Raw, lab, measure
from tests.oracle import fen, share

#: The day of evaluation: late enough for both policies to be in force, within the days that are drawn.
#: Days that a workbook shows where a year (1950 to 2099) was typed into a cell formatted as a date: see `cells.dates`.
YEARS_AS_DAYS = (dt.date(1905, 5, 3), dt.date(1905, 9, 29))


def days(first: dt.date, last: dt.date) -> st.SearchStrategy[dt.date]:
    """Days that are meant as days."""
    return st.dates(first, last).filter(lambda day: not YEARS_AS_DAYS[0] <= day <= YEARS_AS_DAYS[1])


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
        for measure_ in self.raw["measure"]:
            amount = measure_.get("amount", {})
            most = amount.get("cap") or measure_.get("limit", {}).get("a_year")
            if "share" in amount and most:
                found.add(int(fen(most) / share(amount["share"])))
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
        """What a fact is compared with, or chooses tiers by, as the file writes it."""
        compared = [
            value
            for test in self.tests
            if test["fact"] == fact.key
            for key, value in test.items()
            if key not in ("fact", "given")
        ]
        tiers = [
            tier for amount in entries(self.raw["measure"]) if amount.get("by") == fact.key for tier in amount["tiers"]
        ]
        return compared + [tier[key] for tier in tiers for key in ("from", "above", "to", "below") if key in tier]

    def known(self, fact: Fact) -> list[Any]:  # noqa: PLR0911 - one a type
        """The values of a fact that are worth trying."""
        match fact.type:
            case "yes_no":
                return [True, False]
            case "choice":
                return [each.key for each in fact.choices]
            case "choices":
                keys = [each.key for each in fact.choices]
                forms = [each.key for each in fact.choices if each.form]
                pairs = [frozenset(pair) for pair in combinations(keys, 2)] if forms else []
                return [frozenset(), *(frozenset({key}) for key in keys), *pairs, frozenset(keys)]
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
        shared = {id_ for limit in self.raw.get("limit", {}).values() for id_ in limit["measures"]}
        found: list[str] = []
        for each in self.raw["measure"]:
            rule = str([each.get("when"), each.get("amount")])
            if "first_years" in rule or "backed_by" in rule or "limit" in each or each["id"] in shared:
                found += each["claims"]
            found += [word["backed_by"] for word in entries([each]) if "backed_by" in word]
        return [key for key in dict.fromkeys(found) if key != "accounts"]

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
    return st.booleans().flatmap(_rule)


def documents() -> st.SearchStrategy[Raw]:
    """A lab with one or two such measures, which may share a limit."""
    limits: list[Raw] = [{}, {}, {"a_year": "9元"}, {"in_all": "11元"}, {"once": True}]
    shared = st.sampled_from(limits)
    return st.tuples(rules(), rules(), shared).map(lambda drawn: _document(*drawn))


def _document(one: Raw, other: Raw, shared: Raw) -> Raw:
    document = lab(**one)
    document["measure"].append(measure(**{**other, "id": "second"}))
    of_events = "accounts" not in (*one["claims"], *other["claims"])
    if shared and (of_events or "once" not in shared):
        document["limit"] = {"joint": {"measures": ["probe", "second"], **shared}}
    return document


def _conditions(of_events: bool) -> st.SearchStrategy[Raw]:
    says = {"zh": "未定", "en": "unsettled"}

    def deeper(inner: st.SearchStrategy[Raw]) -> st.SearchStrategy[Raw]:
        parts = st.lists(inner, min_size=1, max_size=3)
        return (
            parts.map(lambda each: {"all": each})
            | parts.map(lambda each: {"any": each})
            | inner.map(lambda each: {"not": each})
            | inner.map(lambda each: {"unsettled": each, "says": says})
            | inner.map(lambda each: {"sufficient": each, "says": says})
        )

    return st.recursive(st.sampled_from(_TESTS + _EVENT_TESTS * of_events), deeper, max_leaves=6)


def _rule(of_events: bool) -> st.SearchStrategy[Raw]:
    condition = _conditions(of_events)
    grant = st.sampled_from(_GRANTS + _EVENT_GRANTS * of_events)
    times = condition.map(lambda when: {"times": {"by": 3, "when": when}})
    when = st.sampled_from([{}, {"years": 3}, {"spread": 2}] + [{"during": [2022, 2024]}] * of_events)
    amount = st.tuples(grant, st.just({}) | times, when).map(lambda parts: parts[0] | parts[1] | parts[2])
    limits: list[Raw] = [{"a_year": "8元"}, {"in_all": "10元"}, *([{"once": True}] * of_events)]
    none: Raw = {}
    limit = st.just(none) | st.sampled_from(limits).map(lambda each: {"limit": each})
    entry = st.fixed_dictionaries(
        {
            "claims": st.just(["grant", "prize"] if of_events else ["accounts"]),
            "existing": st.sampled_from(["excluded", "unsettled"]),
            "when": condition,
            "amount": amount,
            "recipient": st.sampled_from(["unit", "unit", "people", "shared"]),
        }
    )
    return st.tuples(entry, limit).map(lambda parts: parts[0] | parts[1])


_TESTS: list[Raw] = [
    {"fact": "big", "is": True},
    {"fact": "old", "is_not": True},
    {"fact": "shape", "is": "round"},
    {"fact": "shape", "one_of": ["angular"]},
    {"fact": "home", "is_not": "long"},
    {"fact": "home", "is": "square"},
    {"fact": "trades", "is": "salt"},
    {"fact": "trades", "one_of": ["fish", "rope"]},
    {"fact": "hobbies", "is_not": "fish"},
    {"fact": "bodies", "is": "guild"},
    {"fact": "bodies", "is": "school"},
    {"fact": "bodies", "is_not": "infirmary"},
    {"fact": "bodies", "one_of": ["office", "school"]},
    {"fact": "staff", "at_least": 3},
    {"fact": "local", "less_than": "37.5%"},
    {"fact": "cost", "more_than": "5万元"},
    {"fact": "before", "given": True},
    {"fact": "intensity", "at_least": "3%"},
    {"fact": "season", "at_most": 2021},
    {"has_event": "honour"},
    {"judged": True, "says": {"zh": "问", "en": "ask"}},
]
_EVENT_TESTS: list[Raw] = [
    {"fact": "day", "at_least": dt.date(2022, 1, 1)},
    {"fact": "day", "less_than": dt.date(2023, 6, 19)},
    {"fact": "sum", "at_most": "5元"},
    {"first_years": 3},
    {"backed_by": "medal", "says": {"zh": "列出", "en": "list it"}},
]
_GRANTS: list[Raw] = [
    {"exactly": "7元"},
    {"up_to": "7万元"},
    {"at_least": "7元"},
    {"unstated": True},
    {"up_to": "7万元", "within": "cost"},
    {"share": "33.33%", "of": "cost"},
    {"of": "cost", "marginal": [{"to": "before", "share": "100%"}, {"share": "150%"}], "cap": "9万元"},
    {"of": "cost", "marginal": [{"to": "5元", "share": "33.33%"}, {"to": "9元", "share": "0.01%"}, {"share": "50%"}]},
    {"by": "shape", "tiers": [{"of": ["round", "long"], "exactly": "3元"}, {"of": ["square"], "up_to": "9元"}]},
    {"by": "big", "tiers": [{"of": ["yes"], "at_least": "5元"}, {"of": ["no"], "exactly": "2元"}]},
    {
        "by": "staff",
        "tiers": [{"below": 3, "exactly": "1元"}, {"from": 3, "to": 9, "up_to": "6元"}, {"above": 9, "exactly": "6元"}],
    },
    {"by": "cost", "tiers": [{"to": "5元", "exactly": "1元"}, {"above": "5元", "unstated": True}]},
    {"by": "local", "tiers": [{"below": "37.5%", "exactly": "4元"}, {"from": "37.5%", "at_least": "4元"}]},
    {"by": "season", "tiers": [{"to": 2030, "exactly": "4元"}, {"above": 2030, "up_to": "5元"}]},
]
_EVENT_GRANTS: list[Raw] = [
    {"share": "12.5%", "of": "sum", "less": "aid", "cap": "3元"},
    {"of": "sum", "less": "aid", "marginal": [{"to": "before", "share": "50%"}, {"share": "10%"}]},
    {"of": "sum", "less": "aid", "marginal": [{"to": "4元", "share": "10%"}, {"share": "37.5%"}]},
    {"up_to": "7万元", "within": "sum"},
    {
        "by": "sum",
        "tiers": [
            {"to": "5元", "up_to": "2元"},
            {"above": "5元", "below": "9元", "exactly": "4元"},
            {"from": "9元", "at_least": "4元"},
        ],
    },
]
