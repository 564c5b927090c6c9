"""The short summary of a batch, in plain text: who was scored, what it comes to, and the largest clauses as bars."""

from __future__ import annotations

from decimal import Decimal
from unicodedata import east_asian_width

from ordos_subsidy.batch.writing import Result
from ordos_subsidy.money import FEN_A_WAN
from ordos_subsidy.words import phrase

_LARGEST = 10
_BAR = 24
_NAME = 36


def summary(result: Result, read: int, scored: int, events: int, *, width: int = 80) -> str:
    """The lines of the summary; the same result gives the same lines."""
    lang, whole = result.lang, result.whole
    total = whole.by_clause.sum()
    lines = [
        phrase("batch.read", lang, read=f"{read:,}", scored=f"{scored:,}", left=f"{result.left_out:,}")
        + phrase("show.and", lang)
        + phrase("batch.events_read", lang, events=f"{events:,}")
    ]
    if result.year is not None:
        lines.append(phrase("batch.only_year", lang, year=result.year))
    figures = [
        (phrase("show.assured", lang), phrase("batch.sum", lang, sum=in_wan(total["assured"][0] or 0))),
        (phrase("show.ceiling", lang), phrase("batch.sum", lang, sum=in_wan(total["ceiling"][0] or 0))),
        (phrase("show.open_ended", lang), phrase("batch.count", lang, count=f"{total['open_ended'][0] or 0:,}")),
        (phrase("show.pending", lang), phrase("batch.sum", lang, sum=in_wan(total["pending"][0] or 0))),
    ]
    room = max(_cells(label) for label, _ in figures)
    lines += [f"  {_padded(label, room)}  {value}" for label, value in figures]
    return "\n".join([*lines, *_bars(result, width)]) + "\n"


def _bars(result: Result, width: int) -> list[str]:
    """The ten largest clauses; a clause that comes to nothing has no bar."""
    headings = {each.number: f"{each.reference}{each.heading.in_(result.lang)}" for each in result.policies.clauses}
    columns = ("clause_number", "assured", "ceiling")
    sums = [(max(low, high), number) for number, low, high in result.whole.by_clause.select(columns).iter_rows()]
    largest = sorted((each for each in sums if each[0] > 0), key=lambda each: (-each[0], each[1]))[:_LARGEST]
    if not largest:
        return []
    names = [_cut(headings[number], _NAME) for _, number in largest]
    figures = [in_wan(sum_) for sum_, _ in largest]
    room, digits = max(map(_cells, names)), max(map(len, figures))
    most = max(min(_BAR, width - room - digits - 6), 4)
    lines = ["", phrase("batch.largest", result.lang)]
    for name, figure, (sum_, _) in zip(names, figures, largest, strict=True):
        bar = "#" * max(1, sum_ * most // largest[0][0])
        lines.append(f"  {_padded(name, room)}  {figure:>{digits}}  {bar}")
    return lines


def in_wan(fen: int) -> str:
    """A sum in 万元 with commas, exact."""
    text = f"{Decimal(fen) / FEN_A_WAN:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _cells(text: str) -> int:
    return sum(1 + (east_asian_width(each) in "WF") for each in text)


def _padded(text: str, cells: int) -> str:
    return text + " " * (cells - _cells(text))


def _cut(text: str, cells: int) -> str:
    if _cells(text) <= cells:
        return text
    while _cells(text) > cells - 2:
        text = text[:-1]
    return text + "…"
