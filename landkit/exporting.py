"""Layers of a workspace going out again, in the formats that others work with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from landkit.crs import Source, carry, read_plane, read_source
from landkit.errors import UsageError
from landkit.measure.area import areas
from landkit.products.dxf import dxf_file
from landkit.products.outgoing import Outgoing, Writer, Written, beside, is_surface, table_bytes
from landkit.products.output import check_targets, write_all
from landkit.products.shapefile import shapefile_file
from landkit.products.survey_txt import PROFILES, survey_txt_bytes
from landkit.products.vector_files import csv_file, geojson_file, geopackage_file, parquet_file
from landkit.schema import Field, schema
from landkit.sources import Note, SourceLayer, screen
from landkit.workspace import Workspace, open_workspace

SUFFIXES: dict[str, tuple[str, ...]] = {
    "survey-txt": (".txt",),
    "dxf": (".dxf",),
    "shp": (".shp",),
    "geojson": (".geojson", ".json"),
    "parquet": (".parquet", ".geoparquet"),
    "csv": (".csv",),
    "gpkg": (".gpkg",),
}
_WRITERS: dict[str, Writer] = {
    "dxf": dxf_file,
    "shp": shapefile_file,
    "geojson": geojson_file,
    "parquet": parquet_file,
    "csv": csv_file,
    "gpkg": geopackage_file,
}
_BESIDE = {"shp": ("fields", "rest", "shapes"), "dxf": ("dxf-rows",), "survey-txt": ("txt-rows",)}
_PARTS = {"shp": (".shx", ".dbf", ".prj", ".cpg")}
_DEGREES = "EPSG:4490"
_IN_DEGREES, _IN_METRES = ("geojson",), ("dxf", "survey-txt")
_SQUARE_METRES = 10_000
# What a boundary-point file calls the columns that it has a place for
_TXT_COLUMNS = {
    "地块编号": ("id",),
    "地块名称": ("name",),
    "地块用途": ("use_now", "current_use", "land_use"),
    "BZ": ("note",),
}
_ROW_NUMBER = "fid"  # of a GeoPackage
_KEPT_FOLDERS = (".landkit", "log")  # of a workspace


@dataclass(frozen=True)
class Receipt:
    """What was written.

    Attributes
    ----------
    layer, to
        The layer and the format.
    crs
        The reference system of the coordinates; empty for a table.
    files
        The SHA-256 of each file that was written.
    rows
        How many rows the layer has; all of them are in one of the files.
    shapeless
        How many of them have no shape that can be measured.
    placeholder
        How many have an illustrative one.
    notes
        What was lost, cut or put aside.
    """

    layer: str
    to: str
    crs: str
    files: dict[Path, str]
    rows: int
    shapeless: int
    placeholder: int
    notes: tuple[Note, ...]


def export(
    layer: str,
    *,
    to: str,
    output: str | PathLike[str],
    workspace: Workspace | str | PathLike[str] | None = None,
    profile: str | None = None,
    crs: str | None = None,
    force: bool = False,
) -> Receipt:
    """Write a layer of a workspace to a file for others, with nothing left out in silence.

    Parameters
    ----------
    layer
        The id of a layer; of a table, `to` must be ``csv``.
    to
        ``survey-txt``, ``dxf``, ``shp``, ``geojson``, ``parquet``, ``csv`` or ``gpkg``.
    output
        The file, with an extension of the format. What goes with it (the parts of a shapefile, tables of what a format
        cannot hold) is written beside it under the same stem.
    workspace
        The workspace, its folder, or None to find it (``.``, then ``./layers``).
    profile
        How the recipient of a boundary-point file wants it, one of `landkit.products.survey_txt.PROFILES`; by default
        ``standard``.
    crs
        A system of CGCS2000: EPSG:4490, or a 3-degree plane with its zone prefix or without. By default EPSG:4490 for
        GeoJSON, else the working plane.
    force
        Replace files that exist. Those of the workspace itself are never replaced.

    Raises
    ------
    UsageError
        There is no such layer; the format, extension, profile or system does not suit; a file exists and `force` is
        not given, or cannot be written.
    InputError, CrsError, DatumError
        The layer cannot be read, or its shapes cannot be written in the format.
    """
    opened = workspace if isinstance(workspace, Workspace) else open_workspace(workspace)
    path = Path(output)
    _check_format(to, path, profile)
    targets = [path, *(path.with_suffix(suffix) for suffix in _PARTS.get(to, ()))]
    targets += [beside(path, what) for what in _BESIDE.get(to, ())]
    _check_not_ours(opened, targets)
    check_targets(targets, force=force)
    if layer in opened.layers and opened.layers[layer].is_table:
        return _export_table(opened, layer, to, path, force=force)
    found = opened.source(layer)
    target = _target(to, crs, opened)
    outgoing = _outgoing(found, target, opened)
    if to == "survey-txt":
        written = _survey(outgoing, path, profile, target, is_given=crs is not None)
    else:
        written = _WRITERS[to](outgoing, path)
    write_all(written.files, force=force)
    _remove_stale(targets, written)
    usable, _ = screen(found.frame, known=found.unmeasured)
    placeholder = int(outgoing.is_placeholder.sum())
    said = [Note("export.note.placeholder", {"count": placeholder})] if placeholder else []
    return Receipt(
        layer, to, target.crs.to_string(), _hashes(written), len(found.frame), int((~usable).sum()), placeholder,
        (*found.notes, *said, *written.notes),
    )  # fmt: skip


def _hashes(written: Written) -> dict[Path, str]:
    return {path: hashlib.sha256(data).hexdigest() for path, data in written.files.items()}


def _check_format(to: str, path: Path, profile: str | None) -> None:
    if to not in SUFFIXES:
        raise UsageError("export.format", to=to, formats=", ".join(SUFFIXES))
    if path.suffix.lower() not in SUFFIXES[to]:
        raise UsageError("export.suffix", path=path, to=to, suffixes=" ".join(SUFFIXES[to]))
    if profile is not None and to != "survey-txt":
        raise UsageError("export.no_profile", to=to)
    if profile is not None and profile not in PROFILES:
        raise UsageError("export.profile", profile=profile, profiles=", ".join(PROFILES))


def _check_not_ours(workspace: Workspace, targets: list[Path]) -> None:
    """Refuse to write to what the workspace keeps, whatever `force` says."""
    root = workspace.root.resolve()
    kept = {spec.path.resolve() for spec in workspace.layers.values()}
    for target in targets:
        real = target.resolve()
        folder = real.relative_to(root).parts[0] if real.is_relative_to(root) and real != root else ""
        is_record = real.parent == root and (real.suffix == ".toml" or real.name == "decisions.csv")
        if real in kept or folder in _KEPT_FOLDERS or is_record:
            raise UsageError("export.own_file", path=target)


def _remove_stale(targets: list[Path], written: Written) -> None:
    """Take away what an earlier export left beside the file and this one has no need of."""
    for target in targets:
        if target not in written.files:
            target.unlink(missing_ok=True)


def _export_table(workspace: Workspace, layer: str, to: str, path: Path, *, force: bool) -> Receipt:
    if to != "csv":
        raise UsageError("export.table", layer=layer, to=to)
    rows = workspace.table(layer)
    written = Written({path: table_bytes(rows)})
    write_all(written.files, force=force)
    return Receipt(layer, to, "", _hashes(written), len(rows), 0, 0, ())


def _target(to: str, crs: str | None, workspace: Workspace) -> Source:
    """Return the system to write in: CGCS2000 in degrees, or one of its 3-degree planes."""
    asked = crs or (_DEGREES if to in _IN_DEGREES else workspace.zone.crs)
    try:
        found = read_source(asked, name=asked)
    except pyproj.exceptions.CRSError as error:
        raise UsageError("export.crs", crs=asked) from error
    is_wanted = found.plane is not None or found.crs.to_epsg() in (4490, 4326)
    if not is_wanted or (to in _IN_DEGREES and found.plane) or (to in _IN_METRES and not found.plane):
        raise UsageError("export.crs_for", crs=asked, to=to)
    return found


def _outgoing(found: SourceLayer, target: Source, workspace: Workspace) -> Outgoing:
    frame, plane = found.frame, read_plane(workspace.zone.crs)
    usable, _ = screen(frame, known=found.unmeasured)
    hectares = np.full(len(frame), np.nan)
    if usable.any():
        hectares[usable] = areas(frame[usable], plane=plane.name).to_numpy() / _SQUARE_METRES
    shapes = np.array(frame.geometry.array, dtype=object)
    if frame.crs is not None:
        shapes = _carried(shapes, read_source(frame.crs, name=found.name), target)
    known = schema().layers.get(found.name)
    stated = frame.get("geom_source", pd.Series(index=frame.index, dtype="str"))
    is_placeholder = (stated == "placeholder").fillna(value=False).to_numpy(dtype=bool) & is_surface(shapes)
    fields = known.fields if known else schema().common
    attributes = _attributes(found, fields)
    written = gpd.GeoDataFrame(attributes, geometry=shapes, crs=target.crs)
    return Outgoing(found.name, known.zh if known else found.name, written, fields, hectares, is_placeholder)


def _attributes(found: SourceLayer, fields: Mapping[str, Field]) -> pd.DataFrame:
    """Return the columns of a layer without what its storage added: row numbers, and the zone of times that have none.

    A GeoPackage calls every time one of UTC, whatever was meant.
    """
    attributes = pd.DataFrame(found.frame.drop(columns=found.frame.geometry.name))
    if found.path.suffix.lower() == ".gpkg":
        attributes = attributes.drop(columns=_ROW_NUMBER, errors="ignore")
        for name in attributes.columns.intersection(list(fields)):
            if isinstance(attributes[name].dtype, pd.DatetimeTZDtype):
                attributes[name] = attributes[name].dt.tz_convert("UTC").dt.tz_localize(None)
    return attributes


def _carried(shapes: Any, source: Source, target: Source) -> Any:
    """Return `shapes` in `target`, untouched where they are in it already."""
    if source.crs == target.crs:
        return shapes
    if target.plane is None:
        # degrees of CGCS2000 and of WGS 84 are the same
        return shapely.transform(shapes, lambda xy: np.column_stack(source.geographic(*xy.T)))
    carried = carry(shapes, source, target.plane)
    return carried if target.prefix == 0 else shapely.transform(carried, lambda xy: xy + np.array([target.prefix, 0.0]))


def _survey(outgoing: Outgoing, path: Path, profile: str | None, target: Source, *, is_given: bool) -> Written:
    """Write a boundary-point file; what it has no place for is told, and stands beside it."""
    wanted = PROFILES[profile or "standard"]
    if is_given:
        wanted = replace(wanted, prefix=target.prefix != 0)
    plane = target.plane
    if plane is None:
        raise UsageError("export.crs_for", crs=target.crs.to_string(), to="survey-txt")
    attributes = outgoing.attributes
    frame = gpd.GeoDataFrame(dict(_txt_columns(outgoing)), geometry=outgoing.frame.geometry, crs=outgoing.frame.crs)
    shapes = outgoing.shapes
    is_strange = np.isin(shapely.get_type_id(shapes), (7,))
    files = {path: survey_txt_bytes(frame[~is_strange], profile=wanted, plane=plane)}
    shapes[~is_strange] = None
    files[beside(path, "txt-rows")] = table_bytes(attributes, shapes if is_strange.any() else None)
    notes = [Note("export.note.columns_aside", {"file": beside(path, "txt-rows").name})]
    notes.append(Note("export.note.rounded", {"digits": wanted.digits}))
    if is_strange.any():
        aside: dict[str, object] = {"count": int(is_strange.sum()), "file": beside(path, "txt-rows").name}
        notes.append(Note("export.note.rows_aside", aside))
    return Written(files, tuple(notes))


def _txt_columns(outgoing: Outgoing) -> Iterator[tuple[str, pd.Series[Any]]]:
    for wanted, candidates in _TXT_COLUMNS.items():
        found = next((name for name in candidates if name in outgoing.frame.columns), None)
        if found is not None:
            yield wanted, outgoing.frame[found]
    if outgoing.is_placeholder.any():
        note = outgoing.frame.get("note", pd.Series(index=outgoing.frame.index, dtype="str")).fillna("").astype("str")
        yield "BZ", note.where(~outgoing.is_placeholder, "示意图形 " + note).str.strip()
