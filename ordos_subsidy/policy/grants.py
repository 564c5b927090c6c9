"""Amounts, limits and budgets of the file: sums in fen, shares as exact pairs, tiers without gap or overlap."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from ordos_subsidy.amounts import Band, Grant, GrantKind, Interval, Tier, Times
from ordos_subsidy.cells import type_of
from ordos_subsidy.facts import Fact
from ordos_subsidy.policy import rule_grammar as grammar
from ordos_subsidy.policy.model import Budget, Limit
from ordos_subsidy.policy.names import maybe_text
from ordos_subsidy.policy.rules import Scene, condition

#: A fact may bound a band only where it is the one bound there is.
_ONE_BOUND = 2
#: The most that a share, a multiple and years may come to together: so many times the largest sum of a cell, and
#: hundreds of such awards, have room in 64 bits.
MOST = 10_000
_STATED: tuple[GrantKind, ...] = ("exactly", "up_to", "at_least", "unstated")


def grant(amount: grammar.AmountEntry, scene: Scene, limits: Sequence[Limit], *, yearly: bool) -> Grant:
    """Return the amount of a measure; `limits` are those that cover it."""
    kind, (low, high) = _stated(amount, scene)
    times = amount.times
    bands = _bands(amount, scene)
    _check_size(amount, bands, scene)
    by, tiers = _tiers(amount, scene) if amount.tiers else (None, ())
    return Grant(
        kind,
        low,
        high,
        bands=bands,
        of=scene.at(".of").money_fact(amount.of),
        less=scene.at(".less").money_fact(amount.less),
        cap=scene.at(".cap").sum(amount.cap),
        within=scene.at(".within").money_fact(amount.within),
        times=Times(times.by, condition(times.when, scene.at(".times.when"))) if times else None,
        by=by,
        tiers=tiers,
        years=amount.years,
        during=(amount.during[0], amount.during[1]) if amount.during else None,
        spread=amount.spread,
        once=amount.once,
        yearly=yearly,
        a_year=min((each.a_year for each in limits if each.a_year is not None), default=None),
        in_all=min((each.in_all for each in limits if each.in_all is not None), default=None),
        depends_on=maybe_text(amount.depends_on),
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
    return Budget(
        scene.at(".exactly").sum(entry.exactly),
        scene.at(".at_least").sum(entry.at_least),
        entry.growth,
        entry.share,
        maybe_text(entry.of),
        entry.yearly,
        entry.years,
        entry.base_year,
    )


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
    if type_of(fact).answers(fact):
        tiers = _of_answers(fact, entries, here)
    elif type_of(fact).ordered:
        tiers = _of_bands(fact, entries, here)
    else:
        scene.at(".by").say("tier-fact", fact=fact.key, type=fact.type)
        return None, ()
    if amount.monotone:
        _check_monotone(tiers, here)
    return fact.key, tiers


def _of_answers(fact: Fact, entries: Sequence[grammar.TierEntry], scene: Scene) -> tuple[Tier, ...]:
    known = type_of(fact).answers(fact)
    seen: dict[str, int] = {}
    found = []
    for index, entry in enumerate(entries):
        here, names = scene.at(f"[{index}]"), entry.of or []
        if not names:
            here.say("needs", category="tiers", what="of")
        for name in names:
            if name not in known:
                scene.mistakes.undeclared(name, f"list of {fact.key}", known, f"{here.place}.of")
            elif name in seen:
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
