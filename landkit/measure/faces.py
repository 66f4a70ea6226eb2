"""Land that several parcels cover: its faces, and which parcels lie on each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from landkit.measure.noding import CLOSES, noded
from landkit.measure.pairs import LEAST_OVERLAP, Pairs, overlapping_pairs, real_land
from landkit.measure.rings import Geometries, IntArray

_Thirds = tuple[IntArray, IntArray, IntArray]


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


def overlaps(shapes: Geometries) -> Faces:
    """Find the land that several of `shapes` cover.

    Where only two parcels meet, the land that they share is a face. Where three overlap one another it is cut along the
    third; should these cuts not add up, the boundaries of such parcels are noded.

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
    thirds = _thirds(pairs, len(shapes))
    found = _cut(pairs, thirds, shapes)
    return found if _adds_up(found, pairs) else _noded(pairs, thirds, shapes)


def _adds_up(faces: Faces, pairs: Pairs) -> bool:
    """Return whether the faces, each taken as often as it lies in a pair, make the land that pairs share."""
    shared = float(shapely.area(pairs.shapes).sum())
    covers = np.bincount(faces.face, minlength=len(faces.shapes))
    by_pairs = float((covers * (covers - 1) / 2 * shapely.area(faces.shapes)).sum())
    return abs(by_pairs - shared) <= CLOSES * shared


def _noded(pairs: Pairs, thirds: _Thirds, shapes: Geometries) -> Faces:
    held = np.zeros(len(shapes), dtype=bool)
    held[thirds[1]] = True
    crowded = held[pairs.first] & held[pairs.second]
    two = pairs[~crowded]
    found, face, parcel = noded(pairs[crowded], shapes)
    members = np.stack([two.first, two.second], axis=1).ravel()
    return Faces(
        np.concatenate([two.shapes, found]),
        np.concatenate([np.repeat(np.arange(len(two.shapes)), 2), face + len(two.shapes)]),
        np.concatenate([members, parcel]),
    )


def _cut(pairs: Pairs, thirds: _Thirds, shapes: Geometries) -> Faces:
    found, of_pair, also = _cut_by_thirds(pairs, thirds, shapes)
    pair, third, rank = thirds
    most = rank.max(initial=-1) + 1
    cutter = np.full((len(pairs.first), most), -1)
    cutter[pair, rank] = third
    bits = np.array([also >> place & 1 for place in range(most)], dtype=bool).reshape(most, len(found))
    order, face = np.nonzero(bits)
    members = np.concatenate([pairs.first[of_pair], pairs.second[of_pair], cutter[of_pair[face], order]])
    of_face = np.concatenate([np.arange(len(found)), np.arange(len(found)), face])
    sort = np.lexsort((members, of_face))
    return Faces(found, of_face[sort], members[sort])


def _thirds(pairs: Pairs, size: int) -> _Thirds:
    """Return each pair with each parcel that overlaps both its members: pair, parcel, and how many came before it."""
    key = np.sort(pairs.first * size + pairs.second)
    ends = np.concatenate([pairs.first, pairs.second])
    others = np.concatenate([pairs.second, pairs.first])
    order = np.lexsort((others, ends))
    others = others[order]
    begin = np.searchsorted(ends[order], np.arange(size + 1))
    count = np.diff(begin)[pairs.first]
    pair = np.repeat(np.arange(len(pairs.first)), count)
    offset = np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count)
    third, mate = others[begin[pairs.first[pair]] + offset], pairs.second[pair]
    wanted = np.minimum(third, mate) * size + np.maximum(third, mate)
    known = np.zeros(len(wanted), dtype=bool)
    if len(key):
        known = key[np.minimum(np.searchsorted(key, wanted), len(key) - 1)] == wanted
    pair, third = pair[known], third[known]
    return pair, third, np.arange(len(pair)) - np.searchsorted(pair, pair)


def _cut_by_thirds(
    pairs: Pairs, thirds: _Thirds, shapes: Geometries
) -> tuple[Geometries, IntArray, NDArray[np.object_]]:
    """Cut the land of each pair along the parcels that overlap both; a face stays with the first two that cover it.

    Returns
    -------
    tuple
        The faces, shape (f,), the pair of each, and, a bit for each of the pair's thirds, which of these cover it too.
    """
    pair, third, rank = thirds
    found, of_pair = pairs.shapes, np.arange(len(pairs.first))
    also = np.zeros(len(found), dtype=object)
    for place in range(rank.max(initial=-1) + 1):
        now = np.full(len(pairs.first), -1)
        now[pair[rank == place]] = third[rank == place]
        cutter = now[of_pair]
        cut = np.flatnonzero(cutter >= 0)
        # Land that a parcel before the second covers is a face of another pair.
        also_covered = cut[cutter[cut] > pairs.second[of_pair[cut]]]
        rest = real_land(shapely.difference(found[cut], shapes[cutter[cut]]))
        inner = real_land(shapely.intersection(found[also_covered], shapes[cutter[also_covered]]))
        origin = np.concatenate([np.flatnonzero(cutter < 0), cut, also_covered])
        bits = np.concatenate([also[origin[: -len(inner) or None]], also[also_covered] | (1 << place)])
        found = np.concatenate([found[cutter < 0], rest, inner])
        real = shapely.area(found) >= LEAST_OVERLAP
        found, of_pair, also = found[real], of_pair[origin][real], bits[real]
    return found, of_pair, also
