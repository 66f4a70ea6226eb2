"""The list of a workspace's layers, as a table, CSV, Markdown or JSON."""

from __future__ import annotations

from typing import Any

import pandas as pd

from landkit.products.csv_file import csv_bytes
from landkit.products.json_text import json_text
from landkit.products.table import Column, Table, markdown, render_markdown, render_text
from landkit.rounding import rounded
from landkit.settings import Zone
from landkit.units import convert, unit_of
from landkit.words import text

_NUMERIC = ("rows", "area", "no_shape")
_COLUMNS = ("layer", "kind", "file", "rows", "area", "crs", "certainty", "no_shape", "unusable", "programme")
_TO_READ = ("layer", "programme", "rows", "area", "no_shape", "certainty", "crs", "file")


def layer_list(
    layers: pd.DataFrame, zone: Zone, *, form: str, unit: str = "mu", lang: str = "en", width: int = 80
) -> str:
    """Return the list of layers as text.

    Parameters
    ----------
    layers
        What `landkit.layers` found.
    form
        ``table``, ``csv``, ``json`` or ``md``.
    unit
        Of the areas.
    width
        Of the terminal, in cells; for ``table`` alone.
    """
    if form == "json":
        return json_text(_document(layers, zone, unit, lang))
    if form == "csv":
        return csv_bytes(_titles(unit, lang), _values(layers, unit, lang)).decode("utf-8")
    at = [_COLUMNS.index(name) for name in _TO_READ]
    titles = _titles(unit, lang)
    rows = [[_shown(row[place], unit) for place in at] for row in _values(layers, unit, lang)]
    columns = [Column(titles[place], _COLUMNS[place] in _NUMERIC) for place in at]
    name = zone.name if lang == "zh" else zone.name_en
    table = Table(columns, rows, title=text("layers.title", lang, zone=name, year=zone.year))
    notes = _notes(layers, zone, lang)
    if form == "md":
        return "\n".join([render_markdown(table), *(f"- {markdown(note)}" for note in notes)]) + "\n"
    listed = Table([Column(""), Column(text("status.notes", lang))], [["-", note] for note in notes])
    return render_text(table, width=width) + "\n" + render_text(listed, width=width)


def _document(layers: pd.DataFrame, zone: Zone, unit: str, lang: str) -> dict[str, Any]:
    rows = [
        {
            "layer": row["layer"],
            "kind": row["kind"],
            "file": row["file"],
            "rows": int(row["rows"]),
            "area": _area(row["area_m2"], unit),
            "crs": _present(row["crs"]),
            "geom_source": {str(name): count for name, count in row["geom_source"].items() if name is not None},
            "no_shape": _whole(row["no_shape"]),
            "unusable": _whole(row["unusable"]),
            "programme": bool(row["programme"]),
        }
        for row in layers.to_dict("records")
    ]
    basis = {"method": "ellipsoid", "plane": zone.crs, "unit": unit}
    notes = _notes(layers, zone, lang)
    return {"landkit.layers/v1": {"zone": zone.name, "year": zone.year, "basis": basis, "layers": rows, "notes": notes}}


def _titles(unit: str, lang: str) -> list[str]:
    return [text(f"layers.{name}", lang, unit=unit_of(unit).name(lang)) for name in _COLUMNS]


def _values(layers: pd.DataFrame, unit: str, lang: str) -> list[list[Any]]:
    return [
        [
            row["layer"],
            text(f"layers.kind.{row['kind']}", lang),
            row["file"],
            int(row["rows"]),
            _area(row["area_m2"], unit),
            _present(row["crs"]),
            _certainty(row["geom_source"], lang),
            _whole(row["no_shape"]),
            _whole(row["unusable"]),
            text("layers.yes" if row["programme"] else "layers.no", lang),
        ]
        for row in layers.to_dict("records")
    ]


def _certainty(counts: dict[str | None, int], lang: str) -> str:
    known = ("survey", "digitised", "cad", "placeholder", "none")
    words = {name: text(f"geom_source.{name}", lang) for name in known}
    # a value that the schema does not know is shown as it was delivered
    said = {name: words.get(name, name) if name is not None else "-" for name in counts}
    return ", ".join(f"{said[name]} {count}" for name, count in counts.items())


def _shown(cell: object, unit: str) -> str:
    if isinstance(cell, float):
        digits = unit_of(unit).digits
        return f"{rounded(cell, digits=digits):,.{digits}f}"
    return "" if cell is None else str(cell)


def _notes(layers: pd.DataFrame, zone: Zone, lang: str) -> list[str]:
    if layers.empty:
        return [text("note.nothing_yet", lang)]
    notes = [text("layers.note", lang, plane=zone.crs)]
    notes += [
        text("layers.note.unusable", lang, layer=row["layer"], count=int(row["unusable"]))
        for row in layers.to_dict("records")
        if row["unusable"] > 0
    ]
    if any("placeholder" in counts for counts in layers["geom_source"]):
        notes.append(text("layers.note.placeholder", lang))
    return notes


def _area(area: Any, unit: str) -> float | None:
    return None if pd.isna(area) else convert(float(area), unit=unit)


def _whole(count: Any) -> int | None:
    return None if pd.isna(count) else int(count)


def _present(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)
