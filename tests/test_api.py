"""The Python interface says what the command line says."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

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
    assert str(caught.value) == "logic.several-firms (name=甲公司, count=2)"


def test_a_firm_that_is_not_there_is_refused_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        company(tmp_path, 'name = "鄂尔多斯市某某公司"').report("鄂尔多斯某某公司")
    assert "鄂尔多斯市某某公司? " in str(caught.value)
