"""The PDF: every text and nothing but text, the same bytes every time, its receipt attached."""

from __future__ import annotations

import builtins
import datetime as dt
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from ordos_subsidy.errors import Refused
from ordos_subsidy.files.guard import Hashed
from ordos_subsidy.pages import report_page
from ordos_subsidy.pages.blocks import Branch, Fold, Page, PageHeading, Paragraph
from ordos_subsidy.receipt import Receipt, as_line
from ordos_subsidy.render import pdf

from .samples import FIRM, NASTY, REPORT, explained, nasty, replace

RECEIPT = Receipt("0.1.0", "2026-11-23", "zh", None, False, (Hashed("a.toml", "ab"),), (), (), "cd", "ef")
DAY = dt.date(2026, 11, 23)


def text(data: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages).replace("\n", "").replace(" ", "")


def test_the_same_page_gives_the_same_bytes_and_carries_its_receipt() -> None:
    page = report_page.page(REPORT, explained(REPORT), RECEIPT, DAY)
    first = pdf.paint(page)
    assert first == pdf.paint(page)
    assert pdf.attached(first) == as_line(RECEIPT)
    attachments = PdfReader(BytesIO(first)).attachments
    assert attachments["receipt.json"] == [as_line(RECEIPT).encode()]
    assert pdf.attached(pdf.paint(page._replace(receipt=""))) is None


def test_the_first_sheet_is_the_answer() -> None:
    """Who, what applies, the sums and the years; the workings begin on a sheet of their own."""
    data = pdf.paint(report_page.page(REPORT, explained(REPORT)))
    first, *others = (page.extract_text().replace("\n", "").replace(" ", "") for page in PdfReader(BytesIO(data)).pages)
    for piece in (FIRM.name, "确定", "上限", "待核实", "1,574.5万元", "分年合计"):
        assert piece in first
    assert [text.startswith("各项怎样得出") for text in (first, *others)].count(True) == 1
    assert "各项怎样得出" not in first


def test_the_document_says_what_it_is_to_programs() -> None:
    """PDF/A-3b and PDF/UA-1: Typst checks both and fails where they do not hold."""
    data = pdf.paint(report_page.page(REPORT, explained(REPORT), RECEIPT, DAY))
    title = getattr(PdfReader(BytesIO(data)).metadata, "title", "")
    assert str(title).startswith(FIRM.name)
    for mark in (b"<pdfaid:part>3</pdfaid:part>", b"<pdfuaid:part>1</pdfuaid:part>", b"/Lang(zh-CN)"):
        assert mark in data


@pytest.mark.parametrize("typed", [*NASTY, "#panic()", '$x$ *b* <l> @r #import "a"', "\\u{41}", ']#read("x")['])
def test_what_users_typed_is_never_run(typed: str) -> None:
    assert pdf.paint(Page(typed, "zh", (PageHeading("甲", 1), Paragraph(typed), Branch(typed)))).startswith(b"%PDF")
    report = replace(REPORT, firms=(nasty(typed),))
    assert pdf.paint(report_page.page(report, explained(report))).startswith(b"%PDF")


def test_markup_comes_out_as_it_was_typed() -> None:
    assert "#emph[x]*b*$y$" in text(pdf.paint(Page("t", "zh", (PageHeading("甲", 1), Paragraph("#emph[x] *b* $y$")))))


def test_characters_that_the_font_lacks_are_named() -> None:
    data, (said,) = pdf.painted(Page("甲", "zh", (PageHeading("甲", 1), Paragraph("李𠮷龘 ᠮ"))))
    assert dict(said.params)["characters"] == "ᠮ U+182E、𠮷 U+20BB7"
    assert "李[U+20BB7]龘" in text(data)
    assert pdf.painted(Page("甲", "zh", (PageHeading("甲", 1), Paragraph("✓ ? ✗ – ≥ · × 、《》"))))[1] == ()


def test_no_award_is_cut_in_two_but_one_that_no_sheet_holds() -> None:
    """Folds of half a sheet stand two to a sheet; one of three sheets is cut and loses nothing."""
    half = tuple(Fold(f"第{n}项", "", "yes", tuple(Paragraph(f"{n}之{line}") for line in range(22))) for n in range(5))
    data = pdf.paint(Page("t", "zh", (PageHeading("甲", 1), *half)))
    pages = [each.extract_text().replace(" ", "") for each in PdfReader(BytesIO(data)).pages]
    for n in range(5):
        assert len({number for number, each in enumerate(pages) if f"{n}之" in each}) == 1
    long = Fold("长", "", "", tuple(Paragraph(f"行{line}号") for line in range(150)))
    whole = text(pdf.paint(Page("t", "zh", (PageHeading("甲", 1), long))))
    assert all(f"行{line}号" in whole for line in range(150))


def test_without_the_extra_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *rest: Any) -> Any:
        if name == "typst":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(Refused) as refused:
        pdf.paint(Page("t", "zh", ()))
    assert refused.value.problems[0].code == "proof.no_extra"
