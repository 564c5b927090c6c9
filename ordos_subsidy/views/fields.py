"""The columns of all result tables: keys, what they hold, widths and headings.

>>> [field.heading("zh") for field in AWARDS[:4]], CLAUSE_SUMS[0].heading("en")
(['单位名称', '统一社会信用代码', '类别', '条款'], 'Assured (10,000 yuan)')
"""

from __future__ import annotations

from dataclasses import dataclass
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


def _sum(key: str) -> Field:
    if key in COUNTS:
        where = "show" if key in SUMS else "batch"
        return Field(key, "count", 14, f"{where}.{'open_ended_count' if key == 'open_ended' else key}")
    return Field(key, "money", 17)


NAME, CODE = Field("name", width=30, phrase="show.firm"), Field("code", width=21)
DEPARTMENTS, MISSING_FACTS = Field("departments", width=40), Field("missing_facts", width=22)
#: What is said of a firm in a workbook of many.
REMARK = Field("remark", width=40)
REFERENCE, MEASURE = Field("reference", width=10), Field("measure", width=30, keyed=False)
VERDICT, REASON, NOTES = (
    Field("verdict", width=9),
    Field("reason", width=36, keyed=False),
    Field("notes", width=36, keyed=False),
)
DOCUMENT, MEASURE_ID = Field("document", width=20), Field("measure_id", width=26)
#: What all awards of a clause, a district or a firm come to, and how many there are.
CLAUSE_SUMS = (*map(_sum, SUMS), _sum("eligible"), _sum("to_verify"))

AWARDS = (
    NAME,
    CODE,
    Field("section", width=10),
    REFERENCE,
    MEASURE,
    Field("event", width=24),
    Field("date", width=12),
    Field("event_amount", "money", 14, "show.event_wan"),
    VERDICT,
    Field("amount_words", width=20, keyed=False),
    Field("low", "money", 14, "show.low_wan"),
    Field("high", "money", 14, "show.high_wan"),
    Field("open_high", width=8, keyed=False),
    Field("recipient", width=10),
    Field("counts_low", "money", 14, "show.counts_low_wan"),
    Field("counts_high", "money", 14, "show.counts_high_wan"),
    Field("years", width=11),
    DEPARTMENTS,
    MISSING_FACTS,
    REASON,
    NOTES,
    Field("note", width=20, phrase="show.remark"),
    DOCUMENT,
    Field("amount_kind", width=10),
    Field("clause_number", "number", 8),
    MEASURE_ID,
    Field("place", width=30, phrase="batch.place"),
)
#: The last column of the awards that goes on paper: more of them would be too small to read.
LAST_PRINTED = "years"
_YEAR_KEYS = (Field("year", "year"), Field("years", "count"))
#: The same for programs: keys instead of words, and the first year with the number of years.
AWARD_KEYS = tuple(
    each for field in AWARDS if field.keyed for each in (_YEAR_KEYS if field.key == "years" else (field,))
)

PREFERENCES = (
    NAME,
    CODE,
    REFERENCE,
    MEASURE,
    VERDICT,
    Field("group", width=30),
    MISSING_FACTS,
    REASON,
    DEPARTMENTS,
    NOTES,
    DOCUMENT,
    MEASURE_ID,
)
YEARS = (NAME, CODE, Field("year", width=12), *map(_sum, SUMS))
MISSING = (
    NAME,
    CODE,
    Field("fact", width=22),
    Field("sum_at_stake", "money", 18),
    Field("pending_open", "count", 14),
    Field("fill_in", width=36, phrase="show.place"),
    Field("decides_head", width=60),
)
#: The same over all firms: one row a fact.
ASKED = (
    Field("fact", width=30),
    Field("firms", "count", 14, "batch.firms"),
    Field("sum_at_stake", "money", 18),
    Field("pending_open", "count", 14),
)
#: What firms just miss, one row a firm and measure.
HINTS = (
    NAME,
    CODE,
    REFERENCE,
    MEASURE,
    Field("fact", width=22, phrase="advice.fact"),
    Field("gap", width=12, phrase="advice.gap"),
    Field("unit", width=12, phrase="advice.unit"),
    Field("price", "money", 18, "advice.price"),
    Field("low", "money", 14, "show.low_wan"),
    Field("high", "money", 14, "show.high_wan"),
    VERDICT,
    DEPARTMENTS,
    Field("clause_number", "number", 8),
    MEASURE_ID,
    Field("place", width=30, phrase="batch.place"),
)
PROBLEMS = (
    NAME,
    Field("severity", width=8),
    Field("where", width=40),
    Field("problem", width=60),
    Field("remedy", width=60),
)


#: The front sheet of one firm, a line an award; and of many, a line a clause.
FRONT_AWARDS = (
    Field("reference", width=12),
    Field("verdict", width=10),
    Field("measure", width=36),
    Field("amount_words", width=24),
    Field("low", "money", 13, "show.low_wan"),
    Field("high", "money", 13, "show.high_wan"),
    Field("years", width=11),
    Field("ask_first", width=14),
)
FRONT_CLAUSES = (
    Field("reference", width=12),
    _sum("eligible"),
    Field("heading", width=40, phrase="batch.heading"),
    *map(_sum, ("assured", "ceiling", "open_ended", "pending")),
)


def place_fact(policies: Policies) -> Fact | None:
    """The fact that says where a firm belongs: the choice in the policy's scope, else the first choice there is."""
    words = walk(policies.scope) if policies.scope else ()
    scope = [word.fact for word in words if isinstance(word, Compare) and word.fact.type == "choice"]
    return next((fact for fact in (*scope, *policies.vocabulary.of("firm")) if fact.type == "choice"), None)


def firm_fields(policies: Policies, lang: Lang) -> tuple[Field, ...]:
    """The columns of the table of firms."""
    fact = place_fact(policies)
    where = (Field("place_of", width=16, label=fact.title.in_(lang)),) if fact else ()
    people = (Field(key, "money", 17) for key, _ in PEOPLE)
    return (NAME, CODE, *where, *CLAUSE_SUMS, *people, Field("place", width=30, phrase="batch.place"))


def clause_fields(*, worded: bool) -> tuple[Field, ...]:
    """The columns of the table of clauses; `worded`: its years are words, for totals stand among them."""
    return (
        REFERENCE,
        Field("heading", width=40, phrase="batch.heading"),
        Field("year", "text" if worded else "year", 10),
        *CLAUSE_SUMS,
        Field("clause_number", "number", 8),
    )


def district_fields(fact: Fact, lang: Lang) -> tuple[Field, ...]:
    """The columns of the table of districts, which are the answers of a fact."""
    where = Field("place_of", width=24, label=fact.title.in_(lang))
    return (where, _sum("firms"), _sum("firms_eligible"), *CLAUSE_SUMS)
