"""`landkit import`: any delivery in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from landkit.cli import options
from landkit.cli.command import command as landkit_command
from landkit.cli.output import deliver
from landkit.cli.progress import progress


@landkit_command("import")
@click.argument("sources", nargs=-1, metavar="[FILE|FOLDER]...")
@options.workspace
@click.option("--layer", metavar="LAYER", help="option.import.layer")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE.gpkg", help="option.import.out")
@click.option("--crs", metavar="EPSG:N", help="option.import.crs")
@click.option("--source-layer", metavar="NAME", help="option.import.source_layer")
@click.option("--encoding", metavar="NAME", help="option.import.encoding")
@click.option("--join", is_flag=True, help="option.import.join")
@click.option("--update", is_flag=True, help="option.import.update")
@click.option("--overlaps/--no-overlaps", default=True, show_default=True, help="option.import.overlaps")
@click.option("--undo", type=int, metavar="N", help="option.import.undo")
@options.formats("table", "json")
@options.force
@options.lang
def command(*, sources: tuple[str, ...], form: str, lang: str, **wish: Any) -> int:
    """Take a delivery in."""
    from landkit.importing import import_delivery
    from landkit.products.import_table import import_text

    with progress("import.reading", lang) as advance:
        receipt = import_delivery(sources, progress=advance, **wish)
    deliver(import_text(receipt, form=form, lang=lang), form=form, output=None, force=False)
    return receipt.exit_code
