"""Accepted rows joined to those that a layer of the workspace holds already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from landkit.measure.rings import BoolArray, Geometries, IntArray
from landkit.schema import id_column

SHAPE = "geometry"
GEOM_SOURCE, NO_SHAPE = "geom_source", "none"
_CARRIED = 1e-10  # of the largest coordinate: 0.3 mm of a northing, 1 mm of a longitude


@dataclass(frozen=True, eq=False)
class Merged:
    """A layer with the rows of a delivery.

    Attributes
    ----------
    frame
        The layer: its rows in their order, then the new ones.
    unchanged, updated, kept_out
        Shape (n,): which of the delivered rows say nothing new, add to or replace a row of their id, or are kept out
        since a row of their id says something else. The others are new.
    conflicts
        What says something else: ``position`` of the delivered row, ``id``, ``column`` (``geometry`` for the shape),
        ``old`` and ``new``.
    """

    frame: gpd.GeoDataFrame
    unchanged: BoolArray
    updated: BoolArray
    kept_out: BoolArray
    conflicts: pd.DataFrame

    @property
    def changed(self) -> bool:
        """Whether the layer differs from what it was."""
        return not bool((self.unchanged | self.kept_out).all())


def merge(
    existing: gpd.GeoDataFrame | None,
    new: gpd.GeoDataFrame,
    *,
    update: bool,
    fill: bool = False,
    made: BoolArray | None = None,
) -> Merged:
    """Join `new` to `existing` by id.

    An empty cell, or a row without a shape, says nothing: it replaces nothing, and is filled by what is delivered.

    Parameters
    ----------
    existing
        The layer, None where there is none yet.
    new
        Rows with an ``id`` each of its own, in the reference system of `existing`.
    update
        What says something else replaces what the layer has.
    fill
        Without `update`: a row that says something else still fills what is empty, instead of being kept out.
    made
        Shape (n,): rows whose id was made of their place in a file. Such an id tells nothing of what the row is about:
        unless it says just what the row of that id says, it is kept out, whatever `update` and `fill` are.
    """
    none = np.zeros(len(new), dtype=bool)
    empty = pd.DataFrame(columns=["position", "id", "column", "old", "new"])
    if existing is None or len(existing) == 0:
        return Merged(new.reset_index(drop=True), none, none, none, empty)
    column = id_column(map(str, existing.columns)) or "id"
    told = new.rename(columns={"id": column})
    place = _places(existing, told, column)
    known = place >= 0
    existing, told = _sources_apart(existing, told, place)
    adds, conflicts = _compared(existing, told, place)
    differs = np.zeros(len(new), dtype=bool)
    differs[conflicts["position"].to_numpy(dtype=np.intp)] = True
    kept_out = differs & (not (update or fill))
    if made is not None:
        kept_out |= known & made & (adds | differs)
    updated = known & ~kept_out & (adds | (differs & update))
    frame = _filled(existing, told, place, updated, over=update)
    fresh = told[~known]
    joined = pd.concat([frame, fresh], ignore_index=True) if len(fresh) else frame
    result = gpd.GeoDataFrame(joined, geometry=existing.geometry.name, crs=existing.crs)
    ids = told[column].astype("str").to_numpy()
    listed = conflicts.assign(id=ids[conflicts["position"].to_numpy(dtype=np.intp)])[empty.columns]
    return Merged(result, known & ~updated & ~kept_out, updated, kept_out, listed)


def _sources_apart(
    existing: gpd.GeoDataFrame, new: gpd.GeoDataFrame, place: IntArray
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return both with no ``geom_source`` of ``none`` on the one side where the other has a shape."""
    if GEOM_SOURCE not in existing.columns or GEOM_SOURCE not in new.columns:
        return existing, new
    at = np.flatnonzero(place >= 0)
    shaped = np.zeros(len(existing), dtype=bool)
    shaped[place[at[new.geometry.notna().to_numpy()[at]]]] = True
    drawn = np.zeros(len(new), dtype=bool)
    drawn[at] = existing.geometry.notna().to_numpy()[place[at]]
    return _unsaid(existing, shaped), _unsaid(new, drawn)


def _unsaid(frame: gpd.GeoDataFrame, where: BoolArray) -> gpd.GeoDataFrame:
    said = frame[GEOM_SOURCE]
    return frame.assign(**{GEOM_SOURCE: said.mask(where & (said == NO_SHAPE).to_numpy(dtype=bool))})


def _places(existing: gpd.GeoDataFrame, new: gpd.GeoDataFrame, column: str) -> IntArray:
    """Return where in `existing` the row of each id is, -1 where there is none; of repeated ids the first."""
    if column not in existing.columns:
        return np.full(len(new), -1, dtype=np.intp)
    held = pd.Series(np.arange(len(existing)), index=existing[column].astype("str"))
    held = held[~held.index.duplicated()]
    return np.asarray(held.reindex(new[column].astype("str")).fillna(-1), dtype=np.intp)


def _compared(existing: gpd.GeoDataFrame, new: gpd.GeoDataFrame, place: IntArray) -> tuple[BoolArray, pd.DataFrame]:
    """Return which rows of `new` add something to the row at their place, and every cell that contradicts it."""
    at = np.flatnonzero(place >= 0)
    adds = np.zeros(len(new), dtype=bool)
    found = []
    for name in new.columns:
        shape = name == new.geometry.name
        if name not in existing.columns:
            adds[at] |= new[name].notna().to_numpy()[at]
            continue
        old, said = existing[name].iloc[place[at]], new[name].iloc[at]
        told, held = said.notna().to_numpy(), old.notna().to_numpy()
        adds[at] |= told & ~held
        both = np.flatnonzero(told & held)
        left, right = old.to_numpy(dtype=object)[both], said.to_numpy(dtype=object)[both]
        other = both[~_equal(left, right, shape)]
        found.append(
            pd.DataFrame(
                {
                    "position": at[other],
                    "column": SHAPE if shape else name,
                    "old": old.to_numpy(dtype=object)[other],
                    "new": said.to_numpy(dtype=object)[other],
                }
            )
        )
    listed = [table for table in found if len(table)]
    columns = ["position", "column", "old", "new"]
    return adds, pd.concat(listed, ignore_index=True) if listed else pd.DataFrame(columns=columns)


def _equal(left: NDArray[np.object_], right: NDArray[np.object_], shape: bool) -> BoolArray:
    if shape:
        first, second = _single(left), _single(right)
        rounding = _rounding(second)
        same = np.asarray(shapely.equals_exact(first, second, tolerance=rounding), dtype=bool)
        # formats differ in where a ring starts and which way it runs
        other = np.flatnonzero(~same)
        turned = shapely.normalize(first[other]), shapely.normalize(second[other])
        same[other] = shapely.equals_exact(*turned, tolerance=rounding)
        return same
    return np.fromiter((bool(a == b) for a, b in zip(left, right, strict=True)), dtype=bool, count=len(left))


def _rounding(shapes: Geometries) -> float:
    """Return how far coordinates may move on the way through another system: under a millimetre."""
    if len(shapes) == 0:
        return 0.0
    reach = np.abs(shapely.total_bounds(shapes)).max()
    return _CARRIED * float(reach) if np.isfinite(reach) else 0.0


def _filled(
    existing: gpd.GeoDataFrame, new: gpd.GeoDataFrame, place: IntArray, which: BoolArray, *, over: bool
) -> gpd.GeoDataFrame:
    """Return `existing` with what the rows `which` of `new` say, `over` also where something stands."""
    frame = existing.reset_index(drop=True)
    if not which.any():
        return frame
    frame = frame.copy()
    rows, at = new[which], place[which]
    for name in rows.columns:
        told = rows[name].notna().to_numpy()
        if name in frame.columns and not over:
            told = told & frame[name].isna().to_numpy()[at]
        if not told.any():
            continue
        if name == rows.geometry.name:
            shapes = np.array(frame.geometry.array, dtype=object)
            shapes[at[told]] = np.asarray(rows.geometry.array, dtype=object)[told]
            frame = frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=existing.crs))
        else:
            said = pd.Series(rows[name].to_numpy(dtype=object)[told], index=at[told])
            frame[name] = _written(frame[name] if name in frame.columns else None, said, len(frame))
    return frame


def _written(old: pd.Series[Any] | None, said: pd.Series[Any], size: int) -> pd.Series[Any]:
    """Return a column with the values of `said` at their labels, of its own type if that holds them."""
    if old is None:
        return said.reindex(range(size)).infer_objects()
    column = old.astype(object)
    column.loc[said.index] = said
    try:
        return column.astype(old.dtype)
    except (TypeError, ValueError):  # text where the layer has numbers, or the other way round
        return column


def _single(shapes: Geometries) -> Geometries:
    """Return `shapes` with every multipolygon of one part as that part: a GeoPackage keeps them all as several."""
    found = shapes.copy()
    several = shapely.get_type_id(shapes) == shapely.GeometryType.MULTIPOLYGON
    alone = several & (shapely.get_num_geometries(shapes) == 1)
    found[alone] = shapely.get_geometry(shapes[alone], 0)
    return found
