"""Usage errors and help pages in the user's language, around Typer's own."""

from __future__ import annotations

from typing import Any

import typer
import typer.core
from typer._click import core as click  # Typer brings a Click of its own and exports only part of it
from typer._click import exceptions
from typer._click.formatting import HelpFormatter
from typer.main import get_command

from ordos_subsidy.cli import Exit, language
from ordos_subsidy.cli.streams import deliver, note
from ordos_subsidy.errors import did_you_mean
from ordos_subsidy.words import Lang, phrase


def invoke(argv: list[str], lang: Lang) -> int:
    """Run the command that the arguments name; usage errors are said and end with their code."""
    from ordos_subsidy.cli.commands import app

    command = get_command(app)
    try:
        result = command.main(argv, prog_name="ordos-subsidy", standalone_mode=False)
    except exceptions.UsageError as error:
        note(_told(error, lang))
        path = error.ctx.command_path if error.ctx else "ordos-subsidy"
        note(phrase("cli.try", lang, command=path))
        return Exit.USAGE
    except typer.Abort:
        raise KeyboardInterrupt from None
    except typer.Exit as leave:
        return leave.exit_code
    return result if isinstance(result, int) else Exit.ANSWERED


def _told(error: exceptions.UsageError, lang: Lang) -> str:
    match error:
        case exceptions.NoSuchOption():
            near = did_you_mean(error.option_name, error.possibilities or ())
            hint = phrase("cli.did-you-mean", lang, name=near) if near else ""
            return phrase("cli.no-such-option", lang, name=error.option_name, hint=hint).rstrip()
        case exceptions.MissingParameter():
            return phrase("cli.missing-argument", lang, name=_called(error.param) if error.param else "")
        case exceptions.BadOptionUsage():
            key = "no-value" if "does not take" in error.message else "missing-value"
            return phrase(f"cli.{key}", lang, name=error.option_name)
    return _other(error, lang)


def _called(param: click.Parameter) -> str:
    """A parameter as it is written: an option with its dashes."""
    return ", ".join(param.opts) if param.param_type_name == "option" else param.human_readable_name.upper()


def _other(error: exceptions.UsageError, lang: Lang) -> str:
    """The errors that Click tells apart by their English text only."""
    message = error.format_message()
    words = message.split("'")
    if message.startswith("No such command") and error.ctx and isinstance(error.ctx.command, typer.core.TyperGroup):
        known = error.ctx.command.commands
        near = did_you_mean(words[1], known)
        hint = phrase("cli.did-you-mean", lang, name=near) if near else ""
        return phrase("cli.no-such-command", lang, name=words[1], hint=hint).rstrip()
    if message.startswith("Got unexpected extra argument"):
        return phrase("cli.extra-argument", lang, name=message.partition("(s) (")[2].removesuffix(")"))
    if message == "Missing command.":
        return phrase("cli.missing-argument", lang, name="COMMAND")
    return phrase("cli.other", lang, message=message)


def bad(option: str, value: object, lang: Lang, key: str, **params: Any) -> exceptions.UsageError:
    """A value that an option cannot have."""
    return exceptions.UsageError(phrase(f"cli.{key}", lang, option=option, value=value, **params))


def _show_help(ctx: click.Context, _option: object, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        deliver(ctx.get_help() + "\n", None, (), language(_argv()))
        ctx.exit()


class _Localised(click.Command):
    """Help pages with headings in the user's language."""

    def format_usage(self, ctx: click.Context, formatter: HelpFormatter) -> None:
        lang = language(_argv())
        pieces = " ".join(self.collect_usage_pieces(ctx)).translate({ord("{"): None, ord("}"): None})
        formatter.write_usage(ctx.command_path, pieces, phrase("cli.usage", lang))

    def get_help_option(self, ctx: click.Context) -> Any:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = phrase("cli.help", language(_argv()))
            option.callback = _show_help
        return option

    def format_options(self, ctx: click.Context, formatter: HelpFormatter) -> None:
        lang = language(_argv())
        rows: dict[str, list[tuple[str, str]]] = {"arguments": [], "options": []}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None:
                kind = "arguments" if isinstance(param, typer.core.TyperArgument) else "options"
                rows[kind].append((record[0], record[1].replace("  [required]", "")))
        for kind, found in rows.items():
            if found:
                with formatter.section(phrase(f"cli.{kind}", lang)):
                    formatter.write_dl(found)
        if isinstance(self, typer.core.TyperGroup):
            self.format_commands(ctx, formatter)


class Command(_Localised, typer.core.TyperCommand):
    """A command."""


class Group(_Localised, typer.core.TyperGroup):
    """The program."""

    def format_commands(self, ctx: click.Context, formatter: HelpFormatter) -> None:
        """The list of commands with their one-line helps."""
        with formatter.section(phrase("cli.commands", language(_argv()))):
            found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
            formatter.write_dl([(name, each.get_short_help_str(60)) for name, each in found if each])


def _argv() -> list[str]:
    import sys

    return sys.argv[1:]
