"""Any delivery as layers: every layer of every kind of file, archives included, with every record."""

from __future__ import annotations

import codecs
import shutil
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from os import PathLike
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyproj
import shapely

from landkit.errors import CrsError, InputError, LandkitError, UsageError
from landkit.sources.archive import Allowance, Member, unpack
from landkit.sources.garbled import garbled_columns
from landkit.sources.geojson import named_crs
from landkit.sources.geopackage import other_tables, read_geopackage
from landkit.sources.kinds import KINDS, OTHER_KINDS, Kind, check_plain, is_dxf, kind_of, refuse_others, sidecar
from landkit.sources.layer import Note, SourceLayer
from landkit.sources.mapinfo import neutral, read_mapinfo
from landkit.sources.parquet import read_plain_parquet
from landkit.sources.records import Records
from landkit.sources.shapefile import read_dbase, read_shapefile, write_index
from landkit.sources.shapes import decode
from landkit.sources.sqlite import Shelf, read_sqlite, shelves
from landkit.sources.survey_txt import is_survey_txt, read_survey_txt
from landkit.sources.tabular import is_table_text, is_workbook, read_tabular
from landkit.sources.vector import TABLE, Entry, build_layer, crs_of, entries_of, note_of, read_entry

_Reading = Callable[..., list[SourceLayer]]
_ARCHIVES = ("ZIP", "KMZ", "FileGDB")
_FARTHEST = 1e12  # a zoned easting in millimetres is 4e10
_SLICE = 1 << 12  # shapes looked at in one go; nearly always the first of these settles it
_WITH_LOGS = ("GeoPackage", "SQLite")
_DEEPEST = 1  # an archive in an archive
_CHINESE = ("gbk", "gb2312")


def _read_dxf(path: Path, *, encoding: str | None = None) -> list[SourceLayer]:
    from landkit.sources.dxf import read_dxf  # a library that takes longer to load than most files to read

    return read_dxf(path, encoding=encoding)


# Kinds with a reader of their own; what a text file holds decides which of them it is
_OWN_READERS: dict[str, _Reading] = {
    "Survey TXT": read_survey_txt,
    "DXF": _read_dxf,
    "Workbook": read_tabular,
    "Table": read_tabular,
}
DELIVERED = (
    *KINDS,
    *OTHER_KINDS,
    Kind("DXF", (".dxf",), "", is_dxf),
    Kind("Workbook", (".xlsx", ".xlsm", ".xls", ".ods"), "", is_workbook),
    Kind("Survey TXT", (".txt", ".csv"), "", is_survey_txt),
    Kind("Table", (".csv", ".tsv", ".txt"), "", is_table_text),
)
_SETS = {suffix: kind.sidecars for kind in DELIVERED for suffix in kind.suffixes}
_PAGES: dict[str, tuple[str, ...]] = {".kml": ()}


@dataclass(frozen=True)
class _Place:
    """A file to read: where its bytes lie, what it is called, and in which archive, how deep."""

    file: Path
    shown: Path
    member: str = ""
    depth: int = 0


def read_delivery(
    path: str | PathLike[str], *, source_layer: str | None = None, encoding: str | None = None
) -> list[SourceLayer]:
    """Read every layer of a delivered file: polygons, lines, points, plain tables.

    Files of strangers are read by `landkit.sources.contained.Reader`, which calls this in a process of its own.

    Parameters
    ----------
    path
        A file of any kind in `DELIVERED`, or a ``.gdb`` folder. Of a zip archive every dataset is read.
    source_layer
        Read only the layers of this name.
    encoding
        The encoding of its text, which stands above what the file says; as Python names it.

    Returns
    -------
    list
        A layer for each layer, sheet or list, in the file's order, with every record: those whose shape or attributes
        cannot be read are rows too, with their reason. Without a reference system where the file names none.

    Raises
    ------
    InputError
        Nothing of it can be read.
    UsageError
        It has no layer called `source_layer`, or there is no such `encoding`.
    """
    return [_unpacked(layer) for layer in read_packed(path, source_layer=source_layer, encoding=encoding)]


def _unpacked(layer: SourceLayer) -> SourceLayer:
    if layer.wkb is None:
        return layer
    return replace(layer, frame=layer.frame.set_geometry(decode(layer.wkb)[0], crs=layer.frame.crs), wkb=None)


def read_packed(
    path: str | PathLike[str], *, source_layer: str | None = None, encoding: str | None = None
) -> list[SourceLayer]:
    """Read as `read_delivery` does, with the shapes of what is read in bulk as WKB, to be handed to another process."""
    file = Path(path)
    codec = None if encoding is None else _codec(encoding)
    check_plain(file)
    with TemporaryDirectory(prefix="landkit-", ignore_cleanup_errors=True) as room:
        layers = _read_place(_Place(file, file), Path(room), codec, Allowance())
    layers = [replace(layer, path=file) for layer in layers]
    chosen = [layer for layer in layers if source_layer in (None, layer.name)]
    if not chosen:
        names = ", ".join(dict.fromkeys(layer.name for layer in layers))
        raise UsageError("archive.no_layer", file=file, layer=source_layer, layers=names)
    return [replace(layer, notes=(*layer.notes, *garbled_columns(layer))) for layer in chosen]


def _codec(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
        "".encode(name)
    except (LookupError, ValueError) as error:
        raise UsageError("archive.encoding", encoding=encoding) from error
    return "gb18030" if name in _CHINESE else name


def delivered_kind(file: Path) -> Kind:
    """Return the kind of a delivered file.

    Raises
    ------
    InputError
        It is of none, with what to do about it.
    """
    refuse_others(file)
    return kind_of(file, DELIVERED)


def _read_place(place: _Place, room: Path, codec: str | None, allowance: Allowance) -> list[SourceLayer]:
    at = place.file
    try:
        kind = delivered_kind(at)
        if kind.name in _ARCHIVES and at.is_file():
            return _read_archive(place, room, codec, allowance, sets=_PAGES if kind.name == "KMZ" else _SETS)
        if kind.name in _OWN_READERS:
            layers = _OWN_READERS[kind.name](at, encoding=codec)
        else:
            at, notes = _staged(at, kind, codec, room)
            layers = [replace(layer, notes=(*layer.notes, *notes)) for layer in _read_vector(at, kind, codec)]
    except LandkitError as error:
        raise _renamed_error(error, at, place.shown) from error
    return [_renamed(replace(layer, kind=layer.kind or kind.name), at, place) for layer in layers]


def _read_archive(
    place: _Place, room: Path, codec: str | None, allowance: Allowance, *, sets: Mapping[str, Collection[str]]
) -> list[SourceLayer]:
    if place.depth > _DEEPEST:
        raise InputError("archive.nested", file=place.file)
    inner = room / f"archive-{len(list(room.iterdir())):04}"
    inner.mkdir()
    datasets, left = unpack(place.file, inner, sets=sets, allowance=allowance)
    if not datasets:
        raise InputError("archive.nothing", file=place.file, members=", ".join(left[:5]) or "-")
    places = [_inside(place, member) for member in datasets]
    layers, notes = _gather(partial(_read_place, within, room, codec, allowance) for within in places)
    if left and sets is not _PAGES:  # pictures belong to a KMZ
        values = {"file": place.shown.name, "members": ", ".join(left[:10]), "count": len(left)}
        notes.append(Note("archive.note.left", values))
    return [replace(layer, notes=(*layer.notes, *notes)) for layer in layers]


def _inside(place: _Place, member: Member) -> _Place:
    name = f"{place.member}/{member.name}" if place.member else member.name
    return _Place(member.path, place.shown / member.name, name, place.depth + 1)


def _gather(readings: Iterable[Callable[[], list[SourceLayer]]]) -> tuple[list[SourceLayer], list[Note]]:
    """Return what `readings` read, and a note for each that failed where others did not."""
    layers: list[SourceLayer] = []
    failed: list[LandkitError] = []
    for reading in readings:
        try:
            layers += reading()
        except LandkitError as error:
            failed.append(error)
    if not layers and failed:
        raise failed[0]
    return layers, [Note(f"error.{error.key}", error.values) for error in failed]


def _staged(file: Path, kind: Kind, codec: str | None, room: Path) -> tuple[Path, list[Note]]:
    """Return the file to open, and what was done: a copy where the delivered one cannot be read as it lies there."""
    if kind.name in _WITH_LOGS and any(_is_filled(file.with_name(file.name + end)) for end in ("-wal", "-journal")):
        copy = _copied(room, [file, *(file.with_name(file.name + end) for end in ("-wal", "-journal"))])
        _settle(copy, kind)
        return copy, [Note("archive.note.open_elsewhere", {"file": file.name})]
    if kind.name == "Shapefile" and sidecar(file, ".shx") is None:
        beside = (sidecar(file, suffix) for suffix in kind.sidecars)
        copy = _copied(room, [file, *(part for part in beside if part is not None)])
        write_index(copy)
        return copy, [Note("archive.note.no_shx", {"file": file.name})]
    if kind.name == "MapInfo" and codec is not None:
        beside = (sidecar(file, suffix) for suffix in kind.sidecars)
        copy = _copied(room, [file, *(part for part in beside if part is not None)])
        neutral(copy)
        return copy, []
    return file, []


def _is_filled(file: Path) -> bool:
    return file.is_file() and file.stat().st_size > 0


def _copied(room: Path, files: Iterable[Path]) -> Path:
    folder = room / f"copy-{len(list(room.iterdir())):04}"
    folder.mkdir()
    copies = [Path(shutil.copyfile(file, folder / file.name)) for file in files if file.is_file()]
    return copies[0]


def _settle(copy: Path, kind: Kind) -> None:
    """Take what a program that is still open has written into a database's log over into the copy itself."""
    try:
        with closing(sqlite3.connect(copy)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA journal_mode = DELETE").fetchall()
    except sqlite3.Error as error:
        raise InputError("files.broken", file=copy, kind=kind.name, detail=error) from error


def _read_vector(file: Path, kind: Kind, codec: str | None) -> list[SourceLayer]:
    notes: list[Note] = []
    if kind.name == "SQLite":
        return _read_database(file, kind, codec)
    entries = entries_of(file, kind)
    if kind.name == "GeoPackage":
        plain, left = other_tables(file)
        left += [entry.name for entry in entries if entry.geometry_type == "view"]
        entries = [entry for entry in entries if entry.geometry_type != "view"]
        entries += [Entry(name, name, TABLE) for name in plain]
        if not entries:
            raise InputError("files.only_views", file=file, layers=", ".join(left) or "-")
        notes += [Note("archive.note.layers_left", {"layers": ", ".join(left)})] if left else []
    if not entries:
        raise InputError("archive.empty", file=file)
    layers, failed = _gather(partial(_read_layer, file, kind, entry, codec) for entry in entries)
    if kind.name == "GPX" and any(len(layer.frame) for layer in layers):
        layers = [layer for layer in layers if len(layer.frame)]  # GDAL lists all five that there could be
    if len(layers) == 1 and len(entries) == 1:
        layers = [replace(layers[0], name=file.stem)]
    notes += failed
    return [replace(layer, notes=tuple(note_of(note, file) for note in (*layer.notes, *notes))) for layer in layers]


def _read_database(file: Path, kind: Kind, codec: str | None) -> list[SourceLayer]:
    tables, left = shelves(file)
    if not tables:
        raise InputError("files.only_views" if left else "archive.empty", file=file, layers=", ".join(left))
    notes = [Note("archive.note.layers_left", {"layers": ", ".join(left)})] if left else []

    def read(shelf: Shelf) -> list[SourceLayer]:
        records = read_sqlite(file, shelf, codec=codec)
        crs, unread = _stated(lambda: crs_of(file, kind, records))
        name = file.stem if len(tables) == 1 else shelf.name
        layer = build_layer(file, kind, Entry(name, None, records.geometry_type), records, crs)
        _refuse_absurd(file, layer)
        return [replace(layer, notes=(*layer.notes, *unread))]

    layers, failed = _gather(partial(read, shelf) for shelf in tables)
    notes += failed
    return [replace(layer, notes=tuple(note_of(note, file) for note in (*layer.notes, *notes))) for layer in layers]


def _read_layer(file: Path, kind: Kind, entry: Entry, codec: str | None) -> list[SourceLayer]:
    if kind.name == "GeoJSON":
        # before GDAL opens the file: it would follow a link
        crs, notes = _stated(lambda: named_crs(file))
    records = _records(file, kind, entry, codec)
    if kind.name != "GeoJSON":
        crs, notes = _stated(lambda: crs_of(file, kind, records))
    layer = build_layer(file, kind, entry, records, crs)
    _refuse_absurd(file, layer)
    return [replace(layer, notes=(*layer.notes, *notes))]


def _records(file: Path, kind: Kind, entry: Entry, codec: str | None) -> Records:
    if kind.name == "Shapefile":
        return read_shapefile(file, kind, codec=codec, packed=True)
    if kind.name == "dBASE":
        return read_dbase(file, kind, codec=codec)
    if kind.name == "MapInfo":
        return read_mapinfo(file, kind, codec=codec)
    if kind.name == "GeoPackage":
        return read_geopackage(file, kind, table=str(entry.layer), options={"IMMUTABLE": "YES"}, packed=True)
    if kind.name == "GeoParquet":
        return read_plain_parquet(file)
    records = read_entry(file, kind, entry, None, packed=True)
    lost = int((records.fids < 0).sum()) if kind.name == "FlatGeobuf" else 0
    if lost:  # its records stand in the order of its index: the lost ones may be any
        raise InputError("archive.cut_off", file=file, kind=kind.name, count=len(records.fids), lost=lost)
    return records


def _refuse_absurd(file: Path, layer: SourceLayer) -> None:
    """Refuse a layer all of whose shapes lie where no reference system in any unit has coordinates."""
    kept = np.asarray(layer.frame.geometry.array, dtype=object) if layer.wkb is None else layer.wkb
    count = 0
    for start in range(0, len(kept), _SLICE):
        part = kept[start : start + _SLICE]
        shapes = part if layer.wkb is None else decode(part)[0]
        bounds = shapely.bounds(shapes[~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)])
        with np.errstate(invalid="ignore"):
            if (np.abs(bounds) < _FARTHEST).all(axis=1).any():
                return
        count += len(bounds)
    if count:
        raise InputError("archive.absurd", file=file, layer=layer.name, count=count)


def _stated(ask: Callable[[], pyproj.CRS | None]) -> tuple[pyproj.CRS | None, list[Note]]:
    """Return the reference system that a file names, or None and why it cannot be understood."""
    try:
        return ask(), []
    except CrsError as error:
        return None, [] if error.key == "crs.missing" else [Note(f"error.{error.key}", error.values)]


def _renamed(layer: SourceLayer, file: Path, place: _Place) -> SourceLayer:
    """Return `layer` under the names that the delivery has, not those of where its bytes lay."""
    if file == place.shown:
        return layer
    notes = tuple(Note(note.key, _renamed_values(note.values, file, place.shown)) for note in layer.notes)
    name = place.shown.stem if layer.name == file.stem else layer.name
    return replace(layer, name=name, notes=notes, member=place.member)


def _renamed_error(error: LandkitError, file: Path, shown: Path) -> LandkitError:
    return type(error)(error.key, **_renamed_values(error.values, file, shown))


def _renamed_values(values: dict[str, object], file: Path, shown: Path) -> dict[str, object]:
    def renamed(value: object) -> object:
        if isinstance(value, Path):
            return Path(renamed(str(value)))  # type: ignore[arg-type]
        if not isinstance(value, str):
            return value
        stems = (str(file.with_suffix("")), str(shown.with_suffix("")))
        return value.replace(*stems) if stems[0] in value else value.replace(file.name, shown.name)

    return {name: renamed(value) for name, value in values.items()}
