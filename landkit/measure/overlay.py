"""Which part of each parcel lies in which district; only what crosses a boundary is clipped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from landkit.crs import Plane, cut
from landkit.errors import ClosureError
from landkit.measure.area import ADDITIVE, Method, measure
from landkit.measure.contiguity import outline
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
    sorted_out = _sort_out(shapes, districts)
    parcel, district = sorted_out.crossing
    by_rest = _last_of_each(parcel) & sorted_out.covered[parcel]
    clipped = parcel[~by_rest], district[~by_rest]
    part = _clipped_areas(shapes, area, districts, clipped, plane=plane, method=method)
    rounding = np.maximum(_ROUNDING, _ROUNDING_PART * area)
    real = part > np.minimum(rounding, area / 1000)[clipped[0]]
    rounding *= 1 + np.bincount(clipped[0][~real], minlength=len(area))
    parcel_inside, district_inside = sorted_out.inside
    pieces = Pieces(
        np.concatenate([parcel_inside, clipped[0][real]]),
        np.concatenate([district_inside, clipped[1][real]]),
        np.concatenate([area[parcel_inside], part[real]]),
    )
    pieces, rest = _with_rest(pieces, area, rounding, parcel[by_rest], district[by_rest])
    if (excess := -rest - rounding).size and excess.max() > 0:
        raise ClosureError("overlay.excess", row=int(measured[excess.argmax()]) + 1, area=float(-rest[excess.argmax()]))
    spread = _spread(rest, np.abs(rest) <= rounding, pieces)
    outside = np.flatnonzero(rest > rounding)
    return Pieces(
        measured[np.concatenate([pieces.parcel, outside])],
        np.concatenate([pieces.district, np.full(len(outside), OUTSIDE)]),
        np.concatenate([pieces.area + spread, rest[outside]]),
    )


def _clipped_areas(
    shapes: Geometries,
    area: FloatArray,
    districts: Geometries,
    pairs: tuple[IntArray, IntArray],
    *,
    plane: Plane,
    method: Method,
) -> FloatArray:
    """Return the area of the part of each parcel in the district beside it, for `pairs` of positions, shape (k,)."""
    parcel, district = pairs
    piece = land(shapely.intersection(shapes[parcel], districts[district]))
    if method in ADDITIVE:
        return np.nan_to_num(measure(piece, plane, method=method))
    whole = measure(shapes[parcel], plane)
    return np.asarray(np.nan_to_num(measure(piece, plane)) / whole * area[parcel])


def _last_of_each(parcel: IntArray) -> BoolArray:
    """Return which of the pairs, shape (k,), is the last of its parcel."""
    last = np.zeros(len(parcel), dtype=bool)
    last[len(parcel) - 1 - np.unique(parcel[::-1], return_index=True)[1]] = True
    return last


def _with_rest(
    pieces: Pieces, area: FloatArray, rounding: FloatArray, parcel: IntArray, district: IntArray
) -> tuple[Pieces, FloatArray]:
    """Give what is left of each `parcel` to the `district` beside it; return also what is left of every parcel then."""
    rest = area - np.bincount(pieces.parcel, pieces.area, minlength=len(area))
    takes = rest[parcel] > rounding[parcel]
    parcel, district = parcel[takes], district[takes]
    part = rest[parcel]
    rest[parcel] = 0.0
    return Pieces(
        np.concatenate([pieces.parcel, parcel]),
        np.concatenate([pieces.district, district]),
        np.concatenate([pieces.area, part]),
    ), rest


def _spread(rest: FloatArray, rounding: BoolArray, pieces: Pieces) -> FloatArray:
    """Return what to add to each piece so that the rounding of cuts is not taken for land outside."""
    total = np.bincount(pieces.parcel, pieces.area, minlength=len(rest))[pieces.parcel]
    return np.where(rounding[pieces.parcel], rest[pieces.parcel] * pieces.area / total, 0.0)


@dataclass(frozen=True)
class _SortedOut:
    """Pairs of a parcel and a district that it lies wholly `inside`, or whose boundary it may be `crossing`.

    A parcel is `covered`, shape (n,), where districts adjoin one another all about it, without a gap: what lies in none
    of the others lies in the last.
    """

    inside: tuple[IntArray, IntArray]
    crossing: tuple[IntArray, IntArray]
    covered: BoolArray


def _sort_out(shapes: Geometries, districts: Geometries) -> _SortedOut:
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
    covered = np.ones(len(shapes), dtype=bool)
    # The number of districts that cover a place changes only across their common outline.
    covered[tree.query(shapely.linestrings(outline(districts)))[1]] = False
    return _SortedOut(inside, (parcel[meet], district[meet]), covered)


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
