"""What-if: the difference of outcomes, the lines of a figure, and the commands advise, plan and compare."""

from __future__ import annotations

import csv
import io
import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ordos_subsidy.document import Line
from ordos_subsidy.evaluation import Outcome
from ordos_subsidy.report.answer import calc
from ordos_subsidy.report.differences import ReportRow, Scenario, changed, compared, planned
from ordos_subsidy.tables.firms import column
from ordos_subsidy.variants import sweep
from tests.builders import LATE, ORDOS, Raw, evaluated, policy, probe, raw
from tests.runs import EXAMPLES, run
from tests.strategies import ON, Figures

NEAR = EXAMPLES / "invented-just-below.toml"
PARK = EXAMPLES / "invented-park.xlsx"
BOOK = EXAMPLES / "erdos-resources.xlsx"
NOW: Raw = {"matter": "grant", "day": "2022-03-01"}
FIGURES = Figures(raw(ORDOS), policy(ORDOS).vocabulary)
FEW = settings(max_examples=max(settings().max_examples // 4, 1))


# --- differences


def sums(row: ReportRow) -> tuple[object, ...]:
    return (row.verdict, row.low, row.high, row.counts) if isinstance(row, Line) else (row.verdict,)


def every(outcome: Outcome) -> list[ReportRow]:
    (firm,) = calc(outcome).firms
    return [*firm.awards, *firm.credits, *firm.preferences]


@FEW
@given(data=st.data())
def test_a_plan_shows_every_row_that_differs_and_no_other(data: st.DataObject) -> None:
    """The rows are those of the firm with the facts changed by hand, and each names a fact that was changed."""
    policies = policy(ORDOS)
    firm = data.draw(FIGURES.company(1, 1))[0]
    other = {**firm, **{key: value for key, value in data.draw(FIGURES.firm()).items() if data.draw(st.booleans())}}
    values = {
        series.name: series.item()
        for key, value in other.items()
        if key != "events"
        for series in column(policies.vocabulary.facts[key], [value], policies.vocabulary)
    }
    outcome = evaluated(policies, firm, on=ON, typed=True)
    before, after = every(outcome), every(evaluated(policies, other, on=ON, typed=True))
    (pair,) = planned(outcome, [Scenario("other", values)]).pairs
    expected = [
        (sums(one), sums(two))
        for one, two in zip(before, after, strict=True)
        if sums(one) != sums(two) and {one.verdict, two.verdict} != {"no"}
    ]
    assert [tuple(sums(row) for row in each.rows if row) for each in pair.rows] == expected
    moved = {key for key, value in other.items() if value != firm[key]} | {"rd_intensity"}
    for each in pair.rows:
        assert each.because
        assert set(each.facts) <= moved


def test_a_difference_names_the_facts_by_which_it_comes() -> None:
    policies = probe(
        when={"all": [{"fact": "big", "is": True}, {"fact": "old", "is": True}]}, amount={"share": "10%", "of": "cost"}
    )
    outcome = evaluated(policies, {"big": False, "old": True, "cost": "5元", "staff": 1, "events": [NOW]}, on=LATE)
    (pair,) = planned(outcome, [Scenario("b", {"big": True, "cost": 900, "staff": 3})]).pairs
    assert [each.fact for each in pair.facts] == ["big", "staff", "cost"]
    (row,) = pair.rows
    assert row.facts == ("big", "cost")
    assert row.because == ("大 否 → 是", "成本 0.0005万元 → 0.0009万元")


def test_events_are_paired_by_what_they_are_and_then_in_order() -> None:
    """What is on one side only says so; what differs in a fact of the event names it."""
    policies = probe(amount={"share": "10%", "of": "sum"})
    one = evaluated(policies, {"events": [{**NOW, "sum": "10元"}, {"matter": "grant", "day": "2023-01-01", "sum": 50}]})
    other = evaluated(policies, {"events": [{"matter": "grant", "day": "2022-05-01", "sum": "20元"}]})
    (pair,) = compared([("a", one), ("b", other)]).pairs
    rows = [(tuple(row and sums(row)[1] for row in each.rows), each.because) for each in pair.rows if each.rows[0]]
    assert ((100, 200), ("日期 2022-03-01 → 2022-05-01", "数额 0.001万元 → 0.002万元")) in rows
    assert ((500, None), ("只在a",)) in rows


def test_a_firm_compared_with_itself_differs_in_nothing() -> None:
    outcome = evaluated(probe(), {"cost": 3, "events": [NOW, NOW]}, on=LATE)
    (pair,) = compared([("a", outcome), ("b", outcome)]).pairs
    assert (pair.facts, pair.rows) == ((), ())


def test_firms_of_two_files_are_paired_by_name_and_the_others_are_named() -> None:
    policies = probe()
    one = evaluated(policies, {"name": "甲"}, {"name": "乙"}, {"name": "丙"})
    other = evaluated(policies, {"name": "丙"}, {"name": "丁"}, {"name": "甲"})
    found = compared([("a", one), ("b", other)])
    assert [[firm.name for firm in pair.firms] for pair in found.pairs] == [["甲", "甲"], ["丙", "丙"]]
    assert found.unpaired == (("乙", "a"), ("丁", "b"))
    alone = compared([("a", evaluated(policies, {"name": "甲"})), ("b", evaluated(policies, {"name": "乙"}))])
    assert (len(alone.pairs), alone.unpaired) == (1, ())


# --- sweeps


@FEW
@given(data=st.data())
def test_the_lines_of_a_figure_are_exact(data: st.DataObject) -> None:
    """Stretches join without a gap; on a line something changes, one fen before it nothing has; and nothing within."""
    policies = policy(ORDOS)
    firm = data.draw(FIGURES.firm())
    first, last = sorted(data.draw(st.lists(st.integers(0, 10**12), min_size=2, max_size=2, unique=True)))
    outcome = evaluated(policies, firm, on=ON, typed=True)
    found = sweep(outcome, 0, policies.vocabulary.facts["rd_expense"], first, last)
    assert (found[0].first.value, found[-1].last.value) == (first, last)

    def at(value: int) -> dict[str, tuple[object, ...]]:
        rows = every(changed(outcome, Scenario("", {"rd_expense": value})))
        return {row.measure: sums(row)[:3] for row in rows if not row.measure.endswith("addback")}

    for one, two in pairwise(found):
        assert two.first.value == one.last.value + 1
        assert two.changed
        assert at(one.last.value) != at(two.first.value)
    for each in found:
        inside = data.draw(st.integers(each.first.value, each.last.value))
        assert at(each.first.value) == at(inside) == at(each.last.value)


def test_a_sum_that_grows_with_the_figure_has_lines_where_its_cap_is_reached() -> None:
    policies = probe(amount={"share": "10%", "of": "cost", "cap": "50元"}, when={"fact": "cost", "at_least": "100元"})
    outcome = evaluated(policies, {"events": [NOW]}, on=LATE)
    found = sweep(outcome, 0, policies.vocabulary.facts["cost"], 0, 200_000)
    # Half a fen is rounded up, so that the cap is reached half a fen early.
    assert [each.first.value for each in found] == [0, 10_000, 49_995]
    assert [(each.first.ceiling, each.last.ceiling) for each in found] == [(0, 0), (1000, 4999), (5000, 5000)]


# --- the commands


def answer(*arguments: str | Path, code: int = 0) -> Any:
    ran = run(*arguments, "--format", "json", "--on", str(ON))
    assert ran.code == code, ran.err
    return json.loads(ran.out)


def test_advise_gives_gap_price_and_what_opens_in_every_format(tmp_path: Path) -> None:
    firms = answer("advise", NEAR)["firms"]
    (hint,) = (each for each in firms[0]["near_misses"] if each["category"] == "award")
    (way,) = hint["ways"]
    assert (hint["measure"], hint["verdict"]) == ("6.rd-investment", "no")
    assert way["price"] == {"low": 1_600_000, "high": 1_600_000}
    assert way["then"] == {"verdict": "yes", "low": 0, "high": 5_000_000}
    (change,) = way["changes"]
    assert (change["fact"], change["gap"]) == ("rd_expense", {"figure": 0.2, "unit": "points"})
    assert firms[1]["near_misses"][0]["ways"][0]["changes"][0]["gap"] == {"figure": 100_000, "unit": "yuan"}
    (both,) = firms[2]["near_misses"][0]["ways"]
    assert [each["fact"] for each in both["changes"]] == ["above_scale", "rd_expense"]
    assert both["price"] == {"low": 50_000, "high": None}
    for ending in ("md", "html", "txt"):
        assert run("advise", NEAR, "-o", tmp_path / f"out.{ending}").code == 0
        text = (tmp_path / f"out.{ending}").read_text("utf-8")
        assert all(each in text for each in ("160万元", "0.2个百分点", "0 – 500万元", "自治区级技术创新中心")), ending
    assert run("advise", NEAR, "-o", tmp_path / "out.pdf").code == 0
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF")


def test_advise_names_missing_facts_with_where_they_are_found_and_what_is_within_reach() -> None:
    (firm,) = answer("advise", EXAMPLES / "invented-institute.toml")["firms"]
    moved = [(each["pending_open"], each["pending"]) for each in firm["find_out"]]
    assert moved == sorted(moved, reverse=True)
    assert all(each["help"] for each in firm["find_out"])
    held = {"regional-engineering-center", "technology-innovation-center"}
    kinds = {each["kind"] for each in firm["within_reach"]}
    assert kinds
    assert not kinds & {*held, "hi-tech-zone", "national-agri-park", "high-tech-relocated"}
    assert all(each["verdict"] != "no" and each["departments"] for each in firm["within_reach"])
    assert all(len(each["schedule"]) > 1 for each in firm["annual"])


def test_batch_view_advice_has_the_hints_of_advise(tmp_path: Path) -> None:
    """One row a firm and hint, in CSV, Parquet and a sheet of the workbook; those of advise, without preferences."""
    expected = [
        (firm["firm"]["name"], hint["measure"], ";".join(each["fact"] for each in hint["ways"][0]["changes"]))
        for firm in answer("advise", PARK, code=4)["firms"]
        for hint in firm["near_misses"]
        if hint["category"] != "preference"
    ]
    out = tmp_path / "hints.csv"
    assert run("batch", PARK, "--view", "advice", "-o", out, "--keys", "--on", str(ON)).code == 4
    rows = list(csv.DictReader(io.StringIO(out.read_text("utf-8-sig"))))
    assert [(row["name"], row["measure_id"], row["fact"]) for row in rows] == expected
    assert expected
    ran = run("batch", PARK, "--view", "advice", "--on", str(ON))
    assert all(name in ran.out for name, *_ in expected)
    for ending in ("xlsx", "parquet"):
        assert run("batch", PARK, "--view", "advice", "-o", tmp_path / f"h.{ending}", "-q").code == 4


def test_hints_of_an_earlier_run_are_no_input(tmp_path: Path) -> None:
    (tmp_path / NEAR.name).write_bytes(NEAR.read_bytes())
    command = ("batch", tmp_path, "--view", "advice", "-o", tmp_path / "hints.csv", "--on", str(ON))
    assert [run(*command).code, run(*command).code] == [0, 0]
    other = run("batch", tmp_path, "-o", tmp_path / "firms.csv", "--on", str(ON))
    assert (other.code, "hints.csv" in other.err) == (0, True)


def test_plan_reads_values_as_cells_are_read_and_facts_by_any_of_their_names() -> None:
    for fact, value in (("rd_expense", "2400万元"), ("研发投入", "24000000"), ("研发经费投入", "2,400 万元")):
        (pair, *_) = answer("plan", NEAR, "--set", f"{fact}={value}")["pairs"]
        assert pair["facts"][0]["values"] == ["2240万元", "2400万元"]
        assert [total["ceiling"] for total in pair["totals"]] == [0, 5_000_000]
        row = next(each for each in pair["rows"] if each["measure"] == "6.rd-investment")
        assert [each["verdict"] for each in row["columns"]] == ["no", "yes"]
        assert "rd_intensity" in row["facts"]


def test_several_scenarios_stand_side_by_side() -> None:
    more, both = "加研发: 研发投入=2400万元", "都做：rd_expense=2400万元；high_tech=是"
    (pair, *_) = answer("plan", NEAR, "--scenario", more, "--scenario", both)["pairs"]
    assert pair["columns"] == ["现在", "加研发", "都做"]
    assert [total["ceiling"] for total in pair["totals"]] == [0, 5_000_000, 10_000_000]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "--sweep"),
        (["--chart", "x.svg", "--set", "high_tech=是"], 2, "--chart"),
        (["--set", "研发投人=1万元"], 1, "研发投入"),
        (["--set", "rd_expense=约三千"], 1, "约三千"),
        (["--set", "high_tech="], 1, "--set"),
        (["--set", "name=甲"], 1, "name"),
        (["--sweep", "high_tech=是..否"], 1, "国家高新技术企业"),
        (["--sweep", "rd_expense=5..3"], 1, "rd_expense=5..3"),
        (["--sweep", "rd_expense"], 1, "rd_expense"),
        (["--sweep", "rd_expense=1万元..2万元", "--chart", "x.gif"], 1, "x.gif"),
    ],
)
def test_what_cannot_be_meant_is_refused(arguments: list[str], code: int, said: str) -> None:
    ran = run("plan", NEAR, *arguments)
    assert (ran.code, said in ran.err, ran.out) == (code, True, "")


def test_a_sweep_finds_the_line_to_the_fen_and_draws_it(tmp_path: Path) -> None:
    one = tmp_path / "one.toml"
    one.write_text(
        '[firm]\nname = "甲"\nabove_scale = true\nhigh_tech = false\nfiscal_year = 2025\nrevenue = "777.77元"\n'
    )
    found = answer("plan", one, "--sweep", "rd_expense=1元..8000万元")
    starts = [each["from"] for each in found["firms"][0]["stretches"]]
    assert starts == [1, 23.34]  # 3 % of 777.77 is 23.3331
    for name, begins in (("a.svg", b"<svg"), ("a.png", b"\x89PNG")):
        drawn = run("plan", one, "--sweep", "rd_expense=1元..8000万元", "--chart", tmp_path / name)
        assert (drawn.code, (tmp_path / name).read_bytes().startswith(begins)) == (0, True)
    assert "0.002334万元" in re.sub(r"<[^>]*>", " ", (tmp_path / "a.svg").read_text("utf-8"))


def test_compare_says_why_in_every_format(tmp_path: Path) -> None:
    other = EXAMPLES / "shanghaimiao-mining.toml"
    (pair,) = answer("compare", BOOK, other)["pairs"]
    assert pair["columns"] == [BOOK.name, other.name]
    assert {each["fact"] for each in pair["facts"]} == {"revenue", "rd_expense", "rd_intensity"}
    (row,) = pair["rows"]
    assert (row["category"], row["facts"]) == ("credit", ["rd_expense"])
    for ending in ("md", "html", "txt", "pdf"):
        assert run("compare", BOOK, other, "-o", tmp_path / f"out.{ending}").code == 0


def test_the_report_that_is_handed_on_says_what_next(tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    assert run("calc", NEAR, "-o", out).code == 0
    text = out.read_text("utf-8")
    assert "研发投入增加160万元" in text
    assert "可以争取" in text
