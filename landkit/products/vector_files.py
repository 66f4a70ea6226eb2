"""GeoJSON, GeoParquet, GeoPackage and CSV: files that hold a layer whole."""

from __future__ import annotations

import datetime
import io
import json
import tempfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import shapely

from landkit.products.outgoing import Outgoing, Written, cells, days, table_bytes

_DEGREE_DIGITS = 11  # a micrometre
_CGCS2000 = 4490


def geojson_file(layer: Outgoing, path: Path) -> Written:
    """Write GeoJSON (RFC 7946): degrees to 11 places, outer rings counter-clockwise, a null for what is unknown.

    CGCS2000 is named in the old member ``crs``, which readers that know only WGS 84 pass over.
    """
    head: dict[str, Any] = {"type": "FeatureCollection", "name": layer.name}
    if layer.frame.crs is not None and layer.frame.crs.to_epsg() == _CGCS2000:
        head["crs"] = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{_CGCS2000}"}}
    columns = {str(name): cells(layer.attributes[name]) for name in layer.attributes.columns}
    shapes = [_geometry(shape) for shape in layer.shapes]
    features = []
    for row, geometry in enumerate(shapes):
        properties = {name: _plain(values[row]) for name, values in columns.items()}
        feature = {"type": "Feature", "properties": properties, "geometry": geometry}
        features.append(json.dumps(feature, ensure_ascii=False, allow_nan=False))
    text = f'{json.dumps(head, ensure_ascii=False)[:-1]}, "features": [\n' + ",\n".join(features) + "\n]}\n"
    return Written({path: text.encode("utf-8", "backslashreplace")})


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value


def _geometry(shape: Any) -> dict[str, Any] | None:
    if shape is None or shape.is_empty:
        return None
    rounded = shapely.transform(shapely.force_2d(shape), lambda xy: np.round(xy, _DEGREE_DIGITS))
    mapping: dict[str, Any] = shapely.orient_polygons(rounded).__geo_interface__
    return mapping


def parquet_file(layer: Outgoing, path: Path) -> Written:
    """Write GeoParquet: every value with its type."""
    page = io.BytesIO()
    attributes = days(layer.attributes)
    gpd.GeoDataFrame(attributes, geometry=layer.frame.geometry, crs=layer.frame.crs).to_parquet(page, index=False)
    return Written({path: page.getvalue()})


def geopackage_file(layer: Outgoing, path: Path) -> Written:
    """Write a GeoPackage of one layer."""
    frame = gpd.GeoDataFrame(days(layer.attributes), geometry=layer.frame.geometry, crs=layer.frame.crs)
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder, "draft.gpkg")
        pyogrio.write_dataframe(
            frame, draft, driver="GPKG", layer=layer.name, geometry_type="Unknown", use_arrow=True,
            layer_options={"FID": _free_fid(layer)},
        )  # fmt: skip
        return Written({path: draft.read_bytes()})


def _free_fid(layer: Outgoing) -> str:
    """Return a name for the row number that no column has, whatever its case."""
    taken = {str(name).casefold() for name in layer.frame.columns}
    name = "fid"
    while name in taken:
        name = f"_{name}"
    return name


def csv_file(layer: Outgoing, path: Path) -> Written:
    """Write CSV with the shapes as well-known text."""
    return Written({path: table_bytes(layer.attributes, layer.shapes)})
