"""The guide page: how to fill the book in, what each field means, and what each kind of event is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ordos_subsidy.facts import Fact, Kind
from ordos_subsidy.templates.content import OFS, Content
from ordos_subsidy.templates.page import SheetPage

if TYPE_CHECKING:
    from openpyxl import Workbook

WIDTHS = (22, 26, 50, 22, 36, 30)
STEPS = ("order", "colours", "blank", "money", "dates", "lists", "headings", "example", "ask")


def guide(book: Workbook, content: Content) -> None:
    """Write the guide page."""
    page = SheetPage(book, content.sheet("guide"), WIDTHS)
    page.put(1, 1, content.say("title", title=content.sheet("guide"), source=content.source), "title")
    row = _steps(page, content, 3)
    row = _facts(page, content, row + 1)
    head = _kinds(page, content, row + 1)
    page.freeze(2)
    page.for_print(head, page=content.say("page"))


def _steps(page: SheetPage, content: Content, row: int) -> int:
    page.put(row, 1, content.say("guide-steps"), "section")
    sheets = {name: content.sheet(name) for name in ("firms", "events", "example")}
    for number, key in enumerate(STEPS, 1):
        text = content.say("step", number=number, text=content.say(f"step-{key}", **sheets))
        page.put(row + number, 1, text, "plain", across=len(WIDTHS))
    return row + len(STEPS) + 1


def _facts(page: SheetPage, content: Content, row: int) -> int:
    page.put(row, 1, content.say("guide-facts"), "section")
    row = _heads(page, content, row + 1, ("where", "fact", "meaning", "how", "answers", "clauses"))
    for of in OFS:
        for fact in content.facts(of):
            row = _line(page, row, _fact(content, fact))
    return row


def _fact(content: Content, fact: Fact) -> tuple[str, ...]:
    return (
        content.sheet("firms" if fact.of == "firm" else "events"),
        content.heading(fact),
        content.text(fact.help),
        content.how(fact),
        content.listed(content.offered(fact)),
        content.clauses(fact),
    )


def _kinds(page: SheetPage, content: Content, row: int) -> int:
    page.put(row, 1, content.say("guide-kinds"), "section")
    head = row + 1
    row = _heads(page, content, head, ("clause", "event", "counts", "sum", "gives", "departments"))
    for kind in content.kinds:
        row = _line(page, row, _kind(content, kind))
    page.sheet.auto_filter.ref = f"A{head}:{page.letter(len(WIDTHS))}{row - 1}"
    return head


def _kind(content: Content, kind: Kind) -> tuple[str, ...]:
    clauses = (
        content.say("clause-heading", number=each.number, heading=content.text(each.heading))
        for each in content.kind_clauses(kind)
    )
    return (
        "\n".join(clauses),
        content.text(kind.title),
        content.text(kind.help),
        content.amount(kind),
        content.gives(kind),
        content.departments(kind),
    )


def _heads(page: SheetPage, content: Content, row: int, keys: tuple[str, ...]) -> int:
    for col, key in enumerate(keys, 1):
        page.put(row, col, content.say(f"guide-{key}"), "head")
    return row + 1


def _line(page: SheetPage, row: int, texts: tuple[str, ...]) -> int:
    for col, text in enumerate(texts, 1):
        page.put(row, col, text, "plain")
    return row + 1
