"""The answer to `plan` and `compare`: what is otherwise, which rows that changes, and what it does to the sums."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ordos_subsidy.document import Line, Totals, YearTotals
from ordos_subsidy.messages import Lang, phrase
from ordos_subsidy.pages import firm_page, terms
from ordos_subsidy.pages.blocks import Block, Cell, ColumnHead, Look, Page, PageHeading, Paragraph, Table
from ordos_subsidy.report.differences import Differences, DifferingRow, ReportRow, SideBySide

#: With more columns than these, verdicts are signs alone.
_FEW = 2


def page(comparison: Differences, *, problems: bool = True) -> Page:
    """The page of a comparison; without `problems` where they are shown beside it."""
    return Page(comparison.source.name, comparison.lang, tuple(_blocks(comparison, problems=problems)))


def _blocks(comparison: Differences, *, problems: bool) -> Iterator[Block]:
    lang = comparison.lang
    yield PageHeading(comparison.source.name, 1, terms.basis(comparison.source, lang))
    for each in comparison.pairs:
        yield PageHeading(" · ".join(dict.fromkeys(firm.name for firm in each.firms)), 2)
        yield from _facts(each, lang)
        yield from _rows(each, lang)
        yield _totals(each, lang)
        yield from _years(each, lang)
    for name, label in comparison.unpaired:
        yield Paragraph(phrase("plan.unpaired", lang, name=name, label=label), "unknown")
    yield from firm_page.ending(comparison.problems, comparison.footnotes, comparison.caution, lang, whole=problems)


def _heads(first: Sequence[str], each: SideBySide, lang: Lang) -> tuple[ColumnHead, ...]:
    named = (ColumnHead(phrase(key, lang)) for key in first)
    return (*named, *(ColumnHead(label, number=True) for label in each.labels))


def _facts(each: SideBySide, lang: Lang) -> Iterator[Block]:
    if not each.facts:
        yield Paragraph(phrase("plan.same_facts", lang), "faint")
        return
    yield PageHeading(phrase("plan.facts", lang), 3)
    rows = tuple((Cell(fact.title), *map(Cell, fact.values)) for fact in each.facts)
    yield Table(_heads(["plan.fact"], each, lang), rows, flexible=0)


def _rows(each: SideBySide, lang: Lang) -> Iterator[Block]:
    if not each.rows:
        yield Paragraph(phrase("plan.same_rows", lang), "faint")
        return
    yield PageHeading(phrase("plan.rows", lang), 3)
    rows = tuple(_row(row, lang) for row in each.rows)
    yield Table(_heads(["show.clause", "show.measure"], each, lang), rows)


def _row(row: DifferingRow, lang: Lang) -> tuple[Cell, ...]:
    what = row.any
    event = [terms.event(what.event, lang, known=what.title)] if isinstance(what, Line) and what.event else []
    under = tuple(Paragraph(text, "faint") for text in (*event, *row.because))
    return (
        Cell(what.reference),
        Cell(what.title, "strong", under),
        *(_cell(one, lang, short=len(row.rows) > _FEW) for one in row.rows),
    )


def _cell(row: ReportRow | None, lang: Lang, *, short: bool) -> Cell:
    if row is None:
        return Cell("–", "faint")
    if not isinstance(row, Line) or row.verdict == "no":
        return Cell(terms.SIGNS[row.verdict] if short else terms.verdict(row.verdict, lang), row.verdict)
    return Cell(f"{terms.SIGNS[row.verdict]} {terms.interval(row.low, row.high, lang)}", row.verdict)


def _totals(each: SideBySide, lang: Lang) -> Table:
    """The sums of each column, with how far they are from the first."""
    rows = []
    for key in ("assured", "ceiling", "pending"):
        sums = [getattr(totals, key) for totals in each.totals]
        texts = [terms.about(fen, lang, up=key != "assured") for fen in sums]
        rows.append((Cell(phrase(f"show.{key}", lang), "strong"), *map(_beside, texts, _apart(sums, lang))))
    counts = [totals.open_ended for totals in each.totals]
    if any(counts):
        texts = [phrase("show.items", lang, count=count) for count in counts]
        rows.append((Cell(phrase("show.open_ended", lang), "strong"), *map(Cell, texts)))
    return Table(_heads(["show.total"], each, lang), tuple(rows), flexible=0)


def _beside(text: str, apart: str) -> Cell:
    look: Look = "strong" if apart else ""
    return Cell(text, look, (Paragraph(apart, "yes" if apart.startswith("+") else "no"),) if apart else ())


def _apart(sums: Sequence[int], lang: Lang) -> list[str]:
    """How far sums are from the first, with their sign; "" where they are not."""
    found = []
    for fen in sums:
        apart = fen - sums[0]
        sign = "+" if apart > 0 else "-"
        found.append(f"{sign}{terms.about(abs(apart), lang, up=True)}" if apart else "")
    return found


def _years(each: SideBySide, lang: Lang) -> Iterator[Block]:
    """Assured and ceiling of each calendar year, where they are not the same."""
    by_year = [{part.year: part for part in totals.by_year} for totals in each.totals]
    years = sorted({year for one in by_year for year in one}, key=lambda year: (year is None, year or 0))
    rows = []
    for year in years:
        parts = [_of_year(one.get(year)) for one in by_year]
        if len({(part.assured, part.ceiling, part.pending) for part in parts}) == 1:
            continue
        label = phrase("show.no_year", lang) if year is None else str(year)
        texts = [terms.interval(part.assured, max(part.ceiling, part.assured), lang) for part in parts]
        apart = _apart([part.ceiling for part in parts], lang)
        rows.append((Cell(label), *map(_beside, texts, apart)))
    if rows:
        yield Table(_heads(["plan.by_year"], each, lang), tuple(rows), flexible=0)


def _of_year(part: YearTotals | None) -> YearTotals | Totals:
    return part or YearTotals(None, 0, 0, 0)
