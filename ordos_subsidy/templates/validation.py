"""Data validation of the cells of a book, with the help shown at each; number formats; drop-down lists.

A rule stops what can only be a slip (text for a sum, an answer that is not in the list) and warns of what the
reader would still understand (a year out of the list, several answers, a month in place of a day).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ordos_subsidy.cells import type_of
from ordos_subsidy.facts import Fact
from ordos_subsidy.templates.content import OFS, Content

if TYPE_CHECKING:
    from openpyxl.worksheet.datavalidation import DataValidation

#: What Excel keeps of a prompt and of a title; a longer one makes it repair the file.
PROMPT, TITLE, ERROR = 255, 32, 225


def number_format(fact: Fact) -> str:
    """Return the number format of a fact's cells."""
    return type_of(fact).number_format


@dataclass
class DropDowns:
    """The lists behind the drop-downs of a book, by the fact that uses each."""

    content: Content
    ranges: dict[str, list[str | int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for of in OFS:
            for fact in self.content.facts(of):
                if answers := [*type_of(fact).drop_down(fact, self.content)]:
                    self.ranges[fact.key] = answers


def rule(content: Content, fact: Fact, cells: str) -> DataValidation:
    """Return the validation of a fact's cells, with the help shown when one is entered."""
    from openpyxl.worksheet.datavalidation import DataValidation

    test = type_of(fact).validation(fact)
    found = DataValidation(**test, allow_blank=True, sqref=cells)
    found.promptTitle = clip(content.heading(fact), TITLE)
    found.prompt = clip(f"{content.how(fact)}\n{content.help(fact)}", PROMPT)
    found.showInputMessage = True
    if test:
        found.errorTitle = clip(content.heading(fact), TITLE)
        found.error = clip(content.say(f"error-{type_of(fact).hint}"), ERROR)
        found.errorStyle = "stop" if type_of(fact).strict else "warning"
        found.showErrorMessage = True
    return found


def clip(text: str, most: int) -> str:
    """Return a text cut to what Excel keeps."""
    return text if len(text) <= most else text[: most - 1] + "…"
