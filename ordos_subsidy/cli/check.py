"""The command `check`: policy files with their examples, input files with their cells."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ordos_subsidy.cli import Exit
from ordos_subsidy.cli.streams import deliver, tell
from ordos_subsidy.errors import InvalidPolicy, Problem, Refused
from ordos_subsidy.files.guard import open_file, shown
from ordos_subsidy.files.text import toml_table
from ordos_subsidy.messages import Lang, phrase
from ordos_subsidy.policy import Policies, load_policies, looks_overlaid


def check_files(files: list[Path], policies: list[Path], events: Path | None, lang: Lang) -> int:
    """Check every file; all problems of all files are told, the worst one decides the exit code."""
    rules = [file for file in files if is_policy(file)]
    inputs = [file for file in files if file not in rules]
    code: int = Exit.ANSWERED
    for layers in _layered(rules):
        code = max(code, _rules(layers, lang))
    if inputs:
        loaded = load_policies(*policies)
        used = phrase("cli.check-used", lang, files=", ".join(map(shown, loaded.files)))
        deliver(used + "\n", None, (), lang)
        for file in inputs:
            code = max(code, _input(file, loaded, events, lang))
    return code


def _layered(rules: list[Path]) -> list[list[Path]]:
    """Policy files in stacks: one of its own begins a stack, one that changes another lies on the stack before."""
    stacks: list[list[Path]] = []
    for file in rules:
        if stacks and looks_overlaid(file.read_bytes()):
            stacks[-1].append(file)
        else:
            stacks.append([file])
    return stacks


def is_policy(file: Path) -> bool:
    """Whether a file is, or was meant to be, a policy: a TOML file with a table `[policy]`."""
    if file.suffix.lower() != ".toml":
        return False
    try:
        data = open_file(file).data
    except Refused:
        return False  # reading it as an input says why
    try:
        return "policy" in toml_table(data, str(file))
    except Refused:
        return any(line.strip().startswith(b"[policy]") for line in data.splitlines())


def _rules(files: list[Path], lang: Lang) -> int:
    """Policy files, together where one changes another; their examples are run."""
    from ordos_subsidy.checking import run_examples

    try:
        checked = run_examples(*files)
        if checked.problems:
            raise InvalidPolicy(checked.problems)
    except Refused as refused:
        tell(refused.problems, lang)
        return Exit.POLICY
    loaded = checked.policies
    counts = {"clauses": len(loaded.clauses), "measures": len(loaded.measures), "examples": checked.examples}
    told = phrase("cli.check-policy", lang, file=", ".join(map(shown, loaded.files)), **counts)
    deliver(told + "\n", None, (), lang)
    return Exit.ANSWERED


def _input(file: Path, loaded: Policies, events: Path | None, lang: Lang) -> int:
    from ordos_subsidy import tables

    try:
        firms = tables.read_firms([file], [events] if events else [], loaded)
    except Refused as refused:
        tell(refused.problems, lang)
        return Exit.REFUSED
    tell(firms.problems, lang)
    if _errors(firms.problems):
        return Exit.REFUSED
    told = phrase("cli.check-input", lang, file=shown(file), firms=len(firms), events=firms.events.height)
    deliver(told + "\n", None, (), lang)
    return Exit.ANSWERED


def _errors(found: Iterable[Problem]) -> bool:
    return any(each.severity == "error" for each in found)
