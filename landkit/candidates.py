"""The systems that delivered numbers could be in, and where each would put the land."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pyproj
import shapely

from landkit.crs import (
    FALSE_EASTING,
    INVERSE_FLATTENING,
    MAX_DISTANCE,
    SEMI_MAJOR,
    Geometries,
    Plane,
    Source,
    carry,
    cut,
    read_source,
)
from landkit.measure.area import POLE, measure_repaired
from landkit.measure.rings import BoolArray, FloatArray
from landkit.measure.validity import repair
from landkit.units import convert
from landkit.words import Phrase

Box = tuple[float, float, float, float]

GEOGRAPHIC, WEB_MERCATOR = 4490, 3857
ZONES_3, ZONES_6, ZONES_UTM = range(25, 46), range(13, 24), range(43, 54)
PREFIX = 1_000_000.0
_PREFIXED_3, _PLAIN_3, _PREFIXED_6, _UTM_NORTH = 4513 - 25, 4534 - 25, 4491 - 13, 32600
_NORTHINGS = (1.6e6, 6.1e6)  # metres: China from 14.5 to 55 N; local systems have shorter ones
_MERCATOR = ((8.1e6, 15.1e6), (1.6e6, 7.5e6))  # metres: x and y of EPSG:3857 there
_REACH = 6.0  # degrees from the area of interest within which a central meridian is worth trying
GEODETIC_SLACK = 10.0  # degrees that data may lie outside the area their system is meant for
_STEP = 0.02  # degrees: edges of the area of interest are cut so short that they follow their parallel
_BEYOND = 2000.0  # km outside the area of interest: no land of it can reach inside
_CORE = 0.02  # of its size, a margin about the area of interest within which every shape is compared with it
GEOD = pyproj.Geod(a=SEMI_MAJOR, rf=INVERSE_FLATTENING)
_COMPASS = ("north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest")


@dataclass(frozen=True)
class System:
    """A way to read delivered numbers.

    Attributes
    ----------
    crs
        What ``--crs`` takes: the EPSG code, else the text that was given or declared.
    label
        What a surveyor calls it: ``CM120``, ``zone 40/3°``, ``UTM 50N``, ``lon/lat``.
    swapped
        Whether the numbers have x and y the other way round.
    """

    source: Source
    crs: str
    label: str
    swapped: bool = False

    @property
    def name(self) -> Phrase:
        """Its name in a sentence."""
        key = "georeference.system_swapped" if self.swapped else "georeference.system"
        return Phrase(key, {"crs": self.crs, "label": self.label})

    def turned(self, shapes: Geometries) -> Geometries:
        """Return shapes as delivered, x before y."""
        return np.asarray(shapely.transform(shapes, lambda xy: xy[:, ::-1])) if self.swapped else shapes

    def place(self, x: float, y: float) -> tuple[float, float] | None:
        """Return longitude and latitude of a delivered point; None where the system cannot have such numbers."""
        first, second = (y, x) if self.swapped else (x, y)
        plane = self.source.plane
        if plane is not None and abs(first - self.source.prefix - FALSE_EASTING) > PREFIX:
            return None
        with np.errstate(invalid="ignore"):
            found = self.source.geographic(np.array([first]), np.array([second]))
        longitude, latitude = float(found[0][0]), float(found[1][0])
        if not (abs(longitude) <= 180 and abs(latitude) <= 90):
            return None
        meant = self.source.crs.area_of_use
        if meant is not None and meant.west < meant.east and self.source.crs.is_projected:
            west, south, east, north = np.array(meant.bounds) + GEODETIC_SLACK * np.array([-1, -1, 1, 1])
            if not (west <= longitude <= east and south <= latitude <= north):
                return None
        return longitude, latitude


@dataclass(frozen=True)
class Candidate:
    """Where a system would put the land.

    Attributes
    ----------
    crs, label, swapped
        As `System`.
    mu_inside, share_inside
        The land inside the area of interest; NaN where none is known. Where the shapes are no polygons, the share is
        that of their number.
    offset_km, direction
        How far outside the area of interest the centre of the land lies, and in which direction (a point of the
        compass); 0 and None inside.
    longitude, latitude
        The centre of the land, in degrees.
    districts
        The mu in each district, where it was asked for.
    """

    system: System
    mu_inside: float
    share_inside: float
    offset_km: float
    direction: str | None
    longitude: float
    latitude: float
    districts: Mapping[str, float] = field(default_factory=dict)

    @property
    def crs(self) -> str:
        """What ``--crs`` takes."""
        return self.system.crs

    @property
    def label(self) -> str:
        """What a surveyor calls the system."""
        return self.system.label

    @property
    def swapped(self) -> bool:
        """Whether the numbers have x and y the other way round."""
        return self.system.swapped

    @property
    def consequence(self) -> Phrase:
        """What taking it would mean, in words."""
        values: dict[str, object] = {
            "system": self.system.name,
            "mu": self.mu_inside,
            "percent": 100 * self.share_inside,
            "km": self.offset_km,
            "direction": Phrase(f"georeference.{self.direction or 'here'}"),
            "districts": "".join(f" [{name} {mu:.2f}]" for name, mu in self.districts.items()),
            "longitude": self.longitude,
            "latitude": self.latitude,
        }
        if np.isnan(self.share_inside):
            return Phrase("georeference.at", values)
        if self.share_inside == 0:
            return Phrase("georeference.outside", values)
        return Phrase("georeference.inside" if self.share_inside == 1 else "georeference.partly", values)


@dataclass(frozen=True)
class Regions:
    """Districts: valid polygons in the system of `source`, and their names."""

    shapes: Geometries
    names: tuple[str, ...]
    source: Source


def propose(x: float, y: float, *, near: Box | None) -> Iterator[System]:
    """Yield the systems in which a delivered point can be.

    Parameters
    ----------
    x, y
        The point, as delivered.
    near
        The area of interest: only central meridians within reach of it; None for all of China's.
    """
    for swapped, east, north in ((False, x, y), (True, y, x)):
        if abs(east) <= 180 and abs(north) <= 90:
            yield geographic(swapped=swapped)
        if _MERCATOR[0][0] <= east <= _MERCATOR[0][1] and _MERCATOR[1][0] <= north <= _MERCATOR[1][1]:
            yield _system(WEB_MERCATOR, "Web Mercator", swapped=swapped)
        if _NORTHINGS[0] <= north <= _NORTHINGS[1]:
            yield from _transverse(east, near, swapped=swapped)


def _transverse(east: float, near: Box | None, *, swapped: bool) -> Iterator[System]:
    zone, rest = int(east // PREFIX), east % PREFIX
    if zone in ZONES_3:
        yield prefixed(zone, 3, swapped=swapped)
    if zone in ZONES_6:
        yield prefixed(zone, 6, swapped=swapped)
    if zone == 0 and rest > 0:
        for own in ZONES_3:
            if _within_reach(3 * own, near):
                yield plain(own, swapped=swapped)
        for own in ZONES_UTM:
            if _within_reach(6 * own - 183, near):
                yield _system(_UTM_NORTH + own, f"UTM {own}N", swapped=swapped)


def _within_reach(meridian: float, near: Box | None) -> bool:
    return near is None or near[0] - _REACH <= meridian <= near[2] + _REACH


def prefixed(zone: int, width: int, *, swapped: bool = False) -> System:
    """Return the plane of a zone, 3 or 6 degrees wide, whose number stands before the eastings."""
    code = _PREFIXED_3 + zone if width == 3 else _PREFIXED_6 + zone
    return _system(code, f"zone {zone}/{width}°", swapped=swapped)


def plain(zone: int, *, swapped: bool = False) -> System:
    """Return the plane with the central meridian of a 3-degree zone, without a number before the eastings."""
    return _system(_PLAIN_3 + zone, f"CM{3 * zone}", swapped=swapped)


def geographic(*, swapped: bool = False) -> System:
    """Return CGCS2000 longitude and latitude in degrees."""
    return _system(GEOGRAPHIC, "lon/lat", swapped=swapped)


@cache
def _system(code: int, label: str, *, swapped: bool) -> System:
    name = f"EPSG:{code}"
    return System(read_source(name, name=name), name, label, swapped)


def weigh(
    system: System,
    shapes: Geometries,
    centre: tuple[float, float],
    *,
    area: Box | None,
    plane: Plane | None = None,
    scale: float = 1.0,
    districts: Regions | None = None,
) -> Candidate | None:
    """Return where `system` would put the land; None where it cannot have such numbers.

    Parameters
    ----------
    system
        How to read the numbers.
    shapes
        Shape (n,): finite shapes, as delivered; or, with `plane`, already in that plane.
    centre
        The point of the delivered numbers that stands for all.
    area
        The area of interest in degrees; None where it is not known.
    plane
        The plane that `shapes` are in; by default they are carried to the zone of their centre.
    scale
        By how much the land is more than that of `shapes`, where these are a sample.
    districts
        Regions in which the land is measured too.
    """
    place = system.place(*centre)
    if place is None:
        return None
    if area is None:
        return Candidate(system, np.nan, np.nan, 0.0, None, *place)
    local = plane or Plane(round(place[0] / 3) % 120)
    there = shapes if plane is not None else carry(system.turned(shapes), system.source, local)
    offset, direction = _offset(place, area)
    if offset > _BEYOND:
        return Candidate(system, 0.0, 0.0, offset, direction, *place)
    land = Land.of(there, local)
    inside = land.inside(_ring(area, local))
    mu = scale * convert(float((land.area * inside).sum()), unit="mu")
    share = float((land.weight * inside).sum() / land.weight.sum())
    in_districts = _by_district(land, districts, local, scale) if districts is not None and share > 0 else {}
    return Candidate(system, mu, share, offset, direction, *place, in_districts)


def _by_district(land: Land, districts: Regions, plane: Plane, scale: float) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, region in zip(districts.names, carry(districts.shapes, districts.source, plane), strict=True):
        mu = scale * convert(float((land.area * land.inside(region)).sum()), unit="mu")
        if mu > 0:
            found[name] = found.get(name, 0.0) + mu
    return found


@dataclass(frozen=True)
class Land:
    """Shapes of a plane with their area (m²) and their weight in shares: the area, or 1 where there are no polygons."""

    shapes: Geometries
    bounds: FloatArray
    area: FloatArray
    weight: FloatArray

    @classmethod
    def of(cls, shapes: Geometries, plane: Plane) -> Land:
        """Measure `shapes`; what no plane can show has no area, and the weight of an average shape."""
        bounds = shapely.bounds(shapes)
        far = np.maximum(FALSE_EASTING - bounds[:, 0], bounds[:, 2] - FALSE_EASTING)
        shown = (far <= MAX_DISTANCE) & (np.maximum(-bounds[:, 1], bounds[:, 3]) <= POLE)
        area = np.zeros(len(shapes))
        if shown.all():
            found, repaired = measure_repaired(shapes, plane)
            area, shapes = np.nan_to_num(found), repaired.shapes
        else:
            found, repaired = measure_repaired(shapes[shown], plane)
            area[shown], shapes = np.nan_to_num(found), shapes.copy()
            shapes[shown] = repaired.shapes
            finite = ~shown & np.isfinite(bounds).all(axis=1)
            shapes[finite] = repair(shapes[finite]).shapes
        held = area > 0
        return cls(shapes, bounds, area, np.where(shown, area, area[held].mean()) if held.any() else np.ones(len(area)))

    def inside(self, region: shapely.Geometry) -> FloatArray:
        """Return the part of each shape, shape (n,), that lies inside a polygon."""
        part = np.zeros(len(self.shapes))
        west, south, east, north = region.bounds
        with np.errstate(invalid="ignore"):
            apart = ~(
                np.isfinite(self.bounds).all(axis=1) & (self.bounds[:, 2] > west) & (self.bounds[:, 0] < east)
                & (self.bounds[:, 3] > south) & (self.bounds[:, 1] < north)
            )  # fmt: skip
        within = ~apart & self._within_core(region)
        part[within] = 1.0
        near = np.flatnonzero(~apart & ~within)
        shapely.prepare(region)
        near = near[shapely.intersects(region, self.shapes[near])]
        whole = shapely.covers(region, self.shapes[near])
        part[near[whole]] = 1.0
        crossing = near[~whole]
        flat = np.asarray(shapely.area(self.shapes[crossing]))
        cut_off = shapely.area(shapely.intersection(self.shapes[crossing], region))
        part[crossing] = np.where(flat > 0, cut_off / np.where(flat > 0, flat, 1.0), 1.0)
        return part

    def _within_core(self, region: shapely.Geometry) -> BoolArray:
        """Return which shapes lie inside an upright rectangle that `region` is sure to hold.

        It spares almost every shape the comparison with an area of interest; in any other region there may be none.
        """
        west, south, east, north = region.bounds
        x, y = _CORE * (east - west), _CORE * (north - south)
        core = (west + x, south + y, east - x, north - y)
        if not region.contains(shapely.box(*core)):
            return np.zeros(len(self.shapes), dtype=bool)
        return np.asarray(
            (self.bounds[:, 0] >= core[0]) & (self.bounds[:, 1] >= core[1])
            & (self.bounds[:, 2] <= core[2]) & (self.bounds[:, 3] <= core[3])
        )  # fmt: skip


def _ring(area: Box, plane: Plane) -> shapely.Geometry:
    """Return the area of interest in a plane, its edges following their parallels."""
    ring = cut(np.array([shapely.box(*area)], dtype=object), _STEP)
    return carry(ring, geographic().source, plane)[0]


def _offset(place: tuple[float, float], area: Box) -> tuple[float, str | None]:
    """Return how many km outside `area` a place in degrees lies, and in which direction."""
    nearest = min(max(place[0], area[0]), area[2]), min(max(place[1], area[1]), area[3])
    if nearest == place:
        return 0.0, None
    azimuth, _, metres = GEOD.inv(*nearest, *place)
    return metres / 1000, _COMPASS[round(azimuth / 45) % 8]
