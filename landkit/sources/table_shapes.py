"""The shapes in a table: well-known text or GeoJSON in its cells, and pairs of coordinates."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

from landkit.sources.layer import Note
from landkit.sources.survey_zone import is_northing, prefix_of
from landkit.sources.table_header import SHAPE_TEXT, bare_key
from landkit.sources.tables import Table
from landkit.values import numbers

_SHAPE_NAMES = frozenset(("wkt", "geometry", "geom", "the_geom", "wkt_geom", "shape", "geojson", "图形", "坐标串"))
_SAMPLE = 50  # cells that show whether a column holds shapes
_NAMES = (
    # north, east
    (
        ("纬度", "北纬", "lat", "latitude", "中心点纬度"),
        ("经度", "东经", "lon", "lng", "long", "longitude", "中心点经度"),
    ),
    (("北坐标", "纵坐标", "纵坐标x", "north", "northing"), ("东坐标", "横坐标", "横坐标y", "east", "easting")),
)
_X = ("x", "x坐标", "坐标x", "x值", "x坐标值", "界址点x坐标", "中心点x", "point_x", "coord_x")
_Y = ("y", "y坐标", "坐标y", "y值", "y坐标值", "界址点y坐标", "中心点y", "point_y", "coord_y")
_LONGITUDES, _LATITUDES = (73.0, 136.0), (3.0, 54.0)  # of China


@dataclass(frozen=True)
class Axes:
    """The columns that hold the northing (or latitude) and the easting (or longitude), and how that is known."""

    north: str
    east: str
    note: Note


@dataclass
class Shapes:
    """What was found in the cells of a table.

    Attributes
    ----------
    shapes
        Shape (n,), null where there is none or it cannot be read.
    reasons
        Row -> why its shape had to be given up.
    crs
        The reference system that every shape names, if they do.
    notes, remarks
        What was assumed, of the table and of single rows.
    """

    shapes: NDArray[np.object_]
    reasons: dict[int, str] = field(default_factory=dict)
    crs: pyproj.CRS | None = None
    notes: list[Note] = field(default_factory=list)
    remarks: list[tuple[int, str, dict[str, object]]] = field(default_factory=list)


def text_shapes(table: Table) -> Shapes | None:
    """Return the shapes that are written in a column of `table`, None where there is no such column.

    The column is taken out of the attributes, unless one of its cells cannot be read.
    """
    columns = [str(name) for name in table.attributes.columns if _holds_shapes(table.attributes[name], str(name))]
    if not columns:
        return None
    texts = table.attributes[columns[0]]
    found = _read_texts(texts)
    found.notes.append(Note("sheets.note.shapes", {"column": columns[0]}))
    if columns[1:]:
        found.notes.append(Note("sheets.note.shapes_left", {"columns": ", ".join(columns[1:])}))
    if not found.reasons:
        table.attributes = table.attributes.drop(columns=columns[0])
    return found


def _holds_shapes(column: pd.Series[str], name: str) -> bool:
    if not pd.api.types.is_string_dtype(column.dtype):
        return False
    sample = column.dropna().head(_SAMPLE)
    matching = sum(1 for text in sample if SHAPE_TEXT.match(text))
    return matching > 0 and (bare_key(name) in _SHAPE_NAMES or 2 * matching > len(sample))


def _read_texts(texts: pd.Series[str]) -> Shapes:
    shapes = np.full(len(texts), None, dtype=object)
    found = Shapes(shapes)
    systems = set()
    for row, text in enumerate(texts):
        if pd.isna(text):
            continue
        shapes[row], is_mended = _shape(text)
        if shapes[row] is None:
            found.reasons[row] = "unreadable"
        else:
            match = SHAPE_TEXT.match(text)
            systems.add(match["srid"] if match else None)
        if is_mended:
            found.remarks.append((row, "sheets.remark.closed", {}))
    found.crs = _system(systems)
    return found


def _shape(text: str) -> tuple[shapely.Geometry | None, bool]:
    """Return the shape that `text` spells, and whether a ring had to be closed for it."""
    read = shapely.from_geojson if text.lstrip().startswith("{") else shapely.from_wkt
    plain = text.partition(";")[2] if text.lstrip().upper().startswith("SRID=") else text
    try:
        shape = read(plain, on_invalid="ignore")
        if shape is not None or read is shapely.from_geojson:
            return shape, False
        shape = shapely.from_wkt(plain, on_invalid="fix")
    except (NotImplementedError, shapely.errors.GEOSException):  # curves
        return None, False
    return shape, shape is not None


def _system(codes: set[str | None]) -> pyproj.CRS | None:
    """Return the system of the only code (``SRID=4549;POLYGON...``) if every shape has it."""
    code = next(iter(codes)) if len(codes) == 1 else None
    try:
        return pyproj.CRS.from_epsg(int(code)) if code else None
    except pyproj.exceptions.CRSError:
        return None


def find_axes(attributes: pd.DataFrame, *, is_survey: bool) -> Axes | None:
    """Return the columns of coordinates, None where there is no pair that holds mostly numbers.

    Which is north is told by their size (a northing in China, or degrees), else by their names; of a plain X and Y, by
    the surveyors' custom (X is north) in a list of boundary points, and by that of maps elsewhere.
    """
    keys = {bare_key(str(name)): str(name) for name in reversed(attributes.columns)}
    pairs = [*_NAMES, (_X, _Y) if is_survey else (_Y, _X)]
    for norths, easts in pairs:
        north = next((keys[key] for key in norths if key in keys), None)
        east = next((keys[key] for key in easts if key in keys), None)
        if north is None or east is None:
            continue
        sizes = [numbers(attributes[name]).values.median() for name in (north, east)]
        if any(map(np.isnan, sizes)):
            continue
        return _told(north, east, sizes, custom="survey" if is_survey and norths is _X else "name")
    return None


def _told(north: str, east: str, sizes: list[float], *, custom: str) -> Axes:
    if _is_pair(*sizes):
        return Axes(north, east, Note("sheets.note.axes_size", {"north": north, "east": east}))
    if _is_pair(*reversed(sizes)):
        return Axes(east, north, Note("sheets.note.axes_size", {"north": east, "east": north}))
    return Axes(north, east, Note(f"sheets.note.axes_{custom}", {"north": north, "east": east}))


def _is_pair(north: float, east: float) -> bool:
    is_plane = is_northing(north) and prefix_of(east) is not None
    return is_plane or (_LATITUDES[0] <= north <= _LATITUDES[1] and _LONGITUDES[0] <= east <= _LONGITUDES[1])


def points(table: Table, axes: Axes) -> Shapes:
    """Return a point for each row; a row with one coordinate, or one that is no number, is unreadable."""
    pair = [numbers(table.attributes[name]) for name in (axes.east, axes.north)]
    xy = np.column_stack([figures.values.to_numpy() for figures in pair])
    is_there = np.isfinite(xy).all(axis=1)
    is_bad = (pair[0].bad | pair[1].bad).to_numpy() | (np.isfinite(xy).any(axis=1) & ~is_there)
    shapes = np.full(len(xy), None, dtype=object)
    shapes[is_there] = shapely.points(xy[is_there])
    return Shapes(shapes, {int(row): "unreadable" for row in np.flatnonzero(is_bad)}, notes=[axes.note])
