"""GCJ-02 and BD-09, the shifted longitudes and latitudes of Chinese web maps.

Both are formulas without an official text; these are the ones in general use, which agree with what the map services
return. landkit never applies them to data by itself: it tries them to tell where a delivery was traced. The formulas
distort areas too (-0.2 to +0.3 % around Jinhua), so a shifted shape is no parcel to be measured.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from landkit.crs import FloatArray

# Krasovsky 1940, as the formula has it.
_SEMI_MAJOR = 6378245.0
_ECCENTRICITY2 = 0.00669342162296594323
# Where the shift applies, as the map services have it: west, south, east, north in degrees.
CHINA = (72.004, 0.8293, 137.8347, 55.8271)
_ROUNDS = 12  # each gains three digits or more; five reach the rounding of degrees
_BD_TURN = np.pi * 3000 / 180

_Shift = Callable[[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]


def to_gcj02(longitude: FloatArray, latitude: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return WGS 84 degrees, shape (n,), as GCJ-02; outside China they stay as they are."""
    x, y = longitude - 105, latitude - 35
    root = np.sqrt(np.abs(x))
    common = 20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)
    north = -100 + 2 * x + 3 * y + 0.2 * y**2 + 0.1 * x * y + 0.2 * root
    north += 2 / 3 * (common + 20 * np.sin(np.pi * y) + 40 * np.sin(np.pi * y / 3))
    north += 2 / 3 * (160 * np.sin(np.pi * y / 12) + 320 * np.sin(np.pi * y / 30))
    east = 300 + x + 2 * y + 0.1 * x**2 + 0.1 * x * y + 0.1 * root
    east += 2 / 3 * (common + 20 * np.sin(np.pi * x) + 40 * np.sin(np.pi * x / 3))
    east += 2 / 3 * (150 * np.sin(np.pi * x / 12) + 300 * np.sin(np.pi * x / 30))
    phi = np.radians(latitude)
    w2 = 1 - _ECCENTRICITY2 * np.sin(phi) ** 2
    meridian = _SEMI_MAJOR * (1 - _ECCENTRICITY2) / w2**1.5
    parallel = _SEMI_MAJOR / np.sqrt(w2) * np.cos(phi)
    west, south, most_east, most_north = CHINA
    inside = (longitude >= west) & (longitude <= most_east) & (latitude >= south) & (latitude <= most_north)
    return (
        np.where(inside, longitude + np.degrees(east / parallel), longitude),
        np.where(inside, latitude + np.degrees(north / meridian), latitude),
    )


def from_gcj02(longitude: FloatArray, latitude: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return GCJ-02 degrees, shape (n,), as WGS 84, to better than 1e-9 degrees."""
    return _inverse(to_gcj02, longitude, latitude)


def to_bd09(longitude: FloatArray, latitude: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return WGS 84 degrees, shape (n,), as BD-09; outside China they stay as they are."""
    x, y = to_gcj02(longitude, latitude)
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * _BD_TURN)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BD_TURN)
    shifted = (x != longitude) | (y != latitude)
    return (
        np.where(shifted, radius * np.cos(angle) + 0.0065, longitude),
        np.where(shifted, radius * np.sin(angle) + 0.006, latitude),
    )


def from_bd09(longitude: FloatArray, latitude: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return BD-09 degrees, shape (n,), as WGS 84, to better than 1e-9 degrees."""
    return _inverse(to_bd09, longitude, latitude)


def _inverse(shift: _Shift, longitude: FloatArray, latitude: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return where `shift` leads to the given degrees from: a fixed point, since the shift itself hardly varies."""
    x, y = longitude, latitude
    for _ in range(_ROUNDS):
        there_x, there_y = shift(x, y)
        x, y = x - (there_x - longitude), y - (there_y - latitude)
    return x, y
