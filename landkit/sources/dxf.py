"""CAD drawings (DXF) as parcels: what is drawn closed or closes within a tolerance, with the texts in it."""

from __future__ import annotations

import io
import logging
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from ezdxf import recover
from ezdxf.math import Matrix44

from landkit.errors import InputError
from landkit.sources.dxf_text import FAILURES, PlainDrawing, read_plain
from landkit.sources.entities import SAGITTA, Content, Drawn, content
from landkit.sources.layer import Note, SourceLayer, remark_rows, unmeasured_rows
from landkit.sources.outlines import chain, holes, smallest_around

TOLERANCE = 0.01  # drawing units between ends that are taken for one point
COLUMNS = ("图层", "文字", "句柄", "颜色", "标高", "块", "扩展数据")
_UNITS = {"1": "inch", "2": "foot", "4": "mm", "5": "cm", "6": "m", "7": "km"}
_LEAST_POINTS = 3
_NO_EXTENT = 1e20  # what a drawing has that knows of none

# Its remarks on what it mends go to the notes, not to stderr
logging.getLogger("ezdxf").addHandler(logging.NullHandler())


class _Rows:
    """The rows as they are found: shapes, attributes, and what there is to say about each."""

    def __init__(self) -> None:
        self.shapes: list[Any] = []
        self.attributes: list[tuple[object, ...]] = []
        self.reasons: dict[int, str] = {}
        self.remarks: list[tuple[int, str, dict[str, object]]] = []

    def add(self, shape: Any, members: list[Drawn], reason: str = "") -> int:
        """Add a row made of `members`, which are of one layer, and return its label."""
        row, first = len(self.shapes), members[0]
        handles = "|".join(dict.fromkeys(member.handle for member in members))
        blocks = "|".join(dict.fromkeys(member.block for member in members if member.block))
        extra = "; ".join(dict.fromkeys(member.extra for member in members if member.extra))
        levels = {member.elevation for member in members}
        level = first.elevation if len(levels) == 1 else None
        self.shapes.append(shape)
        self.attributes.append((first.layer, None, handles, first.color, level, blocks or None, extra or None))
        if reason:
            self.reasons[row] = reason
        return row

    def remark(self, row: int, key: str, **values: object) -> None:
        """Say something about a row."""
        self.remarks.append((row, key, values))


def read_dxf(path: Path, *, encoding: str | None = None) -> list[SourceLayer]:
    """Read the outlines of a DXF drawing, release 12 to 2018, as text or binary.

    Closed polylines, circles, ellipses and splines are parcels; a polyline whose end meets its start within 0.01
    drawing units is closed. What else is drawn as lines and arcs is chained end to end, layer by layer: what closes
    within that tolerance is a parcel, what does not is a row with its line, to be returned. Arcs become chords that
    are at most 0.001 drawing units from them. Coordinates stay as drawn, east before north.

    Parameters
    ----------
    encoding
        Of its text; where None, as `read_plain` finds it.

    Returns
    -------
    list
        One layer: a row for each outline and each line that does not close, with the columns 图层 (CAD layer), 文字
        (texts that stand in it, joined by ``|``), 句柄 (handle), 颜色 (number of its colour), 标高 (height), 块 (the
        block that it comes from) and 扩展数据 (texts of its extended data).

    Raises
    ------
    InputError
        The file is missing, no DXF, broken beyond what can be mended, or not in `encoding`.
    """
    plain = read_plain(path, encoding=encoding)
    try:
        drawing, _ = recover.read(io.BytesIO(plain.data))
        space = drawing.modelspace()
        colors = {layer.dxf.name.lower(): abs(int(layer.dxf.color)) for layer in drawing.layers}
    except FAILURES as error:
        raise InputError("files.broken", file=path, kind="DXF", detail=_said(error)) from error
    found = content(path, list(space), colors)
    with np.errstate(all="ignore"):  # coordinates near the end of what a number can be
        rows = _rows(found)
        _take_holes(rows, found)
    crs, notes = _georeference(space)
    notes = [*_of_text(plain), *notes, *_of_units(plain), *_of_content(drawing, space, found, plain)]
    notes += _assign_texts(rows, found)
    shapes = np.empty(len(rows.shapes), dtype=object)
    shapes[:] = rows.shapes
    frame = gpd.GeoDataFrame(_attributes(rows), geometry=shapes, crs=crs)
    said = tuple(Note(note.key, {"file": path.name, **note.values}) for note in notes)
    return [
        SourceLayer(
            path.stem, frame, path, unmeasured_rows(rows.reasons), said, kind="DXF", header=_header(plain, drawing),
            remarks=remark_rows(rows.remarks),
        )
    ]  # fmt: skip


def _said(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]


def _attributes(rows: _Rows) -> pd.DataFrame:
    columns: list[Any] = list(zip(*rows.attributes, strict=True)) or [()] * len(COLUMNS)
    types = {"颜色": "Int64", "标高": "float64"}
    named = zip(COLUMNS, columns, strict=True)
    index = pd.RangeIndex(len(rows.shapes))
    return pd.DataFrame({name: pd.Series(list(cells), dtype=types.get(name, "str")) for name, cells in named}, index)


def _rows(found: Content) -> _Rows:
    rows = _Rows()
    loose: dict[str, list[Drawn]] = defaultdict(list)
    for drawn in found.drawn:
        points = drawn.points
        if points is None or not np.isfinite(points).all():
            rows.add(None, [drawn], "unreadable" if points is None else "not_finite")
            continue
        gap = float(np.hypot(*(points[0] - points[-1]))) if len(points) else 0.0
        is_ring = drawn.is_closed or (gap <= TOLERANCE < _length(points) and len(points) > _LEAST_POINTS)
        if not is_ring and _length(points) > TOLERANCE:
            loose[drawn.layer].append(drawn)
            continue
        _add_outline(rows, drawn, points if drawn.is_closed else points[:-1], 0.0 if drawn.is_closed else gap)
    for members in loose.values():
        _add_chains(rows, members)
    return rows


def _length(points: np.ndarray[Any, Any]) -> float:
    return float(np.hypot(*np.diff(points, axis=0).T).sum())


def _add_outline(rows: _Rows, drawn: Drawn, points: np.ndarray[Any, Any], gap: float) -> None:
    if len(np.unique(points, axis=0)) < _LEAST_POINTS:
        line = shapely.LineString(points) if len(points) > 1 else None
        rows.add(line, [drawn], "line" if line is not None else "empty")
        return
    row = rows.add(shapely.Polygon(points), [drawn])
    if gap > 0:
        rows.remark(row, "drawing.remark.closed", gap=_length_text(gap))
    if drawn.sagitta > SAGITTA:
        rows.remark(row, "drawing.remark.coarse", sagitta=_length_text(drawn.sagitta))


def _add_chains(rows: _Rows, members: list[Drawn]) -> None:
    lines = [member.points for member in members if member.points is not None]
    for found in chain(lines, tolerance=TOLERANCE):
        own = [members[place] for place in found.members]
        row = rows.add(found.shape, own, "" if found.is_closed else "not_closed")
        gap = _length_text(found.gap)
        if found.is_closed:
            rows.remark(row, "drawing.remark.chained", count=len(own), gap=gap)
        elif np.isnan(found.gap):
            rows.remark(row, "drawing.remark.branches", count=len(own))
        else:
            rows.remark(row, "drawing.remark.open", count=len(own), gap=gap)
        widest = max(member.sagitta for member in own)
        if widest > SAGITTA:
            rows.remark(row, "drawing.remark.coarse", sagitta=_length_text(widest))


def _length_text(length: float) -> str:
    return f"{length:.4g}"


def _rings(rows: _Rows) -> np.ndarray[Any, Any]:
    """Return the polygons, null where a row has none."""
    rings = np.full(len(rows.shapes), None, dtype=object)
    rings[:] = [shape if shape is not None and shape.geom_type == "Polygon" else None for shape in rows.shapes]
    return rings


def _take_holes(rows: _Rows, found: Content) -> None:
    """Cut rings out of the ring of the same layer that they lie in, unless a text stands in them: that is a parcel."""
    rings = _rings(rows)
    places = shapely.points([(text.x, text.y) for text in found.texts]) if found.texts else np.empty(0, dtype=object)
    named = set(smallest_around(places, rings)[0].tolist())
    within = holes(rings, [attributes[0] for attributes in rows.attributes])
    cut: dict[int, list[int]] = defaultdict(list)
    for ring, outer in within.items():
        if ring in named:
            rows.remark(ring, "drawing.remark.nested", handle=rows.attributes[outer][2])
        elif outer not in within or outer in named:
            cut[outer].append(ring)
    for outer, inner in cut.items():
        rows.shapes[outer] = shapely.Polygon(rings[outer].exterior, [rings[ring].exterior for ring in inner])
        handles = ", ".join(str(rows.attributes[ring][2]) for ring in inner)
        area = sum(rings[ring].area for ring in inner)
        rows.remark(outer, "drawing.remark.holes", count=len(inner), handles=handles, area=f"{area:.2f}")
    _drop(rows, {ring for inner in cut.values() for ring in inner})


def _drop(rows: _Rows, gone: set[int]) -> None:
    """Take out the rows that became part of another."""
    kept = [row for row in range(len(rows.shapes)) if row not in gone]
    label = {row: place for place, row in enumerate(kept)}
    rows.shapes = [rows.shapes[row] for row in kept]
    rows.attributes = [rows.attributes[row] for row in kept]
    rows.reasons = {label[row]: reason for row, reason in rows.reasons.items()}
    rows.remarks = [(label[row], key, values) for row, key, values in rows.remarks if row in label]


def _assign_texts(rows: _Rows, found: Content) -> list[Note]:
    if not found.texts:
        return []
    places = shapely.points([(text.x, text.y) for text in found.texts])
    chosen, several = smallest_around(places, _rings(rows))
    words: dict[int, list[str]] = defaultdict(list)
    for text, row in zip(found.texts, chosen.tolist(), strict=True):
        if row >= 0:
            words[row].append(text.words)
    for row, said in words.items():
        layer, _, *others = rows.attributes[row]
        rows.attributes[row] = (layer, "|".join(said), *others)
    outlines = len(rows.shapes) - len(rows.reasons)
    paired = int((chosen >= 0).sum())
    counts: dict[str, object] = {"texts": len(found.texts), "paired": paired, "outlines": outlines, "named": len(words)}
    notes = [Note("drawing.note.texts", counts)]
    if several:
        notes.append(Note("drawing.note.texts_nested", {"count": several}))
    return notes


def _of_text(plain: PlainDrawing) -> list[Note]:
    notes = []
    if plain.basis in ("found", "unfit"):
        claimed = plain.header.get("$DWGCODEPAGE") or "-"
        notes.append(Note(f"drawing.note.encoding_{plain.basis}", {"encoding": plain.codec, "claimed": claimed}))
    if plain.completed:
        notes.append(Note("drawing.note.completed", {"count": plain.completed}))
    return notes


def _of_units(plain: PlainDrawing) -> list[Note]:
    unit = plain.header.get("$INSUNITS", "0")
    if unit in ("0", "6"):
        return []
    return [Note("drawing.note.units", {"unit": _UNITS.get(unit, f"$INSUNITS {unit}")})]


def _of_content(drawing: Any, space: Any, found: Content, plain: PlainDrawing) -> list[Note]:
    notes = []
    if any(drawn.sagitta for drawn in found.drawn):
        notes.append(Note("drawing.note.chords", {"sagitta": SAGITTA}))
    if found.other:
        notes.append(Note("drawing.note.not_taken", {"count": found.other.total(), "types": _listed(found.other)}))
    paper: Counter[str] = Counter()
    for layout in drawing.layouts:
        if not layout.is_modelspace:
            paper.update(entity.dxftype() for entity in layout)
    on_sheets = paper.copy()
    del on_sheets["VIEWPORT"]
    if on_sheets:
        notes.append(Note("drawing.note.paper", {"count": on_sheets.total(), "types": _listed(on_sheets)}))
    lost = plain.counts - Counter(entity.dxftype() for entity in space) - paper
    if lost:
        notes.append(Note("drawing.note.lost", {"count": lost.total(), "types": _listed(lost)}))
    return notes


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{kind} {count}" for kind, count in sorted(counts.items()))


def _header(plain: PlainDrawing, drawing: Any) -> dict[str, str]:
    """Return what the drawing says of itself: version, code page, units, extents."""
    unit = plain.header.get("$INSUNITS")
    said = {
        "version": plain.header.get("$ACADVER", ""),
        "codepage": plain.header.get("$DWGCODEPAGE", ""),
        "units": "" if unit is None else _UNITS.get(unit, unit),
        "encoding": plain.codec,
    }
    for name in ("$EXTMIN", "$EXTMAX"):
        try:
            x, y = (float(value) for value in drawing.header[name][:2])
        except FAILURES:
            continue
        if max(abs(x), abs(y)) < _NO_EXTENT:
            said[name.removeprefix("$").lower()] = f"{x:.4f} {y:.4f}"
    return {name: value for name, value in said.items() if value}


def _georeference(space: Any) -> tuple[pyproj.CRS | None, list[Note]]:
    """Return the reference system where the drawing names one and its coordinates are in it as they stand."""
    try:
        data = space.get_geodata()
        if data is None or "<!DOCTYPE" in (data.coordinate_system_definition or ""):
            return None, []
        matrix, code = data.get_crs_transformation()
        crs = pyproj.CRS.from_epsg(code)
    except (*FAILURES, pyproj.exceptions.CRSError):
        return None, [Note("drawing.note.geodata_unread")]
    if np.allclose(list(matrix), list(Matrix44()), rtol=0, atol=1e-9):
        return crs, []
    return None, [Note("drawing.note.geodata_shifted", {"crs": f"EPSG:{code}"})]
