"""Land that several parcels cover: its faces, and which parcels lie on each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from landkit.errors import ClosureError
from landkit.measure.contiguity import Exposure, exposure
from landkit.measure.rings import BoolArray, Geometries, IntArray, land

# Overlaps below this (m²) are the rounding of coordinates, not land.
LEAST_OVERLAP = 1e-6
_CLOSES = 1e-9  # of the land that the pairs share
# Metres: edges are noded as they are; where that leaves faces open or broken, vertices are rounded to ever coarser
# grids. Powers of two, so that a vertex on the grid stays on it, wherever in the plane.
_GRIDS = (None, 2.0**-30, 2.0**-27, 2.0**-24)
# Metres: edges this close may be one edge, told in two cadastres. A stretch between them that is wider overlaps.
_NEAR = 1e-3


@dataclass(frozen=True)
class Faces:
    """Places that two or more parcels cover, each by the same parcels throughout.

    Attributes
    ----------
    shapes
        Shape (f,): polygons that do not overlap one another.
    face, parcel
        Shape (m,): pairs of positions, a face and a parcel that covers it, sorted by face.
    """

    shapes: Geometries
    face: IntArray
    parcel: IntArray


@dataclass(frozen=True)
class Pairs:
    """Pairs of parcels that overlap: `first` < `second`, shape (p,), and the land they share, shape (p,)."""

    first: IntArray
    second: IntArray
    shapes: Geometries

    def __getitem__(self, which: BoolArray) -> Pairs:
        return Pairs(self.first[which], self.second[which], self.shapes[which])


def overlaps(shapes: Geometries) -> Faces:
    """Find the land that several of `shapes` cover.

    Where only two parcels meet, their intersection is a face. Where three overlap one another, the boundaries of these
    parcels are noded and made into faces.

    Parameters
    ----------
    shapes
        Shape (n,): valid polygons of a plane; null and empty ones cover nothing.

    Raises
    ------
    ClosureError
        The faces do not add up to the land that pairs share: a defect.
    """
    pairs = overlapping_pairs(shapes)
    crowded = _crowded(pairs, len(shapes))
    two = pairs[~crowded]
    several = _faces_of(pairs[crowded], shapes)
    members = np.stack([two.first, two.second], axis=1).ravel()
    return Faces(
        np.concatenate([two.shapes, several.shapes]),
        np.concatenate([np.repeat(np.arange(len(two.shapes)), 2), several.face + len(two.shapes)]),
        np.concatenate([members, several.parcel]),
    )


def overlapping_pairs(shapes: Geometries) -> Pairs:
    """Find all pairs of `shapes`, shape (n,), that share land."""
    found = exposure(shapes)
    tree = shapely.STRtree(shapes)
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
        shapely.prepare(shapes[front])
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
    shared = without_slivers(land(shapely.intersection(shapes[first], shapes[second])))
    real = shapely.area(shared) >= LEAST_OVERLAP
    return Pairs(first[real], second[real], shared[real])


def without_slivers(shapes: Geometries) -> Geometries:
    """Return polygons, shape (n,), without parts below `LEAST_OVERLAP`.

    Such parts are no wider than the rounding of coordinates, and GEOS may take the inside of one for its outside.
    """
    kept = shapes.copy()
    for position in np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType.MULTIPOLYGON):
        parts = shapely.get_parts(shapes[position])
        kept[position] = shapely.multipolygons(parts[shapely.area(parts) >= LEAST_OVERLAP])
    return kept


def _crowded(pairs: Pairs, size: int) -> BoolArray:
    """Return which pairs, shape (p,), are of parcels that both take part where three overlap one another."""
    held = np.zeros(size, dtype=bool)
    triangles = _in_triangle(pairs, size)
    held[pairs.first[triangles]] = held[pairs.second[triangles]] = True
    return held[pairs.first] & held[pairs.second]


def _in_triangle(pairs: Pairs, size: int) -> BoolArray:
    """Return which pairs, shape (p,), have a third parcel that overlaps both members."""
    key = np.sort(pairs.first * size + pairs.second)
    ends = np.concatenate([pairs.first, pairs.second])
    others = np.concatenate([pairs.second, pairs.first])
    order = np.argsort(ends, kind="stable")
    others = others[order]
    begin = np.searchsorted(ends[order], np.arange(size + 1))
    count = np.diff(begin)[pairs.first]
    pair = np.repeat(np.arange(len(pairs.first)), count)
    offset = np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count)
    third = others[begin[pairs.first[pair]] + offset]
    mate = pairs.second[pair]
    wanted = np.minimum(third, mate) * size + np.maximum(third, mate)
    place = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
    crowded = np.zeros(len(pairs.first), dtype=bool)
    if len(key):
        crowded[pair[(key[place] == wanted) & (third != mate)]] = True
    return crowded


def _faces_of(pairs: Pairs, shapes: Geometries) -> Faces:
    """Return the faces of land shared by `pairs`, all those of the parcels that they name."""
    if len(pairs.first) == 0:
        return Faces(np.empty(0, dtype=object), np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp))
    parcels = np.unique(np.concatenate([pairs.first, pairs.second]))
    # Near the origin crossings are computed to 1e-12 m, far from it to 1e-9 m: too coarse to node slivers.
    origin = np.floor(shapely.total_bounds(shapes[parcels])[:2])
    near = shapely.transform(shapes[parcels], lambda xy: xy - origin)
    tree, lines = shapely.STRtree(near), shapely.boundary(near)
    shared = float(shapely.area(pairs.shapes).sum())
    for grid in _GRIDS:
        faces = shapely.get_parts(shapely.polygonize([shapely.union_all(lines, grid_size=grid)]))
        face, parcel = tree.query(shapely.point_on_surface(faces), predicate="within")
        covers = np.bincount(face, minlength=len(faces))
        twice = (covers >= 2) & (shapely.area(faces) >= LEAST_OVERLAP)
        faces = shapely.transform(faces, lambda xy: xy + origin)
        by_pairs = covers * (covers - 1) / 2 * shapely.area(faces)
        # What pairs share below `LEAST_OVERLAP` is not among theirs.
        closes = abs(float(by_pairs.sum()) - shared) <= _CLOSES * shared + float(by_pairs[~twice].sum())
        if closes and shapely.is_valid(faces[twice]).all():
            break
    else:
        raise ClosureError("faces.open", shared=shared)
    keep = twice[face]
    return Faces(faces[twice], (np.cumsum(twice) - 1)[face[keep]], parcels[parcel[keep]])
