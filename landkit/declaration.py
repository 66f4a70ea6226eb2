"""What a delivery says of its own reference system: in the terms of its format, or in the header of a survey TXT."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyproj

from landkit.candidates import PREFIX, ZONES_3, ZONES_6, System, geographic, plain, prefixed
from landkit.crs import SEMI_MAJOR, Source, read_source
from landkit.errors import CrsError, DatumError
from landkit.sources import Note

_SAME_DATUM = re.compile(r"2000|CGCS|WGS", re.IGNORECASE)
_OLD_DATUM = re.compile(r"80|54|西安|北京", re.IGNORECASE)
_UNDEFINED = re.compile(r"^(undefined.*|unknown.*|unnamed.*|cartesian.*|)$", re.IGNORECASE)
# What the reader makes of a header comes before its own words.
_KEYS = {
    "datum": ("datum", "坐标系", "坐标系统", "坐标系名称", "大地基准"),
    "width": ("degrees", "几度分带", "分带"),
    "zone": ("zone", "带号"),
    "meridian": ("中央子午线", "中央经线", "中央子午线经度"),
    "unit": ("计量单位",),
}


@dataclass(frozen=True)
class Claim:
    """What a delivery says of its system.

    Attributes
    ----------
    system
        The system; None where nothing usable is said.
    how
        ``declared`` or ``header``.
    names_datum
        Whether the datum at least is said.
    notes
        What is to be known about the claim.
    """

    system: System | None = None
    how: str = ""
    names_datum: bool = False
    notes: tuple[Note, ...] = ()


def declared_claim(declared: Any, *, name: str) -> Claim:
    """Return what the format of a file declares; a placeholder such as "Undefined Cartesian SRS" declares nothing.

    Raises
    ------
    CrsError
        It is a local system, or cannot be understood.
    DatumError
        Its datum cannot be carried to CGCS2000.
    """
    try:
        crs = pyproj.CRS.from_user_input(declared)
    except pyproj.exceptions.CRSError as error:
        raise CrsError("crs.ambiguous", name=name, crs=str(declared)[:80]) from error
    if _says_nothing(crs):
        return Claim(notes=(Note("note.georeference.undefined", {"crs": crs.name}),))
    return Claim(system_of(read_source(crs, name=name)), "declared", names_datum=True)


def _says_nothing(crs: pyproj.CRS) -> bool:
    geodetic = crs.geodetic_crs
    if geodetic is None:
        return _UNDEFINED.match(crs.name) is not None
    # The right ellipsoid but no datum: a projection is claimed, and will be among the candidates if it fits.
    datum, ellipsoid = geodetic.datum, geodetic.ellipsoid
    nameless = datum is not None and datum.name.lower().startswith(("unknown", "not specified", "not_specified"))
    return nameless and ellipsoid is not None and ellipsoid.semi_major_metre == SEMI_MAJOR


def system_of(source: Source) -> System:
    """Return a known system under the name that ``--crs`` takes and the one that surveyors use."""
    code = source.crs.to_epsg()
    plane = source.plane
    if plane is None:
        label = source.crs.name
    elif source.prefix == 0:
        label = f"CM{plane.central_meridian}"
    else:
        zone = round(source.prefix / PREFIX)
        label = f"zone {zone}/{3 if zone == plane.zone else 6}°"
    return System(source, source.crs.name if code is None else f"EPSG:{code}", label)


def header_claim(header: Mapping[str, str], centre: tuple[float, float], *, name: str) -> Claim:
    """Return what the header of a survey TXT says.

    Parameters
    ----------
    header
        Its keys and values, as delivered.
    centre
        A point of the data: whether the zone stands before the eastings is not said, but seen.
    name
        What the data are called in messages.

    Raises
    ------
    CrsError
        The datum it names is not known: a local system.
    DatumError
        Xian 1980 or Beijing 1954.
    """
    said = {part: _value(header, keys) for part, keys in _KEYS.items()}
    if "prefixed" in header:  # the reader has held the zone against the eastings, and leaves out what they belie
        said["zone"] = header.get("zone", "")
    names_datum = _check_datum(said["datum"], name=name)
    system = _zone_system(said, max(abs(number) for number in centre))
    if said["unit"] in ("度", "十进制度") and names_datum:
        system = geographic()
    return Claim(system, "header", names_datum)


def _value(header: Mapping[str, str], keys: tuple[str, ...]) -> str:
    by_key = {re.sub(r"\s", "", key): value for key, value in header.items()}
    return next((str(by_key[key]).strip() for key in keys if by_key.get(key)), "")


def _check_datum(said: str, *, name: str) -> bool:
    """Return whether a datum is named that landkit takes."""
    if not said:
        return False
    if _SAME_DATUM.search(said):
        return True
    if _OLD_DATUM.search(said):
        raise DatumError("crs.old_datum", name=name, datum=said)
    raise CrsError("georeference.local", name=name, said=said)


def _zone_system(said: Mapping[str, str], largest: float) -> System | None:
    """Return the plane of the zone or the meridian that the header gives."""
    zone, width, meridian = (_number(said[part]) for part in ("zone", "width", "meridian"))
    if zone is None and meridian is not None and meridian % 3 == 0:
        zone, width = meridian / 3, 3
    if zone is None:
        return None
    # Numbers of 3- and 6-degree zones do not overlap in China.
    if zone in ZONES_3 and width in (None, 3):
        return prefixed(int(zone), 3) if largest > 10 * PREFIX else plain(int(zone))
    if zone in ZONES_6 and width in (None, 6):
        return prefixed(int(zone), 6) if largest > 10 * PREFIX else plain(2 * int(zone) - 1)
    return None


def _number(said: str) -> float | None:
    found = re.search(r"\d+(\.\d+)?", said)
    return float(found[0]) if found else None
