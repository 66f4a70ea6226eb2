"""The area units of the land office, exactly.

Areas are kept in m2 and converted once, where they leave landkit. The module loads neither numpy nor pandas: arrays
bring their own arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

from landkit import words
from landkit.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

Areas = TypeVar("Areas", float, "NDArray[np.float64]", "pd.Series[float]")


@dataclass(frozen=True)
class Unit:
    """An area unit: its size in m2, and the decimals it is shown with unless told otherwise."""

    id: str
    square_metres: Fraction
    digits: int

    def name(self, lang: str) -> str:
        """Return the unit as written behind a figure or in a heading."""
        return words.text(f"unit.{self.id}", lang)


# Decimals as forms ask for them: hectares to four places; the others come to between 1 and 100 m2, or finer.
UNITS: dict[str, Unit] = {
    unit.id: unit
    for unit in (
        Unit("mu", Fraction(10000, 15), 2),
        Unit("ha", Fraction(10000), 4),
        Unit("m2", Fraction(1), 2),
        Unit("km2", Fraction(1000000), 4),
        Unit("wanmu", 10000 * Fraction(10000, 15), 4),
    )
}


def unit_of(name: str) -> Unit:
    """Return the unit called `name`.

    Raises
    ------
    UsageError
        If there is no such unit.
    """
    if name not in UNITS:
        raise UsageError("unit.unknown", unit=name, known=", ".join(UNITS))
    return UNITS[name]


def convert(values: Areas, *, unit: str) -> Areas:
    """Return areas given in m2 in `unit`, as float64 of the same kind (number, array, Series).

    Raises
    ------
    UsageError
        If there is no such unit.
    """
    return _scaled(values, 1 / unit_of(unit).square_metres)


def to_m2(values: Areas, *, unit: str) -> Areas:
    """Return areas given in `unit` in m2, as float64 of the same kind (number, array, Series).

    Raises
    ------
    UsageError
        If there is no such unit.
    """
    return _scaled(values, unit_of(unit).square_metres)


def _scaled(values: Areas, factor: Fraction) -> Areas:
    # 0.0015 and 666.66... do not exist in binary; multiplying by them carries their error into every result. The
    # integers of the reduced fraction (3 and 2000 for mu) do exist: the product is exact for whole m2 up to 2**51 and
    # the quotient is then rounded once. As floats, so that small integer types cannot overflow.
    return values * float(factor.numerator) / float(factor.denominator)
