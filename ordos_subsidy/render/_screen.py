"""The terminal: lines of cells, painted with rich at a width and with or without colour.

Everything is laid out here before rich sees it: texts are cleaned and wrapped, columns have their widths, and
no markup, emoji code or highlighting of rich touches what a user typed. Columns are set apart by blanks, not by
lines, so that a terminal that draws an ambiguous sign (“ × ≥ –) two cells wide shifts one line and breaks none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

from ordos_subsidy.document import Verdict
from ordos_subsidy.render._clean import plain
from ordos_subsidy.render._wrap import width as cells
from ordos_subsidy.render._wrap import wrap

DEFAULT_WIDTH = 80
NARROWEST = 24
GAP = 2
INDENT = 2

STYLES: dict[Verdict, str] = {"yes": "green", "unknown": "yellow", "no": "red"}
FAINT = "dim"
STRONG = "bold"
HEADING = "bold cyan"


def paint(blocks: Iterable[RenderableType], width: int | None, *, colour: bool) -> str:
    """The text of some blocks; without `colour` there is not one escape code in it."""
    out = StringIO()
    console = Console(
        file=out,
        width=room(width),
        color_system="standard" if colour else None,
        force_terminal=colour,
        no_color=not colour,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
        force_jupyter=False,
        _environ={},
    )
    console.print(Group(*blocks))
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def room(width: int | None) -> int:
    """The cells there are in a line."""
    return max(width or DEFAULT_WIDTH, NARROWEST)


def text(value: str, width: int, style: str = "") -> Text:
    """A cleaned text in lines of a width."""
    return Text("\n".join(wrap(plain(value), width)), style=style, no_wrap=True, overflow="ignore")


def below(value: str, width: int, indent: int, style: str = "") -> RenderableType:
    """Lines under a row, set in by some cells."""
    return Padding(text(value, width - indent, style), (0, 0, 0, indent), expand=False)


def hanging(mark: str, value: str, width: int, style: str = "") -> Text:
    """A text behind a mark, its further lines set in under its first."""
    indent = cells(mark) + 1
    lines = f"\n{' ' * indent}".join(wrap(plain(value), width - indent))
    return Text(f"{mark} {lines}", style=style, no_wrap=True, overflow="ignore")


def rule(width: int, style: str = FAINT) -> Text:
    """A line across."""
    return Text("─" * width, style=style, no_wrap=True, overflow="ignore")


def heading(title: str, says: str, width: int) -> Group:
    """The heading of a section, with a word on how to read it."""
    line = Text("", no_wrap=True, overflow="ignore").append(title, HEADING)
    if says and cells(title) + GAP + cells(says) <= width:
        return Group(Text(""), line.append(" " * GAP + says, FAINT))
    return Group(Text(""), line, *([text(says, width, FAINT)] if says else []))


@dataclass(frozen=True, slots=True)
class Cell:
    """A text in a column with a style, and a fainter one under it."""

    value: str
    style: str = ""
    under: str = ""

    def lines(self, width: int) -> Text:
        """The cell in lines of a width."""
        first = text(self.value, width, self.style)
        if not self.under:
            return first
        # A text of its own, so that the style of the first is not the ground of the second.
        both = Text("", no_wrap=True, overflow="ignore").append_text(first).append("\n")
        return both.append_text(text(self.under, width, FAINT))


def row(content: Sequence[Cell], widths: Sequence[int], *, right: frozenset[int] = frozenset()) -> Table:
    """One line of a table, in columns of fixed widths; `right` names the columns set to the right."""
    columns = [
        Column(width=width, no_wrap=True, overflow="ignore", justify="right" if at in right else "left")
        for at, width in enumerate(widths)
    ]
    grid = Table.grid(*columns, padding=(0, GAP, 0, 0), pad_edge=False)
    grid.add_row(*(cell.lines(width) for cell, width in zip(content, widths, strict=True)))
    return grid


def widest(values: Iterable[str], most: int, least: int = 0) -> int:
    """The width a column needs, within bounds."""
    return min(max((cells(plain(value)) for value in values), default=least), most)


def fit(widths: Sequence[int], width: int) -> list[int]:
    """Column widths that fit a line: as they are, or the widest ones cut down until they do."""
    fitted = list(widths)
    over = sum(fitted) + GAP * (len(fitted) - 1) - width
    for _ in range(max(over, 0)):
        fitted[fitted.index(max(fitted))] -= 1
    return fitted
