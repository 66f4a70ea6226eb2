"""Which polygons are invalid, and their repair in the open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from landkit.measure.rings import BoolArray, FloatArray, Geometries, IntArray, Rings, ring_ends

# A turn is taken for real from this part of the largest squared distance on: rounding of products is 1e-16 of it.
_TURN = 1e-12


@dataclass(frozen=True)
class Repair:
    """Polygons made valid.

    Attributes
    ----------
    shapes
        Shape (n,): all polygons, the invalid ones repaired by GEOS' structure method (land enclosed once or more counts
        once; what holds no land becomes an empty polygon).
    positions
        Shape (k,): which of them were invalid.
    before
        Shape (k,): |shoelace| (m² of the plane) of the polygons as delivered.
    """

    shapes: Geometries
    positions: IntArray
    before: FloatArray


def repair(shapes: Geometries, *, known_valid: BoolArray | None = None) -> Repair:
    """Make `shapes`, shape (n,), of a plane, valid; what is null, no polygon or not finite stays as it is.

    Parameters
    ----------
    shapes
        The polygons.
    known_valid
        Shape (n,): which are known to be valid; GEOS is asked about the rest.
    """
    doubtful = np.flatnonzero(~(_star_shaped_polygons(shapes) if known_valid is None else known_valid))
    asked = shapes[doubtful]
    positions = doubtful[~(shapely.is_valid(asked) | shapely.is_missing(asked))]
    before = np.abs(np.asarray(shapely.area(shapes[positions])))
    positions, before = positions[np.isfinite(before)], before[np.isfinite(before)]
    if len(positions) == 0:
        return Repair(shapes, positions, before)
    mended = shapes.copy()
    mended[positions] = _mend(shapes[positions])
    return Repair(mended, positions, before)


def _mend(broken: Geometries) -> Geometries:
    whole = shapely.make_valid(broken, method="structure", keep_collapsed=False)
    # Lobes that share an edge come out as parts that share it, which is not valid: a second pass joins them
    again = ~shapely.is_valid(whole)
    whole[again] = shapely.make_valid(whole[again], method="structure", keep_collapsed=False)
    return np.asarray(whole)


def _star_shaped_polygons(shapes: Geometries) -> BoolArray:
    rings = Rings.of(shapes)
    simple = np.concatenate([np.empty(0, dtype=bool), *rings.walk(star_shaped)])
    return rings.alone(simple, len(shapes))


def star_shaped(x: FloatArray, y: FloatArray, starts: IntArray) -> BoolArray:
    """Return whether each ring winds once round the mean of its vertices, always turning the same way.

    Such a ring is simple. That is cheap to see for most parcels, five times cheaper than to ask GEOS.

    Parameters
    ----------
    x, y
        Shape (n,): vertices of closed rings one after the other.
    starts
        Shape (r,): where each ring starts.
    """
    counts = np.diff(starts, append=len(x))
    dx = x - np.repeat(np.add.reduceat(x, starts) / counts, counts)
    dy = y - np.repeat(np.add.reduceat(y, starts) / counts, counts)
    turn = dx[:-1] * dy[1:] - dx[1:] * dy[:-1]
    # A turn smaller than the rounding of its largest products is left to GEOS.
    margin = _TURN * float(np.fmax.reduce(np.abs(dx)) + np.fmax.reduce(np.abs(dy))) ** 2
    below = dy < 0
    upward = below[:-1] & ~below[1:]
    ends = ring_ends(starts)
    left, right = turn > margin, turn < -margin
    for of_edge in (left, right):
        of_edge[ends] = of_edge[ends - 1]
    upward[ends] = False
    once = np.add.reduceat(upward, starts, dtype=np.intp) == 1
    one_way = np.logical_and.reduceat(left, starts) | np.logical_and.reduceat(right, starts)
    return np.asarray(once & one_way)
