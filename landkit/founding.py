"""`landkit init`: a workspace of one's own, empty but for its settings and its plan."""

from __future__ import annotations

import json
from collections.abc import Sequence
from os import PathLike
from pathlib import Path

from landkit.crs import read_plane
from landkit.errors import InputError, UsageError
from landkit.plan import read_plan
from landkit.settings import SETTINGS
from landkit.workspace import write_folder

PLAN = "plan.toml"
_TEMPLATE = """\
# The settings of this workspace; every key is explained in docs/workspace.md.
# 本工作区的设置，各项含义见 docs/workspace.md。

[zone]
name = {name}
year = {year} # the year of the plan 计划年度
crs = {crs} # the working plane 工作平面（CGCS2000 三度带高斯-克吕格）
{aoi} # west, south, east, north in degrees 范围：西、南、东、北（度）
# "districts" is entered above when the layer of the key areas is first imported. 片区图层首次导入时自动登记 districts。

[tolerance]
sliver_m2 = 1.0 # land outside every key area and smaller than this belongs to the parcel's own 外缘碎片归地块所在片区

# A section is added below for each layer when it is first imported. 图层首次导入时自动在下方登记。
"""


def init(
    folder: str | PathLike[str],
    *,
    crs: str,
    plan: str | PathLike[str] | None = None,
    name: str | None = None,
    aoi: Sequence[float] | None = None,
    year: int | None = None,
    force: bool = False,
) -> Path:
    """Make a workspace: ``landkit.toml``, and a copy of the plan where there is one.

    Parameters
    ----------
    folder
        A new or empty folder.
    crs
        The working plane, such as ``EPSG:4549``.
    plan
        A ``plan.toml``; it is checked first.
    name
        Of the zone; by default that of the folder.
    aoi
        The box in which the zone lies: west, south, east, north in degrees.
    year
        Of the plan; by default that of its publication.
    force
        Write into a folder that holds something; what is replaced stays in the history.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    UsageError
        The folder is not empty or cannot be written, `crs` is no such plane, the box is none, or no year is known.
    InputError
        The plan cannot be read.
    """
    target = Path(folder)
    title = name if name is not None else target.resolve().name
    if not title.strip():
        raise UsageError("init.name")
    files = {}
    if plan is not None:
        published = read_plan(Path(plan)).published
        files[PLAN] = _bytes(Path(plan))
        year = published.year if year is None else year
    if year is None:
        raise UsageError("init.year")
    box = "# aoi = [119.31, 28.90, 119.85, 29.30]" if aoi is None else f"aoi = [{', '.join(map(repr, _box(aoi)))}]"
    text = _TEMPLATE.format(name=_quoted(title), year=year, crs=_quoted(read_plane(crs).name), aoi=box)
    return write_folder(target, {SETTINGS: text.encode("utf-8"), **files}, purpose="init", force=force)


def _box(aoi: Sequence[float]) -> tuple[float, ...]:
    box = tuple(float(number) for number in aoi)
    if len(box) == 4 and -180 <= box[0] < box[2] <= 180 and -90 <= box[1] < box[3] <= 90:
        return box
    raise UsageError("init.aoi", value=",".join(map(str, aoi)))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError("plan.missing_file", file=str(path)) from error
