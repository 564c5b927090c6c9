"""The terminal: aligned at any width, plain where it is piped, and honest about caps."""

from __future__ import annotations

import re

import pytest
from rich.cells import cell_len

from ordos_subsidy.document import Explanation, People, Plan, Report
from ordos_subsidy.errors import Problem
from ordos_subsidy.messages import Lang
from ordos_subsidy.pages import clause_page, firm_page, input_page
from ordos_subsidy.render import terminal

from .samples import EMPTY, EXPLANATION, FIRM, INSTITUTION, NASTY, OMITTED, PLAN, RD, REPORT, WAN, nasty, replace

WIDTHS = [24, 40, 67, 68, 80, 107, 108, 120, 200]
HOSTILE = replace(REPORT, everything=True, firms=tuple(nasty(name) for name in NASTY))
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def painted(report: Report, *, width: int = 80, colour: bool = False) -> str:
    """The whole page of a report."""
    return terminal.paint(firm_page.page(report, problems=False), width=width, colour=colour)


def explained(explanation: Explanation, *, width: int) -> str:
    return terminal.paint(clause_page.explained(explanation, problems=False), width=width)


def clauses(plan: Plan, *, width: int) -> str:
    return terminal.paint(clause_page.clauses(plan), width=width)


def squeezed(text: str) -> str:
    """Without blanks, line breaks and lines of tables, so that a promise does not hang on where a line was broken."""
    return "".join(re.sub("[─-╿]", "", text).split())


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("report", [REPORT, replace(REPORT, everything=True), HOSTILE])
def test_no_line_is_wider_than_the_terminal_and_none_ends_in_blanks(report: Report, width: int, lang: Lang) -> None:
    for line in painted(replace(report, lang=lang), width=width).splitlines():
        assert cell_len(line) <= width
        assert line == line.rstrip()


@pytest.mark.parametrize("width", WIDTHS)
def test_explanations_and_clauses_fit_too(width: int) -> None:
    texts = [
        explained(EXPLANATION, width=width),
        clauses(PLAN, width=width),
        clauses(replace(PLAN, clauses=PLAN.clauses[:1]), width=width),
    ]
    for text in texts:
        assert all(cell_len(line) <= width for line in text.splitlines())


@pytest.mark.parametrize("report", [REPORT, HOSTILE])
@pytest.mark.parametrize("variables", [{}, {"FORCE_COLOR": "1"}, {"COLUMNS": "33", "NO_COLOR": "1"}])
def test_without_colour_there_is_no_escape_code_whatever_the_environment(
    report: Report, variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = painted(report, width=80)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert painted(report, width=80) == expected
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", expected)


def test_colour_changes_nothing_but_colour() -> None:
    coloured = painted(REPORT, width=80, colour=True)
    assert ANSI.search(coloured)
    bare = "".join(f"{ANSI.sub('', line).rstrip()}\n" for line in coloured.splitlines())
    assert bare == painted(REPORT, width=80)


def offsets(text: str, needle: str) -> set[int]:
    """In which cells of their lines a text begins."""
    return {cell_len(line[: line.index(needle)]) for line in text.splitlines() if needle in line}


def ends(text: str, needle: str) -> set[int]:
    """In which cells of their lines a figure ends."""
    return {at + cell_len(needle) for at in offsets(text, needle)}


@pytest.mark.parametrize("width", [80, 120])
def test_columns_stand_under_their_headings(width: int) -> None:
    awards = painted(REPORT, width=width).partition("奖补资金")[2].partition("考核加回")[0]
    (verdict,) = offsets(awards, "结论")
    assert offsets(awards, "✓ 符合") == offsets(awards, "? 待核实") == {verdict}
    (interval,) = ends(awards, "至少 – 至多")
    assert ends(awards, "0 – 1,000万元") == ends(awards, "≥ 1,000万元") == {interval}


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_cap_is_never_shown_as_a_sum_one_will_get(width: int) -> None:
    text = painted(REPORT, width=width)
    assert "0 – 1,000万元" in text
    assert "0 – 200万元" in text
    assert "≥ 1,000万元" in text
    assert "金额未定" in text
    for cap in ("1,000万元", "200万元", "100万元"):
        awards = text.partition("奖补资金")[2].partition("考核加回")[0]
        assert not re.search(rf"(?m)(?:^|  ){cap}(?:$|  )", awards)


@pytest.mark.parametrize("width", [40, 80, 120])
def test_each_award_says_how_sure_how_much_when_and_whom_to_ask(width: int) -> None:
    text = squeezed(painted(REPORT, width=width))
    for each in FIRM.awards:
        if each.verdict != "no":
            assert squeezed(each.reference) in text
    assert "2022-2026" in text
    for department in (*RD.departments_short, "市科技局"):
        assert department in text
    assert "待填级别" in text
    assert "待核实文件没有写明施行前已有的是否适用，请问责任单位" in text
    assert "依据文件鄂科发〔2021〕65号" in text


def test_verdicts_are_words_and_signs() -> None:
    text = painted(replace(REPORT, everything=True), width=120)
    assert {"✓ 符合", "? 待核实", "✗ 不符合"} <= set(re.findall(r"[✓?✗] (?:符合|待核实|不符合)", text))


def test_the_four_figures_and_the_peoples_are_told_apart() -> None:
    cards = firm_page.summary(FIRM.totals, "zh").cards
    assert [(card.name, card.figure) for card in cards] == [
        ("确定", "2,604.5万元"),
        ("上限", "2,704.51万元"),
        ("无上限", "2项"),
        ("待核实", "200万元"),
        ("给个人和团队", "50 – 150万元"),
    ]
    assert "另1项无上限" in cards[3].says
    assert "另有待核实最多500万元" in cards[4].says
    text = painted(REPORT, width=120)
    assert all(card.name in text and card.figure in text for card in cards)


def test_without_people_there_is_no_line_for_them() -> None:
    firm = replace(FIRM, totals=replace(FIRM.totals, people=People(0, 0, 0)))
    assert "给个人和团队" not in painted(replace(REPORT, firms=(firm,)), width=120)


@pytest.mark.parametrize(("year", "shown"), [(2022, True), (2026, True), (2027, False), (None, True)])
def test_a_year_shows_what_may_fall_in_it(year: int | None, shown: bool) -> None:
    """Its own rows and those without a year, as `report` leaves their slices; rows of other years are hidden."""
    schedule = INSTITUTION.schedule if shown else ()
    firm = replace(FIRM, awards=(replace(INSTITUTION, schedule=schedule), RD))
    text = squeezed(painted(replace(REPORT, firms=(firm,), year=year), width=120))
    assert (INSTITUTION.reference in text) is shown


def test_what_does_not_apply_is_hidden_counted_and_named() -> None:
    hidden = painted(REPORT, width=80)
    assert "不符合、未列出：奖补1项（国家高新技术企业再次获批），优惠1项。加 --all" in squeezed(hidden).replace(
        "加--all", "加 --all"
    )
    assert "✗" not in hidden
    shown = painted(replace(REPORT, everything=True), width=80)
    assert "未列出" not in shown
    assert "未满足  取得日期不早于2021年6月19日" in shown
    assert "战略性新兴产业用电优惠" in shown


def test_what_others_judge_is_unknown_and_apart_from_what_waits_for_a_fact() -> None:
    text = painted(REPORT, width=200)
    after = text.partition("优惠政策")[2]
    holds, _, rest = after.partition("? 待核实")
    waits, _, judged = rest.partition("? 待核实：要由责任单位判断，没有可以补填的资料")
    assert "高新技术企业税率优惠" in holds
    assert "创业投资企业抵扣应纳税所得额" in waits
    assert "改革创新容错" in judged
    assert "方案没有列出可以核对的条件，请咨询责任单位" in judged
    assert not re.search("[✓✗]", judged)


def test_shared_notes_are_written_once() -> None:
    text = painted(REPORT, width=80)
    assert text.count("分档办法由实施细则规定") == 1
    assert text.count("[1]") == 3


def test_totals_by_year_name_open_ends_and_what_is_undated() -> None:
    text = painted(REPORT, width=80).partition("分年合计")[2].replace("│", " ")
    assert re.search(r"2023 +200万元 +0 +1项 +0", text)
    assert re.search(r"未定 +0 +0 +1项 +0", text)
    assert re.search(r"合计 +2,604.5万元 +2,704.51万元 +2项 +200万元", text)


def test_missing_facts_say_what_they_decide() -> None:
    text = painted(REPORT, width=120).partition("还缺什么")[2].replace("│", " ")
    assert re.search(r"级别 +最多200万元 +（十二）科技企业孵化器认定", text)
    assert "科技企业孵化器 2022-05 · firm.xlsx!申报事项!A7" in text
    assert re.search(r"取得日期 +1项无上限", text)
    assert re.search(r"创业投资企业 +无金额", text)


def test_one_year_shows_that_year_only() -> None:
    one = replace(RD, schedule=(replace(RD.schedule[0], high=250 * WAN),))
    text = painted(replace(REPORT, year=2022, firms=(replace(FIRM, awards=(one,)),)), width=120)
    assert "只看2022年" in text
    assert "0 – 250万元" in text
    assert "0 – 1,000万元" not in text


def test_each_firm_has_a_block_and_an_empty_answer_is_an_answer() -> None:
    text = painted(replace(REPORT, firms=(FIRM, EMPTY), omitted=OMITTED * 3), width=80)
    assert text.index(FIRM.name) < text.rindex(EMPTY.name) < text.index("须知")
    assert "没有符合或待核实的奖补项目" in text
    assert "有3家单位因数据读不出而未测算" in text
    assert "没有可测算的单位" in painted(replace(REPORT, firms=()), width=80)


@pytest.mark.parametrize("name", NASTY)
def test_names_are_shown_as_typed_and_do_nothing(name: str) -> None:
    report = replace(REPORT, firms=(nasty(name),))
    bare = ANSI.sub("", painted(report, width=120, colour=True))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", bare)
    for word in ("[bold red]rich[/bold red]", ":smile:", "ᠮᠣᠩᠭᠣᠯ", "𠮷䶮生物", "👩\u200d🔬🏭", "e\u0301\u0302"):
        if word in name:
            assert word in bare


def test_explanations_show_truth_figures_and_distances() -> None:
    lines = explained(EXPLANATION, width=80).splitlines()
    assert "? 以下全部成立" in lines
    assert any(line.endswith("── ✗ 研发投入不低于5000万元（4200万元） · 还差800万元") for line in lines)
    assert any(line.endswith("── ? 研发投入强度不低于3%（营业收入未填）") for line in lines)
    assert any(line.endswith("── ✓ 规模以上：是（是）") for line in lines)
    text = squeezed("".join(lines))
    assert "市科学技术局、市统计局、市财政局" in text
    assert "优惠（无金额）" in text


def test_clauses_are_listed_or_shown_whole() -> None:
    overview = clauses(PLAN, width=80)
    for clause in PLAN.clauses:
        assert clause.reference in overview
        assert all(each.title in overview for each in clause.measures)
    whole = squeezed(clauses(replace(PLAN, clauses=PLAN.clauses[:1]), width=80))
    for text in (PLAN.clauses[0].gist, "、".join(RD.departments), "6.rd-investment", "最高500万元"):
        assert squeezed(text) in whole


def test_problems_name_place_remedy_and_weight() -> None:
    found = [
        Problem("output.folder", "out/"),
        Problem("output.is_input", "a\x1b[31m.csv", (("input", "b"),), "warning"),
    ]
    text = terminal.paint(input_page.problems(found, "zh"), width=80)
    assert "错误 out/：这是一个文件夹" in text
    assert "提醒 a.csv：" in text
    assert "请写明文件名" in text
    assert "error   out/: this is a folder" in terminal.paint(input_page.problems(found, "en"), width=80)
