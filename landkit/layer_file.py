"""Layers and tables as the files that a workspace keeps, written so that reading gives back what was written."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio
import shapely
from pandas.api import types

from landkit.errors import InputError, UsageError
from landkit.schema import Field
from landkit.sources.geopackage import feature_tables

# Of GeoPackages made here: their row number is no column of the layer, and their times are those of the wall clock.
ROW_NUMBER = "landkit_fid"
_SHAPE = "geometry"
_POLYGON, _MULTIPOLYGON, _NONE = 3, 6, -1
_MIDNIGHT = np.timedelta64(0, "ns")

Frame = TypeVar("Frame", bound=pd.DataFrame)


def write_layer(path: Path, frame: gpd.GeoDataFrame, *, name: str, former: Path) -> None:
    """Write a polygon layer in the format that the suffix of `path` names.

    Whole numbers, truth values and dates keep their types, shapes every digit; what is neither number, text, truth
    value nor time becomes text.

    Parameters
    ----------
    path
        A ``.gpkg``, ``.geojson`` or ``.parquet`` that is not there yet.
    frame
        Every row; null shapes are kept.
    name
        What the layer is called in a GeoPackage.
    former
        The version that is replaced, if there is one: other layers and the styles in a GeoPackage are taken over.

    Raises
    ------
    InputError
        Two columns of a GeoPackage are called the same but for capitals, or the former one cannot be read.
    UsageError
        The disk refuses.
    """
    plain = storable(frame)
    try:
        if path.suffix.lower() == ".parquet":
            plain.to_parquet(path, index=False)
        elif path.suffix.lower() == ".gpkg":
            _write_geopackage(path, plain, name, former)
        else:
            options = {"SIGNIFICANT_FIGURES": 17}
            pyogrio.write_dataframe(plain, path, driver="GeoJSON", use_arrow=True, layer_options=options)
    except (OSError, RuntimeError) as error:  # pyogrio's errors are RuntimeErrors
        raise UsageError("store.failed", file=path.name, reason=" ".join(str(error).split())) from error


def _write_geopackage(path: Path, frame: gpd.GeoDataFrame, name: str, former: Path) -> None:
    shape = _SHAPE
    if former.exists() and _holds_more(former):
        shutil.copyfile(former, path)
        tables = [table.name for table in feature_tables(path)]
        name = tables[0] if len(tables) == 1 else name
        if name in tables:  # a style belongs to a table and its column
            shape = pyogrio.read_info(path, layer=name)["geometry_name"] or shape
    own = frame.drop(columns=ROW_NUMBER, errors="ignore")
    _refuse_alike([shape, *own.columns.drop(own.geometry.name)], name)
    if own.geometry.name != shape:
        own = own.rename_geometry(shape)
    kind = _geometry_type(own)
    pyogrio.write_dataframe(
        own, path, layer=name, driver="GPKG", use_arrow=True, geometry_type=kind,
        promote_to_multi=kind == "MultiPolygon", layer_options={"FID": ROW_NUMBER, "GEOMETRY_NAME": shape},
    )  # fmt: skip
    found = _count(path, f"SELECT count(*) FROM {_quoted(name)}")  # noqa: S608 - quoted
    if found != len(own):  # on a full disk GDAL may be content with less
        raise UsageError("store.failed", file=path.name, reason=f"{found} / {len(own)}")


def _holds_more(path: Path) -> bool:
    """Return whether a GeoPackage holds tables besides that of its only layer."""
    return _count(path, "SELECT count(*) FROM gpkg_contents") > 1


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _count(path: Path, query: str) -> int:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            return int(connection.execute(query).fetchone()[0])
    except sqlite3.Error as error:
        raise UsageError("store.failed", file=path.name, reason=str(error)) from error


def _geometry_type(frame: gpd.GeoDataFrame) -> str:
    """Return what the file declares: the narrowest type, since QGIS shows a layer of undeclared type as several."""
    found = set(np.unique(shapely.get_type_id(np.asarray(frame.geometry.array, dtype=object))).tolist())
    if found - {_NONE} == {_POLYGON}:
        return "Polygon"
    return "MultiPolygon" if found <= {_NONE, _POLYGON, _MULTIPOLYGON} else "Unknown"


def _refuse_alike(names: Iterable[str], layer: str) -> None:
    seen: dict[str, str] = {}
    for name in map(str, names):
        if name.casefold() in seen:
            raise InputError("store.columns", layer=layer, first=seen[name.casefold()], second=name)
        seen[name.casefold()] = name


def storable(frame: Frame) -> Frame:
    """Return a frame with its rows counted from 0 and columns of types that a file of layers holds; nothing is lost."""
    shape = frame.geometry.name if isinstance(frame, gpd.GeoDataFrame) else None
    changed = {name: _storable_column(frame[name]) for name in frame.columns if name != shape}
    return frame.assign(**changed).reset_index(drop=True)


def _storable_column(column: pd.Series[Any]) -> pd.Series[Any]:
    if types.is_datetime64_any_dtype(column.dtype):
        if getattr(column.dtype, "tz", None) is not None:
            return column.map(lambda moment: moment.isoformat(), na_action="ignore").astype("str")
        is_day = (column.dropna() - column.dropna().dt.normalize() == _MIDNIGHT).all()
        return column.astype(pd.ArrowDtype(pa.date32())) if is_day else column
    if column.dtype != object:
        return column
    given = column.dropna()
    if len(given) and given.map(lambda value: isinstance(value, bool | np.bool_)).all():
        return column.astype("boolean")
    if len(given) and given.map(lambda value: isinstance(value, date) and not isinstance(value, datetime)).all():
        return column.astype(pd.ArrowDtype(pa.date32()))
    return column.map(_as_text, na_action="ignore").astype("str")


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def as_written(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a layer as it was given to `write_layer`, where the file is one of its GeoPackages."""
    if ROW_NUMBER not in frame.columns:
        return frame
    own = frame.drop(columns=ROW_NUMBER)
    return own.assign(**{str(name): _typed(own[name]) for name in own.columns if name != own.geometry.name})


def truths(column: pd.Series[Any]) -> pd.Series[Any]:
    """Return truth values with gaps, which readers give as objects, as such; any other column as it is."""
    return column.astype("boolean") if _holds_truths(column) else column


def _typed(column: pd.Series[Any]) -> pd.Series[Any]:
    if types.is_bool_dtype(column.dtype) or _holds_truths(column):
        return column.astype("boolean")
    if types.is_integer_dtype(column.dtype):
        return column.astype("Int64")
    if types.is_datetime64_any_dtype(column.dtype):
        return (column if column.dt.tz is None else column.dt.tz_localize(None)).astype("datetime64[us]")
    return column


def _holds_truths(column: pd.Series[Any]) -> bool:
    """Return whether a column is one of truth values; readers give text as such and all else with a type."""
    return column.dtype == object and bool(column.dropna().map(lambda value: isinstance(value, bool)).all())


def table_bytes(frame: pd.DataFrame, fields: Mapping[str, Field]) -> bytes:
    """Return a table as CSV in UTF-8, each cell as the schema's types are written; an empty text is no text.

    Parameters
    ----------
    frame
        The rows.
    fields
        The fields of the schema by column.
    """
    with io.StringIO(newline="") as file:
        writer = csv.writer(file)  # its \r\n makes it quote either sign inside a cell
        writer.writerow(frame.columns)
        kinds = [fields[name].type if name in fields else "" for name in map(str, frame.columns)]
        cells = [[_cell(value, kind) for value in frame[name]] for name, kind in zip(frame.columns, kinds, strict=True)]
        writer.writerows(zip(*cells, strict=True))
        return file.getvalue().encode("utf-8")


def _cell(value: Any, kind: str) -> str:
    if not isinstance(value, list | dict) and pd.isna(value):
        return ""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, datetime):
        is_day = kind == "date" or (kind != "datetime" and value.time() == datetime.min.time())
        return value.date().isoformat() if is_day else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if kind == "int" and isinstance(value, float) and value.is_integer():
        return str(int(value))
    return repr(float(value)) if isinstance(value, float) else _as_text(value)
