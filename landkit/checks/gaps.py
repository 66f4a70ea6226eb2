"""Land that lies between the parcels of a programme and belongs to none, by width or, enclosed, by size."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from landkit.books import MU
from landkit.checks.finds import ALONE, SHAPE, finds, together
from landkit.checks.registry import registry
from landkit.checks.subjects import Land
from landkit.measure.contiguity import exposure
from landkit.measure.rings import Geometries, IntArray

_MITRE = 20.0  # corners down to six degrees keep their shape when strips are closed
_TOUCHING = 1e-3  # metres


def gaps(land: Land) -> pd.DataFrame:
    """Find gaps and slivers of them; their price is the land in them that no other layer's row covers.

    A gap lies along edges that no neighbour shares. Parcels that have such edges, and a neighbour within the width of a
    gap, are joined; holes that are small or narrow, and what joining strips at most so wide adds, are gaps.
    """
    return together(_gaps_of(land, layer) for layer in range(len(land.subjects)))


def _gaps_of(land: Land, layer: int) -> pd.DataFrame:
    own = np.flatnonzero(land.layer == layer)
    shapes = land.shapes[own]
    tree = shapely.STRtree(shapes)
    rows = _near_another(shapes, tree)
    found: list[pd.DataFrame] = []
    for group in _clusters(shapes, rows, tree):
        for gap in _between(shapes[group]):
            found += _find(land, layer, own, tree, gap)
    return together(found)


def _near_another(shapes: Geometries, tree: shapely.STRtree) -> IntArray:
    """Return the parcels with edges that no neighbour shares, and another parcel within the width of a gap of them."""
    exposed = exposure(shapes)
    rows = np.concatenate([exposed.alone, exposed.parcel])
    bounds = np.concatenate([shapely.bounds(shapes[exposed.alone]), exposed.bounds])
    reach = registry().tolerance.gap_m
    query, other = tree.query(shapely.box(*(bounds + np.array([-reach, -reach, reach, reach])).T))
    return np.unique(rows[query[rows[query] != other]])


def _clusters(shapes: Geometries, rows: IntArray, tree: shapely.STRtree) -> list[IntArray]:
    """Return the parcels `rows` in groups that lie within the width of a gap of one another."""
    reach = registry().tolerance.gap_m
    wanted = np.zeros(len(shapes), dtype=bool)
    wanted[rows] = True
    query, other = tree.query(shapes[rows], predicate="dwithin", distance=reach)
    first, second = rows[query], other
    keep = wanted[second] & (first < second)
    leader = _leaders(len(shapes), first[keep], second[keep])
    order = rows[np.argsort(leader[rows], kind="stable")]
    groups = np.split(order, np.flatnonzero(np.diff(leader[order])) + 1)
    return [group for group in groups if len(group) > 1]


def _leaders(size: int, first: IntArray, second: IntArray) -> IntArray:
    """Return the lowest member of each parcel's group, shape (size,)."""
    leader = np.arange(size)
    while True:
        least = np.minimum(leader[first], leader[second])
        before = leader.copy()
        np.minimum.at(leader, first, least)
        np.minimum.at(leader, second, least)
        leader = leader[leader]
        if np.array_equal(before, leader):
            return leader


def _between(shapes: Geometries) -> Geometries:
    """Return the polygons between parcels that are narrow, or enclosed and small."""
    tolerance = registry().tolerance
    joined = shapely.union_all(shapes)
    parts = shapely.get_parts(joined)
    rings, part_of = shapely.get_rings(parts, return_index=True)
    holes = shapely.polygons(rings[np.diff(part_of, prepend=-1) == 0])
    small = holes[(shapely.area(holes) < tolerance.gap_mu * MU) | (_width(holes) < tolerance.gap_m)]
    style = {"join_style": "mitre", "mitre_limit": _MITRE}
    wide = shapely.buffer(shapely.buffer(joined, tolerance.gap_m / 2, **style), -tolerance.gap_m / 2, **style)
    strips = shapely.get_parts(shapely.difference(shapely.difference(wide, joined), shapely.union_all(small)))
    strips = strips[shapely.get_type_id(strips) == shapely.GeometryType.POLYGON]
    return np.concatenate([small, strips[_width(strips) > _TOUCHING]])


def _width(shapes: Geometries) -> np.ndarray:
    """Return the mean width of strips: twice the area by the length of the edge."""
    edge = shapely.length(shapes)
    return np.asarray(2 * shapely.area(shapes) / np.where(edge > 0, edge, 1.0))


def _find(land: Land, layer: int, own: IntArray, tree: shapely.STRtree, gap: shapely.Geometry) -> list[pd.DataFrame]:
    """Return the finding of one gap, if any of it is left without the parcels inside and two parcels touch it."""
    tolerance = registry().tolerance
    around = tree.query(gap, predicate="dwithin", distance=_TOUCHING)
    # Parcels all of whose edges are shared were left out when the others were joined.
    left = shapely.difference(gap, shapely.union_all(land.shapes[own[around]]))
    size = land.m2(left)
    if size < tolerance.least_m2 or len(around) < 2:
        return []
    free, around = land.uncovered_m2(left), own[np.sort(around)]
    width = float(_width(np.array([left]))[0])
    sliver = width < tolerance.sliver_m
    registers = land.subjects[layer].registers
    # If one of the parcels was drawn short of it, the registers speak of the same land.
    short = next((row for row in around if registers.tells(land.label[row], -size / MU)), -1)
    return [
        finds(
            "sliver" if sliver else "gap",
            land.subjects[layer].name,
            [int(land.label[short])],
            [tuple(land.ids[around])],
            mu=free / MU,
            claim=SHAPE if short >= 0 else ALONE,
            sure=bool(short >= 0),
            detail="gap" if sliver else "",
            values=[{"width_m": width, "gap_mu": size / MU}],
            before=[shapely.union_all(land.shapes[around])],
            after=[left],
        )
    ]
