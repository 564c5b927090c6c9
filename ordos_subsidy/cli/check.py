"""The command `check`: policy files with their examples, input files with their cells."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ordos_subsidy.cli import Exit
from ordos_subsidy.cli.given import BesideFile
from ordos_subsidy.cli.streams import colourful, deliver, tell, width
from ordos_subsidy.errors import InvalidPolicy, Problem, Refused, warning
from ordos_subsidy.files.guard import open_file, shown
from ordos_subsidy.files.text import toml_table
from ordos_subsidy.messages import Lang, phrase
from ordos_subsidy.policy import Policies, load_policies, looks_overlaid
from ordos_subsidy.render import json

if TYPE_CHECKING:
    from ordos_subsidy.tables.firms import Firms


@dataclass
class Check:
    """One run of the command: what it was given, and in which form it answers."""

    policies: list[Path]
    events: Path | None
    given: BesideFile
    output: Path | None
    lang: Lang
    as_json: bool = False
    _answers: list[dict[str, Any]] = field(default_factory=list)

    def files(self, files: list[Path]) -> int:
        """Check every file; all problems of all files are told, the worst one decides the exit code."""
        rules = [file for file in files if is_policy(file)]
        inputs = [file for file in files if file not in rules]
        code: int = Exit.ANSWERED
        for layers in _layered(rules):
            code = max(code, self._rules(layers))
        if inputs:
            loaded = load_policies(*self.policies)
            self._say(phrase("cli.check-used", self.lang, files=", ".join(map(shown, loaded.files))))
            for file in inputs:
                code = max(code, self._input(file, loaded))
            self._write(loaded)
        if self.as_json:
            deliver(f"{json.dumps({'files': self._answers})}\n".encode(), None, (), self.lang)
        return code

    def _say(self, line: str) -> None:
        if not self.as_json:
            deliver(line + "\n", None, (), self.lang)

    def _answer(self, files: list[Path], problems: Iterable[Problem], **more: Any) -> None:
        """The problems of some files: told on stderr, or kept for the document."""
        found = list(dict.fromkeys(problems))
        if not self.as_json:
            tell(found, self.lang)
            return
        listed = [json.problem_entry(each, self.lang) for each in found]
        self._answers.append({"files": [shown(each) for each in files], "problems": listed, **more})

    def _rules(self, files: list[Path]) -> int:
        """Policy files, together where one changes another; their examples are run."""
        from ordos_subsidy.checking import run_examples

        try:
            checked = run_examples(*files)
            if checked.problems:
                raise InvalidPolicy(checked.problems)
        except Refused as refused:
            self._answer(files, refused.problems)
            return Exit.POLICY
        loaded = checked.policies
        counts = {"clauses": len(loaded.clauses), "measures": len(loaded.measures), "examples": checked.examples}
        self._answer(files, (), **counts)
        self._say(phrase("cli.check-policy", self.lang, file=", ".join(map(shown, loaded.files)), **counts))
        return Exit.ANSWERED

    def _input(self, file: Path, loaded: Policies) -> int:
        """An input file: its problems, and how each of its columns was understood."""
        from ordos_subsidy import tables
        from ordos_subsidy.pages import input_page
        from ordos_subsidy.render import terminal

        try:
            options = self.given.options(loaded)
            firms = tables.read_firms([file], [self.events] if self.events else [], loaded, options=options)
        except Refused as refused:
            self._answer([file], refused.problems)
            return Exit.REFUSED
        counts = {"firms": len(firms), "events": firms.events.height}
        problems = [*firms.problems, *_only_names(firms, loaded, shown(file))]
        self._answer([file], problems, **counts, columns=input_page.columns_as_dicts(firms.uses))
        if firms.uses and not self.as_json:
            page = input_page.columns(firms.uses, loaded.vocabulary, self.lang)
            deliver(terminal.paint(page, width=width(), colour=colourful(sys.stdout)), None, (), self.lang)
        if _errors(problems):
            return Exit.REFUSED
        self._say(phrase("cli.check-input", self.lang, file=shown(file), **counts))
        return Exit.ANSWERED

    def _write(self, loaded: Policies) -> None:
        """Keep what was given in a mapping file."""
        if self.output is not None:
            from ordos_subsidy.tables.options import mapping_toml

            made = mapping_toml(*self.given.written(loaded))
            deliver(made, self.output, self.policies, self.lang)


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
    if any(line.strip().startswith(b"[policy]") for line in data.splitlines()):
        return True
    try:
        return "policy" in toml_table(data, str(file))
    except Refused:
        return False


def _only_names(firms: Firms, loaded: Policies, where: str) -> Iterator[Problem]:
    """A warning where no column but those of names and codes was understood, and there is no event."""
    read = {use.fact for use in firms.uses if use.fact}
    names = {fact.key for role in ("name", "id") if (fact := loaded.vocabulary.role("firm", role))}
    if read and read <= names and firms.events.is_empty():
        yield warning("reading.only_names", where)


def _errors(found: Iterable[Problem]) -> bool:
    return any(each.severity == "error" for each in found)
