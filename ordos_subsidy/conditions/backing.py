"""The word about what a claim stands on: its firm's events of another kind, of which there must be enough."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from ordos_subsidy.conditions.base import Builder, Condition, ConditionVoice, Row, Truth
from ordos_subsidy.conditions.relations import (
    EVENT,
    FIRM,
    FIRST,
    KIND,
    LAST,
    OPEN,
    OTHER,
    TRUTH,
    Relation,
    another,
    count_before,
    day_decides,
)
from ordos_subsidy.messages import Text

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class BackedBy(Relation):
    """The k-th event of a kind and year stands on k events of another kind, dated from a day to that year's end.

    Unknown where so many are not listed: they may exist all the same.
    """

    backing: str = ""
    reason: Text | None = None
    since: dt.date = dt.date.min
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
    def column(self) -> str:
        """The column that holds its truth."""
        return f"@backed:{'+'.join(self.kinds)}"

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
            (count_before(counted, rows, by, FIRST, LAST) + pl.col("@undated").fill_null(0) + 1).alias("@most"),
            (count_before(counted.filter(pl.col(FIRST) >= self.since), rows, by, LAST, FIRST) + 1).alias("@least"),
        )
        sure = backing.filter((pl.col(FIRST) >= self.since) & (pl.col(LAST) <= on))
        may_be = backing.filter((pl.col(LAST) >= self.since) & (pl.col(FIRST) <= on))
        blank = backing.filter(pl.col(FIRST).is_null())
        loose = backing.filter(day_decides(self.since, on)).group_by(FIRM).agg(pl.col(EVENT).min().alias("@vague"))
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
            another(pl.col(EVENT).filter(pl.col(FIRST).is_null() | (pl.col(FIRST) != pl.col(LAST))), by[:2]).alias(
                "@row"
            ),
        ).with_columns(
            (pl.col("@reachable") & pl.col(TRUTH).is_null()).alias(OPEN),
            pl.coalesce("@vague", "@row").alias(OTHER),
        )

    def may_fail(self) -> bool:
        """False: events that are not listed may exist."""
        return False


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
