"""Areas of polygons, in square metres, by the four methods planners meet.

Sources: Green's theorem for the plane; `landkit.measure.gauss` for the ellipsoid; the notice 国土调查办发〔2008〕32号
《图幅理论面积与图斑椭球面积计算公式及要求》 for the survey formula; Karney (2013), doi:10.1007/s00190-012-0578-z, for
geodesics.
"""

from __future__ import annotations

from typing import Any, Literal, get_args

import geopandas
import numpy as np
import pandas as pd
import pyproj
import shapely

from landkit.crs import (
    ECCENTRICITY2,
    FALSE_EASTING,
    INVERSE_FLATTENING,
    MAX_DISTANCE,
    SEMI_MAJOR,
    Plane,
    Source,
    carry,
    choose_plane,
    cut,
    read_plane,
    read_source,
)
from landkit.errors import InputError, UsageError
from landkit.measure.gauss import MAX_EDGE, Weight
from landkit.measure.rings import BoolArray, FloatArray, Geometries, IntArray, Rings, in_batches, polygonal, ring_ends
from landkit.measure.validity import Repair, repair, star_shaped

Method = Literal["ellipsoid", "survey", "planar", "geodesic"]
METHODS: tuple[Method, ...] = get_args(Method)
ADDITIVE: tuple[Method, ...] = ("ellipsoid", "planar")

POLE = 10_001_966.0  # metres, its northing
SURVEY_STEP = 10.0  # metres: within 2e-8 (100 m across) or 2e-9 (1 km) of edges that are straight in the plane


def areas(
    geometry: geopandas.GeoSeries | geopandas.GeoDataFrame,
    *,
    method: Method = "ellipsoid",
    plane: Any = None,
    step: float = SURVEY_STEP,
) -> pd.Series[float]:
    """Return the area of each polygon.

    Parameters
    ----------
    geometry
        Shape (n,), in any reference system on CGCS2000 or WGS 84. An invalid polygon is measured as repaired (land
        enclosed once or more counts once).
    method
        ``ellipsoid``: on the CGCS2000 ellipsoid, edges straight in `plane`; ``planar``: in `plane`; ``survey``: the
        trapezoid formula of the national land survey, edges cut every `step` metres of the plane; ``geodesic``: edges
        as geodesics between the vertices.
    plane
        The working plane, such as ``"EPSG:4549"``. By default the data's own, if it is a 3-degree Gauss–Krüger plane of
        CGCS2000, else that of the zone of their centre.
    step
        Metres, for ``survey`` alone.

    Returns
    -------
    pandas.Series
        Square metres, float64, with the index of `geometry`; NaN where there is no polygon or a coordinate is not
        finite, 0 for an empty polygon.

    Raises
    ------
    CrsError
        No reference system, or none that names its datum.
    DatumError
        A datum that cannot be carried to CGCS2000.
    InputError
        Data more than 300 km from the central meridian.
    UsageError
        An unknown method, or a `plane` that is none.
    """
    series = geometry.geometry
    source = read_source(series.crs, name=str(series.name or "geometry"))
    shapes = series.to_numpy()
    target = read_plane(plane) if plane is not None else source.plane or _zone_of(_finite(shapes), source)
    found, _ = measure_repaired(carry(shapes, source, target), target, method=method, step=step)
    return pd.Series(found, index=series.index, name="area")


def measure_repaired(
    shapes: Geometries, plane: Plane, *, method: Method = "ellipsoid", step: float = SURVEY_STEP
) -> tuple[FloatArray, Repair]:
    """Return the area (m²) of each polygon of `plane`, shape (n,), as repaired, and the repair.

    Raises
    ------
    UsageError
        An unknown method.
    """
    if method != "ellipsoid":
        repaired = repair(_finite(shapes))
        return measure(repaired.shapes, plane, method=method, step=step), repaired
    found, known_valid = _on_ellipsoid(shapes, plane)
    repaired = repair(shapes, known_valid=known_valid)
    found[repaired.positions] = _ellipsoid(repaired.shapes[repaired.positions], plane)
    return found, repaired


def measure(shapes: Geometries, plane: Plane, *, method: Method = "ellipsoid", step: float = SURVEY_STEP) -> FloatArray:
    """Return the area (m²) of each valid polygon of `plane`, shape (n,); NaN where there is no polygon.

    Raises
    ------
    UsageError
        An unknown method.
    """
    if method == "ellipsoid":
        return _ellipsoid(shapes, plane)
    polygons = shapes[polygonal(shapes) & ~shapely.is_empty(shapes)]
    if len(polygons):
        west, south, east, north = shapely.total_bounds(polygons)
        _check_reach(np.array([west, east]), np.array([south, north]), plane)
    if method == "planar":
        found = np.asarray(shapely.area(shapes), dtype=np.float64)
    elif method == "survey":
        found = _survey(shapes, plane, step)
    elif method == "geodesic":
        found = _geodesic(shapes, plane)
    else:
        raise UsageError("area.method", method=method, methods=", ".join(METHODS))
    return np.where(polygonal(shapes), found, np.nan)


def _zone_of(shapes: Geometries, source: Source) -> Plane:
    bounds = shapely.bounds(shapes)
    return choose_plane([(source, bounds[~np.isnan(bounds).any(axis=1)])])


def _finite(shapes: Geometries) -> Geometries:
    """Return `shapes` without those that have a coordinate that is no number or infinite."""
    with np.errstate(invalid="ignore"):
        odd = ~np.isfinite(shapely.area(shapes)) & ~shapely.is_missing(shapes)
    if odd.any():
        shapes = shapes.copy()
        shapes[odd] = None
    return shapes


def _ellipsoid(shapes: Geometries, plane: Plane) -> FloatArray:
    return _on_ellipsoid(shapes, plane)[0]


def _on_ellipsoid(shapes: Geometries, plane: Plane) -> tuple[FloatArray, BoolArray]:
    """Return the area of each polygon, NaN for what is none, and, seen in passing, whether it is valid for sure."""
    found = in_batches(lambda batch: _batch_on_ellipsoid(shapes[batch], plane), len(shapes))
    if not found:
        return np.zeros(0), np.zeros(0, dtype=bool)
    area, valid = (np.concatenate(column) for column in zip(*found, strict=True))
    return area, valid


def _batch_on_ellipsoid(shapes: Geometries, plane: Plane) -> tuple[FloatArray, BoolArray]:
    rings = Rings.of(shapes)
    if len(rings.shapes) == 0:
        return np.where(polygonal(shapes), 0.0, np.nan), np.zeros(len(shapes), dtype=bool)
    east, north, starts = rings.coordinates()
    if not np.isfinite(east.sum() + north.sum()):
        return _batch_on_ellipsoid(_finite(shapes), plane)
    _check_reach(east, north, plane)
    if _longest_edge(east, north, starts) > MAX_EDGE:
        rings = Rings.of(cut(shapes, MAX_EDGE))
        east, north, starts = rings.coordinates()
    along = np.append(Weight.over(north.min(), north.max()).along_edges(east - FALSE_EASTING, north), 0.0)
    along[ring_ends(starts)] = 0.0
    per_ring, simple = np.abs(np.add.reduceat(along, starts)), star_shaped(east, north, starts)
    area = rings.total(per_ring, len(shapes))
    without = np.flatnonzero(area == 0)
    area[without] = np.where(polygonal(shapes[without]), area[without], np.nan)
    return area, rings.alone(simple, len(shapes))


def _check_reach(east: FloatArray, north: FloatArray, plane: Plane) -> None:
    """Refuse coordinates past a pole, or further from the meridian of `plane` than the kernels are proved for."""
    if not max(-float(north.min()), float(north.max())) <= POLE:
        raise InputError("crs.out_of_range")
    far = max(FALSE_EASTING - float(east.min()), float(east.max()) - FALSE_EASTING)
    if not far <= MAX_DISTANCE:
        raise InputError("crs.too_far", plane=plane.name, km=far / 1000)


def _longest_edge(x: FloatArray, y: FloatArray, starts: IntArray) -> float:
    """Return the longest edge of rings, along the axis in which it is longer."""
    longest = 0.0
    for along in (np.diff(x), np.diff(y)):
        along[ring_ends(starts)] = 0.0
        longest = max(longest, float(along.max()), -float(along.min()))
    return longest


def _survey(shapes: Geometries, plane: Plane, step: float) -> FloatArray:
    def walk(longitude: FloatArray, latitude: FloatArray, starts: IntArray) -> FloatArray:
        return np.abs(trapezoids(np.radians(longitude - plane.central_meridian), np.radians(latitude), starts))

    rings = Rings.of(_on_ground(cut(shapes, step), plane))
    return rings.total(np.concatenate([np.empty(0), *rings.walk(walk)]), len(shapes))


def trapezoid_coefficients() -> FloatArray:
    """Return A to E of the survey formula for the CGCS2000 ellipsoid, with alternating signs."""
    e2 = ECCENTRICITY2
    return np.array(
        [
            1 + 3 / 6 * e2 + 30 / 80 * e2**2 + 35 / 112 * e2**3 + 630 / 2304 * e2**4,
            -(1 / 6 * e2 + 15 / 80 * e2**2 + 21 / 112 * e2**3 + 420 / 2304 * e2**4),
            3 / 80 * e2**2 + 7 / 112 * e2**3 + 180 / 2304 * e2**4,
            -(1 / 112 * e2**3 + 45 / 2304 * e2**4),
            5 / 2304 * e2**4,
        ]
    )


def trapezoids(longitude: FloatArray, latitude: FloatArray, starts: IntArray) -> FloatArray:
    """Return the signed area (m²) of rings by the survey formula: a trapezoid between each edge and longitude 0.

    Parameters
    ----------
    longitude, latitude
        Shape (n,): vertices of closed rings one after the other, in radians.
    starts
        Shape (r,): where each ring starts.
    """
    half = np.diff(latitude, append=latitude[-1]) / 2
    half[ring_ends(starts)] = 0.0
    middle = latitude + half
    width = longitude + np.diff(longitude, append=longitude[-1]) / 2
    semi_minor = SEMI_MAJOR * (1 - 1 / INVERSE_FLATTENING)
    odd = np.arange(1, 10, 2)[:, np.newaxis]
    series = trapezoid_coefficients() @ (np.sin(odd * half) * np.cos(odd * middle))
    return np.add.reduceat(2 * semi_minor**2 * width * series, starts)


def _geodesic(shapes: Geometries, plane: Plane) -> FloatArray:
    geod = pyproj.Geod(a=SEMI_MAJOR, rf=INVERSE_FLATTENING)

    def walk(longitude: FloatArray, latitude: FloatArray, starts: IntArray) -> list[float]:
        ends = np.append(starts[1:], len(longitude)) - 1
        return [
            abs(geod.polygon_area_perimeter(longitude[begin:end], latitude[begin:end])[0])
            for begin, end in zip(starts, ends, strict=True)
        ]

    rings = Rings.of(_on_ground(shapes, plane))
    return rings.total(np.concatenate([np.empty(0), *rings.walk(walk)]), len(shapes))


def _on_ground(shapes: Geometries, plane: Plane) -> Geometries:
    """Return `shapes` in longitude and latitude; not within a walk, for threads must not share a projection."""
    return np.asarray(shapely.transform(shapes, lambda xy: np.column_stack(plane.inverse(xy[:, 0], xy[:, 1]))))
