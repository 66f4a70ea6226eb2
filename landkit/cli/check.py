"""`landkit check`: what is wrong, and by how many mu it could move the figures."""

from __future__ import annotations

import contextlib
import datetime
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from landkit.cli import options
from landkit.cli.command import command as landkit_command
from landkit.cli.output import deliver, width
from landkit.errors import GateError, UsageError
from landkit.words import text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_DEAREST = 3
_PATIENCE = 2.0  # seconds


@landkit_command("check")
@click.argument("layers", nargs=-1, metavar="[LAYER|FILE]...")
@options.workspace
@options.as_of
@click.option("--gate", metavar="AREA", help="option.gate")
@click.option("--source-layer", metavar="NAME", help="option.source_layer")
@options.formats("table", "csv", "json", "html")
@options.output
@options.force
@options.lang
def command(
    *, layers: tuple[str, ...], workspace: Path | None, as_of: datetime.date | None, gate: str | None,
    source_layer: str | None, form: str, output: Path | None, force: bool, lang: str,
) -> None:  # fmt: skip
    """Check layers; a closed gate ends with exit code 3, after the report."""
    from landkit.checks.report import check
    from landkit.products.check_table import check_text
    from landkit.products.output import check_targets

    targets = [] if output is None else [output, *([output.with_suffix(".json")] if form == "csv" else [])]
    check_targets(targets, force=force)
    with _steps(lang) as tell:
        report = check(layers, workspace=workspace, source_layer=source_layer, as_of=as_of, gate=gate, progress=tell)
    for target in targets:
        if any(target.exists() and target.samefile(source["path"]) for source in report.sources):
            raise UsageError("output.delivery", path=str(target))
    if form == "html":
        from landkit.products.check_html import check_html

        listed = check_html(report, lang=lang)
    else:
        listed = check_text(report, form=form, lang=lang, width=width())
    beside = check_text(report, form="json", lang=lang) if form == "csv" else None
    deliver(listed, form=form, output=output, force=force, beside=beside)
    if not report.is_open and report.gate_mu is not None:
        open_findings = report.findings[report.findings["settled"] == ""]
        dearest = ["+".join(ids[:_DEAREST]) for ids in open_findings["ids"].head(_DEAREST)]
        over = report.at_stake_mu - report.gate_mu
        first = "; ".join(dearest)
        raise GateError("check.withheld", stake=report.at_stake_mu, over=over, gate=report.gate_mu, first=first)


@contextlib.contextmanager
def _steps(lang: str) -> Iterator[Callable[[str], None]]:
    """Yield what shows the step at work on a terminal, from the first one that begins after two seconds."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    began = time.monotonic()
    columns = (SpinnerColumn("line"), TextColumn("{task.description}"), TimeElapsedColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("", total=None)

    def tell(key: str) -> None:
        bar.update(task, description=text(key, lang))
        if time.monotonic() - began > _PATIENCE:
            bar.start()

    try:
        yield tell
    finally:
        bar.stop()
