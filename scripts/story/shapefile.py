"""A shapefile written byte by byte after ESRI's description of 1998: no library stands between it and the test."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from story.scene import Ring

PRJ = (
    'PROJCS["CGCS2000_3_Degree_GK_CM_120E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",'
    'DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
    'UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],'
    'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",120.0],PARAMETER["Scale_Factor",1.0],'
    'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)
_POLYGON = 5


@dataclass(frozen=True)
class Column:
    """A column of the table: its name, of ten bytes at most, its type (C, N, D or L) and its width in bytes."""

    name: str
    kind: str
    width: int
    decimals: int = 0


def shapefile(columns: list[Column], rows: list[tuple[tuple[Ring, ...], list[str]]]) -> dict[str, bytes]:
    """Return .shp, .shx and .dbf (GBK, without a language) of polygons with one outline each."""
    contents = [_content(rings) for rings, _ in rows]
    corners = [corner for rings, _ in rows for ring in rings for corner in ring]
    body, index, at = b"", b"", 50
    for number, content in enumerate(contents, start=1):
        size = len(content) // 2
        body += struct.pack(">ii", number, size) + content
        index += struct.pack(">ii", at, size)
        at += 4 + size
    return {
        ".shp": _head(len(body), corners) + body,
        ".shx": _head(len(index), corners) + index,
        ".dbf": _table(columns, [values for _, values in rows]),
    }


def _head(size: int, corners: Ring) -> bytes:
    length = (100 + size) // 2
    return (
        struct.pack(">7i", 9994, 0, 0, 0, 0, 0, length) + struct.pack("<2i", 1000, _POLYGON) + _box(corners) + bytes(32)
    )


def _box(corners: Ring) -> bytes:
    east, north = zip(*corners, strict=True)
    return struct.pack("<4d", min(east), min(north), max(east), max(north))


def _content(rings: tuple[Ring, ...]) -> bytes:
    starts: list[int] = []
    points: Ring = []
    for ring in rings:
        starts.append(len(points))
        points += [*ring, ring[0]]
    head = struct.pack("<i", _POLYGON) + _box(points) + struct.pack("<2i", len(starts), len(points))
    return head + struct.pack(f"<{len(starts)}i", *starts) + b"".join(struct.pack("<2d", *point) for point in points)


def _table(columns: list[Column], rows: list[list[str]]) -> bytes:
    fields = b"".join(
        struct.pack("<11sc4xBB14x", column.name.encode("gbk"), column.kind.encode(), column.width, column.decimals)
        for column in columns
    )
    size = 1 + sum(column.width for column in columns)
    head = struct.pack("<4BIHH20x", 3, 122, 6, 28, len(rows), 32 + len(fields) + 1, size)
    return head + fields + b"\r" + b"".join(_record(columns, row) for row in rows) + b"\x1a"


def _record(columns: list[Column], row: list[str]) -> bytes:
    cells = [_cell(column, value) for column, value in zip(columns, row, strict=True)]
    return b" " + b"".join(cells)


def _cell(column: Column, value: str) -> bytes:
    data = value.encode("gbk")
    if len(data) > column.width:
        raise ValueError(f"{column.name}: {value} is longer than {column.width} bytes")
    return data.rjust(column.width) if column.kind == "N" else data.ljust(column.width)
