"""What a user says beside a file (`--map`, `--fill`, `--mapping`), and what is said of its columns in return."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from ordos_subsidy.cli import language
from ordos_subsidy.cli.streams import note
from ordos_subsidy.messages import Lang, phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ordos_subsidy.policy import Policies
    from ordos_subsidy.tables.columns import ColumnUse
    from ordos_subsidy.tables.options import Options


def _help(key: str) -> str:
    return phrase(f"cli.{key}", language(sys.argv[1:]))


Map = Annotated[list[str] | None, typer.Option("--map", metavar="HEADING=FACT", help=_help("map"))]
Fill = Annotated[list[str] | None, typer.Option("--fill", metavar="KEY=VALUE", help=_help("fill"))]
Mapping = Annotated[Path | None, typer.Option("--mapping", metavar="FILE", help=_help("mapping"), readable=False)]
MapOutput = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help=_help("check-output"), readable=False)
]


class BesideFile(NamedTuple):
    """The options of one command, as they were typed."""

    columns: list[str] | None = None
    fill: list[str] | None = None
    mapping: Path | None = None
    year: int | None = None

    def options(self, loaded: Policies) -> Options:
        """The options as `tables` takes them; `Refused` where one is not understood."""
        from ordos_subsidy.tables.options import options

        return options(
            loaded.vocabulary, columns=self.columns or (), fill=self.fill or (), file=self.mapping, year=self.year
        )

    def written(self, loaded: Policies) -> tuple[dict[str, str], dict[str, str]]:
        """Meanings of headings and values for blanks, as a mapping file has them: by the names of the facts."""
        options = self.options(loaded)
        facts = loaded.vocabulary.facts
        columns = {heading: facts[key].title.zh if key else "" for heading, key in options.columns.items()}
        return columns, {facts[key].title.zh: text for key, text in options.written.items()}


def tell_columns(uses: Sequence[ColumnUse], loaded: Policies, lang: Lang) -> None:
    """Three lines on stderr where a column was left unused or a unit assumed."""
    if any(not each.fact or each.assumed for each in uses):
        from ordos_subsidy.pages import input_page

        for line in input_page.columns_in_short(uses, loaded.vocabulary, lang):
            note(line)
