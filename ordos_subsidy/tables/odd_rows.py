"""Which rows of a list are data, and what the others are: totals, notes, section titles, units, numbers of columns.

Most rows are data at first sight: their name is one, and something is filled in beside it. Only the others are looked
at one by one. What is passed over is said; only blank rows and headings repeated on a new page go without a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, cast

import polars as pl

from ordos_subsidy.cells.spelling import fold
from ordos_subsidy.cells.spelling import is_blank as is_nothing
from ordos_subsidy.errors import Problem, Refused, problem, warning
from ordos_subsidy.facts import normal
from ordos_subsidy.tables.columns import ColumnUse, constant_column, is_blank
from ordos_subsidy.tables.headings import Heading, Headings, is_organisation, lone_unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ordos_subsidy.files.grid import CellValue
    from ordos_subsidy.tables.layout import Area

#: What a row is; "blank" and "heading" are not worth a word.
RowVerdict = Literal[
    "data", "blank", "heading", "total", "note", "section", "name_only", "units", "numbering", "closing"
]

OddRows = list[tuple[int, RowVerdict, list[object]]]
"""The rows that are worth a word: their numbers, what they are, and their cells."""

#: More rows than these nobody looks at one by one.
ODD_ROWS = 200_000
#: So many rows below the headings are always looked at: they may hold units, or number the columns.
_FIRST_ROWS = 3
_CELLS = 1 << 19
#: Texts that each stand in more rows than these are made distinct before they are looked at.
_REPEATED = 8
#: Words for totals are not longer than this.
TOTAL_LENGTH = 24
#: What may be no firm, in the regular expressions of Polars: how short texts end that are totals, and what else tells.
_ODD_END = r"[^0-9A-Za-z\u{3400}-\u{4dbf}\u{4e00}-\u{9fff}]$|[^0-9][LMlm]$|[计均值数家户个项累汇总]$"
_ODD_SIGN = (
    r"[:：]|^\s*$|^\s*\S\s*$|以下|无正文|第.{1,9}页|共.{1,9}页|来源|[一二三四五六七八九十]\s*[）)、.．]"
    r"|^[0-9./年月日号\s-]+$|注|备注|说明|附|章|电话|页|\p{Cf}|[^\u{0}-\u{7f}\u{2e80}-\u{9fff}\u{ff00}-\u{ffef}\u{2000}-\u{206f}\u{3000}-\u{303f}]"
)
_TOTAL = re.compile(
    r"(?:.{0,12}(?:合计|总计|小计|共计|累计|汇总|总数)|平均[值数]?|均值|(?:grand)?total|subtotal|sum)"
    r"(?:\(.{0,10}\)|(?:共)?[0-9]+[家户个项])?|[0-9]+[家户个项](?:企业|单位)?(?:合计|共计|总计)",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"(?:注|备注|说明|其中|填表|填报|制表|编制|报出|审核|复核|负责人|单位负责人|统计负责人|联系人|联系电话|电话|经办人|日期|盖章|公章|来源"
    r"|数据来源|资料来源|note)\w{0,8}\s*(?:\(.{0,6}\))?\s*[:.]|注[0-9]|\(?[此本]页无正文|第\s*[0-9一二三四五六七八九十]+\s*页|共\s*[0-9一二三四五六七八九十]+\s*页",
    re.IGNORECASE,
)
_CLOSING = re.compile(r"[-—=*~·…\s(]*(?:以下空白|以下无正文|以下为空白)[-—=*~·…\s)。.]*")
_SECTION = re.compile(r"(?:\([一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}[、.])\s*\S")
_DATE = re.compile(r"[0-9]{4}\s*[年./-]\s*[0-9]{1,2}\s*(?:[月./-]\s*(?:[0-9]{1,2}\s*[日号]?)?)?")
#: The signs that number the columns of a statistics form.
_NUMBERING = re.compile(r"[甲乙丙丁戊己庚辛壬癸]|[A-Za-z]|\(?[0-9]{1,3}\)?|[0-9]{1,3}(?:[=+-][0-9]{1,3})+|[①-⑳]|栏次")
#: What stands in a row of units besides units.
_UNIT_WORDS = {
    *("年", "人", "个", "家", "项", "件", "户", "文本", "文字", "数字", "数值", "日期", "年份", "是/否"),
    *("单位", "计量单位"),
    "-",
}


def is_total(cell: object) -> bool:
    """Whether a cell is a word for a total."""
    return isinstance(cell, str) and len(cell) <= TOTAL_LENGTH and bool(_TOTAL.fullmatch(normal(cell)))


def is_note(cell: object) -> bool:
    """Whether a cell is a note below a table, not the name of a firm."""
    return isinstance(cell, str) and bool(_NOTE.match(fold(cell)))


def is_closing(cell: object) -> bool:
    """Whether a cell says that nothing follows."""
    return isinstance(cell, str) and bool(_CLOSING.fullmatch(fold(cell)))


def is_units(cells: Sequence[object]) -> bool:
    """Whether cells are units, with nothing beside them that could be a value."""
    others = [each for each in cells if not lone_unit(each)]
    is_said = (isinstance(each, str) and (fold(each) in _UNIT_WORDS or is_nothing(each)) for each in others)
    return len(others) < len(cells) and all(is_said)


def is_numbering(cells: Sequence[object]) -> bool:
    """Whether cells number the columns of a form: 甲 乙 1 2 3."""
    signs = [fold(each) if isinstance(each, str) else _whole(each) for each in cells]
    if len(signs) < 2 or not all(_NUMBERING.fullmatch(each) for each in signs):  # noqa: PLR2004 - one is no series
        return False
    numbers = [int(each.strip("()")) for each in signs if each.strip("()").isdecimal()]
    rising = all(later == former + 1 for former, later in pairwise(numbers))
    return (
        rising
        and (not numbers or numbers[0] <= 1 + len(signs) - len(numbers))
        and not any(isinstance(each, bool) for each in cells)
    )


def _whole(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float | int) and cell == int(cell) else "?"


def name_verdict(name: object, answers: frozenset[str], *, alone: bool = True) -> RowVerdict:
    """What a row is by the name of its firm: data, or a row that cannot be one.

    `answers` are what other columns can hold, in the spelling of `normal`: a district is no firm. `alone`: the row
    holds nothing else.
    """
    if not isinstance(name, str):
        return "data"
    text = fold(name)
    if normal(text) in answers:
        return "section"
    if _SECTION.match(text) and (not is_organisation(name) or text.endswith(("企业", "单位"))):
        return "section"
    if is_organisation(name):
        return "data"
    sign = alone and (len(text) == 1 or text.isdecimal())
    return "note" if sign or text.endswith(":") or _DATE.fullmatch(text) or is_note(text) else "data"


def is_odd(text: object, answers: frozenset[str] = frozenset()) -> bool:
    """Whether a text in the column of names tells that its row is no firm."""
    return is_total(text) or is_note(text) or is_closing(text) or name_verdict(text, answers) != "data"


def odd_texts(texts: pl.Series, answers: frozenset[str]) -> list[str]:
    """The distinct texts of a column that tell so; only those that could are looked at."""
    if cast("int", texts.approx_n_unique()) * _REPEATED < len(texts):
        texts = texts.unique()
    suspicious = (texts.str.len_chars() <= TOTAL_LENGTH) & texts.str.contains(_ODD_END)
    suspicious |= texts.str.contains(_ODD_SIGN)
    if answers:
        bare = texts.str.replace_all(r"[\s*＊·_—“”「」-]", "").str.to_lowercase()
        suspicious |= bare.is_in(list(answers))
    return [each for each in texts.filter(suspicious.fill_null(value=False)).unique() if is_odd(each, answers)]


# --- the rows of one list


@dataclass(slots=True)
class ListColumns:
    """The columns of a list, by key of the fact: of its own facts, and beside events of the firm's (`keys`)."""

    facts: dict[str, list[int]] = field(default_factory=dict)
    keys: dict[str, list[int]] = field(default_factory=dict)
    headings: dict[int, Heading] = field(default_factory=dict)
    units: dict[int, str | None] = field(default_factory=dict)
    numbering: set[int] = field(default_factory=set)
    recognitions: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    uses: list[ColumnUse] = field(default_factory=list)

    @property
    def known(self) -> list[int]:
        """The columns that mean something."""
        return [col for cols in (*self.facts.values(), *self.keys.values()) for col in cols]


def judged(area: Area, columns: ListColumns, headings: Headings) -> tuple[pl.Series, OddRows]:
    """The numbers of the rows of data, and the others that are worth a word."""
    judge = _Judge(area, columns, headings)
    rows = pl.int_range(area.top + 1, max(area.bottom, area.top + 1), dtype=pl.UInt32, eager=True)
    plain = judge.plain()
    if plain.all():
        return rows, []
    looked = _looked_at(area, plain)
    kept: list[int] = []
    odd: OddRows = []
    is_first = not plain.head(looked[0] - area.top - 1).any() if looked else False
    for row, line in zip(looked, _lines(area, looked), strict=True):
        cells: list[object] = [None] * area.cols.start + [*line[area.cols.start : area.cols.stop]]
        verdict = judge.verdict(cells, is_first=is_first)
        is_first = is_first and verdict in ("units", "numbering", "blank", "heading")
        if verdict == "data":
            kept.append(row)
        elif verdict not in ("blank", "heading"):
            odd.append((row, verdict, cells))
        if verdict == "closing":
            left = plain.slice(row - area.top).sum() + sum(each > row for each in looked)
            plain = plain & (rows <= row)
            if left:
                at = area.place(row, area.cols.start)
                columns.problems.append(warning("reading.below_closing", at, count=left))
            break
    if kept:
        plain = plain.scatter([row - area.top - 1 for row in kept], values=True)
    return rows.filter(plain), odd


def _looked_at(area: Area, plain: pl.Series) -> list[int]:
    """The rows in which something is filled, but which are not plainly data."""
    looked = [area.top + 1 + row for row in (_filled(area, area.cols, plain) & ~plain).arg_true()]
    if len(looked) > ODD_ROWS:
        at = area.place(looked[0], area.cols.start)
        raise Refused([problem("reading.too_many_odd_rows", at, limit=f"{ODD_ROWS:,}")])
    return looked


def _filled(area: Area, cols: Sequence[int], known: pl.Series) -> pl.Series:
    """Which rows are filled in some columns; those that are `known` need not be looked at."""
    filled = known
    for col in cols:
        if filled.all():
            break
        filled = filled | area.below(col).filled()
    return filled


def _lines(area: Area, rows: list[int]) -> Iterator[list[CellValue]]:
    """Some rows, of which no more are in memory at once than some hundred thousand cells."""
    step = max(1, _CELLS // max(1, area.sheet.width))
    for start in range(0, len(rows), step):
        yield from area.sheet.lines(rows[start : start + step])


class _Judge:
    """Judges the rows of a list: all at first sight, and single ones closely."""

    def __init__(self, area: Area, columns: ListColumns, headings: Headings) -> None:
        self._area, self._columns, self._known = area, columns, columns.known
        self._vocabulary = headings.vocabulary
        subject = headings.subject(area.of)
        self._names = columns.facts.get(subject.key, []) if subject else []
        #: The columns in which the word for a total may stand.
        self._telling = sorted({*self._names, *(col for cols in columns.keys.values() for col in cols)})
        self._telling = self._telling or self._known[:1]
        self._answers = self._vocabulary.answers if area.of == "firm" else frozenset()

    def plain(self) -> pl.Series:
        """Which rows are data at first sight: nearly every row is, and a few of its cells tell."""
        area = self._area
        head = [cell for col in self._telling if isinstance(cell := area.head[col], str)]
        plain = area.below(self._telling[0]).present()
        for col in {min([*self._known, *self._columns.numbering]), *self._telling}:
            if (text := area.below(col).text) is not None:
                plain &= ~text.is_in([*odd_texts(text, self._answers), *head]).fill_null(value=False)
        others = [col for col in self._known if col not in self._telling]
        if area.of == "firm" and others:
            plain &= _filled(area, others, constant_column(len(plain), value=False))
        first = min(_FIRST_ROWS, len(plain))
        return plain.scatter(list(range(first)), values=False) if first else plain

    def verdict(self, cells: list[object], *, is_first: bool) -> RowVerdict:
        """What a row is; the first rows below the headings may hold units, or number the columns."""
        filled = {col: cell for col, cell in enumerate(cells) if not is_blank(cell)}
        if not filled:
            return "blank"
        first = next(iter(filled.values()))
        known = [col for col in self._known if col in filled]
        if known and all(filled[col] == self._area.head[col] for col in known):
            return "heading"
        words = [first, *(cells[col] for col in self._telling)]
        tests: tuple[tuple[RowVerdict, bool], ...] = (
            ("closing", any(map(is_closing, words))),
            ("total", any(map(is_total, words))),
            ("note", is_note(first)),
            ("units", is_first and is_units(list(filled.values()))),
            ("numbering", is_first and is_numbering(list(filled.values()))),
        )
        found = next((each for each, holds in tests if holds), None)
        name = next((filled[col] for col in self._names if col in filled), None)
        return found or (self._firm(filled, known, name) if self._area.of == "firm" else self._event(known, name))

    def _firm(self, filled: dict[int, object], known: list[int], name: object) -> RowVerdict:
        """What a row is by the name in it, and by what else it holds."""
        if name is None:
            alone = len(filled) == 1 and isinstance(next(iter(filled.values())), str) and not known
            return "data" if known else "note" if alone else "blank"
        others = set(filled) - {*self._names, *self._columns.numbering}
        alone = not others and len(self._known) > len(self._names)
        verdict = name_verdict(name, self._answers, alone=alone)
        return "name_only" if verdict == "data" and alone and not is_organisation(name) else verdict

    def _event(self, known: list[int], kind: object) -> RowVerdict:
        is_kind = not isinstance(kind, str) or self._vocabulary.find_kind(kind)
        verdict = "data" if is_kind else name_verdict(kind, frozenset())
        return "blank" if verdict == "data" and not known else verdict
