"""Results of earlier runs, which lie in the folder that is scored: they are no input, and are passed over by name.

A workbook of ours is known by the names of its sheets, a CSV file by its headings; Parquet and JSON are not looked at.
"""

from __future__ import annotations

import re
import zipfile
from codecs import BOM_UTF8
from pathlib import Path

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


def is_own_result(path: Path) -> bool:
    """Whether a file is what `batch` or `calc` wrote; False where it cannot be read."""
    try:
        return _is_book(path) if path.suffix.lower() in (".xlsx", ".xlsm") else _is_csv(path)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, NotImplementedError):
        return False


def _is_book(path: Path) -> bool:
    with zipfile.ZipFile(path) as book:
        listing = book.getinfo("xl/workbook.xml")
        if listing.file_size > _LISTING:
            return False
        text = book.read(listing).decode("utf-8", "replace")
    names = set(re.findall(r'<sheet [^<>]{0,200}?name="([^"]{1,31})"', text))
    return any({phrase(f"batch.{each}", lang) for each in _SHEETS} <= names for lang in _LANGS)


def _is_csv(path: Path) -> bool:
    if path.suffix.lower() != ".csv":
        return False
    with path.open("rb") as file:
        head = file.read(_HEAD).removeprefix(BOM_UTF8).partition(b"\n")[0]
    return any(all(each in head for each in headings) for headings in _HEADINGS)
