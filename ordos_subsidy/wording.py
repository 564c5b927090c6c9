"""Conditions, figures and amounts in words: the one place where rules become sentences.

>>> from ordos_subsidy.amounts import Band, Grant
>>> amount(Grant("at_least", 200_0000_00, None, years=5), "zh")
'每年不低于200万元×5年'
>>> amount(Grant("share", bands=(Band(None, (1, 10)),), of="amount"), "zh"), amount(Grant("unstated"), "en")
('按10%计', 'no sum stated')
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

from ordos_subsidy import money
from ordos_subsidy.amounts import Grant, Tier, tier_kind
from ordos_subsidy.conditions import (
    UNTIL,
    All,
    AnyOf,
    BackedBy,
    Compare,
    Condition,
    FirstYears,
    Happened,
    HasEvent,
    InForce,
    JudgedByOthers,
    Not,
    Once,
    Row,
    Sufficient,
    Unsettled,
    Window,
)
from ordos_subsidy.facts import Fact, Vocabulary
from ordos_subsidy.words import Lang, listed, phrase

if TYPE_CHECKING:
    from ordos_subsidy.policies import Budget

_NAMED_KINDS = 3
#: A kind of amount, as users' scripts know it.
Shown = Literal["exactly", "up_to", "at_least", "share", "unstated"]
_DAYS = {"at_least": "since-day", "more_than": "after-day", "at_most": "by-day", "less_than": "before-day"}


def rate(share: tuple[int, int]) -> str:
    """An exact share as a percentage: (3, 8) is 37.5%."""
    return f"{money.plain(Decimal(share[0]) * 100 / share[1])}%"


def span(first: dt.date, last: dt.date) -> str:
    """A date as far as it is known: 2022-03-01, 2022-03 or 2022."""
    if first == last:
        return first.isoformat()
    whole_year = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
    return f"{first:%Y}" if whole_year else f"{first:%Y-%m}"


class Speaker(NamedTuple):
    """Says conditions and figures of one vocabulary in one language."""

    words: Vocabulary
    lang: Lang

    def title(self, key: str) -> str:
        """A fact's heading."""
        return self.words.facts[key].title.in_(self.lang)

    def meaning(self, key: str, kind: str | None = None) -> str:
        """What a fact means for a kind of event: its amount has a meaning of its own for many."""
        amount = self.words.role("event", "amount")
        own = self.words.kinds[kind].amount if kind and amount and amount.key == key else None
        return own.in_(self.lang) if own else self.title(key)

    def says(self, word: Condition) -> str:  # noqa: C901, PLR0911, PLR0912 - one line a word
        """What a condition demands."""
        match word:
            case Compare():
                return self._compare(word)
            case All():
                return phrase("logic.all", self.lang)
            case AnyOf():
                return phrase("logic.any", self.lang)
            case Not(inner=inner):
                return phrase("logic.not", self.lang, inner=self.sentence(inner))
            case Unsettled(inner=inner):
                return phrase("logic.settled", self.lang, inner=self.sentence(inner))
            case InForce(date=date, effective=day):
                return phrase("logic.in-force", self.lang, fact=self.title(date), day=day)
            case Happened(fact=fact, on=on):
                return phrase("logic.happened", self.lang, fact=fact.title.in_(self.lang), day=on)
            case HasEvent(kinds=kinds):
                return phrase("logic.has-event", self.lang, kinds=self._kinds(kinds))
            case FirstYears(years=years):
                return phrase("logic.first-years", self.lang, years=years)
            case Sufficient(inner=inner):
                return self.sentence(inner)
            case JudgedByOthers(says=says):
                return says.in_(self.lang)
            case Once():
                return phrase("logic.once-first", self.lang)
            case BackedBy(backing=kind):
                return phrase("logic.backed-by", self.lang, kind=self.words.kinds[kind].title.in_(self.lang))
            case Window():
                return self._window(word)
        raise TypeError(word)

    def sentence(self, word: Condition) -> str:
        """A whole condition in one line."""
        if not isinstance(word, All | AnyOf):
            return self.says(word)
        joint = phrase("logic.and" if isinstance(word, All) else "logic.or", self.lang)
        parts = [self.sentence(part) for part in word.parts]
        grouped = [
            phrase("logic.group", self.lang, inner=text) if isinstance(part, AnyOf) and len(part.parts) > 1 else text
            for part, text in zip(word.parts, parts, strict=True)
        ]
        return joint.join(grouped)

    def _kinds(self, kinds: tuple[str, ...]) -> str:
        named = [self.words.kinds[kind].title.in_(self.lang) for kind in kinds[:_NAMED_KINDS]]
        text = self.list(named)
        return (
            text
            if len(kinds) <= _NAMED_KINDS
            else phrase("logic.has-event-more", self.lang, kinds=text, count=len(kinds))
        )

    def _window(self, word: Window) -> str:
        fact = word.fact.title.in_(self.lang)
        which = "both" if word.since and word.until else "from" if word.since else "until"
        return phrase(f"logic.window-{which}", self.lang, fact=fact, since=word.since, until=word.until)

    def _compare(self, word: Compare) -> str:
        fact = word.fact.title.in_(self.lang)
        if word.fact.type == "yes_no" and word.comparison != "given":
            wanted = word.value if word.comparison == "is" else not word.value
            return phrase("logic.yes" if wanted else "logic.not-yes", self.lang, fact=fact)
        if word.fact.type in ("date", "year") and word.comparison in _DAYS:
            return phrase(
                f"logic.{_DAYS[word.comparison]}", self.lang, fact=fact, value=self.value(word.fact, word.value)
            )
        value = self._wanted(word)
        return phrase(f"logic.{word.comparison.replace('_', '-')}", self.lang, fact=fact, value=value)

    def _wanted(self, word: Compare) -> str:
        if word.comparison == "given":
            return ""
        if word.comparison == "one_of":
            return self.list([self._named(word.fact, name) for name in word.named])
        if word.fact.ratio:
            return rate(word.value)
        return self.value(word.fact, word.value)

    def _named(self, fact: Fact, name: str) -> str:
        group = self.words.groups.get(name)
        return group.title.in_(self.lang) if group else fact.choice(name).title.in_(self.lang)

    def list(self, names: list[str]) -> str:
        """Names in a row."""
        return listed(names, self.lang)

    def value(self, fact: Fact, value: Any) -> str:  # noqa: PLR0911 - one line a type
        """A typed value in words (see `firms.tables` for how each type is kept)."""
        match fact.type:
            case "money":
                return money.in_words(value, self.lang)
            case "percent":
                return rate((value, 1_000_000))
            case "yes_no":
                return phrase("logic.yes-word" if value else "logic.no-word", self.lang)
            case "choice":
                return fact.choice(value).title.in_(self.lang)
            case "choices":
                chosen = (
                    [each for bit, each in enumerate(fact.choices) if value >> bit & 1]
                    if isinstance(value, int)
                    else [fact.choice(value)]
                )
                return self.list([each.title.in_(self.lang) for each in chosen])
            case "kind":
                return self.words.kinds[value].title.in_(self.lang)
            case "year":
                return phrase("logic.year", self.lang, year=value)
            case _:
                return str(value)

    def figure(self, word: Condition, row: Row) -> str:
        """What was found of the fact a word looks at; "" where it looks at none."""
        match word:
            case Compare(fact=fact) | Happened(fact=fact) | Window(fact=fact):
                return self._ratio(fact, row) if fact.ratio else self.found(fact, row)
            case InForce(date=key) | FirstYears(date=key):
                return self.found(self.words.facts[key], row)
            case HasEvent(column=column) if row[column] is not None:
                return phrase("logic.listed" if row[column] else "logic.not-listed", self.lang)
            case Not(inner=inner) | Unsettled(inner=inner) | Sufficient(inner=inner):
                return self.figure(inner, row)
        return ""

    def found(self, fact: Fact, row: Row) -> str:
        """A fact of a row in words, the blank included."""
        value = row[fact.key]
        if value is None and fact.blank_is is not None:
            return phrase("logic.blank-is", self.lang, value=fact.choice(fact.blank_is).title.in_(self.lang))
        if value is None:
            return phrase("logic.blank", self.lang)
        return span(value, row[fact.key + UNTIL]) if fact.type == "date" else self.value(fact, value)

    def _ratio(self, fact: Fact, row: Row) -> str:
        part, whole = ((key, row[key]) for key in fact.ratio or ())
        if whole[1] is not None and whole[1] <= 0:
            return phrase("logic.bad-whole", self.lang, fact=self.title(whole[0]))
        blank = [self.title(key) for key, value in (part, whole) if value is None]
        blanks = [phrase("logic.blank-fact", self.lang, fact=title) for title in blank]
        return self.list(blanks) if blanks else money.percent(part[1], whole[1])


# --- amounts


def amount(
    grant: Grant,
    lang: Lang,
    speaker: Speaker | None = None,
    *,
    multiplied: bool | None = False,
    kind: str | None = None,
) -> str:
    """An amount as the document states it, of a kind of event.

    `multiplied` None: whether the multiple applies is not known.
    """
    words = _yearly(grant, lang, grant.times.by if grant.times and multiplied else 1, speaker)
    if grant.times and multiplied is None and speaker:
        multiple, says = _yearly(grant, lang, grant.times.by, speaker), speaker.says(grant.times.when)
        words = phrase("logic.times", lang, amount=words, multiple=multiple, says=says)
    if grant.within and speaker:
        words = phrase("logic.within", lang, amount=words, fact=speaker.meaning(grant.within, kind))
    if grant.years:
        words = phrase("logic.years", lang, amount=words, years=grant.years)
    elif grant.during:
        words = phrase("logic.during", lang, amount=words, first=grant.during[0], last=grant.during[1])
    elif grant.spread:
        words = phrase("logic.spread", lang, amount=words, years=grant.spread)
    elif grant.yearly:
        words = phrase("logic.yearly", lang, amount=words)
    return _limited(grant, words, lang)


def _limited(grant: Grant, words: str, lang: Lang) -> str:
    """An amount in words with the limit of all rows, where the amount does not state that sum itself."""
    stated = {grant.high, _share_cap(grant)}
    for key, most in (("limit-a-year", grant.a_year), ("limit-in-all", grant.in_all)):
        if most is not None and most not in stated:
            words = phrase(f"logic.{key}", lang, amount=words, sum=money.in_words(most, lang))
    return words


def _share_cap(grant: Grant) -> int | None:
    """What a share comes to at most: its cap, or the yearly limit where it has none."""
    return (grant.a_year if grant.cap is None else grant.cap) if grant.kind == "share" else None


def _yearly(grant: Grant, lang: Lang, by: int, speaker: Speaker | None) -> str:
    if grant.kind == "unstated":
        return phrase("logic.unstated", lang)
    if grant.kind == "share":
        most = _share_cap(grant)
        words = _bands(grant, lang, speaker)
        return (
            words if most is None else phrase("logic.capped", lang, amount=words, cap=money.in_words(most * by, lang))
        )
    if grant.kind == "tiers":
        return listed((_tier(grant, tier, lang, by, speaker) for tier in grant.tiers), lang)
    stated = grant.high if grant.kind == "up_to" else grant.low
    return phrase(f"logic.{grant.kind}", lang, sum=money.in_words((stated or 0) * by, lang))


def _bands(grant: Grant, lang: Lang, speaker: Speaker | None) -> str:
    """The shares of a basis: one, or so much of each part."""
    if len(grant.bands) == 1:
        return phrase("logic.share", lang, rate=rate(grant.bands[0].rate))
    parts, start = [], ""
    for band in grant.bands:
        end = band.to
        if isinstance(end, str):
            to = speaker.title(end) if speaker else end
        else:
            to = "" if end is None else money.in_words(end, lang)
        key = "band-above" if not to else "band-first" if not start else "band-between"
        parts.append(phrase(f"logic.{key}", lang, start=start, to=to, rate=rate(band.rate)))
        start = to
    return phrase("logic.and", lang).join(parts)


def _tier(grant: Grant, tier: Tier, lang: Lang, by: int, speaker: Speaker | None) -> str:
    sums = {"exactly": tier.low, "up_to": tier.high, "at_least": tier.low}
    if tier.kind in sums:
        words = phrase(f"logic.{tier.kind}", lang, sum=money.in_words((sums[tier.kind] or 0) * by, lang))
    else:
        words = phrase("logic.unstated", lang)
    if not speaker:
        return words
    fact = speaker.words.facts[grant.by or ""]
    if fact.type == "yes_no":
        named = listed(
            (
                phrase("logic.yes" if each else "logic.not-yes", lang, fact=fact.title.in_(lang))
                for each in tier.answers or ()
            ),
            lang,
        )
    elif tier.answers is not None:
        named = speaker.list([speaker.value(fact, answer) for answer in tier.answers])
    else:
        first, last = ("" if each is None else speaker.value(fact, each) for each in (tier.first, tier.last))
        key = "tier-between" if first and last else "tier-from" if first else "tier-to"
        named = phrase(f"logic.{key}", lang, fact=fact.title.in_(lang), first=first, last=last)
    return phrase("logic.tier", lang, answer=named, amount=words)


def interval(low: int, high: int | None, lang: Lang) -> str:
    """An interval in one line, both ends shown."""
    if high is None:
        return phrase("logic.at_least", lang, sum=money.in_words(low, lang))
    if low == high:
        return money.in_words(low, lang)
    return phrase("logic.from-to", lang, low=money.in_words(low, lang), high=money.in_words(high, lang))


def kind_of_tier(grant: Grant, known: Any) -> Shown:
    """The kind of amount of the tier that an answer chooses; unknown, that of all tiers together."""
    kind, whole = tier_kind(grant, known)
    return cast("Shown", kind) if kind else kind_of(*whole)


def kind_of(low: int, high: int | None) -> Shown:
    """The kind of amount that an interval of several sums is shown as."""
    if high is None:
        return "at_least" if low else "unstated"
    return "exactly" if low == high else "up_to"


def budget(what: Budget, lang: Lang) -> str:
    """A budget as the document states it."""
    of = what.of.in_(lang) if what.of else ""
    if what.growth:
        return phrase("logic.budget-growth", lang, of=of, rate=what.growth, years=what.years, year=what.base_year)
    if what.share:
        return phrase("logic.budget-share", lang, of=of, rate=what.share)
    stated, key = (what.exactly, "exactly") if what.exactly is not None else (what.at_least, "at-least")
    words = phrase(f"logic.budget-{key}", lang, sum=money.in_words(stated or 0, lang))
    return phrase("logic.budget-yearly", lang, amount=words) if what.yearly else words
