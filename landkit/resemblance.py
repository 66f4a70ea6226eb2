"""How far shapes are those of a layer that is known, and whether they would be if a web map's shift were taken off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely

from landkit.crs import FloatArray, Geometries, Plane, Source, carry
from landkit.datum_shift import from_bd09, from_gcj02
from landkit.measure.validity import repair

SAME = 0.8  # of the land of two shapes together that they share: one parcel, drawn twice
# A shift is suspected where taking it off leaves at most this part of what did not match, if that was land to speak of.
_BETTER, _MISMATCH = 0.6, 0.02
_Back = Callable[[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]
_SHIFTS: tuple[tuple[str, _Back], ...] = (("GCJ-02", from_gcj02), ("BD-09", from_bd09))


@dataclass(frozen=True)
class Suspicion:
    """A shift that data seem to have.

    Attributes
    ----------
    shift
        ``GCJ-02`` or ``BD-09``.
    count
        How many shapes lie where the layer that is known has land, with or without it.
    before, after
        The mean part of the land of such a shape and its counterpart that they share, as delivered and without it.
    """

    shift: str
    count: int
    before: float
    after: float


def likeness(shapes: Geometries, known: Geometries) -> FloatArray:
    """Return, for each of `shapes`, shape (n,), the largest part of the land of it and a known shape that both share.

    Parameters
    ----------
    shapes, known
        Polygons of one plane; invalid ones are compared as repaired, what is no polygon is like none.
    """
    shapes, known = repair(shapes).shapes, repair(known).shapes
    best = np.zeros(len(shapes))
    row, other = shapely.STRtree(known).query(shapes, predicate="intersects")
    shared = shapely.area(shapely.intersection(shapes[row], known[other]))
    both = shapely.area(shapes[row]) + shapely.area(known[other]) - shared
    land = both > 0
    np.maximum.at(best, row[land], shared[land] / both[land])
    return best


def suspect(shapes: Geometries, source: Source, known: Geometries, plane: Plane) -> Suspicion | None:
    """Return the web map's shift without which `shapes`, in degrees, fit what is known markedly better.

    Parameters
    ----------
    shapes
        Shape (n,): polygons in longitude and latitude.
    source
        Their system.
    known
        Polygons of `plane`.
    plane
        Where they are compared.
    """
    as_is = likeness(carry(shapes, source, plane), known)
    best: Suspicion | None = None
    for shift, back in _SHIFTS:
        moved = shapely.transform(shapes, lambda xy, back=back: np.column_stack(back(xy[:, 0], xy[:, 1])))
        without = likeness(carry(moved, source, plane), known)
        compared = (as_is > 0) | (without > 0)
        if not compared.any():
            continue
        before, after = float(as_is[compared].mean()), float(without[compared].mean())
        is_better = 1 - before >= _MISMATCH and 1 - after <= _BETTER * (1 - before)
        if is_better and (best is None or after > best.after):
            best = Suspicion(shift, int(compared.sum()), before, after)
    return best
