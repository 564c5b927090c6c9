"""The commands `calc`, `explain`, `batch`, `template` and `clauses`: read, evaluate, render.

Each imports what it needs when it runs: `calc` starts through this module.
"""

from __future__ import annotations

import gc
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ordos_subsidy.cli import Exit
from ordos_subsidy.cli.commands import VIEWS
from ordos_subsidy.cli.request import HANDED, MANY, PAINTERS, Request, tell_columns
from ordos_subsidy.cli.streams import deliver, note, show, tell
from ordos_subsidy.cli.usage import bad
from ordos_subsidy.messages import phrase
from ordos_subsidy.output import making

if TYPE_CHECKING:
    from ordos_subsidy.evaluation import Outcome


def calc(asked: Request) -> int:
    """Awards of every firm in a file."""
    form, said, year, renderer = asked.form, asked.said, asked.calendar_year, asked.renderer
    if asked.keys and form != "csv":
        raise bad("--keys", form, said, "only-csv")
    outcome = asked.outcome()
    if asked.chart:
        _draw(outcome, asked.chart, asked)
    if form == "csv" or (form == "xlsx" and asked.bare):
        from ordos_subsidy.views import result

        with making(asked.target):
            table = result.of_outcome(outcome, said, year)
            made = renderer.render(table, keys=True) if asked.keys else renderer.render(table)
        tell((each for _, each in result.repeats(outcome, said)), said)
        return asked.finish(outcome, made)
    from ordos_subsidy.report.answer import calc as answer

    report = answer(outcome, lang=said, year=year, everything=asked.everything)
    if len(report.firms) > MANY and form == "table":
        note(phrase("cli.batch-hint", said, count=len(report.firms)))
    with making(asked.target):
        if form in HANDED:
            from ordos_subsidy import verification

            handed = verification.made(outcome, report, form, bare=asked.bare)
            shown: str | bytes = handed.data
            tell(handed.problems, said)
        elif form == "table" and not asked.everything:
            from ordos_subsidy.pages import first_screen

            shown = asked.painted(first_screen.page(report, str(asked.file)))
        else:
            from ordos_subsidy.pages import firm_page

            shown = asked.painted(firm_page.page(report, problems=form != "table"))
    tell((each for firm in report.firms for each in firm.problems), said)
    return asked.finish(outcome, shown)


def _draw(outcome: Outcome, path: Path, asked: Request) -> None:
    """Write the charts of all firms into a file, .svg or .png."""
    from ordos_subsidy.carriers import picture
    from ordos_subsidy.report.answer import calc as answer

    with making(path):
        drawn = picture(answer(outcome, lang=asked.said, year=asked.calendar_year), path)
    deliver(drawn, path, asked.sources(), asked.said)


def explain(asked: Request) -> int:
    """Why each award applies or does not."""
    form, renderer, outcome = asked.form, asked.renderer, asked.outcome()
    from ordos_subsidy.report.explaining import explain as reasons

    explanation = reasons(
        outcome, lang=asked.said, measure=asked.measure, everything=asked.everything, witness=asked.witness
    )
    if form not in PAINTERS:
        return asked.finish(outcome, renderer.explain(explanation))
    from ordos_subsidy.pages import clause_page

    return asked.finish(outcome, asked.painted(clause_page.explained(explanation, problems=form != "table")))


def batch(asked: Request) -> int:
    """A whole table of firms, scored into a file; what it comes to is said."""
    said, out, day, year = asked.said, asked.output, asked.day, asked.calendar_year
    if asked.keys and (out is None or out.suffix.lower() != ".csv"):
        raise bad("--keys", out, said, "only-csv")
    if asked.view not in VIEWS:
        raise bad("--view", asked.view, said, "bad-choice", known=", ".join(VIEWS))
    loaded = asked.loaded
    from ordos_subsidy.batch import Job, run
    from ordos_subsidy.batch.progress import Progress
    from ordos_subsidy.batch.summary import summary
    from ordos_subsidy.errors import Refused, warning

    gc.freeze()  # what is loaded stays
    gc.enable()  # unlike the other commands, this one may run long
    view, quiet = cast("Any", asked.view), asked.quiet and out is not None
    job = Job(asked.files, asked.events or [], out, loaded, day, year, view, said, asked.options(), asked.keys)
    began = time.monotonic()
    with Progress(said, wanted=not quiet) as progress:
        done = run(job, progress, summed=not quiet)
    tell_columns(done.uses, loaded, said)
    tell(done.problems, said)
    if not quiet:
        try:
            show(summary(done.result, done.scored, done.events, done.firms))
        except Refused as refused:  # the file is written by now: a stdout that is gone takes nothing of it back
            tell([warning("batch.unseen", detail=dict(refused.problems[0].params)["detail"])], said)
        if out:
            note(phrase("cli.written", said, path=out))
        note(phrase("batch.took", said, seconds=f"{time.monotonic() - began:.1f}"))
    failed = done.result.left_out or any(each.severity == "error" for each in done.problems)
    return Exit.LEFT_OUT if failed else Exit.ANSWERED


def template(asked: Request) -> None:
    """A blank input book or TOML file."""
    from ordos_subsidy import templates
    from ordos_subsidy.errors import Refused, problem

    out = asked.out
    if out.suffix.lower() not in (".xlsx", ".toml"):
        raise Refused([problem("cli.template-ending", str(out))])
    if out.exists() and not asked.force:
        raise Refused([problem("cli.exists", str(out))])
    maker = templates.workbook if out.suffix.lower() == ".xlsx" else templates.toml
    loaded = asked.loaded
    with making(out):
        made: str | bytes = maker(loaded, lang=asked.said, table=asked.table)
    deliver(made, out, asked.sources(), asked.said)


def clauses(asked: Request) -> None:
    """The policy: all clauses and how each is treated."""
    from ordos_subsidy.report.plan import plan

    form, renderer = asked.form, asked.renderer
    found = plan(asked.loaded, lang=asked.said, number=asked.number)
    if form not in PAINTERS:
        asked.deliver(renderer.clauses(found))
        return
    from ordos_subsidy.pages import clause_page

    asked.deliver(asked.painted(clause_page.clauses(found, whole=form != "table")))
