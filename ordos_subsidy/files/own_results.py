"""Results of earlier runs, which are no input: passed over in a folder that is scored, refused where they are named.

A workbook of ours is known by the names of its sheets, a CSV file by its headings; Parquet and JSON are not looked at.
"""

from __future__ import annotations

import re
import zipfile
from codecs import BOM_UTF8
from typing import BinaryIO

from ordos_subsidy.messages import Lang, phrase

_LANGS: tuple[Lang, ...] = ("zh", "en")
#: Sheets that only our result books have together.
_SHEETS = ("sheet_awards", "sheet_years", "sheet_problems")
#: The beginning of a text file that its headings are looked for in, and the largest listing of sheets read, in bytes.
_HEAD = 4096
_LISTING = 1 << 20
#: Headings that only our tables have together, of firms, of awards and of hints.
_HEADINGS = tuple(
    tuple(each.encode() for each in headings)
    for headings in (
        ("确定（万元）", "上限（万元）", "读自"),
        ("计入合计至少（万元）", "金额表述", "读自"),
        ("要改的资料", "代价（万元）", "读自"),
    )
)


def is_own_result(data: BinaryIO) -> bool:
    """Whether a file is what `batch` or `calc` wrote; False where it cannot be read."""
    try:
        head = data.read(_HEAD)
        data.seek(0)
        return _is_book(data) if head.startswith(b"PK") else _has_headings(head)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, NotImplementedError):
        return False


def _is_book(data: BinaryIO) -> bool:
    with zipfile.ZipFile(data) as book:
        listing = book.getinfo("xl/workbook.xml")
        if listing.file_size > _LISTING:
            return False
        text = book.read(listing).decode("utf-8", "replace")
    names = set(re.findall(r'<sheet [^<>]{0,200}?name="([^"]{1,31})"', text))
    return any({phrase(f"batch.{each}", lang) for each in _SHEETS} <= names for lang in _LANGS)


def _has_headings(head: bytes) -> bool:
    first = head.removeprefix(BOM_UTF8).partition(b"\n")[0]
    return any(all(each in first for each in headings) for headings in _HEADINGS)
