"""The areas that offices have for a row besides its shape: ledger, survey, deed and declaration."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from landkit.books import MU
from landkit.checks.registry import registry

# The column of each, by the check that compares it, and what of the column's unit makes a mu; the first that a row has
# stands for it.
REGISTERS = {
    "ledger": ("area_doc_mu", 1.0),
    "survey": ("survey_m2", MU),
    "deed": ("cert_m2", MU),
    "declared": ("delivered_tbmj_m2", MU),
}
_MOST_DECIMALS, _USUAL_DECIMALS = 6, 2
_FEW = 8  # rows of fewer cannot tell how their figures are rounded: by chance all hit a quarter in one of 65,000


@dataclass(frozen=True, eq=False)
class Registers:
    """The registered areas of a layer's rows beside what their shapes measure.

    Attributes
    ----------
    frame
        The rows.
    measured_mu
        The land of those with a shape, by label.
    """

    frame: pd.DataFrame
    measured_mu: pd.Series[float]

    @cached_property
    def mu(self) -> pd.DataFrame:
        """Each row's areas in mu, a column for each of `REGISTERS`, NaN where it has none."""
        found = {}
        for name, (column, per_mu) in REGISTERS.items():
            given = numbers(self.frame, column)
            found[name] = given.where(given > 0) / per_mu
        return pd.DataFrame(found, index=self.frame.index)

    @cached_property
    def first_mu(self) -> pd.Series[float]:
        """The first area that each row has."""
        return self.mu.bfill(axis=1).iloc[:, 0]

    @cached_property
    def rounding_mu(self) -> pd.Series[float]:
        """By how much the areas of each register may be rounded."""
        measured = self.measured_mu.reindex(self.frame.index)
        halves = {
            name: half_a_digit(self.mu[name] * per_mu, measured * per_mu) / per_mu
            for name, (_, per_mu) in REGISTERS.items()
        }
        return pd.Series(halves, dtype="float64")

    @cached_property
    def allowed_mu(self) -> pd.DataFrame:
        """By how much each area may differ from the shape."""
        tolerance = registry().tolerance
        part = (self.mu * tolerance.area_part).clip(lower=tolerance.area_m2 / MU)
        return part + self.rounding_mu

    def tells(self, label: Any, more_mu: float) -> bool:
        """Return whether a register says that a row's shape has so much land too much; too little, if negative."""
        if label not in self.measured_mu.index:
            return False
        excess = self.measured_mu[label] - self.mu.loc[label]
        return bool(((excess - more_mu).abs() <= self.allowed_mu.loc[label]).any())


def numbers(frame: pd.DataFrame, column: str) -> pd.Series[float]:
    """Return a column as numbers, NaN where it has none."""
    if column not in frame.columns:
        return pd.Series(np.nan, index=frame.index)
    found = pd.to_numeric(frame[column], errors="coerce").astype("float64")
    return found.where(np.isfinite(found))


def half_a_digit(given: pd.Series[float], actual: pd.Series[float]) -> float:
    """Return by how much the figures of a column may be rounded: half of the last decimal that they have.

    Figures that hit the actual ones closer than rounding would let them are not rounded there, however even they look.
    Of a few figures that cannot be told: they are taken to be kept to a hundredth.

    Parameters
    ----------
    given, actual
        Shape (n,): the registered figure of each row, and the measured one where it is known; in one unit.
    """
    known = given.dropna().to_numpy()
    apart = (given - actual).abs().dropna().to_numpy()
    for decimals in range(_MOST_DECIMALS):
        half = 0.5 / 10**decimals
        scaled = known * 10**decimals
        hits = apart[apart <= half]
        exact = len(hits) >= _FEW and hits.max() < half / 4
        told = len(hits) >= _FEW or decimals >= _USUAL_DECIMALS
        if np.all(np.abs(scaled - np.round(scaled)) < 1e-6) and told and not exact:
            return float(half)
    return 0.0
