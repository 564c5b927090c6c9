"""The sheets of a workbook: the front sheet, every table of a result, what must be read with it, and its receipt.

The front sheet, to be read and printed by itself, says who, what it comes to, and what applies. Of one firm it has a
line an award; of many, the firms and the clauses with the largest sums. The sums of its table are drawn under it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

import polars as pl

from ordos_subsidy.document import FirmReport, Report
from ordos_subsidy.errors import Problem, warning
from ordos_subsidy.evaluation import Outcome
from ordos_subsidy.messages import Lang, phrase, say
from ordos_subsidy.pages import blocks, firm_page, many_firms, report_page, terms
from ordos_subsidy.pages.blocks import Cards, Labelled, PageHeading, Paragraph
from ordos_subsidy.receipt import Receipt, as_line
from ordos_subsidy.report.answer import calc
from ordos_subsidy.report.plan import caution
from ordos_subsidy.tables.columns import null_column
from ordos_subsidy.views import firm_rows
from ordos_subsidy.views.fields import (
    FRONT_AWARDS,
    FRONT_CLAUSES,
    PROBLEMS,
    SUMS,
    Above,
    Bars,
    Field,
    View,
    ViewName,
    view,
)
from ordos_subsidy.views.result import LISTED, Result
from ordos_subsidy.views.scored import Scored
from ordos_subsidy.wording import Speaker

#: What one sheet of a workbook holds, its headings included.
ROWS = 1_048_576
#: What a piece of the receipt stands beside; and how long one is: a cell holds 32,767 characters.
MARK: Literal["receipt"] = "receipt"
_PIECE = 30_000
_RECEIPT = (Field("item", width=24, phrase="proof.item"), Field("value", width=120, phrase="proof.value"))
#: So many firms, firms that are left out, and clauses are named; the others are counted.
_FIRMS, _OMITTED, _CLAUSES = 10, 5, 12
#: Facts that say who a firm is, by their type.
_WHO = ("choice", "choices", "year")


def sheets(result: Result) -> list[View]:
    """All tables, for a workbook; a table that a sheet does not hold is left out, and that is said."""
    made: dict[ViewName, list[View]] = {}
    largest: list[pl.DataFrame] = []
    count, only = 0, None
    for scored in result.scored():
        largest.append(_largest_of(scored))
        count += (firms := len(scored.outcome.firms))
        only = scored.outcome if firms == 1 else None
        for each in result.tables_of(scored):
            made.setdefault(each.name, []).append(each)
    views = [replace(parts[0], frame=pl.concat([each.frame for each in parts])) for parts in made.values()]
    if not result.listed:
        named = {name: phrase(f"batch.sheet_{name}", result.lang) for name in ("preferences", "missing")}
        result.problems.append(warning("batch.not_listed", named["preferences"], **named, limit=LISTED))
    if result.overall:
        views += [asked] if (asked := result.asked) else []
        views[0] = firm_rows.with_foot(views[0], result.omitted, result.basis, result.lang)
        views.append(result.whole.clauses(result.policies, result.lang, with_totals=True))
        districts = result.whole.districts(result.policies, result.lang)
        views += [districts] if districts else []
    alone = count == 1 and not result.omitted
    front = _of_firm(only, result) if only and alone else _of_many(result, largest, count)
    fitting = [each for each in views if _fits(result, each.name, each.frame.height)]
    return [front, *fitting, _problems(result)]


def _problems(result: Result) -> View:
    """What must be read with the figures, then each problem once, those of single firms with their names."""
    note = phrase("show.footnotes", result.lang)
    rows: list[tuple[str | None, ...]] = [(None, note, None, text, None) for text in result.standing]
    named: list[tuple[str | None, Problem]] = [(None, each) for each in result.problems]
    for name, each in dict.fromkeys([*named, *result.of_firms]):
        words = say(each, result.lang)
        rows.append((name, phrase(f"show.{each.severity}", result.lang), each.where, words.what, words.remedy))
    columns = {field.key: pl.String for field in PROBLEMS}
    return view("problems", PROBLEMS, pl.DataFrame(rows, columns, orient="row"))


def _fits(result: Result, name: ViewName, rows: int) -> bool:
    """Whether a sheet holds so many rows; where it does not, that is said."""
    if rows < ROWS:
        return True
    code = "sheet_full" if name in ("firms", "awards", "clauses") else "sheet_left_out"
    sheet = phrase(f"batch.sheet_{name}", result.lang, fact="")
    result.problems.append(warning(f"batch.{code}", sheet, sheet=sheet, rows=rows, limit=ROWS - 1, view=name))
    return False


# --- the front sheet


def _of_firm(outcome: Outcome, result: Result) -> View:
    """The front sheet of the only firm of an outcome."""
    lang = result.lang
    report = calc(outcome, lang=lang, year=result.year)
    (firm,) = report.firms
    rows = [
        (
            row.reference,
            terms.verdict_word(row.verdict, lang),
            terms.titled(row, lang),
            row.words,
            *terms.amounts(row, report),
            terms.years(row.schedule, lang),
            next(iter(row.departments_short), None),
        )
        for row in firm_page.shown(firm.awards, report)
    ]
    name = firm.name or result.policies.head.name.in_(lang)
    above = (*_heading(name, result), *_who(outcome, firm, lang), *_comes_to(firm, report), *_caution(result))
    return _front(FRONT_AWARDS, rows, above, Bars(phrase("show.chart_each", lang), "measure", ("low", "high")))


def _of_many(result: Result, firms: Sequence[pl.DataFrame], count: int) -> View:
    """The front sheet of many firms; `firms`: the `_largest_of` each part, `count`: how many were scored."""
    lang = result.lang
    above = (
        *_heading(result.policies.head.name.in_(lang), result),
        Paragraph(result.counts(count)),
        *_cards(many_firms.cards(result.whole.comes_to, lang)),
        *_largest(firms, lang),
        *many_firms.left_out(result.omitted[:_OMITTED], lang),
        *_caution(result),
    )
    bars = Bars(phrase("show.chart_clauses", lang), "heading", ("assured", "ceiling"))
    return _front(FRONT_CLAUSES, list(_clauses(result)), above, bars)


def _front(fields: tuple[Field, ...], rows: Sequence[tuple[object, ...]], above: tuple[Above, ...], bars: Bars) -> View:
    types = {each.key: pl.String if each.holds == "text" else pl.Int128 for each in fields}
    frame = pl.DataFrame(rows, types, orient="row")
    drawn = bars if frame.select(pl.any_horizontal(pl.col(bars.sums).gt(0).any())).item() else None
    return View("front", fields, frame, above=above, bars=drawn)


def _heading(name: str, result: Result) -> Iterator[Above]:
    yield PageHeading(name, 1)
    yield Paragraph(f"{result.policies.head.title.in_(result.lang)} {result.basis}", "faint")
    if result.year is not None:
        yield Paragraph(phrase("show.only_year", result.lang, year=result.year))


def _caution(result: Result) -> Iterator[Above]:
    """That a cap is no promise, in the words of the policy file."""
    if said := caution(result.policies, result.lang):
        yield Paragraph(said, "faint")


def _who(outcome: Outcome, firm: FirmReport, lang: Lang) -> Iterator[Above]:
    if firm.credit_code:
        yield Labelled(phrase("show.code", lang), firm.credit_code)
    words = outcome.policies.vocabulary
    facts = outcome.firms.firms.row(0, named=True)
    for fact in words.of("firm"):
        if fact.type in _WHO and facts[fact.key] is not None:
            yield Labelled(fact.title.in_(lang), Speaker(words, lang).found(fact, facts))


def _comes_to(firm: FirmReport, report: Report) -> Iterator[Above]:
    """The sums of a firm, in all and by year."""
    lang = report.lang
    yield from _cards(firm_page.summary(firm.totals, lang, doubted=bool(firm.doubted)))
    yield from firm_page.read_back(firm, lang)
    bars = report_page.by_year(firm, lang).bars
    texts = [phrase("show.labelled", lang, label=bar.label, text=bar.text) for bar in bars]
    yield from blocks.labelled(phrase("show.totals", lang), texts)
    if not firm_page.shown(firm.awards, report):
        yield Paragraph(phrase("show.awards_none", lang))


def _cards(sums: Cards) -> Iterator[Above]:
    for card in sums.cards:
        yield Labelled(card.name, f"{card.figure}　{card.says}", "strong")


def _largest_of(scored: Scored) -> pl.DataFrame:
    """The firms of a part with the largest sums: name, and what each comes to."""
    names, table = scored.outcome.policies.vocabulary.role("firm", "name"), scored.outcome.firms.firms
    name = table.get_column(names.key) if names else null_column(table.height, pl.String)
    return _most(scored.sums.select(name.alias("name"), *SUMS))


def _most(firms: pl.DataFrame) -> pl.DataFrame:
    return firm_rows.ranked(firms.filter(pl.max_horizontal("ceiling", "assured") > 0)).head(_FIRMS)


def _largest(firms: Sequence[pl.DataFrame], lang: Lang) -> Iterator[Above]:
    texts = []
    for name, low, high, open_ in (
        _most(pl.concat(firms)).select("name", "assured", "ceiling", "open_ended").iter_rows()
    ):
        text = terms.interval(low, max(low, high), lang)
        if open_:
            text += phrase("show.and", lang) + phrase("show.open_too", lang, count=open_)
        texts.append(phrase("show.labelled", lang, label=name or "", text=text))
    yield from blocks.labelled(phrase("show.firms_most", lang), texts)


def _clauses(result: Result) -> Iterator[tuple[object, ...]]:
    """The clauses with the largest sums, then what the others come to."""
    texts = {each.number: (each.reference, each.heading.in_(result.lang)) for each in result.policies.clauses}
    keys = [each.key for each in FRONT_CLAUSES if each.holds != "text"]
    frame = firm_rows.ranked(result.whole.by_clause)
    for number, eligible, *sums in frame.head(_CLAUSES).select("clause_number", *keys).iter_rows():
        reference, heading = texts[number]
        yield (reference, eligible, heading, *sums)
    if frame.height > _CLAUSES:
        eligible, *sums = frame.slice(_CLAUSES).select(pl.col(keys).sum()).row(0)
        rest = phrase("show.other_clauses", result.lang, count=frame.height - _CLAUSES)
        yield ("", eligible, rest, *sums)


# --- the receipt


def receipt_sheet(receipt: Receipt, lang: Lang) -> View:
    """The table of a receipt: what a person reads, then the receipt itself in pieces."""
    line = as_line(receipt)
    told = [(each.label, each.text) for each in report_page.receipt_fields(receipt, lang)]
    notes = [(None, phrase(f"proof.{key}", lang)) for key in ("how", "no_signature", "holds_input")]
    pieces = [(MARK, line[at : at + _PIECE]) for at in range(0, len(line), _PIECE)]
    columns = {field.key: pl.String for field in _RECEIPT}
    return view(MARK, _RECEIPT, pl.DataFrame([*told, *notes, *pieces], columns, orient="row"))
