"""Sums, intervals, years and verdicts in words: what every renderer says about a row in the same way.

An interval always shows both of its ends: a cap reads "0 – 500万元", never "500万元"; an open one reads
"≥ 1000万元", and one that starts at nothing and has no end reads 金额未定.

>>> interval(0, 500_0000_00, "zh"), interval(1000_0000_00, None, "zh"), interval(0, None, "zh")
('0 – 500万元', '≥ 1000万元', '金额未定')
>>> interval(30_0000_00, 30_0000_00, "zh"), interval(0, 0, "zh"), interval(0, 500_0000_00, "en")
('30万元', '0', '0 – 5,000,000 yuan')
>>> spans([2022, 2023, 2024, 2026])
'2022-2024, 2026'
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from ordos_subsidy.document import EventLine, Slice, Verdict
from ordos_subsidy.money import FEN_A_WAN, FEN_A_YUAN, in_words, wan
from ordos_subsidy.words import Lang, phrase

#: Signs of one cell in every terminal (their East Asian width is not ambiguous).
SIGNS: dict[Verdict, str] = {"yes": "✓", "unknown": "?", "no": "✗"}


def verdict(value: Verdict, lang: Lang) -> str:
    """A verdict as a word and a sign."""
    return f"{SIGNS[value]} {verdict_word(value, lang)}"


def verdict_word(value: Verdict, lang: Lang) -> str:
    """A verdict as a word."""
    return phrase(f"show.verdict_{value}", lang)


def money(fen: int, lang: Lang) -> str:
    """A sum with its unit; nothing is just 0."""
    return in_words(fen, lang) if fen else "0"


def interval(low: int, high: int | None, lang: Lang) -> str:
    """At least and at most."""
    if high is None:
        return f"≥ {in_words(low, lang)}" if low else phrase("show.not_fixed", lang)
    if low == high:
        return money(low, lang)
    start = wan(low) if lang == "zh" else in_words(low, lang).removesuffix(" yuan")
    return f"{start} – {in_words(high, lang)}"


def spans(years: Iterable[int]) -> str:
    """Calendar years, runs of them as first-last."""
    runs: list[list[int]] = []
    for year in sorted(set(years)):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def years(schedule: Sequence[Slice], lang: Lang) -> str:
    """The years an award falls in; what has none says so."""
    dated = spans(each.year for each in schedule if each.year is not None)
    within = [
        phrase("show.within_years", lang, first=each.within[0], last=each.within[1]) for each in schedule if each.within
    ]
    unknown = any(each.year is None and each.within is None for each in schedule)
    undated = [phrase("show.no_year", lang)] if unknown else []
    return ", ".join([*([dated] if dated else []), *within, *undated])


def year(value: int | None, lang: Lang) -> str:
    """One year of a table of totals."""
    return str(value) if value is not None else phrase("show.no_year", lang)


def within(schedule: Sequence[Slice]) -> tuple[int, int | None]:
    """The interval of a schedule as a whole."""
    highs = [each.high for each in schedule]
    total = None if None in highs else sum(high for high in highs if high is not None)
    return sum(each.low for each in schedule), total


def event(value: EventLine | None, lang: Lang, *, known: str = "") -> str:
    """What a row is about: an event with its date and sum, or the accounts; a `known` title is left out."""
    if value is None:
        return phrase("show.accounts", lang)
    parts = [value.date or phrase("show.no_date", lang)]
    if value.title.casefold() != known.casefold():
        parts.append(value.title)
    if value.amount is not None:
        parts.append(in_words(value.amount, lang))
    if value.note:
        parts.append(value.note)
    return " · ".join(parts)


def heading(reference: str, title: str) -> str:
    """A clause's number and a title; full-width brackets bring their own blank."""
    return f"{reference}{title}" if reference.endswith("）") else f"{reference} {title}"


def pending(sum_: int, open_: int, lang: Lang) -> str:
    """What a missing fact could bring: at most so much, and so many without an upper bound."""
    parts = [phrase("show.at_most", lang, sum=in_words(sum_, lang))] if sum_ else []
    if open_:
        parts.append(phrase("show.open_too" if parts else "show.open_only", lang, count=open_))
    return phrase("show.and", lang).join(parts)


def yuan(fen: int) -> Decimal | int:
    """A sum in yuan, exactly: whole yuan as an integer."""
    return Decimal(fen).scaleb(-2) if fen % FEN_A_YUAN else fen // FEN_A_YUAN


def in_wan(fen: int) -> Decimal:
    """A sum in 万元, exactly."""
    return Decimal(fen) / FEN_A_WAN
