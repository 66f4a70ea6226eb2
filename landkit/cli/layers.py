"""`landkit layers`: what the workspace holds."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from landkit.cli import options
from landkit.cli.command import command as landkit_command


@landkit_command("layers")
@options.workspace
@options.unit
@options.formats("table", "csv", "json", "md")
@options.output
@options.force
@options.lang
def command(*, workspace: Path | None, unit: str, form: str, output: Path | None, force: bool, lang: str) -> None:
    """List the layers of a workspace."""
    from landkit.inventory import summary
    from landkit.products.layer_table import layer_list
    from landkit.products.output import check_targets, write_atomic
    from landkit.workspace import open_workspace

    if output is not None:
        check_targets([output], force=force)
    opened = open_workspace(workspace)
    width = shutil.get_terminal_size().columns
    listed = layer_list(summary(opened), opened.zone, form=form, unit=unit, lang=lang, width=width)
    if output is None:
        # a console needs no mark, and shows it
        click.echo(listed.removeprefix("\ufeff"), nl=False)
    else:
        write_atomic(output, listed.encode("utf-8"), force=force)
