"""The page: self-contained, inert, and complete."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser

import pytest

from ordos_subsidy.document import Report
from ordos_subsidy.pages import report_page
from ordos_subsidy.render import html
from ordos_subsidy.render._clean import plain

from .samples import EMPTY, FIRM, NASTY, OMITTED, REPORT, explained, nasty, replace

ALLOWED = {
    *("html", "head", "meta", "title", "style", "body", "main", "header", "footer", "section"),
    *("h1", "h2", "h3", "h4", "small", "p", "span", "dl", "dt", "dd", "div", "ul", "li"),
    *("table", "thead", "tbody", "tr", "th", "td", "figure", "svg", "rect", "text", "details", "summary"),
}
DRAWN = {"svg", "rect", "text"}


def page(report: Report) -> str:
    return html.paint(report_page.page(report, explained(report)))


class Page(HTMLParser):
    """The elements, attributes and texts of a page; complains of what does not close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(tag, name) for name, _ in attrs}
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.parametrize("name", NASTY)
def test_what_users_typed_is_text_and_nothing_else(name: str) -> None:
    seen = Page(page(replace(REPORT, firms=(nasty(name),))))
    assert seen.tags <= ALLOWED
    assert {name for tag, name in seen.attributes if tag not in {"meta", "html", *DRAWN}} <= {"class", "data-head"}
    assert plain(name) in seen.texts


def test_the_page_loads_nothing_and_may_load_nothing() -> None:
    text = page(REPORT)
    assert not re.search(r"src=|href=|url\(|@import|<script|<link|\bon\w+=", text)
    (rules,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert rules.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}'" in rules
    assert "unsafe" not in rules


def test_the_page_says_all_that_the_table_says() -> None:
    text = unescape(page(REPORT))
    for piece in (
        "1,574.5万元",
        "0 – 1,000万元",
        "≥ 1,000万元",
        "<summary>",
        "金额怎么来的",
        "还差800万元",
        "分年合计",
        "还缺什么",
        "考核加回",
    ):
        assert piece in text
    for note in REPORT.footnotes:
        assert note in text
    assert "✓ 符合" in text
    assert "✗ 不符合" not in text
    assert "✗ 不符合" in page(replace(REPORT, everything=True))


def test_the_page_names_its_language_and_its_firms() -> None:
    zh = page(replace(REPORT, firms=(FIRM, EMPTY), omitted=OMITTED))
    assert zh.startswith('<!DOCTYPE html>\n<html lang="zh-CN">\n')
    assert FIRM.name in zh
    assert EMPTY.name in zh
    assert "有1家单位" in zh
    assert '<html lang="en">' in page(replace(REPORT, lang="en"))
    Page(page(replace(REPORT, firms=())))


def test_the_same_report_gives_the_same_page() -> None:
    again = report_page.page(REPORT, explained(REPORT))
    assert page(REPORT) == html.paint(again, width=40, colour=True)
