"""`landkit area`: the ledger of layers."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import click

from landkit.cli import options
from landkit.cli.command import command as landkit_command
from landkit.cli.output import deliver, width
from landkit.errors import UsageError


@landkit_command("area")
@click.argument("layers", nargs=-1, metavar="[LAYER|FILE]...")
@options.workspace
@options.by
@click.option("--districts", metavar="LAYER|FILE", help="option.districts")
@click.option("--district-field", metavar="NAME", default="name", show_default=True, help="option.district_field")
@click.option("--where", metavar="CQL2", help="option.where")
@click.option("--stage", metavar="LAYER=STAGE,...|plan", help="option.stage")
@options.as_of
@click.option("--count", metavar="once|each|split|priority:A,B", default="once", show_default=True, help="option.count")
@options.choice("--assign", choices=options.ASSIGNMENTS, default="clip", show_default=True, help="option.assign")
@options.method
@click.option("--source-layer", metavar="NAME", help="option.source_layer")
@click.option("--allow-district-overlap", is_flag=True, help="option.allow_district_overlap")
@options.unit
@options.digits
@options.formats("table", "csv", "json", "md")
@options.output
@options.force
@options.lang
def command(
    *, layers: tuple[str, ...], unit: str, digits: int | None, form: str,
    output: Path | None, force: bool, lang: str, as_of: datetime.date | None, **question: Any,
) -> None:  # fmt: skip
    """Draw up the closing ledger."""
    from landkit.accounting import account
    from landkit.products.area_table import area_text
    from landkit.products.output import check_targets

    targets = [] if output is None else [output, *([output.with_suffix(".json")] if form == "csv" else [])]
    check_targets(targets, force=force)
    answer = account(layers, as_of=as_of, **question)
    for target in targets:
        if any(target.exists() and target.samefile(source["path"]) for source in answer.sources):
            raise UsageError("output.delivery", path=str(target))
    listed = area_text(answer, form=form, unit=unit, digits=digits, lang=lang, width=width())
    beside = area_text(answer, form="json", unit=unit, lang=lang) if form == "csv" else None
    deliver(listed, form=form, output=output, force=force, beside=beside)
