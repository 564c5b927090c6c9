"""What a heading says: which fact, in which unit its figures are counted, and of which year they are.

Units stand in brackets, after a slash, after a blank or right at the end of the name; a year stands anywhere. A
bracket that names neither is a note, unless its words make another figure of it (同比增长, 1-3月, 月均): then the
heading is not read, and that is said. A bracket that names money of another kind is no note: figures in dollars must
not pass for yuan.

>>> unit_in("（单位：万元）"), unit_in("含税, 元"), unit_in("万美元"), unit_in("可多选")
('万元', '元', '?', None)
>>> sheet_unit("金额单位：万元"), sheet_unit("单位：元宝山煤业"), sheet_unit("2022年度（元）")
('万元', None, '元')
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from ordos_subsidy.cells import PERCENT, UNITS, type_of
from ordos_subsidy.cells.spelling import fold, shown
from ordos_subsidy.errors import Problem, did_you_mean, warning
from ordos_subsidy.facts import Choice, Fact, Kind, Of, Vocabulary, normal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ordos_subsidy.messages import Text

#: The unit of figures under a heading that names money, but none we know.
STRANGE = "?"

#: Units as headings write them, besides those that may stand beside a figure.
_HEADING_UNITS = {
    "10,000yuan": "万元",
    "10kyuan": "万元",
    "cny10,000": "万元",
    "rmb10,000": "万元",
    "100millionyuan": "亿元",
    "%": PERCENT,
    "％": PERCENT,
}
#: Names of our money that say nothing about tens of thousands.
_CURRENCY = {"rmb", "cny"}
_STRANGE_MONEY = re.compile(r"元|[$€£₽]|美金|欧|港币|日币|usd|eur|hkd|jpy|dollar|万|亿", re.IGNORECASE)

_NUMBERED = re.compile(r"^\s*(?:[（(][0-9一二三四五六七八九十]+[）)]|[0-9一二三四五六七八九十]+[.、．])\s*")
_BRACKETED = re.compile(r"^(.+?)\s*[(\[{【〔]([^()\[\]{}【】〔〕]*)[)\]}】〕]\s*[:*★☆]*$", re.DOTALL)
_BRACKET = re.compile(r"[(\[{【〔]([^()\[\]{}【】〔〕]*)[)\]}】〕]")
_TOKENS = re.compile(r"[\s,;:、]+")
_SPELT = "|".join(sorted((re.escape(unit) for unit in UNITS), key=len, reverse=True))
_TAIL = re.compile(rf"^(.+?)\s*[/|,:\s-]*\s*({_SPELT}|%)\s*[:*]*$", re.IGNORECASE | re.DOTALL)
_SAID = re.compile(
    rf"(?:单位|unit)(?:均|都|一律|统一)?[:为是\s(]+(?:人民币)?({_SPELT})(?![\w/／])|以(?:人民币)?({_SPELT})为单位",
    re.IGNORECASE,
)
_UNIT_LENGTH = 24
#: So many unknown headings are compared with the known ones, which is slow.
NEAR = 48
#: What stands before an item of a statement or a statistics form.
_PART = re.compile(r"^(?:其中|减|加)\s*[:：]\s*|^[①-⑳]\s*")
#: A year in a heading, its words beside it.
_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})\s*(?:年度|年|财年|会计年度)?(?![0-9])\s*(?:[-_·:/]\s*)?")
#: Words in the bracket of a sum that make another figure of it, and those among them that change nothing.
_CHANGES = re.compile(
    r"^[月季日]$|同比|环比|增[长速幅减加量]|下降|上升|减少|占比|比[重例率]|率|[%‰]|平均|[月日人户季]均|季|半年|[0-9一二三四五六七八九十]月|/月|每月"
    r"|当月|本月|月报|月度|累计|预[计算测]|计划|目标|拟|上年|去年|上期|同期|上一?年度|前一?年|[近前][两二三23]年|下年|明年|次年"
    r"|境外|国外|海外|省外|区外|市外|主营|其他|其中|出口|委托|外部|内部|自筹|财政|政府|费用化|资本化|加计|扣除|不含|截[至止]"
)
_CHANGES_NOTHING = re.compile(
    r"(?:本年|全年|年度|当年)累计|不含税|1\s*月?\s*[-—~至到]\s*12\s*月|费用化.{0,3}资本化(?:部分)?|含.{0,3}资本化(?:部分|支出)?|无则填.*|没有填.*"
)
#: What stands behind the name of a recognition in the heading of a column of dates.
_TIME = re.compile(r"(?:时间|日期|年度|年份|年月|年月日)$")
_WHETHER = re.compile(r"^是否(?:为|获批|获得|认定)?|是否$")
_WHEN = re.compile(r"(?:认定|获批|批准|取得|获得|发证|备案|入库|授牌|批复|通过)?(?:时间|日期|年度|年份|年月|年月日)$")
#: A name of so few signs is like too many others to be a hint.
_SHORT_NAME = 2
#: A heading is not longer than this.
LONGEST = 80


def known_unit(text: str) -> str | None:
    """The name of a unit as `cells` knows it."""
    compact = "".join(fold(text).split()).casefold()
    bare = compact.removeprefix("人民币").removesuffix("/年")
    return _HEADING_UNITS.get(compact) or next((each for each in (compact, bare) if each in UNITS), None)


def lone_unit(cell: object) -> str | None:
    """The unit that is all a cell says, in brackets or not."""
    return known_unit(cell.strip("()（） ")) if isinstance(cell, str) and len(cell) <= _UNIT_LENGTH else None


def unit_in(bracket: str) -> str | None:
    """The unit that the words of a bracket name, STRANGE for money of an unknown kind, None for a note."""
    text = fold(bracket).strip("()（）[]【】")
    if whole := known_unit(text):
        return whole
    tokens = _TOKENS.split(text.removeprefix("单位").removeprefix("金额单位"))
    found = {unit for unit in map(known_unit, tokens) if unit}
    found = found - _CURRENCY or found
    if len(found) == 1:
        return found.pop()
    return STRANGE if found or _STRANGE_MONEY.search(text) else None


def sheet_unit(text: str) -> str | None:
    """The unit that a note or a title above a table sets for all of it."""
    text = fold(text)
    if said := _SAID.search(text):
        return known_unit(said[1] or said[2])
    units = {unit_in(each) for each in _BRACKET.findall(text)} - {None, STRANGE, PERCENT}
    return units.pop() if len(units) == 1 else None


#: How the names of organisations end.
_ORGANISATIONS = (
    *("公司", "集团", "企业", "厂", "研究院", "研究所", "设计院", "医院", "卫生院", "学院", "大学", "学校", "中心"),
    *("实验室", "矿", "站", "合作社", "协会", "学会", "商会", "基金会", "事务所", "银行", "支行", "管委会", "委员会"),
    *("农场", "牧场", "林场", "园", "店", "基地", "工作室", "商行", "经营部", "合伙)", "局", "社", "馆", "所", "院"),
    *("行", "联合会", "促进会", "平台", "队", "超市", "部", "场", " ltd", " limited", " inc", " corp", " company"),
    *(" institute", " university", " college", " hospital", " centre", " center"),
)
#: A few words after 公司, none of them of a note on filling in.
_SUFFIXED = re.compile(r"公司[^填报表:,.;、。]{0,24}$")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that was understood; `year` is the one it names, if any."""

    fact: Fact
    unit: str | None = None
    year: int | None = None


class Headings:
    """Looks headings up; each distinct one is worked out once.

    `columns` are the headings that the user has given a meaning: the key of a fact, or "" to pass it over.
    """

    def __init__(self, vocabulary: Vocabulary, columns: Mapping[str, str] | None = None) -> None:
        self.vocabulary = vocabulary
        self._columns = {normal(heading): key for heading, key in (columns or {}).items()}
        self._seen: dict[tuple[Of, str], Heading | None] = {}
        self._near = 0

    def find(self, of: Of, text: object) -> Heading | None:
        """The heading in a cell, or None."""
        if not isinstance(text, str) or len(text) > LONGEST:
            return None
        if (of, text) not in self._seen:
            key = self._mapped(text)
            self._seen[of, text] = self._find(of, fold(text)) if key is None else self._given(of, key, text)
        return self._seen[of, text]

    def subject(self, of: Of) -> Fact | None:
        """The fact that says which firm, or which kind of event, a row is about."""
        return self.vocabulary.role(of, "name" if of == "firm" else "kind")

    def find_either(self, of: Of, text: object) -> Heading | None:
        """The heading in a cell of a table: of its own facts, or of the firm's beside them."""
        return self.find(of, text) or self.find("firm", text)

    def is_mapped(self, text: object) -> bool:
        """Whether the user has given a heading its meaning, or none."""
        return isinstance(text, str) and self._mapped(text) is not None

    def _mapped(self, text: str) -> str | None:
        """The key of the fact that the user made a heading mean, "" for none; None where nothing was said."""
        if not self._columns:
            return None
        return self._columns.get(normal(text), self._columns.get(normal(undressed(text).name)))

    def _given(self, of: Of, key: str, text: str) -> Heading | None:
        """The fact that a heading was given, in the unit and of the year that it names itself."""
        fact, dressed = self.vocabulary.facts.get(key), undressed(text)
        if fact is None or fact.of != of:
            return None
        return Heading(fact, _of(fact, dressed.unit), dressed.year if _may_be_dated(fact) else None)

    def _find(self, of: Of, text: str) -> Heading | None:
        text = _NUMBERED.sub("", text) or text
        if fact := self.vocabulary.find(of, text):
            return Heading(fact)
        if bracketed := _BRACKETED.match(text):
            return self._bracketed(of, bracketed[1], fold(bracketed[2]))
        if tail := _TAIL.match(text):
            inner = self._find(of, tail[1])
            if inner and type_of(inner.fact).unit:
                return replace(inner, unit=_of(inner.fact, known_unit(tail[2])))
        years = _YEAR.findall(text)
        rest = _YEAR.sub("", text).strip(" -_·")
        inner = self._find(of, rest) if len(years) == 1 and rest else None
        return (
            replace(inner, year=int(years[0])) if inner and inner.year is None and _may_be_dated(inner.fact) else None
        )

    def _bracketed(self, of: Of, before: str, inside: str) -> Heading | None:
        """A heading with a bracket behind it."""
        inner = self._find(of, before)
        if inner is None or (_is_counted(inner.fact) and changed_by(inside)):
            return None
        unit, years = _of(inner.fact, unit_in(inside)), _YEAR.findall(inside)
        inner = replace(inner, unit=unit or inner.unit)
        if not years or not _may_be_dated(inner.fact):
            return inner
        return replace(inner, year=int(years[0])) if len(years) == 1 and inner.year is None else None

    def changed(self, of: Of, text: str) -> tuple[Fact, str] | None:
        """The fact that a heading names but for some words, and the words that make another figure of it."""
        dressed = undressed(text)
        fact = self.vocabulary.find(of, dressed.name)
        words = next((words for note in dressed.notes if (words := changed_by(note))), "")
        if fact is None:
            name, known = normal(dressed.name), self.vocabulary.headings[of]
            near = max((each for each in known if name.endswith(each) or name.startswith(each)), key=len, default="")
            fact, words = known.get(near), changed_by(name.replace(near, "", 1)) if near else ""
        return (fact, words) if fact and _is_counted(fact) and words else None

    def why_unread(self, of: Of | Literal["kind"], text: str) -> Text | None:
        """Why a heading is known and not read; None for any other."""
        name = undressed(text).name
        found = self.vocabulary.unread_of(of, text, name, _PART.sub("", name))
        return found.why if found else None

    def recognition(self, text: object) -> tuple[Kind, Choice | None] | None:
        """The kind of event that the heading of a column names, with its level, if it does."""
        if not isinstance(text, str) or len(text) > LONGEST:
            return None
        name = undressed(text).name
        for each in (fold(text), name, _TIME.sub("", name), _WHEN.sub("", name), _WHETHER.sub("", name)):
            kind, level = self.vocabulary.find_leveled(each)
            if kind:
                return kind, level
        return None

    def near(self, of: Of, text: str) -> str:
        """The name of a fact that a heading was perhaps meant to be, or an empty string; looked for NEAR times."""
        self._near += 1
        if self._near > NEAR or self.changed(of, text) or self.why_unread(of, text):
            return ""
        names = {normal(name): name for name in reversed(self.vocabulary.names(of))}
        bare = _BRACKETED.match(fold(text))
        near = names.get(did_you_mean(normal(bare[1] if bare else text), names), "")
        return near if len(near) > _SHORT_NAME else ""


def _of(fact: Fact, unit: str | None) -> str | None:
    """A unit, where the fact has any use for it."""
    if type_of(fact).money:
        return STRANGE if unit == PERCENT else unit
    return unit if type_of(fact).unit == "percent" and unit == PERCENT else None


@dataclass(frozen=True, slots=True)
class Undressed:
    """A heading taken apart: the name left without brackets, unit and year, and these."""

    name: str
    unit: str | None
    year: int | None
    notes: tuple[str, ...]


def undressed(text: str) -> Undressed:
    """A heading without what stands around its name.

    >>> undressed("2022年研发费用（万元）")
    Undressed(name='研发费用', unit='万元', year=2022, notes=('万元',))
    """
    name, notes = _NUMBERED.sub("", fold(text)) or fold(text), []
    while bracketed := _BRACKETED.match(name):
        name = bracketed[1]
        notes.append(bracketed[2])
    units = [unit for note in notes if (unit := unit_in(note))]
    if tail := _TAIL.match(name):
        name = tail[1]
        units.append(known_unit(tail[2]) or STRANGE)
    years = [int(year) for each in (name, *notes) for year in _YEAR.findall(each)]
    if len(_YEAR.findall(name)) == 1:
        name = _YEAR.sub("", name).strip(" -_·") or name
    return Undressed(name, units[0] if len(units) == 1 else None, years[0] if len(years) == 1 else None, tuple(notes))


def changed_by(words: str) -> str:
    """The words that make another figure of a sum, or nothing."""
    words = _CHANGES_NOTHING.sub("", fold(words))
    found = None if known_unit(words) else _CHANGES.search(words)
    return words if found else ""


#: A heading of a figure made of two others, which is none of them.
_OF_TWO = ("占比", "比例", "比重", "率", "强度", "增幅")


def unknown_heading(of: Of, cell: object, where: str, headings: Headings) -> Problem | None:
    """What to say of a heading that is not understood here; None for a blank, and where the user passes it over."""
    if cell is None or not str(cell).strip() or headings.is_mapped(cell):
        return None
    text = str(cell)
    other: Of = "firm" if of == "event" else "event"
    derived = {normal(name) for fact in headings.vocabulary.facts.values() if fact.ratio for name in fact.names}
    code, more = "reading.unknown_heading", {}
    if normal(text) in derived:
        code = "fields.derived_heading"
    elif changed := headings.changed(of, text):
        fact, words = changed
        code, more = "fields.changed_heading", {"words": shown(words), "fact": fact.title.zh, "fact_en": fact.title.en}
    elif why := headings.why_unread(of, text):
        code, more = "fields.unread_heading", {"why": why.zh, "why_en": why.en}
    elif headings.find(other, text):
        code = f"reading.{other}_heading"
    elif not normal(text).rstrip(")）").endswith(_OF_TWO) and (near := headings.near(of, text)):
        code, more = "reading.unknown_heading_near", {"near": near}
    return warning(code, where, given=shown(text), **more)


def _is_counted(fact: Fact) -> bool:
    """Whether a fact is a figure, of which a note may make another one."""
    return fact.role in {None, "amount"} and (type_of(fact).ordered or bool(type_of(fact).unit))


def _may_be_dated(fact: Fact) -> bool:
    return fact.of == "firm" and fact.role is None


def years_in(text: object) -> set[int]:
    """The years that a title names."""
    return set(map(int, re.findall(r"(?<![0-9])(20[0-9]{2})\s*年", fold(text)))) if isinstance(text, str) else set()


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
