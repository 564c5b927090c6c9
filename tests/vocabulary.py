"""A small vocabulary with one fact of every type, independent of any policy."""

from __future__ import annotations

from ordos_subsidy.facts import Choice, Fact, Kind, Of, Vocabulary
from ordos_subsidy.messages import Text

HELP = Text("说明", "help")

PLACES = (
    Choice("north", Text("北旗", "North Banner"), ("北",)),
    Choice("south", Text("南旗（新区）", "South Banner"), ("南",)),
    Choice("outside", Text("市外", "outside"), ("外省",)),
)
TRADES = (
    Choice("coal", Text("煤炭", "coal")),
    Choice("solar", Text("光伏", "solar"), ("太阳能",)),
    Choice("cars", Text("新能源汽车", "new energy vehicles")),
)


def fact(key: str, of: Of, kind: str, zh: str, en: str, **more: object) -> Fact:
    """A fact with a help nobody reads."""
    return Fact(key, of, kind, Text(zh, en), HELP, **more)  # type: ignore[arg-type]


FACTS = (
    fact("name", "firm", "text", "单位名称", "Name of the firm", role="name", required=True, aliases=("企业名称",)),
    fact("code", "firm", "code", "统一社会信用代码", "Credit code", role="id", aliases=("信用代码",)),
    fact("place", "firm", "choice", "所在旗区（园区）", "District", choices=PLACES),
    fact("trades", "firm", "choices", "产业领域", "Industries", choices=TRADES),
    fact("big", "firm", "yes_no", "规模以上", "Above scale"),
    fact("year", "firm", "year", "所属年度", "Fiscal year", role="year", aliases=("年度",)),
    fact("staff", "firm", "count", "职工人数", "Staff"),
    fact("growth", "firm", "percent", "增长率", "Growth"),
    fact("revenue", "firm", "money", "营业收入", "Revenue", minimum=0),
    fact("research", "firm", "money", "研发投入", "R&D expense", minimum=0),
    fact("profit", "firm", "money", "利润", "Profit"),
    fact("intensity", "firm", "ratio", "研发投入强度", "R&D intensity", ratio=("research", "revenue")),
    fact("kind", "event", "kind", "事项", "Event", role="kind", aliases=("申报事项",)),
    fact("date", "event", "date", "取得日期", "Date", role="date", aliases=("日期",)),
    fact("amount", "event", "money", "金额", "Amount", role="amount", minimum=0),
    fact("note", "event", "text", "备注", "Note", role="note", aliases=("说明",)),
)
KINDS = (
    Kind("laboratory", Text("重点实验室", "key laboratory"), HELP, ("实验室",)),
    Kind("incubator", Text("科技企业孵化器", "incubator"), HELP),
    Kind("prize", Text("科学技术奖（第一完成单位）", "science prize"), HELP),
)
SMALL = Vocabulary({each.key: each for each in FACTS}, {each.key: each for each in KINDS})
