"""A page as PDF on A4, by Typst: PDF/A-3b and PDF/UA-1, the same bytes every time, its receipt attached.

The blocks go to `report.typ` as JSON and are shown there as text; nothing that a user typed is ever read as markup.
Typst and the font are the extra `[report]`, and are imported here alone. Characters that the font lacks are shown by
their code points, and named at the end and in a warning.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import struct
import zlib
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ordos_subsidy.errors import Problem, Refused, problem, warning
from ordos_subsidy.messages import phrase
from ordos_subsidy.pages.blocks import Chart, Page, Paragraph, Table
from ordos_subsidy.render._chart import alternative, svg
from ordos_subsidy.render._clean import plain

if TYPE_CHECKING:
    from typst import Fonts, PDFStandard

FAMILY = "Noto Sans SC"
_STANDARDS: list[PDFStandard] = ["a-3b", "ua-1"]
#: Signs that the font has under another code.
_STAND_INS = {"✗": "×", "\u00a0": " ", "\u202f": " "}
#: A column whose widest text is at most so wide takes what it needs; the others share the rest, up to a limit each.
_NARROW, _WIDE, _FIGURES = 7, 34, 8
#: The form of a character map that covers all of Unicode.
_SEGMENTED = 12
_ATTACHMENT = re.compile(rb"(<<[^\n]*/EmbeddedFile[^\n]*>>)\nstream\n(.*?)\nendstream", re.DOTALL)
#: No receipt is longer, in bytes.
_MOST = 512 * 1024 * 1024
_PICTURE = b"""#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg", width: 160mm)"""
#: Dots an inch of a picture.
_SHARP = 144
_TEMPLATE = Path(__file__).with_name("report.typ")


def paint(page: Page, *, width: int | None = None, colour: bool = False) -> bytes:
    """The PDF of a page; `Refused` where the extra is not installed."""
    return painted(page)[0]


def painted(page: Page) -> tuple[bytes, tuple[Problem, ...]]:
    """The PDF of a page, and a warning that names the characters that the font lacks, if there are any."""
    letters = _Lettering(_covered(_font()))
    blocks = [letters.data(block) for block in page.blocks]
    title = letters.text(page.title)
    characters = "、".join(sorted(letters.lacking))
    if characters:
        note = phrase("proof.lacking", page.lang, characters=letters.text(characters))
        blocks.append(letters.data(Paragraph(note, "alert")))
    data = {"title": title, "lang": page.lang, "font": FAMILY, "receipt": page.receipt, "blocks": blocks}
    noon = dt.datetime.combine(page.on or dt.date(1970, 1, 1), dt.time(12), dt.UTC)  # of a file that knows no time
    about = {"pdf_standards": _STANDARDS, "timestamp": int(noon.timestamp())}
    made = _compiled(_TEMPLATE.read_bytes(), "pdf", {"data": json.dumps(data)}, **about)
    return made, (warning("proof.lacking", characters=characters),) if characters else ()


def picture(svg_text: str) -> bytes:
    """An SVG as PNG; `Refused` where the extra is not installed."""
    return _compiled(_PICTURE, "png", {"svg": svg_text}, ppi=_SHARP)


def _compiled(template: bytes, form: Literal["pdf", "png"], inputs: dict[str, str], **options: Any) -> bytes:
    """What Typst makes of a template, with our font alone."""
    fonts = _fonts(_font())
    import typst

    made: bytes = typst.compile(
        template, font_paths=fonts, ignore_system_fonts=True, sys_inputs=inputs, format=form, **options
    )
    return made


def attached(data: bytes) -> str | None:
    """The receipt attached to a PDF that `paint` made, or None where there is none."""
    found = _ATTACHMENT.search(data)
    if not found:
        return None
    about, stream = found.groups()
    try:
        return (zlib.decompressobj().decompress(stream, _MOST) if b"/FlateDecode" in about else stream).decode()
    except (zlib.error, ValueError):
        return ""


class _Lettering:
    """Blocks as JSON, their texts as the font can show them; and what it lacks."""

    def __init__(self, covered: frozenset[int]) -> None:
        self._covered = covered
        self.lacking: set[str] = set()

    def text(self, text: str) -> str:
        """A text with stand-ins for what the font has not."""
        return "".join(map(self._sign, plain(text)))

    def _sign(self, sign: str) -> str:
        if ord(sign) in self._covered:
            return sign
        if sign in _STAND_INS:
            return _STAND_INS[sign]
        self.lacking.add(f"{sign} U+{ord(sign):04X}")
        return f"[U+{ord(sign):04X}]"

    def data(self, value: Any) -> Any:
        """A block, or a part of one; what Typst cannot work out by itself is added."""
        if isinstance(value, str):
            return self.text(value)
        if not isinstance(value, tuple):
            return value
        if not hasattr(value, "_fields"):
            return [self.data(each) for each in value]
        data = {name: self.data(each) for name, each in zip(value._fields, value, strict=True)}
        data["kind"] = type(value).__name__
        if isinstance(value, Table):
            data["widths"] = _widths(value)
        elif isinstance(value, Chart):
            bars = tuple(bar._replace(label=self.text(bar.label), text=self.text(bar.text)) for bar in value.bars)
            chart = value._replace(title=self.text(value.title), bars=bars)
            data |= {"svg": svg([chart]), "says": alternative(chart)}
        return data


def _widths(table: Table) -> list[int]:
    """For each column its share of the line; 0 for one that takes what it needs."""
    columns = zip(table.heads, *table.rows, *([table.total] if table.total else []), strict=True)
    widest = [max(len(cell.text) for cell in column) for column in columns]
    figures = _FIGURES if table.sortable else 0  # many figures stand under long headings, which break
    shares = [
        figures if head.number else 0 if most <= _NARROW else min(most, _WIDE)
        for most, head in zip(widest, table.heads, strict=True)
    ]
    return shares if any(shares) else [1] * len(shares)


def _font() -> Path:
    """The file of the font; `Refused` with how to install it and Typst where they are not."""
    try:
        import pylopdf_fonts_zh_cn
        import typst  # noqa: F401
    except ImportError:
        raise Refused([problem("proof.no_extra")]) from None
    return pylopdf_fonts_zh_cn.sans_path()


@cache
def _fonts(font: Path) -> Fonts:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font.parent)])


@cache
def _covered(font: Path) -> frozenset[int]:
    """The code points that a font has glyphs for, by the groups of its character map (`cmap`, format 12)."""
    data = font.read_bytes()
    (tables,) = struct.unpack_from(">H", data, 4)
    records = (struct.unpack_from(">4s4xL", data, 12 + 16 * at) for at in range(tables))
    start = next(offset for name, offset in records if name == b"cmap")
    (maps,) = struct.unpack_from(">H", data, start + 2)
    offsets = (start + struct.unpack_from(">4xL", data, start + 4 + 8 * at)[0] for at in range(maps))
    whole = next(offset for offset in offsets if struct.unpack_from(">H", data, offset)[0] == _SEGMENTED)
    (groups,) = struct.unpack_from(">L", data, whole + 12)
    spans = (struct.unpack_from(">LL", data, whole + 16 + 12 * at) for at in range(groups))
    return frozenset(chain.from_iterable(range(first, last + 1) for first, last in spans))
