"""The columns of all result tables: keys, what they hold, widths and headings.

>>> [field.heading("zh") for field in AWARDS[:4]], CLAUSE_SUMS[0].heading("en")
(['单位名称', '统一社会信用代码', '类别', '条款'], 'Assured (10,000 yuan)')
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, TypeAlias

import polars as pl

from ordos_subsidy.conditions import Compare, walk
from ordos_subsidy.facts import Fact
from ordos_subsidy.messages import Lang, phrase
from ordos_subsidy.pages.blocks import Labelled, PageHeading, Paragraph
from ordos_subsidy.policy import Policies

Holds = Literal["text", "money", "count", "number", "year"]
ViewName = Literal[
    "front",
    "firms",
    "awards",
    "preferences",
    "years",
    "missing",
    "hints",
    "asked",
    "clauses",
    "districts",
    "problems",
    "receipt",
]
#: What stands over the table of a front sheet.
Above: TypeAlias = PageHeading | Paragraph | Labelled

SUMS = ("assured", "ceiling", "open_ended", "pending", "pending_open")
#: The columns of people's money, and what each is called among the sums of people.
PEOPLE = (("people_low", "low"), ("people_high", "high"), ("people_pending_sum", "pending"))
COUNTS = ("open_ended", "pending_open", "eligible", "to_verify", "firms", "firms_eligible")


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its key, what it holds, its width in a sheet.

    `phrase`: the phrase of its heading, where that is not `show.` and the key. `label`: the heading itself, where a
    policy gives it. `keyed` false: it holds words that keys say already, and is left out of tables for programs.
    """

    key: str
    holds: Holds = "text"
    width: int = 12
    phrase: str = ""
    label: str = ""
    keyed: bool = True

    def heading(self, lang: Lang) -> str:
        """The heading a person reads."""
        if self.label:
            return self.label
        name = phrase(self.phrase or f"show.{self.key}", lang)
        summed = self.holds == "money" and self.key in (*SUMS, *dict(PEOPLE))
        return phrase("show.sum_wan", lang, name=name) if summed else name


class Bars(NamedTuple):
    """A chart of two columns of sums, `low` and `high`, with a column of names."""

    title: str
    names: str
    sums: tuple[str, str]


@dataclass(frozen=True, slots=True)
class View:
    """A table and what its columns are; `foot`: how many rows at its end are totals and remarks.

    `above` and `bars`: of a front sheet, the lines over the table and the chart under it.
    """

    name: ViewName
    fields: tuple[Field, ...]
    frame: pl.DataFrame
    foot: int = 0
    above: tuple[Above, ...] = ()
    bars: Bars | None = None


def view(name: ViewName, fields: tuple[Field, ...], frame: pl.DataFrame, foot: int = 0) -> View:
    """A view of the columns of a frame that are its fields'."""
    return View(name, fields, frame.select(field.key for field in fields), foot)


#: Texts under the heading `show.` and the key, by their width in a sheet.
_TEXTS = {
    8: "severity",
    9: "verdict",
    10: "section reference recipient amount_kind",
    11: "years",
    12: "date year",
    14: "ask_first",
    20: "document",
    21: "code",
    22: "missing_facts fact",
    24: "event",
    26: "measure_id",
    30: "group",
    40: "departments remark where",
    60: "decides_head problem remedy",
}
#: Words that keys say already, by their width.
_WORDS = {8: "open_high", 20: "amount_words", 30: "measure", 36: "reason notes"}
#: Sums of rows, by the phrases of their headings.
_WAN = ("low_wan", "high_wan", "counts_low_wan", "counts_high_wan")
_ALL = {
    each.key: each
    for each in (
        *(Field(key, width=width) for width, keys in _TEXTS.items() for key in keys.split()),
        *(Field(key, width=width, keyed=False) for width, keys in _WORDS.items() for key in keys.split()),
        *(Field(key, "money", 17) for key in (*SUMS, *dict(PEOPLE)) if key not in COUNTS),
        *(Field(key, "count", 14, f"show.{key}" if key in SUMS else f"batch.{key}") for key in COUNTS),
        *(Field(name.removesuffix("_wan"), "money", 14, f"show.{name}") for name in _WAN),
        Field("name", width=30, phrase="show.firm"),
        Field("event_amount", "money", 14, "show.event_wan"),
        Field("note", width=20, phrase="show.remark"),
        Field("clause_number", "number", 8),
        Field("place", width=30, phrase="batch.place"),
        Field("heading", width=40, phrase="batch.heading"),
        Field("open_ended", "count", 14, "show.open_ended_count"),
        Field("sum_at_stake", "money", 18),
        Field("fill_in", width=36, phrase="show.place"),
        Field("gap", width=12, phrase="advice.gap"),
        Field("unit", width=12, phrase="advice.unit"),
        Field("price", "money", 18, "advice.price"),
    )
}


def _fields(keys: str, widths: Mapping[int, str] | None = None) -> tuple[Field, ...]:
    """Columns by their keys; `widths`: those that differ in this table."""
    own = {key: width for width, some in (widths or {}).items() for key in some.split()}
    return tuple(replace(_ALL[key], width=own.get(key, _ALL[key].width)) for key in keys.split())


#: What all awards of a clause, a district or a firm come to, and how many there are.
CLAUSE_SUMS = _fields("assured ceiling open_ended pending pending_open eligible to_verify")
AWARDS = _fields(
    "name code section reference measure event date event_amount verdict amount_words low high open_high recipient"
    " counts_low counts_high years departments missing_facts reason notes note document amount_kind clause_number"
    " measure_id place"
)
#: The last column of the awards that goes on paper: more of them would be too small to read.
LAST_PRINTED = "years"
_YEAR_KEYS = (Field("year", "year"), Field("years", "count"))
#: The same for programs: keys instead of words, and the first year with the number of years.
AWARD_KEYS = tuple(
    each for field in AWARDS if field.keyed for each in (_YEAR_KEYS if field.key == "years" else (field,))
)
PREFERENCES = _fields(
    "name code reference measure verdict group missing_facts reason departments notes document measure_id"
)
YEARS = (*_fields("name code year"), *CLAUSE_SUMS[: len(SUMS)])
MISSING = _fields("name code fact sum_at_stake pending_open fill_in decides_head")
#: The same over all firms: one row a fact.
ASKED = _fields("fact firms sum_at_stake pending_open", {30: "fact"})
#: What firms just miss, one row a firm and measure.
HINTS = (
    *_fields("name code reference measure"),
    Field("fact", width=22, phrase="advice.fact"),
    *_fields("gap unit price low high verdict departments clause_number measure_id place"),
)
PROBLEMS = _fields("name severity where problem remedy")
#: What is said of a firm in a workbook of many.
(REMARK,) = _fields("remark")
#: The front sheet of one firm, a line an award; and of many, a line a clause.
FRONT_AWARDS = _fields(
    "reference verdict measure amount_words low high years ask_first",
    {10: "verdict", 12: "reference", 13: "low high", 24: "amount_words", 36: "measure"},
)
FRONT_CLAUSES = _fields("reference eligible heading assured ceiling open_ended pending", {12: "reference"})


def place_fact(policies: Policies) -> Fact | None:
    """The fact that says where a firm belongs: the choice in the policy's scope, else the first choice there is."""
    words = walk(policies.scope) if policies.scope else ()
    scope = [word.fact for word in words if isinstance(word, Compare) and word.fact.type == "choice"]
    return next((fact for fact in (*scope, *policies.vocabulary.of("firm")) if fact.type == "choice"), None)


def firm_fields(policies: Policies, lang: Lang) -> tuple[Field, ...]:
    """The columns of the table of firms."""
    fact = place_fact(policies)
    where = (Field("place_of", width=16, label=fact.title.in_(lang)),) if fact else ()
    people = _fields(" ".join(dict(PEOPLE)))
    return (*_fields("name code"), *where, *CLAUSE_SUMS, *people, *_fields("place"))


def clause_fields(*, worded: bool) -> tuple[Field, ...]:
    """The columns of the table of clauses; `worded`: its years are words, for totals stand among them."""
    year = Field("year", "text" if worded else "year", 10)
    return (*_fields("reference heading"), year, *CLAUSE_SUMS, *_fields("clause_number"))


def district_fields(fact: Fact, lang: Lang) -> tuple[Field, ...]:
    """The columns of the table of districts, which are the answers of a fact."""
    where = Field("place_of", width=24, label=fact.title.in_(lang))
    return (where, *_fields("firms firms_eligible"), *CLAUSE_SUMS)
