"""Usage errors and help pages in the user's language, around Typer's own, through what Typer makes public."""

from __future__ import annotations

import datetime as dt
import os
import time
from typing import TYPE_CHECKING, Any

import typer
import typer.core
from typer.main import get_command

from ordos_subsidy.cli import Exit, language
from ordos_subsidy.cli.streams import deliver, note
from ordos_subsidy.errors import Refused, did_you_mean, problem
from ordos_subsidy.messages import Lang, phrase

if TYPE_CHECKING:
    _Base = typer.core.TyperCommand
else:
    _Base = object


#: Options that Typer adds, with a help in English.
_OF_TYPER = ("install_completion", "show_completion")
#: Zip files, and so workbooks, know no day before 1980; Polars takes so many threads, and its name for their number.
_FIRST_YEAR = 1980
_THREADS, _MOST_THREADS = "POLARS_MAX_THREADS", 1024


class BadUsage(typer.BadParameter):
    """A usage error that is worded already."""


def invoke(program: typer.Typer, argv: list[str], lang: Lang) -> int:
    """Run the command that the arguments name; usage errors are said and end with their code."""
    command = get_command(program)
    try:
        result = command.main(argv, prog_name="ordos-subsidy", standalone_mode=False)
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        note(_told(error, command, lang))
        note(phrase("cli.try", lang, command=context.command_path if context else "ordos-subsidy"))
        return Exit.USAGE
    except typer.Abort:
        raise KeyboardInterrupt from None
    except typer.Exit as leave:
        return leave.exit_code
    return result if isinstance(result, int) else Exit.ANSWERED


def _told(error: typer.TyperException, command: Any, lang: Lang) -> str:
    """A usage error in one sentence; Typer's kinds of errors are told apart by what they carry."""
    if isinstance(error, BadUsage):
        return error.message
    option = getattr(error, "option_name", None)
    if option and hasattr(error, "possibilities"):
        return _unknown("no-such-option", option, error.possibilities or (), lang)
    if option:
        params = [param for each in (command, *command.commands.values()) for param in each.params]
        flag = any(option in param.opts and getattr(param, "is_flag", False) for param in params)
        return phrase("cli.no-value" if flag else "cli.missing-value", lang, name=option)
    if isinstance(error, typer.BadParameter) and error.param and not error.message:
        return phrase("cli.missing-argument", lang, name=_called(error.param))
    return phrase("cli.other", lang, message=error.format_message())


def _unknown(key: str, name: str, known: Any, lang: Lang) -> str:
    near = did_you_mean(name, known)
    hint = phrase("cli.did-you-mean", lang, name=near) if near else ""
    return phrase(f"cli.{key}", lang, name=name, hint=hint).rstrip()


def _called(param: Any) -> str:
    """A parameter as it is written: an option with its dashes."""
    return ", ".join(param.opts) if isinstance(param, typer.core.TyperOption) else param.metavar or param.name.upper()


def bad(option: str, value: object, lang: Lang, key: str, **params: Any) -> BadUsage:
    """A value that an option cannot have."""
    return BadUsage(phrase(f"cli.{key}", lang, option=option, value=value, **params))


def _show_help(context: Any, _option: object, value: bool) -> None:
    if value and not context.resilient_parsing:
        deliver(context.get_help() + "\n")
        context.exit()


class _Localised(_Base):
    """Help pages with headings in the user's language."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        pieces = " ".join(self.collect_usage_pieces(ctx)).translate({ord("{"): None, ord("}"): None})
        formatter.write_usage(ctx.command_path, pieces, phrase("cli.usage", language()))

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = phrase("cli.help", language())
            option.callback = _show_help
        return option

    def format_options(self, ctx: Any, formatter: Any) -> None:
        rows: dict[str, list[tuple[str, str]]] = {"arguments": [], "options": []}
        for param in self.get_params(ctx):
            if isinstance(param, typer.core.TyperOption) and param.name in _OF_TYPER:
                param.help = phrase(f"cli.{param.name}", language())
            record = param.get_help_record(ctx)
            if record is not None:
                kind = "arguments" if isinstance(param, typer.core.TyperArgument) else "options"
                rows[kind].append((record[0], record[1].replace("  [required]", "")))
        for kind, found in rows.items():
            if found:
                with formatter.section(phrase(f"cli.{kind}", language())):
                    formatter.write_dl(found)
        if isinstance(self, typer.core.TyperGroup):
            self.format_commands(ctx, formatter)


class Command(_Localised, typer.core.TyperCommand):
    """A command."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments; one too many is a usage error."""
        ctx.allow_extra_args = True  # so that Typer leaves what is too much to us
        left = super().parse_args(ctx, args)
        if left and not ctx.resilient_parsing:
            raise BadUsage(phrase("cli.extra-argument", language(), name=" ".join(left)), ctx)
        return left

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        _check_surroundings()
        return super().invoke(ctx)


def _check_surroundings() -> None:
    """Refuse a clock and a setting with which libraries break in the midst of the work."""
    today = dt.date.fromtimestamp(time.time())  # noqa: DTZ012 - the day that a user sees
    if today.year < _FIRST_YEAR:
        raise Refused([problem("cli.clock", day=today)])
    threads = os.environ.get(_THREADS)
    if threads and not (threads.isdecimal() and 0 < int(threads) <= _MOST_THREADS):
        raise Refused([problem("cli.threads", name=_THREADS, value=threads, limit=_MOST_THREADS)])


class Program(_Localised, typer.core.TyperGroup):
    """The program."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the first argument names."""
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-") and not ctx.resilient_parsing:
            raise BadUsage(_unknown("no-such-command", args[0], self.list_commands(ctx), language()), ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The list of commands with their one-line helps."""
        with formatter.section(phrase("cli.commands", language())):
            found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
            formatter.write_dl([(name, each.get_short_help_str(60)) for name, each in found if each])
