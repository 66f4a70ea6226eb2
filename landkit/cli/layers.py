"""`landkit layers`: what the workspace holds."""

from __future__ import annotations

from pathlib import Path

from landkit.cli import options
from landkit.cli.command import command as landkit_command
from landkit.cli.output import deliver, width


@landkit_command("layers")
@options.workspace
@options.unit
@options.formats("table", "csv", "json", "md")
@options.output
@options.force
@options.lang
def command(*, workspace: Path | None, unit: str, form: str, output: Path | None, force: bool, lang: str) -> None:
    """List the layers of a workspace."""
    from landkit.inventory import layers
    from landkit.products.layer_table import layer_list
    from landkit.products.output import check_targets
    from landkit.workspace import open_workspace

    if output is not None:
        check_targets([output], force=force)
    opened = open_workspace(workspace)
    found = layers(opened)

    def listed(wanted: str) -> str:
        return layer_list(found, opened.zone, form=wanted, unit=unit, lang=lang, width=width())

    beside = listed("json") if form == "csv" else None
    deliver(listed(form), form=form, output=output, force=force, beside=beside)
