"""`landkit redline`: the land of programmes inside control lines."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from landkit.cli import options
from landkit.cli.command import command as landkit_command
from landkit.cli.output import deliver, width
from landkit.errors import GateError, UsageError

_NAMED = 5


def _area(ctx: click.Context, param: click.Parameter, value: str) -> float:  # noqa: ARG001
    try:
        return float(value)
    except ValueError as error:
        raise UsageError("redline.tolerance", value=value) from error


@landkit_command("redline")
@click.argument("layers", nargs=-1, metavar="[LAYER]...")
@options.workspace
@options.as_of
@click.option(
    "--tolerance-m2", metavar="M2", callback=_area, default="1", show_default=True, help="option.tolerance_m2"
)
@click.option("--strict", is_flag=True, help="option.strict_redline")
@options.unit
@options.digits
@options.formats("table", "csv", "json")
@options.output
@options.force
@options.lang
def command(
    *, layers: tuple[str, ...], workspace: Path | None, as_of: datetime.date | None, tolerance_m2: float, strict: bool,
    unit: str, digits: int | None, form: str, output: Path | None, force: bool, lang: str,
) -> None:  # fmt: skip
    """Measure land in control lines; with ``--strict`` a broken rule closes the gate, after the report."""
    from landkit.products.output import check_targets
    from landkit.products.redline_table import redline_text
    from landkit.redlines import redline

    targets = [] if output is None else [output, *([output.with_suffix(".json")] if form == "csv" else [])]
    check_targets(targets, force=force)
    answer = redline(layers, workspace=workspace, as_of=as_of, tolerance_m2=tolerance_m2)
    for target in targets:
        if any(target.exists() and target.samefile(source["path"]) for source in answer.sources):
            raise UsageError("output.delivery", path=str(target))
    listed = redline_text(answer, form=form, unit=unit, digits=digits, lang=lang, width=width())
    beside = redline_text(answer, form="json", unit=unit, lang=lang) if form == "csv" else None
    deliver(listed, form=form, output=output, force=force, beside=beside)
    broken = answer.broken
    if strict and len(broken):
        ids = list(dict.fromkeys(broken["id"]))
        named = ", ".join([*ids[:_NAMED], *(["…"] if len(ids) > _NAMED else [])])
        raise GateError("redline.broken", count=len(broken), ids=named)
