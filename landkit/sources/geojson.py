"""The reference system that a GeoJSON file names.

GDAL would fetch a linked one over the network, and take longitude and latitude in silence for a name it does not know.
"""

from __future__ import annotations

import json
import mmap
import re
from pathlib import Path

import pyproj

from landkit.errors import CrsError, InputError

# a member name may be written with escapes
_MEMBER = re.compile(
    rb'"(?:c|\\u0063)(?:r|\\u0072)(?:s|\\u0073)"\s*:\s*(\{|null)',
)
_FEATURES = re.compile(rb'"features"\s*:\s*\[')
_LONGEST = 4096


def named_crs(path: Path) -> pyproj.CRS | None:
    """Return the reference system that the file names; longitude and latitude of WGS 84 where it names none.

    Raises
    ------
    InputError
        The reference system is a link or anything else but a known name.
    CrsError
        The file says in so many words that its reference system is unknown.
    """
    names = _names(path)
    if not names:
        return pyproj.CRS.from_epsg(4326)
    if None in names:
        raise CrsError("crs.missing", name=path)
    if len(names) > 1:
        raise InputError("files.geojson_crs", file=path, crs=", ".join(sorted(str(name) for name in names)))
    (name,) = names
    try:
        return pyproj.CRS.from_user_input(name)
    except pyproj.exceptions.CRSError as error:
        raise InputError("files.geojson_crs", file=path, crs=name) from error


def _names(path: Path) -> set[str | None]:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        features = _FEATURES.search(data)
        body = len(data) if features is None else features.start()
        del features
        members = [data[match.start(1) : match.start(1) + _LONGEST] for match in _MEMBER.finditer(data, 0, body)]
        is_elsewhere = _MEMBER.search(data, body) is not None
    if is_elsewhere:
        # behind the features, or an attribute of one of them that happens to be called so: only parsing tells
        members = _top_member(path)
    return {None if member.startswith(b"null") else _name(path, member) for member in members}


def _top_member(path: Path) -> list[bytes]:
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        detail = " ".join(str(error).split())[:200]
        raise InputError("files.broken", file=path, kind="GeoJSON", detail=detail) from error
    return [json.dumps(document["crs"]).encode()] if "crs" in document else []


def _name(path: Path, member: bytes) -> str:
    try:
        crs, _ = json.JSONDecoder().raw_decode(member.decode("utf-8", "replace"))
        if crs["type"] in ("name", "EPSG"):
            properties = crs["properties"]
            return str(properties["name"] if crs["type"] == "name" else f"EPSG:{properties['code']}")
    except (ValueError, KeyError, TypeError):
        pass
    raise InputError("files.geojson_crs", file=path, crs=member[:60].decode("utf-8", "replace"))
