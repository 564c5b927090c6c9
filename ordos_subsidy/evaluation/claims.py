"""Which measures are judged together, and the table of the claims they look at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import polars as pl

from ordos_subsidy.amounts import Grant
from ordos_subsidy.conditions import UNTIL, All, Condition, Happened, Relation, Window, all_columns, walk
from ordos_subsidy.evaluation.truth_tables import look
from ordos_subsidy.policy import Measure, Policies
from ordos_subsidy.tables.firms import FIRM, Firms

#: The row of the claim's event, null for the accounts; the measure's place in its group; what is known of the
#: verdict before a group judges, as `truth_tables.code` has it.
EVENT, LOCAL, TRUTH = "@event", "@local", "@truth"


class MeasureGroup(NamedTuple):
    """Measures judged together: one condition, one shape of amount, no kind of event twice."""

    condition: Condition | None
    versions: tuple[int, ...]
    measures: tuple[Measure, ...]
    on: dt.date

    @property
    def grants(self) -> list[Grant]:
        """The amount of each measure; "unstated" for a preference."""
        return [measure.grant or Grant("unstated") for measure in self.measures]

    @property
    def times(self) -> Condition | None:
        """The condition of their multiple, the same for all."""
        times = self.grants[0].times
        return times.when if times else None

    def columns(self) -> frozenset[str]:
        """Return every column that judging the group reads."""
        needed = all_columns(self.condition) if self.condition else frozenset[str]()
        return needed.union(*(grant.columns() for grant in self.grants))

    def words(self) -> Iterator[Condition]:
        """Yield every condition word of the condition and of the multiple."""
        for root in (self.condition, self.times):
            if root:
                yield from walk(root)


def window(condition: Condition | None) -> Window | None:
    """Return the word for the time of a version of a measure, or None."""
    return next((word for word in walk(condition) if isinstance(word, Window)), None) if condition else None


def without_window(condition: Condition | None) -> Condition | None:
    """Return the condition without the time of the version."""
    if not isinstance(condition, All):
        return condition
    parts = tuple(part for part in condition.parts if not isinstance(part, Window))
    return All(parts) if parts else None


def full_condition(policies: Policies, measure: Measure, on: dt.date) -> Condition | None:
    """Return the whole condition of a claim, including that it has happened by the day of evaluation."""
    condition = policies.condition(measure)
    key = policies.claim_date(measure)
    if measure.category == "preference" or key is None:
        return condition
    happened = Happened(policies.vocabulary.facts[key], on)
    return All((happened, *(condition.parts if isinstance(condition, All) else ())))


def groups(policies: Policies, measures: Iterable[tuple[int, Measure]], on: dt.date) -> list[MeasureGroup]:
    """Return groups of measures that can be judged together."""
    return grouped(((version, measure, full_condition(policies, measure, on)) for version, measure in measures), on)


def grouped(measures: Iterable[tuple[int, Measure, Condition | None]], on: dt.date) -> list[MeasureGroup]:
    """Return groups of measures, each with the condition of its claims."""
    found: dict[tuple[object, ...], tuple[Condition | None, list[tuple[int, Measure]]]] = {}
    for version, measure, condition in measures:
        shape = measure.grant.shape if measure.grant else ()
        key: tuple[object, ...] = (condition, shape)
        while key in found and _overlap(measure, found[key][1]):
            key = (*key, "again")
        found.setdefault(key, (condition, []))[1].append((version, measure))
    return [
        MeasureGroup(condition, tuple(version for version, _ in members), tuple(measure for _, measure in members), on)
        for condition, members in found.values()
    ]


def _overlap(measure: Measure, others: Sequence[tuple[int, Measure]]) -> bool:
    return any(set(measure.claims) & set(other.claims) for _, other in others)


def claimed(
    policies: Policies, events: pl.DataFrame, found: Sequence[MeasureGroup]
) -> Iterator[tuple[MeasureGroup, pl.Series]]:
    """Yield each group with the rows of the events it looks at; groups without events are left out.

    A kind belongs to one group of a layer, so that one look-up a layer sorts all events.
    """
    kinds = list(policies.vocabulary.kinds)
    physical = events.get_column(policies.kind_fact).to_physical()
    layers: list[dict[str, int]] = []
    for index, group in enumerate(found):
        own = dict.fromkeys((kind for measure in group.measures for kind in measure.claims), index)
        layer = next((each for each in layers if not own.keys() & each.keys()), None)
        if layer is None:
            layers.append(own)
        else:
            layer.update(own)
    for layer in layers:
        owner = pl.Series("owner", [layer.get(kind) for kind in kinds], dtype=pl.UInt16)[physical]
        sorted_out = owner.to_frame().with_row_index("row").drop_nulls()
        rows = sorted_out.group_by("owner").agg("row").sort("owner")
        for index, own_rows in zip(rows["owner"], rows["row"], strict=True):
            yield found[index], own_rows


def by_kind(policies: Policies, numbers: Mapping[str, int], dtype: type[pl.DataType]) -> pl.Expr:
    """Return a number for each event by its kind; null for kinds without one."""
    kinds = pl.Series([numbers.get(kind) for kind in policies.vocabulary.kinds], dtype=dtype)
    return look(kinds, pl.col(policies.kind_fact).to_physical())


def dates(policies: Policies, *, accounts: bool) -> frozenset[str]:
    """Return the columns that date a claim, and its kind."""
    if accounts:
        return frozenset({policies.year_fact} if policies.year_fact else ())
    return frozenset({policies.date_fact, policies.date_fact + UNTIL, policies.kind_fact})


def claims_of_accounts(firms: Firms, columns: frozenset[str]) -> pl.DataFrame:
    """Return the accounts claims: one row a firm, with the columns asked for."""
    known = [name for name in firms.firms.columns if name in columns or name == FIRM]
    frame = firms.firms.select(known)
    return frame.with_columns(pl.lit(None, pl.UInt32).alias(EVENT))


def claims_of_events(firms: Firms, rows: pl.Series, columns: frozenset[str]) -> pl.DataFrame:
    """Return the claims of some event rows: the events joined with the facts of their firms."""
    own = [name for name in firms.events.columns if name in columns or name == FIRM]
    frame = firms.events.select(own)[rows].with_columns(rows.cast(pl.UInt32).alias(EVENT))
    theirs = [name for name in firms.firms.columns if name in columns and name != FIRM]
    if not theirs:
        return frame
    return frame.hstack(firms.firms.select(theirs)[frame.get_column(FIRM)])


def mark_events(firms: Firms, frame: pl.DataFrame, group: MeasureGroup) -> pl.DataFrame:
    """Return the frame with the columns of the words that look at other events of a firm."""
    for word in dict.fromkeys(word for word in group.words() if isinstance(word, Relation)):
        if word.column not in frame.columns:
            at = frame.get_column(FIRM if word.of_firm else EVENT)
            frame = frame.with_columns(column.gather(at) for column in _marks(word, firms, group.on))
    return frame


def _marks(word: Relation, firms: Firms, on: dt.date) -> Sequence[pl.Series]:
    """Return the marks of a word for all events or firms, computed once for a table."""
    marks: Sequence[pl.Series] | None = firms.marks.get((word, on))
    if marks is None:
        marks = firms.marks[word, on] = word.marks(firms.events, len(firms), on)
    return marks
