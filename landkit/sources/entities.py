"""The entities of a drawing: lines and outlines as points, texts with their places, blocks taken apart."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from ezdxf.math import OCS, Vec3
from numpy.typing import NDArray

from landkit.errors import InputError
from landkit.sources.dxf_text import FAILURES

SAGITTA = 0.001  # drawing units between an arc and its chords
_MOST_CHORDS = 4096  # of a full circle; a larger one is told from its chords by more than SAGITTA
_LARGEST = SAGITTA / (1 - math.cos(math.pi / _MOST_CHORDS))  # the radius up to which SAGITTA is kept
_MOST_ENTITIES = 200_000  # out of blocks
_DEEPEST = 16  # blocks within blocks
_BY_LAYER, _BY_BLOCK = 256, 0
_CONTROL_POINT = 16  # flag of a vertex of a smoothed polyline that is not on the curve

Points = NDArray[np.float64]


@dataclass(frozen=True)
class Drawn:
    """A line or outline.

    Attributes
    ----------
    layer, handle, color, block, extra
        Its layer, its handle (of the block reference that it comes from, where it does), the number of its colour,
        the block, and the texts of its extended data.
    points
        Shape (n, 2), east and north as drawn; None where they cannot be read.
    is_closed
        Whether it is closed as drawn.
    elevation
        Its height where all of it has one, else None.
    sagitta
        How far its chords are from the curve at most: 0 where it has none.
    """

    layer: str
    handle: str
    color: int
    block: str
    extra: str
    points: Points | None
    is_closed: bool = False
    elevation: float | None = None
    sagitta: float = 0.0


@dataclass(frozen=True)
class Text:
    """A text and where it stands."""

    x: float
    y: float
    words: str


@dataclass
class Content:
    """What a drawing holds: `other` are the entities that are neither outlines nor texts, by type."""

    drawn: list[Drawn] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    other: Counter[str] = field(default_factory=Counter)


def content(path: Path, entities: Iterable[Any], colors: dict[str, int]) -> Content:
    """Return what is drawn in `entities`; blocks are taken apart.

    Parameters
    ----------
    path
        The file, for messages.
    colors
        The colour of each layer.

    Raises
    ------
    InputError
        Blocks hold more entities than any real drawing.
    """
    found = Content()
    for entity, layer, handle, block in _apart(path, entities, found.other):
        kind = entity.dxftype()
        if kind in ("TEXT", "ATTRIB", "MTEXT"):
            _take_text(entity, found)
            continue
        if kind not in _READERS or (kind == "POLYLINE" and not (entity.is_2d_polyline or entity.is_3d_polyline)):
            found.other[kind] += 1
            continue
        color = int(entity.dxf.get("color", _BY_LAYER))
        known = colors.get(layer.lower(), 7) if color in (_BY_LAYER, _BY_BLOCK) else color
        common = (sound(layer), handle, known, sound(block), _extra(entity))
        try:
            with np.errstate(all="ignore"):
                points, is_closed, bent = _READERS[kind](entity)
        except FAILURES:
            found.drawn.append(Drawn(*common, None))
            continue
        level = float(points[0, 2]) if len(points) and np.all(points[:, 2] == points[0, 2]) else None
        found.drawn.append(Drawn(*common, points[:, :2], is_closed, level, bent))
    return found


def sound(text: str) -> str:
    """Return `text` with the halves of characters beyond 16 bits, as a drawing spells them, put together."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _apart(path: Path, entities: Iterable[Any], other: Counter[str]) -> Iterator[tuple[Any, str, str, str]]:
    """Yield each entity with its layer, handle and block, those of blocks in place of the references to them."""
    budget = _MOST_ENTITIES
    waiting = [(entity, _layer(entity), entity.dxf.handle or "", "", 0) for entity in entities][::-1]
    while waiting:
        entity, layer, handle, block, depth = waiting.pop()
        if entity.dxftype() != "INSERT":
            yield entity, layer, handle, block
            continue
        budget -= max(int(entity.mcount), 1)
        if budget < 0:
            raise InputError("drawing.too_many_blocks", file=path, most=_MOST_ENTITIES)
        try:
            parts = _parts(entity, other) if depth < _DEEPEST and entity.block() is not None else None
        except FAILURES:
            parts = None
        if parts is None:
            other["INSERT"] += 1
            continue
        budget -= len(parts)
        name = block or entity.dxf.name
        # what is drawn on layer 0 of a block lies on the layer of its reference
        inner = [(part, layer if _layer(part) == "0" else _layer(part), handle, name, depth + 1) for part in parts]
        waiting += inner[::-1]


def _layer(entity: Any) -> str:
    try:
        return str(entity.dxf.layer)
    except FAILURES:  # of an entity that the reader does not know
        return "0"


def _parts(reference: Any, other: Counter[str]) -> list[Any]:
    def skip(entity: Any, reason: str) -> None:  # noqa: ARG001 - ezdxf's signature
        other[entity.dxftype()] += 1

    single = list(reference.multi_insert()) if reference.mcount > 1 else [reference]
    parts = [part for one in single for part in (*one.attribs, *one.virtual_entities(skipped_entity_callback=skip))]
    return [part for part in parts if part.dxftype() != "ATTDEF"]


def _take_text(entity: Any, found: Content) -> None:
    try:
        words = " ".join(sound(entity.plain_text()).split())
        place = _place(entity)
    except FAILURES:
        found.other[entity.dxftype()] += 1
        return
    if words and np.isfinite([place.x, place.y]).all():
        found.texts.append(Text(place.x, place.y, words))


def _place(entity: Any) -> Vec3:
    if entity.dxftype() == "MTEXT":
        return entity.dxf.insert
    is_aligned = entity.dxf.get("halign", 0) or entity.dxf.get("valign", 0)
    own = entity.dxf.insert
    return entity.ocs().to_wcs(entity.dxf.get("align_point", own) if is_aligned else own)


def _extra(entity: Any) -> str:
    """Return the texts of the extended data, where survey programs keep parcel numbers and owners."""
    if entity.xdata is None:
        return ""
    texts = []
    for name, tags in entity.xdata.data.items():
        values = [sound(str(tag.value)) for tag in tags if tag.code == 1000]
        texts.append(f"{sound(name)}: {'|'.join(values)}" if values else "")
    return "; ".join(text for text in texts if text)


Read = tuple[Points, bool, float]


def _line(entity: Any) -> Read:
    return _points([entity.dxf.start, entity.dxf.end]), False, 0.0


def _circle(entity: Any) -> Read:
    _positive(entity.dxf.radius)
    bent = sagitta(entity.dxf.radius)
    return _points(entity.flattening(bent)), entity.dxftype() == "CIRCLE", bent


def _ellipse(entity: Any) -> Read:
    _positive(entity.dxf.major_axis.magnitude)
    bent = sagitta(entity.dxf.major_axis.magnitude)
    sweep = (entity.dxf.end_param - entity.dxf.start_param) % (2 * np.pi)
    return _points(entity.flattening(bent)), min(sweep, 2 * np.pi - sweep) < 1e-9, bent


def _spline(entity: Any) -> Read:
    control = _points(entity.control_points if len(entity.control_points) else entity.fit_points)
    bent = sagitta(float(np.ptp(control[:, :2], axis=0).max()))
    return _points(entity.flattening(bent)), bool(entity.closed), bent


def _light(entity: Any) -> Read:
    vertices = np.array(list(entity.get_points("xyb")), dtype=float).reshape(-1, 3)
    flat, bent = unbulged(vertices, is_closed=entity.closed)
    return _placed(flat, float(entity.dxf.elevation), entity.ocs()), bool(entity.closed), bent


def _polyline(entity: Any) -> Read:
    vertices = [vertex for vertex in entity.vertices if not vertex.dxf.get("flags", 0) & _CONTROL_POINT]
    if entity.is_3d_polyline:
        return _points([vertex.dxf.location for vertex in vertices]), bool(entity.is_closed), 0.0
    drawn = [(*vertex.dxf.location.vec2, vertex.dxf.get("bulge", 0.0)) for vertex in vertices]
    flat, bent = unbulged(np.array(drawn, dtype=float).reshape(-1, 3), is_closed=entity.is_closed)
    level = entity.dxf.get("elevation", Vec3()).z or vertices[0].dxf.location.z
    return _placed(flat, float(level), entity.ocs()), bool(entity.is_closed), bent


_READERS = {
    "LINE": _line,
    "ARC": _circle,
    "CIRCLE": _circle,
    "ELLIPSE": _ellipse,
    "SPLINE": _spline,
    "LWPOLYLINE": _light,
    "POLYLINE": _polyline,
}


def _positive(radius: float) -> None:
    if not radius > 0:
        raise ValueError(radius)


def sagitta(radius: float) -> float:
    """Return how far the chords of an arc may be from it: `SAGITTA`, more only for a radius beyond 3.4 km."""
    return max(SAGITTA, SAGITTA * radius / _LARGEST)


def unbulged(vertices: Points, *, is_closed: bool) -> tuple[Points, float]:
    """Return the points of a polyline whose edges may be arcs, and how far their chords are from them at most.

    Parameters
    ----------
    vertices
        Shape (n, 3): x, y and the bulge of the edge that starts there, the tangent of a quarter of its angle, positive
        where it turns left.
    """
    points, widest = [], 0.0
    count = len(vertices)
    for place, (x, y, bulge) in enumerate(vertices):
        points.append(np.array([[x, y]]))
        if not bulge or (place == count - 1 and not is_closed):
            continue
        chord = vertices[(place + 1) % count, :2] - (x, y)
        length = float(np.hypot(*chord))
        if not 0 < length < np.inf:
            continue
        radius = length * (1 + bulge * bulge) / (4 * abs(bulge))
        bent = sagitta(radius)
        angle = 4 * np.arctan(bulge)
        steps = int(np.ceil(abs(angle) / (2 * np.arccos(max(1 - bent / radius, 0.0)))))
        centre = (x, y) + chord / 2 + np.array([-chord[1], chord[0]]) * (1 - bulge * bulge) / (4 * bulge)
        turn = np.arctan2(y - centre[1], x - centre[0]) + angle * np.arange(1, steps) / max(steps, 1)
        points.append(centre + radius * np.column_stack([np.cos(turn), np.sin(turn)]))
        widest = max(widest, bent)
    return np.concatenate(points) if points else np.empty((0, 2)), widest


def _placed(flat: Points, level: float, ocs: OCS) -> Points:
    points = np.column_stack([flat, np.full(len(flat), level)])
    return _points(ocs.points_to_wcs(Vec3.generate(points))) if ocs.transform else points


def _points(vertices: Iterable[Any]) -> Points:
    return np.array([tuple(Vec3(vertex)) for vertex in vertices], dtype=float).reshape(-1, 3)
