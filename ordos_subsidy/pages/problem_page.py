"""Problems with their places and remedies: for stderr, and the findings of `audit`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ordos_subsidy.errors import Problem
from ordos_subsidy.messages import Lang, phrase, say
from ordos_subsidy.pages.blocks import Items, Look, Page, Paragraph


class Finding(NamedTuple):
    """A finding of `audit`: its place in the policy file, the words around it in the text, and what is wrong."""

    place: str
    around: str
    problem: Problem


def page(found: Iterable[Problem], lang: Lang) -> Page:
    """Problems one below the other, each with its weight, its place and what to do."""
    items: list[tuple[str, Paragraph]] = []
    for each in found:
        said = say(each, lang)
        look: Look = "alert" if each.severity == "error" else "unknown"
        what = phrase("show.at", lang, where=each.where, what=said.what) if each.where else said.what
        items.append((phrase(f"show.{each.severity}", lang), Paragraph(what, look)))
        if said.remedy:
            items.append(("", Paragraph(said.remedy)))
    return _listed(items, lang)


def findings(found: Iterable[Finding], lang: Lang) -> Page:
    """Findings one below the other: place and fault, the words of the text, what to do."""
    items: list[tuple[str, Paragraph]] = []
    for each in found:
        said = say(each.problem, lang)
        items.append(("✗", Paragraph(phrase("show.at", lang, where=each.place, what=said.what), "alert")))
        if each.around:
            items.append(("", Paragraph(phrase("audit.around", lang, words=each.around), "faint")))
        items.append(("", Paragraph(said.remedy)))
    return _listed(items, lang)


def _listed(items: list[tuple[str, Paragraph]], lang: Lang) -> Page:
    if not items:
        return Page("", lang, ())
    return Page("", lang, (Items(tuple(item for _, item in items), tuple(mark for mark, _ in items)),))
