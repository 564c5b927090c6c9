"""The commands: read, evaluate, render. Each imports what it needs when it runs, so that help is quick."""

from __future__ import annotations

import datetime as dt
import gc
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from ordos_subsidy import __version__
from ordos_subsidy.cli import Exit, language
from ordos_subsidy.cli.answer_formats import (
    ANSWERS,
    CHECKS,
    HANDED,
    PAINTERS,
    REASONS,
    TABLES,
    encoded,
    is_,
    name_of,
    renderer_of,
)
from ordos_subsidy.cli.drawing import ChartFile, draw
from ordos_subsidy.cli.given import BesideFile, Fill, Map, MapOutput, Mapping, tell_columns
from ordos_subsidy.cli.streams import colourful, deliver, making, note, tell, width
from ordos_subsidy.cli.usage import Command, Program, bad, day_of, year_of
from ordos_subsidy.messages import Lang, phrase

if TYPE_CHECKING:
    from ordos_subsidy.api import ReportingOutcome as Outcome
    from ordos_subsidy.document import Report
    from ordos_subsidy.pages.blocks import Page
    from ordos_subsidy.policy import Policies as Loaded

#: More firms than anybody reads on a screen.
_MANY = 50
_VIEWS = ("firms", "awards", "clauses", "advice")
_LANG = language(sys.argv[1:])


def _t(key: str, **params: object) -> str:
    return phrase(f"cli.{key}", language(sys.argv[1:]), **params)


app = typer.Typer(
    cls=Program,
    help=_t("about"),
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    no_args_is_help=False,
)

File = Annotated[Path, typer.Argument(metavar="FILE", help=_t("file"), show_default=False, readable=False)]
Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help=_t("files"), show_default=False, readable=False)]
PolicyFiles = Annotated[
    list[Path] | None, typer.Option("--policies", metavar="FILE", help=_t("policies"), readable=False)
]
On = Annotated[str | None, typer.Option("--on", metavar="DATE", help=_t("on"))]
Year = Annotated[str | None, typer.Option("--year", metavar="Y", help=_t("year"))]
Format = Annotated[
    str | None, typer.Option("--format", "-f", metavar="FORMAT", help=_t("format", known="|".join(ANSWERS)))
]
ShortFormat = Annotated[
    str | None, typer.Option("--format", "-f", metavar="FORMAT", help=_t("format", known="|".join(REASONS)))
]
CheckFormat = Annotated[
    str | None, typer.Option("--format", "-f", metavar="FORMAT", help=_t("format", known="|".join(CHECKS)))
]
Keys = Annotated[bool, typer.Option("--keys", help=_t("keys"))]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help=_t("output"), readable=False)]
Language = Annotated[str | None, typer.Option("--lang", metavar="zh|en", help=_t("lang"))]
Everything = Annotated[bool, typer.Option("--all", help=_t("all"))]
Bare = Annotated[bool, typer.Option("--no-receipt", help=phrase("proof.no-receipt", _LANG))]
Events = Annotated[Path | None, typer.Option("--events", metavar="FILE", help=_t("events"), readable=False)]


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", "-V", help=_t("version"))] = False,
    lang: Language = None,
) -> None:
    _lang(lang)
    if version:
        deliver(f"ordos-subsidy {__version__}\n", None, (), "zh")
        raise typer.Exit
    if context.invoked_subcommand is None:
        deliver(context.get_help() + "\n", None, (), "zh")


@app.command(cls=Command, help=_t("calc"))
def calc(
    file: File,
    policies: PolicyFiles = None,
    events: Events = None,
    on: On = None,
    year: Year = None,
    format_: Format = None,
    output: Output = None,
    lang: Language = None,
    map_: Map = None,
    fill: Fill = None,
    mapping: Mapping = None,
    everything: Everything = False,
    bare: Bare = False,
    chart: ChartFile = None,
    keys: Keys = False,
) -> int:
    """Awards of every firm in a file."""
    said, output = _lang(lang), _file(output)
    wanted, renderer = year_of(year, said), renderer_of(format_, output, ANSWERS, said)
    if keys and not is_(renderer, "csv"):
        raise bad("--keys", name_of(renderer), said, "only-csv")
    given = BesideFile(map_, fill, mapping, wanted)
    outcome = _outcome(file, policies, events, day_of(on, said), given)
    if chart:
        draw(outcome, chart, wanted, said, [file, events])
    if is_(renderer, *TABLES) and (bare or not is_(renderer, *HANDED)):
        from ordos_subsidy.views import notices, result

        with making(output):
            table = result.of_outcome(outcome, said, wanted)
            made = renderer.render(table, keys=True) if keys else renderer.render(table)
        tell((each for _, each in notices.repeats(outcome, said)), said)
        return _done(outcome, made, output, [file, events], said)
    from ordos_subsidy.report.answer import calc as answer

    report = answer(outcome, lang=said, year=wanted, everything=everything)
    if len(report.firms) > _MANY and is_(renderer, "terminal"):
        note(phrase("cli.batch-hint", said, count=len(report.firms)))
    with making(output):
        if is_(renderer, *HANDED):
            from ordos_subsidy import verification

            handed = verification.made(outcome, report, name_of(renderer), bare=bare)
            shown: str | bytes = handed.data
            tell(handed.problems, said)
        elif is_(renderer, *PAINTERS):
            page = _answer_page(report, file, screen=is_(renderer, "terminal"))
            shown = _paint(renderer, page, output)
        else:
            shown = renderer.render(report)
    tell((each for firm in report.firms for each in firm.problems), said)
    return _done(outcome, encoded(shown, renderer), output, [file, events], said)


@app.command(cls=Command, help=_t("explain"))
def explain(
    file: File,
    measure: Annotated[str | None, typer.Argument(metavar="[MEASURE]", help=_t("measure"), show_default=False)] = None,
    policies: PolicyFiles = None,
    events: Events = None,
    on: On = None,
    format_: ShortFormat = None,
    output: Output = None,
    lang: Language = None,
    map_: Map = None,
    fill: Fill = None,
    mapping: Mapping = None,
    everything: Everything = False,
    witness: Annotated[bool, typer.Option("--witness", help=phrase("proof.witness", _LANG))] = False,
) -> int:
    """Why each award applies or does not."""
    said, output = _lang(lang), _file(output)
    renderer = renderer_of(format_, output, REASONS, said)
    outcome = _outcome(file, policies, events, day_of(on, said), BesideFile(map_, fill, mapping), measure)
    from ordos_subsidy.report.explaining import explain as reasons

    explanation = reasons(outcome, lang=said, measure=measure, everything=everything, witness=witness)
    if is_(renderer, *PAINTERS):
        from ordos_subsidy.pages import why_page

        shown = _paint(renderer, why_page.page(explanation, problems=not is_(renderer, "terminal")), output)
    else:
        shown = renderer.explain(explanation)
    return _done(outcome, encoded(shown, renderer), output, [file, events], said)


@app.command(cls=Command, help=_t("batch"))
def batch(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help=phrase("batch.files", _LANG), show_default=False, readable=False),
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="OUT", help=phrase("batch.output", _LANG), readable=False)
    ] = None,
    policies: PolicyFiles = None,
    events: Annotated[
        list[Path] | None, typer.Option("--events", metavar="FILE", help=phrase("batch.events", _LANG), readable=False)
    ] = None,
    view: Annotated[
        str, typer.Option("--view", metavar="VIEW", help=phrase("batch.view", _LANG, known="|".join(_VIEWS)))
    ] = "firms",
    on: On = None,
    year: Year = None,
    lang: Language = None,
    map_: Map = None,
    fill: Fill = None,
    mapping: Mapping = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help=phrase("batch.quiet", _LANG))] = False,
    keys: Keys = False,
) -> int:
    """A whole table of firms, scored into a file."""
    said = _lang(lang)
    wanted = year_of(year, said)
    if keys and (output is None or output.suffix.lower() != ".csv"):
        raise bad("--keys", output, said, "only-csv")
    if view not in _VIEWS:
        raise bad("--view", view, said, "bad-choice", known=", ".join(_VIEWS))
    loaded = _load(policies)
    from ordos_subsidy.batch import Job
    from ordos_subsidy.cli.batch_command import score

    gc.freeze()  # what is loaded stays
    gc.enable()  # unlike the other commands, this one may run long
    given = BesideFile(map_, fill, mapping, wanted).options(loaded)
    job = Job(files, events or [], output, loaded, day_of(on, said), wanted, cast("Any", view), said, given, keys)
    return score(job, quiet=quiet and output is not None)


@app.command(cls=Command, help=_t("template"))
def template(
    out: Annotated[Path, typer.Argument(metavar="OUT", help=_t("template-out"), show_default=False, readable=False)],
    table: Annotated[bool, typer.Option("--table", help=_t("table"))] = False,
    force: Annotated[bool, typer.Option("--force", help=_t("force"))] = False,
    policies: PolicyFiles = None,
    lang: Language = None,
) -> None:
    """A blank input book or TOML file."""
    from ordos_subsidy import templates
    from ordos_subsidy.errors import Refused, problem

    said = _lang(lang)
    if out.suffix.lower() not in (".xlsx", ".toml"):
        raise Refused([problem("cli.template-ending", str(out))])
    if out.exists() and not force:
        raise Refused([problem("cli.exists", str(out))])
    maker = templates.workbook if out.suffix.lower() == ".xlsx" else templates.toml
    loaded = _load(policies)
    with making(out):
        made: str | bytes = maker(loaded, lang=said, table=table)
    deliver(made, out, map(Path, loaded.files), said)


@app.command(cls=Command, help=_t("clauses"))
def clauses(
    number: Annotated[str | None, typer.Argument(metavar="[NUMBER]", help=_t("number"), show_default=False)] = None,
    policies: PolicyFiles = None,
    format_: ShortFormat = None,
    output: Output = None,
    lang: Language = None,
) -> None:
    """The policy: all clauses and how each is treated."""
    from ordos_subsidy.report.plan import plan

    said, output = _lang(lang), _file(output)
    renderer = renderer_of(format_, output, REASONS, said)
    loaded = _load(policies)
    found = plan(loaded, lang=said, number=number)
    if is_(renderer, *PAINTERS):
        from ordos_subsidy.pages import plan_page

        shown = _paint(renderer, plan_page.page(found, whole=not is_(renderer, "terminal")), output)
    else:
        shown = renderer.clauses(found)
    deliver(encoded(shown, renderer), output, map(Path, loaded.files), said)


@app.command(cls=Command, help=_t("check"))
def check(
    files: Files,
    policies: PolicyFiles = None,
    events: Events = None,
    format_: CheckFormat = None,
    output: MapOutput = None,
    lang: Language = None,
    map_: Map = None,
    fill: Fill = None,
    mapping: Mapping = None,
) -> int:
    """All problems of input or policy files, and how each column was understood; nothing is computed."""
    said = _lang(lang)
    if format_ not in (None, *CHECKS):
        raise bad("--format", format_, said, "bad-choice", known=", ".join(CHECKS))
    from ordos_subsidy.cli.check import Check

    checked = Check(policies or [], events, BesideFile(map_, fill, mapping), output, said, as_json=format_ == "json")
    return checked.files(files)


@app.command(cls=Command, help=phrase("audit.help", _LANG))
def audit(
    policy: Annotated[
        Path, typer.Argument(metavar="POLICY", help=phrase("audit.policy", _LANG), show_default=False, readable=False)
    ],
    text: Annotated[
        Path, typer.Argument(metavar="TEXT", help=phrase("audit.text", _LANG), show_default=False, readable=False)
    ],
    format_: CheckFormat = None,
    lang: Language = None,
) -> int:
    """A policy file against the official text, both ways."""
    said = _lang(lang)
    if format_ not in (None, *CHECKS):
        raise bad("--format", format_, said, "bad-choice", known=", ".join(CHECKS))
    from ordos_subsidy.cli.audit_command import audit_file

    return audit_file(policy, text, format_ or "table", said)


@app.command(cls=Command, help=phrase("proof.verify", _LANG))
def verify(
    report: Annotated[
        Path,
        typer.Argument(metavar="REPORT", help=phrase("proof.report", _LANG), show_default=False, readable=False),
    ],
    inputs: Annotated[
        list[Path] | None,
        typer.Option("--input", metavar="FILE", help=phrase("proof.input-option", _LANG), readable=False),
    ] = None,
    policies: PolicyFiles = None,
    lang: Language = None,
    map_: Map = None,
    fill: Fill = None,
    mapping: Mapping = None,
) -> int:
    """A report, computed again from its receipt."""
    from ordos_subsidy.cli.verify import verify_report

    return verify_report(report, inputs or [], _load(policies), BesideFile(map_, fill, mapping), _lang(lang))


def _file(output: Path | None) -> Path | None:
    """The file of an answer; "-" is standard output, as no file is."""
    return None if output == Path("-") else output


def _lang(value: str | None) -> Lang:
    """The language of a command: as said there, or before the command's name, or Chinese."""
    if value not in (None, "zh", "en"):
        raise bad("--lang", value, language(sys.argv[1:]), "bad-choice", known="zh, en")
    return language(sys.argv[1:])


def _answer_page(report: Report, file: Path, *, screen: bool) -> Page:
    """The page of `calc`: what a screen shows first, or everything."""
    from ordos_subsidy.pages import firm_page, first_screen

    if screen and not report.everything:
        return first_screen.page(report, str(file))
    return firm_page.page(report, problems=not screen)


def _paint(painter: ModuleType, page: Page, output: Path | None) -> str:
    """The text of a page, for a file or for the screen there is."""
    text: str = painter.paint(page, width=width(), colour=output is None and colourful(sys.stdout))
    return text


def _load(policies: list[Path] | None) -> Loaded:
    from ordos_subsidy.policy import load_policies

    return load_policies(*(policies or ()))


def _outcome(
    file: Path, policies: PolicyFiles, events: Events, on: dt.date | None, given: BesideFile, measure: str | None = None
) -> Outcome:
    """The evaluated firms of a file; refused where not one firm is left."""
    from ordos_subsidy import tables
    from ordos_subsidy.errors import Refused, problem
    from ordos_subsidy.files.guard import ONE_FIRM

    loaded = _load(policies)
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


def _done(outcome: Outcome, shown: str | bytes, output: Path | None, inputs: list[Path | None], lang: Lang) -> int:
    tell(outcome.firms.problems, lang)
    deliver(shown, output, [*filter(None, inputs), *map(Path, outcome.policies.files)], lang)
    failed = outcome.firms.left_out or any(each.severity == "error" for each in outcome.firms.problems)
    return Exit.LEFT_OUT if failed else Exit.ANSWERED
