"""Findings row by row, before they are listed: what was found, where, and what land it puts in doubt.

Two findings may doubt the same land, as a ring that crosses itself and a deed that disagrees with the shape. Each says
what it lays claim to; of all that claim the same, only the highest price is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import pandas as pd

# What a finding puts in doubt: nothing that another one could doubt too, the shape of a row, or what it adds to targets
ALONE, SHAPE, TARGET = "", "shape", "target"
_AS_GOOD_AS = 0.99


def finds(
    check: str,
    layer: str,
    rows: Any,
    ids: Iterable[tuple[str, ...]],
    *,
    mu: Any = 0.0,
    claim: Any = ALONE,
    sure: Any = False,
    detail: str = "",
    values: Iterable[Mapping[str, object]] | None = None,
    before: Any = None,
    after: Any = None,
) -> pd.DataFrame:
    """Return the table of what one check found in a layer.

    Parameters
    ----------
    check, layer
        The check's id and the layer's name.
    rows
        The label of the row that each finding is about, of several rows the last.
    ids
        The ids of all rows of each.
    mu
        The price of each in mu, or one for all.
    claim
        What they put in doubt, or one for each: `ALONE`, `SHAPE` or `TARGET`.
    sure
        Whether each is known to be the cause of what else disagrees there, so that it alone has the price.
    detail
        What tells findings of one check apart in a layer, such as the field.
    values
        What fills the words of each.
    before, after
        The shapes as delivered and as counted, for a drawing.
    """
    count = len(rows)
    if count == 0 and check:
        return nothing()
    filled = list(values) if values is not None else [{}] * count
    return pd.DataFrame(
        {
            "check": check,
            "layer": layer,
            "row": pd.Series(list(rows), dtype="int64"),
            "ids": pd.Series(list(ids), dtype=object),
            "mu": pd.Series(mu, index=range(count), dtype="float64"),
            "claim": pd.Series(claim, index=range(count), dtype="str"),
            "sure": pd.Series(sure, index=range(count), dtype=bool),
            "detail": detail,
            "values": pd.Series(filled, dtype=object),
            "before": _objects(before, count),
            "after": _objects(after, count),
        }
    )


@cache
def nothing() -> pd.DataFrame:
    """Return a table without findings, one for all."""
    return finds("", "", [], [])


def _objects(given: Any, count: int) -> pd.Series[Any]:
    return pd.Series([None] * count if given is None else list(given), index=range(count), dtype=object)


def together(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return the tables one after another, each claim priced once: at the highest price that is laid to it."""
    kept = [table for table in tables if len(table)]
    if not kept:
        return nothing()
    merged = pd.concat(kept, ignore_index=True)
    claimed = merged[merged["claim"] != ALONE]
    groups = claimed.groupby(["claim", "layer", "row"])
    most = groups["mu"].transform("max")
    known = groups["sure"].transform("any")
    # Of findings with as good as one price the first one names the cause, the others are its marks.
    causes = claimed[(claimed["mu"] >= _AS_GOOD_AS * most) & ~known]
    bearing = causes.index[~causes.duplicated(["claim", "layer", "row"])]
    merged.loc[claimed.index[~claimed["sure"]], "mu"] = 0.0
    merged.loc[bearing, "mu"] = most[bearing]
    return merged
