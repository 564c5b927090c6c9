"""The option `--chart`: the charts of a report alone, as a picture."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ordos_subsidy.cli import language
from ordos_subsidy.cli.streams import deliver, making
from ordos_subsidy.messages import Lang, phrase

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ordos_subsidy.evaluation import Outcome

ChartFile = Annotated[
    Path | None,
    typer.Option("--chart", metavar="FILE", help=phrase("proof.chart", language(sys.argv[1:])), readable=False),
]


def draw(outcome: Outcome, path: Path, year: int | None, lang: Lang, inputs: Iterable[Path | None]) -> None:
    """Write the charts of all firms into a file, .svg or .png."""
    from ordos_subsidy.carriers import picture
    from ordos_subsidy.report.answer import calc

    with making(path):
        drawn = picture(calc(outcome, lang=lang, year=year), path)
    deliver(drawn, path, [*filter(None, inputs), *map(Path, outcome.policies.files)], lang)
