"""What to bring, whom to ring, by when: from the policy file alone, each with its source and its age."""

from __future__ import annotations

import datetime as dt
from copy import deepcopy
from typing import Any

import pytest

from ordos_subsidy.errors import InvalidPolicy
from ordos_subsidy.pages import report_page
from ordos_subsidy.pages.blocks import Table
from ordos_subsidy.policy import load
from tests import builders

SOURCE = {"zh": "某通知", "en": "some call"}
CONTACT = {"office": {"zh": "某科", "en": "some section"}, "telephone": "0477-1", "source": SOURCE, "as_of": 2022}
PAPER = {"title": {"zh": "证书", "en": "certificate"}, "by": "firm"}
FILING = {"papers": [PAPER], "window": {"zh": "每年3月", "en": "every March"}, "source": SOURCE, "as_of": 2025}


def lab(contacts: list[Any], filing: dict[str, Any] | None) -> builders.Raw:
    """The lab with contacts of its office and how claims under its clause are handed in."""
    document = deepcopy(builders.LAB)
    document["department"]["office"]["contacts"] = contacts
    if filing:
        document["clause"][0]["filing"] = filing
    return document


def row(document: builders.Raw, on: dt.date = dt.date(2026, 1, 1)) -> list[str]:
    """The cells of the clause's row, each on one line."""
    policies = builders.compiled(document)
    again = load.decoded(load.encoded(policies))
    assert again.clauses == policies.clauses
    _, table = report_page.applying(again.clauses, on, "zh")
    assert isinstance(table, Table)
    ((*cells,),) = table.rows
    return ["，".join(filter(None, (cell.text, *(each.text for each in cell.under)))) for cell in cells]


def test_what_is_known_is_shown_with_its_source() -> None:
    contact = {**CONTACT, "telephone": "0477-1234567", "as_of": 2025}
    assert row(lab([contact], FILING)) == [
        "一",
        "证书（已有），据某通知",
        "办公室，办公室 某科 0477-1234567，据某通知",
        "每年3月，据某通知",
    ]


def test_what_is_not_known_says_so_and_nothing_is_made_up() -> None:
    assert row(lab([], None)) == ["一", "未知", "办公室", "未知"]
    assert row(lab([], {"source": SOURCE, "as_of": 2025})) == ["一", "未知", "办公室", "未知"]


@pytest.mark.parametrize(("on", "old"), [(dt.date(2023, 12, 31), False), (dt.date(2024, 1, 1), True)])
def test_what_is_older_than_twelve_months_says_so(on: dt.date, old: bool) -> None:
    """A year's word holds through the year after."""
    contact = {**CONTACT, "telephone": "0477-1234567"}
    assert ("已超过12个月" in row(lab([contact], None), on)[2]) is old


@pytest.mark.parametrize("wrong", [{"telephone": "ask"}, {"as_of": 22}, {"source": None}, {"fax": "1"}])
def test_a_contact_without_number_source_or_year_is_a_mistake(wrong: dict[str, Any]) -> None:
    contact = {**CONTACT, "telephone": "0477-1234567", **wrong}
    with pytest.raises(InvalidPolicy):
        builders.compiled(lab([contact], None))


def test_the_policy_names_the_two_sections_of_the_science_bureau_that_are_known() -> None:
    clauses = builders.policy(builders.ORDOS).clauses
    known = {each.telephone for clause in clauses for department in clause.departments for each in department.contacts}
    assert known == {"0477-8589516", "0477-8589506"}
    assert all(clause.filing is None for clause in clauses)
