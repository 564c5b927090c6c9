"""The Python interface says what the command line says."""

from __future__ import annotations

import json
from decimal import Decimal
from html import unescape
from math import isnan, nan
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

import ordos_subsidy
from ordos_subsidy.errors import Refused
from tests.runs import EXAMPLES, run
from tests.strategies import ON

CODES = "91150624779456123Y", "91150100701462216D"


def company(folder: Path, *firms: str) -> ordos_subsidy.Outcome:
    """What the plan means for some firms of a TOML file."""
    path = folder / "firms.toml"
    path.write_text("".join(f"[[firm]]\n{each}\n" for each in firms), encoding="utf-8")
    policies = ordos_subsidy.load_policies()
    return ordos_subsidy.evaluate(policies, ordos_subsidy.read(path, policies), ON)


def test_the_report_of_a_firm_is_what_calc_says_of_it() -> None:
    """To the fen, in either language, though the firm is judged by itself."""
    path = EXAMPLES / "invented-park.xlsx"
    policies = ordos_subsidy.load_policies()
    outcome = ordos_subsidy.evaluate(policies, ordos_subsidy.read(path, policies), ON)
    ran = run("calc", path, "--format", "json", "--lang", "en", "--on", ON.isoformat())
    whole = json.loads(ran.out, parse_float=Decimal)
    for firm in whole["firms"]:
        report = outcome.report(firm["firm"]["name"], lang="en")
        assert report["firms"] == [firm]


def test_a_firm_can_be_asked_for_by_its_code(tmp_path: Path) -> None:
    """Which two firms of one name need."""
    outcome = company(tmp_path, *(f'name = "甲公司"\ncredit_code = "{code}"' for code in CODES))
    assert [outcome.report(code)["firms"][0]["firm"]["credit_code"] for code in CODES] == list(CODES)
    with pytest.raises(Refused) as caught:
        outcome.report("甲公司")
    assert str(caught.value).startswith("文件中有2个单位叫“甲公司”。")


def test_a_firm_that_is_not_there_is_refused_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        company(tmp_path, 'name = "鄂尔多斯市某某公司"').report("鄂尔多斯某某公司")
    assert "鄂尔多斯市某某公司?" in str(caught.value)


FRAME = pl.DataFrame(
    {
        "单位名称": ["甲公司"],
        "营业收入（万元）": [100_000],
        "研发投入（万元）": [3_000],
        "规模以上": ["是"],
        "所属年度": [2022],
    }
)
FIRM = {"name": "甲公司", "revenue": 10**9, "rd_expense": 3 * 10**7, "above_scale": True, "fiscal_year": 2022}


class OfPandas:
    """As much of a pandas frame as is asked for: named columns of values, some of them missing."""

    def __init__(self, values: dict[str, list[Any]]) -> None:
        self.columns = list(values)
        self._values = values

    def __getitem__(self, name: str) -> Any:
        values = self._values[name]
        return SimpleNamespace(
            tolist=lambda: values,
            isna=lambda: [each is None or (isinstance(each, float) and isnan(each)) for each in values],
        )


@pytest.mark.parametrize(
    "data",
    [
        FRAME,
        OfPandas({name: [*values, *values[:0]] for name, values in FRAME.to_dict(as_series=False).items()}),
        {"firm": [FIRM]},
    ],
)
def test_a_frame_and_a_dictionary_are_read_like_a_file(data: Any, tmp_path: Path) -> None:
    (tmp_path / "firm.toml").write_text(
        '[firm]\nname = "甲公司"\nrevenue = 1_000_000_000\nrd_expense = 30_000_000\n'
        "above_scale = true\nfiscal_year = 2022\n",
        "utf-8",
    )
    expected = ordos_subsidy.calc(tmp_path / "firm.toml", on=ON)
    assert ordos_subsidy.calc(data, on=ON).awards.equals(expected.awards)


def test_a_missing_value_of_a_frame_is_unknown_and_never_zero() -> None:
    whole = {name: list(values) for name, values in FRAME.to_dict(as_series=False).items()}
    missing = OfPandas({**whole, "营业收入（万元）": [nan]})
    assert ordos_subsidy.calc(missing, on=ON).awards.get_column("verdict").to_list() == ["unknown"]


def test_a_second_frame_gives_the_events() -> None:
    events = pl.DataFrame({"单位名称": ["甲公司"], "事项": ["自治区企业技术中心"], "取得日期": ["2022-03-01"]})
    outcome = ordos_subsidy.calc(FRAME, events=events, on=ON)
    assert outcome.awards.get_column("event").to_list() == [None, 0]


def test_what_cannot_be_used_is_refused_in_sentences(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="找不到文件"):
        ordos_subsidy.read(tmp_path / "absent.xlsx")
    (tmp_path / "bad.csv").write_text("单位名称,营业收入（万元）\n甲,很多\n", "utf-8")
    with pytest.raises(Refused, match=r"bad\.csv!B2：.*很多"):
        ordos_subsidy.calc(tmp_path / "bad.csv")


def test_an_outcome_says_in_one_line_what_it_comes_to() -> None:
    said = repr(ordos_subsidy.calc(FRAME, on=ON))
    assert "1 yes" in said
    assert "ceiling 5,000,000 yuan" in said or "ceiling 10,000,000 yuan" in said
    assert len(said) < 200


def test_an_outcome_names_the_firms_that_are_left_out_and_why(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("单位名称,营业收入（万元）\n甲公司,100\n乙公司,约1亿\n", "utf-8")
    outcome = ordos_subsidy.calc(file, on=ON)
    assert "1 firm, 1 left out" in repr(outcome)
    assert [each.name for each in outcome.omitted] == ["乙公司"]
    assert any("约1亿" in str(each) for each in outcome.problems)


def test_a_table_that_is_not_there_is_refused_with_those_that_are() -> None:
    outcome = ordos_subsidy.calc(FRAME, on=ON)
    for name in ("clauses", "award"):
        with pytest.raises(Refused, match="firms"):
            outcome.table(name)  # type: ignore[arg-type]


def test_a_notebook_shows_the_first_screen_and_nothing_runs_in_it() -> None:
    shown = ordos_subsidy.calc({"firm": [{**FIRM, "name": "<script>alert(1)</script>"}]}, on=ON)._repr_html_()
    assert "规模以上企业研发投入奖补" in unescape(shown)
    assert "<script" not in unescape(shown)


def test_a_table_has_names_titles_and_yuan_beside_the_keys() -> None:
    """Sums as `calc --format json` has them."""
    outcome = ordos_subsidy.calc(EXAMPLES / "invented-institute.toml", on=ON)
    rows = outcome.table("awards", lang="zh").to_dicts()
    (firm,) = outcome.report("虚构荒漠能源研究院")["firms"]
    awards = [*firm["awards"], *firm["credits"]]
    assert [each["measure_id"] for each in rows] == [each["measure"] for each in awards]
    assert [each["measure"] for each in rows] == [each["title"] for each in awards]
    assert [(each["low"], each["high"]) for each in rows] == [
        (each["amount"]["low"], each["amount"]["high"]) for each in awards
    ]
    assert {each["name"] for each in rows} == {"虚构荒漠能源研究院"}
    (totals,) = outcome.table("firms", lang="en").to_dicts()
    assert (totals["assured"], totals["ceiling"]) == (firm["totals"]["assured"], firm["totals"]["ceiling"])


def test_the_notebook_among_the_examples_runs_and_prints_what_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(EXAMPLES)
    cells = json.loads((EXAMPLES / "notebook.ipynb").read_text("utf-8"))["cells"]
    names: dict[str, Any] = {}
    shown = 0
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        *lines, last = "".join(cell["source"]).splitlines()
        exec("\n".join(lines), names)  # noqa: S102 - the notebook is ours
        if not cell["outputs"]:
            exec(last, names)  # noqa: S102
            continue
        value = eval(last, names)  # noqa: S307
        (output,) = cell["outputs"]
        assert "".join(output["data"]["text/plain"]) == repr(value)
        shown += 1
    assert shown >= 3
