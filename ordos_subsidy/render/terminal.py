"""A page on a terminal, by Rich: panels, tables with lines, trees; plain text where it is piped.

Width and colour are arguments; nothing here asks what the output is. Without `colour` the text has no escape code,
and no line ends in blanks. What users typed is cleaned, and is never read as markup, emoji code or a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from rich import box
from rich.cells import cell_len as cells
from rich.cells import chop_cells
from rich.console import Console, ConsoleOptions, JustifyMethod, RenderableType
from rich.measure import Measurement
from rich.panel import Panel
from rich.segment import Segment
from rich.style import Style
from rich.table import Table as RichTable
from rich.text import Text
from rich.tree import Tree

from ordos_subsidy.pages.blocks import (
    PART,
    Block,
    Branch,
    Cards,
    Cell,
    Fields,
    Items,
    Labelled,
    Look,
    Page,
    PageHeading,
    Paragraph,
    Table,
)
from ordos_subsidy.render._clean import flat, plain

DEFAULT_WIDTH = 80
NARROWEST = 24
#: What a column of texts is left at least; the flexible one gets its share of the line before others are dropped.
_LEAST, _SHARE = 24, 0.4
#: What a card takes at least.
_CARD = 17
#: Blanks and a line, between two columns.
_BETWEEN = 3

_STYLES: dict[Look, str] = {
    "": "",
    "strong": "bold",
    "faint": "dim",
    "label": "cyan",
    "yes": "green",
    "unknown": "yellow",
    "no": "red",
    "alert": "bold red",
}
_CLOSING = "-，。、；：？！）》」』】〕”’%‰·…,.;:?!)]}×✓✗"
_OPENING = "（《「『【〔“‘([{≥≤"
_PIECE = re.compile(
    r"（[^（）\s]{1,6}）"  # a short aside
    # An item of a list, of ideographs: their range would take two milliseconds to compile.
    r"|[^\W\dA-Za-z_]{2,9}(?=、)|(?<=、)[^\W\dA-Za-z_]{2,9}(?![^\W\dA-Za-z_])"
    r"|×?[0-9]+(?:[.,:/–-]?[0-9]+)*\s?(?:万元|亿元|元|%|年|月|日|项|家)?"  # a figure and its unit
    r"|[A-Za-z\u00aa-\u02ff\u0370-\u1fff]+"  # a word of a script that has words
    r"|\s+"
    r"|.(?:[\ufe0f\U0001f3fb-\U0001f3ff]?\u200d.)*",  # a character, or several that joiners make one
    re.DOTALL,
)


def paint(page: Page, *, width: int | None = None, colour: bool = False) -> str:
    """The text of a page, no line wider than `width`."""
    room = max(width or DEFAULT_WIDTH, NARROWEST)
    out = StringIO()
    console = Console(
        file=out,
        width=room,
        height=100,
        color_system="standard" if colour else None,
        force_terminal=colour,
        no_color=not colour,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
        soft_wrap=False,
    )
    for n, block in enumerate(flat(page.blocks)):
        if n and isinstance(block, PageHeading) and block.level > 1:
            console.line()
        for renderable in _renderables(block, room):
            console.print(renderable, end="")
    text = out.getvalue()
    return text if colour else "".join(f"{line.rstrip()}\n" for line in text.splitlines())


class Wrapped:
    """A text in lines broken as a Chinese reader expects; in a column that does not wrap, cut with an ellipsis."""

    def __init__(self, text: str, style: str = "", under: Iterable[Wrapped] = (), indent: str = "") -> None:
        clean = plain(text)
        self._text, self._style, self._under = clean and f"{indent}{clean}", Style.parse(style), tuple(under)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        room = max(options.max_width, 1)
        for line in [cut(self._text, room)] if options.no_wrap else wrap(self._text, room):
            blanks = " " * (room - cells(line))
            if options.justify == "right":
                yield Segment(blanks)
            yield Segment(line, self._style)
            if options.justify != "right":
                yield Segment(blanks)
            yield Segment.line()
        for each in self._under:
            yield from each.__rich_console__(console, options)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(1, min(self.widest, max(options.max_width, 1)))

    @property
    def widest(self) -> int:
        """The cells that the text takes on one line."""
        return max(cells(self._text), *(each.widest for each in self._under), 1)


def _wrapped(text: str, look: Look, under: Iterable[Paragraph] = ()) -> Wrapped:
    return Wrapped(text, _STYLES[look], (_wrapped(each.text, each.look) for each in under))


def _renderables(block: Block, room: int) -> Iterator[RenderableType]:
    match block:
        case PageHeading():
            yield _heading(block, room)
        case Paragraph(text, look):
            yield _wrapped(text, look)
        case Cards():
            yield _cards(block, room)
        case Table():
            yield from _table(block, room)
        case Fields():
            yield from _fields(block)
        case Items():
            yield _items(block)
        case Branch():
            yield _tree(block)


def _heading(block: PageHeading, room: int) -> RenderableType:
    style = "bold cyan" if block.level > PART else "bold"
    if not block.aside:
        return Wrapped(block.text, style)
    gap = 2
    if cells(plain(block.text)) + gap + cells(plain(block.aside)) > room:
        return Wrapped(block.text, style, [_wrapped(block.aside, "faint")])
    line = RichTable.grid(padding=(0, gap, 0, 0))
    line.add_row(Wrapped(block.text, style), _wrapped(block.aside, "faint"))
    return line


def _cards(block: Cards, room: int) -> RenderableType:
    """Panels of equal width, as many in a row as there is room for."""
    count = len(block.cards)
    across = max(min(count, room // _CARD), 1)
    if across < count:
        across = -(-count // -(-count // across))  # rows of equal length
    grid = RichTable.grid(expand=True)
    for _ in range(across):
        grid.add_column(ratio=1)
    panels = [
        Panel(
            _wrapped(card.figure, "strong", [Paragraph(card.says, "faint")]),
            title=Text(plain(card.name), _STYLES[card.look]),
            title_align="left",
            border_style=_STYLES[card.look] or "white",
            box=box.ROUNDED,
        )
        for card in block.cards
    ]
    for start in range(0, count, across):
        grid.add_row(*panels[start : start + across])
    return grid


def _table(block: Table, room: int) -> Iterator[RenderableType]:
    """A table with lines; what has no room for columns is set as fields, a row after another."""
    rows = [*block.rows, *([block.total] if block.total else [])]
    wanted = [
        max(cells(plain(head.text)), *(_widest(row[at]) for row in rows), 1) if rows else cells(head.text)
        for at, head in enumerate(block.heads)
    ]
    columns = _columns(block, wanted, room)
    if columns is None:
        yield from _stacked(block, rows)
        return
    table = RichTable(box=box.ROUNDED, border_style="dim", header_style="")
    for at, width in zip(columns, _widths(block, columns, wanted, room), strict=True):
        head = block.heads[at]
        justify: JustifyMethod = "right" if head.number else "left"
        table.add_column(
            Wrapped(head.text, "bold cyan"), justify=justify, no_wrap=head.number or block.short, width=width
        )
    for row in block.rows:
        table.add_row(*(_wrapped(*row[at]) for at in columns))
    if block.total:
        table.add_section()
        table.add_row(*(_wrapped(*block.total[at]) for at in columns))
    yield table
    yield from _left_out(block, columns)


def _left_out(block: Table, columns: Sequence[int]) -> Iterator[RenderableType]:
    """The different texts of columns that had no room, where they are to be listed."""
    fields = []
    for at, head in enumerate(block.heads):
        texts = dict.fromkeys(row[at].text for row in block.rows if row[at].text)
        if head.listed and at not in columns and texts:
            fields.append(Labelled(head.text, " · ".join(texts)))
    if fields:
        yield from _fields(Fields(tuple(fields)))


def _widest(cell: Cell) -> int:
    return max(cells(plain(each)) for each in (cell.text, *(one.text for one in cell.under)))


def _columns(block: Table, wanted: list[int], room: int) -> list[int] | None:
    """The columns to show, those that can be spared dropped one by one; None where even the others do not fit."""
    shown = list(range(len(block.heads)))
    while True:
        least = sum(_least(block, wanted, at, room) + _BETWEEN for at in shown) + 1
        if least <= room:
            return shown
        last = max(shown, key=lambda at: block.heads[at].spare)
        if not block.heads[last].spare:
            break
        shown.remove(last)
    firm = sum(wanted[at] + _BETWEEN for at in shown if block.heads[at].number)
    rest = sum(min(wanted[at], _LEAST // 2) + _BETWEEN for at in shown if not block.heads[at].number)
    return shown if firm + rest < room else None


def _least(block: Table, wanted: list[int], at: int, room: int) -> int:
    """The cells a column needs before others are dropped for it."""
    if at == block.flexible:
        return min(wanted[at], max(_LEAST, int(room * _SHARE)))
    return wanted[at] if block.heads[at].number or block.short else min(wanted[at], _LEAST)


def _widths(block: Table, columns: Sequence[int], wanted: Sequence[int], room: int) -> list[int]:
    """The width of each column: as wide as its texts, or the widest that may give way cut down until all fit."""
    widths = [wanted[at] for at in columns]
    giving = [n for n, at in enumerate(columns) if at == block.flexible or not (block.short or block.heads[at].number)]
    for _ in range(sum(widths) + _BETWEEN * len(widths) + 1 - room):
        widths[max(giving, key=widths.__getitem__)] -= 1
    return widths


def _stacked(block: Table, rows: list[tuple[Cell, ...]]) -> Iterator[RenderableType]:
    for row in rows:
        for at, (head, cell) in enumerate(zip(block.heads, row, strict=True)):
            if not cell.text and not cell.under:
                continue
            text = cell.text if at == 0 else f"  {plain(head.text)} {plain(cell.text)}"
            grid = RichTable.grid(padding=(0, 0, 0, 0 if at == 0 else 2))
            grid.add_column()
            grid.add_row(_wrapped(text, cell.look, cell.under))
            yield grid


def _fields(block: Fields) -> Iterator[RenderableType]:
    """Labels in a column, texts in another."""
    if block.title:
        yield _wrapped(block.title, block.look)
    grid = RichTable.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column()
    indent = "  " if block.title else ""
    for label, text, look in block.fields:
        grid.add_row(Wrapped(label, "cyan", indent=indent), _wrapped(text, look))
    yield grid


def _items(block: Items) -> RenderableType:
    grid = RichTable.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column()
    marks = block.marks or ("·",) * len(block.items)
    for mark, item in zip(marks, block.items, strict=True):
        grid.add_row(_wrapped(mark, item.look), _wrapped(item.text, item.look))
    return grid


def _tree(branch: Branch, parent: Tree | None = None) -> Tree:
    text = _wrapped(branch.text, branch.look)
    tree = parent.add(text) if parent else Tree(text, guide_style="dim")
    for each in branch.branches:
        _tree(each, tree)
    return tree


# --- lines


def _pieces(text: str) -> Iterator[str]:
    """What may not be broken: words, figures with units, characters with the marks that cling to them."""
    held = ""
    for found in _PIECE.finditer(text):
        piece = found[0]
        if held and not (piece[0] in _CLOSING or held[-1] in _OPENING or not cells(piece[0])):
            yield held
            held = ""
        held += piece
    if held:
        yield held


def wrap(text: str, room: int) -> list[str]:
    """The lines of a text, broken where a Chinese or English reader expects it, none wider than `room` cells.

    Chinese text breaks between any two characters, but no line begins with a closing mark (，。）”) or ends with an
    opening one (（《“), and a figure stays with its unit: 500万元 is never cut in two.

    >>> wrap("每年不低于200万元×5年，共1000万元。", 16)
    ['每年不低于', '200万元×5年，共', '1000万元。']
    >>> wrap("an award", 5), wrap("", 5)
    (['an', 'award'], [''])
    """
    if cells(text) <= room:
        return [text.rstrip()]
    lines = [""]
    for piece in _pieces(text):
        if cells(lines[-1] + piece.rstrip()) <= room:
            lines[-1] += piece
        elif cells(piece.strip()) <= room:
            lines.append(piece.lstrip())
        else:
            start, *rest = chop_cells(lines.pop() + piece, max(room, 1))
            lines += [start, *rest]
    return [line.rstrip() for line in lines if line.strip()] or [""]


def cut(text: str, room: int) -> str:
    """A text that fits `room` cells, its end replaced by an ellipsis where it does not.

    >>> cut("规模以上企业研发投入奖补", 11), cut("短", 11)
    ('规模以上企…', '短')
    """
    if cells(text) <= room:
        return text
    return f"{chop_cells(text, room - 1)[0] if room > 1 else ''}…"
