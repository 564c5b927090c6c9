"""The attacks: files from `shared/attack-cases` beside the checkout, where it is, and files made here."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from openpyxl import Workbook

from tests.builders import HARBOUR
from tests.runs import EXAMPLES, ROOT, Ran, environment, run

CASES = ROOT.parent / "shared" / "attack-cases"
#: What `calc` of a file may take, which no command takes more of here; processor time, children included.
SECONDS, MEMORY = 20.0, 1024**3
#: All that `calc` reads of a text, in bytes.
TEXT = 24 << 20


class Attack(NamedTuple):
    """An attack: what it is, its commands, and how its file is made where it is none of the cases."""

    name: str
    commands: tuple[tuple[str, ...], ...]
    file: str
    make: Callable[[Path], object] | None = None


def _of_input(name: str, file: str, make: Callable[[Path], object] | None = None) -> Attack:
    return Attack(name, (("calc", file), ("batch", file, "-o", "out.csv", "-q"), ("check", file)), file, make)


def _of_policy(file: str) -> Attack:
    firm = str(CASES / "h.toml")
    policies = ("--policies", file)
    commands = ("calc", firm, *policies), ("batch", firm, *policies, "-o", "out.csv", "-q"), ("check", file)
    return Attack(Path(file).name, commands, file)


def _of_firm(file: str) -> Attack:
    policies = ("--policies", str(HARBOUR))
    commands = ("calc", file), ("batch", file, "-o", "out.csv", "-q"), ("check", file)
    return Attack(Path(file).name, tuple((*each, *policies) for each in commands), file)


def cases() -> list[Attack]:
    """The cases that stand beside this checkout."""
    found = []
    for path in sorted(CASES.glob("*")):
        if path.suffix == ".toml":
            found.append(_of_policy(str(path)) if path.name[1] == "_" else _of_firm(str(path)))
        elif path.suffix != ".md":
            found.append(_of_input(path.name, str(path))._replace(name=path.name))
    return found


def _repeated(row: bytes, head: bytes = b"") -> Callable[[Path], object]:
    return lambda path: path.write_bytes(head + row * ((TEXT - len(head)) // len(row)))


def _wide(path: Path) -> None:
    """A value at the edge: 20 million cells, nearly all blank."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (["单位名称", "规模以上"], ["某公司", "是"]):
        sheet.append(row)
    sheet.cell(1200, 16_384).value = "x"
    book.save(path)


def _columns(path: Path) -> None:
    names = ",".join(f"营业收人{n}" for n in range(1_000_000))
    path.write_text(f"单位名称,{names}\n某公司{',1' * 1_000_000}\n", "utf-8")


def _near(path: Path) -> None:
    names = ",".join(f"营业收人{n}" for n in range(16_383))
    path.write_text(f"单位名称,{names}\n" + f"甲{',1' * 16_383}\n" * 300, "utf-8")


def _equal_events(path: Path) -> None:
    event = '[[firm.event]]\nkind = "regional-key-lab"\ndate = 2022-03-01\n'
    path.write_text('[[firm]]\nname = "某公司"\nfiscal_year = 2022\n' + event * 2_000, "utf-8")


def _many_firms(path: Path) -> None:
    rows = "".join(f"公司{n},是\n" for n in range(1_000_000))
    path.write_text(f"单位名称,规模以上\n{rows}", "utf-8")


HEAD = "单位名称,规模以上\n".encode()
MADE = [
    _of_input("a line of 24 MiB of commas", "f.csv", _repeated(b",")),
    _of_input("a text of 24 MiB without a line break", "f.csv", _repeated(b"x", b"a,")),
    _of_input("a quote that never ends", "f.csv", _repeated(b"x,\n", HEAD + b'"')),
    _of_input("rows of three lines each, 24 MiB", "f.csv", _repeated(b'a,"\n",')),
    _of_input("12 million line breaks and more", "f.csv", _repeated(b"\n")),
    _of_input("1,500 rows of 16,384 cells, quoted", "f.csv", _repeated(b'"",' + b"," * 16_382 + b"\n")),
    _of_input("6 million rows of two signs", "f.csv", _repeated(b"a,b\n")),
    _of_input("emoji, some quoted", "f.csv", _repeated('😀,"😀"\n'.encode())),
    _of_input("UTF-16, quoted", "f.csv", _repeated('"甲",乙\n'.encode("utf-16-le"), b"\xff\xfe")),
    _of_input("24 MiB of NULs", "f.csv", _repeated(b"\0", HEAD)),
    _of_input("rows that are no firms, 3 million", "f.csv", _repeated(b'"a","b"\n', HEAD)),
    _of_input("rows that are too short, 12 million", "f.csv", _repeated(b"a\n", HEAD)),
    _of_input("a million firms", "f.csv", _many_firms),
    _of_input("a million columns near a known one", "f.csv", _columns),
    _of_input("16,384 columns near a known one", "f.csv", _near),
    _of_input("a cell at XFD1200 of a small book", "f.xlsx", _wide),
    _of_input("2,000 equal events of one firm", "f.toml", _equal_events),
]


class Cost(NamedTuple):
    """What a run ended with and took."""

    ran: Ran
    orphans: list[str]


def cost(command: tuple[str, ...], folder: Path) -> Cost:
    """Run a command in a folder; and what it left running, found by a mark in the environment of its children."""
    mark = f"ATTACK={uuid.uuid4()}"
    ran = run(*command, "--lang", "en", cwd=folder, env=environment(COLUMNS="400", ATTACK=mark.partition("=")[2]))
    orphans = []
    for each in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark.encode() in each.read_bytes():
                orphans.append(each.parent.name)
        except OSError:
            continue
    return Cost(ran, orphans)


def prepared(attack: Attack, folder: Path) -> None:
    """Make the file of an attack."""
    if attack.make:
        attack.make(folder / attack.file)


def held(found: Cost) -> None:
    """Hold a run to what every file is promised."""
    ran = found.ran
    assert ran.code in (0, 1, 3, 4), ran.err
    assert "internal error" not in ran.err
    assert "panicked" not in ran.err
    assert ran.seconds < SECONDS, f"{ran.seconds:.1f} s of processor time"
    assert ran.peak < MEMORY, f"{ran.peak >> 20} MiB"
    assert found.orphans == []
    assert len(ran.stdout) + len(ran.stderr) < 2_000_000


#: A firm that is no attack, for comparison.
PLAIN = _of_input("no attack: a firm of the examples", str(EXAMPLES / "erdos-resources.xlsx"))
