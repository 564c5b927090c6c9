"""The command `batch`: score a table of firms into a file, and say what it comes to."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Sequence

from ordos_subsidy.batch import Done, Job, run
from ordos_subsidy.batch.progress import Progress
from ordos_subsidy.batch.summary import summary
from ordos_subsidy.cli import Exit
from ordos_subsidy.cli.streams import colourful, deliver, note, tell, width
from ordos_subsidy.errors import Problem, Refused, warning
from ordos_subsidy.messages import Lang, phrase
from ordos_subsidy.render import terminal

#: More messages than these help nobody on a screen. Errors name the firms that were left out.
_ERRORS, _WARNINGS = 1000, 20


def score(job: Job, *, quiet: bool) -> int:
    """Run a job; the exit code."""
    began = time.monotonic()
    with Progress(job.lang, wanted=not quiet) as progress:
        done = run(job, progress, summed=not quiet)
    _tell(done.problems, job.lang)
    if not quiet:
        page = summary(done.result, done.read, done.scored, done.events, done.firms)
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


def _tell(found: Sequence[Problem], lang: Lang) -> None:
    """The errors, some warnings, and how many there are in all."""
    each_once = list(dict.fromkeys(found))
    errors = [each for each in each_once if each.severity == "error"]
    warnings = [each for each in each_once if each.severity != "error"]
    shown = [*errors[:_ERRORS], *warnings[:_WARNINGS]]
    tell(shown, lang)
    if len(each_once) > len(shown):
        counts = Counter(each.severity for each in each_once)
        note(phrase("batch.more_problems", lang, count=len(each_once) - len(shown)))
        note(phrase("batch.problem_counts", lang, errors=counts["error"], warnings=counts["warning"]))
