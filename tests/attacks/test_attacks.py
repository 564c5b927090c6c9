"""No file takes the machine: each attack stays within what `docs/attacks.md` promises."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.attacks.attack import MADE, Attack, cases, cost, held, prepared
from tests.runs import ROOT


@pytest.mark.parametrize("attack", [*cases(), *MADE], ids=lambda attack: attack.name)
def test_an_attack_stays_within_its_bounds(attack: Attack, tmp_path: Path) -> None:
    prepared(attack, tmp_path)
    for command in attack.commands[: 1 if attack.make else None]:
        held(cost(command, tmp_path))


def test_every_attack_that_is_made_here_is_in_the_table() -> None:
    table = (ROOT / "docs" / "attacks.md").read_text("utf-8")
    assert [each.name for each in MADE if f"| {each.name} |" not in table] == []
