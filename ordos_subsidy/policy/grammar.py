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
from typing import Any, Literal

from pydantic import Field

from ordos_subsidy.policy.model import Category, Recipient
from ordos_subsidy.policy.rule_grammar import (
    AmountEntry,
    BudgetEntry,
    ConditionEntry,
    Day,
    FactKey,
    GroupLimitEntry,
    LimitEntry,
    PolicyEntry,
    ReadingEntry,
    Slug,
    Sum,
    TextEntry,
)


class SuccessionEntry(PolicyEntry):
    """A later document that may govern claims from a date on."""

    number: str
    from_: Day = Field(alias="from")
    says: TextEntry


class HeadEntry(PolicyEntry):
    """`[policy]`: the document the file puts into rules."""

    id: Slug
    number: str = Field(min_length=1, description="the document's number")
    title: TextEntry
    name: TextEntry = Field(description="the short name people use")
    issuer: TextEntry
    dated: Day = Field(description="the date the document bears; nothing is decided by it")
    effective: Day = Field(description="first day in force, which may lie before or after that date")
    effective_note: TextEntry | None = Field(default=None, description="why that day, where it is debatable")
    source: str = Field(min_length=1, description="where the document can be found")
    footnotes: list[TextEntry] = Field(default=[])
    #: The footnotes in one line, for a screen.
    caution: TextEntry | None = Field(default=None)
    existing: TextEntry | None = Field(default=None, description="the reason given for what existed before")
    judged: TextEntry | None = Field(default=None, description="the reason given for what others judge")
    scope: ConditionEntry | None = Field(default=None, description="what every claim must meet")
    succeeded_by: SuccessionEntry | None = None
    overlays: Slug | None = Field(default=None, description="the id of the policy this file changes")
    around: list[str] = Field(default=[], description="places that may stand before a name or a district")


class ChoiceEntry(PolicyEntry):
    """One answer of a list."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    aliases: list[str] = Field(default=[])
    offered: bool = Field(default=True, description="false: understood, but not in the drop-down")
    form: bool = Field(default=False, description="a legal form: whoever names one has no other")
    leaves_open: list[Slug] = Field(default=[], description="answers that may hold besides, though not named")


class ChoiceListEntry(PolicyEntry):
    """`[list.*]`: the answers a fact may have."""

    includes: list[Slug] = Field(default=[], description="lists whose items come first")
    begins: bool = Field(default=False, description="true: a text that begins with an answer means it, as in addresses")
    items: dict[Slug, ChoiceEntry] = Field(default={})


class GroupEntry(PolicyEntry):
    """`[group.*]`: several answers that rules name together."""

    title: TextEntry
    of: Slug = Field(description="the list its members come from")
    members: list[Slug] = Field(min_length=1)


class RatioEntry(PolicyEntry):
    """A derived fact: one money fact over another, compared without division."""

    part: FactKey
    whole: FactKey


TypeName = Literal[
    "text", "code", "yes_no", "choice", "choices", "year", "date", "money", "percent", "count", "kind", "ratio"
]
Role = Literal["name", "id", "year", "kind", "date", "amount", "note", "level"]


class PlausibleEntry(PolicyEntry):
    """What a figure usually is; one that lies outside is read back with a warning."""

    at_least: Sum | None = None
    at_most: Sum | None = None
    not_above: FactKey | None = Field(default=None, description="another sum that it is a part of")


class FactEntry(PolicyEntry):
    """`[fact.*]`: one thing to know of a firm or of an event: a column, a form row, a TOML key."""

    of: Literal["firm", "event"]
    type: TypeName
    role: Role | None = Field(default=None, description="what the program itself uses this fact for")
    title: TextEntry = Field(description="the heading in Excel")
    aliases: list[str] = Field(default=[], description="other headings people use")
    help: TextEntry
    list_: Slug | None = Field(default=None, alias="list", description="the list of a choice")
    ratio: RatioEntry | None = None
    minimum: Literal[0] | None = Field(default=None, description="0: a negative figure is refused")
    plausible: PlausibleEntry | None = Field(default=None, description="of a sum: what it usually is")
    required: bool = False
    blank_is: Slug | None = Field(default=None, description="the answer a blank stands for")
    example: bool | int | str | dt.date | None = None
    change: Literal["raise", "obtain"] | None = Field(
        default=None, description="how a firm can change it: spend more (money), or be recognised (yes_no)"
    )


class KindEntry(PolicyEntry):
    """`[kind.*]`: a kind of event, chosen in the column 事项."""

    title: TextEntry
    aliases: list[str] = Field(default=[])
    help: TextEntry = Field(description="what counts, which date, which amount")
    amount: TextEntry | None = Field(default=None, description="what the amount means for this kind")
    tags: list[Slug] = Field(default=[], description="groups of kinds that conditions name")
    plausible: PlausibleEntry | None = Field(default=None, description="what its amount usually is")
    levels: bool = Field(default=False, description="true: its level may stand before its name, as on certificates")
    who: ConditionEntry | None = Field(default=None, description="firms that can seek it, for advice; decides nothing")


class UnreadHeadingEntry(PolicyEntry):
    """`[unread.*]`: headings that are known and not read, because they mean something else."""

    of: Literal["firm", "event", "kind"] = Field(default="firm", description="kind: names of events, not of columns")
    headings: list[str] = Field(default=[], description="the headings, without units, years and brackets")
    holding: list[str] = Field(default=[], description="words: a heading that holds one of them is meant too")
    pays_nothing: bool = Field(default=False, description="of a kind: such an event is passed over with a word")
    why: TextEntry = Field(description="what it means, and what is asked for instead")


class ContactEntry(PolicyEntry):
    """Whom to ring in a department, as a paper names it."""

    office: TextEntry
    telephone: str = Field(pattern=r"^[0-9+() -]{5,24}$")
    source: TextEntry = Field(description="the paper that names it")
    as_of: int = Field(ge=2000, le=2200, description="the year for which it is known to hold")


class PaperEntry(PolicyEntry):
    """A paper to bring."""

    title: TextEntry
    by: Literal["firm", "others", "program"] = Field(
        description="firm: it has it; others: it must get it; program: this program makes it"
    )


class FilingEntry(PolicyEntry):
    """How claims under a clause are handed in: what to bring, and when; what is not known is left out."""

    papers: list[PaperEntry] = Field(default=[])
    window: TextEntry | None = Field(default=None, description="when claims are taken")
    source: TextEntry = Field(description="the paper that says so")
    as_of: int = Field(ge=2000, le=2200, description="the year for which it is known to hold")


class DepartmentEntry(PolicyEntry):
    """`[department.*]`: an office that answers for clauses."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    short: TextEntry | None = None
    contacts: list[ContactEntry] = Field(default=[], description="whom to ring; leave out what is not known")
    aliases: list[str] = Field(default=[], description="other names that the document uses")


class ClauseEntry(PolicyEntry):
    """`[[clause]]`: a numbered clause of the document."""

    number: int = Field(ge=1)
    reference: str = Field(min_length=1, description="how the document writes the number")
    part: TextEntry
    heading: TextEntry
    departments: list[Slug] = Field(min_length=1)
    gist: TextEntry = Field(description="what it says, in our own words")
    filing: FilingEntry | None = None


class ExampleEntry(PolicyEntry):
    """A case with its expected result; `check` runs it."""

    says: str = Field(min_length=1)
    firm: dict[str, Any] = Field(default={})
    event: dict[str, Any] | None = None
    others: list[dict[str, Any]] = Field(default=[], description="other events of the same firm")
    on: Day | None = None
    verdict: Literal["yes", "no", "unknown"]
    low: Sum | None = None
    high: Sum | Literal["open"] | None = None
    missing: list[FactKey] | None = None


class MeasureEntry(PolicyEntry):
    """`[[measure]]`: one thing a clause gives, promises or orders."""

    id: Slug
    clause: int
    category: Category
    title: TextEntry
    claims: list[Slug] = Field(default=[], description='kinds of event, or ["accounts"]')
    existing: Literal["excluded", "unsettled"] = Field(
        default="unsettled", description="events before the first day in force: excluded where only new ones count"
    )
    when: ConditionEntry | None = None
    amount: AmountEntry | None = None
    budget: BudgetEntry | None = None
    recipient: Recipient = Field(
        default="unit", description="who gets it: the unit, persons or a team, or both in a proportion not stated"
    )
    limit: LimitEntry | None = Field(default=None, description="what all its rows of a firm may come to")
    yearly: bool = Field(default=False, description="each row is of one year: a row a year")
    notes: list[TextEntry] = Field(default=[])
    readings: list[ReadingEntry] = Field(default=[], description="readings of ours, marked as such wherever shown")
    from_: Day | None = Field(default=None, alias="from", description="first day this version holds")
    until: Day | None = Field(default=None, description="first day it no longer holds")
    examples: list[ExampleEntry] = Field(default=[])


class UnclaimedEntry(PolicyEntry):
    """`[[unclaimed]]`: a figure of the text that no measure claims, on purpose; `audit` asks for the reason."""

    clause: int = Field(ge=0, description="the clause it stands in, 0 outside all clauses")
    figure: str = Field(min_length=1, description="the figure with its word, as the text has it")
    times: int = Field(default=1, ge=1, description="in how many places of the clause it stands")
    why: str = Field(min_length=1)


class Document(PolicyEntry):
    """A policy file."""

    policy: HeadEntry
    fact: dict[FactKey, FactEntry] = Field(default={})
    list_: dict[Slug, ChoiceListEntry] = Field(default={}, alias="list")
    group: dict[Slug, GroupEntry] = Field(default={})
    kind: dict[Slug, KindEntry] = Field(default={})
    unread: dict[Slug, UnreadHeadingEntry] = Field(default={})
    department: dict[Slug, DepartmentEntry] = Field(default={})
    limit: dict[Slug, GroupLimitEntry] = Field(default={})
    clause: list[ClauseEntry] = Field(default=[])
    measure: list[MeasureEntry] = Field(default=[])
    unclaimed: list[UnclaimedEntry] = Field(default=[])


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a policy file, for editors that complete and check TOML."""
    schema = Document.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "ordos-subsidy policy file", **schema}
