"""The condition words: three truths, and what each word makes of the unknown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordos_subsidy.conditions import (
    All,
    AnyOf,
    BackedBy,
    Compare,
    Comparison,
    Condition,
    FirstYears,
    Happened,
    HasEvent,
    InForce,
    JudgedByOthers,
    Not,
    Once,
    Relation,
    Sufficient,
    Unsettled,
    Window,
    all_columns,
    walk,
)
from ordos_subsidy.facts import MONEY_LIMIT
from ordos_subsidy.messages import Text
from tests.builders import LAB, LATE, Raw, compiled, firms, judge, probe

NOW: Raw = {"matter": "grant", "day": "2022-03-01"}
WORDS = compiled(LAB).vocabulary
TRUTHS = {"yes": True, "no": False, "unknown": None}
FIRST_DAY = dt.date(2021, 6, 19)
NEXT_YEAR = dt.date(2022, 1, 1)


def compare(fact: str, comparison: Comparison, value: Any = None) -> Compare:
    return Compare(WORDS.facts[fact], comparison, value)


def truth(word: Condition, **firm: Any) -> bool | None:
    """A word's truth for one firm, its facts as a user writes them."""
    return truths(word, firms(WORDS, firm).firms)[0]


def truths(word: Condition, frame: pl.DataFrame) -> list[bool | None]:
    return frame.select(word.truth().alias("truth"))["truth"].to_list()


def of_day(word: Condition, day: str) -> bool | None:
    """A word's truth for one event of a day."""
    return truths(word, events(day))[0]


def events(*days: str) -> pl.DataFrame:
    return firms(WORDS, {"events": [{"matter": "grant", "day": day} for day in days]}).events


def open_to(word: Condition, **firm: Any) -> tuple[str, ...]:
    return word.open_facts(firms(WORDS, firm).firms.row(0, named=True))


def open_on(word: Condition, day: str) -> tuple[str, ...]:
    return word.open_facts(events(day).row(0, named=True))


# --- the logic


@pytest.mark.parametrize(
    "line",
    """
    yes     yes     yes     yes
    yes     unknown unknown yes
    yes     no      no      yes
    unknown yes     unknown yes
    unknown unknown unknown unknown
    unknown no      no      unknown
    no      yes     no      yes
    no      unknown no      unknown
    no      no      no      no
    """.strip().splitlines(),
)
def test_all_and_any_follow_kleene(line: str) -> None:
    """The truth table of two parts: a, b, all, any."""
    a, b, every, some = (TRUTHS[word] for word in line.split())
    parts = compare("big", "is", True), compare("old", "is", True)
    assert truth(All(parts), big=a, old=b) is every
    assert truth(AnyOf(parts), big=a, old=b) is some


@pytest.mark.parametrize(
    ("part", "turned", "unsettled", "sufficient"),
    [(True, False, None, True), (None, None, None, None), (False, True, True, None)],
    ids=str,
)
def test_not_turns_and_unsettled_and_sufficient_never_say_no(
    part: bool | None, turned: bool | None, unsettled: bool | None, sufficient: bool | None
) -> None:
    """The truth table of one part; where unsettled holds, or sufficient does not, no fact settles the matter."""
    word = compare("big", "is", True)
    assert truth(Not(word), big=part) is turned
    assert truth(Unsettled(word, Text("", "")), big=part) is unsettled
    assert truth(Sufficient(word, Text("", "")), big=part) is sufficient


def test_what_others_judge_is_unknown_whatever_the_facts() -> None:
    """And no fact is asked for; a no of another part still decides."""
    word = JudgedByOthers(Text("", ""))
    assert (truth(word), truth(word, big=True), open_to(word)) == (None, None, ())
    assert truth(All((word, compare("big", "is", True))), big=False) is False
    assert truth(AnyOf((word, compare("big", "is", True))), big=True) is True


def test_many_parts_are_as_two_at_a_time() -> None:
    """A third part is not forgotten, and one part alone is itself."""
    parts = compare("big", "is", True), compare("old", "is", True), compare("staff", "at_least", 3)
    assert truth(All(parts), big=True, old=True, staff=2) is False
    assert truth(AnyOf(parts), big=False, old=False, staff=3) is True
    assert truth(All(parts[:1])) is truth(AnyOf(parts[:1])) is None


def test_walking_meets_every_word_outermost_first() -> None:
    """Whoever looks for a word inside a condition finds it, and every column it reads."""
    leaf = compare("intensity", "at_least", (3, 100))
    tree = All((Not(AnyOf((leaf, compare("big", "is", True)))), Unsettled(compare("old", "is", True), Text("", ""))))
    assert [type(word).__name__ for word in walk(tree)] == [
        "All", "Not", "AnyOf", "Compare", "Compare", "Unsettled", "Compare",
    ]  # fmt: skip
    assert all_columns(tree) == {"cost", "sales", "big", "old"}


def test_words_of_different_meaning_are_different_words() -> None:
    """Conditions are judged once and looked up: an `all` must never be taken for an `any` of the same parts."""
    parts = compare("big", "is", True), compare("big", "is", False)
    words = [All(parts), AnyOf(parts), Not(parts[0]), Unsettled(parts[0], Text("", "")), *parts, All(parts[::-1])]
    words += [Sufficient(parts[0], Text("", "")), JudgedByOthers(Text("", "")), JudgedByOthers(Text("a", "a"))]
    words += [kind((each,), "day", "matter") for kind in (Once, FirstYears, HasEvent, BackedBy) for each in "ab"]
    assert len(set(words)) == len(words)
    assert {All(parts): "found"}[All(tuple(parts))] == "found"


# --- comparisons


@pytest.mark.parametrize(
    ("fact", "limit", "below", "at", "above"),
    [
        ("staff", 300, 299, 300, 301),
        ("local", 375_000, "37.4999%", "37.5%", "37.5001%"),
        ("cost", 5_000_0000_00, "49999999.99元", "5000万元", "50000000.01元"),
        ("season", 2021, 2020, 2021, 2022),
    ],
)
def test_a_limit_belongs_to_at_least_and_at_most(fact: str, limit: int, below: Any, at: Any, above: Any) -> None:
    """以上 includes the number itself; more_than and less_than do not. One step to either side decides."""
    found = {
        comparison: [truth(compare(fact, comparison, limit), **{fact: value}) for value in (below, at, above, "")]
        for comparison in ("is", "is_not", "at_least", "more_than", "at_most", "less_than", "given")
    }
    assert found == {
        "is": [False, True, False, None],
        "is_not": [True, False, True, None],
        "at_least": [False, True, True, None],
        "more_than": [False, False, True, None],
        "at_most": [True, True, False, None],
        "less_than": [True, False, False, None],
        "given": [True, True, True, None],
    }


@pytest.mark.parametrize(
    ("comparison", "value", "found"),
    [
        ("is", "square", [False, True, None]),
        ("is_not", "square", [True, False, None]),
        ("one_of", ("square", "long"), [False, True, None]),
        ("one_of", ("round",), [True, False, None]),
        ("given", None, [True, True, None]),
    ],
)
def test_a_blank_choice_is_unknown_to_every_comparison(
    comparison: Comparison, value: Any, found: list[bool | None]
) -> None:
    """Also to is_not and one_of, which would be the ones to say yes or no to it."""
    word = compare("shape", comparison, value)
    assert [truth(word, shape=shape) for shape in ("round", "square", "")] == found


def test_what_a_blank_stands_for_says_yes_and_never_no() -> None:
    """Where it would say no the answer is unknown and the fact is asked for; `given` tells a blank from an answer."""
    for word in (
        compare("home", "is", "round"),
        compare("home", "is_not", "square"),
        compare("home", "one_of", ("round", "long")),
        compare("hobbies", "is", "fish"),
        compare("hobbies", "is_not", "salt"),
        compare("bodies", "is", "guild"),
        compare("bodies", "is_not", "school"),
    ):
        assert truth(word) is True
    for word in (
        compare("home", "is", "square"),
        compare("home", "is_not", "round"),
        compare("home", "one_of", ("square", "long")),
        compare("hobbies", "one_of", ("salt", "rope")),
        compare("hobbies", "is_not", "fish"),
        compare("bodies", "is", "office"),
        compare("bodies", "one_of", ("school", "infirmary")),
        compare("home", "given"),
    ):
        assert truth(word) is None
        assert open_to(word) == (word.fact.key,)
    assert truth(compare("home", "is", "square"), home="square") is True
    assert truth(compare("home", "is", "square"), home="long") is False


@pytest.mark.parametrize("when", [{"fact": "home", "is_not": "round"}, {"not": {"fact": "home", "is": "round"}}])
def test_turned_round_an_assumption_says_nothing(when: Raw) -> None:
    """A `not` makes no yes of what would be a no only because of what a blank stands for."""
    found = [judge(probe(when=when), {"home": home}, NOW).verdict for home in ("", "round", "long")]
    assert found == ["unknown", "no", "yes"]
    inside = probe(when={"not": {"any": [when, {"fact": "big", "is": True}]}})
    found = [judge(inside, {"home": home, "big": False}, NOW).verdict for home in ("", "round", "long")]
    assert found == ["unknown", "yes", "no"]


#: Given answers, and what is said of guild, office (forms, which exclude each other), school and infirmary.
BODIES = """
    guild              yes     no      no      no
    office             no      yes     unknown unknown
    school             no      unknown yes     no
    infirmary          unknown unknown unknown yes
    school、infirmary    no      unknown yes     yes
    office、infirmary    no      yes     unknown yes
    guild、school        yes     no      yes     no
    guild、office        yes     yes     unknown unknown
    office、school       no      yes     yes     no
"""


@pytest.mark.parametrize("line", BODIES.strip().splitlines())
def test_an_answer_may_leave_others_open(line: str) -> None:
    """Unknown where a named answer leaves it open: of a form all named functions must, and no form is named."""
    given_, *wanted = line.split()
    for answer, word in zip(("guild", "office", "school", "infirmary"), wanted, strict=True):
        found = TRUTHS[word]
        asked = ("bodies",) if found is None else ()
        for test, held in ((compare("bodies", "is", answer), found), (compare("bodies", "one_of", (answer,)), found)):
            assert truth(test, bodies=given_) is held
            assert open_to(test, bodies=given_) == asked
        assert truth(compare("bodies", "is_not", answer), bodies=given_) is (None if found is None else not found)


@given(st.frozensets(st.sampled_from(["guild", "office", "school", "infirmary"])), st.data())
def test_one_of_several_is_as_any_of_them(given_: frozenset[str], data: st.DataObject) -> None:
    """Also where some are left open, and whatever the answers."""
    some = data.draw(st.lists(st.sampled_from(["guild", "office", "school", "infirmary"]), min_size=1, unique=True))
    frame = firms(WORDS, {"bodies": given_}, typed=True).firms
    each = AnyOf(tuple(compare("bodies", "is", answer) for answer in some))
    assert truths(compare("bodies", "one_of", tuple(some)), frame) == truths(each, frame)


@pytest.mark.parametrize(
    ("comparison", "value", "found"),
    [
        ("is", "salt", [False, True, True, False, None]),
        ("is_not", "salt", [True, False, False, True, None]),
        ("one_of", ("salt", "rope"), [False, True, True, True, None]),
        ("one_of", ("fish",), [True, False, True, False, None]),
    ],
)
def test_several_answers_are_asked_for_one_by_one(comparison: Comparison, value: Any, found: list[bool | None]) -> None:
    """A fact of several answers `is` each of them; one in common is enough for one_of."""
    word = compare("trades", comparison, value)
    assert [truth(word, trades=each) for each in ("fish", "salt", "fish、salt", "rope", "")] == found


def test_none_of_the_answers_is_an_answer() -> None:
    """An empty set is known: it is not unknown, and it has nothing in common with anything."""
    frame = firms(WORDS, {"trades": frozenset()}, typed=True).firms
    assert truths(compare("trades", "is", "fish"), frame) == [False]
    assert truths(compare("trades", "is_not", "fish"), frame) == [True]
    assert compare("trades", "is", "fish").open_facts(frame.row(0, named=True)) == ()


# --- ratios


@pytest.mark.parametrize(
    ("cost", "sales", "found"),
    [
        ("300万元", "1亿元", True),
        ("2999999.99元", "1亿元", False),
        ("3000000.01元", "1亿元", True),
        ("0.03元", "1元", True),
        ("0.02元", "0.67元", False),
        (0, "1亿元", False),
        ("3000亿元", "1万亿元", True),
        ("299999999999.99元", "1万亿元", False),
        ("300万元", 0, None),
        ("300万元", "-1元", None),
        (0, 0, None),
        ("300万元", "", None),
        ("", "1亿元", None),
        ("", "", None),
        ("", 0, None),
    ],
)
def test_a_ratio_is_compared_without_division(cost: Any, sales: Any, found: bool | None) -> None:
    """Three percent exactly qualifies, a fen below does not; without a positive whole there is no ratio."""
    if sales == "1万亿元":
        sales, cost = MONEY_LIMIT // 100, {"3000亿元": 3 * 10**10, "299999999999.99元": "29999999999.99元"}[cost]
    assert truth(compare("intensity", "at_least", (3, 100)), cost=cost, sales=sales) is found


def test_the_other_comparisons_of_a_ratio_know_the_limit_too() -> None:
    """At the limit exactly: at most holds, more than and less than do not."""
    exactly = {"cost": "3元", "sales": "100元"}
    assert truth(compare("intensity", "at_most", (3, 100)), **exactly) is True
    assert truth(compare("intensity", "more_than", (3, 100)), **exactly) is False
    assert truth(compare("intensity", "less_than", (3, 100)), **exactly) is False
    assert truth(compare("intensity", "at_least", (1, 3)), cost="0.01元", sales="0.03元") is True
    assert truth(compare("intensity", "at_least", (3333, 10_000)), cost="0.01元", sales="0.03元") is True
    assert truth(compare("intensity", "at_least", (3334, 10_000)), cost="0.01元", sales="0.03元") is False


@given(
    cost=st.integers(0, MONEY_LIMIT),
    sales=st.integers(1, MONEY_LIMIT),
    rate=st.tuples(st.integers(0, 10_000), st.integers(1, 10_000)),
)
def test_a_ratio_is_exact_for_any_sums(cost: int, sales: int, rate: tuple[int, int]) -> None:
    """Up to the greatest sums and the finest shares, no product leaves Int64."""
    frame = firms(WORDS, {"cost": cost, "sales": sales}, typed=True).firms
    assert truths(compare("intensity", "at_least", rate), frame) == [cost * rate[1] >= sales * rate[0]]


@pytest.mark.parametrize(
    ("facts", "asked"),
    [
        ({}, ("cost", "sales")),
        ({"cost": 1}, ("sales",)),
        ({"sales": 1}, ("cost",)),
        ({"sales": 0}, ()),
        ({"sales": -1}, ()),
        ({"cost": 1, "sales": 0}, ()),
    ],
)
def test_a_ratio_asks_only_while_its_whole_may_be_positive(facts: Raw, asked: tuple[str, ...]) -> None:
    """With revenue zero or negative no other figure settles it."""
    assert open_to(compare("intensity", "at_least", (3, 100)), **facts) == asked


# --- distance


@pytest.mark.parametrize(
    ("word", "facts", "lacking"),
    [
        (compare("cost", "at_least", 500), {"cost": "4元"}, 100),
        (compare("cost", "more_than", 500), {"cost": "4元"}, 101),
        (compare("intensity", "at_least", (3, 100)), {"cost": "2元", "sales": "100元"}, 100),
        (compare("intensity", "at_least", (3, 100)), {"cost": 0, "sales": "0.50元"}, 2),
        (compare("intensity", "more_than", (3, 100)), {"cost": 0, "sales": "0.50元"}, 2),
        (compare("intensity", "more_than", (3, 100)), {"cost": "3元", "sales": "100元"}, 1),
        (compare("cost", "at_most", 500), {"cost": "6元"}, None),
        (compare("cost", "at_least", 500), {}, None),
        (compare("intensity", "at_least", (3, 100)), {"sales": "1元"}, None),
        (compare("intensity", "at_least", (3, 100)), {"cost": "1元", "sales": 0}, None),
        (compare("staff", "at_least", 3), {"staff": 1}, None),
    ],
)
def test_the_distance_is_the_least_sum_that_makes_it_hold(word: Compare, facts: Raw, lacking: int | None) -> None:
    """One fen less would not do; there is none where the figures are not sums or not known."""
    row = firms(WORDS, facts).firms.row(0, named=True)
    assert word.distance(row) == lacking
    if lacking is not None:
        reached, short = ({**row, "cost": row["cost"] + lacking - less} for less in (0, 1))
        assert truths(word, firms(WORDS, {"cost": reached["cost"], "sales": row["sales"]}, typed=True).firms) == [True]
        assert truths(word, firms(WORDS, {"cost": short["cost"], "sales": row["sales"]}, typed=True).firms) == [False]


# --- dates


SPANS = ("2020", "2021", "2021-05", "2021-06", "2021-07", "2021-06-18", "2021-06-19", "")


@pytest.mark.parametrize(
    ("existing", "found"),
    [
        ("excluded", [False, None, False, None, True, False, True, None]),
        ("unsettled", [None, None, None, None, True, None, True, None]),
    ],
)
def test_in_force_is_decided_by_the_day_as_far_as_it_is_known(existing: Any, found: list[bool | None]) -> None:
    """The first day counts; a month or year that straddles it is unknown; what is older is out or unsettled."""
    word = InForce(WORDS.facts["day"], FIRST_DAY, existing)
    assert [of_day(word, span) for span in SPANS] == found


def test_the_first_day_may_be_the_last_or_the_first_of_a_month() -> None:
    """Of a month that ends on it only the last day is in force; one that begins on it is in force as a whole."""
    last, first = (InForce(WORDS.facts["day"], dt.date(2021, *each), "excluded") for each in ((6, 30), (7, 1)))
    assert (of_day(last, "2021-06"), open_on(last, "2021-06")) == (None, ("day",))
    assert (of_day(last, "2021-07"), of_day(first, "2021-07")) == (True, True)
    assert (of_day(first, "2021-06"), open_on(first, "2021-06")) == (False, ())


def test_in_force_asks_for_the_date_only_where_it_could_matter() -> None:
    """A date that lies before the first day as a whole is not asked for again."""
    word = InForce(WORDS.facts["day"], FIRST_DAY, "unsettled")
    asking = [span for span in SPANS if of_day(word, span) is None and open_on(word, span)]
    assert asking == ["2021", "2021-06", ""]


@pytest.mark.parametrize(
    ("comparison", "found"),
    [
        ("at_least", [False, None, False, None, True, False, True, None]),
        ("more_than", [False, None, False, None, True, False, False, None]),
        ("at_most", [True, None, True, None, False, True, True, None]),
        ("less_than", [True, None, True, None, False, True, False, None]),
        ("given", [True, True, True, True, True, True, True, None]),
    ],
)
def test_a_comparison_with_a_day_is_unknown_where_the_day_could_change_it(
    comparison: Comparison, found: list[bool | None]
) -> None:
    """And then, and only then, the date is asked for."""
    word = compare("day", comparison, FIRST_DAY)
    assert [of_day(word, span) for span in SPANS] == found
    assert [bool(open_on(word, span)) for span, truth_ in zip(SPANS, found, strict=True) if truth_ is None] == [
        True for truth_ in found if truth_ is None
    ]


def test_what_lies_in_the_future_has_not_happened() -> None:
    """Unknown, not no; the day itself has happened; without a date nothing is said."""
    word = Happened(WORDS.facts["day"], FIRST_DAY)
    found = [of_day(word, span) for span in ("2021-06-18", "2021-06-19", "2021-06-20", "2021-07", "2022", "")]
    assert found == [True, True, None, None, None, True]


def test_a_month_that_is_not_over_is_asked_for_its_day() -> None:
    """The unknown day decides whether it has happened, so that the date is still open."""
    word = Happened(WORDS.facts["day"], FIRST_DAY)
    assert [of_day(word, span) for span in ("2021", "2021-06", "2021-05")] == [None, None, True]
    assert [open_on(word, span) for span in ("2021", "2021-06", "2021-07")] == [("day",), ("day",), ()]
    began = Happened(WORDS.facts["day"], dt.date(2021, 6, 1))
    ended = Happened(WORDS.facts["day"], dt.date(2021, 6, 30))
    assert (of_day(began, "2021-06"), open_on(began, "2021-06")) == (None, ("day",))
    assert of_day(ended, "2021-06") is True


def test_a_year_has_happened_once_it_has_begun() -> None:
    """Accounts of the running year are accepted, those of the next are not."""
    word = Happened(WORDS.facts["season"], FIRST_DAY)
    assert [truth(word, season=year) for year in (2020, 2021, 2022, "")] == [True, True, None, True]


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        (FIRST_DAY, None, [False, None, False, None, True, False, True, None]),
        (None, FIRST_DAY, [True, None, True, None, False, True, False, None]),
        (FIRST_DAY, NEXT_YEAR, [False, None, False, None, True, False, True, None]),
    ],
)
def test_a_window_takes_in_its_first_day_and_not_its_last(
    since: dt.date | None, until: dt.date | None, found: list[bool | None]
) -> None:
    """A version holds from a day and before another; a date that lies on both sides is unknown and asked for."""
    word = Window(WORDS.facts["day"], since, until)
    assert [of_day(word, span) for span in SPANS] == found
    assert [open_on(word, span) for span in ("2021", "2021-06", "")] == [("day",)] * 3


def test_a_window_of_years_takes_whole_years() -> None:
    """A fiscal year in which the version changed is unknown, and no fact could tell."""
    word = Window(WORDS.facts["season"], FIRST_DAY, NEXT_YEAR)
    assert [truth(word, season=year) for year in (2020, 2021, 2022, "")] == [False, None, False, None]
    assert (open_to(word, season=2021), open_to(word)) == ((), ("season",))


# --- other events of the firm


def marked(word: Relation, *days: str | tuple[str, str], on: dt.date = LATE) -> list[bool | None]:
    """The truths of a word for events of one firm, each a day or (kind, day)."""
    listed = [("grant", each) if isinstance(each, str) else each for each in days]
    frame = firms(WORDS, {"events": [{"matter": kind, "day": day} for kind, day in listed]}).events
    return word.marks(frame, 1, on)[0].to_list()


def first_years(*days: str | tuple[str, str], years: int = 5, on: dt.date = LATE) -> list[bool | None]:
    return marked(FirstYears(("grant",), "day", "matter", years, FIRST_DAY), *days, on=on)


def test_the_first_years_count_from_the_earliest_event_of_the_kind() -> None:
    """Five years from 2022 are 2022 to 2026, whatever the day; the order of the rows does not matter."""
    assert first_years("2026-12-31", "2022-12-31", "2027-01-01") == [True, True, False]
    assert first_years("2022", "2026-06") == [True, True]
    assert first_years("2022-01-01", "2023-01-01", years=1) == [True, False]


def test_an_unknown_date_among_them_leaves_the_first_years_open() -> None:
    """It might be the earliest of all; but what is too late already, or early enough anyway, stays so."""
    assert first_years("2025-12-31", "2026-03-01", "", "2031-03-01") == [True, None, None, False]
    assert first_years("") == [True]


def test_what_lies_before_the_policy_begins_no_years() -> None:
    """Nor what may lie before it, surely; it is no later year itself."""
    assert first_years("2021-06-18", "2026-01-01", "2030-12-31") == [True, True, True]
    assert first_years("2021-06-19", "2026-01-01") == [True, False]
    assert first_years("2021-06", "2026-01-01") == [True, None]


def test_what_lies_in_the_future_begins_no_years_for_certain() -> None:
    """But might: what comes after it is unknown until then."""
    on = dt.date(2023, 6, 1)
    assert first_years("2023-06-02", "2028-01-01", on=on) == [True, None]
    assert first_years("2023-06-01", "2028-01-01", on=on) == [True, False]
    assert first_years("2023-06", "2028-01-01", on=on) == [True, None]


def test_first_years_are_of_one_firm_and_of_one_kind() -> None:
    """Neither another firm's events nor the firm's other events count."""
    mine = [{"matter": "grant", "day": "2030-01-01"}, {"matter": "prize", "day": "2022-01-01"}]
    frame = firms(WORDS, {"events": mine}, {"events": [{"matter": "grant", "day": "2022-01-01"}]}).events
    word = FirstYears(("grant", "prize"), "day", "matter", 5, FIRST_DAY)
    assert word.marks(frame, 2, LATE)[0].to_list() == [True, True, True]


def test_what_is_not_listed_has_not_been() -> None:
    """has_event is no without an event of the kind, or of a kind with the tag; no fact is asked for."""
    policies = probe(category="preference", claims=["accounts"], when={"has_event": "honour"})
    assert judge(policies, {}).verdict == "no"
    assert judge(policies, {}, {"matter": "grant"}).verdict == "no"
    assert judge(policies, {}, {"matter": "medal"}).verdict == "yes"
    assert judge(probe(category="preference", claims=["accounts"], when={"has_event": "grant"}), {}).missing == ()


def test_what_is_listed_and_lies_in_the_future_is_no_fact_yet() -> None:
    """Unknown, unless another has happened; the day is asked for where the day of evaluation is within its month."""
    policies = probe(category="preference", claims=["accounts"], when={"has_event": "honour"})

    def found(*days: str) -> tuple[str, tuple[str, ...]]:
        events_ = [{"matter": "medal", "day": day} for day in days]
        return judge(policies, {}, *events_, on=dt.date(2022, 6, 1))[::4]

    assert found("2022-06-01") == found("2023", "2021") == found("2023", "") == ("yes", ())
    assert found("2022-06-02") == found("2022-07") == ("unknown", ())
    assert found("2022-06") == found("2022", "2023") == ("unknown", ("day",))


def test_has_event_may_stand_anywhere() -> None:
    """In the condition of an event, inside other words, in a multiple and in the policy's scope."""
    plain, honoured = {"matter": "grant", "day": "2022"}, {"matter": "prize"}
    inside = probe(when={"any": [{"fact": "big", "is": True}, {"not": {"has_event": "prize"}}]})
    assert [judge(inside, {}, *each).verdict for each in ([plain], [plain, honoured])] == ["yes", "unknown"]
    twice = probe(amount={"exactly": "1元", "times": {"by": 2, "when": {"has_event": "prize"}}})
    assert [judge(twice, {}, *each).interval for each in ([plain], [plain, honoured])] == [(100, 100), (200, 200)]
    scoped = {**LAB, "policy": {**LAB["policy"], "scope": {"has_event": "prize"}}}
    found = [judge(compiled(scoped), {}, *each, id_="others").verdict for each in ([plain], [plain, honoured])]
    assert found == ["no", "yes"]


def once(*days: str | tuple[str, str], joint: bool = False) -> list[bool | None]:
    return marked(Once(("grant", "prize"), "day", "matter", joint), *days)


def test_one_row_of_a_kind_is_the_first() -> None:
    """It alone is sure; whatever comes later is unknown, and of one day the order of the file counts."""
    assert once("2022-03-01") == once("") == [True]
    assert once("2023", "2022", "2024") == [None, True, None]
    assert once("2022-03-01", "2022-03-01") == [True, None]


def test_which_of_vague_or_undated_rows_is_the_first_is_unknown() -> None:
    """Of all that may be the first, unless one of them surely is."""
    assert once("2022-03-01", "") == [None, None]
    assert once("2022-03", "2022-03") == [None, None]
    assert once("2022-03-01", "2022-03", "2022-04") == [True, None, None]
    assert once("2022-03", "2022-03-01") == [None, None]
    assert once("2022-03", "2022-03-31") == [True, None]
    assert once("2022-03-31", "2022-03") == [None, None]


def test_each_kind_has_a_first_row_of_its_own_unless_several_share_it() -> None:
    """Neither does another firm's row count."""
    assert once(("grant", "2022"), ("prize", "2023"), ("medal", "2021")) == [True, True, True]
    assert once(("grant", "2022"), ("prize", "2023"), ("medal", "2021"), joint=True) == [True, None, True]
    listed = [{"events": [{"matter": "grant", "day": day}]} for day in ("2022", "2023")]
    word = Once(("grant",), "day", "matter")
    assert word.marks(firms(WORDS, *listed).events, 2, LATE)[0].to_list() == [True, True]


def test_an_earlier_row_that_can_still_be_settled_asks_for_its_date() -> None:
    """What is surely later asks for nothing; the other event is named."""
    frame = firms(WORDS, {"events": [{"matter": "grant", "day": day} for day in ("2022-03", "2022-03-05", "2023")]})
    _, open_, other = Once(("grant",), "day", "matter").marks(frame.events, 1, LATE)
    assert open_.to_list() == [True, True, False]
    assert other.to_list() == [1, 0, 1]


def backed(*days: tuple[str, str], on: dt.date = LATE) -> list[bool | None]:
    """The truths of the grants among events of one firm, backed by prizes."""
    word = BackedBy(("grant",), "day", "matter", "prize", None, FIRST_DAY)
    found = marked(word, *days, on=on)
    return [each for each, (kind, _) in zip(found, days, strict=True) if kind == "grant"]


def test_each_row_of_a_year_stands_on_another_event() -> None:
    """The k-th row needs k, approved up to the end of its year; in the next year they count again."""
    assert backed(("prize", "2022-06-01"), ("grant", "2022-03-01"), ("grant", "2023-01-01")) == [True, True]
    assert backed(("prize", "2022-06-01"), ("grant", "2022-03-01"), ("grant", "2022-02-01")) == [None, True]
    assert backed(("prize", "2022"), ("prize", "2021-07-01"), ("grant", "2022"), ("grant", "2022")) == [True, True]
    assert backed(("prize", "2023-01-01"), ("grant", "2022-03-01")) == [None]
    assert backed(("grant", "2022-03-01")) == [None]
    assert backed(("prize", "2022-03-01"), ("grant", "")) == [None]


def test_what_backs_is_approved_from_the_first_day_to_the_day_of_evaluation() -> None:
    """What is older, or undated, or to come does not count for certain; a row before the first day takes no place."""
    assert backed(("prize", "2021-06-18"), ("grant", "2022-03-01")) == [None]
    assert backed(("prize", "2021-06-19"), ("grant", "2022-03-01")) == [True]
    assert backed(("prize", ""), ("grant", "2022-03-01")) == [None]
    assert backed(("prize", "2022-05-01"), ("grant", "2022-03-01"), on=dt.date(2022, 4, 30)) == [None]
    assert backed(("prize", "2022-05-01"), ("grant", "2022-03-01"), on=dt.date(2022, 5, 1)) == [True]
    assert backed(("prize", "2021-07-01"), ("grant", "2021-06-18"), ("grant", "2021-06-19")) == [True, True]
    assert backed(("prize", "2022"), ("grant", "2022"), ("grant", "")) == [None, None]


# --- the same, by brute force


class Listed(NamedTuple):
    """An event with exactly known days: its kind, its day, and its place in the file."""

    kind: str
    day: dt.date
    at: int


def first_reading(rows: Sequence[Listed], mine: Listed, present: frozenset[int]) -> bool:
    """Whether a row's year is among the first three, every day being known and every row being there or not."""
    counting = [each.day.year for each in rows if each.at in present and each.day >= FIRST_DAY]
    return mine.day < FIRST_DAY or mine.day.year - min([*counting, mine.day.year]) < 3


def once_reading(rows: Sequence[Listed], mine: Listed, _: frozenset[int]) -> bool:
    return not any((each.day, each.at) < (mine.day, mine.at) for each in rows)


def backed_reading(rows: Sequence[Listed], mine: Listed, present: frozenset[int]) -> bool:
    mine_of_year = [each for each in rows if each.kind == "grant" and each.day.year == mine.day.year]
    before = [each for each in mine_of_year if each.day >= FIRST_DAY and (each.day, each.at) < (mine.day, mine.at)]
    stations = [each for each in rows if each.kind == "prize" and each.day >= FIRST_DAY and each.at in present]
    return sum(each.day.year <= mine.day.year for each in stations) > len(before)


MIDDLE = dt.date(2023, 2, 10)
#: Spans as a cell says them; what can decide are their ends and these days between.
LISTED_DAYS = ["", "2020", "2021", "2021-06", "2021-06-19", "2021-06-18", "2022-03", "2022-03-31", "2022-03-01", "2022",
               "2023-02", "2023-02-10", "2023-02-11", "2023", "2024-05-01", "2025"]  # fmt: skip
BETWEEN = [dt.date(1990, 1, 1), LATE, FIRST_DAY - dt.timedelta(1), FIRST_DAY, MIDDLE, MIDDLE + dt.timedelta(1)]


def completed(days: Sequence[str], undated: dt.date = LATE) -> Iterator[tuple[dt.date, ...]]:
    """All ways to know the days of some rows, as far as they can decide; `undated`: the last day of a missing date."""
    spans = events(*days).select("day", "day@until").rows() if days else []
    deciding = sorted({*BETWEEN, *(each for span in spans for each in span if each)})
    ways = [[each for each in deciding if (first or dt.date.min) <= each <= (last or undated)] for first, last in spans]
    return product(*ways)


def reading(word: Relation, days: Sequence[tuple[str, str]], at: int) -> set[bool]:
    """What a word may mean for a row: every way to know the days, with what is to come counted and not."""
    judge_ = {FirstYears: first_reading, Once: once_reading, BackedBy: backed_reading}[type(word)]
    found = set()
    for known in completed([day for _, day in days]):
        rows = [Listed(kind, day, n) for n, ((kind, _), day) in enumerate(zip(days, known, strict=True))]
        mine = [each for each in rows if isinstance(word, BackedBy) or each.kind == rows[at].kind]
        to_come = [each.at for each in rows if each.day > MIDDLE]
        happened = frozenset(range(len(rows))) - frozenset(to_come)
        found |= {judge_(mine, rows[at], present) for present in (happened, happened | frozenset(to_come))}
    return found


@pytest.mark.parametrize(
    "word",
    [
        Once(("grant", "prize"), "day", "matter"),
        FirstYears(("grant", "prize"), "day", "matter", 3, FIRST_DAY),
        BackedBy(("grant",), "day", "matter", "prize", None, FIRST_DAY),
    ],
    ids=lambda word: type(word).__name__,
)
@given(days=st.lists(st.tuples(st.sampled_from(["grant", "grant", "prize"]), st.sampled_from(LISTED_DAYS)),
                     min_size=1, max_size=4))  # fmt: skip
def test_a_word_about_other_events_is_sure_where_all_ways_to_know_more_agree(
    word: Relation, days: list[tuple[str, str]]
) -> None:
    """Yes where every completion of vague and missing dates says so; no likewise where the word ever says no."""
    found = marked(word, *days, on=MIDDLE)
    for at, (kind, day) in enumerate(days):
        if kind not in word.kinds or (isinstance(word, FirstYears) and not day):
            continue
        meant = reading(word, days, at)
        if word.may_fail():
            assert found[at] is (meant.pop() if len(meant) == 1 else None), (days, at)
        else:
            assert found[at] is (True if meant == {True} else None), (days, at)


@given(st.lists(st.sampled_from(LISTED_DAYS), max_size=4))
def test_an_event_is_listed_where_one_has_happened(days: list[str]) -> None:
    """As of a day in their midst: yes where one surely has, no where none is listed, else unknown."""
    found = marked(HasEvent(("grant",), "day", "matter", "grants"), *days, on=MIDDLE)
    happened = [{day <= MIDDLE for day in each} for each in zip(*completed(days, MIDDLE), strict=True)]
    sure = any(each == {True} for each in happened)
    assert found == [True if sure else None if days else False]
