"""The kinds of file that hold polygons, and how one is told from another.

The extension says what a file claims to be and its first bytes say what it is; both must agree before any driver
sees it. GDAL alone would look at the bytes only and follow a virtual format wherever it points.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from landkit.errors import InputError

HEAD = 65_536
_VIRTUAL_TABLE = re.compile(rb"create\s+view|seamless", re.IGNORECASE)
_JSON_FEATURES = re.compile(rb'"type"\s*:\s*"(FeatureCollection|Feature)"')
_JSON_SHAPES = re.compile(rb'"type"\s*:\s*"((Multi)?(Point|LineString|Polygon)|GeometryCollection)"')
_JSON_ALGORITHM = b"gdal_streamed_alg"  # a recipe that GDAL would run
_JSON_TOPOLOGY = re.compile(rb'"type"\s*:\s*"Topology"')


@dataclass(frozen=True)
class Kind:
    """A kind of delivery.

    Attributes
    ----------
    name
        What it is called in messages.
    suffixes
        The extensions that claim it, in lower case.
    driver
        The GDAL driver that reads it; empty for the kinds that need none.
    is_content
        Whether the first bytes are those of this kind.
    sidecars
        Extensions of the files that belong to it, in the order in which they are hashed.
    is_markup
        XML: read whole, checked for entities, and handed over without its folder.
    has_layers
        A file of this kind may hold several layers.
    """

    name: str
    suffixes: tuple[str, ...]
    driver: str
    is_content: Callable[[bytes], bool]
    sidecars: tuple[str, ...] = ()
    is_markup: bool = False
    has_layers: bool = False


def _is_json(head: bytes) -> bool:
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{" and _JSON_ALGORITHM not in head


def _is_geojson(head: bytes) -> bool:
    if not _is_json(head) or b'"conformsTo"' in head:
        return False
    # the members of an object stand in any order, so a long first member may hide "type" from the head
    return bool(
        _JSON_FEATURES.search(head)
        or (_JSON_SHAPES.search(head) and not _JSON_TOPOLOGY.search(head))
        or (len(head) == HEAD and not _is_esri_json(head))
    )


def _is_json_fg(head: bytes) -> bool:
    return _is_json(head) and b'"conformsTo"' in head and b"json-fg" in head


def _is_esri_json(head: bytes) -> bool:
    return _is_json(head) and b'"rings"' in head and not _JSON_FEATURES.search(head)


def _is_xml_of(word: bytes) -> Callable[[bytes], bool]:
    def is_content(head: bytes) -> bool:
        text = head.replace(b"\0", b"")  # UTF-16
        return b"<" in text[:8] and word in text

    return is_content


KINDS = (
    Kind(
        "Shapefile", (".shp",), "ESRI Shapefile",
        lambda head: head[:4] == b"\x00\x00\x27\x0a",
        (".shx", ".dbf", ".prj", ".cpg"),
    ),
    Kind("GeoPackage", (".gpkg",), "GPKG", lambda head: head[:16] == b"SQLite format 3\0", has_layers=True),
    Kind("GeoJSON", (".geojson", ".json"), "GeoJSON", _is_geojson),
    Kind("JSON-FG", (".json", ".geojson"), "JSONFG", _is_json_fg, has_layers=True),
    Kind("Esri JSON", (".json",), "ESRIJSON", _is_esri_json),
    Kind("GeoParquet", (".parquet", ".geoparquet"), "", lambda head: head[:4] == b"PAR1"),
    Kind("FlatGeobuf", (".fgb",), "FlatGeobuf", lambda head: head[:3] == b"fgb" and head[4:7] == b"fgb"),
    Kind("KML", (".kml",), "KML", _is_xml_of(b"kml"), is_markup=True, has_layers=True),
    Kind("GML", (".gml", ".xml"), "GML", _is_xml_of(b"opengis.net/gml"), is_markup=True, has_layers=True),
    Kind("FileGDB", (".gdb",), "OpenFileGDB", lambda head: not head, has_layers=True),
    Kind("FileGDB", (".gdb.zip",), "OpenFileGDB", lambda head: head[:4] == b"PK\x03\x04", has_layers=True),
    Kind(
        "MapInfo", (".tab",), "MapInfo File",
        lambda head: head.lstrip()[:6].lower() == b"!table" and not _VIRTUAL_TABLE.search(head),
        (".dat", ".map", ".id", ".ind"),
    ),
    Kind("MapInfo", (".mif",), "MapInfo File", lambda head: head.lstrip()[:7].lower() == b"version", (".mid",)),
)  # fmt: skip


def kind_of(path: Path) -> Kind:
    """Return the kind of the file at `path`, whose extension and first bytes agree.

    Raises
    ------
    InputError
        The file is missing, unreadable, no regular file (or ``.gdb`` folder), or not of a kind that holds polygons.
    """
    name = path.name.lower()
    is_folder = _is_folder(path)
    claimed = [kind for kind in KINDS if name.endswith(kind.suffixes)]
    if not claimed:
        suffixes = dict.fromkeys(suffix for kind in KINDS for suffix in kind.suffixes)
        raise InputError("files.unknown_kind", file=path, suffixes=" ".join(suffixes))
    if is_folder != name.endswith(".gdb"):
        raise InputError("files.not_regular", file=path)
    if is_folder:
        is_content = any(path.glob("*.gdbtable"))
        found = claimed[:1] if is_content else []
    else:
        head = read_head(path)
        found = [kind for kind in claimed if kind.is_content(head)]
    if found:
        return found[0]
    raise InputError("files.not_kind", file=path, kind=claimed[0].name)


def _is_folder(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise InputError("files.missing", file=path) from error
    except OSError as error:
        raise InputError("files.unreadable", file=path, detail=error.strerror) from error
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise InputError("files.not_regular", file=path)
    return stat.S_ISDIR(mode)


def read_head(path: Path) -> bytes:
    """Return the first `HEAD` bytes of a file.

    Raises
    ------
    InputError
        It cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(HEAD)
    except OSError as error:
        raise InputError("files.unreadable", file=path, detail=error.strerror) from error


def sidecar(path: Path, suffix: str) -> Path | None:
    """Return the file beside `path` with another extension, in small or capital letters, if there is one."""
    for candidate in (path.with_suffix(suffix), path.with_suffix(suffix.upper())):
        if candidate.is_file():
            return candidate
    return None


def files_of(path: Path, kind: Kind) -> list[Path]:
    """Return every file of a delivery in the order in which they are hashed."""
    if path.is_dir():
        return sorted((Path(entry) for entry in os.scandir(path) if entry.is_file()), key=lambda file: file.name)
    beside = (sidecar(path, suffix) for suffix in kind.sidecars)
    return [path, *(file for file in beside if file is not None)]
