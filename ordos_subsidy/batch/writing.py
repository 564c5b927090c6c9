"""Results into files: the ending picks the format, each fed part by part, so that what is written need not fit memory.

| ending | holds | written by |
|---|---|---|
| .xlsx | all tables, a sheet each | render.xlsx |
| .csv .parquet | one table | render.csv, render.parquet |
| .json .jsonl | schema 2 of the contract, a firm each | documents |
| .html .md .pdf | the page of all firms | firms_page, and a painter of render |

The same input gives the same bytes, in whatever parts it came.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Literal

from ordos_subsidy.errors import Refused, problem
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
        from ordos_subsidy.batch import documents

        documents.write(result, path, lines=kind == ".jsonl")
    elif kind in PAGES:
        from ordos_subsidy.batch import firms_page

        painted = import_module(f"ordos_subsidy.render.{PAGES[kind]}").paint(firms_page.page(result))
        path.write_bytes(painted if isinstance(painted, bytes) else painted.encode())
    elif kind == ".csv":
        from ordos_subsidy.render import csv

        with path.open("wb") as file:
            csv.write(result.table(table, keyed=keys), file, result.lang, keys=keys)
    else:
        from ordos_subsidy.render import parquet

        parquet.write(result.table(table, keyed=True), path)
