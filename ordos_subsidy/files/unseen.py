"""Which rows and columns of a sheet nobody sees: hidden by hand or by a filter.

Runs in the child process; `re` is imported only where something is hidden.
"""

from __future__ import annotations

from ordos_subsidy.files.styled import BookParts, Hidden, is_sheet

Unseen = dict[int, Hidden]
"""Hidden rows and columns by sheet."""


def unseen(kind: str, parts: BookParts) -> Unseen:
    """The hidden rows and columns of the sheets of an .xlsx or .ods book, by their place among the sheets."""
    if kind == "ods":
        content = next((part for name, part in parts if name == "content.xml"), b"")
        return _ods_unseen(content) if b"table:visibility=" in content else {}
    if kind != "xlsx" or not any(b'hidden="' in part for _, part in parts if is_sheet(part)):
        return {}
    import re

    named = dict(parts)
    book = next((part for name, part in parts if name.endswith("workbook.xml")), b"")
    rels = next((part for name, part in parts if name.endswith("workbook.xml.rels")), b"")
    targets = {}
    for tag in re.findall(rb"<(?:\w{1,9}:)?Relationship\s[^<>]*>", rels):
        key, target = (re.search(rb'\s%b="([^"]*)"' % name, tag) for name in (b"Id", b"Target"))
        if key and target:
            targets[key[1]] = target[1].decode("utf-8", "replace").lstrip("/").removeprefix("xl/")
    found: Unseen = {}
    for index, tag in enumerate(re.findall(rb"<(?:\w{1,9}:)?sheet\s[^<>]*>", book)):
        key = re.search(rb'\s(?:\w+:)?id="([^"]*)"', tag)
        part = named.get(f"xl/{targets.get(key[1] if key else b'', '')}", b"")
        hidden = _xlsx_hidden(part)
        if any(hidden):
            found[index] = hidden
    return found


def _xlsx_hidden(xml: bytes) -> Hidden:
    import re

    if b'hidden="' not in xml:
        return [], []
    rows = [
        int(found[1]) - 1
        for tag in re.findall(rb"""<(?:\w{1,9}:)?row\s[^<>]{0,300}?\bhidden="(?:1|true)"[^<>]{0,300}>""", xml)
        if (found := re.search(rb'\sr="(\d+)"', tag))
    ]
    cols: list[int] = []
    for tag in re.findall(rb"""<(?:\w{1,9}:)?col\s[^<>]{0,300}?\bhidden="(?:1|true)"[^<>]{0,300}>""", xml):
        first, last = (re.search(rb'\s%b="(\d+)"' % name, tag) for name in (b"min", b"max"))
        if first and last:
            cols += range(int(first[1]) - 1, min(int(last[1]), int(first[1]) + 999))
    return rows, cols


def _ods_unseen(xml: bytes) -> Unseen:
    import re

    found: Unseen = {}
    sheet, row, col = -1, 0, 0
    for tag in re.findall(rb"<table:table(?:-row|-column)?[\s>][^<>]*>?", xml):
        repeated = re.search(rb'table:number-(?:rows|columns)-repeated="(\d+)"', tag)
        count = int(repeated[1]) if repeated else 1
        is_hidden = b'table:visibility="collapse"' in tag or b'table:visibility="filter"' in tag
        if tag.startswith(b"<table:table-row"):
            if is_hidden:
                found.setdefault(sheet, ([], []))[0].extend(range(row, row + min(count, 10_000)))
            row += count
        elif tag.startswith(b"<table:table-column"):
            if is_hidden:
                found.setdefault(sheet, ([], []))[1].extend(range(col, col + min(count, 1000)))
            col += count
        else:
            sheet, row, col = sheet + 1, 0, 0
    return found
