"""An independent reference for areas on the CGCS2000 ellipsoid, in 50 digits and in doubles, without landkit.

The transverse Mercator projection is the meridian arc of a complex latitude Φ (Gauss): with

    M(Φ) = ∫ a(1 − e²) / (1 − e² sin²Φ)^(3/2) dΦ,      Q(Φ) = artanh(sin Φ) − e artanh(e sin Φ),

a point N + iE of the plane (E from the central meridian) is M(Φ), and Q(Φ) = q + iλ, isometric latitude and longitude.
M is summed as its Fourier series, whose coefficients are found by the trapezoidal rule: there is no series in powers of
the flattening and no expansion about the meridian. Two routes lead to an area:

* `exact_area`: A = ∮ S dλ along the straight edges of the plane, 50 digits, S the exact authalic area function;
* `quick_areas`: A = ∬ 1/k² dE dN over the triangles of a fan, doubles, k the exact scale, for many polygons at once.

They share M and Q only. test_area.py checks them against each other, other orders, an elliptic integral and geodesics.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from functools import cache

import mpmath
import numpy as np
import shapely
from mpmath import mp, mpc, mpf

DIGITS = 50
TERMS = 24  # coefficient 24 of the meridian arc is below 1e-60 of the first
FALSE_EASTING = 500_000

mp.dps = DIGITS
A = mpf(6378137)
F = 1 / mpf("298.257222101")
E2 = F * (2 - F)
ECC = mpmath.sqrt(E2)


@cache
def arc_coefficients() -> tuple[mpf, ...]:
    """Return c with M(Φ) = c₀Φ + Σ c_k sin 2kΦ."""
    count = 4 * TERMS  # the trapezoidal rule on a period aliases c_k with c_(count − k), which is nil
    angles = [mpmath.pi * j / count for j in range(count)]
    slopes = [A * (1 - E2) / mpmath.sqrt(1 - E2 * mpmath.sin(t) ** 2) ** 3 for t in angles]
    terms = [sum(s * mpmath.cos(2 * k * t) for s, t in zip(slopes, angles, strict=True)) / count for k in range(TERMS)]
    return (terms[0], *(term / k for k, term in enumerate(terms[1:], 1)))


def meridian_arc(latitude):
    """Return M of a real or complex latitude, in metres."""
    c = arc_coefficients()
    double = 2 * mpmath.cos(2 * latitude)  # Clenshaw
    ahead, after = mpf(0), mpf(0)
    for coefficient in c[:0:-1]:
        ahead, after = coefficient + double * ahead - after, ahead
    return c[0] * latitude + ahead * mpmath.sin(2 * latitude)


def complex_latitude(point: mpc) -> mpc:
    """Return Φ with M(Φ) = N + iE, E from the central meridian."""
    latitude = point / arc_coefficients()[0]
    for _ in range(8):
        slope = A * (1 - E2) / mpmath.sqrt(1 - E2 * mpmath.sin(latitude) ** 2) ** 3
        step = (meridian_arc(latitude) - point) / slope
        latitude -= step
        if abs(step) < mpf(10) ** -(mp.dps // 2 + 3):  # the next step would be its square
            break
    return latitude


def isometric(latitude):
    """Return Q of a real or complex latitude."""
    sine = mpmath.sin(latitude)
    return mpmath.atanh(sine) - ECC * mpmath.atanh(ECC * sine)


def real_latitude(q: mpf, start: mpf) -> mpf:
    """Return the latitude of isometric latitude `q`."""
    latitude = start
    for _ in range(8):
        sine = mpmath.sin(latitude)
        step = (isometric(latitude) - q) * (1 - E2 * sine**2) * mpmath.cos(latitude) / (1 - E2)
        latitude -= step
        if abs(step) < mpf(10) ** -(mp.dps // 2 + 3):
            break
    return latitude


def authalic(latitude: mpf) -> mpf:
    """Return the area between the equator and `latitude`, in m2 per radian of longitude."""
    sine = mpmath.sin(latitude)
    return A**2 * (1 - E2) / 2 * (sine / (1 - E2 * sine**2) + mpmath.atanh(ECC * sine) / ECC)


def geographic(east: float, north: float) -> tuple[mpf, mpf]:
    """Return longitude from the central meridian and latitude, in radians, of a point of the plane."""
    latitude = complex_latitude(mpc(mpf(north), mpf(east) - FALSE_EASTING))
    point = isometric(latitude)
    return point.imag, real_latitude(point.real, latitude.real)


@cache
def gauss_legendre(order: int) -> tuple[tuple[mpf, mpf], ...]:
    """Return nodes and weights on [0, 1]."""
    rule = []
    for j in range(order):
        x = mpmath.cos(mpmath.pi * (j + mpf(3) / 4) / (order + mpf(1) / 2))
        for _ in range(8):
            p, before = x, mpf(1)
            for k in range(2, order + 1):
                p, before = ((2 * k - 1) * x * p - (k - 1) * before) / k, p
            slope = order * (x * p - before) / (x**2 - 1)
            x -= p / slope
        rule.append(((1 + x) / 2, 1 / ((1 - x**2) * slope**2)))
    return tuple(rule)


def _exact_ring(ring: Sequence[Sequence[float]], order: int) -> mpf:
    """Return |∮ S dλ| of a closed ring of the plane; dλ = Im dz / (N(Φ) cos Φ)."""
    points = [mpc(mpf(north), mpf(east) - FALSE_EASTING) for east, north in ring]
    total = mpf(0)
    for begin, end in itertools.pairwise(points):
        for node, weight in gauss_legendre(order):
            latitude = complex_latitude(begin + node * (end - begin))
            normal = A / mpmath.sqrt(1 - E2 * mpmath.sin(latitude) ** 2)
            real = real_latitude(isometric(latitude).real, latitude.real)
            total += weight * authalic(real) * ((end - begin) / (normal * mpmath.cos(latitude))).imag
    return abs(total)


def _rings(polygon: shapely.Geometry) -> Iterable[tuple[int, np.ndarray]]:
    for part in shapely.get_parts(polygon):
        yield 1, shapely.get_coordinates(part.exterior)
        for hole in part.interiors:
            yield -1, shapely.get_coordinates(hole)


def exact_area(polygon: shapely.Geometry, *, order: int = 8) -> mpf:
    """Return the area (m2) of a valid polygon whose edges are straight in the plane, `order` nodes an edge."""
    return sum(sign * _exact_ring(ring.tolist(), order) for sign, ring in _rings(polygon))


# --- doubles, many points at once ---------------------------------------------------------------------------------


def area_weight(east: np.ndarray, north: np.ndarray) -> np.ndarray:
    """Return 1/k² at points of the plane: N(φ) cos φ over |N(Φ) cos Φ|, squared."""
    a, e2 = float(A), float(E2)
    c = np.array([float(v) for v in arc_coefficients()[:8]])
    twice = 2 * np.arange(1, len(c))
    point = north + 1j * (east - FALSE_EASTING)
    latitude = point / c[0]
    for _ in range(5):
        arc = c[0] * latitude + np.sin(latitude[..., np.newaxis] * twice) @ c[1:]
        latitude = latitude - (arc - point) * (1 - e2 * np.sin(latitude) ** 2) ** 1.5 / (a * (1 - e2))

    def q(value: np.ndarray) -> np.ndarray:
        return np.arctanh(np.sin(value)) - np.sqrt(e2) * np.arctanh(np.sqrt(e2) * np.sin(value))

    aim, real = q(latitude).real, latitude.real
    for _ in range(5):
        real = real - (q(real) - aim) * (1 - e2 * np.sin(real) ** 2) * np.cos(real) / (1 - e2)

    def radius2(value: np.ndarray) -> np.ndarray:
        return np.cos(value) ** 2 / (1 - e2 * np.sin(value) ** 2)

    return radius2(real) / abs(radius2(latitude))


def quick_areas(polygons: Iterable[shapely.Geometry], *, order: int = 6) -> np.ndarray:
    """Return the areas (m2) of valid polygons, by Gauss' rule with `order`² nodes in each triangle of a fan."""
    corners, owners = [], []
    for position, polygon in enumerate(polygons):
        for sign, ring in _rings(polygon):
            begin, end = ring[:-1], ring[1:]
            # exact enough: differences of neighbouring doubles lose nothing
            u, v = begin - ring[0], end - ring[0]
            signed = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
            turn = sign * np.sign(signed.sum())
            corners.append(np.column_stack([np.broadcast_to(ring[0], u.shape), u, v, turn * signed]))
            owners.append(np.full(len(u), position))
    table, owner = np.concatenate(corners), np.concatenate(owners)
    nodes, weights = np.polynomial.legendre.leggauss(order)
    nodes, weights = (nodes + 1) / 2, weights / 2
    r, s = (grid.ravel() for grid in np.meshgrid(nodes, nodes, indexing="ij"))
    mass = np.outer(weights * nodes, weights).ravel()  # Duffy: r from the apex, s along the edge
    apex, u, v, double_area = table[:, 0:2], table[:, 2:4], table[:, 4:6], table[:, 6]
    along = r[:, np.newaxis, np.newaxis] * (u + s[:, np.newaxis, np.newaxis] * (v - u))
    values = area_weight(apex[:, 0] + along[..., 0], apex[:, 1] + along[..., 1])
    return np.bincount(owner, double_area * (mass @ values))
