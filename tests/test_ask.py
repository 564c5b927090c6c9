"""The command `ask`: a conversation in a real terminal (tmux), and the files it leaves."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from ordos_subsidy import templates
from ordos_subsidy.cells import Value
from ordos_subsidy.messages import Lang
from tests.builders import ORDOS, policy
from tests.runs import PYTHON, ROOT, SECONDS, environment, run
from tests.strategies import day, month

DOC = ROOT / "docs" / "ask.md"
WRITING = bool(os.environ.get("WRITE_EXPECTED"))
TMUX = shutil.which("tmux")
DAY = "--on 2026-11-29"
#: What is typed as it is; all else are names of keys.
KEYS = ("Enter", "Down", "Tab", "Space", "C-c")
in_tmux = pytest.mark.skipif(TMUX is None, reason="tmux is not installed")


class Screen:
    """A terminal of 80 columns and 24 lines with the command running in it."""

    def __init__(self, folder: Path, name: str, arguments: str) -> None:
        self.socket, self.folder = name, folder
        env = environment(COLUMNS=None, PAGER="cat", TERM="screen", PYTHONPATH=str(ROOT))
        command = f"{' '.join(PYTHON)} {arguments}; echo END $?; sleep {SECONDS}"
        self.tmux("-u", "-f", os.devnull, "new-session", "-d", "-x", "80", "-y", "24", command, env=env)

    def tmux(self, *arguments: str, env: dict[str, str] | None = None) -> str:
        command = [str(TMUX), "-S", self.socket, *arguments]
        return subprocess.run(command, cwd=self.folder, env=env, check=True, capture_output=True, text=True).stdout

    def wait_for(self, text: str) -> str:
        """The screen once it is at rest and has a text in its last question, or behind it."""
        before, end = "", time.monotonic() + SECONDS
        while time.monotonic() < end:
            shown = self.tmux("capture-pane", "-p").rstrip()
            last = re.split(r"^(?=\d+\. )", shown, flags=re.MULTILINE)[-1]
            if text in last and ("\n? " in last or "END " in last) and shown == before:
                return shown
            before = shown
            time.sleep(0.15)
        raise AssertionError(f"{text!r} did not come:\n{before}")

    def answer(self, text: str, *keys: str) -> str:
        """Wait for a question and press keys; the screen before the last of them."""
        shown = self.wait_for(text)
        for key in keys:
            if key == keys[-1] and len(keys) > 1:
                time.sleep(0.3)
                shown = self.tmux("capture-pane", "-p").rstrip()
            self.tmux("send-keys", *((key,) if key in KEYS else ("-l", key)))
        return shown

    def whole(self, end: str) -> str:
        """All that was shown, once the command has ended."""
        self.wait_for(end)
        shown = self.tmux("capture-pane", "-p", "-S", "-").rstrip()
        return "\n".join(line.rstrip() for line in shown.splitlines())


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[str], Screen]]:
    opened: list[Screen] = []

    def begin(arguments: str) -> Screen:
        opened.append(Screen(tmp_path, f"tmux-{len(opened)}", arguments))
        return opened[-1]

    yield begin
    for each in opened:
        each.tmux("kill-server")


def without_places(file: Path, *options: str) -> Any:
    """The JSON of `calc`, without where each fact stands in its file."""
    ran = run("calc", file, "--format", "json", "--no-receipt", "--on", "2026-11-29", *options)
    assert ran.code == 0, ran.err
    document = json.loads(ran.out)
    for firm in document["firms"]:
        for each in firm["missing"]:
            del each["where"]
    return document


PAGE = """# A session with `ask`

Recorded from a terminal of 80 columns and 24 lines by `tests/test_ask.py`, which holds this page to it
(`WRITE_EXPECTED=1` writes it anew). The firm is invented.

A list to tick:

```text
{menu}
```

An event is found by a part of its name or by its clause:

```text
{searched}
```

The first session, `ordos-subsidy ask -o answers.xlsx`, as it stands in the terminal after Ctrl-C:

```text
{first}
```

The second, `ordos-subsidy ask --resume answers.xlsx`, to the end:

```text
{second}
```
"""


def recording(**screens: str) -> str:
    """The page of documentation with its screens."""
    return PAGE.format(**{name: shown.replace("END 0", "$") for name, shown in screens.items()})


@in_tmux
def test_a_conversation_from_start_to_saved_file(start: Callable[[str], Screen], tmp_path: Path) -> None:
    """Back, don't know, a sum that cannot be read, stop, resume, the result; docs/ask.md is this very session."""
    screen = start(f"ask {DAY} -o answers.xlsx")
    screen.answer("单位名称", "某某新材料有限公司（虚构）", "Enter")
    screen.answer("所在旗区", "Down", "Enter")
    menu = screen.answer("单位类型", "Down", "Space", "Enter")
    screen.answer("第1项", "<", "Enter")
    screen.answer("单位类型", "Space", "Enter")
    searched = screen.answer("第1项", "孵化", "Tab")
    screen.answer("第1项", "Enter")
    screen.answer("取得日期", "2022年3月", "Enter")
    screen.answer("级别", "Enter")
    screen.answer("第2项", "Enter")
    screen.answer("研发投入", "约4000", "Enter")
    screen.answer("看得懂", "4200", "Enter")
    screen.answer("规模以上", "Enter")
    screen.answer("营业收入", "Enter")
    screen.answer("下面几项", "C-c")
    first = screen.whole("END 0")
    stopped = without_places(tmp_path / "answers.xlsx")
    assert [each["fact"] for each in stopped["firms"][0]["missing"]][:2] == ["revenue", "fiscal_year"]

    screen = start(f"ask {DAY} --resume answers.xlsx")
    screen.answer("第2项", "Enter")
    screen.answer("营业收入", "12.5亿元", "Enter")
    screen.answer("下面几项", "2022", "Enter")
    for title in ("国家高新技术企业", "市属国有企业", "旗区属国有企业", "创业投资企业", "战略性", "自治区外来"):
        screen.answer(title, *(["Down", "Down", "Enter"] if title.startswith("战略") else ["Down", "Enter"]))
    second = screen.whole("END 0")

    answered = without_places(tmp_path / "answers.xlsx")
    (firm,) = answered["firms"]
    assert firm["firm"]["name"] == "某某新材料有限公司（虚构）"
    assert [each["fact"] for each in firm["missing"]] == ["strategic_emerging"]
    assert {each["measure"]: each["verdict"] for each in firm["awards"]} == {
        "6.rd-investment": "yes",
        "12.incubator": "yes",
    }
    recorded = recording(first=first, menu=menu, searched=searched, second=second)
    if WRITING:
        DOC.write_text(recorded, "utf-8")
    assert DOC.read_text("utf-8") == recorded


@in_tmux
def test_the_conversation_in_english_may_end_before_it_began(start: Callable[[str], Screen], tmp_path: Path) -> None:
    """Ctrl-C at the first question leaves nothing behind."""
    screen = start(f"ask --lang en {DAY} -o answers.toml")
    screen.answer("Name of the applicant", "C-c")
    assert "nothing was saved" in screen.whole("END 0")
    assert not (tmp_path / "answers.toml").exists()


FIRM: dict[str, Value] = {
    "name": "甲公司",
    "organization": frozenset({"enterprise", "institute"}),
    "district": "dongsheng",
    "above_scale": True,
    "fiscal_year": 2022,
    "revenue": 123_456_789_01,
    "rd_expense": 4_200_000_000,
}
EVENTS: list[dict[str, Value]] = [
    {"kind": "regional-key-lab", "date": day(dt.date(2022, 3, 1))},
    {"kind": "incubator", "date": month(dt.date(2023, 5, 1)), "level": "national"},
    {"kind": "national-program", "amount": 1_234_567_89},
]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_saved_as_a_workbook_or_as_text_it_is_the_same_firm(tmp_path: Path, lang: Lang) -> None:
    """`calc` gives the same JSON for both, and that of the same firm written by hand."""
    for ending in (".xlsx", ".toml"):
        made = templates.answered(policy(ORDOS), FIRM, EVENTS, ending=ending, lang=lang)
        (tmp_path / f"firm{ending}").write_bytes(made)
    (tmp_path / "hand.toml").write_text(HAND, "utf-8")
    by_hand = without_places(tmp_path / "hand.toml")
    assert len(by_hand["firms"][0]["awards"]) == 4
    assert without_places(tmp_path / "firm.xlsx") == without_places(tmp_path / "firm.toml") == by_hand


HAND = """
[firm]
name = "甲公司"
organization = ["enterprise", "institute"]
district = "dongsheng"
above_scale = true
fiscal_year = 2022
revenue = 123456789.01
rd_expense = "4200万元"
[[event]]
kind = "regional-key-lab"
date = 2022-03-01
[[event]]
kind = "incubator"
date = "2023-05"
level = "national"
[[event]]
kind = "national-program"
amount = "1234567.89元"
"""


def test_without_a_terminal_it_says_what_to_use_instead(tmp_path: Path) -> None:
    ran = run("ask", "--lang", "en", cwd=tmp_path)
    assert (ran.code, ran.out) == (1, "")
    assert "ordos-subsidy template" in ran.err
    assert "ordos-subsidy calc" in ran.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "answers.csv"], "kept as .xlsx or .toml"),
        (["-o", "there.toml"], "was left alone"),
        (["--resume", "two.toml"], "exactly one applicant"),
        (["--resume", "none.toml"], "none.toml"),
    ],
)
def test_what_would_be_refused_at_the_end_is_refused_at_the_start(
    tmp_path: Path, arguments: Sequence[str], said: str
) -> None:
    (tmp_path / "there.toml").write_text("[firm]\nname = '甲'\n", "utf-8")
    (tmp_path / "two.toml").write_text("[[firm]]\nname = '甲'\n[[firm]]\nname = '乙'\n", "utf-8")
    before = sorted((each.name, each.read_bytes()) for each in tmp_path.iterdir())
    ran = run("ask", "--lang", "en", *arguments, cwd=tmp_path)
    assert (ran.code, ran.out) == (1, ""), ran.err
    assert said in ran.err
    assert sorted((each.name, each.read_bytes()) for each in tmp_path.iterdir()) == before
