"""What a batch adds up over all its firms."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from ordos_subsidy.batch import sums
from ordos_subsidy.batch.views import Scored
from tests.builders import Raw, evaluated, probe

NOW: Raw = {"matter": "grant", "day": "2022-03-01"}


def test_sums_over_firms_do_not_wrap() -> None:
    """Each of them fits 64 bits; together they do not, neither within a part nor over several."""
    outcome = evaluated(probe(amount={"exactly": "1元"}), {"events": [NOW]}, {"events": [NOW]}, {"events": [NOW]})
    most = pl.lit(2**62, pl.Int64)
    mine = pl.col("measure").cast(pl.String) == "probe"
    awards = outcome.awards.filter(mine).with_columns(low=most, high=most)
    part = sums.part(Scored(replace(outcome, awards=awards), None))
    assert part.by_clause.select("assured", "ceiling").rows() == [(3 * 2**62, 3 * 2**62)]
    whole = sums.added([part, part])
    assert whole.by_clause.select("assured", "ceiling").rows() == [(6 * 2**62, 6 * 2**62)]
    assert whole.by_year.select("year", "assured").rows() == [(2022, 6 * 2**62)]
