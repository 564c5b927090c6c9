"""What is looked up is what the words say: truth tables, claims of one pass, and the sums of firms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ordos_subsidy.conditions import All, AnyOf, Compare, Condition, Not
from ordos_subsidy.evaluation import by_firm, evaluate, events, firm_totals, totals, truth_tables
from ordos_subsidy.evaluation.judging import COLUMNS, VERDICTS
from ordos_subsidy.evaluation.truth_tables import Combinations
from ordos_subsidy.facts import Choice
from ordos_subsidy.messages import Text
from ordos_subsidy.tables.firms import dtype
from tests.builders import HARBOUR, LAB, ORDOS, Raw, compiled, evaluated, firms, judge, lab, measure, probe, raw
from tests.strategies import ON, Figures, documents, rules

WORDS = compiled(LAB).vocabulary
BIG, SHAPE, HOME = (WORDS.facts[key] for key in ("big", "shape", "home"))
NOW: Raw = {"matter": "grant", "day": "2022-03-01"}


@pytest.mark.parametrize(
    "condition",
    [
        Compare(BIG, "is", True),
        Not(Compare(BIG, "is", True)),
        Compare(SHAPE, "one_of", ("round", "long")),
        Compare(SHAPE, "given", None),
        Compare(HOME, "is_not", "round"),
        AnyOf((Compare(BIG, "is", False), Compare(SHAPE, "is", "square"))),
        All((Compare(HOME, "is", "round"), Compare(SHAPE, "is", "long"), Compare(BIG, "is", True))),
    ],
    ids=str,
)
def test_a_combination_of_answers_has_the_truth_that_the_words_give_it(condition: Condition) -> None:
    """Each of them, blanks included, whatever the order of the facts."""
    values = {
        fact.key: [*([True, False] if fact is BIG else [each.key for each in fact.choices]), None]
        for fact in (BIG, SHAPE, HOME)
    }
    rows = list(product(*values.values()))
    types = {fact.key: dtype(fact, WORDS) for fact in (BIG, SHAPE, HOME)}
    frame = pl.DataFrame(rows, types, orient="row")
    for facts in ((BIG, SHAPE, HOME), (HOME, BIG, SHAPE)):
        table = Combinations(facts)
        numbers = frame.select(table.number()).to_series()
        assert (numbers.n_unique(), numbers.max()) == (table.size, table.size - 1) == (48, 47)
        looked_up = table.truths([(condition,), ()], WORDS)
        assert (
            looked_up.gather(numbers).to_list()
            == frame.select(truth_tables.code(condition.truth())).to_series().to_list()
        )
        assert looked_up.tail(table.size).to_list() == [0] * table.size


@pytest.mark.parametrize("count", [1, 254, 255, 256, 257, 300])
def test_every_answer_of_a_long_list_has_a_number_of_its_own(count: int) -> None:
    """Also where the numbers, the blank's included, are more than a byte holds."""
    choices = tuple(Choice(f"c{n}", Text(str(n), str(n))) for n in range(count))
    fact = replace(SHAPE, choices=choices)
    column = pl.Series(fact.key, [*(each.key for each in choices), None], dtype(fact, WORDS))
    numbers = column.to_frame().select(Combinations((fact,)).number()).to_series()
    assert numbers.to_list() == list(range(count + 1))


@pytest.mark.parametrize("many", [1, 40])
def test_what_is_said_of_each_day_is_what_is_said_of_the_dates(many: int) -> None:
    """Whether there are few of them or more than days between the first and the last; blanks stay blank."""
    days = [ON.replace(2022, 12, 31), None, ON.replace(2022, 12, 28), ON.replace(2023, 1, 2), ON.replace(2022, 12, 28)]
    dates = pl.Series("day", days * many, pl.Date)
    said = pl.DataFrame([dates]).select(truth_tables.by_day(dates, lambda each: each.dt.year())).to_series()
    assert said.to_list() == [2022, None, 2022, 2023, 2022] * many
    nothing = pl.Series("day", [None] * many, pl.Date)
    blank = pl.DataFrame([nothing]).select(truth_tables.by_day(nothing, lambda each: each.dt.year())).to_series()
    assert blank.null_count() == many


def test_the_largest_code_decides_an_all() -> None:
    """Yes 0, unknown 1, no 2: Kleene's "and" is their maximum."""
    truths = pl.DataFrame(
        list(product([True, None, False], repeat=2)), {"a": pl.Boolean, "b": pl.Boolean}, orient="row"
    )
    a, b = pl.col("a"), pl.col("b")
    both, most = truths.select(
        truth_tables.code(a & b).alias("both"), pl.max_horizontal(truth_tables.code(a), truth_tables.code(b))
    )
    assert both.to_list() == most.to_list()


def test_no_more_combinations_are_judged_than_are_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fact that would make too many is left to the words; one that comes after it may still fit."""
    monkeypatch.setattr(truth_tables, "LIMIT", 12)
    assert truth_tables.within_limit((SHAPE, HOME, BIG)).facts == (SHAPE, BIG)
    assert truth_tables.within_limit(()).size == 1


@settings(max_examples=max(settings().max_examples // 2, 1))
@given(data=st.data())
def test_looking_up_changes_nothing(data: st.DataObject) -> None:
    """Any rules give the same rows whether claims are looked up or each group is judged by its words."""
    document = data.draw(documents())
    drawn = data.draw(Figures(document, compiled(document).vocabulary).company(1, 4))
    usual = evaluated(compiled(document), *drawn, on=ON, typed=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(events, "few", lambda _fact: False)
        by_words = evaluated(compiled(document), *drawn, on=ON, typed=True)
    order = ["firm", "event", "version"]
    assert usual.awards.sort(order).equals(by_words.awards.sort(order))


@given(data=st.data())
def test_adding_up_in_place_changes_nothing(data: st.DataObject) -> None:
    """Any rules give each firm the same totals and counts whether its rows are grouped or added up in place."""
    document = lab(**data.draw(rules()))
    drawn = data.draw(Figures(document, compiled(document).vocabulary).company(1, 4))
    awards = evaluated(compiled(document), *drawn, on=ON, typed=True).awards
    grouped = by_firm(awards, len(drawn), counts=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(firm_totals, "MANY", 0)
        assert by_firm(awards, len(drawn), counts=True).equals(grouped)


def test_most_measures_of_the_plan_are_looked_up() -> None:
    """Those with a share, a sum to stay within or a span of years are not.

    Nor those that look at other events, at a fact of several answers, or at what others judge.
    """
    policies = compiled(raw(ORDOS))
    numbered = [
        (n, each) for n, each in enumerate(policies.measures) if each.category == "award" and not each.of_accounts
    ]
    (layer,) = events.layers(policies, numbered, ON)
    own = {policies.measures[version].id for judge in layer.others for version in judge.versions}
    assert own == {
        *("1.technology-import", "8.national-program", "10.regional-zone", "21.regional-science-award"),
        *("17.banner-led-institution", "17.institution-performance", "19.station-operation"),
        *("6.national-enterprise-center", "6.regional-enterprise-center", "14.service-institution"),
        *("7.tech-sme-two-years", "7.high-tech-recertified", "7.high-tech-relocated", "7.city-specialized"),
        *("7.city-little-giant", "21.basic-operating-fund", "27.ip-certification", "3.emerging-project"),
    }
    assert 3 * len(own) < 2 * len(numbered)


def test_rows_stand_in_the_order_of_the_events() -> None:
    """Whichever measure claims them, and each event once for every measure that does."""
    plain: Raw = {"claims": ["grant", "medal"], "amount": {"share": "10%", "of": "sum"}}
    listed = [{"matter": kind, "day": "2022", "sum": "100元"} for kind in ("medal", "grant", "prize", "grant")]
    outcome = evaluated(probe(**plain), {"events": listed[:1]}, {"events": listed[1:]})
    rows = [
        outcome.awards.filter(outcome.awards["measure"] == name).select("firm", "event", "low").rows()
        for name in ("others", "probe")
    ]
    assert rows == [
        [(0, 0, 0), (1, 1, 0), (1, 2, 0), (1, 3, 0)],
        [(0, 0, 1000), (1, 1, 1000), (1, 3, 1000)],
    ]


def test_a_sum_whose_split_is_not_stated_falls_in_no_year() -> None:
    """Also where other measures of the pass fall in the year of their event."""
    policies = probe(claims=["prize"], amount={"up_to": "5元", "spread": 5})
    assert judge(policies, {}, {**NOW, "matter": "prize"}).slices == [(None, 0, 500)]
    outcome = evaluated(policies, {"events": [NOW, {**NOW, "matter": "prize"}]})
    assert outcome.awards.sort("event", "version")["within"].to_list() == [None, None, 2022]
    assert judge(policies, {}, NOW, id_="others").slices == [(2022, 0, None)]


def test_what_is_kept_of_a_policy_is_kept_for_its_day() -> None:
    """Two days of evaluation are judged by themselves, and two policies that say the same, too."""
    first, second = (probe(amount={"exactly": each}) for each in ("1元", "2元"))
    company = firms(first.vocabulary, {"events": [NOW]})
    found = [
        evaluate(policies, company, day).totals.row(0)[1:4]
        for policies in (first, second, first)
        for day in (NOW_DAY, DAY_BEFORE)
    ]
    assert found == [(100, 100, 0), (0, 0, 100), (200, 200, 0), (0, 0, 200), (100, 100, 0), (0, 0, 100)]


NOW_DAY, DAY_BEFORE = ON.replace(2022, 3, 1), ON.replace(2022, 2, 28)


@pytest.mark.parametrize("other", [{"fact": "grade", "is": "round"}, {"fact": "cost", "at_least": "1元"}], ids=str)
def test_a_part_that_asks_more_than_one_side_is_judged_by_its_words(other: Raw) -> None:
    """Of the firm and of the event, or of a sum: neither side's answers alone decide it."""
    document = lab(when={"any": [{"fact": "big", "is": True}, other]})
    grade = {"of": "event", "type": "choice", "list": "shape", "title": {"zh": "级", "en": "grade"}}
    document["fact"]["grade"] = grade | {"help": {"zh": "。", "en": "."}}
    policies = compiled(document)
    for big, more in product((True, False), repeat=2):
        firm = {"big": big, "cost": "1元" if more else "0元"}
        event = {**NOW, "grade": "round" if more else "long"}
        assert judge(policies, firm, event).verdict == ("yes" if big or more else "no")
    assert judge(policies, {"big": False}, NOW).verdict == "unknown"
    assert judge(policies, {}, NOW).verdict == "unknown"


def test_a_version_that_is_not_plain_and_has_no_end_holds_until_the_next() -> None:
    """A share of a sum, which is not looked up, before the day its second version begins, and after."""
    document = lab(amount={"share": "10%", "of": "sum"})
    document["measure"].append(measure(amount={"share": "20%", "of": "sum"}, **{"from": ON.replace(2022, 1, 1)}))
    found = [
        judge(compiled(document), {}, {"matter": "grant", "day": day, "sum": "100元"})[:3]
        for day in ("2021-12-31", "2022-01-01")
    ]
    assert found == [("yes", 1000, 1000), ("yes", 2000, 2000)]


def test_awards_credits_and_preferences_are_kept_apart() -> None:
    """Each table has the measures of its own category, all of them of the accounts."""
    document = lab(claims=["accounts"])
    for category in ("credit", "preference"):
        amount = {} if category == "preference" else {"amount": {"exactly": "1元"}}
        document["measure"].append(measure(id=category, category=category, claims=["accounts"], **amount))
    outcome = evaluated(compiled(document), {"season": 2022})
    tables = (outcome.awards, outcome.credits, outcome.preferences)
    assert [each["measure"].to_list() for each in tables] == [["probe"], ["credit"], ["preference"]]


@pytest.fixture(params=[0, 2**63], ids=["added in place", "grouped"])
def many(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways of adding up."""
    monkeypatch.setattr(firm_totals, "MANY", request.param)


def award_rows(firms: Sequence[int], **columns: object) -> pl.DataFrame:
    """Rows of awards of these firms, one an event, eligible for nothing unless said otherwise."""
    rows = {"firm": firms, "event": range(len(firms)), "verdict": "yes", "low": 0, **columns}
    types: dict[str, pl.DataType | type[pl.DataType]] = {**COLUMNS, "verdict": pl.Enum(VERDICTS)}
    return pl.DataFrame(rows, {name: types[name] for name in rows})


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("owners", [(1, 0), (0, 0), (1, 1), (0, 1)])
def test_sums_go_to_the_firm_they_belong_to(owners: tuple[int, int]) -> None:
    """Also where there are as many events as firms, in whatever order."""
    rows = award_rows(owners, low=[1, 10], high=[2, 20])
    expected = [sum(low for owner, low in zip(owners, (1, 10), strict=True) if owner == firm) for firm in (0, 1)]
    assert by_firm(rows, 2)["assured"].to_list() == expected
    assert by_firm(rows, 2)["ceiling"].to_list() == [2 * each for each in expected]


@pytest.mark.usefixtures("many")
def test_what_is_refused_counts_for_nothing() -> None:
    """Neither as eligible nor as to be verified, where each firm has the one award of its accounts."""
    policies = probe(claims=["accounts"], when={"fact": "big", "is": True})
    outcome = evaluated(policies, {"big": False}, {"big": True}, {})
    counted = by_firm(outcome.awards, 3, counts=True)
    assert counted.rows() == [(0, 0, 0, 0, 0, 0, 0, 0), (1, 100, 100, 0, 0, 0, 1, 0), (2, 0, 0, 100, 0, 0, 0, 1)]


@pytest.mark.usefixtures("many")
def test_every_firm_has_its_sums() -> None:
    """Those with several accounts awards, with events only, with nothing but a no, and with nothing at all."""
    document = lab(claims=["accounts"], when={"fact": "big", "is": True}, amount={"exactly": "3元"})
    document["measure"].append(measure(id="second", claims=["accounts"], amount={"at_least": "2元"}))
    outcome = evaluated(
        compiled(document),
        {"season": 2022, "big": True, "events": [NOW, NOW]},
        {"season": 2022, "events": [{**NOW, "day": ""}]},
        {"season": 2022, "big": False},
        {},
    )
    assert outcome.totals.rows() == [
        (0, 500, 300, 0, 3, 0),
        (1, 200, 0, 300, 1, 1),
        (2, 200, 0, 0, 1, 0),
        (3, 200, 0, 300, 1, 0),
    ]
    counted = by_firm(outcome.awards, 4, counts=True)
    assert counted.select("eligible", "to_verify").rows() == [(4, 0), (1, 2), (1, 0), (1, 1)]
    assert counted.drop("eligible", "to_verify").equals(outcome.totals)
    shuffled = outcome.awards.sample(fraction=1, shuffle=True, seed=3)
    assert totals(shuffled, "firm").sort("firm").rows() == outcome.totals.rows()


@pytest.mark.usefixtures("many")
def test_a_sum_is_exact_where_a_float_is_not() -> None:
    """A fen beside 90 trillion yuan is not lost."""
    rows = award_rows([0] * 4, high=[2**53, 1, None, 1])
    assert by_firm(rows, 1)["ceiling"].to_list() == [2**53 + 2]


@pytest.mark.usefixtures("many")
def test_counts_of_many_rows_stay_apart() -> None:
    """What has no upper bound is counted by verdict, however many rows there are."""
    rows = award_rows([0] * 70_000, verdict=["unknown", "yes"] * 35_000, high=None)
    assert by_firm(rows, 1, counts=True).row(0)[4:] == (35_000, 35_000, 35_000, 35_000)


@pytest.mark.parametrize("path", [ORDOS, HARBOUR], ids=lambda path: path.name)
def test_a_policy_without_firms_or_events_has_no_rows(path: Path) -> None:
    """And nothing fails."""
    policies = compiled(raw(path))
    nobody = evaluate(policies, firms(policies.vocabulary), ON)
    assert (nobody.awards.height, nobody.totals.height, nobody.schedule.height) == (0, 0, 0)
    somebody = evaluate(policies, firms(policies.vocabulary, {}), ON)
    assert somebody.awards.get_column("event").null_count() == somebody.awards.height > 0
