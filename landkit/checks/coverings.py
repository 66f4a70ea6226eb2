"""Land that two rows of one programme both claim: overlaps, duplicates, parcels within parcels, and slivers of them.

Land shared by two programmes is stacked by policy, and no finding.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from landkit.books import MU
from landkit.checks.finds import ALONE, SHAPE, finds, nothing, together
from landkit.checks.registry import registry
from landkit.checks.subjects import Land
from landkit.measure.rings import FloatArray
from landkit.schema import id_column

# What a copied row may differ in from the one that it was made from, besides its id
_OWN = ("note", "recorded_at")
# A shape that has been moved, by up to ten kilometres, has as much more or less land by the ellipsoid
_MOVED = 1e-5
# Rows that share this part of the smaller one are not only drawn badly at their common boundary
_STRAYED = 0.25


def coverings(land: Land) -> pd.DataFrame:
    """Find land that rows of one layer claim twice, and price it.

    What is doubly covered may hide as much land that one of the two ought to cover elsewhere. Of a row that is another
    one again in all but its id, nothing is missing: counted once, it moves no total.
    """
    pairs = _pairs(land)
    if len(pairs) == 0:
        return nothing()
    tolerance = registry().tolerance
    smaller = np.minimum(land.area[pairs["first"]], land.area[pairs["second"]])
    larger = np.maximum(land.area[pairs["first"]], land.area[pairs["second"]])
    pairs["kind"] = np.select(
        [
            pairs["m2"] >= tolerance.duplicate * larger,
            pairs["m2"] >= tolerance.duplicate * smaller,
            pairs["width"] < tolerance.sliver_m,
        ],
        ["duplicate", "nested", "sliver"],
        "overlap",
    )
    return together(_listed(land, str(kind), group) for kind, group in pairs.groupby("kind"))


def _pairs(land: Land) -> pd.DataFrame:
    """Return pairs of rows of one layer that share land: ``first`` < ``second``, ``m2`` and the ``width`` of it."""
    faces = land.faces
    held = pd.DataFrame({"face": faces.face, "row": faces.parcel, "layer": land.layer[faces.parcel]})
    both = held.merge(held, on=["face", "layer"])
    both = both[both["row_x"] < both["row_y"]]
    both["m2"] = land.face_m2[both["face"]]
    both["edge"] = shapely.length(faces.shapes)[both["face"]]
    sums = both.groupby(["row_x", "row_y"])[["m2", "edge"]].sum().reset_index()
    pairs = sums.rename(columns={"row_x": "first", "row_y": "second"})
    pairs["width"] = 2 * pairs["m2"] / pairs["edge"]
    return pairs[pairs["m2"] >= registry().tolerance.least_m2].reset_index(drop=True)


def _listed(land: Land, kind: str, pairs: pd.DataFrame) -> pd.DataFrame:
    layers = land.layer[pairs["first"]]
    priced = _hidden if kind == "duplicate" else _doubly_covered
    return together(
        priced(land, int(layer), kind, pairs[layers == layer].reset_index(drop=True)) for layer in np.unique(layers)
    )


def _stacked_m2(land: Land) -> FloatArray:
    """Return how much of each row other layers cover too, shape (n,)."""
    faces = land.faces
    held = pd.DataFrame({"face": faces.face, "layer": land.layer[faces.parcel]})
    several = held.groupby("face")["layer"].transform("nunique").to_numpy() > 1
    again = np.bincount(faces.parcel[several], land.face_m2[faces.face[several]], minlength=len(land.shapes))
    return np.asarray(again, dtype=np.float64)


def _doubly_covered(land: Land, layer: int, kind: str, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return overlaps at the price of the land under both, which one of them may lack elsewhere.

    A row that covers a good part of another one may have been put down far from its place; then what it has in common
    with other programmes may be as wrong, and is added.
    """
    subject = land.subjects[layer]
    first, second = pairs["first"].to_numpy(), pairs["second"].to_numpy()
    if kind == "nested":
        within = land.area[first] <= land.area[second]
        first, second = np.where(within, first, second), np.where(within, second, first)
    shared = pairs["m2"].to_numpy() / MU
    smaller, larger = (pick(land.area[first], land.area[second]) / MU for pick in (np.minimum, np.maximum))
    stacked = _stacked_m2(land) / MU
    strayed = np.where(shared >= _STRAYED * smaller, np.maximum(stacked[first], stacked[second]), 0.0)
    price = np.minimum(shared + strayed, np.maximum(shared, larger)) + _MOVED * larger
    # Of a row that reaches into another one, the registers speak of the same land.
    told = np.array(
        [
            next((row for row in (b, a) if subject.registers.tells(land.label[row], mu)), -1)
            for a, b, mu in zip(first, second, shared, strict=True)
        ]
    )
    return finds(
        kind,
        subject.name,
        land.label[np.where(told >= 0, told, second)],
        list(zip(land.ids[first], land.ids[second], strict=True)),
        mu=price,
        claim=np.where(told >= 0, SHAPE, ALONE),
        sure=told >= 0,
        detail="overlap" if kind == "sliver" else "",
        values=[{"shared_mu": mu} for mu in shared],
        before=land.shapes[first],
        after=land.shapes[second],
    )


def _hidden(land: Land, layer: int, kind: str, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return duplicates at the price of the land that is missing if one row got the other's shape by mistake.

    That is the registered area of the row whose shape is not its own; where no register tells, the land of the shape.
    A row repeated word for word has no land of its own.
    """
    subject = land.subjects[layer]
    registers = subject.registers
    rows, prices, sure = [], [], []
    for first, second, m2 in zip(pairs["first"], pairs["second"], pairs["m2"], strict=True):
        labels = [int(land.label[first]), int(land.label[second])]
        strange = [row for row in labels if not np.isnan(registers.first_mu[row]) and not registers.tells(row, 0.0)]
        known = len(strange) == 1
        rows.append(strange[0] if known else labels[1])
        sure.append(known)
        if _is_copy(subject.frame, *labels):
            prices.append(0.0)
        elif known:
            prices.append(float(registers.first_mu[strange[0]] + registers.rounding_mu.max()))
        else:
            most = max(land.area[first], land.area[second], m2) / MU
            prices.append(float(max(most * (1 + _MOVED), *registers.first_mu[labels].fillna(0.0))))
    return finds(
        kind,
        subject.name,
        rows,
        list(zip(land.ids[pairs["first"]], land.ids[pairs["second"]], strict=True)),
        mu=prices,
        claim=SHAPE,
        sure=sure,
        values=[{"shared_mu": mu} for mu in pairs["m2"] / MU],
        before=land.shapes[pairs["first"]],
        after=land.shapes[pairs["second"]],
    )


def _is_copy(frame: pd.DataFrame, first: int, second: int) -> bool:
    """Return whether two rows say the same of something that no third row says, in all columns but the id."""
    own = {id_column([str(name) for name in frame.columns]), *_OWN, frame.geometry.name}
    said = [name for name in frame.columns if name not in own]
    rows = frame.loc[[first, second], said]
    same = all(rows[name].map(str).nunique() == 1 for name in said)
    texts = [name for name in said if pd.api.types.is_string_dtype(frame[name].dtype) and rows[name].notna().all()]
    return same and any(len(frame) > 2 and (frame[name] == rows[name].iloc[0]).sum() == 2 for name in texts)
