"""The returned items: what was not taken and why, as a sheet that can be filled in and imported again, and a layer."""

from __future__ import annotations

import io
import math
import re
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import shapely
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from landkit import words
from landkit.products.csv_file import guarded
from landkit.products.output import write_all
from landkit.products.package import write_table
from landkit.receipts import Receipt

_CELL = 32_767  # characters that a cell of a workbook holds
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
_WIDEST = 60
SHAPE = "WKT"
_ELSEWHERE = "POLYGON (too long for a cell: see the .gpkg beside)"


def returned_files(receipt: Receipt, stem: Path, *, force: bool, lang: str = "zh") -> list[Path]:
    """Write what a delivery returned: ``stem.xlsx``, and ``stem.gpkg`` with the shapes; nothing if all was taken.

    Raises
    ------
    UsageError
        If a file exists and `force` is not given, or cannot be written.
    """
    files = {stem.with_name(stem.name + suffix): data for suffix, data in returned_bytes(receipt, lang).items()}
    if files:
        write_all(files, force=force)
    return list(files)


def returned_bytes(receipt: Receipt, lang: str = "zh") -> dict[str, bytes]:
    """Return the sheet (``.xlsx``) and, where there are shapes, the layer (``.gpkg``) of what was returned.

    Parameters
    ----------
    lang
        Of the reasons and the first headings; the other columns are those of the delivery, so that the sheet can be
        imported again once it is put right.
    """
    tables = list(_tables(receipt, lang))
    if not tables:
        return {}
    book = openpyxl.Workbook(write_only=False)
    book.remove(book.active)
    for number, (name, table) in enumerate(tables, 1):
        _fill(book.create_sheet(_SHEET_NAME.sub(" ", f"{number} {name}")[:31]), table)
    page = io.BytesIO()
    book.save(page)
    shapes = _shape_layer(tables)
    return {".xlsx": page.getvalue(), **({".gpkg": shapes} if shapes else {})}


def _tables(receipt: Receipt, lang: str) -> Iterator[tuple[str, gpd.GeoDataFrame | pd.DataFrame]]:
    for file in receipt.files:
        for layer in file.layers:
            if len(layer.returned) == 0:
                continue
            rows = layer.returned
            lead = {
                words.text("returned.source", lang): file.source.name,
                words.text("returned.layer", lang): layer.name,
                words.text("returned.row", lang): rows["row"],
                words.text("returned.reason", lang): [words.text(f"reason.{key}", lang) for key in rows["reason"]],
                words.text("returned.todo", lang): [_todo(key, lang) for key in rows["reason"]],
                words.text("returned.kind", lang): file.kind,
            }
            # the sheet's name says which layer is to take the rows
            yield layer.target or f"{file.source.stem} {layer.name}", _led(rows.drop(columns=["row", "reason"]), lead)


def _todo(reason: str, lang: str) -> str:
    known = f"reason.{reason}.todo"
    return words.text(known if known in words.entries() else "reason.todo", lang)


def _led(rows: Any, lead: dict[str, Any]) -> Any:
    table = rows.copy(deep=False)
    for place, (name, values) in enumerate(lead.items()):
        table.insert(place, name, values, allow_duplicates=True)
    return table


def _fill(sheet: Any, table: Any) -> None:
    shape = table.geometry.name if isinstance(table, gpd.GeoDataFrame) else None
    headings = [SHAPE if name == shape else str(name) for name in table.columns]
    columns = [_texts(table[name]) if name == shape else list(table[name]) for name in table.columns]
    sheet.append([guarded(_clean(name)) for name in headings])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in zip(*columns, strict=True):
        sheet.append([_cell(value) for value in row])
    for number, heading in enumerate(headings, 1):
        width = min(_WIDEST, max(10, 2 * len(heading) + 2))
        sheet.column_dimensions[get_column_letter(number)].width = width
    for cell in sheet[1]:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"


def _texts(shapes: gpd.GeoSeries) -> list[str | None]:
    """Return shapes as text with the code of their reference system, where it has one, so that a cell tells all."""
    code = shapes.crs.to_epsg() if shapes.crs is not None else None
    lead = f"SRID={code};" if code is not None else ""
    return [None if shape is None else _short(lead + shapely.to_wkt(shape, rounding_precision=-1)) for shape in shapes]


def _short(wkt: str) -> str:
    """Return a shape's text; where no cell holds it, one that no reader takes for a shape or for none."""
    return wkt if len(wkt) <= _CELL else _ELSEWHERE


def _cell(value: Any) -> Any:
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124 - NaN and NaT differ from themselves
        return None
    if isinstance(value, float) and math.isinf(value):
        return str(value)
    if isinstance(value, bool | int | float | date | datetime):
        return value.replace(tzinfo=None) if isinstance(value, datetime) else value
    if hasattr(value, "item"):
        return _cell(value.item())
    return guarded(_clean(str(value)))[:_CELL]


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)


def _shape_layer(tables: list[tuple[str, Any]]) -> bytes:
    """Return a GeoPackage of the returned rows that have a shape, empty where none has."""
    with tempfile.TemporaryDirectory(prefix="landkit-") as folder:
        path = Path(folder, "returned.gpkg")
        for number, (name, table) in enumerate(tables, 1):
            if not isinstance(table, gpd.GeoDataFrame) or table.geometry.isna().all():
                continue
            shape = table.geometry.name
            drawn = table[~table.geometry.isna()]
            # text for text's sake: what made a value unfit for its field is kept as it was
            told = drawn.astype(dict.fromkeys(drawn.columns.drop(shape), "str"))
            write_table(path, f"{number} {name}", gpd.GeoDataFrame(told, geometry=shape, crs=drawn.crs))
        return path.read_bytes() if path.exists() else b""
