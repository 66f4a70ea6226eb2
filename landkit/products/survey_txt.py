"""Survey boundary-point files (勘测定界界址点坐标交换格式, TXT) as their recipients want them.

The area of each parcel is that on the ellipsoid, in hectares to four places, of the very coordinates that are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from landkit.crs import Plane, carry, read_source
from landkit.errors import InputError, UsageError
from landkit.measure.area import measure_repaired
from landkit.rounding import rounded
from landkit.sources.survey_lines import COLUMNS, COORDINATES, DESCRIPTION, FURTHER, KIND, KINDS, OWN_ENTRIES
from landkit.sources.survey_zone import CGCS2000, GRID_KEYS, ZONE_SIZE, ZONES, is_northing, prefix_of, read_grid

FloatArray = NDArray[np.float64]
Layout = Literal[8, 9, 13]

_HECTARE = 10_000.0
_ENTRIES = (
    "格式版本号",
    "数据产生单位",
    "数据产生日期",
    "坐标系",
    "几度分带",
    "投影类型",
    "计量单位",
    "带号",
    "精度",
    "转换参数",
)
_LABELS = {"J1": "J{}", "1": "{}", "J01": "J{:02}"}
_MOST_DIGITS = 6
_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_SECTION = re.compile(r"\[([^\[\]]{1,40})\](.*)")
_AGAIN = re.compile(r"(.*)#[0-9]+")


@dataclass(frozen=True)
class Profile:
    """How a recipient wants the file.

    Attributes
    ----------
    columns
        9: the eight of the format and the mark ``@``; 8: without the number of points; 13: the thirteen of the
        extended layout before the mark.
    prefix
        Whether the zone stands before the easting.
    encoding
        ``gb18030`` (which holds all of GBK) or ``utf-8-sig``.
    newline
        The end of a line.
    digits
        Decimals of a coordinate, 0 to 6.
    numbering
        Whether rings and points are counted on through all parts of a parcel, or anew with each.
    labels
        How points are called: ``J1``, ``1`` or ``J01``.
    is_closed
        Whether the first point of a ring stands again at its end.
    """

    columns: Layout = 9
    prefix: bool = True
    encoding: Literal["gb18030", "utf-8-sig"] = "gb18030"
    newline: Literal["\r\n", "\n"] = "\r\n"
    digits: int = 3
    numbering: Literal["continue", "restart"] = "continue"
    labels: Literal["J1", "1", "J01"] = "J1"
    is_closed: bool = True

    def __post_init__(self) -> None:
        if self.columns not in get_args(Layout):
            raise UsageError("survey.columns", value=self.columns)
        if not 0 <= self.digits <= _MOST_DIGITS:
            raise UsageError("survey.digits", value=self.digits)


PROFILES: dict[str, Profile] = {
    "standard": Profile(),
    "plain": Profile(prefix=False, labels="1"),
    "restart": Profile(numbering="restart"),
    "extended": Profile(columns=13, labels="J01"),
    "short": Profile(columns=8),
    "utf8": Profile(encoding="utf-8-sig", newline="\n"),
}


def survey_txt_bytes(
    frame: gpd.GeoDataFrame, *, profile: Profile, plane: Plane, header: Mapping[str, str] | None = None
) -> bytes:
    """Return `frame` as a survey boundary-point file.

    Parameters
    ----------
    frame
        Parcels, in any reference system on CGCS2000 or WGS 84, with the columns of the format that there are (地块编号,
        地块名称, 图幅号, 地块用途, 地类编码; TBLX, DL, GZQ, GZH, BZ). A row without a shape is a record without points.
    profile
        How the recipient wants it.
    plane
        The plane of the coordinates.
    header
        Entries to write, keyed as a read file has them (``[section]key`` for another section). What the coordinates
        decide (zone, degrees, precision and the like) is set here.

    Returns
    -------
    bytes
        The file. A comma in a text becomes a full-width one, a line break a space.

    Raises
    ------
    InputError
        A shape is a mixed collection or not finite, lies where the format has no coordinates for it, or a ring's
        corners fall together at the precision asked for.
    UsageError
        A zone is wanted and `plane` has none in China.
    CrsError, DatumError
        As `landkit.crs.read_source`.
    """
    if profile.prefix and plane.zone not in ZONES[3]:
        raise UsageError("survey.no_zone", plane=plane.name)
    carried = carry(frame.geometry.to_numpy(), read_source(frame.crs, name="survey TXT"), plane)
    shapes = _rounded(shapely.force_2d(carried), profile.digits, plane)
    areas = measure_repaired(shapes, plane)[0]
    lines = [*_header_lines(header or {}, profile, plane), f"[{COORDINATES}]"]
    cells = frame.drop(columns=frame.geometry.name).to_dict("records")
    for row, (record, shape, area) in enumerate(zip(cells, shapes, areas, strict=True)):
        points = list(_point_lines(row, shape, profile, plane))
        lines.append(_record_line(record, shape, area, len(points), profile))
        lines += points
    # half a surrogate pair has no encoding: it is spelt out rather than dropped
    return "".join(f"{line}{profile.newline}" for line in lines).encode(profile.encoding, "backslashreplace")


def _rounded(shapes: NDArray[np.object_], digits: int, plane: Plane) -> NDArray[np.object_]:
    for row, shape in enumerate(shapes):
        if shape is None or shape.is_empty:
            continue
        if shape.geom_type == "GeometryCollection":
            raise InputError("survey.collection", row=row)
        corners = shapely.get_coordinates(shape)
        if not np.isfinite(corners).all():
            raise InputError("survey.not_finite", row=row)
        if not all(is_northing(north) and prefix_of(east) == 0 for east, north in (corners.min(0), corners.max(0))):
            raise InputError("survey.out_of_zone", row=row, plane=plane.name)
    return np.asarray(shapely.transform(shapes, lambda xy: np.round(xy, digits)), dtype=object)


def _header_lines(header: Mapping[str, str], profile: Profile, plane: Plane) -> list[str]:
    own = {
        "几度分带": "3",
        "投影类型": "高斯克吕格",
        "计量单位": "米",
        "带号": str(plane.zone),
        "精度": f"{10.0**-profile.digits:.{profile.digits}f}",
    }
    sections: dict[str, dict[str, str]] = {}
    for key, value in header.items():
        if key not in (*OWN_ENTRIES, *own) and (key in _ENTRIES or key not in GRID_KEYS):
            found = _SECTION.fullmatch(key)
            section, name = (found[1], found[2]) if found else (DESCRIPTION, key)
            sections.setdefault(section, {})[name] = value
    given = sections.pop(DESCRIPTION, {})
    is_named = read_grid({"坐标系": given.get("坐标系", "")}, set()).entries.get("datum") == CGCS2000
    own["坐标系"] = given["坐标系"] if is_named else "2000国家大地坐标系"
    blank = {"转换参数": "0,0,0,0,0,0,0"}
    described = {name: own.get(name, given.get(name, blank.get(name, ""))) for name in _ENTRIES}
    sections[DESCRIPTION] = {**described, **{name: value for name, value in given.items() if name not in described}}
    lines = []
    for section, entries in sections.items():
        lines.append(f"[{_one_line(section)}]")
        lines += [_entry_line(name, value, entries) for name, value in entries.items()]
    return lines


def _entry_line(name: str, value: str, entries: Mapping[str, str]) -> str:
    again = _AGAIN.fullmatch(name)
    if again and not again[1]:
        return _one_line(value)
    key = again[1] if again and again[1] in entries else name
    return f"{_one_line(key).replace('=', '_')}={_one_line(value)}"


def _one_line(text: str) -> str:
    return _BREAKS.sub(" ", text).strip()


def _record_line(record: Mapping[Any, Any], shape: Any, area: float, count: int, profile: Profile) -> str:
    names = (*COLUMNS, *FURTHER) if profile.columns == 13 else COLUMNS
    cells = [_cell(record.get(name)) for name in names]
    delivered = record.get(KIND)
    kind = _kind(shape) or (delivered if delivered in KINDS else "面")
    hectares = "" if np.isnan(area) or not count else f"{rounded(area / _HECTARE, digits=4):.4f}"
    cells[:2], cells[COLUMNS.index(KIND)] = [str(count), hectares], kind
    return ",".join([*(cells[1:] if profile.columns == 8 else cells), "@"])


def _cell(value: Any) -> str:
    return "" if value is None or pd.isna(value) else _one_line(str(value)).replace(",", "，")


def _kind(shape: Any) -> str:
    if shape is None or shape.is_empty:
        return ""
    return {0: "点", 1: "线", 2: "面"}[int(shapely.get_dimensions(shape))]


def _point_lines(row: int, shape: Any, profile: Profile, plane: Plane) -> Iterator[str]:
    label, prefix = _LABELS[profile.labels], plane.zone * ZONE_SIZE if profile.prefix else 0.0
    ring = point = 0
    for part in shapely.get_parts(shape) if _kind(shape) else ():
        if profile.numbering == "restart" and part.geom_type == "Polygon":
            ring = point = 0
        for corners, is_closed in _corners(row, part, profile):
            ring = 1 if part.geom_type == "Point" else ring + 1
            first = point + 1
            for east, north in corners:
                point += 1
                yield _point_line(label.format(point), ring, north, east + prefix, profile.digits)
            if is_closed:
                yield _point_line(label.format(first), ring, corners[0][1], corners[0][0] + prefix, profile.digits)


def _point_line(name: str, ring: int, north: float, east: float, digits: int) -> str:
    return f"{name},{ring},{north:.{digits}f},{east:.{digits}f}"


def _corners(row: int, part: Any, profile: Profile) -> Iterator[tuple[FloatArray, bool]]:
    """Yield the corners of each ring without the closing one, and whether that is to follow; of a line or point all."""
    if part.geom_type != "Polygon":
        yield _distinct(shapely.get_coordinates(part), row, profile, least=1 if part.geom_type == "Point" else 2), False
        return
    for ring in (part.exterior, *part.interiors):
        corners = _distinct(shapely.get_coordinates(ring)[:-1], row, profile, least=3)
        while len(corners) > 3 and (corners[-1] == corners[0]).all():
            corners = corners[:-1]
        # a reader ends a ring where it comes back to its first corner
        if len(np.unique(corners, axis=0)) < 3 or (corners[1:] == corners[0]).all(axis=1).any():
            raise InputError("survey.falls_together", row=row, digits=profile.digits)
        yield corners, profile.is_closed


def _distinct(corners: FloatArray, row: int, profile: Profile, *, least: int) -> FloatArray:
    """Return `corners`, shape (n, 2), without those that repeat the one before."""
    kept: FloatArray = corners[np.append(True, (np.diff(corners, axis=0) != 0).any(axis=1))]
    if len(kept) < least:
        raise InputError("survey.falls_together", row=row, digits=profile.digits)
    return kept
