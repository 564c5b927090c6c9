"""The blocks of a page: headings, text, cards, tables, lists, fields, trees, charts, and parts to fold open.

Texts may hold whatever a user typed: each painter cleans and escapes them for its own medium. A `look` says what
a text means (eligible, uncertain, less important), never a colour.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple, TypeAlias

from ordos_subsidy.messages import Lang, phrase

Look = Literal["", "strong", "faint", "label", "yes", "unknown", "no", "alert"]


class PageHeading(NamedTuple):
    """A heading: level 1 for the page, 2 for a firm or part, 3 for a section; `aside` says how to read it."""

    text: str
    level: int
    aside: str = ""


class Paragraph(NamedTuple):
    """A text of its own."""

    text: str
    look: Look = ""


class Card(NamedTuple):
    """One figure of a summary, with its name and how to read it."""

    name: str
    figure: str
    says: str
    look: Look = ""


class Cards(NamedTuple):
    """The figures of a summary, side by side where there is room."""

    cards: tuple[Card, ...]


class Labelled(NamedTuple):
    """A text behind a label; a label of "" goes on under the one before."""

    label: str
    text: str
    look: Look = ""


class Fields(NamedTuple):
    """Texts with their labels, under a title or none."""

    fields: tuple[Labelled, ...]
    title: str = ""
    look: Look = ""


class Cell(NamedTuple):
    """A text in a table, and lines under it in the same cell."""

    text: str
    look: Look = ""
    under: tuple[Paragraph, ...] = ()


class ColumnHead(NamedTuple):
    """The heading of a column.

    `number`: its texts are figures, set to the right and never broken. `spare`: 0 for a column that is always shown;
    where there is no room, the column with the largest number is left out first. `listed`: of a column that is left
    out, each different text stands once in a line under the table.
    """

    text: str
    number: bool = False
    spare: int = 0
    listed: bool = False


class Table(NamedTuple):
    """A table; `total` is its last row, `flexible` the column that gives way where there is no room.

    `short`: one line a row, a text that does not fit is cut with an ellipsis. `sortable`: a reader may want other
    orders; where a medium can, the headings sort the rows.
    """

    heads: tuple[ColumnHead, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()
    flexible: int = 1
    short: bool = False
    sortable: bool = False


class Items(NamedTuple):
    """A list; `marks` stand before its items: "" for dots."""

    items: tuple[Paragraph, ...]
    marks: tuple[str, ...] = ()


class Branch(NamedTuple):
    """A text of a tree with what hangs under it."""

    text: str
    look: Look = ""
    branches: tuple[Branch, ...] = ()


class Bar(NamedTuple):
    """A bar of a chart: what is at least (`low`) and at most (`high`) given, in fen, and its words.

    `endless`: something in it has no upper bound, and counts in `low` alone.
    """

    label: str
    low: int
    high: int
    endless: bool
    text: str


class Chart(NamedTuple):
    """Bars of one scale under a title; `names` say what the lower and the upper end are."""

    title: str
    names: tuple[str, str]
    bars: tuple[Bar, ...]


class ChartStep(NamedTuple):
    """A part of a line of steps: its first and last value, the sums (fen) at both, both in words, and its sums."""

    values: tuple[int, int]
    assured: tuple[int, int]
    ceiling: tuple[int, int]
    label: str
    end: str
    text: str


class Fold(NamedTuple):
    """Blocks that belong together under a title: a page folds them away, paper keeps them on one sheet."""

    title: str
    aside: str
    look: Look
    blocks: tuple[Block, ...]


class NewSheet(NamedTuple):
    """What follows begins on a new sheet of paper."""


#: Headings up to this level begin a part of the page: the page itself, a firm.
PART = 2

Block: TypeAlias = PageHeading | Paragraph | Cards | Fields | Table | Items | Branch | Chart | Fold | NewSheet


class Page(NamedTuple):
    """What is painted: its title, its language and its blocks."""

    title: str
    lang: Lang
    blocks: tuple[Block, ...]
    #: A line of ASCII that a file carries along unseen, where its format can: see `receipt`.
    receipt: str = ""
    #: The day of evaluation, for formats that bear a date.
    on: dt.date | None = None


# --- what pages are made with

#: The columns of figures, by the phrases of their headings.
_FIGURES = (
    *("least", "most", "interval", "assured", "ceiling", "open_ended", "open_besides", "pending", "eligible_count"),
    *("pending_count", "advice.gap", "advice.cost", "advice.opens", "batch.eligible", "batch.to_verify"),
    *("batch.larger_sum", "fields.map_values"),
)
#: The columns whose texts stand under a table that has no room for them.
_LISTED = ("ask_first", "bring")


def heads(lang: Lang, *keys: str, spare: Mapping[str, int] | None = None) -> tuple[ColumnHead, ...]:
    """The headings of columns by their phrases, those of `show` by the name alone; `spare`: see `ColumnHead`."""
    found = []
    for key in keys:
        text = phrase(key if "." in key else f"show.{key}", lang)
        found.append(ColumnHead(text, key in _FIGURES, (spare or {}).get(key, 0), key in _LISTED))
    return tuple(found)


def cells(texts: Iterable[str], look: Look = "") -> tuple[Cell, ...]:
    """A row of texts that look the same."""
    return tuple(Cell(text, look) for text in texts)


def labelled(label: str, texts: Iterable[str], look: Look = "") -> list[Labelled]:
    """Texts one below the other, the first behind a label."""
    return [Labelled("" if n else label, text, look) for n, text in enumerate(texts)]


def fields(found: Iterable[Labelled], title: str = "", look: Look = "") -> Iterator[Fields]:
    """Texts with their labels as a block, if there are any."""
    if texts := tuple(found):
        yield Fields(texts, title, look)
