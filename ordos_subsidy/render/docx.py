"""A page as a Word document, for those who must edit it: headings, tables and lists in Word's own styles.

Chinese needs a font named for East Asian text in every style, or Word takes one that the reader may not have. Charts
are tables here. The same page gives the same bytes. python-docx is in the extra `[report]`, imported here alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Any

from ordos_subsidy.errors import Refused, problem
from ordos_subsidy.files.zips import steady
from ordos_subsidy.pages.blocks import (
    Block,
    Branch,
    Cards,
    Cell,
    Fields,
    Items,
    Look,
    NewSheet,
    Page,
    PageHeading,
    Paragraph,
    Table,
)
from ordos_subsidy.render._clean import flat, plain

if TYPE_CHECKING:
    from docx.document import Document

_LATIN, _CHINESE = "Arial", "Microsoft YaHei"
_SIZE = 9
_COLOURS: dict[Look, str] = {
    "yes": "1B6E3C",
    "unknown": "7D5200",
    "no": "8D2F2F",
    "alert": "8D2F2F",
    "faint": "55626F",
    "label": "1F4E79",
}
_FIRST_DAY = dt.date(1980, 1, 1)


def paint(page: Page, *, width: int | None = None, colour: bool = False) -> bytes:
    """The document of a page; `Refused` where the extra is not installed."""
    try:
        import docx
    except ImportError:
        raise Refused([problem("proof.no_extra")]) from None
    document = docx.Document()
    _prepare(document, page)
    for block in page.blocks:
        if isinstance(block, NewSheet):
            document.add_paragraph().paragraph_format.page_break_before = True
        for each in flat([block]):
            _add(document, each)
    out = BytesIO()
    document.save(out)
    return steady(out.getvalue())


def _prepare(document: Document, page: Page) -> None:
    """A4, the fonts of all styles, and what the document says of itself; no clock and no user name."""
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    for style in document.styles:
        if getattr(style, "font", None) is None or (style.element.rPr is None and style.name != "Normal"):
            continue
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for name in list(fonts.attrib):
            del fonts.attrib[name]  # fonts of the theme would win over ours
        for name, font in (("ascii", _LATIN), ("hAnsi", _LATIN), ("cs", _LATIN), ("eastAsia", _CHINESE)):
            fonts.set(qn(f"w:{name}"), font)
    document.styles["Normal"].font.size = Pt(_SIZE)
    document.styles["Normal"].paragraph_format.space_after = Pt(3)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin = section.bottom_margin = Mm(16)
    about, moment = document.core_properties, dt.datetime.combine(page.on or _FIRST_DAY, dt.time(12))
    about.title, about.author, about.comments = plain(page.title), "ordos-subsidy", ""
    about.language = "zh-CN" if page.lang == "zh" else "en"
    about.created = about.modified = moment


def _add(document: Document, block: Block) -> None:  # noqa: C901 - a case a kind of block
    match block:
        case PageHeading(text, level, aside):
            heading = document.add_heading(plain(text), level)
            if aside:
                _run(heading, f"  {plain(aside)}", "faint", small=True)
        case Paragraph(text, look):
            _run(document.add_paragraph(), text, look)
        case Cards(cards):
            shown = ((card.name, card.look, card.figure, card.says) for card in cards)
            rows = [
                (Cell(name, look), Cell(figure, "strong"), Cell(says, "faint")) for name, look, figure, says in shown
            ]
            _table(document, (), rows, frozenset({1}))
        case Table(heads, rows_, total):
            numbers = frozenset(at for at, head in enumerate(heads) if head.number)
            _table(document, [head.text for head in heads], [*rows_, *([total] if total else [])], numbers)
        case Fields(fields, title, look):
            if title:
                _run(document.add_paragraph(), title, look or "strong")
            for label, text, style in fields:
                paragraph = document.add_paragraph()
                _run(paragraph, f"{plain(label)}　" if label else "　　", "faint")
                _run(paragraph, text, style)
        case Items(items, marks):
            for mark, item in zip(marks or ("·",) * len(items), items, strict=True):
                _run(document.add_paragraph(), f"{mark} {item.text}", item.look)
        case Branch():
            _tree(document, block, 0)


def _tree(document: Document, branch: Branch, depth: int) -> None:
    from docx.shared import Mm

    paragraph = document.add_paragraph()
    paragraph.paragraph_format.left_indent = Mm(4 * depth)
    _run(paragraph, branch.text, branch.look)
    for each in branch.branches:
        _tree(document, each, depth + 1)


def _table(document: Document, heads: Iterable[str], rows: Iterable[tuple[Cell, ...]], numbers: frozenset[int]) -> None:
    """A table whose headings stand on every sheet, and whose rows stay whole."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement

    titles, cells = list(heads), list(rows)
    if not titles and not cells:
        return
    table = document.add_table(0, len(titles or cells[0]))
    table.style = "Table Grid"
    for at, row in enumerate([*([tuple(Cell(title, "label") for title in titles)] if titles else []), *cells]):
        made = table.add_row()
        properties = made._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no other way to say these
        properties.append(OxmlElement("w:cantSplit"))
        if titles and at == 0:
            properties.append(OxmlElement("w:tblHeader"))
        for number, (cell, place) in enumerate(zip(row, made.cells, strict=True)):
            for text, look in ((cell.text, cell.look), *((each.text, each.look) for each in cell.under)):
                last = place.paragraphs[-1]
                paragraph = last if not last.runs else place.add_paragraph()
                _run(paragraph, text, look, small=look == "faint")
                if number in numbers:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph()


def _run(paragraph: Any, text: str, look: Look, *, small: bool = False) -> None:
    from docx.shared import Pt, RGBColor

    run = paragraph.add_run(plain(text) if text.strip("　 ") else text)
    run.bold = True if look in ("strong", "alert") else None
    if look in _COLOURS:
        run.font.color.rgb = RGBColor.from_string(_COLOURS[look])
    if small:
        run.font.size = Pt(_SIZE - 1)
