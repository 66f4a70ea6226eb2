"""GeoParquet by pyarrow alone: only the columns that are asked for leave the disk."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from landkit.errors import InputError
from landkit.sources.layer import Note
from landkit.sources.records import FAILURES, Records, one_line, to_frame, unreadable
from landkit.sources.shapes import decode

_DEFAULT_CRS = "OGC:CRS84"  # what the specification says of a file that names none


def read_parquet(path: Path, *, columns: Collection[str] | None) -> Records:
    """Read the primary geometry and the columns asked for (all where None; unknown names are passed over).

    Raises
    ------
    InputError
        It is damaged, or not GeoParquet.
    """
    try:
        with pq.ParquetFile(path) as file:
            geo = _geo(path, file.schema_arrow)
            primary = geo["columns"][geo["primary_column"]]
            names = _names(file.schema_arrow, geo, columns)
            if primary["encoding"] == "WKB":
                table = file.read([*names, geo["primary_column"]])
                shapes, broken = decode(_bytes(table.column(geo["primary_column"])))
            else:
                table = file.read(names)
                shapes = _native(path, geo["primary_column"])
                broken = np.zeros(len(shapes), dtype=bool)
    except (*FAILURES, KeyError, TypeError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError("files.broken", file=path, kind="GeoParquet", detail=one_line(error)) from error
    attributes, notes = to_frame(table, dropped=geo["columns"])
    if primary.get("edges") == "spherical":
        notes.append(Note("files.note.spherical"))
    types = primary.get("geometry_types") or ["Unknown"]
    surfaces = [name for name in types if "Polygon" in name or name in ("Unknown", "GeometryCollection")]
    return Records(
        attributes, shapes, unreadable(broken), np.full(len(shapes), -1), primary.get("crs", _DEFAULT_CRS),
        surfaces[0] if surfaces else types[0], geo["primary_column"], notes=notes,
    )  # fmt: skip


def read_plain_parquet(path: Path) -> Records:
    """Read a Parquet file also where it is no GeoParquet: as a table, or with the one column that holds shapes.

    Raises
    ------
    InputError
        It is damaged.
    """
    try:
        return read_parquet(path, columns=None)
    except InputError as error:
        if error.key != "files.no_geo":
            raise
    try:
        table = pq.ParquetFile(path).read()
    except FAILURES as error:
        raise InputError("files.broken", file=path, kind="Parquet", detail=one_line(error)) from error
    found = {name: decode(_bytes(table.column(name))) for name in table.column_names if _is_binary(table.field(name))}
    full = [
        name for name, (shapes, broken) in found.items() if not broken.any() and not shapely.is_missing(shapes).all()
    ]
    nothing = np.full(table.num_rows, None, dtype=object)
    if len(full) != 1:
        attributes, notes = to_frame(table, dropped=())
        return Records(attributes, nothing, {}, np.full(table.num_rows, -1), None, "None", notes=notes)
    attributes, notes = to_frame(table, dropped=full)
    notes.append(Note("archive.note.no_geo", {"column": full[0]}))
    return Records(
        attributes, found[full[0]][0], {}, np.full(table.num_rows, -1), None, "Unknown", full[0], notes=notes
    )


def _is_binary(field: pa.Field) -> bool:
    return bool(pa.types.is_binary(field.type) or pa.types.is_large_binary(field.type))


def parquet_columns(path: Path) -> list[str]:
    """Return the names of the attribute columns."""
    try:
        schema = pq.read_schema(path)
    except FAILURES as error:
        raise InputError("files.broken", file=path, kind="GeoParquet", detail=one_line(error)) from error
    return _names(schema, _geo(path, schema), None)


def _geo(path: Path, schema: pa.Schema) -> dict[str, Any]:
    raw = (schema.metadata or {}).get(b"geo")
    if raw is not None:
        return dict(json.loads(raw))
    for field in schema:
        marks = field.metadata or {}
        if marks.get(b"ARROW:extension:name") == b"geoarrow.wkb":
            # GeoArrow in plain Parquet: there a system that is not named is unknown
            crs = json.loads(marks.get(b"ARROW:extension:metadata") or b"{}").get("crs")
            return {"primary_column": field.name, "columns": {field.name: {"encoding": "WKB", "crs": crs}}}
    raise InputError("files.no_geo", file=path)


def _names(schema: pa.Schema, geo: dict[str, Any], columns: Collection[str] | None) -> list[str]:
    # a covering holds the bounds of each shape: an index, no attribute
    covering = {
        corner[0]
        for column in geo["columns"].values()
        for corner in column.get("covering", {}).get("bbox", {}).values()
    }
    hidden = covering | set(geo["columns"])
    return [name for name in schema.names if name not in hidden and (columns is None or name in columns)]


def _bytes(column: pa.ChunkedArray) -> np.ndarray[Any, np.dtype[np.object_]]:
    values = column.to_numpy(zero_copy_only=False)
    return np.asarray(values, dtype=object)


def _native(path: Path, column: str) -> np.ndarray[Any, np.dtype[np.object_]]:
    """Return shapes kept as coordinate lists instead of WKB."""
    return np.asarray(gpd.read_parquet(path, columns=[column]).geometry.array, dtype=object)
