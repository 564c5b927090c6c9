"""The tables of problems and of the receipt: what must be read with the figures, and what checks them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal

import polars as pl

from ordos_subsidy.errors import Problem
from ordos_subsidy.evaluation import Outcome
from ordos_subsidy.messages import Lang, phrase, say
from ordos_subsidy.pages import report_page, terms
from ordos_subsidy.policy import Policies
from ordos_subsidy.receipt import Receipt, as_line
from ordos_subsidy.repeats import possible_repeats
from ordos_subsidy.report.lines import Lines
from ordos_subsidy.report.plan import footnotes, source
from ordos_subsidy.views.fields import PROBLEMS, Field, View, view

#: What a piece of the receipt stands beside; and how long one is: a cell holds 32,767 characters.
MARK: Literal["receipt"] = "receipt"
_PIECE = 30_000
_RECEIPT = (Field("item", width=24, phrase="proof.item"), Field("value", width=120, phrase="proof.value"))


def basis(policies: Policies, on: dt.date, lang: Lang) -> str:
    """The document a result rests on, and the day of evaluation."""
    day = phrase("batch.as_of", lang, day=on)
    return phrase("show.and", lang).join([terms.basis(source(policies, lang), lang), day])


def standing(policies: Policies, on: dt.date, year: int | None, left_out: int, lang: Lang) -> list[str]:
    """What must be read with the figures: the document, the day and the year, who is not in it, the footnotes."""
    said = [f"{policies.head.title.in_(lang)} {basis(policies, on, lang)}"]
    if year is not None:
        said.append(phrase("show.only_year", lang, year=year))
    if left_out:
        said.append(phrase("show.left_out", lang, count=left_out))
    return [*said, *footnotes(policies, lang)]


def problems(
    said: Sequence[str], found: Sequence[Problem], of_firms: Sequence[tuple[str, Problem]], lang: Lang
) -> View:
    """What must be read with the figures, then each problem once, those of single firms with their names."""
    note = phrase("show.footnotes", lang)
    rows: list[tuple[str | None, ...]] = [(None, note, None, text, None) for text in said]
    named: list[tuple[str | None, Problem]] = [(None, each) for each in found]
    for name, each in dict.fromkeys([*named, *of_firms]):
        words = say(each, lang)
        rows.append((name, phrase(f"show.{each.severity}", lang), each.where, words.what, words.remedy))
    return view("problems", PROBLEMS, pl.DataFrame(rows, {field.key: pl.String for field in PROBLEMS}, orient="row"))


def repeats(outcome: Outcome, lang: Lang, *, later: bool = True) -> list[tuple[str, Problem]]:
    """Events that may be one, each with the name of its firm, firm by firm; `later` as in `possible_repeats`."""
    name = outcome.policies.vocabulary.role("firm", "name")
    names = outcome.firms.firms.get_column(name.key) if name else None
    lines, found = Lines(outcome, lang), sorted(possible_repeats(outcome, later=later), key=lambda each: each.firm)
    return [(names[each.firm] if names is not None else "", lines.possible_repeat(each)) for each in found]


def receipt_sheet(receipt: Receipt, lang: Lang) -> View:
    """The table of a receipt: what a person reads, then the receipt itself in pieces."""
    line = as_line(receipt)
    told = [(each.label, each.text) for each in report_page.receipt_fields(receipt, lang)]
    notes = [(None, phrase(f"proof.{key}", lang)) for key in ("how", "no_signature", "holds_input")]
    pieces = [(MARK, line[at : at + _PIECE]) for at in range(0, len(line), _PIECE)]
    columns = {field.key: pl.String for field in _RECEIPT}
    return view(MARK, _RECEIPT, pl.DataFrame([*told, *notes, *pieces], columns, orient="row"))
