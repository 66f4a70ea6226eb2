"""Options that several commands share: one spelling, one meaning, one set of values each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from landkit.errors import UsageError
from landkit.words import LANGUAGES

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable

    Value = Callable[[click.Context, click.Parameter, Any], Any]
    Decorator = Callable[[Any], Any]

# Written out, since `landkit --help` must not load what they come from; a test compares them with it.
UNITS = ("mu", "ha", "m2", "km2", "wanmu")
METHODS = ("ellipsoid", "survey", "planar", "geodesic")
ASSIGNMENTS = ("clip", "owner", "largest")


def one_of(names: Iterable[str]) -> Value:
    """Return a callback that takes one of `names` and refuses any other with the list of them."""
    known = tuple(names)

    def check(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:  # noqa: ARG001
        if value is not None and value not in known:
            raise UsageError("cli.choice", option=param.opts[-1], value=value, choices=", ".join(known))
        return value

    return check


def choice(*names: str, choices: Iterable[str], **attrs: Any) -> Decorator:
    """Return an option that takes one of `choices`, listed in its help."""
    known = tuple(choices)
    return click.option(*names, metavar="|".join(known), callback=one_of(known), **attrs)


def _date(ctx: click.Context, param: click.Parameter, value: str | None) -> datetime.date | None:  # noqa: ARG001
    import datetime

    if value is None:
        return None
    try:
        return datetime.datetime.strptime(value, "%Y-%m-%d").date()  # a day, in no zone
    except ValueError as error:
        raise UsageError("cli.date", option=param.opts[-1], value=value) from error


def _count(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:  # noqa: ARG001
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 3):
        raise UsageError("cli.count", option=param.opts[-1], value=value)
    return int(value)


def _names(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...] | None:  # noqa: ARG001
    if value is None:
        return None
    names = tuple(name.strip() for name in value.split(",") if name.strip())
    if not names:
        raise UsageError("cli.no_key", option=param.opts[-1])
    return names


def formats(*names: str) -> Decorator:
    """Return ``--format`` for the given formats; the first is the default."""
    return choice("--format", "form", choices=names, default=names[0], show_default=True, help="option.format")


lang = choice(
    "--lang", choices=LANGUAGES, default=lambda: click.get_current_context().find_root().obj, help="option.lang"
)
workspace = click.option("-w", "--workspace", type=click.Path(path_type=Path), metavar="DIR", help="option.workspace")
unit = choice("--unit", choices=UNITS, default="mu", show_default=True, help="option.unit")
digits = click.option("--digits", metavar="N", callback=_count, help="option.digits")
method = choice("--method", choices=METHODS, default="ellipsoid", show_default=True, help="option.method")
by = click.option("--by", metavar="KEY,...", callback=_names, help="option.by")
as_of = click.option("--as-of", metavar="YYYY-MM-DD", callback=_date, help="option.as_of")
output = click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="option.output")
force = click.option("--force", is_flag=True, help="option.force")
