"""The commands about what could be: `advise`, `plan`, `compare`."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated

import typer

from ordos_subsidy.cli import language
from ordos_subsidy.cli.answer_formats import PAINTERS, encoded, is_, renderer_of
from ordos_subsidy.cli.commands import (
    Events,
    File,
    Language,
    On,
    Output,
    PolicyFiles,
    _done,
    _file,
    _lang,
    _outcome,
    _paint,
    app,
)
from ordos_subsidy.cli.given import BesideFile, Fill, Map, Mapping
from ordos_subsidy.cli.streams import making, tell
from ordos_subsidy.cli.usage import Command, day_of
from ordos_subsidy.messages import phrase

if TYPE_CHECKING:
    from ordos_subsidy.messages import Lang
    from ordos_subsidy.pages.blocks import Page

__all__ = ["app"]

#: The formats of these answers.
PAGES = ("table", "json", "markdown", "html", "pdf")
_LANG = language(sys.argv[1:])

PageFormat = Annotated[
    str | None,
    typer.Option("--format", "-f", metavar="FORMAT", help=phrase("cli.format", _LANG, known="|".join(PAGES))),
]


@app.command(cls=Command, help=phrase("advice.help", _LANG))
def advise(
    file: File,
    policies: PolicyFiles = None,
    events: Events = None,
    on: On = None,
    format_: PageFormat = None,
    output: Output = None,
    lang: Language = None,
    map_: Map = None,
    fill: Fill = None,
    mapping: Mapping = None,
    everything: Annotated[bool, typer.Option("--all", help=phrase("advice.all", _LANG))] = False,
) -> int:
    """What each firm could do next."""
    said, output = _lang(lang), _file(output)
    renderer = renderer_of(format_, output, PAGES, said)
    outcome = _outcome(file, policies, events, day_of(on, said), BesideFile(map_, fill, mapping))
    from ordos_subsidy.pages import advice_page
    from ordos_subsidy.report.advising import advise as advice_on

    advice = advice_on(outcome, lang=said, everything=everything)
    with making(output):
        if is_(renderer, "json"):
            shown: str | bytes = renderer.advise(advice)
        else:
            shown = painted(renderer, advice_page.page(advice, problems=not is_(renderer, "terminal")), output, said)
    return _done(outcome, encoded(shown, renderer), output, [file, events], said)


def painted(renderer: ModuleType, page: Page, output: Path | None, lang: Lang) -> str | bytes:
    """A page in a format; what a PDF could not show is said."""
    if is_(renderer, *PAINTERS):
        return _paint(renderer, page, output)
    data: bytes
    data, problems = renderer.painted(page)
    tell(problems, lang)
    return data
