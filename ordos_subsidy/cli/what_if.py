"""The commands about what could be: `advise`, `plan`, `compare`."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated

import typer

from ordos_subsidy.cli import Exit, language
from ordos_subsidy.cli.answer_formats import PAINTERS, encoded, is_, renderer_of
from ordos_subsidy.cli.commands import (
    _MANY,
    Events,
    File,
    Language,
    On,
    Output,
    PolicyFiles,
    _done,
    _file,
    _lang,
    _load,
    _outcome,
    _paint,
    app,
)
from ordos_subsidy.cli.given import BesideFile, Fill, Map, Mapping
from ordos_subsidy.cli.streams import making, note, tell
from ordos_subsidy.cli.usage import Command, bad, day_of
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
    if len(outcome.firms) > _MANY and is_(renderer, "terminal"):
        note(phrase("advice.many", said, count=len(outcome.firms)))
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


Set = Annotated[list[str] | None, typer.Option("--set", metavar="FACT=VALUE", help=phrase("plan.set", _LANG))]
Scenarios = Annotated[
    list[str] | None, typer.Option("--scenario", metavar="NAME: …", help=phrase("plan.scenario", _LANG))
]
SweepRange = Annotated[str | None, typer.Option("--sweep", metavar="FACT=FROM..TO", help=phrase("plan.sweep", _LANG))]
SweepChart = Annotated[
    Path | None, typer.Option("--chart", metavar="FILE", help=phrase("plan.chart", _LANG), readable=False)
]


@app.command(cls=Command, help=phrase("plan.help", _LANG))
def plan(
    file: File,
    set_: Set = None,
    scenarios: Scenarios = None,
    range_: SweepRange = None,
    chart: SweepChart = None,
    policies: PolicyFiles = None,
    events: Events = None,
    on: On = None,
    format_: PageFormat = None,
    output: Output = None,
    lang: Language = None,
    map_: Map = None,
    fill: Fill = None,
    mapping: Mapping = None,
) -> int:
    """What if some facts were otherwise."""
    said, output = _lang(lang), _file(output)
    renderer = renderer_of(format_, output, PAGES, said)
    if not (set_ or scenarios or range_):
        raise bad("--set", "", said, "needs-change")
    if chart and not range_:
        raise bad("--chart", chart, said, "needs-sweep")
    from ordos_subsidy.cli import changes
    from ordos_subsidy.pages import difference_page, sweep_page
    from ordos_subsidy.report import planning

    words = _load(policies).vocabulary
    meant = changes.scenarios(words, set_ or [], scenarios or [], said)
    wanted = changes.swept_range(words, range_) if range_ else None
    outcome = _outcome(file, policies, events, day_of(on, said), BesideFile(map_, fill, mapping))
    with making(output or chart):
        if wanted:
            start = planning.changed(outcome, meant[0]) if meant else outcome
            swept = planning.swept(start, *wanted, lang=said)
            if chart:
                changes.draw(swept, chart, [file, events, *map(Path, outcome.policies.files)])
            page = sweep_page.page(swept)
            shown = renderer.sweep(swept) if is_(renderer, "json") else painted(renderer, page, output, said)
        else:
            found = planning.planned(outcome, meant, lang=said)
            page = difference_page.page(found, problems=not is_(renderer, "terminal"))
            shown = renderer.compare(found) if is_(renderer, "json") else painted(renderer, page, output, said)
    return _done(outcome, encoded(shown, renderer), output, [file, events], said)


@app.command(cls=Command, help=phrase("plan.compare", _LANG))
def compare(
    first: Annotated[
        Path, typer.Argument(metavar="A", help=phrase("plan.first", _LANG), show_default=False, readable=False)
    ],
    second: Annotated[
        Path, typer.Argument(metavar="B", help=phrase("plan.second", _LANG), show_default=False, readable=False)
    ],
    policies: PolicyFiles = None,
    on: On = None,
    format_: PageFormat = None,
    output: Output = None,
    lang: Language = None,
    map_: Map = None,
    fill: Fill = None,
    mapping: Mapping = None,
) -> int:
    """Two files side by side."""
    said, output = _lang(lang), _file(output)
    renderer = renderer_of(format_, output, PAGES, said)
    day, given = day_of(on, said), BesideFile(map_, fill, mapping)
    one, other = (_outcome(file, policies, None, day, given) for file in (first, second))
    from ordos_subsidy.pages import difference_page
    from ordos_subsidy.report.planning import compared

    labels = (first.name, second.name) if first.name != second.name else (str(first), str(second))
    found = compared(list(zip(labels, (one, other), strict=True)), lang=said)
    with making(output):
        page = difference_page.page(found, problems=not is_(renderer, "terminal"))
        shown = renderer.compare(found) if is_(renderer, "json") else painted(renderer, page, output, said)
    tell(one.firms.problems, said)
    code = _done(other, encoded(shown, renderer), output, [first, second], said)
    return Exit.LEFT_OUT if one.firms.left_out else code
