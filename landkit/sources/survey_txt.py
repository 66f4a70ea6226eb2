"""Survey boundary-point files (勘测定界界址点坐标交换格式, TXT): parcels as lists of boundary points, X being north.

Nothing is settled here that the file leaves open: shapes are as written, the reference system is set only where header
and eastings name it together, and whatever was assumed or mended is a remark on its row.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from landkit.errors import InputError
from landkit.sources.layer import Note, SourceLayer, remark_rows, unmeasured_rows
from landkit.sources.survey_lines import (
    AREA,
    COLUMNS,
    COORDINATES,
    DESCRIPTION,
    FULL_TO_ASCII,
    FURTHER,
    KIND,
    KINDS,
    OTHER,
    Document,
    Record,
    Remark,
    parse,
    read_number,
    split_record,
)
from landkit.sources.survey_rings import Traced, trace
from landkit.sources.survey_zone import ZONE_SIZE, Grid, read_grid
from landkit.units import UNITS

HECTARES = "声明面积(公顷)"
NAMES = "界址点号"

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SECTIONS = re.compile(rf"[\[【［][ \t\u3000]*(?:{DESCRIPTION}|{COORDINATES})[ \t\u3000]*[\]】］]")
_RUNNING = re.compile(r"[A-Za-z]{0,2}[0-9]*")
_AREA = re.compile(r"([+-]?[0-9.]{1,30})[ \t]*(\S{0,8})")
_HECTARE, _MU = float(UNITS["ha"].square_metres), float(UNITS["mu"].square_metres)
_UNIT_WORDS = {
    "公顷": _HECTARE, "ha": _HECTARE, "hm2": _HECTARE, "hm²": _HECTARE, "万平方米": _HECTARE, "万平米": _HECTARE,
    "平方米": 1.0, "平米": 1.0, "㎡": 1.0, "m2": 1.0, "m²": 1.0,
    "亩": _MU, "市亩": _MU, "万亩": _MU * 10_000,
    "平方公里": 1e6, "平方千米": 1e6, "km2": 1e6, "km²": 1e6,
}  # fmt: skip
_LEAST_DIFFERENCE, _SHARE_OF_DIFFERENCE = 1.0, 0.001  # m², and of the declared area
_NOISE = 1e-6  # m², of binary fractions
_MOST_STRAY = 20


@dataclass(frozen=True, slots=True)
class _Area:
    """A declared area: hectares, NaN where there is none, and what is to be said of it."""

    hectares: float
    remarks: tuple[Remark, ...] = ()


def is_survey_txt(head: bytes) -> bool:
    """Return whether the first bytes of a file are those of a survey boundary-point file.

    Either one of its two headings is there, or a line that ends in ``@`` and has the columns of a parcel.
    """
    for codec in _codecs(head):
        text = head.decode(codec, "ignore")
        if _SECTIONS.search(text) or any(map(_is_parcel, text.splitlines())):
            return True
    return False


def _is_parcel(line: str) -> bool:
    cells = split_record(line) if line.rstrip(" \t,").endswith(("@", "＠")) else []
    return len(cells) >= len(COLUMNS) - 1 and any(kind in cells for kind in KINDS)


def read_survey_txt(path: Path, *, encoding: str | None = None) -> list[SourceLayer]:
    """Read a survey boundary-point file.

    Parameters
    ----------
    path
        The file, whatever its extension.
    encoding
        Python's name of its encoding; by default that of its byte order mark, else UTF-8 where all of its bytes are
        that, else GB18030.

    Returns
    -------
    list
        One layer with a row for each parcel record: its columns under the words of the format, ``声明面积(公顷)``
        (the declared area) beside ``声明面积原文`` (as delivered), and its shape in east and north in metres as
        written, with the zone before the easting if it is there.

    Raises
    ------
    InputError
        The file cannot be opened, is in another encoding than asked for, or has no parcel record.
    """
    text, codec, is_whole = _decoded(path, _read_bytes(path), encoding)
    document = parse(text)
    if not document.records:
        key = "survey.no_parcels" if _SECTIONS.search(text) else "survey.other_format"
        raise InputError(key, file=path, line=text.count("\n") + 1, section=f"[{COORDINATES}]")
    traced = [trace(record, _kind(record)) for record in document.records]
    grid = read_grid(document.header, {shape.prefix for shape in traced if shape.prefix is not None})
    notes = _notes(document, grid, traced, is_whole=is_whole)
    areas = [_area(record, shape) for record, shape in zip(document.records, traced, strict=True)]
    for shape in traced:
        _settle(shape, traced, grid)
    frame = gpd.GeoDataFrame(_columns(document.records, areas), geometry=[one.shape for one in traced], crs=grid.crs)
    remarks = [
        (row, key, {"parcel": _name(record), **values})
        for row, (record, area, shape) in enumerate(zip(document.records, areas, traced, strict=True))
        for key, values in (*record.remarks, *_kind_remarks(record), *shape.remarks, *area.remarks)
    ]
    return [
        SourceLayer(
            path.stem,
            frame,
            path,
            unmeasured_rows({row: shape.reason for row, shape in enumerate(traced) if shape.reason}),
            tuple(Note(note.key, {"file": path.name, **note.values}) for note in notes),
            kind="Survey TXT",
            header={**document.header, **grid.entries, "encoding": codec},
            remarks=remark_rows(remarks),
        )
    ]


def _read_bytes(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise InputError("files.not_regular", file=path)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise InputError("files.missing", file=path) from error
    except OSError as error:
        raise InputError("files.unreadable", file=path, detail=error.strerror or str(error)) from error


def _codecs(data: bytes) -> tuple[str, ...]:
    return next(((codec,) for mark, codec in _MARKS if data.startswith(mark)), ("utf-8", "gb18030"))


def _decoded(path: Path, data: bytes, encoding: str | None) -> tuple[str, str, bool]:
    """Return the text, its encoding, and whether all of the bytes were text in it."""
    if encoding is not None:
        try:
            return data.decode(encoding), codecs.lookup(encoding).name, True
        except (LookupError, UnicodeError) as error:
            raise InputError("survey.encoding", file=path, encoding=encoding) from error
    *preferred, last = _codecs(data)
    for codec in (*preferred, last):
        try:
            return data.decode(codec), codec, True
        except UnicodeDecodeError:
            damaged = data.decode(codec, "replace")
        if codec != last and _is_mostly(damaged):
            return damaged, codec, False
    return damaged, last, False


def _is_mostly(text: str) -> bool:
    """Return whether damage is the exception in `text`: GBK taken for UTF-8 is damage nearly throughout."""
    return len(text) - len(text.encode("ascii", "ignore")) > 2 * text.count("\ufffd")


def _notes(document: Document, grid: Grid, traced: list[Traced], *, is_whole: bool) -> list[Note]:
    notes = [] if is_whole else [Note("survey.note.bytes")]
    notes += [Note(key, values) for key, values in grid.doubts]
    notes += [Note("survey.note.stray", {"line": line, "text": text}) for line, text in document.stray[:_MOST_STRAY]]
    if len(document.stray) > _MOST_STRAY:
        notes.append(Note("survey.note.strays", {"count": len(document.stray) - _MOST_STRAY}))
    if any(shape.shape is not None for shape in traced) and all(shape.prefix is None for shape in traced):
        notes.append(Note("survey.note.local"))
    if grid.entries.get("prefixed") == "mixed" and grid.crs is None:
        notes.append(Note("survey.note.mixed"))
    if re.search(r"[1-9]", document.header.get("转换参数", "").translate(FULL_TO_ASCII)):
        notes.append(Note("survey.note.parameters"))
    return notes


def _settle(shape: Traced, traced: list[Traced], grid: Grid) -> None:
    """Bring the few shapes that are written otherwise than their file into line with it, or give them up."""
    if shape.shape is None:
        return
    if shape.prefix is None:
        if any(other.prefix is not None for other in traced):
            shape.shape, shape.reason = None, "survey_range"
    elif shape.prefix == 0 and grid.entries.get("prefixed") == "mixed" and grid.crs is not None and grid.zone:
        offset = np.array([grid.zone * ZONE_SIZE, 0.0])
        shape.shape = shapely.transform(shape.shape, lambda xy: xy + offset)
        shape.remarks.append(("survey.remark.prefix", {"zone": grid.zone}))


def _kind(record: Record) -> str:
    kind = record.cells.get(KIND, "")
    return kind if kind in KINDS else "面"


def _kind_remarks(record: Record) -> list[Remark]:
    kind = record.cells.get(KIND)
    if kind is None or kind in KINDS:  # a record too short to have one is remarked as such
        return []
    return [("survey.remark.kind", {"line": record.line, "kind": kind[:20] or "-"})]


def _name(record: Record) -> str:
    return record.cells.get("地块编号", "") or record.cells.get("地块名称", "") or "-"


def _columns(records: list[Record], areas: list[_Area]) -> pd.DataFrame:
    names = [*COLUMNS[2:4], HECTARES, AREA, COLUMNS[0], *COLUMNS[4:]]
    names += [name for name in (*FURTHER, OTHER) if any(name in record.cells for record in records)]
    columns: dict[str, pd.Series[float] | pd.Series[str]] = {
        name: pd.Series([record.cells.get(name) or None for record in records], dtype="str") for name in names
    }
    columns[HECTARES] = pd.Series([area.hectares for area in areas], dtype="float64")
    if not all(_RUNNING.fullmatch(point.name) for record in records for point in record.points):
        # numbers of boundary marks, and not just the place in the list
        marks = [",".join(point.name for point in record.points) or None for record in records]
        columns[NAMES] = pd.Series(marks, dtype="str")
    return pd.DataFrame(columns, index=pd.RangeIndex(len(records)))


def _area(record: Record, traced: Traced) -> _Area:
    """Return the declared area, compared with that of the shape in the plane it is written in."""
    written = record.cells.get(AREA, "")
    if not written:
        return _Area(np.nan)
    found = _AREA.fullmatch(written.translate(FULL_TO_ASCII))
    value = read_number(found[1]) if found else None
    unit = found[2].lower() if found else ""
    size = _UNIT_WORDS.get(unit) if unit else _HECTARE
    if value is None or value < 0 or size is None:
        return _Area(np.nan, (("survey.remark.area_unread", {"line": record.line, "text": written[:20]}),))
    said: list[Remark] = [("survey.remark.area_unit", {"line": record.line, "text": written[:20]})] if unit else []
    declared = value * size
    measured = float(shapely.area(traced.shape)) if traced.shape is not None and _kind(record) == "面" else np.nan
    if np.isnan(measured) or _agree(declared, measured):
        return _Area(declared / _HECTARE, tuple(said))
    values: dict[str, object] = {"line": record.line, "declared": declared, "measured": measured}
    if not unit and _agree(value, measured):
        said.append(("survey.remark.area_m2", {**values, "declared": value}))
        return _Area(value / _HECTARE, tuple(said))
    said.append(("survey.remark.area_differs", values))
    return _Area(declared / _HECTARE, tuple(said))


def _agree(declared: float, measured: float) -> bool:
    most = max(_LEAST_DIFFERENCE, _SHARE_OF_DIFFERENCE * declared)
    return abs(declared - measured) <= most + _NOISE
