"""Words about a claim and the other events of its firm: whether one is listed, which came first, what it stands on.

Such a word cannot be judged from a claim's own row. `marks` computes it once for the whole event table, and gives
for each event (of `HasEvent`: for each firm) three columns, which evaluation puts beside the claims:

| column | |
|---|---|
| `<column>` | the truth |
| `<column>@open` | whether a date that is missing or vague could still settle it |
| `<column>@other` | row of the event table: the event that it hangs on, null where there is none |

An event that lies after the day of evaluation is no fact yet and settles no other row. A date is a first and a
last day; of events on one day the order of the file counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from ordos_subsidy.conditions.base import UNTIL, Builder, Condition, ConditionVoice, Row, Truth
from ordos_subsidy.messages import Text

if TYPE_CHECKING:
    import polars as pl

OPEN, OTHER = "@open", "@other"
#: The columns of the events that marks are worked out from.
FIRM, EVENT, KIND, FIRST, LAST = "@firm", "@event", "@kind", "@first", "@last"
TRUTH = "@truth"


@dataclass(frozen=True, slots=True)
class Relation(Condition):
    """Base of these words. `date` and `kind` are the keys of the event facts, `kinds` the kinds of events looked at."""

    kinds: tuple[str, ...]
    date: str
    kind: str
    #: Whether the marks are of firms; else of events.
    of_firm: ClassVar[bool] = False
    #: The truth of a firm or event that is not marked.
    others: ClassVar[bool | None] = True

    @property
    def column(self) -> str:
        """The column that holds its truth."""
        return f"@{type(self).__name__}:{'+'.join(self.kinds)}"

    def columns(self) -> frozenset[str]:
        """Return its own columns."""
        return frozenset({self.column, self.column + OPEN, self.column + OTHER})

    def truth(self) -> pl.Expr:
        """Return its truth column, marked beforehand."""
        import polars as pl

        return pl.col(self.column)

    def open_facts(self, row: Row) -> tuple[str, ...]:
        """Return the key of the date, of this claim or of another event, where it is open."""
        return (self.date,) if row[self.column + OPEN] else ()

    def marks(self, events: pl.DataFrame, firms: int, on: dt.date) -> list[pl.Series]:
        """Return its three columns, one value for each event (or firm), as of a day."""
        import polars as pl

        size = firms if self.of_firm else events.height
        mine = self._marked(self._looked_at(events), on)
        at = mine.get_column(FIRM if self.of_firm else EVENT)
        blanks = {TRUTH: (self.others, pl.Boolean), OPEN: (None, pl.Boolean), OTHER: (None, pl.UInt32)}
        marked = [
            pl.repeat(blank, size, dtype=dtype, eager=True).scatter(at, mine.get_column(name))
            for name, (blank, dtype) in blanks.items()
        ]
        return [each.alias(self.column + end) for each, end in zip(marked, ("", OPEN, OTHER), strict=True)]

    @property
    def _all_kinds(self) -> tuple[str, ...]:
        """The kinds of events that the marks are computed from."""
        return self.kinds

    def _looked_at(self, events: pl.DataFrame) -> pl.DataFrame:
        """Return the events of these kinds, under fixed column names."""
        import polars as pl

        found = events.get_column(self.kind)
        at = found.is_in(pl.Series(list(self._all_kinds), dtype=found.dtype).implode()).arg_true().cast(pl.UInt32)
        named = {FIRM: FIRM, KIND: self.kind, FIRST: self.date, LAST: self.date + UNTIL}
        rows = events.select(pl.col(name).alias(key) for key, name in named.items())[at]
        return rows.with_columns(at.alias(EVENT))

    def _marked(self, mine: pl.DataFrame, on: dt.date) -> pl.DataFrame:
        """Return the events looked at with the columns `@truth`, `@open` and `@other`."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class HasEvent(Relation):
    """The firm lists an event of one of some kinds; `name` is the kind or tag in the file.

    What is not listed is not claimed: no. Unknown where all that is listed lies in the future.
    """

    name: str = ""
    of_firm: ClassVar[bool] = True
    others: ClassVar[bool | None] = False
    key: ClassVar[str] = "has_event"

    @classmethod
    def built(cls, entry: Any, scene: Builder) -> Condition:
        """Return the word of `{ has_event = "kind or tag" }`; None where a mistake was noted."""
        return cls(scene.kinds(entry.has_event, tags=True), *scene.event_keys, entry.has_event)

    def says(self, speaker: ConditionVoice) -> str:
        """Return the kinds that are wanted."""
        return speaker.say("has-event", kinds=speaker.kinds(self.kinds))

    def figure(self, speaker: ConditionVoice, row: Row) -> str:
        """Return whether one is listed, in words."""
        listed = row[self.column]
        return "" if listed is None else speaker.say("listed" if listed else "not-listed")

    def left_open(self, speaker: ConditionVoice, row: Row, parts: tuple[Truth, ...]) -> str:
        """Return that the listed event lies after the day of evaluation."""
        return speaker.say("listed-later", says=self.says(speaker))

    def _marked(self, mine: pl.DataFrame, on: dt.date) -> pl.DataFrame:
        import polars as pl

        happened = (pl.col(LAST) <= on).fill_null(value=True)
        straddles = (pl.col(FIRST) <= on) & (pl.col(LAST) > on)
        return mine.group_by(FIRM).agg(
            pl.when(happened.any()).then(statement=True).alias(TRUTH),
            (straddles.any() & ~happened.any()).alias(OPEN),
            pl.col(EVENT).filter(straddles).min().alias(OTHER),
        )


@dataclass(frozen=True, slots=True)
class FirstYears(Relation):
    """The claim's year is among the first `years` since the firm's first event of the kind on or after a day.

    Unknown while a date that is missing or vague, or an event that is still to come, might make the first year
    an earlier one.
    """

    years: int = 1
    since: dt.date = dt.date.min
    key: ClassVar[str] = "first_years"

    @classmethod
    def built(cls, entry: Any, scene: Builder) -> Condition:
        """Return the word of `{ first_years = 5 }`; None where a mistake was noted."""
        if not scene.of_events:
            scene.say("event-fact", fact=cls.key)
        return cls(scene.claims, *scene.event_keys, entry.first_years, scene.effective)

    def says(self, speaker: ConditionVoice) -> str:
        """Return how many years count."""
        return speaker.say("first-years", years=self.years)

    def columns(self) -> frozenset[str]:
        """Return its own columns and both ends of the date."""
        return Relation.columns(self) | {self.date, self.date + UNTIL}

    def figure(self, speaker: ConditionVoice, row: Row) -> str:
        """Return the date."""
        return speaker.found(speaker.words.facts[self.date], row)

    @property
    def fact_key(self) -> str:
        """The key of the date."""
        return self.date

    @property
    def column(self) -> str:
        """The column that holds its truth."""
        return f"@first:{self.years}:{'+'.join(self.kinds)}"

    def _marked(self, mine: pl.DataFrame, on: dt.date) -> pl.DataFrame:
        import polars as pl

        by, year = [FIRM, KIND], pl.col(FIRST).dt.year()
        mine = _several(mine, by)
        sure = (pl.col(FIRST) >= self.since) & (pl.col(LAST) <= on)
        may_count = (pl.col(LAST) >= self.since).fill_null(value=True)
        loose = _day_decides(self.since, on)
        latest = year.filter(sure).min().over(by)
        earliest = year.fill_null(self.since.year).filter(may_count).min().over(by)
        within = (year - earliest < self.years) | (pl.col(LAST) < self.since)
        beyond = year - latest >= self.years
        truth = pl.when(beyond).then(statement=False).when(within).then(statement=True)
        return mine.with_columns(truth.alias(TRUTH)).with_columns(
            (pl.col(TRUTH).is_null() & loose.any().over(by)).alias(OPEN),
            _another(pl.col(EVENT).filter(loose), by).alias(OTHER),
        )


@dataclass(frozen=True, slots=True)
class Once(Relation):
    """No earlier event of the kind (`joint`: of any of the kinds) is listed, nor one that may be earlier.

    Unknown otherwise: whether a later one is paid again is not for figures to say. The program adds it where a limit
    says once.
    """

    joint: bool = False

    def says(self, speaker: ConditionVoice) -> str:
        """Return that no earlier row is listed."""
        return speaker.say("once-first")

    def left_open(self, speaker: ConditionVoice, row: Row, parts: tuple[Truth, ...]) -> str:
        """Return the other row, which is earlier or may be."""
        return speaker.say("once-earlier", date=speaker.date_of(row[self.column + OTHER]))

    def _marked(self, mine: pl.DataFrame, on: dt.date) -> pl.DataFrame:
        import polars as pl

        by = [FIRM] if self.joint else [FIRM, KIND]
        mine = _several(mine, by)
        surely = _before(mine, by, LAST, FIRST).fill_null(value=False)
        may_be = _before(mine, by, FIRST, LAST)
        undated = pl.col(FIRST).is_null()
        others_undated = (undated.sum().over(by) - undated.cast(pl.UInt32)) > 0
        may_be_earlier = undated | others_undated | may_be.fill_null(value=False)
        event = pl.col(EVENT)
        first = event.sort_by([LAST, EVENT], nulls_last=True).first().over(by)
        return mine.with_columns(surely.alias("@surely"), may_be_earlier.alias("@may")).with_columns(
            pl.when(~pl.col("@may")).then(statement=True).alias(TRUTH),
            (pl.col("@may") & ~pl.col("@surely")).alias(OPEN),
            pl.when("@surely").then(first).otherwise(_another(event.sort_by([FIRST, EVENT]), by)).alias(OTHER),
        )

    def may_fail(self) -> bool:
        """False: the document does not say that a later row is not paid."""
        return False


@dataclass(frozen=True, slots=True)
class BackedBy(Relation):
    """The k-th event of a kind and year stands on k events of another kind, dated from a day to that year's end.

    Unknown where so many are not listed: they may exist all the same.
    """

    backing: str = ""
    reason: Text | None = None
    since: dt.date = dt.date.min
    others: ClassVar[bool | None] = None
    key: ClassVar[str] = "backed_by"

    @classmethod
    def built(cls, entry: Any, scene: Builder) -> Condition | None:
        """Return the word of `{ backed_by = "kind", says = … }`; None where a mistake was noted."""
        if not scene.of_events:
            scene.say("event-fact", fact=cls.key)
        backing = scene.kinds(entry.backed_by, tags=False)
        reason = Text(entry.says.zh, entry.says.en)
        return cls(scene.claims, *scene.event_keys, backing[0], reason, scene.effective) if backing else None

    def says(self, speaker: ConditionVoice) -> str:
        """Return the kind that must be listed."""
        return speaker.say("backed-by", kind=speaker.kinds((self.backing,)))

    def left_open(self, speaker: ConditionVoice, row: Row, parts: tuple[Truth, ...]) -> str:
        """Return the reason given in the file."""
        return self.reason.in_(speaker.lang) if self.reason else ""

    @property
    def _all_kinds(self) -> tuple[str, ...]:
        return (*self.kinds, self.backing)

    def _marked(self, mine: pl.DataFrame, on: dt.date) -> pl.DataFrame:
        import polars as pl

        backing, rows = mine.filter(pl.col(KIND) == self.backing), mine.filter(pl.col(KIND) != self.backing)
        rows = rows.with_columns(pl.col(FIRST).dt.year().alias("@year"))
        counted = rows.filter((pl.col(LAST) >= self.since).fill_null(value=True))
        undated = counted.filter(pl.col(FIRST).is_null()).group_by(FIRM, KIND).agg(pl.len().alias("@undated"))
        by = [FIRM, KIND, "@year"]
        rows = rows.join(undated, on=[FIRM, KIND], how="left", maintain_order="left").with_columns(
            (_count_before(counted, rows, by, FIRST, LAST) + pl.col("@undated").fill_null(0) + 1).alias("@most"),
            (_count_before(counted.filter(pl.col(FIRST) >= self.since), rows, by, LAST, FIRST) + 1).alias("@least"),
        )
        sure = backing.filter((pl.col(FIRST) >= self.since) & (pl.col(LAST) <= on))
        may_be = backing.filter((pl.col(LAST) >= self.since) & (pl.col(FIRST) <= on))
        blank = backing.filter(pl.col(FIRST).is_null())
        loose = backing.filter(_day_decides(self.since, on)).group_by(FIRM).agg(pl.col(EVENT).min().alias("@vague"))
        unknown = blank.group_by(FIRM).agg(pl.len().alias("@blank"))
        rows = rows.join(loose, on=FIRM, how="left", maintain_order="left")
        rows = rows.join(unknown, on=FIRM, how="left", maintain_order="left").with_columns(
            _until_year(sure, rows).alias("@sure"),
            (_until_year(may_be, rows, undated=on.year) + pl.col("@blank").fill_null(0)).alias("@best"),
        )
        return rows.with_columns(
            pl.when(pl.col("@year").is_not_null() & (pl.col("@sure") >= pl.col("@most")))
            .then(statement=True)
            .alias(TRUTH),
            (pl.col("@best") >= pl.col("@least")).alias("@reachable"),
            _another(pl.col(EVENT).filter(pl.col(FIRST).is_null() | (pl.col(FIRST) != pl.col(LAST))), by[:2]).alias(
                "@row"
            ),
        ).with_columns(
            (pl.col("@reachable") & pl.col(TRUTH).is_null()).alias(OPEN),
            pl.coalesce("@vague", "@row").alias(OTHER),
        )

    def may_fail(self) -> bool:
        """False: events that are not listed may exist."""
        return False


def _several(mine: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Return the events of groups that have more than one; the only one of its kind is the first."""
    import polars as pl

    return mine.filter(pl.len().over(by) > 1)


def _day_decides(since: dt.date, on: dt.date) -> pl.Expr:
    """Return whether a date is missing, or is a month or year within which the day decides."""
    import polars as pl

    straddles = [(pl.col(FIRST) < since) & (pl.col(LAST) >= since), (pl.col(FIRST) <= on) & (pl.col(LAST) > on)]
    return pl.col(FIRST).is_null() | straddles[0] | straddles[1]


def _another(events: pl.Expr, by: Sequence[str]) -> pl.Expr:
    """Return the first of some events of a group that is not the row's own; null without one."""
    import polars as pl

    first, second = events.first().over(by), events.slice(1, 1).first().over(by)
    return pl.when(first != pl.col(EVENT)).then(first).otherwise(second)


def _before(mine: pl.DataFrame, by: list[str], theirs: str, own: str) -> pl.Series:
    """Return whether another row of the group has `theirs` before the row's `own`; null without a day.

    On one day the order of the file counts.
    """
    return (_count_before(mine, mine, by, theirs, own) > 0).set(mine.get_column(own).is_null(), value=None)


def _count_before(theirs: pl.DataFrame, rows: pl.DataFrame, by: list[str], day: str, own: str) -> pl.Series:
    """Return how many of `theirs` in a row's group have `day` before the row's `own`, the row itself left out.

    On one day the order of the file counts. 0 without a day.
    """
    import polars as pl

    # A day and an event as one number that sorts: days first, then the order of the file.
    def stamp(name: str) -> pl.Expr:
        return pl.col(name).to_physical().cast(pl.Int64) * 2**32 + pl.col(EVENT).cast(pl.Int64)

    ranked = theirs.filter(pl.col(day).is_not_null()).select(*by, stamp(day).alias("@stamp")).sort("@stamp")
    ranked = ranked.with_columns((pl.int_range(pl.len()).over(by) + 1).alias("@count"))
    asked = rows.select(*by, stamp(own).alias("@stamp"), EVENT).with_row_index("@n")
    joined = asked.drop_nulls("@stamp").sort("@stamp")
    joined = joined.join_asof(
        ranked, on="@stamp", by=by, strategy="backward", allow_exact_matches=False, check_sortedness=False
    )
    found = asked.select("@n").join(joined.select("@n", "@count"), on="@n", how="left", maintain_order="left")
    count = found.get_column("@count").fill_null(0)
    # A row whose own span is counted stands before itself where its span has more than one day.
    mine = rows.select(
        ((stamp(day) < stamp(own)) & pl.col(EVENT).is_in(theirs.get_column(EVENT).implode())).fill_null(value=False)
    ).to_series()
    return count - mine.cast(count.dtype)


def _until_year(dated: pl.DataFrame, rows: pl.DataFrame, undated: int | None = None) -> pl.Series:
    """Return how many dated events of a firm begin by a row's year; `undated`: the year of rows without one."""
    import polars as pl

    years = dated.select(FIRM, pl.col(FIRST).dt.year().alias("@year")).group_by(FIRM, "@year").agg(pl.len().alias("@n"))
    years = years.sort("@year").with_columns(pl.col("@n").cum_sum().over(FIRM).alias("@count")).drop("@n")
    asked = rows.select(FIRM, pl.col("@year").fill_null(pl.lit(undated))).with_row_index("@at")
    joined = asked.drop_nulls("@year").sort("@year")
    joined = joined.join_asof(years, on="@year", by=FIRM, strategy="backward", check_sortedness=False)
    found = asked.select("@at").join(joined.select("@at", "@count"), on="@at", how="left", maintain_order="left")
    return found.get_column("@count").fill_null(0).cast(pl.Int64)
