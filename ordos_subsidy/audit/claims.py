"""What a policy file states in figures: each with its measure, its key, its exact value and its comparison.

A `Claim` comes from a rule (an amount, a limit, a threshold, a budget) or from a sentence (title, note, reading,
gist). The key is written as in the file, from the measure on: `amount.up_to`, `limit.a_year`, `when.rd_intensity`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ordos_subsidy.audit import english
from ordos_subsidy.audit.figures import Figure, Kind, Value, documents, figures
from ordos_subsidy.audit.plain import fold

if TYPE_CHECKING:
    from ordos_subsidy.policy import grammar, rule_grammar

#: Comparisons that the text may make of a figure, by the key that states it; None for keys that leave it open.
ANY: frozenset[str] | None = None
EXACT = frozenset({""})
UP_TO = frozenset({"up_to"})
AT_LEAST = frozenset({"at_least"})
_THRESHOLDS = {
    "at_least": AT_LEAST,
    "more_than": frozenset({"more_than"}),
    "at_most": frozenset({"at_most", "up_to"}),
    "less_than": frozenset({"less_than"}),
    "is_": ANY,
    "is_not": ANY,
}
_YEARS = range(1900, 2201)


@dataclass(frozen=True)
class Claim:
    """One figure that the file states: `clause` and `measure` say where, `key` under which name."""

    clause: int
    measure: str
    key: str
    kind: Kind
    value: Value
    text: str
    degrees: frozenset[str] | None = ANY
    #: "rule" for figures that decide, "zh" and "en" for those of sentences.
    source: str = "rule"

    @property
    def figure(self) -> tuple[Kind, Value]:
        """What it has in common with a figure of the text that says the same."""
        return self.kind, self.value


def of_measure(measure: grammar.MeasureEntry) -> list[Claim]:
    """The figures that decide: amount, limit, budget and the thresholds of conditions."""
    made = _Maker(measure.clause, measure.id)
    found = list(made.amount(measure.amount)) if measure.amount else []
    given = {each.figure for each in found}
    for limit in made.limit(measure.limit) if measure.limit else []:
        # What one row already gives may be a sum without 最高: the limit then says that there is one row.
        found.append(replace(limit, degrees=ANY) if limit.figure in given else limit)
    found += made.budget(measure.budget) if measure.budget else []
    found += made.thresholds(measure.when, "when")
    found += made.dates({"from": measure.from_, "until": measure.until})
    return found


def of_group(slug: str, limit: rule_grammar.GroupLimitEntry) -> list[Claim]:
    """The figures of a limit that several measures share."""
    return list(_Maker(0, "").limit(limit, f"limit.{slug}"))


def of_sentences(measure: grammar.MeasureEntry) -> list[Claim]:
    """The figures that a measure's title, notes, readings and `depends_on` state, in both languages.

    A count in English is left out: "three institutes" stands for their names.
    """
    found = [claim for key, words in sentences(measure) for claim in in_words(measure.clause, measure.id, key, words)]
    return [each for each in found if each.kind != "count" or each.source == "zh"]


def sentences(measure: grammar.MeasureEntry) -> Iterator[tuple[str, rule_grammar.TextEntry]]:
    """The sentences of a measure, with their keys."""
    yield "title", measure.title
    if measure.amount and measure.amount.depends_on:
        yield "amount.depends_on", measure.amount.depends_on
    if measure.budget and measure.budget.of:
        yield "budget.of", measure.budget.of
    yield from ((f"notes[{place}]", each) for place, each in enumerate(measure.notes))
    yield from ((f"readings[{place}]", each) for place, each in enumerate(measure.readings))


def in_words(clause: int, measure: str, key: str, words: rule_grammar.TextEntry) -> list[Claim]:
    """The figures of a sentence in both languages; those of another document that it quotes are left out."""
    chinese = fold(words.zh)
    found = [(f"{key}.zh", "zh", each) for each in figures(chinese) if not _beside_document(chinese, each)]
    found += [(f"{key}.en", "en", each) for each in english.figures(words.en) if not _beside_document(words.en, each)]
    return [
        Claim(clause, measure, name, each.kind, each.value, each.text, _stated(each), source)
        for name, source, each in found
    ]


def _stated(figure: Figure) -> frozenset[str] | None:
    """The comparison that a sentence makes of its figure; where it makes none, it leaves it open."""
    return frozenset({figure.degree}) if figure.degree else ANY


def _beside_document(text: str, figure: Figure) -> bool:
    """Whether a date stands beside the number of a document: it is that document's, not the clause's."""
    if figure.kind != "date":
        return False
    return any(_near(text, document, figure) for document in documents(text))


def _near(text: str, document: Figure, date: Figure) -> bool:
    between = text[document.end : date.start] if date.start >= document.end else text[date.end : document.start]
    return len(between) <= _BESIDE and not re.search(r"[。;；]", between)


_BESIDE = 24


class _Maker:
    """Makes the claims of one measure."""

    def __init__(self, clause: int, measure: str) -> None:
        self.clause = clause
        self.measure = measure

    def make(self, key: str, kind: Kind, value: Value, text: str, degrees: frozenset[str] | None) -> Claim:
        return Claim(self.clause, self.measure, key, kind, value, text, degrees)

    def written(self, key: str, text: str | int | None, degrees: frozenset[str] | None) -> Iterator[Claim]:
        """The figure of a key written with its unit, or as a mere number."""
        if text is None:
            return
        read = figures(fold(str(text)))
        if read and read[0].value:
            yield self.make(key, read[0].kind, read[0].value, str(text), degrees)

    def whole(self, key: str, kind: Kind, value: int | None, degrees: frozenset[str] | None) -> Iterator[Claim]:
        if value is not None:
            unit = {"years": "年", "multiple": "倍"}.get(kind, "")
            yield self.make(key, kind, Fraction(value), f"{value}{unit}", degrees)

    def year(self, key: str, year: int | None) -> Iterator[Claim]:
        if year is not None:
            yield self.make(key, "date", (year, None, None), f"{year}年", ANY)

    def dates(self, days: dict[str, dt.date | None]) -> Iterator[Claim]:
        for key, day in days.items():
            if day is not None:
                yield self.make(key, "date", (day.year, day.month, day.day), day.isoformat(), ANY)

    def granted(
        self, key: str, entry: rule_grammar.AmountEntry | rule_grammar.TierEntry | rule_grammar.BudgetEntry
    ) -> Iterator[Claim]:
        for name, degrees in (("exactly", EXACT), ("up_to", UP_TO), ("at_least", AT_LEAST)):
            yield from self.written(f"{key}.{name}", getattr(entry, name, None), degrees)

    def amount(self, amount: rule_grammar.AmountEntry) -> Iterator[Claim]:
        yield from self.granted("amount", amount)
        yield from self.written("amount.share", amount.share, EXACT)
        yield from self.written("amount.cap", amount.cap, UP_TO)
        for place, tier in enumerate(amount.tiers or ()):
            yield from self.granted(f"amount.tiers[{place}]", tier)
            for name in ("from_", "above", "to", "below"):
                yield from self.written(f"amount.tiers[{place}].{name.rstrip('_')}", getattr(tier, name), ANY)
        for place, band in enumerate(amount.marginal or ()):
            yield from self.written(f"amount.marginal[{place}].share", band.share, EXACT)
            yield from self.written(f"amount.marginal[{place}].to", band.to, ANY)
        yield from self.whole("amount.times", "multiple", amount.times.by if amount.times else None, ANY)
        yield from self.whole("amount.years", "years", amount.years, frozenset({"in_a_row"}))
        yield from self.whole("amount.spread", "years", amount.spread, UP_TO)
        for year in amount.during or ():
            yield from self.year("amount.during", year)

    def limit(self, limit: rule_grammar.LimitEntry, key: str = "limit") -> Iterator[Claim]:
        yield from self.written(f"{key}.a_year", limit.a_year, UP_TO)
        yield from self.written(f"{key}.in_all", limit.in_all, UP_TO)

    def budget(self, budget: rule_grammar.BudgetEntry) -> Iterator[Claim]:
        yield from self.granted("budget", budget)
        yield from self.written("budget.growth", budget.growth, EXACT)
        yield from self.written("budget.share", budget.share, AT_LEAST)
        yield from self.whole("budget.years", "years", budget.years, frozenset({"in_a_row"}))
        yield from self.year("budget.base_year", budget.base_year)

    def thresholds(self, condition: Any, key: str) -> Iterator[Claim]:
        """The figures that a condition compares with; what the document leaves open is left out, its reason says so."""
        for each in walk(condition):
            keys = vars(each)
            yield from self.whole(f"{key}.first_years", "years", keys.get("first_years"), UP_TO)
            for name, degrees in _THRESHOLDS.items():
                value = keys.get(name)
                where = f"{key}.{keys.get('fact', '')}"
                if isinstance(value, bool):
                    continue
                if isinstance(value, int) and value in _YEARS:
                    yield from self.year(where, value)
                elif isinstance(value, int) or (isinstance(value, str) and re.match(r"\d", value)):
                    yield from self.written(where, value, degrees)


def walk(condition: Any) -> Iterator[Any]:
    """A condition and those within it, but not what stands under `unsettled`."""
    if condition is None:
        return
    yield condition
    keys = vars(condition)
    inner: Iterable[Any] = [*keys.get("all", ()), *keys.get("any", ()), keys.get("not_"), keys.get("sufficient")]
    for each in inner:
        yield from walk(each)
