"""A table of firms in, every award and what it costs the city out: `calc` for many, in columns from end to end.

Nothing here decides anything: files are read by `tables`, claims judged by `evaluation`. A firm in a batch comes out
exactly as by itself. The ending of a file picks its format; each is fed part by part, so that what is written need not
fit memory, and the same input gives the same bytes, in whatever parts it came.

| ending | holds | written by |
|---|---|---|
| .xlsx | all tables, a sheet each | render.xlsx |
| .csv .parquet | one table | render.csv, render.parquet |
| .json .jsonl | schema 2 of the contract, a firm each, as `calc --format json` has it | render.json |
| .html .md .pdf | the page of all firms | summary, and a painter of render |
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Literal, TypeVar

import polars as pl

from ordos_subsidy import output, tables
from ordos_subsidy.batch.progress import Progress
from ordos_subsidy.document import Report
from ordos_subsidy.errors import Problem, Refused, problem, warning
from ordos_subsidy.evaluation import Outcome, evaluate
from ordos_subsidy.files.guard import is_own_result, shown
from ordos_subsidy.messages import Lang
from ordos_subsidy.policy import Policies
from ordos_subsidy.render import json as renderer
from ordos_subsidy.report.answer import calc, frame
from ordos_subsidy.tables.columns import ColumnUse
from ordos_subsidy.tables.firms import Firms
from ordos_subsidy.tables.options import Options
from ordos_subsidy.views.fields import View
from ordos_subsidy.views.result import LISTED, Result

#: So many firms are judged at a time; of awards, which are many more than firms, there are fewer to a part, and of
#: documents and hints, which have a sentence for every condition, fewer still.
PART, PART_OF_AWARDS, PART_OF_DOCUMENTS = 1_000_000, 100_000, 2_000
#: The endings of tables in a folder.
_INPUTS = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".parquet", ".toml"}
#: What people read, and the painter of each.
_PAGES = {".html": "html", ".md": "markdown", ".pdf": "pdf"}
_OUTPUTS = (".xlsx", ".csv", ".parquet", ".json", ".jsonl", *_PAGES)
OneTable = Literal["firms", "awards", "clauses", "advice"]

Item = TypeVar("Item")


@dataclass(frozen=True)
class Job:
    """What to score, how, and where the result goes."""

    files: Sequence[Path]
    events: Sequence[Path]
    #: None: the result is for the screen.
    out: Path | None
    policies: Policies
    on: dt.date | None
    year: int | None
    view: OneTable
    lang: Lang
    options: Options | None = None
    #: CSV for programs: keys and yuan, whatever the language.
    keys: bool = False


@dataclass(frozen=True)
class Done:
    """What came of a job."""

    result: Result
    scored: int
    events: int
    #: The firms with their totals, or what they just miss, where they are for the screen.
    firms: View | None = None
    #: What was made of each column of the files.
    uses: tuple[ColumnUse, ...] = ()

    @property
    def problems(self) -> list[Problem]:
        """Everything there is to say."""
        return [*self.result.problems, *(each for _, each in self.result.of_firms)]


def run(job: Job, progress: Progress, *, summed: bool = True) -> Done:
    """Score the firms of some files into a file, or for the screen; `Refused` where not one firm can be scored.

    `summed`: what all clauses come to is wanted, whatever the file shows.
    """
    kind = ending(job.out) if job.out else ""
    over: list[Problem] = []
    files, events = expanded(job.files, job.out, over), expanded(job.events, job.out, over)
    inputs: list[str | Path] = [*files, *events, *job.policies.files]
    if job.out:
        output.check(job.out, inputs=inputs)
    progress.step("reading")
    places = kind not in (".csv", ".parquet") or job.view == "awards"
    firms = tables.read_firms(files, events, job.policies, places=places, options=job.options)
    problems, scored, claims = list(dict.fromkeys((*over, *firms.problems))), len(firms), firms.events.height
    if not scored:
        raise Refused([*problems, problem("batch.nobody")])
    in_full = kind in (".xlsx", *_PAGES) or job.view == "clauses"
    result = Result(
        job.policies,
        ahead(_scored(job, firms, progress)),
        job.lang,
        job.year,
        problems,
        firms.omitted,
        summed=summed or in_full,
        in_full=in_full,
        listed=scored <= LISTED,
        advised=job.view == "advice",
    )
    uses = firms.uses
    del firms  # the parts hold what they need
    if job.out is None:
        tables_ = list(result.table("advice" if job.view == "advice" else "firms"))
        shown_ = replace(tables_[0], frame=pl.concat([each.frame for each in tables_]))
        return Done(result, scored, claims, shown_, uses)
    with output.replacing(job.out, inputs=inputs) as temporary:
        _write(result, temporary, kind, job.view, keys=job.keys)
    return Done(result, scored, claims, uses=uses)


def expanded(paths: Sequence[Path], out: Path | None, said: list[Problem] | None = None) -> list[Path]:
    """The files that are meant: a folder stands for its tables, by name, without the result and temporary files."""
    files: list[Path] = []
    for path in paths:
        if not path.is_dir():
            files.append(path)
            continue
        found = [each for each in sorted(path.iterdir()) if each.suffix.lower() in _INPUTS and each.is_file()]
        result = out.resolve() if out else None
        found = [each for each in found if not each.name.startswith(("~$", ".")) and each.resolve() != result]
        found = [each for each in found if said is None or not _passed_over(each, said)]
        if not found:
            raise Refused([problem("batch.folder_empty", shown(path))])
        files += found
    return files


def _passed_over(path: Path, said: list[Problem]) -> bool:
    """Whether a file of a folder is the result of an earlier run, which is said."""
    try:
        with path.open("rb") as file:
            own = is_own_result(file)
    except OSError:  # reading it says why
        return False
    if own:
        said.append(warning("batch.own_result", shown(path)))
    return own


def ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The same items, of which the next one is made while one is in use."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = pool.submit(next, items, None)
            yield item


def _scored(job: Job, firms: Firms, progress: Progress) -> Iterator[Outcome]:
    """The outcomes of the parts."""
    documents = job.view == "advice" or (job.out is not None and ending(job.out) in (".json", ".jsonl"))
    size = PART_OF_DOCUMENTS if documents else PART_OF_AWARDS if job.view == "awards" else PART
    done, scored = 0, len(firms)
    for part in firms.parts(size):
        progress.step("scoring", done, scored)
        yield evaluate(job.policies, part, job.on)
        done += len(part)
    progress.step("writing", done, scored)


# --- files


def ending(path: Path) -> str:
    """The ending that picks the format; refused where none does."""
    found = path.suffix.lower()
    if found not in _OUTPUTS:
        raise Refused([problem("batch.ending", str(path))])
    return found


def _write(result: Result, path: Path, kind: str, table: OneTable, *, keys: bool = False) -> None:
    """Write the file of a result; what holds one table only holds the one that is named."""
    if kind == ".xlsx":
        from ordos_subsidy.render import xlsx

        xlsx.write(result, path)
    elif kind in (".json", ".jsonl"):
        _documents(result, path, lines=kind == ".jsonl")
    elif kind in _PAGES:
        from ordos_subsidy.batch import summary

        painted = import_module(f"ordos_subsidy.render.{_PAGES[kind]}").paint(summary.page(result))
        path.write_bytes(painted if isinstance(painted, bytes) else painted.encode())
    elif kind == ".csv":
        from ordos_subsidy.render import csv

        with path.open("wb") as file:
            csv.write(result.table(table, keyed=keys), file, result.lang, keys=keys)
    else:
        from ordos_subsidy.render import parquet

        parquet.write(result.table(table, keyed=True), path)


def _documents(result: Result, path: Path, *, lines: bool) -> None:
    """Write the documents of all firms, each on one line, as they are made: memory does not grow with the batch."""
    reports = (calc(scored.outcome, lang=result.lang, year=result.year) for scored in result.scored())
    texts = (text for report in reports for text in renderer.lines(report))
    with path.open("w", encoding="utf-8", newline="\n") as file:
        if lines:
            file.writelines(text + "\n" for text in texts)
            return
        head = renderer.dumps(renderer.head(_frame(result)))
        file.write(head.removesuffix("\n}") + ',\n  "firms": [')
        separator = "\n    "
        for text in texts:
            file.write(separator + text)
            separator = ",\n    "
        file.write("\n  ],\n" if separator.startswith(",") else "],\n")
        foot = renderer.dumps(renderer.foot(_frame(result)))
        file.write(foot.removeprefix("{\n") + "\n")


def _frame(result: Result) -> Report:
    """The answer around the firms."""
    return frame(result.policies, result.lang, result.year, result.problems, result.omitted)
