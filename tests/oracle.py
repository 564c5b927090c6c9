"""A second opinion: one firm at a time, straight from the TOML, in the plainest Python that will do.

Written against the reading of the policy and sharing nothing with the package: conditions stay dictionaries,
sums are exact fractions, and an amount that hangs on something unknown is the hull of what comes out at the
extremes. Facts are plain values: fen, millionths, a (first, last) day, a set of answers, None. Versions of
measures (`from`, `until`, overlays) are not its business.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
import operator
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

Facts = Mapping[str, Any]
Truth = bool | None
#: A sum in fen; infinity where there is no upper bound.
Bound = float | Fraction
#: The event of a claim by its place among the firm's (None: the accounts), and the measure.
Key = tuple[int | None, str]
#: A day, and the place in the file, which counts among rows of one day.
Spot = tuple[dt.date, int]

TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "is": operator.eq,
    "is_not": operator.ne,
    "at_least": operator.ge,
    "more_than": operator.gt,
    "at_most": operator.le,
    "less_than": operator.lt,
}
YUAN = {"元": 1, "万元": 10_000, "亿元": 100_000_000}
KINDS = ("exactly", "up_to", "at_least", "unstated")


class Judgement(NamedTuple):
    """What comes out; `high` and the highs of the slices are None where there is no upper bound.

    `within`: the first of the years that a sum without a year falls in.
    """

    verdict: str
    low: int
    high: int | None
    slices: tuple[tuple[int | None, int, int | None], ...]
    within: int | None = None


class Sums(NamedTuple):
    """Totals of a firm: of the unit, of its people (low, high, pending), and the unit's by calendar year."""

    assured: int
    ceiling: int
    pending: int
    open_ended: int
    pending_open: int
    people: tuple[int, int, int]
    years: Mapping[int | None, tuple[int, int, int]]


class Claim(NamedTuple):
    """What a condition is judged for: the facts of the firm and of the event, the firm's events, the event's place."""

    facts: Facts
    events: Sequence[Facts]
    at: int | None


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


def surely(truth: bool) -> Truth:
    """Yes, or unknown: what such a word finds missing may exist all the same."""
    return True if truth else None


class Oracle:
    """Judges the firms of a policy file, already parsed, as of a day."""

    def __init__(self, raw: Mapping[str, Any], on: dt.date) -> None:
        self.raw, self.on, self.since = raw, on, raw["policy"]["effective"]
        role = {(fact["of"], fact["role"]): key for key, fact in raw["fact"].items() if "role" in fact}
        self.year, self.date, self.kind = role["firm", "year"], role["event", "date"], role["event", "kind"]
        own = [{"measures": [each["id"]], **each["limit"]} for each in raw["measure"] if "limit" in each]
        self.limits: list[Mapping[str, Any]] = [*own, *raw.get("limit", {}).values()]

    # --- claims

    def rows(self, firm: Facts, events: Sequence[Facts]) -> dict[Key, Judgement]:
        """Every claim of a firm."""
        found: dict[Key, Judgement] = {}
        for measure in self.raw["measure"]:
            claims = measure.get("claims", ())
            if claims == ["accounts"]:
                found[None, measure["id"]] = self.judge(measure, firm, events)
            for at, event in enumerate(events):
                if event[self.kind] in claims:
                    found[at, measure["id"]] = self.judge(measure, {**firm, **event}, events, at)
        return found

    def judge(self, measure: Mapping[str, Any], facts: Facts, events: Sequence[Facts], at: int | None = 0) -> Judgement:
        """One claim: `facts` are the firm's and, if it is about an event, that event's; `events` all of the firm's."""
        accounts = measure["claims"] == ["accounts"]
        claim = Claim(facts, events, None if accounts else at)
        truth = self.standing(measure, claim)
        if truth is False or "amount" not in measure:
            return Judgement({True: "yes", False: "no", None: "unknown"}[truth], 0, 0, ())
        low, high = self.yearly(measure, claim)
        years = list(self.years(measure, facts))
        times = sum(count for _, count in years)
        low, high = (min(each * times, self.least(measure, "in_all")) for each in (low if truth else 0, high))
        split = [tuple(self.parted(each, [count for _, count in years])) for each in (low, high)]
        slices = tuple((year, int(a), ended(b)) for (year, _), a, b in zip(years, *split, strict=True))
        within = self.year_of(measure, facts) if "spread" in measure["amount"] else None
        return Judgement("yes" if truth else "unknown", int(low), ended(high), slices, within)

    @staticmethod
    def parted(whole: Bound, counts: Sequence[int]) -> Iterator[Bound]:
        """A sum over as many equal years, whole fen that add up to it."""
        total, ends = sum(counts), [0, *itertools.accumulate(counts)]
        for before, after in itertools.pairwise(ends):
            yield whole if whole == math.inf else int(whole) * after // total - int(whole) * before // total

    def standing(self, measure: Mapping[str, Any], claim: Claim) -> Truth:
        """Whether the claim meets everything that is asked of it."""
        found: list[Truth] = []
        if claim.at is not None:
            days = claim.facts[self.date] or (None, None)
            found.append(None if days[1] and days[1] > self.on else True)
            found.append(agreed([self.in_force(day, measure) for day in days]))
            if "during" in measure["amount"]:
                last = dt.date(measure["amount"]["during"][1], 12, 31)
                found.append(agreed([None if day is None else day <= last for day in days]))
            found += [self.once(limit, claim) for limit in self.limits_of(measure) if "once" in limit]
        elif measure["category"] != "preference":
            found.append(None if (claim.facts[self.year] or 0) > self.on.year else True)
        words = [word for word in (self.raw["policy"].get("scope"), measure.get("when")) if word]
        return self.truth({"all": [*({"known": each} for each in found), *words]}, measure, claim)

    def in_force(self, day: dt.date | None, measure: Mapping[str, Any]) -> Truth:
        if day is None or day >= self.since:
            return None if day is None else True
        return False if measure.get("existing") == "excluded" else None

    # --- conditions

    def truth(self, word: Mapping[str, Any], measure: Mapping[str, Any], claim: Claim, *, assume: bool = True) -> Truth:
        """A condition; `known` is one that is judged already, `assume` whether a blank may stand for an answer."""
        answer: Truth
        match word:
            case {"known": answer}:
                pass
            case {"all": parts} | {"any": parts}:
                settling = "any" in word
                found = [self.truth(part, measure, claim, assume=assume) for part in parts]
                answer = settling if settling in found else None if None in found else not settling
            case {"not": part}:
                inner = self.truth(part, measure, claim, assume=False)
                answer = None if inner is None else not inner
            case {"unsettled": part}:
                answer = surely(self.truth(part, measure, claim, assume=assume) is False)
            case {"sufficient": part}:
                answer = surely(self.truth(part, measure, claim, assume=assume) is True)
            case {"judged": True}:
                answer = None
            case {"has_event": name}:
                answer = self.has_event(name, claim)
            case {"first_years": count}:
                answer = self.first_years(count, claim)
            case {"backed_by": kind}:
                answer = self.backed_by(kind, claim)
            case _:
                answer = self.compare(word, claim.facts, assume=assume)
        return answer

    def compare(self, word: Mapping[str, Any], facts: Facts, *, assume: bool) -> Truth:
        fact = self.raw["fact"][word["fact"]]
        test, wanted = next((key, value) for key, value in word.items() if key != "fact")
        if fact["type"] == "ratio":
            part, whole = (facts[fact["ratio"][key]] for key in ("part", "whole"))
            known = part is not None and whole is not None and whole > 0
            return TESTS[test](Fraction(part, whole), share(wanted)) if known else None
        value = facts[word["fact"]]
        if value is None and test != "given" and "blank_is" in fact and assume:
            # What a blank stands for may say yes, and never no.
            return surely(self.holds(fact, test, wanted, fact["blank_is"]) is True)
        if value is None or test == "given":
            return None if value is None else True
        return self.holds(fact, test, wanted, value)

    def holds(self, fact: Mapping[str, Any], test: str, wanted: Any, value: Any) -> Truth:
        """A comparison with a known value."""
        if fact["type"] == "date":
            return agreed([TESTS[test](day, wanted) for day in value])
        if test == "one_of" or fact["type"] == "choices":
            held, names = value if isinstance(value, frozenset) else {value}, wanted if test == "one_of" else [wanted]
            members = {key for name in names for key in self.raw["group"].get(name, {"members": [name]})["members"]}
            if not held & members and any(self.left_open(fact, each, held) for each in members):
                return None
            return bool(held & members) != (test == "is_not")
        if fact["type"] in ("money", "percent"):
            wanted = fen(wanted) if fact["type"] == "money" else share(wanted) * 1_000_000
        return TESTS[test](value, wanted)

    def left_open(self, fact: Mapping[str, Any], answer: str, named: Iterable[str]) -> bool:
        """Whether an answer may hold besides those named.

        A form where every named function leaves it open and no form is named; a function where a named function
        leaves it open, or, if none is named, a named form.
        """
        items = self.items(fact["list"])
        forms = [items[each] for each in named if items[each].get("form")]
        functions = [items[each] for each in named if not items[each].get("form")]
        leaving = [answer in each.get("leaves_open", ()) for each in functions]
        if items[answer].get("form"):
            return bool(leaving) and all(leaving) and not forms
        return any(leaving) if functions else any(answer in each.get("leaves_open", ()) for each in forms)

    def items(self, name: str) -> Mapping[str, Mapping[str, Any]]:
        """The answers of a list, those of the lists it includes among them."""
        entry = self.raw["list"][name]
        included = [self.items(other) for other in entry.get("includes", ())]
        return {key: each for items in [*included, entry.get("items", {})] for key, each in items.items()}

    # --- other events of the firm

    def listed(self, claim: Claim, *kinds: str) -> list[tuple[int, Any]]:
        """The firm's events of some kinds: place in the file, first and last day or None."""
        return [(n, each[self.date]) for n, each in enumerate(claim.events) if each[self.kind] in kinds]

    def has_event(self, name: str, claim: Claim) -> Truth:
        """No where none is listed; what lies in the future is no fact yet."""
        kinds = [key for key, kind in self.raw["kind"].items() if name == key or name in kind.get("tags", ())]
        happened = [days is None or days[1] <= self.on for _, days in self.listed(claim, *kinds)]
        return surely(any(happened)) if happened else False

    def first_years(self, count: int, claim: Claim) -> Truth:
        """The least and the greatest year that may be the first decide; a claim that comes before is no later one."""
        mine = self.listed(claim, claim.facts[self.kind])
        own = claim.facts[self.date]
        if len(mine) == 1 or (own and own[1] < self.since):
            return True
        if own is None:
            return None
        may_count = [days[0].year if days else self.since.year for _, days in mine if not days or days[1] >= self.since]
        sure = [days[0].year for _, days in mine if days and days[0] >= self.since and days[1] <= self.on]
        if sure and own[0].year - min(sure) >= count:
            return False
        return surely(own[0].year - min(may_count) < count)

    def once(self, limit: Mapping[str, Any], claim: Claim) -> Truth:
        """Yes only where each other row surely comes later."""
        covered = [each for each in self.raw["measure"] if each["id"] in limit["measures"]]
        joint = [kind for each in covered for kind in each["claims"]]
        kinds = joint if len(limit["measures"]) > 1 else [claim.facts[self.kind]]
        own = claim.facts[self.date]
        others = [(n, days) for n, days in self.listed(claim, *kinds) if n != claim.at]
        later = [bool(own and days) and (days[0], n) > (own[1], claim.at) for n, days in others]
        return surely(all(later))

    def backed_by(self, kind: str, claim: Claim) -> Truth:
        """As many of the other kind as rows up to this one of its year, at worst."""
        own, at = claim.facts[self.date], claim.at or 0
        if own is None:
            return None
        rows = [(n, days) for n, days in self.listed(claim, claim.facts[self.kind]) if n != at]
        same = [(n, days) for n, days in rows if days and days[0].year == own[0].year and days[1] >= self.since]
        before = sum((days[0], n) < (own[1], at) for n, days in same) + sum(days is None for _, days in rows)
        stations = [days for _, days in self.listed(claim, kind) if days]
        sure = [days for days in stations if days[0] >= self.since and days[1] <= self.on]
        return surely(sum(days[0].year <= own[0].year for days in sure) >= before + 1)

    # --- amounts

    def yearly(self, measure: Mapping[str, Any], claim: Claim) -> tuple[Bound, Bound]:
        """What one year brings, at least and at most."""
        amount, facts = measure["amount"], claim.facts
        if "share" in amount or "marginal" in amount:
            low, high = self.shares(amount, facts)
        elif "tiers" in amount:
            low, high = self.tiers(amount, facts)
        else:
            low, high = self.stated(amount)
        if "times" in amount:
            by, truth = amount["times"]["by"], self.truth(amount["times"]["when"], measure, claim)
            low, high = low * (by if truth else 1), high * (1 if truth is False else by)
        if "within" in amount and facts[amount["within"]] is not None:
            high = min(high, max(facts[amount["within"]], 0))
        high = min(high, self.least(measure, "a_year"))
        return min(low, high), high

    @staticmethod
    def stated(entry: Mapping[str, Any]) -> tuple[Bound, Bound]:
        """A sum, a cap, a floor, or none of them."""
        kind = next(each for each in KINDS if each in entry)
        sum_ = 0 if kind == "unstated" else fen(entry[kind])
        return 0 if kind == "up_to" else sum_, sum_ if kind in ("exactly", "up_to") else math.inf

    def tiers(self, amount: Mapping[str, Any], facts: Facts) -> tuple[Bound, Bound]:
        """The tier that the fact chooses, or from the least to the most of all."""
        fact, value = self.raw["fact"][amount["by"]], facts[amount["by"]]
        chosen = [each for each in amount["tiers"] if value is None or self.of_tier(fact, each, value)]
        assert value is None or len(chosen) == 1
        found = [self.stated(each) for each in chosen]
        return min(low for low, _ in found), max(high for _, high in found)

    @staticmethod
    def of_tier(fact: Mapping[str, Any], tier: Mapping[str, Any], value: Any) -> bool:
        """Whether a known value is of a tier: `from` and `to` are included, `above` and `below` are not."""
        if "of" in tier:
            return {True: "yes", False: "no"}.get(value, value) in tier["of"]
        units: dict[str, Callable[[Any], Any]] = {"money": fen, "percent": lambda text: share(text) * 1_000_000}
        unit = units.get(fact["type"], int)
        bounds = {"from": operator.ge, "above": operator.gt, "to": operator.le, "below": operator.lt}
        return all(test(value, unit(tier[name])) for name, test in bounds.items() if name in tier)

    def shares(self, amount: Mapping[str, Any], facts: Facts) -> tuple[Bound, Bound]:
        """A share of a basis, or shares of its parts, at every extreme of what is unknown."""
        cap = fen(amount["cap"]) if "cap" in amount else math.inf
        if facts[amount["of"]] is None:
            return 0, cap
        basis = max(facts[amount["of"]], 0)

        def extremes(key: str) -> list[int]:
            return [0, basis] if facts[key] is None else [max(facts[key], 0)]

        bands = amount.get("marginal") or [{"share": amount["share"]}]
        ends = [band.get("to") for band in bands]
        levels = [[math.inf] if end is None else extremes(end) if end in facts else [fen(end)] for end in ends]
        sums: list[Bound] = []
        for off in extremes(amount["less"]) if "less" in amount else [0]:
            left = max(basis - off, 0)
            for bounds in itertools.product(*levels):
                exact, start = Fraction(0), 0
                for band, end in zip(bands, bounds, strict=True):
                    reached = int(min(left, end))
                    exact += max(reached - start, 0) * share(band["share"])
                    start = max(start, reached)
                sums.append(min(math.floor(exact + Fraction(1, 2)), cap))
        return min(sums), max(sums)

    def year_of(self, measure: Mapping[str, Any], facts: Facts) -> int | None:
        """The calendar year of a claim: what surely lies before the policy has none."""
        if measure["claims"] == ["accounts"]:
            year: int | None = facts[self.year]
            return year if year and year >= self.since.year else None
        days = facts[self.date]
        return days[0].year if days and days[1] >= self.since else None

    def years(self, measure: Mapping[str, Any], facts: Facts) -> Iterator[tuple[int | None, int]]:
        """The calendar years a claim is paid in, each with how many yearly amounts fall in it."""
        amount, year = measure["amount"], self.year_of(measure, facts)
        if "during" in amount:
            first, last = amount["during"]
            if facts[self.date]:
                yield from ((each, 1) for each in range(max(year or first, first), last + 1))
            else:
                yield None, last - first + 1
        elif year is None or "spread" in amount:
            yield None, amount.get("years", 1)
        else:
            yield from ((year + nth, 1) for nth in range(amount.get("years", 1)))

    # --- limits and totals

    def limits_of(self, measure: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """The limits that cover a measure."""
        return [each for each in self.limits if measure["id"] in each["measures"]]

    def least(self, measure: Mapping[str, Any], key: str) -> Bound:
        """The least of a measure's limits of a sort."""
        return min((fen(each[key]) for each in self.limits_of(measure) if key in each), default=math.inf)

    def dues(self, events: Sequence[Facts], rows: Mapping[Key, Judgement]) -> dict[Key, list[tuple[int, Bound]]]:
        """What limits leave of each slice of each award: the yes first, by date, then the unknown."""
        awards = {each["id"]: n for n, each in enumerate(self.raw["measure"]) if each["category"] == "award"}
        never = (dt.date.max, dt.date.max)

        def place(key: Key) -> tuple[Any, ...]:
            at, id_ = key
            days = (at is not None and events[at][self.date]) or never
            return rows[key].verdict == "unknown", *days, math.inf if at is None else at, awards[id_]

        order = sorted((key for key, row in rows.items() if key[1] in awards and row.slices), key=place)
        due: dict[Key, list[tuple[int, Bound]]] = {
            key: [(low, math.inf if high is None else high) for _, low, high in rows[key].slices] for key in order
        }
        for limit in (each for each in self.limits if "once" not in each):
            groups: dict[int | None, list[tuple[Key, int]]] = defaultdict(list)
            for key in order:
                for n, (year, _, _) in enumerate(rows[key].slices):
                    if key[1] in limit["measures"] and ("in_all" in limit or year is not None):
                        groups[None if "in_all" in limit else year].append((key, n))
            for cells in groups.values():
                self.give_out(fen(limit.get("in_all") or limit["a_year"]), cells, due)
        return due

    @staticmethod
    def give_out(most: int, cells: list[tuple[Key, int]], due: dict[Key, list[tuple[int, Bound]]]) -> None:
        """First the lows in their order, then what is left to the highs in the same order."""
        lows = []
        for key, n in cells:
            lows.append(min(due[key][n][0], most))
            most -= lows[-1]
        for (key, n), low in zip(cells, lows, strict=True):
            more = max(min(due[key][n][1] - low, most), 0)
            most -= int(more)
            due[key][n] = low, low + more

    def totals(self, rows: Mapping[Key, Judgement], due: Mapping[Key, list[tuple[int, Bound]]]) -> Sums:
        """What counts for the unit and for its people."""
        recipients = {each["id"]: each.get("recipient", "unit") for each in self.raw["measure"]}
        years: dict[int | None, list[int]] = defaultdict(lambda: [0, 0, 0])
        people, open_ = [0, 0, 0], {"yes": 0, "unknown": 0}
        for key, slices in due.items():
            verdict, recipient = rows[key].verdict, recipients[key[1]]
            column = 1 if verdict == "yes" else 2
            for (year, _, _), (low, high) in zip(rows[key].slices, slices, strict=True):
                years[year][0] += low if recipient == "unit" else 0
                years[year][column] += 0 if recipient == "people" else ended(high) or 0
                if recipient != "unit" and high != math.inf:
                    people[0] += low if recipient == "people" and verdict == "yes" else 0
                    people[column] += ended(high) or 0
            open_[verdict] += recipient != "people" and slices[0][1] == math.inf
        assured, ceiling, pending = (sum(each[n] for each in years.values()) for n in range(3))
        by_year = {year: (each[0], each[1], each[2]) for year, each in years.items()}
        people_ = (people[0], people[1], people[2])
        return Sums(assured, ceiling, pending, open_["yes"], open_["unknown"], people_, by_year)
