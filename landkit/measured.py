"""A layer measured: what each row's shape is worth, which were repaired, and which have none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely

from landkit.crs import FALSE_EASTING, MAX_DISTANCE, Plane, carry, read_source
from landkit.errors import InputError
from landkit.inventory import certainty
from landkit.measure.area import POLE, Method, measure_repaired
from landkit.measure.rings import BoolArray, FloatArray, Geometries
from landkit.measure.validity import Repair
from landkit.selection import DOC_MU, Selection
from landkit.sources import Note, screen
from landkit.units import to_m2


@dataclass(frozen=True, eq=False)
class Part:
    """One layer of a run.

    Attributes
    ----------
    selection
        Its rows.
    usable
        Those with land: n of them.
    shapes
        Shape (n,): valid polygons of the plane.
    area
        Shape (n,): m².
    repaired
        ``layer``, ``id``, ``before`` and ``after`` (m²) of polygons that were invalid.
    unmeasured
        ``layer``, ``id``, ``row`` (from 1), ``reason`` and ``doc_m2`` of the other rows.
    """

    selection: Selection
    usable: pd.DataFrame
    shapes: Geometries
    area: FloatArray
    repaired: pd.DataFrame
    unmeasured: pd.DataFrame

    @property
    def certainty(self) -> dict[str, int]:
        """How many rows have each source of shape."""
        if "geom_source" not in self.usable.columns:
            return {}
        return {name or "unknown": count for name, count in certainty(self.usable).items()}

    def notes(self) -> Iterator[Note]:
        """Yield what to know about its rows."""
        layer, source = self.selection.name, self.selection.source
        if len(self.selection.frame) == 0:
            yield Note("note.none_chosen" if source and source["features"] else "note.empty", {"layer": layer})
        odd = _doc_unreadable(self.selection.frame)
        if len(odd):
            first = {"row": odd.index[0] + 1, "value": str(odd.iloc[0])}
            yield Note("note.doc_unreadable", {"layer": layer, "column": DOC_MU, "count": len(odd), **first})


def measured(selection: Selection, plane: Plane, method: Method, *, is_given: bool) -> Part:
    """Measure the rows of `selection` in `plane`.

    Parameters
    ----------
    selection
        The rows.
    plane
        The plane of the run.
    method
        The area method.
    is_given
        Whether the workspace gives the plane. Rows astray in a plane that is given, or is the data's own, are
        unmeasured; where the plane is that of the centre of the data, they show that no plane fits.

    Raises
    ------
    CrsError, InputError
        Its reference system is missing or refused, or no plane fits.
    """
    frame = selection.frame
    usable, unreadable = screen(frame, known=selection.unreadable)
    kept = frame[usable]
    if len(kept):
        source = read_source(frame.crs, name=selection.title)
        shapes = carry(np.asarray(kept.geometry.array, dtype=object), source, plane)
        astray = _astray(shapes)
        if astray.any() and not (is_given or source.plane == plane):
            row = int(kept.index[astray][0]) + 1
            raise InputError("account.too_far", file=selection.title, row=row, plane=plane.name)
        if astray.any():
            shapes = shapes.copy()
            shapes[astray] = None
        area, repair = measure_repaired(shapes, plane, method=method)
    else:
        astray = np.empty(0, dtype=bool)
        area, repair = np.empty(0), Repair(np.empty(0, dtype=object), np.empty(0, dtype=np.intp), np.empty(0))
    land = area > 0
    without = pd.DataFrame(
        {"row": kept.index[~land], "reason": pd.Series(np.where(astray[~land], "too_far", "no_area"), dtype="str")}
    )
    # What has no land even so is unmeasured, and no repair.
    mended = land[repair.positions]
    positions = repair.positions[mended]
    repaired = pd.DataFrame(
        {
            "layer": selection.name,
            "id": pd.Series(selection.ids(kept.index[positions]), dtype="str"),
            "before": repair.before[mended],
            "after": area[positions],
        }
    )
    given_up = pd.concat([unreadable, without], ignore_index=True).sort_values("row", kind="stable")
    return Part(selection, kept[land], repair.shapes[land], area[land], repaired, _listed(selection, given_up))


def _astray(shapes: Geometries) -> BoolArray:
    """Return which shapes reach past a pole or more than 300 km from the central meridian."""
    west, south, east, north = shapely.bounds(shapes).T
    far = np.maximum(FALSE_EASTING - west, east - FALSE_EASTING)
    return np.asarray(~((far <= MAX_DISTANCE) & (np.maximum(-south, north) <= POLE)))


def _listed(selection: Selection, given_up: pd.DataFrame) -> pd.DataFrame:
    rows = given_up["row"]
    return pd.DataFrame(
        {
            "layer": selection.name,
            "id": pd.Series(selection.ids(rows), dtype="str"),
            "row": rows.to_numpy() + 1,
            "reason": given_up["reason"].to_numpy(),
            "doc_m2": doc_m2(selection.frame).reindex(rows).to_numpy(),
        }
    )


def doc_m2(frame: pd.DataFrame) -> pd.Series[float]:
    """Return the area in the delivered ledger (m²), NaN where a row has none."""
    if DOC_MU not in frame.columns:
        return pd.Series(np.nan, index=frame.index)
    return to_m2(_numbers(frame), unit="mu")


def _doc_unreadable(frame: pd.DataFrame) -> pd.Series[Any]:
    """Return the delivered areas that are there and are no finite number, by row."""
    if DOC_MU not in frame.columns:
        return pd.Series(dtype=object)
    given = frame[DOC_MU]
    odd = given[given.notna() & _numbers(frame).isna()]
    return odd[odd.astype(str).str.strip() != ""]


def _numbers(frame: pd.DataFrame) -> pd.Series[float]:
    found = pd.to_numeric(frame[DOC_MU], errors="coerce").astype(float)
    return found.where(np.isfinite(found))
