"""The book: what a clerk finds in it, and what its cells accept."""

from __future__ import annotations

import re
import zipfile
from copy import deepcopy
from io import BytesIO

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from ordos_subsidy import templates
from ordos_subsidy.messages import Lang
from ordos_subsidy.templates.book import ERROR, PROMPT, TITLE
from ordos_subsidy.templates.content import Relevance
from tests.builders import HARBOUR, compiled, raw
from tests.templates.forms import (
    POLICIES,
    SHEETS,
    every_lang,
    every_policy,
    facts,
    fields,
    form_and_table,
    found,
    heading,
    is_form,
    listed,
    made,
    opened,
    rule_at,
    spot,
)


@every_policy
@every_lang
@form_and_table
def test_same_policy_gives_the_same_bytes(name: str, lang: Lang, table: bool) -> None:
    again = templates.workbook(POLICIES[name], lang=lang, table=table)
    assert again == made(name, lang, table=table)


def test_book_bears_no_time_of_its_making() -> None:
    with zipfile.ZipFile(BytesIO(made("ordos"))) as book:
        assert {entry.date_time for entry in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = book.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"1980-01-01T00:00:00Z"}


@every_policy
@every_lang
@form_and_table
def test_book_has_the_sheets_the_reader_knows_and_hides_its_lists(name: str, lang: Lang, table: bool) -> None:
    book = opened(name, lang, table=table)
    assert book.sheetnames == SHEETS[lang]
    assert [sheet.sheet_state for sheet in book] == ["visible"] * 4 + ["hidden"]
    assert book.active is book.worksheets[0]


@every_policy
@every_lang
@form_and_table
def test_every_fact_has_one_heading_with_unit_and_star(name: str, lang: Lang, table: bool) -> None:
    book = opened(name, lang, table=table)
    for sheet, fact in fields(name, book):
        row, col = found(sheet, fact, lang)
        assert sheet.cell(row, col).value == heading(fact, lang)


@every_policy
@every_lang
def test_form_says_beside_every_field_what_it_means_and_for_which_clauses(name: str, lang: Lang) -> None:
    sheet = opened(name, lang).worksheets[0]
    for fact in facts(name, "firm"):
        row, col = found(sheet, fact, lang)
        assert str(sheet.cell(row, col + 2).value).startswith(fact.help.in_(lang))
        assert sheet.cell(row, col + 3).value


@every_policy
@every_lang
@form_and_table
def test_table_says_above_every_heading_what_it_means(name: str, lang: Lang, table: bool) -> None:
    book = opened(name, lang, table=table)
    for sheet, fact in fields(name, book):
        if not is_form(sheet):
            row, col = found(sheet, fact, lang)
            assert str(sheet.cell(row - 1, col).value).startswith(fact.help.in_(lang))


@every_policy
@every_lang
@form_and_table
def test_entering_a_cell_shows_a_prompt_that_excel_can_keep(name: str, lang: Lang, table: bool) -> None:
    book = opened(name, lang, table=table)
    for sheet, fact in fields(name, book):
        rule = rule_at(sheet, *spot(sheet, fact, lang))
        assert rule.showInputMessage
        assert rule.prompt
        assert len(rule.prompt) <= PROMPT
        assert len(rule.promptTitle or "") <= TITLE
        assert len(rule.error or "") <= ERROR
        assert fact.help.in_(lang)[:80] in rule.prompt


@every_policy
@every_lang
@form_and_table
def test_drop_downs_offer_the_answers_that_are_offered_and_no_others(name: str, lang: Lang, table: bool) -> None:
    book = opened(name, lang, table=table)
    kinds = {kind.title.in_(lang) for kind in POLICIES[name].vocabulary.kinds.values()}
    yes_no = ["是", "否"] if lang == "zh" else ["Yes", "No"]
    for sheet, fact in fields(name, book):
        rule = rule_at(sheet, *spot(sheet, fact, lang))
        if fact.type not in {"yes_no", "choice", "choices", "kind"}:
            continue
        assert rule.type == "list"
        assert rule.errorStyle in ({"warning"} if fact.type == "choices" else {None, "stop"})
        offered = listed(book, str(rule.formula1))
        if fact.type == "kind":
            assert len(offered) == len(kinds)
            assert set(offered) == kinds
        elif fact.type in {"choice", "choices"}:
            assert offered == [each.title.in_(lang) for each in fact.choices if each.offered]
        else:
            assert offered == yes_no


def test_several_answers_are_offered_one_by_one_and_named_in_the_help() -> None:
    """A drop-down shows them; a cell that holds several is warned of, and not stopped."""
    sheet = opened("ordos").worksheets[0]
    (fact,) = (fact for fact in facts("ordos", "firm") if fact.type == "choices")
    row, col = found(sheet, fact, "zh")
    rule = rule_at(sheet, row, col + 1)
    assert (rule.type, rule.errorStyle) == ("list", "warning")
    for choice in fact.choices:
        assert choice.title.zh in str(sheet.cell(row, col + 2).value)


def test_year_list_begins_before_the_policy_and_does_not_stop_another_year() -> None:
    book = opened("ordos")
    fact = POLICIES["ordos"].vocabulary.role("firm", "year")
    assert fact
    rule = rule_at(book.worksheets[0], *spot(book.worksheets[0], fact, "zh"))
    years = listed(book, str(rule.formula1))
    assert years == list(range(2020, 2032))
    assert rule.errorStyle == "warning"


BOUNDS: dict[str, tuple[str, str, str]] = {
    "money": ("decimal", "0", "100000000"),
    "count": ("whole", "0", "1000000000000"),
    "date": ("date", "DATE(1950,1,1)", "DATE(2100,12,31)"),
}


@every_policy
def test_figures_and_days_are_bounded(name: str) -> None:
    book = opened(name)
    for sheet, fact in fields(name, book):
        if fact.type in BOUNDS:
            rule = rule_at(sheet, *spot(sheet, fact, "zh"))
            kind, least, most = BOUNDS[fact.type]
            least = least if fact.minimum == 0 or fact.type != "money" else f"-{most}"
            assert (rule.type, rule.operator or "between", rule.formula1, rule.formula2) == (
                kind,
                "between",
                least,
                most,
            )


def test_sum_without_a_minimum_may_be_negative() -> None:
    free = [fact for fact in facts("ordos", "firm") if fact.type == "money" and fact.minimum is None]
    sheet = opened("ordos").worksheets[0]
    assert free
    assert all(str(rule_at(sheet, *spot(sheet, fact, "zh")).formula1).startswith("-") for fact in free)


FORMATS = {"money": "#,##0.00####", "date": "yyyy-mm-dd", "text": "@", "code": "@", "year": "0"}


@every_policy
@form_and_table
def test_cells_have_the_format_of_their_fact_below_the_drawn_rows_too(name: str, table: bool) -> None:
    book = opened(name, table=table)
    for sheet, fact in fields(name, book):
        wanted = FORMATS.get(fact.type)
        row, col = spot(sheet, fact, "zh")
        if wanted:
            assert sheet.cell(row, col).number_format == wanted
            if not is_form(sheet):
                assert sheet.column_dimensions[get_column_letter(col)].number_format == wanted


def test_rules_reach_far_enough_down() -> None:
    form, table = opened("ordos"), opened("ordos", table=True)
    for sheet, least in ((form.worksheets[1], 300), (table.worksheets[0], 1000), (table.worksheets[1], 1000)):
        for area in (area for rule in sheet.data_validations.dataValidation for area in rule.sqref.ranges):
            assert area.max_row - area.min_row + 1 >= least


@every_policy
@form_and_table
def test_headings_stay_in_sight_and_are_printed_on_every_page(name: str, table: bool) -> None:
    book = opened(name, table=table)
    for sheet in book.worksheets[:2]:
        head = int(str(sheet.print_title_rows).partition(":")[2].strip("$"))
        assert sheet.freeze_panes == f"B{head + 1}"
        assert sheet.page_setup.orientation == "landscape"
        assert str(sheet.page_setup.paperSize) == "9"
        assert sheet.sheet_properties.pageSetUpPr
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        if not is_form(sheet):
            assert sheet.auto_filter.ref.startswith(f"A{head}:")


def test_nothing_is_protected() -> None:
    assert not any(sheet.protection.sheet for sheet in opened("ordos"))


def test_table_of_events_of_many_firms_names_the_firm_and_that_of_one_does_not() -> None:
    one, many = opened("ordos").worksheets[1], opened("ordos", table=True).worksheets[1]
    for role in ("id", "name"):
        fact = POLICIES["ordos"].vocabulary.role("firm", role)
        assert fact
        row, col = found(many, fact, "zh")
        assert many.cell(row, col).value == fact.title.zh
        assert all(cell.value != fact.title.zh for cells_ in one.iter_rows() for cell in cells_)


@every_policy
@form_and_table
def test_cell_is_coloured_by_what_the_kind_of_its_row_asks_for(name: str, table: bool) -> None:
    book, rules = opened(name, table=table), Relevance(POLICIES[name])
    sheet = book.worksheets[1]
    kinds = {kind.title.zh: key for key, kind in POLICIES[name].vocabulary.kinds.items()}
    (kind_fact,) = (fact for fact in facts(name, "event") if fact.type == "kind")
    order = [kinds[title] for title in listed(book, f"list_{kind_fact.key}")]
    asked = {fact.key for fact in facts(name, "event") if any(fact.key in rules.asked(kind) for kind in kinds.values())}
    for key in asked - {kind_fact.key}:
        assert listed(book, f"asks_{key}") == [int(key in rules.asked(kind)) for kind in order]
        formulas = [f for area in sheet.conditional_formatting for rule in area.rules for f in rule.formula]
        assert sum(f"asks_{key}," in formula for formula in formulas) == 2


def test_text_that_begins_like_a_formula_stays_text() -> None:
    document = deepcopy(raw(HARBOUR))
    document["fact"]["vessels"]["title"] = {"zh": "=1+1", "en": "=1+1"}
    document["fact"]["vessels"]["help"] = {"zh": '=HYPERLINK("x")', "en": "=2"}
    document["fact"]["ship_owner"]["example"] = "=cmd|calc"
    document["list"]["port"]["items"]["north"] = {"zh": "=3", "en": "=3"}
    for table in (False, True):
        book = load_workbook(BytesIO(templates.workbook(compiled(document), table=table)))
        begun = [cell for sheet in book for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=")]
        assert len(begun) > 5
        assert {(cell.data_type, bool(cell.quotePrefix)) for cell in begun} == {("s", True)}
