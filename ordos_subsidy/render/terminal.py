"""A page on a terminal, by Rich: panels, tables with lines, trees; plain text where it is piped.

Width and colour are arguments; nothing here asks what the output is. Without `colour` the text has no escape code,
and no line ends in blanks. What users typed is cleaned, and is never read as markup, emoji code or a link.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from rich import box
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
from ordos_subsidy.render._clean import plain
from ordos_subsidy.render._flat import flat
from ordos_subsidy.render._wrap import cut, wrap
from ordos_subsidy.render._wrap import width as cells

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

    def __init__(self, text: str, style: str = "", under: Iterable[Wrapped] = ()) -> None:
        self._text, self._style, self._under = plain(text), Style.parse(style), tuple(under)

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
        table.add_row(*(_cell(row[at]) for at in columns))
    if block.total:
        table.add_section()
        table.add_row(*(_cell(block.total[at]) for at in columns))
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


def _cell(cell: Cell) -> Wrapped:
    return _wrapped(cell.text, cell.look, cell.under)


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
            grid.add_row(Wrapped(text, _STYLES[cell.look], (_wrapped(each.text, each.look) for each in cell.under)))
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
        grid.add_row(_Indented(indent, label), _wrapped(text, look))
    yield grid


class _Indented(Wrapped):
    """A label behind blanks, which cleaning would take away."""

    def __init__(self, indent: str, label: str) -> None:
        super().__init__(label, "cyan")
        self._text = f"{indent}{self._text}" if self._text else ""


def _items(block: Items) -> RenderableType:
    grid = RichTable.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column()
    marks = block.marks or ("·",) * len(block.items)
    for mark, item in zip(marks, block.items, strict=True):
        grid.add_row(_wrapped(mark, item.look), _wrapped(item.text, item.look))
    return grid


def _tree(root: Branch) -> Tree:
    tree = Tree(_wrapped(root.text, root.look), guide_style="dim")
    _grow(tree, root)
    return tree


def _grow(tree: Tree, branch: Branch) -> None:
    for each in branch.branches:
        _grow(tree.add(_wrapped(each.text, each.look)), each)
