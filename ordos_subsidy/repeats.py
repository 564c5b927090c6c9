"""Events of a firm that may have been entered twice: one kind and date, or a row within the paid years of another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from ordos_subsidy.conditions import UNTIL
from ordos_subsidy.evaluation import EVENT, Outcome
from ordos_subsidy.tables.firms import FIRM

#: So many events that may be one are named; the others are counted.
FEW = 5


class Repeat(NamedTuple):
    """Events of a firm that may be one event: `code` is the reason, `events` are the first of `total` rows."""

    code: str
    firm: int
    kind: str
    date: str
    events: tuple[int, ...]
    total: int


def possible_repeats(outcome: Outcome, *, later: bool = True) -> list[Repeat]:
    """Return possible duplicates: one kind and date twice, or (`later`) a row within the paid years of another."""
    policies = outcome.policies
    events = outcome.firms.events.with_row_index(EVENT).filter(pl.col(policies.date_fact).is_not_null())
    day, last = pl.col(policies.date_fact), pl.col(policies.date_fact + UNTIL)
    month = pl.when(day.dt.month_end() == last).then(day.dt.strftime("%Y-%m")).otherwise(day.dt.strftime("%Y"))
    date = pl.when(day == last).then(day.cast(pl.String)).otherwise(month)
    # Few are: numbers are compared before dates become texts.
    twins = events.select(pl.struct(FIRM, policies.kind_fact, day, last).hash().is_duplicated()).to_series()
    several = (
        events.filter(twins)
        .group_by(FIRM, policies.kind_fact, date.alias("@stamp"), maintain_order=True)
        .agg(pl.col(EVENT).head(FEW), pl.len().alias("@count"))
        .filter(pl.col("@count") > 1)
    )
    found = [
        Repeat("duplicate", firm, kind, when, tuple(members), count)
        for firm, kind, when, members, count in several.iter_rows()
    ]
    return [*found, *_again(outcome, events.with_columns(date.alias("@stamp")))] if later else found


def _again(outcome: Outcome, events: pl.DataFrame) -> Iterator[Repeat]:
    """Yield events of one kind within the years that the award of another runs for, with the same remark or none."""
    policies = outcome.policies
    note = policies.vocabulary.role("event", "note")
    years = pl.Series([each.grant.years if each.grant else None for each in policies.measures], dtype=pl.Int64)
    awards = outcome.awards.filter(pl.col("event").is_not_null())
    running = pl.DataFrame({EVENT: awards.get_column("event"), "@years": years.gather(awards.get_column("version"))})
    rows = (
        events.join(running.drop_nulls(), on=EVENT, how="inner")
        .with_columns((pl.col(note.key).fill_null("") if note else pl.lit("")).alias("@remark"))
        .sort(FIRM, policies.date_fact, EVENT)
    )
    by = [FIRM, policies.kind_fact, "@remark"]
    year = pl.col(policies.date_fact).dt.year()
    first = pl.col(EVENT, "@stamp", "@years").first().over(by).name.suffix("@first")
    rows = rows.with_columns(first, (year - year.first().over(by)).alias("@later"), year.alias("@year"))
    # What bears the same date is flagged already.
    again = (pl.col("@later") < pl.col("@years@first")) & (pl.col("@stamp") != pl.col("@stamp@first"))
    columns = (FIRM, policies.kind_fact, "@year", EVENT + "@first", EVENT)
    met: Counter[tuple[int, str, int]] = Counter()
    for firm, kind, when, other, event in rows.filter(again).select(columns).iter_rows():
        met[firm, kind, other] += 1
        if met[firm, kind, other] <= FEW:
            yield Repeat("again", firm, kind, str(when), (other, event), 2)
    for (firm, kind, other), count in met.items():
        if count > FEW:
            yield Repeat("again-more", firm, kind, "", (other,), count - FEW)
