"""Intervals are tight: for each end there are answers to the missing facts that reach it, and none that leave it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings

from ordos_subsidy import advice
from ordos_subsidy.evaluation import Outcome, evaluate
from ordos_subsidy.variants import tried, witnesses
from tests import builders, strategies
from tests.runs import EXAMPLES, run

POLICY = builders.policy(builders.ORDOS)
FIGURES = strategies.Figures(builders.raw(builders.ORDOS), POLICY.vocabulary)


def open_rows(outcome: Outcome) -> list[tuple[advice.Claim, int, int | None]]:
    """The awards that apply or may apply, with their intervals."""
    rows = {(row["firm"], row["event"], row["version"]): row for row in outcome.awards.iter_rows(named=True)}
    claims = ((claim, rows[claim.firm, claim.event, claim.version]) for claim in advice.claims(outcome, "award"))
    return [(claim, row["low"], row["high"]) for claim, row in claims if row["verdict"] != "no"]


@settings(max_examples=40)
@given(FIGURES.firm())
def test_every_end_is_reached_and_no_answer_leads_outside(firm: builders.Raw) -> None:
    """Of every award of a firm that is partly known."""
    outcome = evaluate(POLICY, builders.firms(POLICY.vocabulary, firm, typed=True), strategies.ON)
    for claim, low, high in open_rows(outcome):
        for each in witnesses(outcome, claim, low, high):
            assert each.row is not None, each
            assert (each.low if each.end == "low" else each.high) == (low if each.end == "low" else high)
        for one in tried(outcome, claim):
            assert one.low >= low
            assert high is None or (one.high is not None and one.high <= high)


@pytest.mark.parametrize("answer", [True, False])
def test_a_witness_fed_back_as_a_user_writes_it_reaches_the_end(tmp_path: Path, answer: bool) -> None:
    """A firm that does not say whether it is above designated size: yes gives the cap, no gives nothing."""
    known = '[firm]\nname = "甲"\nfiscal_year = 2022\nrevenue = "10亿元"\nrd_expense = "1亿元"\nhigh_tech = true\n'
    partial, full = tmp_path / "partial.toml", tmp_path / "full.toml"
    partial.write_text(known, "utf-8")
    ran = run("explain", partial, "6.rd-investment", "--witness", "--format", "json")
    (measure,) = json.loads(ran.out)["firms"][0]["measures"]
    least, most = measure["witnesses"]
    assert (least["verdict"], least["high"]) == ("no", 0)
    assert (most["verdict"], most["high"]) == ("yes", 10_000_000)
    assert "规模以上：是" in most["if"]
    full.write_text(f"{known}above_scale = {str(answer).lower()}\n", "utf-8")
    (row,) = json.loads(run("calc", full, "--format", "json", "--all").out)["firms"][0]["awards"]
    assert row["amount"]["high"] == (most if answer else least)["high"]


def test_explain_says_how_the_ends_are_reached_where_asked() -> None:
    institute = EXAMPLES / "invented-institute.toml"
    assert "区间两端怎样达到" in run("explain", institute, "6", "--witness").out
    assert "区间两端怎样达到" not in run("explain", institute, "6").out
