"""The headings of statistics, tax, Torch, accounting and park tables: what each of them means to us.

`tests/data/headings.tsv` lists them with their meaning: a fact, a kind of event, a fact of events, a reason why
they are known and not read, or unknown. The words are those of the public forms 107-1, 107-2, A100000 and A107012,
of the Torch statistics, of what 用友 and 金蝶 export, and of the lists that parks keep.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ordos_subsidy.facts import Of
from ordos_subsidy.tables.headings import Headings
from tests.tables import field

LINES = (Path(__file__).resolve().parents[1] / "data" / "headings.tsv").read_text("utf-8").splitlines()
ROWS = [tuple(line.split("\t")) for line in LINES if not line.startswith("#")]
VOCABULARY = field.policies().vocabulary


def meaning(heading: str) -> str:
    """What a heading of a table of firms is read as, or why it is not."""
    headings = Headings(VOCABULARY)
    if found := headings.find("firm", heading):
        return f"fact {found.fact.key}{f' {found.year}' if found.year else ''}"
    if recognised := headings.recognition(heading):
        kind, level = recognised
        return f"kind {kind.key}{f' {level.key}' if level else ''}"
    return _not_read(heading, headings)


def _not_read(heading: str, headings: Headings) -> str:
    if any(heading in fact.names for fact in VOCABULARY.facts.values() if fact.ratio):
        return "derived"
    if changed := headings.changed("firm", heading):
        return f"changed {changed[0].key}"
    if why := headings.why_unread("firm", heading):
        return "unread " + next(key for key, each in REASONS.items() if each == why.zh)
    event = headings.find("event", heading)
    return f"event {event.fact.key}" if event else "unknown"


def _reasons() -> dict[str, str]:
    import tomllib

    path = Path(__file__).resolve().parents[2] / "policies.toml"
    unread = tomllib.loads(path.read_text("utf-8"))["unread"]
    return {key: each["why"]["zh"] for key, each in unread.items() if each.get("of", "firm") == "firm"}


REASONS = _reasons()


def test_there_are_enough_headings_to_promise_something() -> None:
    assert len(ROWS) >= 200
    assert len({heading for heading, _ in ROWS}) == len(ROWS)


@pytest.mark.parametrize(("heading", "means"), ROWS)
def test_a_heading_means_what_the_table_says(heading: str, means: str) -> None:
    assert meaning(heading) == means


def test_no_heading_that_is_kept_apart_is_read_as_a_fact() -> None:
    headings = Headings(VOCABULARY)
    tables: tuple[Of, ...] = ("firm", "event")
    for of in tables:
        apart = [name for each in VOCABULARY.unread for name in each.headings if each.of == of]
        assert [name for name in apart if headings.find(of, name)] == []
    kinds = [name for each in VOCABULARY.unread for name in each.headings if each.of == "kind"]
    assert [name for name in kinds if VOCABULARY.find_kind(name)] == []
