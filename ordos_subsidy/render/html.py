r"""A report as one page that needs nothing else: to read, to print, to send by mail.

No script, no link, no font or picture from elsewhere; the policy in its head lets a browser load nothing but
the page's own style sheet, named by its hash. Every text is escaped by `tag`, which takes nothing for markup
but what it made itself. The same report gives the same bytes.

>>> tag("td", "<b> & \"c\"", class_="note")
'<td class="note">&lt;b&gt; &amp; &quot;c&quot;</td>'
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from html import escape

from ordos_subsidy.document import FirmReport, Line, Preference, Report
from ordos_subsidy.errors import Problem
from ordos_subsidy.render import _figures as figures
from ordos_subsidy.render import _parts as parts
from ordos_subsidy.render import _view as view
from ordos_subsidy.render._clean import plain
from ordos_subsidy.render._style import CSS
from ordos_subsidy.words import Lang, listed, phrase


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


def tag(name: str, *content: str, class_: str = "") -> Markup:
    """An element; content that is not markup is escaped."""
    inner = "".join(each if isinstance(each, Markup) else escape(plain(each)) for each in content)
    attribute = f' class="{escape(class_)}"' if class_ else ""
    return Markup(f"<{name}{attribute}>{inner}</{name}>")


def render(report: Report, *, width: int | None = None, colour: bool = False) -> str:
    """The answer to `calc`."""
    lang = report.lang
    title = " - ".join(plain(each) for each in (*(firm.name for firm in report.firms[:1]), report.source.name))
    style = b64encode(sha256(CSS.encode()).digest()).decode()
    rules = f"default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'"
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="{"zh-CN" if lang == "zh" else "en"}">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{rules}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            tag("title", title),
            f"<style>{CSS}</style>",
            "</head>",
            "<body>",
            tag("main", *_main(report)),
            "</body>",
            "</html>",
            "",
        ]
    )


def _main(report: Report) -> Iterator[Markup]:
    lang, source = report.lang, report.source
    yield tag("header", tag("h1", source.name), tag("p", source.title), tag("p", parts.basis(source, lang)))
    if report.year is not None:
        yield tag("p", phrase("show.only_year", lang, year=report.year))
    if not report.firms:
        yield tag("p", phrase("show.no_firms", lang))
    if report.left_out:
        yield tag("p", phrase("show.left_out", lang, count=report.left_out), class_="alert")
    for firm in report.firms:
        yield tag("section", *_firm(firm, report), class_="firm")
    yield from _problems(report.problems, lang)
    yield tag("footer", tag("h3", phrase("show.footnotes", lang)), _list(report.footnotes))


def table(
    heads: Sequence[str], rows: Iterable[Markup], *, right: frozenset[int] = frozenset(), class_: str = ""
) -> Markup:
    """A table with headings; `right` names the columns of numbers."""
    cells = (tag("th", head, class_="number" if at in right else "") for at, head in enumerate(heads))
    return tag("table", tag("thead", tag("tr", *cells)), tag("tbody", *rows), class_=class_)


def _list(items: Iterable[str], class_: str = "") -> Markup:
    return tag("ul", *(tag("li", item) for item in items), class_=class_)


def _heading(name: str, says: str, lang: Lang) -> Markup:
    return tag("h3", phrase(f"show.{name}", lang), *([tag("small", says)] if says else []))


def _firm(firm: FirmReport, report: Report) -> Iterator[Markup]:
    lang = report.lang
    notes = view.notes(view.all_shown(firm, everything=report.everything, year=report.year))
    yield tag("h2", firm.name, *([tag("small", firm.credit_code)] if firm.credit_code else []))
    yield _cards(firm, lang)
    yield from _awards("awards", "", firm, firm.awards, notes, report)
    yield from _awards("credits", phrase("show.credits_says", lang), firm, firm.credits, notes, report)
    yield from _preferences(firm, notes, report)
    if unseen := view.hidden_line(firm, lang, everything=report.everything):
        yield tag("p", unseen, class_="note")
    yield from _totals(firm, lang)
    yield from _missing(firm, lang)
    if notes.texts:
        yield _heading("notes", "", lang)
        yield _list((f"[{number}] {note}" for number, note in enumerate(notes.texts, 1)), "notes numbered")
    yield from _problems(firm.problems, lang)


def _cards(firm: FirmReport, lang: Lang) -> Markup:
    cards = zip(("assured", "ceiling", "open", "pending", "people"), parts.summary(firm.totals, lang), strict=False)
    return tag(
        "dl",
        *(
            tag(
                "div",
                tag("dt", name),
                tag("dd", figure, class_="figure"),
                tag("dd", says, class_="says"),
                class_=class_,
            )
            for class_, (name, figure, says) in cards
        ),
        class_="cards",
    )


def _verdict(row: Line | Preference, lang: Lang) -> Markup:
    return tag("span", figures.verdict(row.verdict, lang), class_=f"verdict {row.verdict}")


def _awards(
    name: str, says: str, firm: FirmReport, lines: Sequence[Line], notes: view.Notes, report: Report
) -> Iterator[Markup]:
    lang = report.lang
    shown = view.shown(lines, everything=report.everything, year=report.year)
    if not shown and name == "credits":
        return
    yield _heading(name, says, lang)
    if not shown:
        yield tag("p", phrase("show.awards_none", lang))
        return
    heads = ("clause", "measure", "verdict", "amount", "interval", "years", "departments")
    rows = (_award(each, firm, notes, report) for each in shown)
    yield table(parts.award_heads(heads, report), rows, class_="awards")


def _award(each: Line, firm: FirmReport, notes: view.Notes, report: Report) -> Markup:
    lang = report.lang
    return tag(
        "tr",
        tag("td", each.reference, class_="nowrap"),
        tag(
            "td",
            tag("span", f"{each.title} {notes.marks(each)}", class_="title"),
            tag("span", figures.event(each.event, lang, known=each.title), class_="aside"),
            *_why(each, firm, report),
        ),
        tag("td", _verdict(each, lang)),
        tag("td", each.words),
        tag("td", figures.interval(*view.amounts(each, report), lang), class_="nowrap"),
        tag("td", figures.years(each.schedule, lang), class_="nowrap"),
        tag("td", listed(each.departments_short, lang), class_="asks"),
        class_=each.verdict,
    )


def _why(row: Line | Preference, firm: FirmReport, report: Report) -> Iterator[Markup]:
    for reason in view.why(row, firm, report.lang):
        yield tag("span", reason, class_="aside" if row.verdict == "no" else "waits")
    if document := view.document(row, report.source.number):
        yield tag("span", phrase("show.rests_on", report.lang, document=document), class_="aside")


def _preferences(firm: FirmReport, notes: view.Notes, report: Report) -> Iterator[Markup]:
    lang = report.lang
    groups = view.preference_groups(firm, everything=report.everything)
    if not groups:
        return
    yield _heading("preferences", phrase("show.preferences_says", lang), lang)
    for name, rows in groups:
        yield tag("h4", parts.group(name, rows[0], lang))
        yield tag(
            "table", tag("tbody", *(_preference(each, firm, notes, report) for each in rows)), class_="preferences"
        )


def _preference(each: Preference, firm: FirmReport, notes: view.Notes, report: Report) -> Markup:
    return tag(
        "tr",
        tag("td", each.reference, class_="nowrap"),
        tag("td", f"{each.title} {notes.marks(each)}", *_why(each, firm, report)),
        tag("td", listed(each.departments, report.lang), class_="asks"),
        class_=each.verdict,
    )


def _totals(firm: FirmReport, lang: Lang) -> Iterator[Markup]:
    if not firm.totals.by_year:
        return
    yield _heading("totals", "", lang)
    rows = list(parts.totals_rows(firm, lang))
    body = (
        tag("tr", tag("td", year), *(tag("td", sum_, class_="number") for sum_ in sums), class_=class_)
        for (year, *sums), class_ in zip(rows, [*[""] * (len(rows) - 1), "total"], strict=True)
    )
    yield table(parts.totals_heads(lang), body, right=frozenset({1, 2, 3, 4}), class_="totals")
    yield _list(parts.totals_notes(firm.totals, lang), "notes")


def _missing(firm: FirmReport, lang: Lang) -> Iterator[Markup]:
    if not firm.missing:
        return
    yield _heading("missing", phrase("show.missing_says", lang), lang)
    rows = (tag("tr", *(tag("td", cell) for cell in row)) for row in parts.missing_rows(firm, lang))
    yield table(parts.missing_heads(lang), rows)


def _problems(problems: Sequence[Problem], lang: Lang) -> Iterator[Markup]:
    if not problems:
        return
    yield _heading("problems", "", lang)
    rows = (tag("tr", *(tag("td", cell) for cell in parts.problem(each, lang))) for each in problems)
    yield table(parts.problem_heads(lang), rows)
