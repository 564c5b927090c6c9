"""Firms that live in Spark, judged where they are: a DataFrame of firms and one of events in, the awards out.

    from ordos_subsidy import load_policies, spark
    awards = spark.awards(firms, events, load_policies())

Needs the extra `ordos-subsidy[spark]` on the driver and on the workers. Spark brings the firms of a part and their
events together (`cogroup`) and hands both over as Arrow tables (`applyInArrow`); the evaluator that judges them is
the one of the command line, so that a firm comes out the same as by `calc` and `batch`. A part holds many firms:
the evaluator takes columns, and a call costs some 30 ms however small it is.

**In.** Columns are named as the headings of a file are: the fact's key (`rd_expense`), its Chinese name, an alias,
with a unit in brackets or without (`revenue（元）`). Cells may be text as in a file, or of Spark's own types: decimal,
integer or double, boolean, date, arrays for lists. Money without a unit in its name is counted as in a file, in
万元; that is warned of. Both DataFrames have a column that identifies the firm: the credit code, or the name.

**Out.** A row an award, under the names and in the types of `batch … --view awards` in Parquet, money in fen, and
`problem`. A firm with a value that cannot be read is left out, as everywhere: it has a row a problem instead, in
which `problem` says what is wrong and all else is null. So has an event whose firm is not there.
"""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from ordos_subsidy.cells import type_of
from ordos_subsidy.errors import Problem, Refused, problem
from ordos_subsidy.evaluation import Outcome, evaluate
from ordos_subsidy.facts import Fact, Of, Vocabulary
from ordos_subsidy.messages import Lang, sentence
from ordos_subsidy.policy import Policies
from ordos_subsidy.tables.columns import ASSUMED, CellColumn, Given
from ordos_subsidy.tables.firms import FIRM, Firms, schema
from ordos_subsidy.tables.headings import Headings, unknown_heading
from ordos_subsidy.tables.typing import convert
from ordos_subsidy.views.award_rows import days

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

#: A problem, and the firm it keeps from being judged.
FirmProblem = tuple[str | None, Problem]

#: Parts for each core: enough to share the work evenly, few enough to keep the cost of a call small.
PARTS_PER_CORE = 4

_PART, _KEY = "@part", "@key"
_RESULT = {
    "event": pl.String(),
    "date": pl.String(),
    "event_amount_fen": pl.Int64(),
    "verdict": pl.String(),
    "low_fen": pl.Int64(),
    "high_fen": pl.Int64(),
    "year": pl.Int32(),
    "years": pl.Int32(),
    "clause_number": pl.Int32(),
    "measure_id": pl.String(),
    "problem": pl.String(),
}
_SPARK_TYPES: dict[pl.DataType, str] = {pl.String(): "string", pl.Int64(): "bigint", pl.Int32(): "int"}


def awards(
    firms: DataFrame,
    events: DataFrame,
    policies: Policies,
    on: dt.date | None = None,
    *,
    parts: int | None = None,
    lang: Lang = "zh",
) -> DataFrame:
    """Return every award of every firm as of a day (default: today), and the problems of rows that were not judged.

    `parts` is how many parts the firms are judged in, by default four a core; some 100,000 firms a part are good.
    `lang` is the language of `problem`. Raises `Refused` where the columns cannot be used.
    """
    firm_columns = _columns(firms.columns, "firm", policies.vocabulary)
    event_columns = _columns(events.columns, "event", policies.vocabulary)
    key = _key(firm_columns, event_columns, policies.vocabulary)
    today = on or dt.date.today()  # noqa: DTZ011 - the day on the user's own calendar
    judge = PartJudge(policies, today, key, _facts(firm_columns, "firm"), _facts(event_columns, "event"), lang)
    count = parts or PARTS_PER_CORE * firms.sparkSession.sparkContext.defaultParallelism
    left = _parted(firms, firm_columns, judge.firms, key, count)
    right = _parted(events, event_columns, judge.events, key, count)

    def judged(one: pa.Table, other: pa.Table) -> pa.Table:
        return judge.tables(one, other)

    types = ", ".join(f"`{name}` {_SPARK_TYPES[kind]}" for name, kind in judge.result.items())
    return left.groupBy(_PART).cogroup(right.groupBy(_PART)).applyInArrow(judged, types)


# --- on the driver: what the columns mean


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """A DataFrame column with the fact and the unit it was mapped to."""

    name: str
    fact: Fact
    unit: str | None


def _columns(names: Sequence[str], of: Of, vocabulary: Vocabulary) -> list[MappedColumn]:
    """Return the columns that name a fact; of events also those that identify the firm. Warn of the others."""
    headings = Headings(vocabulary)
    keys = {fact.key for role in ("id", "name") if (fact := vocabulary.role("firm", role))}
    found: dict[str, MappedColumn] = {}
    for name in names:
        heading = headings.find(of, name)
        if not heading and (other := headings.find("firm", name)) and other.fact.key in keys:
            heading = other
        if not heading or heading.year is not None:
            _warn(unknown_heading(of, name, f"{of}: {name}", headings))
            continue
        column = MappedColumn(name, heading.fact, heading.unit)
        if type_of(heading.fact).money and heading.unit is None:
            column = MappedColumn(name, heading.fact, ASSUMED)
            titles = {"fact": heading.fact.title.zh, "fact_en": heading.fact.title.en}
            _warn(problem("reading.assumed_unit", f"{of}: {name}", severity="warning", unit=ASSUMED, **titles))
        if heading.fact.key in found:
            raise Refused([problem("reading.twice", f"{of}: {name}", others=found[heading.fact.key].name)])
        found[heading.fact.key] = column
    return list(found.values())


def _warn(said: Problem | None) -> None:
    if said:
        warnings.warn(sentence(said, "en"), stacklevel=4)


def _key(firms: list[MappedColumn], events: list[MappedColumn], vocabulary: Vocabulary) -> Fact:
    """Return the fact that identifies the firm in both tables: the code, else the name. Raise Refused without one."""
    common = {column.fact.key for column in firms} & {column.fact.key for column in events}
    for role in ("id", "name"):
        fact = vocabulary.role("firm", role)
        if fact and fact.key in common:
            return fact
    raise Refused([problem("reading.event_unnamed", "event")])


def _facts(columns: list[MappedColumn], of: Of) -> tuple[MappedColumn, ...]:
    """Return the columns that rules can read: all but text."""
    return tuple(column for column in columns if column.fact.of == of and type_of(column.fact).column != "String")


def _parted(
    frame: DataFrame, columns: list[MappedColumn], wanted: Sequence[MappedColumn], key: Fact, count: int
) -> DataFrame:
    """Return the needed columns under the keys of their facts, with the number of the part of each firm."""
    from pyspark.sql import functions as f

    firm = next(f.col(_quoted(column.name)) for column in columns if column.fact == key).cast("string")
    chosen = [f.col(_quoted(column.name)).alias(column.fact.key) for column in wanted]
    return frame.select(f.pmod(f.hash(firm), f.lit(count)).alias(_PART), firm.alias(_KEY), *chosen)


def _quoted(name: str) -> str:
    return f"`{name.replace('`', '``')}`"


# --- on the workers: a part of the firms


@dataclass(frozen=True)
class PartJudge:
    """The task of a worker: judge one part of the firms."""

    policies: Policies
    on: dt.date
    key: Fact
    firms: tuple[MappedColumn, ...]
    events: tuple[MappedColumn, ...]
    lang: Lang

    @property
    def result(self) -> dict[str, pl.DataType]:
        """The columns of the result."""
        return {self.key.key: pl.String(), **_RESULT}

    def tables(self, firms: pa.Table, events: pa.Table) -> pa.Table:
        """Return the result of a part, from Arrow tables to an Arrow table."""
        import pyarrow as pa

        kinds = {"string": pa.string(), "bigint": pa.int64(), "int": pa.int32()}
        wanted = pa.schema([(name, kinds[_SPARK_TYPES[kind]]) for name, kind in self.result.items()])
        judged = self.part(pl.DataFrame(pl.from_arrow(firms)), pl.DataFrame(pl.from_arrow(events)))
        return judged.to_arrow().cast(wanted)

    def part(self, firms: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
        """Return the awards and the problems of a part."""
        said: list[FirmProblem] = []
        firm_rows, event_rows = self._typed(firms, "firm", said), self._typed(events, "event", said)
        firm_rows = self._once(firm_rows, said)
        self._claimed(firm_rows, event_rows, said)
        out = pl.Series([key for key, _ in said], dtype=pl.String).unique()
        kept = firm_rows.filter(pl.col(_KEY).is_in(out.implode()).not_()).drop(FIRM).with_row_index(FIRM)
        owned = event_rows.drop(FIRM).join(kept.select(_KEY, FIRM), on=_KEY, how="inner", maintain_order="left")
        outcome = evaluate(self.policies, Firms(kept, owned), self.on)
        return pl.concat([self._awards(outcome, kept.get_column(_KEY)), self._problems(said)])

    def _typed(self, raw: pl.DataFrame, of: Of, said: list[FirmProblem]) -> pl.DataFrame:
        """Return a table in the types of the vocabulary; append the problem of each unreadable cell to `said`."""
        words = self.policies.vocabulary
        facts = [column.fact.key for column in (self.firms if of == "firm" else self.events)]
        if of == "event" and facts:  # a row that names a firm and no event is nothing to count
            raw = raw.filter(pl.any_horizontal(pl.col(facts).is_not_null()))
        keys = raw.get_column(_KEY)
        made = {_KEY: keys}
        refused: set[tuple[str, int]] = set()
        for column in self.firms if of == "firm" else self.events:
            cells = CellColumn(raw.height, [raw.get_column(column.fact.key)])
            typed = convert(column.fact, Given(cells, column.unit), words)
            made |= {series.name: series for series in typed.columns}
            wrong = [(row, each) for row, each in typed.said if each.severity == "error"]
            said += [(keys[row], Problem(each.code, column.name, each.params)) for row, each in wrong]
            refused |= {(column.fact.key, row) for row, _ in wrong}
        said += self._missing(made, of, refused)
        blank = [pl.lit(None, kind).alias(name) for name, kind in schema(words, of).items() if name not in made]
        return pl.DataFrame(made).with_columns(blank)

    def _missing(self, made: dict[str, pl.Series], of: Of, refused: set[tuple[str, int]]) -> Iterator[FirmProblem]:
        """Yield the problems of rows without the firm, or without the kind of the event."""
        keys, kind = made[_KEY], self.policies.vocabulary.facts[self.policies.kind_fact]
        if of == "firm":
            nameless = problem("reading.required", of, fact=self.key.title.zh, fact_en=self.key.title.en)
        else:
            nameless = problem("reading.event_unnamed", of)
            column = made.get(kind.key)
            for row in range(len(keys)) if column is None else column.is_null().arg_true():
                if (kind.key, row) not in refused:
                    yield keys[row], problem("reading.required", of, fact=kind.title.zh, fact_en=kind.title.en)
        yield from [(None, nameless)] * keys.null_count()

    def _once(self, firms: pl.DataFrame, said: list[FirmProblem]) -> pl.DataFrame:
        """Return each firm once; entries of one firm that differ are a problem."""
        single = firms.unique(maintain_order=True)
        twice = single.get_column(_KEY).filter(single.get_column(_KEY).is_duplicated()).drop_nulls().unique()
        said += [(key, problem("reading.firm_twice", "firm", name=key, first=key)) for key in twice]
        return single.unique(_KEY, keep="first", maintain_order=True)

    def _claimed(self, firms: pl.DataFrame, events: pl.DataFrame, said: list[FirmProblem]) -> None:
        """Append a problem for each event whose firm is not in the table."""
        lost = events.join(firms, on=_KEY, how="anti").get_column(_KEY).drop_nulls()
        said += [(key, problem("reading.event_unclaimed", "event", name=key)) for key in lost]

    def _awards(self, outcome: Outcome, keys: pl.Series) -> pl.DataFrame:
        rows, policies = outcome.awards, self.policies
        amount = policies.vocabulary.role("event", "amount")
        events = outcome.firms.events.select(
            pl.col(policies.kind_fact).cast(pl.String).alias("event"),
            days(outcome.firms.events, policies.date_fact).alias("date"),
            (pl.col(amount.key) if amount else pl.lit(None, pl.Int64)).alias("event_amount_fen"),
        )[rows.get_column("event")]
        clauses = pl.Series([measure.clause.number for measure in policies.measures], dtype=pl.Int32)
        whole = rows.with_columns(
            keys.gather(rows.get_column("firm")).alias(self.key.key),
            clauses.gather(rows.get_column("version")).alias("clause_number"),
            pl.lit(None, pl.String).alias("problem"),
        ).drop("event")
        renamed = whole.rename({"low": "low_fen", "high": "high_fen", "measure": "measure_id"}).hstack(events)
        return renamed.select(pl.col(name).cast(kind) for name, kind in self.result.items())

    def _problems(self, said: Iterable[FirmProblem]) -> pl.DataFrame:
        rows: list[dict[str, Any]] = [{self.key.key: key, "problem": sentence(each, self.lang)} for key, each in said]
        return pl.DataFrame(rows, schema=self.result)
