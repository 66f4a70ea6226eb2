"""Which parcels could overlap another one, found without comparing neighbours pair by pair.

Walk every parcel with its land on the left. Where two neighbours share an edge it is walked once each way, and the two
walks cancel. The number of parcels that cover a place changes only across an edge that is left over, so every stretch
of land covered twice is bounded by edges left over: a cadastre whose edges all cancel but for its outline holds no
overlap, and only parcels with an edge left over need a closer look.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from landkit.measure.rings import BoolArray, FloatArray, Geometries, IntArray, Rings, ring_ends

# A vertex within this distance (m) of a neighbour's edge lies on it (a T-junction): a thousand times the rounding of
# coordinates in the plane, a ten-thousandth of what a survey resolves.
ON_EDGE = 1e-7

_KeyArray = NDArray[np.uint64]
_MIX = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0xFF51AFD7ED558CCD], dtype=np.uint64)
_SHIFT = np.uint64(32)
_VALUE_BITS = np.uint64(20)  # leaves 44 bits: 512 of them still add up exactly in a float64


@dataclass(frozen=True)
class Exposure:
    """Where overlaps can begin.

    Attributes
    ----------
    alone
        Shape (k,): the parcels that share no edge with another one.
    parcel
        Shape (m,): those of the other parcels that have an edge left over.
    bounds
        Shape (m, 4): the bounds of these edges. Land covered twice lies along an edge left over.
    """

    alone: IntArray
    parcel: IntArray
    bounds: FloatArray


def exposure(shapes: Geometries) -> Exposure:
    """Return which of `shapes`, valid polygons of a plane, have an edge that no neighbour shares."""
    rings = Rings.of(shapes)
    walked = rings.walk(_walk_keys)
    if not walked:
        return Exposure(np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp), np.empty((0, 4)))
    key, forward, clockwise, count = (np.concatenate(column) for column in zip(*walked, strict=True))
    backward = clockwise ^ rings.hole
    left = _left_over(key, forward ^ np.repeat(backward, count))
    start = np.cumsum(count) - count
    adjoins = np.bincount(rings.owner, ~np.logical_and.reduceat(left, start), minlength=len(shapes)) > 0
    doubtful = adjoins[rings.owner] & np.logical_or.reduceat(left, start)
    edges = _edges_of(replace(rings[doubtful], hole=backward[doubtful]))
    edges = _split_at_vertices(edges[left[np.repeat(doubtful, count)]])
    has_ring = np.bincount(rings.owner, minlength=len(shapes)) > 0
    return Exposure(np.flatnonzero(has_ring & ~adjoins), *_bounds_by_owner(edges[edges.left_over()]))


def outline(shapes: Geometries) -> FloatArray:
    """Return the edges left over of valid polygons of a plane: start and end of each, shape (e, 2, 2).

    Where polygons do not overlap one another, these edges alone part the land that they cover from what they leave.
    """
    rings = Rings.of(shapes)
    clockwise = np.concatenate([np.empty(0, dtype=bool), *rings.walk(lambda x, y, starts: _walk_keys(x, y, starts)[2])])
    edges = _edges_of(replace(rings, hole=clockwise ^ rings.hole))
    edges = _split_at_vertices(edges[edges.left_over()])
    edges = edges[edges.left_over()]
    return np.stack([edges.start, edges.end], axis=1)


def _walk_keys(x: FloatArray, y: FloatArray, starts: IntArray) -> tuple[_KeyArray, BoolArray, BoolArray, IntArray]:
    """Return the key and direction of each edge, and of each ring whether it is clockwise and how many edges it has."""
    vertex = _vertex_key(x, y)
    key, forward = _edge_key(vertex[:-1], vertex[1:])
    # Differences from a vertex nearby: a shoelace of full coordinates would drown small rings in rounding.
    dx = x - x[starts[0]]
    area = (dx[:-1] + dx[1:]) * np.diff(y)
    ends = ring_ends(starts)
    area[ends] = 0.0
    real = np.ones(len(key), dtype=bool)
    real[ends] = False
    return (
        key[real],
        forward[real],
        np.add.reduceat(np.append(area, 0.0), starts) < 0,
        np.diff(starts, append=len(x)) - 1,
    )


def _vertex_key(x: FloatArray, y: FloatArray) -> _KeyArray:
    key = np.ascontiguousarray(x).view(np.uint64) * _MIX[0]
    key ^= key >> _SHIFT
    key += np.ascontiguousarray(y).view(np.uint64) * _MIX[1]
    key ^= key >> _SHIFT
    key *= _MIX[2]
    return np.asarray(key)


def _edge_key(a: _KeyArray, b: _KeyArray) -> tuple[_KeyArray, BoolArray]:
    """Return a key that an edge has both ways, and which way it is walked."""
    key = (a + b) * _MIX[2]
    key ^= key >> _SHIFT
    key *= _MIX[0]
    return key, a < b


def _left_over(key: _KeyArray, forward: BoolArray) -> BoolArray:
    """Return which edges, shape (e,), are not walked as often the other way.

    Each edge adds its own number to one of as many sums as there are edges, or takes it off when walked backward; a sum
    of zero has cancelled. To call an edge left over by mistake costs a closer look; to miss one by mistake takes two
    equal 44-bit numbers.
    """
    value = (key >> _VALUE_BITS).astype(np.float64)
    np.negative(value, out=value, where=forward)
    slot = ((key ^ (key >> _SHIFT)) % np.uint64(max(len(key), 1))).view(np.int64)
    return np.asarray((np.bincount(slot, value) != 0)[slot]) if len(key) else np.zeros(0, dtype=bool)


@dataclass(frozen=True)
class _Edges:
    """Directed edges with the land on the left: from `start` to `end`, shape (e, 2), of the parcels `owner`."""

    start: FloatArray
    end: FloatArray
    owner: IntArray

    def __getitem__(self, which: BoolArray) -> _Edges:
        return _Edges(self.start[which], self.end[which], self.owner[which])

    def left_over(self) -> BoolArray:
        return _left_over(*_edge_key(_vertex_key(*self.start.T), _vertex_key(*self.end.T)))


def _edges_of(rings: Rings) -> _Edges:
    """Return the edges of `rings`, of which those called a hole are walked backward."""
    xy = shapely.get_coordinates(rings.shapes)
    count = rings.vertices
    real = np.ones(len(xy), dtype=bool)
    real[np.cumsum(count) - 1] = False
    start, end = xy[real], xy[np.flatnonzero(real) + 1]
    backward = np.repeat(rings.hole, count - 1)[:, np.newaxis]
    return _Edges(np.where(backward, end, start), np.where(backward, start, end), np.repeat(rings.owner, count - 1))


def _split_at_vertices(edges: _Edges) -> _Edges:
    """Cut edges where a vertex of another one lies on them, so that the two sides of a T-junction can cancel."""
    lines = shapely.linestrings(np.stack([edges.start, edges.end], axis=1))
    vertices = np.concatenate([edges.start, edges.end])
    vertices = vertices[np.unique(_vertex_key(*vertices.T), return_index=True)[1]]
    vertex, line = shapely.STRtree(lines).query(shapely.points(vertices), predicate="dwithin", distance=ON_EDGE)
    inner = (vertices[vertex] != edges.start[line]).any(axis=1) & (vertices[vertex] != edges.end[line]).any(axis=1)
    vertex, line = vertex[inner], line[inner]
    along = shapely.line_locate_point(lines[line], shapely.points(vertices[vertex]))
    # Each edge's start, then the vertices on it in order; what follows on the same edge is where a piece ends.
    place = np.concatenate([np.arange(len(lines)), line])
    order = np.lexsort((np.concatenate([np.full(len(lines), -1.0), along]), place))
    place = place[order]
    start = np.concatenate([edges.start, vertices[vertex]])[order]
    last = np.ones(len(place), dtype=bool)
    last[:-1] = place[1:] != place[:-1]
    end = np.where(last[:, np.newaxis], edges.end[place], np.roll(start, -1, axis=0))
    return _Edges(start, end, edges.owner[place])


def _bounds_by_owner(edges: _Edges) -> tuple[IntArray, FloatArray]:
    order = np.argsort(edges.owner, kind="stable")
    owners, first = np.unique(edges.owner[order], return_index=True)
    if len(owners) == 0:
        return owners, np.empty((0, 4))
    low, high = np.minimum(edges.start, edges.end)[order], np.maximum(edges.start, edges.end)[order]
    return owners, np.hstack([np.minimum.reduceat(low, first), np.maximum.reduceat(high, first)])
