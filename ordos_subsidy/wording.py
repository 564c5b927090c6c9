"""Conditions, figures and amounts in words: the one place where rules become sentences.

>>> from ordos_subsidy.amounts import Band, Grant
>>> amount(Grant("at_least", 200_0000_00, None, years=5), "zh")
'每年不低于200万元×5年'
>>> amount(Grant("share", bands=(Band(None, (1, 10)),), of="amount"), "zh"), amount(Grant("unstated"), "en")
('按10%计', 'no sum stated')
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

from ordos_subsidy import money
from ordos_subsidy.amounts import Grant, Tier, tier_kind
from ordos_subsidy.cells import fact_types, type_of
from ordos_subsidy.conditions import UNTIL, All, AnyOf, Condition, Row
from ordos_subsidy.facts import Fact, Vocabulary
from ordos_subsidy.messages import Lang, Text, listed, phrase

if TYPE_CHECKING:
    from ordos_subsidy.policy import Budget

_NAMED_KINDS = 3
#: A kind of amount, as users' scripts know it.
AmountKind = Literal["exactly", "up_to", "at_least", "share", "unstated"]


span = fact_types.span


@dataclass(frozen=True)
class Speaker:
    """Puts facts and values of one vocabulary into words of one language; condition words use it."""

    words: Vocabulary
    lang: Lang
    #: When an event of the outcome was, as far as it is known.
    dates: Callable[[int | None], str] = str

    def say(self, key: str, **params: object) -> str:
        """Return a phrase of `messages/logic.json`."""
        return phrase(f"logic.{key}", self.lang, **params)

    def title(self, key: str) -> str:
        """Return a fact's title."""
        return self.words.facts[key].title.in_(self.lang)

    def meaning(self, key: str, kind: str | None = None) -> str:
        """Return the title of a fact; of the amount, its meaning for a kind of event."""
        amount = self.words.role("event", "amount")
        own = self.words.kinds[kind].amount if kind and amount and amount.key == key else None
        return own.in_(self.lang) if own else self.title(key)

    def sentence(self, word: Condition) -> str:
        """Return a whole condition as one line."""
        if word.atomic:
            return word.says(self)
        joint = self.say("and" if isinstance(word, All) else "or")
        parts = [
            self.say("group", inner=text) if isinstance(part, AnyOf) and len(part.parts) > 1 else text
            for part, text in ((part, self.sentence(part)) for part in word.inside())
        ]
        return joint.join(parts)

    def kinds(self, kinds: tuple[str, ...]) -> str:
        """Return the titles of kinds of events, joined; of many only the first."""
        text = self.list([self.words.kinds[kind].title.in_(self.lang) for kind in kinds[:_NAMED_KINDS]])
        return text if len(kinds) <= _NAMED_KINDS else self.say("has-event-more", kinds=text, count=len(kinds))

    def text(self, text: Text) -> str:
        """Return a text of the policy file in the language."""
        return text.in_(self.lang)

    def list(self, names: Iterable[str]) -> str:
        """Return names joined by the list separator."""
        return listed(names, self.lang)

    def date_of(self, event: int | None) -> str:
        """Return the date of an event of the outcome, as far as it is known."""
        return self.dates(event)

    def value(self, fact: Fact, value: Any) -> str:
        """Return a typed value in words."""
        return type_of(fact).says(fact, value, self)

    def found(self, fact: Fact, row: Row) -> str:
        """Return the value of a fact in a row in words, a blank included."""
        if fact.ratio:
            return self._ratio(fact.ratio, row)
        value = row[fact.key]
        if value is None and fact.blank_is is not None:
            return self.say("blank-is", value=fact.choice(fact.blank_is).title.in_(self.lang))
        if value is None:
            return self.say("blank")
        return span(value, row[fact.key + UNTIL]) if type_of(fact).spans else self.value(fact, value)

    def _ratio(self, ratio: tuple[str, str], row: Row) -> str:
        part, whole = ((key, row[key]) for key in ratio)
        if whole[1] is not None and whole[1] <= 0:
            return self.say("bad-whole", fact=self.title(whole[0]))
        blanks = [self.say("blank-fact", fact=self.title(key)) for key, value in (part, whole) if value is None]
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
    """Return an amount as the document states it, for a kind of event.

    `multiplied` None: whether the multiple applies is not known.
    """
    words = _yearly(grant, lang, grant.times.by if grant.times and multiplied else 1, speaker)
    if grant.times and multiplied is None and speaker:
        multiple, says = _yearly(grant, lang, grant.times.by, speaker), speaker.sentence(grant.times.when)
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
    """Return an amount in words with the limit of all rows, unless the amount states that sum itself."""
    stated = {grant.high, _share_cap(grant)}
    for key, most in (("limit-a-year", grant.a_year), ("limit-in-all", grant.in_all)):
        if most is not None and most not in stated:
            words = phrase(f"logic.{key}", lang, amount=words, sum=money.in_words(most, lang))
    return words


def _share_cap(grant: Grant) -> int | None:
    """Return the cap of a share in fen: its own, or the yearly limit."""
    return (grant.a_year if grant.cap is None else grant.cap) if grant.kind == "share" else None


def _yearly(grant: Grant, lang: Lang, by: int, speaker: Speaker | None) -> str:
    if grant.kind == "share":
        most = _share_cap(grant)
        words = _bands(grant, lang, speaker)
        return (
            words if most is None else phrase("logic.capped", lang, amount=words, cap=money.in_words(most * by, lang))
        )
    if grant.kind == "tiers":
        return listed((_tier(grant, tier, lang, by, speaker) for tier in grant.tiers), lang)
    return _stated(grant, lang, by)


def _stated(of: Grant | Tier, lang: Lang, by: int) -> str:
    """Return a sum as it is stated: exactly, up to, at least, or not at all."""
    if of.kind == "unstated":
        return phrase("logic.unstated", lang)
    stated = of.high if of.kind == "up_to" else of.low
    return phrase(f"logic.{of.kind}", lang, sum=money.in_words((stated or 0) * by, lang))


def _bands(grant: Grant, lang: Lang, speaker: Speaker | None) -> str:
    """Return the shares of a basis in words, band by band."""
    if len(grant.bands) == 1:
        return phrase("logic.share", lang, rate=money.rate(grant.bands[0].rate))
    parts, start = [], ""
    for band in grant.bands:
        end = band.to
        if isinstance(end, str):
            to = speaker.title(end) if speaker else end
        else:
            to = "" if end is None else money.in_words(end, lang)
        key = "band-above" if not to else "band-first" if not start else "band-between"
        parts.append(phrase(f"logic.{key}", lang, start=start, to=to, rate=money.rate(band.rate)))
        start = to
    return phrase("logic.and", lang).join(parts)


def _tier(grant: Grant, tier: Tier, lang: Lang, by: int, speaker: Speaker | None) -> str:
    words = _stated(tier, lang, by)
    if not speaker:
        return words
    fact = speaker.words.facts[grant.by or ""]
    if tier.answers is not None:
        named = speaker.list(type_of(fact).statement(fact, answer, speaker) for answer in tier.answers)
    else:
        first, last = ("" if each is None else speaker.value(fact, each) for each in (tier.first, tier.last))
        key = "tier-between" if first and last else "tier-from" if first else "tier-to"
        named = phrase(f"logic.{key}", lang, fact=fact.title.in_(lang), first=first, last=last)
    return phrase("logic.tier", lang, answer=named, amount=words)


def interval(low: int, high: int | None, lang: Lang) -> str:
    """Return an interval in one line, with both ends."""
    if high is None:
        return phrase("logic.at_least", lang, sum=money.in_words(low, lang))
    if low == high:
        return money.in_words(low, lang)
    return phrase("logic.from-to", lang, low=money.in_words(low, lang), high=money.in_words(high, lang))


def kind_of_tier(grant: Grant, known: Any) -> AmountKind:
    """Return the kind of amount of the tier of an answer; of an unknown answer, that of all tiers together."""
    kind, whole = tier_kind(grant, known)
    return cast("AmountKind", kind) if kind else kind_of(*whole)


def kind_of(low: int, high: int | None) -> AmountKind:
    """Return the kind of amount that an interval is shown as."""
    if high is None:
        return "at_least" if low else "unstated"
    return "exactly" if low == high else "up_to"


def budget(what: Budget, lang: Lang) -> str:
    """Return a budget as the document states it."""
    of = what.of.in_(lang) if what.of else ""
    if what.growth:
        return phrase("logic.budget-growth", lang, of=of, rate=what.growth, years=what.years, year=what.base_year)
    if what.share:
        return phrase("logic.budget-share", lang, of=of, rate=what.share)
    stated, key = (what.exactly, "exactly") if what.exactly is not None else (what.at_least, "at-least")
    words = phrase(f"logic.budget-{key}", lang, sum=money.in_words(stated or 0, lang))
    return phrase("logic.budget-yearly", lang, amount=words) if what.yearly else words
