"""Error cells and formulas nobody computed, made visible before the parser blurs them into blanks.

python-calamine returns an empty text for `#REF!` and for a formula without a stored value, which would turn a
broken fact into an unknown one. In the formats that are zip files the cell is rewritten before parsing, into a
text that starts with `MARK`, so that the parser itself says where it stands; in .xls, whose records cannot
grow, the addresses are listed instead. A search for bytes comes first, so that clean sheets cost next to nothing.

Runs in the child process: `re` is imported only where a search has hit (it takes as long as the child's start).
"""

from __future__ import annotations

from ordos_subsidy.files import archive, binary
from ordos_subsidy.files.archive import Unfit

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

MARK = "\ue0fd\ue0fe"
"""Two private-use characters that no font shows and no writer writes."""
NOT_COMPUTED = "#UNCALCULATED"

ROWS, COLS = 1_048_576, 16_384


Findings = tuple[bytes | None, dict[int, binary.Errors]]
"""What a look into a book found: the book anew if cells had to be marked, or where its errors stand (.xls)."""


def inspected(kind: str, data: bytes) -> Findings:
    """Check a workbook and mark its bad cells; `Unfit` says why it must not be read."""
    if kind == "xls":
        return None, binary.xls_errors(data, NOT_COMPUTED)
    parts = archive.inflate(data)
    dates = _date_styles(parts) if kind == "xlsb" else set()
    marked = [(name, _marked(kind, name, part, dates)) for name, part in parts]
    if all(new is old for (_, new), (_, old) in zip(marked, parts, strict=True)):
        return None, {}
    return archive.pack(marked), {}


def _date_styles(parts: list[tuple[str, bytes]]) -> set[int]:
    for name, part in parts:
        if name.endswith("styles.bin"):
            return binary.xlsb_date_styles(part)
    return set()


def _marked(kind: str, name: str, part: bytes, dates: set[int]) -> bytes:
    if name.endswith((".xml", ".rels")):
        _refuse_doctype(name, part)
    if kind == "xlsx" and name.endswith(".xml") and b"worksheet" in part[:4096]:
        return _xlsx_sheet(name, part)
    if kind == "xlsb" and name.endswith(".bin") and "worksheets/" in name:
        return binary.xlsb_sheet(part, MARK, dates)
    if kind == "ods" and name == "content.xml":
        return _ods_content(part)
    if kind == "ods" and name == "META-INF/manifest.xml" and b"encryption-data" in part:
        raise Unfit("encrypted")
    return part


def _refuse_doctype(name: str, part: bytes) -> None:
    """A document type may only stand before the root element; that is where entities would be declared."""
    at = part.find(b"<")
    while at >= 0 and part[at + 1 : at + 2] in (b"?", b"!"):
        if part.startswith(b"<!DOCTYPE", at) or part.startswith(b"<!ENTITY", at):
            raise Unfit("doctype", part=name)
        at = part.find(b"<", part.find(b"-->" if part.startswith(b"<!--", at) else b">", at))


def _xlsx_sheet(name: str, xml: bytes) -> bytes:
    _refuse_far_addresses(name, xml)
    odd = b":worksheet" in xml[:4096] or (b"'" in xml and _holds(xml, b"'e'"))
    if odd or _holds(xml, b't="e"'):
        xml = _xlsx_errors(xml)
    if odd or _holds(xml, b"</f>"):
        xml = _xlsx_formulas(xml)
    return xml


def _holds(xml: bytes, sign: bytes) -> bool:
    """As `in`, which takes twice as long to find nothing in a clean sheet."""
    return xml.rfind(sign) >= 0


_SHAPE = bytes.maketrans(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"A" * 36)
_FAR = b' r="AAAAAAAA'
_SLICE = 256 * 1024


def _refuse_far_addresses(name: str, xml: bytes) -> None:
    """Addresses so far out that the parser's arithmetic would wrap and put the value elsewhere.

    Those only a little outside are seen by their result. That takes seven letters or ten digits, and few sound
    addresses are as long as the shortest of them. A sheet is looked at in slices that fit a processor's cache, and
    between which the parser, in another thread, can have its turn.
    """
    starts = range(0, len(xml), _SLICE)
    if not any(_holds(xml[at : at + _SLICE + len(_FAR)].translate(_SHAPE), _FAR) for at in starts):
        return
    import re

    if found := re.search(rb' r="((?:[A-Z]{4}|[A-Z]{0,3}[0-9]{8})[^"]{0,12})', xml):
        raise Unfit("far-address", part=name, cell=found[1].decode("ascii", "replace"))


def refuse_wide(data: bytes) -> None:
    """Why a parser may have run out of memory over an .xlsx: addresses and the area they span, cell by cell."""
    import re

    for name, part in archive.inflate(data):
        rows: set[bytes] = set()
        cols: set[bytes] = set()
        if b"worksheet" in part[:4096]:
            for found in re.finditer(rb"<(?:\w+:)?c\s[^>]*?\br=\"([A-Z]+)([0-9]+)\"", part):
                cols.add(found[1])
                rows.add(found[2])
        if not rows:
            continue
        row, col = max(map(int, rows)), max(map(_column_number, cols))
        if row > ROWS or col > COLS:
            raise Unfit("address", part=name, row=row - 1, col=col - 1)
        if row * col > archive.AREA:
            raise Unfit("area", part=name, row=row - 1, col=col - 1, limit=archive.AREA)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _xlsx_errors(xml: bytes) -> bytes:
    """`t="e"` becomes text; the parser knows seven errors and fails on others, such as #SPILL!."""
    import re

    cell = rb"""<((?:\w+:)?)c(\s[^>]*?)\bt\s*=\s*(?:"e"|'e')([^>]*>(?:(?!</\1c>).)*?<\1v\b[^>]*>)"""
    return re.sub(cell, rb'<\1c\2t="str"\3' + MARK.encode(), xml, flags=re.DOTALL)


def _xlsx_formulas(xml: bytes) -> bytes:
    """A formula with no value, or an empty one that is not said to be text, was never computed."""
    import re

    cell = (
        rb"<((?:\w+:)?)c(\s[^>]*)>\s*<\1f\b(?:[^>]*/>|[^>]*>[^<]*</\1f>)\s*"
        rb"(?:<\1v\s*/>|<\1v\s*>\s*</\1v>)?\s*</\1c>"
    )
    type_ = re.compile(rb"""\st\s*=\s*(?:"([^"]*)"|'([^']*)')""")

    def mark(found: re.Match[bytes]) -> bytes:
        prefix, attributes = found.group(1, 2)
        stated = type_.search(attributes)
        if stated and b"str" in stated.groups():
            return found.group()
        text = (MARK + NOT_COMPUTED).encode()
        rest = type_.sub(b"", attributes)
        return b'<%bc%b t="str"><%bv>%b</%bv></%bc>' % (prefix, rest, prefix, text, prefix, prefix)

    return re.sub(cell, mark, xml)


def _ods_content(xml: bytes) -> bytes:
    """LibreOffice says that a cell is an error; others only show one; a formula without a type has no value."""
    if b"table:formula=" not in xml and b'="error"' not in xml:
        return xml
    import re

    cell = rb"""<table:table-cell((?:\s+[\w:.-]+=(?:"[^"]*"|'[^']*'))*)\s*(/?)>"""
    value = re.compile(rb"""\s+(?:office:[\w-]*value[\w-]*|calcext:value-type)=(?:"[^"]*"|'[^']*')""")
    shown = re.compile(rb"(?:\s*<(?!/|text:p\b)[^>]*>)*\s*<text:p[^>]*>([^<]*)")

    def mark(found: re.Match[bytes]) -> bytes:
        attributes, empty = found.groups()
        content = None if empty else shown.match(xml, found.end())
        text = _ods_error(attributes, content[1] if content else b"")
        if not text:
            return found.group()
        stated = b' office:value-type="string" office:string-value="%b%b"' % (MARK.encode(), text)
        return b"<table:table-cell" + value.sub(b"", attributes) + stated + empty + b">"

    return re.sub(cell, mark, xml)


def _ods_error(attributes: bytes, shown: bytes) -> bytes:
    """What an error cell shows, or nothing if the cell is sound."""
    if b'calcext:value-type="error"' in attributes:
        return shown or b"#ERROR"
    if b"table:formula=" not in attributes:
        return b""
    if b"office:value-type=" not in attributes:
        return shown if shown.startswith(b"#") else NOT_COMPUTED.encode()
    return shown if shown in _SHOWN_ERRORS else b""


_SHOWN_ERRORS = (b"#NULL!", b"#DIV/0!", b"#VALUE!", b"#REF!", b"#NAME?", b"#NUM!", b"#N/A")
