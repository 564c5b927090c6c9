"""One fault: how to bring it about, how the run must end, and its row of the table."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.runs import EXAMPLES, Ran, environment, run

SECONDS = 5.0
MEMORY = 1024**3
#: The input of faults that are not about the input.
FIRM = "firm.toml"


@dataclass(frozen=True)
class Fault:
    """What is wrong, and what must come of it.

    `make` prepares a folder; the command runs inside it with `arguments`, in English, and must end with `code` and
    say `says`. `keeps` are files that must be as they were, and `leaves` all that may be new.
    """

    name: str
    code: int
    says: str
    make: Callable[[Path], object]
    arguments: Sequence[str | bytes] = ("calc", "firm.xlsx")
    env: Mapping[str, str | None] = field(default_factory=dict)
    before: Callable[[], None] | None = None
    stdout: str | None = None
    leaves: tuple[str, ...] = ()
    needs_root: bool = False


def ran(fault: Fault, folder: Path) -> Ran:
    """Bring a fault about in an empty folder, and hold the run to what every refusal promises."""
    shutil.copy(EXAMPLES / "shanghaimiao-mining.toml", folder / FIRM)
    fault.make(folder)
    before = contents(folder)
    arguments: list[str | bytes] = [*fault.arguments, "--lang", "en"]
    env = environment(**{"COLUMNS": "400", **fault.env})
    if fault.stdout is None:
        done = run(*arguments, cwd=folder, env=env, before=fault.before)
    else:
        with Path(fault.stdout).open("wb") as out:
            done = run(*arguments, cwd=folder, env=env, before=fault.before, stdout=out.fileno())
    assert done.code == fault.code, (done.code, said(done))
    assert fault.says in said(done), said(done)
    assert "internal error" not in said(done)
    assert "panicked" not in said(done), "a library speaks"
    assert done.seconds < SECONDS, f"{done.seconds:.1f} s of processor time"
    assert done.peak < MEMORY, f"{done.peak / 1024**2:.0f} MiB"
    after = contents(folder)
    assert {name: after.get(name) for name in before} == before
    assert set(after) - set(before) == set(fault.leaves)
    if done.code == 1 and fault.arguments[0] != "check":
        assert done.stdout == b""
    return done


def contents(folder: Path) -> dict[str, object]:
    """Every file of a folder with its bytes, its kind where it has none."""
    found: dict[str, object] = {}
    for each in sorted(folder.rglob("*")):
        name = each.relative_to(folder).as_posix()
        found[name] = each.read_bytes() if each.is_file() and each.stat().st_size < 1 << 25 else each.lstat().st_mode
    return found


def said(done: Ran) -> str:
    """What the run said on stderr, as a reader of the table sees it."""
    text = done.stderr.decode("utf-8", "backslashreplace")
    text = re.sub(r"[^\s:]*ordos-subsidy-tests[^\s:]*/|/tmp/[^\s:]*/", "…/", text)
    return text.strip()


def row(fault: Fault, done: Ran) -> str:
    """A row of the table: the first two lines said are the problem and its remedy."""
    text = "; ".join(line.strip() for line in said(done).splitlines()[:2]) or "(the answer, and no word)"
    text = text if len(text) < 400 else text[:400] + " …"
    escaped = text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "\\<").replace("*", "\\*")
    return f"| {fault.name} | {done.code} | {escaped} |"
