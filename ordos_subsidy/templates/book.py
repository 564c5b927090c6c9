"""The book: a sheet for the firm, one for its events, a filled example, a guide, and the lists behind drop-downs.

The firm's sheet is a form (a heading a row) or, for many firms, a table (headings across). The reader finds both
by their headings; what else stands on a sheet is worded so that it is no heading.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.formatting.rule import Rule
from openpyxl.styles import PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from ordos_subsidy.cells import type_of
from ordos_subsidy.facts import Fact, Kind
from ordos_subsidy.templates.content import OFS, Content, ExampleRow
from ordos_subsidy.templates.page import MISSING_FILL, SPARE_FILL, SheetPage, Style, new_book, saved

#: Rows a drop-down reaches: of the table of firms, and of the events of one firm and of many.
FIRM_ROWS, EVENT_ROWS, MANY_EVENT_ROWS = 2_000, 500, 5_000
#: Rows that are drawn as lines to fill in; formats and drop-downs go on below them.
DRAWN = 20

#: What Excel keeps of a prompt, of a title and of an error; a longer one makes it repair the file.
PROMPT, TITLE, ERROR = 255, 32, 225

FORM_WIDTHS, GUIDE_WIDTHS = (34, 38, 66, 22), (22, 26, 50, 22, 36, 30)
STEPS = ("order", "colours", "blank", "money", "dates", "lists", "headings", "example", "ask")


def book(content: Content, *, table: bool, firm: ExampleRow | None = None, events: Sequence[ExampleRow] = ()) -> bytes:
    """Return a book, blank but for the firm and the events given."""
    made = new_book(content.source)
    writer = _Writer(made, content, _drop_downs(content), table, firm or {}, events)
    writer.firm_sheet()
    writer.event_sheet()
    writer.example_sheet()
    writer.guide_sheet()
    writer.list_sheet()
    return saved(made)


@dataclass
class _Writer:
    """Writes the sheets of a book one after the other."""

    book: Workbook
    content: Content
    lists: dict[str, list[str | int]]
    table: bool
    firm: ExampleRow
    events: Sequence[ExampleRow]

    def say(self, key: str, **params: object) -> str:
        return self.content.say(key, **params)

    # --- the firm

    def firm_sheet(self) -> None:
        """Write the sheet of the firm, or of the firms."""
        name = self.content.sheet("firms")
        if not self.table:
            page = SheetPage(self.book, name, FORM_WIDTHS)
            self._top(page, name, "note-form", len(FORM_WIDTHS))
            first = self._form(page, 4, self.firm, example=False)
            page.freeze(first, 2)
            page.for_print(first - 1, page=self.say("page"), tall=1 if len(self.content.facts("firm")) <= DRAWN else 0)
            return
        facts = self.content.facts("firm")
        page = SheetPage(self.book, name, _widths(facts))
        self._top(page, name, "note-table", min(len(facts), 7))
        self._grid(page, 4, facts, FIRM_ROWS)

    def _top(self, page: SheetPage, title: str, note: str, across: int) -> None:
        page.put(1, 1, self.say("title", title=title, source=self.content.source), "title")
        page.put(2, 1, self.say(note), "note", across=across)
        page.link(3, 1, self.say("to-guide"), self.content.sheet("guide"))

    def _form(self, page: SheetPage, row: int, values: ExampleRow, *, wide: int = 1, example: bool = True) -> int:
        """Write a form, its helps `wide` columns wide; return the first row to fill in."""
        last = 3 + wide
        page.put(row, 1, self.say("form-fact"), "head")
        page.put(row, 2, self.say("form-value"), "head")
        page.put(row, 3, self.say("form-help"), "head", across=wide)
        page.put(row, last, self.say("form-clauses"), "head")
        for at, fact in enumerate(self.content.facts("firm"), row + 1):
            page.put(at, 1, self.content.heading(fact), "label")
            self._value(page, at, 2, fact, values, "input")
            page.put(at, 3, self.content.help(fact), "help", across=wide)
            page.put(at, last, self.content.clauses(fact), "help")
            if not example:
                page.sheet.add_data_validation(_rule(self.content, fact, f"B{at}"))
        return row + 1

    def _value(
        self, page: SheetPage, row: int, col: int, fact: Fact, values: ExampleRow, style: Style = "cell"
    ) -> None:
        value = values.get(fact.key)
        shown = None if value is None else type_of(fact).cell(fact, value, self.content)
        page.put(row, col, shown, style, number_format=type_of(fact).number_format)

    # --- tables

    def _grid(
        self, page: SheetPage, row: int, facts: Sequence[Fact], height: int, rows: Sequence[ExampleRow] = ()
    ) -> None:
        """Write a table to fill in: helps above its headings, drawn rows, and validation down to `height` rows."""
        self._heads(page, row, facts)
        first, last = row + 2, row + 1 + height
        for col, fact in enumerate(facts, 1):
            letter = page.letter(col)
            page.column_format(col, type_of(fact).number_format)
            page.sheet.add_data_validation(_rule(self.content, fact, f"{letter}{first}:{letter}{last}"))
        for number in range(max(DRAWN, len(rows))):
            for col, fact in enumerate(facts, 1):
                self._value(page, first + number, col, fact, rows[number] if number < len(rows) else {})
        page.sheet.auto_filter.ref = f"A{row + 1}:{page.letter(len(facts))}{last}"
        page.freeze(first, 2)
        page.for_print(row + 1, page=self.say("page"))

    def _heads(self, page: SheetPage, row: int, facts: Sequence[Fact]) -> None:
        for col, fact in enumerate(facts, 1):
            helped = self.say("help-clauses", help=self.content.help(fact), clauses=self.content.clauses(fact))
            page.put(row, col, helped, "help")
            page.put(row + 1, col, self.content.heading(fact), "head")

    # --- the events

    def event_sheet(self) -> None:
        """Write the sheet of events; with many firms each row names its own."""
        name = self.content.sheet("events")
        facts = self._event_facts()
        page = SheetPage(self.book, name, _widths(facts))
        self._top(page, name, "note-events-table" if self.table else "note-events", len(facts))
        height = MANY_EVENT_ROWS if self.table else EVENT_ROWS
        self._grid(page, 4, facts, height, self.events)
        self._colour(page, facts, 6, 5 + height)

    def _event_facts(self) -> tuple[Fact, ...]:
        facts = self.content.facts("event")
        return (*self.content.keys(), *facts) if self.table else facts

    def _colour(self, page: SheetPage, facts: Sequence[Fact], first: int, last: int) -> None:
        """Colour the cells that the kind of a row asks for, and those that it does not use."""
        kind = next(col for col, fact in enumerate(facts, 1) if fact.role == "kind")
        chosen = f"${page.letter(kind)}{first}"
        for col, fact in enumerate(facts, 1):
            if fact not in self._asked():
                continue
            letter = page.letter(col)
            asks = f"INDEX(asks_{fact.key},MATCH({chosen},list_{facts[kind - 1].key},0))"
            tests = {
                MISSING_FILL: f'AND({chosen}<>"",{letter}{first}="",IFERROR({asks},0)=1)',
                SPARE_FILL: f"IFERROR({asks},1)=0",
            }
            for fill, test in tests.items():
                paint = PatternFill("solid", bgColor=fill, fgColor=fill)
                page.sheet.conditional_formatting.add(
                    f"{letter}{first}:{letter}{last}",
                    Rule(type="expression", formula=[test], dxf=DifferentialStyle(fill=paint)),
                )

    def _asked(self) -> list[Fact]:
        """Return the facts of events, besides the kind, that at least one kind asks for."""
        asked = {fact for kind in self.content.kinds for fact in self.content.asked(kind)}
        return [fact for fact in self.content.facts("event") if fact in asked and fact.role != "kind"]

    # --- the example

    def example_sheet(self) -> None:
        """Write the invented firm and its events, filled in as on the real sheets."""
        facts = self.content.facts("event")
        # The form and the events share their columns; there are at least as many as the form has.
        others = [20.0] * (max(len(facts), len(FORM_WIDTHS)) - 3)
        widths = [40.0, FORM_WIDTHS[1], *others, FORM_WIDTHS[3]]
        page = SheetPage(self.book, self.content.sheet("example"), widths)
        page.put(1, 1, self.say("title", title=self.content.sheet("example"), source=self.content.source), "title")
        page.put(2, 1, self.say("banner"), "banner", across=len(widths))
        page.put(4, 1, self.content.sheet("firms"), "section")
        row = self._form(page, 5, self.content.example(), wide=len(widths) - 3)
        row += len(self.content.facts("firm")) + 1
        page.put(row, 1, self.content.sheet("events"), "section")
        for col, fact in enumerate(facts, 1):
            page.put(row + 1, col, self.content.heading(fact), "head")
        for at, event in enumerate(self.content.example_events(), row + 2):
            for col, fact in enumerate(facts, 1):
                self._value(page, at, col, fact, event)
        page.freeze(4)
        page.for_print(2, page=self.say("page"))

    # --- the guide

    def guide_sheet(self) -> None:
        """Write how to fill the book in, what each fact means, and what each kind of event is."""
        content, wide = self.content, len(GUIDE_WIDTHS)
        page = SheetPage(self.book, content.sheet("guide"), GUIDE_WIDTHS)
        page.put(1, 1, self.say("title", title=content.sheet("guide"), source=content.source), "title")
        page.put(3, 1, self.say("guide-steps"), "section")
        sheets = {name: content.sheet(name) for name in ("firms", "events", "example")}
        for number, key in enumerate(STEPS, 1):
            text = self.say("step", number=number, text=self.say(f"step-{key}", **sheets))
            page.put(3 + number, 1, text, "plain", across=wide)
        facts = [self._about_fact(fact) for of in OFS for fact in content.facts(of)]
        row = len(STEPS) + 5
        self._listing(page, row, "facts", ("where", "fact", "meaning", "how", "answers", "clauses"), facts)
        row += len(facts) + 3
        kinds = [self._about_kind(kind) for kind in content.kinds]
        self._listing(page, row, "kinds", ("clause", "event", "counts", "sum", "gives", "departments"), kinds)
        page.sheet.auto_filter.ref = f"A{row + 1}:{page.letter(wide)}{row + 1 + len(kinds)}"
        page.freeze(2)
        page.for_print(row + 1, page=self.say("page"))

    def _listing(
        self, page: SheetPage, row: int, title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]
    ) -> None:
        page.put(row, 1, self.say(f"guide-{title}"), "section")
        for col, key in enumerate(heads, 1):
            page.put(row + 1, col, self.say(f"guide-{key}"), "head")
        for at, texts in enumerate(rows, row + 2):
            for col, text in enumerate(texts, 1):
                page.put(at, col, text, "plain")

    def _about_fact(self, fact: Fact) -> tuple[str, ...]:
        content = self.content
        return (
            content.sheet("firms" if fact.of == "firm" else "events"),
            content.heading(fact),
            content.text(fact.help),
            content.how(fact),
            content.listed(content.offered(fact)),
            content.clauses(fact),
        )

    def _about_kind(self, kind: Kind) -> tuple[str, ...]:
        content = self.content
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

    # --- the lists

    def list_sheet(self) -> None:
        """Write the hidden lists behind the drop-downs, each under a name, and the facts that each kind asks for."""
        page = SheetPage(self.book, self.content.sheet("lists"), [60] * (len(self.lists) + len(self._asked())))
        page.sheet.sheet_state = "hidden"
        known: dict[tuple[str | int, ...], str] = {}
        for key, answers in self.lists.items():
            at = known.get(tuple(answers)) or self._column(page, len(known) + 1, self.say("list-of", fact=key), answers)
            known[tuple(answers)] = at
            self._name(f"list_{key}", at)
        for col, fact in enumerate(self._asked(), len(known) + 1):
            marks = [int(fact in self.content.asked(kind)) for kind in self.content.kinds]
            self._name(f"asks_{fact.key}", self._column(page, col, self.say("asks", fact=fact.key), marks))

    def _column(self, page: SheetPage, col: int, head: str, values: Sequence[str | int]) -> str:
        for row, value in enumerate((head, *values), 1):
            page.put(row, col, value, "note")
        letter = page.letter(col)
        return f"'{page.sheet.title}'!${letter}$2:${letter}${len(values) + 1}"

    def _name(self, name: str, cells: str) -> None:
        self.book.defined_names[name] = DefinedName(name, attr_text=cells)


def _widths(facts: Sequence[Fact]) -> list[float]:
    return [type_of(fact).width for fact in facts]


def _drop_downs(content: Content) -> dict[str, list[str | int]]:
    """Return the lists behind the drop-downs, by the fact that uses each."""
    lists = {fact.key: [*type_of(fact).drop_down(fact, content)] for of in OFS for fact in content.facts(of)}
    return {key: answers for key, answers in lists.items() if answers}


def _rule(content: Content, fact: Fact, cells: str) -> DataValidation:
    """Return the validation of a fact's cells, with the help shown when one is entered."""
    test = type_of(fact).validation(fact)
    found = DataValidation(**test, allow_blank=True, sqref=cells)
    found.promptTitle = _clip(content.heading(fact), TITLE)
    found.prompt = _clip(f"{content.how(fact)}\n{content.help(fact)}", PROMPT)
    found.showInputMessage = True
    if test:
        found.errorTitle = _clip(content.heading(fact), TITLE)
        found.error = _clip(content.say(f"error-{type_of(fact).hint}"), ERROR)
        found.errorStyle = "stop" if type_of(fact).strict else "warning"
        found.showErrorMessage = True
    return found


def _clip(text: str, most: int) -> str:
    """Return a text cut to what Excel keeps."""
    return text if len(text) <= most else text[: most - 1] + "…"
