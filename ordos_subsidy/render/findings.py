"""The findings of `audit` for a terminal: where and what, the words of the text, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ordos_subsidy.errors import Problem
from ordos_subsidy.render._screen import BLANK, FAINT, Block, below, paint, room, text
from ordos_subsidy.words import Lang, phrase, say


class Found(NamedTuple):
    """A finding: its place in the policy file, the words around it in the text, and what is wrong."""

    place: str
    around: str
    problem: Problem


def render(found: Iterable[Found], lang: Lang, *, width: int | None = None, colour: bool = False) -> str:
    """The findings one below the other, a blank line after each."""
    return paint(_blocks(found, lang, room(width)), colour=colour)


def _blocks(found: Iterable[Found], lang: Lang, width: int) -> Iterator[Block]:
    for each in found:
        said = say(each.problem, lang)
        yield text(phrase("show.at", lang, where=each.place, what=said.what), width, "bold red")
        if each.around:
            yield below(phrase("audit.around", lang, words=each.around), width, 2, FAINT)
        yield below(said.remedy, width, 2)
        yield BLANK
