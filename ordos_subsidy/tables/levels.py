"""Levels that stand before the name of an event, as on certificates: 自治区级众创空间 is the kind and its level."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ordos_subsidy.errors import problem
from ordos_subsidy.facts import find_choice
from ordos_subsidy.tables.columns import Given, UntypedTable, of_list

if TYPE_CHECKING:
    from ordos_subsidy.facts import Vocabulary


def fill_levels(table: UntypedTable, vocabulary: Vocabulary) -> None:
    """Give the rows of events whose kind is written with its level that level; one that says otherwise is broken."""
    kind, level = vocabulary.role("event", "kind"), vocabulary.role("event", "level")
    given = table.facts.get(kind.key) if kind else None
    text = given.cells.text if given else None
    if kind is None or level is None or given is None or text is None:
        return
    named = {each: found for each in text.drop_nulls().unique() if (found := vocabulary.find_leveled(each)[1])}
    if not named:
        return
    cells = text.to_list()
    blank: list[object] = [None] * table.height
    levels = table.facts[level.key].cells.to_list() if level.key in table.facts else blank
    for row, cell in enumerate(cells):
        found = named.get(cell)
        stated = find_choice(level, str(levels[row])) if levels[row] is not None else None
        if found and stated and stated.key != found.key:
            where = table.place(int(table.rows[row]), level.key)
            table.problems.append(problem("reading.level_differs", where, given=cell, other=stated.title.zh))
            table.broken.add(row)
        elif found:
            levels[row] = found.key
    table.facts[level.key] = Given(of_list(levels), at=given.at)
