"""Writing the workspace: one feature or record a line, so that git shows what changed."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from jinhua.plane import Shape, to_lonlat
from jinhua.rows import Row

CRS = '{"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}'


def geojson(layer: str, rows: list[Row], columns: list[str]) -> str:
    """Return a layer as GeoJSON in EPSG:4490, its columns in the order given."""
    for row in rows:
        unknown = set(row.values) - set(columns)
        if unknown:
            raise ValueError(f"{layer} {row.id}: {sorted(unknown)} are not in the schema")
    used = [column for column in columns if any(column in row.values for row in rows)]
    lines = ",\n".join(_feature(row, used) for row in rows)
    return f'{{"type": "FeatureCollection", "name": "{layer}", "crs": {CRS}, "features": [\n{lines}\n]}}\n'


def table(records: list[dict[str, Any]]) -> str:
    """Return a table as CSV."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(records[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _cell(value) for key, value in record.items()} for record in records)
    return stream.getvalue()


def write(folder: Path, texts: dict[str, str]) -> None:
    """Write the files of the workspace."""
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def _feature(row: Row, columns: list[str]) -> str:
    values = {column: row.values.get(column) for column in columns}
    properties = json.dumps(values, ensure_ascii=False)
    return f'{{"type": "Feature", "properties": {properties}, "geometry": {_geometry(row.shape)}}}'


def _geometry(shape: Shape | None) -> str:
    if shape is None:
        return "null"
    parts = [[_closed(ring) for ring in rings] for rings in shape]
    if len(parts) == 1:
        return json.dumps({"type": "Polygon", "coordinates": parts[0]})
    return json.dumps({"type": "MultiPolygon", "coordinates": parts})


def _closed(ring: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the ring in longitude and latitude, closed and without corners that rounding made one."""
    corners: list[tuple[float, float]] = []
    for corner in to_lonlat(ring):
        if not corners or corner != corners[-1]:
            corners.append(corner)
    return [*corners, corners[0]] if corners[0] != corners[-1] else corners


def _cell(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value
