"""The result as a workbook: firms, awards, totals by clause and by district, and every problem with its place.

Written from columns by rust_xlsxwriter (through rustpy-xlsxwriter), nine times as fast as XlsxWriter: a workbook
of a park office and one of a hundred thousand firms look alike. Text is written as text, whatever it begins
with. The same result gives the same bytes: the time of writing, which the library notes, is taken out again.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl
from rustpy_xlsxwriter import FastExcel, Format

from ordos_subsidy import advice, output
from ordos_subsidy.batch import sums, views
from ordos_subsidy.batch.views import Column, View
from ordos_subsidy.batch.writing import Result, clean
from ordos_subsidy.errors import Problem, warning
from ordos_subsidy.evaluation import Outcome
from ordos_subsidy.money import FEN_A_WAN
from ordos_subsidy.tables.columns import constant_column
from ordos_subsidy.tables.firms import PLACE
from ordos_subsidy.words import Lang, phrase, say

#: What one sheet holds, its headings included.
ROWS = 1_048_576
#: What Excel holds in one cell, counted in UTF-16 units.
CELL_LIMIT = 32_767
#: Every digit of a sum in 万元 down to the fen; two at least, or Excel ends whole sums in a point. A blank to the
#: right keeps a sum apart from the text beside it.
SUM_FORMAT = "#,##0.00####_)"
_NAME_LIMIT = 31
_SMALL = 20_000
_LINE = 15.0
_FONT = "Microsoft YaHei"
_COLOURS = {"yes": "#E2F1E7", "unknown": "#FCF1D8", "no": "#F3E4E4"}
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_CORE = "docProps/core.xml"
_FORMATS = {"money": SUM_FORMAT, "count": "#,##0_)", "number": "0", "year": "0"}

_PAPER = {"landscape": True, "paper_size": 9, "repeat_rows": 0, "fit_to_pages": (1, 0)}

PROBLEMS = (
    Column("severity", width=8),
    Column("where", width=44),
    Column("problem", width=60),
    Column("remedy", width=60),
)


def write(result: Result, path: Path) -> None:
    """Write the workbook."""
    put(result, tables(result), path)


def tables(result: Result) -> list[View]:
    """The tables it shows, one a sheet; what does not fit in a sheet is left out and said."""
    lang, policies = result.lang, result.policies
    firms, awards = _tables(result)
    whole = result.whole
    districts = sums.districts(whole, policies, lang)
    made = [firms, awards, sums.clauses(whole, policies, lang, with_totals=True), *([districts] if districts else [])]
    for view in made:
        if view.frame.height >= ROWS:
            name = sheet_name(result, view.name)
            full = warning("batch.sheet_full", name, sheet=name, rows=view.frame.height, limit=ROWS - 1, view=view.name)
            result.problems.append(full)
    return [view for view in made if view.frame.height < ROWS]


def put(result: Result, views: Sequence[View], path: Path) -> None:
    """Write tables, and the problems of their result, as a workbook."""
    book = FastExcel(str(path))
    for view in views:
        _add(book, sheet_name(result, view.name), view, result.lang)
    _add_problems(book, result)
    with output.speechless():
        book.save()
    steady(path)


def _tables(result: Result) -> tuple[View, View]:
    """The firms and the awards of all parts."""
    firms, awards = [], []
    for scored in result.scored():
        firms.append(views.firms(scored, result.lang))
        awards.append(views.awards(scored, result.lang))
        result.problems += _repeats(scored.outcome, result.lang)
    return _joined(firms), _joined(awards)


def _repeats(outcome: Outcome, lang: Lang) -> Iterator[Problem]:
    """Events that may be one, as `calc` says them of each firm."""
    places = outcome.firms.events.get_column(PLACE)
    for repeat in advice.repeats(outcome):
        kind = outcome.policies.vocabulary.kinds[repeat.kind].title.in_(lang)
        where = " ".join(places[event] for event in repeat.events)
        yield warning(f"logic.{repeat.code}", where, kind=kind, date=repeat.date)


def _joined(parts: Sequence[View]) -> View:
    return View(parts[0].name, parts[0].columns, pl.concat([each.frame for each in parts]))


def sheet_name(result: Result, view: str) -> str:
    """What the sheet of a view is called; districts go by the fact that says where a firm belongs."""
    fact = views.place_fact(result.policies)
    title = re.sub(r"[（(].*", "", fact.title.in_(result.lang)) if fact else ""
    title = re.sub(r"^所[在属]", "", title).strip().lower() if view == "districts" else title
    name = phrase(f"batch.sheet_{view}", result.lang, fact=title)
    return re.sub(r"[\[\]:*?/\\]", " ", name)[:_NAME_LIMIT]


def _add(book: FastExcel, name: str, view: View, lang: Lang) -> None:
    book.sheet(
        name,
        painted(view, lang),
        column_widths=[float(column.width) for column in view.columns],
        column_formats=_formats(view, lang),
        header_format=_head(),
        row_heights={0: 34.0},
        autofilter=True,
        conditional_formats=_verdicts(view, lang),
        page_setup={**_PAPER, "print_area": (0, 0, view.frame.height, _printed(view) - 1)},
        sheet_view={"zoom": 90},
    )
    frozen = 1 if view.columns[0].key in ("name", "place_of") else 2
    book.freeze(row=1, col=frozen, sheet=name)


def painted(view: View, lang: Lang) -> pl.DataFrame:
    """The table as a sheet shows it: sums as numbers of 万元, texts on one line and cut to what a cell holds."""
    money = [column.key for column in view.columns if column.kind == "money"]
    # A divisor that is a column, not a literal: Polars would multiply by the reciprocal, an ulp off.
    frame = view.frame.with_columns(constant_column(view.frame.height, value=float(FEN_A_WAN)).alias("@wan"))
    exprs = []
    for column in view.columns:
        cell = pl.col(column.key)
        if column.key in money:
            cell = cell.cast(pl.Float64) / pl.col("@wan")
        elif column.kind == "text":
            cell = _cut(clean(cell), lang)
        else:
            cell = cell.cast(pl.Int64)
        exprs.append(cell.alias(column.heading(lang)))
    return frame.select(exprs)


def _cut(text: pl.Expr, lang: Lang) -> pl.Expr:
    def cut(texts: pl.Series) -> pl.Series:
        long = (texts.str.len_bytes() > CELL_LIMIT).fill_null(value=False)
        if not long.any():
            return texts
        from ordos_subsidy.render.xlsx import short

        found = texts.filter(long).unique()
        return texts.replace(found, pl.Series([short(each, lang) for each in found], dtype=pl.String))

    return text.map_batches(cut, return_dtype=pl.String)


def _formats(view: View, lang: Lang) -> dict[str, Format]:
    """The look of each column; a large sheet formats its numbers only, for a format makes a text half as dear again."""
    wanted = [each for each in view.columns if each.kind in _FORMATS or view.frame.height <= _SMALL]
    return {column.heading(lang): _format(column) for column in wanted}


def _format(column: Column) -> Format:
    made = Format().set_font_name(_FONT).set_font_size(10).set_align("vcenter")
    return made.set_num_format(_FORMATS[column.kind]) if column.kind in _FORMATS else made


def _head() -> Format:
    made = Format().set_font_name(_FONT).set_font_size(10).set_bold().set_font_color("#FFFFFF")
    return made.set_background_color("#1F4E79").set_align("center").set_align("vcenter").set_text_wrap()


def _printed(view: View) -> int:
    """How many columns go on paper: those of the awards are too many to read."""
    keys = [column.key for column in view.columns]
    return keys.index("departments") if "departments" in keys else len(keys)


def _verdicts(view: View, lang: Lang) -> dict[str, object] | None:
    """Colours for eyes that like them, totals in bold; the words stand in the cells."""
    if view.name == "clauses":
        total = {"type": "text", "criteria": "begins_with", "value": phrase("batch.all_years", lang)}
        return {phrase("show.year", lang): [{**total, "format": Format().set_bold()}]}
    column = next((each for each in view.columns if each.key == "verdict"), None)
    if column is None:
        return None
    rules = [
        {
            "type": "text",
            "criteria": "begins_with",
            "value": phrase(f"show.verdict_{verdict}", lang),
            "format": Format().set_background_color(colour),
        }
        for verdict, colour in _COLOURS.items()
    ]
    return {column.heading(lang): rules}


def _add_problems(book: FastExcel, result: Result) -> None:
    """Every problem, the document the figures rest on and its footnotes first."""
    frame = problem_table(result.problems, result.lang)
    view = View("clauses", PROBLEMS, frame)
    heads = [phrase(f"show.{column.key}", result.lang) for column in PROBLEMS]
    name = phrase("batch.sheet_problems", result.lang)
    # Programs do not fit the height of a row to its text by themselves; a long list is better without wraps.
    wraps = frame.height <= _SMALL
    looks = [_format(column).set_text_wrap() if wraps else _format(column) for column in PROBLEMS]
    book.sheet(
        name,
        frame.select(
            _cut(clean(pl.col(column.key)), result.lang).alias(head)
            for column, head in zip(PROBLEMS, heads, strict=True)
        ),
        column_widths=[float(column.width) for column in view.columns],
        column_formats=dict(zip(heads, looks, strict=True)),
        row_heights=_heights(frame) if wraps else None,
        header_format=_head(),
        autofilter=True,
        page_setup=_PAPER,
        sheet_view={"zoom": 90},
    )
    book.freeze(row=1, col=0, sheet=name)


def _heights(frame: pl.DataFrame) -> dict[int, float]:
    """Points for rows whose texts are wider than their columns; an ideograph is as wide as two letters."""
    lines = [
        max(
            -(-len((cell or "").encode("gb18030")) // (column.width - 2))
            for cell, column in zip(row, PROBLEMS, strict=True)
        )
        for row in frame.iter_rows()
    ]
    return {n: _LINE * count for n, count in enumerate(lines, 1) if count > 1}


def problem_table(found: Sequence[Problem], lang: Lang) -> pl.DataFrame:
    """Problems as a table, each once."""
    rows = []
    for each in dict.fromkeys(found):
        said = say(each, lang)
        rows.append((phrase(f"show.{each.severity}", lang), each.where, said.what, said.remedy))
    return pl.DataFrame(rows, {column.key: pl.String for column in PROBLEMS}, orient="row")


def steady(path: Path) -> None:
    """Take the time of writing out of a workbook; what is small and stands behind it is written anew."""
    with zipfile.ZipFile(path, "a") as book:
        start = book.getinfo(_CORE).header_offset
        tail = [entry for entry in book.infolist() if entry.header_offset >= start]
        contents = [(entry.filename, book.read(entry)) for entry in tail]
        for entry in tail:
            book.filelist.remove(entry)
            del book.NameToInfo[entry.filename]
        book.start_dir = start
        for name, content in contents:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            book.writestr(entry, _STAMP.sub(rb"\g<1>1980-01-01T00:00:00Z", content))
