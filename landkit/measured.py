"""A layer measured: what each row's shape is worth, which were repaired, and which have none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely

from landkit.crs import FALSE_EASTING, MAX_DISTANCE, Plane, carry, choose_plane, read_source
from landkit.errors import InputError
from landkit.inventory import certainty
from landkit.measure.area import POLE, Method, measure_repaired
from landkit.measure.rings import BoolArray, FloatArray, Geometries
from landkit.measure.validity import Repair
from landkit.selection import DOC_MU, Selection
from landkit.sources import Note
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
    doc_m2
        Shape (n,): the area in the delivered ledger, NaN where it has none.
    repaired
        ``layer``, ``id``, ``before`` and ``after`` (m²) of polygons that were invalid.
    unmeasured
        ``layer``, ``id``, ``row`` (from 1), ``reason`` and ``doc_m2`` of the other rows.
    doc_unreadable
        Delivered areas that are there and are no finite number, by row.
    """

    selection: Selection
    usable: pd.DataFrame
    shapes: Geometries
    area: FloatArray
    doc_m2: FloatArray
    repaired: pd.DataFrame
    unmeasured: pd.DataFrame
    doc_unreadable: pd.Series[Any]

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
        yield from self.selection.doubts()
        odd = self.doc_unreadable
        if len(odd):
            first = {"row": odd.index[0] + 1, "value": str(odd.iloc[0])}
            yield Note("note.doc_unreadable", {"layer": layer, "column": DOC_MU, "count": len(odd), **first})


def middle_plane(selections: Sequence[Selection]) -> Plane:
    """Return the plane of the data themselves: the one that they share, else that of the middle of all parcels.

    Raises
    ------
    CrsError, InputError
        A reference system is missing or refused, or no parcel has a place on Earth.
    """
    filled = [s for s in selections if len(s.frame)] or [s for s in selections if s.frame.crs is not None]
    return choose_plane(
        (read_source(s.frame.crs, name=s.title), shapely.bounds(s.frame.geometry.array[s.usable])) for s in filled
    )


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
        unmeasured; where the plane is that of the middle of the data, so are a few, and half of the rows show that no
        plane fits.

    Raises
    ------
    CrsError, InputError
        Its reference system is missing or refused, or no plane fits.
    """
    frame = selection.frame
    kept = frame[selection.usable]
    doc_m2, doc_unreadable = _delivered(frame)
    if len(kept):
        source = read_source(frame.crs, name=selection.title)
        shapes = carry(np.asarray(kept.geometry.array, dtype=object), source, plane)
        astray = _astray(shapes)
        if 2 * astray.sum() >= len(kept) and not (is_given or source.plane == plane):
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
    given_up = pd.concat([selection.faults, without], ignore_index=True).sort_values("row", kind="stable")
    return Part(
        selection,
        kept[land],
        repair.shapes[land],
        area[land],
        doc_m2[kept.index[land]].to_numpy(),
        repaired,
        _listed(selection, given_up, doc_m2),
        doc_unreadable,
    )


def _astray(shapes: Geometries) -> BoolArray:
    """Return which shapes reach past a pole or more than 300 km from the central meridian."""
    west, south, east, north = shapely.bounds(shapes).T
    far = np.maximum(FALSE_EASTING - west, east - FALSE_EASTING)
    return np.asarray(~((far <= MAX_DISTANCE) & (np.maximum(-south, north) <= POLE)))


def _listed(selection: Selection, given_up: pd.DataFrame, doc_m2: pd.Series[float]) -> pd.DataFrame:
    rows = given_up["row"]
    return pd.DataFrame(
        {
            "layer": selection.name,
            "id": pd.Series(selection.ids(rows), dtype="str"),
            "row": rows.to_numpy() + 1,
            "reason": given_up["reason"].to_numpy(),
            "doc_m2": doc_m2.reindex(rows).to_numpy(),
        }
    )


def _delivered(frame: pd.DataFrame) -> tuple[pd.Series[float], pd.Series[Any]]:
    """Return the area in the delivered ledger (m²), NaN where a row has none, and what is there and is no number."""
    if DOC_MU not in frame.columns:
        return pd.Series(np.nan, index=frame.index), pd.Series(dtype=object)
    given = frame[DOC_MU]
    numbers = pd.to_numeric(given, errors="coerce").astype(float)
    numbers = numbers.where(np.isfinite(numbers))
    odd = given[given.notna() & numbers.isna()]
    return to_m2(numbers, unit="mu"), odd[odd.astype(str).str.strip() != ""]
