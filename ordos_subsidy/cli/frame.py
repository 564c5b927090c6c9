"""What all commands share: the program, their options, and how an answer is computed, painted and delivered."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated

import typer

from ordos_subsidy.cli import Exit, language
from ordos_subsidy.cli.answer_formats import ANSWERS, CHECKS, REASONS
from ordos_subsidy.cli.given import BesideFile, tell_columns
from ordos_subsidy.cli.streams import colourful, deliver, tell, width
from ordos_subsidy.cli.usage import Program, bad
from ordos_subsidy.messages import Lang, phrase

if TYPE_CHECKING:
    from ordos_subsidy.api import ReportingOutcome
    from ordos_subsidy.pages.blocks import Page
    from ordos_subsidy.policy import Policies

#: More firms than anybody reads on a screen.
MANY = 50
LANG = language(sys.argv[1:])


def help_text(key: str, **params: object) -> str:
    """The help of a command or an option, in the language asked for."""
    return phrase(f"cli.{key}", LANG, **params)


app = typer.Typer(
    cls=Program,
    help=help_text("about"),
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    no_args_is_help=False,
)

File = Annotated[Path, typer.Argument(metavar="FILE", help=help_text("file"), show_default=False, readable=False)]
Files = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help=help_text("files"), show_default=False, readable=False)
]
PolicyFiles = Annotated[
    list[Path] | None, typer.Option("--policies", metavar="FILE", help=help_text("policies"), readable=False)
]
On = Annotated[str | None, typer.Option("--on", metavar="DATE", help=help_text("on"))]
Year = Annotated[str | None, typer.Option("--year", metavar="Y", help=help_text("year"))]
Format = Annotated[
    str | None, typer.Option("--format", "-f", metavar="FORMAT", help=help_text("format", known="|".join(ANSWERS)))
]
ShortFormat = Annotated[
    str | None, typer.Option("--format", "-f", metavar="FORMAT", help=help_text("format", known="|".join(REASONS)))
]
CheckFormat = Annotated[
    str | None, typer.Option("--format", "-f", metavar="FORMAT", help=help_text("format", known="|".join(CHECKS)))
]
Keys = Annotated[bool, typer.Option("--keys", help=help_text("keys"))]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help=help_text("output"), readable=False)
]
Language = Annotated[str | None, typer.Option("--lang", metavar="zh|en", help=help_text("lang"))]
Everything = Annotated[bool, typer.Option("--all", help=help_text("all"))]
Bare = Annotated[bool, typer.Option("--no-receipt", help=phrase("proof.no-receipt", LANG))]
Events = Annotated[Path | None, typer.Option("--events", metavar="FILE", help=help_text("events"), readable=False)]


def output_file(output: Path | None) -> Path | None:
    """The file of an answer; "-" is standard output, as no file is."""
    return None if output == Path("-") else output


def language_of(value: str | None) -> Lang:
    """The language of a command: as said there, or before the command's name, or Chinese."""
    if value not in (None, "zh", "en"):
        raise bad("--lang", value, language(sys.argv[1:]), "bad-choice", known="zh, en")
    return language(sys.argv[1:])


def load(policies: list[Path] | None) -> Policies:
    """The policy of a command: the built-in one where no file is named."""
    from ordos_subsidy.policy import load_policies

    return load_policies(*(policies or ()))


def outcome_of(
    file: Path, loaded: Policies, events: Events, on: dt.date | None, given: BesideFile, measure: str | None = None
) -> ReportingOutcome:
    """The evaluated firms of a file; refused where not one firm is left."""
    from ordos_subsidy import tables
    from ordos_subsidy.errors import Refused, problem
    from ordos_subsidy.files.guard import ONE_FIRM

    beside = [events] if events else []
    firms = tables.read_firms([file], beside, loaded, allowance=ONE_FIRM, options=given.options(loaded))
    if not len(firms):
        raise Refused([*firms.problems, problem("cli.nobody", str(file))])
    if measure is not None:
        from ordos_subsidy.report.explaining import selected

        selected(loaded, measure)  # a misspelt measure is refused before any work
    tell_columns(firms.uses, loaded, language(sys.argv[1:]))
    from ordos_subsidy.api import evaluate

    return evaluate(loaded, firms, on)


def paint(painter: ModuleType, page: Page, output: Path | None) -> str:
    """The text of a page, for a file or for the screen there is."""
    text: str = painter.paint(page, width=width(), colour=output is None and colourful(sys.stdout))
    return text


def finish(
    outcome: ReportingOutcome, shown: str | bytes, output: Path | None, inputs: list[Path | None], lang: Lang
) -> int:
    """Say what there is to say of the input, deliver the answer, and return the exit code."""
    tell(outcome.firms.problems, lang)
    deliver(shown, output, [*filter(None, inputs), *map(Path, outcome.policies.files)], lang)
    failed = outcome.firms.left_out or any(each.severity == "error" for each in outcome.firms.problems)
    return Exit.LEFT_OUT if failed else Exit.ANSWERED
