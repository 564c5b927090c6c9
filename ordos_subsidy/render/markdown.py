r"""The answers as Markdown, for a note or an issue: headings, tables and lists, and no markup but ours.

What users typed is escaped: no link, image, code, HTML or emphasis comes of it, and no pipe ends a cell. An at
sign is written full width, because GitHub makes links of e-mail addresses and mentions even when escaped.

>>> escape("[a](http://b.c) | `d` <e> f@g.h *i*")
'\\[a\\](http\\://b.c) \\| \\`d\\` \\<e\\> f＠g.h \\*i\\*'
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ordos_subsidy.document import (
    ClauseLine,
    Explained,
    Explanation,
    FirmReport,
    Line,
    MeasureLine,
    Node,
    Plan,
    Preference,
    Report,
    Source,
)
from ordos_subsidy.errors import Problem
from ordos_subsidy.render import _figures as figures
from ordos_subsidy.render import _parts as parts
from ordos_subsidy.render import _view as view
from ordos_subsidy.render._clean import plain
from ordos_subsidy.words import Lang, listed, phrase

_MARKS = re.compile(r"[\\`*_\[\]<>|~$&#]|:(?=//)|(?<=\bwww)\.")
_BLOCK = re.compile(r"^(?=[-+=])|^(\d+)(?=[.)](?:\s|$))")


def escape(text: str) -> str:
    """A text that Markdown shows as it is, on one line."""
    escaped = _MARKS.sub(lambda found: f"\\{found[0]}", plain(text).replace("@", "＠"))
    return _BLOCK.sub(lambda found: f"{found[1]}\\" if found[1] else "\\", escaped)


def render(report: Report, *, width: int | None = None, colour: bool = False) -> str:
    """The answer to `calc`."""
    return _page(_report(report))


def explain(explanation: Explanation, *, width: int | None = None, colour: bool = False) -> str:
    """The answer to `explain`."""
    return _page(_explanation(explanation))


def clauses(plan: Plan, *, width: int | None = None, colour: bool = False) -> str:
    """The answer to `clauses`."""
    return _page(_plan(plan))


def _page(blocks: Iterable[str]) -> str:
    return "\n\n".join(block for block in blocks if block) + "\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, right: frozenset[int] = frozenset()) -> str:
    """A table; its cells are escaped here, all of them."""
    lines = [heads, *rows]
    body = [f"| {' | '.join(escape(cell) for cell in line)} |" for line in lines]
    marks = ("---:" if at in right else "---" for at in range(len(heads)))
    return "\n".join([body[0], f"| {' | '.join(marks)} |", *body[1:]])


def bullets(items: Iterable[str]) -> str:
    """A list; its items are escaped here."""
    return "\n".join(f"- {escape(item)}" for item in items)


def _report(report: Report) -> Iterator[str]:
    lang = report.lang
    yield from _head(report.source, lang)
    if report.year is not None:
        yield escape(phrase("show.only_year", lang, year=report.year))
    if not report.firms:
        yield escape(phrase("show.no_firms", lang))
    for firm in report.firms:
        yield from _firm(firm, report)
    if report.left_out:
        yield f"**{escape(phrase('show.left_out', lang, count=report.left_out))}**"
    yield from _problems(report.problems, lang, "## ")
    yield from _footnotes(report.footnotes, lang)


def _head(source: Source, lang: Lang) -> Iterator[str]:
    yield f"# {escape(source.name)}"
    yield escape(parts.basis(source, lang))


def _footnotes(notes: Sequence[str], lang: Lang) -> Iterator[str]:
    if notes:
        yield f"## {phrase('show.footnotes', lang)}"
        yield bullets(notes)


def _firm(firm: FirmReport, report: Report) -> Iterator[str]:
    lang = report.lang
    notes = view.notes(view.all_shown(firm, everything=report.everything, year=report.year))
    yield f"## {escape(parts.name(firm))}"
    yield table(["", phrase("show.amount", lang), ""], parts.summary(firm.totals, lang), right=frozenset({1}))
    yield from _awards("awards", "", firm, firm.awards, notes, report)
    yield from _awards("credits", phrase("show.credits_says", lang), firm, firm.credits, notes, report)
    yield from _preferences(firm, notes, report)
    yield escape(view.hidden_line(firm, lang, everything=report.everything))
    yield from _totals(firm, lang)
    yield from _missing(firm, lang)
    if notes.texts:
        yield f"### {phrase('show.notes', lang)}"
        yield bullets(f"[{number}] {note}" for number, note in enumerate(notes.texts, 1))
    yield from _problems(firm.problems, lang, "### ")


def _awards(
    name: str, says: str, firm: FirmReport, lines: Sequence[Line], notes: view.Notes, report: Report
) -> Iterator[str]:
    lang = report.lang
    shown = view.shown(lines, everything=report.everything, year=report.year)
    if not shown and name == "credits":
        return
    yield f"### {phrase(f'show.{name}', lang)}"
    yield escape(says)
    if not shown:
        yield phrase("show.awards_none", lang)
        return
    heads = ("clause", "measure", "event", "verdict", "amount", "interval", "years", "departments", "remark")
    yield table(parts.award_heads(heads, report), [_cells(each, firm, notes, report) for each in shown])


def _cells(each: Line, firm: FirmReport, notes: view.Notes, report: Report) -> list[str]:
    lang, number = report.lang, report.source.number
    document = view.document(each, number)
    why = view.why(each, firm, lang)
    if document:
        why.append(phrase("show.rests_on", lang, document=document))
    return [
        each.reference,
        " ".join(filter(None, (each.title, notes.marks(each)))),
        figures.event(each.event, lang, known=each.title),
        figures.verdict(each.verdict, lang),
        each.words,
        figures.interval(*view.amounts(each, report), lang),
        figures.years(each.schedule, lang),
        listed(each.departments, lang),
        phrase("show.then", lang).join(why),
    ]


def _preferences(firm: FirmReport, notes: view.Notes, report: Report) -> Iterator[str]:
    lang = report.lang
    groups = view.preference_groups(firm, everything=report.everything)
    if groups:
        yield f"### {phrase('show.preferences', lang)}"
        yield escape(phrase("show.preferences_says", lang))
    heads = [phrase(f"show.{head}", lang) for head in ("clause", "measure", "departments", "remark")]
    for name, rows in groups:
        yield f"**{escape(parts.group(name, rows[0], lang))}**"
        yield table(heads, [_preference(each, firm, notes, lang) for each in rows])


def _preference(each: Preference, firm: FirmReport, notes: view.Notes, lang: Lang) -> list[str]:
    return [
        each.reference,
        " ".join(filter(None, (each.title, notes.marks(each)))),
        listed(each.departments, lang),
        phrase("show.then", lang).join(view.why(each, firm, lang)),
    ]


def _totals(firm: FirmReport, lang: Lang) -> Iterator[str]:
    if not firm.totals.by_year:
        return
    yield f"### {phrase('show.totals', lang)}"
    yield table(parts.totals_heads(lang), parts.totals_rows(firm, lang), right=frozenset({1, 2, 3, 4}))
    yield bullets(parts.totals_notes(firm.totals, lang))


def _missing(firm: FirmReport, lang: Lang) -> Iterator[str]:
    if not firm.missing:
        return
    yield f"### {phrase('show.missing', lang)}"
    yield table(parts.missing_heads(lang), parts.missing_rows(firm, lang))


def _problems(problems: Sequence[Problem], lang: Lang, level: str) -> Iterator[str]:
    if not problems:
        return
    yield f"{level}{phrase('show.problems', lang)}"
    yield table(parts.problem_heads(lang), [parts.problem(each, lang) for each in problems])


def _explanation(explanation: Explanation) -> Iterator[str]:
    lang = explanation.lang
    yield from _head(explanation.source, lang)
    yield escape(phrase("show.legend", lang))
    for firm, explained in explanation.firms:
        yield f"## {escape(parts.name(firm))}"
        for each in explained:
            yield from _explained(each, firm, explanation)
    yield from _problems(explanation.problems, lang, "## ")
    yield from _footnotes(explanation.footnotes, lang)


def _explained(each: Explained, firm: FirmReport, explanation: Explanation) -> Iterator[str]:
    lang, row = explanation.lang, each.line
    yield f"### {escape(figures.heading(row.reference, row.title))}"
    yield f"**{escape(figures.verdict(row.verdict, lang))}** · {escape(parts.amount(row, lang))}"
    if isinstance(row, Line):
        yield escape(figures.event(row.event, lang, known=row.title))
    yield "\n".join(_nodes(each.tree, 0, lang))
    yield "\n".join(f"{number}. {escape(step)}" for number, step in enumerate(each.amount, 1))
    yield bullets(parts.around(each, firm, explanation))


def _nodes(node: Node, depth: int, lang: Lang) -> Iterator[str]:
    yield f"{'  ' * depth}- {escape(parts.node(node, lang))}"
    for child in node.children:
        yield from _nodes(child, depth + 1, lang)


def _plan(plan: Plan) -> Iterator[str]:
    lang = plan.lang
    yield from _head(plan.source, lang)
    part = ""
    for clause in plan.clauses:
        if clause.part != part:
            part = clause.part
            yield f"## {escape(part)}"
        yield from _clause(clause, lang)
    yield from _footnotes(plan.footnotes, lang)


def _clause(clause: ClauseLine, lang: Lang) -> Iterator[str]:
    yield f"### {escape(figures.heading(clause.reference, clause.heading))}"
    yield escape(clause.gist)
    yield escape(phrase("show.ask", lang, departments=listed(clause.departments, lang)))
    if clause.measures:
        heads = ("treatment", "measure", "amount", "condition", "events", "notes")
        titles = [phrase(f"show.{head}", lang) for head in heads]
        yield table(titles, [_measure(each, lang) for each in clause.measures])


def _measure(each: MeasureLine, lang: Lang) -> list[str]:
    events, notes = listed(each.events, lang), phrase("show.then", lang).join(each.notes)
    return [each.category_title, each.title, each.amount, each.condition, events, notes]
