"""Results into files: a writer an ending, each fed part by part, so that what is written need not fit memory.

| ending | sums | texts |
|---|---|---|
| .xlsx | 万元, numbers with a format | text, never a formula |
| .csv | 万元, exact decimals | a ' before what a spreadsheet would run |
| .parquet | fen: `*_fen`, Int64; over all firms Decimal(38, 0) | as they are |
| .json .jsonl | yuan, exact | schema 2 of the contract, a firm each |

The same input gives the same bytes, in whatever parts it came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from queue import Full, Queue

import polars as pl
from polars.io.plugins import register_io_source

from ordos_subsidy.batch import sums, views
from ordos_subsidy.batch.sums import Part
from ordos_subsidy.batch.views import Name, Scored, View
from ordos_subsidy.errors import Problem, Refused, problem
from ordos_subsidy.evaluation import Outcome
from ordos_subsidy.money import FEN_A_WAN
from ordos_subsidy.policy import Policies
from ordos_subsidy.render._clean import plain
from ordos_subsidy.words import Lang

ENDINGS = (".xlsx", ".csv", ".parquet", ".json", ".jsonl")
#: What `plain` would change; everything else need not be looked at one by one.
_UNCLEAN = (
    r"[\x00-\x1f\x7f-\x9f\u{61c}\u{200b}\u{200e}\u{200f}\u{2028}-\u{202e}\u{2060}-\u{206f}\u{feff}\u{fff9}-\u{fffb}"
    r"\u{fffe}\u{ffff}\u{e0000}-\u{e007f}]|^\s|\s$|\s\s|[\u{1680}\u{2000}-\u{200a}\u{205f}]"
)
#: Rows that a Parquet file keeps together.
_ROW_GROUP = 262_144
_FORMULA = r"^[=+\-@\t\r\n＝＋－＠]"


@dataclass
class Result:
    """A batch on its way to a file: its parts are scored as they are asked for, and what they add up to is kept."""

    policies: Policies
    outcomes: Iterator[Outcome]
    lang: Lang
    year: int | None
    #: Everything there is to say; complete once all parts have been asked for.
    problems: list[Problem]
    left_out: int = 0
    #: Which sums are wanted, in the file or on the screen.
    by_clause: bool = True
    by_year: bool = True
    by_place: bool = True

    def __post_init__(self) -> None:
        self._parts: list[Part] = []

    def scored(self) -> Iterator[Scored]:
        """The parts, scored, in order; can be asked for once."""
        for outcome in self.outcomes:
            scored = Scored(outcome, self.year)
            wanted = {"by_clause": self.by_clause, "by_year": self.by_year, "by_place": self.by_place}
            self._parts.append(sums.part(scored, **wanted))
            yield scored

    @property
    def whole(self) -> Part:
        """The sums over all parts."""
        return sums.added(self._parts)


def ending(path: Path) -> str:
    """The ending that picks the format; refused where none does."""
    found = path.suffix.lower()
    if found not in ENDINGS:
        raise Refused([problem("batch.ending", str(path))])
    return found


def write(result: Result, path: Path, kind: str, view: Name) -> None:
    """Write the file of a result."""
    if kind == ".xlsx":
        from ordos_subsidy.batch import sheets

        sheets.write(result, path)
    elif kind in (".json", ".jsonl"):
        from ordos_subsidy.batch import documents

        documents.write(result, path, lines=kind == ".jsonl")
    elif kind == ".csv":
        _write_csv(_frames(result, view, _for_csv, result.lang), path)
    else:
        _write_parquet(_frames(result, view, _for_parquet, None), path)


def _frames(
    result: Result, view: Name, paint: Callable[[View, Lang], pl.DataFrame], lang: Lang | None
) -> Iterator[pl.DataFrame]:
    """The rows of a view, a frame a part."""
    for scored in result.scored():
        if view == "firms":
            yield paint(views.firms(scored, result.lang), result.lang)
        elif view == "awards":
            yield paint(views.awards(scored, lang), result.lang)
    if view == "clauses":
        yield paint(sums.clauses(result.whole, result.policies, result.lang), result.lang)


# --- CSV


def _write_csv(frames: Iterator[pl.DataFrame], path: Path) -> None:
    with path.open("wb") as file:
        file.write("\ufeff".encode())
        for n, frame in enumerate(frames):
            frame.write_csv(file, include_header=n == 0, line_terminator="\n")


def _for_csv(view: View, lang: Lang) -> pl.DataFrame:
    return view.frame.select(
        {"money": wan_text, "text": safe}.get(column.kind, pl.col)(column.key).alias(column.heading(lang))
        for column in view.columns
    )


def wan_text(key: str) -> pl.Expr:
    """Fen as text in 万元, exact and without trailing zeros."""
    fen = pl.col(key)
    whole, part = (fen.abs() // FEN_A_WAN).cast(pl.String), (fen.abs() % FEN_A_WAN).cast(pl.String).str.zfill(6)
    text = pl.concat_str(whole, pl.lit("."), part).str.strip_chars_end("0").str.strip_chars_end(".")
    return pl.when(fen < 0).then(pl.concat_str(pl.lit("-"), text)).otherwise(text)


def safe(key: str) -> pl.Expr:
    """Text that no spreadsheet runs, on one line."""
    text = clean(pl.col(key))
    return pl.when(text.str.contains(_FORMULA)).then(pl.concat_str(pl.lit("'"), text)).otherwise(text)


def clean(text: pl.Expr) -> pl.Expr:
    """Text made harmless to show, as every renderer does."""
    return text.map_batches(_cleaned, return_dtype=pl.String)


def _cleaned(texts: pl.Series) -> pl.Series:
    unclean = texts.str.contains(_UNCLEAN).fill_null(value=False)
    if not unclean.any():
        return texts
    found = texts.filter(unclean).unique()
    return texts.replace(found, pl.Series([plain(each) for each in found], dtype=pl.String))


# --- Parquet


def _for_parquet(view: View, _lang: Lang) -> pl.DataFrame:
    return view.frame.select(_typed(view, column.key, column.kind) for column in view.columns)


def _typed(view: View, key: str, kind: str) -> pl.Expr:
    if kind == "money":
        wide = view.frame.schema[key] == pl.Int128
        return pl.col(key).cast(pl.Decimal(38, 0) if wide else pl.Int64).alias(f"{key}_fen")
    return pl.col(key).cast(pl.Int64) if kind == "count" else pl.col(key)


def _write_parquet(frames: Iterator[pl.DataFrame], path: Path) -> None:
    """One file, written while the next part is scored; its bytes do not depend on the parts."""
    first = next(frames)
    parts: Queue[pl.DataFrame | None] = Queue(maxsize=1)
    with ThreadPoolExecutor(1) as writer:
        source = register_io_source(lambda *_: _taken(parts), schema=first.schema)
        written = writer.submit(source.sink_parquet, path, row_group_size=_ROW_GROUP)
        try:
            for frame in chain([first], frames):
                _handed_over(frame, parts, written)
        finally:  # an error of ours leaves half a file behind, which nobody keeps
            _handed_over(None, parts, written)
        written.result()


def _handed_over(frame: pl.DataFrame | None, parts: Queue[pl.DataFrame | None], written: Future[None]) -> None:
    """Give a part to the writer as soon as it takes one, unless it has failed: the error is raised by its result."""
    while not written.done():
        with suppress(Full):
            parts.put(frame, timeout=0.1)
            return


def _taken(parts: Queue[pl.DataFrame | None]) -> Iterator[pl.DataFrame]:
    """The rows up to the last, as they come, in pieces that do not depend on how they come."""
    left: pl.DataFrame | None = None
    while (frame := parts.get()) is not None:
        left = frame if left is None else pl.concat([left, frame])
        while left.height >= _ROW_GROUP:
            yield left.head(_ROW_GROUP).rechunk()
            left = left.slice(_ROW_GROUP)
    if left is not None:
        yield left.rechunk()
