r"""A page as one HTML file that needs nothing else: to read on any screen, to print, to send by mail.

No link, no font or picture from elsewhere; the policy in its head lets a browser load nothing but the page's own
style sheet and, where a table can be sorted, its own script, named by their hashes. Every text is escaped by `tag`,
which takes nothing for markup but what it made itself. The same page gives the same bytes.

>>> tag("td", "<b> & \"c\"", class_="note")
'<td class="note">&lt;b&gt; &amp; &quot;c&quot;</td>'
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from html import escape
from pathlib import Path

from ordos_subsidy.messages import phrase
from ordos_subsidy.pages.blocks import (
    PART,
    Block,
    Branch,
    Cards,
    Cell,
    Chart,
    ColumnHead,
    Fields,
    Fold,
    Items,
    NewSheet,
    Page,
    PageHeading,
    Paragraph,
    Table,
)
from ordos_subsidy.render._chart import svg
from ordos_subsidy.render._clean import plain

#: The look of a page, on a wide and a narrow screen, light and dark, and on paper; no meaning in colour alone.
CSS = "\n" + Path(__file__).with_name("page.css").read_text("utf-8")
#: The one script: a heading sorts the rows of its table, sums from the largest, texts from the first, or back.
SORT = "\n" + Path(__file__).with_name("sort.js").read_text("utf-8")
#: The name of the element that holds the receipt of a page, in its content.
RECEIPT = "ordos-subsidy-receipt"


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


def tag(name: str, *content: str, class_: str = "", head: str = "") -> Markup:
    """An element; content that is not markup is escaped. `head`: the heading of the column that a cell is in."""
    inner = "".join(each if isinstance(each, Markup) else escape(plain(each)) for each in content)
    attributes = (("class", class_), ("data-head", plain(head)))
    written = "".join(f' {key}="{escape(value)}"' for key, value in attributes if value)
    return Markup(f"<{name}{written}>{inner}</{name}>")


def paint(page: Page, *, width: int | None = None, colour: bool = False) -> str:
    """The file of a page."""
    sorts = any(isinstance(block, Table) and block.sortable for block in page.blocks)
    allowed = [f"style-src '{_hash(CSS)}'", *([f"script-src '{_hash(SORT)}'"] if sorts else [])]
    rules = "; ".join(["default-src 'none'", *allowed, "base-uri 'none'", "form-action 'none'"])
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="{"zh-CN" if page.lang == "zh" else "en"}">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{rules}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            *([f'<meta name="{RECEIPT}" content="{escape(page.receipt)}">'] if page.receipt else []),
            tag("title", page.title),
            f"<style>{CSS}</style>",
            "</head>",
            "<body>",
            tag("main", *_sections(page)),
            *([f"<script>{SORT}</script>"] if sorts else []),
            "</body>",
            "</html>",
            "",
        ]
    )


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _sections(page: Page) -> Iterator[Markup]:
    """The elements of a page; a heading of the second level begins a section, which prints on a sheet of its own."""
    section: list[Markup] = []
    note = tag("p", phrase("show.on_paper", page.lang), class_="paper")
    for block in page.blocks:
        if isinstance(block, PageHeading) and block.level <= PART and section:
            yield tag("section", *section)
            section = []
        section += [note] if isinstance(block, Fold) and note not in section else []
        section += _elements(block)
    yield tag("section", *section)


def _elements(block: Block) -> Iterator[Markup]:  # noqa: C901 - a case a kind of block
    match block:
        case PageHeading(text, level, aside):
            yield tag(f"h{level}", text, *([" ", tag("small", aside)] if aside else []))
        case Paragraph(text, look):
            yield tag("p", text, class_=look)
        case Cards(cards):
            parts = (
                (tag("dt", each.name), tag("dd", each.figure, class_="figure"), tag("dd", each.says), each.look)
                for each in cards
            )
            yield tag("dl", *(tag("div", *content, class_=look) for *content, look in parts), class_="cards")
        case Table():
            yield _table(block)
        case Fields(fields, title, look):
            if title:
                yield tag("h4", title, class_=look)
            pairs = ((tag("dt", label), tag("dd", text, class_=style)) for label, text, style in fields)
            yield tag("dl", *(each for pair in pairs for each in pair), class_="fields")
        case Items(items, marks):
            shown = marks or ("",) * len(items)
            rows = (tag("li", f"{mark} {item.text}", class_=item.look) for mark, item in zip(shown, items, strict=True))
            yield tag("ul", *rows, class_="marked" if marks else "")
        case Branch():
            yield tag("ul", _branch(block), class_="tree")
        case Chart():
            yield tag("figure", Markup(svg([block])))
        case Fold(title, aside, look, inner):
            head = tag("summary", tag("span", title, class_=look), *([" ", tag("small", aside)] if aside else []))
            yield tag("details", head, *(each for part in inner for each in _elements(part)))
        case NewSheet():
            yield tag("div", class_="sheet")


def _table(block: Table) -> Markup:
    names = [tag("button", head.text) if block.sortable else head.text for head in block.heads]
    heads = tag(
        "tr",
        *(
            tag("th", name, class_="number" if head.number else "")
            for name, head in zip(names, block.heads, strict=True)
        ),
    )
    rows = [tag("tr", *map(_cell, block.heads, row)) for row in block.rows]
    total = [tag("tr", *map(_cell, block.heads, block.total), class_="total")] if block.total else []
    if not block.sortable:
        return tag("table", tag("thead", heads), tag("tbody", *rows, *total))
    bodies = (tag("tbody", *some) for some in (rows, total) if some)
    table = tag("table", tag("thead", heads), *bodies, class_="sortable")
    return Markup(f'<div class="scroll" tabindex="0">{table}</div>')


def _cell(head: ColumnHead, cell: Cell) -> Markup:
    text = tag("span", cell.text, class_=cell.look) if cell.look else cell.text
    under = (tag("span", each.text, class_=f"under {each.look}".strip()) for each in cell.under)
    return tag("td", text, *under, class_="number" if head.number else "", head=head.text)


def _branch(branch: Branch) -> Markup:
    below = [tag("ul", *map(_branch, branch.branches))] if branch.branches else []
    return tag("li", tag("span", branch.text, class_=branch.look), *below)
