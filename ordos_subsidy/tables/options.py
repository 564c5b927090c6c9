"""What a user says about a table that does not say it itself: meanings of headings, facts for all, the year.

A mapping file is TOML: `[columns]` gives headings the key or the name of a fact ("" passes a column over), `[fill]`
gives facts to every firm that leaves them blank. `check` can write one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ordos_subsidy import cells
from ordos_subsidy.cells.fact_types import quoted
from ordos_subsidy.cells.spelling import shown
from ordos_subsidy.errors import Problem, Refused, did_you_mean, problem
from ordos_subsidy.files import guard, text
from ordos_subsidy.tables.headings import Headings

if TYPE_CHECKING:
    import os

    from ordos_subsidy.facts import Fact, Of, Vocabulary

COLUMNS, FILL = "columns", "fill"


@dataclass(frozen=True)
class Options:
    """Meanings of headings (a fact's key, "" for none), what blanks stand for by fact, and the year wanted."""

    columns: Mapping[str, str] = field(default_factory=dict)
    fill: Mapping[str, cells.Value] = field(default_factory=dict)
    year: int | None = None
    #: What blanks stand for, as it was written.
    written: Mapping[str, str] = field(default_factory=dict)
    #: The headings that were typed with a fact, and must be in the files.
    typed: tuple[str, ...] = ()


def options(
    vocabulary: Vocabulary,
    *,
    columns: Sequence[str] = (),
    fill: Sequence[str] = (),
    file: str | os.PathLike[str] | None = None,
    year: int | None = None,
) -> Options:
    """The options of a command: `HEADING=FACT` and `KEY=VALUE`, over those of a mapping file.

    Raises `Refused` with everything that is not understood.
    """
    maker = _OptionsMaker(vocabulary)
    if file is not None:
        maker.take(guard.open_file(file))
    pairs = [(each, *map(str.strip, each.rpartition("=")[::2])) for each in columns]
    for each, heading, name in pairs:
        maker.column(heading, name, f"--map {shown(each)}")
    maker.assign(fill, "--fill")
    return Options(maker.columns, maker.fill, year, maker.written, tuple(heading for _, heading, name in pairs if name))


def assigned(vocabulary: Vocabulary, entries: Sequence[str], option: str) -> dict[str, cells.Value]:
    """The values that `KEY=VALUE` gives facts of a firm; `Refused` with everything that is not understood."""
    maker = _OptionsMaker(vocabulary)
    maker.assign(entries, option)
    return maker.fill


class _OptionsMaker:
    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary, self._headings = vocabulary, Headings(vocabulary)
        self.columns: dict[str, str] = {}
        self.fill: dict[str, cells.Value] = {}
        self.written: dict[str, str] = {}
        self.problems: list[Problem] = []

    def assign(self, entries: Sequence[str], option: str) -> None:
        """Take the `KEY=VALUE` of an option, the last; raise `Refused` with all that was not understood so far."""
        for each in entries:
            key, _, value = each.partition("=")
            self.blank(key.strip(), value.strip(), f"{option} {shown(each)}")
        if self.problems:
            raise Refused(self.problems)

    def take(self, file: guard.InputFile) -> None:
        """The entries of a mapping file."""
        add: dict[str, Callable[[str, Any, str], None]] = {COLUMNS: self.column, FILL: self.blank}
        for part, entries in text.toml_table(file.data, file.name).items():
            is_known = part in add and isinstance(entries, dict)
            if not is_known:
                self.problems.append(problem("fields.mapping_table", f"{file.name}: {part}", key=shown(part)))
            for key, value in entries.items() if is_known else ():
                add[part](key, value, f"{file.name}: {part}.{shown(key)}")

    def column(self, heading: str, name: object, where: str) -> None:
        """Give a heading the meaning of a fact, or none."""
        fact = self._fact(str(name), "firm") or self._fact(str(name), "event")
        if heading and (fact or name == ""):
            self.columns[heading] = fact.key if fact else ""
        else:
            self._unknown(str(name), where)

    def blank(self, key: str, value: object, where: str) -> None:
        """Give a fact to every firm that leaves it blank."""
        fact = self._fact(key, "firm")
        if fact is None or fact.role in {"name", "id"}:
            self._unknown(key, where)
            return
        read = cells.read(fact, value, vocabulary=self._vocabulary)
        if read.value is None:
            found = read.problem or problem("fields.fill_blank", fact=fact.title.zh, fact_en=fact.title.en)
            self.problems.append(Problem(found.code, where, found.params))
            return
        self.fill[fact.key], self.written[fact.key] = read.value, str(value)

    def _fact(self, name: str, of: Of) -> Fact | None:
        heading = self._headings.find(of, name)
        return heading.fact if heading else None

    def _unknown(self, name: str, where: str) -> None:
        near = did_you_mean(name, [*self._vocabulary.names("firm"), *self._vocabulary.names("event")])
        code = "fields.no_such_fact_near" if near else "fields.no_such_fact"
        self.problems.append(problem(code, where, given=shown(name), near=near))


def mapping_toml(columns: Mapping[str, str], fill: Mapping[str, str]) -> str:
    """A mapping file as text.

    >>> print(mapping_toml({"2022年研发费用": "研发投入"}, {}), end="")
    [columns]
    "2022年研发费用" = "研发投入"
    """
    blocks = []
    for name, entries in ((COLUMNS, columns), (FILL, fill)):
        lines = (f"{quoted(key)} = {quoted(value)}\n" for key, value in entries.items())
        blocks += [f"[{name}]\n" + "".join(lines)] if entries else []
    return "\n".join(blocks)
