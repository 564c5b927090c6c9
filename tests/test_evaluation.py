"""From firms and rules to awards: in force or not, versions, totals, and the places where Polars blurs an unknown."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from ordos_subsidy import cells, money
from ordos_subsidy.advice import claims
from ordos_subsidy.cells import TYPES
from ordos_subsidy.conditions import AnyOf
from ordos_subsidy.evaluation import evaluate
from ordos_subsidy.facts import Fact
from ordos_subsidy.messages import Text
from ordos_subsidy.policy import Policies
from ordos_subsidy.tables.firms import dtype
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
    types = {kind: dtype(Fact("x", "firm", kind, Text("", ""), Text("", "")), words) for kind in TYPES}
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
    """A sum with an unknown in it is unknown: what exceeds an unknown level is not taken over zero."""
    amount = {"of": "cost", "marginal": [{"to": "before", "share": "100%"}, {"share": "150%"}]}
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
    claim = ["firm", "event", "version", "measure", "verdict", "low", "high", "year", "years", "within", "window"]
    columns = {
        "award": [*claim, "due_low", "due_high"],
        "credit": claim,
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

YEARS = (2021, 2022, 2023)
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
        ("2021-12", "R2", "yes", 1500, None),
        ("", "R2", "unknown", 0, None),
    ],
)
def test_each_claim_rests_on_the_document_of_its_day(
    day: str, document: str, verdict: str, low: int, high: int | None
) -> None:
    """Before the day the base holds, from the day the overlay; a day that decides is asked for, with the hull.

    Where both versions say yes it is yes, though nobody knows which holds.
    """
    found = judge(laid_over(FLOOR, EXACT), {}, {"matter": "grant", "day": day})
    assert (found.document, found.verdict, *found.interval) == (document, verdict, low, high)
    assert found.missing == (("day",) if day in ("2021-12", "") else ())


@pytest.mark.parametrize(
    ("before", "after", "sums", "slices"),
    [
        (FLOOR, EXACT, (1500, None), [(year, 500, None) for year in YEARS]),
        (EXACT, {"amount": {"exactly": "7元", "years": 3}}, (1500, 2100), [(year, 500, 700) for year in YEARS]),
        ({"amount": {"exactly": "20元"}}, EXACT, (1500, 2000), [(None, 1500, 2000)]),
        (EXACT, {"amount": {"up_to": "20元", "spread": 5}}, (0, 2000), [(None, 0, 2000)]),
    ],
)
def test_the_hull_of_versions_is_the_widest_of_them(before: Raw, after: Raw, sums: Any, slices: Any) -> None:
    """Whichever version it is, the sum lies within; where their years differ the whole falls in none."""
    found = judge(laid_over(before, after), {}, {"matter": "grant", "day": "2021-12"})
    assert (found.verdict, found.interval, found.slices) == ("yes", sums, slices)


@pytest.mark.parametrize(
    ("base", "rules", "verdict", "low", "high"),
    [
        ({"fact": "big", "is": True}, {"fact": "big", "is": True}, "yes", 500, 700),
        ({"fact": "big", "is": False}, {"fact": "big", "is": True}, "unknown", 0, 700),
        ({"fact": "big", "is": True}, {"fact": "big", "is": False}, "unknown", 0, 500),
        ({"fact": "big", "is": False}, {"fact": "big", "is": False}, "no", 0, 0),
        ({"fact": "big", "is": True}, {"fact": "old", "is": True}, "unknown", 0, 700),
    ],
)
def test_versions_that_may_hold_agree_or_leave_it_unknown(
    base: Raw, rules: Raw, verdict: str, low: int, high: int
) -> None:
    """Yes where all of them say yes, no where all say no; the most is the highest of those that may pay."""
    policies = laid_over({"when": base, "amount": {"exactly": "5元"}}, {"when": rules, "amount": {"exactly": "7元"}})
    found = judge(policies, {"big": True}, {"matter": "grant", "day": "2021-12"})
    assert found[:3] == (verdict, low, high)
    assert (found.missing == ()) == (verdict == "no")


def test_a_time_for_which_no_version_is_made_may_be_the_one() -> None:
    """What may fall in it is unknown, though all versions there are say yes."""
    policies = laid_over(FLOOR | {"until": dt.date(2021, 11, 1)}, EXACT)
    found = [judge(policies, {}, {"matter": "grant", "day": day})[:2] for day in ("2021-11-15", "2021", "2022")]
    assert found == [("no", 0), ("unknown", 0), ("yes", 1500)]


def test_a_version_replaces_only_the_kinds_it_names() -> None:
    """For its other claims the earlier one goes on."""
    policies = laid_over(FLOOR | {"claims": ["grant", "prize"]}, EXACT)
    events = [{**NOW, "matter": matter} for matter in ("grant", "prize")]
    outcome = evaluated(policies, {"events": events})
    mine = outcome.awards.filter(outcome.awards["measure"] == "probe").sort("event")
    assert [policies.measures[version].document for version in mine["version"]] == ["R2", "L1"]
    assert mine["high"].to_list() == [1500, None]


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
    assert table.sort("firm")["verdict"].to_list() == ["yes"] * 3


def test_a_year_in_which_the_rule_changed_belongs_to_both() -> None:
    """Accounts are of a whole year: nothing can be asked for, and the answer is from the least to the most of both."""
    plain: Raw = {"claims": ["accounts"]}
    policies = laid_over(plain | {"amount": {"exactly": "7元"}}, plain | {"amount": {"exactly": "2元"}})
    assert judge(policies, {"season": 2021})[:5] == ("yes", 200, 700, [(2021, 200, 700)], ())
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
    assert found == [("yes", 1500, None), ("yes", 1500, 1500), ("yes", 1500, None)]


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
    """A technology innovation centre: exactly so much from the first day of the rules; the plan states a floor."""
    plan, rules = raw(ORDOS), raw(ROOT / "examples" / "rules-2021-65.toml")

    def found(policies: Policies, day: str) -> tuple[Any, ...]:
        event = {"kind": "technology-innovation-center", "date": day}
        judged_ = judge(policies, {}, event, id_="11.technology-innovation-center")
        return (*judged_[:3], judged_.document)

    both = compiled(plan, rules)
    assert found(both, "2021-06-19") == ("yes", 2500_0000_00, 2500_0000_00, "鄂科发〔2021〕65号")
    assert found(both, "2021-06-18") == ("unknown", 0, None, "鄂府发〔2021〕61号")
    assert found(compiled(plan), "2021-06-19") == ("yes", 2500_0000_00, None, "鄂府发〔2021〕61号")


# --- cases of the plan that its first reading got wrong


def rows(firm: Raw, *events: Raw, policies: Policies | None = None) -> dict[str, tuple[Any, ...]]:
    """Of each award and preference, by its id, the verdict and the sums in 万元; the last event's if several."""
    outcome = evaluated(policies or policy(ORDOS), {**firm, "events": events})
    made = outcome.awards.select("measure", "verdict", "due_low", "due_high").iter_rows()
    given = outcome.preferences.select("measure", "verdict").iter_rows()
    sums = {each[0]: (each[1], *(None if fen is None else fen / WAN for fen in each[2:])) for each in made}
    return sums | {measure: (verdict,) for measure, verdict in given}


WAN = 10_000_00


def test_an_institute_may_be_a_branch_a_new_institution_and_a_public_body_at_once() -> None:
    """Where the event says what the applicant is, no answer of its organisation stands in the way."""
    events = [{"kind": kind, "date": "2022"} for kind in ("branch-institute", "city-led-institution")]
    found = rows({"organization": "新型研发机构、事业单位"}, *events)
    assert found["16.branch-institute"] == ("yes", 0, 10_000)
    assert found["17.city-led-institution"] == ("yes", 0, 20_000)
    assert (found["21.off-post"], found["21.equity-encouraged"]) == (("yes",), ("no",))
    blank = rows({}, *events)
    assert blank["16.branch-institute"][0] == blank["17.city-led-institution"][0] == "yes"
    assert (blank["21.off-post"], blank["21.equity-encouraged"]) == (("unknown",), ("yes",))


def test_rows_of_one_year_share_a_limit_a_year() -> None:
    """Three and four million of banner money of one year are five; those of two years are seven."""
    outcome = [
        evaluated(policy(ORDOS), {"events": [banner("2022-03-01", "300万元"), banner(day, "400万元")]})
        for day in ("2022-09-01", "2023-03-01")
    ]
    assert [each.totals["assured"].item() // WAN for each in outcome] == [500, 700]
    mine = outcome[0].awards.drop_nulls("event").select("low", "due_low")
    assert mine.rows() == [(300 * WAN, 300 * WAN), (400 * WAN, 200 * WAN)]


def banner(day: str, amount: str) -> Raw:
    return {"kind": "banner-led-institution", "date": day, "amount": amount}


def test_a_second_recognition_of_a_kind_is_unknown() -> None:
    """Whichever row stands first in the file; its sum is pending."""
    for days in (("2022-03-01", "2024-03-01"), ("2024-03-01", "2022-03-01")):
        events = [{"kind": "national-enterprise-center", "date": day} for day in days]
        outcome = evaluated(policy(ORDOS), {"events": events})
        verdicts = outcome.awards.drop_nulls("event")["verdict"]
        assert dict(zip(days, verdicts, strict=True)) == {"2022-03-01": "yes", "2024-03-01": "unknown"}
        mine = outcome.awards.drop_nulls("event").select("due_low", "due_high").sum().row(0)
        assert mine == (300 * WAN, 600 * WAN)


def test_a_field_that_an_open_list_does_not_name_is_unknown() -> None:
    """Never no, and nothing is asked for; a named one is a yes."""
    for field, verdict in (("dual-carbon", "yes"), ("health", "unknown")):
        event = {"kind": "major-project", "date": "2022", "field": field}
        found = judge(policy(ORDOS), {}, event, id_="2.major-project")
        assert (found.verdict, found.missing) == (verdict, ())


def test_money_for_people_is_not_the_units() -> None:
    """A scientist's is on a line of its own; what a unit shares with its people counts from nothing."""
    prize = {"kind": "regional-science-award", "date": "2022", "amount": "100万元"}
    outcome = evaluated(policy(ORDOS), {"events": [{"kind": "national-leading-talent", "date": "2022"}, prize]})
    assert outcome.totals.select("assured", "ceiling").row(0) == (0, 100 * WAN)
    assert outcome.people.rows() == [(0, 50 * WAN, 150 * WAN, 0)]


# --- limits that several rows share


def due(policies: Policies, *events: Raw, firm: Raw | None = None) -> list[tuple[Any, ...]]:
    """What limits leave of each award of a firm with a limit, in 元, in the order of the events and measures."""
    outcome = evaluated(policies, {**(firm or {}), "events": events})
    mine = outcome.awards.filter(outcome.awards["measure"] != "others").sort("event", "version", nulls_last=True)
    return [
        tuple(None if fen is None else fen / 100 for fen in row) for row in mine.select("due_low", "due_high").rows()
    ]


@pytest.mark.parametrize(
    ("sums", "left"),
    [
        (("3元", "4元"), [(3, 3), (2, 2)]),
        (("5元", "4元"), [(5, 5), (0, 0)]),
        (("4.99元", "4元"), [(4.99, 4.99), (0.01, 0.01)]),
        (("9元", "4元"), [(5, 5), (0, 0)]),
        (("1元", "1元"), [(1, 1), (1, 1)]),
    ],
)
def test_a_limit_a_year_is_given_out_by_date(sums: tuple[str, str], left: Any) -> None:
    """The earlier row first, whatever the order of the file; at the limit to the fen."""
    policies = probe(amount={"share": "100%", "of": "sum"}, limit={"a_year": "5元"})
    first, second = ({**NOW, "sum": each, "day": day} for each, day in zip(sums, ("2022-01", "2022-02"), strict=True))
    assert due(policies, first, second) == left
    assert due(policies, second, first) == left[::-1]
    assert due(policies, first, {**second, "day": "2023"}) == [(min(float(each[:-1]), 5),) * 2 for each in sums]


def test_what_is_sure_comes_before_what_is_not() -> None:
    """The lows are given out first, then the highs; an unknown row takes what the sure ones leave."""
    when = {"any": [{"fact": "big", "is": True}, {"fact": "day", "at_least": dt.date(2022, 6, 1)}]}
    policies = probe(amount={"exactly": "3元"}, when=when, limit={"a_year": "5元"})
    assert due(policies, NOW, {**NOW, "day": "2022-06-01"}) == [(0, 2), (3, 3)]
    caps = probe(amount={"up_to": "3元"}, when=when, limit={"in_all": "5元"})
    assert due(caps, NOW, {**NOW, "day": "2022-06-01"}) == [(0, 2), (0, 3)]
    floor = probe(claims=["grant", "prize"], amount={"at_least": "2元"}, limit={"a_year": "5元"})
    assert due(floor, NOW, {**NOW, "matter": "prize"}) == [(2, 3), (2, 2)]


def test_a_limit_in_all_runs_over_the_years() -> None:
    """What the first years have taken the last have not; the parts add up to the limit."""
    policies = probe(amount={"exactly": "3元", "years": 2}, limit={"in_all": "10元"})
    assert due(policies, NOW, {**NOW, "day": "2023"}) == [(6, 6), (4, 4)]
    outcome = evaluated(policies, {"events": [NOW, {**NOW, "day": "2023"}]})
    mine = outcome.schedule.filter(outcome.schedule["version"] == 1).sort("event", "year")
    assert mine.select("year", "due_low").rows() == [(2022, 300), (2023, 300), (2023, 300), (2024, 100)]


def test_a_limit_a_year_holds_in_each_year_of_the_schedule() -> None:
    """Two awards of two years meet in the year between them."""
    policies = probe(amount={"exactly": "3元", "years": 2}, limit={"a_year": "5元"})
    outcome = evaluated(policies, {"events": [NOW, {**NOW, "day": "2023"}]})
    mine = outcome.schedule.filter(outcome.schedule["version"] == 1).sort("event", "year")
    assert mine.select("year", "due_low").rows() == [(2022, 300), (2023, 300), (2023, 200), (2024, 300)]
    years = outcome.yearly_totals.filter(outcome.yearly_totals["year"].is_not_null())
    assert years.select("year", "assured").rows() == [(2022, 300), (2023, 500), (2024, 300)]


def test_rows_without_a_year_are_each_limited_by_themselves() -> None:
    """They may fall in different years; a limit in all holds for them together."""
    undated: Raw = {"matter": "grant"}
    a_year, in_all = (probe(amount={"exactly": "3元"}, limit={key: "5元"}) for key in ("a_year", "in_all"))
    assert due(a_year, undated, undated) == [(0, 3), (0, 3)]
    assert due(in_all, undated, undated) == [(0, 3), (0, 2)]


def joint(one: Raw, other: Raw, **limit: Any) -> Policies:
    """Two measures that share a limit, of grants and of prizes."""
    document = lab(**one)
    document["measure"].append(measure(**{"id": "second", "claims": ["prize"], **other}))
    document["limit"] = {"both": {"measures": ["probe", "second"], **limit}}
    return compiled(document)


PRIZE: Raw = {"matter": "prize", "day": "2022-01-01"}


def test_a_limit_that_measures_share_is_given_out_among_all_their_rows() -> None:
    """By date, whichever measure a row is of; a measure's own limit holds besides."""
    three: Raw = {"amount": {"exactly": "3元"}}
    assert due(joint(three, three, a_year="5元"), NOW, PRIZE) == [(2, 2), (3, 3)]
    own = joint(three | {"limit": {"a_year": "4元"}}, three, in_all="8元")
    assert due(own, NOW, {**NOW, "day": "2022-04"}, PRIZE) == [(3, 3), (1, 1), (3, 3)]


def test_a_limit_of_its_own_does_not_put_a_measure_before_others() -> None:
    """What is unknown of it still comes after what is sure of the others, and later rows after earlier ones."""
    big: Raw = {"fact": "big", "is": True}
    unsure = joint({"amount": {"up_to": "4元"}, "when": big, "limit": {"a_year": "9元"}}, {"amount": {"up_to": "4元"}},
                   in_all="5元")  # fmt: skip
    assert due(unsure, NOW, PRIZE) == [(0, 1), (0, 4)]
    later = joint({"amount": {"exactly": "3元"}, "limit": {"a_year": "9元"}}, {"amount": {"exactly": "3元"}},
                  in_all="5元")  # fmt: skip
    assert due(later, NOW, PRIZE) == [(2, 2), (3, 3)]


def test_of_measures_that_claim_one_event_the_first_of_the_file_comes_first() -> None:
    """Whatever limits of their own they have, and over however many years they are paid."""
    three: Raw = {"amount": {"exactly": "3元"}, "claims": ["grant"]}
    assert due(joint(three, three, a_year="5元"), NOW) == [(3, 3), (2, 2)]
    assert due(joint(three, three | {"limit": {"a_year": "4元"}}, a_year="5元"), NOW) == [(3, 3), (2, 2)]
    years: Raw = three | {"amount": {"exactly": "3元", "years": 2}}
    assert due(joint(years, three, a_year="5元"), NOW) == [(6, 6), (2, 2)]


def test_once_for_all_measures_of_a_group_is_once() -> None:
    """Of two measures that share it the later row is unknown; without a group each has its own."""
    found = evaluated(joint({}, {}, once=True), {"events": [NOW, PRIZE]}).awards
    mine = found.filter(found["measure"] != "others").sort("event")
    assert mine["verdict"].to_list() == ["unknown", "yes"]
    apart = evaluated(probe(claims=["grant", "prize"], limit={"once": True}), {"events": [NOW, PRIZE]}).awards
    assert apart.filter(apart["measure"] == "probe")["verdict"].to_list() == ["yes", "yes"]


def test_what_is_refused_takes_nothing_of_a_limit() -> None:
    """A no before it leaves the whole to the next; another firm's rows are its own."""
    policies = probe(amount={"exactly": "3元"}, existing="excluded", limit={"in_all": "5元"})
    old = {**NOW, "day": "2020"}
    assert due(policies, old, NOW) == [(0, 0), (3, 3)]
    outcome = evaluated(policies, {"events": [NOW, NOW]}, {"events": [NOW, NOW]})
    mine = outcome.awards.filter(outcome.awards["measure"] == "probe")
    assert mine["due_low"].to_list() == [300, 200, 300, 200]


@pytest.mark.parametrize(
    ("recipient", "total", "people"),
    [
        ("unit", (300, 700, 200, 1), []),
        ("people", (0, 0, 0, 0), [(0, 300, 700, 200)]),
        ("shared", (0, 700, 200, 1), [(0, 0, 700, 200)]),
    ],
)
def test_totals_are_of_what_counts_for_the_unit(recipient: str, total: Any, people: Any) -> None:
    """A person's award is on the line of its people alone; a shared one on both, for the unit from nothing."""
    document = lab(claims=["prize"], amount={"exactly": "3元"}, recipient=recipient)
    document["measure"][0]["claims"] = ["grant", "prize", "medal"]
    extra: list[Raw] = [
        {"id": "cap", "claims": ["medal"], "amount": {"up_to": "4元"}},
        {"id": "may", "claims": ["medal"], "amount": {"up_to": "2元"}, "when": {"fact": "big", "is": True}},
        {"id": "floor", "claims": ["medal"], "amount": {"unstated": True}},
    ]
    document["measure"] += [measure(recipient=recipient, **each) for each in extra]
    document["measure"][0]["recipient"] = "people"
    outcome = evaluated(compiled(document), {"events": [{**NOW, "matter": matter} for matter in ("prize", "medal")]})
    assert outcome.totals.select("assured", "ceiling", "pending", "open_ended").row(0) == total
    assert outcome.people.rows() == people


def test_what_has_no_upper_bound_is_left_out_of_the_line_for_people() -> None:
    """Its floor too: a least above the most would make no sense."""
    outcome = evaluated(probe(recipient="people", amount={"at_least": "5元"}), {"events": [NOW]})
    assert outcome.people.is_empty()
