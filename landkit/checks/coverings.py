"""Land that two rows of one programme both claim: overlaps, duplicates, parcels within parcels, and slivers of them.

Land shared by two programmes is stacked by policy, and no finding.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from landkit.books import MU
from landkit.checks.areas import numbers
from landkit.checks.finds import ALONE, SHAPE, finds, together
from landkit.checks.registry import registry
from landkit.checks.subjects import Land
from landkit.schema import id_column

# What a copied row may differ in from the one that it was made from, besides its id
_OWN = ("note", "recorded_at")


def coverings(land: Land) -> pd.DataFrame:
    """Find land that rows of one layer claim twice, and price it.

    What is doubly covered may hide as much land that one of the two ought to cover elsewhere. Of a row that is another
    one again in all but its id, nothing is missing: counted once, it moves no total.
    """
    pairs = _pairs(land)
    if len(pairs) == 0:
        return finds("", "", [], [])
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
    return together(_listed(land, kind, group) for kind, group in pairs.groupby("kind"))


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


def _listed(land: Land, kind: object, pairs: pd.DataFrame) -> pd.DataFrame:
    found = []
    layers = land.layer[pairs["first"]]
    for layer in np.unique(layers):
        group = pairs[layers == layer]
        first, second = group["first"].to_numpy(), group["second"].to_numpy()
        shared = group["m2"].to_numpy() / MU
        price = _hidden(land, layer, group) if kind == "duplicate" else shared
        values = [{"shared_mu": mu} for mu in shared]
        if kind == "nested":
            within = land.area[first] <= land.area[second]
            first, second = np.where(within, first, second), np.where(within, second, first)
        found.append(
            finds(
                str(kind),
                land.subjects[layer].name,
                land.label[group["second"]],
                list(zip(land.ids[first], land.ids[second], strict=True)),
                mu=price,
                claim=SHAPE if kind == "duplicate" else ALONE,
                detail="overlap" if kind == "sliver" else "",
                values=values,
                before=land.shapes[first],
                after=land.shapes[second],
            )
        )
    return together(found)


def _hidden(land: Land, layer: np.intp, pairs: pd.DataFrame) -> np.ndarray:
    """Return, of each duplicate, the land (mu) that the total lacks if one row got the other's shape by mistake.

    That is the ledger area of the row whose shape is not its own; where the ledger does not tell, what both cover. A
    row repeated word for word has no land of its own.
    """
    frame = land.subjects[layer].frame
    ledger = numbers(frame, "area_doc_mu")
    prices = []
    for first, second, m2 in zip(pairs["first"], pairs["second"], pairs["m2"], strict=True):
        labels = [land.label[first], land.label[second]]
        shared = m2 / MU
        if _is_copy(frame, *labels):
            prices.append(0.0)
            continue
        told = ledger[labels].dropna()
        strange = told[(told - shared).abs() > max(registry().tolerance.area_part * shared, 0.01)]
        prices.append(float(strange.max()) if len(strange) == 1 else max(shared, float(told.max()) if len(told) else 0))
    return np.array(prices)


def _is_copy(frame: pd.DataFrame, first: int, second: int) -> bool:
    """Return whether two rows say the same of something that no third row says, in all columns but the id."""
    own = {id_column([str(name) for name in frame.columns]), *_OWN, frame.geometry.name}
    said = [name for name in frame.columns if name not in own]
    rows = frame.loc[[first, second], said]
    same = all(rows[name].map(str).nunique() == 1 for name in said)
    texts = [name for name in said if pd.api.types.is_string_dtype(frame[name].dtype) and rows[name].notna().all()]
    return same and any(len(frame) > 2 and (frame[name] == rows[name].iloc[0]).sum() == 2 for name in texts)
