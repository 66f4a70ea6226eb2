"""A parcel that lies beside its place: it overlaps one neighbour by as much as it leaves open to another."""

from __future__ import annotations

import pandas as pd

_AS_MUCH = 0.01  # part of the larger


def moved(coverings: pd.DataFrame, gaps: pd.DataFrame) -> pd.DataFrame:
    """Return both findings together, overlaps of a row without a price where the gaps about it are the same defect.

    The land under a row that was moved and the land that it left are one and the same size, and only what it left is
    missing from the total.
    """
    if len(coverings) == 0 or len(gaps) == 0:
        return gaps if len(coverings) == 0 else coverings
    merged = pd.concat([coverings, gaps], ignore_index=True)
    over = merged["check"].isin(["overlap", "nested"]) | (merged["detail"] == "overlap")
    open_land = (merged["check"] == "gap") | (merged["detail"] == "gap")
    held, left = _by_row(merged[over]), _by_row(merged[open_land])
    both = pd.concat([held, left], axis=1, keys=["held", "left"], join="inner")
    same = both.index[(both["held"] - both["left"]).abs() <= _AS_MUCH * both.max(axis=1)]
    keys = merged[over].explode("ids").set_index(["layer", "ids"], append=True).index.to_frame(index=False)
    keys.columns = pd.Index(["place", "layer", "id"])
    again = pd.MultiIndex.from_frame(keys[["layer", "id"]]).isin(same)
    merged.loc[keys.loc[again, "place"].unique(), "mu"] = 0.0
    return merged


def _by_row(found: pd.DataFrame) -> pd.Series[float]:
    """Return the prices added up by layer and id."""
    return found.explode("ids").groupby(["layer", "ids"])["mu"].sum()
