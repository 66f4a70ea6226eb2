"""CGCS2000 Gauss–Krüger planes, and what may be carried to them.

All measuring happens in one plane of 3-degree Gauss–Krüger on the CGCS2000 ellipsoid, without a zone prefix. Only
CGCS2000 and WGS 84 are taken: between them the identity is the accepted transformation (they differ by less than a
decimetre).
For Xian 1980 and Beijing 1954 PROJ would shift by zero in silence, so they are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from landkit.errors import CrsError, DatumError, InputError, UsageError

FloatArray = NDArray[np.float64]
Geometries = NDArray[np.object_]

# The CGCS2000 ellipsoid (GB 22021-2008); EPSG:1024.
SEMI_MAJOR = 6378137.0
INVERSE_FLATTENING = 298.257222101
_FLATTENINGS_APART = 1e-4  # of WGS 84 and CGCS2000: 1.5e-6; of any other figure with this axis far more
ECCENTRICITY2 = (2 - 1 / INVERSE_FLATTENING) / INVERSE_FLATTENING

FALSE_EASTING = 500_000.0
MAX_DISTANCE = 300_000.0  # metres from the central meridian up to which the kernels are proved
# An edge that is straight in longitude and latitude, or in another plane, bends by tanφ/R per metre at worst: 150 m
# keep its sagitta under 1 mm up to 54 N.
DENSIFY_METRES = 150.0
_METRES_PER_DEGREE = 111_320.0

_EPSG_ZONES = range(25, 46)
_PLAIN_3_DEGREE = 4534 - 25
_SAME_DATUM = re.compile(
    r"^(d?china2000|chinageodeticcoordinatesystem2000|cgcs2000|worldgeodeticsystem1984.*|d?wgs(19)?84.*)$"
)
_REFUSED_DATUM = re.compile(r"(xian|beijing)(19)?(80|54)")


@dataclass(frozen=True)
class Plane:
    """A 3-degree Gauss–Krüger plane of CGCS2000, false easting 500 km, no zone prefix.

    Attributes
    ----------
    zone
        The 3-degree zone: its central meridian is three times that, in degrees.
    """

    zone: int

    @property
    def central_meridian(self) -> int:
        """The central meridian in degrees, west negative."""
        degrees = 3 * self.zone
        return degrees - 360 if degrees > 180 else degrees

    @property
    def name(self) -> str:
        """The EPSG code, or outside China's zones, where none exists, the meridian in words."""
        if self.zone in _EPSG_ZONES:
            return f"EPSG:{_PLAIN_3_DEGREE + self.zone}"
        return f"CGCS2000 3-degree Gauss-Kruger CM {self.central_meridian}"

    @cached_property
    def projection(self) -> pyproj.Proj:
        """The projection from longitude and latitude on the CGCS2000 ellipsoid."""
        return pyproj.Proj(
            proj="tmerc", lat_0=0, lon_0=self.central_meridian, k=1, x_0=FALSE_EASTING, y_0=0,
            a=SEMI_MAJOR, rf=INVERSE_FLATTENING,
        )  # fmt: skip

    @cached_property
    def crs(self) -> pyproj.CRS:
        """The plane as a coordinate reference system."""
        if self.zone in _EPSG_ZONES:
            return pyproj.CRS.from_epsg(_PLAIN_3_DEGREE + self.zone)
        return pyproj.CRS.from_user_input(self.projection.crs)

    def forward(self, longitude: FloatArray, latitude: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Project degrees, shape (n,), to easting and northing in metres."""
        east, north = self.projection(longitude, latitude)
        return np.asarray(east), np.asarray(north)

    def inverse(self, east: FloatArray, north: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return longitude and latitude in degrees of points of the plane, shape (n,), in metres."""
        longitude, latitude = self.projection(east, north, inverse=True)
        return np.asarray(longitude), np.asarray(latitude)


@dataclass(frozen=True)
class Source:
    """A coordinate reference system whose datum is CGCS2000 or WGS 84.

    Attributes
    ----------
    crs
        The system, horizontal part only.
    plane
        The 3-degree plane that it is, prefix or not; None for any other system.
    prefix
        Metres that a zone prefix adds to its eastings.
    """

    crs: pyproj.CRS
    plane: Plane | None
    prefix: float

    def geographic(self, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return longitude and latitude in degrees of coordinates, shape (n,), in the system's order x, y."""
        if not self.crs.is_projected:
            factor = np.degrees(self.crs.axis_info[0].unit_conversion_factor)
            # 1 degree in radians, and back, is not exactly 1
            return (x, y) if abs(factor - 1) < 1e-12 else (x * factor, y * factor)
        longitude, latitude = _to_geographic(self.crs).transform(x, y)
        return np.asarray(longitude), np.asarray(latitude)

    def units(self, metres: float) -> float:
        """Return a length in the units of the system, for a degree the shortest that it can be."""
        factor = self.crs.axis_info[0].unit_conversion_factor
        return metres / factor if self.crs.is_projected else metres / _METRES_PER_DEGREE / np.degrees(factor)


def _to_geographic(crs: pyproj.CRS) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)


def read_source(crs: Any, *, name: str) -> Source:
    """Return what is known of `crs`, the reference system of the layer called `name` in messages.

    Raises
    ------
    CrsError
        No reference system, or none that names its datum.
    DatumError
        A datum from which no published transformation leads to CGCS2000.
    """
    if crs is None:
        raise CrsError("crs.missing", name=name)
    given = pyproj.CRS.from_user_input(crs)
    system = horizontal(given)
    geodetic = system.geodetic_crs
    if geodetic is None or not (system.is_projected or system.is_geographic):
        raise CrsError("crs.ambiguous", name=name, crs=system.name)
    _check_datum(geodetic, name=name)
    if _is_shifted(given):
        raise DatumError("crs.shifted", name=name, datum=system.name)
    plane, prefix = _as_plane(system)
    return Source(system, plane, prefix)


def horizontal(crs: pyproj.CRS) -> pyproj.CRS:
    """Return the horizontal part of a system, without any height or attached shift."""
    if crs.is_bound and crs.source_crs is not None:
        return horizontal(crs.source_crs)
    if crs.is_compound:
        return horizontal(crs.sub_crs_list[0])
    return crs.to_2d() if len(crs.axis_info) > 2 else crs


def _is_shifted(crs: pyproj.CRS) -> bool:
    """Return whether a shift to another datum is attached; one of zero is how older software says it knows of none."""
    if crs.is_compound:
        return _is_shifted(crs.sub_crs_list[0])
    shift = crs.coordinate_operation.params if crs.is_bound and crs.coordinate_operation else []
    return any(isinstance(parameter.value, float) and parameter.value != 0 for parameter in shift)


def _check_datum(geodetic: pyproj.CRS, *, name: str) -> None:
    datum = geodetic.datum.name if geodetic.datum is not None else geodetic.name
    key = re.sub(r"[^a-z0-9]", "", datum.lower())
    if _SAME_DATUM.match(key):
        ellipsoid, prime = geodetic.ellipsoid, geodetic.prime_meridian
        same_figure = ellipsoid is not None and (
            ellipsoid.semi_major_metre == SEMI_MAJOR
            and abs(ellipsoid.inverse_flattening - INVERSE_FLATTENING) < _FLATTENINGS_APART
        )
        if same_figure and prime is not None and prime.longitude == 0:
            return
        raise CrsError("crs.ambiguous", name=name, crs=datum)
    if _REFUSED_DATUM.search(key):
        raise DatumError("crs.old_datum", name=name, datum=datum)
    if key.startswith(("unknown", "notspecified")):
        raise CrsError("crs.ambiguous", name=name, crs=datum)
    raise DatumError("crs.other_datum", name=name, datum=datum)


def _as_plane(crs: pyproj.CRS) -> tuple[Plane | None, float]:
    operation = crs.coordinate_operation
    if not crs.is_projected or operation is None or operation.method_code not in ("9807", "9808"):
        return None, 0.0
    value = {p.code: float(p.value) * p.unit_conversion_factor for p in operation.params}
    meridian = float(np.degrees(value.get("8802", np.nan)))
    zone = round(meridian / 3) if np.isfinite(meridian) else 0
    prefix = value.get("8806", np.nan) - FALSE_EASTING
    # A 6-degree zone has the meridian of every other 3-degree zone; prefixed, it goes by its own number.
    prefixes = (0.0, zone * 1e6, (zone + 1) // 2 * 1e6 if zone % 2 else 0.0)
    is_plane = (
        abs(meridian - 3 * zone) < 1e-9
        and value.get("8801") == 0
        and value.get("8805") == 1
        and value.get("8807") == 0
        and prefix in prefixes
        and crs.axis_info[0].unit_conversion_factor == 1
    )
    return (Plane(zone % 120), prefix) if is_plane else (None, 0.0)


def read_plane(crs: Any) -> Plane:
    """Return the working plane that `crs` names.

    Raises
    ------
    UsageError
        `crs` is no 3-degree Gauss–Krüger plane of CGCS2000.
    """
    try:
        source = read_source(crs, name=str(crs))
    except pyproj.exceptions.CRSError as error:
        raise UsageError("crs.no_plane", crs=crs) from error
    if source.plane is None:
        raise UsageError("crs.no_plane", crs=source.crs.name)
    return source.plane


def choose_plane(sources: Iterable[tuple[Source, Sequence[float] | FloatArray]]) -> Plane:
    """Return the plane that all data share, else the 3-degree zone of the middle of all the data.

    The middle is the median of the parcels' centres, which a few parcels astray do not move. Any plane will do for no
    parcels.

    Parameters
    ----------
    sources
        Each layer's system, and the bounds of each of its parcels in it, shape (n, 4): x min, y min, x max, y max.

    Raises
    ------
    InputError
        There are parcels, and none has a place on Earth.
    """
    known = list(sources)
    own = {source.plane for source, _ in known}
    if len(own) == 1 and (plane := own.pop()) is not None:
        return plane
    centres = [np.atleast_2d(bounds).reshape(-1, 2, 2).mean(axis=1) for _, bounds in known]
    placed = [source.geographic(*centre.T)[0] for (source, _), centre in zip(known, centres, strict=True)]
    longitudes = np.concatenate([np.empty(0), *placed])
    if len(longitudes) == 0:
        return Plane(0)
    longitudes = longitudes[np.isfinite(longitudes)]
    if len(longitudes) == 0:
        raise InputError("crs.out_of_range")
    return Plane(round(float(np.median(longitudes)) / 3) % 120)


def carry(shapes: Geometries, source: Source, plane: Plane, *, densify: bool = False) -> Geometries:
    """Return `shapes`, shape (n,), in `plane`.

    Parameters
    ----------
    shapes
        Geometries in the system of `source`; null stays null.
    densify
        Add vertices first, so that an edge that was straight in `source` keeps its course within 1 mm: for districts
        and control lines. Parcels are given by their boundary points, whose edges are straight in the plane.
    """
    if source.plane == plane:
        return shapes if source.prefix == 0 else shapely.transform(shapes, lambda xy: xy - [source.prefix, 0.0])
    if densify:
        shapes = cut(shapes, source.units(DENSIFY_METRES))

    def project(xy: FloatArray) -> FloatArray:
        return np.column_stack(plane.forward(*source.geographic(xy[:, 0], xy[:, 1])))

    return np.asarray(shapely.transform(shapes, project))


def cut(shapes: Geometries, length: float) -> Geometries:
    """Return `shapes`, shape (n,), with vertices added so that no edge is longer than `length`.

    Polygons are cut ring by ring, for GEOS would repair invalid ones in passing. Parts and holes without extent are
    left out: GEOS fails on those, and kills the process if they are empty.
    """
    found = shapes.copy()
    there = shapely.length(shapes) > 0
    areal = np.isin(shapely.get_type_id(shapes), (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    polygons, others = np.flatnonzero(there & areal), np.flatnonzero(there & ~areal)
    parts, owner = shapely.get_parts(shapes[others], return_index=True)
    for place in np.unique(owner[shapely.length(parts) == 0]):
        shape = shapes[others[place]]
        found[others[place]] = type(shape)([part for part in shape.geoms if part.length > 0])
    found[others] = shapely.segmentize(found[others], length)
    found[polygons] = _cut_polygons(shapes[polygons], length)
    return found


def _cut_polygons(shapes: Geometries, length: float) -> Geometries:
    parts, owner = shapely.get_parts(shapes, return_index=True)
    extended = shapely.length(shapely.get_exterior_ring(parts)) > 0
    parts, owner = parts[extended], owner[extended]
    rings, part_of = shapely.get_rings(parts, return_index=True)
    extended = shapely.length(rings) > 0
    rings, part_of = rings[extended], part_of[extended]
    longer = shapely.segmentize(rings, length)
    # a ring there and back along one edge becomes a line, and has no area either way
    longer = np.where(shapely.get_type_id(longer) == shapely.GeometryType.LINEARRING, longer, rings)
    polygons = shapely.polygons(longer, indices=part_of)
    found = shapes.copy()
    several = (shapely.get_type_id(shapes) == shapely.GeometryType.MULTIPOLYGON)[owner]
    found[owner[~several]] = polygons[~several]
    if several.any():
        shapely.multipolygons(polygons[several], indices=owner[several], out=found)
    return found
