"""The commands that talk: `ask` with a person at a terminal, `mcp` with a program."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ordos_subsidy.cli import Exit, language
from ordos_subsidy.cli.commands import Language, On, PolicyFiles, _lang, _load, calc
from ordos_subsidy.cli.usage import Command, day_of
from ordos_subsidy.cli.what_if import app
from ordos_subsidy.messages import phrase

__all__ = ["app"]

_LANG = language(sys.argv[1:])


@app.command(cls=Command, help=phrase("ask.help", _LANG))
def ask(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help=phrase("ask.output", _LANG), readable=False)
    ] = None,
    resume: Annotated[
        Path | None, typer.Option("--resume", metavar="FILE", help=phrase("ask.resume", _LANG), readable=False)
    ] = None,
    policies: PolicyFiles = None,
    on: On = None,
    lang: Language = None,
) -> int:
    """An interview in the terminal."""
    said = _lang(lang)
    from ordos_subsidy.cli.ask import Talk

    talk = Talk(_load(policies), said, day_of(on, said), output, resume)
    talk.run()
    return calc(talk.target, policies=policies, on=on, lang=lang) if talk.complete else Exit.ANSWERED


@app.command(cls=Command, help=phrase("ask.mcp", _LANG))
def mcp(policies: PolicyFiles = None, on: On = None, lang: Language = None) -> None:
    """The calculator as tools for assistants, over standard input and output."""
    said = _lang(lang)
    try:
        from ordos_subsidy.cli.assistants import serve
    except ImportError:
        from ordos_subsidy.errors import Refused, problem

        raise Refused([problem("ask.no_extra", extra="mcp")]) from None
    serve(_load(policies), said, day_of(on, said))
