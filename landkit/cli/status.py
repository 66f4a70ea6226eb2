"""`landkit status`: how the targets of the plan stand."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from landkit.cli import options
from landkit.cli.command import command as landkit_command
from landkit.cli.output import deliver, width


@landkit_command("status")
@options.workspace
@options.as_of
@options.formats("table", "csv", "json", "md")
@options.output
@options.force
@click.option("--strict", is_flag=True, help="option.strict")
@options.lang
def command(
    *,
    workspace: Path | None,
    as_of: datetime.date | None,
    form: str,
    output: Path | None,
    force: bool,
    strict: bool,
    lang: str,
) -> None:
    """Show how the targets stand; with ``--strict`` a due target that is missed closes the gate."""
    from landkit.errors import GateError
    from landkit.products.output import check_targets
    from landkit.products.status_table import basis_json, status_text
    from landkit.standing import status

    if output is not None:
        check_targets([output], force=force)
    found = status(workspace, as_of=as_of)
    beside = basis_json(found, lang=lang) if form == "csv" else None
    listed = status_text(found, form=form, lang=lang, width=width())
    deliver(listed, form=form, output=output, force=force, beside=beside)
    if strict and found.missed:
        raise GateError("status.missed", targets=", ".join(standing.target.id for standing in found.missed))
