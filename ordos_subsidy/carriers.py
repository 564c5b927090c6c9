"""The formats that carry a receipt: how a report is made in each, where its receipt stands, and its pieces.

The pieces of a report are its texts in order, each with its place, so that the first that differs between two
reports can be named: the values of JSON by their path, the texts and tags of a page by the texts before them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from html import unescape
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from ordos_subsidy.document import Report
from ordos_subsidy.errors import Problem, Refused, problem
from ordos_subsidy.evaluation import Outcome
from ordos_subsidy.files import guard, workbook
from ordos_subsidy.files.grid import CellValue, address
from ordos_subsidy.messages import Lang, phrase
from ordos_subsidy.pages import advice_page, difference_page, first_screen, report_page
from ordos_subsidy.pages.blocks import Block, Page
from ordos_subsidy.receipt import Difference, Receipt, damaged, of_dict, parsed, sha256
from ordos_subsidy.render import _chart as drawing
from ordos_subsidy.render import docx, html, ics, pdf, xlsx
from ordos_subsidy.render import json as json_renderer
from ordos_subsidy.report import advising
from ordos_subsidy.report.differences import Sweep
from ordos_subsidy.report.explaining import explain
from ordos_subsidy.views import result
from ordos_subsidy.views.result_book import MARK, receipt_sheet, sheets

#: (place, text)
Piece: TypeAlias = tuple[str, str]

_META = re.compile(rf'<meta name="{html.RECEIPT}" content="([^"]*)">')
_TAG = re.compile(r"(<[^>]*>)")
#: So many texts before a difference on a page say where it is.
_BEFORE = 2
#: No more of a text is shown.
_SHOWN = 200


class Handed(NamedTuple):
    """A report as a file, and what there is to say of it."""

    data: bytes
    problems: tuple[Problem, ...] = ()


Maker: TypeAlias = Callable[[Outcome, Report, Receipt | None], Handed]


class Carrier(NamedTuple):
    """A format: a report with its receipt as bytes, the receipt of such bytes, and their pieces.

    `libraries`: what other versions of may give other bytes.
    """

    made: Maker
    receipt: Callable[[bytes], Receipt]
    pieces: Callable[[bytes], Iterator[Piece]]
    libraries: tuple[str, ...] = ()


def libraries(names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Libraries with the versions that are installed, "" where one is not."""
    found = []
    for name in names:
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            found.append((name, ""))
    return tuple(found)


def answer_hash(report: Report) -> str:
    """The hash that names a report's answer in its receipt."""
    return sha256(json_renderer.render(report).encode())


def picture(report: Report, path: Path) -> bytes:
    """The charts of a report, as the ending of a file says: .svg or .png; `Refused` for any other."""
    found = report_page.charts(report)
    if not found:
        raise Refused([problem("proof.no_bars", str(path))])
    return _as_picture(drawing.svg(found, on_paper=True), path)


def picture_of_sweep(found: Sweep, path: Path) -> bytes:
    """The lines of a figure of one firm, as a picture."""
    if len(found.firms) != 1:
        raise Refused([problem("plan.one_firm", str(path), count=len(found.firms))])
    return _as_picture(drawing.steps(*difference_page.steps(found)), path)


def _as_picture(drawn: str, path: Path) -> bytes:
    ending = path.suffix.lower()
    if ending not in (".svg", ".png"):
        raise Refused([problem("proof.chart_ending", str(path))])
    return drawn.encode() if ending == ".svg" else pdf.picture(drawn)


def opened(data: bytes) -> tuple[Carrier, Receipt]:
    """The format of a report and its receipt; `Refused` where there is none, or where it is damaged."""
    starts = {b"%PDF": "pdf", b"PK\3\4": "xlsx"}
    name = starts.get(data[:4]) or ("html" if data.lstrip()[:1] == b"<" else "json")
    return CARRIERS[name], CARRIERS[name].receipt(data)


def difference(carrier: Carrier, found: bytes, computed: bytes, lang: Lang) -> Difference | None:
    """The first piece in which a report differs from the computed one; None where they are the same."""
    if found == computed:
        return None
    nothing = phrase("proof.absent", lang)
    pairs = zip_longest(carrier.pieces(found), carrier.pieces(computed), fillvalue=("", nothing))
    for (place, text), (other_place, other) in pairs:
        if text != other or place != other_place:
            return Difference(other_place or place, text[:_SHOWN] or nothing, other[:_SHOWN] or nothing)
    at = next((at for at, (one, other) in enumerate(zip(found, computed, strict=False)) if one != other), len(computed))
    texts = (repr(each[at : at + 40].decode("utf-8", "backslashreplace")) for each in (found, computed))
    return Difference(phrase("proof.bytes", lang, at=at), *texts)


# --- JSON


def _of_json(data: bytes) -> Receipt:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise damaged() if b'"receipt"' in data else _none() from None
    if not isinstance(found, dict) or "receipt" not in found:
        raise _none()
    return of_dict(found["receipt"])


def _json_pieces(data: bytes) -> Iterator[Piece]:
    """Each value with its path; numbers as they are written."""
    return _values(json.loads(data, parse_float=str, parse_int=str), "")


def _values(value: object, path: str) -> Iterator[Piece]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _values(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from _values(item, f"{path}[{at}]")
    else:
        yield path, str(value)


# --- a page


def _whole(outcome: Outcome, report: Report, receipt: Receipt | None) -> Page:
    """The page that is handed on."""
    explanation = explain(outcome, lang=report.lang, everything=report.everything)
    clauses = outcome.policies.clauses
    return report_page.page(report, explanation, receipt, outcome.on, clauses, _following(outcome, report.lang))


def _following(outcome: Outcome, lang: Lang) -> list[tuple[Block, ...]]:
    """What each firm could do next, in short; of many firms nothing is said."""
    if len(outcome.firms) > first_screen.MANY:
        return []
    both = zip(advising.hint_lines(outcome, lang), advising.reach_lines(outcome, lang), strict=True)
    return [tuple(advice_page.in_short(near, reach, lang)) for near, reach in both]


def _of_page(data: bytes) -> Receipt:
    found = _META.search(data.decode("utf-8", "replace"))
    if not found:
        raise damaged() if html.RECEIPT.encode() in data else _none()
    return parsed(unescape(found[1]))


def _page_pieces(data: bytes) -> Iterator[Piece]:
    """Each text and each tag, with the texts before it."""
    before: list[str] = []
    for each in _TAG.split(data.decode("utf-8", "backslashreplace")):
        if each.strip():
            yield " · ".join(before[-_BEFORE:]), unescape(each)
            if not each.startswith("<"):
                before.append(unescape(each))


# --- PDF


def _of_pdf(data: bytes) -> Receipt:
    found = pdf.attached(data)
    if found is None:
        raise _none()
    return parsed(found)


def _pdf_pieces(data: bytes) -> Iterator[Piece]:
    """Each line of text with its page; nothing where the file cannot be read, or pypdf is not there to read it."""
    with suppress(Exception):  # whatever a damaged file makes of pypdf
        from pypdf import PdfReader

        for number, page in enumerate(PdfReader(BytesIO(data)).pages, 1):
            for line in page.extract_text().splitlines():
                yield f"{number}", line


# --- a workbook


def _xlsx(outcome: Outcome, report: Report, receipt: Receipt | None) -> Handed:
    found = result.of_outcome(outcome, report.lang, report.year)
    views = [*sheets(found), *([receipt_sheet(receipt, report.lang)] if receipt else [])]
    file = BytesIO()
    xlsx.put(views, file, report.lang, footer=found.basis)
    return Handed(file.getvalue())


def _of_xlsx(data: bytes) -> Receipt:
    cells = [row for _, rows in _book(data) for row in rows if row and row[0] == MARK]
    if not cells:
        raise _none()
    return parsed("".join(str(row[1]) for row in cells if len(row) > 1))


def _xlsx_pieces(data: bytes) -> Iterator[Piece]:
    """Each cell with its sheet and address."""
    for name, rows in _book(data):
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    yield f"{name}!{address(at, column)}", str(value)


def _book(data: bytes) -> list[tuple[str, list[tuple[CellValue, ...]]]]:
    """The sheets of a workbook with their rows, read in a child process; none where it cannot be read."""

    def rows(frames: Iterator[tuple[Any, ...]]) -> list[tuple[str, list[tuple[CellValue, ...]]]]:
        sheets: list[tuple[str, list[tuple[CellValue, ...]]]] = []
        for frame in frames:
            match frame:
                case "sheet", name, *_:
                    sheets.append((name, []))
                case "rows", height, sent:
                    columns = [workbook.column(height, *each) for each in sent]
                    sheets[-1][1].extend(zip(*columns, strict=True))
        return sheets

    try:
        file = guard.InputFile("xlsx", "xlsx", data)
        return workbook.BookReader(file, guard.ONE_FIRM).sheets(rows)
    except Refused:
        return []


def _none() -> Refused:
    return Refused([problem("proof.none")])


CARRIERS = {
    "json": Carrier(
        lambda _, report, receipt: Handed(json_renderer.render(report, receipt=receipt).encode()),
        _of_json,
        _json_pieces,
    ),
    "html": Carrier(lambda *of: Handed(html.paint(_whole(*of)).encode()), _of_page, _page_pieces),
    "xlsx": Carrier(_xlsx, _of_xlsx, _xlsx_pieces, ("rustpy-xlsxwriter", "XlsxWriter")),
    "pdf": Carrier(
        lambda *of: Handed(*pdf.painted(_whole(*of))), _of_pdf, _pdf_pieces, ("typst", "pylopdf-fonts-zh-cn")
    ),
}
#: The formats of reports that are handed on. A document to edit carries no receipt: whoever edits it makes another.
MAKERS: dict[str, Maker] = {
    **{name: carrier.made for name, carrier in CARRIERS.items()},
    "docx": lambda outcome, report, _: Handed(docx.paint(_whole(outcome, report, None))),
    "ics": lambda outcome, report, _: Handed(ics.render(report, outcome.on).encode()),
}
