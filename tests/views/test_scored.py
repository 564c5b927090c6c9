"""What a batch adds up over all its firms."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import polars as pl
import pytest

from ordos_subsidy.report.answer import calc
from ordos_subsidy.views import Scored
from ordos_subsidy.views.award_rows import keyed_awards
from ordos_subsidy.views.scored import Sums
from tests.builders import Raw, compiled, evaluated, lab, measure, probe

NOW: Raw = {"matter": "grant", "day": "2022-03-01"}


def test_sums_over_firms_do_not_wrap() -> None:
    """Each of them fits 64 bits; together they do not, neither within a part nor over several."""
    outcome = evaluated(probe(amount={"exactly": "1元"}), {"events": [NOW]}, {"events": [NOW]}, {"events": [NOW]})
    most = pl.lit(2**62, pl.Int64)
    mine = pl.col("measure").cast(pl.String) == "probe"
    awards = outcome.awards.filter(mine).with_columns(low=most, high=most, due_low=most, due_high=most)
    part = Sums.of(Scored(replace(outcome, awards=awards), None))
    assert part.by_clause.select("assured", "ceiling").rows() == [(3 * 2**62, 3 * 2**62)]
    whole = Sums.added([part, part])
    assert whole.by_clause.select("assured", "ceiling").rows() == [(6 * 2**62, 6 * 2**62)]
    assert whole.by_year.select("year", "assured").rows() == [(2022, 6 * 2**62)]


def test_a_year_counts_what_falls_in_it_and_shows_what_may() -> None:
    """What has no stated year is a row of each year that it may fall in, and in no year's sums; people's line too."""
    policies = probe(recipient="shared", amount={"up_to": "3元", "spread": 2})
    undated = {"matter": "grant"}
    outcome = evaluated(policies, {"events": [NOW, undated]})
    mine = pl.col("version") == 1
    for year, rows in ((2021, 1), (2022, 2), (2023, 2), (2024, 1), (None, 2)):
        scored = Scored(outcome, year)
        assert scored.rows.filter(mine).height == rows
        assert scored.sums["ceiling"].item() == (300 if year is None else 0)
        assert scored.people.rows() == [(0, 300, 300) if year is None else (0, 0, 0)]


def test_what_counts_is_summed_and_not_what_a_row_states() -> None:
    """A limit over two rows holds for the firm, its year and the clause."""
    outcome = evaluated(probe(amount={"exactly": "3元"}, limit={"a_year": "5元"}), {"events": [NOW, NOW]})
    for year in (None, 2022):
        scored = Scored(outcome, year)
        part = Sums.of(scored)
        assert scored.sums["assured"].item() == 500
        assert part.by_clause["assured"].to_list() == part.by_year.drop_nulls("year")["assured"].to_list() == [500]


@pytest.mark.parametrize("shape", ["round", "square", ""])
@pytest.mark.parametrize("big", [True, False, ""])
def test_the_kind_of_an_amount_is_the_one_that_calc_names(shape: str, big: bool | str) -> None:
    """Of tiers, that of the tier, whatever the verdict; of several versions that may hold, that of all of them."""
    tiers = [{"of": ["round", "long"], "exactly": "3元"}, {"of": ["square"], "up_to": "9元"}]
    plain: Raw = {"when": {"fact": "big", "is": True}, "amount": {"by": "shape", "tiers": tiers}}
    document = lab(**plain)
    document["measure"].append(measure(**plain | {"amount": {"exactly": "5元"}}, **{"from": dt.date(2022, 6, 1)}))
    events = [NOW, {**NOW, "day": "2022-06"}, {**NOW, "day": "2022"}]
    outcome = evaluated(compiled(document), {"shape": shape, "big": big, "events": events})
    columns = keyed_awards(Scored(outcome, None)).frame.select("measure_id", "amount_kind").rows()
    lines = calc(outcome).firms[0].awards
    assert [kind for id_, kind in columns if id_ == "probe"] == [each.kind for each in lines if each.measure == "probe"]
