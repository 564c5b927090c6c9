"""One row a claim where a measure has several versions."""

from __future__ import annotations

import polars as pl

from ordos_subsidy.evaluation.judging import VERDICTS, WINDOW
from ordos_subsidy.policy import Policies

_YES, _UNKNOWN, _NO = (VERDICTS.index(each) for each in ("yes", "unknown", "no"))


def settle(policies: Policies, awards: pl.DataFrame) -> pl.DataFrame:
    """Return one row a claim where a measure has several versions.

    The version whose time the claim falls in counts; of several, the last. Where the claim's date leaves several
    possible, the last one whose verdict is not no stands for all: yes where all are yes, no where all are no,
    with the lowest least and the highest most; if they fall in different years, in none. Where none holds, the
    answer is no.
    """
    timed = awards.filter(pl.col("version").is_in(policies.timed))
    claim = ["firm", "event", "measure"]
    possible = pl.col(WINDOW).fill_null(value=True)
    rows = timed.sort("version").filter(possible | ~possible.any().over(claim))
    certain = pl.when(pl.col(WINDOW)).then("version").max().over(claim)
    rows = rows.filter((pl.col("version") >= certain).fill_null(value=True))
    # Where a time exists for which no version is made, none may hold.
    covered = ~pl.col("measure").cast(pl.String).is_in(list(policies.gapped)) | pl.col(WINDOW).fill_null(value=False)
    agreed = (pl.col("verdict").n_unique().over(claim) == 1) & (covered | (pl.col("verdict") == _NO))
    none = ~possible.any().over(claim)
    vague = pl.col(WINDOW).is_null()
    verdict = pl.when(none).then(_NO).when(vague & ~agreed).then(_UNKNOWN).otherwise("verdict").cast(pl.UInt8)
    endless = pl.col("high").is_null().any().over(claim)
    uneven = (pl.col("year").n_unique().over(claim) > 1) | (pl.col("years").n_unique().over(claim) > 1)
    rows = (
        rows.sort(pl.col("verdict") != _NO, "version")
        .with_columns(
            verdict=verdict,
            low=pl.when(vague).then(pl.col("low").min().over(claim)).otherwise("low"),
            high=pl.when(vague & endless)
            .then(None)
            .when(vague)
            .then(pl.col("high").max().over(claim))
            .otherwise("high"),
            year=pl.when(~(vague & uneven)).then("year"),
            years=pl.when(vague).then(pl.col("years").max().over(claim)).otherwise("years"),
        )
        .with_columns(
            low=pl.when(pl.col("verdict") == _YES).then("low").otherwise(0),
            high=pl.when(pl.col("verdict") == _NO).then(0).otherwise("high"),
        )
    )
    last = rows.group_by(claim, maintain_order=True).last().select(awards.columns)
    return pl.concat([awards.filter(~pl.col("version").is_in(policies.timed)), last])
