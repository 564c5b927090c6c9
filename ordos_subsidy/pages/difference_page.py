"""The answers to `plan` and `compare`: what is otherwise, which rows that changes, and what it does to the sums.

`page` shows outcomes side by side, `sweep` the lines of a figure: what each changes, and the sums from there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ordos_subsidy.document import Line, Verdict, YearTotals
from ordos_subsidy.messages import Lang, phrase
from ordos_subsidy.pages import blocks, firm_page, terms
from ordos_subsidy.pages.blocks import Block, Cell, ChartStep, ColumnHead, Page, PageHeading, Paragraph, Table
from ordos_subsidy.report.differences import Differences, DifferingRow, ReportRow, SideBySide, Sweep
from ordos_subsidy.variants import Stretch

#: With more columns than these, verdicts are signs alone.
_FEW = 2
#: The cells of the longest bar of a sweep.
_BAR = 12


def page(comparison: Differences, *, problems: bool = True) -> Page:
    """The page of a comparison; without `problems` where they are shown beside it."""
    return Page(comparison.source.name, comparison.lang, tuple(_blocks(comparison, problems=problems)))


def _blocks(comparison: Differences, *, problems: bool) -> Iterator[Block]:
    lang = comparison.lang
    yield PageHeading(comparison.source.name, 1, terms.basis(comparison.source, lang))
    for each in comparison.pairs:
        yield PageHeading(" · ".join(dict.fromkeys(firm.name for firm in each.firms)), 2)
        if each.facts:
            yield PageHeading(phrase("plan.facts", lang), 3)
            facts = tuple(blocks.cells((fact.title, *fact.values)) for fact in each.facts)
            yield Table(_heads(["plan.fact"], each, lang), facts, flexible=0)
        else:
            yield Paragraph(phrase("plan.same_facts", lang), "faint")
        if each.rows:
            yield PageHeading(phrase("plan.rows", lang), 3)
            yield Table(_heads(["clause", "measure"], each, lang), tuple(_row(row, lang) for row in each.rows))
        else:
            yield Paragraph(phrase("plan.same_rows", lang), "faint")
        yield _totals(each, lang)
        yield from _years(each, lang)
    for name, label in comparison.unpaired:
        yield Paragraph(phrase("plan.unpaired", lang, name=name, label=label), "unknown")
    yield from firm_page.ending(comparison.problems, comparison.footnotes, comparison.caution, lang, whole=problems)


def _heads(first: Sequence[str], each: SideBySide, lang: Lang) -> tuple[ColumnHead, ...]:
    return (*blocks.heads(lang, *first), *(ColumnHead(label, number=True) for label in each.labels))


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
        rows.append((Cell(phrase(f"show.{key}", lang), "strong"), *_beside(texts, sums, lang)))
    counts = [totals.open_ended for totals in each.totals]
    if any(counts):
        texts = [phrase("show.items", lang, count=count) for count in counts]
        rows.append((Cell(phrase("show.open_ended", lang), "strong"), *map(Cell, texts)))
    return Table(_heads(["total"], each, lang), tuple(rows), flexible=0)


def _beside(texts: Sequence[str], sums: Sequence[int], lang: Lang) -> Iterator[Cell]:
    """Sums in words, and how far they are from the first, with their sign."""
    for text, fen in zip(texts, sums, strict=True):
        more, far = fen > sums[0], terms.about(abs(fen - sums[0]), lang, up=True)
        apart = Paragraph(f"+{far}", "yes") if more else Paragraph(f"-{far}", "no")
        yield Cell(text) if fen == sums[0] else Cell(text, "strong", (apart,))


def _years(each: SideBySide, lang: Lang) -> Iterator[Block]:
    """Assured and ceiling of each calendar year, where they are not the same."""
    by_year = [{part.year: part for part in totals.by_year} for totals in each.totals]
    years = sorted({year for one in by_year for year in one}, key=lambda year: (year is None, year or 0))
    rows = []
    for year in years:
        parts = [one.get(year) or YearTotals(None, 0, 0, 0) for one in by_year]
        if len({(part.assured, part.ceiling, part.pending) for part in parts}) == 1:
            continue
        label = phrase("show.no_year", lang) if year is None else str(year)
        texts = [terms.interval(part.assured, max(part.ceiling, part.assured), lang) for part in parts]
        rows.append((Cell(label), *_beside(texts, [part.ceiling for part in parts], lang)))
    if rows:
        yield Table(_heads(["plan.by_year"], each, lang), tuple(rows), flexible=0)


# --- the lines of a figure


def sweep(found: Sweep) -> Page:
    """The page of a sweep."""
    return Page(found.source.name, found.lang, tuple(_swept(found)))


def _swept(found: Sweep) -> Iterator[Block]:
    lang = found.lang
    says = phrase("plan.lines_says", lang, fact=found.fact.title.in_(lang))
    yield PageHeading(found.source.name, 1, terms.basis(found.source, lang))
    for firm, stretches in found.firms:
        yield PageHeading(firm.name, 2)
        yield PageHeading(phrase("plan.lines", lang), 3, says)
        yield _lines(stretches, found)
    if found.caution:
        yield Paragraph(found.caution, "faint")


def _lines(stretches: Sequence[Stretch], found: Sweep) -> Table:
    lang = found.lang
    columns = (
        ColumnHead(phrase("plan.from", lang, fact=found.fact.title.in_(lang)), number=True),
        ColumnHead(phrase("plan.changes", lang)),
        ColumnHead(" – ".join(terms.ends(lang)), number=True),
        ColumnHead("", spare=1),
    )
    most = max(max(each.last.assured, each.last.ceiling) for each in stretches) or 1
    rows = []
    for n, each in enumerate(stretches):
        changes = [_change(key[0], row, found) for key, row in each.changed.items()]
        first = changes[0] if changes else Paragraph("" if n else phrase("plan.start", lang), "" if n else "faint")
        told = Cell(first.text, first.look, tuple(changes[1:]))
        bar = "█" * (each.last.assured * _BAR // most)
        bar += "░" * (max(each.last.ceiling, each.last.assured) * _BAR // most - len(bar))
        rows.append(
            (Cell(found.says(each.first.value), "strong"), told, Cell(_sums_within(each, lang)), Cell(bar, "label"))
        )
    return Table(columns, tuple(rows))


def _change(measure: str, row: tuple[Verdict, int, int | None], found: Sweep) -> Paragraph:
    """A row as it is from a line on."""
    verdict, low, high = row
    named = f"{terms.SIGNS[verdict]} {terms.heading(*found.titles[measure])}"
    sums = terms.interval(low, high, found.lang)
    return Paragraph(named if high == 0 else phrase("show.labelled", found.lang, label=named, text=sums), verdict)


def _sums_within(each: Stretch, lang: Lang) -> str:
    """Assured and ceiling within a stretch, from its first to its last value where they grow, and what is open."""
    ends = (each.first, each.last)
    texts = [terms.interval(end.assured, max(end.ceiling, end.assured), lang) for end in ends]
    more = [phrase("show.open_too", lang, count=each.last.open_ended)] if each.last.open_ended else []
    if each.last.pending:
        more.append(phrase("plan.pending", lang, sum=terms.about(each.last.pending, lang, up=True)))
    return " · ".join([" … ".join(dict.fromkeys(texts)), *more])


def steps(found: Sweep) -> tuple[str, tuple[str, str], list[ChartStep]]:
    """The lines of the first firm for a picture: title, names of both ends, and the steps."""
    (firm, stretches), lang = found.firms[0], found.lang
    swept = phrase("plan.swept", lang, fact=found.fact.title.in_(lang))
    parts = [
        ChartStep(
            (each.first.value, each.last.value),
            (each.first.assured, each.last.assured),
            (each.first.ceiling, each.last.ceiling),
            found.says(each.first.value),
            found.says(each.last.value),
            _sums_within(each, lang),
        )
        for each in stretches
    ]
    return phrase("show.labelled", lang, label=firm.name, text=swept), terms.ends(lang), parts
