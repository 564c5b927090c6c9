"""From firms and rules to awards: in force or not, versions, totals, and the places where Polars blurs an unknown."""

from __future__ import annotations

import datetime as dt
from typing import Any, get_args

import polars as pl
import pytest

from ordos_subsidy import cells, money
from ordos_subsidy.advice import claims
from ordos_subsidy.conditions import AnyOf
from ordos_subsidy.evaluation import evaluate
from ordos_subsidy.facts import Fact, FactType
from ordos_subsidy.policies import Policies
from ordos_subsidy.tables.firms import dtype
from ordos_subsidy.words import Text
from tests.builders import (
    EXAMPLES,
    HARBOUR,
    LAB,
    ORDOS,
    ROOT,
    Raw,
    compiled,
    evaluated,
    firms,
    judge,
    lab,
    measure,
    policy,
    probe,
    raw,
)

NOW: Raw = {"matter": "grant", "day": "2022-03-01"}


# --- seven places where Polars blurs an unknown


def test_no_number_is_ever_nan() -> None:
    """NaN >= 3 is true in Polars: it is refused at the door, and no column could hold it."""
    words = compiled(LAB).vocabulary
    for key in ("cost", "staff", "local", "season"):
        for value in (float("nan"), "nan", "NaN"):
            read = cells.read(words.facts[key], value, vocabulary=words)
            assert read.value is None
    types = {kind: dtype(Fact("x", "firm", kind, Text("", ""), Text("", "")), words) for kind in get_args(FactType)}
    assert not [kind for kind, column in types.items() if column.is_float()]


def test_when_takes_the_else_branch_for_an_unknown() -> None:
    """An unknown condition, ratio, multiple, date and verdict each stay unknown and never become a no."""
    ratio = {"fact": "intensity", "at_least": "3%"}
    assert judge(probe(when=ratio), {"cost": "1元", "sales": 0}, NOW).verdict == "unknown"
    assert judge(probe(when={"not": ratio}), {"cost": "1元", "sales": 0}, NOW).verdict == "unknown"
    settled = {"unsettled": {"fact": "big", "is": True}, "says": {"zh": "?", "en": "?"}}
    assert [judge(probe(when=settled), {"big": big}, NOW).verdict for big in (True, "", False)] == [
        "unknown", "unknown", "yes",
    ]  # fmt: skip
    assert [judge(probe(when={"not": settled}), {"big": big}, NOW).verdict for big in (True, "", False)] == [
        "unknown", "unknown", "no",
    ]  # fmt: skip


def test_filter_drops_the_unknown() -> None:
    """Every claim has its row, and every firm its totals, however little is known of them."""
    outcome = evaluated(probe(when={"fact": "big", "is": True}), {}, {"events": [{"matter": "grant"}]}, {})
    assert outcome.awards.select("firm", "measure", "verdict").sort("measure").rows() == [
        (1, "others", "unknown"),
        (1, "probe", "unknown"),
    ]
    assert outcome.schedule.height == 2
    assert outcome.totals.rows() == [(0, 0, 0, 0, 0, 0), (1, 0, 0, 100, 0, 1), (2, 0, 0, 0, 0, 0)]


def test_sum_horizontal_skips_nulls() -> None:
    """A sum with an unknown in it is unknown: the increment over an unknown level is not taken over zero."""
    amount = {"share": "100%", "of": "cost", "increment": {"over": "before", "share": "150%"}}
    assert judge(probe(amount=amount), {"cost": "1元"}, NOW).interval == (100, 150)
    assert judge(probe(amount=amount), {"before": "1元"}, NOW).interval == (0, None)


def test_min_and_max_horizontal_skip_nulls() -> None:
    """Used on purpose for a cap with an unknown basis or limit; an unknown year is not taken for the first one."""
    assert judge(probe(amount={"share": "1%", "of": "sum", "cap": "5元"}), {}, NOW).interval == (0, 500)
    assert judge(probe(amount={"up_to": "5元", "within": "sum"}), {}, NOW).interval == (0, 500)
    undated = judge(probe(amount={"exactly": "5元", "during": [2021, 2025]}), {}, {"matter": "grant"})
    assert undated.slices == [(None, 0, 2500)]


def test_the_sum_of_a_column_skips_nulls() -> None:
    """Awards without an upper bound add nothing to a total, and are counted beside it."""
    policies = probe(amount={"at_least": "5元"}, when={"fact": "big", "is": True})
    outcome = evaluated(policies, {"big": True, "events": [NOW, NOW]}, {"events": [NOW]})
    assert outcome.totals.rows(named=True) == [
        {"firm": 0, "assured": 1000, "ceiling": 0, "pending": 0, "open_ended": 4, "pending_open": 0},
        {"firm": 1, "assured": 0, "ceiling": 0, "pending": 0, "open_ended": 1, "pending_open": 1},
    ]


def test_all_of_nothing_raises() -> None:
    """What has no condition at all holds; an empty `all` is refused by the grammar (see test_policies)."""
    policies = probe(category="preference", claims=["accounts"])
    assert policies.scope is None
    assert judge(policies, {}).verdict == "yes"
    with pytest.raises(pl.exceptions.ComputeError):
        pl.select(pl.all_horizontal([]))


# --- claims


@pytest.mark.parametrize(
    ("day", "excluded", "unsettled"),
    [
        ("2021-06-18", "no", "unknown"),
        ("2021-06-19", "yes", "yes"),
        ("2021-06", "unknown", "unknown"),
        ("2021", "unknown", "unknown"),
        ("2021-05", "no", "unknown"),
        ("2021-07", "yes", "yes"),
        ("", "unknown", "unknown"),
    ],
)
def test_what_existed_before_the_first_day_is_out_or_unsettled(day: str, excluded: str, unsettled: str) -> None:
    """19 June counts, 18 June does not; a missing date is unknown, never outside."""
    event = {"matter": "grant", "day": day}
    assert judge(probe(existing="excluded"), {}, event).verdict == excluded
    assert judge(probe(), {}, event).verdict == unsettled


def test_only_what_has_happened_by_the_day_of_evaluation_is_sure() -> None:
    """The day itself is in; the day after is unknown, with its amount still possible."""
    found = [judge(probe(), {}, NOW, on=dt.date(2022, month, day)) for month, day in ((3, 1), (2, 28), (12, 31))]
    assert [each[:3] for each in found] == [("yes", 100, 100), ("unknown", 0, 100), ("yes", 100, 100)]
    vague = judge(probe(), {}, {**NOW, "day": "2022-03"}, on=dt.date(2022, 3, 15))
    assert (vague.verdict, vague.missing) == ("unknown", ("day",))


def test_the_day_of_evaluation_is_today_unless_given() -> None:
    """An event of last year has happened, one of next year has not."""
    policies, today = probe(), dt.date.today()  # noqa: DTZ011 - as the engine does
    events = [{"matter": "grant", "day": str(today.year + step)} for step in (-1, 1)]
    outcome = evaluate(policies, firms(policies.vocabulary, {"events": events}))
    mine = outcome.awards.filter(outcome.awards["measure"] == "probe").sort("event")
    assert (outcome.on, mine["verdict"].to_list()) == (today, ["yes", "unknown"])


def test_the_scope_of_a_policy_holds_for_every_claim() -> None:
    """Awards, accounts and preferences alike; a blank that stands for the city's own is inside."""
    document = lab(category="preference", claims=["accounts"])
    document["policy"]["scope"] = {"fact": "home", "is_not": "long"}
    document["measure"].append(measure(id="accounts", claims=["accounts"]))
    for home, verdict in (("", "yes"), ("square", "yes"), ("long", "no")):
        found = [judge(compiled(document), {"home": home}, NOW, id_=name) for name in ("probe", "accounts", "others")]
        assert [each.verdict for each in found] == [verdict] * 3


def test_every_event_is_a_claim_of_its_own() -> None:
    """Two of a kind count twice, an event claims each measure of its kind, and others leave it alone."""
    policies = probe(claims=["grant", "prize"])
    outcome = evaluated(policies, {"events": [NOW, NOW, {**NOW, "matter": "medal"}]}, {"events": [NOW]})
    rows = outcome.awards.sort("firm", "event", "measure").select("firm", "event", "measure").rows()
    assert rows == [
        (0, 0, "others"), (0, 0, "probe"), (0, 1, "others"), (0, 1, "probe"), (0, 2, "others"),
        (1, 3, "others"), (1, 3, "probe"),
    ]  # fmt: skip


def test_no_firms_give_no_rows() -> None:
    """An empty table is an answer of the same shape."""
    outcome = evaluated(policy(HARBOUR))
    full = evaluated(policy(HARBOUR), {"events": [{"matter": "cold-store"}]})
    for name in ("awards", "credits", "preferences", "schedule", "totals", "yearly_totals"):
        empty: pl.DataFrame = getattr(outcome, name)
        assert empty.is_empty()
        assert empty.schema == getattr(full, name).schema


@pytest.mark.parametrize("category", ["award", "credit", "preference"])
def test_the_tables_have_the_columns_they_promise(category: str) -> None:
    """Nothing more, so that nobody comes to rely on the inner workings."""
    outcome = evaluated(policy(HARBOUR), {})
    columns = {
        "award": ["firm", "event", "version", "measure", "verdict", "low", "high", "year", "years"],
        "credit": ["firm", "event", "version", "measure", "verdict", "low", "high", "year", "years"],
        "preference": ["firm", "version", "measure", "verdict"],
    }
    table = {"award": outcome.awards, "credit": outcome.credits, "preference": outcome.preferences}[category]
    assert table.columns == columns[category]


def test_totals_keep_the_sure_the_possible_and_the_years_apart() -> None:
    """Assured and ceiling of the yes, pending of the unknown, by year with what has none at the end."""
    amount = {"exactly": "3元", "years": 2}
    policies = probe(claims=["medal"], amount=amount, when={"fact": "big", "is": True})
    undated: Raw = {"matter": "medal"}
    outcome = evaluated(policies, {"big": True, "events": [{**NOW, "matter": "medal"}, undated]})
    assert outcome.totals.rows(named=True) == [
        {"firm": 0, "assured": 600, "ceiling": 600, "pending": 600, "open_ended": 1, "pending_open": 1}
    ]
    assert outcome.yearly_totals.select("year", "assured", "ceiling", "pending").rows() == [
        (2022, 300, 300, 0),
        (2023, 300, 300, 0),
        (None, 0, 0, 600),
    ]


def test_credits_and_preferences_are_in_no_total() -> None:
    """A number that is no payment is computed, shown apart, and never added."""
    outcome = evaluated(probe(category="credit", claims=["accounts"], amount={"exactly": "5元"}), {"season": 2022})
    assert outcome.credits.select("verdict", "low", "high").rows() == [("yes", 500, 500)]
    assert outcome.totals.select("assured", "ceiling", "pending").rows() == [(0, 0, 0)]


# --- versions and overlays

FLOOR: Raw = {"amount": {"at_least": "5元", "years": 3}}
EXACT: Raw = {"amount": {"exactly": "5元", "years": 3}}


def laid_over(before: Raw, after: Raw, since: dt.date | None = dt.date(2021, 12, 23)) -> Policies:
    """The lab with a measure, and a second document that replaces it from a day."""
    overlay = {
        "policy": {**LAB["policy"], "id": "rules", "number": "R2", "overlays": "lab"},
        "measure": [measure(**after, **({"from": since} if since else {}))],
    }
    return compiled(lab(**before), overlay)


@pytest.mark.parametrize(
    ("day", "document", "verdict", "low", "high"),
    [
        ("2021-12-22", "L1", "yes", 1500, None),
        ("2021-12-23", "R2", "yes", 1500, 1500),
        ("2022", "R2", "yes", 1500, 1500),
        ("2021-11", "L1", "yes", 1500, None),
        ("2021-06-18", "L1", "unknown", 0, None),
        ("2021-12", "R2", "unknown", 0, None),
        ("", "R2", "unknown", 0, None),
    ],
)
def test_each_claim_rests_on_the_document_of_its_day(
    day: str, document: str, verdict: str, low: int, high: int | None
) -> None:
    """Before the day the base holds, from the day the overlay; a day that decides is asked for, with the hull."""
    found = judge(laid_over(FLOOR, EXACT), {}, {"matter": "grant", "day": day})
    assert (found.document, found.verdict, *found.interval) == (document, verdict, low, high)
    assert found.missing == (("day",) if day in ("2021-12", "") else ())


@pytest.mark.parametrize(
    ("before", "after", "high", "slices"),
    [
        (FLOOR, EXACT, None, [(year, 0, None) for year in (2021, 2022, 2023)]),
        (EXACT, {"amount": {"exactly": "7元", "years": 3}}, 2100, [(year, 0, 700) for year in (2021, 2022, 2023)]),
        ({"amount": {"exactly": "20元"}}, EXACT, 2000, [(None, 0, 2000)]),
        (EXACT, {"amount": {"up_to": "20元", "spread": 5}}, 2000, [(None, 0, 2000)]),
    ],
)
def test_the_hull_of_versions_is_the_widest_of_them(before: Raw, after: Raw, high: int | None, slices: Any) -> None:
    """Whichever version it is, the sum lies within; where their years differ the whole falls in none."""
    found = judge(laid_over(before, after), {}, {"matter": "grant", "day": "2021-12"})
    assert (found.interval, found.slices) == ((0, high), slices)


@pytest.mark.parametrize("category", ["award", "credit", "preference"])
def test_versions_leave_one_row_a_claim(category: str) -> None:
    """Of credits and preferences as well as of awards."""
    plain: Raw = {"category": category, "claims": ["accounts"], "examples": EXAMPLES}
    amounts: list[Raw] = (
        [{}, {}] if category == "preference" else [{"amount": {"exactly": each}} for each in ("1元", "2元")]
    )
    policies = laid_over(plain | amounts[0], plain | amounts[1], dt.date(2022, 1, 1))
    outcome = evaluated(policies, {"season": 2021}, {"season": 2022}, {})
    table = {"award": outcome.awards, "credit": outcome.credits, "preference": outcome.preferences}[category]
    assert [policies.measures[version].document for version in table.sort("firm")["version"]] == ["L1", "R2", "R2"]
    assert table.sort("firm")["verdict"].to_list() == ["yes", "yes", "unknown"]


def test_a_year_in_which_the_rule_changed_belongs_to_both() -> None:
    """Accounts are of a whole year: nothing can be asked for, and the answer is unknown up to the widest."""
    plain: Raw = {"claims": ["accounts"]}
    policies = laid_over(plain | {"amount": {"exactly": "7元"}}, plain | {"amount": {"exactly": "2元"}})
    assert judge(policies, {"season": 2021})[:5] == ("unknown", 0, 700, [(2021, 0, 700)], ())
    assert judge(policies, {"season": 2020})[:3] == ("yes", 700, 700)
    assert judge(policies, {"season": 2022})[:3] == ("yes", 200, 200)


def test_a_measure_may_begin_and_end_on_a_day() -> None:
    """Outside its time it says no, whoever else would qualify."""
    policies = probe(**{"from": dt.date(2022, 1, 1), "until": dt.date(2023, 1, 1)})
    days = ("2021-12-31", "2022-01-01", "2022-12-31", "2023-01-01", "2022", "")
    found = [judge(policies, {}, {"matter": "grant", "day": day}).verdict for day in days]
    assert found == ["no", "yes", "yes", "no", "yes", "unknown"]


def test_of_versions_that_overlap_the_last_holds() -> None:
    """A file may say only from when its second version holds: the first need not be ended by hand."""
    document = lab(**FLOOR)
    document["measure"].append(measure(**EXACT, **{"from": dt.date(2021, 12, 23)}))
    days = ("2021-12-22", "2021-12-23", "2021-12")
    found = [judge(compiled(document), {}, {"matter": "grant", "day": day})[:3] for day in days]
    assert found == [("yes", 1500, None), ("yes", 1500, 1500), ("unknown", 0, None)]


def test_versions_that_have_all_ended_say_no_once() -> None:
    """A claim after the last of them has one row, and it is a no."""
    ended: Raw = {"until": dt.date(2022, 1, 1)}
    policies = laid_over(FLOOR, EXACT | ended)
    assert judge(policies, {}, {"matter": "grant", "day": "2022-01-01"})[:4] == ("no", 0, 0, [])


def test_an_overlay_without_a_day_replaces_from_the_beginning() -> None:
    """Nothing is left of the measure it replaces."""
    policies = laid_over(FLOOR, EXACT, None)
    assert judge(policies, {}, {"matter": "grant", "day": "2021-06-19"})[1:3] == (1500, 1500)
    assert [each.id for each in policies.measures].count("probe") == 1


def test_one_outcome_may_rest_on_two_documents() -> None:
    """Each award names its own."""
    outcome = evaluated(laid_over(FLOOR, EXACT), {"events": [{**NOW, "day": "2021-12-22"}, NOW]})
    mine = outcome.awards.filter(outcome.awards["measure"] == "probe").sort("event")
    assert [outcome.policies.measures[version].document for version in mine["version"]] == ["L1", "R2"]


# --- what is known from outside the plan


@pytest.mark.parametrize(
    ("revenue", "rd", "ratio"),
    [
        ("42.72亿元", "15992.85万元", "3.743"),
        ("24.12亿元", "7894.96万元", "3.273"),
        ("24.31亿元", "10200万元", "4.195"),
    ],
)
def test_the_published_accounts_pass_both_tests(revenue: str, rd: str, ratio: str) -> None:
    """Three leading firms of 2022, all high-tech: up to 10 million each, at 3% as well as at 50 million."""
    firm = {"above_scale": True, "high_tech": True, "fiscal_year": 2022, "revenue": revenue, "rd_expense": rd}
    outcome = evaluated(policy(ORDOS), firm)
    claim = next(
        each for each in claims(outcome, "award") if outcome.policies.measures[each.version].id == "6.rd-investment"
    )
    assert claim.condition
    either = next(part for part in claim.condition.parts if isinstance(part.word, AnyOf))
    assert [part.truth for part in either.parts] == [True, True]
    assert money.percent(claim.row["rd_expense"], claim.row["revenue"]).startswith(ratio)
    assert judge(policy(ORDOS), firm, id_="6.rd-investment")[:3] == ("yes", 0, 1000_0000_00)


def test_thirty_three_regional_centres_were_paid_990_wan() -> None:
    """As the bureau announced for 2022."""
    event = {"kind": "regional-enterprise-center", "date": "2022"}
    outcome = evaluated(policy(ORDOS), *[{"events": [event]}] * 33)
    assert outcome.totals["assured"].sum() == outcome.totals["ceiling"].sum() == 990_0000_00


def test_the_implementing_rules_pay_a_flat_five_million_for_five_years() -> None:
    """A technology innovation centre: the floor of the plan before 23 December 2021, exactly so much since."""
    policies = compiled(raw(ORDOS), raw(ROOT / "examples" / "rules-2021-65.toml"))
    found = [
        judge(
            policies, {}, {"kind": "technology-innovation-center", "date": day}, id_="11.technology-innovation-center"
        )
        for day in ("2021-12-22", "2021-12-23")
    ]
    assert [each[:3] for each in found] == [("yes", 2500_0000_00, None), ("yes", 2500_0000_00, 2500_0000_00)]
    assert [each.document for each in found] == ["鄂府发〔2021〕61号", "鄂科发〔2021〕65号"]
