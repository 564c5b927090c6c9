"""The commands as a table: what each takes, in the order of its help, and the module that runs it.

A command is a function of its name in that module, which is imported when the command runs, so that help is quick.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from importlib import import_module
from inspect import Parameter, Signature
from typing import Annotated, Any, NamedTuple, get_args, get_type_hints

import typer

from ordos_subsidy import __version__
from ordos_subsidy.cli.request import Request, argument, option
from ordos_subsidy.cli.streams import deliver
from ordos_subsidy.cli.usage import Command, Program
from ordos_subsidy.messages import Lang, phrase

VIEWS = ("firms", "awards", "clauses", "advice")
ANSWERS = ("table", "json", "csv", "markdown", "html", "xlsx", "pdf", "docx", "ics")
_REASONS = ("table", "json", "markdown")
_CHECKS = ("table", "json")
_PAGES = ("table", "json", "markdown", "html", "pdf")


class CommandRow(NamedTuple):
    """A command: its module, the key of its help, the fields of `Request` it takes, and its formats.

    `own`: what it says of a field in words of its own; `extra`: what must be installed for its module to load.
    """

    module: str
    about: str
    takes: str
    formats: tuple[str, ...] = ()
    own: Mapping[str, Any] = {}
    extra: str = ""


_BATCH = {
    "files": argument("FILE...", "batch.files"),
    "output": option("--output", "-o", metavar="OUT", help_="batch.output"),
    "events": option("--events", metavar="FILE", help_="batch.events"),
}
_COMMANDS = {
    "calc": CommandRow(
        "answering",
        "cli.calc",
        "file policies events on year format output lang map fill mapping everything bare chart keys",
        ANSWERS,
    ),
    "explain": CommandRow(
        "answering",
        "cli.explain",
        "file measure policies events on format output lang map fill mapping everything witness",
        _REASONS,
    ),
    "batch": CommandRow(
        "answering",
        "cli.batch",
        "files output policies events view on year lang map fill mapping quiet keys",
        own=_BATCH,
    ),
    "template": CommandRow("answering", "cli.template", "out table force policies lang"),
    "clauses": CommandRow("answering", "cli.clauses", "number policies format output lang", _REASONS),
    "check": CommandRow("checks", "cli.check", "files policies events format kept lang map fill mapping", _CHECKS),
    "audit": CommandRow("checks", "audit.help", "policy text format lang", _CHECKS),
    "verify": CommandRow("checks", "proof.verify", "report inputs policies lang map fill mapping"),
    "advise": CommandRow(
        "what_if",
        "advice.help",
        "file policies events on format output lang map fill mapping everything",
        _PAGES,
        {"everything": option("--all", help_="advice.all")},
    ),
    "plan": CommandRow(
        "what_if",
        "plan.help",
        "file changes scenarios sweep chart policies events on format output lang map fill mapping",
        _PAGES,
        {"chart": option("--chart", metavar="FILE", help_="plan.chart")},
    ),
    "compare": CommandRow(
        "what_if", "plan.compare", "first second policies on format output lang map fill mapping", _PAGES
    ),
    "ask": CommandRow(
        "ask",
        "ask.help",
        "output resume policies on lang",
        own={"output": option("--output", "-o", metavar="FILE", help_="ask.output")},
    ),
    "mcp": CommandRow("assistants", "ask.mcp", "policies on lang", extra="mcp"),
}


def program(lang: Lang, first: str = "") -> typer.Typer:
    """The program, its help in a language; with all its commands, or the one that the first argument names."""
    app = typer.Typer(
        cls=Program,
        help=phrase("cli.about", lang),
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        no_args_is_help=False,
    )
    context = Parameter("context", Parameter.KEYWORD_ONLY, annotation=typer.Context)
    root = CommandRow("", "", "version lang")
    app.callback(invoke_without_command=True)(_taking(_root, [context, *_parameters(root, lang)]))
    for name, row in ({first: _COMMANDS[first]} if first in _COMMANDS else _COMMANDS).items():
        command = _taking(_running(name, row), _parameters(row, lang))
        app.command(name, cls=Command, help=phrase(row.about, lang))(command)
    return app


def _parameters(row: CommandRow, lang: Lang) -> list[Parameter]:
    """The parameters of a command, as Typer reads them from a signature."""
    known = {"format": "|".join(row.formats), "view": "|".join(VIEWS)}
    found = []
    for name in row.takes.split():
        kind, info = get_args(_FIELDS[name])
        info = copy(row.own.get(name, info))
        info.help = phrase(info.help, lang, known=known.get(name, ""))
        required = info.metavar and not info.metavar.startswith("[") and isinstance(info, typer.models.ArgumentInfo)
        default = Parameter.empty if required else getattr(Request, name)
        found.append(Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, info]))
    return found


_FIELDS = get_type_hints(Request, include_extras=True)


def _taking(command: Callable[..., Any], parameters: list[Parameter]) -> Callable[..., Any]:
    command.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    return command


def _running(name: str, row: CommandRow) -> Callable[..., int | None]:
    """What runs a command: its function is looked up when it is called."""

    def run(**values: Any) -> int | None:
        request = Request(formats=row.formats, **values)
        request.check()
        try:
            module = import_module(f"ordos_subsidy.cli.{row.module}")
        except ImportError:
            if not row.extra:
                raise
            from ordos_subsidy.errors import Refused, problem

            raise Refused([problem("ask.no_extra", extra=row.extra)]) from None
        code: int | None = getattr(module, name)(request)
        return code

    return run


def _root(context: typer.Context, version: bool, lang: str | None) -> None:
    said = Request(lang=lang).said
    if version:
        deliver(f"ordos-subsidy {__version__}\n")
        raise typer.Exit
    if context.invoked_subcommand is None:
        deliver(context.get_help() + "\n", lang=said)
