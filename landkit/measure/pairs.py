"""Pairs of parcels that overlap, found without comparing all neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from landkit.measure.contiguity import Exposure, exposure
from landkit.measure.rings import BoolArray, Geometries, IntArray, land

# Overlaps below this (m²) are the rounding of coordinates, not land.
LEAST_OVERLAP = 1e-6
# Metres: edges this close may be one edge, told in two cadastres. A stretch between them that is wider overlaps.
_NEAR = 1e-3
# Parcels with fewer neighbours than this on average are no cadastre: there each pair is looked at, without a sieve.
_FEW_NEIGHBOURS = 2.0
_SAMPLE = 1000


@dataclass(frozen=True)
class Pairs:
    """Pairs of parcels that overlap: `first` < `second`, shape (p,), and the land they share, shape (p,)."""

    first: IntArray
    second: IntArray
    shapes: Geometries

    def __getitem__(self, which: BoolArray) -> Pairs:
        return Pairs(self.first[which], self.second[which], self.shapes[which])


def overlapping_pairs(shapes: Geometries) -> Pairs:
    """Find all pairs of `shapes`, shape (n,), that share land."""
    tree = shapely.STRtree(shapes)
    found = _all_alone(shapes) if _apart(shapes, tree) else exposure(shapes)
    overlapping, done = np.zeros((2, len(shapes)), dtype=bool)
    overlapping[found.parcel] = _seen_to_overlap(shapes, tree, found)
    # Land covered twice begins at an edge left over. Within it, from two parcels that overlap on to what lies along the
    # land they share: where two cadastres have an edge in common, its walks cancel, and other parcels begin beyond it.
    none = np.empty(0, dtype=np.intp)
    rounds = [Pairs(none, none, np.empty(0, dtype=object))]
    waiting = overlapping.copy()
    waiting[found.alone] = True
    adjoins = np.ones(len(shapes), dtype=bool)
    adjoins[found.alone] = False
    while waiting.any():
        front = np.flatnonzero(waiting)
        shapely.prepare(shapes[front[adjoins[front]]])
        first, second = _neighbours(tree, front, shapes[front])
        fresh = ~done[second] & ((first < second) | ~waiting[second])
        rounds.append(_shared_land(shapes, first[fresh], second[fresh], adjoins))
        done |= waiting
        overlapping[rounds[-1].first] = overlapping[rounds[-1].second] = True
        waiting = overlapping.copy()
        waiting[_along(tree, rounds[-1][adjoins[rounds[-1].first] & adjoins[rounds[-1].second]])] = True
        waiting &= ~done
    return Pairs(
        np.concatenate([pairs.first for pairs in rounds]),
        np.concatenate([pairs.second for pairs in rounds]),
        np.concatenate([pairs.shapes for pairs in rounds]),
    )


def _apart(shapes: Geometries, tree: shapely.STRtree) -> bool:
    """Return whether parcels have few neighbours, by a sample: it decides what the search costs, not what it finds."""
    sample = shapes[:: len(shapes) // _SAMPLE + 1]
    return len(tree.query(sample)[0]) < (1 + _FEW_NEIGHBOURS) * len(sample)


def _all_alone(shapes: Geometries) -> Exposure:
    there = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    return Exposure(there, np.empty(0, dtype=np.intp), np.empty((0, 4)))


def _neighbours(tree: shapely.STRtree, parcel: IntArray, places: Geometries) -> tuple[IntArray, IntArray]:
    """Return pairs of a parcel and another one whose bounding box meets that of the place given for the first."""
    query, second = tree.query(places)
    first = parcel[query]
    return first[first != second], second[first != second]


def _along(tree: shapely.STRtree, pairs: Pairs) -> IntArray:
    """Return the parcels whose bounding box comes near the land that `pairs` share."""
    bounds = shapely.bounds(pairs.shapes) + np.array([-_NEAR, -_NEAR, _NEAR, _NEAR])
    return np.unique(tree.query(shapely.box(*bounds.T))[1])


def _seen_to_overlap(shapes: Geometries, tree: shapely.STRtree, found: Exposure) -> BoolArray:
    """Return which of the parcels with some edges left over overlap a parcel that lies along these."""
    first, second = _neighbours(tree, found.parcel, shapely.box(*found.bounds.T))
    overlapping = np.zeros(len(shapes), dtype=bool)
    box = shapely.bounds(shapes[first])
    middle = (box[:, :2] + box[:, 2:]) / 2
    # A point inside both is proof enough, and twenty times cheaper than to relate the two.
    both = shapely.contains_xy(shapes[first], middle) & shapely.contains_xy(shapes[second], middle)
    overlapping[first[both]] = True
    open_pairs = ~overlapping[first]
    first, second = first[open_pairs], second[open_pairs]
    overlapping[first[_share_interior(shapes[first], shapes[second])]] = True
    return overlapping[found.parcel]


def _share_interior(first: Geometries, second: Geometries) -> BoolArray:
    return np.asarray(shapely.relate_pattern(first, second, "T********"))


def _shared_land(shapes: Geometries, first: IntArray, second: IntArray, adjoins: BoolArray) -> Pairs:
    hit = np.asarray(shapely.intersects(shapes[first], shapes[second]))
    # Parcels that adjoin others mostly touch; to relate them first is cheaper than to intersect them.
    touching = np.flatnonzero(hit & adjoins[first] & adjoins[second])
    hit[touching] = _share_interior(shapes[first[touching]], shapes[second[touching]])
    first, second = np.minimum(first[hit], second[hit]), np.maximum(first[hit], second[hit])
    shared = real_land(shapely.intersection(shapes[first], shapes[second]))
    real = shapely.area(shared) >= LEAST_OVERLAP
    return Pairs(first[real], second[real], shared[real])


def real_land(shapes: Geometries) -> Geometries:
    """Return the polygons, shape (n,), that a cut leaves, without the slivers of its rounding."""
    return without_slivers(land(shapes))


def without_slivers(shapes: Geometries) -> Geometries:
    """Return polygons, shape (n,), without parts below `LEAST_OVERLAP`.

    Such parts are no wider than the rounding of coordinates, and GEOS may take the inside of one for its outside.
    """
    kept = shapes.copy()
    for position in np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType.MULTIPOLYGON):
        parts = shapely.get_parts(shapes[position])
        kept[position] = shapely.multipolygons(parts[shapely.area(parts) >= LEAST_OVERLAP])
    return kept
