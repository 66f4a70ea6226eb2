"""What a workspace holds, layer by layer."""

from __future__ import annotations

from os import PathLike
from typing import Any

import pandas as pd

from landkit.measure.area import areas
from landkit.settings import LayerSpec
from landkit.sources import screen
from landkit.workspace import Workspace, open_workspace

_COLUMNS = (
    "layer", "kind", "file", "rows", "area_m2", "crs", "geom_source", "no_shape", "unusable", "programme",
)  # fmt: skip
_SHAPELESS = ("no_geometry", "empty")


def layers(workspace: Workspace | str | PathLike[str] | None = None) -> pd.DataFrame:
    """Return a row for each layer and table, in the order of ``landkit.toml``.

    Parameters
    ----------
    workspace
        The workspace, its folder, or None to find it (``.``, then ``./layers``).

    Returns
    -------
    DataFrame
        ``layer``, ``kind`` (polygon or table), ``file``, ``rows``, ``area_m2`` (the sum over the rows that can be
        measured, on the ellipsoid; None for a table), ``crs``, ``geom_source`` (a dict of counts; ``None`` as key where
        the column is empty), ``no_shape`` and ``unusable`` (rows without a shape, and rows whose shape cannot be
        measured for another reason), ``programme``.

    Raises
    ------
    UsageError
        There is no workspace.
    InputError, CrsError
        A file of the workspace cannot be read, or its layer not be measured.
    """
    opened = workspace if isinstance(workspace, Workspace) else open_workspace(workspace)
    return pd.DataFrame([_row(opened, spec) for spec in opened.layers.values()], columns=list(_COLUMNS))


def _row(workspace: Workspace, spec: LayerSpec) -> dict[str, Any]:
    common = {"layer": spec.id, "kind": "table" if spec.is_table else "polygon", "file": spec.path.name}
    if spec.is_table:
        return {
            **common, "rows": len(workspace.table(spec.id)), "area_m2": None, "crs": None, "geom_source": {},
            "no_shape": None, "unusable": None, "programme": False,
        }  # fmt: skip
    source = workspace.source(spec.id)
    frame = source.frame
    usable, unmeasured = screen(frame, known=source.unmeasured)
    no_shape = int(unmeasured["reason"].isin(_SHAPELESS).sum())
    area = float(areas(frame[usable], plane=workspace.zone.crs).sum()) if usable.any() else 0.0
    return {
        **common, "rows": len(frame), "area_m2": area, "crs": frame.crs.to_string() if frame.crs else None,
        "geom_source": certainty(frame), "no_shape": no_shape, "unusable": len(unmeasured) - no_shape,
        "programme": spec.programme,
    }  # fmt: skip


def certainty(frame: pd.DataFrame) -> dict[str | None, int]:
    """Return how many rows have each ``geom_source``, the most frequent first; None stands for no statement."""
    delivered = frame.get("geom_source", pd.Series(dtype="str"))
    stated = delivered.dropna().astype("str").value_counts()
    counts: dict[str | None, int] = {str(name): int(count) for name, count in stated.items()}
    silent = len(frame) - sum(counts.values())
    return {**counts, None: silent} if silent else counts
