"""Rules, figures and amounts as sentences, in both languages."""

from __future__ import annotations

import datetime as dt
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from ordos_subsidy import wording
from ordos_subsidy.amounts import Band, Grant, GrantKind, Tier, Times
from ordos_subsidy.conditions import (
    UNTIL,
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
    Sufficient,
    Unsettled,
    Window,
    walk,
)
from ordos_subsidy.messages import Lang, Text
from ordos_subsidy.policy import Budget
from ordos_subsidy.wording import Speaker
from tests.builders import HARBOUR, LAB, ORDOS, compiled, firms, policy

WORDS = compiled(LAB).vocabulary
ZH, EN = Speaker(WORDS, "zh"), Speaker(WORDS, "en")
LANGS: tuple[Lang, ...] = get_args(Lang)
DAY = dt.date(2021, 6, 19)


def compare(fact: str, comparison: Comparison, value: Any = None, named: tuple[str, ...] = ()) -> Compare:
    return Compare(WORDS.facts[fact], comparison, value, named)


BIG, OLD = compare("big", "is", True), compare("old", "is", True)


@pytest.mark.parametrize(
    ("word", "zh", "en"),
    [
        (BIG, "大", "big"),
        (compare("big", "is", False), "不是大", "not big"),
        (compare("big", "is_not", True), "不是大", "not big"),
        (compare("shape", "is", "round"), "形状：圆", "shape: round"),
        (compare("shape", "is_not", "round"), "形状不是圆", "shape is not round"),
        (
            compare("shape", "one_of", ("square", "long", "round"), ("angular", "round")),
            "形状为有角、圆之一",
            "shape is one of angular, round",
        ),
        (compare("trades", "is", "salt"), "行当：盐", "trades: salt"),
        (compare("cost", "at_least", 5_000_0000_00), "成本不低于5000万元", "cost at least 50,000,000 yuan"),
        (compare("cost", "more_than", 1), "成本高于0.000001万元", "cost above 0.01 yuan"),
        (compare("local", "at_most", 375_000), "本地不超过37.5%", "local at most 37.5%"),
        (compare("intensity", "less_than", (3, 100)), "强度低于3%", "intensity below 3%"),
        (compare("season", "at_least", 2021), "年度为2021年或以后", "season: 2021 or later"),
        (compare("staff", "less_than", 3), "人数低于3", "staff below 3"),
        (compare("staff", "given"), "人数已写明", "staff is stated"),
        (compare("day", "at_least", DAY), "日期为2021-06-19或以后", "day: 2021-06-19 or later"),
        (compare("day", "less_than", DAY), "日期早于2021-06-19", "day before 2021-06-19"),
        (compare("matter", "is", "prize"), "事项：乙", "matter: prize"),
        (All((BIG, OLD)), "以下各项均须符合", "all of the following"),
        (AnyOf((BIG, OLD)), "以下任一项符合即可", "any one of the following"),
        (Not(AnyOf((BIG, OLD))), "并非：大 或 老", "not: big or old"),
        (
            InForce(WORDS.facts["day"], DAY, "excluded"),
            "日期在施行日2021-06-19或以后",
            "day on or after 2021-06-19, the first day in force",
        ),
        (
            Happened(WORDS.facts["day"], DAY),
            "日期不晚于评估日2021-06-19",
            "day not after 2021-06-19, the day of evaluation",
        ),
        (
            HasEvent(("prize", "medal"), "day", "matter", "honour"),
            "申报事项中有乙、丙",
            "lists an event of prize, medal",
        ),
        (FirstYears(("grant",), "day", "matter", 5), "属于前5年", "within the first 5 years"),
        (Sufficient(BIG, Text("另议", "open")), "大", "big"),
        (JudgedByOthers(Text("请咨询", "ask")), "请咨询", "ask"),
        (Once(("grant",), "day", "matter"), "同类事项没有更早的一行", "no earlier row of the kind is listed"),
        (BackedBy(("grant",), "day", "matter", "medal"), "列有相应的丙", "stands on a listed medal"),
        (
            Window(WORDS.facts["day"], DAY, None),
            "日期在2021-06-19或以后（本规定适用期）",
            "day on or after 2021-06-19 (this rule's time)",
        ),
    ],
)
def test_a_condition_says_what_it_demands(word: Condition, zh: str, en: str) -> None:
    """In the words of the file: its titles, its groups, its units."""
    assert (word.says(ZH), word.says(EN)) == (zh, en)


def test_a_whole_condition_is_one_line() -> None:
    """Alternatives inside are bracketed, so that who reads it aloud knows what belongs together."""
    tree = All((BIG, AnyOf((OLD, All((compare("staff", "at_least", 3), BIG)))), AnyOf((OLD,))))
    assert ZH.sentence(tree) == "大；（老 或 人数不低于3；大）；老"
    assert EN.sentence(tree) == "big; (old or staff at least 3; big); old"


def test_many_kinds_are_named_in_part() -> None:
    """Three, and how many there are."""
    kinds = ("grant", "prize", "medal", "grant")
    assert HasEvent(kinds, "day", "matter", "any").says(ZH) == "申报事项中有甲、乙、丙等4类事项之一"


@pytest.mark.parametrize(
    ("facts", "word", "zh", "en"),
    [
        ({"big": True}, BIG, "是", "yes"),
        ({"big": False}, BIG, "否", "no"),
        ({}, BIG, "未填", "not given"),
        ({"shape": "long"}, compare("shape", "is", "round"), "长", "long"),
        ({}, compare("home", "is", "round"), "未填，按圆处理", "not given, taken as round"),
        ({"trades": "fish、rope"}, compare("trades", "is", "salt"), "渔、绳", "fish, rope"),
        ({"cost": "1574.5万元"}, compare("cost", "at_least", 1), "1574.5万元", "15,745,000 yuan"),
        ({"local": "33.3%"}, compare("local", "at_least", 1), "33.3%", "33.3%"),
        ({"season": 2022}, compare("season", "is", 2022), "2022年", "2022"),
        ({"staff": 12}, compare("staff", "is", 2022), "12", "12"),
        ({"cost": "3元", "sales": "100元"}, compare("intensity", "at_least", (3, 100)), "3%", "3%"),
        ({"cost": "299.99万元", "sales": "1亿元"}, compare("intensity", "at_least", (3, 100)), "2.9999%", "2.9999%"),
        (
            {"cost": "3元", "sales": 0},
            compare("intensity", "at_least", (3, 100)),
            "销售为零或负数，无法计算",
            "sales is zero or negative, so there is no ratio",
        ),
        ({"cost": "3元"}, compare("intensity", "at_least", (3, 100)), "销售未填", "sales not given"),
        ({}, Not(BIG), "未填", "not given"),
        ({"old": True}, Unsettled(OLD, Text("", "")), "是", "yes"),
        ({"old": False}, Sufficient(OLD, Text("", "")), "否", "no"),
        ({"big": True}, All((BIG, OLD)), "", ""),
    ],
)
def test_a_figure_is_said_as_it_was_found(facts: dict[str, Any], word: Condition, zh: str, en: str) -> None:
    """With its unit; a blank as a blank, or as what it stands for; a ratio cut, so that it never looks reached."""
    row = firms(WORDS, facts).firms.row(0, named=True)
    assert (word.figure(ZH, row), word.figure(EN, row)) == (zh, en)


@pytest.mark.parametrize(
    ("day", "said"), [("2022-03-01", "2022-03-01"), ("2022-02", "2022-02"), ("2022", "2022"), ("", "未填")]
)
def test_a_date_is_said_as_far_as_it_is_known(day: str, said: str) -> None:
    """No day is made up."""
    row = firms(WORDS, {"events": [{"matter": "grant", "day": day}]}).events.row(0, named=True)
    for word in (
        InForce(WORDS.facts["day"], DAY, "excluded"),
        FirstYears(("grant",), "day", "matter", 1),
        Happened(WORDS.facts["day"], DAY),
    ):
        assert word.figure(ZH, row) == said
    assert row["day" + UNTIL] is None or row["day"] <= row["day" + UNTIL]


def test_an_event_is_listed_or_not() -> None:
    """has_event has a figure too."""
    word = HasEvent(("prize",), "day", "matter", "honour")
    assert [word.figure(EN, {word.column: found}) for found in (True, False, None)] == ["listed", "not listed", ""]


# --- amounts

WAN = 1_0000_00


def cap(**around: Any) -> Grant:
    return Grant("up_to", 0, WAN, **around)


def share(*rate: int, **around: Any) -> Grant:
    return Grant("share", bands=(Band(None, (rate[0], rate[1])),), of="sum", **around)


def in_bands(*bands: Band, **around: Any) -> Grant:
    return Grant("share", bands=bands, of="sum", **around)


def tiered(fact: str, *tiers: Tier, **around: Any) -> Grant:
    return Grant("tiers", by=fact, tiers=tiers, **around)


def exactly(yuan: int, answers: tuple[str | bool, ...] | None = None, *bounds: int | None) -> Tier:
    """A tier of a sum, for answers or for a band from its first to its last number."""
    first, last = bounds or (None, None)
    return Tier(answers, first, last, "exactly", yuan * 100, yuan * 100)


@pytest.mark.parametrize(
    ("grant", "zh", "en"),
    [
        (Grant("exactly", 300 * WAN, 300 * WAN), "确定300万元", "exactly 3,000,000 yuan"),
        (Grant("up_to", 0, 500 * WAN), "最高500万元", "up to 5,000,000 yuan"),
        (Grant("at_least", 200 * WAN), "不低于200万元", "at least 2,000,000 yuan"),
        (Grant("unstated"), "文件未定额", "no sum stated"),
        (share(1, 10), "按10%计", "10% of the basis"),
        (share(1, 10, cap=5 * WAN), "按10%计，最高5万元", "10% of the basis, up to 50,000 yuan"),
        (share(3, 8), "按37.5%计", "37.5% of the basis"),
        (
            in_bands(Band("before", (1, 1)), Band(None, (3, 2))),
            "上年以内的部分按100%计；超过上年的部分按150%计",
            "100% of the part up to before; 150% of the part above before",
        ),
        (
            in_bands(Band(WAN, (1, 10)), Band(2 * WAN, (1, 5)), Band(None, (0, 1)), cap=5 * WAN),
            "1万元以内的部分按10%计；1万元至2万元的部分按20%计；超过2万元的部分按0%计，最高5万元",
            (
                "10% of the part up to 10,000 yuan; 20% of the part from 10,000 yuan to 20,000 yuan; "
                "0% of the part above 20,000 yuan, up to 50,000 yuan"
            ),
        ),
        (
            tiered("shape", exactly(1, ("round", "long")), Tier(("square",), None, None, "up_to", 0, 200)),
            "圆、长确定0.0001万元、方最高0.0002万元",
            "round, long: exactly 1 yuan, square: up to 2 yuan",
        ),
        (
            tiered("big", exactly(1, (True,)), Tier((False,), None, None, "unstated", 0, None)),
            "大确定0.0001万元、不是大文件未定额",
            "big: exactly 1 yuan, not big: no sum stated",
        ),
        (
            tiered("staff", exactly(1, None, None, 9), exactly(2, None, 10, 20), exactly(3, None, 21, None)),
            "人数9以下确定0.0001万元、人数10至20确定0.0002万元、人数21以上确定0.0003万元",
            "staff to 9: exactly 1 yuan, staff 10 to 20: exactly 2 yuan, staff from 21: exactly 3 yuan",
        ),
        (cap(yearly=True), "每年最高1万元", "up to 10,000 yuan a year"),
        (
            cap(a_year=WAN // 2),
            "最高1万元，各行合计每年最多0.5万元",
            "up to 10,000 yuan, at most 5,000 yuan a year over all rows",
        ),
        (cap(a_year=WAN), "最高1万元", "up to 10,000 yuan"),
        (
            cap(years=5, in_all=3 * WAN),
            "每年最高1万元×5年，各行合计最多3万元",
            "up to 10,000 yuan a year × 5 years, at most 30,000 yuan over all rows",
        ),
        (
            share(1, 1, a_year=5 * WAN, yearly=True),
            "每年按100%计，最高5万元",
            "100% of the basis, up to 50,000 yuan a year",
        ),
        (cap(within="sum"), "最高1万元，不超过数额", "up to 10,000 yuan, never above sum"),
        (cap(years=5), "每年最高1万元×5年", "up to 10,000 yuan a year × 5 years"),
        (cap(during=(2021, 2025)), "2021—2025年每年最高1万元", "up to 10,000 yuan a year, 2021-2025"),
        (cap(spread=5), "最高1万元（合计，最多5年）", "up to 10,000 yuan in all, over at most 5 years"),
    ],
)
def test_an_amount_is_said_as_the_document_states_it(grant: Grant, zh: str, en: str) -> None:
    """A cap as a cap, a floor as a floor, years as years."""
    assert (wording.amount(grant, "zh", ZH), wording.amount(grant, "en", EN)) == (zh, en)


@pytest.mark.parametrize(
    ("multiplied", "said"),
    [(False, "最高500万元"), (True, "最高1000万元"), (None, "最高500万元（大的为最高1000万元）")],
)
def test_a_multiple_is_said_as_far_as_it_is_known(multiplied: bool | None, said: str) -> None:
    """Applied, not applied, or both where nobody knows."""
    grant = Grant("up_to", 0, 500_0000_00, times=Times(2, BIG))
    assert wording.amount(grant, "zh", ZH, multiplied=multiplied) == said


def test_a_cap_is_multiplied_with_its_share() -> None:
    """As the evaluation does it."""
    grant = share(1, 2, cap=300_0000_00, times=Times(2, BIG))
    assert wording.amount(grant, "zh", ZH, multiplied=True) == "按50%计，最高600万元"


@pytest.mark.parametrize(
    ("budget", "zh"),
    [
        (Budget(5000_0000_00, None, None, None, None, True, None, None), "每年安排5000万元"),
        (Budget(None, 1000_0000_00, None, None, None, False, None, None), "安排不低于1000万元"),
        (
            Budget(None, None, "15%", None, Text("预算", "budget"), True, 3, 2021),
            "预算以2021年为基数，连续3年每年增长15%",
        ),
        (Budget(None, None, None, "1%", Text("支出", "spending"), True, None, None), "不低于支出的1%"),
    ],
)
def test_a_budget_is_said_as_the_document_states_it(budget: Budget, zh: str) -> None:
    """A sum or a floor, a year's or once, a growth, a share."""
    assert wording.budget(budget, "zh") == zh
    assert wording.budget(budget, "en").isascii()


# --- nothing goes unsaid


def test_every_condition_word_is_worded() -> None:
    """A new word of the rule language must find its sentence here."""
    said = {
        BIG,
        All((BIG,)),
        AnyOf((BIG,)),
        Not(BIG),
        Unsettled(BIG, Text("", "")),
        InForce(WORDS.facts["day"], DAY, "excluded"),
    }
    said |= {
        Happened(WORDS.facts["day"], DAY),
        HasEvent(("prize",), "day", "matter", "x"),
        FirstYears(("grant",), "day", "matter", 1),
    }
    said |= {Window(WORDS.facts["day"], None, DAY), Sufficient(BIG, Text("", "")), JudgedByOthers(Text("?", "?"))}
    said |= {Once(("prize",), "day", "matter"), BackedBy(("prize",), "day", "matter", "medal")}
    assert {type(word) for word in said} == set(subclasses(Condition))
    for word in said:
        for speaker in (ZH, EN):
            assert word.says(speaker)
            assert speaker.sentence(word)
    with pytest.raises(NotImplementedError):
        Condition().says(ZH)


def subclasses(base: type[Condition]) -> Iterator[type[Condition]]:
    """Words of the package, at whatever depth, those that only others are made of apart.

    A dataclass with slots leaves its first self behind, which is not one.
    """
    for each in base.__subclasses__():
        if getattr(__import__(each.__module__, fromlist=["_"]), each.__name__) is each:
            yield from subclasses(each) if each.__subclasses__() else (each,)


def test_every_grant_is_worded() -> None:
    """Of each kind, whatever stands around it."""
    around: list[dict[str, Any]] = [{}, {"years": 2}, {"during": (2021, 2025)}, {"spread": 5}, {"within": "sum"}]
    for kind in get_args(GrantKind):
        for extra in around:
            for speaker in (ZH, EN):
                tiers = (exactly(1, ("round",)), exactly(2, ("square", "long")))
                grant = Grant(kind, 1, 1, (Band(None, (1, 2)),), by="shape", tiers=tiers, times=Times(2, BIG), **extra)
                assert wording.amount(grant, speaker.lang, speaker, multiplied=None)


@pytest.mark.parametrize("path", [ORDOS, HARBOUR], ids=["ordos", "harbour"])
@pytest.mark.parametrize("lang", LANGS)
def test_every_rule_of_a_policy_can_be_said(path: Path, lang: Lang) -> None:
    """Conditions and amounts of both files, without a gap, without a key where a title belongs."""
    policies = policy(path)
    speaker = Speaker(policies.vocabulary, lang)
    keys = {key for key in (*policies.vocabulary.facts, *policies.vocabulary.kinds) if "_" in key or "-" in key}
    for each in policies.measures:
        said = [speaker.sentence(each.when)] if each.when else []
        said += [word.says(speaker) for word in walk(each.when)] if each.when else []
        said += [wording.amount(each.grant, lang, speaker, multiplied=None)] if each.grant else []
        said += [wording.budget(each.budget, lang)] if each.budget else []
        for text in said:
            assert text.strip()
            assert not [name for _, name, _, _ in string.Formatter().parse(text) if name]
            assert not keys & set(text.replace("；", " ").replace("：", " ").split())
            if lang == "en":
                assert not [letter for letter in text if "一" <= letter <= "鿿"]
