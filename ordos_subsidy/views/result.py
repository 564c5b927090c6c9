"""A result on its way to a file: outcomes of firms, part by part, and the tables that are made of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from ordos_subsidy.advice import possible_repeats
from ordos_subsidy.errors import Omitted, Problem
from ordos_subsidy.evaluation import Outcome
from ordos_subsidy.messages import Lang, phrase
from ordos_subsidy.pages import terms
from ordos_subsidy.policy import Policies
from ordos_subsidy.report.lines import Lines
from ordos_subsidy.report.plan import footnotes, source
from ordos_subsidy.views import award_rows, firm_rows
from ordos_subsidy.views.fields import View
from ordos_subsidy.views.scored import Scored, Sums

#: Of more firms than these, preferences and missing facts are not listed firm by firm: a row for each firm and
#: preference takes longer to write than all the rest, and nobody reads it.
LISTED = 5_000
#: More possible repeats than these nobody looks at.
REPEATS = 10_000


@dataclass
class Result:
    """Outcomes that are scored as they are asked for; what they add up to is kept.

    `overall`: the result is of many firms, and says what all of them come to.
    """

    policies: Policies
    outcomes: Iterator[Outcome]
    lang: Lang
    year: int | None
    #: Everything there is to say of the files; complete once all parts have been asked for.
    problems: list[Problem]
    omitted: tuple[Omitted, ...] = ()
    #: Sums over all firms are wanted, in the file or on the screen; `in_full`: those by year and by place too.
    summed: bool = True
    in_full: bool = True
    overall: bool = True
    #: Preferences and missing facts are listed firm by firm: see `LISTED`.
    listed: bool = True
    #: What firms just miss is wanted.
    advised: bool = False
    #: What there is to say of single firms, with their names.
    of_firms: list[tuple[str, Problem]] = field(default_factory=list)

    #: The day of evaluation, once a part has been asked for.
    on: dt.date = dt.date.min

    def __post_init__(self) -> None:
        self._parts: list[Sums] = []
        self._missing: list[pl.DataFrame] = []

    def scored(self) -> Iterator[Scored]:
        """The parts, scored, in order; can be asked for once."""
        for outcome in self.outcomes:
            scored, self.on = Scored(outcome, self.year), outcome.on
            if self.summed and (self.overall or (len(outcome.firms), self.left_out) != (1, 0)):
                self._parts.append(Sums.of(scored, in_full=self.in_full))
            self.of_firms += repeats(outcome, self.lang, later=self.listed)[: REPEATS - len(self.of_firms)]
            yield scored

    @property
    def left_out(self) -> int:
        """How many firms are left out."""
        return len(self.omitted)

    def counts(self, scored: int) -> str:
        """How many firms were read, scored and left out."""
        counts = {"read": scored + self.left_out, "scored": scored, "left": self.left_out}
        return phrase("batch.read", self.lang, **{key: f"{count:,}" for key, count in counts.items()})

    @property
    def whole(self) -> Sums:
        """The sums over all parts."""
        return Sums.added(self._parts)

    @property
    def asked(self) -> View | None:
        """What is missing over all firms, as far as it was looked for; None where it was not."""
        return firm_rows.by_fact(self._missing) if self._missing else None

    @property
    def basis(self) -> str:
        """The document and the day of evaluation, once a part has been asked for."""
        day = phrase("batch.as_of", self.lang, day=self.on)
        return phrase("show.and", self.lang).join([terms.basis(source(self.policies, self.lang), self.lang), day])

    @property
    def standing(self) -> list[str]:
        """What must be read with the figures: the document, the day and the year, who is not in it, the footnotes."""
        said = [f"{self.policies.head.title.in_(self.lang)} {self.basis}"]
        if self.year is not None:
            said.append(phrase("show.only_year", self.lang, year=self.year))
        if self.left_out:
            said.append(phrase("show.left_out", self.lang, count=self.left_out))
        return [*said, *footnotes(self.policies, self.lang)]

    def table(self, name: Literal["firms", "awards", "clauses", "advice"], *, keyed: bool = False) -> Iterator[View]:
        """One table, part by part, that of clauses once all parts are added up; `keyed`: for programs."""
        lang = None if keyed else self.lang
        for scored in self.scored():
            if name == "firms":
                if self.listed and self.summed and not keyed:
                    self._told(scored)
                yield firm_rows.firms(scored, lang)
            elif name == "advice":
                yield firm_rows.hint_rows(scored, lang)
            elif name == "awards" and keyed:
                yield award_rows.keyed_awards(scored)
            elif name == "awards":
                yield self._awards(scored)
        if name == "clauses":
            yield self.whole.clauses(self.policies, self.lang)

    def tables_of(self, scored: Scored) -> Iterator[View]:
        """The tables of single firms: their awards, preferences, years and what they have not filled in."""
        if self.overall:
            yield firm_rows.firms(scored, self.lang)
        if self.advised:
            yield firm_rows.hint_rows(scored, self.lang)
        years = firm_rows.years(scored, self.lang)
        if self.listed:
            told, preferences, missing = self._told(scored)
            yield from (award_rows.awards(scored, told), preferences, years, missing)
        else:
            yield from (self._awards(scored), years)

    def _awards(self, scored: Scored) -> View:
        return award_rows.awards(scored, award_rows.told(scored, Lines(scored.outcome, self.lang, scored.year)))

    def _told(self, scored: Scored) -> tuple[award_rows.Told, View, View]:
        """What is said of the awards and preferences of single firms, and what they have not filled in."""
        lines = Lines(scored.outcome, self.lang, scored.year)
        told = award_rows.told(scored, lines)
        preferences, asked, answered = firm_rows.preferences(scored, lines)
        missing = firm_rows.missing(scored, told, asked, answered)
        self._missing.append(missing.frame)
        return told, preferences, missing


def of_outcome(outcome: Outcome, lang: Lang, year: int | None) -> Result:
    """The result of the firms of one outcome, each by itself."""
    problems, omitted = list(outcome.firms.problems), outcome.firms.omitted
    listed = len(outcome.firms) <= LISTED
    return Result(outcome.policies, iter([outcome]), lang, year, problems, omitted, overall=False, listed=listed)


def repeats(outcome: Outcome, lang: Lang, *, later: bool = True) -> list[tuple[str, Problem]]:
    """Events that may be one, each with the name of its firm, firm by firm; `later` as in `possible_repeats`."""
    name = outcome.policies.vocabulary.role("firm", "name")
    names = outcome.firms.firms.get_column(name.key) if name else None
    lines, found = Lines(outcome, lang), sorted(possible_repeats(outcome, later=later), key=lambda each: each.firm)
    return [(names[each.firm] if names is not None else "", lines.possible_repeat(each)) for each in found]
