"""Lines that close: chained end to end within a tolerance, into rings and faces; and rings that lie in one another."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Points = NDArray[np.float64]


@dataclass(frozen=True)
class Chain:
    """Lines that hang together.

    Attributes
    ----------
    members
        Positions of the lines it was made of.
    shape
        The polygon that they enclose, or the line that they are.
    is_closed
        Whether they enclose one.
    gap
        Where closed, the widest joint that was bridged; else the distance between the two ends, or NaN where the lines
        branch and so have no two ends.
    """

    members: tuple[int, ...]
    shape: BaseGeometry
    is_closed: bool
    gap: float


def chain(lines: list[Points], *, tolerance: float) -> list[Chain]:
    """Chain lines whose ends meet.

    Parameters
    ----------
    lines
        Each of shape (n, 2), n > 1, longer than `tolerance`.
    tolerance
        Ends no further apart are taken for one point.

    Returns
    -------
    list
        Lines that hang together and never branch make one ring or one open line. Where they branch, every face that
        they enclose is a ring and what is left is one open line; unless they cross outside their ends, in which case
        all of it is returned as open. Every line is in at least one of the chains.
    """
    nodes = _nodes(lines, tolerance)
    at: dict[int, list[int]] = defaultdict(list)
    for line, (first, last) in enumerate(nodes):
        at[first].append(line)
        at[last].append(line)
    found = []
    for members in _components(nodes, at):
        if all(len(at[node]) <= 2 for line in members for node in nodes[line]):
            found.append(_walk(lines, nodes, at, members))
        else:
            found += _faces(lines, nodes, members)
    return found


def _nodes(lines: list[Points], tolerance: float) -> list[tuple[int, int]]:
    """Return the numbers of the points at which each line starts and ends."""
    ends = shapely.points([point for line in lines for point in (line[0], line[-1])])
    pairs = shapely.STRtree(ends).query(ends, predicate="dwithin", distance=tolerance)
    parent = _joined(len(ends), pairs)
    return [(parent[2 * line], parent[2 * line + 1]) for line in range(len(lines))]


def _joined(count: int, pairs: NDArray[np.intp]) -> list[int]:
    """Return for each of `count` things the smallest of those that `pairs`, shape (2, n), tie it to."""
    parent = list(range(count))

    def root(thing: int) -> int:
        while parent[thing] != thing:
            parent[thing] = parent[parent[thing]]
            thing = parent[thing]
        return thing

    for one, other in pairs.T.tolist():
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    return [root(thing) for thing in range(count)]


def _components(nodes: list[tuple[int, int]], at: dict[int, list[int]]) -> list[list[int]]:
    seen: set[int] = set()
    components = []
    for start in range(len(nodes)):
        if start in seen:
            continue
        seen.add(start)
        members, waiting = [], [start]
        while waiting:
            line = waiting.pop()
            members.append(line)
            near = [other for node in nodes[line] for other in at[node] if other not in seen]
            seen.update(near)
            waiting += dict.fromkeys(near)
        components.append(sorted(members))
    return components


def _walk(lines: list[Points], nodes: list[tuple[int, int]], at: dict[int, list[int]], members: list[int]) -> Chain:
    """Return the chain of lines that never branch, from one end to the other or all around."""
    free = [(line, node) for line in members for node in nodes[line] if len(at[node]) == 1]
    line, node = free[0] if free else (members[0], nodes[members[0]][0])
    path: list[Points] = []
    left, widest = set(members), 0.0
    while True:
        left.discard(line)
        piece = lines[line] if nodes[line][0] == node else lines[line][::-1]
        if path:
            widest = max(widest, _distance(path[-1][-1], piece[0]))
            piece = piece[1:]
        path.append(piece)
        node = nodes[line][1] if nodes[line][0] == node else nodes[line][0]
        following = [other for other in at[node] if other in left]
        if not following:
            break
        line = following[0]
    points = np.concatenate(path)
    ends = _distance(points[0], points[-1])
    if free:
        return Chain(tuple(members), shapely.LineString(points), is_closed=False, gap=ends)
    return Chain(tuple(members), shapely.Polygon([*points[:-1], points[0]]), is_closed=True, gap=max(widest, ends))


def _distance(one: Points, other: Points) -> float:
    return float(np.hypot(*(one - other)))


def _faces(lines: list[Points], nodes: list[tuple[int, int]], members: list[int]) -> list[Chain]:
    """Return the faces that branching lines enclose, and as one open line what encloses nothing."""
    place: dict[int, Points] = {}
    drawn, widest = [], 0.0
    for line in members:
        points = lines[line].copy()
        for position, node in zip((0, -1), nodes[line], strict=True):
            shared = place.setdefault(node, points[position].copy())
            widest = max(widest, _distance(shared, points[position]))
            points[position] = shared
        drawn.append(shapely.LineString(points))
    tree = shapely.STRtree(drawn)
    meeting = tree.query(drawn, predicate="crosses").size + (tree.query(drawn, predicate="overlaps").size)
    faces, *others = shapely.polygonize_full(drawn)
    closed = list(shapely.get_parts(faces))
    if meeting or not closed:
        return [Chain(tuple(members), shapely.MultiLineString(drawn), is_closed=False, gap=float("nan"))]
    rings = shapely.STRtree([face.boundary for face in closed])
    line, face = rings.query(drawn, predicate="covered_by")
    bounding: dict[int, list[int]] = defaultdict(list)
    for one, other in zip(line.tolist(), face.tolist(), strict=True):
        bounding[other].append(members[one])
    found = [Chain(tuple(bounding[place]), shape, is_closed=True, gap=widest) for place, shape in enumerate(closed)]
    loose = tuple(member for place, member in enumerate(members) if place not in set(line.tolist()))
    if loose:
        left = shapely.MultiLineString([part for other in others for part in shapely.get_parts(other)])
        found.append(Chain(loose, left, is_closed=False, gap=float("nan")))
    return found


def smallest_around(points: NDArray[np.object_], rings: NDArray[np.object_]) -> tuple[NDArray[np.intp], int]:
    """Return for each point the smallest of the rings that it lies in, or -1, and how many lie in several.

    Parameters
    ----------
    points
        Points, shape (n,).
    rings
        Polygons, shape (m,), null where there is none. Of rings of one size the first is taken.
    """
    chosen = np.full(len(points), -1, dtype=np.intp)
    point, ring = shapely.STRtree(rings).query(points, predicate="intersects")
    order = np.lexsort((ring, shapely.area(rings[ring]), point))
    first, start, count = np.unique(point[order], return_index=True, return_counts=True)
    chosen[first] = ring[order][start]
    return chosen, int((count > 1).sum())


def holes(rings: NDArray[np.object_], groups: list[Any]) -> dict[int, int]:
    """Return which ring is a hole of which other: it lies in it, touching it at points at most, in the same group.

    A ring within a hole is an island, not a hole.

    Parameters
    ----------
    rings
        Polygons, shape (n,), null where there is none; one that is not valid is neither hole nor has any.
    groups
        Only rings of one group are compared.
    """
    sound = rings.copy()
    sound[~shapely.is_valid(rings)] = None
    inner, outer = shapely.STRtree(sound).query(sound, predicate="within")
    around: dict[int, list[int]] = defaultdict(list)
    for one, other in zip(inner.tolist(), outer.tolist(), strict=True):
        if one != other and groups[one] == groups[other] and _is_inside(rings[one], rings[other]):
            around[one].append(other)
    odd = {ring: within for ring, within in around.items() if len(within) % 2}
    # the nearest ring around it is the one that most others lie around of
    return {ring: max(within, key=lambda other: len(around.get(other, ()))) for ring, within in odd.items()}


def _is_inside(ring: BaseGeometry, other: BaseGeometry) -> bool:
    return bool(ring.relate(other)[4] in "F0")  # their boundaries share no line
