"""Delivered polygons put in order, each change with the area before and after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from landkit.measure.rings import BoolArray, FloatArray, Geometries, IntArray, Rings, land, only, polygonal, ring_ends
from landkit.measure.validity import repair

SPIKE = 0.001  # metres: a spur narrower than the third decimal of a survey is no land
_SLICE = 1 << 16
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
    # slice by slice: the rings of all the shapes at once would take more memory than the shapes
    tables = [_mended(found[start : start + _SLICE], start, spike) for start in range(0, max(len(found), 1), _SLICE)]
    return Mended(found, pd.concat(tables, ignore_index=True) if len(tables) > 1 else tables[0])


def _mended(shapes: Geometries, start: int, spike: float) -> pd.DataFrame:
    """Mend shapes in place, and return what was done, with positions counted from `start`."""
    repeats, sharp = _suspects(shapes)
    changes = [_repeated(shapes, repeats), _spikes(shapes, sharp, spike), _rings(shapes), _orientation(shapes)]
    table = pd.concat(changes, ignore_index=True).sort_values("position", kind="stable", ignore_index=True)
    return table.assign(position=table["position"] + start)


def _change(
    name: str, positions: IntArray, count: IntArray | int, before: FloatArray, after: FloatArray
) -> pd.DataFrame:
    return pd.DataFrame({"position": positions, "change": name, "count": count, "before": before, "after": after})


def _finite(shapes: Geometries) -> BoolArray:
    return np.asarray(np.isfinite(shapely.area(shapes)) & polygonal(shapes))


def _area(shapes: Geometries) -> FloatArray:
    return np.abs(np.asarray(shapely.area(shapes), dtype=np.float64))


def _repeated(shapes: Geometries, suspects: IntArray) -> pd.DataFrame:
    """Take out points that repeat the one before, in place."""
    before = shapes[suspects]
    slim = np.array([_without_repeats(shape) for shape in before], dtype=object)
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


def _spikes(shapes: Geometries, suspects: IntArray, width: float) -> pd.DataFrame:
    """Take off spurs narrower than `width`, in place."""
    before = shapes[suspects]
    blunt = np.array([_rebuilt(shape, lambda ring: _blunted(ring, width)) for shape in before], dtype=object)
    fewer = shapely.get_num_coordinates(before) - shapely.get_num_coordinates(blunt)
    real = fewer > 0
    shapes[suspects[real]] = blunt[real]
    return _change(SPIKES, suspects[real], fewer[real], _area(before[real]), _area(blunt[real]))


def _suspects(shapes: Geometries) -> tuple[IntArray, IntArray]:
    """Return which polygons repeat a point, and which may have a spike: a corner sharper than 45 degrees."""
    rings = Rings.of(only(shapes, _finite(shapes)))
    none = np.empty(0, dtype=bool)
    seen = rings.walk(_looked_at)
    repeats = np.concatenate([none, *(found for found, _ in seen)])
    # points that repeat one another hide a corner between them
    sharp = np.concatenate([none, *(found for _, found in seen)]) | repeats
    return np.unique(rings.owner[repeats]), np.unique(rings.owner[sharp])


def _looked_at(x: FloatArray, y: FloatArray, starts: IntArray) -> tuple[BoolArray, BoolArray]:
    """Return which rings repeat a point, and which have a sharp corner."""
    dx, dy = np.diff(x), np.diff(y)
    ends = ring_ends(starts)
    zero = (dx == 0) & (dy == 0)
    zero[ends] = False
    sharp = _turns_back(dx[:-1], dy[:-1], dx[1:], dy[1:])
    # the corners beside a false edge, which leads from one ring to the next
    sharp[ends - 1] = False
    sharp[ends[ends < len(sharp)]] = False
    last = np.append(ends, len(x) - 1) - 1
    closing = _turns_back(dx[last], dy[last], dx[starts], dy[starts])
    corners = np.logical_or.reduceat(np.append(sharp, [False, False]), starts)
    return np.logical_or.reduceat(np.append(zero, False), starts), corners | closing


def _turns_back(ax: FloatArray, ay: FloatArray, bx: FloatArray, by: FloatArray) -> BoolArray:
    return np.asarray(-(ax * bx + ay * by) > np.abs(ax * by - ay * bx))


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
