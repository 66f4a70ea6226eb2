"""Accepted rows joined to those that a layer of the workspace holds already."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from landkit.measure.rings import BoolArray, Geometries
from landkit.schema import id_column


@dataclass(frozen=True, eq=False)
class Merged:
    """A layer with the rows of a delivery.

    Attributes
    ----------
    frame
        The layer: its rows in their order, then the new ones.
    unchanged, updated, kept_out
        Shape (n,): which of the delivered rows say nothing new, replace a row of their id, or are kept out since a row
        of their id says something else.
    """

    frame: gpd.GeoDataFrame
    unchanged: BoolArray
    updated: BoolArray
    kept_out: BoolArray


def merge(existing: gpd.GeoDataFrame | None, new: gpd.GeoDataFrame, *, update: bool) -> Merged:
    """Join `new` to `existing` by id.

    Parameters
    ----------
    existing
        The layer, None where there is none yet.
    new
        Rows with an ``id`` each of its own, in the reference system of `existing`.
    update
        A row that says something else than the row of its id replaces what that one says; empty cells replace nothing.
        Otherwise it is kept out.
    """
    none = np.zeros(len(new), dtype=bool)
    if existing is None or len(existing) == 0:
        return Merged(new.reset_index(drop=True), none, none, none)
    column = id_column(map(str, existing.columns)) or "id"
    new = new.rename(columns={"id": column})
    held = pd.Series(np.arange(len(existing)), index=existing[column].astype("str")) if column in existing else None
    place = np.full(len(new), -1)
    if held is not None:
        held = held[~held.index.duplicated()]
        place = held.reindex(new[column].astype("str")).fillna(-1).to_numpy(dtype=np.intp)
    known = place >= 0
    unchanged = none.copy()
    unchanged[known] = same_rows(existing.iloc[place[known]], new[known])
    differs = known & ~unchanged
    frame = _replaced(existing, new[differs], place[differs]) if update and differs.any() else existing
    joined = pd.concat([frame, new[~known]], ignore_index=True) if (~known).any() else frame.reset_index(drop=True)
    result = gpd.GeoDataFrame(joined, geometry=existing.geometry.name, crs=existing.crs)
    return Merged(result, unchanged, differs & update, differs & (not update))


def _replaced(existing: gpd.GeoDataFrame, new: gpd.GeoDataFrame, place: np.ndarray) -> gpd.GeoDataFrame:
    """Return `existing` with what the rows of `new` say at their places."""
    frame = existing.reset_index(drop=True).copy()
    told = gpd.GeoDataFrame(new).set_index(place)
    for name in told.columns.drop(told.geometry.name):
        said = told[name][told[name].notna()]
        if name not in frame.columns:
            frame[name] = said.reindex(frame.index)
        elif len(said):
            try:
                frame.loc[said.index, name] = said
            except (TypeError, ValueError):  # the delivery has text where the layer has numbers, or the other way round
                frame[name] = frame[name].astype(object)
                frame.loc[said.index, name] = said.astype(object)
    shapes = _shapes(frame).copy()
    drawn = ~shapely.is_missing(_shapes(told))
    shapes[told.index[drawn]] = _shapes(told)[drawn]
    return frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=existing.crs))


def same_rows(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> BoolArray:
    """Return which rows of `new` say nothing that the rows of `old`, in the same order, do not say already.

    An empty cell, and a row without a shape, says nothing.
    """
    left, right = _single(_shapes(old)), _single(_shapes(new))
    same = np.asarray(shapely.equals_exact(left, right, tolerance=0) | shapely.is_missing(right))
    for name in new.columns.drop(new.geometry.name):
        told = new[name].notna().to_numpy()
        if name not in old.columns:
            same &= ~told
            continue
        both = told & old[name].notna().to_numpy()
        pairs = zip(old[name].to_numpy(dtype=object)[both], new[name].to_numpy(dtype=object)[both], strict=True)
        equal = np.zeros(len(new), dtype=bool)
        equal[both] = [a == b for a, b in pairs]
        same &= ~told | equal
    return same


def _shapes(frame: gpd.GeoDataFrame) -> Geometries:
    return np.asarray(frame.geometry.array, dtype=object)


def _single(shapes: Geometries) -> Geometries:
    """Return `shapes` with every multipolygon of one part as that part: a GeoPackage keeps them all as several."""
    found = shapes.copy()
    alone = (shapely.get_type_id(shapes) == shapely.GeometryType.MULTIPOLYGON) & (
        shapely.get_num_geometries(shapes) == 1
    )
    found[alone] = shapely.get_geometry(shapes[alone], 0)
    return found
