"""The grammar of rules: conditions, amounts, limits and budgets of a policy file.

Pydantic models of what may stand under `when`, `amount`, `limit` and `budget` of a measure; `grammar` has the rest of
the file. Sums are text with a unit ("500万元"), shares are text with a percent sign ("10%").
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

FactKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")]
Sum = Annotated[str, Field(description='money with its unit, "500万元"')]
Share = Annotated[str, Field(pattern=r"^\d+(\.\d+)?%$", description='a share, "10%"')]
PlanYear = Annotated[int, Field(ge=1949, le=2199)]
Day = Annotated[dt.date, Field(ge=dt.date(1949, 1, 1), le=dt.date(2199, 12, 31))]
Literal_ = bool | int | str | dt.date


class PolicyEntry(BaseModel):
    """Base of all entries: unknown keys are mistakes, and nothing is coerced."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class TextEntry(PolicyEntry):
    """A name or a sentence in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class CompareEntry(PolicyEntry):
    """A comparison of one fact; unknown where the fact is."""

    fact: FactKey
    is_: Literal_ | None = Field(default=None, alias="is")
    is_not: Literal_ | None = None
    one_of: list[Slug] | None = Field(default=None, description="answers or groups of answers")
    at_least: Literal_ | None = Field(default=None, description="以上: the number itself included")
    more_than: Literal_ | None = None
    at_most: Literal_ | None = None
    less_than: Literal_ | None = None
    given: Literal[True] | None = Field(default=None, description="yes where the fact is known")

    @model_validator(mode="after")
    def _one_comparison(self) -> CompareEntry:
        if len(self.model_fields_set - {"fact"}) != 1:
            raise ValueError("needs exactly one comparison (is, is_not, one_of, at_least, …)")
        return self


class AllEntry(PolicyEntry):
    """Every part must hold."""

    all: list[ConditionEntry] = Field(min_length=1)


class AnyOfEntry(PolicyEntry):
    """At least one part must hold."""

    any: list[ConditionEntry] = Field(min_length=1)


class NotEntry(PolicyEntry):
    """The part must not hold."""

    not_: ConditionEntry = Field(alias="not")


class HasEventEntry(PolicyEntry):
    """The firm lists an event of a kind, or of a kind with a tag."""

    has_event: Slug


class UnsettledEntry(PolicyEntry):
    """Where the inner condition holds the document leaves the matter open: unknown, never no."""

    unsettled: ConditionEntry
    says: TextEntry


class SufficientEntry(PolicyEntry):
    """Where the inner condition holds the answer is yes; elsewhere the document leaves it open: unknown, never no."""

    sufficient: ConditionEntry
    says: TextEntry


class JudgedByOthersEntry(PolicyEntry):
    """The document names no condition that can be checked: unknown."""

    judged: Literal[True]
    says: TextEntry | None = Field(default=None, description="the reason, where it is not `policy.judged`")


class FirstYearsEntry(PolicyEntry):
    """The claim falls in the first years since the firm's first event of the kind from the policy's first day on."""

    first_years: int = Field(ge=1, le=50)


class BackedByEntry(PolicyEntry):
    """The k-th event of a kind and year stands on at least k events of another kind up to that year's end."""

    backed_by: Slug
    says: TextEntry = Field(description="the reason where too few are listed")


def tag(value: object) -> str:
    """Return the key of the condition word that an entry uses."""
    if isinstance(value, BaseModel):
        return next(word for word, model in WORDS.items() if isinstance(value, model))
    keys = value if isinstance(value, dict) else {}
    return next((word for word in WORDS if word in keys), "fact")


ConditionEntry = Annotated[
    Annotated[CompareEntry, Tag("fact")]
    | Annotated[AllEntry, Tag("all")]
    | Annotated[AnyOfEntry, Tag("any")]
    | Annotated[NotEntry, Tag("not")]
    | Annotated[HasEventEntry, Tag("has_event")]
    | Annotated[UnsettledEntry, Tag("unsettled")]
    | Annotated[SufficientEntry, Tag("sufficient")]
    | Annotated[JudgedByOthersEntry, Tag("judged")]
    | Annotated[FirstYearsEntry, Tag("first_years")]
    | Annotated[BackedByEntry, Tag("backed_by")],
    Discriminator(tag),
]
_WORDS = [get_args(each) for each in get_args(get_args(ConditionEntry)[0])]
#: The condition words by the key that names each, as the union lists them.
WORDS: dict[str, type[PolicyEntry]] = {tag.tag: word for word, tag in _WORDS}


class TimesEntry(PolicyEntry):
    """The amount is multiplied where a condition holds."""

    by: int = Field(ge=2, le=100)
    when: ConditionEntry


class TierEntry(PolicyEntry):
    """One tier of an amount: for some answers of a fact, or for a band of a number, and its sum.

    A band's bounds: `from` and `to` are included, `above` and `below` are not; none is without an end.
    """

    of: list[Slug] | None = Field(default=None, min_length=1, description="the answers it holds for")
    from_: Sum | int | None = Field(default=None, alias="from", description="the band's lower bound, included")
    above: Sum | int | None = Field(default=None, description="the band's lower bound, not included")
    to: Sum | int | None = Field(default=None, description="the band's upper bound, included")
    below: Sum | int | None = Field(default=None, description="the band's upper bound, not included")
    exactly: Sum | None = None
    up_to: Sum | None = None
    at_least: Sum | None = None
    unstated: Literal[True] | None = None

    @model_validator(mode="after")
    def _shape(self) -> TierEntry:
        if len({"exactly", "up_to", "at_least", "unstated"} & self.model_fields_set) != 1:
            raise ValueError("needs exactly one of exactly, up_to, at_least, unstated")
        if {"from_", "above"} <= self.model_fields_set or {"to", "below"} <= self.model_fields_set:
            raise ValueError("from and above exclude each other, and so do to and below")
        if self.of and {"from_", "above", "to", "below"} & self.model_fields_set:
            raise ValueError("a tier is of answers, or a band of a number")
        return self


class MarginalBandEntry(PolicyEntry):
    """A share of the part of a basis up to a bound (a sum, or a money fact); the last band has no bound."""

    to: Sum | FactKey | None = Field(default=None, description="where the band ends, and the next begins")
    share: Share


class AmountEntry(PolicyEntry):
    """An amount: exactly one of `exactly`, `up_to`, `at_least`, `share`, `tiers`, `marginal`, `unstated`."""

    exactly: Sum | None = None
    up_to: Sum | None = Field(default=None, description="a cap: what one gets lies between 0 and it")
    at_least: Sum | None = Field(default=None, description="a floor without a ceiling")
    share: Share | None = None
    tiers: list[TierEntry] | None = Field(default=None, min_length=1, description="a sum by the answer of a fact")
    marginal: list[MarginalBandEntry] | None = Field(default=None, min_length=1, description="shares, band by band")
    unstated: Literal[True] | None = None
    by: FactKey | None = Field(default=None, description="tiers: the fact that chooses")
    monotone: bool = Field(default=False, description="tiers: sums must not fall from one band to the next")
    of: FactKey | None = Field(default=None, description="share, marginal: the fact it is a share of")
    less: FactKey | None = Field(default=None, description="share, marginal: a fact taken off the basis first")
    cap: Sum | None = Field(default=None, description="share, marginal: never more than this (a year)")
    within: FactKey | None = Field(default=None, description="up_to: never more than this fact")
    times: TimesEntry | None = None
    years: int | None = Field(default=None, ge=2, le=50, description="so much each year, so many years")
    during: list[PlanYear] | None = Field(
        default=None, min_length=2, max_length=2, description="so much each year of this span"
    )
    spread: int | None = Field(default=None, ge=2, le=50, description="in all, over at most so many years")
    once: bool = Field(default=False, description="the document says one-off")
    depends_on: TextEntry | None = Field(default=None, description="what fixes the sum, where it is open")

    @model_validator(mode="after")
    def _shape(self) -> AmountEntry:
        grants = {"exactly", "up_to", "at_least", "share", "tiers", "marginal", "unstated"} & self.model_fields_set
        if len(grants) != 1:
            raise ValueError("needs exactly one of exactly, up_to, at_least, share, tiers, marginal, unstated")
        shares = {"share", "marginal"}
        only = {"of": shares, "less": shares, "cap": shares, "within": {"up_to"}, "by": {"tiers"}}
        for key, wanted in {**only, "monotone": {"tiers"}}.items():
            if key in self.model_fields_set and not grants & wanted:
                raise ValueError(f"{key} goes with {' or '.join(sorted(wanted))} only")
        if grants & shares and not self.of:
            raise ValueError("share and marginal need of (the fact it is a share of)")
        if self.tiers and not self.by:
            raise ValueError("tiers need by (the fact that chooses)")
        if self.during and self.during[0] > self.during[1]:
            raise ValueError("during runs from the earlier year to the later")
        if len({"years", "during", "spread"} & self.model_fields_set) > 1:
            raise ValueError("years, during and spread exclude each other")
        return self


class LimitEntry(PolicyEntry):
    """The most that all rows of a firm that it covers come to: one of `a_year`, `in_all`, `once`."""

    a_year: Sum | None = Field(default=None, description="at most this in each calendar year")
    in_all: Sum | None = Field(default=None, description="at most this over all rows and years")
    once: Literal[True] | None = Field(default=None, description="one row of each kind is paid")

    @model_validator(mode="after")
    def _one(self) -> LimitEntry:
        if len({"a_year", "in_all", "once"} & self.model_fields_set) != 1:
            raise ValueError("needs exactly one of a_year, in_all, once")
        return self


class GroupLimitEntry(LimitEntry):
    """`[limit.*]`: a limit that several measures share; `once`: one row of all of them is paid."""

    measures: list[Slug] = Field(min_length=1)


class ReadingEntry(TextEntry):
    """A reading of ours: what the document does not say in so many words."""

    of: list[str] = Field(default=[], description="the keys it explains (`limit.a_year`), or figures of texts")


class BudgetEntry(PolicyEntry):
    """Money the government commits; never an applicant's."""

    exactly: Sum | None = None
    at_least: Sum | None = None
    growth: Share | None = Field(default=None, description="growth a year on the base year")
    share: Share | None = Field(default=None, description="at least this share")
    of: TextEntry | None = Field(default=None, description="what the share or growth is of")
    yearly: bool = False
    years: int | None = Field(default=None, ge=1, le=50)
    base_year: PlanYear | None = None
