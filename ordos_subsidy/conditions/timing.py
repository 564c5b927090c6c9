"""Words about the time of a claim."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Literal

from ordos_subsidy.cells import type_of
from ordos_subsidy.conditions.base import UNTIL, ConditionVoice, OfFact, Row, Truth
from ordos_subsidy.messages import Text

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class InForce(OfFact):
    """The claim's date lies on or after the first day in force.

    Before it: no where the document counts only what is new, else unknown, because the document does not say
    whether what existed before counts.
    """

    effective: dt.date
    existing: Literal["excluded", "unsettled"]
    reason: Text | None = None

    def truth(self) -> pl.Expr:
        """Return null without a date, and where a partly known date straddles the first day."""
        import polars as pl

        first, last, day = pl.col(self.fact.key), pl.col(self.fact.key + UNTIL), pl.lit(self.effective)
        since = pl.when(first >= day).then(statement=True)
        if self.existing == "excluded":
            return since.when(last < day).then(statement=False)
        return since

    def open_facts(self, row: Row) -> tuple[str, ...]:
        """Return the date, where it is unknown or straddles the first day."""
        first, last = row[self.fact.key], row[self.fact.key + UNTIL]
        return (self.fact.key,) if first is None or first < self.effective <= last else ()

    def says(self, speaker: ConditionVoice) -> str:
        """Return that the date is on or after the first day."""
        return speaker.say("in-force", fact=speaker.title(self.fact.key), day=self.effective)

    def left_open(self, speaker: ConditionVoice, row: Row, parts: tuple[Truth, ...]) -> str:
        """Return the reason given for what existed before."""
        return self.reason.in_(speaker.lang) if self.reason and not self.open_facts(row) else ""

    def may_fail(self) -> bool:
        """Whether the document excludes what existed before."""
        return self.existing == "excluded"


@dataclass(frozen=True, slots=True)
class Happened(OfFact):
    """The claim is not after the day of evaluation; a later one is unknown.

    Unknown too where a month or a year is not over yet and the day would decide. Without a date it holds:
    whether the claim is in time is `InForce`'s business.
    """

    on: dt.date

    def truth(self) -> pl.Expr:
        """Return yes or unknown, never no."""
        import polars as pl

        if type_of(self.fact).spans:
            past = pl.col(self.fact.key + UNTIL) <= pl.lit(self.on)
        else:
            past = pl.col(self.fact.key) <= pl.lit(self.on.year)
        return pl.when(past.fill_null(value=True)).then(statement=True)

    def open_facts(self, row: Row) -> tuple[str, ...]:
        """Return the date, where the day of evaluation lies within its month or year."""
        first = row[self.fact.key]
        vague = type_of(self.fact).spans and first is not None and first <= self.on < row[self.fact.key + UNTIL]
        return (self.fact.key,) if vague else ()

    def may_fail(self) -> bool:
        """False: a claim in the future is unknown."""
        return False

    def says(self, speaker: ConditionVoice) -> str:
        """Return that the claim is not after the day of evaluation."""
        return speaker.say("happened", fact=speaker.title(self.fact.key), day=self.on)


@dataclass(frozen=True, slots=True)
class Window(OfFact):
    """The claim falls in the time of a version of a measure: from `since`, before `until`."""

    since: dt.date | None
    until: dt.date | None

    def truth(self) -> pl.Expr:
        """Return null for a year or a partly known date that straddles a bound."""
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
        """Return the date or the year where it is unknown; also a date of which only the month or year is known."""
        first = row[self.fact.key]
        vague = first is None or (type_of(self.fact).spans and first != row[self.fact.key + UNTIL])
        return (self.fact.key,) if vague else ()

    def says(self, speaker: ConditionVoice) -> str:
        """Return the time of the version."""
        which = "both" if self.since and self.until else "from" if self.since else "until"
        fact = speaker.title(self.fact.key)
        return speaker.say(f"window-{which}", fact=fact, since=self.since, until=self.until)
