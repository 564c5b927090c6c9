"""Every fault ends in a right answer or one clear message, and `docs/faults.md` says what was said."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.faults import files, places
from tests.faults.__main__ import TABLE
from tests.faults.fault import Fault, ran, row
from tests.faults.unmount import unmounted

FAULTS = [each for section in (*files.SECTIONS.values(), *places.SECTIONS.values()) for each in section]


@pytest.mark.skipif(os.name != "posix", reason="signals, links and modes of POSIX")
@pytest.mark.parametrize("fault", FAULTS, ids=lambda each: str(each.name))
def test_a_fault_is_answered_or_refused_as_the_table_says(fault: Fault, tmp_path: Path) -> None:
    if fault.needs_root and os.geteuid():
        pytest.skip("only root may mount a disk")
    with unmounted(tmp_path):
        done = ran(fault, tmp_path)
    assert row(fault, done) in TABLE.read_text("utf-8").splitlines(), f"run `make faults`: {row(fault, done)}"


def test_no_two_faults_have_one_name() -> None:
    assert len({each.name for each in FAULTS}) == len(FAULTS)
