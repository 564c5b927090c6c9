"""Charts: the same drawing on pages, on paper and as a file, with words for those who do not see it."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from ordos_subsidy.pages import report_page
from ordos_subsidy.pages.blocks import Bar, Chart, Table
from ordos_subsidy.render._chart import WIDTH, alternative, svg
from ordos_subsidy.render._clean import flat
from tests.runs import EXAMPLES, run

from .samples import NASTY, REPORT

BARS = (
    Bar("甲", 0, 50, endless=False, text="0 – 50"),
    Bar("乙", 20, 80, endless=False, text="20 – 80"),
    Bar("丙", 40, 40, endless=True, text="≥ 40"),
)
CHART = Chart("图", ("确定", "上限"), BARS)
SVG = "{http://www.w3.org/2000/svg}"


def parsed(charts: list[Chart]) -> ElementTree.Element:
    return ElementTree.fromstring(svg(charts))  # noqa: S314 - our own


def boxes(chart: Chart, class_: str) -> list[float]:
    """How wide the bars of a class are, the sign of the legend left out."""
    found = parsed([chart]).iter(f"{SVG}rect")
    return [float(each.get("width", "")) for each in found if each.get("class") == class_ and each.get("width") != "10"]


def test_bars_are_as_long_as_their_sums() -> None:
    """The largest end leaves a fifth of the width to what has none, which runs dashed to the edge."""
    assert boxes(CHART, "bar-high") == [WIDTH / 2, WIDTH * 0.8]
    assert boxes(CHART, "bar-low") == [WIDTH * 0.2, WIDTH * 0.4]
    assert boxes(CHART, "bar-open") == [WIDTH - 0.5]


def test_the_words_beside_a_chart_say_what_it_shows() -> None:
    said = parsed([CHART]).get("aria-label")
    assert said == alternative(CHART) == "图 (确定 / 上限): 甲 0 – 50, 乙 20 – 80, 丙 ≥ 40"


@pytest.mark.parametrize("typed", [*NASTY, '"/><script>alert(1)</script>', "长" * 400])
def test_what_users_typed_is_text_in_a_chart(typed: str) -> None:
    root = parsed([Chart(typed, ("a", "b"), (Bar(typed, 1, 2, endless=True, text=typed),))])
    assert {each.tag.removeprefix(SVG) for each in root.iter()} == {"svg", "text", "rect"}


def test_where_nothing_is_drawn_a_chart_is_a_table_of_the_same_bars() -> None:
    (table,) = flat([CHART])
    assert isinstance(table, Table)
    assert [head.text for head in table.heads] == ["图", "确定 – 上限"]
    assert [tuple(cell.text for cell in row) for row in table.rows] == [(bar.label, bar.text) for bar in BARS]


def test_a_report_has_a_chart_of_awards_and_one_of_years() -> None:
    awards, years = report_page.charts(REPORT)[:2]
    assert [bar.text for bar in awards.bars if bar.endless]
    assert {bar.label for bar in years.bars} >= {"2022"}
    assert sum(bar.low for bar in years.bars) == REPORT.firms[0].totals.assured


def test_the_command_writes_the_charts_beside_its_answer(tmp_path: Path) -> None:
    firm = EXAMPLES / "erdos-resources.xlsx"
    for name, magic in (("c.svg", b"<svg"), ("c.png", b"\x89PNG")):
        ran = run("calc", firm, "--chart", tmp_path / name)
        assert ran.code == 0
        assert (tmp_path / name).read_bytes().startswith(magic)
        assert "科技新政30条" in ran.out
    refused = run("calc", firm, "--chart", tmp_path / "c.gif")
    assert (refused.code, ".svg" in refused.err) == (1, True)
