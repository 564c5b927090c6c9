"""The grammar of a policy file: what may stand in `policies.toml`, key by key.

Pydantic models of the file as it is written; nothing here evaluates anything. A file says four things: what
the document is (`[policy]`), the words in which applicants are described (`[fact.*]`, `[list.*]`, `[kind.*]`),
the clauses with the departments that answer for them (`[[clause]]`, `[department.*]`), and the measures
(`[[measure]]`), each with its condition, its amount and its examples. Every field's description is shown by
editors, through the JSON Schema that `json_schema` makes from these models.

Sums are text with a unit ("500万元"), shares are text with a percent sign ("10%"), dates are TOML dates.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")]
Sum = Annotated[str, Field(description='money with its unit, "500万元"')]
Share = Annotated[str, Field(pattern=r"^\d+(\.\d+)?%$", description='a share, "10%"')]
Literal_ = bool | int | str | dt.date


class Entry(BaseModel):
    """Base of all entries: unknown keys are mistakes, and nothing is coerced."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Words(Entry):
    """A name or a sentence in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Succession(Entry):
    """A later document that may govern claims from a date on."""

    number: str
    from_: dt.date = Field(alias="from")
    says: Words


class Head(Entry):
    """`[policy]`: the document the file puts into rules."""

    id: Slug
    number: str = Field(min_length=1, description="the document's number")
    title: Words
    name: Words = Field(description="the short name people use")
    issuer: Words
    dated: dt.date
    effective: dt.date = Field(description="first day in force")
    effective_note: Words | None = Field(default=None, description="why that day, where it is debatable")
    source: str = Field(min_length=1, description="where the document can be found")
    footnotes: list[Words] = []
    existing: Words | None = Field(default=None, description="the reason given for what existed before")
    scope: Condition | None = Field(default=None, description="what every claim must meet")
    succeeded_by: Succession | None = None
    overlays: Slug | None = Field(default=None, description="the id of the policy this file changes")


class Choice(Entry):
    """One answer of a list."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    aliases: list[str] = []
    offered: bool = Field(default=True, description="false: understood, but not in the drop-down")


class ChoiceList(Entry):
    """`[list.*]`: the answers a fact may have."""

    includes: list[Slug] = Field(default=[], description="lists whose items come first")
    items: dict[Slug, Choice] = {}


class Group(Entry):
    """`[group.*]`: several answers that rules name together."""

    title: Words
    of: Slug = Field(description="the list its members come from")
    members: list[Slug] = Field(min_length=1)


class Ratio(Entry):
    """A derived fact: one money fact over another, compared without division."""

    part: Key
    whole: Key


FactType = Literal[
    "text", "code", "yes_no", "choice", "choices", "year", "date", "money", "percent", "count", "kind", "ratio"
]
Role = Literal["name", "id", "year", "kind", "date", "amount", "note"]


class Fact(Entry):
    """`[fact.*]`: one thing to know of a firm or of an event: a column, a form row, a TOML key."""

    of: Literal["firm", "event"]
    type: FactType
    role: Role | None = Field(default=None, description="what the program itself uses this fact for")
    title: Words = Field(description="the heading in Excel")
    aliases: list[str] = Field(default=[], description="other headings people use")
    help: Words
    list_: Slug | None = Field(default=None, alias="list", description="the list of a choice")
    ratio: Ratio | None = None
    minimum: Literal[0] | None = Field(default=None, description="0: a negative figure is refused")
    required: bool = False
    blank_is: Slug | None = Field(default=None, description="the answer a blank stands for")
    example: bool | int | str | dt.date | None = None


class Kind(Entry):
    """`[kind.*]`: a kind of event, chosen in the column 事项."""

    title: Words
    aliases: list[str] = []
    help: Words = Field(description="what counts, which date, which amount")
    amount: Words | None = Field(default=None, description="what the amount means for this kind")
    tags: list[Slug] = Field(default=[], description="groups of kinds that conditions name")


class Department(Entry):
    """`[department.*]`: whom to ask."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    short: Words | None = None


class Clause(Entry):
    """`[[clause]]`: a numbered clause of the document."""

    number: int = Field(ge=1)
    reference: str = Field(min_length=1, description="how the document writes the number")
    part: Words
    heading: Words
    departments: list[Slug] = Field(min_length=1)
    gist: Words = Field(description="what it says, in our own words")


class Test(Entry):
    """A comparison of one fact; unknown where the fact is."""

    fact: Key
    is_: Literal_ | None = Field(default=None, alias="is")
    is_not: Literal_ | None = None
    one_of: list[Slug] | None = Field(default=None, description="answers or groups of answers")
    at_least: Literal_ | None = Field(default=None, description="以上: the number itself included")
    more_than: Literal_ | None = None
    at_most: Literal_ | None = None
    less_than: Literal_ | None = None
    given: Literal[True] | None = Field(default=None, description="yes where the fact is known")

    @model_validator(mode="after")
    def _one_comparison(self) -> Test:
        if len(self.model_fields_set - {"fact"}) != 1:
            raise ValueError("needs exactly one comparison (is, is_not, one_of, at_least, …)")
        return self


class All(Entry):
    """Every part must hold."""

    all: list[Condition] = Field(min_length=1)


class AnyOf(Entry):
    """One part is enough."""

    any: list[Condition] = Field(min_length=1)


class Not(Entry):
    """The part must not hold."""

    not_: Condition = Field(alias="not")


class HasEvent(Entry):
    """The firm lists an event of a kind, or of a kind with a tag."""

    has_event: Slug


class Unsettled(Entry):
    """Where the inner condition holds the document leaves the matter open: unknown, never no."""

    unsettled: Condition
    says: Words


class FirstYears(Entry):
    """The claim falls in the first years, counted from the firm's earliest event of the kind."""

    first_years: int = Field(ge=1, le=50)


def _tag(value: object) -> str:
    """Which condition word an entry uses, by its key."""
    if isinstance(value, BaseModel):
        return {"AnyOf": "any", "Not": "not", "HasEvent": "has_event", "FirstYears": "first_years"}.get(
            type(value).__name__, type(value).__name__.lower()
        )
    words = ("all", "any", "not", "has_event", "unsettled", "first_years")
    keys = value if isinstance(value, dict) else {}
    return next((word for word in words if word in keys), "fact")


Condition = Annotated[
    Annotated[Test, Tag("fact")]
    | Annotated[All, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[HasEvent, Tag("has_event")]
    | Annotated[Unsettled, Tag("unsettled")]
    | Annotated[FirstYears, Tag("first_years")],
    Discriminator(_tag),
]


class Times(Entry):
    """The amount is multiplied where a condition holds."""

    by: int = Field(ge=2, le=100)
    when: Condition


class Increment(Entry):
    """What exceeds another fact counts at a share of its own."""

    over: Key
    share: Share


class Amount(Entry):
    """An amount: exactly one of `exactly`, `up_to`, `at_least`, `share`, `unstated`."""

    exactly: Sum | None = None
    up_to: Sum | None = Field(default=None, description="a cap: what one gets lies between 0 and it")
    at_least: Sum | None = Field(default=None, description="a floor without a ceiling")
    share: Share | None = None
    unstated: Literal[True] | None = None
    of: Key | None = Field(default=None, description="share: the fact it is a share of")
    less: Key | None = Field(default=None, description="share: a fact taken off the basis first")
    increment: Increment | None = None
    cap: Sum | None = Field(default=None, description="share: never more than this (a year)")
    within: Key | None = Field(default=None, description="up_to: never more than this fact")
    times: Times | None = None
    years: int | None = Field(default=None, ge=2, le=50, description="so much each year, so many years")
    during: list[int] | None = Field(
        default=None, min_length=2, max_length=2, description="so much each year of this span"
    )
    spread: int | None = Field(default=None, ge=2, description="in all, over at most so many years")
    once: bool = Field(default=False, description="the document says one-off")
    depends_on: Words | None = Field(default=None, description="what fixes the sum, where it is open")

    @model_validator(mode="after")
    def _shape(self) -> Amount:
        grants = {"exactly", "up_to", "at_least", "share", "unstated"} & self.model_fields_set
        if len(grants) != 1:
            raise ValueError("needs exactly one of exactly, up_to, at_least, share, unstated")
        only = {"of": "share", "less": "share", "increment": "share", "cap": "share", "within": "up_to"}
        for key, grant in only.items():
            if key in self.model_fields_set and grant not in grants:
                raise ValueError(f"{key} goes with {grant} only")
        if self.share and not self.of:
            raise ValueError("share needs of (the fact it is a share of)")
        if len({"years", "during", "spread"} & self.model_fields_set) > 1:
            raise ValueError("years, during and spread exclude each other")
        return self


class Budget(Entry):
    """Money the government commits; never an applicant's."""

    exactly: Sum | None = None
    at_least: Sum | None = None
    growth: Share | None = Field(default=None, description="growth a year on the base year")
    share: Share | None = Field(default=None, description="at least this share")
    of: Words | None = Field(default=None, description="what the share or growth is of")
    yearly: bool = False
    years: int | None = None
    base_year: int | None = None


class Example(Entry):
    """A case and what must come out; `check` runs it."""

    says: str = Field(min_length=1)
    firm: dict[str, Any] = {}
    event: dict[str, Any] | None = None
    others: list[dict[str, Any]] = Field(default=[], description="other events of the same firm")
    on: dt.date | None = None
    verdict: Literal["yes", "no", "unknown"]
    low: Sum | None = None
    high: Sum | Literal["open"] | None = None
    missing: list[Key] | None = None


Category = Literal["award", "credit", "preference", "budget", "duty"]


class Measure(Entry):
    """`[[measure]]`: one thing a clause gives, promises or orders."""

    id: Slug
    clause: int
    category: Category
    title: Words
    claims: list[Slug] = Field(default=[], description='kinds of event, or ["accounts"]')
    existing: Literal["excluded", "unsettled"] = Field(
        default="unsettled", description="events before the first day in force: excluded where only new ones count"
    )
    when: Condition | None = None
    amount: Amount | None = None
    budget: Budget | None = None
    yearly: bool = Field(default=False, description="one row a year; two in a year are flagged")
    notes: list[Words] = []
    from_: dt.date | None = Field(default=None, alias="from", description="first day this version holds")
    until: dt.date | None = Field(default=None, description="first day it no longer holds")
    examples: list[Example] = []


class Document(Entry):
    """A policy file."""

    policy: Head
    fact: dict[Key, Fact] = {}
    list_: dict[Slug, ChoiceList] = Field(default={}, alias="list")
    group: dict[Slug, Group] = {}
    kind: dict[Slug, Kind] = {}
    department: dict[Slug, Department] = {}
    clause: list[Clause] = []
    measure: list[Measure] = []


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a policy file, for editors that complete and check TOML."""
    schema = Document.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "ordos-subsidy policy file", **schema}
