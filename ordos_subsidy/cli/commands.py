"""The commands: read, evaluate, render. Each imports what it needs when it runs, so that help is quick."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from ordos_subsidy import __version__
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
from ordos_subsidy.cli.frame import (
    LANG,
    MANY,
    Bare,
    CheckFormat,
    Events,
    Everything,
    File,
    Files,
    Format,
    Keys,
    Language,
    On,
    Output,
    PolicyFiles,
    ShortFormat,
    Year,
    app,
    finish,
    help_text,
    language_of,
    load,
    outcome_of,
    output_file,
    paint,
)
from ordos_subsidy.cli.given import BesideFile, Fill, Map, MapOutput, Mapping
from ordos_subsidy.cli.streams import deliver, making, note, tell
from ordos_subsidy.cli.usage import Command, bad, day_of, year_of
from ordos_subsidy.messages import phrase

if TYPE_CHECKING:
    from ordos_subsidy.document import Report
    from ordos_subsidy.pages.blocks import Page

_VIEWS = ("firms", "awards", "clauses", "advice")


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", "-V", help=help_text("version"))] = False,
    lang: Language = None,
) -> None:
    language_of(lang)
    if version:
        deliver(f"ordos-subsidy {__version__}\n", None, (), "zh")
        raise typer.Exit
    if context.invoked_subcommand is None:
        deliver(context.get_help() + "\n", None, (), "zh")


@app.command(cls=Command, help=help_text("calc"))
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
    said, output = language_of(lang), output_file(output)
    wanted, renderer = year_of(year, said), renderer_of(format_, output, ANSWERS, said)
    if keys and not is_(renderer, "csv"):
        raise bad("--keys", name_of(renderer), said, "only-csv")
    given = BesideFile(map_, fill, mapping, wanted)
    outcome = outcome_of(file, load(policies), events, day_of(on, said), given)
    if chart:
        draw(outcome, chart, wanted, said, [file, events])
    if is_(renderer, *TABLES) and (bare or not is_(renderer, *HANDED)):
        from ordos_subsidy.views import result

        with making(output):
            table = result.of_outcome(outcome, said, wanted)
            made = renderer.render(table, keys=True) if keys else renderer.render(table)
        tell((each for _, each in result.repeats(outcome, said)), said)
        return finish(outcome, made, output, [file, events], said)
    from ordos_subsidy.report.answer import calc as answer

    report = answer(outcome, lang=said, year=wanted, everything=everything)
    if len(report.firms) > MANY and is_(renderer, "terminal"):
        note(phrase("cli.batch-hint", said, count=len(report.firms)))
    with making(output):
        if is_(renderer, *HANDED):
            from ordos_subsidy import verification

            handed = verification.made(outcome, report, name_of(renderer), bare=bare)
            shown: str | bytes = handed.data
            tell(handed.problems, said)
        elif is_(renderer, *PAINTERS):
            page = _answer_page(report, file, screen=is_(renderer, "terminal"))
            shown = paint(renderer, page, output)
        else:
            shown = renderer.render(report)
    tell((each for firm in report.firms for each in firm.problems), said)
    return finish(outcome, encoded(shown, renderer), output, [file, events], said)


@app.command(cls=Command, help=help_text("explain"))
def explain(
    file: File,
    measure: Annotated[
        str | None, typer.Argument(metavar="[MEASURE]", help=help_text("measure"), show_default=False)
    ] = None,
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
    witness: Annotated[bool, typer.Option("--witness", help=phrase("proof.witness", LANG))] = False,
) -> int:
    """Why each award applies or does not."""
    said, output = language_of(lang), output_file(output)
    renderer = renderer_of(format_, output, REASONS, said)
    outcome = outcome_of(file, load(policies), events, day_of(on, said), BesideFile(map_, fill, mapping), measure)
    from ordos_subsidy.report.explaining import explain as reasons

    explanation = reasons(outcome, lang=said, measure=measure, everything=everything, witness=witness)
    if is_(renderer, *PAINTERS):
        from ordos_subsidy.pages import clause_page

        shown = paint(renderer, clause_page.explained(explanation, problems=not is_(renderer, "terminal")), output)
    else:
        shown = renderer.explain(explanation)
    return finish(outcome, encoded(shown, renderer), output, [file, events], said)


@app.command(cls=Command, help=help_text("batch"))
def batch(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help=phrase("batch.files", LANG), show_default=False, readable=False),
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="OUT", help=phrase("batch.output", LANG), readable=False)
    ] = None,
    policies: PolicyFiles = None,
    events: Annotated[
        list[Path] | None, typer.Option("--events", metavar="FILE", help=phrase("batch.events", LANG), readable=False)
    ] = None,
    view: Annotated[
        str, typer.Option("--view", metavar="VIEW", help=phrase("batch.view", LANG, known="|".join(_VIEWS)))
    ] = "firms",
    on: On = None,
    year: Year = None,
    lang: Language = None,
    map_: Map = None,
    fill: Fill = None,
    mapping: Mapping = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help=phrase("batch.quiet", LANG))] = False,
    keys: Keys = False,
) -> int:
    """A whole table of firms, scored into a file."""
    said = language_of(lang)
    wanted = year_of(year, said)
    if keys and (output is None or output.suffix.lower() != ".csv"):
        raise bad("--keys", output, said, "only-csv")
    if view not in _VIEWS:
        raise bad("--view", view, said, "bad-choice", known=", ".join(_VIEWS))
    loaded = load(policies)
    from ordos_subsidy.batch import Job
    from ordos_subsidy.cli.batch_command import score

    gc.freeze()  # what is loaded stays
    gc.enable()  # unlike the other commands, this one may run long
    given = BesideFile(map_, fill, mapping, wanted).options(loaded)
    job = Job(files, events or [], output, loaded, day_of(on, said), wanted, cast("Any", view), said, given, keys)
    return score(job, quiet=quiet and output is not None)


@app.command(cls=Command, help=help_text("template"))
def template(
    out: Annotated[
        Path, typer.Argument(metavar="OUT", help=help_text("template-out"), show_default=False, readable=False)
    ],
    table: Annotated[bool, typer.Option("--table", help=help_text("table"))] = False,
    force: Annotated[bool, typer.Option("--force", help=help_text("force"))] = False,
    policies: PolicyFiles = None,
    lang: Language = None,
) -> None:
    """A blank input book or TOML file."""
    from ordos_subsidy import templates
    from ordos_subsidy.errors import Refused, problem

    said = language_of(lang)
    if out.suffix.lower() not in (".xlsx", ".toml"):
        raise Refused([problem("cli.template-ending", str(out))])
    if out.exists() and not force:
        raise Refused([problem("cli.exists", str(out))])
    maker = templates.workbook if out.suffix.lower() == ".xlsx" else templates.toml
    loaded = load(policies)
    with making(out):
        made: str | bytes = maker(loaded, lang=said, table=table)
    deliver(made, out, map(Path, loaded.files), said)


@app.command(cls=Command, help=help_text("clauses"))
def clauses(
    number: Annotated[
        str | None, typer.Argument(metavar="[NUMBER]", help=help_text("number"), show_default=False)
    ] = None,
    policies: PolicyFiles = None,
    format_: ShortFormat = None,
    output: Output = None,
    lang: Language = None,
) -> None:
    """The policy: all clauses and how each is treated."""
    from ordos_subsidy.report.plan import plan

    said, output = language_of(lang), output_file(output)
    renderer = renderer_of(format_, output, REASONS, said)
    loaded = load(policies)
    found = plan(loaded, lang=said, number=number)
    if is_(renderer, *PAINTERS):
        from ordos_subsidy.pages import clause_page

        shown = paint(renderer, clause_page.clauses(found, whole=not is_(renderer, "terminal")), output)
    else:
        shown = renderer.clauses(found)
    deliver(encoded(shown, renderer), output, map(Path, loaded.files), said)


@app.command(cls=Command, help=help_text("check"))
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
    said = language_of(lang)
    if format_ not in (None, *CHECKS):
        raise bad("--format", format_, said, "bad-choice", known=", ".join(CHECKS))
    from ordos_subsidy.cli.check import Check

    checked = Check(policies or [], events, BesideFile(map_, fill, mapping), output, said, as_json=format_ == "json")
    return checked.files(files)


@app.command(cls=Command, help=phrase("audit.help", LANG))
def audit(
    policy: Annotated[
        Path, typer.Argument(metavar="POLICY", help=phrase("audit.policy", LANG), show_default=False, readable=False)
    ],
    text: Annotated[
        Path, typer.Argument(metavar="TEXT", help=phrase("audit.text", LANG), show_default=False, readable=False)
    ],
    format_: CheckFormat = None,
    lang: Language = None,
) -> int:
    """A policy file against the official text, both ways."""
    said = language_of(lang)
    if format_ not in (None, *CHECKS):
        raise bad("--format", format_, said, "bad-choice", known=", ".join(CHECKS))
    from ordos_subsidy.cli.audit_command import audit_file

    return audit_file(policy, text, format_ or "table", said)


@app.command(cls=Command, help=phrase("proof.verify", LANG))
def verify(
    report: Annotated[
        Path,
        typer.Argument(metavar="REPORT", help=phrase("proof.report", LANG), show_default=False, readable=False),
    ],
    inputs: Annotated[
        list[Path] | None,
        typer.Option("--input", metavar="FILE", help=phrase("proof.input-option", LANG), readable=False),
    ] = None,
    policies: PolicyFiles = None,
    lang: Language = None,
    map_: Map = None,
    fill: Fill = None,
    mapping: Mapping = None,
) -> int:
    """A report, computed again from its receipt."""
    from ordos_subsidy.cli.verify import verify_report

    return verify_report(report, inputs or [], load(policies), BesideFile(map_, fill, mapping), language_of(lang))


def _answer_page(report: Report, file: Path, *, screen: bool) -> Page:
    """The page of `calc`: what a screen shows first, or everything."""
    from ordos_subsidy.pages import firm_page, first_screen

    if screen and not report.everything:
        return first_screen.page(report, str(file))
    return firm_page.page(report, problems=not screen)
