"""Error cells and formulas that nobody computed, found with a real XML reader before the parser sees the book.

python-calamine returns an empty text for `#REF!` and for a formula without a stored value, which would turn a
broken fact into an unknown one; and it believes the 0 that some writers store beside a formula they never computed.
Such a cell is rewritten into a text that begins with `MARK`, so that the parser itself says where it stands.

Expat reads at half the parser's speed, so that a search for bytes comes first. It errs to one side: a sheet without
these bytes can hold no such cell, however it is spelt.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from ordos_subsidy.errors import Refused, problem
from ordos_subsidy.files import binary, styled, zips
from ordos_subsidy.files.grid import COLUMNS, MARK, NOT_COMPUTED, ROWS, address, column_number
from ordos_subsidy.files.styled import escaped, spliced
from ordos_subsidy.files.zips import ZipParts

#: Cells that the sheets of a file may span in all, blank ones counted.
AREA = 20_000_000


def prepared_book(kind: str, data: bytes, where: str) -> tuple[bytes | None, styled.Unseen]:
    """Return a workbook's zip file with bad cells marked and formatted ones as they show, and what is hidden in it.

    The first is None where nothing had to be changed. `Refused` if the book is unsafe.
    """
    parts = zips.inflated(data, where)
    for name, part in parts:
        if part[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            _refuse_doctype(part, where, name)
    hidden: styled.Unseen = {}
    if kind == "xlsx":
        hidden, marked = styled.xlsx_unseen(parts), styled.xlsx_shown(_marked_sheets(parts, where))
    elif kind == "xlsb":
        marked = binary.xlsb_marked(parts)
    else:
        marked, hidden = _marked_ods(parts, where)
    if all(new is old for (_, new), (_, old) in zip(marked, parts, strict=True)):
        return None, hidden
    return zips.packed(marked), hidden


class _Root(Exception):  # noqa: N818 - no error: the first element has been met
    """The root element of a part."""


def _refuse_doctype(xml: bytes, where: str, name: str) -> None:
    """Refuse a document type, in which entities would be declared; it may only stand before the root element."""

    def doctype(*_: object) -> None:
        raise Refused([problem("files.doctype", where, part=name)])

    def root(*_: object) -> None:
        raise _Root

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler, parser.StartElementHandler = doctype, root
    try:
        for at in range(0, len(xml), 4096):
            parser.Parse(xml[at : at + 4096], False)
    except (_Root, expat.ExpatError):  # what is not XML is for the parser to say
        return


class _PartReader:
    """Reads the elements of one part with expat and gathers the cells that must be rewritten."""

    def __init__(self, xml: bytes, where: str, name: str) -> None:
        self._xml, self._where, self._name = xml, where, name
        self._spans: list[tuple[int, int, bytes]] = []
        self._at = 0
        self._cell: dict[str, str] = {}
        self._text: str | None = None
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declared
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end

    def marked(self) -> bytes:
        """The same bytes, or new ones with the bad cells rewritten."""
        try:
            self._parser.Parse(self._xml, True)
        except expat.ExpatError as error:
            raise self._unparsable(str(error)) from None
        return spliced(self._xml, self._spans)

    def _unparsable(self, detail: str) -> Refused:
        return Refused([problem("files.unparsable", self._where, detail=f"{self._name}: {detail}")])

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in ("utf-8", "utf8", "us-ascii"):
            raise self._unparsable(encoding)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def _end(self, name: str) -> None:
        raise NotImplementedError

    def _begin(self, attributes: dict[str, str]) -> None:
        """A cell begins."""
        self._cell, self._at, self._text = attributes, self._parser.CurrentByteIndex, None

    def _listen(self) -> None:
        """Keep the text of the element that begins."""
        self._text = self._text or ""
        self._parser.CharacterDataHandler = self._heard

    def _heard(self, text: str) -> None:
        self._text = (self._text or "") + text

    def _rewrite(self, cell: str) -> None:
        """Put another cell in the place of the one that ends: with a tag that begins here, or with its only tag."""
        here = self._parser.CurrentByteIndex
        only = _TAG.match(self._xml, self._at)
        is_empty = only is not None and only.end() == here and self._xml.endswith(b"/>", 0, here)
        end = here if is_empty else self._xml.find(b">", here) + 1
        self._spans.append((self._at, end, cell.encode()))


_TAG = re.compile(rb"(?:[^\"'>]|\"[^\"]*\"|'[^']*')*>")


# .xlsx

#: No error cell without the first or a character reference, no formula without the next two; a quote that is not the
#: usual one may hide an error, or an address from the search for far ones. Each with a sign that is quicker to miss.
_SIGNS = ((b"e", b'"e"'), (b"f", b"<f"), (b"f", b":f"), (b"'", b"'"))
#: A character reference in an attribute; openpyxl writes all Chinese in references, where they hide nothing.
_REFERENCE = re.compile(rb'=\s*"[^"]*&#')
_SHAPE = bytes.maketrans(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", b"9" * 10 + b"A" * 52)
#: The shortest addresses at which the parser's arithmetic wraps around, and the value would come to stand elsewhere.
_FAR = (b"AAAAAAA9", b"A9999999999")
_LONGEST = 10
_ROWS = b"sheetData"


def _marked_sheets(parts: ZipParts, where: str) -> ZipParts:
    """The parts with the bad cells of each sheet marked; which part is a sheet is told by what it holds."""
    trusts = _is_computed(parts)
    return [
        (name, _SheetReader(part, where, name, trusts=trusts).marked() if _is_suspect(part) else part)
        for name, part in parts
    ]


def _holds(xml: bytes, sign: bytes) -> bool:
    """As `in`, which takes twice as long to find nothing."""
    return xml.rfind(sign) >= 0


def _is_suspect(part: bytes) -> bool:
    """Whether a part is a sheet that may hold a bad cell or a far address."""
    first, last = part.find(_ROWS), part.rfind(_ROWS)
    if last < 0:
        return False
    if any(part.rfind(each, first, last) >= 0 for sign, each in _SIGNS if part.rfind(sign, first, last) >= 0):
        return True
    if part.rfind(b"&#", first, last) >= 0 and _REFERENCE.search(part, first, last):
        return True
    shape = part.translate(_SHAPE)
    return any(_holds(shape, far) for far in _FAR)


class _SheetReader(_PartReader):
    """The cells of an .xlsx sheet, under whatever prefix its names stand."""

    def __init__(self, xml: bytes, where: str, name: str, *, trusts: bool) -> None:
        super().__init__(xml, where, name)
        self._trusts = trusts
        self._formula = False

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "c":
            self._begin(attributes)
            self._formula = False
            if len(cell := self._cell.get("r", "")) > _LONGEST:
                raise Refused([problem("files.far-address", self._where, part=self._name, cell=cell[:20])])
        elif local == "f":
            self._formula = True
        elif local in ("v", "t"):
            self._listen()

    def _end(self, name: str) -> None:
        prefix, _, local = name.rpartition(":")
        if local in ("v", "t"):
            self._parser.CharacterDataHandler = None
        elif local == "c" and (shown := self._shown()):
            prefix = f"{prefix}:" if prefix else ""
            where = f' r="{escaped(self._cell["r"])}"' if "r" in self._cell else ""
            value = f"<{prefix}v>{MARK}{escaped(shown)}</{prefix}v>"
            self._rewrite(f'<{prefix}c{where} t="str">{value}</{prefix}c>')

    def _shown(self) -> str:
        """What a bad cell shows; an empty text for a sound one.

        A formula may give an empty text, which is stored as an empty `v` of type `str`; without a `v`, or with an
        empty one of another type, nobody has computed it.
        """
        kind, value = self._cell.get("t"), self._text
        if kind == "e":
            return (value or "").strip() or "#ERROR"
        if not self._formula:
            return ""
        is_stored = value is not None and (kind == "str" or value.strip())
        return "" if is_stored and self._trusts else NOT_COMPUTED


def _is_computed(parts: ZipParts) -> bool:
    """Whether the stored values of formulas can be trusted.

    They cannot where the book asks to be computed as it is opened, as the books of libraries do, unless a spreadsheet
    program wrote it. Libraries call themselves "Microsoft Excel" of version 12.0000 (XlsxWriter and its relatives).
    """
    asked = any(_ASKED.search(part) for _, part in parts if _holds(part, b"calcPr"))
    about = next((part for name, part in parts if name.casefold() == "docprops/app.xml"), b"")
    found = (re.search(rb"<(?:\w{1,9}:)?%b>([^<]*)<" % name, about) for name in (b"Application", b"AppVersion"))
    program, version = (each[1].decode("utf-8", "replace").strip() if each else "" for each in found)
    is_program = program.startswith(_PROGRAMS) and not program.startswith("Microsoft Excel Compatible")
    return not asked or (is_program and version != _LIBRARIES)


_ASKED = re.compile(rb"""<(?:\w{1,9}:)?calcPr\s[^<>]*\bfullCalcOnLoad\s*=\s*["'](?:1|true)["']""")
_PROGRAMS = ("Microsoft Excel", "Microsoft Macintosh Excel", "WPS", "LibreOffice", "Numbers", "ONLYOFFICE")
_LIBRARIES = "12.0000"


def refuse_wide(data: bytes, where: str) -> None:
    """Say why the parser ran out of memory over an .xlsx: the cell farthest out, and the area up to it."""
    for _, part in zips.inflated(data, where):
        row = col = 1
        for found in _PLACE.finditer(part) if _holds(part, _ROWS) else ():
            row, col = max(row, int(found[2])), max(col, column_number(found[1].decode()))
        place = f"{where}!{address(row - 1, col - 1)}"
        if row > ROWS or col > COLUMNS:
            raise Refused([problem("files.address", place)])
        if row * col > AREA:
            raise Refused([problem("files.area", place, limit=AREA)])


_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,7})([0-9]{1,10})["']""")


# .ods

_CELL = "table:table-cell"
_SHOWN_ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")
#: Of rows and of columns: their place among the hidden, how often one stands there, and how many are listed at most.
_LINES = {
    "table:table-row": (0, "table:number-rows-repeated", 10_000),
    "table:table-column": (1, "table:number-columns-repeated", 1000),
}


def _marked_ods(parts: ZipParts, where: str) -> tuple[ZipParts, styled.Unseen]:
    """The parts with the bad and the formatted cells of all tables as texts, and what is hidden."""
    named = dict(parts)
    if b"encryption-data" in named.get("META-INF/manifest.xml", b""):
        raise Refused([problem("files.encrypted", where)])
    if "content.xml" not in named:
        return parts, {}
    reader = _OdsReader(named["content.xml"], where, "content.xml")
    marked = reader.marked()
    return [(name, marked if name == "content.xml" else part) for name, part in parts], reader.hidden


class _OdsReader(_PartReader):
    """The cells of all tables of an OpenDocument book, under the names that the parser knows."""

    def __init__(self, xml: bytes, where: str, name: str) -> None:
        super().__init__(xml, where, name)
        self.hidden: styled.Unseen = {}
        self._notes, self._table, self._places = 0, -1, [0, 0]

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == _CELL:
            self._begin(attributes)
        elif name == "office:annotation":
            self._notes += 1
        elif name == "text:p" and not self._notes and self._text is None:
            self._listen()
        elif name == "table:table":
            self._table, self._places = self._table + 1, [0, 0]
        elif name in _LINES:
            self._pass(*_LINES[name], attributes)

    def _pass(self, way: int, repeated: str, most: int, attributes: dict[str, str]) -> None:
        """Pass over a row or a column that stands there some times, and note it where nobody sees it."""
        stated, first = attributes.get(repeated, ""), self._places[way]
        count = int(stated) if re.fullmatch(r"[0-9]{1,9}", stated) else 1
        if attributes.get("table:visibility") in ("collapse", "filter"):
            self.hidden.setdefault(self._table, ([], []))[way].extend(range(first, first + min(count, most)))
        self._places[way] += count

    def _end(self, name: str) -> None:
        if name == "text:p":
            self._parser.CharacterDataHandler = None
        elif name == "office:annotation":
            self._notes -= 1
        elif name == _CELL and (shown := self._shown()):
            kept = [
                f' {key}="{escaped(value)}"' for key, value in self._cell.items() if key.startswith("table:number-")
            ]
            value = f'office:value-type="string" office:string-value="{escaped(shown)}"'
            self._rewrite(f"<{_CELL}{''.join(kept)} {value}/>")

    def _shown(self) -> str:
        """What a bad cell shows, marked, or what a formatted one shows; an empty text for any other.

        LibreOffice says that a cell is an error; others only show one; a formula without a type has no value.
        """
        shown = self._text or ""
        if self._cell.get("calcext:value-type") == "error":
            return MARK + (shown or "#ERROR")
        if "table:formula" in self._cell and "office:value-type" not in self._cell:
            return MARK + (shown if shown.startswith("#") else NOT_COMPUTED)
        if "table:formula" in self._cell and shown in _SHOWN_ERRORS:
            return MARK + shown
        return styled.ods_shown(self._cell, shown.strip())
