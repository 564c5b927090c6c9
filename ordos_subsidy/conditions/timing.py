"""Words about the time of a claim."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Literal

from ordos_subsidy.cells import type_of
from ordos_subsidy.conditions.base import UNTIL, Condition, ConditionVoice, Row, Truth, columns_of
from ordos_subsidy.facts import Fact
from ordos_subsidy.words import Text

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class InForce(Condition):
    """The claim's date lies on or after the first day in force.

    Before it: no where the document counts only what is new, else unknown, because the document does not say
    whether what existed before counts.
    """

    date: str
    effective: dt.date
    existing: Literal["excluded", "unsettled"]
    reason: Text | None = None

    def columns(self) -> frozenset[str]:
        """Both ends of the date."""
        return frozenset({self.date, self.date + UNTIL})

    def truth(self) -> pl.Expr:
        """Null without a date, and where a partly known date straddles the first day."""
        import polars as pl

        first, last, day = pl.col(self.date), pl.col(self.date + UNTIL), pl.lit(self.effective)
        since = pl.when(first >= day).then(statement=True)
        if self.existing == "excluded":
            return since.when(last < day).then(statement=False)
        return since

    def open_facts(self, row: Row) -> tuple[str, ...]:
        """The date, where it is unknown or straddles the first day."""
        first, last = row[self.date], row[self.date + UNTIL]
        return (self.date,) if first is None or first < self.effective <= last else ()

    def says(self, speaker: ConditionVoice) -> str:
        """That the date is not before the first day."""
        return speaker.say("in-force", fact=speaker.title(self.date), day=self.effective)

    def figure(self, speaker: ConditionVoice, row: Row) -> str:
        """The date."""
        return speaker.found(speaker.words.facts[self.date], row)

    def left_open(self, speaker: ConditionVoice, row: Row, parts: tuple[Truth, ...]) -> str:
        """The reason given for what existed before."""
        return self.reason.in_(speaker.lang) if self.reason and not self.open_facts(row) else ""

    @property
    def fact_key(self) -> str:
        """The date."""
        return self.date

    def may_fail(self) -> bool:
        """Only where the document counts nothing but what is new."""
        return self.existing == "excluded"


@dataclass(frozen=True, slots=True)
class Happened(Condition):
    """The claim does not lie in the future of the day of evaluation: unknown where it does, being no fact yet.

    Unknown too where a month or a year is not over yet and the day would decide. Without a date it holds:
    whether the claim is in time is `InForce`'s business.
    """

    fact: Fact
    on: dt.date

    def columns(self) -> frozenset[str]:
        """Both ends of the date, or the year."""
        return columns_of(self.fact)

    def truth(self) -> pl.Expr:
        """Yes or unknown, never no."""
        import polars as pl

        if type_of(self.fact).spans:
            past = pl.col(self.fact.key + UNTIL) <= pl.lit(self.on)
        else:
            past = pl.col(self.fact.key) <= pl.lit(self.on.year)
        return pl.when(past.fill_null(value=True)).then(statement=True)

    def open_facts(self, row: Row) -> tuple[str, ...]:
        """The date, where the day of evaluation lies within the month or year it names."""
        first = row[self.fact.key]
        vague = type_of(self.fact).spans and first is not None and first <= self.on < row[self.fact.key + UNTIL]
        return (self.fact.key,) if vague else ()

    def may_fail(self) -> bool:
        """What lies in the future is no fact yet, and not a no either."""
        return False

    def says(self, speaker: ConditionVoice) -> str:
        """That the claim is not after the day of evaluation."""
        return speaker.say("happened", fact=speaker.title(self.fact.key), day=self.on)

    def figure(self, speaker: ConditionVoice, row: Row) -> str:
        """The date, or the year."""
        return speaker.found(self.fact, row)

    @property
    def fact_key(self) -> str:
        """The date, or the year."""
        return self.fact.key


@dataclass(frozen=True, slots=True)
class Window(Condition):
    """The claim falls in the time in which a version of a measure holds: from `since`, before `until`."""

    fact: Fact
    since: dt.date | None
    until: dt.date | None

    def columns(self) -> frozenset[str]:
        """The date, or the year."""
        return columns_of(self.fact)

    def truth(self) -> pl.Expr:
        """A year or a partly known date that lies on both sides is unknown."""
        import polars as pl

        if type_of(self.fact).spans:
            first, last = pl.col(self.fact.key), pl.col(self.fact.key + UNTIL)
        else:
            first = pl.date(pl.col(self.fact.key), 1, 1)
            last = pl.date(pl.col(self.fact.key), 12, 31)
        inside, outside = [], []
        if self.since:
            inside.append(first >= self.since)
            outside.append(last < self.since)
        if self.until:
            inside.append(last < self.until)
            outside.append(first >= self.until)
        return pl.when(reduce(or_, outside)).then(statement=False).when(reduce(and_, inside)).then(statement=True)

    def open_facts(self, row: Row) -> tuple[str, ...]:
        """The date or the year where it is unknown; a month or a year given as a date, for it lies on both sides."""
        first = row[self.fact.key]
        vague = first is None or (type_of(self.fact).spans and first != row[self.fact.key + UNTIL])
        return (self.fact.key,) if vague else ()

    def says(self, speaker: ConditionVoice) -> str:
        """The time in which the version holds."""
        which = "both" if self.since and self.until else "from" if self.since else "until"
        fact = speaker.title(self.fact.key)
        return speaker.say(f"window-{which}", fact=fact, since=self.since, until=self.until)

    def figure(self, speaker: ConditionVoice, row: Row) -> str:
        """The date, or the year."""
        return speaker.found(self.fact, row)

    @property
    def fact_key(self) -> str:
        """The date, or the year."""
        return self.fact.key
