"""One row a claim where a measure has several versions."""

from __future__ import annotations

import polars as pl

from ordos_subsidy.evaluation.judging import VERDICTS, WINDOW
from ordos_subsidy.policies import Policies


def settle(policies: Policies, awards: pl.DataFrame) -> pl.DataFrame:
    """Leave one row a claim where a measure has several versions.

    The version whose time the claim falls in counts; of several, the last. Where the claim's date leaves several
    possible, the last one speaks for all, open to the widest of them; if they fall in different years, in none.
    Where none holds any more, the last one says no.
    """
    several = pl.col("measure").cast(pl.String).is_in(list(policies.versioned))
    claim = ["firm", "event", "measure"]
    possible = pl.col(WINDOW).fill_null(value=True)
    rows = awards.filter(several).sort("version").filter(possible | ~possible.any().over(claim))
    certain = pl.when(pl.col(WINDOW)).then("version").max().over(claim)
    rows = rows.filter((pl.col("version") >= certain).fill_null(value=True))
    vague = pl.len().over(claim) > 1
    endless = pl.col("high").is_null().any().over(claim)
    unknown, no = (pl.lit(VERDICTS.index(each), pl.UInt8) for each in ("unknown", "no"))
    unsure = (pl.col("verdict") != no).any().over(claim)
    uneven = (pl.col("year").n_unique().over(claim) > 1) | (pl.col("years").n_unique().over(claim) > 1)
    rows = rows.with_columns(
        high=pl.when(vague & endless).then(None).when(vague).then(pl.col("high").max().over(claim)).otherwise("high"),
        verdict=pl.when(vague & unsure).then(unknown).otherwise("verdict"),
        year=pl.when(~(vague & uneven)).then("year"),
        years=pl.when(vague).then(pl.col("years").max().over(claim)).otherwise("years"),
    )
    last = rows.group_by(claim, maintain_order=True).last().select(awards.columns)
    return pl.concat([awards.filter(~several), last])
