"""Rings in the working plane (EPSG:4549, metres): cutting, insetting, measuring, and the way to longitude and latitude.

A ring is a list of (easting, northing) corners, anticlockwise and without the closing repeat. Plain arithmetic does the
cutting, so that no geometry engine's version can move a corner.
"""

from __future__ import annotations

import math

from pyproj import Geod, Transformer

Point = tuple[float, float]
Ring = list[Point]
Rings = list[Ring]  # an outer ring and its holes
Shape = list[Rings]  # one or several parts

MU = 10000 / 15
TOUCH = 1e-6  # metres: a corner this close to a neighbour's edge lies on it

_TO_LONLAT = Transformer.from_crs(4549, 4490, always_xy=True)
_ELLIPSOID = Geod(ellps="GRS80")


def area(ring: Ring) -> float:
    """Return the area in m2 of the plane, positive for an anticlockwise ring."""
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True)) / 2


def centre(ring: Ring) -> Point:
    """Return the mean of the corners."""
    return sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)


def keep_left(ring: Ring, start: Point, direction: Point) -> Ring:
    """Return the part of a convex ring to the left of the line through `start` along `direction`."""
    sides = [direction[0] * (y - start[1]) - direction[1] * (x - start[0]) for x, y in ring]
    kept: Ring = []
    for (a, b), (p, q) in zip(
        zip(ring, ring[1:] + ring[:1], strict=True), zip(sides, sides[1:] + sides[:1], strict=True), strict=True
    ):
        if p >= 0:
            kept.append(a)
        if p * q < 0:
            share = p / (p - q)
            kept.append((a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])))
    return kept


def cut(ring: Ring, start: Point, direction: Point, *, gap: float = 0.0) -> list[Ring]:
    """Return the two parts of a convex ring beside a line, a street of width `gap` along the line taken out."""
    length = math.hypot(*direction)
    across = (-direction[1] / length * gap / 2, direction[0] / length * gap / 2)
    left = keep_left(ring, (start[0] + across[0], start[1] + across[1]), direction)
    right = keep_left(ring, (start[0] - across[0], start[1] - across[1]), (-direction[0], -direction[1]))
    return [part for part in (left, right) if len(part) > 2 and area(part) > 1.0]


def inset(ring: Ring, widths: list[float]) -> Ring:
    """Return a convex ring with each edge moved inwards by its own width."""
    kept = ring
    for (a, b), width in zip(zip(ring, ring[1:] + ring[:1], strict=True), widths, strict=True):
        along = (b[0] - a[0], b[1] - a[1])
        length = math.hypot(*along)
        kept = keep_left(kept, (a[0] - along[1] / length * width, a[1] + along[0] / length * width), along)
    return kept


def long_axis(ring: Ring) -> tuple[Point, float, float]:
    """Return the direction of the longer extent of a ring (measured along its longest edge), and both extents."""
    edges = [(b[0] - a[0], b[1] - a[1]) for a, b in zip(ring, ring[1:] + ring[:1], strict=True)]
    dx, dy = max(edges, key=lambda edge: math.hypot(*edge))
    length = math.hypot(dx, dy)
    u, v = (dx / length, dy / length), (-dy / length, dx / length)
    along = [x * u[0] + y * u[1] for x, y in ring]
    across = [x * v[0] + y * v[1] for x, y in ring]
    a, b = max(along) - min(along), max(across) - min(across)
    return (u, a, b) if a >= b else (v, b, a)


def with_corners_of(ring: Ring, others: list[Ring]) -> Ring:
    """Return `ring` with the corners of its neighbours that lie on its edges, so that shared edges are identical."""
    noded: Ring = []
    for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
        dx, dy = b[0] - a[0], b[1] - a[1]
        length = math.hypot(dx, dy)
        on_edge = []
        for x, y in (corner for other in others for corner in other):
            along = ((x - a[0]) * dx + (y - a[1]) * dy) / length
            across = ((x - a[0]) * dy - (y - a[1]) * dx) / length
            if abs(across) < TOUCH < along < length - TOUCH:
                on_edge.append((along, (x, y)))
        noded.append(a)
        for along, corner in sorted(on_edge):
            if math.hypot(corner[0] - noded[-1][0], corner[1] - noded[-1][1]) > TOUCH and along > TOUCH:
                noded.append(corner)
    return noded


def to_lonlat(ring: Ring) -> Ring:
    """Return the ring in EPSG:4490, rounded to about a millimetre."""
    lon, lat = _TO_LONLAT.transform([x for x, _ in ring], [y for _, y in ring])
    return [(round(x, 8), round(y, 8)) for x, y in zip(lon, lat, strict=True)]


def ellipsoid_m2(shape: Shape) -> float:
    """Return the area on the CGCS2000 ellipsoid of a shape whose edges are short (a kilometre at most)."""
    total = 0.0
    for rings in shape:
        for place, ring in enumerate(rings):
            lon, lat = zip(*to_lonlat(ring), strict=True)
            measured = abs(_ELLIPSOID.polygon_area_perimeter(lon, lat)[0])
            total += -measured if place else measured
    return total


def mu(shape: Shape) -> float:
    """Return the area in mu on the ellipsoid."""
    return ellipsoid_m2(shape) / MU
