"""Delivered cells as the schema types them. What cannot be read is never lost: its column is kept beside the field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from landkit import values
from landkit.field_claims import fields_of
from landkit.headings import factor
from landkit.schema import Field, schema

if TYPE_CHECKING:
    from landkit.mapping import FieldMap

PROBLEMS = ["row", "column", "value", "reason"]
_PARTS = re.compile(r"[|、,，;；/\n]+")
_MOST_DIGITS = 10**15  # above, a spreadsheet's number has lost digits


@dataclass(frozen=True, eq=False)
class Converted:
    """A delivery under canonical names.

    Attributes
    ----------
    frame
        Mapped columns under the names and with the types of their fields, in the order delivered; then the others as
        delivered, among them those of mapped columns that hold what could not be read or a figure or date that was
        converted. Such a column whose name is a field's gets ``_delivered`` behind it. Labels and any geometry stay.
    problems
        Cells that could not be read, missing in `frame`: ``row`` (label), ``column`` (as delivered), ``value`` and
        ``reason`` (an entry of `landkit.words`).
    """

    frame: pd.DataFrame
    problems: pd.DataFrame


@dataclass(frozen=True, eq=False)
class _Column:
    """Typed cells, which of them could not be read, why not, and whether cells read otherwise than they are written."""

    values: pd.Series[Any]
    bad: pd.Series[bool]
    reason: str | pd.Series[str]
    changed: bool = False


def convert(frame: pd.DataFrame, fields: FieldMap, layer_id: str) -> Converted:
    """Bring delivered columns under the names and types of their fields.

    Areas, money and the like are converted from the unit that cell, heading or line of units states; the delivered
    column then stays beside. A number of more than 15 digits where a text is due has lost digits in a spreadsheet, and
    is a problem.

    Parameters
    ----------
    frame
        As delivered; a geometry is passed on.
    fields
        What `landkit.mapping.map_fields` found.
    layer_id
        The layer.
    """
    known = fields_of(layer_id)
    geometry = frame.geometry.name if isinstance(frame, gpd.GeoDataFrame) else None
    typed: dict[str, pd.Series[Any]] = {}
    kept: list[str] = []
    problems = []
    for name in frame.columns:
        if name == geometry:
            continue
        if name not in fields.fields:
            kept.append(name)
            continue
        column = _typed(frame[name], known[fields.fields[name]], fields.units.get(name), layer_id)
        typed[fields.fields[name]] = column.values
        if column.changed or column.bad.any():
            kept.append(name)
        problems.append(_problems(frame[name], column))
    for name in kept:
        typed[_free_name(str(name), known, typed)] = frame[name]
    made = pd.DataFrame(typed, index=frame.index)
    if geometry is not None:
        made = gpd.GeoDataFrame(made, geometry=frame.geometry.rename(geometry), crs=frame.crs)
    found = pd.concat(problems, ignore_index=True) if problems else pd.DataFrame(columns=PROBLEMS)
    return Converted(made, found)


def _free_name(name: str, known: Mapping[str, Field], taken: Mapping[str, Any]) -> str:
    """Return a name that is no field's and not taken, not even in other capitals: to a database that is the same."""
    used = {*(field.casefold() for field in known), *(other.casefold() for other in taken)}
    while name.casefold() in used:
        name = f"{name}_delivered"
    return name


def _problems(delivered: pd.Series[Any], column: _Column) -> pd.DataFrame:
    bad = column.bad.to_numpy()
    return pd.DataFrame(
        {
            "row": delivered.index[bad],
            "column": str(delivered.name),
            "value": [str(value) for value in delivered[bad]],
            "reason": column.reason if isinstance(column.reason, str) else column.reason[bad].to_numpy(),
        }
    )


def _typed(cells: pd.Series[Any], field: Field, unit: str | None, layer_id: str) -> _Column:
    domain = _rungs(layer_id) if field.name == "stage" else field.domain
    if field.type in ("float", "int"):
        return _number(cells, field, unit)
    if field.type in ("date", "datetime"):
        read = values.dates(cells)
        return _Column(read.values, read.bad, "mapping.problem.date", bool((~read.precision.isin(("", "day"))).any()))
    if field.type == "bool":
        truths = values.truths(cells)
        return _Column(truths.values, truths.bad, "mapping.problem.truth")
    if field.type == "set":
        return _set(cells, domain)
    if field.type == "enum" and domain:
        terms = values.enums(cells, domain=domain)
        return _Column(terms.values, terms.bad, "mapping.problem.term")
    return _text(cells)


def _rungs(layer_id: str) -> dict[str, str]:
    """Return the stages of a layer, of all its ladders, with their Chinese names."""
    layer = schema().layers.get(layer_id)
    ladders = () if layer is None else (layer.stages, *layer.ladders.values())
    return {rung.id: rung.zh for ladder in ladders for rung in ladder}


def _number(cells: pd.Series[Any], field: Field, unit: str | None) -> _Column:
    read = values.numbers(cells, unit=field.unit)
    found, bad = read.values, read.bad
    reason: str | pd.Series[str] = "mapping.problem.number"
    own = read.units != ""
    size = factor(unit, field) if unit else None
    if size is not None and size != 1:
        # a unit in the cell is nearer to the figure than that of the heading
        found = found.where(own, found * size.numerator / size.denominator)
    converted = bool(own.any()) or size not in (None, 1)
    if field.type == "int":
        whole = found.isna() | ((found == found.round()) & (found.abs() < _MOST_DIGITS))
        reason = pd.Series("mapping.problem.number", index=cells.index).mask(~whole, "mapping.problem.whole")
        bad = bad | ~whole
        return _Column(found.where(whole).astype("Int64"), bad, reason, converted)
    return _Column(found, bad, reason, converted)


def _set(cells: pd.Series[Any], domain: Mapping[str, str]) -> _Column:
    def read(cell: str) -> str | None:
        parts = pd.Series([part.strip() for part in _PARTS.split(cell) if part.strip()], dtype="str")
        terms = values.enums(parts, domain=domain)
        return None if terms.bad.any() else "|".join(dict.fromkeys(terms.values.dropna()))

    texts = _text(cells).values
    found = _each(texts, read)
    return _Column(found.where(found != ""), texts.notna() & found.isna(), "mapping.problem.term")


def _text(cells: pd.Series[Any]) -> _Column:
    if cells.dtype == "str":
        stripped = cells.str.strip()
        return _Column(stripped.where(stripped != ""), pd.Series(False, index=cells.index), "mapping.problem.digits")
    if pd.api.types.is_integer_dtype(cells.dtype):
        texts = cells.astype("str")
        return _Column(texts, pd.Series(False, index=cells.index), "mapping.problem.digits")
    lost = pd.Series([_has_lost_digits(cell) for cell in cells], index=cells.index, dtype=bool)
    return _Column(_each(cells.where(~lost), _spelt), lost, "mapping.problem.digits")


def _has_lost_digits(cell: object) -> bool:
    return isinstance(cell, float) and abs(cell) >= _MOST_DIGITS


def _spelt(cell: object) -> str | None:
    """Return a cell as text: whole floats without their point, days without their midnight."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, pd.Timestamp) and cell == cell.normalize():
        return f"{cell:%Y-%m-%d}"
    return str(cell).strip() or None


def _each(cells: pd.Series[Any], read: Callable[[Any], str | None]) -> pd.Series[str]:
    """Return what `read` makes of each cell that holds something."""
    made = [None if gap else read(cell) for cell, gap in zip(cells.tolist(), cells.isna(), strict=True)]
    return pd.Series(made, index=cells.index, dtype="str")
