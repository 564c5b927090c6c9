"""Six poison policies and firms through every command and format: what they say stays text.

Every title, heading, gist, department and label of a policy begins with a poison, and so do the names of its firms, the
words of its events and a heading that nobody knows. Each output is read by a reader of its own kind.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import sys
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import docx
import polars as pl
import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from ordos_subsidy import cli
from tests.builders import HARBOUR, raw
from tests.test_injection import ACTIVE, Tags

POISONS = {
    "escape": "\x1b[31m毒\x1b[0m\x1b]52;c;ZXZpbA==\x07\x1b]8;;http://evil.example\x07文\x1b]8;;\x07\x9b5m\x1bc",
    "formula": '=HYPERLINK("http://evil.example","毒文")',
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>\"><b>毒文'",
    "rich": "[link=http://evil.example][red]毒文[/red][/link][/]:smile:",
    "lines": "\u202e毒\u2066文\n# 标题\r\n- 项\t\x0b\u2028|一|\x85",
    "typst": '#eval("1+1") #link("http://evil.example")[毒文] $x^2$ *粗* `c` @ref <b> [毒](http://e.example) {0} %s \\',
}
#: What is left of each poison, as a reader sees it.
LEFT = {
    "escape": "毒文",
    "formula": '=HYPERLINK("http://evil.example","毒文")',
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>\"><b>毒文'",
    "rich": "[link=http://evil.example][red]毒文[/red][/link][/]:smile:",
    "lines": "毒文 # 标题 - 项 |一|",
    "typst": '#eval("1+1") #link("http://evil.example")[毒文] $x^2$ *粗* `c` @ref <b> [毒](http://e.example) {0} %s \\',
}
ON = ("--on", "2033-01-01")
LIVE = re.compile(r"^[=+@\t\r＝＋＠]|^-(?!\d+(\.\d+)?$)")


def poisoned(value: Any, poison: str) -> Any:
    """The same document, every text for readers with the poison before it."""
    if isinstance(value, list):
        return [poisoned(each, poison) for each in value]
    if not isinstance(value, dict):
        return value
    if set(value) >= {"zh", "en"}:
        value = {**value, "zh": poison + value["zh"], "en": poison + value["en"]}
    prefixed = {
        key: poison + value[key] for key in ("number", "reference", "source") if isinstance(value.get(key), str)
    }
    return {key: poisoned(each, poison) for key, each in value.items()} | prefixed


def as_toml(value: Any) -> str:
    """A value on one line."""
    match value:
        case dict():
            return "{" + ", ".join(f"{json.dumps(key)} = {as_toml(each)}" for key, each in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(as_toml, value)) + "]"
        case dt.date():
            return value.isoformat()
    return json.dumps(value)


class Poisoned:
    """The files of one poison, and the program run on them in this process."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.folder, self.left = name, folder, LEFT[name]
        poison = POISONS[name]
        document = poisoned(deepcopy(raw(HARBOUR)), poison)
        self.policy = self._write("policy.toml", document)
        kinds = list(raw(HARBOUR)["kind"])
        firm = {"season": 2031, "port": "north", "vessels": 9, "local_crew": "90%", "fuel_cost": "3万元"}
        event = {"day": dt.date(2031, 5, 5), "invoice": "20万元"}
        firms = [
            {"ship_owner": f"{poison}远洋{n}", **firm, "event": [{"matter": each, **event} for each in kinds[:n]]}
            for n in (1, len(kinds))
        ]
        self.firms = self._write("firms.toml", {"firm": firms})
        self.bad = self._write(
            "bad.toml", {"firm": [{"ship_owner": f"{poison}坏", poison: 1, "port": poison, "vessels": poison}]}
        )
        self.table = folder / "firms.csv"
        rows = [[f"{poison}船东名称", f"{poison}船舶数", poison], [f"{poison}远洋", poison, poison]]
        with self.table.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)

    def _write(self, name: str, document: dict[str, Any]) -> Path:
        path = self.folder / name
        path.write_text("".join(f"{json.dumps(key)} = {as_toml(each)}\n" for key, each in document.items()), "utf-8")
        tomllib.loads(path.read_text("utf-8"))
        return path


@pytest.fixture(scope="module", params=POISONS)
def given(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Poisoned:
    return Poisoned(request.param, tmp_path_factory.mktemp(request.param))


Run = Callable[..., tuple[str, str]]


@pytest.fixture
def run(given: Poisoned, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Run a command with the poison policy; what it printed and said, neither of which may act."""
    monkeypatch.setenv("COLUMNS", "1000")

    def in_process(*arguments: str | Path, code: int = 0, bare: bool = False) -> tuple[str, str]:
        argv = [*map(str, arguments), *(() if bare else ("--policies", str(given.policy)))]
        monkeypatch.setattr(sys, "argv", ["ordos-subsidy", *argv])
        ended = cli.run(argv)
        out, err = (each.decode() for each in capsysbinary.readouterr())
        assert ended == code, err
        inert(out)
        inert(err)
        return out, err

    return in_process


def inert(text: str) -> None:
    """Hold that no control code or direction mark is in a text."""
    assert [hex(ord(each)) for each in ACTIVE.findall(text.removeprefix("\ufeff").replace("\r\n", "\n"))] == []


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def html(data: bytes, left: str) -> None:
    page = Tags(data.decode())
    assert page.tags & {"img", "b", "a", "iframe", "link", "object"} == set()
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", data.decode(), re.DOTALL)
    assert [each for each in scripts if "毒" in each or "alert" in each] == []  # ours sorts a table
    attributes = [name for name, value in page.attributes if "毒" in value or name.startswith("on")]
    assert set(attributes) <= {"aria-label", "data-head"}
    assert squeezed(left) in squeezed(page.text)


def markdown(data: bytes, left: str) -> None:
    text = data.decode()
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", text)
    for line in bare.splitlines():
        if "毒" in line:
            assert re.search(r"\]\(|!\[|<[a-zA-Z/!]|`|https?://|&\w+;", line) is None, line
    assert not re.search(r"^#+ 标题|^- 项", text, re.MULTILINE)
    shown = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text).replace("＠", "@")
    assert squeezed(left) in squeezed(shown)


def comma_separated(data: bytes, left: str) -> None:
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert [cell for row in rows for cell in row if LIVE.search(cell)] == []
    assert any(squeezed(left) in squeezed(cell) for row in rows for cell in row)


def workbook(data: bytes, left: str) -> None:
    texts = []
    book = load_workbook(io.BytesIO(data))
    for sheet in book.worksheets:
        texts.append(sheet.title)
        for cell in (each for row in sheet.iter_rows() for each in row):
            assert cell.data_type != "f" or "毒" not in str(cell.value), cell.value
            assert cell.hyperlink is None or "evil" not in str(cell.hyperlink.target)
            if isinstance(cell.value, str):
                texts.append(cell.value)
                assert cell.quotePrefix or not cell.value.startswith(("=", "+", "@"))
        for each in sheet.data_validations.dataValidation:
            texts += [each.prompt or "", each.error or "", each.promptTitle or ""]
    for text in texts:
        inert(text)
    assert any(squeezed(left) in squeezed(text) for text in texts)


def pdf(data: bytes, left: str) -> None:
    reader = PdfReader(io.BytesIO(data))
    assert b"evil.example" not in b"".join(re.findall(rb"/URI\s*\(.*?\)", data))
    links = [each for page in reader.pages for each in page.get("/Annots") or () if "/A" in each.get_object()]
    assert [each for each in links if "/URI" in each.get_object()["/A"]] == []
    text = squeezed("".join(page.extract_text() for page in reader.pages))
    assert "毒文" in text or squeezed(left) in text
    inert("".join(text.split()))


def word(data: bytes, left: str) -> None:
    document = docx.Document(io.BytesIO(data))
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        xml = parts.read("word/document.xml").decode()
        relations = parts.read("word/_rels/document.xml.rels").decode()
    assert "evil" not in relations
    assert not re.search(r"<w:(hyperlink|fldSimple|instrText)", xml)
    texts = [each.text for each in document.paragraphs]
    texts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    inert("".join(texts))
    assert any(squeezed(left) in squeezed(text) for text in texts)


def calendar(data: bytes, left: str) -> None:
    text = data.decode()
    inert(text)
    lines = text.replace("\r\n ", "").split("\r\n")
    assert {re.match(r"[A-Z-]+(?=[:;])", line)[0] for line in lines if line} <= {  # type: ignore[index]
        *("BEGIN", "END", "VERSION", "PRODID", "CALSCALE", "UID", "DTSTAMP", "DTSTART", "DTEND", "TRANSP"),
        *("SUMMARY", "DESCRIPTION"),
    }
    assert squeezed(left) in squeezed(re.sub(r"\\(.)", r"\1", "".join(lines)))


def json_text(data: bytes, left: str) -> None:
    inert(data.decode())
    texts = list(
        strings([json.loads(line) for line in data.decode().splitlines()] if b"\n{" in data else json.loads(data))
    )
    assert any("毒" in text for text in texts)


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)
    elif isinstance(value, str):
        yield value


def parquet(data: bytes, left: str) -> None:
    frame = pl.read_parquet(data)
    texts = [*frame.columns, *(each for column in frame.select(pl.col(pl.String)) for each in column if each)]
    assert any("毒" in text for text in texts)


def drawing(data: bytes, left: str) -> None:
    inert(data.decode())
    page = Tags(data.decode())
    assert page.tags <= {"svg", "style", "text", "rect", "g", "title", "desc", "line", "path"}
    assert not [name for name, _ in page.attributes if name.startswith("on") or name.endswith("href")]


def on_paper(data: bytes, left: str) -> None:
    inert(data.decode())
    assert "毒" in data.decode()


READERS: dict[str, Callable[[bytes, str], None]] = {
    "html": html,
    "md": markdown,
    "csv": comma_separated,
    "xlsx": workbook,
    "pdf": pdf,
    "docx": word,
    "ics": calendar,
    "json": json_text,
    "jsonl": json_text,
    "parquet": parquet,
}


@pytest.mark.parametrize("ending", ["html", "md", "csv", "xlsx", "pdf", "docx", "ics", "json"])
def test_calc_into_every_file(given: Poisoned, run: Run, ending: str, tmp_path: Path) -> None:
    out = tmp_path / f"o.{ending}"
    for more in ((), ("--all",)) if ending in ("html", "md", "json") else ((),):
        run("calc", given.firms, *ON, "-o", out, *more)
        READERS[ending](out.read_bytes(), given.left)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "command",
    [
        ("calc", "firms"),
        ("calc", "firms", "--all"),
        ("explain", "firms"),
        ("explain", "firms", "fuel", "--witness"),
        ("clauses",),
        ("clauses", "1"),
        ("check", "policy"),
    ],
    ids=" ".join,
)
def test_every_answer_on_a_screen(given: Poisoned, run: Run, command: tuple[str, ...], lang: str) -> None:
    files = {"firms": given.firms, "policy": given.policy}
    day = ON if command[0] in ("calc", "explain") else ()
    out, _ = run(*(files.get(each, each) for each in command), *day, "--lang", lang)
    if command != ("check", "policy"):
        assert squeezed(given.left) in squeezed(out)


@pytest.mark.parametrize("command", ["explain", "clauses"])
@pytest.mark.parametrize("ending", ["md", "json"])
def test_reasons_and_clauses_into_files(given: Poisoned, run: Run, command: str, ending: str, tmp_path: Path) -> None:
    out = tmp_path / f"o.{ending}"
    run(command, *((given.firms, *ON) if command == "explain" else ()), "-o", out)
    READERS[ending](out.read_bytes(), given.left)


@pytest.mark.parametrize("view", ["firms", "awards", "clauses"])
@pytest.mark.parametrize("ending", ["csv", "xlsx", "json", "jsonl", "parquet"])
def test_batch_in_every_view_and_format(given: Poisoned, run: Run, view: str, ending: str, tmp_path: Path) -> None:
    out = tmp_path / f"o.{ending}"
    run("batch", given.firms, *ON, "-o", out, "--view", view)
    READERS[ending](out.read_bytes(), given.left)


@pytest.mark.parametrize("ending", ["html", "pdf"])
def test_the_page_of_all_firms(given: Poisoned, run: Run, ending: str, tmp_path: Path) -> None:
    out = tmp_path / f"o.{ending}"
    run("batch", given.firms, *ON, "-o", out)
    READERS[ending](out.read_bytes(), given.left)


@pytest.mark.parametrize("ending", ["txt", "md", "html", "json", "pdf"])
@pytest.mark.parametrize("command", ["advise", "plan", "sweep", "compare"])
def test_advice_and_comparisons(given: Poisoned, run: Run, command: str, ending: str, tmp_path: Path) -> None:
    more: dict[str, tuple[str | Path, ...]] = {
        "advise": ("advise", given.firms),
        "plan": ("plan", given.firms, "--set", "local_crew=10%", "--scenario", "more: fuel_cost=90万元"),
        "sweep": ("plan", given.firms, "--sweep", "fuel_cost=1万元..90万元"),
        "compare": ("compare", given.firms, given.firms),
    }
    out = tmp_path / f"o.{ending}"
    run(*more[command], *ON, "-o", out)
    READERS.get(ending, on_paper)(out.read_bytes(), given.left if command == "advise" else "毒")


@pytest.mark.parametrize("more", [(), ("--table",)], ids=["form", "table"])
def test_the_blank_book_and_what_it_says(given: Poisoned, run: Run, more: tuple[str, ...], tmp_path: Path) -> None:
    run("template", tmp_path / "o.xlsx", *more)
    workbook((tmp_path / "o.xlsx").read_bytes(), "毒")
    run("template", tmp_path / "o.toml", *more)
    text = (tmp_path / "o.toml").read_text("utf-8")
    inert(text)
    assert "毒" in text
    assert [line for line in text.splitlines() if "毒" in line and not line.startswith("#")] == []
    assert {key for firm in tomllib.loads(text)["firm"] for key in firm} <= set(raw(HARBOUR)["fact"])


def test_problems_show_what_was_typed(given: Poisoned, run: Run) -> None:
    for file in (given.bad, given.table):
        for command in ("check", "calc"):
            out, err = run(command, file, code=1)
            assert squeezed(given.left) in squeezed(out + err)
    out, _ = run("check", given.table, "--format", "json", code=1)
    json_text(out.encode(), given.left)


def test_a_report_is_verified_and_the_chart_is_inert(given: Poisoned, run: Run, tmp_path: Path) -> None:
    run("calc", given.firms, *ON, "-o", tmp_path / "o.html", "--chart", tmp_path / "c.svg")
    drawing((tmp_path / "c.svg").read_bytes(), given.left)
    run("verify", tmp_path / "o.html")


@pytest.mark.parametrize("more", [(), ("--format", "json")], ids=["table", "json"])
def test_an_audit_of_the_policy_is_inert(given: Poisoned, run: Run, more: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text(f"一、船舶更新\n{POISONS[given.name]}更换电动机的，补助 37.5%。\n", "utf-8")
    out, err = run("audit", given.policy, tmp_path / "text.txt", *more, code=5, bare=True)
    assert "毒" in out + err
