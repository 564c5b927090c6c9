"""The commands that talk: `ask` with a person at a terminal, `mcp` with a program."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ordos_subsidy.cli import Exit
from ordos_subsidy.cli.commands import calc
from ordos_subsidy.cli.frame import LANG, Language, On, PolicyFiles, app, language_of, load
from ordos_subsidy.cli.usage import Command, day_of
from ordos_subsidy.messages import phrase


@app.command(cls=Command, help=phrase("ask.help", LANG))
def ask(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help=phrase("ask.output", LANG), readable=False)
    ] = None,
    resume: Annotated[
        Path | None, typer.Option("--resume", metavar="FILE", help=phrase("ask.resume", LANG), readable=False)
    ] = None,
    policies: PolicyFiles = None,
    on: On = None,
    lang: Language = None,
) -> int:
    """An interview in the terminal."""
    said = language_of(lang)
    from ordos_subsidy.cli.ask import Talk

    talk = Talk(load(policies), said, day_of(on, said), output, resume)
    talk.run()
    return calc(talk.target, policies=policies, on=on, lang=lang) if talk.complete else Exit.ANSWERED


@app.command(cls=Command, help=phrase("ask.mcp", LANG))
def mcp(policies: PolicyFiles = None, on: On = None, lang: Language = None) -> None:
    """The calculator as tools for assistants, over standard input and output."""
    said = language_of(lang)
    try:
        from ordos_subsidy.cli.assistants import serve
    except ImportError:
        from ordos_subsidy.errors import Refused, problem

        raise Refused([problem("ask.no_extra", extra="mcp")]) from None
    serve(load(policies), said, day_of(on, said))
