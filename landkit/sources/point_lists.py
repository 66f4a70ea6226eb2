"""Lists of boundary points (界址点成果表): the rows of a parcel become its rings."""

from __future__ import annotations

import math
import re

import numpy as np
import pandas as pd

from landkit.sources.grid import cell_text
from landkit.sources.layer import Note
from landkit.sources.survey_lines import Point, Record
from landkit.sources.survey_rings import trace
from landkit.sources.table_header import bare_key
from landkit.sources.table_shapes import Axes, Shapes, find_axes
from landkit.sources.tables import Table
from landkit.values import numbers

_POINT_NAMES = ("点号", "界址点号", "界址点", "点名", "拐点编号", "拐点号", "拐点", "折点号", "点序号", "jzdh")
_RING_NAMES = ("圈号", "地块圈号", "环号", "ring")
_PARCEL_NAMES = (
    *(
        "宗地号",
        "宗地编号",
        "宗地代码",
        "地块编号",
        "地块号",
        "图斑编号",
        "不动产单元号",
        "dkbh",
        "zddm",
        "tbbh",
        "bsm",
    ),
    *("编号", "地块名称", "宗地", "地块", "parcel", "parcel_id", "id"),
)
_OF_BOUNDARY = re.compile(r"界址|拐点|折点|宗地|地块|红线|边界")


def point_list(table: Table) -> tuple[Table, Shapes] | None:
    """Return the parcels of a list of boundary points, None where `table` is none.

    A row for each parcel, at its first point: what all points of the parcel share, and the first value of what differs
    among them, with a remark. A parcel with a point that cannot be read has no shape rather than a wrong one.
    """
    keys = {bare_key(str(name)): str(name) for name in reversed(table.attributes.columns)}
    name, ring, parcel = (
        next((keys[key] for key in names if key in keys), None) for names in (_POINT_NAMES, _RING_NAMES, _PARCEL_NAMES)
    )
    axes = find_axes(table.attributes, is_survey=True)
    says = f"{table.name} {table.header.get('title', '')} {name}"
    if axes is None or (name is None and ring is None):
        return None
    if parcel is None and ring is None and not _OF_BOUNDARY.search(says):
        return None
    found = Shapes(np.empty(0, dtype=object), notes=[axes.note])
    groups = _groups(table, parcel, found)
    found.shapes = np.full(len(groups), None, dtype=object)
    corners = _corners(table, axes, name, ring)
    for label, (word, rows) in enumerate(groups):
        _trace(found, label, word, [corners[row] for row in rows])
    attributes = _shared(table, {axes.north, axes.east, name, ring}, groups, found)
    label_of = {row: label for label, (_, rows) in enumerate(groups) for row in rows}
    remarks = [(label_of[row], key, said) for row, key, said in table.remarks]
    values: dict[str, object] = {"points": sum(not _is_blank(corner) for corner in corners), "parcels": len(groups)}
    found.notes.append(Note("sheets.note.point_list", values))
    firsts = [table.numbers[rows[0]] for _, rows in groups]
    return Table(table.name, attributes, firsts, table.header, table.notes, remarks), found


def _groups(table: Table, parcel: str | None, found: Shapes) -> list[tuple[str, list[int]]]:
    """Return the rows of each parcel with its name; a point that names none belongs to the parcel above."""
    if parcel is None:
        return [(table.name, list(range(len(table.attributes))))]
    named = table.attributes[parcel]
    above = named.ffill()
    filled = int((named.isna() & above.notna()).sum())
    if filled:
        found.notes.append(Note("sheets.note.parcel_above", {"column": parcel, "count": filled}))
    groups: dict[str, list[int]] = {}
    for row, value in enumerate(above.tolist()):
        groups.setdefault("-" if pd.isna(value) else str(value), []).append(row)
    return list(groups.items())


def _corners(table: Table, axes: Axes, name: str | None, ring: str | None) -> list[Point]:
    """Return the point of each row; a coordinate that is missing is NaN, one that is no number is infinite."""
    read = (numbers(table.attributes[column]) for column in (axes.north, axes.east))
    north, east = (figures.values.mask(figures.bad, math.inf).tolist() for figures in read)
    names, rings = (_texts(table, column) for column in (name, ring))
    return [Point(*cells) for cells in zip(table.numbers, names, rings, north, east, strict=True)]


def _texts(table: Table, column: str | None) -> list[str]:
    if column is None:
        return [""] * len(table.attributes)
    return ["" if pd.isna(cell) else cell_text(cell) for cell in table.attributes[column].tolist()]


def _trace(found: Shapes, label: int, word: str, corners: list[Point]) -> None:
    corners = [corner for corner in corners if not _is_blank(corner)]
    if not corners:
        return
    lost = [corner.line for corner in corners if not (math.isfinite(corner.x) and math.isfinite(corner.y))]
    if lost:
        found.reasons[label] = "unreadable"
        found.remarks += [(label, "sheets.remark.point", {"number": number}) for number in lost]
        return
    traced = trace(Record(corners[0].line, {}, [], corners), "面")
    found.shapes[label] = traced.shape
    if traced.reason:
        found.reasons[label] = traced.reason
    found.remarks += [(label, key, {"parcel": word, **values}) for key, values in traced.remarks]


def _is_blank(corner: Point) -> bool:
    """Return whether a row names a parcel but no point of it."""
    return math.isnan(corner.x) and math.isnan(corner.y) and not corner.name and not corner.ring


def _shared(table: Table, own: set[str | None], groups: list[tuple[str, list[int]]], found: Shapes) -> pd.DataFrame:
    """Return what is said of each parcel besides its points: the first value of each column, the others remarked."""
    group_of = np.empty(len(table.attributes), dtype=np.int64)
    for label, (_, rows) in enumerate(groups):
        group_of[rows] = label
    kept = [str(column) for column in table.attributes.columns if column not in own]
    by_parcel = table.attributes[kept].groupby(group_of)
    for column in kept:
        varying = by_parcel[column].nunique() > 1
        found.remarks += [(int(label), "sheets.remark.varies", {"column": column}) for label in varying.index[varying]]
    # `first` passes over empty cells: what stands once in a parcel, beside its first point or another, is its own
    return by_parcel.first().reindex(range(len(groups))).reset_index(drop=True)
