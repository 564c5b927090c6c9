"""The page in a real browser: on a telephone and a desk, with the keyboard, on paper, and nothing that runs."""

from __future__ import annotations

from base64 import b64decode
from io import BytesIO
from pathlib import Path
from unicodedata import normalize

import pytest
from pypdf import PdfReader

from ordos_subsidy.pages import report_page
from ordos_subsidy.render import html
from tests.browser import CHROMIUM, Browser
from tests.runs import EXAMPLES, run

from .samples import REPORT, explained, nasty, replace

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
TAB, ENTER = ("Tab", 9), ("Enter", 13)


@pytest.fixture(scope="module")
def institute(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The institute of many events, as a page."""
    page = tmp_path_factory.mktemp("page") / "institute.html"
    assert run("calc", EXAMPLES / "invented-institute.toml", "-o", page).code == 0
    return page


@pytest.fixture(scope="module")
def park(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The firms of the park, as a page."""
    page = tmp_path_factory.mktemp("page") / "park.html"
    assert run("batch", EXAMPLES / "invented-park.xlsx", "-o", page, "--quiet").code == 4
    return page


@pytest.mark.parametrize("width", [360, 1280])
def test_a_page_of_many_firms_scrolls_within_its_tables_only(park: Path, width: int) -> None:
    with Browser(width) as browser:
        browser.open(park)
        assert browser.run("document.documentElement.scrollWidth") <= width
        widest = "Math.max(...[...document.querySelectorAll('.scroll')].map(each => each.scrollWidth))"
        assert (browser.run(widest) > width) == (width == 360)
        assert browser.console == []
        assert set(browser.requests) == {park.as_uri()}


def test_firms_are_sorted_by_keyboard(park: Path) -> None:
    """Sums from the largest, names from the first; once more the other way round; the total stays where it is."""
    with Browser(1280) as browser:
        browser.open(park)

        def column(at: int) -> list[str]:
            cells = f"[...document.querySelector('.sortable').rows].map(row => row.cells[{at}].textContent)"
            found: list[str] = browser.run(cells)
            return found

        browser.press(*TAB)  # the box of the table, which can be scrolled
        for _ in range(3):
            browser.press(*TAB)
        assert browser.run("document.activeElement.textContent") == "确定（万元）"
        for order, down in (("descending", True), ("ascending", False)):
            browser.press(*ENTER)
            assert browser.run("document.activeElement.parentNode.ariaSort") == order
            *sums, total = [float(each.replace(",", "")) for each in column(2)[1:]]
            assert sums == sorted(sums, reverse=down)
            assert total == sum(sums)
        browser.run("document.querySelector('.sortable button').click()")
        assert browser.run("document.querySelectorAll('[aria-sort]').length") == 1
        names = column(0)[1:-1]
        assert names == browser.run(f"{names}.sort(new Intl.Collator('zh-CN').compare)")
        assert browser.console == []


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_scrolls_sideways_and_the_console_is_silent(institute: Path, width: int) -> None:
    """Folded and with every fold open; nothing but the file itself is asked for."""
    with Browser(width) as browser:
        browser.open(institute)
        for opened in ("false", "true"):
            browser.run(f"document.querySelectorAll('details').forEach(each => each.open = {opened})")
            assert browser.run("document.documentElement.scrollWidth") <= width
            lapping = "[...document.querySelectorAll('td')].filter(each => each.scrollHeight > each.clientHeight + 1)"
            assert browser.run(f"{lapping}.map(each => each.textContent)") == []
        assert browser.run("document.querySelectorAll('details').length") > 10
        assert browser.console == []
        assert set(browser.requests) == {institute.as_uri()}


def test_a_fold_opens_by_keyboard(institute: Path) -> None:
    with Browser(1280) as browser:
        browser.open(institute)
        assert browser.run("document.querySelectorAll('details[open]').length") == 0
        browser.press(*TAB)
        assert browser.run("document.activeElement.tagName") == "SUMMARY"
        browser.press(*ENTER)
        assert browser.run("document.querySelectorAll('details[open]').length") == 1


def test_what_a_firm_is_called_is_never_run(tmp_path: Path) -> None:
    """Neither in the text nor in a chart, an attribute or the title."""
    report = replace(REPORT, firms=(nasty('<script>alert(1)</script>"><img src=x onerror=alert(2)>'),))
    page = tmp_path / "page.html"
    page.write_text(html.paint(report_page.page(report, explained(report))), "utf-8")
    with Browser(1280) as browser:
        browser.open(page)
        assert browser.run("document.querySelectorAll('script, img').length") == 0
        assert "<script>alert(1)</script>" in browser.run("document.body.innerText")
        assert browser.console == []
        assert set(browser.requests) == {page.as_uri()}


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", ["erdos-resources.xlsx", "invented-institute.toml", "invented-park.xlsx"])
def test_axe_finds_nothing_that_keeps_people_from_reading(tmp_path: Path, name: str, width: int) -> None:
    """Of one firm, of one with many awards, and of many; folded and open. axe does find what is wrong."""
    page = tmp_path / "page.html"
    run("batch" if "park" in name else "calc", EXAMPLES / name, "-o", page)
    with Browser(width) as browser:
        browser.open(page)
        assert browser.violations() == []
        browser.run("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert browser.violations() == []
        assert browser.console == []
        browser.run("document.documentElement.removeAttribute('lang')")
        assert [each.split(":")[0] for each in browser.violations()] == ["html-has-lang"]


def printed(browser: Browser) -> list[str]:
    """The texts of the sheets that a page is printed on."""
    data = b64decode(browser.ask("Page.printToPDF", preferCSSPageSize=True)["data"])
    return [normalize("NFKC", page.extract_text()) for page in PdfReader(BytesIO(data)).pages]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_firm_is_printed_on_two_sheets(tmp_path: Path, lang: str) -> None:
    page = tmp_path / "firm.html"
    assert run("calc", EXAMPLES / "erdos-resources.xlsx", "-o", page, "--lang", lang).code == 0
    with Browser(1280) as browser:
        browser.open(page)
        assert len(printed(browser)) <= 2


def test_paper_shows_what_is_open_and_where_the_rest_is(institute: Path) -> None:
    """The workings of an award hold 文件规定 once; no row is cut in two."""
    with Browser(1280) as browser:
        browser.open(institute)
        folded = "".join(printed(browser))
        assert "文件规定" not in folded
        assert folded.count("未展开的各项只印标题") == 1
        browser.run("document.querySelectorAll('details').forEach(each => each.open = true)")
        unfolded = "".join(printed(browser))
        assert unfolded.count("文件规定") == browser.run("document.querySelectorAll('details:has(.tree)').length")
        assert "未展开的各项只印标题" not in unfolded
        browser.ask("Emulation.setEmulatedMedia", media="print")
        each = "[...document.querySelectorAll('tr, details')].map(each => getComputedStyle(each).breakInside)"
        assert browser.run(f"[...new Set({each})]") == ["avoid"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(institute: Path, scheme: str) -> None:
    """A contrast of 4.5 to 1 and more, as WCAG 2 asks of small text."""
    with Browser(1280) as browser:
        browser.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        browser.open(institute)
        browser.run("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert browser.run(_FAINTEST) >= 4.5


_FAINTEST = """(() => {
  const light = text => {
    const [r, g, b] = text.match(/[\\d.]+/g).map(Number).map(each => each / 255)
      .map(each => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = each => {
    for (let at = each; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!/, 0\\)$/.test(colour)) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  let least = 99;
  for (const each of document.querySelectorAll('main *')) {
    if (![...each.childNodes].some(node => node.nodeType === 3 && node.data.trim())) continue;
    const style = getComputedStyle(each);
    const [a, b] = [light(each.ownerSVGElement ? style.fill : style.color), light(ground(each))];
    least = Math.min(least, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
  }
  return least;
})()"""
