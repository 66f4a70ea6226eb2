"""How much land a square metre of the Gauss–Krüger plane stands for, by place.

The plane is conformal with scale k: an area element of the plane is 1/k² of that on the ellipsoid. Writing x for the
distance from the central meridian and y for the northing (the meridian's arc),

    1/k² = 1 − K x² + b x⁴ − c x⁶ …

follows from Liouville's equation for a conformal metric of Gaussian curvature K = 1/(M·N): with m = 1/k,
(∂²/∂x² + ∂²/∂y²) ln m = −K m², m = 1 on the meridian. Comparing powers of x gives

    b = (2/3) K² − κ/6 + K″/12,      c = (17/45) K³,      κ = −K′ tanφ / (2N),

where K, its derivatives along the meridian (′) and κ, the change of K off the meridian over x², are taken at the
footpoint latitude φ of y. c needs no ellipsoidal part: within 300 km of the meridian it is below 5e-9 in all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.polynomial import chebyshev, polynomial
from numpy.typing import NDArray

from landkit.crs import ECCENTRICITY2, SEMI_MAJOR

FloatArray = NDArray[np.float64]

# Relative errors allowed in the fitted coefficients: at 300 km K x² is 2.2e-3 and b x⁴ 3.3e-6 of an area.
_FIT_TOLERANCE = (2e-9, 1e-6)
_NODES = 14
# Along an edge K is taken as a line and b as constant: worth 1e-10 of a sliver of 1000 m by 10 m at 160 km from the
# meridian.
MAX_EDGE = 1000.0
_BAND = 100_000.0  # metres: a fit holds for whole bands of northings, so that batches share it


def footpoint_latitude(northing: FloatArray) -> FloatArray:
    """Return the latitude (radians) on the central meridian of `northing` (metres), to 1e-11.

    Source: Snyder (1987), Map Projections: A Working Manual, USGS Professional Paper 1395, equations 7-19 and 3-24 to
    3-26.
    """
    root = np.sqrt(1 - ECCENTRICITY2)
    e1 = (1 - root) / (1 + root)
    quarter = 1 - ECCENTRICITY2 / 4 - 3 * ECCENTRICITY2**2 / 64 - 5 * ECCENTRICITY2**3 / 256
    mu = northing / (SEMI_MAJOR * quarter)
    return np.asarray(
        mu
        + (3 * e1 / 2 - 27 * e1**3 / 32) * np.sin(2 * mu)
        + (21 * e1**2 / 16 - 55 * e1**4 / 32) * np.sin(4 * mu)
        + 151 * e1**3 / 96 * np.sin(6 * mu)
        + 1097 * e1**4 / 512 * np.sin(8 * mu)
    )


def _coefficients(latitude: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return K and b at footpoint `latitude` (radians)."""
    sine, cosine = np.sin(latitude), np.cos(latitude)
    v = 1 - ECCENTRICITY2 * sine**2
    meridian = SEMI_MAJOR * (1 - ECCENTRICITY2) / v**1.5
    normal = SEMI_MAJOR / np.sqrt(v)
    base = 1 / (SEMI_MAJOR**2 * (1 - ECCENTRICITY2))
    curvature = base * v**2
    slope = base * -4 * ECCENTRICITY2 * sine * cosine * v / meridian
    # d/dφ of `slope`, where v^(5/2) has taken up the meridian radius
    scale = -4 * ECCENTRICITY2 * base / (SEMI_MAJOR * (1 - ECCENTRICITY2))
    bend = scale * (np.cos(2 * latitude) * v**2.5 - 5 * ECCENTRICITY2 * (sine * cosine) ** 2 * v**1.5) / meridian
    off_meridian = -slope * np.tan(latitude) / (2 * normal)
    return curvature, 2 / 3 * curvature**2 - off_meridian / 6 + bend / 12


def _fit(nodes_to_values: FloatArray, tolerance: float) -> FloatArray:
    """Return the shortest Chebyshev series (as powers of u in [-1, 1]) of the sampled function within `tolerance`."""
    series = chebyshev.chebfit(chebyshev.chebpts1(len(nodes_to_values)), nodes_to_values, len(nodes_to_values) - 1)
    tail = np.cumsum(np.abs(series[::-1]))[::-1]
    keep = int(np.count_nonzero(tail > tolerance * abs(series[0])))
    return np.asarray(chebyshev.cheb2poly(series[: max(keep, 1)]), dtype=np.float64)


@dataclass(frozen=True)
class Weight:
    """The weight 1/k² of the plane, ready to be integrated along the edges of rings.

    Attributes
    ----------
    middle, per_half
        u = (y − middle)·per_half lies in [-1, 1] over the data.
    curvature, slope, fourth
        K, its change per metre of northing, and b, as powers of u.
    sixth
        c.
    """

    middle: float
    per_half: float
    curvature: FloatArray
    slope: FloatArray
    fourth: FloatArray
    sixth: float

    @classmethod
    def over(cls, y_min: float, y_max: float) -> Weight:
        """Fit the coefficients for northings from `y_min` to `y_max` (metres)."""
        return cls._of_bands(int(y_min // _BAND), int(y_max // _BAND) + 1)

    @classmethod
    @cache
    def _of_bands(cls, first: int, end: int) -> Weight:
        middle, half = (first + end) * _BAND / 2, (end - first) * _BAND / 2
        northings = middle + half * chebyshev.chebpts1(_NODES)
        curvature, fourth = _coefficients(footpoint_latitude(northings))
        series = _fit(curvature, _FIT_TOLERANCE[0])
        return cls(
            middle,
            1 / half,
            series,
            np.asarray(polynomial.polyder(series) / half, dtype=np.float64),
            _fit(fourth, _FIT_TOLERANCE[1]),
            float(17 / 45 * np.mean(curvature) ** 3),
        )

    def along_edges(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """Return ∫ W dy along the edge from each vertex to the next, where ∂W/∂x is the weight: shape (n − 1,), m².

        Parameters
        ----------
        x, y
            Shape (n,): distance from the central meridian and northing, in metres; edges no longer than `MAX_EDGE`.
        """
        rise = np.diff(y)
        u = (y[:-1] + y[1:]) * (0.5 * self.per_half)
        u -= self.middle * self.per_half
        square = x * x
        both, product = square[:-1] + square[1:], square[:-1] * square[1:]
        # Means along the edge: x is s/2, x³ is s·r/4, x⁵ is s·(r² − p)/6 and x⁷ is s·r·(r² − 2p)/8 with s = x₀ + x₁,
        # r = x₀² + x₁² and p = x₀²x₁².
        power4 = both * both
        power4 -= product
        weight = (power4 - product) * (-self.sixth / 56)
        weight -= _horner(self.curvature / 12, u)
        weight *= both
        # K's slope against x³: nil in a rectangle, but 2e-9 of a sliver whose long sides are not cut alike
        lean = np.diff(square)
        lean *= rise
        lean *= _horner(self.slope / 48, u)
        weight -= lean
        power4 *= _horner(self.fourth / 30, u)
        weight += power4
        weight += 0.5
        weight *= x[:-1] + x[1:]
        weight *= rise
        return weight


def _horner(powers: FloatArray, u: FloatArray) -> FloatArray | np.float64:
    value: FloatArray | np.float64 = powers[-1]
    for coefficient in powers[-2::-1]:
        value = value * u
        value += coefficient
    return value
