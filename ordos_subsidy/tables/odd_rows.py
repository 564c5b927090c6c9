"""Rows of a list that are no data: totals, notes, section titles, units, the row that numbers the columns.

A row is looked at closely only where its name, or kind, could belong to such a row, or where nothing else is filled in.
What is passed over is said; only blank rows and headings repeated on a new page go without a word.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import polars as pl

from ordos_subsidy.cells.spelling import fold
from ordos_subsidy.cells.spelling import is_blank as is_nothing
from ordos_subsidy.facts import normal
from ordos_subsidy.tables.headings import lone_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

#: What a row is; "blank" and "heading" are not worth a word.
RowVerdict = Literal[
    "data", "blank", "heading", "total", "note", "section", "name_only", "units", "numbering", "closing"
]

#: Words for totals are not longer than this.
TOTAL_LENGTH = 24
#: What may be no firm, in the regular expressions of Polars: how short texts end that are totals, and what else tells.
_ODD_END = r"[^0-9A-KN-Za-kn-z\u{3400}-\u{4dbf}\u{4e00}-\u{9fff}]$|[计均值数家户个项累汇总]$"
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
    "年",
    "人",
    "个",
    "家",
    "项",
    "件",
    "户",
    "文本",
    "文字",
    "数字",
    "数值",
    "日期",
    "年份",
    "是/否",
    "单位",
    "计量单位",
    "-",
}
#: How the names of organisations end.
_ORGANISATIONS = (
    *(
        "公司",
        "集团",
        "企业",
        "厂",
        "研究院",
        "研究所",
        "设计院",
        "医院",
        "卫生院",
        "学院",
        "大学",
        "学校",
        "中心",
        "实验室",
        "矿",
        "站",
    ),
    *(
        "合作社",
        "协会",
        "学会",
        "商会",
        "基金会",
        "事务所",
        "银行",
        "支行",
        "管委会",
        "委员会",
        "农场",
        "牧场",
        "林场",
        "园",
        "店",
        "基地",
    ),
    *(
        "工作室",
        "商行",
        "经营部",
        "合伙)",
        "局",
        "社",
        "馆",
        "所",
        "院",
        "行",
        "联合会",
        "促进会",
        "平台",
        "队",
        "超市",
        "部",
        "场",
    ),
    *(" ltd", " limited", " inc", " corp", " company", " institute", " university", " college", " hospital"),
    *(" centre", " center"),
)
#: A few words after 公司, none of them of a note on filling in.
_SUFFIXED = re.compile(r"公司[^填报表:,.;、。]{0,24}$")


def is_total(cell: object) -> bool:
    """Whether a cell is a word for a total."""
    return isinstance(cell, str) and len(cell) <= TOTAL_LENGTH and bool(_TOTAL.fullmatch(normal(cell)))


def is_note(cell: object) -> bool:
    """Whether a cell is a note below a table, not the name of a firm."""
    return isinstance(cell, str) and bool(_NOTE.match(fold(cell)))


def is_closing(cell: object) -> bool:
    """Whether a cell says that nothing follows."""
    return isinstance(cell, str) and bool(_CLOSING.fullmatch(fold(cell)))


def is_organisation(cell: object) -> bool:
    """Whether a cell ends as the names of organisations do, whatever number, bracket or short suffix is added."""
    if not isinstance(cell, str):
        return False
    name = fold(cell).casefold().rstrip(".")
    while name.endswith(")") and "(" in name:
        if name.endswith(_ORGANISATIONS):
            return True
        name = name[: name.rindex("(")].rstrip()
    return name.rstrip("0123456789").endswith(_ORGANISATIONS) or bool(_SUFFIXED.search(name))


def is_units(cells: Sequence[object]) -> bool:
    """Whether cells are units, with nothing beside them that could be a value."""
    return any(map(lone_unit, cells)) and all(lone_unit(each) or _beside_units(each) for each in cells)


def _beside_units(cell: object) -> bool:
    return isinstance(cell, str) and (fold(cell) in _UNIT_WORDS or is_nothing(cell))


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
    suspicious = (texts.str.len_chars() <= TOTAL_LENGTH) & texts.str.contains(_ODD_END)
    suspicious |= texts.str.contains(_ODD_SIGN)
    if answers:
        bare = texts.str.replace_all(r"[\s*＊·_—“”「」-]", "").str.to_lowercase()
        suspicious |= bare.is_in(list(answers))
    return [each for each in texts.filter(suspicious.fill_null(value=False)).unique() if is_odd(each, answers)]
