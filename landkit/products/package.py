"""A GeoPackage of several layers, written whole or not at all."""

from __future__ import annotations

import os
import re
import secrets
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from landkit.crs import horizontal
from landkit.errors import UsageError
from landkit.layer_file import storable
from landkit.products.output import check_targets

_FID, _SHAPE = "fid", "geom"
_SLICE = 200_000
# by shapely's type id
_TYPES = (
    "Point", "LineString", "LinearRing", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon",
    "GeometryCollection",
)  # fmt: skip
_NO_NAME = re.compile(r"[^\w.-]+")


def write_package(path: Path, layers: Mapping[str, pd.DataFrame], *, force: bool) -> None:
    """Write frames as layers of a GeoPackage; a frame without shapes becomes a table.

    Parameters
    ----------
    path
        The file, in an existing folder.
    layers
        Name -> frame. Names and columns that differ in case alone get a number.
    force
        Replace a file that exists.

    Raises
    ------
    UsageError
        If the file exists and `force` is not given, or it cannot be written.
    """
    target = check_targets([path], force=force)[path]
    draft = target.with_name(f".tmp-{secrets.token_hex(8)}.gpkg")
    try:
        for name, frame in zip(distinct(map(_layer_name, layers)), layers.values(), strict=True):
            write_table(draft, name, frame)
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.replace(target)
    except (OSError, RuntimeError) as error:  # pyogrio's errors are RuntimeErrors
        raise UsageError("output.failed", path=str(path), reason=" ".join(str(error).split())[:200]) from error
    finally:
        draft.unlink(missing_ok=True)


def write_table(path: Path, name: str, frame: pd.DataFrame) -> None:
    """Add a layer or table to a GeoPackage that nobody else has open."""
    columns = [str(column) for column in frame.columns]
    taken = {column.casefold() for column in columns}
    told = storable(frame)
    told.columns = pd.Index(distinct(columns))
    options: dict[str, Any] = {"FID": _free(_FID, taken), "layer": _layer_name(name), "append": path.exists()}
    if isinstance(frame, gpd.GeoDataFrame):
        crs = horizontal(frame.crs) if frame.crs is not None else None
        told = gpd.GeoDataFrame(told, geometry=told.columns[columns.index(frame.geometry.name)])
        told = told.set_crs(crs, allow_override=True)
        options["GEOMETRY_NAME"] = _free(_SHAPE, taken - {str(frame.geometry.name)})
        options |= _declared(told)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "'crs' was not provided")  # it is not known, and the report says so
        # slice by slice: the bytes of all the shapes at once would take as much memory as the shapes
        for start in range(0, max(len(told), 1), _SLICE):
            part = told.iloc[start : start + _SLICE]
            pyogrio.write_dataframe(part, path, driver="GPKG", use_arrow=True, **options)
            options["append"] = True


def _declared(frame: gpd.GeoDataFrame) -> dict[str, Any]:
    """Return the geometry type that all of a layer has, however many slices it is written in."""
    types = {_TYPES[number] for number in np.unique(shapely.get_type_id(frame.geometry.array)) if number >= 0}
    if len(types) == 1:
        return {"geometry_type": types.pop()}
    multi = {f"Multi{name.removeprefix('Multi')}" for name in types}
    if len(multi) == 1:
        return {"geometry_type": multi.pop(), "promote_to_multi": True}
    return {"geometry_type": "Unknown"}


def _layer_name(name: str) -> str:
    """Return a name that GDAL takes for a layer: anything but letters, digits and a few signs becomes ``_``."""
    return _NO_NAME.sub("_", name).strip("_.-") or "layer"


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name


def distinct(names: Any) -> list[str]:
    """Return `names`, each different from the others in more than case."""
    seen: set[str] = set()
    found = []
    for name in names:
        unique, number = str(name), 1
        while unique.casefold() in seen:
            number += 1
            unique = f"{name}_{number}"
        seen.add(unique.casefold())
        found.append(unique)
    return found
