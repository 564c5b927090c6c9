"""The words of an official text, from the file that users have: .txt, .docx, .html, or .pdf with a text layer.

What a file is comes from its bytes, not from its name. .docx and .pdf need the extra `audit` (python-docx, pypdf).
`Refused` says what is wrong and what to do: an encrypted, damaged or scanned file, an old .doc, another kind.
"""

from __future__ import annotations

import io
import logging
import os
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from importlib import import_module
from typing import Any

from ordos_subsidy.errors import Refused, problem
from ordos_subsidy.files import guard, zips
from ordos_subsidy.files.text import utf8

#: Words for others: styles, programs and the window's title are no part of the text.
_NO_TEXT = frozenset({"script", "style", "title", "template", "noscript"})
_BLOCKS = frozenset({"p", "div", "br", "hr", "li", "tr", "td", "th", "table", "section", "article", "header", "footer"})
_BLOCKS |= {f"h{level}" for level in range(1, 7)}
_MARKUP = re.compile(rb"\s*(?:<!doctype html|<html|<head|<body|<meta|<!--|<div|<p\b|<\?xml)", re.IGNORECASE)
_PAGE_NUMBER = re.compile(
    r"[\s\-—–―－·.]*(?:第\s*)?\d{1,4}\s*(?:页)?(?:\s*[/共]\s*(?:共\s*)?\d{1,4}\s*页?)?[\s\-—–―－·.]*"
)
_OLE = b"\xd0\xcf\x11\xe0"
_KINDS = ((_OLE, "doc"), (b"{\\rtf", "RTF"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"Rar!", "RAR"))


def read_text(path: str | os.PathLike[str]) -> str:
    """Return the text of a file, a line for each paragraph; raise Refused where it holds none."""
    name, data = guard.shown(path), guard.read_bytes(path)
    if data.startswith(b"%PDF"):
        content = _pdf(data, name)
    elif data.startswith(b"PK\3\4"):
        content = _docx(data, name)
    else:
        found = next((kind for magic, kind in _KINDS if data.startswith(magic)), None)
        if found:
            raise Refused([problem("audit.text-kind", name, found=found)])
        content = _plain(data, name)
    if not content.strip():
        raise Refused([problem("audit.no-words", name)])
    return content


def _plain(data: bytes, name: str) -> str:
    """Return the text of a text or HTML file in UTF-8, GB18030 or UTF-16 with its mark."""
    content = utf8(data, name)[0].decode()
    if "\0" in content:
        raise Refused([problem("audit.text-kind", name, found="?")])
    if not _MARKUP.match(data.removeprefix(b"\xef\xbb\xbf")):
        return content
    reader = _Html()
    reader.feed(content)
    reader.close()
    return "".join(reader.words)


class _Html(HTMLParser):
    """Collects the visible words of a page, with a line break at each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._passed(tag, 1)

    def handle_endtag(self, tag: str) -> None:
        self._passed(tag, -1)

    def _passed(self, tag: str, step: int) -> None:
        self.hidden = max(self.hidden + step * (tag in _NO_TEXT), 0)
        if tag in _BLOCKS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.words.append(data)


def _library(name: str, where: str) -> Any:
    """Return a library of the extra `audit`; raise Refused where it is not installed."""
    try:
        return import_module(name)
    except ImportError:
        raise Refused([problem("audit.no-library", where, library=name)]) from None


def _docx(data: bytes, name: str) -> str:
    """Return the paragraphs of a Word file and of its tables, in order."""
    parts = zips.inflated(data, name)
    if not any(part.startswith("word/") for part, _ in parts):
        raise Refused([problem("audit.text-kind", name, found="ZIP")])
    docx = _library("docx", name)
    try:
        document = docx.Document(io.BytesIO(zips.packed(parts)))
        return "\n".join(_paragraphs(document.iter_inner_content()))
    except Exception as error:  # noqa: BLE001 - a damaged file raises whatever the parser meets
        raise Refused([problem("audit.damaged", name, detail=_detail(error))]) from None


def _paragraphs(blocks: Iterable[Any]) -> Iterator[str]:
    for block in blocks:
        if hasattr(block, "rows"):
            # A merged cell is listed once for each place that it covers.
            cells = {id(cell._tc): cell for row in block.rows for cell in row.cells}  # noqa: SLF001
            for cell in cells.values():
                yield from _paragraphs(cell.iter_inner_content())
        else:
            yield block.text


def _pdf(data: bytes, name: str) -> str:
    """Return the text layer of a PDF file without page numbers."""
    pypdf = _library("pypdf", name)
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it warns of what it repairs, on stderr
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        locked = reader.is_encrypted and not reader.decrypt("")
        pages = [] if locked else [page.extract_text() for page in reader.pages]
    except Exception as error:  # noqa: BLE001 - a damaged file raises whatever the parser meets
        if "crypt" in _detail(error).lower():
            raise Refused([problem("audit.encrypted", name)]) from None
        raise Refused([problem("audit.damaged", name, detail=_detail(error))]) from None
    if locked:
        raise Refused([problem("audit.encrypted", name)])
    if not any(page.strip() for page in pages):
        raise Refused([problem("audit.no-text-layer", name)])
    return "\n".join(_without_page_number(page) for page in pages)


def _without_page_number(page: str) -> str:
    """Return a page without a first or last line that is a page number."""
    lines = [line for line in page.split("\n") if line.strip()]
    for place in (-1, 0):
        if lines and _PAGE_NUMBER.fullmatch(lines[place]):
            del lines[place]
    return "\n".join(lines)


def _detail(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".strip(": ")[:200]
