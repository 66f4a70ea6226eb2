"""Which part of each parcel lies in which district; only what crosses a boundary is clipped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from landkit.crs import Plane, cut
from landkit.errors import ClosureError
from landkit.measure.area import ADDITIVE, Method, measure
from landkit.measure.rings import BoolArray, FloatArray, Geometries, IntArray, land

OUTSIDE = -1
# What cutting leaves over of a parcel: below this (m², and as a part of the parcel) it is the rounding of coordinates.
_ROUNDING = 1e-6
_ROUNDING_PART = 1e-9


@dataclass(frozen=True)
class Pieces:
    """Parts of parcels, one for each district that a parcel lies in.

    Attributes
    ----------
    parcel, district
        Shape (k,): positions; the district is `OUTSIDE` for land in none.
    area
        Shape (k,): m². The pieces of a parcel add up to its area.
    """

    parcel: IntArray
    district: IntArray
    area: FloatArray


def split(
    shapes: Geometries, area: FloatArray, districts: Geometries, plane: Plane, *, method: Method = "ellipsoid"
) -> Pieces:
    """Divide parcels among districts.

    Parameters
    ----------
    shapes
        Shape (n,): valid polygons of `plane`.
    area
        Shape (n,): m² of each by `method`; a parcel without area has no piece.
    districts
        Shape (d,): valid polygons of `plane` that do not overlap one another.
    plane
        The working plane.
    method
        How pieces are measured. By survey and geodesic areas pieces do not add up to the whole: there a piece gets its
        share of the parcel by ellipsoid area.

    Raises
    ------
    ClosureError
        The pieces of a parcel exceed it: districts overlap.
    """
    measured = np.flatnonzero(area > 0)
    shapes, area = shapes[measured], area[measured]
    inside, crossing = _sort_out(shapes, districts)
    parcel, district = crossing
    piece = land(shapely.intersection(shapes[parcel], districts[district]))
    if method in ADDITIVE:
        part = np.nan_to_num(measure(piece, plane, method=method))
    else:
        whole = measure(shapes[parcel], plane)
        part = np.nan_to_num(measure(piece, plane)) / whole * area[parcel]
    rounding = np.maximum(_ROUNDING, _ROUNDING_PART * area)
    real = part > np.minimum(rounding, area / 1000)[parcel]
    rounding *= 1 + np.bincount(parcel[~real], minlength=len(area))
    parcel, district, part = parcel[real], district[real], part[real]
    parcel = np.concatenate([inside[0], parcel])
    district = np.concatenate([inside[1], district])
    part = np.concatenate([area[inside[0]], part])
    rest = area - np.bincount(parcel, part, minlength=len(area))
    if (excess := -rest - rounding).size and excess.max() > 0:
        raise ClosureError("overlay.excess", row=int(measured[excess.argmax()]) + 1, area=float(-rest[excess.argmax()]))
    part += _spread(rest, np.abs(rest) <= rounding, parcel, part)
    outside = np.flatnonzero(rest > rounding)
    return Pieces(
        measured[np.concatenate([parcel, outside])],
        np.concatenate([district, np.full(len(outside), OUTSIDE)]),
        np.concatenate([part, rest[outside]]),
    )


def _spread(rest: FloatArray, rounding: BoolArray, parcel: IntArray, part: FloatArray) -> FloatArray:
    """Return what to add to each piece so that the rounding of cuts is not taken for land outside."""
    total = np.bincount(parcel, part, minlength=len(rest))[parcel]
    return np.where(rounding[parcel], rest[parcel] * part / total, 0.0)


def _sort_out(shapes: Geometries, districts: Geometries) -> tuple[tuple[IntArray, IntArray], tuple[IntArray, IntArray]]:
    """Return pairs (parcel, district): those wholly inside, and those where a boundary is near."""
    shapely.prepare(districts)
    tree = shapely.STRtree(shapes)
    district, parcel = tree.query(districts)
    near = np.zeros(len(shapes), dtype=bool)
    near[tree.query(_boundary_boxes(shapes, districts))[1]] = True
    far = ~near[parcel]
    district_far, parcel_far = district[far], parcel[far]
    # No boundary comes near its box: one point says where the whole parcel lies.
    bounds = shapely.bounds(shapes)
    x, y = (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2
    within = shapely.contains_xy(districts[district_far], x[parcel_far], y[parcel_far])
    district, parcel = district[~far], parcel[~far]
    whole = shapely.contains_properly(districts[district], shapes[parcel])
    inside = (
        np.concatenate([parcel_far[within], parcel[whole]]),
        np.concatenate([district_far[within], district[whole]]),
    )
    district, parcel = district[~whole], parcel[~whole]
    meet = shapely.intersects(districts[district], shapes[parcel])
    return inside, (parcel[meet], district[meet])


def _boundary_boxes(shapes: Geometries, districts: Geometries) -> Geometries:
    """Return boxes that together cover the boundaries of `districts`, each about as large as a parcel."""
    bounds = shapely.bounds(shapes)
    size = float(np.median(bounds[:, 2:] - bounds[:, :2])) if len(bounds) else 0.0
    lines = shapely.boundary(districts)
    if size > 0:
        lines = cut(lines, 2 * size)
    xy, line = shapely.get_coordinates(shapely.get_parts(lines), return_index=True)
    same = line[1:] == line[:-1]
    a, b = xy[:-1][same], xy[1:][same]
    return np.asarray(shapely.box(*np.minimum(a, b).T, *np.maximum(a, b).T))
