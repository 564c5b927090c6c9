"""Sums, intervals, years and verdicts in words, the same on every page.

An interval always shows both of its ends: a cap reads "0 – 500万元", never "500万元"; an open one reads
"≥ 1,000万元", and one that starts at nothing and has no end reads 金额未定. Pages show two decimals of 万元, and
亿元 from 10,000万元 on: a lower end is cut and an upper end raised, so that what is shown holds what is true. `yuan`
is exact.

>>> interval(0, 500_0000_00, "zh"), interval(1000_0000_00, None, "zh"), interval(0, None, "zh")
('0 – 500万元', '≥ 1,000万元', '金额未定')
>>> interval(30_0000_00, 30_0000_00, "zh"), interval(0, 0, "zh"), interval(0, 500_0000_00, "en")
('30万元', '0', '0 – 5,000,000 yuan')
>>> least(3887_4500_01, "zh"), most(1050_0000_00, 0, "zh")
('3,887.45', '1,050')
>>> about(3887_4500_01, "zh"), about(15300_0000_00, "zh"), about(0, "zh"), about(1_01, "en")
('3,887.45万元', '1.53亿元', '0', '1.01 yuan')
>>> yuan(0, 500_0000_00, "zh"), yuan(1_01, 1_01, "zh"), yuan(200, None, "en")
('0 – 5,000,000元', '1.01元', '≥ 2 yuan')
>>> spans([2022, 2023, 2024, 2026])
'2022-2024, 2026'
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from ordos_subsidy import money
from ordos_subsidy.document import EventLine, Line, Preference, Report, Slice, Source, Verdict
from ordos_subsidy.errors import Problem
from ordos_subsidy.messages import Lang, listed, phrase, say

#: Signs of one cell in every terminal (their East Asian width is not ambiguous).
SIGNS: dict[Verdict, str] = {"yes": "✓", "unknown": "?", "no": "✗"}
_CENT = Decimal("0.01")
_TEN_THOUSANDTH = Decimal("0.0001")
#: From so many 万元 on, a sum reads better in 亿元.
_YI = 10_000


def verdict(value: Verdict, lang: Lang) -> str:
    """A verdict as a sign and a word."""
    return f"{SIGNS[value]} {verdict_word(value, lang)}"


def verdict_word(value: Verdict, lang: Lang) -> str:
    """A verdict as a word."""
    return phrase(f"show.verdict_{value}", lang)


def interval(low: int, high: int | None, lang: Lang) -> str:
    """At least and at most, as pages round them."""
    if high is None:
        return f"≥ {about(low, lang)}" if low else phrase("show.not_fixed", lang)
    if low == high:
        return about(low, lang)
    start, end = about(low, lang), about(high, lang, up=True)
    unit = next((each for each in ("万元", "亿元", " yuan") if end.endswith(each)), "")
    return f"{start.removesuffix(unit)} – {end}"


def yuan(low: int, high: int | None, lang: Lang) -> str:
    """At least and at most in yuan, exact: 0 – 10,000,000元."""
    texts = [money.in_words(fen, "en").removesuffix(" yuan") for fen in (low, high or 0)]
    unit = "元" if lang == "zh" else " yuan"
    if high is None:
        return f"≥ {texts[0]}{unit}" if low else phrase("show.not_fixed", lang)
    return f"{texts[0]}{unit}" if low == high else f"{texts[0]} – {texts[1]}{unit}"


def least(fen: int, lang: Lang) -> str:
    """A lower end without its unit: 万元 in Chinese, cut to two decimals; yuan in English."""
    return _figure(fen, lang, ROUND_FLOOR)


def most(fen: int | None, low: int | None, lang: Lang) -> str:
    """An upper end without its unit, raised to two decimals of 万元; 不限 or 未定 where there is none.

    `low`: the lower end, which tells an open end from an amount that nobody has fixed; an end equal to it looks equal.
    """
    if fen is None:
        return phrase("show.no_end" if low else "show.unfixed", lang)
    return _figure(fen, lang, ROUND_FLOOR if fen == low else ROUND_CEILING)


def _figure(fen: int, lang: Lang, rounding: str) -> str:
    if lang == "en":
        return money.in_words(fen, lang).removesuffix(" yuan")
    return _trimmed((Decimal(fen) / money.FEN_A_WAN).quantize(_CENT, rounding))


def about(fen: int, lang: Lang, *, up: bool = False) -> str:
    """A sum with its unit for a screen: 万元 to two decimals, 亿元 from 10,000万元 on; cut, or raised where `up`."""
    if not fen:
        return "0"
    if lang == "en":
        return money.in_words(fen, lang)
    rounding = ROUND_CEILING if up else ROUND_FLOOR
    wan = Decimal(fen) / money.FEN_A_WAN
    if abs(wan) >= _YI:
        return f"{_trimmed((wan / _YI).quantize(_TEN_THOUSANDTH, rounding))}亿元"
    return f"{_trimmed(wan.quantize(_CENT, rounding))}万元"


def _trimmed(number: Decimal) -> str:
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


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


def amounts(row: Line, report: Report) -> tuple[int, int | None]:
    """The interval to show, in fen: of the whole award, or of the one year that was asked for."""
    if report.year is None:
        return row.low, row.high
    highs = [each.high for each in row.schedule]
    total = None if None in highs else sum(high for high in highs if high is not None)
    return sum(each.low for each in row.schedule), total


def event(value: EventLine | None, lang: Lang, *, known: str = "") -> str:
    """The event of a row with its date and sum, or the accounts; a `known` title is left out."""
    if value is None:
        return phrase("show.accounts", lang)
    parts = [value.date or phrase("show.no_date", lang)]
    if value.title.casefold() != known.casefold():
        parts.append(value.title)
    if value.amount is not None:
        parts.append(money.in_words(value.amount, lang))
    if value.note:
        parts.append(value.note)
    return " · ".join(parts)


def heading(reference: str, title: str) -> str:
    """A clause's number and a title; full-width brackets bring their own blank."""
    return f"{reference}{title}" if reference.endswith("）") else f"{reference} {title}"


def titled(row: Line, lang: Lang) -> str:
    """The title of an award, with who receives it where that is not the unit alone."""
    return row.title if row.recipient == "unit" else phrase(f"show.title_{row.recipient}", lang, title=row.title)


def ends(lang: Lang) -> tuple[str, str]:
    """What the lower and the upper end of a sum are called."""
    return phrase("show.assured", lang), phrase("show.ceiling", lang)


def pending(most_: int, open_: int, lang: Lang) -> str:
    """How far the answer to a missing fact moves the sums: at most so much, and so many without an upper bound."""
    parts = [phrase("show.at_most", lang, sum=about(most_, lang, up=True))] if most_ else []
    if open_:
        parts.append(phrase("show.open_too" if parts else "show.open_only", lang, count=open_))
    return phrase("show.and", lang).join(parts)


def basis(source: Source, lang: Lang) -> str:
    """The document that an answer rests on, and what is laid over it."""
    line = phrase("show.basis", lang, number=source.number, effective=source.effective)
    if not source.overlays:
        return line
    numbers = listed(source.overlays, lang)
    return line + phrase("show.and", lang) + phrase("show.overlays", lang, numbers=numbers)


def document(row: Line | Preference, number: str) -> str:
    """The number of the document a row rests on, where it is not the policy itself (`number`)."""
    return row.document if row.document != number else ""


def reasons(row: Line | Preference) -> list[str]:
    """The conditions that keep a row from being a yes, without those that only wait for a missing fact."""
    if row.verdict == "yes":
        return []
    found = (each.says for each in row.reasons if each.truth == row.verdict and each.fact not in row.missing)
    return list(dict.fromkeys(found))


def problem(each: Problem, lang: Lang) -> list[str]:
    """A problem in four texts: how bad, where, what, and what to do."""
    said = say(each, lang)
    return [phrase(f"show.{each.severity}", lang), each.where, said.what, said.remedy]
