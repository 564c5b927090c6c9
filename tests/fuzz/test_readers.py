"""Any bytes, under any name, are read or refused in words."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ordos_subsidy.errors import Refused
from ordos_subsidy.files import binary, marks, zips
from ordos_subsidy.tables import read
from tests.fuzz.materials import TOKENS, dear, edited, edits, kept, ordos, put, repacked, seeds
from tests.fuzz.materials import Edit as Edit_

ENDINGS = [".csv", ".toml", ".txt", ".xlsx", ".xls", ".ods", ".xlsb", ".parquet", ""]
CSV = "单位名称,统一社会信用代码,规模以上,营业收入（万元）,研发投入（万元）\n甲,,是,1.5亿,300\n乙,,否,,\n".encode()
TOML = """[[firm]]
name = "甲"
revenue = "1亿元"
fiscal_year = 2022
[[firm.event]]
kind = "regional-key-lab"
date = 2022-03-01
"""
FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
SLOW = settings(FOLDER, max_examples=dear())


def taken(folder: Path, name: str, data: bytes) -> None:
    """Read a file as firms and, where that is possible, a second time as events too."""
    path = put(folder, name, data)
    kept(lambda: read([path], [], ordos().vocabulary))


@given(st.binary(max_size=400), st.sampled_from(ENDINGS))
@FOLDER
def test_any_bytes(tmp_path: Path, data: bytes, ending: str) -> None:
    taken(tmp_path, f"firm{ending}", data)


@given(st.lists(st.sampled_from(TOKENS), max_size=60).map(b"".join), st.sampled_from(ENDINGS[:3]))
@FOLDER
def test_tokens_in_any_order(tmp_path: Path, data: bytes, ending: str) -> None:
    taken(tmp_path, f"firm{ending}", data)


@given(edits(), st.sampled_from(["utf-8", "gb18030", "utf-16"]))
@FOLDER
def test_csv_that_is_nearly_right(tmp_path: Path, changes: list[Edit_], encoding: str) -> None:
    taken(tmp_path, "firm.csv", edited(CSV.decode().encode(encoding), changes))


@given(edits())
@FOLDER
def test_toml_that_is_nearly_right(tmp_path: Path, changes: list[Edit_]) -> None:
    taken(tmp_path, "firm.toml", edited(TOML.encode(), changes))


@example(changes=[(59, 0, b"\0")], ending=".xls", part=0, sound=False)
@given(changes=edits(), ending=st.sampled_from(sorted(seeds())), part=st.integers(0, 30), sound=st.booleans())
def test_the_checks_of_a_workbook_end_in_a_finding_or_a_refusal(
    changes: list[Edit_], ending: str, part: int, sound: bool
) -> None:
    """What runs before the parser, in this process: any other exception would be a find."""
    data = seeds()[ending]
    is_zip = ending != ".xls"
    data = repacked(data, part, changes) if sound and is_zip else edited(data, changes)
    kind = {".xlsm": "xlsx"}.get(ending, ending[1:])
    with contextlib.suppress(Refused):
        if is_zip:
            marks.prepared_book(kind, data, "")
        else:
            binary.xls_shown(data, "")
    if is_zip:
        with contextlib.suppress(Refused):
            marks.refuse_wide(data, "")
        with contextlib.suppress(Refused):
            zips.inflated(data, "")


@pytest.mark.parametrize("ending", sorted(seeds()))
@given(changes=edits(), part=st.integers(0, 30), sound=st.booleans())
@SLOW
def test_a_workbook_that_is_nearly_right(
    tmp_path: Path, ending: str, changes: list[Edit_], part: int, sound: bool
) -> None:
    """Through the guard, the child and the parser, to firms."""
    data = seeds()[ending]
    data = repacked(data, part, changes) if sound and ending != ".xls" else edited(data, changes)
    taken(tmp_path, f"firm{ending}", data)
