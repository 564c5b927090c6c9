"""The rules of the file: every name resolved, sums in fen, shares as exact pairs, tiers without gap, mistakes noted."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from ordos_subsidy import cells
from ordos_subsidy.amounts import Band, Grant, GrantKind, Interval, Tier, Times
from ordos_subsidy.cells.figures import figure
from ordos_subsidy.conditions import WORDS, All, Comparison, Condition
from ordos_subsidy.facts import Fact, Vocabulary
from ordos_subsidy.messages import Text, say
from ordos_subsidy.policy import rule_grammar as grammar
from ordos_subsidy.policy.mistakes import Mistakes
from ordos_subsidy.policy.model import Budget, Limit
from ordos_subsidy.policy.names import of_entry, plain

_MONEY = Fact("sum", "event", "money", Text("金额", "sum"), Text("", ""), minimum=0)
_PERCENT = Fact("share", "event", "percent", Text("比例", "share"), Text("", ""), minimum=0)
#: Shares finer than this could overflow a product of sums (see `amounts`).
_FINEST = 10_000
#: No plan gives ten times what somebody spent.
_MOST = 10
#: A fact may bound a band only where it is the one bound there is.
_ONE_BOUND = 2
#: The most that a share, a multiple and years may come to together: so many times the largest sum of a cell, and
#: hundreds of such awards, have room in 64 bits.
MOST = 10_000
_STATED: tuple[GrantKind, ...] = ("exactly", "up_to", "at_least", "unstated")
#: Stands for a condition of which a mistake has been noted.
_BROKEN = All(())


@dataclass(frozen=True)
class Scene:
    """The place of a condition: in the file, in the document, and among the claims of its measure."""

    words: Vocabulary
    mistakes: Mistakes
    head: grammar.PolicyEntry
    place: str
    #: The kinds of events that the measure claims; none: the firm's accounts, with events out of sight.
    claims: tuple[str, ...] = ()

    def at(self, suffix: str) -> Scene:
        """Return the scene one step further down in the file."""
        return replace(self, place=self.place + suffix)

    # --- what words ask for (see `conditions.base.Builder`)

    @property
    def of_events(self) -> bool:
        """Whether the measure claims events, so that event facts may be named."""
        return bool(self.claims)

    @property
    def effective(self) -> dt.date:
        """The document's first day in force."""
        day: dt.date = self.head.effective  # type: ignore[attr-defined]
        return day

    @property
    def event_keys(self) -> tuple[str, str]:
        """The keys of the date and the kind of an event."""
        date, kind = self.words.role("event", "date"), self.words.role("event", "kind")
        return (date.key if date else "", kind.key if kind else "")

    def say(self, code: str, **params: object) -> None:
        """Note a mistake at this place."""
        self.mistakes.say(code, self.place, **params)

    def judged(self, own: Any) -> Text:
        """Return the reason for what others judge: a word's own, or the document's."""
        said: Text | None = plain(own or self.head.judged)  # type: ignore[attr-defined]
        if said is None:
            self.say("needs", category="judged", what="says, or policy.judged")
        return said or Text("", "")

    def inner(self, entry: Any, suffix: str) -> Condition:
        """Return the condition inside a word."""
        return condition(entry, self.at(suffix))

    def without_assumptions(self) -> Scene:
        """Return the scene with facts whose blanks count as no answer."""
        facts = {key: replace(fact, blank_is=None) for key, fact in self.words.facts.items()}
        return replace(self, words=replace(self.words, facts=facts))

    def kinds(self, name: str, *, tags: bool) -> tuple[str, ...]:
        """Return the kinds of events of a name, or of a tag."""
        kinds = [key for key, kind in self.words.kinds.items() if name == key or (tags and name in kind.tags)]
        if not kinds:
            known = {tag for kind in self.words.kinds.values() for tag in kind.tags} if tags else ()
            self.mistakes.undeclared(name, "kind.*", [*self.words.kinds, *known], self.place)
        return tuple(kinds)

    def comparison(self, test: Any) -> tuple[Fact, Comparison, Any, tuple[str, ...]] | None:
        """Return a test's fact, comparison, typed value and names; None where a mistake was noted."""
        fact = self.words.facts.get(test.fact)
        if fact is None:
            self.mistakes.undeclared(test.fact, "fact.*", self.words.facts, f"{self.place}.fact")
            return None
        if not self.of_events and fact.of == "event":
            self.at(".fact").say("event-fact", fact=fact.key)
        comparison = next(iter(test.model_fields_set - {"fact"})).rstrip("_")
        known = cells.type_of(fact).comparisons
        if comparison not in known:
            self.say("not-comparable", fact=fact.key, type=fact.type, comparison=comparison, known=", ".join(known))
            return None
        raw = test.is_ if comparison == "is" else getattr(test, comparison)
        if comparison == "one_of":
            return fact, comparison, self._members(fact, raw), tuple(raw)
        return fact, comparison, None if comparison == "given" else cells.type_of(fact).literal(fact, raw, self), ()

    # --- values

    def _members(self, fact: Fact, names: Iterable[str]) -> tuple[str, ...]:
        known = [each.key for each in fact.choices]
        members: list[str] = []
        for name in names:
            if name in self.words.groups:
                members += self.words.groups[name].members
            elif name in known:
                members.append(name)
            else:
                self.mistakes.undeclared(name, f"list of {fact.key}", [*known, *self.words.groups], self.place)
        return tuple(dict.fromkeys(members))

    def typed(self, fact: Fact, raw: Any) -> Any:
        """Return a value of the file, read as a cell would be, but a sum must have its unit."""
        written = figure(raw) if cells.type_of(fact).money else None
        if written and written.number and not written.unit:
            self.say("no-unit", value=raw)
        read = cells.read(fact, raw, vocabulary=self.words)
        if read.problem is None:
            return read.value
        said = say(read.problem, "en")
        self.say("bad-value", value=raw, fact=fact.key, detail=said.what, remedy=said.remedy)
        return 0

    def sum(self, raw: str | None) -> int | None:
        """Return a sum of the file in fen."""
        return None if raw is None else self.typed(_MONEY, raw)

    def share(self, raw: Any) -> tuple[int, int]:
        """Return a share of the file as an exact (p, q)."""
        rate = Fraction(self.typed(_PERCENT, raw) or 0, 1_000_000)
        if rate.denominator > _FINEST:
            self.say("too-fine", share=raw)
        if rate > _MOST:
            self.say("share-range", share=raw)
        return rate.numerator, rate.denominator

    def money_fact(self, key: str | None) -> str | None:
        """Return the key of a fact; note a mistake unless it is money and may be named here."""
        fact = self.words.facts.get(key) if key else None
        if key and fact is None:
            self.mistakes.undeclared(key, "fact.*", self.words.facts, self.place)
        elif fact and not cells.type_of(fact).money:
            self.say("not-money", fact=key)
        elif fact and not self.of_events and fact.of == "event":
            self.say("event-fact", fact=key)
        return key


def condition(entry: Any, scene: Scene) -> Condition:
    """Return the condition that an entry of the file states; `scene.place` is its place."""
    built = WORDS[grammar.tag(entry)].built(entry, scene)
    return _BROKEN if built is None else built


# --- amounts, limits and budgets


def grant(amount: grammar.AmountEntry, scene: Scene, limits: Sequence[Limit], *, yearly: bool) -> Grant:
    """Return the amount of a measure; `limits` are those that cover it."""
    kind, (low, high) = _stated(amount, scene)
    times = amount.times
    bands = _bands(amount, scene)
    _check_size(amount, bands, scene)
    by, tiers = _tiers(amount, scene) if amount.tiers else (None, ())
    return of_entry(
        Grant,
        amount,
        kind=kind,
        low=low,
        high=high,
        bands=bands,
        of=scene.at(".of").money_fact(amount.of),
        less=scene.at(".less").money_fact(amount.less),
        cap=scene.at(".cap").sum(amount.cap),
        within=scene.at(".within").money_fact(amount.within),
        times=Times(times.by, condition(times.when, scene.at(".times.when"))) if times else None,
        by=by,
        tiers=tiers,
        yearly=yearly,
        a_year=min((each.a_year for each in limits if each.a_year is not None), default=None),
        in_all=min((each.in_all for each in limits if each.in_all is not None), default=None),
    )


def _check_size(amount: grammar.AmountEntry, bands: Sequence[Band], scene: Scene) -> None:
    """Note an amount that could come to more than sums have room for, all its years together."""
    first, last = amount.during or (1, 1)
    years = max(amount.years or 1, last - first + 1)
    times = amount.times.by if amount.times else 1
    share = max((each.rate[0] // each.rate[1] for each in bands), default=1)
    if max(share, 1) * times * years > MOST:
        scene.say("too-large", limit=MOST)


def limit(entry: grammar.LimitEntry, measures: Sequence[str], scene: Scene) -> Limit:
    """Return a limit on some measures."""
    a_year, in_all = scene.at(".a_year").sum(entry.a_year), scene.at(".in_all").sum(entry.in_all)
    return Limit(tuple(measures), a_year, in_all, bool(entry.once))


def budget(entry: grammar.BudgetEntry, scene: Scene) -> Budget:
    """Return a budget in fen."""
    sums = {name: scene.at(f".{name}").sum(getattr(entry, name)) for name in ("exactly", "at_least")}
    return of_entry(Budget, entry, **sums)


def _stated(amount: grammar.AmountEntry | grammar.TierEntry, scene: Scene) -> tuple[GrantKind, Interval]:
    """Return the kind of an amount, and its least and most where the file states them."""
    kind: GrantKind = next((each for each in _STATED if getattr(amount, each)), "share")
    if getattr(amount, "tiers", None):
        kind = "tiers"
    if kind not in ("exactly", "up_to", "at_least"):
        return kind, (0, None)
    stated = scene.at(f".{kind}").sum(getattr(amount, kind)) or 0
    return kind, (0 if kind == "up_to" else stated, None if kind == "at_least" else stated)


def _bands(amount: grammar.AmountEntry, scene: Scene) -> tuple[Band, ...]:
    """Return the marginal bands of an amount: the end (fen, a fact's key, or None) and the share of each."""
    if amount.share:
        return (Band(None, scene.at(".share").share(amount.share)),)
    bands = []
    for index, band in enumerate(amount.marginal or ()):
        here = scene.at(f".marginal[{index}]")
        known = band.to in scene.words.facts
        end = here.at(".to").money_fact(band.to) if known else here.at(".to").sum(band.to)
        bands.append(Band(end, here.at(".share").share(band.share)))
    ends = [band.to for band in bands]
    sums = [end for end in ends if isinstance(end, int)]
    by_fact = any(isinstance(end, str) for end in ends)
    last = bands and ends[-1] is not None
    if last or None in ends[:-1] or sums != sorted(set(sums)) or (by_fact and len(bands) != _ONE_BOUND):
        scene.at(".marginal").say("marginal")
    return tuple(bands)


def _tiers(amount: grammar.AmountEntry, scene: Scene) -> tuple[str | None, tuple[Tier, ...]]:
    """Return the key of the fact that chooses, and the tiers; note gaps and overlaps."""
    fact, entries, here = scene.words.facts.get(amount.by or ""), amount.tiers or [], scene.at(".tiers")
    if fact is None:
        scene.mistakes.undeclared(amount.by or "", "fact.*", scene.words.facts, f"{scene.place}.by")
        return None, ()
    if not scene.of_events and fact.of == "event":
        scene.at(".by").say("event-fact", fact=fact.key)
    if cells.type_of(fact).answers(fact):
        tiers = _of_answers(fact, entries, here)
    elif cells.type_of(fact).ordered:
        tiers = _of_bands(fact, entries, here)
    else:
        scene.at(".by").say("tier-fact", fact=fact.key, type=fact.type)
        return None, ()
    if amount.monotone:
        _check_monotone(tiers, here)
    return fact.key, tiers


def _of_answers(fact: Fact, entries: Sequence[grammar.TierEntry], scene: Scene) -> tuple[Tier, ...]:
    known = cells.type_of(fact).answers(fact)
    seen: dict[str, int] = {}
    found = []
    for index, entry in enumerate(entries):
        here, names = scene.at(f"[{index}]"), entry.of or []
        if not names:
            here.say("needs", category="tiers", what="of")
        for name in names:
            if scene.mistakes.declared([name], f"list of {fact.key}", known, f"{here.place}.of") and name in seen:
                here.say("tier-overlap", value=name, other=f"{scene.place}[{seen[name]}]")
            seen[name] = index
        answers = tuple(known[name] for name in names if name in known)
        kind, stated = _stated(entry, here)
        found.append(Tier(answers, None, None, kind, *stated))
    for name in known:
        if name not in seen:
            scene.say("tier-gap", value=name)
    return tuple(found)


def _of_bands(fact: Fact, entries: Sequence[grammar.TierEntry], scene: Scene) -> tuple[Tier, ...]:
    """Return tiers for bands in whole units of the fact (fen, millionths), first and last included."""
    found = []
    for index, entry in enumerate(entries):
        here = scene.at(f"[{index}]")
        if entry.of:
            here.say("must-not", category="tiers", what="of")
        first = _bound(fact, entry.from_, here.at(".from"), 0)
        last = _bound(fact, entry.to, here.at(".to"), 0)
        first = _bound(fact, entry.above, here.at(".above"), 1) if first is None else first
        last = _bound(fact, entry.below, here.at(".below"), -1) if last is None else last
        if first is not None and last is not None and first > last:
            here.say("tier-empty")
        kind, stated = _stated(entry, here)
        found.append(Tier(None, first, last, kind, *stated))
    for index, (one, two) in enumerate(itertools.pairwise(found)):
        here = scene.at(f"[{index + 1}]")
        if one.last is None or two.first is None or two.first <= one.last:
            here.say("tier-overlap", value=two.first, other=f"{scene.place}[{index}]")
        elif two.first > one.last + 1:
            here.say("tier-gap", value=f"{one.last} … {two.first}")
    lowest, highest = found[0].first, found[-1].last
    if lowest is not None and (fact.minimum != 0 or lowest > 0):
        scene.at("[0]").say("tier-gap", value=f"< {lowest}")
    if highest is not None:
        scene.at(f"[{len(found) - 1}]").say("tier-gap", value=f"> {highest}")
    return tuple(found)


def _bound(fact: Fact, raw: str | int | None, scene: Scene, shift: int) -> int | None:
    value = None if raw is None else scene.typed(fact, raw)
    return value + shift if isinstance(value, int) else None


def _check_monotone(tiers: Sequence[Tier], scene: Scene) -> None:
    for index, (one, two) in enumerate(itertools.pairwise(tiers)):
        lower = two.high is not None and (one.high is None or two.high < one.high)
        if two.low < one.low or lower:
            scene.at(f"[{index + 1}]").say("tier-falls")
