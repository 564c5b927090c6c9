"""The cells that show more, or less, than they hold, by their number formats; and the rows and columns nobody sees.

A cell may hold 50000000 and show 5000.0万元, or hold 1 June 2021 and show 2021年6月. What is shown is what was meant,
so such a cell is read as a text:

    ¥#,##0.00      50000000   ¥50000000          0.00%           0.125      12.5%
    0!.0,"万元"    50000000   5000万元           yyyy"年"m"月"   44348      2021年6月
    0!.0,          50000000   5000 (÷10000)      yyyy            44562      2022年

The sign ÷ keeps the scale, so that whoever knows the unit of the column can tell whether the two go together.

Cells of .xlsx books are rewritten here before parsing, those of others in `marks` and `binary`. A look at the styles
comes first: a book without formats that matter costs that look only. Runs in the child process.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

BookParts = list[tuple[str, bytes]]
Texts = dict[tuple[int, int], str]
Hidden = tuple[list[int], list[int]]
"""Hidden rows and columns of a sheet."""
Unseen = dict[int, Hidden]
"""Hidden rows and columns by sheet."""


class Section(NamedTuple):
    """What one section of a format shows: the numbers it is for, and how."""

    sign: str
    bound: float
    shows: str
    scale: int = 1
    unit: str = ""


#: Formats by number that every spreadsheet program knows: the currency of the system, shares, months.
BUILT_IN = {
    **dict.fromkeys((5, 6, 7, 8, 42, 44), "¥0"),
    **dict.fromkeys((9, 10), "0%"),
    **dict.fromkeys((17, 27, 36, 50, 52, 57), "yyyy-m"),
}
_UNITS = ("亿元", "亿", "百万元", "百万", "千万元", "千万", "万元", "万", "千元", "元")
_FACTORS = {"亿": 10**8, "百万": 10**6, "千万": 10**7, "万": 10**4, "千": 10**3, "": 1}
_FOREIGN = ("美元", "港元", "欧元", "日元", "$", "€", "£", "USD", "EUR", "HKD", "JPY")
_YUAN = ("¥", "￥", "CNY", "RMB")
_LAST_SIGN = "\u2e80"  # Chinese, which comes after it, needs no quotes
_OLDEST = 1950
"""Years before it are hardly meant: the number of a year shown as a date lies in 1905."""
#: A part of a format: a literal, a bracket, signs that show nothing, or any other sign.
_PIECES = r'(?s)"(?P<quoted>[^"]*)"?|\[(?P<bracket>[^\]]*)\]?|[\\!](?P<escaped>.?)|[_*].?|(?P<sign>.)'
_TESTS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "=": operator.eq,
    "<>": operator.ne,
}


def sections(code: str) -> list[Section]:
    """What a format shows, section by section; none where it shows plain numbers or whole days."""
    found = [_section(*each) for each in _split(code)]
    if len(found) > 1 and not any(each.sign for each in found):
        signs = ("", "<", "=", "@") if len(found) > 2 else (">=", "<")  # noqa: PLR2004 - the zero has a section
        found = [each._replace(sign=sign) for each, sign in zip(found, signs, strict=False)]
    return found if any(each.shows != "number" or each.scale != 1 or each.unit for each in found) else []


def _split(code: str) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """The sections of a format, each as its brackets, its literals and its signs (a NUL for each literal)."""
    brackets: list[str] = []
    literals: list[str] = []
    signs: list[str] = []
    for token in re.finditer(_PIECES, code):
        kind = token.lastgroup
        text = token[kind] if kind else ""
        if token[0] == ";":
            yield brackets, literals, signs
            brackets, literals, signs = [], [], []
        elif kind == "bracket":
            brackets.append(text)
        elif kind == "sign" and text not in "¥￥$€£" and text <= _LAST_SIGN:
            signs.append(text)
        elif kind:
            literals.append(text)
            signs.append("\0")
    yield brackets, literals, signs


def _section(brackets: list[str], literals: list[str], signs: list[str]) -> Section:
    condition = next((found for each in brackets if (found := re.fullmatch(r"([<>=]+)(-?[0-9.]+)", each))), None)
    sign, bound = (condition[1], float(condition[2])) if condition else ("", 0.0)
    currency = [each[1:].partition("-")[0] for each in brackets if each.startswith("$")]
    letters = "".join(signs).lower().replace("general", "").replace("e+", "").replace("e-", "")
    if set(letters) & set("yde") and not set(letters) & set("hs0#"):
        return Section(sign, bound, "number" if "d" in letters else "month" if "m" in letters else "year")
    if "%" in letters:
        return Section(sign, bound, "share", 1, "%")
    digits = [at for at, each in enumerate(signs) if each in "0#?"]
    if not digits:
        return Section(sign, bound, "number")
    scale = 1000 ** sum(each == "," for each in signs[digits[-1] :])
    literal = (at for at, each in enumerate(signs) if each == "\0")
    for at, text in zip(literal, literals, strict=False):
        if text == "." and digits[0] < at < digits[-1] and "." not in signs:
            scale *= 10 ** sum(place > at for place in digits)
    return Section(sign, bound, "number", scale, _unit("".join([*currency, *literals])))


def _unit(literal: str) -> str:
    """The unit that the literal text of a format names; "?" for money of another kind."""
    if any(each in literal for each in _FOREIGN):
        return "?"
    return next((each for each in _UNITS if each in literal), "¥" if any(each in literal for each in _YUAN) else "")


def _chosen(choice: list[Section], number: float) -> Section | None:
    for each in sorted(choice, key=lambda each: each.sign == ""):  # the one for all others comes last
        test = _TESTS.get(each.sign)
        if not each.sign or (test and test(number, each.bound)):
            return each
    return None


def shown(choice: list[Section], text: str, is_1904: bool) -> str:
    """What a number shows under a format; nothing where the format changes nothing."""
    number = _decimal(text)
    section = _chosen(choice, float(text)) if number.is_finite() else None
    if section is None:
        return ""
    if section.shows in ("month", "year"):
        return _date(int(number), section.shows, is_1904)
    if section.shows == "share":
        return f"{number * 100:f}%"
    return _sum(number, section)


def _decimal(text: str) -> Decimal:
    """A number as spreadsheets show it, of 15 digits; NaN for what is none."""
    try:
        return Decimal(f"{float(text):.15g}")
    except ValueError:
        return Decimal("nan")


def _sum(number: Decimal, section: Section) -> str:
    if section.scale == 1:
        if section.unit == "¥":
            return f"{'-' if number < 0 else ''}¥{abs(number):f}"
        return f"{number:f}{section.unit}" if section.unit else ""
    part = f"{number / section.scale:f}"
    if section.unit and _FACTORS.get(section.unit.removesuffix("元")) == section.scale:
        return part + section.unit
    return f"{part}{section.unit} (÷{section.scale})"


def _date(serial: int, shows: str, is_1904: bool) -> str:
    try:
        day = (date(1904, 1, 1) if is_1904 else date(1899, 12, 30)) + timedelta(serial)
    except OverflowError:
        return ""
    if day.year < _OLDEST:
        return ""
    return f"{day.year}年{day.month}月" if shows == "month" else f"{day.year}年"


def spliced(data: bytes, spans: Iterable[tuple[int, int, bytes]]) -> bytes:
    """Bytes with others in the place of some of them; the same object where there are none."""
    pieces: list[bytes] = []
    copied = 0
    for start, end, new in spans:
        pieces += (data[copied:start], new)
        copied = end
    return b"".join((*pieces, data[copied:])) if pieces else data


# --- .xlsx


def xlsx_shown(parts: BookParts) -> BookParts:
    """The parts of an .xlsx book with such cells as texts; the same list where there are none."""
    styles = next((part for name, part in parts if name.endswith("styles.xml")), b"")
    found = {style: choice for style, code in _xlsx_codes(styles).items() if (choice := sections(code))}
    if not found:
        return parts
    is_1904 = any(b"date1904=" in part for name, part in parts if name.endswith("workbook.xml"))
    return [(name, _xlsx_sheet(part, found, is_1904) if _is_sheet(part) else part) for name, part in parts]


def escaped(text: str) -> str:
    """A text as it stands in XML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _is_sheet(part: bytes) -> bool:
    return b"worksheet" in part[:4096]


def _tags(name: bytes, xml: bytes) -> list[bytes]:
    """The tags of a name, under whatever prefix."""
    return re.findall(rb"<(?:\w{1,9}:)?%b\s[^<>]*>" % name, xml)


def _attribute(name: bytes, tag: bytes) -> bytes:
    found = re.search(rb'\s%b="([^"]*)"' % name, tag)
    return found[1] if found else b""


def _xlsx_codes(styles: bytes) -> dict[str, str]:
    """The formats that could matter, by cell style; none after a quick look at most books."""
    built_in = [b'numFmtId="%d"' % each for each in BUILT_IN]
    if b"formatCode" not in styles and not any(each in styles for each in built_in):
        return {}
    from html import unescape  # a table of two thousand names

    codes = {b"%d" % number: code for number, code in BUILT_IN.items()}
    for tag in _tags(b"numFmt", styles):
        codes[_attribute(b"numFmtId", tag)] = unescape(_attribute(b"formatCode", tag).decode("utf-8", "replace"))
    codes[b""] = ""
    block = re.search(rb"<(?:\w{1,9}:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", styles, re.DOTALL)
    numbers = (_attribute(b"numFmtId", tag) for tag in (_tags(b"xf", block[0]) if block else ()))
    return {str(style): codes[number] for style, number in enumerate(numbers) if codes.get(number)}


def _xlsx_sheet(xml: bytes, found: dict[str, list[Section]], is_1904: bool) -> bytes:
    styles = [style for style in found if b's="%b"' % style.encode() in xml or b"'" in xml]
    if not styles:
        return xml
    cell = (
        rb"""<((?:\w{1,9}:)?)c(\s(?:[^<>]{0,200}?\s)?s=["'](%b)["'][^<>]{0,200}?)(?<!/)>"""
        rb"""(\s{0,9}(?:<\1f\b(?:[^<>]{0,200}/>|[^<>]{0,200}>[^<]*</\1f>))?\s{0,9})<\1v>([^<]{0,40})</\1v>"""
    ) % b"|".join(style.encode() for style in styles)
    type_ = re.compile(rb"""\st\s*=\s*["']([^"']*)["']""")

    def replaced(cell: re.Match[bytes]) -> bytes:
        prefix, attributes, style, formula, number = cell.groups()
        stated = type_.search(attributes)
        if stated and stated[1] != b"n":
            return cell[0]
        text = shown(found[style.decode()], number.decode("ascii", "replace"), is_1904)
        said = escaped(text).encode()
        cleared = type_.sub(b"", attributes)
        return b'<%bc%b t="str">%b<%bv>%b</%bv>' % (prefix, cleared, formula, prefix, said, prefix) if text else cell[0]

    return _same_if_equal(re.sub(cell, replaced, xml), xml)


def _same_if_equal(new: bytes, old: bytes) -> bytes:
    """The old bytes themselves where nothing changed: a book that is the same is not packed anew."""
    return old if new == old else new


# --- .ods, which keeps the text that it shows


def ods_shown(cell: Mapping[str, str], seen: str) -> str:
    """What a cell shows where that is more, or less, than it holds, by its attributes; otherwise nothing."""
    kind = cell.get("office:value-type")
    if kind == "date":
        found = re.fullmatch(r"([0-9]{4})(?:年|[-/.])?(?:([0-9]{1,2})月?)?", seen)
        return (f"{found[1]}年{found[2]}月" if found[2] else f"{found[1]}年") if found else ""
    if kind not in ("float", "currency", "percentage") or not seen:
        return ""
    number = _decimal(cell.get("office:value", ""))
    if not number.is_finite():
        return ""
    if kind == "percentage":
        return f"{number * 100:f}%"
    unit = _unit(seen)
    if kind == "currency" and not unit:
        unit = "¥" if cell.get("office:currency") == "CNY" else "?"
    digits = "".join(re.findall(r"[0-9.]+", seen))
    part = abs(float(digits)) if re.fullmatch(r"[0-9]+\.?[0-9]*", digits) else 0.0
    return _sum(number, Section("", 0.0, "number", _scale(float(abs(number)), part), unit))


def _scale(held: float, part: float) -> int:
    """The power of ten, at least a thousand, by which what is shown is less than what is held."""
    return next((10**power for power in range(3, 10) if part and abs(held / part / 10**power - 1) < 0.05), 1)  # noqa: PLR2004


# --- hidden by hand or by a filter


def xlsx_unseen(parts: BookParts) -> Unseen:
    """The hidden rows and columns of an .xlsx book, by the place of their sheet among the sheets."""
    if not any(b'hidden="' in part for _, part in parts if _is_sheet(part)):
        return {}
    named = dict(parts)
    book = next((part for name, part in parts if name.endswith("workbook.xml")), b"")
    rels = next((part for name, part in parts if name.endswith("workbook.xml.rels")), b"")
    targets = {
        _attribute(b"Id", tag): _attribute(b"Target", tag).decode("utf-8", "replace").lstrip("/").removeprefix("xl/")
        for tag in _tags(b"Relationship", rels)
    }
    keys = (_attribute(rb"(?:\w+:)?id", tag) for tag in _tags(b"sheet", book))
    found = {index: _xlsx_hidden(named.get(f"xl/{targets.get(key, '')}", b"")) for index, key in enumerate(keys)}
    return {index: hidden for index, hidden in found.items() if any(hidden)}


def _xlsx_hidden(xml: bytes) -> Hidden:
    hidden = rb"""<(?:\w{1,9}:)?%b\s[^<>]{0,300}?\bhidden="(?:1|true)"[^<>]{0,300}>"""
    rows = (_attribute(b"r", tag) for tag in re.findall(hidden % b"row", xml))
    cols: list[int] = []
    for tag in re.findall(hidden % b"col", xml):
        first, last = (_attribute(name, tag) for name in (b"min", b"max"))
        if first.isdigit() and last.isdigit():
            cols += range(int(first) - 1, min(int(last), int(first) + 999))
    return [int(row) - 1 for row in rows if row.isdigit()], cols
