"""The answers as text for a terminal: readable at 80 and at 120 columns, plain where it is piped.

`render` paints a report, `explain` the reasons of one, `clauses` the plan and `problems` what went to stderr.
Width and colour are arguments; nothing here asks what the output is. Without `colour` the text has no escape
code. The report's own problems are not in the table: they belong on stderr (`problems`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ordos_subsidy.document import Explanation, Plan, Report, Source
from ordos_subsidy.errors import Problem
from ordos_subsidy.render import _parts as parts
from ordos_subsidy.render import _plan as plan_
from ordos_subsidy.render import _reasons as reasons
from ordos_subsidy.render._firm import Sheet, firm
from ordos_subsidy.render._screen import BLANK, FAINT, STRONG, Block, below, hanging, heading, paint, room, text
from ordos_subsidy.words import Lang, phrase, say


def render(report: Report, *, width: int | None = None, colour: bool = False) -> str:
    """The answer to `calc`."""
    return paint(_report(report, room(width)), colour=colour)


def explain(explanation: Explanation, *, width: int | None = None, colour: bool = False) -> str:
    """The answer to `explain`."""
    return paint(_explanation(explanation, room(width)), colour=colour)


def clauses(plan: Plan, *, width: int | None = None, colour: bool = False) -> str:
    """The answer to `clauses`: a list of several, or one clause as a whole."""
    return paint(_plan(plan, room(width)), colour=colour)


def problems(found: Iterable[Problem], lang: Lang, *, width: int | None = None, colour: bool = False) -> str:
    """Problems with their places and remedies, for stderr."""
    return paint(_problems(found, lang, room(width)), colour=colour)


def _report(report: Report, width: int) -> Iterator[Block]:
    yield from _head(report.source, report.lang, width)
    sheet = Sheet(report, width)
    if report.year is not None:
        yield text(sheet.say("only_year", year=report.year), width)
    if not report.firms:
        yield text(sheet.say("no_firms"), width)
    for each in report.firms:
        yield from firm(each, sheet)
    if report.left_out:
        yield BLANK
        yield text(sheet.say("left_out", count=report.left_out), width, "bold red")
    yield from _footnotes(report.footnotes, report.lang, width)


def _explanation(explanation: Explanation, width: int) -> Iterator[Block]:
    lang = explanation.lang
    yield from _head(explanation.source, lang, width)
    yield text(phrase("show.legend", lang), width, FAINT)
    if not explanation.firms:
        yield text(phrase("show.no_firms", lang), width)
    for one, explained in explanation.firms:
        yield from reasons.firm(one, explained, explanation, width)
    yield from _footnotes(explanation.footnotes, lang, width)


def _plan(plan: Plan, width: int) -> Iterator[Block]:
    yield from _head(plan.source, plan.lang, width)
    if len(plan.clauses) == 1:
        yield from plan_.whole(plan.clauses[0], plan.lang, width, plan.source.number)
    else:
        yield from plan_.overview(plan, width)
    yield from _footnotes(plan.footnotes, plan.lang, width)


def _head(source: Source, lang: Lang, width: int) -> Iterator[Block]:
    yield text(source.name, width, STRONG)
    yield text(parts.basis(source, lang), width, FAINT)


def _footnotes(notes: tuple[str, ...], lang: Lang, width: int) -> Iterator[Block]:
    if notes:
        yield heading(phrase("show.footnotes", lang), "", width)
        for note in notes:
            yield hanging("-", note, width, FAINT)


def _problems(found: Iterable[Problem], lang: Lang, width: int) -> Iterator[Block]:
    for each in found:
        said = say(each, lang)
        style = "bold red" if each.severity == "error" else "yellow"
        label = phrase(f"show.{each.severity}", lang)
        what = phrase("show.at", lang, where=each.where, what=said.what) if each.where else said.what
        yield text(f"{label} {what}", width, style)
        if said.remedy:
            yield below(said.remedy, width, 2)
