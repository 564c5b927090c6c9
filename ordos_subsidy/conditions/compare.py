"""Words about one fact: comparisons with a value, and the time of a claim."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import and_, eq, ge, gt, le, lt, ne, or_
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from ordos_subsidy.cells import type_of
from ordos_subsidy.conditions.base import UNTIL, Builder, Condition, ConditionVoice, OfFact, Row, Truth
from ordos_subsidy.facts import Fact
from ordos_subsidy.messages import Text

if TYPE_CHECKING:
    import polars as pl

Comparison = Literal["is", "is_not", "one_of", "at_least", "more_than", "at_most", "less_than", "given"]
_OPERATORS: dict[str, Callable[[Any, Any], Any]]
_OPERATORS = {"is": eq, "is_not": ne, "at_least": ge, "more_than": gt, "at_most": le, "less_than": lt}


@dataclass(frozen=True, slots=True)
class Compare(OfFact):
    """A comparison of one fact with a value. Sums are fen, shares millionths; of a ratio the value is (p, q) for p/q.

    Of a partly known date (a month, a year) a comparison is unknown where the day could change it. Of several
    answers that leave others open it is unknown where one of those would change it. What a blank stands for
    (`blank_is`) is an assumption: it may say yes, and where it would say no the answer is unknown.
    """

    comparison: Comparison
    value: Any
    #: The answers and groups as the file writes them, for the wording; empty otherwise.
    named: tuple[str, ...] = ()
    key: ClassVar[str] = "fact"

    @classmethod
    def built(cls, entry: Any, scene: Builder) -> Condition | None:
        """Return the word of `{ fact = …, at_least = … }`; None where a mistake was noted."""
        compared = scene.comparison(entry)
        return cls(*compared) if compared else None

    def truth(self) -> pl.Expr:
        """Return null where the fact is unknown, for `given` too. Of a ratio null unless its whole is positive."""
        import polars as pl

        if self.comparison == "given":
            return pl.when(pl.col(self.fact.key).is_not_null()).then(statement=True)
        if self.fact.ratio:
            return self._ratio()
        if type_of(self.fact).spans:
            return self._date()
        known = self._choices() if type_of(self.fact).several else self._plain()
        if self.fact.blank_is is None or not self._holds_of(self.fact.blank_is):
            return known
        # Another null of `known` means that other answers are open.
        return pl.when(pl.col(self.fact.key).is_null()).then(statement=True).otherwise(known)

    def _holds_of(self, answer: str) -> bool:
        """Whether the comparison holds of one answer alone."""
        within = answer in self.value if self.comparison == "one_of" else answer == self.value
        return within != (self.comparison == "is_not")

    def _plain(self) -> pl.Expr:
        import polars as pl

        column = pl.col(self.fact.key)
        if self.comparison == "one_of":
            return column.is_in(list(self.value))
        return self._compared(column, pl.lit(self.value))

    def _compared(self, left: pl.Expr, right: pl.Expr) -> pl.Expr:
        compared: pl.Expr = _OPERATORS[self.comparison](left, right)
        return compared

    @property
    def _wanted(self) -> int:
        """The answers compared with, as bits."""
        return self.fact.bits(self.value if self.comparison == "one_of" else (self.value,))

    def _choices(self) -> pl.Expr:
        import polars as pl

        chosen = pl.col(self.fact.key)

        def names(some: int) -> pl.Expr:
            return (chosen & pl.lit(some, pl.UInt64)) != 0

        openings = [names(a) & ~names(b) for a, b in _openings(self.fact, self._wanted)]
        refused = ~reduce(or_, openings) if openings else chosen.is_not_null()
        truth = pl.when(names(self._wanted)).then(statement=True).when(refused).then(statement=False)
        return ~truth if self.comparison == "is_not" else truth

    def _ratio(self) -> pl.Expr:
        import polars as pl

        assert self.fact.ratio is not None  # noqa: S101 - what `truth` has just seen
        part, whole = (pl.col(name) for name in self.fact.ratio)
        p, q = self.value
        return pl.when(whole > 0).then(self._compared(part * q, whole * p))

    def _date(self) -> pl.Expr:
        import polars as pl

        first, last = pl.col(self.fact.key), pl.col(self.fact.key + UNTIL)
        day = pl.lit(self.value)
        sooner, later = self._compared(first, day), self._compared(last, day)
        return pl.when(sooner == later).then(sooner)

    def open_facts(self, row: Row) -> tuple[str, ...]:
        """Return the unknown facts; of a ratio only while its whole may still be positive."""
        if self.fact.ratio:
            part, whole = (row[name] for name in self.fact.ratio)
            if whole is not None and whole <= 0:
                return ()
            return tuple(name for name, value in zip(self.fact.ratio, (part, whole), strict=True) if value is None)
        if type_of(self.fact).spans:
            vague = row[self.fact.key] is None or row[self.fact.key] != row[self.fact.key + UNTIL]
            return (self.fact.key,) if vague else ()
        value = row[self.fact.key]
        if type_of(self.fact).several and value is not None:
            left_open = not value & self._wanted and self.fact.left_open(value) & self._wanted
            return (self.fact.key,) if left_open else ()
        return (self.fact.key,) if value is None else ()

    def may_fail(self) -> bool:
        """False for `given`, which is unknown where the fact is blank."""
        return self.comparison != "given"

    def says(self, speaker: ConditionVoice) -> str:
        """Return the fact with the value demanded of it."""
        if self.comparison not in ("given", "one_of"):
            return type_of(self.fact).demand(self.fact, self.comparison, self.value, speaker)
        groups = speaker.words.groups
        titles = (groups[name].title if name in groups else self.fact.choice(name).title for name in self.named)
        named = speaker.list([speaker.text(title) for title in titles])
        return speaker.say(self.comparison.replace("_", "-"), fact=speaker.title(self.fact.key), value=named)

    def distance(self, row: Row) -> int | None:
        """Return how many fen are lacking to a floor on money; None for other comparisons and where unknown."""
        if self.comparison not in ("at_least", "more_than"):
            return None
        if self.fact.ratio:
            part, whole = (row[name] for name in self.fact.ratio)
            if part is None or whole is None or whole <= 0:
                return None
            p, q = self.value
            lacking: int = -(-whole * p // q) if self.comparison == "at_least" else whole * p // q + 1
            return lacking - int(part)
        if type_of(self.fact).money and row[self.fact.key] is not None:
            lacking = self.value - row[self.fact.key]
            return lacking + (self.comparison == "more_than")
        return None

    def reached(self, row: Row) -> int:
        """Return the fen that `distance` counts from."""
        return int(row[self.fact.ratio[0] if self.fact.ratio else self.fact.key] or 0)


def _openings(fact: Fact, wanted: int) -> list[tuple[int, int]]:
    """Return pairs of bit sets (a, b): a wanted answer is left open where one of a is named and none of b.

    The rules are those of `Fact.left_open`, put so that a whole column can be asked.
    """
    forms = fact.bits(each.key for each in fact.choices if each.form)
    functions = fact.bits(each.key for each in fact.choices) & ~forms

    def leaving(some: int, answers: int) -> int:
        """Return those of `some` answers that leave one of `answers` open."""
        return fact.bits(
            each.key
            for bit, each in enumerate(fact.choices)
            if some >> bit & 1 and fact.bits(each.leaves_open) & answers
        )

    found = [(leaving(functions, wanted & functions), 0), (leaving(forms, wanted & functions), functions)]
    for bit in range(len(fact.choices)):
        if wanted & forms & 1 << bit:
            left = leaving(functions, 1 << bit)
            found.append((left, forms | functions & ~left))
    return [pair for pair in found if pair[0]]


# --- the time of a claim


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
