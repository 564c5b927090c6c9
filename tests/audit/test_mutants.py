"""Every mutant of the policy file and of the official text is noticed by `check` or by `audit`."""

from __future__ import annotations

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


def unnoticed(judge: Judge, mutants: list[Mutant]) -> list[str]:
    assert mutants
    return sorted(each.place for each in mutants if not (judge.audited(each) or judge.checked(each)))


def test_every_mutant_of_the_policy_file_is_noticed(judge: Judge) -> None:
    assert unnoticed(judge, list(judge.policy_mutants())) == sorted(UNNOTICED)


def test_every_mutant_of_the_text_is_noticed(judge: Judge) -> None:
    assert unnoticed(judge, list(judge.text_mutants())) == []
