"""The commands `check`, `audit` and `verify`: whether files hold what they should; nothing is computed from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ordos_subsidy import tables
from ordos_subsidy.cli import Exit
from ordos_subsidy.cli.request import Request
from ordos_subsidy.cli.streams import deliver, show, tell
from ordos_subsidy.errors import InvalidPolicy, Problem, Refused, warning
from ordos_subsidy.files.guard import ONE_FIRM, open_file, read_bytes, shown
from ordos_subsidy.files.text import toml_table
from ordos_subsidy.messages import phrase
from ordos_subsidy.pages import input_page, report_page
from ordos_subsidy.policy import Policies, looks_overlaid
from ordos_subsidy.render import json
from ordos_subsidy.tables.options import mapping_toml

if TYPE_CHECKING:
    from ordos_subsidy.tables.firms import Firms


def check(asked: Request) -> int:
    """All problems of input or policy files, and how each column was understood; the worst decides the exit code."""
    files = _Check(asked, as_json=asked.form == "json")
    return files.run()


@dataclass
class _Check:
    """One run of `check`."""

    asked: Request
    as_json: bool
    _answers: list[dict[str, Any]] = field(default_factory=list)

    def run(self) -> int:
        """Check every file; all problems of all files are told."""
        files = self.asked.files
        rules = [file for file in files if is_policy(file)]
        inputs = [file for file in files if file not in rules]
        code: int = Exit.ANSWERED
        for layers in _layered(rules):
            code = max(code, self._rules(layers))
        if inputs:
            self._say("check-used", files=", ".join(map(shown, self.asked.loaded.files)))
            for file in inputs:
                code = max(code, self._input(file))
            self._keep()
        if self.as_json:
            deliver(f"{json.dumps({'files': self._answers})}\n".encode())
        return code

    def _say(self, key: str, **params: object) -> None:
        if not self.as_json:
            deliver(phrase(f"cli.{key}", self.asked.said, **params) + "\n")

    def _answer(self, files: list[Path], problems: Iterable[Problem], **more: Any) -> None:
        """The problems of some files: told on stderr, or kept for the document."""
        found = list(dict.fromkeys(problems))
        if not self.as_json:
            tell(found, self.asked.said)
            return
        listed = [json.problem_entry(each, self.asked.said) for each in found]
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
        self._say("check-policy", file=", ".join(map(shown, loaded.files)), **counts)
        return Exit.ANSWERED

    def _input(self, file: Path) -> int:
        """An input file: its problems, and how each of its columns was understood."""
        loaded = self.asked.loaded
        try:
            firms = tables.read_firms([file], self.asked.events or [], loaded, options=self.asked.options())
        except Refused as refused:
            self._answer([file], refused.problems)
            return Exit.REFUSED
        counts = {"firms": len(firms), "events": firms.events.height}
        problems = [*firms.problems, *_only_names(firms, loaded, shown(file))]
        self._answer([file], problems, **counts, columns=input_page.columns_as_dicts(firms.uses))
        if firms.uses and not self.as_json:
            show(input_page.columns(firms.uses, loaded.vocabulary, self.asked.said))
        if any(each.severity == "error" for each in problems):
            return Exit.REFUSED
        self._say("check-input", file=shown(file), **counts)
        return Exit.ANSWERED

    def _keep(self) -> None:
        """Write what was given into a mapping file: headings and values by the names of the facts."""
        if self.asked.kept is None:
            return
        options, facts = self.asked.options(), self.asked.loaded.vocabulary.facts
        columns = {heading: facts[key].title.zh if key else "" for heading, key in options.columns.items()}
        made = mapping_toml(columns, {facts[key].title.zh: text for key, text in options.written.items()})
        deliver(made, self.asked.kept, self.asked.policies or (), self.asked.said)


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
        return any(line.strip().startswith(b"[policy]") for line in data.splitlines()) or "policy" in toml_table(
            data, str(file)
        )
    except Refused:
        return False  # reading it as an input says why


def _only_names(firms: Firms, loaded: Policies, where: str) -> Iterator[Problem]:
    """A warning where no column but those of names and codes was understood, and there is no event."""
    read = {use.fact for use in firms.uses if use.fact}
    names = {fact.key for role in ("name", "id") if (fact := loaded.vocabulary.role("firm", role))}
    if read and read <= names and firms.events.is_empty():
        yield warning("reading.only_names", where)


def audit(asked: Request) -> int:
    """A policy file against the official text, both ways: the findings, and one line that sums up."""
    from ordos_subsidy import audit as auditing

    form, said = asked.form, asked.said
    done = auditing.audit(asked.policy, asked.text)
    if form == "json":
        listed = [each.as_dict(said) for each in done.findings]
        deliver(f"{json.dumps(listed)}\n".encode())
    else:
        counted = phrase("audit.counted", said, **done.counts)
        numbers = {"count": len(done.findings), "counted": counted, **done.counts}
        key = "audit.fails" if done.findings else "audit.holds"
        found = [input_page.Finding(each.place(said), each.around, each.problem()) for each in done.findings]
        show(input_page.findings(found, said), phrase(key, said, file=shown(asked.policy), **numbers) + "\n")
    return Exit.DOES_NOT_HOLD if done.findings else Exit.ANSWERED


def verify(asked: Request) -> int:
    """Whether a report is what its receipt gives, and whether the input files are those it was made from."""
    from ordos_subsidy import verification

    policies, inputs, said = asked.loaded, asked.inputs, asked.said
    checked = verification.verify(read_bytes(asked.report), policies, said)
    if inputs and (checked.same or checked.difference):
        words, options = policies.vocabulary, asked.options()
        firms = tables.read(inputs[:1], inputs[1:], words, allowance=ONE_FIRM, options=options)
        checked = verification.with_input(checked, firms, policies, said)
    show(report_page.verified(checked, shown(asked.report.name), said))
    return Exit.ANSWERED if checked.same and not checked.of_input else Exit.DOES_NOT_HOLD
