"""`landkit export`: a layer for others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from landkit.cli import options
from landkit.cli.command import command as landkit_command
from landkit.products.table import clean
from landkit.words import text

if TYPE_CHECKING:
    from landkit.exporting import Receipt

# Written out, since help must not load what they come from; a test compares them with it.
FORMATS = ("survey-txt", "dxf", "shp", "geojson", "parquet", "csv", "gpkg")
PROFILES = ("standard", "plain", "restart", "extended", "short", "utf8")


@landkit_command("export")
@click.argument("layer", metavar="LAYER")
@options.workspace
@options.choice("--to", choices=FORMATS, required=True, help="option.to")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", required=True, help="option.export_output"
)
@options.choice("--profile", choices=PROFILES, help="option.profile")
@click.option("--crs", metavar="EPSG:CODE", help="option.export_crs")
@options.force
@options.lang
def command(
    *, layer: str, workspace: Path | None, to: str, output: Path, profile: str | None, crs: str | None, force: bool,
    lang: str,
) -> None:  # fmt: skip
    """Write a layer to a file for others."""
    from landkit.exporting import export

    receipt = export(layer, to=to, output=output, workspace=workspace, profile=profile, crs=crs, force=force)
    for line in _lines(receipt, lang):
        click.echo(clean(line), err=True)


def _lines(receipt: Receipt, lang: str) -> list[str]:
    values = {"layer": receipt.layer, "rows": receipt.rows, "to": receipt.to}
    if receipt.crs:
        first = text("export.written", lang, crs=receipt.crs, shapeless=receipt.shapeless, **values)
    else:
        first = text("export.written_table", lang, **values)
    return [first, *(f"  {path}" for path in receipt.files), *(f"  {note.text(lang)}" for note in receipt.notes)]
