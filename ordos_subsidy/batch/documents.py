"""The result as JSON: schema 2 of the contract, one document (.json) or one line a firm (.jsonl).

A firm's document is exactly what `calc --format json` says of it, on one line. It is written as it is made, so
that memory does not grow with the batch; for a million firms, Parquet is the format.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ordos_subsidy.batch.writing import Result
from ordos_subsidy.document import Report
from ordos_subsidy.render import json as renderer
from ordos_subsidy.report.answer import calc
from ordos_subsidy.report.plan import footnotes, source


def write(result: Result, path: Path, *, lines: bool) -> None:
    """Write the documents of all firms."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        texts = (text for report in _reports(result) for text in renderer.lines(report))
        if lines:
            file.writelines(text + "\n" for text in texts)
            return
        file.write(_inside(renderer.dumps(renderer.head(_frame(result)))) + ',\n  "firms": [')
        separator = "\n    "
        for text in texts:
            file.write(separator + text)
            separator = ",\n    "
        file.write("\n  ],\n" if separator.startswith(",") else "],\n")
        foot = renderer.dumps(renderer.foot(_frame(result)))
        file.write(foot.removeprefix("{\n") + "\n")


def _inside(document: str) -> str:
    """An object's text without its closing bracket."""
    return document.removesuffix("\n}")


def _frame(result: Result) -> Report:
    """The answer around the firms."""
    return Report(
        lang=result.lang,
        source=source(result.policies, result.lang),
        year=result.year,
        everything=False,
        firms=(),
        problems=tuple(result.problems),
        footnotes=footnotes(result.policies, result.lang),
        omitted=result.omitted,
    )


def _reports(result: Result) -> Iterator[Report]:
    for scored in result.scored():
        yield calc(scored.outcome, lang=result.lang, year=result.year)
