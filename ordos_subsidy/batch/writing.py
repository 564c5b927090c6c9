"""Results into files: the ending picks the format, each fed part by part, so that what is written need not fit memory.

| ending | holds | written by |
|---|---|---|
| .xlsx | all tables, a sheet each | render.xlsx |
| .csv .parquet | one table | render.csv, render.parquet |
| .json .jsonl | schema 2 of the contract, a firm each, as `calc --format json` has it | render.json |
| .html .md .pdf | the page of all firms | summary, and a painter of render |

The same input gives the same bytes, in whatever parts it came.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Literal

from ordos_subsidy.document import Report
from ordos_subsidy.errors import Refused, problem
from ordos_subsidy.render import json as renderer
from ordos_subsidy.report.answer import calc, frame
from ordos_subsidy.views.result import Result

__all__ = ["ENDINGS", "PAGES", "OneTable", "Result", "ending", "write"]

#: What people read, and the painter of each.
PAGES = {".html": "html", ".md": "markdown", ".pdf": "pdf"}
ENDINGS = (".xlsx", ".csv", ".parquet", ".json", ".jsonl", *PAGES)
OneTable = Literal["firms", "awards", "clauses", "advice"]


def ending(path: Path) -> str:
    """The ending that picks the format; refused where none does."""
    found = path.suffix.lower()
    if found not in ENDINGS:
        raise Refused([problem("batch.ending", str(path))])
    return found


def write(result: Result, path: Path, kind: str, table: OneTable, *, keys: bool = False) -> None:
    """Write the file of a result; what holds one table only holds the one that is named."""
    if kind == ".xlsx":
        from ordos_subsidy.render import xlsx

        xlsx.write(result, path)
    elif kind in (".json", ".jsonl"):
        _documents(result, path, lines=kind == ".jsonl")
    elif kind in PAGES:
        from ordos_subsidy.batch import summary

        painted = import_module(f"ordos_subsidy.render.{PAGES[kind]}").paint(summary.page(result))
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
