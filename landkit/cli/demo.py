"""`landkit demo DIR`."""

from __future__ import annotations

from pathlib import Path

import click

from landkit.cli import options
from landkit.cli.command import command as landkit_command
from landkit.words import text


@landkit_command("demo")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@options.force
@options.lang
def command(folder: Path, force: bool, lang: str) -> None:
    """Write the example workspace."""
    from landkit.workspace import write_example

    written = write_example(folder, force=force)
    click.echo(text("demo.written", lang, folder=written), err=True)
