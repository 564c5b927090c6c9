"""Every mutant of the policy file and of the official text is noticed by `check` or by `audit`."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.audit.judge import Judge
from tests.audit.mutants import Mutant
from tests.audit.official import PLAN, POLICY, needs_plan

#: What nobody notices, and why that is right.
UNNOTICED = {
    "20.young-talent-project.recipient people": "support for a scientist's project may go to the scientist",
}

pytestmark = needs_plan


@pytest.fixture(scope="module")
def judge() -> Judge:
    made = Judge(POLICY, PLAN)
    assert made.holds()
    return made


def unnoticed(judge: Judge, mutants: Iterable[Mutant]) -> set[str]:
    return {each.place for each in mutants if not (judge.audited(each) or judge.checked(each))}


@pytest.mark.parametrize("table", ["measure", "clause", "policy"])
def test_every_mutant_of_the_policy_file_is_noticed(judge: Judge, table: str) -> None:
    mutants = [each for each in judge.policy_mutants() if each.table == table]
    assert mutants
    assert unnoticed(judge, mutants) == {place for place in UNNOTICED if table == "measure"}


def test_every_mutant_of_the_text_is_noticed(judge: Judge) -> None:
    assert unnoticed(judge, judge.text_mutants()) == set()
