"""`landkit init DIR`."""

from __future__ import annotations

from pathlib import Path

import click

from landkit.cli import options
from landkit.cli.command import command as landkit_command
from landkit.errors import UsageError
from landkit.products.table import clean
from landkit.words import text


def _box(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[float, ...] | None:  # noqa: ARG001
    if value is None:
        return None
    try:
        return tuple(float(part) for part in value.split(","))
    except ValueError as error:
        raise UsageError("init.aoi", value=value) from error


def _year(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:  # noqa: ARG001
    if value is not None and not (value.isascii() and value.isdigit() and len(value) == 4):
        raise UsageError("init.year_value", value=value)
    return None if value is None else int(value)


@landkit_command("init")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--crs", metavar="EPSG:N", help="option.init_crs")
@click.option("--plan", metavar="FILE", type=click.Path(path_type=Path), help="option.init_plan")
@click.option("--name", metavar="NAME", help="option.init_name")
@click.option("--aoi", metavar="W,S,E,N", callback=_box, help="option.init_aoi")
@click.option("--year", metavar="YYYY", callback=_year, help="option.init_year")
@options.force
@options.lang
def command(
    *, folder: Path, crs: str | None, plan: Path | None, name: str | None,
    aoi: tuple[float, ...] | None, year: int | None, force: bool, lang: str,
) -> None:  # fmt: skip
    """Make a workspace."""
    from landkit.founding import init
    from landkit.plan import read_plan
    from landkit.workspace import open_workspace

    if crs is None:
        raise UsageError("init.crs")
    made = open_workspace(init(folder, crs=crs, plan=plan, name=name, aoi=aoi, year=year, force=force))
    said = [text("init.written", lang, folder=made.root, zone=made.zone.name, year=made.zone.year, crs=made.zone.crs)]
    if plan is not None:
        targets = read_plan(made.plan_path).targets
        measured = [target for target in targets if target.measure is not None]
        layers = ", ".join(dict.fromkeys(str(target.layer) for target in measured)) or "-"
        said.append(text("init.plan", lang, count=len(targets), measured=len(measured), layers=layers))
    said.append(text("init.next", lang, folder=made.root))
    for line in said:
        click.echo(clean(line), err=True)
