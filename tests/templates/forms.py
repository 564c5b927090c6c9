"""Blank books and files of three policies, and how a clerk fills them in."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from io import BytesIO
from typing import Any, get_args

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ordos_subsidy import cells, templates
from ordos_subsidy.facts import Fact, Of
from ordos_subsidy.messages import Lang
from tests.builders import HARBOUR, LAB, ORDOS, compiled, policy

ExampleRow = dict[str, cells.Value]

POLICIES = {"ordos": policy(ORDOS), "harbour": policy(HARBOUR), "lab": compiled(LAB)}
LANGS: tuple[Lang, ...] = ("zh", "en")
SHEETS = {
    "zh": ["单位信息", "申报事项", "填写示例", "填写说明", "选项"],
    "en": ["Firms", "Events", "Example", "Guide", "Lists"],
}

every_policy = pytest.mark.parametrize("name", POLICIES)
every_lang = pytest.mark.parametrize("lang", LANGS)
form_and_table = pytest.mark.parametrize("table", [False, True], ids=["form", "table"])


@cache
def made(name: str, lang: Lang = "zh", *, table: bool = False) -> bytes:
    return templates.workbook(POLICIES[name], lang=lang, table=table)


def opened(name: str, lang: Lang = "zh", *, table: bool = False) -> Workbook:
    return load_workbook(BytesIO(made(name, lang, table=table)))


def heading(fact: Fact, lang: Lang) -> str:
    """The heading as the contract describes it."""
    title = fact.title.in_(lang)
    unit = {"money": {"zh": "万元", "en": "10,000 yuan"}[lang], "percent": "%"}.get(fact.type)
    if unit:
        title += f"（{unit}）" if lang == "zh" else f" ({unit})"
    return f"{title} *" if fact.required else title


def found(sheet: Worksheet, fact: Fact, lang: Lang) -> tuple[int, int]:
    """Where a fact's heading stands (beside an event a firm's name has no star)."""
    wanted = {heading(fact, lang), heading(fact, lang).removesuffix(" *")}
    places = [(cell.row, cell.column) for row in sheet.iter_rows() for cell in row if cell.value in wanted]
    assert len(places) == 1, (fact.key, places)
    return places[0]


def is_form(sheet: Worksheet) -> bool:
    return sheet.auto_filter.ref is None


def spot(sheet: Worksheet, fact: Fact, lang: Lang, nth: int = 0) -> tuple[int, int]:
    """The cell of a fact's n-th value: beside its heading in a form, below it in a table."""
    row, col = found(sheet, fact, lang)
    return (row, col + 1) if is_form(sheet) else (row + 1 + nth, col)


def rules_at(sheet: Worksheet, row: int, col: int) -> list[DataValidation]:
    """The validations that cover a cell."""
    return [
        rule
        for rule in sheet.data_validations.dataValidation
        for area in rule.sqref.ranges
        if area.min_row <= row <= area.max_row and area.min_col <= col <= area.max_col
    ]


def rule_at(sheet: Worksheet, row: int, col: int) -> DataValidation:
    (rule,) = rules_at(sheet, row, col)
    return rule


def listed(book: Workbook, name: str) -> list[Any]:
    """The values of a named range."""
    sheet, _, area = str(book.defined_names[name].attr_text).rpartition("!")
    column = book[sheet.strip("'")][area.replace("$", "")]
    assert {len(row) for row in column} == {1}
    return [cell.value for (cell,) in column]


def facts(name: str, of: Of) -> list[Fact]:
    return [fact for fact in POLICIES[name].vocabulary.of(of) if fact.read]


def fields(name: str, book: Workbook) -> Iterator[tuple[Worksheet, Fact]]:
    """All facts, each with its sheet."""
    for sheet, of in zip(book.worksheets, get_args(Of), strict=False):
        yield from ((sheet, fact) for fact in facts(name, of))


def typed(fact: Fact, value: cells.Value, lang: Lang) -> Any:
    """What a clerk types into a cell to say a value."""
    match fact.type, value:
        case "money", int():
            return Decimal(value) / 1_000_000
        case "percent", int():
            return f"{(Decimal(value) / 10_000).normalize():f}%"
        case "choice", str():
            return fact.choice(value).title.in_(lang)
        case "choices", frozenset():
            return "、".join(each.title.in_(lang) for each in fact.choices if each.key in value)
        case "date", (first, last):
            return first if first == last else f"{first:%Y-%m}"
    return {"zh": ["否", "是"], "en": ["No", "Yes"]}[lang][value] if isinstance(value, bool) else value


def keys_uncommented(text: str) -> str:
    """The file with every key's `#` taken away."""
    return re.sub(r"^#(?=[a-z_]+ = |\[\[)", "", text, flags=re.MULTILINE)


def example(text: str) -> dict[str, Any]:
    """The filled example that stands in the comments."""
    lines = (line.removeprefix("#|") for line in text.splitlines() if line.startswith("#|"))
    return tomllib.loads("\n".join(line.removeprefix(" ") for line in lines))
