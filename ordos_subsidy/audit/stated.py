"""The figures that a policy file states: each with its key, its exact value and its comparison.

A `StatedFigure` comes from a rule (an amount, a limit, a threshold, a budget) or from a sentence (title, note, reading,
gist). The key is written as in the file, from the measure on: `amount.up_to`, `limit.a_year`, `when.rd_intensity`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from ordos_subsidy.audit.clauses import fold
from ordos_subsidy.audit.text_figures import FigureKey, TextFigure, documents, english_figures, figures

if TYPE_CHECKING:
    from ordos_subsidy.policy import grammar, rule_grammar

#: The comparisons that the text may make of the figure of a key; those of other keys may be any.
_DEGREES = {
    **dict.fromkeys(("exactly", "share", "growth"), ("",)),
    **dict.fromkeys(("up_to", "cap", "a_year", "in_all", "spread", "first_years"), ("up_to",)),
    **dict.fromkeys(("at_least", "budget.share"), ("at_least",)),
    "at_most": ("at_most", "up_to"),
    "more_than": ("more_than",),
    "less_than": ("less_than",),
    "years": ("in_a_row",),
}
#: The units of keys that hold a mere number.
_UNITS = {"years": "年", "spread": "年", "first_years": "年", "during": "年", "base_year": "年", "by": "倍"}
_YEARS = range(1900, 2201)
#: So far from a document's number a date is that document's.
_BESIDE = 24


class StatedFigure(NamedTuple):
    """One figure that the file states: its key, its kind and value, its text, and what the text may make of it."""

    key: str
    figure: FigureKey
    text: str
    #: The comparisons that the text may make of it; None: any.
    degrees: frozenset[str] | None = None


def of_measure(measure: grammar.MeasureEntry) -> list[StatedFigure]:
    """Return the figures that decide: amount, limit, budget and the thresholds of conditions."""
    found: list[StatedFigure] = []
    for key, entry in (("amount", measure.amount), ("budget", measure.budget)):
        if entry:
            found += _of_entry(entry.model_dump(by_alias=True, exclude={"times": {"when"}}), key)
    given = {each.figure for each in found}
    for each in _of_entry(measure.limit.model_dump(), "limit") if measure.limit else ():
        # What one row already gives may be a sum without 最高: the limit then says that there is one row.
        found.append(each._replace(degrees=None) if each.figure in given else each)
    return [*found, *_thresholds(measure.when), *_of_entry({"from": measure.from_, "until": measure.until}, "")]


def of_group(slug: str, limit: rule_grammar.GroupLimitEntry) -> list[StatedFigure]:
    """Return the figures of a limit that several measures share."""
    return list(_of_entry(limit.model_dump(exclude={"measures"}), f"limit.{slug}"))


def of_sentences(measure: grammar.MeasureEntry) -> list[StatedFigure]:
    """Return the figures of a measure's title, notes, readings and `depends_on`, in both languages.

    A count in English is left out: "three institutes" stands for their names.
    """
    found = [each for key, words in sentences(measure) for each in in_words(key, words)]
    return [each for each in found if each.figure[0] != "count" or each.key.endswith(".zh")]


def sentences(measure: grammar.MeasureEntry) -> Iterator[tuple[str, rule_grammar.TextEntry]]:
    """Yield the sentences of a measure, with their keys."""
    yield "title", measure.title
    if measure.amount and measure.amount.depends_on:
        yield "amount.depends_on", measure.amount.depends_on
    if measure.budget and measure.budget.of:
        yield "budget.of", measure.budget.of
    yield from ((f"notes[{place}]", each) for place, each in enumerate(measure.notes))
    yield from ((f"readings[{place}]", each) for place, each in enumerate(measure.readings))


def in_words(key: str, words: rule_grammar.TextEntry) -> list[StatedFigure]:
    """Return the figures of a sentence in both languages, those of another document that it quotes left out."""
    chinese = fold(words.zh)
    return [
        StatedFigure(f"{key}.{lang}", each.key, each.text, frozenset({each.degree}) if each.degree else None)
        for lang, text, found in (("zh", chinese, figures(chinese)), ("en", words.en, english_figures(words.en)))
        for each in found
        if not (each.kind == "date" and any(_near(text, other, each) for other in documents(text)))
    ]


def walk(condition: Any) -> Iterator[Any]:
    """Yield a condition and those within it, but not what stands under `unsettled`."""
    if condition is None:
        return
    yield condition
    keys = vars(condition)
    for each in (*keys.get("all", ()), *keys.get("any", ()), keys.get("not_"), keys.get("sufficient")):
        yield from walk(each)


def _near(text: str, document: TextFigure, date: TextFigure) -> bool:
    between = text[document.end : date.start] if date.start >= document.end else text[date.end : document.start]
    return len(between) <= _BESIDE and not re.search(r"[。;；]", between)


def _of_entry(value: Any, key: str) -> Iterator[StatedFigure]:
    """Yield the figures of an amount, a limit or a budget as the file writes it, with their keys."""
    if isinstance(value, dict):
        for name, each in value.items():
            if name not in ("of", "depends_on"):
                yield from _of_entry(each, f"{key}.{name}".strip("."))
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from _of_entry(each, key if isinstance(each, int) else f"{key}[{place}]")
    else:
        yield from _written(key, value, re.split(r"[.\]]", key)[-1])


def _thresholds(condition: Any) -> Iterator[StatedFigure]:
    """Yield the figures that a condition compares with; what the document leaves open its reason says."""
    for each in walk(condition):
        keys = vars(each)
        yield from _written("when.first_years", keys.get("first_years"), "first_years")
        for name in ("at_least", "more_than", "at_most", "less_than", "is_", "is_not"):
            value = keys.get(name)
            if not isinstance(value, dt.date):
                yield from _written(f"when.{keys.get('fact', '')}", value, name)


def _written(key: str, value: Any, name: str) -> Iterator[StatedFigure]:
    """Yield the figure of a key that holds a sum or share with its unit, a number, or a day."""
    if isinstance(value, dt.date):
        found: FigureKey = ("date", (value.year, value.month, value.day))
        text = value.isoformat()
    elif isinstance(value, bool) or not isinstance(value, str | int) or not re.match(r"\d", str(value)):
        return
    else:
        unit = "" if isinstance(value, str) else _UNITS.get(name, "年" if value in _YEARS else "")
        text = f"{value}{unit}"
        read = figures(fold(text))
        if not read or not read[0].value:
            return
        found = read[0].key
    degrees = _DEGREES.get(key, _DEGREES.get(name))
    yield StatedFigure(key.removesuffix(".by"), found, text, frozenset(degrees) if degrees else None)
