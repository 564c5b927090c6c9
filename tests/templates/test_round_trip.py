"""The law of the templates: what one asks for and a user fills in is read as the same firms."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from ordos_subsidy import cells, tables, templates
from ordos_subsidy.cells import fact_types
from ordos_subsidy.errors import Refused
from ordos_subsidy.facts import MONEY_LIMIT, Fact, Of, Vocabulary
from ordos_subsidy.messages import Lang, sentences
from ordos_subsidy.policy import Policies
from ordos_subsidy.tables.firms import Firms
from tests.builders import firms
from tests.strategies import days
from tests.templates.forms import (
    LANGS,
    POLICIES,
    ExampleRow,
    every_lang,
    every_policy,
    keys_uncommented,
    opened,
    spot,
    typed,
)


def fill(sheet: Worksheet, words: Vocabulary, rows: Sequence[ExampleRow], lang: Lang) -> None:
    """Type values in where the headings say."""
    for nth, row in enumerate(rows):
        for key, value in row.items():
            fact = words.facts[key]
            cell = sheet.cell(*spot(sheet, fact, lang, nth))
            if fact.type == "kind":
                cell.value = words.kinds[str(value)].title.in_(lang)
            else:
                cell.value = typed(fact, value, lang)
            if isinstance(cell.value, str):
                cell.data_type = "s"  # as Excel takes it in a cell of text format


def read_back(book: Workbook, words: Vocabulary) -> Firms:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        book.save(path)
        return tables.read([path], [], words)


named = pytest.mark.parametrize("name", ["ordos", "harbour"])


@named
@every_lang
def test_blank_form_is_a_firm_without_a_name_and_nothing_else(name: str, lang: Lang) -> None:
    read = read_back(opened(name, lang), POLICIES[name].vocabulary)
    assert [each.code for each in read.problems] == ["reading.required"]
    assert (len(read), read.left_out, len(read.events)) == (0, 1, 0)


@named
@every_lang
def test_blank_table_has_no_rows(name: str, lang: Lang) -> None:
    with pytest.raises(Refused) as refused:
        read_back(opened(name, lang, table=True), POLICIES[name].vocabulary)
    assert [each.code for each in refused.value.problems] == ["reading.no_firms_rows"]


@named
@every_lang
def test_filled_form_is_read_without_a_word(name: str, lang: Lang) -> None:
    book, words = opened(name, lang), POLICIES[name].vocabulary
    known = [fact for fact in words.of("firm") if fact.read]
    given_ = {fact.key: cells.read(fact, fact.example, vocabulary=words).value for fact in known}
    fill(book.worksheets[0], words, [given_], lang)
    read = read_back(book, words)
    assert read.problems == ()
    assert read.firms.drop("@place").equals(firms(words, given_, typed=True).firms.drop("@place"))


@named
@every_lang
def test_filled_table_is_read_without_a_word(name: str, lang: Lang) -> None:
    book, words = opened(name, lang, table=True), POLICIES[name].vocabulary
    known = [fact for fact in words.of("firm") if fact.read]
    given_ = {fact.key: cells.read(fact, fact.example, vocabulary=words).value for fact in known}
    key = words.role("firm", "name")
    kind = words.role("event", "kind")
    assert key
    assert kind
    fill(book.worksheets[0], words, [given_], lang)
    fill(book.worksheets[1], words, [{key.key: given_[key.key], kind.key: each} for each in words.kinds], lang)
    read = read_back(book, words)
    assert read.problems == ()
    assert read.events[kind.key].to_list() == list(words.kinds)


ALPHABET = "某内蒙古科技公司 =+@'\"（）A1"


MONTHS = [(dt.date(2022, 3, 1), dt.date(2022, 3, 31)), (dt.date(2024, 2, 1), dt.date(2024, 2, 29))]
DAYS = days(dt.date(1900, 3, 1), dt.date(2100, 12, 31))
#: Typed values of the facts that need nothing but their type.
BY_TYPE: dict[str, st.SearchStrategy[Any]] = {
    "code": st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=18, max_size=18),
    "yes_no": st.booleans(),
    "year": st.integers(1900, 2100),
    "date": DAYS.map(lambda day: (day, day)) | st.sampled_from(MONTHS),
    "percent": st.integers(0, 2_000_000),
    "count": st.integers(0, 10**9),
}


def values(fact: Fact, words: Vocabulary) -> st.SearchStrategy[Any]:
    """Typed values of a fact."""
    offered = [each.key for each in fact.choices if each.offered]
    match fact.type:
        case "text":
            texts = st.text(ALPHABET, min_size=1, max_size=12)
            return texts.filter(lambda text: cells.read(fact, text, vocabulary=words).value == text)
        case "choice":
            return st.sampled_from(offered)
        case "choices":
            return st.frozensets(st.sampled_from(offered), min_size=1)
        case "money":
            return st.integers(0 if fact.minimum == 0 else -MONEY_LIMIT, MONEY_LIMIT)
        case "kind":
            return st.sampled_from(sorted(words.kinds))
    return BY_TYPE[fact.type]


def rows(words: Vocabulary, of: Of) -> st.SearchStrategy[ExampleRow]:
    """Rows with some facts known."""
    needed = {fact.key: values(fact, words) for fact in words.of(of) if fact.type == "kind"}
    spare = [fact for fact in words.of(of) if fact.type != "kind" and fact.role != "name" and fact.read]
    others = {fact.key: values(fact, words) for fact in spare}
    return st.fixed_dictionaries(needed, optional=others)


Cases = list[tuple[ExampleRow, list[ExampleRow]]]


@st.composite
def cases(draw: st.DrawFn, words: Vocabulary) -> Cases:
    """Firms of different names, each with events."""
    drawn = draw(
        st.lists(st.tuples(rows(words, "firm"), st.lists(rows(words, "event"), max_size=3)), min_size=1, max_size=4)
    )
    name, code = words.role("firm", "name"), words.role("firm", "id")
    assert name
    for number, (firm, _) in enumerate(drawn):
        firm[name.key] = f"甲{number}号公司" + draw(values(name, words))
        if code and code.key in firm:
            firm[code.key] = f"{number}{str(firm[code.key])[1:]}"
    return drawn


def written(words: Vocabulary, found_: Cases, policies_: Policies, lang: Lang) -> str:
    """The TOML template, filled in by a user."""
    text = templates.toml(policies_, lang=lang)
    blank = keys_uncommented(text)
    firm_part, event_part = re.split(r"^\[\[firm\.event\]\]$", blank, flags=re.MULTILINE)

    def entered(part: str, row: Mapping[str, cells.Value]) -> str:
        for key, value in row.items():
            blank_line, line = f'\n{key} = ""\n', f"\n{key} = {said(words, key, value, lang)}\n"
            assert part.count(blank_line) == 1
            part = part.replace(blank_line, line)
        return part

    return "\n".join(
        entered(firm_part, firm) + "".join("[[firm.event]]" + entered(event_part, event) for event in events)
        for firm, events in found_
    )


def said(words: Vocabulary, key: str, value: cells.Value, lang: Lang) -> str:
    """What a user writes into a TOML file."""
    fact = words.facts[key]
    if fact.type in {"yes_no", "year", "count"}:
        return str(value).lower()
    if fact.type == "money":
        return f'"{Decimal(str(value)) / 1_000_000:f}万元"'
    cell = words.kinds[str(value)].title.in_(lang) if fact.type == "kind" else typed(fact, value, lang)
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return '"' + str(cell).replace("\\", "\\\\").replace('"', '\\"') + '"'


@every_policy
def test_what_a_template_asks_and_a_user_fills_in_is_read_as_the_same_firms(name: str) -> None:
    policies_ = POLICIES[name]
    words = policies_.vocabulary
    key = words.role("firm", "name")
    assert key

    # Each case writes and reads two workbooks, in child processes.
    @given(cases(words), st.sampled_from(LANGS))
    @settings(max_examples=settings().max_examples // 8)
    def law(drawn: Cases, lang: Lang) -> None:
        plain = [{**firm, "events": events} for firm, events in drawn]
        wanted = firms(words, *plain, typed=True)
        book = opened(name, lang, table=True)
        fill(book.worksheets[0], words, [firm for firm, _ in drawn], lang)
        owned = [{key.key: firm[key.key], **event} for firm, events in drawn for event in events]
        fill(book.worksheets[1], words, owned, lang)
        alone = opened(name, lang)
        fill(alone.worksheets[0], words, [drawn[0][0]], lang)
        fill(alone.worksheets[1], words, drawn[0][1], lang)
        mapping = tomllib.loads(written(words, drawn, policies_, lang), parse_float=Decimal)
        same(read_back(book, words), wanted)
        same(tables.read_mapping(mapping, words, "firm.toml"), wanted)
        same(read_back(alone, words), firms(words, plain[0], typed=True))

    law()


def same(read: Firms, wanted: Firms) -> None:
    """Both tables are the same, but for the places."""
    assert not [each for each in read.problems if each.severity == "error"]
    assert read.firms.drop("@place").equals(wanted.firms.drop("@place"))
    assert read.events.drop("@place").equals(wanted.events.drop("@place"))


def test_module_loads_no_spreadsheet_library_until_a_book_is_made() -> None:
    code = "import sys, ordos_subsidy.templates; sys.exit('openpyxl' in sys.modules or 'polars' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_no_phrase_is_without_use_and_each_has_both_languages() -> None:
    files = [*Path(templates.__file__).parent.glob("*.py"), Path(fact_types.__file__)]
    source = "".join(path.read_text("utf-8") for path in files)
    composed = ("how-", "error-", "toml-", "step-", "guide-")
    written_out = {word.removeprefix("template.") for word in re.findall(r'"([\w.-]+)"', source)}
    unused = [key for key in sentences("template").phrases if key not in written_out and not key.startswith(composed)]
    assert unused == []
    assert all(zh and en for zh, en in sentences("template").phrases.values())
