"""Markdown: no markup but ours, as a Markdown reader sees it."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from ordos_subsidy.document import Report
from ordos_subsidy.pages import clause_page, firm_page
from ordos_subsidy.render import markdown
from ordos_subsidy.render._clean import plain

from .samples import EXPLANATION, FIRM, NASTY, PLAN, REPORT, nasty, replace

OURS = {
    *("heading", "paragraph", "table", "thead", "tbody", "tr", "th", "td"),
    *("bullet_list", "ordered_list", "list_item", "strong", "inline", "text", "softbreak"),
}
TYPED = [
    *NASTY,
    "# heading",
    "1. list",
    "- list",
    "+ list",
    "> quote",
    "===",
    "a | b \\| c",
    "![x](http://e)",
    "<http://e>",
    "&lt;b&gt; &#64;",
    "**b** _i_ ~~s~~ $x$",
    "```",
    "trailing \\",
]


def report(answer: Report) -> str:
    return markdown.paint(firm_page.page(answer))


def kinds(text: str) -> set[str]:
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    tokens = reader.parse(text)
    every = [*tokens, *(child for token in tokens for child in token.children or [])]
    return {token.type.removesuffix("_open").removesuffix("_close") for token in every}


@pytest.mark.parametrize("name", TYPED)
def test_what_users_typed_makes_no_markup(name: str) -> None:
    text = report(replace(REPORT, firms=(nasty(name),)))
    assert kinds(text) <= OURS
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    heading = reader.parse(text)[reader.parse(text).index(next(_headings(reader, text))) + 1]
    shown = "".join(child.content for child in heading.children or [])
    assert shown == plain(name).replace("@", "＠")


def _headings(reader: MarkdownIt, text: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
    return (token for token in reader.parse(text) if token.type == "heading_open" and token.tag == "h2")


@pytest.mark.parametrize("text", ["www.evil.example", "http://evil.example", "a@b.example", "@someone"])
def test_github_finds_no_link_by_itself(text: str) -> None:
    escaped = markdown.escape(text)
    assert "www." not in escaped
    assert "://" not in escaped.replace("\\://", "")
    assert "@" not in escaped


def test_every_table_row_has_as_many_cells_as_its_heading() -> None:
    for text in (report(REPORT), report(replace(REPORT, firms=(nasty("a | b"),)))):
        tables: list[list[int]] = []
        for token in MarkdownIt("commonmark").enable("table").parse(text):
            if token.type == "table_open":
                tables.append([])
            elif token.type == "tr_open":
                tables[-1].append(0)
            elif token.type in {"th_open", "td_open"}:
                tables[-1][-1] += 1
        assert tables
        assert all(len(set(rows)) == 1 for rows in tables)


def test_the_report_says_all_that_the_table_says() -> None:
    text = report(REPORT).replace("\\", "")
    for piece in ("1,574.5万元", "0 – 1,000万元", "≥ 1,000万元", "待填** 级别", "分年合计", "还缺什么"):
        assert piece in text
    for each in FIRM.awards:
        assert (each.title in text) is True
    for note in REPORT.footnotes:
        assert note in text
    assert text.endswith("\n")
    assert "\x1b" not in text


def test_explanations_and_clauses_are_markdown_too() -> None:
    explained = markdown.paint(clause_page.explained(EXPLANATION))
    assert "    - ✗ 研发投入不低于5000万元（4200万元） · 还差800万元" in explained
    assert kinds(explained) <= OURS
    assert kinds(markdown.paint(clause_page.clauses(PLAN, whole=True))) <= OURS
    assert "### （六）实施规模以上工业企业“三清零”行动" in markdown.paint(clause_page.clauses(PLAN, whole=True))
