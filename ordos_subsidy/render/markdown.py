r"""A page as Markdown, for a note or an issue: headings, tables and lists, and no markup but ours.

What users typed is escaped: no link, image, code, HTML or emphasis comes of it, and no pipe ends a cell. An at
sign is written full width, because GitHub makes links of e-mail addresses and mentions even when escaped.

>>> escape("[a](http://b.c) | `d` <e> f@g.h *i*")
'\\[a\\](http\\://b.c) \\| \\`d\\` \\<e\\> f＠g.h \\*i\\*'
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from ordos_subsidy.messages import phrase
from ordos_subsidy.pages.blocks import Block, Branch, Cards, Cell, Fields, Items, Page, PageHeading, Paragraph, Table
from ordos_subsidy.render._clean import flat, plain

_MARKS = re.compile(r"[\\`*_\[\]<>|~$&#]|:(?=//)|(?<=\bwww)\.")
_BLOCK = re.compile(r"^(?=[-+=])|^(\d+)(?=[.)](?:\s|$))")


def escape(text: str) -> str:
    """A text that Markdown shows as it is, on one line."""
    escaped = _MARKS.sub(lambda found: f"\\{found[0]}", plain(text).replace("@", "＠"))
    return _BLOCK.sub(lambda found: f"{found[1]}\\" if found[1] else "\\", escaped)


def paint(page: Page, *, width: int | None = None, colour: bool = False) -> str:
    """The text of a page."""
    pieces = [_piece(block, page) for block in flat(page.blocks)]
    return "\n\n".join(piece for piece in pieces if piece) + "\n"


def _piece(block: Block, page: Page) -> str:  # noqa: PLR0911 - a line a kind of block
    match block:
        case PageHeading(text, level, aside):
            heading = f"{'#' * level} {escape(text)}"
            return f"{heading}\n\n{escape(aside)}" if aside else heading
        case Paragraph(text, look):
            return f"**{escape(text)}**" if look not in {"", "faint"} else escape(text)
        case Cards(cards):
            rows = [tuple(map(Cell, (card.name, card.figure, card.says))) for card in cards]
            return _table(("", phrase("show.amount", page.lang), ""), rows, {1})
        case Table(heads, rows_, total):
            numbers = {at for at, head in enumerate(heads) if head.number}
            return _table([head.text for head in heads], [*rows_, *([total] if total else [])], numbers)
        case Fields(fields, title):
            lines = [f"- {f'**{escape(label)}** ' if label else ''}{escape(text)}" for label, text, _ in fields]
            return "\n\n".join(filter(None, (f"**{escape(title)}**" if title else "", "\n".join(lines))))
        case Items(items, marks):
            shown = marks or ("",) * len(items)
            return "\n".join(f"- {escape(f'{mark} {item.text}')}" for mark, item in zip(shown, items, strict=True))
        case Branch():
            return "\n".join(_branches(block, 0))
        case _:
            return ""


def _table(heads: Sequence[str], rows: Iterable[tuple[Cell, ...]], numbers: Collection[int]) -> str:
    marks = ("---:" if at in numbers else "---" for at in range(len(heads)))
    lines = [map(escape, heads), marks, *(map(_cell, row) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(cell: Cell) -> str:
    return "；".join(escape(text) for text in (cell.text, *(each.text for each in cell.under)) if text)


def _branches(branch: Branch, depth: int) -> Iterator[str]:
    yield f"{'  ' * depth}- {escape(branch.text)}"
    for each in branch.branches:
        yield from _branches(each, depth + 1)
