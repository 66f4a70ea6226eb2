"""The closing ledger: every mu of land that parcels claim, told apart from what is claimed twice.

    gross − counted again = net                       counted again = stacked + conflict
    Σ row gross = gross                               Σ districts' net + outside = net
    Σ row net = net + Σ (k−1)·shared                  Σ exclusive + Σ shared = net

A row is a group of features within a district. Land that several groups cover is shared, and listed by the exact
combination of its k groups. All figures are square metres.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from landkit.crs import Plane
from landkit.districts import NOWHERE, Districts
from landkit.errors import ClosureError, InputError
from landkit.measure.area import ADDITIVE, Method, measure
from landkit.measure.faces import Faces, overlaps
from landkit.measure.overlay import Pieces, split
from landkit.measure.rings import FloatArray, Geometries, IntArray
from landkit.transfers import largest, outside_together, reassigned, without_slivers

Assign = Literal["clip", "owner", "largest"]
ASSIGNMENTS: tuple[Assign, ...] = ("clip", "owner", "largest")

# What the identities may be off: rounding of sums, in m² (under 1e-6 mu) and as a part of the gross area.
CLOSES_M2 = 6e-4
_CLOSES_PART = 1e-13
_TWO_DISTRICTS = 0.001


@dataclass(frozen=True)
class Features:
    """What is measured, one line for each feature with a usable shape.

    Attributes
    ----------
    shapes
        Shape (n,): valid polygons of the plane.
    area
        Shape (n,): m² by the method of the run.
    groups
        n rows: the columns that rows of the ledger are grouped by, besides the district.
    programme
        Shape (n,): a number for each programme. Land that two programmes claim is stacked, legitimately; land that one
        claims twice is a conflict.
    owner
        Shape (n,): the number of the registered district, `NOWHERE` where there is none.
    doc_m2
        Shape (n,): the area in the delivered ledger, NaN where it has none.
    """

    shapes: Geometries
    area: FloatArray
    groups: pd.DataFrame
    programme: IntArray
    owner: IntArray
    doc_m2: FloatArray


@dataclass(frozen=True)
class Account:
    """The figures of a ledger, all in m².

    Attributes
    ----------
    total
        ``parcels``, ``gross``, ``counted_again``, ``stacked``, ``conflict``, ``net``, and ``outside``: None where there
        are no districts.
    rows
        A line for each district and group: the numbers ``district`` and ``group``, ``parcels``, ``gross``, ``net``,
        ``exclusive``, ``shared`` and ``ledger``.
    shared
        A line for each district and combination of groups: ``district``, ``groups`` (a tuple of numbers), ``area``.
    districts
        The names behind the number of a district: a tuple of several where land is in several; none is ().
    groups
        The values behind the number of a group, one column for each key.
    residual
        The largest amount by which an identity is off.
    """

    total: dict[str, float | int | None]
    rows: pd.DataFrame
    shared: pd.DataFrame
    districts: tuple[tuple[str, ...], ...]
    groups: pd.DataFrame
    residual: float


def account(
    features: Features,
    plane: Plane,
    *,
    districts: Districts | None = None,
    by_district: bool = True,
    assign: Assign = "clip",
    method: Method = "ellipsoid",
    sliver_m2: float = 0.0,
    allow_district_overlap: bool = False,
) -> Account:
    """Draw up the ledger of `features`.

    Parameters
    ----------
    features
        What is measured.
    plane
        The working plane.
    districts
        The key areas; None to leave all land in one.
    by_district
        Whether rows are kept apart by district.
    assign
        To which district land belongs: ``clip``, the one that it lies in; ``owner``, the registered one of its parcel;
        ``largest``, the one that most of its parcel lies in.
    method
        The area method of `features`.
    sliver_m2
        Land outside every district, but of a parcel that lies in one, belongs to that one up to this size.
    allow_district_overlap
        Accept more than 0.1 % of the land in two districts at once.

    Raises
    ------
    ClosureError
        An identity does not hold: a defect.
    InputError
        More than 0.1 % of the land lies in two districts.
    """
    group, groups = _numbered(features.groups)

    pieces = _divide(features.shapes, features.area, districts, plane, method=method)
    faces = overlaps(features.shapes)
    face_area = _face_areas(faces, features, plane, method)
    face_pieces = _divide(faces.shapes, face_area, districts, plane, method=method)
    if sliver_m2 > 0:
        pieces = without_slivers(pieces, len(features.area), sliver_m2)
        pieces, face_pieces = outside_together(pieces, face_pieces, faces, len(features.area))
    labels = districts.labels if districts else ()
    book = _Book(group, features.programme, faces, face_area, pieces, face_pieces, features.area)
    if not allow_district_overlap:
        _refuse_overlapping(labels, book.net_by_district())
    if assign != "clip" and districts is not None:
        home = features.owner if assign == "owner" else largest(pieces, len(features.area))
        pieces, face_pieces, labels = reassigned(features.area, home, faces, face_area, labels)
        book = replace(book, pieces=pieces, face_pieces=face_pieces)
    rows = book.rows(by_district=by_district)
    shared = book.shared(by_district=by_district)
    total = book.total(outside=districts is not None)
    rows["ledger"] = book.ledger(features.doc_m2, rows, by_district=by_district)
    residual = _close(total, rows, shared, book.net_by_district())
    return Account(total, rows, shared, labels, groups, residual)


def _numbered(keys: pd.DataFrame) -> tuple[IntArray, pd.DataFrame]:
    """Return the number of each row's group, in order of first appearance, and the groups' values."""
    if keys.shape[1] == 0:
        return np.zeros(len(keys), dtype=np.intp), pd.DataFrame(index=range(min(len(keys), 1)))
    number = keys.groupby(list(keys.columns), sort=False, dropna=False, observed=True).ngroup().to_numpy()
    first = np.unique(number, return_index=True)[1]
    return number.astype(np.intp), keys.iloc[first].reset_index(drop=True)


def _divide(
    shapes: Geometries,
    area: FloatArray,
    districts: Districts | None,
    plane: Plane,
    *,
    method: Method,
) -> Pieces:
    if districts is None:
        everything = np.flatnonzero(area > 0)
        return Pieces(everything, np.full(len(everything), NOWHERE), area[everything])
    return split(shapes, area, districts.shapes, plane, method=method)


def _face_areas(faces: Faces, features: Features, plane: Plane, method: Method) -> FloatArray:
    if method in ADDITIVE:
        area = measure(faces.shapes, plane, method=method)
    else:
        # These areas do not add up under cutting: a face gets its ellipsoid area, scaled as its parcels are on average.
        scale = features.area[faces.parcel] / measure(features.shapes[faces.parcel], plane)
        mean = np.bincount(faces.face, scale) / np.bincount(faces.face)
        area = measure(faces.shapes, plane) * mean
    if not np.all(area > 0):
        raise ClosureError("faces.open", shared=float(np.nansum(area)))
    return area


@dataclass(frozen=True)
class _Book:
    """The figures before they are set out: pieces of parcels, and pieces of faces."""

    group: IntArray
    programme: IntArray
    faces: Faces
    face_area: FloatArray
    pieces: Pieces
    face_pieces: Pieces
    area: FloatArray

    def rows(self, *, by_district: bool) -> pd.DataFrame:
        parts = pd.DataFrame(
            {
                "district": self.pieces.district if by_district else NOWHERE,
                "group": self.group[self.pieces.parcel],
                "parcel": self.pieces.parcel,
                "gross": self.pieces.area,
            }
        )
        keys = ["district", "group"]
        rows = parts.groupby(keys)["gross"].sum().to_frame()
        # A feature is in a row only with land: pieces that were moved elsewhere whole leave nothing behind.
        held = parts.groupby([*keys, "parcel"])["gross"].sum()
        left = np.minimum(CLOSES_M2, self.area[held.index.get_level_values("parcel")] / 2)
        rows["parcels"] = (held > left).groupby(level=[0, 1]).sum()
        again = self._by_row(self._group_covers() - 1, by_district=by_district)
        rows["net"] = rows["gross"] - again.reindex(rows.index, fill_value=0.0)
        combined = self._combined()
        rows["shared"] = self._by_row(combined.astype(float), by_district=by_district).reindex(
            rows.index, fill_value=0.0
        )
        rows["exclusive"] = rows["net"] - rows["shared"]
        rows = rows.reset_index()
        rows = rows[(rows["parcels"] > 0) | (rows["gross"].abs() > CLOSES_M2)]
        order = np.where(rows["district"] == NOWHERE, len(rows) + rows["district"].max() + 1, rows["district"])
        return rows.iloc[np.lexsort((rows["group"], order))].reset_index(drop=True)

    def _members(self) -> pd.DataFrame:
        """Return each face's groups: ``face``, ``group`` and how many of the group's parcels cover it."""
        pairs = pd.DataFrame({"face": self.faces.face, "group": self.group[self.faces.parcel]})
        return pairs.groupby(["face", "group"]).size().rename("covers").reset_index()

    def _group_covers(self) -> pd.Series[float]:
        members = self._members()
        return members.set_index(["face", "group"])["covers"].astype(float)

    def _combined(self) -> pd.Series[bool]:
        """Return, by face and group, whether another group covers the face too."""
        covers = self._group_covers()
        return covers.groupby(level=0).transform("size") > 1

    def _by_row(self, weight: pd.Series[float], *, by_district: bool) -> pd.Series[float]:
        """Add up the area of faces times a weight by face and group, to the rows."""
        frame = weight.rename("weight").reset_index()
        frame = frame[frame["weight"] != 0].merge(self._face_parts(by_district=by_district), on="face")
        frame["area"] *= frame["weight"]
        return frame.groupby(["district", "group"])["area"].sum()

    def _face_parts(self, *, by_district: bool) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "face": self.face_pieces.parcel,
                "district": self.face_pieces.district if by_district else NOWHERE,
                "area": self.face_pieces.area,
            }
        )

    def shared(self, *, by_district: bool) -> pd.DataFrame:
        members = self._members()
        several = members[members.groupby("face")["group"].transform("size") > 1]
        combination = several.groupby("face")["group"].agg(tuple).rename("groups").reset_index()
        parts = combination.merge(self._face_parts(by_district=by_district), on="face")
        table = parts.groupby(["district", "groups"])["area"].sum().reset_index()
        order = np.where(table["district"] == NOWHERE, np.iinfo(np.int64).max, table["district"])
        return table.iloc[np.argsort(order, kind="stable")].reset_index(drop=True)

    def net_by_district(self) -> pd.Series[float]:
        """Return the land of each district, each place once."""
        gross = pd.Series(self.pieces.area).groupby(self.pieces.district).sum()
        covers = np.bincount(self.faces.face, minlength=len(self.faces.shapes))
        again = self.face_pieces.area * (covers[self.face_pieces.parcel] - 1)
        counted_again = pd.Series(again).groupby(self.face_pieces.district).sum()
        return gross.sub(counted_again.reindex(gross.index, fill_value=0.0))

    def total(self, *, outside: bool) -> dict[str, float | int | None]:
        pairs = pd.DataFrame({"face": self.faces.face, "programme": self.programme[self.faces.parcel]})
        covers = pairs.groupby("face").size().to_numpy(dtype=float)
        programmes = pairs.drop_duplicates().groupby("face").size().to_numpy(dtype=float)
        area = np.bincount(self.face_pieces.parcel, self.face_pieces.area, minlength=len(covers))
        gross = float(np.nansum(self.area))
        stacked = float((area * (programmes - 1)).sum())
        conflict = float((area * (covers - programmes)).sum())
        net = self.net_by_district()
        return {
            "parcels": int((self.area > 0).sum()),
            "gross": gross,
            "counted_again": stacked + conflict,
            "stacked": stacked,
            "conflict": conflict,
            "net": self._net(),
            "outside": float(net.get(NOWHERE, 0.0)) if outside else None,
        }

    def _net(self) -> float:
        """Return all land once: what each parcel has to itself, and each face, neither of them cut by districts."""
        covered = np.bincount(self.faces.parcel, self.face_area[self.faces.face], minlength=len(self.area))
        return float(np.nansum(self.area - covered) + self.face_area.sum())

    def ledger(self, doc_m2: FloatArray, rows: pd.DataFrame, *, by_district: bool) -> pd.Series[float]:
        """Return the delivered areas of each row, pro rata for features in several; NaN where a row has none."""
        parts = pd.DataFrame(
            {
                "district": self.pieces.district if by_district else NOWHERE,
                "group": self.group[self.pieces.parcel],
                "parcel": self.pieces.parcel,
                "area": self.pieces.area,
            }
        )
        held = parts.groupby(["district", "group", "parcel"])["area"].sum().reset_index()
        held = held[held["area"] > CLOSES_M2]  # as in `rows`: less is what moving a parcel leaves behind
        held["doc"] = doc_m2[held["parcel"]] * held["area"] / self.area[held["parcel"]]
        found = held.groupby(["district", "group"])["doc"].sum(min_count=1)
        wanted = pd.MultiIndex.from_frame(rows[["district", "group"]])
        return pd.Series(found.reindex(wanted).to_numpy(), index=rows.index)


def _refuse_overlapping(labels: Sequence[tuple[str, ...]], net: pd.Series[float]) -> None:
    several = [number for number, names in enumerate(labels) if len(names) > 1]
    doubled = net.reindex(several, fill_value=0.0).to_numpy()
    if doubled.sum() > _TWO_DISTRICTS * net.sum():
        names = labels[several[int(doubled.argmax())]]
        percent = 100 * float(doubled.sum() / net.sum())
        raise InputError("districts.overlap", names=" + ".join(names), percent=percent)


def _close(
    total: dict[str, float | int | None], rows: pd.DataFrame, shared: pd.DataFrame, by_district: pd.Series[float]
) -> float:
    """Return the largest amount (m²) by which an identity is off.

    Raises
    ------
    ClosureError
        It is more than the rounding of sums.
    """
    net, gross = float(total["net"] or 0.0), float(total["gross"] or 0.0)
    extra = shared["area"] * (shared["groups"].map(len) - 1) if len(shared) else pd.Series(dtype=float)
    identities = {
        "gross − counted again = net": gross - float(total["counted_again"] or 0.0) - net,
        "Σ row gross = gross": rows["gross"].sum() - gross,
        "Σ districts' net + outside = net": by_district.sum() - net,
        "Σ row net = net + Σ (k−1)·shared": rows["net"].sum() - net - extra.sum(),
        "Σ exclusive + Σ shared = net": rows["exclusive"].sum() + shared["area"].sum() - net,
    }
    name, residual = max(identities.items(), key=lambda item: abs(item[1]))
    if not abs(residual) <= CLOSES_M2 + _CLOSES_PART * gross:
        raise ClosureError("ledger.open", identity=name, residual=residual)
    return abs(float(residual))
