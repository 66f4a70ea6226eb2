"""DXF drawings (AutoCAD 2004): rings as closed polylines, labels as texts, all columns in a table beside it."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import shapely
from ezdxf.enums import MTextEntityAlignment
from ezdxf.filemanagement import new

from landkit.products.outgoing import Outgoing, Written, beside, is_surface, table_bytes
from landkit.rounding import rounded
from landkit.sources import Note

_RELEASE = "R2004"  # the oldest that keeps properties of its own
_RELEASE_BEYOND_16_BITS = "R2007"  # the first in UTF-8: before it only half a character can be spelt
_METRES = 6
_APPLICATION = "LANDKIT"
_PLACEHOLDER = "_示意"
_LABELS = "_注记"
_COLOR, _LABEL_COLOR = 1, 7  # red, white
_SHARE = 12  # of the square root of the area, for the height of a text
_SMALLEST, _LARGEST = 0.5, 20.0  # m
_LONGEST_ID = 80
_BEYOND_16_BITS = re.compile("[\U00010000-\U0010ffff]")
_NOT_IN_NAMES = str.maketrans(dict.fromkeys('<>/\\":;?*|=`,', "_"))


class _Label(NamedTuple):
    """What stands in a parcel: its id and name, its hectares."""

    id: str
    lines: tuple[str, str]


def dxf_file(layer: Outgoing, path: Path) -> Written:
    """Write a drawing: rings on a CAD layer by the layer's Chinese name, labels (id, name, hectares) on their own.

    Rows whose shape is illustrative lie on a CAD layer that says so. A drawing has no columns: every row stands whole
    in ``.dxf-rows.csv``, with its shape where the drawing has none of it.
    """
    is_drawn = is_surface(layer.shapes)
    records = layer.attributes.to_dict("records")
    labels = [
        _Label(_text(record.get("id")), _lines(record, area))
        for record, area in zip(records, layer.hectares, strict=True)
    ]
    is_wide = any(_BEYOND_16_BITS.search(text) for label in labels for text in label.lines)
    drawing = new(_RELEASE_BEYOND_16_BITS if is_wide else _RELEASE, units=_METRES)
    drawing.encoding = "utf-8" if is_wide else "gbk"
    drawing.appids.new(_APPLICATION)
    if layer.frame.crs is not None:
        drawing.header.custom_vars.append("CRS", layer.frame.crs.to_string())
    if layer.is_placeholder.any():
        drawing.header.custom_vars.append("图形来源", "示意 (placeholder)")
    space = drawing.modelspace()
    for row, shape in enumerate(layer.shapes):
        if is_drawn[row]:
            name = _layer(drawing, layer, is_placeholder=bool(layer.is_placeholder[row]))
            _draw(space, name, shape, labels[row])
    page = io.StringIO()
    drawing.write(page)
    shapes = layer.shapes
    shapes[is_drawn] = None
    files = {
        path: page.getvalue().encode(drawing.output_encoding, "dxfreplace"),
        beside(path, "dxf-rows"): table_bytes(layer.attributes, shapes if not is_drawn.all() else None),
    }
    notes = [Note("export.note.columns_aside", {"file": beside(path, "dxf-rows").name})]
    if not is_drawn.all():
        values: dict[str, object] = {"count": int((~is_drawn).sum()), "file": beside(path, "dxf-rows").name}
        notes.append(Note("export.note.rows_aside", values))
    return Written(files, tuple(notes))


def _layer(drawing: Any, layer: Outgoing, *, is_placeholder: bool) -> str:
    """Return the CAD layer of a ring, made where it is new; that of its label has an ending more."""
    name = f"{layer.title.translate(_NOT_IN_NAMES)}{_PLACEHOLDER if is_placeholder else ''}"
    if name not in drawing.layers:
        drawing.layers.add(name, color=_COLOR)
        drawing.layers.add(f"{name}{_LABELS}", color=_LABEL_COLOR)
    return name


def _text(value: Any) -> str:
    return "" if value is None or value != value else " ".join(str(value).split())  # noqa: PLR0124 - NaN


def _lines(record: dict[Any, Any], hectares: float) -> tuple[str, str]:
    name = " ".join(text for text in (_text(record.get("id")), _text(record.get("name"))) if text)
    return name, "" if math.isnan(hectares) else f"{rounded(float(hectares), digits=4):.4f}公顷"


def _draw(space: Any, name: str, shape: Any, label: _Label) -> None:
    """Draw the rings of a shape, and its label in each part, with the area in the largest alone."""
    parts = sorted(shapely.get_parts(shape), key=shapely.area, reverse=True)
    for place, part in enumerate(parts):
        for ring in _rings(part):
            line = space.add_lwpolyline(ring, close=True, dxfattribs={"layer": name})
            if label.id:
                line.set_xdata(_APPLICATION, [(1000, label.id[:_LONGEST_ID])])
        lines = [text for text in label.lines[: 2 if place == 0 else 1] if text]
        if lines and part.area > 0:
            height = min(max(math.sqrt(part.area) / _SHARE, _SMALLEST), _LARGEST)
            text = space.add_mtext("\\P".join(_plain(line) for line in lines), dxfattribs={"layer": f"{name}{_LABELS}"})
            text.dxf.char_height = height
            point = shapely.point_on_surface(part)
            text.set_location((point.x, point.y), attachment_point=MTextEntityAlignment.MIDDLE_CENTER)


def _plain(text: str) -> str:
    """Return text that a drawing shows as it is."""
    return text.replace("\\", "\\\\").replace("{", "\\{").replace("}", "\\}").replace("^", "^ ")


def _rings(part: Any) -> Iterator[list[tuple[float, float]]]:
    for ring in (part.exterior, *part.interiors):
        yield [(x, y) for x, y, *_ in ring.coords[:-1]]
