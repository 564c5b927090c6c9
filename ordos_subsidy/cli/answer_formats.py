"""Which format an answer is given in: as asked, or by the ending of the file it goes to."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType

from ordos_subsidy.cli.usage import bad
from ordos_subsidy.messages import Lang

ANSWERS = ("table", "json", "csv", "markdown", "html", "xlsx", "pdf", "docx", "ics")
REASONS = ("table", "json", "markdown")
CHECKS = ("table", "json")
_ENDINGS = {
    ".json": "json",
    ".csv": "csv",
    ".md": "markdown",
    ".html": "html",
    ".xlsx": "xlsx",
    ".pdf": "pdf",
    ".docx": "docx",
    ".ics": "ics",
    ".txt": "table",
}
_UNNAMED = ("", ".log")  # a name without an ending, and what programs log
PAINTERS = ("terminal", "markdown", "html")
#: What programs read: the formats of `carriers.MAKERS`.
HANDED = ("json", "html", "pdf", "docx", "xlsx", "ics")
#: Files that no screen shows.
_FILES = ("xlsx", "pdf", "docx")
#: Formats of tables of awards, which `batch` writes too.
TABLES = ("csv", "xlsx")


def renderer_of(wanted: str | None, output: Path | None, known: tuple[str, ...], lang: Lang) -> ModuleType:
    """The renderer of a format: as asked, by the output's ending, or the table where there is none."""
    name = wanted or (_by_ending(output, known) if output else "table")
    if name not in known:
        raise bad("--format", name, lang, "bad-choice", known=", ".join(known))
    if name in ("xlsx", "pdf", "docx") and output is None:
        raise bad("--format", name, lang, "needs-output", format=name)
    return import_module(f"ordos_subsidy.render.{'terminal' if name == 'table' else name}")


def name_of(renderer: ModuleType) -> str:
    """The name of a renderer's module."""
    return renderer.__name__.rpartition(".")[2]


def is_(renderer: ModuleType, *names: str) -> bool:
    """Whether a renderer is one of these modules."""
    return name_of(renderer) in names


def _by_ending(output: Path, known: tuple[str, ...]) -> str:
    """The format that an ending stands for; a file that is not what its name says is worse than none."""
    from ordos_subsidy.errors import Refused, problem

    ending = output.suffix.lower()
    name = "table" if ending in _UNNAMED else _ENDINGS.get(ending)
    if name not in known:
        endings = [each for each, format_ in _ENDINGS.items() if format_ in known]
        raise Refused([problem("cli.ending", str(output), known=", ".join(endings))])
    return name


def encoded(shown: str | bytes, renderer: ModuleType) -> str | bytes:
    """What programs read is UTF-8 wherever it goes; what eyes read is left to the terminal."""
    return shown.encode() if isinstance(shown, str) and is_(renderer, *HANDED) else shown
