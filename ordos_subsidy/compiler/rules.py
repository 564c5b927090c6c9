"""Conditions and amounts: every name resolved, every value typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from ordos_subsidy import cells, grammar
from ordos_subsidy.compiler.mistakes import Mistakes
from ordos_subsidy.facts import Fact, Vocabulary
from ordos_subsidy.words import Text, say

Raw = dict[str, Any]

_COMPARISONS = {
    "yes_no": ("is", "is_not", "given"),
    "choice": ("is", "is_not", "one_of", "given"),
    "choices": ("is", "is_not", "one_of", "given"),
    "ratio": ("at_least", "more_than", "at_most", "less_than"),
    "date": ("at_least", "more_than", "at_most", "less_than", "given"),
    "text": ("given",),
    "code": ("given",),
    "kind": ("is", "is_not"),
}
_NUMBERS = ("is", "is_not", "at_least", "more_than", "at_most", "less_than", "given")
_MONEY = Fact("sum", "event", "money", Text("金额", "sum"), Text("", ""), minimum=0)
_PERCENT = Fact("share", "event", "percent", Text("比例", "share"), Text("", ""), minimum=0)
#: Shares finer than this could overflow a product of sums (see `amounts`).
_FINEST = 10_000


class Rules:
    """Compiles the condition words and the amounts of one vocabulary."""

    def __init__(self, words: Vocabulary, mistakes: Mistakes) -> None:
        self.words = words
        self.mistakes = mistakes

    def condition(self, word: Any, place: str, *, firm_only: bool) -> Raw | None:  # noqa: PLR0911 - one line a word
        """The compiled form of a condition; `firm_only` where events are out of sight."""
        match word:
            case None:
                return None
            case grammar.All(all=parts) | grammar.AnyOf(any=parts):
                name = "all" if isinstance(word, grammar.All) else "any"
                inner = [
                    self.condition(part, f"{place}.{name}[{index}]", firm_only=firm_only)
                    for index, part in enumerate(parts)
                ]
                return {name: inner}
            case grammar.Not(not_=part):
                return {"not": self.condition(part, f"{place}.not", firm_only=firm_only)}
            case grammar.Unsettled(unsettled=part, says=says):
                inner_ = self.condition(part, f"{place}.unsettled", firm_only=firm_only)
                return {"unsettled": inner_, "says": says.model_dump()}
            case grammar.HasEvent(has_event=name):
                return self._has_event(name, place)
            case grammar.FirstYears(first_years=years):
                if firm_only:
                    self.mistakes.say("event-fact", place, fact="first_years")
                return {"first_years": years}
            case _:
                return self._test(word, place, firm_only=firm_only)

    def _has_event(self, name: str, place: str) -> Raw:
        kinds = [key for key, kind in self.words.kinds.items() if name == key or name in kind.tags]
        if not kinds:
            tags = {tag for kind in self.words.kinds.values() for tag in kind.tags}
            self.mistakes.undeclared(name, "kind.*", [*self.words.kinds, *tags], place)
        return {"has_event": name, "kinds": kinds}

    def _test(self, test: grammar.Test, place: str, *, firm_only: bool) -> Raw | None:
        fact = self.words.facts.get(test.fact)
        if fact is None:
            self.mistakes.undeclared(test.fact, "fact.*", self.words.facts, f"{place}.fact")
            return None
        if firm_only and fact.of == "event":
            self.mistakes.say("event-fact", f"{place}.fact", fact=fact.key)
        comparison = next(iter(test.model_fields_set - {"fact"})).rstrip("_")
        known = _COMPARISONS.get(fact.type, _NUMBERS)
        if comparison not in known:
            self.mistakes.say(
                "not-comparable", place, fact=fact.key, type=fact.type, comparison=comparison, known=", ".join(known)
            )
            return None
        raw = test.is_ if comparison == "is" else getattr(test, comparison)
        value, named = self._value(fact, comparison, raw, place)
        return {"fact": fact.key, "comparison": comparison, "value": value, "named": named}

    def _value(self, fact: Fact, comparison: str, raw: Any, place: str) -> tuple[Any, list[str]]:
        if comparison == "given":
            return None, []
        if comparison == "one_of":
            return self._members(fact, raw, place), list(raw)
        if fact.type == "ratio":
            return self._share(raw, place), []
        if fact.type in ("choice", "choices", "kind"):
            keys = list(self.words.kinds) if fact.type == "kind" else [each.key for each in fact.choices]
            if raw not in keys:
                self.mistakes.undeclared(str(raw), f"list of {fact.key}", keys, place)
            return raw, []
        if fact.type == "date":
            if type(raw) is not dt.date:
                self.mistakes.say("bad-value", place, value=raw, fact=fact.key, detail="TOML date", remedy="2021-06-19")
            return str(raw), []
        return self._typed(fact, raw, place), []

    def _members(self, fact: Fact, names: Iterable[str], place: str) -> list[str]:
        known = [each.key for each in fact.choices]
        members: list[str] = []
        for name in names:
            if name in self.words.groups:
                members += self.words.groups[name].members
            elif name in known:
                members.append(name)
            else:
                self.mistakes.undeclared(name, f"list of {fact.key}", [*known, *self.words.groups], place)
        return list(dict.fromkeys(members))

    def _typed(self, fact: Fact, raw: Any, place: str) -> Any:
        """A value of the file, read as a cell would be."""
        read = cells.read(fact, raw, vocabulary=self.words)
        if read.problem is None:
            return read.value
        said = say(read.problem, "en")
        self.mistakes.say("bad-value", place, value=raw, fact=fact.key, detail=said.what, remedy=said.remedy)
        return 0

    def _sum(self, raw: str | None, place: str) -> int | None:
        return None if raw is None else self._typed(_MONEY, raw, place)

    def _share(self, raw: Any, place: str) -> list[int]:
        millionths = self._typed(_PERCENT, raw, place)
        rate = Fraction(millionths or 0, 1_000_000)
        if rate.denominator > _FINEST or rate.numerator > _FINEST:
            self.mistakes.say("too-fine", place, share=raw)
        return [rate.numerator, rate.denominator]

    def _money_fact(self, key: str | None, place: str, *, firm_only: bool) -> str | None:
        fact = self.words.facts.get(key) if key else None
        if key and fact is None:
            self.mistakes.undeclared(key, "fact.*", self.words.facts, place)
        elif fact and fact.type != "money":
            self.mistakes.say("not-money", place, fact=key)
        elif fact and firm_only and fact.of == "event":
            self.mistakes.say("event-fact", place, fact=key)
        return key

    def amount(self, amount: grammar.Amount | None, place: str, *, firm_only: bool) -> Raw | None:
        """The compiled form of an amount."""
        if amount is None:
            return None
        kind = next(each for each in ("exactly", "up_to", "at_least", "share", "unstated") if getattr(amount, each))
        stated = self._sum(getattr(amount, kind), place) if kind in ("exactly", "up_to", "at_least") else None
        raw: Raw = {
            "kind": kind,
            "low": stated if kind in ("exactly", "at_least") else 0,
            "high": stated if kind in ("exactly", "up_to") else None,
            "rate": self._share(amount.share, f"{place}.share") if amount.share else [0, 1],
            "cap": self._sum(amount.cap, f"{place}.cap"),
            "years": amount.years,
            "during": amount.during,
            "spread": amount.spread,
            "once": amount.once,
            "depends_on": amount.depends_on and amount.depends_on.model_dump(),
            "over": None,
            "over_rate": [0, 1],
            "times": None,
        }
        for key in ("of", "less", "within"):
            raw[key] = self._money_fact(getattr(amount, key), f"{place}.{key}", firm_only=firm_only)
        if amount.increment:
            raw["over"] = self._money_fact(amount.increment.over, f"{place}.increment", firm_only=firm_only)
            raw["over_rate"] = self._share(amount.increment.share, f"{place}.increment.share")
        if amount.times:
            when = self.condition(amount.times.when, f"{place}.times.when", firm_only=firm_only)
            raw["times"] = {"by": amount.times.by, "when": when}
        return raw

    def budget(self, budget: grammar.Budget | None, place: str) -> Raw | None:
        """The compiled form of a budget."""
        if budget is None:
            return None
        raw = budget.model_dump()
        for key in ("exactly", "at_least"):
            raw[key] = self._sum(raw[key], f"{place}.{key}")
        return raw
