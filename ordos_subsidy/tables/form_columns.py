"""The labels above the columns of a form: which columns hold values, of which period, and which hold none.

Statements and statistics forms name their columns in a row of their own (项目 | 行次 | 本期金额 | 上期金额). A column
of line numbers, codes or units is never one of values. Of several columns of values the one that fits is taken: that of
the fiscal year, else of the whole year so far, else of the period; where two fit alike, nobody can tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ordos_subsidy.cells.spelling import fold
from ordos_subsidy.facts import normal

#: Labels of columns, the better the later they stand: of any value, of the period, of the year so far.
_VALUES = (
    {
        *(
            "填写内容",
            "内容",
            "填写",
            "填报内容",
            "填写值",
            "值",
            "数据",
            "填报数据",
            "value",
            "content",
            "answer",
            "entry",
        ),
        *("数量", "金额", "数值", "实际", "实际数", "发生额", "合计", "数额", "amount"),
    },
    {
        *(
            "本期",
            "本期金额",
            "本期数",
            "本期发生额",
            "本年",
            "本年金额",
            "本年数",
            "本年度",
            "本年实际",
            "本年发生额",
            "当年",
            "当期",
        ),
        *("本年度金额", "本年发生数", "报告期", "年度金额", "全年", "全年数"),
    },
    {
        "本年累计",
        "本年累计金额",
        "本年累计数",
        "累计金额",
        "本年累计发生额",
        "全年累计",
        "1-12月",
        "1—12月",
        "1-12月累计",
    },
)
#: Labels of columns that hold no values, or those of another time.
_NOTES = {
    *("说明", "填写说明", "填报说明", "备注", "提示", "填写提示", "要求", "填写要求", "示例", "填写示例", "样例", "例"),
    *(
        "单位",
        "计量单位",
        "金额单位",
        "行次",
        "行号",
        "代码",
        "指标代码",
        "序号",
        "编号",
        "栏次",
        "勾稽关系",
        "审核关系",
    ),
    *("note", "notes", "help", "hint", "guide", "example", "unit", "units", "remarks", "line", "code"),
    *(
        "上期",
        "上期金额",
        "上期数",
        "上期发生额",
        "上年",
        "上年金额",
        "上年数",
        "上年同期",
        "上年同期数",
        "上年实际",
        "上年度",
        "去年",
    ),
    *(
        "去年同期",
        "期初",
        "期初余额",
        "期初数",
        "年初",
        "年初数",
        "年初余额",
        "期末",
        "期末余额",
        "期末数",
        "本月",
        "本月金额",
        "本月数",
    ),
    *(
        "增减",
        "增减额",
        "增减率",
        "增长率",
        "增幅",
        "同比",
        "同比增长",
        "同比增减",
        "比上年增长",
        "预算",
        "预算数",
        "计划",
        "计划数",
    ),
}
_HEADS = {"项目", "指标", "指标名称", "填写项目", "内容", "项目名称", "科目", "科目名称", "填报项目", "item"}
_YEAR_LABELS = ("年度", "年", "年金额", "年数", "年实际", "年度金额", "")


@dataclass(frozen=True)
class Labels:
    """The labels of a form in one row, by column: the rank of a column of values, or the year it is of."""

    row: int
    values: dict[int, int] = field(default_factory=dict)
    years: dict[int, int] = field(default_factory=dict)
    notes: frozenset[int] = frozenset()

    def choose(self, year: int | None) -> list[int]:
        """The columns that fit best for a fiscal year (None: not known); several where there is no telling."""
        if self.years:
            wanted = year if year in self.years.values() else None
            if wanted is None and year is not None:
                return []
            wanted = max(self.years.values()) if wanted is None else wanted
            return [col for col, each in self.years.items() if each == wanted]
        best = max(self.values.values(), default=0)
        return [col for col, rank in self.values.items() if rank == best]


def labels(row: int, cells: Iterable[tuple[int, object]], head: object) -> Labels | None:
    """The labels in some cells of a row, given with their columns; None where it has none.

    `head` is the cell above the headings of the form. A year alone is a label only where the row is one of labels.
    """
    values: dict[int, int] = {}
    years: dict[int, int] = {}
    notes: set[int] = set()
    for col, cell in cells:
        name = normal(cell) if isinstance(cell, str) else ""
        rank = next((rank for rank, names in enumerate(_VALUES) if name in names), None)
        if rank is not None:
            values[col] = rank
        elif name in _NOTES:
            notes.add(col)
        elif year := _year(cell):
            years[col] = year
    is_head = isinstance(head, str) and normal(head) in _HEADS
    if not (values or notes or (years and (is_head or len(years) > 1))):
        return None
    return Labels(row, values, years if is_head or not values else {}, frozenset(notes))


def _year(cell: object) -> int | None:
    """The year that a label is: 2022年, 2022年度, 2022."""
    text = (
        fold(cell)
        if isinstance(cell, str)
        else str(int(cell))
        if isinstance(cell, int | float) and cell == int(cell)
        else ""
    )
    year = text[:4]
    is_year = year.isdecimal() and year.startswith("20") and "".join(text[4:].split()) in _YEAR_LABELS
    return int(year) if is_year else None


def governing(found: Sequence[Labels], row: int) -> Labels | None:
    """The labels that hold for a row: those next above it."""
    return max((each for each in found if each.row < row), key=lambda each: each.row, default=None)
