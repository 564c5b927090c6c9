"""A table of firms in, every award and what it costs the city out: `calc` for many, in columns from end to end.

| room | |
|---|---|
| sources, packed | which files are meant, what each of them is, and its sheets in columns |
| reading, grids, cells, sides, joining | files to `Firms`: in columns, and every odd cell as `calc` reads it |
| lookup | codes found among a million others |
| parts, spill | so many firms at a time; what does not fit in memory waits on the disk |
| views, sums | the result tables, and what they add up to |
| waiting | what each award still waits for |
| writing, sheets, documents | the tables as CSV and Parquet, as a workbook, as JSON |
| summary, progress | what a user sees |

Nothing here decides anything: cells are read by `cells`, firms joined by the rules of `firms`, claims judged by
`evaluation`. A firm in a batch comes out exactly as by itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from ordos_subsidy import output
from ordos_subsidy.batch import reading, sources, writing
from ordos_subsidy.batch.parts import ahead, slices
from ordos_subsidy.batch.progress import Progress
from ordos_subsidy.batch.views import Name
from ordos_subsidy.batch.writing import Result
from ordos_subsidy.errors import Problem, Refused, problem
from ordos_subsidy.evaluation import Outcome, evaluate
from ordos_subsidy.policy import Policies
from ordos_subsidy.words import Lang

#: So many firms are judged at a time; of awards, which are many more than firms, there are fewer to a part, and of
#: documents, which have a sentence for every condition, fewer still.
PART, PART_OF_AWARDS, PART_OF_DOCUMENTS = 1_000_000, 100_000, 2_000


@dataclass(frozen=True)
class Job:
    """What to score, how, and where the result goes."""

    files: Sequence[Path]
    events: Sequence[Path]
    out: Path
    policies: Policies
    on: dt.date | None
    year: int | None
    view: Name
    lang: Lang


@dataclass(frozen=True)
class Done:
    """What came of a job."""

    result: Result
    scored: int
    events: int

    @property
    def problems(self) -> list[Problem]:
        """Everything there is to say."""
        return self.result.problems

    @property
    def read(self) -> int:
        """How many firms were read, those left out included."""
        return self.scored + self.result.left_out


def run(job: Job, progress: Progress, *, summed: bool = True) -> Done:
    """Score the firms of some files into a file; raises `Refused` where not one firm can be scored.

    `summed`: what all clauses come to is wanted, whatever the file shows.
    """
    kind = writing.ending(job.out)
    files, events = sources.expanded(job.files, job.out), sources.expanded(job.events, job.out)
    inputs: list[str | Path] = [*files, *events, *job.policies.files]
    output.check(job.out, inputs=inputs)
    progress.step("reading")
    with ExitStack() as stack:
        places = kind not in (".csv", ".parquet") or job.view == "awards"
        words = job.policies.vocabulary
        if reading.fits([*files, *events]):
            size = PART_OF_AWARDS if job.view == "awards" else PART
            found = reading.read_by_parts(files, events, words, size, places=places)
        else:
            folder = stack.enter_context(output.folder_beside(job.out))
            found = reading.read_in_parts(files, events, words, folder, places=places)
        if not found.scored:
            raise Refused([*found.problems, problem("batch.nobody")])
        book, clauses = kind == ".xlsx", job.view == "clauses"
        problems, outcomes = list(found.problems), ahead(_scored(job, found, progress))
        result = Result(
            job.policies,
            outcomes,
            job.lang,
            job.year,
            problems,
            found.left_out,
            by_clause=summed or book or clauses,
            by_year=book or clauses,
            by_place=book,
        )
        with output.replacing(job.out, inputs=inputs) as temporary:
            writing.write(result, temporary, kind, job.view)
    return Done(result, found.scored, found.events)


def _scored(job: Job, found: reading.Read, progress: Progress) -> Iterator[Outcome]:
    """The outcomes of the parts."""
    done = 0
    size = PART_OF_DOCUMENTS if writing.ending(job.out) in (".json", ".jsonl") else PART
    for part in (some for each in found.parts for some in slices(each, size)):
        progress.step("scoring", done, found.scored)
        yield evaluate(job.policies, part, job.on)
        done += len(part)
    progress.step("writing", done, found.scored)
