"""The command `batch`: score a table of firms into a file, and say what it comes to."""

from __future__ import annotations

import sys
import time

from ordos_subsidy.batch import Done, Job, run
from ordos_subsidy.batch.progress import Progress
from ordos_subsidy.batch.summary import summary
from ordos_subsidy.cli import Exit
from ordos_subsidy.cli.given import tell_columns
from ordos_subsidy.cli.streams import colourful, deliver, note, tell, width
from ordos_subsidy.errors import Refused, warning
from ordos_subsidy.messages import Lang, phrase
from ordos_subsidy.render import terminal


def score(job: Job, *, quiet: bool) -> int:
    """Run a job; the exit code."""
    began = time.monotonic()
    with Progress(job.lang, wanted=not quiet) as progress:
        done = run(job, progress, summed=not quiet)
    tell_columns(done.uses, job.policies, job.lang)
    tell(done.problems, job.lang)
    if not quiet:
        page = summary(done.result, done.scored, done.events, done.firms)
        _show(terminal.paint(page, width=width(), colour=colourful(sys.stdout)), job.lang)
        if job.out:
            note(phrase("cli.written", job.lang, path=job.out))
        note(phrase("batch.took", job.lang, seconds=f"{time.monotonic() - began:.1f}"))
    return Exit.LEFT_OUT if _failed(done) else Exit.ANSWERED


def _show(text: str, lang: Lang) -> None:
    """The summary, on stdout; the file is written by now, and a stdout that is gone takes nothing of it back."""
    try:
        deliver(text, None, (), lang)
    except Refused as refused:
        detail = dict(refused.problems[0].params)["detail"]
        tell([warning("batch.unseen", detail=detail)], lang)


def _failed(done: Done) -> bool:
    return bool(done.result.left_out) or any(each.severity == "error" for each in done.problems)
