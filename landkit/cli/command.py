"""The commands' common manners: help in the user's language, and one wording for what was asked wrongly."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from landkit.cli.help import page
from landkit.errors import UsageError
from landkit.words import text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Command(click.Command):
    """A command whose help texts are keys of `landkit.words`.

    ``help.<name>`` is its one line, ``help.<name>.about`` the paragraphs under it and ``help.<name>.examples`` the
    examples, one a line.
    """

    subcommands: Mapping[str, str] = {}

    def get_help(self, ctx: click.Context) -> str:
        """Return the help page in the user's language."""
        return page(ctx, ctx.find_root().obj, self.subcommands)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return click's ``--help`` with landkit's words."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "option.help"
        return option

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put what is wrong with `args` in landkit's words."""
        ctx.allow_extra_args = True
        try:
            rest = super().parse_args(ctx, args)
        except click.UsageError as error:
            raise _reworded(error, ctx) from error
        if rest and not isinstance(self, click.Group):
            raise UsageError("cli.extra", arguments=" ".join(rest), command=ctx.command_path)
        return rest


class Group(Command, click.Group):
    """Commands that are imported when asked for: each is ``command`` in a module of `home` by its name."""

    def __init__(self, *, home: str, subcommands: tuple[str, ...], **attrs: Any) -> None:
        super().__init__(**attrs)
        self.home = home
        self.subcommands = {name: f"help.{name}" for name in subcommands}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the commands in the order of the job."""
        return list(self.subcommands)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the command called `cmd_name`."""
        if cmd_name not in self.subcommands:
            return None
        found: click.Command = import_module(f"{self.home}.{cmd_name}").command
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Refuse an unknown command in landkit's words."""
        if args[0] not in self.subcommands:
            raise UsageError("cli.command", name=args[0], commands=", ".join(self.subcommands))
        return super().resolve_command(ctx, args)


def command(name: str) -> Callable[[Callable[..., Any]], Command]:
    """Make a function the command `name`; it returns None, or its exit code."""
    return click.command(name, cls=Command, help=f"help.{name}")


def print_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: ARG001
    """Print the version and end."""
    if value and not ctx.resilient_parsing:
        from landkit import __version__

        click.echo(f"landkit {__version__}")
        ctx.exit()


def _reworded(error: click.UsageError, ctx: click.Context) -> UsageError:
    path = ctx.command_path
    if isinstance(error, click.NoSuchOption):
        nearest = ", ".join(error.possibilities or ())
        if nearest:
            return UsageError("cli.near_option", option=error.option_name, command=path, nearest=nearest)
        return UsageError("cli.option", option=error.option_name, command=path)
    if isinstance(error, click.BadOptionUsage):
        key = "cli.no_value" if error.option_name in _flags(ctx.command) else "cli.value"
        return UsageError(key, option=error.option_name, command=path)
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return UsageError("cli.missing", name=error.param.metavar or error.param.opts[-1], command=path)
    return UsageError("cli.other", detail=error.format_message(), command=path)


def _flags(asked: click.Command) -> set[str]:
    return {name for param in asked.params if isinstance(param, click.Option) and param.is_flag for name in param.opts}


def defect(error: BaseException, lang: str) -> tuple[str, str]:
    """Return the line that names a defect of landkit, and what to do about it."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace is not None else "?"
    values = {"kind": type(error).__name__, "detail": str(error), "place": place}
    return text("error.cli.defect", lang, **values), text("error.cli.defect.hint", lang)
