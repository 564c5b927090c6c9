"""Firms with any values are calculated, explained and painted in every format; any command line ends in a code."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ordos_subsidy.api import evaluate
from ordos_subsidy.cli import Exit, run
from ordos_subsidy.pages import clause_page, firm_page, first_screen
from ordos_subsidy.render import csv, html, markdown, terminal, xlsx
from ordos_subsidy.render import json as json_
from ordos_subsidy.report.answer import calc
from ordos_subsidy.report.explaining import explain
from ordos_subsidy.tables import read_mapping
from ordos_subsidy.views.result import of_outcome
from tests.fuzz.materials import kept, ordos, put

WORDS = ordos().vocabulary
ODD = st.one_of(
    st.sampled_from(
        ["是", "否", "1亿元", "0", "-1", "3.5%", "100%", "无", "—", "2022", "2022年3月", "2022-03-01", "1e9", "甲、乙"]
    ),
    st.integers(-(10**16), 10**16),
    st.decimals(allow_nan=False, allow_infinity=False, places=2),
    st.booleans(),
    st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31)),
    st.text(max_size=12),
)


def values(of: str) -> st.SearchStrategy[dict[str, Any]]:
    """Some facts with values, of which many suit them."""
    keys = [key for key, fact in WORDS.facts.items() if fact.of == of]
    return st.dictionaries(st.sampled_from(keys), ODD, max_size=8)


KINDS = st.sampled_from([*WORDS.kinds, *(kind.title.zh for kind in WORDS.kinds.values())])
EVENTS = st.builds(lambda facts, kind: {**facts, "kind": kind}, values("event"), KINDS)
FIRMS = st.builds(
    lambda facts, name, events: {**facts, "name": name, "event": events},
    values("firm"),
    st.text(min_size=1, max_size=8),
    st.lists(EVENTS, max_size=4),
)


@given(st.lists(FIRMS, min_size=1, max_size=3), st.sampled_from(["zh", "en"]), st.none() | st.integers(2020, 2030))
def test_firms_with_any_values_are_answered_in_every_format(
    firms: list[dict[str, Any]], lang: Any, year: int | None
) -> None:
    def work() -> None:
        read = read_mapping({"firm": firms}, WORDS, "firm.toml")
        outcome = evaluate(ordos(), read, dt.date(2026, 11, 23))
        report = calc(outcome, lang=lang, year=year, everything=True)
        json.loads(json_.render(report))
        for tabled in (csv, xlsx):
            assert tabled.render(of_outcome(outcome, lang, year))
        for painter in (html, markdown, terminal):
            assert painter.paint(firm_page.page(report), width=40)
            assert painter.paint(first_screen.page(report, "firm.toml"), width=40)
        why = explain(outcome, lang=lang, everything=True)
        json.loads(json_.explain(why))
        for painter in (html, markdown, terminal):
            assert painter.paint(clause_page.explained(why), width=120, colour=True)

    kept(work)


ARGUMENTS = [
    "calc",
    "explain",
    "clauses",
    "check",
    "template",
    "--lang",
    "en",
    "zh",
    "--year",
    "2023",
    "--on",
    "2022-01-01",
]
ARGUMENTS += [
    "--format",
    "json",
    "-f",
    "csv",
    "--all",
    "--help",
    "--version",
    "--policies",
    "--",
    "-",
    "6",
    "firm.toml",
    "-h",
]


#: No system hands a NUL over to a program.
TYPED = st.text(st.characters(exclude_characters="/\0"), max_size=6)


@given(st.lists(st.one_of(st.sampled_from(ARGUMENTS), TYPED), max_size=7))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_command_line_ends_in_a_code_of_the_contract(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: list[str]
) -> None:
    put(tmp_path, "firm.toml", '[firm]\nname = "甲"\n'.encode())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["ordos-subsidy", *typed])
    said, told = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(told):
        code = run(typed)
    assert code in set(Exit)
    for words in ("内部错误", "internal error"):
        assert words not in told.getvalue(), typed
