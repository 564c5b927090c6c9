"""The calendar: every slice of every award in its year, in a form that calendar programs read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from ordos_subsidy.render import ics
from tests.runs import EXAMPLES, run

from .samples import NASTY, REPORT, nasty, replace

ON = dt.date(2026, 11, 23)


def entries(text: str) -> list[dict[str, str]]:
    """The entries of a calendar, unfolded; each name without its parameters."""
    found: list[dict[str, str]] = []
    for line in text.replace("\r\n ", "").split("\r\n"):
        name, _, value = line.partition(":")
        if name == "BEGIN" and value != "VCALENDAR":
            found.append({"kind": value})
        elif found:
            found[-1].setdefault(name.partition(";")[0], value)
    return found


def test_every_slice_that_applies_or_may_is_an_entry_of_its_year() -> None:
    slices = [each for firm in REPORT.firms for row in firm.awards if row.verdict != "no" for each in row.schedule]
    found = entries(ics.render(REPORT, ON))
    assert len(found) == len(slices)
    for entry, each in zip(found, slices, strict=True):
        first, last = (each.year, each.year) if each.year else each.within or (0, 0)
        assert entry["kind"] == ("VEVENT" if first else "VTODO")
        assert entry.get("DTSTART", "00000101") == f"{first:04}0101"
        assert entry.get("DTEND", "00010101") == f"{last + 1:04}0101"
    assert len({entry["UID"] for entry in found}) == len(found)


def test_lines_are_short_and_nothing_typed_ends_one() -> None:
    for typed in NASTY:
        text = ics.render(replace(REPORT, firms=(nasty(typed),)), ON)
        assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
        assert "\n" not in text.replace("\r\n", "")
        assert {line.partition(":")[0] for line in text.split("\r\n") if line[:5] == "BEGIN"} == {"BEGIN"}


def test_the_command_writes_a_calendar(tmp_path: Path) -> None:
    out = tmp_path / "calendar.ics"
    assert run("calc", EXAMPLES / "erdos-resources.xlsx", "-o", out).code == 0
    (entry,) = entries(out.read_bytes().decode())
    assert entry["DTSTART"] == "20220101"
    assert "规模以上企业研发投入奖补" in entry["SUMMARY"]
