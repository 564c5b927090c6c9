"""What firms just miss: one row a firm and measure, by the cheapest way, with what is lacking and what it opens."""

from __future__ import annotations

import polars as pl

from ordos_subsidy import hints, money
from ordos_subsidy.messages import Lang, listed, phrase
from ordos_subsidy.tables.firms import PLACE
from ordos_subsidy.views.award_rows import of_measure, who
from ordos_subsidy.views.fields import HINTS, View, view
from ordos_subsidy.views.scored import Scored

_COLUMNS = {
    "firm": pl.UInt32(),
    "event": pl.UInt32(),
    "version": pl.UInt16(),
    "fact": pl.String(),
    "gap": pl.String(),
    "unit": pl.String(),
    "price": pl.Int64(),
    "unpriced": pl.UInt32(),
    "verdict": pl.String(),
    "low": pl.Int64(),
    "high": pl.Int64(),
}


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
    for key, hint in cheapest.items():
        named = [facts[step.fact].title.in_(lang) if lang else step.fact for step in hint.way]
        gaps = (hints.gap(step, hint.claim.row) for step in hint.way)
        gap, unit = next(((gap, unit) for gap, unit in gaps if gap is not None), (None, ""))
        price = None if all(step.cost is None for step in hint.way) else hints.cost(hint.way)
        rows.append(
            (
                *key,
                listed(named, lang) if lang else ";".join(named),
                None if gap is None else money.plain(gap),
                (phrase(f"advice.in_{unit}", lang) if lang else unit) if unit else None,
                price,
                sum(step.cost is None for step in hint.way),
                phrase(f"show.verdict_{hint.after.verdict}", lang) if lang else hint.after.verdict,
                hint.after.low,
                hint.after.high,
            )
        )
    found = pl.DataFrame(rows, _COLUMNS, orient="row").sort("firm", "unpriced", "price", maintain_order=True)
    places = outcome.firms.firms.get_column(PLACE).gather(found.get_column("firm"))
    frame = found.with_columns(
        *who(outcome, found.get_column("firm")), *of_measure(outcome.policies, lang), places.alias("place")
    )
    fields = HINTS if lang else tuple(field for field in HINTS if field.keyed)
    return view("hints", fields, frame)
