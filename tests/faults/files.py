"""Faults of files: hostile, broken, or only unlike what was hoped for."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import polars as pl
from openpyxl import Workbook

from tests.faults.fault import Fault
from tests.files.books import ods, saved, xlsb, xlsx, xlsx_parts, zipped

HERE = Path(__file__).parent
MIB = 1024 * 1024
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DOCTYPE = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
SHEET = "xl/worksheets/sheet1.xml"


ENDLESS = (
    '<table:table-row table:number-rows-repeated="1000000000">'
    '<table:table-cell office:value-type="float" office:value="1"/></table:table-row>'
)


def made(data: bytes | str | Callable[[], bytes], name: str = "firm.xlsx") -> Callable[[Path], object]:
    """A file with these bytes."""

    def make(folder: Path) -> None:
        content = data() if callable(data) else data
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)

    return make


def text(address: str, value: str) -> str:
    """A text cell."""
    return f'<c r="{address}" t="inlineStr"><is><t>{value}</t></is></c>'


def rows(*cells: str) -> str:
    """A sheet with a name, 甲, and one more column of these two cells, heading and value."""
    heading, value = cells
    return f'<row r="1">{text("A1", "单位名称")}{heading}</row><row r="2">{text("A2", "甲")}{value}</row>'


GOOD = rows(text("B1", "营业收入（万元）"), '<c r="B2"><v>100</v></c>')


def far(address: str) -> bytes:
    """A good sheet with one more value, far away."""
    number = address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return xlsx(GOOD + f'<row r="{number}"><c r="{address}"><v>1</v></c></row>')


def changed(part: str, old: bytes, new: bytes) -> bytes:
    """A good book as openpyxl writes it, with some bytes of a part exchanged."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "单位信息"
    sheet.append(["单位名称", "营业收入（万元）"])
    sheet.append(["甲", 100])
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(saved(book))) as file, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made_:
        for name in file.namelist():
            content = file.read(name)
            if name == part:
                assert old in content
                content = content.replace(old, new)
            made_.writestr(name, content)
    return out.getvalue()


def bomb(parts: int, size: int) -> bytes:
    """A book whose parts inflate to nothing but blanks."""
    return zipped([*xlsx_parts(GOOD), *((f"xl/media/{number}.bin", bytes(size)) for number in range(parts))])


def lying() -> bytes:
    """A book whose directory understates how large its sheet is."""
    data = bytearray(zipped(xlsx_parts(GOOD + " " * MIB)))
    at = data.rfind(b"PK\1\2")
    struct.pack_into("<L", data, at + 24, 100)
    at = data.rfind(b"PK\3\4")
    struct.pack_into("<L", data, at + 22, 100)
    return bytes(data)


def broken_crc() -> bytes:
    """A stored book in which one digit of a sum was changed."""
    return zipped(xlsx_parts(GOOD), zipfile.ZIP_STORED).replace(b"<v>100</v>", b"<v>900</v>")


def twice() -> bytes:
    """A book with two sheets under one name in the zip: which one is read?"""
    parts = xlsx_parts(GOOD)
    return zipped([*parts, (SHEET.upper(), dict(parts)[SHEET])])


def styled() -> bytes:
    """A firm, and then a million rows that hold nothing but a style."""
    return xlsx(GOOD + "".join(f'<row r="{n}" s="1" customFormat="1"/>' for n in range(3, 1_048_577)))


def strict() -> bytes:
    """A book in the strict variant of the format, which openpyxl reads as empty."""
    main, strict_ = (
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    )
    parts = [(name, part.encode() if isinstance(part, str) else part) for name, part in xlsx_parts(GOOD)]
    return zipped([(name, part.replace(main, strict_)) for name, part in parts])


def sheets(*, hidden: bool = False, title: bool = False, total: bool = False) -> bytes:
    """A book as people keep them: a merged title, a total below, a hidden copy."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "单位信息"
    if title:
        sheet.append(["2022年度企业情况表"])
        sheet.merge_cells("A1:B1")
    sheet.append(["单位名称", "营业收入（万元）"])
    sheet.append(["甲", 100])
    if total:
        sheet.append(["合计", 100])
    if hidden:
        copy = book.copy_worksheet(sheet)
        copy.title = "旧数据"
        copy.sheet_state = "hidden"
    return saved(book)


def parquet(rows: int = 1) -> bytes:
    """A table of so many firms, all alike."""
    out = BytesIO()
    pl.select(pl.repeat(value=True, n=rows).alias("规模以上")).write_parquet(out)
    return out.getvalue()


ANSWERED: list[Fault] = [
    Fault(
        "a wrong `dimension`", 0, "", made(lambda: changed(SHEET, b'<dimension ref="A1:B2"', b'<dimension ref="A1"'))
    ),
    Fault("the strict variant of xlsx", 0, "", made(strict)),
    Fault("a million styled rows below the data", 0, "", made(styled)),
    Fault("a merged title above the headings", 0, "", made(lambda: sheets(title=True))),
    Fault("a hidden sheet with a copy of the data", 0, "hidden", made(lambda: sheets(hidden=True))),
    Fault("a row of totals below the firms", 0, "", made(lambda: sheets(total=True))),
    Fault("a workbook named .csv", 0, "the content is xlsx", made(sheets, "firm.csv"), ("calc", "firm.csv")),
    Fault("a CSV file named .xls", 0, "the content is csv", made("单位名称\n甲\n", "firm.xls"), ("calc", "firm.xls")),
    Fault(
        "a CSV file in GB18030",
        0,
        "GB18030",
        made("单位名称,规模以上\n甲,是\n".encode("gb18030"), "f.csv"),
        ("calc", "f.csv"),
    ),
    Fault(
        "a text file in UTF-16",
        0,
        "UTF-16",
        made("单位名称\t规模以上\n甲\t是\n".encode("utf-16"), "f.csv"),
        ("calc", "f.csv"),
    ),
    Fault(
        "a TOML file with a byte-order mark", 0, "", made("\ufeff[firm]\nname = '甲'\n", "f.toml"), ("calc", "f.toml")
    ),
]

BOOKS: list[Fault] = [
    Fault("a part that inflates to 300 MiB", 1, "256 MiB", made(lambda: bomb(1, 300 * MIB))),
    Fault("parts that inflate to 640 MiB together", 1, "512 MiB", made(lambda: bomb(5, 128 * MIB))),
    Fault("6,000 parts", 1, "5000", made(lambda: bomb(6000, 0))),
    Fault("a part larger than its directory says", 1, "damaged", made(lying)),
    Fault("a sum changed after the checksum was made", 1, "damaged", made(broken_crc)),
    Fault("two parts of one name", 1, "two parts", made(twice)),
    Fault("a part packed with bzip2", 1, "method", made(lambda: zipped(xlsx_parts(GOOD), zipfile.ZIP_BZIP2))),
    Fault("entities that multiply, in xlsx", 1, "DOCTYPE", made(lambda: xlsx(GOOD, before=DOCTYPE))),
    Fault(
        "entities that multiply, in ods",
        1,
        "DOCTYPE",
        made(lambda: ods("", before=DOCTYPE), "f.ods"),
        ("calc", "f.ods"),
    ),
    Fault("a download that broke off", 1, "cut off", made(lambda: sheets()[:2000])),
    Fault("a book with a password", 1, "password", made(OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le"))),
    Fault("a value in the last cell there is", 1, "20000000", made(lambda: far("XFD1048576"))),
    Fault("a value below the last row", 1, "", made(lambda: far("A1048577"))),
    Fault("a value beside the last column", 1, "", made(lambda: far("XFE1"))),
    Fault("an address that overflows", 1, "", made(lambda: far("ZZZZZZZ99999999999"))),
    Fault(
        "a row repeated a billion times, in ods",
        1,
        "",
        made(
            lambda: ods(ENDLESS),
            "f.ods",
        ),
        ("calc", "f.ods"),
    ),
    Fault("broken XML in a sheet", 1, "", made(lambda: xlsx(GOOD + "<row"))),
    Fault("a zip that is no workbook", 1, "archive", made(lambda: zipped([("a.txt", "a")]))),
    Fault("a Word document", 1, "Word", made(lambda: zipped([("word/document.xml", "")]))),
    Fault("a PDF file", 1, "PDF", made(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")),
    Fault(
        "a web page named .xls",
        1,
        "HTML",
        made("<html><table><tr><td>甲</td></tr></table></html>", "f.xls"),
        ("calc", "f.xls"),
    ),
    Fault(
        "an .xls of which only the head is left",
        1,
        "",
        made(OLE + bytes(504) + "Workbook".encode("utf-16-le"), "f.xls"),
        ("calc", "f.xls"),
    ),
    Fault(
        "an .xlsb with half a record",
        1,
        "",
        made(lambda: xlsb([(0, 0, 6, 0, b"\xff\xff\xff\x7f")]), "f.xlsb"),
        ("calc", "f.xlsb"),
    ),
    Fault("a book without a sheet", 1, "", made(lambda: xlsx("", names=()))),
    Fault("a book without firms", 1, "No table or form of firms", made(lambda: xlsx(""))),
]

PARQUET: list[Fault] = [
    Fault("half a Parquet file", 1, "Parquet", made(lambda: parquet()[:300], "f.parquet"), ("calc", "f.parquet")),
    Fault(
        "half a Parquet file, batch",
        1,
        "Parquet",
        made(lambda: parquet()[:300], "f.parquet"),
        ("batch", "f.parquet", "-o", "o.csv"),
    ),
    Fault(
        "a Parquet file whose description is longer than the file",
        1,
        "Parquet",
        made(lambda: parquet()[:-8] + b"\xff\xff\xff\x7fPAR1", "f.parquet"),
        ("calc", "f.parquet"),
    ),
    Fault(
        "a Parquet file of forty million rows in a few bytes",
        1,
        "No table or form",
        made(lambda: parquet(40_000_000), "f.parquet"),
        ("calc", "f.parquet"),
    ),
    Fault(
        "a Parquet file of forty million rows in a few bytes, batch",
        1,
        "No table or form",
        made(lambda: parquet(40_000_000), "f.parquet"),
        ("batch", "f.parquet", "-o", "o.csv"),
    ),
]

CELLS: list[Fault] = [
    Fault(
        "the error cell #REF!",
        1,
        "B2",
        made(lambda: xlsx(rows(text("B1", "营业收入（万元）"), '<c r="B2" t="e"><v>#REF!</v></c>'))),
    ),
    Fault(
        "a formula that was never computed",
        1,
        "B2",
        made(lambda: xlsx(rows(text("B1", "营业收入（万元）"), '<c r="B2"><f>1+1</f></c>'))),
    ),
    Fault(
        "about 100, as a sum", 1, "约100", made(lambda: xlsx(rows(text("B1", "营业收入（万元）"), text("B2", "约100"))))
    ),
    Fault(
        "a negative sum in brackets",
        1,
        "B2",
        made(lambda: xlsx(rows(text("B1", "研发投入（万元）"), text("B2", "(1,234)")))),
    ),
    Fault(
        "a value that is neither yes nor no",
        1,
        "待定",
        made(lambda: xlsx(rows(text("B1", "规模以上"), text("B2", "待定")))),
    ),
    Fault(
        "an event of a kind that does not exist",
        1,
        "不存在的事项",
        made('[firm]\nname = "甲"\n[[event]]\nkind = "不存在的事项"\n', "f.toml"),
        ("calc", "f.toml"),
    ),
    Fault(
        "one good firm and one bad",
        4,
        "约100万元",
        made('[[firm]]\nname = "甲"\n[[firm]]\nname = "乙"\nrevenue = "约100万元"\n', "f.toml"),
        ("calc", "f.toml", "-o", "out.json"),
        leaves=("out.json",),
    ),
]


def csv(name: str, says: str, data: str | bytes) -> Fault:
    """A fault of a CSV file."""
    return Fault(name, 1, says, made(data, "firm.csv"), ("calc", "firm.csv"))


def toml(name: str, says: str, data: str | bytes) -> Fault:
    """A fault of a TOML file."""
    return Fault(name, 1, says, made(data, "f.toml"), ("calc", "f.toml"))


TEXTS: list[Fault] = [
    csv("an empty file", "0 bytes", b""),
    csv("rows too short and too long", "firm.csv:2", "单位名称,规模以上\n甲\n乙,是,否\n"),
    csv("a quote that never closes", "firm.csv:3", '单位名称,规模以上\n"甲,是\n乙,否\n'),
    csv("a field without end", "firm.csv", '单位名称\n"' + "甲" * 200_000 + '"\n'),
    csv("a NUL", "firm.csv:2", b"name\na\0b\n"),
    csv("bytes of no encoding", "firm.csv:2", "单位名称\n".encode() + b"\xff\xff\xff\n"),
    csv("nothing but noise", "", bytes(range(128, 256)) * 40),
    toml("a key given twice", "f.toml", "[firm]\nname = 'a'\nname = 'b'\n"),
    toml("a bracket that never closes", "f.toml", "[firm\nname = 'a'\n"),
    toml("arrays inside arrays, a thousand deep", "32", f"[firm]\nname = {'[' * 1000}{']' * 1000}\n"),
    toml("20,000 dotted parts", "32", f"[firm]\n{'.'.join('a' * 20_000)} = 1\n"),
    Fault(
        "20,000 dotted parts, checked",
        1,
        "32",
        made(f"[firm]\n{'.'.join('a' * 20_000)} = 1\n", "f.toml"),
        ("check", "f.toml"),
    ),
    Fault(
        "a sum of 5,000 digits, checked",
        1,
        "9999",
        made(f"[firm]\nrevenue = {'9' * 5000}\n", "f.toml"),
        ("check", "f.toml"),
    ),
    toml("more than 1 MB", "1", "[firm]\nname = '" + "a" * 1_100_000 + "'\n"),
    toml("a sum of nan", "NaN", "[firm]\nname = 'a'\nrevenue = nan\n"),
    toml("a sum of infinity", "Infinity", "[firm]\nname = 'a'\nrevenue = inf\n"),
    toml("a sum of 1e400", "", "[firm]\nname = 'a'\nrevenue = 1e400\n"),
    toml("a sum of 400 digits", "", f"[firm]\nname = 'a'\nrevenue = {'9' * 400}\n"),
    toml("a sum of 5,000 digits", "f.toml:3: 9999", f"[firm]\nname = 'a'\nrevenue = {'9' * 5000}\n"),
    toml("a sum larger than a column holds", "", "[firm]\nname = 'a'\nrevenue = 99999999999999999999\n"),
    toml("30 February", "", "[firm]\nname = 'a'\n[[event]]\nkind = 'regional-key-lab'\ndate = 2022-02-30\n"),
    toml("bytes that are no UTF-8", "f.toml", b"[firm]\nname = '\xff'\n"),
    toml("no firm", "f.toml", "[company]\nname = 'a'\n"),
    toml("a firm that is a number", "f.toml", "firm = 1\n"),
    toml("a value that is a table", "f.toml", "[firm]\nname = { a = 1 }\n"),
    toml("a firm without a name", "", "[firm]\nhigh_tech = true\n"),
]


def policy(name: str, says: str, data: str | bytes) -> Fault:
    """A fault of a policy file."""
    arguments = ("calc", "firm.toml", "--policies", "policy.toml", "-o", "out.json")
    return Fault(f"policy: {name}", 3, says, made(data, "policy.toml"), arguments)


POLICIES: list[Fault] = [
    policy("not TOML", "policy.toml", "[policy\n"),
    policy("nothing that is wanted, and something that is not", "polcy", "[polcy]\nid = 'x'\n"),
    policy(
        "every value of a wrong type", "policy.toml", "policy = 1\nfact = 2\nclause = 3\nmeasure = 'x'\nkind = []\n"
    ),
    policy("an overlay on nothing", "policy.toml", "[policy]\nid = 'x'\noverlays = 'absent'\n"),
    policy("arrays inside arrays, a thousand deep", "32", f"policy = {'[' * 1000}{']' * 1000}\n"),
    policy("bytes that are no UTF-8", "policy.toml", b"[policy]\nid = '\xff'\n"),
]


def found(name: str, file: str, says: str, code: int = 1) -> Fault:
    """A file that fuzzing came upon."""
    return Fault(f"{name} (`{file}`)", code, says, made((HERE / "found" / file).read_bytes(), file), ("calc", file))


FOUND: list[Fault] = [
    found("an .xls whose table of sectors goes on behind its end", "allocation-beyond-the-end.xls", "damaged"),
]

SECTIONS = {
    "Unusual, and answered": ANSWERED,
    "Workbooks": BOOKS,
    "Parquet": PARQUET,
    "Cells": CELLS,
    "Text files": TEXTS,
    "Policy files": POLICIES,
    "Found by fuzzing": FOUND,
}
