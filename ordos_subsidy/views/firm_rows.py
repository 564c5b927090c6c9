"""Tables of firms: their totals, their preferences, what they have not filled in, and what they just miss.

What is missing: one row a fact of a firm or of an event, with what its answer moves and decides. A fact is asked once
however many awards, credits and preferences wait for it. What its answer moves is at most what limits leave of each
award, and falls in the year that counts. Hints: one row a firm and measure, by the cheapest way.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from ordos_subsidy import hints, money
from ordos_subsidy.errors import Omitted
from ordos_subsidy.evaluation import VERDICTS, Outcome, totals
from ordos_subsidy.messages import Lang, listed, phrase, say
from ordos_subsidy.pages import terms
from ordos_subsidy.report.lines import Lines
from ordos_subsidy.tables.columns import null_column
from ordos_subsidy.tables.firms import PLACE
from ordos_subsidy.views import cases, fields
from ordos_subsidy.views.award_rows import Told, days, missing_titles, of_measure, who
from ordos_subsidy.views.fields import COUNTS, SUMS, View, firm_fields, place_fact, view
from ordos_subsidy.views.scored import Scored

#: How what is known of a preference is called, in the order of the table.
_GROUPS = ("preferences_yes", "preferences_unknown", "preferences_open", "preferences_no")
_ASK = ["firm", "fact", "asked"]
_ASKS = {
    "@case": pl.UInt32(),
    "fact": pl.Int32(),
    "of_firm": pl.Boolean(),
    "own": pl.Boolean(),
    "other": pl.UInt32(),
    "of": pl.String(),
    "most": pl.Int64(),
}
_HINTS = {
    **dict.fromkeys(("firm", "event", "unpriced"), pl.UInt32()),
    "version": pl.UInt16(),
    **dict.fromkeys(("fact", "gap", "unit", "verdict"), pl.String()),
    **dict.fromkeys(("price", "low", "high"), pl.Int64()),
}


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
    shown = (*table.fields, fields.REMARK)
    frame = frame.with_columns(pl.lit(None, pl.String).alias(fields.REMARK.key))
    why = [phrase("show.not_scored", lang, why=say(each.why, lang).what if each.why else "") for each in omitted]
    left_out = pl.DataFrame(
        [(each.name or None, each.code or None, each.place, said) for each, said in zip(omitted, why, strict=True)],
        dict.fromkeys(("name", "code", "place", fields.REMARK.key), pl.String),
        orient="row",
    )
    whole = pl.concat([frame, left_out, total, rest], how="diagonal")
    return View(table.name, shown, whole.select(field.key for field in shown), foot=2)


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
    return view("years", fields.YEARS, frame)


def preferences(scored: Scored, lines: Lines) -> tuple[View, pl.DataFrame, cases.Answered]:
    """One row a firm and preference, those that hold first; with the rows as `missing` needs them."""
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
    return view("preferences", fields.PREFERENCES, frame), rows, answered


# --- what is missing, and what is just missed


def missing(scored: Scored, told: Told, preferences: pl.DataFrame, answered: cases.Answered) -> View:
    """What is missing, firm by firm, with the most at stake first; `preferences` with what is said of them."""
    outcome, lang = scored.outcome, told.lang
    # The awards and credits of the year that counts, with their whole sums.
    at = told.rows.get_column("@at")
    rows = told.rows.with_columns(told.whole.select(pl.col("low", "high").gather(at)).get_columns())
    of_rows = cases.Answered(told.answered.case.gather(at), told.answered.answers)
    asked = pl.concat([_asks(outcome, rows, of_rows), _asks(outcome, preferences, answered)])
    clause = [each.clause.reference for each in outcome.policies.measures]
    titles = [each.title.in_(lang) for each in outcome.policies.measures]
    names = pl.Series([terms.heading(*each) for each in zip(clause, titles, strict=True)], dtype=pl.String)
    asked = asked.sort("firm", "version", "event", maintain_order=True)
    asked = asked.with_columns(names.gather(asked.get_column("version")).alias("item"))
    found = asked.group_by(_ASK, maintain_order=True).agg(
        pl.col("moved").sum().alias("sum_at_stake"),
        pl.col("moved").null_count().cast(pl.Int64).alias("pending_open"),
        pl.col("item").unique(maintain_order=True).alias("items"),
    )
    order = ["firm", "pending_open", "sum_at_stake"]
    found = found.sort(order, descending=[False, True, True], maintain_order=True)
    facts = [fact.title.in_(lang) for fact in outcome.policies.vocabulary.facts.values()]
    joint = "、" if lang == "zh" else ", "
    frame = found.with_columns(
        *who(outcome, found.get_column("firm")),
        pl.Series(facts, dtype=pl.String).gather(found.get_column("fact")).alias("fact"),
        _fill_in(outcome, found, lang).alias("fill_in"),
        pl.col("items").list.join(joint).alias("decides_head"),
    )
    return view("missing", fields.MISSING, frame)


def by_fact(parts: Sequence[pl.DataFrame]) -> View:
    """What is missing over all firms: for how many firms a fact is, and what its answers move in all."""
    firm = pl.struct("name", "code").n_unique().cast(pl.Int64)
    rows = pl.concat([part.select("name", "code", "fact", "sum_at_stake", "pending_open") for part in parts])
    found = rows.group_by("fact", maintain_order=True).agg(
        firm.alias("firms"), pl.col("sum_at_stake").cast(pl.Int128).sum(), pl.col("pending_open").sum()
    )
    order = ["sum_at_stake", "pending_open", "firms"]
    return view("asked", fields.ASKED, found.sort(order, descending=True, maintain_order=True))


def _asks(outcome: Outcome, rows: pl.DataFrame, answered: cases.Answered) -> pl.DataFrame:
    """One row a fact that a row waits for, of the firm (`asked` null) or of an event, and what its answer moves."""
    places = {key: n for n, key in enumerate(outcome.policies.vocabulary.facts)}
    asks = [
        (case, places[ask.fact], ask.of_firm, ask.own, ask.other, ask.moves.of, ask.moves.most)
        for case, answer in enumerate(answered.answers)
        for ask in answer.said.asks
    ]
    of_case = pl.DataFrame(asks, _ASKS, orient="row").with_row_index("@nth")
    columns = ["firm", "event", "version", "low", "high", "due_high"]
    waiting = rows.select(*columns, answered.case.alias("@case")).with_row_index("@row")
    found = waiting.join(of_case, on="@case", how="inner").sort("@row", "@nth")
    own = pl.when("own").then("event").otherwise("other")
    low, high, most = pl.col("low"), pl.col("high"), pl.col("most")
    part = pl.when(most.is_not_null()).then(pl.min_horizontal(most, high))
    moved = (
        pl.when(pl.col("of") == "whole").then(high).when(pl.col("of") == "versions").then(high - low).otherwise(part)
    )
    return found.select(
        "firm",
        "version",
        pl.col("event").cast(pl.Int64).fill_null(-1),
        "fact",
        pl.when("of_firm").then(None).otherwise(own).alias("asked"),
        pl.min_horizontal(moved, "due_high").alias("moved"),
    )


def _fill_in(outcome: Outcome, found: pl.DataFrame, lang: Lang) -> pl.Series:
    """Where to fill a fact in: the event with its date, what its amount means where that is asked, and the place."""
    policies, words, events = outcome.policies, outcome.policies.vocabulary, outcome.firms.events
    at = found.get_column("asked")
    kinds = list(words.kinds.values())
    kind = events.get_column(policies.kind_fact).to_physical().cast(pl.UInt32).gather(at)
    title = pl.Series([each.title.in_(lang) for each in kinds], dtype=pl.String).gather(kind)
    meanings = pl.Series([each.amount.in_(lang) if each.amount else None for each in kinds], dtype=pl.String)
    amount = words.role("event", "amount")
    asks_amount = found.get_column("fact") == (list(words.facts).index(amount.key) if amount else -1)
    meaning = meanings.gather(kind).zip_with(asks_amount, null_column(found.height, pl.String))
    place = events.get_column(PLACE).gather(at)
    own = outcome.firms.firms.get_column(PLACE).gather(found.get_column("firm"))
    keys = list(words.facts)
    blanks = outcome.firms.blanks
    if blanks:
        asked = zip(*(found.get_column(name).to_list() for name in ("firm", "asked", "fact")), strict=True)
        spots = [
            blanks.get(("firm", firm, keys[fact]) if event is None else ("event", event, keys[fact]))
            for firm, event, fact in asked
        ]
        cells = pl.Series(spots, dtype=pl.String)
        own, place = (cells.zip_with(cells.is_not_null(), each) for each in (own, place))
    parts = [title, days(events, policies.date_fact).gather(at), meaning, own.zip_with(at.is_null(), place)]
    frame = pl.DataFrame([each.alias(str(n)) for n, each in enumerate(parts)])
    return frame.select(pl.concat_str(pl.all(), separator=" · ", ignore_nulls=True)).to_series()


def hint_rows(scored: Scored, lang: Lang | None) -> View:
    """The hints of awards and credits, firm by firm, the cheapest first; without a language answers are keys.

    The price is that of the sums to be raised, null where there are none; the gap is that of the first of them.
    """
    outcome = scored.outcome
    cheapest: dict[tuple[int, int | None, int], hints.Hint] = {}
    for hint in hints.near_misses(outcome, "award", "credit"):
        cheapest.setdefault((hint.claim.firm, hint.claim.event, hint.claim.version), hint)
    facts = outcome.policies.vocabulary.facts
    rows = []
    for (firm, event, version), hint in cheapest.items():
        named = [facts[step.fact].title.in_(lang) if lang else step.fact for step in hint.way]
        gaps = (hints.gap(step, hint.claim.row) for step in hint.way)
        gap, unit = next(((gap, unit) for gap, unit in gaps if gap is not None), (None, ""))
        unpriced, verdict = sum(step.cost is None for step in hint.way), hint.after.verdict
        rows.append(
            {
                "firm": firm,
                "event": event,
                "version": version,
                "fact": listed(named, lang) if lang else ";".join(named),
                "gap": None if gap is None else money.plain(gap),
                "unit": (phrase(f"advice.in_{unit}", lang) if lang else unit) if unit else None,
                "price": None if unpriced == len(hint.way) else hints.cost(hint.way),
                "unpriced": unpriced,
                "verdict": phrase(f"show.verdict_{verdict}", lang) if lang else verdict,
                "low": hint.after.low,
                "high": hint.after.high,
            }
        )
    found = pl.DataFrame(rows, _HINTS).sort("firm", "unpriced", "price", maintain_order=True)
    places = outcome.firms.firms.get_column(PLACE).gather(found.get_column("firm"))
    frame = found.with_columns(
        *who(outcome, found.get_column("firm")), *of_measure(outcome.policies, lang), places.alias("place")
    )
    shown = fields.HINTS if lang else tuple(field for field in fields.HINTS if field.keyed)
    return view("hints", shown, frame)
