"""An outcome read for a year or for all: the rows that count, and what they add up to.

`Scored` has the sums of firms; `Sums` those of a batch, per clause, per year and per district, taken part by part and
added up. Sums over firms are in Int128: a million firms with large sums would wrap Int64.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from ordos_subsidy.evaluation import Outcome, by_firm, counting, look, people
from ordos_subsidy.messages import Lang, phrase
from ordos_subsidy.policy import Policies
from ordos_subsidy.tables.columns import null_column
from ordos_subsidy.views.fields import COUNTS, PEOPLE, SUMS, View, clause_fields, district_fields, place_fact, view

#: As many verdicts as there could be, to make one number of a version and a verdict.
_VERDICTS = 256
#: The largest Int64.
_INT64 = 2**63 - 1


@dataclass(frozen=True)
class Scored:
    """An outcome, or a part of one, with the year that counts (None: all)."""

    outcome: Outcome
    year: int | None

    @cached_property
    def credits(self) -> pl.DataFrame:
        """The credits in the shape of the awards."""
        return self.outcome.credits.with_columns(due_low="low", due_high="high")

    @cached_property
    def rows(self) -> pl.DataFrame:
        """The award rows that count: all of them, or what falls in the year (or in none) with its slice as the sum."""
        return self._of_year(self.outcome.awards, self.outcome.schedule) if self.year else self.outcome.awards

    @cached_property
    def credit_rows(self) -> pl.DataFrame:
        """The same of the credits."""
        if self.year is None:
            return self.credits
        return self._of_year(self.credits, self.outcome.credit_schedule.with_columns(due_low="low", due_high="high"))

    def _of_year(self, rows: pl.DataFrame, slices: pl.DataFrame) -> pl.DataFrame:
        last = pl.col("within") + look(spreads(self.outcome.policies), "version") - 1
        inside = pl.lit(self.year).is_between(pl.col("within"), last)
        open_ = pl.col("year").is_null() & (pl.col("within").is_null() | inside)
        part = slices.filter(open_ | (pl.col("year") == self.year)).with_columns(pl.lit(1, pl.Int16).alias("years"))
        refused = rows.filter(pl.col("verdict") == "no").drop("measure")
        return pl.concat([refused, part.select(refused.columns)])

    @cached_property
    def counting(self) -> pl.DataFrame:
        """The rows with what each adds to the totals as its sums; of a year, without what has no stated year."""
        rows = self.rows if self.year is None else self.rows.filter(pl.col("year") == self.year)
        return counting(self.outcome.policies, rows)

    @cached_property
    def slices(self) -> pl.DataFrame:
        """What counts, by calendar year."""
        if self.year is not None:
            return self.counting.filter(pl.col("verdict") != "no")
        return counting(self.outcome.policies, self.outcome.schedule).filter(pl.col("verdict") != "no")

    @cached_property
    def sums(self) -> pl.DataFrame:
        """One row a firm, in order: its totals, and how many of its awards are eligible or to be verified."""
        return by_firm(self.counting, len(self.outcome.firms), counts=True)

    @cached_property
    def people(self) -> pl.DataFrame:
        """One row a firm, in order: what goes to its people, or is shared with them."""
        rows = self.rows if self.year is None else self.rows.filter(pl.col("year") == self.year)
        found = people(self.outcome.policies, rows).select("firm", *(pl.col(name).alias(key) for key, name in PEOPLE))
        numbers = pl.int_range(len(self.outcome.firms), dtype=pl.UInt32, eager=True).alias("firm").to_frame()
        return numbers.join(found, on="firm", how="left", maintain_order="left").drop("firm").fill_null(0)


def spreads(policies: Policies) -> pl.Series:
    """Over how many years the sum of each measure is spread, null where it is not."""
    return pl.Series([each.grant.spread if each.grant else None for each in policies.measures], dtype=pl.Int16)


# --- sums over firms


@dataclass(frozen=True, slots=True)
class Sums:
    """What a part of a batch adds up to: sums of parts are the sums of the whole."""

    by_year: pl.DataFrame
    by_clause: pl.DataFrame
    by_place: pl.DataFrame

    @property
    def comes_to(self) -> dict[str, int]:
        """What all clauses come to, in fen, and how many awards of each kind there are."""
        sums = self.by_clause.drop("clause_number").sum().to_dicts()[0]
        return {key: value or 0 for key, value in sums.items()}

    @classmethod
    def of(cls, scored: Scored, *, in_full: bool = True) -> Sums:
        """The sums of one part of a batch; those by year and by place, which take longer, only `in_full`."""
        policies, rows = scored.outcome.policies, scored.counting
        by_year = _by_clause(policies, scored.slices if in_full else rows.clear(), "year")
        by_place = _by_place(scored) if in_full else pl.DataFrame({"place_of": pl.Series(dtype=pl.String)})
        return cls(by_year, _by_clause(policies, rows), by_place)

    @classmethod
    def added(cls, parts: Sequence[Sums]) -> Sums:
        """The sums of all parts."""
        return cls(
            _added([each.by_year for each in parts], "clause_number", "year").sort(
                "clause_number", "year", nulls_last=True
            ),
            _added([each.by_clause for each in parts], "clause_number").sort("clause_number"),
            _added([each.by_place for each in parts], "place_of"),
        )

    def clauses(self, policies: Policies, lang: Lang, *, with_totals: bool = False) -> View:
        """One row a clause and calendar year; with totals, before these one for the clause, and at the end for all."""
        headings = {each.number: each.heading.in_(lang) for each in policies.clauses}
        references = {each.number: each.reference for each in policies.clauses}
        frame = self.by_year
        if with_totals:
            total, undated = phrase("batch.all_years", lang), phrase("show.no_year", lang)
            frame = frame.with_columns(pl.col("year").cast(pl.String).fill_null(undated))
            sums = self.by_clause.with_columns(pl.lit(total).alias("year"))
            frame = pl.concat([sums.select(frame.columns), frame]).sort("clause_number", maintain_order=True)
            everything = self.by_clause.drop("clause_number").sum().with_columns(pl.lit(total).alias("year"))
            frame = pl.concat([frame, everything], how="diagonal")
        number = pl.col("clause_number")
        frame = frame.with_columns(
            number.replace_strict(references, return_dtype=pl.String).alias("reference"),
            number.replace_strict(headings, return_dtype=pl.String)
            .fill_null(phrase("batch.all_clauses", lang))
            .alias("heading"),
        )
        return view("clauses", clause_fields(worded=with_totals), frame, foot=int(with_totals))

    def districts(self, policies: Policies, lang: Lang) -> View | None:
        """One row a district; None where no fact says where a firm belongs."""
        fact = place_fact(policies)
        if fact is None:
            return None
        order = {each.key: n for n, each in enumerate(fact.choices)}
        titles = {each.key: each.title.in_(lang) for each in fact.choices}
        frame = self.by_place.with_columns(pl.col("place_of").cast(pl.String))
        frame = frame.sort(pl.col("place_of").replace_strict(order, return_dtype=pl.Int64), nulls_last=True)
        blank = phrase("batch.blank_choice", lang)
        frame = frame.with_columns(pl.col("place_of").replace(titles).fill_null(blank))
        return view("districts", district_fields(fact, lang), frame)


def _by_place(scored: Scored) -> pl.DataFrame:
    fact = place_fact(scored.outcome.policies)
    table = scored.outcome.firms.firms
    where = table.get_column(fact.key) if fact else null_column(table.height, pl.String)
    sums = scored.sums.with_columns(where.alias("place_of"))
    return sums.group_by("place_of").agg(
        *(pl.col(name).cast(pl.Int128 if name not in COUNTS else pl.Int64).sum() for name in (*SUMS, "eligible")),
        pl.col("to_verify").cast(pl.Int64).sum(),
        firms=pl.len().cast(pl.Int64),
        firms_eligible=(pl.col("eligible") > 0).sum().cast(pl.Int64),
    )


def _by_clause(policies: Policies, rows: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Sums per clause, in Int128: first per measure and verdict, of which there are few."""
    # Where no sum can wrap, Int64 takes half the time.
    most = rows.select(pl.max_horizontal(pl.col("low", "high").abs().max())).item() or 0
    wide = pl.Int128 if most * rows.height > _INT64 else pl.Int64
    both = (pl.col("version").cast(pl.UInt32) * _VERDICTS + pl.col("verdict").to_physical()).alias("both")
    few = rows.group_by(both, *by).agg(
        pl.col("version", "verdict").first(),
        pl.col("low", "high").cast(wide).sum().cast(pl.Int128),
        endless=pl.col("high").null_count(),
        rows=pl.len(),
    )
    numbers = pl.Series([each.clause.number for each in policies.measures], dtype=pl.Int64)
    yes, unknown = pl.col("verdict") == "yes", pl.col("verdict") == "unknown"
    found = few.group_by(look(numbers, "version").alias("clause_number"), *by).agg(
        assured=pl.col("low").sum(),
        ceiling=pl.col("high").filter(yes).sum(),
        open_ended=pl.col("endless").filter(yes).sum(),
        pending=pl.col("high").filter(unknown).sum(),
        pending_open=pl.col("endless").filter(unknown).sum(),
        eligible=pl.col("rows").filter(yes).sum(),
        to_verify=pl.col("rows").filter(unknown).sum(),
    )
    return found.with_columns(pl.col(name).cast(pl.Int64) for name in found.columns if name in COUNTS)


def _added(parts: Sequence[pl.DataFrame], *by: str) -> pl.DataFrame:
    whole = pl.concat(parts)
    return whole.group_by(by).agg(pl.exclude(by).fill_null(0).sum())
