"""Areas of one row side by side: deed, survey, ledger and declaration against the shape; rows without one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from landkit.books import MU
from landkit.checks.finds import SHAPE, TARGET, finds, together
from landkit.checks.registers import REGISTERS, numbers
from landkit.checks.registry import registry
from landkit.checks.subjects import Land, Subject

# What rows may say to give back of their land
_CLAIMED = ("freed_mu", "remediated_mu", "zuodi_mu", "net_ready_mu")


def areas(land: Land) -> pd.DataFrame:
    """Find registered areas that disagree with the shape, placeholders, and rows that free more than their land."""
    found = []
    for subject in land.subjects:
        found += [_disagreeing(subject, check) for check in REGISTERS]
        found += [_placeholders(subject), *(_more_than_land(subject, column) for column in _CLAIMED)]
    return together(found)


def _is_placeholder(frame: pd.DataFrame) -> pd.Series[bool]:
    if "geom_source" not in frame.columns:
        return pd.Series(False, index=frame.index)
    return frame["geom_source"].astype("str") == "placeholder"


def _disagreeing(subject: Subject, check: str) -> pd.DataFrame:
    labels = subject.part.usable.index[~_is_placeholder(subject.part.usable)]
    registers = subject.registers
    registered, measured = registers.mu.loc[labels, check], subject.measured_mu[labels]
    apart = (registered - measured).abs()
    off = apart[apart > registers.allowed_mu.loc[labels, check]]
    # A difference is known no better than the figure is written.
    price = off.to_numpy() + registers.rounding_mu[check]
    values = [{"registered_mu": float(registered[row]), "measured_mu": float(measured[row])} for row in off.index]
    ids = [(name,) for name in subject.ids[off.index]]
    return finds(check, subject.name, off.index, ids, mu=price, claim=SHAPE, detail=check, values=values)


def _placeholders(subject: Subject) -> pd.DataFrame:
    rows = subject.part.usable[_is_placeholder(subject.part.usable)]
    measured = subject.measured_mu[rows.index]
    ledger = numbers(rows, "area_doc_mu")
    price = (ledger - measured).abs().fillna(measured)
    ids = [(name,) for name in subject.ids[rows.index]]
    return finds("placeholder", subject.name, rows.index, ids, mu=price.to_numpy(), claim=SHAPE)


def _more_than_land(subject: Subject, column: str) -> pd.DataFrame:
    claimed = numbers(subject.frame, column)
    best = subject.registers.first_mu.fillna(subject.measured_mu.reindex(subject.frame.index))
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
    registers = subject.registers
    known = subject.official_mu[labels].fillna(registers.first_mu[labels])
    price = known + (float(registers.rounding_mu.max()) if known.notna().any() else 0.0)
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
