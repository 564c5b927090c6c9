"""The commands about what could be: `advise`, `plan`, `compare`."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated

import typer

from ordos_subsidy.cli import Exit
from ordos_subsidy.cli.answer_formats import PAINTERS, encoded, is_, renderer_of
from ordos_subsidy.cli.frame import (
    LANG,
    MANY,
    Events,
    File,
    Language,
    On,
    Output,
    PolicyFiles,
    app,
    finish,
    language_of,
    load,
    outcome_of,
    output_file,
    paint,
)
from ordos_subsidy.cli.given import BesideFile, Fill, Map, Mapping
from ordos_subsidy.cli.streams import making, note, tell
from ordos_subsidy.cli.usage import Command, bad, day_of
from ordos_subsidy.messages import phrase

if TYPE_CHECKING:
    from ordos_subsidy.messages import Lang
    from ordos_subsidy.pages.blocks import Page

#: The formats of these answers.
PAGES = ("table", "json", "markdown", "html", "pdf")

PageFormat = Annotated[
    str | None,
    typer.Option("--format", "-f", metavar="FORMAT", help=phrase("cli.format", LANG, known="|".join(PAGES))),
]


@app.command(cls=Command, help=phrase("advice.help", LANG))
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
    everything: Annotated[bool, typer.Option("--all", help=phrase("advice.all", LANG))] = False,
) -> int:
    """What each firm could do next."""
    said, output = language_of(lang), output_file(output)
    renderer = renderer_of(format_, output, PAGES, said)
    outcome = outcome_of(file, load(policies), events, day_of(on, said), BesideFile(map_, fill, mapping))
    if len(outcome.firms) > MANY and is_(renderer, "terminal"):
        note(phrase("advice.many", said, count=len(outcome.firms)))
    from ordos_subsidy.pages import advice_page
    from ordos_subsidy.report.advising import advise as advice_on

    advice = advice_on(outcome, lang=said, everything=everything)
    with making(output):
        if is_(renderer, "json"):
            shown: str | bytes = renderer.advise(advice)
        else:
            shown = painted(renderer, advice_page.page(advice, problems=not is_(renderer, "terminal")), output, said)
    return finish(outcome, encoded(shown, renderer), output, [file, events], said)


def painted(renderer: ModuleType, page: Page, output: Path | None, lang: Lang) -> str | bytes:
    """A page in a format; what a PDF could not show is said."""
    if is_(renderer, *PAINTERS):
        return paint(renderer, page, output)
    data: bytes
    data, problems = renderer.painted(page)
    tell(problems, lang)
    return data


Set = Annotated[list[str] | None, typer.Option("--set", metavar="FACT=VALUE", help=phrase("plan.set", LANG))]
Scenarios = Annotated[
    list[str] | None, typer.Option("--scenario", metavar="NAME: …", help=phrase("plan.scenario", LANG))
]
SweepRange = Annotated[str | None, typer.Option("--sweep", metavar="FACT=FROM..TO", help=phrase("plan.sweep", LANG))]
SweepChart = Annotated[
    Path | None, typer.Option("--chart", metavar="FILE", help=phrase("plan.chart", LANG), readable=False)
]


@app.command(cls=Command, help=phrase("plan.help", LANG))
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
    said, output = language_of(lang), output_file(output)
    renderer = renderer_of(format_, output, PAGES, said)
    if not (set_ or scenarios or range_):
        raise bad("--set", "", said, "needs-change")
    if chart and not range_:
        raise bad("--chart", chart, said, "needs-sweep")
    from ordos_subsidy.cli import changes
    from ordos_subsidy.pages import difference_page
    from ordos_subsidy.report import differences

    loaded = load(policies)
    words = loaded.vocabulary
    meant = changes.scenarios(words, set_ or [], scenarios or [], said)
    wanted = changes.swept_range(words, range_) if range_ else None
    outcome = outcome_of(file, loaded, events, day_of(on, said), BesideFile(map_, fill, mapping))
    with making(output or chart):
        if wanted:
            start = differences.changed(outcome, meant[0]) if meant else outcome
            swept = differences.swept(start, *wanted, lang=said)
            if chart:
                changes.draw(swept, chart, [file, events, *map(Path, outcome.policies.files)])
            page = difference_page.sweep(swept)
            shown = renderer.sweep(swept) if is_(renderer, "json") else painted(renderer, page, output, said)
        else:
            found = differences.planned(outcome, meant, lang=said)
            page = difference_page.page(found, problems=not is_(renderer, "terminal"))
            shown = renderer.compare(found) if is_(renderer, "json") else painted(renderer, page, output, said)
    return finish(outcome, encoded(shown, renderer), output, [file, events], said)


@app.command(cls=Command, help=phrase("plan.compare", LANG))
def compare(
    first: Annotated[
        Path, typer.Argument(metavar="A", help=phrase("plan.first", LANG), show_default=False, readable=False)
    ],
    second: Annotated[
        Path, typer.Argument(metavar="B", help=phrase("plan.second", LANG), show_default=False, readable=False)
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
    said, output = language_of(lang), output_file(output)
    renderer = renderer_of(format_, output, PAGES, said)
    loaded, day, given = load(policies), day_of(on, said), BesideFile(map_, fill, mapping)
    one, other = (outcome_of(file, loaded, None, day, given) for file in (first, second))
    from ordos_subsidy.pages import difference_page
    from ordos_subsidy.report.differences import compared

    labels = (first.name, second.name) if first.name != second.name else (str(first), str(second))
    found = compared(list(zip(labels, (one, other), strict=True)), lang=said)
    with making(output):
        page = difference_page.page(found, problems=not is_(renderer, "terminal"))
        shown = renderer.compare(found) if is_(renderer, "json") else painted(renderer, page, output, said)
    tell(one.firms.problems, said)
    code = finish(other, encoded(shown, renderer), output, [first, second], said)
    return Exit.LEFT_OUT if one.firms.left_out else code
