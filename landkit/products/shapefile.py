"""Shapefiles as Chinese offices exchange them: GBK with its mark, short ASCII names, and beside them what is lost."""

from __future__ import annotations

import datetime
import re
import tempfile
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
from pypinyin import Style, lazy_pinyin

from landkit.products.csv_file import Cell, csv_bytes
from landkit.products.outgoing import Outgoing, Written, beside, cells, days, is_surface, table_bytes
from landkit.schema import Field
from landkit.sources import Note

_LONGEST_NAME = 10
_WIDEST_TEXT = 254  # bytes
_LARGEST_WHOLE = 10**17  # in the 18 places that a whole number is given
_WIDEST_NUMBER = 24  # places of a number, 15 of them decimals
_PARTS = (".shp", ".shx", ".dbf", ".prj")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,9}")
_CHINESE_ENCODING = ("LDID/77", "gbk", "GBK")  # for GDAL, for Python, for the .cpg
_UNICODE = ("UTF-8", "utf-8", "UTF-8")


def shapefile_file(layer: Outgoing, path: Path) -> Written:
    """Write a shapefile: ``.shp .shx .dbf .prj .cpg``, and ``.fields.csv`` with the full names of its fields.

    Text is GBK, marked in ``.cpg`` and in the table itself; UTF-8 where it has characters that GBK has not. What the
    format cannot hold (texts beyond 254 bytes, times of day, numbers beyond its places) is written to ``.rest.csv``
    whole and to the shapefile as far as it goes; shapes that are no polygons stand in ``.shapes.csv`` as text.
    """
    attributes = days(layer.attributes)
    names = short_names([str(name) for name in attributes.columns], layer.fields)
    columns = {str(name): cells(attributes[name]) for name in attributes.columns}
    encoding = _encoding(columns)
    notes = [] if encoding == _CHINESE_ENCODING else [Note("export.note.utf8")]
    rest: list[tuple[Cell, ...]] = []
    ids = columns.get("id", [None] * len(attributes))
    data: dict[str, Any] = {}
    for name, values in columns.items():
        fitted, lost = _fitted(values, encoding[1])
        data[names[name]] = pd.Series(fitted, index=attributes.index, dtype=_dtype(fitted))
        if lost:
            notes.append(Note("export.note.cut", {"column": name, "count": len(lost)}))
            rest += [(row + 1, ids[row], name, _as_text(values[row])) for row in lost]
    files = _drafted(layer, pd.DataFrame(data, index=attributes.index), path, encoding)
    files[beside(path, "fields")] = _aliases(names, layer.fields)
    if rest:
        files[beside(path, "rest")] = csv_bytes(("row", "id", "column", "value"), rest)
    strange = ~is_surface(layer.shapes) & ~pd.isna(layer.shapes)
    if strange.any():
        files[beside(path, "shapes")] = table_bytes(layer.attributes[strange], layer.shapes[strange])
        notes.append(
            Note("export.note.shapes_aside", {"count": int(strange.sum()), "file": beside(path, "shapes").name})
        )
    renamed = sum(name != short for name, short in names.items())
    if renamed:
        notes.append(Note("export.note.short_names", {"count": renamed, "file": beside(path, "fields").name}))
    return Written(files, tuple(notes))


def short_names(columns: Iterable[str], fields: Mapping[str, Field]) -> dict[str, str]:
    """Return a field name of at most 10 ASCII characters for each column, no two alike whatever their case.

    It is the column's standard code, else the initials of its first Chinese name, else what of its own name fits.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for column in columns:
        wanted = _short(column, fields.get(column))
        name, number = wanted, 1
        while name.casefold() in taken:
            number += 1
            name = f"{wanted[: _LONGEST_NAME - len(str(number)) - 1]}_{number}"
        taken.add(name.casefold())
        found[column] = name
    return found


def _short(column: str, field: Field | None) -> str:
    if field is not None and field.std:
        return field.std[0][:_LONGEST_NAME]
    if field is None and _NAME.fullmatch(column):
        return column
    spoken = field.zh[0] if field is not None and field.zh else column
    initials = "".join(lazy_pinyin(spoken, style=Style.FIRST_LETTER)).upper()
    letters = re.sub(r"[^A-Z0-9_]", "", initials)
    return f"F{letters}"[:_LONGEST_NAME] if not letters[:1].isalpha() else letters[:_LONGEST_NAME]


def _encoding(columns: Mapping[str, list[Cell]]) -> tuple[str, str, str]:
    texts = (value for values in columns.values() for value in values if isinstance(value, str))
    try:
        for text in texts:
            text.encode("gbk")
    except UnicodeEncodeError:
        return _UNICODE
    return _CHINESE_ENCODING


def _fitted(values: list[Cell], codec: str) -> tuple[list[Cell], list[int]]:
    """Return the values as the table can hold them, and the rows in which that is not what was there."""
    is_whole = all(value is None or (isinstance(value, int) and abs(value) < _LARGEST_WHOLE) for value in values)
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {bool} or kinds == {datetime.date} or (kinds == {int} and is_whole):
        return values, []
    if kinds <= {int, float}:
        numbers = [float(value) if isinstance(value, (int, float)) else None for value in values]
        lost = [row for row, value in enumerate(values) if not _is_exact(numbers[row], value)]
        return list(numbers), lost
    texts = [None if value is None else _as_text(value) for value in values]
    cut = [None if text is None else _cut(text, codec) for text in texts]
    return list(cut), [row for row, text in enumerate(texts) if text != cut[row]]


def _is_exact(number: float | None, value: Cell) -> bool:
    if number is None:
        return value is None
    written = f"{number:.15f}"
    return len(written) <= _WIDEST_NUMBER and float(written) == value


def _as_text(value: Cell) -> str:
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def _cut(text: str, codec: str) -> str:
    # a table has no line breaks within a cell, no blanks at its end, and no halves of characters
    data = text.encode(codec, "replace")[:_WIDEST_TEXT]
    return data.decode(codec, "ignore").replace("\0", "").rstrip(" ")


def _dtype(values: list[Cell]) -> str:
    kinds = {type(value).__name__ for value in values if value is not None}
    known = {"bool": "boolean", "int": "Int64", "float": "float64", "date": "object"}
    return known.get(kinds.pop(), "str") if len(kinds) == 1 else "str"


def _drafted(
    layer: Outgoing, attributes: pd.DataFrame, path: Path, encoding: tuple[str, str, str]
) -> dict[Path, bytes]:
    shapes = layer.shapes
    shapes[~is_surface(shapes)] = None
    frame = gpd.GeoDataFrame(attributes, geometry=shapes, crs=layer.frame.crs)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        # what is cut is told by name and number
        warnings.filterwarnings("ignore", category=RuntimeWarning, module="pyogrio")
        draft = Path(folder, "draft.shp")
        pyogrio.write_dataframe(
            frame, draft, driver="ESRI Shapefile", geometry_type="Polygon", use_arrow=True, encoding=encoding[0]
        )
        files = {path.with_suffix(suffix): draft.with_suffix(suffix).read_bytes() for suffix in _PARTS}
    files[path.with_suffix(".cpg")] = encoding[2].encode()
    return files


def _aliases(names: Mapping[str, str], fields: Mapping[str, Field]) -> bytes:
    rows: list[tuple[Cell, ...]] = []
    for column, short in names.items():
        field = fields.get(column)
        zh = field.zh[0] if field is not None and field.zh else None
        rows.append((short, column, zh, field.type if field else None, field.unit if field else None))
    return csv_bytes(("field", "column", "zh", "type", "unit"), rows)
