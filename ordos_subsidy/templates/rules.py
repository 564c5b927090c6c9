"""What a cell accepts and what it tells the clerk who enters it: data validation, formats, drop-down lists.

A rule stops what can only be a slip (text for a sum, an answer that is not in the list) and warns of what the
reader would still understand (a year out of the list, several answers, a month in place of a day).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ordos_subsidy.cells.answers import CODE_LENGTH
from ordos_subsidy.cells.figures import YEARS
from ordos_subsidy.facts import MONEY_LIMIT, Fact
from ordos_subsidy.money import FEN_A_WAN
from ordos_subsidy.templates.content import OFS, Content

if TYPE_CHECKING:
    from openpyxl.worksheet.datavalidation import DataValidation

#: What Excel keeps of a prompt and of a title; a longer one makes it repair the file.
PROMPT, TITLE, ERROR = 255, 32, 225
#: The first year in the drop-down lies so long before the policy's first day, and the list is so long.
YEARS_BEFORE, YEARS_LISTED = 1, 12
FORMATS = {
    "money": "#,##0.00####",
    "date": "yyyy-mm-dd",
    "year": "0",
    "count": "#,##0",
    "text": "@",
    "code": "@",
    # A cell in Excel's percent format holds 0.6 for 60%, but 60 where it was pasted; text says what was typed.
    "percent": "@",
}
_STOPS = {"yes_no", "choice", "kind", "money", "count"}


def number_format(fact: Fact) -> str:
    """The number format of a fact's cells."""
    return FORMATS.get(fact.type, "General")


@dataclass
class Lists:
    """The drop-downs of a book: which answers, under which name of a range."""

    content: Content
    ranges: dict[str, list[str | int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for of in OFS:
            for fact in self.content.facts(of):
                if answers := self._answers(fact):
                    self.ranges[fact.key] = answers

    def _answers(self, fact: Fact) -> list[str | int]:
        match fact.type:
            case "yes_no":
                return [self.content.say("yes"), self.content.say("no")]
            case "choice" | "choices":
                return [*self.content.offered(fact)]
            case "kind":
                return [self.content.text(kind.title) for kind in self.content.kinds]
            case "year":
                first = self.content.policies.head.effective.year - YEARS_BEFORE
                return [*range(first, first + YEARS_LISTED)]
        return []


def rule(content: Content, fact: Fact, cells: str) -> DataValidation:
    """The validation of a fact's cells, with the help that shows when one is entered."""
    from openpyxl.worksheet.datavalidation import DataValidation

    test = _test(fact)
    found = DataValidation(**test, allow_blank=True, sqref=cells)
    found.promptTitle = clip(content.heading(fact), TITLE)
    found.prompt = clip(f"{content.how(fact)}\n{content.help(fact)}", PROMPT)
    found.showInputMessage = True
    if test:
        found.errorTitle = clip(content.heading(fact), TITLE)
        found.error = clip(content.say(f"error-{fact.type.replace('_', '-')}"), ERROR)
        found.errorStyle = "stop" if fact.type in _STOPS else "warning"
        found.showErrorMessage = True
    return found


def _test(fact: Fact) -> dict[str, Any]:
    """The type of a validation and its bounds, as openpyxl's arguments."""
    match fact.type:
        case "yes_no" | "choice" | "choices" | "kind" | "year":
            return {"type": "list", "formula1": f"list_{fact.key}"}
        case "money":
            most = MONEY_LIMIT // FEN_A_WAN
            return _between("decimal", 0 if fact.minimum == 0 else -most, most)
        case "count":
            return _between("whole", 0, 10**12)
        case "date":
            return _between("date", f"DATE({YEARS[0]},1,1)", f"DATE({YEARS[-1]},12,31)")
        case "code":
            return {"type": "textLength", "operator": "equal", "formula1": f"{CODE_LENGTH}"}
    return {}


def _between(kind: str, least: object, most: object) -> dict[str, Any]:
    return {"type": kind, "operator": "between", "formula1": f"{least}", "formula2": f"{most}"}


def clip(text: str, most: int) -> str:
    """A text cut to what Excel keeps."""
    return text if len(text) <= most else text[: most - 1] + "…"
