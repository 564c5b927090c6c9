"""Conditions and amounts: every name resolved, every value typed."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from ordos_subsidy import cells
from ordos_subsidy import rule_grammar as grammar
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
#: A fact may bound a band only where it is the one bound there is.
_ONE_BOUND = 2


class Rules:
    """Compiles the condition words and the amounts of one vocabulary."""

    def __init__(self, words: Vocabulary, mistakes: Mistakes, judged: grammar.Words | None = None) -> None:
        self.words = words
        self.mistakes = mistakes
        #: The reason given for what others judge.
        self.judged = judged

    def condition(self, word: Any, place: str, *, firm_only: bool) -> Raw | None:  # noqa: C901, PLR0911 - one line a word
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
            case grammar.Sufficient(sufficient=part, says=says):
                inner_ = self.condition(part, f"{place}.sufficient", firm_only=firm_only)
                return {"sufficient": inner_, "says": says.model_dump()}
            case grammar.JudgedByOthers(says=own):
                said = own or self.judged
                if said is None:
                    self.mistakes.say("needs", place, category="judged", what="says, or policy.judged")
                return {"judged": said and said.model_dump()}
            case grammar.HasEvent(has_event=name):
                return {"has_event": name, "kinds": self._kinds(name, place)}
            case grammar.FirstYears() | grammar.BackedBy():
                if firm_only:
                    name = "first_years" if isinstance(word, grammar.FirstYears) else "backed_by"
                    self.mistakes.say("event-fact", place, fact=name)
                if isinstance(word, grammar.BackedBy):
                    kinds = self._kinds(word.backed_by, place, tags=False)
                    return {"backed_by": kinds, "says": word.says.model_dump()}
                return {"first_years": word.first_years}
            case _:
                return self._test(word, place, firm_only=firm_only)

    def _kinds(self, name: str, place: str, *, tags: bool = True) -> list[str]:
        """The kinds of events of a name, or of a tag."""
        kinds = [key for key, kind in self.words.kinds.items() if name == key or (tags and name in kind.tags)]
        if not kinds:
            known = {tag for kind in self.words.kinds.values() for tag in kind.tags} if tags else ()
            self.mistakes.undeclared(name, "kind.*", [*self.words.kinds, *known], place)
        return kinds

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

    def sum(self, raw: str | None, place: str) -> int | None:
        """A sum of the file in fen."""
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
        raw: Raw = {
            **self._stated(amount, place),
            "bands": self._bands(amount, place, firm_only=firm_only),
            "cap": self.sum(amount.cap, f"{place}.cap"),
            **amount.model_dump(include={"years", "during", "spread", "once", "depends_on"}),
            "times": None,
            **self._tiers(amount, place, firm_only=firm_only),
        }
        for key in ("of", "less", "within"):
            raw[key] = self._money_fact(getattr(amount, key), f"{place}.{key}", firm_only=firm_only)
        if amount.times:
            when = self.condition(amount.times.when, f"{place}.times.when", firm_only=firm_only)
            raw["times"] = {"by": amount.times.by, "when": when}
        return raw

    def _stated(self, amount: grammar.Amount | grammar.Tier, place: str) -> Raw:
        """The kind of an amount, and its least and most where the file states them."""
        kind = next(
            each
            for each in ("exactly", "up_to", "at_least", "unstated", "tiers", "share")
            if each == "share" or getattr(amount, each, None)
        )
        stated = (
            self.sum(getattr(amount, kind), f"{place}.{kind}") if kind in ("exactly", "up_to", "at_least") else None
        )
        return {
            "kind": kind,
            "low": stated if kind in ("exactly", "at_least") else 0,
            "high": stated if kind in ("exactly", "up_to") else None,
        }

    def _bands(self, amount: grammar.Amount, place: str, *, firm_only: bool) -> list[Raw]:
        """The marginal bands of an amount: where each ends (fen, or a fact's key; null: nowhere), and its share."""
        if amount.share:
            return [{"to": None, "rate": self._share(amount.share, f"{place}.share")}]
        bands = []
        for index, band in enumerate(amount.marginal or ()):
            where = f"{place}.marginal[{index}]"
            if band.to in self.words.facts:
                end: int | str | None = self._money_fact(band.to, f"{where}.to", firm_only=firm_only)
            else:
                end = self.sum(band.to, f"{where}.to")
            bands.append({"to": end, "rate": self._share(band.share, f"{where}.share")})
        ends = [each["to"] for each in bands]
        sums = [each for each in ends if isinstance(each, int)]
        if bands and (
            None in ends[:-1]
            or ends[-1] is not None
            or sums != sorted(set(sums))
            or any(isinstance(each, str) for each in ends) > (len(bands) == _ONE_BOUND)
        ):
            self.mistakes.say("marginal", f"{place}.marginal")
        return bands

    def _tiers(self, amount: grammar.Amount, place: str, *, firm_only: bool) -> Raw:
        """The tiers of an amount and the fact that chooses; gaps and overlaps are named."""
        if not amount.tiers:
            return {"by": None, "tiers": []}
        fact = self.words.facts.get(amount.by or "")
        if fact is None:
            self.mistakes.undeclared(amount.by or "", "fact.*", self.words.facts, f"{place}.by")
            return {"by": None, "tiers": []}
        if firm_only and fact.of == "event":
            self.mistakes.say("event-fact", f"{place}.by", fact=fact.key)
        if fact.type in ("choice", "yes_no"):
            tiers = self._tiers_of_answers(fact, amount.tiers, f"{place}.tiers")
        elif fact.type in ("money", "count", "year", "percent"):
            tiers = self._tiers_of_bands(fact, amount.tiers, f"{place}.tiers")
        else:
            self.mistakes.say("tier-fact", f"{place}.by", fact=fact.key, type=fact.type)
            tiers = []
        if amount.monotone:
            self._check_monotone(tiers, f"{place}.tiers")
        return {"by": fact.key, "tiers": tiers}

    def _tiers_of_answers(self, fact: Fact, tiers: list[grammar.Tier], place: str) -> list[Raw]:
        known = [each.key for each in fact.choices] if fact.type == "choice" else ["yes", "no"]
        seen: dict[str, int] = {}
        found = []
        for index, tier in enumerate(tiers):
            where = f"{place}[{index}]"
            if not tier.of:
                self.mistakes.say("needs", where, category="tiers", what="of")
            for name in tier.of or ():
                if name not in known:
                    self.mistakes.undeclared(name, f"list of {fact.key}", known, f"{where}.of")
                elif name in seen:
                    self.mistakes.say("tier-overlap", where, value=name, other=f"{place}[{seen[name]}]")
                seen[name] = index
            answers = [name == "yes" for name in tier.of or ()] if fact.type == "yes_no" else tier.of
            found.append({"of": answers, "from": None, "to": None, **self._stated(tier, where)})
        for name in known:
            if name not in seen:
                self.mistakes.say("tier-gap", place, value=name)
        return found

    def _tiers_of_bands(self, fact: Fact, tiers: list[grammar.Tier], place: str) -> list[Raw]:
        """Bands in whole units of the fact (fen, millionths): first and last included."""
        found = []
        for index, tier in enumerate(tiers):
            where = f"{place}[{index}]"
            if tier.of:
                self.mistakes.say("must-not", where, category="tiers", what="of")
            first = self._bound(fact, tier.from_, f"{where}.from")
            last = self._bound(fact, tier.to, f"{where}.to")
            if tier.above is not None:
                first = self._bound(fact, tier.above, f"{where}.above", 1)
            if tier.below is not None:
                last = self._bound(fact, tier.below, f"{where}.below", -1)
            if first is not None and last is not None and first > last:
                self.mistakes.say("tier-empty", where)
            found.append({"of": None, "from": first, "to": last, **self._stated(tier, where)})
        for index, (one, two) in enumerate(itertools.pairwise(found)):
            end, start, where = one["to"], two["from"], f"{place}[{index + 1}]"
            if end is None or start is None or start <= end:
                self.mistakes.say("tier-overlap", where, value=start, other=f"{place}[{index}]")
            elif start > end + 1:
                self.mistakes.say("tier-gap", where, value=f"{end} … {start}")
        self._check_ends(fact, found, place)
        return found

    def _check_ends(self, fact: Fact, bands: list[Raw], place: str) -> None:
        """Whether the lowest band begins where the fact does, and the highest has no end."""
        first, last = bands[0]["from"], bands[-1]["to"]
        if first is not None and (fact.minimum != 0 or first > 0):
            self.mistakes.say("tier-gap", f"{place}[0]", value=f"< {first}")
        if last is not None:
            self.mistakes.say("tier-gap", f"{place}[{len(bands) - 1}]", value=f"> {last}")

    def _bound(self, fact: Fact, raw: Any, place: str, shift: int = 0) -> int | None:
        value = None if raw is None else self._typed(fact, raw, place)
        return value + shift if isinstance(value, int) else None

    def _check_monotone(self, tiers: list[Raw], place: str) -> None:
        for index, (one, two) in enumerate(itertools.pairwise(tiers)):
            falls = two["low"] < one["low"] or (
                two["high"] is not None and (one["high"] is None or two["high"] < one["high"])
            )
            if falls:
                self.mistakes.say("tier-falls", f"{place}[{index + 1}]")

    def limit(self, limit: grammar.Limit, place: str) -> Raw:
        """The compiled form of a limit: sums in fen."""
        return {
            "a_year": self.sum(limit.a_year, f"{place}.a_year"),
            "in_all": self.sum(limit.in_all, f"{place}.in_all"),
            "once": bool(limit.once),
        }

    def budget(self, budget: grammar.Budget | None, place: str) -> Raw | None:
        """The compiled form of a budget."""
        if budget is None:
            return None
        raw = budget.model_dump()
        for key in ("exactly", "at_least"):
            raw[key] = self.sum(raw[key], f"{place}.{key}")
        return raw
