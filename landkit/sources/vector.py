"""Polygon files of any kind, read as layers."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import shapely

from landkit.errors import CrsError, InputError, UsageError
from landkit.sources.geojson import named_crs
from landkit.sources.geopackage import feature_tables, read_geopackage
from landkit.sources.kinds import Kind, kind_of
from landkit.sources.layer import Note, SourceLayer, remark_rows, unmeasured_rows
from landkit.sources.parquet import parquet_columns, read_parquet
from landkit.sources.records import FAILURES, Records, gdal_target, offline, one_line, read_gdal, read_names
from landkit.sources.shapefile import read_shapefile, shapefile_columns
from landkit.sources.shapes import flatten

_IN_MEMORY = "pyogrio_"  # how a layer is called that has no name but that of its file, when that is bytes
_RENAMED = re.compile(r"geometry_\d+")  # what `read_names` makes of a column that is called like the shapes
TABLE = "None"  # the geometry type of a layer without any
_UNDECLARED = re.compile(r"(3D )?(unknown|geometry|geometrycollection)( Z| M| ZM)?", re.IGNORECASE)


@dataclass(frozen=True)
class Entry:
    """A layer as its file lists it; `layer` is what a driver calls it, None for the only one."""

    name: str
    layer: int | str | None
    geometry_type: str


def read_layers(
    path: str | PathLike[str], *, source_layer: str | None = None, columns: Collection[str] | None = None
) -> list[SourceLayer]:
    """Read the polygon layers of a file.

    Parameters
    ----------
    path
        A Shapefile, GeoPackage, GeoJSON, GeoParquet, FlatGeobuf, KML, GML, FileGDB (folder or ``.gdb.zip``) or
        MapInfo file.
    source_layer
        Read only the layer of this name.
    columns
        The columns that are needed; all where None. A name that the file has not is passed over.

    Returns
    -------
    list
        A layer for each polygon layer, in the file's order: every record, also those without a usable shape.

    Raises
    ------
    InputError
        The file is missing, unreadable, not of a kind that holds polygons, or holds none.
    CrsError
        A layer with rows has no reference system.
    UsageError
        It has no layer called `source_layer`.
    """
    file = Path(path)
    kind = kind_of(file)
    entries, notes = _choose(file, entries_of(file, kind), source_layer)
    if columns is not None and any(_RENAMED.fullmatch(name) for name in columns):
        columns = {*columns, "geometry"}
    layers, foreign = [], []
    for entry in entries:
        records = read_entry(file, kind, entry, columns)
        if len(entries) > 1 and _is_foreign(entry, records):
            foreign.append(entry.name)
        else:
            layers.append(_layer(file, kind, entry, records))
    if foreign:
        notes.append(Note("files.note.layers_left", {"layers": ", ".join(foreign)}))
    if not layers:
        raise InputError("files.no_polygons", file=file)
    return [replace(layer, notes=tuple(note_of(note, file) for note in (*layer.notes, *notes))) for layer in layers]


def note_of(note: Note, file: Path) -> Note:
    """Return `note` with the name of the file that it is about."""
    return Note(note.key, {"file": file.name, **note.values})


def list_columns(path: str | PathLike[str], *, source_layer: str | None = None) -> dict[str, list[str]]:
    """Return the columns of each polygon layer of a file (layer name -> column names) without reading its records.

    They are called as `read_layers` calls them.

    Raises
    ------
    InputError, UsageError
        As `read_layers`.
    """
    file = Path(path)
    kind = kind_of(file)
    entries, _ = _choose(file, entries_of(file, kind), source_layer)
    return {entry.name: read_names(_columns(file, kind, entry)) for entry in entries}


def _columns(file: Path, kind: Kind, entry: Entry) -> list[str]:
    if not kind.driver:
        return parquet_columns(file)
    if kind.name == "Shapefile":
        return shapefile_columns(file)
    target = gdal_target(file, kind)
    try:
        with offline():
            info = pyogrio.read_info(target, layer=entry.layer)
    except FAILURES:
        # What breaks a reading in bulk leaves that of one record after the other, or is refused by it.
        return [str(name) for name in read_entry(file, kind, entry, None).attributes.columns]
    stored_fid = [info["fid_column"]] if info["fid_column"] else []
    return [*stored_fid, *(str(name) for name in info["fields"])]


def entries_of(file: Path, kind: Kind) -> list[Entry]:
    """Return the layers that a file lists, a GeoPackage's feature tables only.

    Raises
    ------
    InputError
        It cannot be opened.
    """
    if kind.name == "GeoPackage":
        tables = feature_tables(file)
        return [Entry(table.name, table.name, table.geometry_type if table.is_real else "view") for table in tables]
    if not kind.has_layers:
        return [Entry(file.stem, None, "Unknown")]
    target = gdal_target(file, kind)
    try:
        with offline():
            listed = pyogrio.list_layers(target)
    except FAILURES as error:
        raise InputError("files.broken", file=file, kind=kind.name, detail=one_line(error)) from error
    names = [file.stem if str(name).startswith(_IN_MEMORY) else str(name) for name, _ in listed]
    return [Entry(name, number, str(listed[number][1])) for number, name in enumerate(names)]


def _choose(file: Path, entries: list[Entry], source_layer: str | None) -> tuple[list[Entry], list[Note]]:
    """Return the entries to read, called by the file's stem where there is only one, and what is left out."""
    surfaces = [entry for entry in entries if _may_hold_surfaces(entry.geometry_type)]
    if source_layer is not None:
        chosen = [entry for entry in surfaces if entry.name == source_layer]
        if not chosen:
            raise UsageError(
                "files.no_layer",
                file=file,
                layer=source_layer,
                layers=", ".join(entry.name for entry in surfaces) or "-",
            )
        return chosen, []
    if not surfaces:
        views = [entry.name for entry in entries if entry.geometry_type == "view"]
        raise (
            InputError("files.only_views", file=file, layers=", ".join(views))
            if views
            else InputError("files.no_polygons", file=file)
        )
    left = [entry.name for entry in entries if entry not in surfaces]
    notes = [Note("files.note.layers_left", {"layers": ", ".join(left)})] if left else []
    if len(surfaces) == 1:
        stem = file.name[: -len(".gdb.zip")] if file.name.lower().endswith(".gdb.zip") else file.stem
        surfaces = [Entry(stem, surfaces[0].layer, surfaces[0].geometry_type)]
    return surfaces, notes


def _may_hold_surfaces(geometry_type: str) -> bool:
    kind = geometry_type.upper()
    return any(word in kind for word in ("POLYGON", "SURFACE")) or _UNDECLARED.fullmatch(kind) is not None


def _is_foreign(entry: Entry, records: Records) -> bool:
    """Return whether a layer of undeclared type turned out to hold no surface."""
    has_surface = np.isin(shapely.get_type_id(records.shapes), (3, 6, 7)).any()
    return _UNDECLARED.fullmatch(entry.geometry_type) is not None and not has_surface and not records.reasons


def read_entry(
    file: Path, kind: Kind, entry: Entry, columns: Collection[str] | None, *, packed: bool = False
) -> Records:
    """Read the records of one layer (all columns where None), with `packed` and where read in bulk its shapes as WKB.

    Raises
    ------
    InputError
        It cannot be read.
    """
    if not kind.driver:
        return read_parquet(file, columns=columns)
    if kind.name == "Shapefile":
        return read_shapefile(file, kind, columns=columns)
    if kind.name == "GeoPackage":
        return read_geopackage(file, kind, table=str(entry.layer), columns=columns)
    return read_gdal(file, kind, layer=entry.layer, columns=columns, packed=packed)


def _layer(file: Path, kind: Kind, entry: Entry, records: Records) -> SourceLayer:
    if not _may_hold_surfaces(records.geometry_type):
        raise InputError("files.no_polygons", file=file)
    crs = crs_of(file, kind, records)
    if crs is None and len(records.shapes):
        raise CrsError("crs.missing", name=f"{file} [{entry.name}]" if entry.name != file.stem else str(file))
    return build_layer(file, kind, entry, records, crs)


def build_layer(file: Path, kind: Kind, entry: Entry, records: Records, crs: pyproj.CRS | None) -> SourceLayer:
    """Return the records of one layer in two dimensions, under the reference system `crs`."""
    nothing = np.full(len(records.shapes), None, dtype=object)
    shapes, is_flattened = (nothing, False) if records.is_packed else flatten(records.shapes)
    notes = [Note("files.note.flattened"), *records.notes] if is_flattened else records.notes
    frame = gpd.GeoDataFrame(records.attributes, geometry=shapes, crs=crs)
    remarks: list[tuple[int, str, dict[str, object]]] = [
        (int(row), "archive.remark.closed", {}) for row in np.flatnonzero(records.closed)
    ]
    has_shapes = records.geometry_type != TABLE or not pd.isna(records.shapes).all()
    return SourceLayer(
        entry.name, frame, file, unmeasured_rows(records.reasons), tuple(notes), kind=kind.name, has_shapes=has_shapes,
        wkb=records.shapes if records.is_packed else None, remarks=remark_rows(remarks),
    )  # fmt: skip


def crs_of(file: Path, kind: Kind, records: Records) -> pyproj.CRS | None:
    """Return the reference system that the file names for `records`, or None.

    Raises
    ------
    CrsError
        It names one that cannot be understood, or says that it is unknown.
    InputError
        A GeoJSON file names a link.
    """
    return named_crs(file) if kind.name == "GeoJSON" else _crs(file, records.crs)


def _crs(file: Path, delivered: Any) -> pyproj.CRS | None:
    if delivered is None:
        return None
    try:
        crs = pyproj.CRS.from_user_input(delivered)
    except pyproj.exceptions.CRSError as error:
        raise CrsError("files.crs_unreadable", file=file, detail=one_line(error)) from error
    # what a GeoPackage calls its two systems for "not known"
    return None if crs.name.lower().startswith("undefined") else crs
