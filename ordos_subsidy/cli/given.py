"""What a user says beside a file (`--map`, `--fill`, `--mapping`), and what is said of its columns in return."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ordos_subsidy.cli.streams import note
from ordos_subsidy.messages import Lang

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ordos_subsidy.policy import Policies
    from ordos_subsidy.tables.columns import ColumnUse
    from ordos_subsidy.tables.options import Options


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
        from ordos_subsidy.pages import column_page

        for line in column_page.summary_lines(uses, loaded.vocabulary, lang):
            note(line)
