"""What firms have not filled in, and what they just miss.

What is missing: one row a fact of a firm or of an event, with what its answer moves and decides. A fact is asked once
however many awards, credits and preferences wait for it. What its answer moves is at most what limits leave of each
award, and falls in the year that counts. Hints: one row a firm and measure, by the cheapest way.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from ordos_subsidy import hints, money
from ordos_subsidy.evaluation import Outcome
from ordos_subsidy.messages import Lang, listed, phrase
from ordos_subsidy.pages import terms
from ordos_subsidy.tables.columns import null_column
from ordos_subsidy.tables.firms import PLACE
from ordos_subsidy.views import cases
from ordos_subsidy.views.award_rows import Told, days, of_measure, who
from ordos_subsidy.views.fields import ASKED, HINTS, MISSING, View, view
from ordos_subsidy.views.scored import Scored

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
    return view("missing", MISSING, frame)


def by_fact(parts: Sequence[pl.DataFrame]) -> View:
    """What is missing over all firms: for how many firms a fact is, and what its answers move in all."""
    firm = pl.struct("name", "code").n_unique().cast(pl.Int64)
    rows = pl.concat([part.select("name", "code", "fact", "sum_at_stake", "pending_open") for part in parts])
    found = rows.group_by("fact", maintain_order=True).agg(
        firm.alias("firms"), pl.col("sum_at_stake").cast(pl.Int128).sum(), pl.col("pending_open").sum()
    )
    order = ["sum_at_stake", "pending_open", "firms"]
    return view("asked", ASKED, found.sort(order, descending=True, maintain_order=True))


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
    fields = HINTS if lang else tuple(field for field in HINTS if field.keyed)
    return view("hints", fields, frame)
