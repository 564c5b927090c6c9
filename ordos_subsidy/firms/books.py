"""A book of sheets as records: which sheets count, and what each holds.

All sheets with firms or events count, unless one bears the name that our templates use: then the others are
passed over, and said. Hidden sheets, and the example and explanation pages of templates, are never read.
"""

from __future__ import annotations

from ordos_subsidy.cells.spelling import clean
from ordos_subsidy.errors import Problem, warning
from ordos_subsidy.facts import Of, Vocabulary
from ordos_subsidy.files.raw import Book
from ordos_subsidy.firms import forms, grids
from ordos_subsidy.firms.headings import Headings
from ordos_subsidy.firms.layout import Area, areas, called, is_explanation
from ordos_subsidy.firms.records import Records

_PREFERRED: dict[Of, str] = {"firm": "sheet_firms", "event": "sheet_events"}


def read(book: Book, of: Of, vocabulary: Vocabulary) -> tuple[list[Records], list[Problem]]:
    """The records of firms or of events in a book, and what is to be said about its sheets."""
    headings = Headings(vocabulary)
    sheets = [sheet for sheet in book.sheets if not is_explanation(sheet)]
    found = [area for sheet in sheets for area in areas(sheet, vocabulary, headings) if area.of == of]
    whole = [area for area in found if _is_whole(area, vocabulary)]
    visible = [area for area in whole if not area.sheet.hidden]
    chosen = [area for area in visible if called(area.sheet, _PREFERRED[of])] or visible
    if not chosen:
        chosen = [area for area in found if not area.sheet.hidden]
    problems = [
        warning(
            f"reading.sheet_{'hidden' if area.sheet.hidden else 'passed_over'}", f"{book.name}!{clean(area.sheet.name)}"
        )
        for area in whole
        if area not in chosen
    ]
    return [_records(book, area, vocabulary, headings) for area in chosen], problems


def _is_whole(area: Area, vocabulary: Vocabulary) -> bool:
    """Whether an area has the heading without which its rows mean nothing; a list of answers has not."""
    role = vocabulary.role(area.of, "name" if area.of == "firm" else "kind")
    return role is None or (area.has(role.key) and (area.of == "firm" or len(area.marks) > 1 or not area.sheet.hidden))


def _records(book: Book, area: Area, vocabulary: Vocabulary, headings: Headings) -> Records:
    where = grids.Where(book.name, area, sheets=book.kind not in {"csv", "parquet"})
    read_area = forms.read if area.shape == "form" else grids.read
    return read_area(area, where, vocabulary, headings)
