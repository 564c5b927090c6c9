"""What one command was asked, and the steps that commands share: read, evaluate, paint, deliver.

`Request` is the table of all arguments and options. The help of each is a key of `messages`; `commands` says which
command takes which, and fills the helps in.
"""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ordos_subsidy.cli import Exit, language, streams
from ordos_subsidy.cli.streams import colourful, note, tell, width
from ordos_subsidy.cli.usage import bad
from ordos_subsidy.messages import Lang

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ordos_subsidy.evaluation import Outcome
    from ordos_subsidy.pages.blocks import Page
    from ordos_subsidy.policy import Policies
    from ordos_subsidy.tables.columns import ColumnUse
    from ordos_subsidy.tables.options import Options

_YEARS = (1900, 2200)
#: More firms than anybody reads on a screen.
MANY = 50
_ENDINGS = {
    ".json": "json",
    ".csv": "csv",
    ".md": "markdown",
    ".html": "html",
    ".xlsx": "xlsx",
    ".pdf": "pdf",
    ".docx": "docx",
    ".ics": "ics",
    ".txt": "table",
}
_UNNAMED = ("", ".log")  # a name without an ending, and what programs log
PAINTERS = ("table", "markdown", "html")
#: What programs read: the formats of `carriers.MAKERS`.
HANDED = ("json", "html", "pdf", "docx", "xlsx", "ics")
#: Files that no screen shows.
_FILES = ("xlsx", "pdf", "docx")


def argument(metavar: str, help_: str) -> Any:
    """An argument; one in brackets may be left out."""
    return typer.Argument(metavar=metavar, help=help_, show_default=False, readable=False)


def option(*names: str, help_: str, metavar: str | None = None) -> Any:
    """An option with its names and the key of its help."""
    return typer.Option(*names, metavar=metavar, help=help_, readable=False)


@dataclass(kw_only=True)
class Request:
    """The arguments and options of one command, as they were typed; `formats`: those that it can answer in."""

    formats: tuple[str, ...] = ()

    file: Annotated[Path, argument("FILE", "cli.file")] = Path()
    files: Annotated[list[Path], argument("FILE...", "cli.files")] = field(default_factory=list)
    first: Annotated[Path, argument("A", "plan.first")] = Path()
    second: Annotated[Path, argument("B", "plan.second")] = Path()
    measure: Annotated[str | None, argument("[MEASURE]", "cli.measure")] = None
    number: Annotated[str | None, argument("[NUMBER]", "cli.number")] = None
    out: Annotated[Path, argument("OUT", "cli.template-out")] = Path()
    policy: Annotated[Path, argument("POLICY", "audit.policy")] = Path()
    text: Annotated[Path, argument("TEXT", "audit.text")] = Path()
    report: Annotated[Path, argument("REPORT", "proof.report")] = Path()

    policies: Annotated[list[Path] | None, option("--policies", metavar="FILE", help_="cli.policies")] = None
    events: Annotated[list[Path] | None, option("--events", metavar="FILE", help_="cli.events")] = None
    on: Annotated[str | None, option("--on", metavar="DATE", help_="cli.on")] = None
    year: Annotated[str | None, option("--year", metavar="Y", help_="cli.year")] = None
    format: Annotated[str | None, option("--format", "-f", metavar="FORMAT", help_="cli.format")] = None
    output: Annotated[Path | None, option("--output", "-o", metavar="FILE", help_="cli.output")] = None
    lang: Annotated[str | None, option("--lang", metavar="zh|en", help_="cli.lang")] = None
    map: Annotated[list[str] | None, option("--map", metavar="HEADING=FACT", help_="cli.map")] = None
    fill: Annotated[list[str] | None, option("--fill", metavar="KEY=VALUE", help_="cli.fill")] = None
    mapping: Annotated[Path | None, option("--mapping", metavar="FILE", help_="cli.mapping")] = None
    #: A mapping file to write, where `check` has its output.
    kept: Annotated[Path | None, option("--output", "-o", metavar="FILE", help_="cli.check-output")] = None
    everything: Annotated[bool, option("--all", help_="cli.all")] = False
    bare: Annotated[bool, option("--no-receipt", help_="proof.no-receipt")] = False
    chart: Annotated[Path | None, option("--chart", metavar="FILE", help_="proof.chart")] = None
    keys: Annotated[bool, option("--keys", help_="cli.keys")] = False
    witness: Annotated[bool, option("--witness", help_="proof.witness")] = False
    view: Annotated[str, option("--view", metavar="VIEW", help_="batch.view")] = "firms"
    quiet: Annotated[bool, option("--quiet", "-q", help_="batch.quiet")] = False
    table: Annotated[bool, option("--table", help_="cli.table")] = False
    force: Annotated[bool, option("--force", help_="cli.force")] = False
    inputs: Annotated[list[Path] | None, option("--input", metavar="FILE", help_="proof.input-option")] = None
    changes: Annotated[list[str] | None, option("--set", metavar="FACT=VALUE", help_="plan.set")] = None
    scenarios: Annotated[list[str] | None, option("--scenario", metavar="NAME: …", help_="plan.scenario")] = None
    sweep: Annotated[str | None, option("--sweep", metavar="FACT=FROM..TO", help_="plan.sweep")] = None
    resume: Annotated[Path | None, option("--resume", metavar="FILE", help_="ask.resume")] = None
    version: Annotated[bool, option("--version", "-V", help_="cli.version")] = False

    @cached_property
    def said(self) -> Lang:
        """The language of the command: as said there, or before the command's name, or as the environment says."""
        if self.lang not in (None, "zh", "en"):
            raise bad("--lang", self.lang, language(), "bad-choice", known="zh, en")
        return language()

    def check(self) -> None:
        """Raise `BadUsage` or `Refused` where the language or the format is not known, before any work."""
        _ = self.said, self.form if self.formats else ""

    @property
    def day(self) -> dt.date | None:
        """The day that `--on` names."""
        try:
            return dt.date.fromisoformat(self.on) if self.on is not None else None
        except ValueError:
            raise bad("--on", self.on, self.said, "bad-date") from None

    @property
    def calendar_year(self) -> int | None:
        """The calendar year that `--year` names."""
        if self.year is None:
            return None
        least, most = _YEARS
        digits = self.year.isascii() and self.year.isdigit() and len(self.year) <= len(str(most))
        if not (digits and least <= int(self.year) <= most):
            raise bad("--year", self.year, self.said, "bad-number", least=least, most=most)
        return int(self.year)

    @property
    def target(self) -> Path | None:
        """The file of an answer; "-" is standard output, as no file is."""
        return None if self.output == Path("-") else self.output

    @cached_property
    def form(self) -> str:
        """The format of the answer: as asked, by the output's ending, or the table where there is none."""
        name = self.format or (self._by_ending(self.target) if self.target else "table")
        if name not in self.formats:
            raise bad("--format", name, self.said, "bad-choice", known=", ".join(self.formats))
        if name in _FILES and self.target is None:
            raise bad("--format", name, self.said, "needs-output", format=name)
        return name

    def _by_ending(self, output: Path) -> str:
        """The format that an ending stands for; a file that is not what its name says is worse than none."""
        from ordos_subsidy.errors import Refused, problem

        ending = output.suffix.lower()
        name = "table" if ending in _UNNAMED else _ENDINGS.get(ending)
        if name not in self.formats:
            endings = [each for each, format_ in _ENDINGS.items() if format_ in self.formats]
            raise Refused([problem("cli.ending", str(output), known=", ".join(endings))])
        return name

    @property
    def renderer(self) -> ModuleType:
        """The module of `render` that makes the format."""
        return import_module(f"ordos_subsidy.render.{'terminal' if self.form == 'table' else self.form}")

    @cached_property
    def loaded(self) -> Policies:
        """The policy: the built-in one where no file is named."""
        from ordos_subsidy.policy import load_policies

        return load_policies(*(self.policies or ()))

    def options(self) -> Options:
        """What is said beside a file, as `tables` takes it; `Refused` where it is not understood."""
        from ordos_subsidy.tables.options import options

        said = {"columns": self.map or (), "fill": self.fill or ()}
        return options(self.loaded.vocabulary, **said, file=self.mapping, year=self.calendar_year)

    def outcome(self, file: Path | None = None) -> Outcome:
        """The evaluated firms of the file; refused where not one firm is left."""
        from ordos_subsidy import tables
        from ordos_subsidy.errors import Refused, problem
        from ordos_subsidy.files.guard import ONE_FIRM

        file, loaded, day = file or self.file, self.loaded, self.day
        firms = tables.read_firms([file], self.events or [], loaded, allowance=ONE_FIRM, options=self.options())
        if not len(firms):
            raise Refused([*firms.problems, problem("cli.nobody", str(file))])
        if self.measure is not None:
            from ordos_subsidy.report.explaining import selected

            selected(loaded, self.measure)  # a misspelt measure is refused before any work
        tell_columns(firms.uses, loaded, self.said)
        from ordos_subsidy.evaluation import evaluate

        return evaluate(loaded, firms, day)

    def painted(self, page: Page) -> str | bytes:
        """A page in the format, for a file or for the screen there is; what a PDF could not show is said."""
        shown: str | bytes
        if self.form in PAINTERS:
            colour = self.target is None and colourful(sys.stdout)
            shown = self.renderer.paint(page, width=width(), colour=colour)
        else:
            shown, problems = self.renderer.painted(page)
            tell(problems, self.said)
        return shown

    def sources(self) -> list[Path]:
        """The files that must not be written over: those that were read."""
        named = (self.file, self.first, self.second, *(self.events or ()))
        return [*(each for each in named if each != Path()), *map(Path, self.loaded.files)]

    def deliver(self, shown: str | bytes) -> None:
        """Write the answer. What programs read is UTF-8 wherever it goes; what eyes read is left to the terminal."""
        data = shown.encode() if isinstance(shown, str) and self.form in HANDED else shown
        streams.deliver(data, self.target, self.sources(), self.said)

    def finish(self, outcome: Outcome, shown: str | bytes) -> int:
        """Say what there is to say of the input, deliver the answer, and return the exit code."""
        tell(outcome.firms.problems, self.said)
        self.deliver(shown)
        failed = outcome.firms.left_out or any(each.severity == "error" for each in outcome.firms.problems)
        return Exit.LEFT_OUT if failed else Exit.ANSWERED


def tell_columns(uses: Sequence[ColumnUse], loaded: Policies, lang: Lang) -> None:
    """Three lines on stderr where a column was left unused or a unit assumed."""
    if any(not each.fact or each.assumed for each in uses):
        from ordos_subsidy.pages import input_page

        for line in input_page.columns_in_short(uses, loaded.vocabulary, lang):
            note(line)
