"""Tables of firms: their totals, their totals by year, and their preferences."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from ordos_subsidy.errors import Omitted
from ordos_subsidy.evaluation import VERDICTS, totals
from ordos_subsidy.messages import Lang, phrase, say
from ordos_subsidy.report.lines import Lines
from ordos_subsidy.tables.firms import PLACE
from ordos_subsidy.views import cases
from ordos_subsidy.views.award_rows import missing_titles, of_measure, who
from ordos_subsidy.views.fields import (
    COUNTS,
    PREFERENCES,
    REMARK,
    SUMS,
    YEARS,
    View,
    firm_fields,
    place_fact,
    view,
)
from ordos_subsidy.views.scored import Scored

#: How what is known of a preference is called, in the order of the table.
_GROUPS = ("preferences_yes", "preferences_unknown", "preferences_open", "preferences_no")


def firms(scored: Scored, lang: Lang | None) -> View:
    """One row a firm, in the order it was read, with its totals over all years or of the year that counts.

    Without a language answers are keys.
    """
    outcome, table = scored.outcome, scored.outcome.firms.firms
    numbers = pl.int_range(table.height, dtype=pl.UInt32, eager=True)
    columns = [*who(outcome, numbers), table.get_column(PLACE).alias("place")]
    if fact := place_fact(outcome.policies):
        titles = {each.key: each.title.in_(lang) if lang else each.key for each in fact.choices}
        columns.append(table.get_column(fact.key).cast(pl.String).replace(titles).alias("place_of"))
    frame = pl.DataFrame(columns).hstack(scored.sums.drop("firm")).hstack(scored.people)
    return view("firms", firm_fields(outcome.policies, lang or "zh"), frame)


def ranked(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows of sums, the largest first: by ceiling or assured, whichever is larger, then by what is pending."""
    most = pl.max_horizontal("ceiling", "assured")
    return frame.sort(most, "pending", descending=True, maintain_order=True)


def with_foot(table: View, omitted: Sequence[Omitted], basis: str, lang: Lang) -> View:
    """A table of firms with the firms left out, then two rows more: what all come to, and what the table rests on."""
    sums = [field.key for field in table.fields if field.holds in ("money", "count")]
    wide = [pl.col(key).cast(pl.Int64 if key in COUNTS else pl.Int128) for key in sums]
    frame = table.frame.with_columns(wide)
    total = frame.select(pl.lit(phrase("show.total", lang)).alias("name"), *(pl.col(key).sum() for key in sums))
    rest = pl.DataFrame({"name": [basis]})
    fields = (*table.fields, REMARK)
    frame = frame.with_columns(pl.lit(None, pl.String).alias(REMARK.key))
    why = [phrase("show.not_scored", lang, why=say(each.why, lang).what if each.why else "") for each in omitted]
    left_out = pl.DataFrame(
        [(each.name or None, each.code or None, each.place, said) for each, said in zip(omitted, why, strict=True)],
        dict.fromkeys(("name", "code", "place", REMARK.key), pl.String),
        orient="row",
    )
    whole = pl.concat([frame, left_out, total, rest], how="diagonal")
    return View(table.name, fields, whole.select(field.key for field in fields), foot=2)


def years(scored: Scored, lang: Lang) -> View:
    """One row a firm and calendar year that something counts in, then one of the firm's total."""
    by_year = totals(scored.slices, "firm", "year").with_columns(pl.lit(value=False).alias("whole"))
    whole = scored.sums.with_columns(pl.lit(None, pl.Int16).alias("year"), pl.lit(value=True).alias("whole"))
    columns = ["firm", "year", "whole", *SUMS]
    rows = pl.concat([each.select(columns) for each in (by_year, whole)], how="vertical_relaxed")
    rows = rows.sort("firm", "whole", "year", nulls_last=True)
    undated, total = phrase("show.no_year", lang), phrase("show.total", lang)
    word = pl.when("whole").then(pl.lit(total)).otherwise(pl.col("year").cast(pl.String).fill_null(undated))
    frame = rows.with_columns(word.alias("year"), *who(scored.outcome, rows.get_column("firm")))
    return view("years", YEARS, frame)


def preferences(scored: Scored, lines: Lines) -> tuple[View, pl.DataFrame, cases.Answered]:
    """One row a firm and preference, those that hold first; with the rows as `missing_rows` needs them."""
    outcome, lang = scored.outcome, lines.lang
    # In the shape of awards, of which they have no sum.
    none = pl.lit(None, pl.UInt32).alias("event")
    sums = [pl.lit(0, pl.Int64).alias(name) for name in ("low", "high", "due_high")]
    rows = outcome.preferences.select("firm", none, "version", "verdict", *sums)
    answered = cases.worded(outcome, rows, lines, "preference")
    missing = missing_titles(outcome.policies, answered, lang).alias("missing_facts")
    reason = answered.column([each.reason or None for each in answered.answers], pl.String()).alias("reason")
    verdict = pl.col("verdict")
    waits = pl.when(pl.col("missing_facts").is_not_null()).then(1).otherwise(2)
    group = pl.when(verdict == "yes").then(0).when(verdict == "no").then(3).otherwise(waits)
    then = phrase("show.then", lang)
    notes = [then.join(lines.standing(each)) or None for each in outcome.policies.measures]
    words = pl.Series([phrase(f"show.{each}", lang) for each in _GROUPS])
    verdicts = {each: phrase(f"show.verdict_{each}", lang) for each in VERDICTS}
    frame = rows.with_columns(missing, reason, *who(outcome, rows.get_column("firm")))
    frame = frame.with_columns(
        group.alias("@group"),
        *of_measure(outcome.policies, lang),
        pl.Series(notes, dtype=pl.String).gather(rows.get_column("version")).alias("notes"),
        verdict.cast(pl.String).replace_strict(verdicts),
    ).sort("firm", "@group", "version", maintain_order=True)
    frame = frame.with_columns(words.gather(frame.get_column("@group")).alias("group"))
    return view("preferences", PREFERENCES, frame), rows, answered
