"""The zone that a survey boundary-point file lies in: what its header says, and what its eastings say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pyproj

NORTHINGS = (1.6e6, 6.1e6)  # metres, of all of China
PLAIN_EASTINGS = (1e5, 1e6)  # six digits: no zone before them
ZONE_SIZE = 1e6
ZONES = {3: range(25, 46), 6: range(13, 24)}  # by the width of a zone in degrees
CGCS2000, XIAN_1980, BEIJING_1954, WGS_84 = "CGCS2000", "Xian 1980", "Beijing 1954", "WGS 84"
# EPSG code of the first zone, with the zone before the easting and without
_FIRST_CODES = {
    (CGCS2000, 6): (4491, 4502),
    (CGCS2000, 3): (4513, 4534),
    (XIAN_1980, 6): (2327, 2338),
    (XIAN_1980, 3): (2349, 2370),
    (BEIJING_1954, 6): (21413, 21453),
    (BEIJING_1954, 3): (2401, 2422),
}
_DATUM_NAMES = {
    "2000": CGCS2000, "cgcs2000": CGCS2000, "2000cgcs": CGCS2000,
    "80": XIAN_1980, "1980": XIAN_1980, "80西安": XIAN_1980, "西安80": XIAN_1980, "1980西安": XIAN_1980,
    "西安1980": XIAN_1980, "xian80": XIAN_1980, "xian1980": XIAN_1980,
    "54": BEIJING_1954, "1954": BEIJING_1954, "54北京": BEIJING_1954, "北京54": BEIJING_1954,
    "1954北京": BEIJING_1954, "北京1954": BEIJING_1954, "beijing54": BEIJING_1954, "beijing1954": BEIJING_1954,
    "wgs84": WGS_84, "wgs1984": WGS_84,
}  # fmt: skip
_DATUM_FILLERS = re.compile(r"国家|中国|大地|坐标系统|坐标系|坐标|年|[\s_\-()（）]")
_DEGREES = re.compile(r"(?:高斯)?\s*([36３６三六])\s*(?:度|°)?\s*(?:分?带)?")
_ZONE = re.compile(r"第?\s*(\d{1,2})\s*(?:号?带)?")
_DATUM_KEYS = ("坐标系", "坐标系统", "坐标系名称")
_DEGREES_KEYS = ("几度分带", "分带", "度带")
_ZONE_KEYS = ("带号", "投影带号", "分带号")
GRID_KEYS = (*_DATUM_KEYS, *_DEGREES_KEYS, *_ZONE_KEYS)
_GAUSS = re.compile(r"高斯|gauss|横轴墨卡托", re.IGNORECASE)


@dataclass(frozen=True)
class Grid:
    """What is known of a file's reference system.

    Attributes
    ----------
    crs
        Set only where header and eastings name it together.
    entries
        ``datum``, ``degrees``, ``zone`` and ``prefixed`` (yes, no, mixed), as far as they are known.
    zone
        The zone of the header, where the eastings that carry one agree; None otherwise.
    doubts
        What keeps `crs` from being set: keys of words, with their values.
    """

    crs: pyproj.CRS | None
    entries: dict[str, str]
    zone: int | None
    doubts: list[tuple[str, dict[str, object]]] = field(default_factory=list)


def prefix_of(easting: float) -> int | None:
    """Return the zone before an easting, 0 where it has six digits and none, None where it is no easting."""
    if PLAIN_EASTINGS[0] <= easting < PLAIN_EASTINGS[1]:
        return 0
    zone = int(easting // ZONE_SIZE)
    is_zone = any(zone in zones for zones in ZONES.values()) and easting % ZONE_SIZE >= PLAIN_EASTINGS[0]
    return zone if is_zone else None


def is_northing(value: float) -> bool:
    """Return whether a coordinate can be a northing in China."""
    return NORTHINGS[0] <= value <= NORTHINGS[1]


def is_grid_point(x: float, y: float) -> bool:
    """Return whether two coordinates are a northing and an easting, whichever comes first."""
    return (is_northing(x) and prefix_of(y) is not None) or (is_northing(y) and prefix_of(x) is not None)


def read_grid(header: dict[str, str], prefixes: set[int]) -> Grid:
    """Put together what the header says and the zones before the eastings (0: none) say."""
    datum, degrees, zone = _datum(header), _degrees(header), _zone(header)
    doubts: list[tuple[str, dict[str, object]]] = []
    carried = prefixes - {0}
    entries = {} if not prefixes else {"prefixed": "mixed" if carried and 0 in prefixes else "yes" if carried else "no"}
    if len(carried) > 1 or (carried and zone is not None and carried != {zone}):
        doubts.append(
            ("survey.note.zones", {"zone": zone or "-", "prefixes": ", ".join(str(one) for one in sorted(carried))})
        )
        zone = None
    elif degrees is not None and zone is not None and zone not in ZONES[degrees]:
        doubts.append(("survey.note.zone_width", {"zone": zone, "degrees": degrees}))
        zone = degrees = None
    # a zone that stands only before the eastings, or a width that follows from the number, is an entry and no more
    known_zone = next(iter(carried)) if zone is None and len(carried) == 1 and not doubts else zone
    width = degrees or next((width for width, zones in ZONES.items() if known_zone in zones), None)
    doubts += _odd_plane(header)
    for name, value in (("datum", datum), ("degrees", width), ("zone", known_zone)):
        if value is not None:
            entries[name] = str(value)
    crs = None
    if datum is not None and degrees is not None and zone is not None and prefixes and not doubts:
        crs = _crs(datum, degrees, zone, is_prefixed=bool(carried))
    return Grid(crs, entries, zone, doubts)


def _crs(datum: str, degrees: int, zone: int, *, is_prefixed: bool) -> pyproj.CRS | None:
    codes = _FIRST_CODES.get((datum, degrees))
    if codes is None:
        return None
    return pyproj.CRS.from_epsg((codes[0] if is_prefixed else codes[1]) + zone - ZONES[degrees].start)


def _entry(header: dict[str, str], keys: tuple[str, ...]) -> str:
    return next((header[key].strip() for key in keys if header.get(key, "").strip()), "")


def _datum(header: dict[str, str]) -> str | None:
    return _DATUM_NAMES.get(_DATUM_FILLERS.sub("", _entry(header, _DATUM_KEYS)[:100]).lower())


def _degrees(header: dict[str, str]) -> int | None:
    found = _DEGREES.fullmatch(_entry(header, _DEGREES_KEYS)[:100])
    return None if found is None else 3 if found[1] in "3３三" else 6


def _zone(header: dict[str, str]) -> int | None:
    found = _ZONE.fullmatch(_entry(header, _ZONE_KEYS)[:100])
    zone = int(found[1]) if found else None
    return zone if any(zone in zones for zones in ZONES.values()) else None


def _odd_plane(header: dict[str, str]) -> list[tuple[str, dict[str, object]]]:
    """Return what the header says of projection and unit, where that is not the plane that the format has."""
    projection, unit = _entry(header, ("投影类型",))[:100], _entry(header, ("计量单位",))[:100]
    odd = []
    if projection and not _GAUSS.search(projection):
        odd.append(projection)
    if unit and unit.lower() not in ("米", "m", "meter", "metre", "公尺"):
        odd.append(unit)
    return [("survey.note.plane", {"text": ", ".join(odd)})] if odd else []
