"""Faults of the place: what a name points to, where the output should go, and the world around the process."""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.faults.fault import FIRM, Fault

CALC = ("calc", FIRM)
BATCH = ("batch", "f.csv")


def nothing(_: Path) -> None:
    """Leave the folder as it is."""


def linked(name: str, target: str, *, hard: bool = False) -> Callable[[Path], object]:
    """A second name."""
    return lambda folder: os.link(folder / target, folder / name) if hard else (folder / name).symlink_to(target)


def copied(name: str | bytes) -> Callable[[Path], object]:
    """The firm under another name."""
    return lambda folder: shutil.copy(folder / FIRM, folder / os.fsdecode(name))


def table(folder: Path) -> None:
    """Two hundred firms as CSV."""
    rows = "".join(f"甲{number},是\n" for number in range(200))
    (folder / "f.csv").write_text(f"单位名称,规模以上\n{rows}", "utf-8")


def old_and_table(folder: Path) -> None:
    """The same, and an output of each kind that must stay as it is."""
    table(folder)
    for each in ("xlsx", "csv", "parquet", "json", "jsonl"):
        (folder / f"o.{each}").write_bytes(b"old")


def policy(folder: Path) -> None:
    """The same, and a policy under a name that `batch` would write to."""
    table(folder)
    shutil.copy("policies.toml", folder / "p.csv")


def listening(folder: Path) -> None:
    """A socket; its path may not be long."""
    here = Path.cwd()
    os.chdir(folder)
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("sock")
    finally:
        os.chdir(here)


def ordinary() -> None:
    """Go on as a user for whom permissions hold: root's power to pass over them is taken away."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None)
        for capability in (1, 2, 3):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER
            libc.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


def locked(folder: Path) -> None:
    """Nobody may enter `locked`, read `secret.toml`, write into `shut` or over `kept.json`."""
    for name, mode in (("locked", 0), ("shut", 0o555)):
        (folder / name).mkdir()
        (folder / name).chmod(mode)
    for name, mode in (("secret.toml", 0), ("kept.json", 0o444)):
        (folder / name).write_bytes(b"[firm]")
        (folder / name).chmod(mode)


def sparse(folder: Path) -> None:
    """A file that says it is huge, and takes no room."""
    with (folder / "huge.toml").open("wb") as file:
        file.truncate(8 * 1024**3)


def small_disk(folder: Path) -> None:
    """A disk of 16 KiB, and a table of firms whose result is larger."""
    table(folder)
    disk = folder / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", disk], check=True)
    (disk / "out.json").write_bytes(b"old")


def read_only_disk(folder: Path) -> None:
    """A disk that may not be written to."""
    small_disk(folder)
    subprocess.run(["mount", "-o", "remount,ro", folder / "disk"], check=True)


def short_files() -> None:
    """No file may grow over 4 KiB, and a signal that says so is not deadly."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


def shortest_files() -> None:
    """No file may grow over 512 bytes, which the sheets of one firm do."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (512, 512))


def no_processes() -> None:
    """No child may be started."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (7, 7))


def closed(*descriptors: int) -> Callable[[], None]:
    """Start without some of the three streams."""

    def close() -> None:
        for each in descriptors:
            os.close(each)

    return close


#: Where temporary files go by default.
SCRATCH = {"TMPDIR": "/tmp"}  # noqa: S108 - named, not used

INPUTS: list[Fault] = [
    Fault("a file that is not there", 1, "no such file", nothing, ("calc", "none.xlsx")),
    Fault("a file inside a file", 1, "no such file", nothing, ("calc", f"{FIRM}/firm.xlsx")),
    Fault("a folder", 1, "folder", lambda folder: (folder / "dir").mkdir(), ("calc", "dir")),
    Fault("a pipe that nobody writes to", 1, "pipe", lambda folder: os.mkfifo(folder / "pipe"), ("calc", "pipe")),
    Fault("a socket", 1, "socket", listening, ("calc", "sock")),
    Fault("/dev/zero", 1, "device", nothing, ("calc", "/dev/zero")),
    Fault("/dev/stdin", 1, "device", nothing, ("calc", "/dev/stdin")),
    Fault("links in a circle", 1, "circle", linked("loop", "loop"), ("calc", "loop")),
    Fault("a name of 300 letters", 1, "too long", nothing, ("calc", "x" * 300)),
    Fault("an empty name", 1, "", nothing, ("calc", "")),
    Fault("a name with a line break and an escape code", 1, "a\\nb\\x1b[31m", nothing, ("calc", "a\nb\x1b[31m.toml")),
    Fault("a name with markup", 1, "[red]x[/red].toml", nothing, ("calc", "[red]x[/red].toml")),
    Fault("a name that begins with a dash", 0, "", copied("-x.toml"), ("calc", "./-x.toml")),
    Fault("a name that is no UTF-8", 0, "\\xff", copied(b"\xff.toml"), ("calc", b"\xff.toml")),
    Fault("a file nobody may read", 1, "permission", locked, ("calc", "secret.toml"), before=ordinary),
    Fault("a folder nobody may enter", 1, "permission", locked, ("calc", f"locked/{FIRM}"), before=ordinary),
    Fault("a policy that is a folder", 1, "folder", lambda f: (f / "dir").mkdir(), (*CALC, "--policies", "dir")),
    Fault("a policy that is a pipe, checked", 1, "pipe", lambda f: os.mkfifo(f / "p.toml"), ("check", "p.toml")),
    Fault("a file nobody may read, checked", 1, "permission", locked, ("check", "secret.toml"), before=ordinary),
    Fault("a file of 8 GiB, checked", 1, "MiB", sparse, ("check", "huge.toml")),
    Fault("/dev/zero, checked", 1, "device", nothing, ("check", "/dev/zero")),
    Fault(
        "no descriptor left for a reader",
        1,
        "",
        lambda f: shutil.copy("examples/erdos-resources.xlsx", f / "firm.xlsx"),
        before=no_processes,
    ),
]

OUTPUTS: list[Fault] = [
    Fault("output over input", 1, "is the input", nothing, (*CALC, "--format", "table", "-o", FIRM)),
    Fault("output with an ending that no format has", 1, "no telling which", nothing, (*CALC, "-o", "out.doc")),
    Fault("output over input by a symbolic link", 1, "is the input", linked("l", FIRM), (*CALC, "-o", "l")),
    Fault("output over input by a hard link", 1, "is the input", linked("h", FIRM, hard=True), (*CALC, "-o", "h")),
    Fault("output over input, batch", 1, "is the input", table, (*BATCH, "-o", "f.csv")),
    Fault("output over the policy", 1, "is the input", policy, (*CALC, "--policies", "p.csv", "-o", "p.csv")),
    Fault("output over the policy, batch", 1, "is the input", policy, (*BATCH, "--policies", "p.csv", "-o", "p.csv")),
    Fault("output into a folder that is not there", 1, "does not exist", nothing, (*CALC, "-o", "none/out.json")),
    Fault("output to a folder", 1, "folder", lambda folder: (folder / "dir").mkdir(), (*CALC, "-o", "dir")),
    Fault("output to /dev/full", 1, "not a regular file", nothing, (*CALC, "-o", "/dev/full")),
    Fault("output to a pipe", 1, "not a regular file", lambda f: os.mkfifo(f / "pipe"), (*CALC, "-o", "pipe")),
    Fault("output to links in a circle", 1, "", linked("loop", "loop"), (*CALC, "-o", "loop")),
    Fault("output to a name of 300 letters", 1, "", nothing, (*CALC, "-o", "x" * 300)),
    Fault(
        "output to a folder nobody may write to",
        1,
        "not permitted",
        locked,
        (*CALC, "-o", "shut/o.json"),
        before=ordinary,
    ),
    Fault(
        "output over a file that is read-only",
        1,
        "read-only",
        locked,
        (*CALC, "-o", "kept.json"),
        before=ordinary,
    ),
    Fault("output to a full disk", 1, "disk is full", small_disk, (*CALC, "-o", "disk/out.json"), needs_root=True),
    Fault("output to a read-only disk", 1, "", read_only_disk, (*CALC, "-o", "disk/out.json"), needs_root=True),
    Fault(
        "output over the size limit of a file",
        1,
        "disk is full",
        nothing,
        (*CALC, "-o", "out.json"),
        before=short_files,
    ),
    *(
        Fault(
            f"output over the size limit of a file, batch to .{each}",
            1,
            f"o.{each}: the disk is full (File too large); the file is as it was",
            old_and_table,
            (*BATCH, "-o", f"o.{each}"),
            before=short_files,
        )
        for each in ("csv", "parquet", "json", "jsonl")
    ),
    *(
        Fault(
            f"output to a full disk, batch to .{each}",
            1,
            f"disk/o.{each}: the disk is full",
            small_disk,
            (*BATCH, "-o", f"disk/o.{each}", "--view", "awards"),
            needs_root=True,
        )
        for each in ("xlsx", "csv", "json", "jsonl")
    ),
    *(
        Fault(
            f"temporary files over the size limit of a file, {name}",
            1,
            "o.xlsx: the disk of /tmp",
            old_and_table,
            (*command, "-o", "o.xlsx"),
            SCRATCH,
            before=before,
        )
        for name, command, before in (("batch", BATCH, short_files), ("calc", CALC, shortest_files))
    ),
    Fault(
        "temporary files over the size limit of a file, template",
        1,
        "o.xlsx: the disk of /tmp",
        old_and_table,
        ("template", "o.xlsx", "--force"),
        SCRATCH,
        before=short_files,
    ),
    Fault(
        "a full disk for temporary files, batch",
        1,
        "o.xlsx: the disk of disk, the folder for temporary files, is full",
        small_disk,
        (*BATCH, "-o", "o.xlsx"),
        {"TMPDIR": "disk"},
        needs_root=True,
    ),
    Fault(
        "a full disk for temporary files, template",
        1,
        "o.xlsx: the disk of disk, the folder for temporary files, is full",
        small_disk,
        ("template", "o.xlsx", "--force"),
        {"TMPDIR": "disk"},
        needs_root=True,
    ),
    Fault(
        "no folder for temporary files, batch",
        1,
        "o.xlsx: none, the folder for temporary files, cannot be used",
        old_and_table,
        (*BATCH, "-o", "o.xlsx"),
        {"TMPDIR": "none"},
    ),
    Fault("stdout is /dev/full", 1, "standard output", nothing, CALC, stdout="/dev/full"),
    Fault("stdout is /dev/full, for help", 1, "standard output", nothing, ("calc", "--help"), stdout="/dev/full"),
    Fault("stdout is closed", 1, "standard output", nothing, CALC, before=closed(1)),
    Fault(
        "stdout is closed, with -o",
        0,
        "written",
        nothing,
        (*CALC, "-o", "out.json"),
        before=closed(1),
        leaves=("out.json",),
    ),
    Fault(
        "stdout is /dev/full, batch",
        0,
        "The output file is complete",
        table,
        (*BATCH, "-o", "o.csv"),
        stdout="/dev/full",
        leaves=("o.csv",),
    ),
    Fault(
        "stdout is closed, batch",
        0,
        "The output file is complete",
        table,
        (*BATCH, "-o", "o.csv"),
        before=closed(1),
        leaves=("o.csv",),
    ),
    Fault("stderr is closed", 0, "", nothing, CALC, before=closed(2)),
    Fault("stdin is closed", 0, "", nothing, CALC, before=closed(0)),
    Fault(
        "stdin is closed, for a workbook",
        0,
        "",
        lambda f: shutil.copy("examples/erdos-resources.xlsx", f / "firm.xlsx"),
        before=closed(0),
    ),
    Fault("all three are closed", 1, "", nothing, CALC, before=closed(0, 1, 2)),
]

EMPTY = dict.fromkeys(os.environ, None)
WORLDS: list[Fault] = [
    Fault(
        "no environment at all",
        0,
        "",
        nothing,
        CALC,
        {**EMPTY, "LC_ALL": None, "COLUMNS": None, "XDG_CACHE_HOME": None},
    ),
    Fault("a folder for the cache that cannot be made", 0, "", nothing, CALC, {"XDG_CACHE_HOME": "/dev/null/x"}),
    Fault("a broken cache", 0, "", nothing, CALC, {"XDG_CACHE_HOME": "/proc"}),
    Fault("40 columns", 0, "", nothing, CALC, {"COLUMNS": "40"}),
    Fault("COLUMNS=0", 0, "", nothing, CALC, {"COLUMNS": "0"}),
    Fault("COLUMNS that is no number", 0, "", nothing, CALC, {"COLUMNS": "wide"}),
    Fault("TERM=dumb", 0, "", nothing, CALC, {"TERM": "dumb"}),
    Fault("TERM unknown", 0, "", nothing, CALC, {"TERM": "no-such-terminal"}),
    Fault("warnings made errors", 0, "", nothing, CALC, {"PYTHONWARNINGS": "error"}),
]

SECTIONS = {"What a name points to": INPUTS, "Where the output goes": OUTPUTS, "The world around": WORLDS}
