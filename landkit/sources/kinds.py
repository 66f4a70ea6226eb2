"""The kinds of file that hold polygons, and how one is told from another.

The extension says what a file claims to be and its first bytes say what it is; both must agree before any driver
sees it. GDAL alone would look at the bytes only and follow a virtual format wherever it points.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from landkit import words
from landkit.errors import InputError

HEAD = 65_536
DATABASES = (".sqlite", ".sqlite3", ".db", ".spatialite")
_SQLITE = b"SQLite format 3\0"
_VIRTUAL_TABLE = re.compile(rb"create\s+view|seamless", re.IGNORECASE)
_JSON_FEATURES = re.compile(rb'"type"\s*:\s*"(FeatureCollection|Feature)"')
_JSON_SHAPES = re.compile(rb'"type"\s*:\s*"((Multi)?(Point|LineString|Polygon)|GeometryCollection)"')
_JSON_ALGORITHM = b"gdal_streamed_alg"  # a recipe that GDAL would run
_DBASE = frozenset(b"\x02\x03\x04\x05\x30\x31\x32\x43\x63\x83\x8b\x8c\xcb\xf5\xfb")  # dBASE III to 7, FoxPro
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


def _is_json_lines(head: bytes) -> bool:
    first = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\x1e \t\r\n").split(b"\n", 1)[0]
    return _is_json(first) and bool(_JSON_FEATURES.search(first) or _JSON_SHAPES.search(first))


def _is_dbase(head: bytes) -> bool:
    # the version byte, and a header that is a whole number of fields behind its own 32 bytes and the terminator
    return len(head) > 32 and head[0] in _DBASE and int.from_bytes(head[8:10], "little") >= 33


def _is_zip(head: bytes) -> bool:
    return head[:4] in (b"PK\x03\x04", b"PK\x05\x06")  # the second: an archive without a member


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
    Kind("GeoPackage", (".gpkg",), "GPKG", lambda head: head[:16] == _SQLITE, has_layers=True),
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

# What else may be delivered that GDAL or an archive's own reader opens: points, lines, plain tables
OTHER_KINDS = (
    Kind("SQLite", DATABASES, "", lambda head: head[:16] == _SQLITE and head[68:72] != b"GPKG", has_layers=True),
    Kind("dBASE", (".dbf",), "ESRI Shapefile", _is_dbase, (".cpg",)),
    Kind("GPX", (".gpx",), "GPX", _is_xml_of(b"gpx"), is_markup=True, has_layers=True),
    Kind("GeoJSON lines", (".geojsons", ".geojsonl", ".geojsonseq", ".ndjson", ".jsonl"), "GeoJSONSeq", _is_json_lines),
    Kind("Esri JSON", (".json",), "ESRIJSON", lambda head: _is_json(head) and b"esriGeometry" in head),
    Kind("KMZ", (".kmz",), "", _is_zip),
    Kind("ZIP", (".zip",), "", _is_zip),
)


# What is not read, and why: extension -> the words of `files.refused`
_OTHERS = {
    "archive": (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".z01", ".001", ".iso"),
    "drawing": (".dwg", ".dgn", ".dwt"),
    "database": (".mdb", ".accdb", ".sql"),
    "pointer": (".vrt", ".qgz", ".qgs", ".mxd", ".aprx", ".lyr", ".lyrx", ".qlr", ".wor", ".url", ".lnk"),
    "program": (".pkl", ".pickle", ".py", ".exe", ".dll", ".js", ".bat", ".npy", ".rds", ".rdata", ".mat"),
    "topology": (".topojson", ".svg", ".osm", ".pbf"),
    "document": (
        ".doc", ".docx", ".wps", ".pdf", ".ppt", ".pptx", ".html", ".htm", ".md", ".eml",
        ".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff",
    ),
    "part": (
        ".shx", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qmd", ".dat", ".map", ".id", ".ind", ".mid", ".gdbtable",
        ".gpkg-wal", ".gpkg-shm", ".aux.xml", ".shp.xml",
    ),
}  # fmt: skip
# Whose readers look for files of the same name beside
_SETS = (".shp", ".dbf", ".tab", ".mif", ".gpkg", *DATABASES)
BINARY_DXF = b"AutoCAD Binary DXF\r\n\x1a\x00"
_TEXT_DXF = re.compile(rb"(\xef\xbb\xbf)?\s*(999[ \t]*\r?\n[^\n]*\n\s*)*0\s*SECTION", re.IGNORECASE)
_DWG = re.compile(rb"AC(10\d\d|1\.\d|2\.\d)|MC0\.0")


def check_plain(path: Path) -> None:
    """Refuse all but regular files and ``.gdb`` folders of such, without opening anything.

    Files beside that a reader would open along with it are held to the same.

    Raises
    ------
    InputError
        There is nothing at `path`, or it is a link, a pipe, a device or another folder.
    """
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise InputError("files.missing", file=path) from error
    except OSError as error:
        raise InputError("files.unreadable", file=path, detail=error.strerror) from error
    if stat.S_ISLNK(mode):
        raise InputError("files.link", file=path)
    if stat.S_ISDIR(mode) and path.suffix.lower() == ".gdb":
        within = list(path.iterdir())
    elif stat.S_ISREG(mode):
        stem = f"{path.stem.casefold()}."
        folder = path.absolute().parent
        beside = os.listdir(folder) if path.suffix.lower() in _SETS else ()  # noqa: PTH208 - folders may be large
        within = [folder / name for name in beside if name.casefold().startswith(stem)]
    else:
        raise InputError("files.not_regular", file=path)
    for file in within:
        kind = file.lstat().st_mode
        if not (stat.S_ISREG(kind) or (stat.S_ISDIR(kind) and file.parent != path)):
            raise InputError("files.link" if stat.S_ISLNK(kind) else "files.not_regular", file=file)


def refuse_others(path: Path) -> None:
    """Refuse a file of a kind that is known and not read, and a part of a set, naming what to do.

    Raises
    ------
    InputError
        It is such a file.
    """
    name = path.name.lower()
    whole = sidecar(path, ".shp") if name.endswith(".dbf") else None
    if whole is not None:
        raise InputError("files.part_of", file=path, whole=whole.name)
    if name.endswith(".dxf") and is_dwg(read_head(path)):
        name += ".dwg"
    if name.endswith(DATABASES) and read_head(path)[: len(_SQLITE)] != _SQLITE:  # encrypted, or another program's
        name += ".mdb"
    for group, suffixes in _OTHERS.items():
        if name.endswith(suffixes):
            advice = words.Phrase(f"files.refused.{group}.advice")
            raise InputError("files.refused", file=path, what=words.Phrase(f"files.refused.{group}"), advice=advice)


def is_dxf(head: bytes) -> bool:
    """Return whether the first bytes of a file are those of a DXF drawing, text or binary."""
    return head.startswith(BINARY_DXF) or _TEXT_DXF.match(head) is not None


def is_dwg(head: bytes) -> bool:
    """Return whether the first bytes of a file are those of a DWG drawing."""
    return _DWG.match(head) is not None


def kind_of(path: Path, kinds: Sequence[Kind] = KINDS) -> Kind:
    """Return which of `kinds` the file at `path` is, whose extension and first bytes agree.

    Raises
    ------
    InputError
        The file is missing, unreadable, no regular file (or ``.gdb`` folder), or of none of `kinds`.
    """
    name = path.name.lower()
    is_folder = _is_folder(path)
    claimed = [kind for kind in kinds if name.endswith(kind.suffixes)]
    if not claimed:
        suffixes = dict.fromkeys(suffix for kind in kinds for suffix in kind.suffixes)
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


def files_of(path: Path) -> list[Path]:
    """Return every file of a delivery in the order in which they are hashed."""
    if path.is_dir():
        return sorted((Path(entry) for entry in os.scandir(path) if entry.is_file()), key=lambda file: file.name)
    kinds = [kind for kind in (*KINDS, *OTHER_KINDS) if path.name.lower().endswith(kind.suffixes)]
    beside = (sidecar(path, suffix) for kind in kinds[:1] for suffix in kind.sidecars)
    return [path, *(file for file in beside if file is not None)]
