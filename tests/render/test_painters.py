"""Painters know blocks and nothing of awards: a fourth one, for the text of an e-mail, takes these few lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ordos_subsidy.pages import blocks, clause_page, firm_page, first_screen, report_page
from ordos_subsidy.pages.blocks import Block, Branch, Cards, Fields, Items, Page, PageHeading, Paragraph, Table
from ordos_subsidy.render import html, markdown, terminal
from ordos_subsidy.render._clean import flat

from .samples import EXPLANATION, PLAN, REPORT, explained


def mail(page: Page) -> str:
    """A page as the plain text of an e-mail: no lines, no columns."""
    return "\n".join(line for block in flat(page.blocks) for line in _lines(block)) + "\n"


def _lines(block: Block, indent: str = "") -> Iterator[str]:
    match block:
        case PageHeading(text, _, aside):
            yield from ("", f"{text.upper()} {aside}".rstrip())
        case Paragraph(text):
            yield text
        case Cards(cards):
            yield from (f"{card.name}: {card.figure} ({card.says})" for card in cards)
        case Table(heads, rows, total):
            for row in [*rows, *([total] if total else [])]:
                pairs = zip(heads, row, strict=True)
                yield "* " + ", ".join(f"{head.text} {cell.text}" for head, cell in pairs if cell.text)
                yield from (f"  {each.text}" for cell in row for each in cell.under)
        case Fields(fields, title):
            yield from ([title] if title else [])
            yield from (f"  {field.label}: {field.text}" for field in fields)
        case Items(items):
            yield from (f"* {item.text}" for item in items)
        case Branch(text, _, branches):
            yield f"{indent}{text}"
            for each in branches:
                yield from _lines(each, f"{indent}  ")


PAGES = [
    firm_page.page(REPORT),
    report_page.page(REPORT, explained(REPORT)),
    first_screen.page(REPORT, "firm.xlsx"),
    clause_page.explained(EXPLANATION),
    clause_page.clauses(PLAN),
    clause_page.clauses(PLAN, whole=True),
]


@pytest.mark.parametrize("page", PAGES)
def test_a_fourth_painter_says_every_page_in_under_sixty_lines(page: Page) -> None:
    text = mail(page)
    for block in page.blocks:
        if isinstance(block, PageHeading | Paragraph):
            assert block.text.upper() in text.upper()


def test_the_pages_use_every_kind_of_block() -> None:
    used = {type(block) for page in PAGES for block in page.blocks}
    assert used == set(blocks.Block.__args__)


@pytest.mark.parametrize("painter", [terminal, markdown, html])
def test_painters_name_no_part_of_an_award(painter: object) -> None:
    source = Path(str(painter.__file__)).read_text(encoding="utf-8")  # type: ignore[attr-defined]
    for word in ("document", "award", "verdict", "clause", "FirmReport", "Line"):
        assert f"ordos_subsidy.{word}" not in source
        assert f"import {word}" not in source
