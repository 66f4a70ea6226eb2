"""Delivered polygons put in order, each change with the area before and after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from landkit.measure.rings import BoolArray, FloatArray, Geometries, IntArray, Rings, land, only, polygonal
from landkit.measure.validity import repair

SPIKE = 0.001  # metres: a spur narrower than the third decimal of a survey is no land
REPEATED, SPIKES, RING, ORIENTATION = "repeated", "spike", "ring", "orientation"


@dataclass(frozen=True)
class Mended:
    """Polygons after mending.

    Attributes
    ----------
    shapes
        Shape (n,): valid polygons; what is null, no polygon or not finite is as it was. One that holds no land at all
        becomes empty.
    changes
        A row for each change: ``position``, ``change`` (``repeated``, ``spike``, ``ring`` or ``orientation``),
        ``count`` (points taken out, or 1), ``before`` and ``after`` (area in the squared units of the coordinates;
        |shoelace| before for what was invalid).
    """

    shapes: Geometries
    changes: pd.DataFrame


def mend(shapes: Geometries, *, spike: float = SPIKE) -> Mended:
    """Put polygons in order: points given twice in a row, spikes, invalid rings, holes that turn like their shell.

    Parameters
    ----------
    shapes
        Shape (n,), in a plane.
    spike
        The width in units of the coordinates under which a spur of the boundary is taken off.

    Returns
    -------
    Mended
        The order of the steps is that of the list above; each works on what the one before it left.
    """
    found = shapes.copy()
    changes = [_repeated(found), _spikes(found, spike), _rings(found), _orientation(found)]
    table = pd.concat(changes, ignore_index=True)
    return Mended(found, table.sort_values("position", kind="stable", ignore_index=True))


def _change(
    name: str, positions: IntArray, count: IntArray | int, before: FloatArray, after: FloatArray
) -> pd.DataFrame:
    return pd.DataFrame({"position": positions, "change": name, "count": count, "before": before, "after": after})


def _finite(shapes: Geometries) -> BoolArray:
    return np.asarray(np.isfinite(shapely.area(shapes)) & polygonal(shapes))


def _area(shapes: Geometries) -> FloatArray:
    return np.abs(np.asarray(shapely.area(shapes), dtype=np.float64))


def _repeated(shapes: Geometries) -> pd.DataFrame:
    """Take out points that repeat the one before, in place."""
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    twice = (xy[1:] == xy[:-1]).all(axis=1) & (owner[1:] == owner[:-1])
    suspects = np.unique(owner[1:][twice])
    suspects = suspects[_finite(shapes[suspects])]
    before = shapes[suspects]
    slim = np.array([_without_repeats(shape) for shape in before], dtype=object)
    # the end of one ring may be the start of the next: no point was taken out there
    fewer = shapely.get_num_coordinates(before) - shapely.get_num_coordinates(slim)
    real = fewer > 0
    shapes[suspects[real]] = slim[real]
    return _change(REPEATED, suspects[real], fewer[real], _area(before[real]), _area(slim[real]))


def _without_repeats(shape: shapely.Geometry) -> shapely.Geometry:
    """Return a polygon without repeated points; rings that are left with fewer than four stay for the repair."""

    def slim(ring: shapely.LinearRing) -> FloatArray:
        xy = shapely.get_coordinates(ring)
        kept = np.concatenate([[True], (xy[1:] != xy[:-1]).any(axis=1)])
        return np.asarray(xy[kept] if kept.sum() >= 4 else xy)

    return _rebuilt(shape, slim)


def _rebuilt(shape: shapely.Geometry, ring_of: Callable[[shapely.LinearRing], FloatArray]) -> shapely.Geometry:
    parts = [
        shapely.Polygon(ring_of(part.exterior), [ring_of(hole) for hole in part.interiors if not hole.is_empty])
        for part in shapely.get_parts(shape)
        if not part.is_empty
    ]
    return parts[0] if shape.geom_type == "Polygon" else shapely.MultiPolygon(parts)


def _spikes(shapes: Geometries, width: float) -> pd.DataFrame:
    """Take off spurs narrower than `width`, in place."""
    rings = Rings.of(only(shapes, _finite(shapes)))
    suspects = np.unique(rings.owner[_spiked(rings, width)])
    before = shapes[suspects]
    blunt = np.array([_rebuilt(shape, lambda ring: _blunted(ring, width)) for shape in before], dtype=object)
    fewer = shapely.get_num_coordinates(before) - shapely.get_num_coordinates(blunt)
    real = fewer > 0
    shapes[suspects[real]] = blunt[real]
    return _change(SPIKES, suspects[real], fewer[real], _area(before[real]), _area(blunt[real]))


def _spiked(rings: Rings, width: float) -> BoolArray:
    """Return which rings have a vertex where the boundary turns back on itself."""
    if len(rings.shapes) == 0:
        return np.empty(0, dtype=bool)
    x, y, starts = rings.coordinates()
    xy = np.column_stack([x, y])
    ends = starts + rings.vertices - 1
    after = np.arange(1, len(xy) + 1)
    after[ends] = starts + 1
    before = np.arange(-1, len(xy) - 1)
    before[starts] = ends - 1
    there = rings.vertices >= 4
    tip = _is_tip(xy[before], xy, xy[np.minimum(after, len(xy) - 1)], width)
    return np.asarray(np.logical_or.reduceat(tip, starts) & there)


def _is_tip(a: FloatArray, b: FloatArray, c: FloatArray, width: float) -> BoolArray:
    """Return whether the way a, b, c, each shape (n, 2), goes out to b and comes back beside itself.

    Both legs are longer than twice `width`, and the end of the shorter lies within `width` of the longer.
    """
    out, back = a - b, c - b
    along = out[:, 0] * back[:, 0] + out[:, 1] * back[:, 1]
    across = np.abs(out[:, 0] * back[:, 1] - out[:, 1] * back[:, 0])
    tip = across < along  # sharper than 45 degrees, as few corners are
    out, back = out[tip], back[tip]
    legs = np.hypot(out[:, 0], out[:, 1]), np.hypot(back[:, 0], back[:, 1])
    tip[tip] = (np.minimum(*legs) > 2 * width) & (across[tip] <= width * np.maximum(*legs))
    return tip


def _blunted(ring: shapely.LinearRing, width: float) -> FloatArray:
    """Return the vertices of a closed ring without the tips of its spikes, as long as three corners remain."""
    xy = shapely.get_coordinates(ring)[:-1]
    while len(xy) > 3:
        tip = _is_tip(np.roll(xy, 1, axis=0), xy, np.roll(xy, -1, axis=0), width)
        if not tip.any():
            break
        xy = np.delete(xy, int(tip.argmax()), axis=0)
        repeated = (xy == np.roll(xy, 1, axis=0)).all(axis=1)
        xy = xy[~repeated] if (~repeated).sum() >= 3 else xy
    return np.vstack([xy, xy[:1]])


def _rings(shapes: Geometries) -> pd.DataFrame:
    """Make invalid polygons valid, in place: land enclosed once or more counts once."""
    repaired = repair(shapes)
    at = repaired.positions
    shapes[at] = land(repaired.shapes[at])
    return _change(RING, at, 1, repaired.before, _area(shapes[at]))


def _orientation(shapes: Geometries) -> pd.DataFrame:
    """Turn holes that run the same way as their shell, in place."""
    rings = Rings.of(only(shapes, _finite(shapes)))
    if not rings.hole.any():
        return _change(ORIENTATION, np.empty(0, dtype=np.intp), 1, np.empty(0), np.empty(0))
    holed = np.zeros(len(shapes), dtype=bool)
    holed[rings.owner[rings.hole]] = True
    kept = rings[holed[rings.owner]]
    as_lines = kept.shapes.copy()
    polygons = shapely.get_type_id(as_lines) == shapely.GeometryType.POLYGON
    as_lines[polygons] = shapely.get_exterior_ring(as_lines[polygons])
    turns = shapely.is_ccw(as_lines)
    shell = np.maximum.accumulate(np.where(kept.hole, -1, np.arange(len(kept.hole))))
    at = np.unique(kept.owner[kept.hole & (turns == turns[shell])])
    area = _area(shapes[at])
    shapes[at] = shapely.orient_polygons(shapes[at])
    return _change(ORIENTATION, at, 1, area, _area(shapes[at]))
