"""`landkit decide`: a person's decision about rows."""

from __future__ import annotations

from pathlib import Path

import click

from landkit.cli import options
from landkit.cli.command import command as landkit_command
from landkit.cli.output import deliver, width
from landkit.products.table import clean


@landkit_command("decide")
@click.argument("ids", metavar="[ID,ID...]", default="")
@click.option("--rule", metavar='"keep ID"|"drop ID"|accept', help="option.decide_rule")
@click.option("--by", metavar="NAME", help="option.decide_by")
@click.option("--note", metavar="TEXT", help="option.decide_note")
@click.option("--layer", metavar="LAYER", help="option.decide_layer")
@click.option("--undo", metavar="D-N", help="option.decide_undo")
@click.option("--list", "listed", is_flag=True, help="option.decide_list")
@options.workspace
@options.formats("table", "json")
@options.lang
def command(
    *, ids: str, rule: str | None, by: str | None, note: str | None, layer: str | None,
    undo: str | None, listed: bool, workspace: Path | None, form: str, lang: str,
) -> None:  # fmt: skip
    """Log a decision, take one back, or list them."""
    from landkit.decisions import decide, read_decisions
    from landkit.products.decision_table import decision_line, decision_list
    from landkit.workspace import open_workspace

    opened = open_workspace(workspace)
    if not listed:
        made = decide(ids, rule=rule, by=by or "", note=note or "", layer=layer, undo=undo, workspace=opened)
        click.echo(clean(decision_line(made, lang=lang)), err=True)
        if form != "json":
            return
        opened = open_workspace(opened.root)
    shown = decision_list(read_decisions(opened), form=form, lang=lang, width=width())
    deliver(shown, form=form, output=None, force=False)
