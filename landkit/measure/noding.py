"""Faces by noding: slower than to cut, and right where cuts fail for edges that run together within their rounding."""

from __future__ import annotations

import numpy as np
import shapely

from landkit.errors import ClosureError
from landkit.measure.pairs import LEAST_OVERLAP, Pairs
from landkit.measure.rings import Geometries, IntArray

CLOSES = 1e-9  # of the land that the pairs share
# Metres: edges are noded as they are; where that leaves faces open or broken, vertices are rounded to ever coarser
# grids. Powers of two, so that a vertex on the grid stays on it, wherever in the plane.
_GRIDS = (None, 2.0**-30, 2.0**-27, 2.0**-24)


def noded(pairs: Pairs, shapes: Geometries) -> tuple[Geometries, IntArray, IntArray]:
    """Return the faces of land shared by `pairs`, all those of the parcels that they name.

    Returns
    -------
    tuple
        The faces, shape (f,), and pairs of positions: a face, and a parcel that covers it.

    Raises
    ------
    ClosureError
        On no grid do the faces add up to the land that pairs share.
    """
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
        closes = abs(float(by_pairs.sum()) - shared) <= CLOSES * shared + float(by_pairs[~twice].sum())
        if closes and shapely.is_valid(faces[twice]).all():
            break
    else:
        raise ClosureError("faces.open", shared=shared)
    keep = twice[face]
    return faces[twice], (np.cumsum(twice) - 1)[face[keep]], parcels[parcel[keep]]
