"""`landkit doctor`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from landkit.cli import options
from landkit.cli.command import command as landkit_command
from landkit.cli.output import deliver, width
from landkit.health import doctor
from landkit.products.json_text import json_text
from landkit.products.table import Column, Table, render_text
from landkit.words import text

if TYPE_CHECKING:
    from landkit.health import Check, Report


@landkit_command("doctor")
@options.formats("table", "json")
@options.lang
def command(form: str, lang: str) -> int:
    """Print what landkit stands on; the exit code is 1 if anything required will not do."""
    report = doctor()
    if form == "json":
        document = {"ok": report.ok, "checks": [asdict(check) for check in report.checks]}
        shown = json_text({"landkit.doctor/v1": document})
    else:
        shown = _page(report, lang)
    deliver(shown, form=form, output=None, force=False)
    return 0 if report.ok else 1


def _page(report: Report, lang: str) -> str:
    columns = [Column(text(f"doctor.{heading}", lang)) for heading in ("state", "part", "found")]
    rows = [(_state(check, lang), text(f"doctor.{check.id}", lang), check.found or "-") for check in report.checks]
    verdict = text("doctor.fine" if report.ok else "doctor.failed", lang)
    return f"{render_text(Table(columns, rows), width=width())}\n{verdict}\n"


def _state(check: Check, lang: str) -> str:
    if check.ok:
        return text("doctor.ok", lang)
    return text("doctor.bad" if check.required else "doctor.weak", lang)
