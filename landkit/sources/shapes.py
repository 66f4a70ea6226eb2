"""Delivered shapes: decoding them, and telling those that can be measured from those that cannot."""

from __future__ import annotations

from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

# shapely's type ids
_POINTS, _LINES, _SURFACES = (0, 4), (1, 2, 5), (3, 6)
_METRES_LIMIT = 1e8  # the circumference of the Earth is 4e7 m, an easting with its zone prefix at most 4.6e7

REASONS = ("", "no_geometry", "empty", "point", "line", "collection", "not_finite", "out_of_range")


def decode(wkb: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Return the shapes of `wkb`, shape (n,), and which of them are there but cannot be read.

    Nothing is repaired: a ring that is not closed is unreadable.

    Raises
    ------
    NotImplementedError
        There are curves among them.
    """
    shapes = shapely.from_wkb(wkb, on_invalid="ignore")
    # Well-known text in place of bytes, a point outside a point layer: whatever is not null and gave nothing
    return shapes, shapely.is_missing(shapes) & ~pd.isna(wkb)


class Packed(NamedTuple):
    """Shapes on their way to another process.

    Attributes
    ----------
    wkb
        Shape (n,), in two dimensions; null where there is none or it cannot be read.
    broken
        Shape (n,): which are there and cannot be read.
    is_flattened
        Whether any had a height or a measure.
    closed
        Shape (n,): which have a ring that ended before its first point and is closed here.
    """

    wkb: NDArray[np.object_]
    broken: NDArray[np.bool_]
    is_flattened: bool
    closed: NDArray[np.bool_]


def pack(wkb: NDArray[np.object_]) -> Packed:
    """Return `wkb`, shape (n,), as it is handed over; rings of polygons that only lack their last point are closed.

    Raises
    ------
    NotImplementedError
        There are curves among them.
    """
    shapes, broken = decode(wkb)
    kept, closed = wkb.copy(), np.zeros(len(wkb), dtype=bool)
    for row in np.flatnonzero(broken):
        kept[row] = shapes[row] = _closed(wkb[row])
        closed[row] = shapes[row] is not None
    flat, is_flattened = flatten(shapes)
    if is_flattened:
        kept = np.asarray(shapely.to_wkb(flat), dtype=object)
    else:
        kept[closed] = shapely.to_wkb(shapes[closed])
    return Packed(kept, broken & ~closed, is_flattened, closed)


def _closed(wkb: object) -> shapely.Geometry | None:
    """Return a polygon with its rings closed, None where that is not all it takes."""
    try:
        shape = shapely.from_wkb(wkb, on_invalid="fix")
    except (TypeError, shapely.errors.ShapelyError):
        return None
    if shape is None or shapely.get_type_id(shape) not in _SURFACES:
        return None
    rings, of = shapely.get_rings(shape), shapely.get_coordinates
    # a ring of fewer than three points is padded, not closed
    return shape if all(len(np.unique(of(ring), axis=0)) >= 3 for ring in rings if not ring.is_empty) else None


def flatten(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], bool]:
    """Return `shapes` in two dimensions, and whether any had a height or a measure."""
    if not (shapely.has_z(shapes).any() or shapely.has_m(shapes).any()):
        return shapes, False
    return shapely.force_2d(shapes), True


def screen(frame: gpd.GeoDataFrame, *, known: pd.DataFrame | None = None) -> tuple[NDArray[np.bool_], pd.DataFrame]:
    """Tell the rows that can be measured from those that cannot.

    Parameters
    ----------
    frame
        A layer with its coordinate reference system.
    known
        Rows already given up with their reason (columns row, reason), which stands before any found here.

    Returns
    -------
    tuple
        A mask, shape (n,), of the rows that can be measured, and the others as columns ``row`` (the frame's label) and
        ``reason`` (see `REASONS`). Every row is in one of the two.
    """
    shapes = np.asarray(frame.geometry.array, dtype=object)
    code = _faults(shapes, _limits(frame.crs))
    reason = pd.Series(np.array(REASONS, dtype=object)[code[code > 0]], index=frame.index[code > 0], dtype="str")
    if known is not None and len(known):
        reason = pd.concat(
            [pd.Series(known["reason"].array, index=known["row"]), reason[~reason.index.isin(known["row"])]]
        )
        reason = reason.sort_index()
    table = reason.rename_axis("row").rename("reason").reset_index()
    return ~frame.index.isin(table["row"]), table


def _faults(shapes: NDArray[np.object_], limits: tuple[float, float]) -> NDArray[np.int8]:
    types = shapely.get_type_id(shapes)
    with np.errstate(invalid="ignore", over="ignore"):
        bounds = shapely.bounds(shapes)
        # a sum over every vertex, so one NaN or infinity among them shows; bounds pass over NaN
        is_finite = np.isfinite(shapely.area(shapes))
        beyond = (np.abs(bounds) > np.array([*limits, *limits])).any(axis=1)
    conditions = [
        types == -1,
        shapely.is_empty(shapes),
        np.isin(types, _POINTS),
        np.isin(types, _LINES),
        ~np.isin(types, _SURFACES),
        np.isinf(bounds).any(axis=1) | (~is_finite & ~beyond),
        beyond,
    ]
    return np.select(conditions, range(1, len(REASONS)), 0).astype(np.int8)


def _limits(crs: Any) -> tuple[float, float]:
    """Return the largest x and y that can be coordinates in `crs`."""
    if crs is None:
        return _METRES_LIMIT, _METRES_LIMIT
    system = pyproj.CRS.from_user_input(crs)
    factor = system.axis_info[0].unit_conversion_factor if system.axis_info else 1.0
    if system.is_geographic:
        degrees = np.degrees(factor) * (1 - 1e-9)  # 180 degrees, come back from radians, may be a hair more
        return 180 / degrees, 90 / degrees
    return _METRES_LIMIT / factor, _METRES_LIMIT / factor
