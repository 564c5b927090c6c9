r"""The terminal: blocks of lines of styled spans, laid out at a width and painted with or without colour.

Rich measures the cells and writes the colours; the layout is done here, because what a row needs is not in its
tables: lines under a row that run across its columns, and Chinese line breaks. It is also several times as fast,
and no markup, emoji code or highlighting can touch what a user typed. Columns are set apart by blanks, not by
lines, so that a terminal that draws an ambiguous sign (“ × ≥ –) two cells wide shifts one line and breaks none.

>>> paint([row([Cell("条款"), Cell("30万元", "bold")], [6, 10], right=frozenset({1}))], colour=False)
'条款        30万元\n'
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

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

#: A piece of a line and its style, a line, and lines that belong together.
Span = tuple[str, str]
Line = list[Span]
Block = list[Line]

BLANK: Block = [[]]


def paint(blocks: Iterable[Block], *, colour: bool) -> str:
    """The text of some blocks; without `colour` there is not one escape code in it."""
    write = _coloured if colour else _bare
    return "".join(f"{write(line)}\n" for block in blocks for line in block)


def _bare(line: Line) -> str:
    return "".join(text for text, _ in line).rstrip()


def _coloured(line: Line) -> str:
    from rich.color import ColorSystem
    from rich.style import Style

    left = len(_bare(line))
    painted = []
    for text, style in line:
        shown, left = text[:left], max(left - len(text), 0)
        painted.append(Style.parse(style).render(shown, color_system=ColorSystem.STANDARD))
    return "".join(painted)


def room(width: int | None) -> int:
    """The cells there are in a line."""
    return max(width or DEFAULT_WIDTH, NARROWEST)


def text(value: str, width: int, style: str = "") -> Block:
    """A cleaned text in lines of a width."""
    return [[(line, style)] for line in _lines(value, width)]


@lru_cache(maxsize=4096)
def _lines(value: str, width: int) -> tuple[str, ...]:
    """Remembered, because many firms share the words of one policy."""
    return tuple(wrap(plain(value), width))


def below(value: str, width: int, indent: int, style: str = "") -> Block:
    """Lines under a row, set in by some cells."""
    return [[(" " * indent, ""), *line] for line in text(value, width - indent, style)]


def hanging(mark: str, value: str, width: int, style: str = "") -> Block:
    """A text behind a mark, its further lines set in under its first."""
    first, *others = below(value, width, cells(mark) + 1, style)
    return [[(f"{mark} ", style), *first[1:]], *others]


def rule(width: int) -> Block:
    """A line across."""
    return [[("─" * width, FAINT)]]


def heading(title: str, says: str, width: int) -> Block:
    """The heading of a section, with a word on how to read it, after a blank line."""
    if says and cells(title) + GAP + cells(says) <= width:
        return [*BLANK, [(f"{title}{' ' * GAP}", HEADING), (says, FAINT)]]
    return [*BLANK, *text(title, width, HEADING), *(text(says, width, FAINT) if says else [])]


@dataclass(frozen=True, slots=True)
class Cell:
    """A text in a column with a style, and a fainter one under it."""

    value: str
    style: str = ""
    under: str = ""

    def lines(self, width: int) -> Block:
        """The cell in lines of a width."""
        lines = text(self.value, width, self.style)
        return lines + text(self.under, width, FAINT) if self.under else lines


def row(content: Sequence[Cell], widths: Sequence[int], *, right: frozenset[int] = frozenset()) -> Block:
    """One row of a table, in columns of fixed widths; `right` names the columns set to the right."""
    columns = [cell.lines(width) for cell, width in zip(content, widths, strict=True)]
    block = []
    for lines in zip_longest(*columns, fillvalue=[("", "")]):
        line: Line = []
        for at, ([(value, style)], width) in enumerate(zip(lines, widths, strict=True)):
            blanks = (" " * (width - cells(value)), "")
            line += [blanks, (value, style)] if at in right else [(value, style), blanks]
            line.append((" " * GAP, ""))
        block.append(line[:-1])
    return block


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
