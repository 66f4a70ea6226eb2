"""From a delivered layer to rows that landkit keeps: what is taken, what is returned, and every change by name.

Features in = accepted + returned. A row without a shape is a row; a shape that cannot be used sends its row back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from landkit.crs import FALSE_EASTING, MAX_DISTANCE, Plane, Source, carry, choose_plane
from landkit.errors import InputError
from landkit.measure.area import POLE, measure_repaired
from landkit.measure.mending import REPEATED, RING, SPIKES, mend
from landkit.measure.rings import BoolArray, FloatArray, Geometries, only, polygonal
from landkit.sources import SourceLayer, screen

# Kinds whose numbers count within one file: 1, 2, 3 of one survey are not those of the next.
NUMBERED_BY_FILE = ("Survey TXT", "DXF")
_SERIAL = re.compile(r"\d{1,4}|#.*")
_LABEL = "文字"  # the texts in an outline, as a drawing is read
_NUMBER = r"[^\W\d_]{1,8}[-—]?\d{1,6}(?:-\d{1,4})?[a-z]?"
_REPAIRS = (REPEATED, SPIKES, RING)
_NO_SHAPE = ("no_geometry", "empty")
_NO_POLYGON = ("point", "line", "collection")
CHANGES = ["row", "id", "change", "count", "before_m2", "after_m2", "delivered"]


@dataclass(frozen=True, eq=False)
class Intake:
    """A delivered layer, sorted.

    Attributes
    ----------
    accepted
        The rows that are taken, labelled as in the delivery, shapes in the system they are kept in.
    returned
        The others, as `returned_rows`.
    changes
        Every change: ``row`` (label), ``id``, ``change`` (a key of the words without ``change.``), ``count``,
        ``before_m2`` and ``after_m2`` (NaN where no area is meant), ``delivered`` (the shape before, where its ring was
        repaired, in the system of `accepted`; else None).
    """

    accepted: gpd.GeoDataFrame
    returned: pd.DataFrame
    changes: pd.DataFrame

    @property
    def repaired(self) -> int:
        """How many of the accepted rows had their shape repaired."""
        mended = self.changes[self.changes["change"].isin(_REPAIRS)]
        return int(mended["row"].isin(self.accepted.index).groupby(mended["row"]).any().sum())


def take_in(
    layer: SourceLayer,
    frame: pd.DataFrame,
    shapes: Geometries,
    *,
    crs: Any,
    source: Source | None,
    only_polygons: bool,
) -> Intake:
    """Sort the rows of a delivered layer into accepted and returned, and mend what can be mended.

    Parameters
    ----------
    layer
        As delivered.
    frame
        Its columns, mapped or not, with the labels of ``layer.frame``; the canonical id, if any, is ``id``.
    shapes
        Shape (n,): its shapes in `crs`.
    crs
        The system in which the rows are kept; None where there is none.
    source
        `crs` as a system in which areas can be stated; None where they cannot.
    only_polygons
        Points and lines are returned.
    """
    kept = gpd.GeoDataFrame(frame, geometry=shapes, crs=crs)
    reason = _reasons(layer, kept, only_polygons=only_polygons)
    if only_polygons and source is not None and source.plane is not None:
        reason = reason.mask((reason == "") & _astray(shapes), "too_far")
    polygons = np.asarray((reason == "") & polygonal(shapes))
    mended = mend(only(shapes, polygons), spike=_spike(crs))
    found = shapes.copy()
    found[polygons] = mended.shapes[polygons]
    # one that was delivered empty is a row without a shape
    hollow = polygons & (shapely.area(found) == 0) & ~shapely.is_empty(shapes)
    reason = reason.mask(hollow, "no_area")
    taken = (reason == "").to_numpy()
    found[taken & shapely.is_empty(found)] = None  # a row without a shape has none, however a format writes that
    # what holds no land even after repair goes back as it came
    changes = mended.changes[~hollow[mended.changes["position"]]]
    kept = kept.set_geometry(gpd.GeoSeries(found, index=kept.index, crs=crs))
    log = _logged(kept, shapes, found, changes, source)
    returned = returned_rows(layer, reason[~taken], ids=kept["id"] if "id" in frame.columns else None)
    return Intake(kept[taken], returned, log)


def _spike(crs: Any) -> float:
    """Return the width of a spike in the units of `crs`: a millimetre, or a hundred-millionth of a degree."""
    return 1e-8 if crs is not None and getattr(crs, "is_geographic", False) else 1e-3


def _reasons(layer: SourceLayer, kept: gpd.GeoDataFrame, *, only_polygons: bool) -> pd.Series[str]:
    """Return why each row is returned, "" where it is not."""
    _, faults = screen(kept, known=layer.unmeasured)
    forgiven = _NO_SHAPE if only_polygons else (*_NO_SHAPE, *_NO_POLYGON)
    # a record whose shape the reader gave up is not merely without one
    given_up = faults["row"].isin(layer.unmeasured["row"])
    counts = faults[given_up | ~faults["reason"].isin(forgiven)]
    return pd.Series(counts["reason"].array, index=counts["row"], dtype="str").reindex(kept.index, fill_value="")


def _astray(shapes: Geometries) -> BoolArray:
    """Return which shapes of a plane reach past a pole or more than 300 km from its central meridian."""
    west, south, east, north = shapely.bounds(shapes).T
    far = np.maximum(FALSE_EASTING - west, east - FALSE_EASTING)
    return np.asarray((far > MAX_DISTANCE) | (np.maximum(-south, north) > POLE))


def _logged(
    kept: gpd.GeoDataFrame, before: Geometries, after: Geometries, changes: pd.DataFrame, source: Source | None
) -> pd.DataFrame:
    at = changes["position"].to_numpy(dtype=np.intp)
    ids = kept["id"].astype("str") if "id" in kept.columns else pd.Series("", index=kept.index)
    invalid = (changes["change"] == RING).to_numpy()
    return pd.DataFrame(
        {
            "row": kept.index[at],
            "id": ids.iloc[at].fillna("").to_numpy(),
            "change": changes["change"].to_numpy(),
            "count": changes["count"].to_numpy(),
            # the signed sum over an invalid ring, as it would have been counted unrepaired
            "before_m2": np.where(invalid, signed_sum(before[at], source), ground_m2(before[at], source)),
            "after_m2": ground_m2(after[at], source),
            # what a repaired ring was like decides what it may have been meant to be
            "delivered": only(before[at], invalid),
        }
    )


def ground_m2(shapes: Geometries, source: Source | None) -> FloatArray:
    """Return the area (m²) of polygons, shape (n,), on the ellipsoid; NaN where it cannot be stated."""
    if source is None or shapely.is_missing(shapes).all():
        return np.full(len(shapes), np.nan)
    try:
        plane = plane_of(shapes, source)
        return measure_repaired(carry(shapes, source, plane), plane)[0]
    except InputError:
        return np.full(len(shapes), np.nan)  # wider than one zone: kept, but not measured at once


def signed_sum(shapes: Geometries, source: Source | None) -> FloatArray:
    """Return |shoelace| (m² of the plane) of polygons, shape (n,); NaN where it cannot be stated."""
    if source is None or shapely.is_missing(shapes).all():
        return np.full(len(shapes), np.nan)
    return np.abs(np.asarray(shapely.area(carry(shapes, source, plane_of(shapes, source))), dtype=np.float64))


def plane_of(shapes: Geometries, source: Source) -> Plane:
    """Return the plane in which shapes are measured: that of their system, else that of the zone of their centre."""
    return source.plane or choose_plane([(source, shapely.total_bounds(shapes))])


def returned_rows(layer: SourceLayer, reason: pd.Series[str], *, ids: pd.Series[str] | None = None) -> pd.DataFrame:
    """Return rows of a delivered layer for its returned items.

    Parameters
    ----------
    layer
        As delivered.
    reason
        Why each row is returned, by label: keys of the words without ``reason.``.
    ids
        The ids that they would have had, by label, in place of any column ``id``.

    Returns
    -------
    pd.DataFrame
        ``row`` (label), ``reason``, ``id`` where there are any, then the columns and the shape as delivered.
    """
    delivered = layer.frame.loc[reason.index]
    lead = pd.DataFrame({"row": reason.index, "reason": reason.to_numpy()}, index=reason.index)
    if ids is not None:
        lead["id"] = ids.loc[reason.index]
        delivered = delivered.drop(columns="id", errors="ignore")
    clash = {name: f"{name}_delivered" for name in lead.columns if name in delivered.columns}
    joined: pd.DataFrame = pd.concat([lead, delivered.rename(columns=clash)], axis=1)
    return joined


def outline_ids(frame: pd.DataFrame) -> pd.Series[str] | None:
    """Return the numbers that stand in the outlines of a drawing, None unless each that has a text has one of its own.

    A number is letters and digits, such as S-118: an area or a bare figure is none.
    """
    if "id" in frame.columns or _LABEL not in frame.columns:
        return None
    labels = frame[_LABEL].astype("str").str.strip().replace("", None)
    said = labels.dropna()
    if said.empty or said.duplicated().any() or not said.str.fullmatch(_NUMBER).all():
        return None
    return labels


def name_rows(
    frame: pd.DataFrame, *, stem: str, numbered_by_file: bool, prefix: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give every row of `frame` an id of its own, in column ``id``, and say where one was made.

    A missing id is made of the file's stem and the row's number; a serial number that counts within its file alone gets
    the stem before it; the second row of an id gets a number after it. The same file gives the same ids again.

    Parameters
    ----------
    stem
        The name of the file, of the sheet too where there are several.
    numbered_by_file
        Whether ids of up to four digits count within the file.
    prefix
        What a made id starts with: the layer.

    Returns
    -------
    tuple
        The frame with its ids, and the changes (columns as `Intake.changes`).
    """
    given = frame["id"].astype("str").str.strip() if "id" in frame.columns else pd.Series("", index=frame.index)
    made = given.fillna("").astype(object)
    missing = made == ""
    made[missing] = [f"{prefix}-{stem}-#{row + 1}" for row in frame.index[missing]]
    serial = pd.Series(False, index=frame.index)
    if numbered_by_file:
        serial = ~missing & made.str.fullmatch(_SERIAL.pattern)
        made[serial] = f"{stem}-" + made[serial]
    final = made.copy()
    twice = made.duplicated()
    if twice.any():
        final[twice] = made[twice] + "~" + (made.groupby(made).cumcount()[twice] + 1).astype("str")
        again = final.duplicated()  # the name that was made is another row's own
        final[again] += [f"#{row + 1}" for row in frame.index[again]]
    log = [
        pd.DataFrame({"row": frame.index[mask], "id": final[mask].to_numpy(), "change": name})
        for name, mask in (("id_made", missing), ("id_of_file", serial), ("id_twice", twice))
    ]
    changes = pd.concat(log, ignore_index=True).assign(count=1, before_m2=np.nan, after_m2=np.nan, delivered=None)
    columns = {"id": final.astype("str").to_numpy(), **{name: frame[name] for name in frame.columns if name != "id"}}
    return pd.DataFrame(columns, index=frame.index), changes[CHANGES]
