"""The command line: it resolves, converts, makes one library call and prints.

The only room that imports click, prints, or turns an error into words. ``landkit --help`` loads no command, and so no
geo library.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from landkit.cli.command import Group, defect, print_version
from landkit.cli.language import steady_streams, user_language
from landkit.cli.options import lang as lang_option
from landkit.cli.output import refused
from landkit.errors import LandkitError
from landkit.products.table import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = ("init", "import", "check", "decide", "area", "status", "redline", "export", "layers", "demo", "doctor")
INTERRUPTED = 130


@click.command(
    "landkit", cls=Group, home=__name__, subcommands=COMMANDS, help="help.landkit", invoke_without_command=True
)
@lang_option
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=print_version, help="option.version"
)
@click.pass_context
def landkit(ctx: click.Context, lang: str) -> None:  # noqa: ARG001 - `main` has read it ahead of click
    """Print the help page where no command is named."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main(args: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code.

    0 done, 1 a defect of landkit, 2 usage, 3 a gate is closed, 4 coordinate reference system, 5 input, 6 the workspace
    is locked, 130 interrupted. A reader that stops reading (``| head``) is no error.
    """
    steady_streams()
    lang = "en"
    try:
        lang = user_language(sys.argv[1:] if args is None else args, os.environ)
        code = landkit.main(args=args, prog_name="landkit", standalone_mode=False, obj=lang)
        if sys.stdout is not None:  # a Windows program without a console has none
            with refused():
                sys.stdout.flush()
    except LandkitError as error:
        return _refuse(error, lang)
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - whatever is not one of landkit's errors is a defect, and named so
        return _own_up(error, lang)
    return int(code or 0)


def _refuse(error: LandkitError, lang: str) -> int:
    _complain(error.message(lang), error.hint(lang))
    return error.exit_code


def _own_up(error: Exception, lang: str) -> int:
    if os.environ.get("LANDKIT_DEBUG") == "1":
        import traceback

        traceback.print_exception(error)
    _complain(*defect(error, lang))
    return LandkitError.exit_code


def _complain(message: str, hint: str) -> None:
    click.echo(f"landkit: {clean(message)}\n  {clean(hint)}", err=True)
