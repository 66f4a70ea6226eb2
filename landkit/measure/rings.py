"""Polygons as flat rings, the form in which numpy can walk a million of them at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]
Geometries = NDArray[np.object_]

T = TypeVar("T")

# Rings walked at a time: their vertices, about 50,000, and a few temporaries stay in a processor's cache.
_CHUNK = 4096


@dataclass(frozen=True)
class Rings:
    """Rings of polygons: a polygon without holes stands for its own ring.

    Attributes
    ----------
    shapes
        Shape (r,): polygons without holes, and linear rings.
    owner
        Shape (r,): the position of the polygon that a ring belongs to.
    hole
        Shape (r,): whether the ring is a hole.
    vertices
        Shape (r,): how many coordinates the ring has, the last of them the first again.
    """

    shapes: Geometries
    owner: IntArray
    hole: BoolArray
    vertices: IntArray

    @classmethod
    def of(cls, polygons: Geometries) -> Rings:
        """Take `polygons`, shape (n,), apart; what is null, empty or no polygon has no ring."""
        kind = shapely.get_type_id(polygons)
        vertices = shapely.get_num_coordinates(polygons)
        area = (kind == shapely.GeometryType.POLYGON) & (vertices > 0)
        plain = area & (shapely.get_num_interior_rings(polygons) == 0)
        simple = np.flatnonzero(plain)
        compound = np.flatnonzero((area & ~plain) | (kind == shapely.GeometryType.MULTIPOLYGON))
        if len(compound) == 0:
            return cls(polygons[simple], simple, np.zeros(len(simple), dtype=bool), vertices[simple])
        parts, part_owner = shapely.get_parts(polygons[compound], return_index=True)
        rings, ring_part = shapely.get_rings(parts, return_index=True)
        first = np.diff(ring_part, prepend=-1) != 0  # shapely lists a polygon's outer ring before its holes
        ring_vertices = shapely.get_num_coordinates(rings)
        there = ring_vertices > 0  # an empty part or hole has a ring without vertices
        return cls(
            np.concatenate([polygons[simple], rings[there]]),
            np.concatenate([simple, compound[part_owner[ring_part[there]]]]),
            np.concatenate([np.zeros(len(simple), dtype=bool), ~first[there]]),
            np.concatenate([vertices[simple], ring_vertices[there]]),
        )

    def __getitem__(self, which: slice | BoolArray) -> Rings:
        return Rings(self.shapes[which], self.owner[which], self.hole[which], self.vertices[which])

    def coordinates(self) -> tuple[FloatArray, FloatArray, IntArray]:
        """Return the x and the y of all vertices, and where in these each ring starts, shape (r,)."""
        x, y = np.ascontiguousarray(shapely.get_coordinates(self.shapes).T)
        return x, y, np.cumsum(self.vertices, dtype=np.intp) - self.vertices

    def walk(self, function: Callable[[FloatArray, FloatArray, IntArray], T]) -> list[T]:
        """Return what `function` makes of each batch of rings: of their x, their y, and where in these each starts."""

        def one(batch: slice) -> T:
            return function(*self[batch].coordinates())

        return in_batches(one, len(self.shapes))

    def total(self, per_ring: FloatArray, size: int) -> FloatArray:
        """Add up a figure of each ring, shape (r,), to its polygon, shape (size,); holes are taken off."""
        return np.asarray(np.bincount(self.owner, np.where(self.hole, -per_ring, per_ring), size), dtype=np.float64)

    def alone(self, per_ring: BoolArray, size: int) -> BoolArray:
        """Return, shape (size,), what holds of a polygon's ring, shape (r,); false for a polygon of several rings."""
        held = np.bincount(self.owner, per_ring, minlength=size)
        return np.asarray((held == 1) & (np.bincount(self.owner, minlength=size) == 1))


def in_batches(function: Callable[[slice], T], size: int) -> list[T]:
    """Return what `function` makes of each batch of `size` polygons or rings, in order.

    GEOS touches a batch several times while it is in a processor's cache.
    """
    return [function(slice(begin, begin + _CHUNK)) for begin in range(0, size, _CHUNK)]


def polygonal(shapes: Geometries) -> BoolArray:
    """Return which of `shapes`, shape (n,), are polygons or multipolygons."""
    return np.isin(shapely.get_type_id(shapes), (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))


def only(shapes: Geometries, mask: BoolArray) -> Geometries:
    """Return `shapes`, shape (n,), with null where `mask` does not hold."""
    kept = np.full(len(shapes), None, dtype=object)
    kept[mask] = shapes[mask]
    return kept


def ring_ends(starts: IntArray) -> IntArray:
    """Return the positions of the false edges that lead from one ring to the next."""
    return starts[1:] - 1


def land(shapes: Geometries) -> Geometries:
    """Return `shapes`, shape (n,), without the points and lines that a cut leaves beside polygons."""
    kept = shapes.copy()
    for position in np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION):
        parts = shapely.get_parts(shapely.get_parts(shapes[position]))
        kept[position] = shapely.multipolygons(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])
    return kept
