"""Areas of one row side by side: deed, survey, ledger and declaration against the shape; rows without one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from landkit.books import MU
from landkit.checks.finds import SHAPE, TARGET, finds, together
from landkit.checks.registry import registry
from landkit.checks.subjects import Land, Subject

# The columns by check, and what of their unit makes a mu.
REGISTERED = {
    "ledger": ("area_doc_mu", 1.0),
    "survey": ("survey_m2", MU),
    "deed": ("cert_m2", MU),
    "declared": ("delivered_tbmj_m2", MU),
}
_CLAIMED = ("freed_mu", "remediated_mu", "zuodi_mu", "net_ready_mu")
_MOST_DECIMALS = 6
_MOST_ROUNDED = 0.005


def registered_m2(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the registered areas of each row in m², one column for each of `REGISTERED`, NaN where there is none."""
    found = {}
    for check, (column, per_mu) in REGISTERED.items():
        given = numbers(frame, column)
        found[check] = given.where(given > 0) * (MU / per_mu)
    return pd.DataFrame(found, index=frame.index)


def numbers(frame: pd.DataFrame, column: str) -> pd.Series[float]:
    """Return a column as numbers, NaN where it has none."""
    if column not in frame.columns:
        return pd.Series(np.nan, index=frame.index)
    found = pd.to_numeric(frame[column], errors="coerce").astype("float64")
    return found.where(np.isfinite(found))


def rounding(given: pd.Series[float], actual: pd.Series[float]) -> pd.Series[float]:
    """Return by how much figures may be rounded: half of the last decimal that their column has.

    Figures that hit the actual ones closer than rounding would let them are not rounded there, however even they look;
    and no figure is taken to be rounded by more than half a hundredth of itself.

    Parameters
    ----------
    given, actual
        Shape (n,): the registered figure of each row, and the measured one where it is known; in one unit.
    """
    known = given.dropna().to_numpy()
    apart = float((given - actual).abs().median())
    half = 0.0
    for decimals in range(_MOST_DECIMALS):
        scaled = known * 10**decimals
        if np.all(np.abs(scaled - np.round(scaled)) < 1e-6) and not apart < 0.125 / 10**decimals:
            half = 0.5 / 10**decimals
            break
    return (given.abs() * _MOST_ROUNDED).clip(upper=half)


def areas(land: Land) -> pd.DataFrame:
    """Find registered areas that disagree with the shape, placeholders, and rows that free more than their land."""
    found = []
    for subject in land.subjects:
        found += [_disagreeing(subject, check) for check in REGISTERED]
        found += [_placeholders(subject), *(_more_than_land(subject, column) for column in _CLAIMED)]
    return together(found)


def _is_placeholder(frame: pd.DataFrame) -> pd.Series[bool]:
    if "geom_source" not in frame.columns:
        return pd.Series(False, index=frame.index)
    return frame["geom_source"].astype("str") == "placeholder"


def _disagreeing(subject: Subject, check: str) -> pd.DataFrame:
    column, per_mu = REGISTERED[check]
    given = numbers(subject.part.usable, column)
    tolerance = registry().tolerance
    given = given.where(given > 0)
    registered = given / per_mu
    apart = (registered - subject.measured_mu).abs()
    rounded = rounding(given, subject.measured_mu * per_mu) / per_mu
    allowed = np.maximum(tolerance.area_part * registered, tolerance.area_m2 / MU) + rounded
    off = apart[(apart > allowed) & ~_is_placeholder(subject.part.usable)]
    values = [
        {"registered_mu": float(registered[label]), "measured_mu": float(subject.measured_mu[label])}
        for label in off.index
    ]
    # A difference is known no better than the figure is written.
    price = off + np.minimum(rounded[off.index], _MOST_ROUNDED * off)
    ids = [(name,) for name in subject.ids[off.index]]
    return finds(check, subject.name, off.index, ids, mu=price.to_numpy(), claim=SHAPE, detail=column, values=values)


def _placeholders(subject: Subject) -> pd.DataFrame:
    rows = subject.part.usable[_is_placeholder(subject.part.usable)]
    measured = subject.measured_mu[rows.index]
    ledger = numbers(rows, "area_doc_mu")
    price = (ledger - measured).abs().fillna(measured)
    ids = [(name,) for name in subject.ids[rows.index]]
    return finds("placeholder", subject.name, rows.index, ids, mu=price.to_numpy(), claim=SHAPE)


def _more_than_land(subject: Subject, column: str) -> pd.DataFrame:
    claimed = numbers(subject.frame, column)
    best = registered_m2(subject.frame).bfill(axis=1).iloc[:, 0] / MU
    best = best.fillna(subject.measured_mu.reindex(subject.frame.index))
    tolerance = registry().tolerance
    excess = claimed - best
    over = excess[excess > tolerance.area_part * best + tolerance.area_m2 / MU]
    values = [{"claimed_mu": float(claimed[label]), "land_mu": float(best[label])} for label in over.index]
    ids = [(name,) for name in subject.ids[over.index]]
    return finds("freed", subject.name, over.index, ids, mu=over.to_numpy(), claim=TARGET, detail=column, values=values)


def without_shape(land: Land) -> pd.DataFrame:
    """Find rows that no shape can be measured of; their price is the area that the office has for them."""
    return together(_without_shape(subject, land) for subject in land.subjects)


def _without_shape(subject: Subject, land: Land) -> pd.DataFrame:
    missing = subject.part.unmeasured
    labels = missing["row"].to_numpy() - 1
    frame = subject.frame.loc[labels]
    books = registered_m2(frame)
    known = subject.official_mu.reindex(labels).fillna(books.bfill(axis=1).iloc[:, 0] / MU)
    given = numbers(subject.frame, "area_doc_mu")
    price = known + rounding(given, subject.measured_mu.reindex(subject.frame.index))[labels].fillna(0.0)
    # Of a row that no figure is known of, nothing is said but that it is a parcel of its layer.
    most = float(subject.measured_mu.max()) if len(subject.measured_mu) else 0.0
    guess = np.maximum(_drawn_mu(subject, labels, land), most)
    values = [
        {"reason": f"reason.{reason}", "known": "registered" if known_here else "unknown"}
        for reason, known_here in zip(missing["reason"], price.notna(), strict=True)
    ]
    mu = np.where(price.notna(), price, guess)
    ids = [(name,) for name in subject.ids[labels]]
    return finds("no_shape", subject.name, labels, ids, mu=mu, claim=SHAPE, values=values)


def _drawn_mu(subject: Subject, labels: np.ndarray, land: Land) -> np.ndarray:
    """Return the plane area of shapes that are there but cannot be measured, 0 for the others."""
    if len(labels) == 0 or subject.part.selection.frame.crs is None:
        return np.zeros(len(labels))
    with np.errstate(all="ignore"):
        drawn = np.asarray(shapely.area(subject.raw(labels, land.plane)))
    return np.where(np.isfinite(drawn), np.abs(drawn), 0.0) / MU
