"""Spreadsheets and text tables, read as layers: a layer for each sheet that holds anything."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np

from landkit.errors import InputError
from landkit.sources.grid import Grid
from landkit.sources.kinds import read_head
from landkit.sources.layer import Note, SourceLayer, remark_rows, unmeasured_rows
from landkit.sources.point_lists import point_list
from landkit.sources.shapes import flatten
from landkit.sources.sheets import OLE, is_workbook, read_sheets
from landkit.sources.table_shapes import Shapes, find_axes, points, text_shapes
from landkit.sources.tables import Table, read_table
from landkit.sources.text_tables import is_table_text, read_text_table

__all__ = ["is_table_text", "is_workbook", "read_tabular"]

_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")


def read_tabular(path: Path, *, encoding: str | None = None) -> list[SourceLayer]:
    """Read a workbook (xlsx, xls, ods) or a text table (csv, tsv, txt).

    Titles, totals, footnotes, blank rows and repeated headers are no records; what was left out, assumed or mended is
    in the layer's notes and remarks, and totals are compared with the rows they sum up. Shapes are read from a column
    of well-known text or GeoJSON, from lists of boundary points, or from a pair of coordinates; a table without any
    has a null geometry in every row. ``rows`` holds the 1-based sheet row (line of a text table) of each record,
    that of the first point for a parcel.

    Parameters
    ----------
    path
        The file.
    encoding
        Of a text table; found from its bytes where None (byte order mark, UTF-8, GB18030).

    Returns
    -------
    list
        A layer for each sheet that holds anything; `SourceLayer.header` has its ``title``, its ``unit`` and, for each
        column with a total, ``control.<column>`` as ``declared|computed``.

    Raises
    ------
    InputError
        The file cannot be opened, is damaged, encrypted, too large, no text in its encoding, or empty.
    """
    kind, grids = _grids(path, encoding)
    layers = [_layer(path, kind, read_table(grid)) for grid in grids]
    if not layers:
        raise InputError("sheets.empty", file=path)
    return layers


def _grids(path: Path, encoding: str | None) -> tuple[str, list[Grid]]:
    """Return what the file is, by its content where that is a workbook of another kind, and its sheets."""
    head, suffix = read_head(path), path.suffix.lower()
    if suffix in _WORKBOOKS and is_workbook(head):
        packed = "ODS" if suffix == ".ods" else "XLSX"
        kind = "XLS" if head.startswith(OLE) else packed
        return kind, read_sheets(path, kind=kind)
    if suffix in _WORKBOOKS or not is_table_text(head):
        raise InputError("files.not_kind", file=path, kind=suffix.removeprefix(".").upper())
    grid = read_text_table(path, encoding=encoding)
    return "TSV" if suffix == ".tsv" else "CSV", [grid] if any(map(any, grid.rows)) else []


def _layer(path: Path, kind: str, table: Table) -> SourceLayer:
    table, found = _with_shapes(table)
    count = len(table.attributes)
    place = f"{path.name} [{table.name}]" if path.suffix.lower() in _WORKBOOKS else path.name
    shapes, is_flattened = flatten(found.shapes if found else np.full(count, None, dtype=object))
    notes = [*table.notes, *(found.notes if found else []), *([Note("files.note.flattened")] if is_flattened else [])]
    attributes = table.attributes
    if "geometry" in attributes:
        notes.append(Note("files.note.renamed", {"name": "geometry", "new": "geometry_text"}))
        attributes = attributes.rename(columns={"geometry": "geometry_text"})
    frame = gpd.GeoDataFrame(attributes, geometry=shapes, crs=found.crs if found else None)
    remarks = sorted([*table.remarks, *(found.remarks if found else [])], key=lambda remark: remark[0])
    return SourceLayer(
        table.name,
        frame,
        path,
        unmeasured_rows(found.reasons if found else {}),
        tuple(Note(note.key, {"file": place, **note.values}) for note in notes),
        kind=kind,
        has_shapes=found is not None,
        header=table.header,
        rows=table.numbers,
        remarks=remark_rows(remarks),
    )


def _with_shapes(table: Table) -> tuple[Table, Shapes | None]:
    if (found := text_shapes(table)) is not None:
        return table, found
    if (listed := point_list(table)) is not None:
        return listed
    axes = find_axes(table.attributes, is_survey=False)
    return table, points(table, axes) if axes else None
