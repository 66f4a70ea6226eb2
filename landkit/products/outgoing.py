"""A layer on its way out: what every writer is given and gives back, and its values as plain cells."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from numbers import Integral, Real
from pathlib import Path
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from landkit.products.csv_file import Cell, csv_bytes
from landkit.schema import Field
from landkit.sources import Note

WKT = "wkt"


@dataclass(frozen=True, eq=False)
class Outgoing:
    """A layer in the reference system in which it is to be written.

    Attributes
    ----------
    name, title
        Its id, and what it is called in Chinese.
    frame
        Every row, with a RangeIndex.
    fields
        What the schema says of its columns; a column may have no entry.
    hectares
        On the ellipsoid, shape (n,); NaN where the shape cannot be measured.
    is_placeholder
        Whose shape is illustrative, shape (n,).
    """

    name: str
    title: str
    frame: gpd.GeoDataFrame
    fields: Mapping[str, Field]
    hectares: NDArray[np.float64]
    is_placeholder: NDArray[np.bool_]

    @property
    def shapes(self) -> NDArray[np.object_]:
        """The shapes, shape (n,), in an array of one's own."""
        return np.array(self.frame.geometry.array, dtype=object)

    @property
    def attributes(self) -> pd.DataFrame:
        """The columns but the shape."""
        return pd.DataFrame(self.frame.drop(columns=self.frame.geometry.name))


@dataclass(frozen=True)
class Written:
    """The files of an export with their bytes, and what is to be known about them."""

    files: dict[Path, bytes]
    notes: tuple[Note, ...] = ()


Writer: TypeAlias = Callable[[Outgoing, Path], Written]


def is_surface(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return which of the shapes are polygons with anything in them, shape (n,)."""
    found: NDArray[np.bool_] = np.isin(shapely.get_type_id(shapes), (3, 6)) & ~shapely.is_empty(shapes)
    return found


def cells(column: pd.Series[Any]) -> list[Cell]:
    """Return the values of a column: None where there is none, days as dates, what is nested as JSON."""
    return [_cell(value) for value in column]


def _cell(value: Any) -> Cell:
    if isinstance(value, (dict, list, tuple, np.ndarray)):
        return json.dumps(value if isinstance(value, dict) else list(value), ensure_ascii=False, default=str)
    if value is None or pd.isna(value):
        return None
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, Real):
        return int(value) if isinstance(value, Integral) else float(value) if isfinite(value) else str(value)
    if isinstance(value, datetime.datetime) and value.tzinfo is None and value.time() == datetime.time():
        value = value.date()
    return value if isinstance(value, datetime.date) else str(value)


def days(frame: pd.DataFrame) -> pd.DataFrame:
    """Return `frame` with the columns of whole days as dates, for writers that tell a date from a time."""
    found = frame.copy()
    for name in found.columns:
        column = found[name]
        if pd.api.types.is_datetime64_dtype(column) and (column.dropna() == column.dropna().dt.normalize()).all():
            found[name] = pd.Series([None if pd.isna(day) else day.date() for day in column], dtype=object)
        elif column.dtype == object:
            found[name] = pd.Series(cells(column), dtype=object)
    return found


def table_bytes(frame: pd.DataFrame, shapes: NDArray[np.object_] | None = None) -> bytes:
    """Return rows as CSV, with their shapes as well-known text of full precision in a last column.

    Parameters
    ----------
    shapes
        Shape (n,); no column where None.
    """
    columns = {str(name): cells(frame[name]) for name in frame.columns}
    if shapes is not None:
        columns[_free(WKT, columns)] = [
            None if shape is None else str(shapely.to_wkt(shape, rounding_precision=-1)) for shape in shapes
        ]
    return csv_bytes(list(columns), zip(*columns.values(), strict=True))


def _free(name: str, taken: Mapping[str, object]) -> str:
    return name if name not in taken else _free(f"{name}_", taken)


def beside(path: Path, what: str) -> Path:
    """Return the path of a table that goes with the file at `path`."""
    return path.with_name(f"{path.stem}.{what}.csv")
