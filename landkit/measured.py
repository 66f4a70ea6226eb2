"""A layer measured: what each row's shape is worth, which were repaired, and which have none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from landkit.crs import Plane, carry, read_source
from landkit.inventory import certainty
from landkit.measure.area import Method, measure_repaired
from landkit.measure.rings import FloatArray, Geometries
from landkit.measure.validity import Repair
from landkit.selection import DOC_MU, Selection
from landkit.sources import screen
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


def measured(selection: Selection, plane: Plane, method: Method) -> Part:
    """Measure the rows of `selection` in `plane`.

    Raises
    ------
    CrsError, InputError
        Its reference system is missing or refused, or it lies too far from the meridian of the plane.
    """
    frame = selection.frame
    usable, unreadable = screen(frame, known=selection.unreadable)
    kept = frame[usable]
    if len(kept):
        delivered = np.asarray(kept.geometry.array, dtype=object)
        shapes = carry(delivered, read_source(frame.crs, name=selection.name), plane)
        area, repair = measure_repaired(shapes, plane, method=method)
    else:
        area, repair = np.empty(0), Repair(np.empty(0, dtype=object), np.empty(0, dtype=np.intp), np.empty(0))
    land = area > 0
    without = pd.DataFrame({"row": kept.index[~land], "reason": pd.Series("no_area", index=range((~land).sum()))})
    repaired = pd.DataFrame(
        {
            "layer": selection.name,
            "id": pd.Series(selection.ids(kept.index[repair.positions]), dtype="str"),
            "before": repair.before,
            "after": area[repair.positions],
        }
    )
    given_up = pd.concat([unreadable, without], ignore_index=True).sort_values("row", kind="stable")
    return Part(selection, kept[land], repair.shapes[land], area[land], repaired, _listed(selection, given_up))


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
    return to_m2(pd.to_numeric(frame[DOC_MU], errors="coerce").astype(float), unit="mu")
